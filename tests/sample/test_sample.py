"""The promises of the synthetic city."""

import csv
import hashlib
from datetime import datetime
from random import Random

import duckdb
import openpyxl
import pytest

from analysis import cli, sample
from analysis.core import database as files
from analysis.core import taxonomy
from analysis.intake import ingest
from analysis.sample import city, times

DATA = files.ROOT / "data"
PLACE = "Blågårdens Bibliotek"
PUBLISHED_WINTERS = ("2024/25", "2025/26")


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def form_rows(folder):
    return [
        row
        for path in sorted((folder / "exports").glob("uro_*.csv"))
        for row in csv.DictReader(path.open(encoding="utf-8", newline=""), delimiter=";")
    ]


def column(con, query, *values):
    return [row[0] for row in con.execute(query, values).fetchall()]


@pytest.fixture
def bulk(tmp_path):
    """Write a number of rows and return the folder they are in."""

    def write(rows, seed=None):
        folder = tmp_path / f"{rows}_{seed}"
        sample.write(folder, rows=rows, seed=seed)
        return folder

    return write


# The committed sample


def test_the_committed_sample_is_written_again_byte_for_byte(tmp_path):
    assert cli.main(["sample", "--output", str(tmp_path)]) == 0
    for folder in ("exports", "reference"):
        assert digests(tmp_path / folder) == digests(DATA / folder)


def test_every_case_and_order_number_says_that_it_is_synthetic():
    rows = [row for form in city.rows() for row in form]
    numbers = [number for row in rows for number in (row.case_number, row.order_number) if number]
    assert len(numbers) > 6000
    assert all(number.startswith(files.SYNTHETIC_PREFIX) for number in numbers)


def test_no_description_says_anything(bulk):
    sheet = openpyxl.load_workbook(DATA / "exports" / "uro_2025_2026.xlsx", read_only=True).active
    texts = {row[-1].value for row in sheet.iter_rows(min_row=2)}
    texts |= {row["Beskrivelse"] for row in form_rows(bulk(50))}
    assert texts == {"Syntetisk beskrivelse – opdigtet hændelse."}


def test_the_files_come_in_the_formats_that_real_exports_do():
    contents = {path.name: path.read_bytes() for path in (DATA / "exports").iterdir()}
    csvs = [content for name, content in contents.items() if name.endswith(".csv")]
    heads = [content.splitlines()[0] for content in csvs]
    assert {b";" in head for head in heads} == {b"," in head for head in heads} == {True, False}
    assert {content.startswith(b"\xef\xbb\xbf") for content in csvs} == {True, False}
    assert {b"\r\n" in content for content in csvs} == {True, False}
    ansi = contents["uro_2021_2022.csv"]
    with pytest.raises(UnicodeDecodeError):
        ansi.decode("utf-8")
    # The en dash is what Latin-1 lacks.
    assert "–" in ansi.decode("cp1252")


def test_the_workbook_holds_real_date_cells():
    sheet = openpyxl.load_workbook(DATA / "exports" / "uro_2025_2026.xlsx", read_only=True).active
    times = [row[2].value for row in sheet.iter_rows(min_row=2)]
    assert sum(isinstance(time, datetime) for time in times) > 0.95 * len(times)


# The city


def test_the_city_covers_five_winters_and_the_summers_between(con):
    halves = con.execute("select distinct season, half from incident order by all").fetchall()
    assert halves == [
        (f"{year}/{year % 100 + 1}", half)
        for year in range(2021, 2026)
        for half in ("sommer", "vinter")
        if (year, half) != (2025, "sommer")
    ]


def test_the_register_has_40_to_60_places_of_every_kind_in_all_districts(con):
    places = con.execute("select district, facility, latitude, longitude from location").fetchall()
    assert 40 <= len(places) <= 60
    assert {place[0] for place in places} == set(taxonomy.LABELS["district"])
    assert {place[1] for place in places} == set(taxonomy.LABELS["facility"])
    assert all(55.6 < place[2] < 55.74 and 12.45 < place[3] < 12.66 for place in places)


def test_every_cold_month_has_more_incidents_than_any_warm_one(con):
    counted = con.execute("select half, count(*) from incident group by half, month").fetchall()
    winter, summer = ([count for half, count in counted if half == one] for one in taxonomy.HALVES)
    assert min(winter) > max(summer)


def test_half_years_of_places_vary_more_than_chance_alone(con):
    counted = con.execute(
        """
        select half, array_agg(incidents) from (
            select location, season, half, count(incident_id) as incidents
            from location
            cross join (select distinct season, half from incident)
            left join incident using (location, season, half)
            where location not in (?, ?)
            group by all
        ) group by location, half
    """,
        (PLACE, city.VESTERBRO),
    ).fetchall()
    for half in taxonomy.HALVES:
        known = [row for name, row in counted if name == half and sum(row)]
        squares = sum(len(row) * sum(n * n for n in row) / sum(row) - sum(row) for row in known)
        # Pearson's chi-square a degree of freedom: 1 for Poisson counts about unchanging means.
        assert 1.3 < squares / sum(len(row) - 1 for row in known) < 3


def test_the_next_incident_of_a_place_is_often_of_the_same_type_and_group(con):
    alike, by_chance = con.execute("""
        with pairs as (
            select
                (category, demography) = lead((category, demography)) over following as alike,
                datediff('day', occurred_at, lead(occurred_at) over following) as days
            from incident
            window following as (partition by location order by occurred_at, incident_id)
        )
        select avg(alike::int) filter (days < 3), avg(alike::int) filter (days > 7) from pairs
    """).fetchone()
    assert alike > by_chance + 0.1


def test_reports_come_late_with_a_long_tail_and_none_after_the_export(con):
    shares = con.execute("""
        with delays as (
            select datediff('hour', occurred_at, reported_at) / 24 as days from incident
            where source = 'uro' and has_time
        )
        select avg((days < 1)::int), avg((days > 30)::int), avg((days > 90)::int) from delays
    """).fetchone()
    assert shares[0] > 0.75
    assert 0.01 < shares[1] < 0.03
    assert 0 < shares[2] < 0.01
    assert column(con, "select max(reported_at) from incident")[0] <= times.EXPORTED


def test_one_or_two_places_have_no_incident_and_one_or_two_no_hours(con):
    for table in ("incident", "opening_hours"):
        lacking = column(con, f"select location from location anti join {table} using (location)")
        assert 1 <= len(lacking) <= 2


@pytest.mark.parametrize("season", PUBLISHED_WINTERS)
def test_the_published_winters_hold_every_subcategory_and_no_free_standing_order(con, season):
    where = "from incident where location = ? and season = ? and half = 'vinter'"
    found = set(column(con, f"select distinct subcategory {where}", PLACE, season)) - {None}
    assert found == set(taxonomy.LABELS["subcategory"])
    assert column(con, f"select distinct source {where}", PLACE, season) == ["uro"]


def test_nothing_happens_at_a_library_while_it_is_closed(con):
    closed = "occurred_at >= '2024-12-23' and occurred_at < '2025-01-06'"
    query = f"select category from incident where location = ? and {closed}"
    assert set(column(con, query, PLACE)) <= {taxonomy.VANDALISM}


def test_staffed_hours_make_some_time_self_service(con):
    counted = dict(con.execute("select self_service, count(*) from incident group by 1").fetchall())
    assert all(counted[known] > 100 for known in (True, False, None))


# The dirt


@pytest.mark.parametrize(
    ("fate", "reason"),
    [
        ("duplicate", "Gentager et sagsnummer"),
        ("duplicate", "Gentager et sagsnummer med andre oplysninger"),
        ("duplicate", "Gentager et ordrenummer"),
        ("duplicate", "Gentager et ordrenummer med andre oplysninger"),
        ("linked", "%"),
        ("cancelled", "%"),
        ("accepted", "Ordren nævner en sag, der ikke findes%"),
        ("accepted", "Ordren nævner en sag, der er afvist"),
        ("accepted", "%Lokationen står ikke i registret%"),
        ("accepted", "%Bydel i indmeldingen%"),
        ("accepted", "%Facilitet i indmeldingen%"),
        ("accepted", "%Hjælp ankom uden at være tilkaldt%"),
        ("rejected", "Intet tidspunkt"),
        ("rejected", "Tidspunktet kan ikke læses%"),
        ("rejected", "Tidspunktet ligger efter indlæsningsdagen"),
        ("rejected", "Intet sagsnummer"),
        ("rejected", "Ingen lokation"),
        ("rejected", "Ingen urotype"),
        ("rejected", "Ukendt urotype%"),
    ],
)
def test_the_sample_holds_what_real_exports_hold(con, fate, reason):
    query = "select count(*) from intake_row where fate = ? and reason like ?"
    assert con.execute(query, (fate, reason)).fetchone()[0] > 0


@pytest.mark.parametrize("kind", ["subcategory", "victim", "demography", "helper"])
def test_the_sample_holds_an_unknown_label_of_each_kind(con, kind):
    table = "help_call" if kind == "helper" else "incident"
    found = set(column(con, f"select distinct {kind} from {table} where {kind} is not null"))
    assert len(found - set(taxonomy.LABELS[kind])) == 1


def test_labels_come_in_other_spellings_than_the_taxonomys():
    path = DATA / "exports" / "uro_2024_2025.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for heading, kind in (
        ("Urotype", "category"),
        ("Bydel", "district"),
        ("Demografi", "demography"),
    ):
        other = {row[heading] for row in rows} - {"", *taxonomy.LABELS[kind]}
        assert any(taxonomy.match(kind, text) for text in other)
    assert "Blågården Bibliotek" in {row["Lokation"] for row in rows}


# Any number of rows


@pytest.mark.parametrize("rows", [1, 10, 1000])
def test_as_many_form_rows_are_written_as_asked_for(bulk, rows):
    assert len(form_rows(bulk(rows))) == rows


def test_equal_seeds_give_equal_bytes_and_other_seeds_other_rows(bulk, tmp_path):
    first = digests(bulk(500, seed=7))
    again = tmp_path / "again"
    sample.write(again, rows=500, seed=7)
    assert digests(again) == first
    assert digests(bulk(500, seed=8)) != first


def test_a_seed_alone_gives_another_city_of_the_samples_size(bulk):
    assert len(form_rows(bulk(None, seed=3))) == len(city.rows()[0])


def test_many_rows_have_the_samples_make_up(bulk, con, tmp_path):
    folder, file = bulk(20_000), tmp_path / "many.duckdb"
    ingest(folder / "exports", folder / "reference", DATA / "export_layout.yaml", file)
    fates = "select fate, count(*) / sum(count(*)) over () from intake_row group by fate"
    shares = "select {0}, count(*) / sum(count(*)) over () from incident group by {0}"
    with duckdb.connect(str(file), read_only=True) as many:
        for query in (fates, *(shares.format(name) for name in ("category", "season", "facility"))):
            expected = dict(con.execute(query).fetchall())
            assert dict(many.execute(query).fetchall()) == pytest.approx(expected, abs=0.01)


def test_many_rows_have_days_and_minutes_of_their_own(bulk):
    times = [row["Hændelsestidspunkt"] for row in form_rows(bulk(20_000))]
    # The sample has some 6000 rows: drawing its own times again would leave no more.
    assert len(set(times)) > 10_000


def test_nothing_is_reported_after_the_export_however_many_rows(bulk):
    written = [row["Oprettet"] for row in form_rows(bulk(20_000))]
    assert max(datetime.strptime(time, "%d-%m-%Y %H:%M") for time in written) <= times.EXPORTED


def test_the_samples_own_files_are_replaced_and_others_left_alone(tmp_path):
    sample.write(tmp_path)
    (tmp_path / "exports" / "egen.csv").write_text("a;b\n")
    sample.write(tmp_path, rows=10)
    names = {path.name for path in (tmp_path / "exports").iterdir()}
    assert "uro_2025_2026.csv" in names
    assert "uro_2025_2026.xlsx" not in names
    assert "egen.csv" in names


def test_a_negative_number_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ValueError, match="seed"):
        sample.write(tmp_path / "new", seed=-1)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("kind", ["subcategory", "victim", "demography"])
def test_a_label_added_to_the_taxonomy_leaves_the_sample_as_it_is(monkeypatch, kind):
    def drawn():
        return [city._contents(Random(n), city.LIBRARY, taxonomy.UNWANTED) for n in range(50)]

    before = drawn()
    monkeypatch.setitem(taxonomy.LABELS, kind, (*taxonomy.LABELS[kind], "Ny"))
    assert drawn() == before
