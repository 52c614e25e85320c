"""The figures of the published document, held against a database through the barometer's views.

The figures stand in `data/published/figures.csv`, which says of each how it is computed and how it
is to be compared; none is written here. `data/README.md` describes the columns.
"""

import csv
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analysis import barometer
from analysis.core import danish, taxonomy
from analysis.core.database import ROOT, sql
from analysis.core.headings import TOTAL
from analysis.core.selection import Selection, SelectionError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

FIGURES = ROOT / "data" / "published" / "figures.csv"
# What the document's tables call their row of sums.
TOTALS = ("Samlet", "Total")

Found = int | float | list[str] | None
View = Callable[[str, Selection, str], "DataFrame"]


class Figure(NamedTuple):
    """A published figure or claim: a row of `figures.csv`, every value as text."""

    id: str
    heading: str
    about: str
    measure: str
    period: str
    half: str
    base_period: str
    base_half: str
    location: str
    dimension: str
    name: str
    column: str
    comparison: str
    value: str
    remark: str


class Check(NamedTuple):
    """A published figure, what the database says of it, and whether that is the same."""

    id: str
    heading: str
    about: str
    published: str
    computed: str
    same: bool

    def __str__(self) -> str:
        verdict = "ens    " if self.same else "AFVIGER"
        return (
            f"{verdict} {self.heading} | {self.about} | "
            f"offentliggjort: {self.published} | beregnet: {self.computed}"
        )


def figures(path: Path = FIGURES) -> list[Figure]:
    """Return the published figures in the document's order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Figure(**row) for row in csv.DictReader(file)]


@cache
def types(path: Path = FIGURES) -> tuple[str, ...]:
    """Return the categories that the document's tables count, in the taxonomy's order."""
    printed = {figure.column for figure in figures(path) if figure.measure == "matrix"}
    return tuple(label for label in taxonomy.CATEGORY_LABELS if label in printed)


def younger() -> tuple[str, ...]:
    """Return the categories that the document does not know."""
    return tuple(label for label in taxonomy.CATEGORY_LABELS if label not in types())


def verify(con: "DuckDBPyConnection", path: Path = FIGURES) -> list[Check]:
    """Hold every published figure against the database, in the document's order."""

    # Many figures stand in the same view.
    @cache
    def view(name: str, selection: Selection, dimension: str) -> "DataFrame":
        return VIEWS[name](con, selection, dimension)

    return [_check(con, view, figure) for figure in figures(path)]


def _check(con: "DuckDBPyConnection", view: View, figure: Figure) -> Check:
    base: Found = None
    try:
        found = _found(con, view, figure, figure.period, figure.half)
        if figure.base_period:
            base = _found(con, view, figure, figure.base_period, figure.base_half)
        computed = _text(found)
        if figure.base_period:
            computed = f"{_text(base)} → {computed}"
        known = found is not None and not (figure.base_period and base is None)
        same = known and COMPARISONS[figure.comparison].holds(found, base, figure.value)
    except SelectionError as error:
        computed, same = str(error), False
    published = COMPARISONS[figure.comparison].words.format(figure.value)
    return Check(figure.id, figure.heading, figure.about, published, computed, same)


def _text(found: Found) -> str:
    if found is None:
        return "ingen"
    if isinstance(found, list):
        return "; ".join(found) or "ingen"
    return str(found) if isinstance(found, int) else danish.number(found, 1)


def _found(con: "DuckDBPyConnection", view: View, figure: Figure, period: str, half: str) -> Found:
    """Return what the database says: a number, a list of texts, or None where it knows nothing."""
    if figure.measure in VIEWS or figure.measure in SELECTED:
        selection = Selection(period, half, location=figure.location or None)
        if figure.measure in SELECTED:
            return SELECTED[figure.measure](con, selection, figure)
        found = _picked(view(figure.measure, selection, figure.dimension), figure)
    else:
        found = _queried(con, figure, period, half)
    # What the document does not know is no part of its lists.
    return [each for each in found if each not in younger()] if isinstance(found, list) else found


def _incidents(con: "DuckDBPyConnection", selection: Selection, _: Figure) -> int:
    return barometer.incidents(con, selection)


def _most_incidents(con: "DuckDBPyConnection", selection: Selection, figure: Figure) -> list[str]:
    """Return the value of a dimension with most incidents, or those that share the place."""
    counted = barometer.count_by(con, selection, figure.dimension).dropna()
    return counted["name"][counted["incidents"] == counted["incidents"].max()].tolist()


def _interval(_: "DuckDBPyConnection", selection: Selection, __: Figure) -> list[str]:
    """Return the first and the last day, both within the period."""
    first, after = selection.interval
    return [f"{first}/{after.fromordinal(after.toordinal() - 1)}"]


# What needs a selection but is no cell of a view.
SELECTED: dict[str, Callable[..., Found]] = {
    "incidents": _incidents,
    "most_incidents": _most_incidents,
    "interval": _interval,
}
VIEWS: dict[str, Callable[..., "DataFrame"]] = {
    "score_by": barometer.score_by,
    "count_by": barometer.count_by,
    "matrix": barometer.matrix,
    "help_called": lambda con, selection, _: barometer.help_called(con, selection).rename(
        columns={"helper": "name"}
    ),
    "compare_seasons": lambda con, selection, _: barometer.compare_seasons(
        con, selection, [selection.season]
    ),
}


def _picked(table: "DataFrame", figure: Figure) -> int | list[str]:
    """Return one cell, the sum of a column, or the names of a view's rows in their order."""
    if figure.column == "name":
        return table["name"].dropna().unique().tolist()
    if figure.measure == "compare_seasons":
        return int(table[figure.column].sum())
    if figure.name in TOTALS:
        rows = table["name"] == TOTAL if figure.measure == "matrix" else table.index >= 0
    else:
        rows = table["name"] == figure.name if figure.name else table["name"].isna()
    return int(table.loc[rows, figure.column].sum())


def _queried(con: "DuckDBPyConnection", figure: Figure, period: str, half: str) -> Found:
    """Return what the query of the measure's name says: its one number, or its rows as texts."""
    query = sql(f"barometer/published/{figure.measure}")
    values = {
        "location": figure.location,
        "name": figure.name,
        "period": period,
        "other": taxonomy.OTHER,
        "violence": taxonomy.VIOLENCE,
        "police": taxonomy.POLICE,
    }
    if half:
        values["first"], values["after"] = Selection(period, half).interval
    asked = con.extract_statements(query)[0].named_parameters
    rows = con.execute(query, {name: values[name] for name in asked}).fetchall()
    found = [row[0] for row in rows]
    if any(isinstance(value, str) for value in found):
        return found
    return found[0] if found else None


class Comparison(NamedTuple):
    """How a figure is compared: its words, and whether it holds for found, base and value."""

    words: str
    holds: Callable[[Found, Found, str], bool]


def _rounded(number: float) -> int:
    """Return the nearest whole number, a half rounding up as people do."""
    return math.floor(number + 0.5)


def _fall(found: float, base: float) -> float:
    """Return the fall from `base` to `found` in per cent."""
    return 100 * (base - found) / base


COMPARISONS = {
    "equal": Comparison("{}", lambda found, _, value: _text(found) == value),
    "equal_set": Comparison("{}", lambda found, _, value: {*found} == {*value.split("; ")}),
    "among": Comparison("{}", lambda found, _, value: value in found),
    "begins": Comparison("fra {}", lambda found, _, value: found[0].startswith(value)),
    "most_of_all": Comparison("flest: {}", lambda found, _, value: found == [value]),
    "rounds_to": Comparison("{} (afrundet)", lambda found, _, value: _rounded(found) == int(value)),
    # A table that keeps only the bound holds the bound itself.
    "over": Comparison("over {}", lambda found, _, value: _rounded(found) >= int(value)),
    "falls": Comparison("fald", lambda found, base, _: found < base),
    "rises": Comparison("stigning", lambda found, base, _: found > base),
    "half_of": Comparison("halvering", lambda found, base, _: 0 < 2 * found == base),
    "falls_by": Comparison(
        "fald på {} pct. (afrundet)",
        lambda found, base, value: base > 0 and _rounded(_fall(found, base)) == int(value),
    ),
}
