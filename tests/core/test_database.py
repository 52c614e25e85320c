"""Connections: what an open notebook sees of an ingest, and of a selection that failed."""

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from analysis.barometer import words
from analysis.core import asking
from analysis.core import database as databases
from analysis.core.database import ROOT, connect, is_outdated
from analysis.core.selection import Selection, SelectionError
from analysis.explore import ask
from analysis.reports import blocks
from analysis.show import charts
from analysis.show.stored import CHART_TYPE
from analysis.show.tables import table

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


def test_what_a_notebook_shows_names_what_it_was_run_with(file):
    names = {"database": str(file), **GIVEN}
    names["con"], names["selection"] = asking.opened(names)
    now = "Kørt med: Blågårdens Bibliotek, vinterhalvåret 2025/26"
    shown = {"table": table(pd.DataFrame({"a": [1]}), "Tal")._repr_html_()}
    drawn = charts.bars(
        pd.DataFrame({"name": ["Trusler", "Hærværk"], "incidents": [2, 1]}), "category"
    )
    title, plain = drawn._repr_mimebundle_()[CHART_TYPE]["title"], drawn.to_dict()["title"]
    assert asking.running() == now
    assert now in shown["table"]
    assert title["subtitle"][-1] == now
    ingest_anew(file, "Nyby")
    assert asking.running() == now.replace("Kørt med", "Kørt med ældre data")
    assert "Databasen er lavet om" in ask(names["con"], "select 1").told
    # A page says it once, for all that stands on it.
    assert blocks.chart_of(drawn._repr_mimebundle_())["title"] == plain
    with pytest.raises(SelectionError):
        asking.opened({**names, "season": "2025/27"})
    assert asking.running() == ""


def test_connections_stay_open_as_long_as_the_file_is_the_same(file):
    one, other = connect(file), connect(file)
    assert asking.city(one) == asking.city(other)
    assert not is_outdated(one)


def test_threads_that_open_a_database_at_once_all_can(file):
    for _ in range(50):
        # The first anew bars it.
        databases._held.clear()
        with ThreadPoolExecutor(4) as pool:
            opened = list(pool.map(connect, [file] * 4))
        assert {asking.city(con) for con in opened} == {"København"}
        for con in opened:
            con.close()


def test_a_database_that_is_not_there_is_told_without_a_traceback(tmp_path):
    for error, content in ((FileNotFoundError, None), (ValueError, "x")):
        if content:
            (tmp_path / "x.duckdb").write_text(content)
        with pytest.raises(error) as raised:
            connect(tmp_path / "x.duckdb")
        assert raised.value._render_traceback_() == [str(raised.value)]


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
