"""The barometer's views: a connection and a selection in, a DataFrame in a stable order out.

A dimension is one of "category", "subcategory", "facility", "victim", "demography", "district",
"location" and "weekday"; another raises SelectionError, as does a name nobody knows.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from analysis.core import danish, taxonomy
from analysis.core.asking import bound, dataset, frame, resolve
from analysis.core.database import sql
from analysis.core.headings import DIMENSIONS, TOTAL
from analysis.core.season import Season
from analysis.core.selection import Selection, SelectionError, unknown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

    # A period's name, and a view of it.
    Before = tuple[str, DataFrame]


def incidents(con: "DuckDBPyConnection", selection: Selection) -> int:
    """Return the number of incidents."""
    return con.execute(sql("barometer/total"), bound(con, selection)).fetchall()[0][0]


def score_by(
    con: "DuckDBPyConnection",
    selection: Selection,
    dimension: str,
    weights: Mapping[str, int] = taxonomy.WEIGHTS,
) -> "DataFrame":
    """Return `name, relative_score, incidents` for each district or location.

    `dimension` is "district" or "location".
    The published weights are unknown; the default ones are inferred, see `taxonomy`. Raises
    ValueError where `weights` lacks a type.
    """
    if lacking := set(taxonomy.CATEGORY_LABELS) - set(weights):
        raise ValueError(f"Vægtene mangler {danish.listing(sorted(lacking))}.")
    _check(dimension, ("district", "location"))
    labels = list(taxonomy.CATEGORY_LABELS)
    given = bound(con, selection, dimension)
    given |= {"labels": labels, "weights": [weights[label] for label in labels]}
    return frame(con, "barometer/score_by", given)


def count_by(con: "DuckDBPyConnection", selection: Selection, dimension: str) -> "DataFrame":
    """Return `name, incidents` for each value of a dimension, blanks last with `name` null.

    `dimension` is "category", "subcategory", "facility", "victim", "demography", "district",
    "location" or "weekday".
    """
    return frame(con, "barometer/count_by", _ordered(con, selection, dimension))


def help_called(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `helper, called, arrived`: the incidents each helper was called to and came to."""
    return frame(con, "barometer/help_called", bound(con, selection))


def over_time(con: "DuckDBPyConnection", selection: Selection, by: str = "category") -> "DataFrame":
    """Return `date, name, incidents` for the days with incidents; `by` is as in `count_by`."""
    return frame(con, "barometer/over_time", _ordered(con, selection, by))


def per_month(con: "DuckDBPyConnection", selection: Selection, by: str = "category") -> "DataFrame":
    """Return `month, name, incidents`: every month for every name present, zeros too.

    `by` is as in `count_by`; `month` is its first day.
    """
    given = _ordered(con, selection, by) | {"months": selection.months}
    return frame(con, "barometer/per_month", given)


def time_of_day(
    con: "DuckDBPyConnection", selection: Selection, by: str = "category"
) -> "DataFrame":
    """Return `hour, name, incidents` for the incidents whose time of day is known (hour 0–23).

    `by` is as in `count_by`.
    """
    return frame(con, "barometer/time_of_day", _ordered(con, selection, by))


def matrix(con: "DuckDBPyConnection", selection: Selection, dimension: str) -> "DataFrame":
    """Return `name`, a column for each type, and `Samlet`; last row `Samlet`.

    `dimension` is "district" or "location".
    """
    import pandas as pd

    _check(dimension, ("district", "location"))
    types = list(taxonomy.CATEGORY_LABELS)
    given = bound(con, selection, dimension) | {"types": types}
    rows = [
        (TOTAL if is_total else name, *counts, incidents)
        for is_total, name, counts, incidents in con.execute(
            sql("barometer/matrix"), given
        ).fetchall()
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

    chosen = [selection.in_season(season) for season in seasons]
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
        frames.append(frame(con, "barometer/compare_seasons", given))
    compared = pd.concat(frames, ignore_index=True)
    return compared if compared["incidents"].any() else compared.iloc[:0]


def year_before(con: "DuckDBPyConnection", selection: Selection) -> "Callable[..., Before | None]":
    """Return what asks a view for the same selection a season before.

    Called with a view and what it divides by, it returns the period's name and the view; None where
    the data do not hold the period whole, or nothing happened in it.
    """
    earlier = resolve(con, selection).in_season(selection.season.previous)
    is_known = dataset(con).covers(earlier)

    def before(view: Callable[..., "DataFrame"], *asked: str) -> "Before | None":
        found = view(con, earlier, *asked) if is_known else ()
        return (earlier.name, found) if len(found) else None

    return before


def places(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `name, district, latitude, longitude, incidents` (degrees) for the map's locations."""
    return frame(con, "barometer/places", bound(con, selection))


def _check(dimension: str, accepted: Iterable[str]) -> None:
    if dimension not in accepted:
        raise unknown("dimension", dimension, accepted)


def _ordered(con: "DuckDBPyConnection", selection: Selection, dimension: str) -> dict:
    _check(dimension, DIMENSIONS)
    return bound(con, selection, dimension) | {"order": taxonomy.order(dimension)}
