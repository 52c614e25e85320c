"""The promises of the published figures and of holding a database against them."""

import csv
import shutil

import duckdb
import pytest

from analysis.barometer import published
from analysis.core import database as files
from analysis.intake import ingest

DATA = files.ROOT / "data"
FIGURES = published.figures()


def differing(checks):
    return {check.id for check in checks if not check.same}


def write(path, figures):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(published.Figure._fields)
        writer.writerows(figures)
    return path


def broken(figure):
    """The same figure, saying something else."""
    if not figure.value:
        return figure._replace(
            period=figure.base_period,
            half=figure.base_half,
            base_period=figure.period,
            base_half=figure.half,
        )
    other = str(int(figure.value) + 1) if figure.value.isdigit() else f"{figure.value} ikke"
    return figure._replace(value=other)


@pytest.fixture
def changed(database, tmp_path):
    """Verify a copy of the sample's database after a statement."""

    def verify(statement, *values):
        copy = shutil.copy(database, tmp_path / "changed.duckdb")
        with duckdb.connect(str(copy)) as con:
            con.execute(statement, values)
            return differing(published.verify(con))

    return verify


def test_every_published_figure_is_the_samples(con):
    checks = published.verify(con)
    assert len(checks) == len(FIGURES) > 200
    assert differing(checks) == set()


def test_every_figure_can_fail(con, tmp_path):
    path = write(tmp_path / "figures.csv", map(broken, FIGURES))
    assert differing(published.verify(con, path)) == {figure.id for figure in FIGURES}


def test_a_missing_incident_shows_wherever_it_was_counted(changed):
    found = changed(
        "delete from incident where incident_id = (select min(incident_id) from incident "
        "where location = 'Blågårdens Bibliotek' and season = '2025/26' and category = 'Trusler')"
    )
    assert {
        "historik-haendelser-2025-26",
        "2025-26-oversigt-bydel-score",
        "2025-26-matrix-lokation-i-alt-trusler",
        "sammenligning-2025-26",
    } <= found
    assert not any(name.startswith("2024-25") for name in found)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("update visit set visits = visits + 1 where location like 'Blå%'", "besoeg-2025"),
        ("delete from measure where kind = 'Lukning'", "historik-lukket"),
        ("update measure set ends = '2026-01-01' where kind = 'Lukning'",
         "resume-ingen-indskraenkning"),
        ("delete from shift where team = 'Natteværter' and weekday = 4", "initiativ-natte-tid"),
        ("update survey set share = 0.89 where share = 0.90", "maaling-vesterbro-2025"),
        ("delete from survey", "maaling-vesterbro-stigning"),
        ("delete from help_call where helper = 'Politiet'", "kategorier-vold-politi"),
        ("update location set district = 'Valby' where district = 'Vanløse'", "kategorier-bydele"),
        ("update incident set ladder_step = 1", "kategorier-trappe"),
    ],
)  # fmt: skip
def test_a_change_in_any_table_shows(changed, statement, expected):
    assert expected in changed(statement)


def test_a_database_without_incidents_differs_and_does_not_fail(tmp_path):
    exports, file = tmp_path / "exports", tmp_path / "empty.duckdb"
    exports.mkdir()
    source = (DATA / "exports" / "uro_2024_2025.csv").read_text(encoding="utf-8-sig")
    (exports / "uro.csv").write_text(source.splitlines()[0] + "\n", encoding="utf-8")
    ingest(exports, DATA / "reference", DATA / "export_layout.yaml", file, accept=True)
    with files.connect(file) as con:
        found = differing(published.verify(con))
    assert "historik-haendelser-2024-25" in found
    assert "besoeg-2024" not in found


def test_a_line_says_where_a_figure_stands_and_what_was_found(con):
    line = next(str(check) for check in published.verify(con) if check.id == "besoeg-2024")
    assert line.startswith("ens ")
    assert "Besøgstal" in line
    assert line.count("138010") == 2


def test_ids_are_unique_and_every_figure_says_where_it_stands():
    assert len({figure.id for figure in FIGURES}) == len(FIGURES)
    assert all(figure.heading and figure.about for figure in FIGURES)
    assert {figure.comparison for figure in FIGURES} == set(published.COMPARISONS)


def test_both_winters_have_every_table_whole():
    first, second = (
        {figure.id[8:] for figure in FIGURES if figure.id.startswith(f"{winter}-")}
        for winter in ("2024-25", "2025-26")
    )
    # The two differ by the rows that only one of the printed tables has.
    assert {name.split("-")[0] for name in first ^ second} <= {"hjaelp", "demografi"}
    assert len(first & second) > 60


def test_claims_that_data_cannot_check_are_listed_with_the_reason():
    with (DATA / "published" / "unchecked_claims.csv").open(encoding="utf-8", newline="") as file:
        claims = list(csv.DictReader(file))
    assert all(claim["claim"] and claim["reason"] for claim in claims)
    assert {"migranter", "hjemloese"} <= {claim["id"] for claim in claims}


def test_no_large_published_figure_is_typed_into_code():
    large = {figure.value for figure in FIGURES if figure.value.isdigit() and len(figure.value) > 4}
    code = "".join(
        path.read_text(encoding="utf-8")
        for ending in ("py", "sql")
        for path in (files.ROOT / "src").rglob(f"*.{ending}")
    )
    assert large
    assert not any(figure in code for figure in large)
