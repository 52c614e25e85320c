"""What is kept, in memory or in files, is never an answer to another question."""

import subprocess
import sys
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest
from filelock import FileLock

from analysis.core import kept as module
from analysis.core.kept import folder, kept


@pytest.fixture
def counted():
    """A kept question of a database, and how often it was truly asked."""
    asked = []

    @kept
    def rows(con, least=0, *, by="n"):
        asked.append((least, by))
        return con.execute(f"select {by} from t where n >= {least}").df()

    return rows, asked


@pytest.fixture
def base():
    con = duckdb.connect()
    con.execute("create table t as select * from (values (1, 'a'), (2, 'b')) v(n, name)")
    return con


def test_the_same_question_is_asked_once_however_it_is_put(counted, base):
    rows, asked = counted
    for answer in (rows(base), rows(base, 0), rows(base, least=0, by="n"), rows(base.cursor())):
        pd.testing.assert_frame_equal(answer, pd.DataFrame({"n": [1, 2]}, dtype="int32"))
    assert len(asked) == 1


@pytest.mark.parametrize(
    "change",
    [
        "insert into t values (3, 'c')",
        "delete from t where n = 1",
        "update t set name = 'c' where n = 1",
        "insert into t select * from t",
        "create table u (n int)",
    ],
)
def test_another_database_is_another_question(counted, base, change):
    rows, asked = counted
    rows(base)
    base.execute(change)
    pd.testing.assert_frame_equal(rows(base), base.execute("select n from t").df())
    assert len(asked) == 2


def test_every_argument_belongs_to_the_question(counted, base):
    rows, asked = counted
    assert list(rows(base, 2)["n"]) == [2]
    assert list(rows(base, by="name")["name"]) == ["a", "b"]
    assert asked == [(2, "n"), (0, "name")]


def test_what_one_caller_does_to_an_answer_no_other_sees(counted, base):
    rows, _ = counted
    answer = rows(base)
    answer["n"] = 0
    assert list(rows(base)["n"]) == [1, 2]


def test_an_error_is_not_kept(counted, base):
    rows, asked = counted
    for _ in range(2):
        with pytest.raises(duckdb.BinderException):
            rows(base, by="nothing")
    assert len(asked) == 2


def test_the_oldest_answers_give_way(counted, base):
    rows, asked = counted
    for least in (*range(40), 0):
        rows(base, least)
    assert len(asked) == 41


# In files


@pytest.fixture
def file(tmp_path, base):
    """A database in a file."""
    path = tmp_path / "barometer.duckdb"
    base.execute(f"attach '{path}' as b")
    base.execute("create table b.t as from t")
    base.execute("detach b")
    return path


def answers(path, answer, *given):
    """Return the answer of what a new program asks, and how often it was truly asked."""
    asked = []

    @kept
    def rows(con, *given):
        asked.append(given)
        return answer(con)

    with duckdb.connect(path, read_only=True) as con:
        return rows(con, *given), len(asked)


def numbers(con):
    return con.execute("from t order by all").df()


def test_another_program_finds_the_answer_beside_the_database(file):
    first, other = answers(file, numbers), answers(file, numbers)
    pd.testing.assert_frame_equal(first[0], other[0])
    assert (first[1], other[1]) == (1, 0)
    assert [each.suffix for each in folder(file).iterdir()] == [".npz"]


@pytest.mark.parametrize(
    "change",
    [
        "insert into t values (3, 'c')",
        "delete from t where n = 1",
        "update t set name = 'c' where n = 1",
        "create table u (n int)",
    ],
)
def test_a_changed_database_is_asked_anew(file, change):
    answers(file, numbers)
    with duckdb.connect(file) as con:
        con.execute(change)
    assert answers(file, numbers)[1] == 1


def frame(**more):
    return pd.DataFrame({"n": [1.0, 2.0], "name": ["a", None]} | more)


class Made:
    """What a database says of a day."""

    def __init__(self, con, day):
        self.con, self.asked = con, (con, day)


GIVEN = [
    None, 0, False, 0.0, 1.0, "0", b"0", date(2026, 1, 1), [], [0], (0,), {"a": 0}, {"a": 1},
    np.zeros(2), np.zeros(3), np.zeros(2, int), np.zeros((1, 2)),
    frame(), frame(n=[1.0, 2.5]), frame(name=["a", "b"]), frame(n=[1, 2]), frame(more=[1, 1]),
    frame().rename(columns={"n": "m"}), frame().set_axis([1, 0]),
]  # fmt: skip


def test_every_value_is_another_question(file):
    assert [answers(file, numbers, each)[1] for each in GIVEN] == [1] * len(GIVEN)
    assert [answers(file, numbers, each)[1] for each in GIVEN] == [0] * len(GIVEN)


def test_what_an_object_was_made_of_is_its_question(file):
    asked = []

    def ask(day):
        @kept
        def rows(made):
            asked.append(made.asked[1])
            return numbers(made.con)

        with duckdb.connect(file, read_only=True) as con:
            return rows(Made(con, day))

    for day in (date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 1)):
        ask(day)
    assert asked == [date(2026, 1, 1), date(2026, 1, 2)]


def test_what_cannot_be_compared_is_no_question(file):
    with pytest.raises(TypeError):
        answers(file, numbers, object())


def test_other_code_libraries_or_processors_are_asked_anew(file, monkeypatch):
    answers(file, numbers)
    code = module._made_with()
    monkeypatch.setenv("OPENBLAS_CORETYPE", "another")
    other = module._made_with()
    monkeypatch.undo()
    monkeypatch.setattr(module, "version", lambda name: f"0 {name}")
    assert len({code, other, module._made_with()}) == 3
    monkeypatch.setattr(module, "CODE", other)
    assert answers(file, numbers)[1] == 1


def test_the_code_is_every_program_query_and_list_of_the_package(tmp_path, monkeypatch):
    package = tmp_path / "analysis"
    (package / "core").mkdir(parents=True)
    monkeypatch.setattr(module, "__file__", str(package / "core" / "kept.py"))
    found = {module._made_with()}
    for name, text in (("a.py", "1"), ("a.py", "2"), ("b.sql", "2"), ("c.yaml", "2"), ("d", "2")):
        (package / name).write_text(text)
        found.add(module._made_with())
    assert len(found) == 5


TYPES = {
    "whole": pd.Series([1, 2]),
    "share": pd.Series([0.1, np.nan]),
    "is": pd.Series([True, False]),
    "text": pd.Series(["æ", None]),
    "object": pd.Series(["æ", None], dtype=object),
    "maybe": pd.Series([1, None], dtype="Int64"),
    "day": pd.Series(pd.to_datetime(["2026-01-01", None])).astype("datetime64[s]"),
}


@pytest.mark.parametrize("name", TYPES)
def test_a_table_is_read_as_it_was_written(file, name):
    table = pd.DataFrame({name: TYPES[name], name * 2: TYPES[name]})
    for asked in (1, 0):
        found = answers(file, lambda con: table)
        pd.testing.assert_frame_equal(found[0], table)
        assert found[1] == asked


def test_a_table_without_rows_is_kept_too(file):
    table = pd.DataFrame({"n": [], "name": pd.Series([], dtype="str")})
    for asked in (1, 0):
        found = answers(file, lambda con: table)
        pd.testing.assert_frame_equal(found[0], table)
        assert found[1] == asked


@pytest.mark.parametrize(
    "answer",
    [
        5,
        pd.DataFrame({"day": [date(2026, 1, 1)]}),
        pd.DataFrame({"n": [1]}, index=["a"]),
        pd.DataFrame({"n": pd.Categorical(["a"], ["b", "a"], ordered=True)}),
        pd.DataFrame({"n": [["a"]]}, dtype=object).map(tuple),
    ],
)
def test_what_a_file_would_not_give_back_is_not_written(file, answer):
    assert [answers(file, lambda con: answer)[1] for _ in range(2)] == [1, 1]
    assert not [*folder(file).iterdir()]


@pytest.mark.parametrize("damage", [b"", b"no", None])
def test_a_damaged_file_is_made_anew(file, damage):
    answers(file, numbers)
    (held,) = folder(file).iterdir()
    held.write_bytes(held.read_bytes()[:100] if damage is None else damage)
    assert [answers(file, numbers)[1] for _ in range(2)] == [1, 0]


def test_a_file_that_would_run_something_is_not_read(file):
    answers(file, numbers)
    (held,) = folder(file).iterdir()
    np.savez(held, about=np.array([object()], dtype=object))
    assert answers(file, numbers)[1] == 1


def test_a_lock_that_was_left_by_who_was_killed_is_gone_and_one_that_is_held_stays(file):
    folder(file).mkdir()
    left, held = folder(file) / "left.lock", folder(file) / "held.lock"
    left.touch()
    with FileLock(held):
        assert answers(file, lambda con: 1) == (1, 1)
        assert held.exists()
    assert not left.exists()


def test_where_nothing_may_be_written_the_answer_is_given_still(file):
    folder(file).write_text("no folder")
    assert [answers(file, numbers)[1] for _ in range(2)] == [1, 1]


def test_the_oldest_files_give_way(file, monkeypatch):
    monkeypatch.setattr(module, "_MOST_FILES", 3)
    for n in range(5):
        answers(file, numbers, n)
    assert len(list(folder(file).iterdir())) == 3


def test_the_sample_is_asked_as_a_whole(database):
    """The key holds what every table of a database holds."""
    with duckdb.connect(database, read_only=True) as con:
        names = {name for (name, *_) in module.database_content(con)}
    assert {"incident", "location", "measure", "dataset"} <= names


WAITS = """
import sys, time
from pathlib import Path
import duckdb, pandas as pd
from analysis.core.kept import kept

@kept
def slow(con) -> pd.DataFrame:
    with Path(sys.argv[2]).open("a") as asked:
        asked.write("asked\\n")
    time.sleep(2)
    return pd.DataFrame({"n": [1]})

with duckdb.connect(sys.argv[1], read_only=True) as con:
    assert list(slow(con)["n"]) == [1]
"""


def test_who_asks_while_another_program_makes_it_waits(file, tmp_path):
    asked = tmp_path / "asked"
    command = [sys.executable, "-c", WAITS, str(file), str(asked)]
    programs = [subprocess.Popen(command) for _ in range(3)]
    assert [each.wait(60) for each in programs] == [0, 0, 0]
    assert asked.read_text() == "asked\n"
    assert {each.suffix for each in folder(file).iterdir()} == {".npz"}
