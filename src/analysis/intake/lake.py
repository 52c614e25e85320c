"""A database as Parquet, for other engines and for more machines than one."""

import glob
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from analysis.core.database import INCIDENT
from analysis.core.scratch import scratch
from analysis.intake.errors import IngestError

# By this file a lake is known.
_MARK = "dataset.parquet"
# A lake that has given way, and how often another may take its place meanwhile.
_OLD, _TRIES = "old", 10


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """Make a folder beside a lake's for the one that takes its place with `swap`.

    What a killed swap had moved away is put back. Raises IngestError where the lake's folder holds
    something else.
    """
    if folder.exists() and not (folder / _MARK).exists():
        raise IngestError(f"{folder}: er ikke en mappe, som »barometer ingest --lake« har lavet")
    folder.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{folder.name}-new-"
    for old in folder.parent.glob(f"{glob.escape(prefix)}*/{_OLD}*"):
        if not folder.exists():
            old.rename(folder)
    with scratch(prefix, folder.parent) as begun:
        (begun / folder.name).mkdir()
        yield begun / folder.name


def write(database: Path, new: Path) -> None:
    """Write each table of a database into the folder of a new lake.

    Incidents lie by season and district, `incident/season=2024%2F25/district=Valby/`, every other
    table in a file of its name. What the folders say stands in the files too.
    """
    with duckdb.connect(database, read_only=True) as con:
        tables = con.execute("select table_name from duckdb_tables() where not internal").fetchall()
        for (table,) in tables:
            if table == INCIDENT:
                by = ", partition_by (season, district), write_partition_columns true"
                target = new / table
            else:
                by, target = "", new / f"{table}.parquet"
            given = {"target": str(target)}
            con.execute(f'copy (from "{table}") to $target (format parquet{by})', given)


def swap(new: Path, folder: Path) -> None:
    """Put what `write` wrote in the place of the lake that was there."""
    for tried in range(_TRIES):
        # Another ingest may put its own there, or take it away, at any moment.
        with suppress(FileNotFoundError):
            folder.rename(new.with_name(f"{_OLD}{tried}"))
        try:
            new.rename(folder)
        except OSError:
            if not folder.exists() or tried == _TRIES - 1:
                raise
        else:
            return
