"""The barometer's views: a connection and a selection in, a DataFrame in a stable order out."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from analysis import danish, taxonomy
from analysis.database import sql
from analysis.headings import TOTAL
from analysis.season import Season
from analysis.selection import FILTERS, Selection, SelectionError, outside, unknown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame


# What is asked where every incident ever is.
_EVERYTHING = dict.fromkeys((*FILTERS, "self_service")) | {"starts": date.min, "ends": date.max}


class Dataset(NamedTuple):
    """What a database holds: synthetic data or real, and the days of its first and last incident.

    The days are None where it holds no incident.
    """

    synthetic: bool
    first_day: date | None
    last_day: date | None

    def covers(self, *periods: Selection) -> bool:
        """Return whether the data hold the periods whole."""
        return bool(self.last_day) and all(
            self.first_day <= one.interval[0] and self.last_day >= one.interval[1] - timedelta(1)
            for one in periods
        )


def dataset(con: "DuckDBPyConnection") -> Dataset:
    """Return what the database holds."""
    return Dataset(*con.execute("select synthetic, first_day, last_day from dataset").fetchone())


def city(con: "DuckDBPyConnection") -> str:
    """Return the city's name, which none of its districts and locations bears."""
    return con.execute("select city from dataset").fetchall()[0][0]


def resolve(con: "DuckDBPyConnection", selection: Selection) -> Selection:
    """Return the selection with every name as the register or the data write it, the city's too.

    Raises SelectionError as `named` does.
    """
    return replace(selection, **named(con, selection), city=city(con))


def named(con: "DuckDBPyConnection", selection: Selection) -> dict[str, str]:
    """Return the names that a selection asks for by their filter, as register or data write them.

    Raises SelectionError for a name known to neither taxonomy, register nor data, and for a
    location that lies in another district than the one asked for.
    """
    names = {
        name: _known(con, name, value)
        for name in FILTERS
        if (value := getattr(selection, name)) is not None
    }
    if {"district", "location"} <= names.keys():
        _check_district(con, names["location"], names["district"])
    return names


def _check_district(con: "DuckDBPyConnection", location: str, district: str) -> None:
    found = con.execute(sql("districts_of"), {"location": location}).fetchall()
    own = [row[0] for row in found]
    if own and district not in own:
        raise outside(location, own, district)


def _known(con: "DuckDBPyConnection", name: str, value: str) -> str:
    if value in taxonomy.LABELS.get(name, ()):
        return value
    spellings = {}
    if name == "location":
        spellings = {
            taxonomy.key(spelling): location
            for location, spelling in con.execute(sql("other_names")).fetchall()
        }
    if taxonomy.key(value) not in spellings:
        known = values_of(con, name)
        spellings |= {taxonomy.key(label): label for label in known}
        if taxonomy.key(value) not in spellings:
            raise unknown(FILTERS[name].lower(), value, {*known, *taxonomy.LABELS.get(name, ())})
    return spellings[taxonomy.key(value)]


def values_of(con: "DuckDBPyConnection", dimension: str) -> list[str]:
    """Return the names of a dimension that the register or the data hold, in their order."""
    given = {"asked": _EVERYTHING | {"dimension": dimension}}
    return [name for (name,) in con.execute(sql("values_of"), given).fetchall()]


def incidents(con: "DuckDBPyConnection", selection: Selection) -> int:
    """Return the number of incidents."""
    return con.execute(sql("total"), bound(con, selection)).fetchone()[0]


def score_by(
    con: "DuckDBPyConnection",
    selection: Selection,
    dimension: str,
    weights: Mapping[str, int] = taxonomy.WEIGHTS,
) -> "DataFrame":
    """Return `name, relative_score, incidents` for each district or location.

    The published weights are unknown; the default ones are inferred, see `taxonomy`. Raises
    ValueError where `weights` lacks a type.
    """
    if lacking := set(taxonomy.CATEGORY_LABELS) - set(weights):
        raise ValueError(f"Vægtene mangler {danish.listing(sorted(lacking))}.")
    _check(dimension, ("district", "location"))
    labels = list(taxonomy.CATEGORY_LABELS)
    given = bound(con, selection, dimension)
    given |= {"labels": labels, "weights": [weights[label] for label in labels]}
    return frame(con, "score_by", given)


def count_by(con: "DuckDBPyConnection", selection: Selection, dimension: str) -> "DataFrame":
    """Return `name, incidents` for each value of a dimension, blanks last with `name` null."""
    return frame(con, "count_by", _ordered(con, selection, dimension))


def help_called(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `helper, called, arrived`: the incidents each helper was called to and came to."""
    return frame(con, "help_called", bound(con, selection))


def over_time(con: "DuckDBPyConnection", selection: Selection, by: str = "category") -> "DataFrame":
    """Return `date, name, incidents` for the days with incidents."""
    return frame(con, "over_time", _ordered(con, selection, by))


def per_month(con: "DuckDBPyConnection", selection: Selection, by: str = "category") -> "DataFrame":
    """Return `month, name, incidents`: every month for every name present, zeros too."""
    given = _ordered(con, selection, by) | {"months": selection.months}
    return frame(con, "per_month", given)


def time_of_day(
    con: "DuckDBPyConnection", selection: Selection, by: str = "category"
) -> "DataFrame":
    """Return `hour, name, incidents` for the incidents whose time of day is known (hour 0–23)."""
    return frame(con, "time_of_day", _ordered(con, selection, by))


def matrix(con: "DuckDBPyConnection", selection: Selection, dimension: str) -> "DataFrame":
    """Return `name`, a column for each type, and `Samlet`; last row `Samlet`."""
    import pandas as pd

    _check(dimension, ("district", "location"))
    types = list(taxonomy.CATEGORY_LABELS)
    given = bound(con, selection, dimension) | {"types": types}
    rows = [
        (TOTAL if is_total else name, *counts, incidents)
        for is_total, name, counts, incidents in con.execute(sql("matrix"), given).fetchall()
    ]
    counted = pd.DataFrame(rows, columns=["name", *types, TOTAL])
    return counted.astype({"name": "str"} | dict.fromkeys([*types, TOTAL], "int64"))


def compare_seasons(
    con: "DuckDBPyConnection", selection: Selection, seasons: Iterable[Season | str]
) -> "DataFrame":
    """Return `season, month, name, incidents` for each type, Andet drawn out, zeros too.

    In order of time. `seasons` replaces the selection's own.
    """
    import pandas as pd

    chosen = [replace(selection, season=season) for season in seasons]
    if not chosen:
        raise SelectionError("Vælg mindst én sæson at sammenligne.")
    frames = []
    for one in sorted(set(chosen), key=lambda one: one.season):
        given = bound(con, one) | {
            "season": one.season.name,
            "months": one.months,
            "types": list(taxonomy.WITH_OTHER),
            "other": taxonomy.OTHER,
        }
        frames.append(frame(con, "compare_seasons", given))
    compared = pd.concat(frames, ignore_index=True)
    return compared if compared["incidents"].any() else compared.iloc[:0]


def places(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `name, district, latitude, longitude, incidents` (degrees) for the map's locations."""
    return frame(con, "places", bound(con, selection))


def _check(dimension: str, accepted: Iterable[str]) -> None:
    if dimension not in accepted:
        raise unknown("dimension", dimension, accepted)


def _ordered(con: "DuckDBPyConnection", selection: Selection, dimension: str) -> dict:
    _check(dimension, taxonomy.DIMENSIONS)
    return bound(con, selection, dimension) | {"order": taxonomy.order(dimension)}


def bound(
    con: "DuckDBPyConnection",
    selection: Selection,
    dimension: str | None = None,
    days: tuple[date, date] | None = None,
) -> dict:
    """Return what is `asked` of the macros `selected` and `register`, every name resolved.

    `days`, the first and the one after the last, stand for the selection's own.
    """
    known = resolve(con, selection)
    starts, ends = days or known.interval
    filters = {name: getattr(known, name) for name in (*FILTERS, "self_service")}
    return {"asked": {"starts": starts, "ends": ends, "dimension": dimension, **filters}}


def frame(con: "DuckDBPyConnection", query: str, given: dict | None = None) -> "DataFrame":
    """Return what a query of `sql/` finds, text columns always as text."""
    found = con.execute(sql(query), given).df()
    # A text column that is empty or all null arrives as objects.
    return found.astype({name: "str" for name in found if found[name].dtype == "object"})
