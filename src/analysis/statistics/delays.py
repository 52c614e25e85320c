"""What has been reported of what happened, and what is still to come; knows nothing of incidents.

Reports come days after what they tell of, so the last days look emptier than they are. How soon
reports come is told by those that had the time to come: of the reports of a day that had come when
it was so many days old, the part that came on that very day (the reverse-time hazard: Lagakos,
Barraj and De Gruttola 1988, *Biometrika* 75:515–523; Kalbfleisch and Lawless 1989, *JASA*
84:360–372). A day's count and the share that is reported by now tell what is still to come (Lawless
1994, *Canadian Journal of Statistics* 22:15–31; the nowcasting of epidemics).
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy import ndarray

# The reports of so many last weeks tell how soon they come.
_RECENT = 26
# Past weeks that the share is tried on lie so many weeks apart.
_APART = 4
# What is believed beforehand of how far late reports lie from what is expected of them, beyond
# chance: a fifth, held for as sure as four tries would make it.
_BELIEVED, _AS_SURE = 0.1**2, 4


class Reported(NamedTuple):
    """What share of a day's reports has come when it is 0, 1, 2 … days old; at last all have.

    `hazard` is the part of those that have come by then that came on that day, `error` the standard
    error of the share's logarithm, and `beyond` the variance of late reports' ratio to what is
    expected of them beyond that of chance.
    """

    share: "ndarray"
    hazard: "ndarray"
    error: "ndarray"
    beyond: float


class ToCome(NamedTuple):
    """What is still to come: the mean and the variance of each count."""

    mean: "ndarray"
    variance: "ndarray"


def reported(counts: "ndarray") -> Reported:
    """Return how soon reports come, from a row a day (the last first) and a column a day of delay.

    No day has reports of a longer delay than it is old.
    """
    import numpy as np

    ages, delays = np.indices(counts.shape)
    recent = (ages >= delays) & (ages < delays + _RECENT)
    at_risk = np.where(recent, counts.cumsum(axis=1), 0).sum(axis=0)
    came = np.where(recent, counts, 0).sum(axis=0)
    # One more, so that a single report does not say that all come so late.
    hazard = came / (at_risk + 1)
    hazard[0] = 0.0
    share = _after(np.log1p(-hazard))
    error = np.sqrt(_after(hazard / (at_risk + 1 - came)))
    return Reported(np.exp(share), hazard, error, _beyond(counts, np.exp(share)))


def _after(values: "ndarray") -> "ndarray":
    """Return for each place the sum of all values after it."""
    return values[::-1].cumsum()[::-1] - values


def to_come(
    counts: "ndarray",
    share: "ndarray",
    error: "ndarray | float" = 0.0,
    beyond: float = 0.0,
    added: "ndarray | float" = 0.5,
) -> ToCome:
    """Return what is still to come of counts of which a share (above 0) has been reported.

    It is negative binomial. `error` and `beyond` are of `Reported`; `added` to a count lets one
    without any have late ones too (of one alone, Jeffreys' prior).
    """
    seen = counts + added
    mean = seen * (1 - share) / share
    return ToCome(mean, mean / share + beyond * mean**2 + (seen / share * error) ** 2)


def together(each: ToCome, beyond: float) -> ToCome:
    """Return the sum of several, whose part `beyond` is common to all."""
    mean = each.mean.sum()
    chance = (each.variance - beyond * each.mean**2).sum()
    return ToCome(mean, chance + beyond * mean**2)


def bound(told: ToCome, share: float) -> "ndarray":
    """Return the smallest counts that what is still to come does not pass with such a chance."""
    import numpy as np
    from scipy.stats import nbinom, poisson

    mean, over = told.mean, told.variance - told.mean
    is_wide = over > 1e-9 * mean
    size = np.where(is_wide, mean**2, 1.0) / np.where(is_wide, over, 1.0)
    wide = nbinom.ppf(share, size, size / np.where(size + mean > 0, size + mean, 1.0))
    return np.where(mean > 0, np.where(is_wide, wide, poisson.ppf(share, mean)), 0.0)


def _beyond(counts: "ndarray", share: "ndarray") -> float:
    """Return how far late reports lay from what was expected, beyond chance, on days of the past.

    On each, the latest days are counted as they were known then, and what has come since.
    """
    import numpy as np

    most = counts.shape[1] - 1
    tries = []
    for back in range(most, len(counts) - most, _APART):
        # Of days that were 0, 1, 2 … days old then.
        known = counts[back : back + most].cumsum(axis=1)
        seen = np.diagonal(known)
        told = to_come(seen, share[:most])
        mean, late = told.mean.sum(), (known[:, -1] - seen).sum()
        tries.append((mean**2, (late - mean) ** 2 - told.variance.sum()))
    squares, beyond = np.array(tries).T if tries else np.zeros((2, 1))
    believed = _AS_SURE * squares.mean()
    whole = believed + squares.sum()
    return max((believed * _BELIEVED + beyond.sum()) / whole, 0.0) if whole else _BELIEVED
