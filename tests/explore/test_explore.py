import ast
import csv
import io
import re
import subprocess
from dataclasses import replace
from datetime import date, datetime

import altair as alt
import ipywidgets as widgets
import openpyxl
import pandas as pd
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from analysis import barometer, explore, outlook, priority
from analysis.barometer import Selection, SelectionError
from analysis.core import asking, danish
from analysis.core.database import ROOT
from analysis.core.headings import DIMENSIONS
from analysis.core.season import Season
from analysis.explore import panels, queries, views, writing
from analysis.reports import parameters
from analysis.show import charts
from analysis.show.charts import files
from analysis.show.stored import UNCLICKED
from analysis.show.tables import Table, table

LIBRARY = Selection("2025/26", location="Blågårdens Bibliotek")
FORMULAS = ["=1+1", "+1", "-1", "@a", "\ta", "\ra"]


@pytest.fixture(autouse=True)
def _themed():
    charts.enable()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "FOLDER", tmp_path / "explore")
    return tmp_path / "explore"


@pytest.fixture
def panel(con):
    return panels.Chooser(con, asking.resolve(con, LIBRARY))


def parts(widget, kind):
    """The widgets of a kind in a panel, in their order."""
    found = [widget] if isinstance(widget, kind) else []
    return found + [
        part for child in getattr(widget, "children", ()) for part in parts(child, kind)
    ]


def boxes(panel):
    """The lists and days of a panel by their heading."""
    kinds = (widgets.Dropdown, widgets.SelectMultiple, widgets.DatePicker)
    return {each.description: each for kind in kinds for each in parts(panel, kind)}


def box(panel, heading):
    return boxes(panel)[heading]


def click(panel, words):
    next(each for each in parts(panel, widgets.Button) if each.description == words).click()


def data(output):
    return [each["data"] for each in output.outputs]


def text(output):
    """What the words, charts and tables of an output say."""
    return "\n".join(each.get("text/markdown", each["text/plain"]) for each in data(output))


def labels(box):
    return [each if isinstance(each, str) else each[0] for each in box.options]


def told(count):
    return danish.counted(count, "indmeldt hændelse", "indmeldte hændelser")


def result(panel):
    return panel.children[-1]


def charts_of(shown):
    return [each for each in shown if isinstance(each, alt.TopLevelMixin)]


# The database explained


def test_every_table_and_column_of_the_database_is_explained(con):
    rows = con.execute(queries.sql("explore/columns")).fetchall()
    assert {row[0] for row in rows} == {
        name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()
    }
    assert [row for row in rows if not (row[1] and row[4])] == []


def test_the_explanation_lists_every_column(con):
    listed = queries.dictionary(con).data
    query = "select table_name, column_name from duckdb_columns() where not internal"
    query += " and table_name in (select table_name from duckdb_tables())"
    columns = con.execute(query).fetchall()
    assert columns
    for name, column in columns:
        assert f"<code>{name}</code>" in listed
        assert f'<th scope="row">{column}</th>' in listed


# SQL of one's own


def test_an_answer_is_a_danish_table(con):
    query = "select district, count(*) as incidents from incident group by all order by all limit 1"
    expected = con.execute(query).fetchall()
    answer = explore.ask(con, query)
    assert answer.table.rows == tuple(expected)
    assert [column.heading for column in answer.table.columns] == ["Bydel", "Antal"]
    assert "<th" in answer._repr_html_()


def test_whole_numbers_and_truths_stay_so_among_blanks(con):
    answer = explore.ask(con, "select * from (values (1, true), (null, null)) as t(a, b)")
    assert answer.table.rows == ((1, True), (None, None))
    assert [column.kind for column in answer.table.columns] == ["whole", "truth"]
    answer = explore.ask(con, "select sum(range) as a from range(3)")
    assert [column.kind for column in answer.table.columns] == ["whole"]


def test_a_long_answer_says_how_long_it_is_and_how_much_is_shown(con):
    answer = explore.ask(con, f"from range({queries.FETCHED + 1})")
    assert answer.told == "100.001 rækker; de første 50 vises, og de første 100.000 kan gemmes."
    assert len(answer.table.rows) == queries.FETCHED
    assert answer._repr_html_().count("<tr") == queries.SHOWN + 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select * frm incident", "skrivefejl ved »incident«"),
        ("select * from incidnt", "Tabellen incidnt findes ikke. Ligner: incident."),
        ("select seson from incident", "Kolonnen seson findes ikke. Ligner: season"),
        ("select i.seson from incident i", "Kolonnen seson findes ikke."),
        ("select season, count(*) from incident", "Kolonnen season skal også stå i group by."),
        ("select cast('a' as integer)", "En tekst som 'a' er ikke et tal"),
        ("select md6('a')", "Funktionen md6 findes ikke. Ligner: md5."),
        ("select 'a", "mangler sit sidste '"),
        ("select * from incident where season =", "skrivefejl ved »=«"),
        ("from incident where occurred_at::date = 'i dag'", "dato skrives som '2026-03-31'"),
        ("delete from visit", "kan kun læses"),
        ("copy incident to 'ud.csv'", "Kun databasens egne tabeller"),
        ("from read_csv('/etc/hosts')", "Kun databasens egne tabeller"),
        ("set enable_external_access = true", "locked"),
        ("-- ingenting", "Skriv en forespørgsel"),
    ],
)
def test_what_cannot_be_answered_is_said_on_one_line(con, query, said):
    answer = explore.ask(con, query)
    assert said in answer.told
    assert "\n" not in answer.told
    assert answer._repr_html_().startswith("<p>")
    assert answer.table.rows == ()


def test_what_an_answer_says_cannot_be_markup(con):
    assert "<b>" not in explore.ask(con, 'from "<b>"')._repr_html_()


def test_the_editor_answers_what_is_written_in_it(con):
    editor = panels.editor(con, "\nselect 1 as a\n")
    (field,), (tables, shown, _) = parts(editor, widgets.Textarea), parts(editor, widgets.Output)
    assert field.value == "select 1 as a"
    assert text(shown).startswith("1 række.")
    assert "<code>incident</code>" in data(tables)[0]["text/html"]
    field.value = "from incidnt"
    click(editor, "Kør")
    assert "Ligner: incident" in text(shown)


# Choosing


def test_the_lists_start_at_the_parameters(con):
    given = Selection(
        "2024/25",
        None,
        category=["Trusler", "Fysisk vold"],
        self_service=False,
        last_day="2025-05-31",
    )
    panel = panels.Chooser(con, given)
    assert {heading: each.value for heading, each in boxes(panel).items()} == {
        "Sæson": Season("2024/25"),
        "Halvår": "Alle",
        "Første dag": None,
        "Sidste dag": date(2025, 5, 31),
        "Bydel": ("Alle",),
        "Lokation": ("Alle",),
        "Facilitet": ("Alle",),
        "Forurettede": ("Alle",),
        "Demografi": ("Alle",),
        "Urotype": ("Trusler", "Fysisk vold"),
        "Selvbetjent åbningstid": False,
        "Visning": "Overblik",
        "Fordelt på": "category",
    }
    assert panel.chosen() == given
    assert f"**{told(barometer.incidents(con, given))}" in text(result(panel))


def test_a_season_without_data_can_be_a_parameter(con):
    panel = panels.Chooser(con, Selection("2035/36"))
    assert box(panel, "Sæson").label == "2035/36"
    assert "ingen indmeldte hændelser" in text(result(panel))


def test_every_value_of_the_data_can_be_chosen(con, panel):
    for name, heading in (("facility", "Facilitet"), ("demography", "Demografi")):
        used = con.execute(f"select distinct {name} from shown_incident").fetchall()
        assert {value for (value,) in used if value} <= set(labels(box(panel, heading)))
        assert labels(box(panel, heading))[0] == "Alle"
    used = con.execute("select distinct season from incident order by season desc").fetchall()
    assert labels(box(panel, "Sæson")) == [value for (value,) in used]


def test_a_choice_changes_the_figures_and_the_charts(con, panel):
    before = data(result(panel))
    for chosen in (["Udsatte voksne"], ["Unge (under 18 år)", "Unge (18-25 år)"]):
        box(panel, "Demografi").value = chosen
        count = barometer.incidents(con, replace(LIBRARY, demography=chosen))
        assert told(count) in text(result(panel))
        assert data(result(panel)) != before
    for everyone in (["Alle"], ["Alle", "Udsatte voksne"], []):
        box(panel, "Demografi").value = everyone
        assert data(result(panel)) == before


def test_days_that_cannot_be_are_told_in_words(con, panel):
    box(panel, "Første dag").value = date(2025, 11, 3)
    count = barometer.incidents(con, replace(LIBRARY, first_day="2025-11-03"))
    assert told(count) in text(result(panel))
    box(panel, "Sidste dag").value = date(2025, 11, 1)
    assert "Perioden slutter 1. november 2025, før den begynder" in text(result(panel))
    for words in ("Gem diagram som PNG", "Vis som kode", "Gem som parameterfil"):
        click(panel, words)


def test_the_locations_are_those_of_the_districts(con, panel):
    box(panel, "Bydel").value = ["Nørrebro"]
    assert box(panel, "Lokation").value == (LIBRARY.location,)
    chosen = ["Valby", "Vanløse"]
    box(panel, "Bydel").value = chosen
    assert box(panel, "Lokation").value == ("Alle",)
    query = (
        "select distinct location from (from location select location, district "
        "union all from incident select location, district) "
        "where list_contains($1, district) order by location"
    )
    listed = [place for (place,) in con.execute(query, [chosen]).fetchall()]
    assert labels(box(panel, "Lokation")) == ["Alle", *listed]
    count = barometer.incidents(con, Selection("2025/26", district=chosen))
    assert told(count) in text(result(panel))


def test_a_choice_draws_once(con, panel, monkeypatch):
    drawn = []
    monkeypatch.setattr(panels, "shown", lambda *asked: drawn.append(asked) or [])
    box(panel, "Bydel").value = ["Valby"]
    assert len(drawn) == 1


def test_an_impossible_combination_is_told_in_words(panel):
    box(panel, "Urotype").value = ["Hærværk"]
    box(panel, "Demografi").value = ["Voksne (25+)"]
    assert text(result(panel)).endswith("**Der er ingen indmeldte hændelser i udvalget.**")
    assert len(data(result(panel))) == 2


DRAWN = [view for view in views.VIEWS if view != views.LIST]


@pytest.mark.parametrize("view", DRAWN)
def test_every_view_is_a_chart_and_its_table(con, view):
    shown = views.shown(con, Selection("2025/26"), view)
    kinds = [each for each in shown if isinstance(each, alt.TopLevelMixin | Table)]
    drawn, listed = kinds[::2], kinds[1::2]
    assert all(isinstance(each, alt.TopLevelMixin) for each in drawn)
    assert all(isinstance(each, Table) and each.rows for each in listed)
    assert len(drawn) == len(listed) > 0


@pytest.mark.parametrize("view", DRAWN)
def test_every_chart_has_a_danish_tooltip(con, view):
    for chart in charts_of(views.shown(con, Selection("2025/26"), view)):
        titles = re.findall(r'"tooltip": \[(.*?)\]', chart.to_json(indent=None))
        assert any("Hændelser" in found or "Tilkaldt" in found for found in titles), view


@pytest.mark.parametrize("by", DIMENSIONS)
def test_a_view_is_divided_by_what_is_chosen(con, by):
    counted = barometer.count_by(con, LIBRARY, by)
    shown = views.shown(con, LIBRARY, "Antal", by)
    made = next(each for each in shown if isinstance(each, Table))
    assert made.columns[0].heading == DIMENSIONS[by]
    assert [row[1] for row in made.rows[:-1]] == list(counted["incidents"])


def test_the_list_holds_each_incident_without_its_number_and_is_in_no_file(con, panel, folder):
    rows = views.shown(con, LIBRARY, views.LIST)[2].rows
    assert len(rows) == barometer.incidents(con, LIBRARY)
    numbers = {row[0] for row in con.execute("select incident_id from incident").fetchall()}
    assert not {str(cell) for row in rows for cell in row} & numbers
    box(panel, "Visning").value = views.LIST
    for words in ("diagram som PNG", "tabel som Excel", "tabel som CSV"):
        click(panel, f"Gem {words}")
    assert not folder.exists()


def test_the_week_counts_each_incident_with_a_time_in_its_hour(con):
    made = views.shown(con, LIBRARY, "Ugedag og time")[3]
    query = (
        "select count(*) from incident where season = '2025/26' and half = 'vinter' and has_time "
        "and location = $1 and hour(occurred_at) = 15 and isodow(occurred_at) = 2"
    )
    (tuesdays,) = con.execute(query, [LIBRARY.location]).fetchone()
    assert next(row[2] for row in made.rows if row[0] == 15) == tuesdays > 0


def test_what_a_view_does_not_divide_by_cannot_be_chosen(panel):
    box(panel, "Visning").value = "Kort"
    assert box(panel, "Fordelt på").disabled
    box(panel, "Visning").value = "Antal"
    assert not box(panel, "Fordelt på").disabled


def displayed(monkeypatch, show, *given):
    shown = []
    monkeypatch.setattr(panels, "display", lambda *each, **_: shown.extend(each))
    return shown, show(*given)


def test_an_unknown_name_is_told_in_words_and_gives_no_choice(con):
    unknown = Selection("2025/26", location="Blågårds Bibliotek")
    with pytest.raises(SelectionError, match="Nærmest er: Blågårdens Bibliotek"):
        explore.choose(con, unknown)


def test_where_nobody_can_click_the_parameters_give_the_same(con, panel, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    shown, choice = displayed(monkeypatch, explore.choose, con, LIBRARY)
    output = widgets.Output()
    with asking.naming(con, asking.resolve(con, LIBRARY)):
        panels._fill(output, shown)
    assert data(output) == data(result(panel))
    assert choice.selection == LIBRARY
    (tables, answer), _ = displayed(monkeypatch, explore.edit, con, "select 1 as a")
    assert "<code>incident</code>" in tables.data
    assert answer.rows == 1


def test_in_jupyterlab_a_panel_is_stored_as_what_others_see(con, panel, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "00_explore.ipynb")
    for show, given, unclicked in (
        (explore.choose, LIBRARY, data(result(panel))),
        (explore.edit, "select 1 as a", None),
    ):
        (bundle,), _ = displayed(monkeypatch, show, con, given)
        assert "application/vnd.jupyter.widget-view+json" in bundle
        stood = [each["data"] for each in bundle[UNCLICKED]]
        assert stood == (unclicked or stood)
        assert "text/html" in stood[0] or "text/markdown" in stood[0]


def test_the_cells_below_get_what_is_chosen_at_the_moment(con, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "00_explore.ipynb")
    made = []
    monkeypatch.setattr(panels, "_display", lambda panel, _: made.append(panel))
    choice = explore.choose(con, LIBRARY)
    assert choice.selection == LIBRARY
    box(made[0], "Demografi").value = ["Udsatte voksne", "Voksne (25+)"]
    assert choice.selection == replace(LIBRARY, demography=["Udsatte voksne", "Voksne (25+)"])
    box(made[0], "Sidste dag").value = date(2025, 1, 1)
    with pytest.raises(SelectionError):
        _ = choice.selection


# Written down


CHOSEN = Selection(
    "2025/26", None, location=["Vesterbro Bibliotek og Kulturhus", "Blågårdens Bibliotek"]
)


@pytest.mark.parametrize("view", views.VIEWS)
def test_the_code_of_a_view_draws_what_it_shows(con, view):
    selection = asking.resolve(con, CHOSEN)
    drawn, listed = [], []
    names = {"con": con, "display": lambda *each: drawn.extend(each)}
    *lines, last = ast.parse(writing.code(selection, view, "demography")).body
    exec(compile(ast.Module(lines, []), "cell", "exec"), names)
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    assert names["selection"] == selection
    if value is not None:
        (listed if isinstance(value, pd.DataFrame) else drawn).append(value)
    shown = views.shown(con, selection, view, "demography")
    assert [each.to_dict() for each in drawn] == [each.to_dict() for each in charts_of(shown)]
    assert [len(frame) for frame in listed] == ([len(shown[2].rows)] if view == views.LIST else [])


def test_a_choice_becomes_a_parameters_file_that_means_the_same(con, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "FOLDER", tmp_path)
    chosen = replace(CHOSEN, self_service=True, first_day="2025-11-03", last_day="2025-12-24")
    told = writing.save_parameters(con, chosen)
    (file,) = tmp_path.iterdir()
    assert file.name in told.data
    notebooks = parameters.find_notebooks(ROOT / "notebooks")
    (values,) = parameters.read_files([file], notebooks).values()
    assert asking.chosen(con, values) == asking.resolve(con, chosen)
    file.write_text("season: 2025/26", encoding="utf-8")
    assert "findes allerede" in writing.save_parameters(con, chosen).data
    assert file.read_text(encoding="utf-8") == "season: 2025/26"


def test_a_place_of_all_is_said_in_a_parameters_file():
    # Else a notebook that papermill runs alone takes its own.
    assert writing.parameters(Selection("2025/26")) == {
        "season": "2025/26",
        "half": "vinter",
        "location": None,
    }


# Saving


def pictured():
    frame = pd.DataFrame({"month": pd.to_datetime(["2025-10-01", "2026-05-01"]), "n": [1234.5, 1]})
    base = alt.Chart(frame).encode(
        alt.X("month:T").axis(format="%B", values=[{"year": 2025, "month": 10}]), alt.Y("n:Q")
    )
    numbers = base.mark_text().encode(alt.Text("n:Q").format(",.1f"))
    return (base.mark_bar() + numbers).properties(title="Uro", width=400)


def rows_of(file):
    lines = file.read_bytes().decode("utf-8-sig").splitlines()
    return list(csv.reader(lines, delimiter=";"))


def test_a_chart_is_saved_as_png_and_as_svg(folder):
    assert explore.save(pictured(), "a.png").data.startswith("Gemt: ")
    assert (folder / "a.png").read_bytes().startswith(b"\x89PNG")
    explore.save(pictured(), "a.svg", "Nørrebro, sommeren 2026.")
    drawn = (folder / "a.svg").read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "Nørrebro, sommeren 2026." in drawn


def test_a_picture_says_what_it_shows_and_where_it_is_from(con, folder):
    charts.save(pictured(), "a.svg")
    charts.save(alt.Chart(pd.DataFrame({"a": [1]})).mark_bar().encode(x="a"), "Besøg i alt.svg")
    for name, title in (("a", "Uro"), ("Besøg i alt", "Besøg i alt")):
        drawn = (folder / f"{name}.svg").read_text(encoding="utf-8")
        words = " ".join(re.findall(r">([^<]+)<", drawn))
        assert title in words
        assert "Kilde: indmeldinger i MainManager til og med 31. marts 2026." in words
        assert "Syntetiske data: tallene er opdigtede" in words


def test_a_picture_has_danish_months_and_numbers(folder):
    explore.save(pictured(), "a.svg")
    words = re.findall(r">([^<]+)</text>", (folder / "a.svg").read_text(encoding="utf-8"))
    assert {"oktober", "1.234,5", "1.200"} <= set(words)


def test_where_a_file_is_saved_is_said_from_the_projects_root(folder, monkeypatch):
    monkeypatch.setattr(files, "ROOT", folder.parent)
    assert explore.save(pictured(), "a.svg").data == "Gemt: `explore/a.svg`"
    assert files.FOLDER.is_relative_to(files.ROOT)


def test_saved_files_are_never_committed():
    folder = ROOT / "reports" / "explore"
    run = subprocess.run(
        ["git", "check-ignore", "--quiet", folder / "a.png"], cwd=ROOT, check=False
    )
    assert run.returncode == 0


def test_excel_gets_real_numbers_and_dates(folder):
    frame = pd.DataFrame({"month": pd.to_datetime(["2025-10-01"]), "incidents": [1300]})
    explore.save(table(frame, "Hændelser"), "a.xlsx", "Nørrebro.")
    sheet = openpyxl.load_workbook(folder / "a.xlsx").active
    assert sheet.title == "Hændelser"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Hændelser. Nørrebro.", None],
        [None, None],
        ["Måned", "Antal"],
        [datetime(2025, 10, 1), 1300],
    ]
    assert sheet.freeze_panes == "B4"


def test_csv_is_what_danish_excel_reads(folder):
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(["2025-10-01"]),
            "begins": pd.to_datetime(["2025-10-01 14:05"]),
            "name": ["Blågårdens; Bibliotek"],
            "share": [0.125],
            "incidents": [-1300],
            "self_service": [True],
            "victim": [None],
            "latitude": [None],
        }
    )
    frame = frame.astype({"latitude": "float64"})
    explore.save(frame, "a.csv")
    raw = (folder / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\r\n")
    assert rows_of(folder / "a.csv")[1] == [
        *("2025-10-01", "2025-10-01 14:05:00", "Blågårdens; Bibliotek", "0,125", "-1300", "Ja"),
        *("Ikke angivet", ""),
    ]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_no_cell_begins_a_formula_from_data(folder, ending):
    explore.save(pd.DataFrame({"=A1": FORMULAS}), f"a{ending}")
    if ending == ".csv":
        content = (folder / "a.csv").read_bytes().decode("utf-8-sig")
        read = [row[0] for row in csv.reader(io.StringIO(content, newline=""), delimiter=";")]
    else:
        cells = openpyxl.load_workbook(folder / "a.xlsx").active["A"][2:]
        assert {cell.data_type for cell in cells} == {"s"}
        read = [cell.value for cell in cells]
    assert read[0] == "'=A1"
    assert all(value.startswith("'") for value in read[1:])
    assert len(read) == len(FORMULAS) + 1


def test_an_answer_is_saved_whole(con, folder):
    explore.save(explore.ask(con, "select range as a from range(60)"), "a.csv")
    assert rows_of(folder / "a.csv") == [["a"], *([str(n)] for n in range(60))]


@pytest.mark.parametrize("column", ["incident_id", "occurred_at", "reported_at"])
def test_incidents_one_by_one_are_not_saved(con, folder, column):
    answer = explore.ask(con, f"select {column}, location from incident limit 3")
    for what in (answer, answer.frame):
        assert column in explore.save(what, "a.csv").data
        assert "gemmes ikke" in explore.save(what, "a.xlsx").data
    assert not folder.exists()


def test_a_sheet_that_nobody_gave_a_note_says_where_it_is_from(con, folder):
    explore.save(explore.ask(con, "select 1 as a"), "a.xlsx")
    caption = openpyxl.load_workbook(folder / "a.xlsx").active["A1"].value
    assert "Kilde: indmeldinger i MainManager til og med 31. marts 2026." in caption
    assert "Syntetiske data: tallene er opdigtede" in caption


def test_a_panels_view_names_the_selection_of_the_panel(con, panel):
    namespace = {"season": "2021/22", "database": None}
    namespace["con"], namespace["selection"] = asking.opened(namespace)
    box(panel, "Sæson").value = Season("2024/25")
    box(panel, "Halvår").value = "sommer"
    shown = next(each["text/html"] for each in data(result(panel)) if "text/html" in each)
    assert "Kørt med: Blågårdens Bibliotek, sommerhalvåret 2025" in shown
    assert asking.running() == "Kørt med: København, vinterhalvåret 2021/22"


def test_two_seasons_stand_side_by_side_for_every_place(con, panel):
    city = Selection("2025/26")
    before = barometer.year_before(con, city)(barometer.count_by, "location")
    now = barometer.count_by(con, city, "location")
    found = views.compared(before, (city.name, now)).set_index("name")
    assert found.loc["Blågårdens Bibliotek"].tolist() == [87, 68, -19]
    counted = barometer.count_by(con, city, "location").set_index("name")["incidents"]
    assert found["2025/26"][found["2025/26"] > 0].to_dict() == counted.to_dict()
    box(panel, "Visning").value = "Sammenligning med sæsonen før"
    box(panel, "Fordelt på").value = "location"
    assert "Blågårdens Bibliotek       87       68      -19" in text(result(panel)).replace(
        "\u2212", "-"
    )


def test_a_season_that_the_data_do_not_hold_is_not_shown_as_none(con):
    first = Selection("2021/22", location="Blågårdens Bibliotek")
    shown = views.shown(con, first, "Sammenligning med sæsonen før", "victim")
    assert len(charts_of(shown)) == 1


def test_an_ending_that_does_not_fit_is_refused(con, folder):
    for what, name in (
        (pictured(), "a.xlsx"),
        (table(pd.DataFrame({"a": [1]}), "x"), "a.png"),
        (explore.ask(con, "select 1"), "a"),
    ):
        with pytest.raises(ValueError, match=r"\.png eller \.svg"):
            explore.save(what, name)
    assert not folder.exists()


def test_a_file_that_cannot_be_written_is_told_in_words(folder):
    (folder / "a.csv").mkdir(parents=True)
    told = explore.save(pd.DataFrame({"a": [1]}), "a.csv").data
    assert "`a.csv` kunne ikke gemmes" in told


def test_the_buttons_save_what_is_shown(con, panel, folder):
    box(panel, "Visning").value = "Lokationer, relativ score"
    for words in ("diagram som PNG", "diagram som SVG", "tabel som Excel", "tabel som CSV"):
        click(panel, f"Gem {words}")
        saved = parts(panel, widgets.Output)[0]
        assert "blågårdens-bibliotek-vinterhalvåret-2025-26" in text(saved)
    assert sorted(file.suffix for file in folder.iterdir()) == [".csv", ".png", ".svg", ".xlsx"]
    (sheet,) = folder.glob("*.xlsx")
    caption = openpyxl.load_workbook(sheet).active["A1"].value
    for said in ("Blågårdens Bibliotek, vinterhalvåret 2025/26", "udledt", "Syntetiske data"):
        assert said in caption


def test_of_nothing_shown_nothing_is_saved(con, folder):
    panel = panels.Chooser(con, Selection("2035/36"))
    click(panel, "Gem diagram som PNG")
    assert text(parts(panel, widgets.Output)[0]) == "Der er ikke noget at gemme."
    assert not folder.exists()


def test_the_editors_buttons_save_the_answer(con, folder):
    editor = panels.editor(con, "select 1 as a")
    click(editor, "Gem svar som CSV")
    assert rows_of(folder / "svar.csv") == [["a"], ["1"]]


def test_a_result_that_was_read_in_part_is_not_in_the_way_of_a_query(con):
    con.execute("from incident").fetchone()
    assert queries.ask(con, "from incident limit 2").told == "2 rækker."


# Completing


@pytest.mark.parametrize("module", [barometer, charts, explore, outlook, priority])
def test_a_notebook_is_offered_what_is_meant_to_be_used(module):
    shell = InteractiveShell.instance()
    shell.user_ns["module"] = module
    with provisionalcompleter():
        offered = {each.text for each in shell.Completer.completions("module.", len("module."))}
    assert offered == set(module.__all__)
    assert all(getattr(module, name).__doc__ for name in offered if not name.isupper())
