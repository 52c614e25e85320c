"""What things take, against what else one would use, into the tables of `benchmarks/README.md`.

`python benchmarks/speed.py` measures everything in one run; `… batch data` only these sections.
What takes no more than some seconds is measured three times, and the median told; the rest once.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median

import psutil
from distributed import Client
from places import spread

from analysis.core.audience import PUBLIC_PAGE
from analysis.core.database import ROOT, connect
from analysis.reports.chromium import browser
from analysis.reports.parameters import find_notebooks

BIN = Path(sys.executable).parent
BAROMETER = (sys.executable, "-m", "analysis")
PLACE = ROOT / "params" / "noerrebro_vinter_2025_26.yaml"
ROWS = (100_000, 1_000_000, 10_000_000)
PLACES = (60, 250, 500)
SENT = (1, 5, 20)
# A city of places has so many incidents at each of them.
_INCIDENTS = 200
_TIMES, _LONG = 3, 60
_README = ROOT / "benchmarks" / "README.md"
_LIBRARIES = ("altair", "duckdb", "pandas", "papermill")
_READ_CSV = """
import sys, duckdb
with duckdb.connect(sys.argv[1]) as con:
    for form in ("uro", "haervaerk"):
        con.execute(f"create table {form} as from read_csv('{sys.argv[2]}/{form}*.csv')")
"""
_PAPERMILL = """
import sys, nbconvert, papermill, yaml
from pathlib import Path
executed, database, page, place, *notebooks = sys.argv[1:]
asked = yaml.safe_load(Path(place).read_text("utf-8")) | {"database": database}
for notebook in notebooks:
    run = papermill.execute_notebook(notebook, executed, asked, progress_bar=False)
    html, _ = nbconvert.HTMLExporter().from_notebook_node(run)
    Path(page).write_text(html, "utf-8")
"""


def run(*command: object) -> tuple[float, int]:
    """Return the seconds that a command takes, and the most bytes that it and its kernels held."""
    start, most = time.perf_counter(), 0
    with subprocess.Popen(
        [*map(str, command)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        while running.poll() is None:
            most = max(most, _held(running.pid))
            time.sleep(0.1)
    if running.returncode:
        raise SystemExit(f"{command[:6]} ended with {running.returncode}")
    return time.perf_counter() - start, most


def _held(process: int) -> int:
    """Return the bytes of a process and its children; what they share counts once where known."""
    try:
        whole = psutil.Process(process)
        found = [each.memory_full_info() for each in (whole, *whole.children(recursive=True))]
    except psutil.Error:
        return 0
    return sum(getattr(each, "pss", each.rss) for each in found)


def seconds(*command: object) -> float:
    """Return the median seconds of a command, of one run where it takes long."""
    first, _ = run(*command)
    if first > _LONG:
        return first
    return median([first, *(run(*command)[0] for _ in range(_TIMES - 1))])


def start(work: Path) -> Iterable[tuple]:
    """Measure the start of a command, and a user's first reports."""
    yield ("what", "seconds")
    yield ("`barometer --help`", seconds(*BAROMETER, "--help"))
    yield ("`barometer ingest` of the sample", seconds(*BAROMETER, "ingest", *_to(work)))
    alone = (*_to(work), "--only", "02", "--force", "--output", work / "out")
    yield ("one report, `02_barometer`", seconds(*BAROMETER, "report", PLACE, *alone))
    clone = work / "clone"
    run("git", "clone", "--quiet", ROOT, clone)
    yield (
        "`make report` in a fresh clone, install included",
        run("make", "-C", clone, "report")[0],
    )


def _to(work: Path) -> tuple[object, ...]:
    return ("--database", work / "x.duckdb")


def batch(work: Path) -> Iterable[tuple]:
    """Measure every place of the register in one batch; of the peers one place is enough."""
    run(*BAROMETER, "ingest", *_to(work))
    notebooks = [each.path for each in find_notebooks(ROOT / "notebooks")]
    notebooks = [each for each in notebooks if each.stem != PUBLIC_PAGE]
    executed = work / "executed.ipynb"
    loop = 0.0
    for notebook in notebooks:
        given = ("-f", PLACE, "-p", "database", work / "x.duckdb", "--no-progress-bar")
        loop += seconds(BIN / "papermill", "--cwd", notebook.parent, notebook, executed, *given)
        loop += seconds(BIN / "jupyter", "nbconvert", "--to", "html", executed)
    given = (executed, work / "x.duckdb", work / "a.html", PLACE, *notebooks)
    function, _ = run(sys.executable, "-c", _PAPERMILL, *given)
    report = (*BAROMETER, "report", "--each", "location", "--season", "2025/26", *_to(work))
    report = (*report, "--output", work / "out", "--quiet")
    ours, held = run(*report)
    made = json.loads((work / "out" / "manifest.json").read_text(encoding="utf-8"))["runs"]
    yield ("what", "reports", "seconds", "a report", "times ours")
    each = ours / len(made)
    for name, reports, took in (
        ("shell's loop of `papermill` and `jupyter nbconvert`", len(notebooks), loop),
        ("`papermill.execute_notebook` and `HTMLExporter`", len(notebooks), function),
        (f"`barometer report --each location`, {_gib(held)}", len(made), ours),
    ):
        yield (name, reports, took, took / reports, took / reports / each)
    yield ("the same again, nothing changed", len(made), seconds(*report), "", "")


def city(work: Path) -> Iterable[tuple]:
    """Measure the city's own reports where it has more places, each several times over."""
    yield ("places", "incidents", "ingest", "its reports", "again, forced", "at most")
    for places in PLACES:
        data, rows = work / str(places), places * _INCIDENTS
        run(*BAROMETER, "sample", "--rows", rows, "--output", data)
        spread(data, places)
        asked = work / "by.yaml"
        asked.write_text('season: "2025/26"\n', encoding="utf-8")
        given = ("--exports", data / "exports", "--reference", data / "reference")
        ingest, _ = run(*BAROMETER, "ingest", *given, *_to(data))
        report = (*BAROMETER, "report", asked, *_to(data), "--output", data / "out", "--force")
        first, held = run(*report)
        yield (places, rows, ingest, first, run(*report)[0], _gib(held))


def machines(work: Path) -> Iterable[tuple]:
    """Measure what a second machine gives, a machine being a core here: Linux alone binds them."""
    run(*BAROMETER, "ingest", *_to(work))
    with connect(work / "x.duckdb") as con:
        names = con.execute("select location from location order by all").fetchall()
    yield ("places", "reports", "one machine", "a cluster of two", "times")
    for places in SENT:
        asked = work / str(places)
        asked.mkdir()
        for at, (name,) in enumerate(names[:places]):
            text = f'season: "2025/26"\nlocation: "{name}"\n'
            (asked / f"{at}.yaml").write_text(text, encoding="utf-8")
        report = (*BAROMETER, "report", asked, *_to(work), "--quiet", "--force", "--output")
        alone = run("taskset", "-c", "0", *report, work / "alone")[0]
        with _cluster(work) as address:
            both = run(*report, work / "both", "--scheduler", address)[0]
        made = json.loads((work / "both" / "manifest.json").read_text(encoding="utf-8"))["runs"]
        yield (places, len(made), alone, both, alone / both)


@contextmanager
def _cluster(work: Path) -> Iterator[str]:
    """Start a scheduler with two workers, each on a core of its own, and return its address."""
    told = work / "scheduler.json"
    file = ("--scheduler-file", told)
    worker = ("worker", *file, "--nthreads", "1", "--nworkers", "1", "--no-dashboard")
    started = [
        subprocess.Popen([*map(str, command)], cwd=work, stderr=subprocess.DEVNULL)
        for command in (
            (BIN / "dask", "scheduler", *file, "--no-dashboard", "--port", "0"),
            *(("taskset", "-c", core, BIN / "dask", *worker) for core in (0, 1)),
        )
    ]
    try:
        while not told.exists():
            time.sleep(0.1)
        address = json.loads(told.read_text(encoding="utf-8"))["address"]
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2)
        yield address
    finally:
        for each in started:
            each.terminate()
            each.wait()
        told.unlink(missing_ok=True)


def data(work: Path) -> Iterable[tuple]:
    """Measure more incidents; the views of one place and season, each of which asks anew."""
    yield (
        *("rows", "`read_csv`", "`barometer ingest`", "times", "at most", "a file more in a lake"),
        *("every view", "pandas", "times", "polars", "times"),
        *("a page and the interactive one", "open in"),
    )
    for rows in ROWS:
        made = work / str(rows)
        run(*BAROMETER, "sample", "--rows", rows, "--output", made)
        exports = made / "exports"
        peer = run(sys.executable, "-c", _READ_CSV, made / "peer.duckdb", exports)[0]
        ours, held = run(*BAROMETER, "ingest", "--exports", exports, *_to(made))
        *_, last = sorted(exports.iterdir())
        into = ("ingest", "--exports", exports, *_to(made), "--lake", made / "lake")
        away = last.rename(made / last.name)
        run(*BAROMETER, *into)
        away.rename(last)
        more = run(*BAROMETER, *into)[0]
        viewed = subprocess.run(
            [sys.executable, ROOT / "benchmarks" / "views.py", made / "x.duckdb"],
            check=True,
            capture_output=True,
            text=True,
        )
        took = json.loads(viewed.stdout)
        own = took["ours"]
        others = [each for name in ("pandas", "polars") for each in _times(took.get(name), own)]
        report = ("report", PLACE, *_to(made), "--only", "02", "--output", made / "out", "--force")
        run(*BAROMETER, *report)
        pages = [
            made / "out" / PLACE.stem / name for name in ("02_barometer.html", "barometer.html")
        ]
        size = sum(page.stat().st_size for page in pages) / 1e6
        opened = " and ".join(_cell(each) for each in _opened(pages))
        yield (
            *(rows, peer, ours, ours / peer, _gib(held), more, own, *others),
            *(f"{size:.1f} MB", opened),
        )


def _opened(pages: Iterable[Path]) -> list[float]:
    """Return the seconds until Chromium has drawn each page."""
    found = []
    with browser() as running:
        for file in pages:
            took = []
            for _ in range(_TIMES):
                page = running.new_page()
                start = time.perf_counter()
                page.goto(file.as_uri())
                page.evaluate(
                    "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
                )
                took.append(time.perf_counter() - start)
                page.close()
            found.append(median(took))
    return found


def _times(other: float | None, own: float) -> tuple[object, object]:
    return (other, other / own) if other else ("not installed", "")


def _gib(held: int) -> str:
    return f"{held / 2**30:.1f} GiB"


SECTIONS: dict[str, Callable[[Path], Iterable[tuple]]] = {
    each.__name__: each for each in (start, batch, city, machines, data)
}


def main() -> None:
    """Measure the sections asked for, each into its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("section", nargs="*", choices=[*SECTIONS, []], default=list(SECTIONS))
    for name in parser.parse_args().section:
        with tempfile.TemporaryDirectory() as folder:
            heads, *rows = SECTIONS[name](Path(folder))
        table = [_row(heads), _row(["---"] * len(heads)), *map(_row, rows)]
        told = "\n".join([f"{_about()}\n", *table])
        text = _README.read_text(encoding="utf-8")
        before, _, rest = text.partition(f"<!-- {name} -->\n")
        _, _, after = rest.partition(f"<!-- {name} ends -->\n")
        marked = f"<!-- {name} -->\n{told}\n<!-- {name} ends -->\n"
        _README.write_text(before + marked + after, encoding="utf-8")
        print(f"{name}\n{told}\n", flush=True)


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if value >= 20 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"
    return str(value)


def _about() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return (
        f"{date.today():%d %B %Y}, {os.cpu_count()} cores ({platform.machine()}), "
        f"Python {platform.python_version()}, {libraries}; seconds."
    )


if __name__ == "__main__":
    main()
