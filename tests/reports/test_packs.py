"""The folders for the districts' representatives."""

import email
import email.policy
import re
import shutil
from contextlib import closing
from datetime import date
from urllib.parse import unquote

import pytest
from lix import lix

from analysis import cli
from analysis.core import asking
from analysis.core import database as files
from analysis.core.selection import SelectionError
from analysis.reports import packs, register
from analysis.reports.index import Page, Report, SeasonCount
from analysis.reports.kernel import WarmKernel
from analysis.reports.parameters import folder_names

NOVEMBER = date(2025, 11, 1)


@pytest.fixture(scope="module")
def written(database, tmp_path_factory):
    """The folders of a month; the overviews are stubs, since one alone takes seconds."""
    output = tmp_path_factory.mktemp("packs")
    given = []

    def overview(kernel, selection, *_):
        given.append(selection)
        return f"<h1>{selection.place}</h1>"

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(packs, "_overview", overview)
        code = packs.write("2025/26", NOVEMBER, database, output, quiet=True)
    return code, output, given


def test_each_district_has_a_folder_with_its_pages_and_a_draft_mail(written, con):
    code, output, _ = written
    assert code == 0
    districts = con.execute("select distinct district from location where district is not null")
    names = {name.replace("/", "-") for (name,) in districts.fetchall()}
    assert {folder.name for folder in output.iterdir()} == names
    # A place that the register lacks is in the district that its incidents of the month, and of the
    # year before, name.
    query = (
        "select location from location where district = 'Valby' union "
        "select location from incident where district = 'Valby' "
        "and occurred_at >= date '2024-11-01' and occurred_at < date '2025-12-01'"
    )
    places = {f"{name}.html" for (name,) in con.execute(query).fetchall()}
    found = {file.name for file in (output / "Valby").iterdir()}
    assert found == {*places, packs.CARD, packs.OVERVIEW, packs.MAIL}


def test_the_command_says_where_the_folders_are_and_the_index_leads_to_the_cards(
    written, con, database, tmp_path, capsys, monkeypatch
):
    data, folder = asking.dataset(con), tmp_path / packs.folder_of(NOVEMBER)
    monkeypatch.setattr(packs, "write", lambda *_, **__: shutil.copytree(written[1], folder) and 0)
    (tmp_path / "by").mkdir()
    (tmp_path / "by" / "01_en.html").touch()
    listed = Report("by", past=(SeasonCount("2025/26", 3),))
    register.add(tmp_path / "by", listed, [Page("01_en", "En")], data, ("html",))
    (tmp_path / "index.html").touch()
    given = ["--season", "2025/26", "--month", "2025-11", "--database", str(database)]
    assert cli.main(["packs", *given, "--output", str(folder)]) == 0
    assert str(folder) in capsys.readouterr().out
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    cards = re.findall(rf'href="(\S+/{packs.CARD})"', index)
    assert len(cards) == len(list(written[1].iterdir()))
    assert all((tmp_path / unquote(each)).exists() for each in cards)
    assert "November 2025:" in index


def test_the_overviews_are_of_the_half_year_up_to_the_end_of_the_month(written):
    _, _, given = written
    assert {one.interval for one in given} == {(date(2025, 10, 1), date(2025, 12, 1))}
    assert {(one.season.name, one.half) for one in given} == {("2025/26", "vinter")}


def test_the_cards_are_easy_to_read(written):
    cards = {each.parent.name: each for each in written[1].glob(f"*/{packs.CARD}")}
    found = {name: round(lix(each.read_text(encoding="utf-8")), 1) for name, each in cards.items()}
    print("LIX", found)
    assert found
    assert max(found.values()) < 40


def test_the_mail_is_a_draft_to_nobody_with_every_page_attached(written):
    _, output, _ = written
    for folder in output.iterdir():
        content = (folder / packs.MAIL).read_bytes()
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert mail["X-Unsent"] == "1"
        assert not {"To", "From", "Date", "Message-ID"} & set(mail.keys())
        assert mail["Subject"].endswith(": mødet om november 2025")
        attached = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
        assert set(attached) == {file.name for file in folder.glob("*.html")}
        assert attached[packs.CARD].strip() == (folder / packs.CARD).read_text("utf-8").strip()
        assert "Syntetiske data" in mail.get_body().get_content()


def test_the_card_has_a_table_and_questions_and_no_link_or_script(written):
    _, output, _ = written
    card = (output / "Nørrebro" / packs.CARD).read_text("utf-8")
    assert "<h1>Nørrebro: mødet om november 2025</h1>" in card
    assert '<table class="barometer' in card
    assert "Det skal du svare på" in card
    assert "Syntetiske data" in card
    assert "<script" not in card
    assert set(re.findall(r'href="(.*?)"', card)) == {"#side"}


def test_a_second_run_replaces_the_first(written, database, con):
    _, output, _ = written
    before = (output / "Valby" / packs.MAIL).read_bytes()
    (output / "Valby" / "Nedlagt Bibliotek.html").touch()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(packs, "_overview", lambda kernel, one, *_: f"<h1>{one.place}</h1>")
        packs.write("2025/26", NOVEMBER, database, output, quiet=True)
    assert not (output / "Valby" / "Nedlagt Bibliotek.html").exists()
    assert (output / "Valby" / packs.MAIL).read_bytes() == before


def test_no_two_places_share_a_folder_or_a_page():
    places = ["A/B", "A:B", "a-b", "..", "moedekort", "x" * 300, "x" * 300 + "y"]
    names = folder_names(places, ["moedekort"])
    assert [*names][:5] == places[:5]
    assert len({name.lower() for name in names.values()} - {"moedekort", "", "."}) == len(places)
    assert max(map(len, names.values())) < 200


def test_an_overview_of_a_place_stands_alone(database, con, tmp_path):
    found = next(one for one in packs._months(con, "2025/26", NOVEMBER) if one.district == "Valby")
    # A place with few incidents, of which no number would be a clear fall.
    chosen = asking.resolve(con, packs._so_far(found, location="Valby Idrætspark"))
    with closing(WarmKernel()) as kernel:
        page = packs._overview(kernel, chosen, database, asking.dataset(con), tmp_path / "x.ipynb")
    assert "Valby Idrætspark, 1. oktober – 30. november 2025" in page
    assert page.count("data:image/svg+xml;base64,") == 4
    assert "i perioden 1. oktober – 30. november 2024" in page
    assert "<strong>Hvem:</strong>" in page
    assert "Læs videre" not in page
    # Five years' bars, the chosen one's among them.
    assert page.count("30. november 20") >= 5
    links = {each for each in re.findall(r'href="(.*?)"', page) if not each.startswith("#")}
    assert links == set()
    assert len(page) < 200_000


@pytest.mark.parametrize(
    ("season", "month", "said"),
    [
        ("2025/26", "2024-11", "November 2024 ligger ikke i 2025/26."),
        ("2026/27", "2026-11", "Data dækker ikke november 2026."),
        ("2025/26", "november", "måneden skal skrives som 2026-04"),
    ],
)
def test_a_month_that_cannot_be_told_of_is_one_line(
    season, month, said, database, capsys, tmp_path
):
    command = ["packs", "--season", season, "--month", month, "--output", str(tmp_path / "x")]
    assert cli.main([*command, "--database", str(database)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "x").exists()


def test_the_last_month_of_a_half_year_is_told_of_as_the_half_year(database):
    with closing(files.connect(database)) as con:
        march = packs._months(con, "2025/26", date(2026, 3, 1))[0]
        assert packs._so_far(march).period == "vinterhalvåret 2025/26"
        with pytest.raises(SelectionError):
            packs._months(con, "2025/26", date(2026, 10, 1))
