"""A notebook's Markdown, for the writers of other formats than HTML."""

import mistune

from analysis.barometer import words

# The blocks of a text: tokens with `type`, and `children` or `raw`.
parse = mistune.create_markdown(renderer="ast")


def plain(token: dict) -> str:
    """Return a token's text without markup."""
    if token["type"] in ("softbreak", "linebreak"):
        return " "
    if token["type"] in ("block_html", "inline_html"):
        return ""
    return token.get("raw", "") + "".join(map(plain, token.get("children", ())))


def synthetic() -> str:
    """Return the notice of synthetic data without markup."""
    return "".join(map(plain, parse(words.synthetic()))).strip()
