"""Charts of uncertainty: figures with their intervals, and locations against their limits."""

from math import inf, isfinite, isinf
from textwrap import wrap
from typing import NamedTuple

import altair as alt
import pandas as pd

from analysis.core import danish
from analysis.core.headings import HEADINGS
from analysis.show.charts import theme
from analysis.show.phrases import named, shortened

# What is said of a clear change, up and down, and where none is clear.
CHANGED = ("Klart steget", "Klart faldet", "Ingen klar ændring")
# So many that are highest are not all named.
_MANY = 4
NOT_COMPUTED = "kan ikke beregnes"
_DOT, _BELOW, _ABOVE = "circle", "triangle-left", "triangle-right"
# Pixels: a character, a line of a name, a row beside and below its name, what text keeps clear.
_CHARACTER = 6.5
_LINE = 15
_STEP = 28
_STEP_BELOW = 26
_CLEAR = 12
_NAME_CHARACTERS = 40
_NAME_CHARACTERS_NARROW = 42
# The funnel's height, its axis with title, and a line of its key.
_FUNNEL_HEIGHT = 330
_AXIS = 50
_KEY_LINE = 18
# Ratios further from 1 than this tell no more, and would press the others together.
_FURTHEST = 20
_LOG_TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


class _Scale(NamedTuple):
    """The axis: its ends, what it is, and the decimals that values and bounds are written with.

    A bound beside the reference has so many more that it does not read as it.
    """

    low: float
    high: float
    log: bool
    percent: bool
    decimals: int
    bound_decimals: int
    reference: float | None = None

    def value(self, value: float) -> str:
        return self._number(value, self.decimals) + self._unit

    def with_interval(self, value: float, low: float, high: float) -> str:
        """Return "0,78 (0,56–1,09)", "67 % (54–78 %)" or "−12 (−30 til 6)"."""
        if self.log:
            return f"{self.value(value)} ({danish.ratio_interval(low, high)})"
        times = 100 if self.percent else 1
        decimals = self.bound_decimals
        if self.reference is not None:
            limit = self.reference * times
            decimals = max(
                danish.decimals_apart(end * times, limit, decimals) for end in (low, high)
            )
        ends = danish.interval(low * times, high * times, decimals)
        return f"{self.value(value)} ({ends}{self._unit})"

    @property
    def least(self) -> float:
        """The lowest that can be."""
        return 0.0 if self.log or self.percent else -inf

    @property
    def most(self) -> float:
        """The highest that can be."""
        return 1.0 if self.percent else inf

    @property
    def _unit(self) -> str:
        return " %" if self.percent else ""

    def _number(self, value: float, decimals: int) -> str:
        if isinf(value):
            return danish.UNKNOWN
        return danish.number(value * (100 if self.percent else 1), decimals)


class _Row(NamedTuple):
    """A row: name, number in words, and what of it lies on the axis; `side` of the reference.

    `point` is at the end of the axis where the number lies beyond it, and `shape` points there.
    """

    name: str
    told: str
    value: float | None = None
    point: float | None = None
    shape: str = _DOT
    left: float | None = None
    right: float | None = None
    open_left: bool = False
    open_right: bool = False
    side: int = 0
    unjudged: bool = False


@theme.responsive
def intervals(
    df: pd.DataFrame,
    title: str,
    *,
    axis: str,
    reference: float | None = None,
    log: bool = False,
    percent: bool = False,
    subtitle: str = "",
    clear: tuple[str, str, str] = CHANGED,
    lead: str = "",
    width: float = theme.WIDTH,
) -> alt.Chart | alt.LayerChart:
    """Draw `name, value, low, high`: a point and its interval on each row, in the order given.

    A bound that is infinite or missing is an open end; where both are missing the point stands
    alone, and a row without a value says so; a value beyond the axis is a triangle at its end. A
    text in the optional column `mark`, such as "*", follows the number, and a row whose `unjudged`
    is true has no point. `percent` is for shares, 0 to 1. With a `reference`, points whose interval
    lies wholly on one side of it are filled, the others hollow, and the subtitle says so; without,
    those are hollow whose optional column `hollow` is true. A value whose optional `at_least` is
    true may be anything above, and is an open triangle. `clear` says in the title what lies on
    either side of the reference, and that nothing does. Without one the title is `lead`, or says
    which is highest.
    """
    if df.empty or (len(df) == 1 and df["value"].isna().all()):
        return theme.sentence(title, *df["name"], width=width)
    roomy = theme.is_roomy(width)
    scale = _scale(df, reference, log, percent)
    found = _rows(named(df), scale, reference)
    if len(found) == 1 and reference is None:
        return theme.sentence(title, f"{found[0].name}: {found[0].told}", width)
    rows, height = _placed(pd.DataFrame(found), roomy)
    solid = "true"
    if "at_least" in df:
        df = df.assign(hollow=df["at_least"].eq(True))
    if "hollow" in df:
        rows, solid = rows.assign(hollow=df["hollow"].to_numpy()), "!datum.hollow"
    longest = max(len(line) for label in rows["label"] for line in label.split("\n"))
    names = longest * _CHARACTER + _CLEAR if roomy else 0
    plot = round(width - names - rows["told"].map(len).max() * _CHARACTER - _CLEAR)
    base = alt.Chart().encode(
        alt.X(
            "left:Q",
            title=wrap(axis, int(plot / _CHARACTER)),
            scale=alt.Scale(
                type="log" if log else "linear", domain=[scale.low, scale.high], nice=False
            ),
            axis=_axis(scale, plot),
        ),
        theme.pixels(height),
        tooltip=[alt.Tooltip("name:N", title="Navn"), alt.Tooltip("told:N", title=axis)],
    )
    lines = base.mark_rule(color=theme.NEUTRAL, strokeWidth=2).encode(alt.X2("right:Q"))
    arrow = {"filled": True, "size": 70, "color": theme.NEUTRAL, "opacity": 1}
    open_left = base.transform_filter("datum.open_left").mark_point(shape="triangle-left", **arrow)
    open_right = (
        base.transform_filter("datum.open_right")
        .mark_point(shape="triangle-right", **arrow)
        .encode(alt.X("right:Q"))
    )
    filled = "datum.side !== 0" if reference is not None else solid
    points = base.mark_point(size=75, stroke=theme.NEUTRAL, strokeWidth=2, opacity=1).encode(
        alt.X("point:Q"),
        alt.Shape("shape:N", scale=None),
        fill=theme.either(alt.FillValue, filled, theme.NEUTRAL, "white"),
    )
    text = base.mark_text(align="left", dx=_CLEAR).encode(alt.XValue("width"), alt.Text("told:N"))
    labels = base.mark_text(
        align="right" if roomy else "left",
        dx=-_CLEAR if roomy else 0,
        lineBreak="\n",
        lineHeight=_LINE,
        baseline="top",
    ).encode(alt.XValue(0), theme.pixels(height, "top"), alt.Text("label:N"))
    layers = [lines, open_left, open_right, points, text, labels]
    if reference is not None:
        # Line by line, so that it does not cross a name that stands above its interval.
        line = alt.Chart().mark_rule(color=theme.MUTED, strokeDash=[4, 3])
        layers.insert(
            0,
            line.encode(alt.XDatum(reference), theme.pixels(height, "upper"), alt.Y2("lower:Q")),
        )
        subtitle = f"{subtitle}. ".lstrip(". ") + (
            f"Stiplet linje: {_plain(reference, scale)}. "
            "Fyldt prik: hele stregen ligger på den ene side"
        )
    if any(row.point is not None and row.point != row.value for row in found):
        subtitle = f"{subtitle}. Trekant som prik: tallet ligger uden for aksen".lstrip(". ")
    said, told = _message(found, reference, clear)
    lead = lead or said
    return alt.layer(
        *layers,
        data=rows,
        usermeta={"name": title},
        title=theme.led(lead, title, subtitle, width),
        width=plot,
        height=height,
        description=f"{lead}. {told}",
    )


def _scale(df: pd.DataFrame, reference: float | None, log: bool, percent: bool) -> _Scale:
    """Return the axis: every bound and value, the reference, and 0 where it is not a log axis."""
    computed = df[df["value"].notna()]
    values = [float(each) for each in computed["value"] if isfinite(each)]
    bounds = [float(each) for side in ("low", "high") for each in computed[side]]
    bounds = [each for each in bounds if isfinite(each)]
    seen = [*values, *bounds]
    if percent:
        return _Scale(0, 1, log, percent, 0, 0, reference)
    if log:
        middle = reference or 1.0
        seen = [each for each in seen if each > 0]
        low = max(min([*seen, middle / 2]), middle / _FURTHEST) / 1.1
        high = min(max([*seen, middle * 2]), middle * _FURTHEST) * 1.1
        return _Scale(low, high, log, percent, 2, 2, reference)
    low, high = (end([*seen, reference or 0.0, 0.0]) for end in (min, max))
    span = high - low or 1.0
    decimals = 0 if span >= 20 else 1 if span >= 2 else 2
    room = span * 0.03
    return _Scale(
        low - room if low < 0 else 0.0,
        high + room,
        log,
        percent,
        0 if _are_whole(values) else decimals,
        0 if _are_whole(bounds) else decimals,
        reference,
    )


def _are_whole(numbers: list[float]) -> bool:
    return all(each == int(each) for each in numbers)


def _rows(df: pd.DataFrame, scale: _Scale, reference: float | None) -> list[_Row]:
    marks = df["mark"].fillna("") if "mark" in df else [""] * len(df)
    # Where a row that says that there is nothing was put in, the column is missing in it.
    refused = df["unjudged"].eq(True) if "unjudged" in df else [False] * len(df)
    rows = []
    least = df["at_least"].eq(True) if "at_least" in df else [False] * len(df)
    for name, value, low, high, mark, unjudged, at_least in zip(
        df["name"], df["value"], df["low"], df["high"], marks, refused, least, strict=True
    ):
        if pd.isna(value):
            rows.append(_Row(name, NOT_COMPUTED + mark))
            continue
        value = float(value)
        point = None if unjudged else min(max(value, scale.low), scale.high)
        is_above = at_least or value > scale.high
        shape = _BELOW if value < scale.low else _ABOVE if is_above else _DOT
        over = "over " * at_least
        if pd.isna(low) and pd.isna(high):
            rows.append(_Row(name, over + scale.value(value) + mark, value, point, shape))
            continue
        missing_low, missing_high = pd.isna(low), pd.isna(high)
        low = scale.least if missing_low else float(low)
        high = scale.most if missing_high else float(high)
        is_told = reference is not None and not unjudged
        side = int(low > reference) - int(high < reference) if is_told else 0
        rows.append(
            _Row(
                name,
                over + scale.with_interval(value, low, high) + mark,
                value,
                point,
                shape,
                min(max(low, scale.low), scale.high),
                max(min(high, scale.high), scale.low),
                missing_low or low < scale.low,
                missing_high or high > scale.high,
                side,
                bool(unjudged),
            )
        )
    return rows


def _placed(rows: pd.DataFrame, roomy: bool) -> tuple[pd.DataFrame, float]:
    """Return rows with their name in lines, and the figure's height; pixels from its upper edge.

    `y` is the interval's place, `top` the name's upper edge (beside it or, narrow, above), `upper`
    and `lower` what a line of reference takes of the row.
    """
    characters = _NAME_CHARACTERS if roomy else _NAME_CHARACTERS_NARROW
    lines = [wrap(name, characters) or [""] for name in rows["name"]]
    tall = pd.Series([_LINE * len(each) for each in lines], index=rows.index)
    if roomy:
        step = (tall + 8).clip(lower=_STEP)
        upper, lower = step.cumsum() - step, step.cumsum()
        middle = (upper + lower) / 2
        places = {"y": middle, "top": middle - tall / 2 + 3, "upper": upper, "lower": lower}
    else:
        step = tall + _STEP_BELOW
        lower = step.cumsum()
        top = lower - step
        places = {
            "y": lower - _STEP_BELOW + 10,
            "top": top,
            "upper": top + tall,
            "lower": lower - 2,
        }
    labels = ["\n".join(each) for each in lines]
    return rows.assign(label=labels, **places), float(step.sum())


def _axis(scale: _Scale, plot: float) -> alt.Axis:
    if scale.log:
        ticks = [tick for tick in _LOG_TICKS if scale.low <= tick <= scale.high]
        return alt.Axis(values=ticks, format="~r", grid=False)
    count = max(2, int(plot / 80))
    if scale.percent:
        expression = "format(datum.value * 100, 'd') + ' %'"
        return alt.Axis(tickCount=count, labelExpr=expression, grid=False)
    return alt.Axis(tickCount=count, format=",~r", grid=False)


def _plain(value: float, scale: _Scale) -> str:
    """Return a reference as briefly as it can be written: "1", "0,5", "50 %"."""
    shown = value * 100 if scale.percent else value
    decimals = next(n for n in range(4) if n == 3 or round(shown, n) == shown)
    return danish.number(shown, min(decimals, 2)) + (" %" if scale.percent else "")


def _message(
    rows: list[_Row], reference: float | None, clear: tuple[str, str, str]
) -> tuple[str, str]:
    """Return what lies clearly on a side of the reference, or is highest, and all figures."""
    known = [row for row in rows if row.value is not None]
    figures = shortened((f"{row.name} {row.told}" for row in rows), "; ") + "."
    if not known:
        return "Intet tal kan beregnes", figures
    if reference is None:
        most = max(row.value for row in known)
        highest = [row for row in known if row.value == most]
        names, number = [row.name for row in highest], highest[0].told.split(" (")[0]
        first = danish.listing(names) if len(names) < _MANY else shortened(names)
        return f"Højest: {first}, {number}", figures
    sides = [
        # A name may hold a comma.
        f"{words}: {shortened(found, '; ')}"
        for words, side in zip(clear, (1, -1), strict=False)
        if (found := [row.name for row in known if row.side == side])
    ]
    if refused := [row.name for row in known if row.unjudged]:
        figures = f"Kan ikke bedømmes: {shortened(refused)}. {figures}"
    none = "Kan ikke bedømmes" if len(refused) == len(known) else clear[-1]
    return ". ".join(sides) or none, figures


@theme.responsive
def funnel(
    df: pd.DataFrame, limits: pd.DataFrame, title: str, *, width: float = theme.WIDTH
) -> alt.Chart | alt.LayerChart:
    """Draw `name, incidents, expected, ratio, verdict` against `limits`, names in a key.

    `ratio` is the incidents to those expected; `verdict` is empty within the limits. Those outside
    are filled and numbered, as are those whose `chosen` is true. `limits` holds `expected` and, as
    ratios, `inner_low, inner_high, outer_low, outer_high`.
    """
    if df.empty:
        return theme.sentence(title, width=width)
    roomy = theme.is_roomy(width)
    rows = _numbered(named(df))
    key = rows[rows["number"] != ""].sort_values("place")
    height = _FUNNEL_HEIGHT if roomy else round(_FUNNEL_HEIGHT * 0.8)
    told = [f"{row.number} {row.name}: {danish.number(row.ratio, 1)}" for row in key.itertuples()]
    beside = max(map(len, told), default=0) * _CHARACTER + 2 * _CLEAR if roomy else 0
    plot = width - _AXIS - beside
    top = max(rows["ratio"].max(), 2.0) * 1.1
    x = alt.X(
        "expected:Q",
        scale=alt.Scale(
            domain=[float(limits["expected"].min()), float(limits["expected"].max())], nice=False
        ),
        title="Forventet antal hændelser",
        axis=alt.Axis(format=",d", tickCount=5, grid=False),
    )
    y = alt.Y(
        "ratio:Q",
        scale=alt.Scale(domain=[0, top], nice=False),
        title="Hændelser i forhold til forventet",
        axis=alt.Axis(format=",~r", tickCount=5),
    )
    lines = pd.concat(
        [
            limits[["expected", column]].set_axis(["expected", "ratio"], axis=1).assign(line=column)
            for column in limits.columns[1:]
        ]
    )
    lines = lines[lines["ratio"] <= top]
    bounds = (
        alt.Chart(lines)
        .mark_line(color=theme.MUTED, strokeWidth=1.2)
        .encode(
            x,
            y,
            alt.Detail("line:N"),
            strokeDash=theme.either(
                alt.StrokeDashValue,
                "datum.line === 'inner_low' || datum.line === 'inner_high'",
                [5, 3],
                [1, 0],
            ),
        )
    )
    one = alt.Chart(alt.InlineData([{}])).mark_rule(color=theme.INK).encode(alt.YDatum(1))
    base = alt.Chart(rows).encode(
        x,
        y,
        tooltip=[
            alt.Tooltip("name:N", title=HEADINGS["location"]),
            alt.Tooltip("incidents:Q", format=",d", title=theme.COUNTS),
            alt.Tooltip("expected:Q", format=",.1f", title="Forventet"),
            alt.Tooltip("ratio:Q", format=",.2f", title="Forhold"),
        ],
    )
    points = base.mark_point(size=45, opacity=1, stroke=theme.NEUTRAL).encode(
        fill=theme.either(alt.FillValue, "datum.outside", theme.NEUTRAL, "white")
    )
    numbers = (
        base.transform_filter("datum.number !== ''")
        .mark_text(align="left", dx=6, dy=-5, fontWeight="bold", fontSize=11)
        .encode(alt.Text("number:N"))
    )
    first = 10 if roomy else height + 62
    written = pd.DataFrame({"told": told, "y": [first + _KEY_LINE * n for n in range(len(told))]})
    listed = (
        alt.Chart(written)
        .mark_text(align="left", baseline="middle")
        .encode(
            alt.XValue(plot + 2 * _CLEAR if roomy else _CLEAR - _AXIS),
            alt.Y("y:Q", scale=None, axis=None),
            alt.Text("told:N"),
        )
    )
    note = (
        "Så langt fra er højst 1 af 20 almindelige steder (stiplet linje) og 1 af 500 (fuld). "
        "Fyldt prik: uden for grænserne"
    )
    lead, told = _outside(rows)
    return alt.layer(
        alt.layer(bounds, one, points, numbers),
        listed,
        resolve=alt.Resolve(scale={"y": "independent"}),
        usermeta={"name": title},
        title=theme.led(lead, title, note, width),
        width=round(plot),
        height=height,
        description=f"{lead}. {told}".strip(),
    )


def _numbered(df: pd.DataFrame) -> pd.DataFrame:
    """Return rows with a number for those outside the limits or chosen, the highest ratio first."""
    chosen = df.get("chosen", False)
    outside = df["verdict"] != ""
    place = df["ratio"].where(outside | chosen).rank(method="first", ascending=False)
    number = ["" if pd.isna(each) else f"{each:.0f}" for each in place]
    return df.assign(outside=outside, place=place, number=number)


def _outside(rows: pd.DataFrame) -> tuple[str, str]:
    """Return how many lie outside, and which."""
    outside = rows[rows["outside"]].sort_values("ratio", ascending=False)
    lead = (
        f"{len(outside)} af {len(rows)} lokationer ligger uden for grænserne"
        if len(outside)
        else f"Ingen af {len(rows)} lokationer ligger uden for grænserne"
    )
    told = (
        f"{row.name} {danish.number(row.ratio, 1)} gange det forventede ({row.verdict})"
        for row in rows[rows["number"] != ""].sort_values("place").itertuples()
    )
    listed = shortened(told, "; ")
    return lead, f"{listed}." if listed else ""
