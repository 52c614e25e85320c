"""How much is still known of a location after a while, learned from the months themselves.

The model is a dynamic Poisson-gamma one (Harvey and Fernandes 1989; West and Harrison 1997, 10.8).
A location's rate is gamma, and from each month to the next its logarithm takes a step, which takes
the same part of the shape and of the rate: so the busy are forgotten sooner than the quiet, of
which a month tells less, and the step to the coming month is in what is said of it. Beside that a
month may be busier or calmer than the rate, by a gamma factor of mean 1: each by itself, or as a
spell that lasts. How far all this goes is not told but weighed, by how likely it made each month
with what the months before had shown.
"""

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy import ndarray

# The standard deviation of a month's step of a log rate; the variance of a month's factor, of which
# the least is none; and what is left of a spell after a month, 0 where each month is by itself.
STEPS = (0.0, 0.05, 0.1, 0.18, 0.3)
VARIANCES = (1e-6, 0.07, 0.2, 0.4)
LASTING = (0.0, 0.8)


class Memory(NamedTuple):
    """What each month before the coming one weighs, and what it says of the coming one.

    `counts` and `exposures` have a row a location and a column a month: what is left of them.
    `spell` is how many times busier than its rate a location is expected to be, and `spread` the
    variance of that factor to its mean, a value a location; `luck` is the variance of the coming
    month's own factor, which nothing tells.
    """

    counts: "ndarray"
    exposures: "ndarray"
    spell: "ndarray"
    spread: "ndarray"
    luck: float


def learned(counts: "ndarray", means: "ndarray", shape: "ndarray") -> Memory:
    """Return what the months weigh; the last column is followed by the coming month.

    `counts` has a row a location and a column a month, `means` what is expected of each by the
    locations like it, 0 where nothing can be. The rate to that is gamma with mean 1 and `shape`, a
    value a location.
    """
    import numpy as np
    from scipy.special import gammaln, xlogy

    tried = [
        (step, variance, lasts if variance > VARIANCES[0] else 0.0)
        for step, variance, lasts in product(STEPS, VARIANCES, LASTING)
    ]
    step, variance, lasts = np.array(sorted(set(tried))).T[:, :, None]
    # Counts and exposures that the rate and the spell are known by.
    rate, of_rate, spell, of_spell = np.zeros((4, len(step), len(counts)))
    told, busy, left = np.ones((3, len(step), *counts.shape))
    likely = np.zeros(len(step))
    for n, (count, mean) in enumerate(zip(counts.T, means.T, strict=True)):
        level = (shape + rate) / (shape + of_rate)
        busy[:, :, n] = (1 / variance + spell) / (1 / variance + of_spell)
        apart = 1 / (shape + rate), 1 / (1 / variance + spell)
        expected = mean * level * busy[:, :, n]
        size = 1 / ((1 + apart[0]) * (1 + apart[1]) - 1)
        logs = gammaln(count + size) - gammaln(size) + xlogy(count, expected)
        likely += (logs + xlogy(size, size) - (size + count) * np.log(size + expected)).sum(axis=1)
        # A month tells the less of the one, the less is known of the other.
        told[:, :, n] = 1 / (1 + apart[1] * expected)
        of_month = 1 / (1 + apart[0] * expected)
        rate += told[:, :, n] * count
        of_rate += told[:, :, n] * mean * busy[:, :, n]
        spell += of_month * count
        of_spell += of_month * mean * level
        left[:, :, n] = 1 / (1 + step**2 * (shape + rate))
        rate *= left[:, :, n]
        of_rate *= left[:, :, n]
        fade = lasts**2 / (1 + (1 - lasts**2) * variance * spell)
        spell *= fade
        of_spell *= fade
    chance = np.exp(likely - likely.max())
    chance /= chance.sum()
    weights = told * np.cumprod(left[:, :, ::-1], axis=2)[:, :, ::-1]
    factor = (1 / variance + spell) / (1 / variance + of_spell)
    spread = np.where(lasts > 0, factor**2 / (1 / variance + spell), 0.0)
    mean = chance @ factor
    return Memory(
        np.tensordot(chance, weights, 1),
        np.tensordot(chance, weights * busy, 1),
        mean,
        chance @ (spread + (factor - mean) ** 2) / mean**2,
        float(chance @ np.where(lasts > 0, 0.0, variance)[:, 0]),
    )
