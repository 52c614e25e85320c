"""What was done, who was there and what it changed, as tables and as charts of intervals."""

from typing import TYPE_CHECKING

from analysis.core import danish
from analysis.core.danish import unbroken
from analysis.measures.presence import WEEKDAYS, _block, _percents
from analysis.show.phrases import INCALCULABLE, ratio, ratio_bounds

if TYPE_CHECKING:
    from pandas import DataFrame


MEASURE_HEADINGS = {
    "kind": "Tiltag",
    "starts": "Fra",
    "ends": "Til og med",
    "days": "Dage",
    "incidents": "Hændelser",
    "a_week": "Hændelser pr. uge",
    "remark": "Bemærkning",
}


def or_missing(df: "DataFrame", name: str) -> "DataFrame":
    """Return a frame for a chart of intervals; an empty one with a row that says so."""
    import pandas as pd

    row = {"name": name, "value": float("nan"), "low": float("nan"), "high": float("nan")}
    return pd.DataFrame([row]) if df.empty else df


SHARED_NOTE = "* højst mulige: holdet deles med andre lokationer"
SHIFT_HEADINGS = {
    "team": "Hold",
    "days": "Dage med vagtplan",
    "incidents": "Hændelser i åbningstiden",
    "covered": "I holdets timer",
    "share": "Andel af hændelserne",
    "interval": "95 %-sikkerhedsinterval",
    "hours_share": "Andel af åbningstiden",
    "outside_covered": "I holdets timer uden for åbningstiden",
    "block": "Blok",
    "expected": "Ventet, hvis de fulgte timerne",
    "hours": "Åbne timer",
    "before": "Hændelser året før",
    "before_hours": "Åbne timer året før",
    "shared": "Delt hold kan være der",
    "ratio": "Forhold (95\u00a0%-interval)",
}


def incidents_by_hour(grid: "DataFrame") -> "DataFrame":
    """Return the grid of `week` as a row for each hour with incidents and a column a weekday."""
    wide = grid.pivot_table(index="hour", columns="weekday", values="incidents", aggfunc="sum")
    used = wide.index[wide.sum(axis=1) > 0]
    wide = wide.loc[used.min() : used.max()] if len(used) else wide.iloc[:0]
    named = wide.rename(columns={n: day.capitalize() for n, day in enumerate(WEEKDAYS, 1)})
    return named.astype("int64").rename_axis(columns=None).reset_index()


def shift_ratios(df: "DataFrame", location: str | None = None) -> "DataFrame":
    """Return `name, value, low, high, mark` of `coverage`, as a chart of intervals takes them.

    The place is in the name unless it is the `location` that was chosen.
    """
    import pandas as pd

    shown = pd.DataFrame(
        {
            "name": df["team"] + ("" if location else ", " + df["location"]),
            "value": df["ratio"],
            "low": df["ratio_low"],
            "high": df["ratio_high"],
            "mark": df["shared"].map({True: "*", False: ""}),
        }
    )
    return or_missing(shown, "Ingen vagtplan i udvalget")


def shift_table(df: "DataFrame", location: str | None = None) -> "DataFrame":
    """Return `coverage` as a table's columns, intervals in words.

    With the place, unless it is the `location` that was chosen.
    """
    import pandas as pd

    days = [
        " – ".join(unbroken(danish.day(day)) for day in (one.first_day, one.last_day))
        for one in df.itertuples(index=False)
    ]
    made = pd.DataFrame(
        {
            "location": df["location"],
            "team": df["team"] + df["shared"].map({True: unbroken(" *"), False: ""}),
            "days": days,
            "incidents": df["incidents"],
            "covered": df["covered"],
            "share": df["share"],
            "interval": [
                _percents(low, high) for low, high in zip(df["low"], df["high"], strict=True)
            ],
            "hours_share": df["hours_share"],
            "ratio": [
                f"{ratio(value)} ({ratio_bounds(value, low, high)})"
                if value == value
                else INCALCULABLE
                for value, low, high in df[["ratio", "ratio_low", "ratio_high"]].to_numpy()
            ],
            "outside_covered": df["outside_covered"],
        }
    ).astype({"days": "str", "interval": "str", "ratio": "str"})
    return made.drop(columns="location") if location else made


def blocks_table(df: "DataFrame") -> "DataFrame":
    """Return `uncovered` as a table's columns, weekday, hours and intervals in words."""
    import pandas as pd

    return pd.DataFrame(
        {
            "block": [unbroken(_block(one)) for one in df.itertuples(index=False)],
            "incidents": df["incidents"],
            "expected": df["expected"],
            "share": df["share"],
            "interval": [
                _percents(low, high) for low, high in zip(df["low"], df["high"], strict=True)
            ],
            "hours": df["hours"].round().astype("int64"),
            "before": df["before"],
            "before_hours": df["before_hours"].round().astype("int64"),
            "shared": df["shared"],
        }
    ).astype({"block": "str", "interval": "str"})


DARKNESS_HEADINGS = {
    "name": "Timer",
    "dark": "Hændelser i mørke",
    "light": "Hændelser i lys",
    "dark_hours": "Mørke timer",
    "light_hours": "Lyse timer",
    "ratio": "Forhold",
    "interval": "95 %-sikkerhedsinterval",
}


def darkness_table(df: "DataFrame") -> "DataFrame":
    """Return `rates` as a table's columns, the interval in words and hours as whole numbers."""
    return df.assign(
        dark_hours=df["dark_hours"].round().astype("int64"),
        light_hours=df["light_hours"].round().astype("int64"),
        ratio=df["value"].map(ratio),
        interval=[
            ratio_bounds(*each)
            for each in df[["value", "low", "high"]].itertuples(index=False, name=None)
        ],
    ).drop(columns=["value", "low", "high"])
