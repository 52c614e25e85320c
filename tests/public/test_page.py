"""The page for everybody: what stands in its files, and what is not made beside it."""

import json
import re
import shutil
from dataclasses import replace

import duckdb
import openpyxl
import pandas as pd
import pytest
from axe import violations

from analysis import cli
from analysis.barometer import words as barometer_words
from analysis.core import asking
from analysis.core.database import ROOT
from analysis.core.headings import BLANK, UNKNOWN_LABEL
from analysis.core.selection import Selection, SelectionError
from analysis.public import figures, tables, words
from analysis.reports.batch import run
from analysis.show import charts
from analysis.show.drawing import svg
from analysis.show.stored import CHART_TYPE

LIBRARY = Selection("2025/26", location="Blågårdens Bibliotek")
# What a count may look like.
STEP = re.compile(r"under 5|Ikke vist|(\d[\d.]*)–(\d[\d.]*)")


NAMES = ("vinter_2025_26", "koebenhavn_vinter_2025_26")


def is_text(cell):
    return isinstance(cell, str)


@pytest.fixture(scope="module")
def public(part, tmp_path_factory):
    """The folder of a run for everybody of a place and of the city."""
    folder = tmp_path_factory.mktemp("public")
    params = [ROOT / "params" / f"{name}.yaml" for name in NAMES]
    assert run(params, part, folder, audience="public") == 0
    return folder


def test_it_is_the_only_page(public):
    made = {file.name for file in public.rglob("*.*") if file.is_file()}
    assert made == {
        *("11_public.html", "11_public.ipynb", "11_public.xlsx", "barometer.html", "report.json"),
        *("index.html", "manifest.json", "koersel.log"),
    }
    index = (public / "index.html").read_text(encoding="utf-8")
    assert "Hændelser" not in index
    assert "Behov" not in index


@pytest.mark.parametrize("name", NAMES)
def test_every_count_is_a_step(public, name):
    sheets = openpyxl.load_workbook(public / name / "11_public.xlsx").worksheets[1:]
    rows = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    told = [cell for row in rows for cell in row[1:] if cell is not None]
    steps = [each for each in map(STEP.fullmatch, filter(is_text, told)) if each]
    assert len(steps) > 20
    # A column of steps alone is two, of the lower ends and the upper.
    numbers = [each for each in told if not is_text(each)]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    for low, high in [each.groups() for each in steps if each[1]] + pairs:
        low, high = (int(f"{end}".replace(".", "")) for end in (low, high))
        assert low % 5 == 0
        assert high == low + 4
    assert pairs


@pytest.mark.parametrize("name", NAMES)
def test_charts_hold_no_other_numbers(public, name):
    notebook = json.loads((public / name / "11_public.ipynb").read_text(encoding="utf-8"))
    outputs = [out["data"] for cell in notebook["cells"] for out in cell.get("outputs", ())]
    specs = [data[CHART_TYPE] for data in outputs if CHART_TYPE in data]
    assert len(specs) == 7
    for spec in specs:
        for rows in spec["datasets"].values():
            for row in rows:
                assert set(row) == {"name", "at_least", "below", "told"}
                assert row["at_least"] is None or row["at_least"] % 5 == 0
                assert row["below"] is None or row["below"] == row["at_least"] + 5


def test_pages_say_what_was_done_and_show_what_is_published(public, few):
    page = (public / NAMES[0] / "11_public.html").read_text(encoding="utf-8")
    history = figures.half_years(few, asking.resolve(few, LIBRARY))
    *_, before, now = map(tables.step, history["at_least"])
    assert f"Der er meldt {now} hændelser ind i vinterhalvåret 2025/26 mod {before} i" in page
    assert "Syntetiske data" in page
    assert "kun som det trin på 5" in page


def test_a_public_page_says_nothing_of_lateness_or_silence(public, few, monkeypatch):
    monkeypatch.setattr(barometer_words, "has_stopped", lambda *_: "**siden 3. marts**")
    told = barometer_words.header(few, Selection("2025/26")).data
    assert "Foreløbige tal" in told
    assert "siden 3. marts" in told
    told = barometer_words.header(few, Selection("2025/26"), public=True).data
    assert "Foreløbige tal" not in told
    assert "siden 3. marts" not in told
    for file in public.rglob("*.html"):
        assert "Foreløbige tal" not in file.read_text(encoding="utf-8")


def test_what_is_left_out_is_named(few):
    published = figures.published(few, "2025/26", "vinter")
    left_out = published[(published["location"] != "") & published["at_least"].isna()]
    location, dimension = left_out.iloc[0][["location", "dimension"]]
    place = asking.resolve(few, Selection("2025/26", location=location))
    own = figures.of_place(few, place)
    assert set(tables.of(own, dimension)["told"]) == {"Ikke vist"}
    assert "er tallene ud fra" in words.protected(own, place.place).data


def test_it_and_others_do_not_stand_in_one_folder(public, part):
    params = [ROOT / "params" / "vinter_2025_26.yaml"]
    with pytest.raises(ValueError, match="deres egen mappe"):
        run(params, part, public)
    with pytest.raises(ValueError, match="kun 11_public"):
        run(params, part, public, only=["02"], audience="public")


@pytest.mark.parametrize(
    "asked",
    [
        ["note", "--season", "2025/26", "--output", "."],
        ["packs", "--season", "2025/26", "--month", "2025-11", "--output", "."],
        ["packs", "--season", "2025/26", "--month", "2025-11", "--output", "moede"],
        ["changes", "--output", "aendringer.html"],
    ],
)
def test_nothing_else_is_written_beside_it(public, part, asked, monkeypatch, capsys):
    monkeypatch.chdir(public)
    was = sorted(public.rglob("*"))
    assert cli.main([*asked, "--database", str(part)]) == cli.NOT_DONE
    assert "skal ligge i deres egen mappe" in capsys.readouterr().err
    assert sorted(public.rglob("*")) == was


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"category": "Trusler"}, "uden andre filtre"),
        ({"self_service": True}, "uden andre filtre"),
        ({"location": None, "district": ["Valby", "Vanløse"]}, "uden andre filtre"),
        ({"half": None}, "et helt vinter- eller sommerhalvår"),
        ({"last_day": "2025-12-31"}, "et helt vinter- eller sommerhalvår"),
        ({"season": "2026/27"}, "Data rækker ikke ud over"),
    ],
)
def test_what_has_no_public_numbers_is_refused(con, given, told):
    with pytest.raises(SelectionError, match=told):
        figures.check(con, replace(LIBRARY, **given))


def test_a_season_without_data_is_refused_before_anything_runs(database, tmp_path, capsys):
    file = tmp_path / "naeste.yaml"
    file.write_text("season: 2026/27\naudience: public\n", encoding="utf-8")
    given = ["report", str(file), "--database", str(database), "--output", str(tmp_path / "ud")]
    assert cli.main(given) == cli.NOT_DONE
    assert "tallene er først offentlige, når" in capsys.readouterr().err


def test_another_page_is_not_made_for_everybody():
    with pytest.raises(SelectionError, match="det er kun 11_public"):
        asking.opened({"season": "2025/26", "audience": "public"})


@pytest.mark.parametrize("command", ["packs", "note"])
def test_packs_and_notes_are_not_for_everybody(command, capsys):
    month = ["--month", "2025-11"] if command == "packs" else []
    with pytest.raises(SystemExit, match="2"):
        cli.main([command, "--season", "2025/26", *month, "--audience", "public"])
    assert "--audience kan ikke være 'public'" in capsys.readouterr().err


CUT = """[...document.querySelectorAll("svg.marks text")].filter((text) =>
    text.getBoundingClientRect().right > text.ownerSVGElement.getBoundingClientRect().right + 1)
    .map((text) => text.textContent)"""


def test_the_page_to_choose_on_holds_every_places_steps_and_nothing_else(public, few):
    text = (public / NAMES[0] / "barometer.html").read_text(encoding="utf-8")
    held = json.loads(re.search(r'id="steps">(.*?)</script>', text)[1])["steps"]
    assert held[-1][0] == _steps(few, Selection("2025/26"))
    assert held[-2][0] == _steps(few, Selection("2024/25"))
    assert _steps(few, LIBRARY) in held[-1]
    assert _steps(few, Selection("2025/26", district="Vanløse")) in held[-1]
    assert all(each == -1 or each % 5 == 0 for half in held for place in half for each in place)


def test_what_nobody_knows_stands_after_what_is_known_and_before_the_blank(few):
    (unknown,) = few.execute("select nobody_knows()").fetchone()
    assert unknown == UNKNOWN_LABEL
    names = ["", unknown, "Bruger", "Lokationen"]
    for dimension in ("victim", "demography", "category"):
        found = pd.DataFrame({"dimension": dimension, "name": names, "at_least": 0.0})
        assert figures._in_order(found)["name"].tolist() == [
            "Bruger",
            "Lokationen",
            unknown,
            BLANK,
        ]


def _steps(con, selection):
    """What the page is to hold of a selection, in the order of the names of all its half-years."""
    every = figures.every_place(con, asking.resolve(con, replace(LIBRARY, location=None)))
    names = dict.fromkeys(zip(every["dimension"], every["name"], strict=True), 0)
    found = figures.of_place(con, asking.resolve(con, selection)).fillna(-1)
    for one in found.itertuples():
        names[one.dimension, one.name] = int(one.at_least)
    return list(names.values())


@pytest.mark.browser
def test_the_place_and_the_half_year_chosen_are_shown(public, chromium, few):
    page = chromium.new_page()
    page.goto((public / NAMES[0] / "barometer.html").as_uri())
    assert "Blågårdens Bibliotek, vinterhalvåret 2025/26" in page.inner_text("#selection")
    page.select_option("#place", label="Hele Vanløse")
    page.select_option("#period", label="Vinterhalvåret 2024/25")
    found = figures.of_place(few, asking.resolve(few, Selection("2024/25", district="Vanløse")))
    told = f"Hele Vanløse, vinterhalvåret 2024/25: {tables.step(found['at_least'][0])} hændelser"
    assert page.inner_text("#selection") == told
    bars = page.locator(".bars:not([data-periods]) .strip")
    shown = {tuple(each.split("\n")) for each in bars.all_inner_texts()}
    assert shown >= {(one.name, tables.step(one.at_least)) for one in found[1:].itertuples()}
    assert page.inner_text("[aria-current=true] .label") == "Vinterhalvåret 2024/25"
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", ["11_public", "barometer"])
def test_axe_finds_nothing_and_no_words_are_cut(public, chromium, name, width):
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.goto((public / NAMES[1] / f"{name}.html").as_uri())
    page.wait_for_function("!document.querySelector('figure.chart:not(.drawn)')")
    assert violations(page) == []
    assert page.evaluate(CUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.browser
def test_the_steps_of_a_large_place_are_not_cut(chromium):
    """The longest bar's words are as long as they come."""
    rows = [("Vinterhalvåret 2021/22", 1150.0), ("Vinterhalvåret 2022/23", 895.0)]
    drawn = tables.stepped(pd.DataFrame(rows, columns=["name", "at_least"]))
    chart = charts.steps(drawn, "Hændelser i hvert halvår")
    page = chromium.new_page()
    page.set_content(svg(chart._repr_mimebundle_()[CHART_TYPE]))
    assert page.get_by_text("1.150–1.154").count() == 1
    ends = """[...document.querySelectorAll("svg text")].map((text) =>
        text.getBoundingClientRect().right - text.ownerSVGElement.getBoundingClientRect().right)"""
    assert max(page.evaluate(ends)) <= 1
    page.close()


@pytest.mark.browser
def test_hostile_names_are_text(part, tmp_path, chromium):
    name = (
        "Sted <img src=x onerror=alert(1)> [her](https://away.example) ![i](https://away.example/i)"
    )
    shutil.copy(part, copy := tmp_path / "x.duckdb")
    with duckdb.connect(copy) as con:
        for table in ("incident", "location"):
            con.execute(f"update {table} set location = $1 where location = 'Støberiet'", [name])
            con.execute(f"update {table} set district = $1 where district = 'Vanløse'", [name])
    for file, place in (("sted", {"location": name}), ("bydel", {"district": name}), ("by", {})):
        asked = {"season": "2025/26", "audience": "public", **place}
        (tmp_path / f"{file}.yaml").write_text(json.dumps(asked), encoding="utf-8")
    assert run(sorted(tmp_path.glob("*.yaml")), copy, tmp_path / "out", quiet=True) == 0
    pages = sorted((tmp_path / "out").rglob("*.html"))
    assert len(pages) == 7
    for file in pages:
        page, asked = chromium.new_page(), []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("dialog", lambda dialog, asked=asked: asked.append(dialog.message))
        page.goto(file.as_uri())
        page.wait_for_function("!document.querySelector('figure.chart:not(.drawn)')")
        assert asked == [file.as_uri()]
        assert page.locator("img, a[href*=away]").count() == 0
        assert name in page.evaluate("document.body.textContent")
        page.close()


def test_a_district_is_not_held_against_the_notebooks_own_place(part, tmp_path):
    file = tmp_path / "vanloese.yaml"
    file.write_text("season: 2025/26\ndistrict: Vanløse\naudience: public\n", encoding="utf-8")
    assert run([file], part, tmp_path / "out", dry_run=True) == 0
