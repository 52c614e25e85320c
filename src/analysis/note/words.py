"""What the note's sentences share: the place in words, and the places that a person fills in."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from analysis.core import danish
from analysis.core.selection import CITY, Selection

COMMITTEE = "Kultur-, Fritids- og Borgerserviceudvalget"
# What begins a place to fill; the note is not done while this stands in it.
TO_FILL = "Udfyldes"
# The places to fill, by what they are called here; each stands once in every note.
PROMPTS = {
    "date": "dato",
    "case": "sagsnummer",
    "occasion": "hvad der er anledningen til notatet, for eksempel en beslutning i udvalget",
    "unseen": "hvad personalet har oplevet, som ikke er indmeldt",
    "other_measures": "tiltag, der ikke er registreret, og hvordan tiltagene opleves i det daglige",
    "groups": "hvad der kendetegner grupperne, og hvorfor de opholder sig på stedet",
    "purpose": "indsatsens baggrund og formål",
    "method": "indsatsens metode: hvem der er ansat, hvor, og hvordan de arbejder",
    "results": "indsatsens resultater, som tallene ikke viser",
    "plans": "hvad forvaltningen planlægger for de kommende halvår, og om tiltagene fortsætter",
    "economy": "økonomiske og juridiske konsekvenser, eller at der ingen er",
    "contact": "hvem der kan svare på spørgsmål til notatet",
}


class PeriodKind(NamedTuple):
    """What periods of a kind are called: the first of them, each, one that is whole, several."""

    first: str
    each: str
    whole: str
    several: str


# By the half that a period is, None being a whole year.
PERIOD_KINDS = {
    "vinter": PeriodKind(
        "det første vinterhalvår", "hvert vinterhalvår", "noget helt vinterhalvår", "vinterhalvår"
    ),
    "sommer": PeriodKind(
        "det første sommerhalvår", "hvert sommerhalvår", "noget helt sommerhalvår", "sommerhalvår"
    ),
    None: PeriodKind("den første sæson", "hver sæson", "nogen hel sæson", "sæsoner"),
}
# Counts that are written in words inside a sentence; one depends on what is counted.
_IN_WORDS = ("to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti")


class About(NamedTuple):
    """What the note is about: its name, where that is ("på X", "i bydelen X"), and its kind."""

    name: str
    at: str
    kind: Literal["location", "district", "city"]


def place(selection: Selection) -> About:
    """Return the narrowest place of a selection whose names are resolved."""
    if selection.location:
        return About(selection.place, f"på {selection.place}", "location")
    if isinstance(selection.district, str):
        return About(selection.place, f"i bydelen {selection.place}", "district")
    if selection.district:
        return About(selection.place, f"i bydelene {selection.place}", "district")
    # Without a name it is a word, which begins with a capital only where a sentence does.
    name = danish.lower(CITY) if selection.city == CITY else selection.city
    return About(selection.city, f"i {name}", "city")


def placeholder(name: str) -> str:
    """Return one of the places to fill as Markdown."""
    return placeholder_mark(PROMPTS[name])


def placeholder_mark(prompt: str) -> str:
    """Return a place to fill, which says so by brackets, bold type and a ground of its own."""
    return f"<mark>**[{TO_FILL}: {prompt}]**</mark>"


def reported_count(count: int) -> str:
    """Return "1 indmeldt hændelse" or "68 indmeldte hændelser"."""
    return danish.counted(count, "indmeldt hændelse", "indmeldte hændelser")


def bullets(lines: list[str]) -> str:
    """Return lines as a list."""
    return "\n".join(f"- {line}" for line in lines)


def sentence(text: str) -> str:
    """Return a text with a capital and a full stop."""
    return f"{danish.capital(text)}{'' if text.endswith('.') else '.'}"


def in_words(count: int, one: str) -> str:
    """Return a count above 0 as it is written in a sentence: "to", "ti", "11"; `one` is "ét"."""
    if count == 1:
        return one
    return _IN_WORDS[count - 2] if count <= len(_IN_WORDS) + 1 else danish.number(count)


def lacking(held: Mapping[str, str]) -> tuple[str, str] | None:
    """Return what the data do not cover of one or two periods, None where they cover them whole.

    `held` says by a period's name how much of it they hold. The first of the two words, "ikke" or
    "hverken", stands before the verb or after it, as the clause wants.
    """
    found = [
        name if part == "none" else f"hele {name}" for name, part in held.items() if part != "whole"
    ]
    if not found:
        return None
    return "hverken" if len(found) > 1 else "ikke", " eller ".join(found)
