"""The charts of an executed notebook as files: PNG for documents, SVG for print."""

from pathlib import Path

from nbformat import NotebookNode

from analysis.reports.blocks import called, chart_of, slug, titled
from analysis.show.charts.theme import noted
from analysis.show.drawing import DrawingError, png, svg

# No file system takes a name of any length.
_LONGEST = 100


def replace(folder: Path, new: Path) -> None:
    """Put the pictures of a folder, if there is one, in the place of those of an earlier run."""
    files = [*new.glob("*")]
    if files:
        folder.mkdir(exist_ok=True)
    placed = [file.replace(folder / file.name) for file in files]
    for old in {*folder.glob("*.png"), *folder.glob("*.svg")} - {*placed}:
        old.unlink()


def write(notebook: NotebookNode, folder: Path, origin: str) -> list[str]:
    """Write each chart of a notebook, in its order; return, in Danish, which could not be drawn.

    `origin` says under a chart's title what it is of.
    """
    failed = []
    specs = [
        spec
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if (spec := chart_of(output.get("data", {})))
    ]
    for number, spec in enumerate(specs, 1):
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{number:02}-{slug(called(spec))[:_LONGEST]}"
        told = noted(spec, origin, titled(spec))
        try:
            drawn = png(told), svg(told)
        except DrawingError:
            failed.append(f"Diagrammet »{called(spec)}« kunne ikke tegnes.")
            continue
        file.with_suffix(".png").write_bytes(drawn[0])
        file.with_suffix(".svg").write_text(drawn[1], encoding="utf-8")
    return failed
