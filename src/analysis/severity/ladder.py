"""The conflict ladder in figures: what share each type has, and what moves up or down the ladder.

The ladder's steps hold neither Hærværk nor Andet, so movement is told of the incidents on it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from math import isnan, nan, sqrt
from typing import TYPE_CHECKING, NamedTuple

from analysis import barometer
from analysis.comparison import usual as usually
from analysis.comparison.usual import ONLY_CHANCE, Usual, by_changes
from analysis.core import asking, danish, taxonomy
from analysis.core.asking import bound, frame
from analysis.core.database import sql
from analysis.core.headings import TOTAL
from analysis.core.kept import kept
from analysis.core.rounding import rounded
from analysis.core.selection import Selection
from analysis.show import phrases
from analysis.statistics import LEVEL, THRESHOLD, adjusted, wilson_interval
from analysis.statistics.shares import beyond, difference, step_change, step_variance

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

STEPS = tuple(taxonomy.STEPS)
# Of a change of the mean step before any is known: a twentieth.
_BELIEVED = 0.05**2
UP, DOWN, UNCLEAR, UNKNOWN = (
    "flyttet op",
    "flyttet ned",
    "ingen klar ændring",
    "kan ikke beregnes",
)


class Movement(NamedTuple):
    """The incidents on each step, before and after, and how the mean step has changed.

    `low, high` is the interval of the change in the share above the lowest step, now less before;
    the p-value is that of the mean step.
    """

    before: tuple[int, ...]
    after: tuple[int, ...]
    mean_before: float
    mean_after: float
    low: float
    high: float
    p_value: float

    @property
    def upper_before(self) -> int:
        """The incidents above the lowest step in the season before."""
        return sum(self.before[1:])

    @property
    def upper_after(self) -> int:
        """The incidents above the lowest step now."""
        return sum(self.after[1:])


def by_season(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `group, name, incidents`: the types in the same half of every season of the data."""
    data = asking.dataset(con)
    halves = [selection.in_season(season) for season in data.seasons]
    # A season whose half the data do not reach has no share, not one of 0.
    called = {one.season.name: one.name for one in halves if data.touches(one)}
    everything = (data.first_day or date.min, (data.last_day or date.min) + timedelta(1))
    given = bound(con, selection, days=everything) | {
        "half": selection.half,
        "seasons": list(called),
        "types": list(taxonomy.CATEGORY_LABELS),
    }
    found = frame(con, "severity/by_season", given).rename(columns={"season": "group"})
    return found.assign(group=found["group"].map(called).astype("str"))


def by_month(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `group, name, incidents`: the types in each month, named "oktober 2025"."""
    import pandas as pd

    counted = barometer.per_month(con, selection)
    counts = counted.set_index(["month", "name"])["incidents"]
    rows = [
        (danish.month(month), label, int(counts.get((pd.Timestamp(month), label), 0)))
        for month in selection.months
        for label in taxonomy.CATEGORY_LABELS
    ]
    return pd.DataFrame(rows, columns=["group", "name", "incidents"])


def by_place(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `group, name, incidents`: the types in each place asked for, and in those around it.

    The city has its districts; a district its locations; a location its district. The city itself
    stands last.
    """
    import pandas as pd

    known = asking.resolve(con, selection)
    city = replace(known, district=None, location=None)
    districts = barometer.matrix(con, city, "district")
    parts = [("city", districts.iloc[-1:].assign(name=known.city))]
    if not known.district or known.location:
        around = barometer.count_by(con, replace(known, district=None), "district")["name"]
        within = districts.iloc[:-1]
        parts.insert(0, ("district", within[within["name"].isin(around)]))
    if known.district or known.location:
        parts.insert(0, ("location", barometer.matrix(con, known, "location").iloc[:-1]))
    wide = phrases.named(pd.concat([part for _, part in parts], ignore_index=True))
    levels = [level for level, part in parts for _ in range(len(part))]
    wide = wide.assign(name=phrases.distinct_names(levels, wide["name"])).drop(columns=TOTAL)
    long = wide.rename(columns={"name": "group"}).melt("group", var_name="name")
    order = {name: place for place, name in enumerate(wide["name"])}
    return long.rename(columns={"value": "incidents"}).sort_values(
        "group", key=lambda column: column.map(order), kind="stable", ignore_index=True
    )


def type_shares(counts: "DataFrame") -> "DataFrame":
    """Return `group, name, incidents`, and each type's `total, share, low, high` of its group.

    The interval is Wilson's; without incidents in a group there is no share.
    """
    total = counts.groupby("group", sort=False)["incidents"].transform("sum")
    bounds = [
        wilson_interval(count, whole, LEVEL) if whole else (nan, nan)
        for count, whole in zip(counts["incidents"], total, strict=True)
    ]
    return rounded(
        counts.assign(
            total=total,
            share=counts["incidents"] / total.where(total > 0),
            low=[low for low, _ in bounds],
            high=[high for _, high in bounds],
        )
    )


def steps(
    con: "DuckDBPyConnection", selection: Selection, dimension: str | None = None
) -> dict[str | None, tuple[int, ...]]:
    """Return the incidents on each step, for each value of a dimension or (None) in all."""
    given = bound(con, selection, dimension) | {"steps": list(STEPS)}
    found = con.execute(sql("severity/steps"), given).fetchall()
    return {name: tuple(counts) for name, counts in found}


def movement(before: Sequence[int], after: Sequence[int], usual: Usual = ONLY_CHANCE) -> Movement:
    """Return how the incidents have moved on the ladder from one season's steps to another's.

    The mean step may change by what is `usual` from season to season, beside chance within them.
    """
    changed = step_change(after, before, STEPS)
    low, high = difference(sum(after[1:]), sum(after), sum(before[1:]), sum(before), LEVEL)
    chance = step_variance(after, before)
    more = usual.variance + (usual.runs - 1) * chance if chance > 0 else 0.0
    p_value = beyond(changed.p_value, chance, more, usual.freedom)
    if more:
        # As many times as wide as that of the mean step.
        share = sum(after[1:]) / sum(after) - sum(before[1:]) / sum(before)
        wider = sqrt(1 + more / chance)
        low, high = max(share - (share - low) * wider, -1.0), min(share + (high - share) * wider, 1)
    ends = (changed.mean_before, changed.mean, low, high, p_value)
    return Movement(tuple(before), tuple(after), *rounded(ends))


def moved(con: "DuckDBPyConnection", compared: Selection, selection: Selection) -> Movement:
    """Return how the incidents of a selection have moved since those it is compared with."""
    none = (0,) * len(STEPS)
    before, after = (steps(con, one).get(None, none) for one in (compared, selection))
    sizes: Counter[str] = Counter()
    for one in (compared, selection):
        for name, counts in steps(con, one, "location").items():
            sizes[name] += sum(counts)
    whole = sizes.total()
    together = sum(size**2 for size in sizes.values()) / whole**2 if whole else 1.0
    return movement(before, after, _usual(con, compared, selection, together))


def _usual(
    con: "DuckDBPyConnection", compared: Selection, selection: Selection, together: float
) -> Usual:
    """Return what is usual of the mean step, of places that are `together` as `by_changes` says."""
    first, last = sorted((compared, selection), key=lambda one: one.season)
    everywhere = [
        replace(one, district=None, location=None, facility=None) for one in (first, last)
    ]
    return rounded(by_changes(step_changes(con, *everywhere), together, _BELIEVED))


@kept
def step_changes(con: "DuckDBPyConnection", first: Selection, last: Selection) -> "DataFrame":
    """Return how places' mean steps changed between earlier seasons as far apart as two selections.

    `own` and `chance` (a place's change beside that of all, and the variance of chance), `common`
    and `common_chance` (the change of all), and `season`, the later one.
    """
    import pandas as pd

    by_season = {
        season: steps(con, last.in_season(season), "location")
        for season in usually.seasons(con, last)
    }
    apart = last.season.start_year - first.season.start_year
    rows = []
    for one, other in product(by_season, by_season):
        if other.start_year - one.start_year != apart or (one, other) == (
            first.season,
            last.season,
        ):
            continue
        before, after = by_season[one], by_season[other]
        sums = [
            [sum(column) for column in zip(*each.values(), strict=True)] for each in (before, after)
        ]
        if not (before and after):
            continue
        common = step_change(*sums[::-1], STEPS)
        of_all = common.mean - common.mean_before, step_variance(*sums[::-1])
        for name in before.keys() & after.keys():
            chance = step_variance(after[name], before[name])
            own = step_change(after[name], before[name], STEPS)
            if chance > 0:
                change = own.mean - own.mean_before - of_all[0]
                rows.append((name, change, chance, *of_all, other.name))
    columns = ["location", "own", "chance", "common", "common_chance", "season"]
    found = pd.DataFrame(rows, columns=columns).sort_values(["season", "location"])
    return rounded(found.drop(columns="location").reset_index(drop=True))


def moved_by(
    con: "DuckDBPyConnection", compared: Selection, selection: Selection, dimension: str
) -> "DataFrame":
    """Return `name, before, after, share_before, share_after, p_value, verdict` for each place.

    `before, after` are the incidents on the ladder and the shares of them that lie above its lowest
    step. The p-value is adjusted for the number of places, and the verdict follows it. In the order
    of the incidents now; the p-value is text.
    """
    import pandas as pd

    found = [steps(con, one, dimension) for one in (compared, selection)]
    none = (0,) * len(STEPS)
    usual_of_one = _usual(con, compared, selection, 1.0)
    rows = []
    for name in {*found[0], *found[1]}:
        before, after = (one.get(name, none) for one in found)
        rows.append((name, movement(before, after, usual_of_one)))
    rows.sort(key=lambda row: (row[0] is None, -sum(row[1].after), row[0] or ""))
    known = [n for n, (_, each) in enumerate(rows) if not isnan(each.p_value)]
    several = rounded(adjusted([rows[n][1].p_value for n in known]))
    p_values = dict(zip(known, several, strict=True))
    return phrases.named(
        pd.DataFrame(
            [
                (
                    name,
                    sum(each.before),
                    sum(each.after),
                    each.upper_before / sum(each.before) if sum(each.before) else nan,
                    each.upper_after / sum(each.after) if sum(each.after) else nan,
                    phrases.p_value(p_values.get(n, nan)),
                    verdict(each._replace(p_value=p_values.get(n, nan))),
                )
                for n, (name, each) in enumerate(rows)
            ],
            columns=[
                "name",
                "before",
                "after",
                "share_before",
                "share_after",
                "p_value",
                "verdict",
            ],
        )
    )


def verdict(movement: Movement) -> str:
    """Return which way the incidents have moved: clear is a p-value below 5 per cent."""
    if isnan(movement.p_value):
        return UNKNOWN
    if movement.p_value >= THRESHOLD or movement.mean_after == movement.mean_before:
        return UNCLEAR
    return UP if movement.mean_after > movement.mean_before else DOWN
