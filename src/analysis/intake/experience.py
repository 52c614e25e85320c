"""What the districts' representatives know that nobody has reported: their entries, each checked.

An entry says that a location, or every location of a district, is to be taken for more (`op`) or
less (`ned`) urgent in a month than the data show.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from analysis.core import asking, danish, taxonomy
from analysis.core.selection import Selection, SelectionError, as_month, shown, unknown
from analysis.intake import personal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

UP, DOWN = "op", "ned"
STRENGTHS = (1, 2, 3)
# Of the errors of a table, so many are told.
_MOST_TOLD = 3
# A name of a street: one word, or a word of its own after a genitive or a capitalised name.
_STREET = (
    r"(?:(?:\w\w|Å|\ws (?!alle )|[A-ZÆØÅ]\w+ (?=[A-ZÆØÅ]))"
    r"(?i:vej|gade|allé|alle|plads|stræde|vænge|boulevard|torv|kaj|brygge|sti|park|bakke|dossering"
    r"|vang|have|gård)(?:e?n|e?t)?|(?i:søerne))"
)
# A house's number counts nothing.
_HOUSE = rf"\d{{1,3}}(?!\d)(?!(?:\s?[-–]\s?\d+)?\s*{personal.COUNTED})"
_BIRTH, _ADDRESS = "en fødselsdato", "en adresse med husnummer"
# What shows that a note is about a person, besides what `personal` knows.
_SIGNS = (
    # født 1. marts 1999, f. 01.01.1990
    (_BIRTH, r"(?i:\b(?:født|fødselsda\w+|fdt)\b.{0,15}\d|\bf\. ?\d)"),
    # Nørrebrogade 12, nummer 12, (12), opgang 12
    (_ADDRESS, rf"{_STREET}[\s,:(–-]*(?i:(?:nr|nummer|opgang|opg)\b\.?\s*)?{_HOUSE}"),
    # Nørrebrog. 12, Frederiksborgv. 12; not "Mandag. 12"
    (_ADDRESS, rf"\b[A-ZÆØÅ]\w{{3,}}(?:(?<!da)(?<!in)g|v)\.\s*{_HOUSE}"),
    # nr. 14, Blågårdsgade
    (_ADDRESS, rf"\b(?i:nr|nummer)\b\.?\s*\d+\w?,?\s+(?:på |i )?\w*{_STREET}\b"),
    # bor på Lygten 2
    (_ADDRESS, rf"(?i:\bbor\s+(?:på|i|ved))\s[^.]{{0,30}}?(?<!\d){_HOUSE}"),
    # 2, 3. tv
    (_ADDRESS, r"(?i:\d\w?,? (?:\d\d?|st)\.? ?(?:th|tv|mf)\b)"),
)


class Entry(NamedTuple):
    """An entry: `month` is a first day, `location` None where it is for the whole district."""

    month: date
    district: str | None
    location: str | None
    direction: str
    strength: int
    note: str


def entries(
    con: "DuckDBPyConnection",
    columns: Collection[str],
    rows: Iterable[Mapping],
    source: str = "Erfaringer",
    first: int = 1,
) -> list[Entry]:
    """Return rows of a table of entries, names as the register writes them.

    A cell that is empty is None. The district may be left out where there is a location; rows
    without anything are left out. Raises SelectionError, one Danish line that names `source` and
    the rows (the first being number `first`), for a missing column, an unknown name, a wrong value,
    a note that holds personal data, and an entry that stands twice.
    """
    lacking = [column for column in Entry._fields if column not in columns]
    if lacking:
        raise SelectionError(f"{source} mangler kolonnen {danish.listing(lacking)}.")
    district_of = dict(con.execute("select location, district from location").fetchall())
    found: dict[Entry, int] = {}
    errors = []
    for number, row in enumerate(rows, first):
        if not any(row[name] for name in Entry._fields):
            continue
        try:
            entry = _entry(con, row, district_of)
            if entry in found:
                raise SelectionError(f"den samme erfaring står i række {found[entry]}.")
            found[entry] = number
        except SelectionError as error:
            errors.append(f"række {number}: {error}")
    if errors:
        more = len(errors) - _MOST_TOLD
        rest = f" Og {danish.counted(more, 'fejl', 'fejl')} mere." if more > 0 else ""
        raise SelectionError(f"{source}, {' '.join(errors[:_MOST_TOLD])}{rest}")
    return list(found)


def _entry(con: "DuckDBPyConnection", row: Mapping, district_of: Mapping[str, str]) -> Entry:
    district, location = (
        (str(row[name]).strip() or None) if row[name] is not None else None
        for name in ("district", "location")
    )
    # The season only makes the selection whole.
    named = asking.named(con, Selection("2024/25", district=district, location=location))
    district, location = named.get("district"), named.get("location")
    if not district and not location:
        raise SelectionError("bydel eller lokation skal være udfyldt; én erfaring for hver bydel.")
    lies_in = district_of.get(location)
    if district and lies_in and district != lies_in:
        raise SelectionError(f"{location} ligger i {lies_in}, ikke i {district}.")
    note = str(row["note"] or "").strip()
    more = (what for what, sign in _SIGNS if re.search(sign, note))
    for what in (*personal.signs(note), *more):
        raise SelectionError(
            f"noten rummer {what}, eller det ligner et; personoplysninger må ikke stå her."
        )
    return Entry(
        as_month(row["month"]),
        district or lies_in,
        location,
        _direction(row["direction"]),
        _strength(row["strength"]),
        note,
    )


def _direction(given: object) -> str:
    text = taxonomy.key(str(given or ""))
    if text not in (UP, DOWN):
        raise unknown("retning", given or "", (UP, DOWN))
    return text


def _strength(given: object) -> int:
    text = str(given if given is not None else "").strip().removesuffix(".0")
    if text not in map(str, STRENGTHS):
        known = danish.listing(list(map(str, STRENGTHS)))
        raise SelectionError(f"styrken skal være et af tallene {known}, ikke {shown(text)}.")
    return int(text)
