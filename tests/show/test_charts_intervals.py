"""Charts of uncertainty: intervals, locations against limits, and shares."""

import re
from math import inf, nan

import pandas as pd
import pytest
from test_charts import drawn, found, narrowed, rows_of, texts

from analysis.barometer import published
from analysis.severity import funnel, ladder, tables
from analysis.show import charts
from analysis.show.charts import theme

ROWS = pd.DataFrame(
    [
        ("Uønsket adfærd", 0.87, 0.6, 1.24, ""),
        ("Vesterbro Bibliotek og Kulturhus", 0.3, 0.1, 0.8, "*"),
        (
            "Ubehagelige tilråb på en lokation, hvis navn fylder mere end en linje",
            inf,
            1.4,
            inf,
            "",
        ),
        ("Nul nu", 0, 0, 2.3, ""),
        ("Ingen", nan, 0, inf, ""),
    ],
    columns=["name", "value", "low", "high", "mark"],
)
SHARES = pd.DataFrame(
    [("A", 0.67, nan, nan), ("B", 0.78, 0.6, 0.88), ("C", 0.9, 0.7, nan)],
    columns=["name", "value", "low", "high"],
)
PLACES = pd.DataFrame(
    [(f"Sted {n:02}", "Bibliotek", 20 + n % 3, 1000.0 + 60 * n) for n in range(20)]
    + [("Urolig lokation", "Bibliotek", 60, 1000.0), ("Stille lokation", "Bibliotek", 2, 1500.0)],
    columns=["name", "facility", "incidents", "hours"],
)
EXPECTED = funnel.expected_incidents(PLACES)
SPREAD = funnel.spread(EXPECTED)
JUDGED = funnel.verdicts(EXPECTED, SPREAD)
LIMITS = funnel.limits(JUDGED, SPREAD)
TYPES = ladder.type_shares(
    pd.DataFrame(
        [
            (group, name, count)
            for group, counts in (
                ("2023/24", (0, 0, 0, 0, 0)),
                ("2024/25", (68, 9, 3, 0, 7)),
                ("Vesterbro Bibliotek og Kulturhus", (2, 1, 0, 0, 0)),
            )
            for name, count in zip(published.types(), counts, strict=True)
        ],
        columns=["group", "name", "incidents"],
    )
)

VIEWS = {
    "ratios": lambda rows=None: charts.intervals(
        ROWS[:rows], "Ændring", axis="Forhold", reference=1, log=True
    ),
    "shares of answers": lambda rows=None: charts.intervals(
        SHARES[:rows], "Trygge", axis="Andel", percent=True
    ),
    "funnel": lambda rows=None: charts.funnel(
        tables.marked(JUDGED, "Sted 03")[:rows], LIMITS, "Lokationer"
    ),
    "shares of types": lambda rows=None: charts.shares(TYPES[:rows], "Andele"),
}


@pytest.fixture(autouse=True)
def themed():
    charts.enable()


def told(spec):
    return {row["name"]: row["told"] for row in rows_of(spec, "name", "told")}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("version", ["5.8", "6.4"])
def test_every_chart_is_drawn_and_fits_a_narrow_screen(view, version):
    spec = VIEWS[view]().to_dict()
    assert "<text" in drawn(spec, version)
    picture = drawn(narrowed(spec), version)
    assert float(re.search(r'width="([\d.]+)"', picture)[1]) <= theme.NARROW + 32
    assert "…" not in picture


@pytest.mark.parametrize("view", VIEWS)
def test_every_chart_fits_the_page(view):
    picture = drawn(VIEWS[view]())
    assert float(re.search(r'width="([\d.]+)"', picture)[1]) <= theme.WIDTH + 32


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_to_draw_says_so(view):
    chart = VIEWS[view](0)
    assert chart.to_dict()["description"].endswith("Ingen hændelser i udvalget.")


@pytest.mark.parametrize("view", VIEWS)
def test_tooltips_are_danish_and_no_legend_is_needed(view):
    spec = VIEWS[view]().to_dict()
    titles = {tip["title"] for tips in found(spec, "tooltip") for tip in tips}
    assert titles
    assert not titles & {"name", "told", "expected", "ratio", "share", "group"}
    assert all(legend is None for legend in found(spec, "legend"))


@pytest.mark.parametrize("name", ["ratios", "shares of answers"])
def test_every_row_has_its_name_and_its_numbers_written(name):
    spec = VIEWS[name]().to_dict()
    for layout in (spec, narrowed(spec)):
        words = " ".join(texts(drawn(layout)))
        for row in rows_of(spec, "name", "told"):
            assert row["told"] in words
            assert all(part in words for part in row["name"].split())


def test_rows_stand_in_the_order_given():
    spec = VIEWS["ratios"]().to_dict()
    rows = rows_of(spec, "name", "told")
    assert [row["name"] for row in rows] == list(ROWS["name"])
    assert [row["y"] for row in rows] == sorted(row["y"] for row in rows)


def test_numbers_are_danish_and_carry_their_marks():
    numbers = told(VIEWS["ratios"]().to_dict())
    assert numbers["Uønsket adfærd"] == "0,87 (0,60–1,24)"
    assert numbers["Vesterbro Bibliotek og Kulturhus"] == "0,30 (0,10–0,80)*"
    assert numbers["Ingen"] == "kan ikke beregnes"
    assert told(VIEWS["shares of answers"]().to_dict()) == {
        "A": "67 %",
        "B": "78 % (60–88 %)",
        "C": "90 % (70–100 %)",
    }


@pytest.mark.parametrize(
    ("value", "low", "high", "written"),
    [
        (89, 64.4, 126.1, "89 (64–126)"),
        (-12, -30.4, 6.2, "−12 (−30 til 6)"),
        (3, 0.62, 8.77, "3 (0,6–8,8)"),
        (4, 3, 5, "4 (3–5)"),
        (0.4, 0.12, 0.9, "0,40 (0,12–0,90)"),
    ],
)
def test_decimals_follow_how_far_the_axis_goes(value, low, high, written):
    rows = pd.DataFrame(
        [(n, value, low, high) for n in "AB"], columns=["name", "value", "low", "high"]
    )
    assert told(charts.intervals(rows, "Tal", axis="Tal").to_dict()) == {"A": written, "B": written}


def test_infinite_and_missing_bounds_are_open_ends_on_the_axis():
    rows = {row["name"]: row for row in rows_of(VIEWS["ratios"]().to_dict(), "name", "told")}
    scales = found(VIEWS["ratios"]().to_dict(), "scale")
    domain = next(scale["domain"] for scale in scales if scale and scale.get("type") == "log")
    infinite = rows[ROWS["name"][2]]
    assert (infinite["open_left"], infinite["open_right"]) == (False, True)
    assert infinite["right"] == domain[1]
    assert (rows["Nul nu"]["open_left"], rows["Nul nu"]["left"]) == (True, domain[0])
    shares = {row["name"]: row for row in rows_of(VIEWS["shares of answers"]().to_dict(), "told")}
    assert shares["C"]["open_right"]
    # Without any bound the point stands alone.
    assert shares["A"]["left"] is None
    assert shares["A"]["point"] == 0.67


def test_a_ratio_of_nothing_or_without_end_stands_at_the_end_of_the_axis():
    spec = VIEWS["ratios"]().to_dict()
    rows = {row["name"]: row for row in rows_of(spec, "name", "told")}
    scales = found(spec, "scale")
    domain = next(scale["domain"] for scale in scales if scale and scale.get("type") == "log")
    infinite, zero = rows[ROWS["name"][2]], rows["Nul nu"]
    assert (infinite["point"], infinite["shape"]) == (domain[1], "triangle-right")
    assert (zero["point"], zero["shape"]) == (domain[0], "triangle-left")
    assert rows["Uønsket adfærd"]["shape"] == "circle"
    note = "Trekant som prik: tallet ligger uden for aksen"
    assert note in " ".join(spec["title"]["subtitle"])
    fine = charts.intervals(ROWS[:2], "Tal", axis="Tal", reference=1, log=True).to_dict()
    assert note not in " ".join(fine["title"]["subtitle"])


def test_a_row_that_cannot_be_judged_has_no_point_and_is_on_neither_side():
    rows = ROWS[:2].assign(unjudged=[False, True])
    spec = charts.intervals(rows, "Tal", axis="Tal", reference=1, log=True).to_dict()
    refused = rows_of(spec, "name", "told")[1]
    assert (refused["point"], refused["side"]) == (None, 0)
    assert refused["left"] < refused["right"] < 1
    assert "Ingen klar ændring. Kan ikke bedømmes: Vesterbro" in spec["description"]


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        (0.5, 0.9996, "0,80 (0,50 til under 1)"),
        (0.5, 1.0, "0,80 (0,50–1,00)"),
        (0.5, 1.003, "0,80 (0,50 til over 1)"),
    ],
)
def test_a_bound_beside_the_line_does_not_read_as_it(low, high, written):
    rows = pd.DataFrame([("A", 0.8, low, high)], columns=["name", "value", "low", "high"])
    spec = charts.intervals(rows, "Tal", axis="Tal", reference=1, log=True).to_dict()
    assert told(spec) == {"A": written}


def test_a_row_that_cannot_be_computed_draws_nothing():
    row = rows_of(VIEWS["ratios"]().to_dict(), "name", "told")[-1]
    assert [row[key] for key in ("point", "left", "right")] == [None] * 3


@pytest.mark.parametrize(
    ("low", "high", "side"), [(1.1, 2, 1), (0.2, 0.9, -1), (0.5, 1.5, 0), (1, 2, 0)]
)
def test_a_point_is_filled_where_its_interval_lies_on_one_side(low, high, side):
    rows = pd.DataFrame([("A", 1.2, low, high)], columns=["name", "value", "low", "high"])
    spec = charts.intervals(rows, "Tal", axis="Tal", reference=1).to_dict()
    assert rows_of(spec, "side")[0]["side"] == side


def test_the_text_alternative_begins_with_what_is_clear():
    description = VIEWS["ratios"]().to_dict()["description"]
    assert description.startswith(f"Klart steget: {ROWS['name'][2]}. Klart faldet: Vesterbro")
    assert "Uønsket adfærd 0,87 (0,60–1,24)" in description


def test_what_is_clear_is_said_in_the_callers_words():
    rows = pd.DataFrame([("A", 1.2, 0.8, 2)], columns=["name", "value", "low", "high"])
    spec = charts.intervals(
        rows, "Mørke", axis="Forhold", reference=1, clear=("Flere", "Færre", "Hverken eller")
    ).to_dict()
    assert (spec["title"]["text"], "".join(spec["title"]["subtitle"])[:6]) == (
        "Hverken eller",
        "Mørke.",
    )


def test_without_a_line_the_title_says_which_is_highest_or_what_the_caller_does():
    df = pd.DataFrame(
        [("A", 3, 1, 5), ("B", 7, 4, 9), ("C", 7, 5, 8)], columns=["name", "value", "low", "high"]
    )
    spec = charts.intervals(df, "Score", axis="Score").to_dict()
    assert spec["title"]["text"] == "Højest: B og C, 7"
    assert spec["title"]["subtitle"] == "Score"
    many = pd.DataFrame(
        [(f"Sted {n}", 0, 0, 1) for n in range(59)], columns=["name", "value", "low", "high"]
    )
    title = charts.intervals(many, "Score", axis="Score").to_dict()["title"]["text"]
    assert "andre" in "".join(title)
    other = charts.intervals(df, "Plads", axis="Plads", lead="A er først").to_dict()
    assert other["title"]["text"] == "A er først"


def test_the_only_row_is_a_sentence():
    rows = pd.DataFrame([("A", 2.0, 1.0, 3.0)], columns=["name", "value", "low", "high"])
    spec = charts.intervals(rows, "Tal", axis="Tal").to_dict()
    assert spec["mark"]["text"] == "A: 2 (1–3)"


def test_a_chart_of_what_cannot_be_judged_says_so_and_not_that_nothing_changed():
    rows = pd.DataFrame({"name": ["a"], "value": [0.5], "low": [0.4], "high": [0.8]})
    for unjudged, said in ((True, "Kan ikke bedømmes. "), (False, "Klart faldet: a. ")):
        chart = charts.intervals(
            rows.assign(mark="", unjudged=unjudged), "T", axis="A", reference=1, log=True
        )
        assert chart.description.startswith(said)


def test_a_funnel_names_those_outside_the_limits_and_the_chosen_alone():
    spec = VIEWS["funnel"]().to_dict()
    for layout in (spec, narrowed(spec)):
        words = " ".join(texts(drawn(layout)))
        for name in ("Urolig lokation", "Stille lokation", "Sted 03"):
            assert name in words
        assert "Sted 04" not in words
    description = spec["description"]
    assert "2 af 22 lokationer ligger uden for grænserne" in description
    assert "(langt over)" in description


def test_shares_are_drawn_by_one_scale_with_every_number_written():
    spec = VIEWS["shares of types"]().to_dict()
    for layout in (spec, narrowed(spec)):
        words = texts(drawn(layout))
        assert words.count("–") == 5
        assert "78 %" in words
        assert all(label.split()[0] in " ".join(words) for label in published.types())
    for rows in spec["datasets"].values():
        drawn_rows = [row for row in rows if row.get("share")]
        units = {
            round((row["to"] - row["from"]) / (row["high"] - row["low"])) for row in drawn_rows
        }
        assert len(units) <= 2
        assert max(units, default=0) - min(units, default=0) <= 1


@pytest.mark.parametrize("types", [5, 6, 9])
def test_shares_of_any_number_of_types_fit_the_width_and_are_all_drawn(types):
    names = [f"Ubehagelige type {n}" for n in range(types)]
    counts = pd.DataFrame(
        [("Vesterbro Bibliotek og Kulturhus", name, n * n) for n, name in enumerate(names)],
        columns=["group", "name", "incidents"],
    )
    spec = charts.shares(ladder.type_shares(counts), "Andele").to_dict()
    rows = rows_of(spec, "end")
    assert [row["name"] for row in rows] == names
    assert round(max(row["end"] for row in rows)) + 38 <= theme.WIDTH
    assert all(row["to"] <= row["end"] for row in rows)
    heads = [(row["x"], row["y"]) for row in rows_of(spec, "label")]
    assert len(set(heads)) == types
    assert spec["height"] >= max(row["y"] for row in rows)


def test_the_shares_of_the_last_group_are_told_first():
    description = VIEWS["shares of types"]().to_dict()["description"]
    assert "Uønsket adfærd udgør mest i Vesterbro Bibliotek og Kulturhus: 67 %" in description
    assert "2023/24" not in description
