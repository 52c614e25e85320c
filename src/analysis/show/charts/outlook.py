"""Charts of what is expected: the coming months, and how earlier forecasts came out."""

import altair as alt
import pandas as pd

from analysis.core import danish
from analysis.core.headings import HEADINGS
from analysis.show.charts import theme
from analysis.show.phrases import extremes, shortened

_HEIGHT, _HEIGHT_NARROW = 280, 240
# More past months would make those to come run together on a phone.
_SEEN_NARROW = 12
# Pixels of a row of `hits`, and of a character.
_ROW = 34
_CHARACTER = 6.5
_CLEAR = 12
_LEAST_TOP = 4
_SEEN, _EXPECTED = "Indmeldt", "Ventet"


@theme.responsive
def months_ahead(
    seen: pd.DataFrame, expected: pd.DataFrame, title: str, *, width: float = theme.WIDTH
) -> alt.Chart | alt.LayerChart:
    """Draw `month, incidents` of what happened, then `month, median` with its intervals.

    `expected` holds `low_50, high_50, low_90, high_90`. What happened is a line with filled dots,
    on a phone the last year of it; what is expected is a hollow dot on a broad (50 per cent) and a
    thin line (90 per cent).
    """
    if expected.empty:
        return theme.empty(title, width, "Ingen prognose")
    roomy = theme.is_roomy(width)
    told = _months_told(seen, expected)
    seen = seen if roomy else seen.tail(_SEEN_NARROW)
    months = [*seen["month"], *expected["month"]]
    x = (
        alt.X("month:T")
        .title(None)
        .scale(domain=[_vega(min(months), -0.6), _vega(max(months), 0.6)], nice=False)
        .axis(
            values=[
                _vega(each)
                for each in months
                if each.month in ((1, 4, 7, 10) if roomy else (4, 10))
            ],
            labelExpr=f"[{theme.MONTH_LABEL}, timeFormat(datum.value, '%Y')]",
        )
    )
    top = max(float(expected["high_90"].max()), seen["incidents"].max() if len(seen) else 0)
    counts = theme.counts(int(top), 6)
    y = alt.Y("value:Q").title(theme.COUNTS).scale(counts["scale"]).axis(counts["axis"])
    past = alt.Chart(_told(seen.assign(value=seen["incidents"]), _SEEN)).encode(x, y)
    ahead = alt.Chart(
        _told(expected.assign(value=expected["median"]), _EXPECTED).drop(
            columns=["name"], errors="ignore"
        )
    ).encode(x)
    tips = [alt.Tooltip("period:N").title(HEADINGS["month"]), alt.Tooltip("told:N").title("Antal")]
    line = past.mark_line(color=theme.NEUTRAL, strokeWidth=1.5)
    dots = past.mark_point(
        filled=True, size=38 if roomy else 22, color=theme.NEUTRAL, opacity=1
    ).encode(tooltip=tips)
    thin = ahead.mark_rule(color=theme.NEUTRAL, strokeWidth=1.5).encode(
        alt.Y("low_90:Q"), alt.Y2("high_90:Q")
    )
    broad = ahead.mark_rule(color=theme.NEUTRAL_LIGHT, strokeWidth=9 if roomy else 6).encode(
        alt.Y("low_50:Q"), alt.Y2("high_50:Q")
    )
    middle = ahead.mark_point(
        shape="circle",
        filled=True,
        fill="white",
        stroke=theme.NEUTRAL,
        strokeWidth=2,
        size=50 if roomy else 26,
        opacity=1,
    ).encode(y, tooltip=tips)
    note = (
        "Fyldte prikker: indmeldt. Åbne: ventet (median) med 50\u00a0%-interval (bred streg) og "
        "90\u00a0%-interval (tynd streg)"
    )
    return alt.layer(line, dots, thin, broad, middle).properties(
        title=theme.title(title, note, width),
        width=width - 60,
        height=_HEIGHT if roomy else _HEIGHT_NARROW,
        description=f"{title}. {told}",
    )


def _told(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    told = [
        danish.number(row.value)
        if kind == _SEEN
        else f"{danish.number(row.value)} ({danish.interval(row.low_90, row.high_90)})"
        for row in rows.itertuples()
    ]
    return rows.assign(period=[danish.month(each) for each in rows["month"]], told=told)


def _months_told(seen: pd.DataFrame, expected: pd.DataFrame) -> str:
    ahead = (
        f"{danish.month(row.month)}: {danish.number(row.median)} "
        f"({danish.interval(row.low_90, row.high_90)})"
        for row in expected.itertuples()
    )
    left = ("måned mere", "måneder mere")
    told = f"Ventet (med 90\u00a0%-interval): {shortened(ahead, '; ', left)}."
    if seen.empty:
        return told
    counts = seen.set_index("month")["incidents"]
    over = extremes(counts, "i {} måneder", lambda month: f"i {danish.month(month)}")
    return f"Indmeldt siden {danish.month(counts.index.min())}: {over}. {told}"


def _vega(month: pd.Timestamp, off: float = 0.0) -> alt.DateTime:
    """Return a month, or so many months of 30 days from it, for an axis."""
    day = month + pd.Timedelta(days=30 * off)
    return alt.DateTime(year=day.year, month=day.month, date=day.day)


@theme.responsive
def hits(df: pd.DataFrame, title: str, *, width: float = theme.WIDTH) -> alt.Chart | alt.LayerChart:
    """Draw `period, median, low, high, observed, hit`: forecasts, and what then happened."""
    if df.empty:
        return theme.empty(title, width, "Ingen tidligere halvår at prøve på")
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
    base = alt.Chart(rows).encode(
        alt.X("low:Q")
        .scale(domain=[0, top], nice=False)
        .title(theme.COUNTS)
        .axis(alt.Axis(format=",d", tickCount=max(2, int(plot / 80)), grid=False)),
        theme.pixels(height),
        tooltip=[
            alt.Tooltip("period:N").title("Halvår"),
            alt.Tooltip("told:N").title("Skete, og 90 %-interval"),
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
        "Ruder og tal: det, der skete. Åbne prikker: prognosens median. Streger og parenteser: "
        "dens 90\u00a0%-interval"
    )
    held = (rows["hit"] == "ja").sum()
    halves = (
        f"{row.period}: {danish.number(row.observed)}, "
        f"{'interval' if row.hit == 'ja' else 'uden for intervallet'} "
        f"{danish.interval(row.low, row.high)}"
        for row in rows.itertuples()
    )
    listed = shortened(halves, "; ", ("halvår mere", "halvår mere"))
    return alt.layer(lines, middle, happened, labels, text).properties(
        title=theme.title(title, note, width),
        width=plot,
        height=height,
        description=(
            f"{title}. {danish.number(held)} af {danish.number(len(rows))} halvår lå inden for "
            f"intervallet. {listed}."
        ),
    )
