"""Which days the data cover, as far as it can be told on a day: nothing later is asked."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import dropwhile, pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from analysis.core.asking import dataset
from analysis.core.database import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

# Time without incidents is taken for quiet, not for missing data, as long as fewer than so many
# would have been expected in it: at the end by the last days before it, of which there are so many,
# else by the other months, of which there are so many.
_QUIET, _RECENT, _LEAST_MONTHS = 10, 90, 6
# The data begin with the first month that has such a share of what months usually have: the few
# incidents before it are late reports, or slips, of a time that the export does not cover.
_LEAST_SHARE = 0.1


class Span(NamedTuple):
    """The first and the last day covered, and months between that have no data (first days)."""

    first: date
    last: date
    missing: tuple[date, ...] = ()


class _Month(NamedTuple):
    """A month with incidents, as `known_months.sql` says."""

    month: date
    incidents: int
    first_day: date
    last_day: date
    recent: int


def span(con: "DuckDBPyConnection", through: date) -> Span | None:
    """Return the days that the data cover, known on the day `through`; None where there are none.

    What was reported after that day counts as little as what happened after it. The last day is
    `through`, unless there are so many days without incidents before it that data are missing; it
    is then that of the last incident. Months without incidents are missing where they are many for
    what the others have; the few incidents before such months do not begin the data.
    Where no incident was known, the days are the database's own, if the register has a place.
    """
    asked = {"through": through, "recent": _RECENT}
    months = [_Month(*row) for row in con.execute(sql("core/known_months"), asked).fetchall()]
    if not months:
        data = dataset(con)
        begun = data.first_day and data.first_day <= through
        has_places = con.execute("select exists(from location)").fetchall()[0][0]
        return Span(data.first_day, min(through, data.last_day)) if begun and has_places else None
    begun = _from_beginning(months)
    first = begun[0].first_day if begun[0] is months[0] else begun[0].month
    last = months[-1].last_day
    a_day = sum(one.recent for one in months) / _RECENT
    return Span(
        first,
        through if (through - last).days * a_day < _QUIET else last,
        tuple(month for gap in _gaps(begun) if _is_missing(gap, begun) for month in gap),
    )


def _from_beginning(months: Sequence[_Month]) -> Sequence[_Month]:
    """Return the months that the data cover, those before their beginning left out."""
    for gap in _gaps(months):
        before = [one for one in months if one.month < gap[0]]
        if sum(one.incidents for one in before) < _QUIET and _is_missing(gap, months):
            months = months[len(before) :]
    least = _LEAST_SHARE * median(one.incidents for one in months)
    return list(dropwhile(lambda one: one.incidents < least, months))


def _gaps(months: Sequence[_Month]) -> list[list[date]]:
    """Return the months between those given that are not among them, those in a row together."""
    found = []
    for one, other in pairwise(months):
        gap, month = [], _next(one.month)
        while month < other.month:
            gap.append(month)
            month = _next(month)
        found += [gap] if gap else []
    return found


def _is_missing(gap: Sequence[date], months: Sequence[_Month]) -> bool:
    """Return whether a gap is too long to be quiet, by how many incidents the other months have."""
    whole = 1 + 12 * (months[-1].month.year - months[0].month.year)
    whole += months[-1].month.month - months[0].month.month
    usual = sum(one.incidents for one in months) / (whole - len(gap))
    # A few months with few incidents say nothing of what is usual.
    return usual >= _QUIET or (len(months) >= _LEAST_MONTHS and len(gap) * usual >= _QUIET)


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def covered(con: "DuckDBPyConnection", view: "DataFrame") -> "DataFrame":
    """Return a view by month (`month, incidents` …), nothing instead of 0 where there are no data.

    A month outside what the data cover that has incidents all the same keeps its counts.
    """
    sums = view.groupby("month")["incidents"].sum()
    lacking = without_data(con, (month.date() for month in sums.index[sums == 0]))
    if not lacking:
        return view
    unknown = view["month"].dt.date.isin(lacking)
    return view.assign(incidents=view["incidents"].astype("Int64").mask(unknown))


def without_data(con: "DuckDBPyConnection", months: Iterable[date]) -> list[date]:
    """Return those of some months (first days) of which the data, as known now, cover no day."""
    data = dataset(con)
    found = span(con, data.last_day) if data.last_day else None
    if not found:
        return list(months)
    # The database's own first day stands, unless it is that of a late report.
    before = "select exists(from incident where occurred_at < $1)"
    is_late = con.execute(before, [found.first]).fetchall()[0][0]
    first = found.first if is_late else data.first_day
    return [
        month
        for month in months
        if month in found.missing or month > found.last or _next(month) <= first
    ]
