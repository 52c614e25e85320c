"""The clean rows of the synthetic city, which agree with every published figure.

Whatever the document gives is read from `data/published/`; whatever it leaves open is invented
here. Draws come from `random.Random`, whose integers are the same on every platform.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from random import Random

from analysis.core import taxonomy
from analysis.core.database import ROOT, SYNTHETIC_PREFIX
from analysis.core.season import Season

SEED = 20260425
SEASONS = tuple(Season(f"{year}/{year + 1}") for year in range(2021, 2026))
LAST_SEASON = SEASONS[-1]

# The two places whose figures the document prints.
BLAAGAARDEN = "Blågårdens Bibliotek"
VESTERBRO = "Vesterbro Bibliotek og Kulturhus"

LIBRARY, CULTURE, GROUND, HALL, BATH = taxonomy.LABELS["facility"]
POLICE, COLLEAGUE, SOCIAL, AMBULANCE, _, WARDENS, GUARDS = taxonomy.LABELS["helper"]

# Everything from here to `Row` is invented. Incidents expected in a winter half-year:
BY_FACILITY = {LIBRARY: 22, CULTURE: 12, GROUND: 9, HALL: 13, BATH: 8}
BY_LOCATION = {
    VESTERBRO: 48,
    "Hovedbiblioteket": 48,
    "Nørrebro Bibliotek": 46,
    "Biblioteket Rentemestervej": 42,
    "Tingbjerg Bibliotek og Kulturhus": 38,
    "Sundby Bibliotek": 34,
    "Nørrebrohallen": 30,
    "Valby Bibliotek": 28,
    "Støberiet": 26,
    "Prøvehallen": 0,
    "Damhusengens Idrætsanlæg": 0,
}
SEASON_PERCENT = dict(zip(SEASONS, (85, 95, 100, 98, 90), strict=True))
SUMMER_PERCENT = {LIBRARY: 36, CULTURE: 40, GROUND: 70, HALL: 45, BATH: 45}
SPREAD_PERCENT = (85, 115)
BLAAGAARDEN_WINTERS = dict(zip(SEASONS[:3], (64, 73, 81), strict=True))
BLAAGAARDEN_SUMMERS = dict(zip(SEASONS[:4], (24, 29, 33, 26), strict=True))
# All incidents of a winter, and Uønsket adfærd among them; those of the winters after 2022/23 that
# the document compares with it follow from it and the published fall.
VESTERBRO_WINTERS = {SEASONS[0]: (58, 45), SEASONS[1]: (64, 51), SEASONS[4]: (30, 18)}
# January to December; the weights of a half-year's months are relative to each other.
MONTH_WEIGHTS = (19, 16, 13, 18, 16, 15, 14, 17, 20, 15, 18, 19)

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

# Hours 0 to 23.
HOUR_WEIGHTS = (0, 0, 0, 0, 0, 0, 0, 2, 4, 4, 6, 7, 8, 10, 12, 13, 14, 14, 13, 12, 9, 5, 2, 1)
NIGHT_WEIGHTS = (6, 5, 4, 3, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 10, 10, 8)
OUTSIDE_HOURS_PERCENT = 4
# Minutes until an incident is reported: from, to, weight.
DELAYS = ((5, 180, 62), (181, 1440, 24), (1441, 7 * 1440, 11), (7 * 1440 + 1, 28 * 1440, 3))


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
    season: Season = LAST_SEASON


def read_table(path: str) -> list[dict[str, str]]:
    """Return the rows of a committed CSV table, `path` being relative to `data/`."""
    with (ROOT / "data" / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows() -> tuple[list[Row], list[Row]]:
    """Return the clean form rows and repair orders of the city, in order of time."""
    rng = Random(SEED)
    incidents = [
        row
        for season in SEASONS
        for half in (taxonomy.HALVES if season != LAST_SEASON else taxonomy.HALVES[:1])
        for place in read_table("reference/locations.csv")
        for row in _half_year(rng, place, season, half)
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


def _half_year(rng: Random, place: dict, season: Season, half: str) -> Iterable[Row]:
    """Yield the incidents of one location in one half of a season."""
    winter = half == taxonomy.HALVES[0]
    if winter and place["location"] == BLAAGAARDEN and season not in BLAAGAARDEN_WINTERS:
        contents = _published_winter(rng, season)
    else:
        categories = _categories(rng, place, season, winter)
        contents = [_contents(rng, place["facility"], category) for category in categories]
    for content in contents:
        occurred = _moment(rng, place["location"], content["category"], season, half)
        yield Row(
            location=place["location"],
            district=place["district"],
            facility=place["facility"],
            occurred=occurred,
            reported=occurred + timedelta(minutes=_delay(rng)),
            season=season,
            **content,
        )


def _categories(rng: Random, place: dict, season: Season, winter: bool) -> list[str]:
    """Return the categories of a location's incidents, which thereby are counted too."""
    weights = CATEGORY_WEIGHTS[place["facility"]]
    if winter and place["location"] == VESTERBRO:
        incidents, unwanted = _vesterbro_winter(season)
        rest = rng.choices(CATEGORIES[1:], weights[1:], k=incidents - unwanted)
        return [taxonomy.UNWANTED] * unwanted + rest
    return rng.choices(CATEGORIES, weights, k=_size(rng, place, season, winter))


def _size(rng: Random, place: dict, season: Season, winter: bool) -> int:
    location, facility = place["location"], place["facility"]
    if location == BLAAGAARDEN:
        return (BLAAGAARDEN_WINTERS if winter else BLAAGAARDEN_SUMMERS)[season]
    expected = BY_LOCATION.get(location, BY_FACILITY[facility]) * SEASON_PERCENT[season]
    expected *= rng.randint(*SPREAD_PERCENT) * (100 if winter else SUMMER_PERCENT[facility])
    return (expected + 500_000) // 1_000_000


def _vesterbro_winter(season: Season) -> tuple[int, int]:
    """Return incidents and Uønsket adfærd: half as many, and the published fall, in two winters."""
    before, after = SEASONS[1], SEASONS[3]
    incidents, unwanted = VESTERBRO_WINTERS[before]
    fall = next(
        int(figure["value"])
        for figure in read_table("published/figures.csv")
        if (figure["location"], figure["comparison"]) == (VESTERBRO, "falls_by")
    )
    last = (incidents // 2, (unwanted * (100 - fall) + 50) // 100)
    if season == after:
        return last
    if before < season < after:
        return (incidents + last[0]) // 2, (unwanted + last[1]) // 2
    return VESTERBRO_WINTERS[season]


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
    cells = published(BLAAGAARDEN, season, "matrix", "location")[BLAAGAARDEN]
    contents = [
        _contents(rng, LIBRARY, category)
        for category in reversed(taxonomy.CATEGORY_LABELS)
        for _ in range(cells.get(category, 0))
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


@cache
def _open_hours(location: str, weekday: int, day: date) -> tuple[int, int] | None:
    """Return the first hour and the hour after the last of a day; None: closed or unknown."""
    for period in _periods().get((location, weekday), ()):
        if period["valid_from"] <= day.isoformat() <= (period["valid_to"] or "9999-12-31"):
            return int(period["opens"][:2]), int(period["closes"][:2])
    return None


@cache
def _periods() -> dict[tuple[str, int], list[dict]]:
    periods: dict[tuple[str, int], list[dict]] = {}
    for period in read_table("reference/opening_hours.csv"):
        periods.setdefault((period["location"], int(period["weekday"])), []).append(period)
    return periods


@cache
def _keeps_hours(location: str) -> bool:
    return any((location, weekday) in _periods() for weekday in range(1, 8))


def _moment(rng: Random, location: str, category: str, season: Season, half: str) -> datetime:
    """Draw a time in a half-year, mostly while the place is open; Hærværk comes by night too."""
    months = season.months(half)
    month = _one(rng, months, [MONTH_WEIGHTS[month.month - 1] for month in months])
    days = ((month + timedelta(days=31)).replace(day=1) - month).days
    weights = NIGHT_WEIGHTS if category == taxonomy.VANDALISM else HOUR_WEIGHTS
    anywhen = category == taxonomy.VANDALISM or rng.randrange(100) < OUTSIDE_HOURS_PERCENT
    while True:
        day = month + timedelta(days=rng.randrange(days))
        hour = _one(rng, range(24), weights)
        hours = _open_hours(location, day.isoweekday(), day)
        if anywhen or not _keeps_hours(location) or (hours and hours[0] <= hour < hours[1]):
            return datetime(day.year, day.month, day.day, hour, rng.randrange(60))


def _delay(rng: Random) -> int:
    first, last, _ = _one(rng, DELAYS, [weight for *_, weight in DELAYS])
    return rng.randint(first, last)


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
    elsewhere = row.location != BLAAGAARDEN or row.season in BLAAGAARDEN_WINTERS
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
