"""The notebooks in JupyterLab itself, driven in Chromium."""

import sys
from dataclasses import replace

import nbformat
import pytest
from lab import NOTEBOOKS, guarded, running, show
from nbformat.v4 import new_code_cell

from analysis import barometer
from analysis.barometer import Selection
from analysis.core import danish
from analysis.core.database import ROOT
from analysis.show.stored import CHART_TYPE, PICTURE

LIBRARY = Selection("2025/26", location="Blågårdens Bibliotek")


@pytest.fixture(scope="module")
def server(database, tmp_path_factory):
    """A JupyterLab over a copy of the project: its address and folder."""
    home = tmp_path_factory.mktemp("project")
    with running(home, database) as host:
        yield host, home


@pytest.fixture(scope="module")
def lab(server, chromium):
    """The notebook to explore, every cell run, as a page, with the outside requests it made."""
    host, home = server
    _copy_notebook(home)
    context = chromium.new_context(viewport={"width": 1280, "height": 5000})
    asked = guarded(context, host)
    try:
        page = context.new_page()
        # Its kernel may have to share two cores with other tests.
        page.set_default_timeout(120_000)
        page.on("websocket", lambda each: asked.append(each.url) if host not in each.url else None)
        show(page, host, "00_explore.ipynb")
        page.get_by_text("Run", exact=True).first.click()
        page.get_by_text("Run All Cells", exact=True).click()
        page.locator(".jp-OutputArea-output", has_text="Kørt af").wait_for()
        page.get_by_label("Sæson", exact=True).wait_for()
        yield page, asked, home
    finally:
        context.close()


def _copy_notebook(home):
    copy = nbformat.read(home / "notebooks" / "00_explore.ipynb", as_version=4)
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    # JupyterLab goes on after an error in the selection, as it may by itself when it is slow.
    copy.cells[2].metadata.tags = ["raises-exception"]
    copy.cells.append(new_code_cell("import sys\nprint('Kørt af', sys.prefix)"))
    nbformat.write(copy, home / "00_explore.ipynb")


def drawn(page):
    return page.locator(".jp-OutputArea-output .vega-embed svg.marks")


@pytest.mark.browser
def test_in_jupyterlab_every_cell_runs_on_the_projects_own_python(lab):
    page, _, home = lab
    assert page.locator(".jp-OutputArea-output", has_text=f"Kørt af {sys.prefix}").count() == 1
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert {"eksempel.png", "eksempel.xlsx", "eksempel.csv"} <= {
        file.name for file in (home / "reports" / "explore").iterdir()
    }


@pytest.mark.browser
def test_in_jupyterlab_the_overview_is_drawn_and_a_filter_changes_it(lab, con):
    page, _, _ = lab
    drawn(page).nth(3).wait_for()
    for chosen in (["Alle"], ["Udsatte voksne", "Voksne (25+)"], ["Alle"]):
        page.get_by_label("Demografi", exact=True).select_option(chosen)
        count = barometer.incidents(con, replace(LIBRARY, demography=chosen))
        per_month = drawn(page).nth(1).get_by_text(f"Samlet: {count}", exact=True)
        per_month.wait_for()
        assert drawn(page).count() == 4


@pytest.mark.browser
def test_in_jupyterlab_a_bar_tells_its_figures_in_danish(lab):
    page, _, _ = lab
    drawn(page).first.locator(".mark-rect path").first.hover()
    told = page.locator("#vg-tooltip-element")
    told.get_by_text("Urotype").wait_for()
    assert "Hændelser" in told.inner_text()


@pytest.mark.browser
def test_in_jupyterlab_a_query_is_answered_beside_the_tables(lab, con):
    page, _, _ = lab
    (visits,) = con.execute("select sum(visits) from visit").fetchone()
    assert page.locator("summary", has_text="incident").is_visible()
    page.locator(".widget-textarea textarea").fill("select sum(visits) as besøg from visit")
    page.get_by_role("button", name="Kør").click()
    page.locator("td, th").get_by_text(danish.number(visits), exact=True).wait_for()
    page.locator(".widget-textarea textarea").fill("from incidnt")
    page.get_by_role("button", name="Kør").click()
    page.get_by_text("Forespørgslen kan ikke udføres.").wait_for()
    assert page.get_by_text("Traceback").count() == 0


@pytest.mark.browser
def test_in_jupyterlab_a_button_saves_and_says_where(lab):
    page, _, home = lab
    saved = home / "reports" / "explore"
    before = set(saved.iterdir())
    page.get_by_role("button", name="Gem diagram som SVG").click()
    page.get_by_text("hændelser-ud-fra-urotype-blågårdens-bibliotek").first.wait_for()
    assert {file.suffix for file in set(saved.iterdir()) - before} == {".svg"}


@pytest.mark.browser
def test_in_jupyterlab_the_choice_is_written_down_at_a_click(lab):
    page, _, home = lab
    page.get_by_role("button", name="Vis som kode").click()
    page.locator("pre", has_text='selection = barometer.Selection(season="2025/26"').wait_for()
    page.get_by_role("button", name="Gem som parameterfil").click()
    page.get_by_text("params/blågårdens-bibliotek-vinterhalvåret-2025-26.yaml").wait_for()
    assert [file.suffix for file in (home / "params").iterdir()] == [".yaml"]


@pytest.mark.browser
def test_in_jupyterlab_nothing_is_asked_of_the_outside(lab):
    page, asked, _ = lab
    assert asked == []
    # Nor does JupyterLab ask whether it may.
    assert page.get_by_text("Jupyter news").count() == 0


@pytest.mark.browser
def test_in_jupyterlab_no_picture_of_the_old_selection_outlives_a_wrong_one(lab):
    page, _, _ = lab
    parameters = page.locator(".jp-CodeCell .cm-content").first
    parameters.click()
    page.keyboard.press("Control+End")
    page.keyboard.type('\nseason = "2025/27"')
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).click()
    told = page.locator("[data-mime-type='application/vnd.jupyter.stderr']")
    told.filter(has_text="Ukendt sæson: '2025/27'").wait_for()
    for old in (drawn(page), page.locator(".jp-OutputArea-output table")):
        old.first.wait_for(state="detached")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    # Nor does a cell that is run by itself afterwards.
    for own, missing in (("charts.per_month(", "chosen"), ("Hændelser pr. måned", "per_month")):
        page.locator(".jp-CodeCell .cm-content", has_text=own).click()
        page.keyboard.press("Control+Enter")
        told.filter(has_text=f"name '{missing}' is not defined").filter(has_text=own).wait_for()
    assert drawn(page).count() == 0


# As they are stored


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_chart_is_stored_with_a_picture_and_no_notebook_is_large(name):
    file = ROOT / "notebooks" / name
    outputs = [
        output.get("data", {})
        for cell in nbformat.read(file, as_version=4).cells
        for output in cell.get("outputs", ())
    ]
    charts = [data for data in outputs if CHART_TYPE in data]
    assert charts
    assert all(data[PICTURE] for data in charts)
    assert not any("widget" in kind for data in outputs for kind in data)
    assert file.stat().st_size < 1_000_000


@pytest.mark.browser
def test_looking_changes_no_notebook(server, chromium):
    host, home = server
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    run = "window.jupyterapp.commands.execute('notebook:run-all-cells')"
    save = "window.jupyterapp.commands.execute('docmanager:save')"
    changed = []
    # What a cell gives is nbval's to see; how JupyterLab writes it down, these three tell, with
    # panels, with most charts and tables, and with shares. Run again, the cells' numbers go on
    # where they have ended.
    for name, runs in ((NOTEBOOKS[0], 2), ("02_barometer.ipynb", 0), ("08_staff_safety.ipynb", 1)):
        show(page, host, f"notebooks/{name}")
        for commands in ([save], *[[run, save]] * runs):
            for command in commands:
                page.evaluate(command)
            seen, stored = ((one / "notebooks" / name).read_bytes() for one in (home, ROOT))
            if seen != stored:
                changed.append((name, commands))
        page.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()")
    context.close()
    assert changed == []
