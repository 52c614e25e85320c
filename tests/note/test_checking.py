"""A note that a person has edited: what no longer agrees is found, and nothing else."""

import re

import duckdb
import pytest
from docx import Document
from docx.oxml import OxmlElement

from analysis.cli import main
from analysis.core.errors import InputError
from analysis.core.selection import Selection
from analysis.reports import checking, note

NAMES = ["Blågårdens Bibliotek", "Nørrebro", "København"]
RIGHT = [
    "Der er meldt 68 hændelser ind i vinterhalvåret 2025/26 mod 87 i vinterhalvåret 2024/25.",
    "Blågårdens Bibliotek er den institution med flest indmeldte hændelser: 68 af 923 (7 pct.).",
    "Der er et klart fald pr. besøg, men ingen klar ændring i antallet alene.",
    "Besøg på Blågårdens Bibliotek: 138.010 i 2024 og 152.204 i 2025.",
    "Vagten er der mandag–torsdag kl. 13–17 fra 1. oktober 2025.",
    "Tre tiltag har været i gang.",
    "Relativ score | 112 | 89 | −23",
    "oktober | 19 | 16",
    "november | 12 | 13",
]


def found(edited, right=RIGHT):
    return [(one.said, one.right) for one in checking.compared(edited, right, NAMES).findings]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("68 hændelser", "86 hændelser"),
        ("2025/26", "2024/25"),
        ("2024/25", "2023/24"),
        ("vinterhalvåret 2025", "sommerhalvåret 2025"),
        ("flest", "færrest"),
        ("klart fald", "klart stigning"),
        ("Blågårdens Bibliotek er", "Nørrebro er"),
        ("138.010", "138.100"),
        ("7 pct.", "9 pct."),
        ("torsdag", "fredag"),
        ("oktober 2025", "november 2025"),
        ("kl. 13", "kl. 12"),
        ("Tre", "Fire"),
        ("−23", "+23"),
        ("−23", "23"),
        ("| 16", "| 17"),
    ],
)
def test_an_edit_is_found_with_what_is_right(old, new):
    edited = [one.replace(old, new, 1) for one in RIGHT]
    at = next(n for n, (one, other) in enumerate(zip(edited, RIGHT, strict=True)) if one != other)
    edited = [*RIGHT[:at], edited[at], *RIGHT[at + 1 :]]
    split = checking._splitter(NAMES)
    pairs = zip(split(edited[at]), split(RIGHT[at]), strict=True)
    said, right = next((one, other) for one, other in pairs if one != other)
    assert found(edited) == [(said.strip("\0"), right.strip("\0"))]


@pytest.mark.parametrize(("old", "new"), [("men ingen", "men"), ("har været", "har ikke været")])
def test_a_sentence_turned_round_is_found(old, new):
    edited = [one.replace(old, new) for one in RIGHT]
    assert [sorted(one) for one in found(edited)] == [["", "ingen" if "ingen" in old else "ikke"]]


def test_what_is_moved_taken_out_or_said_otherwise_is_not_wrong():
    assert found(RIGHT) == found(RIGHT[::-1]) == found(RIGHT[2:]) == []
    said = ["I vinterhalvåret 2025/26 er der meldt 68 hændelser ind, mod 87 i 2024/25.", *RIGHT[1:]]
    assert found(said) == []
    capital = [one.replace("Der er et klart fald", "Et klart fald er der") for one in RIGHT]
    assert found(capital) == []


def test_an_edit_is_found_in_a_sentence_that_was_moved_and_reworded():
    said = RIGHT[0].replace("Der er", "Dog er der").replace("68", "78")
    assert found([*RIGHT[1:], said]) == [("78", "68")]


def test_what_a_person_adds_is_counted_and_not_called_wrong():
    own = "Personalet har fortalt om 14 episoder, som ikke er meldt ind."
    checked = checking.compared([*RIGHT, own], RIGHT, NAMES)
    assert checked.findings == []
    assert checked.unknown == [own]
    longer = RIGHT[5].replace("i gang.", "i gang, og 2 begynder snart.")
    checked = checking.compared([*RIGHT[:5], longer, *RIGHT[6:]], RIGHT, NAMES)
    assert (checked.findings, checked.unknown) == ([], [longer])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("over 90", "90"),
        ("bydelen Nørrebro", "bydelen Vesterbro"),
        ("Udsatte voksne", "Unge (under 18 år)"),
        ("base for Tryghedsvagter", "ekstra bemanding"),
        ("uønsket adfærd", "trusler"),
    ],
)
def test_a_bound_a_label_and_a_part_of_a_name_are_claims_too(con, old, new):
    right = [
        "Andelen er over 90 pct. i bydelen Nørrebro.",
        "Udsatte voksne er registreret ved base for Tryghedsvagter, oftest uønsket adfærd.",
    ]
    edited = [one.replace(old, new) for one in right]
    (found,) = checking.compared(edited, right, checking._names(con)).findings
    assert (found.said in new, found.right in old) == (True, True)


def test_a_document_is_read_as_with_its_tracked_changes_accepted(tmp_path):
    made = Document()
    paragraph = made.add_paragraph("Der er ")
    for tag, text_of, text in (("w:del", "w:delText", "68"), ("w:ins", "w:t", "61")):
        change = OxmlElement(tag)
        run = OxmlElement("w:r")
        told = OxmlElement(text_of)
        told.text = text
        run.append(told)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run(" i vinteren 2024/2025 og ikke 2026/27.")
    made.save(tmp_path / "note.docx")
    assert checking.lines(tmp_path / "note.docx") == [
        "Der er 61 i vinteren 2024/25 og ikke 2026/27."
    ]


def test_every_claim_is_counted():
    one = "Nørrebro: flest (1.019) i oktober 2025, mandag kl. 13, og tre færre i vinteren 2024/25"
    checked = checking.compared([one], [one], NAMES)
    claims = ("Nørrebro", "flest", "1.019", "oktober", "2025", "mandag", "13", "tre", "færre")
    assert checked.claims == len([*claims, "vinteren", "2024/25"])


@pytest.fixture(scope="module")
def written(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("note")
    selection = Selection("2025/26", location="Blågårdens Bibliotek")
    return note.write(selection, None, database, folder).docx


def checked(file, database, capsys):
    code = main(["check", str(file), "--database", str(database)])
    return code, capsys.readouterr().out


def test_the_note_as_written_agrees(written, database, capsys):
    code, told = checked(written, database, capsys)
    assert code == 0
    assert re.fullmatch(
        r"\d{3} oplysninger er holdt op mod databasen; 0 steder passer ikke\n", told
    )


def test_an_edited_note_is_told_place_by_place(written, database, capsys, tmp_path):
    document = Document(written)
    told = []
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            if "68 hændelser" in run.text and not told:
                run.text = run.text.replace("68 hændelser", "78 hændelser", 1)
                told.append(("78", "68"))
            if "[Udfyldes" in run.text:
                run.text = "Det koster 2 mio. kr."
    cell = next(
        row.cells[2]
        for table in document.tables
        for row in table.rows
        if row.cells[0].text == "Relativ score"
    )
    cell.paragraphs[0].runs[0].text = "88"
    document.save(tmp_path / "rettet.docx")
    code, shown = checked(tmp_path / "rettet.docx", database, capsys)
    assert code == 1
    assert "Der står »78«, databasen siger »68«: Der er meldt 78 hændelser ind" in shown
    assert "Der står »88«, databasen siger »89«: Relativ score | 112 | 88 |" in shown
    assert "med tal, steder eller perioder er skrevet til og kan kun læses efter:" in shown
    assert shown.endswith("2 steder passer ikke\n")


def test_figures_that_the_database_has_changed_are_found(written, database, capsys, tmp_path):
    other = tmp_path / "barometer.duckdb"
    other.write_bytes(database.read_bytes())
    with duckdb.connect(other) as con:
        con.execute(
            "delete from incident where incident_id in (select min(incident_id) from incident "
            "where location = 'Blågårdens Bibliotek' and season = '2025/26' and half = 'vinter')"
        )
    code, shown = checked(written, other, capsys)
    assert code == 1
    assert "Der står »68«, databasen siger »67«: Der er meldt 68 hændelser ind" in shown


@pytest.mark.parametrize("content", [None, b"", b"no document"])
def test_a_file_that_is_no_document_is_one_line(database, capsys, tmp_path, content):
    file = tmp_path / "x.docx"
    if content is not None:
        file.write_bytes(content)
    assert main(["check", str(file), "--database", str(database)]) == 2
    assert "x.docx kan ikke læses som et Word-dokument" in capsys.readouterr().err


def test_a_document_that_does_not_say_what_it_is_of_is_refused(database, tmp_path):
    document = Document()
    document.add_paragraph("68 hændelser")
    document.save(tmp_path / "andet.docx")
    with pytest.raises(InputError, match="siger ikke, hvad notatet er skrevet ud fra"):
        checking.check(tmp_path / "andet.docx", database)


@pytest.mark.parametrize(
    "told", ["", "[]", "{}", '{"barometer": ["season"]}', '{"barometer": {"x = 1; y": 1}}']
)
def test_a_document_brings_no_names_of_its_own_into_a_notebook(written, database, tmp_path, told):
    document = Document(written)
    document.core_properties.comments = told
    document.save(tmp_path / "andet.docx")
    with pytest.raises(InputError, match="siger ikke, hvad notatet er skrevet ud fra"):
        checking.check(tmp_path / "andet.docx", database)
