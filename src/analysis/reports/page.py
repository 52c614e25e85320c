"""Executed notebooks to HTML pages that stand alone: no code, no request, no path."""

import html
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import mistune
from markupsafe import Markup
from nbformat import NotebookNode
from papermill.execute import ERROR_MARKER_TAG

from analysis.core.asking import Dataset
from analysis.core.database import ROOT
from analysis.core.selection import Selection
from analysis.reports.render import (
    NOTICE,
    PLAIN_NOTICE,
    TextRenderer,
    bundle,
    file,
    markdown,
    part,
    render,
)
from analysis.show.stored import CHART_TYPE

# The folders of an absolute path, Windows' or not; what is left is the file's name.
_FOLDERS = re.compile(r"(?<![\w./:<])(?:[A-Za-z]:[\\/]+|[\\/]+)(?:[^\s'\"<>|/\\]+[\\/]+)+")
# The most rows with which a folded table is open from the start, stays whole on paper (a year of
# months and their sum), and is printed at all.
_MOST_OPEN, _MOST_WHOLE, _MOST_PRINTED = 8, 13, 60
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """A heading of a page's contents."""

    level: int
    anchor: str
    text: str


class Beside(NamedTuple):
    """A page beside a report: file name, title, and the words that lead to it, the last a link."""

    name: str
    title: str
    lead: str
    link: str


class _Renderer(TextRenderer):
    """Markdown to HTML whose headings have anchors and are remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[Heading] = []

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Return a link; to another notebook, it leads to that one's page and the heading there."""
        name, _, section = url.partition("#")
        if name.endswith(".ipynb"):
            url = f"{name.removesuffix('.ipynb')}.html" + f"#{slug(unquote(section))}" * bool(
                section
            )
        return super().link(text, url, title)

    def heading(self, text: str, level: int, **attributes: object) -> str:
        plain = html.unescape(re.sub(r"<[^>]+>", "", text)).strip()
        name = slug(plain) or "afsnit"
        same = sum(re.fullmatch(rf"{name}(-\d+)?", one.anchor) is not None for one in self.headings)
        anchor = f"{name}-{same + 1}" if same else name
        self.headings.append(Heading(level, anchor, plain))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'


def report(
    notebook: NotebookNode,
    name: str,
    parameters: str,
    data: Dataset,
    error: str | None,
    beside: Beside | None = None,
    origin: str = "",
    *,
    is_listed: bool = True,
) -> tuple[str, str]:
    """Return title and HTML of an executed notebook, `name` and `parameters` being file names.

    `beside` is the other page in the same folder, `origin` what a saved chart says that it is of;
    `is_listed` says whether there is an index beside the folder.
    """
    renderer = _Renderer()
    to_html = markdown(renderer)
    blocks: list[str] = []
    charts, told = 0, True
    for cell in notebook.cells:
        if ERROR_MARKER_TAG in cell.metadata.get("tags", ()):
            continue
        if cell.cell_type == "markdown":
            blocks.append(to_html(cell.source))
        for output in cell.get("outputs", ()):
            section = renderer.headings[-1].text if renderer.headings else name
            if CHART_TYPE in output.get("data", {}):
                charts += 1
                blocks.append(_chart(output.data[CHART_TYPE], charts))
                told = False
            elif block := _output(output, to_html):
                # The first table after a chart holds its figures.
                folded = charts and not told and "<table" in block
                blocks.append(boxed(block, section, folded=folded))
                told = told or folded
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
        beside=beside,
        is_listed=is_listed,
        chart_origin=origin,
    )
    return title, page


def origin(selection: Selection | None, data: Dataset) -> str:
    """Say what a chart is of, where it stands alone: place, period, and that data are made up."""
    place = [f"{selection.place}, {selection.period}", *selection.narrowed] if selection else []
    return " · ".join([*place, *(["Syntetiske data, opdigtede"] if data.synthetic else [])])


def without_folders(text: str) -> str:
    """Return `text` with each absolute path cut down to the file's name."""
    # These two may hold spaces, at which the pattern ends.
    for folder in (ROOT, Path.home()):
        text = text.replace(f"{folder}{os.sep}", "")
    return _FOLDERS.sub("", text)


def _chart(spec: dict, number: int) -> str:
    text = json.dumps(spec, ensure_ascii=False, separators=(",", ":"))
    title = titled(spec)
    return part(
        "chart.html",
        number=number,
        title=title or "uden titel",
        file=f"{number:02}-{slug(title)}",
        description=spec.get("description", "Diagram uden beskrivelse."),
        # Nothing in a spec may end the element it stands in.
        spec=Markup(text.replace("<", "\\u003c")),
    )


def _output(output: NotebookNode, to_html: mistune.Markdown) -> str:
    if output.output_type == "stream":
        # Warnings are for the analyst, who has them in the notebook.
        return _preformatted(output.text) if output.name == "stdout" else ""
    data = output.get("data", {})
    if "text/html" in data:
        return data["text/html"]
    if "text/markdown" in data:
        return to_html(data["text/markdown"])
    return _preformatted(data["text/plain"]) if "text/plain" in data else ""


def _preformatted(text: str) -> str:
    return f'<pre class="scroll" tabindex="0">{html.escape(without_folders(text))}</pre>\n'


def boxed(block: str, section: str, *, folded: bool) -> str:
    """Return HTML with each table in a box that scrolls by itself, which can be folded."""
    found = _CAPTION.search(block)
    caption = found[1] if found else html.escape(section)
    box = f'<div class="scroll" role="group" aria-label="Tabel: {caption}" tabindex="0">'
    whole = block.replace("<table", f"{box}<table").replace("</table>", "</table></div>")
    # A caption is as wide as its table; what is in it stays within the page.
    whole = _CAPTION.sub(r"<caption><span>\1</span></caption>", whole)
    if not folded:
        return whole
    return part(
        "figures.html",
        caption=Markup(caption),
        table=Markup(whole),
        rows=block.count('<th scope="row"'),
        most_open=_MOST_OPEN,
        most_whole=_MOST_WHOLE,
        most_printed=_MOST_PRINTED,
    )


def titled(spec: dict) -> str:
    """Return a chart's title on one line."""
    title = spec.get("title", "")
    title = title.get("text", "") if isinstance(title, dict) else title
    return " ".join(title) if isinstance(title, list) else title


def slug(text: str) -> str:
    """Return words as part of an address or a file's name: "indmeldinger-over-tid"."""
    return re.sub(r"\W+", "-", text.lower()).strip("-")
