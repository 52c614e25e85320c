"""What no honest export is: one line and exit code 2, or a rejected row; never a traceback.

Time and memory stay bounded, and the free text, whatever shifts or breaks it, reaches nothing.
"""

import errno
import gzip
import io
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from pseudonyms import incident

from analysis import cli
from analysis.core import database as files
from analysis.intake import build, columns

REFERENCE = files.ROOT / "data" / "reference"
HEADINGS = (
    *("Sagsnr", "Oprettet", "Hændelsestidspunkt", "Bydel", "Lokation", "Facilitet", "Urotype"),
    *("Underkategori", "Forurettede", "Demografi", "Tilkaldt hjælp", "Ankommet hjælp"),
    "Beskrivelse",
)
VALUES = (
    *("S1", "01-11-2024 10:00", "01-11-2024 09:30", "Nørrebro", "Blågårdens Bibliotek"),
    *("Bibliotek", "Uønsket adfærd", "Generende adfærd", "Bruger", "Ved ikke", "Politiet"),
    *("Politiet", "tekst"),
)
CANARY, NUMBER = "KANARIE7Q", "010190-1234"
FREE_TEXT = f"{CANARY} slog {NUMBER}"
MEMORY = 1 << 30


@pytest.fixture
def exports(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


def arguments(exports, *more, database=None):
    database = database or exports.parent / "old.duckdb"
    return ["ingest", "--exports", str(exports), "--database", str(database), *map(str, more)]


def refused(capsys, exports, *more):
    """Run an ingest that must end in one line and exit code 2; return the line."""
    database = exports.parent / "old.duckdb"
    database.write_bytes(b"checksumDUCK, as it was")
    assert cli.main(arguments(exports, *more)) == cli.NOT_DONE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.startswith("barometer ingest: ")
    assert database.read_bytes() == b"checksumDUCK, as it was"
    assert not list(exports.parent.glob(".ingest-*"))
    return printed.err


# Running on with little memory.

MEASURED = """
import resource, sys
from analysis import cli
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
code = cli.main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
sys.exit(code)
"""


def measured(exports, *more):
    """Run an ingest that must be refused within a minute and in little memory; return its line."""
    if sys.platform != "linux":
        pytest.skip("memory is measured as Linux does")
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, *arguments(exports, *more)],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert run.returncode == cli.NOT_DONE, run.stderr
    assert run.stderr.count("\n") == 1, run.stderr
    assert int(run.stdout) < MEMORY
    assert not list(exports.parent.glob(".ingest-*"))
    return run.stderr


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_part(content, name, part):
    """Return a workbook with one of its parts replaced by the chunks of `part`."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        with new.open(name, "w", force_zip64=True) as sink:
            for chunk in part:
                sink.write(chunk)
    return made.getvalue()


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BIG = 300


def spaces():
    return [f'<worksheet xmlns="{MAIN}"><sheetData>'.encode(), *[b" " * (1 << 20)] * BIG]


def long_string():
    return [f'<sst xmlns="{MAIN}"><si><t>'.encode(), *[b"x" * (1 << 20)] * BIG, b"</t></si></sst>"]


def told_smaller(content, name):
    """Return a zip in which a part claims to be 1,000 bytes when unpacked."""
    content = bytearray(content)
    for mark, size_at, name_at in ((b"PK\x01\x02", 24, 46), (b"PK\x03\x04", 22, 30)):
        at = content.find(mark)
        while content[at + name_at : at + name_at + len(name)] != name.encode():
            at = content.find(mark, at + 1)
        content[size_at + at : size_at + at + 4] = struct.pack("<I", 1000)
    return bytes(content)


def test_a_workbook_that_unpacks_to_a_flood_of_spaces_is_refused(exports):
    (exports / "a.xlsx").write_bytes(with_part(workbook(HEADINGS), SHEET, spaces()))
    assert "a.xlsx: er for stor, når den er pakket ud" in measured(exports)


def test_a_workbook_with_a_flood_in_one_string_is_refused(exports):
    (exports / "a.xlsx").write_bytes(with_part(workbook(HEADINGS), STRINGS, long_string()))
    assert "a.xlsx: er for stor, når den er pakket ud" in measured(exports)


def test_a_workbook_that_lies_about_its_size_is_refused(exports):
    content = with_part(workbook(HEADINGS), STRINGS, long_string())
    (exports / "a.xlsx").write_bytes(told_smaller(content, STRINGS))
    assert "a.xlsx: er for stor, når den er pakket ud" in measured(exports)


@pytest.mark.parametrize(
    "sheet",
    [
        '<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>',
        '<row r="1">' + "<c/>" * 200 + '</row><row r="1048576"><c><v>1</v></c></row>',
        '<row r="1">' + "<c/>" * 200 + "</row>" + "<row/>" * 100_000,
    ],
)
def test_a_cell_far_from_the_others_is_refused(exports, sheet):
    """Every cell up to the last takes memory, whether the file says where it stands or not."""
    part = [f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>'.encode()]
    (exports / "a.xlsx").write_bytes(with_part(workbook(HEADINGS), SHEET, part))
    assert "a.xlsx: har en celle langt fra de andre" in measured(exports)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="ZZZZ99999999"><v>1</v></c>',
        """<c q='a" r="A2" ' r="XFD1048576"><v>1</v></c>""",
    ],
)
def test_a_place_that_no_cell_can_have_is_refused(exports, cell):
    sheet = f'<row r="1"><c r="A1"/></row><row>{cell}</row>'
    part = [f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>'.encode()]
    (exports / "a.xlsx").write_bytes(with_part(workbook(HEADINGS), SHEET, part))
    assert "a.xlsx: kan ikke læses som projektmappe" in measured(exports)


@pytest.mark.parametrize("place", [(65_535, 255), (65_535, 16_383)])
def test_an_old_workbook_is_bounded_as_a_new_one(exports, place):
    content = (Path(__file__).parent / "cases/x30_xls/exports/uro.xls").read_bytes()
    at = content.rindex(struct.pack("<HH", 0x00FD, 10)) + 4
    far = content[:at] + struct.pack("<HH", *place) + content[at + 4 :]
    (exports / "a.xls").write_bytes(far)
    assert "a.xls: har en celle langt fra de andre" in measured(exports)


def test_many_sheets_together_are_no_larger_than_one_may_be(capsys, exports):
    book = openpyxl.Workbook()
    for _ in range(11):
        sheet = book.create_sheet()
        sheet["A1"], sheet["CV10000"] = "x", "x"
    book.save(exports / "a.xlsx")
    assert "a.xlsx: har en celle langt fra de andre" in refused(capsys, exports)


def broken_books():
    whole = workbook(HEADINGS, VALUES)
    at = whole.find(b"PK\x01\x02")
    damaged = bytearray(whole)
    damaged[60:200] = bytes(140)
    yield "cut short", whole[: len(whole) // 2]
    yield "only a beginning", whole[:10]
    yield "damaged inside", bytes(damaged)
    yield "names that are no text", whole[:at] + whole[at:].replace(b"xl/", b"\xff\xfe/")
    yield "no workbook at all", _zip({"a.txt": b"x"})
    yield "a sheet that is no XML", with_part(whole, SHEET, [b"<worksheet><sheetData><row"])
    yield "strings that are not there", with_part(whole, STRINGS, [b"<sst"])
    yield (
        "cells that point nowhere",
        with_part(
            whole,
            SHEET,
            [
                f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="s"><v>999999</v></c>'
                '<c r="ZZZZ99999999"><v>x</v></c></row></sheetData></worksheet>'.encode()
            ],
        ),
    )


def _zip(parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return made.getvalue()


BROKEN = dict(broken_books())


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_workbook_is_refused_by_name(capsys, exports, what):
    (exports / "a.xlsx").write_bytes(BROKEN[what])
    assert "a.xlsx: " in refused(capsys, exports)


def test_an_encrypted_workbook_is_named_as_what_it_is_not(capsys, exports):
    """Excel writes an encrypted workbook as an OLE container."""
    (exports / "a.xlsx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096))
    assert "a.xlsx er ikke det, som endelsen .xlsx siger" in refused(capsys, exports)


@pytest.mark.parametrize("size", [0, 504, 4096])
def test_a_broken_xls_is_refused_by_name(capsys, exports, size):
    (exports / "a.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\xff" * size)
    assert "a.xls: kan ikke læses som projektmappe" in refused(capsys, exports)


# Text

HEAD = ";".join(HEADINGS)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"x" * 50_000_000, "linje 1 er for lang til at være en række"),
        (b"\0" * 50_000_000, "linje 1 er for lang til at være en række"),
        ((HEAD + "\n").encode() + b"x" * 50_000_000, "linje 2 er for lang til at være en række"),
        ((b"x" * 3_000_000 + b"\n") * 40, "overskrifterne passer ikke til layoutet"),
        (b";" * 3_000_000 + b"\n" + b"x", "overskrifterne passer ikke til layoutet"),
    ],
)
def test_a_line_without_end_is_refused(exports, content, told):
    (exports / "a.csv").write_bytes(content)
    assert f"a.csv: {told}" in measured(exports)


@pytest.mark.parametrize("at", [0, 1])
def test_a_quote_that_swallows_a_large_file_is_found_in_time(exports, at):
    lines = [HEAD, *[";".join(VALUES)] * 200_000]
    lines[at] = lines[at].replace("Bydel", '"Bydel').replace("Nørrebro", '"Nørrebro')
    (exports / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    assert f"a.csv: et anførselstegn i linje {at + 1} er ikke lukket" in measured(exports)


def test_a_quote_opened_in_the_headings_is_refused(capsys, exports):
    text = f'"{HEAD}\n{";".join(VALUES)}\n'
    (exports / "a.csv").write_text(text, encoding="utf-8")
    assert "a.csv: " in refused(capsys, exports)


@pytest.mark.parametrize(
    ("filling", "encoding"), [(b"\0", ""), (b"S1;x\n", ", options: {encoding: utf-8}")]
)
def test_a_packed_file_that_unpacks_to_a_flood_is_refused(tmp_path, exports, filling, encoding):
    block = gzip.compress(filling * ((16 << 20) // len(filling)), 1)
    (exports / "a.csv.gz").write_bytes(gzip.compress(f"{HEAD}\n".encode()) + block * 384)
    layout = tmp_path / "layout.yaml"
    layout.write_text(
        "uro: {occurred_at: Hændelsestidspunkt, location: Lokation, category: Urotype"
        f"{encoding}}}",
        encoding="utf-8",
    )
    assert "a.csv.gz: er for stor, når den er pakket ud" in measured(exports, "--layout", layout)


PACKED = gzip.compress(f"{HEAD}\n{';'.join(VALUES)}\n".encode() * 20, mtime=0)


@pytest.mark.parametrize(
    "content",
    [
        PACKED[: len(PACKED) // 2],
        PACKED[:30] + bytes(20) + PACKED[50:],
        PACKED[:-8] + bytes(8),
        PACKED[:10],
        PACKED + b"rest",
    ],
)
def test_a_broken_packed_file_is_refused_by_name(capsys, exports, content):
    (exports / "a.csv.gz").write_bytes(content)
    assert "a.csv.gz: kan ikke læses" in refused(capsys, exports)


# Folders


def whole(folder, name="a.csv"):
    (folder / name).write_text(f"{HEAD}\n{';'.join(VALUES)}\n", encoding="utf-8")


def test_what_is_no_file_is_named_and_passed_over(capsys, exports):
    whole(exports)
    (exports / "b.csv").mkdir()
    if os.name != "nt":
        os.mkfifo(exports / "c.csv")
        (exports / "d.csv").symlink_to("nowhere.csv")
        (exports / "e.csv").symlink_to("e.csv")
    assert cli.main(arguments(exports)) == cli.DONE
    printed = capsys.readouterr()
    assert "b.csv er en mappe" in printed.out
    for name in ("c.csv", "d.csv", "e.csv") if os.name != "nt" else ():
        assert f"{name} er ikke en almindelig fil" in printed.out


def test_a_file_that_may_not_be_read_is_named(capsys, exports, monkeypatch):
    """Whoever runs the tests may be allowed to read every file."""
    whole(exports)
    opened = Path.open

    def barred(file, *given, **named):
        if file.name == "a.csv":
            raise PermissionError(errno.EACCES, "Permission denied", str(file))
        return opened(file, *given, **named)

    monkeypatch.setattr(Path, "open", barred)
    told = refused(capsys, exports)
    assert "a.csv: der er ikke adgang til den" in told


@pytest.mark.parametrize("name", ["[1]", "[a-z] {x}", "æ ø'å\""] + ["*"] * (os.name != "nt"))
def test_a_folder_may_be_called_what_reads_as_a_pattern(tmp_path, capsys, name):
    if os.name == "nt":
        name = name.replace('"', "")
    folder = tmp_path / name
    (folder / "exports").mkdir(parents=True)
    (tmp_path / "1" / "exports").mkdir(parents=True)
    whole(folder / "exports", "[1].csv")
    shutil.copytree(REFERENCE, folder / "reference")
    layout = shutil.copy(files.ROOT / "data" / "export_layout.yaml", folder / "layout [1].yaml")
    given = arguments(
        folder / "exports",
        *("--reference", folder / "reference", "--layout", layout),
        database=folder / "x [1].duckdb",
    )
    assert cli.main(given) == cli.DONE
    with files.connect(folder / "x [1].duckdb") as con:
        assert con.execute("select file, fate from intake_row").fetchall() == [
            ("[1].csv", "accepted")
        ]
    assert sorted(one.name for one in folder.iterdir()) == sorted(
        ["exports", "reference", "layout [1].yaml", "x [1].duckdb"]
    )


def test_a_path_that_duckdb_cannot_write_is_refused(tmp_path, exports, capsys):
    whole(exports)
    given = arguments(exports, database=tmp_path / "hvad?" / "x.duckdb")
    assert cli.main(given) == cli.NOT_DONE
    assert "må ikke have et spørgsmålstegn" in capsys.readouterr().err


# Layout files


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- uro", "skal bestå af linjer som »navn: værdi«"),
        ("[" * 20_000, "har mere end 20 lag i hinanden i linje 1"),
        ("uro: " + "{a: " * 20_000, "har mere end 20 lag i hinanden i linje 1"),
        ("&a [*a]", "har en henvisning (& eller *) i linje 1"),
        ("uro: &a {occurred_at: *a, location: Sted, category: Type}", "har en henvisning"),
        ("uro: {location: a, location: b}", "har location to gange"),
        ("uro: {location: 010}", "som programmer læser forskelligt"),
        ("uro: {occurred_at: Tid", "er ikke gyldig YAML (ved linje 1)"),
        ("uro: !!python/object/apply:os.getcwd []", "har et mærke"),
        ("uro: \0", "styretegn i linje 1"),
        ("uro: " + "a" * 200_000, "fylder mere end 100 kB"),
        (
            "uro: {occurred_at: {heading: a, zone: Europa/København}, location: a, category: b}",
            "zone »Europa/København« kendes ikke; nærmest er Europe/Copenhagen",
        ),
        (
            "uro: {location: a, occurred_at: b, category: c, options: {encoding: base64}}",
            "encoding »base64« kendes ikke",
        ),
        (
            "uro: {location: a, occurred_at: b, category: c, options: {encoding: idna}}",
            "encoding »idna« kendes ikke",
        ),
    ],
)
def test_a_layout_that_says_nothing_sensible_is_refused_by_name(
    tmp_path, exports, capsys, text, told
):
    whole(exports)
    layout = tmp_path / "layout.yaml"
    layout.write_text(text, encoding="utf-8")
    message = refused(capsys, exports, "--layout", layout)
    assert told in message
    assert "layout" in message
    assert len(message) < 400


# The free text


def row(**changed):
    """Return the values of a row with the canary as its free text."""
    return [changed.get(heading, value) for heading, value in zip(HEADINGS, VALUES, strict=True)]


def planted(number, text=FREE_TEXT):
    return [f"S{number}", *VALUES[1:-1], text]


def rows_without_a_separator():
    for at in range(12):
        cells = planted(at)
        yield ";".join([*cells[:at], cells[at] + cells[at + 1], *cells[at + 2 :]])


def rows_with_a_separator_too_many():
    for at in range(13):
        cells = planted(at)
        yield ";".join([*cells[:at], "", *cells[at:]])
    yield ";".join(planted(13, f"{CANARY}; {NUMBER}; {CANARY}"))


def rows_with_stray_quotes():
    for at, text in enumerate(
        (f'"{CANARY}" {NUMBER}', f'""{CANARY}" {NUMBER}', f'"{CANARY}"";{NUMBER}"x')
    ):
        yield ";".join(planted(at, text))


def rows_broken_by_line_ends():
    for at, end in enumerate(("\n", "\r\n", "\n\n", "\n;;;;")):
        yield ";".join(planted(at, f"{CANARY}{end}{NUMBER}"))
        cells = planted(10 + at)
        yield ";".join([*cells[:9], f"{cells[9]}{end}", *cells[10:]])


def rows_of_half_a_text():
    for at in range(1, 13):
        yield ";".join(planted(at)[at:])
    yield FREE_TEXT
    yield f"{FREE_TEXT};{FREE_TEXT}"


def rows_with_letters_lost():
    for at in range(3, 13):
        cells = planted(at)
        cells[at] += "\ufffd\x00\u202e\udcff"
        yield ";".join(cells)


SHIFTED = {
    "a separator lost": rows_without_a_separator,
    "a separator too many": rows_with_a_separator_too_many,
    "stray quotes": rows_with_stray_quotes,
    "line ends inside": rows_broken_by_line_ends,
    "half a row": rows_of_half_a_text,
    "letters lost": rows_with_letters_lost,
}


@pytest.fixture
def left_behind(monkeypatch):
    """The bytes of every file in the scratch folder of each ingest, just before it is removed."""
    left = []
    swap = build.swap

    def kept(new, database):
        left.extend(file.read_bytes() for file in new.parent.rglob("*") if file.is_file())
        swap(new, database)

    monkeypatch.setattr(build, "swap", kept)
    return left


def assert_nowhere(capsys, database, left):
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    contents = [(printed.out + printed.err).encode(), *left]
    if database.exists():
        contents.append(database.read_bytes())
    for content in contents:
        assert CANARY.encode() not in content
        assert NUMBER.encode() not in content


# Where the free text stands among the columns; a shift moves it into others.
@pytest.mark.parametrize("place", [12, 7, 0])
@pytest.mark.parametrize("shift", SHIFTED)
def test_a_row_that_shifts_or_breaks_is_rejected_and_its_free_text_is_nowhere(
    capsys, exports, left_behind, shift, place
):
    def moved(line):
        cells = line.split(";")
        return ";".join([*cells[:place], cells[-1], *cells[place:-1]]) if place != 12 else line

    rows = [moved(one) for one in SHIFTED[shift]()]
    text = "\n".join([moved(HEAD), moved(";".join(VALUES)), *rows, ""])
    (exports / "a.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
    database = exports.parent / "old.duckdb"
    assert cli.main(arguments(exports, "--accept")) in (cli.DONE, cli.NOT_DONE)
    assert_nowhere(capsys, database, left_behind)
    with files.connect(database) as con:
        found = con.execute("select row, fate from intake_row order by row").fetchall()
    assert found[0] == (1, "accepted")
    if shift in ("a separator lost", "a separator too many"):
        assert {fate for _, fate in found[1:]} == {"rejected"}
        assert len(found) == 1 + len(rows)


@pytest.mark.parametrize(
    "text",
    [
        f'{HEAD}\n{";".join(planted(1, chr(34) + FREE_TEXT))}\n{";".join(planted(2))}"\n',
        f"{HEAD}\n{';'.join(planted(1, chr(34) + FREE_TEXT))}\n",
        f'{HEAD}\n{";".join(planted(1)).replace("Bruger", chr(34) + "Bruger")}"\n' * 2,
        ";".join(planted(1)) + "\n" + ";".join(planted(2)),
        HEAD.replace("Beskrivelse;", "") + "\n" + ";".join(planted(1)),
        ";".join(HEADINGS[:-1]) + "\n" + ";".join(planted(1)),
        f"{FREE_TEXT};" * 13 + "\n" + ";".join(planted(1)),
        HEAD.replace("Urotype", FREE_TEXT) + "\n" + ";".join(planted(1)),
        f"{HEAD};{FREE_TEXT}\n" + ";".join(planted(1)),
        HEAD.replace(";", ",") + "\n" + ";".join(planted(1)),
        HEAD.replace("æ", "Ã¦") + "\n" + ";".join(planted(1)),
        f"{FREE_TEXT}\n\n{HEAD}\n{';'.join(planted(1))}",
        f"{HEAD}\n{';'.join(planted(1)).replace(';', chr(9))}",
    ],
)
def test_a_file_that_is_broken_shows_its_free_text_nowhere(capsys, exports, left_behind, text):
    (exports / "a.csv").write_text(text, encoding="utf-8")
    assert cli.main(arguments(exports, "--accept")) in (cli.DONE, cli.NOT_DONE)
    assert_nowhere(capsys, exports.parent / "old.duckdb", left_behind)


def test_a_workbook_leaves_its_free_text_behind(capsys, exports, left_behind):
    rows = [planted(1), [*planted(2), FREE_TEXT], [*planted(3)[:6], None, *planted(3)[7:]]]
    (exports / "a.xlsx").write_bytes(workbook(HEADINGS, *rows))
    assert cli.main(arguments(exports, "--accept")) == cli.DONE
    assert_nowhere(capsys, exports.parent / "old.duckdb", left_behind)


@pytest.mark.parametrize("at", range(12))
def test_a_row_with_one_separator_lost_and_one_in_its_text_is_stored_nowhere(
    capsys, exports, left_behind, at
):
    """Such a row is as wide as any other."""
    cells = planted(2, f"{FREE_TEXT}; og mere")
    moved = [*cells[:at], cells[at] + cells[at + 1], *cells[at + 2 :]]
    rows = [planted(1, "x"), planted(3, "x"), planted(4, "x")]
    text = "\n".join(";".join(row) for row in ([HEAD], *rows, moved))
    (exports / "a.csv").write_text(text, encoding="utf-8")
    assert cli.main(arguments(exports)) == cli.DONE
    assert_nowhere(capsys, exports.parent / "old.duckdb", left_behind)


def test_text_in_the_last_field_before_it_is_stored_nowhere(capsys, exports, left_behind):
    """The separator lost stood among fields that are empty."""
    moved = [*planted(2)[:9], "Ved ikke", "", f"{CANARY} slog vagten", "hun var fuld"]
    rows = [planted(1, "x"), planted(3, "x"), moved]
    text = "\n".join(";".join(row) for row in ([HEAD], *rows))
    (exports / "a.csv").write_text(text, encoding="utf-8")
    assert cli.main(arguments(exports)) == cli.DONE
    assert_nowhere(capsys, exports.parent / "old.duckdb", left_behind)


NEEDED = "uro: {case_number: Sagsnr, occurred_at: Tid, location: Sted, category: Type}\n"


@pytest.mark.parametrize(
    "moved",
    [
        "S4 01-11-2024 10:00;A;Indre By;Vold;Bruger;{};b",
        "S4;01-11-2024 10:00 A;Indre By;Vold;Bruger;{};b",
        "S4;01-11-2024 10:00;A Indre By;Vold;Bruger;{};b",
        "S4;01-11-2024 10:00;A;Indre By Vold;Bruger;{};b",
        "S4;01-11-2024 10:00;A;Indre By;Vold Bruger;{};b",
    ],
)
def test_few_columns_show_that_fields_have_moved_by_labels_of_their_neighbours(
    capsys, exports, left_behind, moved
):
    given = NEEDED.replace("Type}", "Type, district: Bydel, victim: Offer}")
    (exports.parent / "layout.yaml").write_text(given, encoding="utf-8")
    rows = [f"S{n};01-11-2024 10:00;A;Indre By;Vold;Bruger;x" for n in range(3)]
    text = ["Sagsnr;Tid;Sted;Bydel;Type;Offer;Beskrivelse", *rows, moved.format(FREE_TEXT), ""]
    (exports / "a.csv").write_text("\n".join(text), encoding="utf-8")
    assert cli.main(arguments(exports, "--layout", exports.parent / "layout.yaml")) == cli.DONE
    assert_nowhere(capsys, exports.parent / "old.duckdb", left_behind)


def test_a_place_called_as_its_district_has_not_moved(exports):
    given = NEEDED.replace("Type}", "Type, district: Bydel}")
    (exports.parent / "layout.yaml").write_text(given, encoding="utf-8")
    rows = ["S1;01-11-2024 10:00;Indre By;Indre By;Vold", "S2;01-11-2024 10:00;Indre By;Hist;Vold"]
    (exports / "a.csv").write_text("\n".join(["Sagsnr;Tid;Sted;Bydel;Type", *rows, ""]))
    assert cli.main(arguments(exports, "--layout", exports.parent / "layout.yaml")) == cli.DONE
    assert [fate for fate, _ in stored(exports)] == ["accepted", "accepted"]


FORMAT = '"%b %d, %Y"'


@pytest.mark.parametrize(
    ("head", "rows", "given"),
    [
        (
            "Sagsnr;Beskrivelse;Tid;Sted;Type",
            ['S1;"x;01-11-2024 10:00;A;Trusler', 'S2;y";02-11-2024 11:00;A;Fysisk vold'],
            NEEDED,
        ),
        (
            "Beskrivelse;Sagsnr;Tid;Sted;Type",
            ['"x;S1;01-11-2024 10:00;A;Trusler', 'y";S2;02-11-2024 11:00;A;Fysisk vold'],
            NEEDED,
        ),
        (
            "Sagsnr;Tid;Sted;Beskrivelse;Type",
            ['S1;Nov 1, 2024;A;"x;Trusler', 'S2;Nov 2, 2024;A;y";Fysisk vold'],
            NEEDED.replace("Tid,", f"{{heading: Tid, format: {FORMAT}}},"),
        ),
        (
            "Sagsnr,Tid,Sted,Beskrivelse,Type",
            ['S1,01/11/2024,A,"x,Trusler', 'S2,02/11/2024,A,y",Fysisk vold'],
            NEEDED.replace("Tid,", '{heading: Tid, format: "%d/%m/%Y"},'),
        ),
    ],
)
def test_a_quote_that_swallows_a_row_is_refused_wherever_the_text_stands(
    capsys, exports, head, rows, given
):
    (exports.parent / "layout.yaml").write_text(given, encoding="utf-8")
    (exports / "a.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    told = refused(capsys, exports, "--layout", exports.parent / "layout.yaml")
    assert "et anførselstegn i linje 2 er ikke lukket" in told


def test_a_text_of_several_lines_with_commas_is_no_swallowed_row(exports):
    (exports.parent / "layout.yaml").write_text(NEEDED, encoding="utf-8")
    rows = ['S1,2024-11-01 10:00,A,"kom, råbte, gik,\nog kom igen, her, der, alle",Trusler']
    text = "\n".join(["Sagsnr,Tid,Sted,Beskrivelse,Type", *rows, ""])
    (exports / "a.csv").write_text(text, encoding="utf-8")
    assert cli.main(arguments(exports, "--layout", exports.parent / "layout.yaml")) == cli.DONE
    assert stored(exports) == [("accepted", incident("uro:S1"))]


def stored(exports):
    with files.connect(exports.parent / "old.duckdb") as con:
        query = "select fate, incident_id from intake_row order by file, row"
        return con.execute(query).fetchall()


@pytest.mark.parametrize(
    "changed",
    [
        {"Urotype": "Vold mod 010190–1234"},
        {"Forurettede": "010190–1234"},
        {"Demografi": "010190 - 1234"},
        {"Demografi": "01 01 90 1234"},
        {"Forurettede": "tlf. 20304050"},
        {"Forurettede": "ring 20 30 40 50"},
        {"Sagsnr": "Manden råbte CPR 010190-1234S2"},
        {"Tilkaldt hjælp": "Ole Hansen, Griffenfeldsgade 5, slog nogen på stedet, spyttede på"},
        {"Underkategori": "Bruger"},
        {"Forurettede": "Politiet"},
    ],
)
def test_text_about_people_in_a_field_of_labels_is_stored_and_told_nowhere(
    capsys, exports, left_behind, changed
):
    rows = [row(), row(Sagsnr="S2"), row(**{"Sagsnr": "S3", **changed})]
    text = "\n".join(";".join(one) for one in ([HEAD], *rows))
    (exports / "a.csv").write_text(text, encoding="utf-8")
    assert cli.main(arguments(exports)) == cli.DONE
    assert [fate for fate, _ in stored(exports)] == ["accepted", "accepted", "rejected"]
    printed = capsys.readouterr().out
    assert "Felterne er forskudt" in printed
    database = (exports.parent / "old.duckdb").read_bytes()
    for text in changed.values():
        if text not in ("Bruger", "Politiet"):
            assert text not in printed
            assert text.encode() not in database


def test_two_long_numbers_that_a_workbook_has_made_one_are_no_duplicates(exports):
    numbers = (20241234567890123, 20241234567890124, 5)
    (exports / "a.xlsx").write_bytes(workbook(HEADINGS, *([n, *VALUES[1:]] for n in numbers)))
    assert cli.main(arguments(exports)) == cli.DONE
    assert [fate for fate, _ in stored(exports)] == ["accepted", "rejected", "accepted"]


def test_a_sheet_that_lacks_a_heading_is_named_and_strict_falls_short(capsys, exports):
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.active.append(VALUES)
    other = book.create_sheet("2025")
    other.append([heading.replace("Lokation", "Lokationsnavn") for heading in HEADINGS])
    other.append(VALUES)
    book.create_sheet("Noter").append(["Skrevet", "af"])
    book.save(exports / "a.xlsx")
    assert cli.main(arguments(exports, "--strict")) == cli.FELL_SHORT
    printed = capsys.readouterr().out
    assert "a.xlsx, arket 2025: overskrifterne passer ikke" in printed
    assert "Lokation (nærmest er »Lokationsnavn«)" in printed
    assert "Noter" not in printed


FAR = "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"


@pytest.mark.parametrize(
    "sheet",
    [
        FAR,
        FAR.replace("r=", "r = "),
        FAR.replace("<c ", '<c s="a>b" '),
        FAR.replace("XFD", "&#88;FD"),
        FAR.replace("XFD", "xfd"),
    ],
)
def test_a_far_cell_is_refused_however_it_is_written(exports, sheet):
    content = with_part(workbook(HEADINGS), SHEET, [f"<sheetData>{sheet}</sheetData>".encode()])
    (exports / "a.xlsx").write_bytes(content)
    assert "a.xlsx: " in measured(exports)


def test_a_long_text_that_thousands_of_cells_share_is_refused(exports):
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 1101))
    sheet = [f"<sheetData>{cells}</sheetData>".encode()]
    text = [b"<sst><si><t>", b"x" * 32_000, b"</t></si></sst>"]
    content = with_part(with_part(workbook(HEADINGS), SHEET, sheet), STRINGS, text)
    (exports / "a.xlsx").write_bytes(content)
    assert "den samme lange tekst i for mange celler" in measured(exports)


def test_a_field_that_is_too_long_is_no_row(exports):
    rows = [row(), row(Sagsnr="S2", Lokation="x" * 1001)]
    (exports / "a.xlsx").write_bytes(workbook(HEADINGS, *rows))
    assert cli.main(arguments(exports)) == cli.DONE
    assert [fate for fate, _ in stored(exports)] == ["accepted", "rejected"]


@pytest.mark.parametrize("content", [";".join(HEADINGS).encode("utf-16-le"), b"Sagsnr;Tid"])
def test_another_encoding_than_the_layout_says_is_told_in_danish_by_name(capsys, exports, content):
    given = exports.parent / "layout.yaml"
    given.write_text(NEEDED.replace("}", ", options: {encoding: utf-16}}"), encoding="utf-8")
    (exports / "a.csv").write_bytes(content)
    told = refused(capsys, exports, "--layout", given)
    assert told.startswith("barometer ingest: a.csv: ")
    assert "tegnsættet" in told


def test_a_file_is_named_without_what_does_not_print(capsys, exports):
    (exports / "a\x1b[31mb\nc.csv").write_text(f"{HEAD}\n{';'.join(VALUES)}\n", encoding="utf-8")
    assert cli.main(arguments(exports)) == cli.DONE
    assert "a\\x1b[31mb\\nc.csv" in capsys.readouterr().out


def test_an_error_names_a_file_without_what_does_not_print(capsys, exports):
    (exports / "a\x1b[31m\u202eb.csv").write_text("Sagsnr\n1\n", encoding="utf-8")
    assert "a\\x1b[31m\\u202eb.csv: overskrifterne" in refused(capsys, exports)


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux alone")
def test_a_file_whose_name_is_no_text_is_not_read_and_named(capsys, exports):
    (exports / "a.csv").write_text(f"{HEAD}\n{';'.join(VALUES)}\n", encoding="utf-8")
    shutil.copy(exports / "a.csv", os.fsencode(exports) + b"/b\xff.csv")
    assert cli.main(arguments(exports)) == cli.DONE
    assert "b\\udcff.csv læses ikke: navnet er ikke skrevet i UTF-8" in capsys.readouterr().out


def test_of_many_unknown_labels_two_hundred_are_printed(capsys, exports):
    rows = [";".join(row(Sagsnr=f"S{n}", Demografi=f"Gruppe {n}")) for n in range(300)]
    (exports / "a.csv").write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    assert cli.main(arguments(exports)) == cli.DONE
    printed = capsys.readouterr().out
    assert printed.count("demografi: Gruppe") == 200
    assert printed.count("under demography: ") == 20
    assert "… og 100 andre" in printed
    assert "… og 280 andre" in printed


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("01-11-2024 10:00", True),
        ("Nov 1, 2024 2:30 PM", True),
        ("2024-11-01T10:00:00.000Z", True),
        ("1. maj 2024 kl. 9.05", True),
        ("2 unge råbte", False),
        # These would take for ever where a letter could be read in two ways.
        ("1 2" + "T" * 36 + "!", False),
        ("1 2" + ".a" * 18 + "!", False),
    ],
)
def test_what_looks_like_a_moment_is_told_in_no_time(text, is_one):
    assert columns.is_moment(text) == is_one
