"""The measures at the selection's locations, and the weeks they ran in."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from analysis.core import asking, danish
from analysis.core.danish import unbroken
from analysis.core.headings import BLANK
from analysis.core.selection import Selection
from analysis.core.taxonomy import CLOSED, RESTRICTED, UNCLEAR_HOURS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

# Changes of when a place is open: circumstances, not efforts to have fewer incidents.
OPENING_KINDS = (CLOSED, RESTRICTED, UNCLEAR_HOURS)
# Hands at a place, of whose hours the shifts tell, or nobody does.
EXTRA_STAFF = "Ekstra bemanding"


class Extent(NamedTuple):
    """Days, from the first to the one after the last."""

    first: date
    after: date


def extent(con: "DuckDBPyConnection", selection: Selection) -> Extent | None:
    """Return the days from the first of the data to the last of the selection, or of the data.

    None where the data begin later, or hold nothing.
    """
    data = asking.dataset(con)
    if not data.last_day:
        return None
    after = min(selection.interval[1], data.last_day + timedelta(days=1))
    return Extent(data.first_day, after) if after > data.first_day else None


def covered_days(con: "DuckDBPyConnection", selection: Selection) -> list[date]:
    """Return the days of the selection that the data cover, in order."""
    days = extent(con, selection)
    if not days:
        return []
    first = max(selection.interval[0], days.first)
    return [first + timedelta(days=n) for n in range((days.after - first).days)]


def at_location(con: "DuckDBPyConnection", selection: Selection, location: str) -> Selection:
    """Return the selection at one location, wherever it lies.

    Raises SelectionError for a location that nobody knows.
    """
    moved = replace(selection, location=location, district=None, facility=None)
    return asking.resolve(con, moved)


def year_before(selection: Selection) -> Selection:
    """Return the same selection a year earlier."""
    return selection.in_season(selection.season.previous)


def measures(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `location, kind, starts, ends, description, remark`: what began before the end.

    Of the selection, place and facility count. A day that is not known is NaT.
    """
    found = asking.frame(con, "measures/measures", asking.bound(con, selection))
    return found.astype({"starts": "datetime64[s]", "ends": "datetime64[s]"})


def weekly_counts(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `week, incidents` in the days of `extent`, zeros too; `week` is a Monday."""
    # The first of January of the year 1 is a Monday.
    days = extent(con, selection) or Extent(date.min, date.min)
    return asking.frame(con, "measures/weekly", asking.bound(con, selection, days=days))


def during(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return the measures in words, with the incidents on the days they ran, those of `extent`.

    Columns: `location, kind, period, days, incidents, a_week` (of seven days), `remark`; the
    figures are missing where the first day is not known, or no day is among those.
    """
    days = extent(con, selection) or Extent(date.max, date.max)
    found = asking.frame(con, "measures/during", asking.bound(con, selection, days=days))
    figures = found[["days", "incidents"]].astype("Int64")
    a_week = 7 * found["incidents"] / found["days"].where(found["days"] > 0)
    return found.assign(
        period=[_period(*each) for each in zip(found["starts"], found["ends"], strict=True)],
        days=figures["days"],
        incidents=figures["incidents"].where(figures["days"] > 0),
        a_week=a_week.astype("float64"),
    )[["location", "kind", "period", "days", "incidents", "a_week", "remark"]]


def _period(starts: date, ends: date) -> str:
    """Return the days from one to another, each date on one line; either may be missing."""
    if starts != starts:
        return BLANK
    told = danish.days(starts, ends if ends == ends else None)
    return " – ".join(map(unbroken, told.split(" – ")))
