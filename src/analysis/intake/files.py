"""Export files as CSV that DuckDB reads, whatever they came as."""

import csv
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from analysis.core.errors import is_full, printable
from analysis.intake import delimited, workbook
from analysis.intake.columns import HEAD, Columns, headings
from analysis.intake.errors import IngestError, reason
from analysis.intake.layout import Form, Layout

_TEXTS, _BOOKS = (".csv", ".csv.gz"), (".xlsx", ".xls")
# How a file of each ending begins.
_SIGNATURES = {
    ".gz": b"\x1f\x8b",
    ".xlsx": b"PK\x03\x04",
    ".xls": bytes.fromhex("d0cf11e0a1b11ae1"),
}
PROBLEM = "problem"


class Unread(NamedTuple):
    """A file or folder among the exports that is not read, and why, in Danish."""

    name: str
    reason: str


@dataclass(frozen=True)
class Export:
    """Rows of one form in a file, where DuckDB can read them as CSV.

    `places` has the column (from 0) of each field that stands in the CSV, of `width` columns below
    the headings in line `line` (from 1). `rows` is their number, counted without DuckDB. `text` is
    the file itself where it is read as it is, None for a CSV of ours.
    """

    name: str
    form: Form
    csv: Path
    delimiter: str
    places: dict[str, int]
    width: int
    line: int
    rows: int
    text: delimited.Text | None = None


def find(folder: Path, layout: Layout) -> tuple[dict[Path, list[Form]], list[Unread]]:
    """Return the export files of a folder in the order of their names, each with its forms.

    With them what is not read. Raises IngestError where the folder is missing or holds none.
    """
    if not folder.is_dir():
        raise IngestError(f"{folder}: er ikke en mappe")
    found, unread = {}, []
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        # Office and macOS keep files of their own beside the exports.
        if file.name.startswith(("~$", "._", ".DS_Store")):
            continue
        forms = [form for form in layout.values() if fnmatch(file.name, form.files or "*")]
        if why := _why_not(file) or (None if forms else "nævnes ikke i layoutet"):
            unread.append(Unread(printable(file.name), why))
        else:
            found[file] = forms
    if not found:
        told = "; ".join(f"{name} {reason}" for name, reason in unread)
        raise IngestError(f"{folder}: har ingen eksporter, der kan læses ({told or 'den er tom'})")
    return found, unread


def _why_not(file: Path) -> str | None:
    name = file.name.lower()
    if file.is_dir():
        return "er en mappe"
    if not file.is_file():
        return "er ikke en almindelig fil"
    if re.search("[\ud800-\udfff]", name):
        return "læses ikke: navnet er ikke skrevet i UTF-8"
    if name.startswith("."):
        return "læses ikke: navnet begynder med punktum"
    if not name.endswith(_TEXTS + _BOOKS):
        return f"læses ikke: endelsen skal være {', '.join(_TEXTS)}, {' eller '.join(_BOOKS)}"
    wanted = _SIGNATURES.get(file.suffix.lower(), b"")
    with file.open("rb") as source:
        if source.read(len(wanted)) != wanted:
            return f"er ikke det, som endelsen {file.suffix} siger"
    return None


def prepare(file: Path, forms: list[Form], scratch: Path) -> tuple[list[Export], list[Unread]]:
    """Return the exports in a file; what DuckDB cannot read as it is, is written to `scratch`.

    With them the sheets that nearly are exports. Raises IngestError where it cannot be read or its
    headings do not match the layout.
    """
    with _named(file):
        if file.name.lower().endswith(_BOOKS):
            sheets, lacking = workbook.read(file, forms)
            unread = [
                Unread(printable(f"{file.name}, arket {name}:"), told)
                for name, told in lacking.items()
            ]
            return [_written(file.name, one.columns, one.rows(), scratch) for one in sheets], unread
        text = delimited.read(file, forms)
    return [_as_it_is(text) if text.rows is not None else rewrite(text, scratch)], []


def rewrite(text: delimited.Text, scratch: Path) -> Export:
    """Return the export with its fields alone, row by row, and what makes a row none.

    Raises IngestError where a quote left open has swallowed whole rows.
    """
    with _named(text.file):
        return _written(text.file.name, text.columns, delimited.rows(text), scratch)


class Undescribed(NamedTuple):
    """The headings of a file or sheet that no layout describes, and the rows below them.

    `sheet` is None for text, `encoding` and `delimiter` for a workbook.
    """

    name: str
    sheet: str | None
    encoding: str | None
    delimiter: str | None
    headings: list[str]
    rows: list[list[str]]


def tables(file: Path, most: int) -> list[Undescribed]:
    """Return the tables in a file that no layout describes, `most` rows of each.

    Raises IngestError where it cannot be read, or nothing in it looks like headings.
    """
    if not file.exists():
        raise IngestError(f"{file.name}: findes ikke")
    if why := _why_not(file):
        raise IngestError(f"{file.name} {why}")
    with _named(file):
        found = list(_tables(file, most))
        if not found:
            raise IngestError(f"ingen af de første {HEAD} rækker ligner overskrifter")
    return found


def _tables(file: Path, most: int) -> Iterator[Undescribed]:
    if file.name.lower().endswith(_BOOKS):
        read = [(name, None, None, rows) for name, rows in workbook.cells(file)]
    else:
        encoding, delimiters = delimited.dress(file)
        # What parts the fields gives the most rows as wide as their headings, and wide ones.
        best = max(delimiters, key=lambda one: _area(delimited.cells(file, encoding, one)))
        read = [(None, encoding, best, delimited.cells(file, encoding, best, is_sure=True))]
    for *dress, cells in read:
        rows = list(islice(cells, most))
        if (at := headings(rows)) is not None:
            yield Undescribed(file.name, *dress, rows[at], rows[at + 1 :])


def _area(cells: Iterator[list[str]]) -> int:
    """Return the number of cells in the first rows that are as wide as the headings above them."""
    rows = list(islice(cells, HEAD))
    if (at := headings(rows)) is None:
        return 0
    width = len(rows[at])
    return width * sum(len(row) == width for row in rows[at:])


@contextmanager
def _named(file: Path) -> Iterator[None]:
    """Let every message name the file."""
    try:
        yield
    except IngestError as error:
        raise IngestError(f"{file.name}: {error}") from None
    except (OSError, EOFError, zlib.error, UnicodeError) as error:
        if is_full(error):
            raise
        raise IngestError(f"{file.name}: kan ikke læses: {reason(error)}") from None


def _as_it_is(text: delimited.Text) -> Export:
    at = text.columns
    return Export(
        name=text.file.name,
        form=at.form,
        csv=text.file,
        delimiter=text.delimiter,
        places=at.places,
        width=at.width,
        line=text.line,
        rows=text.rows,
        text=text,
    )


def _written(
    name: str, columns: Columns, rows: Iterable[tuple[list[str], str | None]], scratch: Path
) -> Export:
    """Write the fields alone: what the layout does not name, such as free text, stays behind."""
    handle, target = tempfile.mkstemp(".csv", dir=scratch)
    fields = (PROBLEM, *columns.places)
    written = 0
    with open(handle, "w", encoding="utf-8", newline="", errors="replace") as sink:
        writer = csv.writer(sink, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(fields)
        for cells, problem in rows:
            writer.writerow([problem, *cells])
            written += 1
    places = {field: at for at, field in enumerate(fields)}
    return Export(name, columns.form, Path(target), ";", places, len(places), 1, written)
