"""A lake in place of the database: the same tables, views and pages, and nothing else to read."""

import shutil

import duckdb
import pandas as pd
import pytest

from analysis import barometer, reports
from analysis.barometer import Selection, cube
from analysis.core import kept
from analysis.core.database import ROOT, connect
from analysis.intake import files, ingest, intake_lines, pseudonym, readings
from analysis.intake.errors import IngestError

DATA = ROOT / "data"
# The first and the last of each kind.
EXPORTS = ("haervaerk_2021_2022.csv", "haervaerk_2025_2026.csv")
EXPORTS += ("uro_2021_2022.csv", "uro_2025_2026.xlsx")
SELECTIONS = [
    Selection("2025/26"),
    Selection("2024/25", half=None, district="Nørrebro"),
    Selection("2023/24", "sommer", facility=["Bibliotek", "Kulturhus"], victim="Bruger"),
    Selection("2025/26", location="Blågårdens Bibliotek", self_service=True),
]
DIMENSIONS = (
    *("category", "subcategory", "facility", "victim", "demography", "district", "location"),
    "weekday",
)
VIEWS = {
    **{f"score_by {one}": (barometer.score_by, one) for one in ("district", "location")},
    **{f"matrix {one}": (barometer.matrix, one) for one in ("district", "location")},
    **{f"count_by {one}": (barometer.count_by, one) for one in DIMENSIONS},
    **{
        f"{view.__name__} {one}": (view, one)
        for view in (barometer.over_time, barometer.per_month, barometer.time_of_day)
        for one in ("category", "demography", "location")
    },
    "help_called": (barometer.help_called,),
    "compare_seasons": (barometer.compare_seasons, ["2023/24", "2024/25"]),
}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The sample's database and its lake."""
    folder = tmp_path_factory.mktemp("lake")
    made = folder / "x.duckdb", folder / "lake"
    given = DATA / "exports", DATA / "reference", DATA / "export_layout.yaml"
    ingest(*given, made[0], into=made[1])
    return made


def test_each_table_is_the_same(both):
    database, lake = map(connect, both)
    assert kept.database_content(lake) == kept.database_content(database)


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_gives_the_same(view, both):
    function, *given = VIEWS[view]
    for selection in SELECTIONS:
        expected, found = (function(connect(path), selection, *given) for path in both)
        pd.testing.assert_frame_equal(found, expected)


def test_the_cube_is_the_same(both):
    found = [cube.of(connect(path), SELECTIONS[:1]) for path in both]
    assert found[0] == found[1]


def test_notebooks_give_the_same_pages(both, tmp_path):
    file = tmp_path / "by.yaml"
    file.write_text("season: 2025/26\nlocation: null\n", encoding="utf-8")
    for name, path in zip(("database", "lake"), both, strict=True):
        assert reports.run([file], path, tmp_path / name, only=["01", "04"], quiet=True) == 0
    for page in ("01_data_quality.html", "04_conflict_ladder.html", "04_conflict_ladder.xlsx"):
        first, second = (tmp_path / name / "by" / page for name in ("database", "lake"))
        assert first.read_bytes() == second.read_bytes(), page


def test_other_engines_find_incidents_by_season_and_district(both):
    files = both[1] / "incident" / "season=2024%2F25" / "district=Nørrebro"
    assert list(files.glob("*.parquet")) or list((both[1] / "incident").glob("*/district=N*"))
    with connect(both[0]) as con:
        expected = con.execute("select count(*) from incident where season = '2024/25'").fetchall()
    read = f"read_parquet('{both[1]}/incident/**/*.parquet', hive_partitioning = true)"
    assert (
        duckdb.sql(f"select count(*) from {read} where season = '2024/25'").fetchall() == expected
    )


def test_a_lake_lets_nothing_else_be_read(both):
    with connect(both[1]) as con:
        for query in (f"from '{DATA / 'reference' / 'locations.csv'}'", "set threads = 1"):
            with pytest.raises(duckdb.Error):
                con.execute(query).fetchall()


def content(path):
    with connect(path) as con:
        return kept.database_content(con)


@pytest.fixture
def monthly(tmp_path, monkeypatch):
    """Exports of a folder into a lake, month by month, and the files read each time."""
    exports = tmp_path / "exports"
    exports.mkdir()
    for file in EXPORTS:
        shutil.copy(DATA / "exports" / file, exports)
    read = []
    prepare = files.prepare

    def seen(file, *given):
        read.append(file.name)
        return prepare(file, *given)

    monkeypatch.setattr(files, "prepare", seen)

    def ingested():
        read.clear()
        given = exports, DATA / "reference", DATA / "export_layout.yaml"
        made = tmp_path / "x.duckdb", tmp_path / "lake"
        lines = list(intake_lines(ingest(*given, made[0], into=made[1])))
        names = sorted(read)
        # All of it read anew says the same.
        assert list(intake_lines(ingest(*given, tmp_path / "anew.duckdb"))) == lines
        assert content(made[0]) == content(made[1]) == content(tmp_path / "anew.duckdb")
        return names

    ingested.exports = exports
    return ingested


def test_a_new_export_is_added_without_reading_the_old_ones(monthly):
    names = sorted(file.name for file in monthly.exports.iterdir())
    (first, *others), last = names, monthly.exports / names[-1]
    left = last.rename(monthly.exports.parent / last.name)
    assert monthly() == names[:-1]
    left.rename(last)
    assert monthly() == [last.name]
    assert monthly() == []
    # Renamed, a file is the same; its rows bear the new name.
    (monthly.exports / first).rename(monthly.exports / f"0_{first}")
    assert monthly() == []
    # What is taken away is gone.
    (monthly.exports / others[0]).unlink()
    assert monthly() == []


def test_what_an_export_is_read_by_makes_it_read_anew(monthly, monkeypatch):
    names = monthly()
    file = monthly.exports / "uro_2021_2022.csv"
    file.write_bytes(file.read_bytes().replace(b"Trusler", b"Fysisk vold", 1))
    assert monthly() == [file.name]
    monkeypatch.setattr(readings, "CODE", b"newer")
    assert monthly() == names
    monkeypatch.setattr(pseudonym.key, "__defaults__", (monthly.exports.parent / "new.key",))
    assert monthly() == names


def test_a_reading_holds_no_text_of_a_row_whose_fields_have_moved(tmp_path):
    exports = tmp_path / "exports"
    exports.mkdir()
    head = (DATA / "exports" / "uro_2021_2022.csv").read_bytes().splitlines()[0].decode("cp1252")
    fields = head.split(";")
    row = dict.fromkeys(fields, "")
    row |= {"Sagsnr": "SYN-1", "Hændelsestidspunkt": "01-11-2021 10:00", "Lokation": "Union"}
    row |= {
        "Urotype": "Trusler",
        "Demografi": "Hans Petersen råbte ad Mette, tog et æble og gik ud ad døren igen",
    }
    (exports / "a.csv").write_text(
        "\n".join([head, ";".join(row.values())]) + "\n", encoding="utf-8"
    )
    given = DATA / "reference", DATA / "export_layout.yaml"
    ingest(exports, *given, tmp_path / "x.duckdb", into=tmp_path / "lake", accept=True)
    (reading,) = (tmp_path / "lake" / "_readings").glob("*.parquet")
    ((problem, demography),) = duckdb.sql(f"select problem, demography from '{reading}'").fetchall()
    assert (problem, demography) == ("Felterne er forskudt", None)
    assert b"Petersen" not in reading.read_bytes()


def test_a_new_lake_replaces_the_old_one_and_nothing_but_a_lake(both, tmp_path):
    given = DATA / "exports", DATA / "reference", DATA / "export_layout.yaml"
    before = sorted(file.relative_to(both[1]) for file in both[1].rglob("*"))
    (both[1] / "incident" / "left.parquet").write_bytes(b"")
    ingest(*given, both[0], into=both[1])
    assert sorted(file.relative_to(both[1]) for file in both[1].rglob("*")) == before
    assert not list(both[1].parent.glob(".lake*"))
    other = tmp_path / "photos"
    other.mkdir()
    (other / "x.jpg").write_bytes(b"x")
    with pytest.raises(IngestError, match="er ikke en mappe, som"):
        ingest(*given, tmp_path / "x.duckdb", into=other)
    assert [file.name for file in tmp_path.iterdir()] == ["photos"]
