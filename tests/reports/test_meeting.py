"""The one-page print for the meeting: made beside its report, linked, and one page on paper."""

import re
import shutil
import zipfile
from contextlib import closing

import nbformat
import pytest
import yaml
from axe import violations

from analysis import reports
from analysis.core import asking
from analysis.core.database import ROOT, connect
from analysis.reports import meeting
from analysis.reports.kernel import WarmKernel

NOTEBOOK = ROOT / "notebooks" / "07_priorities.ipynb"


@pytest.fixture(scope="module")
def written(database, tmp_path_factory):
    """The folder of a run of the notebook alone, for a district."""
    folder = tmp_path_factory.mktemp("meeting")
    (folder / "notebooks").mkdir()
    shutil.copy(NOTEBOOK, folder / "notebooks")
    given = {"season": "2025/26", "district": "Nørrebro", "location": None}
    (folder / "bydel.yaml").write_text(yaml.safe_dump(given), encoding="utf-8")
    files = [folder / "bydel.yaml"]
    assert reports.run(files, database, folder / "out", folder / "notebooks") == 0
    return folder / "out" / "bydel"


@pytest.fixture(scope="module")
def warm():
    with closing(WarmKernel()) as kernel:
        yield kernel


def text(file):
    return re.sub(r"<[^>]+>", " ", file.read_text(encoding="utf-8").split("</head>")[1])


def test_the_report_and_the_index_lead_to_the_sheet_and_it_leads_back(written):
    report = (written / "07_priorities.html").read_text(encoding="utf-8")
    assert '<a href="meeting.html">Mødeark</a>' in report
    assert 'Til mødet er der <a href="meeting.html">et ark på én side</a>.' in report
    index = (written.parent / "index.html").read_text(encoding="utf-8")
    assert '<a href="bydel/meeting.html">Mødeark</a>' in index
    sheet = (written / "meeting.html").read_text(encoding="utf-8")
    assert '<a href="07_priorities.html">Hele rapporten</a>' in sheet


def test_the_sheet_holds_the_list_the_reasons_and_the_assumptions_and_says_what_is_made_up(written):
    told = text(written / "meeting.html")
    for part in (
        "Listen til mødet, april 2026",
        "Hvorfor stederne står her, april 2026",
        "Nørrebro: ",
        "Vægtene (Uønsket adfærd 1",
        "De øvrige runderinger",
        "4 erfaringer for april 2026",
        "Syntetiske data",
        "Data til og med 31. marts 2026",
    ):
        assert part in told, part
    assert "Alle lokationer" not in told


def test_what_the_representatives_wrote_stands_on_the_sheet_alone(written, con):
    notes = con.table("experience").filter("month = '2026-04-01'").project("note").fetchall()
    assert len(notes) == 4
    for (note,) in notes:
        holding = [
            file.name
            for file in written.parent.rglob("*")
            if file.is_file()
            and note.encode() in (file.read_bytes() if file.suffix != ".xlsx" else unpacked(file))
        ]
        assert holding == ["meeting.html"], note


def unpacked(file):
    with zipfile.ZipFile(file) as parts:
        return b"".join(map(parts.read, parts.namelist()))


def test_only_tagged_cells_are_on_the_sheet(con):
    notebook = nbformat.v4.new_notebook()
    for shown, tags in (("med", ["meeting"]), ("uden", [])):
        cell = nbformat.v4.new_code_cell("1", metadata={"tags": tags})
        data = {"text/markdown": f"**{shown}**"}
        cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
        notebook.cells.append(cell)
    page = meeting.page(notebook, "x", asking.dataset(con))
    assert "<strong>med</strong>" in page
    assert "uden" not in page


def test_a_failed_report_has_no_sheet(database, tmp_path):
    (tmp_path / "notebooks").mkdir()
    broken = nbformat.read(NOTEBOOK, as_version=4)
    broken.cells[2].source = "1 / 0"
    nbformat.write(broken, tmp_path / "notebooks" / NOTEBOOK.name)
    (tmp_path / "x.yaml").write_text("season: 2025/26\n", encoding="utf-8")
    files = [tmp_path / "x.yaml"]
    assert reports.run(files, database, tmp_path / "out", tmp_path / "notebooks") == 1
    assert not (tmp_path / "out" / "x" / "meeting.html").exists()
    assert "meeting" not in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.parametrize(
    "given",
    [
        {},
        {"top": 40, "district": "Nørrebro", "location": None},
        {"season": "2024/25", "location": "Vesterbro Bibliotek og Kulturhus"},
        {"month": "2026-01", "location": None, "rounds": 300},
    ],
)
def test_the_sheet_is_one_a4_page_even_with_a_long_list(given, database, warm, tmp_path, chromium):
    executed = tmp_path / "07.ipynb"
    warm.run(NOTEBOOK, executed, given | {"database": str(database)})
    with connect(database) as con:
        text = meeting.page(nbformat.read(executed, as_version=4), "x", asking.dataset(con))
    (tmp_path / "meeting.html").write_bytes(text.encode())
    page = chromium.new_page()
    page.goto((tmp_path / "meeting.html").as_uri())
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert b"/MediaBox [0 0 594.95996 841.91998]" in printed


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_the_sheet_breaks_no_rule_of_accessibility_and_is_no_wider_than_the_screen(
    written, chromium, width
):
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.goto((written / "meeting.html").as_uri())
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.close()
