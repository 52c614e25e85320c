"""What the published document claims of a place's change, and what the comparison shows."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.core import danish
from analysis.core.rounding import rounded
from analysis.core.season import Season
from analysis.measures.effect import AFTER, BEFORE, PARTLY, Effect, half_years, laid_out, regression
from analysis.measures.timeline import measures
from analysis.measures.words import in_words

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

    from analysis.barometer.published import Figure


HEADINGS = {
    "claim": "Påstand",
    "published": "Notatets tal",
    "before": "Før",
    "after": "Efter",
    "change": "Ændring",
    "comparable": "Sammenlignelige, ændring",
    "ratio": "Forhold mellem dem",
    "interval": "95 %-sikkerhedsinterval",
}


def claims(
    con: "DuckDBPyConnection", figures: Iterable["Figure"], one: Effect | None
) -> "DataFrame":
    """Return the document's claims of a change at a case's place, beside what the data show.

    `figures` are from `published`. Columns: `claim, published` (the figure printed, or empty),
    `before, after, change` (a share), `comparable` (the comparable places' change), and the ratio
    of the two as `value, low, high`. The claim's own two periods are compared.
    """
    import pandas as pd

    columns = ["claim", "published", "before", "after", "change", "comparable"]
    rows = [
        (figure.about, figure.value, *_compared(con, figure, one))
        for figure in figures
        if one and _is_change(figure, one)
    ]
    numbers = dict.fromkeys(["before", "after"], "int64")
    numbers |= dict.fromkeys(["change", "comparable", "value", "low", "high"], "float64")
    return rounded(pd.DataFrame(rows, columns=[*columns, "value", "low", "high"]).astype(numbers))


def _is_change(figure: "Figure", one: Effect) -> bool:
    return (
        figure.location == one.case.location
        and figure.measure in ("incidents", "count_by")
        and figure.dimension in ("", "category")
        and figure.half == figure.base_half != ""
    )


def _compared(con: "DuckDBPyConnection", figure: "Figure", one: Effect) -> tuple:
    asked = replace(
        one.selection,
        half=figure.half,
        category=figure.name or None,
        season=figure.period,
        victim=None,
        demography=None,
        self_service=None,
    )
    roles = {Season(figure.base_period): BEFORE, Season(figure.period): AFTER}
    measured = measures(con, replace(asked, location=None))
    counts = laid_out(half_years(con, asked, list(roles)), one.case, measured, roles, figure.half)
    kind = counts["facility"][counts["treated"]].iloc[0]
    alike = counts[counts["treated"] | (counts["role"] == "control") & (counts["facility"] == kind)]
    alike = alike.assign(after=alike["period"] == AFTER)
    sums = alike.groupby(["treated", "after"])["incidents"].sum()
    before, after = int(sums[True, False]), int(sums[True, True])
    return (
        before,
        after,
        after / before - 1 if before else float("nan"),
        sums[False, True] / sums[False, False] - 1 if sums.get((False, False)) else float("nan"),
        *regression(alike)[:3],
    )


def claims_table(df: "DataFrame") -> "DataFrame":
    """Return `claims` as a table's columns, ratio and interval in words."""
    return in_words(df).drop(columns=["value", "low", "high"])


def told(df: "DataFrame", figures: Iterable["Figure"], one: Effect | None) -> str:
    """Return what the claims count from and the largest fall beside the others', as Markdown."""
    if df.empty:
        return "Statusnotatet siger ikke noget om en ændring på stedet, der kan efterprøves her."
    lines = []
    spans = {(figure.base_period, figure.half) for figure in figures if _is_change(figure, one)}
    for season, half in sorted(spans):
        first, after = Season(season).interval(half)
        if one.case.role(first, after) == PARTLY:
            period = replace(one.selection, season=season, half=half).period
            lines.append(
                f"Statusnotatet regner fra {period}, men tiltaget begyndte "
                f"{danish.day(one.case.starts)}, midt i den periode. Den er hverken helt før eller "
                "helt efter og indgår derfor ikke i sammenligningen ovenfor."
            )
    if (df["change"] < 0).any():
        largest = df.loc[df["change"].idxmin()]
        share = danish.number(-largest["change"] * 100)
        lines.append(
            f"Det største fald, notatet nævner, er {share} % (fra "
            f"{danish.number(largest['before'])} til {danish.number(largest['after'])}); "
            f"de sammenlignelige lokationers ændring var {_signed(largest['comparable'])} i samme "
            "tid. Et fald mellem to udvalgte perioder siger ikke, hvad der har skabt det."
        )
    return "\n\n".join(lines)


def _signed(share: float) -> str:
    return f"{danish.signed(share * 100)} %" if share == share else "ukendt"
