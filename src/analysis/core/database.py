"""Where the project's files are, and read-only connections to its DuckDB file."""

import re
import threading
from functools import cache
from os import environ
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

from analysis.core import taxonomy
from analysis.core.errors import InputError, MissingFileError

if TYPE_CHECKING:
    from datetime import date

    import duckdb

# The project's folder, with its data, notebooks and prose; installed elsewhere, we have to be told.
ROOT = Path(environ.get("BAROMETER_HOME") or Path(__file__).parents[3]).resolve()
DEFAULT = ROOT / "build" / "barometer.duckdb"
# Case and order numbers of synthetic data begin so, and every page made from them says it.
SYNTHETIC_PREFIX = "SYN-"
# Of the tables and what stands in them; an older database has to be made anew.
VERSION = 3
# The tables that grow with the incidents; of a lake they are read where they lie.
INCIDENT = "incident"
# What the tables of every version have, and nobody else's.
_OURS = {(INCIDENT, "incident_id"), ("intake_row", "fate"), ("help_call", "helper")}
# Of a lake, what is no table but what it was made from; other engines pass over such names.
READINGS = "_readings"
_LARGE = (INCIDENT, "help_call", "row_digest", "intake_row")
# The labels of an incident that nobody need know.
_MASKED = ("district", "facility", "subcategory", "victim", "demography")
# Macros that every database holds, each built on those before it.
_MACROS = ("lies_in", "selected", "register", "known_on", "open_days", "open_spells")


# What a path held when it was opened, and the connections to it. DuckDB goes on with the old file
# for as long as one of them is open.
_opened: dict[Path, tuple[tuple[int, ...], "WeakSet[duckdb.DuckDBPyConnection]"]] = {}
# One to the file opened last stays open, since opening it anew takes twenty times as long.
_held: list["duckdb.DuckDBPyConnection"] = []
# Reports are made in several threads, of which one at a time bars a database.
_barring = threading.Lock()
# What was opened last holds synthetic data, and its last day.
_latest: list[tuple[bool, "date | None"]] = []


def latest() -> tuple[bool, "date | None"]:
    """Return whether the database opened last is synthetic, and its last day; none is neither."""
    return _latest[0] if _latest else (False, None)


def resolve(path: str | Path | None) -> Path:
    """Return the database's path: the default for None, relative ones from the project's root."""
    return ROOT / path if path else DEFAULT


def before(database: Path) -> Path:
    """Return where the one before a database is kept: `barometer.before.duckdb` beside it."""
    return database.with_name(f"{database.stem}.before{database.suffix}")


def forecasts(database: Path) -> Path:
    """Return where a database's forecasts are kept: `barometer.forecasts.jsonl` beside it."""
    return database.with_name(f"{database.stem}.forecasts.jsonl")


def is_database(file: Path) -> bool:
    """Return whether a file is a DuckDB database that any version of this program may have made."""
    import duckdb

    with file.open("rb") as content:
        if content.read(12)[8:] != b"DUCK":
            return False
    try:
        with duckdb.connect(file, read_only=True) as con:
            found = con.execute(
                "select table_name, column_name from duckdb_columns() where not internal"
            ).fetchall()
    except duckdb.Error:
        # Damaged, or held open; it is told of the latter where it is replaced.
        return True
    return not found or set(found) >= _OURS


def connect(path: str | Path | None = None) -> "duckdb.DuckDBPyConnection":
    """Open a database, or a lake, read-only, barred from every other file and from the network.

    Connections to what the path held before an ingest are closed. Raises MissingFileError where
    there is none, and InputError for another file or folder.
    """
    import duckdb

    file = resolve(path)
    if not file.exists():
        raise _missing(file)
    held, connections = _opened.get(file, ((), WeakSet()))
    if held != (now := identity(file)):
        for old in connections:
            old.close()
        connections = WeakSet()
    try:
        con = _of_lake(file) if file.is_dir() else duckdb.connect(file, read_only=True)
        if con.execute("select version from dataset").fetchall() != [(VERSION,)]:
            con.close()
            raise duckdb.InvalidInputException
        _latest[:] = con.execute("select synthetic, last_day from dataset").fetchall()
    except duckdb.Error:
        raise _not_ours(file) from None
    # Connections of one process share a database's settings, so a second one finds them locked.
    with _barring:
        if not con.execute("select current_setting('lock_configuration')").fetchall()[0][0]:
            con.execute("set enable_external_access = false")
            con.execute("set lock_configuration = true")
    if file.is_file():
        _held[:] = [con.cursor()]
        connections.update(_held)
    connections.add(con)
    _opened[file] = (now, connections)
    return con


def _shown(file: Path) -> str:
    return file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.name


def _missing(file: Path) -> MissingFileError:
    return MissingFileError(
        f"Databasen {_shown(file)} findes ikke. Lav den med »make data« eller »barometer ingest«."
    )


def _not_ours(file: Path) -> InputError:
    return InputError(
        f"{_shown(file)} er ikke en database, som denne udgave af programmet har lavet. "
        "Lav den igen med »make data« eller »barometer ingest«."
    )


def damaged(error: Exception, file: Path) -> InputError:
    """Return the error that tells of a database that `is_damaged`: the one named, else `file`."""
    named = re.search(r'"([^"]+)"', str(error))
    return InputError(
        f"{_shown(Path(named[1]) if named else file)} er beskadiget og kan ikke læses til ende. "
        "Lav databasen igen med »make data« eller »barometer ingest«."
    )


def _of_lake(folder: Path) -> "duckdb.DuckDBPyConnection":
    """Return a connection whose tables are a lake's files; see `intake.lake`."""
    import duckdb

    con = duckdb.connect()
    con.execute(f"set allowed_directories = [{_quoted(str(folder))}]")
    _add_lake(con, folder)
    return con


def beside(**paths: Path) -> "duckdb.DuckDBPyConnection":
    """Return a connection in memory to several databases or lakes by name, barred as `connect`'s.

    Raises MissingFileError and InputError as that does, of which it is apart: a notebook that shows
    one database may ask for another.
    """
    import duckdb

    con = duckdb.connect()
    folders = ", ".join(_quoted(str(path)) for path in paths.values() if path.is_dir())
    con.execute(f"set allowed_directories = [{folders}]")
    try:
        for name, path in paths.items():
            _attach(con, path, name)
    except BaseException:
        con.close()
        raise
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")
    return con


def _attach(con: "duckdb.DuckDBPyConnection", path: Path, name: str) -> None:
    import duckdb

    if not path.exists():
        raise _missing(path)
    try:
        if path.is_dir():
            con.execute(f"attach ':memory:' as {name}")
            con.execute(f"use {name}")
            _add_lake(con, path)
            con.execute("use memory")
        else:
            con.execute(f"attach {_quoted(str(path))} as {name} (read_only)")
        is_ours = con.execute(f"select version from {name}.dataset").fetchall() == [(VERSION,)]
    except duckdb.Error:
        is_ours = False
    if not is_ours:
        raise _not_ours(path)


def _add_lake(con: "duckdb.DuckDBPyConnection", folder: Path) -> None:
    create_category(con)
    for table in sorted(each.stem for each in folder.iterdir() if each.name != READINGS):
        files = (
            f"{folder}/{table}/**/*.parquet" if table == INCIDENT else f"{folder}/{table}.parquet"
        )
        kept = "* replace (category::category as category)" if table == INCIDENT else "*"
        read = f"read_parquet({_quoted(files)}, hive_partitioning = false)"
        # The others are read at once, and their rows have the order in which they were written.
        kind = "view" if table in _LARGE else "table"
        con.execute(f'create {kind} "{table}" as select {kept} from {read}')
    show(con)


def create_category(con: "duckdb.DuckDBPyConnection") -> None:
    """Create the type of `incident.category`, which the tables need."""
    con.execute(
        "create type category as enum (select unnest($labels))",
        {"labels": list(taxonomy.CATEGORY_LABELS)},
    )


def show(con: "duckdb.DuckDBPyConnection") -> None:
    """Make what a database holds besides its tables: views of its labels as pages show them.

    In `shown_incident` and `shown_help` a label that nobody knows is `nobody_knows()`. A location
    is shown as written: it is where something happened, whoever knows it. The labels stand in the
    views, since a join with them would read every column of every row for any question.
    """
    unknown: dict[str, list[str]] = {}
    for kind, label in con.execute("select kind, label from unknown_label").fetchall():
        unknown.setdefault(kind, []).append(_quoted(label))
    among = {kind: f"{kind} in ({', '.join(labels)})" for kind, labels in unknown.items()}
    shown = ", ".join(
        f"case when {among[kind]} then nobody_knows() else {kind} end as {kind}"
        for kind in _MASKED
        if kind in among
    )
    replaced = f"replace ({shown})" if shown else ""
    is_unknown = among.get("helper", "false")
    con.execute(sql("core/shown"))
    con.execute(f"create or replace view shown_incident as select * {replaced} from incident")
    # Of several that nobody knows, an incident has one.
    con.execute(
        "create or replace view shown_help as "
        f"from help_call where not ({is_unknown}) "
        "union all by name "
        "select incident_id, nobody_knows() as helper, bool_or(arrived) as arrived "
        f"from help_call where {is_unknown} group by incident_id"
    )
    for name in _MACROS:
        con.execute(sql(f"core/{name}"))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def opened_from(con: "duckdb.DuckDBPyConnection") -> Path | None:
    """Return the database or lake that a connection of `connect` reads, None for another."""
    found = (path for path, (_, connections) in _opened.items() if con in connections)
    return next(found, None)


def is_outdated(con: "duckdb.DuckDBPyConnection") -> bool:
    """Return whether the file has been replaced since a connection of `connect` was opened."""
    return any(
        con in connections and file.exists() and not is_held(file, held)
        for file, (held, connections) in _opened.items()
    )


def is_held(file: Path, held: tuple[int, ...]) -> bool:
    """Return whether a database or a lake is the one of this identity still."""
    return file.exists() and identity(file) == held


def identity(file: Path) -> tuple[int, ...]:
    """Return what is another once a database or a lake has been made anew."""
    status = file.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


@cache
def sql(name: str) -> str:
    """Return the text of a query: "core/values_of" is `core/sql/values_of.sql`."""
    folder, _, query = name.partition("/")
    return (Path(__file__).parents[1] / folder / "sql" / f"{query}.sql").read_text(encoding="utf-8")
