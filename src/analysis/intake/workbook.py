"""Workbooks as rows of text; one that would fill the memory is refused before it is opened."""

import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from fnmatch import fnmatch
from itertools import islice, pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from analysis.intake.columns import HEAD, Columns, MismatchError, find
from analysis.intake.errors import IngestError
from analysis.intake.layout import Form

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

# In bytes, unpacked; and in cells, of which each up to the last takes memory, empty or not.
_LARGEST, _CELLS = 192 << 20, 10_000_000
# Excel keeps the first 15 digits of a number.
_KEPT = 1e15
# A row or a cell begins, with where it says that it stands; it may leave that out.
_PLACE = re.compile(
    rb"""<(?:\w+:)?(row|c)(?=[\s/>])(?:[^<]*?\sr\s*=\s*["']([A-Za-z]{0,3})([0-9]+)["'])?"""
)
# One that says it in another way than with few letters and digits, or hides it behind other quotes.
_MASKED = re.compile(
    rb"""<(?:\w+:)?(?:row|c)(?=\s)[^<]*?(?:\sr\s*=\s*["'](?:[^"'<]*&|[A-Za-z]{4})"""
    rb"""|=\s*(?:'[^'<]*"|"[^"<]*'))"""
)
# Of the old kind of workbook: the record that begins a sheet, and those of cells and of rows, which
# begin with the place of the first.
_BEGINS = 0x0809
_RECORDS = {*(0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E)}
_FAR = "har en celle langt fra de andre; slet rækker og kolonner uden indhold"
# In bytes: a text that is longer, and all that the cells that share such a text may have together.
_LONG, _SHARED = 1000, 32 << 20
_TEXT = re.compile(rb"<(?:\w+:)?si(?=[\s/>])")
_SHARING = re.compile(
    rb"""<(?:\w+:)?c\s[^<]*?\st\s*=\s*["']s["'][^<]*<(?:\w+:)?v(?:\s[^<]*)?>\s*([0-9]+)"""
)


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


def read(file: Path, forms: list[Form]) -> tuple[list[Sheet], dict[str, str]]:
    """Return every sheet of a workbook that has the headings of one of `forms`.

    With them, by name, what those lack that have most of the headings. Raises IngestError where
    none has them, or the file cannot be read.
    """
    found, nearly, mismatch = [], {}, None
    for sheet in _sheets(file):
        asked = [form for form in forms if not form.sheet or fnmatch(sheet.name, form.sheet)]
        head = list(islice(_rows(sheet), HEAD))
        for form in asked:
            try:
                found.append(Sheet(sheet, find(form, head)))
                nearly.pop(sheet.name, None)
                break
            except MismatchError as error:
                mismatch = max(mismatch, error, key=lambda one: one.found) if mismatch else error
                other = nearly.get(sheet.name)
                if error.found > max(len(error.missing), other.found if other else 0):
                    nearly[sheet.name] = error
    if found:
        return found, {name: str(error) for name, error in nearly.items()}
    raise mismatch or IngestError("har intet ark, der kan læses")


def cells(file: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """Return each sheet of a workbook: its name and the cells of its rows as text."""
    return ((sheet.name, _rows(sheet)) for sheet in _sheets(file))


def _sheets(file: Path) -> list["CalamineSheet"]:
    from python_calamine import CalamineError, load_workbook

    # What a file is, its name does not decide.
    if zipfile.is_zipfile(file):
        _check_size(file)
    else:
        _check_records(file)
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
    left, cells = _LARGEST, 0
    lengths: list[int] = []
    sharing: Counter[bytes] = Counter()
    try:
        with zipfile.ZipFile(file) as book:
            for part in book.infolist():
                # What a part says of its own size may be a lie.
                part.file_size = _LARGEST + 1
                with book.open(part) as source:
                    content = _unpacked(source, left)
                left -= len(content)
                cells += _cells(content)
                lengths += _lengths(content)
                sharing.update(found[1] for found in _SHARING.finditer(content))
    except IngestError:
        raise
    # What is no workbook can fail in as many ways as there are kinds of it.
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError, OSError):
        raise IngestError("kan ikke læses som projektmappe") from None
    if cells > _CELLS:
        raise IngestError(_FAR)
    shared = sum(
        length * sharing[str(at).encode()] for at, length in enumerate(lengths) if length > _LONG
    )
    if shared > _SHARED:
        raise IngestError("har den samme lange tekst i for mange celler")


def _check_records(file: Path) -> None:
    """Refuse a workbook of the old kind that would fill the memory, by where its cells stand."""
    from olefile import OleFileIO, isOleFile

    if file.stat().st_size > _LARGEST:
        raise IngestError("er for stor")
    if not isOleFile(file):
        raise IngestError("kan ikke læses som projektmappe")
    try:
        with OleFileIO(file) as book:
            name = next(one for one in ("Workbook", "Book") if book.exists(one))
            content = book.openstream(name).read()
    # What is no workbook can fail in as many ways as there are kinds of it.
    except Exception:
        raise IngestError("kan ikke læses som projektmappe") from None
    at = cells = rows = columns = 0
    while at + 8 <= len(content):
        kind, size, row, column = struct.unpack_from("<4H", content, at)
        if kind == _BEGINS:
            cells, rows, columns = cells + rows * columns, 0, 0
        elif kind in _RECORDS and size >= 4:
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        at += 4 + size
    if cells + rows * columns > _CELLS:
        raise IngestError(_FAR)


def _unpacked(source: IO[bytes], most: int) -> bytes:
    chunks = []
    while chunk := source.read(1 << 20):
        chunks.append(chunk)
        if (most := most - len(chunk)) < 0:
            raise IngestError("er for stor, når den er pakket ud")
    return b"".join(chunks)


def _cells(sheet: bytes) -> int:
    """Return the cells of a sheet up to its last row and column, empty ones too."""
    if _MASKED.search(sheet):
        raise IngestError("kan ikke læses som projektmappe")
    rows = columns = row = at = 0
    for found in _PLACE.finditer(sheet):
        kind, letters, number = found.groups()
        if kind == b"row":
            row, at = int(number or row + 1), 0
        else:
            at = _column(letters) if letters else at + 1
            row = int(number or row)
        rows, columns = max(rows, row), max(columns, at)
    return rows * columns


def _lengths(texts: bytes) -> list[int]:
    """Return the lengths of the texts that cells share, in bytes, with their marks."""
    starts = [found.start() for found in _TEXT.finditer(texts)]
    return [after - start for start, after in pairwise([*starts, len(texts)])]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _rows(sheet: "CalamineSheet") -> Iterator[list[str]]:
    seen: set[float] = set()
    return ([_text(cell, seen) for cell in row] for row in sheet.iter_rows())


def _text(cell: object, seen: set[float]) -> str:
    """Return a cell as text; `seen` collects the numbers of more digits than Excel keeps."""
    if isinstance(cell, datetime):
        # A day is a number to Excel, and a second no whole part of it.
        moment = (cell + timedelta(milliseconds=500)).replace(microsecond=0)
        return moment.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, float) and cell.is_integer():
        if abs(cell) >= _KEPT:
            if cell in seen:
                # Two that were different may have become one.
                return f"{cell:E}"
            seen.add(cell)
        return str(int(cell))
    return str(cell)
