"""Charts and tables as files: PNG, SVG, Excel and CSV."""

import csv
import io
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from textwrap import wrap

import altair as alt
import pandas as pd
from IPython.display import Markdown
from openpyxl import Workbook

from analysis.core.database import ROOT
from analysis.explore.queries import QueryAnswer
from analysis.show import sheets
from analysis.show.charts import files
from analysis.show.charts.theme import WIDTH
from analysis.show.tables import Column, Table, Value, table

FOLDER = ROOT / "reports" / "explore"

_FITTING = "Et diagram gemmes som .png eller .svg, en tabel som .xlsx eller .csv."


def save(
    what: alt.TopLevelMixin | Table | QueryAnswer | pd.DataFrame, name: str, note: str = ""
) -> Markdown:
    """Write a chart (.png, .svg) or a table (.xlsx, .csv) to `reports/explore/`; say where.

    `note` stands under a picture's title and in a sheet's caption. Raises ValueError, in Danish,
    where the ending does not fit what is saved.
    """
    file = FOLDER / name
    return write(file, _content(what, file, note))


def write(file: Path, content: bytes) -> Markdown:
    """Write a file, and say where it lies or why it could not be written."""
    shown = file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.name
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        # Windows keeps a file that Excel has open.
        reason = (
            "Er den åben i et andet program?"
            if isinstance(error, PermissionError)
            else error.strerror
        )
        return Markdown(f"`{shown}` kunne ikke gemmes. {reason}")
    return Markdown(f"Gemt: `{shown}`")


def _content(what: object, file: Path, note: str) -> bytes:
    ending = file.suffix.lower()
    if isinstance(what, alt.TopLevelMixin):
        spec = _noted(what.to_dict(), note)
        if ending == ".png":
            return files.png(spec)
        if ending == ".svg":
            return files.svg(spec).encode()
        raise ValueError(_FITTING)
    if isinstance(what, pd.DataFrame):
        what = table(what, file.stem)
    made = what.table if isinstance(what, QueryAnswer) else what
    if isinstance(made, Table) and ending == ".xlsx":
        return _workbook(made, note)
    if isinstance(made, Table) and ending == ".csv":
        return _csv(made).encode("utf-8-sig")
    raise ValueError(_FITTING)


def _noted(spec: dict, note: str) -> dict:
    """Return a chart's spec with a note as the last lines under its title."""
    title = spec.get("title", "")
    title = title if isinstance(title, dict) else {"text": title}
    below = title.get("subtitle", [])
    below = [below] if isinstance(below, str) else below
    return spec | {"title": title | {"subtitle": [*below, *wrap(note, WIDTH // 6)]}}


def _workbook(made: Table, note: str) -> bytes:
    book = Workbook()
    book.active.title = sheets.name(made.caption, [])
    caption = f"{made.caption}. {note}" if note else made.caption
    sheets.fill_sheet(book.active, replace(made, caption=caption))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _csv(made: Table) -> str:
    """Return a table as Danish Excel opens it: semicolons, decimal commas, dates as ISO 8601."""
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";")
    writer.writerow(sheets.safe(column.heading) for column in made.columns)
    writer.writerows(
        [_field(value, column) for value, column in zip(row, made.columns, strict=True)]
        for row in made.rows
    )
    return lines.getvalue()


def _field(value: Value, column: Column) -> str:
    if value is None and column.is_number:
        return ""
    if value is None or column.kind in ("text", "truth"):
        return sheets.safe(column.told(value))
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace(".", ",")
