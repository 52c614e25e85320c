"""How far changes lie apart beyond chance."""

import numpy as np
import pytest

from analysis.statistics import apart, normal_difference


@pytest.mark.parametrize("given", [([1], [-1]), ([1], [float("nan")])])
def test_what_cannot_be_is_refused(given):
    with pytest.raises(ValueError, match=r"0 or more|a number"):
        apart(*given)


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
