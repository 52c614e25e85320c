"""A sentence that a person has written into a note: how many incidents it says, counted again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis import barometer
from analysis.core import asking, danish
from analysis.core.selection import Selection, SelectionError
from analysis.reports.claims import Word

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What else a sentence may claim without asking of other incidents than those of place and period.
_BESIDE = ("change", "rank", "order", "extent")
_HALVES = {"winter": "vinter", "summer": "sommer"}


def incidents(
    con: "DuckDBPyConnection", words: Sequence[Word], of: Selection
) -> tuple[str, str] | None:
    """Return the number of incidents that a sentence says, and the right one, where it is another.

    It is of the place that the sentence names, else of the note's (`of`), in the half-year that it
    names. None where it says it of something else, or the data do not hold that half-year.
    """
    told: dict[str, list[Word]] = {}
    for each in words:
        if each.kind:
            told.setdefault(each.kind, []).append(each)
    counts, years, halves = (told.pop(kind, []) for kind in ("number", "year", "half"))
    names = told.pop("place", [])
    if len(counts) != 1 or len(years) != 1 or len(halves) != 1 or len(names) > 1:
        return None
    (count,), (year,), (half,) = counts, years, halves
    after = [each.value for each in words[words.index(count) + 1 :][:2]]
    if told.keys() - {*_BESIDE} or of.narrowed or not count.value.isdigit():
        return None
    if not {"hændelse", "hændelser"} & {*after}:
        return None
    try:
        asked = replace(of, season=_season(year.text, half.value), half=_HALVES[half.value])
        asked = replace(asked, first_day=None, last_day=None)
        if names:
            asked = _at(con, asked, names[0].text)
        asked = asking.resolve(con, asked)
    except SelectionError:
        return None
    if not asking.dataset(con).covers(asked):
        return None
    right = barometer.incidents(con, asked)
    return None if right == int(count.value) else (count.text, danish.number(right))


def _season(year: str, half: str) -> str:
    """Return the season of a half-year: "2024/25" of the summer of 2025."""
    if half == "summer" and year.isdigit():
        return f"{int(year) - 1}/{year[2:]}"
    return year


def _at(con: "DuckDBPyConnection", asked: Selection, name: str) -> Selection:
    """Return a selection at a place, which may be the city; SelectionError for what is no place."""
    whole = replace(asked, location=None, district=None)
    if name == asking.city(con):
        return whole
    try:
        return asking.resolve(con, replace(whole, location=name))
    except SelectionError:
        return asking.resolve(con, replace(whole, district=name))
