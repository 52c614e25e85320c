"""A month of a district: its places, what is new there, and where they stand on the list."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from analysis import nowcast, priority
from analysis.comparison import changes
from analysis.comparison.usual import ONLY_CHANCE, Usual, usual
from analysis.core import asking, taxonomy
from analysis.core.asking import Dataset, frame
from analysis.core.kept import kept
from analysis.core.selection import Selection, SelectionError
from analysis.measures import timeline
from analysis.nowcast import words as nowcast_words
from analysis.priority import experience, need
from analysis.signals import weeks

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

_STANDING = dict.fromkeys(("rank", "rounds"), "Int64")


class Month(NamedTuple):
    """A district's month.

    `places` has a row a location, those with most incidents first: `location`, `incidents`,
    `before` (of the same month a year earlier), `threats`, `violence`, `without_police` (physical
    violence that the police was not called to), `last` and `awaited` of `nowcast.silent` (missing
    where it is not silent), and of the list `rank` and `rounds`, missing where the place is not on
    it. `signals` are the weeks of `signals.weeks` above their threshold, of the district and its
    locations; `started`, `ended` and `ending` are measures that began in the month, ended in it, or
    end in the next. `listed` is how many places the whole list has, `unsettled` what is still to be
    reported, in words, and `held` what is usual since the month a year earlier, None where the data
    do not hold that whole; then no `before` is known.
    """

    district: str
    month: date
    data: Dataset
    is_covered: bool
    places: "DataFrame"
    signals: "DataFrame"
    started: "DataFrame"
    ended: "DataFrame"
    ending: "DataFrame"
    listed: int
    unsettled: str = ""
    held: Usual | None = ONLY_CHANCE

    @property
    def next_month(self) -> date:
        """The first day of the month that the list is for."""
        return need.shifted(self.month, 1)

    @property
    def counted(self) -> "DataFrame":
        """The rows of `places` with incidents in the month or a year before."""
        return self.places[self.places[["incidents", "before"]].fillna(0).gt(0).any(axis=1)]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is new: no incident, no signal, and no measure that began or ended."""
        events = (self.signals, self.started, self.ended)
        return not self.places["incidents"].any() and all(each.empty for each in events)


def selection_of(month: date, district: str | None = None) -> Selection:
    """Return the selection of a month; its first day is given."""
    last = need.shifted(month, 1) - timedelta(days=1)
    return Selection("2000/01", district=district, first_day=month, last_day=last)


@kept
def meeting_list(con: "DuckDBPyConnection", month: date) -> "DataFrame | None":
    """Return the list for a month by its first day, with what the representatives entered.

    None where the data hold too little for one.
    """
    try:
        return priority.ranked(need.history(con, month), month, experience.read(con))
    except SelectionError:
        return None


def of_month(con: "DuckDBPyConnection", month: date) -> list[Month]:
    """Return a month of each district of the register, in the order of their names."""
    ranked = meeting_list(con, need.shifted(month, 1))
    signals = weeks.of_period(con, selection_of(month))
    districts = con.table("location").filter("district is not null").project("district").distinct()
    found = sorted(name for (name,) in districts.fetchall())
    return [of_district(con, month, each, ranked, signals) for each in found]


def of_district(
    con: "DuckDBPyConnection",
    month: date,
    district: str,
    ranked: "DataFrame | None",
    signals: "DataFrame",
) -> Month:
    """Return a month of a district: `ranked` of `meeting_list`, `signals` of `weeks.of_period`."""
    import pandas as pd

    selection = asking.resolve(con, selection_of(month, district))
    data = asking.dataset(con)
    earlier = changes.against(selection, None)
    held = usual(con, earlier, selection) if data.covers(earlier) else None
    places = _places(con, selection, ranked)
    measured = timeline.measures(con, selection)
    first, after = map(pd.Timestamp, selection.interval)
    end = pd.Timestamp(need.shifted(month, 2))
    starts, ends = measured["starts"], measured["ends"]
    return Month(
        district,
        month,
        data,
        data.covers(selection),
        places if held else places.assign(before=pd.array([pd.NA] * len(places), "Int64")),
        signals[(signals["district"] == district) & signals["signal"]].reset_index(drop=True),
        measured[(starts >= first) & (starts < after)].reset_index(drop=True),
        measured[(ends >= first) & (ends < after)].reset_index(drop=True),
        measured[(ends >= after) & (ends < end)].reset_index(drop=True),
        0 if ranked is None else len(ranked),
        nowcast_words.in_short(con, selection),
        held,
    )


def _places(
    con: "DuckDBPyConnection", selection: Selection, ranked: "DataFrame | None"
) -> "DataFrame":
    """Return the columns of `Month.places`."""
    month = selection.first_day
    since = replace(selection, first_day=need.shifted(month, -12))
    given = {
        "month": month,
        "threats": taxonomy.THREATS,
        "violence": taxonomy.VIOLENCE,
        "police": taxonomy.POLICE,
    }
    found = frame(con, "meeting/places", asking.bound(con, since) | given)
    silent = nowcast.silent(con, selection.last_day)[["location", "last", "awaited"]]
    found = found.merge(silent, how="left", on="location")
    standing = ["location", "rank", "rounds"]
    if ranked is None:
        return found.assign(rank=None, rounds=None).astype(_STANDING)
    return found.merge(ranked[standing], how="left", on="location").astype(_STANDING)
