"""What shows that a text is about a person; names cannot be told from other words."""

import re

from analysis.core.taxonomy import key

CPR, MAIL, PHONE = "et CPR-nummer", "en mailadresse", "et telefonnummer"
_SIGNS = (
    (CPR, r"(?<![\d+])\d\d([ ./_-]?)\d\d\1\d\d[ ./_-]{0,3}\d{4}(?!\d)"),
    (MAIL, r"\S@\S+\.\S"),
    (PHONE, r"(?<!\d)(?:\+45 ?)?\d\d([ .-]?)\d\d\1\d\d\1\d\d(?!\d)"),
)


def signs(text: str) -> list[str]:
    """Return in Danish what of a person stands in a text.

    >>> signs("Ring 20 30 40 50"), signs("010190–1234"), signs("Unge (18-25 år)")
    (['et telefonnummer'], ['et CPR-nummer'], [])
    """
    return [name for name, sign in _SIGNS if re.search(sign, key(text))]
