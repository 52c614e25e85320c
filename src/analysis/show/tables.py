"""Views as tables for notebooks and reports: Danish headings, numbers and dates, real HTML.

A table keeps its values, from which its text, its HTML and (in `sheets`) its sheet are made.
The look belongs to the page, by these classes: `barometer` (the table), `number` (a cell of
numbers, to stand right) and `total` (the row of sums, to be bold); by `mathjax_ignore` JupyterLab
takes no text in it for a formula. Shades alone stand in the cells, since their colours are figures
and JupyterLab lacks the page's style.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from functools import cache
from math import isfinite, sqrt
from typing import TYPE_CHECKING, Literal, Self

from analysis.core import asking, danish
from analysis.core.headings import BLANK, HEADINGS, TOTAL, heading
from analysis.core.rounding import rounded
from analysis.show.shading import shade, white_text_from

if TYPE_CHECKING:
    from jinja2 import Template
    from pandas import DataFrame, Series

TABLE_TYPE = "application/vnd.barometer.table+json"

Kind = Literal[
    "text", "whole", "decimal", "share", "chance", "date", "month", "time", "hour", "year", "truth"
]
Value = str | int | float | bool | date | datetime | None

# What stands in a table without rows.
NO_ROWS = "Ingen"
# The longest bar, in em: alike in columns of different width.
_BAR = 5
# JupyterLab puts the text of every cell right; numbers alone stand there.
_HTML = """\
<style>table.barometer :is(th, td):not(.number) { text-align: left; }</style>
<table class="barometer mathjax_ignore">
<caption>{{ caption }}{% if note %}<br><small>{{ note }}</small>{% endif %}</caption>
<thead><tr>
{%- for column in columns %}<th scope="col"{% if column.is_number %} class="number"{% endif %}>
{{- column.heading }}</th>{% endfor -%}
</tr></thead>
<tbody>
{% for cells in rows -%}
<tr{% if loop.index0 == total %} class="total"{% endif %}>
{%- for text, style in cells -%}
{% set class = ' class="number"' | safe if columns[loop.index0].is_number else '' -%}
{% if loop.first %}<th scope="row"{{ class }}>{{ text }}</th>
{%- else %}<td{{ class }}{% if style %} style="{{ style }}"{% endif %}>{{ text }}</td>{% endif -%}
{% endfor -%}
</tr>
{% else -%}
<tr><td colspan="{{ columns | length }}">{{ no_rows }}</td></tr>
{% endfor -%}
</tbody>
</table>"""


@dataclass(frozen=True)
class Column:
    """A column: what its values are, and how they are written.

    `whole`, `decimal`, `share` (0.123 is "12,3 %") and `chance` (0.999 is "over 99 %") are numbers;
    `month` is its first day, and `hour` the whole number at which it begins. `decimals` is for what
    is not whole, `signed` puts a plus before what is above 0, `shaded` marks the counts that are
    shaded together.
    """

    heading: str
    kind: Kind
    decimals: int = 0
    signed: bool = False
    shaded: bool = False

    @property
    def is_number(self) -> bool:
        """Whether its values stand right, and are added up."""
        return self.kind in ("whole", "decimal", "share", "chance")

    def told(self, value: Value) -> str:
        """Return a value in words; a text among other values, such as "Samlet", is its own."""
        if value is None:
            return danish.UNKNOWN if self.is_number else BLANK
        if isinstance(value, str):
            return value
        sign = "+" if self.signed and value > 0 else ""
        match self.kind:
            case "truth":
                return "Ja" if value else "Nej"
            case "month":
                return danish.unbroken(danish.month(value))
            case "date" | "time":
                return danish.unbroken(_moment(value))
            case "year":
                return str(value)
            case "hour":
                # A word joiner keeps both hours on one line.
                told = danish.hours(value, value + 1)
                return danish.unbroken(told).replace("–", "–\u2060")
            case "share":
                return sign + danish.per_cent(value, self.decimals)
            case "chance":
                return danish.chance(value)
            case _:
                return sign + danish.number(value, self.decimals)


@dataclass(frozen=True)
class Table:
    """Values under their columns; the first column heads its row, and may hold "Samlet" as text.

    `total` is the place of the row of sums, or None; what it has no sum for is empty text.
    Notebooks show a table as HTML, terminals as text, and keep its values beside.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: int | None = None

    @classmethod
    def of(cls, bundle: Mapping) -> Self:
        """Return the table that a notebook's output of TABLE_TYPE holds."""
        columns = tuple(Column(**column) for column in bundle["columns"])
        rows = (
            tuple(_read(value, column.kind) for value, column in zip(row, columns, strict=True))
            for row in bundle["rows"]
        )
        return cls(bundle["caption"], columns, tuple(rows), bundle["total"])

    @property
    def most(self) -> int:
        """The largest of the shaded values, 0 where none is."""
        return max(
            (
                row[place] or 0
                for n, row in enumerate(self.rows)
                for place, column in enumerate(self.columns)
                if column.shaded and n != self.total
            ),
            default=0,
        )

    def _repr_mimebundle_(self, **_: object) -> dict:
        # The notebook adds what the other two say.
        return {
            TABLE_TYPE: {
                "caption": self.caption,
                "columns": [asdict(column) for column in self.columns],
                "rows": [
                    [value.isoformat() if isinstance(value, date) else value for value in row]
                    for row in self.rows
                ],
                "total": self.total,
            }
        }

    def _repr_html_(self) -> str:
        return self.html(asking.running())

    def html(self, note: str = "") -> str:
        """Return the table as HTML, a note under its caption."""
        styles = self._styles()
        return _template().render(
            caption=self.caption,
            note=note,
            columns=self.columns,
            rows=[
                tuple(zip(told, style, strict=True))
                for told, style in zip(self.told(), styles, strict=True)
            ],
            total=self.total,
            no_rows=NO_ROWS,
        )

    def __repr__(self) -> str:
        lines = [tuple(column.heading for column in self.columns), *self.told()]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        aligned = [
            "  ".join(
                cell.rjust(width) if column.is_number else cell.ljust(width)
                for cell, width, column in zip(line, widths, self.columns, strict=True)
            ).rstrip()
            for line in lines
        ]
        return "\n".join([self.caption, *aligned, *([] if self.rows else [NO_ROWS])])

    def told(self) -> list[tuple[str, ...]]:
        """Return the cells of each row in words."""
        return [
            tuple(column.told(value) for value, column in zip(row, self.columns, strict=True))
            for row in self.rows
        ]

    def _styles(self) -> list[tuple[str, ...]]:
        most = self.most
        return [
            tuple(
                _shade((value or 0) / most) if most and column.shaded and n != self.total else ""
                for value, column in zip(row, self.columns, strict=True)
            )
            for n, row in enumerate(self.rows)
        ]


def table(
    df: "DataFrame",
    caption: str,
    dimension: str | None = None,
    *,
    headings: Mapping[str, str] | None = None,
    percent: Collection[str] = (),
    chance: Collection[str] = (),
    signed: Collection[str] = (),
    shaded: bool | Collection[str] = False,
    decimals: int = 1,
    total: bool = False,
) -> Table:
    """Return a DataFrame as a Danish table; the first column heads its row.

    `dimension` is what the column `name` holds. `headings` names columns that are not a view's, or
    differently. The columns in `percent` hold shares (0.123 is "12,3 %"), those in `chance` chances
    (0.999 is "over 99 %"); `decimals` is for shares and other fractions; those in `signed` show a
    plus where they are above 0. `shaded` shades the counts of these columns (True: of each but the
    sums) by one scale, darker for more. `total` adds a row of sums; a last row that the view calls
    "Samlet" is one already.
    """
    name = {"name": heading(dimension)} if dimension else {}
    words = HEADINGS | name | dict(headings or {})
    shares = dict.fromkeys(percent, "share") | dict.fromkeys(chance, "chance")
    kinds = {label: shares.get(label) or _kind(df[label]) for label in df}
    if isinstance(shaded, bool):
        counts = [label for label in df.columns[1:] if kinds[label] == "whole" and label != TOTAL]
        shaded = counts if shaded else ()
    columns = [
        Column(
            words.get(label, str(label)),
            kind,
            decimals if kind in ("decimal", "share") else 0,
            label in signed,
            label in shaded,
        )
        for label, kind in kinds.items()
    ]
    values = [_values(df[label], kind) for label, kind in kinds.items()]
    rows = list(zip(*values, strict=True))
    if total and rows:
        rows.append((TOTAL, *map(_sum, columns[1:], values[1:])))
    return Table(
        caption,
        tuple(columns),
        tuple(rows),
        len(rows) - 1 if rows and rows[-1][0] == TOTAL else None,
    )


# A query of one's own calls it year, years, "year(occurred_at)" or "årstal".
_YEAR = re.compile(r"(?<![a-zæøå])(year|år|aar)", re.IGNORECASE)


def _kind(column: "Series") -> Kind:
    from pandas.api import types

    if types.is_bool_dtype(column):
        return "truth"
    if types.is_datetime64_any_dtype(column):
        if column.name == "month":
            return "month"
        return "date" if (column.dropna().dt.time == time.min).all() else "time"
    if types.is_integer_dtype(column):
        is_year = _YEAR.search(str(column.name)) and column.dropna().between(1900, 2100).all()
        return "hour" if column.name == "hour" else "year" if is_year else "whole"
    return "decimal" if types.is_float_dtype(column) else "text"


def _values(column: "Series", kind: Kind) -> list[Value]:
    make = {
        "text": str,
        "whole": int,
        "hour": int,
        "year": int,
        "decimal": _float,
        "share": _float,
        "chance": _float,
        "truth": bool,
        "date": datetime.date,
        "month": datetime.date,
        "time": lambda value: value.to_pydatetime().replace(tzinfo=None),
    }[kind]
    return [
        # A text among numbers, such as "over 90 %", is its own.
        None if missing else value if isinstance(value, str) else make(value)
        for value, missing in zip(column, column.isna(), strict=True)
    ]


def _float(value: float) -> float | None:
    """Return a rounded number; what is not finite is none."""
    return rounded(float(value)) if isfinite(value) else None


def _sum(column: Column, values: list[Value]) -> Value:
    if not column.is_number:
        return ""
    known = [value for value in values if value is not None]
    if not known:
        return None
    added = sum(known)
    return added if column.kind == "whole" else _float(added)


def _read(value: Value, kind: Kind) -> Value:
    if not isinstance(value, str) or value in ("", TOTAL):
        return value
    if kind == "time":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind in ("date", "month") else value


def _moment(value: date) -> str:
    """Return "24. april 2026", with "kl. 14.30" where there is a time of day."""
    timed = isinstance(value, datetime) and value.time() != time.min
    return danish.day(value) + (f" kl. {value.hour}.{value.minute:02}" if timed else "")


def _shade(share: float) -> str:
    """Return the style of a cell that holds a share, 0 to 1, of the largest.

    A bar under the number grows with the share, so that colour does not tell it alone.
    """
    # The square root keeps few incidents apart where one type has most of them.
    way = sqrt(share)
    ink, ground = ("#FFFFFF" if way >= white_text_from() else "#000000"), shade(way)
    bar = f"linear-gradient(currentColor 0 0) 0 100%/{share * _BAR:.2f}em 3px no-repeat"
    # JupyterLab drops the bar from a notebook that it does not trust yet, and keeps the colours.
    return f"color:{ink};background-color:{ground};background:{bar} {ground}"


@cache
def _template() -> "Template":
    from jinja2 import Environment

    return Environment(autoescape=True).from_string(_HTML)
