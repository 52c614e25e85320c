"""The database from before, kept beside the one that takes its place, to be compared with it."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

import duckdb

from analysis.core.database import VERSION

# The tables that incidents and the register stand in.
_COMPARED = ("incident", "help_call", "unknown_label", "location", "opening_hours")


def held(database: Path, new: Path, folder: Path) -> Path | None:
    """Return another name in `folder` for the database about to be replaced by `new`.

    None where there is none, where another version of the program made it, and where the new one
    has the same incidents and register: what last time was is then still what was kept before.
    """
    if not database.exists() or _content(database) in (None, _content(new)):
        return None
    old = folder / "old.duckdb"
    try:
        os.link(database, old)
    except OSError:
        shutil.copyfile(database, old)
    # A database that somebody lets others read is not theirs here.
    with suppress(OSError):
        old.chmod(0o600)
    return old


def _content(database: Path) -> list[tuple] | None:
    """Return `rows, sum of the rows' hashes` of each table compared; None of another version."""
    try:
        with duckdb.connect(database, read_only=True) as con:
            if con.execute("select version from dataset").fetchall() != [(VERSION,)]:
                return None
            return [
                con.execute(f"select count(*), sum(hash(t)) from {table} t").fetchall()[0]
                for table in _COMPARED
            ]
    except duckdb.Error:
        return None
