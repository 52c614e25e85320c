"""What is asked: a season, a half of it, and the barometer's filters."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import SequenceMatcher
from textwrap import shorten

from analysis.core import danish, taxonomy
from analysis.core.headings import DIMENSIONS
from analysis.core.season import Season

# The filters that hold a label, with the words they go by in print.
FILTERS = {
    name: DIMENSIONS[name]
    for name in ("district", "location", "facility", "victim", "demography", "category")
}
# Those of them that say where.
PLACES = ("district", "location", "facility")
ALL = "Alle"
# What the city is called where its reference tables do not name it.
CITY = "Hele byen"
# Less like than this is not the nearest to anything.
_LEAST_LIKE = 0.6
_LONGEST = 100
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


class SelectionError(ValueError):
    """A selection that cannot be made; the message is Danish and names the nearest values."""

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows of it: the message, without where in our code it arose."""
        return [str(self)]


class NoDataError(SelectionError):
    """Something asked that these data cannot answer; the message says in Danish what they lack."""


@dataclass(frozen=True)
class Selection:
    """A half of a season (None: the whole year) and filters, None being the barometer's "Alle".

    Takes every spelling of a season and every variant of a label. Andet counts with Uønsket
    adfærd. Whether a name is known is asked of a database, by `asking.resolve`, which also puts
    the name of the `city`; it is no filter.
    """

    season: Season | str
    half: str | None = "vinter"
    district: str | None = None
    location: str | None = None
    facility: str | None = None
    victim: str | None = None
    demography: str | None = None
    category: str | None = None
    self_service: bool | None = None
    city: str = field(default=CITY, kw_only=True, compare=False)

    def __post_init__(self) -> None:
        self._set("season", _season(self.season))
        self._set("half", _half(self.half))
        for name in FILTERS:
            self._set(name, _label(name, getattr(self, name)))
        if self.self_service not in (None, True, False):
            raise SelectionError(
                f"self_service skal være sand, falsk eller tom, ikke {shown(self.self_service)}."
            )

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @property
    def interval(self) -> tuple[date, date]:
        """The first day and the day after the last."""
        return self.season.interval(self.half)

    @property
    def months(self) -> list[date]:
        """The first day of each month in order."""
        return self.season.months(self.half)

    @property
    def place(self) -> str:
        """The narrowest place asked for, in words."""
        return self.location or self.district or self.city

    @property
    def of_place(self) -> "Selection":
        """The same period and place, without the other filters."""
        others = [name for name in FILTERS if name not in PLACES]
        return replace(self, **dict.fromkeys([*others, "self_service"]))

    @property
    def narrowed(self) -> list[str]:
        """The filters other than the place, in words: "Urotype: Trusler"."""
        chosen = [
            f"{heading}: {getattr(self, name)}"
            for name, heading in FILTERS.items()
            if name not in ("district", "location") and getattr(self, name)
        ]
        if self.self_service is not None:
            chosen.append(f"Selvbetjent åbningstid: {'Ja' if self.self_service else 'Nej'}")
        return chosen

    @property
    def period(self) -> str:
        """The period in words: "vinterhalvåret 2024/25"."""
        return {"vinter": "vinterhalvåret ", "sommer": "sommerhalvåret "}.get(
            self.half, "sæsonen "
        ) + (str(self.season.start_year + 1) if self.half == "sommer" else self.season.name)

    @property
    def dates(self) -> str:
        """The period's first and last day in words."""
        first, after = self.interval
        return f"{danish.day(first)} – {danish.day(date.fromordinal(after.toordinal() - 1))}"


def unknown(what: str, given: object, known: Iterable[str]) -> SelectionError:
    """Return the error for a value nobody knows, with the nearest known ones."""
    known = sorted(known)
    near = nearest(str(given), known)
    hint = "Nærmest er" if near else "Blandt de kendte er" if len(known) > 12 else "Kendte er"
    names = danish.listing((near or known)[:12])
    return SelectionError(f"Ukendt {what}: {shown(given)}. {hint}: {names}.")


def nearest(given: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the known values most like the one given, none where nothing is like it.

    A value is as like as the whole of it or as its beginning, so that a short name finds a long one
    that begins with it.
    """
    # What is longer than any name takes minutes to compare.
    asked = _plain(given[:_LONGEST])

    def likeness(value: str) -> float:
        whole = _plain(value)
        begun = whole[: len(asked)]
        return max(SequenceMatcher(None, asked, part).ratio() for part in (whole, begun))

    found = sorted(((likeness(value), value) for value in known), key=lambda one: -one[0])
    return [value for like, value in found[:most] if like >= _LEAST_LIKE]


def _plain(text: str) -> str:
    """Return a text as it is compared, Danish letters as those write them who have none."""
    return taxonomy.key(text).translate(_LETTERS)


def outside(location: str, own: Sequence[str], district: str) -> SelectionError:
    """Return the error for a location that lies in its `own` districts and not in the one given."""
    return SelectionError(
        f"{location} ligger i {danish.listing(own)}, ikke i {district}. "
        "Ret bydelen, eller lad den være tom."
    )


def _season(given: Season | str) -> Season:
    try:
        return given if isinstance(given, Season) else Season(given)
    except ValueError as error:
        raise SelectionError(str(error)) from None


def _half(given: str | None) -> str | None:
    text = _text("half", given)
    found = next((half for half in taxonomy.HALVES if text and taxonomy.key(text) == half), None)
    if text and not found:
        raise unknown("halvår", given, taxonomy.HALVES)
    return found


def _label(name: str, given: str | None) -> str | None:
    text = _text(name, given)
    if text is None or name not in taxonomy.LABELS:
        return text
    return taxonomy.match(name, text) or text


def _text(name: str, given: str | None) -> str | None:
    if given is not None and not isinstance(given, str):
        raise SelectionError(f"{name} skal være tekst eller tom, ikke {shown(given)}.")
    text = (given or "").strip()
    return None if not text or taxonomy.key(text) == taxonomy.key(ALL) else text


def as_day(given: object, name: str) -> date:
    """Return a day given as a date, a time, "2026-03-31", "31-03-2026" or "31. marts 2026".

    Raises SelectionError, in Danish, for anything else; `name` is what the message calls it.
    """
    # numpy's, without importing it.
    is_numpy = type(given).__name__ == "datetime64"
    day = given.astype("datetime64[D]").item() if is_numpy else given
    if isinstance(day, str):
        day = danish.read_day(day)
    # A missing time is an instance of datetime, but not equal to itself.
    if not isinstance(day, date) or day != day:
        raise SelectionError(f"{name} skal være en dato som 2026-03-31, ikke {shown(given)}.")
    return day.date() if isinstance(day, datetime) else day


def as_month(given: object) -> date:
    """Return the first day of a month written as "2026-04", "2026-04-01" or "april 2026".

    So are "01-04-2026" and "apr-26", which Excel makes of the first. Raises SelectionError for
    anything else.
    """
    text = str(given if given is not None else "").strip()
    if (day := danish.read_day(text)) and day.day == 1:
        return day
    if (found := re.fullmatch(r"(\d{4})-(\d{1,2})", text)) and 1 <= int(found[2]) <= 12:
        year, month = int(found[1]), int(found[2])
    elif (found := re.fullmatch(r"([a-z]{3,9})\.?[ -](\d{2}|\d{4})", taxonomy.key(text))) and (
        named := [n for n, name in enumerate(danish.MONTHS, 1) if name.startswith(found[1])]
    ):
        year, month = int(found[2]) % 2000 + 2000, named[0]
    else:
        year = month = 0
    if not year:
        raise SelectionError(f"måneden skal skrives som 2026-04, ikke {shown(text)}.")
    return date(year, month, 1)


def shown(given: object) -> str:
    """Return what was given as a message quotes it: on one line, and not all of something long."""
    return shorten(repr(given), 80, placeholder=" …")
