"""How incidents are reported in two periods: a change of it is not one of what happened.

Each sign is a share of a whole, so that one exact test serves all.
"""

from typing import TYPE_CHECKING, NamedTuple

from analysis import statistics
from analysis.barometer import compare_seasons, quality
from analysis.core import taxonomy
from analysis.core.asking import bound
from analysis.core.database import sql
from analysis.core.headings import HEADINGS
from analysis.core.rounding import rounded
from analysis.core.selection import Selection

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

# Names of `quality.delay` that are more than a week, and the fields that the reporter fills, in
# the order they are told.
_LATE = ("8–30 dage", "Over 30 dage")
_FIELDS = ("victim", "demography", "subcategory", "time")
LATE = "Meldt ind over 7 dage efter"
HIGHER = "Over konflikttrappens første trin"
ORDERS = "Bestillinger på udbedring blandt bestillinger og skemaer"


class Part(NamedTuple):
    """A part of a whole, in incidents."""

    part: int
    whole: int


def signs(con: "DuckDBPyConnection", before: Selection, after: Selection) -> "DataFrame":
    """Return `name, part_before, whole_before, part_after, whole_after, p_value, adjusted`.

    A row is a sign of how incidents are reported: delay, blanks, steps of the ladder, and repair
    orders, which come another way.
    """
    return tested(_parts(con, before), _parts(con, after))


def is_changed(signs: "DataFrame") -> bool:
    """Return whether a sign of `signs` is clearly another than before."""
    return bool((signs["adjusted"] < statistics.THRESHOLD).any())


def delays(
    con: "DuckDBPyConnection", before: Selection, after: Selection
) -> tuple[float | None, float | None]:
    """Return the median days from incident to report in two periods, None where none is known."""
    query = sql("comparison/median_delay")
    old, new = (con.execute(query, bound(con, one)).fetchall()[0][0] for one in (before, after))
    return old, new


def tested(before: dict[str, Part], after: dict[str, Part]) -> "DataFrame":
    """Return the signs of two periods with Fisher's exact test of each, as `signs` does.

    One that has no part, or all of it, in both periods is not tested.
    """
    import pandas as pd
    from scipy.stats import fisher_exact

    rows = []
    for name in before | after:
        old, new = before.get(name, Part(0, 0)), after.get(name, Part(0, 0))
        cells = [[part, whole - part] for part, whole in (old, new)]
        told = all(map(any, cells)) and all(map(any, zip(*cells, strict=True)))
        rows.append((name, *old, *new, float(fisher_exact(cells).pvalue) if told else None))
    ends = [f"{what}_{when}" for when in ("before", "after") for what in Part._fields]
    made = pd.DataFrame(rows, columns=["name", *ends, "p_value"]).astype({"p_value": float})
    family = made["p_value"].notna()
    made["adjusted"] = pd.Series(
        statistics.adjusted(list(made["p_value"][family])), made.index[family], dtype=float
    )
    return rounded(made)


def _parts(con: "DuckDBPyConnection", selection: Selection) -> dict[str, Part]:
    delays = quality.delay(con, selection).set_index("name")["incidents"]
    types = compare_seasons(con, selection, [selection.season]).groupby("name")["incidents"].sum()
    lowest, *higher = [
        int(types.reindex(list(labels), fill_value=0).sum()) for labels in taxonomy.STEPS.values()
    ]
    # A repair order tells neither whom nor what it concerns, so the place's are counted.
    counted = con.execute(sql("comparison/channels"), bound(con, selection.of_place))
    form, orders = counted.fetchall()[0]
    blanks = quality.blanks(con, selection).set_index("field")[["blank", "incidents"]]
    return {
        LATE: Part(int(delays[[*_LATE]].sum()), int(delays.sum())),
        **{
            f"Uden {HEADINGS[field].lower()}": Part(*map(int, blanks.loc[field]))
            for field in _FIELDS
        },
        HIGHER: Part(sum(higher), lowest + sum(higher)),
        ORDERS: Part(orders, form + orders),
    }
