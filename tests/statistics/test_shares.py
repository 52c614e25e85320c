"""Shares and steps: against published values and a second computation."""

from math import isnan

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.statistics import shares


def test_a_difference_of_shares_has_newcombes_published_interval():
    # Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10.
    assert shares.difference(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert shares.difference(9, 10, 3, 10) == pytest.approx((0.1705, 0.8090), abs=5e-5)
    assert shares.difference(10, 10, 0, 10) == pytest.approx((0.6075, 1.0), abs=5e-5)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.99])
def test_a_difference_of_shares_is_that_of_statsmodels(level):
    for counts in ((0, 7, 3, 9), (7, 7, 0, 9), (35, 45, 52, 61), (1, 1, 0, 1), (120, 400, 9, 31)):
        expected = confint_proportions_2indep(*counts, "newcomb", "diff", 1 - level)
        assert shares.difference(*counts, level) == pytest.approx(expected, abs=1e-12)


def test_nothing_is_known_of_a_difference_where_a_group_is_empty():
    assert shares.difference(0, 0, 3, 10) == (-1, 1)


def test_a_share_is_the_whole_number_of_answers_nearest_to_it():
    assert [shares.successes(0.67, n) for n in (3, 20, 26, 30)] == [2, 13, 17, 20]
    assert (shares.successes(0.0, 7), shares.successes(1.0, 7), shares.successes(0.5, 7)) == (
        0,
        7,
        4,
    )


@pytest.mark.parametrize(("share", "before"), [(0.9, 0.67), (0.78, 0.83), (0.5, 0.95), (1.0, 0.0)])
def test_with_the_answers_needed_and_with_every_larger_number_the_difference_is_clear(
    share, before
):
    needed = shares.answers_needed(share, before)

    def clear(n):
        counts = shares.successes(share, n), n, shares.successes(before, n), n
        low, high = shares.difference(*counts)
        return low > 0 or high < 0

    assert all(clear(n) for n in range(needed, needed + 200))
    assert not clear(needed - 1)


def test_counts_jump_so_that_fewer_answers_can_be_clear_by_luck():
    low, _ = shares.difference(shares.successes(0.9, 23), 23, shares.successes(0.67, 23), 23)
    assert low > 0
    assert shares.answers_needed(0.9, 0.67) == shares.answers_needed(0.67, 0.9) == 29


def test_no_number_of_answers_makes_the_same_share_a_difference_nor_almost_the_same():
    assert shares.answers_needed(0.8, 0.8) is None
    assert shares.answers_needed(0.8, 0.8001) is None


def test_two_steps_are_tested_as_fishers_exact_test():
    # Fisher 1935, The Design of Experiments: the lady who tasted tea, one-sided p 17/70.
    assert shares.step_change((3, 1), (1, 3)).p_value == pytest.approx(2 * 17 / 70)


@pytest.mark.parametrize(
    ("counts", "before"),
    [((3, 1, 0, 1), (1, 2, 2, 0)), ((4, 0, 1, 0), (1, 1, 1, 1)), ((2, 2), (2, 2))],
)
def test_the_p_value_is_that_of_every_permutation(counts, before):
    now, then = (np.repeat([1, 2, 3, 4][: len(each)], each) for each in (counts, before))
    tails = [
        stats.permutation_test(
            (now, then),
            lambda one, other, axis: one.mean(axis=axis) - other.mean(axis=axis),
            vectorized=True,
            n_resamples=np.inf,
            alternative=side,
        ).pvalue
        for side in ("less", "greater")
    ]
    found = shares.step_change(counts, before)
    assert found.p_value == pytest.approx(min(1, 2 * min(tails)))
    assert (found.mean, found.mean_before) == pytest.approx((now.mean(), then.mean()))


def test_large_counts_are_tested_alike_by_the_approximation(monkeypatch):
    groups = (650, 85, 37, 45), (690, 118, 36, 20)
    exact = shares.step_change(*groups)
    monkeypatch.setattr(shares, "_MOST_WAYS", 1)
    near = shares.step_change(*groups)
    assert exact.p_value != near.p_value
    assert near.p_value == pytest.approx(exact.p_value, rel=0.05)


def test_an_empty_group_has_no_mean_and_one_step_no_change():
    assert isnan(shares.step_change((0, 0), (3, 1)).p_value)
    assert isnan(shares.step_change((0, 0), (3, 1)).mean)
    assert shares.step_change((5, 0), (9, 0)).p_value == 1
    assert shares.step_change((0, 4), (0, 9)).mean == 2
