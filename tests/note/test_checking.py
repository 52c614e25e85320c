"""A note that a person has edited: what no longer agrees is found, and nothing else."""

import re
from zipfile import ZipFile

import duckdb
import pytest
from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from analysis.cli import main
from analysis.core.errors import InputError
from analysis.core.selection import Selection
from analysis.reports import checking, claims, note, recount

NAMES = ["Blågårdens Bibliotek", "Nørrebro", "Vesterbro", "København"]
RIGHT = [
    "Der er meldt 68 hændelser ind i vinterhalvåret 2025/26 mod 87 i vinterhalvåret 2024/25.",
    "Blågårdens Bibliotek er den institution med flest indmeldte hændelser: 68 af 923 (7 pct.).",
    "Der er et klart fald pr. besøg, men ingen klar ændring i antallet alene.",
    "Besøg på Blågårdens Bibliotek: 138.010 i 2024 og 152.204 i 2025.",
    "Vagten er der mandag–torsdag kl. 13–17 fra 1. oktober 2025.",
    "Tre tiltag har været i gang.",
    "Det er uafklaret, om der bliver flere på Nørrebro og Vesterbro.",
    "Antallet er formentlig faldet om sommeren.",
    "I vinterhalvåret er der ikke registreret lukning.",
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
    split = claims.splitter(NAMES)
    pairs = zip(split(edited[at]), split(RIGHT[at]), strict=True)
    assert found(edited) == [
        next((one.text, other.text) for one, other in pairs if one != other),
    ]


@pytest.mark.parametrize(
    ("old", "new", "said", "right"),
    [
        ("men ingen klar", "men klar", "klar", "ingen klar"),
        ("har været", "har ikke været", "ikke", ""),
        ("er et klart fald", "er en uklar ændring", "uklar", "klart"),
        ("ingen klar ændring", "et klart fald", "klart", "ingen klar"),
        ("ingen klar ændring", "ændring", "", "ingen klar"),
        ("Det er uafklaret, om der bliver", "Der bliver", "", "uafklaret"),
        ("Det er uafklaret, om der bliver", "Der bliver klart", "klart", "uafklaret"),
        ("er formentlig faldet", "er faldet", "", "formentlig"),
        ("138.010 i 2024", "138.010 formentlig i 2024", "formentlig", ""),
        ("flest", "næstflest", "næstflest", "flest"),
        ("flest", "tredje flest", "tredje flest", "flest"),
        ("87", "halvfjerds", "halvfjerds", "87"),
        ("138.010", "hundrede og to", "hundrede og to", "138.010"),
        ("−23", "femogtyve", "femogtyve", "−23"),
        ("er der ikke registreret", "er der registreret", "", "ikke"),
    ],
)
def test_certainty_rank_and_numbers_in_words_are_claims(old, new, said, right):
    edited = [one.replace(old, new, 1) for one in RIGHT]
    assert edited != RIGHT
    assert found(edited) == [(said, right)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("87", "syvogfirs"),
        ("68 hændelser", "otteogtres hændelser"),
        ("Tre", "3"),
        ("138.010", "138010"),
        ("ingen klar ændring", "en uklar ændring"),
        ("uafklaret", "uvist"),
        ("formentlig faldet", "sandsynligvis lavere"),
        ("flest", "det højeste antal"),
        ("Nørrebro og Vesterbro", "Vesterbro og Nørrebro"),
    ],
)
def test_what_means_the_same_is_not_wrong(old, new):
    edited = [one.replace(old, new, 1) for one in RIGHT]
    assert edited != RIGHT
    checked = checking.compared(edited, RIGHT, NAMES)
    assert (checked.findings, checked.unknown) == ([], [])


def test_numbers_in_words():
    told = {
        "nul": 0,
        "tolv": 12,
        "femten": 15,
        "enogtyve": 21,
        "fireogfyrre": 44,
        "halvtreds": 50,
        "niogtres": 69,
        "halvfjerds": 70,
        "syvogfirs": 87,
        "halvfems": 90,
        "hundrede": 100,
        "et hundrede": 100,
        "hundrede og syv": 107,
        "tohundredefemogtyve": 225,
        "ni hundrede og treogtyve": 923,
    }
    split = claims.splitter(NAMES)
    assert {word: [int(one.value) for one in split(word)] for word in told} == {
        word: [number] for word, number in told.items()
    }
    assert [one.kind for one in split("over halvfems trehjulede en et hundreder")] == [
        *("number", "", "", "", "")
    ]


def test_labels_and_months_that_are_swapped_are_found():
    for one, other in (
        ("Relativ score", "Gange, hjælp er tilkaldt"),
        ("mandag", "tirsdag"),
        ("oktober", "november"),
    ):
        rows = [f"{one} | 19 | 16", f"{other} | 12 | 13"]
        edited = [f"{other} | 19 | 16", f"{one} | 12 | 13"]
        assert found(edited, rows) == [(other, one), (one, other)]
    rows = ["Relativ score | 19 | 16", "Hændelser på Nørrebro | 12 | 13"]
    assert found(["Hændelser på Nørrebro | 19 | 16", "Relativ score | 12 | 13"], rows)
    edited = [one.replace("19 | 16", "16 | 19") for one in RIGHT]
    assert found(edited) == [("16", "19"), ("19", "16")]


ANTALLET = "Antallet er faldet med 19, fra 87 i vinteren 2024/25 til 68 i vinteren 2025/26."


@pytest.mark.parametrize(
    "said",
    [
        "Der var 68 i vinteren 2025/26 mod 87 i vinteren 2024/25, altså 19 færre.",
        "Fra 87 i vinteren 2024/25 er antallet faldet med 19 til 68 i vinteren 2025/26.",
        "Antallet er 68 i vinteren 2025/26 og 87 i vinteren 2024/25, et fald på 19.",
    ],
)
def test_a_true_rewording_is_not_called_wrong(said):
    checked = checking.compared([said], [ANTALLET], NAMES)
    assert (checked.findings, checked.unknown) == ([], [said])


def test_a_figure_is_held_against_the_one_in_its_place():
    """Also where another of the sentence's figures has come to be what it was."""
    said = "Antallet er faldet med 19 (22 pct.), fra 87 til 68."
    right = "Antallet er faldet med 22 (24 pct.), fra 90 til 68."
    found = checking.compared([said], [right], NAMES).findings
    assert [one[1:] for one in found] == [("19", "22"), ("22", "24"), ("87", "90")]


def test_figures_that_are_moved_with_their_periods_are_not_called_wrong():
    right = "Der er meldt 68 hændelser ind i vinteren 2025/26 mod 87 i vinteren 2024/25."
    said = "Der er meldt 87 hændelser ind i vinteren 2024/25 mod 68 i vinteren 2025/26."
    checked = checking.compared([said], [right], NAMES)
    assert (checked.findings, checked.unknown) == ([], [said])


@pytest.mark.parametrize("start", ["Antallet er", "Antallet er altså"])
def test_figures_that_have_changed_places_are_found(start):
    said = (
        ANTALLET.replace("Antallet er", start)
        .replace("fra 87", "fra 68")
        .replace("til 68", "til 87")
    )
    assert found([said], [ANTALLET]) == [("68", "87"), ("87", "68")]
    right = "Antallet er faldet fra 87 til 68."
    assert found([f"{start} faldet fra 68 til 87."], [right]) == [("68", "87"), ("87", "68")]
    said = said.replace("faldet", "steget")
    assert found([said], [ANTALLET]) == [("steget", "faldet"), ("68", "87"), ("87", "68")]


def test_a_sentence_said_all_otherwise_is_held_against_the_one_with_its_figures():
    said = "I vinteren 2025/26 var der 78 mod 87 i vinteren 2024/25, hvilket er 19 færre."
    assert found([said], [ANTALLET]) == [("78", "68")]


def test_a_claim_that_is_taken_out_is_to_be_read_through():
    """ "Tre tiltag: …" of which only two are left."""
    right = ["Tre tiltag har været i gang på Nørrebro: vagter, base og Blågårdens Bibliotek."]
    edited = [right[0].replace(" og Blågårdens Bibliotek", "")]
    checked = checking.compared(edited, right, NAMES)
    assert checked.findings == []
    assert checked.unknown == edited


def test_of_two_that_mean_the_same_the_one_that_is_gone_is_told():
    right = ["Det står ikke i registret, og ingen slutdato er nævnt."]
    assert found([right[0].replace("ingen ", "en ")], right) == [("", "ingen")]


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
    for tag, text_of, text in (
        ("w:del", "w:delText", "68"),
        ("w:ins", "w:t", "61"),
        ("w:moveFrom", "w:t", "62"),
    ):
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


def test_headers_footers_boxes_and_controls_are_read_too(tmp_path):
    made = Document()
    made.add_paragraph("Der er 68.")._p.addnext(
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:pict><w:txbxContent>"
            "<w:p><w:r><w:t>I boksen 12.</w:t></w:r></w:p></w:txbxContent></w:pict>"
            "<w:t>Ved siden af 13.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        )
    )
    made.sections[0].header.paragraphs[0].text = "Vinteren 2025/26"
    made.sections[0].footer.paragraphs[0].text = "Notat\tSide 1 af 14"
    made.save(tmp_path / "note.docx")
    assert checking.lines(tmp_path / "note.docx") == [
        *("Der er 68.", "I boksen 12.", "Ved siden af 13.", "Vinteren 2025/26", "Notat")
    ]


def test_every_claim_is_counted():
    one = "Nørrebro: flest (1.019) i oktober 2025, mandag kl. 13, og tre færre i vinteren 2024/25"
    checked = checking.compared([one], [one], NAMES)
    told = ("Nørrebro", "flest", "1.019", "oktober", "2025", "mandag", "13", "tre", "færre")
    assert checked.claims == len([*told, "vinteren", "2024/25"])


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


def test_a_note_that_libreoffice_has_saved_is_read(written, database, capsys, tmp_path):
    kind = b"/package/2006/relationships/metadata/core-properties"
    with ZipFile(written) as old, ZipFile(tmp_path / "note.docx", "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(kind, kind.replace(b"package", b"officedocument")))
    assert checked(tmp_path / "note.docx", database, capsys)[0] == 0


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
    assert "er skrevet til eller om og kan kun læses efter:" in shown
    assert shown.endswith("2 steder passer ikke\n")


WINTER, SUMMER = (
    f"season = '{season}' and half = '{half}'"
    for season, half in (("2025/26", "vinter"), ("2024/25", "sommer"))
)


@pytest.mark.parametrize(
    ("sentence", "right"),
    [
        ("I vinterhalvåret 2025/26 var der 75 hændelser, flere end året før.", "68"),
        (
            "På Nørrebro Bibliotek var der 68 hændelser i vinteren 2025/26.",
            f"{WINTER} and location = 'Nørrebro Bibliotek'",
        ),
        ("Der var halvfjerds indmeldte hændelser i vinterhalvåret 2024/25.", "87"),
        ("København havde 10 hændelser i vinterhalvåret 2025/26.", WINTER),
        (
            "I sommerhalvåret 2025 var der 20 hændelser.",
            f"{SUMMER} and location = 'Blågårdens Bibliotek'",
        ),
        ("I vinterhalvåret 2025/26 var der 68 hændelser.", None),
        ("I vinterhalvåret 2024/25 var der syvogfirs hændelser.", None),
        ("I vinterhalvåret 2025/26 var der 5 hændelser i oktober.", None),
        ("I vinterhalvåret 2025/26 var der 75 hændelser med udsatte voksne.", None),
        ("Der ventes 75 hændelser i vinterhalvåret 2026/27.", None),
        ("Der var 75 hændelser i vinterhalvåret 2019/20.", None),
        ("Der var over 60 hændelser i vinterhalvåret 2025/26.", None),
        ("I vinterhalvåret 2025/26 blev der holdt 75 møder.", None),
    ],
)
def test_incidents_that_a_person_writes_of_are_counted_again(con, sentence, right):
    split = claims.splitter(checking._names(con))
    of = Selection("2025/26", location="Blågårdens Bibliotek")
    told = recount.incidents(con, split(sentence), of)
    if right and not right.isdigit():
        right = str(con.execute(f"select count(*) from incident where {right}").fetchone()[0])
    assert (told and told[1]) == right


def test_a_wrong_number_in_a_new_sentence_is_told(written, database, capsys, tmp_path):
    document = Document(written)
    run = next(run for each in document.paragraphs for run in each.runs if "[Udfyldes" in run.text)
    run.text = "I vinterhalvåret 2025/26 var der 75 hændelser på Blågårdens Bibliotek."
    document.save(tmp_path / "rettet.docx")
    code, shown = checked(tmp_path / "rettet.docx", database, capsys)
    assert code == 1
    assert "Der står »75«, databasen siger »68«: " in shown


def test_a_footer_and_a_word_taken_out_are_told(written, database, capsys, tmp_path):
    document = Document(written)
    for run in document.sections[0].footer.paragraphs[0].runs:
        run.text = run.text.replace("2025/26", "2024/25")
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("viser ikke, at tiltaget", "viser, at tiltaget")
    document.save(tmp_path / "rettet.docx")
    code, shown = checked(tmp_path / "rettet.docx", database, capsys)
    assert code == 1
    assert "Der står »2024/25«, databasen siger »2025/26«: Blågårdens Bibliotek, vinter" in shown
    assert "Der mangler »ikke«, som databasen siger: At antallet ændrer sig" in shown


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
    said = "kan ikke læses som et Word-dokument" if file.exists() else "findes ikke"
    assert f"x.docx {said}" in capsys.readouterr().err


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
