"""How much the level of a place changes from one season to the next though nothing lasting does.

Seasons' levels wander more than chance within them. What a change is held against is therefore what
the places' earlier seasons show to be usual: how far all of them moved together, and how far each
went its own way beside that.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from math import ceil, exp, inf, sqrt
from typing import TYPE_CHECKING, NamedTuple

from analysis import nowcast, statistics
from analysis.barometer import count_by
from analysis.core import asking
from analysis.core.kept import kept
from analysis.core.rounding import rounded
from analysis.core.season import Season
from analysis.core.selection import Selection
from analysis.core.taxonomy import CLOSED
from analysis.statistics import LEVEL, Interval, RateRatio

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy import ndarray
    from pandas import DataFrame

# What is believed before any season is known, of how far all places move together and each beside
# that: a tenth, held for as sure as four such changes would make it.
_BELIEVED, _AS_SURE = 0.1**2, 4


class Usual(NamedTuple):
    """How a log rate changes from season to season beyond chance within them.

    Its level by a `variance`, and its counts `runs` times as much as by chance, since incidents
    come in runs. `freedom` is for how sure it is known: the degrees of Student's distribution.
    `reported` is the share of what happened later that has been reported, `in_months` that of each
    month.
    """

    variance: float
    freedom: float
    runs: float = 1.0
    reported: float = 1.0
    in_months: tuple[float, ...] = ()

    @property
    def reach(self) -> float:
        """How many times as high the level may be without a change that is more than usual."""
        return exp(self._times * sqrt(self.variance))

    @property
    def settled(self) -> "Usual":
        """The same between periods that are reported in full."""
        return self._replace(reported=1.0)

    @property
    def _times(self) -> float:
        """How many standard deviations the interval reaches."""
        from scipy.special import stdtrit

        return float(stdtrit(self.freedom, (1 + LEVEL) / 2))

    def spread(self, total: float, expected: float = 1.0) -> float:
        """Return how much two counts of a sum vary, 1 being Poisson.

        `expected` is the ratio of the later one to the earlier where nothing changed.
        """
        return self._wider(self.variance * total * expected / (1 + expected) ** 2)

    def _wider(self, levels: float) -> float:
        """Return how much counts vary whose levels do so by this beyond chance, 1 being Poisson."""
        from scipy.special import ndtri

        # As normal errors that reach as far.
        return 1 + (self._times / float(ndtri((1 + LEVEL) / 2))) ** 2 * (self.runs - 1 + levels)

    def interval(self, count: int) -> Interval:
        """Return between which numbers the level lies of which the later period has so many."""
        # A change has the variance of two levels.
        spread = self._wider(self.variance / 2 * count)
        return statistics.poisson_interval(count, self.reported, spread=spread)

    def rate_ratio(
        self, count: int, before: int, exposure: float = 1.0, exposure_before: float = 1.0
    ) -> RateRatio:
        """Return the rate ratio whose interval leaves out 1 where the change is not usual."""
        exposure *= self.reported
        spread = self.spread(count + before, exposure / exposure_before)
        return statistics.quasi_rate_ratio(count, before, spread, exposure, exposure_before)

    def largest_clear_fall(
        self, before: int, exposure: float = 1.0, exposure_before: float = 1.0
    ) -> int | None:
        """Return the largest count that would be a clear fall; None where none would be."""
        counts = range(ceil(before * self.reported * exposure / exposure_before) + 1)

        def is_unclear(count: int) -> bool:
            return self.rate_ratio(count, before, exposure, exposure_before).high >= 1

        return bisect_left(counts, True, key=is_unclear) - 1 if not is_unclear(0) else None

    def power_of_fall(
        self, before: int, fall: float, exposure: float = 1.0, exposure_before: float = 1.0
    ) -> float:
        """Return the chance that a true fall by a share of the rate comes out as a clear one."""
        exposure *= self.reported
        expected = exposure / exposure_before
        spread = self.spread(before * (1 + expected * (1 - fall)), expected)
        return statistics.power_of_fall(before, fall, exposure, exposure_before, spread=spread)


# Where only chance within the seasons counts.
ONLY_CHANCE = Usual(0.0, inf)


def seasons(con: "DuckDBPyConnection", selection: Selection) -> list[Season]:
    """Return the seasons in which the data cover the selection's days whole, up to its own."""
    data = asking.dataset(con)
    found: list[Season] = []
    one = selection
    # The first and the last incident need not fall on the first and the last day covered.
    while data.first_day and one.interval[0] >= data.first_day.replace(day=1):
        last = one.interval[1] - timedelta(days=1)
        if data.last_day >= last.replace(day=1):
            found.insert(0, one.season)
        one = one.in_season(one.season.previous)
    return found


def half_years(
    con: "DuckDBPyConnection", selection: Selection, periods: Sequence[Season]
) -> "DataFrame":
    """Return `location, district, facility, season, incidents, exposure`, zeros too.

    A row a location of the whole register and season; of the selection, the half and the filters
    that do not choose a place count. The exposure is the hours open, or 1 at a place whose hours
    are not known in all of the seasons.
    """
    everywhere = _everywhere(selection)
    spans = [everywhere.in_season(one).interval for one in periods]
    firsts, afters = [first for first, _ in spans], [after for _, after in spans]
    days = min(firsts, default=date.max), max(afters, default=date.max)
    given = asking.bound(con, everywhere, days=days) | {
        "seasons": [one.name for one in periods],
        "firsts": firsts,
        "afters": afters,
        "closed": CLOSED,
    }
    return asking.frame(con, "comparison/half_years", given)


def _everywhere(selection: Selection) -> Selection:
    return replace(selection, district=None, location=None, facility=None)


def usual(con: "DuckDBPyConnection", before: Selection, after: Selection) -> Usual:
    """Return what is usual from the one to the other of what both select, by earlier seasons."""
    import pandas as pd

    counts = pd.concat([count_by(con, one, "location") for one in (before, after)])
    shares = counts.groupby("name")["incidents"].sum() / max(counts["incidents"].sum(), 1)
    together = float((shares**2).sum()) if len(shares) else 1.0
    return _usual(con, before, after, together)


def of_one_place(con: "DuckDBPyConnection", before: Selection, after: Selection) -> Usual:
    """Return what is usual of any single place, which reports as late as the city does."""
    return _usual(con, _everywhere(before), _everywhere(after), 1.0)


def level_of(con: "DuckDBPyConnection", selection: Selection) -> Usual:
    """Return what is usual of a selection's level: from the season before to its own."""
    return usual(con, selection.in_season(selection.season.previous), selection)


def _usual(
    con: "DuckDBPyConnection", before: Selection, after: Selection, together: float
) -> Usual:
    first, last = sorted((_everywhere(before), _everywhere(after)), key=lambda one: one.season)
    found = by_changes(level_changes(con, first, last), together)
    still = [nowcast.unsettled(con, one) for one in (before, after)]
    # A period that is not settled is known less surely, and in part.
    late = sum(one.variance / (one.incidents + one.late) ** 2 for one in still if one)
    shares = [one.share if one else 1.0 for one in still]
    months = [one.in_months if one else (1.0,) * len(after.months) for one in still]
    return rounded(
        found._replace(
            variance=found.variance + late,
            reported=shares[1] / shares[0],
            in_months=tuple(b / a for a, b in zip(*months, strict=True)),
        )
    )


@kept
def level_changes(con: "DuckDBPyConnection", first: Selection, last: Selection) -> "DataFrame":
    """Return how places changed between earlier seasons as far apart as two selections.

    `own_changes` of each pair, with `season`, the later one. Of the selections, the half and the
    filters that do not choose a place count.
    """
    import pandas as pd

    known = seasons(con, last)
    found = half_years(con, last, known).pivot(index="location", columns="season")
    rows = []
    for one, other in product(known, known) if len(found) else ():
        apart = other.start_year - one.start_year
        judged = (one, other) == (first.season, last.season)
        if judged or apart != last.season.start_year - first.season.start_year:
            continue
        ends = [found.xs(each.name, axis=1, level="season") for each in (one, other)]
        before, after = (each["incidents"].to_numpy(float) for each in ends)
        hours_before, hours = (each["exposure"].to_numpy(float) for each in ends)
        made = own_changes(before, after, hours_before, hours)
        rows.append(made.assign(season=other.name))
    return rounded(pd.concat(rows) if rows else pd.DataFrame(columns=[*_OWN, "season"]))


_OWN = ["own", "chance", "common", "common_chance"]


def own_changes(
    before: "ndarray", after: "ndarray", hours_before: "ndarray", hours: "ndarray"
) -> "DataFrame":
    """Return how each place's counts changed beside those of all together, a value of each a place.

    Columns: `own` and `chance` (the logarithm of a place's own change, and the variance of chance),
    `common` and `common_chance` (the same of all together). What was never open, or had no
    incident, is left out; no rows where nothing happened before, or after.
    """
    import numpy as np
    import pandas as pd

    told = (hours_before > 0) & (hours > 0) & (before + after > 0)
    before, after, times = before[told], after[told], hours[told] / hours_before[told]
    if not (before.sum() and after.sum()):
        return pd.DataFrame(columns=_OWN, dtype=float)
    made = statistics.own_changes(before, after, times)
    of_all = np.log(made.common), 1 / before.sum() + 1 / after.sum()
    return pd.DataFrame({"own": made.own, "chance": made.chance}).assign(
        common=of_all[0], common_chance=of_all[1]
    )


def by_changes(changes: "DataFrame", together: float, believed: float = _BELIEVED) -> Usual:
    """Return what is usual of a place by the earlier changes of all.

    Of several places, `together` is the sum of their squared shares of the incidents, 1 for one.
    `believed` is the variance before any change is known.
    """
    own, sure, runs = _AS_SURE * believed, _AS_SURE, 1.0
    if len(changes):
        found = statistics.apart(changes["own"], changes["chance"])
        own, sure = own + found.variance * len(changes), sure + len(changes)
        runs = found.runs
    own /= sure
    all_together = changes.drop_duplicates("season")
    beyond = all_together["common"] ** 2 - runs * all_together["common_chance"]
    of_all = max(_AS_SURE * believed + float(beyond.sum()), 0.0)
    freedom = _AS_SURE + len(all_together)
    parts = (of_all / freedom, freedom), (own * together, sure)
    whole = sum(variance for variance, _ in parts)
    # Satterthwaite's degrees of freedom of a sum of variances.
    return Usual(whole, whole**2 / sum(part**2 / degrees for part, degrees in parts), runs)
