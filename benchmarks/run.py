"""What things take, as a table: `make bench`, or `python benchmarks/run.py --rows N`.

The ingest of N synthetic rows is set against its named peer in the same run: a bare DuckDB
`read_csv` of the same files into a database file. Each is run in a process of its own.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from analysis import barometer
from analysis.barometer import Selection
from analysis.core.database import ROOT, connect
from analysis.core.headings import DIMENSIONS

PEER = """
import sys, duckdb
with duckdb.connect(sys.argv[1]) as con:
    for form in ("uro", "haervaerk"):
        con.execute(f"create table {form} as from read_csv('{sys.argv[2]}/{form}*.csv')")
"""
BAROMETER = [sys.executable, "-m", "analysis"]
NOTEBOOK = """
import sys, time
from contextlib import closing
from pathlib import Path
from analysis.reports.kernel import WarmKernel
with closing(WarmKernel()) as kernel:
    for run in range(4):
        start = time.perf_counter()
        kernel.run(Path(sys.argv[1]), Path(sys.argv[2]), {"database": sys.argv[3]})
        seconds = time.perf_counter() - start
print(seconds)
"""


def timed(*command: str) -> float:
    """Return the seconds that a command takes; it must succeed."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def views(database: Path) -> float:
    """Return the seconds that every view of one location and season takes, the second time."""
    with connect(database) as con:
        chosen = Selection("2024/25", location="Blågårdens Bibliotek")
        for _ in range(2):
            start = time.perf_counter()
            barometer.score_by(con, chosen, "district")
            barometer.score_by(con, chosen, "location")
            for dimension in DIMENSIONS:
                barometer.count_by(con, chosen, dimension)
            barometer.help_called(con, chosen)
            for view in (barometer.over_time, barometer.per_month, barometer.time_of_day):
                for dimension in ("category", "demography", "subcategory"):
                    view(con, chosen, by=dimension)
            barometer.matrix(con, chosen, "district")
            barometer.matrix(con, chosen, "location")
            barometer.compare_seasons(con, chosen, ["2023/24", "2024/25"])
            seconds = time.perf_counter() - start
    return seconds


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        small, large = work / "small.duckdb", work / "large.duckdb"
        print("| what | seconds |\n|---|---|")
        ingest = timed(*BAROMETER, "ingest", "--database", str(small))
        print(f"| ingest of the committed sample, whole command | {ingest:.1f} |")
        params = sorted(map(str, (ROOT / "params").glob("*.yaml")))
        report = timed(
            *BAROMETER, "report", *params, "--database", str(small), "--output", str(work / "out")
        )
        print(f"| `barometer report` of {len(params)} parameters files | {report:.1f} |")
        notebook = subprocess.run(
            [
                *(sys.executable, "-c", NOTEBOOK),
                *(str(ROOT / "notebooks/02_barometer.ipynb"), str(work / "a.ipynb"), str(small)),
            ],
            check=True,
            capture_output=True,
            text=True,
        )
        print(f"| cells of `02_barometer`, imports done | {float(notebook.stdout):.1f} |")
        sample = timed(*BAROMETER, "sample", "--rows", str(rows), "--output", folder)
        print(f"| `barometer sample --rows {rows}` | {sample:.0f} |")
        peer = timed(sys.executable, "-c", PEER, str(work / "peer.duckdb"), str(work / "exports"))
        print(f"| bare `read_csv` of these files | {peer:.0f} |")
        ours = timed(
            *BAROMETER,
            *("ingest", "--exports", str(work / "exports"), "--database", str(large)),
        )
        print(
            f"| `barometer ingest` of these files | {ours:.0f}, {ours / peer:.1f} times the bare |"
        )
        print(f"| every view of one location and season on these | {views(large):.2f} |")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
        print(f"\nThe largest process above had {peak:.1f} GiB.")


if __name__ == "__main__":
    main()
