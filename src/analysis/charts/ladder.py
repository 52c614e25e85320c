"""The conflict ladder as a figure."""

from textwrap import wrap

import altair as alt
import pandas as pd

from analysis import danish, taxonomy
from analysis.charts import theme
from analysis.headings import HEADINGS
from analysis.names import incidents

_STEP_HEIGHT = 84
_STEP_SHIFT = 34
_LADDER_WIDTH = 452
_BESIDE = _LADDER_WIDTH + 20
_HEIGHT = _STEP_HEIGHT * len(taxonomy.LADDER)
_PIXELS_A_CHARACTER = 5.9


def conflict_ladder(counts: pd.DataFrame | None = None) -> alt.LayerChart:
    """Draw the ladder's four steps, and beside it what stands outside.

    `counts` holds `name, incidents`; its number is then printed on each step.
    """
    title = "Konflikttrappen"
    labels = [category.label for category in taxonomy.LADDER]
    outside = [name for name in taxonomy.SIX_TYPES if name not in labels]
    boxes = pd.DataFrame([*_steps(), *_outside()])
    description = (
        f"{title}: {danish.listing([f'{n}. {name}' for n, name in enumerate(labels, 1)])}. "
        f"Uden for trappen: {danish.listing(outside)}."
    )
    if counts is not None:
        by_name = counts.set_index("name")["incidents"]
        # The five types leave no type out: one that is missing has none. Andet may be one of six.
        by_name = by_name.reindex(list(dict.fromkeys([*taxonomy.CATEGORY_LABELS, *by_name.index])))
        told = {name: incidents(int(count)) for name, count in by_name.fillna(0).items()}
        boxes["number"] = [told.get(name, "") for name in boxes["name"]]
        description += f" {', '.join(f'{name} {count}' for name, count in told.items())}."
    else:
        boxes["number"] = ""
    across = alt.Scale(domain=[0, theme.WIDTH], nice=False)
    base = alt.Chart(boxes).encode(
        alt.X("x:Q").scale(across).axis(None),
        alt.Y("y:Q").scale(domain=[_HEIGHT, 0], nice=False).axis(None),
    )
    boxed = base.encode(
        alt.X2("x2:Q"),
        alt.Y2("y2:Q"),
        tooltip=[
            alt.Tooltip("name:N").title(HEADINGS["category"]),
            alt.Tooltip("number:N").title(theme.COUNTS),
        ],
    )
    look = {"stroke": theme.MUTED, "fill": "#F5F7FA"}
    steps = boxed.transform_filter("datum.step > 0").mark_rect(**look)
    beside = boxed.transform_filter("datum.step === 0").mark_rect(**look, strokeDash=[4, 3])
    edges = (
        base.transform_calculate(edge="datum.x + 8")
        .mark_rect()
        .encode(
            alt.X2("edge:Q"),
            alt.Y2("y2:Q"),
            alt.Color("name:N").scale(theme.scale("category", list(boxes["name"]))).legend(None),
        )
    )
    text = {"align": "left", "baseline": "top", "dx": 18}
    heads = base.mark_text(**text, dy=10, fontSize=13, fontWeight="bold").encode(alt.Text("head:N"))
    right = {"align": "right", "baseline": "top", "dx": -10}
    numbers = base.mark_text(**right, dy=10, fontWeight="bold").encode(
        alt.X("x2:Q").scale(across).axis(None), alt.Text("number:N")
    )
    words = base.mark_text(**text, dy=30, lineBreak="\n", lineHeight=15).encode(alt.Text("text:N"))
    return (steps + beside + edges + heads + numbers + words).properties(
        title=theme.title(
            title,
            "Nederste trin er det laveste konfliktniveau; stiplede felter står uden for trappen",
        ),
        width=theme.WIDTH,
        height=_HEIGHT,
        description=description,
    )


def _steps() -> list[dict]:
    top = len(taxonomy.LADDER)
    return [
        _box(
            category.label,
            category.description,
            step=category.ladder_step,
            left=_STEP_SHIFT * (category.ladder_step - 1),
            right=_LADDER_WIDTH,
            upper=_STEP_HEIGHT * (top - category.ladder_step),
            height=_STEP_HEIGHT - 4,
        )
        for category in taxonomy.LADDER
    ]


def _outside() -> list[dict]:
    described = {
        category.label: category.description
        for category in taxonomy.CATEGORIES
        if not category.ladder_step
    } | {taxonomy.OTHER: taxonomy.OTHER_DESCRIPTION}
    height = _HEIGHT / len(described)
    return [
        _box(
            name,
            description,
            step=0,
            left=_BESIDE,
            right=theme.WIDTH,
            upper=height * n,
            height=height - 4,
        )
        for n, (name, description) in enumerate(described.items())
    ]


def _box(
    name: str, text: str, *, step: int, left: float, right: float, upper: float, height: float
) -> dict:
    room = int((right - left - 28) / _PIXELS_A_CHARACTER)
    return {
        "name": name,
        "head": f"{step}. {name}" if step else name,
        "text": "\n".join(wrap(text, room)),
        "step": step,
        "x": left,
        "x2": right,
        "y": upper,
        "y2": upper + height,
    }
