"""Places that have gone so long without an incident that they may no longer report.

A place's part of the city's incidents tells how likely it is that none of those since its last one
was its own, so that seasons, and reports that are still to come, are no matter.
"""

from datetime import date
from typing import TYPE_CHECKING

from analysis import statistics
from analysis.core import asking
from analysis.core.kept import kept
from analysis.core.rounding import rounded
from analysis.core.taxonomy import CLOSED
from analysis.nowcast.lateness import WINDOW, delays
from analysis.statistics import THRESHOLD, Apart

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy import ndarray
    from pandas import DataFrame


_COLUMNS = ["location", "district", "last", "awaited"]


@kept
def silent(con: "DuckDBPyConnection", through: date | None = None) -> "DataFrame":
    """Return the places that have been silent for too long for chance.

    Columns: `location, district, last, awaited`.
    `last` is the day of the last incident, `awaited` how many would have been expected since. Of
    the places so told, known on a day (else now), at most one in twenty is told by chance
    (Benjamini and Hochberg).
    """
    import pandas as pd

    found = delays(con, through)
    if not found:
        return pd.DataFrame(columns=_COLUMNS).astype({"last": "datetime64[us]"})
    given = {"known": found.known, "window": WINDOW, "closed": CLOSED}
    rows = asking.frame(con, "nowcast/silence", given)
    names = ("incidents", "recent", "others", "later")
    own, recent, others, later = (rows[name].to_numpy(float) for name in names)
    given = wandering(own - recent, recent)
    chances = statistics.adjusted(rounded(chance_of_none(own, others, later, *given)).tolist())
    rows["awaited"] = rounded(later * own / (own + others))
    is_silent = pd.Series(chances, rows.index, dtype=float) < THRESHOLD
    return rows.loc[is_silent, _COLUMNS].reset_index(drop=True)


def wandering(before: "ndarray", after: "ndarray") -> Apart:
    """Return how far places' own changes from a year to the next lie apart (logarithms)."""
    import numpy as np

    if not (before.sum() and after.sum()):
        return Apart(1.0, 0.0)
    made = statistics.own_changes(before, after, np.ones(len(before)))
    return statistics.apart(made.own, made.chance)


def chance_of_none(
    own: "ndarray",
    others: "ndarray",
    later: "ndarray",
    runs: float,
    wander: float,
) -> "ndarray":
    """Return how likely none of the later incidents is a place's own, by its part so far.

    Beta-binomial; of counts that vary `runs` times as much as by chance, each tells as much less,
    and a place's part `wander`s.
    """
    import numpy as np
    from scipy.special import betaln

    sure = 1 / (runs / own + wander)
    rest = sure * np.maximum(others, 0.5) / own
    return np.exp(betaln(sure, rest + later / runs) - betaln(sure, rest))
