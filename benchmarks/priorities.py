"""How good the monthly list is, where the truth is known and where it is not.

`python benchmarks/priorities.py` tries every month of the sample that has a year of data behind it,
shows what other memories would have caught, and does the same in simulated cities with fixed seeds:
one whose locations never change, and one whose locations become busier and calmer by themselves.
There the list is also held against the best list that could be made: by the true rates. The
database is that of `make data`.
"""

import time
from datetime import date, timedelta
from math import inf
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from analysis.core import taxonomy
from analysis.core.asking import dataset
from analysis.core.database import connect
from analysis.core.known import Span
from analysis.priority import backtest, need
from analysis.priority.backtest import judged_months, scored
from analysis.priority.need import HALF_LIFE, WEIGHTS, History
from analysis.priority.ranking import places_of
from analysis.severity import scores

if TYPE_CHECKING:
    from pandas import DataFrame

SEED = 2026
HALF_LIVES = (3.0, 6.0, 12.0, 24.0, 48.0, inf)
TOP = 10
CITIES, PLACES, MONTHS = 4, 60, 36
FIRST = date(2021, 10, 1)
# The standard deviation of a month's step of a location's log rate: none, and 1.5 times as busy or
# as calm in about a year.
DRIFTS = {"locations never change": 0.0, "locations drift": 0.12}


def main() -> None:
    """Print the tables."""
    start = time.perf_counter()
    with connect() as con:
        before = need.following(con, dataset(con).last_day)
        found = need.history(con, before)
    months = len(judged_months(found, before))
    print(f"## The sample, {months} months, memory of {HALF_LIFE:g} months\n")
    made = backtest.record(found, before, TOP)
    show(backtest.table(made))
    held = made["inside"].sum() / made["judged"].sum()
    print(f"90 per cent interval holds the month's score: {held:.1%}\n")
    print("### Memory\n")
    show(memory(found, before))
    print("### Other weights, months together\n")
    show(weights(found, before))
    for name, drift in DRIFTS.items():
        print(f"## {CITIES} simulated cities, {name}\n")
        cities = [city(drift, seed) for seed in range(CITIES)]
        show(
            pd.concat([memory(found, after) for found, after, _ in cities])
            .groupby("half_life")
            .mean()
            .reset_index()
        )
        tables = pd.concat([simulated(*one) for one in cities])
        show(tables.groupby("name", sort=False).mean().reset_index())
    print(f"{time.perf_counter() - start:.0f} seconds")


def show(table: "DataFrame") -> None:
    """Print a table as Markdown."""
    print("| " + " | ".join(table.columns) + " |\n|" + "---|" * len(table.columns))
    for row in table.itertuples(index=False):
        cells = (f"{cell:.4g}" if isinstance(cell, float) else str(cell) for cell in row)
        print("| " + " | ".join(cells) + " |")
    print()


def memory(found: History, before: date) -> "DataFrame":
    """Return `half_life, caught, log_score, behind, error` of a longer or shorter memory.

    `caught` is the share of the score at the top of the lists; `log_score` the mean logarithm of
    the chance given to each location's count of the month (a proper score: Gneiting and Raftery
    2007), and `behind` how much less than the best, with its standard error over the months.
    """
    logs, caught = {}, {}
    for half_life in HALF_LIVES:
        held = [_held(found, month, half_life) for month in judged_months(found, before)]
        logs[half_life] = [log for log, _, _ in held]
        caught[half_life] = sum(top for _, top, _ in held) / sum(all_ for _, _, all_ in held)
    by_month = pd.DataFrame(logs)
    best = by_month.mean().idxmax()
    behind = by_month.rsub(by_month[best], axis=0)
    return pd.DataFrame(
        {
            "half_life": list(HALF_LIVES),
            "caught": list(caught.values()),
            "log_score": by_month.mean().to_numpy(),
            "behind": behind.mean().to_numpy(),
            "error": behind.sem().to_numpy(),
        }
    )


def _held(found: History, month: date, half_life: float) -> tuple[float, float, float]:
    """Return the mean log chance of what happened, and the score at the top and in all."""
    now = need.estimate(found, month, half_life)
    counts = scored(found, now, month, [1.0] * len(WEIGHTS))
    happened = scored(found, now, month)
    is_open = now.hours > 0
    share = now.rates.rate / (now.rates.rate + now.used_hours * now.season)
    logs = stats.nbinom.logpmf(counts[is_open], now.rates.shape[is_open], share[is_open])
    top = places_of(now.expected(), now.places["location"]) <= TOP
    return float(logs.mean()), float(happened[top].sum()), float(happened.sum())


def weights(found: History, before: date) -> "DataFrame":
    """Return how many of the top stay with other weights: the mean and the fewest of the months."""
    by = {"used": WEIGHTS, **{name: tuple(map(float, w)) for name, w in scores.OTHERS.items()}}
    rows = pd.concat(
        [backtest.sensitivity(found, month, by, TOP) for month in judged_months(found, before)]
    )
    found_rows = rows.groupby("name", sort=False)["shared"].agg(["mean", "min"])
    return found_rows.reset_index()


def simulated(found: History, before: date, rates: np.ndarray) -> "DataFrame":
    """Return the methods' table, with the share that the true rates would have caught."""
    made = backtest.record(found, before, TOP)
    table = backtest.table(made)[["name", "share", "replaced"]]
    by_truth = total = 0.0
    for month in judged_months(found, before):
        now = need.estimate(found, month)
        happened = scored(found, now, month)
        place = (month.year - FIRST.year) * 12 + month.month - FIRST.month
        by_truth += happened[np.argsort(-rates[:, place])[:TOP]].sum()
        total += happened.sum()
    held = pd.DataFrame(
        {
            "name": ["The true rates", "90 per cent interval holds"],
            "share": [by_truth / total, made["inside"].sum() / made["judged"].sum()],
            "replaced": [np.nan, np.nan],
        }
    )
    return pd.concat([table, held])


def city(drift: float, seed: int) -> tuple[History, date, np.ndarray]:
    """Return a city's history, the day after it, and its true expected scores, places by months.

    Rates are gamma about their facility's, with the season of the real winters and summers.
    """
    rng = np.random.default_rng([SEED, seed, int(drift * 100)])
    facility = rng.choice(["Bibliotek", "Kulturhus", "Idrætshal", "Idrætsanlæg"], PLACES)
    district = rng.choice(taxonomy.LABELS["district"], PLACES)
    names = [f"Sted {n:02}" for n in range(PLACES)]
    level = pd.Series({"Bibliotek": 2.0, "Kulturhus": 1.2, "Idrætshal": 1.4, "Idrætsanlæg": 0.8})
    rates = level[facility].to_numpy() * rng.gamma(4, 0.25, PLACES)
    steps = rng.normal(0, drift, (PLACES, MONTHS)).cumsum(axis=1)
    days = [need.shifted(FIRST, n) for n in range(MONTHS)]
    season = np.array([1.3 if day.month in (10, 11, 12, 1, 2, 3) else 0.6 for day in days])
    means = rates[:, None] * np.exp(steps) * season
    types = np.array([0.74, 0.11, 0.05, 0.03, 0.07])
    counts = rng.poisson(means[:, :, None] * types)
    where, when, what = np.nonzero(counts)
    incidents = pd.DataFrame(
        {
            "location": np.array(names)[where],
            "month": pd.to_datetime(np.array(days)[when]),
            "known": pd.to_datetime(np.array(days)[when]),
            "category": np.array(taxonomy.CATEGORY_LABELS)[what],
            "self_service": True,
            "incidents": counts[where, when, what],
        }
    )
    places = pd.DataFrame(
        {"location": names, "district": district, "facility": facility, "known": pd.NaT}
    )
    columns = pd.to_datetime([*days, need.shifted(FIRST, MONTHS)])
    hours = pd.DataFrame(200.0, index=pd.Index(names, name="location"), columns=columns)
    ranked = [need.shifted(FIRST, n) for n in range(1, MONTHS + 1)]
    spans = {month: Span(FIRST, month - timedelta(days=1)) for month in ranked}
    found = History(places, incidents, hours, spans)
    return found, need.shifted(FIRST, MONTHS), means * (types @ np.array(WEIGHTS))


if __name__ == "__main__":
    main()
