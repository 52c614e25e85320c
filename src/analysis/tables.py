"""Views as tables for notebooks and reports: Danish headings, numbers and dates, real HTML.

The look belongs to the page, by these classes: `barometer` (the table), `number` (a cell of
numbers, to stand right) and `total` (the row of sums, to be bold).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from typing import TYPE_CHECKING

from analysis import danish
from analysis.headings import BLANK, HEADINGS, TOTAL

if TYPE_CHECKING:
    from jinja2 import Template
    from pandas import DataFrame, Series

_NO_ROWS = "Ingen"
_NO_BREAK = "\u00a0"
_HTML = """\
<table class="barometer">
<caption>{{ caption }}</caption>
<thead><tr>
{%- for heading, number in columns %}<th scope="col"{% if number %} class="number"{% endif %}>
{{- heading }}</th>{% endfor -%}
</tr></thead>
<tbody>
{% for cells in rows -%}
<tr{% if loop.index0 == total %} class="total"{% endif %}>
{%- for cell in cells -%}
{% set class = ' class="number"' | safe if columns[loop.index0][1] else '' -%}
{% if loop.first %}<th scope="row"{{ class }}>{{ cell }}</th>
{%- else %}<td{{ class }}>{{ cell }}</td>{% endif -%}
{% endfor -%}
</tr>
{% else -%}
<tr><td colspan="{{ columns | length }}">{{ no_rows }}</td></tr>
{% endfor -%}
</tbody>
</table>"""


@dataclass(frozen=True)
class Table:
    """A table in words: headings with whether numbers stand under them, and rows of text.

    `total` is the place of the row of sums, or None. Notebooks show it as HTML, terminals as text.
    """

    caption: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, ...], ...]
    total: int | None = None

    def _repr_html_(self) -> str:
        return _template().render(
            caption=self.caption,
            columns=self.columns,
            rows=self.rows,
            total=self.total,
            no_rows=_NO_ROWS,
        )

    def __repr__(self) -> str:
        lines = [tuple(heading for heading, _ in self.columns), *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        told = [
            "  ".join(
                cell.rjust(width) if number else cell.ljust(width)
                for cell, width, (_, number) in zip(line, widths, self.columns, strict=True)
            ).rstrip()
            for line in lines
        ]
        return "\n".join([self.caption, *told, *([] if self.rows else [_NO_ROWS])])


def table(
    df: "DataFrame",
    caption: str,
    dimension: str | None = None,
    *,
    headings: Mapping[str, str] | None = None,
    percent: Collection[str] = (),
    signed: Collection[str] = (),
    decimals: int = 1,
    total: bool = False,
) -> Table:
    """Return a DataFrame as a Danish table; the first column heads its row.

    `dimension` is what the column `name` holds. `headings` names columns that are not a view's, or
    differently. The columns in `percent` hold shares (0.123 is "12,3 %"); `decimals` is for shares
    and other fractions; those in `signed` show a plus where they are above 0. `total` adds a row of
    sums; a last row that the view calls "Samlet" is one already.
    """
    name = {"name": HEADINGS[dimension]} if dimension else {}
    words = HEADINGS | name | dict(headings or {})
    cells = [
        _told(df[column], column in percent, column in signed, decimals) for column in df.columns
    ]
    rows = list(zip(*cells, strict=True))
    if total and rows:
        rows.append(_sums(df, decimals))
    return Table(
        caption,
        tuple(
            (words.get(column, column), _is_number(df[column]) and column != "hour")
            for column in map(str, df.columns)
        ),
        tuple(rows),
        len(rows) - 1 if rows and rows[-1][0] == TOTAL else None,
    )


def _told(column: "Series", percent: bool, signed: bool, decimals: int) -> list[str]:
    write = _writer(column, percent, decimals)
    blank = "–" if _is_number(column) else BLANK
    return [
        blank if missing else ("+" if signed and value > 0 else "") + write(value)
        for value, missing in zip(column, column.isna(), strict=True)
    ]


def _writer(column: "Series", percent: bool, decimals: int) -> Callable[[object], str]:
    from pandas.api import types

    if types.is_bool_dtype(column):
        return lambda value: "Ja" if value else "Nej"
    if types.is_datetime64_any_dtype(column):
        told = danish.month if column.name == "month" else _moment
        return lambda value: told(value).replace(" ", _NO_BREAK)
    if column.name == "hour":
        # A word joiner keeps both hours on one line.
        return lambda value: f"kl.{_NO_BREAK}{int(value)}–\u2060{int(value) + 1}"
    if percent:
        return lambda value: f"{danish.number(value * 100, decimals)} %"
    if types.is_float_dtype(column):
        return lambda value: danish.number(value, decimals)
    if types.is_integer_dtype(column):
        return danish.number
    return str


def _is_number(column: "Series") -> bool:
    from pandas.api import types

    return types.is_numeric_dtype(column) and not types.is_bool_dtype(column)


def _moment(value: datetime) -> str:
    """Return "24. april 2026", with "kl. 14.30" where there is a time of day."""
    clock = f" kl. {value.hour}.{value.minute:02}" if value.time() != time.min else ""
    return danish.day(value) + clock


def _sums(df: "DataFrame", decimals: int) -> tuple[str, ...]:
    sums = [
        danish.number(df[column].sum(), 0 if df[column].dtype.kind in "iu" else decimals)
        if _is_number(df[column])
        else ""
        for column in df.columns[1:]
    ]
    return TOTAL, *sums


@cache
def _template() -> "Template":
    from jinja2 import Environment

    return Environment(autoescape=True).from_string(_HTML)
