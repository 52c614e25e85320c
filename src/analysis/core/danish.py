"""Numbers, dates and lists as Danish text."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import isinf, isnan

from analysis.core.rounding import rounded

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
# In their order: Monday is weekday 1.
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
UNKNOWN = "–"
# No year outside these is meant; the intake takes none from before them either. Days and seasons
# can be counted from all of them.
YEARS = range(1950, 2200)
IN_YEARS = f"mellem {YEARS[0]} og {YEARS[-1]}"
A_DAY = f"en dato som 2026-03-31 {IN_YEARS}"
_MOST_DECIMALS = 8
# From here on the hundredths of a ratio say nothing.
_SMALL_RATIO, _LARGE_RATIO = 0.1, 10


def number(value: float, decimals: int = 0) -> str:
    """Return 1234.5 as "1.234,5" (with one decimal)."""
    # Halves go up, as Excel and people round them; formatting alone would round them to even.
    told = Decimal(str(rounded(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    told += 0  # Not "−0".
    text = f"{told:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")).replace("-", "−")


def signed(value: float, decimals: int = 0) -> str:
    """Return a change with its sign: "+3", "−1,5", "0"."""
    return ("+" if rounded(value) > 0 else "") + number(value, decimals)


def interval(low: float, high: float, decimals: int = 0) -> str:
    """Return the bounds of an interval: "0,56–1,09", "−30 til 6"; of an open one "mindst 1,8"."""
    if isinf(high):
        return UNKNOWN if isinf(low) else f"mindst {number(low, decimals)}"
    if isinf(low):
        return f"højst {number(high, decimals)}"
    return (" til " if low < 0 else "–").join(number(end, decimals) for end in (low, high))


def decimals_apart(value: float, limit: float, least: int) -> int:
    """Return how many decimals, at the least so many, keep a value apart from a limit it is not."""
    if value == limit or isinf(value):
        return least
    apart = (n for n in range(least, _MOST_DECIMALS) if number(value, n) != number(limit, n))
    return next(apart, least)


def ratio_interval(low: float, high: float) -> str:
    """Return the interval of a ratio: "0,56–1,09", or "–" where it is not known.

    A bound beside 1 does not read as 1, and a small or large one is told as such: "0,61 til under
    1", "under 0,1 til over 10"; without an upper bound it is "mindst 0,19".
    """
    if isnan(low) or isnan(high):
        return UNKNOWN
    if isinf(high):
        told = _ratio(low) if low >= _SMALL_RATIO else number(low, 2)
        return told if " " in told else f"mindst {told}" if low else UNKNOWN
    ends = _ratio(low), _ratio(high)
    return (" til " if any(" " in end for end in ends) else "–").join(ends)


def _ratio(end: float) -> str:
    if end >= _LARGE_RATIO:
        return f"over {_LARGE_RATIO}"
    if 0 < end < _SMALL_RATIO:
        return f"under {number(_SMALL_RATIO, 1)}"
    told = number(end, 2)
    is_beside = told == number(1, 2) and end != 1
    return f"{'under' if end < 1 else 'over'} 1" if is_beside else told


def capital(text: str) -> str:
    """Return a text with a capital first."""
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    """Return a label as it stands inside a sentence: "udsatte voksne"."""
    return text[:1].lower() + text[1:]


def chance(share: float) -> str:
    """Return a chance as "87 %", "over 99 %" or "under 1 %": what is estimated is never certain."""
    share = rounded(share)
    if share < 0.005:
        return "under 1 %"
    if share >= 0.995:
        return "over 99 %"
    return per_cent(share)


def per_cent(share: float, decimals: int = 0) -> str:
    """Return a share as "67 %"."""
    return f"{number(100 * share, decimals)} %"


def counted(count: int, one: str, many: str) -> str:
    """Return a count with its word: "1 hændelse", "87 hændelser"."""
    return f"{number(count)} {one if count == 1 else many}"


def day(value: date) -> str:
    """Return a date as "24. april 2026"."""
    return f"{value.day}. {MONTHS[value.month - 1]} {value.year}"


def days(first: date, last: date | None) -> str:
    """Return the days from one to another: "15.–30. november 2026", a month or year said once.

    Without a last one: "fra 15. november 2026".
    """
    if last is None:
        return f"fra {day(first)}"
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}.–{day(last)}"
    starts = day(first)
    if first.year == last.year:
        starts = starts.removesuffix(f" {first.year}")
    return f"{starts} – {day(last)}"


def month(value: date) -> str:
    """Return a month as "april 2026"."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def weekdays(numbers: Iterable[int]) -> str:
    """Return weekdays (1 = Monday) as "mandag–torsdag", "mandag og onsdag–fredag", "hver dag"."""
    found, told = runs(numbers), []
    if found == [list(range(1, 8))]:
        return "hver dag"
    for run in found:
        first, last = WEEKDAYS[run[0] - 1], WEEKDAYS[run[-1] - 1]
        told += [first, last] if len(run) == 2 else [f"{first}–{last}" if len(run) > 2 else first]
    return listing(told)


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Return whole numbers in order, those that follow upon each other together."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def short_month(value: date) -> str:
    """Return a month as "apr. 2026" or "maj 2026"."""
    name = MONTHS[value.month - 1]
    return f"{name if len(name) < 4 else name[:3] + '.'} {value.year}"


def hours(starts: float, ends: float) -> str:
    """Return hours from midnight as "kl. 13–17" or "kl. 8.30–12"; 26 is the day after, "02"."""
    return f"kl. {_clock(starts)}–{_clock(ends)}"


def _clock(hours: float) -> str:
    whole, part = divmod(round(hours * 60), 60)
    # Midnight ends a day as 24.
    is_next_day = (whole, part) > (24, 0)
    return (f"{whole % 24:02}" if is_next_day else f"{whole}") + (f".{part:02}" if part else "")


def read_day(text: str) -> date | None:
    """Return the day of "2026-03-31", "31-03-2026", "31.03.2026" or "31. marts 2026", else None.

    A time of midnight may follow. Years outside YEARS are none.
    """
    words = text.strip().lower().removesuffix(" 00:00:00").removesuffix("t00:00:00")
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", words):
        year, month, day = map(int, found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[-.](\d{1,2})[-.](\d{4})", words):
        day, month, year = map(int, found.groups())
    elif (found := re.fullmatch(r"(\d{1,2})\. ?(\w+) (\d{4})", words)) and found[2] in MONTHS:
        day, month, year = int(found[1]), MONTHS.index(found[2]) + 1, int(found[3])
    else:
        return None
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def listing(words: Sequence[str]) -> str:
    """Return words as "a, b og c"."""
    return " og ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def unbroken(text: str) -> str:
    """Return a text that a narrow column of a table does not break at its spaces."""
    return text.replace(" ", "\u00a0")
