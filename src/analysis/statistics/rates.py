"""Counts to intervals and verdicts; knows nothing of incidents.

Counts are non-negative whole numbers; an exposure is the time, visits or hours in which a count
arose, above 0, in any unit so long as both of a comparison have the same. `level` is the share of
cases in which an interval is to hold the truth; `benchmarks/simulation.py` shows in how many it
does. A p-value is below 1 - level exactly where the interval beside it leaves out no change.
All raise ValueError for what cannot be, such as text or nothing where a number belongs. Imports of
scipy stand in the functions, since they take longer than the functions themselves.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from math import inf, isfinite, nan, sqrt
from numbers import Real
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy import ndarray
    from numpy.typing import ArrayLike
    from scipy.stats.distributions import rv_frozen


# What is clear: chance alone gives as much in fewer than one of twenty.
LEVEL, THRESHOLD = 0.95, 0.05


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
    """A difference of two changes, its interval, and the two-sided p-value that it is 0."""

    effect: float
    low: float
    high: float
    p_value: float


def rate_ratio(
    count: int,
    count_before: int,
    exposure: float = 1.0,
    exposure_before: float = 1.0,
    level: float = LEVEL,
) -> RateRatio:
    """Return the ratio of the rate now to the rate before, exactly, given the sum of both counts.

    Given the sum, the count is binomial (Przyborowski and Wilenski 1940). The interval is Clopper
    and Pearson's (1934) carried over to the ratio, as R's `poisson.test` gives it; the p-value is
    twice the smaller tail, which R's is not. The ratio is infinite where only the count before is
    0, and unknown (nan) where both are.
    """
    _check((count, count_before), level)
    return _conditional(count, count_before, _expected(exposure, exposure_before), level)


def quasi_rate_ratio(
    count: int,
    count_before: int,
    spread: float,
    exposure: float = 1.0,
    exposure_before: float = 1.0,
    level: float = LEVEL,
) -> RateRatio:
    """Return the rate ratio of counts that vary `spread` times as much as Poisson ones.

    As in a quasi-Poisson model (McCullagh and Nelder 1989, 6.2), counts of so much spread tell what
    Poisson counts divided by it would. A spread below 1 is taken for chance, as 1.
    """
    _check((count, count_before), level)
    spread = _spread(spread)
    expected = _expected(exposure, exposure_before)
    return _conditional(count / spread, count_before / spread, expected, level)


def _conditional(count: float, before: float, expected: float, level: float) -> RateRatio:
    """Return the rate ratio from the binomial tails, as beta integrals also of broken counts."""
    from scipy.special import betainc, betaincc, betainccinv, betaincinv

    if not count + before:
        return RateRatio(nan, 0.0, inf, 1.0)
    tail = (1 - level) / 2
    # A share over the rest of it, each by itself: 1 less a share near 1 would lose its digits.
    low, high = 0.0, inf
    if count:
        low = float(betaincinv(count, before + 1, tail) / betainccinv(before + 1, count, tail))
    if before:
        high = float(betainccinv(count + 1, before, tail) / betaincinv(before, count + 1, tail))
    share = expected / (expected + 1)
    below = float(betaincc(count + 1, before, share)) if before else 1.0
    above = float(betainc(count, before + 1, share)) if count else 1.0
    return RateRatio(
        float(count / before / expected) if before else inf,
        *_agreed(low / expected, high / expected, min(1.0, 2 * min(below, above)), 1.0, level),
    )


# Exposures further apart are an error; beyond some 1e-16 the tails would lose all digits.
_LEAST_EXPECTED = 1e-12
# How close to 1 - level a p-value is taken for a tie, which is not clear.
_TIE = 1e-9


def _agreed(
    low: float, high: float, p_value: float, unchanged: float, level: float
) -> tuple[float, float, float]:
    """Return bounds and p-value so that a tie, which rounding may part, is no change in both."""
    if p_value < (1 - level) * (1 - _TIE):
        return low, high, p_value
    # 1 - 0.95 comes out a little above 0.05, and 1 - 0.9 a little below 0.1.
    least = max(1 - level, round(1 - level, 12))
    return min(low, unchanged), max(high, unchanged), max(p_value, least)


def poisson_interval(
    count: int, exposure: float = 1.0, level: float = LEVEL, spread: float = 1.0
) -> Interval:
    """Return the exact interval of a Poisson rate (Garwood 1936), in incidents a unit of exposure.

    It holds the truth at least as often as it says. Of counts that vary `spread` times as much as
    Poisson ones, 1 or more, it is that of `quasi_rate_ratio`'s model.
    """
    from scipy.special import gammainccinv, gammaincinv

    _check((count,), level)
    spread = _spread(spread)
    tail, exposure, told = (1 - level) / 2, _exposure(exposure) / spread, count / spread
    low = float(gammaincinv(told, tail)) if count else 0.0
    return Interval(low / exposure, float(gammainccinv(told + 1, tail)) / exposure)


def wilson_interval(successes: float, n: int, level: float = LEVEL) -> Interval:
    """Return Wilson's score interval (1927) of a share; (0, 1) where n is 0.

    `successes` need not be whole, since a survey is told as a rounded share of its answers.
    """
    _check((n,), level)
    if not 0 <= _number("successes", successes) <= n:
        raise ValueError(f"successes must be from 0 to n ({n}), not {successes}")
    if not n:
        return Interval(0.0, 1.0)
    low, high = wilson(successes, n, level)
    # At the ends rounding may leave a bound beside the share itself.
    return Interval(
        float(max(low, 0.0)) if successes else 0.0,
        float(min(high, 1.0)) if successes < n else 1.0,
    )


def wilson(successes: "ArrayLike", n: "ArrayLike", level: float) -> tuple["ndarray", "ndarray"]:
    """Return the bounds of `wilson_interval`, of one share or several, of which none is checked."""
    import numpy as np
    from scipy.special import ndtri

    share, squared = np.asarray(successes) / n, ndtri((1 + level) / 2) ** 2 / n
    middle = share + squared / 2
    reach = np.sqrt(squared * (share * (1 - share) + squared / 4))
    return (middle - reach) / (1 + squared), (middle + reach) / (1 + squared)


def largest_clear_fall(
    count_before: int,
    exposure: float = 1.0,
    exposure_before: float = 1.0,
    level: float = LEVEL,
) -> int | None:
    """Return the largest count whose rate would be clearly below the rate before.

    Clear is what `rate_ratio` says: its interval ends below 1. None where no count would be.
    """
    return quasi_largest_clear_fall(count_before, 1.0, exposure, exposure_before, level)


def quasi_largest_clear_fall(
    count_before: int,
    spread: float,
    exposure: float = 1.0,
    exposure_before: float = 1.0,
    level: float = LEVEL,
) -> int | None:
    """Return the largest count whose rate would be clearly lower, of counts that spread so much.

    Clear is what `quasi_rate_ratio` says: its interval ends below 1. None where no count would be.
    """
    _check((count_before,), level)
    spread, expected = _spread(spread), _expected(exposure, exposure_before)
    if not count_before:
        return None
    most = int(_most_below(count_before, expected, spread, level))
    return most if most >= 0 else None


def _most_below(before: "ArrayLike", expected: float, spread: float, level: float) -> "ndarray":
    """Return the largest count clearly below each of the counts before (above 0), -1 for none.

    The tail is the one of `_conditional`; it grows with the count, which halving therefore finds.
    """
    import numpy as np
    from scipy.special import betaincc

    before = np.asarray(before, float)
    limit, share = (1 - level) / 2 * (1 - _TIE), expected / (expected + 1)
    # Clear, or none at all; and never clear, since half of the tail or more lies below the mean.
    clear = np.full(before.shape, -1.0)
    unclear = np.ceil(before * expected) + 1
    while (unclear - clear > 1).any():
        middle = np.floor((clear + unclear) / 2)
        is_clear = betaincc(middle / spread + 1, before / spread, share) < limit
        clear = np.where(is_clear, middle, clear)
        unclear = np.where(is_clear, unclear, middle)
    return clear


def power_of_fall(
    mean_before: float,
    fall: float,
    exposure: float = 1.0,
    exposure_before: float = 1.0,
    level: float = LEVEL,
    *,
    spread: float = 1.0,
) -> float:
    """Return the chance that a true fall (0.25 is a quarter) comes out as a clear one.

    Both counts vary: Poisson, with `mean_before` before and what the fall leaves of it now, or
    negative binomial where they spread more; then clear is what `quasi_rate_ratio` says.
    """
    import numpy as np

    _check((), level)
    if not 0 <= _number("mean_before", mean_before) < inf:
        raise ValueError(f"mean_before must be 0 or more, not {mean_before}")
    if not 0 <= _number("fall", fall) <= 1:
        raise ValueError(f"fall must be a share from 0 to 1, not {fall}")
    spread, expected = _spread(spread), _expected(exposure, exposure_before)
    if not mean_before:
        return 0.0
    counts = _varying(mean_before, spread)
    # What lies beyond is as good as never seen; of no incidents before there is no fall.
    before = np.arange(max(counts.ppf(1e-12), 1), counts.isf(1e-12) + 1)
    most = _most_below(before, expected, spread, level)
    left = mean_before * (1 - fall) * expected
    seen = _varying(left, spread).cdf(most) if left else most >= 0
    return float((counts.pmf(before) * seen).sum())


def _varying(mean: float, spread: float) -> "rv_frozen":
    """Return the distribution of counts whose variance is `spread` times their mean (above 0)."""
    from scipy.stats import nbinom, poisson

    return poisson(mean) if spread == 1 else nbinom(mean / (spread - 1), 1 / spread)


def did_counts(
    treated_before: int,
    treated_after: int,
    control_before: int,
    control_after: int,
    level: float = LEVEL,
) -> Difference:
    """Return the difference of two changes in incidents, treated less control.

    The weighted displacement difference (Wheeler and Ratcliffe 2018): counts are Poisson, so their
    sum is the variance; below 0 means that the treated place fell more. Where all four are 0 the
    interval is what a count of 0 leaves open, to either side.
    """
    counts = treated_before, treated_after, control_before, control_after
    return weighted_did(*([count] for count in counts), weights=[1.0], level=level)


def weighted_did(
    treated_before: Sequence[int],
    treated_after: Sequence[int],
    control_before: Sequence[int],
    control_after: Sequence[int],
    weights: Sequence[float],
    level: float = LEVEL,
) -> Difference:
    """Return the difference of two changes in a weighted sum of counts, such as a severity score.

    Each of the four has a count for each of the weights. As `did_counts`, with the variance of a
    weighted sum of Poisson counts: each count times the square of its weight.
    """
    four = [*zip(treated_before, treated_after, control_before, control_after, strict=True)]
    for counts in four:
        _check(counts, level)
    _check_amounts(weights)
    pairs = list(zip(four, weights, strict=True))
    effect = sum(
        ((after - before) - (later - earlier)) * weight
        for (before, after, earlier, later), weight in pairs
    )
    variance = sum(sum(counts) * weight**2 for counts, weight in pairs)
    if not variance:
        open_end = poisson_interval(0, level=level).high * max(weights, default=0.0)
        return Difference(0.0, -open_end, open_end, 1.0)
    return normal_difference(effect, sqrt(variance), level)


def normal_difference(
    effect: float, error: float, level: float = LEVEL, freedom: float = inf
) -> Difference:
    """Return an effect with the interval and the p-value of its standard error, which is above 0.

    The effect is taken for normal, and may be a logarithm. Where the error is itself known from
    few, `freedom` is their degrees, and the effect has Student's distribution.
    """
    from scipy.special import stdtr, stdtrit

    _check((), level)
    effect, error = _number("effect", effect), _number("error", error)
    if not (isfinite(effect) and 0 < error < inf):
        raise ValueError(f"error must be above 0, and effect a number, not {error} and {effect}")
    if not _number("freedom", freedom) > 0:
        raise ValueError(f"freedom must be above 0, not {freedom}")
    reach = -float(stdtrit(freedom, (1 - level) / 2)) * error
    p_value = float(2 * stdtr(freedom, -abs(effect) / error))
    return Difference(effect, *_agreed(effect - reach, effect + reach, p_value, 0.0, level))


def weighted_interval(
    counts: Sequence[int], weights: Sequence[float], level: float = LEVEL
) -> Interval:
    """Return the interval of a weighted sum of Poisson counts, such as a severity score.

    The gamma interval (Fay and Feuer 1997) in its mid-p form (Fay and Kim 2017), where an incident
    more is taken to weigh as the weights do on average (Tiwari, Clegg and Zou 2006): R's
    `asht::wspoissonTest` with `midp` and "tcz". Fay and Feuer's own is far wider than it says here,
    since most incidents weigh little.
    """
    _check(counts, level)
    _check_amounts(weights)
    used = [(count, weight) for count, weight in zip(counts, weights, strict=True) if weight]
    if not used:
        return Interval(0.0, 0.0)
    return _mid_gamma(
        sum(count * weight for count, weight in used),
        sum(count * weight**2 for count, weight in used),
        sum(weight for _, weight in used) / len(used),
        sum(weight**2 for _, weight in used) / len(used),
        level,
    )


def _mid_gamma(
    total: float, variance: float, extra: float, extra_variance: float, level: float
) -> Interval:
    """Return the interval whose ends are quantiles of two gamma distributions in equal parts.

    One has the total and its variance, the other those with an incident more.
    """
    from scipy.optimize import brentq
    from scipy.special import gammainc, gammaincinv

    # Shape and scale from mean and variance; a total of 0 is certain.
    both = [
        (mean**2 / spread, spread / mean) if mean else None
        for mean, spread in ((total, variance), (total + extra, variance + extra_variance))
    ]

    def beyond(value: float, part: float) -> float:
        found = [gammainc(one[0], value / one[1]) if one else 1.0 for one in both]
        return sum(found) / 2 - part

    def quantile(part: float) -> float:
        ends = [one[1] * gammaincinv(one[0], part) if one else 0.0 for one in both]
        # The ends are the root itself where both agree.
        return float(brentq(beyond, min(ends) * (1 - 1e-9), max(ends) * (1 + 1e-9), args=(part,)))

    tail = (1 - level) / 2
    return Interval(quantile(tail) if total else 0.0, quantile(1 - tail))


def dispersion(observed: Sequence[float], fitted: Sequence[float], parameters: int) -> float:
    """Return Pearson's chi-square over its degrees of freedom: 1 where counts vary as Poisson.

    `fitted` are the means that a model of so many `parameters` gives the counts. Unknown (nan)
    where there are no more counts than parameters.
    """
    _check_amounts([*observed, *fitted])
    freedom = len(observed) - parameters
    if freedom < 1:
        return nan
    squares = (
        (count - mean) ** 2 / mean for count, mean in zip(observed, fitted, strict=True) if mean > 0
    )
    return float(sum(squares)) / freedom


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for being several (Benjamini and Hochberg 1995)."""
    from scipy.stats import false_discovery_control

    for value in p_values:
        if not 0 <= _number("a p-value", value) <= 1:
            raise ValueError(f"p-values must be from 0 to 1, not {value}")
    return [float(each) for each in false_discovery_control(p_values)] if len(p_values) else []


# The largest count that a float tells from the next one.
_MOST = 2**53


def _check(counts: Iterable[int], level: float) -> None:
    for count in counts:
        if not (0 <= _number("a count", count) <= _MOST and float(count).is_integer()):
            raise ValueError(f"counts must be whole numbers of 0 to {_MOST}, not {count}")
    if not 0 < _number("level", level) < 1:
        raise ValueError(f"level must be between 0 and 1, not {level}")


def _check_amounts(amounts: Iterable[float]) -> None:
    for amount in amounts:
        if not 0 <= _number("an amount", amount) < inf:
            raise ValueError(f"weights and means must be 0 or more, not {amount}")


def _number(what: str, value: object) -> float:
    """Return a number as a float, which text and nothing are not, nor what is too large for one."""
    if isinstance(value, Real):
        with suppress(OverflowError):
            return float(value)
    raise ValueError(f"{what} must be a number, not {value!r}")


def _spread(value: float) -> float:
    if not isfinite(_number("spread", value)):
        raise ValueError(f"spread must be a number, not {value}")
    return max(float(value), 1.0)


def _exposure(value: float) -> float:
    if not 0 < _number("an exposure", value) < inf:
        raise ValueError(f"exposures must be above 0, not {value}")
    return float(value)


def _expected(exposure: float, before: float) -> float:
    """Return the ratio of the counts where the rates are alike."""
    expected = _exposure(exposure) / _exposure(before)
    if not _LEAST_EXPECTED < expected < 1 / _LEAST_EXPECTED:
        raise ValueError(f"exposures must be comparable, not {exposure} and {before}")
    return expected
