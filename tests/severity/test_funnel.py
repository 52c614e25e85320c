"""Locations against limits: the method's own formula, and the sentence beside the chart."""

import shutil

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.barometer import Selection
from analysis.core.database import connect
from analysis.severity import funnel, words


def places(*rows):
    return pd.DataFrame(rows, columns=["name", "facility", "incidents", "hours"])


ALIKE = places(*((f"Sted {n:02}", "Bibliotek", 20, 1000.0) for n in range(30)))


def outlier(count):
    extra = places(("Urolig", "Bibliotek", count, 1000.0))
    return pd.concat([ALIKE, extra], ignore_index=True)


def judged(found):
    return verdicts(funnel.expected_incidents(found))


def verdicts(rows):
    return funnel.verdicts(rows, funnel.spread(rows))


def told_of(found, unknown=0):
    rows = funnel.expected_incidents(found)
    return words.outliers(verdicts(rows), funnel.spread(rows), unknown)


def test_a_locations_incidents_are_expected_by_its_own_hours_and_its_kind_of_facility():
    found = funnel.expected_incidents(
        places(
            ("A", "Bibliotek", 30, 1000.0),
            ("B", "Bibliotek", 30, 2000.0),
            ("C", "Svømmehal", 5, 500.0),
            ("Ukendt", "Bibliotek", 9, None),
            ("Stille", "Kulturhus", 0, 900.0),
        )
    ).set_index("name")
    assert dict(found["expected"]) == {"A": 20, "B": 40, "C": 5}
    assert dict(found["ratio"]) == {"A": 1.5, "B": 0.75, "C": 1}


@pytest.mark.parametrize("expected", [2.5, 8, 28.3, 150])
@pytest.mark.parametrize("tail", [0.001, 0.025, 0.975, 0.999])
def test_a_limit_lies_between_the_counts_that_pass_the_tail(expected, tail):
    count = funnel.limit(expected, tail) * expected
    least = stats.poisson.ppf(tail, expected)
    assert max(0, least - 1) <= count <= least


def test_limits_draw_together_as_more_is_expected():
    rows = funnel.expected_incidents(outlier(20))
    found = funnel.limits(rows, funnel.spread(rows))
    assert (found["outer_low"] <= found["inner_low"]).all()
    assert (found["inner_high"] < found["outer_high"]).all()
    near, far = (funnel.limit(expected, 0.975) for expected in (10, 100))
    assert near > far > 1


def test_chance_alone_keeps_about_as_many_within_the_limits_as_they_say():
    counts = np.random.default_rng(7).poisson(20, 4000)
    low, high = (funnel.limit(20, tail) * 20 for tail in (0.025, 0.975))
    assert ((counts >= low) & (counts <= high)).mean() == pytest.approx(0.95, abs=0.015)


@pytest.mark.parametrize(
    ("count", "verdict"),
    [(21, "inden for"), (31, "over"), (45, "langt over"), (11, "under")],
)
def test_a_location_is_judged_by_the_limits_at_its_own_place(count, verdict):
    found = judged(outlier(count)).set_index("name")
    assert found.loc["Urolig", "verdict"] == verdict


def test_twice_the_expected_is_much_for_a_large_place_and_chance_for_a_small_one():
    extra = places(("Stor", "Bibliotek", 80, 2000.0), ("Lille", "Bibliotek", 4, 100.0))
    found = judged(pd.concat([ALIKE, extra], ignore_index=True)).set_index("name")
    assert found.loc["Stor", "verdict"] == "langt over"
    assert found.loc["Lille", "verdict"] == funnel.WITHIN


@pytest.mark.parametrize("tail", [0.001, 0.025, 0.975, 0.999])
def test_limits_of_places_that_differ_are_negative_binomial(tail):
    variance = 0.09
    shape = 1 / variance
    count = funnel.limit(40, tail, variance) * 40
    least = stats.nbinom.ppf(tail, shape, shape / (shape + 40))
    assert max(0, least - 1) <= count <= least


def drawn(rng, deviation, means=(10, 20, 40, 80, 160) * 12):
    """Rows of places whose rates differ by so much, with the expected counts of their kind."""
    levels = rng.gamma(1 / deviation**2, deviation**2, len(means)) if deviation else 1.0
    counts = rng.poisson(np.array(means) * levels)
    rows = [
        (f"S{n}", "Bibliotek", c, m) for n, (c, m) in enumerate(zip(counts, means, strict=True))
    ]
    return funnel.expected_incidents(places(*rows))


def test_the_spread_is_found_and_its_test_is_seldom_wrong():
    rng = np.random.default_rng(5)
    found = [funnel.spread(drawn(rng, 0.3)) for _ in range(60)]
    assert np.mean([one.variance for one in found]) ** 0.5 == pytest.approx(0.3, rel=0.1)
    assert all(one.is_clear for one in found)
    wrong = np.mean([funnel.spread(drawn(rng, 0)).is_clear for _ in range(400)])
    assert 0.02 < wrong < 0.08
    seen = np.mean([funnel.spread(drawn(rng, 0.15)).is_clear for _ in range(200)])
    assert seen > 0.65


@pytest.mark.parametrize("deviation", [0, 0.15, 0.4])
def test_large_places_lie_outside_no_more_often_than_small_ones(deviation):
    rng = np.random.default_rng(6)
    rows = pd.concat([verdicts(drawn(rng, deviation)) for _ in range(12)])
    outside = rows.groupby(rows["hours"])["verdict"].apply(
        lambda each: (each != "inden for").mean()
    )
    assert outside.between(0.005, 0.11).all()
    assert outside.mean() == pytest.approx(0.05, abs=0.02)


def test_places_that_differ_are_said_to_and_one_that_stands_out_all_the_same():
    counts = [*([5, 10, 20, 35, 45] * 6), 180]
    rows = places(*((f"Sted {n:02}", "Bibliotek", c, 1000.0) for n, c in enumerate(counts)))
    found = judged(rows)
    assert found[found["verdict"].ne(funnel.WITHIN)]["name"].tolist() == ["Sted 30"]
    told = told_of(rows)
    assert "mere forskellige, end tilfældige udsving" in told
    assert "mere forskellige" not in told_of(outlier(21))
    nothing = funnel.spread(funnel.expected_incidents(ALIKE.iloc[:1]))
    assert nothing == (0, 1)


def test_the_sentence_names_those_outside_and_says_which_side():
    told = told_of(outlier(45), 2)
    assert "Urolig ligger over." in told
    assert "Ingen ligger under grænserne." in told
    assert "2 lokationer uden kendt åbningstid" in told
    assert told_of(ALIKE).startswith("Ingen lokation ligger uden for")
    assert "for få" in told_of(ALIKE.iloc[:0])


def test_a_closed_week_takes_its_hours_from_the_place_that_was_closed(database, tmp_path):
    file = tmp_path / "closed.duckdb"
    shutil.copy(database, file)
    with duckdb.connect(file) as writable:
        writable.execute(
            "insert into measure (location, kind, starts, ends) values"
            " ('Valby Bibliotek', $kind, date '2026-01-12', date '2026-01-18')",
            {"kind": funnel.CLOSED},
        )
        week = writable.execute(
            "select sum(date_diff('minute', opens, closes)) / 60 from opening_hours"
            " where location = 'Valby Bibliotek'"
            " and date '2026-01-12' between valid_from and coalesce(valid_to, 'infinity'::date)"
        ).fetchone()[0]
    hours = []
    for path in (database, file):
        with connect(path) as con:
            found = funnel.locations(con, Selection("2025/26"))
            hours.append(found.set_index("name")["hours"])
    less = (hours[0] - hours[1]).dropna()
    assert week > 0
    assert dict(less[less != 0]) == {"Valby Bibliotek": week}


def test_the_registers_incidents_are_all_there(con):
    found = funnel.locations(con, Selection("2024/25"))
    counted = con.execute(
        "select count(*) from incident semi join location using (location)"
        " where season = '2024/25' and half = 'vinter'"
    ).fetchone()[0]
    assert found["incidents"].sum() == counted


def test_a_location_without_known_hours_is_not_judged(con):
    found = funnel.locations(con, Selection("2025/26"))
    unknown = set(found[found["hours"].isna()]["name"])
    assert unknown
    assert not unknown & set(judged(found)["name"])
