"""How often the interval for what is still to be reported holds: `python benchmarks/late.py`.

Cities are drawn with fixed seeds: 60 places whose incidents come each day, and are reported after
the delays of a world. On the last day the delays are learned from two years as they were known, and
what is still to come of the last three months is told as `analysis.nowcast` does, for the city and
for each place, and held against what came.
"""

from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

import numpy as np
from simulation import seeded, table

from analysis import statistics
from analysis.nowcast.delays import MOST, WINDOW, Delays, pace
from analysis.statistics.delays import bound

DRAWS, PLACES = 60, 60
DAYS = 7 * WINDOW
A_DAY = 4.8
KNOWN = date(2026, 3, 31)
MONTHS = (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1))
SPANS = [*zip(MONTHS[:-1], MONTHS[1:], strict=True)]
# A fall of the last winter half-year that is only lateness is judged by the last half year.
HALF = date(2025, 10, 1)


class World(NamedTuple):
    """How late reports come: `mean` days of those that are late, of which a `share` is.

    `spread` is how counts of days vary (1 is Poisson), `own` how far places' delays lie apart (a
    log standard deviation), `weekly` whether all reports come on Mondays, `slower` how many times
    as late they come in the last three months, `wander` the log standard deviation of each month's
    delays.
    """

    name: str
    share: float = 0.4
    mean: float = 6.0
    sigma: float = 1.2
    spread: float = 1.0
    own: float = 0.0
    weekly: bool = False
    slower: float = 1.0
    wander: float = 0.0


WORLDS = (
    World("a few days"),
    World("a long tail", mean=15.0, sigma=1.6),
    World("days vary 3 times as Poisson", spread=3.0),
    World("months differ", wander=0.4),
    World("places differ", own=0.6),
    World("on Mondays alone", weekly=True),
    World("slower in the last three months", slower=1.5),
)


def drawn(world: World, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the place, the age in days and the delay of each incident of two years."""
    rng = np.random.default_rng([number, *world.name.encode()])
    sizes = rng.gamma(1.2, size=PLACES)
    days = np.full(DAYS, A_DAY)
    if world.spread > 1:
        days = rng.gamma(days / (world.spread - 1), world.spread - 1)
    ages = np.repeat(np.arange(DAYS), rng.poisson(days))
    places = rng.choice(PLACES, size=len(ages), p=sizes / sizes.sum())
    scale = np.exp(rng.normal(0, world.own, PLACES))[places]
    scale = scale * np.exp(rng.normal(0, world.wander, DAYS // 30 + 1))[ages // 30]
    scale = scale * np.where(ages < 90, world.slower, 1.0)
    late = rng.random(len(ages)) < world.share
    # Of a lognormal's median and mean.
    median = world.mean / np.exp(world.sigma**2 / 2)
    wait = np.floor(rng.lognormal(np.log(median), world.sigma, len(ages)) * scale)
    delays = np.where(late, 1 + wait, 0).astype(int)
    if world.weekly:
        delays += (ages - delays) % 7
    return places, ages, delays


def tried(number: int, world: World) -> list[tuple[bool, bool, float, int]]:
    """Return for city and places of a draw whether the interval held and the mean came near."""
    places, ages, delays = drawn(world, number)
    known = delays <= ages
    counts = np.zeros((WINDOW, MOST + 1))
    in_weeks = ages // 7
    waited = in_weeks - (ages - delays) // 7
    within = known & (waited <= MOST)
    np.add.at(counts, (in_weeks[within], waited[within]), 1)
    told = statistics.delays.reported(counts)
    cumulated = told.hazard.cumsum()
    found = []
    for place in (None, *range(PLACES)):
        own = within if place is None else within & (places == place)
        expected = cumulated[np.minimum(in_weeks[own], MOST)]
        expected = expected - cumulated[np.maximum(waited[own], 1) - 1]
        delay = Delays(KNOWN, told, pace((waited[own] > 0).sum(), expected.sum()))
        here = np.ones(len(ages), bool) if place is None else places == place
        firsts = [(KNOWN - first).days for first, _ in SPANS]
        afters = [(KNOWN - after).days for _, after in SPANS]
        inside = [
            here & (ages <= first) & (ages > after)
            for first, after in zip(firsts, afters, strict=True)
        ]
        seen = np.array([(one & known).sum() for one in inside])
        late = np.array([(one & ~known).sum() for one in inside])
        each = delay.to_come(SPANS, seen)
        whole = delay.all_together(each)
        for kind, one, came in (("months", each, late), ("sum", whole, late.sum())):
            low, high = bound(one, 0.05), bound(one, 0.95)
            for mean, lowest, highest, now in zip(
                *map(np.atleast_1d, (one.mean, low, high, came)), strict=True
            ):
                found.append((place is None, kind, lowest <= now <= highest, mean, now, len(ages[here]) ))
    return found


def main() -> None:
    """Print a row a world: what the intervals hold, and what is told to come beside what came."""
    rows = []
    with ProcessPoolExecutor() as pool:
        for world in WORLDS:
            found = [r for rows_ in pool.map(partial(tried, world=world), range(DRAWS)) for r in rows_]
            cells = [world.name]
            for city in (True, False):
                for kind in ("months", "sum"):
                    some = [r for r in found if r[0] == city and r[1] == kind]
                    if not city:
                        some = [r for r in some if r[5] >= 150]
                    held = np.mean([r[2] for r in some])
                    bias = sum(r[3] for r in some) / max(sum(r[4] for r in some), 1)
                    cells.append(f"{100 * held:.0f} % ({bias:.2f}, {np.mean([r[4] for r in some]):.0f})")
            rows.append(tuple(cells))
            print(cells, flush=True)


if __name__ == "__main__":
    main()
