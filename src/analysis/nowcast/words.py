"""What is still to come, and who may have stopped reporting, in words."""

from typing import TYPE_CHECKING

from analysis.core import danish
from analysis.nowcast.lateness import Unsettled, unsettled
from analysis.nowcast.silence import silent

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame, Series

    from analysis.core.selection import Selection

_INCIDENTS = ("hændelse", "hændelser")


def not_settled(con: "DuckDBPyConnection", selection: "Selection") -> str:
    """Return how many incidents of a selection are still to be reported; "" where it is settled."""
    found = unsettled(con, selection)
    if not found:
        return ""
    most = found.months.loc[found.months["late"].idxmax(), "month"]
    return (
        f"**Foreløbige tal:** {_to_come(found)}, flest fra {danish.month(most)}; forhold og "
        "prognoser regner dem med."
    )


def of_month(con: "DuckDBPyConnection", selection: "Selection") -> str:
    """Return the same of a single month, without marks."""
    found = unsettled(con, selection)
    return f"Foreløbigt tal: {_to_come(found)}." if found else ""


def _to_come(found: Unsettled) -> str:
    return (
        f"Ca. {danish.counted(round(found.late), *_INCIDENTS)} "
        f"({danish.interval(found.low, found.high)}) ventes meldt senere"
    )


def has_stopped(con: "DuckDBPyConnection", selection: "Selection") -> str:
    """Return that the selection's only location may have stopped reporting; else ""."""
    level, place = selection.single_place
    found = silent(con) if level == "location" else None
    if found is None:
        return ""
    own = found[(found["location"] == place) & (found["last"].dt.date < selection.interval[1])]
    return "" if own.empty else f"**{silence(own.iloc[0])}**"


def silence(row: "Series") -> str:
    """Return a row of `silent` in words."""
    return (
        f"Den seneste hændelse på {row['location']} er fra {danish.day(row['last'])}; siden var "
        f"ca. {danish.counted(round(row['awaited']), *_INCIDENTS)} ventet. Er der ro, eller bliver "
        "der ikke meldt ind?"
    )


def silent_places(found: "DataFrame") -> str:
    """Return how many places may have stopped reporting, of the rows of `silent`."""
    if found.empty:
        return "Ingen lokation har været stille længere, end tilfældigheder plejer at give."
    places = danish.counted(len(found), "lokation", "lokationer")
    return (
        f"**{danish.capital(places)} har været stille så længe, at der næppe meldes ind længere.** "
        "Højst hver tyvende, der nævnes sådan, er det ved et tilfælde."
    )
