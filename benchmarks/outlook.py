"""How good the forecasts are: `python benchmarks/outlook.py`, about 75 seconds on two cores.

First the sample (`make data`): each forecast made with what was known then. Then simulated cities
of which the truth is known, with fixed seeds: four seasons are known, and the next winter and the
summer after it are forecast. The model stands beside the simple forecasts of `backtest`.
CRPS is in incidents; a smaller one is better. The intervals are to hold 50 and 90 per cent.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from itertools import product

import numpy as np
import pandas as pd

from analysis import outlook
from analysis.core.asking import dataset
from analysis.core.database import connect
from analysis.core.season import Season, half_of
from analysis.core.selection import Selection
from analysis.outlook import backtest, projection
from analysis.outlook.backtest import LAST, METHODS, MODEL
from analysis.outlook.forecasting import with_sum

SEED = 2026
CITIES, PLACES = 40, 40
FIRST = 2021 * 12 + 9
KNOWN, AHEAD = 48, 12
# Incidents of all places in a usual month.
SIZES = {"small": 25, "large": 250}
# From January; the winter half has two and a half times as many as the summer half.
YEAR = np.array([1.6, 1.4, 1.1, 0.7, 0.6, 0.55, 0.5, 0.65, 0.75, 1.3, 1.6, 1.75])
FACILITIES, DISTRICTS = 4, 8
HALF = 6


def _levels(rng: np.random.Generator, each: float) -> np.ndarray:
    """Return a level a month that changes by so much from each half-year to the next."""
    halves = (KNOWN + AHEAD) // HALF
    return np.exp(np.repeat(np.cumsum(rng.normal(0, each, halves)), HALF))


def _constant(rng: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    return rng.poisson(mean)


def _wandering(rng: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    return rng.poisson(mean * _levels(rng, 0.1))


def _trend(rng: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    return rng.poisson(mean * 1.1 ** (np.arange(mean.shape[1]) / 12))


def _shock(rng: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Return counts of which one winter that is known has 60 per cent more, in any of the four."""
    level = np.ones(mean.shape[1])
    first = 2 * HALF * rng.integers(4)
    level[first : first + HALF] = 1.6
    return rng.poisson(mean * level)


def _overdispersed(rng: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Return counts that vary three times as much as Poisson ones, and months that do so alike."""
    mean = mean * np.exp(rng.normal(0, 0.15, mean.shape[1]))
    return rng.poisson(rng.gamma(mean / 2, 2))


def _moving(rng: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Return counts of places that each go their own way by a quarter a half-year."""
    return rng.poisson(mean * np.array([_levels(rng, 0.25) for _ in mean]))


TRUTHS: dict[str, Callable] = {
    "constant": _constant,
    "level wanders 10 % a half-year": _wandering,
    "10 % more each year": _trend,
    "one winter with 60 % more": _shock,
    "spread of 3, months of 15 %": _overdispersed,
    "places wander 25 % a half-year": _moving,
}


def simulated(setting: tuple[str, str, int]) -> pd.DataFrame:
    """Return the scores of one simulated city: truth, size and number."""
    truth, size, number = setting
    rng = np.random.default_rng([SEED, list(TRUTHS).index(truth), list(SIZES).index(size), number])
    months = FIRST + np.arange(KNOWN + AHEAD)
    parts = rng.gamma(1.2, size=PLACES)
    mean = np.outer(parts / parts.sum(), SIZES[size] * YEAR[months % 12] / YEAR.mean())
    counts = TRUTHS[truth](rng, mean)
    facilities = [f"f{n % FACILITIES}" for n in range(PLACES)]
    districts = [f"d{n % DISTRICTS}" for n in range(PLACES)]
    past = projection.Past(
        counts[:, :KNOWN],
        np.ones((PLACES, KNOWN)),
        months[:KNOWN],
        (facilities, districts),
        facilities,
    )
    fitted = projection.fit(past)
    rows = []
    for ahead, period in ((1, Selection("2025/26", "vinter")), (2, Selection("2025/26", "sommer"))):
        to_come = slice(KNOWN + HALF * (ahead - 1), KNOWN + HALF * ahead)
        draws = projection.draw(
            fitted, months[to_come], np.ones((PLACES, HALF)), backtest.DRAWS, number
        )
        for level, members in (("city", np.ones((1, PLACES))), ("location", np.eye(PLACES))):
            known = members @ past.counts
            means = backtest.simple_means(known, past.months, months[to_come])
            spread = backtest.dispersions(known, past.months)
            made = {MODEL: with_sum(np.einsum("nu,dum->dnm", members, draws))}
            made |= {
                method: backtest.simulated(mean, spread[method], backtest.DRAWS)
                for method, mean in means.items()
            }
            a_year_before = slice(to_come.start - 2 * HALF, to_come.stop - 2 * HALF)
            judged = backtest.judge(
                [f"{n}" for n in range(len(members))],
                period,
                made,
                *(members @ counts[:, when] for when in (to_come, a_year_before)),
            )
            rows.append(judged.assign(level=level, ahead=ahead, truth=truth, size=size))
    return pd.concat(rows, ignore_index=True)


def next_months(con: object) -> pd.DataFrame:
    """Return the scores of each next month, forecast at the end of the month before."""
    data = dataset(con)
    now = outlook.Known(con, data.last_day)
    rows = []
    # The same month a season before must be known.
    for month in now.months[12:]:
        first = pd.Timestamp(int(month) // 12, int(month) % 12 + 1, 1)
        then = outlook.Known(con, first.date() - timedelta(1))
        period = Selection(Season.of(first.date()), half_of(first.date()))
        found = outlook.Outcome(then, period, size=backtest.DRAWS)
        judged = backtest.forecast_scores(then, now, found, None, outlook.LEVELS)
        rows.append(judged[judged["month"] == first].assign(period=str(month)))
    return pd.concat(rows, ignore_index=True)


def lines(scored: pd.DataFrame, level: str, monthly: bool, what: str) -> Iterator[tuple]:
    """Return the lines of a table: a method a line."""
    for row in backtest.record(scored, level, monthly).itertuples():
        held = f"{100 * row.in_50:.0f}", f"{100 * row.in_90:.0f}"
        yield (
            what,
            level,
            row.method,
            row.forecasts,
            f"{row.error:.2f}",
            f"{row.crps:.2f}",
            *held,
            f"{row.brier:.2f}",
        )


def against(scored: pd.DataFrame, level: str, monthly: bool) -> tuple:
    """Return each method's CRPS, what two methods' intervals hold, and the chances' Brier score."""
    record = backtest.record(scored, level, monthly).set_index("method")
    crps = [f"{record.loc[method, 'crps']:.2f}" for method in METHODS]
    held = [
        f"{100 * record.loc[method, share]:.0f}"
        for method in (MODEL, LAST)
        for share in ("in_50", "in_90")
    ]
    return *crps, *held, f"{record.loc[MODEL, 'brier']:.2f}"


def table(headings: tuple[str, ...], rows: list[tuple]) -> str:
    """Return rows as a Markdown table."""
    shown = [headings, ("---",) * len(headings), *rows]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in shown)


def sample() -> None:
    """Print the record over the sample, and how long a forecast takes."""
    con = connect()
    through = dataset(con).last_day
    start = time.perf_counter()
    outlook.forecast(con, through, Season.of(through).next, "vinter", "location")
    seconds = time.perf_counter() - start
    scored = backtest.scores(con, through)
    types = backtest.scores(con, through, "category")
    monthly = next_months(con)
    rows = []
    for each, levels in ((scored, outlook.LEVELS), (types, ("category",))):
        for level in levels:
            rows += lines(each, level, False, "half-years")
            rows += lines(each, level, True, "their months")
    for level in outlook.LEVELS:
        rows += lines(monthly, level, True, "next month")
    headings = (
        "sample",
        "level",
        "method",
        "forecasts",
        "error",
        "CRPS",
        "in 50",
        "in 90",
        "Brier",
    )
    print(table(headings, rows))
    print(f"\nwhole city fitted and forecast in {seconds:.1f} seconds, imports included\n")


def cities() -> None:
    """Print the scores of the simulated cities."""
    settings = list(product(TRUTHS, SIZES, range(CITIES)))
    with ProcessPoolExecutor() as pool:
        scored = pd.concat(pool.map(simulated, settings, chunksize=5), ignore_index=True)
    rows = []
    for (truth, size), part in scored.groupby(["truth", "size"], sort=False):
        for level, monthly in product(("city", "location"), (False, True)):
            what = "months" if monthly else "half-years"
            rows.append((truth, size, f"{level}, {what}", *against(part, level, monthly)))
    held = [f"{method} in {share}" for method in (MODEL, LAST) for share in (50, 90)]
    headings = ("truth", "size", "what", *(f"CRPS {one}" for one in METHODS), *held, "Brier")
    print(table(headings, rows))


def main() -> None:
    """Run everything and print the tables, with the seconds it took."""
    start = time.perf_counter()
    sample()
    cities()
    print(f"\n{time.perf_counter() - start:.0f} seconds")


if __name__ == "__main__":
    main()
