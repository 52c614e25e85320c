"""The note's first page: what it opens with, the summary, and what the figures are."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from analysis.barometer import words
from analysis.core import danish
from analysis.core.asking import Dataset
from analysis.core.selection import Selection
from analysis.core.taxonomy import CLOSED, RESTRICTED, UNCLEAR_HOURS
from analysis.note.figures import Opening, Openings, Period, Standing, coverage
from analysis.note.words import (
    COMMITTEE,
    PERIOD_KINDS,
    PROMPTS,
    About,
    bullets,
    lacking,
    placeholder,
    placeholder_mark,
    reported_count,
)
from analysis.show import phrases
from analysis.show.phrases import markdown

if TYPE_CHECKING:
    from IPython.display import Markdown

# What a note calls the kinds of `Standing`: one that has most, several, and all of them.
_KINDS = {
    "location": ("den KFF-institution", "KFF's institutioner", "KFF's {} lokationer"),
    "district": ("den bydel", "bydelene", "de {} bydele"),
}
_MOST_TIED = 3
# What happened to a place's opening hours, and what that is called.
_CHANGED = {CLOSED: "lukket", RESTRICTED: "indskrænket"}
_CHANGES = {CLOSED: "lukning", RESTRICTED: "indskrænket åbningstid"}


def opening(
    selection: Selection, place: About, data: Dataset, *periods: Selection, unsettled: str = ""
) -> "Markdown":
    """Return what stands above the note: place, period, receiver, and what is left to fill in.

    `periods` are those it compares; `unsettled` is from `nowcast.words.not_settled`.
    """
    narrowed = " · ".join(selection.narrowed)
    return markdown(
        f"**{place.name}, {selection.period}**",
        f"Til {COMMITTEE}",
        f"{placeholder('date')} · {placeholder('case')}",
        f"Periode: {selection.dates}",
        f"**Alle tal og placeringer gælder kun en del af hændelserne.** {narrowed}"
        if narrowed
        else "",
        _uncovered(data, periods),
        unsettled,
        words.synthetic() if data.synthetic else "",
        placeholder_mark(
            f"{len(PROMPTS)} steder i notatet er markeret som her; slet linjen, når de er udfyldt"
        ),
    )


def _uncovered(data: Dataset, periods: Sequence[Selection]) -> str:
    if not data.last_day:
        return "**Databasen indeholder ingen hændelser.**"
    left = lacking({one.period: coverage(data, one) for one in periods})
    if not left:
        return ""
    span = f"{danish.day(data.first_day)} til og med {danish.day(data.last_day)}"
    neither, what = left
    which = "perioderne" if neither == "hverken" else "perioden"
    return (
        f"**Data går fra {span} og dækker {neither} {what}. "
        f"Tallene for {which} er derfor for lave eller ukendte.**"
    )


def summary(
    place: About, now: Period, point: Sequence[str], why: Sequence[str], points: Sequence[str]
) -> "Markdown":
    """Return the summary: what the note is about, its point, what that comes from, and the rest.

    All are sentences (Markdown), of which the empty are left out: `point` the verdict on the
    change and the opening hours, `why` where the place stands and who is behind the incidents,
    `points` those of the note's other sections.
    """
    return markdown(
        f"{COMMITTEE} orienteres om status på tryghedssituationen {place.at} i {now.name}. "
        f"{placeholder('occasion')}",
        *(" ".join(filter(None, each)) for each in (point, why)),
        bullets([one for one in points if one]),
    )


def where(place: About, now: Period, locations: Standing, districts: Standing | None) -> str:
    """Return how many incidents the place has, and where it stands or what in it has most.

    The standings are those of `figures.standings`.
    """
    if now.held == "none":
        return f"Antallet af hændelser er ikke kendt, fordi data ikke dækker {now.name}."
    told = _where(place, now.name, locations, districts)
    return told if now.held == "whole" else f"Foreløbigt: {told}"


def _where(place: About, period: str, locations: Standing, districts: Standing | None) -> str:
    if place.kind == "location":
        return standing(place, period, locations)
    if place.kind == "city":
        return within(place, period, locations, districts)
    told = standing(place, period, districts)
    if not locations.total:
        return told
    return f"{told} Inden for bydelen er der flest {_leaders('på', locations, 'lokationer')}."


def standing(place: About, period: str, one: Standing) -> str:
    """Return where a location or a district stands, in a sentence or two."""
    if not one.total:
        return f"Der er ikke indmeldt hændelser på nogen af KFF's lokationer i {period}."
    if not one.incidents:
        return f"Der er ikke indmeldt hændelser {place.at} i {period}. {_first(place, one)}"
    alone, several, all_of_them = _KINDS[place.kind]
    count = f"{danish.number(one.incidents)} af {danish.number(one.total)}"
    share = phrases.percent(one.incidents, one.total)
    if one.rank > 1:
        tied = f", delt med {_others(one.tied)}" if one.tied else ""
        among = all_of_them.format(danish.number(one.places))
        return (
            f"{place.name} har {count} indmeldte hændelser i {period} ({share}) og er nummer "
            f"{one.rank} blandt {among}{tied}. {_first(place, one)}"
        )
    if one.tied:
        return (
            f"{place.name} har sammen med {_others(one.tied)} flest indmeldte hændelser blandt "
            f"{several} i {period}: hver {count} ({share})."
        )
    return f"{place.name} er {alone} med flest indmeldte hændelser i {period}: {count} ({share})."


def _others(tied: Sequence[str]) -> str:
    if len(tied) > _MOST_TIED:
        return f"{danish.number(len(tied))} andre"
    return danish.listing(list(tied))


def _first(place: About, one: Standing) -> str:
    """Return which have most of all: "Flest har Nørrebro (200)."."""
    first = phrases.sharing(list(one.first), "bydele" if place.kind == "district" else "lokationer")
    return f"Flest har {first} ({danish.number(one.most)}{' hver' * (len(one.first) > 1)})."


def within(place: About, period: str, locations: Standing, districts: Standing) -> str:
    """Return how many incidents the city has, and which district and location have most."""
    if not locations.total:
        return f"Der er ikke indmeldt hændelser {place.at} i {period}."
    few = "i bydelen" if len(districts.first) == 1 else "i bydelene"
    at = few if len(districts.first) <= _MOST_TIED else "i"
    return (
        f"Der er {reported_count(locations.total)} {place.at} i {period}. Flest er der "
        f"{_leaders(at, districts, 'bydele')} og {_leaders('på', locations, 'lokationer')}."
    )


def _leaders(at: str, one: Standing, several: str) -> str:
    """Return "på Blågårdens Bibliotek (68, 7 %)"."""
    each = " hver" * (len(one.first) > 1)
    share = phrases.percent(one.most, one.total)
    leads = phrases.sharing(list(one.first), several)
    return f"{at} {leads} ({danish.number(one.most)}{each}, {share})"


def circumstances(now: Period, before: Period) -> "Markdown":
    """Return what the figures say beside their number: when, with what help, in what hours."""
    return markdown(
        busiest_month(now),
        " ".join(filter(None, [helped(now, before), violence_point(now)])),
        unstaffed(now, before),
        placeholder("unseen"),
        uncertain(now),
    )


def busiest_month(now: Period) -> str:
    """Return in which month there were most incidents, or "" where some or all are not known."""
    if not now.incidents or now.held != "whole":
        return ""
    if now.incidents == 1:
        return f"Den ene hændelse skete i {_month(now.months.idxmax())}."
    told = phrases.extremes(now.months, "i {} måneder", lambda month: f"i {_month(month)}")
    return f"Der var {told}."


def _month(first: date) -> str:
    return danish.MONTHS[first.month - 1]


def uncertain(now: Period) -> str:
    """Return between which numbers the level of the period's count may lie, if it is known."""
    if now.held != "whole":
        return ""
    low, high = (danish.number(round(end)) for end in now.level)
    if now.incidents:
        level = (
            f"{phrases.incidents(now.incidents)} kan dække over et niveau mellem {low} og {high}"
        )
    else:
        level = f"Selv uden indmeldte hændelser kan niveauet være op til {high}"
    return f"Antallet svinger tilfældigt fra år til år: {level}."


def helped(now: Period, before: Period) -> str:
    """Return how often help was called and came, in both periods."""
    if not now.incidents:
        return ""
    if not now.called:
        text = "Der er ikke tilkaldt hjælp."
        if before.incidents and before.held == "whole" and not before.called:
            return f"{text[:-1]}, heller ikke i {before.name}."
    else:
        called = danish.counted(now.called, "gang", "gange")
        text = f"Der er tilkaldt hjælp {called}, {_came('hjælpen', now.arrived)}."
    if not before.incidents or before.held != "whole":
        return text
    if not before.called:
        return f"{text} I {before.name} blev der ikke tilkaldt hjælp."
    return (
        f"{text} I {before.name} blev der tilkaldt hjælp "
        f"{danish.counted(before.called, 'gang', 'gange')}, {_came('den', before.arrived)}."
    )


def _came(what: str, times: int) -> str:
    if not times:
        return f"men {what} kom ikke"
    return f"og {what} kom {danish.counted(times, 'gang', 'gange')}"


def violence_point(now: Period) -> str:
    """Return whether there was violence, and whether the police were called to it."""
    if not now.incidents:
        return ""
    if not now.violent:
        return "Der er ikke indmeldt fysisk vold."
    count = f"Der er {reported_count(now.violent)} med fysisk vold"
    if not now.without_police:
        cases = {1: "", 2: " i begge tilfælde"}.get(now.violent, " i alle tilfælde")
        return f"{count}. Politiet blev tilkaldt{cases}."
    if now.violent == 1:
        lacks = "der er ikke registreret et opkald til politiet"
    elif now.without_police == now.violent:
        lacks = "for ingen af dem er der registreret et opkald til politiet"
    else:
        some = danish.number(now.without_police)
        lacks = f"for {some} af dem er der ikke registreret et opkald til politiet"
    return f"{count}. Politiet skal tilkaldes ved fysisk vold, men {lacks}."


def unstaffed(now: Period, before: Period) -> str:
    """Return how many incidents arose in self-service hours, or "" where that is not known."""
    if now.self_service is None:
        return ""
    some = danish.number(now.self_service) if now.self_service else "Ingen"
    text = (
        f"{some} af de {danish.number(now.timed)} hændelser, hvis "
        "klokkeslæt og åbningstid er kendt, skete i selvbetjent åbningstid"
    )
    if now.timed == 1:
        is_so = "skete" if now.self_service else "skete ikke"
        text = f"Den ene hændelse, hvis klokkeslæt og åbningstid er kendt, {is_so} i selvbetjent"
        text += " åbningstid"
    if before.self_service is None or before.held != "whole":
        return f"{text}."
    return (
        f"{text}. I {before.name} var det {danish.number(before.self_service)} af "
        f"{danish.number(before.timed)}."
    )


def openings(place: About, now: Period, found: Sequence[Openings]) -> str:
    """Return whether opening hours were cut in the last of these periods, and in those before.

    It is the one that the note is about; "" where the data do not hold it.
    "The first winter without" is said only where every one before had a closure or cut hours, and
    nothing is unclear. Where it is unclear whether they were cut, a sentence of its own says so.
    """
    if now.held == "none":
        return ""
    kind = PERIOD_KINDS[now.half]
    *earlier, last = found
    unclear = _unclear(place, last.found)
    if cut := _cut(last):
        changed = f"I {last.period} har åbningstiden været ændret: {_listed(place, cut)}."
        return f"{changed} {unclear}".strip()
    none = (
        f"I {last.period} er der ikke registreret lukning eller indskrænket åbningstid {place.at}"
    )
    if unclear:
        return f"{none}. {unclear}"
    had = [one for one in earlier if _cut(one)]
    if earlier and len(had) == len(earlier):
        return (
            f"{none}. Det er {kind.first} uden lukning eller indskrænket åbningstid, siden data "
            f"begynder ({earlier[0].period})."
        )
    doubted = [one.period for one in earlier if one.found and not _cut(one)]
    if had or doubted:
        told = [_had(place, had)] if had else []
        if doubted:
            told.append(
                f"I {danish.listing(doubted)} er det uklart, om åbningstiden var indskrænket."
            )
        return " ".join([f"{none}.", *told])
    if not earlier:
        return f"{none}."
    return f"{none} og heller ikke i de tidligere {kind.several}, som data dækker."


def _cut(one: Openings) -> list[Opening]:
    """Return the closures and the cut hours, not what is unclear."""
    return [each for each in one.found if each.kind != UNCLEAR_HOURS]


def _had(place: About, periods: Sequence[Openings]) -> str:
    """Return in which periods there was a closure, cut hours, or (in each of them) both."""
    kinds = [{each.kind for each in _cut(one)} for one in periods]
    called = [word for kind, word in _CHANGES.items() if kind in set().union(*kinds)]
    both = " og " if all(len(each) == len(called) for each in kinds) else " eller "
    where = sorted({each.location for one in periods for each in _cut(one)})
    at = "" if place.kind == "location" else f" på {_several(where)}"
    return f"I {danish.listing([one.period for one in periods])} var der {both.join(called)}{at}."


def _unclear(place: About, found: Sequence[Opening]) -> str:
    """Return when it is unclear whether opening hours were cut, in a sentence, or ""."""
    told = [
        _span(one.first, one.last) + _named(place, one)
        for one in found
        if one.kind == UNCLEAR_HOURS
    ]
    if not told:
        return ""
    return f"{danish.capital(_several(told))} er det uklart, om åbningstiden var indskrænket."


def _listed(place: About, found: Sequence[Opening]) -> str:
    return _several(
        [
            f"{_CHANGED[one.kind]} {period_days(one.first, one.last)}{_named(place, one)}"
            for one in found
        ]
    )


def _several(told: Sequence[str]) -> str:
    return phrases.shortened(told) if len(told) > _MOST_TIED else danish.listing(told)


def _named(place: About, one: Opening) -> str:
    return "" if place.kind == "location" else f" ({one.location})"


def _span(first: date, last: date | None) -> str:
    """Return days inside a sentence: "fra 6. til 30. januar 2025"."""
    if not last:
        return f"fra {danish.day(first)}"
    if first == last:
        return f"den {danish.day(first)}"
    return f"fra {_begun(first, last)} til {danish.day(last)}"


def period_days(first: date | None, last: date | None) -> str:
    """Return "15.–30. november 2024", "fra 1. oktober 2025" or "til og med 1. maj 2025"."""
    if first:
        return danish.days(first, last)
    return f"til og med {danish.day(last)}" if last else "uden kendte datoer"


def _begun(first: date, last: date) -> str:
    """Return the first of two days without what it shares with the last: "6.", "1. november"."""
    day, month, _ = danish.day(first).split()
    if first.year != last.year:
        return danish.day(first)
    return day if first.month == last.month else f"{day} {month}"
