"""Counts to intervals: against published values and a second computation.

A source of published values is named where they stand.
"""

from itertools import product
from math import inf, isnan, sqrt

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from analysis import statistics
from analysis.statistics import rates

PAIRS = [(68, 87), (0, 5), (5, 0), (3, 3), (1, 12), (240, 200), (0, 1), (100000, 101000)]
EXPOSURES = [(1, 1), (152204, 138010), (0.5, 2)]
LEVELS = [0.5, 0.8, 0.9, 0.95, 0.99]
# The ladder's weights, and counts of the size met here.
WEIGHTS = [1, 2, 4, 6, 2]
COUNTS = [46, 9, 4, 2, 7]

# A model with as many parameters as counts, of which statsmodels warns, is what these two want.
SATURATED = pytest.mark.filterwarnings("ignore::Warning")


def odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


def clear(interval, unchanged: float) -> bool:
    return interval.low > unchanged or interval.high < unchanged


# The rate ratio


def test_the_rate_ratio_is_that_of_r():
    # R, documentation of poisson.test: Fredericia against three other cities, ages 55-59.
    found = statistics.rate_ratio(11, 6 + 8 + 7, 800, 1083 + 1050 + 878)
    assert found.ratio == pytest.approx((11 / 800) / (21 / 3011))
    assert (found.low, found.high) == pytest.approx((0.8584264, 4.2772659), abs=1e-7)


@pytest.mark.parametrize(("count", "before"), PAIRS)
@pytest.mark.parametrize("exposures", EXPOSURES)
@pytest.mark.parametrize("level", LEVELS)
def test_the_rate_ratio_is_that_of_the_exact_binomial_test(count, before, exposures, level):
    now, then = exposures
    found = statistics.rate_ratio(count, before, now, then, level)
    share = now / (now + then)
    test = stats.binomtest(count, count + before)
    for bound, expected in zip(found[1:3], test.proportion_ci(level, "exact"), strict=True):
        assert bound == pytest.approx(odds(expected) * then / now, rel=1e-9)
    tails = (
        stats.binom.cdf(count, count + before, share),
        stats.binom.sf(count - 1, count + before, share),
    )
    assert found.p_value == pytest.approx(min(1, 2 * min(tails)), rel=1e-7)


@pytest.mark.parametrize("level", [0.5, 0.75, 0.9, 0.95, 0.975, 0.99])
@pytest.mark.parametrize("exposure", [1 / 39, 1 / 19, 0.2, 1 / 3, 0.5, 1, 1.1, 3, 19, 39])
@pytest.mark.parametrize("spread", [1.0, 1.7])
def test_the_p_value_never_contradicts_the_interval(level, exposure, spread):
    for count, before in product(range(0, 60, 2), range(0, 60, 3)):
        found = statistics.quasi_rate_ratio(count, before, spread, exposure, 1.0, level)
        assert clear(found, 1) == (found.p_value < 1 - level), (count, before)
        assert clear(found, 1) == (found.p_value < round(1 - level, 9)), (count, before)
        assert 0 <= found.low <= found.high
        if count or before:
            assert found.low <= found.ratio <= found.high


@pytest.mark.parametrize(("count", "before", "exposure"), [(1, 0, 1), (0, 1, 39 * 39)])
def test_a_p_value_on_the_edge_is_not_clear(count, before, exposure):
    found = statistics.rate_ratio(count, before, exposure, 39)
    assert found.p_value == pytest.approx(0.05)
    assert found.p_value >= 0.05
    assert not clear(found, 1)


def test_zero_counts_are_answered():
    both = statistics.rate_ratio(0, 0)
    assert isnan(both.ratio)
    assert both[1:] == (0, inf, 1)
    none_now, none_before = statistics.rate_ratio(0, 7), statistics.rate_ratio(7, 0)
    assert (none_now.ratio, none_now.low) == (0, 0)
    assert (none_before.ratio, none_before.high) == (inf, inf)
    # Given 7 of 7 on one side, Clopper and Pearson's bound is the seventh root of the tail.
    assert none_before.low == pytest.approx(odds(0.025 ** (1 / 7)))
    assert none_now.high == pytest.approx(1 / none_before.low)
    assert none_now.p_value == pytest.approx(2 * 0.5**7)


def test_turning_the_comparison_round_turns_the_ratio_over():
    for count, before in product(range(12), range(12)):
        there = statistics.rate_ratio(count, before, 2.0, 3.0)
        back = statistics.rate_ratio(before, count, 3.0, 2.0)
        assert back.p_value == pytest.approx(there.p_value)
        if count and before:
            assert back[:3] == pytest.approx([1 / there[n] for n in (0, 2, 1)])


def test_the_rate_ratio_rises_with_the_count_and_falls_with_its_exposure():
    found = [statistics.rate_ratio(count, 20) for count in range(60)]
    held = [statistics.rate_ratio(20, 20, exposure) for exposure in (0.5, 1, 1.5, 4)]
    for bound in range(3):
        assert np.all(np.diff([one[bound] for one in found]) > 0)
        assert np.all(np.diff([one[bound] for one in held]) < 0)


@pytest.mark.parametrize("before", [1, 3, 20])
def test_a_count_next_to_which_the_other_is_nothing_has_bounds_on_both_sides(before):
    # Of so many the count is certain, and only the one before varies.
    many = 10**15
    found = statistics.rate_ratio(many, before)
    only = statistics.poisson_interval(before)
    assert (many / found.high, many / found.low) == pytest.approx(only, rel=1e-6)
    turned = statistics.rate_ratio(before, many)
    assert (1 / turned.high, 1 / turned.low) == pytest.approx(found[1:3], rel=1e-9)


def test_a_higher_level_gives_a_wider_interval():
    found = [statistics.rate_ratio(30, 50, level=level) for level in LEVELS]
    assert np.all(np.diff([one.low for one in found]) < 0)
    assert np.all(np.diff([one.high for one in found]) > 0)


@pytest.mark.parametrize("means", [(2, 2), (4, 8), (15, 20), (40, 20)])
def test_the_exact_interval_holds_the_truth_at_least_as_often_as_it_says(means):
    mean, before = means
    covered = 0.0
    for one, other in product(range(int(mean * 3 + 12)), range(int(before * 3 + 12))):
        found = statistics.rate_ratio(one, other)
        chance = stats.poisson.pmf(one, mean) * stats.poisson.pmf(other, before)
        covered += chance * (found.low <= mean / before <= found.high)
    assert covered >= 0.95 - 1e-6


# Overdispersed counts


def test_counts_of_some_spread_tell_what_counts_divided_by_it_would():
    for count, before in product((0, 2, 9, 40), (0, 3, 12, 50)):
        wide = statistics.quasi_rate_ratio(4 * count, 4 * before, 4.0, 3.0, 2.0)
        assert wide == pytest.approx(statistics.rate_ratio(count, before, 3.0, 2.0), nan_ok=True)


def test_a_spread_of_1_or_less_is_poisson():
    for spread in (1.0, 0.4, 0.0):
        assert statistics.quasi_rate_ratio(68, 87, spread) == statistics.rate_ratio(68, 87)


@SATURATED
def test_the_quasi_interval_is_near_that_of_a_quasi_poisson_regression():
    # Counts large enough for the regression's normal interval.
    counts, spread = np.array([3000, 2900]), 2.5
    fitted = sm.GLM(counts, [[1, 0], [1, 1]], sm.families.Poisson()).fit(scale=spread)
    low, high = np.exp(fitted.conf_int()[1])
    found = statistics.quasi_rate_ratio(2900, 3000, spread)
    assert (found.low, found.high) == pytest.approx((low, high), rel=2e-3)
    assert found.p_value == pytest.approx(fitted.pvalues[1], rel=0.05)


def ships() -> tuple[np.ndarray, np.ndarray, int]:
    """Return damage incidents of ships, their fitted means and the number of parameters."""
    # McCullagh and Nelder 1989, table 6.2: type, year built, period, months of service, incidents.
    text = """A 60 60 127 0,A 60 75 63 0,A 65 60 1095 3,A 65 75 1095 4,A 70 60 1512 6,
        A 70 75 3353 18,A 75 75 2244 11,B 60 60 44882 39,B 60 75 17176 29,B 65 60 28609 58,
        B 65 75 20370 53,B 70 60 7064 12,B 70 75 13099 44,B 75 75 7117 18,C 60 60 1179 1,
        C 60 75 552 1,C 65 60 781 0,C 65 75 676 1,C 70 60 783 6,C 70 75 1948 2,C 75 75 274 1,
        D 60 60 251 0,D 60 75 105 0,D 65 60 288 0,D 65 75 192 0,D 70 60 349 2,D 70 75 1208 11,
        D 75 75 2051 4,E 60 60 45 0,E 65 60 789 7,E 65 75 437 7,E 70 60 1157 5,E 70 75 2161 12,
        E 75 75 542 1"""
    kinds, years, periods, months, incidents = zip(
        *(row.split() for row in text.split(",")), strict=True
    )
    columns = [[1.0] * len(kinds)]
    for given, labels in ((kinds, "BCDE"), (years, ("65", "70", "75")), (periods, ("75",))):
        columns += [[float(one == label) for one in given] for label in labels]
    counts, exog = np.array(incidents, float), np.column_stack(columns)
    offset = np.log(np.array(months, float))
    fitted = sm.GLM(counts, exog, sm.families.Poisson(), offset=offset).fit()
    return counts, fitted.fittedvalues, exog.shape[1]


def test_the_dispersion_is_that_of_the_book():
    # McCullagh and Nelder 1989, 6.3.2: chi-square 42.28 on 25 degrees of freedom, 1.69.
    observed, fitted, parameters = ships()
    assert len(observed) - parameters == 25
    assert statistics.dispersion(observed, fitted, parameters) == pytest.approx(1.69, abs=0.005)
    assert statistics.dispersion(observed, fitted, parameters) * 25 == pytest.approx(
        42.28, abs=0.01
    )


def test_the_dispersion_is_that_of_statsmodels():
    rng = np.random.default_rng(1)
    counts, exog = rng.poisson(7, 40), np.column_stack([np.ones(40), rng.normal(size=40)])
    fitted = sm.GLM(counts, exog, sm.families.Poisson()).fit()
    assert statistics.dispersion(counts, fitted.fittedvalues, 2) == pytest.approx(
        fitted.pearson_chi2 / fitted.df_resid
    )


def test_the_dispersion_is_unknown_where_nothing_is_left_to_vary():
    assert isnan(statistics.dispersion([3, 4], [3, 4], 2))
    assert isnan(statistics.dispersion([], [], 1))
    assert statistics.dispersion([0, 0, 0], [0, 0, 0], 1) == 0


# The rate


def test_the_poisson_interval_is_garwoods():
    # Garwood 1936, as printed in Pearson and Hartley, Biometrika Tables I, table 40.
    table = {
        0: (0, 3.689),
        1: (0.0253, 5.572),
        2: (0.242, 7.225),
        3: (0.619, 8.767),
        5: (1.623, 11.668),
        10: (4.795, 18.390),
        20: (12.217, 30.888),
        30: (20.241, 42.827),
    }
    for count, bounds in table.items():
        assert statistics.poisson_interval(count) == pytest.approx(bounds, abs=5.1e-4)


def test_the_poisson_interval_of_a_rate_is_that_of_r():
    # R, documentation of poisson.test: Welsh nickel workers.
    found = statistics.poisson_interval(137, 24.19893)
    assert found == pytest.approx((4.753125, 6.692709), abs=1e-6)


@pytest.mark.parametrize("count", [0, 1, 4, 31, 240])
@pytest.mark.parametrize("level", LEVELS)
def test_beyond_the_poisson_interval_the_count_is_in_a_tail(count, level):
    low, high = statistics.poisson_interval(count, 2.5, level)
    assert (low, high) == pytest.approx(
        [bound / 2.5 for bound in confint_poisson(count, 1, "exact-c", 1 - level)], abs=1e-12
    )
    assert sum(stats.poisson.pmf(range(count + 1), high * 2.5)) == pytest.approx((1 - level) / 2)
    if count:
        below = sum(stats.poisson.pmf(range(count), low * 2.5))
        assert 1 - below == pytest.approx((1 - level) / 2)


def test_the_poisson_interval_holds_the_truth_at_least_as_often_as_it_says():
    counts = range(200)
    bounds = np.array([statistics.poisson_interval(count) for count in counts])
    for mean in np.arange(0.5, 100, 0.37):
        held = (bounds[:, 0] <= mean) & (mean <= bounds[:, 1])
        assert stats.poisson.pmf(counts, mean)[held].sum() >= 0.95 - 1e-9


# Shares


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # Newcombe 1998, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_wilson_interval_is_newcombes(successes, n, low, high):
    found = statistics.wilson_interval(successes, n)
    assert found == pytest.approx((low, high), abs=5e-5)
    other = statistics.wilson_interval(n - successes, n)
    assert other == pytest.approx((1 - high, 1 - low), abs=5e-5)


@pytest.mark.parametrize("level", LEVELS)
def test_the_wilson_interval_is_that_of_scipy_and_keeps_within_0_and_1(level):
    for n in (1, 2, 7, 20, 143):
        for successes in {0, 1, n // 2, n - 1, n}:
            found = statistics.wilson_interval(successes, n, level)
            expected = stats.binomtest(successes, n).proportion_ci(level, "wilson")
            assert found == pytest.approx(expected, abs=1e-12)
            assert 0 <= found.low <= successes / n <= found.high <= 1


def test_a_share_need_not_be_of_whole_answers():
    low, high = statistics.wilson_interval(0.78 * 45, 45)
    less = proportion_confint(35, 45, method="wilson")
    more = proportion_confint(36, 45, method="wilson")
    assert less[0] < low < more[0]
    assert less[1] < high < more[1]


def test_no_answers_leave_every_share_open():
    assert statistics.wilson_interval(0, 0) == (0, 1)


# What could have been seen


@pytest.mark.parametrize("exposures", [*EXPOSURES, (1, 39), (39, 1), (19, 1)])
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
def test_the_largest_clear_fall_is_the_last_of_all_counts_that_is_clear(exposures, level):
    for before in range(41):
        most = None
        for count in range(int(before * exposures[0] / exposures[1]) + 2):
            if statistics.rate_ratio(count, before, *exposures, level).high < 1:
                most = count
        assert statistics.largest_clear_fall(before, *exposures, level) == most


def test_no_count_is_a_clear_fall_from_five():
    # From n to none the p-value is 2 / 2^n, which is first below 0.05 at 6.
    assert [statistics.largest_clear_fall(count) for count in range(7)] == [None] * 6 + [0]


def test_the_more_before_the_more_may_be_left_and_clear():
    found = [statistics.largest_clear_fall(count) for count in range(6, 400)]
    assert np.all(np.diff(found) >= 0)
    assert all(isinstance(count, int) for count in found)


@pytest.mark.parametrize(("mean", "fall"), [(3, 0.5), (12, 0.5), (25, 0.25), (25, 1.0)])
@pytest.mark.parametrize("exposures", [(1, 1), (1.3, 1)])
def test_the_power_is_the_chance_of_every_pair_of_counts_that_is_a_clear_fall(
    mean, fall, exposures
):
    after = mean * (1 - fall) * exposures[0] / exposures[1]
    chance = 0.0
    for before in range(80):
        most = statistics.largest_clear_fall(before, *exposures)
        for count in range((most if most is not None else -1) + 1):
            chance += stats.poisson.pmf(before, mean) * stats.poisson.pmf(count, after)
    assert statistics.power_of_fall(mean, fall, *exposures) == pytest.approx(chance, abs=1e-9)


def test_the_power_is_what_a_simulation_gives():
    rng, draws = np.random.default_rng(4), 20_000
    before, after = rng.poisson(87, draws), rng.poisson(87 * 0.7, draws)
    most = {count: statistics.largest_clear_fall(count) for count in set(before.tolist())}
    seen = np.mean([count <= most[then] for count, then in zip(after, before, strict=True)])
    power = statistics.power_of_fall(87, 0.3)
    assert power == pytest.approx(seen, abs=4 * sqrt(power * (1 - power) / draws))


@pytest.mark.parametrize("spread", [1.0, 1.45, 2.0, 3.7])
@pytest.mark.parametrize("exposures", EXPOSURES)
@pytest.mark.parametrize("level", [0.5, 0.95])
def test_the_largest_clear_fall_of_spread_counts_is_the_last_that_is_clear(
    spread, exposures, level
):
    for before in range(0, 121, 3):
        clear = [
            count
            for count in range(int(before * exposures[0] / exposures[1]) + 2)
            if statistics.quasi_rate_ratio(count, before, spread, *exposures, level).high < 1
        ]
        found = statistics.quasi_largest_clear_fall(before, spread, *exposures, level)
        assert found == max(clear, default=None)
        assert clear == list(range(len(clear)))


@pytest.mark.parametrize(("mean", "fall", "spread"), [(87, 0.3, 1.45), (40, 0.5, 3), (9, 0.5, 2)])
def test_the_power_of_spread_counts_is_what_a_simulation_gives(mean, fall, spread):
    rng, draws = np.random.default_rng(5), 20_000
    now, then = (
        rng.negative_binomial(one / (spread - 1), 1 / spread, draws)
        for one in (mean * (1 - fall) * 1.2, mean)
    )
    assert np.var(then) / np.mean(then) == pytest.approx(spread, rel=0.05)
    most = {
        count: statistics.quasi_largest_clear_fall(count, spread, 1.2, 1.0)
        for count in set(then.tolist())
    }
    seen = np.mean(
        [
            most[before] is not None and count <= most[before]
            for count, before in zip(now, then, strict=True)
        ]
    )
    power = statistics.power_of_fall(mean, fall, 1.2, 1.0, spread=spread)
    assert power == pytest.approx(seen, abs=4 * sqrt(power * (1 - power) / draws))
    assert power < statistics.power_of_fall(mean, fall, 1.2, 1.0)


def test_a_fall_to_nothing_of_spread_counts_is_seen_where_nothing_would_be_clear():
    enough = [
        count
        for count in range(1, 60)
        if statistics.quasi_largest_clear_fall(count, 2.0) is not None
    ]
    chance = stats.nbinom(12 / (2.0 - 1), 1 / 2.0).sf(enough[0] - 1)
    assert statistics.power_of_fall(12, 1.0, spread=2.0) == pytest.approx(chance)


def test_the_power_rises_with_the_fall_and_with_the_count():
    falls = [statistics.power_of_fall(60, fall) for fall in (0, 0.1, 0.25, 0.5, 0.75, 1)]
    means = [statistics.power_of_fall(mean, 0.25) for mean in (0, 5, 20, 87, 300, 3000)]
    for found in (falls, means):
        assert np.all(np.diff(found) > 0)
    assert falls[0] <= 0.025
    assert means[0] == 0
    assert means[-1] == pytest.approx(1)


# Differences of changes


@pytest.mark.parametrize(
    ("treated", "control", "effect", "error"),
    [
        # Wheeler, "Using weights in regression examples" (andrewpwheeler.com): -107 (30.7).
        ((207, 110), (308, 318), -107, 30.7),
        # Wheeler, "Some extensions to the WDD statistic" (crimede-coder.com): 10 less, error 19.
        ((100, 80), (100, 90), -10, 19.2),
    ],
)
def test_the_weighted_displacement_difference_is_that_of_its_author(
    treated, control, effect, error
):
    found = statistics.did_counts(*treated, *control)
    assert found.effect == effect
    assert (found.high - found.low) / 2 / 1.959964 == pytest.approx(error, abs=0.05)


@SATURATED
def test_the_difference_of_changes_is_that_of_a_poisson_model_of_them():
    counts = [207, 110, 308, 318]
    exog = [[1, 1, 0, 0], [1, 1, 1, 1], [1, 0, 0, 0], [1, 0, 1, 0]]
    identity = sm.families.Poisson(sm.families.links.Identity())
    fitted = sm.GLM(counts, exog, identity).fit(start_params=[308, -101, 10, -107])
    found = statistics.did_counts(*counts)
    assert found.effect == pytest.approx(fitted.params[3])
    assert (found.low, found.high) == pytest.approx(tuple(fitted.conf_int()[3]), rel=1e-6)
    assert found.p_value == pytest.approx(fitted.pvalues[3], rel=1e-5)


def test_the_effect_is_below_0_where_the_treated_place_fell_more():
    assert statistics.did_counts(87, 68, 40, 44).effect == -23
    assert statistics.did_counts(40, 44, 87, 68).effect == 23
    assert statistics.did_counts(40, 44, 20, 24).effect == 0
    assert statistics.did_counts(40, 44, 20, 24).p_value == 1


def test_no_incidents_at_all_leave_the_effect_open_to_either_side():
    found = statistics.did_counts(0, 0, 0, 0)
    assert found == pytest.approx((0, -3.689, 3.689, 1), abs=5e-4)
    weighted = statistics.weighted_did([0, 0], [0, 0], [0, 0], [0, 0], [1, 6])
    assert weighted == pytest.approx([6 * bound for bound in found[:3]] + [1])


def test_one_incident_is_answered():
    assert statistics.did_counts(0, 1, 0, 0) == pytest.approx((1, -0.96, 2.96, 0.3173), abs=5e-5)


def test_the_severity_weighted_difference_counts_each_incident_by_its_weight():
    rng = np.random.default_rng(2)
    for _ in range(20):
        four = rng.poisson(9, (4, 5))
        contrast = np.outer([-1, 1, 1, -1], WEIGHTS).ravel()
        effect = contrast @ four.ravel()
        error = sqrt(contrast @ np.diag(four.ravel()) @ contrast)
        found = statistics.weighted_did(*four, WEIGHTS)
        assert found.effect == effect
        assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(effect) / error))
        assert (found.low, found.high) == pytest.approx(stats.norm.interval(0.95, effect, error))


def test_weights_of_1_give_the_difference_of_the_counts():
    four = [[3, 4], [1, 1], [5, 0], [2, 2]]
    plain = statistics.did_counts(*(sum(counts) for counts in four))
    assert statistics.weighted_did(*four, [1, 1]) == pytest.approx(plain)
    tripled = statistics.weighted_did(*four, [3, 3])
    assert tripled == pytest.approx([3 * one for one in plain[:3]] + [plain.p_value])


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
def test_the_p_value_of_a_difference_never_contradicts_its_interval(level):
    for counts in product((0, 1, 4, 9, 30), repeat=4):
        found = statistics.did_counts(*counts, level=level)
        assert clear(found, 0) == (found.p_value < 1 - level)
    edge = statistics.normal_difference(stats.norm.isf((1 - level) / 2), 1.0, level)
    assert not clear(edge, 0)
    assert edge.p_value >= 1 - level


# Weighted sums


def test_the_weighted_interval_is_built_as_published():
    # R, dsrTest, vignette: Down's syndrome, birth order 5 and more (Fleiss 1981, Fay and Feuer
    # 1997), gamma mid-p with the largest weight as the incident more: 59.71632-173.08170.
    cases = np.array([0, 8, 63, 112, 262, 295])
    births = np.array([327, 30666, 123419, 149919, 104088, 34392])
    standard = np.array([319933, 931318, 786511, 488235, 237863, 61313])
    weights = standard / standard.sum() / births * 1e5
    total, most = cases @ weights, weights.max()
    assert total == pytest.approx(75.52901, abs=5e-6)
    found = rates._mid_gamma(total, cases @ weights**2, most, most**2, 0.95)
    assert found == pytest.approx((59.71632, 173.08170), abs=5e-5)


@pytest.mark.parametrize("counts", [COUNTS, [2, 1, 0, 0, 1]])
def test_the_weighted_interval_holds_the_middle_of_two_gamma_distributions(counts):
    total, variance = np.dot(counts, WEIGHTS), np.dot(counts, np.square(WEIGHTS))
    more, spread = total + np.mean(WEIGHTS), variance + np.mean(np.square(WEIGHTS))
    rng, draws = np.random.default_rng(3), 400_000
    values = np.concatenate(
        [
            rng.gamma(mean**2 / square, square / mean, draws)
            for mean, square in ((total, variance), (more, spread))
        ]
    )
    found = statistics.weighted_interval(counts, WEIGHTS)
    assert found == pytest.approx(np.quantile(values, [0.025, 0.975]), rel=0.005)


@pytest.mark.parametrize("count", [0, 1, 5, 42])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_with_one_weight_it_is_the_mid_p_interval_of_the_count(count, level):
    low, high = confint_poisson(count, 1, "midp-c", 1 - level) if count else (0, None)
    found = statistics.weighted_interval([count], [3], level)
    assert found.low == pytest.approx(3 * low, abs=1e-6)
    # Of no incidents, the mid-p bound is where none has a chance of 1 - level.
    assert found.high == pytest.approx(3 * (high if count else -np.log(1 - level)), rel=1e-6)


def test_a_weight_of_0_counts_for_nothing():
    assert statistics.weighted_interval([4, 9], [2, 0]) == statistics.weighted_interval([4], [2])
    assert statistics.weighted_interval([4, 9], [0, 0]) == (0, 0)
    assert statistics.weighted_interval([], []) == (0, 0)


def test_the_weighted_interval_rises_with_the_counts_and_holds_the_sum():
    found = [statistics.weighted_interval([count, 2, 1], [1, 2, 6]) for count in range(80)]
    assert np.all(np.diff(found, axis=0) > 0)
    assert all(one.low < count + 10 < one.high for count, one in enumerate(found))
    one, tenfold = (
        statistics.weighted_interval(COUNTS, np.multiply(WEIGHTS, times)) for times in (1, 10)
    )
    assert tenfold == pytest.approx([10 * bound for bound in one])


# Several at once


def test_the_adjusted_p_values_keep_those_of_benjamini_and_hochberg():
    # Benjamini and Hochberg 1995, 4.1: 15 comparisons, of which the procedure keeps 4 at 0.05.
    given = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    given += [0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    found = statistics.adjusted(given)
    assert [value <= 0.05 for value in found] == [True] * 4 + [False] * 11
    assert found == pytest.approx(multipletests(given, method="fdr_bh")[1])


def test_adjusting_keeps_the_order_and_answers_none_and_one():
    given = [0.2, 0.01, 0.04, 0.9]
    found = statistics.adjusted(given)
    assert np.argsort(found).tolist() == np.argsort(given).tolist()
    assert all(after >= before for before, after in zip(given, found, strict=True))
    assert statistics.adjusted([]) == []
    assert statistics.adjusted([0.03]) == [0.03]


# Types and errors


def test_numbers_of_numpy_give_the_same_plain_numbers():
    one, two, half = np.int64(12), np.int32(30), np.float64(0.5)
    pairs = [
        (statistics.rate_ratio(one, two, half, half), statistics.rate_ratio(12, 30, 0.5, 0.5)),
        (statistics.rate_ratio(np.int64(0), np.int64(3)), statistics.rate_ratio(0, 3)),
        (
            statistics.quasi_rate_ratio(np.float64(12), two, np.float64(2)),
            statistics.quasi_rate_ratio(12, 30, 2),
        ),
        (statistics.poisson_interval(one, half), statistics.poisson_interval(12, 0.5)),
        (statistics.wilson_interval(one, two), statistics.wilson_interval(12, 30)),
        (statistics.did_counts(*[one] * 4), statistics.did_counts(12, 12, 12, 12)),
        (
            statistics.weighted_interval(np.array([1, 2]), np.array([1, 4])),
            statistics.weighted_interval([1, 2], [1, 4]),
        ),
        ((statistics.largest_clear_fall(two, half, 1),), (statistics.largest_clear_fall(30, 0.5),)),
        ((statistics.power_of_fall(one, half),), (statistics.power_of_fall(12, 0.5),)),
        (
            (
                statistics.quasi_largest_clear_fall(two, np.float64(1.5)),
                statistics.power_of_fall(two, half, spread=np.float64(1.5)),
            ),
            (
                statistics.quasi_largest_clear_fall(30, 1.5),
                statistics.power_of_fall(30, 0.5, spread=1.5),
            ),
        ),
    ]
    for found, plain in pairs:
        assert found == plain
        assert {type(value) for value in found} <= {float, int}


@pytest.mark.parametrize(
    "call",
    [
        lambda: statistics.rate_ratio(-1, 4),
        lambda: statistics.rate_ratio(1.5, 4),
        lambda: statistics.rate_ratio(float("nan"), 4),
        lambda: statistics.rate_ratio(inf, 4),
        lambda: statistics.rate_ratio(1, 4, 0.0),
        lambda: statistics.rate_ratio(1, 4, 1.0, float("nan")),
        lambda: statistics.rate_ratio(1, 4, level=1.0),
        lambda: statistics.quasi_rate_ratio(1, 4, float("nan")),
        lambda: statistics.quasi_rate_ratio(1, 4, inf),
        lambda: statistics.poisson_interval(3, -1.0),
        lambda: statistics.wilson_interval(5, 4),
        lambda: statistics.wilson_interval(float("nan"), 4),
        lambda: statistics.wilson_interval(0, -1),
        lambda: statistics.largest_clear_fall(2.5),
        lambda: statistics.power_of_fall(20, 1.2),
        lambda: statistics.power_of_fall(-1, 0.5),
        lambda: statistics.power_of_fall(20, 0.5, level=95),
        lambda: statistics.did_counts(1, 2, 3, -4),
        lambda: statistics.weighted_did([1], [2], [3], [4, 5], [1]),
        lambda: statistics.weighted_did([1], [2], [3], [4], [1, 2]),
        lambda: statistics.weighted_did([1], [2], [3], [4], [-1]),
        lambda: statistics.weighted_interval([1, 2], [1]),
        lambda: statistics.weighted_interval([1], [-2]),
        lambda: statistics.normal_difference(1.0, 0.0),
        lambda: statistics.adjusted([0.5, 1.2]),
        lambda: statistics.normal_difference(1.0, float("nan")),
        lambda: statistics.normal_difference(inf, 1.0),
        lambda: statistics.dispersion([-1, 2], [1, 1], 1),
        lambda: statistics.rate_ratio(1, 4, 1e-300, 1e300),
        lambda: statistics.rate_ratio(1, 4, 1e300, 1e-300),
        lambda: statistics.largest_clear_fall(9, 1e-300, 1e300),
        lambda: statistics.power_of_fall(9, 0.5, 1e300, 1e-300),
        lambda: statistics.rate_ratio(10**400, 1),
        lambda: statistics.rate_ratio(10**300, 5),
    ],
)
def test_what_cannot_be_is_refused(call):
    with pytest.raises(ValueError, match=r" must be .*, not |^zip\(\) argument"):
        call()


@pytest.mark.parametrize("wrong", [None, "3", [3]])
@pytest.mark.parametrize(
    "call",
    [
        lambda wrong: statistics.rate_ratio(wrong, 3),
        lambda wrong: statistics.rate_ratio(3, wrong),
        lambda wrong: statistics.rate_ratio(3, 1, wrong),
        lambda wrong: statistics.rate_ratio(3, 1, level=wrong),
        lambda wrong: statistics.quasi_rate_ratio(3, 1, wrong),
        lambda wrong: statistics.poisson_interval(wrong),
        lambda wrong: statistics.poisson_interval(3, wrong),
        lambda wrong: statistics.wilson_interval(wrong, 5),
        lambda wrong: statistics.wilson_interval(1, wrong),
        lambda wrong: statistics.largest_clear_fall(wrong),
        lambda wrong: statistics.quasi_largest_clear_fall(9, wrong),
        lambda wrong: statistics.power_of_fall(wrong, 0.5),
        lambda wrong: statistics.power_of_fall(9, wrong),
        lambda wrong: statistics.power_of_fall(9, 0.5, spread=wrong),
        lambda wrong: statistics.did_counts(1, 2, 3, wrong),
        lambda wrong: statistics.weighted_did([1], [2], [3], [4], [wrong]),
        lambda wrong: statistics.weighted_interval([1, 2], [1, wrong]),
        lambda wrong: statistics.weighted_interval([1, wrong], [1, 2]),
        lambda wrong: statistics.normal_difference(wrong, 1.0),
        lambda wrong: statistics.normal_difference(1.0, wrong),
        lambda wrong: statistics.dispersion([1, wrong], [1, 1], 1),
        lambda wrong: statistics.dispersion([1, 1], [1, wrong], 1),
        lambda wrong: statistics.adjusted([wrong]),
    ],
)
def test_what_is_no_number_is_refused_in_one_line(call, wrong):
    with pytest.raises(ValueError, match="must be a number, not") as refused:
        call(wrong)
    assert "\n" not in str(refused.value)
