"""Counts that are told as the step that they lie on."""

import json

import altair as alt
import pandas as pd

from analysis.core.headings import HEADINGS
from analysis.show.charts import theme
from analysis.show.charts.counts import BAR_BELOW, STEP_BELOW

_STEP = 26


@theme.responsive
def steps(
    df: pd.DataFrame, title: str, *, chosen: str | None = None, width: float = theme.WIDTH
) -> alt.Chart | alt.LayerChart:
    """Draw `name, at_least, below, told`: a bar to the step, pale to the next, the step in words.

    Null is left out of the bars, not of the names. The bars beside a `chosen` one are pale.
    """
    if df.empty:
        return theme.sentence(title, width=width)
    names, beside = list(df["name"]), theme.is_roomy(width)
    below = "Antallet ligger et sted i den lyse del"
    dy = 0 if beside else 9
    bar = {} if beside else {"size": BAR_BELOW, "yOffset": dy}
    base = alt.Chart(df).encode(
        alt.Y("name:N", sort=names, title=None, axis=theme.NAMES if beside else None),
        tooltip=[
            alt.Tooltip("name:N", title=HEADINGS["name"]),
            alt.Tooltip("told:N", title=theme.COUNTS),
        ],
    )
    scale = theme.counts(df["below"].max() if df["below"].notna().any() else 0)
    sure = alt.X("at_least:Q", **scale, title=theme.COUNTS)
    colour = theme.emphasis(f"datum.name === {json.dumps(chosen)}") if chosen else None
    layers = [
        base.encode(sure, colour or alt.ColorValue(theme.NEUTRAL)).mark_bar(**bar),
        base.encode(alt.X("at_least:Q"), alt.X2("below:Q")).mark_bar(
            **bar, color=theme.NEUTRAL_LIGHT
        ),
        base.transform_calculate(end="isValid(datum.below) ? datum.below : 0")
        .mark_text(align="left", dx=5, dy=dy)
        .encode(alt.X("end:Q"), alt.Text("told:N")),
    ]
    if not beside:
        above = base.mark_text(align="left", baseline="bottom", dy=-3)
        layers.append(above.encode(alt.XValue(0), alt.Text("name:N")))
    told = "; ".join(f"{row.name} {row.told}" for row in df.itertuples(index=False))
    return alt.layer(
        *layers,
        title=theme.title(title, below, width),
        width=width,
        height=(_STEP if beside else STEP_BELOW) * len(names),
        autosize=theme.FIT,
        description=f"{title}. {told}.",
    )
