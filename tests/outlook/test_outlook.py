"""The forecast: its contract, that it knows nothing of what came later, and scenarios."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from small_city import city, copy_of, measure, place

from analysis import outlook
from analysis.core import taxonomy
from analysis.core.selection import Selection, SelectionError
from analysis.outlook import backtest, forecast, scenario, words

THROUGH = "2025-03-31"
COLUMNS = [
    *("name", "month", "mean", "median", "low_50", "high_50", "low_90", "high_90"),
    "chance_above_last",
]
PLACES = [
    place("A Bibliotek", "Valby"),
    place("B Bibliotek", "Nørrebro"),
    place("C Hal", "Nørrebro", "Idrætshal"),
    place("Tom Hal", "Vanløse", "Idrætshal"),
]
# A month's incidents at A; B has half of them.
EACH = {10: 6, 11: 8, 12: 10, 1: 8, 2: 6, 3: 4}


def happened(first=2022, last=2025):
    """Incidents from October of the year before `first` to March of `last`, evenly in a month."""
    rows = []
    for day in pd.date_range(f"{first - 1}-10-01", f"{last}-03-01", freq="MS"):
        for number in range(EACH.get(day.month, 2)):
            when = f"{day.year}-{day.month:02}-{number * 2 + 1:02} 12:00"
            rows.append(
                ("A Bibliotek", when, taxonomy.THREATS if not number else taxonomy.UNWANTED)
            )
            if number % 2:
                rows.append(("B Bibliotek", when))
    return rows


@pytest.fixture(scope="module")
def small():
    return city({"location": PLACES}, happened(), ("2021-10-01", THROUGH))


def whole(found):
    return found[found["month"].isna()].set_index("name")


def test_the_forecast_has_the_contracts_columns_and_types(small):
    found = forecast(small, THROUGH, "2025/26", "vinter", "location")
    assert list(found.columns) == COLUMNS
    assert found["name"].dtype == "str"
    assert pd.api.types.is_datetime64_any_dtype(found["month"])
    assert (found[COLUMNS[2:]].dtypes == "float64").all()
    assert not found[COLUMNS[:1] + COLUMNS[2:]].isna().any().any()


def test_every_location_has_its_months_and_then_the_half_year(small):
    found = forecast(small, THROUGH, "2025/26", "vinter", "location")
    months = [*Selection("2025/26").months]
    assert set(found["name"]) == {one["location"] for one in PLACES}
    for _, rows in found.groupby("name", sort=False):
        assert [each.date() for each in rows["month"][:-1]] == months
        assert pd.isna(rows["month"].iloc[-1])
    assert list(dict.fromkeys(found["name"]))[:2] == ["A Bibliotek", "B Bibliotek"]
    means = whole(found)["mean"]
    assert list(means) == sorted(means, reverse=True)


def test_intervals_lie_within_each_other_and_are_counts(small):
    found = forecast(small, THROUGH, "2025/26", "vinter", "district")
    ends = found[["low_90", "low_50", "median", "high_50", "high_90"]].to_numpy()
    assert (np.diff(ends) >= 0).all()
    assert (ends == ends.round()).all()
    assert found["chance_above_last"].between(0, 1).all()


def test_locations_add_up_to_districts_and_the_city_and_months_to_the_half_year(small):
    args = (small, THROUGH, "2025/26", "vinter")
    sums = {level: whole(forecast(*args, level))["mean"] for level in outlook.LEVELS}
    assert sums["location"].sum() == pytest.approx(sums["city"]["København"])
    assert sums["district"].sum() == pytest.approx(sums["city"]["København"])
    assert sums["district"]["Nørrebro"] == pytest.approx(
        sums["location"][["B Bibliotek", "C Hal"]].sum()
    )
    months = forecast(*args, "city")
    assert months["mean"][:-1].sum() == pytest.approx(months["mean"].iloc[-1])


def test_the_season_is_expected_again(small):
    winter = whole(forecast(small, THROUGH, "2025/26", "vinter", "city"))["median"].iloc[0]
    summer = whole(forecast(small, THROUGH, "2024/25", "sommer", "city"))["median"].iloc[0]
    assert winter == pytest.approx(63, rel=0.12)
    assert summer == pytest.approx(18, rel=0.2)


def test_types_stand_in_the_taxonomys_order_and_only_at_the_city(small):
    found = forecast(small, THROUGH, "2025/26", "vinter", "city", by="category")
    assert list(dict.fromkeys(found["name"])) == list(taxonomy.CATEGORY_LABELS)
    totals = whole(found)["mean"]
    assert totals[taxonomy.UNWANTED] > totals["Trusler"] > totals[taxonomy.VIOLENCE]
    with pytest.raises(SelectionError, match="hele byen"):
        forecast(small, THROUGH, "2025/26", "vinter", "location", by="category")


def test_nothing_after_the_day_is_known():
    early = [row for row in happened() if row[1] < "2024-04"]
    late = [("A Bibliotek", f"2024-05-{day:02} 10:00") for day in range(1, 29)]
    closed = measure("A Bibliotek", "Lukning", "2024-06-01")
    hours = [
        {"location": "A Bibliotek", "weekday": 1, "opens": "10:00", "closes": "20:00"}
        | ({"valid_to": "2024-05-31"} if not n else {"valid_from": "2024-06-01", "closes": "12:00"})
        for n in range(2)
    ]
    days = ("2021-10-01", "2024-09-30")
    plain = city({"location": PLACES, "opening_hours": hours[:1]}, early, days)
    later = city(
        {"location": PLACES, "measure": [closed], "opening_hours": hours}, [*early, *late], days
    )
    for half in (("2023/24", "sommer"), ("2024/25", "vinter")):
        args = ("2024-03-31", *half, "location")
        pd.testing.assert_frame_equal(forecast(plain, *args), forecast(later, *args))


def test_an_incident_that_was_reported_later_was_not_known():
    con = city({"location": PLACES}, happened(), ("2021-10-01", THROUGH))
    con.execute("update incident set reported_at = occurred_at + interval 2 day")
    con.execute("update incident set reported_at = '2025-04-02' where month = '2025-03-01'")
    months = outlook.month_numbers([date(2025, 2, 1), date(2025, 3, 1)])
    known = outlook.Known(con, date.fromisoformat(THROUGH) - timedelta(1))
    assert list(known.counts(None, months).sum(axis=0)) == [9, 0]
    # On the data's last day everything in them is known, as it is on the pages beside.
    assert list(outlook.Known(con, THROUGH).counts(None, months).sum(axis=0)) == [9, 6]


def test_months_that_have_passed_are_their_count_and_the_half_year_adds_them(small):
    found = forecast(small, "2025-01-15", "2024/25", "vinter", "city")
    row = found.iloc[0]
    assert (row[["low_90", "median", "mean", "high_90"]] == 9).all()
    january, february = found.iloc[3], found.iloc[4]
    # By the 15th, the whole month's incidents had happened.
    assert january["low_90"] >= 12
    assert february["low_90"] < february["high_90"]
    assert found["mean"].iloc[-1] == pytest.approx(found["mean"].iloc[:-1].sum())


def test_the_chance_is_that_of_strictly_more_than_the_season_before(small):
    made = outlook.outcome(small, THROUGH, "2025/26", "vinter")
    found = outlook.summary(made, "city")
    sums = made.draws.sum(axis=(1, 2))
    assert made.last.sum() == 63
    assert found["chance_above_last"].iloc[-1] == (sums > 63).mean()


def test_without_a_season_before_there_is_no_chance(small):
    found = forecast(small, "2022-03-31", "2021/22", "sommer", "city")
    assert found["chance_above_last"].isna().all()
    again = forecast(small, "2022-03-31", "2022/23", "vinter", "city")
    assert again["chance_above_last"].notna().all()


def test_a_whole_season_can_be_asked_for(small):
    found = forecast(small, THROUGH, "2025/26", None, "city")
    assert len(found) == 13


def test_the_last_days_before_the_data_end_are_forecast_when_through_is_later(small):
    args = ("2024/25", "sommer", "city")
    # The last incident; so long a time without any is no quiet one.
    pd.testing.assert_frame_equal(
        forecast(small, "2025-08-01", *args), forecast(small, "2025-03-07", *args)
    )


def test_what_was_reported_after_the_datas_last_incident_counts_when_through_is_later():
    con = city({"location": PLACES}, [*happened(), ("C Hal", "2025-03-31 10:00")])
    con.execute(
        "update incident set reported_at = '2025-04-12'"
        " where month = '2025-03-01' and location <> 'C Hal'"
    )
    args = ("2024/25", "vinter", "city")
    march = [forecast(con, day, *args)["mean"].iloc[5] for day in ("2025-04-11", "2025-04-12")]
    # And as late as these were, another may still come.
    assert march[0] == 1
    assert 7 <= march[1] < 8


def test_a_place_closed_as_long_as_anybody_knows_leaves_the_citys_forecast_alone():
    args = (THROUGH, "2025/26", "vinter", "city")
    plain = whole(forecast(city({"location": PLACES}, happened()), *args))
    closed = city(
        {"location": PLACES, "measure": [measure("Tom Hal", "Lukning", "2021-01-01")]}, happened()
    )
    found = whole(forecast(closed, *args))
    assert found["mean"].iloc[0] == pytest.approx(plain["mean"].iloc[0], rel=0.05)


def test_a_season_that_nobody_exported_is_told_and_not_taken_for_a_quiet_one(con):
    gap = copy_of(con, "season <> '2023/24'")
    known = outlook.Known(gap, "2026-03-31")
    assert len(known.missing) == 12
    assert "Der er ingen data for oktober 2023, november 2023" in words.lacking(known)
    args = ("2026-03-31", "2026/27", "vinter", "city")
    found, plain = (whole(forecast(one, *args)).iloc[0] for one in (gap, con))
    assert found["median"] == pytest.approx(plain["median"], rel=0.08)
    assert found["high_90"] < 1.3 * plain["high_90"]
    assert words.lacking(outlook.Known(con, "2026-03-31")) == ""


def test_a_place_outside_the_register_counts_in_each_district_that_it_was_reported_in():
    con = city({"location": PLACES}, happened())
    con.execute("update incident set location = 'Bogbus' where location = 'B Bibliotek'")
    con.execute(
        "update incident set district = 'Vanløse'"
        " where location = 'Bogbus' and month < '2024-10-01'"
    )
    con.execute("delete from location where location = 'B Bibliotek'")
    rows = whole(forecast(con, THROUGH, "2024/25", "vinter", "district"))
    counted = dict(
        con.execute(
            "select district, count(*) from incident where month between '2024-10-01' and"
            " '2025-03-01' group by district"
        ).fetchall()
    )
    assert {name: rows.loc[name, "mean"] for name in counted} == counted
    assert set(forecast(con, THROUGH, "2024/25", "vinter", "location")["name"]) == {
        *(each["location"] for each in PLACES if each["location"] != "B Bibliotek"),
        "Bogbus",
    }
    known = outlook.Known(con, THROUGH)
    assert outlook.around(known, "location", "Bogbus") == [
        ("location", "Bogbus"),
        ("city", "København"),
    ]
    scored = backtest.scores(con, THROUGH, size=50)
    assert not scored["observed"].isna().any()


def test_a_location_that_only_the_data_know_is_forecast_too():
    tables = {"location": PLACES}
    con = city(tables, happened(), ("2021-10-01", THROUGH))
    con.execute("update incident set location = 'Bogbus', district = null where location[1] = 'B'")
    assert "Bogbus" in set(forecast(con, THROUGH, "2025/26", "vinter", "location")["name"])
    assert "Ikke angivet" in set(forecast(con, THROUGH, "2025/26", "vinter", "district")["name"])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"level": "by"}, "Ukendt level: 'by'.*city, district og location"),
        ({"by": "victim"}, "Ukendt by: 'victim'.*category"),
        ({"season": "2020/21"}, "begynder før data, som begynder 1. oktober 2021"),
        ({"season": "2029/30"}, "mere end 24 måneder efter 31. marts 2025"),
        ({"through": "2021-01-01"}, "data begynder 1. oktober 2021"),
        ({"through": "i går"}, "through skal være en dato som 2026-03-31"),
        ({"half": "forår"}, "Ukendt halvår"),
    ],
)
def test_what_cannot_be_forecast_is_refused_in_danish(small, given, told):
    asked = {"through": THROUGH, "season": "2025/26", "half": "vinter", "level": "city"} | given
    with pytest.raises(SelectionError, match=told):
        forecast(small, **asked)


def test_an_empty_database_says_so():
    with pytest.raises(SelectionError, match="ingen hændelser"):
        forecast(city({}, days=(None, None)), THROUGH, "2025/26", "vinter", "city")


def test_a_past_closure_is_no_fall():
    closed = [row for row in happened() if not (row[0][0] == "A" and row[1][:7] == "2025-01")]
    tables = {"location": PLACES}
    days = ("2021-10-01", THROUGH)
    lukning = measure("A Bibliotek", "Lukning", "2025-01-01", "2025-01-31")
    said = city(tables | {"measure": [lukning]}, closed, days)
    unsaid = city(tables, closed, days)
    args = (THROUGH, "2025/26", "vinter", "location")
    expected = [whole(forecast(con, *args))["mean"]["A Bibliotek"] for con in (said, unsaid)]
    assert expected[0] > 1.02 * expected[1]


def test_shorter_hours_in_the_past_count_for_less(small):
    hours = [
        {"location": "A Bibliotek", "weekday": day, "opens": "10:00", "closes": closes} | valid
        for day in range(1, 8)
        for closes, valid in (
            ("20:00", {"valid_to": "2024-11-30"}),
            ("15:00", {"valid_from": "2024-12-01", "valid_to": "2024-12-31"}),
            ("20:00", {"valid_from": "2025-01-01"}),
        )
    ]
    con = city({"location": PLACES, "opening_hours": hours}, happened(), ("2021-10-01", THROUGH))
    exposure = outlook.Known(con, THROUGH).past(None).exposure
    assert list(exposure[0, -5:]) == pytest.approx([1, 0.5, 1, 1, 1])
    assert (exposure[1:] == 1).all()


# Scenarios


CLOSED = {
    "location": "A Bibliotek",
    "kind": "lukning",
    "starts": "2025-12-01",
    "ends": "2025-12-31",
}


def test_a_closure_to_come_has_no_incidents_and_leaves_the_other_places_alone(small):
    args = (small, THROUGH, "2025/26", "vinter", "location")
    plain, closed = forecast(*args), forecast(*args, scenario=[CLOSED])
    december = closed[(closed["name"] == "A Bibliotek") & (closed["month"] == "2025-12-01")].iloc[0]
    assert (december[["mean", "high_90", "chance_above_last"]] == 0).all()
    others = whole(closed)["mean"]["B Bibliotek"]
    assert others == pytest.approx(whole(plain)["mean"]["B Bibliotek"], rel=0.03)
    assert whole(closed)["mean"]["A Bibliotek"] < 0.85 * whole(plain)["mean"]["A Bibliotek"]


def test_a_factor_changes_what_is_expected_by_that_much(small):
    fewer = [{"district": "Nørrebro", "factor": 0.5, "starts": date(2025, 10, 1)}]
    args = (small, THROUGH, "2025/26", "vinter", "district")
    plain, changed = whole(forecast(*args))["mean"], whole(forecast(*args, scenario=fewer))["mean"]
    assert changed["Nørrebro"] == pytest.approx(plain["Nørrebro"] / 2, rel=0.06)
    assert changed["Valby"] == pytest.approx(plain["Valby"], rel=0.03)


def test_a_scenario_at_one_place_leaves_the_others_as_they_were(small):
    args = (small, THROUGH, "2025/26", "vinter", "location")
    plain = forecast(*args)
    changed = forecast(*args, scenario=[CLOSED])
    elsewhere = plain["name"] != CLOSED["location"]
    pd.testing.assert_frame_equal(
        plain[elsewhere].sort_values(["name", "month"], ignore_index=True),
        changed[changed["name"] != CLOSED["location"]].sort_values(
            ["name", "month"], ignore_index=True
        ),
    )
    # Its own months before the closure are the same, too.
    october = [
        each[(each["name"] == CLOSED["location"]) & (each["month"] == "2025-10-01")]
        for each in (plain, changed)
    ]
    assert october[0].iloc[0, 2:].equals(october[1].iloc[0, 2:])


def test_a_scenario_does_not_touch_the_past(small):
    gone = [{"location": "Alle", "factor": 0, "starts": "2020-01-01"}]
    found = forecast(small, "2024-12-31", "2024/25", "vinter", "city", scenario=gone)
    assert list(found["mean"][:3]) == [9, 12, 15]
    assert list(found["mean"][3:6]) == [0, 0, 0]


def test_places_of_a_scenario_are_found_by_every_name():
    named = [{**PLACES[0], "other_names": "A-biblioteket"}, *PLACES[1:]]
    con = city({"location": named}, happened(), ("2021-10-01", THROUGH))
    read = scenario.read(con, [CLOSED | {"location": "a-biblioteket"}])
    assert read[0].location == "A Bibliotek"
    assert read[0].told == "A Bibliotek, 1.–31. december 2025: lukning, ingen hændelser"


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ("lukket", "scenario skal være en liste"),
        ([1], "post 1 skal have navne og værdier"),
        ([CLOSED, CLOSED | {"sted": "A"}], "post 2: kender ikke navnet sted. Kendte er location"),
        ([CLOSED | {"district": "Valby"}], "enten location eller district"),
        ([CLOSED | {"starts": None}], "starts mangler"),
        ([CLOSED | {"starts": "1. december"}], "starts skal være en dato som 2026-03-31"),
        ([CLOSED | {"ends": "2025-11-01"}], "ends ligger før starts"),
        ([CLOSED | {"location": "D Bibliotek"}], "Ukendt lokation: 'D Bibliotek'"),
        ([CLOSED | {"factor": 0.5}], "en lukning har ingen hændelser"),
        ([CLOSED | {"kind": "Vagter"}], "factor mangler"),
        ([CLOSED | {"kind": None, "factor": 80}], "factor skal være et tal fra 0 til 10"),
        ([CLOSED | {"kind": None, "factor": True}], "factor skal være et tal"),
        ([CLOSED | {"kind": None, "factor": 10**400}], "factor skal være et tal"),
        ([CLOSED | {"kind": None, "factor": float("nan")}], "factor skal være et tal"),
        ([CLOSED | {"factor": np.array([0, 1])}], "en lukning har ingen hændelser"),
        ([CLOSED | {"starts": pd.NaT}], "starts skal være en dato"),
        ([CLOSED | {"ends": np.datetime64("NaT")}], "ends skal være en dato"),
        ([CLOSED | {"location": " "}], "skriv location eller district; »Alle« er hele byen"),
        ([{"kind": "lukket", "starts": "2025-12-01"}], "skriv location eller district"),
        (pd.DataFrame([CLOSED] * 9), "scenario skal være en liste"),
    ],
)
def test_a_scenario_that_cannot_be_read_is_one_danish_line(small, entries, told):
    with pytest.raises(SelectionError, match=told) as raised:
        scenario.read(small, entries)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "day", [pd.NaT, None, 20250930, "2025-13-01", pd.DataFrame([[1]] * 9), "x" * 999]
)
def test_what_is_no_day_is_refused_in_one_short_danish_line(small, day):
    with pytest.raises(SelectionError, match="through skal være en dato") as raised:
        forecast(small, day, "2025/26", "vinter", "city")
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 200


def test_a_day_and_a_factor_are_taken_as_people_and_programs_write_them(small):
    days = ["2025-12-01", "01-12-2025", "1.12.2025", "1. december 2025", date(2025, 12, 1)]
    days += [
        np.datetime64("2025-12-01", "ns"),
        pd.Timestamp("2025-12-01 08:00"),
        "2025-12-01 00:00:00",
    ]
    for given in days:
        read = scenario.read(small, [{"location": "Alle", "starts": given, "kind": "lukket"}])
        assert (read[0].starts, read[0].factor) == (date(2025, 12, 1), 0)
    for factor in (0.8, "0,8", "0.8", np.float64(0.8)):
        entry = {"location": "Alle", "starts": "2025-12-01", "factor": factor}
        assert scenario.read(small, [entry])[0].factor == 0.8


@pytest.mark.parametrize("level", [None, 1, np.array(["city", "x"]), "by"])
def test_an_unknown_level_is_refused(small, level):
    with pytest.raises(SelectionError, match="Ukendt level"):
        forecast(small, THROUGH, "2025/26", "vinter", level)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (
            {"location": "Alle", "kind": "Lukning", "starts": date(2026, 12, 23)},
            "hele byen, fra 23. december 2026: lukning, ingen hændelser",
        ),
        (
            {"district": "Valby", "factor": 0.8, "starts": "2026-11-15", "ends": "2026-11-30"},
            "Valby, 15.–30. november 2026: antagelse, 80 % af det ventede antal (antaget)",
        ),
    ],
)
def test_a_scenario_is_told_with_its_days(small, entry, told):
    assert [each.told for each in scenario.read(small, [entry])] == [told]


# The sample


def test_the_whole_city_is_forecast_from_the_sample(con):
    found = forecast(con, "2026-03-31", "2026/27", "vinter", "location")
    register = con.execute("select location from location").df()["location"]
    assert set(register) <= set(found["name"])
    assert found["name"].iloc[0] == "Blågårdens Bibliotek"
    assert len(found) == 7 * found["name"].nunique()


@pytest.mark.parametrize(
    ("through", "periods"),
    [
        (date(2026, 3, 31), ["sommerhalvåret 2026", "vinterhalvåret 2026/27"]),
        (date(2026, 9, 30), ["vinterhalvåret 2026/27", "sommerhalvåret 2027"]),
        (
            date(2026, 1, 14),
            ["vinterhalvåret 2025/26", "sommerhalvåret 2026", "vinterhalvåret 2026/27"],
        ),
    ],
)
def test_the_half_years_ahead_begin_with_what_is_left_of_the_one_that_has_begun(through, periods):
    assert [each.period for each in outlook.coming(through)] == periods


def test_closures_that_have_not_begun_are_told_and_not_reckoned_with(small):
    tables = {"location": PLACES, "measure": [measure("A Bibliotek", "Lukning", "2025-06-01")]}
    con = city(tables, happened(), ("2021-10-01", "2025-03-31"))
    known = outlook.Known(con, THROUGH)
    told = words.unused(con, known)
    assert "1 lukning, der begynder efter den 31. marts 2025: A Bibliotek" in told
    args = (THROUGH, "2025/26", "vinter", "city")
    assert forecast(con, *args).equals(forecast(small, *args))
    # Of an earlier day, what came later is no plan.
    assert words.unused(con, outlook.Known(con, "2024-09-30")) == ""
    assert words.unused(small, outlook.Known(small, THROUGH)) == ""


def test_a_place_is_shown_with_what_lies_around_it(small):
    known = outlook.Known(small, THROUGH)
    assert outlook.around(known, "location", "B Bibliotek") == [
        ("location", "B Bibliotek"),
        ("district", "Nørrebro"),
        ("city", "København"),
    ]
    assert outlook.around(known, "city", "København") == [("city", "København")]


def test_one_call_of_the_model_serves_every_level(small):
    known = outlook.Known(small, THROUGH)
    made = outlook.Outcome(known, Selection("2025/26"))
    for level in outlook.LEVELS:
        asked = forecast(small, THROUGH, "2025/26", "vinter", level)
        pd.testing.assert_frame_equal(outlook.summary(made, level), asked)
