"""Charts over the days, the months and the hours: a row of bars for each name, all in one unit."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

import altair as alt
import pandas as pd

from analysis.core import danish
from analysis.core.headings import HEADINGS, TOTAL, heading
from analysis.core.season import Season, half_of
from analysis.show.charts import theme
from analysis.show.phrases import (
    as_view,
    change,
    extremes,
    figures,
    gathered,
    incidents,
    message,
    most,
    named,
    ordered,
    shortened,
)

# How labels stand that have room below their bars.
_LEVEL = {"labelAngle": 0, "labelAlign": "center"}
_MONTHS = "i {} måneder"
_NOT_KNOWN = f"{danish.UNKNOWN} er måneder uden data"
# Of two lines, the year below the month.
_DAY_TICK = f"[{theme.MONTH_LABEL}, timeFormat(datum.value, '%Y')]"
_DAY_TICK_NARROW = "slice(timeFormat(datum.value, '%b'), 0, 1)"
_DATE_TICK = "timeFormat(datum.value, '%-d/%-m')"
# A period of so many days has ticks at days or Mondays, and a label of a day has so many pixels.
_FEW_DAYS = 62
_DAY_LABEL = 40
_MONTH_TICK = "split(datum.label, ' ')"
_MONTH_TICK_NARROW = "slice(datum.label, 0, 1)"
# The pixels that the highest bar takes, and the least of any.
_TALLEST = 96
_TALLEST_DAY = 40
_LEAST = 1.5
# A row's name, the number on its highest bar, and the space to the next row.
_NAME_LINE = 18
_NUMBER_LINE = 15
_BETWEEN = 12
# A season that has fewer pixels than this is as wide as its heading at most.
_CROWDED = 130
# A line of a season's heading.
_HEAD_LINE = 17


class _Rows(NamedTuple):
    """Rows of bars: the bars as `name, <time>, incidents` and the rows as `name, label, base, y`.

    `peaks` is the index of the first of each row's highest bars, `unit` the pixels an incident
    takes, `height` those of all rows.
    """

    bars: pd.DataFrame
    rows: pd.DataFrame
    peaks: list[int]
    unit: float
    height: float


class _Grounds(NamedTuple):
    """What rows stand on: a chart encoded with where lines and names start, and where they end."""

    starts: alt.Chart
    ends: alt.X2 | alt.X2Value


@theme.responsive
def over_time(
    df: pd.DataFrame,
    dimension: str = "category",
    *,
    interval: tuple[date, date] | None = None,
    late: pd.Series | None = None,
    width: float = theme.WIDTH,
) -> alt.Chart | alt.LayerChart:
    """Draw `date, name, incidents`: a row of days for each name, all in one unit.

    `interval` is the first day drawn and the one after the last, as a selection has it; none is the
    half-year, or the seasons, of the incidents. `late` is what is still to be reported of each day,
    dotted on the bars of all.
    """
    df, _ = as_view(df, dimension)
    title = f"Indmeldinger over tid ud fra {heading(dimension).lower()}"
    if df.empty:
        return theme.sentence(title, width=width)
    frame = gathered(df, dimension, theme.MOST_NAMES)
    names = ordered(frame, dimension)
    days = frame.groupby("date")["incidents"].sum()
    starts, ends = interval or _span(days.index.min().date(), days.index.max().date())
    is_short = (ends - starts).days <= _FEW_DAYS
    frequency = (
        ("D" if width / (ends - starts).days > _DAY_LABEL else "W-MON") if is_short else "MS"
    )
    ticks = [
        _vega_date(day.date())
        for day in pd.date_range(starts, ends, freq=frequency, inclusive="left")
    ]
    label = _DAY_TICK if width / max(len(ticks), 1) > 34 else _DAY_TICK_NARROW
    on_top = _late(late, lambda day: day)
    # A day without any may have late ones too.
    empty = pd.DataFrame({"date": [day for day in on_top if day not in days.index]})
    if len(empty):
        frame = pd.concat([frame, empty.assign(name=names[0], incidents=0)], ignore_index=True)
    laid = _laid_out(frame, "date", names, _TALLEST_DAY, late=on_top)
    # Where a day has few pixels, a gap would leave nothing of its bar.
    gap = 0.4 if width / (ends - starts).days > 3 else 0
    spread = f"{incidents(days.sum())} på {danish.counted(len(days), 'dag', 'dage')}"
    on_a_day = most(days, "på {} dage", lambda day: f"den {danish.day(day)}")
    lead = f"{spread}, {on_a_day}"
    x = alt.X(
        "date:T",
        timeUnit="yearmonthdate",
        scale=alt.Scale(domain=[_vega_date(starts), _vega_date(ends)]),
        axis=alt.Axis(
            values=ticks,
            labelExpr=_DATE_TICK if is_short else label,
            labelAlign="left",
            grid=True,
            domain=False,
        ),
        title=None,
    )
    return _drawn(
        laid,
        x,
        _Grounds(alt.Chart(laid.rows).encode(alt.XValue(0)), alt.X2Value("width")),
        dimension,
        alt.Tooltip("date:T", format="%-d. %B %Y", title=HEADINGS["date"]),
        peaks_only=True,
        gap=gap,
        usermeta={"name": title},
        title=theme.title(
            lead, theme.below(title, "kun den højeste søjle har tal", _dotted(laid)), width
        ),
        width=width,
        description=(
            f"{lead}. Den første er {danish.day(days.index.min())}, den sidste "
            f"{danish.day(days.index.max())}. {_by_name(frame, dimension, names)}"
            # Of days too small to be dotted, too.
            f"{theme.late_told(late.sum()) if on_top else ''}"
        ),
    )


@theme.responsive
def per_month(
    df: pd.DataFrame,
    dimension: str = "category",
    *,
    before: tuple[str, pd.DataFrame] | None = None,
    late: pd.Series | None = None,
    width: float = theme.WIDTH,
) -> alt.Chart | alt.LayerChart:
    """Draw `month, name, incidents`: a row of months for each name, each bar with its number.

    `before` is the name of another period of as many months and its view, thin lines on the bars;
    `late` is what is still to be reported of each month, dotted on the bars of all.
    """
    df, _ = as_view(df, dimension)
    title = f"Indmeldinger pr. måned ud fra {heading(dimension).lower()}"
    if not df["incidents"].any():
        return theme.sentence(title, width=width)
    if df["month"].nunique() == 1:
        counts = named(df).set_index("name")["incidents"]
        return theme.sentence(title, message(counts[counts > 0], dimension), width)
    by_month = _known(df)[0].groupby("month")["incidents"].sum()
    lead = danish.capital(extremes(by_month, _MONTHS, _in_month))
    if before:
        then = before[1]["month"]
        now = dict(zip(sorted(then.unique()), sorted(df["month"].unique()), strict=True))
        df = _beside(df, before[1].assign(month=then.map(now)), "month")
    frame, unknown = _known(gathered(df, dimension, theme.MOST_NAMES))
    labels = [danish.short_month(month) for month in sorted(df["month"].unique())]
    names = ordered(frame, dimension)
    frame = frame.assign(month=frame["month"].map(danish.short_month))
    laid = _in_full(_laid_out(frame, "month", names, _TALLEST, late=_late(late)), df)
    dotted = _dotted(laid)
    # Which month has fewest is not known yet where there are more to come.
    lead, under = (title, "") if dotted else (lead, title)
    x = alt.X(
        "month:N",
        scale=alt.Scale(domain=labels),
        axis=_month_axis(labels, width, _MONTH_TICK),
        title=None,
    )
    return _drawn(
        laid,
        x,
        _grounds(_spanning(laid.rows, [labels])),
        dimension,
        alt.Tooltip("period:N", title=HEADINGS["month"]),
        *_unknown(laid, unknown, x),
        usermeta={"name": title},
        title=theme.title(
            lead,
            theme.below(under, _NOT_KNOWN * bool(unknown), dotted, before=before),
            width,
        ),
        width=width,
        description=(
            f"{lead}. {_by_name(frame, dimension, names)} Måned for måned: "
            f"{figures(by_month.rename(danish.month))}.{_unknown_told(unknown)}{_late_told(laid)}"
        ),
    )


@theme.responsive
def time_of_day(
    df: pd.DataFrame,
    dimension: str = "category",
    *,
    before: tuple[str, pd.DataFrame] | None = None,
    width: float = theme.WIDTH,
) -> alt.Chart | alt.LayerChart:
    """Draw `hour, name, incidents`: a row of the day's 24 hours for each name.

    `before` is another period's name and its view, thin lines on the bars.
    """
    df, _ = as_view(df, dimension)
    title = f"Tidspunkt på dagen ud fra {heading(dimension).lower()}"
    if df.empty:
        return theme.sentence(title, width=width)
    by_hour = df.groupby("hour")["incidents"].sum()
    lead = (
        f"{incidents(by_hour.sum())} med kendt klokkeslæt, {most(by_hour, 'i {} timer', _in_hour)}"
    )
    if before:
        df = _beside(df, before[1], "hour")
    frame = gathered(df, dimension, theme.MOST_NAMES)
    names = ordered(frame, dimension)
    narrow = width < 24 * 22
    laid = _laid_out(frame, "hour", names, _TALLEST)
    laid = laid._replace(bars=laid.bars.assign(clock=laid.bars["hour"].map(_in_hour)))
    hours = figures(by_hour.rename(lambda hour: f"kl. {hour}:"))
    x = alt.X(
        "hour:O",
        scale=alt.Scale(domain=list(range(24))),
        axis=alt.Axis(
            **_LEVEL, values=list(range(0, 24, 3 if narrow else 1)), ticks=False, domain=False
        ),
        title="Klokkeslæt (timens start)",
    )
    peaks = "kun den højeste søjle har tal" * narrow
    return _drawn(
        laid,
        x,
        _grounds(_spanning(laid.rows, [list(range(24))]), "O"),
        dimension,
        alt.Tooltip("clock:N", title=HEADINGS["hour"]),
        peaks_only=narrow,
        usermeta={"name": title},
        title=theme.title(lead, theme.below(title, peaks, before=before), width),
        width=width,
        description=f"{lead}. {_by_name(frame, dimension, names)} Time for time: {hours}.",
    )


@theme.responsive
def season_comparison(
    df: pd.DataFrame,
    *,
    alike: bool = True,
    late: pd.Series | None = None,
    width: float = theme.WIDTH,
) -> alt.Chart | alt.LayerChart:
    """Draw `season, month, name, incidents`: seasons side by side in one unit.

    `late` is what is still to be reported of each month, dotted on the bars of all.

    A month without data has no incidents, and is marked. The change between two seasons is told
    where they are `alike`: as many days of both are known.
    """
    title = "Indmeldinger pr. måned ud fra urotype"
    if not df["incidents"].any():
        return theme.sentence(title, width=width)
    by_season = df.groupby("season", observed=True)["incidents"].sum(min_count=1)
    known, unknown = _known(df)
    frame = known.assign(month=known["month"].map(danish.short_month))
    names = ordered(frame, "category")
    lead, told = _compared(df, by_season, names)
    # What a period not settled differs by is not known yet.
    lead = lead * (alike and not _late(late))
    blocks = [
        [danish.short_month(month) for month in dict.fromkeys(part["month"])]
        for _, part in df.groupby("season", observed=True)
    ]
    # A season's row has no room for its type's name.
    crowded = width / len(blocks) < _CROWDED
    # Between two seasons the axis has a place without a month.
    places = [place for n, block in enumerate(blocks) for place in (" " * n, *block)][1:]
    heads = pd.DataFrame(
        {
            "month": [block[0] for block in blocks],
            "label": [
                f"{_half_name(season, part['month'], crowded)}\n{_head(by_season[season], crowded)}"
                for season, part in df.groupby("season", observed=True)
            ],
            "y": 0,
        }
    )
    upper = 2 * _HEAD_LINE + 6
    laid = _laid_out(frame, "month", names, _TALLEST, upper=upper, late=_late(late))
    laid = _in_full(laid, df)
    x = alt.X(
        "month:N",
        scale=alt.Scale(domain=places),
        axis=_month_axis(places, width, "split(datum.label, ' ')[0]"),
        title=None,
    )
    headlines = (
        alt.Chart(heads)
        .mark_text(
            align="left",
            baseline="top",
            lineBreak="\n",
            lineHeight=_HEAD_LINE,
            fontSize=13,
            fontWeight="bold",
        )
        .encode(alt.X("month:N", bandPosition=0), theme.pixels(laid.height), alt.Text("label:N"))
    )
    return _drawn(
        laid,
        x,
        _grounds(_told_by_season(laid.rows, df, blocks, crowded=crowded)),
        "category",
        alt.Tooltip("period:N", title=HEADINGS["month"]),
        headlines,
        *_unknown(laid, unknown, x),
        peaks_only=width / len(places) < 15,
        usermeta={"name": title},
        title=theme.led(lead, title, theme.below(_NOT_KNOWN * bool(unknown), _dotted(laid)), width),
        width=width,
        description=f"{lead or title}. {told}{_unknown_told(unknown)}{_late_told(laid)}",
    )


def _laid_out(
    frame: pd.DataFrame,
    time: str,
    names: list[str],
    tallest: float,
    *,
    upper: float = 0,
    late: dict[object, float] | None = None,
) -> _Rows:
    """Place a row of bars for each name, the sum of several first, all in one unit.

    `tallest` is the height of the highest bar and `upper` where the first row begins, in pixels.
    `late` is what stands dotted on the bars of the first row, by their time.
    """
    if len(names) > 1:
        counts = [column for column in ("incidents", "before") if column in frame]
        sums = frame.groupby(time, as_index=False, sort=False)[counts].sum(min_count=1)
        frame = pd.concat([sums.assign(name=TOTAL), frame], ignore_index=True)
        names = [TOTAL, *names]
    by_name = frame.groupby("name")["incidents"]
    highest = by_name.max()
    if "before" in frame:
        highest = highest.combine(frame.groupby("name")["before"].max(), max)
    if late:
        on_top = frame[time].map(late).where(frame["name"] == names[0])
        frame = frame.assign(late=on_top.fillna(0.0))
        whole = (frame["incidents"] + frame["late"]).groupby(frame["name"]).max()
        highest = highest.astype(float).combine(whole, max)
    unit = tallest / max(float(highest.max()), theme.LEAST_TOP)
    rows = pd.DataFrame({"name": names})
    total = rows["name"].map(by_name.sum())
    rows["label"] = [f"{name}: {danish.number(n)}" for name, n in zip(names, total, strict=True)]
    room = _NAME_LINE + _NUMBER_LINE + rows["name"].map(highest) * unit
    rows["base"] = (upper + (room + _BETWEEN).cumsum() - _BETWEEN).round(1)
    rows["y"] = (rows["base"] - room).round(1)
    peaks = list(by_name.idxmax()[names])
    return _Rows(frame, rows, peaks, round(unit, 4), float(rows["base"].iloc[-1]) + 1)


def _late(late: pd.Series | None, name: Callable = danish.short_month) -> dict[object, float]:
    """Return what is still to be reported of each month by its short name, where there is any."""
    shown = {} if late is None else late.round(1)
    return {name(time): one for time, one in shown.items() if one > 0}


def _dotted(laid: _Rows) -> str:
    """Return what is dotted, "" where nothing is."""
    return theme.STILL_TO_COME * ("late" in laid.bars)


def _late_told(laid: _Rows) -> str:
    """Return how many are still to be reported, as a sentence after others, or ""."""
    return theme.late_told(laid.bars["late"].sum()) if "late" in laid.bars else ""


def _beside(df: pd.DataFrame, before: pd.DataFrame, time: str) -> pd.DataFrame:
    """Return a view with another period's incidents beside its own, as `before`.

    A name that only the other has is there too, with none; so is an hour, but a month that only it
    has is not known.
    """
    earlier = named(before).rename(columns={"incidents": "before"})
    both = named(df).merge(earlier, "outer", [time, "name"]).astype({"incidents": "Int64"})
    is_known = both[time].isin(df.loc[df["incidents"].notna(), time]) | (time == "hour")
    none = both["incidents"].isna() & is_known
    return both.assign(incidents=both["incidents"].mask(none, 0), before=both["before"].fillna(0))


def _drawn(
    laid: _Rows,
    x: alt.X,
    grounds: _Grounds,
    dimension: str,
    when: alt.Tooltip,
    *more: alt.Chart,
    peaks_only: bool = False,
    gap: float = 0,
    **about: object,
) -> alt.LayerChart:
    """Compose bars, their numbers (with `peaks_only` one a row), the rows' names and lines."""
    y = theme.pixels(laid.height)
    names = list(laid.rows["name"])
    bases = json.dumps(dict(zip(names, laid.rows["base"], strict=True)), ensure_ascii=False)
    is_late = "late" in laid.bars

    def bars(frame: pd.DataFrame) -> alt.Chart:
        # In Vega, so that a page does not carry two pixels for each of its bars.
        made = (
            alt.Chart(frame)
            .transform_calculate(y=f"{bases}[datum.name]")
            .transform_calculate(
                y2="datum.y - (datum.incidents > 0 ? "
                f"max({_LEAST}, datum.incidents * {laid.unit}) : 0)"
            )
        )
        if is_late:
            made = made.transform_calculate(top=f"datum.y2 - datum.late * {laid.unit}")
        return made.encode(
            x,
            tooltip=[
                when,
                alt.Tooltip("name:N", title=heading(dimension)),
                alt.Tooltip("incidents:Q", format=",d", title=theme.COUNTS),
                *([alt.Tooltip("before:Q", format=",d", title="Før")] * ("before" in frame)),
            ],
        )

    def line(frame: pd.DataFrame) -> alt.Chart:
        # As thick as it is, whatever the bar's width.
        up = f"{bases}[datum.name] - datum.before * {laid.unit}"
        return (
            bars(frame)
            .transform_calculate(y=up, y2=f"{up} + {theme.LINE_THICKNESS}")
            .mark_bar(orient="vertical", **theme.LINE, binSpacing=gap)
            .encode(y, alt.Y2("y2:Q"))
        )

    columns = (
        bars(laid.bars)
        .mark_bar(orient="vertical", binSpacing=gap)
        .encode(
            y,
            alt.Y2("y2:Q"),
            theme.colour(dimension, names),
        )
    )
    look = {"baseline": "bottom", "dy": -2, "fontSize": 11}
    shown = laid.bars.loc[laid.peaks] if peaks_only else laid.bars
    # What is not known has no number; nor has an hour without incidents, among so many.
    least = 1 if "hour" in shown else 0
    told = bars(shown[shown["incidents"].ge(least).fillna(value=False)])
    at = "top" if is_late else "y2"
    earlier, dotted = [], []
    if "before" in laid.bars:
        earlier = [line(laid.bars[laid.bars["before"] > 0])]
        # On a line above the row's highest, so that none is taken for the other period's.
        tops = (laid.rows["y"] + _NAME_LINE + _NUMBER_LINE).round(1)
        highest = json.dumps(dict(zip(names, tops, strict=True)), ensure_ascii=False)
        told, at = told.transform_calculate(number=f"{highest}[datum.name]"), "number"
    numbers = told.encode(
        theme.pixels(laid.height, at), alt.Text("incidents:Q", format=",d")
    ).mark_text(**look)
    if is_late:
        late = bars(laid.bars[laid.bars["late"] > 0])
        dotted = [
            late.mark_bar(orient="vertical", binSpacing=gap, **theme.DOTTED).encode(
                theme.pixels(laid.height, "top"), alt.Y2("y2:Q"), tooltip=[when, *theme.TO_COME]
            )
        ]
    labels = grounds.starts.mark_text(align="left", baseline="top", fontWeight="bold").encode(
        y, alt.Text("label:N")
    )
    lines = grounds.starts.mark_rule(color=theme.MUTED).encode(
        grounds.ends, theme.pixels(laid.height, "base")
    )
    return alt.layer(
        columns,
        *dotted,
        lines,
        *earlier,
        numbers,
        labels,
        *more,
        height=laid.height,
        autosize=theme.FIT,
        **about,
    )


def _spanning(rows: pd.DataFrame, blocks: Sequence[list]) -> pd.DataFrame:
    """Return the rows once for each block of places on the axis, with its `first` and `last`."""
    spans = pd.DataFrame({"first": [b[0] for b in blocks], "last": [b[-1] for b in blocks]})
    return rows.merge(spans, how="cross")


def _told_by_season(
    rows: pd.DataFrame, df: pd.DataFrame, blocks: Sequence[list], *, crowded: bool
) -> pd.DataFrame:
    """Return the rows for each season, with the season's own counts; the first bears the name.

    Where the seasons are `crowded` the first bears the counts of all.
    """
    keys = ["name", "season"]
    counts = df.groupby(keys, observed=True)["incidents"].sum(min_count=1).unstack()
    counts.loc[TOTAL] = counts.sum(min_count=1)
    spans = _spanning(rows, blocks)
    seasons = dict(zip((block[0] for block in blocks), counts.columns, strict=True))
    labels = []
    for name, first in zip(spans["name"], spans["first"], strict=True):
        is_first = first == blocks[0][0]
        told = _count(counts.loc[name, seasons[first]])
        if crowded:
            told = ", ".join(map(_count, counts.loc[name])) if is_first else ""
        labels.append(f"{name}: {told}" if is_first else told)
    return spans.assign(label=labels)


def _head(count: int, crowded: bool) -> str:
    if pd.isna(count):
        return "ingen data"
    return danish.number(count) if crowded else incidents(count)


def _count(count: int) -> str:
    return danish.UNKNOWN if pd.isna(count) else danish.number(count)


def _known(df: pd.DataFrame) -> tuple[pd.DataFrame, list[date]]:
    """Return the months with data, and the first days of those without."""
    known = df["incidents"].notna()
    return df[known].astype({"incidents": "int64"}), sorted(df["month"][~known].unique())


def _unknown(laid: _Rows, months: Sequence[date], x: alt.X) -> list[alt.Chart]:
    """Return what marks the months without data in each row, where there are any."""
    if not months:
        return []
    marks = laid.rows[["name", "base"]].merge(
        pd.DataFrame({"month": [danish.short_month(month) for month in months]}), how="cross"
    )
    return [
        alt.Chart(marks)
        .mark_text(text=danish.UNKNOWN, baseline="bottom", dy=-2, fontSize=11, color=theme.MUTED)
        .encode(x, theme.pixels(laid.height, "base"), tooltip=alt.TooltipValue("Ingen data"))
    ]


def _unknown_told(months: Sequence[date]) -> str:
    """Return which months have no data, as a sentence after others, or ""."""
    return f" Ingen data for {shortened(map(danish.month, months))}." if months else ""


def _grounds(spans: pd.DataFrame, kind: str = "N") -> _Grounds:
    starts = alt.Chart(spans).encode(alt.X(f"first:{kind}", bandPosition=0))
    return _Grounds(starts, alt.X2("last", bandPosition=1))


def _month_axis(labels: list[str], width: float, tick: str) -> alt.Axis:
    roomy = width / len(labels) > 30
    tick = tick if roomy else _MONTH_TICK_NARROW
    return alt.Axis(**_LEVEL, labelExpr=tick, ticks=False, domain=False)


def _by_name(frame: pd.DataFrame, dimension: str, names: list[str]) -> str:
    counts = frame.groupby("name")["incidents"].sum()[names]
    told = f"{message(counts, dimension)}."
    return f"{told} {danish.capital(figures(counts))}." if len(names) > 1 else told


def _compared(df: pd.DataFrame, by_season: pd.Series, names: list[str]) -> tuple[str, str]:
    """Return how two seasons differ, "" of others, and the figures of each season."""
    first, last = by_season.index[0], by_season.index[-1]
    known, unknown = _known(df)
    named = {
        season: _half_name(season, part["month"], crowded=False)
        for season, part in df.groupby("season", observed=True)
    }
    months = "; ".join(
        f"{named[season]}: {incidents(by_season[season])}, {extremes(by_month, _MONTHS, _in_month)}"
        if by_season[season]
        else f"{named[season]}: ingen hændelser"
        for season, by_month in (
            (season, part.groupby("month")["incidents"].sum())
            for season, part in known.groupby("season", observed=True)
        )
    )
    if len(by_season) == 1:
        return "", f"{months}. {_by_name(known, 'category', names)}"
    if unknown or len(by_season) > 2:
        # A change would be that of unlike times, or one of several.
        return "", f"{months}."
    wide = df.pivot_table(index="name", columns="season", values="incidents", aggfunc="sum")
    ends = wide.loc[names, [first, last]]
    types = shortened(
        f"{name} fra {danish.number(old)} til {danish.number(new)}"
        for name, old, new in ends[ends.any(axis=1)].itertuples()
    )
    before, after = (f"{danish.number(by_season[one])} i {named[one]}" for one in (first, last))
    step = change(int(by_season[first]), int(by_season[last]))
    return f"Antallet er {step}, fra {before} til {after}", f"{types}. {months}."


def _half_name(season: str, months: pd.Series, crowded: bool) -> str:
    """Return what a season's months go by: the season, or the year of a summer."""
    is_summer = all(half_of(month) == "sommer" for month in months)
    if not is_summer:
        return season
    year = str(months.iloc[0].year)
    return year if crowded else f"sommeren {year}"


def _span(first: date, last: date) -> tuple[date, date]:
    """Return the half-year that holds both days, else their seasons: first day, day after last."""
    same = Season.of(first) == Season.of(last) and half_of(first) == half_of(last)
    half = half_of(first) if same else None
    return Season.of(first).interval(half)[0], Season.of(last).interval(half)[1]


def _vega_date(day: date) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day)


def _in_full(laid: _Rows, df: pd.DataFrame) -> _Rows:
    """Return rows whose bars have their month in full as `period`, for the tooltip."""
    full = {danish.short_month(month): danish.month(month) for month in df["month"].unique()}
    return laid._replace(bars=laid.bars.assign(period=laid.bars["month"].map(full)))


def _in_month(month: date) -> str:
    return f"i {danish.month(month)}"


def _in_hour(hour: int) -> str:
    return danish.hours(hour, hour + 1)
