"""A place's weeks from the first day of the data to the forecast's end, with what was done."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from analysis import nowcast, outlook
from analysis.core import asking, danish
from analysis.core.kept import kept
from analysis.core.selection import Selection
from analysis.measures import timeline
from analysis.note.coming import unforeseen
from analysis.signals import weeks as signals
from analysis.signals.words import most, of_week

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection
    from numpy import ndarray
    from pandas import DataFrame

_BOUNDS = ["low_50", "high_50", "low_90", "high_90"]


class Timeline(NamedTuple):
    """What `charts.timeline` draws of a place.

    `weeks` is `week` (a Monday), `incidents`, whether it is `chosen`, and what is still to be
    reported (`late`); `measures` a row a measure
    of the register: `kind, location, starts, ends` (NaT: open-ended); `odd` is `week` and `told` of
    the weeks above their threshold in `followed`, the place or where it lies; `ahead` is `starts,
    ends` (of a month to come, the one after its last day) and its expected incidents a week,
    `median` with its bounds. The last two are empty where nothing can be said.
    """

    place: str
    weeks: "DataFrame"
    measures: "DataFrame"
    odd: "DataFrame"
    ahead: "DataFrame"
    followed: str


def weeks_of(
    con: "DuckDBPyConnection",
    selection: Selection,
    scenario: "Sequence[Mapping] | None" = None,
    through: date | None = None,
) -> Timeline:
    """Return the timeline of a selection, to its last day and on to the end of the forecast.

    The forecast, and the signals, know what was known on the day `through`, else the last one.
    """
    import pandas as pd

    weeks = timeline.weekly_counts(con, selection)
    first, after = map(pd.Timestamp, selection.interval)
    middle = weeks["week"] + pd.Timedelta(days=3)
    measured = timeline.measures(con, selection)
    known = measured[measured["starts"].notna()]
    through = through or outlook.until(con, selection)
    odd = _odd(con, selection, through, len(weeks))
    return Timeline(
        selection.place,
        weeks.assign(
            chosen=(middle >= first) & (middle < after), late=_late(con, selection, weeks)
        ),
        known[["location", "kind", "starts", "ends"]].reset_index(drop=True),
        odd[["week", "told"]],
        _ahead(con, selection, through, scenario),
        odd["name"].iloc[0] if len(odd) else "",
    )


def _late(con: "DuckDBPyConnection", selection: Selection, weeks: "DataFrame") -> "ndarray | float":
    """Return what is still to be reported of each week, 0 where the selection is settled."""
    found = nowcast.late_of(con, selection, weeks.set_index("week")["incidents"], 7)
    return 0.0 if found is None else found.round(1).to_numpy()


def _odd(con: "DuckDBPyConnection", selection: Selection, through: date, weeks: int) -> "DataFrame":
    """Return `name, week, told` of the signals; a narrower selection's weeks are not followed."""
    import pandas as pd

    empty = pd.DataFrame({"name": [], "week": [], "told": []})
    if not weeks or selection.narrowed:
        return empty
    found = _weekly(con, through, weeks)
    place = signals.near(con, selection, found)
    rows = signals.of_place(found[found["signal"]], *place)
    told = [
        f"{row.name}, {of_week(row.week)}: {danish.number(row.incidents)} hændelser, "
        f"{danish.number(row.expected)} ventet, {most(row)}"
        for row in rows.itertuples()
    ]
    return rows[["name", "week"]].assign(told=told) if len(rows) else empty


@kept
def _weekly(con: "DuckDBPyConnection", through: date, weeks: int) -> "DataFrame":
    return signals.weekly(con, through, weeks)


def _ahead(
    con: "DuckDBPyConnection",
    selection: Selection,
    through: date,
    scenario: "Sequence[Mapping] | None",
) -> "DataFrame":
    import pandas as pd

    level, place = selection.single_place
    empty = pd.DataFrame(columns=["starts", "ends", "median", *_BOUNDS])
    if unforeseen(selection, asking.dataset(con)) or place != selection.place:
        return empty
    found = outlook.expected(con, through, level, scenario)
    to_come = found["month"] + pd.offsets.MonthEnd(0) > pd.Timestamp(through)
    own = found[(found["name"] == place) & to_come]
    starts = own["month"].clip(lower=pd.Timestamp(through) + timedelta(days=1))
    ends = own["month"] + pd.offsets.MonthBegin(1)
    weeks = (ends - own["month"]).dt.days / 7
    rates = own[["median", *_BOUNDS]].div(weeks, axis=0)
    return rates.assign(starts=starts, ends=ends).reset_index(drop=True)
