"""The weeks and the areas of the signals as tables."""

from typing import TYPE_CHECKING

from analysis.core import danish
from analysis.core.headings import HEADINGS as COMMON
from analysis.signals.record import AFTER, stayed
from analysis.signals.words import most, named, of_week, short_week

if TYPE_CHECKING:
    from pandas import DataFrame


HEADINGS = {
    "name": "Sted",
    "week": "Uge",
    "incidents": COMMON["incidents"],
    "expected": "Ventet",
    "threshold": "Grænse",
    "signal": "Signal",
    "signals": "Signaler",
    "weeks": "Uger",
    "highest": "Nærmest grænsen",
    "comparable": "Tilsvarende uger",
    "most": "Type",
    "after": f"{AFTER} uger efter",
    "after_expected": "Ventet i dem",
    "stayed": "Over det ventede",
}


def week_table(df: "DataFrame") -> "DataFrame":
    """Return weeks as a table's columns, the week in words."""
    return df.assign(
        week=[danish.unbroken(of_week(each)) for each in df["week"]],
        signal=df["signal"].map({True: "Signal", False: danish.UNKNOWN}),
    )[["week", "incidents", "expected", "threshold", "signal", "comparable"]]


def area_table(df: "DataFrame") -> "DataFrame":
    """Return a row for each place: its incidents, what was expected, and its signals in words.

    `highest` is the week with most incidents for its threshold. Sums are of weeks with a threshold.
    """
    import pandas as pd

    rows = []
    for name, own in named(df)[df["threshold"].notna()].groupby("name", sort=False):
        found = own[own["signal"]]
        share = own["incidents"] / own["threshold"].clip(lower=1)
        top = own.loc[share.idxmax()]
        told_top = f"{short_week(top['week'])} ({top['incidents']} mod {top['threshold']})"
        rows.append(
            (
                name,
                own["incidents"].sum(),
                own["expected"].sum(),
                len(found),
                danish.listing([short_week(week) for week in found["week"]]) or danish.UNKNOWN,
                danish.unbroken(told_top),
            )
        )
    columns = ["name", "incidents", "expected", "signals", "weeks", "highest"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"name": "str", "weeks": "str", "highest": "str", "incidents": "int64", "signals": "int64"}
        | {"expected": "float64"}
    )


def became_table(df: "DataFrame") -> "DataFrame":
    """Return the signals of `record.earlier`, the newest first, in words: week, type, what became.

    `most` is the type that most of the incidents had, `stayed` whether the next weeks had more than
    expected.
    """
    found = named(df)[df["signal"]].sort_values(["week", "name"], ascending=[False, True])
    told = found.assign(
        week=[danish.unbroken(of_week(each)) for each in found["week"]],
        most=[danish.capital(most(row)) for row in found.itertuples()],
        stayed=stayed(found).map({True: "ja", False: "nej"}).astype("str").fillna(danish.UNKNOWN),
    )
    columns = ["name", "week", "incidents", "most", "expected", "after", "after_expected", "stayed"]
    kinds = dict.fromkeys(("week", "most", "stayed"), "str") | {"after": "Int64"}
    return told[columns].astype(kinds).reset_index(drop=True)
