"""The clean rows of the synthetic city, which agree with every published figure.

Whatever the document gives is read from `data/published/`; whatever it leaves open is invented
here, in `levels` and in `times`. Draws come from `random.Random`, whose integers are the same on
every platform.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, reduce
from itertools import groupby
from operator import and_, itemgetter
from random import Random

from analysis.core import taxonomy
from analysis.core.database import SYNTHETIC_PREFIX
from analysis.core.season import Season
from analysis.sample import levels, read_table, times
from analysis.sample.levels import (
    BATH,
    BLAAGAARDEN,
    CULTURE,
    GROUND,
    HALL,
    HALVES,
    LIBRARY,
    SEASONS,
    VESTERBRO,
)

# Chosen among a few, of which it shows most: see data/README.md.
SEED = 20260438

POLICE, COLLEAGUE, SOCIAL, AMBULANCE, _, WARDENS, GUARDS = taxonomy.LABELS["helper"]

# Everything from here to `Row` is invented.

# All incidents of the winter 2022/23, and Uønsket adfærd among them; those of the two winters that
# the document compares with it follow from it and the published fall.
VESTERBRO_BEFORE = (64, 51)

# Any other category has only the incidents that are published, drawn as Trusler are.
CATEGORIES = (
    taxonomy.UNWANTED,
    taxonomy.SHOUTING,
    taxonomy.THREATS,
    taxonomy.VIOLENCE,
    taxonomy.VANDALISM,
)
# In the order of CATEGORIES.
CATEGORY_WEIGHTS = {
    LIBRARY: (74, 11, 5, 3, 7),
    CULTURE: (68, 10, 5, 3, 14),
    GROUND: (52, 6, 3, 2, 37),
    HALL: (58, 9, 5, 3, 25),
    BATH: (64, 12, 6, 4, 14),
}
# In the taxonomy's order of labels; where there is one more, it is for a blank.
SUBCATEGORY_WEIGHTS = {
    LIBRARY: (52, 24, 3, 9, 12),
    CULTURE: (45, 22, 14, 8, 11),
    GROUND: (26, 16, 42, 5, 11),
    HALL: (34, 11, 38, 5, 12),
    BATH: (62, 8, 16, 2, 12),
}
DEMOGRAPHY_WEIGHTS = {
    LIBRARY: (58, 10, 8, 9, 15),
    CULTURE: (44, 17, 14, 9, 16),
    GROUND: (14, 38, 22, 8, 18),
    HALL: (12, 44, 19, 8, 17),
    BATH: (14, 42, 18, 14, 12),
}
VICTIM_WEIGHTS = {
    taxonomy.UNWANTED: (66, 16, 10, 8),
    taxonomy.SHOUTING: (26, 48, 21, 5),
    taxonomy.THREATS: (10, 64, 22, 4),
    taxonomy.VIOLENCE: (0, 50, 48, 2),
    taxonomy.VANDALISM: (94, 0, 0, 6),
}
# Per cent of a category's incidents to which a helper is called, and of those to which it comes.
CALLED_PERCENT = {
    taxonomy.UNWANTED: {POLICE: 6, COLLEAGUE: 9, SOCIAL: 4, AMBULANCE: 1, WARDENS: 2, GUARDS: 1},
    taxonomy.SHOUTING: {POLICE: 13, COLLEAGUE: 12, SOCIAL: 5, WARDENS: 3, GUARDS: 2},
    taxonomy.THREATS: {POLICE: 42, COLLEAGUE: 14, SOCIAL: 3, WARDENS: 3, GUARDS: 3},
    taxonomy.VIOLENCE: {POLICE: 100, COLLEAGUE: 20, SOCIAL: 4, AMBULANCE: 16, GUARDS: 5},
    taxonomy.VANDALISM: {POLICE: 17, COLLEAGUE: 3, GUARDS: 2},
}
ARRIVED_PERCENT = {POLICE: 62, COLLEAGUE: 97, SOCIAL: 58, AMBULANCE: 95, WARDENS: 88, GUARDS: 84}
ORDER_PERCENT, LINKED_PERCENT, CANCELLED_PERCENT = 45, 22, 9

# Incidents come one by one but for so many per cent, which open a run: others of the same type by
# the same group at the same place, each so near the one before it.
RUN_PERCENT, RUN_FOLLOWED, RUN_REACH = 6, (1, 5), timedelta(days=5)


@dataclass
class Row:
    """A row of an export before it is written; a time may be text that cannot be read, or none."""

    location: str
    district: str
    facility: str
    occurred: datetime | date | str | None
    reported: datetime | None
    category: str = ""
    subcategory: str = ""
    victim: str = ""
    demography: str = ""
    called: list[str] = field(default_factory=list)
    arrived: list[str] = field(default_factory=list)
    case_number: str = ""
    order_number: str = ""
    status: str = ""
    season: Season = SEASONS[-1]


def rows() -> tuple[list[Row], list[Row]]:
    """Return the clean form rows and repair orders of the city, in order of time."""
    rng = Random(SEED)
    places = read_table("reference/locations.csv")
    fixed = {place: _fixed(place) for place in (BLAAGAARDEN, VESTERBRO)}
    expected = levels.expected(rng, places, fixed)
    incidents = [
        row
        for season, half in HALVES
        for place in places
        for row in _half_year(
            rng,
            place,
            season,
            half,
            expected[place["location"]][season, half],
            fixed=(season, half) in fixed.get(place["location"], ()),
        )
    ]
    incidents.sort(key=lambda row: (row.occurred, row.location))
    orders = [row for row in incidents if _is_order(rng, row)]
    ordered = set(map(id, orders))
    form = [row for row in incidents if id(row) not in ordered]
    _number(rng, form)
    return form, _orders(rng, form, orders)


@cache
def published(location: str, season: Season, measure: str, dimension: str) -> dict[str, dict]:
    """Return a published winter table: for each name its value in each column."""
    table: dict[str, dict] = {}
    for figure in read_table("published/figures.csv"):
        asked = (location, season.name, measure, dimension)
        found = tuple(figure[key] for key in ("location", "period", "measure", "dimension"))
        if found == asked and figure["value"].isdigit():
            table.setdefault(figure["name"], {})[figure["column"]] = int(figure["value"])
    return table


def _fixed(location: str) -> dict[tuple[Season, str], int]:
    """Return how many incidents the document fixes for half-years of a location."""
    winter = taxonomy.HALVES[0]
    if location == VESTERBRO:
        return {(season, winter): _vesterbro_winter(season)[0] for season in SEASONS[1:4]}
    return {(season, winter): sum(_published_cells(season).values()) for season in SEASONS[3:]}


def _half_year(
    rng: Random, place: dict, season: Season, half: str, expected: list[int], *, fixed: bool
) -> Iterable[Row]:
    """Yield the incidents of one location in one half of a season that are known by the export."""
    location, facility = place["location"], place["facility"]
    starts, ends = season.interval(half)
    runs = _fixed_runs(rng, place, season) if fixed else _runs(rng, facility, sum(expected))
    for run in runs:
        first = _one(rng, season.months(half), expected)
        after = (first + timedelta(days=31)).replace(day=1)
        for content in run:
            occurred = times.moment(rng, location, content["category"], first, after)
            first = max(starts, occurred.date() - RUN_REACH)
            after = min(ends, occurred.date() + RUN_REACH)
            reported = times.reported(rng, occurred, known=fixed)
            if reported <= times.EXPORTED:
                yield Row(
                    location=location,
                    district=place["district"],
                    facility=facility,
                    occurred=occurred,
                    reported=reported,
                    season=season,
                    **content,
                )


def _runs(rng: Random, facility: str, expected: int) -> Iterable[list[dict]]:
    """Yield the contents of incidents that belong together, of so many thousandths expected."""
    alone = 100 * expected // (100 + RUN_PERCENT * sum(RUN_FOLLOWED) // 2)
    for _ in range(_count(rng, alone)):
        category = _one(rng, CATEGORIES, CATEGORY_WEIGHTS[facility])
        first = _contents(rng, facility, category)
        same = {key: first[key] for key in ("subcategory", "demography")}
        yield [first] + [_contents(rng, facility, category) | same for _ in range(_followed(rng))]


def _fixed_runs(rng: Random, place: dict, season: Season) -> Iterable[list[dict]]:
    """Yield the contents of a published winter in runs of incidents that are alike."""
    if place["location"] == BLAAGAARDEN:
        contents = _published_winter(rng, season)
    else:
        incidents, unwanted = _vesterbro_winter(season)
        rest = rng.choices(
            CATEGORIES[1:], CATEGORY_WEIGHTS[place["facility"]][1:], k=incidents - unwanted
        )
        contents = [
            _contents(rng, place["facility"], category)
            for category in [taxonomy.UNWANTED] * unwanted + rest
        ]
    alike = itemgetter("category", "demography")
    for _, same in groupby(sorted(contents, key=alike), alike):
        left = list(same)
        while left:
            size = 1 + _followed(rng)
            yield left[:size]
            del left[:size]


def _followed(rng: Random) -> int:
    """Draw how many incidents follow one."""
    return rng.randint(*RUN_FOLLOWED) if rng.randrange(100) < RUN_PERCENT else 0


def _count(rng: Random, expected: int) -> int:
    """Draw a nearly Poisson count, of so many thousandths expected.

    Of 32 times as many bits those count that are set in each of five draws.
    """
    bits = 32 * expected // 1000
    return reduce(and_, (rng.getrandbits(bits) for _ in range(5))).bit_count()


def _vesterbro_winter(season: Season) -> tuple[int, int]:
    """Return incidents and Uønsket adfærd of a winter from 2022/23 to 2024/25.

    In the last of them there are half as many, and the published fall.
    """
    incidents, unwanted = VESTERBRO_BEFORE
    fall = next(
        int(figure["value"])
        for figure in read_table("published/figures.csv")
        if (figure["location"], figure["comparison"]) == (VESTERBRO, "falls_by")
    )
    last = (incidents // 2, (unwanted * (100 - fall) + 50) // 100)
    between = (incidents + last[0]) // 2, (unwanted + last[1]) // 2
    return dict(zip(SEASONS[1:4], (VESTERBRO_BEFORE, between, last), strict=True))[season]


def _published_cells(season: Season) -> dict[str, int]:
    """Return Blågårdens Bibliotek's published incidents of each category in a winter."""
    cells = published(BLAAGAARDEN, season, "matrix", "location")[BLAAGAARDEN]
    return {category: cells.get(category, 0) for category in taxonomy.CATEGORY_LABELS}


def _contents(rng: Random, facility: str, category: str) -> dict:
    """Draw what an incident of a category is, apart from place and time."""
    subcategory = demography = ""
    if category == taxonomy.UNWANTED:
        subcategory = _label(rng, "subcategory", SUBCATEGORY_WEIGHTS[facility])
    weights = DEMOGRAPHY_WEIGHTS[facility]
    if category == taxonomy.VANDALISM:
        weights = (4, 14, 5, 2, 75)
    demography = _label(rng, "demography", weights, 3)
    like = category if category in CATEGORIES else taxonomy.THREATS
    called = [
        helper for helper, percent in CALLED_PERCENT[like].items() if rng.randrange(100) < percent
    ]
    return {
        "category": category,
        "subcategory": subcategory,
        "victim": _label(rng, "victim", VICTIM_WEIGHTS[like][:-1], VICTIM_WEIGHTS[like][-1]),
        "demography": demography,
        "called": called,
        "arrived": [helper for helper in called if rng.randrange(100) < ARRIVED_PERCENT[helper]],
    }


def _published_winter(rng: Random, season: Season) -> list[dict]:
    """Draw Blågårdens Bibliotek's incidents of a winter whose tables are published."""
    contents = [
        _contents(rng, LIBRARY, category)
        for category, count in reversed(_published_cells(season).items())
        for _ in range(count)
    ]
    unwanted = [content for content in contents if content["category"] == taxonomy.UNWANTED]
    for content, subcategory in zip(unwanted, taxonomy.LABELS["subcategory"], strict=False):
        content["subcategory"] = subcategory
    _deal(rng, contents, "victim", published(BLAAGAARDEN, season, "count_by", "victim"))
    _deal(rng, contents, "demography", published(BLAAGAARDEN, season, "count_by", "demography"))
    for content in contents:
        content["called"], content["arrived"] = [], []
    for helper in taxonomy.LABELS["helper"]:
        table = published(BLAAGAARDEN, season, "help_called", "")
        _call(rng, contents, helper, **table.get(helper, {"called": 0, "arrived": 0}))
    rng.shuffle(contents)
    return contents


def _deal(rng: Random, contents: list[dict], key: str, table: dict[str, dict]) -> None:
    """Give each incident a label so that the labels' counts are the table's.

    An incident keeps the label it was drawn with while the table has room, so that the labels
    still go with the categories; the rest is dealt at random.
    """
    left = {name: columns["incidents"] for name, columns in table.items()}
    homeless = []
    for content in contents:
        if left.get(content[key], 0):
            left[content[key]] -= 1
        else:
            homeless.append(content)
    labels = [name for name, count in left.items() for _ in range(count)]
    rng.shuffle(labels)
    for content, label in zip(homeless, labels, strict=True):
        content[key] = label


def _call(rng: Random, contents: list[dict], helper: str, called: int, arrived: int) -> None:
    """Call a helper to as many incidents as published: the police first to the gravest."""
    gravest_first = sorted(
        contents,
        key=lambda content: (
            helper != POLICE or content["category"] != taxonomy.VIOLENCE,
            content["category"] == taxonomy.VANDALISM,
            rng.randrange(1_000_000),
        ),
    )
    for place, content in enumerate(gravest_first[:called]):
        content["called"].append(helper)
        if place < arrived:
            content["arrived"].append(helper)


def _label(rng: Random, kind: str, weights: Sequence[int], *blank: int) -> str:
    """Draw a label of a kind, or none by the weight of a blank one.

    A label added since is not drawn, so that the sample stays as it is.
    """
    labels = taxonomy.LABELS[kind][: len(weights)]
    return _one(rng, (*labels, *[""] * len(blank)), (*weights, *blank))


def _one(rng: Random, values: Sequence, weights: Sequence[int]):
    return rng.choices(values, weights)[0]


def _is_order(rng: Random, row: Row) -> bool:
    """Say whether Hærværk is known from a repair order only; what is published is in the form."""
    elsewhere = row.location != BLAAGAARDEN or row.season < SEASONS[3]
    vandalism = row.category == taxonomy.VANDALISM
    return vandalism and elsewhere and rng.randrange(100) < ORDER_PERCENT


def _number(rng: Random, form: list[Row]) -> None:
    """Give the form's rows case numbers that rise within the year in which they were reported."""
    last: dict[int, int] = {}
    for row in sorted(form, key=lambda row: (row.reported, row.location)):
        year = row.reported.year
        last[year] = last.get(year, 100) + rng.randint(1, 3)
        row.case_number = case_number(year, last[year])


def case_number(year: int, number: int) -> str:
    """Return a synthetic case number such as SYN-2024-00123."""
    return f"{SYNTHETIC_PREFIX}{year}-{number:05}"


def order_number(year: int, number: int) -> str:
    """Return a synthetic order number such as SYN-H-2024-0123."""
    return f"{SYNTHETIC_PREFIX}H-{year}-{number:04}"


def _orders(rng: Random, form: list[Row], standing: list[Row]) -> list[Row]:
    """Return the repair orders: the free-standing ones, those of form rows, and cancelled ones."""
    _, done, cancelled = taxonomy.LABELS["status"]
    orders = [
        _order(row, row.reported, done, row.case_number)
        for row in form
        if row.category == taxonomy.VANDALISM and rng.randrange(100) < LINKED_PERCENT
    ]
    for row in standing:
        orders.append(_order(row, row.occurred, done))
        if rng.randrange(100) < CANCELLED_PERCENT:
            orders.append(_order(row, row.occurred + timedelta(hours=2), cancelled))
    orders.sort(key=lambda row: (row.occurred, row.location, row.status))
    last: dict[int, int] = {}
    for row in orders:
        year = row.occurred.year
        last[year] = last.get(year, 10) + rng.randint(1, 3)
        row.order_number = order_number(year, last[year])
    # The latest ones are not repaired yet.
    for row in orders[-8:]:
        if row.status == done:
            row.status = taxonomy.LABELS["status"][0]
    return orders


def _order(row: Row, ordered: datetime, status: str, case: str = "") -> Row:
    return Row(
        location=row.location,
        district=row.district,
        facility=row.facility,
        occurred=ordered,
        reported=ordered,
        season=row.season,
        status=status,
        case_number=case,
    )
