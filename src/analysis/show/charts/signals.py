"""Charts of weeks against their thresholds: the city's line, and a row for each district."""

from collections.abc import Callable
from textwrap import wrap

import altair as alt
import numpy as np
import pandas as pd

from analysis.core import danish
from analysis.show.charts import theme
from analysis.show.phrases import figures, incidents, shortened

_LINE_HEIGHT = 260
# Pixels: a row's heading and each line more of it, a character of that, its highest bar, room for a
# signal's mark and label, the space to the next.
_NAME, _LINE = 20, 14
_CHARACTER = 7.2
_TALLEST = 44
_MARK = 28
_BETWEEN = 10
# The space between two bars, a part of the week.
_GAP = 0.25
# Pixels beside the first and the last week, for half a label.
_ROOM = 22
# The least room, in pixels, for a month's name.
_MONTH = 34
# Signals closer than this, in pixels, share a label.
_APART = 56
_TIP = [
    alt.Tooltip("label:N", title="Uge"),
    alt.Tooltip("incidents:Q", format=",d", title=theme.COUNTS),
    alt.Tooltip("expected:Q", format=",.1f", title="Ventet"),
    alt.Tooltip("threshold:Q", format=",d", title="Grænse"),
]
_NONE = "Ingen hele uger i perioden"
# What is drawn for the counts, and for what they are held against.
_LINE_KEY = (
    "Linje med prikker: hændelser",
    "Tynd linje: ventet efter tidligere år. Stiplet linje: grænsen, lavere efter en høj uge",
)
_ROW_KEY = (
    "Søjler: hændelser pr. uge, alle rækker i samme enhed",
    "Vandret streg: ugens grænse",
)
# Else the sums are taken for the half-year's.
_WHOLE = (
    "Hele uger (mandag–søndag), der slutter i perioden; antallet kan derfor afvige fra halvårets"
)


@theme.responsive
def signal_line(
    df: pd.DataFrame, title: str, *, width: float = theme.WIDTH
) -> alt.Chart | alt.LayerChart:
    """Draw one place's `week, incidents, expected, threshold, signal` as lines over the weeks."""
    if df.empty:
        return theme.sentence(title, _NONE, width)
    weeks = _labelled(df)
    height = _LINE_HEIGHT if theme.is_roomy(width) else round(_LINE_HEIGHT * 0.8)
    most = float(weeks[["incidents", "threshold"]].max().max())
    base = alt.Chart(weeks).encode(
        alt.X(
            "week:T",
            scale=alt.Scale(padding=_ROOM),
            axis=alt.Axis(**_months(weeks, width)),
            title=None,
        ),
        tooltip=_TIP,
    )

    def line(field: str, **look: object) -> alt.Chart:
        # Room above the highest for the label of a signal.
        y = alt.Y(f"{field}:Q", title="Hændelser pr. uge")
        y = y.scale(domain=[0, max(most, theme.LEAST_TOP) * 1.1], nice=False)
        return base.mark_line(**look).encode(y.axis(alt.Axis(format=",d", tickCount=5)))

    limits = line("threshold", color=theme.MUTED, strokeDash=[5, 4], strokeWidth=1.5)
    expected = line("expected", color=theme.MUTED, strokeWidth=1.2)
    counts = line(
        "incidents",
        color=theme.NEUTRAL,
        strokeWidth=2,
        point=alt.OverlayMarkDef(filled=True, fill=theme.NEUTRAL, size=28),
    )
    marks = base.transform_filter("datum.signal").encode(alt.Y("incidents:Q"))
    labels = alt.Chart(_labels(weeks, "incidents", max, width)).encode(
        alt.X("week:T"), alt.Y("incidents:Q")
    )
    layers = [limits, expected, counts, *_signals(weeks, marks, labels)]
    return alt.layer(
        *layers,
        usermeta={"name": title},
        title=theme.led(_lead(weeks), title, _key(weeks, *_LINE_KEY), width),
        width=width,
        height=height,
        autosize=theme.FIT,
        description=f"{title}. {_line_told(weeks)}",
    )


@theme.responsive
def signal_rows(
    df: pd.DataFrame, title: str, *, width: float = theme.WIDTH
) -> alt.Chart | alt.LayerChart:
    """Draw `name, week, incidents, threshold, signal`: a row of weeks for each, in one unit."""
    if df.empty:
        return theme.sentence(title, _NONE, width)
    weeks = _labelled(df)
    bars, rows, height = _placed(weeks, width)
    y = theme.pixels(height)
    base = alt.Chart(bars).encode(
        alt.X("first:T", axis=alt.Axis(**_months(weeks, width)), title=None),
        tooltip=[alt.Tooltip("name:N", title="Bydel"), *_TIP],
    )
    columns = base.mark_rect().encode(
        alt.X2("last:T"),
        y,
        alt.Y2("top:Q"),
        color=theme.either(alt.ColorValue, "datum.signal", theme.INK, theme.NEUTRAL),
    )
    limits = (
        base.transform_filter("isValid(datum.limit)")
        .mark_rule(color=theme.INK, strokeWidth=1)
        .encode(alt.X2("last:T"), theme.pixels(height, "limit"))
    )
    mark = theme.pixels(height, "mark")
    marks = base.transform_filter("datum.signal").encode(alt.X("middle:T"), mark)
    labels = alt.Chart(
        pd.concat(
            _labels(own.assign(week=own["middle"]), "mark", min, width)
            for _, own in bars.groupby("name", sort=False)
        )
    ).encode(alt.X("week:T"), mark)
    grounds = alt.Chart(rows).encode(alt.XValue(0))
    lines = grounds.mark_rule(color=theme.MUTED).encode(alt.X2Value("width"), y)
    names = grounds.mark_text(
        align="left", baseline="top", fontWeight="bold", lineBreak="\n", lineHeight=_LINE
    ).encode(theme.pixels(height, "upper"), alt.Text("told:N"))
    layers = [columns, lines, limits, names, *_signals(weeks, marks, labels)]
    return alt.layer(
        *layers,
        usermeta={"name": title},
        title=theme.led(_lead(weeks), title, _key(weeks, *_ROW_KEY), width),
        width=width,
        height=height,
        autosize=theme.FIT,
        description=f"{title}. {_rows_told(weeks)}",
    )


def _labelled(df: pd.DataFrame) -> pd.DataFrame:
    """Return the weeks with what they are called: "uge 52, 22. december 2025"."""
    return df.assign(
        label=[f"uge {day.isocalendar().week}, fra den {danish.day(day)}" for day in df["week"]],
        number=[str(day.isocalendar().week) for day in df["week"]],
        threshold=df["threshold"].astype("float64"),
    )


def _placed(weeks: pd.DataFrame, width: float) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Return bars and rows with their pixels from the upper edge, and the height of all."""
    highest = max(weeks[["incidents", "threshold"]].max().max(), theme.LEAST_TOP)
    unit = _TALLEST / highest
    placed, rows, y = [], [], 0.0
    for name, own in weeks.groupby("name", sort=False):
        marked = own["incidents"][own["signal"]].max() * unit + _MARK
        tallest = np.nanmax([*(own[["incidents", "threshold"]].max() * unit), marked])
        lines = wrap(_heading(name, own), int(width / _CHARACTER))
        ground = round(y + _NAME + _LINE * (len(lines) - 1) + tallest, 1)
        rows.append({"told": "\n".join(lines), "upper": y, "y": ground})
        placed.append(
            own.assign(
                first=own["week"],
                middle=own["week"] + pd.Timedelta(days=3.5 - 7 * _GAP / 2),
                last=own["week"] + pd.Timedelta(days=7 * (1 - _GAP)),
                y=ground,
                top=(ground - own["incidents"] * unit).round(1),
                limit=(ground - own["threshold"] * unit).round(1),
                mark=(ground - own["incidents"] * unit - 8).round(1),
            )
        )
        y = ground + _BETWEEN
    columns = [
        *("name", "label", "number", "incidents", "expected", "threshold", "signal"),
        *("first", "middle", "last", "y", "top", "limit", "mark"),
    ]
    return pd.concat(placed)[columns], pd.DataFrame(rows), y - _BETWEEN + 1


def _heading(name: str, own: pd.DataFrame) -> str:
    """Return "Nørrebro: 201 hændelser, højst 15 på en uge, 1 signal": the row has no axis."""
    told = [incidents(int(own["incidents"].sum()))]
    if own["incidents"].any():
        told.append(f"højst {danish.number(own['incidents'].max())} på en uge")
    if own["signal"].any():
        told.append(danish.counted(int(own["signal"].sum()), "signal", "signaler"))
    # Lines are broken between the parts alone.
    return f"{name}: {', '.join(map(danish.unbroken, told))}"


def _labels(weeks: pd.DataFrame, field: str, highest: Callable, width: float) -> pd.DataFrame:
    """Return `week, <field>, text` for a place's signals, those close to one another as one.

    `highest` finds the uppermost of values of the field.
    """
    found = weeks[weeks["signal"]]
    a_week = width / max(weeks["week"].nunique(), 1)
    # The first of each group is far from the one before.
    steps = found["week"].diff().dt.days / 7 * a_week
    groups = found.groupby((steps > _APART).cumsum())
    rows = [
        (
            own["week"].iloc[0] + (own["week"].iloc[-1] - own["week"].iloc[0]) / 2,
            highest(own[field]),
            "uge " + danish.listing(list(own["number"])),
        )
        for _, own in groups
    ]
    made = pd.DataFrame(rows, columns=["week", field, "text"])
    return made.astype({"week": "datetime64[us]", field: "float64", "text": "str"})


def _signals(weeks: pd.DataFrame, marks: alt.Chart, labels: alt.Chart) -> list[alt.Chart]:
    """Return the layers of the signals: none where there is none, since Vega warns of no data."""
    if not weeks["signal"].any():
        return []
    return [
        marks.mark_point(shape="triangle-up", size=110, filled=True, color=theme.INK, opacity=1),
        labels.mark_text(dy=-13, fontWeight="bold", color=theme.INK).encode(alt.Text("text:N")),
    ]


def _months(weeks: pd.DataFrame, width: float) -> dict:
    """Return the axis of weeks: a tick at each month's first day, its year where that begins."""
    first, last = weeks["week"].min(), weeks["week"].max() + pd.Timedelta(days=7)
    months = pd.date_range(first, last, freq="MS")
    is_wide = width / max(len(months), 1) > _MONTH
    name = theme.MONTH_LABEL if is_wide else "timeFormat(datum.value, '%-m')"
    return {
        "values": [alt.DateTime(year=day.year, month=day.month, date=1) for day in months],
        "labelExpr": (
            f"[{name}, month(datum.value) == 0 || datum.index == 0"
            " ? timeFormat(datum.value, '%Y') : '']"
        ),
        "labelAlign": "left",
        "grid": True,
        "domain": False,
    }


def _key(weeks: pd.DataFrame, marks: str, limits: str) -> str:
    """Return what the marks mean, which signals there are, and which weeks are shown."""
    if weeks["threshold"].isna().all():
        return f"{marks}. Ingen grænse: for få tilsvarende uger i tidligere år. {_WHOLE}"
    signals = "Trekant: signal" if weeks["signal"].any() else "Ingen signaler"
    return f"{marks}. {limits}. {signals}. {_WHOLE}"


def _line_told(weeks: pd.DataFrame) -> str:
    first, last = weeks["week"].min(), weeks["week"].max() + pd.Timedelta(days=6)
    total = incidents(int(weeks["incidents"].sum()))
    span = f"{total} fra {danish.day(first)} til {danish.day(last)}"
    known = weeks[weeks["threshold"].notna()]
    if known.empty:
        return f"{span}. Ingen uge har en grænse."
    return (
        f"{span}. Pr. uge er der ventet mellem {_range(known['expected'])}, og grænsen ligger "
        f"mellem {_range(known['threshold'])}. {_signals_told(weeks)}."
    )


def _range(values: pd.Series) -> str:
    return f"{danish.number(values.min())} og {danish.number(values.max())}"


def _rows_told(weeks: pd.DataFrame) -> str:
    counts = figures(weeks.groupby("name", sort=False)["incidents"].sum())
    if weeks["threshold"].isna().all():
        return f"{counts}. Ingen uge har en grænse."
    return f"{counts}. {_signals_told(weeks, named=True)}."


def _lead(weeks: pd.DataFrame) -> str:
    """Return how many weeks are above the bound."""
    found = int(weeks["signal"].sum())
    if not found:
        return _signals_told(weeks)
    return f"{danish.counted(found, 'uge ligger', 'uger ligger')} over grænsen"


def _signals_told(weeks: pd.DataFrame, *, named: bool = False) -> str:
    found = weeks[weeks["signal"]]
    if weeks["threshold"].isna().all():
        return "Ingen uge har en grænse"
    if found.empty:
        return "Ingen uge ligger over grænsen"
    told = [
        f"{f'{one.name} ' if named else ''}{one.label} ({incidents(one.incidents)}, grænse "
        f"{danish.number(one.threshold)})"
        for one in found.itertuples(index=False)
    ]
    return f"Over grænsen: {shortened(told, '; ')}"
