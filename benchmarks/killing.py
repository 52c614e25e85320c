"""What is left of a command that is killed at random moments, and after it has run again.

Killed is the command's process alone; what it started has to end by itself. Then every file in the
place of a result is the old one or the new one whole, the index leads to no missing file, and once
the command has run again nothing half made is left beside the results or among temporary files.
"""

import argparse
import hashlib
import json
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import nbformat
import psutil
from PIL import Image

from analysis import sample
from analysis.core import kept
from analysis.core.database import DEFAULT, connect

KILLS, SEED = 100, 20260424
# After so many kills the command runs to its end.
WHOLE = 5
# The seconds that what a killed command started may go on, and that a run may take.
_GOES_ON, _LONGEST = 30, 300
_README = Path(__file__).with_name("README.md")
_HEADS = (
    "| command | seconds | killed | survived | left something for the next start |",
    "|---|---|---|---|---|",
)
_LINK = re.compile(r'href="([^"#:]+)')
# Below a folder of its own: what the command writes, and its temporary files.
RESULTS, SCRATCH, DATABASE, LAKE = "results", "scratch", "x.duckdb", "lake"
_SAME = {".csv", ".xlsx", ".html", ".docx", ".png", ".svg"}
_SCENARIO = "scenario: [{location: Alle, kind: Tiltag, starts: 2026-05-01, factor: 0.8}]\n"


def main() -> None:
    """Kill the commands asked for, and write their rows of the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", nargs="*", choices=[*COMMANDS, []], default=list(COMMANDS))
    parser.add_argument("--kills", type=int, default=KILLS)
    given = parser.parse_args()
    for name in given.command:
        with tempfile.TemporaryDirectory() as folder:
            row = _killed(name, given.kills, Path(folder))
        text = _README.read_text(encoding="utf-8")
        before, _, rest = text.partition("<!-- killing -->\n")
        told, _, after = rest.partition("<!-- killing ends -->\n")
        rows = {line.split(" | ")[0]: line for line in told.splitlines() if line.startswith("| `")}
        rows[row.split(" | ")[0]] = row
        about = f"{date.today():%d %B %Y}, {os.cpu_count()} cores ({platform.machine()})"
        lines = [f"{about}, Python {platform.python_version()}.", "", *_HEADS, *rows.values()]
        told = "\n".join(["<!-- killing -->", *lines, "<!-- killing ends -->\n"])
        _README.write_text(before + told + after, encoding="utf-8")
        print(row, flush=True)


def _killed(name: str, kills: int, folder: Path) -> str:
    """Return a row of the table: how many kills of a command its results survived."""
    rng = random.Random(f"{SEED} {name}")
    (folder / SCRATCH).mkdir()
    (folder / RESULTS).mkdir()
    # Two ways of a command take turns, so that the old can be told from the new.
    ways = COMMANDS[name](folder)
    runs = [(_run(folder, ways[n % 2]), _digests(folder)) for n in range(4)]
    seconds = max(took for took, _ in runs[1:])
    whole = {
        file: {digests.get(file) for _, digests in runs}
        for file in {**runs[0][1], **runs[1][1]}
        # What is another each time is only opened.
        if all(runs[n][1].get(file) == runs[n + 2][1].get(file) for n in (0, 1))
    }
    assert whole
    assert not (problems := _problems(folder, whole) + _half_made(folder)), problems
    survived = left = 0
    for n in range(kills):
        way, wait = ways[n % 2], rng.uniform(0, seconds)
        running = _start(folder, way)
        begun = psutil.Process(running.pid)
        try:
            running.wait(wait)
            children = []
        except subprocess.TimeoutExpired:
            children = begun.children(recursive=True)
            running.kill()
            running.wait()
        _, alive = psutil.wait_procs(children, _GOES_ON)
        problems = [f"{each.pid} goes on" for each in alive] + _problems(folder, whole)
        left += bool(_half_made(folder))
        if n % WHOLE == WHOLE - 1:
            try:
                _run(folder, way)
            except subprocess.SubprocessError as error:
                problems.append(str(error))
            problems += _problems(folder, whole) + _half_made(folder)
        survived += not problems
        if problems:
            print(f"{name} after {wait:.3f} of {seconds:.2f} s: {problems}", file=sys.stderr)
        if n % WHOLE == WHOLE - 1:
            print(f"{name}: {survived} of {n + 1}", file=sys.stderr, flush=True)
    return f"| `{name}` | {seconds:.1f} | {kills} | {survived} | {left} |"


def _start(folder: Path, way: list[object]) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "analysis", *map(str, way)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"TMPDIR": str(folder / SCRATCH)},
    )


def _run(folder: Path, way: list[object]) -> float:
    """Run a command to its end; return the seconds. Raises SubprocessError where it fails."""
    begun = time.monotonic()
    if code := _start(folder, way).wait(_LONGEST):
        raise subprocess.CalledProcessError(code, str(way))
    return time.monotonic() - begun


def _half_made(folder: Path) -> list[str]:
    """Return what is half made, beside the results and among temporary files."""
    found = [*folder.rglob(".*"), *folder.rglob("*.lock"), *(folder / SCRATCH).iterdir()]
    return [f"{each.relative_to(folder)} is left" for each in found]


def _digests(folder: Path) -> dict[str, str]:
    """Return the digest of each result that depends on nothing but how the command was run."""
    found = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (folder / RESULTS).rglob("*")
        # These two show what else stands there.
        if file.suffix in _SAME and file.name not in ("index.html", "metode.html")
    }
    for database in {DATABASE, LAKE} & {file.name for file in (folder / RESULTS).iterdir()}:
        with connect(folder / RESULTS / database) as con:
            found[database] = repr(kept.database_content(con))
    return found


def _problems(folder: Path, whole: dict[str, set[str | None]]) -> list[str]:
    """Return what is wrong with what stands in the place of results.

    `whole` are the digests of old and new.
    """
    found = []
    try:
        digests = _digests(folder)
    except (ValueError, OSError) as error:
        return [f"{error!r}"]
    for name, old_and_new in whole.items():
        if digests.get(name) not in old_and_new:
            found.append(f"{name} is {'neither old nor new' if name in digests else 'missing'}")
    for file in sorted((folder / RESULTS).rglob("*")):
        if file.is_dir() or any(part.startswith(".") for part in file.relative_to(folder).parts):
            continue
        try:
            _read(file)
        except Exception as error:
            found.append(f"{file.relative_to(folder)}: {error!r}")
    return found


def _read(file: Path) -> None:
    """Read a result to its end. Raises what its reader raises where it is not whole."""
    content = file.read_bytes()
    match file.suffix:
        case ".html":
            assert content.rstrip().endswith(b"</html>"), "cut short"
        case ".xlsx" | ".docx":
            with zipfile.ZipFile(BytesIO(content)) as packed:
                assert packed.testzip() is None, "not whole"
        case ".ipynb":
            nbformat.validate(nbformat.reads(content.decode(), as_version=4))
        case ".json":
            json.loads(content)
        case ".png":
            Image.open(BytesIO(content)).load()
        case ".pdf":
            assert content.rstrip().endswith(b"%%EOF"), "cut short"
    if file.name == "index.html":
        for link in _LINK.findall(content.decode()):
            assert (file.parent / unquote(link)).exists(), f"leads to {link}"


def _ingest(folder: Path) -> list[list[object]]:
    sample.write(folder / "other", 3000, 2)
    into = ["--database", folder / RESULTS / DATABASE, "--lake", folder / RESULTS / LAKE]
    return [["ingest", *into], ["ingest", *into, "--exports", folder / "other" / "exports"]]


def _database(folder: Path) -> list[object]:
    return ["--output", folder / RESULTS, "--database", shutil.copy(DEFAULT, folder / DATABASE)]


def _report(folder: Path) -> list[list[object]]:
    ways = []
    for season in ("2025/26", "2024/25"):
        file = folder / season[:4] / "by.yaml"
        file.parent.mkdir()
        file.write_text(f"season: {season}\ndistrict: Valby\n", encoding="utf-8")
        ways.append(["report", file, "--only", "08", "--images", "--pdf", *_database(folder)])
    return ways


def _batch(folder: Path) -> list[list[object]]:
    asked = ["report", "--each", "district", "--only", "08", *_database(folder), "--season"]
    return [[*asked, "2025/26"], [*asked, "2024/25"]]


def _sample(folder: Path) -> list[list[object]]:
    asked = ["sample", "--output", folder / RESULTS]
    return [asked, [*asked, "--rows", 3000, "--seed", 2]]


def _note(folder: Path) -> list[list[object]]:
    file = folder / "scenario.yaml"
    file.write_text(_SCENARIO, encoding="utf-8")
    asked = ["note", "--season", "2025/26", *_database(folder)]
    asked += ["--location", "Blågårdens Bibliotek"]
    return [asked, [*asked, "--scenario", file]]


COMMANDS: dict[str, Callable[[Path], list[list[object]]]] = {
    "ingest": _ingest,
    "report": _report,
    "report --each": _batch,
    "sample": _sample,
    "note": _note,
}


if __name__ == "__main__":
    main()
