"""Two periods side by side: what is counted, and how sure the change is."""

from math import inf, isnan

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook
from scipy.stats import false_discovery_control
from small_city import city, place

from analysis import barometer, statistics
from analysis.comparison import changes as comparison_changes
from analysis.comparison import exposure, tables
from analysis.comparison.exposure import NONE, Basis
from analysis.comparison.usual import ONLY_CHANCE, Usual
from analysis.core import danish, known, taxonomy
from analysis.core.headings import BLANK, TOTAL
from analysis.core.rounding import rounded
from analysis.core.season import Season
from analysis.core.selection import Selection, SelectionError
from analysis.show import charts, sheets
from analysis.show.phrases import crossed
from analysis.show.tables import table

BEFORE, AFTER = Season("2024/25"), Season("2025/26")
BLAAGAARD = [Selection(season, location="Blågårdens Bibliotek") for season in (BEFORE, AFTER)]
ALONE = Basis(NONE, (1.0,) * 6, (1.0,) * 6)
COLUMNS = [
    *("is_after", "month", "location", "category", "demography", "self_service"),
    *("on_unclear_day", "incidents"),
]
# Levels that usually change by 10 per cent up or down, two times of three.
TENTH = Usual(0.01, 8.0)


def made_up(*rows):
    """Return incidents of which each row says `is_after, category, incidents`."""
    return pd.DataFrame(
        [
            (late, "oktober", "A", category, BLANK, False, False, count)
            for late, category, count in rows
        ],
        columns=COLUMNS,
    )


def test_months_of_two_seasons_stand_side_by_side(con):
    chosen = Selection(AFTER, location="Blågårdens Bibliotek")
    counts = barometer.compare_seasons(con, chosen, [BEFORE, AFTER])
    wide = comparison_changes.by_month(counts, [chosen.in_season(BEFORE), chosen])
    assert list(wide["month"]) == ["oktober", "november", "december", "januar", "februar", "marts"]
    totals = [
        barometer.incidents(con, Selection(s, location=chosen.location)) for s in (BEFORE, AFTER)
    ]
    assert wide[[BEFORE.name, AFTER.name]].sum().tolist() == totals


def test_a_season_is_not_compared_with_itself():
    chosen = Selection(AFTER)
    assert comparison_changes.against(chosen, None).season == BEFORE
    assert comparison_changes.against(chosen, "2022-23").season == Season("2022/23")
    with pytest.raises(SelectionError, match="vælg en anden"):
        comparison_changes.against(chosen, "vinteren 2025/26")


@pytest.mark.parametrize("half", ["vinter", "sommer", None])
def test_every_group_of_the_changes_adds_up_to_the_incidents(con, half):
    periods = [Selection(season, half, district="Nørrebro") for season in ("2023/24", "2024/25")]
    counted = comparison_changes.incidents(con, *periods)
    length = (1.0,) * len(periods[0].months)
    changes = comparison_changes.changes(counted, periods[1], Basis(NONE, length, length))
    totals = [barometer.incidents(con, one) for one in periods]
    assert changes.loc[0, "name"] == TOTAL
    for _, rows in changes.groupby("group"):
        assert rows[["before", "after"]].sum().tolist() == totals
    months = changes[changes["group"] == "month"]
    assert list(months["name"]) == [danish.MONTHS[day.month - 1] for day in periods[1].months]
    types = changes[changes["group"] == "category"].set_index("name")
    assert list(types.index) == list(taxonomy.WITH_OTHER)
    split = barometer.compare_seasons(con, periods[1], ["2023/24", "2024/25"])
    expected = split.groupby(["season", "name"])["incidents"].sum()
    assert types["before"].to_dict() == expected["2023/24"].to_dict()
    assert types["after"].to_dict() == expected["2024/25"].to_dict()


def test_every_row_has_the_figures_of_the_statistics(con):
    changes = comparison_changes.changes(
        comparison_changes.incidents(con, *BLAAGAARD), BLAAGAARD[1], ALONE
    )
    total = changes.iloc[0]
    assert (total["before"], total["after"], total["change"]) == (87, 68, -19)
    for _, row in changes.iterrows():
        ends = row["after"], row["before"]
        expected = rounded(statistics.rate_ratio(*ends))
        np.testing.assert_array_equal(
            row[["ratio", "low", "high", "p_value"]].astype(float), expected
        )
        fall = statistics.largest_clear_fall(row["before"])
        assert (None if pd.isna(row["clear_fall"]) else row["clear_fall"]) == fall
        for percent in (25, 50):
            chance = rounded(statistics.power_of_fall(row["before"], percent / 100))
            assert row[f"seen_{percent}"] == chance or (
                isnan(row[f"seen_{percent}"]) and not row["before"]
            )
    assert total["clear_fall"] == 62


def test_months_are_held_against_their_own_months():
    counted = made_up((False, "Trusler", 8), (True, "Trusler", 8))
    basis = ALONE._replace(before=(2.0, 1, 1, 1, 1, 1), after=(1.0, 1, 1, 1, 1, 1))
    changes = comparison_changes.changes(counted, Selection(AFTER), basis).set_index("name")
    assert changes.loc["oktober", "ratio"] == pytest.approx(2)
    assert changes.loc[TOTAL, "ratio"] == changes.loc["Trusler", "ratio"] == rounded(7 / 6)
    closed = basis._replace(before=(0.0, 1, 1, 1, 1, 1))
    changes = comparison_changes.changes(counted, Selection(AFTER), closed).set_index("name")
    assert isnan(changes.loc["oktober", "ratio"])
    assert changes.loc["oktober", "before"] == 8


def test_rows_with_incidents_are_adjusted_together_and_the_total_is_none_of_them(con):
    counted = comparison_changes.incidents(con, *BLAAGAARD)
    changes = comparison_changes.changes(counted, BLAAGAARD[1], ALONE)
    some = (changes["group"] != "") & (changes["before"] + changes["after"] > 0)
    assert 0 < some.sum() < len(changes) - 1
    expected = false_discovery_control(changes["p_value"][some])
    # What is held was rounded to six digits.
    assert changes["adjusted"][some].tolist() == pytest.approx(expected.tolist(), rel=1e-5)
    assert changes["adjusted"][~some].isna().all()


def test_a_change_from_nothing_has_no_share():
    counted = made_up((True, "Trusler", 5))
    changes = comparison_changes.changes(counted, Selection(AFTER), ALONE).set_index("name")
    assert changes.loc[TOTAL, ["before", "after", "change"]].tolist() == [0, 5, 5]
    assert isnan(changes.loc[TOTAL, "share"])
    assert changes.loc[TOTAL, "ratio"] == inf


def test_without_exposure_the_counts_stand_and_no_rate_does():
    counted = made_up((False, "Trusler", 8), (True, "Trusler", 4))
    missing = Basis(exposure.ASSUMPTIONS[1], reason="besøgstal mangler")
    changes = comparison_changes.changes(counted, Selection(AFTER), missing)
    assert changes[["before", "after"]].iloc[0].tolist() == [8, 4]
    gone = ["ratio", "low", "high", "p_value", "adjusted", "clear_fall", "seen_25", "seen_50"]
    assert changes[gone].isna().all(axis=None)
    answers = comparison_changes.answers(counted, [ALONE, missing])
    assert answers.loc[0, ["before", "after"]].tolist() == [8, 4]
    assert answers.loc[1, ["before", "after", "ratio", "low", "p_value"]].isna().all()
    assert answers.loc[1, "reason"] == "besøgstal mangler"


def test_an_answer_is_held_against_its_exposure_and_what_is_usual():
    counted = made_up((False, "Trusler", 87), (True, "Trusler", 68))
    visits = exposure.ASSUMPTIONS[1]
    held = Basis(visits, (100.0,) * 6, (110.0,) * 6, frozenset("A"), assumed=(True,) * 6)
    for usual in (ONLY_CHANCE, TENTH):
        answer = comparison_changes.answers(counted, [ALONE, held], usual).iloc[1]
        rates = rounded(usual.rate_ratio(68, 87, 660, 600))
        assert tuple(answer[["ratio", "low", "high", "p_value"]]) == rates
        plain = rounded(usual.rate_ratio(68, 87))[1:3]
        assert tuple(answer[["plain_low", "plain_high"]]) == plain
        assert answer["mark"] == "*"


def test_what_is_usual_goes_into_every_row():
    counted = made_up((False, "Trusler", 60), (True, "Trusler", 30), (True, "Hærværk", 9))
    wide = comparison_changes.changes(counted, Selection(AFTER), ALONE, TENTH)
    row = wide.set_index("name").loc["Trusler"]
    expected = rounded(TENTH.rate_ratio(30, 60))
    assert tuple(row[["ratio", "low", "high", "p_value"]]) == expected
    assert row["clear_fall"] == TENTH.largest_clear_fall(60)
    assert row["seen_50"] == rounded(TENTH.power_of_fall(60, 0.5))
    some = wide["adjusted"].notna()
    assert wide["adjusted"][some].tolist() == pytest.approx(
        false_discovery_control(wide["p_value"][some]).tolist(), rel=1e-5
    )


def test_a_month_is_marked_only_where_it_is_assumed():
    counted = made_up((False, "Trusler", 8), (True, "Trusler", 8))
    counted = pd.concat([counted, counted.assign(month="november")])
    visits = exposure.ASSUMPTIONS[1]
    some = (False, True, False, False, False, False)
    held = Basis(visits, (9.0,) * 6, (8.0,) * 6, frozenset("A"), assumed=some)
    marks = comparison_changes.changes(counted, Selection(AFTER), held).set_index("name")["mark"]
    assert marks[["oktober", "november"]].tolist() == ["", "*"]
    assert marks[[TOTAL, "Trusler"]].tolist() == ["*", "*"]


GAP = [("A", f"2023-{month}-{day:02} 12:00") for month in (11, 12) for day in range(1, 29)]
GAP += [("A", f"2024-{month:02}-{day:02} 12:00") for month in range(1, 13) for day in range(1, 29)]


def test_seasons_stand_beside_the_two_compared(con):
    chosen = Selection(AFTER, location="Blågårdens Bibliotek")
    compared = comparison_changes.against(chosen, "2023/24")

    def beside(asked):
        found = comparison_changes.beside(con, compared, chosen, asked)
        return [one.season.name for one in found]

    assert beside(None) == ["2023/24", "2025/26"]
    assert beside(["vinteren 2021/22", "2025/26"]) == ["2021/22", "2023/24", "2025/26"]
    query = "select distinct season from incident where half = 'vinter' order by season"
    used = [season for (season,) in con.execute(query).fetchall()]
    assert beside(["Alle"]) == used
    with pytest.raises(SelectionError, match="Ukendt sæson"):
        beside(["2021"])


def test_a_summer_without_data_is_not_among_all(con):
    # The sample ends in March 2026.
    chosen = Selection("2024/25", "sommer")
    found = comparison_changes.beside(con, comparison_changes.against(chosen, None), chosen, "Alle")
    summers = [f"sommeren {year}" for year in (2022, 2023, 2024, 2025)]
    assert [one.name for one in found] == summers
    counts = barometer.compare_seasons(con, chosen, [one.season for one in found])
    assert list(comparison_changes.by_month(counts, found)) == ["month", *summers]
    drawn = charts.season_comparison(counts).to_dict()
    heads = [row["label"] for rows in drawn["datasets"].values() for row in rows if "label" in row]
    assert [head.split("\n")[0] for head in heads if "\n" in head] == summers


def test_another_season_beside_does_not_change_what_lacks_data(con):
    chosen = Selection(AFTER)
    compared = comparison_changes.against(chosen, None)
    counted = comparison_changes.incidents(con, compared, chosen)
    basis = exposure.bases(con, compared, chosen)[0]
    changes = comparison_changes.changes(counted, chosen, basis)
    made = tables.changed(changes, "month", BEFORE.name, AFTER.name)
    months = pd.DataFrame(
        {"month": ["oktober"], "1999/00": [pd.NA], BEFORE.name: [1], AFTER.name: [1]}
    )
    assert tables.of_months_with_data(made, months).equals(made)


def test_months_without_data_are_marked_in_tables_charts_and_sheets():
    con = city({"location": [place("A")]}, GAP, ("2023-11-01", "2024-12-28"))
    after = Selection("2024/25")
    seasons = [after.season.previous, after.season]
    counts = known.covered(con, barometer.compare_seasons(con, after, seasons))
    months = comparison_changes.by_month(counts, [after.in_season(each) for each in seasons])
    made = table(months, "Måneder", total=True)
    assert made.told()[0] == ("oktober", "–", "28")
    assert made.told()[3:] == [
        ("januar", "28", "–"),
        ("februar", "28", "–"),
        ("marts", "28", "–"),
        ("Samlet", "140", "84"),
    ]
    sheet = Workbook().active
    sheets.fill_sheet(sheet, made)
    assert sheet.cell(sheets.HEADING_ROW + 1, 2).value is None
    chart = charts.season_comparison(counts)
    assert "– er måneder uden data" in chart.title.subtitle
    assert chart.description.endswith(
        "Ingen data for oktober 2023, januar 2025, februar 2025, marts 2025."
    )
    assert "faldet" not in chart.description
    one = known.covered(con, barometer.per_month(con, after))
    assert crossed(one, "category")["Samlet"].isna().tolist() == [False] * 3 + [True] * 3
    days = pd.DataFrame({"weekday": ["fredag", "mandag", "onsdag"], "name": "Trusler"})
    crossed_days = crossed(days.assign(incidents=[1, 2, 3]), "category")
    assert crossed_days["weekday"].tolist() == ["mandag", "onsdag", "fredag"]
    assert crossed_days["Samlet"].tolist() == [2, 3, 1]
    assert "Ingen data for januar 2025" in charts.per_month(one).description


def test_a_month_without_data_has_no_change():
    con = city({"location": [place("A")]}, GAP, ("2023-11-01", "2024-12-28"))
    after = Selection("2024/25")
    before = comparison_changes.against(after, None)
    counts = known.covered(
        con, barometer.compare_seasons(con, after, [before.season, after.season])
    )
    counted = comparison_changes.incidents(con, before, after)
    basis = exposure.bases(con, before, after)[0]
    changes = comparison_changes.changes(counted, after, basis)
    made = tables.of_months_with_data(
        tables.changed(changes, "month", "2023/24", "2024/25"),
        comparison_changes.by_month(counts, [before, after]),
    )
    rows = {row[0]: row[1:4] for row in table(made, "Måneder").told()}
    assert rows["oktober"] == ("–", "28", "–")
    assert rows["november"] == ("28", "28", "0")
    assert rows["januar"] == ("28", "–", "–")


def test_months_that_the_data_cover_keep_their_zeros(con):
    view = barometer.per_month(con, Selection("2025/26", location="Blågårdens Bibliotek"))
    assert (view["incidents"] == 0).any()
    assert known.covered(con, view) is view
