"""The conflict ladder: shares, movement, and the sentences that tell them."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from small_city import city, place

from analysis import barometer
from analysis.barometer import Selection
from analysis.comparison.usual import Usual, by_changes
from analysis.core import taxonomy
from analysis.core.rounding import rounded
from analysis.severity import ladder, tables, words
from analysis.show import phrases
from analysis.statistics import wilson_interval
from analysis.statistics.shares import step_variance

BLAAGAARD = "Blågårdens Bibliotek"


def whole(frame, group):
    return dict(frame[frame["group"] == group].set_index("name")["incidents"])


@pytest.mark.parametrize("half", ["vinter", "sommer", None])
def test_every_seasons_types_are_those_of_the_views(con, half):
    selection = Selection("2024/25", half, location=BLAAGAARD)
    found = ladder.by_season(con, selection)
    assert selection.name in set(found["group"])
    for season in ("2021/22", "2022/23", "2023/24", "2024/25"):
        one = selection.in_season(season)
        counted = barometer.count_by(con, one, "category").set_index("name")["incidents"]
        expected = counted.reindex(taxonomy.CATEGORY_LABELS).fillna(0)
        assert whole(found, one.name) == dict(expected)


def test_a_season_that_the_data_do_not_reach_has_no_share(con):
    winters = ladder.by_season(con, Selection("2025/26", "vinter"))["group"].unique()
    summers = ladder.by_season(con, Selection("2025/26", "sommer"))["group"].unique()
    assert winters[-1] == "2025/26"
    assert summers[-1] == "sommeren 2025"


def test_every_month_is_shown_and_none_is_lost(con):
    selection = Selection("2025/26", location=BLAAGAARD)
    found = ladder.by_month(con, selection)
    assert found["group"].iloc[0] == "oktober 2025"
    assert found["group"].nunique() == len(selection.months)
    assert found["incidents"].sum() == barometer.incidents(con, selection)


@pytest.mark.parametrize(
    ("chosen", "first", "rows"),
    [({}, None, 11), ({"district": "Nørrebro"}, None, 9), ({"location": BLAAGAARD}, BLAAGAARD, 3)],
)
def test_a_place_is_shown_with_what_it_is_compared_with(con, chosen, first, rows):
    selection = Selection("2025/26", **chosen)
    found = ladder.by_place(con, selection)
    groups = list(found["group"].unique())
    assert (len(groups), groups[-1]) == (rows, "København")
    assert first is None or groups[0] == first
    total = barometer.incidents(con, Selection("2025/26"))
    assert sum(whole(found, "København").values()) == total


def test_shares_add_up_and_have_wilsons_intervals(con):
    found = ladder.type_shares(ladder.by_month(con, Selection("2025/26", location=BLAAGAARD)))
    assert found.groupby("group")["share"].sum().round(4).eq(1).all()
    row = found.iloc[0]
    assert (row["low"], row["high"]) == rounded(wilson_interval(row["incidents"], row["total"]))


def test_a_group_without_incidents_has_no_share():
    counts = pd.DataFrame({"group": ["a", "a"], "name": ["x", "y"], "incidents": [0, 0]})
    assert ladder.type_shares(counts)[["share", "low", "high"]].isna().all(axis=None)


def test_neither_vandalism_nor_andet_stands_on_the_ladder(con):
    selection = Selection("2025/26")
    on_ladder = sum(ladder.steps(con, selection)[None])
    types = barometer.count_by(con, selection, "category").set_index("name")["incidents"]
    other = barometer.count_by(con, selection, "subcategory").set_index("name")["incidents"]
    off = types[taxonomy.VANDALISM] + other[taxonomy.OTHER]
    assert on_ladder == types.sum() - off


CASES = [
    (before, after)
    for before, after in itertools.product(
        [
            (0, 0, 0, 0),
            (10, 0, 0, 0),
            (60, 9, 3, 0),
            (5, 20, 30, 20),
            (200, 20, 5, 1),
            (0, 0, 0, 4),
        ],
        repeat=2,
    )
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_the_sentence_says_what_its_figures_say(before, after):
    moved = ladder.movement(before, after)
    told = words.ladder_headline(moved, Selection("2024/25"), Selection("2025/26")).data
    seasons = Selection("2024/25"), Selection("2025/26")
    rests_on = words.ladder_change(moved, *seasons).data
    verdict = ladder.verdict(moved)
    lead = told.split("**")[1]
    if not sum(before) or not sum(after):
        assert verdict == ladder.UNKNOWN
        assert "kan ikke beregnes" in lead
        for season, counts in (("2024/25", before), ("2025/26", after)):
            assert (season in told) == (not sum(counts))
        assert not rests_on
        return
    assert (verdict == ladder.UNCLEAR) == ("hverken blevet klart" in lead)
    assert (verdict == ladder.UP) == ("er blevet mere alvorlige" in lead)
    assert (verdict == ladder.DOWN) == ("er blevet mindre alvorlige" in lead)
    assert (verdict != ladder.UNCLEAR) == ("større, end tilfældige udsving" in rests_on)
    assert len(told.split(". ")[1].split()) <= 25
    if verdict == ladder.UP:
        assert moved.mean_after > moved.mean_before
        assert moved.p_value < 0.05
    if verdict == ladder.DOWN:
        assert moved.mean_after < moved.mean_before
        assert moved.p_value < 0.05
    assert f"{sum(after[1:])} af {sum(after)} hændelse" in rests_on
    assert f"{sum(before[1:])} af {sum(before)} hændelse" in rests_on
    for counts in (after, before):
        share = phrases.percent(sum(counts[1:]), sum(counts))
        assert share.replace("%", "pct.") in told.replace("\u00a0", " ")


def test_up_down_and_unclear_all_occur():
    verdicts = {ladder.verdict(ladder.movement(*case)) for case in CASES}
    assert verdicts == {ladder.UP, ladder.DOWN, ladder.UNCLEAR, ladder.UNKNOWN}


def test_one_type_alone_has_no_movement(con):
    selection = Selection("2025/26", category=taxonomy.THREATS)
    moved = ladder.moved(con, Selection("2024/25", category=taxonomy.THREATS), selection)
    told = words.ladder_headline(moved, selection, selection).data
    assert "kun Trusler" in told
    assert not words.ladder_change(moved, selection, selection).data
    assert "kan ikke beregnes" in told


def test_places_are_judged_with_regard_to_how_many_they_are(con):
    seasons = Selection("2024/25", district="Nørrebro"), Selection("2025/26", district="Nørrebro")
    found = ladder.moved_by(con, *seasons, "location")
    alone = [
        ladder.moved(con, *(Selection(s, location=name) for s in ("2024/25", "2025/26"))).p_value
        for name in found["name"]
    ]
    told = [float(p.replace(",", ".")) for p in found["p_value"]]
    assert all(many >= one - 0.0006 for many, one in zip(told, alone, strict=True))
    assert told != [round(p, 3) for p in alone]


def test_a_selection_without_incidents_gives_well_formed_frames(con):
    nothing = Selection("1999/00")
    moved = ladder.moved(con, Selection("1998/99"), nothing)
    assert ladder.moved_by(con, nothing, nothing, "district").empty
    assert ladder.by_place(con, nothing).empty
    assert not ladder.type_shares(ladder.by_month(con, nothing))["share"].notna().any()
    assert tables.ladder_table(moved, "a", "b")["a"].sum() == 0


def test_a_location_in_no_district_is_shown_beside_those_without_one():
    con = city({"location": [place("A", None), place("B", "Valby")]}, [("A", "2025-11-01")] * 3)
    found = ladder.by_place(con, Selection("2025/26", location="A"))
    assert list(dict.fromkeys(found["group"])) == ["A", "Ikke angivet", "København"]


def test_a_location_named_as_its_district_stands_apart_from_it():
    places = [place("Valby", "Valby"), place("B", "Valby")]
    con = city({"location": places}, [("Valby", "2025-11-01"), ("B", "2025-11-02")])
    found = ladder.by_place(con, Selection("2025/26", location="Valby"))
    counted = found.groupby("group", sort=False)["incidents"].sum()
    assert counted.to_dict() == {"Valby (lokation)": 1, "Valby (bydel)": 2, "København": 2}


def in_runs(rng, shares, size):
    """Steps of incidents that come in runs of three of the same one."""
    return tuple(3 * rng.multinomial(size // 3, shares))


def test_steps_that_come_in_runs_are_not_taken_for_a_change():
    """A city of 30 places, five seasons: the last change of the city, of which nothing lasts."""
    shares = np.array([0.75, 0.12, 0.08, 0.05])
    alone = judged = seen = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        seasons = [[in_runs(rng, shares, 30) for _ in range(30)] for _ in range(5)]
        sums = [tuple(map(sum, zip(*one, strict=True))) for one in seasons]
        rows = []
        for n in range(3):
            means = [np.array(each) @ [1, 2, 3, 4] / np.sum(each, axis=-1) for each in seasons]
            common = sums[n + 1] @ np.arange(1, 5) / sum(sums[n + 1])
            common -= sums[n] @ np.arange(1, 5) / sum(sums[n])
            of_all = common, step_variance(sums[n + 1], sums[n])
            for n_place in range(30):
                chance = step_variance(seasons[n + 1][n_place], seasons[n][n_place])
                change = means[n + 1][n_place] - means[n][n_place] - common
                rows.append((change, max(chance, 1e-6), *of_all, n))
        columns = ["own", "chance", "common", "common_chance", "season"]
        usual = by_changes(pd.DataFrame(rows, columns=columns), 1 / 30, 0.05**2)
        worse = in_runs(rng, np.array([0.55, 0.2, 0.15, 0.1]), 900)
        alone += ladder.verdict(ladder.movement(*sums[-2:])) != ladder.UNCLEAR
        judged += ladder.verdict(ladder.movement(*sums[-2:], usual)) != ladder.UNCLEAR
        seen += ladder.verdict(ladder.movement(sums[-2], worse, usual)) == ladder.UP
    assert alone > 9
    assert judged <= 4
    assert seen > 54


def test_what_is_usual_widens_what_is_told_of_steps():
    before, after = (30, 10, 6, 4), (20, 14, 9, 7)
    plain = ladder.movement(before, after)
    wide = ladder.movement(before, after, Usual(0.02, 8.0))
    assert plain.p_value < wide.p_value < 1
    assert wide.low < plain.low < plain.high < wide.high
    assert ladder.movement(before, after, Usual(0.0, 8.0)) == plain
    assert math.isnan(ladder.movement((0, 0, 0, 0), after, Usual(0.02, 8.0)).p_value)


def test_the_change_that_is_judged_is_none_of_the_earlier_ones(con):
    seasons = Selection("2024/25"), Selection("2025/26")
    found = ladder.step_changes(con, *seasons)
    assert set(found["season"]) == {"2022/23", "2023/24", "2024/25"}
    assert (found["chance"] > 0).all()
    first, last = (ladder.steps(con, Selection(one)) for one in ("2021/22", "2022/23"))
    change = ladder.movement(first[None], last[None])
    common = found.loc[found["season"] == "2022/23", "common"].iloc[0]
    assert common == pytest.approx(change.mean_after - change.mean_before, abs=1e-4)
