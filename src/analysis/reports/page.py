"""Executed notebooks to HTML pages that stand alone: no code, no request, no path."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup
from nbformat import NotebookNode

from analysis.core.asking import Dataset
from analysis.core.selection import Selection
from analysis.reports import blocks
from analysis.reports.blocks import Heading, Section
from analysis.reports.render import NOTICE, PLAIN_NOTICE, bundle, file, render

# The page that holds what a run's pages leave out: how their figures are made, and the tests.
METHOD, METHOD_TITLE = "metode", "Metode"
_METHOD_LEAD = (
    "Hvordan siderne er regnet, og de prøver, de bygger på. Usikkerhed er et "
    "95\u00a0%-sikkerhedsinterval; ved prognoser og prioriteringer er det et 90\u00a0%-interval."
)
# The tag of the cell that gives the front page's verdict, and how that begins.
VERDICT = "verdict"
_VERDICT = re.compile(r"\*\*\[?(.+?)(?:\]\(\S+\))?:\*\*")
_HEADING = re.compile(r"^<h[1-6].*?</h[1-6]>")


class Beside(NamedTuple):
    """A page beside a report: file name, title, and the words that lead to it, the last a link."""

    name: str
    title: str
    lead: str
    link: str


def report(
    notebook: NotebookNode,
    name: str,
    parameters: str,
    data: Dataset,
    error: str | None,
    selection: Selection | None = None,
    beside: Beside | None = None,
    pages: Collection[str] = (),
    *,
    is_listed: bool = True,
) -> tuple[str, str]:
    """Return title and HTML of an executed notebook, `name` and `parameters` being file names.

    `selection` is what the page is of, where it is of one, `beside` the other page in the same
    folder, and `pages` are the notebooks whose pages stand there; `is_listed` says whether an index
    stands beside that; else the page stands alone.
    """
    found = blocks.sections(notebook, name, pages, alone=not is_listed)
    first = next((n for n, one in enumerate(found) if one.heading.level == 2), len(found))
    title = next((one.heading.text for one in found[1:] if one.heading.level == 1), name)
    intro = "".join(block for one in found[:first] for block in one.shown)
    page = _page(
        title,
        intro.replace(PLAIN_NOTICE, NOTICE),
        _body(found[first:], name if is_listed else None),
        [one.heading for one in found if one.shown],
        parameters,
        data,
        name=name,
        error=error,
        beside=beside,
        is_listed=is_listed,
        method=f"{METHOD}.html#{name}" if is_listed and any(one.method for one in found) else "",
        of=selection and selection.words,
        chart_origin=origin(selection, data),
    )
    return title, page


def methods(notebooks: Mapping[str, NotebookNode], parameters: str, of: str, data: Dataset) -> str:
    """Return the HTML of what is method in a run's executed notebooks by name, "" where none is.

    `of` says in words what the run is of. Each of the notebooks has its page beside.
    """
    body, headings = [], []
    for name, notebook in notebooks.items():
        found = [
            one for one in blocks.sections(notebook, name, notebooks) if one.shown or one.method
        ]
        told = [one for one in found if one.method]
        if not told:
            continue
        title = next((one.heading.text for one in found if one.heading.level == 1), name)
        headings.append(Heading(2, name, title))
        body.append(f'<h2 id="{name}">{Markup.escape(title)}</h2>')
        for one in told:
            anchor, text = _method_anchor(name, one), Markup.escape(one.heading.text)
            if one.heading.level > 1:
                body.append(f'<h3 id="{anchor}">{text}</h3>')
            body += [_HEADING.sub("", block) for block in one.method]
    if not headings:
        return ""
    return _page(
        METHOD_TITLE,
        f"<h1>{METHOD_TITLE}</h1>\n<p>{_METHOD_LEAD}</p>",
        "".join(body),
        headings,
        parameters,
        data,
        name=METHOD,
        of=of,
    )


def _page(
    title: str,
    intro: str,
    body: str,
    headings: Sequence[Heading],
    parameters: str,
    data: Dataset,
    **given: object,
) -> str:
    scripts = [*([bundle()] if '<figure class="chart"' in intro + body else []), file("page.js")]
    usual = {"error": None, "beside": None, "is_listed": True, "method": ""}
    return render(
        "report.html",
        *scripts,
        title=title,
        intro=Markup(intro),
        sections=Markup(body),
        headings=[one for one in headings if one.level in (2, 3)],
        parameters=parameters,
        data=[data],
        **usual | {"chart_origin": ""} | given,
    )


def _body(sections: Sequence[Section], name: str | None) -> str:
    """Return the sections as HTML, those that are folded in an element that a click opens.

    A page with a `name` leads to its methods.
    """
    written: list[str] = []
    opened: list[int] = []
    for one in sections:
        if not one.shown:
            continue
        while opened and one.heading.level <= opened[-1]:
            written.append("</details>")
            opened.pop()
        first, *rest = one.shown
        if one.is_folded:
            heading, end, text = first.partition(f"</h{one.heading.level}>")
            written.append(f'<details class="section"><summary>{heading}{end}</summary>{text}')
            opened.append(one.heading.level)
        else:
            written.append(first)
        written += rest
        if one.method and name:
            href = f"{METHOD}.html#{_method_anchor(name, one)}"
            written.append(f'<p class="method"><a href="{href}">Sådan er det regnet</a></p>')
    return "".join([*written, *("</details>" for _ in opened)])


def _method_anchor(name: str, section: Section) -> str:
    return f"{name}-{section.heading.anchor}"


def verdict(notebook: NotebookNode) -> str:
    """Return the verdict that an executed notebook gives, "Faldet"; "" where it gives none."""
    shown = blocks.tagged(notebook, VERDICT)
    said = (_VERDICT.match(data.get("text/markdown", "")) for data in shown)
    return next((found[1] for found in said if found), "")


def origin(selection: Selection | None, data: Dataset) -> str:
    """Say what a chart is of, where it stands alone: place, period, and that data are made up."""
    made_up = "Syntetiske data, opdigtede" if data.synthetic else ""
    return " · ".join(filter(None, [selection and selection.words, made_up]))
