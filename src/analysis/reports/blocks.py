"""A notebook's cells as the blocks of a page: what stands open, is folded, or is method."""

import html
import json
import os
import re
from base64 import b64encode
from collections.abc import Collection, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import reduce
from operator import getitem
from pathlib import Path
from urllib.parse import unquote

from markupsafe import Markup
from nbformat import NotebookNode
from papermill.execute import ERROR_MARKER_TAG

from analysis.core.database import ROOT
from analysis.reports.render import TextRenderer, markdown, part
from analysis.show.charts import theme
from analysis.show.charts.files import svg
from analysis.show.stored import CHART_TYPE
from analysis.show.tables import TABLE_TYPE, Table

# The tags of a cell that is method, and of a heading whose section is a step behind. A heading's
# tag holds for its section, up to the next heading of its level or above.
METHOD, FOLDED = "method", "folded"
# The tag of a cell whose table is never folded: the page is about it.
OPEN = "open"
# The tag of a cell that only leads to other pages.
LEADS = "leads"

# The folders of an absolute path, Windows' or not; what is left is the file's name.
_FOLDERS = re.compile(r"(?<![\w./:<])(?:[A-Za-z]:[\\/]+|[\\/]+)(?:[^\s'\"<>|/\\]+[\\/]+)+")
# What a terminal draws in colour; a path may begin right after it.
_COLOURS = re.compile(r"(\x1b\[[\d;]*m)")
# The most rows with which a table that has no chart is open.
_MOST_OPEN = 8
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """A heading of a page's contents."""

    level: int
    anchor: str
    text: str


class _Renderer(TextRenderer):
    """Markdown to HTML whose headings have anchors and are remembered."""

    def __init__(self, pages: Collection[str]) -> None:
        super().__init__()
        self.headings: list[Heading] = []
        self._pages = pages

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Return a link; to another notebook, it leads to that one's page and the heading there.

        Where that page is not among those that stand beside, the link is its text.
        """
        name, _, section = url.partition("#")
        if name.endswith(".ipynb"):
            page = name.removesuffix(".ipynb")
            if page not in self._pages:
                return text
            url = f"{page}.html" + f"#{slug(unquote(section))}" * bool(section)
        return super().link(text, url, title)

    def heading(self, text: str, level: int, **attributes: object) -> str:
        plain = html.unescape(re.sub(r"<[^>]+>", "", text)).strip()
        name = slug(plain) or "afsnit"
        same = sum(re.fullmatch(rf"{name}(-\d+)?", one.anchor) is not None for one in self.headings)
        anchor = f"{name}-{same + 1}" if same else name
        self.headings.append(Heading(level, anchor, plain))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'


@dataclass
class Section:
    """A heading of a notebook with the HTML below it, and what of it is method."""

    heading: Heading
    shown: list[str] = field(default_factory=list)
    method: list[str] = field(default_factory=list)
    is_folded: bool = False


def sections(
    notebook: NotebookNode, name: str, pages: Collection[str] = (), *, alone: bool = False
) -> list[Section]:
    """Return the sections of an executed notebook in order, `name` being that of its file.

    What stands before the first heading has that name. A section that is wholly method shows
    nothing. `pages` are the notebooks whose pages stand beside; no link leads to another, and what
    only leads to other pages is left out where there are none. `alone` draws the charts.
    """
    renderer = _Renderer(pages)
    to_html = markdown(renderer)
    found = [Section(Heading(1, slug(name), name))]
    charts, told = 0, True
    # The level of the heading whose whole section is method, or none.
    above = 0
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", ())
        if LEADS in tags and not {*pages} - {name}:
            continue
        for kind, value in _pieces(cell):
            if kind == "markdown":
                block = to_html(value)
                for heading in renderer.headings[len(found) - 1 :]:
                    found.append(Section(heading, is_folded=FOLDED in tags))
                    above = 0 if heading.level <= above else above
                    above = above or heading.level * (METHOD in tags)
            elif kind == "chart":
                charts += 1
                block, told = (picture if alone else _chart)(value, charts), False
            else:
                # The first table after a chart holds its figures.
                repeats = charts > 0 and not told and "<table" in value
                foldable = OPEN not in tags
                block = boxed(value, found[-1].heading.text, repeats=repeats, foldable=foldable)
                told = told or repeats
            is_method = above or METHOD in tags
            (found[-1].method if is_method else found[-1].shown).append(block)
    return found


def _pieces(cell: NotebookNode) -> Iterator[tuple[str, str | dict]]:
    """Yield what a cell shows: "markdown" (a heading or less each), "chart" (its spec), "html"."""
    if ERROR_MARKER_TAG in cell.metadata.get("tags", ()):
        return
    if cell.cell_type == "markdown":
        yield from _by_heading(cell.source)
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if spec := chart_of(data):
            yield "chart", spec
        elif TABLE_TYPE in data:
            yield "html", Table.of(data[TABLE_TYPE]).html()
        elif output.output_type == "stream":
            # Warnings are for the analyst, who has them in the notebook.
            if output.name == "stdout":
                yield "html", _preformatted(output.text)
        elif "text/html" in data:
            yield "html", data["text/html"]
        elif "text/markdown" in data:
            yield from _by_heading(data["text/markdown"])
        elif "text/plain" in data:
            yield "html", _preformatted(data["text/plain"])


def chart_of(data: dict) -> dict | None:
    """Return the chart of an output, None where it is none, without the selection's words.

    Those are the page's, for all that stands on it.
    """
    return theme.plain(data[CHART_TYPE]) if CHART_TYPE in data else None


def tagged(notebook: NotebookNode, tag: str) -> Iterator[NotebookNode]:
    """Yield what the cells with a tag show, by its type."""
    for cell in notebook.cells:
        if tag in cell.metadata.get("tags", ()):
            yield from (output.data for output in cell.get("outputs", ()) if "data" in output)


def _by_heading(source: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a Markdown text, each with the heading that it begins with, if any."""
    for text in re.split(r"(?m)^(?=#{1,6} )", source):
        if text.strip():
            yield "markdown", text


def hide_folders(notebook: NotebookNode) -> None:
    """Cut down the paths in what papermill and an error write into an executed notebook."""
    run = notebook.metadata.get("papermill", {})
    for told in (run, run.get("parameters", {})):
        told |= {name: without_folders(one) for name, one in told.items() if isinstance(one, str)}
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell.source = without_folders(cell.source)
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                output.evalue = without_folders(output.evalue)
                output.traceback = [
                    "".join(map(without_folders, _COLOURS.split(line))) for line in output.traceback
                ]
            elif output.output_type == "stream":
                output.text = without_folders(output.text)


def without_folders(text: str) -> str:
    """Return `text` with each absolute path cut down to the file's name."""
    # These two may hold spaces, at which the pattern ends.
    for folder in (ROOT, Path.home()):
        text = text.replace(f"{folder}{os.sep}", "")
    return _FOLDERS.sub("", text)


def _fills(spec: dict) -> bool:
    """Return whether a chart is to be as wide as the page's column."""
    return bool(spec.get("usermeta", {}).get("fills"))


def _is_sentence(spec: dict) -> bool:
    """Return whether a chart is a sentence in its place, which is no picture to save."""
    mark = spec.get("mark")
    return isinstance(mark, dict) and mark.get("type") == "text"


def _chart(spec: dict, number: int) -> str:
    text = json.dumps(spec, ensure_ascii=False, separators=(",", ":"))
    return part(
        "chart.html",
        number=number,
        file=f"{number:02}-{slug(called(spec))}",
        description=spec.get("description", "Diagram uden beskrivelse."),
        fills=_fills(spec),
        saved=not _is_sentence(spec),
        # Nothing in a spec may end the element it stands in.
        spec=Markup(text.replace("<", "\\u003c")),
    )


def picture(spec: dict, number: int = 1) -> str:
    """Return a chart drawn once and for all, for a page that no script may run in."""
    laid_out = {"wide": spec, "narrow": deepcopy(spec)}
    for path, value in spec.get("usermeta", {}).get("narrow", ()):
        *above, last = path
        reduce(getitem, above, laid_out["narrow"])[last] = value
    return part(
        "picture.html",
        number=number,
        description=spec.get("description", "Diagram uden beskrivelse."),
        fills=_fills(spec),
        **{
            name: f"data:image/svg+xml;base64,{b64encode(svg(each).encode()).decode()}"
            for name, each in laid_out.items()
        },
    )


def _preformatted(text: str) -> str:
    return f'<pre class="scroll" tabindex="0">{html.escape(without_folders(text))}</pre>\n'


def boxed(block: str, section: str, *, repeats: bool = True, foldable: bool = True) -> str:
    """Return HTML with each table in a box that scrolls by itself, folded where it is foldable.

    One that is short and `repeats` no chart stands open.
    """
    found = _CAPTION.search(block)
    caption = found[1] if found else html.escape(section)
    box = f'<div class="scroll" role="group" aria-label="Tabel: {caption}" tabindex="0">'
    whole = block.replace("<table", f"{box}<table").replace("</table>", "</table></div>")
    # A caption is as wide as its table; what is in it stays within the page.
    whole = _CAPTION.sub(r"<caption><span>\1</span></caption>", whole)
    rows = block.count('<th scope="row"')
    if not found or not foldable or (rows <= _MOST_OPEN and not repeats):
        return whole
    return part("figures.html", caption=Markup(caption), table=Markup(whole))


def titled(spec: dict) -> str:
    """Return a chart's title on one line."""
    title = spec.get("title", "")
    title = title.get("text", "") if isinstance(title, dict) else title
    return " ".join(title) if isinstance(title, list) else title


def called(spec: dict) -> str:
    """Return what a chart is called, whatever its title says of its figures."""
    return spec.get("usermeta", {}).get("name") or titled(spec)


def slug(text: str) -> str:
    """Return words as part of an address or a file's name: "indmeldinger-over-tid"."""
    return re.sub(r"\W+", "-", text.lower()).strip("-")
