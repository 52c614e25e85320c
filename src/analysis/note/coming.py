"""The note's sections on the coming half-years and on what follows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from analysis import barometer, outlook
from analysis.core import asking, danish
from analysis.core.kept import kept
from analysis.core.selection import Selection
from analysis.note.figures import Period
from analysis.note.words import About, bullets, placeholder
from analysis.outlook import backtest, words
from analysis.outlook import scenario as scenarios
from analysis.outlook.forecasting import Outcome
from analysis.outlook.words import Expectation, Prospect
from analysis.show.phrases import markdown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from IPython.display import Markdown


class Coming(NamedTuple):
    """The coming half-years as the outlook shows them, or (`reason`) why there is no forecast.

    `through` is the last day that the forecast knows. `totals` are all incidents of the same
    half-years a season before, of which some may have been reported later. `tried` says how well
    the method has hit, `scenario` what is assumed of the time to come, and `idle` what of it makes
    no difference here. `chances` are those of a calm summer and of a rise in winter; `winter` is
    the place of the winter among the half-years.
    """

    found: tuple[Prospect, ...] = ()
    totals: tuple[int, ...] = ()
    through: date = date.max
    reason: str = ""
    tried: str = ""
    scenario: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    chances: Expectation | None = None
    winter: int = 0


def halves(selection: Selection) -> list[Selection]:
    """Return the two half-years that follow the selection's period, in order."""
    return outlook.coming(selection.interval[1] - timedelta(days=1))


@kept
def expected_halves(
    con: "DuckDBPyConnection",
    selection: Selection,
    place: About,
    scenario: Sequence[Mapping] | None = None,
) -> Coming:
    """Return what is expected of the coming half-years, from what was known as the period ended.

    The forecast is the one that the outlook's page shows: the model's, or a simple one that has
    done better. `scenario` is as in `outlook.forecast`.
    """
    changes = scenarios.read(con, scenario)
    if reason := unforeseen(selection, asking.dataset(con)):
        return Coming(reason=reason)
    known = outlook.Known(con, outlook.until(con, selection))
    if selection.place != selection.single_place[1]:
        return Coming(reason="prognosen laves for ét sted ad gangen")
    if selection.location and selection.location not in set(known.places["location"]):
        return Coming(reason="stedet ikke står i registret og endnu ikke havde hændelser")
    scored = backtest.scores(con, known.through)
    record = backtest.record(scored, place.kind)
    tried = [words.worth(record, place.kind, known.through)]
    tried += [] if record.empty else [words.tried(record, place.kind)]
    made = [Outcome(known, one, changes=changes) for one in outlook.coming(known.through)]
    idle = scenarios.idle(changes, known.places, place.kind, place.name, made[-1].period)
    found, totals = [], []
    for one in made:
        shown = backtest.shown(one, known, scored, place.kind)
        found.append(words.prospect(known, one, shown, place.kind, place.name))
        before = replace(
            selection,
            season=one.period.season.previous,
            half=one.period.half,
            first_day=None,
            last_day=None,
        )
        totals.append(barometer.incidents(con, before))
    return Coming(
        tuple(found),
        tuple(totals),
        known.through,
        tried=" ".join(tried),
        scenario=tuple(each.told for each in changes if each not in idle),
        idle=tuple(each.told for each in idle),
        chances=words.expectation(known, made, scored, place.kind, place.name),
        winter=[one.period.half for one in made].index("vinter"),
    )


def unforeseen(selection: Selection, data: asking.Dataset) -> str:
    """Return why there is no forecast of a selection, or ""."""
    if not data.last_day:
        return "databasen ikke indeholder hændelser"
    if data.first_day >= selection.interval[1]:
        return f"data først begynder den {danish.day(data.first_day)}"
    if data.last_day < selection.interval[0]:
        return f"data slutter den {danish.day(data.last_day)}, før perioden begynder"
    if selection.narrowed:
        return "den kun laves for alle hændelser på et sted, i en bydel eller i byen"
    return ""


def headline(coming: Coming) -> str:
    """Return what is expected of the coming winter, or in a sentence why it is not known."""
    if coming.reason:
        return _no_forecast(coming)
    winter, begun = coming.found[coming.winter], coming.found[0]
    lead = _seasons(coming)
    if begun.begun and begun is not winter:
        lead = f"{_expected(begun)}. Det er begyndt. {lead}"
    given = ", med det, der er lagt ind som antagelse" if coming.scenario else ""
    before = _season_before(winter, coming.totals[coming.winter], coming.through)
    return f"{lead}{_expected(winter)}{given}. {before}".strip()


def _seasons(coming: Coming) -> str:
    """Return whether a calm summer and a rise in winter are to be expected, or ""."""
    told = words.expected_seasons(coming.chances) if coming.chances else ""
    if not told:
        return ""
    return f"I det kommende år {told}. {words.beside_last_summer(coming.chances)}".strip() + " "


def half_year_paragraphs(now: Period, coming: Coming) -> "Markdown":
    """Return what is expected of each coming half-year, a paragraph each."""
    if coming.reason:
        return markdown(_no_forecast(coming))
    besides = " ud over det, der er lagt ind" if coming.scenario else ""
    return markdown(
        *(
            _half_year(now, one, total, coming.through)
            for one, total in zip(coming.found, coming.totals, strict=True)
        ),
        f"Tallene gælder, hvis intet andet ændrer sig{besides}.",
        _assumed(coming),
    )


def basis(coming: Coming) -> "Markdown":
    """Return what the forecast is made of, and how well it has hit; nothing where there is none."""
    if coming.reason:
        return markdown("")
    return markdown(
        f"{coming.tried} Rapporten »Prognose for de kommende halvår« viser mere.",
    )


def _assumed(coming: Coming) -> str:
    """Return the scenario that the figures rest on, or ""."""
    told = {
        "Tallene regner med følgende, som er lagt ind som en antagelse": coming.scenario,
        "Følgende er også lagt ind, men gælder et andet sted eller en anden tid": coming.idle,
    }
    return "\n\n".join(
        f"{lead}:\n\n{bullets([f'{danish.capital(each)}.' for each in entries])}"
        for lead, entries in told.items()
        if entries
    )


def _no_forecast(coming: Coming) -> str:
    return f"Der er ingen prognose for de kommende halvår, fordi {coming.reason}."


def _half_year(now: Period, one: Prospect, total: int, through: date) -> str:
    parts = [f"**{_expected(one)}.**"]
    if one.begun:
        parts.append(
            f"{danish.number(one.reported)} af dem var meldt ind, da prognosen blev lavet."
        )
    if now.half and one.season_before != now.name and now.held == "whole":
        parts.append(_against_now(now, one))
    parts.append(_season_before(one, total, through))
    return " ".join(filter(None, parts))


def _expected(one: Prospect) -> str:
    return f"I {one.period} ventes {words.expected_count(one)}"


def _season_before(one: Prospect, total: int, through: date) -> str:
    """Return the count a season before, and how likely more are, or "" where it is not known.

    The forecast knows less than was reported later, and can know of more, where it counts a
    location that the register does not.
    """
    if one.before is None:
        return ""
    text = f"I {one.season_before} var der {_or_none(total)}"
    if one.before < total:
        text += f", {_reported(one.before, through)}"
    more = f". Prognosen regner med {danish.number(one.before)}" * (one.before > total)
    return f"{text}{more}. {words.more(one)}".strip()


def _those(count: int) -> str:
    return "den ene" if count == 1 else f"de {danish.number(count)}"


def _or_none(count: int) -> str:
    return danish.number(count) if count else "ingen"


def _reported(known: int, through: date) -> str:
    return f"heraf {_or_none(known)} meldt ind til og med {danish.day(through)}"


def _against_now(now: Period, one: Prospect) -> str:
    """Return whether fewer or more are expected than in the half-year that the note is about."""
    count = now.incidents
    if not count:
        return f"Det er flere end i {now.name}, hvor der ingen var." if one.low > 0 else ""
    than = f"end {_those(count)} i {now.name}"
    if one.high < count:
        return f"Det er færre {than}."
    if one.low > count:
        return f"Det er flere {than}."
    return f"Det kan både blive færre og flere {than}."


def process(selection: Selection, ended: str) -> "Markdown":
    """Return what follows: the network's meetings, the next status, and what a person fills in.

    `ended` says which measures ended with the period, or is empty.
    """
    nearest, _ = halves(selection)
    last = danish.day(nearest.interval[1] - timedelta(days=1))
    lines = [
        "Sikringsnetværket mødes hver måned og vælger, hvilke steder der får flere runderinger.",
        f"{danish.capital(nearest.period)} slutter den {last}. Så kan der gøres status igen.",
        ended,
        f"Planer: {placeholder('plans')}",
        f"Konsekvenser: {placeholder('economy')}",
        f"Kontakt: {placeholder('contact')}",
    ]
    return markdown(bullets([line for line in lines if line]))
