"""Every place of the register in one batch, against the loop that a shell would run.

Of the loop (`papermill` and `jupyter nbconvert --to html`, each notebook in a process of its own)
one place is enough; the batch makes the executed notebook, HTML and workbook of every place, and
then does it once more with nothing changed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from analysis.core.database import ROOT
from analysis.reports.parameters import find_notebooks

BIN = Path(sys.executable).parent
BAROMETER = [sys.executable, "-m", "analysis"]
PLACE = ROOT / "params" / "noerrebro_vinter_2025_26.yaml"


def timed(*command: object) -> tuple[float, int]:
    """Return the seconds that a command takes, and the most bytes that it and its kernels held."""
    start, most = time.perf_counter(), 0
    with subprocess.Popen(
        [*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        while running.poll() is None:
            most = max(most, _held(running.pid))
            time.sleep(0.2)
    if running.returncode:
        raise SystemExit(f"{command[:4]} ended with {running.returncode}")
    return time.perf_counter() - start, most


def _held(process: int) -> int:
    """Return the bytes of a process and its children; what they share counts once where known."""
    try:
        whole = psutil.Process(process)
        found = [each.memory_full_info() for each in (whole, *whole.children(recursive=True))]
    except psutil.Error:
        return 0
    return sum(getattr(each, "pss", each.rss) for each in found)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", choices=("location", "district"), default="location")
    level = parser.parse_args().each
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        database, out = work / "x.duckdb", work / "out"
        timed(*BAROMETER, "ingest", "--database", database)
        notebooks = find_notebooks(ROOT / "notebooks")
        loop = 0.0
        for notebook in notebooks:
            executed = work / notebook.path.name
            given = ("-f", PLACE, "-p", "database", database, "--no-progress-bar")
            loop += timed(BIN / "papermill", notebook.path, executed, *given)[0]
            loop += timed(BIN / "jupyter", "nbconvert", "--to", "html", executed)[0]
        loop /= len(notebooks)
        batch = (*BAROMETER, "report", "--each", level, "--season", "2025/26")
        batch = (*batch, "--database", database, "--output", out, "--quiet")
        seconds, held = timed(*batch)
        again, _ = timed(*batch)
        runs = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["runs"]
        each = seconds / len(runs)
        start, _ = timed(*BAROMETER, "--help")
    print(f"{os.cpu_count()} cores; {len(runs)} reports, one notebook of one {level} each\n")
    print("| what | seconds a report | seconds |\n|---|---|---|")
    print(f"| the shell's loop | {loop:.2f} | {loop * len(runs):.0f}, as measured on one place |")
    print(f"| `barometer report --each {level}` | {each:.2f} | {seconds:.0f} |")
    print(f"| the same again, nothing changed | | {again:.1f} |")
    print(f"| `barometer --help` | | {start:.2f} |")
    print(f"\n{loop / each:.1f} times the loop; at most {held / 2**30:.1f} GiB at once.")


if __name__ == "__main__":
    main()
