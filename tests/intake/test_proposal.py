"""The promises of `barometer layout` and of the worked examples in data/layouts."""

from datetime import datetime

import pytest
import yaml
from pseudonyms import incident

from analysis import cli
from analysis.core import database as files
from analysis.intake import ingest, layout, proposal
from analysis.intake.proposal import propose

DATA, EXPORTS = files.ROOT / "data", files.ROOT / "tests" / "intake" / "layouts"
REFERENCE = DATA / "reference"
EXAMPLES = ("aabne_data", "kommune", "politilog")
ASK, SHOUT, THREAT, VIOLENCE, DAMAGE = (
    "Uønsket adfærd",
    "Ubehagelige tilråb",
    "Trusler",
    "Fysisk vold",
    "Hærværk",
)
GOOD, TWICE, BAD = "accepted", "duplicate", "rejected"


def clock(month, day, hour, minute, year=2024):
    return datetime(year, month, day, hour, minute)


# What each row of an example is: its fate, and in Copenhagen its time, its category and place.
EXPECTED = {
    "politilog": [
        (GOOD, clock(11, 4, 21, 30), VIOLENCE, "Main Library"),
        (GOOD, clock(11, 5, 7, 15), VIOLENCE, "Main Library"),
        (GOOD, clock(11, 6, 6, 45), DAMAGE, "North Gymnasium"),
        (GOOD, clock(11, 7, 1, 30), ASK, "Main Library"),
        (BAD, None, None, None),
        (BAD, None, None, None),
        (GOOD, clock(11, 8, 19, 0), THREAT, "Main Library"),
        (GOOD, clock(11, 8, 0, 0), SHOUT, "Student Union"),
        (GOOD, clock(10, 31, 0, 0), ASK, "North Gymnasium"),
        (GOOD, clock(11, 9, 8, 50), ASK, "North Gymnasium"),
        (BAD, None, None, None),
        (GOOD, clock(11, 12, 0, 0), ASK, "Main Library"),
        (TWICE, clock(11, 12, 0, 0), ASK, "Main Library"),
        (BAD, None, None, None),
        (GOOD, clock(11, 16, 6, 30), ASK, "South Hall"),
        (BAD, None, None, None),
        (GOOD, clock(7, 5, 4, 0), VIOLENCE, "North Gymnasium"),
        (BAD, None, None, None),
        (GOOD, clock(11, 21, 4, 15), DAMAGE, "South Hall"),
    ],
    "aabne_data": [
        (GOOD, clock(7, 1, 23, 30), VIOLENCE, "900 BLOCK EXAMPLE ST"),
        (GOOD, clock(7, 1, 9, 5), DAMAGE, "900 BLOCK EXAMPLE ST"),
        (GOOD, clock(7, 14, 8, 59), ASK, "10 BLOCK INVENTED AVE"),
        (BAD, None, None, None),
        (GOOD, clock(7, 14, 19, 15), THREAT, "CITY LIBRARY"),
        (GOOD, clock(7, 16, 1, 45), ASK, "CITY LIBRARY"),
        (GOOD, clock(7, 17, 2, 10), VIOLENCE, "CITY LIBRARY"),
        (TWICE, clock(7, 17, 2, 10), VIOLENCE, "CITY LIBRARY"),
        (GOOD, clock(1, 1, 8, 30, 2025), DAMAGE, "HARBOUR POOL"),
        (GOOD, clock(3, 16, 2, 0), ASK, "HARBOUR POOL"),
        (GOOD, clock(7, 20, 22, 0), ASK, "CITY LIBRARY"),
        (BAD, None, None, None),
        (BAD, None, None, None),
        (GOOD, clock(7, 24, 5, 40), SHOUT, "HARBOUR POOL"),
        (GOOD, clock(7, 24, 21, 0), DAMAGE, "CITY LIBRARY"),
        (BAD, None, None, None),
    ],
    "kommune": [
        (GOOD, clock(11, 4, 14, 30), THREAT, "Blågårdens Bibliotek"),
        (GOOD, clock(11, 5, 9, 5), DAMAGE, "Nørrebrohallen"),
        (GOOD, clock(11, 6, 0, 0), ASK, "Sundby Bad"),
        (BAD, None, None, None),
        (GOOD, clock(11, 13, 18, 45), VIOLENCE, "Blågårdens Bibliotek"),
        (GOOD, clock(11, 14, 20, 0), ASK, "Den Nye Hal på Øen"),
        (GOOD, clock(11, 15, 16, 20), THREAT, "Valby Bibliotek"),
        (GOOD, clock(11, 18, 16, 20), SHOUT, "Valby Bibliotek"),
        (BAD, None, None, None),
        (GOOD, clock(11, 20, 11, 0), ASK, "Hovedbiblioteket"),
        (TWICE, clock(11, 20, 11, 0), ASK, "Hovedbiblioteket"),
        (GOOD, clock(3, 30, 12, 15, 2025), ASK, "Hovedbiblioteket"),
        (GOOD, clock(10, 26, 23, 59), VIOLENCE, "Nørrebrohallen"),
        (BAD, None, None, None),
        (GOOD, clock(12, 3, 8, 0), DAMAGE, "Sundby Bad"),
        (GOOD, clock(12, 4, 13, 37), ASK, "Blågårdens Bibliotek"),
        (BAD, None, None, None),
    ],
}
# The incidents without a known time of day, and the helpers, of each example.
UNTIMED = {"politilog": 1, "aabne_data": 0, "kommune": 1}
HELPED = {
    "politilog": {},
    "aabne_data": {"Politiet": 4, "Ambulance": 2, "Vagtselskab": 4, "FIRE": 1},
    "kommune": {"Politiet": 3, "Vagtselskab": 3, "Kollega (KK-medarbejder)": 3, "Ambulance": 1},
}


def fates(con, columns):
    joined = "intake_row left join incident using (incident_id)"
    return con.execute(f"select {columns} from {joined} order by file, row").fetchall()


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request, tmp_path_factory):
    """An example's name and a connection to what its layout alone makes of its export."""
    name = request.param
    target = tmp_path_factory.mktemp(name) / "new.duckdb"
    ingest(EXPORTS / name, REFERENCE, DATA / "layouts" / f"{name}.yaml", target)
    with files.connect(target) as con:
        yield name, con


def test_each_example_is_read_by_its_layout_alone(example):
    name, con = example
    assert fates(con, "fate, occurred_at, category::varchar, location") == EXPECTED[name]
    (untimed,) = con.execute("select count(*) from incident where not has_time").fetchone()
    assert untimed == UNTIMED[name]
    helped = con.execute("select helper, count(*) from help_call group by all").fetchall()
    assert dict(helped) == HELPED[name]


def test_no_free_text_of_an_example_is_stored(example):
    _, con = example
    for (table,) in con.execute("select table_name from duckdb_tables()").fetchall():
        assert "nvented:" not in str(con.table(table).fetchall())
        assert "Opfundet" not in str(con.table(table).fetchall())


# The fields that the proposal must find in each example, as the analyst would write them.
FOUND = {
    "politilog": {
        "case_number": "UCPDI#",
        "reported_at": {"heading": "Reported", "format": "%m/%d/%y %I:%M %p"},
        "occurred_at": {"heading": "Occurred", "format": "%m/%d/%y %I:%M %p"},
        "location": "Location",
        "options": {"delimiter": ","},
    },
    "aabne_data": {
        "case_number": "Incident Number",
        "reported_at": {"heading": "Report Datetime"},
        "occurred_at": {"heading": "Incident Datetime", "format": "%m/%d/%Y %I:%M:%S %p"},
        "district": "Analysis Neighborhood",
        "location": "Address",
        "called": {"heading": "Units", "separator": "/"},
        "options": {"delimiter": "tab"},
    },
    "kommune": {
        "case_number": "Løbenr.",
        "reported_at": {"heading": "Indberettet", "format": "%d-%m-%Y"},
        "occurred_at": {
            "date": "Dato",
            "time": "Kl.",
            "format": ["%d-%m-%Y %H.%M", "%d/%m/%Y %H.%M"],
        },
        "location": "Institution",
        "victim": "Skadelidt",
        "called": {"heading": "Tilkaldt", "separator": "+"},
        "options": {"delimiter": ";"},
    },
}
LABELLED = {
    "politilog": ("Incident", {"Battery": VIOLENCE, "Graffiti": DAMAGE, "Threat": THREAT}),
    "aabne_data": ("Incident Category", {"ASSAULT": VIOLENCE, "DISORDERLY CONDUCT": ASK}),
    "kommune": ("Hændelsestype", {"Verbale trusler": THREAT, "Skældsord og råb": SHOUT}),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_proposal_finds_the_fields_formats_delimiter_and_labels_of_each_example(name):
    text, missing = propose([*(EXPORTS / name).iterdir()], REFERENCE)
    assert missing == []
    found = yaml.safe_load(text)["uro"]
    category = found.pop("category")
    heading, labels = LABELLED[name]
    assert category["heading"] == heading
    assert labels.items() <= category["values"].items()
    assert {field: found.get(field) for field in FOUND[name]} == FOUND[name]
    assert found.keys() - FOUND[name].keys() <= {"subcategory"}
    encoding = {"politilog": "utf-8", "aabne_data": "utf-16", "kommune": "cp1252"}[name]
    assert f"Tegnsættet er {encoding};" in text


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_ingest_with_the_proposal_accepts_what_the_worked_layout_does(name, tmp_path):
    given = tmp_path / "layout.yaml"
    given.write_text(propose([*(EXPORTS / name).iterdir()], REFERENCE).text, encoding="utf-8")
    ingest(EXPORTS / name, REFERENCE, given, tmp_path / "new.duckdb")
    with files.connect(tmp_path / "new.duckdb") as con:
        assert fates(con, "fate, category::varchar") == [
            (fate, category) for fate, _, category, _ in EXPECTED[name]
        ]


def test_the_proposal_for_the_projects_own_exports_has_every_field_of_both_forms(tmp_path):
    exports = [
        DATA / "exports" / name
        for name in ("haervaerk_2024_2025.csv", "uro_2024_2025.csv", "uro_2025_2026.xlsx")
    ]
    given = tmp_path / "layout.yaml"
    given.write_text(propose(exports, REFERENCE).text, encoding="utf-8")
    own, found = layout.read(DATA / "export_layout.yaml"), layout.read(given)
    assert {form: list(one.sources) for form, one in found.items()} == {
        form: list(one.sources) for form, one in own.items()
    }
    for form, one in own.items():
        for field, source in one.sources.items():
            assert found[form].sources[field].headings == source.headings


@pytest.fixture
def proposed(tmp_path):
    """Return the text proposed for an export given as lines, having read it as a layout."""

    def proposed(*lines, name="export.csv"):
        file = tmp_path / name
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        text, missing = propose([file], REFERENCE)
        if not missing:
            (tmp_path / "layout.yaml").write_text(text, encoding="utf-8")
            layout.read(tmp_path / "layout.yaml")
        return text

    return proposed


def form(text):
    return yaml.safe_load(text)["uro"]


HEAD = "Tid;Sted;Type"


@pytest.mark.parametrize(
    ("moments", "given"),
    [
        (("01/02/2024 10:00", "13/02/2024 11:00"), "%d/%m/%Y %H:%M"),
        (("01/02/2024 10:00", "02/13/2024 11:00"), "%m/%d/%Y %H:%M"),
        (("01.02.24 10.00", "13.02.24"), "%d.%m.%y %H.%M"),
        (("2024/02/01 1:00:00 PM",), "%Y/%m/%d %I:%M:%S %p"),
        (("1 May 2024", "13 May 2024"), "%d %b %Y"),
        (("2024-02-01T10:00:00Z", "2024-02-13 10:00"), None),
        (("13-02-2024 10:00", "13-02-2024 10:00:05"), ["%d-%m-%Y %H:%M", "%d-%m-%Y %H:%M:%S"]),
    ],
)
def test_the_format_of_times_is_found_over_all_values(proposed, moments, given):
    text = proposed(HEAD, *(f"{moment};Union;Trusler" for moment in moments))
    assert form(text)["occurred_at"].get("format") == given
    assert "byttet" not in text


def test_days_and_months_that_may_be_swapped_are_told_and_the_day_comes_first(proposed):
    text = proposed(HEAD, "01/02/2024 10:00;Union;Trusler", "03/04/2024 10:00;Union;Trusler")
    assert form(text)["occurred_at"]["format"] == "%d/%m/%Y %H:%M"
    assert "# Dag og måned kan være byttet om" in text


def test_rows_whose_time_cannot_be_read_are_counted_and_not_shown(proposed):
    moments = ["01/02/2024 10:00", "13/02/2024 10:00", "14/02/2024 9:00", "15/02/2024 ca. 9"]
    text = proposed(HEAD, *(f"{moment};Union;Trusler" for moment in moments))
    assert "# 1 af 4 rækker kan ikke læses sådan." in text
    assert "ca. 9" not in text


def test_times_that_nobody_can_read_are_left_to_fill_in_the_column_so_named(proposed):
    text = proposed("Hændelsestidspunkt;Sted;Type", "fra 10 til 11;Union;Trusler")
    assert form(text)["occurred_at"] == {"heading": "Hændelsestidspunkt"}
    assert "# UDFYLD: hvordan tiderne er skrevet, blev ikke fundet" in text


def test_what_may_be_about_people_is_never_shown(proposed):
    text = proposed(
        "Tid;Sted;Type;Hændelse;Forurettede;Anmelders navn;Kontakt;Noter",
        *(
            f"{day:02}-11-2024 10:00;Privat vej {day};{kind};En lang fortælling om Hemmelig Hansen "
            f"og hans hund nummer {day};Hemmelig Jensen;Hemmelig Olsen;010203-{day:04};Hemmelig"
            for day, kind in enumerate(
                (
                    *("Ved 010203-1234", "ring 12 34 56 78", "a@b.dk", "Hemmelig " * 6),
                    *["Trusler"] * 20,
                ),
                1,
            )
        ),
    )
    assert "emmelig" not in text
    assert "Privat" not in text
    assert "010203" not in text
    assert "12 34" not in text
    assert "a@b" not in text
    assert (
        "# category: 4 betegnelser er ikke vist (for mange, for lange eller om personer)." in text
    )
    assert '"Hændelse" (fritekst eller om personer)' in text


def test_at_most_thirty_labels_are_shown_with_their_rows_and_what_is_near_none_is_left_to_fill(
    proposed,
):
    text = proposed(HEAD, *(f"01-11-2024;Union;Xq{at}zw" for at in range(40)))
    assert text.count("# 1 række, UDFYLD") == 30
    assert '# "Xq0zw": ""  # 1 række, UDFYLD' in text
    assert "# category: 10 betegnelser er ikke vist" in text


def test_columns_without_a_known_name_are_found_by_what_stands_in_them_or_by_likeness(proposed):
    text = proposed(
        "Hvornår skete det;Hvor henne;Hvad;Bydelen;Rapport ID",
        "01-11-2024 10:00;Union;Trusler;Nørrebro;R-1",
        "02-11-2024 10:00;Valby Bibliotek;Hærværk;Valby;R-2",
    )
    found = form(text)
    assert found["occurred_at"]["heading"] == "Hvornår skete det"
    assert found["location"] == "Hvor henne"
    assert found["category"] == "Hvad"
    assert found["district"] == "Bydelen"
    assert found["case_number"] == "Rapport ID"
    assert text.count("gættet.") == 5


def test_every_heading_is_used_once_and_one_that_stands_twice_not_at_all(proposed):
    text = proposed(
        "Tid;Sted;Type;Type af hændelse;Status;Status",
        "01-11-2024;Union;Trusler;Trusler;Udført;Udført",
    )
    assert list(form(text)) == ["occurred_at", "location", "category", "options"]
    assert form(text)["category"] == "Type af hændelse"


def test_headings_with_signs_are_written_so_that_the_layout_finds_them(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    file = folder / "a.csv"
    file.write_text(
        '"Case #: ""nr""";"Sted {1}, [2]";"Type \\ art 😀";"- Tid"\n'
        "S1;Union;Trusler;01-11-2024 10:00\n",
        encoding="utf-8",
    )
    text, missing = propose([file], REFERENCE)
    assert missing == []
    (tmp_path / "layout.yaml").write_text(text, encoding="utf-8")
    ingest(folder, REFERENCE, tmp_path / "layout.yaml", tmp_path / "new.duckdb")
    with files.connect(tmp_path / "new.duckdb") as con:
        assert fates(con, "incident_id, location, category::varchar") == [
            (incident("uro:S1"), "Union", "Trusler")
        ]


def run(capsys, *given):
    code = cli.main(["layout", *map(str, given)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_command_prints_the_proposal_or_writes_it_and_never_over_a_file(tmp_path, capsys):
    export, target = EXPORTS / "kommune" / "utryghed_2024.csv", tmp_path / "forslag.yaml"
    code, text, _ = run(capsys, export)
    assert code == cli.DONE
    code, told, _ = run(capsys, export, "--output", target)
    assert (code, told) == (cli.DONE, f"Forslaget er skrevet i {target}\n")
    assert target.read_text(encoding="utf-8") == text
    code, _, told = run(capsys, export, "--output", target)
    assert code == cli.NOT_DONE
    assert told.startswith("barometer layout: ")
    assert "forslag.yaml" in told
    assert target.read_text(encoding="utf-8") == text


def test_a_needed_field_that_is_not_found_is_left_to_fill_and_exit_1(tmp_path, capsys):
    file = tmp_path / "export.csv"
    file.write_text("Tid;Sted;Bemærkning\n01-11-2024;Union;Kom igen\n", encoding="utf-8")
    code, text, told = run(capsys, file)
    assert code == cli.FELL_SHORT
    assert "# UDFYLD: category blev ikke fundet" in text
    assert "uro: category" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", "S1;01-11-2024;Hemmelig\nS2;02-11-2024;Hemmelig\n", "ligner overskrifter"),
        ("a.csv", "", "ligner overskrifter"),
        ("a.csv", "\n;;\n", "ligner overskrifter"),
        ("a.txt", "Tid;Sted;Type\n", "endelsen skal være"),
        ("a.xlsx", "Tid;Sted;Type\n", "er ikke det, som endelsen .xlsx siger"),
        (None, "", "findes ikke"),
    ],
)
def test_an_export_that_cannot_be_read_is_one_line_and_exit_2(
    tmp_path, capsys, name, content, told
):
    file = tmp_path / (name or "b.csv")
    if name:
        file.write_text(content, encoding="utf-8")
    code, text, error = run(capsys, file)
    assert (code, text) == (cli.NOT_DONE, "")
    assert error.startswith(f"barometer layout: {file.name}")
    assert told in error
    assert error.count("\n") == 1
    assert "Hemmelig" not in error


@pytest.mark.parametrize(
    ("rows", "given"),
    [
        (["2024-11-01T00:00:00.000,11:15", "2024-11-13T00:00:00.000,9:05"], None),
        (["11/10/2024 12:00:00 AM,11:15", "11/13/2024 12:00:00 AM,09:05"], "%m/%d/%Y %H:%M"),
        (["10/11/2024,10.30am", "13/11/2024,9.05pm"], "%d/%m/%Y %I.%M%p"),
    ],
)
def test_a_day_with_its_midnight_and_a_clock_beside_are_one_time(proposed, rows, given):
    text = proposed("Date,Time,Location,Type", *(f"{one},Union,Trusler" for one in rows))
    found = form(text)["occurred_at"]
    assert (found["date"], found["time"], found.get("format")) == ("Date", "Time", given)


def test_a_file_without_headings_shows_no_row(tmp_path, capsys):
    export = tmp_path / "a.csv"
    row = "S{};Nov {}, 2024 2:30 PM;Union;Trusler;Ole 010190-1234 slog nr {}"
    export.write_text("\n".join(row.format(n, n, n) for n in range(1, 6)), encoding="utf-8")
    assert cli.main(["layout", str(export)]) == cli.NOT_DONE
    printed = capsys.readouterr()
    assert "ligner overskrifter" in printed.err
    assert "010190" not in printed.err + printed.out


def test_a_column_of_texts_of_their_own_is_no_column_of_labels(proposed):
    people = ("Ole slog Fatima ned", "Peter er vist syg", "En mand råbte højt", "Ida løb ud igen")
    text = proposed(
        "Tid;Sted;Hændelse", *(f"0{n}-11-2024 10:00;Union;{one}" for n, one in enumerate(people, 1))
    )
    assert not any(one in text for one in people)


def test_the_labels_of_a_large_log_are_told_in_a_moment(proposed, monkeypatch):
    asked = []
    monkeypatch.setattr(proposal, "nearest", lambda *given: asked.append(given) or ["Union"])
    rows = (f"01-11-2024 10:00;Vej {n} ved torvet;Trusler" for n in range(500))
    proposed("Tid;Sted;Type", *rows)
    assert len(asked) < 100
