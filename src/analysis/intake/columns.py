"""Which column of an export is which of our fields, and a row of it as our fields."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.core import danish
from analysis.core.selection import nearest
from analysis.core.taxonomy import key
from analysis.intake.blanks import is_blank
from analysis.intake.errors import IngestError, quoted
from analysis.intake.layout import Form, Source
from analysis.intake.personal import signs

# The headings stand in one of so many rows.
HEAD = 50
# A heading that nobody has described is no longer than this, and no number or time.
_LONGEST = 60
_NUMBER = re.compile(r"\W*\d[\d\W]*(?:[AaPp][Mm]|[TtZz])?[\d\W]*")
# A day, and perhaps a time of day, however it is written: two numbers or more, a month's name.
_MOMENT = re.compile(
    r"(?=(?:\D*\d+){2})(?:[^\W\d_]{3,9}\.?,? +)?\d{1,4}"
    r"(?:(?:[-./:, ]+|T(?=\d))(?:\d{1,6}|[^\W\d_]{1,9}))+\.?"
    r"(?: ?(?:[Zz]|[+-]\d\d(?::?\d\d)?))?"
)
_LONGEST_MOMENT = 40
# With so many of its headings found a row is the headings, and a message may quote it.
_FOUND = 3
# Parts several values where the layout says what parted them; no cell holds it.
SEPARATOR = "\x1f"
# Control characters and marks of direction, which no value has, and spaces of another kind.
_CONTROL = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_SPACE = re.compile(r"[^\S\t\n\r]")
# A letter lost, Danish letters of CP850 and MacRoman taken for Windows-1252's, and UTF-8's twice
# encoded.
_GARBLED = re.compile(
    "\ufffd|[a-zæøå][†‡¾Œ]|[†‡Œ][a-zæøå]|[a-zæøå][\u2039\u203a\u2018¿®¯¤][a-zæøå]"
    "|[ÃÂ][\u0080-\u00bf\u0152-\u2122]",
    re.IGNORECASE,
)
UNREADABLE = "Et tegn kan ikke læses"
# In characters: no field of ours is longer.
_LONGEST_FIELD = 1000
# What a day has for its time of day where that stands in a column of its own.
MIDNIGHT = re.compile(
    r"[T ]+(?:0?0[:.]00(?:[:.]00(?:[.,]0+)?)?|12[:.]00(?:[:.]00)? ?am)\s*$", re.IGNORECASE
)
# Hours and minutes without a sign between them, whose zeros at the left a spreadsheet has taken.
_RUN_TOGETHER = re.compile(r"%H%M(%S)?")
_LAST_DIGITS = re.compile(r"(?<![\d.:/-])\d{1,5}\s*$")


@dataclass(frozen=True)
class Columns:
    """Where the fields of a form stand: `row` is that of the headings, columns count from 0.

    `places` has the column of each field that has one, `clocks` that of a time of day apart.
    """

    form: Form
    row: int
    width: int
    places: dict[str, int]
    clocks: dict[str, int]

    @cached_property
    def is_plain(self) -> bool:
        """Whether every field is one column as it stands, or none."""
        sources = self.form.sources.values()
        return not self.clocks and not any(one.separator or _digits(one) for one in sources)

    def read(self, row: Sequence[str]) -> tuple[list[str], str | None]:
        """Return the text of each field in `places`, and in Danish what makes the row none.

        A row of another number of fields, or with a letter lost, is none, and has no text.
        """
        if (found := len(row)) != self.width:
            many = "mange" if found > self.width else "få"
            return [""] * len(self.places), f"For {many} felter: {found}, ikke {self.width}"
        cells = [row[at] for at in self.places.values()]
        clocks = [row[at] for at in self.clocks.values()]
        if any(len(cell) > _LONGEST_FIELD for cell in (*cells, *clocks)):
            return [""] * len(cells), "Et felt er for langt"
        together = " ".join(cells + clocks)
        if not (together.isascii() and together.isprintable()):
            if _GARBLED.search(together):
                return [""] * len(cells), UNREADABLE
            cells, clocks = [_clean(cell) for cell in cells], [_clean(cell) for cell in clocks]
        if not self.is_plain:
            clock = dict(zip(self.clocks, clocks, strict=True))
            fields = zip(self.places, cells, strict=True)
            cells = [self._joined(field, cell, clock.get(field)) for field, cell in fields]
        return cells, None

    def _joined(self, field: str, text: str, clock: str | None) -> str:
        source = self.form.sources[field]
        if clock is not None:
            if is_blank(text):
                return ""
            text = MIDNIGHT.sub("", text.strip()) + ("" if is_blank(clock) else f" {clock}")
        if digits := _digits(source):
            return _LAST_DIGITS.sub(lambda found: found[0].strip().zfill(digits), text)
        separator = source.separator
        if separator and not is_blank(text):
            return text.replace(separator, SEPARATOR) + SEPARATOR
        return text


def _digits(source: Source) -> int:
    """Return the digits of a time of day that is written without signs, 0 where it has some."""
    found = _RUN_TOGETHER.search(" ".join(source.formats))
    return 0 if not found else 6 if found[1] else 4


def _clean(cell: str) -> str:
    return _SPACE.sub(" ", _CONTROL.sub("", cell))


def is_moment(text: str) -> bool:
    """Return whether a text looks like a day, with or without a time of day.

    >>> [is_moment(text) for text in ("01-11-2024 10:00", "Nov 1, 2024 2:30 PM", "2 unge råbte")]
    [True, True, False]
    """
    return len(text) <= _LONGEST_MOMENT and bool(_MOMENT.fullmatch(text))


def headings(rows: Sequence[Sequence[str]]) -> int | None:
    """Return which of `rows` looks like headings, None where none does.

    The first whose texts are short, differ and are no numbers, times or about people, and that has
    as many as half of the rows or more.
    """
    filled = [[cell for cell in row if key(cell)] for row in rows[:HEAD]]
    usual = sorted(len(cells) for cells in filled if cells)
    least = max(2, usual[len(usual) // 2] * 0.6) if usual else 2
    for at, cells in enumerate(filled):
        if len(cells) < least:
            continue
        is_short = all(len(cell) <= _LONGEST and not _NUMBER.fullmatch(cell) for cell in cells)
        if any(is_moment(cell.strip()) or signs(cell) for cell in cells):
            continue
        if is_short and len({key(cell) for cell in cells}) >= 0.8 * len(cells):
            return at
    return None


def find(form: Form, rows: Sequence[Sequence[str]]) -> Columns:
    """Return where the fields stand in the first of `rows` that has all the headings of a form.

    Raises MismatchError where none has them, and IngestError where a heading stands twice.
    """
    best = None
    for at, row in enumerate(rows[:HEAD]):
        found = [key(cell) if len(cell) <= 200 else "" for cell in row]
        places, clocks, missing = {}, {}, []
        for field, source in form.sources.items():
            for headings, into in ((source.headings, places), (source.time, clocks)):
                there = [found.index(key(one)) for one in headings if key(one) in found]
                if there:
                    into[field] = there[0]
                elif headings and source.default is None:
                    missing.append(headings[0])
        if not missing:
            _check_once(row, found, (*places.values(), *clocks.values()))
            return Columns(form, at, len(row), places, clocks)
        if best is None or len(missing) < len(best.missing):
            best = MismatchError(form.name, missing, len(places) + len(clocks), row)
    wanted = [one.headings[0] for one in form.sources.values() if one.headings]
    raise best or MismatchError(form.name, wanted, 0, [])


def _check_once(row: Sequence[str], found: list[str], used: Iterable[int]) -> None:
    for at in used:
        if found.count(found[at]) > 1:
            raise IngestError(f"overskriften {quoted(row[at])} står mere end én gang")


class MismatchError(IngestError):
    """No row has the headings of a form; the message names those that are missing.

    What was found is quoted only from a row of headings: another row may hold anything.
    """

    def __init__(self, form: str, missing: list[str], found: int, row: Sequence[str]) -> None:
        """Take what is missing, how many headings were found, and the row they were found in."""
        self.form, self.missing, self.found, self.row = form, missing, found, row
        super().__init__(self._told())

    def _told(self) -> str:
        shown = [cell for cell in self.row if key(cell)] if self.found >= _FOUND else []
        parts = []
        for heading in self.missing:
            near = nearest(heading, shown, 1)
            parts.append(f"{heading} (nærmest er {quoted(near[0])})" if near else heading)
        start = f"overskrifterne passer ikke til layoutet; som {self.form} mangler "
        end = "" if shown else " (ingen overskrifter fundet)"
        if any(_GARBLED.search(cell) for cell in shown):
            end = "; tegnsættet er et andet: gem filen som UTF-8, eller skriv encoding i layoutet"
        return start + danish.listing(parts) + end
