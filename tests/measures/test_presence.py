"""Incidents over the week against shifts, opening hours and darkness."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta, binomtest
from small_city import city, hours, measure, place, shift

from analysis import barometer, statistics
from analysis.barometer import Selection
from analysis.measures import darkness, presence
from analysis.measures import tables as measures_tables
from analysis.measures import words as measures_words
from analysis.measures.timeline import covered_days
from analysis.severity import funnel

WINTER = Selection("2024/25", location="Her")
HERE = [place("Her")]


def week_of(con, selection=WINTER):
    return presence.week(presence.timed(con, selection), presence.open_hours(con, selection))


# The sun


# As almanacs give them for Copenhagen, in whole minutes.
@pytest.mark.parametrize(
    ("day", "rise", "sets"),
    [("2025-12-21", "08:37", "15:38"), ("2025-06-21", "04:25", "21:57")],
)
def test_the_sun_rises_and_sets_as_the_almanac_says(day, rise, sets):
    suns = darkness.suns([date.fromisoformat(day)])
    for found, told in ((suns.sunrises[0], rise), (suns.sunsets[0], sets)):
        assert abs(found - datetime.fromisoformat(f"{day} {told}")) <= timedelta(minutes=2)


def test_the_sun_follows_summer_time():
    before, after = darkness.suns([date(2025, 3, 29), date(2025, 3, 30)]).sunsets
    assert timedelta(minutes=60) < after - timedelta(days=1) - before < timedelta(minutes=65)


# Opening hours


def test_light_and_dark_hours_are_what_a_count_of_minutes_gives():
    con = city({"location": HERE, "opening_hours": hours("Her", "07:30", "19:15")})
    found = presence.open_hours(con, WINTER)
    expected = {}
    suns = darkness.suns(covered_days(con, WINTER))
    for day, rise, sets in zip(*suns, strict=True):
        for minute in range(7 * 60 + 30, 19 * 60 + 15):
            moment = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
            counts = expected.setdefault(
                (day.replace(day=1), day.isoweekday(), minute // 60), [0, 0]
            )
            counts[0] += 1
            counts[1] += rise <= moment < sets
    assert len(found) == len(expected)
    for row in found.itertuples():
        whole, light = expected[row.month.date(), row.weekday, row.hour]
        assert row.hours == pytest.approx(whole / 60)
        assert row.light_hours == pytest.approx(light / 60, abs=0.1)


def test_a_closed_day_has_no_hours_whatever_the_opening_hours_say():
    closed = [measure("Her", "Lukning", "2024-10-07", "2024-10-13")]
    tables = {"location": HERE, "opening_hours": hours("Her")}
    whole = presence.open_hours(city(tables), WINTER)["hours"].sum()
    less = presence.open_hours(city({**tables, "measure": closed}), WINTER)["hours"].sum()
    assert whole == 182 * 10
    assert whole - less == 7 * 10


def test_an_incident_on_a_closed_day_is_outside_opening_hours():
    tables = {
        "location": HERE,
        "opening_hours": hours("Her"),
        "measure": [measure("Her", "Lukning", "2024-10-07", "2024-10-13")],
    }
    con = city(tables, [("Her", "2024-10-08 12:00"), ("Her", "2024-10-15 12:00")])
    assert week_of(con)["incidents"].sum() == 2
    assert week_of(con)["open_incidents"].sum() == 1


def test_the_week_holds_every_incident_whose_time_is_known(con):
    for location in ("Blågårdens Bibliotek", "Nørrebro Bibliotek"):
        selection = Selection("2025/26", location=location)
        timed = barometer.time_of_day(con, selection)["incidents"].sum()
        assert week_of(con, selection)["incidents"].sum() == timed > 0


def test_an_incident_without_a_time_is_in_no_hour():
    con = city({"location": HERE, "opening_hours": hours("Her")}, [("Her", "2024-10-08")])
    assert not week_of(con)["incidents"].any()


def test_an_incident_on_a_day_whose_hours_are_not_known_is_neither_open_nor_closed():
    tables = {"location": HERE, "opening_hours": hours("Her", valid_from="2024-11-01")}
    con = city(tables, [("Her", "2024-10-08 12:00"), ("Her", "2024-11-08 22:00")])
    found = presence.timed(con, WINTER)
    assert found["is_open"].isna().tolist() == [True, False]
    assert not found["is_open"].iloc[1]


def test_a_day_has_its_hours_staffed_hours_and_whether_a_measure_closed_it():
    con = city(
        {
            "location": HERE,
            "opening_hours": [
                *hours("Her", "08:00", "20:00", [1], staffed_from="10:00", staffed_to="22:00"),
                *hours("Her", "08:00", "20:00", [2]),
            ],
            "measure": [measure("Her", "Lukning", "2024-10-14", "2024-10-14")],
        }
    )
    days = con.execute(
        "select isodow(day), hours, staffed_hours, is_closed"
        " from open_days(date '2024-10-07', date '2024-10-15', 'Lukning', null) order by day"
    ).fetchall()
    shut = [(day, 0, 0, False) for day in range(3, 8)]
    assert days == [(1, 12, 10, False), (2, 12, 0, False), *shut, (1, 0, 0, True)]


STAFFED = [
    *hours("Her", "08:00", "20:00", [1], staffed_from="10:00", staffed_to="16:30"),
    *hours("Her", "08:00", "20:00", [2]),
    *hours("Her", "08:00", "20:00", [3], staffed_from="06:00", staffed_to="09:00"),
]


@pytest.mark.parametrize(
    ("self_service", "hours_of"),
    [(None, (12, 12, 12)), (True, (5.5, 12, 11)), (False, (6.5, 0, 1))],
)
def test_self_service_is_held_against_its_own_hours(self_service, hours_of):
    con = city({"location": HERE, "opening_hours": STAFFED})
    selection = replace(WINTER, self_service=self_service)
    found = presence.open_hours(con, selection).groupby("weekday")["hours"].sum()
    assert [found.get(day, 0) for day in (1, 2, 3)] == [26 * each for each in hours_of]
    (name, *_, most) = funnel.locations(con, selection).iloc[0]
    assert (name, most) == ("Her", 26 * sum(hours_of))


def test_a_teams_hours_are_those_within_self_service():
    """A team that is there with the staff alone has none of the hours without them."""
    con = city(
        {
            "location": HERE,
            "opening_hours": STAFFED,
            "shift": [
                *shift("Her", "Dag", [1], "10:00", "16:30"),
                *shift("Her", "Aften", [1], "16:00", "22:00"),
            ],
        },
        [("Her", "2024-10-07 09:00"), ("Her", "2024-10-07 19:00")],
    )
    con.execute("update incident set self_service = true")
    found = presence.coverage(con, replace(WINTER, self_service=True)).set_index("team")
    assert list(found["hours"]) == [26 * 28.5] * 2
    assert found["covered_hours"].to_dict() == {"Dag": 0, "Aften": 26 * 3.5}
    assert found["covered"].to_dict() == {"Dag": 0, "Aften": 1}
    assert ": klart færre" not in measures_words.shift_coverage(found.reset_index())


def test_every_self_service_incident_of_the_sample_lies_in_its_hours(con):
    for self_service in (True, False):
        selection = Selection("2024/25", location="Valby Bibliotek", self_service=self_service)
        week = week_of(con, selection)
        happened = week[week["open_incidents"] > 0]
        assert len(happened)
        assert (happened["hours"] > 0).all()
        assert measures_words.opening_hours(selection) != measures_words.opening_hours(WINTER)


# Shifts


def covering(shifts, *incidents, **tables):
    con = city(
        {"location": HERE, "opening_hours": hours("Her"), "shift": shifts, **tables}, incidents
    )
    return presence.coverage(con, WINTER)


def test_a_team_has_the_incidents_within_its_hours():
    # 2024-10-07 is a Monday.
    (row,) = covering(
        shift("Her", "Hold", [1, 2], "13:00", "17:00"),
        ("Her", "2024-10-07 12:59"),
        ("Her", "2024-10-07 13:00"),
        ("Her", "2024-10-08 16:59"),
        ("Her", "2024-10-08 17:00"),
        ("Her", "2024-10-09 14:00"),
        ("Her", "2024-10-08"),
    ).itertuples()
    assert (row.incidents, row.covered, row.untimed) == (5, 2, 1)
    assert (row.hours, row.covered_hours) == (1820, 52 * 4)
    assert row.share == 2 / 5
    # Clopper and Pearson's interval, from the beta distribution.
    low, high = beta.ppf(0.025, 2, 4), beta.ppf(0.975, 3, 3)
    assert (row.low, row.high) == pytest.approx((low, high), rel=1e-5)
    assert row.hours_share == pytest.approx(208 / 1820, rel=1e-5)
    assert row.ratio == pytest.approx(2 / 5 / (208 / 1820), rel=1e-5)
    assert row.ratio_low == pytest.approx(low / (208 / 1820), rel=1e-5)


def test_a_shift_past_midnight_goes_on_the_day_after():
    (row,) = covering(
        shift("Her", "Hold", [3], "18:00", "02:00"),
        ("Her", "2024-10-09 19:00"),
        ("Her", "2024-10-10 01:30"),
        ("Her", "2024-10-10 02:00"),
        ("Her", "2024-10-09 01:30"),
    ).itertuples()
    assert (row.incidents, row.covered) == (1, 1)
    assert (row.outside, row.outside_covered) == (3, 1)
    # Open until 20: two hours of each of 26 Wednesdays.
    assert row.covered_hours == 26 * 2


def test_only_the_days_on_which_the_plan_held_count():
    plan = shift("Her", "Hold", [1], "10:00", "20:00", valid_from="2025-03-01", valid_to=None)
    (row,) = covering(plan, ("Her", "2025-02-24 12:00"), ("Her", "2025-03-03 12:00")).itertuples()
    assert (row.incidents, row.covered, row.hours, row.covered_hours) == (1, 1, 310, 50)
    assert row.first_day == pd.Timestamp("2025-03-01")


def test_a_team_at_two_places_at_once_is_shared():
    plan = [
        *shift("Her", "Delt", [1], "08:00", "17:00"),
        *shift("Der", "Delt", [1], "16:00", "18:00"),
        *shift("Her", "Egen", [1], "08:00", "17:00"),
        *shift("Der", "Egen", [1], "17:00", "18:00"),
        *shift("Her", "Før", [1], "08:00", "17:00"),
        *shift("Her", "Senere", [1], "08:00", "17:00", valid_to="2025-12-31"),
        *shift("Der", "Senere", [1], "08:00", "17:00", valid_from="2026-01-01"),
        *shift("Der", "Før", [1], "08:00", "17:00", valid_from="2020-01-01", valid_to="2021-09-30"),
    ]
    con = city({"location": [*HERE, place("Der")], "shift": plan})
    found = presence.shifts(con, WINTER).set_index("team")["shared"].to_dict()
    assert found == {"Delt": True, "Egen": False, "Før": False, "Senere": False}


def test_a_place_that_nobody_chose_is_named_though_it_is_the_only_one():
    df = covering(shift("Her", "Hold", [1], "13:00", "17:00"), ("Her", "2024-10-07 14:00"))
    assert "**Hold, Her:**" in measures_words.shift_coverage(df)
    assert "**Hold:**" in measures_words.shift_coverage(df, "Her")
    assert list(measures_tables.shift_ratios(df)["name"]) == ["Hold, Her"]
    assert list(measures_tables.shift_table(df)["location"]) == ["Her"]
    assert "location" not in measures_tables.shift_table(df, "Her")


def test_the_relationsmedarbejdere_are_told_of_as_an_upper_bound(con):
    df = presence.coverage(con, Selection("2025/26", location="Blågårdens Bibliotek"))
    assert df.set_index("team")["shared"].to_dict() == {
        "Natteværter": False,
        "Relationsmedarbejdere": True,
        "Tryghedsvagter": False,
    }
    told = measures_words.shift_coverage(df, "Blågårdens Bibliotek")
    assert "højst" in told.split("Relationsmedarbejdere:**")[1].splitlines()[0]
    assert "den højest mulige" in told
    assert "højst" not in told.split("Natteværter:**")[1].splitlines()[0]
    assert list(measures_tables.shift_ratios(df)["mark"]) == ["", "*", ""]


def test_the_sample_agrees_with_a_count_by_hand(con):
    df = presence.coverage(con, Selection("2025/26", location="Blågårdens Bibliotek"))
    found = df.set_index("team").loc["Natteværter"]
    times = con.execute(
        "select occurred_at from incident where location = 'Blågårdens Bibliotek' and has_time"
        " and season = '2025/26' and half = 'vinter'"
    ).fetchall()
    inside = [t for (t,) in times if t.isoweekday() <= 4 and 13 <= t.hour < 17]
    assert found["covered"] + found["outside_covered"] == len(inside) > 0
    assert found["incidents"] + found["outside"] == len(times)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (1.1, 2, "klart flere pr. time"),
        (0.2, 0.9, "klart færre pr. time"),
        (0.9, 1.2, "hverken klart flere"),
    ],
)
def test_a_team_is_told_of_as_its_interval_says(low, high, verdict):
    row = covering(shift("Her", "Hold", [1], "13:00", "17:00"), ("Her", "2024-10-07 14:00"))
    assert verdict in measures_words.shift_coverage(row.assign(ratio_low=low, ratio_high=high))


def test_what_cannot_be_reckoned_is_told_with_its_reason():
    plan = shift("Her", "Hold", [1], "13:00", "17:00")
    assert "ingen hændelser" in measures_words.shift_coverage(covering(plan))
    assert "åbningstiden ikke er kendt" in measures_words.shift_coverage(
        covering(plan, opening_hours=[])
    )
    assert (
        measures_words.shift_coverage(covering([]))
        == "Der er ingen vagtplaner for udvalget i perioden."
    )
    assert measures_tables.shift_ratios(covering([]))["value"].isna().all()


def test_a_week_is_drawn_for_the_busiest_of_several_places_with_shifts(con):
    assert presence.one_place(con, Selection("2025/26")).location == "Blågårdens Bibliotek"
    chosen = Selection("2025/26", location="Valby Bibliotek")
    assert presence.one_place(con, chosen).location == "Valby Bibliotek"
    assert presence.one_place(con, Selection("2021/22")).location is None


# Blocks


def grid(happened=(), opens=10, closes=20):
    """Return a week open at these hours, 26 of each, with so many incidents at (weekday, hour)."""
    rows = [
        (day, hour, dict(happened).get((day, hour), 0), 26.0 * (opens <= hour < closes))
        for day, hour in product(range(1, 8), range(24))
    ]
    df = pd.DataFrame(rows, columns=["weekday", "hour", "incidents", "hours"])
    return df.assign(open_incidents=df["incidents"].where(df["hours"] > 0, 0))


def plan(*rows):
    columns = ["team", "weekday", "starts", "ends", "shared"]
    return pd.DataFrame(rows, columns=columns).astype({"shared": bool})


def test_blocks_are_open_without_a_team_and_do_not_overlap():
    rng = np.random.default_rng(4)
    happened = {(d, h): int(rng.poisson(1)) for d, h in product(range(1, 8), range(24))}
    firm = plan(*(("Hold", day, 13.0, 17.0, False) for day in (1, 2, 3)))
    found = presence.uncovered(grid(happened.items()), firm, grid())
    assert 0 < len(found) <= 5
    seen = set()
    for row in found.itertuples():
        block = {(row.weekday, hour) for hour in range(row.hour, row.hour + presence.BLOCK)}
        assert not block & seen
        assert 10 <= row.hour <= 16
        assert not {h for _, h in block} & {13, 14, 15, 16} or row.weekday > 3
        assert row.incidents == sum(happened[cell] for cell in block)
        seen |= block
    assert found["incidents"].is_monotonic_decreasing


def test_the_first_block_has_most_of_all():
    rng = np.random.default_rng(5)
    happened = {(d, h): int(rng.poisson(1)) for d, h in product(range(1, 8), range(24))}
    most = max(
        sum(happened[day, hour + n] for n in range(4))
        for day, hour in product(range(1, 8), range(10, 17))
    )
    found = presence.uncovered(grid(happened.items()), plan(), grid())
    assert found["incidents"].iloc[0] == most


def test_a_shift_past_sunday_midnight_mans_monday_morning():
    week = grid({(1, 1): 3, (2, 1): 2}.items(), opens=0, closes=24)
    found = presence.uncovered(week, plan(("Hold", 7, 22.0, 26.0, False)), grid())
    assert list(found["weekday"]) == [2]


def test_a_shared_team_leaves_a_block_open_and_is_told():
    week = grid({(1, 12): 2, (7, 12): 1}.items())
    found = presence.uncovered(week, plan(("Delt", 1, 8.0, 17.0, True)), grid({(1, 12): 9}.items()))
    assert list(found["shared"]) == [True, False]
    assert list(found["before"]) == [9, 0]
    assert list(found["hours"]) == list(found["before_hours"]) == [26 * 4] * 2
    assert list(found["expected"]) == pytest.approx([3 * 4 / 70] * 2, rel=1e-5)


def test_blocks_that_cannot_be_told_apart_are_said_to_be():
    alike = presence.uncovered(grid({(1, 12): 3, (7, 12): 2}.items()), plan(), grid())
    apart = presence.uncovered(grid({(1, 12): 300, (7, 12): 2}.items()), plan(), grid())
    assert "kan ikke skilles sikkert" in measures_words.free_blocks(alike, "Her")
    assert "kan ikke skilles sikkert" not in measures_words.free_blocks(apart, "Her")
    assert (
        "**Her: flest hændelser uden fast vagt mandag kl. 10–14, 300 hændelser**"
        in measures_words.free_blocks(apart, "Her")
    )
    nothing = measures_words.free_blocks(presence.uncovered(grid(), plan(), grid()), "Her")
    assert "**Her:** Intet tidsrum" in nothing


def test_a_single_incident_is_seldom_clear():
    """One of one, where the hours have a tenth, is what chance gives in a tenth of cases."""
    week = grid({(1, 12): 1}.items())
    one = presence.uncovered(week, plan(), grid())
    assert one["expected"][0] < 0.1
    assert "forskellen kan være tilfældig" in measures_words.free_blocks(one, "Her")
    (row,) = covering(
        shift("Her", "Hold", [1], "10:00", "20:00"), ("Her", "2024-10-07 14:00")
    ).itertuples()
    assert (row.covered, row.incidents) == (1, 1)
    assert "hverken klart flere" in measures_words.shift_coverage(pd.DataFrame([row]))


@pytest.mark.parametrize("share", [0.05, 0.2, 0.55])
def test_a_verdict_agrees_with_twice_the_smaller_tail(share):
    for whole in (1, 3, 8, 30):
        for part in range(whole + 1):
            _, low, high = presence._share(part, whole)
            tails = [
                binomtest(part, whole, share, alternative=side).pvalue
                for side in ("less", "greater")
            ]
            assert (not low <= share <= high) == (2 * min(tails) < 0.05)


def test_the_year_before_is_not_held_up_without_its_opening_hours():
    now = grid({(1, 18): 4}.items())
    alike = presence.uncovered(now, plan(), grid({(1, 16): 2}.items()))
    assert "Året før var der 2 i samme tidsrum. " in f"{measures_words.free_blocks(alike, 'Her')} "
    shorter = presence.uncovered(now, plan(), grid({(1, 16): 2}.items(), closes=17))
    assert "i 52 timer dengang og i 104 nu" in measures_words.free_blocks(shorter, "Her")
    unopened = presence.uncovered(now, plan(), grid(opens=20, closes=20))
    assert unopened["before"].isna().all()
    assert "ikke åbent i data" in measures_words.free_blocks(unopened, "Her")


EXTRA = measure("Her", "Ekstra bemanding", "2024-11-15", "2024-11-30")


def free_of(shifts, *taken):
    con = city({"location": [*HERE, place("Der")], "shift": shifts, "measure": [EXTRA, *taken]})
    return presence.unplanned(con, WINTER)


def test_extra_staff_whose_hours_nobody_knows_may_have_been_in_a_block():
    known = (date(2024, 11, 15), date(2024, 11, 30))
    assert free_of([]) == [known]
    assert free_of(shift("Her", "Hold", [1], "13:00", "17:00")) == []
    half = shift("Her", "Hold", [1], "13:00", "17:00", valid_from="2024-11-21")
    assert free_of(half) == [(date(2024, 11, 15), date(2024, 11, 20))]
    # Neither the shifts of another place nor those of a shared team tell when it was there.
    assert free_of(shift("Der", "Hold", [1], "13:00", "17:00")) == [known]
    both = [row for name in ("Her", "Der") for row in shift(name, "Delt", [1], "08:00", "17:00")]
    assert free_of(both) == [known]
    # What has no last day runs to the end of the period.
    late = free_of([], measure("Her", "Ekstra bemanding", "2025-03-01"))
    assert late[1] == (date(2025, 3, 1), date(2025, 3, 31))
    assert free_of([], measure("Her", "Ekstra bemanding", None)) == [known]
    week = presence.uncovered(grid({(1, 12): 3}.items()), plan(), grid())
    assert "ekstra bemanding" not in measures_words.free_blocks(week, "Her")
    told = measures_words.free_blocks(week, "Her", [known])
    assert "ekstra bemanding (15. november 2024 – 30. november 2024)" in told


# Darkness


def test_darkness_is_set_against_the_hours_open_in_it(con):
    selection = Selection("2025/26", location="Blågårdens Bibliotek")
    happened, opened = presence.timed(con, selection), presence.open_hours(con, selection)
    df = darkness.rates(happened, opened).set_index("name")
    whole = df.loc[darkness.WHOLE]
    assert whole["dark"] + whole["light"] == week_of(con, selection)["open_incidents"].sum()
    assert whole["dark_hours"] + whole["light_hours"] == pytest.approx(opened["hours"].sum())
    expected = statistics.rate_ratio(
        int(whole["dark"]), int(whole["light"]), whole["dark_hours"], whole["light_hours"]
    )
    assert tuple(whole[["value", "low", "high"]]) == pytest.approx(expected[:3], rel=1e-5)
    months = df.iloc[2:]
    assert list(months.index) == ["Oktober", "November", "December", "Januar", "Februar", "Marts"]
    assert months["dark"].sum() == whole["dark"]
    assert df.loc[darkness.BOTH, "dark_hours"] < whole["dark_hours"]


def test_hours_that_are_only_ever_light_are_not_held_against_dark_ones():
    con = city(
        {"location": HERE, "opening_hours": hours("Her", "12:00", "20:00")},
        [("Her", "2024-12-10 12:30"), ("Her", "2024-12-10 16:30"), ("Her", "2025-03-10 16:30")],
    )
    df = darkness.rates(presence.timed(con, WINTER), presence.open_hours(con, WINTER))
    assert list(df["dark"][:2]) == [1, 1]
    assert list(df["light"][:2]) == [2, 1]


@pytest.mark.parametrize("district", [None, "Nørrebro"])
def test_places_are_held_against_themselves_as_a_poisson_regression_does(con, district):
    """The ratio is that of a regression with an effect of each place and the hours as exposure."""
    import statsmodels.api as sm

    selection = Selection("2025/26", district=district)
    happened, opened = presence.timed(con, selection), presence.open_hours(con, selection)
    whole = darkness.rates(happened, opened).iloc[0]
    each = darkness._by_place(happened[happened["is_open"].fillna(False)], opened)
    each = each[each["dark"] + each["light"] > 0]
    assert each[["dark", "light"]].sum().tolist() == [whole["dark"], whole["light"]]
    counts = np.concatenate([each["dark"], each["light"]])
    exposure = np.concatenate([each["dark_hours"], each["light_hours"]])
    places = np.tile(np.eye(len(each)), (2, 1))
    in_dark = np.repeat([1.0, 0.0], len(each))
    fitted = sm.GLM(
        counts, np.column_stack([in_dark, places]), sm.families.Poisson(), exposure=exposure
    ).fit()
    assert whole["value"] == pytest.approx(np.exp(fitted.params[0]), rel=1e-5)
    # An exact interval is a little wider than the regression's.
    low, high = np.exp(fitted.conf_int()[0])
    assert whole["low"] == pytest.approx(low, rel=0.03)
    assert whole["high"] == pytest.approx(high, rel=0.03)
    assert whole["low"] < low
    assert whole["high"] > high


def test_a_busy_place_with_long_evenings_makes_no_darkness():
    alone = darkness.stratified([80], [20], [800], [200])
    assert alone == statistics.rate_ratio(80, 20, 800, 200)[:3]
    # Pooled, the same two places have 2.3 times as many an hour in the dark.
    value, low, high = darkness.stratified([80, 4], [20, 16], [800, 200], [200, 800])
    assert value == pytest.approx(1)
    assert low < 1 < high
    # A place without incidents, or without dark hours, tells nothing.
    assert darkness.stratified([80, 0, 0], [20, 0, 9], [800, 50, 0], [200, 50, 50]) == alone


def test_incidents_on_one_side_alone_have_an_open_interval():
    value, low, high = darkness.stratified([3, 2], [0, 0], [100, 300], [100, 100])
    assert (value, high) == (np.inf, np.inf)
    share = [low / (low + 1), 3 * low / (3 * low + 1)]
    assert share[0] ** 3 * share[1] ** 2 == pytest.approx(0.025)
    value, low, high = darkness.stratified([0, 0], [3, 2], [100, 300], [100, 100])
    assert (value, low) == (0, 0)
    assert 0 < high < 2
    assert np.isnan(darkness.stratified([0], [0], [1], [1])).all()


def row(value, low, high, light=3):
    return {"dark": 4, "light": light, "value": value, "low": low, "high": high}


@pytest.mark.parametrize(
    ("whole", "both", "words"),
    [
        ((2, 1.2, 3), (1.2, 0.5, 2), ("klart flere hændelser i mørke end", "hverken klart flere")),
        ((0.5, 0.2, 0.9), (0.5, 0.2, 0.9), ("klart færre hændelser i mørke end", "klart færre")),
        ((1, 0.5, 2), (np.nan,) * 3, ("hverken klart flere", "klokkeslættets")),
        ((2, 1.2, 3), (np.inf, 1.5, np.inf, 0), ("klart flere", "alle 4 hændelser skete i mørke")),
        ((np.nan,) * 3, (np.nan,) * 3, ("kan ikke sammenlignes", "")),
    ],
)
def test_darkness_is_told_as_its_figures_say(whole, both, words):
    told = measures_words.darkness_sentence(pd.DataFrame([row(*whole), row(*both)]))
    assert all(word in told for word in words)
    assert "nan" not in told
    assert "inf" not in told


def test_an_empty_selection_gives_empty_results_in_words(con):
    nothing = Selection("2030/31", location="Valby Bibliotek")
    happened, opened = presence.timed(con, nothing), presence.open_hours(con, nothing)
    assert week_of(con, nothing)["incidents"].sum() == 0
    assert measures_tables.incidents_by_hour(week_of(con, nothing)).empty
    df = darkness.rates(happened, opened)
    assert df["value"].isna().all()
    assert set(measures_tables.darkness_table(df)["ratio"]) == {"kan ikke beregnes"}


def test_a_team_that_is_not_there_on_any_day_of_the_data_is_shared_with_nobody():
    tables = {
        "location": [place("A")],
        "opening_hours": hours("A"),
        "shift": shift("A", "Værter", [3], "10:00", "12:00"),
    }
    monday = ("2026-01-05", "2026-01-05")
    with city(tables, [("A", "2026-01-05 12:00")], monday) as con:
        found = presence.coverage(con, Selection("2025/26"))
    assert found["shared"].tolist() == [False]
