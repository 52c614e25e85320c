"""What the districts' representatives know that nobody has reported: read, checked, as factors.

An entry says that a location, or every location of a district, is to be taken for more (`op`) or
less (`ned`) urgent in a month than the data show. It multiplies the location's rate.
"""

import re
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import barometer, danish, taxonomy
from analysis.database import ROOT
from analysis.selection import Selection, SelectionError, shown, unknown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame, Series

DEFAULT = ROOT / "data" / "reference" / "experience.csv"
COLUMNS = ["month", "district", "location", "direction", "strength", "note"]
UP, DOWN = "op", "ned"
# How many times as urgent each strength makes a location, upwards; downwards it is divided. An
# assumption, which nothing measured speaks for.
FACTORS: Mapping[int, float] = {1: 1.25, 2: 1.5, 3: 2.0}
# However many entries there are for a place, they make it no more urgent than two of the strongest.
_MOST_ENTRIES = 2
# Of the errors of a file, so many are told.
_MOST_TOLD = 3
# As Excel saves text, and as it saves it in Denmark.
_ENCODINGS = ("utf-8-sig", "cp1252")
# What shows that a note is about a person. Names cannot be told from other words.
_PERSONAL = (
    ("et CPR-nummer", re.compile(r"(?<![\d+])\d{6}[ /-]?\d{4}(?!\d)")),
    ("en mailadresse", re.compile(r"\S@\S+\.\S")),
    ("et telefonnummer", re.compile(r"(?<!\d)(?:\+45 ?)?(?:\d{2}[ .-]?){3}\d{2}(?!\d)")),
    ("en fødselsdato", re.compile(r"\bfødt\b.{0,15}\d", re.IGNORECASE)),
    (
        "en adresse med husnummer",
        re.compile(r"\w(?:vej|gade|allé|alle|plads|stræde|vænge|boulevard)\s+\d", re.IGNORECASE),
    ),
)


def read(path: str | Path | None, con: "DuckDBPyConnection") -> "DataFrame":
    """Return the entries of a file, names as the register writes them; see `checked`.

    A relative path is from the project's root, None the project's own file. The file is CSV with
    `,` or `;`, in UTF-8 or Windows-1252. Raises SelectionError, in Danish, for what cannot be read
    or used.
    """
    import pandas as pd

    file = ROOT / path if path else DEFAULT
    text = _text(file)
    separator = ";" if ";" in text.partition("\n")[0] else ","
    try:
        found = pd.read_csv(StringIO(text), sep=separator, dtype=str, skip_blank_lines=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        found = None
    # Where rows have a field more than the headings, pandas makes the first one an index.
    if found is None or not isinstance(found.index, pd.RangeIndex):
        raise SelectionError(
            f"{file.name} kan ikke læses som en tabel: hver række skal have {len(COLUMNS)} felter, "
            "og en note med skilletegnet i skal stå i anførselstegn."
        )
    found.columns = found.columns.str.strip().str.lower()
    # As a spreadsheet counts them, the headings being the first.
    return checked(con, found, file.name, first=2)


def _text(file: Path) -> str:
    try:
        # A pipe would be waited for, and a device may have no end.
        if file.exists() and not file.is_file():
            raise SelectionError(f"{file.name} er en mappe eller andet, der ikke er en fil.")
        content = file.read_bytes()
    except FileNotFoundError:
        raise SelectionError(f"Filen med erfaringer, {file.name}, findes ikke.") from None
    except OSError:
        raise SelectionError(f"{file.name} kan ikke læses.") from None
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SelectionError(f"{file.name} er hverken tekst i UTF-8 eller Windows-1252.")


def checked(
    con: "DuckDBPyConnection", given: "DataFrame", source: str = "Erfaringer", first: int = 1
) -> "DataFrame":
    """Return entries as `month, district, location, direction, strength, note`, each one checked.

    `month` is a first day, `location` missing where the entry is for the whole district, whose name
    may be left out where there is a location; rows without anything are left out. Raises
    SelectionError, one Danish line that names `source` and the rows (the first being number
    `first`), for a missing column, an unknown name, a wrong value, a note that holds personal data,
    and an entry that stands twice.
    """
    import pandas as pd

    if not isinstance(given, pd.DataFrame):
        raise SelectionError(f"{source} skal være en tabel (DataFrame), ikke {shown(given)}.")
    lacking = [column for column in COLUMNS if column not in given]
    if lacking:
        raise SelectionError(f"{source} mangler kolonnen {danish.listing(lacking)}.")
    district_of = dict(con.execute("select location, district from location").fetchall())
    rows: dict[tuple, int] = {}
    errors = []
    for number, row in enumerate(given[COLUMNS].to_dict("records"), first):
        values = {name: None if _is_missing(value) else value for name, value in row.items()}
        if not any(values.values()):
            continue
        try:
            entry = _entry(con, values, district_of)
            if entry in rows:
                raise SelectionError(f"den samme erfaring står i række {rows[entry]}.")
            rows[entry] = number
        except SelectionError as error:
            errors.append(f"række {number}: {error}")
    if errors:
        more = len(errors) - _MOST_TOLD
        rest = f" Og {danish.counted(more, 'fejl', 'fejl')} mere." if more > 0 else ""
        raise SelectionError(f"{source}, {' '.join(errors[:_MOST_TOLD])}{rest}")
    found = pd.DataFrame(list(rows), columns=COLUMNS)
    return found.astype({"month": "datetime64[us]", "strength": "int64"})


def _is_missing(value: object) -> bool:
    """Return whether a cell is empty; one that holds a list is not."""
    import pandas as pd

    return pd.api.types.is_scalar(value) and pd.isna(value)


def _entry(con: "DuckDBPyConnection", values: dict, district_of: Mapping[str, str]) -> tuple:
    district, location = (
        (str(values[name]).strip() or None) if values[name] is not None else None
        for name in ("district", "location")
    )
    # The season only makes the selection whole.
    named = barometer.resolve(con, Selection("2024/25", district=district, location=location))
    if not named.district and not named.location:
        raise SelectionError("bydel eller lokation skal være udfyldt; én erfaring for hver bydel.")
    lies_in = district_of.get(named.location)
    if named.district and lies_in and named.district != lies_in:
        raise SelectionError(f"{named.location} ligger i {lies_in}, ikke i {named.district}.")
    note = str(values["note"] or "").strip()
    for what, pattern in _PERSONAL:
        if pattern.search(note):
            raise SelectionError(
                f"noten rummer {what}, eller det ligner et; personoplysninger må ikke stå her."
            )
    return (
        month_of(values["month"]),
        named.district or lies_in,
        named.location,
        _direction(values["direction"]),
        _strength(values["strength"]),
        note,
    )


def month_of(given: object) -> date:
    """Return the first day of a month written as "2026-04", "2026-04-01" or "april 2026".

    So are "01-04-2026" and "apr-26", which Excel makes of the first. Raises SelectionError for
    anything else.
    """
    text = str(given if given is not None else "").strip()
    if (day := danish.read_day(text)) and day.day == 1:
        return day
    if (found := re.fullmatch(r"(\d{4})-(\d{1,2})", text)) and 1 <= int(found[2]) <= 12:
        year, month = int(found[1]), int(found[2])
    elif (found := re.fullmatch(r"([a-z]{3,9})\.?[ -](\d{2}|\d{4})", taxonomy.key(text))) and (
        named := [n for n, name in enumerate(danish.MONTHS, 1) if name.startswith(found[1])]
    ):
        year, month = int(found[2]) % 2000 + 2000, named[0]
    else:
        year = month = 0
    if not year:
        raise SelectionError(f"måneden skal skrives som 2026-04, ikke {shown(text)}.")
    return date(year, month, 1)


def _direction(given: object) -> str:
    text = taxonomy.key(str(given or ""))
    if text not in (UP, DOWN):
        raise unknown("retning", given or "", (UP, DOWN))
    return text


def _strength(given: object) -> int:
    text = str(given if given is not None else "").strip().removesuffix(".0")
    if text not in map(str, FACTORS):
        known = danish.listing(list(map(str, FACTORS)))
        raise SelectionError(f"styrken skal være et af tallene {known}, ikke {shown(text)}.")
    return int(text)


def of_month(entries: "DataFrame", month: date) -> "DataFrame":
    """Return the entries for a month, in the order given."""
    import pandas as pd

    return entries[entries["month"] == pd.Timestamp(month)].reset_index(drop=True)


def factor(direction: str, strength: int, factors: Mapping[int, float] = FACTORS) -> float:
    """Return what an entry multiplies a location's rate with."""
    return factors[strength] if direction == UP else 1 / factors[strength]


def most(factors: Mapping[int, float] = FACTORS) -> float:
    """Return the most that all entries for a place together multiply its rate with."""
    return max(factors.values()) ** _MOST_ENTRIES


def multiplied(
    entries: "DataFrame", places: "DataFrame", factors: Mapping[int, float] = FACTORS
) -> "Series":
    """Return the factor of each place (`location, district`): the product of all its entries.

    An entry for a district counts for each of its locations, besides their own. No product is
    larger than that of two of the strongest, or smaller than its inverse.
    """
    import pandas as pd

    limit = most(factors)
    found = pd.Series(1.0, index=places.index)
    for entry in entries.itertuples():
        times = factor(entry.direction, entry.strength, factors)
        found = found.where(~meant(entry, places), found * times)
    return found.clip(1 / limit, limit)


def meant(entry: object, places: "DataFrame") -> "Series":
    """Return which places (`location, district`) an entry is for."""
    name = "location" if isinstance(entry.location, str) else "district"
    return places[name] == getattr(entry, name)


def counted(entries: "DataFrame", places: "DataFrame") -> "Series":
    """Return how many entries count for each place (`location, district`)."""
    import pandas as pd

    found = pd.Series(0, index=places.index)
    for entry in entries.itertuples():
        found += meant(entry, places)
    return found.astype("int64")
