"""What became of earlier signals: whether a place's next weeks stayed above what was expected."""

from datetime import date
from typing import TYPE_CHECKING

from analysis.core.kept import kept
from analysis.core.rounding import rounded
from analysis.core.selection import Selection
from analysis.signals import weeks

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame, Series

# So many weeks after a signal tell what became of it.
AFTER = 4
# More weeks than any data hold.
_ALL = 10_000
_COLUMNS = [*weeks.PLACE, "week", "incidents", "expected", "signal", "after", "after_expected"]


def earlier(con: "DuckDBPyConnection", selection: Selection, through: date) -> "DataFrame":
    """Return every week before a period that could be judged, as known when it ended.

    Columns: `level`, `name`, `week`, `incidents`, `expected`, `signal`, `category`, the type that
    most of its incidents had, and `of_category`, how many; and `after` and `after_expected`, the
    incidents of the next `AFTER` weeks as known by the day `through`, and what was expected of
    them, missing where they are not whole yet. A location has the weeks in which it was followed.
    """
    made = _judged(con, through)
    return made[made["week"].dt.date < selection.interval[0]].reset_index(drop=True)


@kept
def _judged(con: "DuckDBPyConnection", through: date) -> "DataFrame":
    limit = weeks.alpha(con, through)
    made = weeks.judged(weeks.counted(con, through, _ALL, at_once=True), limit)
    later = weeks.judged(weeks.counted(con, through, _ALL), limit)
    later = later.groupby(weeks.PLACE, sort=False)
    for column, of in (("after", "incidents"), ("after_expected", "expected")):
        made[column] = later[of].rolling(AFTER).sum().to_numpy()
        made[column] = rounded(made.groupby(weeks.PLACE, sort=False)[column].shift(-AFTER))
    made = made.loc[made["threshold"].notna() & made["followed"], _COLUMNS]
    return weeks.typed(con, made, through, at_once=True)


def stayed(df: "DataFrame") -> "Series":
    """Return whether the next weeks had more than expected; missing where it is not known yet."""
    known = df["after"].notna() & df["after_expected"].notna()
    return (df["after"] > df["after_expected"]).astype("boolean").where(known)
