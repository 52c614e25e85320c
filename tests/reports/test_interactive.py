"""The interactive page in Chromium: after any filters its figures are those of the views."""

from dataclasses import replace

import pytest
from axe import violations

from analysis import barometer
from analysis.barometer import Selection
from analysis.core import asking
from analysis.core.database import connect
from analysis.core.headings import BLANK
from analysis.reports import interactive

pytestmark = pytest.mark.browser

CITY = Selection("2025/26")
# What the page shows: each view's words and count, the places, help, headline and words.
SHOWN = """() => {
  const count = (element) => Number(element.textContent.replaceAll(".", ""));
  const bars = {};
  for (const view of document.querySelectorAll("[data-view]")) {
    const buttons = [...view.querySelectorAll("button")];
    bars[view.dataset.view] = Object.fromEntries(buttons.map((button) =>
      [(button.querySelector(".label") ?? button.querySelector(".unseen")).textContent,
       count(button.querySelector("[data-count]"))]));
  }
  const place = (row) => [row.querySelector(".pick")?.textContent ?? "Samlet", {
    score: count(row.querySelector("[data-score]")),
    count: count(row.querySelector("[data-count]")),
    types: [...row.querySelectorAll("[data-type]")].map(count)}];
  const rows = (kind) => Object.fromEntries([...document.querySelectorAll(kind)].map(place));
  const id = (name) => document.getElementById(name);
  return {
    bars,
    districts: rows("#places tr.district"),
    locations: rows("#places tr.location"),
    total: rows("#places tr.total")["Samlet"],
    help: Object.fromEntries([...id("help").tBodies[0].rows].map((row) =>
      [row.cells[0].textContent, [count(row.cells[1]), count(row.cells[2])]])),
    headline: ["incidents", "score", "called", "arrived"].map((name) => count(id(name))),
    words: id("selection").textContent,
  };
}"""


@pytest.fixture(scope="module")
def page(database, chromium, tmp_path_factory):
    """The page of the city's latest winter, with no network, and what it asked and said."""
    file = tmp_path_factory.mktemp("interactive") / "barometer.html"
    with connect(database) as con:
        file.write_text(interactive.page(con, CITY, "by"), encoding="utf-8")
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page = context.new_page()
    page.said = []
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("console", lambda message: page.said.append(message.text))
    page.on("request", lambda request: page.said.append(request.url))
    page.address = file.as_uri()
    yield page
    context.close()


@pytest.fixture
def fresh(page):
    """The page as first opened."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("about:blank")
    page.goto(page.address)
    page.said.clear()
    return page


def slicer(page, name, label):
    page.locator(f"#slicer-{name}").select_option(label=label)


def press(page, view, label):
    page.locator(f"[data-view={view}] button", has_text=label).click()


def pick(page, label):
    page.locator(".pick", has_text=label).first.click()


def views(con, chosen, month=None, hour=None):
    """What the views say of a selection, months and hours chosen beside."""
    given = asking.bound(con, chosen) | {"month": month, "hour": hour}
    where = (
        "($month is null or month = $month) "
        "and ($hour is null or (has_time and hour(occurred_at) = $hour))"
    )

    def counted(column):
        query = f"select {column}, count(*) from selected($asked) where {where} group by all"
        return dict(con.execute(query, given).fetchall())

    called = (
        "select helper, count(*)::int, (count(*) filter (where arrived))::int "
        f"from selected($asked) join help_call using (incident_id) where {where} group by all"
    )
    return counted, {row[0]: list(row[1:]) for row in con.execute(called, given).fetchall()}


def without_zeros(counts):
    return {name: count for name, count in counts.items() if count}


def of_view(con, chosen, dimension):
    counted = barometer.count_by(con, chosen, dimension)
    names = counted["name"].astype(object).where(counted["name"].notna(), BLANK)
    counts = dict(zip(names, counted["incidents"], strict=True))
    return renamed(counts) if dimension == "subcategory" else counts


def renamed(counts):
    """The blank of the subcategories as the page calls it: most are of other types."""
    blank = interactive.BLANK_NAMES["subcategory"]
    return {blank if name == BLANK else name: count for name, count in counts.items()}


SLICED = [
    {},
    {"facility": "Bibliotek"},
    {"category": "Trusler"},
    {"facility": "Bibliotek", "demography": "Udsatte voksne"},
    {"victim": "Medarbejder Kulturen", "category": "Uønsket adfærd"},
    {"self_service": True},
    {"self_service": False, "demography": "Ved ikke"},
    {"facility": "Svømmehal", "victim": "Bruger", "category": "Fysisk vold", "self_service": True},
]


@pytest.mark.parametrize("filters", SLICED, ids=str)
def test_after_any_slicers_every_view_is_that_of_the_selection(fresh, con, filters):
    for name, value in filters.items():
        slicer(fresh, name, {True: "Ja", False: "Nej"}.get(value, value))
    chosen = replace(CITY, **filters)
    shown = fresh.evaluate(SHOWN)
    incidents = barometer.incidents(con, chosen)
    for name in ("category", "subcategory", "facility", "victim", "demography"):
        # A view leaves its own filter out, so that another value can be chosen.
        expected = of_view(
            con, replace(chosen, **{name: None}) if name in filters else chosen, name
        )
        assert without_zeros(shown["bars"][name]) == expected, name
    months = barometer.per_month(con, chosen).groupby("month")["incidents"].sum()
    assert list(without_zeros(shown["bars"]["month"]).values()) == [n for n in months if n]
    assert len(shown["bars"]["month"]) == 6
    hours = barometer.time_of_day(con, chosen).groupby("hour")["incidents"].sum()
    told = shown["bars"]["hour"]
    assert {f"kl. {hour}–{hour + 1}": n for hour, n in hours.items()} == without_zeros(
        {name: n for name, n in told.items() if name != "Ukendt tidspunkt"}
    )
    assert told["Ukendt tidspunkt"] == incidents - hours.sum()
    for kind in ("district", "location"):
        scores = barometer.score_by(con, chosen, kind).set_index("name")
        matrix = barometer.matrix(con, chosen, kind).set_index("name")
        rows = {name: row for name, row in shown[f"{kind}s"].items() if row["count"]}
        assert set(rows) == set(scores.index)
        for name, row in rows.items():
            assert (row["score"], row["count"]) == tuple(scores.loc[name])
            assert row["types"] == list(matrix.loc[name].iloc[:-1])
    score = int(barometer.score_by(con, chosen, "district")["relative_score"].sum())
    assert (shown["total"]["score"], shown["total"]["count"]) == (score, incidents)
    helped = barometer.help_called(con, chosen)
    assert {name: n for name, n in shown["help"].items() if n[0]} == {
        row.helper: [row.called, row.arrived] for row in helped.itertuples()
    }
    assert shown["headline"] == [incidents, score, helped["called"].sum(), helped["arrived"].sum()]
    every = barometer.incidents(con, CITY)
    assert shown["words"].startswith(
        f"Viser {incidents} af {every} hændelser: " if filters else f"Viser alle {every} hændelser"
    )


def test_blanks_and_the_unknown_are_values_to_filter_by(fresh, con):
    every = barometer.incidents(con, CITY)
    slicer(fresh, "victim", BLANK)
    blank = of_view(con, CITY, "victim")[BLANK]
    assert fresh.evaluate(SHOWN)["headline"][0] == blank > 0
    fresh.locator("#reset").click()
    slicer(fresh, "self_service", "Ukendt")
    known = sum(barometer.incidents(con, replace(CITY, self_service=one)) for one in (True, False))
    assert fresh.evaluate(SHOWN)["headline"][0] == every - known > 0
    assert "selvbetjent åbningstid: ukendt" in fresh.locator("#selection").inner_text()


def test_a_month_an_hour_a_type_and_a_place_filter_all_else(fresh, con):
    press(fresh, "month", "november 2025")
    press(fresh, "hour", "kl. 17–18")
    press(fresh, "category", "Uønsket adfærd")
    pick(fresh, "Nørrebro")
    shown = fresh.evaluate(SHOWN)
    chosen = replace(CITY, district="Nørrebro", category="Uønsket adfærd")
    counted, helped = views(con, chosen, "2025-11-01", 17)
    incidents = sum(counted("facility").values())
    assert incidents > 0
    assert shown["headline"][:3] == [incidents, incidents, sum(n for n, _ in helped.values())]
    for name in ("subcategory", "facility", "victim", "demography"):
        expected = {label or BLANK: n for label, n in counted(name).items()}
        expected = renamed(expected) if name == "subcategory" else expected
        assert without_zeros(shown["bars"][name]) == expected
    # Each of the four leaves itself out.
    counted, _ = views(con, chosen, None, 17)
    assert list(without_zeros(shown["bars"]["month"]).values()) == [
        n for _, n in sorted(counted("month").items())
    ]
    counted, _ = views(con, replace(chosen, district=None), "2025-11-01", 17)
    districts = {name: row["count"] for name, row in shown["districts"].items()}
    assert without_zeros(districts) == counted("district")
    assert shown["words"] == (
        f"Viser {incidents} af {barometer.incidents(con, CITY)} hændelser: november 2025, "
        "kl. 17–18, Uønsket adfærd, Nørrebro."
    )
    pressed = fresh.locator("[aria-pressed=true]").all_inner_texts()
    assert len(pressed) == 4


def test_a_second_click_and_nulstil_clear(fresh):
    before = fresh.evaluate(SHOWN)
    press(fresh, "month", "november 2025")
    assert fresh.evaluate(SHOWN) != before
    press(fresh, "month", "november 2025")
    assert fresh.evaluate(SHOWN) == before
    press(fresh, "category", "Trusler")
    slicer(fresh, "facility", "Kulturhus")
    assert fresh.locator("#chips button").count() == 2
    fresh.locator("#reset").click()
    assert fresh.evaluate(SHOWN) == before
    assert fresh.locator("#slicer-facility").input_value() == ""
    assert fresh.locator("#reset").is_disabled()


def test_a_slicer_and_its_view_are_one_filter_and_a_chip_takes_it_away(fresh):
    slicer(fresh, "category", "Trusler")
    assert (
        fresh.locator("[data-view=category] [aria-pressed=true] .label").inner_text() == "Trusler"
    )
    press(fresh, "category", "Hærværk")
    assert fresh.locator("#slicer-category option:checked").inner_text() == "Hærværk"
    fresh.locator("#chips button").click()
    assert fresh.locator("#slicer-category").input_value() == ""


def test_a_district_unfolds_and_a_location_filters(fresh, con):
    name = "Blågårdens Bibliotek"
    location = fresh.locator("tr.location .pick", has_text=name)
    assert not location.is_visible()
    fresh.get_by_role("button", name="Lokationer i Nørrebro").click()
    location.click()
    chosen = replace(CITY, location=name)
    shown = fresh.evaluate(SHOWN)
    assert shown["headline"][0] == barometer.incidents(con, chosen)
    assert without_zeros(shown["bars"]["demography"]) == of_view(con, chosen, "demography")
    # A place takes the place of another.
    pick(fresh, "Valby")
    assert fresh.evaluate(SHOWN)["headline"][0] == barometer.incidents(
        con, replace(CITY, district="Valby")
    )


def test_filters_without_incidents_say_the_way_out(fresh):
    slicer(fresh, "facility", "Svømmehal")
    press(fresh, "hour", "kl. 4–5")
    assert fresh.evaluate(SHOWN)["headline"] == [0, 0, 0, 0]
    assert "vælg Nulstil" in fresh.locator("#selection").inner_text()


def test_months_without_data_are_marked_and_not_counted_as_none(page, con, tmp_path):
    year = tmp_path / "year.html"
    year.write_text(interactive.page(con, replace(CITY, half=None), "x"), encoding="utf-8")
    page.goto(year.as_uri())
    counts = page.locator("[data-view=month] [data-count]")
    assert [count == "–" for count in counts.all_inner_texts()] == [False] * 6 + [True] * 6
    assert page.get_by_text("– er måneder uden data.").is_visible()
    page.goto(page.address)
    assert "–" not in counts.all_inner_texts()
    assert not page.get_by_text("måneder uden data").count()


def test_the_address_keeps_the_filters(fresh):
    press(fresh, "category", "Trusler")
    pick(fresh, "Nørrebro")
    before, address = fresh.evaluate(SHOWN), fresh.url
    assert "#" in address
    fresh.goto("about:blank")
    fresh.goto(address)
    assert fresh.evaluate(SHOWN) == before


def test_a_location_in_the_address_is_unfolded(fresh):
    fresh.locator("tr.location .pick", has_text="Blågårdens Bibliotek").dispatch_event("click")
    address = fresh.url
    fresh.goto("about:blank")
    fresh.goto(address)
    assert fresh.locator("tr.location .pick[aria-pressed=true]").is_visible()
    fold = fresh.get_by_role("button", name="Lokationer i Nørrebro")
    assert fold.get_attribute("aria-expanded") == "true"


def test_everything_is_done_from_the_keyboard(fresh):
    def tab_to(there):
        for _ in range(200):
            fresh.keyboard.press("Tab")
            if fresh.evaluate(f"document.activeElement.matches({there!r})"):
                return
        pytest.fail(f"the Tab key does not reach {there}")

    tab_to("#slicer-category")
    fresh.keyboard.type("Trusler")
    assert "Trusler" in fresh.locator("#selection").inner_text()
    tab_to("[data-name=month]")
    fresh.keyboard.press("Enter")
    assert "oktober 2025" in fresh.locator("#selection").inner_text()
    tab_to(".fold")
    fresh.keyboard.press("Space")
    assert fresh.locator("tr.location:visible").count() > 1
    tab_to("tr.location .pick")
    fresh.keyboard.press("Space")
    assert fresh.locator("tr.location .pick[aria-pressed=true]").count() == 1
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert fresh.evaluate(outline) == "solid"


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_with_and_without_filters(fresh, width):
    fresh.set_viewport_size({"width": width, "height": 900})
    assert violations(fresh) == []
    press(fresh, "category", "Trusler")
    fresh.get_by_role("button", name="Lokationer i Nørrebro").click()
    assert violations(fresh) == []
    assert fresh.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_asks_nothing_and_complains_of_nothing(fresh):
    fresh.goto("about:blank")
    fresh.said.clear()
    fresh.goto(fresh.address)
    press(fresh, "category", "Trusler")
    fresh.locator("#reset").click()
    assert fresh.said == [fresh.address]


# An hour is narrowest just above and below where the layout changes.
@pytest.mark.parametrize("width", [1280, 1152, 960, 768, 700, 390, 320])
def test_every_target_is_24_pixels_or_more(fresh, width):
    fresh.set_viewport_size({"width": width, "height": 900})
    press(fresh, "category", "Trusler")
    targets = fresh.locator("main :is(button, select):visible")
    sizes = targets.evaluate_all(
        "all => all.map(one => [one.getBoundingClientRect().width, one.offsetHeight])"
    )
    assert len(sizes) > 50
    assert min(min(size) for size in sizes) >= 24


def test_the_narrowest_screen_shows_score_and_count_beside_the_name(fresh):
    fresh.set_viewport_size({"width": 320, "height": 900})
    right = "element => element.getBoundingClientRect().right"
    edge = fresh.locator(".whole .scroll").evaluate(right)
    for count in fresh.locator("#places tr:visible [data-count]").all():
        assert count.evaluate(right) <= edge


def test_on_paper_the_selection_stands_and_the_slicers_are_gone(fresh):
    press(fresh, "category", "Trusler")
    fresh.emulate_media(media="print")
    assert fresh.locator("#selection").is_visible()
    assert not fresh.locator("select:visible, #reset:visible, .fold:visible").count()
    # As wide as an A4 page within its margins.
    fresh.set_viewport_size({"width": 688, "height": 1000})
    cut = "box => box.scrollWidth > box.clientWidth"
    assert not fresh.locator(".whole .scroll").evaluate(cut)
    assert not fresh.evaluate(f"({cut})(document.documentElement)")
    fresh.emulate_media(media="screen")
