"""The interactive page in Chromium: after any filters its figures are those of the views."""

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from axe import violations

from analysis import barometer
from analysis.barometer import Selection
from analysis.core import asking, danish
from analysis.core.database import connect
from analysis.core.headings import BLANK
from analysis.reports import interactive

pytestmark = pytest.mark.browser

CITY = Selection("2025/26")
# What the page shows: each view's words and count, the places, help, headline and words.
SHOWN = """() => {
  // Locations that are folded away are counted as they unfold.
  for (const fold of document.querySelectorAll(".fold[aria-expanded=false]")) fold.click();
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
  // A place that the register lacks stands in each district that its incidents name.
  const rows = (kind) => {
    const found = {};
    for (const [name, {score, count, types}] of [...document.querySelectorAll(kind)].map(place)) {
      const had = found[name] ?? {score: 0, count: 0, types: types.map(() => 0)};
      found[name] = {score: had.score + score, count: had.count + count,
        types: types.map((number, place) => had.types[place] + number)};
    }
    return found;
  };
  const id = (name) => document.getElementById(name);
  return {
    bars,
    districts: rows("#places tr.district"),
    locations: rows("#places tr.location"),
    total: rows("#places tr.total")["Samlet"],
    before: Object.fromEntries([...document.querySelectorAll("[data-view]")].map((view) =>
      [view.dataset.view, Object.fromEntries([...view.querySelectorAll("button")].map((button) =>
        [(button.querySelector(".label") ?? button.querySelector(".unseen")).textContent,
         Number(button.querySelector("[data-before]").textContent.replace(/\\D/g, ""))]))])),
    week: [...document.querySelectorAll("#week tbody tr")].map((row) =>
      [...row.querySelectorAll("[data-cell]")].map(count)),
    course: Object.fromEntries([...document.querySelectorAll("#course .season")].map((button) =>
      [button.querySelector(".tick").textContent, [count(button.querySelector(".count")),
       ...[...button.querySelectorAll(".pole")].map((one) => Number(one.title.split(": ")[1]))]])),
    uncrossed: Object.fromEntries([...document.querySelectorAll(".uncrossed")].map((said) =>
      [said.closest("section").querySelector("h2").textContent, said.textContent])),
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
        file.write_text(interactive.page(con, CITY, "by", "analyst"), encoding="utf-8")
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


COPIED = "navigator.clipboard.writeText = async (text) => { window.copied = text; }"


def slicer(page, name, *labels):
    """Check or uncheck values of a slicer."""
    page.locator(f"[data-slicer={name}] > summary").click()
    for label in labels:
        page.locator(f"[data-slicer={name}]").get_by_label(label, exact=True).click()
    page.keyboard.press("Escape")


def press(page, view, label):
    page.locator(f"[data-view={view}] button", has_text=label).click()


def press_too(page, view, label):
    page.locator(f"[data-view={view}] button", has_text=label).click(modifiers=["Control"])


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
    if dimension == "weekday":
        return {name.capitalize(): count for name, count in counts.items() if count}
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
    {"category": ["Trusler", "Fysisk vold"]},
    {"facility": ["Bibliotek", "Kulturhus"], "demography": ["Udsatte voksne", "Ved ikke"]},
    {"season": "2023/24"},
    {"season": "2021/22", "category": ["Trusler", "Hærværk"], "self_service": True},
]


def choose(page, filters):
    for name, value in filters.items():
        if name == "season":
            page.locator("#period").select_option(label=value)
            continue
        values = value if isinstance(value, list) else [value]
        slicer(page, name, *({True: "Ja", False: "Nej"}.get(one, one) for one in values))


@pytest.mark.parametrize("filters", SLICED, ids=str)
def test_after_any_slicers_every_view_is_that_of_the_selection(fresh, con, filters):
    choose(fresh, filters)
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
    assert shown["words"].startswith(f"{danish.number(incidents)} hændelse")
    assert f", {chosen.period}" in shown["words"]


@pytest.mark.parametrize("filters", SLICED, ids=str)
def test_what_stands_beside_is_the_season_before(fresh, con, filters):
    choose(fresh, filters)
    chosen = replace(CITY, **filters)
    shown = fresh.evaluate(SHOWN)
    told = {
        name: fresh.locator(f"#{name}-before").inner_text()
        for name in ("incidents", "score", "called", "arrived")
    }
    if chosen.season.name == "2021/22":
        assert {*told.values()} == {""}
        assert not any(sum(counts.values()) for counts in shown["before"].values())
        assert not fresh.locator("#places .then").first.is_visible()
        return
    before = chosen.in_season(chosen.season.previous)
    score = int(barometer.score_by(con, before, "district")["relative_score"].sum())
    helped = barometer.help_called(con, before)
    expected = (
        barometer.incidents(con, before), score, helped["called"].sum(), helped["arrived"].sum()
    )  # fmt: skip
    for said, figure in zip(told.values(), expected, strict=True):
        assert said == f"{danish.number(int(figure))} i {before.season.name}"
    for name in ("category", "facility", "victim", "demography", "weekday"):
        if name == "weekday" and {"victim", "demography"} & {*filters}:
            continue
        of = replace(before, **{name: None}) if name in filters else before
        assert without_zeros(shown["before"][name]) == of_view(con, of, name), name
    months = barometer.per_month(con, before).groupby("month")["incidents"].sum()
    assert list(without_zeros(shown["before"]["month"]).values()) == [n for n in months if n]


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
    press(fresh, "month", "november")
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
        f"{incidents} hændelser, vinterhalvåret 2025/26: november; kl. 17–18; Uønsket adfærd; "
        "Nørrebro."
    )
    pressed = fresh.locator("[aria-pressed=true]:not(.season)").all_inner_texts()
    assert len(pressed) == 4


def test_a_second_click_and_nulstil_clear(fresh):
    before = fresh.evaluate(SHOWN)
    press(fresh, "month", "november")
    assert fresh.evaluate(SHOWN) != before
    press(fresh, "month", "november")
    assert fresh.evaluate(SHOWN) == before
    press(fresh, "category", "Trusler")
    slicer(fresh, "facility", "Kulturhus")
    assert fresh.locator("#chips button").count() == 2
    fresh.locator("#reset").click()
    assert fresh.evaluate(SHOWN) == before
    assert fresh.locator("[data-slicer=facility] .chosen").inner_text() == "Alle"
    assert fresh.locator("#reset").is_disabled()


def test_a_slicer_and_its_view_are_one_filter_and_a_chip_takes_it_away(fresh):
    slicer(fresh, "category", "Trusler")
    chosen = fresh.locator("[data-slicer=category] .chosen")
    pressed = fresh.locator("[data-view=category] [aria-pressed=true] .label")
    assert pressed.inner_text() == "Trusler"
    press_too(fresh, "category", "Hærværk")
    assert pressed.all_inner_texts() == chosen.inner_text().split(", ") == ["Trusler", "Hærværk"]
    press(fresh, "category", "Hærværk")
    assert chosen.inner_text() == "Hærværk"
    fresh.locator("#chips button").click()
    assert chosen.inner_text() == "Alle"


def test_several_places_are_all_of_them(fresh, con):
    press_place = fresh.locator(".district .pick")
    press_place.filter(has_text="Nørrebro").click()
    press_place.filter(has_text="Valby").click(modifiers=["Control"])
    chosen = replace(CITY, district=["Nørrebro", "Valby"])
    shown = fresh.evaluate(SHOWN)
    assert shown["headline"][0] == barometer.incidents(con, chosen)
    assert without_zeros(shown["bars"]["category"]) == of_view(con, chosen, "category")


def test_a_range_of_months_and_all_seasons(fresh, con):
    fresh.locator("#from").select_option(label="november")
    fresh.locator("#to").select_option(label="december")
    shown = fresh.evaluate(SHOWN)
    months = [
        barometer.per_month(con, one).groupby("month")["incidents"].sum()[1:3].sum()
        for one in (CITY, CITY.in_season("2024/25"))
    ]
    assert shown["headline"][0] == months[0]
    assert fresh.locator("#incidents-before").inner_text() == f"{months[1]} i 2024/25"
    assert sum(shown["bars"]["demography"].values()) == months[0]
    # The last month before the first is a range of one month.
    fresh.locator("#from").select_option(label="marts")
    assert fresh.locator("#to").input_value() == fresh.locator("#from").input_value()
    assert fresh.locator("#to option:enabled").all_inner_texts() == ["marts"]
    fresh.locator("#from").select_option(label="oktober")
    assert fresh.locator("#to option:enabled").count() == 6
    assert fresh.locator("#reset").is_disabled()
    fresh.locator("#period").select_option(label="Alle sæsoner")
    seasons = [CITY.in_season(f"{year}/{year - 1999}") for year in range(2021, 2026)]
    every = fresh.evaluate(SHOWN)
    assert every["headline"][0] == sum(barometer.incidents(con, one) for one in seasons)
    assert sum(every["bars"]["month"].values()) == every["headline"][0]
    assert fresh.locator("#incidents-before").inner_text() == ""
    assert "alle sæsoner, 2021/22–2025/26" in every["words"]
    fresh.evaluate(COPIED)
    fresh.locator("#copy-sentence").click()
    assert fresh.evaluate("window.copied").startswith("I sæsonerne 2021/22–2025/26 blev der meldt ")


def test_weekday_and_hour_are_those_of_the_selection_and_cross_with_no_person(fresh, con):
    choose(fresh, {"facility": "Bibliotek"})
    query = (
        "select isodow(occurred_at) - 1, hour(occurred_at), count(*) from selected($asked) "
        "where has_time group by all"
    )
    chosen = replace(CITY, facility="Bibliotek")
    shown = fresh.evaluate(SHOWN)
    counted = {
        (day, hour): n for day, hour, n in con.execute(query, asking.bound(con, chosen)).fetchall()
    }
    assert {
        (day, hour): n for day, row in enumerate(shown["week"]) for hour, n in enumerate(row) if n
    } == counted
    press(fresh, "weekday", "Mandag")
    crossed = fresh.evaluate(SHOWN)
    assert crossed["uncrossed"] == dict.fromkeys(
        ("Underkategori", "Forurettede", "Demografi"), "Kan ikke vises sammen med ugedag."
    )
    monday = shown["bars"]["weekday"]["Mandag"]
    assert crossed["headline"][0] == sum(crossed["bars"]["category"].values()) == monday
    # What no cube holds together is said, and a chip takes it away.
    slicer(fresh, "demography", "Udsatte voksne")
    said = fresh.locator("#selection").inner_text()
    assert "Demografi og Ugedag kan ikke vælges sammen; fjern et af filtrene" in said
    assert fresh.locator("#incidents").inner_text() == "–"
    fresh.evaluate(COPIED)
    fresh.locator("#copy-sentence").click()
    assert fresh.evaluate("window.copied") == said
    fresh.get_by_role("button", name="Fjern filteret Mandag").click()
    assert "kan ikke" not in fresh.locator("#selection").inner_text()
    assert (
        fresh.locator(".uncrossed").all_text_contents()
        == ["Kan ikke vises sammen med demografien."] * 2
    )


def columns(text):
    """The dimensions that each cube of a page holds."""
    payload = json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', text)[1])
    return [
        {*one["columns"], *["month"] * one["byMonth"], *["help"] * (one["help"] is not None)}
        for one in payload["cubes"]
    ]


@pytest.mark.parametrize(
    ("narrowed", "apart"),
    [
        ({}, "ikke krydses med bydelen, lokationen og faciliteten."),
        ({"location": "Blågårdens Bibliotek"}, "ikke krydses med andet."),
        ({"district": "Nørrebro"}, "ikke krydses med andet."),
    ],
)
def test_the_administrations_page_keeps_the_hour_apart_from_the_place(con, narrowed, apart):
    text = interactive.page(con, replace(CITY, **narrowed), "by")
    first, second = columns(text)
    assert first == {*interactive.cube.CUBE_DIMENSIONS, "help"} - {"hour"}
    assert second == ({"hour"} if narrowed else {*first, "hour"} - {*interactive.cube.PLACES})
    assert f"Tidspunktet på dagen står i blokke på 4 timer og kan {apart}" in text
    assert "gjort grovere" not in text
    assert "kl. 16–20" in text
    assert "kl. 17–18" not in text


def test_the_hours_of_a_place_stand_alone_for_the_administration(chromium, con, tmp_path):
    of_place = replace(CITY, location="Blågårdens Bibliotek")
    written = interactive.page(con, of_place, "by")
    (tmp_path / "barometer.html").write_text(written, encoding="utf-8")
    page = chromium.new_page()
    page.goto((tmp_path / "barometer.html").as_uri())
    shown = page.evaluate(SHOWN)
    hours = barometer.time_of_day(con, of_place, by="category").groupby("hour")["incidents"].sum()
    assert shown["bars"]["hour"]["kl. 16–20"] == hours.loc[16:19].sum() > 0
    assert sum(shown["bars"]["month"].values()) == barometer.incidents(con, of_place)
    press(page, "month", "November")
    assert "måned" in page.evaluate(SHOWN)["uncrossed"]["Tidspunkt på dagen"]
    page.locator("#reset").click()
    press(page, "hour", "kl. 16–20")
    said = page.evaluate(SHOWN)["uncrossed"]
    assert "Tidspunkt på dagen" not in said
    assert len(said) > 5
    page.close()


def test_what_the_administration_cannot_cross_is_said(chromium, con, tmp_path):
    (tmp_path / "barometer.html").write_text(interactive.page(con, CITY, "by"), encoding="utf-8")
    page = chromium.new_page()
    page.goto((tmp_path / "barometer.html").as_uri())
    shown = page.evaluate(SHOWN)
    assert shown["headline"][0] == barometer.incidents(con, CITY)
    hours = barometer.time_of_day(con, CITY, by="category").groupby("hour")["incidents"].sum()
    assert shown["bars"]["hour"]["kl. 16–20"] == hours.loc[16:19].sum()
    slicer(page, "demography", "Udsatte voksne")
    both = page.evaluate(SHOWN)["bars"]
    assert 0 < sum(both["hour"].values()) == sum(both["month"].values())
    press(page, "month", "November")
    page.locator("#places .pick", has_text="Nørrebro").first.click()
    said = page.evaluate(SHOWN)["uncrossed"]
    assert said["Tidspunkt på dagen"] == "Kan ikke vises sammen med bydelen."
    page.set_viewport_size({"width": 1280, "height": 900})
    for name in ("times", "whole[data-week]"):
        assert page.locator(f".{name}.apart").bounding_box()["height"] < 110
    page.close()


def test_the_seasons_stand_month_by_month_with_the_measures_and_are_chosen_there(fresh, con):
    fresh.locator("tr.location .pick", has_text="Blågårdens Bibliotek").dispatch_event("click")
    slicer(fresh, "category", "Uønsket adfærd")
    fresh.locator("#from").select_option(label="februar")
    chosen = replace(CITY, location="Blågårdens Bibliotek", category="Uønsket adfærd")
    for season, (told, *months) in fresh.evaluate(SHOWN)["course"].items():
        counted = barometer.per_month(con, chosen.in_season(season))
        counted = counted.groupby("month")["incidents"].sum()
        assert [n for n in months if n] == [n for n in counted if n], season
        assert told == sum(months[4:]) > 0
    bands = fresh.locator("#course .band:visible")
    kept = con.execute(
        "select count(*) from measure where location = 'Blågårdens Bibliotek'"
    ).fetchone()
    assert bands.count() == kept[0] < fresh.locator("#course .band").count()
    assert "Lukning, Blågårdens Bibliotek: 23. december 2024 – 5. januar 2025" in (
        bands.evaluate_all("all => all.map(one => one.title)")
    )
    # What stopped between two half-years, or for a day, is not one band.
    lane = fresh.locator(".lane", has_text="Ekstra bemanding").locator(".band:visible")
    boxes = [one.bounding_box() for one in lane.all()]
    edges = [(box["x"], box["x"] + box["width"]) for box in boxes]
    assert len(edges) == 3
    assert all(right + 3 < left for (_, right), (left, _) in pairwise(edges))
    hint = fresh.locator("section:has(#course) .hint").inner_text()
    assert "hele måneder" in hint
    assert "Månederne mellem perioderne er ikke med." in hint
    fresh.locator("#course .season", has_text="2022/23").click()
    assert fresh.locator("#period option:checked").inner_text() == "2022/23"
    assert fresh.evaluate(SHOWN)["headline"][0] == fresh.evaluate(SHOWN)["course"]["2022/23"][0]
    fresh.locator("#reset").click()
    assert fresh.locator("#course .season[aria-pressed=true] .tick").inner_text() == "2025/26"


def test_months_apart_are_no_range(fresh):
    press(fresh, "month", "oktober")
    press_too(fresh, "month", "marts")
    assert fresh.evaluate("[...document.querySelectorAll('#from, #to')].map(one => one.value)") == [
        "",
        "",
    ]
    press_too(fresh, "month", "oktober")
    assert fresh.locator("#from option:checked").inner_text() == "marts"


def test_the_longest_bar_fills_its_view_whatever_is_chosen(fresh):
    pick(fresh, "Nørrebro")
    press(fresh, "category", "Fysisk vold")
    for view in ("[data-view=month]", "[data-view=facility]", "#course"):
        marks = fresh.locator(f"{view} :is(.fill, .before:not([hidden]))").evaluate_all(
            "all => all.map(one => Number(one.style.getPropertyValue('--share')))"
        )
        assert max(marks) == 1, view


def test_back_and_forward_go_through_what_was_chosen(fresh):
    told = [fresh.locator("#selection").inner_text()]
    for label in ("Trusler", "Hærværk"):
        press(fresh, "category", label)
        fresh.wait_for_url("**urotype=*" + label[-2:])
        told.append(fresh.locator("#selection").inner_text())
    for go, expected in (("back", 1), ("back", 0), ("forward", 1)):
        getattr(fresh, f"go_{go}")()
        assert fresh.locator("#selection").inner_text() == told[expected]


def test_a_link_and_a_sentence_are_copied(fresh, con):
    fresh.evaluate(COPIED)
    slicer(fresh, "category", "Trusler", "Fysisk vold")
    before = fresh.evaluate(SHOWN)
    fresh.wait_for_url("**urotype=*urotype=*")
    fresh.locator("#copy-link").click()
    address = fresh.evaluate("window.copied")
    assert fresh.locator("#done").inner_text() == "Linket er kopieret."
    fresh.locator("#copy-sentence").click()
    both = ["Trusler", "Fysisk vold"]
    now, then = (
        barometer.incidents(con, replace(CITY, season=one, category=both))
        for one in ("2025/26", "2024/25")
    )
    assert fresh.evaluate("window.copied") == (
        f"I vinterhalvåret 2025/26 blev der meldt {now} hændelser ind fra København "
        f"(Trusler og Fysisk vold) mod {then} i vinterhalvåret 2024/25. Kilde: "
        "Tryghedsbarometer, data til og med 31. marts 2026. Syntetiske data."
    )
    fresh.goto("about:blank")
    fresh.goto(address)
    assert fresh.evaluate(SHOWN) == before


def test_what_is_seen_is_saved_as_a_table_and_as_a_picture(fresh, tmp_path):
    slicer(fresh, "category", "Trusler")
    shown = fresh.evaluate(SHOWN)
    with fresh.expect_download() as saved:
        fresh.locator("#save-table").click()
    assert saved.value.suggested_filename == "tal-københavn-2025-26.csv"
    saved.value.save_as(tmp_path / "tal.csv")
    text = (tmp_path / "tal.csv").read_text(encoding="utf-8-sig")
    rows = [line.split(";") for line in text.splitlines()]
    assert rows[0] == ["Visning", "Værdi", "Hændelser", "Sæsonen før", "Relativ score"]
    told = {row[1]: int(row[2]) for row in rows if row[0] == "Facilitet"}
    assert told == shown["bars"]["facility"]
    assert {row[1]: int(row[2]) for row in rows if row[0] == "Bydel og lokation"}["Nørrebro"] == (
        shown["districts"]["Nørrebro"]["count"]
    )
    assert rows[1][:3] == ["I alt", "", str(shown["headline"][0])]
    assert rows[1][4] == str(shown["headline"][1])
    scores = {row[1]: row[4] for row in rows if row[0] == "Bydel og lokation"}
    assert scores["Nørrebro"] == str(shown["districts"]["Nørrebro"]["score"])
    helped = {row[1]: int(row[2]) for row in rows if row[0] == "Tilkaldt hjælp"}
    assert helped == {name: called for name, (called, _) in shown["help"].items()}
    months = [int(row[2]) for row in rows if row[0] == "Måned for måned"]
    assert months == shown["course"]["2025/26"][1:]
    assert "København; vinterhalvåret 2025/26; Trusler" in text
    assert "Syntetiske data." in text
    fresh.locator("#pictured").select_option(label="Facilitet")
    with fresh.expect_download() as saved:
        fresh.locator("#save-picture").click()
    assert saved.value.suggested_filename == "facilitet-københavn-2025-26.png"
    saved.value.save_as(tmp_path / "facilitet.png")
    head = (tmp_path / "facilitet.png").read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(head[16:20]) == 1800


def test_what_is_not_chosen_is_not_saved_beside_its_caption(fresh, tmp_path):
    press(fresh, "month", "nov")
    fresh.locator(".district .pick", has_text="Valby").click()
    with fresh.expect_download() as saved:
        fresh.locator("#save-table").click()
    saved.value.save_as(tmp_path / "tal.csv")
    text = (tmp_path / "tal.csv").read_text(encoding="utf-8-sig")
    rows = [line.split(";")[:2] for line in text.splitlines() if ";" in line]
    assert [label for view, label in rows if view == "Indmeldinger pr. måned"] == ["november"]
    places = [label for view, label in rows if view == "Bydel og lokation"]
    assert places == ["Valby"]


def test_several_are_chosen_without_a_keyboard_and_the_heading_follows_the_season(fresh):
    fresh.locator("#more").check()
    press(fresh, "category", "Trusler")
    press(fresh, "category", "Hærværk")
    assert fresh.locator("[data-slicer=category] .chosen").inner_text() == "Trusler, Hærværk"
    assert fresh.locator(".choices > summary").inner_text(timeout=0) in ("", "Filtre (2)")
    fresh.locator("#period").select_option(label="2024/25")
    assert fresh.locator("#of").inner_text() == "København, vinterhalvåret 2024/25"


@pytest.mark.parametrize("key", ["name", "score", "count", "before", "0", "4"])
def test_places_are_sorted_by_any_column(fresh, key):
    heading = fresh.locator(f"#places [data-sort='{key}']")
    column = heading.evaluate("button => button.closest('th').cellIndex")
    for way in ("ascending", "descending") if key == "name" else ("descending", "ascending"):
        heading.click()
        assert fresh.locator(f"#places th[aria-sort={way}]").count() == 1
        told = fresh.locator("#places tr.district").evaluate_all(
            f"rows => rows.map(row => row.cells[{column}].textContent.replaceAll('.', ''))"
        )
        told = [one.split("\n")[-1] for one in told] if key == "name" else [*map(int, told)]
        if key != "name":
            assert told == sorted(told, reverse=way == "descending")
    assert fresh.locator("#places tbody").last.locator("tr.total").count() == 1


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
    text = interactive.page(con, replace(CITY, half=None), "x")
    year.write_text(text, encoding="utf-8")
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
    fresh.wait_for_url("**bydel=*")
    before, address = fresh.evaluate(SHOWN), fresh.url
    fresh.goto("about:blank")
    fresh.goto(address)
    assert fresh.evaluate(SHOWN) == before


def test_what_a_link_names_in_vain_is_said(fresh):
    fresh.goto("about:blank")
    fresh.goto(f"{fresh.address}#lokation=Findes ikke&urotype=Trusler")
    assert fresh.locator("#done").inner_text() == "Linket nævner Findes ikke, som ikke findes her."
    assert fresh.locator("#chips button").all_inner_texts() == ["Trusler"]


def test_the_first_season_says_why_it_stands_alone(fresh):
    assert fresh.locator("#alone").inner_text() == ""
    fresh.locator("#period").select_option(label="2021/22")
    assert "fordi data begynder her" in fresh.locator("#alone").inner_text()


def test_a_location_in_the_address_is_unfolded(fresh):
    fresh.locator("tr.location .pick", has_text="Blågårdens Bibliotek").dispatch_event("click")
    fresh.wait_for_url("**#lokation=*")
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

    words = fresh.locator("#selection")
    tab_to("[data-slicer=category] > summary")
    fresh.keyboard.press("Enter")
    tab_to("[data-slicer=category] input")
    fresh.keyboard.press("Space")
    assert "Uønsket adfærd" in words.inner_text()
    fresh.keyboard.press("Escape")
    assert fresh.evaluate("document.activeElement.matches('[data-slicer=category] > summary')")
    tab_to("[data-view=month] button")
    fresh.keyboard.press("ArrowRight")
    fresh.keyboard.press("Enter")
    assert "november" in words.inner_text()
    fresh.keyboard.press("End")
    fresh.keyboard.press("Control+Space")
    assert "november og marts" in words.inner_text()
    tab_to("#places .pick")
    fresh.keyboard.press("ArrowRight")
    assert fresh.locator("tr.location:visible").count() > 1
    fresh.keyboard.press("ArrowDown")
    fresh.keyboard.press("Space")
    assert fresh.locator("tr.location .pick[aria-pressed=true]").count() == 1
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert fresh.evaluate(outline) == "solid"
    fresh.keyboard.press("Home")
    fresh.keyboard.press("ArrowLeft")
    assert not fresh.locator("tr.location:visible").count()


def test_a_chart_is_one_stop_of_the_tab_key(fresh):
    stops = (
        "all => all.map(one => one.querySelectorAll('[data-value]:not([tabindex=\"-1\"])').length)"
    )
    assert {*fresh.locator("[data-view], #places").evaluate_all(stops)} == {1}
    press(fresh, "hour", "kl. 17–18")
    pick(fresh, "Valby")
    assert {*fresh.locator("[data-view], #places").evaluate_all(stops)} == {1}


def test_on_a_phone_the_filters_lie_at_the_thumb(fresh):
    fresh.set_viewport_size({"width": 390, "height": 844})
    box = fresh.locator(".filters").bounding_box()
    assert box["y"] + box["height"] == pytest.approx(844, abs=2)
    assert not fresh.locator("#period").is_visible()
    fresh.locator(".choices > summary").click()
    slicer(fresh, "category", "Trusler")
    assert fresh.locator(".choices > summary").inner_text() == "Filtre (1)"
    fresh.locator(".choices > summary").click()
    assert fresh.locator("#chips button").is_visible()
    assert fresh.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [1280, 768, 320])
def test_axe_finds_nothing_with_and_without_filters(fresh, width):
    fresh.set_viewport_size({"width": width, "height": 900})
    assert violations(fresh) == []
    press(fresh, "category", "Trusler")
    press(fresh, "weekday", "Mandag")
    fresh.get_by_role("button", name="Lokationer i Nørrebro").click()
    if width == 320:
        fresh.locator(".choices > summary").click()
    fresh.locator("[data-slicer=facility] > summary").click()
    assert violations(fresh) == []
    # The dark page differs in its colours alone.
    fresh.emulate_media(color_scheme="dark")
    assert violations(fresh, ["color-contrast"]) == []
    assert fresh.evaluate("document.documentElement.scrollWidth") <= width
    fresh.emulate_media(color_scheme="light")


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
    targets = fresh.locator("main :is(button, select, summary, input):visible")
    sizes = targets.evaluate_all(
        "all => all.map(one => [one.getBoundingClientRect().width, one.offsetHeight])"
    )
    assert len(sizes) > 50
    assert min(min(size) for size in sizes) >= 24


def test_the_narrowest_screen_shows_score_and_count_beside_the_name(fresh):
    fresh.set_viewport_size({"width": 320, "height": 900})
    right = "element => element.getBoundingClientRect().right"
    edge = fresh.locator(".scroll:has(#places)").evaluate(right)
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
    assert not fresh.locator(".scroll:has(#places)").evaluate(cut)
    assert not fresh.evaluate(f"({cut})(document.documentElement)")
    fresh.emulate_media(media="screen")
