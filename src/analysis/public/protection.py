"""Counts that may be published: in steps of five, and so few that none below five can be told.

Rounding each count by itself is not enough: a district less all of its locations but one gives the
last. So other cities that would be published as the same numbers are sought, until each protected
count has been each of 1 to 4 in one; where there is none, tables are left out. For integer
programming against published tables see Hundepool et al., Statistical Disclosure Control, 2012.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy import ndarray
    from pandas import DataFrame
    from scipy.sparse import csr_array

# A published count is the step that it lies on.
STEP = 5
# The city, as a district and a location of it.
EVERYWHERE = ("", "")
# Few others can be so small at once, so that they are sought apart.
_APART = 8


class Tables(NamedTuple):
    """Counts of places (rows) by columns `dimension, name`, whose sums are `relations` of 0.

    Each place has a table for each dimension, and one of a column, "", for all. The last `places`
    have no name: what is left of a district or of the city without one of its places, which is
    never published, but can be worked out.
    """

    counts: "ndarray"
    places: list[tuple[str, str] | None]
    above: list[int]
    columns: list[tuple[str, str]]
    relations: "csr_array"


def protected(counts: "DataFrame", divided: str) -> "DataFrame":
    """Return `district, location, dimension, name, at_least` of what may be published together.

    `counts` are `district, location, dimension, name, incidents` of every location, where of the
    dimension "category" the name `divided` is divided by "subcategory" again. A district's rows
    have the location "", the city's no district either. `at_least` is a count's step, null where
    the place's table of the dimension is left out.
    """
    import pandas as pd

    tables = _tables(counts, divided)
    published = _published(tables)
    rows = [
        (*place, *column, float(tables.counts[n, k] // STEP * STEP) if published[n, k] else None)
        for n, place in enumerate(tables.places)
        if place
        for k, column in enumerate(tables.columns)
    ]
    names = ["district", "location", "dimension", "name", "at_least"]
    return pd.DataFrame(rows, columns=names).astype({"at_least": float})


def _tables(counts: "DataFrame", divided: str) -> Tables:
    import numpy as np
    from scipy import sparse

    wide = counts.pivot(
        index=["district", "location"], columns=["dimension", "name"], values="incidents"
    ).sort_index(axis=1)
    places, columns = list(wide.index), list(wide.columns)
    districts = sorted({district for district, _ in places})
    # From below upwards: locations, districts, the city.
    levels = [*places, *((district, "") for district in districts), EVERYWHERE]
    city = len(levels) - 1
    above = [len(places) + districts.index(district) for district, _ in places]
    above += [*[city] * len(districts), city]
    below = {n: [k for k in range(city) if above[k] == n] for n in range(len(places), city + 1)}
    sums = list(below.items())
    names: list[tuple[str, str] | None] = list(levels)
    # Of two parts, each is what is left without the other.
    for whole, parts in below.items():
        for part in parts if len(parts) > 2 else ():
            sums.append((whole, [part, len(names)]))
            names.append(None)
            above.append(part)
    within = [
        (("", "") if dimension != "subcategory" else ("category", divided), dimension)
        for dimension in dict.fromkeys(dimension for dimension, _ in columns)
        if dimension
    ]
    across = [
        (columns.index(whole), [k for k, (each, _) in enumerate(columns) if each == dimension])
        for whole, dimension in within
        if whole in columns
    ]
    down, along = _matrix(sums, len(names)), _matrix(across, len(columns))
    relations = sparse.vstack(
        [
            sparse.kron(down, sparse.eye_array(len(columns))),
            # What is left over adds up where its parts do.
            sparse.kron(sparse.eye_array(len(levels), len(names)), along),
        ]
    ).tocsr()
    own = wide.to_numpy()
    found = np.vstack([own, np.zeros((len(names) - len(own), len(columns)), dtype=int)])
    for whole, parts in sums:
        if names[parts[-1]] is None:
            found[parts[-1]] = found[whole] - found[parts[0]]
        else:
            found[whole] = found[parts].sum(axis=0)
    # Of what is left over the counts from 5 need not be sought.
    sought = [
        (found[parts[-1]] > 0) & (found[parts[-1]] < STEP) | (names[parts[-1]] is not None)
        for _, parts in sums
    ]
    others = np.ones(relations.shape[0] - len(sums) * len(columns), dtype=bool)
    return Tables(found, names, above, columns, relations[np.concatenate([*sought, others])])


def _matrix(sums: Sequence[tuple[int, list[int]]], width: int) -> "csr_array":
    """Return a row for each sum: its parts less itself."""
    from scipy import sparse

    entries = [
        entry
        for n, (whole, parts) in enumerate(sums)
        for entry in [(n, whole, -1), *((n, part, 1) for part in parts)]
    ]
    rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
    return sparse.coo_array((values, (rows, columns)), shape=(len(sums), width)).tocsr()


def _published(tables: Tables) -> "ndarray":
    """Return which counts may be published."""
    import numpy as np

    published = np.zeros(tables.counts.shape, dtype=bool)
    published[[n for n, place in enumerate(tables.places) if place]] = True
    dimensions = np.array([dimension for dimension, _ in tables.columns])
    told = np.flatnonzero((tables.counts > 0) & (tables.counts < STEP)).tolist()
    # What is left out takes no other city away, so that only what was told can still be.
    while told := known(tables, published, told):
        cells = [divmod(cell, len(dimensions)) for cell in told]
        cells = [(n if tables.places[n] else tables.above[n], column) for n, column in cells]
        # First one table of each place, which may be enough for its other counts.
        own = {n: dimensions == dimensions[column] for n, column in cells[::-1]}
        own = {n: table for n, table in own.items() if published[n, table].any()}
        for n, table in own.items():
            published[n, table] = False
        if not own:
            published[_next(tables, published, *cells[0])] = False
    return published


def _next(tables: Tables, published: "ndarray", own: int, column: int) -> "tuple[ndarray, ...]":
    """Return what goes for a count whose place's own table has gone already."""
    import numpy as np

    dimension = tables.columns[column][0]
    one = [k for k, (each, _) in enumerate(tables.columns) if each == dimension]
    whole = list(range(len(tables.columns)))
    district = tables.above[own]
    beside = [n for n, place in enumerate(tables.places) if place and tables.above[n] == district]
    city, every = tables.places.index(EVERYWHERE), list(range(len(tables.places)))
    steps = [(places, gone) for gone in (one, whole) for places in ([own], [district], beside)]
    steps += [(places, gone) for places in ([city], every) for gone in (one, whole)]
    return next(step for each in steps if published[step := np.ix_(*each)].any())


def known(tables: Tables, published: "ndarray", cells: Sequence[int]) -> list[int]:
    """Return those cells, of counts of 1 to 4, of which what is published excludes one of these.

    Each number is sought for many cells at once, and for fewer where not all can have it.
    """
    import numpy as np

    counts, shown = tables.counts.ravel(), published.ravel()
    low = np.where(shown, counts // STEP * STEP, 0).astype(float)
    high = np.where(shown, low + STEP - 1, np.inf)
    left = {number: {n for n in cells if counts[n] != number} for number in range(STEP - 1, 0, -1)}
    excluded = set()
    for number in left:
        every = sorted(left[number])
        apart = 1 if number > STEP / 2 else _APART
        asked = [every[n::apart] for n in range(apart)]
        while asked:
            some = [each for each in asked.pop() if each in left[number]]
            if not some:
                continue
            found = _other(tables.relations, low, high, some, number)
            if found is not None:
                for each, others in left.items():
                    others -= {cell for cell in others if found[cell] == each}
            still = [each for each in some if each in left[number]]
            if len(some) == 1:
                excluded.update(still)
                left[number].difference_update(still)
            elif len(still) < len(some):
                asked.append(still)
            else:
                half = len(still) // 2
                asked += [still[:half], still[half:]]
    return sorted(excluded)


def _other(
    relations: "csr_array", low: "ndarray", high: "ndarray", cells: list[int], number: int
) -> "ndarray | None":
    """Return other counts within the bounds, as many of the cells as can be so many; or None."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    at_most, at_least, wanted = high.copy(), low.copy(), np.zeros(len(low))
    at_most[cells], wanted[cells] = number, -1
    if len(cells) == 1:
        at_least[cells] = number
    # Parts of incidents most often come out whole by themselves, in half the time.
    for is_whole in (0, 1):
        found = milp(
            wanted,
            constraints=LinearConstraint(relations, 0, 0),
            bounds=Bounds(at_least, at_most),
            integrality=np.full(len(low), is_whole),
            options={"mip_rel_gap": 0.02},
        )
        if found.x is None:
            return None
        other = np.rint(found.x)
        if np.abs(found.x - other).max() < 1e-6:
            break
    return other.astype(int)
