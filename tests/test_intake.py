"""The intake's promises, on exports written here row by row."""

import re
import shutil
import unicodedata
from datetime import date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from analysis import cli
from analysis import database as files
from analysis.intake import IngestError, ingest

DATA = files.ROOT / "data"
LAYOUT = DATA / "export_layout.yaml"
FORM = (
    "Sagsnr;Oprettet;Hændelsestidspunkt;Bydel;Lokation;Facilitet;Urotype;Underkategori;"
    "Forurettede;Demografi;Tilkaldt hjælp;Ankommet hjælp;Beskrivelse"
)
ORDERS = "Ordrenr;Bestilt;Bydel;Lokation;Facilitet;Sagsnr;Status;Beskrivelse"
PLACE = "Blågårdens Bibliotek"


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
        outcomes = ingest(exports, DATA / "reference", LAYOUT, database)
        con = files.connect(database)
        counted = con.execute("select count(*) from intake_row").fetchone()[0]
        assert counted == sum(outcome.rows for outcome in outcomes)
        return con

    return run


def fates(con):
    rows = con.execute("select fate, reason, incident_id from intake_row order by file, row")
    return rows.fetchall()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (case(when=""), "Intet tidspunkt"),
        (case(when="31-02-2024 10:00"), "Tidspunktet kan ikke læses"),
        (case(when="01-11-24 10:00"), "Tidspunktet kan ikke læses"),
        (case(when="0202-10-01"), "Tidspunktet kan ikke læses"),
        (case(when="infinity"), "Tidspunktet kan ikke læses"),
        (case(when="01-11-2999 10:00"), "Tidspunktet ligger efter indlæsningsdagen"),
        (case(number="  "), "Intet sagsnummer"),
        (case(location=" "), "Ingen lokation"),
        (case(kind="Røveri"), "Ukendt urotype"),
        (case(kind=""), "Ingen urotype"),
        (";" * 12, "Intet sagsnummer; Ingen lokation; Intet tidspunkt; Ingen urotype"),
    ],
)
def test_a_bad_row_of_the_form_is_rejected_with_its_reason(run, row, reason):
    assert fates(run([FORM, row])) == [("rejected", reason, None)]


@pytest.mark.parametrize(
    ("written", "moment", "has_time"),
    [
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
    ],
)
def test_a_time_is_read_in_every_spelling(run, written, moment, has_time):
    con = run([FORM, case(when=written)])
    found = con.execute("select occurred_at, has_time from incident").fetchone()
    assert found == (moment, has_time)


def test_a_repeated_case_is_a_duplicate_and_says_where_it_differs(run):
    rows = [case(), case(), case(kind="Hærværk"), case(number="s1 ")]
    assert fates(run([FORM, *rows])) == [
        ("accepted", None, "uro:S1"),
        ("duplicate", "Gentager et sagsnummer", "uro:S1"),
        ("duplicate", "Gentager et sagsnummer med andre oplysninger", "uro:S1"),
        ("duplicate", "Gentager et sagsnummer", "uro:S1"),
    ]


def test_the_first_row_that_can_be_accepted_is_the_case(run):
    con = run([FORM, case(when="?"), case()])
    assert [fate for fate, *_ in fates(con)] == ["rejected", "accepted"]


@pytest.mark.parametrize("order_first", [True, False])
def test_an_order_that_names_a_case_is_that_incident_whatever_the_order_of_files(run, order_first):
    exports = [[ORDERS, order(named="s1")], [FORM, case(kind="Hærværk")]]
    con = run(*(exports if order_first else reversed(exports)))
    assert con.execute("select incident_id from incident").fetchall() == [("uro:S1",)]
    assert ("linked", "Ordren hører til en sag i skemaet", "uro:S1") in fates(con)


def test_orders_meet_the_fate_that_the_design_gives_them(run):
    rows = [
        order("O1"),
        order("O1", when="02-11-2024"),
        order("O2", status="annulleret"),
        order("O3", named="S9"),
        order("O4", named="S8"),
        order("O5", when="?"),
        order(""),
    ]
    con = run([FORM, case("S8", when="?")], [ORDERS, *rows])
    assert fates(con)[1:] == [
        ("accepted", None, "haervaerk:O1"),
        ("duplicate", "Gentager et ordrenummer med andre oplysninger", "haervaerk:O1"),
        ("cancelled", "Ordren er annulleret", None),
        ("accepted", "Ordren nævner en sag, der ikke findes i skemaet", "haervaerk:O3"),
        ("accepted", "Ordren nævner en sag, der er afvist", "haervaerk:O4"),
        ("rejected", "Tidspunktet kan ikke læses", None),
        ("rejected", "Intet ordrenummer", None),
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
    ],
)
@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_csv_file_is_read_in_every_dress(run, encoding, newline, delimiter):
    rows = [FORM, case("S1", text="’–"), case("S2", victim="Bruger")]
    text = [line.replace(";", delimiter) for line in rows]
    con = run(text, encoding=encoding, newline=newline)
    assert con.execute(
        "select incident_id, location, victim from incident order by all"
    ).fetchall() == [
        ("uro:S1", PLACE, None),
        ("uro:S2", PLACE, "Bruger"),
    ]


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
        "select incident_id, occurred_at, has_time from incident order by all"
    ).fetchall()
    assert found == [
        ("uro:1", datetime(2024, 11, 1, 9, 30), True),
        ("uro:2", datetime(2024, 11, 2), False),
    ]


def test_ragged_rows_and_quotes_in_a_text_do_not_lose_a_row(run):
    rows = [
        case("S1", text='Han sagde "hej; du" igen'),
        case("S2").rsplit(";", 3)[0],
        case("S3", text="for;mange;felter"),
        case("S4", text='"to\nlinjer"'),
        case("S5", text='"Luk" sagde han; "nu"'),
        case("S6"),
    ]
    con = run([FORM, *rows])
    numbers = con.execute("select incident_id from incident order by all").fetchall()
    assert numbers == [(f"uro:S{number}",) for number in range(1, 7)]


def test_a_quote_left_open_stops_the_ingest_instead_of_swallowing_rows(run):
    with pytest.raises(IngestError, match=r"0\.csv: .*quote"):
        run([FORM, case("S1", text='"åben'), case("S2"), case("S3", text='"x" y')])


def test_rows_are_numbered_from_the_first_data_row(run):
    con = run([FORM, case("S1"), case("S2")], [FORM, case("S3")])
    found = con.execute("select file, row, incident_id from intake_row order by all").fetchall()
    assert found == [("0.csv", 1, "uro:S1"), ("0.csv", 2, "uro:S2"), ("1.csv", 1, "uro:S3")]


def test_columns_are_found_by_heading_and_further_ones_ignored(run):
    names = FORM.split(";")
    swapped = ";".join([*reversed(names), "Ny kolonne"]).replace("Sagsnr", " SAGSNR ")
    row = ";".join([*reversed(case().split(";")), "x"])
    assert fates(run([swapped, row])) == [("accepted", None, "uro:S1")]


def test_free_text_reaches_no_file_of_the_database(run, tmp_path):
    run([FORM, case(text="hemmeligt")], [ORDERS, order()], encoding="cp1252")
    assert b"hemmeligt" not in (tmp_path / "new.duckdb").read_bytes()


def test_what_is_rewritten_for_reading_leaves_the_free_text_behind(tmp_path):
    from analysis.intake import files as exports
    from analysis.intake import layout

    source = tmp_path / "a.csv"
    source.write_bytes("\n".join([FORM, case(text="hemmeligt")]).encode("cp1252"))
    rewritten = exports.rewrite(exports.prepare(source, layout.read(LAYOUT), tmp_path), tmp_path)
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
    outcomes = ingest(tmp_path / "exports", DATA / "reference", layout, tmp_path / "x.duckdb")
    assert outcomes[0].fates["accepted"] == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (FORM.replace("Urotype", "Urotyper").encode(), r"lacks Urotype \(nearest found: Urotyper"),
        (b"", "do not match the layout"),
        ((FORM + "\n").encode() + b"\x81\x8d\x00\n", "is not UTF-8 as its headings are"),
        ((FORM + ";Lokation").encode(), "'Lokation' stands more than once"),
    ],
)
def test_a_bad_file_stops_the_ingest_and_leaves_the_database(tmp_path, capsys, content, message):
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "bad.csv").write_bytes(content)
    database = tmp_path / "old.duckdb"
    database.write_bytes(b"as it was")
    given = ["ingest", "--exports", str(exports), "--database", str(database)]
    assert cli.main(given) == cli.NOT_DONE
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "bad.csv: " in printed
    assert re.search(message, printed)
    assert database.read_bytes() == b"as it was"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["exports", "old.duckdb"]


def refused(tmp_path, content, name="bad.csv"):
    """Ingest one file that must be refused; return the message."""
    exports = tmp_path / "exports"
    exports.mkdir(exist_ok=True)
    (exports / name).write_bytes(content)
    with pytest.raises(IngestError) as error:
        ingest(exports, DATA / "reference", LAYOUT, tmp_path / "x.duckdb")
    return str(error.value)


def test_a_bad_byte_in_utf8_is_not_taken_for_windows_1252(tmp_path):
    content = "\n".join([FORM, case()]).encode().replace(b"hemmeligt", b"\xff")
    content = content.replace(b"Trusler", b"Trusler\xff")
    assert "is not UTF-8 as its headings are" in refused(tmp_path, content)


def test_utf16_is_refused_by_name(tmp_path):
    assert refused(tmp_path, FORM.encode("utf-16")) == (
        "bad.csv: is neither UTF-8 nor Windows-1252 text"
    )


def test_free_text_that_moves_the_fields_is_never_stored(run):
    names = FORM.split(";")
    middle = ";".join([*names[:7], "Beskrivelse", *names[7:-1]])
    row = case(subcategory="Generende adfærd", kind="Uønsket adfærd").split(";")[:-1]
    moved = ";".join([*row[:7], "En slog; en anden råbte", *row[7:]])
    con = run([middle, moved])
    assert [fate for fate, *_ in fates(con)] == ["rejected"]
    assert "en anden" not in str(con.execute("select * from intake_row").fetchall())


def test_a_reason_repeats_no_text_of_the_row(run):
    con = run([FORM, case(kind="En gæst råbte")])
    assert fates(con)[0][1] == "Ukendt urotype"


def test_a_long_text_in_quotes_is_no_open_quote(run):
    text = '"linje 1; a; b; c; d; e\nlinje 2; f; g; h; i; j; k"'
    con = run([FORM, case("S1", text=text), case("S2").rsplit(";", 2)[0]])
    assert len(fates(con)) == 2


def test_only_the_result_stays_in_the_database(run):
    con = run([FORM, case()])
    assert con.execute("select view_name from duckdb_views() where not internal").fetchall() == []
    macros = con.execute("select distinct function_name from duckdb_functions() where not internal")
    assert sorted(macros.fetchall()) == [("open_days",), ("open_spells",), ("selected",)]


def test_a_workbook_with_two_forms_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(FORM.split(";"))
    book.create_sheet("Mere").append(FORM.split(";"))
    book.save(tmp_path / "two.xlsx")
    message = refused(tmp_path, (tmp_path / "two.xlsx").read_bytes(), "two.xlsx")
    assert message == "two.xlsx: 2 sheets match the layout; keep one a file"


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
        ("visits.csv", "Blogårdens Bibliotek,2019,,5", "nearest: Blågårdens Bibliotek"),
        ("locations.csv", "Nyt Hus,BLÅGÅRDEN  Bibliotek,Valby,Bibliotek,,", "belongs to"),
        ("opening_hours.csv", f"{PLACE},1,10:00,12:00,11:00,,2030-01-01,", "CHECK"),
        ("opening_hours.csv", f"{PLACE},1,10:00,12:00,,,2021-01-01,", "two rows hold"),
        ("surveys.csv", f"{PLACE},2025,x,78,,", "CHECK"),
        ("visits.csv", f"{PLACE},nitten,,5", "nitten"),
    ],
)
def test_a_reference_table_that_cannot_be_is_refused_by_name(
    tmp_path, reference, file, line, message
):
    add(reference / file, line)
    with pytest.raises(IngestError, match=f"{file}: .*{message}") as error:
        load(tmp_path, reference)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("moment", "self_service"),
    [
        ("2024-01-01 07:59", False),
        ("2024-01-01 08:00", True),
        ("2024-01-01 10:00", False),
        ("2024-01-01 18:00", True),
        ("2024-01-01 20:00", False),
        ("2024-01-02 12:00", False),
        ("2024-01-01", None),
        ("2019-01-07 12:00", None),
    ],
)
def test_self_service_is_open_and_unstaffed(tmp_path, reference, moment, self_service):
    header = (reference / "opening_hours.csv").read_text(encoding="utf-8").splitlines()[0]
    hours = f"{header}\n{PLACE},1,08:00,20:00,10:00,18:00,2020-01-01,\n"
    (reference / "opening_hours.csv").write_text(hours, encoding="utf-8")
    (tmp_path / "one").mkdir()
    text = "\n".join([FORM, case(when=moment)])
    (tmp_path / "one" / "a.csv").write_text(text, encoding="utf-8")
    ingest(tmp_path / "one", reference, LAYOUT, tmp_path / "x.duckdb")
    con = files.connect(tmp_path / "x.duckdb")
    assert con.execute("select self_service from incident").fetchone() == (self_service,)


def test_strict_makes_a_rejected_row_exit_1(tmp_path):
    (tmp_path / "a.csv").write_text("\n".join([FORM, case(kind="Røveri")]), encoding="utf-8")
    given = ["ingest", "--exports", str(tmp_path), "--database", str(tmp_path / "x.duckdb")]
    assert cli.main(given) == cli.DONE
    assert cli.main([*given, "--strict"]) == cli.FELL_SHORT


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
    with pytest.raises(IngestError, match=r"^city\.csv "):
        load(tmp_path, reference)
