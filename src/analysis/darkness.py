"""Whether more happens in the dark: sunrise and sunset, and incidents for the hours open."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from analysis import danish, statistics
from analysis.measures import bounds, ratio
from analysis.names import incidents as so_many

if TYPE_CHECKING:
    from pandas import DataFrame, Series

# Copenhagen's city hall; anywhere in the city the sun sets within a minute of the time there.
_LATITUDE, _LONGITUDE = 55.676, 12.568
_ZONE = ZoneInfo("Europe/Copenhagen")
# An hour of the day is compared dark with light if at least so much of its time open was either.
_LEAST_SHARE = 0.1
HEADINGS = {
    "name": "Timer",
    "dark": "Hændelser i mørke",
    "light": "Hændelser i lys",
    "dark_hours": "Mørke timer",
    "light_hours": "Lyse timer",
    "ratio": "Forhold",
    "interval": "95 %-sikkerhedsinterval",
}
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

    Rows: the whole time open; only the hours of the day that are dark on some days and light on
    others, so that evening is not held against midday; each month, so that winter is not held
    against autumn. Columns: `name, dark, light, dark_hours, light_hours, value, low, high`; a ratio
    is missing where either has no hours or neither has incidents.
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
        in_light = int(those["incidents"][those["is_light"]].sum())
        in_dark = int(those["incidents"].sum()) - in_light
        light_hours = float(open_["light_hours"].sum())
        dark_hours = float(open_["hours"].sum()) - light_hours
        found = (float("nan"),) * 3
        if dark_hours > 0 and light_hours > 0 and in_dark + in_light:
            found = statistics.rate_ratio(in_dark, in_light, dark_hours, light_hours)[:3]
        rows.append((name, in_dark, in_light, dark_hours, light_hours, *found))
    columns = ["name", "dark", "light", "dark_hours", "light_hours", "value", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def as_table(df: "DataFrame") -> "DataFrame":
    """Return `rates` as a table's columns, the interval in words and hours as whole numbers."""
    return df.assign(
        dark_hours=df["dark_hours"].round().astype("int64"),
        light_hours=df["light_hours"].round().astype("int64"),
        ratio=df["value"].map(ratio),
        interval=[
            bounds(*each)
            for each in df[["value", "low", "high"]].itertuples(index=False, name=None)
        ],
    ).drop(columns=["value", "low", "high"])


def told(df: "DataFrame") -> str:
    """Return what darkness goes with, from the first two rows of `rates`."""
    whole, both = df.iloc[0], df.iloc[1]
    if whole["value"] != whole["value"]:
        return (
            "**Mørke og lyse timer kan ikke sammenlignes, fordi der mangler hændelser med kendt "
            "klokkeslæt i åbningstiden, eller fordi åbningstiden ikke er kendt.**"
        )
    text = f"**Pr. åben time er der {_more(whole)} i mørke end i lys** ({_figures(whole)})."
    if both["value"] != both["value"]:
        return (
            f"{text} Mørke åbningstimer ligger morgen og aften, og ingen timer på døgnet har nok "
            "af både lys og mørke til at sammenligne for sig. Forskellen kan derfor lige så godt "
            "være klokkeslættets som mørkets."
        )
    return (
        f"{text} Mørke åbningstimer ligger mest om aftenen. Sammenlignes kun timer på døgnet, der "
        f"i perioden er både lyse og mørke, er der {_more(both)} i mørke ({_figures(both)})."
    )


def _more(row: "Series") -> str:
    if row["low"] > 1:
        return "klart flere hændelser"
    few = "klart færre hændelser"
    return few if row["high"] < 1 else f"hverken klart flere eller {few}"


def _figures(row: "Series") -> str:
    shown = danish.ratio_interval(row["low"], row["high"])
    if not row["light"]:
        least = f"{_all_of(row['dark'])} skete i mørke"
    elif not row["dark"]:
        least = f"{_all_of(row['light'])} skete i lys"
    else:
        return f"{ratio(row['value'])} gange så mange, 95 %-sikkerhedsinterval {shown}"
    return f"{least}; 95 %-sikkerhedsinterval for forholdet mellem mørke og lys: {shown}"


def _all_of(count: int) -> str:
    return f"alle {so_many(count)}" if count > 1 else "den eneste hændelse"
