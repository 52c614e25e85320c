"""What is still to come, in words."""

from typing import TYPE_CHECKING

from analysis.core import danish
from analysis.nowcast.delays import unsettled

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from analysis.core.selection import Selection


def not_settled(con: "DuckDBPyConnection", selection: "Selection") -> str:
    """Return how many incidents of a selection are still to be reported; "" where it is settled."""
    found = unsettled(con, selection)
    if not found:
        return ""
    most = found.months.loc[found.months["late"].idxmax(), "month"]
    return (
        f"**Foreløbige tal:** Ca. {danish.counted(round(found.late), 'hændelse', 'hændelser')} "
        f"({danish.interval(found.low, found.high)}) ventes endnu meldt, flest fra "
        f"{danish.month(most)}."
    )
