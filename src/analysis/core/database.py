"""Where the project's files are, and read-only connections to its DuckDB file."""

from functools import cache
from os import environ
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

from analysis.core.errors import InputError, MissingFileError

if TYPE_CHECKING:
    from datetime import date

    import duckdb

# The project's folder, with its data, notebooks and prose; installed elsewhere, we have to be told.
ROOT = Path(environ.get("BAROMETER_HOME") or Path(__file__).parents[3]).resolve()
DEFAULT = ROOT / "build" / "barometer.duckdb"
# Case and order numbers of synthetic data begin so, and every page made from them says it.
SYNTHETIC_PREFIX = "SYN-"
# What every database holds besides its tables, each built on those before it.
MACROS = ("lies_in", "selected", "register", "known_on", "open_days", "open_spells")


# What a path held when it was opened, and the connections to it. DuckDB goes on with the old file
# for as long as one of them is open.
_opened: dict[Path, tuple[tuple[int, ...], "WeakSet[duckdb.DuckDBPyConnection]"]] = {}
# What was opened last holds synthetic data, and its last day.
_latest: list[tuple[bool, "date | None"]] = []


def latest() -> tuple[bool, "date | None"]:
    """Return whether the database opened last is synthetic, and its last day; none is neither."""
    return _latest[0] if _latest else (False, None)


def resolve(path: str | Path | None) -> Path:
    """Return the database's path: the default for None, relative ones from the project's root."""
    return ROOT / path if path else DEFAULT


def connect(path: str | Path | None = None) -> "duckdb.DuckDBPyConnection":
    """Open a database read-only, barred from every other file and from the network.

    Connections to what the path held before an ingest are closed. Raises MissingFileError where
    there is none, and InputError for another file.
    """
    import duckdb

    file = resolve(path)
    shown = file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.name
    if not file.is_file():
        raise MissingFileError(
            f"Databasen {shown} findes ikke. Lav den med »make data« eller »barometer ingest«."
        )
    held, connections = _opened.get(file, ((), WeakSet()))
    if held != (now := _identity(file)):
        for old in connections:
            old.close()
        connections = WeakSet()
    try:
        con = duckdb.connect(file, read_only=True)
        _latest[:] = con.execute("select synthetic, last_day from dataset").fetchall()
    except duckdb.Error:
        raise InputError(
            f"{shown} er ikke en database, som denne udgave af »barometer ingest« har lavet."
        ) from None
    # Connections of one process share a database's settings, so a second one finds them locked.
    if not con.execute("select current_setting('lock_configuration')").fetchall()[0][0]:
        con.execute("set enable_external_access = false")
        con.execute("set lock_configuration = true")
    connections.add(con)
    _opened[file] = (now, connections)
    return con


def is_outdated(con: "duckdb.DuckDBPyConnection") -> bool:
    """Return whether the file has been replaced since a connection of `connect` was opened."""
    return any(
        con in connections and file.is_file() and held != _identity(file)
        for file, (held, connections) in _opened.items()
    )


def _identity(file: Path) -> tuple[int, ...]:
    status = file.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


@cache
def sql(name: str) -> str:
    """Return the text of a query: "core/values_of" is `core/sql/values_of.sql`."""
    folder, _, query = name.partition("/")
    return (Path(__file__).parents[1] / folder / "sql" / f"{query}.sql").read_text(encoding="utf-8")
