"""The barometer's views as charts: a view's DataFrame in, an Altair chart out."""

from analysis.charts.city import map  # noqa: A004 (read as charts.map)
from analysis.charts.counts import bars, help_called, matrix, score_by
from analysis.charts.intervals import funnel, intervals
from analysis.charts.ladder import conflict_ladder
from analysis.charts.measures import timeline, week
from analysis.charts.outlook import hits, months_ahead
from analysis.charts.periods import over_time, per_month, season_comparison, time_of_day
from analysis.charts.priorities import priorities
from analysis.charts.shares import shares
from analysis.charts.signals import signal_line, signal_rows
from analysis.charts.theme import enable

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
    "months_ahead",
    "over_time",
    "per_month",
    "priorities",
    "score_by",
    "season_comparison",
    "shares",
    "signal_line",
    "signal_rows",
    "time_of_day",
    "timeline",
    "week",
]
