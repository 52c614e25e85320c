"""How hard the pages are to read that are read by those with least time."""

import pytest
from lix import lix

# What a newspaper stays under.
MOST = 40
PAGES = ("10_overview", "09_status_note", "meeting")


def test_lix_is_that_of_its_definition():
    # 8 words in 2 sentences, 3 of them longer than 6 letters.
    assert lix("<p>Det er en kort sætning. Ordentlighed betaler sig.</p>") == pytest.approx(
        4 + 100 * 3 / 8
    )
    assert lix("<script>x</script><p>En to tre.</p><table><td>nej</td></table>") == 3


def test_the_overview_the_note_and_the_meetings_sheet_are_easy_to_read(reported):
    pages = [page for name in PAGES for page in reported.glob(f"*/{name}.html")]
    found = {
        f"{page.parent.name}/{page.stem}": round(lix(page.read_text(encoding="utf-8")), 1)
        for page in pages
    }
    print("LIX", found)
    assert len(found) >= 9
    assert {name: value for name, value in found.items() if value >= MOST} == {}
