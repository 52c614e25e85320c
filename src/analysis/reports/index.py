"""The list of reports: a row a place and period, which leads to its pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from analysis.core.asking import Dataset
from analysis.reports.parameters import folder_name
from analysis.reports.render import file, render
from analysis.show.phrases import incidents

# The page that a place's name leads to, where the report has it.
FRONT = "10_overview"
# Pixels: a bar of a season, the space to the next, and the highest.
_BAR, _GAP, _HIGH = 9, 3, 24
# What stands above the city, and selections of several districts.
_ACROSS = "På tværs af bydele"


class SeasonCount(NamedTuple):
    """The incidents of the same selection in one season."""

    season: str
    incidents: int


class Bar(NamedTuple):
    """A bar of a row in pixels from the upper left corner; `is_own` of the report's own season."""

    x: int
    y: float
    height: float
    is_own: bool


@dataclass(frozen=True)
class Page:
    """A page of a report: its file's name, its title, and what went wrong where something did.

    `verdict` is the one that it gives on the change, "" where it gives none; `files` are the
    endings of what was written: html, xlsx, docx, pdf, ipynb.
    """

    name: str
    title: str
    error: str | None = None
    verdict: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """A row of the index: the pages of a place and a period, in a folder named `parameters`.

    `place`, `period` and `starts` (its first day) are None where nothing is selected; `district` is
    where the place lies, "" where that is not one district; `filters` are the others in words;
    `covered` says whether the data hold the whole period. `past` holds the same selection's
    incidents in each season that the data cover, its own last. `compared` is the season that the
    verdict holds it against, `need` the place's on the list for the meeting, or the best of its
    places', of `places`. `unsettled` is what is still to be reported, in words.
    """

    parameters: str
    place: str | None = None
    district: str = ""
    period: str | None = None
    starts: date | None = None
    filters: str = ""
    covered: bool = True
    past: tuple[SeasonCount, ...] = ()
    compared: str = ""
    need: int | None = None
    places: int = 0
    last_day: date | None = None
    unsettled: str = ""
    pages: tuple[Page, ...] = ()

    @property
    def front(self) -> Page:
        """The page that the row's name leads to."""
        return next((one for one in self.pages if one.name == FRONT), self.pages[0])

    @property
    def of(self) -> str:
        """What its pages are of, in words; its folder's name where nothing is selected."""
        return ", ".join(filter(None, [self.place, self.period, self.filters])) or self.parameters

    @property
    def own_name(self) -> str:
        """The folder's name where it is not its place's."""
        return "" if self.place and self.parameters == folder_name(self.place) else self.parameters

    @property
    def incidents(self) -> int | None:
        """The selection's incidents."""
        return self.past[-1].incidents if self.past else None

    @property
    def before(self) -> SeasonCount | None:
        """What the verdict holds the incidents against: a season, most often the one before."""
        earlier = self.past[:-1]
        last = earlier[-1] if earlier else None
        return next((one for one in earlier if one.season == self.compared), last)

    @property
    def change(self) -> int | None:
        """The incidents more (or, below 0, fewer) than before, if the data hold both whole."""
        if not self.before or not self.covered:
            return None
        return self.past[-1].incidents - self.before.incidents

    @property
    def share(self) -> float | None:
        """The change as a share of what was before."""
        if self.change is None or not self.before.incidents:
            return None
        return self.change / self.before.incidents

    @property
    def verdict(self) -> str:
        """Whether that is fewer or more for certain, and against which season where not the last.

        "" where no page says so.
        """
        said = next((one.verdict for one in self.pages if one.verdict), "")
        last = self.past[-2].season if len(self.past) > 1 else ""
        beside = f" (mod {self.compared})" if said and self.compared not in ("", last) else ""
        return said + beside

    @property
    def history(self) -> str:
        """The seasons in words, for those who do not see the bars."""
        return ", ".join(f"{one.season}: {incidents(one.incidents)}" for one in self.past)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """A bar for each season, from left to right."""
        most = max(one.incidents for one in self.past) or 1
        heights = [max(round(_HIGH * one.incidents / most, 1), 1) for one in self.past]
        return tuple(
            Bar(n * (_BAR + _GAP), round(_HIGH - height, 1), height, n == len(heights) - 1)
            for n, height in enumerate(heights)
        )

    @property
    def size(self) -> tuple[int, int]:
        """The width and the height of the bars."""
        return len(self.past) * (_BAR + _GAP) - _GAP, _HIGH


def index(
    reports: Sequence[Report],
    data: Sequence[Dataset],
    revisions: str = "",
    cards: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> str:
    """Return the HTML of the list: the city, then each district's, latest first.

    `revisions` is the file beside it that says what changed since last time, if there is one, and
    `cards` are the folders of the districts' cards for the meetings by month, as `packs.cards`.
    """
    ordered = sorted(
        (one for one in reports if one.pages),
        key=lambda one: (
            one.district,
            one.place != one.district,
            one.place or "",
            -(one.starts or date.min).toordinal(),
            one.parameters,
        ),
    )
    return render(
        "index.html",
        file("index.js"),
        title="Rapporter",
        of="",
        groups=[(name, list(own)) for name, own in groupby(ordered, _group)],
        count=len(ordered),
        # Where nothing is, the list is for everybody.
        counted=any(one.past for one in ordered),
        failed=sum(bool(page.error) for one in ordered for page in one.pages),
        revisions=revisions,
        cards=cards,
        bar=_BAR,
        data=data,
    )


def _group(report: Report) -> str:
    return report.district or _ACROSS
