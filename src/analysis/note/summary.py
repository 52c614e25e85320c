"""The note's first page: what it opens with, the summary, and what the figures are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis import danish, names, notes, statistics
from analysis.barometer import Dataset
from analysis.exposure import CLOSED, RESTRICTED, UNCLEAR
from analysis.note.figures import Opening, Openings, Period, Standing
from analysis.note.words import (
    COMMITTEE,
    PROMPTS,
    Place,
    bullets,
    fill,
    markdown,
    marked,
    reported,
)
from analysis.selection import Selection

if TYPE_CHECKING:
    from IPython.display import Markdown

# What a note calls the kinds of `Standing`: one that has most, several, and all of them.
_KINDS = {
    "location": ("den KFF-institution", "KFF's institutioner", "KFF's {} lokationer"),
    "district": ("den bydel", "bydelene", "de {} bydele"),
}
_MOST_TIED = 3
_FIRSTS = {
    "vinterhalvåret": "det første vinterhalvår",
    "sommerhalvåret": "det første sommerhalvår",
    "sæsonen": "den første sæson",
}
_CHANGED = {CLOSED: "lukket", RESTRICTED: "indskrænket", UNCLEAR: "uafklaret"}


def opening(selection: Selection, place: Place, data: Dataset, *periods: Selection) -> "Markdown":
    """Return what stands above the note: place, period, receiver, and what is left to fill in.

    `periods` are those it compares.
    """
    narrowed = " · ".join(selection.narrowed)
    return markdown(
        f"**{place.name}, {selection.period}**",
        f"Til {COMMITTEE}",
        f"{fill('date')} · {fill('case')}",
        f"Periode: {selection.dates}",
        f"**Alle tal og placeringer gælder kun en del af hændelserne.** {narrowed}"
        if narrowed
        else "",
        _uncovered(data, periods),
        notes.SYNTHETIC if data.synthetic else "",
        marked(
            f"{len(PROMPTS)} steder i notatet er markeret som her; slet linjen, når de er udfyldt"
        ),
    )


def _uncovered(data: Dataset, periods: Sequence[Selection]) -> str:
    if not data.last_day:
        return "**Databasen indeholder ingen hændelser.**"
    lacking = [one.period for one in periods if not data.covers(one)]
    if not lacking:
        return ""
    span = f"{danish.day(data.first_day)} til og med {danish.day(data.last_day)}"
    return (
        f"**Data går fra {span} og dækker ikke hele {danish.listing(lacking)}. "
        "Antallene dér er derfor for lave eller ukendte.**"
    )


def summary(place: Place, now: Period, judged: str, points: Sequence[str]) -> "Markdown":
    """Return the summary: what the note is about, the verdict on the change, and its points.

    `judged` is Markdown, `points` are sentences, of which the empty are left out.
    """
    return markdown(
        f"{COMMITTEE} orienteres om status på tryghedssituationen {place.at} i {now.name}. "
        f"{fill('occasion')}",
        judged,
        bullets([one for one in points if one]),
    )


def where(place: Place, now: Period, locations: Standing, districts: Standing | None) -> str:
    """Return how many incidents the place has, and where it stands or what in it has most.

    The standings are those of `figures.standings`.
    """
    if now.held == "none":
        return f"Antallet af hændelser er ikke kendt, fordi data ikke dækker {now.name}."
    told = _where(place, now.name, locations, districts)
    return told if now.held == "whole" else f"Foreløbigt: {told}"


def _where(place: Place, period: str, locations: Standing, districts: Standing | None) -> str:
    if place.kind == "location":
        return standing(place, period, locations)
    if place.kind == "city":
        return within(place, period, locations, districts)
    told = standing(place, period, districts)
    if not locations.total:
        return told
    return f"{told} Inden for bydelen er der flest {_leaders('på', locations, 'lokationer')}."


def standing(place: Place, period: str, one: Standing) -> str:
    """Return where a location or a district stands, in a sentence or two."""
    if not one.total:
        return f"Der er ikke indberettet hændelser på nogen af KFF's lokationer i {period}."
    if not one.incidents:
        return f"Der er ikke indberettet hændelser {place.at} i {period}. {_first(place, one)}"
    alone, several, all_of_them = _KINDS[place.kind]
    count = f"{danish.number(one.incidents)} af {danish.number(one.total)}"
    share = names.percent(one.incidents, one.total)
    if one.rank > 1:
        tied = f", delt med {_others(one.tied)}" if one.tied else ""
        among = all_of_them.format(danish.number(one.places))
        return (
            f"{place.name} har {count} indberettede hændelser i {period} ({share}) og er nummer "
            f"{one.rank} blandt {among}{tied}. {_first(place, one)}"
        )
    if one.tied:
        return (
            f"{place.name} har sammen med {_others(one.tied)} flest indberettede hændelser blandt "
            f"{several} i {period}: hver {count} ({share})."
        )
    return (
        f"{place.name} er {alone} med flest indberettede hændelser i {period}: {count} ({share})."
    )


def _others(tied: Sequence[str]) -> str:
    if len(tied) > _MOST_TIED:
        return f"{danish.number(len(tied))} andre"
    return danish.listing(list(tied))


def _first(place: Place, one: Standing) -> str:
    """Return which have most of all: "Flest har Nørrebro (200)."."""
    first = names.sharing(list(one.first), "bydele" if place.kind == "district" else "lokationer")
    return f"Flest har {first} ({danish.number(one.most)}{' hver' * (len(one.first) > 1)})."


def within(place: Place, period: str, locations: Standing, districts: Standing) -> str:
    """Return how many incidents the city has, and which district and location have most."""
    if not locations.total:
        return f"Der er ikke indberettet hændelser {place.at} i {period}."
    return (
        f"Der er {reported(locations.total)} {place.at} i {period}. Flest er der "
        f"{_leaders('i', districts, 'bydele')} og {_leaders('på', locations, 'lokationer')}."
    )


def _leaders(at: str, one: Standing, several: str) -> str:
    """Return "på Blågårdens Bibliotek (68, 7 %)"."""
    each = " hver" * (len(one.first) > 1)
    share = names.percent(one.most, one.total)
    return (
        f"{at} {names.sharing(list(one.first), several)} ({danish.number(one.most)}{each}, {share})"
    )


def content(place: Place, now: Period, before: Period, opened: Sequence[Openings]) -> "Markdown":
    """Return what the figures say beside their number: when, with what help, in what hours."""
    return markdown(
        " ".join(filter(None, [uncertain(now), months(now)])),
        openings(place, opened) if now.held != "none" else "",
        " ".join(filter(None, [helped(now, before), violence(now)])),
        unstaffed(now, before),
        fill("unseen"),
    )


def months(now: Period) -> str:
    """Return in which month there were most incidents, or "" where some or all are not known."""
    if not now.incidents or now.held != "whole":
        return ""
    told = names.extremes(now.months, "i {} måneder", lambda month: f"i {danish.month(month)}")
    return f"Fordelt på måneder er der {told}."


def uncertain(now: Period) -> str:
    """Return how much a count such as the period's varies by chance alone, if it is known."""
    if now.held != "whole":
        return ""
    low, high = statistics.poisson_interval(now.incidents)
    return (
        f"Et antal som {danish.number(now.incidents)} rummer i sig selv tilfældige udsving: Er "
        "hændelserne uafhængige af hinanden, går 95 %-sikkerhedsintervallet fra "
        f"{danish.number(round(low))} til {danish.number(round(high))}."
    )


def helped(now: Period, before: Period) -> str:
    """Return how often help was called and came, in both periods."""
    if not now.incidents:
        return ""
    if not now.called:
        text = "Der er ikke tilkaldt hjælp."
    else:
        text = (
            f"Der er tilkaldt hjælp {danish.counted(now.called, 'gang', 'gange')}, og hjælpen kom "
            f"{danish.counted(now.arrived, 'gang', 'gange')}."
        )
    if not before.incidents or before.held != "whole":
        return text
    if not before.called:
        return f"{text} I {before.name} blev der ikke tilkaldt hjælp."
    return (
        f"{text} I {before.name} blev der tilkaldt hjælp "
        f"{danish.counted(before.called, 'gang', 'gange')}, og den kom "
        f"{danish.counted(before.arrived, 'gang', 'gange')}."
    )


def violence(now: Period) -> str:
    """Return whether there was violence, and whether the police were called to it."""
    if not now.incidents:
        return ""
    if not now.violent:
        return "Der er ikke indberettet fysisk vold."
    count = f"Der er {reported(now.violent)} med fysisk vold"
    if not now.without_police:
        which = "den" if now.violent == 1 else "dem begge" if now.violent == 2 else "dem alle"
        return f"{count}; politiet er tilkaldt ved {which}."
    which = "" if now.violent == 1 else f" ved {danish.number(now.without_police)} af dem"
    return f"{count}. Politiet skal tilkaldes ved fysisk vold, men det er ikke registreret{which}."


def unstaffed(now: Period, before: Period) -> str:
    """Return how many incidents arose in self-service hours, or "" where that is not known."""
    if now.self_service is None:
        return ""
    text = (
        f"{danish.number(now.self_service)} af de {danish.number(now.timed)} hændelser, hvis "
        "klokkeslæt og åbningstid er kendt, skete i selvbetjent åbningstid"
    )
    if now.timed == 1:
        is_so = "skete" if now.self_service else "skete ikke"
        text = f"Den ene hændelse, hvis klokkeslæt og åbningstid er kendt, {is_so} i selvbetjent"
        text += " åbningstid"
    if before.self_service is None or before.held != "whole":
        return f"{text}."
    return (
        f"{text}; i {before.name} var det {danish.number(before.self_service)} af "
        f"{danish.number(before.timed)}."
    )


def openings(place: Place, found: Sequence[Openings]) -> str:
    """Return whether opening hours were cut in the last of these periods, and in those before.

    "The first half-year without" is said only where every one before had a closure or cut hours.
    """
    *earlier, now = found
    if now.found:
        return f"I {now.period} har åbningstiden været ændret: {_listed(place, now.found)}."
    cut = [one.period for one in earlier if any(each.kind != UNCLEAR for each in one.found)]
    changed = [one.period for one in earlier if one.found]
    none = f"I {now.period} er der ikke registreret lukning eller indskrænket åbningstid {place.at}"
    if not earlier:
        return f"{none}."
    if len(cut) == len(earlier):
        first = _FIRSTS[now.period.split()[0]]
        return f"{none}. Det er {first} uden; data begynder med {cut[0]}."
    if changed:
        return f"{none}. Det var der i {danish.listing(changed)}."
    return f"{none} og heller ikke i de tidligere halvår, som data dækker."


def _listed(place: Place, found: Sequence[Opening]) -> str:
    told = [
        f"{_CHANGED[one.kind]} {days(one.first, one.last)}"
        + (f" ({one.location})" if place.kind != "location" else "")
        for one in found
    ]
    return names.shortened(told) if len(told) > _MOST_TIED else danish.listing(told)


def days(first: object, last: object) -> str:
    """Return "1. november – 23. december 2024", "fra 1. oktober 2025" or "til 1. maj 2025"."""
    if first and last:
        start = danish.day(first)
        if first.year == last.year:
            start = start.rsplit(" ", 1)[0]
        return danish.day(first) if first == last else f"{start} – {danish.day(last)}"
    if first:
        return f"fra {danish.day(first)}"
    return f"til og med {danish.day(last)}" if last else "uden kendte datoer"
