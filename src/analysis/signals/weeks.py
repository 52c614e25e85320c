"""Weeks with more incidents than comparable ones of earlier years, by Farrington's method.

Each week of the city and of each district is held against the weeks up to `WINDOW` weeks from the
same time of up to `YEARS` earlier years. Their mean, in which past outbreaks count little, is what
to expect; a week above the quantile `1 - ALPHA` is a signal. After Farrington, Andrews, Beale and
Catchpole (1996), *Journal of the Royal Statistical Society* A 159:547–563 (the comparable weeks,
the minimum count, the variance of a prediction) and Noufaily and others (2013), *Statistics in
Medicine* 32:1206–1222 (the weights of past outbreaks, the negative binomial quantile).

Three things are otherwise. Comparable weeks are of the same half-year, since incidents step up at
its border, and the weeks around it would else have far too wide a threshold. There is no trend: one
told by four winters overshoots, and a rise that goes on is to be seen. And past outbreaks are found
by the middle half of the weeks: by the mean and variance of all, as there, a few outbreak weeks
hide themselves. `benchmarks/signals.py` shows how often a signal is false, also in a city that
grows, and how large a rise is seen.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from analysis.core import asking
from analysis.core.asking import frame
from analysis.core.database import sql
from analysis.core.kept import kept
from analysis.core.known import Span, span
from analysis.core.rounding import rounded
from analysis.core.season import half_of
from analysis.core.selection import Selection

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy import ndarray
    from pandas import DataFrame, Series

# Weeks to either side of the same time of year, and how many years back.
WINDOW, YEARS = 3, 4
# The chance that a week is above its threshold though nothing changed.
ALPHA = 0.005
# With fewer comparable weeks there is no threshold.
LEAST_WEEKS = 4
# A signal needs so many incidents in so many weeks, its own the last of them.
LEAST_INCIDENTS, LEAST_OVER = 5, 4
# An Anscombe residual above this makes a past week an outbreak.
OUTBREAK = 2.58
# Times the mean of the middle half of a normal variable's absolute values is its deviation.
_MIDDLE_TO_DEVIATION = 1.443
# Residuals are not about less than this, beside which a single incident would be an outbreak.
_LEAST_CENTRE = 0.5
WEEK = timedelta(days=7)
# Of the signals that chance alone gives.
DRAWS, _SEED = 200, 2026
_TO_MIDDLE = timedelta(days=3)
_DAYS_A_YEAR = 365.25
# A mean that is as good as none.
_LEAST_MEAN = 1e-6
_KINDS = {
    "name": "str",
    "week": "datetime64[us]",
    "incidents": "int64",
    "expected": "float64",
    "threshold": "Int64",
    "signal": "bool",
    "comparable": "int64",
}


class Bounds(NamedTuple):
    """What to expect of weeks, and the most that is no signal; not a number where unknown."""

    expected: "ndarray"
    threshold: "ndarray"


class _Weeks(NamedTuple):
    """Weeks and what they are held against.

    `own` is the incidents of each name and week, also of a few weeks before the first judged one;
    `held` has the same rows and a column a comparable week, not a number where there is none.
    `first` is the first week judged.
    """

    own: "Series"
    held: "DataFrame"
    first: date


def of_period(
    con: "DuckDBPyConnection", selection: Selection, through: date | None = None
) -> "DataFrame":
    """Return `weekly` for the weeks that end in the selection's period, as known on a day.

    Without one, that is the period's last day, or the data's where they end before. Of the
    selection, the period alone is used.
    """
    return _within(_made(_counted(con, *_asked(con, selection, through))), selection.interval)


def weekly(con: "DuckDBPyConnection", through: date, weeks: int = 52) -> "DataFrame":
    """Return the last whole weeks, Monday to Sunday, up to the day `through`, each with its bound.

    Nothing that happened or was reported after that day is used, also of past weeks: where a week
    is so new that reports are still to come, past ones are counted as they were known as many days
    after. Columns: `name` (the city, then the districts by incidents falling), `week` (its Monday),
    `incidents`, `expected`, `threshold` (more is a signal), `signal`, and `comparable`, how many
    weeks it is held against. Where these are too few, `expected` and `threshold` are missing. Weeks
    outside the data are left out.
    """
    return _made(_counted(con, through, weeks))


def by_chance(
    con: "DuckDBPyConnection", selection: Selection, through: date | None = None
) -> "ndarray":
    """Return how many signals the weeks of a period give by chance, in each of `DRAWS` draws.

    Each week and those it is held against are drawn with one mean, the expected one, and vary as
    much as the weeks of that name do about theirs, which is Poisson or more. Of the selection, the
    period alone is used.
    """
    return _drawn(con, selection.interval, *_asked(con, selection, through))["signals"].to_numpy()


@kept
def _drawn(
    con: "DuckDBPyConnection", days: tuple[date, date], through: date, weeks: int
) -> "DataFrame":
    import numpy as np
    import pandas as pd

    found = _counted(con, through, weeks)
    made = _within(_made(found), days) if found else None
    if made is None or made["threshold"].isna().all():
        return pd.DataFrame({"signals": np.zeros(DRAWS, dtype="int64")})
    made = made[made["threshold"].notna()]
    spread = made["name"].map(rounded(_spreads(found))).to_numpy()[:, None]
    mean = made["expected"].to_numpy().clip(_LEAST_MEAN)[:, None]
    most = made["comparable"].max()
    alike = np.arange(most) < made["comparable"].to_numpy()[:, None]
    rng = np.random.default_rng(_SEED)
    signals = np.zeros(DRAWS, dtype="int64")
    for draw in range(DRAWS):
        rates = rng.standard_gamma(mean / (spread - 1), (len(made), LEAST_OVER + most))
        counts = rng.poisson(rates * (spread - 1))
        own, held = counts[:, :LEAST_OVER], counts[:, LEAST_OVER:]
        limit = bounds(np.where(alike, held, np.nan)).threshold
        signals[draw] = is_signal(own[:, -1], own.sum(axis=1), limit).sum()
    return pd.DataFrame({"signals": signals})


def _spreads(found: _Weeks) -> "Series":
    """Return how much the weeks of each name vary, 1 being Poisson, which is the least (and a bit).

    Pearson's statistic of the comparable weeks about their mean.
    """
    mean = found.held.mean(axis=1)
    squares = found.held.sub(mean, axis=0).pow(2).sum(axis=1) / mean.clip(lower=_LEAST_MEAN)
    freedom = found.held.notna().sum(axis=1) - 1
    sums = squares[mean > 0].groupby("name").sum() / freedom[mean > 0].groupby("name").sum()
    return sums.reindex(found.own.index.unique("name")).fillna(1).clip(lower=1.001)


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


def _counted(con: "DuckDBPyConnection", through: date, weeks: int) -> _Weeks | None:
    """Return the last whole weeks up to a day, None where there are none."""
    covered = span(con, through)
    # The weeks before the first tell whether it has the incidents that a signal needs.
    judged = _whole(covered, weeks + LEAST_OVER - 1) if covered else []
    if not judged:
        return None
    pairs = [(week, week) for week in judged]
    pairs += [(week, other) for week in judged for other in comparable(week, covered.first)]
    asked = dict(zip(("weeks", "counted"), map(list, zip(*pairs, strict=True)), strict=True))
    found = frame(con, "signals/weekly", asked | {"through": through, "city": asking.city(con)})
    keys = ["name", "week"]
    is_own = found["week"] == found["counted"]
    own = found[is_own].set_index(keys)["incidents"]
    past = found[~is_own].assign(place=found[~is_own].groupby(keys).cumcount())
    held = past.pivot(index=keys, columns="place", values="incidents").reindex(own.index)
    return _Weeks(own, held, judged[-weeks:][0])


def _made(found: _Weeks | None) -> "DataFrame":
    """Return the columns of `weekly`."""
    import pandas as pd

    if not found:
        return pd.DataFrame(columns=list(_KINDS)).astype(_KINDS)
    own, held, first = found
    expected, threshold = bounds(held.to_numpy(dtype=float))
    recent = own.groupby("name", sort=False).rolling(LEAST_OVER, min_periods=1).sum().to_numpy()
    made = own.reset_index().assign(
        expected=rounded(expected),
        threshold=threshold,
        signal=is_signal(own.to_numpy(), recent, threshold),
        comparable=held.notna().sum(axis=1).to_numpy(),
    )
    return _in_order(made.astype(_KINDS)[made["week"] >= pd.Timestamp(first)])


def city_of(made: "DataFrame") -> str | None:
    """Return the city's name in the columns of `weekly`, where it stands first; None in none."""
    return next(iter(made["name"]), None)


def comparable(week: date, first_day: date) -> list[date]:
    """Return what a week is held against: weeks of its half-year, none from before the first day.

    Weeks are their Mondays, and are of the half-year that their Thursday lies in.
    """
    same = [week - round(years * _DAYS_A_YEAR / 7) * WEEK for years in range(1, YEARS + 1)]
    around = [each + n * WEEK for each in same for n in range(-WINDOW, WINDOW + 1)]
    return [each for each in around if each >= first_day and _half(each) == _half(week)]


def bounds(counts: "ndarray") -> Bounds:
    """Return what to expect of weeks, a row each, from the counts of comparable ones.

    A column is a comparable week, not a number where there is none. A quasi-Poisson model of one
    mean; a past week whose residual makes it an outbreak weighs less, by its square. The threshold
    is the quantile of a negative binomial distribution that varies as the counts do, and as much
    more as their mean is uncertain.
    """
    import numpy as np
    from scipy.stats import nbinom

    known = np.isfinite(counts)
    number = known.sum(axis=1)
    enough = number >= LEAST_WEEKS
    y = np.where(known, counts, 0.0)
    # Rows without enough are computed too, and left out.
    with np.errstate(all="ignore"):
        centre = _middle(counts).clip(_LEAST_CENTRE)[:, None]
        # Anscombe's residuals of Poisson counts.
        residual = 1.5 * (y ** (2 / 3) - centre ** (2 / 3)) / centre ** (1 / 6)
        deviation = _middle(np.where(known, np.abs(residual), np.nan)) * _MIDDLE_TO_DEVIATION
        residual /= deviation.clip(1.0)[:, None]
        weight = known * np.where(residual > OUTBREAK, np.abs(residual) ** -2.0, 1.0)
        weight *= (number / weight.sum(axis=1))[:, None]
        mean = ((weight * y).sum(axis=1) / number).clip(_LEAST_MEAN)
        squares = (weight * (y - mean[:, None]) ** 2).sum(axis=1) / mean
        spread = (squares / (number - 1)).clip(1.0)
        ratio = spread * (1 + 1 / number)
        threshold = nbinom.ppf(1 - ALPHA, mean / (ratio - 1), 1 / ratio)
    return Bounds(np.where(enough, mean, np.nan), np.where(enough, threshold, np.nan))


def is_signal(counts: "ndarray", recent: "ndarray", threshold: "ndarray") -> "ndarray":
    """Return which weeks are above their threshold, and not among very few incidents.

    `recent` is the count of the week and of those before it, `LEAST_OVER` in all.
    """
    return (counts > threshold) & (recent >= LEAST_INCIDENTS)


def _middle(values: "ndarray") -> "ndarray":
    """Return the mean of the middle half of each row, of the values that are numbers."""
    import numpy as np

    number = np.isfinite(values).sum(axis=1)[:, None]
    place = np.arange(values.shape[1])
    # What is not a number stands last.
    middle = (place >= number // 4) & (place < number - number // 4)
    return np.where(middle, np.sort(values, axis=1), 0.0).sum(axis=1) / middle.sum(axis=1)


def _whole(covered: Span, weeks: int) -> list[date]:
    """Return the Mondays of the last weeks that are whole within the days covered."""
    after = covered.last + timedelta(days=1)
    last = after - timedelta(days=after.weekday()) - WEEK
    found = [last - n * WEEK for n in reversed(range(weeks))]
    return [week for week in found if week >= covered.first]


def _half(week: date) -> str:
    return half_of(week + _TO_MIDDLE)


def _in_order(made: "DataFrame") -> "DataFrame":
    """Return the city first, then the districts by incidents falling, each in order of time."""
    city = city_of(made)
    counts = made[made["name"] != city].groupby("name")["incidents"].sum()
    order = [city, *sorted(counts.index, key=lambda name: (-counts[name], name))]
    places = {name: n for n, name in enumerate(order)}
    ordered = made.assign(place=made["name"].map(places)).sort_values(["place", "week"])
    return ordered.drop(columns="place").reset_index(drop=True)


def near(con: "DuckDBPyConnection", selection: Selection, df: "DataFrame") -> str | None:
    """Return the district of the selection or of its location; None where that is not followed."""
    level, place = selection.single_place
    found = [(place,)] if level == "district" else []
    if level == "location":
        found = con.execute(sql("core/districts_of"), {"location": place}).fetchall()
    return found[0][0] if len(found) == 1 and found[0][0] in set(df["name"]) else None
