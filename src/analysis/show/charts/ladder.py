"""The conflict ladder as a figure."""

from textwrap import wrap

import altair as alt
import pandas as pd

from analysis.core import danish, taxonomy
from analysis.core.headings import HEADINGS
from analysis.show.charts import theme
from analysis.show.phrases import figures, incidents, message

_PIXELS_A_CHARACTER = 5.9
_LINE = 15
_HEAD = 34
_BETWEEN = 4
_STEP_SHIFT = 34
_STEP_SHIFT_NARROW = 10
_LADDER_WIDTH = 452
_BESIDE = _LADDER_WIDTH + 20


@theme.responsive
def conflict_ladder(
    counts: pd.DataFrame | None = None, *, width: float = theme.WIDTH
) -> alt.LayerChart:
    """Draw the types on the ladder's steps, and beside it, or below it, what stands outside.

    `counts` holds `name, incidents`; its number is then printed with each. Types that share a step
    begin equally far to the right.
    """
    title = "Konflikttrappen"
    boxes, height = _boxes(theme.is_roomy(width), width)
    lead, told = _told(counts)
    if counts is not None:
        in_words = {name: incidents(count) for name, count in _counted(counts).items()}
        boxes["number"] = [in_words.get(name, "") for name in boxes["name"]]
        boxes["counted"] = boxes["number"].replace("", f"Tælles med under {taxonomy.UNWANTED}")
    else:
        boxes["number"] = ""
    across = alt.Scale(domain=[0, width], nice=False)
    tooltip = [alt.Tooltip("name:N", title=HEADINGS["category"])]
    if counts is not None:
        tooltip.append(alt.Tooltip("counted:N", title=HEADINGS["incidents"]))
    base = alt.Chart().encode(
        alt.X("x:Q", scale=across, axis=None), theme.pixels(height), tooltip=tooltip
    )
    boxed = base.encode(alt.X2("x2:Q"), alt.Y2("y2:Q"))
    look = {"stroke": theme.MUTED, "fill": "#F5F7FA"}
    steps = boxed.transform_filter("datum.step > 0").mark_rect(**look)
    outside = boxed.transform_filter("datum.step === 0").mark_rect(**look, strokeDash=[4, 3])
    edges = (
        base.transform_calculate(edge="datum.x + 8")
        .mark_rect()
        .encode(
            alt.X2("edge:Q"),
            alt.Y2("y2:Q"),
            theme.colour("category", list(boxes["name"])),
        )
    )
    text = {"align": "left", "baseline": "top", "dx": 18}
    heads = base.mark_text(**text, dy=10, fontSize=13, fontWeight="bold").encode(alt.Text("head:N"))
    right = {"align": "right", "baseline": "top", "dx": -8}
    numbers = base.mark_text(**right, dy=10, fontWeight="bold").encode(
        alt.X("x2:Q", scale=across, axis=None), alt.Text("number:N")
    )
    words = base.mark_text(**text, dy=30, lineBreak="\n", lineHeight=_LINE).encode(
        alt.Text("text:N")
    )
    subtitle = "Nederste trin er det laveste konfliktniveau; stiplede felter står uden for trappen"
    return alt.layer(
        steps,
        outside,
        edges,
        heads,
        numbers,
        words,
        data=boxes,
        usermeta={"name": title},
        title=theme.led(lead, title, subtitle, width),
        width=width,
        height=height,
        description=f"{lead or title}. {told}",
    )


def _counted(counts: pd.DataFrame) -> pd.Series:
    # A type that is missing has no incidents. Andet may be drawn out as one more.
    by_name = counts.set_index("name")["incidents"]
    labels = list(dict.fromkeys([*taxonomy.CATEGORY_LABELS, *by_name.index]))
    return by_name.reindex(labels).fillna(0).astype("int64")


def _told(counts: pd.DataFrame | None) -> tuple[str, str]:
    """Return which type there is most of, "" without counts, and all of the ladder in words."""
    steps = [f"{step}. {danish.listing(labels)}" for step, labels in taxonomy.STEPS.items()]
    outside = [each.label for each in taxonomy.OFF_LADDER]
    ladder = (
        f"Fra lavest til højest: {danish.listing(steps)}. "
        f"Uden for trappen: {danish.listing([*outside, taxonomy.OTHER])}."
    )
    if counts is None:
        return "", ladder
    counted = _counted(counts)
    if not counted.any():
        return theme.NOTHING, ladder
    return message(counted, "category"), f"{figures(counted)}. {ladder}"


def _boxes(roomy: bool, width: float) -> tuple[pd.DataFrame, float]:
    """Return the boxes with their places and the figure's height, in pixels.

    The highest step stands at the top. What is outside stands to the right, or below.
    """
    shift = _STEP_SHIFT if roomy else _STEP_SHIFT_NARROW
    right = _LADDER_WIDTH if roomy else width
    steps = [
        _box(
            category.label,
            category.description,
            step=category.ladder_step,
            left=shift * (category.ladder_step - 1),
            right=right,
        )
        for category in reversed(taxonomy.LADDER)
    ]
    outside = [
        _box(one.label, one.description, step=0, left=_BESIDE if roomy else 0, right=width)
        for one in (*taxonomy.OFF_LADDER, taxonomy.FORM["subcategory"][taxonomy.OTHER])
    ]
    if not roomy:
        boxes = pd.DataFrame([*steps, *outside])
        # The ladder ends before what stands outside begins.
        apart = (boxes["step"] == 0) & (boxes["step"].shift() > 0)
        ends = (boxes["tall"] + _BETWEEN + apart * 3 * _BETWEEN).cumsum() - _BETWEEN
        boxes["y"], boxes["y2"] = ends - boxes["tall"], ends
        return boxes, float(ends.iloc[-1])
    tall = max(box["tall"] for box in steps)
    height = len(steps) * (tall + _BETWEEN) - _BETWEEN
    parts = [
        pd.DataFrame(part).assign(
            y=[n * (height + _BETWEEN) / len(part) for n in range(len(part))],
            y2=[(n + 1) * (height + _BETWEEN) / len(part) - _BETWEEN for n in range(len(part))],
        )
        for part in (steps, outside)
    ]
    return pd.concat(parts, ignore_index=True), height


def _box(name: str, text: str, *, step: int, left: float, right: float) -> dict:
    lines = wrap(text, int((right - left - 28) / _PIXELS_A_CHARACTER))
    return {
        "name": name,
        "head": f"{step}. {name}" if step else name,
        "text": "\n".join(lines),
        "step": step,
        "x": left,
        "x2": right,
        "tall": _HEAD + _LINE * len(lines),
    }
