"""Exports as they come: each folder of `cases` is one, and the table says what it must give.

The cases follow public bug reports and real incident files. Two places are known to their register.
"""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from analysis import cli
from analysis.core import database as files

CASES = Path(__file__).parent / "cases"
NORTH, SOUTH, BLAAGAARD = "Bibliotek Nord", "Hal Syd", "Blågårdens Bibliotek"
# What stands in the free text of the cases, or in the columns that no layout names.
NEVER_SHOWN = ("FRITEKST", "010190-1234", "KANARIE7Q", "lang tekst", "Andet sted", "han råbte")


@dataclass(frozen=True)
class Row:
    """What must become of a row; what the last fields say holds for an accepted one."""

    fate: str
    reason: str | None
    when: str | None = None
    has_time: bool | None = None
    place: str | None = None
    category: str | None = None
    help: tuple[str, ...] = ()


def kept(when="2024-07-01 14:30:00", place=NORTH, kind="Trusler", *, why=None, **more):
    return Row("accepted", why, when, more.pop("has_time", True), place, kind, **more)


def order(place=BLAAGAARD, **more):
    return kept("2024-11-01 00:00:00", place, "Hærværk", has_time=False, **more)


def rejected(why):
    return Row("rejected", why)


def unread(written):
    return rejected(f"Tidspunktet kan ikke læses (skrevet som {written})")


def repeat(why="Gentager et sagsnummer"):
    return Row("duplicate", why)


@dataclass(frozen=True)
class Gives:
    """The rows of each file, and what the command says beside them.

    `is_refused`: the database is left as it was, with exit code 1, until --accept is given.
    """

    rows: dict[str, list[Row]]
    says: tuple[str, ...] = ()
    is_refused: bool = False


@dataclass(frozen=True)
class Stops:
    """Exit code 2 and one line that says these words and hides those."""

    says: tuple[str, ...]
    hides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counts:
    """The incidents of each place by its district and facility, and the reasons for them."""

    places: dict[tuple[str, str | None, str], int]
    reasons: dict[tuple[str, str | None], int] = field(default_factory=dict)


def uro(*rows, **more):
    return Gives({"uro.csv": list(rows)}, **more)


def book(*rows, **more):
    return Gives({"uro.xlsx": list(rows)}, **more)


UNREGISTERED = "Lokationen står ikke i registret"
THREE = (kept(), kept(kind="Fysisk vold"), kept(place=SOUTH))
ALL_BAD = ("ingen række blev godkendt; databasen er uændret", "--accept")
ENCODING = ("uro.csv: ", "tegnsættet er et andet")
NOT_A_BOOK = Stops(("uro.xlsx er ikke det, som endelsen .xlsx siger",))
EMPTY = "Intet sagsnummer; Ingen lokation; Intet tidspunkt; Ingen urotype"
FOOTER = "Ingen lokation; Intet tidspunkt; Ingen urotype"
ZEROS = "Samme sagsnummer findes med og uden foranstillede nuller"
AMBULANCE, POLICE, POLICE_CAME = "Ambulance: nej", "Politiet: nej", "Politiet: ja"
BOTH = (AMBULANCE, POLICE)

CASES_GIVE = {
    # Times
    "t01_offset_hours_only": uro(
        kept("2024-07-01 14:00:00"), kept("2024-01-01 13:00:00"), kept("2024-07-01 14:00:00")
    ),
    "t03_am_pm": uro(
        unread("0000-00-00 00:00 x"), unread("0000-00-00 00:00:00 x"), is_refused=True, says=ALL_BAD
    ),
    "t05_range": uro(
        unread("0000-00-00 00:00-00:00"),
        unread("0000-00-00 00:00 - 00:00"),
        unread("00-00-0000 00:00-00:00"),
        is_refused=True,
    ),
    "t07_slashes": uro(
        unread("00/00/0000 00:00"),
        unread("0/0/0000 00:00"),
        unread("0000/00/00 00:00"),
        is_refused=True,
    ),
    "t08_month_first": uro(unread("00-00-0000 00:00"), unread("00-00-0000"), is_refused=True),
    "t09_two_digit_year": uro(unread("00-00-00 00:00"), unread("00.00.00"), is_refused=True),
    "t10_spaces": uro(
        kept(),
        kept(),
        kept(),
        unread("?00-00-0000 00:00"),
        kept(),
        kept(),
    ),
    "t12_serial": uro(
        unread("00000"),
        unread("00000,0000000000"),
        unread("00000.0000000000"),
        unread("0000000000"),
        is_refused=True,
    ),
    "t13_iso_variants": uro(
        kept(),
        kept(),
        unread("00000000x0000"),
        kept("2024-07-01 14:30:00.123"),
        kept("2024-07-01 09:05:00"),
        kept("2024-07-02 00:00:00"),
    ),
    "t16_words": uro(
        unread("0. x 0000 x. 00.00"), unread("x x 0. x 0000"), unread("0000-00"), is_refused=True
    ),
    # Files
    "f01_sep_line": uro(*THREE),
    "f02_utf16_tab": uro(*THREE),
    "f04_tabs": uro(*THREE),
    "f05_other_endings": Gives(
        {"uro_a.csv": list(THREE), "uro_c.csv.gz": [kept()]},
        says=(
            "Ikke læst:",
            "2023 er en mappe",
            "uro_b.txt læses ikke: endelsen skal være .csv, .csv.gz, .xlsx eller .xls",
            "uro_d.zip læses ikke",
            "uro_e.xls er ikke det, som endelsen .xls siger",
        ),
    ),
    "f06_title_rows": uro(*THREE),
    "f07_footer": uro(*THREE, rejected(FOOTER), rejected("For få felter: 1, ikke 12")),
    "f08_header_again": uro(
        *THREE,
        rejected("Tidspunktet kan ikke læses (skrevet som x); Ukendt urotype: Urotype"),
        kept(),
    ),
    "f09_empty_columns": uro(*THREE),
    "f10_trailing_delimiter": uro(
        *[rejected("For mange felter: 14, ikke 13")] * 3, is_refused=True, says=ALL_BAD
    ),
    "f11_duplicate_heading": Stops(("uro.csv: overskriften »Lokation« står mere end én gang",)),
    "f12_newlines_in_text": uro(*THREE),
    "f15_nul": uro(*THREE),
    "f15b_nul_in_place": uro(kept(), kept()),
    "f17_mixed_line_ends": uro(*THREE),
    "f17b_cr": uro(*THREE),
    "f18b_cp1252_head_utf8_row": uro(kept(), kept(kind="Fysisk vold")),
    "f19_mojibake": Stops((*ENCODING, "Hændelsestidspunkt")),
    "f20_cp850": Stops((*ENCODING, "Hændelsestidspunkt")),
    "f20b_macroman": Stops((*ENCODING, "Hændelsestidspunkt")),
    "f22_zero_width_heading": uro(*THREE),
    "f23_invisible_in_values": uro(*[kept()] * 6, repeat()),
    "f26_leading_zeros": Gives(
        {"uro_2023.csv": [kept(why=ZEROS)] * 2, "uro_2024.csv": [kept(why=ZEROS)] * 2},
        says=(f"4  godkendt: {ZEROS}",),
    ),
    "f27_scientific": uro(
        *[rejected("Sagsnummeret er ødelagt af et regneark: 2,02412E+11")] * 3, is_refused=True
    ),
    "f28_blank_words": uro(
        rejected("Ingen lokation"),
        rejected("Ingen lokation"),
        rejected("Intet sagsnummer"),
        rejected("Intet tidspunkt"),
        rejected("Ingen urotype"),
        rejected("Ingen lokation"),
        is_refused=True,
    ),
    "f29_helpers": uro(
        kept(help=(AMBULANCE, POLICE_CAME)),
        kept(help=BOTH),
        kept(help=BOTH),
        kept(help=BOTH),
        kept(help=(AMBULANCE, POLICE_CAME)),
    ),
    "f32_truncated": uro(*THREE[:2], rejected("For få felter: 3, ikke 12")),
    "f33_ctrl_z": uro(*THREE, rejected("For få felter: 1, ikke 12")),
    "f34_empty": Stops(("uro.csv: ", "ingen overskrifter fundet")),
    "f34b_only_head": uro(is_refused=True, says=ALL_BAD),
    "f35_bracket_name": Gives({"uro[1].csv": list(THREE)}),
    "f35b_star_name": Gives({"uro_a.csv": list(THREE)}),
    "f35c_quote_name": Gives({"uro 'ny' æøå.csv": list(THREE)}),
    "f36_copied": Gives({"uro_2024 (1).csv": [repeat()] * 3, "uro_2024.csv": list(THREE)}),
    "f37_corrected": Gives(
        {
            "a_gammel.csv": [
                repeat(
                    "Gentager et sagsnummer med andre oplysninger; "
                    "Rettet i en senere eksport: urotype fra Trusler til Fysisk vold"
                )
            ],
            "b_ny.csv": [
                kept(
                    kind="Fysisk vold",
                    why="Retter en tidligere eksport: urotype fra Trusler til Fysisk vold",
                )
            ],
        }
    ),
    "f38_several_parties": uro(
        kept(), *[repeat("Gentager et sagsnummer med andre oplysninger")] * 2
    ),
    "f39_formula_text": uro(
        kept(place="=1+1", why=UNREGISTERED),
        kept(place="@SUM(A1)", why=UNREGISTERED),
        kept(place="<b>Hal</b> | *x*", why=UNREGISTERED),
    ),
    "f40_comma_in_unquoted": uro(*THREE, rejected("For mange felter: 13, ikke 12")),
    "f41_all_wrong": uro(
        rejected("Ukendt urotype: Threat"),
        rejected("Ukendt urotype: Assault"),
        is_refused=True,
        says=(*ALL_BAD, "1  urotype: Assault", "1  urotype: Threat"),
    ),
    "f43_case_of_heading": uro(*THREE),
    "f44_missing_column": Stops(("uro.csv: ", "som uro mangler Ankommet hjælp")),
    # Workbooks
    "x01_title_rows": book(kept()),
    "x02_leading_blank_rows": book(kept(), kept()),
    "x04_blank_rows_inside": book(
        kept(),
        rejected(EMPTY),
        rejected(EMPTY),
        kept(),
        rejected(EMPTY),
        rejected(FOOTER),
        is_refused=True,
        says=("mere end halvdelen af rækkerne i uro.xlsx blev afvist",),
    ),
    "x07_filtered_rows": book(kept(), kept(), kept()),
    "x08_merged_places": book(
        kept(), rejected("Ingen lokation"), rejected("Ingen lokation"), is_refused=True
    ),
    "x09_formulas_uncached": book(
        rejected("Ingen lokation"), rejected("Intet tidspunkt"), is_refused=True
    ),
    "x11_date1904": book(kept()),
    "x13_serial_unformatted": book(unread("00000.00000000000"), unread("00000"), is_refused=True),
    "x14_text_dates": book(
        kept(), unread("00/00/0000 0:00 x"), unread("'00-00-0000 00:00"), is_refused=True
    ),
    "x15_number_ids": book(kept(), kept(why=ZEROS), kept(), kept(), kept(why=ZEROS)),
    "x16_html_as_xlsx": NOT_A_BOOK,
    "x17_xls_as_xlsx": NOT_A_BOOK,
    "x18_csv_as_xlsx": NOT_A_BOOK,
    "x20_heading_line_break": book(kept()),
    "x21_midnight": book(kept("2024-07-01 00:00:00", has_time=False), kept("2024-07-01 00:01:00")),
    "x30_xls": Gives(
        {
            "uro.xls": [
                kept(help=(AMBULANCE, POLICE_CAME)),
                kept("2024-07-01 00:00:00", SOUTH, "Fysisk vold", has_time=False),
            ]
        }
    ),
    # Whole seasons, on which every notebook must run as well.
    "r01_blank_district": Counts(
        {
            ("Sted X", "Nørrebro", "Bibliotek"): 48,
            ("Sted X", None, "Bibliotek"): 60,
            (SOUTH, "Valby", "Idrætshal"): 52,
        }
    ),
    "r03_markup_in_place": Counts(
        {
            ("<b>Hal</b> | *x* $a$", "Nørrebro", "Bibliotek"): 48,
            ("=1+1", "Valby", "Bibliotek"): 60,
            (SOUTH, "Valby", "Idrætshal"): 52,
        }
    ),
    "r05_one_place_two_districts": Counts(
        {
            ("Sted X", "Nørrebro", "Bibliotek"): 48,
            ("Sted X", "Valby", "Bibliotek"): 60,
            (SOUTH, "Valby", "Idrætshal"): 52,
        }
    ),
    "r07_no_register_late_report": Counts(
        {
            (NORTH, "Nørrebro", "Bibliotek"): 1,
            ("Sted X", "Nørrebro", "Bibliotek"): 80,
            (SOUTH, "Valby", "Bibliotek"): 80,
        }
    ),
    # Hostile
    "h01_open_quote": Stops(("uro.csv: et anførselstegn i linje 2 er ikke lukket",)),
    "h03_brackets_in_name": Gives(
        {
            name: [kept("2024-11-01 09:30:00", BLAAGAARD, why=UNREGISTERED, help=(POLICE_CAME,))]
            * rows
            for name, rows in (("uro1.csv", 2), ("uro[1].csv", 3))
        }
    ),
    "h04_missing_separator": uro(
        kept("2024-11-01 09:30:00", BLAAGAARD, why=UNREGISTERED, help=(POLICE_CAME,)),
        rejected("For få felter: 12, ikke 13"),
    ),
    "h06_no_headings": Stops(
        ("uro.csv: ", "ingen overskrifter fundet"), hides=("O0", "Nørrebro", BLAAGAARD, "Udført")
    ),
    "h07_one_bad_byte": Gives(
        {
            "ordrer.csv": [
                *[order(why=UNREGISTERED)] * 3,
                rejected("Et tegn kan ikke læses (linje 5)"),
            ]
        }
    ),
    "h09_control_character": uro(
        *[kept("2026-01-05 09:30:00", "Kulturhuset", why=UNREGISTERED, help=(POLICE_CAME,))] * 4
    ),
    "h10_markup_in_location": uro(
        *[
            kept(
                "2026-01-05 09:30:00",
                '<meta http-equiv="refresh" content="3,url=http://127.0.0.1:18999/x">'
                "<style>.notice{display:none}</style>",
                why=UNREGISTERED,
                help=(POLICE_CAME,),
            )
        ]
        * 4
    ),
    "h13_no_sheet": Stops(("a.xlsx: har intet ark, der kan læses",)),
}


def given(case, database):
    reference = case / "reference" if (case / "reference").is_dir() else CASES / "reference"
    paths = {"--exports": case / "exports", "--reference": reference, "--database": database}
    return ["ingest", *(str(one) for pair in paths.items() for one in pair)]


def rows_of(database):
    """Return the rows of each file as the table writes them."""
    with files.connect(database) as con:
        found = con.execute(
            "select file, fate, reason, occurred_at::varchar, has_time, location,"
            " category::varchar,"
            " (select list(helper || if(arrived, ': ja', ': nej') order by helper)"
            " from help_call where incident_id = incident.incident_id)"
            " from intake_row left join incident"
            " on intake_row.incident_id = incident.incident_id and fate = 'accepted'"
            " order by file, row"
        ).fetchall()
    by_file = {}
    for file, *rest, helpers in found:
        by_file.setdefault(file, []).append(Row(*rest, tuple(helpers or ())))
    return by_file


def test_every_case_has_its_line_in_the_table():
    assert sorted(CASES_GIVE) == sorted(
        case.name for case in CASES.iterdir() if (case / "exports").is_dir()
    )


def named(kind):
    return [pytest.param(name, must, id=name) for name, must in CASES_GIVE.items()
            if isinstance(must, kind)]  # fmt: skip


@pytest.mark.parametrize(("name", "must"), named(Gives))
def test_an_export_gives_every_row_its_fate(name, must, tmp_path, capsys):
    database = tmp_path / "new.duckdb"
    arguments = given(CASES / name, database)
    code = cli.main(arguments)
    printed = capsys.readouterr()
    assert code == (cli.FELL_SHORT if must.is_refused else cli.DONE)
    assert printed.err.count("\n") == must.is_refused
    assert database.exists() != must.is_refused
    if must.is_refused:
        assert cli.main([*arguments, "--accept"]) == cli.DONE
        assert capsys.readouterr() == (printed.out, "")
    assert rows_of(database) == {file: rows for file, rows in must.rows.items() if rows}
    for words in must.says:
        assert words in printed.out + printed.err
    for words in NEVER_SHOWN:
        assert words not in printed.out + printed.err
        assert words.encode() not in database.read_bytes()


@pytest.mark.parametrize(("name", "must"), named(Stops))
def test_an_export_that_cannot_be_read_stops_with_one_line(name, must, tmp_path, capsys):
    database = tmp_path / "old.duckdb"
    database.write_bytes(b"checksumDUCK, as it was")
    assert cli.main(given(CASES / name, database)) == cli.NOT_DONE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.startswith("barometer ingest: ")
    for words in must.says:
        assert words in printed.err
    for words in (*must.hides, *NEVER_SHOWN):
        assert words not in printed.err
    assert database.read_bytes() == b"checksumDUCK, as it was"
    assert [file.name for file in tmp_path.iterdir()] == ["old.duckdb"]


@pytest.mark.parametrize(("name", "must"), named(Counts))
def test_every_row_of_a_whole_export_is_an_incident_of_its_place(name, must, tmp_path):
    database = tmp_path / "new.duckdb"
    assert cli.main(given(CASES / name, database)) == cli.DONE
    with files.connect(database) as con:
        found = con.execute(
            "select (location, district, facility), count(*) from incident group by all"
        ).fetchall()
        fates = con.execute("select distinct fate from intake_row").fetchall()
    assert dict(found) == must.places
    assert fates == [("accepted",)]


def test_a_free_text_of_a_megabyte_loses_no_row(tmp_path, capsys):
    case = tmp_path / "long"
    (case / "exports").mkdir(parents=True)
    head, first, second, third = (
        (CASES / "f12_newlines_in_text/exports/uro.csv").read_text(encoding="utf-8").split("\n")[0],
        *(
            f"{number};02-07-2024 09:00;01-07-2024 14:30;Nørrebro;Bibliotek Nord;Bibliotek;"
            f'"{"lang tekst; " * times}";{kind};;Bruger;Ved ikke;;'
            for number, times, kind in (
                (1, 1, "Trusler"),
                (2, 100_000, "Fysisk vold"),
                (3, 2, "Trusler"),
            )
        ),
    )
    text = "\n".join([head.strip(), first, second, third])
    (case / "exports/uro.csv").write_text(text, encoding="utf-8")
    database = tmp_path / "new.duckdb"
    assert cli.main(given(case, database)) == cli.DONE
    assert rows_of(database) == {"uro.csv": [kept(), kept(kind="Fysisk vold"), kept()]}
    assert "lang tekst" not in capsys.readouterr().out
    assert b"lang tekst" not in database.read_bytes()
