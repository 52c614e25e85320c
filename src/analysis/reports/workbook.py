"""Executed notebooks to Excel workbooks: what the page opens with, then a sheet for each table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet
from papermill.execute import ERROR_MARKER_TAG

from analysis.barometer import words
from analysis.core import danish, prose, taxonomy
from analysis.core.asking import Dataset
from analysis.reports.markup import parse, plain, synthetic
from analysis.show import sheets
from analysis.show.tables import TABLE_TYPE, Table, Value

ABOUT = "Om rapporten"

_WARNING = PatternFill("solid", start_color="FFE2A8")
_LINK, _RED = "0A4B9B", "8A0F16"
_WRAPPED = Alignment(vertical="top", horizontal="left", wrap_text=True)
# In characters, of terms and of what is said of them.
_WIDTHS = (60, 90)
# Of a line of the selection, such as "Lokation: Alle".
_PAIR = re.compile(r"(\w+(?: \w+)?): (.+)")


@dataclass
class _Content:
    """What a notebook shows: title, the words above its first section, tables by section."""

    title: str = ""
    opening: list[str] = field(default_factory=list)
    tables: list[tuple[str, Table]] = field(default_factory=list)


def write(notebook: NotebookNode, file: Path, data: Dataset) -> None:
    """Write a workbook with the tables of an executed notebook in their order, as real values.

    The first sheet holds what the page opens with (the selection in words), the data's date, the
    warning of synthetic data, links to the other sheets, and the definitions. The others are called
    as the sections that their tables stand in, a section's further ones as their captions. The same
    notebook gives the same bytes, dated to the last day of the data.
    """
    content = _read(notebook)
    book = Workbook()
    book.properties.title = sheets.safe(content.title)
    book.properties.creator = "Tryghedsbarometer"
    book.properties.language = "da-DK"
    about = book.active
    about.title = ABOUT
    captions, named = {}, {""}
    for section, table in content.tables:
        # A sheet's name has no room for what a caption adds.
        called = re.split("[,:]", table.caption)[0] if section in named else section
        named.add(section)
        sheet = book.create_sheet(sheets.name(called, book.sheetnames))
        sheets.fill_sheet(sheet, table)
        captions[sheet.title] = table.caption
        if data.synthetic:
            _warn(sheet)
    _tell(about, content, captions, data)
    sheets.save(book, file, sheets.noon(data.last_day))


def _read(notebook: NotebookNode) -> _Content:
    content, section = _Content(), ""
    for cell in notebook.cells:
        if ERROR_MARKER_TAG in cell.metadata.get("tags", ()):
            continue
        shown = [output.get("data", {}) for output in cell.get("outputs", ())]
        if cell.cell_type == "markdown":
            shown = [{"text/markdown": cell.source}]
        for each in shown:
            if TABLE_TYPE in each:
                content.tables.append((section, Table.of(each[TABLE_TYPE])))
            for level, text in _blocks(each.get("text/markdown", "")):
                if level == 1:
                    content.title = text
                elif level:
                    section = text
                elif not section:
                    content.opening.append(text)
    return content


def _blocks(markdown: str) -> Iterator[tuple[int, str]]:
    """Yield the level of each heading, 0 for other blocks, and its text without markup."""
    for block in parse(markdown):
        if text := plain(block).strip():
            yield block.get("attrs", {}).get("level", 0) * (block["type"] == "heading"), text


def _plain(markdown: str) -> str:
    return " ".join(text for _, text in _blocks(markdown))


def _tell(sheet: Worksheet, content: _Content, captions: dict[str, str], data: Dataset) -> None:
    """Write the first sheet."""
    for letter, width in zip("AB", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheets.put(sheet["A1"], content.title)
    sheet["A1"].font = sheets.font(16, bold=True, color=sheets.NAVY)
    if data.synthetic:
        _warn(sheet)
        for cell in sheet["A2:B2"][0]:
            cell.fill = _WARNING
    pairs = []
    _add_part(sheet, "Rapporten")
    for paragraph in content.opening:
        for text in paragraph.split(" · "):
            if pair := _PAIR.fullmatch(text):
                pairs.append(pair.groups())
            elif text != synthetic():
                _add_text(sheet, text)
    _add_part(sheet, "Udvalg")
    for name, value in pairs:
        _add(sheet, name, value)
    if data.last_day:
        _add(sheet, "Data til og med", data.last_day)[1].number_format = sheets.DATE
    _add_part(sheet, "Ark")
    for name, caption in captions.items():
        link, _ = _add(sheet, name, caption)
        place = name.replace("'", "''")
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{place}'!A1", display=name)
        link.font = sheets.font(color=_LINK, underline="single")
    _add_part(sheet, "Definitioner")
    for term, meaning in _definitions():
        _add(sheet, term, meaning)
    sheets.set_for_print(sheet)


def _warn(sheet: Worksheet) -> None:
    """Write the warning in the second row, and above each printed page."""
    sheets.put(sheet["A2"], synthetic())
    sheet["A2"].font = sheets.font(bold=True, color=_RED)
    sheet.oddHeader.center.text = synthetic()


def _add_part(sheet: Worksheet, title: str) -> None:
    # A row is left empty above.
    cell = sheet.cell(sheet.max_row + 2, 1)
    sheets.put(cell, title)
    cell.font = sheets.font(13, bold=True, color=sheets.NAVY)


def _add(sheet: Worksheet, label: str, value: Value) -> tuple[Cell, Cell]:
    row = sheet.max_row + 1
    cells = sheet.cell(row, 1), sheet.cell(row, 2)
    for cell, each in zip(cells, (label, value), strict=True):
        sheets.put(cell, each)
        cell.alignment = _WRAPPED
    sheets.fit_height(sheet, row, _WIDTHS)
    return cells


def _add_text(sheet: Worksheet, text: str) -> None:
    """Add a paragraph in the first column: a screen reader loses its way in merged cells."""
    row = sheet.max_row + 1
    sheets.put(sheet.cell(row, 1), text)
    sheet.cell(row, 1).alignment = _WRAPPED
    sheets.fit_height(sheet, row, _WIDTHS)


def _definitions() -> list[tuple[str, str]]:
    """Return the words that the tables use, with what they mean."""
    ladder = {
        "trin": max(taxonomy.STEPS),
        "urotyper": danish.listing([each.label for each in taxonomy.LADDER]),
        "uden_for": danish.listing([*(each.label for each in taxonomy.OFF_LADDER), taxonomy.OTHER]),
    }
    steps = {each.label: f" (trin {each.ladder_step})" for each in taxonomy.LADDER}
    other = taxonomy.FORM["subcategory"][taxonomy.OTHER]
    fixed = prose.sections("definitions")
    return [
        *((each, prose.text(f"definitions/{each}", **ladder)) for each in fixed),
        ("Relativ score", _plain(words.inferred_weights().data)),
        *(
            (f"Urotype: {each.label}{steps.get(each.label, '')}", each.description)
            for each in taxonomy.CATEGORIES
        ),
        (f"Underkategori: {other.label}", other.description),
    ]
