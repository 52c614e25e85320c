"""What changed as tables for the page: the figures of `figures` in, frames and headings out."""

from typing import TYPE_CHECKING

from analysis.core import danish
from analysis.revisions import words
from analysis.revisions.figures import Revisions
from analysis.revisions.steps import CAUSES

if TYPE_CHECKING:
    from pandas import DataFrame

HEADINGS = {
    "place": "Sted",
    "period": "Periode",
    "what": "Tal",
    "before": "Sidst",
    "after": "Nu",
    **{cause: danish.capital(text) for cause, text in words.CAUSE_WORDS.items()},
}


def places(found: Revisions) -> "DataFrame":
    """Return the half-years of every place that are others, a row a count or a score."""
    return _table(found.figures[found.figures["view"] == "total"])


def months(found: Revisions) -> "DataFrame":
    """Return the months of the city and of every location that are others."""
    is_month = (found.figures["view"] == "month") & (found.figures["level"] != "district")
    return _table(found.figures[is_month])


def views(found: Revisions) -> "DataFrame":
    """Return the city's views that are others; of places they would tell of single incidents."""
    is_view = ~found.figures["view"].isin(["total", "month"]) & (found.figures["level"] == "city")
    return _table(found.figures[is_view])


def _table(figures: "DataFrame") -> "DataFrame":
    import pandas as pd

    rows = figures.to_dict("records")
    said = {
        "place": [row["place"] for row in rows],
        "period": [words.period(row) for row in rows],
        "what": [danish.capital(words.name(row)) for row in rows],
    }
    causes = [cause for cause in CAUSES if figures[cause].any()]
    values = figures[["before", "after", *causes]].reset_index(drop=True)
    return pd.concat([pd.DataFrame(said, dtype="str"), values], axis=1)
