"""How well the forecasts did before, in words and tables: frames of `backtest` in."""

from datetime import date
from math import isnan
from typing import TYPE_CHECKING

from analysis.core import danish
from analysis.outlook import backtest
from analysis.outlook.backtest import LAST, MEAN, MODEL, REGRESSION, best
from analysis.outlook.tables import METHOD_NAMES, ends

if TYPE_CHECKING:
    from pandas import DataFrame, Series

_IN_A_SENTENCE = {
    LAST: "at gentage sæsonen før",
    MEAN: "at regne med gennemsnittet af alle sæsoner",
    REGRESSION: "en simpel regression",
}
# What is forecast at each level, of the half-years and of their months.
_WHAT = {
    "city": ("hele byens halvår", "hele byens måneder"),
    "district": ("bydelenes halvår", "bydelenes måneder"),
    "location": ("lokationernes halvår", "lokationernes måneder"),
    "category": ("urotypernes halvår i hele byen", "urotypernes måneder i hele byen"),
}
# How far ahead a half-year is forecast.
_AHEAD = {1: "det næste halvår", 2: "halvåret efter"}
# So far from a half, the share that a 50 per cent interval held is another than promised.
_FAR_OFF = 0.1
# The Brier score of a half, whatever happens.
_HALF = 0.25


def opening(record: "DataFrame", level: str, through: date) -> str:
    """Return what the forecast is worth, before it is read, and the day it looks ahead from."""
    what = _WHAT[level][False]
    day = f"Beregnet med det, der var meldt ind til og med {danish.day(through)}."
    if record.empty:
        return f"Modellen er ikke efterprøvet på {what}; data rækker over for få halvår. {day}"
    tries = danish.counted(int(record["periods"].max()), "tidligere halvår", "tidligere halvår")
    return f"Prøvet på {tries} har modellen {_compared(record, what)}. {day}"


def _compared(record: "DataFrame", what: str) -> str:
    """Return whether the model did better than the best simple forecast, and which is shown."""
    simple = _simplest(record)
    other = _IN_A_SENTENCE[simple]
    if best(record) == MODEL:
        return f"ramt {what} bedre end {other}; derfor vises modellens prognose"
    crps = record.set_index("method")["crps"]
    if crps[MODEL] < crps[simple] / backtest.CLEARLY:
        return f"ramt {what} omtrent så godt som {other}; derfor vises den simple prognose"
    return f"ikke ramt {what} bedre end {other}; derfor vises den simple prognose"


def _simplest(record: "DataFrame") -> str:
    """Return the simple forecast that did best."""
    return str(record.set_index("method")["crps"].drop(MODEL).idxmin())


def recorded(record: "DataFrame", level: str, monthly: bool = False) -> str:
    """Return how well the model did beside the best simple forecast, and which is shown."""
    what = _WHAT[level][monthly]
    if record.empty:
        return (
            f"**Modellen kan ikke prøves på {what}, fordi data rækker over for få halvår.** "
            "Prognosen er modellens og er ikke efterprøvet."
        )
    rows = record.set_index("method")
    model, simple = rows.loc[MODEL], rows.loc[_simplest(record)]
    held = [danish.number(round(each["in_90"] * each["forecasts"])) for each in (model, simple)]
    # Only then is the chance another method's than the number beside it.
    whose = " Sandsynligheden for flere er modellens." if best(record) == LAST else ""
    shown = rows.loc[best(record)]
    chances = "" if monthly else f"{_width(shown)}{_chances(_of_chance(record))}"
    return (
        f"**Modellen har {_compared(record, what)}.** Modellens samlede fejl (CRPS) er "
        f"{_apart(model['crps'], simple['crps'])} for den bedste simple metode. Medianen lå i "
        f"gennemsnit {_apart(model['error'], simple['error'])} hændelser fra det, der skete, og "
        f"90\u00a0%-intervallet ramte {held[0]} mod {held[1]} af "
        f"{danish.number(model['forecasts'])} gange. Alt bygger på kun "
        f"{danish.counted(int(model['periods']), 'halvår', 'halvår')}.{whose}{chances}"
    )


def held(record: "DataFrame") -> str:
    """Return how often the intervals of the months shown held what happened before."""
    if record.empty:
        return "Hvor ofte intervallerne rammer, er ikke efterprøvet."
    row = record.set_index("method").loc[best(record)]
    count = danish.counted(int(row["forecasts"]), "prøvet måned", "prøvede måneder")
    hits = [
        f"{danish.number(round(row[name] * row['forecasts']))} ({danish.chance(row[name])}) i "
        f"{share}\u00a0%-intervallet"
        for name, share in (("in_50", 50), ("in_90", 90))
    ]
    return f"Af {count} lå {' og '.join(hits)}, regnet med den metode, der vises.{_width(row)}"


def _width(row: "Series") -> str:
    """Return whether intervals were wider or narrower than promised, or ""."""
    if row["in_50"] >= 0.5 + _FAR_OFF and row["in_90"] >= 0.9:
        return (
            " Intervallerne har altså været bredere, end de lover; det skyldes især, at de fleste "
            "tal er små."
        )
    if row["in_50"] <= 0.5 - _FAR_OFF or row["in_90"] <= 0.9 - _FAR_OFF:
        return " Intervallerne har altså været smallere, end de lover."
    return ""


def _chances(row: "Series") -> str:
    """Return whether the chances of more have been better than a half each time, or ""."""
    if isnan(row["brier"]):
        return ""
    score = f"(Brier-score {danish.number(row['brier'], 2)} mod {danish.number(_HALF, 2)})"
    if row["brier"] < _HALF * backtest.CLEARLY:
        return f" Sandsynlighederne for flere har ramt bedre end altid at sige 50\u00a0% {score}."
    return (
        " Sandsynlighederne for flere har ikke ramt klart bedre end altid at sige 50\u00a0% "
        f"{score}; de skal læses med forbehold."
    )


def _of_chance(record: "DataFrame") -> "Series":
    """Return the row of the method whose chance of more is shown."""
    shown = best(record)
    return record.set_index("method").loc[MODEL if shown == LAST else shown]


def tried(record: "DataFrame", level: str) -> str:
    """Return how well the half-years of the method that is shown were hit before, in brief."""
    if record.empty:
        return "Metoden er ikke efterprøvet, fordi data rækker over for få halvår."
    row = record.set_index("method").loc[best(record)]
    hits = danish.number(round(row["in_90"] * row["forecasts"]))
    return (
        f"Prøvet på {danish.counted(int(row['periods']), 'tidligere halvår', 'tidligere halvår')} "
        f"ramte metodens 90\u00a0%-interval {hits} af {danish.number(row['forecasts'])} gange for "
        f"{_WHAT[level][False]}, og medianen lå i gennemsnit {danish.number(row['error'], 1)} "
        f"hændelser fra det, der skete.{_width(row)}{_chances(_of_chance(record))}"
    )


def _apart(one: float, other: float) -> str:
    """Return two scores with so many decimals that they differ where they do."""
    decimals = next((n for n in (1, 2) if round(one, n) != round(other, n)), 3)
    return f"{danish.number(one, decimals)} mod {danish.number(other, decimals)}"


def record_table(scored: "DataFrame", level: str, monthly: bool = False) -> "DataFrame":
    """Return `backtest.record` of a level with the methods in words: all, then by how far ahead.

    `ahead` is in words, and the number of half-years is left out.
    """
    import pandas as pd

    parts = [backtest.record(scored, level, monthly).assign(ahead="begge")]
    for number, words in _AHEAD.items():
        rows = scored[scored["ahead"] == number]
        parts.append(backtest.record(rows, level, monthly).assign(ahead=words))
    found = pd.concat(parts, ignore_index=True).drop(columns=["periods", "brier"])
    found["method"] = found["method"].map(METHOD_NAMES)
    found.insert(1, "ahead", found.pop("ahead"))
    return found


def hits(scored: "DataFrame", level: str, place: str) -> "DataFrame":
    """Return the model's past forecasts of a place's half-years, made when the last one ended.

    Columns: `period, median, low, high` (90 per cent), `observed, hit` ("ja", "nej").
    """
    rows = scored[
        (scored["level"] == level)
        & (scored["name"] == place)
        & (scored["method"] == MODEL)
        & (scored["ahead"] == 1)
        & scored["month"].isna()
    ]
    found = rows[["period", "median", "low_90", "high_90", "observed"]]
    words = ["ja" if each else "nej" for each in rows["in_90"]]
    found = found.set_axis(["period", "median", "low", "high", "observed"], axis=1)
    return found.assign(hit=words).reset_index(drop=True)


def hits_told(found: "DataFrame", place: str) -> str:
    """Return how many of the past half-years lay within the model's interval."""
    if found.empty:
        return f"**Der er ingen tidligere halvår at prøve modellen på for {place}.**"
    held, tries = (found["hit"] == "ja").sum(), len(found)
    return (
        f"**For {place} lå {danish.number(held)} af {danish.counted(tries, 'halvår', 'halvår')} "
        "inden for modellens 90\u00a0%-interval.** Hver prognose bruger kun det, der var meldt "
        "ind, da halvåret begyndte."
    )


def hits_table(found: "DataFrame") -> "DataFrame":
    """Return `hits` with the interval in words."""
    made = found.assign(
        median=found["median"].round().astype("int64"), ninety=ends(found, "low", "high")
    )
    return made[["period", "median", "ninety", "observed", "hit"]]
