"""The Markdown of a page: our own marks mean something, those in texts from data do not."""

import re
from collections.abc import Iterable

from analysis.core import asking, danish

# What is Markdown, HTML, LaTeX or an address to one of the programs that show a page.
_SIGNS = re.compile(r"[\\`*_\[\]<>~$&|#!{}@]|://|www\.|[\r\n]")
# To JupyterLab, escaped or not, two of these hold a formula, and what it ignores does not.
IGNORED = '<span class="mathjax_ignore">', "</span>"
_DOLLAR = r"\$".join(IGNORED)
# What our own sentences have: a link to another notebook, the mark on what is to be filled in.
_OWN = re.compile(
    r"(\[[^\[\]]*\]\(\d\d_\w+\.ipynb(?:#[^\s()<>]*)?\)|</?mark>|" + re.escape(_DOLLAR) + ")"
)
# What leads away, loads, hides or is counted as a formula, wherever it came from.
_NEVER = re.compile(r"\\?\$|(?<!\\)(?:<|\](?=[\[(:])|!(?=\[))")


def text(value: str) -> str:
    """Return a text from data as Markdown that shows it as it is, on one line."""
    return _SIGNS.sub(_escaped, value)


def _escaped(found: re.Match) -> str:
    sign = found[0]
    if sign in "\r\n":
        return " "
    if sign == "\\":
        # Before a bracket, two backslashes would begin a formula.
        return "\\\\\u2060"
    if sign == "$":
        return _DOLLAR
    return "".join(each if each.isalpha() else f"\\{each}" for each in sign)


def _stopped(found: re.Match) -> str:
    return _DOLLAR if found[0].endswith("$") else f"\\{found[0]}"


def _spelled(value: str) -> Iterable[str]:
    """Return how our sentences write a text; one of a sign or two would be our own marks too."""
    spelled = (value, value.lower(), danish.lower(value), danish.capital(value))
    return dict.fromkeys(spelled) if len(value) > 2 or re.search(r"\w", value) else ()


def paragraphs(written: str) -> str:
    """Return sentences in which the texts of the open notebook's data are shown as they are.

    Where such a text has been changed on its way into a sentence, it still leads nowhere.
    """
    for value in sorted(asking.texts(_SIGNS.pattern), key=len, reverse=True):
        for spelled in _spelled(value):
            # What is escaped already, in a sentence of another page, stays so.
            found = rf"(?<!\\){re.escape(spelled)}(?!\\)"
            written = re.sub(found, lambda one: text(one[0]), written)
    parts = _OWN.split(written)
    # Every second part is one of our own.
    parts[::2] = [_NEVER.sub(_stopped, part) for part in parts[::2]]
    return "".join(parts)
