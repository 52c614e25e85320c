"""What has happened but is not reported yet, and who may have stopped reporting."""

from analysis.nowcast.lateness import (
    MOST,
    Delays,
    delays,
    late_by_month,
    of_each,
    of_selection,
    unsettled,
)
from analysis.nowcast.silence import silent

__all__ = [
    "MOST",
    "Delays",
    "delays",
    "late_by_month",
    "of_each",
    "of_selection",
    "silent",
    "unsettled",
]
