"""A selection bound to a query: its names resolved, and a DataFrame back."""

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from analysis.core import audience, taxonomy
from analysis.core.danish import WEEKDAYS
from analysis.core.database import connect, is_outdated, opened_from, sql
from analysis.core.season import Season
from analysis.core.selection import (
    DAYS,
    FILTERS,
    Filter,
    NoDataError,
    Selection,
    SelectionError,
    Several,
    as_period,
    outside,
    unknown,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

# What is asked where every incident ever is.
_EVERYTHING = dict.fromkeys((*FILTERS, "self_service", "dimension")) | {
    "starts": date.min,
    "ends": date.max,
    "weekdays": WEEKDAYS,
}
# Of connections through which nothing can change.
_resolved: "WeakKeyDictionary[DuckDBPyConnection, dict[Selection, Selection]]" = WeakKeyDictionary()
_texts: "WeakKeyDictionary[DuckDBPyConnection, dict[str, list[str]]]" = WeakKeyDictionary()
# The names of the notebook that was opened last, `con` and `selection` among them.
_running: list[MutableMapping[str, object]] = []


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

    def touches(self, period: Selection) -> bool:
        """Return whether the data reach into a period."""
        first, after = period.interval
        return bool(self.last_day) and self.first_day < after and self.last_day >= first

    @property
    def seasons(self) -> list[Season]:
        """The seasons that the data reach into, in order."""
        found = [Season.of(self.first_day)] if self.last_day else []
        while found and self.last_day not in found[-1]:
            found.append(found[-1].next)
        return found


def dataset(con: "DuckDBPyConnection") -> Dataset:
    """Return what the database holds."""
    query = "select synthetic, first_day, last_day from dataset"
    return Dataset(*con.execute(query).fetchall()[0])


def city(con: "DuckDBPyConnection") -> str:
    """Return the city's name, which none of its districts and locations bears."""
    return con.execute("select city from dataset").fetchall()[0][0]


def resolve(con: "DuckDBPyConnection", selection: Selection) -> Selection:
    """Return the selection with every name as the register or the data write it, the city's too.

    Raises SelectionError as `named` does.
    """
    known = _resolved.setdefault(con, {}) if opened_from(con) else {}
    if selection not in known:
        known[selection] = replace(selection, **named(con, selection), city=city(con))
    return known[selection]


def named(con: "DuckDBPyConnection", selection: Selection) -> dict[str, str | Several]:
    """Return the names that a selection asks for by their filter, as register or data write them.

    Raises SelectionError for a name known to neither taxonomy, register nor data, and for a
    location that lies in another district than the one asked for.
    """
    names = {
        name: Several(dict.fromkeys(_known(con, name, one) for one in each(value)))
        for name in FILTERS
        if (value := getattr(selection, name)) is not None
    }
    if {"district", "location"} <= names.keys():
        for location in names["location"]:
            _check_district(con, location, names["district"])
    # Two spellings may be of one name.
    return {name: found if len(found) > 1 else found[0] for name, found in names.items()}


def each(value: Filter) -> list[str]:
    """Return the values of a filter, none where it is off."""
    return [value] if isinstance(value, str) else list(value or ())


def _check_district(con: "DuckDBPyConnection", location: str, districts: Several) -> None:
    found = con.execute(sql("core/districts_of"), {"location": location}).fetchall()
    own = [row[0] for row in found]
    if own and not set(own) & set(districts):
        raise outside(location, own, str(districts))


def _known(con: "DuckDBPyConnection", name: str, value: str) -> str:
    if value in taxonomy.LABELS.get(name, ()):
        return value
    spellings = {}
    if name == "location":
        spellings = {
            taxonomy.key(spelling): location
            for location, spelling in con.execute(sql("core/other_names")).fetchall()
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
    return [name for (name,) in con.execute(sql("core/values_of"), given).fetchall()]


def texts(means: str) -> list[str]:
    """Return the texts that people wrote and a pattern is found in.

    They stand in the open notebook's data, or in the scenario that it was given.
    """
    names = _running[0] if _running else {}
    con = names.get("con")
    if con is None:
        return []
    known = _texts.setdefault(con, {}) if opened_from(con) else {}
    if means not in known:
        found = con.execute(sql("core/texts"), {"means": means}).fetchall()
        known[means] = [text for (text,) in found]
    assumed = names.get("scenario")
    kinds = [
        taxonomy.tidy(str(one.get("kind")))
        for one in (assumed if isinstance(assumed, list) else ())
        if isinstance(one, Mapping)
    ]
    return known[means] + [kind for kind in kinds if re.search(means, kind)]


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
    filters = {name: each(getattr(known, name)) or None for name in FILTERS}
    asked = {"starts": starts, "ends": ends, "dimension": dimension, **filters}
    return {"asked": _EVERYTHING | asked | {"self_service": known.self_service}}


def frame(con: "DuckDBPyConnection", query: str, given: dict | None = None) -> "DataFrame":
    """Return what a query of `sql/` finds, text columns always as text."""
    found = con.execute(sql(query), given).df()
    # A text column that is empty or all null arrives as objects.
    return found.astype({name: "str" for name in found if found[name].dtype == "object"})


def chosen(con: "DuckDBPyConnection", parameters: Mapping[str, object]) -> Selection:
    """Return the selection that parameters ask for, every name resolved; a `period` is its days.

    Raises as `Selection`, `as_period` and `named` do.
    """
    names = (*FILTERS, "self_service", "first_day", "last_day")
    asked = {name: parameters.get(name) for name in names}
    if period := parameters.get("period"):
        if asked["first_day"] or asked["last_day"]:
            raise SelectionError("Giv enten period eller first_day og last_day, ikke begge dele.")
        if not (last_day := dataset(con).last_day):
            raise NoDataError("Databasen indeholder ingen hændelser.")
        asked["first_day"], asked["last_day"] = as_period(period, last_day)
    if "season" not in parameters:
        raise SelectionError('season mangler; skriv for eksempel season = "2025/26".')
    return resolve(con, Selection(parameters["season"], parameters.get("half", "vinter"), **asked))


def opened(
    parameters: MutableMapping[str, object], *, days: bool = True, public: bool = False
) -> tuple["DuckDBPyConnection", Selection]:
    """Return a notebook's connection and its selection, every name resolved.

    `parameters` are the notebook's own by name, as `globals()` holds them; a parameters file may
    also give a filter that the notebook does not declare. One that is not made for `days` shows
    the half-year whatever the file says of them, and one that is not `public` is not made for
    everybody. Raises as `connect`, `chosen` and `audience.check` do, and then nothing that the
    cells made of the selection before outlives it.
    """
    given = parameters.setdefault("_given", frozenset(parameters))
    _running[:] = [parameters]
    try:
        audience.check(parameters.get("audience") or audience.INTERNAL, public=public)
        con = connect(parameters.get("database"))
        return con, chosen(con, parameters if days else {**parameters, **dict.fromkeys(DAYS)})
    except Exception:
        # JupyterLab may run the cells that follow although this one failed.
        for name in parameters.keys() - given:
            if not (name.startswith("_") or isinstance(parameters[name], ModuleType | Callable)):
                del parameters[name]
        raise


@contextmanager
def naming(con: "DuckDBPyConnection", selection: Selection) -> Iterator[None]:
    """Let what is shown meanwhile name another selection than the notebook's."""
    before = _running.copy()
    _running[:] = [{"con": con, "selection": selection}]
    try:
        yield
    finally:
        _running[:] = before


def running() -> str:
    """Return what the open notebook's figures are run with, "" where none is open.

    It is the selection in words, and that the database has been made anew since.
    """
    names = _running[0] if _running else {}
    selection = names.get("selection")
    if not isinstance(selection, Selection):
        return ""
    con = names.get("con")
    old = "Kørt med ældre data" if con and is_outdated(con) else "Kørt med"
    return f"{old}: {selection.words}"
