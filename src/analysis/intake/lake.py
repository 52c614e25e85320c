"""A database as Parquet, for other engines and for more machines than one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from analysis.core.database import INCIDENT
from analysis.intake.errors import IngestError

# By this file a lake is known.
_MARK = "dataset.parquet"


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """Make a folder beside a lake's for the one that takes its place with `swap`.

    Raises IngestError where the lake's folder holds something else.
    """
    if folder.exists() and not (folder / _MARK).exists():
        raise IngestError(f"{folder}: er ikke en mappe, som »barometer ingest --lake« har lavet")
    new = folder.with_name(f".{folder.name}-new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        yield new
    finally:
        shutil.rmtree(new, ignore_errors=True)


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
    old = folder.with_name(f".{folder.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
