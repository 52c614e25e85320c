"""The log of forecasts: said once, as the reports said it, and never otherwise afterwards."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from itertools import cycle
from threading import Barrier, BrokenBarrierError

import duckdb
import pandas as pd
import pytest
from small_city import city
from test_outlook import PLACES, THROUGH, happened

from analysis import outlook
from analysis.core import kept
from analysis.core.database import connect, forecasts
from analysis.outlook import backtest, sealed, tables, words
from analysis.reports import sealing

MARCH, OCTOBER = date(2024, 4, 2), date(2024, 10, 3)


def made(folder, through):
    """Return a small database of what had happened by a day, in place of the one before."""
    file = folder / "small.duckdb"
    file.unlink(missing_ok=True)
    rows = [row for row in happened() if row[1] <= through]
    with city({"location": PLACES}, rows, ("2021-10-01", through)) as con:
        con.execute(f"attach '{file}' as made")
        con.execute("copy from database memory to made")
        con.execute("detach made")
    return file


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """A database of which was told in March and in October 2024, and which now holds all."""
    folder = tmp_path_factory.mktemp("said")
    for through, day in (("2024-03-31", MARCH), ("2024-09-30", OCTOBER)):
        sealed.seal(made(folder, through), day)
    return made(folder, THROUGH)


@pytest.fixture
def log(said, tmp_path):
    """The path of a copy of the log."""
    file = tmp_path / "small.forecasts.jsonl"
    file.write_bytes(forecasts(said).read_bytes())
    return file


def lines(file):
    return file.read_text("utf-8").splitlines(keepends=True)


def write(file, given):
    file.write_bytes("".join(given).encode())


def test_what_is_kept_is_what_the_reports_showed(said, tmp_path):
    with connect(made(tmp_path, "2024-03-31")) as con:
        known = outlook.Known(con, "2024-03-31")
        scored = backtest.scores(con, known.through)
        found = [each for each in sealed.read(forecasts(said)).lines if each["made"] == str(MARCH)]
        for period in outlook.coming(known.through):
            for level in outlook.LEVELS:
                shown = backtest.shown(outlook.Outcome(known, period), known, scored, level)
                rows = shown[shown["month"].isna()].set_index("name")
                own = [
                    each
                    for each in found
                    if (each["season"], each["half"], each["level"])
                    == (period.season.name, period.half, level)
                ]
                assert [each["name"] for each in own] == list(rows.index)
                for name in ("count", "median", "low_50", "high_50", "low_90", "high_90"):
                    assert [each[name] for each in own] == rows[name].tolist()
                chances = [each["chance_above_last"] for each in own]
                assert chances == pytest.approx(rows["chance_above_last"].tolist(), rel=1e-5)
                assert {each["data"] for each in own} == {kept.key(con)}
                assert {each["through"] for each in own} == {"2024-03-31"}


def test_what_is_kept_is_held_against_what_came(said):
    with connect(said) as con:
        known = outlook.Known(con, THROUGH)
        found = sealed.said(con, known, "location", "A Bibliotek")
        counted = {
            (season, half): count
            for season, half, count in con.execute(
                "select season, half, count(*) from incident where location = 'A Bibliotek'"
                " group by all"
            ).fetchall()
        }
        assert sealed.said(con, known, "location", "Ukendt").empty
        early = sealed.said(con, outlook.Known(con, "2024-12-31"), "location", "A Bibliotek")
    assert list(found["period"]) == ["sommerhalvåret 2024", "vinterhalvåret 2024/25"]
    # When October's was said, the winter had begun.
    assert list(found["made"].dt.date) == [MARCH, MARCH]
    assert list(found["observed"]) == [counted["2023/24", "sommer"], counted["2024/25", "vinter"]]
    inside = (found["low"] <= found["observed"]) & (found["observed"] <= found["high"])
    assert list(found["hit"]) == ["ja" if each else "nej" for each in inside]
    # A half-year that has not ended has nothing to be held against.
    assert list(early["period"]) == ["sommerhalvåret 2024"]
    told = words.said_sentence(found, [], "A Bibliotek")
    assert f"I {inside.sum()} af 2 halvår kom antallet for A Bibliotek" in told
    table = tables.said_table(found)
    assert set(table) <= {*tables.HEADINGS}


def test_where_nothing_has_ended_nothing_is_told(said, tmp_path):
    with connect(made(tmp_path, THROUGH)) as con:
        assert sealed.ended(con, date(2025, 3, 31)) == sealed.Log([], [])
        found = sealed.said(con, outlook.Known(con, THROUGH), "city", "København")
    assert words.said_sentence(found, [], "København") == ""
    assert found.empty


def test_the_same_is_said_once_and_other_data_anew(tmp_path):
    file = made(tmp_path, "2024-03-31")
    sealed.seal(file, MARCH)
    first = forecasts(file).read_bytes()
    sealed.seal(file, OCTOBER)
    assert forecasts(file).read_bytes() == first
    with duckdb.connect(file) as con:
        con.execute("update incident set victim = 'Bruger' where incident_id = 'uro:1'")
    sealed.seal(file, OCTOBER)
    assert forecasts(file).read_bytes().startswith(first)
    found = sealed.read(forecasts(file))
    assert len(found.lines) == 2 * len(first.splitlines())
    assert found.broken == []


@pytest.mark.parametrize("programs", [1, 2])
def test_two_runs_at_once_say_it_once_and_two_programs_both(said, tmp_path, monkeypatch, programs):
    file = made(tmp_path, "2024-03-31")
    given = sealed.read(forecasts(said)).lines[:3]
    both = Barrier(2, timeout=0.5)

    def slow(con, last, about):
        # Where the other does not wait, it is here too before either writes.
        with suppress(BrokenBarrierError):
            both.wait()
        return [one | about for one in given]

    keys = cycle("ab"[:programs])
    monkeypatch.setattr(sealed, "_lines", slow)
    monkeypatch.setattr(kept, "key", lambda _: next(keys))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sealed.seal, [file] * 2))
    found = sealed.read(forecasts(file))
    assert (len(found.lines), found.broken) == (3 * programs, [])


def test_a_run_that_is_cut_short_leaves_the_log_as_it_was(said, tmp_path, monkeypatch, cut_short):
    file = made(tmp_path, "2024-03-31")
    given = sealed.read(forecasts(said)).lines[:3]
    monkeypatch.setattr(sealed, "_lines", lambda con, last, about: [one | about for one in given])
    with cut_short(), pytest.raises(OSError, match="No space"):
        sealed.seal(file)
    assert not forecasts(file).exists()
    sealed.seal(file)
    before = forecasts(file).read_bytes()
    monkeypatch.setattr(kept, "CODE", b"another")
    with cut_short(), pytest.raises(OSError, match="No space"):
        sealed.seal(file)
    assert forecasts(file).read_bytes() == before


def test_a_log_that_cannot_be_written_is_told_in_a_line_and_stops_nothing(
    said, tmp_path, capsys, cut_short, monkeypatch
):
    monkeypatch.setattr(sealed, "_lines", lambda *_: [])
    with cut_short():
        sealing.seal(made(tmp_path, "2024-03-31"))
    (told,) = capsys.readouterr().err.splitlines()
    assert "kunne ikke gemmes i small.forecasts.jsonl" in told


def test_a_chain_that_nobody_has_touched_is_whole(log):
    found = sealed.read(log)
    assert found.broken == []
    assert len(found.lines) == len(lines(log))


@pytest.mark.parametrize(
    ("edit", "broken"),
    [
        (lambda rows: [rows[0], rows[1].replace('"count": ', '"count": 1'), *rows[2:]], [2]),
        (lambda rows: [*rows[:-1], rows[-1].replace('"count": ', '"count": 1')], [-1]),
        (lambda rows: [rows[0], *rows[2:]], [2]),
        (lambda rows: [*rows[:2], rows[0], *rows[2:]], [3, 4]),
        (lambda rows: [rows[1], rows[0], *rows[2:]], [1, 2, 3]),
        (lambda rows: [rows[0], "[]\n", *rows[1:]], [2, 3]),
        (lambda rows: [rows[0], "{\n", *rows[1:]], [2, 3]),
        (lambda rows: [rows[0], '{"seal": 1}\n', *rows[1:]], [2, 3]),
        (lambda rows: ["\x00\n", *rows], [1]),
        (lambda rows: ["[" * 100_000 + "\n", *rows], [1]),
        (lambda rows: [rows[0].replace("København", "\\ud800"), *rows[1:]], [1]),
    ],
)
def test_what_somebody_has_changed_is_found_told_and_not_shown(log, edit, broken):
    write(log, edit(lines(log)))
    found = sealed.read(log)
    count = len(lines(log))
    assert found.broken == [each % (count + 1) for each in broken]
    assert len(found.lines) == count - len(broken)
    none = pd.DataFrame({"hit": []})
    told = words.said_sentence(none, found.broken, "Valby")
    assert "\n" not in told
    assert f"er ændret i linje{'' if len(broken) == 1 else 'rne'} {found.broken[0]}" in told


@pytest.mark.parametrize("name", ["count", "low_90", "made", "season", "half"])
def test_a_line_that_says_nothing_is_broken_though_its_seal_is_right(log, name):
    (line, *_) = sealed.read(log).lines
    line = line | {name: "x"}
    write(log, [json.dumps(line | {"seal": sealed._sealed("", line)}) + "\n"])
    assert sealed.read(log) == sealed.Log([], [1])


def test_bytes_that_are_no_text_are_a_broken_line(log):
    log.write_bytes(b"\xff\xfe\n" + log.read_bytes())
    assert sealed.read(log).broken == [1]


def test_after_a_broken_line_what_is_said_is_kept_still(said, tmp_path, monkeypatch):
    file = made(tmp_path, "2024-03-31")
    given = sealed.read(forecasts(said)).lines[:2]
    monkeypatch.setattr(sealed, "_lines", lambda con, last, about: [one | about for one in given])
    forecasts(file).write_text("ikke en linje", encoding="utf-8")
    sealed.seal(file)
    found = sealed.read(forecasts(file))
    assert (len(found.lines), found.broken) == (2, [1])


def test_the_last_said_before_a_half_year_began_is_what_counts(said, monkeypatch):
    (line, *_) = sealed.read(forecasts(said)).lines
    about = {"season": "2024/25", "half": "vinter", "level": "city", "name": "København"}
    days = ["2024-04-02", "2024-09-02", "2024-10-02", "2024-12-02"]
    given = [line | about | {"made": day, "count": n} for n, day in enumerate(days)]
    with connect(said) as con:
        known = outlook.Known(con, THROUGH)
        for kept_lines, count in ((given, 1), (given[2:], 2)):
            log = sealed.Log(kept_lines, [])
            monkeypatch.setattr(sealed, "read", lambda _, log=log: log)
            assert sealed.said(con, known, "city", "København")["count"].tolist() == [count]


def test_a_line_is_what_is_said_and_no_more(said):
    names = ["made", "data", "through", "season", "half", "level", "name", "method", "count"]
    names += ["median", "low_50", "high_50", "low_90", "high_90", "chance_above_last", "seal"]
    assert {tuple(json.loads(text)) for text in lines(forecasts(said))} == {tuple(names)}
