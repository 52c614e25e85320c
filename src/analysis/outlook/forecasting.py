"""What is expected of the months to come: a forecast as a distribution, one set of draws for all.

The model is in `projection`; here the counts are fetched, the days on which a place was less open
are taken off its exposure, and the draws are added up, so that locations add up to districts and
to the city, and months to the half-year.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from analysis import nowcast
from analysis.core import asking, danish, taxonomy
from analysis.core.asking import frame
from analysis.core.headings import BLANK
from analysis.core.known import Span, span
from analysis.core.season import Season, half_of
from analysis.core.selection import NoDataError, Selection, SelectionError, as_day, unknown
from analysis.core.taxonomy import CLOSED
from analysis.outlook import projection, scenario
from analysis.outlook.scenario import Change

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy import ndarray
    from pandas import DataFrame

LEVELS = ("city", "district", "location")
SEED, DRAWS = 2026, 4000
# Nobody can say anything of a half-year that begins so many months after what is known.
FURTHEST = 24
# Of less than this share reported nobody can tell the whole.
_LEAST_REPORTED = 0.1
# The share of draws below each bound.
BOUNDS = {"median": 0.5, "low_50": 0.25, "high_50": 0.75, "low_90": 0.05, "high_90": 0.95}
COLUMNS = ["name", "month", "mean", *BOUNDS, "chance_above_last"]


class Outcome:
    """What a period may hold: draws of the counts, a row a draw, then a unit, then a month.

    A month that has passed is its count in every draw, and what is still to be reported of it.
    `units` holds `name, district` (types: only
    `name`); `last` is the count of the same months a season before, not a number where unknown;
    `changes` are those of the scenario it was made with. It is drawn when somebody looks, and
    `asked` is all that it is made of.
    """

    def __init__(
        self,
        known: "Known",
        period: Selection,
        by: str | None = None,
        changes: Sequence[Change] = (),
        size: int = DRAWS,
    ) -> None:
        self.period, self.changes = period, changes
        self.asked = known.asked, period, by, list(changes), size
        self._known, self._by, self._size = known, by, size
        self.units = known.units(by)
        self.last = known.last(by, month_numbers(period.months))

    @cached_property
    def draws(self) -> "ndarray":
        """The draws, made once."""
        return self._known.drawn(self.period, self._by, self.changes, self._size)


def covered_span(con: "DuckDBPyConnection", through: date | str) -> Span:
    """Return the days that the data cover, known on a day; see `known.span`.

    Raises SelectionError, in Danish, for what is no day, and NoDataError for a day before the data,
    or before anything was known of them.
    """
    asked = as_day(through, "through")
    if found := span(con, asked):
        return found
    first_day = asking.dataset(con).first_day
    lacking = "databasen indeholder ingen hændelser"
    if first_day:
        lacking = f"data begynder {danish.day(first_day)}"
    if first_day and first_day <= asked:
        lacking = "ingen hændelser var meldt ind"
    raise NoDataError(f"Der er ingen data til og med {danish.day(asked)}; {lacking}.")


class Known:
    """What was known on a day: the counts of each month, and how open each place was.

    `through` is the last day that counts, which is the data's last where they end before: then
    everything in them is known. `first` is their first, and `missing` are months between without
    data, see `known`. `knows_all` says that they end by then. `asked` is all that it was made of.
    """

    def __init__(self, con: "DuckDBPyConnection", through: date | str) -> None:
        """Read it. Raises NoDataError for a day before the data, or all that was known of them."""
        import numpy as np

        self.con = con
        self.city = asking.city(con)
        self.first, self.through, self.missing = covered_span(con, through)
        asked, last = as_day(through, "through"), asking.dataset(con).last_day
        # Of all the data everything is known, what was reported since their last day too.
        self.knows_all = bool(last) and asked >= last
        given = {"through": date.max if self.knows_all else asked}
        self.asked = con, given["through"]
        self.places = frame(con, "outlook/places", given)
        self.incidents = frame(con, "outlook/incidents", given)
        ends = month_numbers([self.first, self.through])
        self.months = np.arange(ends[0], ends[1] + 1)
        # Read once: the places' own days are those until the furthest forecast.
        self._days = _days(self.first.replace(day=1), _first_day(self.months[-1] + FURTHEST + 13))
        self._delays = nowcast.delays(con, None if self.knows_all else asked)
        self._fitted: dict[str | None, projection.Fit] = {}

    def units(self, by: str | None) -> "DataFrame":
        """Return `name, district, city` of each location, or the `name` of each type."""
        import pandas as pd

        if by == "category":
            return pd.DataFrame({"name": list(taxonomy.CATEGORY_LABELS)})
        # Whoever has no district still belongs to the city.
        places = self.places[["location", "district"]].set_axis(["name", "district"], axis=1)
        return places.assign(city=self.city)

    def counts(self, by: str | None, months: "ndarray") -> "ndarray":
        """Return the incidents, a row a unit and a column a month."""
        wide = self._by_type if by == "category" else self._by_place
        return wide.reindex(columns=list(months), fill_value=0).to_numpy(dtype=float)

    @cached_property
    def _by_place(self) -> "DataFrame":
        return self._wide(["location", "district"], self.places)

    @cached_property
    def _by_type(self) -> "DataFrame":
        return self._wide(["category"], self.units("category").set_axis(["category"], axis=1))

    def _wide(self, columns: list[str], units: "DataFrame") -> "DataFrame":
        """Return the incidents of units, a row each in their order and a column a month."""
        wide = self.incidents.pivot_table(
            index=columns, columns="month", values="incidents", aggfunc="sum", dropna=False
        )
        wide.columns = month_numbers(wide.columns)
        joined = units[columns].merge(wide.reset_index(), how="left", on=columns)
        return joined.drop(columns=columns).fillna(0)

    def exposure(self, months: "ndarray", days: "ndarray") -> "ndarray":
        """Return a location's share of its usual hours, a row a location, a column a month.

        `days` holds how much of each day since the first month counts, a row a location or one
        for all.
        """
        return self._in_months(self._open * days, months)

    def _in_months(self, by_day: "ndarray", months: "ndarray") -> "ndarray":
        """Return the mean of each month of what has a column a day; 1 of months without days."""
        import numpy as np

        number, means = _month_of(self._days), np.ones((len(by_day), len(months)))
        for n, month in enumerate(months):
            if (number == month).any():
                means[:, n] = by_day[:, number == month].mean(axis=1)
        return means

    @cached_property
    def _open(self) -> "ndarray":
        """How open each location is on each day, 1 being as usual."""
        import numpy as np

        given = {
            "starts": self._days[0].item(),
            "ends": self._days[-1].item() + timedelta(1),
            "through": self.through,
            "closed": CLOSED,
        }
        less = frame(self.con, "outlook/less_open", given)
        shares = np.ones((len(self.places), len(self._days)))
        # Only places of the register have hours, and each of them stands once.
        rows = {name: n for n, name in enumerate(self.places["location"])}
        less = less[less["location"].isin(rows)]
        days = less["day"].to_numpy("datetime64[D]") - self._days[0]
        shares[less["location"].map(rows), days.astype(int)] = less["share"]
        return shares

    @cached_property
    def _reported(self) -> "ndarray":
        """The share of each day's incidents that is reported, a row a location."""
        pace = nowcast.paces(self.con, self._delays, self.places)
        return self._delays.share(self._days, pace[:, None])

    def past(self, by: str | None) -> projection.Past:
        """Return what the model learns from."""
        import numpy as np

        seen = (self._days >= np.datetime64(self.first)) & (
            self._days <= np.datetime64(self.through)
        )
        # A month that nobody exported is no quiet one.
        seen &= ~np.isin(_month_of(self._days), month_numbers(self.missing))
        exposure = self.exposure(self.months, seen * self._reported)
        counts = self.counts(by, self.months)
        if by == "category":
            exposure = self._of_all(exposure, len(counts))
            return projection.Past(counts, exposure, self.months, (), list(self.units(by)["name"]))
        labels = {name: _labels(self.places[name]) for name in ("facility", "district")}
        pools = (labels["facility"], labels["district"])
        return projection.Past(counts, exposure, self.months, pools, labels["facility"])

    def _of_all(self, exposure: "ndarray", units: int) -> "ndarray":
        """Return the exposure of the city, each place as large as its part of the incidents."""
        import numpy as np

        parts = self.counts(None, self.months).sum(axis=1) + 1 / len(self.places)
        return np.tile(parts @ exposure / parts.sum(), (units, 1))

    def drawn(
        self, period: Selection, by: str | None, changes: Sequence[Change], size: int
    ) -> "ndarray":
        """Return the draws of an `Outcome`."""
        import numpy as np

        months = month_numbers(period.months)
        exposure = self.to_come(months)
        under = self.to_come(months, changes)
        if by == "category":
            exposure, under = (self._of_all(one, len(self.units(by))) for one in (exposure, under))
        left = np.divide(under, exposure, out=np.ones_like(exposure), where=exposure > 0)
        known = self.counts(by, months)
        draws = np.repeat(known[None].astype("int32"), size, axis=0)
        unsettled = max(self.first, min(self._delays.first, self.through))
        ahead = months >= month_numbers([unsettled])[0]
        if ahead.any():
            if by not in self._fitted:
                self._fitted[by] = projection.fit(self.past(by))
            draws[:, :, ahead] += projection.draw(
                self._fitted[by], months[ahead], exposure[:, ahead], size, SEED, left[:, ahead]
            )
        return draws

    def to_come(self, months: "ndarray", changes: Sequence[Change] = ()) -> "ndarray":
        """Return `exposure` of what is to come or to be reported, as a scenario leaves it."""
        return self.exposure(months, self._assumed(changes))

    def assumed(self, months: "ndarray", changes: Sequence[Change] = ()) -> "ndarray":
        """Return the same of places that are open as usual, a row a location, a column a month."""
        return self._in_months(self._assumed(changes), months)

    def _assumed(self, changes: Sequence[Change]) -> "ndarray":
        import numpy as np

        to_come = self._days > np.datetime64(self.through)
        left = scenario.left(changes, self.places, self._days)
        return np.where(to_come, left, 1 - self._reported)

    def last(self, by: str | None, months: "ndarray") -> "ndarray":
        """Return the counts of the same months a season before, not a number where not known.

        With what is still to be reported of them, by the share that is.
        """
        import numpy as np

        before = months - 12
        shares = self._reported if by != "category" else self._reported.mean(axis=0)[None]
        reported = self._in_months(shares, before).clip(_LEAST_REPORTED)
        covered = (before >= self.months[0]) & (self.left(before) == 0)
        covered &= ~np.isin(before, month_numbers(self.missing))
        return np.where(covered, self.counts(by, before) / reported, np.nan)

    def left(self, months: "ndarray") -> "ndarray":
        """Return the share of each month's days that is still to come."""
        import numpy as np

        days = [_days(_first_day(month), _first_day(month + 1)) for month in months]
        return np.array([(each > np.datetime64(self.through)).mean() for each in days])

    def is_settled(self, period: Selection) -> bool:
        """Return whether next to all that happened in the city in a period is reported."""
        count = int(self.counts(None, month_numbers(period.months)).sum())
        return self._delays.is_settled(period.interval, count)

    @property
    def unsettled(self) -> Selection | None:
        """The half-year that ended last, where it is not settled."""
        day = coming(self.through)[0].interval[0] - timedelta(1)
        ended = Selection(Season.of(day), half_of(day))
        return None if day < self.first or self.is_settled(ended) else ended

    @property
    def ends_month(self) -> bool:
        """Whether the last day known is the last of its month."""
        return (self.through + timedelta(1)).day == 1


def forecast(
    con: "DuckDBPyConnection",
    through: date | str,
    season: Season | str,
    half: str | None,
    level: str,
    by: str | None = None,
    scenario: Sequence[Mapping] | None = None,
) -> "DataFrame":
    """Return the incidents expected in a half-year (None: a season), as a distribution.

    Columns: `name` (the city by its name; with `by="category"`, at the city, the type),
    `month` (null: the whole half-year, last for each name), `mean, median, low_50, high_50, low_90,
    high_90` (of counts) and `chance_above_last`, the chance of more than in the same time a season
    before (not a number where the data do not hold that). Every location of the register or the
    data has its rows, the one with most expected first; types in the taxonomy's order.

    Only what was known on the day `through` counts: an incident that was reported later does not.
    Months that have passed by then are their count and what is still to be reported of it (see
    `nowcast`), and a half-year adds them to the forecast of the rest. Where the data end before
    `through`, what follows their last day is forecast.
    `scenario` is what is known or assumed of the time to come; see `analysis.outlook.scenario`.
    Raises SelectionError, in Danish, for a day or half-year before the data, one too far ahead, and
    an unknown level or scenario.
    """
    return summary(outcome(con, through, season, half, by, scenario, level), level)


def outcome(
    con: "DuckDBPyConnection",
    through: date | str,
    season: Season | str,
    half: str | None,
    by: str | None = None,
    entries: Sequence[Mapping] | None = None,
    level: str = "city",
) -> Outcome:
    """Return the draws that `forecast` sums up at a level; one call serves all three."""
    _check(level, by)
    known = Known(con, through)
    period = _within(known, Selection(season, half))
    changes = scenario.read(con, entries)
    return Outcome(known, period, by, changes)


def summary(found: Outcome, level: str) -> "DataFrame":
    """Return the columns of `forecast` from draws, added up to a level."""
    names, draws, last = added(found, level)
    return described(names, found.period, with_sum(draws), with_sum(last))


def described(
    names: Sequence[str], period: Selection, draws: "ndarray", last: "ndarray"
) -> "DataFrame":
    """Return the columns of `forecast` of names, from draws that hold the half-year last.

    `draws` has a row a draw, then a name, then a month; `last`, the counts of a season before,
    lacks the first.
    """
    import numpy as np
    import pandas as pd

    ranked = np.sort(draws, axis=0)
    at = {name: quantile(ranked, share) for name, share in BOUNDS.items()}
    above = np.where(np.isnan(last), np.nan, (draws > last).mean(axis=0))
    months = [*pd.to_datetime(period.months), pd.NaT]
    return pd.DataFrame(
        {
            "name": np.repeat(names, len(months)),
            "month": pd.to_datetime(months * len(names)).astype("datetime64[us]"),
            "mean": draws.mean(axis=0).ravel(),
            **{name: each.ravel().astype(float) for name, each in at.items()},
            "chance_above_last": above.ravel(),
        }
    ).astype({"name": "str"})


def with_sum(values: "ndarray") -> "ndarray":
    """Return values of months with their sum after them, along the last axis."""
    import numpy as np

    return np.concatenate([values, values.sum(axis=-1, keepdims=True)], axis=-1)


def quantile(ranked: "ndarray", share: float) -> "ndarray":
    """Return the smallest count that at least such a share of the sorted draws do not pass."""
    return ranked[max(ceil(share * len(ranked)) - 1, 0)]


def added(found: Outcome, level: str) -> tuple[list[str], "ndarray", "ndarray"]:
    """Return names, draws and counts of the season before, added up to a level and in order."""
    names, members = membership(found.units, level)
    draws = summed(members, found.draws)
    last = members @ found.last
    if "district" in found.units:
        order = sorted(range(len(names)), key=lambda n: (-draws[:, n].sum(), names[n]))
        names, draws, last = [names[n] for n in order], draws[:, order], last[order]
    return names, draws, last


def summed(members: "ndarray", draws: "ndarray") -> "ndarray":
    """Return draws of units added up to those that `membership` says."""
    import numpy as np

    # Of many places nearly all of a product by the matrix would be sums of zeros.
    return np.stack([draws[:, belongs == 1].sum(axis=1) for belongs in members], axis=1)


def membership(units: "DataFrame", level: str) -> tuple[list[str], "ndarray"]:
    """Return the names of a level, and a row each with 1 for the units that belong to it.

    Types are a level of their own.
    """
    import numpy as np

    # A type, like a location, is a unit of its own.
    by_unit = level == "location" or "district" not in units
    label = units["name"] if by_unit else units[level].fillna(BLANK)
    names = list(dict.fromkeys(label))
    return names, np.array([label == name for name in names], dtype="int64")


def _check(level: str, by: str | None) -> None:
    if not isinstance(level, str) or level not in LEVELS:
        raise unknown("level", level, LEVELS)
    if by is not None and not (isinstance(by, str) and by == "category"):
        raise unknown("by", by, ("category",))
    if by and level != "city":
        raise SelectionError("by kan kun bruges for hele byen (level: city).")


def _within(known: Known, period: Selection) -> Selection:
    """Return a period that can be forecast, or raise SelectionError."""
    first, last = (known.first, known.through)
    if period.interval[0] < first.replace(day=1):
        raise SelectionError(
            f"{danish.capital(period.period)} begynder før data, som begynder {danish.day(first)}."
        )
    if month_numbers([period.interval[0]])[0] > known.months[-1] + FURTHEST:
        raise SelectionError(
            f"{danish.capital(period.period)} ligger mere end {FURTHEST} måneder efter "
            f"{danish.day(last)}, som er den sidste dag, der kendes."
        )
    return period


def until(con: "DuckDBPyConnection", selection: Selection) -> date:
    """Return the day that a page of this selection looks ahead from: its last, or the data's."""
    last = selection.interval[1] - timedelta(1)
    return min(last, asking.dataset(con).last_day or last)


class Closure(NamedTuple):
    """A closure of the register; `ends` is None where it is not known."""

    location: str
    starts: date
    ends: date | None


def planned(con: "DuckDBPyConnection", known: Known) -> list[Closure]:
    """Return the closures that begin after all that is known; none where later data are known."""
    last_day = asking.dataset(con).last_day
    if last_day and known.through < last_day:
        return []
    query = (
        "select location, starts, ends from measure where kind = $closed and starts > $through"
        " order by all"
    )
    given = {"closed": CLOSED, "through": known.through}
    return [Closure(*row) for row in con.execute(query, given).fetchall()]


def around(known: Known, level: str, place: str) -> list[tuple[str, str]]:
    """Return level and name of a place, its district and the city, as far as they lie around it."""
    found = [(level, place)]
    districts = known.places["district"][known.places["location"] == place].fillna(BLANK)
    # A place outside the register may have been reported in several.
    if level == "location" and len(districts) == 1:
        found.append(("district", districts.iloc[0]))
    return found if level == "city" else [*found, ("city", known.city)]


def coming(through: date) -> list[Selection]:
    """Return the half-years to look ahead at from the end of a day, without filters.

    They are the two that come, and before them the one that the day lies in, unless it ends it.
    """
    now = Selection(Season.of(through), half_of(through))
    found = [after(now), after(after(now))]
    return found if now.interval[1] - timedelta(1) == through else [now, *found]


def after(half: Selection) -> Selection:
    """Return the half-year after one, without filters."""
    if half.half == "vinter":
        return Selection(half.season, "sommer")
    return Selection(half.season.next, "vinter")


def _labels(column: Iterable) -> list[str | None]:
    return [each if isinstance(each, str) else None for each in column]


def _first_day(number: int) -> date:
    """Return the first day of a month by its number; see `projection`."""
    return date(int(number) // 12, int(number) % 12 + 1, 1)


def month_numbers(months: Iterable[date]) -> "ndarray":
    """Return the number of each month; see `projection`."""
    import numpy as np

    return np.array([month.year * 12 + month.month - 1 for month in months], dtype=int)


def _days(first: date, after: date) -> "ndarray":
    import numpy as np

    return np.arange(np.datetime64(first), np.datetime64(after))


def _month_of(days: "ndarray") -> "ndarray":
    """Return the number of the month that days of datetime64 lie in."""
    import numpy as np

    return days.astype("datetime64[M]").astype(int) + 1970 * 12 if np.size(days) else days
