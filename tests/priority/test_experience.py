"""What the representatives enter: read, checked, and made into factors."""

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis import priority
from analysis.core.database import ROOT, connect
from analysis.core.selection import SelectionError
from analysis.intake import IngestError, ingest
from analysis.intake.experience import Entry
from analysis.priority import experience

DATA = ROOT / "data"
COLUMNS = list(Entry._fields)

RIGHT = {
    "month": "2026-04",
    "district": "Valby",
    "location": None,
    "direction": "op",
    "strength": "2",
    "note": "Syntetisk eksempel.",
}


def entries(*rows):
    return pd.DataFrame([RIGHT | row for row in rows], columns=COLUMNS)


def test_the_projects_own_file_is_right_and_clearly_made_up(con):
    found = experience.read(con)
    assert set(found["month"].dt.date) == {date(2025, 4, 1), date(2026, 4, 1)}
    assert found["note"].str.startswith("Syntetisk eksempel").all()


def test_names_months_and_words_are_read_as_people_write_them(con):
    found = experience.checked(
        con,
        entries(
            {"district": " nørrebro ", "location": "Blågården bibliotek", "month": "april 2026"},
            {"direction": "NED", "strength": 3.0, "month": "2026-4"},
            {"month": date(2026, 4, 1), "district": None, "location": "Hal C", "note": None},
        ),
    )
    assert found["location"].tolist()[0] == "Blågårdens Bibliotek"
    assert found["district"].tolist() == ["Nørrebro", "Valby", "Indre By"]
    assert found["month"].dt.date.tolist() == [date(2026, 4, 1)] * 3
    assert found["direction"].tolist() == ["op", "ned", "op"]
    assert found["strength"].tolist() == [2, 3, 2]
    assert found["location"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"district": "Nørebro"}, "række 2: Ukendt bydel: 'Nørebro'. Nærmest er"),
        ({"location": "Valbihallen"}, "række 2: Ukendt lokation: 'Valbihallen'. Nærmest er"),
        ({"location": "Hal C"}, "række 2: Hal C ligger i Indre By, ikke i Valby"),
        ({"district": None}, "række 2: bydel eller lokation skal være udfyldt"),
        (
            {"month": "2026-13"},
            "som 2026-04 og ligge mellem 1950 og 2199, ikke '2026-13'",
        ),
        ({"month": "2026-04-15"}, "måneden skal skrives som 2026-04"),
        ({"month": None}, "måneden skal skrives som 2026-04 og ligge mellem 1950 og 2199, ikke ''"),
        ({"direction": "opad"}, "række 2: Ukendt retning: 'opad'"),
        ({"direction": None}, "række 2: Ukendt retning: ''"),
        ({"strength": "4"}, "række 2: styrken skal være et af tallene 1, 2 og 3, ikke '4'"),
        ({"strength": None}, "styrken skal være et af tallene 1, 2 og 3, ikke ''"),
        ({"note": "Ring til 12 34 56 78."}, "række 2: noten rummer et telefonnummer"),
        ({"note": "Ring +4512345678"}, "noten rummer et telefonnummer"),
        ({"note": "Manden, 010203-1234, kom igen"}, "række 2: noten rummer et CPR-nummer"),
        ({"note": "Skriv til nn@example.org"}, "række 2: noten rummer en mailadresse"),
        ({"note": "Ring 12-34-56-78"}, "noten rummer et telefonnummer"),
        ({"note": "010203/1234"}, "noten rummer et CPR-nummer"),
        ({"note": "Manden er født 1. marts 1999"}, "noten rummer en fødselsdato"),
        ({"note": "Bor på Prøvegade 4"}, "noten rummer en adresse med husnummer"),
        ({"note": "Bor på Prøvevejen 12"}, "noten rummer en adresse med husnummer"),
        ({"note": "Prøvetorvet 9, 2. th"}, "noten rummer en adresse med husnummer"),
        ({"note": "Prøvegade12"}, "noten rummer en adresse med husnummer"),
        ({"district": "Alle"}, "række 2: bydel eller lokation skal være udfyldt"),
        ({}, "række 2: den samme erfaring står i række 1."),
        ({"location": ["x"]}, "række 2: Ukendt lokation"),
    ],
)
def test_a_wrong_entry_is_refused_in_one_danish_line(con, wrong, told):
    with pytest.raises(SelectionError) as caught:
        experience.checked(con, entries({}, wrong))
    assert told in str(caught.value)
    assert str(caught.value).startswith("Erfaringer, række 2: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("Nørrebrogade nummer 12", "en adresse med husnummer"),
        ("Nørrebrogade: 12", "en adresse med husnummer"),
        ("Nørrebrogade (12)", "en adresse med husnummer"),
        ("Nørrebrogade-12", "en adresse med husnummer"),
        ("Nørrebrog. 12", "en adresse med husnummer"),
        ("Frederiksborgv. 12", "en adresse med husnummer"),
        ("nr. 14, Blågårdsgade", "en adresse med husnummer"),
        ("Bispebjerg Bakke 7", "en adresse med husnummer"),
        ("Sortedam Dossering 95", "en adresse med husnummer"),
        ("Mjølnerparken opgang 12", "en adresse med husnummer"),
        ("Bor på Lygten 2", "en adresse med husnummer"),
        ("Ved Linden 4, 2. tv", "en adresse med husnummer"),
        ("Blågårds Plads 3", "en adresse med husnummer"),
        ("Åboulevard 4", "en adresse med husnummer"),
        ("Nørrebrogade 12B", "en adresse med husnummer"),
        ("blågårds plads 3", "en adresse med husnummer"),
        ("f. 01.01.1990", "en fødselsdato"),
        ("fødselsdato 01-01-1990", "en fødselsdato"),
        ("cpr 010190", "et CPR-nummer"),
        ("Ring 20 11 45 13", "et telefonnummer"),
    ],
)
def test_a_note_about_a_person_is_refused_also_inside_a_sentence(con, note, told):
    for written in (note, f"Manden ({note}) kom igen."):
        with pytest.raises(SelectionError, match=f"noten rummer {told}"):
            experience.checked(con, entries({"note": written}))


@pytest.mark.parametrize(
    "note",
    [
        "Kl. 20-22 den 3. april 2026",
        "12 hændelser på 1 uge",
        "",
        "På pladsen 30-40 mennesker",
        "På Nørrebrogade 5-6 unge",
        "I parken 15-20 unge",
        "Torvet 2-3 aftener om ugen",
        "på torvet 17 år gamle",
        "På stien 5 drenge",
        "alle 12 steder",
        "med alle 24 vagter",
        "15 episoder i parken 2024",
        "hver vej 3 minutter",
        "P-plads 3",
        "Folkets Park, 10 i alt",
        "Roligt mandag. 12 unge kom",
        "Mandag. 3 kom igen",
        "Roligt siden 2025-01-15.",
        "de bor ved parken, 3 unge",
    ],
)
def test_times_and_counts_in_a_note_are_no_personal_data(con, note):
    assert experience.checked(con, entries({"note": note}))["note"].tolist() == [note]


@pytest.fixture
def load(tmp_path):
    """Return the entries of a database made with this text, or bytes, as `experience.csv`."""

    def loaded(text):
        folder = Path(shutil.copytree(DATA / "reference", tmp_path / "reference"))
        content = text if isinstance(text, bytes) else text.encode("utf-8")
        (folder / "experience.csv").write_bytes(content)
        (tmp_path / "exports").mkdir()
        shutil.copy(DATA / "exports" / "haervaerk_2025_2026.csv", tmp_path / "exports")
        file = tmp_path / "x.duckdb"
        ingest(tmp_path / "exports", folder, DATA / "export_layout.yaml", file)
        with connect(file) as con:
            return experience.read(con)

    return loaded


@pytest.mark.parametrize("separator", [",", ";"])
def test_the_entries_of_a_reference_folder_are_those_of_its_database(load, separator):
    rows = [COLUMNS, ["2026-04", "Valby", "", "ned", "1", '"Roligt, siger alle"']]
    found = load("\n".join(separator.join(row) for row in rows))
    assert found.drop(columns="location").values.tolist() == [
        [pd.Timestamp(2026, 4, 1), "Valby", "ned", 1, "Roligt, siger alle"]
    ]
    assert found["location"].isna().all()


def test_a_reference_folder_without_entries_gives_none(tmp_path):
    folder = Path(shutil.copytree(DATA / "reference", tmp_path / "reference"))
    (folder / "experience.csv").unlink()
    file = tmp_path / "x.duckdb"
    ingest(DATA / "exports", folder, DATA / "export_layout.yaml", file)
    with connect(file) as con:
        assert experience.read(con).empty
        assert priority.rank(con, "2026-04-01", experience.read(con))["rounds"].sum() == 100


HEAD = ",".join(COLUMNS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "experience.csv: kan ikke læses som en tabel"),
        ("month,district\n2026-04,Valby\n", "mangler kolonnen location, direction, strength og"),
        ("month\nx,y,z\n1,2,3,4,5\n", "kan ikke læses som en tabel"),
        (f"{HEAD}\n2026-04,Valby,,op,1,uro, hver aften\n", "skal stå i anførselstegn"),
        (f"{HEAD}\n2026-04,Valby,,ned,1,\n2026-04,Walby,,ned,1,\n", "experience.csv, række 3: U"),
        (f"{HEAD}\n2026-04,Valby,,op,1,\n2026-04,Valby,,op,1,\n", "række 3: den samme erfaring"),
        (f"{HEAD}\n2026-04,,Nyt Hus,op,1,\n", "række 2: Ukendt lokation: 'Nyt Hus'"),
        (f"{HEAD}\n2026-04,Valby,,op,1,010203-1234\n", "række 2: noten rummer et CPR-nummer"),
        (b"month\x81", "hverken tekst i UTF-8 eller Windows-1252"),
    ],
)
def test_a_file_that_cannot_be_used_stops_the_ingest_in_one_danish_line(load, text, told):
    with pytest.raises(IngestError) as caught:
        load(text)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_as_a_danish_excel_saves_it_is_read(load):
    rows = [
        "Month;District;Location;Direction;Strength;Note",
        "apr-26;Nørrebro;;op;1;å",
        ";;;;;",
        "01-04-2026;Valby;;ned;2;",
        "",
    ]
    found = load("\r\n".join(rows).encode("cp1252"))
    assert found["month"].dt.date.tolist() == [date(2026, 4, 1)] * 2
    assert found["district"].tolist() == ["Nørrebro", "Valby"]
    assert found["note"].tolist()[0] == "å"


def test_a_row_is_counted_as_a_spreadsheet_counts_it_those_without_anything_too(load):
    rows = [HEAD, "2026-04,Valby,,op,1,", ",,,,,", "", "2026-04,Valbi,,op,1,"]
    with pytest.raises(IngestError, match="række 5: Ukendt bydel"):
        load("\n".join(rows))


def test_every_error_is_told_at_once_and_a_long_list_is_cut(con):
    wrong = [{"strength": "4"}, {"month": "x"}, {"direction": "y"}, {"district": "z"}]
    with pytest.raises(SelectionError) as caught:
        experience.checked(con, entries(*wrong))
    told = str(caught.value)
    assert [f"række {n}:" in told for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert told.endswith(" Og 1 fejl mere.")


@pytest.mark.parametrize("given", [1, {"month": ["2026-04"]}, [RIGHT], pd.Series(RIGHT)])
def test_experience_that_is_no_table_is_refused(con, given):
    with pytest.raises(SelectionError, match="skal være en tabel"):
        experience.checked(con, given)


def test_many_entries_make_a_place_no_more_urgent_than_two_of_the_strongest():
    places = pd.DataFrame({"location": ["a", "b"], "district": ["x", "y"]})
    many = [
        {"district": None, "location": place, "direction": way, "strength": 3}
        for place, way in (("a", "op"), ("b", "ned"))
        for _ in range(6)
    ]
    assert experience.multiplied(pd.DataFrame(many), places).tolist() == [4.0, 0.25]


def test_entries_multiply_and_a_districts_counts_for_each_of_its_places(monkeypatch):
    places = pd.DataFrame({"location": ["a", "b", "c"], "district": ["x", "x", "y"]})
    given = pd.DataFrame(
        [
            {"district": "x", "location": None, "direction": "op", "strength": 2},
            {"district": "x", "location": "a", "direction": "op", "strength": 3},
            {"district": "y", "location": "c", "direction": "ned", "strength": 1},
        ]
    )
    assert experience.multiplied(given, places).tolist() == pytest.approx([3.0, 1.5, 0.8])
    assert experience.entry_counts(given, places).tolist() == [2, 1, 1]
    monkeypatch.setattr(experience, "FACTORS", {1: 10.0, 2: 20.0, 3: 30.0})
    assert experience.multiplied(given, places).tolist() == [600, 20, 0.1]


def test_only_the_entries_of_the_month_count(con):
    given = experience.checked(con, entries({}, {"month": "2026-05", "district": "Nørrebro"}))
    assert experience.of_month(given, date(2026, 5, 1))["district"].tolist() == ["Nørrebro"]
