"""The chart of a place's week: its open hours, its shifts, and the incidents in them."""

from math import ceil
from textwrap import wrap
from typing import NamedTuple

import altair as alt
import pandas as pd

from analysis.core import danish
from analysis.show import shading
from analysis.show.charts import theme
from analysis.show.phrases import figures, incidents, most

WEEKDAY_HEADINGS = [day.capitalize() for day in danish.WEEKDAYS]
# A day's row with its hours in it, an hour's row with the days in it, and what is left of them.
_ROW = 30
_ROW_NARROW = 22
_LEFT = 64
_LEFT_NARROW = 40
# What a team's outline keeps from the next one's, and the lines that tell the teams.
_INSET = 2.5
_KEY_GAP = 20
_KEY_LINE = 15
_KEY_TEXT = 28
_KEY_CHARACTER = 6.2
_OPEN = "#E9ECF0"
# A team has a pattern of its own.
_DASHES = ([1, 0], [6, 3], [2, 2], [9, 3, 2, 3])


@theme.responsive
def week(
    grid: pd.DataFrame, shifts: pd.DataFrame, place: str, *, width: float = theme.WIDTH
) -> alt.Chart | alt.LayerChart:
    """Draw the hours of a week with their incidents, and each team's hours as an outline.

    `grid` is `weekday, hour, incidents, hours` (hours open) of all 168, `shifts` is `team, weekday,
    starts, ends` (hours from the weekday's midnight, past 24 into the next day) and `shared`; the
    teams of several locations, whose outlines would lie on each other, are left out.
    """
    title = f"Hændelser efter ugedag og time, {place}"
    if not grid["incidents"].any():
        return theme.sentence(title, width=width)
    outlines = _outlines(shifts if shifts["location"].nunique() == 1 else shifts.iloc[:0])
    sheet = _sheet(grid, outlines, width)
    cells = grid[grid["hour"].between(sheet.first, sheet.last)].assign(
        day=lambda df: [WEEKDAY_HEADINGS[n - 1] for n in df["weekday"]],
        clock=lambda df: [danish.hours(hour, hour + 1) for hour in df["hour"]],
    )
    cells = cells.join(
        sheet.boxes(cells["weekday"] - 1, cells["weekday"], cells["hour"], cells["hour"] + 1)
    )
    top = int(grid["incidents"].max())
    keys = _keys(outlines, sheet.height + _KEY_GAP, width)
    height = float(keys["bottom"].max()) if len(keys) else sheet.height
    across = alt.Scale(domain=[0, width], nice=False, zero=False)

    def boxes(frame: pd.DataFrame) -> alt.Chart:
        return alt.Chart(frame).encode(
            alt.X("x:Q", scale=across, axis=None),
            theme.pixels(height),
            alt.X2("x2:Q"),
            alt.Y2("y2:Q"),
        )

    def words(frame: pd.DataFrame, **look: object) -> alt.Chart:
        return (
            alt.Chart(frame)
            .mark_text(**look)
            .encode(
                alt.X("x:Q", scale=across, axis=None), theme.pixels(height), alt.Text("label:N")
            )
        )

    tooltip = [
        alt.Tooltip("day:N", title="Ugedag"),
        alt.Tooltip("clock:N", title="Time"),
        alt.Tooltip("incidents:Q", format=",d", title=theme.COUNTS),
    ]
    filled = boxes(cells).encode(tooltip=tooltip)
    layers = [
        filled.transform_filter("datum.hours > 0").mark_rect(color=_OPEN, stroke="white"),
        filled.transform_filter("datum.incidents > 0")
        .mark_rect(stroke="white")
        .encode(
            alt.Color(
                "incidents:Q",
                scale=alt.Scale(
                    type="sqrt", domain=[0, top], range=list(shading.RAMP), interpolate="rgb"
                ),
                legend=None,
            )
        ),
        words(_numbers(cells)).encode(
            color=theme.either(
                alt.ColorValue,
                f"datum.incidents > {shading.white_text_from() ** 2 * top}",
                "white",
                "black",
            )
        ),
        words(sheet.days, align=sheet.align, baseline="middle"),
        words(sheet.hours, align="right" if sheet.align == "center" else "center"),
    ]
    for n, (team, part) in enumerate(outlines.groupby("team", sort=False)):
        rows = sheet.boxes(part["day"], part["day2"], part["starts"], part["ends"], _INSET * n)
        drawn = pd.concat([rows, keys.loc[[team], list(rows)]]).assign(team=team)
        outlined = boxes(drawn).encode(tooltip=[alt.Tooltip("team:N", title="Vagt")])
        dash = _DASHES[n % len(_DASHES)]
        layers += [
            # White beneath keeps the line apart from dark cells.
            outlined.mark_rect(filled=False, stroke="white", strokeWidth=4),
            outlined.mark_rect(filled=False, stroke=theme.INK, strokeWidth=2.2, strokeDash=dash),
        ]
    if len(keys):
        told = keys.assign(x=_KEY_TEXT, y=keys["top"])[["x", "y", "label"]]
        look = {"align": "left", "baseline": "top", "lineBreak": "\n", "lineHeight": _KEY_LINE}
        layers.append(words(told, **look))
    lead, told = _week_told(grid, outlines)
    subtitle = "Mørkere felt: flere hændelser. Grå felter er åbningstid, hvide er uden for den"
    if len(keys):
        subtitle += ". Rammerne er vagternes timer"
    return alt.layer(
        *layers,
        usermeta={"name": title},
        # Of a district or the city this is drawn of one of its places.
        title=theme.led(f"{place}: {lead}", "Hændelser efter ugedag og time", subtitle, width),
        width=width,
        height=height,
        autosize=theme.FIT,
        description=f"{place}: {lead}. {told}",
    )


class _Sheet(NamedTuple):
    """Where the hours of the week lie: `first` to `last` hour, and the labels of days and hours.

    Days are rows where there is room, else columns; `left` and `top` is the corner, `a_day` and
    `an_hour` the pixels of each, `align` how the days' names stand.
    """

    first: int
    last: int
    is_wide: bool
    left: float
    top: float
    a_day: float
    an_hour: float

    @property
    def height(self) -> float:
        """The lower edge."""
        many, each = (7, self.a_day) if self.is_wide else (self.last - self.first + 1, self.an_hour)
        return self.top + many * each

    @property
    def align(self) -> str:
        """How the days' names stand."""
        return "left" if self.is_wide else "center"

    def boxes(
        self,
        day: pd.Series,
        day2: pd.Series,
        hour: pd.Series,
        hour2: pd.Series,
        inset: float = 0,
    ) -> pd.DataFrame:
        """Return `x, x2, y, y2` of spans of days (0 is Monday) and hours, `inset` on each side."""
        days = [day * self.a_day + inset, day2 * self.a_day - inset]
        times = [(each - self.first) * self.an_hour for each in (hour, hour2)]
        times = [times[0] + inset, times[1] - inset]
        across, down = (times, days) if self.is_wide else (days, times)
        found = {"x": self.left + across[0], "x2": self.left + across[1]}
        found |= {"y": self.top + down[0], "y2": self.top + down[1]}
        return pd.DataFrame(found).round(1)

    @property
    def days(self) -> pd.DataFrame:
        """The weekdays' names and their places."""
        middle = [(n + 0.5) * self.a_day for n in range(7)]
        if self.is_wide:
            return pd.DataFrame(
                {"x": 0, "y": [self.top + each for each in middle], "label": WEEKDAY_HEADINGS}
            )
        names = [day[:3] for day in WEEKDAY_HEADINGS]
        return pd.DataFrame(
            {"x": [self.left + each for each in middle], "y": self.top - 10, "label": names}
        )

    @property
    def hours(self) -> pd.DataFrame:
        """The hours at which a cell begins and their places, every second one."""
        shown = range(self.first + self.first % 2, self.last + 2, 2)
        places = [(hour - self.first) * self.an_hour for hour in shown]
        labels = [str(hour) for hour in shown]
        if self.is_wide:
            return pd.DataFrame(
                {"x": [self.left + each for each in places], "y": self.top - 8, "label": labels}
            )
        labels = [f"kl. {label}" for label in labels]
        return pd.DataFrame(
            {"x": self.left - 6, "y": [self.top + each for each in places], "label": labels}
        )


def _sheet(grid: pd.DataFrame, outlines: pd.DataFrame, width: float) -> _Sheet:
    used = grid["hour"][(grid["incidents"] > 0) | (grid["hours"] > 0)]
    first = int(min([used.min(), *outlines["starts"]]))
    last = int(max([used.max(), *(ceil(each) - 1 for each in outlines["ends"])]))
    is_wide = theme.is_roomy(width)
    left, top = (_LEFT, 20) if is_wide else (_LEFT_NARROW, 20)
    # The last hour's label reaches half over the edge.
    room = width - left - (8 if is_wide else 1)
    many = last - first + 1
    a_day, an_hour = (_ROW, room / many) if is_wide else (room / 7, _ROW_NARROW)
    return _Sheet(first, last, is_wide, left, top, a_day, an_hour)


def _numbers(cells: pd.DataFrame) -> pd.DataFrame:
    happened = cells[cells["incidents"] > 0]
    return pd.DataFrame(
        {
            "x": (happened["x"] + happened["x2"]) / 2,
            "y": (happened["y"] + happened["y2"]) / 2,
            "label": happened["incidents"].map(danish.number),
            "incidents": happened["incidents"],
        }
    )


def _outlines(shifts: pd.DataFrame) -> pd.DataFrame:
    """Return `team, shared, label, day, day2, starts, ends`: weekdays in a row with equal hours.

    `day` is 0 for Monday; what goes past midnight is a span of the next day.
    """
    rows = []
    plan = shifts.drop_duplicates(["team", "weekday", "starts", "ends"])
    for team, mine in plan.groupby("team", sort=False):
        shared = bool(mine["shared"].any())
        parts: dict[tuple[float, float], set[int]] = {}
        for one in mine.itertuples(index=False):
            day = one.weekday - 1
            parts.setdefault((one.starts, min(one.ends, 24.0)), set()).add(day)
            if one.ends > 24:
                parts.setdefault((0.0, one.ends - 24), set()).add((day + 1) % 7)
        label = f"{team}: {_hours_told(mine)}"
        for (starts, ends), days in parts.items():
            for first in sorted(day for day in days if day - 1 not in days):
                after = next(day for day in range(first + 1, 9) if day not in days)
                rows.append((team, shared, label, first, after, starts, ends))
    columns = ["team", "shared", "label", "day", "day2", "starts", "ends"]
    return pd.DataFrame(rows, columns=columns)


def _hours_told(plan: pd.DataFrame) -> str:
    """Return a team's plan in words: "mandag–torsdag kl. 13–17"."""
    told = []
    for (starts, ends), part in plan.groupby(["starts", "ends"]):
        told.append(f"{danish.weekdays(part['weekday'])} {danish.hours(starts, ends)}")
    return danish.listing(told)


def _keys(outlines: pd.DataFrame, top: float, width: float) -> pd.DataFrame:
    """Return a line for each team, indexed by it: its sample `x, x2, y, y2`, and its `label`.

    `top` is where the first begins, each has its own `top` and `bottom`, in pixels.
    """
    rows = []
    for team, part in outlines.groupby("team", sort=False):
        shared = " (højst; vagten deles med andre lokationer)" if part["shared"].any() else ""
        text = part["label"].iloc[0] + shared
        lines = wrap(text, int((width - _KEY_TEXT) / _KEY_CHARACTER))
        bottom = top + _KEY_LINE * len(lines) + 6
        rows.append((team, 2, 20, top, top + 11, "\n".join(lines), top, bottom))
        top = bottom
    columns = ["team", "x", "x2", "y", "y2", "label", "top", "bottom"]
    return pd.DataFrame(rows, columns=columns).set_index("team")


def _week_told(grid: pd.DataFrame, outlines: pd.DataFrame) -> tuple[str, str]:
    """Return the busiest day and hour, and the figures of each day."""
    total = int(grid["incidents"].sum())
    by_day = (
        grid.groupby("weekday")["incidents"].sum().rename(lambda day: WEEKDAY_HEADINGS[day - 1])
    )
    by_hour = grid.groupby("hour")["incidents"].sum()
    busiest = most(by_day, "på {} ugedage", str.lower)
    hour = most(by_hour, "i {} timer", lambda hour: danish.hours(hour, hour + 1))
    teams = "; ".join(outlines["label"].unique()) or "ingen"
    return (
        f"{incidents(total)} med kendt klokkeslæt: {busiest} og {hour}",
        f"{figures(by_day)}. Vagter på stedet: {teams}.",
    )
