"""What has happened but is not reported yet: the last weeks look quieter than they were."""

from analysis.nowcast.delays import (
    MOST,
    Delays,
    delays,
    late_by_month,
    of_each,
    of_selection,
    unsettled,
)

__all__ = [
    "MOST",
    "Delays",
    "delays",
    "late_by_month",
    "of_each",
    "of_selection",
    "unsettled",
]
