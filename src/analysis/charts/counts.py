"""Charts of counts: bars, scores, help called and the matrix."""

import altair as alt
import pandas as pd

from analysis import danish
from analysis.charts import theme
from analysis.headings import DIMENSIONS, HEADINGS, TOTAL
from analysis.names import figures, incidents, named

# Top labels grow downwards, so one line is pushed to the second.
_TWO_LINES = "indexof(datum.label, ' ') < 0 ? ['', datum.label] : split(datum.label, ' ')"


def bars(df: pd.DataFrame, dimension: str, title: str | None = None) -> alt.Chart | alt.LayerChart:
    """Draw `name, incidents`: a bar for each name in the order given, its number at the end."""
    title = title or f"Hændelser ud fra {HEADINGS[dimension].lower()}"
    if not df["incidents"].any():
        return theme.empty(title)
    frame = named(df)
    names = list(frame["name"])
    base = alt.Chart(frame).encode(
        alt.X("incidents:Q").axis(theme.whole()).title(theme.COUNTS),
        alt.Y("name:N").sort(names).title(None),
        tooltip=[
            alt.Tooltip("name:N").title(HEADINGS[dimension]),
            alt.Tooltip("incidents:Q").format(",d").title(theme.COUNTS),
        ],
    )
    lengths = base.mark_bar().encode(_colour(dimension, names))
    numbers = base.mark_text(align="left", dx=5).encode(alt.Text("incidents:Q").format(",d"))
    return (lengths + numbers).properties(
        title=title,
        width=theme.WIDTH,
        height=26 * len(names),
        autosize=theme.FIT,
        description=(
            f"{title}. I alt {incidents(frame['incidents'].sum())}: "
            f"{figures(frame, 'name', names)}."
        ),
    )


def score_by(df: pd.DataFrame, dimension: str) -> alt.Chart | alt.HConcatChart:
    """Draw `name, relative_score, incidents`: score and count side by side, in the order given."""
    title = f"Relativ score og antal hændelser ud fra {HEADINGS[dimension].lower()}"
    if not df["incidents"].any():
        return theme.empty(title)
    frame = named(df)
    names = list(frame["name"])
    width = (theme.WIDTH - theme.label_room(names) - 60) / 2
    base = alt.Chart(frame).encode(
        alt.Y("name:N").sort(names).title(None),
        tooltip=[
            alt.Tooltip("name:N").title(HEADINGS[dimension]),
            alt.Tooltip("relative_score:Q").format(",d").title("Relativ score"),
            alt.Tooltip("incidents:Q").format(",d").title(theme.COUNTS),
        ],
    )
    unnamed = base.encode(alt.Y("name:N").sort(names).axis(None))
    scores = _panel(base, "relative_score", HEADINGS["relative_score"], width)
    counts = _panel(unnamed, "incidents", HEADINGS["incidents"], width)
    told = "; ".join(
        f"{row.name} score {danish.number(row.relative_score)} af {incidents(row.incidents)}"
        for row in frame.itertuples(index=False)
    )
    return alt.hconcat(scores, counts, spacing=24).properties(
        title=title, description=f"{title}. {told}."
    )


def help_called(df: pd.DataFrame) -> alt.Chart | alt.LayerChart:
    """Draw `helper, called, arrived`: two bars for each helper, each with its number in words."""
    title = "Tilkaldt og ankommet hjælp"
    if df.empty:
        return theme.empty(title)
    frame = df.rename(columns={"called": HEADINGS["called"], "arrived": HEADINGS["arrived"]})
    what = [HEADINGS["called"], HEADINGS["arrived"]]
    base = (
        alt.Chart(frame)
        .transform_fold(what, as_=["what", "times"])
        .transform_calculate(told="format(datum.times, ',d') + ' ' + lower(datum.what)")
        .encode(
            alt.X("times:Q").axis(theme.whole()).title(theme.COUNTS),
            alt.Y("helper:N").sort(list(frame["helper"])).title(None),
            alt.YOffset("what:N").sort(what),
            tooltip=[
                alt.Tooltip("helper:N").title("Hjælp"),
                *(alt.Tooltip(f"{column}:Q").format(",d") for column in what),
            ],
        )
    )
    lengths = base.mark_bar(stroke=theme.NEUTRAL, strokeWidth=1).encode(
        alt.Color("what:N")
        .scale(domain=what, range=[theme.NEUTRAL_LIGHT, theme.NEUTRAL])
        .legend(None)
    )
    words = base.mark_text(align="left", dx=5).encode(alt.Text("told:N"))
    told = "; ".join(
        f"{row.helper} tilkaldt {danish.number(row.called)}, ankommet {danish.number(row.arrived)}"
        for row in df.itertuples(index=False)
    )
    called, arrived = (danish.number(df[column].sum()) for column in ("called", "arrived"))
    return (lengths + words).properties(
        title=title,
        width=theme.WIDTH,
        height=50 * len(frame),
        autosize=theme.FIT,
        description=f"{title}. I alt tilkaldt {called}, ankommet {arrived}. {told}.",
    )


def matrix(df: pd.DataFrame, dimension: str) -> alt.Chart | alt.LayerChart:
    """Draw `name`, the types and `Samlet`: shaded cells with their numbers, the sums set apart."""
    title = f"{HEADINGS[dimension]} × urotype"
    if df.empty:
        return theme.empty(title)
    frame = named(df)
    columns = [column for column in frame.columns if column != "name"]
    types = columns[:-1]
    body = frame.iloc[:-1]
    most = int(body[types].to_numpy().max(initial=0)) or 1
    is_sum = f"datum.type === '{TOTAL}' || datum.name === '{TOTAL}'"
    base = (
        alt.Chart(frame)
        .transform_fold(columns, as_=["type", "incidents"])
        .encode(
            alt.X("type:N")
            .scale(domain=columns)
            .axis(orient="top", labelExpr=_TWO_LINES, labelPadding=20, ticks=False, domain=False)
            .title(None),
            alt.Y("name:N")
            .scale(domain=list(frame["name"]))
            .axis(ticks=False, domain=False)
            .title(None),
            tooltip=[
                alt.Tooltip("name:N").title(HEADINGS[dimension]),
                alt.Tooltip("type:N").title(HEADINGS["category"]),
                alt.Tooltip("incidents:Q").format(",d").title(theme.COUNTS),
            ],
        )
    )
    cells = (
        base.transform_filter(f"!({is_sum})")
        .mark_rect(stroke="white")
        .encode(
            # The square root keeps few incidents apart where one type has most of them.
            alt.Color("incidents:Q")
            .scale(type="sqrt", domain=[0, most], range=list(theme.RAMP), interpolate="rgb")
            .legend(None)
        )
    )
    numbers = (
        base.transform_filter(f"!({is_sum})")
        .mark_text()
        .encode(
            alt.Text("incidents:Q").format(",d"),
            color=alt.when(alt.datum.incidents > theme.white_text_from() ** 2 * most)
            .then(alt.value("white"))
            .otherwise(alt.value("black")),
        )
    )
    sums = (
        base.transform_filter(is_sum)
        .mark_text(fontWeight="bold")
        .encode(alt.Text("incidents:Q").format(",d"))
    )
    line = alt.Chart(alt.InlineData([{}])).mark_rule(color=theme.INK)
    above = line.encode(alt.YDatum(TOTAL, bandPosition=0))
    before = line.encode(alt.XDatum(TOTAL, bandPosition=0))
    totals = frame.iloc[-1]
    told = ", ".join(f"{kind} {danish.number(totals[kind])}" for kind in types)
    top = body.iloc[0]
    return (cells + numbers + sums + above + before).properties(
        title=title,
        width=theme.WIDTH,
        height=24 * len(frame),
        autosize=theme.FIT,
        description=(
            f"{title}. I alt {incidents(totals[TOTAL])}: {told}. "
            f"Øverst {top['name']} ({danish.number(top[TOTAL])})."
        ),
    )


def _panel(base: alt.Chart, field: str, title: str, width: float) -> alt.LayerChart:
    base = base.encode(alt.X(f"{field}:Q").axis(theme.whole()).title(title))
    lengths = base.mark_bar(color=theme.NEUTRAL)
    numbers = base.mark_text(align="left", dx=5).encode(alt.Text(f"{field}:Q").format(",d"))
    return (lengths + numbers).properties(width=width, height=alt.Step(22))


def _colour(dimension: str, names: list[str]) -> alt.Color | alt.ColorValue:
    if dimension == "location" or dimension not in DIMENSIONS:
        return alt.ColorValue(theme.NEUTRAL)
    return alt.Color("name:N").scale(theme.scale(dimension, names)).legend(None)
