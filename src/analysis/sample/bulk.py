"""Any number of synthetic rows of the sample's make-up, drawn by DuckDB from the sample's own."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from analysis.core import taxonomy
from analysis.core.database import SYNTHETIC_PREFIX, sql
from analysis.sample import files
from analysis.sample.city import SEASONS, Row
from analysis.sample.times import EXPORTED

# One row in so many repeats the case number of the row before it.
REPEATED_ONE_IN = 400
LABELS = (
    "district",
    "location",
    "facility",
    "category",
    "subcategory",
    "victim",
    "demography",
    "status",
)


def write(folder: Path, form: list[Row], orders: list[Row], rows: int, seed: int) -> None:
    """Write `rows` form rows, and repair orders in proportion, as a CSV file for each season.

    The rows are spread evenly over the sample's in order of time, and each gets a day and a minute
    of its own within the month and the hour. A row that has a repair order gets one here too.
    Memory does not grow with `rows`.
    """
    import duckdb
    import pandas as pd

    standing = [row for row in orders if not row.case_number]
    with_order = {row.case_number for row in orders} - {""}
    drawn = {"rows": rows, "seed": seed, "prefix": SYNTHETIC_PREFIX, "exported": EXPORTED}
    with duckdb.connect() as con:
        con.execute(sql("sample/base"))
        base = pd.DataFrame([*_base("form", form, with_order), *_base("order", standing, set())])
        con.register("base_rows", base)
        con.execute("insert into base by name from base_rows")
        con.execute(sql("sample/drawn"))
        for season in SEASONS:
            bound = drawn | {"season": season.name}
            con.execute(
                sql("sample/form"),
                bound
                | {
                    "path": str(folder / f"{files.form_name(season)}.csv"),
                    "description": files.FORM_DESCRIPTION,
                    "one_in": REPEATED_ONE_IN,
                },
            )
            con.execute(
                sql("sample/orders"),
                bound
                | {
                    "path": str(folder / f"{files.orders_name(season)}.csv"),
                    "description": files.ORDER_DESCRIPTION,
                    "orders": rows * len(standing) // len(form),
                    "done": taxonomy.LABELS["status"][1],
                },
            )


def _base(kind: str, rows: list[Row], with_order: set[str]) -> Iterator[dict]:
    """Yield the rows to draw from as the table `base` holds them."""
    for place, row in enumerate(sorted(rows, key=lambda row: (row.season, row.reported))):
        timed, dated = isinstance(row.occurred, datetime), isinstance(row.occurred, date)
        day = row.occurred if dated else row.reported
        midnight = datetime(day.year, day.month, day.day)
        yield {
            "kind": kind,
            "place": place,
            "season": row.season.name,
            "month": midnight.replace(day=1),
            "days": monthrange(day.year, day.month)[1],
            "hour": day.hour if timed else None,
            "unread": None if dated else row.occurred or "",
            "delay": (row.reported - (day if timed else midnight)) // timedelta(minutes=1),
            "has_case": bool(row.case_number),
            "has_order": bool(row.case_number) and row.case_number in with_order,
            "called": ", ".join(row.called) or None,
            "arrived": ", ".join(row.arrived) or None,
        } | {label: getattr(row, label) or None for label in LABELS}
