"""Whether what is published lets anybody tell a count of 1 to 4, and what it leaves to read.

Attacked are the sample's half-years and 100 drawn cities. Protected is each count of 1 to 4 in a
table, and each of what is left of a district or the city without one place. A count is told unless
some other city, published as the same numbers, has it as 1, another as 2, 3 and 4. Of 24 monthly
releases, with the incidents that were reported by then, none may differ from another.

An attack of its own, which shares no code with the protection, seeks the least and the greatest
that some of the counts can be, by integer programming over the locations alone.
"""

import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.core import taxonomy
from analysis.core.asking import dataset, resolve
from analysis.core.database import DEFAULT
from analysis.core.selection import Selection
from analysis.public import figures, protection
from analysis.public.protection import STEP, Tables

SEED, CITIES, RELEASES, TRIED = 20260424, 100, 24, 20
DIVIDED = taxonomy.UNWANTED


def main() -> None:
    """Attack and print."""
    rng = np.random.default_rng(SEED)
    print("| attacked | counts of 1 to 4 | told by all of it | tried by bounds | told by bounds |")
    print("|---|---|---|---|---|")
    with TemporaryDirectory() as folder:
        file = Path(folder, "barometer.duckdb")
        shutil.copy(DEFAULT, file)
        with duckdb.connect(file) as con:
            halves = list(_halves(con))
            sample = [_published(_tables(con, one)) for one in halves]
            _row(f"the sample, {len(halves)} half-years", sample, rng)
            out, others = _releases(con, halves)
    _row(f"{CITIES} drawn cities", [_published(_drawn(rng)) for _ in range(CITIES)], rng)
    print(f"\n{RELEASES} monthly releases: {out} of a half-year, {others} with other counts")
    _readable(sample)


def _published(tables: Tables) -> tuple[Tables, np.ndarray]:
    return tables, protection._published(tables)


def _row(name: str, cities: Sequence[tuple[Tables, np.ndarray]], rng) -> None:
    told = small = tried = by_bounds = 0
    for tables, published in cities:
        cells = np.flatnonzero((tables.counts > 0) & (tables.counts < STEP))
        small += len(cells)
        told += len(protection.known(tables, published, cells))
        for cell in rng.choice(cells, min(TRIED, len(cells)), replace=False):
            least, most = _bounds(tables, published, cell)
            tried += 1
            by_bounds += not (least <= 1 and most >= STEP - 1)
    print(f"| {name} | {small} | {told} | {tried} | {by_bounds} |", flush=True)


def _halves(con) -> Iterator[Selection]:
    data = dataset(con)
    for season in data.seasons:
        for half in ("vinter", "sommer"):
            one = resolve(con, Selection(season.name, half))
            if data.covers(one):
                yield one


def _tables(con, selection: Selection) -> Tables:
    return protection._tables(figures.counts(con, selection), DIVIDED)


def _releases(con, halves: Sequence[Selection]) -> tuple[int, int]:
    """Return in how many monthly releases a half-year was out, and how often with other counts."""
    last = {one: _tables(con, one).counts for one in halves}
    end, out, others = dataset(con).last_day + timedelta(62), 0, 0
    for _ in range(RELEASES):
        end = end.replace(day=1) - timedelta(1)
        # Nothing can be added to a copy that is only taken from: the last release first.
        con.execute("delete from incident where reported_at >= $1", [end + timedelta(1)])
        for one in halves:
            if one.interval[1] <= end + timedelta(1):
                out += 1
                others += not np.array_equal(last[one], _tables(con, one).counts)
    return out, others


def _bounds(tables: Tables, published: np.ndarray, cell: int) -> tuple[float, float]:
    """Return the least and the greatest that a count can be, from the locations' counts alone."""
    row, column = divmod(int(cell), len(tables.columns))
    locations = [n for n, place in enumerate(tables.places) if place and place[1]]
    width = len(tables.columns)

    def parts(n: int) -> list[int]:
        if tables.places[n] is None:
            own = tables.above[n]
            return [each for each in parts(tables.above[own]) if each not in parts(own)]
        if n in locations:
            return [n]
        return [
            each
            for each in locations
            if n in (tables.above[each], tables.above[tables.above[each]])
        ]

    shown = [(n, k) for n, place in enumerate(tables.places) if place for k in range(width)]
    shown = [(n, k) for n, k in shown if published[n, k]]
    sums = sparse.lil_array((len(shown), len(locations) * width))
    for at, (n, k) in enumerate(shown):
        sums[at, [locations.index(each) * width + k for each in parts(n)]] = 1
    low = np.array([tables.counts[n, k] // STEP * STEP for n, k in shown], dtype=float)
    within = [(("category", DIVIDED), "subcategory")]
    within += [
        (("", ""), name) for name in {each for each, _ in tables.columns} - {"", "subcategory"}
    ]
    adding = []
    for whole, name in within:
        own = [k for k, (each, _) in enumerate(tables.columns) if each == name]
        if whole in tables.columns and own:
            line = np.zeros(width)
            line[own], line[tables.columns.index(whole)] = 1, -1
            adding.append(sparse.kron(sparse.eye_array(len(locations)), line[None]))
    wanted = np.zeros(len(locations) * width)
    wanted[[locations.index(each) * width + column for each in parts(row)]] = 1
    rules = [LinearConstraint(sums.tocsr(), low, low + STEP - 1)]
    rules += [LinearConstraint(each.tocsr(), 0, 0) for each in adding]
    ends = [
        milp(sign * wanted, constraints=rules, bounds=Bounds(0), integrality=np.ones(len(wanted)))
        for sign in (1, -1)
    ]
    # Without an end it may be any number.
    least, most = (np.rint(wanted @ each.x) if each.x is not None else np.nan for each in ends)
    return least, np.inf if np.isnan(most) else most


def _drawn(rng) -> Tables:
    """Return the tables of a city of places that differ much."""
    districts = rng.integers(2, 7)
    sizes = {"category": [f"{n}" for n in range(4)] + [DIVIDED]}
    sizes |= {name: [f"{n}" for n in range(rng.integers(2, 7))] for name in ("quarter", "hour")}
    sizes["subcategory"] = [f"{n}" for n in range(rng.integers(2, 6))]
    made = {}
    for n in range(rng.integers(6, 26)):
        place = (f"D{n % districts}", f"L{n}")
        made |= {(*place, name, each): 0 for name in sizes for each in sizes[name]}
        made[*place, "", ""] = rng.negative_binomial(0.8, 0.8 / (0.8 + rng.choice([3, 12, 40])))
        for _ in range(made[*place, "", ""]):
            one = {
                name: names[min(int(rng.exponential(1.2)), len(names) - 1)]
                for name, names in sizes.items()
            }
            if one["category"] != DIVIDED:
                del one["subcategory"]
            for name, each in one.items():
                made[*place, name, each] += 1
    columns = ["district", "location", "dimension", "name", "incidents"]
    counts = pd.DataFrame([(*key, n) for key, n in made.items()], columns=columns)
    return protection._tables(counts, DIVIDED)


def _readable(kept: Sequence[tuple[Tables, np.ndarray]]) -> None:
    """Print what one can read, in cells and in incidents, beside suppression of the same tables."""
    print(
        "\n| table, all half-years | cells from 5 | shown | incidents shown | suppressed instead |"
    )
    print("|---|---|---|---|---|")
    for level, name in ((1, "location"), (0, "district")):
        for dimension in figures.DIMENSIONS:
            counts, shown, left = [], [], []
            for tables, published in kept:
                rows = [
                    n
                    for n, place in enumerate(tables.places)
                    if place and place[0] and bool(place[1]) == bool(level)
                ]
                columns = [k for k, (each, _) in enumerate(tables.columns) if each == dimension]
                part = np.ix_(rows, columns)
                counts.append(tables.counts[part].ravel())
                shown.append((published[part] & (tables.counts[part] >= STEP)).ravel())
                left.append(_suppressed(tables.counts[part]).ravel())
            counts, shown, left = (np.concatenate(each) for each in (counts, shown, left))
            incidents = [
                f"{100 * counts[each].sum() / counts.sum():.0f} %" for each in (shown, left)
            ]
            of = f"{name} × {dimension}"
            print(f"| {of} | {(counts >= STEP).sum()} | {shown.sum()} | {' | '.join(incidents)} |")


def _suppressed(counts: np.ndarray) -> np.ndarray:
    """Return which counts are left where those of 1 to 4 are hidden, and a second in each sum."""
    left = (counts == 0) | (counts >= STEP)
    changed = True
    while changed:
        changed = False
        for axis in (0, 1):
            for n in range(counts.shape[1 - axis]):
                at = (slice(None), n) if axis == 0 else (n, slice(None))
                one, own = left[at], counts[at]
                if (~one).sum() == 1 and (one & (own > 0)).any():
                    own = np.where(one & (own > 0), own, own.max() + 1)
                    one[own.argmin()] = False
                    changed = True
    return left & (counts >= STEP)


if __name__ == "__main__":
    main()
