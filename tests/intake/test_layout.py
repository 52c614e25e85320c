"""The layout file's promises: what it can say of an export, and what it refuses."""

import re
from datetime import datetime

import pytest
from pseudonyms import incident

from analysis.core import database as files
from analysis.intake import IngestError, ingest, layout
from analysis.intake.reference import FILES

DATA = files.ROOT / "data"
LAYOUTS = DATA / "layouts"
NEEDED = {"occurred_at": "Tid", "location": "Sted", "category": "Type"}


def written(folder, text):
    file = folder / "layout.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def uro(**fields):
    """A layout of the form as YAML: the needed fields, and those given instead or beside them."""
    given = {**NEEDED, **fields}
    return "uro:\n" + "".join(f"  {name}: {value}\n" for name, value in given.items() if value)


@pytest.fixture(scope="session")
def reference(tmp_path_factory):
    """Reference tables of three places and nothing else."""
    folder = tmp_path_factory.mktemp("reference")
    for name in FILES.values():
        lines = (DATA / "reference" / name).read_text(encoding="utf-8").splitlines(keepends=True)
        places = ("Blågårdens Bibliotek,", "Union,", "Støberiet,")
        kept = (
            [line for line in lines if line.startswith(places)] if name == "locations.csv" else []
        )
        (folder / name).write_text("".join([lines[0], *kept]), encoding="utf-8")
    return folder


@pytest.fixture
def run(tmp_path, reference):
    """Ingest exports (their name: their text or bytes) by a layout, and return what became."""

    def run(text, **exports):
        folder = tmp_path / "exports"
        folder.mkdir()
        for name, content in exports.items():
            content = content if isinstance(content, bytes) else content.encode()
            (folder / name.replace("_csv", ".csv")).write_bytes(content)
        target = tmp_path / "new.duckdb"
        ingest(folder, reference, written(tmp_path, text), target, accept=True)
        return files.connect(target)

    return run


def rows(con, columns):
    joined = "intake_row left join incident using (incident_id)"
    return con.execute(f"select {columns} from {joined} order by file, row").fetchall()


def times(con):
    return [moment for (moment,) in rows(con, "occurred_at")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "beskriver intet skema"),
        ("{}", "beskriver intet skema; kendte er uro og haervaerk"),
        ("uroo: {}", "skemaet »uroo« kendes ikke; nærmest er uro"),
        ("uro:", "uro skal være navne med hver sin værdi"),
        ("uro: {location: A}", "uro siger ikke, hvor occurred_at og category står"),
        ("haervaerk: {location: A}", "haervaerk siger ikke, hvor reported_at og status står"),
        (uro(categori="Type"), "uro: feltet »categori« kendes ikke; nærmest er category"),
        (uro(xyz="Type"), "uro: feltet »xyz« kendes ikke; kendte er case_number"),
        (uro(description="Beskrivelse"), "uro: feltet »description« kendes ikke"),
        (uro(status="Status"), "uro: feltet »status« kendes ikke"),
        (uro(location="{headng: A}"), "uro: location: »headng« kendes ikke; nærmest er heading"),
        (uro(location="{heading: }"), "uro: location mangler heading eller default"),
        (uro(location="{values: {A: B}}"), "uro: location mangler heading eller default"),
        (uro(occurred_at="{time: Kl}"), "uro: occurred_at mangler heading, date eller default"),
        (uro(location="{heading: A, format: '%d'}"), "uro: location: »format« kendes ikke"),
        (uro(case_number="{heading: A, values: {A: B}}"), "uro: case_number: »values« kendes ikke"),
        (uro(category="{heading: A, separator: '/'}"), "uro: category: »separator« kendes ikke"),
        (uro(occurred_at="{heading: A, separator: '/'}"), "»separator« kendes ikke"),
        (uro(options="{file: a}"), "uro: options: »file« kendes ikke; nærmest er files"),
        (uro(options="{delimiter: x}"), "uro: delimiter kan være"),
        (uro(options="{encoding: utf-99}"), "uro: encoding »utf-99« kendes ikke"),
        (uro(occurred_at="{heading: A, format: '%H:%M'}"), "dag, måned eller år mangler"),
        (uro(category="{default: Tyveri}"), "default: »Tyveri« er ukendt; kendte er"),
        (uro(occurred_at="{heading: A, format: '%Q'}"), "format »%Q« kan ikke bruges: %Q kendes"),
        (uro(occurred_at="{heading: A, format: dd-mm}"), "intet tegn i det begynder med %"),
        (uro(occurred_at="{heading: A, zone: ''}"), "uro: occurred_at: zone skal være tekst"),
        (uro(category="{heading: A, values: {A: Vrede}}"), "values: »Vrede« er ukendt"),
        (uro(category="{heading: A, values: {A: Trusel}}"), "»Trusel« er ukendt; nærmest er Trusl"),
        (uro(category="{heading: A, values: [A]}"), "category: values skal være navne med hver"),
        (uro(location="[A, {b: c}]"), "uro: location skal være tekst"),
        (uro(location="{heading: true}"), "uro: location skal være tekst"),
        ("uro: {location: [A", "er ikke gyldig YAML (ved linje 1)"),
        ("uro:\n\tlocation: A", "er ikke gyldig YAML (ved linje 2)"),
    ],
)
def test_what_a_layout_cannot_say_is_refused_in_one_line_with_the_nearest(tmp_path, text, told):
    with pytest.raises(IngestError) as refused:
        layout.read(written(tmp_path, text))
    assert told in str(refused.value)
    assert "layout.yaml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_layout_that_is_no_utf_8_or_is_missing_is_refused(tmp_path):
    file = tmp_path / "layout.yaml"
    with pytest.raises(IngestError, match=r"layout\.yaml findes ikke"):
        layout.read(file)
    file.write_bytes("uro: {location: Åsted}".encode("cp1252"))
    with pytest.raises(IngestError, match="kan ikke læses som tekst i UTF-8"):
        layout.read(file)


def test_an_unknown_zone_is_refused_with_the_nearest(run):
    given = uro(occurred_at="{heading: Tid, zone: America/Chicargo}")
    with pytest.raises(
        IngestError, match="»America/Chicargo« kendes ikke; nærmest er America/Chic"
    ):
        run(given, a_csv="Tid;Sted;Type\n")


def test_one_form_alone_is_enough_and_each_export_without_numbers_is_numbered_by_file_and_row(run):
    text = "Tid;Sted;Type\n01-11-2024 09:30;Union;Trusler\n01-11-2024 09:30;Union;Trusler\n"
    con = run(uro(), a_csv=text, b_csv=text)
    assert rows(con, "fate, incident_id") == [
        ("accepted", incident("uro:a.csv:1")),
        ("accepted", incident("uro:a.csv:2")),
        ("accepted", incident("uro:b.csv:1")),
        ("accepted", incident("uro:b.csv:2")),
    ]


def test_the_orders_alone_are_enough(run):
    given = "haervaerk: {reported_at: Dato, location: Sted, status: Status}"
    con = run(
        given, a_csv="Dato;Sted;Status\n01-11-2024;Union;Udført\n01-11-2024;Union;Annulleret\n"
    )
    assert rows(con, "fate, category") == [("accepted", "Hærværk"), ("cancelled", None)]


def test_a_number_whose_column_may_be_missing_is_the_row_where_it_is(run):
    con = run(
        uro(case_number='{heading: Sagsnr, default: ""}'),
        a_csv="Sagsnr;Tid;Sted;Type\nS1;01-11-2024;Union;Trusler\n;01-11-2024;Union;Trusler\n",
        b_csv="Tid;Sted;Type\n01-11-2024;Union;Trusler\n01-11-2024;Union;Trusler\n",
    )
    assert rows(con, "fate, reason, incident_id") == [
        ("accepted", None, incident("uro:S1")),
        ("rejected", "Intet sagsnummer", None),
        ("accepted", None, incident("uro:b.csv:1")),
        ("accepted", None, incident("uro:b.csv:2")),
    ]


def test_one_of_several_headings_is_found_and_a_needed_one_is_named_with_the_nearest(run):
    con = run(uro(location="[Lokation, Sted]"), a_csv="Tid;Sted;Type\n01-11-2024;Union;Trusler\n")
    assert rows(con, "location") == [("Union",)]


def test_a_heading_that_no_row_has_stops_the_ingest(run):
    with pytest.raises(IngestError, match=r"a.csv: .* mangler Sted \(nærmest er »Steder«\)"):
        run(uro(district="Bydel"), a_csv="Tid;Steder;Type;Bydel\n01-11-2024;Union;Trusler;x\n")


def test_a_default_stands_where_there_is_no_column_and_differs_from_no_register(run):
    con = run(
        uro(
            district="{default: Indre By}",
            victim="{heading: Offer, default: Bruger}",
            facility="{default: Kulturhus}",
        ),
        a_csv="Tid;Sted;Type\n01-11-2024;Blågårdens Bibliotek;Trusler\n01-11-2024;Nyt;Trusler\n",
        b_csv="Tid;Sted;Type;Offer\n01-11-2024;Union;Trusler;Lokationen\n01-11-2024;Union;Trusler;\n",
    )
    assert rows(con, "reason, district, facility, victim") == [
        (None, "Nørrebro", "Bibliotek", "Bruger"),
        ("Lokationen står ikke i registret", "Indre By", "Kulturhus", "Bruger"),
        (None, "Nørrebro", "Kulturhus", "Lokationen"),
        (None, "Nørrebro", "Kulturhus", None),
    ]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("Tid", {"01.11.2024 14.30": datetime(2024, 11, 1, 14, 30)}),
        (
            "{heading: Tid, format: '%m/%d/%y %I:%M %p'}",
            {
                "7/1/10 2:30 pm": datetime(2010, 7, 1, 14, 30),
                "7/1/10": datetime(2010, 7, 1),
                "12/31/68": None,
                "12/31/69": datetime(1969, 12, 31),
                "7/1/2010": None,
                "7/1/10 to 7/2/10": None,
            },
        ),
        (
            "{heading: Tid, format: ['%m/%d/%Y', '%d %B %Y']}",
            {"7/1/10": None, "13/1/2024": None, "13 May 2024": datetime(2024, 5, 13)},
        ),
        (
            "{heading: Tid, format: '%d/%m/%Y kl. %H:%M'}",
            {
                "13/1/2024 kl. 9:05": datetime(2024, 1, 13, 9, 5),
                "13/1/2024": datetime(2024, 1, 13),
                "2024-01-13 10:00": datetime(2024, 1, 13, 10),
                "13-01-2024 10:00": None,
            },
        ),
        (
            "{heading: Tid, zone: America/Chicago}",
            {
                "30-10-2024 18:00": datetime(2024, 10, 31),
                "30-10-2024": datetime(2024, 10, 30),
                "2024-07-01T14:30-04:00": datetime(2024, 7, 1, 20, 30),
            },
        ),
    ],
)
def test_times_are_read_by_the_formats_and_the_zone_of_the_layout_or_refused(run, given, read):
    text = "".join(f"{moment};Union;Trusler\n" for moment in read)
    con = run(uro(occurred_at=given), a_csv=f"Tid;Sted;Type\n{text}")
    assert times(con) == [*read.values()]


def test_date_and_time_stand_in_two_columns_and_a_date_alone_has_no_time(run):
    con = run(
        uro(occurred_at="{date: Dato, time: [Kl, Tid], format: '%d/%m/%Y %H.%M'}"),
        a_csv="Kl;Sted;Type;Dato\n9.05;Union;Trusler;1/11/2024\n;Union;Trusler;2/11/2024\n"
        "9.05;Union;Trusler;\nca. 9;Union;Trusler;1/11/2024\n",
    )
    assert rows(con, "fate, occurred_at, has_time") == [
        ("accepted", datetime(2024, 11, 1, 9, 5), True),
        ("accepted", datetime(2024, 11, 2), False),
        ("rejected", None, None),
        ("rejected", None, None),
    ]


def test_values_map_whole_labels_before_beginnings_the_longest_first_and_the_rest_last(run):
    values = (
        "{heading: Type, values: {'*': Andet, 'ASSAULT*': Fysisk vold, 'ASSAULT - V*': Trusler, "
        "ASSAULT: Hærværk, NOISE: }}"
    )
    text = "\n".join(
        f"01-11-2024;Union;{label}"
        for label in ("assault", "Assault – 2nd", "ASSAULT - VERBAL", "LOST", "NOISE", "trusler")
    )
    con = run(uro(category=values), a_csv=f"Tid;Sted;Type\n{text}\n")
    assert rows(con, "category, subcategory, reason") == [
        ("Hærværk", None, None),
        ("Fysisk vold", None, None),
        ("Trusler", None, None),
        ("Uønsket adfærd", "Andet", None),
        (None, None, "Ingen urotype"),
        ("Uønsket adfærd", "Andet", None),
    ]


def test_helpers_are_parted_by_the_separator_of_the_layout_and_what_means_nothing_is_none(run):
    con = run(
        uro(called="{heading: Enheder, separator: /, values: {PD: Politiet}}"),
        a_csv="Tid;Sted;Type;Enheder\n01-11-2024;Union;Trusler;PD/Ambulance\n"
        "01-11-2024;Union;Trusler;N/A\n01-11-2024;Union;Trusler;Brand, og redning\n",
    )
    helped = con.execute("select incident_id, helper from help_call").fetchall()
    assert set(helped) == {
        (incident("uro:a.csv:1"), "Ambulance"),
        (incident("uro:a.csv:1"), "Politiet"),
        (incident("uro:a.csv:3"), "Brand, og redning"),
    }


def test_files_says_which_exports_are_a_forms_and_the_others_are_named(tmp_path, reference):
    exports = tmp_path / "exports"
    exports.mkdir()
    for name in ("log_1.csv", "andet.csv"):
        (exports / name).write_text("Tid;Sted;Type\n01-11-2024;Union;Trusler\n", encoding="utf-8")
    given = written(tmp_path, uro(options='{files: "log*.csv"}'))
    intake = ingest(exports, reference, given, tmp_path / "new.duckdb")
    assert [one.file for one in intake.outcomes] == ["log_1.csv"]
    assert intake.unread == [("andet.csv", "nævnes ikke i layoutet")]


def test_sheet_says_which_sheets_of_a_workbook_are_read(tmp_path, reference):
    import openpyxl

    book = openpyxl.Workbook()
    for name, place in (("Data 2024", "Union"), ("Data 2025", "Støberiet"), ("Prøve", "Hal C")):
        sheet = book.create_sheet(name)
        sheet.append(["Tid", "Sted", "Type"])
        sheet.append([datetime(2024, 11, 1, 9, 30), place, "Trusler"])
    (tmp_path / "exports").mkdir()
    book.save(tmp_path / "exports" / "a.xlsx")
    given = written(tmp_path, uro(options='{sheet: "Data*"}'))
    target = tmp_path / "new.duckdb"
    ingest(tmp_path / "exports", reference, given, target)
    with files.connect(target) as con:
        assert rows(con, "location, occurred_at") == [
            ("Union", datetime(2024, 11, 1, 9, 30)),
            ("Støberiet", datetime(2024, 11, 1, 9, 30)),
        ]


@pytest.mark.parametrize(
    ("options", "delimiter", "encoding"),
    [
        ("{delimiter: tab, encoding: utf-16}", "\t", "utf-16"),
        ("{delimiter: tabulator}", "\t", "utf-8"),
        ("{delimiter: '|', encoding: cp865}", "|", "cp865"),
        ("{encoding: mac-roman}", ";", "mac-roman"),
    ],
)
def test_delimiter_and_encoding_are_the_layouts_where_it_says_them(
    run, options, delimiter, encoding
):
    text = "Tid;Sted;Type\n01-11-2024;Blågårdens Bibliotek;Trusler\n".replace(";", delimiter)
    con = run(uro(options=options), a_csv=text.encode(encoding))
    assert rows(con, "location, category") == [("Blågårdens Bibliotek", "Trusler")]


def test_a_file_with_another_delimiter_than_the_layout_says_is_refused(run):
    with pytest.raises(IngestError, match=r"a.csv: overskrifterne passer ikke"):
        run(uro(options="{delimiter: tab}"), a_csv="Tid;Sted;Type\n01-11-2024;Union;Trusler\n")


def documented():
    """Every form that the comments of the project's layout show, as `field: value`."""
    text = (DATA / "export_layout.yaml").read_text(encoding="utf-8")
    return re.findall(r"^#   (\w+: .*)$", text, re.MULTILINE)


@pytest.mark.parametrize("line", documented())
def test_every_form_that_the_projects_layout_documents_is_read(tmp_path, line):
    field, value = line.split(": ", 1)
    forms = layout.read(written(tmp_path, uro(**{field: value})))
    assert field == "options" or field in forms["uro"].sources


def test_the_projects_layout_documents_every_key_and_no_line_is_long():
    text = (DATA / "export_layout.yaml").read_text(encoding="utf-8")
    keys = {key for known in layout._KEYS.values() for key in known}
    assert not [key for key in keys if not re.search(rf"^#.*\b{key}: ", text, re.MULTILINE)]
    assert len(documented()) >= 10
    for file in (DATA / "export_layout.yaml", *LAYOUTS.glob("*.yaml")):
        assert max(map(len, file.read_text(encoding="utf-8").splitlines())) <= 100, file.name


def test_the_rest_of_the_labels_is_not_what_says_nothing(run):
    con = run(
        uro(
            called='{heading: Hjælp, separator: /, values: {"P*": Politiet, "*": Vagtselskab}}',
            arrived='{heading: Kom, values: {"*": Vagtselskab}}',
            victim='{heading: Hvem, values: {"*": Bruger}}',
            category='{heading: Type, values: {"*": Andet}}',
        ),
        a_csv="Tid;Sted;Type;Hjælp;Kom;Hvem\n"
        "01-11-2024 10:00;Union;Trusler;Politi/;;-\n"
        "01-11-2024 11:00;Union;N/A;N/A;;\n",
    )
    assert con.execute("select helper, arrived from help_call").fetchall() == [("Politiet", False)]
    assert rows(con, "fate, reason, victim") == [
        ("accepted", None, None),
        ("rejected", "Ingen urotype", None),
    ]


def test_a_day_written_with_its_midnight_takes_the_time_of_the_other_column(run):
    con = run(
        uro(occurred_at='{date: Dag, time: Kl, format: ["%m/%d/%Y %H:%M", "%Y-%m-%d %H:%M"]}'),
        a_csv="Dag;Kl;Sted;Type\n"
        "11/10/2024 12:00:00 AM;11:15;Union;Trusler\n"
        "2024-11-10T00:00:00.000;11:15;Union;Trusler\n",
    )
    assert times(con) == [datetime(2024, 11, 10, 11, 15)] * 2


def test_a_clock_without_its_leading_zeros_is_that_clock_and_one_that_says_nothing_none(run):
    con = run(
        uro(occurred_at='{date: Dag, time: Kl, format: "%d-%m-%Y %H%M"}'),
        a_csv="Dag;Kl;Sted;Type\n"
        + "".join(f"01-11-2024;{clock};Union;Trusler\n" for clock in (130, 945, 5, "2300", "-", ""))
        + "NULL;NULL;Union;Trusler\n",
    )
    moments = [datetime(2024, 11, 1, *clock) for clock in ((1, 30), (9, 45), (0, 5), (23, 0))]
    alone = [datetime(2024, 11, 1)] * 2
    assert times(con) == [*moments, *alone, None]
    assert rows(con, "has_time, reason")[4:] == [(False, None)] * 2 + [(None, "Intet tidspunkt")]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"occurred_at": "{heading: Kl, date: Dato}"}, "har både heading og date"),
        ({"category": '{heading: Type, values: {"*RUSL*": Trusler}}'}, "* kan kun stå til sidst"),
    ],
)
def test_what_would_be_passed_over_in_a_layout_is_refused(run, given, told):
    with pytest.raises(IngestError, match=re.escape(told)):
        run(uro(**given), a_csv="x\n")
