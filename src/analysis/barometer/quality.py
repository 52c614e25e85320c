"""What came in and what to make of it: a connection in, a DataFrame out, one function a check."""

from typing import TYPE_CHECKING

from analysis.core import taxonomy
from analysis.core.asking import bound, frame
from analysis.core.selection import Selection

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame


def fates(con: "DuckDBPyConnection") -> "DataFrame":
    """Return `file, rows, accepted, duplicate, linked, cancelled, rejected`, a row a file."""
    return frame(con, "barometer/fates")


def reasons(con: "DuckDBPyConnection") -> "DataFrame":
    """Return `fate, reason, rows`: every reason given for a fate."""
    return frame(con, "intake/reasons")


def disagreements(con: "DuckDBPyConnection") -> "DataFrame":
    """Return `name, reason, rows`: where accepted rows and the register say different things."""
    return frame(con, "barometer/disagreements")


def unknown_labels(con: "DuckDBPyConnection") -> "DataFrame":
    """Return `kind, label, rows`: what neither taxonomy nor register knows, as written."""
    return frame(con, "intake/unknown_labels")


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
