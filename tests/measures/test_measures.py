"""The measures over the weeks, and the chart of a week's shifts."""

import json
import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
import vl_convert
from small_city import city, hours, measure, place, shift

from analysis import barometer
from analysis.barometer import Selection
from analysis.core.selection import SelectionError
from analysis.measures import presence, timeline
from analysis.measures import words as measures_words
from analysis.show import charts
from analysis.show.charts import theme

BLAAGAARDEN = "Blågårdens Bibliotek"
HERE = Selection("2024/25", location="Her")


@pytest.fixture(autouse=True)
def themed():
    charts.enable()


# Tables


def test_the_weeks_hold_every_incident_up_to_the_selections_end(con):
    for selection in (Selection("2024/25", location=BLAAGAARDEN), Selection("2025/26")):
        weeks = timeline.weekly_counts(con, selection)
        assert (weeks["week"].dt.day_of_week == 0).all()
        assert (weeks["week"].diff().dropna() == pd.Timedelta(days=7)).all()
        (counted,) = con.execute(
            "select count(*) from incident where location = coalesce(?, location)"
            " and occurred_at < ?",
            [selection.location, selection.interval[1]],
        ).fetchone()
        assert weeks["incidents"].sum() == counted
    assert timeline.weekly_counts(con, Selection("2010/11")).empty


def test_a_filter_counts_in_the_weeks(con):
    selection = Selection("2025/26", location=BLAAGAARDEN, category="Trusler")
    weeks = timeline.weekly_counts(con, selection)
    threats = [
        barometer.incidents(con, replace(selection, season=f"{year}/{year + 1}", half=half))
        for year in range(2021, 2026)
        for half in ("vinter", "sommer")
    ]
    assert weeks["incidents"].sum() == sum(threats)


def test_a_measure_that_begins_after_the_selection_is_not_shown(con):
    kinds = [
        set(timeline.measures(con, Selection(season, location=BLAAGAARDEN))["kind"])
        for season in ("2023/24", "2024/25", "2025/26")
    ]
    assert kinds[0] == set()
    assert "Lukning" in kinds[1]
    assert kinds[2] - kinds[1] == {"Base for Tryghedsvagter"}


def test_incidents_a_week_are_those_of_the_days_a_measure_ran_on():
    con = city(
        {
            "location": [place("Her"), place("Der")],
            "measure": [
                # Tuesday to Monday.
                measure("Her", "Kort", "2024-10-08", "2024-10-14"),
                measure("Her", "Åben", "2025-03-25"),
                measure("Her", "Før data", "2024-01-01", "2024-09-30"),
                measure("Her", "Ukendt", None),
            ],
        },
        [
            ("Her", "2024-10-07 23:59"),
            ("Her", "2024-10-08 00:00"),
            ("Her", "2024-10-14 23:59"),
            ("Her", "2024-10-15"),
            ("Der", "2024-10-09"),
            ("Her", "2025-03-25"),
        ],
        ("2024-10-01", "2025-03-31"),
    )
    df = timeline.during(con, HERE).set_index("kind")
    figures = df[["days", "incidents", "a_week"]].astype("float64")
    assert list(figures.loc["Kort"]) == [7, 2, 2]
    assert list(figures.loc["Åben"]) == [7, 1, 1]
    assert df.loc["Åben", "period"] == "fra\u00a025.\u00a0marts\u00a02025"
    assert df.loc["Før data", "period"] == "1.\u00a0januar – 30.\u00a0september\u00a02024"
    assert df.loc["Før data", "days"] == 0
    assert figures.loc[["Før data", "Ukendt"], ["incidents", "a_week"]].isna().all(axis=None)
    assert figures.loc["Ukendt"].isna().all()
    assert df.loc["Ukendt", "period"] == "Ikke angivet"
    told = measures_words.registered(timeline.measures(con, HERE), HERE)
    assert "Der er registreret 4 tiltag (" in told
    assert ") på 1 lokation." in told
    assert "Uden slutdato: ukendt og åben." in told


def test_a_change_of_opening_hours_is_not_counted_as_an_effort():
    kinds = ["Lukning", "Lukning", "Base for Tryghedsvagter"]
    rows = pd.DataFrame({"kind": kinds, "location": "A", "ends": pd.Timestamp("2026-03-31")})
    assert measures_words.registered(rows, HERE) == (
        "Der er registreret 1 tiltag (base for Tryghedsvagter) og 2 ændringer af åbningstiden "
        "(lukning) på 1 lokation."
    )


def test_a_place_without_measures_says_so(con):
    selection = Selection("2025/26", location="Valby Bibliotek")
    taken = timeline.measures(con, selection)
    assert "ikke registreret tiltag i udvalget (Valby Bibliotek)" in measures_words.registered(
        taken, selection
    )


def test_the_days_covered_are_those_of_the_selection_that_the_data_have():
    con = city({"location": [place("Her")]}, days=("2024-12-01", "2025-01-15"))
    days = timeline.covered_days(con, HERE)
    assert (days[0], days[-1], len(days)) == (date(2024, 12, 1), date(2025, 1, 15), 46)
    assert timeline.covered_days(con, Selection("2023/24")) == []
    assert timeline.covered_days(con, Selection("2025/26")) == []


def test_another_place_is_found_wherever_it_lies(con):
    selection = Selection("2025/26", district="Valby", facility="Idrætshal")
    moved = timeline.at_location(con, selection, "Vesterbro Bibliotek")
    assert (moved.location, moved.district) == ("Vesterbro Bibliotek og Kulturhus", None)
    with pytest.raises(SelectionError):
        timeline.at_location(con, selection, "Findes ikke")


# Charts


def drawn_from(con, selection):
    one = presence.one_place(con, selection)
    grid = presence.week(presence.timed(con, one), presence.open_hours(con, one))
    return charts.week(grid, presence.shifts(con, one), one.place)


SMALL = {
    "location": [place("Her")],
    "opening_hours": hours("Her", "10:00", "20:00"),
    "shift": [
        *shift("Her", "Nat", [3, 4, 5, 6], "18:00", "02:00"),
        *shift("Her", "Dag", [1, 2], "13:30", "17:00"),
    ],
}
HAPPENED = [("Her", "2024-10-08 12:00"), ("Her", "2024-10-09 19:00"), ("Her", "2024-10-10 01:10")]


@pytest.fixture
def small():
    return drawn_from(city(SMALL, HAPPENED, ("2024-10-01", "2025-03-31")), HERE)


def spec_of(chart, narrow=False):
    spec = json.loads(json.dumps(chart.to_dict()))
    for path, value in spec["usermeta"].get("narrow", []) if narrow else []:
        part = spec
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = value
    return spec


def picture(spec, version="5.8"):
    return vl_convert.vegalite_to_svg(
        spec, version, format_locale="da-DK", time_format_locale="da-DK"
    )


def words(svg):
    return " ".join(re.findall(r"<t(?:ext|span)[^>]*>([^<]+)<", svg))


def rows(spec, *columns):
    (found,) = [r for r in spec["datasets"].values() if r and set(columns) <= set(r[0])]
    return found


@pytest.mark.parametrize("version", ["5.8", "6.4"])
@pytest.mark.parametrize("narrow", [False, True])
def test_the_week_is_drawn_whole_by_the_oldest_and_the_newest_vega_lite(small, version, narrow):
    svg = picture(spec_of(small, narrow), version)
    room = (theme.NARROW if narrow else theme.WIDTH) + 32
    assert float(re.search(r'width="([\d.]+)"', svg)[1]) <= room
    assert "…" not in svg
    told = ("onsdag–lørdag kl. 18–02", "Dag: mandag og tirsdag kl. 13.30–17")
    assert all(part in words(svg).replace("  ", " ") for part in told)


def test_a_shift_past_midnight_is_outlined_on_both_days(small):
    spec = small.to_dict()
    outlined = [r for r in spec["datasets"].values() if r and r[0].get("team") == "Nat"]
    (mine,) = outlined
    cells = rows(spec, "incidents", "clock")
    late = next(c for c in cells if (c["weekday"], c["hour"]) == (3, 18))
    early = next(c for c in cells if (c["weekday"], c["hour"]) == (4, 0))
    boxes = sorted((box["x"], box["y"]) for box in mine)
    assert any(abs(x - early["x"]) < 6 and abs(y - early["y"]) < 6 for x, y in boxes)
    assert any(abs(x - late["x"]) < 6 and abs(y - late["y"]) < 6 for x, y in boxes)


def test_a_team_is_told_apart_by_more_than_its_colour(small):
    layers = small.to_dict()["layer"]
    marks = [layer["mark"] for layer in layers if layer["mark"].get("filled") is False]
    dashed = [tuple(mark["strokeDash"]) for mark in marks if "strokeDash" in mark]
    assert len(dashed) == len(set(dashed)) == 2


def test_the_text_alternative_says_the_message_first(small, con):
    told = small.to_dict()["description"]
    assert told.startswith("Her: 3 hændelser med kendt klokkeslæt: flest")
    # Of a district or the city it is of one place, and a picture stands alone.
    assert " ".join(small.to_dict()["title"]["text"]).startswith("Her: 3 hændelser")
    assert "Nat: onsdag–lørdag kl. 18–02" in told
    assert "nan" not in drawn_from(con, Selection("2025/26")).to_dict()["description"].lower()


def test_nothing_to_draw_says_so(con):
    picture(drawn_from(con, Selection("2030/31", location="Valby Bibliotek")).to_dict())
