"""Pages from templates: the one look, the warning, and a policy that lets only our scripts run."""

import base64
import hashlib
import html
from functools import cache
from pathlib import Path

import mistune
import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analysis.barometer import words
from analysis.core import danish
from analysis.show import marks

_templates = Environment(
    loader=PackageLoader("analysis.reports", "template"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {
    "day": danish.day,
    "month": danish.month,
    "number": danish.number,
    "signed": danish.signed,
}


class TextRenderer(mistune.HTMLRenderer):
    """Markdown to HTML in which what came from data stays text: no element of its own, no image."""

    def __init__(self) -> None:
        super().__init__(escape=True)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return an image as it is written: a page loads none."""
        return html.escape(f"![{text}]({url})")

    def inline_html(self, text: str) -> str:
        """Return an element as it is written, save the marks of our own sentences."""
        return text if text in ("<mark>", "</mark>", *marks.IGNORED) else html.escape(text)


def markdown(renderer: mistune.HTMLRenderer | None = None) -> mistune.Markdown:
    """Return what makes HTML of the notebooks' Markdown."""
    return mistune.create_markdown(
        renderer=renderer or TextRenderer(), plugins=["table", "strikethrough"]
    )


# The warning as markdown makes it of a notebook, and as a page shows it.
PLAIN_NOTICE = markdown()(words.synthetic())
NOTICE = PLAIN_NOTICE.replace("<p>", '<p class="notice">')


def render(template: str, *scripts: str, **values: object) -> str:
    """Return a page that stands alone; nothing but the `scripts` (their text) can run in it."""
    hashes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts]
    allowed = " ".join(f"'sha256-{one}'" for one in hashes) or "'none'"
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return _templates.get_template(template).render(
        policy=policy,
        style=Markup(file("style.css")),
        notice=Markup(NOTICE),
        scripts=[Markup(one) for one in scripts],
        **values,
    )


def part(template: str, **values: object) -> str:
    """Return a piece of a page."""
    return _templates.get_template(template).render(**values)


@cache
def bundle() -> str:
    """Return the script that draws charts."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")


@cache
def file(name: str) -> str:
    """Return the text of a script or a style sheet of the templates."""
    # Read as text, since browsers take every line end of a script for \n before they hash it.
    return (Path(__file__).parent / "template" / name).read_text(encoding="utf-8")
