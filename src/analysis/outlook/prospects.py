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
    from duckdb import DuckDBPyConnection
    from numpy import ndarray
    from pandas import DataFrame, Series

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
    "crps": "Samlet fejl (CRPS)",
    "in_50": "Inden for 50\u00a0%-interval",
    "in_90": "Inden for 90\u00a0%-interval",
    "place": "Sted",
    "period": "Halvår",
    "median": "Median",
    "fifty": "50\u00a0%-interval",
    "ninety": "90\u00a0%-interval",
    "chance_above_last": "Sandsynlighed for flere end sæsonen før",
    "observed": "Det, der skete",
    "hit": "Ramt",
    "without": "Uden scenariet",
    "with": "Med scenariet",
    "difference": "Forskel",
}
# From this chance on something is said to be expected, and from the other on its opposite.
LIKELY, UNLIKELY = 0.9, 0.1
# So far from a half, the share that a 50 per cent interval held is another than promised.
_FAR_OFF = 0.1
# The same of what the forecast points to without being sure.
_LEANING, _LEANING_AGAINST = 0.6, 0.4
# What the administration's status expects, and of which place, after which half-year.
_STATUS = (
    "Forvaltningens status af 24. april 2026 venter for Blågårdens Bibliotek et roligt "
    "sommerhalvår og en stigning til vinter."
)
_STATUS_OF = ("Blågårdens Bibliotek", "vinterhalvåret 2025/26")


class Prospect(NamedTuple):
    """A coming half-year at a place, as the page shows it.

    `period` and `season_before` are names, `before` the count a season before (None: not known).
    `model_chance` is the model's chance of more than that, whatever `method` is shown. `begun` says
    that some of the half-year has been, and `reported` how many incidents of it are known.
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
    begun: bool = False
    reported: int = 0


def prospect(known: Known, found: Outcome, shown: "DataFrame", level: str, place: str) -> Prospect:
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
        period.interval[0] <= known.through,
        int(_known(known, forecasting.numbers(period.months), level, place)),
    )


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
    other = _IN_A_SENTENCE[_simplest(record)]
    if best(record) == MODEL:
        return f"ramt {what} bedre end {other}; derfor vises modellens prognose"
    return f"ikke ramt {what} bedre end {other}; derfor vises den simple prognose"


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
    so_far = f"; {danish.number(one.reported)} er meldt ind indtil nu" if one.begun else ""
    return f"{place}: I {one.period} ventes {counted} (90\u00a0%-interval {ends}{so_far})."


def _above(one: Prospect) -> str:
    """Return whether there will be more than in the same half-year a season before."""
    if one.before is None:
        return "Data dækker ikke samme halvår året før, så det kan ikke sammenlignes."
    before = danish.number(one.before)
    more = f"flere end i {one.season_before} ({before})"
    if one.method == LAST:
        # Its own chance is near a half whatever happens.
        return (
            f"Prognosen tager udgangspunkt i sæsonen før ({before}), fordi den metode hidtil har "
            "været mest præcis. En statistisk model af alle sæsonerne sætter sandsynligheden for "
            f"{more} til {danish.chance(one.model_chance)}: {verdict(one.model_chance)}."
        )
    return f"Sandsynligheden for {more} er {danish.chance(one.chance)}: {verdict(one.chance)}."


def verdict(chance: float) -> str:
    """Return what a chance of more says, as a clause; one that is not known decides nothing."""
    if chance >= LIKELY:
        return "der ventes flere"
    if chance <= UNLIKELY:
        return "der ventes ikke flere"
    if chance >= _LEANING:
        return "det peger på flere, men er ikke sikkert"
    if chance <= _LEANING_AGAINST:
        return "det peger på ikke flere, men er ikke sikkert"
    return "det er uafklaret, om der bliver flere"


class Expectation(NamedTuple):
    """The chances of what the administration's status expected; not a number: not known.

    `calm`: the summer has fewer incidents than the winter before it; `rise`: the winter has more
    than the summer before it; `worse`: it has more than the winter before it.
    """

    calm: float
    rise: float
    worse: float


def expectation(known: Known, outcomes: Sequence[Outcome], level: str, place: str) -> Expectation:
    """Return the chances, from the model's draws of the half-years that `forecasting.coming` names.

    The draws of two half-years are taken for independent, which makes the chances less extreme.
    """
    *begun, first, second = (_draws(found, level, place) for found in outcomes)
    before = begun[0] if begun else _before(known, outcomes[0].period, level, place)
    if outcomes[-1].period.half == "vinter":
        return Expectation(
            _chance_of(first, before, -1), _chance_of(second, first), _chance_of(second, before)
        )
    last = forecasting.added(outcomes[-2], level)
    a_year_before = last[2][last[0].index(place)].sum()
    return Expectation(
        _chance_of(second, first, -1), _chance_of(first, before), _chance_of(first, a_year_before)
    )


def _draws(found: Outcome, level: str, place: str) -> "ndarray":
    labels, draws, _ = forecasting.added(found, level)
    return draws[:, labels.index(place)].sum(axis=1)


def _before(known: Known, period: Selection, level: str, place: str) -> float:
    """Return the count of the half-year before one, not a number where it is not known whole."""
    months = forecasting.numbers(period.months) - 6
    if months[0] < known.months[0] or known.left(months).any():
        return nan
    return _known(known, months, level, place)


def _known(known: Known, months: "ndarray", level: str, place: str) -> float:
    """Return the count of a place's months, as far as it is known."""
    labels, members = forecasting.membership(known.units(None), level)
    return float((members @ known.counts(None, months))[labels.index(place)].sum())


def _chance_of(one: "ndarray", other: "ndarray | float", way: int = 1) -> float:
    """Return the chance of more (fewer: `way` is -1) in one than in the other."""
    if isinstance(other, float) and isnan(other):
        return nan
    return float((way * one > way * other).mean())


def expected(selection: Selection, found: Expectation) -> str:
    """Return whether a calm summer and a rise next winter are to be expected, in words.

    Where the administration has said what it expects of the place, that stands first.
    """
    is_told = (selection.location, selection.period) == _STATUS_OF
    known = bool(seasons(found))
    if is_told and not known:
        return f"{_STATUS} Om det holder, kan data ikke sige."
    told = expected_of(selection.place, found, f"{_STATUS} Efter modellen" if is_told else "")
    if isnan(found.worse) or not known:
        return told
    return (
        f"{told} Det handler kun om årstiden; om den kommende vinter får flere hændelser end den "
        "forrige, er et andet spørgsmål. Sandsynligheden for det er "
        f"{danish.chance(found.worse)}: {verdict(found.worse)}."
    )


def expected_of(place: str, found: Expectation, lead: str = "") -> str:
    """Return the chances of a calm summer and a rise in winter; `lead` begins the sentence."""
    told = seasons(found)
    if not told:
        return (
            "Om sommeren bliver roligere, og om antallet stiger til vinteren, kan data ikke sige "
            f"for {place}."
        )
    return (
        f"{lead or f'For {place}'} {told}: Sandsynligheden for færre hændelser om sommeren end i "
        f"vinteren før er {danish.chance(found.calm)}, og for flere om vinteren end i sommeren før "
        f"{danish.chance(found.rise)}."
    )


def seasons(found: Expectation) -> str:
    """Return whether a calm summer and a rise in winter are to be expected, as a clause, or ""."""
    calm, rise = found.calm, found.rise
    if isnan(calm) or isnan(rise):
        return ""
    if min(calm, rise) >= LIKELY:
        return "ventes både en roligere sommer og en stigning til vinteren"
    if max(calm, rise) <= UNLIKELY:
        return "ventes hverken en roligere sommer eller en stigning til vinteren"
    if calm >= LIKELY:
        return "ventes en roligere sommer, men stigningen til vinteren er ikke sikker"
    if rise >= LIKELY:
        return "ventes en stigning til vinteren, men en roligere sommer er ikke sikker"
    return "er det ikke sikkert, at sommeren bliver roligere, eller at antallet stiger til vinteren"


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
    return (
        f"**Modellen har {_compared(record, what)}.** Modellens samlede fejl (CRPS) er "
        f"{_apart(model['crps'], simple['crps'])} for den bedste simple metode. Medianen lå i "
        f"gennemsnit {_apart(model['error'], simple['error'])} hændelser fra det, der skete, og "
        f"90\u00a0%-intervallet ramte {held[0]} mod {held[1]} af "
        f"{danish.number(model['forecasts'])} gange. Alt bygger på kun "
        f"{danish.counted(int(model['periods']), 'halvår', 'halvår')}.{whose}"
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
    told = f"Af {count} lå {' og '.join(hits)}, regnet med den metode, der vises."
    if row["in_50"] >= 0.5 + _FAR_OFF:
        return (
            f"{told} Intervallerne har altså været bredere, end de lover; det skyldes især, at de "
            "fleste steder kun har få hændelser på en måned."
        )
    if row["in_50"] <= 0.5 - _FAR_OFF:
        return f"{told} Intervallerne har altså været smallere, end de lover."
    return told


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


def months(forecasts: Sequence["DataFrame"], known: Known, name: str) -> "DataFrame":
    """Return the months to come of a name, over several forecasts in order."""
    both = _to_come(forecasts, known)
    return both[both["name"] == name].reset_index(drop=True)


def _to_come(forecasts: Sequence["DataFrame"], known: Known) -> "DataFrame":
    """Return the months that have not ended by the last day known."""
    import pandas as pd

    both = pd.concat(forecasts, ignore_index=True)
    return both[both["month"] + pd.offsets.MonthEnd(0) > pd.Timestamp(known.through)]


def not_added(forecasts: Sequence["DataFrame"]) -> str:
    """Return that months do not add up to their half-year, where another method gives them.

    `forecasts` are of `backtest.shown`, whose months are by one method and half-years by one.
    """
    for forecast in forecasts:
        by = forecast.groupby(forecast["month"].isna())["method"].first()
        if by.nunique() > 1:
            return "Måneder og halvår er beregnet hver for sig og kan ikke lægges sammen."
    return ""


def by_method(forecast: "DataFrame") -> "DataFrame":
    """Return `backtest.each_method` as a table."""
    words = [METHOD_NAMES[one] for one in forecast["method"]]
    return table_of(forecast.assign(method=words), "method")


def drawn(forecast: "DataFrame") -> "DataFrame":
    """Return `name, value, low, high` of half-years for `charts.intervals`: 90 per cent."""
    columns = ["name", "median", "low_90", "high_90"]
    return halves(forecast)[columns].set_axis(["name", "value", "low", "high"], axis=1)


def both_halves(forecasts: Sequence["DataFrame"], periods: Sequence[Selection]) -> "DataFrame":
    """Return each name's coming half-years on a row, in the order of the last."""
    import pandas as pd

    made = [halves(each).set_index("name") for each in forecasts]
    columns = {"name": made[-1].index}
    for each, period in zip(made, periods, strict=True):
        one = each.loc[made[-1].index]
        label = _brief(period)
        columns[label] = one["median"].round().astype("int64").to_numpy()
        columns[f"{label}: 90\u00a0%-interval"] = _ends(one, "low_90", "high_90")
        columns[_chance(period)] = one["chance_above_last"].to_numpy()
    return pd.DataFrame(columns)


def each_month(forecasts: Sequence["DataFrame"], known: Known) -> "DataFrame":
    """Return each name's months to come on a row: medians, in the last forecast's order."""
    both = _to_come(forecasts, known)
    order = forecasts[-1]["name"].unique()
    wide = both.pivot(index="name", columns="month", values="median").loc[order]
    wide.columns = [danish.short_month(month) for month in wide.columns]
    return wide.round().astype("int64").rename_axis("name").reset_index()


def chance_columns(periods: Sequence[Selection]) -> list[str]:
    """Return the columns of `both_halves` that hold a chance."""
    return [_chance(period) for period in periods]


def _chance(period: Selection) -> str:
    return f"{_brief(period)}: sandsynlighed for flere"


def _brief(period: Selection) -> str:
    """Return a half-year as "Vinter 2026/27" or "Sommer 2026", short enough for a heading."""
    return f"{_capital(period.half)} {period.period.split()[-1]}"


def most(forecast: "DataFrame", what: tuple[str, str], period: str) -> str:
    """Return which name has most expected of a half-year, and how many will have more than last.

    `what` is what one name is called, and several.
    """
    rows = halves(forecast)
    if rows.empty:
        return f"**Der er ingen {what[1]} at regne på.**"
    first = rows.loc[rows["median"].idxmax()]
    told = (
        f"**I {period} er det højeste ventede antal for {first['name']}: "
        f"{danish.number(round(first['median']))} (90\u00a0%-interval "
        f"{danish.interval(first['low_90'], first['high_90'])}).**"
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
            "sæsonen før."
        )
    told = []
    if up:
        listed = names.shortened(up)
        told.append(
            f"{danish.counted(len(up), *what)} ventes at få flere end sæsonen før ({listed})"
        )
    if down:
        fewer = danish.number(down) if up else danish.counted(down, *what)
        told.append(f"{fewer} ventes ikke at få flere{'' if up else ' end sæsonen før'}")
    rest = "den sidste" if left == 1 else f"de øvrige {danish.number(left)}"
    unsure = f"; for {rest} er det ikke sikkert" if left else ""
    return f"{', og '.join(told)}{unsure}."


def assumed(changes: Sequence[Change]) -> str:
    """Return that the forecasts shown are made with a scenario, or ""."""
    if not changes:
        return ""
    return "*Alle prognoser her på siden regner med det scenarie, der er lagt ind; se nederst.*"


def unused(con: "DuckDBPyConnection", known: Known) -> str:
    """Return which closures of the register the forecast does not reckon with yet, or ""."""
    found = forecasting.planned(con, known)
    if not found:
        return ""
    told = [f"{one.location} {danish.days(one.starts, one.ends)}" for one in found]
    return (
        f"**Registret har {danish.counted(len(found), 'lukning', 'lukninger')}, der begynder "
        f"efter den {danish.day(known.through)}: {names.shortened(told)}.** Prognosen regner kun "
        "med det, der var begyndt; læg lukningen ind som scenarie."
    )


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
    known: Known,
    scored: "DataFrame",
    without: Sequence[Outcome],
    given: Sequence[Outcome],
    places: Sequence[tuple[str, str]],
) -> "DataFrame":
    """Return the half-years shown with and without a scenario: medians and their difference.

    `scored` is from `backtest.scores`, `places` holds `(level, name)`; `given` is empty where there
    is no scenario, and so is the table. Columns: `place, period, without, with, difference,
    ninety`.
    """
    import pandas as pd

    rows = []
    for level, name in places:
        for plain, changed in zip(without, given, strict=False):
            one, other = (
                halves(backtest.shown(each, known, scored, level)).set_index("name").loc[name]
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
