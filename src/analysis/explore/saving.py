"""What is shown as files: charts, and tables for Excel."""

import csv
import io
from dataclasses import replace
from datetime import date, datetime

import altair as alt
import pandas as pd
from IPython.display import Markdown
from openpyxl import Workbook

from analysis.explore.queries import QueryAnswer
from analysis.show import sheets
from analysis.show.charts import files
from analysis.show.tables import Column, Table, Value, table


def save(
    what: alt.TopLevelMixin | Table | QueryAnswer | pd.DataFrame, name: str, note: str = ""
) -> Markdown:
    """Write a chart (.png, .svg) or a table (.xlsx, .csv) to `reports/explore/`; say where.

    `note` stands under a picture's title and in a sheet's caption. Raises ValueError, in Danish,
    where the ending does not fit what is saved.
    """
    if isinstance(what, alt.TopLevelMixin):
        return files.save(what, name, note or None)
    file = files.FOLDER / name
    if isinstance(what, pd.DataFrame):
        what = table(what, file.stem)
    made = what.table if isinstance(what, QueryAnswer) else what
    ending = file.suffix.lower()
    if isinstance(made, Table) and ending == ".xlsx":
        return files.write(file, _workbook(made, note))
    if isinstance(made, Table) and ending == ".csv":
        return files.write(file, _csv(made).encode("utf-8-sig"))
    raise ValueError(files.FITTING)


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
