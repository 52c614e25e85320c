"""How the times of a column are written: strptime's formats, found from its texts."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from analysis.intake.columns import MIDNIGHT
from analysis.intake.layout import Source

# A column is one of times where so many of its texts are; so many of them choose the candidates.
_LEAST, _SAMPLE = 0.7, 60
_ISO_DAY = r"\d{4}-\d{1,2}-\d{1,2}"
_ISO = re.compile(
    _ISO_DAY + r"([T ] *\d{1,2}:\d\d(:\d\d([.,]\d{1,9})?)?( ?(z|utc|gmt|[+-]\d\d(:?\d\d)?))?)?",
    re.IGNORECASE,
)
ISO = ""
_ISO_CLOCKS = ("%H:%M", "%H:%M:%S")
_CLOCKS = (
    *_ISO_CLOCKS,
    *(
        "%H.%M",
        "%I.%M%p",
        "%I.%M %p",
        "%I:%M %p",
        "%I:%M:%S %p",
        "%I:%M%p",
        "%H:%M:%S.%f",
        "kl. %H.%M",
        "kl. %H:%M",
    ),
)
# Of formats that read as many texts the first is taken: the day before the month.
_DAYS = (
    *(f"%d{sign}%m{sign}%{year}" for sign in "-./" for year in "Yy"),
    *(f"%m{sign}%d{sign}%{year}" for sign in "-./" for year in "Yy"),
    *("%Y/%m/%d", "%Y.%m.%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y"),
)
_MOMENTS = tuple(
    f"{day}{sign}{clock}" for day in _DAYS for clock in _CLOCKS for sign in (" ", ", ")
)
MOMENT, DAY, CLOCK = "moment", "day", "clock"


class Times(NamedTuple):
    """How the times of a column are written.

    `kind` is a moment, a day or a clock; `formats` are strptime's, ISO ("") among them; `unread` is
    the number of rows that none of them reads, `is_open` that days and months may be swapped.
    """

    kind: str
    formats: tuple[str, ...]
    unread: int
    is_open: bool


def find(values: Counter[str]) -> Times | None:
    """Return how the times of a column are written, None where it is none; `values` counts rows."""
    sample = [text for text, _ in values.most_common(_SAMPLE)]
    digits = [text for text in sample if len(text) <= 40 and re.search(r"\d[-./: ]", text)]
    if not digits or len(digits) < _LEAST * len(sample):
        return None
    midnights = {text: MIDNIGHT.sub("", text) for text in values}
    if all(text != day for text, day in midnights.items()):
        # The days of a workbook, or of a portal.
        return find(Counter({day: values[text] for text, day in midnights.items()}))
    likely = [form for form in (ISO, *_DAYS, *_MOMENTS, *_CLOCKS) if _read(digits, form)]
    left, formats = values, []
    while likely:
        counts = {form: sum(left[text] for text in _read(left, form)) for form in likely}
        best = max(likely, key=counts.get)
        if not counts[best]:
            break
        formats.append(best)
        left = Counter({text: left[text] for text in left.keys() - _read(left, best)})
        # The rest is of the same kind, and not read the other way round.
        likely = [
            form
            for form in likely
            if (form in _CLOCKS) == (best in _CLOCKS)
            and (None in (_order(form), _order(best)) or _order(form) == _order(best))
        ]
    unread = left.total()
    if not formats or unread > (1 - _LEAST) * values.total():
        return None
    other = _swapped(formats[0])
    read = _read(values, formats[0])
    is_open = other != formats[0] and len(read) <= len(_read(values, other))
    return Times(_kind(formats[0], read), tuple(formats), unread, is_open)


def joined(day: Times, clock: Times) -> tuple[str, ...]:
    """Return the formats of a day and a clock in two columns, none where they are ISO."""
    pairs = [(first, last) for first in day.formats for last in clock.formats]
    return tuple(
        f"{first or '%Y-%m-%d'} {last}"
        for first, last in pairs
        if first != ISO or last not in _ISO_CLOCKS
    )


def _read(texts: Iterable[str], form: str) -> set[str]:
    """Return the texts that a format reads, with or without its time of day."""
    if form == ISO:
        return {text for text in texts if _ISO.fullmatch(text)}
    forms = [form, *Source(formats=(form,)).dates]
    return {text for text in texts if any(_is_read(text, one) for one in forms)}


def _is_read(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True


def _kind(form: str, read: set[str]) -> str:
    if form in _CLOCKS:
        return CLOCK
    if form == ISO:
        return MOMENT if sum(":" in text for text in read) * 2 > len(read) else DAY
    return DAY if form in _DAYS else MOMENT


def _order(form: str) -> bool | None:
    """Return whether the day stands before the month, None where it cannot be mistaken."""
    if not {"%d", "%m"} <= set(re.findall("%.", form)) or form.startswith("%Y"):
        return None
    return form.index("%d") < form.index("%m")


def _swapped(form: str) -> str:
    if _order(form) is None:
        return form
    return form.replace("%d", "%?").replace("%m", "%d").replace("%?", "%m")
