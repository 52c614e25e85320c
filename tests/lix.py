"""How hard a page is to read, by the sentences that stand open on it."""

import re
from html import unescape

# What a reader is not read: scripts, looks, charts, tables and what is folded.
_SKIPPED = re.compile(r"<(script|style|figure|table|details|nav|footer)\b.*?</\1>", re.DOTALL)
_TOLD = re.compile(r"<(p|li|h1|h2|h3)\b[^>]*>(.*?)</\1>", re.DOTALL)


def lix(page):
    """Björnsson's LIX of a page of HTML: words a sentence, and per cent of more than 6 letters."""
    while _SKIPPED.search(page):
        page = _SKIPPED.sub(" ", page)
    told = [unescape(re.sub(r"<[^>]+>", "", text)).strip() for _, text in _TOLD.findall(page)]
    # A paragraph and a heading end a sentence; a date and a number do not.
    text = ". ".join(told)
    words = re.findall(r"[^\W\d_]+", text)
    sentences = len(
        [part for part in re.split(r"[.!?:](?:\s|$)", text) if re.search(r"[^\W\d_]", part)]
    )
    return len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / len(words)
