"""What is published: no count of 1 to 4 can be told from all of it together."""

import shutil

import duckdb
import numpy as np
import pandas as pd
import pytest

from analysis.core import asking
from analysis.core import database as files
from analysis.core.selection import Selection, SelectionError
from analysis.public import figures, protection

DIVIDED = "Uønsket adfærd"


def city(*rows):
    """Counts of places by one dimension, as `public/counts` gives them: district, place, counts."""
    made = []
    for district, location, *counts in rows:
        made.append((district, location, "", "", sum(counts)))
        made += [
            (district, location, "victim", name, n) for name, n in zip("abc", counts, strict=False)
        ]
    columns = ["district", "location", "dimension", "name", "incidents"]
    return pd.DataFrame(made, columns=columns)


def shown(found, district, location):
    own = found[(found["district"] == district) & (found["location"] == location)]
    return own.set_index(["dimension", "name"])["at_least"]


def possible(given, found):
    """What every count of 1 to 4 can be, found by going through all cities of small counts."""
    tables = protection._tables(given, DIVIDED)
    steps = {place: shown(found, *place) for place in tables.places if place}
    locations = [place for place in tables.places if place and place[1]]
    width = len(tables.columns) - 1
    told = {}
    for counts in np.ndindex(*(10,) * (len(locations) * width)):
        cells = np.array(counts).reshape(len(locations), width)
        every = np.column_stack([cells.sum(axis=1), cells])
        whole = {place: every[n] for n, place in enumerate(locations)}
        for district in {place[0] for place in locations}:
            inside = [n for n, place in enumerate(locations) if place[0] == district]
            whole[district, ""] = every[inside].sum(axis=0)
        whole["", ""] = every.sum(axis=0)
        if all(
            np.isnan(step) or step <= number < step + protection.STEP
            for place, own in steps.items()
            for step, number in zip(own, whole[place], strict=True)
        ):
            for place, own in whole.items():
                for n, number in enumerate(own):
                    told.setdefault((place, n), set()).add(int(number))
    return told


@pytest.mark.parametrize(
    "rows",
    [
        [("D", "A", 4, 4)],
        [("D", "A", 4, 1), ("D", "B", 4, 1)],
        [("D", "A", 1, 5), ("D", "B", 4, 0)],
        [("D", "A", 3, 6), ("E", "B", 4, 4)],
        [("D", "A", 2, 2), ("D", "B", 4, 4)],
    ],
)
def test_every_small_count_can_be_each_small_number(rows):
    given = city(*rows)
    found = protection.protected(given, DIVIDED)
    small = given[given["incidents"].between(1, 4)]
    told = possible(given, found)
    columns = [("", ""), ("victim", "a"), ("victim", "b")]
    assert len(small)
    for row in small.itertuples():
        place = (row.district, row.location)
        assert told[place, columns.index((row.dimension, row.name))] >= {1, 2, 3, 4}


def test_rounding_alone_would_tell_and_a_table_is_left_out():
    # 4 and 4 and 4 of a place's 12: three counts below 5 whose sum is 10 or more are 2 or more.
    others = [("D", "B", 30, 30, 30), ("E", "C", 52, 52, 52)]
    found = protection.protected(city(("D", "A", 4, 4, 4), *others), DIVIDED)
    assert shown(found, "D", "A")["victim"].isna().all()
    assert shown(found, "D", "A")["", ""] == 10
    assert list(shown(found, "D", "B")["victim"]) == [30, 30, 30]


def test_what_is_left_of_a_district_without_a_place_is_never_published():
    rows = [("D", "A", 60, 61), ("D", "B", 1, 1), ("D", "C", 1, 1)]
    tables = protection._tables(city(*rows), DIVIDED)
    published = protection._published(tables)
    rest = [n for n, place in enumerate(tables.places) if place is None]
    assert len(rest) == 3
    assert not published[rest].any()
    assert (tables.counts[rest].ravel() == [4, 2, 2, 123, 61, 62, 123, 61, 62]).all()


def test_what_is_left_of_a_district_is_no_less_protected():
    # Of 6 with less than 5 of each kind, 2 or more are of either: of two such places 4 or more.
    tables = protection._tables(
        city(("D", "A", 60, 61), ("D", "B", 2, 4), ("D", "C", 2, 4)), DIVIDED
    )
    left = tables.places.index(None) * len(tables.columns) + tables.columns.index(("victim", "a"))
    assert tables.counts.ravel()[left] == 4
    every = np.repeat([[place is not None] for place in tables.places], len(tables.columns), 1)
    assert protection.known(tables, every, [left]) == [left]
    assert protection.known(tables, protection._published(tables), [left]) == []


def test_counts_are_steps_and_sums_are_rounded_by_themselves():
    found = protection.protected(city(("D", "A", 8, 8), ("E", "B", 9, 9)), DIVIDED)
    assert list(shown(found, "D", "A")) == [15, 5, 5]
    assert list(shown(found, "", "")) == [30, 15, 15]
    assert (found["at_least"].dropna() % 5 == 0).all()


def test_what_is_published_adds_up_to_the_counts_within_its_steps(few):
    found = figures.published(few, "2025/26", "vinter").dropna()
    query = """
        select district, location, category::varchar, count(*) from shown_incident
        where season = '2025/26' and half = 'vinter'
            and coalesce(reported_at, occurred_at) < '2026-04-01'
        group by all
    """
    counts = {tuple(row[:3]): row[3] for row in few.execute(query).fetchall()}
    of = found[(found["dimension"] == "category") & (found["location"] != "")]
    assert len(of) > 40
    for row in of.itertuples():
        number = counts.get((row.district, row.location, row.name), 0)
        assert row.at_least <= number < row.at_least + 5


def test_a_place_without_a_district_is_no_city(part, tmp_path):
    shutil.copy(part, copy := tmp_path / "blank.duckdb")
    with duckdb.connect(copy) as con:
        for table in ("incident", "location"):
            con.execute(f"update {table} set district = null where location = 'Osramhuset'")
        found = figures.published(con, "2025/26", "vinter")
        place = asking.resolve(con, Selection("2025/26", location="Osramhuset"))
        (count,) = con.execute(
            "select count(*) from incident where location = 'Osramhuset' and season = '2025/26' "
            "and half = 'vinter' and coalesce(reported_at, occurred_at) < '2026-04-01'"
        ).fetchone()
        assert figures.half_years(con, place)["at_least"].tolist()[-1] == count // 5 * 5
    assert set(found[found["location"] == "Osramhuset"]["district"]) == {"Ikke angivet"}
    assert len(found[(found["district"] == "") & (found["dimension"] == "")]) == 1


def test_a_district_that_was_met_in_one_half_year_alone_has_no_number_in_others(part, tmp_path):
    shutil.copy(part, copy := tmp_path / "met.duckdb")
    with duckdb.connect(copy) as con:
        con.execute("delete from location where location = 'Osramhuset'")
        con.execute("update incident set district = 'Utopia' where location = 'Osramhuset'")
        con.execute("delete from incident where district = 'Utopia' and season = '2024/25'")
        place = asking.resolve(con, Selection("2025/26", district="Utopia"))
        assert figures.half_years(con, place)["at_least"].isna().tolist() == [True, False]


@pytest.mark.parametrize("seed", range(3))
def test_random_cities_keep_their_small_counts(seed):
    drawn = np.random.default_rng(seed)
    rows = [(f"D{n % 4}", f"L{n}", *drawn.negative_binomial(1, 0.2, 3)) for n in range(14)]
    given = city(*rows)
    tables = protection._tables(given, DIVIDED)
    found = protection._published(tables)
    small = np.flatnonzero((tables.counts > 0) & (tables.counts < 5))
    assert len(small) > 20
    assert protection.known(tables, found, small.tolist()) == []
    assert 0.5 < found[[n for n, place in enumerate(tables.places) if place]].mean() <= 1


def test_a_half_year_is_public_when_the_data_know_of_a_day_after_it(part, tmp_path):
    period = Selection("2025/26", "vinter")
    copy = tmp_path / "too_early.duckdb"
    shutil.copy(part, copy)
    with duckdb.connect(copy) as con:
        figures.check(con, period)
        con.execute("delete from incident where reported_at >= '2026-04-01'")
    with files.connect(copy) as con:
        with pytest.raises(SelectionError, match="Data rækker ikke ud over vinterhalvåret 2025/26"):
            figures.check(con, period)
        earlier = period.in_season(period.season.previous)
        assert figures.half_years(con, earlier)["name"].tolist() == ["Vinterhalvåret 2024/25"]


def test_a_release_says_the_same_whatever_was_reported_since(part, tmp_path):
    period = Selection("2024/25", "vinter")
    copy = tmp_path / "earlier.duckdb"
    shutil.copy(part, copy)
    with duckdb.connect(copy) as con:
        later = figures.counts(con, period)
        gone = "delete from incident where reported_at >= '2025-04-01' and month < '2025-04-01'"
        assert con.execute(gone).fetchall()[0][0] > 0
        pd.testing.assert_frame_equal(figures.counts(con, period), later)
