"""Which column of an export is which of our fields, and a row of it as our fields."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis import danish
from analysis.intake.errors import IngestError, quoted
from analysis.intake.layout import FIELDS, HELP, Form
from analysis.selection import nearest
from analysis.taxonomy import key

# The headings stand in one of so many rows.
HEAD = 50
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
    "\ufffd|[a-zæøå][†‡\u2039\u203a\u2018¾¿Œ®¯¤][a-zæøå]|[ÃÂ][\u0080-\u00bf\u0152-\u2122]",
    re.IGNORECASE,
)
UNREADABLE = "Et tegn kan ikke læses"


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

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the form in their order."""
        return FIELDS[self.form.name]

    @property
    def is_plain(self) -> bool:
        """Whether every field is one column as it stands, or none."""
        separated = any(source.separator for source in self.form.sources.values())
        return not self.clocks and not separated

    def problem(self, row: Sequence[str]) -> str | None:
        """Return, in Danish, why a row is none: its number of fields, or a letter lost."""
        if (found := len(row)) != self.width:
            return (
                f"For {'mange' if found > self.width else 'få'} felter: {found}, ikke {self.width}"
            )
        read = [row[at] for at in (*self.places.values(), *self.clocks.values())]
        if any(not cell.isascii() and _GARBLED.search(cell) for cell in read):
            return UNREADABLE
        return None

    def values(self, row: Sequence[str]) -> list[str]:
        """Return the text of each field of the form; what has no column is its default."""
        return [self._value(field, row) for field in self.fields]

    def _value(self, field: str, row: Sequence[str]) -> str:
        source = self.form.sources.get(field)
        if field not in self.places:
            return (source and source.default) or ""
        text = _clean(row[self.places[field]])
        if field in self.clocks:
            # The date of a workbook's cell has the time of its midnight.
            day = text.strip().removesuffix(" 00:00:00")
            return f"{day} {_clean(row[self.clocks[field]])}" if day else ""
        if field in HELP and source.separator:
            return text.replace(source.separator, SEPARATOR) + SEPARATOR
        return text


def _clean(cell: str) -> str:
    if cell.isascii() and cell.isprintable():
        return cell
    return _SPACE.sub(" ", _CONTROL.sub("", cell))


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
