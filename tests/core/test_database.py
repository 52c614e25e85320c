"""Connections: what an open notebook sees of an ingest, and of a selection that failed."""

import os
import re
import shutil

import pytest

from analysis.barometer import words
from analysis.core import asking
from analysis.core.database import ROOT, connect, is_outdated
from analysis.core.selection import Selection, SelectionError

GIVEN = {"season": "2025/26", "half": "vinter", "location": "Blågårdens Bibliotek"}


@pytest.fixture
def file(database, tmp_path):
    return shutil.copy(database, tmp_path / "barometer.duckdb")


def ingest_anew(file, city):
    """Put another database in the file's place, as the ingest does."""
    import duckdb

    new = shutil.copy(file, f"{file}.new")
    with duckdb.connect(new) as con:
        con.execute("update dataset set city = ?", [city])
    os.replace(new, file)


def test_a_new_connection_sees_the_new_file_whatever_was_open(file):
    old, other = connect(file), connect(file)
    cursor = other.cursor()
    cursor.execute("from incident limit 3").fetchone()
    assert asking.city(old) == "København"
    ingest_anew(file, "Nyby")
    assert asking.city(connect(file)) == "Nyby"
    ingest_anew(file, "Nyere")
    con = connect(file)
    assert asking.city(con) == asking.city(connect(file)) == "Nyere"


def test_a_notebook_with_older_data_says_so_in_its_header(file):
    con = connect(file)
    selection = Selection(**GIVEN)
    assert words.OUTDATED not in words.header(con, selection).data
    ingest_anew(file, "Nyby")
    assert is_outdated(con)
    assert words.OUTDATED in words.header(con, selection).data
    assert words.OUTDATED not in words.header(connect(file), selection).data


def test_connections_stay_open_as_long_as_the_file_is_the_same(file):
    one, other = connect(file), connect(file)
    assert asking.city(one) == asking.city(other)
    assert not is_outdated(one)


def test_a_selection_that_fails_takes_the_one_before_with_it(file):
    notebook = {"database": str(file), **GIVEN}
    notebook["con"], notebook["selection"] = asking.opened(notebook)
    with pytest.raises(SelectionError):
        asking.opened(notebook | {"season": "2025/27"})
    notebook["season"] = "2025/27"
    with pytest.raises(SelectionError):
        asking.opened(notebook)
    assert not {"con", "selection"} & notebook.keys()


def test_no_result_is_left_open_on_a_connection():
    # DuckDB refuses `con.sql` of a notebook's own while one is.
    for source in (ROOT / "src").rglob("*.py"):
        assert not re.search(r"\bfetch(one|many)\(", source.read_text(encoding="utf-8")), source
