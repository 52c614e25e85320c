"""Shares and steps of an ordered scale: their intervals and changes; knows nothing of incidents.

Counts are whole numbers of 0 or more. A survey is told as a rounded share of its answers;
`successes` makes it a count again. Imports of scipy stand in the functions, since they take longer
than the functions themselves.
"""

from collections.abc import Sequence
from math import floor, nan, prod, sqrt
from typing import TYPE_CHECKING, NamedTuple

from analysis.statistics import LEVEL, Interval
from analysis.statistics.rates import wilson

if TYPE_CHECKING:
    from numpy import ndarray
    from numpy.typing import ArrayLike

# More answers than this are not looked for.
_MOST_ANSWERS = 100_000
# More ways to share the steps out than this are not counted one by one.
_MOST_WAYS = 2_000_000
# Two sums of steps closer than this are one, and a bound no further above 0 is 0.
_SAME = 1e-9


class StepChange(NamedTuple):
    """The mean step of two groups, and the two-sided p-value that they differ by chance alone."""

    mean: float
    mean_before: float
    p_value: float


def step_variance(counts: Sequence[int], counts_before: Sequence[int]) -> float:
    """Return the variance of a difference of mean steps by chance: of their permutations.

    Steps are 1, 2, 3 …; not a number where a group is empty.
    """
    after, before = sum(counts), sum(counts_before)
    if not after or not before:
        return nan
    both = [sum(pair) for pair in zip(counts, counts_before, strict=True)]
    mean = _mean(both, range(1, len(both) + 1))
    squares = sum(n * (step - mean) ** 2 for step, n in enumerate(both, 1))
    return squares / (after + before - 1) * (1 / after + 1 / before)


def beyond(p_value: float, chance: float, variance: float, freedom: float) -> float:
    """Return a two-sided p-value with a variance beside that of chance, known so surely."""
    from scipy.special import ndtri, stdtr

    if not variance or not chance > 0:
        return p_value
    away = -float(ndtri(p_value / 2)) * sqrt(chance / (chance + variance))
    return min(1.0, 2 * float(stdtr(freedom, -away)))


def successes(share: float, n: int) -> int:
    """Return the count of n that comes nearest to a share, 0 to 1."""
    return floor(share * n + 0.5)


def difference(
    count: int, n: int, count_before: int, n_before: int, level: float = LEVEL
) -> Interval:
    """Return the interval of a difference of two shares, now less before; all where one is empty.

    Newcombe's hybrid score interval (1998, method 10), of the two shares' Wilson intervals.
    """
    if not n or not n_before:
        return Interval(-1.0, 1.0)
    return Interval(
        float(_least(count, n, count_before, n_before, level)),
        -float(_least(count_before, n_before, count, n, level)),
    )


def _least(
    count: "ArrayLike", n: "ArrayLike", other: "ArrayLike", n_other: "ArrayLike", level: float
) -> "ndarray":
    """Return the lower bounds of differences, of the one less the other."""
    import numpy as np

    share, share_other = np.asarray(count) / n, np.asarray(other) / n_other
    low, high = wilson(count, n, level)[0], wilson(other, n_other, level)[1]
    return share - share_other - np.hypot(share - low, high - share_other)


def answers_needed(share: float, share_before: float, level: float = LEVEL) -> int | None:
    """Return how many answers to each of two surveys, or more, make their difference clear.

    Clear is a `difference` whose interval leaves out 0, of the counts that `successes` gives. They
    jump as the answers grow: from the number returned, every larger one is clear too. None where
    the shares are the same, or so close that it would take more than `_MOST_ANSWERS`.
    """
    import numpy as np

    n = np.arange(1, _MOST_ANSWERS + 1)
    more, less = (
        np.floor(each * n + 0.5) for each in (max(share, share_before), min(share, share_before))
    )
    low = _least(more, n, less, n, level)
    # The last that is not clear; of so many answers a single one never is.
    enough = int(n[low <= _SAME][-1]) + 1
    return enough if enough <= _MOST_ANSWERS else None


def step_change(
    counts: Sequence[int], counts_before: Sequence[int], steps: Sequence[float] | None = None
) -> StepChange:
    """Return how the mean step of the incidents has changed between two groups.

    `counts` are the incidents on each step, `steps` their scores (1, 2, 3 …). The test is the exact
    permutation test of the mean, Cochran and Armitage's trend test given both margins: the
    p-value is twice the smaller tail. Where the ways to share the steps out are too many to be
    counted, its normal approximation stands for it. Nothing is known (nan) where a group is empty,
    and a p-value of 1 where all are on one step.
    """
    steps = steps or range(1, len(counts) + 1)
    after, before = sum(counts), sum(counts_before)
    if not after or not before:
        return StepChange(_mean(counts, steps), _mean(counts_before, steps), nan)
    both = [sum(pair) for pair in zip(counts, counts_before, strict=True)]
    used = [(size, step) for size, step in zip(both, steps, strict=True) if size]
    found = sum(count * step for count, step in zip(counts, steps, strict=True))
    if len(used) == 1:
        return StepChange(found / after, _mean(counts_before, steps), 1.0)
    if prod(size + 1 for size, _ in used[1:]) <= _MOST_WAYS:
        below, above = _tails(used, after, found)
    else:
        below, above = _normal_tails(used, after, found)
    p_value = min(1.0, 2 * min(below, above))
    return StepChange(found / after, _mean(counts_before, steps), p_value)


def _mean(counts: Sequence[int], steps: Sequence[float]) -> float:
    whole = sum(counts)
    return sum(n * step for n, step in zip(counts, steps, strict=True)) / whole if whole else nan


def _tails(used: list[tuple[int, float]], n: int, found: float) -> tuple[float, float]:
    """Return the chances that n drawn without return sum to at most, and at least, `found`."""
    import numpy as np
    from scipy.special import gammaln

    def ways(size: int, drawn: "np.ndarray") -> "np.ndarray":
        return gammaln(size + 1) - gammaln(drawn + 1) - gammaln(size - drawn + 1)

    (first, first_step), *others = used
    drawn = np.indices([size + 1 for size, _ in others]).reshape(len(others), -1)
    rest = n - drawn.sum(axis=0)
    possible = (rest >= 0) & (rest <= first)
    drawn, rest = drawn[:, possible], rest[possible]
    total = sum(size for size, _ in used)
    chance = ways(first, rest) - ways(total, np.array(n))
    sums = rest * first_step
    for (size, step), each in zip(others, drawn, strict=True):
        chance = chance + ways(size, each)
        sums = sums + each * step
    weight = np.exp(chance)
    return (
        float(weight[sums <= found + _SAME].sum()),
        float(weight[sums >= found - _SAME].sum()),
    )


def _normal_tails(used: list[tuple[int, float]], n: int, found: float) -> tuple[float, float]:
    """Return the same from the mean and the variance of such a sum, a half step taken off."""
    from scipy.stats import norm

    total = sum(size for size, _ in used)
    mean = sum(size * step for size, step in used) / total
    spread = sum(size * (step - mean) ** 2 for size, step in used) / (total - 1)
    error = sqrt(n * spread * (total - n) / total)
    away = found - n * mean
    return float(norm.cdf((away + 0.5) / error)), float(norm.sf((away - 0.5) / error))
