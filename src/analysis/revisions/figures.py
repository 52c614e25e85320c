"""The figures that changed between two databases, each with the part of every cause."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analysis import barometer
from analysis.core import asking, database, taxonomy
from analysis.core.asking import Dataset, frame
from analysis.core.danish import WEEKDAYS
from analysis.core.errors import InputError
from analysis.revisions.steps import CAUSES, compared, steps

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

    from analysis.core.selection import Selection

# The views in the order in which they are told.
VIEWS = (
    *("total", "month", "category", "subcategory", "facility", "victim", "demography", "weekday"),
    *("self_service", "per_month", "hour", "helper"),
)


class Revisions(NamedTuple):
    """What changed from one database to another.

    `figures` has a row a figure that is another, as `sql/figures.sql` says; `incidents` are those
    that are others, by cause (one may have two), and `data` are both databases, the old one first.
    """

    figures: "DataFrame"
    incidents: dict[str, int]
    data: tuple[Dataset, Dataset]


def between(before: Path, now: Path) -> Revisions:
    """Return what changed; raises as `steps.compared` does."""
    labels = list(taxonomy.CATEGORY_LABELS)
    with compared(before, now) as con:
        days = "select synthetic, first_day, last_day from {}.dataset"
        data = [Dataset(*con.execute(days.format(of)).fetchall()[0]) for of in ("old", "new")]
        given = {
            "labels": labels,
            "weights": [taxonomy.WEIGHTS[label] for label in labels],
            "weekdays": list(WEEKDAYS),
            "views": list(VIEWS),
            "city": con.execute("select city from new.dataset").fetchall()[0][0],
        }
        counted = dict(
            con.execute(
                "select cause, count(distinct incident_id) from shown_incident group by cause"
            ).fetchall()
        )
        return Revisions(
            frame(con, "revisions/figures", given),
            {cause: counted[cause] for cause in CAUSES if cause in counted},
            tuple(data),
        )


def months(con: "DuckDBPyConnection", selection: "Selection") -> "DataFrame":
    """Return `month, before, after` and a column a cause: the months that are others than before.

    Those that changed most come first. None are where no database from before lies beside the
    connection's, or they cannot be compared, one being made up and the other real among that.
    """
    import pandas as pd

    none = pd.DataFrame(columns=["month", "before", "after", *CAUSES])
    now = database.opened_from(con)
    earlier = now and database.before(now.resolve())
    if not earlier or not earlier.is_file() or not now.is_file():
        return none
    try:
        moved = steps(earlier, now)
    except InputError:
        return none
    found = frame(moved, "revisions/months", asking.bound(con, selection))
    parts = found.pivot(index="month", columns="cause", values="part").fillna(0).astype("int64")
    parts = parts.reindex(columns=list(CAUSES), fill_value=0)
    counts = barometer.per_month(con, selection).groupby("month")["incidents"].sum()
    after = counts.reindex(parts.index, fill_value=0)
    change = parts.sum(axis=1)
    parts.insert(0, "before", after - change)
    parts.insert(1, "after", after)
    changed = parts[change != 0]
    order = change[change != 0].abs().sort_values(ascending=False, kind="stable").index
    return changed.loc[order].reset_index()
