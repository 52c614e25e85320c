"""What is still to come, and who may have stopped reporting, in words."""

from typing import TYPE_CHECKING

from analysis.core import danish
from analysis.nowcast.lateness import Unsettled, unsettled
from analysis.nowcast.silence import silent
from analysis.show import phrases

if TYPE_CHECKING:
    from datetime import date

    from duckdb import DuckDBPyConnection
    from pandas import DataFrame, Series

    from analysis.core.selection import Selection

_INCIDENTS = ("hændelse", "hændelser")
# More places than this are told by their names alone.
_MOST_TOLD = 3


def not_settled(
    con: "DuckDBPyConnection", selection: "Selection", compared: "Selection | None" = None
) -> str:
    """Return how many incidents of a selection are still to be reported; "" where it is settled.

    Of what it is `compared` with, too.
    """
    told = [_most_from(found) for found in [unsettled(con, selection)] if found]
    if compared and (found := unsettled(con, compared)):
        told.append(_most_from(found, f" fra {compared.name}, som der sammenlignes med,"))
    if not told:
        return ""
    text = danish.capital("; ".join(told))
    return f"**Foreløbige tal:** {text}; forhold og prognoser regner dem med."


def _most_from(found: Unsettled, of: str = "") -> str:
    most = found.months.loc[found.months["late"].idxmax(), "month"]
    return f"{_to_come(found, of)}, flest fra {danish.month(most)}"


def in_short(con: "DuckDBPyConnection", selection: "Selection") -> str:
    """Return the same in short, without marks."""
    found = unsettled(con, selection)
    return f"Foreløbige tal: {danish.capital(_to_come(found))}." if found else ""


def _to_come(found: Unsettled, of: str = "") -> str:
    return (
        f"ca. {danish.counted(round(found.late), *_INCIDENTS)} "
        f"({danish.interval(found.low, found.high)}){of} ventes meldt senere"
    )


def has_stopped(con: "DuckDBPyConnection", selection: "Selection") -> str:
    """Return which of the locations of a selection may have stopped; "" of none and of the city."""
    found = _stopped(con, selection)
    if len(found) > _MOST_TOLD:
        return (
            f"**{danish.number(len(found))} lokationer har været stille længe: "
            f"{phrases.shortened(found['location'])}. Er der ro, eller bliver der ikke meldt ind?**"
        )
    return " ".join(f"**{silence(row)}**" for _, row in found.iterrows())


def stopped(con: "DuckDBPyConnection", selection: "Selection") -> str:
    """Return that a selection's only location may have stopped, to follow a "men"; else ""."""
    found = _stopped(con, selection)
    is_one = selection.single_place[0] == "location" and len(found)
    return since(found["last"].iloc[0]) if is_one else ""


def since(last: "date") -> str:
    """Return that nothing has been reported since the day `last` of the last incident."""
    return f"intet er meldt siden {danish.day(last)}; det kan være, at der ikke meldes ind"


def _stopped(con: "DuckDBPyConnection", selection: "Selection") -> "DataFrame":
    """Return the rows of `silent` in a selection that end before its period; none of the city."""
    found = silent(con)
    found = found[(found["last"].dt.date < selection.interval[1]) & (not selection.is_city)]
    for level in ("district", "location"):
        if chosen := getattr(selection, level):
            found = found[found[level].isin([chosen] if isinstance(chosen, str) else chosen)]
    return found


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
