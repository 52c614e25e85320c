"""How often the effect of a measure is seen, and seen where there is none, in simulated cities.

`python benchmarks/effects.py` draws cities of which the truth is known, with fixed seeds: a treated
place and others of 1 to 80 incidents a season, all of which share what a season does. The counts
vary in ways that `analysis.measures.effect` does not assume.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.measures.effect import treatment_effect

if TYPE_CHECKING:
    from pandas import DataFrame

SEED, DRAWS = 2026, 400
# Incidents a season of the treated place, how many others there are, and seasons before and after.
SIZES = {"the largest (90)": 90.0, "a middle one (20)": 20.0, "a small one (5)": 5.0}
OTHERS = (6, 15)
SEASONS = ((2, 2), (3, 1))
# How far all places' level lies from one season to the next, as a logarithm.
COMMON = 0.1
HALVED = 0.5


def walk(rng: np.random.Generator, shape: tuple[int, int], step: float) -> np.ndarray:
    """Return levels that wander from season to season, a row a place."""
    return np.exp(rng.normal(0, step, shape).cumsum(axis=1))


def returning(rng: np.random.Generator, shape: tuple[int, int], spread: float) -> np.ndarray:
    """Return levels that return to what is usual: an autoregression of 0.6."""
    level = rng.normal(0, spread, shape)
    for season in range(1, shape[1]):
        level[:, season] = 0.6 * level[:, season - 1] + 0.8 * level[:, season]
    return np.exp(level)


def closing(rng: np.random.Generator, shape: tuple[int, int], share: float) -> np.ndarray:
    """Return levels of which so large a share falls to a tenth, or rises tenfold, for good."""
    level = np.ones(shape)
    for place in np.flatnonzero(rng.random(shape[0]) < share):
        level[place, rng.integers(1, shape[1]) :] = rng.choice([0.1, 10.0])
    return level


# What each place's level does beside what all do.
WORLDS = {
    "Poisson": lambda rng, shape: np.ones(shape),
    "overdispersed, k = 10": lambda rng, shape: rng.gamma(10, 1 / 10, shape),
    "overdispersed, k = 3": lambda rng, shape: rng.gamma(3, 1 / 3, shape),
    "wandering, 15 % a season": lambda rng, shape: walk(rng, shape, 0.15),
    "AR(1), 20 %": lambda rng, shape: returning(rng, shape, 0.2),
    "one in ten breaks": lambda rng, shape: closing(rng, shape, 0.1),
    "incidents in runs, 2.5 times Poisson": lambda rng, shape: np.ones(shape),
}
IN_RUNS = "incidents in runs, 2.5 times Poisson"


class Setting(NamedTuple):
    """What is drawn: the world, the treated place's size, the others, seasons before and after."""

    world: str
    size: str
    others: int
    seasons: tuple[int, int]


class Found(NamedTuple):
    """Shares of draws: no sign where there is none, halved found, and its truth held."""

    setting: Setting
    held: float
    seen: float
    halved_held: float


def drawn(setting: Setting, rng: np.random.Generator) -> np.ndarray:
    """Return the mean counts of a city, a row a place, the treated one first, a column a season."""
    sizes = np.exp(rng.normal(np.log(15), 0.9, setting.others)).clip(1, 80)
    shape = setting.others + 1, sum(setting.seasons)
    means = np.concatenate([[SIZES[setting.size]], sizes])[:, None]
    return means * np.exp(rng.normal(0, COMMON, shape[1])) * WORLDS[setting.world](rng, shape)


def counted(setting: Setting, means: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return counts of such means: Poisson, or each followed by as many more on average."""
    if setting.world != IN_RUNS:
        return rng.poisson(means)
    begun = rng.poisson(means / 2)
    return begun + rng.poisson(begun)


def laid_out(before: int, counts: np.ndarray) -> "DataFrame":
    """Return a city's counts as `treatment_effect` takes them."""
    import pandas as pd

    places, times = counts.shape
    return pd.DataFrame(
        {
            "location": np.repeat(np.arange(places), times),
            "season": np.tile(np.arange(times), places),
            "incidents": counts.ravel(),
            "treated": np.repeat(np.arange(places) == 0, times),
            "after": np.tile(np.arange(times) >= before, places),
        }
    )


def measured(setting: Setting) -> Found:
    """Return what is found in the draws of a setting."""
    before, _ = setting.seasons
    rng = np.random.default_rng([SEED, *map(ord, repr(setting))])
    held = seen = halved_held = 0
    for _ in range(DRAWS):
        means = drawn(setting, rng)
        nothing = treatment_effect(laid_out(before, counted(setting, means, rng)))
        means[0, before:] *= HALVED
        halved = treatment_effect(laid_out(before, counted(setting, means, rng)))
        held += nothing.low <= 1 <= nothing.high
        seen += halved.high < 1
        halved_held += halved.low <= HALVED <= halved.high
    return Found(setting, held / DRAWS, seen / DRAWS, halved_held / DRAWS)


def lines(found: list[Found]) -> Iterator[str]:
    """Yield the lines of the table: a world and a size each, the worst of its seasons."""
    columns = [f"{others} others: {what}" for others in OTHERS for what in ("held", "halved seen")]
    yield f"| what places do | treated | {' | '.join(columns)} |"
    yield "|---" * (2 + len(columns)) + "|"
    for world, size in product(WORLDS, SIZES):
        cells = []
        for others in OTHERS:
            mine = [one for one in found if one.setting[:3] == (world, size, others)]
            cells.append(f"{100 * min(min(one.held, one.halved_held) for one in mine):.0f}")
            cells.append(f"{100 * max(one.seen for one in mine):.0f}")
        yield f"| {world} | {size} | {' | '.join(cells)} |"


def main() -> None:
    """Print the table, and the seconds that it took."""
    start = time.perf_counter()
    settings = [Setting(*each) for each in product(WORLDS, SIZES, OTHERS, SEASONS)]
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(measured, settings))
    print("\n".join(lines(found)))
    print(f"\n{time.perf_counter() - start:.0f} seconds")


if __name__ == "__main__":
    main()
