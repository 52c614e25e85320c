"""The list of reports: one page that finds, sorts and leads to each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from analysis.core.asking import Dataset
from analysis.reports.render import file, render
from analysis.show.phrases import incidents

# Width and height of a sparkline in pixels, and the room around it for its last point.
_WIDE, _HIGH, _ROOM = 72, 22, 3


class SeasonCount(NamedTuple):
    """The incidents of the same selection in one season."""

    season: str
    incidents: int


@dataclass(frozen=True)
class Report:
    """A line of the index.

    `period`, `starts` (its first day) and `place` are None where nothing is selected; `filters` are
    the others in words; `covered` says whether the data hold the whole period. `past` holds the
    same selection's incidents in each season that the data cover, its own last; it is empty where
    nothing is known. `files` are the endings of what was written: html, xlsx, docx, pdf,
    ipynb.
    """

    parameters: str
    name: str
    title: str
    period: str | None
    starts: date | None
    place: str | None
    filters: str
    covered: bool
    past: tuple[SeasonCount, ...]
    last_day: date | None
    error: str | None
    files: tuple[str, ...]

    @property
    def incidents(self) -> int | None:
        """The selection's incidents."""
        return self.past[-1].incidents if self.past else None

    @property
    def change(self) -> int | None:
        """The incidents more (or, below 0, fewer) than in the season before, if whole."""
        if len(self.past) < 2 or not self.covered:
            return None
        return self.past[-1].incidents - self.past[-2].incidents

    @property
    def share(self) -> float | None:
        """The change as a share of the season before."""
        if self.change is None or not self.past[-2].incidents:
            return None
        return self.change / self.past[-2].incidents

    @property
    def history(self) -> str:
        """The seasons in words, for those who do not see the line."""
        return ", ".join(f"{one.season}: {incidents(one.incidents)}" for one in self.past)

    @property
    def line(self) -> tuple[tuple[float, float], ...]:
        """The points of the sparkline from left to right, in pixels from its upper left corner."""
        most = max(one.incidents for one in self.past) or 1
        step = (_WIDE - 2 * _ROOM) / max(len(self.past) - 1, 1)
        return tuple(
            (
                round(_ROOM + n * step, 1),
                round(_HIGH - _ROOM - (_HIGH - 2 * _ROOM) * one.incidents / most, 1),
            )
            for n, one in enumerate(self.past)
        )


def index(reports: Sequence[Report], data: Sequence[Dataset]) -> str:
    """Return the HTML of the list of reports."""
    return render(
        "index.html",
        file("index.js"),
        title="Rapporter",
        reports=reports,
        data=data,
        size=(_WIDE, _HIGH),
    )
