"""Tables as sheets of an Excel workbook: real numbers and dates, no formula, equal bytes."""

import io
import re
import zipfile
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from textwrap import wrap

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.formatting.rule import DataBarRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from analysis.core.danish import MONTHS, UNKNOWN
from analysis.core.rounding import rounded
from analysis.show.tables import NO_ROWS, Column, Kind, Table, Value

HEADING_ROW = 3
# Excel's own limit.
_LONGEST_NAME = 31
# In characters; longer text is wrapped.
_WIDEST = 60
# A heading's button for filtering, and the air in a cell.
_BUTTON, _AIR = 3, 2

NAVY = "0B2149"
# In points, of a line of text and of the air in a row.
_LINE_HEIGHT, _ROW_AIR = 15, 2
# A column's width counts digits, and letters are narrower.
_LETTERS = 1.1
_HEAD = PatternFill("solid", start_color="E8EDF5")
_BAR = "9DB9DC"
_RULE = Side(style="thin", color=NAVY)
# The months in Danish whatever the machine's language; numbers follow the machine.
_DANISH = "[$-406]"
DATE = f"{_DANISH}d. mmmm yyyy"
_FORMATS = {
    "hour": '"kl. "0',
    "year": "0",
    "date": DATE,
    "month": f"{_DANISH}mmmm yyyy",
    "time": f"{DATE} hh:mm",
    # As `danish.chance` tells them.
    "chance": '[<0.005]"under 1 %";[>=0.995]"over 99 %";0 %',
}


# Digits after a 0 are a name, such as "0012".
_END = r"[−+]?(?!0\d)\d{1,3}(?:\.?\d{3})*(?:,\d+)?"
# "0,040", "under 0,001", "over 90 %", "mindst 7 højere", "0,53*".
_WORDED = re.compile(
    rf"((?:under |over |mindst |højst |\+)?)({_END})((?: %)?)"
    r"((?: (?:højere|lavere|flere|færre))?\*?)"
)
_DAY = re.compile(rf"(\d{{1,2}})\. ({'|'.join(MONTHS)}) ((?:19|20)\d\d)")
# "0,56–1,09", "75 % (63–84)", "0,61 til under 1", "– (mindst 0,19)", "3 af 87 (under 1 %)": an end
# beyond a limit has no number.
_INTERVAL = re.compile(
    rf"(?P<alone>{_END})\*?"
    rf"|(?P<part>{_END}) af (?P<whole>{_END}) \((?P<share>.+ %)\)"
    rf"|(?:(?:(?P<value>{_END})(?: %)?|{UNKNOWN}) \()?"
    rf"(?:mindst (?P<least>{_END})|over {_END}|(?:(?P<low>{_END})|(?:under|over) {_END})(?:–| til )"
    rf"(?:(?P<high>{_END})|(?:under|over) {_END}))(?: %)?\)?\*?(?: \((?:ikke )?klar\))?"
)
_PARTS = {
    "tal": ["alone", "value"],
    "laveste": ["low", "least"],
    "højeste": ["high"],
    "antal": ["part"],
    "ud af": ["whole"],
    "andel": ["share"],
}
# What begins the code of a character, to a workbook.
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SAYS_MORE = re.compile(r"under|over|mindst|for få|\*|klar|Ingen")
_NOT_KNOWN = ("", "None", "Ingen", UNKNOWN, "kan ikke beregnes", "for få hændelser")


def safe(text: str) -> str:
    """Return text that no program takes for a formula, without characters a workbook cannot hold.

    Excel runs what begins with one of `= + - @`, a tab or a line end, also where a saved sheet is
    opened as CSV; an apostrophe in front makes it text.
    """
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def put(cell: Cell, value: Value) -> None:
    """Give a cell its value, numbers rounded and text always as text."""
    if isinstance(value, str):
        cell.value = _CODE.sub("_x005F_", safe(value))
        # Else "#N/A" is an error value.
        cell.data_type = "s"
    else:
        cell.value = rounded(value)


def name(text: str, taken: Collection[str]) -> str:
    """Return what a sheet is called: as `text`, within what Excel allows, and unlike any taken.

    A longer text keeps its beginning and its last word: "Tidspunkt på dagen … demografi".
    """
    text = re.sub(r"[\[\]:*?/\\\x00-\x1f]+", " ", safe(text))
    text = " ".join(text.split()).lstrip("'=+-@ ").rstrip("' ") or "Tabel"
    used = {each.lower() for each in taken}
    number, ending = 1, ""
    while (found := _shortened(text, _LONGEST_NAME - len(ending)) + ending).lower() in used:
        number += 1
        ending = f" ({number})"
    return found


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    *words, last = text.split()
    end = f" … {last}" if len(last) < most / 2 else " …"
    begin = " ".join(words)[: most - len(end) + 1].rpartition(" ")[0]
    return begin + end if begin else text[: most - 1] + "…"


def fill_sheet(sheet: Worksheet, table: Table) -> None:
    """Write a table into an empty sheet, ready to be read, filtered and printed.

    The caption stands in A1, the headings in row 3, and a row of sums outside the filter. An
    interval in words stands as numbers.
    """
    table = _with_numbers(table)
    put(sheet["A1"], table.caption)
    sheet["A1"].font = font(14, bold=True, color=NAVY)
    _head(sheet, table)
    _body(sheet, table)
    widths = _widths(table)
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    # The headings' buttons take of the room for words.
    fit_height(sheet, HEADING_ROW, [width - _AIR - _BUTTON for width in widths])
    for number in range(HEADING_ROW + 1, sheet.max_row + 1):
        fit_height(sheet, number, [width - _AIR for width in widths])
    sheet.freeze_panes = sheet.cell(HEADING_ROW + 1, 2)
    sheet.auto_filter.ref = f"A{HEADING_ROW}:{get_column_letter(len(widths))}{_last(table)}"
    set_for_print(sheet)
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"


def _with_numbers(table: Table) -> Table:
    """Return a table whose intervals in words, "0,78 (0,52–1,17)", are columns of numbers.

    The words stay beside them where they say more, such as that an end is over 10. A column of
    single numbers or days in words is one of these.
    """
    columns, parts = [], []
    for place, column in enumerate(table.columns):
        values = [row[place] for row in table.rows]
        # The first column names its rows.
        told = [_plain(value) for value in values] if place else []
        column = replace(column, kind=_kind(column, told))
        numbers = _numbers(column, told)
        # Of "3 af 87 (under 1 %)" the numbers say it all.
        if not numbers or any(_SAYS_MORE.search(text) for text in told if " af " not in text):
            columns.append(column)
            parts.append(values)
        for one, pieces in numbers:
            columns.append(one)
            parts.append(pieces)
    rows = zip(*parts, strict=True) if table.rows else ()
    return Table(table.caption, tuple(columns), tuple(rows), table.total)


def _plain(value: Value) -> str:
    return str(value).replace("\u2060", "").replace("\xa0", " ")


def _kind(column: Column, told: Sequence[str]) -> Kind:
    """Return the kind of a column; of one whose words each tell a number or a day, theirs."""
    read = [_read(text) for text in told if re.search(r"\d", text)]
    if column.kind != "text" or not read or not all(read):
        return column.kind
    return "date" if read[0][1] == DATE else "decimal"


def _read(text: str) -> tuple[Value, str] | None:
    """Return the number or the day that a text tells, and the format in which it reads alike."""
    if found := _DAY.fullmatch(text):
        day, month, year = found.groups()
        with suppress(ValueError):  # Such as 31 February.
            return date(int(year), MONTHS.index(month) + 1, int(day)), DATE
    if not (found := _WORDED.fullmatch(text)):
        return None
    before, number, percent, after = found.groups()
    value = float(number.replace(".", "").replace(",", ".").replace("−", "-"))
    whole, _, decimals = number.partition(",")
    digits = ("#,##0" if "." in whole else "0") + (f".{'0' * len(decimals)}" if decimals else "")
    look = f'"{before}"{digits}{percent}"{after}"'.replace('""', "")
    if percent:
        value /= 100
    # The second format shows a number below 0 without its sign.
    return (-value, f"{look};{look}") if after in (" lavere", " færre") else (value, look)


def _numbers(column: Column, told: Sequence[str]) -> list[tuple[Column, list[Value]]]:
    """Return the columns of numbers that a column of intervals holds; none where it is no such."""
    found = [_INTERVAL.fullmatch(text) for text in told]
    known = [text for text in told if text not in _NOT_KNOWN]
    if column.kind != "text" or not any(found) or len(known) > sum(map(bool, found)):
        return []
    made = []
    for heading, names in _PARTS.items():
        pieces = [_piece(each, names) for each in found]
        if any(pieces):
            made.append((Column(f"{column.heading}: {heading}", "decimal"), pieces))
    return made


def _piece(found: re.Match | None, names: Iterable[str]) -> str | None:
    told = next((found[name] for name in names if found and found[name]), None)
    return f"{told} %" if told and "%" in found[0] and not found["whole"] else told


def font(size: int = 11, **look: object) -> Font:
    """Return the workbook's own font; one without a name differs between programs."""
    return Font(name="Calibri", size=size, **look)


def fit_height(sheet: Worksheet, row: int, widths: Iterable[int]) -> None:
    """Make a row as high as its longest text takes in columns of `widths`."""
    lines = [
        len(wrap(cell.value, round(width * _LETTERS)))
        for cell, width in zip(sheet[row], widths, strict=False)
        if isinstance(cell.value, str)
    ]
    sheet.row_dimensions[row].height = _LINE_HEIGHT * max([1, *lines]) + _ROW_AIR


def set_for_print(sheet: Worksheet) -> None:
    """Make a sheet print on A4, as wide as the page, with its name and page number."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "Side &P af &N"


def save(book: Workbook, file: Path, made: datetime) -> None:
    """Write a workbook as made at a time, the same byte for byte on every machine and day."""
    book.properties.created = book.properties.modified = made
    saved = io.BytesIO()
    book.save(saved)
    pack(saved, file, made)


def pack(saved: io.BytesIO, file: Path, made: datetime) -> None:
    """Write a saved workbook or Word document with `made` as the time of everything in it."""
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(file, "w") as target:
        for each in source.namelist():
            content = source.read(each)
            if each == "docProps/core.xml":
                # Saving puts the time of day in place of `modified`.
                content = _without_time_of_saving(content, made)
            # Stored, since what compression gives differs between builds of zlib.
            entry = zipfile.ZipInfo(each, made.timetuple()[:6])
            entry.create_system = 3
            target.writestr(entry, content)


def noon(day: date | None) -> datetime:
    """Return noon of a day, as the time a workbook was made; without a day, the earliest."""
    # An archive knows no time before 1980.
    return datetime.combine(day or date(1980, 1, 1), time(12))


def _without_time_of_saving(core: bytes, made: datetime) -> bytes:
    told = f"{made.isoformat()}Z".encode()
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told, core)


def _head(sheet: Worksheet, table: Table) -> None:
    for place, column in enumerate(table.columns, 1):
        cell = sheet.cell(HEADING_ROW, place)
        put(cell, column.heading)
        cell.font = font(bold=True)
        cell.fill = _HEAD
        cell.border = Border(bottom=_RULE)
        if column.is_number:
            # The button for filtering would cover the end of a heading.
            cell.alignment = Alignment("right", "bottom", wrap_text=True, indent=2)
        else:
            cell.alignment = Alignment("left", "bottom", wrap_text=True, indent=_indent(place))


def _body(sheet: Worksheet, table: Table) -> None:
    for number, row in enumerate(table.rows):
        for place, (value, column) in enumerate(zip(row, table.columns, strict=True), 1):
            cell = sheet.cell(HEADING_ROW + 1 + number, place)
            shown, look = _shown(value, column)
            put(cell, shown)
            if column.is_number:
                cell.alignment = Alignment("right", "top")
            else:
                cell.alignment = Alignment("left", "top", wrap_text=True, indent=_indent(place))
            if not isinstance(cell.value, str):
                cell.number_format = look
            if number == table.total:
                cell.font = font(bold=True)
                cell.border = Border(top=_RULE)
    if not table.rows:
        put(sheet.cell(HEADING_ROW + 1, 1), NO_ROWS)
    for place, column in enumerate(table.columns, 1):
        if column.shaded and table.most:
            letter = get_column_letter(place)
            bar = DataBarRule("num", 0, "num", table.most, _BAR, minLength=0, maxLength=100)
            sheet.conditional_formatting.add(
                f"{letter}{HEADING_ROW + 1}:{letter}{_last(table)}", bar
            )


def _indent(place: int) -> int:
    """Return the indent of words, which else would touch a number before them."""
    return int(place > 1)


def _last(table: Table) -> int:
    """Return the row of the last values, above the sums."""
    return HEADING_ROW + len(table.rows) - (table.total is not None)


def _shown(value: Value, column: Column) -> tuple[Value, str]:
    """Return what a cell holds, and its format: numbers, dates and times, all else in words."""
    look = _format(column)
    if column.kind == "truth" or (value is None and not column.is_number):
        return column.told(value), look
    if not isinstance(value, str) or column.kind == "text":
        return value, look
    value = _plain(value)
    return _read(value) or (None if value == UNKNOWN else value, look)


def _format(column: Column) -> str:
    if column.kind in _FORMATS:
        return _FORMATS[column.kind]
    fraction = f".{'0' * column.decimals}" if column.decimals else ""
    number = f"#,##0{fraction}{' %' * (column.kind == 'share')}"
    return f"+{number};-{number};{number}" if column.signed else number


def _widths(table: Table) -> list[int]:
    widths = [_width(table, place) for place in range(len(table.columns))]
    shaded = [width for width, column in zip(widths, table.columns, strict=True) if column.shaded]
    # A bar is a share of its column, so they compare only in columns of one width.
    return [
        max(shaded) if column.shaded else width
        for width, column in zip(widths, table.columns, strict=True)
    ]


def _width(table: Table, place: int) -> int:
    column = table.columns[place]
    words = [len(word) + _BUTTON for word in column.heading.split()]
    lines = [len(column.told(row[place])) for row in table.rows]
    return min(max(_BUTTON + 1, *words, *lines), _WIDEST) + _AIR
