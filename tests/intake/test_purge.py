"""Older incidents are removed from everywhere, and nothing of them is left in a file."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from analysis import cli, reports
from analysis.core import database as files
from analysis.core import kept
from analysis.intake import ingest

DATA = files.ROOT / "data"
BEFORE = date(2025, 10, 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a database of the sample, its lake, what is kept beside it, and reports."""
    tmp_path = tmp_path_factory.mktemp("made")
    given = DATA / "exports", DATA / "reference", DATA / "export_layout.yaml"
    ingest(*given, tmp_path / "x.duckdb", into=tmp_path / "lake")
    for asked in ("x.duckdb", "lake"):
        kept.folder(tmp_path / asked).mkdir()
        (kept.folder(tmp_path / asked) / "a.npz").write_bytes(b"old")
    file = tmp_path / "by.yaml"
    file.write_text("season: 2024/25\n", encoding="utf-8")
    assert (
        reports.run([file], tmp_path / "x.duckdb", tmp_path / "out", only=["01"], quiet=True) == 0
    )
    return tmp_path


@pytest.fixture
def everywhere(made, tmp_path):
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


def purged(folder, *options):
    given = ["purge", "--before", "2025-10-01", "--database", str(folder / "x.duckdb")]
    more = ["--lake", str(folder / "lake"), "--output", str(folder / "out"), *options]
    return cli.main([*given, *more])


def test_a_lake_is_not_purged_as_a_database(everywhere, capsys):
    lake = str(everywhere / "lake")
    assert cli.main(["purge", "--before", "2025-10-01", "--database", lake]) == cli.NOT_DONE
    told = capsys.readouterr().err
    assert told.startswith("barometer purge: lake: er en mappe; en datasø gives med --lake")


def test_older_incidents_are_gone_and_the_rest_is_as_it_was(everywhere, con, capsys):
    assert purged(everywhere) == cli.DONE
    said = capsys.readouterr().out
    gone = con.execute("select count(*) from incident where occurred_at < $1", [BEFORE]).fetchone()[
        0
    ]
    assert f"{gone:,}".replace(",", ".") + " hændelser før 1. oktober 2025 er fjernet" in said
    whole = "select * from incident where occurred_at >= $1 order by all"
    for path in (everywhere / "x.duckdb", everywhere / "lake"):
        with files.connect(path) as left:
            assert (
                left.execute(whole, [BEFORE]).fetchall() == con.execute(whole, [BEFORE]).fetchall()
            )
            ((first, last, rows),) = left.execute(
                "select first_day, last_day, (select count(*) from incident) from dataset"
            ).fetchall()
            assert first >= BEFORE
            assert (last, rows + gone) == con.execute(
                "select last_day, (select count(*) from incident) from dataset"
            ).fetchone()
            lost = "select count(*) from {} anti join incident using (incident_id)"
            assert left.execute(lost.format("help_call")).fetchone() == (0,)
            told = left.execute("select distinct file from intake_row").fetchall()
            assert {name for (name,) in told} == {"uro_2025_2026.xlsx", "haervaerk_2025_2026.csv"}
            for table in ("location", "opening_hours", "visit", "measure", "shift", "survey"):
                query = f'select * from "{table}" order by all'
                assert left.execute(query).fetchall() == con.execute(query).fetchall(), table


def test_nothing_of_them_is_left_in_any_file(everywhere, con):
    query = "select incident_id from incident where occurred_at < $1"
    numbers = [one[-24:].encode() for (one,) in con.execute(query, [BEFORE]).fetchall()]
    assert any(number in (everywhere / "x.duckdb").read_bytes() for number in numbers)
    assert purged(everywhere) == cli.DONE
    left = [path for path in everywhere.rglob("*") if path.is_file()]
    assert {path.name for path in left} >= {"x.duckdb", "dataset.parquet", "by.yaml"}
    assert not (everywhere / "lake" / "_readings").exists()
    assert not list((everywhere / "out").iterdir())
    assert not list(everywhere.glob("*.kept"))
    content = (everywhere / "x.duckdb").read_bytes()
    assert not any(number in content for number in numbers)


def test_a_note_that_somebody_has_edited_stays_and_is_named(everywhere, capsys):
    (everywhere / "out" / "by" / "09_status_note.docx").write_bytes(b"edited")
    (everywhere / "out" / "by" / "referat.pdf").write_bytes(b"mine")
    assert purged(everywhere) == cli.FELL_SHORT
    assert "by/09_status_note.docx er rettet i hånden og er ikke fjernet" in capsys.readouterr().err
    left = {path.name for path in (everywhere / "out" / "by").iterdir()}
    assert left == {"09_status_note.docx", "referat.pdf"}


def test_notes_and_folders_for_the_meeting_go_too_but_what_somebody_put_there(everywhere, capsys):
    out = everywhere / "out"
    district = out / "moede_2025-11" / "Valby"
    district.mkdir(parents=True)
    for name in ("moedekort.html", "overblik.html", "mail.eml", "svar.txt"):
        (district / name).write_text("87", encoding="utf-8")
    empty = out / "moede_2025-11" / "Vanløse"
    empty.mkdir()
    (empty / "moedekort.html").write_text("87", encoding="utf-8")
    for name in ("status_valby.html", "status_valby.docx", "status_valby.pdf", "mine.txt"):
        (out / name).write_bytes(b"87")
    assert purged(everywhere) == cli.FELL_SHORT
    printed = capsys.readouterr()
    assert "3 mapper med rapporter" in printed.out
    assert "status_valby.docx er rettet i hånden" in printed.err
    left = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert left == {"moede_2025-11/Valby/svar.txt", "status_valby.docx", "mine.txt"}
    assert not empty.exists()


def test_a_day_after_all_data_is_refused_and_nothing_is_removed(everywhere, capsys):
    was = (everywhere / "x.duckdb").read_bytes()
    database = str(everywhere / "x.duckdb")
    asked = ["purge", "--before", "2026-04-01", "--database", database]
    assert cli.main([*asked, "--output", str(everywhere / "out")]) == cli.NOT_DONE
    said = capsys.readouterr().err
    assert "1. april 2026 er efter 31. marts 2026, den sidste dag i data" in said
    assert (everywhere / "x.duckdb").read_bytes() == was
    assert (everywhere / "out" / "index.html").exists()
    assert kept.folder(everywhere / "x.duckdb").exists()


def test_a_purge_that_fails_leaves_the_database_as_it_was(everywhere, capsys):
    shutil.copy(everywhere / "x.duckdb", everywhere / "y.duckdb")
    with duckdb.connect(everywhere / "x.duckdb") as con:
        con.execute("drop view shown_help")
        con.execute("drop table help_call")
    before = (everywhere / "x.duckdb").read_bytes()
    assert purged(everywhere) == cli.NOT_DONE
    assert (everywhere / "x.duckdb").read_bytes() == before
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert cli.main(["purge", "--before", "i går", "--database", str(everywhere / "y.duckdb")]) == 2
    assert "before" in capsys.readouterr().err
