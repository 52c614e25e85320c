"""Locations against the limits that chance alone keeps them within, for what they are open.

The incidents expected of a location are the rate of its kind of facility, an hour open, times its
own hours. Method: Spiegelhalter 2005, Funnel plots for comparing institutional performance,
Statistics in Medicine 24:1185-1202.
"""

from collections.abc import Sequence
from math import nan, sqrt
from typing import TYPE_CHECKING, NamedTuple

from analysis.core.asking import bound, frame
from analysis.core.rounding import rounded
from analysis.core.selection import Selection
from analysis.core.taxonomy import CLOSED

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

# The shares of locations that chance keeps within the inner and the outer limits.
INNER, OUTER = 0.95, 0.998
WITHIN = "inden for"
_POINTS = 60
# The share of locations at each end whose distance is cut off before the spread is taken.
_CUT = 0.1
_LEAST_LOCATIONS = 5


class Overdispersion(NamedTuple):
    """How many times as much as by chance the locations vary, and whether that is clear."""

    times: float
    clear: bool


def locations(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `name, facility, incidents, hours`: the selection's locations and their open hours."""
    return frame(con, "severity/locations", bound(con, selection) | {"closed": CLOSED})


def expected_incidents(found: "DataFrame") -> "DataFrame":
    """Return those with known hours, with `expected` incidents and `ratio` of the incidents to it.

    A kind of facility without an incident expects none, and is left out.
    """
    known = found[found["hours"] > 0]
    by_kind = known.groupby("facility")[["incidents", "hours"]].transform("sum")
    rate = by_kind["incidents"] / by_kind["hours"]
    rows = known.assign(expected=rate * known["hours"])
    rows = rows[rows["expected"] > 0]
    rows = rows.assign(ratio=rows["incidents"] / rows["expected"])
    return rounded(rows).reset_index(drop=True)


def limit(expected: float, tail: float) -> float:
    """Return the ratio that so large a share of Poisson counts stays below, between whole counts.

    Spiegelhalter's exact limit with interpolation (2005, appendix A.1), in units of `expected`.
    """
    from scipy.stats import poisson

    count = int(poisson.ppf(tail, expected))
    here, below = poisson.cdf(count, expected), poisson.cdf(count - 1, expected)
    return max(0.0, count - float((here - tail) / (here - below))) / expected


def limits(rows: "DataFrame") -> "DataFrame":
    """Return `expected, inner_low, inner_high, outer_low, outer_high` over what is expected."""
    import numpy as np
    import pandas as pd

    columns = ["expected", "inner_low", "inner_high", "outer_low", "outer_high"]
    if rows.empty:
        return pd.DataFrame(columns=columns, dtype="float64")
    first, last = rows["expected"].min() * 0.8, rows["expected"].max() * 1.1
    points = np.geomspace(first, last, _POINTS)
    return pd.DataFrame(
        [(point, *_bounds(point, INNER), *_bounds(point, OUTER)) for point in points],
        columns=columns,
    )


def _bounds(expected: float, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    return limit(expected, tail), limit(expected, 1 - tail)


def overdispersion(counts: Sequence[int], expected: Sequence[float]) -> Overdispersion:
    """Return how much more than by chance the counts lie from what is expected.

    The mean squared distance 2 (sqrt(count) - sqrt(expected)), its ends cut off (winsorised), as
    Spiegelhalter (2005, 4.3) has it; clear where it is 2 standard errors over 1. Fewer than five
    locations tell nothing (nan).
    """
    import numpy as np

    if len(counts) < _LEAST_LOCATIONS:
        return Overdispersion(nan, False)
    apart = 2 * (np.sqrt(np.asarray(counts, float)) - np.sqrt(np.asarray(expected, float)))
    low, high = np.quantile(apart, [_CUT, 1 - _CUT])
    times = rounded(float((np.clip(apart, low, high) ** 2).mean()))
    return Overdispersion(times, times > 1 + 2 * sqrt(2 / len(counts)))


def verdicts(rows: "DataFrame") -> "DataFrame":
    """Return `expected` rows with `verdict`: within, or over or under which limits.

    `wider` is the same with limits as many times wider as the locations vary more than by chance.
    """
    if rows.empty:
        return rows.assign(verdict="", wider="")
    found = overdispersion(rows["incidents"].tolist(), rows["expected"].tolist())
    factor = sqrt(found.times) if found.clear else 1.0
    verdicts, wider = [], []
    for each in rows.itertuples(index=False):
        verdicts.append(_verdict(each.ratio, each.expected))
        apart = 2 * (sqrt(each.incidents) - sqrt(each.expected)) / factor
        # The same distance in units of chance, as a count that plain limits can judge.
        shrunk = (sqrt(each.expected) + apart / 2) ** 2 / each.expected
        wider.append(_verdict(shrunk, each.expected) if factor > 1 else verdicts[-1])
    return rows.assign(verdict=verdicts, wider=wider)


def _verdict(ratio: float, expected: float) -> str:
    for level, far in ((OUTER, "langt "), (INNER, "")):
        ratio, low, high = rounded((ratio, *_bounds(expected, level)))
        if ratio > high:
            return f"{far}over"
        if ratio < low:
            return f"{far}under"
    return WITHIN
