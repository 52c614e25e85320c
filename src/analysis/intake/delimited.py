"""Delimited text, whatever encoding, delimiter and line ends it came with."""

import codecs
import csv
import gzip
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from analysis.intake.columns import HEAD, UNREADABLE, Columns, MismatchError, find, is_moment
from analysis.intake.errors import IngestError
from analysis.intake.layout import Form

_CHUNK = 1 << 20
# A row that is longer, in characters, is none, and a packed file that is larger, unpacked and in
# bytes, is a trap: a million rows of the form are a fifth of it.
_LONGEST, _LARGEST = 4 << 20, 1 << 30
_LONGEST_HEADING = 200
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_UTF8, _WINDOWS = "utf-8", "cp1252"
# A byte that is not UTF-8, as Python hands it on.
_STRAY = re.compile("[\udc80-\udcff]")
# What DuckDB may not read as it is, in UTF-8: a quote, control characters, marks of direction, a
# letter lost, and UTF-8 encoded twice. It is looked for where plain ASCII has been taken away.
_ASCII = bytes({*range(0x20, 0x7F), *b"\t\r\n"} - {*b'"'})
_ODD = re.compile(
    rb'[\0-\x1f"\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]|\xd8\x9c'
    rb"|\xef\xbf\xbd|\xc3[\x82\x83][\xc2\xc5\xcb\xe2]"
)
_QUOTE = "Et anførselstegn står forkert"


class Text(NamedTuple):
    """A file of delimited text: how to read it, and where its fields stand.

    `line` (from 1) is that of the headings. `rows` is their number where every line is plainly a
    row, so that DuckDB can read the file as it is; None where rows must be looked at one by one.
    """

    file: Path
    encoding: str
    delimiter: str
    columns: Columns
    line: int
    rows: int | None


def read(file: Path, forms: list[Form]) -> Text:
    """Return how to read a file as the first of `forms` all of whose headings it has.

    Raises IngestError where no form's headings are found, or the file cannot be read.
    """
    mismatch, judged = None, None
    if _is_packed(file):
        _check_size(file)
    for form in forms:
        encoding = form.encoding or (judged := judged or _encoding(file))
        for delimiter in [form.delimiter] if form.delimiter else _delimiters(file, encoding):
            head = _head(file, encoding, delimiter)
            try:
                columns = find(form, [cells for _, cells in head])
            except MismatchError as error:
                mismatch = max(mismatch, error, key=lambda one: one.found) if mismatch else error
            else:
                line, _ = head[columns.row]
                text = Text(file, encoding, delimiter, columns, line, None)
                return text._replace(rows=_plain_rows(text))
    raise mismatch


def rows(text: Text) -> Iterator[tuple[list[str], str | None]]:
    """Return the fields of each row below the headings and, in Danish, what makes it none.

    Raises IngestError where a quote left open has swallowed whole rows: what belongs to whom cannot
    be told.
    """
    columns = text.columns
    records = _records(text.file, text.encoding, text.delimiter)
    for record in islice(records, columns.row + 1, None):
        if record.cells == []:
            continue
        if _swallows(record, text):
            raise IngestError(f"et anførselstegn i linje {record.line} er ikke lukket")
        if record.cells is None:
            yield [""] * len(columns.places), _QUOTE
            continue
        cells, problem = columns.read(record.cells)
        yield cells, f"{problem} (linje {record.line})" if problem == UNREADABLE else problem


def dress(file: Path) -> tuple[str, list[str]]:
    """Return the encoding of a file and what may part its fields, the likeliest first."""
    encoding = _encoding(file)
    return encoding, _delimiters(file, encoding)


def cells(
    file: Path, encoding: str, delimiter: str, *, is_sure: bool = False
) -> Iterator[list[str]]:
    """Return the cells of every row of a file, none where its quotes are wrong.

    Raises IngestError, where it `is_sure` what parts the cells, for a quote that swallows rows.
    """
    for record in _records(file, encoding, delimiter):
        if is_sure and record.cells is None and len(record.lines) > 1:
            raise IngestError(f"et anførselstegn i linje {record.line} er ikke lukket")
        yield record.cells or []


class _Record(NamedTuple):
    """What CSV takes for one row: its cells, None where its quotes are wrong, and its lines."""

    line: int
    cells: list[str] | None
    lines: list[str]


def _records(file: Path, encoding: str, delimiter: str) -> Iterator[_Record]:
    csv.field_size_limit(_LONGEST)
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in _lines(file, encoding):
            taken.append(line)
            nonlocal size
            size += len(line)
            if len(taken) > 1 and size > _LONGEST:
                raise IngestError(f"et anførselstegn i linje {first + 1} er ikke lukket")
            yield line

    size = first = 0
    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        size = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        yield _Record(first + 1, cells, [*taken])
        first += len(taken)


def _lines(file: Path, encoding: str) -> Iterator[str]:
    """Return the lines of a file; a byte that is no letter is U+FFFD.

    In a file that is Windows-1252 as a whole, a line that can only be UTF-8 is UTF-8.
    """
    is_windows = encoding == _WINDOWS
    judged = _UTF8 if is_windows else encoding
    errors = "surrogateescape" if judged.startswith(_UTF8) else "replace"
    number = 0
    with _opened(file) as source, io.TextIOWrapper(source, judged, errors, newline="") as text:
        while line := text.readline(_LONGEST):
            number += 1
            if len(line) >= _LONGEST:
                raise IngestError(f"linje {number} er for lang til at være en række")
            if not line.isascii():
                line = line.lstrip("\ufeff")
                if _STRAY.search(line):
                    line = line.encode(_UTF8, "surrogateescape").decode(
                        _WINDOWS if is_windows else _UTF8, "replace"
                    )
            yield line


def _is_packed(file: Path) -> bool:
    return file.suffix.lower() == ".gz"


def _head(file: Path, encoding: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Return the line of each of the first rows and its cells; one too long for a heading is "".

    Rows of megabytes, kept whole, would fill the memory.
    """
    return [
        (
            record.line,
            [cell if len(cell) <= _LONGEST_HEADING else "" for cell in record.cells or ()],
        )
        for record in islice(_records(file, encoding, delimiter), HEAD)
    ]


def _opened(file: Path) -> BinaryIO:
    return gzip.open(file) if _is_packed(file) else file.open("rb")


def _check_size(file: Path) -> None:
    size = 0
    with _opened(file) as source:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > _LARGEST:
                raise IngestError("er for stor, når den er pakket ud")


def _encoding(file: Path) -> str:
    """Return the encoding of a file, judged on the whole of it.

    A file in which more letters are UTF-8 than are not is UTF-8 with odd bytes; else Windows-1252.
    """
    with _opened(file) as source:
        start = source.read(_CHUNK)
        for mark, encoding in _BOMS.items():
            if start.startswith(mark):
                return encoding
        for at, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            if start[at:200:2].count(0) > len(start[:200]) / 4:
                return encoding
    return _UTF8 if _is_utf8(file) else _judged(file)


def _is_utf8(file: Path) -> bool:
    decoder = codecs.getincrementaldecoder(_UTF8)()
    with _opened(file) as source:
        try:
            while chunk := source.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _judged(file: Path) -> str:
    letters = strays = 0
    with (
        _opened(file) as source,
        io.TextIOWrapper(source, _UTF8, "surrogateescape", newline="") as text,
    ):
        while chunk := text.read(_CHUNK):
            odd = len(_STRAY.findall(chunk))
            strays += odd
            letters += len(chunk) - odd - len(chunk.encode("ascii", "ignore"))
    return _WINDOWS if strays > letters else _UTF8


def _delimiters(file: Path, encoding: str) -> list[str]:
    """Return what may part the fields, the most frequent in the first lines first."""
    start = "".join(
        line[: _LONGEST_HEADING * HEAD] for line in islice(_lines(file, encoding), HEAD)
    )
    found = [each for each in ";,\t|" if each in start]
    return sorted(found or ";", key=start.count, reverse=True)


def _plain_rows(text: Text) -> int | None:
    """Return the number of lines below the headings of a plain file: one each, none of them blank.

    None for any other, where a line may be more or less than a row.
    """
    is_utf8 = text.encoding in (_UTF8, "utf-8-sig")
    if _is_packed(text.file) or not is_utf8 or not text.columns.is_plain:
        return None
    decoder = codecs.getincrementaldecoder(_UTF8)()
    feeds = returns = pairs = parts = 0
    last = left = b""
    delimiter = text.delimiter.encode()
    with text.file.open("rb") as source:
        if source.read(3) != codecs.BOM_UTF8:
            source.seek(0)
        while chunk := source.read(_CHUNK):
            # What is looked for may lie across two chunks.
            joined, left = last + chunk, left[-3:] + chunk.translate(None, _ASCII)
            if _ODD.search(left) or b"\n\n" in joined or b"\n\r" in joined:
                return None
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return None
            feeds += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            pairs += (last[-1:] + chunk).count(b"\r\n")
            parts += chunk.count(delimiter)
            last = chunk[-2:]
    if returns and not returns == pairs == feeds:
        return None
    rows = feeds + (not last.endswith(b"\n")) - text.line
    # DuckDB passes over an empty field too many at the end, though the others may have moved.
    head = islice(_lines(text.file, text.encoding), text.line)
    parts -= sum(line.count(text.delimiter) for line in head)
    return rows if parts == rows * (text.columns.width - 1) else None


def _swallows(record: _Record, text: Text) -> bool:
    """Return whether more than one line of a record is itself a row."""
    return len(record.lines) > 1 and sum(_is_row(line, text) for line in record.lines) > 1


def _is_row(line: str, text: Text) -> bool:
    """Return whether a line is a row: as wide as one, or with a time where a row has one.

    Counted from the left, or, where what stands before is the end of a text, from the right.
    """
    cells, width = line.split(text.delimiter), text.columns.width
    # A comma parts words too.
    if len(cells) >= width and text.delimiter != ",":
        return True
    times = [at for field, at in text.columns.places.items() if field.endswith("_at")]
    places = [place for at in times for place in (at, len(cells) - width + at)]
    return len(cells) > 2 and any(
        0 <= place < len(cells) and is_moment(cells[place].strip(' "\r\n')) for place in places
    )
