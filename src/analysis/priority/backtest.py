"""How good the list has been: what the top of each month's list held of the month's incidents.

Each list is made of what was known before its month, and held against what then happened, whenever
that was reported. A share is of the severity-weighted self-service incidents of the city.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import nan
from typing import TYPE_CHECKING

from analysis.core.kept import kept
from analysis.core.rounding import rounded
from analysis.priority import need, ranking
from analysis.priority.need import Estimate, History

if TYPE_CHECKING:
    from numpy import ndarray
    from pandas import DataFrame, Series

OURS = "Forventet score (listen)"
RAW_YEAR = "Antal, seneste 12 måneder"
RAW_ALL = "Antal, alle måneder"
RAW_MONTH = "Antal, seneste måned"
SCORE_YEAR = "Relativ score, seneste 12 måneder"
RANDOM = "Tilfældigt valg"
METHODS = (OURS, RAW_YEAR, RAW_ALL, RAW_MONTH, SCORE_YEAR, RANDOM)
# A list needs a year behind it, so that every season has been seen.
_MONTHS_BEFORE = 12
_DRAWS = 500


def judged_months(found: History, before: date) -> list[date]:
    """Return the months whose lists can be judged: a year of data before, all of them covered."""
    return [
        month
        for month, covered in found.spans.items()
        if month < before
        and covered.first <= need.shifted(month, -_MONTHS_BEFORE)
        and need.is_whole(found, month)
    ]


@kept
def record(
    found: History,
    before: date,
    top: int = 10,
    weights: Sequence[float] = need.WEIGHTS,
) -> "DataFrame":
    """Return how the lists of every month before `before` did that has a year of data behind it.

    A row a month and method: `month, name`, `caught` and `total`, the score of the month's
    incidents at the top of the method's list and in the whole city; `replaced`, the part of the top
    that is not that of the month before (nan for random, and where there is none); and `inside` of
    `judged` locations whose score was within the 90 per cent interval (0 for others than ours).
    """
    import numpy as np
    import pandas as pd

    rows, tops = [], {}
    for month in judged_months(found, before):
        now = need.estimate(found, month)
        happened = scored(found, now, month, weights)
        total = happened.sum()
        drawn = need.draws(now, weights, np.ones(len(now.places)), _DRAWS).score
        low, high = np.quantile(drawn, [0.05, 0.95], axis=0, method="inverted_cdf")
        low, high, score = rounded((low, high, happened))
        counts = now.hours > 0
        held = int(((low <= score) & (score <= high))[counts].sum()), int(counts.sum())
        for name, value in _methods(found, now, weights).items():
            chosen = ranking.places_of(value, now.places["location"]) <= top
            names = {*now.places["location"][chosen]}
            replaced = len(names - tops[name]) / len(names) if names and name in tops else nan
            tops[name] = names
            caught = happened[chosen].sum()
            rows.append((month, name, caught, total, replaced, *(held if name == OURS else (0, 0))))
        # Places that are drawn by lot hold, on average, their part of all places.
        part = min(top / len(now.places), 1.0)
        rows.append((month, RANDOM, total * part, total, nan, 0, 0))
    columns = ["month", "name", "caught", "total", "replaced", "inside", "judged"]
    return pd.DataFrame(rows, columns=columns).astype({"month": "datetime64[s]"})


def scored(
    found: History, now: Estimate, month: date, weights: Sequence[float] = need.WEIGHTS
) -> "ndarray":
    """Return the score of each location's self-service incidents in a month, known now or not."""
    rows = found.incidents
    return _sums(rows[_self_service(rows) & rows["month"].eq(_time(month))], now, weights)


def _methods(found: History, now: Estimate, weights: Sequence[float]) -> dict[str, "ndarray"]:
    """Return what each method ranks the locations by, from what was known before the month."""
    rows = found.incidents
    rows = rows[_self_service(rows) & (rows["known"] < _time(now.month))]
    year = rows[rows["month"] >= _time(need.shifted(now.month, -_MONTHS_BEFORE))]
    last = rows[rows["month"] >= _time(need.shifted(now.month, -1))]
    plain = [1.0] * len(weights)
    return {
        OURS: now.expected(weights),
        RAW_YEAR: _sums(year, now, plain),
        RAW_ALL: _sums(rows, now, plain),
        RAW_MONTH: _sums(last, now, plain),
        SCORE_YEAR: _sums(year, now, weights),
    }


def _self_service(rows: "DataFrame") -> "Series":
    return rows["self_service"].fillna(False).astype(bool)


def _time(month: date) -> object:
    import pandas as pd

    return pd.Timestamp(month)


def _sums(rows: "DataFrame", now: Estimate, weights: Sequence[float]) -> "ndarray":
    from analysis.core.taxonomy import CATEGORY_LABELS

    of_type = dict(zip(CATEGORY_LABELS, weights, strict=True))
    scores = rows["incidents"] * rows["category"].map(of_type)
    by_place = scores.groupby(rows["location"]).sum()
    return by_place.reindex(now.places["location"]).fillna(0).to_numpy(float)


def table(made: "DataFrame") -> "DataFrame":
    """Return a row a method, ours first, then the best one first.

    `name`; `lists`, how many; `share`, caught of all months together; `difference`, `low`, `high`:
    what ours caught more of, with a 95 per cent interval over the months (paired t), nan for ours;
    `replaced`, the share of the top that is another from month to month, nan for random.
    """
    import numpy as np
    import pandas as pd
    from scipy import stats

    wide = made.pivot(index="month", columns="name", values="caught")
    total = made.groupby("month")["total"].first()
    rows = []
    for name in METHODS:
        if name not in wide or not total.sum():
            continue
        apart = (wide[OURS] - wide[name]) / total.mean()
        low, high = (nan, nan)
        if name != OURS and len(apart) > 1:
            reach = stats.t.ppf(0.975, len(apart) - 1) * stats.sem(apart)
            low, high = apart.mean() - reach, apart.mean() + reach
        rows.append(
            (
                name,
                len(wide),
                wide[name].sum() / total.sum(),
                nan if name == OURS else apart.mean(),
                low,
                high,
                made.loc[made["name"] == name, "replaced"].mean(),
            )
        )
    columns = ["name", "lists", "share", "difference", "low", "high", "replaced"]
    found = rounded(pd.DataFrame(rows, columns=columns))
    order = np.lexsort((-found["share"], found["name"] != OURS))
    return found.iloc[order].reset_index(drop=True)


def sensitivity(
    found: History,
    month: date,
    by: Mapping[str, Sequence[float]],
    top: int = 10,
) -> "DataFrame":
    """Return the top by each weighting: `name, shared, left, come`, the first being the measure.

    `shared` is how many of the top are also in the first's; `left` and `come` are the locations
    that are lost and won, in the order of their places.
    """
    import pandas as pd

    now = need.estimate(found, month)
    names = now.places["location"]
    lists = {
        label: names.iloc[ranking.places_of(now.expected(weights), names).argsort()[:top]].tolist()
        for label, weights in by.items()
    }
    first = next(iter(lists.values()))
    rows = [
        (
            label,
            len(set(first) & set(one)),
            ", ".join(place for place in first if place not in one),
            ", ".join(place for place in one if place not in first),
        )
        for label, one in lists.items()
    ]
    return pd.DataFrame(rows, columns=["name", "shared", "left", "come"])
