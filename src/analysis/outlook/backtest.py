"""How well the forecasts did: each made with what was known then, and held against what happened.

The forecast begins at the end of each half-year, for the half-year that comes and for the one after
it (from the end of March that is next winter), wherever the data hold both the same half a season
before, which the season before as a forecast needs, and what happened; a half-year of which
incidents are still to be reported judges no forecast. Beside the model stand three
simple forecasts: the same months of the season before, their mean over all seasons, and a Poisson
regression on the month and a trend. Each is made for every place (or type) by itself and added up,
and is a negative binomial distribution about its mean, which varies as much as the method's own
earlier forecasts were wrong. All are draws, the model's and theirs. One method is shown everywhere.

Scores: the error is the distance of the median from the count; CRPS, the continuous ranked
probability score (Gneiting and Raftery 2007), is that of a whole distribution, in incidents, and
smaller is better.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from math import nan
from os import cpu_count
from typing import TYPE_CHECKING, NamedTuple

from analysis.core.kept import kept
from analysis.core.known import span
from analysis.core.rounding import rounded, whole_parts
from analysis.core.selection import Selection
from analysis.outlook import forecasting
from analysis.outlook import scenario as scenarios
from analysis.outlook.forecasting import BOUNDS, SEED, Known, Outcome, quantile, with_sum

if TYPE_CHECKING:
    from datetime import date

    from duckdb import DuckDBPyConnection
    from numpy import ndarray
    from pandas import DataFrame, Series

MODEL, LAST, MEAN, REGRESSION = "model", "last", "mean", "regression"
METHODS = (MODEL, LAST, MEAN, REGRESSION)
DRAWS = 1000
# A method is better or worse only by more than so many of the difference's own errors.
ERRORS = 2
_TREND, _STEPS, _RIDGE = 12.0, 30, 1e-3
# No simple forecast of a month is lower than that of half an incident in a half-year: a season
# without any makes nothing certain.
_LEAST = 0.5 / 6


class Dispersions(NamedTuple):
    """How many times the mean the variance is, 1 being Poisson: of months, and of half-years."""

    months: float
    half: float


@kept
def scores(
    con: "DuckDBPyConnection", through: "date | str", by: str | None = None, size: int = DRAWS
) -> "DataFrame":
    """Return how each method did, known to and with the day `through`.

    Columns: `level` (`city`, `district`, `location`; with `by` `category`), `ahead` (1: the
    half-year that came, 2: the one after it), `period, half`, `month` (null: the whole half-year),
    `name, method`, `mean, median, low_50, high_50, low_90, high_90`, `observed`, `error` and `crps`
    (in incidents), `in_50` and `in_90` (whether the interval holds what happened), `brier` (of the
    chance of more than a season before; not a number where that is not known). The types' rows
    follow those of the places, which decide what is shown. No rows where no half-year can be
    judged.
    """
    import pandas as pd

    now = Known(con, through)
    origins = [each for each in _origins(now) if span(con, each[0])]
    levels = ("category",) if by else forecasting.LEVELS

    def judged(origin: tuple["date", list[tuple[int, Selection]]]) -> list["DataFrame"]:
        day, periods = origin
        # A connection is for one thread.
        then = Known(con.cursor(), day)
        made = []
        for ahead, period in periods:
            found = Outcome(then, period, by, size=size)
            made.append(forecast_scores(then, now, found, by, levels).assign(ahead=ahead))
        return made

    # Drawing and sorting are done outside Python's lock.
    with ThreadPoolExecutor(cpu_count()) as pool:
        rows = [one for each in pool.map(judged, origins) for one in each]
    if not rows:
        return pd.DataFrame(columns=_COLUMNS)
    rows = [scores(con, through, size=size), *rows] if by else rows
    return pd.concat(rows, ignore_index=True)[_COLUMNS]


_COLUMNS = [
    *("level", "ahead", "period", "half", "month", "name", "method"),
    *("mean", "median", "low_50", "high_50", "low_90", "high_90"),
    *("observed", "error", "crps", "in_50", "in_90", "brier"),
]


def _origins(now: Known) -> Iterator[tuple["date", list[tuple[int, Selection]]]]:
    """Return each day to forecast from, and what is forecast that day: how far ahead, and what."""
    from analysis.core.season import Season, half_of

    half = Selection(Season.of(now.first), half_of(now.first))
    if half.interval[0] < now.first.replace(day=1):
        half = forecasting.after(half)
    while half.interval[1] <= now.through:
        one, two = forecasting.coming(half.interval[1] - timedelta(1))
        # The same half a season before must be known; the first half-year alone has only its own.
        before = [one.season.previous.interval(one.half)[0] >= now.first.replace(day=1), True]
        periods = [
            (ahead, period)
            for ahead, (period, known) in enumerate(zip((one, two), before, strict=True), 1)
            if known
            and period.interval[1] - timedelta(1) <= now.through
            # What nobody exported is not what happened.
            and not {*forecasting.month_numbers(period.months)}
            & {*forecasting.month_numbers(now.missing)}
            # Nor is what is still to be reported.
            and now.is_settled(period)
        ]
        if periods:
            yield half.interval[1] - timedelta(1), periods
        half = one


def forecast_scores(
    then: Known, now: Known, found: Outcome, by: str | None, levels: Sequence[str]
) -> "DataFrame":
    """Return the rows of `scores` of one forecast at some levels, but `ahead`.

    `found` was forecast from `then`; `now` knows what happened.
    """
    import numpy as np
    import pandas as pd

    months = forecasting.month_numbers(found.period.months)
    counts, happened = then.counts(by, then.months), now.counts(by, months)
    left = _left(then, found, by, then.months)
    means = simple_means(counts, then.months, months, 0.0)
    frames = []
    for level in levels:
        names, members = forecasting.membership(found.units, level)
        # A place that was not known then counts with its district and the city.
        all_names, all_members = forecasting.membership(now.units(by), level)
        seen = dict(zip(all_names, all_members @ happened, strict=True))
        observed = np.array([seen[name] for name in names])
        spread = dispersions(members @ counts, then.months)
        draws = {MODEL: with_sum(forecasting.summed(members, found.draws))}
        for method, mean in means.items():
            about = _about(members, mean, left)
            draws[method] = simulated(about, spread[method], len(found.draws))
        judged = judge(names, found.period, draws, observed, members @ found.last)
        frames.append(judged.assign(level=level))
    return pd.concat(frames, ignore_index=True)


def _about(members: "ndarray", means: "ndarray", left: "ndarray") -> "ndarray":
    """Return what a simple forecast of names is drawn about, from units' `means` and `_left`.

    What a name without any is drawn about would add up to incidents that nobody expects.
    """
    import numpy as np

    least = _LEAST * (members @ left) / members.sum(axis=1, keepdims=True)
    return np.maximum(members @ (means * left), least)


def judge(
    names: Sequence[str],
    period: Selection,
    draws: dict[str, "ndarray"],
    observed: "ndarray",
    last: "ndarray",
) -> "DataFrame":
    """Return the rows of `scores` for names, from each method's draws.

    `draws` has a row a draw, then a name, then a month, and the half-year last; `observed`, and
    `last` of the season before, have a row a name and a column a month.
    """
    import numpy as np
    import pandas as pd

    observed, last = with_sum(observed), with_sum(last)
    months = [*pd.to_datetime(period.months), pd.NaT]
    frames = []
    for method, each in draws.items():
        ranked = np.sort(each, axis=0)
        bounds = {name: quantile(ranked, share) for name, share in BOUNDS.items()}
        frames.append(
            pd.DataFrame(
                {
                    "period": period.period,
                    "half": period.half,
                    "month": pd.to_datetime(months * len(names)),
                    "name": np.repeat(names, len(months)),
                    "method": method,
                    "mean": ranked.mean(axis=0).ravel(),
                    **{name: bound.ravel().astype(float) for name, bound in bounds.items()},
                    "observed": observed.ravel().astype("int64"),
                    "error": np.abs(bounds["median"] - observed).ravel(),
                    "crps": _crps(ranked, observed).ravel(),
                    "brier": _brier(each, observed, last).ravel(),
                }
            )
        )
    found = pd.concat(frames, ignore_index=True)
    for share in ("50", "90"):
        low, high = found[f"low_{share}"], found[f"high_{share}"]
        found[f"in_{share}"] = found["observed"].between(low, high)
    return found


def _crps(ranked: "ndarray", observed: "ndarray") -> "ndarray":
    """Return the score of sorted draws: E|X - y| - E|X - X'| / 2, the latter from the ranks."""
    import numpy as np

    size = len(ranked)
    weights = (2 * np.arange(1, size + 1) - size - 1) / size**2
    return np.abs(ranked - observed).mean(axis=0) - np.tensordot(weights, ranked, axes=1)


def _brier(draws: "ndarray", observed: "ndarray", last: "ndarray") -> "ndarray":
    """Return the squared distance of the chance of more than last from whether there were."""
    import numpy as np

    off = (draws > last).mean(axis=0) - (observed > last)
    return np.where(np.isnan(last), np.nan, off**2)


def simulated(means: "ndarray", spread: Dispersions, size: int) -> "ndarray":
    """Return draws of a simple forecast: a row a draw, then a name, then a month.

    The half-year is last. `means` has a row a name and a column a month. The half-year is drawn for
    itself, since it varies otherwise than independent months would.
    """
    import numpy as np

    # A spread of 1 is Poisson, which a gamma distribution as narrow as this one makes it.
    above = np.maximum([*[spread.months] * means.shape[1], spread.half], 1 + 1e-9) - 1
    above = rounded(above)
    shapes = rounded(with_sum(means) / above)
    draws = np.empty((size, *shapes.shape), dtype="int32")
    # A stream a name, so that a scenario at one place leaves the others as they were.
    for n, shape in enumerate(shapes):
        rng = np.random.default_rng([SEED, n])
        draws[:, n] = rng.poisson(rng.standard_gamma(shape, size=(size, len(shape))) * above)
    return draws


def dispersions(counts: "ndarray", known: "ndarray") -> dict[str, Dispersions]:
    """Return how wrong each simple method was before: at least 1, and 1 where it is not known.

    At the end of every half-year known the two after it are forecast, as far as they are known too
    and their season before is. Pooled over names: the squared errors, over the sum of the means,
    so that a name with next to nothing does not decide. `counts` and `known` are as in
    `simple_means`.
    """
    import numpy as np

    sums = {method: np.zeros(4) for method in METHODS[1:]}
    for end in np.flatnonzero(np.isin(known % 12, (2, 8))) + 1:
        for ahead in (0, 6):
            at = np.arange(end + ahead, end + ahead + 6)
            # A half that begins before the data has no season before.
            if at[-1] >= len(known) or at[0] < 12:
                continue
            means = simple_means(counts[:, :end], known[:end], known[at])
            for method, mean in means.items():
                off = counts[:, at] - mean
                halves = (off.sum(axis=1) ** 2).sum()
                sums[method] += (off**2).sum(), mean.sum(), halves, mean.sum()
    return {
        method: Dispersions(*(max(a / b, 1.0) if b else 1.0 for a, b in (each[:2], each[2:])))
        for method, each in sums.items()
    }


def _left(known: Known, found: Outcome, by: str | None, whole: "ndarray") -> "ndarray":
    """Return how much of a usual month is to be expected, a row a unit and a column a month.

    Less where a place will be less open than it has been in the same months of `whole`, or a
    scenario says so. To a type each place weighs as much as it has had incidents.
    """
    import numpy as np

    months = forecasting.month_numbers(found.period.months)
    coming = known.to_come(months, found.changes)
    plain = known.exposure(whole, np.ones((1, 1)))
    usual = np.stack([plain[:, _alike(whole, month)].mean(axis=1) for month in months], axis=1)
    left = np.where(usual > 0, coming / np.maximum(usual, 1e-9), coming)
    # Opening more than before is no forecast of more, but for what a scenario assumes.
    left = np.minimum(left, known.assumed(months, found.changes))
    if by != "category":
        return left
    weights = known.counts(None, known.months).sum(axis=1) + 1 / len(left)
    return np.tile(weights @ left / weights.sum(), (len(known.units(by)), 1))


def simple_means(
    counts: "ndarray", known: "ndarray", months: "ndarray", least: float = _LEAST
) -> dict[str, "ndarray"]:
    """Return the means of the simple forecasts, a row a name and a column a month of `months`.

    `counts` has a row a name and a column a month of `known`, whole months in order. None is lower
    than `least`.
    """
    import numpy as np

    alike = [counts[:, known < month][:, _alike(known[known < month], month)] for month in months]
    means = {
        LAST: np.stack([each[:, -1] for each in alike], axis=1),
        MEAN: np.stack([each.mean(axis=1) for each in alike], axis=1),
        REGRESSION: _regression(counts, known, months),
    }
    return {method: np.maximum(mean, least) for method, mean in means.items()}


def _alike(known: "ndarray", month: int) -> "ndarray":
    """Return which of `known` are the same month of a year, all of them where none is."""
    same = known % 12 == month % 12
    return same if same.any() else ~same


def _regression(counts: "ndarray", known: "ndarray", months: "ndarray") -> "ndarray":
    """Return the means of a Poisson regression on month and trend for each name by itself.

    The tiny ridge keeps a month without any incident, and a trend that one season cannot show,
    from running off.
    """
    import numpy as np

    def design(wanted: "ndarray") -> "ndarray":
        of_year = (wanted[:, None] % 12 == np.arange(12)).astype(float)
        return np.hstack([of_year, (wanted[:, None] - known.mean()) / _TREND])

    past = design(known)
    level = np.log(counts.mean(axis=1) + 0.1)[:, None]
    off = np.zeros((len(counts), past.shape[1]))
    for _ in range(_STEPS):
        mean = np.exp(np.clip(level + off @ past.T, -30, 15))
        slope = (counts - mean) @ past - _RIDGE * off
        bend = np.einsum("nt,tp,tq->npq", mean, past, past) + _RIDGE * np.eye(past.shape[1])
        step = np.clip(np.linalg.solve(bend, slope[..., None])[..., 0], -2, 2)
        off = off + step
        if np.abs(step).max() < 1e-6:
            break
    return np.exp(np.clip(level + off @ design(months).T, -30, 15))


def record(scored: "DataFrame", level: str, monthly: bool = False) -> "DataFrame":
    """Return how each method did at a level, the half-years or (`monthly`) their months.

    Columns: `method, periods, forecasts, error, crps, in_50, in_90, brier` (means), in the methods'
    order. `periods` is how many half-years, which is how many independent tries there were at most;
    over them, `gain` is how much lower the model's CRPS was on average, and `gain_error` and
    `brier_error` the standard errors (missing of one half-year). `shown` is of the method that is
    shown everywhere.
    """
    chosen = scored[(scored["level"] == level) & (scored["month"].notna() == monthly)]
    found = chosen.groupby("method", sort=False).agg(
        periods=("period", "nunique"),
        forecasts=("crps", "size"),
        error=("error", "mean"),
        crps=("crps", "mean"),
        in_50=("in_50", "mean"),
        in_90=("in_90", "mean"),
        brier=("brier", "mean"),
    )
    means = chosen.pivot_table(["crps", "brier"], "period", "method", dropna=False)
    crps, brier = (means.get(one, means) for one in ("crps", "brier"))
    found = found.assign(**_gains(crps), brier_error=brier.sem(), shown=found.index == best(scored))
    return rounded(found.reindex([one for one in METHODS if one in found.index]).reset_index())


def _gains(crps: "DataFrame") -> dict[str, "Series"]:
    """Return `gain` and `gain_error` of `record`, from a row a half-year and a column a method."""
    gains = crps.sub(crps[MODEL], axis=0) if len(crps) else crps
    return {"gain": gains.mean(), "gain_error": gains.sem()}


def best(scored: "DataFrame") -> str:
    """Return the method to show everywhere: the model, unless a simple forecast did clearly better.

    That is over the city, districts and locations, half-years and months together, of each of which
    the CRPS is divided by the model's.
    """
    rows = scored[scored["level"].isin(forecasting.LEVELS)]
    if rows.empty:
        return MODEL
    kinds = ["level", rows["month"].notna().rename("monthly")]
    means = rows.pivot_table("crps", [*kinds, "period"], "method")
    models = means[MODEL].groupby(["level", "monthly"]).mean()
    # Where the model was never wrong nobody did better.
    scaled = means.div(models[models > 0], axis=0).groupby("period").mean()
    found = rounded(scaled.mean().to_frame("crps").assign(**_gains(scaled)).reset_index())
    simple = simplest(found)
    return str(simple["method"]) if simple is not None and compared(simple) < 0 else MODEL


def simplest(record: "DataFrame") -> "Series | None":
    """Return the row of the simple forecast that did best; None where there is no record."""
    simple = record[record["method"] != MODEL]
    return None if simple.empty else simple.loc[simple["crps"].idxmin()]


def compared(simple: "Series") -> int:
    """Return 1 where the model did clearly better than a row of `record`, -1 if worse, else 0."""
    reach = ERRORS * simple["gain_error"]
    return int(simple["gain"] > reach) - int(simple["gain"] < -reach)


class Drawn(NamedTuple):
    """A forecast as draws: a row a draw, then a name, then a month, and the half-year last.

    `means` are what is expected, and `last` the counts of a season before, both without
    the first axis.
    """

    names: list[str]
    draws: "ndarray"
    means: "ndarray"
    last: "ndarray"


def drawn(known: Known, found: Outcome, level: str, method: str, by: str | None = None) -> Drawn:
    """Return the forecast of a method for `found`'s period, with most expected first.

    Of a simple one only whole months tell of those to come; months that have passed are their
    count. The scenario of `found` is taken into account. Types stand in the taxonomy's order.
    """
    if method == MODEL:
        names, draws, last = forecasting.added(found, level)
        draws = with_sum(draws)
        return Drawn(names, draws, draws.mean(axis=0), with_sum(last))
    months = forecasting.month_numbers(found.period.months)
    whole = known.months if known.ends_month else known.months[:-1]
    names, members = forecasting.membership(known.units(by), level)
    counts = known.counts(by, whole)
    left = _left(known, found, by, whole)
    own = simple_means(counts, whole, months, 0.0)[method]
    spread = dispersions(members @ counts, whole)[method]
    passed = with_sum((members @ known.counts(by, months)).astype("int64"))
    last = with_sum(members @ known.last(by, months))
    draws = simulated(_about(members, own, left), spread, forecasting.DRAWS) + passed
    means = with_sum(members @ (own * left)) + passed
    sums = rounded(means[:, -1])
    order = (
        range(len(names)) if by else sorted(range(len(names)), key=lambda n: (-sums[n], names[n]))
    )
    return Drawn([names[n] for n in order], draws[:, order], means[order], last[order])


def simple(
    known: Known, found: Outcome, level: str, method: str, by: str | None = None
) -> "DataFrame":
    """Return a method's forecast with the columns of `forecasting.forecast`."""
    return _described(drawn(known, found, level, method, by), found.period)


def _described(made: Drawn, period: Selection) -> "DataFrame":
    frame = forecasting.described(made.names, period, made.draws, made.last)
    return frame.assign(mean=rounded(made.means.ravel()))


@kept
def chances(
    known: Known, outcomes: Sequence[Outcome], scored: "DataFrame", level: str
) -> "DataFrame":
    """Return how likely a calm summer, a rise in winter and a busier summer are, a row a place.

    Columns: `name, calm, rise, busier`, from what `shown` shows of the half-years that
    `forecasting.coming` names; not a number where what they are held against is not known. The
    draws of two half-years are taken for independent, which makes the chances less extreme.
    """
    import pandas as pd

    made = [drawn(known, found, level, best(scored)) for found in outcomes]
    rows = []
    for name in sorted(made[0].names):
        at = [one.names.index(name) for one in made]
        *begun, first, second = (one.draws[:, n, -1] for one, n in zip(made, at, strict=True))
        before = begun[0] if begun else _before(known, outcomes[0].period, level, name)
        lasts = [one.last[n, -1] for one, n in zip(made, at, strict=True)]
        if outcomes[-1].period.half == "vinter":
            pairs = (before, first), (second, first), (first, lasts[-2])
        else:
            pairs = (first, second), (first, before), (second, lasts[-1])
        rows.append([name, *(_chance_of_more(more, less) for more, less in pairs)])
    return pd.DataFrame(rows, columns=["name", "calm", "rise", "busier"]).astype({"name": "str"})


def _before(known: Known, period: Selection, level: str, name: str) -> float:
    """Return the count of the half-year before one, not a number where it is not known whole."""
    months = forecasting.month_numbers(period.months) - 6
    if months[0] < known.months[0] or known.left(months).any():
        return nan
    labels, members = forecasting.membership(known.units(None), level)
    return float((members @ known.counts(None, months))[labels.index(name)].sum())


def _chance_of_more(one: "ndarray | float", other: "ndarray | float") -> float:
    import numpy as np

    unknown = np.isnan(one).any() or np.isnan(other).any()
    return nan if unknown else float(np.mean(one > other))


@kept
def shown(
    found: Outcome, known: Known, scored: "DataFrame", level: str, by: str | None = None
) -> "DataFrame":
    """Return the forecast to show at a level, by the method that is shown everywhere.

    The columns of `forecast`, `method`, and `count`, the whole number to show: what is expected of
    the half-year, so that locations add up to their district and districts to the city, and of the
    months numbers that add up to it.
    """
    import pandas as pd

    method = best(scored)
    made = drawn(known, found, level, method, by)
    rows = _described(made, found.period)
    totals = _counts(known, found, method, None if by else level, made)
    is_passed = rows["month"] + pd.offsets.MonthEnd(0) <= pd.Timestamp(known.through)
    counts = rows["mean"].round()
    for name, own in rows.groupby("name", sort=False):
        ahead = own.index[own["month"].notna() & ~is_passed[own.index]]
        passed = own.index[is_passed[own.index]]
        left = max(totals[name] - int(counts[passed].sum()), 0)
        counts[ahead] = whole_parts(left, list(own["mean"][ahead]))
        counts[own.index[-1]] = totals[name]
    return rows.assign(method=method, count=counts.astype("int64"))


@kept
def expected(
    con: "DuckDBPyConnection",
    through: "date | str",
    level: str,
    scenario: "Sequence[Mapping] | None" = None,
) -> "DataFrame":
    """Return `shown` of the coming half-years in order, known on the day `through`; see `forecast`.

    Besides its columns: `period`, the half-year in words.
    """
    import pandas as pd

    known = Known(con, through)
    changes = scenarios.read(con, scenario)
    scored = scores(con, through)
    return pd.concat(
        [
            shown(Outcome(known, one, changes=changes), known, scored, level).assign(
                period=one.period
            )
            for one in forecasting.coming(known.through)
        ],
        ignore_index=True,
    )


# What a level adds up to.
_ABOVE = {"location": "district", "district": "city"}


def _counts(
    known: Known, found: Outcome, method: str, level: str | None, made: Drawn
) -> dict[str, int]:
    """Return the whole number of each name's half-year; those of a level add up to the one above.

    Types (no level) are each for themselves.
    """
    means = dict(zip(made.names, rounded(made.means[:, -1]).tolist(), strict=True))
    if level not in _ABOVE:
        return {name: round(mean) for name, mean in means.items()}
    above = _ABOVE[level]
    totals = _counts(known, found, method, above, drawn(known, found, above, method))
    labels, members = forecasting.membership(known.units(None), above)
    names, own = forecasting.membership(known.units(None), level)
    belongs = (own @ members.T > 0).T
    counts = {}
    for label, row in zip(labels, belongs, strict=True):
        # A place outside the register may have been reported in several districts.
        within = [
            each for each, is_in in zip(names, row, strict=True) if is_in and each not in counts
        ]
        shares = whole_parts(totals[label], [means[name] for name in within])
        counts |= dict(zip(within, shares, strict=True))
    return counts


@kept
def each_method(found: Outcome, known: Known, scored: "DataFrame", level: str) -> "DataFrame":
    """Return the half-year of names as every method has it, `method` and `forecasting.forecast`'s.

    A simple forecast is there where it could be judged, which takes a season before.
    """
    import pandas as pd

    methods = [one for one in METHODS if one in set(scored["method"])] or [MODEL]
    made = [simple(known, found, level, each).assign(method=each) for each in methods]
    return pd.concat([one[one["month"].isna()] for one in made], ignore_index=True)


def hits(scored: "DataFrame", level: str, place: str) -> "DataFrame":
    """Return past forecasts of a place's half-years by the method shown, made as the last ended.

    Columns: `period, median, low, high` (90 per cent), `observed, hit` ("ja", "nej").
    """
    rows = scored[
        (scored["level"] == level)
        & (scored["name"] == place)
        & (scored["method"] == best(scored))
        & (scored["ahead"] == 1)
        & scored["month"].isna()
    ]
    found = rows[["period", "median", "low_90", "high_90", "observed"]]
    words = ["ja" if each else "nej" for each in rows["in_90"]]
    found = found.set_axis(["period", "median", "low", "high", "observed"], axis=1)
    return found.assign(hit=words).reset_index(drop=True)
