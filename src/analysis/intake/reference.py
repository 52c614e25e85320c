"""The reference tables: one CSV a table, its headings being the table's columns."""

import glob
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import danish
from analysis.database import sql
from analysis.intake.errors import IngestError, quoted, told
from analysis.selection import nearest
from analysis.taxonomy import key, match

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
            raise IngestError(f"{name}: mangler i mappen med referencetabeller, {folder.name}")
        try:
            # A name is no pattern.
            path = glob.escape(str(folder / name))
            found = con.read_csv(path, header=True, all_varchar=True, sep=",")
            columns = con.table(table).columns
            lacking = [column for column in columns if column not in found.columns]
            if lacking:
                raise IngestError(f"{name}: mangler kolonnen {danish.listing(lacking)}")
            wanted = [duckdb.ColumnExpression(column) for column in columns]
            found.select(*wanted).insert_into(table)
            _match(con, table)
        except duckdb.Error as error:
            raise IngestError(f"{name}: {told(error)}") from None
    overlap = con.execute(sql("intake/overlapping_hours")).fetchone()
    if overlap:
        raise IngestError(f"{FILES['opening_hours']}: {overlap[0]}")


def _match(con: "DuckDBPyConnection", table: str) -> None:
    """Write labels as the taxonomy does, and locations as the register does."""
    from duckdb import ColumnExpression, ConstantExpression

    register = names(con)
    rows = con.table(table)
    for column in ("district", "facility") if table == "location" else ("location",):
        for (given,) in rows.unique(column).fetchall():
            if given is None:
                continue
            if table == "location":
                label = match(column, given) or given
            elif not (label := register.get(key(given))):
                near = nearest(given, set(register.values()), 1)
                hint = f" (nærmest er {near[0]})" if near else ""
                raise IngestError(f"{FILES[table]}: {quoted(given)} står ikke i registret{hint}")
            if label != given:
                named = ColumnExpression(column) == ConstantExpression(given)
                rows.update({column: ConstantExpression(label)}, condition=named)


def names(con: "DuckDBPyConnection") -> dict[str, str]:
    """Return the location that each spelling of the register means, by the spelling's key.

    Raises IngestError where two locations share a name.
    """
    known: dict[str, str] = {}
    for location, spelling in con.execute(sql("other_names")).fetchall():
        other = known.setdefault(key(spelling), location)
        if other != location:
            raise IngestError(
                f"{FILES['location']}: navnet {quoted(spelling)} er både {other} og {location}"
            )
    return known
