"""The fixed prose in `prose/`, which an editor corrects: all of it is used, and none is missing."""

import re

import pytest

from analysis.comparison.exposure import ASSUMPTIONS, NONE
from analysis.core import prose
from analysis.core.database import ROOT

FILES = sorted((ROOT / "prose").glob("*.md"))
CODE = "\n".join(
    file.read_text(encoding="utf-8") for file in (ROOT / "src" / "analysis").rglob("*.py")
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_section_is_shown_somewhere_and_says_something(file):
    counted = {one.name for one in ASSUMPTIONS if one is not NONE}
    for title, text in prose.sections(file.stem).items():
        is_asked = f'"{file.stem}/{title}"' in CODE or f"'{file.stem}/{title}'" in CODE
        assert is_asked or file.stem == "definitions" or title in counted, title
        assert text


def test_every_section_that_the_code_asks_for_is_there():
    asked = re.findall(r"""prose\.text\(\s*["']([a-z]+)/([^"'{]+)["']""", CODE)
    assert len(asked) > 10
    for file, title in asked:
        assert title in prose.sections(file), title


def test_a_paragraph_may_be_broken_into_lines_anywhere(monkeypatch, tmp_path):
    (tmp_path / "prose").mkdir()
    written = "# Ny\n\nOm filen.\n\n## Et afsnit\n\nEn sætning\nom {hvad}.\n\n- Et\n- To\nlinjer\n"
    (tmp_path / "prose" / "ny.md").write_text(written, encoding="utf-8")
    monkeypatch.setattr(prose, "FOLDER", tmp_path / "prose")
    assert prose.text("ny/Et afsnit", hvad="{tal}") == "En sætning om {tal}.\n\n- Et\n- To linjer"


def test_what_a_file_lacks_or_cannot_be_given_is_told_in_danish():
    with pytest.raises(ValueError, match=r"prose/rules.md mangler afsnittet »Skemaer«"):
        prose.text("rules/Skemaer")
    with pytest.raises(ValueError, match=r"prose/rules.md, »Signaler«: {følges} kendes ikke her"):
        prose.text("rules/Signaler")
