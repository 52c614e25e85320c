"""Counts to intervals and verdicts; knows nothing of incidents.

Counts are non-negative whole numbers; an exposure is the time, visits or hours in which a count
arose, above 0, in any unit so long as both of a comparison have the same. `level` is the share of
cases in which an interval is to hold the truth. Imports of scipy and statsmodels stand in the
functions, since they take longer than the functions themselves.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import inf, nan, sqrt
from typing import NamedTuple


class RateRatio(NamedTuple):
    """A ratio of two rates, its interval, and the two-sided p-value that the ratio is 1."""

    ratio: float
    low: float
    high: float
    p_value: float


class Interval(NamedTuple):
    """The bounds of an interval."""

    low: float
    high: float


class Difference(NamedTuple):
    """A difference of two changes in incidents, its interval, and the p-value that it is 0."""

    effect: float
    low: float
    high: float
    p_value: float


def rate_ratio(
    count: int,
    count_before: int,
    exposure: float = 1.0,
    exposure_before: float = 1.0,
    level: float = 0.95,
) -> RateRatio:
    """Return the ratio of the rate now to the rate before, exactly, given the sum of both counts.

    Given the sum, the count is binomial (Przyborowski and Wilenski 1940). The interval is Clopper
    and Pearson's (1934) carried over to the ratio, as R's `poisson.test` gives it; the p-value is
    twice the smaller tail, so it is below 1 - level exactly where the interval leaves out 1.
    The ratio is infinite where only the count before is 0, and unknown (nan) where both are.
    """
    _check((count, count_before), (exposure, exposure_before), level)
    return _conditional(count, count_before, exposure / exposure_before, level)


def quasi_rate_ratio(
    count: int,
    count_before: int,
    spread: float,
    exposure: float = 1.0,
    exposure_before: float = 1.0,
    level: float = 0.95,
) -> RateRatio:
    """Return the rate ratio of counts that vary `spread` times as much as Poisson ones.

    As in a quasi-Poisson model (McCullagh and Nelder 1989, 6.2), counts of so much spread tell what
    Poisson counts divided by it would. A spread below 1 is taken for chance, as 1.
    """
    _check((count, count_before), (exposure, exposure_before), level)
    spread = max(spread, 1.0)
    return _conditional(count / spread, count_before / spread, exposure / exposure_before, level)


def _conditional(count: float, before: float, expected: float, level: float) -> RateRatio:
    """Return the rate ratio from the binomial tails, as beta integrals also of broken counts."""
    from scipy.stats import beta

    if not count + before:
        return RateRatio(nan, 0.0, inf, 1.0)
    tail = (1 - level) / 2
    least = float(beta.ppf(tail, count, before + 1)) if count else 0.0
    most = float(beta.isf(tail, count + 1, before)) if before else 1.0
    share = expected / (expected + 1)
    below = float(beta.sf(share, count + 1, before)) if before else 1.0
    above = float(beta.cdf(share, count, before + 1)) if count else 1.0
    return RateRatio(
        count / before / expected if before else inf,
        _odds(least) / expected,
        _odds(most) / expected,
        min(1.0, 2 * min(below, above)),
    )


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


def poisson_interval(count: int, exposure: float = 1.0, level: float = 0.95) -> Interval:
    """Return the exact interval of a Poisson rate (Garwood 1936), in incidents a unit of exposure.

    It holds the truth at least as often as it says.
    """
    from scipy.stats import chi2

    _check((count,), (exposure,), level)
    tail = (1 - level) / 2
    low = chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    return Interval(float(low) / exposure, float(chi2.isf(tail, 2 * count + 2) / 2) / exposure)


def wilson_interval(successes: float, n: int, level: float = 0.95) -> Interval:
    """Return Wilson's score interval (1927) of a share; (0, 1) where n is 0.

    `successes` need not be whole, since a survey is told as a rounded share of its answers.
    """
    from statsmodels.stats.proportion import proportion_confint

    _check((), (), level)
    if not 0 <= successes <= n:
        raise ValueError(f"successes must be from 0 to n ({n}), not {successes}")
    if not n:
        return Interval(0.0, 1.0)
    low, high = proportion_confint(successes, n, alpha=1 - level, method="wilson")
    return Interval(float(low), float(high))


@lru_cache(maxsize=4096)
def largest_clear_fall(
    count_before: int,
    exposure: float = 1.0,
    exposure_before: float = 1.0,
    level: float = 0.95,
) -> int | None:
    """Return the largest count whose rate would be clearly below the rate before.

    Clear is what `rate_ratio` says: its interval ends below 1. None where no count would be.
    """
    _check((count_before,), (exposure, exposure_before), level)

    def clear(count: int) -> bool:
        return rate_ratio(count, count_before, exposure, exposure_before, level).high < 1

    if not clear(0):
        return None
    # The bound rises with the count, and at the rate before it is above 1.
    low, high = 0, int(count_before * exposure / exposure_before) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if clear(middle) else (low, middle)
    return low


def power_of_fall(
    mean_before: float,
    fall: float,
    exposure: float = 1.0,
    exposure_before: float = 1.0,
    level: float = 0.95,
) -> float:
    """Return the chance that a true fall (0.25 is a quarter) comes out as a clear one.

    Both counts vary: Poisson, with `mean_before` before and what the fall leaves of it now.
    """
    from scipy.stats import poisson

    if not 0 <= fall <= 1:
        raise ValueError(f"fall must be a share from 0 to 1, not {fall}")
    first, last = (int(poisson.ppf(tail, mean_before)) for tail in (1e-6, 1 - 1e-6))
    after = mean_before * (1 - fall) * exposure / exposure_before
    chance = 0.0
    for before in range(first, last + 1):
        most = largest_clear_fall(before, exposure, exposure_before, level)
        if most is not None:
            chance += poisson.pmf(before, mean_before) * poisson.cdf(most, after)
    return float(chance)


def did_counts(
    treated_before: int,
    treated_after: int,
    control_before: int,
    control_after: int,
    level: float = 0.95,
) -> Difference:
    """Return the difference of two changes in incidents, treated less control.

    The weighted displacement difference (Wheeler and Ratcliffe 2018): counts are Poisson, so their
    sum is the variance; below 0 means that the treated place fell more. Where all four are 0 the
    interval is what a count of 0 leaves open, to either side.
    """
    counts = (treated_before, treated_after, control_before, control_after)
    _check(counts, (), level)
    effect = (treated_after - treated_before) - (control_after - control_before)
    if not any(counts):
        open_end = poisson_interval(0, level=level).high
        return Difference(0.0, -open_end, open_end, 1.0)
    return normal_difference(float(effect), sqrt(sum(counts)), level)


def normal_difference(effect: float, error: float, level: float = 0.95) -> Difference:
    """Return an effect with the interval and the p-value of its standard error (normal)."""
    from scipy.stats import norm

    reach = float(norm.isf((1 - level) / 2)) * error
    return Difference(
        effect, effect - reach, effect + reach, float(2 * norm.sf(abs(effect) / error))
    )


def weighted_interval(
    counts: Sequence[int], weights: Sequence[float], level: float = 0.95
) -> Interval:
    """Return the interval of a weighted sum of Poisson counts, such as a severity score.

    The gamma interval of Fay and Feuer (1997), which with one weight is Garwood's exact one.
    """
    from scipy.stats import gamma

    _check(counts, (), level)
    used = [(count, weight) for count, weight in zip(counts, weights, strict=True) if weight > 0]
    total = sum(count * weight for count, weight in used)
    variance = sum(count * weight**2 for count, weight in used)
    most = max((weight for _, weight in used), default=0)
    tail = (1 - level) / 2
    low = gamma.ppf(tail, total**2 / variance, scale=variance / total) if total else 0.0
    shape, scale = (total + most) ** 2, variance + most**2
    high = gamma.isf(tail, shape / scale, scale=scale / (total + most)) if most else 0.0
    return Interval(float(low), float(high))


def dispersion(observed: Sequence[float], fitted: Sequence[float], parameters: int) -> float:
    """Return Pearson's chi-square over its degrees of freedom: 1 where counts vary as Poisson.

    `fitted` are the means that a model of so many `parameters` gives the counts.
    """
    freedom = len(observed) - parameters
    if freedom < 1:
        return nan
    squares = (
        (count - mean) ** 2 / mean for count, mean in zip(observed, fitted, strict=True) if mean > 0
    )
    return sum(squares) / freedom


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for being several (Benjamini and Hochberg 1995)."""
    from scipy.stats import false_discovery_control

    return [float(each) for each in false_discovery_control(p_values)] if len(p_values) else []


def _check(counts: Sequence[int], exposures: Sequence[float], level: float) -> None:
    if any(count < 0 or count != int(count) for count in counts):
        raise ValueError(f"counts must be whole numbers of 0 or more, not {counts}")
    if not all(0 < exposure < inf for exposure in exposures):
        raise ValueError(f"exposures must be above 0, not {exposures}")
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, not {level}")
