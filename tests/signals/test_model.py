"""What is expected of a week, its trend and past outbreaks: beside statsmodels and R."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import nbinom

from analysis.core.known import Span
from analysis.core.season import half_of
from analysis.signals import model
from analysis.signals import weeks as signals_weeks
from analysis.signals.model import SPAN, YEARS

STORED = Path(__file__).parents[2] / "benchmarks/surveillance/published.csv"
BASE = slice(21, 28)
ALPHA = 0.005


def around(monday):
    return [week for year in signals_weeks.held_against(monday) for week in year]


def alike(counts):
    return np.ones(counts.shape, dtype=bool)


def fitted(counts):
    """What is predicted of weeks all of whose others are of their half-year."""
    return model.fitted(counts, alike(counts)).predicted


def same(*row):
    """Weeks of four years: those of the block go on as given, the others too."""
    return np.tile(np.array(row, dtype=float), YEARS * SPAN // len(row)).reshape(1, YEARS, SPAN)


# The weeks a week is held against


def test_a_week_is_held_against_the_same_time_of_earlier_years():
    for monday in (date(2025, 12, 22), date(2024, 2, 26), date(2025, 7, 7)):
        found = np.array(signals_weeks.held_against(monday))
        assert found.shape == (YEARS, SPAN)
        assert len(set(found.ravel())) == YEARS * SPAN
        assert all(each.weekday() == 0 for each in found.ravel())
        for years, row in enumerate(found[:, BASE], 1):
            days = [abs((each + years * timedelta(365.25) - monday).days) for each in row]
            assert max(days) <= 3 * 7 + 4
        # What goes on now is not among what it is held against.
        assert max(found.ravel()) == monday - 28 * timedelta(7)


def test_a_week_that_the_data_do_not_cover_whole_is_not_held_against():
    covered = Span(date(2022, 12, 1), date(2025, 3, 31), (date(2023, 5, 1),))
    weeks = {
        date(2022, 11, 28): False,
        date(2022, 12, 5): True,
        date(2023, 4, 24): True,
        date(2023, 5, 1): False,
        date(2023, 5, 29): False,
        date(2023, 6, 5): True,
    }
    assert {week: signals_weeks.is_covered(week, covered) for week in weeks} == weeks


def test_a_week_is_held_against_its_own_half_year_alone():
    monday = date(2025, 10, 6)
    halves = [half_of(week + timedelta(3)) for week in around(monday)]
    is_alike = (np.array(halves) == "vinter").reshape(1, YEARS, SPAN)
    # Three times as many in winter, four of seven comparable weeks of which are winter's.
    counts = np.where(is_alike, 12.0, 4.0)
    assert 12 <= is_alike[..., BASE].sum() < 28
    found = model.fitted(counts, is_alike).predicted
    assert found.expected[0] == pytest.approx(12)
    assert found.spread[0] == pytest.approx(1, abs=0.01)


# The model


def test_the_model_is_statsmodels_quasi_poisson_one_with_the_trend_shrunk():
    rng = np.random.default_rng(1)
    # Spread out, and none odd; growing, falling and with years missing.
    counts = np.stack(
        [
            rng.integers(top // 3, top, (YEARS, SPAN))
            * np.exp(slope * np.arange(YEARS))[:, None]
            // 1
            for top, slope in ((12, 0), (60, -0.1), (60, 0.1), (12, -0.2))
        ]
    ).astype(float)
    counts[3, 2:] = np.nan
    winter = np.arange(SPAN) > 15
    found, _, trends = model.fitted(counts, np.broadcast_to(winter, counts.shape))
    years, places = np.indices((YEARS, SPAN))
    blocks = places // 7 * 2 + winter[places]
    for row, number in zip(counts, range(len(counts)), strict=True):
        known = np.isfinite(row)
        design = pd.get_dummies(blocks[known]).astype(float)
        design["trend"] = -(years[known] + 1.0)
        glm = sm.GLM(row[known], design, sm.families.Poisson()).fit(scale="X2")
        spread = max(glm.scale, 1.001)
        error = glm.bse["trend"] ** 2 * spread / glm.scale
        trend = glm.params["trend"] * model.TREND**2 / (model.TREND**2 + error)
        assert found.spread[number] == pytest.approx(spread)
        assert trends[number] == pytest.approx(trend)
        base = known & (places // 7 == 3)
        grown = np.exp(-trend * (years + 1.0))[base]
        expected = row[base].sum() / grown.sum()
        age = (grown * (years + 1)[base]).sum() / grown.sum()
        variance = 1 / (1 / error + model.TREND**-2)
        ratio = spread + expected * (spread / row[base].sum() + age**2 * variance)
        assert found.expected[number] == pytest.approx(expected)
        assert found.ratio[number] == pytest.approx(ratio)
        told = nbinom(expected / (ratio - 1), 1 / ratio)
        bound = model.threshold(found, ALPHA)[number]
        assert told.sf(bound) <= ALPHA < told.sf(bound - 1)
        assert model.chance(found, np.full(len(counts), bound + 1))[number] <= ALPHA


@pytest.mark.parametrize("growth", [0.07, -0.07])
def test_what_grows_or_falls_is_expected_to_go_on(growth):
    level = 60 * (1 + growth) ** -np.arange(1.0, YEARS + 1)
    counts = np.tile(level.round()[:, None], SPAN)[None]
    assert fitted(counts).expected[0] == pytest.approx(60, rel=0.02)


def test_few_incidents_tell_little_of_a_trend():
    level = np.array([3.0, 3, 2, 2])
    counts = np.stack([np.tile(level[:, None] * times, SPAN) for times in (0.1, 20)])
    few, many = model.fitted(counts, alike(counts)).trend
    assert 0 < few < many / 3


def test_a_past_outbreak_weighs_by_the_square_of_its_residual():
    counts = same(3, 5, 4, 4, 3, 5, 4)
    struck = counts.copy()
    struck[0, 1, 23] = 14
    known = np.ones((1, YEARS, model.BLOCKS, model.BLOCK), dtype=bool)
    weight = model._weights(struck.reshape(known.shape), known).ravel()
    others = np.delete(weight, SPAN + 23)
    # Anscombe's residual about the mean of the middle half; the weeks vary less than Poisson.
    centre = (3 + 11 * 4 + 2 * 5) / 14
    residual = 1.5 * (14 ** (2 / 3) - centre ** (2 / 3)) / centre ** (1 / 6)
    assert np.ptp(others) == 0
    assert weight[SPAN + 23] / others[0] == pytest.approx(residual**-2)
    assert weight.mean() == pytest.approx(1)


@pytest.mark.parametrize(("weeks", "high"), [(1, 30), (4, 12), (4, 40)])
def test_a_past_outbreak_does_not_hide_the_next_one(weeks, high):
    usual = same(3, 5, 4, 4, 3, 5, 4)
    struck = usual.copy()
    struck[0, 1, 22 : 22 + weeks] = high
    calm, after = (fitted(each) for each in (usual, struck))
    assert after.expected[0] - calm.expected[0] < 1
    assert model.threshold(after, ALPHA)[0] - model.threshold(calm, ALPHA)[0] <= 4


def test_fewer_comparable_weeks_than_needed_give_no_threshold():
    counts = np.full((2, YEARS, SPAN), np.nan)
    counts[0, 0, 21 : 21 + model.LEAST_WEEKS] = 4
    counts[1, 0, 22 : 21 + model.LEAST_WEEKS] = 4
    found = fitted(counts)
    assert np.isfinite(found.expected).tolist() == [True, False]
    assert np.isfinite(model.threshold(found, ALPHA)).tolist() == [True, False]


def test_fewer_years_make_the_threshold_higher():
    counts = np.full((2, YEARS, SPAN), 40.0)
    counts[1, 1:] = np.nan
    many, few = model.threshold(fitted(counts), ALPHA)
    assert few > many


def test_a_place_without_incidents_has_a_threshold_of_none():
    assert model.threshold(fitted(same(0)), ALPHA).tolist() == [0]


@pytest.mark.parametrize(("mean", "spread"), [(2, 1.2), (8, 1.2), (40, 1.5)])
def test_where_nothing_changes_signals_are_about_as_rare_as_said(mean, spread):
    rng = np.random.default_rng(2)
    held, own = (
        rng.negative_binomial(mean / (spread - 1), 1 / spread, shape)
        for shape in ((1_500, YEARS, SPAN), (200, 1_500))
    )
    share = np.mean(own > model.threshold(fitted(held.astype(float)), ALPHA))
    assert ALPHA / 4 < share < ALPHA * 1.6


def test_two_weeks_together_vary_as_their_sum_does():
    rows = [[8.0, 10.0], [1.7, 1.9], [1.2, 1.2], [0.25, 0.25]]
    own = model.Predicted(*(np.array([each]) for each in rows))
    pair = model.of_two(own, own.before)
    assert np.isnan(pair.expected[0, 0])
    assert pair.expected[0, 1] == 18
    # The counts vary as they go together; the errors of their means are one.
    variance = 1.2 * 1.25 * 18 + (np.sqrt(0.5 * 8) + np.sqrt(0.7 * 10)) ** 2
    assert pair.ratio[0, 1] * 18 == pytest.approx(variance, rel=0.01)


@pytest.mark.parametrize("echo", [0.0, 0.5])
def test_weeks_that_go_together_are_told_from_those_that_do_not(echo):
    rng = np.random.default_rng(6)
    state, levels = np.zeros(60), []
    for _ in range(YEARS * SPAN):
        state = echo * state + rng.normal(0, 0.2 * np.sqrt(1 - echo**2), 60)
        levels.append(np.exp(state))
    counts = rng.poisson(40 * np.stack(levels, axis=1)).reshape(-1, YEARS, SPAN).astype(float)
    # Chance has its own part of how they vary: 1 by 40 beside 0.04.
    assert fitted(counts).together.mean() == pytest.approx(echo * 0.04 / 0.065, abs=0.08)


def test_a_closure_does_not_make_the_limit_wider_or_lower():
    usual = same(20, 25, 22, 24, 18, 23, 21)
    closed = usual.copy()
    closed[0, 1, 14:27] = 0
    calm, after = (fitted(each) for each in (usual, closed))
    assert after.expected[0] == pytest.approx(calm.expected[0], rel=0.05)
    assert abs(model.threshold(after, ALPHA)[0] - model.threshold(calm, ALPHA)[0]) <= 3


# Beside R's farringtonFlexible, of the series that its package publishes


@pytest.fixture(scope="module")
def published():
    """The weeks that R judged of each series, with what ours says of them."""
    found = []
    for _, own in pd.read_csv(STORED).groupby("series", sort=False):
        counts = own["count"].to_numpy(dtype=float)
        weeks = np.flatnonzero(own["mean"].notna())
        back = 52 * np.arange(1, YEARS + 1)[:, None] - np.arange(SPAN) + SPAN // 2
        places = weeks[:, None, None] - back
        ours = fitted(np.where(places < 0, np.nan, counts[places.clip(0)]))
        bound = model.threshold(ours, ALPHA)
        found.append(own.iloc[weeks].assign(ours=ours.expected, our_bound=bound))
    return pd.concat(found).groupby("series")


def test_what_is_expected_is_near_to_what_r_expects(published):
    # R believes any trend, and rare counts tell little of one.
    for name, own in published:
        apart = np.log(own["ours"] / own["mean"])
        assert apart.abs().median() < (0.08 if own["count"].mean() > 100 else 0.3), name
        assert own[["ours", "mean"]].corr("spearman").iloc[0, 1] > 0.75, name


def test_about_as_many_weeks_are_above_the_same_limit_as_in_r(published):
    for name, own in published:
        ours, theirs = (own["count"] > own["our_bound"]), (own["count"] > own["bound"])
        assert ours.mean() == pytest.approx(theirs.mean(), abs=0.025), name
        # The same ones, but for those that are near to the limit.
        assert (ours != theirs).mean() < 0.05, name
