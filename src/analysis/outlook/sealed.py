"""What was forecast when it was forecast: kept beside the database, so that it cannot be said anew.

A line of JSON is a half-year of a name as the reports showed it, without any scenario. Each ends
with the SHA-256 of itself and of the line before, so that a line that has been changed, added or
taken out is found, save those at the end that are missing altogether.
"""

import hashlib
import json
from contextlib import closing
from datetime import date, timedelta
from functools import cache, lru_cache
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analysis.core import kept
from analysis.core.asking import dataset
from analysis.core.database import connect, forecasts, identity, opened_from
from analysis.core.known import span
from analysis.core.rounding import rounded
from analysis.core.scratch import alone, put
from analysis.core.selection import Selection
from analysis.outlook import backtest, forecasting
from analysis.outlook.forecasting import LEVELS, Known, Outcome

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

# What of a line is not told of it by `backtest.shown`.
_ABOUT = ("made", "data", "through", "season", "half", "level")
_SHOWN = ("name", "method", "count", "median", "low_50", "high_50", "low_90", "high_90")
_CHANCE, _SEAL = "chance_above_last", "seal"


class Log(NamedTuple):
    """The lines that are as they were written, and the numbers of those that are not."""

    lines: list[dict]
    broken: list[int]


def read(file: Path) -> Log:
    """Return what a log holds; nothing where there is none."""
    return _read(file, identity(file)) if file.is_file() else Log([], [])


@lru_cache(1)
def _read(file: Path, _: tuple[int, ...]) -> Log:
    found = Log([], [])
    before = ""
    for number, text in enumerate(_texts(file), 1):
        line, given = _parsed(text)
        if line and given == _sealed(before, line):
            found.lines.append(line)
        else:
            found.broken.append(number)
        before = given
    return found


def _texts(file: Path) -> list[str]:
    text = file.read_text("utf-8", errors="replace")
    return text.removesuffix("\n").split("\n") if text else []


def _parsed(text: str) -> tuple[dict, str]:
    """Return a line and its seal; nothing of what is no such line."""
    try:
        line = json.loads(text)
        given = str(line.pop(_SEAL))
        for name in ("made", "through"):
            date.fromisoformat(line[name])
        _period(line["season"], line["half"])
        sum(line[name] for name in _SHOWN[2:])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}, ""
    return (line if list(line) == [*_ABOUT, *_SHOWN, _CHANCE] else {}), given


def _sealed(before: str, line: dict) -> str:
    return hashlib.sha256(f"{before}{_text(line)}".encode(errors="surrogatepass")).hexdigest()


def _text(line: dict) -> str:
    return json.dumps(line, ensure_ascii=False)


def seal(database: Path, made: date | None = None) -> None:
    """Add to a database's log what its reports show of the time to come, as made on a day.

    That is every half-year of `forecasting.coming` after all the data, of every place; once for the
    same data and program. Raises OSError where it cannot be written.
    """
    file = forecasts(database.resolve())
    # Another run may be adding them.
    with alone(file), closing(connect(database)) as con:
        key, last = kept.key(con), dataset(con).last_day
        if not last or not span(con, last) or any(line["data"] == key for line in read(file).lines):
            return
        texts = _texts(file) if file.exists() else []
        before = _parsed(texts[-1])[1] if texts else ""
        for line in _lines(con, last, {"made": (made or date.today()).isoformat(), "data": key}):
            before = _sealed(before, line)
            texts.append(_text(line | {_SEAL: before}))
        put(file, "".join(f"{text}\n" for text in texts).encode())


def _lines(con: "DuckDBPyConnection", last: date, about: dict[str, str]) -> list[dict]:
    known = Known(con, last)
    scored = backtest.scores(con, known.through)
    lines = []
    for period in forecasting.coming(known.through):
        found = Outcome(known, period)
        told = about | {
            "through": known.through.isoformat(),
            "season": period.season.name,
            "half": period.half,
        }
        for level in LEVELS:
            shown = backtest.shown(found, known, scored, level)
            for row in shown[shown["month"].isna()][[*_SHOWN, _CHANCE]].to_dict("records"):
                chance = None if isnan(row[_CHANCE]) else rounded(row[_CHANCE])
                lines.append({**told, "level": level, **row, _CHANCE: chance})
    return lines


def ended(con: "DuckDBPyConnection", through: date) -> Log:
    """Return what the log of a connection's database says of half-years that ended by a day."""
    database = opened_from(con)
    log = read(forecasts(database.resolve())) if database else Log([], [])
    return log._replace(lines=[line for line in log.lines if _period_of(line).last <= through])


class _Period(NamedTuple):
    selection: Selection
    first: date
    last: date


@cache
def _period(season: str, half: str) -> _Period:
    found = Selection(season, half)
    first, after = found.interval
    return _Period(found, first, after - timedelta(1))


def _period_of(line: dict) -> _Period:
    return _period(line["season"], line["half"])


def said(con: "DuckDBPyConnection", known: Known, level: str, place: str) -> "DataFrame":
    """Return what was said of a place's half-years that have ended since, and what came.

    Columns: `period, made, through, count, low, high` (90 per cent), `observed, hit` ("ja", "nej").
    Of a half-year it is what was said last before it began, else what was said first. Those that
    the data do not hold whole, or of which incidents are still to be reported, are left out.
    """
    import pandas as pd

    names, members = forecasting.membership(known.units(None), level)
    by_period: dict[_Period, list[dict]] = {}
    for line in ended(con, known.through).lines:
        if (line["level"], line["name"]) == (level, place) and place in names:
            by_period.setdefault(_period_of(line), []).append(line)
    rows = []
    for period, lines in sorted(by_period.items(), key=lambda one: one[0].first):
        months = forecasting.month_numbers(period.selection.months)
        lacking = {*forecasting.month_numbers(known.missing)} & {*months}
        begun = period.first >= known.first.replace(day=1)
        if lacking or not begun or not known.is_settled(period.selection):
            continue
        begins = period.first.isoformat()
        line = ([one for one in lines if one["made"] < begins] or lines[:1])[-1]
        observed = int((members @ known.counts(None, months))[names.index(place)].sum())
        low, high = line["low_90"], line["high_90"]
        hit = "ja" if low <= observed <= high else "nej"
        days = (date.fromisoformat(line[name]) for name in ("made", "through"))
        rows.append((period.selection.period, *days, line["count"], low, high, observed, hit))
    columns = ["period", "made", "through", "count", "low", "high", "observed", "hit"]
    dates = {"made": "datetime64[s]", "through": "datetime64[s]"}
    return pd.DataFrame(rows, columns=columns).astype(dates)
