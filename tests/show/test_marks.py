"""Texts from data in a page's sentences: as they are, whatever they hold."""

import html
import re

import duckdb
import pytest

from analysis.core import asking
from analysis.core.database import sql
from analysis.reports.markup import parse, plain
from analysis.reports.render import markdown as to_html
from analysis.show import marks
from analysis.show.phrases import markdown

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "<meta http-equiv=refresh content='0;url=http://a.b'>",
    "![x](http://a.b/c.png)",
    "[Klik her](http://a.b)",
    "[x]: http://a.b",
    "[x][y]",
    "<http://a.b>",
    "http://a.b/c",
    "www.a.b",
    "a@b.dk",
    "$\\href{http://a.b}{x}$ og \\(x\\)",
    "`kode` og ```mere```",
    "**fed** _kursiv_ ~~væk~~",
    "# Overskrift",
    "- punkt",
    "1. punkt",
    "> citat",
    "a|b",
    "&lt;b&gt; &amp;",
    "{navn} {0}",
    "<!-- væk -->",
    "slut \\",
    "to\nlinjer",
)
TABLES = """
create table location as select text as location, null as district, null as facility from given;
create table unknown_label as select 'location' as kind, 'Et sted' as label;
create table measure as select null as kind, null as description, null as remark;
create table shift as select null as team, null as remark;
create table experience as select null as note;
create table survey as select null as question, null as remark;
create table dataset as select 'København' as city;
"""


@pytest.fixture
def noted():
    """Let a notebook be open whose data hold texts."""

    def opened(*texts):
        con = duckdb.connect()
        con.execute("create table given as select unnest($1) as text", [list(texts)])
        con.execute(TABLES)
        asking._running[:] = [{"con": con}]

    return opened


def shown(made):
    """Return the HTML of a page's sentences, and what is read of it."""
    text = to_html()(made)
    # JupyterLab would take what stands between two of them for a formula.
    assert "$" not in text.replace('<span class="mathjax_ignore">$</span>', "")
    return text, html.unescape(re.sub(r"<[^>]+>", "", text)).replace("\u2060", "").strip()


@pytest.mark.parametrize("value", HOSTILE)
def test_a_text_from_data_is_shown_as_it_is(value, noted):
    noted(value)
    page, read = shown(markdown(f"**{value}** har flest.", f"Flest i {value}.").data)
    plain = value.replace("\n", " ")
    assert read == f"{plain} har flest.\nFlest i {plain}."
    assert re.sub(r"</?(p|strong|span)( class=.mathjax_ignore.)?>", "", page).count("<") == 0


@pytest.mark.parametrize("value", HOSTILE)
def test_a_text_that_was_changed_on_its_way_still_leads_and_hides_nothing(value, noted):
    noted()
    for made in (f"{value} har flest.", f"Flest i {value.upper()}: 3."):
        page, read = shown(markdown(made).data)
        assert not re.search(r"<(a|img|script|meta|h\d)\b", page.replace("<h1>Overskrift", ""))
        assert "3" in read or "har flest" in read.lower()


def test_our_own_marks_mean_what_they_say(noted):
    noted("Hal [2]")
    made = markdown(
        "**[Er det sket oftere?](03_season_comparison.ipynb#Udvikling)** I Hal [2].",
        "<mark>**[Udfyldes: formål]**</mark>",
        "- *et*\n- to",
    ).data
    page, read = shown(made)
    assert '<a href="03_season_comparison.ipynb#Udvikling">Er det sket oftere?</a>' in page
    assert "<mark><strong>[Udfyldes: formål]</strong></mark>" in page
    assert "<li><em>et</em></li>" in page
    assert "I Hal [2]." in read


def test_the_same_signs_are_sought_in_the_data_and_escaped():
    query = sql("core/texts")
    assert "$means" in query
    con = duckdb.connect()
    for value in HOSTILE:
        found = con.execute("select regexp_matches($1, $2)", [value, marks._SIGNS.pattern])
        assert found.fetchone()[0] == bool(marks._SIGNS.search(value)), value


def test_every_program_that_reads_our_markdown_reads_the_same(noted):
    """The note and the workbook read the tree, the pages the HTML."""
    for value in HOSTILE:
        noted(value)
        texts = map(plain, parse(markdown(f"Flest i {value}.").data))
        assert "".join(texts).replace("\u2060", "") == f"Flest i {value}.".replace("\n", " ")


@pytest.mark.parametrize("value", HOSTILE)
def test_a_sentence_that_another_page_made_is_not_escaped_again(value, noted):
    noted(value)
    once = markdown(f"Flest i {value}.").data
    assert markdown(once).data == once


@pytest.mark.parametrize("value", HOSTILE[:-1])
def test_what_a_scenario_is_called_is_shown_as_it_is(value, noted):
    noted()
    asking._running[0]["scenario"] = [{"kind": f"Vagt {value}"}]
    _, read = shown(markdown(f"Hele byen: vagt {value}, 80 pct.").data)
    assert read == f"Hele byen: vagt {value}, 80 pct."


def test_a_text_within_a_sentence_begins_with_a_small_letter(noted):
    noted("Vagt http://A.dk")
    assert markdown("Der er vagt http://A.dk.").data == "Der er vagt http\\:\\/\\/A.dk."


def test_a_text_of_one_sign_leaves_our_own_marks(noted):
    noted("*", "[", "#")
    page, _ = shown(markdown("**[Sket?](03_season_comparison.ipynb)** Ja.").data)
    assert '<strong><a href="03_season_comparison.ipynb">Sket?</a></strong> Ja.' in page


def test_a_text_that_begins_with_an_address_is_not_fetched(noted):
    noted()
    assert markdown("http://127.0.0.1:9/x har flest.").data.endswith("har flest.")
