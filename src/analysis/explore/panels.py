"""What is clicked in JupyterLab: lists for the views, an editor for SQL, buttons that save."""

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
from analysis.core.selection import ALL, FILTERS, SelectionError
from analysis.explore.queries import QueryAnswer, ask, dictionary
from analysis.explore.saving import save
from analysis.explore.views import (
    DIVIDED,
    LIST,
    OVERVIEW,
    SCORED,
    VIEWS,
    file_note,
    shown,
)
from analysis.explore.writing import code, save_parameters
from analysis.reports.blocks import called, slug
from analysis.show.charts.files import source
from analysis.show.phrases import markdown
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
_HEADING = {"description_width": "12em"}
_TWO_COLUMNS = "repeat(2, minmax(0, 1fr))"

Options = list[tuple[str, object]]
# Saves what is shown of a kind, by the ending given, and says so.
Save = Callable[[type, str], list[Markdown]]


class Choice:
    """What is chosen in the lists at the moment, for the cells that follow."""

    def __init__(self, chosen: Callable[[], Selection]) -> None:
        self._chosen = chosen

    @property
    def selection(self) -> Selection:
        """The selection, its names resolved; raises SelectionError where it cannot be made."""
        return self._chosen()


def choose(con: "DuckDBPyConnection", selection: Selection) -> Choice:
    """Display lists to choose from and the view they ask for; return the choice as it changes.

    Where nobody can click, the overview is displayed. Raises as `asking.resolve` does.
    """
    known = asking.resolve(con, selection)
    with asking.naming(con, known):
        if not _is_clickable():
            display(*shown(con, known))
            return Choice(lambda: known)
        panel = Chooser(con, known)
        _display(panel, panel.shown)
    return Choice(lambda: asking.resolve(con, panel.chosen()))


def edit(con: "DuckDBPyConnection", query: str) -> None:
    """Display an editor for SQL beside the tables explained; where nobody can click, the answer."""
    unclicked = [dictionary(con), ask(con, query)]
    if _is_clickable():
        _display(editor(con, query), unclicked)
    else:
        display(*unclicked)


def _is_clickable() -> bool:
    # The Jupyter server tells a kernel which notebook it serves; papermill, nbconvert and nbval do
    # not.
    return "JPY_SESSION_NAME" in os.environ


def _display(panel: widgets.Widget, unclicked: Sequence[object]) -> None:
    """Display a panel; its notebook is stored with what those see who cannot click."""
    data, metadata = format_display_data(panel)
    display(data | {UNCLICKED: _outputs(unclicked)}, metadata=metadata, raw=True)


class Chooser(widgets.VBox):
    """Lists that start at a selection, the view they ask for, and buttons to write it down.

    `shown` is what the view shows. The selection's names are as `asking.resolve` gives them.
    """

    def __init__(self, con: "DuckDBPyConnection", selection: Selection) -> None:
        self._con = con
        self._places = con.execute(sql("explore/locations")).fetchall()
        self._filters = {
            "season": _dropdown("Sæson", _season_options(con), selection.season),
            "half": _dropdown("Halvår", _HALVES, selection.half),
            "first_day": _day("Første dag", selection.first_day),
            "last_day": _day("Sidste dag", selection.last_day),
            **{
                name: _several(heading, _values(con, name), asking.each(getattr(selection, name)))
                for name, heading in FILTERS.items()
            },
            "self_service": _dropdown("Selvbetjent åbningstid", _TRUTHS, selection.self_service),
        }
        self._view = _dropdown("Visning", [(name, name) for name in VIEWS], OVERVIEW)
        by = [(text, name) for name, text in DIMENSIONS.items()]
        self._by = _dropdown("Fordelt på", by, "category")
        self._result, self._told = widgets.Output(), widgets.Output()
        boxes = [*self._filters.values(), self._view, self._by]
        self._filters["district"].observe(self._follow_district, "value")
        for box in boxes:
            box.observe(self._show, "value")
        self._follow_district()
        self._show()
        super().__init__([_grid(boxes[:-2]), _grid(boxes[-2:]), self._buttons(), self._result])

    def chosen(self) -> Selection:
        """Return the selection at the moment; raises SelectionError where it cannot be made."""
        given = {name: box.value for name, box in self._filters.items()}
        return Selection(**{name: None if value == ALL else value for name, value in given.items()})

    def _follow_district(self, *_: object) -> None:
        location, districts = self._filters["location"], self._filters["district"].value
        everywhere = not districts or ALL in districts
        names = [name for name, its in self._places if everywhere or its in districts]
        kept = [name for name in location.value if everywhere or name in names]
        # Else each of the two steps would draw the view.
        location.unobserve(self._show, "value")
        location.options = list(dict.fromkeys([ALL, *names, *kept]))
        location.value = kept or [ALL]
        location.observe(self._show, "value")

    def _show(self, *_: object) -> None:
        self._by.disabled = self._view.value not in DIVIDED
        # What a button has said is of what was shown before.
        _fill(self._told, [])
        try:
            chosen = asking.resolve(self._con, self.chosen())
            self.shown = shown(self._con, chosen, self._view.value, self._by.value)
        except SelectionError as error:
            self.shown = [markdown(f"**{error}**")]
            _fill(self._result, self.shown)
        else:
            with asking.naming(self._con, chosen):
                _fill(self._result, self.shown)

    def _buttons(self) -> widgets.VBox:
        def written(write: Callable[[Selection], Markdown]) -> Callable[[], list[Markdown]]:
            def told() -> list[Markdown]:
                try:
                    return [write(self.chosen())]
                except SelectionError as error:
                    return [markdown(f"**{error}**")]

            return told

        def in_code(selection: Selection) -> Markdown:
            text = code(selection, self._view.value, self._by.value)
            return Markdown(f"```python\n{text}\n```")

        return _buttons(
            {
                **_savers(self._save, {"diagram": alt.TopLevelMixin, "tabel": Table}),
                "Vis som kode": written(in_code),
                "Gem som parameterfil": written(lambda one: save_parameters(self._con, one)),
            },
            self._told,
        )

    def _save(self, kind: type, ending: str) -> list[Markdown]:
        if self._view.value == LIST:
            return [Markdown("Hændelserne gemmes ikke i en fil.")]
        fitting = [each for each in self.shown if isinstance(each, kind)]
        if not fitting:
            return []
        note = file_note(self._con, self.chosen())
        if self._view.value in SCORED:
            note += f" {barometer_words.inferred_weights().data.strip('*')}"
        words = asking.resolve(self._con, self.chosen()).words
        return [save(each, _file_name(each, words) + ending, note) for each in fitting]


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
        return [save(each, f"svar{ending}", source()) for each in answers if not each.problem]

    run.on_click(answer)
    answer()
    tables = widgets.Output(layout={"max_height": "20em", "overflow": "auto"})
    _fill(tables, [dictionary(con)])
    beside = widgets.GridBox(
        [widgets.VBox([box, run]), tables],
        layout={"grid_template_columns": _TWO_COLUMNS, "grid_gap": "0 1em"},
    )
    savers = _buttons(_savers(save_answer, {"svar": QueryAnswer}), widgets.Output())
    return widgets.VBox([beside, result, savers])


def _dropdown(heading: str, options: Options, value: object) -> widgets.Dropdown:
    """Return a dropdown; a value that the data do not hold is an option too, and None is ALL."""
    # A dropdown takes None for no choice at all.
    value = ALL if value is None else value
    known = [each for _, each in options]
    return widgets.Dropdown(
        options=options if value in known else [*options, (str(value), value)],
        value=value,
        description=heading,
        style=_HEADING,
        layout={"width": "auto"},
    )


def _several(heading: str, names: Sequence[str], values: Sequence[str]) -> widgets.SelectMultiple:
    """Return a list of which any number of names can be chosen; none, or ALL, is all of them."""
    return widgets.SelectMultiple(
        options=list(dict.fromkeys([ALL, *names, *values])),
        value=values or [ALL],
        rows=4,
        description=heading,
        style=_HEADING,
        layout={"width": "auto"},
    )


def _day(heading: str, value: object) -> widgets.DatePicker:
    return widgets.DatePicker(
        value=value, description=heading, style=_HEADING, layout={"width": "auto"}
    )


def _season_options(con: "DuckDBPyConnection") -> Options:
    """Return the seasons that the data lie in, the last first."""
    return [(season.name, season) for season in reversed(asking.dataset(con).seasons)]


def _values(con: "DuckDBPyConnection", name: str) -> list[str]:
    """Return what can be chosen for a filter: the taxonomy's labels, then others in use."""
    return list(dict.fromkeys([*taxonomy.LABELS.get(name, ()), *asking.values_of(con, name)]))


def _grid(boxes: Sequence[widgets.Widget]) -> widgets.GridBox:
    return widgets.GridBox(
        boxes, layout={"grid_template_columns": _TWO_COLUMNS, "grid_gap": "0 1em"}
    )


def _savers(save_shown: Save, kinds: dict[str, type]) -> dict[str, Callable[[], list[Markdown]]]:
    """Return what saves each file that the kinds, by their Danish word, are saved as."""
    return {
        f"Gem {word} som {program}": lambda kind=kind, ending=ending: (
            save_shown(kind, ending) or [_NOTHING]
        )
        for word, kind in kinds.items()
        for program, ending in (_PICTURES if kind is alt.TopLevelMixin else _SHEETS)
    }


def _buttons(
    actions: dict[str, Callable[[], list[Markdown]]], told: widgets.Output
) -> widgets.VBox:
    """Return a button for each action, and below them what the last one has `told`."""

    def button(words: str, action: Callable[[], list[Markdown]]) -> widgets.Button:
        made = widgets.Button(description=words, layout={"width": "auto"})
        made.on_click(lambda _: _fill(told, action()))
        return made

    buttons = [button(*each) for each in actions.items()]
    return widgets.VBox([widgets.HBox(buttons, layout={"flex_flow": "row wrap"}), told])


def _file_name(each: alt.TopLevelMixin | Table, told: str) -> str:
    title = each.caption if isinstance(each, Table) else called(each.to_dict())
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
