"""Which days the data cover: told from what was known on the day, and from nothing else."""

from datetime import date, timedelta

import pytest
from small_city import city, place

from analysis.core.known import span, without_data

A = place("A Bibliotek")
FIRST, LAST = date(2021, 10, 1), date(2022, 9, 30)


def daily(first=FIRST, last=LAST, skip=()):
    """An incident a day, but on the days to skip."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [("A Bibliotek", f"{day} 12:00") for day in days if day not in skip]


@pytest.fixture(scope="module")
def con():
    return city({"location": [A]}, daily())


def test_the_data_cover_what_was_asked_of_them_and_begin_with_the_first_incident(con):
    assert span(con, LAST) == (FIRST, LAST, ())
    assert span(con, date(2022, 3, 15)) == (FIRST, date(2022, 3, 15), ())
    assert span(con, date(2021, 9, 30)) is None


def test_quiet_days_are_covered_and_a_long_time_without_incidents_is_not(con):
    # An incident a day: nine days without any are quiet, and ten are missing.
    assert span(con, LAST + timedelta(days=9)).last == LAST + timedelta(days=9)
    assert span(con, LAST + timedelta(days=10)).last == LAST


@pytest.mark.parametrize("through", [date(2022, 3, 31), date(2022, 4, 3)])
def test_the_same_is_known_whether_or_not_there_is_anything_after_the_day(through):
    quiet = [date(2022, 3, 30), date(2022, 3, 31), date(2022, 4, 1), date(2022, 4, 3)]
    everything = city({"location": [A]}, daily(skip=quiet))
    cut = city({"location": [A]}, daily(last=through, skip=quiet))
    assert span(everything, through) == span(cut, through) == (FIRST, through, ())


@pytest.mark.parametrize("day", ["2016-05-05", "2021-09-15", "2021-08-20"])
def test_an_early_slip_does_not_move_the_beginning(day):
    con = city({"location": [A]}, [*daily(), ("A Bibliotek", day)])
    assert span(con, LAST).first == FIRST


def test_data_that_begin_within_a_month_begin_there():
    con = city({"location": [A]}, daily(first=date(2021, 10, 12)))
    assert span(con, LAST).first == date(2021, 10, 12)


def test_what_was_reported_later_moves_neither_end():
    con = city({"location": [A]}, daily(last=date(2022, 3, 31)))
    con.execute(
        "update incident set reported_at = '2022-06-01' where occurred_at::date in (?, ?)",
        [FIRST, date(2022, 3, 31)],
    )
    assert span(con, date(2022, 3, 31)) == (date(2021, 10, 2), date(2022, 3, 31), ())
    assert span(con, date(2022, 6, 1)) == (FIRST, date(2022, 3, 31), ())


def test_a_month_without_data_among_busy_ones_is_missing_and_among_quiet_ones_is_quiet():
    march = [date(2022, 3, n) for n in range(1, 32)]
    assert span(city({"location": [A]}, daily(skip=march)), LAST).missing == (date(2022, 3, 1),)
    assert span(city({"location": [A]}, daily()), LAST).missing == ()
    rare = [row for row in daily() if row[1][8:10] in ("05", "20") and row[1][5:7] != "03"]
    assert span(city({"location": [A]}, rare), LAST).missing == ()


def test_months_too_many_to_be_quiet_are_missing_also_where_each_has_few_incidents():
    days = [
        f"{year}-{month:02}-{day:02} 12:00"
        for year in (2020, 2022)
        for month in range(1, 13)
        for day in (5, 20)
    ]
    months = span(city({"location": [A]}, [("A Bibliotek", day) for day in days]), LAST).missing
    assert months == tuple(date(2021, month, 1) for month in range(1, 13))
    sparse = [("A Bibliotek", day) for day in ("2020-01-05", "2021-01-05", "2022-01-05")]
    assert span(city({"location": [A]}, sparse), LAST).missing == ()


def test_one_incident_reported_years_late_does_not_begin_the_data():
    rare = [row for row in daily() if row[1][8:10] in ("05", "20")]
    con = city({"location": [A]}, [("A Bibliotek", "2016-05-05"), *rare])
    assert span(con, LAST) == (date(2021, 10, 1), LAST, ())


def test_where_nothing_was_known_and_the_register_is_empty_nothing_is_covered():
    with_place, without = city({"location": [A]}), city({})
    assert span(with_place, LAST)
    assert span(without, LAST) is None


def test_months_without_data_lie_outside_the_days_covered_or_are_missing():
    march = date(2022, 3, 1)
    con = city(
        {"location": [A]},
        daily(first=date(2021, 10, 12), skip=[date(2022, 3, n) for n in range(1, 32)]),
        ("2021-10-12", "2022-09-30"),
    )
    months = [date(2021, 9, 1), date(2021, 10, 1), march, date(2022, 9, 1), date(2022, 10, 1)]
    assert without_data(con, months) == [date(2021, 9, 1), march, date(2022, 10, 1)]
    assert without_data(city({}, days=(None, None)), months) == months
