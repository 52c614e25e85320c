"""What changed between two databases: each cause by hand, and random edits that must add up."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pseudonyms import incident
from small_exports import OPEN, Exports

from analysis import barometer, cli
from analysis.barometer import Selection
from analysis.core import asking, taxonomy
from analysis.core import database as files
from analysis.core.errors import InputError
from analysis.intake import lake
from analysis.reports import manifest, register
from analysis.reports import revisions as pages
from analysis.reports.index import Page, Report, SeasonCount
from analysis.revisions import figures, words
from analysis.revisions.steps import CAUSES, compared

PLACES = {"city": {}, "district": {"district": "Valby"}, "location": {"location": "Her"}}
DIMENSIONS = ("category", "subcategory", "facility", "victim", "demography", "weekday")
MAPPED = {"heading": "Urotype", "values": {"Trusler": "Fysisk vold", "Bøvl": "Hærværk"}}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A database of the small exports."""
    folder = tmp_path_factory.mktemp("base")
    Exports().ingest(folder / "data", folder / "x.duckdb")
    return folder / "x.duckdb"


@pytest.fixture(scope="module")
def edited(base, tmp_path_factory):
    """The folder of a database after an edit of each kind, that from before beside it."""
    folder = tmp_path_factory.mktemp("edited")
    shutil.copy(base, folder / "x.duckdb")
    made = Exports()
    made.add("late", "11-11-2024 09:00", "Der")
    made.add("new", "01-01-2025 09:00", "Der")
    made.rows["S1"]["Urotype"] = "Hærværk"
    made.rows["S4"]["Tilkaldt hjælp"] = ""
    made.rows["X1"]["Hændelsestidspunkt"] = "11-12-2024 12:00"
    # Its type and the district of its place are others.
    made.rows["S0"]["Urotype"] = "Hærværk"
    # Its place and the district of where it was are others.
    made.rows["S3"]["Lokation"] = "Henne"
    del made.rows["S2"]
    made.orders["O1"][-1] = taxonomy.CANCELLED
    made.register["Her"][0] = "Vanløse"
    made.hours["Henne"] = OPEN[1]
    made.ingest(folder / "data", folder / "x.duckdb")
    return folder


def moved(before, now):
    """Return the causes of each incident that is another, by its number."""
    with closing(compared(before, now)) as con:
        rows = con.execute("select incident_id, cause, sign from shown_incident").fetchall()
    return {number: {cause for each, cause, _ in rows if each == number} for number, *_ in rows}


def both(folder):
    return folder / "x.before.duckdb", folder / "x.duckdb"


def test_each_edit_has_its_cause(edited):
    found = moved(*both(edited))
    expected = {
        "uro:LATE": {"late"},
        "uro:NEW": {"new"},
        "uro:S1": {"corrected"},
        "uro:S2": {"gone"},
        "uro:S3": {"corrected"},
        "uro:S4": {"corrected"},
        "uro:X1": {"corrected"},
        "uro:S0": {"corrected", "register"},
        # The district of Her is another, the hours of Henne.
        **{f"uro:S{n}": {"register"} for n in (6, 9)},
        **{f"uro:S{n}": {"register"} for n in (5, 8, 11)},
        "haervaerk:O0": {"register"},
        "haervaerk:O1": {"gone"},
    }
    assert found == {incident(number): causes for number, causes in expected.items()}


def test_a_figure_is_told_with_both_values_and_its_parts(edited):
    found = figures.between(*both(edited))
    lines = list(map(words.line, found.figures.to_dict("records")))
    assert {
        "Byen, januar 2025, antal: fra 0 til 1 (+1 ny)",
        "Valby, vinterhalvåret 2024/25, antal: fra 10 til 6 "
        "(+1 ny, +1 meldt sent, −1 rettet, −1 udgået og −4 ved registret eller åbningstiderne)",
        "Der, vinterhalvåret 2024/25, relativ score: fra 18 til 22 "
        "(point: +4 nye, +4 meldt sent, −2 rettet og −2 udgået)",
        "Der, vinterhalvåret 2024/25, Tilkaldt: Politiet: fra 4 til 5 "
        "(+1 ny, +1 meldt sent og −1 rettet)",
        "Henne, vinterhalvåret 2024/25, Selvbetjent: Ja: fra 0 til 5 "
        "(+2 rettet og +3 ved registret eller åbningstiderne)",
        "Her, december 2024, Urotype: Trusler: fra 2 til 1 (−1 rettet)",
        "Der, vinterhalvåret 2024/25, kl. 9–10: Trusler: fra 0 til 2 (+1 ny og +1 meldt sent)",
    } <= set(lines)
    # As many went as came.
    assert not any(line.startswith("Byen, vinterhalvåret 2024/25, Urotype: Tr") for line in lines)
    why = "1 ny, 1 meldt sent, 5 rettet, 2 udgået og 7 ved registret eller åbningstiderne"
    assert (
        words.summary(found) == f"{len(lines)} tal er ændret siden sidst. Hændelserne bag: {why}."
    )


def test_an_incident_may_be_moved_by_the_export_and_by_the_register(edited):
    rows = figures.between(*both(edited)).figures.set_index(["place", "view", "name", "measure"])
    for place, category, *parts in (
        ("Valby", "Trusler", -3, -2),
        ("Valby", "Hærværk", 2, -2),
        ("Vanløse", "Hærværk", 0, 2),
        ("Byen", "Hærværk", 2, 0),
    ):
        found = rows.loc[(place, "category", category, "incidents")]
        assert [found["corrected"], found["register"]] == parts, (place, category)


def test_layout_taxonomy_and_program_reclassify_rows_that_say_the_same(base, tmp_path, monkeypatch):
    shutil.copy(base, tmp_path / "x.duckdb")
    made = Exports()
    made.layout["uro"]["category"] = MAPPED
    made.rows["S0"]["Demografi"] = "Ved ikke"
    made.ingest(tmp_path / "data", tmp_path / "x.duckdb")
    found = moved(*both(tmp_path))
    assert found.pop(incident("uro:S0")) == {"corrected"}
    # The one whose type the layout knows now is among them.
    assert found.keys() == {incident(f"uro:{n}") for n in (*(f"S{n}" for n in range(1, 12)), "X0")}
    assert {*map(frozenset, found.values())} == {frozenset({"reclassified"})}
    assert moved(*reversed(both(tmp_path))) == found | {incident("uro:S0"): {"corrected"}}
    # Where nothing that reads them is another, the same rows are told as the program's.
    for column, cause in (("taxonomy", "reclassified"), ("program", "program")):
        for file in both(tmp_path):
            shutil.copy(file, tmp_path / f"{column}_{file.name}")
        now = tmp_path / f"{column}_x.duckdb"
        with duckdb.connect(now) as con:
            con.execute("attach $old as old (read_only)", {"old": str(both(tmp_path)[0])})
            con.execute("update made_by set layout = (select layout from old.made_by)")
            con.execute(f"update made_by set {column} = 'another'")
        found = moved(tmp_path / f"{column}_x.before.duckdb", now)
        assert found[incident("uro:S1")] == {cause}, column


def test_another_time_of_the_report_changes_no_figure_and_is_no_correction(base, tmp_path):
    shutil.copy(base, tmp_path / "x.duckdb")
    made = Exports()
    for number in ("S0", "S1", "S2"):
        made.rows[number]["Oprettet"] = "20-12-2024 10:00"
    made.rows["S1"]["Urotype"] = "Hærværk"
    # The register moves the one whose report alone is another.
    made.register["Henne"][0] = "Valby"
    made.ingest(tmp_path / "data", tmp_path / "x.duckdb")
    found = moved(*both(tmp_path))
    assert {number: found.get(incident(f"uro:{number}")) for number in ("S0", "S1", "S2")} == {
        "S0": None,
        "S1": {"corrected"},
        "S2": {"register"},
    }
    check(*both(tmp_path))
    assert figures.between(*both(tmp_path)).incidents == {"corrected": 1, "register": 5}


def published(con):
    """Return the figures of the barometer's views in a winter by all that names them."""
    told = {}
    for level, place in PLACES.items():
        selection = Selection("2024/25", **place)
        named = place.get(level, "Byen")

        def add(view, name, also, measure, value, of=(level, named)):
            name, also = (each if isinstance(each, str) else None for each in (name, also))
            told[(*of, view, name, also, measure)] = int(value)

        scores = barometer.score_by(con, selection, "district")
        for measure in ("incidents", "relative_score"):
            add("total", None, None, measure, scores[measure].sum())
        for dimension in DIMENSIONS:
            for name, count in barometer.count_by(con, selection, dimension).to_numpy():
                add(dimension, name, None, "incidents", count)
        monthly = barometer.per_month(con, selection)
        for month, name, count in monthly.itertuples(index=False):
            add("per_month", f"{month:%Y-%m-%d}", name, "incidents", count)
        for month, count in monthly.groupby("month")["incidents"].sum().items():
            add("month", f"{month:%Y-%m-%d}", None, "incidents", count)
        for hour, name, count in barometer.time_of_day(con, selection).itertuples(index=False):
            add("hour", str(hour), name, "incidents", count)
        for helper, called, arrived in barometer.help_called(con, selection).itertuples(
            index=False
        ):
            add("helper", helper, None, "called", called)
            add("helper", helper, None, "arrived", arrived)
    return told


def check(before, now):
    """Hold what is told of the figures against the views of both databases."""
    values = []
    for path in (before, now):
        with closing(files.connect(path)) as con:
            values.append(published(con))
    old, new = values
    expected = {
        key: (old.get(key, 0), new.get(key, 0))
        for key in old.keys() | new.keys()
        if old.get(key, 0) != new.get(key, 0)
    }
    found = figures.between(before, now).figures
    assert (found[list(CAUSES)].sum(axis=1) == found["after"] - found["before"]).all()
    names = {"city": "Byen", "district": "Valby", "location": "Her"}
    told = {}
    for row in found.to_dict("records"):
        is_score = row["view"] == "month" and row["measure"] == "relative_score"
        if names[row["level"]] != row["place"] or is_score or row["view"] == "self_service":
            continue
        name, also = (
            each if isinstance(each, str) else None for each in (row["name"], row["also"])
        )
        key = row["level"], row["place"], row["view"], name, also, row["measure"]
        told[key] = row["before"], row["after"]
    assert told == expected


def test_the_figures_told_are_those_that_the_views_give_otherwise(edited):
    check(*both(edited))


ROWS = [f"S{n}" for n in range(12)]
EDITS = st.dictionaries(
    st.sampled_from(ROWS),
    st.sampled_from(["gone", "category", "time", "place", "help", "victim", "again"]),
    max_size=8,
)


@settings(max_examples=max(1, settings().max_examples // 6))
@given(
    edits=EDITS,
    late=st.integers(0, 2),
    new=st.integers(0, 2),
    register=st.lists(st.sampled_from(["Her", "Der"]), max_size=1),
    hours=st.lists(st.sampled_from(["Her", "Henne"]), max_size=1),
    is_mapped=st.booleans(),
)
def test_parts_add_up_and_causes_are_those_of_the_edits(
    base, edits, late, new, register, hours, is_mapped
):
    made, old = Exports(), Exports()
    for number, edit in edits.items():
        row = made.rows[number]
        match edit:
            case "gone":
                del made.rows[number]
            case "category":
                row["Urotype"] = "Hærværk"
            case "time":
                row["Hændelsestidspunkt"] = "05-12-2024 21:00"
            case "place":
                row["Lokation"] = "Henne" if row["Lokation"] != "Henne" else "Der"
            case "help":
                row["Ankommet hjælp"] = "Politiet, Ambulance"
            case "victim":
                row["Forurettede"] = ""
            case "again":
                # The same row in another place says the same.
                made.rows[number] = made.rows.pop(number)
    for n in range(late):
        made.add(f"L{n}", "02-12-2024 12:00", "Her")
    for n in range(new):
        made.add(f"N{n}", "02-01-2025 12:00", "Her", "Ubehagelige tilråb")
    for place in register:
        made.register[place][0] = "Vanløse"
    for place in hours:
        made.hours[place] = OPEN[1]
    if is_mapped:
        made.layout["uro"]["category"] = MAPPED
    expected = {f"L{n}": {"late"} for n in range(late)} | {f"N{n}": {"new"} for n in range(new)}
    for number in ROWS:
        row = old.rows[number]
        now = made.rows.get(number)
        if now is None:
            expected[number] = {"gone"}
            continue
        causes = set()
        place, time = row["Lokation"], row["Hændelsestidspunkt"]
        if now != row:
            causes.add("corrected")
        elif is_mapped:
            causes.add("reclassified")
        if now["Lokation"] == place:
            is_staffed = "10:00" <= time[-5:] < "16:00" and now["Hændelsestidspunkt"] == time
            if place in register or (place in hours and is_staffed):
                causes.add("register")
        if causes:
            expected[number] = causes
    if is_mapped:
        expected["X0"] = {"reclassified"}
    expected = {f"uro:{number}": causes for number, causes in expected.items()}
    for number, (_, _, place, *_) in old.orders.items():
        if place in register:
            expected[f"haervaerk:{number}"] = {"register"}
    with tempfile.TemporaryDirectory() as made_in:
        folder = Path(made_in)
        shutil.copy(base, folder / "x.duckdb")
        made.ingest(folder / "data", folder / "x.duckdb")
        if not expected:
            assert not both(folder)[0].exists()
            return
        assert moved(*both(folder)) == {
            incident(number): causes for number, causes in expected.items()
        }
        check(*both(folder))


def test_last_time_is_kept_until_the_incidents_are_others(base, edited, tmp_path, capsys):
    shutil.copy(base, tmp_path / "x.duckdb")
    database = tmp_path / "x.duckdb"
    made = Exports()
    made.ingest(tmp_path / "data", database)
    assert not files.before(database).exists()
    given = ["changes", "--database", str(database), "--output", str(tmp_path / "a.html")]
    assert cli.main(given) == cli.NOT_DONE
    assert capsys.readouterr().err.count("\n") == 1
    made.add("S20", "12-11-2024 10:00", "Her")
    made.ingest(tmp_path / "data", database)
    kept = files.before(database).read_bytes()
    made.ingest(tmp_path / "data", database)
    assert files.before(database).read_bytes() == kept
    assert moved(*both(tmp_path)) == {incident("uro:S20"): {"late"}}
    assert files.before(database).stat().st_mode & 0o077 == 0
    assert cli.main(given) == cli.DONE
    *lines, summary, written = capsys.readouterr().out.splitlines()
    assert "Her, november 2024, antal: fra 3 til 4 (+1 meldt sent)" in lines
    # What scrolls away is the lines.
    assert summary.startswith(f"{len(lines)} tal er ændret siden sidst.")
    assert written == f"Siden er skrevet i {tmp_path / 'a.html'}"
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "Alle rapporter" not in text
    (tmp_path / "index.html").touch()
    pages.write(figures.between(*both(tmp_path)), tmp_path / "a.html")
    assert 'href="index.html"' in (tmp_path / "a.html").read_text(encoding="utf-8")
    (tmp_path / "a.html").unlink()
    # As whoever has read enough of the lines closes the pipe.
    command = [sys.executable, "-m", "analysis", *given]
    read, written = os.pipe()
    os.close(read)
    assert subprocess.run(command, stdout=written, check=False).returncode == cli.DONE
    os.close(written)
    assert (tmp_path / "a.html").exists()
    assert cli.main([*given, "--before", str(database)]) == cli.DONE
    assert capsys.readouterr().out.splitlines()[0] == words.UNCHANGED
    assert words.UNCHANGED in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert not list(tmp_path.glob(".ingest-*"))


def test_lakes_are_compared_as_their_databases(edited, tmp_path):
    for file in both(edited):
        (tmp_path / file.stem).mkdir()
        lake.write(file, tmp_path / file.stem)
    lakes = (tmp_path / file.stem for file in both(edited))
    found, expected = figures.between(*lakes), figures.between(*both(edited))
    pd.testing.assert_frame_equal(found.figures, expected.figures)
    assert found[1:] == expected[1:]


def test_pseudonyms_of_another_key_are_not_compared(edited, tmp_path):
    before, now = both(edited)
    other = shutil.copy(before, tmp_path / "other.duckdb")
    with duckdb.connect(other) as con:
        con.execute("update made_by set key = 'another'")
    with pytest.raises(InputError, match="nøgle"):
        figures.between(Path(other), now)
    with duckdb.connect(other) as con:
        con.execute("update made_by set key = (select key from made_by)")
        con.execute("update dataset set version = version - 1")
    with pytest.raises(InputError, match="denne udgave"):
        figures.between(Path(other), now)


def test_a_purge_removes_the_database_from_before_and_the_page(edited, tmp_path):
    for file in both(edited):
        shutil.copy(file, tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / pages.NAME).write_text("87", encoding="utf-8")
    given = ["--database", str(tmp_path / "x.duckdb"), "--output", str(tmp_path / "out")]
    assert cli.main(["purge", "--before", "2024-12-01", *given]) == cli.DONE
    assert not list(tmp_path.glob("*.before.*"))
    assert not list((tmp_path / "out").iterdir())
    with closing(files.connect(tmp_path / "x.duckdb")) as con:
        left = "select count(*) from row_digest anti join incident using (incident_id)"
        assert con.execute(left).fetchone() == (0,)
        assert con.execute("select count(*) from row_digest").fetchone()[0] > 0
        assert con.execute("select count(*) from made_by").fetchone() == (1,)


def test_the_index_leads_to_the_page_as_soon_as_it_is_written(edited, tmp_path):
    before, now = both(edited)
    (tmp_path / "by").mkdir()
    (tmp_path / "by" / "01_en.html").touch()
    with closing(files.connect(now)) as con:
        data = asking.dataset(con)
    listed = Report("by", past=(SeasonCount("2024/25", 3),))
    register.add(tmp_path / "by", listed, [Page("01_en", "En")], data, ("html",))
    index = tmp_path / "index.html"
    index.touch()
    given = ["--before", str(before), "--output", str(tmp_path / pages.NAME)]
    assert cli.main(["changes", "--database", str(now), *given]) == cli.DONE
    assert f'href="{pages.NAME}"' in index.read_text(encoding="utf-8")


def test_the_page_tells_of_a_place_its_months_and_halves_alone(edited):
    found = figures.between(*both(edited))
    page = pages.page(found).replace("\u00a0", " ")
    assert words.summary(found) in page
    assert "uro:" not in page
    assert "udledt" in page
    made_up = found._replace(data=(found.data[0], found.data[1]._replace(synthetic=True)))
    assert "Syntetiske data" not in page
    told = pages.page(made_up)
    assert told.index("Syntetiske data") < told.index("<table")
    rows = [re.sub("<.*?>", "|", row) for row in page.split("<tr>")]
    assert any(row.startswith("|Her||december 2024|") for row in rows)
    assert any(row.startswith("|Byen||vinterhalvåret 2024/25||Urotype: Hærværk|") for row in rows)
    of_places = (row.split("||") for row in rows if row.startswith(("|Her|", "|Der|", "|Valby|")))
    told = {cells[2] for cells in of_places}
    assert told == {"Antal", "Relativ score"}


def test_the_overview_says_what_became_of_its_months(edited):
    with closing(files.connect(both(edited)[1])) as con:
        told = [
            words.since_last(figures.months(con, Selection("2024/25", **asked)))
            for asked in ({"location": "Der"}, {"location": "Her"}, {"facility": "Svømmehal"}, {})
        ]
        assert words.since_last(figures.months(con, Selection("2023/24"))) == ""
    assert told == [
        "Januar er siden sidst steget fra 0 til 1: +1 ny.",
        "December er siden sidst faldet fra 2 til 1: −1 rettet.",
        "",
        "November er siden sidst faldet fra 9 til 8: +1 meldt sent og −2 udgået. "
        "December er steget fra 6 til 7: +1 rettet. Januar er steget fra 0 til 1: +1 ny.",
    ]


def test_a_report_is_made_anew_where_the_database_from_before_is_another(edited, tmp_path):
    now = Path(shutil.copy(both(edited)[1], tmp_path))
    shutil.copy(both(edited)[0], tmp_path)
    with closing(files.connect(now)) as con:
        first = manifest.Keys(con)._made
        assert manifest.Keys(con)._made == first
        files.before(now).unlink()
        assert manifest.Keys(con)._made != first
