"""Small counts of many places, each drawn towards places like it; knows nothing of incidents.

The model is empirical Bayes (Gelman and others 2013, *Bayesian Data Analysis*, 2.6 and 5.1): a
place's count is Poisson with mean exposure times rate, and the rates of places of the same groups
follow a gamma distribution. A place with much exposure keeps its own rate; one with little gets
that of its groups.
"""

from collections.abc import Iterable, Sequence
from math import log
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy import ndarray
    from numpy.typing import ArrayLike

# How far a group's log rate lies from the city's, as a standard deviation: two thirds of groups
# within a factor of 1.65. With few places a group, a wider one lets a single place speak for all.
GROUP_SPREAD = 0.5
# How far the log level may lie from the rate of the whole city, and the log of the gamma
# distribution's shape from 0 (a shape of 1: the spread of rates is as large as their mean). Wide
# enough to matter only where there are few places or hardly any counts.
LEVEL_SPREAD, SHAPE_SPREAD = 1.0, 1.5
# How many made-up counts a group's shares may be worth at a place.
LEAST_STRENGTH, MOST_STRENGTH = 1.0, 1000.0


class Posterior(NamedTuple):
    """What is known of each place's rate: a gamma distribution, one value of each a place.

    The mean is `shape / rate`, in counts per unit of exposure, and the variance `shape / rate**2`.
    """

    shape: "ndarray"
    rate: "ndarray"

    @property
    def mean(self) -> "ndarray":
        """The expected rate of each place."""
        return self.shape / self.rate


def shrink(
    counts: "ArrayLike",
    exposures: "ArrayLike",
    *groups: Sequence[str | None],
    group_spread: float = GROUP_SPREAD,
) -> Posterior:
    """Return the rate of each place, drawn towards that of its groups.

    `counts` and `exposures` hold a value of 0 or more a place, `groups` a label a place for each
    way of grouping; None belongs to no group. Counts may be fractions, such as counts of which the
    older weigh less. Place l has the prior gamma(k, k / m_l), where log m_l is the city's level
    plus an effect of each group, normal about 0 with `group_spread`. The level, the effects and k
    are those of the highest marginal likelihood, which is negative binomial, times weak priors: the
    level is near the rate of all places together (half a count added, so that a city without any
    has a rate above 0), and k near 1. They are taken for known, so an interval for a rate is
    slightly short.
    Raises ValueError for lengths that differ, for values below 0 or not finite, for counts at a
    place without exposure, and where no place has exposure.
    """
    import numpy as np
    from scipy.optimize import minimize, root

    counts, exposures = _checked(counts, exposures)
    members = _members(groups, len(counts))
    start = log((counts.sum() + 0.5) / exposures.sum())

    spreads = np.array([LEVEL_SPREAD, SHAPE_SPREAD, *[group_spread] * members.shape[1]])

    def loss(off: "ndarray") -> tuple[float, "ndarray"]:
        shape, prior = np.exp(off[1]), np.exp(start + off[0] + members @ off[2:])
        likelihood, by_log_rate, by_shape = _likelihood(counts, exposures * prior, shape)
        slopes = [by_log_rate.sum(), by_shape * shape, *(members.T @ by_log_rate)]
        return (off**2 / spreads**2).sum() / 2 - likelihood, off / spreads**2 - slopes

    # Not L-BFGS-B: it takes ten times as long where other programs keep the processors busy.
    near = minimize(loss, np.zeros(len(spreads)), jac=True, method="BFGS", options={"gtol": 1e-6}).x
    # A search ends anywhere near the best; where the slopes are 0 it is the same on every machine.
    off = root(lambda off: loss(off)[1], near, tol=1e-14).x
    shape, prior = np.exp(off[1]), np.exp(start + off[0] + members @ off[2:])
    return Posterior(shape + counts, shape / prior + exposures)


def _likelihood(
    counts: "ndarray", means: "ndarray", shape: float
) -> tuple[float, "ndarray", float]:
    """Return the negative binomial log likelihood and its slopes by log rate and by shape.

    What depends on the counts alone is left out. A place without exposure adds nothing.
    """
    import numpy as np
    from scipy.special import digamma, gammaln, xlogy

    sums = shape + means
    likelihood = gammaln(counts + shape) - gammaln(shape) + xlogy(counts, means)
    likelihood += shape * np.log(shape) - (shape + counts) * np.log(sums)
    by_log_rate = shape * (counts - means) / sums
    by_shape = digamma(counts + shape) - digamma(shape) + np.log(shape / sums)
    by_shape += 1 - (shape + counts) / sums
    return likelihood.sum(), by_log_rate, by_shape.sum()


def _checked(counts: "ArrayLike", exposures: "ArrayLike") -> tuple["ndarray", "ndarray"]:
    import numpy as np

    counts, exposures = np.asarray(counts, dtype=float), np.asarray(exposures, dtype=float)
    if counts.shape != exposures.shape or counts.ndim != 1:
        raise ValueError("counts and exposures must be one value a place")
    both = np.concatenate([counts, exposures])
    if not np.isfinite(both).all() or (both < 0).any():
        raise ValueError("counts and exposures must be 0 or more")
    if (counts[exposures == 0] > 0).any():
        raise ValueError("a place without exposure can have no counts")
    if not exposures.sum() > 0:
        raise ValueError("no place has exposure")
    return counts, exposures


def _members(groups: Iterable[Sequence[str | None]], places: int) -> "ndarray":
    """Return a row a place and a column a group of every grouping, 1 where the place is in it."""
    import numpy as np
    import pandas as pd

    columns = [np.zeros((places, 0))]
    for labels in groups:
        if len(labels) != places:
            raise ValueError("a grouping must have a label a place")
        columns.append(pd.get_dummies(pd.Series(list(labels), dtype=object), dtype=float).values)
    return np.hstack(columns)


def shrink_shares(counts: "ArrayLike", group: Sequence[str | None]) -> "ndarray":
    """Return what is known of the types' shares at each place: Dirichlet parameters.

    `counts` is a row a place and a column a type, values of 0 or more, `group` a label a place. A
    place's shares are drawn towards those of its group, and the group's towards all places', both
    by as many made-up counts as make the counts most likely (Dirichlet-multinomial; Minka 2000,
    *Estimating a Dirichlet distribution*). A row of the answer divided by its sum is the expected
    shares. Raises ValueError for lengths that differ and for values below 0 or not finite.
    """
    import numpy as np
    from scipy.optimize import minimize_scalar
    from scipy.special import gammaln

    counts = np.asarray(counts, dtype=float)
    if counts.ndim != 2 or not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("counts must be 0 or more, a row a place and a column a type")
    members = _members([group], len(counts))
    # Half a count of each type, so that none is impossible.
    everywhere = counts.sum(axis=0) + 0.5
    everywhere /= everywhere.sum()

    def prior(strength: float) -> "ndarray":
        by_group = members.T @ counts + strength * everywhere
        by_group /= by_group.sum(axis=1, keepdims=True)
        without = 1 - members.sum(axis=1, keepdims=True)
        return strength * (members @ by_group + without * everywhere)

    def loss(log_strength: float) -> float:
        before = prior(float(np.exp(log_strength)))
        after = before + counts
        likelihood = gammaln(after).sum() - gammaln(before).sum()
        likelihood += gammaln(before.sum(axis=1)).sum() - gammaln(after.sum(axis=1)).sum()
        return -float(likelihood)

    bounds = log(LEAST_STRENGTH), log(MOST_STRENGTH)
    near = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-5}).x
    # A search ends anywhere near the best; of few numbers it is the same one on every machine.
    around = np.clip(round(near, 3) + np.array([-0.001, 0, 0.001]), *bounds)
    return prior(float(np.exp(min(around, key=loss)))) + counts
