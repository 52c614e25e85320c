"""The barometer that a reader filters: one page over a cube of counts, beside the reports."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup
from pandas import NaT

from analysis.barometer import cube, words
from analysis.barometer.cube import Cube
from analysis.core import asking, danish, known, taxonomy
from analysis.core.audience import ANALYST, INTERNAL, check
from analysis.core.headings import BLANK, DIMENSIONS, HEADINGS
from analysis.core.selection import FILTERS, Selection
from analysis.measures import timeline
from analysis.nowcast.words import in_short
from analysis.reports.page import Beside
from analysis.reports.render import file, markdown, render
from analysis.show.charts import theme

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

TITLE = "Interaktivt barometer"
# The file's name, and the notebook whose report it stands beside.
NAME, BESIDE = "barometer", "02_barometer"
LINK = Beside(
    NAME,
    TITLE,
    "Filtrér selv på måned, time, type, sted og mere i",
    "det interaktive barometer",
)
# What unfolds from one to the other.
_TREE = ("district", "location")
_SLICERS = (*(name for name in FILTERS if name not in _TREE), "self_service")
_BARS = tuple(name for name in DIMENSIONS if name not in _TREE)
_HEADINGS = HEADINGS | {"self_service": "Selvbetjent åbningstid", "hour": "Tidspunkt på dagen"}
_SELF_SERVICE = {True: "Ja", False: "Nej", None: "Ukendt"}
# Only one type has subcategories, so most blanks there are another type.
BLANK_NAMES = {"hour": "Ukendt tidspunkt", "subcategory": "Andre typer eller ikke angivet"}
# What is called otherwise in the middle of a sentence.
_IN_SENTENCE = {
    "hour": "tidspunktet på dagen",
    "subcategory": "underkategorien",
    "demography": "demografien",
    "location": "lokationen",
    "district": "bydelen",
    "facility": "faciliteten",
}


class Span(NamedTuple):
    """A period to choose: its name, its short one, its months, and which of them the data hold.

    `unsettled` is what is still to be reported of it, in words.
    """

    name: str
    short: str
    months: tuple[date, ...]
    whole: tuple[bool, ...]
    unsettled: str = ""


class Choice(NamedTuple):
    """A value that one can filter by: its place in the cube, its words, short ones, its colour."""

    place: int
    label: str
    short: str
    colour: str


class Band(NamedTuple):
    """A measure among the months of all periods.

    Its location's place in the cubes, -1 for none, the first of its months and the one after its
    last, and its words.
    """

    location: int
    first: int
    after: int
    told: str


class DistrictPlaces(NamedTuple):
    """A district with its locations."""

    district: Choice
    locations: tuple[Choice, ...]


def page(
    con: "DuckDBPyConnection", selection: Selection, parameters: str, audience: str = INTERNAL
) -> str:
    """Return the HTML of a selection's barometer, `parameters` being the file that asked for it.

    The same period of every season can be chosen. Only analysts can cross the hour with the place.
    """
    asked = asking.resolve(con, selection)
    data = asking.dataset(con)
    seasons = [one for one in data.seasons if one != asked.season]
    periods = [asked.in_season(one) for one in seasons]
    periods = [*(one for one in periods if data.touches(one)), asked]
    periods.sort(key=lambda one: one.interval)
    cubes, apart = _cubes(con, periods, check(audience))
    return of(
        cubes,
        data,
        [span_of(con, one) for one in periods],
        opened=periods.index(asked),
        place=asked.place,
        chosen=asked.narrowed,
        parameters=parameters,
        covered=data.covers(asked),
        measures=timeline.measures(con, periods[-1]),
        apart=apart,
    )


def _cubes(
    con: "DuckDBPyConnection", periods: Sequence[Selection], audience: str
) -> tuple[list[Cube], str]:
    """Return the cubes that an audience may have, and what they keep apart, in a sentence.

    Together place, hour and what is known of a person leave most incidents alone in their cell.
    """
    if audience == ANALYST:
        return [cube.of(con, periods), cube.of(con, periods, without=cube.PERSONS)], ""
    told = f"Tidspunktet på dagen står i blokke på {cube.HOURS} timer og kan"
    if any(getattr(periods[0], name) for name in cube.PLACES):
        without = cube.APART
        told += " ikke krydses med andet."
    else:
        without = cube.PLACES
        told += f" ikke krydses med {danish.listing([_in_sentence(each) for each in without])}."
    return [
        cube.of(con, periods, without=("hour",)),
        cube.of(con, periods, without=without, hours=cube.HOURS),
    ], told


def span_of(con: "DuckDBPyConnection", period: Selection) -> Span:
    """Return a selection's period as one to choose."""
    data = asking.dataset(con)
    lacking = known.without_data(con, period.months)
    after = period.interval[1]
    whole = [
        month not in lacking
        and data.first_day.replace(day=1) <= month
        and data.last_day >= min(_next(month), after) - timedelta(1)
        for month in period.months
    ]
    name = period.name if period.first_day or period.last_day else period.period
    return Span(name, period.name, tuple(period.months), tuple(whole), in_short(con, period))


def _next(month: date) -> date:
    return (month + timedelta(31)).replace(day=1)


def of(
    cubes: Sequence[Cube],
    data: asking.Dataset,
    periods: Sequence[Span],
    *,
    opened: int,
    place: str,
    parameters: str,
    chosen: Sequence[str] = (),
    covered: bool = True,
    measures: "DataFrame | None" = None,
    apart: str = "",
) -> str:
    """Return the HTML of one or several cubes of the same periods, `opened` being shown first.

    What no cube holds together cannot be crossed, and the page says so. `place` and `chosen` say in
    words what the cubes hold, `covered` whether the data hold the whole period shown first.
    `measures` are those of `measures.timeline`, to stand above the months; `apart` says what the
    page's audience cannot cross.
    """
    hours = next((one.hours for one in cubes if "hour" not in one.dropped), 1)
    # Blocks of other hours are no values of the same dimension.
    cubes = [
        one if one.hours == hours else replace(one, dropped=(*one.dropped, "hour")) for one in cubes
    ]
    values = {name: _merged(cubes, name) for name in cube.CUBE_DIMENSIONS}
    months = _months(periods)
    shown = {
        name: _shown(name, values[name], hours)
        for name in cube.CUBE_DIMENSIONS
        if any(name not in one.dropped for one in cubes)
    }
    shown["month"] = months
    return render(
        "interactive.html",
        file("interactive.js"),
        title=TITLE,
        of=f"{place}, {periods[opened].name}",
        place=place,
        chosen=" · ".join(chosen),
        parameters=parameters,
        report=BESIDE,
        not_covered="" if covered else words.NOT_COVERED,
        data=[data],
        extra=Markup(file("interactive.css")),
        total=sum(row[-1] for row in cubes[0].cells),
        shown=shown,
        periods=periods,
        opened=opened,
        names=_HEADINGS,
        slicers=[name for name in _SLICERS if name in shown],
        bars=[name for name in _BARS if name in shown],
        week=any({"weekday", "hour"}.isdisjoint(one.dropped) for one in cubes),
        places=_places(cubes[0], shown["district"], shown.get("location", ()), values),
        types=[Choice(n, label, label, "") for n, label in enumerate(taxonomy.CATEGORY_LABELS)],
        helpers=_helpers(cubes),
        weights=Markup(markdown()(words.inferred_weights().data)),
        coarsened=_coarsened(cubes, 1 if apart else hours),
        apart=apart,
        unknown=danish.UNKNOWN if not all(all(one.whole) for one in periods) else "",
        lanes=_lanes(measures, periods, values),
        payload=Markup(
            json.dumps(
                _payload(cubes, data, periods, opened, place, shown, values),
                ensure_ascii=False,
                separators=(",", ":"),
            ).replace("<", "\\u003c")
        ),
    )


def _merged(cubes: Sequence[Cube], name: str) -> list:
    """Return the values of a dimension in the order of the first cube that has it, blank last."""
    found = [value for one in cubes if name not in one.dropped for value in one.values[name]]
    return sorted(dict.fromkeys(found), key=lambda value: value is None)


def _months(periods: Sequence[Span]) -> tuple[Choice, ...]:
    """Return the places of the months in a period, which all periods have alike."""
    longest = max((one.months for one in periods), key=len)
    return tuple(
        Choice(n, danish.MONTHS[month.month - 1], danish.MONTHS[month.month - 1][:3], "")
        for n, month in enumerate(longest)
    )


def _shown(name: str, values: Sequence, hours: int) -> tuple[Choice, ...]:
    labels = [_label(name, value, hours) for value in values]
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
    if name == "hour":
        return danish.hours(value, value + hours)
    return danish.capital(value) if name == "weekday" else value


def _short(name: str, value: str | int | date | bool | None, label: str) -> str:
    if name == "hour":
        return "?" if value is None else str(value)
    return label


def _places(
    counted: Cube, districts: Sequence[Choice], locations: Sequence[Choice], values: dict[str, list]
) -> tuple[DistrictPlaces, ...]:
    """Return the districts with the locations that have incidents there."""
    of_district, of_location = (cube.CUBE_DIMENSIONS.index(name) for name in _TREE)
    own = [counted.values[name] for name in _TREE]
    pairs = {(own[0][row[of_district]], own[1][row[of_location]]) for row in counted.cells}
    return tuple(
        DistrictPlaces(
            each,
            tuple(
                one
                for one in locations
                if (values["district"][each.place], values["location"][one.place]) in pairs
            ),
        )
        for each in districts
    )


def _lanes(
    measures: "DataFrame | None", periods: Sequence[Span], values: dict[str, list]
) -> dict[str, list[Band]]:
    """Return the measures of each kind that ran in some of the months of the periods."""
    months = [month for period in periods for month in period.months]
    lanes: dict[str, list[Band]] = {}
    where = {location: n for n, location in enumerate(values["location"])}
    for one in () if measures is None else measures.dropna(subset="starts").itertuples():
        starts, ends = (None if day is NaT else day.date() for day in (one.starts, one.ends))
        ran = [
            n
            for n, month in enumerate(months)
            if starts < _next(month) and (ends is None or month <= ends)
        ]
        if ran:
            told = f"{one.kind}, {one.location}: {danish.days(starts, ends)}"
            band = Band(where.get(one.location, -1), ran[0], ran[-1] + 1, told)
            lanes.setdefault(one.kind, []).append(band)
    return lanes


def _coarsened(cubes: Sequence[Cube], hours: int) -> str:
    """Say what was given up to keep the page small, beside blocks of so many hours."""
    parts = []
    if hours > 1:
        parts.append(f"Timerne er samlet i blokke på {hours} timer.")
    first, *others = cubes
    given_up = [
        name
        for name in first.dropped
        if name != "weekday" and all(name in one.dropped for one in others)
    ]
    if given_up:
        left_out = danish.listing([_in_sentence(name) for name in given_up])
        parts.append(f"Der kan ikke filtreres på {left_out}.")
    reason = "Udvalget har for mange kombinationer til én side, så siden er gjort grovere: "
    return reason + " ".join(parts) if parts else ""


def _in_sentence(name: str) -> str:
    return _IN_SENTENCE.get(name, _HEADINGS[name].lower())


def _payload(
    cubes: Sequence[Cube],
    data: asking.Dataset,
    periods: Sequence[Span],
    opened: int,
    place: str,
    shown: dict[str, tuple[Choice, ...]],
    values: dict[str, list],
) -> dict:
    """Return what the page computes with: whole numbers in columns, and the words for them."""
    where = {
        month: (n, k) for n, period in enumerate(periods) for k, month in enumerate(period.months)
    }
    return {
        "names": {name: _HEADINGS[name] for name in shown},
        "inSentence": {name: _in_sentence(name) for name in shown},
        "labels": {name: [each.label for each in shown[name]] for name in shown},
        "periods": [
            {
                "name": one.name,
                "short": one.short,
                "whole": one.whole,
                "length": len(one.months),
                "unsettled": one.unsettled,
            }
            for one in periods
        ],
        "opened": opened,
        "months": [where[month] for month in values["month"]],
        "cubes": [_columns(one, values, _helpers(cubes)) for one in cubes],
        "helpers": len(_helpers(cubes)),
        "notKnown": danish.UNKNOWN,
        "weights": [taxonomy.WEIGHTS[label] for label in values["category"]],
        "types": [taxonomy.CATEGORY_LABELS.index(label) for label in values["category"]],
        "place": place,
        "source": f"Kilde: Tryghedsbarometer, data til og med {danish.day(data.last_day)}."
        if data.last_day
        else "",
        "warning": "Syntetiske data." if data.synthetic else "",
    }


def _helpers(cubes: Sequence[Cube]) -> list[str]:
    return sorted({name for one in cubes for name in one.helpers})


def _columns(counted: Cube, values: dict[str, list], helpers: Sequence[str]) -> dict:
    """Return a cube as columns of places in `values`, and its help, of places in `helpers`."""
    columns = list(zip(*counted.cells, strict=True)) or [()] * (len(cube.CUBE_DIMENSIONS) + 1)
    helped = [(row[0], helpers.index(counted.helpers[row[1]]), *row[2:]) for row in counted.help]
    helped = list(zip(*helped, strict=True)) or [()] * 4
    places = {
        name: [values[name].index(value) for value in counted.values[name]]
        for name in cube.CUBE_DIMENSIONS
        if name == "month" or name not in counted.dropped
    }
    told = {
        name: [places[name][place] for place in column]
        for name, column in zip(cube.CUBE_DIMENSIONS, columns, strict=False)
        if name in places
    }
    calls = dict(zip(("cell", "helper", "called", "arrived"), helped, strict=True))
    return {
        "month": told.pop("month"),
        "byMonth": "month" not in counted.dropped,
        "columns": told,
        "incidents": columns[-1],
        "help": None if "help" in counted.dropped else calls,
    }
