"""What shows that a text is about a person; names cannot be told from other words."""

import re

from analysis.core.taxonomy import key

CPR, MAIL, PHONE = "et CPR-nummer", "en mailadresse", "et telefonnummer"
# What a number counts, so that it is neither a house's nor a telephone's.
COUNTED = (
    r"(?:(?:gange?|i alt|unge|voksne|børn|personer|mennesker|borgere|beboere|elever|drenge?|piger?"
    r"|mænd|kvinder|grupper|yngre|ældre|store|små|dage?|uger?|måneder|år|årige|aftener|nætter|timer"
    r"|minutter|meter|hændelser?|episoder?|besøg|sager|klager|steder|vagter"
    r"|biler|cykler|knallerter|kr|kroner|procent)\b|%)"
)
# What may stand between the digits of one number.
_GAP = "[ ./_-]{0,3}"
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_CLOCK = r"(?:[01]?\d|2[0-4])(?:[.:][0-5]\d){0,2}"
# Where no more of a number stands before or after.
_START, _END = r"(?<!\d)(?<!\d[./-])(?<!\d[./-] )(?<!\d [./-] )", r"(?! ?[./-] ?\d)(?!\d)"
# Numbers that are nobody's.
_NOBODYS = {
    # 13.02.24, 13 02 24 10.00: no further pair beside it, nor the last four digits of a CPR number.
    **{
        f"day with '{sign}'": rf"(?<!\d)(?<!\d{sign}){_DAY}{sign}{_MONTH}{sign}(?:19|20)?\d\d"
        rf"(?: \d\d?[.:][0-5]\d)?(?!{sign}?\d)(?!(?:,|[^\w,]{{0,3}})\d\d ?\d\d(?!\d))"
        for sign in (" ", "[.]", "/", "-")
    },
    # 2025-01-15, 2025-01-15 10:00
    "ISO day": rf"(?<!\d)(?<!\d-){_YEAR}-[01]\d-[0-3]\d(?:[ t]{_CLOCK})?(?!-?\d)",
    # 01/12-24/12
    "days of a year": rf"{_START}{_DAY}[./]{_MONTH}[.]? ?- ?{_DAY}[./]{_MONTH}{_END}",
    # 2023-2024, 2024/25
    "years": rf"{_START}{_YEAR} ?[/-] ?(?:20|19)?\d\d(?![./-]?\d)",
    # 10-12, 09.00-17.00
    "clocks": rf"{_START}{_CLOCK} ?- ?{_CLOCK}{_END}",
    # 10:30
    "clock": rf"(?<![\d.:/-])(?<![\s.:-]\d\d ){_CLOCK}(?<=:\d\d)(?![.:/ -]?\d)",
    # kl. 1500-2000
    "clocks of four digits": r"\bkl\.? ?[0-2]\d[0-5]\d ?- ?[0-2]\d[0-5]\d(?!\d)",
    # http://127.0.0.1:18999
    "computer": r"//\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?",
    # SYN-2022-01714
    "case number": rf"\b[a-z]+-{_YEAR}-\d{{5}}\b",
    # uge 44,45,46,47
    "weeks": r"\buge\w* [0-5]?\d(?:,[0-5]?\d)+(?!,?\d)",
    # 12.000.000 kr., 1000-2000 besøg
    "amount": rf"(?<![\d.])(?:\d{{1,3}}(?:\.\d{{3}})+|\d+0 ?- ?\d+00)(?= {COUNTED})",
}
_SIGNS = {
    CPR: (
        # Day, which may be 60 more, and month, and the rest, in any grouping.
        rf"(?<!\d)[0-36-9]{_GAP}\d{_GAP}[01]{_GAP}\d(?:{_GAP}(?:19|20))?(?:{_GAP}\d){{6}}(?!\d)",
        # 1.1.90 1234
        rf"(?<!\d){_DAY}[ ./-]{_MONTH}[ ./-](?:19|20)?\d\d{_GAP}\d{{4}}(?!\d)",
        # cpr 010190, where a day has been taken out
        r"\bcpr\D{0,15}[\d–]",
    ),
    MAIL: (
        r"\S ?@ ?\S",
        # navn (at) mail, navn snabel-a mail
        r"[(\[{<] ?at ?[)\]}>]|\bsnabel[ -]?a\b",
        # navn(a)mail.dk, navn at mail.dk; not "at f.eks."
        r"(?:[(\[{<] ?a ?[)\]}>]|\bat\b) ?[\w-]{2,}(?:\.[\w-]{2,})*\.[a-z]{2,4}\b",
        r"\w at \w+ (?:dot|punktum) \w",
    ),
    # Eight digits, or the more of another country, in any grouping.
    PHONE: (rf"(?<!\d)\d(?:{_GAP}\d){{7,}}(?!\d)",),
}


def signs(text: str) -> list[str]:
    """Return in Danish what of a person stands in a text.

    >>> signs("Ring 20 30 40 50"), signs("010190–1234"), signs("Unge (18-25 år)")
    (['et telefonnummer'], ['et CPR-nummer'], [])
    """
    plain = re.sub(r"[(\[{](?=\d)|(?<=\d)[)\]}]", "", key(text))
    plain = re.sub("|".join(_NOBODYS.values()), "–", plain)
    # Any sign may stand between digits.
    plain = re.sub(r"(?<=\d)[^\w\s–](?=\d)", "-", plain)
    return [name for name, ways in _SIGNS.items() if any(re.search(way, plain) for way in ways)]
