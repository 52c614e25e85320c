import pytest

pytestmark = pytest.mark.browser

# A4 less the margins, at 96 pixels an inch.
PAPER = round((210 - 2 * 14) / 25.4 * 96)
DRAWN = "!document.querySelector('figure.chart:not(.drawn)')"
SIZES = """[...document.querySelectorAll("figure.chart svg.marks")].map(
    (svg) => [svg.getBBox().width, svg.clientWidth, svg.clientHeight])"""
EDGES = """[...document.querySelectorAll("figure.chart svg.marks")].map(
    (svg) => svg.getBoundingClientRect().right)"""
WIDTH = "document.documentElement.scrollWidth"
# After the next frame, so that the page has seen its new width.
UNREACHABLE = """new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(
    [...document.querySelectorAll(".scroll")].filter(
        (box) => box.scrollWidth > box.clientWidth && box.tabIndex < 0).length))))"""


@pytest.fixture(scope="session")
def pages(reported):
    """Every HTML page of a run over the committed parameters files."""
    return sorted(reported.rglob("*.html"))


@pytest.fixture(scope="session")
def seen(pages, chromium):
    """Open each page once, with no network, wide, narrow and as on paper; what each showed."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    refused = []

    def guard(route):
        if route.request.url.startswith("file://"):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    found = {}
    for file in pages:
        complaints = []
        page = context.new_page()
        page.on("pageerror", lambda error, said=complaints: said.append(str(error)))
        page.on("console", lambda message, said=complaints: said.append(message.text))
        page.goto(file.as_uri())
        page.wait_for_function(DRAWN, timeout=15_000)
        shown = {"charts": page.locator("figure.chart").count(), "sizes": page.evaluate(SIZES)}
        page.set_viewport_size({"width": 320, "height": 900})
        shown |= {"narrow": page.evaluate(WIDTH), "unreachable": page.evaluate(UNREACHABLE)}
        page.set_viewport_size({"width": PAPER, "height": 900})
        page.emulate_media(media="print")
        shown |= {"paper": page.evaluate(EDGES), "complaints": complaints}
        page.close()
        found[f"{file.parent.name}/{file.name}"] = shown
    context.close()
    return found, refused


def test_no_page_complains_or_asks_anything_of_the_outside(seen):
    found, refused = seen
    assert refused == []
    assert {name: shown["complaints"] for name, shown in found.items() if shown["complaints"]} == {}


def test_every_chart_is_drawn(seen):
    found, _ = seen
    assert sum(shown["charts"] for shown in found.values()) > 0
    for name, shown in found.items():
        assert len(shown["sizes"]) == shown["charts"], name
        assert all(min(size) > 20 for size in shown["sizes"]), name


def test_no_page_is_wider_than_a_narrow_screen(seen):
    found, _ = seen
    assert {name: shown["narrow"] for name, shown in found.items() if shown["narrow"] > 320} == {}


def test_what_scrolls_can_be_reached_from_the_keyboard(seen):
    found, _ = seen
    assert {
        name: shown["unreachable"] for name, shown in found.items() if shown["unreachable"]
    } == {}


def test_on_paper_no_chart_is_wider_than_the_page(seen):
    found, _ = seen
    for name, shown in found.items():
        assert all(edge <= PAPER + 1 for edge in shown["paper"]), name


def test_without_scripts_each_chart_is_told_in_words(pages, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    for file in pages:
        page.goto(file.as_uri())
        for caption in page.locator("figure.chart figcaption").all():
            assert caption.bounding_box()["height"] > 10
            assert len(caption.inner_text()) > 10
    context.close()
