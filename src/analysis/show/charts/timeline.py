"""The timeline of a place: its weeks, what was done, what was odd, and what is to come."""

from itertools import count

import altair as alt
import pandas as pd

from analysis.core import danish
from analysis.core.season import Season
from analysis.show.charts import theme
from analysis.show.phrases import incidents, leading, shortened

# Pixels: the highest week, a measure's row and its band, and a character of its name.
_TALLEST = 110
_LANE, _BAND, _CHARACTER = 18, 8, 6.0
_FAN = (
    "Vifte: månedens ventede gennemsnit pr. uge; ni af ti måneder i hele viften, hver anden i den "
    "mørke"
)
# Nothing that ran for a few days is too short to be seen.
_SHORTEST = 3
_WINTER = "#EDF0F4"
_LIGHT, _DARK = "#D5DEE6", "#A9BCCB"


@theme.responsive
def timeline(
    place: str,
    weeks: pd.DataFrame,
    measures: pd.DataFrame,
    odd: pd.DataFrame,
    ahead: pd.DataFrame,
    followed: str = "",
    *,
    width: float = theme.WIDTH,
) -> alt.Chart | alt.LayerChart:
    """Draw an `overview.timeline.Timeline`, given by its parts.

    Weeks are bars, those chosen darkest, dotted on top with what is still to be reported; measures
    are bands above them, a row a kind; signals are triangles, and the forecast is a fan: its dark
    part holds half of what may come, all of it nine of ten. Winters are shaded.
    """
    title = f"{place} uge for uge"
    if weeks.empty:
        return theme.sentence(title, width=width)
    first = weeks["week"].min()
    last = max([weeks["week"].max() + pd.Timedelta(days=7), *ahead["ends"]])
    lanes = _lanes(measures, first, last, width)
    upper = (lanes["middle"].max() + _LANE / 2 if len(lanes) else 0) + (16 if len(odd) else 4)
    weeks = weeks.assign(whole=weeks["incidents"] + weeks["late"])
    highest = max([weeks["whole"].max(), theme.LEAST_TOP, *ahead["high_90"]])
    unit = _TALLEST / highest
    height = upper + _TALLEST + 1
    y = theme.pixels(height)
    x, axis = alt.X("week:T"), _x(first, last, width)

    def level(counts: pd.Series) -> pd.Series:
        return (height - 1 - counts * unit).round(1)

    bars = weeks.assign(last=weeks["week"] + pd.Timedelta(days=6), y2=level(weeks["incidents"]))
    layers = [
        alt.Chart(_winters(first, last, height))
        .mark_rect(color=_WINTER)
        .encode(axis, alt.X2("last:T"), y, alt.Y2("y2:Q")),
        *_grid(height, highest, unit),
        *_fan(ahead, level, x, height),
        alt.Chart(bars[bars["incidents"] > 0])
        .transform_calculate(y=f"{height - 1}")
        .mark_rect()
        .encode(
            x,
            alt.X2("last:T"),
            y,
            alt.Y2("y2:Q"),
            color=theme.emphasis("datum.chosen"),
            tooltip=[
                alt.Tooltip("week:T", format="%V, fra den %-d. %B %Y", title="Uge"),
                alt.Tooltip("incidents:Q", format=",d", title=theme.COUNTS),
            ],
        ),
        *_late(bars[bars["late"] > 0], level, x, height),
        *_signals(odd, bars, x, height),
        *_bands(lanes, x, height),
    ]
    return alt.layer(
        *layers,
        title=theme.title(_message(place, weeks), _key(weeks, lanes, followed, ahead), width),
        width=width,
        height=height,
        autosize=theme.FIT,
        description=f"{title}. {_told(weeks, measures, odd, ahead)}",
        # On a page it is as wide as that.
        usermeta={"name": title, "fills": True},
    )


def _x(first: pd.Timestamp, last: pd.Timestamp, width: float) -> alt.X:
    """Return the axis of the weeks, on which each half-year begins with its name."""
    days = pd.date_range(first, last - pd.Timedelta(days=31), freq="MS")
    halves = [day for day in days if day.month in (4, 10)]
    is_wide = width / max(len(halves), 1) > 46
    year = "timeFormat(datum.value, '%Y')"
    short = "timeFormat(datum.value, '%y')"
    after = "slice(toString(year(datum.value) + 1), 2)"
    winter = f"['vinter', {year} + '/' + {after}]" if is_wide else f"{short} + '/' + {after}"
    summer = f"['sommer', {year}]" if is_wide else "''"
    return alt.X(
        "week:T",
        scale=alt.Scale(nice=False),
        axis=alt.Axis(
            values=[_vega(day) for day in halves],
            labelExpr=f"month(datum.value) == 9 ? {winter} : {summer}",
            labelAlign="left",
            labelFontSize=11 if is_wide else 10,
            grid=False,
            domain=False,
        ),
        title=None,
    )


def _winters(first: pd.Timestamp, last: pd.Timestamp, height: float) -> pd.DataFrame:
    season, spans = Season.of(first.date()), []
    while season.interval()[0] < last.date():
        starts, ends = map(pd.Timestamp, season.interval("vinter"))
        spans.append({"week": max(starts, first), "last": min(ends, last), "y": 0, "y2": height})
        season = season.next
    spans = [one for one in spans if one["week"] < one["last"]]
    # The picture's ends, of no width, since Vega cannot join a domain of days with ends of spans.
    edges = [{"week": day, "last": day, "y": 0, "y2": height} for day in (first, last)]
    return pd.DataFrame(spans + edges)


def _grid(height: float, highest: float, unit: float) -> list[alt.Chart]:
    """Return lines at whole counts, each with its number."""
    steps = (n * 10**power for power in count() for n in (1, 2, 5))
    step = next(n for n in steps if highest / n <= 4)
    counts = list(range(0, int(highest) + 1, step))
    lines = pd.DataFrame({"count": counts, "y": [height - 1 - n * unit for n in counts]}).round(1)
    base = alt.Chart(lines).encode(theme.pixels(height))
    return [
        base.mark_rule(color=theme.GRID).encode(alt.XValue(0), alt.X2Value("width")),
        base.mark_text(align="right", dx=-4, color=theme.MUTED, fontSize=11).encode(
            alt.XValue(0), alt.Text("count:Q", format=",d")
        ),
    ]


def _fan(ahead: pd.DataFrame, level: object, x: alt.X, height: float) -> list[alt.Chart]:
    if ahead.empty:
        return []
    middle = ahead["starts"] + (ahead["ends"] - ahead["starts"]) / 2
    at = [ahead["starts"].iloc[0], *middle, ahead["ends"].iloc[-1]]
    rows = pd.DataFrame({"week": pd.to_datetime(at).floor("D")})
    for name in ("low_50", "high_50", "low_90", "high_90", "median"):
        values = level(ahead[name])
        rows[name] = [values.iloc[0], *values, values.iloc[-1]]
    base = alt.Chart(rows).encode(x)
    areas = [
        base.mark_area(color=colour, interpolate="monotone", opacity=1).encode(
            theme.pixels(height, f"high_{share}"), alt.Y2(f"low_{share}:Q")
        )
        for share, colour in ((90, _LIGHT), (50, _DARK))
    ]
    line = base.mark_line(
        color=theme.NEUTRAL, strokeWidth=1.5, strokeDash=[4, 3], interpolate="monotone"
    ).encode(theme.pixels(height, "median"))
    return [*areas, line]


def _late(bars: pd.DataFrame, level: object, x: alt.X, height: float) -> list[alt.Chart]:
    """Return what is still to be reported, on top of the weeks' bars."""
    if bars.empty:
        return []
    tops = bars.assign(y=level(bars["whole"]))[["week", "last", "y", "y2", "late"]]
    return [
        alt.Chart(tops)
        .mark_rect(**theme.DOTTED)
        .encode(x, alt.X2("last:T"), theme.pixels(height), alt.Y2("y2:Q"), tooltip=theme.TO_COME)
    ]


def _signals(odd: pd.DataFrame, bars: pd.DataFrame, x: alt.X, height: float) -> list[alt.Chart]:
    if odd.empty:
        return []
    marked = odd.merge(bars[["week", "y2"]], on="week")
    marked = marked.assign(y=marked["y2"] - 7, week=marked["week"] + pd.Timedelta(days=3))
    return [
        alt.Chart(marked[["week", "y", "told"]])
        .mark_point(shape="triangle-down", size=45, filled=True, color=theme.INK, opacity=1)
        .encode(x, theme.pixels(height), tooltip=[alt.Tooltip("told:N", title="Signal")])
    ]


def _lanes(
    measures: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, width: float
) -> pd.DataFrame:
    """Return the measures' bands with their pixels, a row a kind, the first of each with its name.

    The name stands after the band, before it or, where there is room on neither side, above it.
    """
    rows, y = [], 0.0
    a_pixel = (last - first) / width
    shown = measures[(measures["ends"].isna()) | (measures["ends"] >= first)]
    for kind, own in shown.groupby("kind", sort=False):
        places = own["location"].nunique()
        name = kind if places == 1 else f"{kind} ({danish.number(places)} steder)"
        spans = [
            (
                max(one.starts, first),
                last if pd.isna(one.ends) else min(one.ends + pd.Timedelta(days=1), last),
                f"{one.kind} på {one.location}, {_days(one)}",
            )
            for one in own.itertuples()
        ]
        starts, ends = min(one[0] for one in spans), max(one[1] for one in spans)
        room = len(name) * _CHARACTER * a_pixel
        is_after = ends + room <= last
        is_before = not is_after and starts - room >= first
        side = "after" if is_after else "before" if is_before else "above"
        label = y + _LANE / 2
        # A name that fits on neither side has a line of its own.
        y += _LANE * (side == "above")
        for n, (begins, over, told) in enumerate(spans):
            rows.append(
                {
                    "week": begins,
                    "last": min(max(over, begins + _SHORTEST * a_pixel), last),
                    "y": y + (_LANE - _BAND) / 2,
                    "y2": y + (_LANE + _BAND) / 2,
                    "middle": y + _LANE / 2,
                    "told": told,
                    "name": name if n == 0 else "",
                    "label": label,
                    "at": {"after": ends, "before": starts, "above": first}[side],
                    "side": side,
                }
            )
        y += _LANE
    columns = ["week", "last", "y", "y2", "middle", "told", "name", "label", "at", "side"]
    return pd.DataFrame(rows, columns=columns)


def _bands(lanes: pd.DataFrame, x: alt.X, height: float) -> list[alt.Chart]:
    if lanes.empty:
        return []
    bands = (
        alt.Chart(lanes[["week", "last", "y", "y2", "told"]])
        .mark_rect(color=theme.NEUTRAL_BESIDE, stroke=theme.NEUTRAL, strokeWidth=0.5)
        .encode(
            x,
            alt.X2("last:T"),
            theme.pixels(height),
            alt.Y2("y2:Q"),
            tooltip=[alt.Tooltip("told:N", title="Tiltag")],
        )
    )
    layers = [bands]
    for side, align, dx in (("after", "left", 4), ("before", "right", -4), ("above", "left", 2)):
        named = lanes[(lanes["side"] == side) & (lanes["name"] != "")]
        if len(named):
            layers.append(
                alt.Chart(named[["at", "label", "name"]].rename(columns={"at": "week"}))
                .mark_text(align=align, dx=dx, fontSize=11)
                .encode(x, theme.pixels(height, "label"), alt.Text("name:N"))
            )
    return layers


def _days(one: object) -> str:
    return danish.days(one.starts, None if pd.isna(one.ends) else one.ends)


def _message(place: str, weeks: pd.DataFrame) -> str:
    counts = weeks.set_index("week")["incidents"]
    most = counts.max()
    if not most:
        return f"{place}: ingen hændelser"
    chosen = weeks["chosen"].to_numpy()
    if chosen.all() or not chosen.any():
        return f"{place}: højst {incidents(most)} på en uge{_when(counts)}"
    own = counts[chosen]
    return (
        f"{place}: højst {incidents(own.max())} på en uge{_when(own)}, ellers højst "
        f"{danish.number(counts[~chosen].max())}"
    )


def _when(counts: pd.Series) -> str:
    busiest, count = leading(counts)
    return f" ({danish.month(busiest[0])})" if count and len(busiest) == 1 else ""


def _key(weeks: pd.DataFrame, lanes: pd.DataFrame, followed: str, ahead: pd.DataFrame) -> str:
    """Return what the marks at hand mean; `followed` is whose signals there are."""
    darkest = ", den valgte periode mørkest" if not weeks["chosen"].all() else ""
    parts = [
        f"Søjler: hændelser pr. uge{darkest}",
        theme.STILL_TO_COME.capitalize() * bool((weeks["late"] > 0).any()),
        "Bånd: tiltag" if len(lanes) else "",
        f"Trekant: usædvanlig uge for {followed}" if followed else "",
        _FAN * bool(len(ahead)),
        "Grå flade: vinter",
    ]
    return ". ".join(filter(None, parts))


def _told(
    weeks: pd.DataFrame, measures: pd.DataFrame, odd: pd.DataFrame, ahead: pd.DataFrame
) -> str:
    counts = weeks.set_index("week")["incidents"]
    busiest, count = leading(counts)
    first = weeks["week"].min()
    parts = [f"{incidents(int(counts.sum()))} siden {danish.day(first)}"]
    if count:
        parts.append(f"flest på en uge er {danish.number(count)}, fra den {danish.day(busiest[0])}")
    listed = shortened(
        (f"{one.kind} på {one.location} {_days(one)}" for one in measures.itertuples()), "; "
    )
    parts.append(f"tiltag: {listed}" if listed else "ingen tiltag er registreret")
    if len(odd):
        parts.append(f"usædvanlige uger: {shortened(odd['told'], '; ')}")
    if len(ahead):
        low, high = ahead["low_90"].min(), ahead["high_90"].max()
        last = danish.day(ahead["ends"].iloc[-1] - pd.Timedelta(days=1))
        parts.append(
            f"ventet pr. uge til og med {last}: mellem {danish.number(low, 1)} og "
            f"{danish.number(high, 1)}"
        )
    late = theme.late_told(weeks["late"].sum()) if (weeks["late"] > 0).any() else ""
    return f"{danish.capital('. '.join(map(danish.capital, parts)))}.{late}"


def _vega(day: pd.Timestamp) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day)
