"""How soon incidents are reported, and how many of the last months' are still to come.

The days that the city's reports take are learned from the last two years (see
`statistics.delays`), and how much later or sooner than all a place, or another selection, reports
from its own. What is still to come of a period is then told by what has come.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from analysis.core import asking
from analysis.core.kept import kept
from analysis.core.rounding import rounded
from analysis.core.selection import Selection
from analysis.statistics import delays as statistic
from analysis.statistics.delays import Reported, ToCome

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy import ndarray
    from pandas import DataFrame, Series

# Weeks after which all is taken for reported, and before which delays are learned from. Weeks end
# with the day on which all is known, so that a weekday on which reports are made is no matter.
MOST, WINDOW = 26, 104
# That a selection reports as soon as all is believed as if it had had so many late reports.
_AS_SURE = 10
# A report so many days after all others has a wrong date.
_SLIP = 30
# Nine of ten times lie between the tails; of fewer incidents to come than this nothing is said.
_TAIL, _LEAST = 0.05, 1.0


class Delays(NamedTuple):
    """How soon incidents are reported, as seen on the day `known`, and how late beside all: `pace`.

    At a pace of 2 a day's reports come twice as late: with twice the hazard of all.
    """

    known: date
    reported: Reported
    pace: float = 1.0

    def share(self, days: "ndarray", pace: "ndarray | float | None" = None) -> "ndarray":
        """Return the share of days' incidents that is reported: of datetime64s, 0 of later ones."""
        import numpy as np

        pace = self.pace if pace is None else pace
        age = self.age(days)
        return np.where(age < 0, 0.0, self.reported.share[age.clip(0, MOST)] ** pace)

    def age(self, days: "ndarray") -> "ndarray":
        """Return how many whole weeks before the day `known` days lie; below 0 for later ones."""
        import numpy as np

        return (np.datetime64(self.known, "D") - days).astype(int) // 7

    @property
    def first(self) -> date:
        """The first day that is not settled."""
        return self.known - timedelta(days=7 * MOST - 1)

    def to_come(self, spans: Sequence[tuple[date, date]], counts: "ndarray") -> ToCome:
        """Return what is still to come of the counts of spans: first days, and days after the last.

        Only of what has happened by the day `known`.
        """
        import numpy as np

        shares, errors = np.ones((2, len(spans)))
        for n, (first, after) in enumerate(spans):
            after = min(after, self.known + timedelta(days=1))
            errors[n] = 0.0
            if after > max(first, self.first):
                days = np.arange(first, after, dtype="datetime64[D]")
                shares[n] = self.share(days).mean()
                errors[n] = self.pace * self.reported.error[self.age(days).clip(0, MOST)].mean()
        # Half an incident a month, so that weeks add up to it.
        added = np.array([(after - first).days / 60 for first, after in spans])
        given = np.asarray(counts, float), shares, errors
        return statistic.to_come(*given, self.reported.beyond, added)

    def is_settled(self, span: tuple[date, date], count: int) -> bool:
        """Return whether fewer than one incident of a span is still to come, by its count."""
        return bool(self.to_come([span], [count]).mean[0] < _LEAST)

    def all_together(self, each: ToCome) -> ToCome:
        """Return the sum of what is still to come of several spans."""
        return statistic.together(each, self.reported.beyond)


def delays(con: "DuckDBPyConnection", through: date | None = None) -> Delays | None:
    """Return how soon the city's incidents are reported, known on a day; None without data.

    Without a day all that is known counts: to the day of the newest report, or the data's last
    where none came later.
    """
    import numpy as np

    last_day = asking.dataset(con).last_day
    if not last_day:
        return None
    found = _reports(con)
    known = through or _newest(found["known"].dt.date, last_day)
    age, since = ((np.datetime64(known) - found[one]).dt.days // 7 for one in ("happened", "known"))
    seen = (since >= 0) & (age < WINDOW) & (age - since <= MOST)
    counts = np.zeros((WINDOW, MOST + 1))
    np.add.at(counts, (age[seen], (age - since)[seen]), found["incidents"][seen])
    return Delays(known, rounded(statistic.reported(counts)))


def _newest(reported: "Series", last_day: date) -> date:
    """Return the day of the newest report, or the data's last; a lone one long after is a slip."""
    newest = last_day
    for day in sorted(set(reported[reported > last_day])):
        if (day - newest).days > _SLIP:
            break
        newest = day
    return newest


@kept
def _reports(con: "DuckDBPyConnection") -> "DataFrame":
    return asking.frame(con, "nowcast/reports", {"most": MOST})


def _paced(con: "DuckDBPyConnection", found: Delays, selection: Selection) -> Delays:
    """Return the delays of a selection's place and filters, by how late its own reports came."""
    return found._replace(
        pace=pace(*_late_reports(con, found, selection)[["late", "expected"]].sum())
    )


class Unsettled(NamedTuple):
    """What is still to come of a selection's incidents, of which so many are reported.

    `late` is expected, with its variance; nine of ten times it lies between `low` and `high`.
    `months` has a row a month of the selection: `month, incidents, late`; `delays` are its own.
    """

    delays: Delays
    incidents: int
    late: float
    variance: float
    low: int
    high: int
    months: "DataFrame"

    @property
    def share(self) -> float:
        """The share of the incidents that is reported."""
        return self.incidents / (self.incidents + self.late)

    @property
    def in_months(self) -> tuple[float, ...]:
        """The same of each month; 1 of one without any."""
        counts = self.months["incidents"].clip(lower=1)
        return tuple(counts / (counts + self.months["late"]))


def unsettled(con: "DuckDBPyConnection", selection: Selection) -> Unsettled | None:
    """Return what is still to come of a selection; None where fewer than one is."""
    import pandas as pd

    first, after = selection.interval
    found = delays(con)
    if not found or after <= found.first or first > found.known:
        return None
    found = _paced(con, found, selection)
    months = pd.Series(pd.to_datetime(selection.months), name="month").to_frame()
    counted = asking.frame(con, "nowcast/months", asking.bound(con, selection))
    months = months.merge(counted, "left", on="month").fillna({"incidents": 0})
    months = months.astype({"incidents": "int64"})
    spans = [
        (max(month, first), min((month + timedelta(days=31)).replace(day=1), after))
        for month in selection.months
    ]
    each = found.to_come(spans, months["incidents"].to_numpy())
    whole = found.all_together(each)
    if whole.mean < _LEAST:
        return None
    low, high = (int(statistic.bound(whole, tail)) for tail in (_TAIL, 1 - _TAIL))
    told = rounded((float(whole.mean), float(whole.variance)))
    months = months.assign(late=rounded(each.mean))
    return Unsettled(found, int(months["incidents"].sum()), *told, low, high, months)


def late_by_month(con: "DuckDBPyConnection", selection: Selection) -> "Series | None":
    """Return what is still to come of each month of a selection that is not settled."""
    found = unsettled(con, selection)
    return found and found.months.set_index("month")["late"]


def late_by_day(
    con: "DuckDBPyConnection", selection: Selection, counted: "DataFrame"
) -> "Series | None":
    """Return the same of each day; `counted` is `barometer.over_time` of the selection."""
    import pandas as pd

    first, after = selection.interval
    days = pd.date_range(first, after, inclusive="left")
    counts = counted.groupby("date")["incidents"].sum().reindex(days, fill_value=0)
    return late_of(con, selection, counts, 1)


def late_of(
    con: "DuckDBPyConnection", selection: Selection, counts: "Series", days: int
) -> "Series | None":
    """Return what is still to come of a selection's counts, each of so many days from its own on.

    None where the selection is settled.
    """
    import pandas as pd

    found = unsettled(con, selection)
    if not found:
        return None
    spans = [(first, first + timedelta(days=days)) for first in counts.index.date]
    return pd.Series(rounded(found.delays.to_come(spans, counts.to_numpy()).mean), counts.index)


def paces(con: "DuckDBPyConnection", found: Delays, places: "DataFrame") -> "ndarray":
    """Return the pace of each of places (`location, district`), a value each."""
    keys = ["location", "district"]
    own = places[keys].merge(_late_reports(con, found, Selection("2000/01")), how="left", on=keys)
    own = own[["late", "expected"]].fillna(0.0)
    return pace(own["late"].to_numpy(), own["expected"].to_numpy())


def pace(late: "ndarray | float", expected: "ndarray | float") -> "ndarray | float":
    """Return how many times as late as all reports come, from late ones and those expected."""
    return rounded((late + _AS_SURE) / (expected + _AS_SURE))


def _late_reports(con: "DuckDBPyConnection", found: Delays, selection: Selection) -> "DataFrame":
    days = found.known - timedelta(days=7 * WINDOW - 1), found.known + timedelta(days=1)
    given = {
        "known": found.known,
        "most": MOST,
        "cumulated": found.reported.hazard.cumsum().tolist(),
    }
    return asking.frame(con, "nowcast/late", asking.bound(con, selection, days=days) | given)
