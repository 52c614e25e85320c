"""How far changes lie apart beyond what counts do by chance; knows nothing of incidents.

Counts vary from one period to the next by more than chance within a period: incidents come in runs,
levels wander, and places differ in how. Changes with a variance of chance and one beyond it are the
random effects model of meta-analysis (DerSimonian and Laird 1986).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from analysis.statistics.rates import _check_amounts

if TYPE_CHECKING:
    from numpy import ndarray


# Steps until nothing moves, and how alike variances may be.
_STEPS, _ALIKE = 30, 1e-6


class Apart(NamedTuple):
    """How far changes lie apart: `runs` times as far as by chance, and a variance beside that."""

    runs: float
    variance: float


def apart(changes: Sequence[float], variances: Sequence[float]) -> Apart:
    """Return how far changes about 0 lie apart, each with the variance of chance, above 0.

    Counts that come in runs vary so many times as much as by chance, 1 or more; levels that wander
    add the same to all. Both by weighted least squares of the squares, again until they stand.
    """
    import numpy as np

    _check_amounts(variances)
    squares, chance = np.asarray(changes, float) ** 2, np.asarray(variances, float)
    runs, variance = 1.0, 0.0
    for _ in range(_STEPS):
        weights = 1 / (runs * chance + variance) ** 2
        by_chance, by_both = (weights * chance**2).sum(), (weights * chance).sum()
        told = (weights * chance * squares).sum(), (weights * squares).sum()
        left = by_chance * weights.sum() - by_both**2
        # Of counts all alike nobody can tell runs from levels, which say more of large ones.
        runs, variance = 0.0, 0.0
        if left > _ALIKE * by_chance * weights.sum():
            runs = (told[0] * weights.sum() - told[1] * by_both) / left
            variance = (told[1] * by_chance - told[0] * by_both) / left
        if variance < 0:
            runs, variance = told[0] / by_chance, 0.0
        if runs < 1:
            runs, variance = 1.0, max((told[1] - by_both) / weights.sum(), 0.0)
    return Apart(float(runs), float(variance))


class OwnChanges(NamedTuple):
    """The change that places have in common, a ratio; each one's own beside it, as a logarithm.

    `chance` is the variance with which chance alone makes a place's own change.
    """

    common: float
    own: "ndarray"
    chance: "ndarray"


def own_changes(before: "ndarray", after: "ndarray", times: "ndarray") -> OwnChanges:
    """Return how places' counts, a value of each a place, changed in common and each beside that.

    `times` is how many times as long as before each place was open after, above 0. An incident more
    at each place, shared before and after as at all, gives those without any a change too.
    """
    import numpy as np

    common = after.sum() / (before * times).sum()
    share = common * times / (1 + common * times)
    own = np.log((after + share) / (before + 1 - share) / times / common)
    return OwnChanges(float(common), own, 1 / ((before + after + 1) * share * (1 - share)))
