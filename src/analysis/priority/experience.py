"""What the representatives entered, as factors: an entry multiplies its location's rate."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from analysis.core.asking import frame
from analysis.core.selection import SelectionError, shown
from analysis.intake.experience import STRENGTHS, UP, Entry, entries

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame, Series

# How many times as urgent each strength makes a location, upwards; downwards it is divided. An
# assumption, which nothing measured speaks for.
FACTORS: Mapping[int, float] = dict(zip(STRENGTHS, (1.25, 1.5, 2.0), strict=True))
# However many entries there are for a place, they make it no more urgent than two of the strongest.
_MOST_ENTRIES = 2


def read(con: "DuckDBPyConnection") -> "DataFrame":
    """Return the entries of the database, in the order of their file; see `checked`."""
    return _typed(frame(con, "priority/experience"))


def checked(con: "DuckDBPyConnection", given: "DataFrame") -> "DataFrame":
    """Return entries as `month, district, location, direction, strength, note`, each one checked.

    `month` is a first day, `location` missing where the entry is for the whole district. Raises
    SelectionError, in Danish, for what is no table, and as `intake.experience.entries` does.
    """
    import pandas as pd

    if not isinstance(given, pd.DataFrame):
        raise SelectionError(f"Erfaringer skal være en tabel (DataFrame), ikke {shown(given)}.")
    rows = [
        {name: None if _is_missing(value) else value for name, value in row.items()}
        for row in given.to_dict("records")
    ]
    return _typed(pd.DataFrame(entries(con, given.columns, rows), columns=Entry._fields))


def _is_missing(value: object) -> bool:
    """Return whether a cell is empty; one that holds a list is not."""
    import pandas as pd

    return pd.api.types.is_scalar(value) and pd.isna(value)


def _typed(found: "DataFrame") -> "DataFrame":
    return found.astype({"month": "datetime64[us]", "strength": "int64"})


def of_month(entries: "DataFrame", month: date) -> "DataFrame":
    """Return the entries for a month, in the order given."""
    import pandas as pd

    return entries[entries["month"] == pd.Timestamp(month)].reset_index(drop=True)


def factor(direction: str, strength: int) -> float:
    """Return what an entry multiplies a location's rate with."""
    return FACTORS[strength] if direction == UP else 1 / FACTORS[strength]


def largest_factor() -> float:
    """Return the most that all entries for a place together multiply its rate with."""
    return max(FACTORS.values()) ** _MOST_ENTRIES


def multiplied(entries: "DataFrame", places: "DataFrame") -> "Series":
    """Return the factor of each place (`location, district`): the product of all its entries.

    An entry for a district counts for each of its locations, besides their own. No product is
    larger than that of two of the strongest, or smaller than its inverse.
    """
    import pandas as pd

    limit = largest_factor()
    found = pd.Series(1.0, index=places.index)
    for entry in entries.itertuples():
        times = factor(entry.direction, entry.strength)
        found = found.where(~meant(entry, places), found * times)
    return found.clip(1 / limit, limit)


def meant(entry: object, places: "DataFrame") -> "Series":
    """Return which places (`location, district`) an entry is for."""
    name = "location" if isinstance(entry.location, str) else "district"
    return places[name] == getattr(entry, name)


def entry_counts(entries: "DataFrame", places: "DataFrame") -> "Series":
    """Return how many entries count for each place (`location, district`)."""
    import pandas as pd

    found = pd.Series(0, index=places.index)
    for entry in entries.itertuples():
        found += meant(entry, places)
    return found.astype("int64")
