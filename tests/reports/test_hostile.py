"""Texts of exports, register and parameters that would run, load, lead away or hide: none does."""

import email
import email.policy
import json
import re
import zipfile
from types import SimpleNamespace
from xml.etree import ElementTree

import hostile as city
import nbformat
import openpyxl
import pytest
from hostile import AWAY, BESIDE, FILES, NAME, TEXTS, read, said
from lab import guarded, running, show

from analysis.core import asking
from analysis.core.database import connect
from analysis.core.errors import printable
from analysis.core.selection import Selection
from analysis.reports import note, packs, page
from analysis.show.stored import CHART_TYPE

# What no page of ours has; pictures are drawn by our own scripts, or stand in the page.
NOT_OURS = (
    "iframe, object, embed, base, frame, form:not(.vega-bindings), applet, video, audio, link, "
    "meta[http-equiv=refresh i], img:not([src^='data:image/svg+xml;base64,']), "
    "style:text('display:none}'), [onload], [onerror]"
)
LEADING = "all => all.map((one) => one.href).filter((href) => !href.startsWith('file:'))"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A city of hostile texts, its reports, packs and note, and what each command has said."""
    folder = tmp_path_factory.mktemp("hostile")
    city.make(folder)
    data = ["--database", folder / "x.duckdb"]
    reference = ["--reference", folder / "reference"]
    done = {}
    done["ingest"] = said("ingest", "--exports", folder / "exports", *reference, *data)
    done["report"] = said("report", folder / "params", "--output", folder / "out", *data)
    return SimpleNamespace(folder=folder, out=folder / "out", data=data, done=done)


def pages(hostile):
    return sorted(hostile.folder.rglob("*.html"))


@pytest.mark.browser
def test_nothing_runs_loads_moves_or_hides_in_chromium(hostile, chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    for file in pages(hostile):
        page, asked = context.new_page(), []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("dialog", lambda dialog, asked=asked: asked.append(dialog.message))
        page.goto(file.as_uri())
        page.wait_for_function("!document.querySelector('figure.chart:not(.drawn)')")
        page.wait_for_timeout(100)
        asked = [each for each in asked if not each.startswith("data:")]
        assert asked == [file.as_uri()], file.name
        assert page.evaluate("window.ran") is None, file.name
        assert page.url == file.as_uri()
        assert page.locator(".notice").first.is_visible(), file.name
        assert page.locator("footer").is_visible(), file.name
        assert page.eval_on_selector_all("a[href]", LEADING) == [], file.name
        assert page.locator(NOT_OURS).count() == 0, file.name
        page.close()
    context.close()


def text_of(page):
    return " ".join(page.evaluate("document.body.textContent").split()).replace("\u2060", "")


@pytest.mark.browser
def test_every_text_is_there_to_read(hostile, chromium):
    page = chromium.new_page()
    page.goto((hostile.out / "sted" / "01_data_quality.html").as_uri())
    shown = text_of(page)
    assert [each for each in TEXTS if letters(read(each)) not in letters(shown)] == []
    assert [each for each in map(printable, FILES) if each not in shown] == []
    for name in ("02_barometer", "09_status_note", "barometer", "meeting"):
        page.goto((hostile.out / "sted" / f"{name}.html").as_uri())
        assert read(NAME) in text_of(page), name
    page.close()


def test_workbooks_hold_no_formula_and_nothing_of_others(hostile):
    books = sorted(hostile.folder.rglob("*.xlsx"))[1:]
    for file in books:
        with zipfile.ZipFile(file) as package:
            parts = package.namelist()
            related = "".join(package.read(one).decode() for one in parts if one.endswith(".rels"))
        assert "External" not in related, file.name
        assert not [one for one in parts if re.search("external|vba|connections|query", one)]
        for sheet in openpyxl.load_workbook(file):
            for cell in (cell for row in sheet for cell in row):
                assert cell.data_type != "f", (file.name, cell.coordinate)
                assert not str(cell.value).startswith(tuple("=+@\t\r\n")), (file.name, cell.value)
                assert not cell.hyperlink or not cell.hyperlink.target


def test_word_obeys_none_of_the_texts(hostile):
    files = sorted(hostile.folder.rglob("*.docx"))
    for file in files:
        with zipfile.ZipFile(file) as package:
            parts = {one: package.read(one).decode("utf-8", "replace") for one in package.namelist()}
        assert not [one for one in parts if re.search("vba|embed|activeX|externalLink", one)]
        assert "External" not in "".join(parts[one] for one in parts if one.endswith(".rels"))
        assert "updateFields" not in parts["word/settings.xml"]
        body = "".join(parts[one] for one in parts if one.startswith("word/") and one.endswith("xml"))
        fields = re.findall(r'w:instr="(\w+)', body)
        assert set(fields) == {"SEQ", "PAGE", "NUMPAGES"}
        assert not re.search(r"<w:(instrText|hyperlink|altChunk|object|pict|subDoc|sdt)\b", body)


def letters(text):
    return re.sub(r"\s|\u2060", "", text)
