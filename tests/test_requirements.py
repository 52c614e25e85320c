"""What is installed is what was meant: every package pinned, with the hashes of its files."""

import re
import tomllib

import pytest

from analysis.core.database import ROOT

TEXT = (ROOT / "requirements.txt").read_text(encoding="utf-8")
# A package's lines: its pin, its hashes, and what asks for it.
PACKAGES = re.split(r"^(?=\w)", TEXT, flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("lines", PACKAGES, ids=lambda lines: lines.split("==")[0])
def test_every_package_is_pinned_and_has_the_hashes_of_its_files(lines):
    assert re.match(r"[a-z0-9-]+==[\w.]+( ; .+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n", lines)


def test_the_packages_are_those_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    asked = [*project["dependencies"], *(each for extra in extras for each in extra)]
    direct = {lines.split("==")[0] for lines in PACKAGES if "barometer (pyproject.toml)" in lines}
    assert set(asked) == direct


def test_no_index_or_folder_of_a_machine_is_named():
    assert not re.search(r"://|^ *--(?!hash)| @ ", TEXT, flags=re.MULTILINE)


def test_every_way_to_install_holds_the_files_against_their_hashes():
    for name in ("Makefile", "README.md"):
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "")
        found = re.findall(r"pip install.*requirements\.txt", text)
        assert found, name
        assert all("--require-hashes" in each for each in found)
