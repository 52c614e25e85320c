"""The one-page prints for the monthly meeting: the city's, of a notebook's cells, and others."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup
from nbformat import NotebookNode

from analysis.core.asking import Dataset
from analysis.reports.blocks import boxed, tagged
from analysis.reports.page import Beside
from analysis.reports.render import markdown, render
from analysis.show.tables import TABLE_TYPE, Table

TITLE = "Mødeark"
# The file's name, and the notebook whose report it stands beside.
NAME, BESIDE = "meeting", "07_priorities"
LINK = Beside(NAME, TITLE, "Til mødet er der", "et ark på én side")
# The tags of a cell that the sheet shows, and of one that it alone shows.
TAG, ALONE = "meeting", "meeting-alone"


def page(notebook: NotebookNode, of: str, data: Dataset) -> str:
    """Return the HTML of an executed notebook's tagged cells; `of` says what its report is of."""
    parts = [
        Markup(Table.of(data[TABLE_TYPE]).html())
        if TABLE_TYPE in data
        else data.get("text/markdown", "")
        for data in tagged(notebook, TAG)
    ]
    return sheet(f"{TITLE} til Sikringsnetværket", parts, [data], BESIDE, of, "../index.html")


def leave_out(notebook: NotebookNode) -> None:
    """Remove from an executed notebook what the sheet alone shows."""
    for cell in notebook.cells:
        if ALONE in cell.metadata.get("tags", ()):
            cell.outputs = []


def sheet(
    title: str,
    parts: Iterable[str],
    data: Sequence[Dataset],
    beside: str = "",
    of: str = "",
    listed: str = "",
) -> str:
    """Return a sheet as HTML: its parts are Markdown, or HTML as Markup.

    `beside` is the name of a report, `of` what that is of in words, and `listed` the index's
    address, "" where none lists the sheet.
    """
    return render(
        "meeting.html",
        title=title,
        blocks=[Markup(_block(part, title)) for part in parts],
        name=beside,
        of=of,
        listed=listed,
        data=data,
    )


def _block(part: str, title: str) -> str:
    return boxed(str(part) if isinstance(part, Markup) else markdown()(part), title, foldable=False)
