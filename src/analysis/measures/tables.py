"""What was done, who was there and what it changed, as tables and as charts of intervals."""

from collections.abc import Sequence
from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, NamedTuple

from analysis.core import danish
from analysis.core.danish import WEEKDAYS, unbroken
from analysis.measures.effect import Effect, other_places
from analysis.measures.evidence import UNJUDGED
from analysis.measures.presence import BLOCK
from analysis.show.phrases import INCALCULABLE, ratio, ratio_bounds
from analysis.statistics import RateRatio

if TYPE_CHECKING:
    from pandas import DataFrame


MEASURE_HEADINGS = {
    "kind": "Tiltag",
    "period": "Periode",
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


SHARED_NOTE = "* højst mulige: vagten deles med andre lokationer"
SHIFT_HEADINGS = {
    "team": "Vagt",
    "days": "Dage med vagtplan",
    "incidents": "Hændelser i åbningstiden",
    "covered": "I vagternes timer",
    "share": "Andel af hændelserne",
    "interval": "Usikkerhed",
    "hours_share": "Andel af åbningstiden",
    "outside_covered": "I vagternes timer uden for åbningstiden",
    "block": "Tidsrum",
    "expected": "Ventet, hvis de fulgte timerne",
    "hours": "Åbne timer",
    "before": "Hændelser året før",
    "before_hours": "Åbne timer året før",
    "shared": "Delt vagt kan være der",
    "ratio": "Forhold (usikkerhed)",
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
    """Return `coverage` as a table's columns, the ratio's interval in words.

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
            "hours_share": df["hours_share"],
            "ratio": [
                f"{ratio(value)} ({ratio_bounds(value, low, high)})"
                if value == value
                else INCALCULABLE
                for value, low, high in df[["ratio", "ratio_low", "ratio_high"]].to_numpy()
            ],
            "outside_covered": df["outside_covered"],
        }
    ).astype({"days": "str", "ratio": "str"})
    return made.drop(columns="location") if location else made


def blocks_table(df: "DataFrame") -> "DataFrame":
    """Return `uncovered` as a table's columns, weekday, hours and intervals in words."""
    import pandas as pd

    return pd.DataFrame(
        {
            "block": [
                unbroken(block_name(one)).replace("–", "–\u2060")
                for one in df.itertuples(index=False)
            ],
            "incidents": df["incidents"],
            "expected": df["expected"],
            "share": df["share"],
            "interval": [
                percents(low, high) for low, high in zip(df["low"], df["high"], strict=True)
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
    "interval": "Usikkerhed",
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


# What marks a figure of which too little is known to judge by.
MARK = "*"
# What a chart of intervals takes.
_SHOWN = ["name", "value", "low", "high", "mark", "unjudged"]
EFFECT_HEADINGS = {
    "case": "Indsats",
    "before": "Før",
    "after": "Efter",
    "ratio": "Forhold",
    "interval": "Usikkerhed",
    "level": "Vurdering",
    "period": "Periode",
    "role": "Regnes som",
    "incidents": "Stedet",
    "comparable": "Sammenlignelige, gennemsnit",
    "neighbours": "Øvrige i bydelen, i alt",
    "what": "Sammenligning",
}


def overview(effects: Sequence[Effect]) -> "DataFrame":
    """Return `name, before, after, value, low, high, mark, unjudged, level`, a row a case.

    `before` and `after` are numbers of periods, the ratio is the one against comparable places;
    `unjudged` is true where there is too little to judge by.
    """
    import pandas as pd

    rows = [
        (
            one.case.name,
            one.design.before,
            one.design.after,
            *_ratio(one.compared),
            *_marked(one),
            one.evidence.level,
        )
        for one in effects
    ]
    columns = ["name", "before", "after", "value", "low", "high", "mark", "unjudged", "level"]
    kinds = dict.fromkeys(columns[3:6], "float64") | {"unjudged": "bool"}
    return pd.DataFrame(rows, columns=columns).astype(kinds)


def _marked(one: Effect) -> tuple[str, bool]:
    unjudged = one.evidence.level == UNJUDGED
    return MARK if unjudged else "", unjudged


def overview_shown(df: "DataFrame") -> "DataFrame":
    """Return `overview` as a chart of intervals takes it."""
    return or_missing(df[_SHOWN], NO_CASE)


def overview_table(df: "DataFrame") -> "DataFrame":
    """Return `overview` as a table's columns, ratio and interval in words."""
    words = in_words(df).rename(columns={"name": "case"})
    return words[["case", "before", "after", "ratio", "interval", "level"]]


def _ratio(found: RateRatio | None) -> tuple[float, float, float]:
    return found[:3] if found else (nan,) * 3


def in_words(df: "DataFrame") -> "DataFrame":
    """Return a frame with its ratio, marked, and its interval as the texts `ratio, interval`."""
    marks = df["mark"] if "mark" in df else [""] * len(df)
    ratios = [ratio(value) + mark for value, mark in zip(df["value"], marks, strict=True)]
    intervals = [
        ratio_bounds(*each)
        for each in df[["value", "low", "high"]].itertuples(index=False, name=None)
    ]
    return df.assign(ratio=ratios, interval=intervals).astype({"ratio": "str", "interval": "str"})


def estimates(one: Effect | None) -> "DataFrame":
    """Return `name, value, low, high, mark, unjudged`: a case's ratios, that of all places last."""
    import pandas as pd

    named = (
        []
        if not one
        else [
            ("Stedet alene, efter mod før", one.alone),
            ("Stedet mod sammenlignelige lokationer", one.compared),
            (
                f"Øvrige lokationer i bydelen ({len(other_places(one))}) mod deres sammenlignelige",
                one.neighbours,
            ),
            ("Stedet og de øvrige lokationer i alt mod sammenlignelige", one.together),
        ]
    )
    rows = [(name, *_ratio(found), *_marked(one)) for name, found in named]
    return or_missing(pd.DataFrame(rows, columns=_SHOWN), NO_CASE)


def estimates_table(one: Effect | None) -> "DataFrame":
    """Return `estimates` as a table's columns."""
    words = in_words(estimates(one)).rename(columns={"name": "what"})
    return words[["what", "ratio", "interval"]]


def periods(one: Effect | None) -> "DataFrame":
    """Return `period, role, incidents, comparable, neighbours` of a case, in order of time.

    `comparable` is the mean of the comparable places, `neighbours` the sum of theirs.
    """
    import pandas as pd

    rows = []
    if one:
        kind = one.counts["facility"][one.counts["treated"]].head(1)
        for season, part in one.counts.groupby("season"):
            alike = part[(part["role"] == "control") & part["facility"].isin(kind)]
            sums = part.groupby("role")["incidents"].sum()
            rows.append(
                (
                    unbroken(replace(one.selection, season=season).period.capitalize()),
                    part["period"].iloc[0],
                    int(sums.get("treated", 0)),
                    alike["incidents"].mean(),
                    int(sums.get("neighbour", 0)),
                )
            )
    columns = ["period", "role", "incidents", "comparable", "neighbours"]
    whole = dict.fromkeys(["incidents", "neighbours"], "int64")
    return pd.DataFrame(rows, columns=columns).astype(whole | {"comparable": "float64"})


def peers_shown(one: Effect | None) -> "DataFrame":
    """Return the case's `peers` as a chart of intervals takes them, the treated place marked."""
    import pandas as pd

    df = one.peers if one and one.peers is not None else pd.DataFrame()
    if df.empty:
        return or_missing(df, "Ingen perioder både før og efter")
    mark, unjudged = _marked(one)
    return df.assign(
        mark=df["treated"].map({True: f"{mark} ←", False: ""}), unjudged=df["treated"] & unjudged
    )


def peers_table(one: Effect | None) -> "DataFrame":
    """Return the case's `peers` as a table's columns."""
    import pandas as pd

    columns = ["name", "before", "after", "ratio", "interval"]
    if not one or one.peers is None:
        return pd.DataFrame(columns=columns)
    return in_words(one.peers)[columns]


CLAIM_HEADINGS = {
    "claim": "Oplysning",
    "published": "Notatets tal",
    "before": "Før",
    "after": "Efter",
    "change": "Ændring",
    "comparable": "Sammenlignelige, ændring",
    "ratio": "Forhold mellem dem",
    "interval": "Usikkerhed",
}


def claims_table(df: "DataFrame") -> "DataFrame":
    """Return `claims` as a table's columns, ratio and interval in words."""
    published = [value or "kun retningen" for value in df["published"]]
    return in_words(df).drop(columns=["value", "low", "high"]).assign(published=published)


NO_CASE = "Ingen indsats i udvalget"


def percents(low: float, high: float, decimals: int = 0) -> str:
    """Return the interval of a share as "12–30 %"."""
    return f"{danish.interval(low * 100, high * 100, decimals)} %" if low == low else INCALCULABLE


def block_name(one: NamedTuple) -> str:
    """Return a row of `presence.uncovered` as "Mandag kl. 13–17"."""
    return f"{WEEKDAYS[one.weekday - 1].capitalize()} {danish.hours(one.hour, one.hour + BLOCK)}"
