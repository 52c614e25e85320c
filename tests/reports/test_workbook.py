"""The Excel workbooks, as openpyxl reads them: their figures, their form, and what they refuse."""

import json
import zipfile
from dataclasses import replace
from datetime import date, datetime, time

import nbformat
import openpyxl
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis import barometer
from analysis.barometer import Selection, words
from analysis.core import asking, taxonomy
from analysis.core.headings import BLANK, TOTAL
from analysis.reports import workbook
from analysis.show import sheets
from analysis.show.phrases import crossed
from analysis.show.tables import TABLE_TYPE, table

SELECTION = Selection("2025/26", location="Blågårdens Bibliotek")
HOSTILE = ["=1+1", "+4", "-2", "@x", "\t=1", "\r=1", "#REF!", "a\x0bb"]


def shown(value):
    """A cell that has shown a value, its outputs as a notebook's file holds them."""
    data, _ = InteractiveShell.instance().display_formatter.format(value)
    output = new_output("display_data", json.loads(json.dumps(data)))
    return new_code_cell("", outputs=[output])


def notebook(*cells, title="Titel"):
    opening = new_markdown_cell(f"# {title}\n\nHvad ses *her*?")
    return new_notebook(
        cells=[
            opening,
            *(new_markdown_cell(each) if isinstance(each, str) else shown(each) for each in cells),
        ]
    )


def written(content, file, data):
    workbook.write(content, file, data)
    return openpyxl.load_workbook(file)


def body(sheet):
    """The rows under the headings."""
    rows = sheet.iter_rows(min_row=sheets.HEADING_ROW + 1, values_only=True)
    return [tuple(row) for row in rows]


def headings(sheet):
    return [cell.value for cell in sheet[sheets.HEADING_ROW]]


def by_caption(book):
    return {sheet["A1"].value: sheet for sheet in book.worksheets[1:]}


def rows_of(df):
    """A view's rows as a sheet holds them."""
    df = df.astype(object).where(df.notna(), BLANK)
    return [tuple(row) for row in df.itertuples(index=False)]


@pytest.fixture
def data(con):
    return asking.dataset(con)


@pytest.fixture
def views(con):
    return {
        "victims": barometer.count_by(con, SELECTION, "victim"),
        "months": crossed(barometer.per_month(con, SELECTION), "category"),
        "matrix": barometer.matrix(con, Selection("2025/26"), "district"),
    }


@pytest.fixture
def book(con, data, views, tmp_path):
    return written(
        notebook(
            words.header(con, SELECTION),
            words.totals(con, SELECTION),
            "## Forurettede\n\nProsa.",
            table(views["victims"], "Hændelser ud fra forurettede", "victim", total=True),
            "## Tid\n\n### Indmeldinger pr. måned ud fra *urotype*",
            table(views["months"], "Hændelser pr. måned", total=True),
            "## Bydel og urotype",
            table(views["matrix"], "Bydel × urotype", "district", shaded=True),
            table(
                pd.DataFrame({"name": ["a"], "share": [-0.125], "rate": [1.5], "yes": [True]}),
                "Andele",
                percent=["share"],
                signed=["share"],
            ),
            title="Tryghed",
        ),
        tmp_path / "book.xlsx",
        data,
    )


@pytest.mark.parametrize(
    ("words", "numbers", "kept"),
    [
        (
            ["0,56–1,09", "1.050–2.000,5"],
            {"laveste": [0.56, 1050], "højeste": [1.09, 2000.5]},
            False,
        ),
        (
            ["0,78 (0,52–\u20601,17)", "–"],
            {"tal": [0.78, None], "laveste": [0.52, None], "højeste": [1.17, None]},
            False,
        ),
        (
            ["75\u00a0% (63\u2060–\u206083)"],
            {"tal": [0.75], "laveste": [0.63], "højeste": [0.83]},
            False,
        ),
        (["−44,7 til 8,9"], {"laveste": [-44.7], "højeste": [8.9]}, False),
        # What says more than its numbers stays beside them.
        (
            ["0,61 (0,44–0,84)*", "5,00 (under 0,1 til over 10)", "– (mindst 0,19)"],
            {"tal": [0.61, 5, None], "laveste": [0.44, None, 0.19], "højeste": [0.84, None, None]},
            True,
        ),
        (
            ["−3 til +12 (ikke klar)", "+3 til +20 (klar)"],
            {"laveste": [-3, 3], "højeste": [12, 20]},
            True,
        ),
        (
            ["0,78 (0,52–1,17)", "for få hændelser"],
            {"tal": [0.78, None], "laveste": [0.52, None], "højeste": [1.17, None]},
            True,
        ),
        (["15.–30. november 2024", "over 90 %"], {}, True),
        (
            ["24 af 1.951 (1 %)", "2 af 951 (under 1 %)"],
            {"antal": [24, 2], "ud af": [1951, 951], "andel": [0.01, 0.01]},
            False,
        ),
        (
            ["3 af 87 (3 %)", "Ingen"],
            {"antal": [3, None], "ud af": [87, None], "andel": [0.03, None]},
            True,
        ),
        (["0,56–1,09", "steget"], {}, True),
        (["–", "kan ikke beregnes"], {}, True),
    ],
)
def test_an_interval_in_words_is_columns_of_numbers(data, tmp_path, words, numbers, kept):
    found = table(pd.DataFrame({"name": list("abc")[: len(words)], "told": words}), "A")
    sheet = written(notebook("## A", found), tmp_path / "a.xlsx", data).worksheets[1]
    values = dict(zip(headings(sheet), zip(*body(sheet), strict=True), strict=True))
    assert {
        name.removeprefix("told: "): list(told) for name, told in values.items() if ": " in name
    } == numbers
    assert ("told" in values) == kept


@pytest.mark.parametrize(
    ("told", "value", "look"),
    [
        ("0,0498", 0.0498, "0.0000"),
        ("under\u00a00,001", 0.001, '"under "0.000'),
        ("over 90 %", 0.9, '"over "0 %'),
        ("1.250", 1250, "#,##0"),
        ("+4", 4, '"+"0'),
        ("0,53*", 0.53, '0.00"*"'),
        ("5 højere", 5, '0" højere"'),
        ("mindst 12 lavere", -12, '"mindst "0" lavere";"mindst "0" lavere"'),
        ("1. oktober\u00a02025", datetime(2025, 10, 1), sheets.DATE),
        # What is no number or day.
        ("31. februar 2025", "31. februar 2025", "General"),
        ("0012", "0012", "General"),
        ("2025/26", "2025/26", "General"),
    ],
)
def test_a_number_or_a_day_in_words_is_one_that_reads_alike(data, tmp_path, told, value, look):
    found = table(pd.DataFrame({"name": ["1", "2", "3"], "told": [told, "ukendt", "–"]}), "A")
    sheet = written(notebook("## A", found), tmp_path / "a.xlsx", data).worksheets[1]
    assert headings(sheet) == ["Navn", "told"]
    assert body(sheet) == [("1", value), ("2", "ukendt"), ("3", "–" if look == "General" else None)]
    assert sheet["B4"].number_format == look


def test_a_bound_among_shares_is_a_number(data, tmp_path):
    found = table(pd.DataFrame({"name": list("ab"), "n": [0.78, "over 90 %"]}), "A", percent=["n"])
    sheet = written(notebook("## A", found), tmp_path / "a.xlsx", data).worksheets[1]
    assert body(sheet) == [("a", 0.78), ("b", 0.9)]


def test_no_cells_are_merged(book):
    assert not any(sheet.merged_cells.ranges for sheet in book.worksheets)


def test_each_table_has_a_sheet_called_as_its_section_or_as_what_it_is_in_it(book):
    assert book.sheetnames == [
        "Om rapporten",
        "Forurettede",
        "Indmeldinger pr. … urotype",
        "Bydel og urotype",
        "Andele",
    ]
    captions = ["Hændelser ud fra forurettede", "Hændelser pr. måned", "Bydel × urotype", "Andele"]
    assert [sheet["A1"].value for sheet in book.worksheets[1:]] == captions


def test_the_figures_are_the_views_own(book, views):
    _, victims, months, matrix, _ = book.worksheets
    assert headings(victims) == ["Forurettede", "Antal"]
    assert body(victims)[:-1] == rows_of(views["victims"])
    assert body(victims)[-1] == (TOTAL, views["victims"]["incidents"].sum())
    assert body(months)[:-1] == rows_of(views["months"])
    assert body(months)[-1][1:] == tuple(views["months"].sum(numeric_only=True))
    assert headings(matrix) == ["Bydel", *taxonomy.CATEGORY_LABELS, TOTAL]
    assert body(matrix) == rows_of(views["matrix"])


def test_numbers_are_numbers_and_dates_are_dates(book):
    months = book.worksheets[2]
    first = months[sheets.HEADING_ROW + 1]
    assert first[0].is_date
    assert first[0].number_format.endswith("mmmm yyyy")
    assert {(cell.data_type, cell.number_format) for cell in first[1:]} == {("n", "#,##0")}
    share, rate, yes = book.worksheets[4][sheets.HEADING_ROW + 1][1:]
    assert (share.value, share.number_format) == (-0.125, "+#,##0.0 %;-#,##0.0 %;#,##0.0 %")
    assert (rate.value, rate.number_format) == (1.5, "#,##0.0")
    assert yes.value == "Ja"


def test_days_times_hours_and_what_is_missing(tmp_path, data):
    made = pd.DataFrame(
        {
            "date": pd.to_datetime(["2024-10-07", None]),
            "at": pd.to_datetime(["2024-10-07 14:30", "2024-10-08 00:00"]),
            "hour": [14, 0],
            "n": pd.array([1, None], dtype="Int64"),
        }
    )
    sheet = written(notebook(table(made, "x")), tmp_path / "x.xlsx", data).worksheets[1]
    first, second = sheet.iter_rows(min_row=sheets.HEADING_ROW + 1)
    assert [cell.value for cell in first] == [
        datetime(2024, 10, 7),
        datetime(2024, 10, 7, 14, 30),
        14,
        1,
    ]
    assert [cell.value for cell in second] == [BLANK, datetime(2024, 10, 8), 0, None]
    assert first[0].number_format.endswith("d. mmmm yyyy")
    assert first[2].number_format == '"kl. "0'


def test_headings_stay_in_sight_and_can_be_filtered(book):
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B4"
        assert all(cell.font.bold for cell in sheet[sheets.HEADING_ROW])
        assert sheet.print_title_rows == "$3:$3"
    # A row of sums would be sorted among the others.
    victims, matrix = book.worksheets[1], book.worksheets[3]
    assert victims.auto_filter.ref == f"A3:B{victims.max_row - 1}"
    assert matrix.auto_filter.ref == f"A3:G{matrix.max_row - 1}"
    assert all(cell.font.bold for cell in victims[victims.max_row])


def test_columns_are_as_wide_as_what_stands_in_them(book):
    for sheet in book.worksheets[1:]:
        for column in sheet.iter_cols(min_row=sheets.HEADING_ROW):
            width = sheet.column_dimensions[column[0].column_letter].width
            assert all(len(word) < width for word in column[0].value.split())
            texts = [str(cell.value) for cell in column[1:] if not isinstance(cell.value, date)]
            assert all(len(text) < width for text in texts)


def test_long_text_is_wrapped_in_a_row_that_is_high_enough(tmp_path, data):
    long = pd.DataFrame({"name": ["kort", "ord " * 60]})
    sheet = written(notebook(table(long, "x")), tmp_path / "x.xlsx", data).worksheets[1]
    heights = [sheet.row_dimensions[row].height for row in (4, 5)]
    assert sheet.column_dimensions["A"].width < 80
    assert sheet["A5"].alignment.wrap_text
    assert heights[1] >= 3 * 15 > heights[0]


def test_every_sheet_prints_on_a4_as_wide_as_the_page(book):
    for sheet in book.worksheets:
        assert str(sheet.page_setup.paperSize) == sheet.PAPERSIZE_A4
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert "Syntetiske data." in sheet.oddHeader.center.text


def test_shaded_counts_have_bars_of_one_scale(book, views):
    rules = book.worksheets[3].conditional_formatting
    districts = len(views["matrix"]) - 1
    assert {str(each.sqref) for each in rules} == {f"{c}4:{c}{3 + districts}" for c in "BCDEF"}
    most = views["matrix"].iloc[:-1, 1:-1].to_numpy().max()
    ends = {rule.dataBar.cfvo[1].val for each in rules for rule in each.rules}
    assert {float(end) for end in ends} == {most}
    # A bar is a share of its column's width.
    assert len({book.worksheets[3].column_dimensions[letter].width for letter in "BCDEF"}) == 1


def about(book):
    """The first sheet's two columns: what stands above the definitions, and those."""
    rows = list(book.worksheets[0].iter_rows(max_col=2, values_only=True))
    definitions = rows.index(("Definitioner", None))
    return dict(rows[:definitions]), dict(rows[definitions:])


def test_the_first_sheet_tells_the_selection_and_the_date_of_the_data(book, con, data):
    told, _ = about(book)
    assert book.worksheets[0]["A1"].value == "Tryghed"
    assert "Hvad ses her?" in told
    assert "Blågårdens Bibliotek, vinterhalvåret 2025/26" in told
    assert told["Periode"] == "1. oktober 2025 – 31. marts 2026"
    # A filter that is off is not among them.
    assert "Bydel" not in told
    assert told["Data til og med"] == datetime.combine(data.last_day, time.min)
    total = barometer.incidents(con, SELECTION)
    assert any(text and text.startswith(f"{total} indmeldte hændelser") for text in told)


def test_the_first_sheet_defines_the_words_of_the_tables(book):
    above, told = about(book)
    assert "udledt" in told["Relativ score"]
    assert all(f"{label} {n}" in told["Relativ score"] for label, n in taxonomy.WEIGHTS.items())
    for each in taxonomy.CATEGORIES:
        assert each.description in told.values()
    for term in ("Hændelse", "Vinterhalvår", "Konflikttrappe", "Selvbetjent åbningstid", BLANK):
        assert told[term]
    assert "Prosa." not in above


def test_the_first_sheet_leads_to_each_of_the_others(book):
    linked = [row[0] for row in book.worksheets[0].iter_rows() if row[0].hyperlink and row[0].value]
    assert [cell.value for cell in linked] == book.sheetnames[1:]
    assert [cell.hyperlink.location for cell in linked] == [
        f"'{name}'!A1" for name in book.sheetnames[1:]
    ]
    assert [cell.offset(0, 1).value for cell in linked] == list(by_caption(book))


def test_every_sheet_says_that_synthetic_data_are_synthetic_and_real_ones_are_not(
    book, data, tmp_path
):
    assert all("Syntetiske data." in sheet["A2"].value for sheet in book)
    content = notebook(table(pd.DataFrame({"name": ["a"]}), "x"))
    real = written(content, tmp_path / "real.xlsx", data._replace(synthetic=False))
    assert "yntetisk" not in str([list(sheet.values) for sheet in real])
    assert not any(sheet.oddHeader.center.text for sheet in real)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_can_not_become_a_formula_anywhere(text, tmp_path, data):
    made = table(pd.DataFrame({text: [text], "n": [1]}), text, total=True)
    book = written(notebook(f"## {text}", made, title=text), tmp_path / "x.xlsx", data)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = [cell for cell in cells if isinstance(cell.value, str)]
    assert {cell.data_type for cell in texts} == {"s"}
    assert not any(cell.value.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in texts)
    assert not any(name.startswith(("=", "+", "-", "@", "'")) for name in book.sheetnames)
    sheet = book.worksheets[1]
    assert sheet["A1"].value == sheet["A3"].value == sheet["A4"].value
    assert sheet["A4"].value.lstrip("'").strip() == sheets.safe(text).lstrip("'").strip()


def test_text_like_the_code_of_a_character_is_none(tmp_path):
    book = openpyxl.Workbook()
    sheets.put(book.active["A1"], "_x003D_1+1")
    book.save(tmp_path / "x.xlsx")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as package:
        assert b"_x005F_x003D_1+1" in package.read("xl/worksheets/sheet1.xml")


def test_text_that_is_no_formula_stays_as_it_is():
    for text in ("Unge (under 18 år)", "−3", "2–7 dage", "a=1", "'citat'"):
        assert sheets.safe(text) == text


def test_a_text_that_begins_a_formula_gets_an_apostrophe():
    assert [sheets.safe(text)[:2] for text in HOSTILE[:4]] == ["'=", "'+", "'-", "'@"]


@pytest.mark.parametrize(
    ("text", "taken", "name"),
    [
        ("Bydel", (), "Bydel"),
        ("bydel", ("Bydel",), "bydel (2)"),
        ("Bydel", ("Bydel", "BYDEL (2)"), "Bydel (3)"),
        ("Vesterbro/Kgs. [x]: *?", (), "Vesterbro Kgs. x"),
        ("'", (), "Tabel"),
        ("Tidspunkt på dagen ud fra demografi", (), "Tidspunkt på dagen … demografi"),
        ("a" * 40, (), "a" * 30 + "…"),
        ("a" * 40, ("a" * 30 + "…",), "a" * 26 + "… (2)"),
    ],
)
def test_a_sheets_name_is_one_that_excel_takes(text, taken, name):
    assert sheets.name(text, taken) == name
    assert len(name) <= 31


def test_a_table_without_rows_says_so(tmp_path, data):
    empty = table(pd.DataFrame({"name": [], "n": []}), "Tom", total=True)
    sheet = written(notebook(empty), tmp_path / "x.xlsx", data).worksheets[1]
    assert body(sheet)[0][0] == "Ingen"
    assert sheet.auto_filter.ref == "A3:B3"


def test_a_notebook_without_tables_still_gives_its_first_sheet(tmp_path, data):
    empty = data._replace(last_day=None)
    assert written(notebook(), tmp_path / "x.xlsx", empty).sheetnames == ["Om rapporten"]


def test_the_same_notebook_gives_the_same_bytes_dated_to_the_data(views, data, tmp_path):
    content = notebook("## A", table(views["victims"], "x"))
    one, other = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    made = written(content, one, data).properties
    written(content, other, data)
    assert one.read_bytes() == other.read_bytes()
    assert made.created == made.modified == datetime.combine(data.last_day, time(12))
    with zipfile.ZipFile(one) as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {
            data.last_day.timetuple()[:3]
        }


def test_a_workbook_says_what_it_is_and_in_which_language(book):
    assert book.properties.title == "Tryghed"
    assert book.properties.language == "da-DK"


def test_every_report_has_a_workbook_with_a_sheet_for_each_of_its_tables(reported):
    notebooks = sorted(reported.glob("*/*.ipynb"))
    assert notebooks
    for file in notebooks:
        content = nbformat.read(file, as_version=4)
        kept = [
            output.data[TABLE_TYPE]
            for cell in content.cells
            for output in cell.get("outputs", ())
            if TABLE_TYPE in output.get("data", {})
        ]
        book = openpyxl.load_workbook(file.with_suffix(".xlsx"))
        assert [sheet["A1"].value for sheet in book.worksheets[1:]] == [
            sheets.safe(one["caption"]) for one in kept
        ]
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not any(cell.data_type in "fe" for cell in cells)
        assert not any("SYN-" in str(cell.value) for cell in cells)


def test_a_reports_workbook_holds_the_views_figures(reported, con):
    found = by_caption(openpyxl.load_workbook(reported / "vinter_2025_26" / "02_barometer.xlsx"))
    types = barometer.count_by(con, SELECTION, "category")
    assert body(found["Hændelser ud fra urotype"])[:-1] == rows_of(types)
    helpers = barometer.help_called(con, SELECTION)
    assert body(found["Tilkaldt og ankommet hjælp"])[:-1] == rows_of(helpers)
    by_type = barometer.matrix(con, SELECTION, "location")
    assert body(found["Hændelser ud fra lokation og urotype"]) == rows_of(by_type)
    months = crossed(barometer.per_month(con, SELECTION), "category")
    assert body(found["Hændelser pr. måned ud fra urotype"])[:-1] == rows_of(months)
    unwanted = replace(SELECTION, category=taxonomy.UNWANTED)
    divided = barometer.count_by(con, unwanted, "subcategory")
    assert body(found["Uønsket adfærd ud fra underkategori"])[:-1] == rows_of(divided)
