"""What the districts' representatives know that nobody has reported: read, checked, as factors.

An entry says that a location, or every location of a district, is to be taken for more (`op`) or
less (`ned`) urgent in a month than the data show. It multiplies the location's rate.
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import barometer, danish, taxonomy
from analysis.database import ROOT
from analysis.selection import Selection, SelectionError, unknown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame, Series

DEFAULT = ROOT / "data" / "reference" / "experience.csv"
COLUMNS = ["month", "district", "location", "direction", "strength", "note"]
UP, DOWN = "op", "ned"
# How many times as urgent each strength makes a location, upwards; downwards it is divided. An
# assumption, which nothing measured speaks for.
FACTORS: Mapping[int, float] = {1: 1.25, 2: 1.5, 3: 2.0}
# What shows that a note is about a person. Names cannot be told from other words.
_PERSONAL = (
    ("et CPR-nummer", re.compile(r"(?<![\d+])\d{6}[ -]?\d{4}(?!\d)")),
    ("en mailadresse", re.compile(r"\S@\S+\.\S")),
    ("et telefonnummer", re.compile(r"(?<!\d)(?:\+45 ?)?(?:\d{2} ?){3}\d{2}(?!\d)")),
)


def read(path: str | Path | None, con: "DuckDBPyConnection") -> "DataFrame":
    """Return the entries of a file, names as the register writes them; see `checked`.

    A relative path is from the project's root, None the project's own file. The file is CSV with
    `,` or `;`, in UTF-8. Raises SelectionError, in Danish, for what cannot be read or used.
    """
    import pandas as pd

    file = ROOT / path if path else DEFAULT
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SelectionError(f"Filen med erfaringer, {file.name}, findes ikke.") from None
    except (OSError, UnicodeDecodeError):
        raise SelectionError(f"{file.name} kan ikke læses som tekst i UTF-8.") from None
    separator = ";" if ";" in text.partition("\n")[0] else ","
    try:
        found = pd.read_csv(file, sep=separator, dtype=str, encoding="utf-8-sig")
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        raise SelectionError(
            f"{file.name} kan ikke læses som en tabel: hver række skal have {len(COLUMNS)} felter, "
            "og en note med skilletegnet i skal stå i anførselstegn."
        ) from None
    # As a spreadsheet counts them, the headings being the first.
    return checked(con, found, file.name, first=2)


def checked(
    con: "DuckDBPyConnection", given: "DataFrame", source: str = "Erfaringer", first: int = 1
) -> "DataFrame":
    """Return entries as `month, district, location, direction, strength, note`, each one checked.

    `month` is a first day, `location` missing where the entry is for the whole district, whose name
    may be left out where there is a location. Raises SelectionError, one Danish line that names
    `source` and the row (the first being number `first`), for a missing column, an unknown name, a
    wrong value, and a note that holds personal data.
    """
    import pandas as pd

    lacking = [column for column in COLUMNS if column not in given]
    if lacking:
        raise SelectionError(f"{source} mangler kolonnen {danish.listing(lacking)}.")
    district_of = dict(con.execute("select location, district from location").fetchall())
    rows = []
    for number, row in enumerate(given[COLUMNS].to_dict("records"), first):
        values = {name: None if pd.isna(value) else value for name, value in row.items()}
        try:
            rows.append(_entry(con, values, district_of))
        except SelectionError as error:
            raise SelectionError(f"{source}, række {number}: {error}") from None
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.astype({"month": "datetime64[us]", "strength": "int64"})


def _entry(con: "DuckDBPyConnection", values: dict, district_of: Mapping[str, str]) -> tuple:
    district, location = (
        (str(values[name]).strip() or None) if values[name] is not None else None
        for name in ("district", "location")
    )
    if not district and not location:
        raise SelectionError("bydel eller lokation skal være udfyldt.")
    # The season only makes the selection whole.
    named = barometer.resolve(con, Selection("2024/25", district=district, location=location))
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

    Raises SelectionError for anything else.
    """
    text = str(given if given is not None else "").strip().removesuffix(" 00:00:00")
    found = re.fullmatch(r"(\d{4})-(\d{1,2})(?:-01)?", text)
    words = taxonomy.key(text).split(" ")
    if len(words) == 2 and words[0] in danish.MONTHS and re.fullmatch(r"\d{4}", words[1]):
        return date(int(words[1]), danish.MONTHS.index(words[0]) + 1, 1)
    if not found or not 1 <= int(found[2]) <= 12 or not int(found[1]):
        raise SelectionError(f"måneden skal skrives som 2026-04, ikke {text!r}.")
    return date(int(found[1]), int(found[2]), 1)


def _direction(given: object) -> str:
    text = taxonomy.key(str(given or ""))
    if text not in (UP, DOWN):
        raise unknown("retning", given or "", (UP, DOWN))
    return text


def _strength(given: object) -> int:
    text = str(given if given is not None else "").strip().removesuffix(".0")
    if text not in map(str, FACTORS):
        known = danish.listing(list(map(str, FACTORS)))
        raise SelectionError(f"styrken skal være et af tallene {known}, ikke {text!r}.")
    return int(text)


def of_month(entries: "DataFrame", month: date) -> "DataFrame":
    """Return the entries for a month, in the order given."""
    import pandas as pd

    return entries[entries["month"] == pd.Timestamp(month)].reset_index(drop=True)


def factor(direction: str, strength: int, factors: Mapping[int, float] = FACTORS) -> float:
    """Return what an entry multiplies a location's rate with."""
    return factors[strength] if direction == UP else 1 / factors[strength]


def multiplied(
    entries: "DataFrame", places: "DataFrame", factors: Mapping[int, float] = FACTORS
) -> "Series":
    """Return the factor of each place (`location, district`): the product of all its entries.

    An entry for a district counts for each of its locations, besides their own.
    """
    import pandas as pd

    found = pd.Series(1.0, index=places.index)
    for entry in entries.itertuples():
        times = factor(entry.direction, entry.strength, factors)
        found = found.where(~meant(entry, places), found * times)
    return found


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
