"""Texts of exports, register and parameters that would run, load, lead away or hide: none does."""

import email
import email.policy
import re
import shutil
import zipfile
from base64 import b64decode
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit
from urllib.request import url2pathname
from xml.etree import ElementTree

import hostile as city
import nbformat
import openpyxl
import pandas as pd
import pytest
from docx import Document
from hostile import AWAY, FILES, NAME, TEXTS, read, said
from lab import guarded, running, show
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell
from papermill.exceptions import PapermillExecutionError

from analysis.core import asking
from analysis.core.database import connect
from analysis.core.errors import printable
from analysis.reports import note, packs
from analysis.show import charts
from analysis.show.drawing import svg
from analysis.show.stored import CHART_TYPE

# What no page of ours has; pictures are drawn by our own scripts, or stand in the page.
NOT_OURS = (
    "iframe, object, embed, base, frame, form:not(.vega-bindings), applet, video, audio, link, "
    "meta[http-equiv=refresh i], img:not([src^='data:image/']), "
    "style:text('display:none}'), [onload], [onerror]"
)
HREFS = "all => all.map((one) => one.href)"
# What obeys: control characters, marks of direction, and line ends of every kind but our own.
OBEYED = re.compile(
    "[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
FAILED = PapermillExecutionError(0, 1, "", "ValueError", "\x1b[31mnej\u202e", ["\x1b[31mnej"])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A city of hostile texts, its reports, note and packs, and what each command has said."""
    folder = tmp_path_factory.mktemp("hostile")
    city.make(folder)
    out, data = folder / "out", ["--database", folder / "x.duckdb"]
    done = {}

    def run(name, *arguments):
        done[name] = said(name, *arguments, *([] if name == "layout" else data))

    reference = ["--reference", folder / "reference"]
    run("ingest", "--exports", folder / "exports", *reference)
    run("report", folder / "params", "--output", out)
    run("layout", *sorted(folder.glob("exports/*.csv")), *reference)
    run("verify")
    with pytest.MonkeyPatch.context() as patched:
        # Their notebooks have been run.
        executed = nbformat.read(out / city.PARAMETERS / f"{note.NAME}.ipynb", 4)
        with connect(folder / "x.duckdb") as con:
            held = asking.dataset(con)
        patched.setattr(note, "executed", lambda *_: (executed, held))
        run("note", "--season", "2025/26", "--location", read(NAME), "--output", folder / "note")
        (written,) = folder.glob("note/*.docx")
        _edit(written, folder / "rettet.docx")
        run("check", folder / "rettet.docx")

        def overview(kernel, selection, *_):
            if selection.place == read(NAME):
                raise FAILED
            return "<p>Overblik</p>"

        patched.setattr(packs, "_overview", overview)
        run("packs", "--season", "2025/26", "--month", "2025-11", "--output", folder / "packs")
    return SimpleNamespace(folder=folder, out=out / city.PARAMETERS, done=done)


def _edit(file, edited):
    """Write a note as somebody has edited it who writes what a terminal obeys."""
    document = Document(file)
    for text in ("Der er 99 hændelser \x9b2J\u202e i Valby.", "Den 99. \u2028gang\x85."):
        document.paragraphs[-1].add_run(f" {text}")
    document.save(edited)


def _is_ours(href):
    """Return whether an address is that of a file beside the page, which is there."""
    return href.startswith("file:///") and Path(url2pathname(urlsplit(href).path)).exists()


def letters(text):
    return re.sub(r"\s|\u2060", "", text)


def pages(hostile):
    cards = [file for file in hostile.folder.glob("packs/*/*kort.html") if AWAY in file.read_text()]
    return [*hostile.folder.glob("out/**/*.html"), *hostile.folder.glob("note/*.html"), *cards]


@pytest.mark.browser
def test_nothing_runs_loads_moves_or_hides_in_chromium(hostile, chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    found = pages(hostile)
    assert len(found) == 20
    for file in found:
        page, asked = context.new_page(), []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("dialog", lambda dialog, asked=asked: asked.append(dialog.message))
        page.goto(file.as_uri())
        page.wait_for_function("!document.querySelector('figure.chart:not(.drawn)')")
        page.wait_for_timeout(100)
        asked = [each for each in asked if not each.startswith("data:image/svg+xml;base64,")]
        assert asked == [file.as_uri()], file.name
        assert page.evaluate("window.ran") is None, file.name
        assert page.url == file.as_uri()
        assert page.locator(".notice").first.is_visible(), file.name
        assert page.locator("footer").is_visible(), file.name
        led = {href.partition("#")[0] for href in page.eval_on_selector_all("a[href]", HREFS)}
        assert [href for href in led if not _is_ours(href)] == [], file.name
        assert page.locator(NOT_OURS).count() == 0, file.name
        page.close()
    context.close()


@pytest.mark.browser
def test_every_text_is_there_to_read(hostile, chromium):
    page = chromium.new_page()

    def shown(file):
        page.goto(file.as_uri())
        return letters(page.evaluate("document.body.textContent"))

    quality = shown(hostile.out / "01_data_quality.html")
    assert [each for each in map(read, TEXTS) if letters(each) not in quality] == []
    assert [each for each in map(printable, FILES) if letters(each) not in quality] == []
    for name in ("02_barometer", "06_outlook", "barometer", "meeting"):
        assert letters(read(NAME)) in shown(hostile.out / f"{name}.html"), name
    assert letters(read(city.SCENARIO["kind"])[1:]) in shown(hostile.out / "06_outlook.html")
    page.close()


def test_workbooks_hold_no_formula_and_nothing_of_others(hostile):
    books = sorted(hostile.out.glob("*.xlsx"))
    assert len(books) == 10
    for file in books:
        with zipfile.ZipFile(file) as package:
            parts = package.namelist()
            related = "".join(package.read(one).decode() for one in parts if one.endswith(".rels"))
        assert "External" not in related, file.name
        assert not [one for one in parts if re.search("external|vba|connections|query", one)]
        for cell in (
            cell for sheet in openpyxl.load_workbook(file) for row in sheet for cell in row
        ):
            assert cell.data_type != "f", (file.name, cell.coordinate)
            assert not str(cell.value).startswith(("=", "+", "@", "\t", "\r", "\n")), file.name
            assert not cell.hyperlink or not cell.hyperlink.target


def test_word_and_pdf_obey_none_of_the_texts(hostile):
    files = [hostile.out / "09_status_note.docx", *hostile.folder.glob("note/*.docx")]
    assert len(files) == 2
    for file in files:
        with zipfile.ZipFile(file) as package:
            parts = {one: package.read(one).decode(errors="replace") for one in package.namelist()}
        assert not [one for one in parts if re.search("vba|embed|activeX|externalLink", one)]
        assert "External" not in "".join(parts[one] for one in parts if one.endswith(".rels"))
        assert "updateFields" not in parts["word/settings.xml"]
        body = "".join(parts[one] for one in parts if re.fullmatch(r"word/[^/]*\.xml", one))
        assert set(re.findall(r'w:instr="(\w+)', body)) == {"SEQ", "PAGE", "NUMPAGES"}
        assert not re.search(r"<w:(instrText|hyperlink|altChunk|object|pict|subDoc)\b", body)
        assert letters(read(NAME)) in letters(
            "".join(one.text for one in Document(file).paragraphs)
        )
    for file in hostile.folder.glob("note/*.pdf"):
        acts = rb"/(URI|JavaScript|JS|Launch|GoToR|SubmitForm|ImportData|EmbeddedFile|RichMedia)\b"
        assert not re.search(acts, file.read_bytes())


def test_pictures_hold_texts_alone(hostile):
    (written,) = hostile.folder.glob("note/*.html")
    found = re.findall(r"data:image/svg\+xml;base64,([^\"]+)", written.read_text(encoding="utf-8"))
    drawn = [b64decode(each).decode() for each in found]
    assert len(drawn) > 3
    texts = [*map(read, TEXTS), "toString", "hasOwnProperty"]
    names = pd.DataFrame({"name": texts, "incidents": range(len(texts), 0, -1)})
    for rows in (names[:20], names[20:40], names[30:]):
        made = svg(charts.bars(rows, "facility")._repr_mimebundle_()[CHART_TYPE])
        texts = (one.text or "" for one in ElementTree.fromstring(made).iter())
        # A long one ends in dots, what JavaScript means by it in what is not seen.
        shown = {*(text.rstrip("…\u200b") for text in texts)} - {""}
        for name in rows["name"].iloc[:-1]:
            assert any(name.startswith(each) for each in shown), name
        drawn.append(made)
    for each in drawn:
        for one in ElementTree.fromstring(each).iter():
            assert one.tag.rpartition("}")[2] in {
                *(
                    "svg",
                    "g",
                    "path",
                    "text",
                    "tspan",
                    "rect",
                    "line",
                    "circle",
                    "defs",
                    "clipPath",
                ),
                *("linearGradient", "stop", "style", "title", "desc"),
            }
            assert not [name for name in one.attrib if re.search("href|^on|src", name)]


def test_mails_have_our_own_heads_and_every_page(hostile):
    mails = sorted(hostile.folder.glob("packs/*/*.eml"))
    with connect(hostile.folder / "x.duckdb") as con:
        query = "select distinct district from location where district is not null"
        districts = {name for (name,) in con.execute(query).fetchall()}
    subjects = set()
    for file in mails:
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert {*mail.keys()} == {"Subject", "X-Unsent", "MIME-Version", "Content-Type"}
        # Where a long one is folded, it may have come to have two spaces.
        subject = " ".join(mail["Subject"].split())
        subjects.add(subject.removesuffix(": mødet om november 2025"))
        attached = {part.get_filename() for part in mail.iter_attachments()}
        assert attached == {each.name for each in file.parent.glob("*.html")}
    assert subjects == districts


def test_a_terminal_and_a_log_are_sent_nothing_that_they_obey(hostile):
    # The layout lacks a place, figures are others than the published, and an overview fails.
    fell_short = [name for name, (code, _) in hostile.done.items() if code]
    assert fell_short == ["layout", "verify", "packs"]
    told = {name: text for name, (_, text) in hostile.done.items()}
    for file in (hostile.out.parent / "manifest.json", hostile.out.parent / "koersel.log"):
        told[file.name] = file.read_text(encoding="utf-8")
    assert {name: OBEYED.findall(text) for name, text in told.items() if OBEYED.search(text)} == {}
    assert "\\x1b[31mnej\\u202e" in told["packs"]
    assert "99 hændelser" in told["check"]


@pytest.mark.browser
def test_jupyterlab_runs_loads_and_leads_nowhere(hostile, chromium, tmp_path):
    with running(tmp_path, hostile.folder / "x.duckdb") as host:
        _copy(hostile, tmp_path)
        context = chromium.new_context(viewport={"width": 1280, "height": 5000})
        asked = guarded(context, host)
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.on("dialog", lambda dialog: _answer(dialog, asked))
        for name in ("01_data_quality", "02_barometer", "06_outlook"):
            show(page, host, f"{name}.ipynb")
            page.locator(".jp-RenderedHTMLCommon").last.wait_for()
            _is_harmless(page, host, asked)
        show(page, host, "explore.ipynb")
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.locator(".jp-OutputArea-output", has_text="Her slutter den").wait_for()
        page.locator(".jp-OutputArea-output .vega-embed svg.marks").nth(3).wait_for()
        options = {*map(letters, page.locator("option").all_text_contents())}
        assert {letters(TEXTS[0]), letters(read(NAME))} <= options
        for button in ("Vis som kode", "Gem som parameterfil", "Gem tabel som CSV"):
            page.get_by_role("button", name=button).first.click()
        page.get_by_text("Gemt: ").first.wait_for()
        _is_harmless(page, host, asked)
        context.close()


def _answer(dialog, asked):
    # JupyterLab asks whether one will leave what is not saved.
    if dialog.type != "beforeunload":
        asked.append(dialog.message)
    dialog.accept()


def _copy(hostile, home):
    # Trusted, as those that an analyst runs are: JupyterLab cleans the outputs of others.
    notary = NotebookNotary(data_dir=str(home / ".jupyter" / "jupyter_data_dir"))
    for file in hostile.out.glob("0[126]_*.ipynb"):
        shutil.copy(file, home)
        notary.sign(nbformat.read(file, 4))
    explore = nbformat.read(home / "notebooks" / "00_explore.ipynb", 4)
    at = next(
        n for n, cell in enumerate(explore.cells) if "parameters" in cell.metadata.get("tags", ())
    )
    explore.cells.insert(at + 1, new_code_cell(f"location = {read(NAME)!r}"))
    explore.cells.append(new_code_cell("print('Her slutter den')"))
    nbformat.write(explore, home / "explore.ipynb")


def _is_harmless(page, host, asked):
    within = ".jp-Notebook"
    assert asked == []
    assert page.evaluate("window.ran") is None
    assert page.url.startswith(f"http://{host}/lab/tree/")
    led = page.eval_on_selector_all(f"{within} a[href]", HREFS)
    assert [href for href in led if not href.startswith(f"http://{host}/")] == []
    strange = (
        "iframe, object, base, meta, form:not(.vega-bindings), mjx-container, [onerror], [onload]"
    )
    strange += ", img:not([src^='data:']), style:text('display:none}')"
    assert page.locator(within).locator(strange).count() == 0


@pytest.mark.parametrize("name", ["..yaml", "...yaml", ".x.yaml", " x.yaml", "a\x1b[31mb\n.yaml"])
def test_a_parameters_file_leads_its_folder_nowhere(name, tmp_path, database):
    file = tmp_path / "params" / name
    file.parent.mkdir()
    file.write_text("season: 2025/26\n", encoding="utf-8")
    out = tmp_path / "out" / "her"
    code, told = said("report", file, "--only", "02", "--database", database, "--output", out)
    assert code == 2
    assert told.startswith("barometer report: En parameterfils navn")
    assert not OBEYED.search(told)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "given",
    [
        '"x\u202e": 1',
        'location: "\u202eHal"',
        "\u202e: a\n\u202e: b",
        'scenario: [{"x\u202e": 1}]',
        'district_polygons: "x\u202e"',
        'database: "x\u202e"',
    ],
)
def test_an_error_quotes_a_parameters_file_without_what_a_terminal_obeys(given, tmp_path, database):
    (tmp_path / "x.yaml").write_text(f"season: 2025/26\n{given}\n", encoding="utf-8")
    code, told = said("report", tmp_path / "x.yaml", "--database", database, "--output", tmp_path)
    assert code == 2
    assert "\\u202e" in told
    assert not OBEYED.search(told)
