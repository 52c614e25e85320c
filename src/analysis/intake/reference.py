"""The reference tables: one CSV a table, its headings being the table's columns."""

from pathlib import Path
from typing import TYPE_CHECKING

from analysis.database import sql
from analysis.intake.errors import IngestError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FILES = {
    "location": "locations.csv",
    "opening_hours": "opening_hours.csv",
    "visit": "visits.csv",
    "measure": "measures.csv",
    "shift": "shifts.csv",
    "survey": "surveys.csv",
}


def load(con: "DuckDBPyConnection", folder: Path) -> None:
    """Fill the reference tables from the files of a folder.

    Raises IngestError where a file is missing, lacks a column or holds what the table cannot.
    """
    import duckdb

    for table, name in FILES.items():
        if not (folder / name).is_file():
            raise IngestError(f"{name}: is missing from the reference folder {folder.name}")
        try:
            found = con.read_csv(str(folder / name), header=True, all_varchar=True, sep=",")
            columns = con.table(table).columns
            lacking = [column for column in columns if column not in found.columns]
            if lacking:
                raise IngestError(f"{name}: lacks the column {', '.join(lacking)}")
            found.select(*(duckdb.ColumnExpression(column) for column in columns)).insert_into(
                table
            )
        except duckdb.Error as error:
            raise IngestError(f"{name}: {str(error).splitlines()[0]}") from None
    for table, complaint in (("opening_hours", "overlapping_hours"), ("location", "shared_names")):
        wrong = con.execute(sql(f"intake/{complaint}")).fetchone()
        if wrong:
            raise IngestError(f"{FILES[table]}: {wrong[0]}")
