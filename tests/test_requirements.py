"""What is installed is what was meant: every package pinned, with the hashes of its files."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
from flit_core import buildapi

from analysis.core.database import ROOT

FILES = ("requirements.txt", *(f"requirements/{name}.txt" for name in ("run", "pdf", "lab")))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def packages(name):
    """Each package's lines in a file: its pin, its hashes, and what asks for it."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.split(r"^(?=\w)", text, flags=re.MULTILINE)
    return [lines for lines in found if re.match(r"\w", lines)]


def pins(name):
    return {re.match(r"\S+==\S+", lines)[0] for lines in packages(name)}


PACKAGES = {lines for name in FILES for lines in packages(name)}


@pytest.mark.parametrize("lines", sorted(PACKAGES), ids=lambda lines: lines.split("==")[0])
def test_every_package_is_pinned_and_has_the_hashes_of_its_files(lines):
    assert re.match(r"[a-z0-9-]+==[\w.]+( ; .+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n", lines)


def test_the_packages_are_those_of_the_project():
    """All of them, what runs, and what draws PDF or JupyterLab besides."""
    extras = PROJECT["optional-dependencies"]
    every = [each for extra in extras.values() for each in extra]
    added = [every, extras["build"], *(extras["build"] + extras[one] for one in ("pdf", "lab"))]
    for name, more in zip(FILES, added, strict=True):
        found = packages(name)
        direct = {one.split("==")[0] for one in found if "barometer (pyproject.toml)" in one}
        assert direct == {*PROJECT["dependencies"], *more}, name


def test_what_runs_is_of_the_same_versions_as_what_is_tested():
    every, run, *more = map(pins, FILES)
    assert all(run < each < every for each in more)
    unused = {"playwright", "uv", "ruff", "pytest", "jupyterlab", "statsmodels"}
    assert not {each.split("==")[0] for each in run} & unused


def test_the_wheel_is_the_same_bytes_wherever_it_is_built(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1777000000")
    made = []
    for name, age in (("here", 0), ("elsewhere", 86_400)):
        copy = tmp_path / name
        for part in ("src", "jupyter"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        for file in ("pyproject.toml", "README.md"):
            shutil.copy(ROOT / file, copy)
        for file in copy.rglob("*.py"):
            os.utime(file, (1_600_000_000 + age,) * 2)
            file.chmod(0o600 if age else 0o644)
        monkeypatch.chdir(copy)
        made.append((copy / buildapi.build_wheel(str(copy))).read_bytes())
    assert made[0] == made[1]


@pytest.mark.skipif(not shutil.which("make"), reason="Windows has no make of its own")
@pytest.mark.parametrize(
    ("found", "code", "said"),
    [
        ([{"name": "a", "skip_reason": "not found"}], 0, "NONE of 1 packages could be asked about"),
        (
            [
                {"name": "a", "skip_reason": "not found"},
                {"name": "b", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]},
            ],
            1,
            "b 1 X-1 mended in 2\n1 of 2 packages could be asked about",
        ),
    ],
)
def test_the_audit_fails_where_a_weakness_is_found_and_says_what_was_asked(
    found, code, said, tmp_path
):
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "audit.json").write_text(json.dumps({"dependencies": found}))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    for name, does in (
        ("pip-licenses", "true"),
        # As it does itself: with --strict it ends at the first that is not found.
        ("pip-audit", f'case "$*" in *--strict*) exit 1;; esac; cp audit.json build; exit {code}'),
    ):
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / "bin" / name).chmod(0o700)
    run = subprocess.run(
        ["make", "--silent", "--assume-old=.venv/installed", "audit", "BIN=bin"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    assert bool(run.returncode) == bool(code)
    assert said in run.stdout


def test_no_index_or_folder_of_a_machine_is_named():
    for name in FILES:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"://|^ *--(?!hash)| @ ", text, flags=re.MULTILINE)


def test_every_way_to_install_holds_the_files_against_their_hashes():
    for name in ("Makefile", "README.md"):
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "")
        found = re.findall(r"(?:pip install|INSTALL\)).*requirements\S*\.txt", text)
        assert found, name
        assert all("--require-hashes" in each for each in found)
