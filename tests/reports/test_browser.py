import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from axe import violations

from analysis.core.database import ROOT

pytestmark = pytest.mark.browser

# A4 less the margins, at 96 pixels an inch.
PAPER = round((210 - 2 * 14) / 25.4 * 96)
SHEET = round((297 - 15 - 18) / 25.4 * 96)
# What must stay whole but may be broken, or does not fit on a sheet.
CUT = """(sheet) => [...document.querySelectorAll("figure.chart, tr")].filter((each) =>
    each.checkVisibility() && (getComputedStyle(each).breakInside !== "avoid"
    || each.getBoundingClientRect().height > sheet)).map((each) => each.textContent.slice(0, 60))"""
DRAWN = "!document.querySelector('figure.chart:not(.drawn)')"
SIZES = """[...document.querySelectorAll("figure.chart svg.marks")].map(
    (svg) => [svg.getBBox().width, svg.clientWidth, svg.clientHeight])"""
EDGES = """[...document.querySelectorAll("figure.chart svg.marks")].map(
    (svg) => svg.getBoundingClientRect().right)"""
WIDTH = "document.documentElement.scrollWidth"
HIDDEN = """[...document.querySelectorAll("figure.chart .drawing")].filter(
    (box) => box.scrollWidth > box.clientWidth).length"""
# What one presses, save what is also read: the headings of the index, the names of tables too long
# to print, and the figures of the filtered page.
# On paper the summary of a folded section is its heading, and the section open.
PRESSED = (
    ":not(th) > button:not(.dashboard *):visible, input:visible, select:visible, "
    ":not(.long, .section[open]) > summary:visible"
)
# After the next frame, so that the page has seen its new width.
UNREACHABLE = """new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(
    [...document.querySelectorAll(".scroll")].filter(
        (box) => box.scrollWidth > box.clientWidth && box.tabIndex < 0).length))))"""
HEADINGS = """[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(
    (heading) => Number(heading.tagName[1]))"""
# A reader opens a folded section with a click, which needs no script.
CAPTIONS = """document.querySelectorAll(".section").forEach((section) => section.open = true),
    [...document.querySelectorAll("figure.chart figcaption")].map(
    (caption) => [caption.getBoundingClientRect().height, caption.innerText.length])"""
# axe-core takes longer than all else, so it looks at every notebook for one place and for the city.
LOOKED_AT = ("vinter_2025_26", "koebenhavn_vinter_2025_26")
# In milliseconds; a machine that does much else at once is slow.
PATIENCE = 60_000


@pytest.fixture(scope="session")
def pages(reported):
    """Every HTML page of a run over the committed parameters files."""
    return sorted(reported.rglob("*.html"))


@pytest.fixture(scope="session")
def seen(pages, chromium):
    """Visit each page wide, narrow and without scripts, with no network; what each showed."""
    refused, complaints = [], []

    def guard(route):
        if route.request.url.startswith("file://"):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    def opened(width, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        context.route("**/*", guard)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        return page

    # A screen of 1280 pixels at 400 per cent is one of 320.
    wide, narrow, plain = opened(1280), opened(320), opened(1280, java_script_enabled=False)
    found = {}
    for file in pages:
        for page in (wide, narrow):
            page.goto(file.as_uri())
            page.wait_for_function(DRAWN, timeout=PATIENCE)
        plain.goto(file.as_uri())
        shown = {
            "charts": wide.locator("figure.chart").count(),
            "sizes": wide.evaluate(SIZES),
            "narrow": narrow.evaluate(WIDTH),
            "hidden": narrow.evaluate(HIDDEN),
            "unreachable": narrow.evaluate(UNREACHABLE),
            "captions": plain.evaluate(CAPTIONS),
            "headings": plain.evaluate(HEADINGS),
        }
        if file.parent.name in LOOKED_AT or file.name == "index.html":
            shown["violations"] = violations(wide) + violations(narrow)
            # The dark page differs in its colours alone, and those are the same at every width.
            wide.emulate_media(color_scheme="dark")
            shown["violations"] += violations(wide, ["color-contrast"])
            wide.emulate_media(color_scheme="light")
        wide.set_viewport_size({"width": PAPER, "height": 900})
        wide.emulate_media(media="print")
        wide.evaluate("dispatchEvent(new Event('beforeprint'))")
        shown |= {
            "paper": wide.evaluate(EDGES),
            "cut": wide.evaluate(CUT, SHEET),
            "chrome": wide.locator(PRESSED).count(),
            "complaints": list(complaints),
        }
        wide.emulate_media(media="screen")
        wide.set_viewport_size({"width": 1280, "height": 900})
        complaints.clear()
        found[f"{file.parent.name}/{file.name}"] = shown
    for page in (wide, narrow, plain):
        page.context.close()
    return found, refused


def test_no_page_complains_or_asks_anything_of_the_outside(seen):
    found, refused = seen
    assert refused == []
    assert {name: shown["complaints"] for name, shown in found.items() if shown["complaints"]} == {}


def test_every_chart_is_drawn(seen):
    found, _ = seen
    assert sum(shown["charts"] for shown in found.values()) > 0
    for name, shown in found.items():
        assert len(shown["sizes"]) == shown["charts"], name
        assert all(min(size) > 20 for size in shown["sizes"]), name


def test_no_page_is_wider_than_a_narrow_screen(seen):
    found, _ = seen
    assert {name: shown["narrow"] for name, shown in found.items() if shown["narrow"] > 320} == {}


def test_no_chart_scrolls_sideways_on_a_narrow_screen(seen):
    found, _ = seen
    assert {name: shown["hidden"] for name, shown in found.items() if shown["hidden"]} == {}


def test_what_scrolls_can_be_reached_from_the_keyboard(seen):
    found, _ = seen
    assert {
        name: shown["unreachable"] for name, shown in found.items() if shown["unreachable"]
    } == {}


def test_on_paper_no_chart_is_wider_than_the_page(seen):
    found, _ = seen
    for name, shown in found.items():
        assert all(edge <= PAPER + 1 for edge in shown["paper"]), name


def test_without_scripts_each_chart_is_told_in_words(seen):
    found, _ = seen
    for name, shown in found.items():
        assert len(shown["captions"]) == shown["charts"], name
        assert all(min(size) > 10 for size in shown["captions"]), name


def test_axe_finds_nothing_on_a_page_of_any_kind_at_any_width_light_or_dark(seen):
    found, _ = seen
    looked_at = {
        name: shown["violations"] for name, shown in found.items() if "violations" in shown
    }
    assert {Path(name).name for name in looked_at} == {Path(name).name for name in found}
    assert {name: broken for name, broken in looked_at.items() if broken} == {}


def test_axe_sees_what_is_wrong(chromium):
    page = chromium.new_page()
    page.set_content("<html><body><img src='x'><p style='color:#ddd'>bleg</p></body></html>")
    broken = {rule for rule, _ in violations(page)}
    assert {"image-alt", "color-contrast", "html-has-lang"} <= broken
    page.close()


def test_headings_come_in_order(seen):
    found, _ = seen
    for name, shown in found.items():
        levels = shown["headings"]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels)), name


def test_on_paper_nothing_is_cut_and_nothing_to_press_is_left(seen):
    found, _ = seen
    for name, shown in found.items():
        assert shown["cut"] == [], name
        assert shown["chrome"] == 0, name


def test_every_chart_has_a_table_that_can_be_unfolded(pages):
    for file in pages:
        text = file.read_text(encoding="utf-8")
        parts = re.split(r"<figure|<h[23]", text)[1:]
        charts = [part for part in parts if part.startswith(' class="chart"')]
        # What holds figures of tests stands with the method, a link away.
        found = ["<details" in chart or 'href="metode.html#' in chart for chart in charts]
        assert all(found), file


def test_a_chart_is_saved_as_png_and_svg(reported, chromium):
    page = chromium.new_page()
    page.goto((reported / "vinter_2025_26/03_season_comparison.html").as_uri())
    for kind, start in (("png", b"\x89PNG"), ("svg", b"<svg")):
        with page.expect_download() as saved:
            page.locator(f"button[value={kind}]").first.click()
        name = "vinter_2025_26-01-indmeldinger-pr-måned-ud-fra-urotype"
        assert saved.value.suggested_filename == f"{name}.{kind}"
        assert Path(saved.value.path()).read_bytes().startswith(start)
    page.close()


def test_the_index_is_searched_and_sorted_by_keyboard(reported, chromium):
    page = chromium.new_page()
    page.goto((reported / "index.html").as_uri())
    rows = page.locator("tbody tr:not(.group):visible")
    every, groups = rows.count(), page.locator(".group:visible").count()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.id") != "find":
        page.keyboard.press("Tab")
    # By the district above it, and by a page that is folded.
    page.keyboard.type("nørrebro bibliotek mødeark")
    assert rows.count() == 1
    assert page.locator(".group:visible").inner_text() == "Nørrebro"
    assert page.locator("#found").inner_text() == f"1 af {every} rapporter"
    page.locator("#find").fill("")
    assert page.locator(".group:visible").count() == groups
    values = """(column) => [...document.querySelectorAll("tbody tr:not(.group)")]
      .map((row) => row.cells[column].dataset.value)"""
    for column, name in ((1, "Hændelser"), (3, "Behov")):
        while page.evaluate("document.activeElement.textContent") != name:
            page.keyboard.press("Tab")
        for key, falling in (("Enter", False), (" ", True)):
            page.keyboard.press(key)
            found = page.evaluate(values, column)
            known = [int(each) for each in found if each]
            # What has none stands last.
            assert found[len(known) :] == [""] * (every - len(known))
            assert known == sorted(known, reverse=falling)
            assert len(set(known)) > 1
        assert page.locator("th[aria-sort=descending]").inner_text().startswith(name)
    # In one list, without the districts between them.
    assert page.locator(".group").count() == 0
    page.close()


def test_pdf_is_a4_and_tagged(database, tmp_path, chromium):
    given = tmp_path / "by.yaml"
    given.write_text("location: null\n", encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks/03_season_comparison.ipynb", tmp_path / "notebooks")
    # In a process of its own, since playwright runs once in each.
    program = (
        "import sys; from pathlib import Path; from analysis import reports\n"
        "file, database, folder = map(Path, sys.argv[1:])\n"
        "reports.run([file], database, folder / 'out', folder / 'notebooks', pdf=True)"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(given), str(database), str(tmp_path)],
        check=True,
        capture_output=True,
    )
    pdf = (tmp_path / "out/by/03_season_comparison.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert b"/StructTreeRoot" in pdf
    assert b"/Lang (da" in pdf
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[(.*?)\]", pdf)}
    assert [[round(side / 72 * 25.4) for side in box] for box in boxes] == [[0, 0, 210, 297]]
    listed = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    assert 'href="by/03_season_comparison.pdf"' in listed
