"""What the tests share: the committed sample, built once."""

import os

import pytest

from analysis import database as files
from analysis import reports
from analysis.intake import ingest
from analysis.reports.chromium import NoBrowserError, browser


@pytest.fixture(scope="session")
def database(tmp_path_factory):
    """The path of a database built from the committed sample."""
    file = tmp_path_factory.mktemp("sample") / "barometer.duckdb"
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
    """The folder of a run of every notebook over the committed parameters files."""
    folder = tmp_path_factory.mktemp("reports")
    assert reports.run(sorted((files.ROOT / "params").glob("*.yaml")), database, folder) == 0
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
