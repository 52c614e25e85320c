"""What the index says of a place and a period: its earlier seasons, and how great its need is."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from analysis import barometer
from analysis.core.asking import Dataset
from analysis.core.database import sql
from analysis.core.selection import Selection
from analysis.meeting import figures
from analysis.nowcast.words import in_short
from analysis.priority import need
from analysis.priority.tables import of_place
from analysis.reports.index import Report, SeasonCount

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

# The list for the meeting of a month, by its first day; None where the data hold none.
Lists = Callable[[date], "DataFrame | None"]


def lists(con: "DuckDBPyConnection") -> Lists:
    """Return what makes the list for each month that is asked for, once."""
    return cache(lambda month: figures.meeting_list(con, month))


def row(
    con: "DuckDBPyConnection",
    parameters: str,
    selection: Selection | None,
    compared: Selection | None,
    data: Dataset,
    listed: Lists | None,
) -> Report:
    """Return the row of a selection in a folder named `parameters`, without its pages.

    `compared` is what its verdict holds it against; `listed` is None where the index is for
    everybody, and then it counts nothing.
    """
    if not selection:
        return Report(parameters, last_day=data.last_day)
    ranked = listed and listed(need.following(con, selection.interval[1] - timedelta(1)))
    own = None if ranked is None or selection.is_city else of_place(ranked, selection)
    known = own is not None and not own.empty
    return Report(
        parameters,
        selection.place,
        _district(con, selection),
        selection.period,
        selection.interval[0],
        " · ".join(selection.narrowed),
        data.covers(selection),
        _past(con, selection, data) if listed else (),
        compared.season.name if compared else "",
        int(own["rank"].min()) if known else None,
        len(ranked) if known else 0,
        data.last_day,
        in_short(con, selection) if listed else "",
    )


def _district(con: "DuckDBPyConnection", selection: Selection) -> str:
    """Return the one district that the selection lies in, else ""."""
    level, place = selection.single_place
    if level == "district":
        return place
    if level == "city":
        return ""
    found = con.execute(sql("core/districts_of"), {"location": place}).fetchall()
    return (found[0][0] or "") if len(found) == 1 else ""


def _past(
    con: "DuckDBPyConnection", selection: Selection, data: Dataset
) -> tuple[SeasonCount, ...]:
    """Return the selection's incidents in each season that the data cover, up to its own."""
    seasons = [selection.season]
    if data.first_day:
        # The first incident need not fall on the first day that the data cover.
        covered = data.first_day.replace(day=1)
        while selection.in_season(seasons[0].previous).interval[0] >= covered:
            seasons.insert(0, seasons[0].previous)
    return tuple(
        SeasonCount(season.name, barometer.incidents(con, selection.in_season(season)))
        for season in seasons
    )
