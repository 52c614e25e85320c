"""The timeline's figures: from the first day of the data to the forecast's end."""

from datetime import date

import pandas as pd
import pytest

from analysis import outlook
from analysis.barometer import Selection
from analysis.core import asking
from analysis.outlook import backtest
from analysis.overview.timeline import weeks_of
from analysis.signals import weeks as signals

LIBRARY = Selection("2025/26", location="Blågårdens Bibliotek")


@pytest.fixture(scope="module")
def found(database):
    from analysis.core import database as files

    with files.connect(database) as con:
        yield weeks_of(con, asking.resolve(con, LIBRARY))


def test_the_weeks_are_all_since_the_data_begin_and_the_selections_are_chosen(found, con):
    (counted,) = con.execute(
        "select count(*) from incident where location = ? and occurred_at < ?",
        [LIBRARY.location, LIBRARY.interval[1]],
    ).fetchone()
    assert found.weeks["incidents"].sum() == counted
    chosen = found.weeks[found.weeks["chosen"]]["week"]
    assert (chosen.min().date(), chosen.max().date()) == (date(2025, 9, 29), date(2026, 3, 23))


def test_the_fan_is_the_forecast_of_the_outlooks_page_a_week(found, con):
    through = date(2026, 3, 31)
    known = outlook.Known(con, through)
    made = [outlook.Outcome(known, one) for one in outlook.coming(through)]
    shown = pd.concat(
        backtest.shown(one, known, backtest.scores(con, through), "location") for one in made
    )
    own = shown[(shown["name"] == LIBRARY.location) & shown["month"].notna()]
    days = (found.ahead["ends"] - found.ahead["starts"]).dt.days
    assert list(found.ahead["starts"]) == list(own["month"])
    for name in ("median", "low_90", "high_90"):
        assert (found.ahead[name] * days / 7).tolist() == pytest.approx(own[name].tolist())


def test_the_measures_are_those_of_the_register_whose_first_day_is_known(found, con):
    (known,) = con.execute(
        "select count(*) from measure where location = ? and starts < date '2026-04-01'",
        [LIBRARY.location],
    ).fetchone()
    assert len(found.measures) == known


def test_the_signals_are_the_locations_own_where_it_is_followed(con, monkeypatch):
    weekly, all_odd = signals.weekly, {"signal": True, "category": "Trusler", "of_category": 1}
    monkeypatch.setattr(signals, "weekly", lambda *asked: weekly(*asked).assign(**all_odd))
    day = date(2026, 3, 30)
    library = weeks_of(con, asking.resolve(con, LIBRARY), through=day)
    assert library.followed == LIBRARY.location
    assert library.odd["told"].str.startswith(f"{LIBRARY.location}, uge").all()
    small = Selection("2025/26", location="Valby Bibliotek")
    assert weeks_of(con, asking.resolve(con, small), through=day).followed == "Valby"


def test_a_narrower_selection_has_no_forecast_and_no_signals(con):
    found = weeks_of(con, asking.resolve(con, Selection("2025/26", category="Trusler")))
    assert found.ahead.empty
    assert found.odd.empty
    assert found.weeks["incidents"].any()


def test_before_the_data_there_is_nothing(con):
    found = weeks_of(con, asking.resolve(con, Selection("2010/11")))
    assert found.weeks.empty
    assert found.ahead.empty


def test_a_scenario_and_a_day_move_the_fan(con):
    city = asking.resolve(con, Selection("2025/26"))
    closed = [{"location": "Alle", "kind": "Lukning", "starts": "2026-10-01"}]
    scenario = weeks_of(con, city, closed).ahead
    assert scenario["high_90"].iloc[-1] == 0
    early = weeks_of(con, city, through=date(2025, 12, 31)).ahead
    assert early["starts"].iloc[0].date() == date(2026, 1, 1)
