"""Case and order numbers become pseudonyms, with a key that is the owner's alone."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from analysis.core import database as files
from analysis.intake import ingest, pseudonym

DATA = files.ROOT / "data"


def test_the_key_is_made_once_for_its_owner_alone(tmp_path):
    file = tmp_path / "build" / "x.key"
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: pseudonym.key(file), range(8)))
    assert made == {file.read_text(encoding="ascii")}
    assert len(file.read_bytes()) == 64
    if os.name != "nt":
        assert file.stat().st_mode & 0o777 == 0o600
    assert pseudonym.key(tmp_path / "other.key") not in made


def test_the_key_is_never_committed():
    ignored = (files.ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert "/build/" in ignored
    assert pseudonym.FILE.parent == files.ROOT / "build"


@pytest.fixture
def numbered(tmp_path):
    """Ingest one case and one order of the numbers given, and return where."""

    def ingested(case, order):
        exports = tmp_path / "exports"
        exports.mkdir(exist_ok=True)
        (exports / "a.csv").write_text(
            "Sagsnr;Hændelsestidspunkt;Oprettet;Bydel;Lokation;Facilitet;Urotype;Underkategori;"
            "Forurettede;Demografi;Tilkaldt hjælp;Ankommet hjælp\n"
            f"{case};01-11-2024 10:00;02-11-2024 10:00;;Union;;Trusler;;;;;\n",
            encoding="utf-8",
        )
        (exports / "b.csv").write_text(
            "Ordrenr;Bestilt;Bydel;Lokation;Facilitet;Sagsnr;Status\n"
            f"{order};01-11-2024;;Union;;{case};Udført\n",
            encoding="utf-8",
        )
        made = tmp_path / "x.duckdb", tmp_path / "lake"
        given = DATA / "reference", DATA / "export_layout.yaml"
        ingest(exports, *given, made[0], into=made[1], accept=True)
        return made

    return ingested


def test_no_number_is_written_anywhere(numbered, tmp_path):
    database, lake = numbered("SAG-QXVW-KZTJ", "ORD-PLMN-HGRS")
    with files.connect(database) as con:
        ((found,),) = con.execute("select incident_id from incident").fetchall()
        assert found.startswith("uro:")
        assert len(found) == len("uro:") + 24
        assert con.execute("select fate from intake_row order by all").fetchall() == [
            ("accepted",),
            ("linked",),
        ]
    for path in (database, *(each for each in lake.rglob("*") if each.is_file())):
        content = path.read_bytes()
        for number in (b"QXVW", b"KZTJ", b"PLMN", b"HGRS"):
            assert number not in content, path


def test_another_key_gives_another_pseudonym(numbered, tmp_path, monkeypatch):
    def ids():
        with files.connect(numbered("S1", "O1")[0]) as con:
            return con.execute("select incident_id from incident").fetchall()

    first = ids()
    assert ids() == first
    monkeypatch.setattr(pseudonym.key, "__defaults__", (tmp_path / "other.key",))
    assert ids() != first
