"""The relative score: where its weights come from, how sure it is, and what ranking it gives.

The published document prints two scores and the counts behind them, not the weights. Each score is
an equation: the counts times the weights. Weights are fractions of 0 or more, one for each type in
the taxonomy's order. Only those of the types that the document's tables count can be inferred; any
other type keeps the taxonomy's weight.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analysis.barometer import published
from analysis.core import danish, taxonomy
from analysis.core.headings import TOTAL
from analysis.core.kept import kept
from analysis.core.selection import SelectionError
from analysis.show import phrases
from analysis.statistics import weighted_interval

if TYPE_CHECKING:
    from pandas import DataFrame

Weights = tuple[Fraction, ...]

# Of a weight; what is more, or no number at all, is a slip.
LARGEST_WEIGHT = 1_000
INFERRED: Weights = tuple(map(Fraction, taxonomy.WEIGHTS.values()))
_STEPS = tuple(taxonomy.STEPS.values())
_OUTSIDE = danish.listing([each.label.lower() for each in taxonomy.OFF_LADDER])
# Weightings that nothing published speaks for, to see how much a ranking hangs on the weights.
OTHERS = {
    name: tuple(Fraction(weight(each.ladder_step)) for each in taxonomy.CATEGORIES)
    for name, weight in {
        "Alle typer vejer 1": lambda _: 1,
        f"Trinnets nummer, {_OUTSIDE} 1": lambda step: step or 1,
        f"Dobbelt for hvert trin, {_OUTSIDE} 2": lambda step: 2 ** (step - 1) if step else 2,
    }.items()
}


class Equation(NamedTuple):
    """A published score and the incidents of each type that it is made of."""

    season: str
    place: str
    score: int
    counts: tuple[int, ...]


def equations(path: Path = published.FIGURES) -> list[Equation]:
    """Return the published scores of a location whose counts of every type are published too."""
    types = published.types(path)
    scores, counts = {}, {}
    for figure in published.figures(path):
        key = figure.period, figure.half, figure.location
        if figure.dimension != "location" or figure.name != figure.location or not figure.location:
            continue
        if figure.measure == "score_by" and figure.column == "relative_score":
            scores[key] = int(figure.value)
        if figure.measure == "matrix" and figure.column in types:
            counts.setdefault(key, {})[figure.column] = int(figure.value)
    return [
        Equation(
            key[0],
            key[2],
            score,
            tuple(counts[key].get(label, 0) for label in taxonomy.CATEGORY_LABELS),
        )
        for key, score in scores.items()
        if set(counts.get(key, ())) == set(types)
    ]


@kept
def solutions(given: Sequence[Equation], parts: int = 1) -> list[Weights]:
    """Return all weights that give every score, in steps of 1 / `parts`, in rising order.

    Raises ValueError where a type of the document's is in no equation, since its weight could be
    anything.
    """
    rows = [one.counts for one in given]
    within = [n for n in range(len(INFERRED)) if any(row[n] for row in rows)]
    met = {taxonomy.CATEGORY_LABELS[n] for n in within}
    if free := [label for label in published.types() if label not in met]:
        raise ValueError(f"Ingen offentliggjort score rummer {danish.listing(free)}.")
    # The largest counts leave their weights the fewest values.
    order = sorted(within, key=lambda n: -max(row[n] for row in rows))
    found: list[Weights] = []

    def search(left: tuple[int, ...], place: int, chosen: dict[int, int]) -> None:
        if place == len(order):
            if not any(left):
                found.append(
                    tuple(
                        Fraction(chosen[n], parts) if n in chosen else own
                        for n, own in enumerate(INFERRED)
                    )
                )
            return
        this, later = order[place], order[place + 1 :]
        for weight in _possible(rows, left, this, later):
            rest = tuple(r - row[this] * weight for r, row in zip(left, rows, strict=True))
            search(rest, place + 1, chosen | {this: weight})

    search(tuple(one.score * parts for one in given), 0, {})
    return sorted(found)


def _possible(
    rows: Sequence[Sequence[int]], left: Sequence[int], this: int, later: Sequence[int]
) -> Iterable[int]:
    """Return the weights of a type that leave no score below 0: one, where it alone is left."""
    within = min(rest // row[this] for row, rest in zip(rows, left, strict=True) if row[this])
    for row, rest in zip(rows, left, strict=True):
        if row[this] and not any(row[n] for n in later):
            weight, over = divmod(rest, row[this])
            return [weight] if not over and weight <= within else []
    return range(within + 1)


def set_aside(weights: Weights) -> str:
    """Return why weights cannot be the document's, in Danish; empty where nothing speaks against.

    A score that grows with severity must start above nothing, here at 1 as a plain count does, and
    rise with each step of the ladder. What stands outside the ladder may weigh anything.
    """
    weight = dict(zip(taxonomy.CATEGORY_LABELS, weights, strict=True))
    known = [[each for each in on_step if each in published.types()] for on_step in _STEPS]
    lowest, *_ = steps = [on_step for on_step in known if on_step]
    reasons = [
        f"begynder ikke ved 1: {label} vejer {weight_text(weight[label])}"
        for label in lowest
        if weight[label] != 1
    ] + [
        f"stiger ikke op ad trappen: {upper} ({weight_text(weight[upper])}) vejer ikke mere end "
        f"{lower} ({weight_text(weight[lower])})"
        for below, above in pairwise(steps)
        for lower, upper in product(below, above)
        if weight[upper] <= weight[lower]
    ]
    return "; ".join(reasons)


def candidates(given: Sequence[Equation], parts: int) -> list[Weights]:
    """Return the solutions in steps of 1 / `parts` that nothing speaks against."""
    return [weights for weights in solutions(given, parts) if not set_aside(weights)]


def weight_text(weight: Fraction) -> str:
    """Return a weight as "2" or "5,75"."""
    text = danish.number(float(weight), 2)
    return text.rstrip("0").rstrip(",")


def written(weights: Sequence[Fraction]) -> str:
    """Return weights as "1 – 2 – 4 – 6, hærværk 2"; "4/5" are those of two types on one step."""
    told = dict(zip(taxonomy.CATEGORY_LABELS, map(weight_text, weights), strict=True))
    ladder = " – ".join("/".join(told[label] for label in on_step) for on_step in _STEPS)
    outside = [f"{each.label.lower()} {told[each.label]}" for each in taxonomy.OFF_LADDER]
    return ", ".join([ladder, *outside])


def weights_of(given: Sequence[float] | None) -> Weights:
    """Return the weights to count with: those given, one for each type in order, else the inferred.

    Raises SelectionError, in Danish, for anything but a number from 0 to LARGEST_WEIGHT for
    each type.
    """
    if given is None:
        return INFERRED
    right = len(given) == len(INFERRED) and all(
        isinstance(each, int | float) and not isinstance(each, bool) and 0 <= each <= LARGEST_WEIGHT
        for each in given
    )
    if not right or not any(given):
        raise SelectionError(
            f"weights skal være {len(INFERRED)} tal på mindst 0 og højst "
            f"{danish.number(LARGEST_WEIGHT)}, ikke alle 0: et for hver af "
            f"{danish.listing(taxonomy.CATEGORY_LABELS)}."
        )
    return tuple(Fraction(str(each)) for each in given)


def third_scores(counts: "DataFrame", among: Sequence[Weights]) -> "DataFrame":
    """Return what a third published score would settle: a row a place, the most telling first.

    `counts` is a matrix of `barometer.matrix`, `among` the weights in doubt. `name, incidents`;
    `least, most`: the lowest and highest score they give; `different`: how many scores; `left`: how
    many of them would still be possible if the score were that of the inferred weights.
    """
    import pandas as pd

    rows = []
    for name, *by_type in counts[["name", *taxonomy.CATEGORY_LABELS]].itertuples(index=False):
        if name == TOTAL:
            continue
        scored = [_score(weights, by_type) for weights in among]
        rows.append(
            (
                name,
                int(sum(by_type)),
                float(min(scored)),
                float(max(scored)),
                len(set(scored)),
                scored.count(_score(INFERRED, by_type)),
            )
        )
    columns = ["name", "incidents", "least", "most", "different", "left"]
    told = pd.DataFrame(rows, columns=columns)
    return (
        told.assign(spread=told["most"] - told["least"])
        .sort_values(
            ["different", "spread", "name"], ascending=[False, False, True], ignore_index=True
        )
        .drop(columns="spread")
    )


def _score(weights: Sequence[Fraction], counts: Iterable[int]) -> Fraction:
    return sum(
        (weight * int(count) for weight, count in zip(weights, counts, strict=True)), Fraction(0)
    )


def scored(counts: "DataFrame", weights: Weights = INFERRED) -> "DataFrame":
    """Return `name, value, low, high, incidents` from a matrix: the scores with their intervals.

    In the matrix' order; its row of sums is left out.
    """
    import pandas as pd

    rows = []
    for name, *by_type in phrases.named(counts)[["name", *taxonomy.CATEGORY_LABELS]].itertuples(
        index=False
    ):
        if name != TOTAL:
            interval = weighted_interval(by_type, [float(weight) for weight in weights])
            rows.append((name, float(_score(weights, by_type)), *interval, int(sum(by_type))))
    return pd.DataFrame(rows, columns=["name", "value", "low", "high", "incidents"])


def highest(found: "DataFrame") -> "DataFrame":
    """Return the rows of `scored` with the highest score first."""
    return found.sort_values(["value", "name"], ascending=[False, True], ignore_index=True)


def wide(counts: "DataFrame") -> "DataFrame":
    """Return `group, name, incidents` (see `ladder`) as a matrix without sums, groups as names."""
    return (
        counts.pivot_table(
            index="group", columns="name", values="incidents", aggfunc="sum", sort=False
        )
        .reindex(columns=list(taxonomy.CATEGORY_LABELS))
        .rename_axis(index="name", columns=None)
        .reset_index()
    )


def total(counts: "DataFrame", weights: Weights = INFERRED) -> "DataFrame":
    """Return the same as `scored` for the whole matrix: one row, or none."""
    sums = counts[counts["name"] == TOTAL]
    return scored(sums.assign(name="Udvalget"), weights)


def weightings(given: Sequence[Equation], used: Weights, parts: int) -> dict[str, Weights]:
    """Return the weightings to rank by: `used`, those that fit the published scores, and others."""
    fitting = [weights for weights in candidates(given, parts) if weights != used]
    return {
        written(used): used,
        **{written(weights): weights for weights in fitting},
        **OTHERS,
    }


def ranks(counts: "DataFrame", by: Mapping[str, Weights]) -> "DataFrame":
    """Return `name` and its rank by each weighting, 1 the highest score; ties share the best rank.

    In the order of the first weighting.
    """
    import pandas as pd

    body = phrases.named(counts[counts["name"] != TOTAL])
    rows = body[list(taxonomy.CATEGORY_LABELS)].to_numpy().tolist()
    found = {"name": list(body["name"])}
    for name, weights in by.items():
        points = pd.Series([_score(weights, row) for row in rows], dtype="object")
        found[name] = list(points.map(float).rank(method="min", ascending=False).astype("int64"))
    ranked = pd.DataFrame(found)
    return ranked.sort_values([*ranked.columns[1:2], "name"], ignore_index=True)


def rank_ranges(ranked: "DataFrame") -> "DataFrame":
    """Return `name, value, low, high`: rank by the first weighting, best and worst of all."""
    by = ranked.drop(columns="name")
    return ranked[["name"]].assign(
        value=by.iloc[:, 0] if by.shape[1] else [],
        low=by.min(axis=1),
        high=by.max(axis=1),
    )
