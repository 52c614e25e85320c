"""Every count and score in the tables of the reports against the incidents, counted by hand."""

from datetime import date

import pytest
import yaml

from analysis.core import danish, taxonomy
from analysis.core.database import ROOT, connect
from analysis.core.headings import BLANK, DIMENSIONS, TOTAL
from analysis.core.selection import FILTERS, Selection

# How many tables with counts the notebooks have; that of the help called is held in test_workbook.
NOTEBOOKS = {
    "02_barometer": 20,
    "03_season_comparison": 5,
    "04_conflict_ladder": 6,
    "09_status_note": 5,
}
# Tables of other places than the selection's.
ELSEWHERE = (
    "De offentliggjorte scorer",
    "En tredje score",
    "Hændelser i forhold til",
    "Indmeldte hændelser i hvert vinterhalvår på stederne",
)
# What a table's first column holds, by its heading.
FIELDS = {heading: name for name, heading in DIMENSIONS.items()} | {
    "Dato": "date",
    "Måned": "month",
    "Time": "hour",
    "Sæson": "season",
    "Periode": "period",
}
# What divides incidents into columns, by the labels that head them.
KINDS = {
    "category": {*taxonomy.CATEGORY_LABELS},
    "six": {*taxonomy.WITH_OTHER},
    "subcategory": {*taxonomy.LABELS["subcategory"]},
    "demography": {*taxonomy.LABELS["demography"]},
}
# Columns that add up what the row holds.
SUMS = ("Antal", "Relativ score")
LABELS = set().union(*KINDS.values())


@pytest.fixture(scope="module")
def incidents(database):
    with connect(database) as con:
        found = con.execute("select * from shown_incident").df()
    found["category"] = found["category"].astype(str)
    found["six"] = found["category"].mask(found["subcategory"] == taxonomy.OTHER, taxonomy.OTHER)
    found["weight"] = found["category"].map(taxonomy.WEIGHTS)
    found["date"] = found["occurred_at"].dt.date
    found["weekday"] = [danish.WEEKDAYS[day.weekday()] for day in found["occurred_at"]]
    found["hour"] = found["occurred_at"].dt.hour.where(found["has_time"])
    found["month"] = found["month"].dt.date
    found["period"] = "Vinterhalvåret " + found["season"]
    return found


def of_place(incidents, given):
    """The incidents that a parameters file asks for, in every season."""
    for name in ("half", *FILTERS):
        if value := given.get(name):
            incidents = incidents[incidents[name] == value]
    return incidents


def counts(table, incidents, season):
    """Yield where each count of a table stands, what it says, and the count by hand."""
    heads = [column.heading for column in table.columns]
    names, seasons = {*heads[1:]}, {*incidents["season"]}
    divides = max(KINDS, key=lambda kind: len(names & KINDS[kind])) if names & LABELS else None
    field = FIELDS.get(heads[0])
    if field == "category" and any(row[0] == taxonomy.OTHER for row in table.rows):
        field = "six"
    if table.caption.startswith(taxonomy.UNWANTED):
        incidents = incidents[incidents["category"] == taxonomy.UNWANTED]
    if heads[1] == "Trin":
        incidents = incidents.dropna(subset="ladder_step")
    if field == "hour":
        incidents = incidents.dropna(subset="hour")
    for row in table.rows:
        of_row = incidents
        if isinstance(row[0], str) and field == "month" and row[0] != TOTAL:
            of_row = of_row[[danish.month(day).startswith(row[0]) for day in of_row["month"]]]
        elif row[0] in (None, BLANK):
            of_row = of_row[of_row[field].isna()]
        elif heads[1] == "Underkategori" and row[1]:
            of_row = of_row[of_row["subcategory"] == row[1]]
        elif row[0] != TOTAL:
            of_row = of_row[of_row[field] == row[0]]
        for head, column, value in zip(heads[1:], table.columns[1:], row[1:], strict=True):
            found = of_row
            period = head.removeprefix("Vinterhalvåret ")
            if divides and head == BLANK:
                found = found[found[divides].isna()]
            elif divides and head not in (*SUMS, TOTAL):
                found = found[found[divides] == head]
            elif period not in {*seasons, *SUMS, TOTAL}:
                continue
            if period in seasons:
                found = found[found["season"] == period]
            elif not isinstance(row[0], date) and field not in ("season", "period"):
                found = found[found["season"] == season]
            if column.kind == "whole" and value is not None:
                by_hand = found["weight"].sum() if head == "Relativ score" else len(found)
                yield (table.caption, row[0], head), value, by_hand


@pytest.mark.parametrize(("name", "held"), NOTEBOOKS.items())
def test_every_count_of_a_table_is_that_of_the_incidents(
    reported, incidents, tables_of, name, held
):
    checked, seen = set(), set()
    for file in sorted((ROOT / "params").glob("*.yaml")):
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
        asked = of_place(incidents, given)
        notebook = reported / file.stem / f"{name}.ipynb"
        for table in tables_of(notebook) if notebook.exists() else ():
            if table.columns[0].heading in FIELDS and not table.caption.startswith(ELSEWHERE):
                for where, told, by_hand in counts(table, asked, given["season"]):
                    seen.add(where[2])
                    assert told == by_hand, (file.stem, *where)
                    checked.add(table.caption)
    assert len(checked) == held, checked
    assert name != "02_barometer" or "Relativ score" in seen


# What a table says of the incidents by another way than its own query: the first column and the
# whole numbers, or the columns named.
KNOWN = "coalesce(half = $half, true) and coalesce(location = $location, true)"
KNOWN += " and coalesce(district = $district, true)"
SELECTED = f"season = $season and {KNOWN}"
FORM = f"source = 'uro' and {SELECTED}"
DAYS = "datediff('day', occurred_at::date, reported_at::date)"
WEEKDAYS = [f"count_if(isodow(occurred_at) = {day})" for day in range(1, 8)]
QUERIES = {
    ("01_data_quality", "Rækker pr. eksport"): """
        select file, list_value(count(*), count_if(fate = 'accepted'), count_if(fate = 'duplicate'),
            count_if(fate = 'linked'), count_if(fate = 'cancelled'), count_if(fate = 'rejected'))
        from intake_row group by file""",
    ("01_data_quality", "Hændelser efter tid fra"): f"""
        select case when {DAYS} < 0 then 'Før hændelsen' when {DAYS} = 0 then 'Samme dag'
            when {DAYS} = 1 then 'Dagen efter' when {DAYS} <= 7 then '2–7 dage'
            when {DAYS} <= 30 then '8–30 dage' else 'Over 30 dage' end as delay, [count(*)]
        from incident where {FORM} and reported_at is not null group by delay""",
    ("01_data_quality", "Fysisk vold og tilkald"): f"""
        with police as (select distinct incident_id from help_call where helper = 'Politiet')
        select location, list_value(count(*), count(police.incident_id),
            count(*) - count(police.incident_id))
        from incident left join police using (incident_id)
        where category::varchar = 'Fysisk vold' and {SELECTED} group by location""",
    ("01_data_quality", "Blanke felter"): " union all ".join(
        f"select '{heading}', list_value(count(*), count(*) - count({column})) from incident "
        f"where {FORM}"
        for heading, column in (
            ("Forurettede", "victim"),
            ("Demografi", "demography"),
            ("Bydel", "district"),
            ("Facilitet", "facility"),
        )
    ),
    ("05_measures", "Hændelser efter time"): f"""
        select hour(occurred_at), list_value({", ".join(WEEKDAYS)})
        from incident where has_time and {SELECTED} group by all""",
    ("06_outlook", "Prognoserne"): f"""
        select if(half = 'vinter', 'vinterhalvåret ' || season, 'sommerhalvåret 20' || season[-2:]),
            [count(*)]
        from incident where {KNOWN.replace("half = $half", "true")}
            and (known_on(occurred_at, reported_at) < $ends
                or $ends > (select max(occurred_at) from incident)) group by all""",
}
# The columns of whole numbers that the query does not have.
OTHERS = ("Ventet",)


@pytest.mark.parametrize(("name", "caption"), QUERIES)
def test_every_row_of_a_table_is_another_querys(reported, database, tables_of, name, caption):
    checked = 0
    for file in sorted((ROOT / "params").glob("*.yaml")):
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
        notebook = reported / file.stem / f"{name}.ipynb"
        for table in tables_of(notebook) if notebook.exists() else ():
            # That of the week is of one place.
            if not table.caption.startswith(caption) or (
                name[:2] == "05" and not given["location"]
            ):
                continue
            query = QUERIES[name, caption]
            given["ends"] = Selection(given["season"], given["half"]).interval[1]
            asked = {
                key: given.get(key)
                for key in ("season", "half", "location", "district", "ends")
                if f"${key}" in query
            }
            with connect(database) as con:
                expected = dict(con.execute(query, asked).fetchall())
            kept = [
                index
                for index, column in enumerate(table.columns)
                if index and column.kind == "whole" and column.heading not in OTHERS
            ]
            for row in table.rows:
                if row[0] != TOTAL and (row[0] in expected or name != "01_data_quality"):
                    told = [row[index] for index in kept]
                    assert told == expected.get(row[0], [0] * len(kept)), (file.stem, row)
                    checked += 1
    assert checked
