"""An executed notebook as a Word document: real styles, headings, tables, and described pictures.

What stands under the notebook's title in its own cell is the notebook's question, and is left out.
"""

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import BaseStyle
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from nbformat import NotebookNode
from papermill.execute import ERROR_MARKER_TAG

from analysis.barometer import words as barometer_words
from analysis.core import danish
from analysis.core.asking import Dataset
from analysis.reports.blocks import chart_of, titled
from analysis.reports.markup import parse, plain, synthetic
from analysis.show import phrases, sheets
from analysis.show.drawing import DrawingError, png
from analysis.show.tables import NO_ROWS, TABLE_TYPE, Table

# The names of the styles that Word does not have.
NOTICE, FIGURE, CELL, NUMBER, HEAD, TABLE, FILL = (
    "Advarsel",
    "Figur",
    "Tabeltekst",
    "Tabeltal",
    "Tabelhoved",
    "Tabel",
    "Udfyldes",
)
# What the document's properties say that it was made of: the notebook's parameters.
WRITTEN_OF = "barometer"
_FONT = "Arial"
_NAVY, _RED = RGBColor(0x0B, 0x21, 0x49), RGBColor(0x8A, 0x0F, 0x16)
_WARNING, _TO_FILL, _HEAD, _LINE = "FFF6E5", "FFF2A8", "E8EDF5", "C9CED8"
# Of A4, in millimetres: the margin on each side, what it leaves, and the highest picture.
_PAGE, _MARGIN = (210, 297), 22
_WIDTH = _PAGE[0] - 2 * _MARGIN
_HIGHEST = 200
# In millimetres: a character of a table, bold ones wider, and the air in a cell. Wide enough for
# the fonts that stand in where Arial is missing.
_CHARACTER, _BOLD, _AIR = 1.95, 2.2, 4.4
# What is said of the data, whose figures are in the whole document and on no page alone.
_SYNTHETIC = parse(barometer_words.synthetic("i notatet"))[0]
# A table of so many rows or fewer stays on one page.
_MOST_WHOLE = 14
_APPENDIX = "Bilag "
_SENDER = "Københavns Kommune\tKultur-, Fritids- og Borgerserviceforvaltningen"


class EditedError(RuntimeError):
    """A document that a person has edited stands where one is to be written."""


def refuse_edited(file: Path) -> None:
    """Raise EditedError where a file stands there and `is_edited`."""
    if file.exists() and is_edited(file):
        raise EditedError(
            f"{file.name} er rettet i hånden og bliver ikke overskrevet; giv den et andet navn"
        )


def is_edited(file: Path) -> bool:
    """Return whether a file is anything but a document with the text that `write` gave it.

    The document's properties hold the digest of its text.
    """
    try:
        with zipfile.ZipFile(file) as package:
            told = package.read("docProps/core.xml")
            return _digest(package.read("word/document.xml")).encode() not in told
    except (zipfile.BadZipFile, zlib.error, KeyError):
        return True


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def write(notebook: NotebookNode, file: Path, data: Dataset) -> None:
    """Write an executed notebook as a Word document for A4.

    A second-level heading of the notebook is a first-level one of the document, whose title is the
    notebook's. The same notebook gives the same bytes, dated to the last day of the data.
    """
    made = sheets.noon(data.last_day)
    note = _Note(data)
    for cell in notebook.cells:
        if ERROR_MARKER_TAG in cell.metadata.get("tags", ()):
            continue
        if cell.cell_type == "markdown":
            note.add_text(cell.source)
        for output in cell.get("outputs", ()):
            shown = output.get("data", {})
            if spec := chart_of(shown):
                note.add_chart(spec)
            elif TABLE_TYPE in shown:
                note.add_table(Table.of(shown[TABLE_TYPE]))
            elif "text/markdown" in shown:
                note.add_text(shown["text/markdown"])
    given = notebook.metadata.get("papermill", {}).get("parameters", {})
    note.finish(made, {name: given[name] for name in sorted(given) if name != "database"})
    saved = io.BytesIO()
    note.document.save(saved)
    sheets.pack(saved, file, made)


class _Note:
    """A Word document that grows by a notebook's parts in their order."""

    def __init__(self, data: Dataset) -> None:
        self.data = data
        self.document = Document()
        self.title = self.subtitle = ""
        self._figures = self._tables = 0
        self._after_table = self._has_appendix = False
        self._after_picture = False
        # The paragraph that was added last, if it may lead to what comes next.
        self._intro: Paragraph | None = None
        _set_up(self.document)

    def add_text(self, markdown: str) -> None:
        """Add the blocks of a Markdown text."""
        for block in parse(markdown):
            match block["type"]:
                case "heading":
                    if block["attrs"]["level"] == 1:
                        self.title = plain(block)
                        self._paragraph(block["children"], "Title")
                        return
                    self._heading(block)
                case "paragraph":
                    self._text(block)
                case "list":
                    style = "List Number" if block["attrs"]["ordered"] else "List Bullet"
                    self._keep_intro()
                    made = [
                        self._paragraph(
                            [part for one in item["children"] for part in one["children"]], style
                        )
                        for item in block["children"]
                    ]
                    if len(made) > 1:
                        # What stands above would otherwise be left with a single line.
                        made[0].paragraph_format.keep_with_next = True

    def _heading(self, block: dict) -> None:
        made = self._paragraph(block["children"], f"Heading {block['attrs']['level'] - 1}")
        if not self._has_appendix and plain(block).startswith(_APPENDIX):
            made.paragraph_format.page_break_before = self._has_appendix = True

    def _text(self, block: dict) -> None:
        is_strong = [one["type"] for one in block["children"]] == ["strong"]
        if self.title and not self.subtitle and is_strong:
            self.subtitle = plain(block)
            self._paragraph(block["children"][0]["children"], "Subtitle")
        elif plain(block) == synthetic():
            self._paragraph(_SYNTHETIC["children"], NOTICE)
        else:
            # What stands under a picture is about it.
            leads = not self._after_picture
            made = self._paragraph(block["children"], "Normal")
            self._intro = made if leads else None

    def _paragraph(self, inline: Iterable[dict], style: str) -> Paragraph:
        made = self.document.add_paragraph(style=style)
        _add_runs(made, inline)
        if self._after_table and style in ("Normal", "List Bullet", "List Number"):
            made.paragraph_format.space_before = Pt(9)
        self._added()
        return made

    def _added(self) -> None:
        self._after_table = self._after_picture = False
        self._intro = None

    def _keep_intro(self) -> None:
        """Keep the paragraph that was added last on the page of what comes next."""
        if self._intro is not None:
            self._intro.paragraph_format.keep_with_next = True

    def _caption(self, kind: str, number: int, text: str) -> None:
        self._keep_intro()
        made = self.document.add_paragraph(f"{kind} ", style="Caption")
        _add_field(made, f"SEQ {kind} \\* ARABIC", str(number))
        made.add_run(f". {phrases.written(text)}")
        self._added()

    def add_chart(self, spec: dict) -> None:
        """Add a chart as a picture with its description, its title as text above it."""
        self._figures += 1
        title = spec.get("title")
        below = title.get("subtitle", "") if isinstance(title, dict) else ""
        below = below if isinstance(below, str) else " ".join(below)
        words = [titled(spec) or "Diagram", *([below] if below else [])]
        self._caption("Figur", self._figures, ". ".join(words))
        try:
            drawn = png({name: part for name, part in spec.items() if name != "title"})
        except DrawingError as error:
            self.document.add_paragraph(str(error))
            self._added()
            return
        run = self.document.add_paragraph(style=FIGURE).add_run()
        picture = run.add_picture(io.BytesIO(drawn), width=Mm(_WIDTH))
        if picture.height > Mm(_HIGHEST):
            picture.width = round(picture.width * Mm(_HIGHEST) / picture.height)
            picture.height = Mm(_HIGHEST)
        for side in "TBLR":
            # Unsaid, LibreOffice keeps a space of its own around a picture.
            picture._inline.set(f"dist{side}", "0")
        described = picture._inline.docPr
        described.set("name", f"Figur {self._figures}")
        told = spec.get("description", "Diagram uden beskrivelse.")
        # The caption above has said what it begins with.
        described.set("descr", told.removeprefix(f"{titled(spec)}. "))
        self._after_picture = True

    def add_table(self, table: Table) -> None:
        """Add a table, its caption above it and its first row repeated on each page."""
        self._tables += 1
        self._caption("Tabel", self._tables, table.caption)
        rows = table.told() or [(NO_ROWS, *[""] * (len(table.columns) - 1))]
        made = self.document.add_table(1 + len(rows), len(table.columns), style=TABLE)
        _describe(made, table.caption)
        _set_widths(made, table, rows)
        for cell, column in zip(made.rows[0].cells, table.columns, strict=True):
            _fill(cell, column.heading, HEAD, is_number=column.is_number)
        _set_row(made, 0, is_head=True)
        for number, told in enumerate(rows, 1):
            is_total = number - 1 == table.total
            cells = made.rows[number].cells
            for cell, text, column in zip(cells, told, table.columns, strict=True):
                style = HEAD if is_total else NUMBER if column.is_number else CELL
                _fill(cell, text, style, is_number=column.is_number)
                keep = len(rows) <= _MOST_WHOLE and number < len(rows)
                cell.paragraphs[0].paragraph_format.keep_with_next = keep
            _set_row(made, number)
        self._after_table = True

    def finish(self, made: object, of: dict[str, object]) -> None:
        """Add what stands on every page, and say what the document is, and is written `of`."""
        section = self.document.sections[0]
        sender = section.header.paragraphs[0]
        sender.style = "Footer"
        sender.text = _SENDER
        if self.data.synthetic:
            section.header.add_paragraph(plain(_SYNTHETIC), style="Header")
        footer = section.footer.paragraphs[0]
        whole = ": ".join(filter(None, [self.title, self.subtitle]))
        footer.add_run(f"{whole}\tSide ")
        _add_field(footer, "PAGE", "1")
        footer.add_run(" af ")
        _add_field(footer, "NUMPAGES", "1")
        days = f"Data til og med {danish.day(self.data.last_day)}. " if self.data.last_day else ""
        section.footer.add_paragraph(f"{days}Lavet med Tryghedsbarometeret.", style="Footer")
        about = self.document.core_properties
        # Word takes no more of a property.
        about.title = whole[:255]
        about.language = "da-DK"
        about.author = about.last_modified_by = "Tryghedsbarometer"
        # Longer than Word's own limit for what a person writes there.
        about._element._get_or_add("description").text = json.dumps(
            {WRITTEN_OF: of, "sha256": _digest(self.document.part.blob)},
            ensure_ascii=False,
            sort_keys=True,
        )
        about.created = about.modified = made


def _add_runs(made: Paragraph, inline: Iterable[dict], style: str | None = None) -> None:
    """Add text with its markup as character styles; a mark of HTML is a place to fill."""
    marked = style
    for one in inline:
        match one["type"]:
            case "inline_html":
                marked = {"<mark>": FILL, "</mark>": style}.get(one["raw"], marked)
            case "strong" | "emphasis":
                inner = "Strong" if one["type"] == "strong" else "Emphasis"
                _add_runs(made, one["children"], marked if marked == FILL else inner)
            case "softbreak":
                made.add_run(" ", marked)
            case "linebreak":
                made.add_run("", marked).add_break()
            case _:
                made.add_run(plain(one), marked)


def _add_field(made: Paragraph, code: str, shown: str) -> None:
    """Add a field, which Word counts anew, with what it shows until then."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = shown
    run.append(text)
    field.append(run)
    made._p.append(field)


def _fill(cell: _Cell, text: str, style: str, *, is_number: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = style
    paragraph.add_run(text)
    if is_number and style == HEAD:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _set_row(made: WordTable, number: int, *, is_head: bool = False) -> None:
    """Keep a row on one page, and let the first be repeated on each."""
    wanted = made.rows[number]._tr.get_or_add_trPr()
    for name in ("w:cantSplit", *(["w:tblHeader"] if is_head else [])):
        wanted.append(OxmlElement(name))


def _describe(made: WordTable, caption: str) -> None:
    about = OxmlElement("w:tblCaption")
    about.set(qn("w:val"), caption)
    made._tbl.tblPr.append(about)


def _set_widths(made: WordTable, table: Table, rows: Sequence[Sequence[str]]) -> None:
    """Give each column the width of its words, and what is left to those with long text."""
    made.autofit = False
    columns = list(zip(*rows, strict=True))
    least = [
        max(
            max(len(word) for word in _words(column.heading)) * _BOLD,
            max(len(word) for text in told for word in _words(text)) * _CHARACTER,
        )
        + _AIR
        for column, told in zip(table.columns, columns, strict=True)
    ]
    wanted = [
        max(
            width,
            # A heading may take two lines.
            len(column.heading) / 2 * _BOLD + _AIR,
            max(len(text) for text in told) * _CHARACTER + _AIR,
        )
        for width, column, told in zip(least, table.columns, columns, strict=True)
    ]
    room = _WIDTH - sum(least)
    more = sum(wanted) - sum(least)
    share = min(1, max(0, room) / more) if more else 0
    widths = [low + (high - low) * share for low, high in zip(least, wanted, strict=True)]
    # Where not even the longest words fit, all columns give way alike.
    scale = min(1, _WIDTH / sum(widths))
    for place, width in enumerate(widths):
        made.columns[place].width = Mm(width * scale)
        for cell in made.columns[place].cells:
            cell.width = Mm(width * scale)


def _words(text: str) -> list[str]:
    return re.split(r"[ –-]", text)


def _set_up(document: Document) -> None:
    """Make an empty document A4 and Danish, with this project's styles."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = map(Mm, _PAGE)
    section.left_margin = section.right_margin = Mm(_MARGIN)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    section.header_distance = section.footer_distance = Mm(11)
    package = document.part.package
    for name, each in list(package.rels.items()):
        if each.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[name]
    for part in package.iter_parts():
        if part.partname.endswith("theme1.xml"):
            # Every style takes its font from the theme.
            part._blob = re.sub(
                rb'(<a:latin typeface=")[^"]*', rb"\g<1>" + _FONT.encode(), part.blob
            )
    for each in document.styles.element.iter(qn("w:lang")):
        each.set(qn("w:val"), "da-DK")
    for each in document.settings.element.iter(qn("w:themeFontLang")):
        each.set(qn("w:val"), "da-DK")
    for each in document.settings.element.iter(qn("w:compatSetting")):
        if each.get(qn("w:name")) == "compatibilityMode":
            # The version of today's Word; of an older one it would say so above the text.
            each.set(qn("w:val"), "15")
    _set_styles(document)


def _set_styles(document: Document) -> None:
    """Give Word's own styles our look, and add ours."""
    for name, size, before, after in (
        ("Normal", 10.5, 0, 6),
        ("Title", 22, 0, 2),
        ("Subtitle", 13, 0, 12),
        ("Heading 1", 15, 18, 5),
        ("Heading 2", 12, 12, 4),
        ("Heading 3", 11, 9, 3),
        ("Caption", 9.5, 9, 3),
        ("List Bullet", 10.5, 0, 4),
        ("List Number", 10.5, 0, 4),
        ("Header", 7.5, 0, 0),
        ("Footer", 8, 0, 0),
    ):
        style = document.styles[name]
        _look(style, size, before, after)
        for spread in style.element.get_or_add_rPr().findall(qn("w:spacing")):
            style.element.rPr.remove(spread)
        if name in ("Title", "Subtitle", "Caption") or name.startswith("Heading"):
            style.font.color.rgb = _NAVY
            style.font.bold = name != "Subtitle"
            style.font.italic = False
            style.paragraph_format.keep_with_next = True
    # The other styles of text follow this one.
    document.styles["Normal"].paragraph_format.widow_control = True
    # Word's own stops in the middle would catch the page's number after a short title.
    stops = document.styles["Footer"].paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(Mm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    header = document.styles["Header"]
    header.font.color.rgb, header.font.bold = _RED, True
    borders = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        document.styles["Title"].element.pPr.remove(borders)
    add = document.styles.add_style
    for name, size, before, after in (
        (NOTICE, 9.5, 4, 8),
        (FIGURE, 9.5, 0, 8),
        (CELL, 9, 1.5, 1.5),
        (NUMBER, 9, 1.5, 1.5),
        (HEAD, 9, 1.5, 1.5),
    ):
        made = add(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = document.styles["Normal"]
        _look(made, size, before, after)
    _shade(document.styles[NOTICE].element.get_or_add_pPr(), _WARNING)
    document.styles[NUMBER].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.styles[HEAD].font.bold = True
    fill = add(FILL, WD_STYLE_TYPE.CHARACTER)
    fill.font.bold = True
    _shade(fill.element.get_or_add_rPr(), _TO_FILL)
    _add_table_style(document)


def _look(style: BaseStyle, size: float, before: float, after: float) -> None:
    style.font.size = Pt(size)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = 1.15 if style.name in ("Normal", "List Bullet") else 1.0


def _shade(properties: object, colour: str) -> None:
    ground = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        ground.set(qn(f"w:{name}"), value)
    # Word refuses properties in another order than the standard's.
    properties.insert_element_before(ground, "w:tabs", "w:spacing", "w:ind", "w:jc")


def _add_table_style(document: Document) -> None:
    """Add the style of tables: a line under each row, the first and last ones set apart."""
    made = document.styles.add_style(TABLE, WD_STYLE_TYPE.TABLE)
    made.base_style = document.styles["Normal Table"]
    whole = OxmlElement("w:tblPr")
    borders = OxmlElement("w:tblBorders")
    for side, colour, width in (
        ("top", str(_NAVY), "8"),
        ("bottom", str(_NAVY), "8"),
        ("insideH", _LINE, "4"),
    ):
        border = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", width), ("space", "0"), ("color", colour)):
            border.set(qn(f"w:{name}"), value)
        borders.append(border)
    whole.append(borders)
    made.element.append(whole)
    first = OxmlElement("w:tblStylePr")
    first.set(qn("w:type"), "firstRow")
    cells = OxmlElement("w:tcPr")
    _shade(cells, _HEAD)
    first.append(cells)
    made.element.append(first)
