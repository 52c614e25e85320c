"""Charts over the days, the months and the hours."""

import json
from datetime import date

import altair as alt
import pandas as pd

from analysis import danish
from analysis.charts import theme
from analysis.headings import HEADINGS
from analysis.names import figures, gathered, incidents, ordered
from analysis.season import Season, half_of

# Of two lines, the year below the month; May is not abbreviated.
_MONTH_TICK = (
    "[timeFormat(datum.value, '%b') + (month(datum.value) == 4 ? '' : '.'), "
    "timeFormat(datum.value, '%Y')]"
)


def over_time(df: pd.DataFrame, dimension: str = "category") -> alt.Chart | alt.FacetChart:
    """Draw `date, name, incidents`: a row of days for each name, all on one scale."""
    title = f"Indmeldinger over tid ud fra {HEADINGS[dimension].lower()}"
    if df.empty:
        return theme.empty(title)
    frame = gathered(df, dimension, theme.MOST_NAMES)
    names = ordered(frame, dimension)
    days = frame.groupby("date")["incidents"].sum()
    starts, ends = _span(days.index.min().date(), days.index.max().date())
    months = [_vega_date(day.date()) for day in pd.date_range(starts, ends, freq="MS")[:-1]]
    tallest = int(frame.groupby(["date", "name"])["incidents"].sum().max())
    totals = frame.groupby("name")["incidents"].sum()
    rows = {name: f"{name} ({danish.number(totals[name])})" for name in names}
    total = int(days.sum())
    spread = f"{incidents(total)} på {len(days)} {'dag' if len(days) == 1 else 'dage'}"
    return (
        alt.Chart(frame)
        .mark_bar(binSpacing=0.4)
        .encode(
            alt.X("date:T")
            .timeUnit("yearmonthdate")
            .scale(domain=[_vega_date(starts), _vega_date(ends)])
            .axis(values=months, labelExpr=_MONTH_TICK, labelAlign="left", grid=True)
            .title(None),
            alt.Y("incidents:Q")
            .scale(domain=[0, max(tallest, 2)])
            .axis(theme.whole(2))
            .title(None),
            alt.Color("name:N").scale(theme.scale(dimension, names)).legend(None),
            alt.Row("name:N")
            .sort(names)
            .title(None)
            .spacing(10)
            .header(
                labelOrient="top",
                labelAnchor="start",
                labelPadding=2,
                labelExpr=f"{json.dumps(rows, ensure_ascii=False)}[datum.value]",
            ),
            tooltip=[
                alt.Tooltip("date:T").format("%-d. %B %Y").title("Dato"),
                *_tooltips(dimension),
            ],
        )
        .properties(
            title=theme.title(title, f"{spread}, en søjle for hver dag"),
            width=theme.WIDTH - 30,
            height=48,
            description=(
                f"{title}. {spread} fra "
                f"{danish.day(days.index.min())} til {danish.day(days.index.max())}; flest på en "
                f"dag: {danish.number(days.max())}, {danish.day(days.idxmax())}. "
                f"{figures(frame, 'name', names)}."
            ),
        )
    )


def per_month(df: pd.DataFrame, dimension: str = "category") -> alt.Chart | alt.LayerChart:
    """Draw `month, name, incidents`: a stack for each month, its total on top."""
    title = f"Indmeldinger pr. måned ud fra {HEADINGS[dimension].lower()}"
    if not df["incidents"].any():
        return theme.empty(title)
    frame = gathered(df, dimension, theme.MOST_NAMES)
    by_month = frame.groupby("month")["incidents"].sum()
    labels = [_short(month) for month in by_month.index]
    names = ordered(frame, dimension)
    total = int(by_month.sum())
    base = alt.Chart(frame.assign(month=frame["month"].map(_short))).encode(
        alt.X("month:N").scale(domain=labels).axis(labelExpr="split(datum.label, ' ')").title(None)
    )
    return alt.layer(_stack(base, "month", dimension, names), _totals(base, ["month"])).properties(
        title=theme.title(title, f"I alt {incidents(total)}; månedens sum står over søjlen"),
        width=theme.WIDTH,
        height=260,
        autosize=theme.FIT,
        description=(
            f"{title}. I alt {incidents(total)}, {_extremes(by_month)}. "
            f"{figures(frame, 'name', names)}."
        ),
    )


def time_of_day(df: pd.DataFrame, dimension: str = "category") -> alt.Chart | alt.LayerChart:
    """Draw `hour, name, incidents`: a stack for each of the day's 24 hours."""
    title = f"Tidspunkt på dagen ud fra {HEADINGS[dimension].lower()}"
    if df.empty:
        return theme.empty(title)
    frame = gathered(df, dimension, theme.MOST_NAMES)
    by_hour = frame.groupby("hour")["incidents"].sum()
    names = ordered(frame, dimension)
    total = int(by_hour.sum())
    busiest = int(by_hour.idxmax())
    base = alt.Chart(frame).encode(
        alt.X("hour:O").scale(domain=list(range(24))).title("Timen, der begynder klokken")
    )
    return alt.layer(_stack(base, "hour", dimension, names), _totals(base, ["hour"])).properties(
        title=theme.title(title, f"{incidents(total)} med kendt klokkeslæt"),
        width=theme.WIDTH,
        height=240,
        autosize=theme.FIT,
        description=(
            f"{title}. {incidents(total)} med kendt klokkeslæt, flest kl. {busiest}–"
            f"{busiest + 1} ({danish.number(by_hour.max())}). "
            f"{figures(frame, 'name', names)}."
        ),
    )


def season_comparison(df: pd.DataFrame) -> alt.Chart | alt.FacetChart:
    """Draw `season, month, name, incidents`: seasons side by side on one scale, six types."""
    title = "Indmeldinger pr. måned"
    if not df["incidents"].any():
        return theme.empty(title)
    by_season = df.groupby("season")["incidents"].sum()
    seasons = list(by_season.index)
    headlines = {
        season: f"{season}: {danish.number(count)} {_reported(count)}"
        for season, count in by_season.items()
    }
    frame = df.assign(month=df["month"].map(lambda month: _short(month).split()[0]))
    months = list(dict.fromkeys(frame["month"]))
    names = ordered(frame, "category")
    columns = min(3, len(seasons))
    base = alt.Chart().encode(alt.X("month:N").scale(domain=months).title(None))
    told = "; ".join(
        f"{headlines[season]}, {_extremes(part.groupby('month')['incidents'].sum())}: "
        f"{figures(part, 'name', names)}"
        for season, part in df.groupby("season")
    )
    return (
        alt.layer(
            _stack(base, "month", "category", names),
            _totals(base, ["season", "month"]),
            data=frame,
        )
        .properties(width=(theme.WIDTH - 40 - 20 * (columns - 1)) / columns, height=260)
        .facet(
            facet=alt.Facet("season:N")
            .sort(seasons)
            .title(None)
            .header(
                labelAnchor="start",
                labelExpr=f"{json.dumps(headlines, ensure_ascii=False)}[datum.value]",
            ),
            columns=columns,
            spacing=20,
        )
        .properties(title=title, description=f"{title}. {told}.")
    )


def _stack(base: alt.Chart, time: str, dimension: str, names: list[str]) -> alt.Chart:
    # Without an order of its own, Vega-Lite stacks by the alphabet.
    rank = f"indexof({json.dumps(names, ensure_ascii=False)}, datum.name)"
    return (
        base.transform_calculate(rank=rank)
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            alt.Y("incidents:Q").axis(theme.whole()).title(theme.COUNTS),
            alt.Color("name:N").scale(theme.scale(dimension, names)).legend(theme.legend(names)),
            alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip(f"{time}:N").title(HEADINGS[time]),
                *_tooltips(dimension),
            ],
        )
    )


def _totals(base: alt.Chart, by: list[str]) -> alt.Chart:
    return (
        base.transform_aggregate(total="sum(incidents)", groupby=by)
        .mark_text(dy=-7, fontWeight="bold")
        .encode(
            alt.Y("total:Q").title(theme.COUNTS),
            alt.Text("total:Q").format(",d"),
            tooltip=[
                alt.Tooltip(f"{by[-1]}:N").title(HEADINGS[by[-1]]),
                alt.Tooltip("total:Q").format(",d").title("Hændelser i alt"),
            ],
        )
    )


def _tooltips(dimension: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N").title(HEADINGS[dimension]),
        alt.Tooltip("incidents:Q").format(",d").title(theme.COUNTS),
    ]


def _span(first: date, last: date) -> tuple[date, date]:
    """Return the half-year that holds both days, else their seasons: first day, day after last."""
    same = Season.of(first) == Season.of(last) and half_of(first) == half_of(last)
    half = half_of(first) if same else None
    return Season.of(first).interval(half)[0], Season.of(last).interval(half)[1]


def _vega_date(day: date) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day)


def _short(month: date) -> str:
    """Return a month as "okt. 2024"."""
    name = danish.MONTHS[month.month - 1]
    return f"{name if len(name) == 3 else name[:3] + '.'} {month.year}"


def _extremes(by_month: pd.Series) -> str:
    most, least = by_month.idxmax(), by_month.idxmin()
    return (
        f"flest i {danish.month(most)} ({danish.number(by_month[most])}), "
        f"færrest i {danish.month(least)} ({danish.number(by_month[least])})"
    )


def _reported(count: int) -> str:
    return "indmeldt hændelse" if count == 1 else "indmeldte hændelser"
