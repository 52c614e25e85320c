"""Weeks that are higher than comparable ones: the bound, the words and the charts."""

import json
import re
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from small_city import CITY, city, place
from test_charts import drawn, narrowed, texts

from analysis.barometer import Selection
from analysis.core import asking
from analysis.show import charts
from analysis.show.charts import theme
from analysis.signals import model, record, tables
from analysis.signals import weeks as signals_weeks
from analysis.signals import words as signals_words
from analysis.signals.weeks import WEEK

HERE, THERE = "Her", "Der"
PLACES = [place(HERE, "Valby"), place(THERE, "Vanløse"), place("Uden bydel", None)]
FIRST, LAST = date(2020, 10, 5), date(2024, 3, 31)
OUTBREAK = date(2024, 2, 5)


def every_week(location, each, first=FIRST, last=LAST):
    """Return so many incidents a week, from Monday on, a day each."""
    days = [
        first + n * WEEK + timedelta(k)
        for n in range((last - first).days // 7 + 1)
        for k in range(each)
    ]
    return [(location, f"{day} 12:00") for day in days]


@pytest.fixture(scope="module")
def calm():
    """A city with 6 and 2 incidents a week in its districts, and 1 in none; 18 in one week."""
    incidents = [*every_week(HERE, 6), *every_week(THERE, 2), *every_week("Uden bydel", 1)]
    incidents += [(HERE, f"{OUTBREAK} {hour}:00") for hour in range(10, 22)]
    with city({"location": PLACES}, incidents, (FIRST, LAST)) as con:
        yield con


def one(con, name, week, through=LAST, level=None):
    found = signals_weeks.weekly(con, through)
    level = level or ("city" if name == CITY else "district")
    own = signals_weeks.of_place(found, level, name)
    return own[own["week"] == pd.Timestamp(week)].iloc[0]


def followed(found, level="location"):
    return list(dict.fromkeys(found.loc[found["level"] == level, "name"]))


# From the database


def test_an_outbreak_is_seen_where_and_when_it_is_and_nowhere_else(calm):
    found = signals_weeks.weekly(calm, LAST)
    marked = found[found["signal"]]
    assert list(zip(marked["name"], marked["week"].dt.date, strict=True)) == [
        (CITY, OUTBREAK),
        ("Valby", OUTBREAK),
        (HERE, OUTBREAK),
    ]
    row = one(calm, "Valby", OUTBREAK)
    assert (row["incidents"], row["expected"], row["comparable"]) == (18, 6, 21)


def test_the_city_holds_places_whose_district_is_not_known(calm):
    found = signals_weeks.weekly(calm, LAST)
    places = found[["level", "name", "district"]].drop_duplicates()
    assert list(places.itertuples(index=False, name=None)) == [
        ("city", CITY, np.nan),
        ("district", "Valby", "Valby"),
        ("district", "Vanløse", "Vanløse"),
        ("location", HERE, "Valby"),
        ("location", THERE, "Vanløse"),
        ("location", "Uden bydel", np.nan),
    ]
    assert one(calm, CITY, date(2023, 5, 1))["incidents"] == 9


def test_the_first_season_has_no_threshold_and_is_told_so(calm):
    found = signals_weeks.of_period(calm, Selection("2020/21"))
    # No location is followed: there is no year before.
    assert len(found) == 3 * 25
    assert found["threshold"].isna().all()
    assert not found["signal"].any()
    assert (
        "kan ikke vurderes"
        in signals_words.signal_summary(found, CHANCE, "vinterhalvåret 2020/21").data
    )


def test_few_incidents_are_no_signal_however_rare_they_were():
    week = date(2024, 2, 5)
    for earlier, added, expected in ((0, 4, False), (0, 5, True), (2, 2, False), (2, 3, True)):
        incidents = [(HERE, "2022-10-03 12:00")]
        incidents += [(HERE, f"{week - 3 * WEEK} {10 + n}:00") for n in range(earlier)]
        incidents += [(HERE, f"{week} {10 + n}:00") for n in range(added)]
        with city({"location": PLACES[:1]}, incidents, (date(2022, 10, 3), LAST)) as con:
            row = one(con, "Valby", week)
            assert row["threshold"] == 4 - earlier
            assert bool(row["signal"]) is expected


def test_a_week_after_a_high_one_is_a_signal_sooner(calm):
    week = date(2024, 2, 5)
    limits = {}
    for before in (0, 6, 40):
        incidents = [*every_week(HERE, 6), *every_week(THERE, 2)]
        moment = datetime(2024, 1, 31, 13)
        incidents += [(HERE, str(moment + n * timedelta(minutes=1))) for n in range(before)]
        with city({"location": PLACES[:2]}, incidents, (FIRST, LAST)) as con:
            limits[before] = one(con, "Valby", week)["threshold"]
    assert limits[0] - 6 <= limits[6] < limits[0]
    # Not lower than what is expected, however high it was.
    assert limits[40] == 6


def test_nothing_that_happened_or_was_reported_after_the_day_counts(calm):
    through = date(2024, 2, 20)
    before = signals_weeks.weekly(calm, through)
    assert before["week"].max() == pd.Timestamp("2024-02-12")
    incidents = [*every_week(HERE, 6), *every_week(THERE, 2), *every_week("Uden bydel", 1)]
    incidents += [(HERE, f"{OUTBREAK} {hour}:00") for hour in range(10, 22)]
    incidents += [(HERE, f"{through + timedelta(1)} {hour}:00") for hour in range(10, 20)]
    late = [(THERE, f"{through - timedelta(9)} {hour}:00") for hour in range(13, 23)]
    with city({"location": PLACES}, [*incidents, *late], (FIRST, LAST)) as con:
        con.execute(
            "update incident set reported_at = ? where location = ? and hour(occurred_at) <> 12",
            [through + timedelta(1), THERE],
        )
        pd.testing.assert_frame_equal(signals_weeks.weekly(con, through), before)
        later = signals_weeks.weekly(con, through + timedelta(1))
        there = later[(later["name"] == "Vanløse") & (later["week"] == pd.Timestamp("2024-02-05"))]
        assert there["incidents"].item() == 12


def test_a_new_week_is_held_against_what_was_known_of_past_weeks_as_soon(calm):
    with city({"location": PLACES[:1]}, every_week(HERE, 6), (FIRST, LAST)) as con:
        # Of each week half is reported two weeks after it began.
        con.execute(
            "update incident set reported_at = date_trunc('week', occurred_at) + interval 14 day "
            "where isodow(occurred_at) > 3"
        )
        sunday = date(2024, 2, 11)
        new = one(con, CITY, sunday - timedelta(6), sunday)
        assert (new["incidents"], new["expected"]) == (3, 3)
        old = one(con, CITY, sunday - timedelta(6), sunday + 2 * WEEK)
        assert (old["incidents"], old["expected"]) == (6, 6)


def test_every_week_of_a_year_belongs_to_one_half(con):
    halves = [
        signals_weeks.of_period(con, Selection("2023/24", half)) for half in ("vinter", "sommer")
    ]
    halves.append(signals_weeks.of_period(con, Selection("2024/25")))
    weeks = pd.concat(halves)
    weeks = weeks[weeks["name"] == CITY]["week"]
    assert (weeks.diff().dropna() == pd.Timedelta(WEEK)).all()
    assert weeks.min() == pd.Timestamp("2023-09-25")


def test_a_later_or_an_earlier_day_gives_weeks_of_the_period_alone(con):
    winter = Selection("2023/24")
    whole = signals_weeks.of_period(con, winter)
    later = signals_weeks.of_period(con, winter, date(2024, 6, 30))
    assert list(later["week"]) == list(whole["week"])
    assert later["incidents"].sum() > whole["incidents"].sum()
    assert signals_weeks.of_period(con, winter, date(2024, 1, 10))["week"].max() == pd.Timestamp(
        "2024-01-01"
    )
    assert signals_weeks.of_period(con, winter, date(2023, 9, 10)).empty


def test_the_samples_weeks_are_its_incidents(con):
    through = date(2025, 3, 31)
    found = signals_weeks.weekly(con, through)
    larger = found[found["level"] != "location"]
    wide = larger.pivot(index="week", columns="name", values="incidents")
    assert len(wide) == 52
    assert wide.shape[1] == 11
    assert (wide.drop(columns=CITY).sum(axis=1) == wide[CITY]).all()
    locations = found[found["level"] == "location"]
    wide_locations = locations.pivot(index="week", columns="name", values="incidents")
    own = con.execute(
        "select location, count(*) from incident where occurred_at >= ? and "
        "occurred_at < '2025-03-31' and reported_at < '2025-04-01' group by all",
        [locations["week"].min()],
    ).fetchall()
    assert wide_locations.sum().to_dict() == {
        name: count for name, count in own if name in wide_locations
    }
    first = found["week"].min()
    counted = con.execute(
        "select count(*) from incident where occurred_at >= ? and occurred_at < '2025-03-31' "
        "and reported_at < '2025-04-01'",
        [first],
    ).fetchone()
    assert wide[CITY].sum() == counted[0]
    assert found["threshold"].notna().all()


def test_a_period_outside_the_data_gives_a_frame_without_rows(con):
    found = signals_weeks.of_period(con, Selection("2019/20"))
    assert found.empty
    assert list(found) == list(signals_weeks.of_period(con, Selection("2025/26")))
    assert (
        "ingen hele uger"
        in signals_words.signal_summary(found, CHANCE, "vinterhalvåret 2019/20").data
    )
    assert signals_words.reach(found) == ""


# Which locations are followed


def test_a_location_with_enough_incidents_in_each_of_the_three_seasons_before_is_followed():
    def spread(location, year, number):
        first = date(year, 10, 1)
        return [(location, f"{first + n * timedelta(5)} 12:00") for n in range(number)]

    incidents = [
        *every_week(HERE, 6),
        *(row for year in (2020, 2021, 2022) for row in spread("Travl", year, 40)),
        *(row for year in (2020, 2021) for row in spread("Stille", year, 60)),
        *spread("Stille", 2022, 39),
        *(row for year in (2021, 2022) for row in spread("Ny", year, 60)),
        # Neither what happened nor what was reported in the season counts.
        ("Stille", "2023-10-01 12:00"),
        ("Stille", "2023-09-30 13:00"),
    ]
    register = [place(name) for name in (HERE, "Travl", "Stille", "Ny")]
    with city({"location": register}, incidents, (FIRST, LAST)) as con:
        con.execute(
            "update incident set reported_at = date '2023-10-01' where hour(occurred_at) = 13"
        )
        assert followed(signals_weeks.weekly(con, LAST)) == [HERE, "Travl"]
        assert followed(signals_weeks.weekly(con, date(2023, 9, 30))) == []


def test_a_location_has_the_weeks_of_the_seasons_in_which_it_is_followed(calm):
    found = signals_weeks.weekly(calm, LAST, 200)
    first = found.groupby("level")["week"].min()
    # The first week that ends in the season.
    assert first["location"] == pd.Timestamp("2023-09-25")
    assert first["district"] == pd.Timestamp(FIRST)


def test_a_location_that_is_followed_no_longer_keeps_its_earlier_signals():
    last = date(2025, 3, 31)
    incidents = [*every_week(HERE, 6, last=last), *every_week(THERE, 1)]
    incidents += [(THERE, f"{OUTBREAK} {hour}:00") for hour in range(13, 22)]
    with city({"location": PLACES[:2]}, incidents, (FIRST, last)) as con:
        assert followed(signals_weeks.weekly(con, last, 20)) == [HERE]
        found = record.earlier(con, Selection("2024/25"), last)
    own = signals_weeks.of_place(found[found["signal"]], "location", THERE)
    assert own["week"].dt.date.tolist() == [OUTBREAK]
    assert found.loc[found["name"] == THERE, "week"].max() < pd.Timestamp("2024-10-01")


def test_a_location_may_have_the_name_of_its_district():
    register = [place("Valby", "Valby"), place(THERE, "Valby")]
    incidents = [*every_week("Valby", 2), *every_week(THERE, 6)]
    incidents += [("Valby", f"{OUTBREAK} {hour}:00", "Trusler") for hour in range(13, 23)]
    with city({"location": register}, incidents, (FIRST, LAST)) as con:
        counts = {
            level: one(con, "Valby", OUTBREAK, level=level) for level in ("district", "location")
        }
        assert {level: row["incidents"] for level, row in counts.items()} == {
            "district": 18,
            "location": 12,
        }
        assert all(row["category"] == "Trusler" for row in counts.values())
        found = signals_weeks.of_period(con, Selection("2023/24"))
        earlier = record.earlier(con, Selection("2024/25"), LAST)
    text = said(found)
    assert "- Valby (bydel), uge 6 (5.–11. februar 2024): 18 hændelser" in text
    assert "- Valby (lokation), uge 6 (5.–11. februar 2024): 12 hændelser" in text
    for told in (tables.area_table(found), tables.became_table(earlier)):
        assert {"Valby (bydel)", "Valby (lokation)"} <= set(told["name"])


def test_a_location_is_held_against_no_week_before_its_first():
    register = [*PLACES[:2], place("Ny", "Vanløse")]
    new = every_week("Ny", 2, date(2021, 1, 4))
    incidents = [*every_week(HERE, 6), *every_week(THERE, 2), *new]
    with city({"location": register}, incidents, (FIRST, LAST)) as con:
        row = one(con, "Ny", date(2023, 11, 6), level="location")
        assert (row["expected"], row["comparable"]) == (2, 14)
        assert one(con, "Vanløse", date(2023, 11, 6))["comparable"] == 21


def test_weeks_in_which_a_location_was_closed_are_not_what_it_is_held_against():
    closed = (date(2023, 1, 30), date(2023, 2, 15))
    incidents = [
        each
        for each in [*every_week(HERE, 6), *every_week(THERE, 2)]
        if not (each[0] == HERE and closed[0] <= date.fromisoformat(each[1][:10]) <= closed[1])
    ]
    tables = {"location": PLACES[:2]}
    shut = {"location": HERE, "kind": "Lukning", "starts": closed[0], "ends": closed[1]}
    for measures, comparable in (([shut], 21 - 3), ([], 21), ([shut | {"kind": "Vagt"}], 21)):
        with city(tables | {"measure": measures}, incidents, (FIRST, LAST)) as con:
            row = one(con, HERE, OUTBREAK, level="location")
            assert row["comparable"] == comparable
            assert (row["expected"] == 6) == (comparable < 21)
            assert one(con, "Valby", OUTBREAK)["comparable"] == 21


def test_a_limit_is_for_the_locations_too(con, monkeypatch):
    limits = []
    for least in (10_000, signals_weeks.FOLLOWED):
        monkeypatch.setattr(signals_weeks, "FOLLOWED", least)
        before = signals_weeks.counted(con, date(2025, 9, 30), 52, season=date(2025, 10, 1))
        chances, part = signals_weeks.drawn_chances(before, 5)
        limits.append(signals_weeks.limit_of(chances, signals_weeks.BUDGET / part)[0])
    assert limits[1] < limits[0]


# In words


# So many signals by chance in half a year.
CHANCE = 0.5


def weeks(*signalled, number=26, names=(CITY, "Valby"), locations=(), unknown=0):
    """Return made-up weeks: `signalled` are (name, number of the week from the first).

    The locations lie in the district that is named last.
    """
    first = pd.Timestamp("2025-10-06")
    places = [("city", names[0]), *(("district", name) for name in names[1:])]
    places += [("location", name) for name in locations]
    rows = [
        (
            level,
            name,
            None if level == "city" else names[-1] if level == "location" else name,
            first + n * pd.Timedelta(WEEK),
            12 if (name, n) in signalled else 4,
            4.2,
            10,
            (name, n) in signalled,
            28,
            "Uønsket adfærd",
            8 if (name, n) in signalled else 4,
        )
        for level, name in places
        for n in range(number)
    ]
    columns = ["level", "name", "district", "week", "incidents", "expected", "threshold"]
    columns += ["signal", "comparable", "category", "of_category"]
    made = pd.DataFrame(rows, columns=columns).astype({"threshold": "Int64"})
    none = made["week"] < first + unknown * pd.Timedelta(WEEK)
    made.loc[none, ["expected", "threshold"]] = None
    return made


def said(df):
    return signals_words.signal_summary(df, CHANCE, "vinterhalvåret 2025/26").data


def test_weeks_that_are_not_settled_are_told_so():
    told = signals_words.signal_summary(weeks(), CHANCE, "vinteren", is_settled=False).data
    assert "De seneste ugers antal er foreløbige" in told
    assert "foreløbige" not in said(weeks())


def test_no_signal_is_told_with_how_many_chance_would_give():
    text = said(weeks())
    assert text.startswith("**I hele byen er der ingen signaler i vinterhalvåret 2025/26.**")
    assert "26 uger i byen og 1 bydel." in text
    assert "26 uger i byen, 1 bydel og 2 lokationer." in said(weeks(locations=(HERE, THERE)))
    assert "højst 1 signal om året" in text
    assert "simuleret" not in text
    assert (
        f"simuleret {signals_weeks.PASTS * signals_weeks.FUTURES} gange"
        in signals_words.signal_rules().data
    )
    assert "fundet" not in text


def test_one_signal_is_told_with_where_when_and_how_much():
    text = said(weeks(("Valby", 11)))
    assert text.startswith(
        "**I hele byen er der 1 signal i vinterhalvåret 2025/26: Valby, uge 52 (22.–28. december "
        "2025): 12 hændelser mod 4,2 ventet (grænse 10), flest uønsket adfærd (8).**"
    )
    assert "Det antal, der er fundet, kan tilfældige udsving give alene." in text


def test_several_signals_are_a_list_and_may_be_more_than_chance_gives():
    text = said(weeks((CITY, 3), ("Valby", 9), ("Valby", 12)))
    assert text.startswith("**I hele byen er der 3 signaler i vinterhalvåret 2025/26:**\n\n- ")
    assert len(re.findall("^- ", text, re.MULTILINE)) == 3
    assert "fundet flere, end tilfældige udsving plejer at give" in text
    # Those in a row are told by one another.
    assert "kan tilfældige udsving give alene" in said(weeks((CITY, 3), ("Valby", 4), ("Valby", 5)))


def test_a_place_without_signals_is_not_contradicted_by_those_of_the_city():
    own = "**Nørrebro har ingen signaler i perioden.**"
    df = weeks((CITY, 3), ("Valby", 11))
    text = signals_words.signal_summary(df, CHANCE, "vinterhalvåret 2025/26", own).data
    assert text.startswith(f"{own}\n\n**I hele byen er der 2 signaler i vinterhalvåret 2025/26:**")


def test_one_word_is_used_for_what_is_to_be_expected():
    df = weeks((CITY, 3), ("Valby", 11))
    charted = [json.dumps(view(df).to_dict(), ensure_ascii=False) for view in VIEWS.values()]
    words = [said(df), signals_words.signal_rules().data, *tables.HEADINGS.values(), *charted]
    assert not [each for each in words if "forventet" in each.lower()]


def test_weeks_without_a_threshold_are_told_and_not_counted():
    text = said(weeks(unknown=2))
    assert "24 uger i byen" in text
    assert "2 uger har for få tilsvarende uger" in text
    assert said(weeks(unknown=26)).startswith("**Det kan ikke vurderes")


def test_how_large_a_rise_must_be_is_told_of_the_weeks_themselves():
    df = weeks()
    df.loc[df["name"] == CITY, ["expected", "threshold"]] = [20.0, 29]
    text = signals_words.reach(df)
    assert "1,5 gange så mange" in text
    assert "en uge i en bydel 2,6 gange så mange. Mindre" in text
    assert "og en uge på en lokation 2,6 gange så mange. Mindre" in signals_words.reach(
        weeks(locations=[HERE])
    )


def test_a_location_that_is_followed_is_told_of_itself(calm):
    found = signals_weeks.of_period(calm, Selection("2023/24"))
    here = Selection("2023/24", location=HERE)
    text = signals_words.own_place(calm, here, found)
    assert text == "**Her har 1 signal i perioden: uge 6 (5.–11. februar 2024).**"
    assert signals_weeks.near(calm, here, found) == ("location", HERE)


def test_a_location_that_is_not_followed_is_told_of_by_its_district(calm):
    found = signals_weeks.of_period(calm, Selection("2023/24"))
    found = found[found["level"] != "location"]
    here = Selection("2023/24", location=HERE)
    text = signals_words.own_place(calm, here, found)
    assert text == (
        "Her følges ikke for sig, da data ikke viser mindst 40 hændelser i hver af de tre sæsoner "
        "før; i stedet ses på bydelen Valby. **Valby har 1 signal i perioden: uge 6 (5.–11. "
        "februar 2024).**"
    )
    assert signals_weeks.near(calm, here, found) == ("district", "Valby")
    assert "ingen signaler" in signals_words.own_place(
        calm, Selection("2023/24", district="Vanløse"), found
    )
    # The city is followed too, but is nobody's own place.
    for district in (None, ["Valby", "Vanløse"]):
        resolved = asking.resolve(calm, Selection("2023/24", district=district))
        assert signals_words.own_place(calm, resolved, found) == ""
    nowhere = signals_words.own_place(calm, Selection("2023/24", location="Uden bydel"), found)
    assert nowhere.endswith("i stedet ses på hele byen.")


def test_a_district_is_told_of_with_its_locations(calm):
    found = signals_weeks.of_period(calm, Selection("2023/24"))
    valby = signals_words.own_place(calm, Selection("2023/24", district="Valby"), found)
    assert valby == (
        "**Valby har 1 signal i perioden: uge 6 (5.–11. februar 2024).** "
        "**Her har 1 signal i perioden: uge 6 (5.–11. februar 2024).**"
    )
    vanløse = signals_words.own_place(calm, Selection("2023/24", district="Vanløse"), found)
    assert vanløse == "**Vanløse har ingen signaler i perioden.**"


def test_the_selections_district_stands_first(calm):
    found = signals_weeks.of_period(calm, Selection("2023/24"))
    for own, names in (
        (("location", THERE), ["Vanløse", "Valby"]),
        (("district", "Vanløse"), ["Vanløse", "Valby"]),
        (("city", CITY), ["Valby", "Vanløse"]),
    ):
        first = signals_weeks.of_place(found, *own)
        assert followed(signals_words.districts(found, first), "district") == names


@pytest.mark.parametrize(
    ("monday", "words"),
    [
        ("2025-12-22", "uge 52 (22.–28. december 2025)"),
        ("2025-09-29", "uge 40 (29. september – 5. oktober 2025)"),
        ("2025-12-29", "uge 1 (29. december 2025 – 4. januar 2026)"),
    ],
)
def test_a_week_is_written_with_its_number_and_days(monday, words):
    assert signals_words.of_week(pd.Timestamp(monday)) == words


def test_the_tables_hold_what_the_charts_show():
    df = weeks(("Valby", 11), ("Valby", 12))
    areas = tables.area_table(df)
    assert areas["signals"].tolist() == [0, 2]
    assert areas["weeks"].tolist() == ["–", "uge 52 og uge 1"]
    assert areas["incidents"].tolist() == [26 * 4, 24 * 4 + 24]
    table = tables.week_table(signals_weeks.of_place(df, "city", CITY))
    assert table["incidents"].sum() == 26 * 4
    assert set(table["signal"]) == {"–"}


# Charts

VIEWS = {
    "line": lambda df: charts.signal_line(
        df[df["level"] == "city"], "Uge for uge: Vesterbro/Kgs. Enghave, vinterhalvåret 2025/26"
    ),
    "rows": lambda df: charts.signal_rows(
        signals_words.districts(df, df[:1]), "Bydelene uge for uge, vinterhalvåret 2025/26"
    ),
}


@pytest.fixture(autouse=True)
def themed():
    charts.enable()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("version", ["5.8", "6.4"])
@pytest.mark.parametrize("df", [weeks((CITY, 3), ("Valby", 0)), weeks(), weeks(unknown=26)])
def test_the_weeks_are_drawn_on_a_page_and_on_a_phone(view, version, df):
    spec = VIEWS[view](df).to_dict()
    assert "<text" in drawn(spec, version)
    narrow = drawn(narrowed(spec), version)
    assert float(re.search(r'width="([\d.]+)"', narrow)[1]) <= theme.NARROW + 32
    assert "…" not in narrow


@pytest.mark.parametrize(("view", "name"), [("line", CITY), ("rows", "Valby")])
def test_a_signal_is_marked_by_shape_and_label_and_told_aloud(view, name):
    spec = VIEWS[view](weeks((name, 11))).to_dict()
    assert "uge 52" in texts(drawn(spec))
    assert '"triangle-up"' in json.dumps(spec)
    assert "uge 52, fra den 22. december 2025 (12 hændelser, grænse 10)" in spec["description"]
    calm = VIEWS[view](weeks()).to_dict()
    assert "uge 52" not in texts(drawn(calm))
    assert "Ingen uge ligger over grænsen" in calm["description"]
    assert "Ingen signaler" in json.dumps(calm["title"], ensure_ascii=False)


def test_the_charts_say_that_their_weeks_are_whole_and_may_add_up_to_another_number():
    for view in VIEWS.values():
        for df in (weeks(), weeks(unknown=26)):
            under = view(df).to_dict()["title"]["subtitle"]
            assert " ".join(under).endswith(
                "Hele uger (mandag–søndag), der slutter i perioden; antallet kan derfor afvige fra "
                "halvårets"
            )


def test_a_row_says_its_highest_week_and_breaks_its_heading_on_a_phone():
    place = "Vesterbro/Kgs. Enghave"
    spec = VIEWS["rows"](weeks((place, 11), names=(CITY, place))).to_dict()
    heading = f"{place}: 112 hændelser, højst 12 på en uge, 1 signal"
    assert heading in [each.replace("\u00a0", " ") for each in texts(drawn(spec))]
    lines = [each.replace("\u00a0", " ") for each in texts(drawn(narrowed(spec)))]
    assert heading not in lines
    assert {f"{place}: 112 hændelser,", "højst 12 på en uge, 1 signal"} <= set(lines)


def test_months_are_abbreviated_alike_in_every_chart():
    for view in VIEWS.values():
        shown = texts(drawn(view(weeks(number=34))))
        assert {"nov.", "dec.", "maj"} <= set(shown)


def test_signals_close_to_one_another_share_a_label():
    spec = VIEWS["line"](weeks((CITY, 10), (CITY, 11), (CITY, 20))).to_dict()
    assert {"uge 51 og 52", "uge 9"} <= set(texts(drawn(spec)))


def test_weeks_without_threshold_are_said_to_have_none_in_the_chart():
    for view in VIEWS.values():
        spec = view(weeks(unknown=26)).to_dict()
        assert spec["title"]["text"] == "Ingen uge har en grænse"
        assert "Ingen uge har en grænse" in spec["description"]


def test_a_period_without_weeks_is_drawn_as_such():
    for view in VIEWS.values():
        assert "Ingen hele uger i perioden" in drawn(view(weeks(number=0)))


# What chance alone gives


def test_the_limit_leaves_no_more_than_the_budget():
    chances = np.random.default_rng(3).random(100_000)
    limit, within = signals_weeks.limit_of(chances, 200)
    assert within == (chances <= limit).sum() == 200
    assert limit == pytest.approx(0.002, rel=0.2)


def test_equal_chances_are_all_within_the_limit_or_all_outside():
    chances = np.array([1e-4] * 3 + [1e-3] * 5 + [0.5] * 50)
    for most, within in ((2, 0), (3, 3), (7, 3), (8, 8)):
        assert signals_weeks.limit_of(chances, most)[1] == within


def test_where_places_are_few_no_limit_is_passed_more_often_than_a_week_may():
    assert signals_weeks.limit_of(np.linspace(0, 1, 1_000), 100) == (signals_weeks.ALPHA, 5)
    assert signals_weeks.limit_of(np.array([]), 1) == (signals_weeks.ALPHA, 0)


def unchanged(rng, spread=1.4):
    """Every fourth week of a year of a city with nine districts that stays as it is."""
    means = np.array([25.0, 5.0, *[2.2] * 8])[:, None]
    shape = (len(means), 13)

    def drawn(*more):
        mean = np.broadcast_to(means.reshape(-1, 1, *[1] * len(more)), (*shape, *more))
        return rng.negative_binomial(mean / (spread - 1), 1 / spread)

    span = (model.YEARS, model.SPAN)
    monday = date(2025, 10, 6)
    return signals_weeks.Weeks(
        pd.DataFrame({"level": ["city", *["district"] * 9], "name": [CITY, *"ABCDEFGHI"]}).assign(
            district=None
        ),
        [monday + n * WEEK for n in range(13)],
        drawn(signals_weeks.LEAST_OVER),
        drawn(*span).astype(float),
        np.ones((13, *span), dtype=bool),
        np.ones(shape, dtype=bool),
    )


def test_a_city_that_stays_as_it_is_has_about_one_false_signal_a_year():
    rng = np.random.default_rng(4)
    chances, part = signals_weeks.drawn_chances(unchanged(rng), 60)
    limit, within = signals_weeks.limit_of(chances, signals_weeks.BUDGET / part)
    assert within * part <= signals_weeks.BUDGET
    years = [signals_weeks.judged(unchanged(rng), limit)["signal"].sum() * 4 for _ in range(60)]
    assert 0.4 < np.mean(years) < 1.6


def test_the_limit_is_the_same_in_every_run_and_a_period_has_its_part_of_the_budget(con):
    limit = signals_weeks.alpha(con, date(2026, 3, 31))
    # That of the year before the season.
    before = signals_weeks.counted(con, date(2025, 9, 30), 52, season=date(2025, 10, 1))
    again = signals_weeks.drawn_chances(before)
    found = signals_weeks.limit_of(again[0], signals_weeks.BUDGET / again[1])
    assert found[0] == limit
    assert 0.0001 < limit < signals_weeks.ALPHA
    half = signals_weeks.by_chance(con, Selection("2025/26"))
    assert 0.35 < half <= signals_weeks.BUDGET / 2
    assert signals_weeks.by_chance(con, Selection("2021/22")) == 0


# What became of earlier signals


def test_a_signal_is_followed_for_the_weeks_after_it(calm):
    found = record.earlier(calm, Selection("2024/25"), LAST)
    signals = found[found["signal"]]
    assert list(signals["name"]) == [CITY, "Valby", HERE]
    assert signals["after"].tolist() == [4 * 9, 4 * 6, 4 * 6]
    # As many as usual is not above it.
    assert record.stayed(signals).tolist() == [False, False, False]
    assert "Efter 0 af 3 tidligere signaler lå de næste 4 uger tilsammen over det ventede." in (
        signals_words.became(found).data
    )
    assert record.earlier(calm, Selection("2023/24"), LAST)["week"].max() < pd.Timestamp(
        "2023-10-01"
    )
    told = tables.became_table(found)
    assert told["week"].str.contains("februar").all()
    assert told[["name", "most", "after", "stayed"]].values.tolist() == [
        [HERE, "Alle uønsket adfærd", 24, "nej"],
        [CITY, "Alle uønsket adfærd", 36, "nej"],
        ["Valby", "Alle uønsket adfærd", 24, "nej"],
    ]


def test_a_signal_that_goes_on_is_told_from_one_that_falls_back(calm):
    incidents = [*every_week(HERE, 6), *every_week(THERE, 2)]
    for location, weeks in ((HERE, 5), (THERE, 1)):
        incidents += [
            (location, f"{OUTBREAK + n * WEEK} {hour}:00")
            for n in range(weeks)
            for hour in range(10, 24)
        ]
    with city({"location": PLACES}, incidents, (FIRST, LAST)) as con:
        found = record.earlier(con, Selection("2024/25"), LAST)
        first = found[found["signal"] & (found["week"] == pd.Timestamp(OUTBREAK))]
        held = dict(zip(first["name"], record.stayed(first), strict=True))
        became = tables.became_table(found).groupby("name")["stayed"].last()
    assert held == {CITY: True, "Valby": True, "Vanløse": False, HERE: True, THERE: False}
    assert became.to_dict() == {name: "ja" if each else "nej" for name, each in held.items()}


def test_an_earlier_signal_is_as_it_was_known_when_its_week_ended(calm):
    with city(
        {"location": PLACES[:1]},
        [*every_week(HERE, 6), *[(HERE, f"{OUTBREAK} {hour}:00") for hour in range(10, 22)]],
        (FIRST, LAST),
    ) as con:
        asked = (con, Selection("2024/25"), LAST)
        assert record.earlier(*asked)["signal"].sum() == 3
        con.execute(
            "update incident set reported_at = ? where occurred_at::date = ? and "
            "hour(occurred_at) <> 12",
            [OUTBREAK + WEEK, OUTBREAK],
        )
        assert not record.earlier(*asked)["signal"].any()
        assert one(con, "Valby", OUTBREAK)["signal"]


def test_weeks_after_that_are_not_whole_yet_say_nothing():
    found = weeks_after((True, 12.0, 8.0), (True, np.nan, np.nan), (False, 5.0, 8.0))
    assert record.stayed(found).tolist() == [True, pd.NA, False]
    assert tables.became_table(found)["stayed"].tolist() == ["ja", "–"]
    told = signals_words.became(found).data
    assert "Efter det ene tidligere signal lå de næste 4 uger tilsammen over det ventede" in told
    fell = signals_words.became(weeks_after((True, 5.0, 8.0), (False, 5.0, 8.0))).data
    assert "Efter det ene tidligere signal lå de næste 4 uger tilsammen ikke over" in fell
    assert "kan følges" in signals_words.became(found[~found["signal"]]).data


def weeks_after(*rows):
    found = pd.DataFrame(rows, columns=["signal", "after", "after_expected"])
    return found.assign(
        level="district",
        name="Valby",
        week=pd.Timestamp(OUTBREAK),
        incidents=12,
        expected=4.0,
        category="Trusler",
        of_category=8,
    )
