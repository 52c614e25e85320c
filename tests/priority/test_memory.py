"""How fast what is known of a location grows old: learned from months whose truth is known."""

import numpy as np
import pytest
from scipy import stats

from analysis.priority import memory

PLACES, MONTHS, SHAPE = 200, 30, 4.0


def months(step=0.0, left=1.0, variance=0.0, mean=3.0):
    """Return counts, what is expected of them, and the coming month's rate to that."""
    rng = np.random.default_rng(8)
    logs = rng.normal(0, step, (PLACES, MONTHS + 1))
    for n in range(1, MONTHS + 1):
        logs[:, n] += left * logs[:, n - 1]
    rates = rng.gamma(SHAPE, 1 / SHAPE, (PLACES, 1)) * np.exp(logs)
    luck = rng.gamma(1 / variance, variance, rates.shape) if variance else 1.0
    counts = rng.poisson(mean * rates * luck)[:, :-1].astype(float)
    return counts, np.full(counts.shape, mean), rates[:, -1]


def learned(counts, means):
    return memory.learned(counts, means, np.full(PLACES, SHAPE))


def coming(counts, means):
    """Return the shape and the rate of the coming month's gamma distribution."""
    found = learned(counts, means)
    shape = SHAPE + (found.counts * counts).sum(axis=1)
    mean = shape / (SHAPE + (found.exposures * means).sum(axis=1)) * found.spell
    size = 1 / ((1 + 1 / shape) * (1 + found.spread) - 1)
    return size, size / mean


def test_where_locations_never_change_old_months_count_as_new_ones():
    counts, means, _ = months()
    found = learned(counts, means)
    assert found.counts.min() > 0.7
    assert found.luck < 0.02


def test_where_locations_drift_old_months_are_forgotten_and_the_busy_sooner_than_the_quiet():
    quiet, busy = (learned(*months(step=0.12, mean=mean)[:2]).counts for mean in (2.0, 10.0))
    assert quiet[:, 0].mean() < 0.3
    assert busy[:, -6].mean() < quiet[:, -6].mean() < 0.7
    # The step to the coming month takes its part of the newest too.
    assert quiet[:, -1].mean() < 0.9


def test_a_month_that_nobody_has_seen_takes_its_part_of_all_before_it():
    counts, means, _ = months(step=0.12)
    pad = ((0, 0), (0, 3))
    later = learned(np.pad(counts, pad), np.pad(means, pad)).counts[:, :MONTHS]
    assert (later < learned(counts, means).counts).all()


def test_months_that_vary_more_than_poisson_are_luck_and_not_a_reason_to_forget():
    counts, means, _ = months(variance=0.25)
    found = learned(counts, means)
    assert found.luck == pytest.approx(0.25, abs=0.08)
    assert found.counts[:, 0].mean() > 0.5 * found.counts[:, -1].mean()
    # A busy month tells less of the rate where it may have been luck.
    assert found.counts[:, -1].mean() < 0.75


def test_a_location_that_was_busy_lately_is_expected_to_be_so_still_and_then_less():
    counts, means, _ = months(step=0.3, left=0.8)
    found = learned(counts, means)
    lately = counts[:, -3:].sum(axis=1) - 3 * counts.mean(axis=1)
    busy, calm = lately > np.quantile(lately, 0.9), lately < np.quantile(lately, 0.1)
    assert found.spell[busy].mean() > 1.1
    assert found.spell[calm].mean() < 0.9
    assert found.spread.min() > 0


@pytest.mark.parametrize(
    "world",
    [{}, {"step": 0.12}, {"step": 0.2, "left": 0.8}, {"variance": 0.25}],
)
def test_the_coming_months_rate_lies_within_its_interval_as_often_as_is_said(world):
    counts, means, true = months(**world)
    shape, rate = coming(counts, means)
    low, high = stats.gamma.ppf([[0.05], [0.95]], shape, scale=1 / rate)
    assert 0.84 < ((low < true) & (true < high)).mean() < 0.96


def test_what_is_never_forgotten_holds_the_truth_too_seldom_where_locations_drift():
    counts, means, true = months(step=0.12)
    shape, rate = SHAPE + counts.sum(axis=1), SHAPE + means.sum(axis=1)
    low, high = stats.gamma.ppf([[0.05], [0.95]], shape, scale=1 / rate)
    assert ((low < true) & (true < high)).mean() < 0.7
