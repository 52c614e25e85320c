"""Numbers, dates and lists as Danish text."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import isinf

MONTHS = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)


def number(value: float, decimals: int = 0) -> str:
    """Return 1234.5 as "1.234,5" (with one decimal)."""
    # Halves go up, as Excel and people round them; formatting alone would round them to even.
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    rounded += 0  # Not "−0".
    text = f"{rounded:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")).replace("-", "−")


def signed(value: float, decimals: int = 0) -> str:
    """Return a change with its sign: "+3", "−1,5", "0"."""
    return ("+" if value > 0 else "") + number(value, decimals)


def interval(low: float, high: float, decimals: int = 0) -> str:
    """Return the bounds of an interval: "0,56–1,09", "1,8–∞", "−30 til 6"."""
    ends = (
        ("−∞" if end < 0 else "∞") if isinf(end) else number(end, decimals) for end in (low, high)
    )
    return (" til " if low < 0 else "–").join(ends)


def counted(count: int, one: str, many: str) -> str:
    """Return a count with its word: "1 hændelse", "87 hændelser"."""
    return f"{number(count)} {one if count == 1 else many}"


def day(value: date) -> str:
    """Return a date as "24. april 2026"."""
    return f"{value.day}. {MONTHS[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """Return a month as "april 2026"."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def listing(words: Sequence[str]) -> str:
    """Return words as "a, b og c"."""
    return " og ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
