"""Counts to intervals: against published values and a second computation."""

import numpy as np
import pytest
from scipy import stats

from analysis import statistics

PAIRS = [(68, 87), (0, 5), (5, 0), (3, 3), (1, 12), (240, 200)]


@pytest.mark.parametrize(("count", "before"), PAIRS)
@pytest.mark.parametrize("exposures", [(1, 1), (152204, 138010), (0.5, 2)])
def test_the_rate_ratio_is_that_of_the_exact_binomial_test(count, before, exposures):
    now, then = exposures
    found = statistics.rate_ratio(count, before, now, then)
    share = now / (now + then)
    test = stats.binomtest(count, count + before)
    for bound, expected in zip(found[1:3], test.proportion_ci(0.95, "exact"), strict=True):
        odds = expected / (1 - expected) if expected < 1 else np.inf
        assert bound == pytest.approx(odds * then / now, rel=1e-9)
    tails = (
        stats.binom.cdf(count, count + before, share),
        stats.binom.sf(count - 1, count + before, share),
    )
    assert found.p_value == pytest.approx(min(1, 2 * min(tails)), rel=1e-9)
