"""The charts of an executed notebook as files: PNG for documents, SVG for print."""

from pathlib import Path

from nbformat import NotebookNode

from analysis.charts.files import png, svg
from analysis.reports.page import CHART_TYPE, slug, titled


def write(notebook: NotebookNode, folder: Path) -> None:
    """Write each chart of a notebook, in its order, replacing those of an earlier run."""
    if folder.exists():
        for old in (*folder.glob("*.png"), *folder.glob("*.svg")):
            old.unlink()
    specs = [
        output.data[CHART_TYPE]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if CHART_TYPE in output.get("data", {})
    ]
    for number, spec in enumerate(specs, 1):
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{number:02}-{slug(titled(spec))}"
        file.with_suffix(".png").write_bytes(png(spec))
        file.with_suffix(".svg").write_text(svg(spec), encoding="utf-8")
