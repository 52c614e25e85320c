"""What is still to be reported, and who has stopped: `python benchmarks/late.py`.

Cities are drawn with fixed seeds: 60 places whose incidents come each day, and are reported after
the delays of a world. On the last day what is still to come of the last three months is told as
`analysis.nowcast` does, for the city and for each place, and held against what came. Then no place,
or one, stops reporting, and it is shown how often one is told as silent.
"""

import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from math import inf
from typing import NamedTuple

import numpy as np
from simulation import table

from analysis import statistics
from analysis.comparison.usual import ONLY_CHANCE, Usual
from analysis.nowcast.lateness import MOST, WINDOW, Delays, pace
from analysis.nowcast.silence import chance_of_none, wandering
from analysis.statistics.delays import bound, reported

DRAWS, PLACES = 300, 60
DAYS = 7 * WINDOW
A_DAY = 4.8
KNOWN = date(2026, 3, 31)
MONTHS = (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1))
SPANS = [*pairwise(MONTHS)]
# A place that is large enough for its own line, in incidents of two years.
LARGE = 150
# Days of a half-year.
HALF = 182


class World(NamedTuple):
    """How late reports come: `mean` days (lognormal, with `sigma`) of the share that is late.

    `spread` is how days' counts vary (1 is Poisson); `own` and `wander` how far places' and months'
    delays lie apart, log standard deviations; `weekly`: all reports come on Mondays; `slower`: how
    many times as late they come in the last three months.
    """

    name: str
    mean: float = 6.0
    sigma: float = 1.2
    share: float = 0.4
    spread: float = 1.0
    own: float = 0.0
    wander: float = 0.0
    weekly: bool = False
    slower: float = 1.0


WORLDS = (
    World("a few days"),
    World("a long tail", mean=15.0, sigma=1.6),
    World("days vary 3 times as Poisson", spread=3.0),
    World("months' delays differ", wander=0.4),
    World("places' delays differ", own=0.6),
    World("reported on Mondays alone", weekly=True),
    World("slower in the last three months", slower=1.5),
)


class Told(NamedTuple):
    """What was told of the city or a place, of a month or the three, and whether it held."""

    who: str
    span: str
    held: bool
    mean: float
    came: int


def drawn(world: World, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the place, the age in days and the days of delay of each incident of two years."""
    rng = np.random.default_rng([number, *world.name.encode()])
    sizes = rng.gamma(1.2, size=PLACES)
    days = np.full(DAYS, A_DAY)
    if world.spread > 1:
        days = rng.gamma(days / (world.spread - 1), world.spread - 1)
    ages = np.repeat(np.arange(DAYS), rng.poisson(days))
    places = rng.choice(PLACES, size=len(ages), p=sizes / sizes.sum())
    scale = np.exp(rng.normal(0, world.own, PLACES))[places]
    scale *= np.exp(rng.normal(0, world.wander, DAYS // 30 + 1))[ages // 30]
    scale *= np.where(ages < (KNOWN - MONTHS[0]).days, world.slower, 1.0)
    middle = np.log(world.mean) - world.sigma**2 / 2
    wait = np.floor(rng.lognormal(middle, world.sigma, len(ages)) * scale)
    delays = np.where(rng.random(len(ages)) < world.share, 1 + wait, 0).astype(int)
    if world.weekly:
        delays += (ages - delays) % 7
    return places, ages, delays


class Tried(NamedTuple):
    """What was told of a drawn city, and whether its last half-year is a clear fall.

    Nothing differs from the one before: by the counts as they stand, and as pages judge.
    """

    told: list[Told]
    falls: tuple[bool, bool]


def tried(number: int, world: World) -> Tried:
    """Return what is told of a drawn city and of its large places, and what came."""
    places, ages, delays = drawn(world, number)
    known = delays <= ages
    in_weeks = ages // 7
    waited = in_weeks - (ages - delays) // 7
    within = known & (waited <= MOST)
    counts = np.zeros((WINDOW, MOST + 1))
    np.add.at(counts, (in_weeks[within], waited[within]), 1)
    soon = reported(counts)
    cumulated = soon.hazard.cumsum()
    found = []
    for place in (None, *range(PLACES)):
        here = places == place if place is not None else np.ones(len(ages), bool)
        if place is not None and here.sum() < LARGE:
            continue
        own = within & here
        expected = cumulated[np.minimum(in_weeks[own], MOST)]
        expected = expected - cumulated[np.maximum(waited[own], 1) - 1]
        told = Delays(KNOWN, soon, pace((waited[own] > 0).sum(), expected.sum()))
        inside = [
            here & (ages <= (KNOWN - first).days) & (ages > (KNOWN - after).days)
            for first, after in SPANS
        ]
        each = told.to_come(SPANS, np.array([(one & known).sum() for one in inside]))
        whole = told.all_together(each)
        came = np.array([(one & ~known).sum() for one in inside])
        who = "city" if place is None else "place"
        for span, one, late in (("month", each, came), ("sum", whole, came.sum())):
            ends = bound(one, 0.05), bound(one, 0.95)
            for mean, low, high, now in zip(*map(np.ravel, (one.mean, *ends, late)), strict=True):
                found.append(Told(who, span, low <= now <= high, mean, int(now)))
    return Tried(found, falls(ages, known, Delays(KNOWN, soon)))


def falls(ages: np.ndarray, known: np.ndarray, delays: Delays) -> tuple[bool, bool]:
    """Return the falls of `Tried`."""
    now, before = ((ages // HALF == n) & known for n in (0, 1))
    counts = int(now.sum()), int(before.sum())
    weeks = [KNOWN - timedelta(days=n) for n in range(HALF - 1, -1, -7)]
    spans = [(day, day + timedelta(days=7)) for day in weeks]
    seen = [
        ((ages <= (KNOWN - a).days) & (ages > (KNOWN - b).days) & known).sum() for a, b in spans
    ]
    late = delays.all_together(delays.to_come(spans, np.array(seen)))
    whole = counts[0] + float(late.mean)
    held = Usual(float(late.variance) / whole**2, inf, counts[0] / whole)
    return tuple(one.rate_ratio(*counts).high < 1 for one in (ONLY_CHANCE, held))


def of_world(world: World, tries: Iterable[Tried]) -> tuple[str, ...]:
    """Return the row of a world: how often the interval held, and what was told to what came."""
    tries, cells = list(tries), [world.name]
    found = [told for one in tries for told in one.told]
    for who in ("city", "place"):
        for span in ("month", "sum"):
            some = [one for one in found if (one.who, one.span) == (who, span)]
            cells.append(f"{100 * np.mean([one.held for one in some]):.0f}")
        came = [one.came for one in some]
        ratio = sum(one.mean for one in some) / max(sum(came), 1)
        cells.append(f"{np.mean(came):.1f}, {ratio:.2f}")
    return (*cells, *(f"{100 * share:.1f}" for share in np.mean([one.falls for one in tries], 0)))


# Levels of places wander this much a half-year, and their four weeks vary so many times as Poisson.
LEVELS = ((0.0, 1.0), (0.1, 1.0), (0.3, 1.0), (0.1, 2.0), (0.3, 2.0))
STOPPED = (8, 13, 26)
# Incidents a half-year of the place that stops.
SIZES = (10, 20, 40)


def silence(number: int, wander: float, spread: float) -> list[bool]:
    """Return whether any place of a city is told as silent, then whether one that stopped is."""
    rng = np.random.default_rng([number, int(10 * wander), int(spread)])
    sizes = rng.gamma(1.2, size=PLACES)
    sizes *= 7 * A_DAY / sizes.sum()
    sizes[: len(SIZES)] = np.array(SIZES) / 26
    levels = np.exp(rng.normal(0, wander, (PLACES, WINDOW // 26 + 1)).cumsum(axis=1))
    means = sizes[:, None] * levels[:, np.arange(WINDOW) // 26]
    if spread > 1:
        shape = means * 4 / (spread - 1)
        fours = rng.gamma(shape[:, ::4], 1) / shape[:, ::4]
        means = means * fours[:, np.arange(WINDOW) // 4]
    counts = rng.poisson(means)
    made = [bool(told(counts).any())]
    for place in range(len(SIZES)):
        for weeks in STOPPED:
            stopped = counts.copy()
            stopped[place, -weeks:] = 0
            made.append(bool(told(stopped)[place]))
    return made


def told(counts: np.ndarray) -> np.ndarray:
    """Return which places of weekly counts are told as silent."""
    counts = counts[counts.any(axis=1)]
    whole = counts.sum(axis=0)
    last = counts.shape[1] - 1 - (counts[:, ::-1] > 0).argmax(axis=1)
    up_to = whole.cumsum()[last]
    own = counts.sum(axis=1)
    recent = counts[:, WINDOW // 2 :].sum(axis=1)
    given = wandering(own - recent, recent)
    chances = chance_of_none(own, up_to - own, whole.sum() - up_to, *given)
    return np.array(statistics.adjusted(chances.tolist())) < statistics.THRESHOLD


def main() -> None:
    """Print both tables, with the seconds they took."""
    start = time.perf_counter()
    headings = ("90 per cent interval holds", "city, a month", "the three", "came, told to it")
    headings += ("large place, a month", "the three", "came, told to it")
    headings += ("clear fall of the city by the counts alone", "as judged")
    with ProcessPoolExecutor() as pool:
        rows = [
            of_world(world, pool.map(partial(tried, world=world), range(DRAWS))) for world in WORLDS
        ]
        print(table(headings, rows), "\n", flush=True)
        names = [f"{size} a half-year, {weeks} weeks" for size in SIZES for weeks in STOPPED]
        rows = []
        for wander, spread in LEVELS:
            made = pool.map(partial(silence, wander=wander, spread=spread), range(DRAWS))
            shares = np.mean(list(made), axis=0)
            rows.append((f"levels wander by {wander}, spread {spread}", *map(float, shares)))
        print(table(("told as silent, per cent", "none stopped", *names), rows))
    print(f"\n{time.perf_counter() - start:.0f} seconds")


if __name__ == "__main__":
    main()
