"""The ladder, the scores and the places that stand out as tables."""

from collections.abc import Sequence
from math import nan
from typing import TYPE_CHECKING

from analysis.barometer import published
from analysis.core import danish, taxonomy
from analysis.core.asking import each
from analysis.core.selection import Filter
from analysis.severity.funnel import WITHIN
from analysis.severity.ladder import Movement
from analysis.severity.scores import Equation, set_aside, solutions, written

if TYPE_CHECKING:
    from pandas import DataFrame


def share_table(shared: "DataFrame") -> "DataFrame":
    """Return `group`, the share of each type in words with its interval, and `incidents`."""
    import pandas as pd

    rows = []
    for group, part in shared.groupby("group", sort=False):
        told = [
            _unbroken(share, low, high) if total else danish.UNKNOWN
            for share, low, high, total in zip(
                part["share"], part["low"], part["high"], part["total"], strict=True
            )
        ]
        rows.append((group, *told, int(part["incidents"].sum())))
    return pd.DataFrame(rows, columns=["group", *taxonomy.CATEGORY_LABELS, "incidents"])


def _unbroken(share: float, low: float, high: float) -> str:
    """Return "87 % (77–93)", which a narrow cell breaks at the parenthesis alone."""
    between = danish.interval(low * 100, high * 100).replace("–", "\u2060–\u2060")
    return f"{danish.number(share * 100)}\u00a0% ({between})"


def ladder_headings(before: str, after: str) -> dict[str, str]:
    """Return the headings of `moved_by` for two seasons."""
    return {
        "before": f"På trappen {before}",
        "after": f"På trappen {after}",
        "share_before": f"Over {before}",
        "share_after": f"Over {after}",
        "p_value": "p-værdi, rettet",
        "verdict": "Vurdering",
    }


def step_shares(movement: Movement, before: str, after: str) -> "DataFrame":
    """Return `group, name, incidents` of the ladder's steps in two seasons, for `shares`.

    The name of a step is that of its types: "Trusler og Chikane".
    """
    import pandas as pd

    rows = [
        (season, danish.listing(labels), count)
        for season, counts in ((before, movement.before), (after, movement.after))
        for labels, count in zip(taxonomy.STEPS.values(), counts, strict=True)
    ]
    return pd.DataFrame(rows, columns=["group", "name", "incidents"])


def ladder_table(movement: Movement, before: str, after: str) -> "DataFrame":
    """Return a row for each step: `ladder_step, name`, the incidents and shares of both seasons."""
    import pandas as pd

    wholes = [sum(counts) for counts in (movement.before, movement.after)]
    rows = [
        (
            danish.listing(labels),
            str(step),
            *counts,
            *(count / whole if whole else nan for count, whole in zip(counts, wholes, strict=True)),
        )
        for (step, labels), *counts in zip(
            taxonomy.STEPS.items(), movement.before, movement.after, strict=True
        )
    ]
    columns = ["name", "ladder_step", before, after, f"{before}, andel", f"{after}, andel"]
    return pd.DataFrame(rows, columns=columns)


def solution_table(given: Sequence[Equation]) -> "DataFrame":
    """Return every whole-number solution: `weights`, and `reason` why it is set aside."""
    import pandas as pd

    found = sorted(solutions(given), key=lambda weights: (bool(set_aside(weights)), weights))
    rows = [(written(weights), danish.capital(set_aside(weights)) or "Bruges") for weights in found]
    return pd.DataFrame(rows, columns=["weights", "reason"])


def fraction_table(given: Sequence[Equation]) -> "DataFrame":
    """Return `name` (the steps allowed), `solutions` and `kept` for ever finer weights."""
    import pandas as pd

    rows = []
    for parts, name in enumerate(("Hele", "Halve", "Tredjedele", "Fjerdedele", "Femtedele"), 1):
        found = solutions(given, parts)
        kept = [weights for weights in found if not set_aside(weights)]
        rows.append((name, len(found), len(kept)))
    return pd.DataFrame(rows, columns=["name", "solutions", "kept"])


def equation_table(given: Sequence[Equation]) -> "DataFrame":
    """Return `season, name`, the incidents of each type, and `relative_score`."""
    import pandas as pd

    rows = [(one.season, one.place, *one.counts, one.score) for one in given]
    columns = ["season", "name", *taxonomy.CATEGORY_LABELS, "relative_score"]
    kept = ["season", "name", *published.types(), "relative_score"]
    return pd.DataFrame(rows, columns=columns)[kept]


# So many places stand in a row of the table.
_HIGHEST = 5


def rank_table(ranked: "DataFrame") -> "DataFrame":
    """Return `weights` and `places`: the highest locations by each weighting, in words."""
    import pandas as pd

    rows = []
    for weighting in ranked.columns[1:] if len(ranked) else ():
        places = ranked.sort_values([weighting, "name"]).head(_HIGHEST)
        told = [f"{one[weighting]}. {one['name']}" for _, one in places.iterrows()]
        rows.append((weighting, ", ".join(told)))
    return pd.DataFrame(rows, columns=["weights", "places"])


FUNNEL_HEADINGS = {
    "hours": "Åbningstimer",
    "expected": "Forventet",
    "ratio": "Forhold",
    "verdict": "Grænser",
}


def marked(rows: "DataFrame", location: Filter) -> "DataFrame":
    """Return `judged` rows as they are drawn: no verdict within limits; `chosen` are locations."""
    return rows.assign(
        verdict=rows["verdict"].replace(WITHIN, ""), chosen=rows["name"].isin(each(location))
    )
