"""How much a level usually changes from season to season, and what that makes of a verdict."""

from math import exp, inf

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from small_city import city, hours, measure, place

from analysis import statistics
from analysis.barometer import Selection
from analysis.comparison import usual
from analysis.comparison.usual import ONLY_CHANCE, Usual, by_changes

TENTH = Usual(0.01, 8.0)


def test_without_a_variance_of_levels_the_interval_is_the_exact_one():
    assert ONLY_CHANCE.rate_ratio(68, 87, 1.1) == statistics.rate_ratio(68, 87, 1.1)
    assert ONLY_CHANCE.largest_clear_fall(87) == statistics.largest_clear_fall(87)
    assert ONLY_CHANCE.power_of_fall(87, 0.5) == statistics.power_of_fall(87, 0.5)
    assert ONLY_CHANCE.reach == 1


def test_of_many_incidents_the_interval_reaches_as_far_as_levels_do():
    found = TENTH.rate_ratio(10**7, 10**7)
    assert found.high == pytest.approx(TENTH.reach, rel=0.01)
    assert TENTH.reach == pytest.approx(exp(stats.t.ppf(0.975, 8) * 0.1))
    assert Usual(0.01, inf).reach == pytest.approx(exp(stats.norm.ppf(0.975) * 0.1))


def test_a_levels_interval_is_exact_in_chance_and_reaches_as_far_as_half_a_changes_variance():
    assert ONLY_CHANCE.interval(68) == statistics.poisson_interval(68)
    low, high = TENTH.interval(10**7)
    reach = exp(stats.t.ppf(0.975, 8) * 0.1 / 2**0.5)
    assert (low / 10**7, high / 10**7) == pytest.approx((1 / reach, reach), rel=0.02)
    in_runs = Usual(0.0, inf, runs=4.0).interval(100)
    assert in_runs.high == pytest.approx(4 * statistics.poisson_interval(25).high)
    half = Usual(0.0, inf, reported=0.5)
    assert half.interval(34) == pytest.approx([2 * end for end in statistics.poisson_interval(34)])
    assert half.settled.interval(34) == statistics.poisson_interval(34)


@pytest.mark.parametrize("before", [0, 3, 20, 87, 400])
@pytest.mark.parametrize("exposure", [0.5, 1.0, 1.7])
def test_the_largest_clear_fall_is_clear_and_one_more_is_not(before, exposure):
    most = TENTH.largest_clear_fall(before, exposure)
    if most is None:
        assert TENTH.rate_ratio(0, before, exposure).high >= 1
        return
    assert TENTH.rate_ratio(most, before, exposure).high < 1
    assert TENTH.rate_ratio(most + 1, before, exposure).high >= 1


def seen(own, common, chance=0.01, of_all=0.0005):
    """Return changes of places between seasons, a row of `own` a season."""
    return pd.DataFrame(
        [
            {"season": n, "own": each, "chance": chance, "common": both, "common_chance": of_all}
            for n, (places, both) in enumerate(zip(own, common, strict=True))
            for each in places
        ],
        columns=["season", "own", "chance", "common", "common_chance"],
        dtype=float,
    )


def test_before_any_season_is_known_a_tenth_is_believed():
    found = by_changes(seen([], []), 1.0)
    assert found.variance == pytest.approx(2 * 0.1**2)
    assert found.freedom == pytest.approx(8)


def test_what_is_seen_is_learned_and_several_places_go_their_own_ways_less_together():
    rng = np.random.default_rng(1)
    own, common = rng.normal(0, np.hypot(0.3, 0.1), (30, 40)), rng.normal(0, 0.2, 30)
    one, city_of = (by_changes(seen(own, common), together) for together in (1.0, 1 / 40))
    assert one.variance == pytest.approx(0.3**2 + 0.2**2, rel=0.15)
    assert city_of.variance == pytest.approx(0.2**2, rel=0.3)
    assert one.freedom > city_of.freedom > 30
    calm = by_changes(seen(own * 0, common * 0), 1.0)
    assert calm.variance < 0.002


def lived(levels, places=("Her", "Der", "Hist")):
    """Return a city in which each place has so many incidents a day of November."""
    happened = [
        (name, f"{2021 + n}-11-{1 + day:02} {8 + at:02}:00")
        for name in places
        for n, many in enumerate(levels)
        for day in range(28)
        for at in range(many)
    ]
    last = f"{2021 + len(levels)}-03-31"
    return city({"location": [place(name) for name in places]}, happened, ("2021-10-01", last))


def test_the_change_that_is_judged_is_none_of_those_it_is_held_against():
    con = lived([2, 2, 2, 8])
    asked = Selection("2024/25", location="Her")
    quiet = usual.usual(con, asked.in_season("2023/24"), asked)
    assert quiet.variance < 0.02
    assert quiet.rate_ratio(224, 56).low > 1
    # A year on, it is what such a place has done before.
    con = lived([2, 2, 2, 8, 8])
    asked = asked.in_season("2025/26")
    moved = usual.usual(con, asked.in_season("2024/25"), asked)
    assert moved.variance > 0.1
    assert moved.rate_ratio(224, 112).low < 1


def test_seasons_further_apart_are_held_against_such_as_lie_as_far_apart():
    con = lived([1, 2, 4, 8])
    asked = Selection("2024/25")
    near = usual.usual(con, asked.in_season("2023/24"), asked)
    far = usual.usual(con, asked.in_season("2022/23"), asked)
    assert far.variance > near.variance
    back = usual.usual(con, asked, asked.in_season("2022/23"))
    assert back == far
    # None lie so far apart but those that are judged.
    furthest = usual.usual(con, asked.in_season("2021/22"), asked)
    assert furthest.variance == pytest.approx(0.01 * (1 + 1 / 3), rel=1e-5)


def test_a_place_without_incidents_or_hours_tells_nothing():
    arrays = [[4, 0, 9, 3], [6, 0, 5, 3], [1, 1, 0, 1], [1, 1, 1, 2]]
    found = usual.own_changes(*map(np.array, arrays))
    assert len(found) == 2
    assert found["common"].nunique() == 1
    # Half as many an hour, beside the other's half more.
    assert found["own"].iloc[0] > 0 > found["own"].iloc[1]
    nothing = np.zeros(2)
    assert usual.own_changes(nothing, nothing + 3, nothing + 1, nothing + 1).empty


def test_a_city_without_a_register_has_what_is_believed():
    con = city({}, [], ("2021-10-01", "2025-03-31"))
    found = usual.usual(con, Selection("2023/24"), Selection("2024/25"))
    assert found.variance == pytest.approx(0.02, rel=1e-5)


def test_without_data_there_is_what_is_believed(con):
    found = usual.usual(con, Selection("2015/16"), Selection("2016/17"))
    assert found.variance == pytest.approx(0.02, rel=1e-5)


def test_only_half_years_that_the_data_cover_count(con):
    names = [one.name for one in usual.seasons(con, Selection("2030/31"))]
    assert names == ["2021/22", "2022/23", "2023/24", "2024/25", "2025/26"]
    summers = usual.seasons(con, Selection("2025/26", "sommer"))
    assert [one.name for one in summers] == ["2021/22", "2022/23", "2023/24", "2024/25"]
    assert usual.seasons(con, Selection("2015/16")) == []


def test_hours_are_those_open_where_they_are_known_on_every_day():
    con = city(
        {
            "location": [place("Hele"), place("Halve", "Vanløse"), place("Ukendt")],
            "opening_hours": [
                *hours("Hele", "10:00", "20:00"),
                *hours("Halve", "10:00", "20:00", valid_from="2022-01-01"),
            ],
            "measure": [measure("Hele", "Lukning", "2022-10-01", "2022-10-10")],
        },
        [("Hele", "2021-10-01"), ("Hele", "2023-03-31")],
        ("2021-10-01", "2023-03-31"),
    )
    asked = Selection("2022/23")
    found = usual.half_years(con, asked, usual.seasons(con, asked))
    times = found.set_index(["location", "season"])["exposure"]
    assert times["Hele"].to_dict() == {"2021/22": 1820, "2022/23": 1720}
    assert set(times["Halve"]) == set(times["Ukendt"]) == {1}
