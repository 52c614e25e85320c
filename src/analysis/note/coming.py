"""The note's sections on the coming half-years and on what follows."""

from dataclasses import replace
from datetime import date, timedelta
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

from analysis import barometer, danish, names, outlook
from analysis.note.figures import Period
from analysis.note.words import ADMINISTRATION, Place, bullets, fill, markdown
from analysis.outlook import backtest, prospects
from analysis.outlook.prospects import Prospect
from analysis.selection import Selection

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from IPython.display import Markdown


class Coming(NamedTuple):
    """The coming half-years as the outlook shows them, or (`reason`) why there is no forecast.

    `through` is the last day that the forecast knows. `totals` are all incidents of the same
    half-years a season before, of which some may have been reported later. `tried` says how well
    the method has hit.
    """

    found: tuple[Prospect, ...] = ()
    totals: tuple[int, ...] = ()
    through: date = date.max
    reason: str = ""
    tried: str = ""


def halves(selection: Selection) -> list[Selection]:
    """Return the two half-years that follow the selection's period, in order, at its place."""
    return [
        replace(selection, season=one.season, half=one.half) for one in outlook.coming(selection)
    ]


def expected(con: "DuckDBPyConnection", selection: Selection, place: Place) -> Coming:
    """Return what is expected of the coming half-years, from what was known as the period ended.

    The forecast is the one that the outlook's page shows: the model's, or a simple one that has
    done better.
    """
    if reason := unforeseen(selection, barometer.dataset(con)):
        return Coming(reason=reason)
    known = outlook.Known(con, outlook.until(con, selection))
    scored = backtest.scores(con, known.through)
    found, totals = [], []
    for one in halves(selection):
        made = outlook.outcome(con, known.through, one.season, one.half)
        shown = backtest.shown(made, known, scored, place.kind)
        found.append(prospects.prospect(made, shown, place.kind, place.name))
        totals.append(barometer.incidents(con, replace(one, season=one.season.previous)))
    record = backtest.record(scored, place.kind)
    tried = prospects.tried(record, place.kind)
    return Coming(tuple(found), tuple(totals), known.through, tried=tried)


def unforeseen(selection: Selection, data: barometer.Dataset) -> str:
    """Return why there is no forecast of a selection, or ""."""
    if not data.last_day:
        return "databasen ikke indeholder hændelser"
    if data.first_day >= selection.interval[1]:
        return f"data først begynder {danish.day(data.first_day)}"
    if data.last_day < selection.interval[0]:
        return f"data slutter {danish.day(data.last_day)}, før perioden begynder"
    if selection.narrowed:
        return "den kun laves for alle hændelser på et sted, i en bydel eller i byen"
    return ""


def headline(place: Place, now: str, coming: Coming) -> str:
    """Return in one sentence what is expected of the same half next year, or why it is not known.

    `now` is the name of the period that the note is about.
    """
    if coming.reason:
        return f"Der er ingen fremskrivning for de kommende halvår, fordi {coming.reason}."
    same, total = next(
        (
            each
            for each in zip(coming.found, coming.totals, strict=True)
            if each[0].season_before == now
        ),
        (coming.found[0], coming.totals[0]),
    )
    text = f"{_expected(same)} {place.at} i {same.period}"
    if same.before is None:
        return f"{text}."
    late = "" if total == same.before else f" ({_reported(same.before, coming.through)})"
    return f"{text}, mod {danish.number(total)} i {same.season_before}{late}; {_meant(same)}."


def told(place: Place, now: Period, coming: Coming) -> "Markdown":
    """Return what is expected of each coming half-year, a paragraph each."""
    if coming.reason:
        return markdown(
            f"Der er ingen fremskrivning for de kommende halvår, fordi {coming.reason}."
        )
    return markdown(
        *(
            _half_year(place, now, one, _known(one, total, coming.through))
            for one, total in zip(coming.found, coming.totals, strict=True)
        ),
        f"Tallene er beregnet med det, der var meldt ind til og med {danish.day(coming.through)}, "
        f"og forudsætter, at intet væsentligt ændrer sig. {coming.tried} Rapporten »Udsigten: de "
        "kommende halvår« viser mere.",
    )


def _known(one: Prospect, total: int, through: date) -> str:
    """Return the count a season before, and how many of it the forecast knew of, if not all."""
    if one.before is None:
        return ""
    late = "" if total == one.before else f", {_reported(one.before, through)}"
    return f"I {one.season_before} var der {danish.number(total)}{late}"


def _reported(known: int, through: date) -> str:
    return f"heraf {danish.number(known)} meldt ind til og med {danish.day(through)}"


def _half_year(place: Place, now: Period, one: Prospect, known: str) -> str:
    parts = [f"**{_expected(one)} {place.at} i {one.period}.**"]
    if now.half and one.season_before != now.name and now.held == "whole":
        parts.append(_against_now(now, one))
    if known:
        parts.append(f"{known}; {_chance(one)}.")
    return " ".join(parts)


def _expected(one: Prospect) -> str:
    between = danish.interval(round(one.low), round(one.high))
    return f"Der ventes omkring {names.incidents(round(one.median))} (90 %-interval {between})"


def _chance(one: Prospect) -> str:
    """Return the chance of more than the year before, and what it means."""
    if one.method != backtest.LAST:
        return f"{_percent(one.chance, 'sandsynligheden for flere')}: {_meant(one)}"
    chance = _percent(one.model_chance, "modellens sandsynlighed for flere")
    return (
        f"fremskrivningen gentager de {danish.number(one.before)}, fordi det hidtil har ramt "
        "bedst, og siger intet om, hvilken vej det går. Det gør en model af alle sæsonerne: "
        f"{chance[:1].upper()}{chance[1:]}, og {_meant(one)}"
    )


def _percent(chance: float, of: str) -> str:
    return f"{of} kan ikke siges" if isnan(chance) else f"{of} er {danish.chance(chance)}"


def _meant(one: Prospect) -> str:
    """Return whether more than the year before are to be expected, by the outlook's own limits.

    The season before repeated tells nothing of that, so the model's chance does.
    """
    chance = one.model_chance if one.method == backtest.LAST else one.chance
    if chance >= prospects.LIKELY:
        return "der ventes flere"
    if chance <= prospects.UNLIKELY:
        return "der ventes ikke flere"
    return "det er uafklaret, om der bliver flere"


def _against_now(now: Period, one: Prospect) -> str:
    """Return whether fewer or more are expected than in the half-year that the note is about."""
    count = now.incidents
    than = f"end de {danish.number(count)} i {now.name}"
    if one.high < count:
        return f"Det er færre {than}."
    if one.low > count:
        return f"Det er flere {than}."
    if not count:
        return f"Det kan blive flere {than}, men ikke færre."
    return f"Det kan både blive færre og flere {than}."


def process(selection: Selection, ended: str) -> "Markdown":
    """Return what follows: the network's meetings, the next status, and what a person fills in.

    `ended` says which measures ended with the period, or is empty.
    """
    nearest, same = halves(selection)
    last = nearest.interval[1] - timedelta(days=1)
    lines = [
        "Sikringsnetværket mødes hver måned og fastlægger, hvilke lokationer der får flere "
        "runderinger.",
        f"{nearest.period.capitalize()} slutter {danish.day(last)}, og derefter kan der gøres "
        f"status igen. {same.period.capitalize()} begynder {danish.day(same.interval[0])}.",
        ended,
        f"{ADMINISTRATION}s planer: {fill('plans')}",
        f"Konsekvenser: {fill('economy')}",
        f"Kontakt: {fill('contact')}",
    ]
    return markdown(bullets([line for line in lines if line]))
