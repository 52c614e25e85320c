"""The command line's promises: exit codes, one line for an error, what it prints."""

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from analysis import cli, reports
from analysis.core import taxonomy
from analysis.core.database import ROOT

COMMANDS = ("sample", "ingest", "layout", "verify", "report", "packs", "note")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_documents_itself(command, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main([command, "--help"])
    assert stop.value.code == 0
    help_text = capsys.readouterr().out
    assert f"brug: barometer {command}" in help_text
    assert not re.search(
        r"usage|options|show this|default|\b(the|and|with|(?<!-)each)\b", help_text
    )


@pytest.mark.parametrize(
    "given",
    [
        ["verify", "--database", "nowhere.duckdb"],
        ["report", "params/vinter_2025_26.yaml", "--database", "nowhere.duckdb"],
        ["report", "nowhere.yaml"],
        ["ingest", "--exports", "nowhere"],
        ["ingest", "--layout", "nowhere.yaml"],
        ["layout", "nowhere.csv"],
        ["ingest", "--reference", "nowhere"],
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_2(given, database, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    if given[0] == "report" and "--database" not in given:
        given = [*given, "--database", str(database)]
    target = ["--database", str(tmp_path / "x.duckdb")] if given[0] == "ingest" else []
    assert cli.main([*given, *target]) == cli.NOT_DONE
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    assert printed.err.startswith(f"barometer {given[0]}: ")
    assert "nowhere" in printed.err


def test_installed_elsewhere_it_says_where_the_project_is_looked_for(tmp_path):
    def run(home):
        command = [
            sys.executable,
            "-m",
            "analysis",
            "layout",
            str(next((ROOT / "data/exports").glob("*.csv"))),
        ]
        return subprocess.run(
            command,
            env=os.environ | {"BAROMETER_HOME": str(home)},
            capture_output=True,
            encoding="utf-8",
        )

    told = run(tmp_path)
    assert told.returncode == cli.NOT_DONE
    assert told.stderr.count("\n") == 1
    assert f"{tmp_path} er ikke projektets mappe" in told.stderr
    assert "BAROMETER_HOME" in told.stderr
    assert run(ROOT).returncode == cli.DONE


@pytest.mark.parametrize("command", [["verify"], ["report", "params/vinter_2025_26.yaml"]])
def test_a_file_that_is_no_database_is_one_line_and_exit_2(command, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    (tmp_path / "x.duckdb").write_bytes(b"something else")
    duckdb.connect(tmp_path / "y.duckdb").close()
    for name in ("x.duckdb", "y.duckdb"):
        assert cli.main([*command, "--database", str(tmp_path / name)]) == cli.NOT_DONE
        printed = capsys.readouterr().err
        assert printed.count("\n") == 1
        assert "er ikke en database" in printed


@pytest.mark.parametrize(
    "command",
    [
        *("verify", "report params/vinter_2025_26.yaml --dry-run", "changes"),
        *("note --season 2025/26", "purge --before 2024-10-01"),
        "packs --season 2025/26 --month 2025-11",
    ],
)
@pytest.mark.parametrize("is_cut", [True, False])
def test_a_damaged_database_is_one_line_with_its_name_and_what_mends_it(
    command, is_cut, database, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(ROOT)
    content = database.read_bytes()
    # The first bytes hold what says whose it is; or what lies after them is overwritten.
    rest = b"" if is_cut else b"\0" * (len(content) - 500_000)
    (tmp_path / "x.duckdb").write_bytes(content[:500_000] + rest)
    given = [*command.split(), "--database", str(tmp_path / "x.duckdb")]
    if command == "changes":
        given += ["--before", str(database)]
    if command != "verify":
        given += ["--output", str(tmp_path / "out")]
    assert cli.main(given) == cli.NOT_DONE
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "x.duckdb er beskadiget" in told
    assert "barometer ingest" in told


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["ingets"],
        ["sample", "--rows", "0"],
        ["sample", "--rows", "x"],
        ["sample", "--seed", "-1"],
        ["note"],
        ["note", "--season", "2025/26", "--location", "a", "--district", "b"],
        ["report", "x.yaml", "--odd"],
        ["ingest", "--exports"],
        ["ingest", "--strict=3"],
    ],
)
def test_a_command_line_that_makes_no_sense_is_one_danish_line_and_exit_2(given, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(given)
    assert stop.value.code == cli.NOT_DONE
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert not re.search(r"argument|invalid|choice|required|expected|allowed|must|value", told)


def test_report_wants_files_or_each_place_of_a_season(database, capsys):
    for given, said in (
        ([], "giv en parameterfil"),
        (["--each", "location"], "--each location mangler --season"),
        (["x.yaml", "--season", "2025/26"], "--season hører til --each"),
        (["x.yaml", "--half", "sommer"], "--half hører til --each"),
        (["--each", "location", "--season", "2025"], "Ukendt sæson"),
    ):
        assert cli.main(["report", *given, "--database", str(database)]) == 2
        assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("note --seson 2025/26", "barometer note: ukendt: --seson; nærmest er --season. Se barom"),
        ("report params --dryrun", "barometer report: ukendt: --dryrun; nærmest er --dry-run. Se"),
        ("report params --zzz=1", "barometer report: ukendt: --zzz. Se barometer report --help."),
        ("verify x", "barometer verify: ukendt: x. Se barometer verify --help."),
        ("repot params", "barometer: KOMMANDO kan ikke være 'repot'; nærmest er report. Se"),
        ("report --audience alle", "kan ikke være 'alle', men "),
    ],
)
def test_what_is_misspelt_is_told_by_its_command_with_the_nearest(given, said, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(given.split())
    assert stop.value.code == cli.NOT_DONE
    assert said in capsys.readouterr().err


def test_notebooks_may_be_named_together_or_one_by_one(database, capsys):
    def planned(*given):
        files = [str(ROOT / "params/vinter_2025_26.yaml"), "--database", str(database)]
        assert cli.main(["report", *files, "--dry-run", *given]) == 0
        return [Path(line).stem for line in capsys.readouterr().out.splitlines()]

    assert planned("--only", "01", "--only", "02,03") == planned("--only", "01,02,03")
    assert len(planned("--only", "01")) == 1


def test_what_would_be_made_below_a_file_is_refused_as_it_would_be(database, tmp_path, capsys):
    (tmp_path / "x.md").write_text("x")
    files = [str(ROOT / "params/vinter_2025_26.yaml"), "--database", str(database)]
    for more in ([], ["--dry-run"]):
        given = ["report", *files, "--output", str(tmp_path / "x.md"), *more]
        assert cli.main(given) == cli.NOT_DONE
        assert "x.md: der ligger en fil af det navn" in capsys.readouterr().err


def test_ingest_prints_where_every_row_went_and_why(tmp_path, capsys):
    assert cli.main(["ingest", "--database", str(tmp_path / "x.duckdb")]) == cli.DONE
    table, *blocks = capsys.readouterr().out.rstrip().split("\n\n")
    first, *rows = [re.split(r"  +", line) for line in table.splitlines()]
    assert first == [
        *("fil", "skema", "rækker", "godkendt", "dublet", "knyttet til en sag", "annulleret"),
        "afvist",
    ]
    counts = [[int(one.replace(".", "")) for one in row[-6:]] for row in rows]
    assert [row[0] for row in rows] == [
        *sorted(file.name for file in (ROOT / "data/exports").iterdir()),
        "i alt",
    ]
    assert all(read == sum(fates) for read, *fates in counts)
    assert [sum(column) for column in zip(*counts[:-1], strict=True)] == counts[-1]
    assert [block.splitlines()[0] for block in blocks] == [
        "Begrundelser:",
        "Ukendte betegnelser (ret dem i layoutets »values«, taksonomien eller registret):",
        "Linjer i src/analysis/core/taxonomy.yaml, der gør dem kendt (… udfyldes):",
        "En lokation bliver kendt med en række i locations.csv, eller med navnet under "
        "other_names i lokationens række.",
    ]
    # The lines do what they say.
    file = Path(taxonomy.__file__).with_name("taxonomy.yaml")
    text = file.read_text(encoding="utf-8")
    for line in blocks[2].splitlines()[1:]:
        kind, entry = re.fullmatch(
            r"  under (\w+): (- \{.*?\})(?:  \(eller ved .*\))?", line
        ).groups()
        entry = entry.replace("weight: …", "weight: 1").replace("description: …", "description: x")
        text = text.replace(f"\n{kind}:\n", f"\n{kind}:\n  {entry}\n")
    (tmp_path / file.name).write_text(text, encoding="utf-8")
    read = taxonomy.read(tmp_path / file.name)
    assert {"Tabt ejendel", "SSP"} <= read["category"].keys() | read["helper"].keys()
    assert sum(map(len, read.values())) == sum(map(len, taxonomy.FORM.values())) + 7


def test_verify_prints_a_line_for_each_figure_and_says_how_many_differ(database, capsys):
    assert cli.main(["verify", "--database", str(database)]) == cli.DONE
    *lines, last = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ens ") for line in lines)
    assert last == f"{len(lines)} offentliggjorte tal: {len(lines)} ens, 0 afviger"


def test_report_takes_files_patterns_and_folders(database, monkeypatch):
    asked = []
    monkeypatch.setattr(reports, "run", lambda files, *_, **__: asked.append(files) or 0)
    for given in (ROOT / "params", ROOT / "params" / "*.yaml"):
        assert cli.main(["report", str(given), "--database", str(database)]) == cli.DONE
    assert asked == [sorted((ROOT / "params").glob("*.yaml"))] * 2


def test_the_package_runs_as_a_module_without_heavy_imports():
    program = (
        "import sys; from analysis import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit(bool({'duckdb', 'pandas', 'altair', 'papermill'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
    run = subprocess.run([sys.executable, "-m", "analysis", "--help"], check=True, text=True,
                         capture_output=True)  # fmt: skip
    assert "ingest" in run.stdout


def test_charts_are_imported_without_the_grammar_of_every_address():
    code = "import sys; from analysis.show import charts; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_reader_who_has_seen_enough_is_no_error(database):
    command = [sys.executable, "-m", "analysis", "verify", "--database", str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0
