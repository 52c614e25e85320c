"""The barometer that a reader filters: one page over a cube of counts, beside the reports."""

import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from analysis.barometer import cube, words
from analysis.barometer.cube import Cube
from analysis.core import asking, danish, known, taxonomy
from analysis.core.headings import BLANK, DIMENSIONS, HEADINGS
from analysis.core.selection import FILTERS, Selection
from analysis.reports.page import Beside
from analysis.reports.render import file, markdown, render
from analysis.show.charts import theme

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TITLE = "Interaktivt barometer"
# The file's name, and the notebook whose report it stands beside.
NAME, BESIDE = "barometer", "02_barometer"
# The tag of the cell that draws the timeline there.
TIMELINE = "timeline"
LINK = Beside(
    NAME,
    TITLE,
    "Filtrér selv på måned, time, type, sted og mere i",
    "det interaktive barometer",
)
# What unfolds from one to the other.
_TREE = ("district", "location")
_SLICERS = (*(name for name in FILTERS if name not in _TREE), "self_service")
_BARS = tuple(name for name in cube.CUBE_DIMENSIONS if name in DIMENSIONS and name not in _TREE)
_HEADINGS = HEADINGS | {"self_service": "Selvbetjent åbningstid", "hour": "Tidspunkt på dagen"}
_SELF_SERVICE = {True: "Ja", False: "Nej", None: "Ukendt"}
# Only one type has subcategories, so most blanks there are another type.
BLANK_NAMES = {"hour": "Ukendt tidspunkt", "subcategory": "Andre typer eller ikke angivet"}
_LEFT_OUT = {
    "hour": "tidspunktet på dagen",
    "subcategory": "underkategorien",
    "victim": "forurettede",
    "self_service": "selvbetjent åbningstid",
    "demography": "demografien",
    "location": "lokationen",
}


class Choice(NamedTuple):
    """A value that one can filter by: its place in the cube, its words, short ones, its colour."""

    place: int
    label: str
    short: str
    colour: str


class DistrictPlaces(NamedTuple):
    """A district with its locations."""

    district: Choice
    locations: tuple[Choice, ...]


def page(
    con: "DuckDBPyConnection", selection: Selection, parameters: str, timeline: str = ""
) -> str:
    """Return the HTML of a selection's barometer, `parameters` being the file that asked for it.

    `timeline` is the HTML of a figure that shows the whole selection, however it is filtered.
    """
    asked = asking.resolve(con, selection)
    data = asking.dataset(con)
    return of(
        cube.of(con, [selection]),
        data,
        heading=f"{asked.place}, {asked.period}",
        chosen=" · ".join([asked.dates, *asked.narrowed]),
        parameters=parameters,
        covered=data.covers(asked),
        lacking=known.without_data(con, asked.months),
        timeline=timeline,
    )


def of(
    counted: Cube,
    data: asking.Dataset,
    *,
    heading: str,
    chosen: str,
    parameters: str,
    covered: bool = True,
    lacking: Sequence[date] = (),
    timeline: str = "",
) -> str:
    """Return the HTML of a cube; `heading` and `chosen` say in words what it holds.

    `covered` says whether the data hold its whole period, `lacking` the months without data.
    """
    shown = {name: _shown(counted, name) for name in cube.CUBE_DIMENSIONS}
    for name in counted.dropped:
        shown[name] = ()
    unknown = [n for n, month in enumerate(counted.values["month"]) if month in lacking]
    return render(
        "interactive.html",
        file("interactive.js"),
        title=TITLE,
        of=heading,
        chosen=chosen,
        parameters=parameters,
        report=BESIDE,
        not_covered="" if covered else words.NOT_COVERED,
        data=[data],
        extra=Markup(file("interactive.css")),
        total=sum(row[-1] for row in counted.cells),
        shown=shown,
        names=_HEADINGS,
        slicers=[name for name in _SLICERS if shown[name]],
        bars=[name for name in _BARS if shown[name]],
        places=_places(counted, shown["district"], shown["location"]),
        types=[Choice(n, label, label, "") for n, label in enumerate(taxonomy.CATEGORY_LABELS)],
        helpers=counted.helpers,
        weights=Markup(markdown()(words.inferred_weights().data)),
        coarsened=_coarsened(counted),
        unknown=danish.UNKNOWN if unknown else "",
        timeline=Markup(timeline),
        payload=Markup(
            json.dumps(
                _payload(counted, shown, unknown), ensure_ascii=False, separators=(",", ":")
            ).replace("<", "\\u003c")
        ),
    )


def _shown(counted: Cube, name: str) -> tuple[Choice, ...]:
    values = counted.values[name]
    labels = [_label(name, value, counted.hours) for value in values]
    colours = theme.colours(labels) if name == "category" else {}
    return tuple(
        Choice(place, label, _short(name, value, label), colours.get(label, theme.NEUTRAL))
        for place, (value, label) in enumerate(zip(values, labels, strict=True))
    )


def _label(name: str, value: str | int | date | bool | None, hours: int) -> str:
    if name == "self_service":
        return _SELF_SERVICE[value]
    if value is None:
        return BLANK_NAMES.get(name, BLANK)
    if name == "month":
        return danish.month(value)
    return danish.hours(value, value + hours) if name == "hour" else value


def _short(name: str, value: str | int | date | bool | None, label: str) -> str:
    if name == "month":
        return danish.MONTHS[value.month - 1][:3]
    if name == "hour":
        return "?" if value is None else str(value)
    return label


def _places(
    counted: Cube, districts: Sequence[Choice], locations: Sequence[Choice]
) -> tuple[DistrictPlaces, ...]:
    """Return the districts with the locations that have incidents there."""
    of_district, of_location = (cube.CUBE_DIMENSIONS.index(name) for name in _TREE)
    pairs = {(row[of_district], row[of_location]) for row in counted.cells}
    return tuple(
        DistrictPlaces(each, tuple(one for one in locations if (each.place, one.place) in pairs))
        for each in districts
    )


def _coarsened(counted: Cube) -> str:
    """Say what was given up to keep the page small."""
    parts = []
    if counted.hours > 1:
        parts.append(f"Timerne er samlet i blokke på {counted.hours} timer.")
    if counted.dropped:
        left_out = danish.listing(
            [_LEFT_OUT.get(name, _HEADINGS[name].lower()) for name in counted.dropped]
        )
        parts.append(f"Der kan ikke filtreres på {left_out}.")
    reason = "Udvalget har for mange kombinationer til én side, så siden er gjort grovere: "
    return reason + " ".join(parts) if parts else ""


def _payload(counted: Cube, shown: dict[str, tuple[Choice, ...]], unknown: Sequence[int]) -> dict:
    """Return what the page computes with: whole numbers in columns, and the words for them."""
    columns = list(zip(*counted.cells, strict=True)) or [()] * (len(cube.CUBE_DIMENSIONS) + 1)
    helped = list(zip(*counted.help, strict=True)) or [()] * 4
    return {
        "names": {name: _HEADINGS[name] for name in cube.CUBE_DIMENSIONS},
        "labels": {name: [each.label for each in shown[name]] for name in cube.CUBE_DIMENSIONS},
        "columns": dict(zip(cube.CUBE_DIMENSIONS, columns[:-1], strict=True)),
        "incidents": columns[-1],
        "help": dict(zip(("cell", "helper", "called", "arrived"), helped, strict=True)),
        "helpers": len(counted.helpers),
        "unknown": {"month": unknown},
        "notKnown": danish.UNKNOWN,
        "weights": [taxonomy.WEIGHTS[label] for label in counted.values["category"]],
        "types": [taxonomy.CATEGORY_LABELS.index(label) for label in counted.values["category"]],
    }
