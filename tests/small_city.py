"""A database of a few rows, written out by hand in the test that asks for it."""

from datetime import datetime

import duckdb
import pandas as pd

from analysis.core import taxonomy
from analysis.core.database import VERSION, show, sql
from analysis.core.season import Season, half_of

CITY = "København"


def city(tables, incidents=(), days=("2021-10-01", "2026-03-31")):
    """Return a connection to a database with these rows.

    `tables` maps a table to its rows as dicts, `incidents` are `(location, time)` or `(location,
    time, category)`; a time without a clock is not known. `days` are the data's first and last.
    """
    con = duckdb.connect()
    con.execute(
        "create type category as enum (select unnest($labels))",
        {"labels": list(taxonomy.CATEGORY_LABELS)},
    )
    con.execute(sql("intake/schema"))
    show(con)
    con.execute("insert into dataset values (?, true, ?, ?, ?)", [VERSION, *days, CITY])
    for table, rows in tables.items():
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" * len(row))
            con.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))
    places = {row["location"]: row for row in tables.get("location", ())}
    rows = []
    for number, (location, time, *category) in enumerate(incidents):
        moment = datetime.fromisoformat(time)
        rows.append(
            {
                "incident_id": f"uro:{number}",
                "source": "uro",
                "occurred_at": moment,
                "has_time": " " in time,
                "season": Season.of(moment.date()).name,
                "half": half_of(moment.date()),
                "month": moment.date().replace(day=1),
                "district": places[location]["district"],
                "location": location,
                "facility": places[location]["facility"],
                "category": category[0] if category else taxonomy.UNWANTED,
            }
        )
    if rows:
        con.register("given", pd.DataFrame(rows))
        con.execute("insert into incident by name select * from given")
        con.unregister("given")
    return con


def copy_of(con, kept="true"):
    """Return a copy in memory of a database's file with the incidents kept; its days are theirs."""
    path = con.execute("select path from duckdb_databases() where not internal").fetchone()[0]
    copy = duckdb.connect()
    copy.execute(f"attach '{path}' as old (read_only)")
    copy.execute("copy from database old to memory")
    copy.execute("detach old")
    copy.execute(f"delete from incident where not ({kept})")
    copy.execute(
        "update dataset set first_day = (select min(occurred_at)::date from incident),"
        " last_day = (select max(occurred_at)::date from incident)"
    )
    return copy


def place(name, district="Valby", facility="Bibliotek"):
    return {"location": name, "district": district, "facility": facility}


def hours(location, opens="10:00", closes="20:00", weekdays=range(1, 8), **more):
    return [
        {"location": location, "weekday": day, "opens": opens, "closes": closes, **more}
        for day in weekdays
    ]


def shift(location, team, weekdays, starts, ends, **more):
    return [
        {
            "location": location,
            "team": team,
            "weekday": day,
            "starts": starts,
            "ends": ends,
            "valid_from": "2021-10-01",
            **more,
        }
        for day in weekdays
    ]


def measure(location, kind, starts, ends=None):
    return {"location": location, "kind": kind, "starts": starts, "ends": ends}
