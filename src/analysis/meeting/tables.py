"""The card's table: a month of `figures` in, a frame and its headings out."""

from typing import TYPE_CHECKING

from analysis.core import danish
from analysis.meeting.figures import Month
from analysis.priority.tables import HEADINGS

if TYPE_CHECKING:
    from pandas import DataFrame


def place_table(found: Month) -> "DataFrame":
    """Return the places with incidents in the month or a year before, with their rank."""
    shown = ["location", "incidents", "before", "rank", "rounds"]
    return found.counted[shown].reset_index(drop=True)


def headings(found: Month) -> dict[str, str]:
    """Return the headings of `place_table`."""
    when = danish.MONTHS[found.next_month.month - 1]
    return HEADINGS | {
        "incidents": danish.capital(danish.short_month(found.month)),
        "before": danish.capital(
            danish.short_month(found.month.replace(year=found.month.year - 1))
        ),
        "rank": f"Plads i {when}",
    }
