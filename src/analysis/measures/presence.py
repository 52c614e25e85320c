"""When incidents happen against when somebody is there: opening hours, shifts and free blocks."""

from dataclasses import replace
from datetime import date
from math import ceil
from typing import TYPE_CHECKING

from analysis import barometer
from analysis.core import asking
from analysis.core.rounding import rounded
from analysis.core.selection import Selection
from analysis.core.taxonomy import CLOSED
from analysis.measures import darkness
from analysis.measures.timeline import EXTRA_STAFF, covered_days, measures

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame, Series

# The hours of a shift that could be added, and how many are proposed.
BLOCK = 4
_BLOCKS = 5
# An hour of the week counts as open if it was for so much of what the most open one was.
_MOSTLY = 0.5


def open_hours(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `location, month, weekday, hour, hours, light_hours` open, closures left out.

    Of the selection, period, place, facility and self-service count: the hours without staff alone,
    those with staff, or all. `weekday` is 1 (Monday) to 7, `light_hours` those between sunrise and
    sunset.
    """
    given = asking.bound(con, selection) | _days(con, selection)
    return asking.frame(con, "measures/open_hours", given)


def timed(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `location, month, weekday, hour, is_open, is_light, incidents` with a known time.

    `is_open` is missing where the place's hours are not known.
    """
    given = asking.bound(con, selection) | _days(con, selection)
    found = asking.frame(con, "measures/timed", given)
    return found.astype({"is_open": "boolean", "is_light": "boolean"})


def _days(con: "DuckDBPyConnection", selection: Selection) -> dict:
    return darkness.suns(covered_days(con, selection))._asdict() | {"closed": CLOSED}


def shifts(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `location, team, weekday, starts, ends, valid_from, valid_to, shared` in the period.

    `starts` and `ends` are hours from the weekday's midnight, past 24 where it ends the day after.
    `shared` is true for a team that is listed at another location too at the same time, so that its
    hours at either are the most it can have been there.
    """
    given = asking.bound(con, selection) | {"days": covered_days(con, selection)}
    return asking.frame(con, "measures/shifts", given)


def one_place(con: "DuckDBPyConnection", selection: Selection) -> Selection:
    """Return the selection at one location: its own, else, of those with shifts, the busiest.

    Where no location has both shifts and incidents, it is the selection itself.
    """
    known = asking.resolve(con, selection)
    if isinstance(known.location, str):
        return known
    manned = set(shifts(con, known)["location"])
    counted = barometer.count_by(con, known, "location")["name"]
    return next((replace(known, location=name) for name in counted if name in manned), known)


def week(happened: "DataFrame", hours: "DataFrame") -> "DataFrame":
    """Return `weekday, hour, incidents, open_incidents, hours` of each of the week's 168 hours.

    `happened` is from `timed`, `hours` from `open_hours`; `open_incidents` are those that happened
    while the place was open.
    """
    import pandas as pd

    keys = ["weekday", "hour"]
    in_hours = happened[happened["is_open"].fillna(False)]
    grid = pd.DataFrame(
        {
            "incidents": happened.groupby(keys)["incidents"].sum(),
            "open_incidents": in_hours.groupby(keys)["incidents"].sum(),
            "hours": hours.groupby(keys)["hours"].sum(),
        },
        index=pd.MultiIndex.from_product([range(1, 8), range(24)], names=keys),
    )
    whole = dict.fromkeys(["incidents", "open_incidents"], "int64")
    return grid.fillna(0).astype(whole | {"hours": "float64"}).reset_index()


def coverage(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return each team's share of the incidents and of the hours open while it had a shift plan.

    A row a location and team: `location, team, shared, first_day, last_day, incidents` (with a
    known time, in opening hours), `covered, outside, outside_covered` (the same outside them),
    `untimed` (time not known), `hours, covered_hours`, then `share, low, high` of the incidents,
    `hours_share`, and the two as `ratio, ratio_low, ratio_high`. A share of nothing is missing.
    """
    import pandas as pd

    given = {"days": covered_days(con, selection), "closed": CLOSED}
    df = asking.frame(con, "measures/coverage", asking.bound(con, selection) | given)
    shared = shifts(con, selection).groupby(["location", "team"])["shared"].any().to_dict()
    keys = zip(df["location"], df["team"], strict=True)
    df.insert(2, "shared", pd.Series([bool(shared.get(key)) for key in keys], dtype="bool"))
    shares = [_share(part, all_) for part, all_ in zip(df["covered"], df["incidents"], strict=True)]
    df = df.join(pd.DataFrame(shares, columns=["share", "low", "high"], dtype="float64"))
    df["hours_share"] = df["covered_hours"] / df["hours"].where(df["hours"] > 0)
    expected = df["hours_share"].where(df["hours_share"] > 0)
    return rounded(
        df.assign(
            ratio=df["share"] / expected,
            ratio_low=df["low"] / expected,
            ratio_high=df["high"] / expected,
        )
    )


def _share(part: int, whole: int) -> tuple[float, float, float]:
    """Return a share and its exact interval (Clopper and Pearson 1934).

    It leaves out a known share exactly where twice the smaller binomial tail is below 5 %, so that
    a few incidents are not clearly more or fewer than the hours say.
    """
    from scipy.stats import binomtest

    if not whole:
        return (float("nan"),) * 3
    low, high = binomtest(int(part), int(whole)).proportion_ci(method="exact")
    return part / whole, float(low), float(high)


def uncovered(grid: "DataFrame", plan: "DataFrame", before: "DataFrame") -> "DataFrame":
    """Return the blocks of BLOCK hours, open and without a team of their own, with most incidents.

    `grid` is from `week`, `before` the same of another period, `plan` from `shifts`. Columns:
    `weekday, hour` (its first), `incidents` (in opening hours), `share, low, high` of all of them,
    `expected` (had they followed the hours), `hours` (open), `before` and `before_hours` of the
    other period, and `shared` (a shared team may be there). Blocks do not overlap; one without
    incidents is none, and of one that was not open `before` is missing.
    """
    import pandas as pd

    firm, perhaps = (_manned(plan[plan["shared"] == shared]) for shared in (False, True))
    total, hours = int(grid["open_incidents"].sum()), grid["hours"].sum()
    cells = grid.set_index(["weekday", "hour"])
    counts = cells["open_incidents"].to_dict()
    is_open = cells["hours"].ge(_MOSTLY * max(cells["hours"].max(), 1e-9)).to_dict()
    last = before.set_index(["weekday", "hour"])
    found = []
    for weekday in range(1, 8):
        for first in range(24 - BLOCK + 1):
            block = [(weekday, hour) for hour in range(first, first + BLOCK)]
            happened = sum(counts[hour] for hour in block)
            if happened and all(is_open[hour] for hour in block) and not firm & {*block}:
                found.append((-int(happened), weekday, first, block))
    rows, used = [], set()
    for minus, weekday, first, block in sorted(found):
        if len(rows) < _BLOCKS and not used & {*block}:
            used |= {*block}
            a_block, a_year_ago = cells["hours"][block].sum(), last["hours"][block].sum()
            happened = int(last["open_incidents"][block].sum()) if a_year_ago else None
            then = happened, a_year_ago, bool(perhaps & {*block})
            shares = _share(-minus, total)
            rows.append((weekday, first, -minus, *shares, total * a_block / hours, a_block, *then))
    fractions = ["share", "low", "high", "expected", "hours", "before_hours"]
    kinds = dict.fromkeys(["weekday", "hour", "incidents"], "int64")
    kinds |= dict.fromkeys(fractions, "float64") | {"before": "Int64", "shared": "bool"}
    columns = ["weekday", "hour", "incidents", *fractions[:5], "before", "before_hours", "shared"]
    return rounded(pd.DataFrame(rows, columns=columns).astype(kinds))


def _manned(plan: "DataFrame") -> set[tuple[int, int]]:
    """Return the hours of the week, as weekday and hour, that shifts touch, past midnight too."""
    hours = set()
    for one in plan.itertuples(index=False):
        touched = range(int(one.starts), ceil(one.ends))
        hours |= {((one.weekday - 1 + hour // 24) % 7 + 1, hour % 24) for hour in touched}
    return hours


def unplanned(con: "DuckDBPyConnection", selection: Selection) -> list[tuple[date, date]]:
    """Return the first and the last day of each spell of extra staff whose hours nobody knows.

    Those are the days of the selection on which such a measure ran at a place and no team of its
    own had a shift plan there.
    """
    import pandas as pd

    plan = shifts(con, selection)
    own = plan[~plan["shared"]].drop_duplicates(["location", "valid_from", "valid_to"])
    days = pd.Series(pd.to_datetime(covered_days(con, selection)))
    taken = measures(con, selection)
    found = []
    for one in taken[taken["kind"] == EXTRA_STAFF].itertuples(index=False):
        unknown = _within(days, one.starts, one.ends) & (one.starts == one.starts)
        for team in own[own["location"] == one.location].itertuples(index=False):
            unknown &= ~_within(days, team.valid_from, team.valid_to)
        if unknown.any():
            found.append((days[unknown].min().date(), days[unknown].max().date()))
    return found


def _within(days: "Series", first: object, last: object) -> "Series":
    """Return which days lie in a span, open where an end is missing."""
    # What is missing equals nothing, itself neither.
    return ((days >= first) | (first != first)) & ((days <= last) | (last != last))
