"""What somebody knows or assumes of the time to come: closures and measures, checked and counted.

A scenario is a list of mappings, as a parameters file can hold it:

    - {location: Blågårdens Bibliotek, kind: Lukning, starts: 2026-12-23, ends: 2027-01-04}
    - {district: Nørrebro, kind: Ekstra bemanding, factor: 0.8, starts: 2026-11-01}

`location` or `district` says where ("Alle": everywhere), `starts` and `ends` the first
and the last day (none: until further notice). A closure has no incidents; of any other kind
`factor` says how many of those expected there will be, which is the analyst's own assumption.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from numbers import Real
from typing import TYPE_CHECKING

from analysis.core import asking, danish
from analysis.core.selection import ALL, Selection, SelectionError, as_day, shown
from analysis.core.taxonomy import CLOSED, tidy

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy import ndarray
    from pandas import DataFrame

_CLOSURES = {CLOSED.lower(), "lukket"}
KEYS = ("location", "district", "kind", "factor", "starts", "ends")
# More than this many times the usual is taken for a slip, such as per cent for a factor.
LARGEST_FACTOR = 10
# Of a year's closures of every location.
MOST_ENTRIES = 500


@dataclass(frozen=True)
class Change:
    """One entry of a scenario: where (both None: everywhere), which days, and how much is left."""

    location: str | None
    district: str | None
    kind: str | None
    factor: float
    starts: date
    ends: date | None

    @property
    def told(self) -> str:
        """The entry in words."""
        where = self.location or self.district or "hele byen"
        days = danish.days(self.starts, self.ends)
        what = self.kind or "antagelse"
        left = (
            "ingen hændelser"
            if not self.factor
            else f"{danish.per_cent(self.factor)} af det ventede antal (antaget)"
        )
        return f"{where}, {days}: {what[0].lower()}{what[1:]}, {left}"


def read(con: "DuckDBPyConnection", given: Sequence[Mapping] | None) -> list[Change]:
    """Return a scenario's entries, every name as the register writes it.

    Raises SelectionError, one line in Danish, for what cannot be read.
    """
    if given is None:
        return []
    if isinstance(given, (str, Mapping)) or not isinstance(given, Sequence):
        raise SelectionError(f"scenario skal være en liste, ikke {shown(given)}.")
    if len(given) > MOST_ENTRIES:
        raise SelectionError(
            f"scenario har {danish.number(len(given))} poster; højst {MOST_ENTRIES} læses."
        )
    return [_read(con, entry, number) for number, entry in enumerate(given, 1)]


def _read(con: "DuckDBPyConnection", entry: Mapping, number: int) -> Change:
    where = f"scenario, post {number}"
    if not isinstance(entry, Mapping):
        raise SelectionError(f"{where} skal have navne og værdier, ikke {shown(entry)}.")
    if strange := [str(key) for key in entry if key not in KEYS]:
        raise SelectionError(
            f"{where}: kender ikke navnet {danish.listing(strange)}. "
            f"Kendte er {danish.listing(KEYS)}."
        )
    if entry.get("location") and entry.get("district"):
        raise SelectionError(f"{where}: skriv enten location eller district.")
    starts, ends = (_day(entry.get(name), name, where) for name in ("starts", "ends"))
    if starts is None:
        raise SelectionError(f"{where}: starts mangler, for eksempel 2026-12-23.")
    if ends is not None and ends < starts:
        raise SelectionError(f"{where}: ends ligger før starts.")
    # What is left out, or is a blank cell, must not close the whole city.
    places = [entry.get(name) for name in ("location", "district")]
    if all(each is None or (isinstance(each, str) and not each.strip()) for each in places):
        raise SelectionError(f"{where}: skriv location eller district; »{ALL}« er hele byen.")
    try:
        # Any season does: only the place is asked of.
        place = asking.resolve(
            con,
            Selection("2024/25", location=entry.get("location"), district=entry.get("district")),
        )
    except SelectionError as error:
        raise SelectionError(f"{where}: {error}") from None
    kind = entry.get("kind")
    if kind is not None and not (isinstance(kind, str) and tidy(kind)):
        raise SelectionError(f"{where}: kind skal være tekst, ikke {shown(kind)}.")
    kind = tidy(kind) if kind else None
    is_closed = kind is not None and kind.lower() in _CLOSURES
    return Change(
        place.location,
        place.district,
        CLOSED if is_closed else kind,
        _factor(entry.get("factor"), is_closed, where),
        starts,
        ends,
    )


def _factor(given: object, is_closed: bool, where: str) -> float:
    if isinstance(given, str):
        given = _number(given)
    if is_closed:
        if not (given is None or (isinstance(given, Real) and given == 0)):
            raise SelectionError(f"{where}: en lukning har ingen hændelser; udelad factor.")
        return 0.0
    if given is None:
        raise SelectionError(
            f"{where}: factor mangler; 0,8 er fire femtedele af de ventede hændelser (kun en "
            f"{CLOSED.lower()} kan undvære den)."
        )
    is_number = isinstance(given, Real) and not isinstance(given, bool)
    # What is not a number is not between any.
    if not is_number or not 0 <= given <= LARGEST_FACTOR:
        raise SelectionError(
            f"{where}: factor skal være et tal fra 0 til {LARGEST_FACTOR}, ikke {shown(given)}."
        )
    return float(given)


def _number(text: str) -> float | str:
    """Return a number written with a comma or a point, or the text that is none."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def _day(given: object, name: str, where: str) -> date | None:
    return None if given in (None, "") else as_day(given, f"{where}: {name}")


def idle(
    changes: Sequence[Change], places: "DataFrame", level: str, place: str, last: Selection
) -> list[Change]:
    """Return the entries that make no difference at a place: for others, or after the last period.

    `places` holds `location, district`, `level` is what the place is ("city": all of them).
    """
    own = places if level == "city" else places[places[level] == place]
    return [
        one
        for one in changes
        if one.starts >= last.interval[1]
        or (one.location and one.location not in set(own["location"]))
        or (one.district and one.district not in set(own["district"].dropna()))
    ]


def left(changes: Sequence[Change], places: "DataFrame", days: "ndarray") -> "ndarray":
    """Return how much is left of each place's usual, a row a place and a column a day.

    `places` holds `location, district`, `days` are datetime64 days. What overlaps is multiplied.
    """
    import numpy as np

    shares = np.ones((len(places), len(days)))
    for one in changes:
        here = np.ones(len(places), dtype=bool)
        for name in ("location", "district"):
            if getattr(one, name):
                here &= (places[name] == getattr(one, name)).to_numpy(dtype=bool)
        last = np.datetime64(one.ends) if one.ends else days.max(initial=np.datetime64(one.starts))
        now = (days >= np.datetime64(one.starts)) & (days <= last)
        shares[np.ix_(here, now)] *= one.factor
    return shares
