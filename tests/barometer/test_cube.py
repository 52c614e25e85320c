"""The cube: counts of combinations that add up to the views, and what bounds its size."""

from dataclasses import replace
from math import prod

import pytest

from analysis import barometer
from analysis.barometer import Selection, cube
from analysis.core import asking
from analysis.core.database import connect
from analysis.core.headings import DIMENSIONS
from analysis.reports import interactive

CITY = Selection("2025/26")
SHARED = [name for name in cube.CUBE_DIMENSIONS if name in DIMENSIONS and name != "weekday"]


@pytest.fixture(scope="module")
def whole(database):
    with connect(database) as con:
        return cube.of(con, [CITY])


@pytest.fixture(scope="module")
def week(database):
    with connect(database) as con:
        return cube.of(con, [CITY], without=cube.PERSONS)


def size(counted):
    """What a limit holds: cells and rows of help."""
    return len(counted.cells) + len(counted.help)


def summed(counted, name):
    """The incidents of each value of a dimension, values without any left out."""
    place = cube.CUBE_DIMENSIONS.index(name)
    totals = {}
    for row in counted.cells:
        value = counted.values[name][row[place]]
        totals[value] = totals.get(value, 0) + row[-1]
    return totals


@pytest.mark.parametrize("name", SHARED)
def test_cells_add_up_to_the_views(whole, con, name):
    counted = barometer.count_by(con, CITY, name)
    named = counted["name"].astype(object).where(counted["name"].notna(), None)
    assert summed(whole, name) == dict(zip(named, counted["incidents"], strict=True))


def test_weekdays_add_up_to_the_view(week, con):
    counted = barometer.count_by(con, CITY, "weekday")
    assert summed(week, "weekday") == dict(zip(counted["name"], counted["incidents"], strict=True))


def test_months_and_hours_add_up_to_the_views(whole, con):
    months = barometer.per_month(con, CITY).groupby("month")["incidents"].sum()
    assert summed(whole, "month") == {day.date(): count for day, count in months.items()}
    hours = barometer.time_of_day(con, CITY).groupby("hour")["incidents"].sum().to_dict()
    unknown = barometer.incidents(con, CITY) - sum(hours.values())
    assert unknown > 0
    assert summed(whole, "hour") == hours | {None: unknown}


def test_self_service_adds_up_to_the_selections(whole, con):
    totals = summed(whole, "self_service")
    for value in (True, False):
        assert totals[value] == barometer.incidents(con, replace(CITY, self_service=value))


def test_help_adds_up_to_the_view(whole, con):
    totals = {}
    for _, helper, called, arrived in whole.help:
        before = totals.get(whole.helpers[helper], (0, 0))
        totals[whole.helpers[helper]] = (before[0] + called, before[1] + arrived)
    view = barometer.help_called(con, CITY)
    assert totals == {row.helper: (row.called, row.arrived) for row in view.itertuples()}


def test_values_stand_in_the_order_of_the_views_and_every_month_is_there(whole, con):
    for name in SHARED:
        view = barometer.count_by(con, CITY, name)["name"]
        assert list(whole.values[name]) == list(view.astype(object).where(view.notna(), None))
    assert list(whole.values["month"]) == CITY.months
    assert whole.values["hour"] == (*range(24), None)


def test_a_cube_has_no_days_no_ids_and_no_text(whole, week):
    assert set(whole.values) == {
        "month",
        "hour",
        "category",
        "subcategory",
        "facility",
        "victim",
        "demography",
        "district",
        "location",
        "weekday",
        "self_service",
    }
    # A cell that tells of a person would come near a single day.
    assert whole.values["weekday"] == (None,)
    assert all(week.values[name] == (None,) for name in cube.PERSONS)  # fmt: skip
    assert all(month.day == 1 for month in whole.values["month"])
    assert all(isinstance(number, int) for row in whole.cells for number in row)


def test_a_cube_grows_with_the_combinations_not_with_the_incidents(con, whole):
    assert len({row[:-1] for row in whole.cells}) == len(whole.cells)
    assert len(whole.cells) <= prod(map(len, whole.values.values()))
    once, twice = cube.of(con, [CITY]), cube.of(con, [CITY, CITY])
    assert len(twice.cells) == 2 * len(once.cells)


@pytest.mark.parametrize("share", [0.99, 0.9, 0.8, 0.7, 0.6])
def test_a_cube_too_large_is_coarsened_and_loses_no_incident(con, whole, share):
    most = int(size(whole) * share)
    coarse = cube.of(con, [CITY], most)
    assert size(coarse) <= most
    assert coarse.hours > 1 or coarse.dropped != ("weekday",)
    assert sum(row[-1] for row in coarse.cells) == barometer.incidents(con, CITY)
    for column in (2, 3):
        assert sum(row[column] for row in coarse.help) == sum(row[column] for row in whole.help)
    for name in ("month", "category", "district"):
        assert summed(coarse, name) == summed(whole, name)
    assert all(coarse.values[name] == (None,) for name in coarse.dropped)


def test_a_cube_within_its_limit_is_as_fine_as_can_be(con, whole):
    assert cube.of(con, [CITY], size(whole)) == whole
    assert (whole.hours, whole.dropped) == (1, ("weekday",))
    assert cube.of(con, [CITY], size(whole) - 1).hours == 4


def test_the_coarsest_cube_is_whole(con):
    coarse = cube.of(con, [CITY], 10)
    assert sum(row[-1] for row in coarse.cells) == barometer.incidents(con, CITY)


def test_the_page_says_what_was_given_up_and_no_longer_offers_it(con, whole, week):
    data = asking.dataset(con)
    span = interactive.Span("vinterhalvåret", "2025/26", tuple(CITY.months), (True,) * 6)
    told = {"periods": [span], "opened": 0, "place": "København", "parameters": "x"}
    fine = interactive.of([whole], data, **told)
    assert "gjort grovere" not in fine
    assert 'data-view="hour"' in fine
    coarse = interactive.of([cube.of(con, [CITY], size(whole) // 2)], data, **told)
    assert "gjort grovere: Der kan ikke filtreres på underkategorien, tidspunktet" in coarse
    assert 'data-view="hour"' not in coarse
    blocks = cube.of(con, [CITY], size(whole) - 1)
    assert "blokke på 4 timer" in interactive.of([blocks], data, **told)
    # An hour of one cube is no block of another.
    both = interactive.of([blocks, week], data, **told)
    assert "kl. 17–18" not in both
    assert "kl. 16–20" in both
    assert 'id="week"' not in both


def test_a_page_is_small_and_says_that_its_data_are_synthetic(con):
    text = interactive.page(con, CITY, "by")
    assert len(text.encode()) < 2_000_000
    assert "Syntetiske data." in text
    assert "<title>Interaktivt barometer: København, vinterhalvåret 2025/26 – " in text
    assert "udledt" in text


def test_a_selection_without_incidents_says_so(con):
    nobody = Selection("2030/31", "sommer", victim="Bruger", demography="Andet (ukendt betegnelse)")
    text = interactive.page(con, nobody, "tom")
    assert "ingen indmeldte hændelser i udvalget" in text
    assert 'class="dashboard"' not in text


def test_the_unknown_hour_is_explained_only_where_there_is_one(con):
    explained = "? er hændelser uden kendt klokkeslæt"
    assert explained in interactive.page(con, CITY, "by")
    assert explained not in interactive.page(
        con, replace(CITY, location="Blågårdens Bibliotek", category="Trusler"), "trusler"
    )


def test_the_page_names_the_filters_of_its_own_selection(con):
    chosen = Selection("2024/25", district="Vesterbro", category="trusler", self_service=False)
    text = interactive.page(con, chosen, "x")
    assert (
        '<strong id="of">Vesterbro/Kgs. Enghave, vinterhalvåret 2024/25</strong> · '
        "Urotype: Trusler · Selvbetjent åbningstid: Nej"
    ) in text
