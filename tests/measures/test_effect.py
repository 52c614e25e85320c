"""The effect of a measure: the comparison, the verdict, and the words they are told in."""

from datetime import date
from itertools import product
from math import exp, inf, isnan, log, nan, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from small_city import city, measure, place
from statsmodels.regression.linear_model import WLS

from analysis import barometer, statistics
from analysis.barometer import Selection, published
from analysis.comparison.usual import Usual, of_one_place
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


# Of six others, as few as there may be.
CHANGES = np.array([[10, 12], [30, 33], [20, 25], [16, 20], [40, 41], [24, 29]])
SMALL = counts(("T", [40], [20]), *((f"C{n}", [b], [a]) for n, (b, a) in enumerate(CHANGES)))


# The ratio


def test_places_that_change_alike_leave_the_ratio_of_the_sums():
    found = effect.treatment_effect(SMALL)
    before, after = CHANGES.sum(axis=0)
    assert found.ratio == pytest.approx((20 / 40) / (after / before), rel=0.01)


def test_fewer_than_six_others_say_nothing():
    found = effect.treatment_effect(SMALL[SMALL["location"] != "C5"])
    assert isnan(found.ratio)
    assert (found.low, found.high) == (0, inf)


def test_ratio_and_interval_are_those_of_the_others_own_changes():
    """By statsmodels' weighted least squares, of one season before and one after."""
    made = pd.concat([SMALL, counts(("C6", [25], [8]))])
    found = effect.treatment_effect(made)
    before, after = np.vstack([CHANGES, [25, 8]]).T.astype(float)
    common, own, chance = statistics.own_changes(before, after, np.ones(7))
    runs, levels = statistics.apart(own, chance)
    # Three tenths, as if they were four changes beside the seven.
    levels = (7 * levels + 4 * 0.3**2) / 11
    mean = WLS(own, np.ones(7), 1 / (runs * chance + levels)).fit(cov_type="fixed scale")
    error = sqrt(runs * (1 / 20 + 1 / 40) + levels + mean.cov_params()[0, 0])
    change = log(20 / 40) - log(common) - mean.params[0]
    ends = change + np.array([0, -1, 1]) * stats.t.ppf(0.975, 5) * error
    assert found[:3] == pytest.approx(np.exp(ends))


def test_incidents_in_runs_make_a_large_place_less_unsure_than_levels_that_wander():
    rng = np.random.default_rng(2)
    sizes = np.array([200, *np.linspace(4, 60, 15)])[:, None] * np.ones(4)
    many = {
        "nothing": rng.poisson(sizes),
        "runs": 3 * rng.poisson(sizes / 3),
        "levels": rng.poisson(sizes * rng.gamma(6, 1 / 6, sizes.shape)),
    }
    width = {}
    for what, drawn in many.items():
        rows = [(f"{'CT'[n == 0]}{n}", row[:2], row[2:]) for n, row in enumerate(drawn)]
        found = effect.treatment_effect(counts(*rows))
        width[what] = log(found.high / found.low)
    assert width["nothing"] < width["runs"] < 0.8 * width["levels"]


def test_the_treated_places_own_seasons_say_how_it_varies_but_not_the_change_itself():
    drawn = np.random.default_rng(1).poisson(30, (8, 4))
    others = [(f"C{n}", row[:2], row[2:]) for n, row in enumerate(drawn)]
    calm, halved, wild = (
        effect.treatment_effect(counts(("T", *seasons), *others))
        for seasons in (([90, 90], [90, 90]), ([90, 90], [45, 45]), ([40, 140], [140, 40]))
    )
    width = [log(one.high / one.low) for one in (calm, halved, wild)]
    assert width[1] == pytest.approx(width[0], rel=0.15)
    assert width[2] > 1.5 * width[0]


def test_an_exposure_twice_as_long_halves_the_rate():
    longer = SMALL.assign(exposure=1.0 + (SMALL["treated"] & SMALL["after"]))
    assert effect.treatment_effect(longer).ratio == pytest.approx(
        effect.treatment_effect(SMALL).ratio / 2
    )


def test_others_that_were_open_half_as_long_are_not_taken_for_calmer():
    made = counts(("T", [40], [40]), *((f"C{n}", [30 + n], [15 + n // 2]) for n in range(8)))
    times = np.where(made["after"] & ~made["treated"], 50.0, 100.0)
    assert effect.treatment_effect(made.assign(exposure=times)).ratio == pytest.approx(1, abs=0.02)
    assert effect.treatment_effect(made).ratio == pytest.approx(2, abs=0.04)


def test_a_place_that_was_not_open_before_is_no_comparison():
    made = counts(("T", [40], [20]), *((f"C{n}", [30], [30]) for n in range(6)), ("N", [0], [90]))
    times = np.where((made["location"] == "N") & ~made["after"], 0.0, 1.0)
    without = effect.treatment_effect(made[made["location"] != "N"])
    assert effect.treatment_effect(made.assign(exposure=times)) == pytest.approx(without)


def test_others_that_go_their_own_ways_widen_the_interval():
    changes = ([12, 30], [60, 25], [25, 40], [16, 40], [40, 18], [24, 12])
    wild = counts(("T", [40], [20]), *((f"C{n}", [b], [a]) for n, (b, a) in enumerate(changes)))
    tame, found = effect.treatment_effect(SMALL), effect.treatment_effect(wild)
    assert log(found.high / found.low) > 1.5 * log(tame.high / tame.low)


def test_several_places_together_are_surer_than_one_among_others_that_go_their_own_ways():
    sizes = [10 * 2**n for n in range(6)]
    others = [(f"C{n}{k}", [size], [size * k]) for n, size in enumerate(sizes) for k in (0.5, 2)]
    one = effect.treatment_effect(counts(("T", [80], [80]), *others))
    two = effect.treatment_effect(counts(("T1", [40], [40]), ("T2", [40], [40]), *others))
    assert two.ratio == pytest.approx(one.ratio)
    assert log(two.high / two.low) < 0.9 * log(one.high / one.low)


@pytest.mark.parametrize(
    ("before", "after", "ratio"), [([0], [5], inf), ([5], [0], 0), ([5, 3], [0], 0)]
)
def test_no_incidents_on_one_side_is_answered(before, after, ratio):
    others = ((f"C{n}", [10 + n] * len(before), [10 + n]) for n in range(8))
    found = effect.treatment_effect(counts(("T", before, after), *others))
    assert found.ratio == ratio
    assert (found.low, found.high)[ratio == inf] == ratio
    assert 0 < (found.high, found.low)[ratio == inf] < inf


@pytest.mark.parametrize(
    "wrong",
    [
        lambda counts: counts.drop(columns="season"),
        lambda counts: counts.assign(
            incidents=counts["incidents"].astype(float).where(counts.index > 0)
        ),
        lambda counts: counts.assign(incidents=-counts["incidents"]),
    ],
)
def test_what_cannot_be_is_an_error(wrong):
    counts = pd.DataFrame(
        {
            "location": ["a", "a", "b", "b"],
            "season": ["1", "2", "1", "2"],
            "incidents": [5, 4, 3, 2],
            "treated": [True, True, False, False],
            "after": [False, True, False, True],
        }
    )
    with pytest.raises(ValueError, match=r"counts lack season|numbers of 0 or more"):
        effect.treatment_effect(wrong(counts))


def test_nothing_to_compare_with_is_unknown():
    others = [(name, [9], [9]) for name in "ABC"]
    for rows in (
        [("T", [5], [3])],
        [("T", [5], [3]), *others[:2], ("D", [0], [0])],
        [("T", [5], [3]), *((name, [9], [0]) for name in "ABC")],
        [("T", [0], [0]), *others],
        [(name, [9], [9]) for name in "ABCD"],
    ):
        unknown = pytest.approx(nan, nan_ok=True), 0, inf, 1
        assert effect.treatment_effect(counts(*rows)) == unknown
        assert effect.as_large(counts(*rows)) == 0
    before = counts(("T", [5], []), *((name, [9], []) for name in "ABC"))
    assert isnan(effect.treatment_effect(before).ratio)


def test_those_that_changed_as_much_the_same_way_are_counted_by_their_own_errors():
    others = [("A", [100], [40]), ("B", [100], [250]), *((f"C{n}", [90], [90]) for n in range(6))]
    fell, rose = (counts(("T", [100], [after]), *others) for after in (60, 150))
    assert effect.as_large(fell) == effect.as_large(rose) == 1
    # As large a share, but of a place so small that chance gives it.
    assert effect.as_large(counts(("T", [100], [60]), ("S", [3], [1]), *others[2:])) == 0


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
    alone = one.counts[one.counts["treated"]].groupby("period")["incidents"].sum()
    expected = statistics.rate_ratio(int(alone[AFTER]), int(alone[BEFORE]), 2.0, 1.0)
    assert one.alone.ratio == rounded(expected).ratio


def test_both_together_are_held_against_those_that_are_like_either(con):
    one = case_at(con, Selection("2025/26", location=BLAAGAARDEN))
    known = tables.estimates(one).set_index("name")["value"]
    assert known["Stedet og de øvrige lokationer i alt mod sammenlignelige"] == one.together.ratio
    ends = sorted((one.compared.ratio, one.neighbours.ratio))
    assert ends[0] < one.together.ratio < ends[1]
    assert one.together.high / one.together.low < one.compared.high / one.compared.low


def test_the_page_of_methods_says_how_many_changed_as_much_without_a_measure(con):
    one = case_at(con, Selection("2025/26", location=BLAAGAARDEN))
    told = measures_words.as_others(one)
    assert f"Af {one.design.controls} sammenlignelige" in told
    assert f"ændrede {one.design.as_large} sig" in told
    assert measures_words.as_others(None) == ""


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
    assert one.compared.ratio < 1
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
    others = [f"C{n}" for n in range(6)]
    places = [place("T"), *(place(name, "Vanløse") for name in others), place("N")]
    happened = []
    for season, many in (("2021", 8), ("2022", 8), ("2023", 4)):
        happened += [("T", f"{season}-11-{1 + n:02} 12:00") for n in range(many)]
        for other in (*others, "N"):
            happened += [(other, f"{season}-11-{1 + n:02} 12:00") for n in range(6)]
    con = city(
        {"location": places, "measure": [measure("T", "Indsats", "2023-10-01")]},
        happened,
        ("2021-10-01", "2024-03-31"),
    )
    one = case_at(con, Selection("2023/24", location="T"), "Indsats")
    assert one.compared.ratio == pytest.approx(0.5)
    assert one.neighbours.ratio == pytest.approx(1)
    assert one.together.ratio == pytest.approx((10 / 28) / 0.5, rel=0.05)
    assert one.design == Design(2, 1, 6, was_worst=True)


def test_a_place_alone_is_judged_by_what_seasons_of_a_place_usually_change_by(con):
    one = case_at(con, Selection("2025/26", location=BLAAGAARDEN), "Socialfaglig indsats")
    usually = of_one_place(con, one.selection.in_season("2023/24"), one.selection)
    assert usually.runs > 1
    assert one.alone == rounded(usually.rate_ratio(68, 250, 1, 3))
    mine, rest = effect.treated_and_peers(one.peers)
    assert (mine["value"], mine["low"], mine["high"]) == one.alone[:3]
    ends = rest.iloc[0]
    found = usually.rate_ratio(round(ends["after"]), round(3 * ends["before"]), 1, 3)
    assert tuple(ends[["value", "low", "high"]]) == rounded(found)[:3]


def test_of_a_place_alone_what_is_still_to_come_of_the_last_period_is_counted():
    made = counts(("T", [40], [20, 10]), ("A", [40], [40, 20]))
    late = effect.peers(made, Usual(0.0, inf, reported=0.5))
    assert list(late["value"]) == pytest.approx([1, 0.5])
    once = effect.peers(made[made["season"] != "after 0"], Usual(0.0, inf, reported=0.5))
    assert list(once["value"]) == pytest.approx([1, 0.5])


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
    other = effect.longest(effects, "Findes ikke")
    assert other.case.location == VESTERBRO
    assert "ikke tiltaget »Findes ikke«" in measures_words.heading(other, "Findes ikke")
    assert measures_words.heading(other, other.case.kind.upper()) == measures_words.heading(other)
    assert effect.longest([]) is None


def test_without_a_case_every_table_and_sentence_says_so():
    for df in (
        tables.estimates(None),
        tables.overview_shown(tables.overview([])),
    ):
        assert list(df["name"]) == ["Ingen indsats i udvalget"]
        assert df["value"].isna().all()
    for df in (
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
    for change in ({"before": 1}, {"after": 0}, {"controls": 5}):
        assert evidence.graded(FULL._replace(**change), FALL, "vinter").level == UNJUDGED
    assert evidence.graded(FULL, UNCLEAR, "vinter").level == NONE
    assert evidence.graded(FULL, None, "vinter").level == UNJUDGED


def test_a_rise_is_not_held_back_by_what_explains_a_fall():
    risen = FULL._replace(was_worst=True, spread_out=True)
    assert evidence.graded(risen, RISE, "vinter").level == STRONG


def test_line_and_figures_never_disagree():
    designs = product((0, 1, 2, 3, 5), (0, 1, 2, 4), (0, 6, 15), (0, 2), ((), ("Lukning",)))
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
    assert f"({len(near)})" in tables.estimates(one)["name"].iloc[-2]
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


def test_of_two_measures_that_begin_on_a_day_one_may_go_on():
    day = date(2025, 1, 1)
    both = Case("Her", "Indsats", ((day, None), (day, date(2025, 2, 1))))
    assert both.role(date(2025, 4, 1), date(2025, 10, 1)) == effect.AFTER
    assert both.role(date(2024, 4, 1), date(2024, 10, 1)) == effect.BEFORE
