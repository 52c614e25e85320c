"""The page of what changed since last time, beside the reports."""

from pathlib import Path

from markupsafe import Markup

from analysis.barometer.words import inferred_weights
from analysis.core.scratch import put
from analysis.reports import meeting
from analysis.revisions import tables, words
from analysis.revisions.figures import Revisions
from analysis.show.tables import table

# The file's name.
NAME = "aendringer.html"
_CAPTIONS = (
    (tables.places, "Hele halvår"),
    (tables.months, "Måneder"),
    (tables.views, "Hele byen i de to seneste vinter- og sommerhalvår"),
)


def page(found: Revisions, listed: str = "") -> str:
    """Return the page's HTML: counts and labels, of a place its months alone.

    `listed` is the index's address, "" where there is none.
    """
    shown = [(select(found), caption) for select, caption in _CAPTIONS]
    parts = [
        f"**{words.summary(found)}** {words.days(found)}",
        # The page is long, and its foot far away.
        "**Syntetiske data.**" * found.data[1].synthetic,
        *(
            Markup(table(rows, caption, headings=tables.HEADINGS, signed=rows.columns[5:]).html())
            for rows, caption in shown
            if len(rows)
        ),
        inferred_weights().data if len(found.figures) else "",
    ]
    return meeting.sheet(words.TITLE, filter(None, parts), [found.data[1]], listed=listed)


def write(found: Revisions, file: Path) -> None:
    """Write the page in place of the one that was there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    listed = "index.html" if (file.parent / "index.html").exists() else ""
    put(file, page(found, listed).encode("utf-8"))
