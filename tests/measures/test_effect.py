"""The effect of a measure: the comparison, the verdict, and the words they are told in."""

from datetime import date
from itertools import product
from math import exp, inf, isnan, log, nan, sqrt

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from small_city import city, measure, place

from analysis import barometer, statistics
from analysis.barometer import Selection, published
from analysis.core import taxonomy
from analysis.core.rounding import rounded
from analysis.core.season import Season
from analysis.measures import effect, evidence, tables, timeline
from analysis.measures import words as measures_words
from analysis.measures.effect import AFTER, BEFORE, PARTLY, Case
from analysis.measures.evidence import MODERATE, NONE, STRONG, UNJUDGED, UNSEEN, WEAK, Design
from analysis.statistics import RateRatio

BLAAGAARDEN, VESTERBRO = "Blågårdens Bibliotek", "Vesterbro Bibliotek og Kulturhus"


def counts(*rows):
    """Return `location, season, incidents, treated, after` of rows of before and after counts."""
    made = [
        (name, f"{'after' if later else 'before'} {n}", count, name.startswith("T"), later)
        for name, before, after in rows
        for later, part in ((False, before), (True, after))
        for n, count in enumerate(part)
    ]
    return pd.DataFrame(made, columns=["location", "season", "incidents", "treated", "after"])


SMALL = counts(("T", [40], [20]), ("A", [10], [12]), ("B", [30], [33]), ("C", [20], [25]))


# The regression


def test_with_one_period_on_each_side_the_ratio_is_that_of_the_sums():
    found = effect.treatment_effect(SMALL)
    assert found.ratio == pytest.approx((20 / 40) / (70 / 60))
    # The others move alike, so the Poisson error stands: the sum of the inverted sums.
    error = sqrt(1 / 20 + 1 / 40 + 1 / 70 + 1 / 60)
    assert found.low == pytest.approx(exp(log(found.ratio) - 1.959964 * error), rel=1e-5)
    assert found.high == pytest.approx(exp(log(found.ratio) + 1.959964 * error), rel=1e-5)


def test_many_periods_agree_with_a_fit_by_hand():
    """Iterated proportional fitting gives the same means as the maximum of the likelihood."""
    rng = np.random.default_rng(1)
    made = counts(
        *(
            (f"{'T' if n == 0 else 'C'}{n}", rng.poisson(20, 3), rng.poisson(20, 2))
            for n in range(6)
        )
    )
    table = made.pivot(index="location", columns="season", values="incidents")
    table = table.loc[:, sorted(table, key=lambda name: name.startswith("after"))].to_numpy(float)
    table = np.vstack([table[-1], table[:-1]])
    inside = np.zeros_like(table, bool)
    inside[0, 3:] = True
    place, season, ratio = np.ones((6, 1)), np.ones((1, 5)), 1.0
    for _ in range(2000):
        lifted = np.where(inside, ratio, 1.0)
        place = table.sum(1, keepdims=True) / (season * lifted).sum(1, keepdims=True)
        season = table.sum(0, keepdims=True) / (place * lifted).sum(0, keepdims=True)
        ratio = table[inside].sum() / (place * season * np.ones_like(table))[inside].sum()
    assert effect.treatment_effect(made).ratio == pytest.approx(ratio, rel=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_ratio_and_error_are_those_of_the_regression_with_all_effects(seed):
    """statsmodels, with a column for each place and the larger of its two errors."""
    rng = np.random.default_rng(seed)
    means = rng.gamma(2, 10, (1 + seed % 7 + 1, 1)) * rng.gamma(20, 1 / 20, (1, 5))
    drawn = rng.negative_binomial(8, 8 / (8 + means)) + 1
    made = counts(*(("TABCDEFGH"[n], row[:3], row[3:]) for n, row in enumerate(drawn)))
    made["exposure"] = rng.uniform(0.5, 2, len(made))
    exog = pd.concat(
        [
            pd.get_dummies(made["location"]),
            pd.get_dummies(made["season"]).iloc[:, 1:],
            made["treated"] & made["after"],
        ],
        axis=1,
    ).to_numpy(float)
    model = sm.GLM(made["incidents"], exog, sm.families.Poisson(), offset=np.log(made["exposure"]))
    groups = {"groups": pd.factorize(made["location"])[0]}
    fitted = model.fit(cov_type="cluster", cov_kwds=groups, tol=1e-12)
    varied = max((fitted.resid_pearson**2).sum() / (len(made) - exog.shape[1]), 1)
    error = max(
        fitted.bse.iloc[-1], sqrt(np.asarray(fitted.normalized_cov_params)[-1, -1] * varied)
    )
    found = effect.treatment_effect(made)
    assert log(found.ratio) == pytest.approx(fitted.params.iloc[-1], abs=1e-7)
    assert log(found.high / found.low) / (2 * 1.959964) == pytest.approx(error, rel=1e-5)


def test_an_exposure_twice_as_long_halves_the_rate():
    longer = SMALL.assign(exposure=1.0 + (SMALL["treated"] & SMALL["after"]))
    assert effect.treatment_effect(longer).ratio == pytest.approx(
        effect.treatment_effect(SMALL).ratio / 2
    )


def test_counts_that_vary_more_than_poisson_widen_the_interval():
    wild = counts(("T", [40], [20]), ("A", [2], [30]), ("B", [60], [25]), ("C", [5], [40]))
    tame, found = effect.treatment_effect(SMALL), effect.treatment_effect(wild)
    assert effect.dispersion(SMALL[~SMALL["treated"]]) == 1
    assert effect.dispersion(wild[~wild["treated"]]) > 5
    assert log(found.high / found.low) > 1.5 * log(tame.high / tame.low)


def test_one_treated_place_does_not_get_the_far_too_small_clustered_error():
    rng = np.random.default_rng(2)
    made = counts(
        ("T", [30, 31, 29], [15, 16]),
        *((f"C{n}", rng.poisson(30, 3), rng.poisson(30, 2)) for n in range(12)),
    )
    found = effect.treatment_effect(made)
    least = sqrt(1 / 90 + 1 / 31)
    assert log(found.high / found.low) / (2 * 1.96) >= least


def test_places_that_vary_much_make_a_steady_treated_one_uncertain_too():
    rng = np.random.default_rng(6)

    def drawn(many):
        return rng.negative_binomial(6, 6 / 36, many)

    made = counts(
        ("T", [30, 31, 29], [15, 16]), *((f"C{n}", drawn(3), drawn(2)) for n in range(20))
    )
    varied = effect.dispersion(made[~made["treated"]])
    assert varied > 3
    found = effect.treatment_effect(made)
    least = sqrt(1 / 90 + 1 / 31) * sqrt(0.9 * varied)
    assert log(found.high / found.low) / (2 * 1.96) >= least


@pytest.mark.parametrize(
    ("before", "after", "ratio"), [([0], [5], inf), ([5], [0], 0), ([5, 3], [0], 0)]
)
def test_no_incidents_on_one_side_is_answered(before, after, ratio):
    others = (("A", [10] * len(before), [10]), ("B", [20] * len(before), [20]))
    found = effect.treatment_effect(counts(("T", before, after), *others))
    assert found.ratio == ratio
    assert found.low <= ratio <= found.high
    assert (found.low > 0) == (ratio == inf) or found.low == 0
    exact = statistics.rate_ratio(sum(after), sum(before), 1, len(before))
    assert found.high == pytest.approx(exact.high)


def test_nothing_to_compare_with_is_unknown():
    for rows in (
        (("T", [5], [3]),),
        (("T", [5], [3]), ("A", [0], [0])),
        (("T", [0], [0]), ("A", [5], [5])),
    ):
        assert effect.treatment_effect(counts(*rows)) == (
            pytest.approx(nan, nan_ok=True),
            0,
            inf,
            1,
        )


def simulated(rng, *, ratio, places=15, before=3, after=2, mean=25):
    """Return counts of a city with season and place effects of its own and a known effect."""
    own = mean * np.exp(rng.normal(0, 0.4, places + 1))
    season = np.exp(rng.normal(0, 0.15, before + after))
    means = np.outer(own, season)
    means[0, before:] *= ratio
    drawn = rng.poisson(means)
    return counts(
        *(
            (f"{'T' if n == 0 else 'C'}{n:02}", row[:before], row[before:])
            for n, row in enumerate(drawn)
        )
    )


@pytest.mark.parametrize("ratio", [1.0, 0.6])
def test_in_a_simulated_city_the_known_effect_is_found(ratio):
    rng = np.random.default_rng(3)
    found = [effect.treatment_effect(simulated(rng, ratio=ratio)) for _ in range(200)]
    assert exp(np.mean([log(one.ratio) for one in found])) == pytest.approx(ratio, rel=0.05)
    assert np.mean([one.low <= ratio <= one.high for one in found]) >= 0.92


# The difference of changes


def with_roles(df):
    roles = df["location"].str[0].map({"T": "treated", "N": "neighbour"}).fillna("control")
    return df.assign(
        role=roles,
        facility="Bibliotek",
        score=df["incidents"] * 3,
        score_squares=df["incidents"] * 9,
    )


def test_one_place_against_one_is_the_weighted_displacement_difference():
    made = with_roles(counts(("T", [40], [20]), ("A", [10], [12])))
    assert effect.role_difference(made, ["treated"]) == statistics.did_counts(40, 20, 10, 12)


def test_several_periods_and_places_are_compared_by_their_means():
    made = with_roles(counts(("T", [40, 44], [20]), ("A", [10, 12], [12]), ("B", [30, 34], [35])))
    found = effect.role_difference(made, ["treated"])
    assert found.effect == pytest.approx((20 - 42) - ((12 - 11) + (35 - 32)) / 2)
    variance = 20 + 84 / 4 + (12 + 35) / 4 + (22 + 64) / 16
    assert found.high - found.effect == pytest.approx(1.959964 * sqrt(variance), rel=1e-5)


def test_severity_weights_scale_effect_and_error():
    made = with_roles(SMALL)
    plain = effect.role_difference(made, ["treated"])
    scored = effect.role_difference(made, ["treated"], "score", "score_squares")
    assert scored[:3] == pytest.approx([3 * each for each in plain[:3]])


def test_neighbours_are_held_against_places_of_their_own_kind():
    made = with_roles(
        counts(("N1", [10], [20]), ("N2", [5], [9]), ("A", [10], [12]), ("B", [8], [8]))
    )
    made["facility"] = made["location"].map(
        {"N1": "Bibliotek", "A": "Bibliotek", "N2": "Kulturhus", "B": "Kulturhus"}
    )
    assert effect.role_difference(made, ["neighbour"]).effect == pytest.approx((10 - 2) + (4 - 0))


def test_place_and_neighbours_together_have_the_sum_of_their_changes():
    """Wheeler and Ratcliffe (2018): target and displacement area, each less its own control."""
    made = with_roles(
        counts(("T", [40], [20]), ("N", [10], [20]), ("A", [30], [33]), ("B", [8], [7]))
    )
    made["facility"] = made["location"].map(
        {"T": "Bibliotek", "A": "Bibliotek", "N": "Kulturhus", "B": "Kulturhus"}
    )
    found = effect.role_difference(made, ["treated", "neighbour"])
    assert found.effect == ((20 - 40) - (33 - 30)) + ((20 - 10) - (7 - 8))
    # With controls of their own the variances add up.
    error = sqrt(20 + 40 + 33 + 30 + 20 + 10 + 7 + 8)
    assert found.high - found.effect == pytest.approx(1.959964 * error, rel=1e-5)
    scored = effect.role_difference(made, ["treated", "neighbour"], "score", "score_squares")
    assert scored[:3] == pytest.approx([3 * each for each in found[:3]])


def test_a_control_that_both_are_held_against_counts_with_both_weights():
    made = with_roles(counts(("T", [40], [20]), ("N", [10], [20]), ("A", [30], [33])))
    found = effect.role_difference(made, ["treated", "neighbour"])
    assert found.effect == (20 - 40) + (20 - 10) - 2 * (33 - 30)
    error = sqrt(20 + 40 + 20 + 10 + 4 * (33 + 30))
    assert found.high - found.effect == pytest.approx(1.959964 * error, rel=1e-5)


def test_the_total_is_the_change_of_the_place_and_of_its_neighbours(con):
    one = case_at(con, Selection("2025/26", location=BLAAGAARDEN))
    for parts, total in (
        ((one.difference, one.moved), one.total),
        ((one.scored, one.moved_scored), one.total_scored),
    ):
        assert total.effect == pytest.approx(sum(part.effect for part in parts), abs=1e-4)
        assert total.high - total.low > max(part.high - part.low for part in parts)
    table = tables.differences(one).set_index("what")["effect"]
    assert table["Hændelser på stedet og øvrige lokationer, i alt"] == one.total.effect
    assert table["Relativ score på stedet og øvrige lokationer, i alt"] == one.total_scored.effect
    assert table["Relativ score på øvrige lokationer i bydelen, i alt"] == one.moved_scored.effect


def test_no_incidents_anywhere_give_no_difference():
    assert (
        effect.role_difference(with_roles(counts(("T", [0], [0]), ("A", [0], [0]))), ["treated"])
        is None
    )


# Cases and periods


CASE = Case("Her", "Indsats", ((date(2023, 1, 1), date(2024, 12, 31)), (date(2025, 1, 1), None)))


@pytest.mark.parametrize(
    ("season", "role"),
    [("2021/22", BEFORE), ("2022/23", PARTLY), ("2023/24", AFTER), ("2025/26", AFTER)],
)
def test_a_winter_counts_where_the_measure_ran_on_all_its_days_or_on_none(season, role):
    assert CASE.role(*Season(season).interval("vinter")) == role


def test_a_measure_that_stopped_or_paused_does_not_cover_a_winter():
    paused = Case("Her", "X", ((date(2024, 10, 1), date(2024, 12, 30)), (date(2025, 1, 1), None)))
    assert paused.role(*Season("2024/25").interval("vinter")) == PARTLY
    assert CASE.role(*Season("2022/23").interval("sommer")) == AFTER
    over = Case("Her", "X", ((date(2024, 10, 1), date(2025, 3, 31)),))
    assert over.role(*Season("2024/25").interval("vinter")) == AFTER
    assert over.role(*Season("2025/26").interval("vinter")) == PARTLY


def test_an_extension_belongs_to_its_measure_and_closures_are_no_effort(con):
    found = effect.cases(timeline.measures(con, Selection("2025/26")))
    assert [(one.location, one.kind) for one in found] == [
        (BLAAGAARDEN, "Base for Tryghedsvagter"),
        (BLAAGAARDEN, "Ekstra bemanding"),
        (BLAAGAARDEN, "Socialfaglig indsats"),
        ("Nørrebro Bibliotek", "Socialfaglig indsats"),
        (VESTERBRO, "Socialfaglig indsats"),
    ]
    assert found[-1].starts == date(2023, 1, 1)
    assert len(found[-1].periods) == 2


def test_only_half_years_that_the_data_cover_count(con):
    names = [one.name for one in effect.seasons(con, Selection("2030/31"))]
    assert names == ["2021/22", "2022/23", "2023/24", "2024/25", "2025/26"]
    summers = effect.seasons(con, Selection("2025/26", "sommer"))
    assert [one.name for one in summers] == ["2021/22", "2022/23", "2023/24", "2024/25"]
    assert effect.seasons(con, Selection("2015/16")) == []


def case_at(con, selection, kind="Socialfaglig indsats"):
    (case,) = [
        one
        for one in effect.cases(timeline.measures(con, selection))
        if one.kind == kind and one.location == selection.location
    ]
    return effect.effect(con, selection, case)


def test_the_counts_are_the_barometers(con):
    selection = Selection("2024/25", location=VESTERBRO)
    one = case_at(con, selection)
    for row in one.counts[one.counts["treated"]].itertuples():
        there = Selection(row.season, location=VESTERBRO)
        assert row.incidents == barometer.incidents(con, there)
        assert row.score == barometer.score_by(con, there, "location")["relative_score"].sum()
    alone = one.counts[one.counts["treated"]].groupby("period")["incidents"].sum()
    expected = statistics.rate_ratio(int(alone[AFTER]), int(alone[BEFORE]), 2.0, 1.0)
    assert one.alone == rounded(expected)


def test_score_and_its_variance_are_sums_of_weights(con):
    df = effect.half_years(con, Selection("2024/25"), [Season("2024/25")])
    matrix = barometer.matrix(con, Selection("2024/25"), "location").set_index("name")
    for row in df.itertuples():
        if row.location in matrix.index:
            by_type = matrix.loc[row.location, list(taxonomy.WEIGHTS)]
            weights = pd.Series(taxonomy.WEIGHTS)
            assert row.score == (by_type * weights).sum()
            assert row.score_squares == (by_type * weights**2).sum()
        else:
            assert row.incidents == row.score == 0


def test_places_with_an_effort_of_their_own_are_not_compared_with(con):
    one = case_at(con, Selection("2025/26", location=BLAAGAARDEN))
    assert not set(one.counts["location"][~one.counts["treated"]]) & {
        "Nørrebro Bibliotek",
        VESTERBRO,
    }
    by_role = one.counts.drop_duplicates("location").set_index("role")
    assert set(by_role.loc[["neighbour"], "district"]) == {"Nørrebro"}
    assert "Nørrebro" not in set(by_role.loc[["control"], "district"])
    # Before the others' efforts began they are places like any other.
    early = case_at(con, Selection("2023/24", location=VESTERBRO))
    assert BLAAGAARDEN in set(early.counts["location"])


def test_other_measures_at_the_place_are_known(con):
    one = case_at(con, Selection("2025/26", location=BLAAGAARDEN))
    assert one.design.others == ("Base for Tryghedsvagter", "Ekstra bemanding")
    assert case_at(con, Selection("2024/25", location=VESTERBRO)).design.others == ()


def test_vesterbro_with_one_winter_before_is_refused_and_its_difference_marked(con):
    one = case_at(con, Selection("2024/25", location=VESTERBRO))
    assert (one.design.before, one.design.after) == (1, 2)
    assert one.evidence.level == UNJUDGED
    for told in one.evidence[1:]:
        assert "kun 1 vinterhalvår før tiltaget" in told
    assert one.compared.high < 1
    assert set(tables.estimates(one)["mark"]) == {"*"}
    assert tables.estimates(one)["unjudged"].all()
    assert "kan ikke bedømmes" in measures_words.displacement(one)
    assert list(tables.periods(one)["role"]) == [BEFORE, PARTLY, AFTER, AFTER]


def test_blaagaarden_has_only_a_baseline_in_the_winter_the_effort_began(con):
    one = case_at(con, Selection("2024/25", location=BLAAGAARDEN))
    assert (one.design.before, one.design.after) == (3, 0)
    assert one.compared is None
    assert "har endnu ikke dækket et helt vinterhalvår" in one.evidence.line
    assert tables.estimates(one)["value"].isna().all()
    assert "mangler perioder" in measures_words.starting_point(one)


def test_a_place_that_stood_worst_is_said_to_fall_of_itself(con):
    one = case_at(con, Selection("2024/25", location=VESTERBRO))
    assert effect.rank_before(one.peers) == 1
    assert "falder tallet ofte igen af sig selv" in measures_words.starting_point(one)
    low = one.peers.assign(before=one.peers["before"].where(~one.peers["treated"], 1.0))
    fine = one._replace(peers=low, design=one.design._replace(was_worst=False))
    assert "falder tallet ofte igen af sig selv" not in measures_words.starting_point(fine)
    assert f"nummer {len(low)} af {len(low)}" in measures_words.starting_point(fine)


def test_a_small_city_is_compared_as_by_hand():
    places = [place("T"), *(place(f"C{n}", "Vanløse") for n in range(3)), place("N")]
    happened = []
    for season, many in (("2021", 8), ("2022", 8), ("2023", 4)):
        happened += [("T", f"{season}-11-{1 + n:02} 12:00") for n in range(many)]
        for other in ("C0", "C1", "C2", "N"):
            happened += [(other, f"{season}-11-{1 + n:02} 12:00") for n in range(6)]
    con = city(
        {"location": places, "measure": [measure("T", "Indsats", "2023-10-01")]},
        happened,
        ("2021-10-01", "2024-03-31"),
    )
    one = case_at(con, Selection("2023/24", location="T"), "Indsats")
    assert one.compared.ratio == pytest.approx(0.5)
    assert one.neighbours.ratio == pytest.approx(1)
    assert one.difference.effect == -4
    assert one.moved.effect == pytest.approx(0)
    assert one.design == Design(2, 1, 3, was_worst=True)


def test_a_place_without_neighbours_or_others_like_it_is_refused_in_words():
    con = city(
        {"location": [place("T")], "measure": [measure("T", "Indsats", "2024-10-01")]},
        [("T", "2022-11-01 12:00"), ("T", "2024-11-01 12:00")],
        ("2021-10-01", "2025-03-31"),
    )
    one = case_at(con, Selection("2024/25", location="T"), "Indsats")
    assert one.compared is one.neighbours is None
    assert one.alone.ratio == 3
    assert "ingen lokationer at sammenligne med" in one.evidence.line
    assert "ingen sammenlignelige lokationer" in measures_words.starting_point(one)


def test_the_case_gone_through_is_the_kind_asked_for_else_the_one_that_ran_longest(con):
    selection = Selection("2025/26")
    effects = [
        effect.effect(con, selection, one)
        for one in effect.cases(timeline.measures(con, selection))
    ]
    assert effect.longest(effects).case.location == VESTERBRO
    assert effect.longest(effects, "ekstra bemanding").case.kind == "Ekstra bemanding"
    assert effect.longest(effects, "Findes ikke").case.location == VESTERBRO
    assert effect.longest([]) is None


def test_without_a_case_every_table_and_sentence_says_so():
    for df in (
        tables.estimates(None),
        tables.overview_shown(tables.overview([])),
    ):
        assert list(df["name"]) == ["Ingen indsats i udvalget"]
        assert df["value"].isna().all()
    for df in (
        tables.differences(None),
        tables.periods(None),
        tables.peers_table(None),
    ):
        assert df.empty
    assert "ingen indsats i udvalget" in measures_words.verdict_lines([])
    assert measures_words.details([])
    for told in (measures_words.displacement(None), measures_words.starting_point(None)):
        assert "ikke registreret nogen indsats" in told
        assert "mangler perioder" not in told
    assert "Ingen indsats i udvalget" in measures_words.heading(None)


# The verdict


FULL = Design(before=5, after=4, controls=15)
FALL = RateRatio(0.6, 0.45, 0.8, 0.001)
RISE = RateRatio(1.6, 1.2, 2.1, 0.001)
UNCLEAR = RateRatio(0.9, 0.7, 1.2, 0.4)


def test_a_level_asks_for_all_that_its_rule_names():
    assert evidence.graded(FULL, FALL, "vinter").level == STRONG
    for change in ({"before": 3}, {"after": 2}, {"was_worst": True}):
        assert evidence.graded(FULL._replace(**change), FALL, "vinter").level == MODERATE
    for change in (
        {"before": 2},
        {"after": 1},
        {"controls": 9},
        {"as_large": 1},
        {"others": ("Ekstra bemanding",)},
        {"spread_out": True},
    ):
        assert evidence.graded(FULL._replace(**change), FALL, "vinter").level == WEAK
    for change in ({"before": 1}, {"after": 0}, {"controls": 2}):
        assert evidence.graded(FULL._replace(**change), FALL, "vinter").level == UNJUDGED
    assert evidence.graded(FULL, UNCLEAR, "vinter").level == NONE
    assert evidence.graded(FULL, None, "vinter").level == UNJUDGED


def test_a_rise_is_not_held_back_by_what_explains_a_fall():
    risen = FULL._replace(was_worst=True, spread_out=True)
    assert evidence.graded(risen, RISE, "vinter").level == STRONG


def test_line_and_figures_never_disagree():
    designs = product((0, 1, 2, 3, 5), (0, 1, 2, 4), (0, 3, 15), (0, 2), ((), ("Lukning",)))
    ratios = (FALL, RISE, UNCLEAR, RateRatio(0.0, 0.0, 0.4, 0.01), RateRatio(inf, 1.5, inf, 0.01))
    for (before, after, controls, as_large, others), ratio, half, flag in product(
        designs, (*ratios, None), ("vinter", "sommer", None), (False, True)
    ):
        design = Design(before, after, controls, as_large, others, flag, flag)
        found = evidence.graded(design, ratio, half)
        level, short, line = found
        said = UNSEEN if level == NONE else level
        assert short.startswith(f"**{said}")
        assert short.endswith(".")
        # A sentence that a committee reads in one go, numbers and signs among the words.
        assert ". " not in (last := short.split(":** " if level != NONE else "** ")[1])
        assert len(last.split()) <= 30
        assert line.startswith(said)
        assert line.endswith(".")
        has_level = level in (WEAK, MODERATE, STRONG)
        assert ("for et fald" in line) == (has_level and ratio.high < 1)
        assert ("for en stigning" in line) == (has_level and ratio.low > 1)
        refused = bool(evidence.too_few(design, half)) or ratio is None
        assert refused == (level == UNJUDGED)
        assert bool(others) == ("hvad der eventuelt virkede" in line)
        assert "hvad der eventuelt virkede" not in short
        assert ("kan ikke siges" in short) == (level == UNJUDGED)
        assert ("for et fald" in short) == ("for et fald" in line)
        if not refused:
            assert (level == NONE) == (ratio.low <= 1 <= ratio.high)
            assert evidence.ratio_in_words(ratio.ratio) in line
            assert evidence.ratio_in_words(ratio.ratio) in short
            assert evidence.ratio_in_words(ratio.low) in line
        if level in (WEAK, MODERATE):
            assert ", men " in line
        assert not any(word in line for word in ("nan", "inf", "None", "0 vinterhalvår"))


def test_no_evidence_is_never_said_to_be_no_effect():
    for ratio in (UNCLEAR, None):
        for before in (0, 3):
            for told in evidence.graded(FULL._replace(before=before), ratio, "vinter")[1:]:
                assert "kan ikke siges" in told or UNSEEN in told


def test_the_rules_name_every_number_they_go_by():
    told = evidence.evidence_rules("vinter")
    unjudged, none, weak, moderate, strong = told.splitlines()
    assert f"færre end {evidence.LEAST_BEFORE} vinterhalvår" in unjudged
    assert f"færre end {evidence.LEAST_CONTROLS} lokationer" in unjudged
    assert "tilfældige udsving" in none
    assert WEAK in weak
    assert f"{evidence.MODERATE_BEFORE} vinterhalvår før og {evidence.MODERATE_AFTER}" in moderate
    assert f"{evidence.MODERATE_CONTROLS} lokationer" in moderate
    assert f"{evidence.STRONG_BEFORE} vinterhalvår før og {evidence.STRONG_AFTER}" in strong
    assert evidence.LEAST_AFTER == 1, "the rule says »et helt«"
    assert evidence.WORST == 0.25, "the rule says »fjerdedel«"
    assert "sæson" in evidence.evidence_rules(None)


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (0.55, "45 % lavere"),
        (1.12, "12 % højere"),
        (1, "det samme"),
        (1.004, "under 1 % højere"),
        (0.998, "under 1 % lavere"),
        (0.004, "over 99 % lavere"),
        (2.31, "2,3 gange så højt"),
        (inf, "uden øvre grænse"),
        (0, "100 % lavere"),
    ],
)
def test_a_ratio_is_told_in_words(ratio, words):
    assert evidence.ratio_in_words(ratio) == words


def test_an_interval_that_leaves_out_one_never_reads_as_the_same():
    barely = RateRatio(0.8, 0.64, 0.9996, 0.0499)
    assert "det samme" not in evidence.graded(FULL, barely, "vinter").line
    df = tables.in_words(pd.DataFrame([barely._asdict() | {"value": barely.ratio}]))
    assert df["interval"][0] == "0,64 til under 1"


def test_measures_at_one_place_at_one_time_are_said_not_to_be_told_apart(con):
    one = case_at(con, Selection("2025/26", location=BLAAGAARDEN))
    assert "base for tryghedsvagter og ekstra bemanding" in one.evidence.details
    assert "hvad der eventuelt virkede" in measures_words.details([one])
    assert "hvad der eventuelt virkede" not in measures_words.verdict_lines([one])
    alone = case_at(con, Selection("2025/26", location=VESTERBRO))
    assert "skilles ad" not in alone.evidence.details


# The neighbours


def test_the_other_places_of_the_district_are_counted_and_named(con):
    one = case_at(con, Selection("2025/26", location=BLAAGAARDEN))
    near = set(one.counts["location"][one.counts["role"] == "neighbour"])
    told = measures_words.displacement(one)
    assert f"{len(near)} øvrige lokationer i bydelen" in told
    assert all(name in told for name in near)
    assert f"({len(near)})" in tables.estimates(one)["name"].iloc[-1]
    risen = one._replace(neighbours=RateRatio(1.4, 1.1, 1.8, 0.01))
    assert "klart steget" in measures_words.displacement(risen)
    none = one._replace(counts=one.counts[one.counts["role"] != "neighbour"], neighbours=None)
    assert "ingen øvrige lokationer i bydelen" in measures_words.displacement(none)


# The document's claims


def test_the_documents_claims_are_reckoned_again(con):
    one = case_at(con, Selection("2024/25", location=VESTERBRO))
    df = effect.claims(con, published.figures(), one)
    halved = df[df["claim"].str.contains("halveres")].iloc[0]
    for column, season in (("before", "2022/23"), ("after", "2024/25")):
        assert halved[column] == barometer.incidents(con, Selection(season, location=VESTERBRO))
    assert halved["change"] == -0.5
    fall = df[df["published"] != ""].iloc[0]
    assert round(-100 * fall["change"]) == int(fall["published"])
    assert (df["low"] < df["value"]).all()
    assert (df["value"] < df["high"]).all()


def test_the_page_says_that_the_documents_first_winter_lies_across_the_start(con):
    one = case_at(con, Selection("2024/25", location=VESTERBRO))
    told = measures_words.claims_sentence(
        effect.claims(con, published.figures(), one), published.figures(), one
    )
    assert "regner fra vinterhalvåret 2022/23" in told
    assert "1. januar 2023, midt i den periode" in told
    assert "63 %" in told


def test_a_place_without_claims_says_so(con):
    one = case_at(con, Selection("2025/26", location="Nørrebro Bibliotek"))
    for case in (one, None):
        df = effect.claims(con, published.figures(), case)
        assert df.empty
        assert "siger ikke noget" in measures_words.claims_sentence(df, published.figures(), case)
        assert tables.claims_table(df).empty


def test_an_unknown_ratio_is_never_nan_in_a_table():
    df = tables.in_words(pd.DataFrame([{"value": nan, "low": 0.0, "high": inf, "mark": "*"}]))
    assert not any("nan" in str(value) for value in df[["ratio", "interval"]].iloc[0])
    assert isnan(effect.treatment_effect(counts(("T", [0], [0]), ("A", [1], [1]))).ratio)


def test_two_places_in_two_periods_leave_nothing_over_and_have_an_effect_all_the_same():
    found = effect.treatment_effect(counts(("T", [40], [20]), ("A", [30], [33])))
    assert found.ratio == pytest.approx((20 / 40) / (33 / 30))
    assert found.low < found.ratio < found.high
    assert effect.dispersion(counts(("A", [30], [33]))) == 1


def test_of_two_measures_that_begin_on_a_day_one_may_go_on():
    day = date(2025, 1, 1)
    both = Case("Her", "Indsats", ((day, None), (day, date(2025, 2, 1))))
    assert both.role(date(2025, 4, 1), date(2025, 10, 1)) == effect.AFTER
    assert both.role(date(2024, 4, 1), date(2024, 10, 1)) == effect.BEFORE
