"""What a forecast says: its frames in, sentences out."""

from collections.abc import Sequence
from math import isnan, nan
from typing import TYPE_CHECKING, NamedTuple

from analysis.core import danish
from analysis.core.selection import NoDataError, Selection
from analysis.outlook import forecasting
from analysis.outlook.backtest import LAST, MODEL
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
    """A coming half-year at a place, as the page shows it.

    `period` and `season_before` are names, `before` the count a season before (None: not known).
    `model_chance` is the model's chance of more than that, and `model` its median and 90 per cent
    interval, whatever `method` is shown. `begun` says that some of the half-year has been, and
    `reported` how many incidents of it are known.
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
    model: tuple[float, float, float] = (nan, nan, nan)

    @property
    def model_told(self) -> str:
        """What the model expects, in words: "76 hændelser (90 %-interval 57–98)"."""
        median, low, high = self.model
        return (
            f"{phrases.incidents(round(median))} (90\u00a0%-interval {danish.interval(low, high)})"
        )


def prospect(known: Known, found: Outcome, shown: "DataFrame", level: str, place: str) -> Prospect:
    """Return what is shown of a place's half-year; `shown` is from `backtest.shown`."""
    import numpy as np

    period = found.period
    if place not in set(shown["name"]):
        raise NoDataError(
            f"{place} kan ikke forudsiges: stedet står ikke i registret, og ingen af dets "
            f"hændelser var kendt den {danish.day(known.through)}."
        )
    row = shown[(shown["name"] == place) & shown["month"].isna()].iloc[0]
    labels, draws, last = forecasting.added(found, level)
    at = labels.index(place)
    before = last[at].sum()
    sums = draws[:, at].sum(axis=1)
    chance = nan if isnan(before) else float((sums > before).mean())
    ranked = np.sort(sums)
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
        tuple(
            float(forecasting.quantile(ranked, forecasting.BOUNDS[name]))
            for name in ("median", "low_90", "high_90")
        ),
    )


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
            f"været mest præcis. En statistisk model af alle sæsonerne venter {one.model_told} og "
            f"sætter sandsynligheden for {more} til {danish.chance(one.model_chance)}: "
            f"{verdict(one.model_chance)}."
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
        return "det peger ikke på flere, men er ikke sikkert"
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
    told = f"{_STATUS} " * is_told + expected_of(selection.place, found)
    if isnan(found.worse) or not known:
        return told
    return (
        f"{told} Det handler kun om årstiden; om den kommende vinter får flere hændelser end den "
        "forrige, er et andet spørgsmål. Sandsynligheden for det er "
        f"{danish.chance(found.worse)}: {verdict(found.worse)}."
    )


def expected_of(place: str, found: Expectation) -> str:
    """Return the chances of a calm summer and a rise in winter, in words."""
    told = seasons(found)
    if not told:
        return (
            "Om sommeren bliver roligere, og om antallet stiger til vinteren, kan data ikke sige "
            f"for {place}."
        )
    return (
        f"For {place} {told}: Sandsynligheden for færre hændelser om sommeren end i "
        f"vinteren før er {danish.chance(found.calm)}, og for flere om vinteren end i sommeren før "
        f"{danish.chance(found.rise)}."
    )


def seasons(found: Expectation) -> str:
    """Return whether a calm summer and a rise in winter are to be expected, as a clause, or ""."""
    calm, rise = found.calm, found.rise
    if isnan(calm) or isnan(rise):
        return ""
    if min(calm, rise) >= LIKELY:
        return "venter modellen både en roligere sommer og en stigning til vinteren"
    if max(calm, rise) <= UNLIKELY:
        return "venter modellen hverken en roligere sommer eller en stigning til vinteren"
    if calm >= LIKELY:
        rest = "ikke en stigning" if rise <= UNLIKELY else "stigningen til vinteren er ikke sikker"
        return f"venter modellen en roligere sommer, men {rest}"
    if rise >= LIKELY:
        rest = (
            "ikke en roligere sommer" if calm <= UNLIKELY else "en roligere sommer er ikke sikker"
        )
        return f"venter modellen en stigning til vinteren, men {rest}"
    return (
        "er det efter modellen ikke sikkert, at sommeren bliver roligere, eller at antallet stiger "
        "til vinteren"
    )


def ignored(selection: Selection) -> str:
    """Return which filters the forecast leaves out, or ""."""
    if not selection.narrowed:
        return ""
    return (
        f"*Prognosen gælder alle hændelser på stedet; {danish.listing(selection.narrowed)} er ikke "
        "brugt, fordi tallene ellers bliver for små.*"
    )


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
        listed = phrases.shortened(up)
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


def scenario_told(changes: Sequence[Change]) -> str:
    """Return a scenario in words."""
    if not changes:
        return (
            "**Der er ikke angivet noget scenarie; prognosen gælder, hvis intet ændres.** "
            "Et scenarie kan være en kendt lukning eller et tiltag med en antaget virkning."
        )
    entries = "\n".join(f"- {danish.capital(one.told)}." for one in changes)
    return (
        "**Scenariet er en antagelse, som er lagt ind; tallene viser kun, hvad den betyder.**\n\n"
        f"{entries}"
    )
