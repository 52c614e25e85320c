"""The list of reports: its figures, its order, and what stands in a row."""

import re
from datetime import date

import pytest

from analysis.core.asking import Dataset
from analysis.reports.index import Page, Report, SeasonCount, index

DATA = Dataset(True, date(2021, 10, 1), date(2026, 3, 31))


def past(*counts):
    return tuple(SeasonCount(f"{2020 + n}/{21 + n}", count) for n, count in enumerate(counts))


def report_of(seasons, **given):
    return Report("a", past=seasons, pages=(Page("10_overview", "Overblik"),), **given)


def test_an_unfinished_period_has_no_change():
    row = report_of(past(4, 6), covered=False)
    assert (row.incidents, row.change, row.share) == (6, None, None)


@pytest.mark.parametrize(
    ("counts", "change", "share"),
    [
        ((4, 6), 2, 0.5),
        ((4, 1), -3, -0.75),
        ((0, 6), 6, None),
        ((6,), None, None),
        ((0, 0), 0, None),
    ],
)
def test_the_change_is_from_the_season_before(counts, change, share):
    row = report_of(past(*counts))
    assert (row.incidents, row.change, row.share) == (counts[-1], change, share)


def test_the_change_is_from_the_season_that_the_verdict_is_against():
    row = report_of(past(9, 5, 6), compared="2020/21")
    assert (row.before.season, row.change) == ("2020/21", -3)


def test_the_bars_stand_on_one_line_and_the_own_season_is_marked():
    row = report_of(past(0, 5, 10))
    assert [one.height for one in row.bars] == [1, 12, 24]
    assert {one.y + one.height for one in row.bars} == {row.size[1]}
    assert [one.is_own for one in row.bars] == [False, False, True]
    assert row.bars[-1].x + 9 == row.size[0]
    assert [one.height for one in report_of(past(0, 0)).bars] == [1, 1]
    # A row of an earlier season has fewer.
    assert "Søjlerne er rækkens egen sæson, mørkest, og de tidligere" in index([row], [DATA])


@pytest.mark.parametrize(
    ("compared", "told"),
    [("", "Faldet"), ("2021/22", "Faldet"), ("2020/21", "Faldet (mod 2020/21)")],
)
def test_the_verdict_says_what_it_is_against_where_that_is_not_the_season_before(compared, told):
    page = Page("10_overview", "Overblik", verdict="Faldet")
    assert Report("a", past=past(3, 4, 5), compared=compared, pages=(page,)).verdict == told
    assert not report_of(past(3, 4), compared="2010/11").verdict


def test_a_row_leads_to_the_front_page_where_there_is_one():
    pages = Page("02_barometer", "Barometer"), Page("10_overview", "Overblik")
    assert Report("a", pages=pages).front.title == "Overblik"
    assert Report("a", pages=pages[:1]).front.title == "Barometer"


def test_the_city_stands_first_and_a_district_before_its_places():
    page = (Page("10_overview", "Overblik"),)
    rows = [
        Report("d", "Valby Bibliotek", "Valby", pages=page),
        Report("c", "Valby", "Valby", pages=page),
        Report("b", "Bispebjerg", "Bispebjerg", pages=page),
        Report("a", "København", pages=page),
        Report("e", "Valby", "Valby", starts=date(2020, 1, 1), pages=page),
        Report("f", "Uden sider"),
    ]
    text = index(rows, [DATA])
    assert re.findall(r'href="(\w)/10_overview.html">(?!Over)', text) == ["a", "b", "e", "c", "d"]
    groups = ["På tværs af bydele", "Bispebjerg", "Valby"]
    assert re.findall(r'class="group"><th.*?>(.*?)<', text) == groups
    assert "5 rapporter." in text
    assert "Uden sider" not in text


def test_a_folder_named_after_its_place_is_not_told_twice():
    assert not Report("Vesterbro-Kgs. Enghave", "Vesterbro/Kgs. Enghave").own_name
    assert Report("vinter", "Valby").own_name == "vinter"


def test_what_changed_since_last_time_is_linked_where_counts_are():
    seasons = tuple(SeasonCount(name, 1) for name in ("2024/25", "2025/26"))
    page = (Page("10_overview", "Overblik"),)
    link = '<a href="aendringer.html">'
    counted = [Report("a", pages=page, past=seasons)]
    assert link in index(counted, [DATA], "aendringer.html")
    assert link not in index(counted, [DATA])
    assert link not in index([Report("a", pages=page)], [DATA], "aendringer.html")


def test_what_failed_stands_in_the_row():
    page = Page("02_barometer", "Barometer", error="<kan ikke>")
    text = index([Report("a", pages=(page,))], [DATA])
    assert "1 rapport; 1 side fejlede." in text
    assert "<strong>Barometer fejlede:</strong> <code>&lt;kan ikke&gt;</code>" in text


@pytest.mark.browser
def test_on_a_phone_the_pages_open_below_their_row_as_wide_as_the_screen(chromium):
    title, place = "Prioritering af den kommende måned", "Blågårdens Bibliotek"
    pages = [Page("10_overview", title, verdict="Ikke til at afgøre", files=("xlsx", "ipynb"))]
    row = Report("a", place, "Nørrebro", "vinterhalvåret 2025/26", past=past(9, 8), pages=pages)
    page = chromium.new_page(viewport={"width": 400, "height": 800})
    page.set_content(index([row, Report("b", pages=pages)], [DATA]))
    for each in page.locator("details").all():
        each.locator("summary").click()
        link, name = each.get_by_role("link", name=title, exact=True), page.locator("th a").first
        # On one line.
        assert link.bounding_box()["height"] < 2 * name.bounding_box()["height"]
        assert link.bounding_box()["y"] > name.bounding_box()["y"]
    assert page.evaluate("(box = document.querySelector('.scroll')).scrollWidth <= box.clientWidth")
    page.close()
