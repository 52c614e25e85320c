"""Export files as UTF-8 CSV that DuckDB reads, whatever they came as."""

import codecs
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from analysis.intake.errors import IngestError
from analysis.intake.layout import Layout, match

ENDINGS = (".csv", ".xlsx")
_UTF8 = "utf-8-sig"
_WINDOWS = "cp1252"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Export:
    """A file of an export, where it can be read as CSV, and the column (from 0) of each field.

    `is_utf8` says that the headings can only be UTF-8.
    """

    name: str
    csv: Path
    delimiter: str
    width: int
    form: str
    columns: dict[str, int]
    is_utf8: bool = False

    @property
    def has_text_inside(self) -> bool:
        """Whether a column that is not read stands before one that is.

        A delimiter in its text would move the fields behind it, and text about people with them.
        """
        return max(self.columns.values()) >= len(self.columns)


def find(folder: Path) -> list[Path]:
    """Return the export files of a folder in the order of their names.

    Raises IngestError where the folder is missing or holds none.
    """
    if not folder.is_dir():
        raise IngestError(f"{folder}: is not a folder")
    # Office keeps a lock file beside an open workbook, named ~$ and the workbook's name.
    files = [
        file
        for file in folder.iterdir()
        if file.suffix.lower() in ENDINGS and file.name[0] not in ".~"
    ]
    if not files:
        raise IngestError(f"{folder}: holds no CSV or XLSX file")
    return sorted(files, key=lambda file: file.name)


def prepare(file: Path, layout: Layout, scratch: Path) -> Export:
    """Return the export behind a file, a workbook being written as CSV to the folder `scratch`.

    Raises IngestError where it cannot be read or its headings do not match the layout.
    """
    try:
        if file.suffix.lower() == ".xlsx":
            return _from_workbook(file, layout, scratch)
        return _from_csv(file, layout)
    except OSError as error:
        raise IngestError(f"{file.name}: cannot be read: {error.strerror or error}") from None


def rewrite(export: Export, scratch: Path) -> Export:
    """Return the export with its fields alone, every row as wide as the next.

    For files that DuckDB refuses: Windows-1252, ragged rows, quotes inside a text. Raises
    IngestError for another encoding, and where a quote left open has swallowed whole rows.
    """
    csv.field_size_limit(2**31 - 1)
    # Headings that only UTF-8 writes so rule out Windows-1252, whatever stands below them.
    encoding = _UTF8 if export.is_utf8 or _is_utf8(export.csv) else _WINDOWS
    try:
        with export.csv.open(encoding=encoding) as source:
            return _write(export, _rows(source, export), scratch)
    except UnicodeDecodeError as error:
        wanted = "UTF-8 as its headings are" if export.is_utf8 else "UTF-8 or Windows-1252"
        raise IngestError(f"{export.name}: is not {wanted}: {error.reason}") from None


def _rows(source: Iterable[str], export: Export) -> Iterator[list[str]]:
    reader = csv.reader(source, delimiter=export.delimiter)
    next(reader)
    for row in filter(None, reader):
        if any(_holds_a_row(cell, export) for cell in row):
            raise IngestError(f"{export.name}: line {reader.line_num}: a quote is not closed")
        yield row if len(row) <= export.width or not export.has_text_inside else []


def _holds_a_row(cell: str, export: Export) -> bool:
    lines = cell.split("\n")[1:]
    return any(line.count(export.delimiter) >= export.width - 1 for line in lines)


def _from_csv(file: Path, layout: Layout) -> Export:
    with file.open("rb") as source:
        line = source.read(_CHUNK).split(b"\n")[0].split(b"\r")[0]
    if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise IngestError(f"{file.name}: is neither UTF-8 nor Windows-1252 text")
    try:
        first, is_utf8 = line.decode(_UTF8), not line.isascii()
    except UnicodeDecodeError:
        first, is_utf8 = line.decode(_WINDOWS, errors="replace"), False
    mismatch = None
    for delimiter in sorted(";,", key=first.count, reverse=True):
        headings = next(csv.reader([first], delimiter=delimiter), [])
        try:
            form, columns = match(layout, headings, file.name)
        except IngestError as error:
            mismatch = mismatch or error
        else:
            return Export(file.name, file, delimiter, len(headings), form, columns, is_utf8)
    raise mismatch


def _is_utf8(file: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open("rb") as source:
        try:
            while chunk := source.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _from_workbook(file: Path, layout: Layout, scratch: Path) -> Export:
    from python_calamine import CalamineError, load_workbook

    try:
        book = load_workbook(file)
        sheets = [
            [[_text(cell) for cell in row] for row in book.get_sheet_by_name(name).iter_rows()]
            for name in book.sheet_names
        ]
    except CalamineError as error:
        raise IngestError(f"{file.name}: is no XLSX workbook: {error}") from None
    found, mismatch = [], None
    for rows in sheets:
        while rows and not any(rows[-1]):
            rows.pop()
        try:
            found.append((rows, *match(layout, rows[0] if rows else [], file.name)))
        except IngestError as error:
            mismatch = mismatch or error
    if len(found) > 1:
        raise IngestError(f"{file.name}: {len(found)} sheets match the layout; keep one a file")
    if not found:
        raise mismatch
    rows, form, columns = found[0]
    export = Export(file.name, file, ";", len(rows[0]), form, columns)
    return _write(export, rows[1:], scratch)


def _write(export: Export, rows: Iterable[list[str]], scratch: Path) -> Export:
    """Write the fields alone: what the layout does not name, such as free text, stays behind."""
    target = scratch / f"{export.name}.fields.csv"
    places = list(export.columns.values())
    with target.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(export.columns)
        writer.writerows([row[at] if at < len(row) else "" for at in places] for row in rows)
    columns = {field: at for at, field in enumerate(export.columns)}
    return replace(export, csv=target, delimiter=";", width=len(columns), columns=columns)


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
