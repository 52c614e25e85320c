"""What incidents are held against, on made-up places and on the sample."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest

from analysis.comparison import changes, exposure
from analysis.core import prose, taxonomy
from analysis.core.database import show, sql
from analysis.core.selection import Selection, SelectionError
from analysis.statistics import rate_ratio

BEFORE, AFTER = Selection("2024/25"), Selection("2025/26")
BLAAGAARD = "Blågårdens Bibliotek"
VISITS, ON_OPEN_DAYS, CALENDAR = (one.name for one in exposure.ASSUMPTIONS if one.choice == "besøg")


@pytest.fixture
def city():
    """An empty city whose data cover both winters, to be furnished by `insert`."""
    with duckdb.connect() as con:
        con.execute(
            "create type category as enum (select unnest($labels))",
            {"labels": list(taxonomy.CATEGORY_LABELS)},
        )
        con.execute(sql("intake/schema"))
        show(con)
        con.execute(
            "insert into dataset values (2, true, date '2020-01-01', date '2026-12-31', 'Byen')"
        )
        yield con


def place(con, name="A", *, opens=None, staffed=None, since="2020-01-01", until=None):
    con.execute("insert into location (location, district) values (?, 'Nørrebro')", [name])
    for weekday in range(1, 8) if opens else ():
        con.execute(
            "insert into opening_hours values (?, ?, ?, ?, ?, ?, ?, ?)",
            [name, weekday, *opens, *(staffed or (None, None)), since, until],
        )


def visit(con, year, month, visits, name="A"):
    con.execute("insert into visit values (?, ?, ?, ?)", [name, year, month, visits])


def measure(con, kind, starts, ends, name="A"):
    con.execute("insert into measure values (?, ?, ?, ?, null, null)", [name, kind, starts, ends])


def found(con, before=BEFORE, after=AFTER):
    return {one.assumption.name: one for one in exposure.bases(con, before, after)}


def test_the_visits_of_the_document_decide_whether_the_fall_is_clear(con):
    places = [Selection(season, location=BLAAGAARD) for season in ("2024/25", "2025/26")]
    counted = changes.incidents(con, *places)
    answers = changes.answers(counted, exposure.bases(con, *places)).set_index("name")
    assert answers.loc[VISITS, "p_value"] == pytest.approx(0.08, abs=0.005)
    assert answers.loc[CALENDAR, "p_value"] == pytest.approx(0.0397, abs=0.00005)
    visits = dict(
        con.execute("select year, visits from visit where location = ?", [BLAAGAARD]).fetchall()
    )
    # Counted by hand: 92 days of the first year, 90 and 92 of the second, 90 without visits.
    shared = visits[2024] * 92 / 366 + visits[2025] * 90 / 365, visits[2025] * 182 / 365
    assert tuple(answers.loc[VISITS, ["exposure_before", "exposure_after"]]) == pytest.approx(
        shared
    )
    ends = 68, 87, shared[1], shared[0]
    assert answers.loc[VISITS, "p_value"] == pytest.approx(rate_ratio(*ends).p_value)
    assert answers.loc[[VISITS, ON_OPEN_DAYS, CALENDAR], "mark"].tolist() == ["*", "*", "*"]


@pytest.mark.parametrize(("season", "half"), [("2024/25", "vinter"), ("2023/24", None)])
def test_hours_are_those_of_a_count_day_by_day(con, season, half):
    period = Selection(season, half, location=BLAAGAARD)
    made = found(con, period, period)
    hours = con.execute(
        "select * exclude (location) from opening_hours where location = ?", [BLAAGAARD]
    ).fetchall()
    closed = con.execute(
        "select starts, ends from measure where location = ? and kind = 'Lukning'", [BLAAGAARD]
    ).fetchall()
    opened = self_service = days = 0.0
    first, after = period.interval
    for n in range((after - first).days):
        day = first + timedelta(days=n)
        if any(starts <= day <= ends for starts, ends in closed):
            continue
        before = opened
        for weekday, opens, closes, staffed_from, staffed_to, since, until in hours:
            if weekday == day.isoweekday() and since <= day <= (until or date.max):
                long = _hour(closes) - _hour(opens)
                opened += long
                staffed = _hour(staffed_to) - _hour(staffed_from) if staffed_from else 0
                self_service += long - staffed
        days += opened > before
    assert sum(made["Åbne dage"].before) == days
    assert sum(made["Åbningstimer"].before) == pytest.approx(opened)
    assert sum(made["Selvbetjente timer"].before) == pytest.approx(self_service)
    assert len(made["Åbningstimer"].before) == len(period.months)


def _hour(time):
    return time.hour + time.minute / 60


def test_a_closure_has_no_hours_whatever_the_opening_hours_say(city):
    place(city, opens=("10:00", "20:00"), staffed=("10:00", "18:00"))
    measure(city, taxonomy.CLOSED, "2024-12-23", "2025-01-05")
    made = found(city)
    assert sum(made["Åbne dage"].before) == 182 - 14
    assert sum(made["Åbningstimer"].before) == 10 * (182 - 14)
    assert sum(made["Selvbetjente timer"].before) == 2 * (182 - 14)
    assert sum(made["Selvbetjente timer"].after) == 2 * 182
    # December has lost nine days and January five.
    assert made["Åbne dage"].before == (31, 30, 22, 26, 28, 31)


def test_a_day_on_which_a_place_is_shut_every_week_is_not_open(city):
    place(city, opens=("10:00", "20:00"))
    city.execute("delete from opening_hours where weekday = 7")
    made = found(city)["Åbne dage"]
    # 182 days are 26 weeks.
    assert sum(made.before) == sum(made.after) == 26 * 6
    assert not any(made.assumed)


def test_the_restricted_library_was_open_on_fewer_days_than_it_was_not_closed(con):
    periods = [Selection(season, location=BLAAGAARD) for season in ("2024/25", "2025/26")]
    made = found(con, *periods)["Åbne dage"]
    sundays = con.execute(
        "select count(*) from measure, lateral (select unnest(generate_series(starts, ends,"
        " interval 1 day))::date as day) where location = ? and kind = ? and isodow(day) = 7",
        [BLAAGAARD, taxonomy.RESTRICTED],
    ).fetchone()[0]
    closed = con.execute(
        "select sum(ends - starts + 1) from measure where location = ? and kind = ?",
        [BLAAGAARD, taxonomy.CLOSED],
    ).fetchone()[0]
    assert sundays == 8
    assert sum(made.before) == 182 - closed - sundays
    assert sum(made.after) == 182
    assert any(made.assumed)


def test_a_closed_day_is_closed_though_another_measure_says_restricted(city):
    place(city, opens=("10:00", "20:00"))
    measure(city, taxonomy.CLOSED, "2024-12-23", "2024-12-23")
    measure(city, taxonomy.RESTRICTED, "2024-12-23", "2024-12-23")
    made = found(city)["Åbningstimer"]
    assert sum(made.before) == 10 * 181
    assert not any(made.assumed)


@pytest.mark.parametrize("kind", [taxonomy.RESTRICTED, taxonomy.UNCLEAR_HOURS])
def test_hours_that_are_not_surely_known_are_marked_in_their_month_alone(city, kind):
    place(city, opens=("10:00", "20:00"))
    measure(city, kind, "2024-11-01", "2024-11-30")
    made = found(city)
    november = (False, True, False, False, False, False)
    for name in ("Åbningstimer", "Selvbetjente timer", "Åbne dage"):
        assert made[name].assumed == november
        (detail,) = made[name].details
        assert "i november 2024, og tiderne kendes ikke sikkert" in detail


def test_unclear_hours_are_also_counted_as_short_as_the_restricted_ones(city):
    place(city, opens=("10:00", "20:00"), until="2024-11-30")
    for weekday in range(1, 7):
        row = ["A", weekday, "10:00", "15:00", "2024-12-01", "2024-12-31"]
        city.execute("insert into opening_hours values (?, ?, ?, ?, null, null, ?, ?)", row)
    for weekday in range(1, 8):
        row = ["A", weekday, "10:00", "20:00", "2025-01-01"]
        city.execute("insert into opening_hours values (?, ?, ?, ?, null, null, ?, null)", row)
    measure(city, taxonomy.RESTRICTED, "2024-12-01", "2024-12-31")
    measure(city, taxonomy.UNCLEAR_HOURS, "2025-01-01", "2025-01-07")
    made = found(city)
    # A week of seven days of ten hours, or of six of five and a closed Sunday.
    assert made["Åbningstimer"].before[3] == 31 * 10
    assert made["Åbningstimer (laveste skøn)"].before[3] == 24 * 10 + 6 * 5
    assert made["Åbningstimer"].after == made["Åbningstimer (laveste skøn)"].after


def test_hours_are_told_once_where_none_are_unclear(city):
    place(city, opens=("10:00", "20:00"))
    assert "Åbningstimer" in found(city)
    assert "Åbningstimer (laveste skøn)" not in found(city)


def test_a_place_whose_hours_are_not_known_all_the_time_is_left_out(city):
    place(city, "A", opens=("10:00", "20:00"))
    place(city, "B", opens=("10:00", "20:00"), since="2024-12-01")
    made = found(city)["Åbningstimer"]
    assert (made.locations, made.lacking) == (frozenset("A"), frozenset("B"))
    assert found(city)["Åbne dage"].lacking == frozenset("B")


def test_visits_are_those_of_the_months_where_they_are_known(city):
    place(city)
    visit(city, 2024, None, 3660)
    for month in range(1, 13):
        visit(city, 2025, month, month * 100)
    made = found(city)[VISITS]
    assert made.before == pytest.approx((310, 300, 310, 100, 200, 300))
    assert made.after == pytest.approx((1000, 1100, 1200, 100, 200, 300))
    assert found(city)[CALENDAR].before == pytest.approx((3660 / 12,) * 6)
    assert found(city)[CALENDAR].after == pytest.approx((7800 / 12,) * 6)


def test_visits_shared_over_open_days_leave_out_the_closed_ones(city):
    place(city, opens=("10:00", "20:00"))
    visit(city, 2024, None, 3560)
    visit(city, 2025, None, 3600)
    measure(city, taxonomy.CLOSED, "2024-12-22", "2025-01-05")
    made = found(city)[ON_OPEN_DAYS]
    # 356 and 360 open days: ten visits on each, and as many on those of the year after.
    assert made.before == pytest.approx((310, 300, 210, 260, 280, 310))
    assert made.after == pytest.approx((310, 300, 310, 310, 280, 310))


def test_visits_are_not_shared_over_open_days_that_nobody_knows(city):
    place(city)
    visit(city, 2024, None, 3560)
    visit(city, 2025, None, 3600)
    assert not found(city)[VISITS].reason
    assert found(city)[ON_OPEN_DAYS].reason.startswith("besøgstal eller åbningstider mangler")


def test_a_month_without_visits_takes_those_of_the_nearest_year_and_is_marked(city):
    place(city)
    visit(city, 2023, None, 365 * 2)
    visit(city, 2025, None, 365)
    # 2024 is as far from both: the earlier is taken.
    made = found(city, Selection("2023/24"), Selection("2025/26"))[VISITS]
    assert made.before == pytest.approx((62, 60, 62, 62, 58, 62))
    assert made.after == pytest.approx((31, 30, 31, 31, 28, 31))
    assert all(made.assumed)
    assert made.details == (
        "Besøgene i oktober–december 2023 og oktober–december 2025 er kun opgjort for hele år",
        "Besøgene i januar–marts 2024 er ikke opgjort og er regnet med lige så mange pr. dag som "
        "i de samme måneder i 2023",
        "Besøgene i januar–marts 2026 er ikke opgjort og er regnet med lige så mange pr. dag som "
        "i de samme måneder i 2025",
    )


def test_a_month_whose_own_visits_are_known_is_not_marked(city):
    place(city)
    for month in range(1, 13):
        visit(city, 2024, month, 100)
        visit(city, 2025, month, 100)
    made = found(city)[VISITS]
    # January to March 2026 have none.
    assert made.assumed == (False, False, False, True, True, True)
    assert made.details == (
        "Besøgene i januar–marts 2026 er ikke opgjort og er regnet med lige så mange pr. dag som "
        "i de samme måneder i 2025",
    )
    summer = Selection("2024/25", "sommer")
    assert not any(found(city, summer, summer)[VISITS].assumed)


def test_visits_of_a_calendar_year_name_the_years(city):
    place(city)
    for year in (2024, 2025):
        visit(city, year, None, 365)
    made = found(city)[CALENDAR]
    assert made.details == (
        "Efter kalenderår regnes vinterhalvåret 2024/25 med besøgene i 2024 og vinterhalvåret "
        "2025/26 med besøgene i 2025, hver måned med en tolvtedel",
    )
    lacking = found(city, Selection("2023/24"), AFTER)
    assert not lacking[VISITS].reason
    assert lacking[CALENDAR].reason == "besøgstal mangler for kalenderåret 2023"


@pytest.mark.parametrize("months", [(None,), range(1, 13)])
def test_a_half_years_share_of_a_years_visits_is_always_marked_and_told(city, months):
    place(city)
    for year in (2024, 2025):
        for one in months:
            visit(city, year, one, 1000 * (one or 1))
    summer = [Selection(season, "sommer") for season in ("2023/24", "2024/25")]
    made = found(city, *summer)[CALENDAR]
    assert all(made.assumed)
    assert "sommerhalvåret 2024 med besøgene i 2024" in made.details[-1]
    assert "en tolvtedel" in made.details[-1]


def test_visits_borrowed_over_open_days_are_told_as_so_many_an_open_day(city):
    place(city, opens=("10:00", "20:00"))
    visit(city, 2024, None, 3660)
    visit(city, 2025, None, 3650)
    measure(city, taxonomy.CLOSED, "2026-01-01", "2026-01-10")
    made = found(city)
    # Ten a day: ten days fewer in January are a hundred visits fewer, only over open days.
    assert made[VISITS].after[3] == pytest.approx(310)
    assert made[ON_OPEN_DAYS].after[3] == pytest.approx(210)
    assert "lige så mange pr. dag som" in made[VISITS].details[-1]
    assert "lige så mange pr. åben dag som" in made[ON_OPEN_DAYS].details[-1]


def test_what_is_assumed_at_some_places_names_them_or_counts_them(city):
    for name in "ABC":
        place(city, name, opens=("10:00", "20:00"))
    measure(city, taxonomy.RESTRICTED, "2024-12-10", "2025-01-05", "A")
    assert found(city)["Åbningstimer"].details == (
        "Åbningstiden på A var indskrænket i december 2024–januar 2025, og tiderne kendes ikke "
        "sikkert",
    )
    measure(city, taxonomy.RESTRICTED, "2024-12-10", "2024-12-11", "B")
    assert "på 2 af 3 lokationer var" in found(city)["Åbningstimer"].details[0]
    measure(city, taxonomy.RESTRICTED, "2024-12-10", "2024-12-11", "C")
    assert "på nogle af lokationerne var" in found(city)["Åbningstimer"].details[0]


def test_a_period_without_any_visits_has_no_rate_and_the_reason_says_so(city):
    place(city)
    visit(city, 2025, None, 3650)
    made = found(city, Selection("2022/23"), AFTER)
    assert made[VISITS].reason == "besøgstal mangler for vinterhalvåret 2022/23"
    assert not made[VISITS].before
    assert CALENDAR not in made


def test_a_city_sums_the_places_with_visits_in_both_periods(city):
    for name in "ABC":
        place(city, name)
    for year in (2024, 2025):
        visit(city, year, None, 36500, "A")
    visit(city, 2025, None, 36500, "B")
    made = found(city)[CALENDAR]
    assert (made.locations, made.lacking) == (frozenset("A"), frozenset("BC"))
    assert sum(made.before) == pytest.approx(18250)
    city.executemany(
        "insert into incident values (?, 'uro', '2024-10-05', true, null, '2024/25', 'vinter',"
        " '2024-10-01', 'Nørrebro', ?, null, 'Trusler', null, 3, null, null, false)",
        [
            [f"{name}{n}", name]
            for name, number in (("A", 3), ("B", 2), ("Elsewhere", 1))
            for n in range(number)
        ],
    )
    counted = changes.incidents(city, BEFORE, AFTER)
    answers = changes.answers(counted, exposure.bases(city, BEFORE, AFTER)).set_index("name")
    assert answers["before"].loc[["Antallet alene", CALENDAR]].tolist() == [6, 3]
    left = ["places", "left_out", "incidents_left_out", "incidents_elsewhere"]
    assert answers.loc[CALENDAR, left].tolist() == [1, 2, 2, 1]


def test_self_service_hours_count_only_what_surely_happened_in_them(con):
    places = [Selection(season, location=BLAAGAARD) for season in ("2024/25", "2025/26")]
    counted = changes.incidents(con, *places)
    answers = changes.answers(counted, exposure.bases(con, *places)).set_index("name")
    expected = [
        con.execute(
            "select count(*) from incident where location = ? and season = ? and half = 'vinter'"
            " and self_service",
            [BLAAGAARD, season],
        ).fetchone()[0]
        for season in ("2024/25", "2025/26")
    ]
    assert answers.loc["Selvbetjente timer", ["before", "after"]].tolist() == expected
    assert answers.loc["Åbningstimer", ["before", "after"]].tolist() == [87, 68]


def test_days_of_unclear_hours_are_left_out_of_hours_and_incidents_alike(con):
    places = [Selection(season, location=BLAAGAARD) for season in ("2024/25", "2025/26")]
    counted = changes.incidents(con, *places)
    answers = changes.answers(counted, exposure.bases(con, *places)).set_index("name")
    row = answers.loc["Selvbetjente timer, kun dage med kendt åbningstid"]
    ((starts, ends),) = con.execute(
        "select starts, ends from measure where location = ? and kind = ?",
        [BLAAGAARD, taxonomy.UNCLEAR_HOURS],
    ).fetchall()
    whole = answers.loc["Selvbetjente timer"]
    left = con.execute(
        "select count(*) from incident where location = ? and self_service"
        " and occurred_at::date between ? and ?",
        [BLAAGAARD, starts, ends],
    ).fetchone()[0]
    assert left > 0
    assert whole["before"] - row["before"] == left
    assert whole["after"] == row["after"]
    assert whole["exposure_before"] - row["exposure_before"] == _self_service(con, starts, ends)
    assert whole["exposure_after"] == row["exposure_after"]


def _self_service(con, starts, ends):
    """Return the hours of Blågårdens Bibliotek without staff from one day to another, by hand."""
    hours = 0.0
    for n in range((ends - starts).days + 1):
        day = starts + timedelta(days=n)
        for opens, closes, staffed_from, staffed_to in con.execute(
            "select opens, closes, staffed_from, staffed_to from opening_hours where location = ?"
            " and weekday = ? and ? between valid_from and coalesce(valid_to, date '9999-12-31')",
            [BLAAGAARD, day.isoweekday(), day],
        ).fetchall():
            staffed = _hour(staffed_to) - _hour(staffed_from) if staffed_from else 0
            hours += _hour(closes) - _hour(opens) - staffed
    return hours


@pytest.mark.parametrize(
    ("self_service", "held"),
    [(True, {"ingen", "selvbetjente timer"}), (False, {"ingen", "åbningstimer"})],
)
def test_only_hours_that_match_a_filter_on_self_service_are_used(con, self_service, held):
    places = [
        Selection(season, location=BLAAGAARD, self_service=self_service)
        for season in ("2024/25", "2025/26")
    ]
    made = exposure.bases(con, *places)
    assert {one.assumption.choice for one in made if not one.reason} == held
    assert all(one.reason for one in made if one.assumption.choice not in held)


def test_incidents_without_self_service_are_held_against_the_staffed_hours(city):
    place(city, opens=("10:00", "20:00"), staffed=("10:00", "16:00"))
    measure(city, taxonomy.CLOSED, "2024-12-23", "2025-01-05")
    periods = [Selection(season, self_service=False) for season in ("2024/25", "2025/26")]
    made = found(city, *periods)
    assert "Åbningstimer" not in made
    staffed = made["Bemandede timer"]
    assert (sum(staffed.before), sum(staffed.after)) == (6 * (182 - 14), 6 * 182)
    assert exposure.basis_of(list(made.values()), "åbningstimer") == staffed
    assert "Bemandede timer" not in found(city)
    # The reasons of the others are their own.
    reasons = {one.reason for one in made.values()} - {""}
    assert not any("åbningstid ikke er delt op" in reason for reason in reasons)
    assert len(reasons) == 3


def test_a_place_without_such_hours_has_no_rate_in_them(city):
    place(city, opens=("10:00", "20:00"), staffed=("10:00", "20:00"))
    reason = found(city)["Selvbetjente timer"].reason
    assert reason == "der ingen selvbetjente timer var i vinterhalvåret 2024/25"


def test_nothing_is_held_against_anything_where_the_data_do_not_cover_the_periods(con):
    made = exposure.bases(con, AFTER, Selection("2026/27"))
    assert {one.assumption.choice for one in made} == set(exposure.CHOICES)
    assert {one.reason for one in made} == {"data ikke dækker begge perioder helt"}


def test_a_choice_is_known_by_its_word_and_another_is_refused(con):
    made = exposure.bases(con, BEFORE, AFTER)
    for choice in exposure.CHOICES:
        assert exposure.basis_of(made, choice).assumption.choice == choice
    assert exposure.basis_of(made, None).assumption == exposure.NONE
    with pytest.raises(SelectionError, match=r"^Ukendt grundlag: 'besog'\. Nærmest er: besøg"):
        exposure.basis_of(made, "besog")


def test_every_assumption_has_a_name_and_a_note_of_its_own():
    counts = Counter(one.name for one in exposure.ASSUMPTIONS)
    assert set(counts.values()) == {1}
    told = [prose.text(f"method/{name}") for name in counts if name != exposure.NONE.name]
    assert len(set(told)) == len(told)
    assert {one.choice for one in exposure.ASSUMPTIONS} == set(exposure.CHOICES)


def test_days_of_ones_own_have_their_own_hours_and_share_of_the_visits(con):
    whole = Selection("2024/25", location="Blågårdens Bibliotek")
    parts = [replace(whole, last_day="2024-11-09"), replace(whole, first_day="2024-11-10")]
    sums = [exposure._months(con, one).select_dtypes("number").sum() for one in (whole, *parts)]
    for column in ("days", "open_days", "hours", "self_service_hours", "visits"):
        assert sums[0][column] > 0
        assert sums[1][column] + sums[2][column] == pytest.approx(sums[0][column]), column
