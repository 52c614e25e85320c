"""Every view of one place and season: ours of a database, and the same of a frame in memory.

`python benchmarks/views.py DATABASE` prints the seconds of each as JSON; Polars where installed.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import duckdb
import pandas as pd

from analysis import barometer
from analysis.barometer import Selection
from analysis.core import taxonomy
from analysis.core.database import connect
from analysis.core.headings import DIMENSIONS

SEASON, BEFORE, HALF, PLACE = "2024/25", "2023/24", "vinter", "Blågårdens Bibliotek"
_BY = ("category", "demography", "subcategory")
_COLUMNS = (
    "incident_id, season, half, month, occurred_at::date as date, hour(occurred_at) as hour, "
    "isodow(occurred_at) as weekday, has_time, category::varchar as category, subcategory, "
    "facility, victim, demography, district, location"
)
_TIMES = 5


def main() -> None:
    """Measure and print."""
    database = Path(sys.argv[1])
    with connect(database) as con:
        found = {"ours": timed(lambda: ours(con))}
    with duckdb.connect(database, read_only=True) as con:
        counted = ours(con)
        tables = (f"select {_COLUMNS} from incident", "from help_call")
        frames = [con.execute(one).df() for one in tables]
        assert of_pandas(*frames) == counted
        found["pandas"] = timed(lambda: of_pandas(*frames))
        if find_spec("polars"):
            frames = [in_polars(con, one) for one in tables]
            assert of_polars(*frames) == counted
            found["polars"] = timed(lambda: of_polars(*frames))
    print(json.dumps(found))


def timed(views: Callable[[], int]) -> float:
    """Return the median seconds, the first time left out."""
    took = []
    for _ in range(_TIMES + 1):
        start = time.perf_counter()
        views()
        took.append(time.perf_counter() - start)
    return median(took[1:])


def ours(con: duckdb.DuckDBPyConnection) -> int:
    """Ask for every view; return all incidents in them, helped ones too."""
    chosen = Selection(SEASON, HALF, location=PLACE)
    made = [barometer.score_by(con, chosen, by) for by in ("district", "location")]
    made += [barometer.count_by(con, chosen, by) for by in DIMENSIONS]
    for view in (barometer.over_time, barometer.per_month, barometer.time_of_day):
        made += [view(con, chosen, by) for by in _BY]
    made.append(barometer.compare_seasons(con, chosen, [BEFORE, SEASON]))
    total = sum(df["incidents"].sum() for df in made)
    for by in ("district", "location"):
        total += barometer.matrix(con, chosen, by)["Samlet"].iloc[-1]
    return int(total + barometer.help_called(con, chosen)["called"].sum())


def of_pandas(incidents: pd.DataFrame, helped: pd.DataFrame) -> int:
    """Ask pandas the same."""

    def chosen(season: str = SEASON) -> pd.DataFrame:
        """Select anew, as each of our views does."""
        return incidents[
            (incidents["season"] == season)
            & (incidents["half"] == HALF)
            & (incidents["location"] == PLACE)
        ]

    total = 0
    for by in ("district", "location"):
        rows = chosen().assign(weight=lambda df: df["category"].map(taxonomy.WEIGHTS))
        total += rows.groupby(by)["weight"].agg(["sum", "size"])["size"].sum()
    for by in DIMENSIONS:
        total += chosen().groupby(by, dropna=False).size().sum()
    for of_time in ("date", "month", "hour"):
        for by in _BY:
            rows = chosen()
            rows = rows[rows["has_time"]] if of_time == "hour" else rows
            total += rows.groupby([of_time, by], dropna=False).size().sum()
    for season in (BEFORE, SEASON):
        total += chosen(season).groupby(["season", "month", "category"]).size().sum()
    for by in ("district", "location"):
        total += pd.crosstab(chosen()[by], chosen()["category"]).to_numpy().sum()
    calls = helped[helped["incident_id"].isin(chosen()["incident_id"])]
    return int(total + calls.groupby("helper")["arrived"].agg(["size", "sum"])["size"].sum())


def in_polars(con: duckdb.DuckDBPyConnection, query: str) -> "object":
    """Return what a query finds as a frame of Polars."""
    import polars as pl

    return pl.DataFrame(con.sql(query))


def of_polars(incidents: "object", helped: "object") -> int:
    """Ask Polars the same."""
    import polars as pl

    def chosen(season: str = SEASON) -> pl.LazyFrame:
        named = (pl.col("season") == season) & (pl.col("half") == HALF)
        return incidents.lazy().filter(named & (pl.col("location") == PLACE))

    def counted(rows: pl.LazyFrame, *by: str) -> int:
        return rows.group_by(by).len().collect()["len"].sum()

    total = 0
    for by in ("district", "location"):
        weights = pl.col("category").replace_strict(taxonomy.WEIGHTS)
        scored = chosen().group_by(by).agg(weights.sum().alias("score"), pl.len()).collect()
        total += scored["len"].sum()
    total += sum(counted(chosen(), by) for by in DIMENSIONS)
    for of_time in ("date", "month", "hour"):
        rows = chosen().filter(pl.col("has_time")) if of_time == "hour" else chosen()
        total += sum(counted(rows, of_time, by) for by in _BY)
    for season in (BEFORE, SEASON):
        total += counted(chosen(season), "season", "month", "category")
    total += sum(counted(chosen(), by, "category") for by in ("district", "location"))
    calls = helped.lazy().join(chosen().select("incident_id"), on="incident_id")
    called = calls.group_by("helper").agg(pl.len(), pl.col("arrived").sum()).collect()
    return int(total + called["len"].sum())


if __name__ == "__main__":
    main()
