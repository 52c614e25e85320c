"""Figures in, Altair charts out; whoever imports this draws every chart in the project's theme."""

from analysis.show.charts.city import map  # noqa: A004 (read as charts.map)
from analysis.show.charts.counts import bars, help_called, matrix, score_by, steps
from analysis.show.charts.files import save
from analysis.show.charts.intervals import funnel, intervals
from analysis.show.charts.ladder import conflict_ladder
from analysis.show.charts.outlook import hits
from analysis.show.charts.periods import over_time, per_month, season_comparison, time_of_day
from analysis.show.charts.priorities import priorities
from analysis.show.charts.shares import shares
from analysis.show.charts.signals import signal_line, signal_rows
from analysis.show.charts.theme import enable
from analysis.show.charts.timeline import timeline
from analysis.show.charts.week import week

__all__ = [
    "bars",
    "conflict_ladder",
    "enable",
    "funnel",
    "help_called",
    "hits",
    "intervals",
    "map",
    "matrix",
    "over_time",
    "per_month",
    "priorities",
    "save",
    "score_by",
    "season_comparison",
    "shares",
    "signal_line",
    "signal_rows",
    "steps",
    "time_of_day",
    "timeline",
    "week",
]


def __dir__() -> list[str]:
    """Offer what is meant to be used, and no submodule, where a notebook completes a name."""
    return __all__


enable()
