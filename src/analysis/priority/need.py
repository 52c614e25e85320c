"""What is known before a month of each location's self-service incidents, and what it leads to.

The expected score of a location in the coming month is its rate an hour of self-service, times the
hours of that month, times the season's part, times the mean weight of its incidents. Rates and
types are drawn towards the location's facility and district (see `pooling`); newer months weigh
more than older ones, as `memory` learns.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from analysis import nowcast
from analysis.comparison.exposure import open_months
from analysis.core import danish, taxonomy
from analysis.core.asking import Dataset, dataset, frame
from analysis.core.known import Span, span
from analysis.core.rounding import rounded
from analysis.core.season import Season
from analysis.core.selection import NoDataError, Selection
from analysis.outlook import scenario
from analysis.outlook.scenario import Change
from analysis.priority.memory import Memory, learned
from analysis.statistics.pooling import Posterior, shrink, shrink_shares

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy import ndarray
    from pandas import DataFrame

WEIGHTS = tuple(map(float, taxonomy.WEIGHTS.values()))
DRAWS = 4000
# So many months may lie between the data's last month and the one that is ranked: a year, so that a
# report of a whole season whose data have only begun has a list. Rates and opening hours older than
# that, with every season passed once unseen, say too little of a month.
MOST_AHEAD = 12
_SEED = 2026
# A month that the data reach no further into than this day is the coming one still.
_FIRST_DAYS = 7
_NOTHING = "Der er ingen data før måneden, så der er intet at prioritere efter."


class History(NamedTuple):
    """Everything that ranking any month up to `before` needs, read once of a database.

    `places`: `location, district, facility, known`, outside the register several rows a location in
    the order of its incidents; `incidents`: `location, month, known, category,
    self_service, incidents`, where `known` is the month in which they were known. `hours` has a row
    a location and a column a month: the self-service hours of the register's opening hours and
    closures, planned ones too, nan where they are unknown. Months are first days; `spans` are the
    days that the data cover as known before each month, in order, where there are any.
    """

    places: "DataFrame"
    incidents: "DataFrame"
    hours: "DataFrame"
    spans: dict[date, Span]
    con: "DuckDBPyConnection | None" = None


class Estimate(NamedTuple):
    """What is known before a month: a row of `places` and a value of each array a location.

    `hours` are those of the coming month, nan where they are unknown; `used_hours` are those
    reckoned with, there those of the same month a year before, else the latest known, else the
    median of the facility. Of the incidents in months of unknown hours the
    same part is reckoned with as of the others of the facility. `season` is the rate of the
    calendar month to the year's. `types` are Dirichlet parameters, a column a category. `counts`
    are the known incidents in self-service hours of all months, `latest` those of the last one
    before, None where the data do not reach it; they cover it to the day `until`. `luck` is the
    variance of a month's incidents to what is expected of them, beyond Poisson's. `share_known` is
    how much of the month before is known: of its days, and of what the location reports of them.
    """

    month: date
    places: "DataFrame"
    rates: Posterior
    types: "ndarray"
    hours: "ndarray"
    used_hours: "ndarray"
    season: float
    counts: "ndarray"
    latest: "ndarray | None"
    until: date
    luck: float
    share_known: "ndarray"

    @property
    def incidents(self) -> "ndarray":
        """The expected number of incidents."""
        return self.rates.mean * self.used_hours * self.season

    def severity(self, weights: Sequence[float] = WEIGHTS) -> "ndarray":
        """Return the expected weight of an incident."""
        return self.types @ list(weights) / self.types.sum(axis=1)

    def expected(self, weights: Sequence[float] = WEIGHTS) -> "ndarray":
        """Return the expected severity-weighted incidents."""
        return self.incidents * self.severity(weights)


class Draws(NamedTuple):
    """A row a draw and a column a location: what a month leads to, and what it may turn out as.

    `risk` is the rate times the severity; `score` the severity-weighted incidents of such a month.
    """

    risk: "ndarray"
    score: "ndarray"


def shifted(month: date, months: int) -> date:
    """Return the first day of the month so many months later (or, below 0, earlier)."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def history(con: "DuckDBPyConnection", before: date, changes: Sequence[Change] = ()) -> History:
    """Return what there is for ranking the months up to and with the one that begins `before`.

    `changes` is a scenario, of which the closures take hours from that month. Raises NoDataError
    for a month that has no data before it, or lies more than `MOST_AHEAD` months after them.
    """
    data = dataset(con)
    check(data, before)
    first = data.first_day.replace(day=1)
    city, days = Selection(Season.of(before)), (first, shifted(before, 1))
    months = open_months(con, city, before.year, days)
    hours = months.assign(hours=months["self_service_hours"].where(months["unknown_days"] == 0))
    count = (before.year - first.year) * 12 + before.month - first.month
    ranked = [shifted(first, n) for n in range(1, count + 1)]
    spans = {month: span(con, month - timedelta(days=1)) for month in ranked}
    if not spans[before]:
        raise NoDataError(_NOTHING)
    places = frame(con, "priority/places", {"before": before})
    return History(
        places,
        frame(con, "priority/incidents", {"before": before}),
        _open(
            hours.pivot(index="location", columns="month", values="hours"), places, before, changes
        ),
        {month: covered for month, covered in spans.items() if covered},
        con,
    )


def _open(
    hours: "DataFrame", places: "DataFrame", before: date, changes: Sequence[Change]
) -> "DataFrame":
    """Return the hours, in the month `before` without those that a scenario closes a place for."""
    import numpy as np
    import pandas as pd

    closures, month = closed(changes), pd.Timestamp(before)
    if not closures:
        return hours
    days = np.arange(before, shifted(before, 1), dtype="datetime64[D]")
    register = places.drop_duplicates("location").set_index("location").loc[hours.index]
    open_days = scenario.left(closures, register.reset_index(), days).mean(axis=1)
    return (
        hours.assign(**{"left": hours[month] * open_days})
        .drop(columns=month)
        .rename(columns={"left": month})
    )


def closed(changes: Sequence[Change]) -> list[Change]:
    """Return the closures of a scenario."""
    return [one for one in changes if not one.factor]


def check(data: Dataset, month: date) -> None:
    """Raise NoDataError for a month that cannot be ranked."""
    if not data.first_day or data.first_day >= month:
        raise NoDataError(_NOTHING)
    if month > shifted(data.last_day.replace(day=1), 1 + MOST_AHEAD):
        raise NoDataError(
            f"Data slutter med {danish.month(data.last_day)}, og {danish.month(month)} er mere end "
            f"{MOST_AHEAD} måneder senere; så langt frem kan der ikke prioriteres."
        )


def following(con: "DuckDBPyConnection", last: date) -> date:
    """Return the month to rank at the end of a period: after the data's, where they end before.

    `last` is the period's last day.
    """
    data = dataset(con)
    covered = span(con, last) if data.last_day else None
    day = min(last, covered.last) if covered else last
    return shifted(day.replace(day=1), int(day.day > _FIRST_DAYS))


def is_covered(found: History, month: date) -> bool:
    """Return whether there are data before a month."""
    return month in found.spans


def is_whole(found: History, month: date) -> bool:
    """Return whether the data hold a month to its end."""
    after = shifted(month, 1)
    return after in found.spans and found.spans[after].last == after - timedelta(days=1)


def estimate(found: History, month: date, remember: Callable[..., Memory] = learned) -> Estimate:
    """Return what is known before a month, from what had happened and been reported by then.

    `remember` says what each month weighs, as `memory.learned` does. Raises ValueError where there
    are no data before the month.
    """
    import numpy as np
    import pandas as pd

    if not is_covered(found, month):
        raise ValueError(f"no data before {month}")
    now = pd.Timestamp(month)
    covered = found.spans[month]
    places = found.places[found.places["known"].isna() | (found.places["known"] < now)]
    # Outside the register a location lies where its first incident known says so.
    places = places.drop(columns="known").groupby("location", as_index=False).first()
    months = pd.date_range(covered.first.replace(day=1), covered.last, freq="MS")
    hours = found.hours.reindex(places["location"]).reindex(columns=[*months, now])
    is_known = hours.notna().to_numpy()[:, :-1]
    used = _used(hours, places)
    shares = _known(found, month, places, months)
    worked, used_hours = used[:, :-1] * shares, used[:, -1]
    sure, every = (_counts(found, now, places, months, only) for only in (True, False))
    if not is_known.any():
        # Without any hours all incidents count, and every place is as long open as the next.
        sure, is_known = every, ~is_known
    sure *= is_known[:, :, None]
    sure *= (worked > 0)[:, :, None]
    # Where the hours are unknown, so is which incidents fell in them.
    parts = _parts(sure, every * is_known[:, :, None], places)
    guessed = every * parts[:, None, :] * (~is_known & (worked > 0))[:, :, None]
    seasons = _seasons(sure.sum(axis=(0, 2)), (worked * is_known).sum(axis=0), months)
    worked = worked * seasons[months.month - 1]
    counts, exposures = sure.sum(axis=2), worked * is_known
    ever = _rates(counts.sum(axis=1), exposures.sum(axis=1), places)
    prior = Posterior(ever.shape - counts.sum(axis=1), ever.rate - exposures.sum(axis=1))
    unseen = (month.year - months[-1].year) * 12 + month.month - months[-1].month - 1
    memory = remember(
        *(
            np.pad(each, ((0, 0), (0, unseen)))
            for each in (counts + guessed.sum(axis=2), worked * prior.mean[:, None])
        ),
        prior.shape,
    )
    kept, exposed = (each[:, : len(months)] for each in (memory.counts, memory.exposures))
    remembered, added = (np.einsum("lmc,lm->lc", each, kept) for each in (sure, guessed))
    rates = _rates(remembered.sum(axis=1), (exposures * exposed).sum(axis=1), places)
    # What is guessed tells of the location itself, but nothing of the others.
    guessed_hours = (worked * ~is_known * exposed).sum(axis=1)
    rates = Posterior(rates.shape + added.sum(axis=1), rates.rate + guessed_hours)
    spread = (1 + 1 / rates.shape) * (1 + memory.spread) - 1
    return Estimate(
        month,
        places,
        Posterior(1 / spread, rates.rate / (rates.shape * spread * memory.spell)),
        shrink_shares(remembered, _labels(places["facility"])) + added,
        hours[now].to_numpy(float),
        used_hours,
        float(seasons[month.month - 1]),
        sure.sum(axis=(1, 2)),
        sure[:, -1].sum(axis=1) if covered.last >= shifted(month, -1) else None,
        covered.last,
        memory.luck,
        shares[:, -1] * (months[-1].date() == shifted(month, -1)),
    )


def _rates(counts: "ndarray", exposures: "ndarray", places: "DataFrame") -> Posterior:
    import numpy as np

    if not exposures.sum() > 0:
        # Where no hours are known nothing can be said of any rate.
        return Posterior(np.ones(len(counts)), np.full(len(counts), np.inf))
    return shrink(counts, exposures, _labels(places["facility"]), _labels(places["district"]))


def _counts(
    found: History,
    now: object,
    places: "DataFrame",
    months: "Sequence[object]",
    self_service_only: bool,
) -> "ndarray":
    """Return the incidents known before a month, by location, month and category."""
    import numpy as np
    import pandas as pd

    rows = found.incidents[found.incidents["known"] < now]
    if self_service_only:
        rows = rows[rows["self_service"].fillna(False).astype(bool)]
    axes = [
        pd.Index(places["location"]),
        pd.Index(months),
        pd.Index(taxonomy.CATEGORY_LABELS),
    ]
    names = ("location", "month", "category")
    where = [axis.get_indexer(rows[name]) for axis, name in zip(axes, names, strict=True)]
    counts = np.zeros([len(axis) for axis in axes])
    # A few lie before the data begin.
    inside = np.min(where, axis=0) >= 0
    np.add.at(counts, tuple(each[inside] for each in where), rows["incidents"][inside])
    return counts


def _known(
    found: History, month: date, places: "DataFrame", months: "Sequence[object]"
) -> "ndarray":
    """Return the share of each month that is known: of its days, and of what is reported.

    A row a location, each at its own pace.
    """
    import numpy as np
    import pandas as pd

    covered = found.spans[month]
    starts = np.maximum(months, pd.Timestamp(covered.first))
    ends = np.minimum(months + pd.offsets.MonthEnd(0), pd.Timestamp(covered.last))
    of_days = np.asarray(((ends - starts).days + 1) / months.days_in_month)
    shares = np.tile(of_days, (len(places), 1))
    if delays := found.con and nowcast.delays(found.con, month - timedelta(days=1)):
        pace = nowcast.paces(found.con, delays, places)[:, None]
        for n, (first, last) in enumerate(zip(starts.date, ends.date, strict=True)):
            if last >= delays.first:
                days = np.arange(first, last + timedelta(days=1), dtype="datetime64[D]")
                shares[:, n] *= delays.share(days, pace).mean(axis=1)
    return shares


def _seasons(counts: "ndarray", hours: "ndarray", months: "Sequence[object]") -> "ndarray":
    """Return the rate of each calendar month, January first, to that of the year's hours."""
    import numpy as np

    of_month = np.arange(1, 13)[:, None] == np.asarray(months.month)[None, :]
    if not hours.sum() > 0:
        return np.ones(12)
    rates = shrink(of_month @ counts, of_month @ hours).mean
    return rates / rates.mean()


def _used(hours: "DataFrame", places: "DataFrame") -> "ndarray":
    """Return the hours, unknown ones as `Estimate` says; 1 everywhere where none are known."""
    import pandas as pd

    known = hours.set_axis(places.index)
    if not known.notna().any(axis=None):
        return known.fillna(1.0).to_numpy(float)
    # Opening hours of a month to come may not have been entered yet.
    coming = known.columns[-1]
    a_year_before = known.get(coming - pd.DateOffset(years=1), known[coming])
    latest = known.ffill(axis=1)[coming]
    known = known.assign(**{"coming": known[coming].fillna(a_year_before).fillna(latest)})
    known = known.drop(columns=coming)
    typical = known.groupby(places["facility"].fillna("")).transform("median")
    return known.fillna(typical).fillna(known.median()).fillna(0).to_numpy(float)


def _parts(sure: "ndarray", every: "ndarray", places: "DataFrame") -> "ndarray":
    """Return what part of a facility's incidents of each type are surely in self-service hours.

    Of the city's where the facility has none of the type; `every` are all incidents of the same
    locations and months.
    """
    import numpy as np
    import pandas as pd

    def part(those: "ndarray") -> "ndarray":
        counts, whole = sure[those].sum(axis=(0, 1)), every[those].sum(axis=(0, 1))
        return np.divide(counts, whole, out=np.full(len(whole), np.nan), where=whole > 0)

    of_city = np.nan_to_num(part(np.ones(len(places), bool)))
    labels = places["facility"].fillna("")
    by_facility = {label: part((labels == label).to_numpy()) for label in pd.unique(labels)}
    own = np.array([by_facility[label] for label in labels]).reshape(len(places), -1)
    return np.where(np.isnan(own), of_city, own)


def _labels(column: "Sequence[str]") -> list[str | None]:
    import pandas as pd

    return [None if pd.isna(label) else label for label in column]


def draws(found: Estimate, weights: Sequence[float], factors: "ndarray", number: int) -> Draws:
    """Return so many draws of the coming month, the same in every run.

    `factors` multiply each location's rate. Each location draws from a stream of its own, seeded
    with its name, so that what is entered for one leaves the others as they were.
    """
    import numpy as np

    weighed = np.asarray(weights, float)
    times = rounded(found.used_hours * found.season * factors)
    posterior, types, luck = rounded((found.rates, found.types, found.luck))
    risk, score = np.empty((2, number, len(found.places)))
    for n, name in enumerate(found.places["location"]):
        rng = np.random.default_rng([_SEED, *name.encode()])
        rates = rng.gamma(posterior.shape[n], size=number) / posterior.rate[n]
        shares = rng.standard_gamma(types[n], size=(number, types.shape[1]))
        shares /= shares.sum(axis=1, keepdims=True)
        means = rates * times[n]
        risk[:, n] = means * (shares @ weighed)
        if luck:
            means *= rng.gamma(1 / luck, luck, number)
        score[:, n] = rng.poisson(means[:, None] * shares) @ weighed
    return Draws(risk, score)
