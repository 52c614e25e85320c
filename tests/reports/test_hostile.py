"""Texts of register, measures and the rest that would run, load, lead away or hide: none does."""

import csv
import json
import shutil

import pytest

from analysis import reports
from analysis.core import database as files
from analysis.intake import ingest

pytestmark = pytest.mark.browser

DATA = files.ROOT / "data"
PLACE = "Blågårdens Bibliotek"
AWAY = "http://127.0.0.1:9"
RUNS = f"<img src={AWAY}/a onerror=window.ran=1><script>window.ran=1</script>"
MOVES = f'<meta http-equiv="refresh" content="0;url={AWAY}/b"><base href="{AWAY}/">'
HIDES = "<style>.notice{display:none}</style><!--"
LOADS = f"![i]({AWAY}/c.png) [Klik]({AWAY}/d) {AWAY}/e www.a.example"
SIGNS = "{navn} {0} $\\href{x}{y}$ `a` **b** ~~c~~ | \\ # ;"
# What each text of a table becomes, where it is of the place.
HOSTILE = {
    "locations.csv": {"district": f"Bydel {MOVES}", "facility": f"Hus {RUNS}"},
    "measures.csv": {"kind": f"Vagt {LOADS}", "description": HIDES, "remark": f"{RUNS} {SIGNS}"},
    "shifts.csv": {"team": f"Hold {SIGNS} {RUNS}", "remark": MOVES},
    "surveys.csv": {"question": f"Føler sig {LOADS} {HIDES}", "remark": RUNS},
    "experience.csv": {"note": f"{MOVES} {LOADS.replace('@', '')} {SIGNS}"},
}
NAME = f"Sted {RUNS} {MOVES} {HIDES} {LOADS} {SIGNS}".replace(";", ",")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A database whose texts are hostile, and the reports of their place."""
    folder = tmp_path_factory.mktemp("hostile")
    reference = folder / "reference"
    shutil.copytree(DATA / "reference", reference)
    for name, texts in HOSTILE.items():
        with (reference / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if name in ("surveys.csv", "experience.csv"):
            rows += [
                rows[-1] | {"location": PLACE} | dict.fromkeys({"district"} & rows[0].keys(), "")
            ]
        for row in rows:
            if row.get("location") == PLACE:
                row |= texts | {"location": NAME}
                if name == "locations.csv":
                    row["other_names"] = f"{row['other_names']};{PLACE}"
        with (reference / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    (reference / "city.csv").write_text(f"name\nBy {RUNS}\n", encoding="utf-8")
    ingest(DATA / "exports", reference, DATA / "export_layout.yaml", folder / "x.duckdb")
    asked = {"season": "2025/26", "location": NAME, "audience": "analyst"}
    (folder / "sted.yaml").write_text(json.dumps(asked), encoding="utf-8")
    made = [folder / "sted.yaml"], folder / "x.duckdb", folder / "out"
    assert reports.run(*made, quiet=True) == 0
    return folder


def test_nothing_runs_loads_moves_or_hides(hostile, chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    pages = sorted((hostile / "out").rglob("*.html"))
    assert len(pages) == 14
    for file in pages:
        page, asked = context.new_page(), []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("dialog", lambda dialog, asked=asked: asked.append(dialog.message))
        page.goto(file.as_uri())
        page.wait_for_function("!document.querySelector('figure.chart:not(.drawn)')")
        page.wait_for_timeout(100)
        assert asked == [file.as_uri()], file.name
        assert page.evaluate("window.ran") is None, file.name
        assert page.url == file.as_uri()
        assert page.locator(".notice").first.is_visible(), file.name
        led = page.eval_on_selector_all("a[href]", "all => all.map((one) => one.href)")
        assert not [href for href in led if not href.startswith("file:")], file.name
        page.close()
    context.close()


def test_the_texts_are_there_to_read(hostile, chromium):
    page = chromium.new_page()
    page.goto((hostile / "out" / "sted" / "02_barometer.html").as_uri())
    assert " ".join(NAME.split()) in " ".join(page.locator("main").inner_text().split())
    page.close()
