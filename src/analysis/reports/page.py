"""Executed notebooks to HTML pages that stand alone: no code, no request, no path."""

import html
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import mistune
from markupsafe import Markup
from nbformat import NotebookNode
from papermill.execute import ERROR_MARKER_TAG

from analysis.barometer import Dataset
from analysis.database import ROOT
from analysis.reports.render import NOTICE, PLAIN_NOTICE, bundle, file, part, render

CHART_TYPE = "application/vnd.vegalite.v5+json"

# The folders of an absolute path, Windows' or not; what is left is the file's name.
_FOLDERS = re.compile(r"(?<![\w./:<])(?:[A-Za-z]:[\\/]+|[\\/]+)(?:[^\s'\"<>|/\\]+[\\/]+)+")
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """A heading of a page's contents."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Report:
    """A line of the index; `period`, `place` and `incidents` are None where nothing is selected."""

    parameters: str
    name: str
    title: str
    period: str | None
    place: str | None
    incidents: int | None
    last_day: date | None
    error: str | None
    has_notebook: bool


class _Renderer(mistune.HTMLRenderer):
    """Markdown to HTML whose headings have anchors and are remembered."""

    def __init__(self) -> None:
        # A notebook is the project's own; what it must not load or run, the page's policy forbids.
        super().__init__(escape=False)
        self.headings: list[Heading] = []

    def heading(self, text: str, level: int, **attributes: object) -> str:
        plain = html.unescape(re.sub(r"<[^>]+>", "", text)).strip()
        slug = re.sub(r"\W+", "-", plain.lower()).strip("-") or "afsnit"
        same = sum(re.fullmatch(rf"{slug}(-\d+)?", one.anchor) is not None for one in self.headings)
        anchor = f"{slug}-{same + 1}" if same else slug
        self.headings.append(Heading(level, anchor, plain))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'


def report(
    notebook: NotebookNode, name: str, parameters: str, data: Dataset, error: str | None
) -> tuple[str, str]:
    """Return title and HTML of an executed notebook, `name` and `parameters` being file names."""
    renderer = _Renderer()
    markdown = mistune.create_markdown(renderer=renderer, plugins=["table", "strikethrough"])
    blocks: list[str] = []
    charts = 0
    for cell in notebook.cells:
        if ERROR_MARKER_TAG in cell.metadata.get("tags", ()):
            continue
        if cell.cell_type == "markdown":
            blocks.append(markdown(cell.source))
        for output in cell.get("outputs", ()):
            section = renderer.headings[-1].text if renderer.headings else name
            if CHART_TYPE in output.get("data", {}):
                charts += 1
                blocks.append(_chart(output.data[CHART_TYPE], charts))
            elif block := _output(output, markdown):
                blocks.append(_tables(block, section))
    first = next((n for n, block in enumerate(blocks) if block.startswith("<h2")), len(blocks))
    title = next((one.text for one in renderer.headings if one.level == 1), name)
    scripts = [*([bundle()] if charts else []), file("page.js")]
    page = render(
        "report.html",
        *scripts,
        title=title,
        intro=Markup("".join(blocks[:first]).replace(PLAIN_NOTICE, NOTICE)),
        sections=Markup("".join(blocks[first:])),
        headings=[one for one in renderer.headings if one.level in (2, 3)],
        name=name,
        parameters=parameters,
        data=[data],
        error=error,
    )
    return title, page


def index(reports: Sequence[Report], data: Sequence[Dataset]) -> str:
    """Return the HTML of the list of reports."""
    return render("index.html", file("page.js"), title="Rapporter", reports=reports, data=data)


def without_folders(text: str) -> str:
    """Return `text` with each absolute path cut down to the file's name."""
    # These two may hold spaces, at which the pattern ends.
    for folder in (ROOT, Path.home()):
        text = text.replace(f"{folder}{os.sep}", "")
    return _FOLDERS.sub("", text)


def _chart(spec: dict, number: int) -> str:
    text = json.dumps(spec, ensure_ascii=False, separators=(",", ":"))
    return part(
        "chart.html",
        number=number,
        description=spec.get("description", "Diagram uden beskrivelse."),
        # Nothing in a spec may end the element it stands in.
        spec=Markup(text.replace("<", "\\u003c")),
    )


def _output(output: NotebookNode, markdown: mistune.Markdown) -> str:
    if output.output_type == "stream":
        # Warnings are for the analyst, who has them in the notebook.
        return _preformatted(output.text) if output.name == "stdout" else ""
    data = output.get("data", {})
    if "text/html" in data:
        return data["text/html"]
    if "text/markdown" in data:
        return markdown(data["text/markdown"])
    return _preformatted(data["text/plain"]) if "text/plain" in data else ""


def _preformatted(text: str) -> str:
    return f'<pre class="scroll" tabindex="0">{html.escape(without_folders(text))}</pre>\n'


def _tables(block: str, section: str) -> str:
    """Return HTML with each table in a box that scrolls by itself."""
    caption = _CAPTION.search(block)
    label = f"Tabel: {caption[1] if caption else html.escape(section)}"
    box = f'<div class="scroll" role="group" aria-label="{label}" tabindex="0">'
    return block.replace("<table", f"{box}<table").replace("</table>", "</table></div>")
