"""Whether bytes that nobody has thought of end in anything but rows or one line that says why not.

`python benchmarks/fuzzing.py TARGET [FOLDER] [-max_total_time=600]` goes on until a finding, or as
libFuzzer's options say; the targets are `text`, `workbook`, `layout` and `labels`, and the folder
keeps what led further. A finding is an error of another kind, 20 seconds or 2 GiB; it is written
where one stands, as `crash-…`, `timeout-…` or `oom-…`, and tried again alone in the folder's place.

It wants atheris, which has wheels for Linux on x86-64 alone and is therefore none of what is
installed: `.venv/bin/python -m pip install atheris`.
"""

import gzip
import io
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["analysis.core", "analysis.intake", "yaml"]):
    from analysis.core import taxonomy, yaml_file
    from analysis.core.database import ROOT
    from analysis.intake import blanks, clocks, columns, delimited, files, labels, layout, personal
    from analysis.intake.errors import IngestError

import duckdb
import openpyxl

# In seconds and MiB: an input that takes more is a finding.
_LIMITS = ["-timeout=20", "-rss_limit_mb=2048"]
_SAMPLE = layout.read(ROOT / "data" / "export_layout.yaml")
_FOLDER = tempfile.TemporaryDirectory(prefix="fuzzing-")
_HOME = Path(_FOLDER.name)
_ENDINGS = (".csv", ".csv.gz", ".xls")
_PARTS = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml")
_REGISTER = {
    "location": {"blågårdens bibliotek": "Blågårdens Bibliotek"},
    "district": {"nørrebro": "Nørrebro"},
    "facility": {"bibliotek": "Bibliotek"},
}
_DUCKDB = duckdb.connect()


def text(content: bytes) -> None:
    """Read an export: by its layout, by looking, and row by row as by its count of lines."""
    kind, content = content[:1], content[1:]
    _read(_written(content, _ENDINGS[ord(kind or b"\0") % len(_ENDINGS)]), _SAMPLE)


def workbook(content: bytes) -> None:
    """Read a workbook one of whose parts is this, the others being as they should."""
    part = _PARTS[ord(content[:1] or b"\0") % len(_PARTS)]
    with zipfile.ZipFile(file := _HOME / "a.xlsx", "w") as book:
        for name, other in (_book() | {part: content[1:]}).items():
            book.writestr(name, other)
    _read(file, _SAMPLE)


def given_layout(content: bytes) -> None:
    """Read a layout, a taxonomy and parameters, and by the layout a file with its headings."""
    file = _written(content, ".yaml")
    for read in (yaml_file.read, taxonomy.read):
        try:
            read(file)
        except ValueError as error:
            _check(error)
    try:
        forms = layout.read(file)
    except IngestError as error:
        _check(error)
        return
    for form in forms.values():
        for source in form.sources.values():
            source.mapped("Bibliotek")
            for one in (*source.formats, *source.dates):
                _DUCKDB.execute("select try_strptime('01-11-2024 10:00', [$1])", [one])
        headings = [
            one for source in form.sources.values() for one in (*source.headings, *source.time)
        ]
        rows = [headings, ["01-11-2024 10:00"] * len(headings)]
        line = "\n".join((form.delimiter or ";").join(row) for row in rows)
        _read(_written(line.encode("utf-8", "replace"), ".csv"), {form.name: form})


def of_labels(content: bytes) -> None:
    """Match the lines of a text as labels and numbers, and find how they are written as times."""
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    known = labels._Labels(_SAMPLE, _REGISTER)
    for one in lines:
        taxonomy.tidy(one)
        blanks.is_blank(one)
        personal.signs(one)
        columns.is_moment(one)
        known.help(one, one, 1)
        for form, source in _SAMPLE.items():
            for field in source.sources:
                if field in layout.LABELLED:
                    known.of(form, field, one, 1)
                    known.is_moved(form, field, one)
                    known.is_of_another(form, field, one)
    columns.headings([one.split(";") for one in lines])
    if (times := clocks.find(Counter(lines))) and times.kind != clocks.CLOCK:
        clocks.joined(times, times)


TARGETS = {"text": text, "workbook": workbook, "layout": given_layout, "labels": of_labels}


def main() -> None:
    """Begin with the sample, a part of it each time, and go on from what led further."""
    target, *rest = sys.argv[1:]
    seeds = _HOME / "seeds"
    seeds.mkdir()
    for number, seed in enumerate(_seeds(target)):
        (seeds / str(number)).write_bytes(seed)
    asked = rest if any(Path(one).is_file() for one in rest) else [*rest, str(seeds)]
    atheris.Setup([sys.argv[0], *_LIMITS, *asked], _only_told(TARGETS[target]))
    atheris.Fuzz()


def _only_told(read: Callable[[bytes], None]) -> Callable[[bytes], None]:
    def tried(content: bytes) -> None:
        try:
            read(content)
        except IngestError as error:
            _check(error)

    return tried


def _check(error: ValueError) -> None:
    assert str(error).strip(), "no words"
    assert "Traceback" not in str(error)


def _read(file: Path, forms: layout.Layout) -> None:
    with tempfile.TemporaryDirectory(dir=_HOME) as scratch:
        try:
            exports, _ = files.prepare(file, [*forms.values()], Path(scratch))
            for one in exports:
                if one.text:
                    assert one.rows == sum(1 for _ in delimited.rows(one.text)), "rows lost"
        except IngestError as error:
            _check(error)
        try:
            files.tables(file, 100)
        except IngestError as error:
            _check(error)


def _written(content: bytes, ending: str) -> Path:
    file = _HOME / f"a{ending}"
    file.write_bytes(content)
    return file


@cache
def _book() -> dict[str, bytes]:
    """Return the parts of a workbook, its texts shared by its cells."""
    book, packed = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["x"])
    book.save(packed)
    with zipfile.ZipFile(packed) as parts:
        whole = {name: parts.read(name) for name in parts.namelist()}
    texts = [cell for row in _rows() for cell in row]
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    width = len(_rows()[0])
    cells = [f'<c t="s"><v>{at}</v></c>' for at in range(len(texts))]
    rows = "".join(
        f'<row r="{at // width + 1}">{"".join(cells[at : at + width])}</row>'
        for at in range(0, len(cells), width)
    )
    sheet, texts, *_ = _PARTS
    more = (
        b'<row r="9"><c r="C9" s="1"><v>45678.5</v></c><c t="inlineStr"><is><t>x</t></is></c></row>'
    )
    return whole | {
        sheet: f"<worksheet><sheetData>{rows}".encode() + more + b"</sheetData></worksheet>",
        texts: f"<sst>{shared}</sst>".encode(),
    }


def _rows() -> list[list[str]]:
    file = ROOT / "data" / "exports" / "uro_2023_2024.csv"
    return [line.split(";") for line in file.read_text(encoding="utf-8").split("\n")[:4]]


def _seeds(target: str) -> list[bytes]:
    if target == "text":
        exports = sorted((ROOT / "data" / "exports").glob("*.csv"))
        starts = [b"".join(one.read_bytes().splitlines(keepends=True)[:5]) for one in exports]
        orders = "\n".join(";".join(row) for row in _rows())
        starts += [orders.encode(encoding) for encoding in ("utf-16", "cp1252")]
        starts.append(orders.replace("Syntetisk", '"Syn\n""tetisk"').encode())
        return [*(b"\0" + one for one in starts), b"\1" + gzip.compress(starts[0])]
    if target == "workbook":
        return [bytes([at]) + _book()[name] for at, name in enumerate(_PARTS)]
    if target == "layout":
        given = [ROOT / "data" / "export_layout.yaml", *(ROOT / "data" / "layouts").glob("*.yaml")]
        return [
            *(one.read_bytes() for one in given),
            Path(taxonomy.__file__).with_name("taxonomy.yaml").read_bytes(),
        ]
    lines = {cell for row in _rows() for cell in row}
    return [
        *("\n".join([one, one.upper()]).encode() for one in sorted(lines)),
        b"01-11-2024 10:00\n11/02/2024 1:30 PM\n2024-11-01T10:00:00.000Z\n1. maj 2024 kl. 9.05",
        b"010190-1234\n+45 20 30 40 50\na@b.dk\n12;#Politiet;#13;#Ambulance\nPolitietPolitiet",
    ]


if __name__ == "__main__":
    main()
