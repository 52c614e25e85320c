"""Seasons: the year from 1 October, its winter half (October to March) and summer half."""

import re
from dataclasses import dataclass
from datetime import date

from analysis.core.danish import IN_YEARS

_FIRST_MONTH = {"vinter": 10, "sommer": 4}
_SPELLING = re.compile(
    r"(?:(?:vinter|vinteren|vinterhalvår|vinterhalvåret|sæson|sæsonen)\s+)?"
    r"((?:19|2\d)\d\d)\s*[/–-]\s*(\d{4}|\d{2})",
    re.IGNORECASE,
)
_SUMMER = re.compile(
    r"(?:sommer|sommeren|sommerhalvår|sommerhalvåret)\s+((?:19|2\d)\d\d)", re.IGNORECASE
)


@dataclass(frozen=True, order=True)
class Season:
    """The year from 1 October to 30 September.

    Takes "2024/25", "2024/2025", "2024-25" and "vinteren 2024/25"; `name` is always "2024/25".
    Raises ValueError, in Danish, for anything else.
    """

    name: str

    def __post_init__(self) -> None:
        found = _SPELLING.fullmatch(str(self.name).strip())
        first, last = (found[1], found[2]) if found else ("", "")
        if not found or last not in (str(int(first) + 1), f"{(int(first) + 1) % 100:02}"):
            if summer := _SUMMER.fullmatch(str(self.name).strip()):
                raise ValueError(
                    f'Sommeren {summer[1]} hører til en sæson: skriv half = "sommer" og '
                    f'season = "{self._starting(int(summer[1]) - 1)}".'
                )
            raise ValueError(
                f"Ukendt sæson: {self.name!r:.40}. Skriv to år i træk {IN_YEARS}, for eksempel "
                "2024/25, 2024/2025, 2024-25 eller vinteren 2024/25."
            )
        object.__setattr__(self, "name", f"{first}/{(int(first) + 1) % 100:02}")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, day: date) -> "Season":
        """Return the season that a date or a time falls in."""
        return cls._starting(day.year if day.month >= _FIRST_MONTH["vinter"] else day.year - 1)

    @classmethod
    def _starting(cls, year: int) -> "Season":
        return cls(f"{year}/{year + 1}")

    def __contains__(self, day: date) -> bool:
        """Return whether a date falls in the season."""
        return Season.of(day) == self

    @property
    def start_year(self) -> int:
        """The year in which the season begins, on 1 October."""
        return int(self.name[:4])

    @property
    def previous(self) -> "Season":
        """The season before."""
        return self._starting(self.start_year - 1)

    @property
    def next(self) -> "Season":
        """The season after."""
        return self._starting(self.start_year + 1)

    def interval(self, half: str | None = None) -> tuple[date, date]:
        """Return first day and the day after the last, of a half or (None) of the whole year."""
        months = self.months(half)
        last = months[-1]
        return months[0], date(last.year + last.month // 12, last.month % 12 + 1, 1)

    def months(self, half: str | None = None) -> list[date]:
        """Return the first day of each month in order, of a half or (None) of the whole year."""
        first = _FIRST_MONTH[half or "vinter"] - 1
        counted = range(6 if half else 12)
        year = self.start_year + (half == "sommer")
        return [date(year + (first + n) // 12, (first + n) % 12 + 1, 1) for n in counted]


def half_of(day: date) -> str:
    """Return "vinter" (October to March) or "sommer" for a date or a time."""
    return "sommer" if _FIRST_MONTH["sommer"] <= day.month < _FIRST_MONTH["vinter"] else "vinter"
