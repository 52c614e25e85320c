"""What is asked: a season, a half of it, and the barometer's filters."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from textwrap import shorten

from analysis.core import danish, taxonomy
from analysis.core.errors import InputError
from analysis.core.headings import DIMENSIONS
from analysis.core.season import Season

# The filters that hold a label, with the words they go by in print.
FILTERS = {
    name: DIMENSIONS[name]
    for name in ("district", "location", "facility", "victim", "demography", "category")
}
# Those of them that say where.
PLACES = ("district", "location", "facility")
# The parameters that stand for the days of a half.
DAYS = ("first_day", "last_day", "period")
ALL = "Alle"
# What the city is called where its reference tables do not name it.
CITY = "Hele byen"
# Less like than this is not the nearest to anything.
_LEAST_LIKE = 0.6
_LONGEST = 100
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


class SelectionError(InputError):
    """A selection that cannot be made; the message is Danish and names the nearest values."""


class NoDataError(SelectionError):
    """Something asked that these data cannot answer; the message says in Danish what they lack."""


class Several(tuple):
    """The values of a filter that has more than one; in words "Valby og Vanløse"."""

    def __str__(self) -> str:
        return danish.listing(self)


Filter = str | Several | None


@dataclass(frozen=True)
class Selection:
    """A half of a season (None: the whole year) and filters, None being the barometer's "Alle".

    Takes every spelling of a season and every variant of a label; a filter takes one or a list of
    them. `first_day` and `last_day` (dates, or text) stand for the half's own, within it or not;
    the season is then the one that the first of them lies in. Andet counts with Uønsket adfærd.
    Whether a name is known is asked of a database, by `asking.resolve`, which also puts the name of
    the `city`; it is no filter.
    """

    season: Season | str
    half: str | None = "vinter"
    district: Filter = None
    location: Filter = None
    facility: Filter = None
    victim: Filter = None
    demography: Filter = None
    category: Filter = None
    self_service: bool | None = None
    first_day: date | None = None
    last_day: date | None = None
    city: str = field(default=CITY, kw_only=True, compare=False)

    def __post_init__(self) -> None:
        self._set("season", _season(self.season))
        self._set("half", _half(self.half))
        for name in FILTERS:
            self._set(name, _values(name, getattr(self, name)))
        if self.self_service not in (None, True, False):
            raise SelectionError(
                f"self_service skal være sand, falsk eller tom, ikke {shown(self.self_service)}."
            )
        for name in ("first_day", "last_day"):
            given = getattr(self, name)
            self._set(name, None if given is None or given == "" else as_day(given, name))
        if self.first_day and self.first_day not in self.season:
            self._set("season", Season.of(self.first_day))
        first, after = self.interval
        if first >= after:
            raise SelectionError(
                f"Perioden slutter {danish.day(after - timedelta(1))}, før den begynder "
                f"{danish.day(first)}."
            )

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @property
    def interval(self) -> tuple[date, date]:
        """The first day and the day after the last."""
        first, after = self.season.interval(self.half)
        return self.first_day or first, self.last_day + timedelta(1) if self.last_day else after

    @property
    def months(self) -> list[date]:
        """The first day of each month in order, parts of one among them."""
        first, after = self.interval
        months, season = [], Season.of(first)
        while season.interval()[0] < after:
            months += season.months()
            season = season.next
        return [month for month in months if first.replace(day=1) <= month < after]

    @property
    def place(self) -> str:
        """The narrowest place asked for, in words."""
        return str(self.location or self.district or self.city)

    @property
    def single_place(self) -> tuple[str, str]:
        """The narrowest level with one place, and that place: "location", "district" or "city".

        Of several locations it is their district, where one is asked for, else the city.
        """
        for level in ("location", "district"):
            if isinstance(found := getattr(self, level), str):
                return level, found
        return "city", self.city

    @property
    def is_city(self) -> bool:
        """Whether neither a district nor a location is asked for."""
        return not (self.district or self.location)

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
        """The period in words: "vinterhalvåret 2024/25", "15.–30. november 2026"."""
        if self.first_day or self.last_day:
            first, after = self.interval
            return danish.days(first, after - timedelta(1))
        return {"vinter": "vinterhalvåret ", "sommer": "sommerhalvåret "}.get(
            self.half, "sæsonen "
        ) + (str(self.season.start_year + 1) if self.half == "sommer" else self.season.name)

    @property
    def name(self) -> str:
        """The period as a sentence and a column name it: "2024/25", "sommeren 2025", "maj 2026"."""
        first, after = self.interval
        if not (self.first_day or self.last_day):
            return f"sommeren {first.year}" if self.half == "sommer" else self.season.name
        if first.day == 1 and (first + timedelta(31)).replace(day=1) == after:
            return danish.month(first)
        return f"perioden {self.period}"

    @property
    def words(self) -> str:
        """The place, the period and the other filters in words."""
        return ", ".join([self.place, self.period, *self.narrowed])

    @property
    def dates(self) -> str:
        """The period's first and last day in words."""
        first, after = self.interval
        return f"{danish.day(first)} – {danish.day(after - timedelta(1))}"

    def in_season(self, season: Season | str) -> "Selection":
        """Return the same selection in another season, days of its own as many years away."""
        season = _season(season)
        years = season.start_year - self.season.start_year
        days = {
            name: _years_on(day, years)
            for name in ("first_day", "last_day")
            if (day := getattr(self, name))
        }
        return replace(self, season=season, **days)


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
        raise SelectionError(
            f"Ukendt halvår: {shown(given)}. Skriv {' eller '.join(taxonomy.HALVES)}, "
            "eller lad det være tomt for hele året."
        )
    return found


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _values(name: str, given: object) -> Filter:
    """Return a filter's value or values; none, and "Alle" among them, are None."""
    if not isinstance(given, list | tuple):
        return _label(name, given)
    found = Several(dict.fromkeys(_label(name, each) for each in given))
    if not found or None in found:
        return None
    return found if len(found) > 1 else found[0]


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

    Raises SelectionError, in Danish, for anything else, and for a year outside `danish.YEARS`;
    `name` is what the message calls it.
    """
    # numpy's, without importing it.
    is_numpy = type(given).__name__ == "datetime64"
    day = given.astype("datetime64[D]").item() if is_numpy else given
    if isinstance(day, str):
        day = danish.read_day(day)
    # A missing time is an instance of datetime, but not equal to itself.
    if not isinstance(day, date) or day != day or day.year not in danish.YEARS:
        raise SelectionError(f"{name} skal være {danish.A_DAY}, ikke {shown(given)}.")
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
    if year not in danish.YEARS:
        raise SelectionError(
            f"måneden skal skrives som 2026-04 og ligge {danish.IN_YEARS}, ikke {shown(text)}."
        )
    return date(year, month, 1)


def as_period(given: str, last_day: date) -> tuple[date, date]:
    """Return the first and last day of "sidste uge", "sidste måned", "uge 47 2025" or "maj 2026".

    A week begins on Monday (ISO 8601); the last one, or month, is the last whole one up to
    `last_day`. Raises SelectionError, in Danish, for anything else.
    """
    text = taxonomy.key(given if isinstance(given, str) else "")
    after = last_day + timedelta(1)
    if text == "sidste uge":
        monday = after - timedelta(after.weekday() + 7)
        return monday, monday + timedelta(6)
    if text == "sidste måned":
        last = after.replace(day=1) - timedelta(1)
        return last.replace(day=1), last
    found = re.fullmatch(r"uge (\d{1,2})[ ,/-]+(\d{4})", text)
    if found and int(found[2]) in danish.YEARS:
        try:
            monday = date.fromisocalendar(int(found[2]), int(found[1]), 1)
        except ValueError:
            raise SelectionError(f"Der er ingen uge {found[1]} i {found[2]}.") from None
        return monday, monday + timedelta(6)
    try:
        first = as_month(given)
    except SelectionError:
        raise SelectionError(
            f"perioden skal skrives som »sidste uge«, »sidste måned«, »uge 47 2025« eller "
            f"»november 2025« og ligge {danish.IN_YEARS}, ikke {shown(given)}."
        ) from None
    return first, (first + timedelta(31)).replace(day=1) - timedelta(1)


def shown(given: object) -> str:
    """Return what was given as a message quotes it: on one line, and not all of something long."""
    return shorten(repr(given), 80, placeholder=" …")
