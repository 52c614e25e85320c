"""The charts of an executed notebook as files: PNG for documents, SVG for print."""

from pathlib import Path

from nbformat import NotebookNode

from analysis.reports.blocks import slug, titled
from analysis.show.charts.files import annotated, png, svg
from analysis.show.stored import CHART_TYPE


def clear(folder: Path) -> None:
    """Remove the pictures of an earlier run."""
    for old in (*folder.glob("*.png"), *folder.glob("*.svg")):
        old.unlink()


def write(notebook: NotebookNode, folder: Path, origin: str) -> None:
    """Write each chart of a notebook, in its order; `origin` says under its title what it is of."""
    specs = [
        output.data[CHART_TYPE]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if CHART_TYPE in output.get("data", {})
    ]
    for number, spec in enumerate(specs, 1):
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{number:02}-{slug(titled(spec))}"
        told = annotated(spec, titled(spec), origin)
        file.with_suffix(".png").write_bytes(png(told))
        file.with_suffix(".svg").write_text(svg(told), encoding="utf-8")
