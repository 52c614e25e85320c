"""The intake's promises, on exports written here row by row."""

import gzip
import re
import shutil
import unicodedata
from datetime import date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest
from pseudonyms import incident

from analysis import cli
from analysis.core import database as files
from analysis.intake import IngestError, ingest

DATA = files.ROOT / "data"
LAYOUT = DATA / "export_layout.yaml"
FORM = (
    "Sagsnr;Oprettet;Hændelsestidspunkt;Bydel;Lokation;Facilitet;Urotype;Underkategori;"
    "Forurettede;Demografi;Tilkaldt hjælp;Ankommet hjælp;Beskrivelse"
)
ORDERS = "Ordrenr;Bestilt;Bydel;Lokation;Facilitet;Sagsnr;Status;Beskrivelse"
PLACE = "Blågårdens Bibliotek"
UNREAD = "Tidspunktet kan ikke læses"
DESTROYED = "Sagsnummeret er ødelagt af et regneark"


def case(number="S1", when="01-11-2024 09:30", location=PLACE, kind="Trusler", **other):
    fields = {
        "reported": "01-11-2024 10:00",
        "district": "Nørrebro",
        "facility": "Bibliotek",
        "subcategory": "",
        "victim": "",
        "demography": "",
        "called": "",
        "arrived": "",
        "text": "hemmeligt",
    } | other
    return ";".join(
        [number, fields["reported"], when, fields["district"], location, fields["facility"], kind]
        + [fields[name] for name in ("subcategory", "victim", "demography", "called", "arrived")]
        + [fields["text"]]
    )


def order(number="O1", when="01-11-2024", named="", status="Udført", location=PLACE):
    return f"{number};{when};Nørrebro;{location};Bibliotek;{named};{status};hemmeligt"


@pytest.fixture
def run(tmp_path):
    """Write exports, ingest them, and return a connection to the result."""

    def run(*texts, encoding="utf-8", newline="\n", **files_given):
        exports = tmp_path / "exports"
        exports.mkdir(exist_ok=True)
        for name, lines in {f"{at}.csv": text for at, text in enumerate(texts)}.items():
            (exports / name).write_bytes((newline.join(lines) + newline).encode(encoding))
        for name, content in files_given.items():
            (exports / name.replace("_", ".")).write_bytes(content)
        database = tmp_path / "new.duckdb"
        intake = ingest(exports, DATA / "reference", LAYOUT, database, accept=True)
        con = files.connect(database)
        counted = con.execute("select fate, count(*) from intake_row group by fate").fetchall()
        assert dict(counted) == {fate: rows for fate, rows in intake.totals.items() if rows}
        return con

    return run


def fates(con):
    rows = con.execute("select fate, reason, incident_id from intake_row order by file, row")
    return rows.fetchall()


BAD_ROWS = [
    (case(when=""), "Intet tidspunkt"),
    (case(when="31-02-2024 10:00"), f"{UNREAD} (skrevet som 00-00-0000 00:00)"),
    (case(when="01-11-24 10:00"), f"{UNREAD} (skrevet som 00-00-00 00:00)"),
    (case(when="0202-10-01"), f"{UNREAD} (skrevet som 0000-00-00)"),
    (case(when="infinity"), f"{UNREAD} (skrevet som x)"),
    (case(when="NULL"), "Intet tidspunkt"),
    (case(when="01-11-2999 10:00"), "Tidspunktet ligger efter indlæsningsdagen"),
    (case(number="  "), "Intet sagsnummer"),
    (case(number="n/a"), "Intet sagsnummer"),
    (case(number="2,02412E+11"), f"{DESTROYED}: 2,02412E+11"),
    (case(number="####"), f"{DESTROYED}: ####"),
    (case(location=" "), "Ingen lokation"),
    (case(location="(tom)"), "Ingen lokation"),
    (case(kind="Røveri"), "Ukendt urotype: Røveri"),
    (case(kind="x" * 60), f"Ukendt urotype: {'x' * 39}…"),
    (case(kind=""), "Ingen urotype"),
    (";" * 12, "Intet sagsnummer; Ingen lokation; Intet tidspunkt; Ingen urotype"),
]
# These make a file one that must be looked at row by row.
BROKEN_ROWS = [
    (case() + ";", "For mange felter: 14, ikke 13"),
    (case(text="for;mange"), "For mange felter: 14, ikke 13"),
    (case().rsplit(";", 1)[0], "For få felter: 12, ikke 13"),
    ("S1", "For få felter: 1, ikke 13"),
    (case(text='"a" b'), "Et anførselstegn står forkert"),
    (case(kind="Tr\ufffdsler"), "Et tegn kan ikke læses (linje 7)"),
]


def test_a_bad_row_of_the_form_is_rejected_with_its_reason(run):
    con = run(*([FORM, *[row for row, _ in rows]] for rows in (BAD_ROWS, BROKEN_ROWS)))
    assert fates(con) == [("rejected", reason, None) for _, reason in BAD_ROWS + BROKEN_ROWS]


SPELLINGS = [
    ("01-11-2024 09:30", datetime(2024, 11, 1, 9, 30), True),
    ("01-11-2024 09:30:15", datetime(2024, 11, 1, 9, 30, 15), True),
    ("01.11.2024 09:30", datetime(2024, 11, 1, 9, 30), True),
    ("2024-11-01T09:30", datetime(2024, 11, 1, 9, 30), True),
    ("2024-11-01 09:30:15", datetime(2024, 11, 1, 9, 30, 15), True),
    ("2024-11-01T09:30:00Z", datetime(2024, 11, 1, 10, 30), True),
    ("2024-07-01T09:30:00+00:00", datetime(2024, 7, 1, 11, 30), True),
    ("01-11-2024", datetime(2024, 11, 1), False),
    ("01.11.2024", datetime(2024, 11, 1), False),
    ("2024-11-01", datetime(2024, 11, 1), False),
    ("01-11-2024 00:00", datetime(2024, 11, 1), True),
]


def test_a_time_is_read_in_every_spelling(run):
    rows = [case(f"S{at:02}", when=written) for at, (written, *_) in enumerate(SPELLINGS)]
    found = run([FORM, *rows]).execute(
        "select occurred_at, has_time from intake_row join incident using (incident_id)"
        " order by row"
    )
    assert found.fetchall() == [(moment, has_time) for _, moment, has_time in SPELLINGS]


def test_a_repeated_case_is_a_duplicate_and_says_where_it_differs(run):
    rows = [case(), case(), case(kind="Hærværk"), case(number="s1 ")]
    assert fates(run([FORM, *rows])) == [
        ("accepted", None, incident("uro:S1")),
        ("duplicate", "Gentager et sagsnummer", incident("uro:S1")),
        ("duplicate", "Gentager et sagsnummer med andre oplysninger", incident("uro:S1")),
        ("duplicate", "Gentager et sagsnummer", incident("uro:S1")),
    ]


def test_the_first_row_that_can_be_accepted_is_the_case(run):
    con = run([FORM, case(when="?"), case()])
    assert [fate for fate, *_ in fates(con)] == ["rejected", "accepted"]


@pytest.mark.parametrize("order_first", [True, False])
def test_an_order_that_names_a_case_is_that_incident_whatever_the_order_of_files(run, order_first):
    exports = [[ORDERS, order(named="s1")], [FORM, case(kind="Hærværk")]]
    con = run(*(exports if order_first else reversed(exports)))
    assert con.execute("select incident_id from incident").fetchall() == [(incident("uro:S1"),)]
    assert ("linked", "Ordren hører til en sag i skemaet", incident("uro:S1")) in fates(con)


def test_orders_meet_the_fate_that_the_design_gives_them(run):
    rows = [
        order("O1"),
        order("O1", when="02-11-2024"),
        order("O2", status="annulleret"),
        order("O3", named="S9"),
        order("O4", named="S8"),
        order("O5", when="?"),
        order(""),
        order("O6", status="Måske"),
        order("O7", status=" "),
        order("O8") + ";",
        order("O9", status="afsluttet"),
    ]
    con = run([FORM, case("S8", when="?")], [ORDERS, *rows])
    assert fates(con)[1:] == [
        ("accepted", None, incident("haervaerk:O1")),
        ("duplicate", "Gentager et ordrenummer med andre oplysninger", incident("haervaerk:O1")),
        ("cancelled", "Ordren er annulleret", None),
        ("accepted", "Ordren nævner en sag, der ikke findes i skemaet", incident("haervaerk:O3")),
        ("accepted", "Ordren nævner en sag, der er afvist", incident("haervaerk:O4")),
        ("rejected", "Tidspunktet kan ikke læses (skrevet som ?)", None),
        ("rejected", "Intet ordrenummer", None),
        ("rejected", "Ukendt status: Måske", None),
        ("rejected", "Ingen status", None),
        ("rejected", "For mange felter: 9, ikke 8", None),
        ("accepted", None, incident("haervaerk:O9")),
    ]


def test_an_order_is_vandalism_with_a_date_but_no_time_of_day(run):
    con = run([ORDERS, order(when="01-11-2024 14:20")])
    found = con.execute(
        "select category::varchar, occurred_at, has_time, self_service, source from incident"
    ).fetchone()
    assert found == ("Hærværk", datetime(2024, 11, 1), False, None, "haervaerk")


def test_andet_is_the_same_whichever_way_it_is_written(run):
    rows = [case("S1", kind="ANDET"), case("S2", kind="Uønsket adfærd", subcategory="andet ")]
    found = run([FORM, *rows]).execute(
        "select distinct category::varchar, subcategory, ladder_step from incident"
    )
    assert found.fetchall() == [("Uønsket adfærd", "Andet", None)]


def test_the_register_wins_over_the_row_and_the_disagreement_is_listed(run):
    con = run([FORM, case(district="Valby", facility="Kulturhus", location="BLÅGÅRDEN bibliotek")])
    place = con.execute("select location, district, facility from incident").fetchone()
    assert place == (PLACE, "Nørrebro", "Bibliotek")
    assert fates(con)[0][:2] == (
        "accepted",
        "Bydel i indmeldingen: Valby, i registret: Nørrebro; "
        "Facilitet i indmeldingen: Kulturhus, i registret: Bibliotek",
    )


def test_a_location_missing_from_the_register_keeps_its_rows_district(run):
    con = run([FORM, case(location="Nyt Hus", district="valby")])
    assert con.execute("select location, district from incident").fetchone() == ("Nyt Hus", "Valby")
    assert fates(con)[0][:2] == ("accepted", "Lokationen står ikke i registret")


def test_an_unknown_label_is_kept_as_written(run):
    con = run([FORM, case(victim=" Robotten ", demography="Spøgelser", called="Brandvæsenet")])
    assert con.execute("select victim, demography from incident").fetchone() == (
        "Robotten",
        "Spøgelser",
    )
    assert con.execute("select helper from help_call").fetchone() == ("Brandvæsenet",)


def test_help_that_came_uncalled_counts_as_called_and_is_listed(run):
    con = run([FORM, case(called="Politi, Ambulance", arrived="politiet,Sociolancen")])
    assert con.execute("select helper, arrived from help_call order by helper").fetchall() == [
        ("Ambulance", False),
        ("Politiet", True),
        ("Sociolancen", True),
    ]
    assert fates(con)[0][:2] == ("accepted", "Hjælp ankom uden at være tilkaldt")


def test_blank_text_is_null(run):
    con = run([FORM, case(victim="  ", demography='""', subcategory="\u00a0")])
    assert con.execute("select victim, demography, subcategory from incident").fetchone() == (
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("encoding", "newline"),
    [
        ("utf-8", "\n"),
        ("utf-8-sig", "\r\n"),
        ("utf-8", "\r"),
        ("cp1252", "\r\n"),
        ("cp1252", "\r"),
        ("utf-16", "\r\n"),
        ("utf-16-le", "\n"),
    ],
)
def test_a_csv_file_is_read_in_every_dress(run, encoding, newline):
    delimiters = (";", ",", "\t", "|")
    texts = [
        [
            line.replace(";", delimiter)
            for line in (FORM, case(f"A{at}", text="’–"), case(f"B{at}", victim="Bruger"))
        ]
        for at, delimiter in enumerate(delimiters)
    ]
    con = run(*texts, encoding=encoding, newline=newline)
    assert con.execute(
        "select incident_id, location, victim from incident order by all"
    ).fetchall() == sorted(
        (incident(f"uro:{letter}{at}"), PLACE, victim)
        for letter, victim in (("A", None), ("B", "Bruger"))
        for at in range(len(delimiters))
    )


def test_decomposed_letters_are_the_same_letters(run):
    con = run([unicodedata.normalize("NFD", line) for line in (FORM, case(kind="Hærværk"))])
    assert con.execute("select location, category::varchar from incident").fetchone() == (
        PLACE,
        "Hærværk",
    )


def test_a_workbook_is_read_with_its_own_dates(run, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(FORM.split(";"))
    for number, when in ((1, datetime(2024, 11, 1, 9, 30)), (2, date(2024, 11, 2))):
        row = case(number=str(number)).split(";")
        book.active.append([number, datetime(2024, 11, 3), when, *row[3:]])
    book.active["A9"].number_format = "@"
    book.save(tmp_path / "book.xlsx")
    con = run(a_xlsx=(tmp_path / "book.xlsx").read_bytes())
    found = con.execute(
        "select incident_id, occurred_at, has_time from incident order by occurred_at"
    ).fetchall()
    assert found == [
        (incident("uro:1"), datetime(2024, 11, 1, 9, 30), True),
        (incident("uro:2"), datetime(2024, 11, 2), False),
    ]


def test_ragged_rows_and_quotes_in_a_text_do_not_lose_a_row(run):
    rows = [
        case("S1", text='Han sagde "hej" igen'),
        case("S2").rsplit(";", 3)[0],
        case("S3", text="for;mange;felter"),
        case("S4", text='"to\nlinjer; og ""mere"""'),
        case("S5", text='"Luk" sagde han; "nu"'),
        case("S6"),
    ]
    assert fates(run([FORM, *rows])) == [
        ("accepted", None, incident("uro:S1")),
        ("rejected", "For få felter: 10, ikke 13", None),
        ("rejected", "For mange felter: 15, ikke 13", None),
        ("accepted", None, incident("uro:S4")),
        ("rejected", "Et anførselstegn står forkert", None),
        ("accepted", None, incident("uro:S6")),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [case("S1", text='"åben'), case("S2"), case("S3", text='"x" y')],
        [case("S1", text='"åben'), case("S2", text='luk"'), case("S3")],
        [case("S1", text='"åben'), case("S2")],
    ],
)
def test_a_quote_left_open_stops_the_ingest_instead_of_swallowing_rows(run, rows):
    with pytest.raises(IngestError, match=r"^0\.csv: et anførselstegn i linje 2 er ikke lukket$"):
        run([FORM, *rows])


def test_rows_are_numbered_from_the_first_data_row(run):
    con = run([FORM, case("S1"), case("S2")], [FORM, case("S3")])
    found = con.execute("select file, row, incident_id from intake_row order by all").fetchall()
    assert found == [
        ("0.csv", 1, incident("uro:S1")),
        ("0.csv", 2, incident("uro:S2")),
        ("1.csv", 1, incident("uro:S3")),
    ]


def test_columns_are_found_by_heading_and_further_ones_ignored(run):
    names = FORM.split(";")
    swapped = ";".join([*reversed(names), "Ny kolonne"]).replace("Sagsnr", " SAGSNR ")
    row = ";".join([*reversed(case().split(";")), "x"])
    assert fates(run([swapped, row])) == [("accepted", None, incident("uro:S1"))]


def test_free_text_reaches_no_file_of_the_database(run, tmp_path):
    run([FORM, case(text="hemmeligt")], [ORDERS, order()], encoding="cp1252")
    assert b"hemmeligt" not in (tmp_path / "new.duckdb").read_bytes()


def test_what_is_rewritten_for_reading_leaves_the_free_text_behind(tmp_path):
    from analysis.intake import files as exports
    from analysis.intake import layout

    source = tmp_path / "a.csv"
    source.write_bytes("\n".join([FORM, case(text="hemmeligt")]).encode("cp1252"))
    forms = [*layout.read(LAYOUT).values()]
    (rewritten,), _ = exports.prepare(source, forms, tmp_path)
    assert rewritten.csv != source
    assert "hemmeligt" not in rewritten.csv.read_text(encoding="utf-8")
    assert PLACE in rewritten.csv.read_text(encoding="utf-8")


def test_another_layout_needs_no_code(tmp_path):
    (tmp_path / "exports").mkdir()
    text = "\n".join([FORM.replace("Sagsnr", "Case ID").replace("Urotype", "Type"), case()])
    (tmp_path / "exports/a.csv").write_text(text, encoding="utf-8")
    layout = tmp_path / "layout.yaml"
    given = LAYOUT.read_text(encoding="utf-8").replace("Sagsnr\n", "[Sagsnr, case id]\n", 1)
    layout.write_text(given.replace("Urotype", "Type"), encoding="utf-8")
    intake = ingest(tmp_path / "exports", DATA / "reference", layout, tmp_path / "x.duckdb")
    assert intake.totals["accepted"] == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            FORM.replace("Urotype", "Urotyper").encode(),
            r"som uro mangler Urotype \(nærmest er »Urotyper«\)$",
        ),
        (b"", r"\(ingen overskrifter fundet\)$"),
        (FORM.replace("æ", "Ã¦").encode(), "tegnsættet er et andet"),
        ((FORM + ";Lokation").encode(), "»Lokation« står mere end én gang"),
        ((FORM + '\nS1;"').encode() + b"x" * 17_000_000, "linje 2 er for lang"),
    ],
)
def test_a_bad_file_stops_the_ingest_and_leaves_the_database(tmp_path, capsys, content, message):
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "bad.csv").write_bytes(content)
    database = tmp_path / "old.duckdb"
    database.write_bytes(b"checksumDUCK, as it was")
    given = ["ingest", "--exports", str(exports), "--database", str(database)]
    assert cli.main(given) == cli.NOT_DONE
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "bad.csv: " in printed
    assert re.search(message, printed)
    assert database.read_bytes() == b"checksumDUCK, as it was"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["exports", "old.duckdb"]


def test_a_bad_byte_in_utf8_is_not_taken_for_windows_1252(run):
    rows = [case("S1"), case("S2"), case("S3")]
    content = "\n".join([FORM, *rows]).encode().replace(b"hemmeligt", b"\xff", 1)
    head, tail = content.rsplit(b"Trusler", 1)
    assert fates(run(a_csv=head + b"Trusler\xff" + tail)) == [
        ("accepted", None, incident("uro:S1")),
        ("accepted", None, incident("uro:S2")),
        ("rejected", "Et tegn kan ikke læses (linje 4)", None),
    ]


def test_free_text_that_moves_the_fields_is_never_stored(run):
    names = FORM.split(";")
    middle = ";".join([*names[:7], "Beskrivelse", *names[7:-1]])
    row = case(subcategory="Generende adfærd", kind="Uønsket adfærd").split(";")[:-1]
    moved = ";".join([*row[:7], "En slog; en anden råbte", *row[7:]])
    con = run([middle, moved])
    assert [fate for fate, *_ in fates(con)] == ["rejected"]
    assert "en anden" not in str(con.execute("select * from intake_row").fetchall())


def test_a_time_that_cannot_be_read_is_shown_without_what_it_says(run):
    con = run([FORM, case(when="Jens 010190-1234")])
    assert fates(con)[0][1] == "Tidspunktet kan ikke læses (skrevet som x 000000-0000)"


def test_a_long_text_in_quotes_is_no_open_quote(run):
    text = '"linje 1; a; b; c; d; e\nlinje 2; f; g; h; i; j; k"'
    con = run([FORM, case("S1", text=text), case("S2")])
    assert [fate for fate, *_ in fates(con)] == ["accepted", "accepted"]


def test_only_the_result_stays_in_the_database(run):
    con = run([FORM, case()])
    views = con.execute("select view_name from duckdb_views() where not internal order by all")
    assert views.fetchall() == [("shown_help",), ("shown_incident",)]
    macros = con.execute("select distinct function_name from duckdb_functions() where not internal")
    assert {name for (name,) in macros.fetchall()} == {
        *("lies_in", "selected", "register", "known_on", "open_days", "open_spells"),
        *("nobody_knows", "shown_reason"),
    }


def test_every_sheet_that_has_the_headings_is_read(run, tmp_path):
    book = openpyxl.Workbook()
    for title, head, rows in (
        ("2023", FORM, [case("S1"), case("S2")]),
        ("Ordrer", ORDERS, [order("O1")]),
        ("2024", FORM, [case("S2"), case("S3")]),
    ):
        sheet = book.create_sheet(title)
        for line in (head, *rows):
            sheet.append(line.split(";"))
    book.save(tmp_path / "three.xlsx")
    con = run(a_xlsx=(tmp_path / "three.xlsx").read_bytes())
    assert con.execute("select row, fate, incident_id from intake_row order by row").fetchall() == [
        (1, "accepted", incident("uro:S1")),
        (2, "accepted", incident("uro:S2")),
        (3, "accepted", incident("haervaerk:O1")),
        (4, "duplicate", incident("uro:S2")),
        (5, "accepted", incident("uro:S3")),
    ]


def test_a_packed_file_is_read(run):
    con = run(**{"a_csv.gz": gzip.compress("\n".join([FORM, case()]).encode("cp1252"))})
    assert fates(con) == [("accepted", None, incident("uro:S1"))]


def test_title_rows_and_empty_columns_stand_beside_the_headings(run):
    titles = ["Udtræk fra MainManager", "", *["linje"] * 40]
    con = run([*titles, f";;{FORM}", f";;{case()}"])
    assert fates(con) == [("accepted", None, incident("uro:S1"))]


def test_a_cover_sheet_is_passed_over(run, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Udtræk fra MainManager"])
    sheet = book.create_sheet("Data")
    sheet.append(FORM.split(";"))
    sheet.append(case().split(";"))
    book.save(tmp_path / "cover.xlsx")
    assert fates(run(a_xlsx=(tmp_path / "cover.xlsx").read_bytes()))[0][0] == "accepted"


def test_a_repeated_order_that_differs_in_its_place_says_so(run):
    rows = [order(named="S1"), order(named=" s1"), order(named="S1").replace("Nørrebro", "Valby")]
    con = run([ORDERS, *rows])
    assert [reason for _, reason, _ in fates(con)][1:] == [
        "Gentager et ordrenummer",
        "Gentager et ordrenummer med andre oplysninger",
    ]


@pytest.fixture
def reference(tmp_path):
    """A copy of the reference tables, to spoil."""
    return Path(shutil.copytree(DATA / "reference", tmp_path / "reference"))


def load(tmp_path, reference):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a.csv").write_text("\n".join([FORM, case()]), encoding="utf-8")
    ingest(tmp_path / "one", reference, LAYOUT, tmp_path / "x.duckdb")
    return files.connect(tmp_path / "x.duckdb")


def add(file, line):
    file.write_text(file.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


def test_the_reference_tables_are_matched_by_the_register(tmp_path, reference):
    add(reference / "visits.csv", "BLÅGÅRDEN bibliotek,2019,,5")
    add(reference / "locations.csv", "Nyt Hus,,norrebro,kulturhuse,,")
    con = load(tmp_path, reference)
    assert con.execute("select location from visit where year = 2019").fetchone() == (PLACE,)
    found = con.execute("select facility from location where location = 'Nyt Hus'").fetchone()
    assert found == ("Kulturhus",)


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("visits.csv", "Blogårdens Bibliotek,2019,,5", "nærmest er Blågårdens Bibliotek"),
        (
            "locations.csv",
            "Nyt Hus,BLÅGÅRDEN  Bibliotek,Valby,Bibliotek,,",
            "»BLÅGÅRDEN Bibliotek« er både",
        ),
        ("opening_hours.csv", f"{PLACE},1,10:00,12:00,11:00,,2030-01-01,", "passer ikke sammen"),
        (
            "measures.csv",
            f"{PLACE},Vagter,0001-01-01,,,",
            "starts skal være en dato som 2026-03-31",
        ),
        ("measures.csv", f"{PLACE},Vagter,,9999-12-31,,", "ends skal være .* mellem 1950 og 2199"),
        ("opening_hours.csv", f"{PLACE},1,25:00,26:00,,,2030-01-01,", "opens skal være et klokke"),
        ("opening_hours.csv", f"{PLACE},1,10:00,12:00,,,2021-01-01,", "to rækker gælder"),
        ("surveys.csv", f"{PLACE},2025,x,78,,", "passer ikke sammen"),
        ("surveys.csv", f"{PLACE},2025,x,0.78,Jens,", "answers skal være et helt tal"),
        ("visits.csv", f"{PLACE},Jens,,5", "year skal være et helt tal"),
        ("visits.csv", f"{PLACE},2019,13,5", "passer ikke sammen"),
        ("visits.csv", f"{PLACE},2019,12,-5", "passer ikke sammen"),
        ("visits.csv", f"{PLACE},2019", "kan ikke læses som en tabel"),
        ("visits.csv", f'"{PLACE},2019,,5', "kan ikke læses som en tabel"),
        ("locations.csv", "Nyt Hus,,Valby,Bibliotek,nan,inf", "latitude skal være et tal"),
        (
            "measures.csv",
            f"{PLACE},Lukning,1. juli,,Jens slog,",
            "række .*starts skal være en dato",
        ),
        ("measures.csv", f"{PLACE},Lukning,2024-07-01 10:00-11:00,,Jens,", "starts skal være"),
    ],
)
def test_a_reference_table_that_cannot_be_is_refused_by_name(
    tmp_path, reference, file, line, message
):
    add(reference / file, line)
    with pytest.raises(IngestError, match=f"{file}: .*{message}") as error:
        load(tmp_path, reference)
    assert "\n" not in str(error.value)
    assert "Jens" not in str(error.value)


def test_a_reference_table_may_be_as_a_spreadsheet_saves_it(tmp_path, reference):
    text = (reference / "locations.csv").read_text(encoding="utf-8").splitlines()
    rows = ['Nyt Hus på Ærø,,Valby,Bibliotek,"55,7",12.5']
    both = "\n".join([text[0], *(line for line in text if PLACE in line), *rows])
    (reference / "locations.csv").write_text(both, encoding="cp1252")
    (reference / "experience.csv").unlink()
    for name in ("opening_hours", "visits", "measures", "shifts", "surveys"):
        file = reference / f"{name}.csv"
        lines = file.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join([lines[0], *(one for one in lines if PLACE in one)]))
    found = load(tmp_path, reference).execute(
        "select latitude from location where location = 'Nyt Hus på Ærø'"
    )
    assert found.fetchall() == [(55.7,)]


def test_self_service_is_open_and_unstaffed(tmp_path, reference):
    header = (reference / "opening_hours.csv").read_text(encoding="utf-8").splitlines()[0]
    hours = f"{header}\n{PLACE},1,08:00,20:00,10:00,18:00,2020-01-01,\n"
    (reference / "opening_hours.csv").write_text(hours, encoding="utf-8")
    expected = {
        "2024-01-01 07:59": False,
        "2024-01-01 08:00": True,
        "2024-01-01 10:00": False,
        "2024-01-01 18:00": True,
        "2024-01-01 20:00": False,
        "2024-01-02 12:00": False,
        "2024-01-01": None,
        "2019-01-07 12:00": None,
    }
    (tmp_path / "one").mkdir()
    text = "\n".join([FORM, *[case(f"S {moment}", when=moment) for moment in expected]])
    (tmp_path / "one" / "a.csv").write_text(text, encoding="utf-8")
    ingest(tmp_path / "one", reference, LAYOUT, tmp_path / "x.duckdb")
    con = files.connect(tmp_path / "x.duckdb")
    found = con.execute("select incident_id, self_service from incident").fetchall()
    assert dict(found) == {incident(f"uro:S {moment}"): one for moment, one in expected.items()}


def write(exports, name, *lines):
    exports.mkdir(exist_ok=True)
    (exports / name).write_text("\n".join(lines), encoding="utf-8")


def test_strict_makes_a_rejected_row_or_an_unread_file_exit_1(tmp_path, capsys):
    exports, database = tmp_path / "exports", tmp_path / "x.duckdb"
    given = ["ingest", "--exports", str(exports), "--database", str(database)]
    write(exports, "a.csv", FORM, case())
    assert cli.main([*given, "--strict"]) == cli.DONE
    write(exports, "a.csv", FORM, case(), case("S2", kind="Røveri"))
    assert cli.main(given) == cli.DONE
    assert "1  afvist: Ukendt urotype: Røveri" in capsys.readouterr().out
    assert cli.main([*given, "--strict"]) == cli.FELL_SHORT
    write(exports, "a.csv", FORM, case())
    write(exports, "b.txt", FORM, case())
    assert cli.main(given) == cli.DONE
    assert "b.txt læses ikke: endelsen skal være" in capsys.readouterr().out
    assert cli.main([*given, "--strict"]) == cli.FELL_SHORT


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([case(kind="Røveri")], "ingen række blev godkendt"),
        (
            [case(), case("S2", kind="?"), case("S3", kind="?")],
            "mere end halvdelen af rækkerne i a.csv blev afvist",
        ),
    ],
)
def test_exports_that_are_mostly_refused_leave_the_database_unless_accepted(
    tmp_path, capsys, rows, why
):
    database = tmp_path / "x.duckdb"
    database.write_bytes(b"checksumDUCK, as it was")
    write(tmp_path / "exports", "a.csv", FORM, *rows)
    write(tmp_path / "exports", "b.csv", FORM, *[case(f"B{at}") for at in range(len(rows) - 1)])
    given = ["ingest", "--exports", str(tmp_path / "exports"), "--database", str(database)]
    assert cli.main(given) == cli.FELL_SHORT
    printed = capsys.readouterr()
    assert printed.err == (
        f"barometer ingest: {why}; databasen er uændret. --accept bruger eksporterne alligevel.\n"
    )
    assert "afvist: Ukendt urotype" in printed.out
    assert database.read_bytes() == b"checksumDUCK, as it was"
    assert cli.main([*given, "--accept"]) == cli.DONE
    assert database.read_bytes() != b"checksumDUCK, as it was"


def test_the_labels_that_nobody_knows_are_listed_with_their_rows(run):
    rows = [
        case("S1", victim="Robotten", called="Brandvæsenet"),
        case("S2", victim="ROBOTTEN ", called="Brandvæsenet, Politiet"),
        case("S3", kind="Røveri", district="Atlantis"),
        case("S4", location="Nyt Hus", victim="Robotten"),
    ]
    con = run([FORM, *rows], [ORDERS, order(status="Måske")])
    assert con.execute(files.sql("intake/unknown_labels"), {"is_whole": True}).fetchall() == [
        ("category", "Røveri", 1),
        ("district", "Atlantis", 1),
        ("helper", "Brandvæsenet", 2),
        ("location", "Nyt Hus", 1),
        ("status", "Måske", 1),
        ("victim", "Robotten", 3),
    ]


@pytest.mark.parametrize("newer_is_first", [True, False])
def test_of_two_files_the_one_made_later_wins_and_the_row_that_lost_says_so(run, newer_is_first):
    """Made later is what holds the newest report, whatever the files are called."""
    old = [FORM, case(kind="Trusler")]
    new = [FORM, case(kind="Fysisk vold"), case("S2", reported="05-11-2024 10:00")]
    con = run(*((new, old) if newer_is_first else (old, new)))
    assert con.execute(
        "select category::varchar from incident where incident_id = $1", [incident("uro:S1")]
    ).fetchone() == ("Fysisk vold",)
    assert set(fates(con)) == {
        ("accepted", None, incident("uro:S2")),
        (
            "accepted",
            "Retter en tidligere eksport: urotype fra Trusler til Fysisk vold",
            incident("uro:S1"),
        ),
        (
            "duplicate",
            "Gentager et sagsnummer med andre oplysninger; "
            "Rettet i en senere eksport: urotype fra Trusler til Fysisk vold",
            incident("uro:S1"),
        ),
    }


def test_the_prefix_of_the_sample_marks_a_database_as_synthetic(run):
    assert run([FORM, case("S1")]).execute("select synthetic from dataset").fetchone() == (False,)
    assert run([FORM, case("SYN-1")]).execute("select synthetic from dataset").fetchone() == (True,)


def test_season_half_and_month_are_those_of_the_season(run):
    rows = [case("S1", when="30-09-2024 23:59"), case("S2", when="01-10-2024 00:00")]
    found = run([FORM, *rows]).execute("select season, half, month from incident order by month")
    assert found.fetchall() == [
        ("2023/24", "sommer", date(2024, 9, 1)),
        ("2024/25", "vinter", date(2024, 10, 1)),
    ]


def test_a_connection_reads_no_other_file(con):
    with pytest.raises(duckdb.Error):
        con.execute(f"select * from read_csv('{LAYOUT.as_posix()}')")
    with pytest.raises(duckdb.Error):
        con.execute("set enable_external_access = true")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (None, "Hele byen"),
        ("name\nKøbenhavn\n", "København"),
        ("Name;\n Aarhus ;\n", "Aarhus"),
        ("name\nValby\n", "Valby (hele byen)"),
    ],
)
def test_the_city_is_called_what_its_reference_data_say(tmp_path, reference, text, name):
    (reference / "city.csv").unlink()
    if text:
        (reference / "city.csv").write_text(text, encoding="utf-8")
    con = load(tmp_path, reference)
    assert con.execute("select city from dataset").fetchall() == [(name,)]


@pytest.mark.parametrize("text", ["", "navn\nKøbenhavn\n", "name\n", "name\nA\nB\n"])
def test_a_city_without_one_name_is_refused(tmp_path, reference, text):
    (reference / "city.csv").write_text(text, encoding="utf-8")
    with pytest.raises(IngestError, match=r"^city\.csv:? "):
        load(tmp_path, reference)


@pytest.mark.parametrize("nothing", ["–", "—", "−", "- -", "#OVERLØB!"])
def test_a_dash_of_any_kind_is_no_number_and_no_time(run, nothing):
    con = run([FORM, case(number=nothing), case("S2", when=nothing), case("S3")])
    assert [reason for _, reason, _ in fates(con)] == ["Intet sagsnummer", "Intet tidspunkt", None]


@pytest.mark.parametrize(
    "number",
    ["2.02412E11", "2024-11-01 00:00:00", "01-11-2024", "nov-24", "1-nov", "45.474,00", "TRUE"],
)
def test_a_number_without_a_sign_of_its_exponent_or_made_a_day_is_destroyed(run, number):
    con = run([FORM, case(number), case(number)])
    assert [reason for _, reason, _ in fates(con)] == [f"{DESTROYED}: {number}"] * 2


def test_an_order_that_names_a_destroyed_case_is_rejected(run):
    con = run([FORM, case()], [ORDERS, order(named="2,02412E+11")])
    assert fates(con)[1][:2] == ("rejected", f"{DESTROYED}: 2,02412E+11")


def test_numbers_differ_by_no_double_space_and_no_fraction_of_nothing(run):
    con = run([FORM, case("2024 17"), case("2024  17"), case("1001"), case("1001.0")])
    assert [fate for fate, *_ in fates(con)] == ["accepted", "duplicate"] * 2


def test_leading_zeros_lost_from_orders_and_the_cases_they_name_are_told(run):
    con = run(
        [FORM, case("00123456")],
        [ORDERS, order("0007"), order("7"), order("O3", named="123456")],
    )
    told = [reason for _, reason, _ in fates(con)[1:]]
    assert all(
        "Samme ordrenummer findes med og uden foranstillede nuller" in one for one in told[:2]
    )
    assert "Samme sagsnummer findes med og uden foranstillede nuller" in told[2]


def test_a_look_up_of_several_helpers_names_them_without_their_places(run):
    quoted = case(called='"12;#Politiet;#13;#Ambulance"')
    con = run([FORM, quoted])
    found = con.execute("select helper from help_call order by helper").fetchall()
    assert found == [("Ambulance",), ("Politiet",)]


@pytest.mark.parametrize("nothing", ["#REF!", "#VÆRDI!", "NA", "<null>", "( tom )", "Ikke angivet"])
def test_words_for_nothing_make_no_label(run, nothing):
    con = run([FORM, case(victim=nothing, demography=nothing, called=nothing, arrived=nothing)])
    assert con.execute("select victim, demography from incident").fetchall() == [(None, None)]
    assert con.execute("from help_call").fetchall() == []
    assert con.execute("from unknown_label").fetchall() == []


def test_a_hidden_file_is_named_and_what_systems_keep_is_not(tmp_path, capsys):
    for name in ("a.csv", ".b.csv", "~c.csv", "~$a.csv", ".DS_Store", "._a.csv"):
        write(tmp_path / "exports", name, FORM, case(name))
    given = ["--exports", str(tmp_path / "exports"), "--database", str(tmp_path / "x.duckdb")]
    assert cli.main(["ingest", *given]) == cli.DONE
    printed = capsys.readouterr().out
    assert ".b.csv læses ikke: navnet begynder med punktum" in printed
    assert "~c.csv  uro" in printed
    assert not any(name in printed for name in ("~$a", "DS_Store", "._a"))


def test_a_sheet_that_is_nearly_an_export_lacks_what_the_nearest_form_has(tmp_path, capsys):
    book = openpyxl.Workbook()
    book.active.append(FORM.split(";"))
    book.active.append(case().split(";"))
    nearly = book.create_sheet("Næsten")
    nearly.append(FORM.split(";")[:10])
    (tmp_path / "exports").mkdir()
    book.save(tmp_path / "exports" / "a.xlsx")
    given = ["--exports", str(tmp_path / "exports"), "--database", str(tmp_path / "x.duckdb")]
    assert cli.main(["ingest", *given]) == cli.DONE
    assert re.search("Næsten: .*som uro mangler .*Tilkaldt hjælp", capsys.readouterr().out)


def test_without_times_of_report_the_later_file_is_that_of_the_later_incident(run):
    early = case("S1", "01-11-2024 10:00", kind="Trusler", reported="")
    late = [case("S1", "01-11-2024 10:00", kind="Fysisk vold", reported="")]
    late.append(case("S2", "01-12-2024 10:00", reported=""))
    con = run(b_csv="\n".join([FORM, early]).encode(), a_csv="\n".join([FORM, *late]).encode())
    asked = "select category from incident where incident_id = $1"
    found = con.execute(asked, [incident("uro:S1")]).fetchall()
    assert found == [("Fysisk vold",)]
