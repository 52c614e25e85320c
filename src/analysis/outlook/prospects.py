"""What a forecast and its record mean: frames of `outlook` and `backtest` in, sentences out."""

from collections.abc import Sequence
from datetime import date
from math import isnan, nan
from typing import TYPE_CHECKING, NamedTuple

from analysis import danish, names
from analysis.outlook import backtest, forecasting
from analysis.outlook.backtest import LAST, MEAN, MODEL, REGRESSION, best
from analysis.outlook.forecasting import Known, Outcome
from analysis.outlook.scenario import Change
from analysis.selection import Selection

if TYPE_CHECKING:
    from pandas import DataFrame

METHOD_NAMES = {
    MODEL: "Modellen",
    LAST: "Sæsonen før, gentaget",
    MEAN: "Gennemsnit af alle sæsoner",
    REGRESSION: "Simpel regression",
}
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
HEADINGS = {
    "method": "Metode",
    "ahead": "Forudsagt",
    "forecasts": "Prognoser",
    "error": "Fejl i gennemsnit",
    "crps": "CRPS",
    "in_50": "Ramt af 50\u00a0%-interval",
    "in_90": "Ramt af 90\u00a0%-interval",
    "place": "Sted",
    "period": "Halvår",
    "median": "Median",
    "fifty": "50\u00a0%-interval",
    "ninety": "90\u00a0%-interval",
    "chance_above_last": "Chance for flere end sæsonen før",
    "observed": "Det, der skete",
    "hit": "Ramt",
    "without": "Uden scenariet",
    "with": "Med scenariet",
    "difference": "Forskel",
}
# From this chance on something is said to be expected, and from the other on its opposite.
LIKELY, UNLIKELY = 0.9, 0.1
# Between these two a chance points neither way.
LEANS, LEANS_NOT = 0.6, 0.4


class Prospect(NamedTuple):
    """A coming half-year at a place, as the page shows it.

    `period` and `season_before` are names, `before` the count a season before (None: not known).
    `model_chance` is the model's chance of more than that, whatever `method` is shown.
    """

    period: str
    median: float
    low: float
    high: float
    chance: float
    before: int | None
    season_before: str
    method: str = MODEL
    model_chance: float = nan


def prospect(found: Outcome, shown: "DataFrame", level: str, place: str) -> Prospect:
    """Return what is shown of a place's half-year; `shown` is from `backtest.shown`."""
    period = found.period
    row = shown[(shown["name"] == place) & shown["month"].isna()].iloc[0]
    labels, draws, last = forecasting.added(found, level)
    at = labels.index(place)
    before = last[at].sum()
    chance = nan if isnan(before) else float((draws[:, at].sum(axis=1) > before).mean())
    return Prospect(
        period.period,
        row["median"],
        row["low_90"],
        row["high_90"],
        row["chance_above_last"],
        None if isnan(before) else int(before),
        Selection(period.season.previous, period.half).period,
        row["method"],
        chance,
    )


def opening(record: "DataFrame", level: str, through: date) -> str:
    """Return what the forecast is worth, before it is read, and the day it looks ahead from."""
    what = _WHAT[level][False]
    day = f"Beregnet med det, der var meldt ind til og med {danish.day(through)}."
    if record.empty:
        return f"Modellen er ikke efterprøvet på {what}; data rækker over for få halvår. {day}"
    tries = danish.counted(int(record["periods"].max()), "tidligere halvår", "tidligere halvår")
    other = _IN_A_SENTENCE[_simplest(record)]
    if best(record) == MODEL:
        result = f"har modellen ramt {what} bedre end {other}, og dens prognose vises"
    else:
        result = f"har modellen ikke ramt {what} bedre end {other}, og den simple prognose vises"
    return f"Prøvet på {tries} {result}. {day}"


def _simplest(record: "DataFrame") -> str:
    """Return the simple forecast that did best."""
    return str(record.set_index("method")["crps"].drop(MODEL).idxmin())


def headline(place: str, coming: Sequence[Prospect]) -> str:
    """Return what is expected of the coming half-years at a place, a paragraph each."""
    return "\n\n".join(f"**{_expected(place, one)}** {_above(one)}" for one in coming)


def _expected(place: str, one: Prospect) -> str:
    count = round(one.median)
    counted = danish.counted(count, "indmeldt hændelse", "indmeldte hændelser")
    ends = danish.interval(one.low, one.high)
    return f"{place}: I {one.period} ventes {counted} (90\u00a0%-interval {ends})."


def _above(one: Prospect) -> str:
    """Return whether there will be more than in the same half-year a season before."""
    if one.before is None:
        return "Data dækker ikke samme halvår året før, så det kan ikke sammenlignes."
    more = f"flere end i {one.season_before} ({danish.number(one.before)})"
    if one.method == LAST:
        # Its chance is near a half whatever happens.
        return (
            "Prognosen gentager sæsonen før, som har ramt bedre end modellen, og siger derfor "
            f"intet om, hvorvidt der bliver {more}. Modellen sætter sandsynligheden til "
            f"{danish.chance(one.model_chance)}."
        )
    chance = danish.chance(one.chance)
    return f"Sandsynligheden for {more} er {chance}: {verdict(one.chance)}."


def verdict(chance: float) -> str:
    """Return what a chance of more, which is known, lets one expect."""
    if chance >= LIKELY:
        return "der ventes flere"
    if chance >= LEANS:
        return "det peger på flere, men er ikke sikkert"
    if chance > LEANS_NOT:
        return "det er uafklaret, om der bliver flere"
    if chance > UNLIKELY:
        return "det peger på ikke flere, men er ikke sikkert"
    return "der ventes ikke flere"


class Expectation(NamedTuple):
    """The chances that the status note's expectations come true; not a number: not known.

    `calm`: the summer has fewer incidents than the winter before it; `rise`: the winter has more
    than the summer before it; `worse`: it has more than the winter before it.
    """

    calm: float
    rise: float
    worse: float


def expectation(
    known: Known, outcomes: Sequence[Outcome], selection: Selection, level: str, place: str
) -> Expectation:
    """Return the chances, from the model's draws of the two coming half-years.

    The draws of two half-years are taken for independent, which makes the chances less extreme.
    """
    sums = []
    for found in outcomes:
        labels, draws, last = forecasting.added(found, level)
        at = labels.index(place)
        sums.append((draws[:, at].sum(axis=1), last[at].sum()))
    first, second = (each for each, _ in sums)
    labels, members = forecasting.membership(known.units(None), level)
    months = forecasting.numbers(selection.months)
    now = (members @ known.counts(None, months))[labels.index(place)].sum()
    if known.left(months).any() or selection.half is None:
        now = nan
    summer_first = outcomes[0].period.half == "sommer"
    step = float((second > first).mean()) if summer_first else float((second < first).mean())
    from_now = nan
    if not isnan(now):
        from_now = float((first < now).mean()) if summer_first else float((first > now).mean())
    winter, winter_before = sums[int(summer_first)]
    worse = nan if isnan(winter_before) else float((winter > winter_before).mean())
    return (
        Expectation(from_now, step, worse) if summer_first else Expectation(step, from_now, worse)
    )


def expected(place: str, found: Expectation) -> str:
    """Return whether a calm summer and a rise next winter are to be expected, in words."""
    note = (
        "Statusnotatet af 24. april 2026 venter et roligt sommerhalvår og en stigning til vinter."
    )
    if isnan(found.calm) or isnan(found.rise):
        return f"{note} Om det gælder for {place}, kan data ikke sige."
    told = (
        f"{note} For {place} {_borne_out(found)}: Sandsynligheden for færre hændelser om sommeren "
        f"end i vinteren før er {danish.chance(found.calm)}, og for flere i vinteren end i "
        f"sommeren før {danish.chance(found.rise)}."
    )
    if isnan(found.worse):
        return told
    return (
        f"{told} Det er årstidens udsving; om vinteren får flere hændelser end den forrige vinter, "
        f"er et andet spørgsmål, og {_worse(found.worse)}."
    )


def _borne_out(found: Expectation) -> str:
    calm, rise = found.calm, found.rise
    if min(calm, rise) >= LIKELY:
        return "er begge dele at vente"
    if max(calm, rise) <= UNLIKELY:
        return "er ingen af delene at vente"
    if calm >= LIKELY:
        return "er en roligere sommer at vente, men stigningen er ikke sikker"
    if rise >= LIKELY:
        return "er stigningen at vente, men en roligere sommer er ikke sikker"
    return "er det uafklaret"


def _worse(chance: float) -> str:
    share = danish.chance(chance)
    if chance >= LIKELY:
        return f"det er at vente ({share})"
    if chance <= UNLIKELY:
        return f"det er ikke at vente ({share})"
    return f"det er uafklaret (modellen siger {share})"


def recorded(record: "DataFrame", level: str, monthly: bool = False) -> str:
    """Return how well the model did beside the best simple forecast, and which is shown."""
    what = _WHAT[level][monthly]
    if record.empty:
        return (
            f"**Modellen kan ikke prøves på {what}, fordi data rækker over for få halvår.** "
            "Prognosen er modellens og er ikke efterprøvet."
        )
    rows = record.set_index("method")
    model, other = rows.loc[MODEL], _simplest(record)
    naive = rows.loc[other]
    beaten = best(record) == MODEL
    first = (
        f"Modellen har ramt {what} bedre end {_IN_A_SENTENCE[other]}, den bedste af de simple "
        "metoder; derfor vises modellens prognose"
        if beaten
        else f"Modellen har ikke ramt {what} bedre end {_IN_A_SENTENCE[other]}, den bedste af de "
        "simple metoder; derfor vises den simple prognose"
    )
    held = [danish.number(round(each["in_90"] * each["forecasts"])) for each in (model, naive)]
    repeated = (
        " Sæsonen før, gentaget, kan ikke sige, om der bliver flere end den; chancen for flere er "
        "derfor modellens."
        if best(record) == LAST
        else ""
    )
    return (
        f"**{first}.** Den samlede fejl (CRPS) er {_apart(model['crps'], naive['crps'])}, og "
        f"medianen lå i gennemsnit {danish.number(model['error'], 1)} hændelser fra det, der skete "
        f"(den simple {danish.number(naive['error'], 1)}). Modellens 90\u00a0%-interval ramte "
        f"{held[0]} af {danish.number(model['forecasts'])} gange, den simples {held[1]}. Alt "
        f"bygger på kun {danish.counted(int(model['periods']), 'halvår', 'halvår')}.{repeated}"
    )


def held(record: "DataFrame") -> str:
    """Return how often the intervals of the months shown held what happened before."""
    told = "Intervallerne er brede, fordi få hændelser svinger meget af sig selv"
    if record.empty:
        return f"{told}; hvor ofte de rammer, er ikke efterprøvet."
    row = record.set_index("method").loc[best(record)]
    fifty, ninety = (
        danish.number(round(row[name] * row["forecasts"])) for name in ("in_50", "in_90")
    )
    return (
        f"{told}: Af {danish.counted(int(row['forecasts']), 'prøvet måned', 'prøvede måneder')} lå "
        f"{fifty} i 50\u00a0%-intervallet og {ninety} i 90\u00a0%-intervallet, regnet med den "
        "metode, der vises."
    )


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
        "hændelser fra det, der skete."
    )


def _apart(one: float, other: float) -> str:
    """Return two scores with so many decimals that they differ where they do."""
    decimals = next((n for n in (1, 2) if round(one, n) != round(other, n)), 3)
    return f"{danish.number(one, decimals)} mod {danish.number(other, decimals)}"


def ignored(selection: Selection) -> str:
    """Return which filters the forecast leaves out, or ""."""
    if not selection.narrowed:
        return ""
    return (
        f"*Prognosen gælder alle hændelser på stedet; {danish.listing(selection.narrowed)} er ikke "
        "brugt, fordi tallene ellers bliver for små.*"
    )


def record_table(scored: "DataFrame", level: str, monthly: bool = False) -> "DataFrame":
    """Return `backtest.record` of a level with the methods in words: all, then by how far ahead.

    `ahead` is in words, and the number of half-years is left out.
    """
    import pandas as pd

    parts = [backtest.record(scored, level, monthly).assign(ahead="begge")]
    for number, words in _AHEAD.items():
        rows = scored[scored["ahead"] == number]
        parts.append(backtest.record(rows, level, monthly).assign(ahead=words))
    found = pd.concat(parts, ignore_index=True).drop(columns="periods")
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
        median=found["median"].round().astype("int64"), ninety=_ends(found, "low", "high")
    )
    return made[["period", "median", "ninety", "observed", "hit"]]


def table_of(forecast: "DataFrame", first: str) -> "DataFrame":
    """Return rows of a forecast with the intervals in words; `first` is the column that leads."""
    made = forecast.assign(
        median=forecast["median"].round().astype("int64"),
        fifty=_ends(forecast, "low_50", "high_50"),
        ninety=_ends(forecast, "low_90", "high_90"),
    )
    return made[[first, "median", "fifty", "ninety", "chance_above_last"]]


def halves(forecast: "DataFrame") -> "DataFrame":
    """Return the rows of the whole half-year."""
    return forecast[forecast["month"].isna()].reset_index(drop=True)


def half_of(forecast: "DataFrame", name: str, period: Selection) -> "DataFrame":
    """Return the half-year of a name, called by both: "Nørrebro, sommerhalvåret 2026"."""
    rows = halves(forecast)
    return rows[rows["name"] == name].assign(name=f"{name}, {period.period}")


def stacked(rows: Sequence["DataFrame"]) -> "DataFrame":
    """Return several of `half_of` as one."""
    import pandas as pd

    return pd.concat(rows, ignore_index=True)


def months(forecasts: Sequence["DataFrame"], name: str) -> "DataFrame":
    """Return the months of a name, over several forecasts in order."""
    import pandas as pd

    both = pd.concat(forecasts, ignore_index=True)
    return both[(both["name"] == name) & both["month"].notna()].reset_index(drop=True)


def by_method(forecast: "DataFrame") -> "DataFrame":
    """Return `backtest.each_method` as a table."""
    words = [METHOD_NAMES[one] for one in forecast["method"]]
    return table_of(forecast.assign(method=words), "method")


def drawn(forecast: "DataFrame") -> "DataFrame":
    """Return `name, value, low, high` of half-years for `charts.intervals`: 90 per cent."""
    columns = ["name", "median", "low_90", "high_90"]
    return halves(forecast)[columns].set_axis(["name", "value", "low", "high"], axis=1)


def both_halves(forecasts: Sequence["DataFrame"], periods: Sequence[Selection]) -> "DataFrame":
    """Return each name's two half-years on a row, in the order of the second."""
    import pandas as pd

    first, second = (halves(each).set_index("name") for each in forecasts)
    first = first.loc[second.index]
    columns = {"name": second.index}
    for one, period in zip((first, second), periods, strict=True):
        label = _capital(period.period)
        columns[label] = one["median"].round().astype("int64").to_numpy()
        columns[f"{label}, 90\u00a0%-interval"] = _ends(one, "low_90", "high_90")
        columns[_chance(period)] = one["chance_above_last"].to_numpy()
    return pd.DataFrame(columns)


def chance_columns(periods: Sequence[Selection]) -> list[str]:
    """Return the columns of `both_halves` that hold a chance."""
    return [_chance(period) for period in periods]


def _chance(period: Selection) -> str:
    return f"{_capital(period.period)}, chance for flere"


def most(forecast: "DataFrame", what: str, period: str) -> str:
    """Return which name has most expected of a half-year, and how many will have more than last."""
    rows = halves(forecast)
    if rows.empty:
        return f"**Der er ingen {what} at regne på.**"
    first = rows.loc[rows["median"].idxmax()]
    told = (
        f"**I {period} er det højeste ventede antal for {first['name']}: "
        f"{danish.number(round(first['median']))} (90\u00a0%-interval "
        f"{danish.interval(first['low_90'], first['high_90'])}).**"
    )
    known = rows[rows["chance_above_last"].notna()]
    if known.empty:
        return told
    up = list(known["name"][known["chance_above_last"] >= LIKELY])
    down = list(known["name"][known["chance_above_last"] <= UNLIKELY])
    counts = [danish.number(len(each)) if each else "ingen" for each in (up, down)]
    listed = f" ({names.shortened(up)})" if up else ""
    return (
        f"{told} Af {danish.number(len(known))} {what} ventes {counts[0]} at få flere end sæsonen "
        f"før{listed} og {counts[1]} ikke at få flere; for de øvrige er det uafklaret."
    )


def assumed(changes: Sequence[Change]) -> str:
    """Return that the forecasts shown are made with a scenario, or ""."""
    if not changes:
        return ""
    return "*Alle prognoser her på siden regner med det scenarie, der er lagt ind; se nederst.*"


def scenario_told(changes: Sequence[Change]) -> str:
    """Return a scenario in words."""
    if not changes:
        return (
            "**Der er ikke angivet noget scenarie; prognosen gælder, hvis intet ændres.** "
            "Et scenarie kan være en kendt lukning eller et tiltag med en antaget virkning."
        )
    entries = "\n".join(f"- {_capital(one.told)}." for one in changes)
    return (
        "**Scenariet er en antagelse, som er lagt ind; tallene viser kun, hvad den betyder.**\n\n"
        f"{entries}"
    )


def scenario_table(
    without: Sequence[Outcome], given: Sequence[Outcome], places: Sequence[tuple[str, str]]
) -> "DataFrame":
    """Return the model's half-years with and without a scenario: medians and their difference.

    `places` holds `(level, name)`; `given` is empty where there is no scenario, and so is the
    table. Columns: `place, period, without, with, difference, ninety`.
    """
    import pandas as pd

    rows = []
    for level, name in places:
        for plain, changed in zip(without, given, strict=False):
            one, other = (
                halves(forecasting.summary(each, level)).set_index("name").loc[name]
                for each in (plain, changed)
            )
            pair = round(one["median"]), round(other["median"])
            ends = danish.interval(other["low_90"], other["high_90"])
            rows.append((name, plain.period.period, *pair, pair[1] - pair[0], ends))
    columns = ["place", "period", "without", "with", "difference", "ninety"]
    return pd.DataFrame(rows, columns=columns)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ends(rows: "DataFrame", low: str, high: str) -> list[str]:
    return [danish.interval(*ends) for ends in zip(rows[low], rows[high], strict=True)]
