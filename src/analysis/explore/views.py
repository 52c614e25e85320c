"""The barometer's views by the names they are chosen by: a selection in, charts and tables out."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from analysis import barometer
from analysis.barometer import Selection
from analysis.barometer import words as barometer_words
from analysis.core import asking
from analysis.core.headings import DIMENSIONS
from analysis.core.known import covered
from analysis.measures import presence
from analysis.measures.tables import incidents_by_hour
from analysis.show import charts
from analysis.show.charts.files import source
from analysis.show.charts.theme import MOST_NAMES
from analysis.show.phrases import crossed, gathered
from analysis.show.tables import table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

View = Callable[["DuckDBPyConnection", Selection, str], list]

OVERVIEW = "Overblik"
# For an analyst's eyes: its rows are incidents, which stand in no file.
LIST = "Hændelserne, en for en"


def shown(
    con: "DuckDBPyConnection", selection: Selection, view: str = OVERVIEW, by: str = "category"
) -> list:
    """Return what a view of VIEWS shows: the selection and its figures in words, charts, tables.

    `by` is the dimension that the views of DIVIDED divide the incidents by.
    """
    headline = [barometer_words.header(con, selection), barometer_words.totals(con, selection)]
    if not barometer.incidents(con, selection):
        return headline
    return [*headline, *VIEWS[view](con, selection, by), barometer_words.inferred_weights()]


def file_note(con: "DuckDBPyConnection", selection: Selection) -> str:
    """Return what must stand on a file of a selection: the selection, and where data are from."""
    return f"{asking.resolve(con, selection).words}. {source()}"


def incident_list(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return the incidents one by one, their date, place, type and parties; no text, no number."""
    return asking.frame(con, "explore/incident_list", asking.bound(con, selection))


def compared(before: tuple[str, "DataFrame"], after: tuple[str, "DataFrame"]) -> "DataFrame":
    """Return `name`, the incidents of two periods by their names, and `change`, most first.

    Each is a period's name and its `name, incidents`.
    """
    names = [before[0], after[0]]
    views = [view.set_index("name").set_axis([name], axis=1) for name, view in (before, after)]
    both = views[0].join(views[1], how="outer").fillna(0).astype("int64")
    both = both.sort_values(names[::-1], ascending=False, kind="stable")
    return both.assign(change=both[names[1]] - both[names[0]]).reset_index()


def _counts(con: "DuckDBPyConnection", selection: Selection, by: str) -> list:
    counted = barometer.count_by(con, selection, by)
    caption = f"Hændelser ud fra {DIMENSIONS[by].lower()}"
    return [charts.bars(counted, by), table(counted, caption, by, total=True)]


def _timed(fetch: Callable, draw: Callable, each: str) -> View:
    def view(con: "DuckDBPyConnection", selection: Selection, by: str) -> list:
        counted = fetch(con, selection, by)
        wide = crossed(gathered(counted, by, MOST_NAMES), by)
        caption = f"Hændelser {each} ud fra {DIMENSIONS[by].lower()}"
        return [draw(counted, by, selection), table(wide, caption, total=True)]

    return view


def _scores(dimension: str) -> View:
    def view(con: "DuckDBPyConnection", selection: Selection, _: str) -> list:
        scores = barometer.score_by(con, selection, dimension)
        caption = f"Relativ score og antal ud fra {DIMENSIONS[dimension].lower()}"
        return [charts.score_by(scores, dimension), table(scores, caption, dimension)]

    return view


def _matrix(dimension: str) -> View:
    def view(con: "DuckDBPyConnection", selection: Selection, _: str) -> list:
        counted = barometer.matrix(con, selection, dimension)
        caption = f"Hændelser ud fra {DIMENSIONS[dimension].lower()} og urotype"
        return [
            charts.matrix(counted, dimension),
            table(counted, caption, dimension, shaded=True),
        ]

    return view


def _helpers(con: "DuckDBPyConnection", selection: Selection, _: str) -> list:
    helpers = barometer.help_called(con, selection)
    return [charts.help_called(helpers), table(helpers, "Tilkaldt og ankommet hjælp", total=True)]


def _map(con: "DuckDBPyConnection", selection: Selection, _: str) -> list:
    places = barometer.places(con, selection)
    told = table(places[["name", "district", "incidents"]], "Lokationer på kortet", "location")
    return [
        charts.map(
            barometer.score_by(con, selection, "district"), places, whole_city=selection.is_city
        ),
        told,
    ]


def _week(con: "DuckDBPyConnection", selection: Selection, _: str) -> list:
    week = presence.week(presence.timed(con, selection), presence.open_hours(con, selection))
    place = asking.resolve(con, selection).place
    caption = "Hændelser efter time og ugedag"
    return [
        charts.week(week, presence.shifts(con, selection), place),
        table(incidents_by_hour(week), caption, total=True),
    ]


def _list(con: "DuckDBPyConnection", selection: Selection, _: str) -> list:
    return [table(incident_list(con, selection), LIST, headings={"time": "Kl."})]


def _seasons(con: "DuckDBPyConnection", selection: Selection, by: str) -> list:
    seasons = [selection.season.previous, selection.season]
    counted = covered(con, barometer.compare_seasons(con, selection, seasons))
    wide = crossed(counted[["month", "name", "incidents"]], "category")
    caption = f"Hændelser pr. måned og type, {seasons[0]} og {seasons[1]}"
    both = [charts.season_comparison(counted), table(wide, caption)]
    # A count of what the data do not hold whole would be taken for a change.
    if not (before := barometer.year_before(con, selection)(barometer.count_by, by)):
        return both
    now = barometer.count_by(con, selection, by)
    changed = compared(before, (selection.name, now))
    caption = f"{DIMENSIONS[by]}, {before[0]} og {selection.name}"
    return [
        *both,
        charts.bars(now, by, before=before),
        table(changed, caption, by, signed=["change"], total=True),
    ]


_MONTHS = _timed(
    lambda con, selection, by: covered(con, barometer.per_month(con, selection, by)),
    lambda counted, by, _: charts.per_month(counted, by),
    "pr. måned",
)
_HOURS = _timed(
    barometer.time_of_day, lambda counted, by, _: charts.time_of_day(counted, by), "pr. time"
)
# The views that divide the incidents by a dimension of the reader's choice.
DIVIDED: dict[str, View] = {
    OVERVIEW: lambda *asked: [*_counts(*asked), *_MONTHS(*asked), *_HOURS(*asked)],
    "Antal": _counts,
    "Indmeldinger over tid": _timed(
        barometer.over_time,
        lambda counted, by, selection: charts.over_time(counted, by, interval=selection.interval),
        "pr. dag",
    ),
    "Indmeldinger pr. måned": _MONTHS,
    "Tidspunkt på dagen": _HOURS,
    "Sammenligning med sæsonen før": _seasons,
}
# Those that show the relative score.
SCORED: dict[str, View] = {
    "Bydele, relativ score": _scores("district"),
    "Lokationer, relativ score": _scores("location"),
}
VIEWS: dict[str, View] = {
    **DIVIDED,
    **SCORED,
    "Bydele og urotyper": _matrix("district"),
    "Lokationer og urotyper": _matrix("location"),
    "Tilkaldt hjælp": _helpers,
    "Ugedag og time": _week,
    "Kort": _map,
    LIST: _list,
}
