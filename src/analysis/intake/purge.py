"""Older incidents out of a database and its lake: both are made anew, so that nothing is left."""

import shutil
from datetime import date
from pathlib import Path

import duckdb

from analysis.core import danish, kept
from analysis.core.database import before as kept_before
from analysis.core.database import connect, create_category, show, sql
from analysis.core.errors import is_damaged, is_full
from analysis.core.scratch import scratch
from analysis.intake import build, lake
from analysis.intake.errors import IngestError


def purge(before: date, database: Path, into: Path | None = None) -> int:
    """Remove the incidents before a day, and what was only theirs; return how many they were.

    The database from before goes too, what is kept beside either to save time, and of the lake
    `into` what its exports were read as. Raises InputError and MissingFileError as `connect` does,
    IngestError as `ingest`, and where nothing would be left.
    """
    database = database.resolve()
    if database.is_dir():
        raise IngestError(
            f"{database.name}: er en mappe; en datasø gives med --lake, ved siden af databasen"
        )
    with connect(database) as con:
        ((last,),) = con.table("dataset").project("last_day").fetchall()
    if last and before > last:
        raise IngestError(
            f"{danish.day(before)} er efter {danish.day(last)}, den sidste dag i data; alt ville "
            f"blive fjernet. Skal det det, så slet {database.name} og det, der ligger ved siden af."
        )
    try:
        removed = _purge(before, database, into)
    except duckdb.Error as error:
        if is_full(error) or is_damaged(error):
            raise
        told = type(error).__name__
        raise IngestError(f"{database.name}: kunne ikke ændres ({told})") from error
    kept_before(database).unlink(missing_ok=True)
    for asked in filter(None, (database, into)):
        shutil.rmtree(kept.folder(asked), ignore_errors=True)
    return removed


def _purge(before: date, database: Path, into: Path | None) -> int:
    with scratch(".ingest-", database.parent) as folder:
        new = folder / "new.duckdb"
        with duckdb.connect(new) as con:
            con.execute("attach $path as old (read_only)", {"path": str(database)})
            create_category(con)
            con.execute(sql("intake/schema"))
            con.execute("set variable before = $day", {"day": before})
            con.execute(sql("intake/purge"))
            removed = "select (select count(*) from old.incident) - (select count(*) from incident)"
            ((number,),) = con.execute(removed).fetchall()
            show(con)
            con.execute("detach old")
        build.swap(new, database)
        if into:
            with lake.beside(into) as beside:
                lake.write(database, beside)
                lake.swap(beside, into)
    return number
