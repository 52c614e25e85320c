"""The pages' fixed prose: Markdown files in `prose/`, which an editor corrects without Python."""

import re
from functools import cache

from analysis.core.database import ROOT

FOLDER = ROOT / "prose"
_PLACE = re.compile(r"\{(\w+)\}")


def text(name: str, **figures: object) -> str:
    """Return a section in one line a paragraph or list item: "rules/Signaler".

    What stands in it as {navn} is put in from `figures`. Raises ValueError, one line in Danish,
    where the file lacks the section, or the section names a figure that is not given.
    """
    file, _, title = name.partition("/")
    found = sections(file)
    if title not in found:
        raise ValueError(f"prose/{file}.md mangler afsnittet »{title}«.")

    def figure(place: re.Match[str]) -> str:
        if place[1] not in figures:
            raise ValueError(f"prose/{file}.md, »{title}«: {place[0]} kendes ikke her.")
        return str(figures[place[1]])

    return _PLACE.sub(figure, found[title])


@cache
def sections(file: str) -> dict[str, str]:
    """Return a file's sections by their headings, in its order."""
    whole = (FOLDER / f"{file}.md").read_text(encoding="utf-8-sig")
    parts = re.split(r"^## +(.+?) *$", whole, flags=re.MULTILINE)
    return {title: _joined(body) for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def _joined(body: str) -> str:
    """Return a text without the line breaks within its paragraphs; list items keep theirs."""
    return re.sub(r"(?<!\n)\n(?![\n-])", " ", body.strip())
