"""What a sentence of a note claims: its words that say something of the data, and what they mean.

Words that mean the same are the same claim: "87" and "syvogfirs", "faldet" and "færre".
"""

import re
from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import NamedTuple

from analysis.core import danish

# Words by kind and meaning. Beside each other stand those that say the opposite in the same place.
WORDS = {
    ("change", "more"): "flere stigning stigningen steget stiger steg højere større øget op "
    "uroligere travlere vokset vokser voksede",
    (
        "change",
        "fewer",
    ): "færre fald faldet faldet falder faldt lavere mindre mindsket ned roligere",
    ("rank", "most"): "flest mest højest højeste størst største hyppigst hyppigste oftest højst",
    (
        "rank",
        "least",
    ): "færrest mindst lavest laveste mindst mindste sjældnest sjældneste sjældnest",
    ("half", "winter"): "vinter vinteren vinterhalvår vinterhalvåret",
    ("half", "summer"): "sommer sommeren sommerhalvår sommerhalvåret",
    ("bound", "over"): "over",
    ("bound", "under"): "under",
    ("order", "before"): "før",
    ("order", "after"): "efter",
    ("extent", "all"): "begge alle",
    ("extent", "not"): "ingen ingen ikke intet hverken næppe aldrig",
    ("certainty", "sure"): "klar klart klare tydelig tydeligt tydelige afgjort afklaret afklarede",
    ("certainty", "unsure"): "uklar uklart uklare utydelig utydeligt utydelige uafgjort uafklaret "
    "uafklarede uvis uvist usikker usikkert usikre",
    ("certainty", "likely"): "ventes forventes ventet forventet formentlig formodentlig "
    "sandsynligvis antagelig antageligt muligvis måske",
    ("certainty", "strong"): "stærk stærkt stærke markant markante",
    ("certainty", "weak"): "svag svagt svage",
}
NOT, SURE, UNSURE = ("extent", "not"), ("certainty", "sure"), ("certainty", "unsure")
# Without one of these a sentence says more than with it.
HEDGES = {NOT, UNSURE, ("certainty", "likely"), ("certainty", "weak")}
_MEANINGS = {word: meaning for meaning, words in WORDS.items() for word in words.split()}
_MEANINGS |= {one: ("time", one) for one in (*danish.MONTHS, *danish.WEEKDAYS)}

_SMALL, _TENS = map(
    str.split,
    (
        "nul én to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten "
        "sytten atten nitten",
        "tyve tredive fyrre halvtreds tres halvfjerds firs halvfems",
    ),
)
NUMBER_WORDS = {
    **{word: n for n, word in enumerate(_SMALL)},
    **{
        f"{unit}og{ten}": 10 * tens + n
        for tens, ten in enumerate(_TENS, 2)
        for n, unit in enumerate(["en", *_SMALL[2:10]], 1)
    },
    **{ten: 10 * tens for tens, ten in enumerate(_TENS, 2)},
    "ét": 1,
}


def _either(words: Iterable[str]) -> str:
    # Longer ones first, so that none is taken for the beginning of another.
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_BELOW = _either(NUMBER_WORDS)
_IN_WORDS = rf"(?<!\w)(?:(?:(?:et|{_BELOW}) ?)?hundrede(?: ?(?:og ?)?(?:{_BELOW}))?|{_BELOW})(?!\w)"
# A season; or digits in threes or not, with a sign that joins it to nothing before it.
_NUMBER = r"\d{4}/\d{2}(?!\d)|(?:(?<!\w)[−+-])?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
# What it is only a bound of belongs to it: "over 90" is not 90.
_BOUNDED = rf"(?:(?<!\w)(over|under|mindst|højst) )?({_NUMBER}|{_IN_WORDS})"
_RANKS = _either(word for word, (kind, _) in _MEANINGS.items() if kind == "rank")
_RANKED = rf"(?<!\w)(næst|anden|tredje|fjerde|femte)[- ]?({_RANKS})(?!\w)"
_SURE = _either(WORDS[SURE].split())
_DENIED = rf"(?<!\w)(?:ikke|ingen|intet|næppe|hverken) (?:en |et )?(?:{_SURE})(?!\w)"


class Word(NamedTuple):
    """A word as it is written; of a claim its kind and what it means, of another its letters."""

    text: str
    kind: str
    value: str

    @property
    def meaning(self) -> tuple[str, str]:
        """What is the same for words that say the same."""
        return self.kind, self.value


def splitter(
    names: Collection[str], cells: Collection[str] = ()
) -> Callable[[str], tuple[Word, ...]]:
    """Return what splits a sentence, or a row, into words.

    A number is one word, and so are a name and a whole cell that is among `cells`, if it claims
    nothing else.
    """
    pattern = re.compile(
        rf"(?<!\w)(?:{_either(names) or '(?!)'})(?!\w)|(?i:{_DENIED}|{_RANKED}|{_BOUNDED})"
        r"|\w+(?:-\w+)*|[^\w\s]"
    )
    known = {*names}

    def words(text: str) -> list[Word]:
        found = [one[0] for one in pattern.finditer(text)]
        return [
            Word(one, "place", one.lower()) if one in known else Word(one, *_meaning(one))
            for one in found
        ]

    def cell(text: str) -> list[Word]:
        found = words(text)
        kinds = {one.kind for one in found}
        if text not in cells or "" not in kinds or kinds - {"", "place"}:
            return found
        if kinds == {""}:
            return [Word(text, "place", text.lower())]
        return [*found, Word(text, "label", text.lower())]

    @cache
    def split(sentence: str) -> tuple[Word, ...]:
        first, *rest = sentence.split(" | ")
        if not rest:
            return tuple(words(first))
        bar = Word("|", "", "|")
        return (*cell(first), *(one for each in rest for one in (bar, *cell(each))))

    return split


def _meaning(text: str) -> tuple[str, str]:
    """Return the kind and meaning of a word; of one that claims nothing no kind."""
    low = text.lower()
    if found := re.fullmatch(_BOUNDED, low):
        bound, number = found.groups()
        value = _figure(number)
        is_year = bound is None and re.fullmatch(r"(19|20)\d\d(/\d\d)?", number)
        return "year" if is_year else "number", f"{bound} {value}" if bound else value
    if found := re.fullmatch(_RANKED, low):
        place, rank = found.groups()
        return "rank", f"{place} {_MEANINGS[rank][1]}"
    return UNSURE if re.fullmatch(_DENIED, low) else _MEANINGS.get(low, ("", low))


def _figure(number: str) -> str:
    """Return a number in digits: "1019" of "1.019", "87" of "syvogfirs"."""
    if any(map(str.isdigit, number)):
        return number.replace(".", "").replace("-", "−")
    hundreds, has_hundreds, rest = number.partition("hundrede")
    if not has_hundreds:
        return str(NUMBER_WORDS[number])
    below = rest.strip().removeprefix("og").strip()
    return str(100 * NUMBER_WORDS.get(hundreds.strip(), 1) + NUMBER_WORDS.get(below, 0))
