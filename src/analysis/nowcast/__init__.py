"""What has happened but is not reported yet, and who may have stopped reporting."""

from analysis.nowcast.lateness import (
    Delays,
    delays,
    late_by_day,
    late_by_month,
    late_of,
    paces,
    unsettled,
)
from analysis.nowcast.silence import silent

__all__ = [
    "Delays",
    "delays",
    "late_by_day",
    "late_by_month",
    "late_of",
    "paces",
    "silent",
    "unsettled",
]
