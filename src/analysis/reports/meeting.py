"""The one-page print for the monthly meeting, made of the cells tagged for it in a notebook."""

from markupsafe import Markup
from nbformat import NotebookNode

from analysis.core.asking import Dataset
from analysis.reports.blocks import boxed
from analysis.reports.page import Beside
from analysis.reports.render import markdown, render

TITLE = "Mødeark"
# The file's name, and the notebook whose report it stands beside.
NAME, BESIDE = "meeting", "07_priorities"
LINK = Beside(NAME, TITLE, "Til mødet er der", "et ark på én side")
TAG = "meeting"


def page(notebook: NotebookNode, parameters: str, data: Dataset) -> str:
    """Return the HTML of an executed notebook's tagged cells, `parameters` being a file's name."""
    blocks = [
        _block(output.data)
        for cell in notebook.cells
        if TAG in cell.metadata.get("tags", ())
        for output in cell.get("outputs", ())
        if "data" in output
    ]
    return render(
        "meeting.html",
        title=TITLE,
        blocks=[Markup(block) for block in blocks],
        name=BESIDE,
        parameters=parameters,
        data=[data],
    )


def _block(data: dict) -> str:
    text = data.get("text/html") or markdown()(data.get("text/markdown", ""))
    return boxed(text, TITLE, foldable=False)
