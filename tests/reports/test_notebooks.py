"""The committed notebooks: their form, their runs, and that a changed output is seen."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import closing
from itertools import pairwise

import nbformat
import pytest
import yaml
from papermill import execute_notebook

from analysis import barometer
from analysis.barometer import Selection, published
from analysis.comparison import words
from analysis.core.database import ROOT, connect
from analysis.core.headings import BLANK, TOTAL
from analysis.reports.kernel import WarmKernel
from analysis.reports.parameters import find_notebooks
from analysis.show.tables import TABLE_TYPE

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
COMMON = {
    "database",
    "season",
    "half",
    "district",
    "location",
    "facility",
    "victim",
    "demography",
    "category",
    "self_service",
}
CHART = "application/vnd.vegalite.v5+json"


def read(path):
    return nbformat.read(path, as_version=4)


def outputs(notebook):
    return [
        {key: output[key] for key in ("output_type", "data", "text") if key in output}
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    ]


def text_of(path):
    return json.dumps(outputs(read(path)), ensure_ascii=False).replace("\u00a0", " ")


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return read(request.param)


def test_a_notebook_begins_with_title_question_and_parameters(notebook):
    assert notebook.cells[0].source.startswith("# ")
    assert "?" in notebook.cells[0].source
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    assert tagged == [notebook.cells[1]]
    lines = tagged[0].source.splitlines()
    assert {line.split(":")[0] for line in lines} >= COMMON
    assert all("  # " in line for line in lines)


def test_a_notebook_ends_with_what_its_figures_can_not_say(notebook):
    markdown = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    assert notebook.cells[-1] == markdown[-1]
    shown = [cell for cell in markdown if "method" not in cell.metadata.get("tags", [])]
    assert shown[-1].source.startswith("## Hvad tallene ikke kan sige")
    # What stands below it is the method of that section.
    after = notebook.cells[notebook.cells.index(shown[-1]) + 1 :]
    assert all("method" in cell.metadata.get("tags", []) for cell in after)
    assert not any(cell.source.startswith("#") for cell in after)


def test_a_notebook_is_stored_with_outputs_and_without_a_trace_of_its_run(notebook):
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert set(notebook.metadata.language_info) == {"name"}
    assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert "stderr" not in json.dumps(outputs(notebook))


def test_a_table_follows_every_chart(notebook):
    kinds = [
        "chart" if CHART in output["data"] else "table"
        for output in outputs(notebook)
        if {CHART, TABLE_TYPE} & set(output.get("data", ()))
    ]
    assert all(pair == ("chart", "table") for pair in pairwise([*kinds, ""]) if "chart" in pair[:1])


@pytest.mark.parametrize("name", ["vinter_2024_25", "vinter_2025_26"])
def test_the_published_tables_are_read_in_the_reports(reported, name):
    given = yaml.safe_load((ROOT / f"params/{name}.yaml").read_text(encoding="utf-8"))
    page = (reported / name / "02_barometer.html").read_text(encoding="utf-8")
    cells = [
        [re.sub("<.*?>", "", cell) for cell in re.findall("<t[hd].*?</t[hd]>", row)]
        for row in re.findall("<tr.*?</tr>", page, re.DOTALL)
    ]
    rows = {(row[0], value) for row in cells for value in row[1:]}
    printed = [
        figure
        for figure in published.figures()
        if (figure.period, figure.location) == (given["season"], given["location"])
        and figure.measure in ("count_by", "help_called", "score_by")
        and figure.value.isdigit()
    ]
    assert len(printed) > 20
    for figure in printed:
        heads = {"": BLANK, "Total": TOTAL}.get(figure.name, figure.name)
        # A table lists what there is; the document's matrix prints a type with no incident as 0.
        assert (heads, figure.value) in rows or figure.value == "0", figure.about


def test_the_two_winters_are_compared_in_words(reported, con):
    before, after = (
        barometer.incidents(con, Selection(season, location="Blågårdens Bibliotek"))
        for season in ("2024/25", "2025/26")
    )
    told = text_of(reported / "vinter_2025_26" / "03_season_comparison.ipynb")
    sentence = told.split(words.FELL)[1]
    assert sentence.index(f"{before} i 2024/25") < sentence.index(f"{after} i 2025/26")
    # The counts decide, before the first chart, and what else they are held against stands below.
    assert told.index("Faldet kan være tilfældigt") < told.index(CHART)
    other_bases = re.search("Antallet alene afgør|hvad antallet end ses i forhold til", told)
    assert told.index(CHART) < other_bases.start()


def test_a_comparison_without_visits_says_why_it_has_no_rate(reported):
    told = text_of(reported / "vesterbro_vinter_2024_25" / "03_season_comparison.ipynb")
    assert "kan ikke beregnes, fordi besøgstal mangler for vinterhalvåret 2022/23" in told


def test_a_run_for_the_city_counts_every_location(reported, con):
    total = barometer.incidents(con, Selection("2025/26"))
    told = text_of(reported / "koebenhavn_vinter_2025_26" / "02_barometer.ipynb")
    assert f"{total} indmeldte hændelser" in told
    assert "København, vinterhalvåret 2025/26" in told


def test_papermill_alone_gives_the_same_notebook(reported, database, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = "03_season_comparison"
    given = yaml.safe_load((ROOT / "params/vinter_2025_26.yaml").read_text(encoding="utf-8"))
    execute_notebook(
        ROOT / f"notebooks/{name}.ipynb",
        tmp_path / "out.ipynb",
        given | {"database": str(database)},
        progress_bar=False,
    )
    ours, alone = read(reported / f"vinter_2025_26/{name}.ipynb"), read(tmp_path / "out.ipynb")
    assert outputs(ours) == outputs(alone)
    # Where the database lies is nobody's business but the runner's.
    theirs = [cell.source.replace(str(database), database.name) for cell in alone.cells]
    assert [cell.source for cell in ours.cells] == theirs


# Processors that add in another order each; what one of them writes, the others must.
@pytest.mark.parametrize("processor", ["Prescott", "SkylakeX", "Haswell"])
def test_one_warm_kernel_gives_what_each_notebook_is_stored_with(
    processor, database, tmp_path, monkeypatch
):
    """They are stored as they come from a new kernel each, with as many threads as it likes."""
    monkeypatch.setenv("OPENBLAS_CORETYPE", processor)
    monkeypatch.setenv("OMP_NUM_THREADS", str(os.cpu_count()))
    program = [sys.executable, "-c", "import numpy; numpy.eye(99) @ numpy.eye(99)"]
    if subprocess.run(program, check=False).returncode == -signal.SIGILL:
        pytest.skip(f"This processor lacks the instructions of {processor}")
    with closing(WarmKernel()) as kernel:
        for notebook in find_notebooks(ROOT / "notebooks"):
            given = {"database": str(database)}
            ours = kernel.run(notebook.path, tmp_path / notebook.path.name, given)
            stored = read(notebook.path)
            for cell in stored.cells:
                for output in cell.get("outputs", []):
                    output.get("data", {}).pop("image/png", None)
            assert outputs(ours) == outputs(stored), notebook.path.stem


def test_no_location_row_or_text_of_a_person_is_in_a_report(reported, database):
    with connect(database) as con:
        ids = [row[0] for row in con.execute("select incident_id from incident").fetchall()]
    numbers = {number.split(":", 1)[1] for number in ids}
    for page in reported.rglob("*.html"):
        told = page.read_text(encoding="utf-8")
        assert "SYN-" not in told
        assert "Syntetisk beskrivelse" not in told
        assert not numbers & {*re.findall(r"[\w-]+", told)}


def test_nbval_sees_a_changed_number_and_a_changed_chart(tmp_path):
    changed = read(ROOT / "notebooks" / "03_season_comparison.ipynb")
    broken = []
    for cell in changed.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if CHART in data and "chart" not in broken:
                data[CHART]["title"]["text"] += "."
                broken.append("chart")
            elif "<td" in data.get("text/html", "") and "number" not in broken:
                data["text/html"] = data["text/html"].replace("15</td>", "16</td>", 1)
                broken.append("number")
    assert sorted(broken) == ["chart", "number"]
    copy = tmp_path / "changed.ipynb"
    nbformat.write(changed, copy)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-p", "no:cacheprovider", "-q", str(copy)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    cells = sum(cell.cell_type == "code" for cell in changed.cells)
    assert f"2 failed, {cells - 2} passed" in run.stdout
