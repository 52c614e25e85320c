"""What shows that a text is about a person; names cannot be told from other words."""

import re

from analysis.core.taxonomy import key

CPR, MAIL, PHONE = "et CPR-nummer", "en mailadresse", "et telefonnummer"
# What may stand between the digits of one number.
_GAP = "[ ./()_-]"
_DAY, _MONTH = r"(?:[0-2]?\d|3[01])", r"(?:0?\d|1[0-2])"
_CLOCK = r"(?:[01]?\d|2[0-4])(?:[.:][0-5]\d){0,2}"
# Days, with or without a clock, are nobody's number, nor are years and clocks side by side.
_SPANS = re.compile(
    rf"(?<!\d){_DAY}([ ./-]){_MONTH}\1(?:19|20)?\d\d(?: {_CLOCK})?(?!{_GAP}{{0,3}}\d)"
    r"|(?<!\d)(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d(?!\d)"
    rf"|(?<!\d)(?<!\d[./-]){_CLOCK} ?- ?{_CLOCK}(?![./-]?\d)"
)
_SIGNS = (
    # Day and month, of which a day may be 60 more, and the rest; or ten digits or five pairs apart.
    (
        CPR,
        rf"(?<!\d)(?:[0-3]|[6-9])\d{_GAP}{{0,2}}[01]\d{_GAP}{{0,2}}(?:19|20)?\d\d"
        rf"{_GAP}{{0,3}}\d{{4}}(?!\d)|(?<!\d)(?:[0-3]|[6-9])\d[01]\d(?:[ -]?\d){{6}}(?!\d)"
        rf"|(?<!\d)(?:\d{_GAP}){{9}}\d(?!\d)|(?<!\d)\d\d({_GAP})(?:\d\d\1){{3}}\d\d(?!\d)",
    ),
    (MAIL, r"\S@\S|\S ?[(\[](?:at|snabel-?a)[)\]] ?\S+|\w at \w+ (?:dot|punktum) \w"),
    # Eight digits as numbers are grouped here, or a number of another country.
    (
        PHONE,
        rf"(?<!\d)(?:(?:\+|00) ?45{_GAP}*)?"
        rf"(?:\d\d({_GAP}{{0,2}})\d\d\1\d\d\1\d\d|(?:\d\d[ -]{{0,3}}){{3}}\d\d"
        rf"|\d{{4}}{_GAP}{{0,3}}\d{{4}}|(?:\d[ -]?){{7}}\d"
        rf"|\d{{3}}{_GAP}+\d\d{_GAP}+\d{{3}}|\d\d{_GAP}+\d{{3}}{_GAP}+\d{{3}}|(?:\d{_GAP}){{7}}\d)(?!\d)"
        rf"|(?<!\d)(?:\+|00)(?:{_GAP}*\d){{7,14}}(?!\d)"
        r"|(?:(?<!\d)0\d{1,3}[ -]|\(\d{2,4}\) ?)(?:\d[ -]?){5,9}\d(?!\d)",
    ),
)


def signs(text: str) -> list[str]:
    """Return in Danish what of a person stands in a text.

    >>> signs("Ring 20 30 40 50"), signs("010190–1234"), signs("Unge (18-25 år)")
    (['et telefonnummer'], ['et CPR-nummer'], [])
    """
    plain = _SPANS.sub("–", key(text))
    # Other signs between digits, and around some of them, make them no other number.
    joined = re.sub(r"(?<=\d)[,·:](?=\d)", "-", re.sub("[()]", "", plain))
    return [name for name, sign in _SIGNS if re.search(sign, plain) or re.search(sign, joined)]
