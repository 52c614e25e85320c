"""Staff safety: what the surveys say, how sure it is, and incidents beside it.

A survey tells a share of its answers. Where their number is unknown there is no interval, and
nothing here makes one up: an interval for a supposed number of answers is called an example.
A share that the document tells only a lower bound of ("over 90 pct.") can be anything from there
up, and so can what is made of it.
"""

from dataclasses import replace
from itertools import combinations, pairwise
from math import nan
from typing import TYPE_CHECKING, NamedTuple

from analysis.comparison.usual import level_of
from analysis.core import asking, danish, taxonomy
from analysis.core.asking import bound, frame
from analysis.core.rounding import rounded
from analysis.core.season import Season
from analysis.core.selection import Selection
from analysis.measures.timeline import at_location
from analysis.statistics import wilson_interval
from analysis.statistics.shares import answers_needed, difference, successes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

# What the remark of a share says where the document tells only that it is above it.
LOWER_BOUND = "nedre grænse"
NOT_KNOWN = "antal svar er ikke oplyst, så usikkerheden kan ikke beregnes"
# The numbers of answers that the example shows.
EXAMPLES = (20, 40, 80)
_STAFF = taxonomy.LABELS["victim"][1]


class ShareChange(NamedTuple):
    """Two shares that are compared, of two years at a place or of two places in a year.

    `answers` are None where their number is unknown; the interval is then (nan, nan). `at_least`
    says that a share is a lower bound: the interval then holds that of every share from there up.
    """

    place: str
    place_before: str
    year: int
    year_before: int
    share: float
    share_before: float
    answers: int | None
    answers_before: int | None
    low: float
    high: float
    at_least: bool = False
    at_least_before: bool = False

    @property
    def is_known(self) -> bool:
        """Whether both numbers of answers are known."""
        return bool(self.answers and self.answers_before)

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the difference leaves out 0."""
        return self.is_known and (self.low > 0 or self.high < 0)

    @property
    def points(self) -> int:
        """The difference of the two shares as told, in whole percentage points."""
        return round((self.share - self.share_before) * 100)

    @property
    def way(self) -> int | None:
        """1 for a rise, -1 for a fall, 0 for none; None where a lower bound leaves it open."""
        if self.at_least or self.at_least_before:
            is_rise = self.points > 0 and not self.at_least_before
            is_fall = self.points < 0 and not self.at_least
            return 1 if is_rise else -1 if is_fall else None
        return (self.points > 0) - (self.points < 0)

    @property
    def size(self) -> str:
        """The difference in percentage points without its sign: "5", "mindst 23"."""
        least = "mindst " if self.at_least or self.at_least_before else ""
        return f"{least}{danish.number(abs(self.points))}"

    @property
    def needed(self) -> int | None:
        """How many answers to each, or more, make the difference clear.

        None where the numbers of answers are known, and where there may be no difference.
        """
        if self.is_known or not self.way:
            return None
        return answers_needed(self.share, self.share_before)


def surveys(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `location, year, question, share, answers, remark` of every survey of the places.

    `answers` is a whole number or missing; the year is the survey's own, not the season's.
    """
    return frame(con, "staff/surveys", bound(con, selection))


def everywhere(selection: Selection) -> Selection:
    """Return the same selection for the whole city."""
    return replace(selection, district=None, location=None, facility=None)


def survey_shares(found: "DataFrame") -> "DataFrame":
    """Return `name, value, low, high, at_least` of surveys, Wilson's interval where it is known."""
    return found.assign(
        name=[f"{row.location} {row.year}" for row in found.itertuples()],
        value=found["share"],
        low=[share_interval(row)[0] for row in found.itertuples()],
        high=[share_interval(row)[1] for row in found.itertuples()],
        at_least=[is_lower_bound(row) for row in found.itertuples()],
    )[["name", "value", "low", "high", "at_least"]]


def share_interval(row: object) -> tuple[float, float]:
    """Return the 95 % interval of a survey's share, unknown (nan) where its answers are."""
    answers = answered(row)
    if not answers:
        return nan, nan
    least, most = (wilson_interval(count, answers) for count in _counts(row))
    return least.low, most.high


def _counts(row: object) -> tuple[int, int]:
    """Return the fewest and the most of the answers that a share can stand for."""
    answers = answered(row)
    count = successes(row.share, answers)
    return count, answers if is_lower_bound(row) else count


def answered(row: object) -> int | None:
    """Return how many answered a survey, or None where that is not known."""
    import pandas as pd

    return None if pd.isna(row.answers) else int(row.answers)


def is_lower_bound(row: object) -> bool:
    """Return whether a survey's share is the least it can be: "over 90 pct."."""
    return isinstance(row.remark, str) and LOWER_BOUND in row.remark


def waves(found: "DataFrame") -> list[ShareChange]:
    """Return the changes from each survey of a place to its next with the same question."""
    return [
        _change(before, after)
        for _, part in found.groupby(["question", "location"], sort=False)
        for before, after in pairwise(part.sort_values("year").itertuples())
    ]


def between(found: "DataFrame") -> list[ShareChange]:
    """Return the differences between the places of one year's surveys with the same question."""
    return [
        _change(one, other)
        for _, part in found.groupby(["question", "year"])
        for one, other in combinations(part.sort_values(["share", "location"]).itertuples(), 2)
    ]


def _change(before: object, after: object) -> ShareChange:
    answers, answers_before = answered(after), answered(before)
    low, high = nan, nan
    if answers and answers_before:
        fewest, most = _counts(after)
        fewest_before, most_before = _counts(before)
        low = difference(fewest, answers, most_before, answers_before).low
        high = difference(most, answers, fewest_before, answers_before).high
    return ShareChange(
        after.location,
        before.location,
        int(after.year),
        int(before.year),
        after.share,
        before.share,
        answers,
        answers_before,
        *rounded((low, high)),
        is_lower_bound(after),
        is_lower_bound(before),
    )


def beside(con: "DuckDBPyConnection", selection: Selection, found: "DataFrame") -> "DataFrame":
    """Return `location, season, incidents, against_staff` of the surveyed places, zeros too.

    The same half of every season that touches a year from the first survey to the last, or the
    selection's own, as far as the data go.
    """
    data = asking.dataset(con)
    if found.empty or not data.last_day:
        return frame(con, "staff/seasons", _asked(con, selection, [], []))
    first = min(int(found["year"].min()) - 1, selection.season.start_year)
    last = max(int(found["year"].max()), selection.season.start_year)
    covered = [
        season
        for season in data.seasons
        if first <= season.start_year <= last and data.touches(selection.in_season(season))
    ]
    places = sorted(found["location"].unique())
    return frame(con, "staff/seasons", _asked(con, selection, places, covered))


def _asked(
    con: "DuckDBPyConnection", selection: Selection, places: list[str], seasons: list[Season]
) -> dict:
    periods = seasons or [selection.season]
    days = periods[0].interval()[0], periods[-1].interval()[1]
    return bound(con, selection, days=days) | {
        "half": selection.half,
        "locations": places,
        "seasons": [season.name for season in seasons],
        "staff": _STAFF,
    }


def incident_counts(
    con: "DuckDBPyConnection", selection: Selection, side: "DataFrame"
) -> "DataFrame":
    """Return `name, value, low, high` of the incidents of `beside`: where their levels may lie."""
    last = selection.in_season(max(map(Season, side["season"]), default=selection.season))
    usual = {
        # A place without incidents need not be one that anybody else knows.
        name: level_of(con, at_location(con, last, name) if many else everywhere(last))
        for name, many in side.groupby("location")["incidents"].sum().items()
    }
    bounds = []
    for one in side.itertuples():
        held = usual[one.location]
        held = held if one.season == last.season.name else held.settled
        bounds.append(rounded(held.interval(one.incidents)))
    return side.assign(
        name=side["location"] + " " + side["season"],
        value=side["incidents"],
        low=[low for low, _ in bounds],
        high=[high for _, high in bounds],
    )[["name", "value", "low", "high"]]
