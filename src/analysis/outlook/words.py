"""What a forecast says: its frames in, sentences out."""

from collections.abc import Sequence
from datetime import date
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

from analysis.core import danish, prose
from analysis.core.selection import NoDataError, Selection
from analysis.outlook import backtest, forecasting
from analysis.outlook.backtest import LAST, MEAN, MODEL, REGRESSION
from analysis.outlook.forecasting import Known, Outcome
from analysis.outlook.scenario import Change
from analysis.outlook.tables import halves
from analysis.show import phrases

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy import ndarray
    from pandas import DataFrame, Series


# From this chance on something is said to be expected, and from the other on its opposite.
LIKELY, UNLIKELY = 0.9, 0.1
# The same of what the forecast points to without being sure.
_LEANING, _LEANING_AGAINST = 0.6, 0.4
# What the administration's status expects, and of which place, after which half-year.
_STATUS = (
    "Forvaltningens status af 24. april 2026 venter for Blågårdens Bibliotek et roligt "
    "sommerhalvår og en stigning til vinter."
)
_STATUS_OF = ("Blågårdens Bibliotek", "vinterhalvåret 2025/26")


class Prospect(NamedTuple):
    """A coming half-year at a place, as every page shows it: all by one method.

    `period` and `season_before` are names, `count` the number to show, `low` and `high` the ends of
    its 90 per cent interval, `chance` that of more than the `before` of a season before (None: not
    known). `begun` says that some of the half-year has been, and `reported` how many incidents of
    it are known. `as_of` is the day by which that and `before` are, where the data know of more.
    """

    period: str
    count: int
    low: float
    high: float
    chance: float
    before: int | None
    season_before: str
    method: str = MODEL
    begun: bool = False
    reported: int = 0
    as_of: date | None = None


def prospect(known: Known, found: Outcome, shown: "DataFrame", level: str, place: str) -> Prospect:
    """Return what is shown of a place's half-year; `shown` is from `backtest.shown`."""
    period = found.period
    if place not in set(shown["name"]):
        raise NoDataError(
            f"{place} kan ikke forudsiges: stedet står ikke i registret, og ingen af dets "
            f"hændelser var kendt den {danish.day(known.through)}."
        )
    row = shown[(shown["name"] == place) & shown["month"].isna()].iloc[0]
    labels, members = forecasting.membership(found.units, level)
    months = forecasting.month_numbers(period.months)
    # What is reported of it; the chance counts with what is still to come.
    is_known = not isnan((members @ found.last)[labels.index(place)].sum())
    before = _known(known, months - 12, level, place) if is_known else None
    return Prospect(
        period.period,
        int(row["count"]),
        row["low_90"],
        row["high_90"],
        row["chance_above_last"],
        None if before is None else int(before),
        Selection(period.season.previous, period.half).period,
        row["method"],
        period.interval[0] <= known.through,
        int(_known(known, months, level, place)),
        None if known.knows_all else known.through,
    )


def headline(coming: Sequence[Prospect]) -> str:
    """Return what is expected of the coming half-years, a paragraph each."""
    return "\n\n".join(f"**{expected(one)}** {against_last(one)}" for one in coming)


def expected(one: Prospect) -> str:
    """Return what is expected of a half-year in a sentence, and how much of it is known."""
    so_far = f"var {_by_then(one)}" if one.as_of else "er meldt ind indtil nu"
    told = f"; {danish.number(one.reported)} {so_far}" if one.begun else ""
    return f"I {one.period} ventes {expected_count(one)}{told}."


def _by_then(one: Prospect) -> str:
    return f"meldt ind til og med {danish.day(one.as_of)}"


def expected_count(one: Prospect) -> str:
    """Return how many are expected and between what: "omkring 68 hændelser (mellem 55 og 82)"."""
    low, high = round(one.low), round(one.high)
    if not one.count:
        return f"ingen eller højst {phrases.incidents(high)}" if high else "ingen hændelser"
    ends = f" (mellem {danish.number(low)} og {danish.number(high)})" if low != high else ""
    return f"omkring {phrases.incidents(one.count)}{ends}"


def against_last(one: Prospect) -> str:
    """Return the count of the same half-year a season before, and how likely more than that are."""
    if one.before is None:
        return "Data dækker ikke samme halvår året før, så det kan ikke sammenlignes."
    by_then = f" ({_by_then(one)})" if one.as_of else ""
    count = danish.number(one.before) if one.before else "ingen"
    return f"Året før var der {count}{by_then}. {more(one)}"


def more(one: Prospect) -> str:
    """Return how likely more than the `before` of a half-year are, in a sentence."""
    if not one.before:
        if isnan(one.chance):
            return ""
        return f"Sandsynligheden for mindst én hændelse er {danish.chance(one.chance)}."
    if isnan(one.chance):
        return "Om der bliver flere, kan ikke beregnes."
    return f"{danish.capital(_likely(one.chance))}."


def _likely(chance: float) -> str:
    return f"{verdict(chance)} ({danish.chance(chance)} sandsynligt)"


def verdict(chance: float) -> str:
    """Return what a chance of more says, as a clause; one that is not known decides nothing."""
    if chance >= LIKELY:
        return "der ventes flere"
    if chance <= UNLIKELY:
        return "der ventes ikke flere"
    if chance >= _LEANING:
        return "det peger på flere, men er ikke sikkert"
    if chance <= _LEANING_AGAINST:
        return "det peger ikke på flere, men er ikke sikkert"
    return "det er uafklaret, om der bliver flere"


class Expectation(NamedTuple):
    """The chances of what the administration's status expected; not a number: not known.

    `calm`: the summer has fewer incidents than the winter before it; `rise`: the winter has more
    than the summer before it; `busier`: the summer has more than the one a year before.
    """

    calm: float
    rise: float
    busier: float


def expectation(
    known: Known, outcomes: Sequence[Outcome], scored: "DataFrame", level: str, place: str
) -> Expectation:
    """Return a place's `backtest.chances`."""
    found = backtest.chances(known, outcomes, scored, level).set_index("name")
    return Expectation(*found.loc[place])


def _known(known: Known, months: "ndarray", level: str, place: str) -> float:
    """Return the count of a place's months, as far as it is known."""
    labels, members = forecasting.membership(known.units(None), level)
    return float((members @ known.counts(None, months))[labels.index(place)].sum())


def summer_and_winter(selection: Selection, found: Expectation) -> str:
    """Return whether a calm summer and a rise next winter are to be expected, in words.

    Where the administration has said what it expects of the place, that stands first.
    """
    is_told = (selection.location, selection.period) == _STATUS_OF
    known = bool(expected_seasons(found))
    if is_told and not known:
        return f"{_STATUS} Om det holder, kan data ikke sige."
    return f"{_STATUS} " * is_told + _expected_of(selection.single_place[1], found)


def _expected_of(place: str, found: Expectation) -> str:
    """Return the chances of a calm summer and a rise in winter, in words."""
    told = expected_seasons(found)
    if not told:
        return (
            "Om der bliver færre hændelser om sommeren end i vinteren før, og flere til vinter, "
            f"kan data ikke sige for {place}."
        )
    calm, rise = (danish.chance(each) for each in found[:2])
    return (
        f"For {place} {told}. Der er {calm} sandsynlighed for færre om sommeren end i vinteren "
        f"før og {rise} for flere om vinteren end i sommeren før. {beside_last_summer(found)}"
    ).strip()


def expected_seasons(found: Expectation) -> str:
    """Return whether a calm summer and a rise in winter are to be expected, as a clause, or ""."""
    calm, rise = found.calm, found.rise
    summer, winter = "om sommeren end i vinteren før", "til vinter end om sommeren"
    if isnan(calm) or isnan(rise):
        return ""
    if min(calm, rise) >= LIKELY:
        return f"ventes færre hændelser {summer} og flere {winter}"
    if max(calm, rise) <= UNLIKELY:
        return f"ventes hverken færre hændelser {summer} eller flere {winter}"
    if calm >= LIKELY:
        rest = "ikke" if rise <= UNLIKELY else "det er ikke sikkert, at der bliver"
        return f"ventes færre hændelser {summer}, men {rest} flere {winter}"
    if rise >= LIKELY:
        rest = "ikke" if calm <= UNLIKELY else "det er ikke sikkert, at der bliver"
        return f"ventes flere hændelser {winter}, men {rest} færre {summer}"
    return f"er det ikke sikkert, at der bliver færre hændelser {summer}, eller flere {winter}"


def beside_last_summer(found: Expectation) -> str:
    """Return how likely more than in the summer a year before are, in a sentence, or ""."""
    if isnan(found.busier):
        return ""
    return f"Sammenlignet med sommeren året før: {danish.capital(_likely(found.busier))}."


def ignored(selection: Selection) -> str:
    """Return which filters the forecast leaves out, or ""."""
    told, place = [], selection.single_place[1]
    if place != selection.place:
        told.append(f"Prognosen laves for ét sted ad gangen; her er den for {place}.")
    if selection.narrowed:
        told.append(
            f"Prognosen gælder alle hændelser på stedet; {danish.listing(selection.narrowed)} er "
            "ikke brugt, fordi tallene ellers bliver for små."
        )
    return f"*{' '.join(told)}*" if told else ""


def largest(forecast: "DataFrame", what: tuple[str, str], period: str) -> str:
    """Return which name has most expected of a half-year, and how many will have more than last.

    `what` is what one name is called, and several.
    """
    rows = halves(forecast)
    if rows.empty:
        return f"**Der er ingen {what[1]} at regne på.**"
    first = rows.loc[rows["count"].idxmax()]
    told = (
        f"**I {period} ventes flest for {first['name']}: omkring "
        f"{danish.number(first['count'])}, mellem {danish.number(first['low_90'])} og "
        f"{danish.number(first['high_90'])}.**"
    )
    chances = rows.set_index("name")["chance_above_last"].dropna()
    return f"{told} {_clear(chances, what)}" if len(chances) else told


def _clear(chances: "Series", what: tuple[str, str]) -> str:
    """Return how many names are expected to have more than the season before, and how many not."""
    up = list(chances.index[chances >= LIKELY])
    down = int((chances <= UNLIKELY).sum())
    left = len(chances) - len(up) - down
    if left == len(chances):
        return (
            f"For alle {danish.counted(left, *what)} er det usikkert, om der bliver flere end "
            "året før."
        )
    told = []
    if up:
        listed = phrases.shortened(up)
        told.append(f"{danish.counted(len(up), *what)} ventes at få flere end året før ({listed})")
    if down:
        which = danish.number(down) if up else danish.counted(down, *what)
        than = "" if up else " som året før"
        told.append(f"{which} ventes at få færre eller lige så mange{than}")
    rest = "den sidste" if left == 1 else f"de øvrige {danish.number(left)}"
    unsure = f"; for {rest} er det ikke sikkert" if left else ""
    return f"{', og '.join(told)}{unsure}."


def assumed(changes: Sequence[Change]) -> str:
    """Return that the forecasts shown are made with a scenario, or ""."""
    if not changes:
        return ""
    return "*Alle prognoser her på siden regner med det scenarie, der er lagt ind; se »Scenarier«.*"


def lacking(known: Known) -> str:
    """Return which months between the first and the last the data lack, or ""."""
    if not known.missing:
        return ""
    told = phrases.shortened(danish.month(month) for month in known.missing)
    return (
        f"**Der er ingen data for {told}.** Modellen regner uden disse måneder, men de simple "
        "metoder tager dem for måneder uden hændelser."
    )


def unused(con: "DuckDBPyConnection", known: Known) -> str:
    """Return which closures of the register the forecast does not reckon with yet, or ""."""
    found = forecasting.planned(con, known)
    if not found:
        return ""
    told = [f"{one.location} {danish.days(one.starts, one.ends)}" for one in found]
    return (
        f"**Registret har {danish.counted(len(found), 'lukning', 'lukninger')}, der begynder "
        f"efter den {danish.day(known.through)}: {phrases.shortened(told)}.** Prognosen regner kun "
        "med det, der var begyndt; læg lukningen ind som scenarie."
    )


def scenario_sentence(changes: Sequence[Change]) -> str:
    """Return a scenario in words."""
    if not changes:
        return prose.text("method/Intet scenarie")
    entries = "\n".join(f"- {danish.capital(one.told)}." for one in changes)
    return (
        "**Scenariet er en antagelse, som er lagt ind; tallene viser kun, hvad den betyder.**\n\n"
        f"{entries}"
    )


_IN_A_SENTENCE = {
    LAST: "»samme antal som året før«",
    MEAN: "»gennemsnittet af alle år«",
    REGRESSION: "»samme udvikling som hidtil«",
}
# What is forecast at each level, of the half-years and of their months.
_WHAT = {
    "city": ("hele byens halvår", "hele byens måneder"),
    "district": ("bydelenes halvår", "bydelenes måneder"),
    "location": ("lokationernes halvår", "lokationernes måneder"),
    "category": ("urotypernes halvår i hele byen", "urotypernes måneder i hele byen"),
}
# So far from a half, the share that a 50 per cent interval held is another than promised.
_FAR_OFF = 0.1
# The Brier score of a half, whatever happens.
_HALF = 0.25


def worth(record: "DataFrame", level: str, through: date) -> str:
    """Return what the forecast is worth, and the day it looks ahead from."""
    what = _WHAT[level][False]
    day = f"Beregnet med data til og med {danish.day(through)}."
    if record.empty:
        return f"Prognosen er ikke prøvet på {what}; data rækker over for få halvår. {day}"
    tries = danish.counted(int(record["periods"].max()), "tidligere halvår", "tidligere halvår")
    simple, shown = backtest.simplest(record), _shown(record)["method"]
    other = _IN_A_SENTENCE[simple["method"]]
    if shown != MODEL:
        return (
            f"Prøvet på {tries} har {_IN_A_SENTENCE[shown]} alt i alt ramt bedre end modellen; det "
            f"er den prognose, der vises. {day}"
        )
    if backtest.compared(simple) < 0:
        return (
            f"Prøvet på {tries} har {other} ramt {what} bedre end prognosen, men ikke byen, steder "
            f"og måneder under ét. {day}"
        )
    how = "bedre end" if backtest.compared(simple) else "omtrent så godt som"
    return f"Prøvet på {tries} har prognosen ramt {what} {how} {other}. {day}"


def _shown(record: "DataFrame") -> "Series":
    """Return the row of a record that is of the method shown."""
    return record[record["shown"].astype(bool)].iloc[0]


def _compared(simple: "Series", what: str, shown: str) -> str:
    """Return whether the model did better than the best simple forecast, and which is shown."""
    other = _IN_A_SENTENCE[simple["method"]]
    told = (
        "modellens prognose" if shown == MODEL else f"den simple prognose {_IN_A_SENTENCE[shown]}"
    )
    how = ("omtrent så godt som", "bedre end", "dårligere end")[backtest.compared(simple)]
    return f"ramt {what} {how} {other}; vist er {told}"


def recorded(record: "DataFrame", level: str, monthly: bool = False) -> str:
    """Return how well the model did beside the best simple forecast, and which is shown."""
    what = _WHAT[level][monthly]
    if record.empty:
        return (
            f"**Modellen kan ikke prøves på {what}, fordi data rækker over for få halvår.** "
            "Prognosen er modellens og er ikke efterprøvet."
        )
    rows = record.set_index("method")
    best_simple = backtest.simplest(record)
    model, simple = rows.loc[MODEL], rows.loc[best_simple["method"]]
    held = [danish.number(round(each["in_90"] * each["forecasts"])) for each in (model, simple)]
    shown = _shown(record)
    chances = "" if monthly else f"{_width(shown)}{_chances(shown)}"
    return (
        f"**Modellen har {_compared(best_simple, what, shown['method'])}.** Modellens samlede fejl "
        f"(CRPS) er {_apart(model['crps'], simple['crps'])} for den bedste simple metode"
        f"{_of(simple)}. Medianen lå i gennemsnit {_apart(model['error'], simple['error'])} "
        "hændelser fra det, der skete, og "
        f"90\u00a0%-intervallet ramte {held[0]} mod {held[1]} af "
        f"{danish.number(model['forecasts'])} gange. Alt bygger på kun "
        f"{danish.counted(int(model['periods']), 'halvår', 'halvår')}.{chances}"
    )


def _of(simple: "Series") -> str:
    """Return how far the model's score lies from a simple one's, with twice the error, or ""."""
    if isnan(simple["gain_error"]):
        return ""
    gain, reach = abs(simple["gain"]), backtest.ERRORS * simple["gain_error"]
    decimals = danish.decimals_apart(gain, reach, 1)
    return (
        f"; pr. halvår er forskellen {danish.number(gain, decimals)}, og dens usikkerhed "
        f"{danish.number(reach, decimals)}"
    )


def hit_rate(record: "DataFrame") -> str:
    """Return how often the intervals of the months shown held what happened before."""
    if record.empty:
        return "Hvor ofte intervallerne rammer, er ikke efterprøvet."
    row = _shown(record)
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
    if row["brier"] + backtest.ERRORS * row["brier_error"] < _HALF:
        return f" Sandsynlighederne for flere har ramt bedre end altid at sige 50\u00a0% {score}."
    return (
        " Sandsynlighederne for flere har ikke ramt klart bedre end altid at sige 50\u00a0% "
        f"{score}; de skal læses med forbehold."
    )


def tried(record: "DataFrame", level: str) -> str:
    """Return how well the half-years of the method that is shown were hit before, in brief."""
    if record.empty:
        return "Prognosen er ikke prøvet, fordi data rækker over for få halvår."
    row = _shown(record)
    hits = danish.number(round(row["in_90"] * row["forecasts"]))
    return (
        f"Prøvet på {danish.counted(int(row['periods']), 'tidligere halvår', 'tidligere halvår')} "
        f"lå antallet mellem prognosens to yderpunkter {hits} af "
        f"{danish.number(row['forecasts'])} gange for {_WHAT[level][False]}."
    )


def _apart(one: float, other: float) -> str:
    """Return two scores with so many decimals that they differ where they do."""
    decimals = next((n for n in (1, 2) if round(one, n) != round(other, n)), 3)
    return f"{danish.number(one, decimals)} mod {danish.number(other, decimals)}"


def hits_sentence(found: "DataFrame", place: str) -> str:
    """Return how many of the past half-years lay where the forecast said."""
    if found.empty:
        return f"**Der er ingen tidligere halvår at prøve prognosen på for {place}.**"
    held, tries = (found["hit"] == "ja").sum(), len(found)
    return (
        f"**For {place} lå antallet mellem prognosens yderpunkter i {danish.number(held)} af "
        f"{danish.counted(tries, 'halvår', 'halvår')}.** Hver prognose bruger kun det, der var "
        "meldt ind, da halvåret begyndte."
    )


def not_judged(known: Known) -> str:
    """Return which half-year has ended but judges no forecast yet; "" where none."""
    if not (period := known.unsettled):
        return ""
    return (
        f"{danish.capital(period.period)} er foreløbigt her og tæller ikke med: En prognose kan "
        "først bedømmes, når det, der skete, er meldt ind."
    )


def said_sentence(found: "DataFrame", broken: Sequence[int], place: str) -> str:
    """Return how often what was said of a place's half-years came true; "" where nothing was yet.

    `found` is from `sealed.said`, `broken` are the lines of the log that somebody has changed.
    """
    changed = ""
    if broken:
        lines = "linje" if len(broken) == 1 else "linjerne"
        changed = (
            f"**Loggen over tidligere prognoser er ændret i {lines} "
            f"{phrases.shortened(map(danish.number, broken))}; det, der står der, er ikke vist.**"
        )
    if found.empty:
        return changed
    held, tries = (found["hit"] == "ja").sum(), len(found)
    return (
        f"{changed}\n\n**Hvad vi sagde dengang: I {danish.number(held)} af "
        f"{danish.counted(tries, 'halvår', 'halvår')} kom antallet for {place} til at ligge mellem "
        "de to yderpunkter, vi havde sagt.** Prognoserne blev gemt, da de blev lavet, og er her, "
        "som de var."
    ).strip()
