"""What the tests share: the committed sample, built once."""

import errno
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from analysis import reports
from analysis.core import asking, kept
from analysis.core import database as files
from analysis.intake import ingest
from analysis.reports.chromium import NoBrowserError, browser

# The same few each time, as the tests have time for, and as many others as a benchmark has: four
# exports each.
settings.register_profile("few", max_examples=50, derandomize=True, deadline=None)
settings.register_profile("many", max_examples=2_500, deadline=None)
settings.load_profile("few")

# The files whose tests look at `reported`.
_OF_REPORTS = {
    "test_browser",
    "test_figures",
    "test_notebooks",
    "test_readability",
    "test_relations",
    "test_workbook",
}


def pytest_collection_modifyitems(items):
    """Begin with the tests of the reports, which last longest."""
    asking = {item.path.stem for item in items if "reported" in item.fixturenames}
    if asking - _OF_REPORTS:
        raise pytest.UsageError(f"name these in _OF_REPORTS: {sorted(asking - _OF_REPORTS)}")
    items.sort(key=lambda item: item.path.stem not in _OF_REPORTS)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Where two processes share the tests, give one all of the reports, built once; share by file.

    Groups would say the same, but pytest-xdist 3.8 does not see them under pytest 9.2.
    """
    from xdist.scheduler import LoadScopeScheduling

    class _Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = Path(nodeid.split("::")[0]).stem
            return "reports" if file in _OF_REPORTS else file

    return _Scheduling(config, log)


@pytest.fixture(autouse=True)
def _no_notebook():
    """Forget the notebook that a test opened, which what is shown would name."""
    yield
    asking._running.clear()


@pytest.fixture
def cut_short(monkeypatch):
    """What makes each write of a file end in its middle, as on a full disk."""

    @contextmanager
    def full():
        def half(self, content):
            with self.open("wb") as file:
                file.write(content[: len(content) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(Path, "write_bytes", half)
            yield

    return full


@pytest.fixture(scope="session")
def database(tmp_path_factory):
    """The path of a database built from the committed sample.

    What takes long is asked of it by one alone of the processes that share the tests.
    """
    file = tmp_path_factory.mktemp("sample") / "barometer.duckdb"
    base = tmp_path_factory.getbasetemp()
    shared = kept.folder(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)
    shared.mkdir(exist_ok=True)
    kept.folder(file).symlink_to(shared, target_is_directory=True)
    data = files.ROOT / "data"
    ingest(data / "exports", data / "reference", data / "export_layout.yaml", file)
    return file


@pytest.fixture
def con(database):
    """A read-only connection to the sample."""
    with files.connect(database) as connection:
        yield connection


@pytest.fixture(scope="session")
def reported(database, tmp_path_factory):
    """The folder of a run of the committed parameters files: a place, a district and the city.

    Two more winters of places have the notebooks that hold the published figures.
    """
    folder, fewer = tmp_path_factory.mktemp("reports"), tmp_path_factory.mktemp("notebooks")
    for name in ("02_barometer", "03_season_comparison"):
        shutil.copy(files.ROOT / "notebooks" / f"{name}.ipynb", fewer)
    given = sorted((files.ROOT / "params").glob("*.yaml"))
    earlier = [file for file in given if file.stem.endswith("2024_25")]
    assert reports.run(earlier, database, folder, fewer) == 0
    assert reports.run([file for file in given if file not in earlier], database, folder) == 0
    return folder


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium; without it the browser tests are left out, but in CI they fail."""
    try:
        with browser() as running:
            yield running
    except NoBrowserError:
        reason = "Chromium is not installed: the browser tests are left out"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
