"""Charts of shares: what part each type has of the incidents, with its uncertainty."""

from itertools import accumulate
from textwrap import wrap

import altair as alt
import numpy as np
import pandas as pd

from analysis.core import danish
from analysis.core.headings import HEADINGS
from analysis.show.charts import theme
from analysis.show.phrases import shortened

_CHARACTER = 6.5
_LINE = 15
_STEP = 24
_STEP_BELOW = 30
# Pixels: between a panel's end and its numbers, of the numbers, and to the next panel.
_CLEAR = 6
_NUMBER = 38
_BETWEEN = 10
# The narrowest panel: the longest word of a type above it.
_LEAST_PANEL = 84
_LEAST_BLOCK = 60


@theme.responsive
def shares(
    df: pd.DataFrame, title: str, *, subtitle: str = "", width: float = theme.WIDTH
) -> alt.Chart | alt.LayerChart:
    """Draw `group, name, incidents, share, low, high`: a panel a type, a row a group, one scale.

    Shares are 0 to 1 of the group's incidents, with their intervals as lines; a group without any
    has a dash. Panels stand side by side, in as many lines as they need, or one below the other
    where there is no room.
    """
    if df.empty or not df["incidents"].any():
        return theme.sentence(title, width=width)
    roomy = theme.is_roomy(width)
    groups, types = list(dict.fromkeys(df["group"])), list(dict.fromkeys(df["name"]))
    rows = df.assign(
        told=[
            danish.UNKNOWN if pd.isna(share) else danish.per_cent(share) for share in df["share"]
        ],
        between=[
            danish.UNKNOWN if pd.isna(low) else f"{danish.interval(low * 100, high * 100)} %"
            for low, high in zip(df["low"], df["high"], strict=True)
        ],
    )
    heads, rows, labels, height = (_beside if roomy else _below)(rows, groups, types, width)
    across = alt.Scale(domain=[0, width], nice=False)
    x, y = alt.X("x:Q", scale=across, axis=None), theme.pixels(height)
    colour = theme.colour("category", types)
    base = alt.Chart(rows).encode(
        x,
        y,
        colour,
        tooltip=[
            alt.Tooltip("group:N", title="Udsnit"),
            alt.Tooltip("name:N", title=HEADINGS["category"]),
            alt.Tooltip("told:N", title=HEADINGS["share"]),
            alt.Tooltip("between:N", title="Usikkerhed"),
            alt.Tooltip("incidents:Q", format=",d", title=theme.COUNTS),
        ],
    )
    lines = base.mark_rule(strokeWidth=2).encode(
        alt.X("from:Q", scale=across, axis=None), alt.X2("to:Q")
    )
    points = base.mark_point(filled=True, size=55, opacity=1)
    numbers = base.mark_text(align="left").encode(
        alt.X("end:Q", scale=across, axis=None), alt.Text("told:N"), color=alt.value(theme.INK)
    )
    zeros = (
        alt.Chart(heads)
        .mark_rule(color=theme.GRID)
        .encode(x, theme.pixels(height, "upper"), alt.Y2("lower:Q"))
    )
    names = (
        alt.Chart(heads)
        .mark_text(
            align="left", baseline="top", lineBreak="\n", lineHeight=_LINE, fontWeight="bold"
        )
        .encode(x, y, alt.Text("label:N"))
    )
    sides = alt.Chart(labels).mark_text(align="left").encode(alt.XValue(0), y, alt.Text("group:N"))
    lead, told = _message(df, groups, types)
    note = "Prik: andel af rækkens hændelser; streg: usikkerhed; fælles skala"
    return alt.layer(
        zeros,
        lines,
        points,
        numbers,
        names,
        sides,
        usermeta={"name": title},
        title=theme.led(lead, title, ". ".join(filter(None, [subtitle, note])), width),
        width=width,
        height=height,
        description=f"{lead}. {told}",
    )


def _beside(
    rows: pd.DataFrame, groups: list[str], types: list[str], width: float
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, float]:
    """Return panels' heads, rows and row labels with their places, and the height, in pixels."""
    left = max(map(len, groups)) * _CHARACTER + 12
    most = rows.groupby("name", sort=False)["high"].max().fillna(0)[types]
    beside = _CLEAR + _NUMBER
    fit = max(1, int((width - left + _BETWEEN) / (_LEAST_PANEL + _BETWEEN)))
    lines = np.array_split(types, -(-len(types) // fit))
    least = _LEAST_PANEL - beside
    unit = min(
        _unit(most[line], width - left - (beside + _BETWEEN) * len(line) + _BETWEEN, least)
        for line in lines
    )
    # Rounded, so that the places are the same on every processor.
    wide = (most * unit).clip(lower=least).round(1)
    upper = _LINE * 2 + 12
    tall = upper + _STEP * len(groups)
    heads = pd.concat(
        pd.DataFrame(
            {
                "label": ["\n".join(wrap(n, int((wide[n] + beside) / _CHARACTER))) for n in line],
                "x": list(accumulate(wide[line[:-1]] + beside + _BETWEEN, initial=left)),
                "y": float(at * (tall + _LINE)),
            },
            index=line,
        )
        for at, line in enumerate(lines)
    ).rename_axis("name")
    start, top = (rows["name"].map(heads[column]) for column in ("x", "y"))
    place = {group: upper + _STEP * (n + 0.5) for n, group in enumerate(groups)}
    placed = _on_scale(rows, start, unit).assign(
        end=start + rows["name"].map(wide) + _CLEAR, y=top + rows["group"].map(place)
    )
    labels = pd.DataFrame(
        [(group, y + place[group]) for y in heads["y"].unique() for group in groups],
        columns=["group", "y"],
    )
    heads = heads.assign(upper=heads["y"] + upper, lower=heads["y"] + tall)
    return heads.reset_index(), placed, labels, float(heads["lower"].max())


def _unit(most: pd.Series, room: float, least: float) -> float:
    """Return the pixels of a whole share where panels are as wide as the highest each shows.

    None is below `least`; together they fill the `room`.
    """
    small = pd.Series(False, index=most.index)
    while not small.all():
        unit = (room - least * small.sum()) / most[~small].sum()
        if not (most[~small] * unit < least).any():
            return unit
        small |= most * unit < least
    return least / most.max()


def _below(
    rows: pd.DataFrame, groups: list[str], types: list[str], width: float
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, float]:
    """Return the same with a block a type, one below the other; long labels above their rows."""
    longest = max(map(len, groups)) * _CHARACTER + 10
    above = longest > width - _LEAST_BLOCK * 2 - _NUMBER - _CLEAR
    left = 0.0 if above else longest
    step = _STEP_BELOW + _LINE * 0.4 if above else _STEP
    wide = width - left - _CLEAR - _NUMBER
    unit = wide / (rows["high"].max() or 1)
    block = _LINE + 8 + step * len(groups) + 14
    tops = {name: n * block for n, name in enumerate(types)}
    heads = pd.DataFrame(
        {
            "name": types,
            "label": types,
            "x": left,
            "y": list(tops.values()),
            "upper": [top + _LINE + 8 for top in tops.values()],
            "lower": [top + block - 14 for top in tops.values()],
        }
    )
    order = {group: n for n, group in enumerate(groups)}
    row_top = rows["name"].map(tops) + _LINE + 8 + rows["group"].map(order) * step
    start = pd.Series(left, index=rows.index)
    placed = _on_scale(rows, start, unit).assign(
        end=left + wide + _CLEAR, y=row_top + (step * 0.75 if above else step / 2)
    )
    labels = pd.DataFrame(
        {"group": rows["group"], "y": row_top + (step * 0.25 if above else step / 2)}
    )
    return heads.assign(x=0.0 if above else left), placed, labels, len(types) * block - 14


def _on_scale(rows: pd.DataFrame, start: pd.Series, unit: float) -> pd.DataFrame:
    places = {"x": "share", "from": "low", "to": "high"}
    return rows.assign(**{key: (start + rows[of] * unit).round(1) for key, of in places.items()})


def _message(df: pd.DataFrame, groups: list[str], types: list[str]) -> tuple[str, str]:
    """Return the commonest type of the last group with any, and every group's shares."""
    by_group = {group: df[df["group"] == group].set_index("name")["share"] for group in groups}
    known = [group for group in groups if by_group[group].notna().all()]
    last = known[-1]
    told = [
        f"{group}: "
        + ", ".join(f"{name} {danish.per_cent(by_group[group][name])}" for name in types)
        for group in known
    ]
    commonest = by_group[last].idxmax()
    share = danish.number(by_group[last].max() * 100)
    return f"{commonest} udgør mest i {last}: {share} %", f"{shortened(told, '; ')}."
