"""Marks in every place of the exports, searched in every byte of what is written, unpacked.

What analysts may see (docs/databeskyttelse.md) is found where it may stand, and so shows that the
search finds; what else is planted is nowhere.
"""

import base64
import contextlib
import csv
import email
import gzip
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import NamedTuple

import duckdb
import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from analysis import cli
from analysis.core import database as files
from analysis.core.selection import Selection
from analysis.reports import interactive

DATA = files.ROOT / "data"
PLACE = "Blågårdens Bibliotek"
FORM = (
    *("Sagsnr", "Oprettet", "Hændelsestidspunkt", "Bydel", "Lokation", "Facilitet", "Urotype"),
    *("Underkategori", "Forurettede", "Demografi", "Tilkaldt hjælp", "Ankommet hjælp"),
    "Beskrivelse",
)
ORDER = (
    *("Ordrenr", "Bestilt", "Bydel", "Lokation", "Facilitet", "Sagsnr", "Status", "Beskrivelse"),
)
LABELS = {
    "uro": (
        *("Bydel", "Lokation", "Facilitet", "Underkategori", "Forurettede", "Demografi"),
        *("Tilkaldt hjælp", "Ankommet hjælp"),
    ),
    "hærværk": ("Bydel", "Lokation", "Facilitet"),
}
LATER = f"{date.today() + timedelta(400):%d-%m-%Y} 10:00"
CPR = "311299-4871"
# What nobody would write, nor chance: of letters alone, since digits may be somebody's number.
STEM = "zqxjvkw"
_MARK = re.compile(STEM.encode() + b"[a-p]{8}")
# The stem in base64, wherever in three bytes it begins, but for what its neighbours decide.
_IN_BASE64 = [
    base64.b64encode(bytes(at) + STEM.encode())[(0, 2, 3)[at] : len(STEM) + at + 1]
    for at in range(3)
]
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{80,}={0,2}")
_PACKED = {b"\x1f\x8b\x08": 31, b"\x78\x01": 15, b"\x78\x9c": 15, b"\x78\xda": 15}


class Marks(dict[str, str]):
    """What stands for each place of the exports, and of what stands somewhere its place."""

    def __call__(self, *place: str) -> str:
        name = ": ".join(place)
        number = hashlib.sha256(name.encode()).hexdigest()[:8]
        mark = STEM + number.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))
        self[mark] = name
        return mark


# The exports


def sample_rows(name: str) -> list[dict[str, str]]:
    """The rows of an export of the sample that are of one place."""
    file = DATA / "exports" / name
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as text:
            dialect = csv.Sniffer().sniff(text.readline(), ";,")
            text.seek(0)
            rows = list(csv.DictReader(text, dialect=dialect))
    else:
        headings, *cells = openpyxl.load_workbook(file, read_only=True).active.values
        rows = [dict(zip(headings, row, strict=True)) for row in cells]
    return [row for row in rows if row["Lokation"] == PLACE]


def planted(marks: Marks, file: str, form: str, rows: list[dict]) -> Iterator[list[object]]:
    """The rows of an export as cells: those of the sample, and what becomes of others.

    Of each the text and a further column are marked. Rows that are not as wide, or have lost a
    letter, are left out of a file that is called plain, which DuckDB reads as it is.
    """
    headings = FORM if form == "uro" else ORDER
    number, reported = headings[:2]
    time, kind = (headings[2], headings[6]) if form == "uro" else (headings[1], headings[6])

    numbers = count()

    def cells(what: str, changed: dict | None = None, own: str | None = None) -> list[object]:
        own = {"Sagsnr": None, number: own or f"SYN-{file}-{next(numbers)}"}
        row = rows[0] | own | (changed or {})
        told = [row.get(heading) for heading in headings[:-1]]
        return [*told, marks(file, what, "fritekst"), marks(file, what, "en anden kolonne")]

    for row in rows:
        yield cells("godkendt", row, own=row[number])
    for one in LABELS[form]:
        yield cells(f"ukendt {one}", {one: marks(file, "betegnelse", one)})
    yield cells("ukendt", {kind: marks(file, "betegnelse", kind)})
    yield cells("ukendt og tid", {kind: marks(file, "betegnelse", "med tid"), time: "i går"})
    yield cells("gentager", own=rows[0][number])
    other = marks(file, "betegnelse", "på en række, der gentager")
    yield cells("gentager andet", {"Lokation": other}, own=rows[0][number])
    if form == "uro":
        helper = f"Politiet, {marks(file, 'betegnelse', 'en hjælper af flere')}"
        yield cells("to hjælpere", {headings[-3]: helper})
    else:
        yield cells("sag", {"Sagsnr": marks(file, "nummer på en sag i en ordre")})
    yield cells("nummer", own=marks(file, "nummer"))
    yield cells("nummer og tid", {time: "i går"}, own=marks(file, "nummer på en afvist række"))
    yield cells("ødelagt nummer", own="2,02412E+11")
    yield cells("nummer af ord", own=f"manden {marks(file, 'ord i et nummer')} slog nogen")
    yield cells("intet nummer", {number: None})
    yield cells("tid", {time: f"ca. kl. 15 {marks(file, 'ved et tidspunkt')}"})
    yield cells("oprettet", {reported: marks(file, "ved oprettelsen")})
    yield cells("senere", {time: LATER})
    yield cells("intet sted", {"Lokation": None})
    yield cells("CPR", {"Facilitet": f"{marks(file, 'ved et CPR-nummer')} {CPR}"})
    yield cells("lang", {"Facilitet": f"{marks(file, 'lang')} gik hen og slog " * 3})
    yield cells("sat sammen", {"Bydel": f"Nørrebro{marks(file, 'sat sammen').upper()}"})
    yield [f"I alt {marks(file, 'sidefod')}", *[None] * len(headings)]
    yield cells("forskudt")[3:] + [None] * 3
    if "plain" not in file:
        yield [*cells("for mange felter"), marks(file, "efter den sidste overskrift")]
        yield cells("for få felter")[:-3]
        yield [marks(file, "kort række")]
        yield cells("tabt tegn", {"Facilitet": f"\ufffd{marks(file, 'ved et tabt tegn')}"})
        yield cells("langt felt", {"Bydel": marks(file, "langt felt") * 80})


def write_csv(file: Path, marks: Marks, form: str, rows: list[dict]) -> None:
    """Write an export as text under two titles, packed where its name says so."""
    name = file.name.partition("_")[0]
    headings = [*(FORM if form == "uro" else ORDER), marks(name, "en anden kolonnes overskrift")]
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";")
    writer.writerow([marks(name, "titel", str(at)) for at in range(len(headings))])
    writer.writerow(headings)
    writer.writerows(planted(marks, name, form, rows))
    content = lines.getvalue()
    if "plain" not in name:
        quoted = f'"{marks(name, "efter et anførselstegn")}"x{";" * (len(headings) - 1)}\n'
        content = f"{marks(name, 'titel')}\n{content}{quoted}"
    content = content.encode()
    if file.suffix == ".gz":
        # As gzip does, with the name that it had; and a comment.
        about = [marks(name, "filens eget navn"), marks(name, "kommentar til det pakkede")]
        start = b"\x1f\x8b\x08\x18" + bytes(6) + b"".join(one.encode() + b"\0" for one in about)
        content = start + gzip.compress(content)[10:]
    file.write_bytes(content)


def write_workbook(file: Path, marks: Marks, rows: list[dict]) -> None:
    """Write an export as a workbook with all that one can hold besides."""
    name = "xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = marks(name, "arkets navn")
    sheet.append([marks(name, "titel")])
    sheet.append([*FORM, marks(name, "en anden kolonnes overskrift")])
    for cells in planted(marks, name, "uro", rows):
        sheet.append(cells)
    sheet["A3"].comment = Comment(marks(name, "kommentar"), marks(name, "kommentarens forfatter"))
    sheet["M4"].hyperlink = f"https://{marks(name, 'henvisning')}.dk"
    sheet["M4"].hyperlink.tooltip = marks(name, "henvisningens hjælp")
    sheet["M5"] = f'="{marks(name, "formel")}"'
    sheet["M6"].number_format = f'0 "{marks(name, "talformat")}"'
    sheet.column_dimensions["M"].hidden = True
    sheet.row_dimensions[5].hidden = True
    sheet.oddHeader.center.text = marks(name, "sidehoved")
    sheet.oddFooter.left.text = marks(name, "sidefod på papir")
    sheet.add_data_validation(
        DataValidation(type="list", formula1=f'"{marks(name, "valgliste")}"', sqref="M3:M9")
    )
    book.defined_names["navn"] = DefinedName(
        "navn", attr_text=f'"{marks(name, "navngivet værdi")}"', comment=marks(name, "om navnet")
    )
    book.defined_names[marks(name, "navn")] = DefinedName(marks(name, "navn"), attr_text="1")
    about = ("creator", "lastModifiedBy", "title", "subject", "description", "keywords", "category")
    for one in (*about, "contentStatus", "identifier", "version"):
        setattr(book.properties, one, marks(name, one))
    book.custom_doc_props.append(
        StringProperty(name=marks(name, "egenskab"), value=marks(name, "egenskabens værdi"))
    )
    for state in ("visible", "hidden", "veryHidden"):
        other = book.create_sheet(marks(name, "andet ark", state))
        other.sheet_state = state
        other.append([marks(name, "andet ark", state, "celle")])
    nearly = book.create_sheet(marks(name, "næsten en eksport"))
    nearly.append([one.replace("Lokation", marks(name, "næsten et sted")) for one in FORM])
    nearly.append([marks(name, "række uden eksport")] * len(FORM))
    packed = io.BytesIO()
    book.save(packed)
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as to:
        to.comment = marks(name, "kommentar til zip").encode()
        for part in source.namelist():
            content = source.read(part)
            if part == "docProps/app.xml":
                about = "".join(
                    f"<{one}>{marks(name, one)}</{one}>" for one in ("Manager", "Company")
                )
                content = content.replace(b"</Properties>", f"{about}</Properties>".encode())
            to.writestr(part, content)
        to.writestr("xl/persons/person.xml", f'<person displayName="{marks(name, "person")}"/>')


def write_exports(folder: Path, marks: Marks) -> None:
    folder.mkdir()
    form, older = sample_rows("uro_2024_2025.csv"), sample_rows("uro_2023_2024.csv")
    orders = [*sample_rows("haervaerk_2024_2025.csv"), *sample_rows("haervaerk_2023_2024.csv")]
    write_csv(folder / f"uro_{marks('filens navn')}.csv", marks, "uro", form)
    write_csv(folder / "uropacked_1.csv.gz", marks, "uro", older[:60])
    write_csv(folder / "uroplain_1.csv", marks, "uro", older[60:])
    write_csv(folder / "haervaerk_1.csv", marks, "hærværk", orders * 4)
    write_csv(folder / "haervaerkplain_1.csv", marks, "hærværk", orders * 4)
    write_workbook(folder / "uro_2025_2026.xlsx", marks, sample_rows("uro_2025_2026.xlsx"))
    # What is passed over: another kind of file, a folder, and what Office keeps of who has it open.
    (folder / f"{marks('navn på en anden fil')}.docx").write_text(marks("anden fil"))
    (folder / marks("navn på en mappe")).mkdir()
    (folder / f"~$uro_{marks('navn på en låsefil')}.xlsx").write_text(marks("låsefil"))


# The search


def unpacked(content: bytes, name: str = "") -> Iterator[bytes]:
    """The bytes of a file, and all that is packed in them."""
    yield content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            yield repr(
                [(one.filename, one.comment, one.extra) for one in parts.infolist()]
            ).encode()
            for one in parts.namelist():
                yield from unpacked(parts.read(one), one)
        return
    for start, bits in _PACKED.items():
        if content.startswith(start):
            with contextlib.suppress(zlib.error):
                yield from unpacked(zlib.decompressobj(bits).decompress(content))
    if content.startswith(b"%PDF"):
        for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
            yield from unpacked(stream)
    if name.endswith(".eml"):
        for part in email.message_from_bytes(content).walk():
            yield from unpacked(part.get_payload(decode=True) or b"")
    for found in _BASE64.findall(content):
        with contextlib.suppress(ValueError):
            yield from unpacked(base64.b64decode(found + b"=" * (-len(found) % 4)))


def tables(file: Path) -> Iterator[bytes]:
    """What the tables and views of a database hold, or a Parquet file's columns."""
    with duckdb.connect() as con:
        if file.suffix == ".parquet":
            yield repr(con.read_parquet(str(file)).fetchall()).encode()
        else:
            con.execute("attach $file as read (read_only)", {"file": str(file)})
            con.execute("use read")
            for name, told in con.execute(
                "select table_name, sql from duckdb_tables() where not internal "
                "union all select view_name, sql from duckdb_views() where not internal "
                "union all select function_name, macro_definition from duckdb_functions()"
                " where not internal"
            ).fetchall():
                yield f"{name} {told}".encode()
            for (name,) in con.execute("show tables").fetchall():
                yield repr(con.table(name).fetchall()).encode()


class Found:
    """The places whose marks are found, each with the files; `files` is how many were searched."""

    def __init__(self, marks: Marks, *folders: Path, said: str = "") -> None:
        self.marks, self.files = marks, 0
        self.where: dict[str, set[str]] = {}
        self._search(said.encode(), "what was printed")
        for file in (one for folder in folders for one in (folder, *folder.rglob("*"))):
            self._search(str(file).encode(), f"the name of {file.name}")
            if file.is_file():
                self.files += 1
                content = file.read_bytes()
                for part in unpacked(content, file.name):
                    self._search(part, file.name)
                if file.suffix in (".duckdb", ".parquet"):
                    for part in tables(file):
                        self._search(part, file.name)

    def _search(self, content: bytes, name: str) -> None:
        plain = content.lower().replace(b"\0", b"")
        found = {
            self.marks[one.decode()] for one in _MARK.findall(plain) if one.decode() in self.marks
        }
        if CPR.encode() in plain:
            found.add("CPR-nummer")
        if any(one in content for one in _IN_BASE64):
            found.add("base64")
        for place in found:
            self.where.setdefault(place, set()).add(name)


PACKINGS = {
    "UTF-16": lambda one: one.encode("utf-16"),
    "base64": lambda one: base64.b64encode(f"a{one}".encode()),
    "gzip": lambda one: gzip.compress(one.encode()),
    "zlib in base64": lambda one: base64.b64encode(zlib.compress(one.encode() + bytes(range(99)))),
    "PDF": lambda one: b"%PDF\nstream\n" + zlib.compress(one.encode()) + b"\nendstream",
    "a mail": lambda one: mail(one),
    "a page in a mail": lambda one: mail("brev", one),
    "a zip in a zip": lambda one: zipped("a.docx", zipped("a.xml", one.upper())),
    "a name in a zip": lambda one: zipped(one, "x"),
}


def zipped(name: str, content: str | bytes) -> bytes:
    with zipfile.ZipFile(packed := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as to:
        to.writestr(name, content)
    return packed.getvalue()


def mail(text: str, page: str = "") -> bytes:
    letter = EmailMessage()
    letter.set_content(f"{'æ' * 60} {text}", cte="quoted-printable")
    letter.add_attachment(page, subtype="html", cte="base64")
    return bytes(letter)


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_mark_is_found_however_it_is_packed(packing, tmp_path):
    marks = Marks()
    (tmp_path / "a.eml").write_bytes(PACKINGS[packing](marks("her")))
    assert Found(marks, tmp_path).where


# What may stand where


def run(home: Path, *arguments: object) -> tuple[int, str]:
    """Run a command as users do, where `home` is their own; return its code and what it printed."""
    folders = {"HOME": home / "home", "TMPDIR": home / "tmp"}
    for each in folders.values():
        each.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "analysis", *map(str, arguments)],
        env=os.environ | {name: str(each) for name, each in folders.items()},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


class Planted(NamedTuple):
    """Marks, a folder with exports that hold them, and what the ingest of these printed."""

    marks: Marks
    home: Path
    printed: str

    def of(self, *kinds: str) -> set[str]:
        """The places of these kinds."""
        return {place for place in self.marks.values() if {*kinds} & {*place.split(": ")}}


@pytest.fixture(scope="module")
def planted_in(tmp_path_factory):
    home, marks = tmp_path_factory.mktemp("marks"), Marks()
    write_exports(home / "exports", marks)
    (home / "data").mkdir()
    asked = ("--exports", home / "exports", "--database", home / "data" / "x.duckdb")
    code, printed = run(home, "ingest", *asked, "--lake", home / "data" / "lake")
    assert code == cli.DONE
    return Planted(marks, home, printed)


@pytest.fixture(scope="module")
def reported_in(planted_in):
    """The folder of reports for two audiences, and what making them printed.

    Of all notebooks 01 alone shows what the exports say, and of all pages the interactive one holds
    most of the incidents.
    """
    home = planted_in.home
    given = [home / "internal.yaml", home / "analyst.yaml"]
    for one in given:
        one.write_text(f"season: 2024/25\nlocation: null\naudience: {one.stem}\n")
    asked = ("--only", "01", "--database", home / "data" / "x.duckdb")
    code, printed = run(home, "report", *given, *asked, "--output", home / "reports")
    assert code == cli.DONE
    with files.connect(home / "data" / "x.duckdb") as con:
        page = interactive.page(con, Selection("2024/25"), "x.yaml")
    (home / "reports" / "internal" / "barometer.html").write_text(page, encoding="utf-8")
    return home / "reports", printed


def test_marks_stand_where_analysts_see_what_nobody_knows_and_nowhere_else(planted_in):
    stored = Found(planted_in.marks, planted_in.home / "data")
    assert stored.files > 20
    known_as = planted_in.of("betegnelse", "filens navn")
    assert stored.where.keys() == known_as
    printed = Found(planted_in.marks, said=planted_in.printed)
    passed_over = planted_in.of("navn på en anden fil", "navn på en mappe", "næsten en eksport")
    assert printed.where.keys() == known_as | passed_over


def test_pages_show_what_files_and_the_places_of_incidents_are_called_and_nothing_else(
    planted_in, reported_in
):
    folder, printed = reported_in
    internal = Found(planted_in.marks, folder / "internal")
    assert internal.where.keys() == planted_in.of("Lokation", "filens navn")
    analyst = Found(planted_in.marks, folder / "analyst")
    assert analyst.where.keys() == planted_in.of("betegnelse", "filens navn")
    beside = [one for one in folder.iterdir() if one.is_file()]
    assert {one.name for one in beside} >= {"index.html", "manifest.json", "koersel.log"}
    assert not Found(planted_in.marks, *beside, said=printed).where


def test_nothing_is_left_where_commands_work(planted_in, reported_in):
    assert not Found(planted_in.marks, planted_in.home / "tmp", planted_in.home / "home").where


def test_a_note_that_is_refused_is_quoted_nowhere(planted_in, tmp_path):
    marks = planted_in.marks
    shutil.copytree(DATA / "reference", tmp_path / "reference")
    with (tmp_path / "reference" / "experience.csv").open("a", encoding="utf-8") as file:
        note = f"{marks('erfaring', 'afvist')} har {CPR}"
        file.write(f"2026-04,Nørrebro,,op,2,{note}\n")
    (tmp_path / "new").mkdir()
    code, printed = run(
        tmp_path,
        *("ingest", "--exports", DATA / "exports", "--reference", tmp_path / "reference"),
        *("--database", tmp_path / "new" / "x.duckdb"),
    )
    assert code == cli.NOT_DONE
    assert "CPR-nummer" in printed
    found = Found(marks, *(tmp_path / one for one in ("new", "tmp", "home")), said=printed)
    assert not found.where
