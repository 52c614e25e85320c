"""What everybody may see, in sentences."""

from typing import TYPE_CHECKING

import pandas as pd

from analysis.core import danish
from analysis.core.selection import Selection
from analysis.public.tables import HEADINGS, step
from analysis.show.phrases import markdown

if TYPE_CHECKING:
    from IPython.display import Markdown
    from pandas import DataFrame


def name(selection: Selection) -> str:
    """Return a half-year's name as charts and tables write it."""
    return danish.capital(selection.period)


def headline(selection: Selection, history: "DataFrame") -> "Markdown":
    """Return the page's first sentence, of `figures.half_years`: this period and the one before."""
    *earlier, now = zip(history["name"], map(_told, history["at_least"]), strict=True)
    before = f" mod {earlier[-1][1]} i {danish.lower(earlier[-1][0])}" if earlier else ""
    return markdown(
        f"**Der er meldt {now[1]} hændelser ind i {danish.lower(now[0])}{before}.** "
        "Hvad der blev meldt ind, efter at halvåret sluttede, er ikke med. "
        "Tallene kan ikke sige, om en forskel er større, end tilfældet giver."
    )


def _told(at_least: float) -> str:
    return "et antal, der ikke kan vises," if pd.isna(at_least) else step(at_least)


def one_place(selection: Selection) -> "Markdown":
    """Return what stands in place of the places within a location."""
    return markdown(f"Alle er meldt ind fra {selection.place}.")


def protected(found: "DataFrame", place: str) -> "Markdown":
    """Return how the numbers of `figures.of_place` are protected, and what is left out of them."""
    gone = found[found["at_least"].isna()]["dimension"].unique()
    named = danish.listing([HEADINGS[each].lower() for each in gone if each])
    told = f" For {place} er tallene ud fra {named} udeladt." if named else ""
    return markdown(
        "Hændelserne handler om mennesker, og små tal kan røbe, hvem de er. "
        "Derfor vises et antal kun som det trin på 5, det ligger på: »85–89« er et tal fra 85 til "
        "89, og »under 5« er alt fra 0 til 4. Hvert tal er sat på sit trin for sig, og tallene kan "
        "ikke lægges sammen. Med er det, der var meldt ind, da halvåret sluttede.",
        "Timer er samlet i blokke på 4 og måneder i kvartaler, og hver opdeling står for sig. "
        f"Kunne et tal under 5 alligevel regnes ud af de andre, er de udeladt.{told}",
    )
