"""Whether more happens in the dark: sunrise and sunset, and incidents for the hours open."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache, reduce
from math import exp, inf, nan
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from analysis import statistics
from analysis.core import danish
from analysis.core.rounding import rounded

if TYPE_CHECKING:
    from pandas import DataFrame

# Copenhagen's city hall; anywhere in the city the sun sets within a minute of the time there.
_LATITUDE, _LONGITUDE = 55.676, 12.568
_ZONE = ZoneInfo("Europe/Copenhagen")
# An hour of the day is compared dark with light if at least so much of its time open was either.
_LEAST_SHARE = 0.1
# A tail of the interval, and how far from 0 the logarithm of a ratio is looked for.
_TAIL, _FARTHEST = 0.025, 30.0
WHOLE, BOTH = "Hele åbningstiden", "Timer på døgnet, der er både lyse og mørke"


class Suns(NamedTuple):
    """Days with their sunrise and sunset, Copenhagen wall-clock time."""

    days: list[date]
    sunrises: list[datetime]
    sunsets: list[datetime]


def suns(days: Sequence[date]) -> Suns:
    """Return when the sun rises and sets on each day."""
    times = [_sun(day) for day in days]
    return Suns(list(days), [rise for rise, _ in times], [sets for _, sets in times])


@cache
def _sun(day: date) -> tuple[datetime, datetime]:
    from astral import Observer
    from astral.sun import sunrise, sunset

    observer = Observer(_LATITUDE, _LONGITUDE)
    rise, sets = (of(observer, date=day, tzinfo=_ZONE) for of in (sunrise, sunset))
    return tuple(each.replace(tzinfo=None, microsecond=0) for each in (rise, sets))


def rates(happened: "DataFrame", hours: "DataFrame") -> "DataFrame":
    """Return incidents in opening hours in the dark and in the light, and the ratio of the rates.

    Each place's dark hours are held against its own light ones (see `stratified`), so that a place
    with many incidents and long evenings makes no darkness. Rows: the whole time open; only the
    hours of the day that are dark on some days and light on others, so that evening is not held
    against midday; each month, so that winter is not held against autumn. Columns: `name, dark,
    light, dark_hours, light_hours, value, low, high`; a ratio is missing where no place has hours
    of both kinds and incidents.
    """
    import pandas as pd

    during = happened[happened["is_open"].fillna(False)]
    by_hour = hours.groupby("hour")[["hours", "light_hours"]].sum()
    light = by_hour["light_hours"] / by_hour["hours"]
    both = set(light.index[(light >= _LEAST_SHARE) & (light <= 1 - _LEAST_SHARE)])
    parts = [(WHOLE, during, hours)]
    parts.append((BOTH, *(df[df["hour"].isin(both)] for df in (during, hours))))
    parts += [
        (
            danish.MONTHS[month.month - 1].capitalize(),
            *(df[df["month"] == month] for df in (during, hours)),
        )
        for month in sorted(hours["month"].unique())
    ]
    rows = []
    for name, those, open_ in parts:
        each = _by_place(those, open_)
        rows.append((name, *each.sum(), *stratified(*each.to_numpy().T)))
    columns = ["name", "dark", "light", "dark_hours", "light_hours", "value", "low", "high"]
    made = pd.DataFrame(rows, columns=columns)
    return rounded(made.astype(dict.fromkeys(["dark", "light"], "int64")))


def _by_place(happened: "DataFrame", hours: "DataFrame") -> "DataFrame":
    """Return `dark, light, dark_hours, light_hours`, a row a place."""
    import pandas as pd

    open_ = hours.groupby("location")[["hours", "light_hours"]].sum()
    both = happened.groupby("location")["incidents"].sum()
    light = happened[happened["is_light"]].groupby("location")["incidents"].sum()
    df = pd.DataFrame({"both": both, "light": light}).join(open_, how="outer").fillna(0)
    df = df.assign(dark=df["both"] - df["light"], dark_hours=df["hours"] - df["light_hours"])
    return df[["dark", "light", "dark_hours", "light_hours"]].astype("float64")


def stratified(
    dark: Sequence[float],
    light: Sequence[float],
    dark_hours: Sequence[float],
    light_hours: Sequence[float],
) -> tuple[float, float, float]:
    """Return the ratio of the rates in the dark and in the light, and its 95 % interval.

    An element a place. The ratio is the likeliest one common to all, as a Poisson regression with
    an effect of each place has it. The interval is exact: given a place's incidents, those in the
    dark are binomial, and their sum is held against the tails of its distribution (Breslow and Day
    1987, 3.6). With one place it is `statistics.rate_ratio`. A place without incidents, or without
    hours of either kind, tells nothing; where none tells, all three are unknown (nan).
    """
    import numpy as np
    from scipy.optimize import brentq
    from scipy.special import expit
    from scipy.stats import binom

    dark, light, dark_hours, light_hours = (
        np.asarray(each, float) for each in (dark, light, dark_hours, light_hours)
    )
    used = (dark + light > 0) & (dark_hours > 0) & (light_hours > 0)
    dark, light, dark_hours, light_hours = (
        each[used] for each in (dark, light, dark_hours, light_hours)
    )
    if len(dark) < 2:
        ends = (*dark.astype(int), *light.astype(int), *dark_hours, *light_hours)
        return statistics.rate_ratio(*ends)[:3] if ends else (nan,) * 3
    counts, total = (dark + light).astype(int), int(dark.sum())
    offset = np.log(dark_hours / light_hours)
    # What may have happened in the dark at each place, one after the other, and whose it is.
    possible = np.concatenate([np.arange(count + 1) for count in counts])
    place = np.repeat(np.arange(len(counts)), counts + 1)

    def chances(log_ratio: float) -> "np.ndarray":
        """Return the distribution of the incidents in the dark, of all places together."""
        each = binom.pmf(possible, counts[place], expit(offset + log_ratio)[place])
        return reduce(np.convolve, np.split(each, np.cumsum(counts + 1)[:-1]))

    def solved(apart: Callable[[float], float]) -> float:
        return exp(brentq(apart, -_FARTHEST, _FARTHEST))

    many = int(counts.sum())
    value = 0.0 if not total else inf
    if 0 < total < many:
        value = solved(lambda at: float((counts * expit(offset + at)).sum()) - total)
    low = solved(lambda at: chances(at)[total:].sum() - _TAIL) if total else 0.0
    high = solved(lambda at: chances(at)[: total + 1].sum() - _TAIL) if total < many else inf
    return value, low, high
