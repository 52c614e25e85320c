"""How good the monthly list is, where the truth is known and where it is not.

`python benchmarks/priorities.py` tries every month of the sample that has a year of data behind it,
shows what other memories would have caught, and does the same in simulated cities with fixed seeds,
whose locations do as each of `WORLDS` says. There the list is also held against the best list that
could be made, by the true rates, and each chance of being among the top against whether the true
rate was. The database is that of `make data`.
"""

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from itertools import pairwise
from math import inf, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from analysis.core import taxonomy
from analysis.core.asking import dataset
from analysis.core.database import connect
from analysis.core.known import Span
from analysis.priority import backtest, need
from analysis.priority.backtest import judged_months, scored
from analysis.priority.memory import Memory, learned
from analysis.priority.need import WEIGHTS, History
from analysis.priority.ranking import places_of
from analysis.severity import scores

if TYPE_CHECKING:
    from pandas import DataFrame

SEED = 2026
# The memory before it was learned: months after which an incident weighed half.
HALF_LIFE = 12.0
HALF_LIVES = (3.0, 6.0, 12.0, 24.0, 48.0, inf)
TOP = 10
CITIES, PLACES, MONTHS = 4, 60, 37
FIRST = date(2021, 10, 1)
# Of so many cities a world, and of these months, the chances are held against the truth.
TRIED_CITIES, TRIED_MONTHS, DRAWS = 100, range(16, 37, 10), 500
CLASSES = (0.0, 0.02, 0.1, 0.3, 0.7, 0.9, 0.98, 1.0)


class World(NamedTuple):
    """What locations do: the standard deviation of a month's `step` of a location's log rate.

    Of it `left` is what remains after a month, 1 being a random walk. `variance` is that of the
    month's own gamma factor, and `breaks` how many locations halve or double once.
    """

    step: float = 0.0
    left: float = 1.0
    variance: float = 0.0
    breaks: float = 0.0


WORLDS = {
    "never change": World(),
    "drift, 12 % a month": World(step=0.12),
    "AR(1), 18 % a month, 0.8 left": World(step=0.18, left=0.8),
    "overdispersed, k = 10": World(variance=0.1),
    "overdispersed, k = 3": World(variance=1 / 3),
    "a third halve or double once": World(breaks=1 / 3),
}


def main() -> None:
    """Print the tables."""
    start = time.perf_counter()
    with connect() as con:
        before = need.following(con, dataset(con).last_day)
        found = need.history(con, before)
        months = len(judged_months(found, before))
        print(f"## The sample, {months} months\n")
        made = backtest.record(found, before, TOP)
        show(backtest.table(made))
        held = made["inside"].sum() / made["judged"].sum()
        print(f"90 per cent interval holds the month's score: {held:.1%}\n")
        print("### Memory\n")
        show(memory(found, before))
        print("### Other weights, months together\n")
        show(weights(found, before))
    for name, world in [*WORLDS.items()][:2]:
        print(f"## {CITIES} simulated cities, locations {name}\n")
        cities = [city(world, seed) for seed in range(CITIES)]
        show(
            pd.concat([memory(found, after) for found, after, _ in cities])
            .groupby("memory", sort=False)
            .mean()
            .reset_index()
        )
        tables = pd.concat([simulated(*one) for one in cities])
        show(tables.groupby("name", sort=False).mean().reset_index())
    print(f"## Chances of the top {TOP} that came true, {TRIED_CITIES} cities a world\n")
    with ProcessPoolExecutor() as pool:
        rows = pool.map(reliability, WORLDS, WORLDS.values())
        show(pd.DataFrame([row for found_rows in rows for row in found_rows]))
    print(f"{time.perf_counter() - start:.0f} seconds")


def show(table: "DataFrame") -> None:
    """Print a table as Markdown."""
    print("| " + " | ".join(table.columns) + " |\n|" + "---|" * len(table.columns))
    for row in table.itertuples(index=False):
        cells = (f"{cell:.4g}" if isinstance(cell, float) else str(cell) for cell in row)
        print("| " + " | ".join(cells) + " |")
    print()


def memory(found: History, before: date) -> "DataFrame":
    """Return `memory, caught, log_score, behind, error` of the learned and of fixed memories.

    `caught` is the share of the score at the top of the lists; `log_score` the mean logarithm of
    the chance given to each location's count of the month (a proper score: Gneiting and Raftery
    2007), and `behind` how much less than the best, with its standard error over the months.
    """
    logs, caught = {}, {}
    tried = {"learned": learned} | {f"{each:g} months": fixed(each) for each in HALF_LIVES}
    for name, remember in tried.items():
        held = [_held(found, month, remember) for month in judged_months(found, before)]
        logs[name] = [log for log, _, _ in held]
        caught[name] = sum(top for _, top, _ in held) / sum(all_ for _, _, all_ in held)
    by_month = pd.DataFrame(logs)
    best = by_month.mean().idxmax()
    behind = by_month.rsub(by_month[best], axis=0)
    return pd.DataFrame(
        {
            "memory": list(tried),
            "caught": list(caught.values()),
            "log_score": by_month.mean().to_numpy(),
            "behind": behind.mean().to_numpy(),
            "error": behind.sem().to_numpy(),
        }
    )


def fixed(half_life: float) -> Callable[..., Memory]:
    """Return the memory in which a month weighs half after so many."""

    def remember(counts: np.ndarray, means: np.ndarray, shape: np.ndarray) -> Memory:
        weights = np.tile(0.5 ** (np.arange(counts.shape[1])[::-1] / half_life), (len(counts), 1))
        return Memory(weights, weights, np.ones(len(counts)), np.zeros(len(counts)), 0.0)

    return remember


def _held(
    found: History, month: date, remember: Callable[..., Memory]
) -> tuple[float, float, float]:
    """Return the mean log chance of what happened, and the score at the top and in all."""
    now = need.estimate(found, month, remember)
    counts = scored(found, now, month, [1.0] * len(WEIGHTS))
    happened = scored(found, now, month)
    is_open = now.hours > 0
    size = 1 / ((1 + 1 / now.rates.shape) * (1 + now.luck) - 1)
    share = size / (size + now.incidents)
    logs = stats.nbinom.logpmf(counts[is_open], size[is_open], share[is_open])
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


def reliability(name: str, world: World) -> list[dict[str, object]]:
    """Return a row each of the memory before and now: what chances came true, per cent by class.

    Beside the classes: `caught`, the share of the score in the list's top, `by_truth` in that by
    the true rates, and `inside`, the months within the 90 per cent interval.
    """
    rows = []
    for memory_name, remember in (("before", fixed(HALF_LIFE)), ("now", learned)):
        chances, came, sums = [], [], np.zeros(5)
        for seed in range(TRIED_CITIES):
            found, _, rates = city(world, seed)
            for month in TRIED_MONTHS:
                now = need.estimate(found, need.shifted(FIRST, month), remember)
                drawn = need.draws(now, WEIGHTS, np.ones(PLACES), DRAWS)
                least = np.sort(drawn.risk, axis=1)[:, -TOP]
                chances.append((drawn.risk >= least[:, None]).mean(axis=0))
                is_top = rates[:, month] >= np.sort(rates[:, month])[-TOP]
                came.append(is_top)
                happened = scored(found, now, now.month)
                listed = places_of(now.expected(), now.places["location"]) <= TOP
                low, high = np.quantile(drawn.score, [0.05, 0.95], axis=0, method="inverted_cdf")
                inside = ((low <= happened) & (happened <= high)).sum()
                sums += [happened[listed].sum(), happened[is_top].sum(), happened.sum(), inside, 0]
                sums[4] += PLACES
        given, true = np.concatenate(chances), np.concatenate(came)
        within = np.clip(np.searchsorted(CLASSES, given, "right") - 1, 0, len(CLASSES) - 2)
        classes = {
            f"{100 * low:g}-{100 * high:g}": f"{100 * given[within == n].mean():.1f}: "
            f"{100 * true[within == n].mean():.1f} ({(within == n).sum()})"
            for n, (low, high) in enumerate(pairwise(CLASSES))
        }
        parts = {"caught": sums[0] / sums[2], "by_truth": sums[1] / sums[2]}
        inside = {"inside": sums[3] / sums[4]}
        rows.append({"locations": name, "memory": memory_name, **classes, **parts, **inside})
    return rows


def city(world: World, seed: int) -> tuple[History, date, np.ndarray]:
    """Return a city's history, the day after it, and its true expected scores, places by months.

    Rates are gamma about their facility's, with the season of the real winters and summers.
    """
    rng = np.random.default_rng([SEED, seed])
    facility = rng.choice(["Bibliotek", "Kulturhus", "Idrætshal", "Idrætsanlæg"], PLACES)
    district = rng.choice(taxonomy.LABELS["district"], PLACES)
    names = [f"Sted {n:02}" for n in range(PLACES)]
    level = pd.Series({"Bibliotek": 2.0, "Kulturhus": 1.2, "Idrætshal": 1.4, "Idrætsanlæg": 0.8})
    rates = level[facility].to_numpy() * rng.gamma(4, 0.25, PLACES)
    # A walk begins at the rate, what returns to it anywhere that it may be.
    start = world.step / sqrt(1 - world.left**2) if world.left < 1 else world.step
    logs = rng.normal(0, [start, *[world.step] * (MONTHS - 1)], (PLACES, MONTHS))
    for month in range(1, MONTHS):
        logs[:, month] += world.left * logs[:, month - 1]
    is_after = np.arange(MONTHS) >= rng.integers(6, MONTHS, (PLACES, 1))
    breaks = rng.choice([-log(2), log(2)], PLACES) * (rng.random(PLACES) < world.breaks)
    logs += breaks[:, None] * is_after
    days = [need.shifted(FIRST, n) for n in range(MONTHS)]
    season = np.array([1.3 if day.month in (10, 11, 12, 1, 2, 3) else 0.6 for day in days])
    means = rates[:, None] * np.exp(logs) * season
    luck = rng.gamma(1 / world.variance, world.variance, means.shape) if world.variance else 1.0
    types = np.array([0.74, 0.11, 0.05, 0.03, 0.07])
    counts = rng.poisson((means * luck)[:, :, None] * types)
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
