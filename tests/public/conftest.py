"""What the tests of what is published share: a part of the sample, which is soon protected."""

import shutil

import duckdb
import pytest

from analysis.core import database as files

DISTRICTS = ("Nørrebro", "Vesterbro/Kgs. Enghave", "Vanløse")


@pytest.fixture(scope="session")
def part(database, tmp_path_factory):
    """The path of a database of three districts and the last three half-years."""
    file = tmp_path_factory.mktemp("part") / "barometer.duckdb"
    shutil.copy(database, file)
    with duckdb.connect(file) as con:
        for table in ("incident", "location"):
            con.execute(f"delete from {table} where district not in {DISTRICTS}")
        con.execute("delete from incident where occurred_at < date '2024-10-01'")
        con.execute("update dataset set first_day = date '2024-10-01'")
    return file


@pytest.fixture
def few(part):
    """A read-only connection to it."""
    with files.connect(part) as connection:
        yield connection
