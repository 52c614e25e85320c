"""The reference tables: one CSV a table, its headings being the table's columns."""

import csv
from datetime import time
from io import StringIO
from itertools import zip_longest
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.core import danish
from analysis.core.database import sql
from analysis.core.selection import CITY, SelectionError, nearest
from analysis.core.taxonomy import key, match, tidy
from analysis.intake import experience
from analysis.intake.errors import IngestError, quoted

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

    Raises IngestError where a file is missing, lacks a column or holds what the table cannot; the
    message names the row, and none of what people have written in it.
    """
    for table, name in FILES.items():
        if not (folder / name).is_file():
            raise IngestError(f"{name}: mangler i mappen med referencetabeller, {folder.name}")
        _fill(con, table, folder / name)
        _match(con, table)
    overlaps = con.execute(sql("intake/overlapping_hours")).fetchall()
    if overlaps:
        raise IngestError(f"{FILES['opening_hours']}: {overlaps[0][0]}")
    if (folder / EXPERIENCE).is_file():
        _load_experience(con, folder / EXPERIENCE)
    con.execute("insert into raw.city values ($1)", [_city(folder / CITY_NAME)])


def _fill(con: "DuckDBPyConnection", table: str, file: Path) -> None:
    """Read a file into its table, each cell as the table's column is."""
    from duckdb import ConstraintException

    columns, rows = _rows(file, is_whole=True)
    asked = con.table(table)
    kinds = dict(zip(asked.columns, map(str, asked.types), strict=True))
    if lacking := [column for column in kinds if column not in columns]:
        raise IngestError(f"{file.name}: mangler kolonnen {danish.listing(lacking)}")
    # As a spreadsheet counts them, the headings being the first.
    read = {
        number: [
            _cell(f"{file.name}: række {number}", column, row[column], kinds[column])
            for column in kinds
        ]
        for number, row in enumerate(rows, 2)
        if any(row.values())
    }
    cells = ", ".join(f"unnest(${at}::{kind}[])" for at, kind in enumerate(kinds.values(), 1))
    insert = f"insert into {table} select {cells}"
    columns = [list(column) for column in zip(*read.values(), strict=True)] or [[] for _ in kinds]
    try:
        con.execute(insert, columns)
    except ConstraintException:
        for number, row in read.items():
            try:
                con.execute(insert, [[cell] for cell in row])
            except ConstraintException:
                raise IngestError(
                    f"{file.name}: række {number}: noget mangler, står der to gange eller passer "
                    "ikke sammen, som et sluttidspunkt før begyndelsen"
                ) from None


def _cell(where: str, column: str, text: str | None, kind: str) -> object:
    """Return what a cell says as its column's kind; raises IngestError where it is none."""
    if text is None:
        return None
    if kind not in _READ:
        return text
    read, what = _READ[kind]
    try:
        if (value := read(text)) is not None:
            return value
    except ValueError:
        pass
    raise IngestError(f"{where}: {column} skal være {what}")


def _decimal(text: str) -> float | None:
    number = float(text.replace(",", "."))
    return number if isfinite(number) else None


# How a cell of a kind is read, and what it is called where it cannot be.
_READ = {
    "DATE": (danish.read_day, danish.A_DAY),
    "TIME": (lambda text: time.fromisoformat(text.replace(".", ":")), "et klokkeslæt som 10:00"),
    "INTEGER": (int, "et helt tal"),
    "BIGINT": (int, "et helt tal"),
    "DOUBLE": (_decimal, "et tal"),
}


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
    return names[0]


def _rows(file: Path, *, is_whole: bool = False) -> tuple[list[str], list[dict[str, str | None]]]:
    """Return the columns and rows of a CSV file with `,` or `;`, tidied; what is empty is None.

    Rows may end early, unless they must be whole.
    """
    text = _text(file)
    separator = ";" if ";" in text.partition("\n")[0] else ","
    try:
        lines = list(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        lines = []
    headings, *rows = lines or [[]]
    columns = [heading.strip().lower() for heading in headings]
    least = len(columns) if is_whole else 0
    if not columns or any(row and not least <= len(row) <= len(columns) for row in rows):
        raise IngestError(
            f"{file.name}: kan ikke læses som en tabel: hver række skal have et felt til hver "
            "overskrift, og en tekst med skilletegnet i skal stå i anførselstegn."
        )
    return columns, [
        dict(zip_longest(columns, (tidy(cell) or None for cell in row))) for row in rows
    ]


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


def register(con: "DuckDBPyConnection") -> dict[str, dict[str, str]]:
    """Return what the register calls each location, district and facility, by kind and key.

    Raises IngestError as `names` does.
    """
    found = {"location": names(con)}
    for kind in ("district", "facility"):
        known = sorted(con.table("location").unique(kind).fetchall(), key=str)
        found[kind] = {key(name): name for (name,) in known if name}
    return found
