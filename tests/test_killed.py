"""What a command that is killed or finds no room leaves: old or new whole, and nothing missing."""

import errno
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path

import pandas as pd
import pytest

from analysis import cli, reports, sample
from analysis.core import asking, kept
from analysis.core.database import ROOT
from analysis.core.selection import Selection
from analysis.intake import lake
from analysis.meeting import figures
from analysis.reports import batch, chromium, make, note, packs, page, register, removal, word
from analysis.reports.index import Page, Report
from analysis.reports.kernel import WarmKernel
from analysis.reports.make import Made, Order
from analysis.reports.manifest import Manifest
from analysis.reports.parameters import find_notebooks

# The command line where no file may grow beyond so many bytes.
FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), -1))
from analysis import cli
sys.exit(cli.main(sys.argv[2:]))
"""


class KilledError(BaseException):
    """What stands for a kill: nothing handles it."""


@pytest.fixture
def killed(monkeypatch):
    """What kills at a function's call of this number, counted from 0, or of this file."""

    @contextmanager
    def at(of, name, when=0):
        function, calls = getattr(of, name), count()

        def dead(*_, **__):
            raise KilledError

        def counted(*given, **named):
            if when not in (next(calls), getattr(given[0], "name", None)):
                return function(*given, **named)
            for each in ("write_bytes", "unlink", "replace"):
                patched.setattr(Path, each, dead)
            raise KilledError

        with monkeypatch.context() as patched:
            patched.setattr(of, name, counted)
            try:
                yield
            except KilledError:
                return
        pytest.fail("it was not killed")

    return at


@pytest.fixture
def data(con):
    return asking.dataset(con)


@pytest.fixture
def run(database, tmp_path, monkeypatch):
    """What runs notebooks 01 and 02 for a city, of which pages of these endings are made."""
    folder = tmp_path / "params"
    folder.mkdir()
    (folder / "by.yaml").write_text("season: 2025/26\n", encoding="utf-8")

    def made(endings, only=("01", "03"), **named):
        def page_of(kernel, order, begun):
            for ending in endings:
                (begun / f"{order.name}.{ending}").write_bytes(b"<html></html>")
            return Page(order.name, order.name)

        with monkeypatch.context() as patched:
            patched.setattr(make, "_page", page_of)
            patched.setattr(page, "methods", lambda *_: "<html></html>")
            given = [folder / "by.yaml"], database, tmp_path / "out"
            return reports.run(*given, only=only, quiet=True, **named)

    return made


def test_what_an_index_is_made_of_and_leads_to_is_replaced_whole(data, tmp_path, cut_short):
    folder = tmp_path / "by"
    folder.mkdir()
    (folder / "01_en.html").write_bytes(b"<html></html>")
    register.add(folder, Report("by"), [Page("01_en", "En")], data, ("html",))
    batch._list(tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.*")}
    assert {file.name for file in before} == {"01_en.html", "index.html", "report.json"}
    with cut_short():
        with pytest.raises(OSError, match="No space"):
            register.add(folder, Report("by"), [Page("01_en", "To")], data, ("html",))
        with pytest.raises(OSError, match="No space"):
            batch._list(tmp_path)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*.*")} == before


def test_a_run_killed_before_its_page_of_methods_makes_it_next_time(run, tmp_path, killed):
    with killed(batch, "methods"):
        run(["html"])
    assert run(["html"]) == cli.DONE
    assert (tmp_path / "out/by/metode.html").exists()
    assert 'href="by/metode.html"' in (tmp_path / "out/index.html").read_text(encoding="utf-8")


def test_no_index_leads_to_what_a_killed_run_had_removed(run, tmp_path, killed):
    run(["pdf", "html", "xlsx"], only=["01"])
    listed = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    assert "01_data_quality.xlsx" in listed
    # The Excel file goes first.
    with killed(Path, "unlink", "01_data_quality.pdf"):
        run(["html"], only=["01"], force=True)
    assert not (tmp_path / "out/by/01_data_quality.xlsx").exists()
    listed = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    links = [one.split('"')[0] for one in listed.split('href="by/')[1:]]
    assert "01_data_quality.html" in links
    assert [one for one in links if not (tmp_path / "out/by" / one).exists()] == []
    run(["html"], force=True)
    names = {file.name for file in (tmp_path / "out/by").iterdir()}
    assert {name for name in names if name.endswith((".pdf", ".xlsx"))} == set()


def test_a_run_keeps_what_another_at_once_has_made(run, tmp_path, data):
    run(["html"], only=["01"])
    one, other = Manifest(tmp_path / "out"), Manifest(tmp_path / "out")
    for manifest, name in ((one, "by"), (other, "andet")):
        (notebook,) = find_notebooks(ROOT / "notebooks", ["03"])
        order = Order(
            notebook, {}, tmp_path / "out" / name, ROOT, "key", False, None, "", data, (), ()
        )
        manifest.add(order, Made((), None, 1.0))
    found = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))["runs"]
    assert set(found) == {
        *("andet/03_season_comparison", "by/03_season_comparison", "by/01_data_quality")
    }


def test_a_database_made_anew_while_the_page_to_filter_is_made_fails_its_pages(
    database, data, tmp_path, monkeypatch
):
    file = tmp_path / "x.duckdb"
    file.write_bytes(database.read_bytes())

    def changed(*_):
        file.unlink()
        raise FileNotFoundError

    monkeypatch.setattr(make, "_page", lambda _, order, __: Page(order.name, ""))
    monkeypatch.setattr(make, "_filtered", changed)
    (notebook,) = find_notebooks(ROOT / "notebooks", ["02"])
    status = file.stat()
    held = status.st_ino, status.st_size, status.st_mtime_ns
    order = Order(notebook, {}, tmp_path / "by", file, "", False, None, "", data, held, ())
    assert "databasen er lavet om" in make.make(WarmKernel(), order).error
    assert not (tmp_path / "by").exists()


def test_a_full_disk_ends_a_run_and_keeps_the_pages_that_were_there(
    run, database, tmp_path, monkeypatch
):
    run(["html", "xlsx"])
    before = {file: file.read_bytes() for file in (tmp_path / "out").rglob("*.*")}

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(WarmKernel, "run", full)
    given = [tmp_path / "params/by.yaml"], database, tmp_path / "out"
    with pytest.raises(OSError, match="No space"):
        reports.run(*given, only=["01"], quiet=True, force=True)
    after = {file: file.read_bytes() for file in (tmp_path / "out").rglob("*.*")}
    for file in {*before, *after} - {tmp_path / "out/koersel.log"}:
        assert before.get(file) == after.get(file), file


def test_a_printed_page_is_replaced_whole(tmp_path, monkeypatch, cut_short):
    class Browser:
        def __getattr__(self, name):
            return lambda *_, **__: b"%PDF-1.4 %%EOF" if name == "pdf" else self

    @contextmanager
    def browser():
        yield Browser()

    monkeypatch.setattr(chromium, "browser", browser)
    chromium.print_pages([tmp_path / "01_en.html"])
    before = (tmp_path / "01_en.pdf").read_bytes()
    with cut_short(), pytest.raises(OSError, match="No space"):
        chromium.print_pages([tmp_path / "01_en.html"])
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [
        ("01_en.pdf", before)
    ]


def test_a_note_that_is_killed_keeps_its_pdf(database, tmp_path, monkeypatch, killed):
    def written(file, *_):
        file.write_bytes(b"new")
        return file

    monkeypatch.setattr(note, "executed", lambda *_: (None, None))
    monkeypatch.setattr(page, "report", lambda *_, **__: ("", "new"))
    monkeypatch.setattr(word, "write", lambda _, file, __: written(file))
    monkeypatch.setattr(note, "_pdf", lambda html, _: written(html.with_suffix(".pdf")))
    given = Selection("2025/26"), None, database, tmp_path
    for file in (found := note.write(*given))[:3]:
        file.write_bytes(b"old")
    for calls in range(3):
        with killed(Path, "replace", calls):
            note.write(*given, force=True)
        assert {file.read_bytes() for file in found[:3]} <= {b"old", b"new"}


def test_a_pack_is_replaced_whole(con, tmp_path, cut_short, killed):
    found = figures.of_month(con, date(2025, 11, 1))[0]
    old = {packs.CARD: "old", packs.OVERVIEW: "old", "Lukket.html": "old"}
    packs._write(tmp_path, found, old)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    assert len(before) == 4
    with cut_short(), pytest.raises(OSError, match="No space"):
        packs._write(tmp_path, found, {packs.CARD: "new", packs.OVERVIEW: "new"})
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before
    for calls in range(3):
        with killed(Path, "replace", calls):
            packs._write(tmp_path, found, {packs.CARD: "new", packs.OVERVIEW: "new"})
        assert {file.name for file in tmp_path.iterdir()} >= {file.name for file in before}
    packs._write(tmp_path, found, {packs.CARD: "new", packs.OVERVIEW: "new"})
    assert {file.name for file in tmp_path.iterdir()} == {packs.CARD, packs.OVERVIEW, packs.MAIL}


def test_a_purge_that_was_killed_finds_the_rest_of_a_pack(tmp_path, killed):
    pack = tmp_path / "moede" / "Valby"
    pack.mkdir(parents=True)
    (tmp_path / "index.html").write_bytes(b"")
    for name in (packs.CARD, packs.OVERVIEW, packs.MAIL):
        (pack / name).write_bytes(b"")
    with killed(Path, "unlink", packs.OVERVIEW):
        removal.remove(tmp_path)
    assert not (tmp_path / "index.html").exists()
    removal.remove(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_finds_no_room_leaves_nothing(tmp_path, cut_short):
    with cut_short():
        kept._write(pd.DataFrame({"a": [1]}), tmp_path / "x.npz")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("calls", [0, 3])
def test_a_sample_that_is_killed_leaves_each_export_old_or_new(tmp_path, killed, calls):
    sample.write(tmp_path, rows=20)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.csv")}
    with killed(Path, "replace", calls):
        sample.write(tmp_path, rows=20, seed=2)
    assert {file for file in before if not file.exists()} == set()
    sample.write(tmp_path, rows=20, seed=2)
    assert set(tmp_path.rglob("*.csv")) == {*before}


def test_reference_tables_of_a_sample_are_replaced_whole(tmp_path, cut_short):
    sample._copy_reference(tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    assert before
    with cut_short(), pytest.raises(OSError, match="No space"):
        sample._copy_reference(tmp_path)
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.fixture
def lake_of(tmp_path):
    """What puts a lake that says `text` in its place."""

    def put(text):
        with lake.beside(tmp_path / "lake") as new:
            (new / lake._MARK).write_text(text)
            lake.swap(new, tmp_path / "lake")

    return put


def test_a_lake_whose_swap_was_killed_is_there_again_at_the_next_start(tmp_path, lake_of, killed):
    lake_of("old")
    with killed(Path, "rename", 1):
        lake_of("new")
    # As a kill would leave it, where nothing clears up.
    begun = tmp_path / ".lake-new-killed"
    (begun / "old0").mkdir(parents=True)
    (begun / "old0" / lake._MARK).write_text("old")
    with lake.beside(tmp_path / "lake"):
        assert (tmp_path / "lake" / lake._MARK).read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["lake"]


def test_two_lakes_at_once_leave_one_whole(tmp_path, lake_of):
    with lake.beside(tmp_path / "lake") as new:
        (new / lake._MARK).write_text("first")
        lake_of("second")
        assert (new / lake._MARK).read_text() == "first"
        lake.swap(new, tmp_path / "lake")
    assert (tmp_path / "lake" / lake._MARK).read_text() == "first"
    assert [each.name for each in tmp_path.iterdir()] == ["lake"]


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no file's size")
@pytest.mark.parametrize(
    ("size", "command"),
    [
        # DuckDB's own error, an export's that is written row by row, a file's of ours, and that of
        # a query from which no command expects one.
        (400_000, ["ingest", "--database", "{}/x.duckdb", "--lake", "{}/lake"]),
        (20_000, ["ingest", "--database", "{}/x.duckdb"]),
        (20_000, ["sample", "--output", "{}/sample"]),
        (20_000, ["sample", "--output", "{}/sample", "--rows", "2000"]),
    ],
)
def test_a_full_disk_is_one_line_with_the_mend(size, command, database, tmp_path):
    shutil.copy(database, tmp_path / "x.duckdb")
    sample.write(tmp_path / "sample", rows=20)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.*")}
    given = [each.format(tmp_path) for each in command]
    told = subprocess.run(
        [sys.executable, "-c", FULL, str(size), *given],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert told.returncode == cli.NOT_DONE
    (line,) = told.stderr.splitlines()
    assert line.startswith(f"barometer {command[0]}: disken er fuld")
    assert line.endswith("gør plads, og kør igen")
    assert {file: file.read_bytes() for file in tmp_path.rglob("*.*")} == before
