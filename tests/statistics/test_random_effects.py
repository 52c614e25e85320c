"""What changes have in common, against R and statsmodels."""

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from analysis.statistics import apart, between, normal_difference


def test_mean_and_spread_are_those_of_metafor():
    """R 4.2.2, metafor 3.8.1: rma(y, v, method = "PM", control = list(tol = 1e-12))."""
    found = between([0.1, -0.2, 0.9, 0.05, -0.4, 0.2], [0.02, 0.03, 0.01, 0.05, 0.04, 0.06])
    expected = 0.1253403476405, 0.0353925186658, 0.1787262141986
    assert found == pytest.approx(expected, rel=1e-9)


def test_spread_is_that_of_statsmodels():
    changes = np.array([0.1, -0.2, 0.9, 0.05, -0.4, 0.2])
    variances = np.array([0.02, 0.03, 0.01, 0.05, 0.04, 0.06])
    found = combine_effects(changes, variances, method_re="iterated")
    made = between(changes, variances)
    expected = found.mean_effect_re, found.sd_eff_w_re**2, found.tau2
    assert made == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_with_the_spread_found_changes_lie_as_far_apart_as_they_should(seed):
    rng = np.random.default_rng(seed)
    variances = rng.uniform(0.01, 0.3, 8)
    changes = rng.normal(1, np.sqrt(variances + 0.3)) * [1, -1, 1, 3, 1, 1, -2, 1]
    made = between(changes, variances)
    squares = (changes - made.mean) ** 2 / (variances + made.variance)
    assert made.variance > 0
    assert squares.sum() == pytest.approx(7)


def test_changes_no_further_apart_than_chance_have_no_spread_of_their_own():
    assert between([0.1, 0.12, 0.09], [0.1] * 3).variance == 0
    assert between([0.3], [0.1]) == pytest.approx((0.3, 0.1, 0))
    assert between([1, -1], [0.01, 0.01]).variance == pytest.approx(2 - 0.01)


@pytest.mark.parametrize(
    "given", [([], []), ([1], [0]), ([1], [-1]), ([1, 2], [1]), ([1], [float("nan")])]
)
def test_what_cannot_be_is_refused(given):
    with pytest.raises(ValueError, match=r"changes|0 or more|a number"):
        between(*given)


def test_an_error_known_from_few_makes_the_interval_wider():
    """R: qt(0.975, 4) and 2 * pt(-2, 4)."""
    found = normal_difference(2.0, 1.0, freedom=4)
    assert found.high - found.effect == pytest.approx(2.776445105)
    assert found.p_value == pytest.approx(0.116116524)
    with pytest.raises(ValueError, match="freedom"):
        normal_difference(2.0, 1.0, freedom=0)


def changes_of(rng, runs, wander, places=4000):
    """Changes of counts of many sizes, and the variance that chance would give each."""
    chance = 1 / rng.gamma(1.2, 30, places) + 0.002
    return rng.normal(0, np.sqrt(runs * chance + wander)), chance


@pytest.mark.parametrize(("runs", "wander"), [(1, 0), (2, 0), (1, 0.04), (2, 0.04)])
def test_runs_and_levels_are_told_apart_by_places_of_many_sizes(runs, wander):
    found = apart(*changes_of(np.random.default_rng(4), runs, wander))
    assert found.runs == pytest.approx(runs, abs=0.25)
    assert found.variance == pytest.approx(wander, abs=0.012)


def test_of_places_all_alike_levels_are_taken_to_wander():
    found = apart([0.3, -0.3, 0.2, -0.2], [0.01] * 4)
    assert found == pytest.approx((1, (0.09 + 0.04) / 2 - 0.01))
    assert apart([0.05, -0.05], [0.1, 0.2]) == (1, 0)
