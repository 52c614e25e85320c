"""Charts of counts: bars, scores, help called and the matrix."""

import json

import altair as alt
import pandas as pd

from analysis.core import danish
from analysis.core.headings import HEADINGS, TOTAL, heading
from analysis.show import shading
from analysis.show.charts import theme
from analysis.show.phrases import (
    as_view,
    figures,
    incidents,
    leading,
    message,
    named,
    percent,
    sharing,
    shortened,
)

# Top labels grow downwards, so one line is pushed to the second.
_TWO_LINES = "indexof(datum.label, ' ') < 0 ? ['', datum.label] : split(datum.label, ' ')"
_SEVERAL = {"district": "bydele", "location": "lokationer"}
# On a narrow screen a name stands above its bar: the height of both, and of the bar.
_STEP_BELOW = 40
_BAR_BELOW = 17
# Pixels that a number of four figures takes.
_NUMBER = 34
# More rows than this fill screens; the table beside the chart holds them all.
_MOST_ROWS = 20


@theme.responsive
def bars(
    df: pd.DataFrame,
    dimension: str,
    title: str | None = None,
    *,
    before: tuple[str, pd.DataFrame] | None = None,
    chosen: str | None = None,
    late: pd.Series | None = None,
    width: float = theme.WIDTH,
) -> alt.Chart | alt.LayerChart:
    """Draw `name, incidents`: a bar for each name in the order given, its number at the end.

    A table of one's own may call its names as the `dimension` and its numbers otherwise. `before`
    is another period's name and its `name, incidents`, a thin line on each bar. The bars beside a
    `chosen` one are pale. `late` is what is still to be reported of names, dotted after their bars.
    Without a `title` the chart says what has most.
    """
    view, what = as_view(df, dimension)
    if before:
        earlier = as_view(before[1], dimension)[0][["name", "incidents"]]
        earlier = earlier.rename(columns={"incidents": "before"})
        gone = earlier[~earlier["name"].isin(view["name"])]
        view = pd.concat([view.merge(earlier, "left", "name"), gone])
        view = view.fillna({"incidents": 0, "before": 0})
        view = view.sort_values("name", key=pd.isna, kind="stable", ignore_index=True)
    if dimension == "weekday" and view["name"].isin(danish.WEEKDAYS).all():
        # A day without any is a day too.
        view = view.set_index("name").reindex(danish.WEEKDAYS, fill_value=0).reset_index()
    counted = theme.COUNTS if what == "incidents" else heading(what)
    drawn = f"{counted} ud fra {heading(dimension).lower()}"
    if not view["incidents"].any():
        return theme.sentence(title or drawn, width=width)
    frame = named(view)
    names = list(frame["name"])
    counts = frame.set_index("name")["incidents"]
    whole = (counts % 1 == 0).all()
    lead = message(counts, dimension) if what == "incidents" else ""
    if lead and len(names) == 1 and not before:
        return theme.sentence(title or drawn, lead, width)
    on_top = frame["name"].map({} if late is None else late.round(1)).fillna(0.0)
    if is_late := bool((on_top > 0).any()):
        frame = frame.assign(late=on_top, whole=frame["incidents"] + on_top)
    ends = ("incidents", "before", "whole")
    most = max(frame[column].max() for column in ends if column in frame)
    base = alt.Chart(frame).encode(
        alt.X("incidents:Q", **theme.counts(most), title=counted),
        tooltip=[
            alt.Tooltip("name:N", title=heading(dimension)),
            alt.Tooltip("incidents:Q", format=",d" if whole else ",.1f", title=counted),
            *([alt.Tooltip("before:Q", format=",d", title=before[0])] if before else []),
        ],
    )
    above = title or lead or drawn
    dotted = theme.STILL_TO_COME * is_late
    below = theme.below("" if title or above == drawn else drawn, dotted, before=before)
    told = f"I alt {incidents(counts.sum())}: " * (what == "incidents" and len(names) > 1)
    told += f"{figures(counts, 0 if whole else 1)}."
    if title and lead:
        told = f"{danish.capital(lead)}. {told}"
    if before:
        told += f" {danish.capital(before[0])}: {figures(frame.set_index('name')['before'])}."
    if is_late:
        told += theme.late_told(frame["late"].sum())
    return _rows(
        base,
        "incidents",
        names,
        theme.is_roomy(width),
        step=26,
        colour=theme.emphasis(f"datum.name === {json.dumps(chosen)}")
        if chosen
        else theme.colour(dimension, names),
        whole=whole,
        before="before" if before else "",
        late="whole" if is_late else "",
        room=_NUMBER * most / width,
        usermeta={"name": title or drawn},
        title=theme.title(above, below, width),
        width=width,
        autosize=theme.FIT,
        description=f"{above}. {told}",
    )


@theme.responsive
def steps(
    df: pd.DataFrame, title: str, *, chosen: str | None = None, width: float = theme.WIDTH
) -> alt.Chart | alt.LayerChart:
    """Draw `name, at_least, below, told`: a bar to the step, pale to the next, the step in words.

    Null is left out of the bars, not of the names. The bars beside a `chosen` one are pale.
    """
    if df.empty:
        return theme.sentence(title, width=width)
    # Room for the words at the end of the longest bar, two numbers, beside the names.
    most = df["below"].max() * (1 + 3 * _NUMBER / width) if df["below"].notna().any() else 0
    told = "; ".join(f"{row.name} {row.told}" for row in df.itertuples(index=False))
    return _rows(
        alt.Chart(df).encode(
            alt.X("at_least:Q", **theme.counts(most), title=theme.COUNTS),
            tooltip=[
                alt.Tooltip("name:N", title=HEADINGS["name"]),
                alt.Tooltip("told:N", title=theme.COUNTS),
            ],
        ),
        "at_least",
        list(df["name"]),
        theme.is_roomy(width),
        step=26,
        colour=theme.emphasis(f"datum.name === {json.dumps(chosen)}") if chosen else None,
        beyond="below",
        title=theme.title(title, "Antallet ligger et sted i den lyse del", width),
        width=width,
        autosize=theme.FIT,
        description=f"{title}. {told}.",
    )


@theme.responsive
def score_by(
    df: pd.DataFrame,
    dimension: str,
    *,
    before: tuple[str, pd.DataFrame] | None = None,
    width: float = theme.WIDTH,
) -> alt.Chart | alt.HConcatChart:
    """Draw `name, relative_score, incidents`: score and count side by side, in the order given.

    The first 20 alone, where there are more. `before` is another period's name and its view, thin
    lines on the bars.
    """
    title = f"Relativ score og antal hændelser ud fra {heading(dimension).lower()}"
    if not df["incidents"].any():
        return theme.sentence(title, width=width)
    frame = named(df)
    lead, told = _scored(frame, _SEVERAL[dimension])
    if len(frame) == 1:
        return theme.sentence(title, lead, width)
    below = theme.below(title, _cut(frame), before=before)
    frame = frame.head(_MOST_ROWS)
    fields = ["relative_score", "incidents"]
    if before:
        earlier = named(before[1]).set_index("name")[fields].add_suffix("_before")
        frame = frame.join(earlier, "name").fillna(dict.fromkeys(earlier, 0))
    names = list(frame["name"])
    beside = _label_room(names) if theme.is_roomy(width) else 0
    # Between the panels and after them is room for the numbers at the ends of the bars.
    panel = (width - beside - 70) / 2
    base = alt.Chart(frame).encode(
        tooltip=[
            alt.Tooltip("name:N", title=heading(dimension)),
            alt.Tooltip("relative_score:Q", format=",d", title=HEADINGS["relative_score"]),
            alt.Tooltip("incidents:Q", format=",d", title=theme.COUNTS),
        ],
    )
    panels = [
        _rows(
            base.encode(
                alt.X(
                    f"{field}:Q",
                    **theme.counts(
                        frame.filter(regex=f"^{field}").max(axis=None),
                        4 if theme.is_roomy(width) else 2,
                    ),
                    title=HEADINGS[field] if field != "incidents" else theme.COUNTS,
                )
            ),
            field,
            names,
            theme.is_roomy(width),
            step=22,
            named=first,
            before=f"{field}_before" if before else "",
            room=_NUMBER * frame.filter(regex=f"^{field}").max(axis=None) / panel,
            width=panel,
        )
        for field, first in zip(fields, (True, False), strict=True)
    ]
    return alt.hconcat(
        *panels,
        spacing=34,
        usermeta={"name": title},
        title=theme.title(lead, below, width),
        description=f"{lead}. {told}",
    )


def _cut(rows: pd.DataFrame) -> str:
    """Return which rows alone are drawn, or "" where all are."""
    if len(rows) <= _MOST_ROWS:
        return ""
    return f"de {_MOST_ROWS} øverste af {danish.number(len(rows))}, alle står i tabellen"


@theme.responsive
def help_called(df: pd.DataFrame, *, width: float = theme.WIDTH) -> alt.Chart | alt.LayerChart:
    """Draw `helper, called, arrived`: two bars for each helper, each with its number in words."""
    title = "Tilkaldt og ankommet hjælp"
    if df.empty:
        return theme.sentence(title, "Der er ikke tilkaldt hjælp i udvalget", width)
    lead, told = _helped(df)
    frame = df.rename(columns={"called": HEADINGS["called"], "arrived": HEADINGS["arrived"]})
    what = [HEADINGS["called"], HEADINGS["arrived"]]
    helpers = list(frame["helper"])
    beside = theme.is_roomy(width)
    step = 50 if beside else 66
    y = alt.Y("helper:N", sort=helpers, title=None)
    y = y.scale(paddingInner=0.2 if beside else 0.4, paddingOuter=0.1 if beside else 0.4)
    y = y.axis(theme.NAMES if beside else None)
    base = (
        alt.Chart(frame)
        .transform_fold(what, as_=["what", "times"])
        .transform_calculate(told="format(datum.times, ',d') + ' ' + lower(datum.what)")
        .encode(
            alt.X("times:Q", **theme.counts(frame[what].to_numpy().max()), title=theme.COUNTS),
            y,
            alt.YOffset("what:N", sort=what),
            tooltip=[
                alt.Tooltip("helper:N", title="Hjælp"),
                *(alt.Tooltip(f"{column}:Q", format=",d", title=column) for column in what),
            ],
        )
    )
    lengths = base.mark_bar(stroke=theme.NEUTRAL, strokeWidth=1).encode(
        alt.Color(
            "what:N",
            scale=alt.Scale(domain=what, range=[theme.NEUTRAL_LIGHT, theme.NEUTRAL]),
            legend=None,
        )
    )
    layers = [lengths, base.mark_text(align="left", dx=5).encode(alt.Text("told:N"))]
    if not beside:
        above = alt.Chart(frame).mark_text(align="left", baseline="bottom", dy=-3)
        layers.append(above.encode(alt.XValue(0), y.bandPosition(0), alt.Text("helper:N")))
    return alt.layer(
        *layers,
        usermeta={"name": title},
        title=theme.title(lead, title, width),
        width=width,
        height=step * len(frame),
        autosize=theme.FIT,
        description=f"{lead}. {told}",
    )


@theme.responsive
def matrix(
    df: pd.DataFrame, dimension: str, *, width: float = theme.WIDTH
) -> alt.Chart | alt.LayerChart:
    """Draw `name`, the types and `Samlet`: shaded cells with their numbers, the sums set apart.

    The first 20 alone, where there are more, and the sums of all.
    """
    title = f"{heading(dimension)} × urotype"
    if df.empty:
        return theme.sentence(title, width=width)
    frame = named(df)
    columns = [column for column in frame.columns if column != "name"]
    types = columns[:-1]
    lead, told = _crossed(frame, types, dimension)
    if len(frame) == 2:
        only = frame.iloc[0]
        return theme.sentence(title, f"{only['name']}: {figures(only[types])}", width)
    below = theme.below(f"{title}; mørkere felt: flere hændelser", _cut(frame.iloc[:-1]))
    frame = pd.concat([frame.iloc[:-1].head(_MOST_ROWS), frame.iloc[-1:]])
    names = list(frame["name"])
    most = int(frame.iloc[:-1][types].to_numpy().max(initial=0)) or 1
    is_sum = f"datum.type === '{TOTAL}' || datum.name === '{TOTAL}'"
    beside = theme.is_roomy(width)
    step = 24 if beside else 42
    # Where a name stands above its row, the row's upper part is for it.
    y_axis = theme.NAMES if beside else None
    y = alt.Y("name:N", title=None, axis=y_axis)
    y = y.scale(domain=names, paddingInner=0 if beside else 0.44, paddingOuter=0 if beside else 0.4)
    heads = (
        alt.Axis(
            orient="top",
            labelAngle=0,
            labelAlign="center",
            labelExpr=_TWO_LINES,
            labelPadding=20,
            ticks=False,
            domain=False,
        )
        if beside
        else alt.Axis(
            orient="top",
            labelAngle=-60,
            labelAlign="left",
            labelPadding=8,
            ticks=False,
            domain=False,
        )
    )
    base = (
        alt.Chart(frame)
        .transform_fold(columns, as_=["type", "incidents"])
        .encode(
            alt.X("type:N", scale=alt.Scale(domain=columns), axis=heads, title=None),
            y,
            tooltip=[
                alt.Tooltip("name:N", title=heading(dimension)),
                alt.Tooltip("type:N", title=HEADINGS["category"]),
                alt.Tooltip("incidents:Q", format=",d", title=theme.COUNTS),
            ],
        )
    )
    cells = (
        base.transform_filter(f"!({is_sum})")
        .mark_rect(stroke="white")
        .encode(
            # The square root keeps few incidents apart where one type has most of them.
            alt.Color(
                "incidents:Q",
                scale=alt.Scale(
                    type="sqrt", domain=[0, most], range=list(shading.RAMP), interpolate="rgb"
                ),
                legend=None,
            )
        )
    )
    numbers = (
        base.transform_filter(f"!({is_sum})")
        .mark_text()
        .encode(
            alt.Text("incidents:Q", format=",d"),
            color=theme.either(
                alt.ColorValue,
                f"datum.incidents > {shading.white_text_from() ** 2 * most}",
                "white",
                "black",
            ),
        )
    )
    sums = (
        base.transform_filter(is_sum)
        .mark_text(fontWeight="bold")
        .encode(alt.Text("incidents:Q", format=",d"))
    )
    line = alt.Chart(alt.InlineData([{}])).mark_rule(color=theme.INK)
    edges = [
        line.encode(alt.YDatum(TOTAL, bandPosition=0).axis(y_axis)),
        line.encode(alt.XDatum(TOTAL, bandPosition=0)),
    ]
    layers = [cells, numbers, sums, *edges]
    if not beside:
        above = alt.Chart(frame).mark_text(align="left", baseline="bottom", dy=-3)
        layers.append(above.encode(alt.XValue(0), y.bandPosition(0), alt.Text("name:N")))
    return alt.layer(
        *layers,
        usermeta={"name": title},
        title=theme.title(lead, below, width),
        width=width,
        # A band's step is the height less what the outer padding takes beyond the inner.
        height=step * (len(frame) + (0 if beside else 0.36)),
        autosize=theme.FIT,
        description=f"{lead}. {told}",
    )


def _rows(
    base: alt.Chart,
    field: str,
    names: list[str],
    beside: bool,
    *,
    step: int,
    colour: alt.Color | alt.ColorValue | None = None,
    named: bool = True,
    whole: bool = True,
    before: str = "",
    beyond: str = "",
    late: str = "",
    room: float = 0,
    **about: object,
) -> alt.LayerChart:
    """Return a bar for each name with its number, the name `beside` it or above it.

    `before` is the column marked on each bar by a thin line, if any; a number that the line would
    cross, within the `room` that it takes on the axis, stands after it. `beyond` is the column that
    a pale bar goes on to; `told` then holds the words in place of the number. `late` is the column
    that a dotted bar goes on to, before the number.
    """
    base = base.encode(
        alt.Y("name:N", sort=names, title=None, axis=theme.NAMES if beside and named else None)
    )
    lengths = base.encode(colour or alt.ColorValue(theme.NEUTRAL))
    words = base.mark_text(align="left", dx=5, dy=0 if beside else 9)
    layers = [
        lengths.mark_bar() if beside else lengths.mark_bar(size=_BAR_BELOW, yOffset=9),
        words.encode(alt.Text(f"{field}:Q", format=",d" if whole else ",.1f")),
    ]
    if beyond:
        layers[1] = words.transform_calculate(
            end=f"isValid(datum.{beyond}) ? datum.{beyond} : 0"
        ).encode(alt.X("end:Q"), alt.Text("told:N"))
        pale = alt.ColorValue(theme.NEUTRAL_LIGHT)
        layers.append(layers[0].encode(pale, alt.X2(f"{beyond}:Q")))
    if late:
        size = {} if beside else {"size": _BAR_BELOW, "yOffset": 9}
        dotted = base.transform_filter("datum.late > 0").mark_bar(**theme.DOTTED, **size)
        ends = alt.X(f"{late}:Q"), alt.X2(f"{field}:Q")
        layers[1] = layers[1].encode(ends[0])
        layers.append(dotted.encode(*ends, tooltip=theme.TO_COME))
    if before:
        line = base.mark_tick(
            **theme.LINE,
            thickness=theme.LINE_THICKNESS,
            size=_BAR_BELOW,
            yOffset=0 if beside else 9,
        )
        layers.insert(1, line.encode(alt.X(f"{before}:Q")).transform_filter(f"datum.{before} > 0"))
        is_crossed = f"datum.{before} >= datum.{field} && datum.{before} < datum.{field} + {room}"
        layers[2] = (
            layers[2]
            .transform_calculate(end=f"{is_crossed} ? datum.{before} : datum.{field}")
            .encode(alt.X("end:Q"))
        )
    if named and not beside:
        above = base.mark_text(align="left", baseline="bottom", dy=-3)
        layers.append(above.encode(alt.XValue(0), alt.Text("name:N")))
    height = (step if beside else _STEP_BELOW) * len(names)
    return alt.layer(*layers, height=height, **about)


def _label_room(labels: list[str]) -> int:
    """Return the width of the longest label in pixels, at most a third of the chart."""
    return min(theme.WIDTH // 3, round(max(map(len, labels), default=0) * 6.4) + 8)


def _scored(frame: pd.DataFrame, several: str) -> tuple[str, str]:
    """Return who leads in score and in incidents, and the figures of each."""
    scores, counts = (frame.set_index("name")[by] for by in ("relative_score", "incidents"))
    highest, score = leading(scores)
    most, count = leading(counts)
    share = f"{danish.number(count)} af {incidents(counts.sum())} ({percent(count, counts.sum())})"
    each = "hver " if len(most) > 1 else ""
    first, fullest = (sharing(these, several) for these in (highest, most))
    if len(frame) == 1:
        return f"{highest[0]} har relativ score {danish.number(score)} og {incidents(count)}", ""
    if highest == most:
        lead = (
            f"{first} har både højest relativ score, {each}"
            f"{danish.number(score)}, og flest hændelser, {each}{share}"
        )
    else:
        lead = (
            f"{first} har højest relativ score, {danish.number(score)}, og "
            f"{fullest} flest hændelser, {each}{share}"
        )
    told = shortened(
        (
            f"{row.name} score {danish.number(row.relative_score)}, {incidents(row.incidents)}"
            for row in frame.itertuples(index=False)
        ),
        "; ",
    )
    return lead, f"{told}."


def _helped(df: pd.DataFrame) -> tuple[str, str]:
    """Return how often help that was called came, and the figures of each."""
    called = df.set_index("helper")["called"]
    often, times = leading(called)
    arrived = int(df["arrived"].sum())
    each = "hver " if len(often) > 1 else ""
    told = shortened(
        (
            f"{row.helper} tilkaldt {danish.number(row.called)}, ankommet "
            f"{danish.number(row.arrived)}"
            for row in df.itertuples(index=False)
        ),
        "; ",
    )
    return (
        f"Hjælp er ankommet ved {danish.number(arrived)} af {danish.number(called.sum())} tilkald "
        f"({percent(arrived, called.sum())})",
        f"{sharing(often, 'slags hjælp')} er tilkaldt oftest, {each}"
        f"{danish.counted(times, 'gang', 'gange')}. {told}.",
    )


def _crossed(frame: pd.DataFrame, types: list[str], dimension: str) -> tuple[str, str]:
    """Return which field has most incidents, and the figures of rows and columns."""
    body, totals = frame.iloc[:-1].set_index("name"), frame.iloc[-1]
    by_type = totals[types].astype("int64")
    cells = body[types].stack()
    (name, kind), most = cells.idxmax(), int(cells.max())
    tied = int((cells == most).sum())
    largest = (
        f"Flest i ét felt: {name}, {kind} ({danish.number(most)})"
        if tied == 1
        else f"Flest i ét felt er {danish.number(most)}, som {tied} felter har"
    )
    rows = f" {figures(body[TOTAL])}." if len(body) > 1 else ""
    return (
        largest,
        f"{message(body[TOTAL], dimension)}. {message(by_type, 'category')}. "
        f"{figures(by_type)}.{rows}",
    )
