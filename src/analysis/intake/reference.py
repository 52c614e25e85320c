"""The reference tables: one CSV a table, its headings being the table's columns."""

import csv
import glob
from io import StringIO
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.core import danish
from analysis.core.database import sql
from analysis.core.selection import CITY, SelectionError, nearest
from analysis.core.taxonomy import key, match
from analysis.intake import experience
from analysis.intake.errors import IngestError, quoted, told

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
# What a folder may lack: people write these by hand, and save them as their spreadsheet does.
EXPERIENCE, CITY_NAME = "experience.csv", "city.csv"
_ENCODINGS = ("utf-8-sig", "cp1252")


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
    if (folder / EXPERIENCE).is_file():
        _load_experience(con, folder / EXPERIENCE)
    con.execute("insert into raw.city values ($1)", [_city(folder / CITY_NAME)])


def _load_experience(con: "DuckDBPyConnection", file: Path) -> None:
    columns, rows = _rows(file)
    try:
        # As a spreadsheet counts them, the headings being the first.
        found = experience.entries(con, columns, rows, file.name, first=2)
    except SelectionError as error:
        raise IngestError(str(error)) from None
    for entry in found:
        con.execute("insert into experience values ($1, $2, $3, $4, $5, $6)", entry)


def _city(file: Path) -> str:
    """Return the city's name by its file, or what it is called without one."""
    if not file.is_file():
        return CITY
    columns, rows = _rows(file)
    names = [row["name"] for row in rows if row["name"]] if "name" in columns else []
    if len(names) != 1:
        raise IngestError(f"{file.name} skal have kolonnen name og i den ét navn, byens.")
    return names[0].strip()


def _rows(file: Path) -> tuple[list[str], list[dict[str, str | None]]]:
    """Return the columns and rows of a CSV file with `,` or `;`; what is empty is None."""
    text = _text(file)
    separator = ";" if ";" in text.partition("\n")[0] else ","
    try:
        lines = list(csv.reader(StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        lines = []
    headings, *rows = lines or [[]]
    columns = [heading.strip().lower() for heading in headings]
    if not columns or any(len(row) > len(columns) for row in rows):
        raise IngestError(
            f"{file.name} kan ikke læses som en tabel: hver række skal have et felt til hver "
            "overskrift, og en tekst med skilletegnet i skal stå i anførselstegn."
        )
    return columns, [dict(zip_longest(columns, (cell or None for cell in row))) for row in rows]


def _text(file: Path) -> str:
    content = file.read_bytes()
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise IngestError(f"{file.name} er hverken tekst i UTF-8 eller Windows-1252.")


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
    for location, spelling in con.execute(sql("core/other_names")).fetchall():
        other = known.setdefault(key(spelling), location)
        if other != location:
            raise IngestError(
                f"{FILES['location']}: navnet {quoted(spelling)} er både {other} og {location}"
            )
    return known
