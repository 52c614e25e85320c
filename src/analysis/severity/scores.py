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
from analysis.core.selection import SelectionError
from analysis.show import phrases
from analysis.statistics import weighted_interval

if TYPE_CHECKING:
    from IPython.display import Markdown
    from pandas import DataFrame

Weights = tuple[Fraction, ...]

# Of a weight; what is more, or no number at all, is a slip.
MOST = 1_000
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
        f"begynder ikke ved 1: {label} vejer {number(weight[label])}"
        for label in lowest
        if weight[label] != 1
    ] + [
        f"stiger ikke op ad trappen: {upper} ({number(weight[upper])}) vejer ikke mere end "
        f"{lower} ({number(weight[lower])})"
        for below, above in pairwise(steps)
        for lower, upper in product(below, above)
        if weight[upper] <= weight[lower]
    ]
    return "; ".join(reasons)


def candidates(given: Sequence[Equation], parts: int) -> list[Weights]:
    """Return the solutions in steps of 1 / `parts` that nothing speaks against."""
    return [weights for weights in solutions(given, parts) if not set_aside(weights)]


def number(weight: Fraction) -> str:
    """Return a weight as "2" or "5,75"."""
    text = danish.number(float(weight), 2)
    return text.rstrip("0").rstrip(",")


def written(weights: Sequence[Fraction]) -> str:
    """Return weights as "1 – 2 – 4 – 6, hærværk 2"; "4/5" are those of two types on one step."""
    told = dict(zip(taxonomy.CATEGORY_LABELS, map(number, weights), strict=True))
    ladder = " – ".join("/".join(told[label] for label in on_step) for on_step in _STEPS)
    outside = [f"{each.label.lower()} {told[each.label]}" for each in taxonomy.OFF_LADDER]
    return ", ".join([ladder, *outside])


def chosen(given: Sequence[float] | None) -> Weights:
    """Return the weights to count with: those given, one for each type in order, else the inferred.

    Raises SelectionError, in Danish, for anything but a number from 0 to MOST for each type.
    """
    if given is None:
        return INFERRED
    right = len(given) == len(INFERRED) and all(
        isinstance(each, int | float) and not isinstance(each, bool) and 0 <= each <= MOST
        for each in given
    )
    if not right or not any(given):
        raise SelectionError(
            f"weights skal være {len(INFERRED)} tal på mindst 0 og højst {danish.number(MOST)}, "
            f"ikke alle 0: et for hver af "
            f"{danish.listing(taxonomy.CATEGORY_LABELS)}."
        )
    return tuple(Fraction(str(each)) for each in given)


def solution_table(given: Sequence[Equation]) -> "DataFrame":
    """Return every whole-number solution: `weights`, and `reason` why it is set aside."""
    import pandas as pd

    found = sorted(solutions(given), key=lambda weights: (bool(set_aside(weights)), weights))
    rows = [
        (written(weights), danish.capital(set_aside(weights)) or "Fastholdt") for weights in found
    ]
    return pd.DataFrame(rows, columns=["weights", "reason"])


def step_table(given: Sequence[Equation], most_parts: int = 5) -> "DataFrame":
    """Return `name` (the steps allowed), `solutions` and `kept` for ever finer weights."""
    import pandas as pd

    words = ["hele", "halve", "tredjedele", "fjerdedele", "femtedele"]
    rows = []
    for parts in range(1, most_parts + 1):
        found = solutions(given, parts)
        kept = [weights for weights in found if not set_aside(weights)]
        rows.append((words[parts - 1].capitalize(), len(found), len(kept)))
    return pd.DataFrame(rows, columns=["name", "solutions", "kept"])


def equation_table(given: Sequence[Equation]) -> "DataFrame":
    """Return `season, name`, the incidents of each type, and `relative_score`."""
    import pandas as pd

    rows = [(one.season, one.place, *one.counts, one.score) for one in given]
    columns = ["season", "name", *taxonomy.CATEGORY_LABELS, "relative_score"]
    kept = ["season", "name", *published.types(), "relative_score"]
    return pd.DataFrame(rows, columns=columns)[kept]


def weights_note(used: Weights) -> "Markdown":
    """Return the note that stands by the scores: where the weights come from."""
    from IPython.display import Markdown

    from analysis.barometer import words as barometer_words

    if used == INFERRED:
        return barometer_words.inferred_weights()
    return Markdown(
        f"*Scoren er regnet med vægtene {written(used)}, som er valgt i denne kørsel. "
        f"De udledte vægte er {written(INFERRED)}.*"
    )


def inference(given: Sequence[Equation]) -> "Markdown":
    """Return what the published scores say of the weights, in a few sentences."""
    from IPython.display import Markdown

    return Markdown(inferred(len(given), solutions(given), INFERRED))


def inferred(scores: int, found: Sequence[Weights], used: Weights) -> str:
    """Return how many whole-number solutions there are, how many are kept, and whether used is one.

    `scores` is the number of published scores.
    """
    told = "den offentliggjorte score" if scores == 1 else f"de {scores} offentliggjorte scorer"
    if not found:
        return f"**Ingen hele vægte giver {told}.**"
    kept = [weights for weights in found if not set_aside(weights)]
    counted = danish.counted(len(found), "sæt hele vægte", "sæt hele vægte")
    if not kept:
        return f"**{counted} giver {told}, men intet af dem begynder ved 1 og stiger.**"
    lead = f"**{counted} giver {told}; "
    lead += (
        "kun ét begynder ved 1 og stiger op ad trappen: "
        if len(kept) == 1
        else f"{len(kept)} begynder ved 1 og stiger op ad trappen: "
    )
    lead += f"{'; '.join(map(written, kept))}.**"
    lead += (
        " Det er de vægte, som scoren regnes med. De er udledt, ikke offentliggjort."
        if used in kept
        else f" Scoren regnes her med {written(used)}, som ikke er blandt dem."
    )
    if assumed := published.younger():
        lead += (
            f" Vægten for {danish.listing(assumed)} er antaget, fordi de offentliggjorte tabeller "
            "ikke har typen."
        )
    return lead


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


def settled(third: "DataFrame", among: int) -> str:
    """Return the same as text."""
    if third.empty:
        return "Der er ingen lokation med hændelser at prøve det på."
    if among < 2:
        return "Der er ikke flere sæt vægte at skelne imellem."
    alone = third[third["different"] == among]
    useless = int((third["different"] == 1).sum())
    best = third.iloc[0]
    places = danish.counted(len(third), "lokation", "lokationer")
    text = (
        f"Ved {danish.number(len(alone))} af {places} ville de {among} sæt vægte give "
        f"{among} forskellige scorer, så én score mere fra et af de steder afgjorde det"
        if len(alone)
        else f"Ingen enkelt lokation ville skelne alle {among} sæt vægte; bedst er {best['name']} "
        f"med {best['different']} forskellige scorer"
    )
    if not useless:
        return f"{text}. Alle steder ville udelukke mindst ét sæt."
    return (
        f"{text}. Ved {danish.number(useless)} ville alle sæt give samme score, "
        "og intet ville være afgjort."
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


def highest(found: "DataFrame", most: int | None = None) -> "DataFrame":
    """Return the rows of `scored` with the highest score first, all or at most so many."""
    ordered = found.sort_values(["value", "name"], ascending=[False, True], ignore_index=True)
    return ordered.head(len(ordered) if most is None else most)


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


def headline(whole: "DataFrame", place: str) -> "Markdown":
    """Return the score of the whole selection with its interval, from `total`."""
    from IPython.display import Markdown

    return Markdown(told_score(whole, place))


def told_score(whole: "DataFrame", place: str) -> str:
    """Return the same as text."""
    if whole.empty:
        return (
            f"**Den relative score for {place} kan ikke beregnes**, fordi der ingen hændelser er."
        )
    row = whole.iloc[0]
    return (
        f"**{place} har relativ score {_plain(row['value'])} "
        f"med {phrases.incidents(row['incidents'])} (95\u00a0%-sikkerhedsinterval "
        f"{danish.interval(row['low'], row['high'])}).** "
        "Intervallet viser, hvor meget scoren kan svinge tilfældigt, når hændelserne sker hver for "
        "sig; følges de ad, svinger den mere."
    )


def _plain(value: float) -> str:
    return number(Fraction(value).limit_denominator(100))


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


def rank_table(ranked: "DataFrame", most: int = 5) -> "DataFrame":
    """Return `weights` and `places`: the highest locations by each weighting, in words."""
    import pandas as pd

    rows = [
        (
            weighting,
            ", ".join(
                f"{rank}. {name}"
                for rank, name in sorted(zip(ranked[weighting], ranked["name"], strict=True))[:most]
            ),
        )
        for weighting in ranked.columns[1:]
    ]
    return pd.DataFrame(rows if len(ranked) else [], columns=["weights", "places"])


def third_told(third: "DataFrame", among: int) -> "Markdown":
    """Return what a third score would settle, from `third_scores` of so many weights in doubt."""
    from IPython.display import Markdown

    return Markdown(f"**{settled(third, among)}**")


def ranking(ranges: "DataFrame") -> "Markdown":
    """Return how much the ranking hangs on the weights, from `rank_ranges`."""
    from IPython.display import Markdown

    return Markdown(f"**{told_ranks(ranges)}**")


def rank_ranges(ranked: "DataFrame") -> "DataFrame":
    """Return `name, value, low, high`: rank by the first weighting, best and worst of all."""
    by = ranked.drop(columns="name")
    return ranked[["name"]].assign(
        value=by.iloc[:, 0] if by.shape[1] else [],
        low=by.min(axis=1),
        high=by.max(axis=1),
    )


def told_ranks(ranges: "DataFrame", most: int = 10) -> str:
    """Return the same as text, of the `most` highest."""
    if len(ranges) < 2:
        return "Der er for få lokationer med hændelser til en rangorden."
    first = ranges.iloc[0]
    upper = ranges.head(most)
    fixed = int((upper["low"] == upper["high"]).sum())
    steady = int((upper["high"] <= most).sum())
    lead = (
        f"{first['name']} har højest score, uanset hvilke af vægtene der bruges."
        if first["low"] == first["high"] == 1
        else f"{first['name']} har højest score med de udledte vægte, men ikke med alle: dårligste "
        f"plads er {danish.number(first['high'])}."
    )
    if len(ranges) <= most:
        return f"{lead} {fixed} af {len(upper)} lokationer har samme plads med alle vægte."
    return (
        f"{lead} Af de {len(upper)} øverste bliver {steady} blandt de {most} øverste med alle "
        f"vægte, og {fixed} har samme plads hele vejen."
    )
