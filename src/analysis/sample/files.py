"""The files of the synthetic exports, in the formats and encodings that real ones come in."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from analysis.core.season import Season
from analysis.sample.city import SEASONS, Row
from analysis.sample.times import EXPORTED

FORM_HEADINGS = (
    "Sagsnr",
    "Oprettet",
    "Hændelsestidspunkt",
    "Bydel",
    "Lokation",
    "Facilitet",
    "Urotype",
    "Underkategori",
    "Forurettede",
    "Demografi",
    "Tilkaldt hjælp",
    "Ankommet hjælp",
    "Beskrivelse",
)
ORDER_HEADINGS = (
    "Ordrenr",
    "Bestilt",
    "Bydel",
    "Lokation",
    "Facilitet",
    "Sagsnr",
    "Status",
    "Beskrivelse",
)
FORM_DESCRIPTION = "Syntetisk beskrivelse – opdigtet hændelse."
ORDER_DESCRIPTION = "Syntetisk beskrivelse – opdigtet bestilling."


class Csv(NamedTuple):
    """How a CSV file is written; `date` is the spelling of a time whose hour is not known."""

    delimiter: str
    encoding: str
    newline: str
    time: str
    date: str


FORM_FILES: dict[Season, Csv | None] = dict(
    zip(
        SEASONS,
        (
            Csv(";", "cp1252", "\r\n", "%d-%m-%Y %H:%M", "%d-%m-%Y"),
            Csv(",", "utf-8", "\n", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"),
            Csv(";", "utf-8", "\n", "%d.%m.%Y %H:%M", "%d.%m.%Y"),
            Csv(";", "utf-8-sig", "\r\n", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y"),
            None,  # XLSX
        ),
        strict=True,
    )
)
ORDER_FILES = dict(
    zip(
        SEASONS,
        (
            Csv(";", "utf-8-sig", "\r\n", "%d-%m-%Y", "%d-%m-%Y"),
            Csv(",", "utf-8", "\n", "%Y-%m-%d", "%Y-%m-%d"),
            Csv(";", "utf-8", "\r\n", "%d-%m-%Y %H:%M", "%d-%m-%Y"),
            Csv(",", "utf-8-sig", "\n", "%d.%m.%Y", "%d.%m.%Y"),
            Csv(";", "utf-8", "\n", "%Y-%m-%d %H:%M", "%Y-%m-%d"),
        ),
        strict=True,
    )
)


def form_name(season: Season) -> str:
    """Return the name, without its ending, of the file with a season's form rows."""
    return f"uro_{season.start_year}_{season.start_year + 1}"


def orders_name(season: Season) -> str:
    """Return the name, without its ending, of the file with a season's repair orders."""
    return f"haervaerk_{season.start_year}_{season.start_year + 1}"


def known_paths(folder: Path) -> Iterator[Path]:
    """Yield every path that a sample of any kind may write in a folder."""
    for season in SEASONS:
        yield folder / f"{orders_name(season)}.csv"
        yield from (folder / f"{form_name(season)}{ending}" for ending in (".csv", ".xlsx"))


def write(folder: Path, form: list[Row], orders: list[Row]) -> None:
    """Write a file for each form and season."""
    for season in SEASONS:
        cells = [_form_cells(row) for row in form if row.season == season]
        layout = FORM_FILES[season]
        if layout:
            _write_csv(folder / f"{form_name(season)}.csv", layout, FORM_HEADINGS, cells)
        else:
            _write_xlsx(folder / f"{form_name(season)}.xlsx", FORM_HEADINGS, cells)
        cells = [_order_cells(row) for row in orders if row.season == season]
        _write_csv(
            folder / f"{orders_name(season)}.csv", ORDER_FILES[season], ORDER_HEADINGS, cells
        )


def _form_cells(row: Row) -> tuple:
    return (
        row.case_number,
        row.reported,
        row.occurred,
        row.district,
        row.location,
        row.facility,
        row.category,
        row.subcategory,
        row.victim,
        row.demography,
        ", ".join(row.called),
        ", ".join(row.arrived),
        FORM_DESCRIPTION,
    )


def _order_cells(row: Row) -> tuple:
    return (
        row.order_number,
        row.occurred,
        row.district,
        row.location,
        row.facility,
        row.case_number,
        row.status,
        ORDER_DESCRIPTION,
    )


def _write_csv(path: Path, layout: Csv, headings: Iterable[str], rows: Iterable[tuple]) -> None:
    with path.open("w", encoding=layout.encoding, newline="") as file:
        writer = csv.writer(file, delimiter=layout.delimiter, lineterminator=layout.newline)
        writer.writerow(headings)
        writer.writerows([_text(cell, layout) for cell in row] for row in rows)


def _text(cell: datetime | date | str | None, layout: Csv) -> str:
    if isinstance(cell, datetime):
        return cell.strftime(layout.time)
    if isinstance(cell, date):
        return cell.strftime(layout.date)
    if layout.encoding == "cp1252":
        # Decomposed letters do not exist there: such an export has them composed.
        import unicodedata

        return unicodedata.normalize("NFC", cell or "")
    return cell or ""


def _write_xlsx(path: Path, headings: Iterable[str], rows: Iterable[tuple]) -> None:
    """Write a workbook of one sheet."""
    from openpyxl import Workbook

    from analysis.show import sheets

    book = Workbook()
    book.properties.creator = "barometer sample"
    sheet = book.active
    sheet.title = "Uro på lokation"
    sheet.append(list(headings))
    for row in rows:
        sheet.append([cell or None for cell in row])
    sheets.save(book, path, EXPORTED)
