"""Workbooks as rows of text; one that would fill the memory is refused before it is opened."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analysis.intake.columns import HEAD, Columns, MismatchError, find
from analysis.intake.errors import IngestError
from analysis.intake.layout import Form

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

# In bytes, unpacked; and in cells, of which each up to the last takes memory, empty or not.
_LARGEST, _CELLS = 256 << 20, 10_000_000
_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')


class Sheet(NamedTuple):
    """A sheet that has the headings of a form, and where its fields stand."""

    sheet: "CalamineSheet"
    columns: Columns

    def rows(self) -> Iterator[tuple[list[str], str | None]]:
        """Return the fields of each row below the headings, and what makes it none.

        Empty rows at the end are left out.
        """
        blank = []
        for row in islice(_rows(self.sheet), self.columns.row + 1, None):
            blank.append(row)
            if any(row):
                yield from map(self.columns.read, blank)
                blank.clear()


def read(file: Path, forms: list[Form]) -> list[Sheet]:
    """Return every sheet of a workbook that has the headings of one of `forms`.

    Raises IngestError where none has, or the file cannot be read.
    """
    found, mismatch = [], None
    for sheet in _sheets(file):
        asked = [form for form in forms if not form.sheet or fnmatch(sheet.name, form.sheet)]
        head = list(islice(_rows(sheet), HEAD))
        for form in asked:
            try:
                found.append(Sheet(sheet, find(form, head)))
                break
            except MismatchError as error:
                mismatch = max(mismatch, error, key=lambda one: one.found) if mismatch else error
    if found:
        return found
    raise mismatch or IngestError("har intet ark, der kan læses")


def cells(file: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """Return each sheet of a workbook: its name and the cells of its rows as text."""
    return ((sheet.name, _rows(sheet)) for sheet in _sheets(file))


def _sheets(file: Path) -> list["CalamineSheet"]:
    from python_calamine import CalamineError, load_workbook

    if file.suffix.lower() == ".xlsx":
        _check_size(file)
    try:
        book = load_workbook(file)
        return [book.get_sheet_by_name(name) for name in book.sheet_names]
    except CalamineError:
        raise IngestError("kan ikke læses som projektmappe") from None
    except BaseException as error:
        # What the library's own code gives up on is no Exception.
        if type(error).__name__ == "PanicException":
            raise IngestError("kan ikke læses som projektmappe") from None
        raise


def _check_size(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as book:
            if sum(part.file_size for part in book.infolist()) > _LARGEST:
                raise IngestError("er for stor, når den er pakket ud")
            for name in book.namelist():
                if re.fullmatch(r"(?i)xl/worksheets/[^/]+\.xml", name):
                    with book.open(name) as sheet:
                        _check_cells(sheet)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
        raise IngestError("kan ikke læses som projektmappe") from None


def _check_cells(sheet: zipfile.ZipExtFile) -> None:
    columns, rows, left = 0, 0, b""
    while chunk := sheet.read(1 << 20):
        for letters, number in _CELL.findall(left + chunk):
            columns = max(columns, _column(letters))
            rows = max(rows, int(number))
        left = chunk[-200:]
    if columns * rows > _CELLS:
        raise IngestError("har en celle langt fra de andre; slet rækker og kolonner uden indhold")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _rows(sheet: "CalamineSheet") -> Iterator[list[str]]:
    return ([_text(cell) for cell in row] for row in sheet.iter_rows())


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        # A day is a number to Excel, and a second no whole part of it.
        moment = (cell + timedelta(milliseconds=500)).replace(microsecond=0)
        return moment.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
