"""Staff surveys: with answers and without, and never a cause."""

import shutil
from dataclasses import replace
from itertools import product

import duckdb
import pandas as pd
import pytest

from analysis import barometer
from analysis.barometer import Selection
from analysis.comparison.usual import Usual, level_of
from analysis.core import prose
from analysis.core.database import connect
from analysis.core.rounding import rounded
from analysis.show import charts
from analysis.show.tables import table
from analysis.staff import figures, tables, words
from analysis.statistics import rate_ratio, wilson_interval
from analysis.statistics.shares import difference, successes

VESTERBRO = "Vesterbro Bibliotek og Kulturhus"
QUESTION = "Føler sig meget trygge eller trygge, når de går på arbejde"
CITY = Selection("2025/26")


@pytest.fixture(scope="module")
def answered(database, tmp_path_factory):
    """A database in which the surveys of two places have answers: made up."""
    file = tmp_path_factory.mktemp("answered") / "barometer.duckdb"
    shutil.copy(database, file)
    with duckdb.connect(file) as con:
        con.execute("update survey set answers = 30 where location = $1", [VESTERBRO])
        con.executemany(
            "insert into survey values (?, ?, ?, ?, ?, null)",
            [
                ("Valby Bibliotek", 2023, QUESTION, 0.80, 20),
                ("Valby Bibliotek", 2025, QUESTION, 0.75, 24),
            ],
        )
    with connect(file) as con:
        yield con


def test_the_shares_are_the_published_ones(con):
    found = figures.surveys(con, CITY)
    published = con.execute("select location, year, share from survey").fetchall()
    assert set(zip(found["location"], found["year"], found["share"], strict=True)) == set(published)


def test_no_interval_is_shown_where_the_answers_are_unknown(con):
    found = figures.surveys(con, CITY)
    assert found["answers"].isna().all()
    assert figures.survey_shares(found)[["low", "high"]].isna().all(axis=None)
    assert set(tables.share_table(found)["interval"]) == {"kan ikke beregnes"}
    assert "Antal svar er ikke oplyst" in words.survey_sentences(found, "København")[1]
    assert set(tables.change_table(figures.waves(found))["interval"]) == {"kan ikke beregnes"}


def test_known_answers_give_wilsons_interval(answered):
    found = figures.surveys(answered, Selection("2025/26", location=VESTERBRO))
    shown = figures.survey_shares(found)
    assert (shown["low"][0], shown["high"][0]) == wilson_interval(20, 30)
    assert tables.share_table(found)["interval"][0] == "49–81 %"
    assert len(words.survey_sentences(found, VESTERBRO)) == 1
    assert tables.examples(found).empty


def test_known_answers_give_newcombes_interval_of_the_change(answered):
    (change,) = figures.waves(figures.surveys(answered, Selection("2025/26", location=VESTERBRO)))
    # "Over 90 pct." of 30 are 27 or more of them.
    assert change.low == rounded(difference(27, 30, 20, 30).low)
    assert change.high == rounded(difference(30, 30, 20, 30).high)
    assert change.is_clear
    assert "større, end tilfældige udsving" in words.change_sentence(change)
    (other,) = figures.waves(
        figures.surveys(answered, Selection("2025/26", location="Valby Bibliotek"))
    )
    assert not other.is_clear
    assert (other.low, other.high) == rounded(difference(18, 24, 16, 20))
    assert "er andelen faldet med 5 procentpoint, fra 80 % i 2023 til 75" in words.change_sentence(
        other
    )
    assert "ikke klar" in words.change_sentence(other)


def test_some_known_and_some_unknown_are_told_apart(answered):
    told = words.survey_sentences(figures.surveys(answered, CITY), "København")
    assert told[1].startswith("For 2 af 6 målinger gælder: ")


def test_a_lower_bound_is_called_one_wherever_it_is_shown(con):
    found = figures.surveys(con, Selection("2025/26", location=VESTERBRO))
    drawn = charts.intervals(figures.survey_shares(found), "Tryghed", axis="Andel", percent=True)
    assert "2025 over 90 %" in drawn.to_dict()["description"]
    assert [row["told"] for row in rows_of(drawn)] == ["67 %", "over 90 %"]
    # What may be anything above is no dot.
    assert [row["shape"] for row in rows_of(drawn)] == ["circle", "triangle-right"]
    assert [row["hollow"] for row in rows_of(drawn)] == [False, True]
    assert list(tables.share_table(found)["share"]) == [0.67, "over 90 %"]
    assert words.survey_sentences(found, VESTERBRO)[0] == (
        f"Over 90 % af medarbejderne på {VESTERBRO} »føler sig meget trygge eller trygge, "
        "når de går på arbejde« (2025)."
    )
    (change,) = figures.waves(found)
    told = words.change_sentence(change)
    assert "steget med mindst 23 procentpoint, fra 67 % i 2023 til over 90 %" in told
    (row,) = tables.change_table([change]).itertuples()
    assert (row.after, row.before, row.change) == ("over 90 %", 0.67, "mindst 23 højere")
    side = figures.beside(con, CITY, found)
    assert "over 90 %" in set(tables.side_table(side, found)["share"])
    assert (
        "67\u00a0pct. i 2023 og over 90\u00a0pct. i 2025"
        in words.incidents_and_safety(con, CITY, side, found).data
    )


def rows_of(chart):
    """The rows that a chart of intervals draws."""
    spec = chart.to_dict()
    return next(rows for rows in spec["datasets"].values() if "told" in rows[0])


def test_a_table_shows_a_lower_bound_among_numbers(con):
    found = tables.share_table(figures.surveys(con, Selection("2025/26", location=VESTERBRO)))
    shown = table(found, "Målinger", headings=tables.HEADINGS, percent=["share"], decimals=0)
    assert shown.columns[2].kind == "share"
    assert [row[2] for row in shown.rows] == [0.67, "over 90 %"]
    assert '<td class="number">over 90 %</td>' in shown._repr_html_()


@pytest.mark.parametrize(
    ("share", "above", "before", "above_before", "told"),
    [
        (0.90, True, 0.67, False, "mindst 23 højere"),
        (0.67, False, 0.90, True, "mindst 23 lavere"),
        (0.90, True, 0.95, False, "kan ikke siges"),
        (0.90, True, 0.90, False, "kan ikke siges"),
        (0.95, False, 0.90, True, "kan ikke siges"),
        (0.90, True, 0.80, True, "kan ikke siges"),
        (0.95, False, 0.90, False, "5 højere"),
        (0.90, False, 0.95, False, "5 lavere"),
        (0.90, False, 0.90, False, "ingen"),
    ],
)
def test_a_lower_bound_decides_only_what_it_can(share, above, before, above_before, told):
    one = change(share, before)._replace(at_least=above, at_least_before=above_before)
    (row,) = tables.change_table([one]).itertuples()
    assert row.change == told
    is_open = told == "kan ikke siges"
    assert ("steget eller faldet, kan ikke siges" in words.change_sentence(one)) == is_open
    beside = words.together(one, ("2022/23", 64), ("2024/25", 32))
    assert ("steget eller faldet, kan ikke siges" in beside) == is_open
    assert (one.needed is None) == (is_open or told == "ingen")


def test_a_lower_bound_with_known_answers_has_the_interval_of_all_it_can_be(answered):
    found = figures.surveys(answered, Selection("2025/26", location=VESTERBRO))
    shown = figures.survey_shares(found).iloc[1]
    assert shown["low"] == wilson_interval(27, 30).low
    assert shown["high"] == wilson_interval(30, 30).high


def test_examples_count_whole_answers_and_have_their_interval(con):
    found = tables.examples(figures.surveys(con, CITY))
    assert len(found) == 4 * len(figures.EXAMPLES)
    told = found["name"].str.replace("\u00a0", " ")
    row = found[told == "Blågårdens Bibliotek 2025: 31 af 40 svar"].iloc[0]
    assert row["value"] == 31 / 40
    assert (row["low"], row["high"]) == wilson_interval(31, 40)


def change(share, before, answers=None, answers_before=None):
    low, high = float("nan"), float("nan")
    if answers and answers_before:
        counts = successes(share, answers), answers, successes(before, answers_before)
        low, high = difference(*counts, answers_before)
    return figures.ShareChange(
        "A", "A", 2025, 2023, share, before, answers, answers_before, low, high
    )


@pytest.mark.parametrize(
    ("share", "before", "answers", "answers_before"),
    list(product([0.0, 0.5, 0.7, 1.0], [0.0, 0.5, 0.7, 1.0], [None, 5, 200], [None, 40])),
)
def test_the_sentence_says_what_its_figures_say(share, before, answers, answers_before):
    one = change(share, before, answers, answers_before)
    told = words.change_sentence(one)
    assert ("steget" in told) == (share > before)
    assert ("faldet" in told) == (share < before)
    assert ("uændret" in told) == (share == before)
    assert (figures.NOT_KNOWN in told.replace("Antal", "antal")) == (
        not (answers and answers_before)
    )
    assert ("større, end tilfældige" in told) == one.is_clear
    assert ("ikke klar" in told) == (one.is_known and not one.is_clear)
    assert ("ville være klar, hvis" in told) == (not one.is_known and share != before)


def test_places_are_compared_within_a_year_and_a_question(con):
    found = figures.between(figures.surveys(con, CITY))
    assert {(one.year, one.year_before) for one in found} == {(2025, 2025)}
    assert len(found) == 3
    assert all(one.place != one.place_before for one in found)


def test_incidents_stand_beside_the_surveys_in_order_of_time(con):
    found = figures.surveys(con, CITY)
    side = figures.beside(con, CITY, found)
    for row in side.itertuples():
        selection = Selection(row.season, location=row.location)
        assert row.incidents == barometer.incidents(con, selection)
    table = tables.side_table(side, found)
    vesterbro = table[table["location"] == VESTERBRO]["when"].tolist()
    place = vesterbro.index("måling 2023")
    assert vesterbro[place - 1 : place + 2] == ["2022/23", "måling 2023", "2023/24"]


def test_incidents_and_safety_are_never_told_as_cause(con):
    found = figures.surveys(con, CITY)
    told = words.incidents_and_safety(con, CITY, figures.beside(con, CITY, found), found).data
    assert prose.text("method/Tryghed og hændelser") in told
    assert "faldet med 32 (50\u00a0pct.) fra 2022/23 til 2024/25" in told
    assert not any(word in told for word in ("fordi indsatsen", "på grund af", "skyldes", "derfor"))


@pytest.mark.parametrize(("before", "after"), list(product([0, 3, 40, 90], repeat=2)))
def test_the_incidents_beside_are_said_as_they_are(before, after):
    told = words.together(change(0.9, 0.67), ("2022/23", before), ("2024/25", after))
    assert ("faldet" in told) == (after < before)
    assert ("steget" in told) == (after > before)
    ratio = rate_ratio(after, before)
    assert ("mere end antallet plejer" in told) == (ratio.low > 1 or ratio.high < 1)


def test_what_is_usual_between_seasons_decides_whether_incidents_changed(con, monkeypatch):
    """64 and 32 are far apart for chance alone, not where levels usually change as much."""
    seasons = ("2022/23", 64), ("2024/25", 32)
    assert "mere end antallet plejer" in words.together(change(0.9, 0.67), *seasons)
    wild = Usual(0.2, 8.0)
    assert "kan være tilfældige udsving" in words.together(change(0.9, 0.67), *seasons, wild)
    found = figures.surveys(con, CITY)
    side = figures.beside(con, CITY, found)
    asked = []

    def changing(con, *periods):
        asked.extend((one.location, one.season.name) for one in periods)
        return wild

    monkeypatch.setattr(words, "usual", changing)
    assert "mere end antallet" not in words.incidents_and_safety(con, CITY, side, found).data
    assert asked == [(VESTERBRO, "2022/23"), (VESTERBRO, "2024/25")]


def test_a_place_without_surveys_says_so(con):
    nothing = Selection("2025/26", location="Valby Bibliotek")
    found = figures.surveys(con, nothing)
    assert found.empty
    assert "ingen tryghedsmåling" in words.survey_sentences(found, "Valby Bibliotek")[0]
    assert "ingen ændring at vise" in words.changes_sentence(figures.waves(found)).data
    side = figures.beside(con, nothing, found)
    assert tables.side_table(side, found).empty
    assert figures.incident_counts(con, nothing, side).empty


def test_the_incidents_beside_are_told_with_what_levels_usually_vary_by(con):
    side = figures.beside(con, CITY, figures.surveys(con, CITY))
    found = figures.incident_counts(con, CITY, side)
    last = CITY.in_season(max(side["season"]))
    levels = {
        name: level_of(con, replace(last, location=name)) for name in side["location"].unique()
    }
    assert all(one.runs > 1 for one in levels.values())
    ends = []
    for row in side.itertuples():
        usually = levels[row.location]
        # Something of the last season may still be to be reported.
        usually = usually if row.season == last.season.name else usually.settled
        ends.append(rounded(usually.interval(row.incidents)))
    assert list(zip(found["low"], found["high"], strict=True)) == ends


def test_a_survey_without_a_question_like_it_is_not_a_change():
    rows = pd.DataFrame(
        [("A", 2023, "x", 0.5, 10, None), ("A", 2025, "y", 0.9, 10, None)],
        columns=["location", "year", "question", "share", "answers", "remark"],
    )
    assert figures.waves(rows) == []
