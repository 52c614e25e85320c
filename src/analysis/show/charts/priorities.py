"""The chart of the list: the most urgent locations, how sure it is, and their chance of the top."""

import altair as alt
import pandas as pd

from analysis.core import danish
from analysis.show.charts import theme
from analysis.show.charts.intervals import intervals

_ARROW = "▸ "


def priorities(df: pd.DataFrame, title: str, *, top: int) -> alt.Chart | alt.LayerChart:
    """Draw `name, value, low, high, chance, hollow, chosen`, the most urgent first.

    The value is the expected score, the bounds those of its 90 per cent interval; `chance`, 0 to 1,
    is that of being among the `top`, and stands in words after the figures. `hollow` marks what
    rests on other locations' figures, `chosen` gets an arrow before its name.
    """
    if df.empty:
        return theme.sentence(title, "Ingen lokationer")
    key = ["Prik: ventet score; streg: her ligger ni af ti måneder"]
    if df["hollow"].any():
        key.append("hul prik: anslået efter lignende steder")
    if df["chosen"].any():
        key.append("pil: valgt sted")
    return intervals(
        df.assign(
            name=[
                _ARROW * chosen + name
                for name, chosen in zip(df["name"], df["chosen"], strict=True)
            ],
            mark=[f"; {danish.chance(chance)}" for chance in df["chance"]],
        ),
        title,
        axis="Ventet score i måneden",
        subtitle=f"{'; '.join(key)}. Til sidst sandsynligheden for at være blandt de {top} øverste",
    )
