"""Which days the data cover, as far as it can be told on a day: nothing later is asked."""

from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from analysis.barometer import dataset
from analysis.database import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Days without incidents are taken for quiet ones, not for missing data, as long as fewer than so
# many would have been expected in them by the last days before, of which there are so many.
_QUIET, _RECENT = 10, 90
# The data begin with the first month that has such a share of what months usually have: the few
# incidents before it are late reports, or slips, of a time that the export does not cover.
_LEAST_SHARE = 0.1


class Span(NamedTuple):
    """The first and the last day covered, and months between that have no data (first days)."""

    first: date
    last: date
    missing: tuple[date, ...] = ()


def span(con: "DuckDBPyConnection", through: date) -> Span | None:
    """Return the days that the data cover, known on the day `through`; None where there are none.

    What was reported after that day counts as little as what happened after it. The last day is
    `through`, unless there are so many days without incidents before it that data are missing; it
    is then that of the last incident. A month without incidents is missing where many are usual.
    Where no incident was known, the days are the database's own.
    """
    asked = {"through": through, "recent": _RECENT}
    months = con.execute(sql("known_months"), asked).fetchall()
    if not months:
        data = dataset(con)
        begun = data.first_day and data.first_day <= through
        return Span(data.first_day, min(through, data.last_day)) if begun else None
    usual = median(incidents for _, incidents, *_ in months)
    first = next(first for _, incidents, first, *_ in months if incidents >= _LEAST_SHARE * usual)
    if first != months[0][2]:
        first = first.replace(day=1)
    last = months[-1][3]
    a_day = sum(recent for *_, recent in months) / _RECENT
    return Span(
        first,
        through if (through - last).days * a_day < _QUIET else last,
        _between(first, {month for month, *_ in months}) if usual >= _QUIET else (),
    )


def _between(first: date, seen: set[date]) -> tuple[date, ...]:
    """Return the months from that of `first` to the last one seen that were not seen."""
    month, found = first.replace(day=1), []
    while month < max(seen):
        found += [month] if month not in seen else []
        month = (month + timedelta(days=31)).replace(day=1)
    return tuple(found)
