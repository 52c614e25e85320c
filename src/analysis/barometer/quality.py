"""What came in and what to make of it: a connection in, a DataFrame out, one function a check."""

from typing import TYPE_CHECKING

from analysis.core import taxonomy
from analysis.core.asking import bound, frame
from analysis.core.audience import ANALYST, INTERNAL, check
from analysis.core.selection import Selection

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame


def fates(con: "DuckDBPyConnection") -> "DataFrame":
    """Return `file, rows, accepted, duplicate, linked, cancelled, rejected`, a row a file."""
    return frame(con, "barometer/fates")


def reasons(con: "DuckDBPyConnection", audience: str = INTERNAL) -> "DataFrame":
    """Return `fate, reason, rows`: every reason given for a fate, what it quotes for analysts."""
    return frame(con, "intake/reasons", _whole(audience))


def disagreements(con: "DuckDBPyConnection", audience: str = INTERNAL) -> "DataFrame":
    """Return `name, reason, rows`: where accepted rows and the register say different things.

    What the rows say is for analysts.
    """
    return frame(con, "barometer/disagreements", _whole(audience))


def unknown_labels(con: "DuckDBPyConnection", audience: str = INTERNAL) -> "DataFrame":
    """Return `kind, label, rows`: what nobody knows, as written for analysts alone."""
    return frame(con, "intake/unknown_labels", _whole(audience))


def _whole(audience: str) -> dict[str, bool]:
    return {"is_whole": check(audience) == ANALYST}


def blanks(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `field, incidents, blank, share` (0 to 1) for the form's incidents."""
    given = bound(con, selection) | {"unwanted": taxonomy.UNWANTED}
    return frame(con, "barometer/blanks", given)


def delay(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `name, incidents`: the form's incidents by days from incident to report."""
    return frame(con, "barometer/delay", bound(con, selection))


def violence_without_police(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `name, incidents, police, without_police` for locations with Fysisk vold."""
    given = bound(con, selection) | {"violence": taxonomy.VIOLENCE, "police": taxonomy.POLICE}
    return frame(con, "barometer/violence_without_police", given)


def silent_locations(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `name, district, facility`: the register's locations without an incident."""
    return frame(con, "barometer/silent_locations", bound(con, selection))
