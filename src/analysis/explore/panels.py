"""What is clicked in JupyterLab: dropdowns for the views, an editor for SQL, buttons that save."""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import altair as alt
import ipywidgets as widgets
from IPython.core.formatters import format_display_data
from IPython.display import Markdown, display

from analysis.barometer import Selection
from analysis.barometer import words as barometer_words
from analysis.core import asking, taxonomy
from analysis.core.database import sql
from analysis.core.headings import DIMENSIONS
from analysis.core.season import Season
from analysis.core.selection import ALL, FILTERS, SelectionError, Several
from analysis.explore.queries import QueryAnswer, ask, dictionary
from analysis.explore.saving import save
from analysis.explore.views import (
    DIVIDED,
    LIST,
    OVERVIEW,
    SCORED,
    VIEWS,
    file_note,
    origin,
    selection_words,
    shown,
)
from analysis.reports.page import slug, titled
from analysis.show.stored import UNCLICKED
from analysis.show.tables import Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_HALVES = [("Vinter", "vinter"), ("Sommer", "sommer"), ("Hele sæsonen", ALL)]
_TRUTHS = [
    (text, ALL if truth is None else truth) for truth, text in barometer_words.SELF_SERVICE.items()
]
_PICTURES = [("PNG", ".png"), ("SVG", ".svg")]
_SHEETS = [("Excel", ".xlsx"), ("CSV", ".csv")]
_NOTHING = Markdown("Der er ikke noget at gemme.")
_TWO_COLUMNS = "repeat(2, minmax(0, 1fr))"

Options = list[tuple[str, object]]
# Saves what is shown of a kind, by the ending given, and says so.
Save = Callable[[type, str], list[Markdown]]


def choose(con: "DuckDBPyConnection", selection: Selection) -> None:
    """Display dropdowns and the view they ask for; where nobody can click, the overview."""
    try:
        known = asking.resolve(con, selection)
    except SelectionError as error:
        display(Markdown(f"**{error}**"))
        return
    _show_panel(lambda: chooser(con, known), shown(con, known))


def edit(con: "DuckDBPyConnection", query: str) -> None:
    """Display an editor for SQL beside the tables explained; where nobody can click, the answer."""
    _show_panel(lambda: editor(con, query), [dictionary(con), ask(con, query)])


def _show_panel(panel: Callable[[], widgets.Widget], unclicked: Sequence[object]) -> None:
    # The Jupyter server tells a kernel which notebook it serves; papermill, nbconvert and nbval do
    # not, and a widget that is stored is an error message to whoever opens the notebook next.
    if "JPY_SESSION_NAME" not in os.environ:
        display(*unclicked)
        return
    data, metadata = format_display_data(panel())
    display(data | {UNCLICKED: _outputs(unclicked)}, metadata=metadata, raw=True)


def chooser(con: "DuckDBPyConnection", selection: Selection) -> widgets.VBox:
    """Return dropdowns that start at a selection, the view they ask for, and buttons to save it.

    The selection's names are as `asking.resolve` gives them.
    """
    places = con.execute(sql("explore/locations")).fetchall()

    def locations(district: str | Several) -> Options:
        names = dict.fromkeys(
            name for name, its in places if district == ALL or its in asking.each(district)
        )
        return [(name, name) for name in (ALL, *names)]

    options = {name: _values(con, name) for name in FILTERS}
    options["location"] = locations(selection.district or ALL)
    filters = {
        "season": _dropdown("Sæson", _season_options(con), selection.season),
        "half": _dropdown("Halvår", _HALVES, selection.half),
        **{
            name: _dropdown(heading, options[name], getattr(selection, name))
            for name, heading in FILTERS.items()
        },
        "self_service": _dropdown("Selvbetjent åbningstid", _TRUTHS, selection.self_service),
    }
    view = _dropdown("Visning", [(name, name) for name in VIEWS], OVERVIEW)
    by = _dropdown("Fordelt på", [(text, name) for name, text in DIMENSIONS.items()], "category")
    result = widgets.Output()
    on_show = []

    def asked() -> Selection:
        chosen = {name: box.value for name, box in filters.items()}
        return Selection(
            **{name: None if value == ALL else value for name, value in chosen.items()}
        )

    def show(*_: object) -> None:
        by.disabled = view.value not in DIVIDED
        on_show[:] = shown(con, asked(), view.value, by.value)
        _fill(result, on_show)

    def follow_district(*_: object) -> None:
        location = filters["location"]
        chosen = location.value
        # Else each of the two steps would draw the view.
        location.unobserve(show, "value")
        location.options = locations(filters["district"].value)
        location.value = chosen if (chosen, chosen) in location.options else ALL
        location.observe(show, "value")

    def save_shown(kind: type, ending: str) -> list[Markdown]:
        if view.value == LIST:
            return []
        note = file_note(con, asked())
        if view.value in SCORED:
            note += f" {barometer_words.inferred_weights().data.strip('*')}"
        return [
            save(each, _file_name(each, selection_words(con, asked())) + ending, note)
            for each in on_show
            if isinstance(each, kind)
        ]

    filters["district"].observe(follow_district, "value")
    for box in (*filters.values(), view, by):
        box.observe(show, "value")
    show()
    kinds = {"diagram": alt.TopLevelMixin, "tabel": Table}
    return widgets.VBox(
        [_grid(list(filters.values())), _grid([view, by]), _savers(save_shown, kinds), result]
    )


def editor(con: "DuckDBPyConnection", query: str) -> widgets.VBox:
    """Return an editor for SQL that starts with a query and its answer, the tables beside it."""
    box = widgets.Textarea(
        query.strip(),
        description="SQL",
        style={"description_width": "3em"},
        layout={"width": "100%", "height": "16em"},
    )
    run = widgets.Button(description="Kør", button_style="primary", layout={"margin": "0 0 0 4em"})
    result = widgets.Output()
    answers = []

    def answer(*_: object) -> None:
        answers[:] = [ask(con, box.value)]
        _fill(result, answers)

    def save_answer(_: type, ending: str) -> list[Markdown]:
        return [save(each, f"svar{ending}", origin(con)) for each in answers if not each.problem]

    run.on_click(answer)
    answer()
    tables = widgets.Output(layout={"max_height": "20em", "overflow": "auto"})
    _fill(tables, [dictionary(con)])
    beside = widgets.GridBox(
        [widgets.VBox([box, run]), tables],
        layout={"grid_template_columns": _TWO_COLUMNS, "grid_gap": "0 1em"},
    )
    return widgets.VBox([beside, result, _savers(save_answer, {"svar": QueryAnswer})])


def _dropdown(heading: str, options: Options, value: object) -> widgets.Dropdown:
    """Return a dropdown; a value that the data do not hold is an option too, and None is ALL."""
    # A dropdown takes None for no choice at all.
    value = ALL if value is None else value
    known = [each for _, each in options]
    return widgets.Dropdown(
        options=options if value in known else [*options, (str(value), value)],
        value=value,
        description=heading,
        style={"description_width": "12em"},
        layout={"width": "auto"},
    )


def _season_options(con: "DuckDBPyConnection") -> Options:
    """Return the seasons that the data lie in, the last first."""
    data = asking.dataset(con)
    seasons = []
    if data.last_day:
        seasons.append(Season.of(data.last_day))
        while seasons[-1] > Season.of(data.first_day):
            seasons.append(seasons[-1].previous)
    return [(season.name, season) for season in seasons]


def _values(con: "DuckDBPyConnection", name: str) -> Options:
    """Return what can be chosen for a filter: all, the taxonomy's labels, then others in use."""
    labels = dict.fromkeys([*taxonomy.LABELS.get(name, ()), *asking.values_of(con, name)])
    return [(label, label) for label in (ALL, *labels)]


def _grid(boxes: Sequence[widgets.Widget]) -> widgets.GridBox:
    return widgets.GridBox(
        boxes, layout={"grid_template_columns": _TWO_COLUMNS, "grid_gap": "0 1em"}
    )


def _savers(save_shown: Save, kinds: dict[str, type]) -> widgets.VBox:
    """Return a button for each file that the kinds, by their Danish word, are saved as."""
    told = widgets.Output()

    def saver(word: str, kind: type, program: str, ending: str) -> widgets.Button:
        button = widgets.Button(description=f"Gem {word} som {program}", layout={"width": "auto"})
        button.on_click(lambda _: _fill(told, save_shown(kind, ending) or [_NOTHING]))
        return button

    buttons = [
        saver(word, kind, program, ending)
        for word, kind in kinds.items()
        for program, ending in (_PICTURES if kind is alt.TopLevelMixin else _SHEETS)
    ]
    return widgets.VBox([widgets.HBox(buttons, layout={"flex_flow": "row wrap"}), told])


def _file_name(each: alt.TopLevelMixin | Table, told: str) -> str:
    title = each.caption if isinstance(each, Table) else titled(each.to_dict())
    # A path has room for 260 characters on Windows.
    return slug(f"{title} {told}")[:150]


def _fill(output: widgets.Output, shown: Sequence[object]) -> None:
    """Show objects as a notebook would, in one step: without flicker, and with no kernel too."""
    output.outputs = _outputs(shown)


def _outputs(shown: Sequence[object]) -> tuple[dict, ...]:
    """Return the outputs of a notebook that shows these."""
    return tuple(
        {"output_type": "display_data", "data": data, "metadata": metadata}
        for data, metadata in map(format_display_data, shown)
    )
