"""Weeks with more incidents than comparable ones of earlier years: city, districts, locations.

Of the locations those are followed that had `FOLLOWED` incidents or more in each of the three
seasons before: with fewer, or with one year alone to compare with in that which the limit is found
in, a threshold means little and takes much of the budget from the districts. A place is known by
its level and name, since a location may bear its district's.

The limit is set so that chance gives at most `BUDGET` signals a year in all of them together: found
by drawing a year of the city's own weeks, as they vary about what `model` expects of them.
`benchmarks/signals.py` shows how often a signal is false, also where the city grows, wanders or
breaks, and how large a rise is seen.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from analysis.core import asking
from analysis.core.asking import frame
from analysis.core.database import sql
from analysis.core.kept import kept
from analysis.core.known import Span, span
from analysis.core.rounding import rounded
from analysis.core.season import Season, half_of
from analysis.core.selection import Selection
from analysis.core.taxonomy import CLOSED
from analysis.signals import model
from analysis.signals.model import BLOCK, SPAN, YEARS, Model, Predicted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy import ndarray
    from pandas import DataFrame

# The most signals a year that chance gives the city, its districts and locations together.
BUDGET = 1
# So many incidents in each of the three seasons before has a location that is followed.
FOLLOWED = 40
# No limit is passed by chance more often than this, however few the places are.
ALPHA = 0.005
# A signal needs so many incidents in so many weeks, its own the last of them.
LEAST_INCIDENTS, LEAST_OVER = 5, 4
WEEK = timedelta(days=7)
WEEKS_A_YEAR = 52
# Of what a year's weeks are held against, to find the limit, and of the weeks beside each of them.
PASTS, FUTURES, _SEED = 30, 10, 2026
# What a place is known by.
PLACE = ["level", "name"]
_TO_MIDDLE, _TO_END = timedelta(days=3), timedelta(days=6)
_DAYS_A_YEAR = 365.25
# Past the sixth decimal processors differ in a mean that is drawn about.
_DECIMALS = 6
# Of rates that are drawn, the least mean, and the most that a week is of the one before.
_LEAST_DRAWN, _MOST_ECHO = 0.1, 0.95
_KINDS = {
    "level": "str",
    "name": "str",
    "district": "str",
    "week": "datetime64[us]",
    "incidents": "int64",
    "expected": "float64",
    "threshold": "Int64",
    "signal": "bool",
    "comparable": "int64",
    "followed": "bool",
}


class Weeks(NamedTuple):
    """Weeks of places and what they are held against; the city is the first place.

    `places` has a row a place: `level` ("city", "district" or "location"), `name` and `district`,
    that it is or lies in, missing where there is none.
    `recent` is places, weeks, and the counts of the week and those before it, `LEAST_OVER` in all,
    itself the last; `held` is places, weeks, `YEARS`, `SPAN`, not a number where there is none, and
    `alike` the same of one place: whether they are of the judged week's half-year. `followed` says
    of which weeks places are followed.
    """

    places: "DataFrame"
    weeks: list[date]
    recent: "ndarray"
    held: "ndarray"
    alike: "ndarray"
    followed: "ndarray"

    @property
    def fitted(self) -> Model:
        """The models of all places' weeks, place by place."""
        import numpy as np

        alike = np.tile(self.alike, (len(self.places), 1, 1))
        return model.fitted(self.held.reshape(-1, YEARS, SPAN), alike)


def of_period(
    con: "DuckDBPyConnection", selection: Selection, through: date | None = None
) -> "DataFrame":
    """Return `weekly` for the weeks that end in the selection's period, as known on a day.

    Without one, that is the period's last day, or the data's where they end before. Of the
    selection, the period alone is used.
    """
    return _within(weekly(con, *_asked(con, selection, through)), selection.interval)


def weekly(con: "DuckDBPyConnection", through: date, weeks: int = WEEKS_A_YEAR) -> "DataFrame":
    """Return the last whole weeks, Monday to Sunday, up to the day `through`, each with its bound.

    Nothing that happened or was reported after that day is used, also of past weeks: where a week
    is so new that reports are still to come, past ones are counted as they were known as many days
    after. Columns: `level`, `name` and `district` of `Weeks.places` (the city, then the districts,
    then the locations followed, by incidents falling), `week` (its Monday), `incidents`,
    `expected`, `threshold` (more is a signal), `signal`, `comparable`, how many weeks of the same
    time of year it is held against, `category`, the type that most of its incidents have, and
    `of_category`, how many. Where too few weeks are comparable, `expected` and `threshold` are
    missing. Weeks outside the data are left out, and those of a location in a season in which it is
    not followed.
    """
    # A week is judged with the one before.
    found = counted(con, through, weeks + 1)
    made = judged(found, alpha(con, through)).groupby(PLACE, sort=False).tail(weeks)
    return _in_order(typed(con, made[made["followed"]].drop(columns="followed"), through))


def typed(
    con: "DuckDBPyConnection", made: "DataFrame", through: date, *, at_once: bool = False
) -> "DataFrame":
    """Return weeks with `category` and `of_category`, as known on a day; see `counted`."""
    import pandas as pd

    given = {"through": through, "at_once": at_once, "city": asking.city(con)}
    types = frame(con, "signals/types", given)
    types["week"] = pd.to_datetime(types["week"])
    made = made.merge(types, how="left", on=[*PLACE, "week"])
    return made.astype({"category": "str", "of_category": "Int64"})


def judged(found: Weeks | None, limit: float) -> "DataFrame":
    """Return the columns of `weekly` down to `comparable`, and whether the place is `followed`.

    A signal's chance is `limit` or less.
    """
    import numpy as np
    import pandas as pd

    if not found:
        return pd.DataFrame(columns=list(_KINDS)).astype(_KINDS)
    made, shape = found.fitted, (len(found.places), len(found.weeks))
    own = Predicted(*(rounded(each).reshape(shape) for each in made.predicted))
    bound = bounds(own, found.recent, limit).ravel()
    incidents = found.recent[..., -1].ravel()
    base = (SPAN - BLOCK) // 2
    known = (np.isfinite(found.held) & found.alike)[..., base : base + BLOCK]
    places = found.places.loc[np.repeat(found.places.index, len(found.weeks))]
    return (
        places.reset_index(drop=True)
        .assign(
            week=pd.to_datetime(found.weeks * len(found.places)),
            incidents=incidents,
            expected=own.expected.ravel(),
            threshold=bound,
            signal=incidents > bound,
            comparable=known.sum(axis=(2, 3)).ravel(),
            followed=found.followed.ravel(),
        )
        .astype(_KINDS)
    )


def bounds(own: Predicted, recent: "ndarray", limit: float) -> "ndarray":
    """Return the most incidents of each week that are no signal; the chance of one is `limit`.

    The last axes of `recent` are weeks, and the counts of each and those before it.
    """
    import numpy as np

    before = recent[..., :-1]
    pair = model.threshold(model.of_two(own, own.before), limit)
    bound = np.fmin(model.threshold(own, limit), pair - before[..., -1])
    # What is expected is no signal, however high the week before; nor are a few incidents.
    bound = np.maximum(bound, np.floor(own.expected))
    return np.maximum(bound, LEAST_INCIDENTS - 1 - before.sum(axis=-1))


def alpha(con: "DuckDBPyConnection", through: date) -> float:
    """Return the chance that a signal has at most, as the budget leaves it on a day."""
    return _limit_of_season(con, through)[0]


def by_chance(
    con: "DuckDBPyConnection", selection: Selection, through: date | None = None
) -> float:
    """Return how many signals chance alone gives in a period's weeks that have a threshold.

    Of the selection, the period alone is used.
    """
    through, weeks = _asked(con, selection, through)
    made = _within(weekly(con, through, weeks), selection.interval)
    number = made["week"][made["threshold"].notna()].nunique()
    return rounded(_limit_of_season(con, through)[1] * number / WEEKS_A_YEAR)


def _limit_of_season(con: "DuckDBPyConnection", through: date) -> tuple[float, float]:
    """Return `alpha`, and how many signals a year chance then gives in all places.

    They are those of the year before the season began, where it had thresholds: a week that was a
    signal then stays one when the next month is known.
    """
    season = Season.of(through).interval()[0]
    for day in (season - timedelta(days=1), through):
        found = _limit(con, day, season)
        if len(found):
            return tuple(found.iloc[0])
    return ALPHA, 0.0


@kept
def _limit(con: "DuckDBPyConnection", through: date, season: date) -> "DataFrame":
    """Return `alpha` and `a_year` of the year up to a day; no row where no week has a threshold.

    The locations are those followed in the season that begins on the day `season`.
    """
    import pandas as pd

    found = counted(con, through, WEEKS_A_YEAR, season=season)
    chances, part = drawn_chances(found) if found else ([], 1.0)
    limit, signals = limit_of(chances, BUDGET / part)
    rows = [(limit, rounded(signals * part))] if len(chances) else []
    return pd.DataFrame(rows, columns=["alpha", "a_year"], dtype=float)


def limit_of(chances: "ndarray", most: float) -> tuple[float, int]:
    """Return a limit that at most so many of the chances are within, and how many are."""
    import numpy as np

    ordered = np.sort(chances)
    limit = ALPHA
    if int(most) < len(ordered) and ordered[int(most)] <= limit:
        # Ties are all within or all outside.
        outside = ordered[int(most)]
        within = ordered[ordered < outside * (1 - 10**-_DECIMALS)]
        limit = rounded(float(outside + (within[-1] if len(within) else 0)) / 2)
    return limit, int((ordered <= limit).sum())


def drawn_chances(found: Weeks, pasts: int = PASTS) -> tuple["ndarray", float]:
    """Return the chance of each drawn week with enough incidents for a signal, and what one counts.

    That is as a part of a year of all places. Each week and those it is held against are drawn
    about the means of its model, and vary as much as the weeks of its place do: `FUTURES` times
    beside each of the pasts, which take long.
    """
    import numpy as np

    made = found.fitted
    known = np.isfinite(made.predicted.expected) & found.followed.ravel()
    if not known.any():
        return np.array([]), 1.0
    places = len(found.places)

    def of_places(values: "ndarray") -> "ndarray":
        own = values.reshape(places, -1)
        # A new location has none.
        mean = np.nansum(own, axis=1) / np.isfinite(own).sum(axis=1).clip(1)
        mean = mean.round(_DECIMALS)
        return mean.repeat(len(found.weeks))[known, None, None]

    spread, together = of_places(made.predicted.spread), of_places(made.predicted.together)
    # Chance has its part of how the weeks vary, and goes with no other week's.
    echo = (together * spread / (spread - 1)).clip(0, _MOST_ECHO)
    alike = np.tile(found.alike, (places, 1, 1))[known]
    held = np.isfinite(found.held.reshape(-1, YEARS, SPAN))[known]
    expected = made.predicted.expected[known, None, None]
    expected = np.broadcast_to(expected, (len(expected), FUTURES, LEAST_OVER))
    rng = np.random.default_rng(_SEED)

    def drawn(mean: "ndarray") -> "ndarray":
        """Return counts of weeks in a row, of lognormal rates that follow one another."""
        mean = mean.round(_DECIMALS)
        noise = rng.standard_normal(mean.shape)
        for n in range(1, mean.shape[2]):
            noise[..., n] *= np.sqrt(1 - echo[..., 0] ** 2)
            noise[..., n] += echo[..., 0] * noise[..., n - 1]
        variance = np.log1p((spread - 1) / mean.clip(_LEAST_DRAWN))
        return rng.poisson(mean * np.exp(np.sqrt(variance) * noise - variance / 2).round(_DECIMALS))

    chances = []
    for _ in range(pasts):
        past = np.where(held, drawn(made.past[known]), np.nan)
        again = Predicted(*(each[:, None] for each in model.fitted(past, alike).predicted))
        recent = drawn(expected)
        own = recent[..., -1]
        two = model.chance(model.of_two(again, again), own + recent[..., -2])
        rarest = np.minimum(model.chance(again, own), np.where(own > again.expected, two, 1.0))
        chances.append(rarest[recent.sum(axis=2) >= LEAST_INCIDENTS])
    weeks = known.reshape(places, -1).any(axis=0).sum()
    return np.concatenate(chances), WEEKS_A_YEAR / (weeks * pasts * FUTURES)


def _asked(
    con: "DuckDBPyConnection", selection: Selection, through: date | None
) -> tuple[date, int]:
    """Return the last day known, and how many weeks before it hold the selection's period."""
    first, after = selection.interval
    last_day = asking.dataset(con).last_day
    through = through or min(after - timedelta(days=1), last_day or after)
    return through, max((through - first) // WEEK + 1, 1)


def _within(made: "DataFrame", days: tuple[date, date]) -> "DataFrame":
    """Return the weeks that end on one of the days, the first and the one after the last."""
    first, after = days
    ends = made["week"].dt.date + timedelta(days=6)
    return made[(ends >= first) & (ends < after)].reset_index(drop=True)


def counted(
    con: "DuckDBPyConnection",
    through: date,
    weeks: int,
    *,
    at_once: bool = False,
    season: date | None = None,
) -> Weeks | None:
    """Return the last whole weeks up to a day, None where there are none.

    Counts are as known on that day; `at_once`, each week's as known when it ended. A location is
    followed in the weeks of seasons that it has enough incidents for, or in all where it has so for
    the season that begins on the day `season`. What it is held against are no weeks before its
    first incident, nor any when it was closed.
    """
    import numpy as np

    covered = span(con, through)
    found = _whole(covered, weeks) if covered else []
    if not found:
        return None
    seasons = [season or Season.of(week + _TO_END).interval()[0] for week in found]
    asked = {"seasons": sorted(set(seasons)), "least": FOLLOWED}
    chosen = frame(con, "signals/followed", asked)
    asked = {"city": asking.city(con), "locations": sorted(set(chosen["name"]))}
    given = frame(con, "signals/weekly", {"through": through} | asked)
    areas = given[["level", "name", "district"]].drop_duplicates(ignore_index=True)
    rank = given.groupby(PLACE, sort=False).ngroup()
    given = given[given["week"].notna()]
    held = np.array([held_against(week) for week in found], dtype="datetime64[D]")
    first = np.datetime64(found[0] - (YEARS + 1) * WEEKS_A_YEAR * WEEK)
    number = (np.datetime64(found[-1]) - first).astype(int) // 7 + 1
    week = (given["week"].to_numpy().astype("datetime64[D]") - first).astype(int) // 7
    place = rank[given.index].to_numpy() * number + week
    after, incidents = given["known_after"].to_numpy(), given["incidents"].to_numpy()
    inside = (week >= 0) & (week < number)

    def count(known: "ndarray | bool") -> "ndarray":
        """Return the incidents of each place and week in the rows that are known."""
        rows = known & inside
        counts = np.bincount(place[rows], incidents[rows], len(areas) * number)
        return counts.reshape(len(areas), number)

    is_absent = _absent(con, areas, through, first.astype(object), number)
    recent, past = [], []
    for monday, around in zip(found, held, strict=True):
        age = _TO_END.days if at_once else (through - monday).days
        own = (np.datetime64(monday) - first).astype(int) // 7
        known = after <= age if at_once else True
        recent.append(count(known)[:, own - LEAST_OVER + 1 : own + 1])
        counts = np.where(is_absent, np.nan, count(after <= age))
        past.append(counts[:, (around - first).astype(int) // 7])
    absent = ~np.vectorize(lambda day: is_covered(day, covered), otypes=[bool])(held.astype(object))
    alike = np.vectorize(_half, otypes=[str])(held.astype(object))
    halves = np.array([_half(monday) for monday in found])[:, None, None]
    return Weeks(
        areas,
        found,
        np.stack(recent, axis=1).astype(int),
        np.where(absent, np.nan, np.stack(past, axis=1)),
        alike == halves,
        np.array([_is_followed(row, chosen, seasons) for row in areas.itertuples()]),
    )


def _is_followed(area: object, chosen: "DataFrame", seasons: list[date]) -> list[bool]:
    """Return whether an area is followed in weeks of the seasons; `chosen` as `followed.sql`."""
    own = set(chosen["season"][chosen["name"] == area.name].dt.date)
    return [area.level != "location" or season in own for season in seasons]


def _absent(
    con: "DuckDBPyConnection", areas: "DataFrame", through: date, first: date, number: int
) -> "ndarray":
    """Return which of so many weeks, the first a Monday, say nothing of an area: areas, weeks."""
    import numpy as np

    last = first + (number - 1) * WEEK
    asked = {"through": through, "first": first, "last": last, "closed": CLOSED}
    rows = frame(con, "signals/absent", asked)
    places = areas[areas["level"] == "location"].reset_index().merge(rows, on="name")
    week = (places["week"].to_numpy().astype("datetime64[D]") - np.datetime64(first)).astype(int)
    made = np.zeros((len(areas), number), dtype=bool)
    made[places["index"], week // 7] = True
    return made


def held_against(week: date) -> list[list[date]]:
    """Return the weeks that a week is held against, by years back: `YEARS`, `SPAN`."""
    same = [week - round(years * _DAYS_A_YEAR / 7) * WEEK for years in range(1, YEARS + 1)]
    return [[each + (n - SPAN // 2) * WEEK for n in range(SPAN)] for each in same]


def is_covered(week: date, covered: Span) -> bool:
    """Return whether the data cover a whole week."""
    months = {week.replace(day=1), (week + _TO_END).replace(day=1)}
    return week >= covered.first and months.isdisjoint(covered.missing)


def of_place(made: "DataFrame", level: str, name: str) -> "DataFrame":
    """Return the rows of a place."""
    return made[(made["level"] == level) & (made["name"] == name)]


def _whole(covered: Span, weeks: int) -> list[date]:
    """Return the Mondays of the last weeks that are whole within the days covered."""
    after = covered.last + timedelta(days=1)
    last = after - timedelta(days=after.weekday()) - WEEK
    found = [last - n * WEEK for n in reversed(range(weeks))]
    return [week for week in found if week >= covered.first]


def _half(week: date) -> str:
    return half_of(week + _TO_MIDDLE)


def _in_order(made: "DataFrame") -> "DataFrame":
    """Return the city, the districts and the locations, by incidents falling, each by time."""
    counts = made.groupby(PLACE)["incidents"].transform("sum")
    # The levels' names are in the order of the alphabet.
    ordered = made.assign(count=-counts).sort_values(["level", "count", "name", "week"])
    return ordered.drop(columns="count").reset_index(drop=True)


def near(con: "DuckDBPyConnection", selection: Selection, df: "DataFrame") -> tuple[str, str]:
    """Return the level and name of the selection's place as followed in the frame.

    Of a location that is not followed it is its district, where that is; else the city.
    """
    level, place = selection.single_place
    places = [(level, place)]
    if level == "location":
        found = con.execute(sql("core/districts_of"), {"location": place}).fetchall()
        places += [("district", found[0][0])] if len(found) == 1 else []
    followed = set(df[PLACE].itertuples(index=False, name=None))
    return next((each for each in places if each in followed), ("city", selection.city))
