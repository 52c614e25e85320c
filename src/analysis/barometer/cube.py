"""The incidents of a selection as counts of combinations, so that a page can filter by itself."""

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from analysis.core import asking, danish, headings, taxonomy
from analysis.core.database import sql
from analysis.core.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from duckdb import DuckDBPyConnection

CUBE_DIMENSIONS = ("month", "hour", *headings.DIMENSIONS, "self_service")
# A cell that tells of a person and the hour tells of no weekday, so as not to be near a single day.
PERSONS = ("subcategory", "victim", "demography")
PLACES = ("district", "location", "facility")
# The blocks of hours of a reader who may not see more, and what such a block of a known place is
# kept apart from: all else, of the month and of who was called too.
HOURS = 4
APART = (*(name for name in CUBE_DIMENSIONS if name != "hour"), "help")
# A cell takes 27 bytes of a page at the most, a row of help fewer: 1.6 MB in all.
MOST_CELLS = 60_000
# What is given up, one after another, where there are more; months, types, facilities and
# districts never are, and bound the last of them.
_STEPS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (1, ()),
    (4, ()),
    (4, ("subcategory",)),
    (12, ("subcategory",)),
    (1, ("subcategory", "hour")),
    (1, ("subcategory", "hour", "victim")),
    (1, ("subcategory", "hour", "victim", "self_service")),
    (1, ("subcategory", "hour", "victim", "self_service", "demography")),
    (1, ("subcategory", "hour", "victim", "self_service", "demography", "location")),
)


@dataclass(frozen=True)
class Cube:
    """Counts of combinations: the values of each dimension, and a row for each combination met.

    `values` holds each dimension's values in the order to show them, None being the blank; a row of
    `cells` is a place in each of these, in the order of CUBE_DIMENSIONS, then the incidents. A row
    of `help` is a place in `cells`, one in `helpers`, and the incidents the helper was called and
    came to. `hours` is the length of a block of hours; `dropped` names the dimensions left out,
    whose one value is None, and "help" where that is left out. Where the months are, each cell
    stands in the first month of its selection.
    """

    values: dict[str, tuple]
    cells: tuple[tuple[int, ...], ...]
    helpers: tuple[str, ...]
    help: tuple[tuple[int, int, int, int], ...]
    hours: int
    dropped: tuple[str, ...]


def of(
    con: "DuckDBPyConnection",
    selections: "Sequence[Selection]",
    most: int = MOST_CELLS,
    without: "Sequence[str]" = ("weekday",),
    hours: int = 1,
) -> Cube:
    """Return the cube of one or several selections, coarsened until its size is at most so much.

    The size, cells and rows of help together, grows with the combinations that occur, not with the
    incidents. Where the last step has still more, it is taken whole. `without` names dimensions
    that are left out from the first, `hours` the shortest blocks of them.
    """
    for longer, coarser in _STEPS:
        hours = max(hours, longer)
        dropped = tuple(dict.fromkeys([*without, *coarser]))
        limit = None if coarser == _STEPS[-1][1] else most + 1
        rows = []
        for selection in selections:
            given = {"hours": hours, "dropped": list(dropped), "most": limit}
            con.execute(sql("barometer/cube"), asking.bound(con, selection) | given)
            places = [column[0] for column in con.description]
            in_order = itemgetter(*map(places.index, (*CUBE_DIMENSIONS, "incidents", "help")))
            rows += map(in_order, con.fetchall())
        if len(rows) + sum(len(row[-1]) for row in rows) <= most:
            break
    values = {
        name: (None,)
        if name in dropped and name != "month"
        else _values(name, [(row[place], row[-2]) for row in rows], selections, hours)
        for place, name in enumerate(CUBE_DIMENSIONS)
    }
    places = [{value: n for n, value in enumerate(values[name])} for name in CUBE_DIMENSIONS]
    called = [(cell, each) for cell, row in enumerate(rows) for each in row[-1]]
    helpers = sorted({each[0] for _, each in called})
    return Cube(
        values,
        tuple(
            (*(where[value] for where, value in zip(places, row, strict=False)), row[-2])
            for row in rows
        ),
        tuple(helpers),
        tuple((cell, helpers.index(name), *counts) for cell, (name, *counts) in called),
        hours,
        dropped,
    )


def _values(
    name: str, counted: "Iterable[tuple]", selections: "Sequence[Selection]", hours: int
) -> tuple:
    """Return a dimension's values in the order of the views, blank last."""
    totals: dict = {}
    for value, incidents in counted:
        totals[value] = totals.get(value, 0) + incidents
    if name == "month":
        return tuple(sorted({month for each in selections for month in each.months}))
    if name == "hour":
        known: list = list(range(0, 24, hours))
    elif name == "weekday":
        known = list(danish.WEEKDAYS)
    elif name == "self_service":
        known = [True, False]
    else:
        order = taxonomy.order(name)
        present = [value for value in totals if value is not None]
        present.sort(
            key=lambda value: (
                order.index(value) if value in order else len(order),
                -totals[value],
                value,
            )
        )
        known = present
    return (*known, *([None] if None in totals else []))
