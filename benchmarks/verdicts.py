"""How often a change is called clear though nothing lasting changed, and a fall when there is one.

`python benchmarks/verdicts.py` draws cities of 25 places over five seasons, with fixed seeds, whose
levels wander in ways that `analysis.comparison.usual` does not assume, and judges the last change
of a place of each size, and of the whole city, as the season page does.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.comparison.usual import ONLY_CHANCE, Usual, by_changes, own_changes

SEED, DRAWS, PLACES, SEASONS = 2026, 600, 25, 5
# Incidents a season of the place that is judged, and what a season does to all of them.
MEANS = (10, 30, 100, 300, 1000)
HALVED = 0.5

# What the level of each place does beside the others, and how far all move together each season.
WORLDS = {
    "Poisson": (lambda rng, shape: np.ones(shape), 0.0),
    "each level 5 % off": (lambda rng, shape: np.exp(rng.normal(0, 0.05, shape)), 0.0),
    "each level 10 % off": (lambda rng, shape: np.exp(rng.normal(0, 0.1, shape)), 0.0),
    "wandering on, 10 % a season": (
        lambda rng, shape: np.exp(rng.normal(0, 0.1, shape).cumsum(axis=1)),
        0.0,
    ),
    "all 10 % off together": (lambda rng, shape: np.ones(shape), 0.1),
    "overdispersed, k = 10, and 5 % together": (
        lambda rng, shape: rng.gamma(10, 1 / 10, shape),
        0.05,
    ),
    "overdispersed, k = 3": (lambda rng, shape: rng.gamma(3, 1 / 3, shape), 0.0),
    "incidents in runs, 2.5 times Poisson": (lambda rng, shape: np.ones(shape), 0.0),
}
IN_RUNS = "incidents in runs, 2.5 times Poisson"


class Setting(NamedTuple):
    """What is drawn: the world, and the mean count of the place that is judged."""

    world: str
    mean: int


class Found(NamedTuple):
    """Shares of draws that are clear: by the exact interval, as judged, and of a halved rate."""

    setting: Setting
    exact: float
    clear: float
    halved: float
    city_exact: float
    city_clear: float


def drawn(setting: Setting, rng: np.random.Generator) -> np.ndarray:
    """Return the mean counts of a city, a row a place (the judged one first), a column a season."""
    own, together = WORLDS[setting.world]
    sizes = np.exp(rng.normal(np.log(20), 0.9, PLACES - 1)).clip(1, 200)
    shape = PLACES, SEASONS
    means = np.concatenate([[setting.mean], sizes])[:, None] * own(rng, shape)
    return means * np.exp(rng.normal(0, together, SEASONS))


def counted(setting: Setting, means: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return counts of such means: Poisson, or each followed by as many more on average."""
    if setting.world != IN_RUNS:
        return rng.poisson(means)
    begun = rng.poisson(means / 2)
    return begun + rng.poisson(begun)


def usual_of(counts: np.ndarray, together: float) -> Usual:
    """Return what is usual by a city's seasons before the last change, as the page has it."""
    rows = []
    for season in range(1, SEASONS - 1):
        made = own_changes(*counts[:, season - 1 : season + 1].T, *np.ones((2, len(counts))))
        rows.append(made.assign(season=season))
    return by_changes(pd.concat(rows), together)


def is_clear(usual: Usual, before: int, after: int) -> bool:
    """Return whether a change is clear."""
    found = usual.rate_ratio(int(after), int(before))
    return found.low > 1 or found.high < 1


def measured(setting: Setting) -> Found:
    """Return what is found in the draws of a setting."""
    rng = np.random.default_rng([SEED, *map(ord, repr(setting))])
    sums = np.zeros(5)
    for _ in range(DRAWS):
        means = drawn(setting, rng)
        counts = counted(setting, means, rng)
        ends, city = counts[0, -2:], counts[:, -2:].sum(axis=0)
        halved = ends[0], counted(setting, means[0, -1] * HALVED, rng)
        shares = counts[:, -2:].sum(axis=1) / city.sum()
        one, all_of_it = usual_of(counts, 1.0), usual_of(counts, float(shares @ shares))
        sums += (
            is_clear(ONLY_CHANCE, *ends),
            is_clear(one, *ends),
            is_clear(one, *halved),
            is_clear(ONLY_CHANCE, *city),
            is_clear(all_of_it, *city),
        )
    return Found(setting, *(sums / DRAWS))


def lines(found: list[Found]) -> Iterator[str]:
    """Yield the lines of the table: a world each, a column of three shares a mean."""
    by_setting = {one.setting: one for one in found}
    heads = [f"mean {mean}" for mean in MEANS]
    yield f"| what levels do | {' | '.join(heads)} | the city |"
    yield "|---" * (len(MEANS) + 2) + "|"
    for world in WORLDS:
        mine = [by_setting[world, mean] for mean in MEANS]
        cells = [f"{100 * n.exact:.0f} / {100 * n.clear:.0f} / {100 * n.halved:.0f}" for n in mine]
        city = np.mean([one[4:] for one in mine], axis=0)
        yield f"| {world} | {' | '.join(cells)} | {100 * city[0]:.0f} / {100 * city[1]:.0f} |"


def main() -> None:
    """Print the table, and the seconds that it took."""
    start = time.perf_counter()
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(measured, (Setting(*each) for each in product(WORLDS, MEANS))))
    print("Per cent clear by the exact interval / as judged / as judged of a halved rate.\n")
    print("\n".join(lines(found)))
    print(f"\n{time.perf_counter() - start:.0f} seconds")


if __name__ == "__main__":
    main()
