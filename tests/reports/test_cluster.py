"""A run over a Dask cluster: each report once, also where a worker dies in the middle of it."""

import json
import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from distributed import LocalCluster
from nbformat.v4 import new_code_cell, new_notebook

from analysis import reports
from analysis.reports import ParameterError

PARAMETERS = 'season: str = "2025/26"'
# Long enough to be killed while it runs; each leaves its worker's number.
CELL = (
    "import os, time\nopen(f'{os.getppid()}.begun', 'a').write('x')\ntime.sleep(1.5)\nos.getppid()"
)
MANY = [f"{number:02}_nummer" for number in range(1, 9)]


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    for name in MANY:
        tagged = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
        kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Py"}}
        content = new_notebook(cells=[tagged, new_code_cell(CELL)], metadata=kernel)
        nbformat.write(content, folder / f"{name}.ipynb")
    return folder


@pytest.fixture
def cluster():
    """The address of a scheduler of this machine with two workers."""
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address=None,
        host="127.0.0.1",
        silence_logs=50,
    ) as running:
        yield running.scheduler_address


def test_each_report_is_there_once_though_a_worker_is_killed(
    notebooks, cluster, database, tmp_path, capsys
):
    (tmp_path / "vinter.yaml").write_text("season: 2025/26\n", encoding="utf-8")
    running = subprocess.Popen(
        [
            *(sys.executable, "-c", OVER, notebooks, tmp_path / "vinter.yaml", database),
            *(tmp_path / "out", cluster),
        ],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    until = time.monotonic() + 120
    while len(begun := list(notebooks.glob("*.begun"))) < 2:
        assert running.poll() is None, "it ended before it began"
        assert time.monotonic() < until, "it did not begin"
        time.sleep(0.05)
    worker = int(begun[0].stem)
    os.kill(worker, signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
    told, _ = running.communicate(timeout=300)
    assert running.returncode == 0
    assert "8 notebooks kørt, 8 sider skrevet, 0 fejlede" in told
    folder = tmp_path / "out" / "vinter"
    assert {file.stem for file in folder.glob("*.html")} == {*MANY}
    assert not list(folder.glob(".*"))
    runs = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["runs"]
    assert [run["status"] for run in runs.values()] == ["done"] * 8


OVER = """
import sys
from pathlib import Path
from analysis import reports
notebooks, given, database, output = map(Path, sys.argv[1:5])
sys.exit(reports.run([given], database, output, notebooks, scheduler=sys.argv[5]))
"""


def test_an_address_where_nobody_answers_is_one_line(notebooks, database, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.reports.cluster._PATIENCE", 1)
    (tmp_path / "vinter.yaml").write_text("season: 2025/26\n", encoding="utf-8")
    given = [tmp_path / "vinter.yaml"], database, tmp_path / "out", notebooks
    for address in ("tcp://127.0.0.1:1", "hvad?"):
        with pytest.raises(ParameterError, match="Der svarer ingen Dask-planlægger på"):
            reports.run(*given, scheduler=address, quiet=True)
