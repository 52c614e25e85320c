"""The one look of every chart: theme, renderer, colours and Danish locale."""

from functools import cache

import altair as alt
import vl_convert

from analysis import taxonomy
from analysis.headings import BLANK, REST

# The width of a chart with its axes, in pixels: an A4 column, and JupyterLab beside its side bar.
WIDTH = 660
# Liberation Sans has the measures of Arial, so a chart is laid out alike everywhere.
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
INK = "#1F2933"
MUTED = "#52606D"
GRID = "#E4E7EB"
NEUTRAL = "#3D5A73"
NEUTRAL_LIGHT = "#C9D6E2"
# From few to many, of counts in a matrix or on a map.
RAMP = ("#EDF3FA", "#12396B")

# Each has a contrast of 3:1 or more against white, and any two stay apart (an OKLab distance of
# 0.1 or more) for readers with normal sight, deuteranopia and protanopia.
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
    "#170D01",
)
_BLANK_COLOUR = "#8A8A8A"
_REST_COLOUR = "#5F6670"
_TYPES = dict(zip(taxonomy.SIX_TYPES, PALETTE, strict=False))
# Andet is the same thing as a subcategory and as a sixth type.
_COLOURS = {
    **{kind: dict(zip(labels, PALETTE, strict=False)) for kind, labels in taxonomy.LABELS.items()},
    "category": _TYPES,
    "subcategory": dict(zip(taxonomy.LABELS["subcategory"], PALETTE, strict=False))
    | {taxonomy.OTHER: _TYPES[taxonomy.OTHER]},
}
# What the axis of a count and its tooltip are called.
COUNTS = "Hændelser"
# A chart as wide as said with its labels; Vega-Lite knows it for charts of one panel only.
FIT = alt.AutoSizeParams(type="fit-x", contains="padding")
# The most values that one chart tells apart.
MOST_NAMES = len(PALETTE)


def colours(dimension: str, names: list[str]) -> dict[str, str]:
    """Return the colour of each name, the same for a label of the taxonomy in every chart.

    Names outside the taxonomy take what the palette has left, in their order; blanks are grey.
    """
    known = _COLOURS.get(dimension, {})
    fixed = {BLANK: _BLANK_COLOUR, REST: _REST_COLOUR, **known}
    left = [colour for colour in PALETTE if colour not in known.values()] or list(PALETTE)
    strangers = [name for name in names if name not in fixed]
    free = {name: left[n % len(left)] for n, name in enumerate(strangers)}
    return {name: (fixed | free)[name] for name in names}


def scale(dimension: str, names: list[str]) -> alt.Scale:
    """Return the colour scale of a dimension: all types for the types, else the names at hand."""
    if dimension == "category":
        names = [*taxonomy.SIX_TYPES, *(name for name in names if name not in taxonomy.SIX_TYPES)]
    chosen = colours(dimension, names)
    return alt.Scale(domain=list(chosen), range=list(chosen.values()))


def legend(names: list[str]) -> alt.Legend:
    """Return a legend above the chart that shows `names`, in as many columns as there is room."""
    widths = [len(name) * 6.6 + 32 for name in names]
    columns = next(
        count
        for count in range(len(names), 0, -1)
        if count == 1 or sum(max(widths[n::count]) for n in range(count)) < WIDTH
    )
    return alt.Legend(title=None, orient="top", values=names, columns=columns, symbolType="square")


def whole(ticks: int = 6) -> alt.Axis:
    """Return an axis of whole numbers with about so many ticks."""
    # Where counts are small, ticks stand at halves too; these stay without a number.
    label = "datum.value % 1 === 0 ? format(datum.value, ',d') : ''"
    return alt.Axis(labelExpr=label, tickMinStep=1, tickCount=ticks)


def label_room(labels: list[str]) -> int:
    """Return the width of the longest label in pixels, at most a third of the chart."""
    return min(WIDTH // 3, round(max(map(len, labels), default=0) * 6.4) + 8)


def title(text: str, subtitle: str | list[str] = "") -> alt.TitleParams:
    """Return a chart's title and what stands under it."""
    return alt.TitleParams(text, subtitle=subtitle) if subtitle else alt.TitleParams(text)


def empty(text: str) -> alt.Chart:
    """Return the chart of a selection that holds no incidents."""
    message = "Ingen hændelser i udvalget"
    return (
        alt.Chart(alt.InlineData([{}]), title=text, description=f"{text}. {message}.")
        .mark_text(text=message, fontSize=14, color=MUTED)
        .properties(width=WIDTH, height=60)
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
            },
            "axisX": {"labelAngle": 0, "grid": False},
            "header": {"labelFontSize": 13, "labelFontWeight": "bold", "labelColor": INK},
            "legend": {"labelFontSize": 12, "labelColor": INK, "labelLimit": 0, "rowPadding": 4},
            "text": {"fontSize": 12, "color": INK},
            "title": {
                "anchor": "start",
                "frame": "group",
                "color": INK,
                "fontSize": 15,
                "subtitleColor": MUTED,
                "subtitleFontSize": 12,
                "subtitlePadding": 4,
                "offset": 12,
            },
            "view": {"stroke": None},
        },
    }


def _mimebundle(spec: dict, **_: object) -> dict:
    # JupyterLab draws this type by itself, offline, and no v6 type; notebook tools keep it.
    return {
        "application/vnd.vegalite.v5+json": spec,
        "text/plain": spec.get("description", ""),
    }


def enable() -> None:
    """Draw every Altair chart of this process with the project's theme and renderer."""
    alt.theme.register("barometer", enable=True)(_theme)
    alt.renderers.register("barometer", _mimebundle)
    alt.renderers.enable("barometer")


def luminance(colour: str) -> float:
    """Return the relative luminance of "#RRGGBB", 0 (black) to 1 (white), as WCAG 2 defines it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def shade(share: float) -> str:
    """Return the ramp's colour at a share from 0 to 1 of the way."""
    ends = [[int(colour[n : n + 2], 16) for n in (1, 3, 5)] for colour in RAMP]
    return "#" + "".join(
        f"{round(low + (high - low) * share):02X}" for low, high in zip(*ends, strict=True)
    )


def white_text_from() -> float:
    """Return the share of the ramp from which white text reads better than black.

    There both have a contrast of 4.5:1 (WCAG 2, level AA); the luminance is 0.179.
    """
    return next(n / 1000 for n in range(1001) if luminance(shade(n / 1000)) < 0.179)
