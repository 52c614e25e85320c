"""What is shown as files: charts, and tables for Excel."""

import csv
import io
from dataclasses import replace
from datetime import date, datetime

import altair as alt
import pandas as pd
from IPython.display import Markdown
from openpyxl import Workbook

from analysis.core.errors import InputError
from analysis.explore.queries import QueryAnswer
from analysis.show import sheets
from analysis.show.charts import files
from analysis.show.tables import Column, Table, Value, table

# A table with one of these columns has a row for each incident, or for something in it.
_OF_ONE = ("incident_id", "occurred_at", "reported_at")


def save(
    what: alt.TopLevelMixin | Table | QueryAnswer | pd.DataFrame, name: str, note: str | None = None
) -> Markdown:
    """Write a chart (.png, .svg) or a table (.xlsx, .csv) to `reports/explore/`; say where.

    `note` stands under a picture's title and in a sheet's caption; none is what the notebook was
    run with and the source. What has a row for each incident is not saved. Raises InputError
    where the ending does not fit what is saved.
    """
    if isinstance(what, alt.TopLevelMixin):
        return files.save(what, name, note)
    note = files.origin() if note is None else note
    file = files.FOLDER / name
    rows = what.frame if isinstance(what, QueryAnswer) else what
    if isinstance(rows, pd.DataFrame) and (told := [each for each in rows if each in _OF_ONE]):
        return Markdown(f"Hændelserne gemmes ikke i en fil (kolonnen `{told[0]}`).")
    if isinstance(what, pd.DataFrame):
        what = table(what, file.stem)
    made = what.table if isinstance(what, QueryAnswer) else what
    ending = file.suffix.lower()
    if isinstance(made, Table) and ending == ".xlsx":
        return files.write(file, _workbook(made, note))
    if isinstance(made, Table) and ending == ".csv":
        return files.write(file, _csv(made).encode("utf-8-sig"))
    raise InputError(files.FITTING)


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
