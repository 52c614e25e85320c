"""What everybody may see, as tables: each count as the step that it lies on."""

import pandas as pd
from pandas import DataFrame

from analysis.core import danish, headings
from analysis.core.headings import TOTAL
from analysis.public.protection import STEP

HEADINGS = headings.HEADINGS | {
    "quarter": "Kvartal",
    "hour": "Tidspunkt på dagen",
    "period": "Periode",
    "told": "Hændelser",
    "place": "Sted",
}
LEFT_OUT = "Ikke vist"


def step(at_least: float) -> str:
    """Return a step in words: "85–89", "under 5", or that it is left out."""
    if pd.isna(at_least):
        return LEFT_OUT
    if not at_least:
        return f"under {STEP}"
    return danish.interval(at_least, at_least + STEP - 1)


def stepped(found: DataFrame) -> DataFrame:
    """Return `name, at_least, below, told` of `name, at_least`: what a chart of steps draws."""
    return found[["name", "at_least"]].assign(
        below=found["at_least"] + STEP, told=[step(each) for each in found["at_least"]]
    )


def of(found: DataFrame, dimension: str) -> DataFrame:
    """Return `name, at_least, below, told` of a dimension in `figures.of_place`."""
    return stepped(found[found["dimension"] == dimension])


def told(stepped: DataFrame, name: str) -> DataFrame:
    """Return what a chart of steps draws as a table: `name`, called so, and `told`."""
    return stepped[["name", "told"]].rename(columns={"name": name})


def places_table(found: DataFrame) -> DataFrame:
    """Return `place` and a column of steps for all and each urotype, of `figures.places`."""
    columns = dict.fromkeys(found["name"].where(found["name"] != "", TOTAL))
    steps = found.assign(
        told=[step(each) for each in found["at_least"]],
        name=found["name"].where(found["name"] != "", TOTAL),
    )
    wide = steps.pivot(index="place", columns="name", values="told")[list(columns)]
    return wide.rename_axis(columns=None).reset_index()
