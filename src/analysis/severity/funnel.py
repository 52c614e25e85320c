"""Locations against the limits that most places like them keep within, for what they are open.

The incidents expected of a location are the rate of its kind of facility, an hour open, times its
own hours; places differ from that by chance, and by as much more as their counts show. Method:
Spiegelhalter 2005, Funnel plots for comparing institutional performance, Statistics in Medicine
24:1185-1202, with negative binomial limits.
"""

from typing import TYPE_CHECKING, NamedTuple

from analysis import statistics
from analysis.core.asking import bound, frame
from analysis.core.rounding import rounded
from analysis.core.selection import Selection
from analysis.core.taxonomy import CLOSED

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

# The shares of locations that the inner and the outer limits hold.
INNER, OUTER = 0.95, 0.998
WITHIN = "inden for"
_POINTS = 60
# Between which the variance of rates is looked for, as logarithms: 0.3 per cent to three times.
_LOG_VARIANCES = -12, 2


class Spread(NamedTuple):
    """How far places differ beyond chance: the variance of their rates, 1 being what is expected.

    `p_value` is that of chance alone.
    """

    variance: float
    p_value: float

    @property
    def is_clear(self) -> bool:
        """Whether they differ by more than chance."""
        return self.p_value < statistics.THRESHOLD


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


def spread(rows: "DataFrame") -> Spread:
    """Return how far `expected_incidents` rows lie from what is expected of them.

    The variance is the likeliest of a negative binomial distribution; whether there is any,
    Pearson's chi-square says, each kind of facility having a rate of its own. None where there are
    no more places than kinds.
    """
    import numpy as np
    from scipy.optimize import minimize_scalar
    from scipy.special import chdtrc
    from scipy.stats import nbinom, poisson

    freedom = len(rows) - rows["facility"].nunique()
    if freedom < 1:
        return Spread(0.0, 1.0)
    counts, means = rows["incidents"].to_numpy(), rows["expected"].to_numpy()
    squares = float(((counts - means) ** 2 / means).sum())

    def unlikely(log_variance: float) -> float:
        shape = np.exp(-log_variance)
        return -float(nbinom.logpmf(counts, shape, shape / (shape + means)).sum())

    found = minimize_scalar(unlikely, bounds=_LOG_VARIANCES, method="bounded")
    is_any = found.fun < -float(poisson.logpmf(counts, means).sum())
    # A search ends anywhere near the likeliest; of few digits it is the same on every machine.
    variance = float(np.exp(round(found.x, 3))) if is_any else 0.0
    return rounded(Spread(variance, float(chdtrc(freedom, squares))))


def limit(expected: float, tail: float, variance: float = 0.0) -> float:
    """Return the ratio that so large a share of counts stays below, between whole counts.

    Spiegelhalter's exact limit with interpolation (2005, appendix A.1), in units of `expected`. The
    counts are Poisson, or negative binomial where the rates of places have a `variance`.
    """
    from scipy.stats import nbinom, poisson

    shape = 1 / variance if variance else None
    of = nbinom(shape, shape / (shape + expected)) if shape else poisson(expected)
    count = int(of.ppf(tail))
    here, below = of.cdf(count), of.cdf(count - 1)
    return max(0.0, count - float((here - tail) / (here - below))) / expected


def limits(rows: "DataFrame") -> "DataFrame":
    """Return `expected, inner_low, inner_high, outer_low, outer_high` over what is expected."""
    import numpy as np
    import pandas as pd

    columns = ["expected", "inner_low", "inner_high", "outer_low", "outer_high"]
    if rows.empty:
        return pd.DataFrame(columns=columns, dtype="float64")
    first, last = rows["expected"].min() * 0.8, rows["expected"].max() * 1.1
    points, variance = np.geomspace(first, last, _POINTS), spread(rows).variance
    ends = [[_bounds(point, level, variance) for level in (INNER, OUTER)] for point in points]
    return pd.DataFrame(
        [(point, *inner, *outer) for point, (inner, outer) in zip(points, ends, strict=True)],
        columns=columns,
    )


def _bounds(expected: float, level: float, variance: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    return limit(expected, tail, variance), limit(expected, 1 - tail, variance)


def verdicts(rows: "DataFrame") -> "DataFrame":
    """Return `expected_incidents` rows with `verdict`: within, or over or under which limits."""
    variance = spread(rows).variance
    found = [_verdict(one.ratio, one.expected, variance) for one in rows.itertuples(index=False)]
    return rows.assign(verdict=found)


def _verdict(ratio: float, expected: float, variance: float) -> str:
    for level, far in ((OUTER, "langt "), (INNER, "")):
        ratio, low, high = rounded((ratio, *_bounds(expected, level, variance)))
        if ratio > high:
            return f"{far}over"
        if ratio < low:
            return f"{far}under"
    return WITHIN
