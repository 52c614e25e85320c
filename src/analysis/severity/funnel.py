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
    from numpy import ndarray
    from numpy.typing import ArrayLike
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


def limit(expected: "ArrayLike", tail: float, variance: float = 0.0) -> "ndarray":
    """Return the ratio that so large a share of counts stays below, between whole counts.

    Spiegelhalter's exact limit with interpolation (2005, appendix A.1), in units of each of
    `expected`. The counts are Poisson, or negative binomial where the rates of places have a
    `variance`.
    """
    import numpy as np
    from scipy.stats import nbinom, poisson

    means = np.asarray(expected, float)
    of, given = poisson, (means,)
    if variance:
        of, given = nbinom, (1 / variance, 1 / (1 + variance * means))
    count = of.ppf(tail, *given)
    here, below = of.cdf(count, *given), of.cdf(count - 1, *given)
    return np.maximum(count - (here - tail) / (here - below), 0.0) / means


def limits(rows: "DataFrame", spread: Spread) -> "DataFrame":
    """Return `expected, inner_low, inner_high, outer_low, outer_high` over what is expected."""
    import numpy as np
    import pandas as pd

    if rows.empty:
        return pd.DataFrame(columns=["expected", *_LIMITS], dtype="float64")
    first, last = rows["expected"].min() * 0.8, rows["expected"].max() * 1.1
    points = np.geomspace(first, last, _POINTS)
    return pd.DataFrame({"expected": points} | _limits(points, spread))


_LIMITS = {
    "inner_low": (1 - INNER) / 2,
    "inner_high": (1 + INNER) / 2,
    "outer_low": (1 - OUTER) / 2,
    "outer_high": (1 + OUTER) / 2,
}


def _limits(expected: "ArrayLike", spread: Spread) -> dict[str, "ndarray"]:
    return {name: limit(expected, tail, spread.variance) for name, tail in _LIMITS.items()}


def verdicts(rows: "DataFrame", spread: Spread) -> "DataFrame":
    """Return `expected_incidents` rows with `verdict`: within, or over or under which limits."""
    import numpy as np

    ratio, of = rows["ratio"], rounded(_limits(rows["expected"], spread))
    beyond = {
        "langt over": ratio > of["outer_high"],
        "langt under": ratio < of["outer_low"],
        "over": ratio > of["inner_high"],
        "under": ratio < of["inner_low"],
    }
    return rows.assign(verdict=np.select([*beyond.values()], [*beyond], WITHIN))
