"""The chart of how earlier forecasts came out."""

import altair as alt
import pandas as pd

from analysis.core import danish
from analysis.show.charts import theme
from analysis.show.phrases import shortened

# Pixels of a row of `hits`, and of a character.
_ROW = 34
_CHARACTER = 6.5
_CLEAR = 12
_LEAST_TOP = 4


@theme.responsive
def hits(df: pd.DataFrame, title: str, *, width: float = theme.WIDTH) -> alt.Chart | alt.LayerChart:
    """Draw `period, median, low, high, observed, hit`: forecasts, and what then happened."""
    if df.empty:
        return theme.sentence(title, "Ingen tidligere halvår at prøve på", width)
    roomy = theme.is_roomy(width)
    step = _ROW if roomy else _ROW + 16
    height = step * len(df)
    rows = df.assign(
        y=[step * n + (step / 2 if roomy else step - 12) for n in range(len(df))],
        told=[
            f"{danish.number(row.observed)} ({'' if row.hit == 'ja' else 'uden for '}"
            f"{danish.interval(row.low, row.high)})"
            for row in df.itertuples()
        ],
    )
    names = rows["period"].map(len).max() * _CHARACTER + _CLEAR if roomy else 0
    written = rows["told"].map(len).max() * _CHARACTER + _CLEAR
    plot = round(width - names - written)
    top = max(float(rows[["high", "observed"]].max().max()), _LEAST_TOP) * 1.03
    base = alt.Chart().encode(
        alt.X(
            "low:Q",
            scale=alt.Scale(domain=[0, top], nice=False),
            title=theme.COUNTS,
            axis=alt.Axis(format=",d", tickCount=max(2, int(plot / 80)), grid=False),
        ),
        theme.pixels(height),
        tooltip=[
            alt.Tooltip("period:N", title="Halvår"),
            alt.Tooltip("told:N", title="Faktisk antal (og ventet mellem)"),
        ],
    )
    lines = base.mark_rule(color=theme.NEUTRAL, strokeWidth=2).encode(alt.X2("high:Q"))
    middle = base.mark_point(
        shape="circle",
        filled=True,
        fill="white",
        stroke=theme.NEUTRAL,
        strokeWidth=2,
        size=70,
        opacity=1,
    ).encode(alt.X("median:Q"))
    happened = base.mark_point(
        shape="diamond", filled=True, size=90, color=theme.INK, opacity=1
    ).encode(alt.X("observed:Q"))
    labels = base.mark_text(
        align="right" if roomy else "left", dx=-_CLEAR if roomy else 0, dy=0 if roomy else -20
    ).encode(alt.XValue(0), alt.Text("period:N"))
    text = base.mark_text(align="left", dx=_CLEAR).encode(alt.XValue("width"), alt.Text("told:N"))
    note = (
        "Ruder og tal: faktisk antal. Åbne prikker: ventet. Streger og parenteser: det, ni af ti "
        "udfald ventedes at ligge mellem"
    )
    held = (rows["hit"] == "ja").sum()
    halves = (
        f"{row.period}: {danish.number(row.observed)}, "
        f"{'ventet' if row.hit == 'ja' else 'uden for de ventede'} "
        f"{danish.interval(row.low, row.high)}"
        for row in rows.itertuples()
    )
    listed = shortened(halves, "; ", ("halvår mere", "halvår mere"))
    lead = f"{danish.number(held)} af {danish.number(len(rows))} halvår lå, hvor det var ventet"
    return alt.layer(
        lines,
        middle,
        happened,
        labels,
        text,
        data=rows,
        usermeta={"name": title},
        title=theme.led(lead, title, note, width),
        width=plot,
        height=height,
        description=f"{lead}. {listed}.",
    )
