"""The form's words in `taxonomy.yaml`, which an analyst edits: what is refused, and how."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import cli
from analysis.core import taxonomy

FILE = Path(taxonomy.__file__).with_name("taxonomy.yaml")


def changed(folder: Path, old: str, new: str) -> Path:
    text = FILE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file = folder / FILE.name
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


def test_every_label_and_spelling_of_a_kind_is_known_as_its_own():
    for kind, labels in taxonomy.FORM.items():
        for label, entry in labels.items():
            assert {taxonomy.match(kind, text) for text in (label, *entry.spellings)} == {label}


def test_an_entry_more_is_read_in_its_place(tmp_path):
    new = "  - label: Chikane\n    weight: 4\n    description: Igen og igen.\n  - label: Trusler\n"
    read = taxonomy.read(changed(tmp_path, "  - label: Trusler\n", new))
    assert list(read["category"])[2:4] == ["Chikane", taxonomy.THREATS]
    assert read["category"]["Chikane"].ladder_step is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("subcategory:", "underkategori:", "mangler listen subcategory"),
        ("- label: Bruger\n", "- label: Lokationen\n", "victim har en betegnelse to gange"),
        ("- label: Trusler\n", "- label: Trussel\n", "category mangler »Trusler«, som der er"),
        ("[Trussel]", "[Tilråb]", "category har »Tilråb« under to betegnelser"),
        ("[Trussel]", "[TILRÅB ]", "category har »TILRÅB« under to betegnelser"),
        ("[Trussel]", "Trussel", "category nr. 3: spellings skal være en liste"),
        ("[Politi]", "[112]", "helper nr. 1: »112« skal være tekst; brug anførselstegn"),
        ("    weight: 4\n", "", "category nr. 3 skal have label, weight, description"),
        ("    weight: 4\n", "    weight: 4.5\n", "category nr. 3: weight skal være et helt tal"),
        ("weight: 4\n", "weight: true\n", "category nr. 3: weight skal være et helt tal"),
        ("    ladder_step: 3\n", "    step: 3\n", "category nr. 3 skal have label, weight"),
        ("- label: Idrætshal\n", "- Idrætshal\n", "facility nr. 4 skal have label"),
        ("[Madlavning]", "[' ']", "subcategory nr. 4: » « skal være tekst"),
    ],
)
def test_what_cannot_be_used_is_named_in_one_danish_line(tmp_path, old, new, told):
    with pytest.raises(ValueError, match=r"taxonomy\.yaml") as error:
        taxonomy.read(changed(tmp_path, old, new))
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_cannot_be_used_is_one_line_at_the_command_line(tmp_path):
    package = FILE.parents[1]
    for name in ("__init__.py", "__main__.py", "cli.py", "core"):
        copied = shutil.copytree if (package / name).is_dir() else shutil.copy
        (tmp_path / "analysis").mkdir(exist_ok=True)
        copied(package / name, tmp_path / "analysis" / name)
    (tmp_path / "analysis" / "core" / FILE.name).write_text("category: 1", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "ingest"],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == cli.NOT_DONE
    assert done.stderr == "barometer: taxonomy.yaml mangler listen subcategory.\n"
