"""Labels that nobody knows: stored as written, shown to nobody but analysts."""

import csv

import pandas as pd
import pytest

from analysis import barometer, cli
from analysis.barometer import Selection, quality
from analysis.core import asking
from analysis.core import database as files
from analysis.core.selection import SelectionError
from analysis.intake import ingest
from analysis.public import figures

DATA = files.ROOT / "data"
HEAD = (
    "Sagsnr;Oprettet;Hændelsestidspunkt;Bydel;Lokation;Facilitet;Urotype;Underkategori;"
    "Forurettede;Demografi;Tilkaldt hjælp;Ankommet hjælp\n"
)
# What somebody typed where a label should be, each a name of its own.
TYPED = ("Mia Bydel", "Bo Facilitet", "Ib Under", "Eva Offer", "Per Demo", "Kim Hjælp", "Ole Hjælp")
SHOWN = "Andet (ukendt betegnelse)"
PERIOD = Selection("2024/25", location="Et andet sted")


@pytest.fixture(scope="module")
def typed(tmp_path_factory):
    """A database of a row that is all names, at a place that the register does not know."""
    folder = tmp_path_factory.mktemp("typed")
    (folder / "exports").mkdir()
    district, facility, subcategory, victim, demography, *helpers = TYPED
    called = ", ".join(helpers)
    (folder / "exports" / "a.csv").write_text(
        f"{HEAD}S1;01-11-2024 12:00;01-11-2024 10:00;{district};Et andet sted;{facility};"
        f"Uønsket adfærd;{subcategory};{victim};{demography};{called};{helpers[0]}\n"
        "S2;01-11-2024 12:00;02-11-2024 10:00;Mia Bydel;Union;;Tine Type;;;;;\n"
        "S3;01-11-2024 12:00;02-11-2024 10:00;Mia Bydel;Union;;Trusler;;;;;\n"
        "S4;01-11-2024 12:00;i går;Mia Bydel;Siv Sted;;Trusler;;;;;\n",
        encoding="utf-8",
    )
    file = folder / "x.duckdb"
    ingest(folder / "exports", DATA / "reference", DATA / "export_layout.yaml", file, accept=True)
    with files.connect(file) as con:
        yield con


def test_a_label_is_stored_as_written(typed):
    row = "district, facility, subcategory, victim, demography"
    asked = f"select {row} from incident where location <> 'Union'"
    assert typed.execute(asked).fetchall() == [TYPED[:5]]
    assert set(typed.execute("select helper from help_call").fetchall()) == {
        (name,) for name in TYPED[5:]
    }


@pytest.mark.parametrize(
    "dimension", ["district", "facility", "subcategory", "victim", "demography"]
)
def test_no_view_shows_it(typed, dimension):
    assert list(barometer.count_by(typed, PERIOD, dimension)["name"]) == [SHOWN]
    assert not set(TYPED) & set(asking.values_of(typed, dimension))


def test_helpers_that_nobody_knows_are_one(typed):
    assert barometer.help_called(typed, PERIOD).to_numpy().tolist() == [[SHOWN, 1, 1]]


def test_one_can_filter_by_what_is_shown_and_not_by_what_was_typed(typed):
    assert barometer.incidents(typed, Selection("2024/25", victim=SHOWN)) == 1
    with pytest.raises(SelectionError) as error:
        barometer.incidents(typed, Selection("2024/25", victim="Eva Offer"))
    assert "Per Demo" not in str(error.value)


def test_a_place_that_no_register_knows_has_no_public_name_and_no_page(typed):
    counted = figures.counts(typed, asking.resolve(typed, Selection("2024/25")))
    counted = counted[(counted["dimension"] == "") & (counted["incidents"] > 0)]
    assert counted.set_index("location")["incidents"].to_dict() == {SHOWN: 1, "Union": 1}
    with pytest.raises(SelectionError, match="Et andet sted står ikke i registret"):
        figures.check(typed, PERIOD)


def test_a_place_of_rejected_rows_alone_is_for_analysts(typed):
    def told(audience):
        found = quality.unknown_labels(typed, audience)
        return set(found[found["kind"] == "location"]["label"])

    assert told("internal") == {"Et andet sted", SHOWN}
    assert told("analyst") == {"Et andet sted", "Siv Sted"}


@pytest.mark.parametrize("check", ["reasons", "disagreements", "unknown_labels"])
def test_the_data_quality_page_shows_it_to_analysts_alone(typed, check):
    names = [*TYPED, "Tine Type"]

    def told(*audience):
        made = getattr(quality, check)(typed, *audience)
        return pd.Series(made.astype(str).to_numpy().ravel()).str.cat(sep="\n")

    assert not any(name in told() for name in names)
    assert told() == told("internal")
    assert any(name in told("analyst") for name in names)
    with pytest.raises(SelectionError, match="audience"):
        told("alle")


def test_what_the_register_or_the_layout_says_is_known(tmp_path):
    reference, exports = tmp_path / "reference", tmp_path / "exports"
    reference.mkdir()
    exports.mkdir()
    for file in (DATA / "reference").iterdir():
        (reference / file.name).write_bytes(file.read_bytes())
    with (DATA / "reference" / "locations.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= {"district": "Sydby", "facility": "Svømmehal"}
    with (reference / "locations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    (tmp_path / "layout.yaml").write_text(
        "uro:\n  occurred_at: Tid\n  location: Sted\n  category: Type\n  district: Bydel\n"
        "  facility: Hus\n  victim: {heading: Hvem, values: {Kunde: Kunde}}\n"
        "  demography: {default: Sjakhold}\n",
        encoding="utf-8",
    )
    (exports / "a.csv").write_text(
        "Tid;Sted;Type;Bydel;Hus;Hvem\n01-11-2024;Nyt sted;Trusler;sydby;SVØMMEHAL;kunde\n",
        encoding="utf-8",
    )
    ingest(exports, reference, tmp_path / "layout.yaml", tmp_path / "x.duckdb")
    with files.connect(tmp_path / "x.duckdb") as con:
        asked = "select district, facility, victim, demography from shown_incident"
        assert con.execute(asked).fetchall() == [("Sydby", "Svømmehal", "Kunde", "Sjakhold")]
        unknown = con.execute("select kind, label from unknown_label").fetchall()
    assert unknown == [("location", "Nyt sted")]


def test_reports_are_for_the_audience_asked_for(database, tmp_path, capsys):
    file = tmp_path / "by.yaml"
    file.write_text("season: 2025/26\naudience: internal\n", encoding="utf-8")
    given = ["report", str(file), "--database", str(database), "--only", "01", "--quiet"]

    def page(*options):
        assert cli.main([*given, "--output", str(tmp_path / "out"), *options]) == 0
        return (tmp_path / "out" / "by" / "01_data_quality.html").read_text(encoding="utf-8")

    assert "Forbipasserende" in page("--audience", "analyst")
    assert "Forbipasserende" not in page()
    file.write_text("season: 2025/26\naudience: alle\n", encoding="utf-8")
    assert cli.main(given) == 2
    assert "Ukendt audience" in capsys.readouterr().err
