"""How often the statistics are right where the truth is known: `python benchmarks/simulation.py`.

With `pages` only what the pages say of what has not changed.
Counts of the size met here (means of 2 to 100) are drawn with fixed seeds. Shown are how often each
interval holds the truth, how often each verdict is clear though nothing changed, and how far the
measured effects lie from a known one. "Worst" is the worst of all settings, named beside it.
The weights and how common each type is are those of the database (`make data`).
"""

import argparse
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis import statistics
from analysis.barometer import Selection, count_by
from analysis.comparison import reporting
from analysis.core import taxonomy
from analysis.core.database import connect
from analysis.severity import funnel, ladder

if TYPE_CHECKING:
    from pandas import DataFrame

SEED = 2026
# Where a table of all counts is drawn from; where each draw is computed; what takes longest and
# shows a bias rather than coverage.
MANY, DRAWS, LONG_DRAWS, FEW_DRAWS = 100_000, 10_000, 2_000, 300
LEVEL = 0.95
# Above any count that is drawn.
MOST = 250
MEANS = (2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100)
FEW_MEANS = MEANS[::2]
RATIOS = (1.0, 0.8, 0.65, 0.5)
EXPOSURES = (1.0, 1.1, 0.7)
SPREADS = (1.5, 2.0, 3.0)
# The sizes of a place, a district and the city in half a year.
PAGE_MEANS = (10, 20, 30, 50, 100, 300, 1000)
PAGE_SPREADS = (1.0, *SPREADS)
WEEKS, MONTHS = 26, 6
COMPARISONS = 12
COLUMNS = ("nominal", "mean", "worst", "at")
WEIGHTS = list(taxonomy.WEIGHTS.values())


class Found(NamedTuple):
    """A line of a table: shares of draws, the mean of all settings and the worst of them."""

    what: str
    nominal: str
    mean: float
    worst: float
    at: str


def found(what: str, nominal: str, shares: dict[str, float], worst: Callable = min) -> Found:
    """Return the line for the shares of all settings."""
    at = worst(shares, key=shares.get)
    return Found(what, nominal, float(np.mean(list(shares.values()))), shares[at], at)


def seeded(*part: int) -> np.random.Generator:
    """Return draws that are the same in each run, and others for each part."""
    return np.random.default_rng([SEED, *part])


def spread_out(rng: np.random.Generator, mean, spread: float, size=None) -> np.ndarray:
    """Return counts whose variance is `spread` times their mean: Poisson, or negative binomial."""
    if spread == 1:
        return rng.poisson(mean, size)
    return rng.negative_binomial(np.asarray(mean) / (spread - 1), 1 / spread, size)


# Coverage


def poisson() -> Found:
    """Return how often the interval of a rate holds it."""
    bounds = np.array([statistics.poisson_interval(count) for count in range(MOST)])
    shares = {}
    for mean in MEANS:
        low, high = bounds[seeded(1, mean).poisson(mean, MANY)].T
        shares[f"mean {mean}"] = np.mean((low <= mean) & (mean <= high))
    return found("rate (`poisson_interval`)", "at least 95", shares)


@cache
def ratios(exposure: float) -> np.ndarray:
    """Return the figures (last axis) of the rate ratio of each pair of counts, now and before."""
    both = product(range(MOST), range(MOST))
    figures = [statistics.rate_ratio(*counts, exposure) for counts in both]
    return np.array(figures).reshape(MOST, MOST, 4)


def rate_ratio() -> Found:
    """Return how often the exact interval of a rate ratio holds it."""
    shares = {}
    for before, ratio, exposure in product(MEANS, RATIOS, EXPOSURES):
        rng = seeded(2, before, int(100 * ratio), int(100 * exposure))
        now, then = rng.poisson(before * ratio * exposure, MANY), rng.poisson(before, MANY)
        _, low, high, _ = ratios(exposure)[now, then].T
        at = f"mean {before}, ratio {ratio}, exposure {exposure}"
        shares[at] = np.mean((low <= ratio) & (ratio <= high))
    return found("rate ratio (`rate_ratio`)", "at least 95", shares)


def wilson() -> Found:
    """Return how often Wilson's interval holds a share."""
    shares = {}
    for answers in range(20, 201, 10):
        bounds = np.array([statistics.wilson_interval(yes, answers) for yes in range(answers + 1)])
        for share in np.arange(50, 98) / 100:
            yes = seeded(4, answers, int(100 * share)).binomial(answers, share, 2 * DRAWS)
            low, high = bounds[yes].T
            shares[f"share {share}, {answers} answers"] = np.mean((low <= share) & (share <= high))
    return found("share (`wilson_interval`)", "95", shares)


def mixes() -> dict[str, np.ndarray]:
    """Return how common each type is: in the city's data, and every type as common."""
    with connect() as con:
        counts = count_by(con, Selection("2024/25"), "category").set_index("name")["incidents"]
    here = np.array([counts.get(label, 0) for label in taxonomy.CATEGORY_LABELS], float)
    return {"types as in the data": here / here.sum(), "every type as common": np.full(5, 0.2)}


def weighted(name: str, mix: np.ndarray) -> Found:
    """Return how often the interval of a score holds its mean."""
    shares = {}
    for mean in MEANS:
        counts = seeded(5, mean).poisson(mean * mix, (DRAWS, len(mix)))
        truth = mean * mix @ WEIGHTS
        bounds = [statistics.weighted_interval(one, WEIGHTS) for one in counts.tolist()]
        low, high = np.array(bounds).T
        shares[f"mean {mean}"] = np.mean((low <= truth) & (truth <= high))
    return found(f"score (`weighted_interval`), {name}", "95", shares)


def differences(mix: np.ndarray | None = None) -> tuple[Found, Found]:
    """Return how often a difference of changes holds the true one, and how often none is clear.

    Of incidents, or of scores where there is a mix of types.
    """
    held, clear = {}, {}
    for treated, control, ratio in product(FEW_MEANS, FEW_MEANS, (1.0, 0.5)):
        rng = seeded(6, treated, control, int(10 * ratio), mix is not None)
        means = np.array([treated, treated * ratio, control, control])
        truth = treated * (ratio - 1)
        if mix is None:
            draws = rng.poisson(means, (DRAWS, 4)).tolist()
            made = [statistics.did_counts(*one) for one in draws]
        else:
            draws = rng.poisson(np.outer(means, mix), (DRAWS, 4, len(mix))).tolist()
            made = [statistics.weighted_did(*one, WEIGHTS) for one in draws]
            truth *= mix @ WEIGHTS
        _, low, high, p_value = np.array(made).T
        at = f"means {treated} and {control}" + (f", ratio {ratio}" if ratio != 1 else "")
        held[at] = np.mean((low <= truth) & (truth <= high))
        if ratio == 1:
            clear[at] = np.mean(p_value < 1 - LEVEL)
    name = "incidents (`did_counts`)" if mix is None else "scores (`weighted_did`)"
    what = f"difference of changes in {name}"
    return found(what, "95", held), found(what, "5", clear, max)


# Clear though nothing changed


def plain_verdict(spread: float) -> Found:
    """Return how often a rate ratio is clear between equal rates."""
    shares = {}
    for mean, exposure in product(MEANS, EXPOSURES):
        rng = seeded(7, mean, int(100 * exposure), int(10 * spread))
        now, then = (spread_out(rng, mean * held, spread, MANY) for held in (exposure, 1.0))
        p_values = ratios(exposure)[now, then, 3]
        shares[f"mean {mean}, exposure {exposure}"] = np.mean(p_values < 1 - LEVEL)
    nominal = "at most 5" if spread == 1 else "–"
    which = "" if spread == 1 else f", counts of spread {spread:g} taken for Poisson"
    return found(f"rate ratio{which}", nominal, shares, max)


def several() -> list[Found]:
    """Return how often one at least of several comparisons is clear, alone and adjusted."""
    plain, kept = {}, {}
    for name, means in (
        ("all of mean 5", np.full(COMPARISONS, 5)),
        ("all of mean 30", np.full(COMPARISONS, 30)),
        ("means of 2 to 100", np.geomspace(2, 100, COMPARISONS)),
    ):
        now, then = seeded(8, int(means.sum())).poisson(means, (2, DRAWS, COMPARISONS))
        p_values = ratios(1.0)[now, then, 3]
        plain[name] = np.mean(p_values.min(axis=1) < 1 - LEVEL)
        least = [min(statistics.adjusted(one)) for one in p_values]
        kept[name] = np.mean(np.array(least) < 1 - LEVEL)
    what = f"any of {COMPARISONS} rate ratios"
    return [
        found(f"{what}, not adjusted", "–", plain, max),
        found(f"{what}, adjusted (`adjusted`)", "at most 5", kept, max),
    ]


def unchanged_pages() -> list[Found]:
    """Return how often the other pages are clear of what has not changed.

    Sizes and shares are those of the database: a place and the city, two winters as one.
    """
    warned, moved, upper = {}, {}, {}
    with connect() as con:
        for name, place in (("a library", {"location": "Blågårdens Bibliotek"}), ("the city", {})):
            both = [Selection(season, **place) for season in ("2024/25", "2025/26")]
            warned[name] = reporting_warned(reporting.signs(con, *both))
            moved[name], upper[name] = ladder_moved(ladder.moved(con, *both))
        outside = funnel_outside(
            funnel.expected_incidents(funnel.locations(con, Selection("2025/26")))
        )
    return [
        found("any sign of another way of reporting (`reporting.tested`)", "5", warned, max),
        found("mean step of the ladder (`ladder.movement`)", "5", moved, max),
        found("share above the lowest step (`ladder.movement`)", "5", upper, max),
        *outside,
    ]


def reporting_warned(signs: "DataFrame") -> float:
    """Return how often the way of reporting is told as changed, of signs of the same shares."""
    rng = seeded(11, int(signs["whole_before"].sum()))
    part = signs["part_before"] + signs["part_after"]
    whole = signs["whole_before"] + signs["whole_after"]
    share = (part / whole.clip(lower=1)).to_numpy()
    warned = 0
    for _ in range(LONG_DRAWS):
        drawn = [
            {
                name: reporting.Part(int(one), int(of))
                for name, one, of in zip(
                    signs["name"], rng.binomial(sizes, share), sizes, strict=True
                )
            }
            for sizes in (signs["whole_before"], signs["whole_after"])
        ]
        warned += (reporting.tested(*drawn)["adjusted"] < reporting.THRESHOLD).any()
    return float(warned / LONG_DRAWS)


def ladder_moved(real: ladder.Movement) -> tuple[float, float]:
    """Return how often the mean step and the share above the lowest are clear, of alike steps."""
    before, after = np.array(real.before), np.array(real.after)
    rng = seeded(12, int(before.sum()))
    share = (before + after) / (before + after).sum()
    drawn = [rng.multinomial(of.sum(), share, LONG_DRAWS).tolist() for of in (before, after)]
    made = [ladder.movement(*one) for one in zip(*drawn, strict=True)]
    return (
        float(np.mean([one.p_value < 1 - LEVEL for one in made])),
        float(np.mean([one.low > 0 or one.high < 0 for one in made])),
    )


def funnel_outside(rows: "DataFrame") -> list[Found]:
    """Return how many places of the same rate lie outside the funnel, and how often they differ.

    `rows` are `funnel.expected_incidents` ones; each place draws what is expected of it.
    """
    rng = seeded(13)
    inner, outer, clear = [], [], []
    for _ in range(FEW_DRAWS):
        drawn = funnel.expected_incidents(rows.assign(incidents=rng.poisson(rows["expected"])))
        spread = funnel.spread(drawn)
        verdicts = funnel.verdicts(drawn, spread)["verdict"]
        inner.append(np.mean(verdicts != funnel.WITHIN))
        outer.append(np.mean(verdicts.str.startswith("langt")))
        clear.append(spread.is_clear)
    of = f"{len(rows)} places"
    return [
        found("a place outside the funnel's inner limits", "5", {of: np.mean(inner)}, max),
        found("a place outside its outer limits", "0.2", {of: np.mean(outer)}, max),
        found("its places differ clearly (`funnel.spread`)", "5", {of: np.mean(clear)}, max),
    ]


# A place with a known effect, set against another


class Effect(NamedTuple):
    """A line of the table of effects: true and found, how often held, and how often clear."""

    what: str
    truth: str
    found: str
    coverage: float
    clear: float


def told(what: str, truth: float, rows: list[tuple], unit: str) -> Effect:
    """Return the line for differences found, with their mean."""
    value, low, high, p_value = np.array(rows).T
    return Effect(
        what,
        f"{truth:.1f} {unit}",
        f"{np.mean(value):.1f} {unit}",
        float(np.mean((low <= truth) & (truth <= high))),
        float(np.mean(p_value < 1 - LEVEL)),
    )


def pairs(mix: np.ndarray) -> Iterator[Effect]:
    """Yield what the difference of changes finds of a fall of 30 per cent, set against one place.

    Where the city rises, a larger place rises by more incidents, which is no effect.
    """
    fall, treated = 0.3, 40
    for (name, control), rise in product(
        (("a place of the same size", 40), ("a place three times the size", 120)), (1.0, 1.2)
    ):
        means = [treated, treated * (1 - fall) * rise, control, control * rise]
        rng = seeded(10, control, int(10 * rise))
        draws = rng.poisson(np.outer(means, mix), (DRAWS, 4, len(mix)))
        caused = -treated * fall * rise
        about = f"{name}, {'no trend' if rise == 1 else 'city up by a fifth'}"
        plain = [statistics.did_counts(*one) for one in draws.sum(axis=2).tolist()]
        yield told(f"`did_counts`: {about}", caused, plain, "incidents")
        scores = [statistics.weighted_did(*one, WEIGHTS) for one in draws.tolist()]
        yield told(f"`weighted_did`: {about}", caused * mix @ WEIGHTS, scores, "points")


def percent(share: float) -> str:
    """Return a share as per cent with a decimal."""
    return f"{100 * share:.1f}"


def table(headings: tuple[str, ...], rows: list[tuple]) -> str:
    """Return rows as a Markdown table; floats are shares."""
    cells = [
        [percent(cell) if isinstance(cell, float) else str(cell) for cell in row] for row in rows
    ]
    lines = [headings, ["---"] * len(headings), *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Run everything, or what the pages say, and print the tables with the seconds it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="?", choices=["pages"], help="only this part")
    start = time.perf_counter()
    if parser.parse_args().part is None:
        everything()
    print(table(("the pages: clear though nothing changed, per cent", *COLUMNS), unchanged_pages()))
    print(f"\n{time.perf_counter() - start:.0f} seconds")


def everything() -> None:
    """Print coverage, verdicts and effects of each statistic."""
    mix = mixes()
    here = next(iter(mix.values()))
    incidents, scores = differences(), differences(here)
    coverage = [
        poisson(),
        rate_ratio(),
        *(weighted(name, of) for name, of in mix.items()),
        incidents[0],
        scores[0],
        wilson(),
    ]
    verdicts = [
        plain_verdict(1.0),
        plain_verdict(2.0),
        *several(),
        incidents[1],
        scores[1],
    ]
    effects = list(pairs(here))
    print(table(("95 per cent interval of: holds the truth, per cent", *COLUMNS), coverage))
    print()
    print(table(("clear though nothing changed, per cent", *COLUMNS), verdicts))
    print()
    headings = ("effect", "true", "found", "interval holds it, per cent", "clear, per cent")
    print(table(headings, effects))
    print()


if __name__ == "__main__":
    main()
