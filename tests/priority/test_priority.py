"""The list for the meeting: who stands highest, what is used for it, and what is said of it."""

import re
from datetime import date, timedelta
from math import log

import numpy as np
import pandas as pd
import pytest
from small_city import city, copy_of, hours, measure, place

from analysis import priority
from analysis.barometer import Selection
from analysis.core import danish, taxonomy
from analysis.core.selection import SelectionError
from analysis.outlook import scenario
from analysis.priority import Settings, backtest, experience, need, words
from analysis.priority import tables as priority_tables
from analysis.priority.reasons import ALIKE, NO_HOURS, OWN, UNKNOWN_HOURS
from analysis.show import charts, phrases

APRIL = date(2026, 4, 1)
COLUMNS = ["location", "district", "expected", "low", "high", "chance_top", "rank_before"]
COLUMNS += ["reason", "rounds"]
CHOSEN = Selection("2025/26", location="Hal C")


@pytest.fixture(scope="module")
def found(database):
    from analysis.core.database import connect

    with connect(database) as con:
        yield need.history(con, APRIL)


@pytest.fixture(scope="module")
def ranked(found, database):
    from analysis.core.database import connect

    with connect(database) as con:
        entries = experience.read(con)
    return priority.ranked(found, APRIL, entries)


def days(first, last):
    return [first + timedelta(n) for n in range((last - first).days)]


def known(con, self_service=True, reported=None):
    """Say of every incident when it was reported, and whether it was in self-service hours."""
    con.execute(
        "update incident set self_service = ?, reported_at = coalesce(?::timestamp, occurred_at)",
        [self_service, reported],
    )
    return con


def small(incidents, tables=None, **more):
    """Two libraries and a hall of one district, open without staff from 10 to 20."""
    names = ["Nord", "Syd", "Hallen"]
    given = {
        "location": [place("Nord"), place("Syd"), place("Hallen", facility="Idrætshal")],
        "opening_hours": [row for name in names for row in hours(name)],
    }
    return known(city(given | (tables or {}), incidents, ("2024-10-01", "2026-03-31")), **more)


def often(name, count, month="2026-03", kind=None):
    rows = [(name, f"{month}-{n % 27 + 1:02} 12:00") for n in range(count)]
    return [(*row, kind) for row in rows] if kind else rows


def entry(**more):
    given = {"month": "2026-04", "district": None, "location": None, "direction": "op"}
    return pd.DataFrame([given | {"strength": 2, "note": "Syntetisk."} | more])


# The list


def test_the_list_has_the_contracts_columns_and_every_location_once(con, found):
    listed = priority.rank(con, APRIL)
    assert list(listed.columns) == COLUMNS
    register = con.execute("select location from location").fetchall()
    in_data = con.execute("select distinct location from incident").fetchall()
    assert sorted(listed["location"]) == sorted({name for (name,) in [*register, *in_data]})
    assert listed["rounds"].sum() == 100
    assert listed["rounds"].is_monotonic_decreasing
    assert listed["expected"].is_monotonic_decreasing
    assert (listed["low"] <= listed["high"]).all()
    assert listed["chance_top"].between(0, 1).all()
    assert listed["chance_top"].sum() == pytest.approx(10)
    assert str(listed["rank_before"].dtype) == "Int64"
    assert sorted(listed["rank_before"]) == list(range(1, len(listed) + 1))
    assert listed["reason"].str.endswith(".").all()


def test_the_same_question_has_the_same_answer(con):
    assert priority.rank(con, APRIL).equals(priority.rank(con, APRIL))


def test_a_place_with_more_or_graver_incidents_stands_higher():
    con = small(often("Nord", 9) + often("Syd", 4))
    assert priority.rank(con, APRIL)["location"].tolist() == ["Nord", "Syd", "Hallen"]
    graver = small(often("Nord", 9) + often("Syd", 9, kind=taxonomy.VIOLENCE))
    assert priority.rank(graver, APRIL)["location"].tolist()[0] == "Syd"
    alike = priority.rank(graver, APRIL, weights=[1] * len(need.WEIGHTS))
    assert alike["location"].tolist()[:2] == ["Nord", "Syd"]


def test_of_equal_places_the_first_by_name_stands_first():
    con = small(often("Nord", 5) + often("Syd", 5))
    assert priority.rank(con, APRIL)["location"].tolist() == ["Nord", "Syd", "Hallen"]


def test_newer_incidents_weigh_more_than_older_ones():
    con = small(often("Nord", 9, "2024-12") + often("Syd", 9, "2025-12"))
    assert priority.rank(con, APRIL)["location"].tolist()[0] == "Syd"


def test_only_what_had_happened_and_was_reported_before_the_month_counts():
    before = often("Nord", 5)
    alone = priority.rank(small(before), APRIL)
    later = small(before + often("Syd", 20, "2026-04"))
    assert priority.rank(later, APRIL).equals(alone)
    unreported = small(before + often("Syd", 20))
    unreported.execute("update incident set reported_at = '2026-04-02' where location = 'Syd'")
    assert priority.rank(unreported, APRIL).equals(alone)


@pytest.mark.parametrize("self_service", [False, None])
def test_only_incidents_surely_in_self_service_hours_count(self_service):
    con = small(often("Nord", 5) + often("Syd", 20))
    con.execute("update incident set self_service = ? where location = 'Syd'", [self_service])
    assert priority.rank(con, APRIL)["location"].tolist()[0] == "Nord"


def test_a_place_open_twice_as_long_is_expected_to_have_about_twice_as_many():
    wide = {
        "opening_hours": hours("Nord", closes="15:00")
        + hours("Syd", closes="15:00")
        + hours("Nord", closes="20:00", valid_from="2026-04-01")
        + hours("Hallen")
    }
    tables = wide | {}
    for row in tables["opening_hours"][:14]:
        row["valid_to"] = "2026-03-31" if row["location"] == "Nord" else None
    con = small(often("Nord", 9) + often("Syd", 9), tables)
    expected = priority.rank(con, APRIL).set_index("location")["expected"]
    assert expected["Nord"] == pytest.approx(2 * expected["Syd"], rel=0.01)


def test_a_place_that_will_be_closed_or_has_staff_all_day_gets_no_round_and_says_why():
    staffed = [{**row, "staffed_from": "10:00", "staffed_to": "20:00"} for row in hours("Syd")]
    tables = {
        "opening_hours": hours("Nord") + staffed + hours("Hallen"),
        "measure": [measure("Hallen", "Lukning", "2026-04-01", "2026-04-30")],
    }
    listed = priority.rank(small(often("Nord", 5), tables), APRIL).set_index("location")
    for name in ("Syd", "Hallen"):
        assert listed.loc[name, ["expected", "low", "high", "chance_top"]].tolist() == [0] * 4
        assert listed["rounds"][name] == 0
        assert listed["reason"][name] == "Ingen selvbetjent åbningstid i april."
    assert priority.rank(small(often("Nord", 5), tables), APRIL, least=3)["rounds"].min() == 3


def test_a_place_of_unknown_hours_is_shown_by_all_its_incidents_and_the_hours_of_its_kind():
    tables = {"opening_hours": hours("Nord") + hours("Hallen")}
    expected = {}
    for count in (0, 27, 81):
        incidents = often("Nord", 27) + often("Hallen", 1) + often("Syd", 27) * (count // 27)
        con = small(incidents, tables)
        # A third of those at the other library fell in self-service hours; here nobody knows.
        con.execute("update incident set self_service = day(occurred_at) <= 9")
        con.execute("update incident set self_service = null where location = 'Syd'")
        listed = priority.ranked(need.history(con, APRIL), APRIL).set_index("location")
        assert listed["source"].to_dict() == {"Nord": OWN, "Hallen": OWN, "Syd": UNKNOWN_HOURS}
        assert np.isnan(listed["hours"]["Syd"])
        assert listed["incidents"]["Syd"] == 0
        assert "åbningstiden er ukendt" in listed["reason"]["Syd"]
        expected[count] = listed["expected"]["Syd"] / listed["expected"]["Nord"]
    assert 0 < expected[0] < 0.5
    assert expected[27] == pytest.approx(1, rel=0.01)
    assert 2 < expected[81] < 3


def test_a_place_without_incidents_is_shown_with_what_places_like_it_have():
    quiet = priority.ranked(need.history(small(often("Nord", 9)), APRIL), APRIL)
    assert quiet.set_index("location")["source"]["Syd"] == ALIKE


def test_the_chance_is_of_the_rate_and_not_of_the_months_luck():
    con = small(often("Nord", 27) * 8 + often("Syd", 2))
    chance = priority.rank(con, APRIL, top=1).set_index("location")["chance_top"]
    assert chance["Nord"] == 1
    assert priority.rank(con, APRIL, top=50)["chance_top"].tolist() == [1, 1, 1]


def test_the_place_last_month_is_that_of_the_list_made_last_month(con):
    march = priority.rank(con, date(2026, 3, 1))["location"].tolist()
    listed = priority.rank(con, APRIL)
    assert [march[place - 1] for place in listed["rank_before"]] == listed["location"].tolist()


def test_the_first_list_has_no_place_before():
    con = small(often("Nord", 5, "2024-10"))
    listed = priority.rank(con, date(2024, 11, 1))
    assert listed["rank_before"].isna().all()
    assert listed["reason"].str.contains("Første gang på listen").any()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"month": date(2026, 4, 2)}, "første dag"),
        ({"month": "2026-04-02"}, "første dag"),
        ({"month": date(2024, 10, 1)}, "ingen data før"),
        ({"top": 0}, "top skal være"),
        ({"rounds": 2, "least": 1}, "2 runderinger kan ikke række til mindst 1"),
        ({"rounds": 10, "most": 3}, "10 runderinger kan ikke deles ud med højst 3"),
        ({"weights": [1, 2]}, f"weights skal være {len(need.WEIGHTS)} tal"),
        ({"experience": entry(district="Valbi", strength=4)}, "Ukendt bydel"),
        ({"experience": pd.DataFrame({"month": []})}, "mangler kolonnen"),
    ],
)
def test_what_cannot_be_ranked_is_refused_in_danish(given, told):
    with pytest.raises(SelectionError, match=told):
        priority.rank(small(often("Nord", 3)), **({"month": APRIL} | given))


def test_a_city_without_incidents_hours_or_places_has_a_list_too():
    quiet = priority.rank(small([]), APRIL)
    assert quiet["location"].tolist() == ["Hallen", "Nord", "Syd"]
    closed = small(often("Nord", 3))
    closed.execute("update opening_hours set staffed_from = opens, staffed_to = closes")
    listed = priority.rank(closed, APRIL)
    assert listed["expected"].tolist() == [0, 0, 0]
    assert listed["rounds"].sum() == 100


# Experience


def test_experience_multiplies_the_expected_and_says_what_it_changed():
    con = small(often("Nord", 9) + often("Syd", 7))
    plain = priority.rank(con, APRIL).set_index("location")
    listed = priority.rank(con, APRIL, entry(location="Syd", strength=3)).set_index("location")
    assert listed["expected"]["Syd"] == pytest.approx(2 * plain["expected"]["Syd"], abs=2e-4)
    assert listed.index.tolist()[0] == "Syd"
    assert listed["reason"]["Syd"].endswith(
        " ventet i april. Nr. 2 efter tallene; repræsentanterne vurderer det højere."
    )
    assert "Nr. 1 efter tallene; overhalet af" in listed["reason"]["Nord"]
    assert listed["rounds"]["Syd"] > plain["rounds"]["Syd"]


def test_experience_counts_only_in_its_own_month():
    months = ("2026-02", "2026-03")
    con = small(
        [row for month in months for row in often("Nord", 9, month) + often("Syd", 7, month)]
    )
    other = priority.rank(con, APRIL, entry(location="Syd", month="2026-05"))
    assert other.equals(priority.rank(con, APRIL))
    march = priority.rank(con, APRIL, entry(location="Syd", strength=3, month="2026-03"))
    assert march["expected"].equals(priority.rank(con, APRIL)["expected"])
    assert march["rank_before"].tolist() != priority.rank(con, APRIL)["rank_before"].tolist()


def test_data_alone_stand_beside_data_with_experience(ranked, found):
    alone = priority.ranked(found, APRIL).set_index("location")
    ranked = ranked.set_index("location")
    assert ranked["rank_alone"].to_dict() == alone["rank"].to_dict()
    assert ranked["rounds_alone"].to_dict() == alone["rounds"].to_dict()
    assert ranked["expected_alone"].to_dict() == pytest.approx(alone["expected"].to_dict())
    changed = ranked[ranked["factor"] != 1]
    assert set(changed.index[changed["entries"] == 1]) >= {"Brønshøj Bibliotek", "Valby Hallen"}
    assert ranked["entries"]["Prøvehallen"] == 2
    assert ranked["factor"]["Prøvehallen"] == pytest.approx(2.5)


# The interval


def test_the_interval_holds_nine_of_ten_months_of_a_known_rate():
    rng = np.random.default_rng(4)
    incidents = [
        ("Nord", f"{day} 12:00")
        for day in days(date(2024, 10, 1), APRIL)
        for _ in range(rng.poisson(0.5))
    ]
    listed = priority.rank(small(incidents), APRIL).set_index("location")
    months = rng.poisson(15, 4000)
    inside = (months >= listed["low"]["Nord"]) & (months <= listed["high"]["Nord"])
    assert 0.85 < inside.mean() < 0.98


# The record


def test_the_record_uses_nothing_after_each_month(con):
    until = need.history(con, date(2024, 1, 1))
    whole = need.history(con, APRIL)
    before = date(2024, 1, 1)
    for month in (date(2022, 10, 1), date(2023, 12, 1)):
        early, late = (need.estimate(one, month) for one in (until, whole))
        assert early.expected() == pytest.approx(late.expected()[: len(early.places)], rel=1e-6)
    one, other = (backtest.record(each, before) for each in (until, whole))
    assert one.equals(other)


def test_the_record_counts_what_happened_whenever_it_was_reported():
    known_all_along = often("Nord", 5, "2024-10") + often("Nord", 5, "2025-10")
    con = small([*known_all_along, *often("Syd", 1, "2025-12")])
    con.execute("update incident set reported_at = '2026-02-01' where location = 'Syd'")
    found = need.history(con, APRIL)
    made = backtest.record(found, date(2026, 1, 1), top=1)
    december = made[made["month"] == pd.Timestamp("2025-12-01")]
    assert december.set_index("name")["total"].tolist() == [1] * len(backtest.METHODS)
    caught = december.set_index("name")["caught"]
    # None of them knew of what was reported two months later.
    assert caught.drop(backtest.RANDOM).tolist() == [0] * (len(caught) - 1)
    assert caught[backtest.RANDOM] == pytest.approx(1 / 3)


def test_a_list_is_tried_only_after_a_year_of_data(found):
    months = backtest.judged_months(found, APRIL)
    assert months[0] == date(2022, 10, 1)
    assert months[-1] == date(2026, 3, 1)
    assert len(months) == 42


def test_the_table_of_the_record_is_what_the_lists_caught(found):
    made = backtest.record(found, date(2023, 4, 1))
    table = backtest.table(made).set_index("name")
    assert table.index[0] == backtest.OURS
    ours = made[made["name"] == backtest.OURS]
    assert table["share"].iloc[0] == pytest.approx(
        ours["caught"].sum() / ours["total"].sum(), rel=1e-5
    )
    others = table.iloc[1:]
    assert others["difference"].tolist() == pytest.approx(
        (table["share"].iloc[0] - others["share"]).tolist(), abs=1e-5
    )
    assert (others["low"] < others["difference"]).all()
    assert table["replaced"].dropna().between(0, 1).all()
    assert 0 < made["inside"].sum() <= made["judged"].sum()


def test_churn_is_the_part_of_the_top_that_is_new(monkeypatch):
    found = need.history(small([*often("Nord", 2, "2024-10"), *often("Nord", 2)]), APRIL)
    tops = ({"Nord", "Syd"}, {"Nord", "Hallen"}, {"Syd", "Hallen"}, {"Syd", "Hallen"})
    left = iter(tops)

    def methods(found, now, weights):
        chosen = next(left)
        return {backtest.OURS: np.array([name in chosen for name in now.places["location"]], float)}

    monkeypatch.setattr(backtest, "_methods", methods)
    monkeypatch.setattr(backtest, "judged_months", lambda *_: list(found.spans)[-len(tops) :])
    made = backtest.record(found, APRIL, top=2)
    replaced = made[made["name"] == backtest.OURS]["replaced"]
    assert replaced.tolist()[1:] == [0.5, 0.5, 0]
    assert replaced.isna().tolist()[0]
    assert backtest.table(made)["replaced"].iloc[0] == pytest.approx(1 / 3, abs=1e-5)


def test_sensitivity_names_who_leaves_and_who_comes(found):
    by = {"først": need.WEIGHTS, "kun vold": (0.0, 0, 0, 1, 0)}
    rows = backtest.sensitivity(found, APRIL, by).set_index("name")
    assert rows["shared"]["først"] == 10
    assert rows["left"]["først"] == rows["come"]["først"] == ""
    gone = rows["left"]["kun vold"].split(", ")
    assert rows["shared"]["kun vold"] + len(gone) == 10


# The chart


def test_the_chart_marks_places_without_own_figures_and_the_chosen_one(ranked):
    rows = priority_tables.drawn(ranked, CHOSEN)
    place = ranked.set_index("location")["rank"]
    assert f"{place['Hal C']}. Hal C" in rows["name"][rows["chosen"]].tolist()
    assert len(rows[rows["chosen"]]) == 1
    assert f"{place['Prøvehallen']}. Prøvehallen" in rows["name"][rows["hollow"]].tolist()
    spec = charts.priorities(rows, "Steder", top=10).to_dict()
    (drawn,) = (each for each in spec["datasets"].values() if "hollow" in each[0])
    assert [each["hollow"] for each in drawn] == rows["hollow"].tolist()
    assert [each["name"].startswith("▸ ") for each in drawn] == rows["chosen"].tolist()
    assert drawn[0]["told"].endswith("; over 99 %")
    assert "hul prik: anslået efter lignende steder; pil: valgt sted" in " ".join(
        spec["title"]["subtitle"]
    )
    assert "Blågårdens Bibliotek" in spec["description"]
    whole = charts.priorities(priority_tables.drawn(ranked, Selection("2025/26")), "Steder", top=10)
    assert "pil:" not in str(whole.to_dict()["title"])
    assert "Ingen lokationer" in charts.priorities(rows.head(0), "Steder", top=10).description


# What is said


def judged(*shares, low=0.01):
    names = [backtest.OURS, backtest.RAW_YEAR, backtest.RANDOM]
    rows = [
        (name, 12, share, shares[0] - share, low, 0.2)
        for name, share in zip(names, shares, strict=True)
    ]
    return pd.DataFrame(rows, columns=["name", "lists", "share", "difference", "low", "high"])


def said(found):
    return found.data.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("table", "beats", "told"),
    [
        (judged(0.4, 0.3, 0.1), True, "klart bedre end at tælle de seneste 12 måneders"),
        (judged(0.4, 0.39, 0.1, low=-0.02), True, "ikke klart bedre end blot at tælle"),
        (judged(0.3, 0.4, 0.1), False, "ikke ramt bedre end en liste efter antallet i de seneste"),
        (judged(0.3, 0.3, 0.1), False, "Listen har ikke ramt bedre"),
        (judged(0.3, 0.4, 0.1).head(0), False, "Listen kan ikke prøves af"),
    ],
)
def test_the_page_says_first_where_the_list_is_no_better_than_a_count(
    ranked, found, table, beats, told
):
    assert words.beats(table) == beats
    assert told in words.record_sentence(table, 10)
    head = said(words.headline(ranked, table, CHOSEN, found, APRIL, Settings()))
    tried = said(phrases.markdown(words.record_sentence(table, 10)))
    assert head.startswith("**Hal C står på plads" if beats else f"**{tried}")
    assert "Størst behov i april 2026: " in head
    assert (tried in head) != beats


def test_the_headline_tells_the_chosen_place(ranked, found):
    given = (found, APRIL, Settings())
    head = said(words.headline(ranked, judged(0.4, 0.3, 0.1), CHOSEN, *given))
    hal = ranked.set_index("location").loc["Hal C"]
    assert f"**Hal C står på plads {hal['rank']} og får " in head
    assert hal["reason"] in head
    whole = said(words.headline(ranked, judged(0.4, 0.3, 0.1), Selection("2025/26"), *given))
    assert "står på plads" not in whole
    district = Selection("2025/26", district="Nørrebro")
    told = said(words.headline(ranked, judged(0.4, 0.3, 0.1), district, *given))
    rows = ranked[ranked["district"] == "Nørrebro"]
    among = (rows["rank"] <= 10).sum()
    assert f"Nørrebro: {among} af {len(rows)} lokationer er blandt de 10 øverste; højest" in told
    both = Selection("2025/26", location=["Hal C", "Valby Bibliotek"])
    told = said(words.headline(ranked, judged(0.4, 0.3, 0.1), both, *given))
    assert re.search(r"Hal C og Valby Bibliotek: \d af 2 lokationer er blandt de 10 øverste", told)


def test_the_month_is_the_one_after_the_half_year_or_the_data_unless_another_is_given(con):
    assert words.month_of(con, Selection("2025/26"), None) == APRIL
    assert words.month_of(con, Selection("2024/25", "sommer"), None) == date(2025, 10, 1)
    # The data end before these do.
    assert words.month_of(con, Selection("2025/26", "sommer"), None) == APRIL
    assert words.month_of(con, Selection("2025/26", None), None) == APRIL
    assert words.month_of(con, Selection("2025/26"), "2025-12") == date(2025, 12, 1)
    with pytest.raises(SelectionError, match="2026-04"):
        words.month_of(con, Selection("2025/26"), "snart")


def test_filters_that_the_list_does_not_use_are_said():
    told = said(words.scope(Selection("2025/26", victim="Bruger", category="Trusler")))
    assert "Filteret på forurettede og urotype bruges ikke her." in told
    assert "Filteret" not in said(words.scope(CHOSEN))


def test_the_list_for_the_meeting_is_cut_to_what_one_page_holds(ranked):
    assert len(priority_tables.list_table(ranked, 10)) == 10
    assert len(priority_tables.list_table(ranked, 40)) == priority_tables.MOST_PRINTED
    assert priority_tables.title("Listen", APRIL, 40) == "Listen, april 2026, de 10 første"
    whole = priority_tables.whole_list(ranked)
    assert len(whole) == len(ranked)
    # Ends that a spreadsheet can sort and count with.
    assert (whole[["low", "high"]].dtypes == "int64").all()


def test_the_entries_stand_with_what_they_changed(ranked, con):
    entries = experience.read(con)
    rows = priority_tables.entered(ranked, entries, APRIL)
    assert len(rows[rows["entered"] == "Hele Valby"]) == (ranked["district"] == "Valby").sum()
    one = rows[rows["entered"] == "Brønshøj Bibliotek"].iloc[0]
    assert one["told"] == "Ned, lidt"
    assert one["rank_alone"] < one["rank"]
    told = said(words.experience_note(ranked, entries, APRIL, 10))
    come = ranked.loc[(ranked["rank"] <= 10) & (ranked["rank_alone"] > 10), "location"]
    assert told.startswith(f"**4 erfaringer for april 2026. {danish.listing([*come])} kommer med")
    assert len(come)
    none = said(words.experience_note(ranked, entries, date(2026, 5, 1), 10))
    assert none == "**Der er ikke angivet erfaringer for maj 2026.**"
    strengths = said(words.strengths_note())
    assert (
        "hæves scoren med 25, 50 eller 100 pct. (lidt, noget, meget); lavere, sænkes den med 20, 33"
        in strengths
    )
    assert "dog højst til 4 gange" in strengths


def test_the_strongest_notes_are_shown_as_many_and_as_long_as_there_is_room_for():
    def told(*notes):
        month = pd.Timestamp(APRIL)
        each = [
            entry(location="Hal C", month=month, note=note, strength=1 + (n == 1))
            for n, note in enumerate(notes)
        ]
        return words.notes(pd.concat(each), APRIL, {"note": "Note"})

    assert said(told("", "")) == ""
    shown = told("den første", "den stærkeste", *["ord " * 99] * 5)
    assert "de 5 stærkeste af 7" in shown.html()
    notes = [row[-1] for row in shown.rows]
    assert notes[:2] == ["den stærkeste", "den første"]
    assert len(notes) == 5
    assert notes[2].endswith("ord …")
    assert len(notes[2]) <= 150


def test_what_the_time_of_year_does_to_all_places_is_said_once(found, con):
    assert said(words.season_note(found, APRIL)).startswith(
        "Årstiden trækker alle steder ned: For samme åbningstid ventes "
    )
    october = need.history(con, date(2025, 10, 1))
    assert "trækker alle steder op" in said(words.season_note(october, date(2025, 10, 1)))
    seasons = [need.estimate(found, date(2025, month, 1)).season for month in range(1, 13)]
    changes = {month + 1: abs(log(seasons[month] / seasons[month - 1])) for month in range(1, 12)}
    assert said(words.season_note(found, date(2025, min(changes, key=changes.get), 1))) == ""


def test_what_is_left_out_is_counted(found, con):
    told = said(words.left_out(found, APRIL))
    used, unknown, vandalism = con.execute(
        "select count(*) filter (where self_service),"
        " count(*) filter (where self_service is null),"
        f" count(*) filter (where self_service is null and category = '{taxonomy.VANDALISM}')"
        " from incident where greatest(occurred_at, reported_at) < '2026-04-01'"
    ).fetchone()
    assert f"Listen bygger på {used:,} hændelser".replace(",", ".") in told
    assert f"{unknown} er ikke med" in told
    assert f"Af dem er {vandalism} hærværk." in told


def test_places_without_own_figures_are_listed_with_the_reason(ranked):
    rows = priority_tables.without_figures(ranked).set_index("location")["why"]
    assert rows["Prøvehallen"] == "Ingen hændelser i selvbetjent åbningstid"
    assert rows["Kløvermarkens Idrætsanlæg"] == "Åbningstiden er ukendt"
    assert rows["Øbro-Hallen"] == "Ingen selvbetjent åbningstid"
    assert set(ranked["source"]) == {OWN, ALIKE, UNKNOWN_HOURS, NO_HOURS}


def test_districts_rounds_add_up(ranked):
    rows = priority_tables.by_district(ranked)
    assert rows["rounds"].sum() == rows["rounds_alone"].sum() == 100
    assert rows["locations"].sum() == len(ranked)


@pytest.mark.parametrize(
    ("shared", "told"),
    [
        ([10, 10, 10], "De 10 øverste er de samme steder med alle sæt vægte."),
        ([10, 8, 9], "Mindst 8 af de 10 øverste er de samme steder"),
    ],
)
def test_what_hangs_on_the_weights_is_said(shared, told):
    assert told in said(words.weights_sentence(pd.DataFrame({"shared": shared}), 10))


@pytest.mark.parametrize(
    "month",
    ["2026-04-01", np.datetime64("2026-04-01"), pd.Timestamp("2026-04-01")],
)
def test_the_month_may_be_written_as_text_or_a_time_at_midnight(con, month):
    assert priority.rank(con, month, top=np.int64(3)).equals(priority.rank(con, APRIL, top=3))


@pytest.mark.parametrize(
    "month",
    [pd.Timestamp("2026-04-01 10:00"), pd.NaT, np.datetime64("NaT"), "2026-04-02", "april", None],
)
def test_what_is_no_months_first_day_is_refused(con, month):
    with pytest.raises(SelectionError, match="month skal være"):
        priority.rank(con, month)


def test_a_month_far_past_the_data_is_refused_and_one_past_them_is_said(con, found):
    with pytest.raises(
        SelectionError, match="Data slutter med marts 2026, og maj 2027 er mere end"
    ):
        priority.rank(con, date(2027, 5, 1))
    assert len(priority.rank(con, date(2027, 4, 1)))
    assert "Data slutter" not in words.left_out(found, APRIL).data
    june = date(2026, 6, 1)
    told = words.left_out(need.history(con, june), june).data
    assert "Data slutter den 31. marts 2026; hvad der er sket siden, vides ikke." in told


def test_a_month_of_which_the_data_hold_a_part_is_no_quiet_one(con):
    whole = priority.rank(con, date(2026, 3, 1)).set_index("location")
    cut = copy_of(con, "occurred_at < '2026-03-10'")
    listed = priority.rank(cut, APRIL).set_index("location")
    assert not listed["reason"].str.contains("i marts mod").any()
    assert listed["reason"].str.contains("1.–9. marts mod", regex=False).any()
    # Nine days of March move the list little, where they were taken for all of it they did much.
    april = priority.rank(con, APRIL)["expected"].sum()
    without = priority.rank(copy_of(con, "occurred_at < '2026-03-01'"), APRIL)
    assert listed["expected"].sum() == pytest.approx(without["expected"].sum(), rel=0.03)
    assert len(whole) == len(listed)
    assert april > 0


def test_the_month_to_rank_follows_the_data_where_they_end_before_the_period(con):
    end = date(2026, 3, 31)
    assert need.following(con, end) == APRIL
    for until, month in (("2026-01-05", date(2026, 1, 1)), ("2026-01-15", date(2026, 2, 1))):
        assert need.following(copy_of(con, f"occurred_at < '{until}'"), end) == month
    assert need.following(con, date(2025, 9, 30)) == date(2025, 10, 1)


def test_opening_hours_that_are_not_entered_yet_are_taken_from_before(con):
    plain = priority.rank(con, APRIL).set_index("location")
    ended = copy_of(con)
    ended.execute("update opening_hours set valid_to = '2026-03-31' where valid_to is null")
    listed = priority.rank(ended, APRIL).set_index("location")
    assert listed["expected"].sum() == pytest.approx(plain["expected"].sum(), rel=0.05)
    assert set(listed.index[:5]) == set(plain.index[:5])
    closed = plain.index[plain["expected"] == 0]
    assert (listed.loc[closed, "expected"] == 0).all()


def test_without_any_opening_hours_the_list_is_by_all_incidents():
    con = small(often("Nord", 3) + often("Syd", 9), {"opening_hours": []}, self_service=None)
    listed = priority.rank(con, APRIL)
    assert listed["location"].tolist() == ["Syd", "Nord", "Hallen"]
    assert listed["rounds"].tolist() == sorted(listed["rounds"], reverse=True)
    assert listed["reason"].str.contains("åbningstiden er ukendt").all()


def test_a_closure_of_a_scenario_takes_hours_from_the_month_and_is_said_to(con):
    entries = [
        {"location": "Valby Bibliotek", "kind": "Lukning", "starts": "2026-04-01"},
        {"location": "Hal C", "kind": "Lukning", "starts": "2026-04-16", "ends": "2026-05-31"},
        {"district": "Nørrebro", "factor": 0.5, "starts": "2026-04-01"},
    ]
    changes = scenario.read(con, entries)
    found = need.history(con, APRIL, changes)
    plain = priority.ranked(need.history(con, APRIL), APRIL).set_index("location")
    listed = priority.ranked(found, APRIL).set_index("location")
    assert listed["expected"]["Valby Bibliotek"] == 0
    assert listed["reason"]["Valby Bibliotek"] == "Ingen selvbetjent åbningstid i april."
    half = plain["expected"]["Hal C"] / 2
    assert listed["expected"]["Hal C"] == pytest.approx(half, rel=0.02)
    same = ["Blågårdens Bibliotek", "Sundby Bibliotek"]
    assert listed["expected"][same].tolist() == plain["expected"][same].tolist()
    told = said(words.left_out(found, APRIL, changes))
    assert "Scenariets 2 lukninger er regnet med; den antagne virkning af tiltag er ikke" in told
    assert "Scenari" not in said(words.left_out(found, APRIL))


def test_a_place_outside_the_register_lies_where_its_first_known_incident_says():
    con = small(often("Nord", 3, "2026-02") + often("Syd", 3))
    con.execute("delete from location where location = 'Syd'")
    con.execute("update incident set district = null where location = 'Syd'")
    before = priority.rank(con, APRIL)
    con.execute(
        "insert into incident by name select * replace ('uro:99' as incident_id,"
        " 'Vanløse' as district, timestamp '2026-09-05' as reported_at)"
        " from incident where incident_id = 'uro:3'"
    )
    assert priority.rank(con, APRIL).equals(before)


@pytest.mark.parametrize(
    "month", [date(1, 1, 1), date(1900, 1, 1), date(2100, 1, 1), date(9999, 12, 1)]
)
def test_a_month_out_of_reach_is_refused_before_any_work(con, month, monkeypatch):
    monkeypatch.setattr(need, "frame", None)
    with pytest.raises(SelectionError):
        priority.rank(con, month)


def test_experience_leaves_the_intervals_of_other_places_alone(ranked, found):
    alone = priority.ranked(found, APRIL).set_index("location")
    others = ranked[ranked["factor"] == 1].set_index("location")[["low", "high"]]
    assert len(others)
    assert others.equals(alone.loc[others.index, ["low", "high"]])


@pytest.mark.parametrize("top", [3, 10, 40])
def test_the_table_and_the_note_of_the_others_hold_every_round(ranked, top):
    others = priority_tables.other_rounds(ranked, top)
    given = ", ".join(others["given"])
    for row in ranked.iloc[min(top, priority_tables.MOST_PRINTED) :].itertuples():
        assert (f"{row.location}\u00a0{row.rounds}" in given) == (row.rounds > 0)
    shown = priority_tables.list_table(ranked, top)["rounds"].sum()
    assert others["rounds"].sum() == ranked["rounds"].sum() - shown
    told = words.others_note(ranked, top).data
    without = (ranked["source"] != OWN).sum()
    assert f"{without} steder på hele listen har et anslået tal." in told


def test_the_sheet_says_which_places_experience_moved_and_from_where_to_where(ranked, con):
    entries = experience.read(con)
    told = words.changes_note(ranked, entries, APRIL, 100).data
    moved = ranked[(ranked["entries"] > 0) & (ranked["rank"] != ranked["rank_alone"])]
    for row in moved.itertuples():
        moves = f"{row.location} gik fra plads {row.rank_alone} til {row.rank} ("
        assert told.count(moves) == 1
    assert "er ikke nævnt" not in told
    # Two entries for one place are told together.
    assert "(op, lidt og op, meget)" in told
    assert f" {len(moved) - 1} andre flytninger er ikke nævnt" in (
        words.changes_note(ranked, entries, APRIL, 1).data
    )
