"""The Word document's promises: real styles, described pictures, repeated headings, equal bytes."""

import os
import shutil
import subprocess
import zipfile
from datetime import date

import nbformat
import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.barometer import words
from analysis.core.asking import Dataset
from analysis.core.database import ROOT
from analysis.note.words import placeholder_mark
from analysis.reports import note, word
from analysis.show import charts
from analysis.show.stored import CHART_TYPE
from analysis.show.tables import TABLE_TYPE, table

DATA = Dataset(True, date(2021, 10, 1), date(2026, 3, 31))
TOWNS = pd.DataFrame({"name": ["Nørrebro", "Valby"], "incidents": [1234, 5]})


def output(kind, content):
    return new_code_cell("x", outputs=[new_output("display_data", {kind: content})])


def chart(description="Søjler."):
    charts.enable()
    made = charts.bars(TOWNS, "district").to_dict()
    return output(CHART_TYPE, made | {"description": description})


def tabled(df=TOWNS, **more):
    made = table(df, "Hændelser ud fra bydel", "district", **more)
    return output(TABLE_TYPE, made._repr_mimebundle_()[TABLE_TYPE])


def written(folder, *cells, data=DATA):
    """Return a notebook of these cells as a Word document, read again."""
    file = folder / "x.docx"
    word.write(new_notebook(cells=[new_markdown_cell("# Titel\n\nHvad?"), *cells]), file, data)
    return Document(file)


def styled(document, style):
    return [each.text for each in document.paragraphs if each.style.name == style]


def test_headings_are_of_heading_styles_and_the_title_is_the_title(tmp_path):
    made = written(
        tmp_path,
        output("text/markdown", "**Sted, periode**\n\nTekst"),
        new_markdown_cell("## Første\n\n### Anden\n\n#### Tredje"),
    )
    assert styled(made, "Title") == ["Titel"]
    assert styled(made, "Subtitle") == ["Sted, periode"]
    assert [styled(made, f"Heading {level}") for level in (1, 2, 3)] == [
        ["Første"],
        ["Anden"],
        ["Tredje"],
    ]
    assert "Hvad?" not in "".join(each.text for each in made.paragraphs)
    assert made.core_properties.title == "Titel: Sted, periode"
    assert made.core_properties.language == "da-DK"
    assert made.core_properties.author == "Tryghedsbarometer"
    assert {each.get(qn("w:val")) for each in made.styles.element.iter(qn("w:lang"))} == {"da-DK"}


def test_text_lists_and_markup_are_styles(tmp_path):
    text = "Jævn **fed** og *kursiv*\npå to linjer.\n\n- et\n- to\n\n1. først"
    made = written(tmp_path, new_markdown_cell(text))
    paragraph = next(each for each in made.paragraphs if "Jævn" in each.text)
    assert paragraph.text == "Jævn fed og kursiv på to linjer."
    assert {run.style.name: run.text for run in paragraph.runs if run.style.name != "x"}[
        "Strong"
    ] == "fed"
    assert styled(made, "List Bullet") == ["et", "to"]
    assert styled(made, "List Number") == ["først"]


def test_a_place_to_fill_stands_out(tmp_path):
    made = written(tmp_path, new_markdown_cell(f"Før {placeholder_mark('dato')} efter"))
    paragraph = next(each for each in made.paragraphs if "Før" in each.text)
    assert [run.text for run in paragraph.runs if run.style.name == word.FILL] == [
        "[Udfyldes: dato]"
    ]
    style = made.styles[word.FILL]
    assert style.font.bold
    assert style.element.rPr.find(qn("w:shd")) is not None


def test_every_picture_has_its_description_and_fits_the_page(tmp_path):
    made = written(tmp_path, chart("Flest på Nørrebro."), chart("Igen."))
    section = made.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    described = [shape._inline.docPr.get("descr") for shape in made.inline_shapes]
    assert described == ["Flest på Nørrebro.", "Igen."]
    assert all(shape.width <= room + 1 for shape in made.inline_shapes)
    captions = styled(made, "Caption")
    assert [text.split(".")[0] for text in captions] == ["Figur ", "Figur "]
    numbers = [
        "".join(text.text for text in each.iter(qn("w:t")))
        for each in made.element.body.iter(qn("w:fldSimple"))
        if "SEQ Figur" in each.get(qn("w:instr"))
    ]
    assert numbers == ["1", "2"]


def test_a_table_repeats_its_headings_and_puts_numbers_right(tmp_path):
    made = written(tmp_path, tabled(total=True)).tables[0]
    assert [[cell.text for cell in row.cells] for row in made.rows] == [
        ["Bydel", "Antal"],
        ["Nørrebro", "1.234"],
        ["Valby", "5"],
        ["Samlet", "1.239"],
    ]
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in made.rows]
    assert heads == [True, False, False, False]
    assert made.style.name == word.TABLE
    styles = [row.cells[1].paragraphs[0].style.name for row in made.rows]
    assert styles == [word.HEAD, word.NUMBER, word.NUMBER, word.HEAD]
    assert made._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Hændelser ud fra bydel"


def test_a_table_without_rows_says_so(tmp_path):
    made = written(tmp_path, tabled(TOWNS.iloc[:0])).tables[0]
    assert [cell.text for cell in made.rows[1].cells] == ["Ingen", ""]


def test_a_wide_table_stays_within_the_margins(tmp_path):
    long = pd.DataFrame(
        {"name": ["A"], **{f"kolonne{n} med ord": ["meget tekst " * 9] for n in range(7)}}
    )
    made = written(tmp_path, tabled(long))
    section = made.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    assert sum(column.width for column in made.tables[0].columns) <= room + Mm(0.1)


def test_no_empty_paragraph_makes_space(tmp_path):
    made = written(
        tmp_path, new_markdown_cell("Tekst"), tabled(), chart(), tabled(), new_markdown_cell("Slut")
    )
    pictures = {each.text for each in made.paragraphs if each.style.name == word.FIGURE}
    assert pictures == {""}
    assert all(each.text or each.style.name == word.FIGURE for each in made.paragraphs)


def kept(document):
    """Return the text of the paragraphs that stay on the page of the one after them."""
    return [each.text for each in document.paragraphs if each.paragraph_format.keep_with_next]


def test_what_leads_to_a_list_or_a_figure_stays_with_it(tmp_path):
    lists = new_markdown_cell("Jævn.\n\nFølgende:\n\n- et\n- to\n- tre\n\nSlut.")
    made = written(tmp_path, lists, new_markdown_cell("Se figuren."), chart())
    assert kept(made) == ["Følgende:", "et", "Se figuren."]
    single = written(tmp_path, new_markdown_cell("Følgende:\n\n- et"))
    assert kept(single) == ["Følgende:"]


def test_what_stands_under_a_figure_is_not_drawn_to_the_next(tmp_path):
    about = new_markdown_cell("Om figuren.")
    assert kept(written(tmp_path, chart(), about, tabled())) == []


def test_headings_and_captions_stay_with_what_follows_and_no_line_stands_alone(tmp_path):
    styles = written(tmp_path).styles
    for name in ("Heading 1", "Heading 2", "Heading 3", "Caption"):
        assert styles[name].paragraph_format.keep_with_next
    assert styles["Normal"].paragraph_format.widow_control
    for name in ("List Bullet", "List Number"):
        assert styles[name].base_style.name == "Normal"


def test_the_first_appendix_begins_a_page(tmp_path):
    made = written(tmp_path, new_markdown_cell("## Bilag 1. A\n\n## Bilag 2. B"))
    first, second = (each for each in made.paragraphs if each.style.name == "Heading 1")
    assert first.paragraph_format.page_break_before
    assert not second.paragraph_format.page_break_before


def test_synthetic_data_are_said_on_every_page_and_real_ones_are_not(tmp_path):
    cells = (output("text/markdown", words.synthetic()),)
    made = written(tmp_path, *cells)
    for said in (made.sections[0].header.paragraphs[1].text, styled(made, word.NOTICE)[0]):
        assert said.startswith("Syntetiske data. Tallene i notatet er opdigtede")
    real = written(tmp_path, data=DATA._replace(synthetic=False))
    assert "Syntetiske" not in real.element.xml
    assert not any("Syntetiske" in each.text for each in real.sections[0].header.paragraphs)


def test_each_page_has_its_number_at_the_right_margin(tmp_path):
    made = written(tmp_path)
    section = made.sections[0]
    footer = section.footer.paragraphs[0]
    fields = [each.get(qn("w:instr")) for each in footer._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert footer.text.startswith("Titel\tSide ")
    room = section.page_width - section.left_margin - section.right_margin
    (stop,) = made.styles["Footer"].paragraph_format.tab_stops
    assert abs(stop.position - room) < Mm(0.1)


def test_a_page_is_a4(tmp_path):
    section = written(tmp_path).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_the_same_notebook_gives_the_same_bytes_without_a_trace_of_who_and_when(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, chart(), tabled())
    first, second = ((tmp_path / name / "x.docx").read_bytes() for name in ("a", "b"))
    assert first == second
    with zipfile.ZipFile(tmp_path / "a/x.docx") as package:
        assert {each.date_time for each in package.infolist()} == {(2026, 3, 31, 12, 0, 0)}
        core = package.read("docProps/core.xml").decode()
        assert not any("thumbnail" in each for each in package.namelist())
    assert "2026-03-31T12:00:00Z" in core
    assert "python-docx" not in core


def test_a_document_as_it_was_written_may_be_overwritten_and_an_edited_one_not(tmp_path):
    file = tmp_path / "x.docx"
    word.refuse_edited(file)
    made = written(tmp_path, tabled())
    word.refuse_edited(file)
    made.paragraphs[0].add_run("!")
    made.save(file)
    with pytest.raises(word.EditedError, match=r"^x\.docx er rettet i hånden"):
        word.refuse_edited(file)


def test_what_is_no_document_of_ours_is_somebodys_work(tmp_path):
    file = tmp_path / "x.docx"
    Document().save(file)
    of_another = file.read_bytes()
    for content in (b"", b"no document", of_another, of_another[:-1]):
        file.write_bytes(content)
        with pytest.raises(word.EditedError):
            word.refuse_edited(file)


@pytest.fixture(scope="module")
def status(tmp_path_factory):
    """The committed status note as a Word document."""
    file = tmp_path_factory.mktemp("status") / "status.docx"
    notebook = nbformat.read(ROOT / "notebooks" / f"{note.NAME}.ipynb", as_version=4)
    word.write(notebook, file, DATA)
    return file


def test_the_status_note_holds_every_part_of_its_notebook(status):
    made = Document(status)
    headings = styled(made, "Heading 1")
    for part in (
        "Resume",
        "Tryghedsskabende initiativer",
        "Grupper og typer af hændelser",
        "Videre proces",
    ):
        assert part in headings
    shown = [
        each
        for cell in nbformat.read(ROOT / "notebooks" / f"{note.NAME}.ipynb", as_version=4).cells
        for each in cell.get("outputs", ())
    ]
    assert len(made.tables) == sum(TABLE_TYPE in each.get("data", ()) for each in shown)
    assert len(made.inline_shapes) == sum(CHART_TYPE in each.get("data", ()) for each in shown)
    assert all(shape._inline.docPr.get("descr") for shape in made.inline_shapes)


def test_libreoffice_opens_the_note_and_makes_a_tagged_pdf_of_it(status, tmp_path):
    if not shutil.which("soffice"):
        reason = "LibreOffice is not installed: the note's PDF is not tested"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    copy = tmp_path / "status.docx"
    copy.write_bytes(status.read_bytes())
    assert note.convert(copy)
    printed = copy.with_suffix(".pdf").read_bytes()
    assert printed.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in printed
    if shutil.which("pdftotext"):
        told = subprocess.run(
            ["pdftotext", str(copy.with_suffix(".pdf")), "-"], capture_output=True, check=True
        ).stdout.decode()
        pages = told.count("\f")
        assert 4 <= pages <= 12
        assert told.count("Syntetiske data. Tallene") >= pages
        assert f"Side {pages} af {pages}" in told


def test_a_document_that_cannot_be_converted_is_no_pdf(tmp_path):
    assert not note.convert(tmp_path / "missing.docx")
