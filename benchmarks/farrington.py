"""Our weekly signals beside R's `farringtonFlexible`: `python benchmarks/farrington.py`.

Both judge the same series: simulated ones, drawn with fixed seeds in other ways than the model's
own, and those that the R package `surveillance` publishes. What R expects of their weeks is stored
in `surveillance/`, with the code and the versions that made it; `python benchmarks/farrington.py
FILE` writes the simulated series for that code. Figures are per cent: of weeks where nothing
happens, and of outbreaks. Ours is first given as many false signals in the unchanged series as R
has; then both the page's budget, one a year in eleven places. Before is ours without a trend.
"""

import sys
import time
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import nbinom
from simulation import seeded, table

from analysis.signals import model
from analysis.signals import weeks as signals_weeks
from analysis.signals.model import BLOCK, LEAST_WEEKS, SPAN, YEARS, Predicted
from analysis.signals.weeks import LEAST_INCIDENTS, LEAST_OVER

STORED = Path(__file__).parent / "surveillance"
YEAR, WEEKS, JUDGED = 52, 300, 4
SERIES, FUTURES = 100, 100
# Incidents a week, and what an outbreak of four weeks multiplies them by.
SIZES = {25: 1.6, 5: 2.3, 2: 3.0}
SETTINGS = (
    "nothing",
    "7 per cent more a year",
    "7 per cent fewer a year",
    "the level wanders, 10 per cent a half-year",
    "overdispersed, k = 10",
    "overdispersed, k = 3",
    "AR(1), 0.7 a week, 20 per cent",
    "a break: half as many more since",
    "closed for 13 weeks",
    "a new place: a third more since",
    "past outbreaks, 3 times in 4 weeks",
)
# What R's bounds and ours before are the quantile of.
ALPHA = 0.005
# The budget's share of the weeks of a city, ten districts and seven locations.
BUDGET = signals_weeks.BUDGET / (18 * YEAR)
# No week varies less than Poisson (and a bit).
LEAST_SPREAD = 1.001


class Drawn(NamedTuple):
    """`past`: series, weeks; `calm` and `struck`: series, futures, the judged weeks."""

    past: np.ndarray
    calm: np.ndarray
    struck: np.ndarray


def drawn(setting: str, size: int) -> Drawn:
    """Return series of a setting with this mean in the judged weeks, and what may follow them."""
    rng = seeded(22, SETTINGS.index(setting), size)
    week = np.arange(WEEKS)
    season = 1 + 0.3 * np.sin(2 * np.pi * (week / YEAR + rng.random((SERIES, 1))))
    level = np.ones((SERIES, WEEKS))
    since = rng.integers(40, WEEKS - 60, (SERIES, 1))
    match setting.split(",")[0].split(":")[0]:
        case "7 per cent more a year":
            level = level * 1.07 ** ((week - WEEKS) / YEAR)
        case "7 per cent fewer a year":
            level = level * 0.93 ** ((week - WEEKS) / YEAR)
        case "the level wanders":
            steps = rng.normal(0, 0.1, (SERIES, WEEKS // 26 + 1)).cumsum(axis=1)
            level = np.exp(steps - steps[:, -1:])[:, week // 26]
        case "a break":
            level = np.where(week < since, 1 / 1.5, 1.0)
        case "a new place":
            level = np.where(week < since, 0.75, 1.0)
        case "closed for 13 weeks":
            level = np.where((week >= since) & (week < since + 13), 0.0, 1.0)
        case "past outbreaks":
            level = np.where((week >= since) & (week < since + 4), 3.0, 1.0)
    means = size * season * level
    past, ahead = means[:, :-JUDGED], means[:, None, -JUDGED:].repeat(FUTURES, axis=1)
    if setting.startswith("AR(1)"):
        state = rng.normal(0, 0.2, SERIES)
        for n in range(WEEKS - JUDGED):
            state = _stepped(rng, state)
            past[:, n] *= np.exp(state)
        state = state[:, None].repeat(FUTURES, axis=1)
        for n in range(JUDGED):
            state = _stepped(rng, state)
            ahead[..., n] *= np.exp(state)
    if setting.startswith("overdispersed"):
        shape = float(setting.split("= ")[1])
        past, ahead = (each * rng.gamma(shape, 1 / shape, each.shape) for each in (past, ahead))
    calm = rng.poisson(ahead)
    return Drawn(rng.poisson(past), calm, calm + rng.poisson(ahead * (SIZES[size] - 1)))


def _stepped(rng: np.random.Generator, state: np.ndarray) -> np.ndarray:
    return 0.7 * state + rng.normal(0, 0.2 * np.sqrt(1 - 0.7**2), state.shape)


def write(file: str) -> None:
    """Write the series that the R code reads, each with one future."""
    rows = [
        (setting, size, number, *past, *future)
        for setting in SETTINGS
        for size in SIZES
        for found in [drawn(setting, size)]
        for number, (past, future) in enumerate(zip(found.past, found.calm[:, 0], strict=True))
    ]
    names = ["setting", "size", "number", *range(1, WEEKS + 1)]
    pd.DataFrame(rows, columns=names).to_csv(file, index=False)


def held(series: np.ndarray, weeks: np.ndarray) -> np.ndarray:
    """Return what weeks of series are held against: series, weeks, `YEARS`, `SPAN`."""
    back = YEAR * np.arange(1, YEARS + 1)[:, None] - np.arange(SPAN) + SPAN // 2
    places = weeks[:, None, None] - back
    return np.where(places < 0, np.nan, series[:, places.clip(0)])


def predicted(series: np.ndarray, weeks: np.ndarray) -> Predicted:
    """Return what ours predicts of weeks of series: series, weeks."""
    counts = held(series, weeks).reshape(-1, YEARS, SPAN)
    found = model.fitted(counts, np.ones(counts.shape, dtype=bool)).predicted
    return Predicted(*(each.reshape(len(series), -1) for each in found))


def one_mean(counts: np.ndarray) -> np.ndarray:
    """Return bounds as before: one mean of the comparable weeks, a row each, and no trend."""
    known = np.isfinite(counts)
    number = known.sum(axis=1)
    y = np.where(known, counts, 0.0)
    with np.errstate(all="ignore"):
        centre = model._middle(counts).clip(0.5)[:, None]
        residual = 1.5 * (y ** (2 / 3) - centre ** (2 / 3)) / centre ** (1 / 6)
        deviation = model._middle(np.where(known, np.abs(residual), np.nan)) * 1.443
        residual /= deviation.clip(1.0)[:, None]
        weight = known * np.where(residual > model.ODD, residual, 1.0) ** -2.0
        weight *= (number / weight.sum(axis=1))[:, None]
        mean = ((weight * y).sum(axis=1) / number).clip(1e-6)
        squares = (weight * (y - mean[:, None]) ** 2).sum(axis=1) / mean
        ratio = (squares / (number - 1)).clip(1.0) * (1 + 1 / number)
        bound = nbinom.ppf(1 - ALPHA, mean / (ratio - 1), 1 / ratio)
    return np.where(number >= LEAST_WEEKS, bound, np.nan)


def before(series: np.ndarray, weeks: np.ndarray) -> np.ndarray:
    """Return the bounds as before of weeks of series: series, weeks."""
    base = (SPAN - BLOCK) // 2
    counts = held(series, weeks)[..., base : base + BLOCK]
    return one_mean(counts.reshape(-1, YEARS * BLOCK)).reshape(len(series), -1)


def of_r(mean: np.ndarray, spread: np.ndarray, alpha: float = ALPHA) -> np.ndarray:
    """Return R's bounds: the quantile of the negative binomial distribution that it says."""
    spread = np.maximum(spread, LEAST_SPREAD)
    return nbinom.ppf(1 - alpha, mean / (spread - 1), 1 / spread)


class Judge(NamedTuple):
    """What says which weeks are signals, at a limit: bounds, R's model, or ours.

    `r` is R's means and spreads, `ours` begins a week before the first judged one.
    """

    bound: np.ndarray | None = None
    r: tuple[np.ndarray, np.ndarray] | None = None
    ours: Predicted | None = None

    def signals(self, counts: np.ndarray, limit: float = ALPHA) -> np.ndarray:
        """Return which weeks are signals: series, futures, weeks after the first `LEAST_OVER`."""
        recent = np.lib.stride_tricks.sliding_window_view(counts, LEAST_OVER, axis=2)
        if self.ours:
            own = Predicted(*(each[:, None] for each in self.ours))
            bound = signals_weeks.bounds(own, recent, limit)
            return (counts[..., LEAST_OVER - 1 :] > bound)[..., 1:]
        bound = of_r(*self.r, limit) if self.r else self.bound
        enough = recent[..., 1:, :].sum(axis=-1) >= LEAST_INCIDENTS
        return (counts[..., LEAST_OVER:] > bound[:, None]) & enough


class Setting(NamedTuple):
    """The judges of a setting's series, and their counts: series, futures, weeks."""

    judges: dict[str, Judge]
    calm: np.ndarray
    struck: np.ndarray
    first: np.ndarray


def simulated(setting: str, size: int, rows: pd.DataFrame) -> Setting:
    """Return a setting: nothing happens, an outbreak of four weeks, and of one."""
    of = drawn(setting, size)
    own = rows[(rows["setting"] == setting) & (rows["size"] == size)].sort_values("number")
    r = (
        own[[f"{name}_{n}" for n in range(1, JUDGED + 1)]].to_numpy() for name in ("mean", "spread")
    )
    series = np.concatenate([of.past, of.calm[:, 0]], axis=1)
    judges = {
        "before": Judge(bound=before(series, np.arange(WEEKS - JUDGED, WEEKS))),
        "r": Judge(r=tuple(r)),
        "ours": Judge(ours=predicted(series, np.arange(WEEKS - JUDGED - 1, WEEKS))),
    }
    past = of.past[:, None, -LEAST_OVER:].repeat(FUTURES, axis=1)
    calm, struck = (np.concatenate([past, each], axis=2) for each in (of.calm, of.struck))
    first = np.concatenate([struck[..., : LEAST_OVER + 1], calm[..., LEAST_OVER + 1 :]], axis=2)
    return Setting(judges, calm, struck, first)


def false(judge: str, unchanged: list[Setting], limit: float = ALPHA) -> float:
    """Return the share of weeks that are signals though nothing happens."""
    return np.mean([each.judges[judge].signals(each.calm, limit).mean() for each in unchanged])


def limit_of(judge: str, unchanged: list[Setting], share: float) -> float:
    """Return the limit at which this share of weeks is false, by halving."""
    low, high = np.log(1e-5), np.log(0.05)
    for _ in range(25):
        limit = np.exp((low + high) / 2)
        is_over = false(judge, unchanged, limit) > share
        low, high = (low, np.log(limit)) if is_over else (np.log(limit), high)
    return float(np.exp(low))


def line(name: str, of: Setting, limits: list[tuple[str, float]]) -> tuple[str, ...]:
    """Return the line of a setting: of each judge and limit what is false, and what is found."""
    cells = []
    for judge, limit in limits:
        signals = partial(of.judges[judge].signals, limit=limit)
        four, one = signals(of.struck).any(axis=-1), signals(of.first)[..., 0]
        cells.append(
            f"{100 * signals(of.calm).mean():.2f}, {100 * four.mean():.0f}, {100 * one.mean():.0f}"
        )
    return (name, *cells)


def of_series(name: str, own: pd.DataFrame, limits: list[tuple[str, float]]) -> tuple[str, ...]:
    """Return the line of a published series: weeks flagged, and outbreaks put in that are found.

    An outbreak is of four weeks, with so many more a week as 1 and twice the root of the mean of
    the half-year before.
    """
    rng = seeded(23, len(own))
    counts = own["count"].to_numpy()
    weeks = np.flatnonzero(own["mean"].notna())
    more = 1 + 2 * np.sqrt(own["count"].rolling(26).mean().shift(1).to_numpy()[weeks])
    whole = counts[None, None, weeks[0] - LEAST_OVER :]
    struck = whole.repeat(FUTURES, axis=1)
    struck[..., LEAST_OVER:] += rng.poisson(more, (1, FUTURES, len(weeks)))
    judges = {
        "before": Judge(bound=before(counts[None], weeks)),
        "r": Judge(r=tuple(own[each].to_numpy()[None, weeks] for each in ("mean", "spread"))),
        "ours": Judge(ours=predicted(counts[None], np.arange(weeks[0] - 1, len(counts)))),
    }
    cells = []
    for judge, limit in limits:
        found = judges[judge].signals(struck, limit)[..., : len(weeks) // JUDGED * JUDGED]
        seen = found.reshape(FUTURES, -1, JUDGED).any(axis=-1)
        flagged = judges[judge].signals(whole, limit)
        cells.append(f"{100 * flagged.mean():.1f}, {100 * seen.mean():.0f}")
    return (f"{name} ({len(weeks)} weeks, mean {counts.mean():.1f})", *cells)


def main() -> None:
    """Write the simulated series to a file, or print the tables, with the seconds it took."""
    if len(sys.argv) > 1:
        write(sys.argv[1])
        return
    start = time.perf_counter()
    rows = pd.read_csv(STORED / "simulated.csv")
    unchanged = [simulated(SETTINGS[0], size, rows) for size in SIZES]
    limits = [("before", ALPHA), ("r", ALPHA)]
    limits += [("ours", limit_of("ours", unchanged, false("r", unchanged)))]
    limits += [(judge, limit_of(judge, unchanged, BUDGET)) for judge in ("r", "ours")]
    names = [f"{judge} at {100 * limit:.2g}" for judge, limit in limits]
    print(
        table(
            ("false, found in 4 weeks, in 1", *names),
            [
                line(f"{size} a week, {setting}", simulated(setting, size, rows), limits)
                for size in SIZES
                for setting in SETTINGS
            ],
        )
    )
    print()
    series = pd.read_csv(STORED / "published.csv").groupby("series", sort=False)
    print(
        table(
            ("flagged, found in 4 weeks", *names),
            [of_series(name, own.reset_index(drop=True), limits) for name, own in series],
        )
    )
    print(f"\n{time.perf_counter() - start:.0f} seconds")


if __name__ == "__main__":
    main()
