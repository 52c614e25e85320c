"""The page for everybody that a reader chooses on: the published steps of every place, no sums."""

import json
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.core import asking
from analysis.core.audience import PUBLIC, PUBLIC_PAGE
from analysis.core.selection import Selection
from analysis.public import figures, tables, words
from analysis.public.protection import STEP
from analysis.reports.interactive import NAME
from analysis.reports.page import Beside
from analysis.reports.render import file, markdown, render

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TITLE = "Offentlige tal for alle steder"
# The notebook whose report it stands beside.
BESIDE = PUBLIC_PAGE
LINK = Beside(NAME, TITLE, "Vælg selv sted og halvår i", "de offentlige tal for alle steder")
# A count that is left out, among numbers.
_LEFT_OUT = -1


def page(con: "DuckDBPyConnection", selection: Selection, parameters: str, _: str = PUBLIC) -> str:
    """Return the HTML of every place's public numbers, opened at the selection's.

    `parameters` is the file that asked for it. Raises SelectionError as `figures.check`.
    """
    figures.check(con, selection)
    asked = asking.resolve(con, selection)
    found = figures.every_place(con, asked).fillna({"at_least": _LEFT_OUT})
    columns = list(dict.fromkeys(zip(found["dimension"], found["name"], strict=True)))
    places = sorted(set(zip(found["district"], found["location"], strict=True)))
    wide = found.pivot(
        index=["period", "district", "location"], columns=["dimension", "name"], values="at_least"
    )
    # A name that nobody used in a half-year is under the first step; a place is not there.
    wide = wide[columns].fillna(0).astype(int)
    rows = {place: row for place, *row in wide.itertuples(name=None)}
    periods = list(dict.fromkeys(found["period"]))
    payload = {
        "step": STEP,
        "under": tables.step(0),
        "leftOut": tables.LEFT_OUT,
        "steps": [[rows.get((period, *place)) for place in places] for period in periods],
    }
    return render(
        "everybody.html",
        file("everybody.js"),
        title=TITLE,
        of="",
        parameters=parameters,
        report=BESIDE,
        data=[asking.dataset(con)],
        extra=Markup(file("interactive.css")),
        headings=tables.HEADINGS,
        dimensions={
            dimension: [(n, name) for n, (each, name) in enumerate(columns) if each == dimension]
            for dimension in figures.DIMENSIONS
        },
        places=[(n, district, location) for n, (district, location) in enumerate(places)],
        opened=next(n for n, place in enumerate(places) if _is_of(asked, *place)),
        city=asked.city,
        periods=periods,
        protected=Markup(markdown()(words.protected(found.iloc[:0], asked.place).data)),
        payload=Markup(json.dumps(payload, separators=(",", ":")).replace("<", "\\u003c")),
    )


def _is_of(asked: Selection, district: str, location: str) -> bool:
    return location == (asked.location or "") and (
        district == (asked.district or "") or bool(asked.location and not asked.district)
    )
