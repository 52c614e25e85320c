"""What is chosen, written down: as code for a cell, and as a parameters file for the reports."""

import json
from typing import TYPE_CHECKING

import yaml
from IPython.display import Markdown

from analysis.core import asking
from analysis.core.database import ROOT
from analysis.core.selection import FILTERS, Selection, Several
from analysis.explore.views import LIST
from analysis.reports.blocks import slug
from analysis.show.charts.files import write

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FOLDER = ROOT / "params"

_BARS = "charts.bars(barometer.count_by(con, selection, by), by)"
_MONTHS = "charts.per_month(known.covered(con, barometer.per_month(con, selection, by)), by)"
_HOURS = "charts.time_of_day(barometer.time_of_day(con, selection, by), by)"
_SCORES = "charts.score_by(barometer.score_by(con, selection, by), by)"
_MATRIX = "charts.matrix(barometer.matrix(con, selection, by), by)"
# What draws each view of `views.VIEWS`, or lists it.
CODE = {
    "Overblik": f"display(\n    {_BARS},\n    {_MONTHS},\n    {_HOURS},\n)",
    "Antal": _BARS,
    "Indmeldinger over tid": """\
charts.over_time(barometer.over_time(con, selection, by), by, interval=selection.interval)""",
    "Indmeldinger pr. måned": _MONTHS,
    "Tidspunkt på dagen": _HOURS,
    "Bydele, relativ score": f'by = "district"\n{_SCORES}',
    "Lokationer, relativ score": f'by = "location"\n{_SCORES}',
    "Bydele og urotyper": f'by = "district"\n{_MATRIX}',
    "Lokationer og urotyper": f'by = "location"\n{_MATRIX}',
    "Tilkaldt hjælp": "charts.help_called(barometer.help_called(con, selection))",
    "Ugedag og time": """\
week = presence.week(presence.timed(con, selection), presence.open_hours(con, selection))
charts.week(week, presence.shifts(con, selection), selection.place)""",
    "Kort": """\
charts.map(
    barometer.score_by(con, selection, "district"),
    barometer.places(con, selection),
    whole_city=selection.is_city,
)""",
    "Sammenligning med sæsonen før": """\
seasons = [selection.season.previous, selection.season]
counts = known.covered(con, barometer.compare_seasons(con, selection, seasons))
before = barometer.year_before(con, selection)
display(
    charts.season_comparison(counts),
    charts.bars(
        barometer.count_by(con, selection, by), by, before=before(barometer.count_by, by)
    ),
)""",
    LIST: "views.incident_list(con, selection)",
}
_IMPORTS = {
    "barometer": "analysis",
    "known": "analysis.core",
    "views": "analysis.explore",
    "presence": "analysis.measures",
    "charts": "analysis.show",
}


def code(selection: Selection, view: str, by: str) -> str:
    """Return what is chosen as code that gives the same in a cell of a notebook."""
    asked = ", ".join(
        f"{name}={_literal(value)}"
        for name, value in parameters(selection).items()
        if value is not None or name == "half"
    )
    lines = [
        f"from {package} import {name}"
        for name, package in _IMPORTS.items()
        if f"{name}." in f"barometer. {CODE[view]}"
    ]
    lines += ["", f"selection = barometer.Selection({asked})"]
    if "by)" in CODE[view] and "by =" not in CODE[view]:
        lines.append(f"by = {_literal(by)}")
    return "\n".join([*lines, CODE[view]])


def _literal(value: object) -> str:
    is_text = isinstance(value, str | list)
    return json.dumps(value, ensure_ascii=False) if is_text else repr(value)


def parameters(selection: Selection) -> dict[str, object]:
    """Return what a parameters file says of a selection: what is all is empty."""
    given = {
        name: list(value) if isinstance(value, Several) else value
        for name in (*FILTERS, "self_service")
        if (value := getattr(selection, name)) is not None
    }
    days = {
        name: day.isoformat()
        for name in ("first_day", "last_day")
        if (day := getattr(selection, name))
    }
    # A notebook that papermill runs alone keeps its own place where a file names none.
    place = {"location": None}
    return {"season": selection.season.name, "half": selection.half, **place, **given, **days}


def save_parameters(con: "DuckDBPyConnection", selection: Selection) -> Markdown:
    """Write a selection as a parameters file of the reports, if there is none; say where."""
    words = asking.resolve(con, selection).words
    file = FOLDER / f"{slug(words)[:100]}.yaml"
    content = yaml.safe_dump(parameters(selection), allow_unicode=True, sort_keys=False)
    if file.exists():
        return Markdown(f"`{file.name}` findes allerede i mappen `{FOLDER.name}` og er uændret.")
    return write(file, f"# {words}\n{content}".encode())
