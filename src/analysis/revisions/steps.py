"""The states that incidents have left and come to between two databases, and what moved them."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.core import database
from analysis.core.database import sql
from analysis.core.errors import InputError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What can have moved an incident, in the order in which it is told.
CAUSES = ("new", "late", "corrected", "gone", "reclassified", "register", "program")


def compared(before: Path, now: Path) -> "DuckDBPyConnection":
    """Return a connection in memory with both databases, `old` and `new`, and the steps between.

    A figure's part of a cause is what the steps of it come to, each times its sign; all of them
    are the figure in `new` less that in `old`, whatever it counts of an incident. `selected` reads
    the steps. Raises MissingFileError and InputError as `connect` does, and InputError where the
    pseudonyms are of two keys.
    """
    con = database.beside(old=before, new=now)
    try:
        keys = "select count(distinct key) from (from old.made_by union all from new.made_by)"
        made_up = (
            "select count(distinct synthetic) from (from old.dataset union all from new.dataset)"
        )
        if con.execute(keys).fetchall() != [(1,)]:
            raise InputError(
                f"{before.name} og {now.name} har ikke samme nøgle til pseudonymerne, så "
                "hændelserne kan ikke kendes igen."
            )
        if con.execute(made_up).fetchall() != [(1,)]:
            raise InputError(
                f"Af {before.name} og {now.name} har den ene syntetiske data og den anden ikke."
            )
        con.execute(sql("revisions/steps"))
        for macro in ("lies_in", "selected"):
            con.execute(sql(f"core/{macro}"))
    except BaseException:
        con.close()
        raise
    return con


def steps(before: Path, now: Path) -> "DuckDBPyConnection":
    """Return a connection with the steps alone, the same one while neither database is another."""
    return _steps(before, database.identity(before), now, database.identity(now))


@lru_cache(maxsize=1)
def _steps(before: Path, _: tuple, now: Path, __: tuple) -> "DuckDBPyConnection":
    con = compared(before, now)
    con.execute("detach old")
    con.execute("detach new")
    return con
