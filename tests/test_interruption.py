"""Ctrl-C, a request to end, and memory that gives out: one line, and nothing left half done."""

import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis import cli
from analysis.barometer import published
from analysis.reports import note

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")

# The command line over another folder of notebooks.
OVER = """
import sys
from functools import partial
from pathlib import Path
from analysis import cli, reports
reports.run = partial(reports.run, notebooks=Path(sys.argv[1]))
sys.exit(cli.main(sys.argv[2:]))
"""
PARAMETERS = 'season: str = "2025/26"'
LONG = "import os, time\nopen('begun', 'w').write(str(os.getpid()))\ntime.sleep(600)"


def interrupted(command, has_begun, number=signal.SIGINT, **environment):
    """Run a command, interrupt it once it has begun; the lines it printed as errors."""
    running = subprocess.Popen(
        [sys.executable, *map(str, command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {name: str(value) for name, value in environment.items()},
    )
    try:
        until = time.monotonic() + 120
        while not has_begun() and running.poll() is None:
            assert time.monotonic() < until, "it did not begin"
            time.sleep(0.01)
        running.send_signal(number)
        # The second is that of somebody impatient.
        time.sleep(0.05)
        running.send_signal(number)
        _, errors = running.communicate(timeout=180)
    finally:
        running.kill()
    assert running.returncode == cli.NOT_DONE
    return errors


def notebooks(folder, **cells):
    folder.mkdir()
    for name, cell in cells.items():
        tagged = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
        kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Py"}}
        content = new_notebook(cells=[tagged, new_code_cell(cell)], metadata=kernel)
        nbformat.write(content, folder / f"{name}.ipynb")
    return folder


def is_running(process):
    # One that has ended may stand in the list until somebody asks how.
    found = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], check=False, capture_output=True, text=True
    )
    return found.stdout.strip()[:1] not in ("", "Z")


@pytest.fixture
def handlers():
    """Put back what an interrupted command leaves, since it expects that its process ends."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_report_keeps_and_lists_what_was_finished(number, database, tmp_path):
    made = notebooks(tmp_path / "notebooks", **{"01_kort": "print(1)", "02_lang": LONG})
    (tmp_path / "vinter.yaml").write_text("season: 2024/25\n", encoding="utf-8")
    (tmp_path / "scratch").mkdir()
    begun, output = made / "begun", tmp_path / "reports"
    command = ["-c", OVER, made, "report", tmp_path / "vinter.yaml"]
    command += ["--database", database, "--output", output]

    def has_begun():
        finished = output / "manifest.json"
        return begun.exists() and begun.read_text() and finished.exists()

    errors = interrupted(command, has_begun, number, TMPDIR=tmp_path / "scratch")
    assert errors == "barometer report: afbrudt\n"
    names = {file.name for file in (output / "vinter").iterdir()}
    assert names == {"01_kort.ipynb", "01_kort.html", "01_kort.xlsx", "report.json"}
    index = (output / "index.html").read_text(encoding="utf-8")
    assert "vinter/01_kort.html" in index
    assert "02_lang" not in index
    assert not is_running(int(begun.read_text()))
    assert not list((tmp_path / "scratch").iterdir())


def test_a_report_interrupted_while_made_anew_stays_as_it_was(database, tmp_path):
    made = notebooks(tmp_path / "notebooks", **{"01_en": "print(1)"})
    output, parameters = tmp_path / "reports", tmp_path / "vinter.yaml"
    parameters.write_text("season: 2024/25\n", encoding="utf-8")
    command = ["-c", OVER, made, "report", parameters]
    command += ["--database", database, "--output", output]
    subprocess.run([sys.executable, *map(str, command)], check=True, capture_output=True)
    other = output / "vinter"
    other.rename(output / "foraar")
    subprocess.run([sys.executable, *map(str, command)], check=True, capture_output=True)
    assert "vinter/01_en.html" in (output / "index.html").read_text(encoding="utf-8")
    (made / "01_en.ipynb").unlink()
    made.rename(tmp_path / "before")
    notebooks(made, **{"01_en": LONG})
    before = (output / "vinter" / "01_en.html").read_bytes()
    assert "afbrudt" in interrupted(command, (made / "begun").exists)
    assert (output / "vinter" / "01_en.html").read_bytes() == before
    index = (output / "index.html").read_text(encoding="utf-8")
    assert "foraar/01_en.html" in index
    assert "vinter/01_en.html" in index


def test_a_report_that_was_killed_goes_on_and_lists_all(database, tmp_path):
    made = notebooks(tmp_path / "notebooks", **{"01_kort": "print(1)", "02_lang": LONG})
    (tmp_path / "vinter.yaml").write_text("season: 2024/25\n", encoding="utf-8")
    output = tmp_path / "reports"
    command = ["-c", OVER, made, "report", tmp_path / "vinter.yaml"]
    command = [sys.executable, *command, "--database", database, "--output", output]
    (scratch := tmp_path / "scratch").mkdir()
    own = os.environ | {"TMPDIR": str(scratch)}
    running = subprocess.Popen([*map(str, command)], stderr=subprocess.DEVNULL, env=own)
    until = time.monotonic() + 120
    while not ((made / "begun").exists() and (output / "manifest.json").exists()):
        assert time.monotonic() < until, "it did not begin"
        time.sleep(0.01)
    running.kill()
    running.wait()
    # The page begun, and what its kernel was reached by.
    assert list((output / "vinter").glob(".*"))
    assert list(scratch.rglob("kernel.json"))
    (made / "02_lang.ipynb").unlink()
    made.rename(tmp_path / "before")
    notebooks(made, **{"01_kort": "print(1)", "02_lang": "print(2)"})
    # As it was: what a notebook's file holds is part of its key.
    (tmp_path / "before" / "01_kort.ipynb").replace(made / "01_kort.ipynb")
    again = subprocess.run(
        [*map(str, command)], check=True, capture_output=True, text=True, env=own
    )
    assert "1 notebook kørt, 1 uændrede" in again.stdout
    assert not list(scratch.iterdir())
    index = (output / "index.html").read_text(encoding="utf-8")
    assert "vinter/01_kort.html" in index
    assert "vinter/02_lang.html" in index
    assert not list((output / "vinter").glob(".*"))


def test_an_interrupted_ingest_leaves_the_database_that_was_there(tmp_path):
    database = tmp_path / "x.duckdb"
    database.write_bytes(b"checksumDUCK, before")
    command = ["-m", "analysis", "ingest", "--database", database]
    found = interrupted(command, lambda: any(tmp_path.glob(".ingest-*/*.duckdb")))
    assert found == "barometer ingest: afbrudt\n"
    assert [file.name for file in tmp_path.iterdir()] == ["x.duckdb"]
    assert database.read_bytes() == b"checksumDUCK, before"


def test_an_interrupted_sample_leaves_the_exports_that_were_there(tmp_path):
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "uro_2021_2022.csv").write_text("before")
    command = ["-m", "analysis", "sample", "--rows", 100_000, "--output", tmp_path]
    found = interrupted(command, lambda: any(tmp_path.glob(".sample-*/*.csv")))
    assert found == "barometer sample: afbrudt\n"
    assert [file.name for file in tmp_path.iterdir()] == ["exports"]
    assert (tmp_path / "exports" / "uro_2021_2022.csv").read_text() == "before"


def test_an_interruption_while_an_object_is_done_away_with_is_not_lost():
    class Gone:
        def __del__(self):
            signal.raise_signal(signal.SIGINT)

    def gone():
        Gone()
        # It is raised anew between two of these, and does not cut one short.
        for _ in range(1000):
            time.sleep(0.01)

    with pytest.raises(KeyboardInterrupt), cli._interruptible():
        gone()


def test_an_interrupted_note_leaves_nothing(database, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    command = ["-m", "analysis", "note", "--season", "2025/26", "--database", database]
    command += ["--output", tmp_path / "notes"]

    def has_begun():
        # What a kernel is reached by.
        return any(scratch.rglob("kernel.json"))

    assert interrupted(command, has_begun, TMPDIR=scratch) == "barometer note: afbrudt\n"
    assert not (tmp_path / "notes").exists()
    assert not list(scratch.iterdir())


def test_a_program_that_is_cut_short_ends_with_what_it_started(tmp_path, monkeypatch):
    begun = tmp_path / "begun"
    monkeypatch.setattr(note, "_LONGEST", 3)
    with pytest.raises(subprocess.TimeoutExpired):
        note._run(["sh", "-c", f"sleep 600 & echo $! > {begun}; wait"])
    for _ in range(100):
        if not is_running(int(begun.read_text())):
            break
        time.sleep(0.1)
    else:
        pytest.fail("it still runs")


def test_an_interrupted_query_is_told_as_an_interruption(database, capsys, monkeypatch, handlers):
    def cut_short(_):
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            # As DuckDB does.
            raise RuntimeError("Query interrupted") from None

    monkeypatch.setattr(published, "verify", cut_short)
    assert cli.main(["verify", "--database", str(database)]) == cli.NOT_DONE
    assert capsys.readouterr().err == "barometer verify: afbrudt\n"


def test_a_command_that_ends_by_itself_leaves_the_signals_as_they_were(database):
    before = signal.getsignal(signal.SIGINT)
    assert cli.main(["verify", "--database", str(database)]) == cli.DONE
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KeyboardInterrupt, "afbrudt"),
        (MemoryError, "maskinen har ikke hukommelse nok"),
        (RecursionError, "noget i det læste er indlejret for dybt"),
    ],
)
def test_what_a_machine_cannot_do_is_one_line(error, told, database, capsys, monkeypatch):
    def fail(_):
        raise error

    monkeypatch.setattr(published, "verify", fail)
    assert cli.main(["verify", "--database", str(database)]) == cli.NOT_DONE
    assert capsys.readouterr().err == f"barometer verify: {told}\n"


def test_what_is_temporary_of_a_killed_command_is_gone_when_the_next_begins(database, tmp_path):
    code = (
        "import sys, tempfile, time\nfrom analysis import cli\n"
        "cli._verify = lambda _: print(tempfile.mkstemp('rows'), flush=True) or time.sleep(99)\n"
        "cli.main(['verify'])"
    )
    own = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=own) as running:
        running.stdout.readline()
        running.kill()
    (tmp_path / "barometer-data").mkdir()
    assert list(tmp_path.rglob("*rows"))
    command = [sys.executable, "-m", "analysis", "verify", "--database", str(database)]
    subprocess.run(command, check=True, capture_output=True, env=own)
    assert [each.name for each in tmp_path.iterdir()] == ["barometer-data"]
