"""The published barometer's views: a connection and a `Selection` in, a DataFrame out."""

from analysis.barometer.views import (
    compare_seasons,
    count_by,
    help_called,
    incidents,
    matrix,
    over_time,
    per_month,
    places,
    score_by,
    time_of_day,
    year_before,
)
from analysis.core.selection import Selection, SelectionError

__all__ = [
    "Selection",
    "SelectionError",
    "compare_seasons",
    "count_by",
    "help_called",
    "incidents",
    "matrix",
    "over_time",
    "per_month",
    "places",
    "score_by",
    "time_of_day",
    "year_before",
]


def __dir__() -> list[str]:
    """Offer what is meant to be used, and no submodule, where a notebook completes a name."""
    return __all__
