"""Rates drawn towards their groups: against a direct computation and places with known rates."""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize

from analysis.statistics.pooling import (
    GROUP_SPREAD,
    LEVEL_SPREAD,
    SHAPE_SPREAD,
    Posterior,
    shrink,
    shrink_shares,
)

COUNTS = [0, 3, 12, 1, 40, 7, 2]
EXPOSURES = [50, 100, 120, 10, 200, 150, 0.5]
KINDS = ["hal", "hal", "bib", "bib", "bib", None, "hal"]
AREAS = ["n", "s", "n", "s", "n", "n", "s"]


def prior_of(found: Posterior, counts, exposures):
    """The gamma distribution before the place's own counts: its shape and its mean."""
    shape = found.shape - counts
    return shape, shape / (found.rate - exposures)


@pytest.mark.parametrize("groups", [(), (KINDS,), (KINDS, AREAS)])
def test_it_is_the_penalised_negative_binomial_fitted_directly(groups):
    counts, exposures = np.array(COUNTS), np.array(EXPOSURES)
    labels = [(group, label) for group in groups for label in sorted({*group} - {None})]
    members = np.array([[group[n] == label for group, label in labels] for n in range(len(counts))])
    pooled = np.log((counts.sum() + 0.5) / exposures.sum())

    def direct(values):
        level, log_shape, effects = values[0], values[1], values[2:]
        means, shape = np.exp(level + members @ effects) * exposures, np.exp(log_shape)
        fitted = stats.nbinom.logpmf(counts, shape, shape / (shape + means)).sum()
        fitted += stats.norm.logpdf(effects, 0, GROUP_SPREAD).sum()
        fitted += stats.norm.logpdf(level, pooled, LEVEL_SPREAD)
        return -fitted - stats.norm.logpdf(log_shape, 0, SHAPE_SPREAD)

    best = minimize(direct, [pooled, 0, *[0] * len(labels)], options={"gtol": 1e-6}).x
    shapes, means = prior_of(shrink(counts, exposures, *groups), counts, exposures)
    assert means == pytest.approx(np.exp(best[0] + members @ best[2:]), rel=1e-3)
    assert shapes == pytest.approx(np.exp(best[1]), rel=1e-3)


def test_a_place_keeps_its_own_rate_where_much_is_known_and_its_groups_where_little_is():
    counts = np.array([100, 90, 110, 100, 0, 400])
    exposures = np.array([100, 100, 100, 100, 0, 100])
    found = shrink(counts, exposures)
    assert found.mean[5] == pytest.approx(4, rel=0.05)
    _, means = prior_of(found, counts, exposures)
    assert found.mean[4] == pytest.approx(means[4])
    # The same rate from a hundredth of the exposure says less.
    little = shrink(
        np.append(counts, 4),
        np.append(exposures, 1),
    ).mean
    assert means[0] < little[6] < little[5]


def test_a_place_without_data_is_drawn_to_its_own_groups():
    rng = np.random.default_rng(1)
    kinds = ["rolig"] * 20 + ["urolig"] * 20 + ["rolig", "urolig", None]
    true = np.where(np.array(kinds[:40]) == "urolig", 5.0, 1.0)
    counts = np.append(rng.poisson(true * 50), [0, 0, 0])
    exposures = np.append(np.full(40, 50), [0, 0, 0])
    quiet, busy, unknown = shrink(counts, exposures, kinds).mean[-3:]
    assert quiet == pytest.approx(1, rel=0.3)
    assert busy == pytest.approx(5, rel=0.3)
    assert quiet < unknown < busy


def test_places_that_are_alike_are_taken_for_alike():
    found = shrink(np.full(30, 10), np.full(30, 100))
    assert found.shape[0] - 10 > 10
    assert found.mean == pytest.approx(0.1, rel=0.01)


def test_it_is_nearer_the_truth_than_the_places_own_rates_and_its_intervals_hold_it():
    rng = np.random.default_rng(20)
    kinds = np.array(["a", "b", "c"] * 20)
    own, drawn, held = [], [], []
    for _ in range(30):
        level = np.select([kinds == "a", kinds == "b"], [0.01, 0.02], 0.05)
        true = rng.gamma(1.5, level / 1.5)
        exposures = rng.uniform(20, 200, 60)
        counts = rng.poisson(true * exposures)
        found = shrink(counts, exposures, kinds)
        own.append(np.mean((counts / exposures - true) ** 2))
        drawn.append(np.mean((found.mean - true) ** 2))
        low, high = (stats.gamma.ppf(p, found.shape, scale=1 / found.rate) for p in (0.05, 0.95))
        held.append(np.mean((low <= true) & (true <= high)))
    assert np.mean(drawn) < 0.8 * np.mean(own)
    assert 0.85 < np.mean(held) < 0.92


def test_counts_may_be_fractions_and_a_city_without_any_has_a_rate():
    assert shrink([0.5, 1.25], [10, 20.5]).mean.min() > 0
    nothing = shrink([0, 0, 0], [10, 20, 0], ["a", "b", "b"]).mean
    assert 0 < nothing.max() < 0.5 / 10


@pytest.mark.parametrize(
    ("counts", "exposures", "groups"),
    [
        ([1, 2], [1], ()),
        ([[1]], [[1]], ()),
        ([-1, 2], [1, 1], ()),
        ([1, 2], [1, float("nan")], ()),
        ([1, 2], [0, 1], ()),
        ([0, 0], [0, 0], ()),
        ([1, 2], [1, 1], (["a"],)),
    ],
)
def test_what_cannot_be_is_refused(counts, exposures, groups):
    with pytest.raises(ValueError, match=r"must|can have|no place"):
        shrink(counts, exposures, *groups)


# Shares


def test_shares_are_drawn_to_the_groups_and_the_groups_to_all():
    rng = np.random.default_rng(3)
    groups = ["a"] * 15 + ["b"] * 15 + ["a", "b", None]
    mixes = {"a": [0.8, 0.1, 0.1], "b": [0.3, 0.5, 0.2]}
    counts = [rng.multinomial(40, mixes[group]) for group in groups[:30]]
    counts = np.array([*counts, [0, 0, 0], [0, 0, 0], [0, 0, 0]])
    found = shrink_shares(counts, groups)
    shares = found / found.sum(axis=1, keepdims=True)
    assert shares[30] == pytest.approx(mixes["a"], abs=0.07)
    assert shares[31] == pytest.approx(mixes["b"], abs=0.07)
    assert shares[30][0] > shares[32][0] > shares[31][0]
    # What was counted is added whole to what was known before.
    assert (found[0] - counts[0]).sum() == pytest.approx(found[30].sum())


def test_places_that_differ_keep_more_of_their_own_than_places_that_are_alike():
    alike = np.array([[30, 10]] * 20)
    apart = np.array([[39, 1], [21, 19]] * 10)
    strength = [shrink_shares(each, ["a"] * 20)[0].sum() - 40 for each in (alike, apart)]
    assert strength[0] > 10 * strength[1]


def test_a_type_without_a_count_is_not_impossible_and_nonsense_is_refused():
    assert (shrink_shares([[5, 0], [3, 0]], ["a", "b"]) > 0).all()
    assert (shrink_shares([[0, 0], [0, 0]], ["a", "b"]) > 0).all()
    for counts in ([1, 2], [[-1, 2]], [[float("nan"), 1]]):
        with pytest.raises(ValueError, match="counts must"):
            shrink_shares(counts, ["a"])
