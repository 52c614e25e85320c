"""What exports write where there is nothing."""

from analysis.core.taxonomy import key

BLANKS = frozenset(
    (
        *("null", "(null)", "<null>", "[null]", "\\n", "nil", "none", "nan", "na", "n.a.", "n/a"),
        *("-", "--", "tom", "(tom)", "(tomt)", "(blank)", "ingen", "undefined"),
        *("ikke angivet", "ikke oplyst"),
        *("#n/a", "#i/t", "#value!", "#værdi!", "#ref!", "#reference!", "#name?", "#navn?"),
        *("#num!", "#null!", "#nul!", "#div/0!", "#division/0!", "#spill!", "#overløb!"),
        *("#calc!", "#beregn!", "#getting_data", "---", "- -"),
    )
)


def is_blank(text: str) -> bool:
    """Return whether `text` says that there is nothing."""
    found = key(text)
    return not found or found in BLANKS or found.replace(" ", "") in BLANKS
