"""What is kept while the program runs is never an answer to another question."""

import duckdb
import pandas as pd
import pytest

from analysis.core.kept import kept


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
