"""The model of monthly counts: that it follows what it is given, and holds the truth as it says."""

import numpy as np
import pytest

from analysis.outlook import projection
from analysis.outlook.projection import Past

# From October 2021, so that each half-year is six in a row.
FIRST = 2021 * 12 + 9
YEAR = np.array([17, 15, 12, 7, 6, 5, 5, 6, 8, 14, 16, 18])  # From January.


def months(count, after=0):
    return FIRST + after + np.arange(count)


def usual(numbers):
    """The mean of a month, a winter's twice a summer's."""
    return np.array([YEAR[number % 12] for number in numbers], dtype=float)


def ahead(past, count, size=2000, exposure=None, seed=1):
    wanted = past.months[-1] + 1 + np.arange(count)
    exposure = np.ones((len(past.counts), count)) if exposure is None else exposure
    return projection.draw(projection.fit(past), wanted, exposure, size, seed)


def past_of(counts, **more):
    counts = np.atleast_2d(counts)
    return Past(counts, np.ones(counts.shape), months(counts.shape[1]), **more)


def test_a_steady_city_is_expected_to_go_on_and_its_season_with_it():
    counts = usual(months(48)).round()
    means = ahead(past_of(counts * 10), 12).mean(axis=0)[0]
    assert means == pytest.approx(counts[:12] * 10, rel=0.08)


def test_the_interval_of_a_half_year_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(7)
    held, tries = 0, 60
    for _ in range(tries):
        level = np.exp(np.repeat(np.cumsum(rng.normal(0, 0.09, 7)), 6))
        counts = rng.poisson(usual(months(42)) * 5 * level)
        sums = ahead(past_of(counts[:36]), 6, size=400).sum(axis=(1, 2))
        low, high = np.quantile(sums, [0.05, 0.95])
        held += low <= counts[36:].sum() <= high
    # 54 are promised; of 60 tries fewer than 48 or none missed would be another interval.
    assert 48 <= held < tries


def test_a_level_that_moves_much_gives_a_wider_interval_than_one_that_stays():
    steady = usual(months(48)) * 10
    moving = steady * np.repeat([1, 1.5, 0.9, 1.4, 0.8, 1.5, 0.9, 1.3], 6)
    widths = []
    for counts in (steady, moving):
        sums = ahead(past_of(counts.round()), 6).sum(axis=(1, 2))
        widths.append(np.quantile(sums, 0.95) - np.quantile(sums, 0.05))
    assert widths[1] > 2 * widths[0]


def test_a_place_with_few_counts_is_drawn_towards_places_like_it():
    counts = np.tile(usual(months(24)).round(), (6, 1))
    counts[5] = 0
    alone = past_of(counts)
    means = ahead(alone, 6).mean(axis=0).sum(axis=1)
    assert 0 < means[5] < 0.2 * means[0]


def test_a_place_that_went_its_own_way_is_followed_and_the_others_stay():
    sizes = np.array([3, 0.5, 0.5, 1, 1, 1.5, 2, 4])
    counts = np.outer(sizes, usual(months(48))).round()
    counts[0, 24:] = (counts[0, 24:] * 0.4).round()
    means = ahead(past_of(counts), 6).mean(axis=0).sum(axis=1)
    last = counts[:, 36:42].sum(axis=1)
    assert means[0] < 1.25 * last[0]
    assert means[1:] == pytest.approx(last[1:], rel=0.12)


def test_the_whole_is_as_sure_however_few_its_parts_are():
    # One place with most of them that comes and goes: how much it has is not sure, the sum is.
    whole = usual(months(48)) * 12
    own = np.repeat([0.3, 0.7, 0.4, 0.8, 0.3, 0.7, 0.4, 0.8], 6)
    parts = np.vstack([whole * own, *[whole * (1 - own) / 4] * 4]).round()
    spreads = [ahead(past_of(each), 6).sum(axis=(1, 2)) for each in (parts.sum(axis=0), parts)]
    assert spreads[1].std() == pytest.approx(spreads[0].std(), rel=0.1)
    assert spreads[1].mean() == pytest.approx(spreads[0].mean(), rel=0.02)


def test_a_group_that_has_its_incidents_in_summer_keeps_them_there():
    winter = usual(months(36)) * 3
    summer = usual(months(36) + 6) * 3
    counts = np.vstack([*[winter] * 4, *[summer] * 2]).round()
    labels = ["ude" if n > 3 else "inde" for n in range(6)]
    means = ahead(past_of(counts, seasonal=labels), 12).mean(axis=0)
    assert means[5, 6:].sum() > 1.5 * means[5, :6].sum()
    assert means[0, :6].sum() > 1.5 * means[0, 6:].sum()


def test_places_that_vary_more_than_poisson_have_wider_intervals():
    rng = np.random.default_rng(3)
    mean = np.tile(usual(months(48)), (20, 1))
    plain = past_of(rng.poisson(mean))
    clustered = past_of(rng.negative_binomial(mean / 2, 1 / 3))
    assert projection.fit(plain).spread < 1.3
    assert projection.fit(clustered).spread == pytest.approx(3, rel=0.2)
    widths = [ahead(one, 6)[:, 0].sum(axis=1).std() for one in (plain, clustered)]
    assert widths[1] > 1.3 * widths[0]


def test_a_month_without_exposure_has_no_counts_and_takes_none_from_the_others():
    counts = np.tile(usual(months(36)).round(), (3, 1)) * 4
    closed = np.ones((3, 6))
    closed[0] = 0
    usual_draws, draws = ahead(past_of(counts), 6), ahead(past_of(counts), 6, exposure=closed)
    assert not draws[:, 0].any()
    assert draws[:, 1:].mean() == pytest.approx(usual_draws[:, 1:].mean(), rel=0.02)


def test_months_that_were_half_closed_are_not_taken_for_a_fall():
    counts = np.tile(usual(months(36)) * 4, (3, 1))
    exposure = np.ones(counts.shape)
    counts[0, 30:], exposure[0, 30:] = counts[0, 30:] / 2, 0.5
    means = ahead(past_of(counts.round())._replace(exposure=exposure), 6).mean(axis=0).sum(axis=1)
    assert means[0] == pytest.approx(means[1], rel=0.07)


@pytest.mark.parametrize("count", [1, 6, 13])
def test_a_short_past_gives_a_forecast_with_a_wide_interval(count):
    sums = ahead(past_of(usual(months(count)).round()), 6).sum(axis=(1, 2))
    assert np.isfinite(sums).all()
    assert np.quantile(sums, 0.95) > 1.3 * np.quantile(sums, 0.05)


def test_a_city_without_incidents_is_expected_to_have_few():
    draws = ahead(past_of(np.zeros((4, 36))), 6)
    assert draws.sum(axis=(1, 2)).mean() < 1


def test_the_same_seed_gives_the_same_draws():
    past = past_of(usual(months(24)).round())
    assert (ahead(past, 6) == ahead(past, 6)).all()
    assert (ahead(past, 6) != ahead(past, 6, seed=2)).any()


def test_a_past_without_months_is_refused():
    with pytest.raises(ValueError, match="to learn from"):
        projection.fit(Past(np.zeros((2, 0)), np.zeros((2, 0)), np.array([], dtype=int)))


def test_half_years_are_numbered_in_order_and_winter_is_odd():
    numbers = projection.half_index(months(18))
    assert [int(each) for each in np.unique(numbers)] == list(range(numbers[0], numbers[0] + 3))
    assert numbers[0] % 2 == 1
