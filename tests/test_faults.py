"""What can go wrong around a database and its reports: old or new whole, and said in one line."""

import os

import duckdb
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis import cli, reports
from analysis.core.database import DEFAULT, ROOT, VERSION, connect
from analysis.core.errors import InputError

needs_rights = pytest.mark.skipif(os.name == "nt", reason="Windows has rights of another kind")


def test_a_file_that_is_no_database_is_not_overwritten(tmp_path, capsys):
    with duckdb.connect(tmp_path / "andres.duckdb") as con:
        con.execute("create table payroll (n int)")
    with duckdb.connect(tmp_path / "incident.duckdb") as con:
        con.execute("create table incident (a int)")
    for name, content in (
        ("brev.docx", b"PK\x03\x04 et brev"),
        ("tom.duckdb", b""),
        ("andres.duckdb", (tmp_path / "andres.duckdb").read_bytes()),
        ("incident.duckdb", (tmp_path / "incident.duckdb").read_bytes()),
    ):
        file = tmp_path / name
        file.write_bytes(content)
        assert cli.main(["ingest", "--database", str(file)]) == cli.NOT_DONE
        assert file.read_bytes() == content
        said = capsys.readouterr().err
        told = "er ikke en af programmets databaser og bliver ikke overskrevet"
        assert said == f"barometer ingest: {name}: {told}\n"
    assert len(list(tmp_path.iterdir())) == 4


@needs_rights
def test_a_link_to_a_database_stays_and_what_it_leads_to_is_made_anew(tmp_path):
    (tmp_path / "share").mkdir()
    link, file = tmp_path / "x.duckdb", tmp_path / "share" / "real.duckdb"
    link.symlink_to(file)
    for _ in range(2):
        assert cli.main(["ingest", "--database", str(link)]) == cli.DONE
        assert link.is_symlink()
        assert not file.is_symlink()
        with connect(link) as con:
            assert con.execute("select count(*) > 0 from incident").fetchall() == [(True,)]


@needs_rights
def test_what_a_command_writes_is_its_owners_alone(tmp_path, database):
    assert (
        cli.main(
            ["ingest", "--database", str(tmp_path / "x.duckdb"), "--lake", str(tmp_path / "lake")]
        )
        == 0
    )
    given = ["--database", str(database), "--output", str(tmp_path / "out"), "--quiet"]
    assert (
        cli.main(["report", str(ROOT / "params" / "vinter_2025_26.yaml"), *given, "--only", "01"])
        == 0
    )
    for path in tmp_path.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    after = os.umask(0o022)
    os.umask(after)
    assert after != 0o077


def test_a_database_of_another_version_is_told_with_the_mend(database, tmp_path):
    older = tmp_path / "older.duckdb"
    older.write_bytes(database.read_bytes())
    with duckdb.connect(older) as con:
        assert con.execute("select version from dataset").fetchall() == [(VERSION,)]
        con.execute("update dataset set version = version - 1")
    with pytest.raises(InputError, match="Lav den igen med »make data« eller »barometer ingest«"):
        connect(older)
    with duckdb.connect(older) as con:
        con.execute("alter table dataset drop column version")
    with pytest.raises(InputError, match="barometer ingest"):
        connect(older)
    assert DEFAULT.suffix == ".duckdb"


def test_pages_of_a_database_that_was_made_anew_meanwhile_are_not_kept(database, tmp_path, capsys):
    """The second notebook's pages would be of other data than the first's."""
    file, notebooks = tmp_path / "x.duckdb", tmp_path / "notebooks"
    file.write_bytes(database.read_bytes())
    notebooks.mkdir()
    swap = (
        f"import os, shutil\nshutil.copy({str(file)!r}, {str(file)!r} + '.new')\n"
        f"os.replace({str(file)!r} + '.new', {str(file)!r})"
    )
    for name, cell in (("01_et", "1 + 1"), ("02_to", swap)):
        tagged = new_code_cell('season: str = "2025/26"', metadata={"tags": ["parameters"]})
        kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Py"}}
        made = new_notebook(cells=[tagged, new_code_cell(cell)], metadata=kernel)
        nbformat.write(made, notebooks / f"{name}.ipynb")
    (tmp_path / "by.yaml").write_text("season: 2025/26\n", encoding="utf-8")
    given = [tmp_path / "by.yaml"], file, tmp_path / "out", notebooks
    assert reports.run(*given, quiet=True, only=["01"]) == 0
    assert reports.run(*given, quiet=True, only=["02"]) == 1
    assert "databasen er lavet om, mens siderne blev lavet; kør igen" in capsys.readouterr().err
    assert not list((tmp_path / "out").rglob("02_to*"))
    assert list((tmp_path / "out").rglob("01_et.html"))
