"""The one look of every chart: theme, renderer, colours, Danish locale and the phone's layout."""

import pickle
from collections.abc import Callable
from functools import cache, wraps
from math import isfinite
from textwrap import wrap

import altair as alt
import numpy as np
import pandas as pd
import vl_convert
from altair.utils.schemapi import SchemaBase, debug_mode

from analysis.core import asking, danish, taxonomy
from analysis.core.rounding import rounded
from analysis.show.stored import CHART_TYPE

# The width of a chart with its axes, in pixels: an A4 column, and JupyterLab beside its side bar.
WIDTH = 660
# The same on the narrowest screen that a page must work on, 320 pixels less its margins.
NARROW = 288
# Liberation Sans has the measures of Arial, so a chart is laid out alike everywhere.
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
INK = "#1F2933"
MUTED = "#52606D"
GRID = "#E4E7EB"
NEUTRAL = "#3D5A73"
NEUTRAL_LIGHT = "#C9D6E2"
# What stands beside what a chart is about.
NEUTRAL_BESIDE = "#9DB0BF"

# Each has a contrast of 3:1 or more against white, and any two stay apart (an OKLab distance of
# 0.1 or more) for readers with normal sight, deuteranopia, protanopia and tritanopia.
PALETTE = (
    "#487FE6",
    "#D87B0B",
    "#BC0013",
    "#4E1D25",
    "#6527A4",
    "#1D685F",
    "#9E54A3",
    "#14355C",
    "#010343",
    "#25000F",
)
# Another urotype leaves those of the document, and Andet, the colours that readers know them by.
_DRAWN = (
    taxonomy.UNWANTED,
    taxonomy.SHOUTING,
    taxonomy.THREATS,
    taxonomy.VIOLENCE,
    taxonomy.VANDALISM,
    taxonomy.OTHER,
)
# Colour is for the urotype, and for nothing else.
_COLOURS = dict(zip(dict.fromkeys((*_DRAWN, *taxonomy.CATEGORY_LABELS)), PALETTE, strict=False))
# What every object of JavaScript has: a name that is one of these is sorted as what it has.
_OF_OBJECTS = frozenset(
    [
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    ]
)
# What the axis of a count and its tooltip are called.
COUNTS = "Hændelser"
# A chart as wide as said with its labels; Vega-Lite knows it for charts of one panel only.
FIT = alt.AutoSizeParams(type="fit-x", contains="padding")
# The most values that one chart tells apart.
MOST_NAMES = len(PALETTE)
# A scale of counts ends here at the least, so that one incident does not look like many.
LEAST_TOP = 4
# The label of a month on an axis; May is not abbreviated.
MONTH_LABEL = "timeFormat(datum.value, '%b') + (month(datum.value) == 4 ? '' : '.')"
# What is said where there is nothing to draw.
NOTHING = "Ingen hændelser i udvalget"
# Another period, a line on what is drawn of now, which is seen on a bar too; and how thick it is.
LINE = {"color": INK, "stroke": "white", "strokeWidth": 0.75}
LINE_THICKNESS = 3
# What is still to be reported stands on top of what is.
DOTTED = {"filled": False, "color": INK, "strokeDash": [2, 2], "strokeWidth": 1}
STILL_TO_COME = "prikket: ventes meldt senere"
TO_COME = [alt.Tooltip("late:Q", format=",.1f", title="Ventes meldt senere")]
# More charts than this of one function are not kept.
_MOST = 8
# The axis of names beside their bars: its line would only repeat the bars' ends.
NAMES = alt.Axis(ticks=False, domain=False, labelPadding=6)

Draw = Callable[..., alt.TopLevelMixin]


def responsive(draw: Draw) -> Draw:
    """Let a chart function draw rounded figures, and carry its narrow layout in `usermeta.narrow`.

    So no machine decides otherwise what is filled, or how far an axis goes. In the narrow layout
    each entry is a path into the spec and the value that stands at its end instead. The function
    takes `width`, in pixels; a caller who gives it gets that layout alone. A chart whose title is
    its message says what it is called in `usermeta.name`. What is drawn again, as several notebooks
    of a place do, is a copy of what was drawn.
    """
    earlier: dict[bytes, tuple[type[alt.TopLevelMixin], dict, dict]] = {}

    @wraps(draw)
    def drawn(*args: object, width: float | None = None, **named: object) -> alt.TopLevelMixin:
        # Else each part is held against the schema as it is made; a whole chart is in tests.
        with debug_mode(False), alt.data_transformers.enable("rows"):
            if width is not None:
                return draw(*rounded(args), width=width, **rounded(named))
            asked = pickle.dumps((args, named))
            if asked not in earlier:
                args, named = rounded(args), rounded(named)
                wide = draw(*args, width=WIDTH, **named)
                narrow = draw(*args, width=NARROW, **named)
                spec = wide.to_dict(validate=False)
                other = {"narrow": _differences(spec, narrow.to_dict(validate=False))}
                wide.usermeta = _about(wide) | other
                if len(earlier) == _MOST:
                    del earlier[next(iter(earlier))]
                spec |= {"usermeta": spec.get("usermeta", {}) | other}
                earlier[asked] = type(wide), dict(wide._kwds), spec
                return _shown_as(wide, spec)
            chart, parts, spec = earlier[asked]
            return _shown_as(chart(**parts), spec)

    return drawn


def _shown_as(chart: alt.TopLevelMixin, spec: dict) -> alt.TopLevelMixin:
    """Let a chart show a spec that is made of it, until somebody gives it other parts.

    Making it again, and holding it against the schema, takes as long as drawing it; tests do.
    """
    parts = dict(chart._kwds)

    def shown(**named: object) -> dict:
        if all(chart._kwds[name] is part for name, part in parts.items()):
            return _mimebundle(spec)
        return type(chart)._repr_mimebundle_(chart, **named)

    object.__setattr__(chart, "_repr_mimebundle_", shown)
    return chart


def _about(chart: alt.TopLevelMixin) -> dict:
    return {} if chart.usermeta is alt.Undefined else chart.usermeta


def _differences(wide: object, narrow: object, path: tuple = ()) -> list[list]:
    """Return `[path, value]` for each part of a spec that is another when narrow."""
    if path == ("datasets",):
        # Each is named after its content; one that only the wide layout uses may stay.
        return [[[*path, name], rows] for name, rows in narrow.items() if name not in wide]
    if isinstance(wide, dict) and isinstance(narrow, dict) and wide.keys() == narrow.keys():
        parts = [(key, wide[key], narrow[key]) for key in wide]
    elif isinstance(wide, list) and isinstance(narrow, list) and len(wide) == len(narrow):
        parts = [(n, *both) for n, both in enumerate(zip(wide, narrow, strict=True))]
    else:
        return [] if wide == narrow else [[list(path), narrow]]
    return [found for key, *both in parts for found in _differences(*both, (*path, key))]


def colour(dimension: str, names: list[str]) -> alt.Color | alt.ColorValue:
    """Return the colour of marks whose `name` is of a dimension: each urotype's own, or one."""
    if dimension != "category":
        return alt.ColorValue(NEUTRAL)
    chosen = colours([*taxonomy.WITH_OTHER, *(each for each in names if each not in _COLOURS)])
    scale = alt.Scale(domain=list(chosen), range=list(chosen.values()))
    return alt.Color("name:N", scale=scale, legend=None)


def emphasis(chosen: str) -> alt.ColorValue:
    """Return the colour of marks of which those where an expression holds stand out."""
    return either(alt.ColorValue, chosen, NEUTRAL, NEUTRAL_BESIDE)


def either(channel: type[SchemaBase], test: str, value: object, other: object) -> SchemaBase:
    """Return a channel with one value where an expression holds, and another elsewhere."""
    # With alt.when it would be held against the schema.
    return channel(other, condition={"test": test, "value": value})


def colours(urotypes: list[str]) -> dict[str, str]:
    """Return the colour of each urotype, the same in every chart; other names have the neutral."""
    return {name: _COLOURS.get(name, NEUTRAL) for name in urotypes}


def counts(most: int, ticks: int = 6) -> dict:
    """Return scale and axis of counts up to `most`: whole numbers, from 0, about so many ticks."""
    top = max(int(most), LEAST_TOP)
    axis = alt.Axis(format=",d", tickCount=ticks)
    if top <= ticks:
        # Left to itself, Vega would put ticks at halves.
        axis = alt.Axis(format=",d", values=list(range(top + 1)))
    return {"scale": alt.Scale(domain=[0, top], nice=top > ticks), "axis": axis}


def is_roomy(width: float) -> bool:
    """Return whether names fit beside their bars."""
    return width >= WIDTH * 2 / 3


def pixels(height: float, field: str = "y") -> alt.Y:
    """Return the encoding of a field that holds pixels from the chart's upper edge."""
    # Setting these by methods takes ten times as long, and every layer has one.
    scale = alt.Scale(domain=[height, 0], nice=False, zero=False)
    return alt.Y(f"{field}:Q", scale=scale, axis=None)


def title(text: str, subtitle: str = "", width: float = WIDTH) -> alt.TitleParams:
    """Return a chart's title and what stands under it, in as many lines as the width asks for."""
    lines = wrap(text, int(width / 8))
    below = wrap(subtitle, int(width / 6))
    given = {"subtitle": below if len(below) > 1 else below[0]} if below else {}
    return alt.TitleParams(lines if len(lines) > 1 else text, **given)


def led(lead: str, text: str, note: str, width: float) -> alt.TitleParams:
    """Return a chart's message as its title, and under it what is drawn and how it is read."""
    below = ". ".join(filter(None, [text if lead else "", note]))
    return title(lead or text, below, width)


def below(*parts: str, before: tuple[str, object] | None = None) -> str:
    """Return what stands under a chart's message; `before` is whose the thin lines are."""
    line = f"tynd streg: {before[0]}" if before else ""
    return danish.capital("; ".join(filter(None, [*parts[:1], line, *parts[1:]])))


def late_told(late: float) -> str:
    """Return how many are still to be reported, as a sentence after others."""
    return f" Desuden ventes ca. {danish.number(late)} meldt senere."


def sentence(text: str, said: str = NOTHING, width: float = WIDTH) -> alt.Chart:
    """Return what stands in place of a chart with nothing, or one thing, to draw."""
    lines = wrap(said, int(width / 7))
    return (
        alt.Chart(alt.InlineData([{}]))
        .mark_text(text=lines if len(lines) > 1 else said, fontSize=14, lineHeight=18, align="left")
        .encode(alt.XValue(0))
        .properties(
            title=title(text, width=width),
            width=width,
            height=18 * len(lines) + 6,
            description=f"{text}. {said}.",
        )
    )


@cache
def _locale() -> dict:
    return {
        "number": vl_convert.get_format_locale("da-DK"),
        "time": vl_convert.get_time_format_locale("da-DK"),
    }


def _theme() -> alt.theme.ThemeConfig:
    locale = _locale()
    text = {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "titleColor": MUTED}
    return {
        "usermeta": {
            "embedOptions": {
                "actions": False,
                "renderer": "svg",
                "formatLocale": locale["number"],
                "timeFormatLocale": locale["time"],
            }
        },
        "config": {
            # The description is read aloud; the parts would be, in English.
            "aria": False,
            "background": "white",
            "font": FONT,
            "axis": {
                **text,
                "titleFontWeight": "normal",
                "titlePadding": 8,
                "gridColor": GRID,
                "domainColor": MUTED,
                "tickColor": MUTED,
                "labelLimit": WIDTH // 3,
                "labelSeparation": 6,
            },
            "axisX": {"labelAngle": 0, "grid": False},
            # Names below bars, which would lie on each other; what is short says so itself.
            "axisXDiscrete": {"labelAngle": -45, "labelAlign": "right"},
            "text": {"fontSize": 12, "color": INK},
            # An analyst's own chart says no colour and no width.
            **{
                mark: {"color": NEUTRAL}
                for mark in ("arc", "area", "bar", "circle", "line", "point")
            },
            "range": {"category": list(PALETTE)},
            "title": {
                "anchor": "start",
                "frame": "bounds",
                "color": INK,
                "fontSize": 15,
                "subtitleColor": MUTED,
                "subtitleFontSize": 12,
                "subtitlePadding": 4,
                "offset": 12,
            },
            "view": {"stroke": None, "continuousWidth": WIDTH - 60, "discreteWidth": {"step": 40}},
        },
    }


def noted(spec: dict, note: str, name: str = "") -> dict:
    """Return a chart's spec with a note as the last lines under its title, or under `name`."""
    title = spec.get("title") or name
    title = title if isinstance(title, dict) else {"text": title}
    below = title.get("subtitle", [])
    below = [below] if isinstance(below, str) else below
    width = spec.get("width")
    width = int(width if isinstance(width, int | float) else WIDTH)
    # With names beside it a chart is wider than its own width, as the lines above are.
    line = max(width // 6, *map(len, below)) if below else width // 6
    return spec | {"title": title | {"subtitle": [*below, *wrap(note, line)]}}


def drawable(spec: dict) -> dict:
    """Return a spec that every machine draws alike: rounded, and no name a word of JavaScript's."""
    return _renamed(rounded(spec))


def _renamed(value: object) -> object:
    if isinstance(value, dict):
        return {key: _renamed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each) for each in value]
    return f"{value}\u200b" if isinstance(value, str) and value in _OF_OBJECTS else value


def plain(spec: dict) -> dict:
    """Return the spec of a notebook's chart without what the notebook was run with."""
    about = dict(spec.get("usermeta", {}))
    if "title" not in about:
        return spec
    title = about.pop("title")
    return {key: value for key, value in spec.items() if key != "title"} | (
        {"usermeta": about} | ({"title": title} if title else {})
    )


def _mimebundle(spec: dict, **_: object) -> dict:
    if note := asking.running():
        about = spec.get("usermeta", {}) | {"title": spec.get("title", "")}
        spec = noted(spec | {"usermeta": about}, note)
    return {
        CHART_TYPE: drawable(spec),
        "text/plain": spec.get("description", ""),
    }


def _rows(data: object) -> object:
    """Return a table's rows as Altair's own transformer does, which takes four times as long."""
    if not isinstance(data, pd.DataFrame):
        return alt.to_values(data)
    columns = [_values(data[name]) for name in data]
    return {"values": [dict(zip(data, row, strict=True)) for row in zip(*columns, strict=True)]}


def _values(column: pd.Series) -> list:
    # Of a type of pandas' own a value may be missing.
    kind = column.dtype.kind if isinstance(column.dtype, np.dtype) else ""
    if kind and kind in "iub":
        return column.tolist()
    if kind == "M":
        return ["" if pd.isna(each) else each.isoformat() for each in column]
    if kind == "f":
        return [each if isfinite(each) else None for each in column.tolist()]
    return column.astype(object).where(column.notna(), None).tolist()


alt.data_transformers.register("rows", _rows)


def enable() -> None:
    """Draw every Altair chart of this process with the project's theme and renderer."""
    alt.theme.register("barometer", enable=True)(_theme)
    alt.renderers.register("barometer", _mimebundle)
    alt.renderers.enable("barometer")
