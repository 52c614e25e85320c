import json
import re
import subprocess
import sys
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert

from analysis import barometer
from analysis.barometer import Selection, published
from analysis.core import taxonomy
from analysis.core.headings import BLANK, DIMENSIONS, REST, TOTAL
from analysis.show import charts, phrases, shading
from analysis.show.charts import city, theme
from analysis.show.tables import table

NOTHING = "Ingen hændelser i udvalget"


@pytest.fixture(autouse=True)
def themed():
    charts.enable()


def frame(columns, *rows):
    made = pd.DataFrame(rows, columns=columns.split())
    return made.astype({c: "datetime64[us]" for c in ("date", "month") if c in made})


COUNTS = frame("name incidents", ("Lokationen", 59), ("Bruger", 5), (None, 2))
SCORES = frame(
    "name relative_score incidents", ("Nørrebro", 112, 87), ("Valby", 20, 12), ("Indre By", 4, 3)
)
DAYS = frame(
    "date name incidents",
    ("2024-11-02", "Hærværk", 1),
    ("2024-11-02", "Uønsket adfærd", 3),
    ("2025-01-09", "Trusler", 2),
)
MONTHS = frame(
    "month name incidents",
    ("2024-10-01", "Uønsket adfærd", 1200),
    ("2024-10-01", "Trusler", 0),
    ("2024-11-01", "Uønsket adfærd", 0),
    ("2024-11-01", "Trusler", 0),
    ("2025-05-01", "Uønsket adfærd", 30),
    ("2025-05-01", "Trusler", 4),
)
HOURS = frame("hour name incidents", (13, "Udsatte voksne", 4), (13, None, 1), (23, "Ved ikke", 2))
HELP = frame("helper called arrived", ("Politiet", 13, 8), ("Ambulance", 1, 1))
MATRIX = pd.DataFrame(
    [("Nørrebro", 68, 9, 3, 0, 7, 87), ("Valby", 1, 1, 0, 0, 0, 2), (TOTAL, 69, 10, 3, 0, 7, 89)],
    columns=["name", *published.types(), TOTAL],
)
SEASONS = pd.concat(
    frame(
        "season month name incidents",
        *(
            (season, month, kind, count)
            for month in months
            for kind, count in zip((*published.types(), taxonomy.OTHER), counts, strict=True)
        ),
    )
    for season, months, counts in (
        ("2024/25", ("2024-10-01", "2025-01-01"), (9, 2, 0, 1, 0, 1)),
        ("2025/26", ("2025-10-01", "2026-01-01"), (4, 0, 0, 0, 0, 0)),
    )
)
PLACES = frame(
    "location district latitude longitude incidents",
    ("Blågårdens Bibliotek", "Nørrebro", 55.6868, 12.5546, 80),
    ("Støberiet", "Nørrebro", 55.6868, 12.5546, 7),
    ("Kulturhuset i Valby", "Valby", 55.66, 12.51, 12),
    ("Uden koordinater", "Valby", None, None, 3),
)

VIEWS = {
    "bars": lambda rows=None: charts.bars(COUNTS[:rows], "victim"),
    "score_by": lambda rows=None: charts.score_by(SCORES[:rows], "district"),
    "over_time": lambda rows=None: charts.over_time(DAYS[:rows]),
    "per_month": lambda rows=None: charts.per_month(MONTHS[:rows]),
    "time_of_day": lambda rows=None: charts.time_of_day(HOURS[:rows], "demography"),
    "season_comparison": lambda rows=None: charts.season_comparison(SEASONS[:rows]),
    "matrix": lambda rows=None: charts.matrix(MATRIX[:rows], "district"),
    "help_called": lambda rows=None: charts.help_called(HELP[:rows]),
    "map": lambda rows=None: charts.map(SCORES[:rows], PLACES[:rows]),
    "conflict_ladder": lambda rows=None: charts.conflict_ladder(),
}


def found(spec, key):
    """Return every value that stands under `key` anywhere in a spec."""
    if isinstance(spec, dict):
        here = [spec[key]] if key in spec else []
        return here + [value for part in spec.values() for value in found(part, key)]
    return [value for part in spec for value in found(part, key)] if isinstance(spec, list) else []


def rows_of(spec, *columns):
    """Return the only rows among a spec's data that have these columns."""
    (rows,) = [rows for rows in spec["datasets"].values() if rows and set(columns) <= set(rows[0])]
    return rows


def narrowed(spec):
    """Return a spec as a page lays it out on a phone."""
    spec = json.loads(json.dumps(spec))
    for path, value in spec["usermeta"]["narrow"]:
        part = spec
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = value
    return spec


def drawn(chart, version="5.8"):
    spec = chart if isinstance(chart, dict) else chart.to_dict()
    return vl_convert.vegalite_to_svg(
        spec, version, format_locale="da-DK", time_format_locale="da-DK"
    )


def texts(picture):
    return re.findall(r"<t(?:ext|span)[^>]*>([^<]+)<", picture)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("version", ["5.8", "6.4"])
def test_every_chart_is_drawn_by_the_oldest_and_the_newest_vega_lite(view, version):
    assert "<text" in drawn(VIEWS[view](), version)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("version", ["5.8", "6.4"])
def test_every_chart_fits_a_narrow_screen_with_every_word_it_has(view, version):
    spec = narrowed(VIEWS[view]().to_dict())
    picture = drawn(spec, version)
    assert float(re.search(r'width="([\d.]+)"', picture)[1]) <= theme.NARROW + 32
    assert "…" not in picture
    words = " ".join(texts(picture))
    # "Brønshøj-Husum" may be broken at its hyphen.
    for name in {
        row["name"] for rows in spec["datasets"].values() for row in rows if "name" in row
    }:
        assert all(part in words for part in re.split(r"(?<=[-/ ])", name)), name


def test_a_chart_for_one_width_has_no_other_layout():
    assert "narrow" not in charts.bars(COUNTS, "victim", width=400).to_dict()["usermeta"]


@pytest.mark.parametrize("view", [view for view in VIEWS if view != "conflict_ladder"])
def test_a_selection_without_incidents_says_so(view):
    chart = VIEWS[view](0)
    # There may be incidents to which no help was called.
    said = "Der er ikke tilkaldt hjælp i udvalget" if view == "help_called" else NOTHING
    assert chart.to_dict()["description"].endswith(f"{said}.")
    assert said in drawn(chart)


def test_no_incidents_in_any_month_says_so_too():
    nothing = SEASONS.assign(incidents=0)
    assert NOTHING in drawn(charts.season_comparison(nothing))


@pytest.mark.parametrize("view", VIEWS)
def test_every_chart_has_danish_tooltips(view):
    tooltips = [tip for tips in found(VIEWS[view]().to_dict(), "tooltip") for tip in tips]
    assert tooltips
    told = {tip["title"] for tip in tooltips}
    assert not told & {"name", "incidents", "month", "date", "hour", "relative_score", "helper"}


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_of_one_row_is_drawn(view):
    assert "<text" in drawn(VIEWS[view](2 if view == "matrix" else 1))


def test_specs_are_the_same_byte_for_byte_in_another_process():
    program = (
        "import sys, json, test_charts as t\n"
        "t.charts.enable()\n"
        "sys.stdout.buffer.write(json.dumps({n: v().to_dict() for n, v in t.VIEWS.items()},"
        " ensure_ascii=False).encode())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parent, capture_output=True, check=True
    )
    here = json.dumps({name: view().to_dict() for name, view in VIEWS.items()}, ensure_ascii=False)
    assert other.stdout.decode() == here


def test_a_chart_is_shown_as_the_type_that_jupyterlab_draws_offline():
    shown = charts.bars(COUNTS, "victim")._repr_mimebundle_()
    bundle = shown[0] if isinstance(shown, tuple) else shown
    assert set(bundle) == {"application/vnd.vegalite.v5+json", "text/plain"}
    spec = bundle["application/vnd.vegalite.v5+json"]
    assert bundle["text/plain"] == spec["description"] != ""


def test_numbers_months_and_days_are_danish():
    options = charts.bars(COUNTS, "victim").to_dict()["usermeta"]["embedOptions"]
    assert (options["formatLocale"]["decimal"], options["formatLocale"]["thousands"]) == (",", ".")
    assert options["timeFormatLocale"]["months"][9] == "oktober"
    assert options["timeFormatLocale"]["days"][6] == "lørdag"


# Colours

# Machado, Oliveira and Fernandes 2009, full severity, on linear RGB.
SIGHTS = {
    "normal": np.eye(3),
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
}
# Björn Ottosson's OKLab.
TO_CONES = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
TO_LAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]


def seen(colour, sight):
    parts = np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen_as = np.clip(np.array(SIGHTS[sight]) @ linear, 0, 1)
    return np.array(TO_LAB) @ np.cbrt(np.array(TO_CONES) @ seen_as)


def contrast(one, other):
    light, dark = sorted((shading.luminance(one), shading.luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_area_stands_out_from_the_white_page():
    colours = [*theme.PALETTE, theme.NEUTRAL]
    assert min(contrast(colour, "#FFFFFF") for colour in colours) >= 3


@pytest.mark.parametrize("sight", SIGHTS)
def test_no_two_colours_look_alike_to_the_colour_blind(sight):
    colours = theme.PALETTE
    pairs = combinations([seen(colour, sight) for colour in colours], 2)
    assert min(np.linalg.norm(one - other) for one, other in pairs) >= 0.1


def test_no_reader_needs_the_colours():
    """Where types meet, each has its name at its own row: no stack, no legend."""
    for name, view in VIEWS.items():
        spec = view().to_dict()
        assert all(legend is None for legend in found(spec, "legend")), name
        shown = {row["name"] for rows in spec["datasets"].values() for row in rows if "name" in row}
        # The name of a district may be broken after its slash.
        words = " ".join(texts(drawn(spec))).replace("/ ", "/")
        assert all(each in words for each in shown), name


def test_the_types_have_the_taxonomys_domain_whatever_is_shown():
    spec = charts.per_month(MONTHS).to_dict()
    domains = [domain for domain in found(spec, "domain") if domain and taxonomy.THREATS in domain]
    assert [name for name in domains[0] if name != TOTAL] == list(taxonomy.WITH_OTHER)
    colours = theme.colours(taxonomy.WITH_OTHER)
    assert len(set(colours.values())) == len(taxonomy.WITH_OTHER)


def test_colour_is_for_the_urotype_alone():
    for dimension in DIMENSIONS:
        view = frame("name incidents", ("Trusler", 3), ("Hærværk", 1), (None, 1))
        spec = charts.bars(view, dimension).to_dict()
        drawn_with = {each for each in theme.PALETTE if each in json.dumps(spec["layer"])}
        assert bool(drawn_with) == (dimension == "category"), dimension
    assert theme.colours([BLANK, "Trusler"])[BLANK] == theme.NEUTRAL


def test_numbers_read_well_on_every_shade():
    turn = shading.white_text_from()
    for share in np.linspace(0, 1, 101):
        text = "#FFFFFF" if share > turn else "#000000"
        assert contrast(shading.shade(share), text) >= 4.5


# Names


def test_blanks_are_called_ikke_angivet_and_stand_last():
    spec = charts.bars(COUNTS, "victim").to_dict()
    assert [row["name"] for row in rows_of(spec)] == ["Lokationen", "Bruger", BLANK]


def test_types_are_in_the_taxonomys_order_and_others_by_number():
    assert phrases.ordered(DAYS, "category") == ["Uønsket adfærd", "Trusler", "Hærværk"]
    assert phrases.ordered(phrases.named(HOURS), "demography") == [
        "Udsatte voksne",
        "Ved ikke",
        BLANK,
    ]


def test_too_many_names_are_gathered_without_losing_an_incident():
    many = frame(
        "hour name incidents", *((8, f"Sted {n:02}", n) for n in range(1, 40)), (8, None, 3)
    )
    few = phrases.gathered(many, "location", theme.MOST_NAMES)
    assert few["incidents"].sum() == many["incidents"].sum()
    assert phrases.ordered(few, "location")[-2:] == [REST, BLANK]
    assert len(few) == theme.MOST_NAMES + 1


# Views


def test_bars_keep_the_given_order_and_tell_their_figures():
    spec = charts.bars(COUNTS, "victim").to_dict()
    assert spec["title"]["text"] == "Forurettede er oftest Lokationen: 59 af 66 hændelser (89 %)"
    assert spec["title"]["subtitle"] == "Hændelser ud fra forurettede"
    assert found(spec, "sort")[0] == ["Lokationen", "Bruger", BLANK]
    assert spec["description"] == (
        "Forurettede er oftest Lokationen: 59 af 66 hændelser "
        "(89 %). I alt 66 hændelser: Lokationen 59, Bruger 5, Ikke angivet 2."
    )


def test_one_bar_is_a_sentence():
    one = frame("name incidents", ("Trusler", 4))
    month = MONTHS[MONTHS["month"] == MONTHS["month"].min()]
    by_type = frame("name a Samlet", ("Nørrebro", 4, 4), (TOTAL, 4, 4))
    for chart, said in (
        (charts.bars(one, "category"), "Alle 4 hændelser er registreret under Trusler"),
        (charts.per_month(month), "Alle 1.200 hændelser er registreret under Uønsket adfærd"),
        (charts.score_by(SCORES.iloc[:1], "district"), "Nørrebro har relativ score 112 og 87"),
        (charts.matrix(by_type, "district"), "Nørrebro: a 4"),
        (
            charts.map(SCORES.iloc[:1], PLACES.iloc[:1].assign(incidents=87), whole_city=False),
            "i Nørrebro",
        ),
    ):
        assert chart.to_dict()["mark"]["type"] == "text"
        assert said in " ".join(texts(drawn(chart)))


def test_a_year_before_is_a_thin_line_on_each_bar():
    then = frame("name incidents", ("Bruger", 9), ("Gæst", 4), (None, 1))
    spec = charts.bars(COUNTS, "victim", before=("2024/25", then)).to_dict()
    assert [(row["name"], row["incidents"], row["before"]) for row in rows_of(spec)] == [
        ("Lokationen", 59, 0),
        ("Bruger", 5, 9),
        ("Gæst", 0, 4),
        (BLANK, 2, 1),
    ]
    assert spec["title"]["subtitle"] == "Hændelser ud fra forurettede; tynd streg: 2024/25"
    assert "2024/25: Lokationen 0, Bruger 9, Gæst 4" in spec["description"]
    then = MONTHS.assign(month=MONTHS["month"] - pd.DateOffset(years=1))
    then = then.assign(incidents=2 * MONTHS["incidents"])
    for chart, times in (
        (charts.per_month(MONTHS, before=("2023/24", then)), 2),
        (charts.time_of_day(HOURS, before=("2023/24", HOURS)), 1),
    ):
        rows = [
            row for rows in chart.to_dict()["datasets"].values() for row in rows if "before" in row
        ]
        assert rows
        assert all(row["before"] == times * row["incidents"] for row in rows)


def test_what_only_the_year_before_had_is_in_its_lines_and_its_sum():
    then = MONTHS.assign(month=MONTHS["month"] - pd.DateOffset(years=1))
    gone = then[then["name"] == then["name"].iloc[0]].assign(name="Fysisk vold", incidents=4)
    spec = charts.per_month(MONTHS, before=("2023/24", pd.concat([then, gone]))).to_dict()
    rows = [row for rows in spec["datasets"].values() for row in rows if "before" in row]
    lines = {(row["name"], row["month"]): row["before"] for row in rows}
    for (name, month), before in lines.items():
        if name == TOTAL:
            parts = [n for (one, when), n in lines.items() if one != TOTAL and when == month]
            assert before == sum(parts)
    assert {n for (name, _), n in lines.items() if name == "Fysisk vold"} == {4}
    assert "Fysisk vold: 0" in {row["label"] for row in rows_of(spec, "label")}


def test_an_hour_that_only_the_year_before_had_is_one_without_incidents():
    now = frame("hour name incidents", (10, "Trusler", 1), (11, "Hærværk", 2))
    then = frame("hour name incidents", (15, "Fysisk vold", 1), (11, "Hærværk", 2))
    spec = charts.time_of_day(now, before=("2024/25", then)).to_dict()
    assert "Fysisk vold: 0" in {row["label"] for row in rows_of(spec, "label")}
    assert "Fysisk vold 0" in spec["description"]


def test_counts_are_whole_numbers_on_every_axis():
    for view in VIEWS.values():
        axes = [axis for axis in found(view().to_dict(), "axis") if axis and "format" in axis]
        assert all(axis["format"] == ",d" for axis in axes)


def test_score_and_count_stand_side_by_side_in_one_order():
    spec = charts.score_by(SCORES, "district").to_dict()
    fields = [panel["layer"][0]["encoding"]["x"]["field"] for panel in spec["hconcat"]]
    assert fields == ["relative_score", "incidents"]
    assert len(spec["datasets"]) == 1
    assert (
        "Nørrebro har både højest relativ score, 112, og flest hændelser, 87 af 102 hændelser "
        "(85 %). Nørrebro score 112, 87 hændelser; Valby" in spec["description"]
    )


def test_of_many_places_the_first_are_drawn_and_the_chart_says_so():
    names = [f"Sted {n:02}" for n in range(30)]
    scores = pd.DataFrame(
        {"name": names, "relative_score": range(60, 30, -1), "incidents": range(30, 0, -1)}
    )
    crossed = pd.DataFrame({"name": names, "Trusler": range(30, 0, -1)})
    crossed = crossed.assign(Hærværk=1, Samlet=crossed["Trusler"] + 1)
    crossed.loc[len(crossed)] = [TOTAL, *crossed.drop(columns="name").sum()]
    for chart in (charts.score_by(scores, "location"), charts.matrix(crossed, "location")):
        for layout in (chart.to_dict(), narrowed(chart.to_dict())):
            told = texts(drawn(layout))
            assert [one for one in told if one in names] == names[:20]
            assert "de 20 øverste af 30, alle står i tabellen" in " ".join(told)
    # The sums are of all 30.
    assert "495" in told


def test_a_line_of_the_season_before_crosses_no_number():
    now = pd.DataFrame({"name": ["near", "far", "below"], "incidents": [500, 501, 502]})
    before = ("2023/24", now.assign(incidents=[510, 900, 400]))
    picture = drawn(charts.bars(now, "demography", before=before).to_dict())
    at = {
        int(number): float(x)
        for x, number in re.findall(r"translate\(([\d.]+),[\d.]+\)[^>]*>(50[012])<", picture)
    }
    # The bars are as good as of one length, and the first number stands after its line.
    assert at[500] > at[501] + 4
    assert at[501] == pytest.approx(at[502], abs=2)


@pytest.mark.parametrize("late", [None, pd.Series({pd.Timestamp("2025-10-01"): 4.0})])
def test_numbers_of_a_period_stand_clear_of_the_lines_of_the_one_before(late):
    now, then = (
        frame(
            "month name incidents",
            *(
                (f"{year}-{month}-01", name, n)
                for month, n in zip((10, 11, 12), counts, strict=True)
            ),
        )
        for name in ["Trusler"]
        for year, counts in ((2025, (146, 163, 205)), (2024, (150, 190, 240)))
    )
    chart = charts.per_month(now, before=("2024/25", then), late=late)
    picture = drawn(chart.to_dict())
    heights = {
        float(y) for y in re.findall(r"translate\([\d.]+,([\d.]+)\)[^>]*>(?:146|163|205)<", picture)
    }
    ink = rf'<path [^>]*?d="M[\d.]+,([\d.]+)[^>]*?fill="{theme.INK}"'
    lines = [float(y) for y in re.findall(ink, picture)]
    assert len(heights) == 1
    assert len(lines) == 3
    assert max(heights) < min(lines)


def test_a_note_under_a_small_charts_title_is_as_wide_as_the_chart():
    note = "Blågårdens Bibliotek, vinterhalvåret 2027/28 · Syntetiske data, opdigtede"
    small, wide = (
        theme.noted(charts.bars(COUNTS, "Periode", "T", width=width).to_dict(), note)
        for width in (360, theme.WIDTH)
    )
    assert " ".join(small["title"]["subtitle"]) == note
    assert max(map(len, small["title"]["subtitle"])) <= 60
    assert note in wide["title"]["subtitle"]


def test_the_outline_of_a_number_on_the_map_has_no_spikes():
    outline, _ = city._haloed(alt.Chart(), "number:N")
    assert outline.to_dict(validate=False)["mark"]["strokeJoin"] == "round"


def test_the_chosen_bar_stands_out():
    counts = pd.DataFrame({"name": ["a", "b's"], "incidents": [3, 5]})
    spec = charts.bars(counts, "Periode", "T", chosen="b's")
    picture = drawn(spec.to_dict())
    assert picture.count(f'fill="{theme.NEUTRAL_BESIDE}"') == 1
    assert picture.count(f'fill="{theme.NEUTRAL}"') == 1


def test_the_places_carry_the_season_before_as_thin_lines():
    before = ("2023/24", SCORES.assign(relative_score=150, incidents=90).head(1))
    spec = charts.score_by(SCORES, "district", before=before).to_dict()
    for panel in spec["hconcat"]:
        line = next(layer for layer in panel["layer"] if layer["mark"]["type"] == "tick")
        field = line["encoding"]["x"]["field"]
        assert panel["layer"][0]["encoding"]["x"]["scale"]["domain"][1] >= 90
    assert field == "incidents_before"
    assert "tynd streg: 2023/24" in json.dumps(spec["title"], ensure_ascii=False)
    (rows,) = spec["datasets"].values()
    assert [row["relative_score_before"] for row in rows][:2] == [150, 0]


def test_over_time_shows_the_whole_half_year_in_a_row_for_each_name():
    chart = charts.over_time(DAYS)
    spec = chart.to_dict()
    x = spec["layer"][0]["encoding"]["x"]
    assert x["scale"]["domain"] == [
        {"year": 2024, "month": 10, "date": 1},
        {"year": 2025, "month": 4, "date": 1},
    ]
    assert len(x["axis"]["values"]) == 6
    rows = [row["label"] for row in rows_of(spec, "label")]
    assert rows == ["Samlet: 6", "Uønsket adfærd: 3", "Trusler: 2", "Hærværk: 1"]
    assert "flest den 2. november 2024 (4)" in spec["description"]
    assert "Uønsket adfærd: 3" in drawn(chart)


def test_a_week_is_drawn_on_an_axis_of_days():
    week = date(2024, 11, 4), date(2024, 11, 11)
    spec = charts.over_time(DAYS, interval=week).to_dict()
    axis = spec["layer"][0]["encoding"]["x"]
    assert axis["scale"]["domain"][0] == {"year": 2024, "month": 11, "date": 4}
    assert axis["scale"]["domain"][1] == {"year": 2024, "month": 11, "date": 11}
    assert len(axis["axis"]["values"]) == 7
    assert {">4/11<", ">10/11<"} <= set(
        re.findall(r">\d+/\d+<", drawn(charts.over_time(DAYS, interval=week)))
    )


def test_months_have_danish_names_in_order_and_zeros_are_shown():
    chart = charts.per_month(MONTHS)
    spec = chart.to_dict()
    assert ["okt. 2024", "nov. 2024", "maj 2025"] in found(spec, "domain")
    picture = texts(drawn(chart))
    # November has a 0 in each of the three rows, October one more.
    assert picture.count("0") == 4
    assert {"1.200", "34", "maj"} <= set(picture)
    assert (
        "Flest i oktober 2024 (1.200), ingen i november 2024. "
        "Uønsket adfærd er den hyppigste urotype: 1.230 af 1.234 hændelser (over 99 %)."
        in spec["description"]
    )


def heights(picture):
    """Return the heights, in pixels, of a picture's bars."""
    bars = re.findall(r'mark-rect role-mark layer_0_marks".*?</g>', picture, re.DOTALL)[0]
    return [float(height) for height in re.findall(r'd="M[^"h]*h[^"v]*v([\d.]+)h', bars)]


@pytest.mark.parametrize("view", ["per_month", "season_comparison", "time_of_day"])
def test_every_bar_of_a_chart_has_its_height_in_the_same_unit(view):
    spec = VIEWS[view]().to_dict()
    counts = [row["incidents"] for row in rows_of(spec, "name", "incidents")]
    found_heights = heights(drawn(spec))
    assert len(found_heights) == len(counts)
    unit = max(found_heights) / max(counts)
    # The least bar of all is one that can be seen.
    expected = [max(count * unit, 1.5) if count else 0 for count in counts]
    assert found_heights == pytest.approx(expected, abs=0.05)


def test_rows_do_not_reach_into_each_other():
    rows = rows_of(charts.per_month(MONTHS).to_dict(), "label")
    assert all(above["base"] < below["y"] for above, below in pairwise(rows))
    # Name, number and bar stand above each other: a line of text is 15 pixels.
    tall = heights(drawn(charts.per_month(MONTHS)))[0]
    assert rows[0]["base"] - rows[0]["y"] >= tall + 2 * 15


def test_all_hours_of_the_day_are_on_the_axis():
    spec = charts.time_of_day(HOURS, "demography").to_dict()
    assert list(range(24)) in found(spec, "domain")
    assert "7 hændelser med kendt klokkeslæt, flest kl. 13–14 (5)" in spec["description"]


def test_seasons_stand_side_by_side_in_one_unit_under_computed_headlines():
    chart = charts.season_comparison(SEASONS)
    spec = chart.to_dict()
    heads = [row["label"] for row in rows_of(spec, "label", "month")]
    assert heads == ["2024/25\n26 hændelser", "2025/26\n8 hændelser"]
    places = next(domain for domain in found(spec, "domain") if domain and "okt. 2024" in domain)
    assert places == ["okt. 2024", "jan. 2025", " ", "okt. 2025", "jan. 2026"]
    shouting = [row["label"] for row in rows_of(spec, "first") if row["name"] == taxonomy.SHOUTING]
    assert shouting == ["Ubehagelige tilråb: 4", "0"]
    assert "2024/25" in texts(drawn(chart))


def test_a_weekday_without_incidents_is_drawn_too():
    days = pd.DataFrame({"name": ["mandag", "søndag"], "incidents": [3, 1]})
    assert "onsdag 0" in charts.bars(days, "weekday").to_dict()["description"]


def test_a_row_of_many_narrow_bars_has_a_number_at_its_highest_only():
    spec = charts.time_of_day(HOURS, "demography").to_dict()
    # 5 and 2 in all; 4, 1 and 2 by name.
    assert [text for text in texts(drawn(spec)) if text == "2"] == ["2"] * 3
    assert [text for text in texts(drawn(narrowed(spec))) if text == "2"] == ["2"]


def test_the_matrix_prints_every_number_and_sets_its_sums_apart():
    chart = charts.matrix(MATRIX, "district")
    picture = drawn(chart)
    for number in (68, 9, 87, 89, 0):
        assert f">{number}<" in picture
    rules = [
        layer
        for layer in chart.to_dict()["layer"]
        if found(layer, "datum") and "color" not in layer
    ]
    assert len([rule for rule in rules if found(rule, "bandPosition")]) == 2
    assert "Flest i ét felt: Nørrebro, Uønsket adfærd (68)" in chart.to_dict()["description"]


def test_help_called_and_arrived_are_told_in_words():
    chart = charts.help_called(HELP)
    picture = drawn(chart)
    assert ">13 tilkaldt<" in picture
    assert ">8 ankommet<" in picture
    assert (
        "Hjælp er ankommet ved 9 af 14 tilkald (64 %). Politiet er tilkaldt oftest, 13 gange."
        in chart.to_dict()["description"]
    )


def test_the_ladder_rises_and_keeps_two_types_outside():
    boxes = {row["name"]: row for row in rows_of(charts.conflict_ladder().to_dict(), "head")}
    steps = [boxes[category.label] for category in taxonomy.LADDER]
    heads = [f"{category.ladder_step}. {category.label}" for category in taxonomy.LADDER]
    assert [step["head"] for step in steps] == heads
    of_step = {category.ladder_step: boxes[category.label]["x"] for category in taxonomy.LADDER}
    assert list(of_step.values()) == sorted(set(of_step.values()))
    assert sorted((step["y"] for step in steps), reverse=True) == [step["y"] for step in steps]
    assert boxes["Hærværk"]["x"] == boxes["Andet"]["x"] > steps[0]["x2"]
    told = " ".join(boxes["Trusler"]["text"].split())
    assert told == {each.label: each.description for each in taxonomy.LADDER}["Trusler"]


def test_the_ladder_prints_the_number_of_each_step():
    counts = frame("name incidents", ("Uønsket adfærd", 68), ("Trusler", 1))
    spec = charts.conflict_ladder(counts).to_dict()
    numbers = {row["name"]: row["number"] for row in rows_of(spec, "head")}
    assert numbers["Uønsket adfærd"] == "68 hændelser"
    assert numbers["Trusler"] == "1 hændelse"
    assert numbers["Fysisk vold"] == "0 hændelser"
    assert numbers["Andet"] == ""
    most = "Uønsket adfærd er den hyppigste urotype: 68 af 69 hændelser (99 %)"
    assert f"{most}." in spec["description"]
    assert "".join(spec["title"]["text"]) == most


# Map


def test_the_map_has_a_tile_for_each_district_of_the_taxonomy():
    assert set(city._TILES) == set(taxonomy.LABELS["district"])
    assert len(set(city._TILES.values())) == 10
    chart = charts.map(SCORES, PLACES)
    picture = " ".join(texts(drawn(chart))).replace("/ ", "/")
    assert all(name in picture for name in taxonomy.LABELS["district"])
    told = chart.to_dict()["description"]
    assert "Nørrebro er bydelen med flest hændelser: 87 af 102 hændelser (85 %)." in told
    assert "Lokationer med flest: Blågårdens Bibliotek 80, Kulturhuset i Valby 12" in told


def test_a_district_outside_what_was_asked_for_is_blank_and_not_0(tmp_path):
    own = SCORES[SCORES["name"] == "Nørrebro"]
    outside = len(taxonomy.LABELS["district"]) - 1
    for whole_city in (True, False):
        picture = drawn(charts.map(own, PLACES[:1], whole_city=whole_city))
        assert texts(picture).count("0") == outside * whole_city
        assert picture.count(f'fill="{city._OUTSIDE}"') == outside * (not whole_city)
    # A place in no known district.
    nowhere = drawn(charts.map(own.assign(name=[None]), PLACES[:0], whole_city=False))
    assert "Ikke på kortet: 87 hændelser" in " ".join(texts(nowhere))
    file = polygons(tmp_path, "Nørrebro", "Valby")
    shapes = drawn(charts.map(own, PLACES[:1], file, whole_city=False))
    assert "Nørrebro 87" in shapes
    assert "Valby 0" not in shapes
    assert shapes.count(f'fill="{city._OUTSIDE}"') == 1


def test_the_map_says_how_many_incidents_it_does_not_show():
    districts = pd.concat(
        [SCORES, frame("name relative_score incidents", ("Frederiksberg", 4, 4), (None, 1, 1))]
    )
    spec = charts.map(districts, PLACES).to_dict()
    told = (
        "Ikke på kortet: 5 hændelser i anden eller ukendt bydel. "
        "Uden cirkel: 3 hændelser på lokationer uden kendte koordinater."
    )
    assert told in spec["description"]
    assert told in " ".join(spec["title"]["subtitle"])
    assert (
        "Uden cirkel"
        not in charts.map(SCORES, PLACES.assign(incidents=[87, 3, 12, 0])).to_dict()["description"]
    )


def test_two_locations_at_one_address_lie_apart_in_their_tile():
    placed = city._in_tiles(PLACES.dropna())
    nørrebro = placed[placed["district"] == "Nørrebro"]
    assert nørrebro["x"].is_unique
    assert nørrebro["y"].is_unique
    column, row = city._TILES["Nørrebro"]
    assert nørrebro["x"].between(column, column + 1).all()
    assert nørrebro["y"].between(row + city._TILE_HEAD, row + 1).all()


def polygons(tmp_path, *named, scale=1.0):
    """Write a square for each name, wound the other way than d3-geo wants."""
    features = [
        {
            "type": "Feature",
            "properties": {"id": n, "bydel": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [
                        [(12.5 + n / 10 + x) * scale, (55.6 + y) * scale]
                        for x, y in ((0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1), (0, 0))
                    ]
                ],
            },
        }
        for n, name in enumerate(named)
    ]
    file = tmp_path / "bydele.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return file


def test_polygons_are_drawn_instead_of_tiles_with_the_points_on_them(tmp_path):
    file = polygons(tmp_path, "NØRREBRO", "Valby", "Frederiksberg")
    chart = charts.map(SCORES, PLACES, file)
    shapes = [
        value["properties"]["name"]
        for values in chart.to_dict()["datasets"].values()
        for value in values
        if "properties" in value
    ]
    assert shapes == ["Nørrebro", "Valby"]
    assert "Kortfilen har ikke " in chart.to_dict()["description"]
    picture = drawn(chart)
    assert "Nørrebro 87" in picture
    # Støberiet is at the address of Blågårdens Bibliotek, so their numbers are written as one.
    assert ">1, 3<" in picture


def test_the_citys_own_file_is_read_as_it_comes(tmp_path):
    # The form of the open data: a number, a name in another spelling, and corners by the metre.
    ring = [[12.5 + n / 1e6, 55.65] for n in range(1000)] + [[12.55, 55.7], [12.5, 55.65]]
    features = [
        {
            "type": "Feature",
            "id": f"bydel.{n}",
            "geometry_name": "wkb_geometry",
            "properties": {"id": n, "bydel_nr": n, "navn": name, "areal_m2": 1.5e6},
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
        }
        for n, name in enumerate(["Vesterbro-Kongens Enghave", "Brønshøj-Husum", "Frederiksberg"])
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}
    file = tmp_path / "bydele.geojson"
    content = {"type": "FeatureCollection", "totalFeatures": 3, "features": features, "crs": crs}
    file.write_text(json.dumps(content), encoding="utf-8")
    shapes = city.outlines(file)
    assert [one["name"] for one in shapes] == ["Vesterbro/Kgs. Enghave", "Brønshøj-Husum"]
    assert len(shapes[0]["coordinates"][0][0]) < 20
    assert "Vesterbro/Kgs. Enghave" in drawn(charts.map(SCORES, PLACES, file))


def test_rings_are_wound_so_that_they_do_not_fill_the_globe(tmp_path):
    square = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    geometry = {"type": "Polygon", "coordinates": [square, square[::-1]]}
    assert city._rings(geometry) == [[square[::-1], square]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "findes ikke"),
        ("not json", "er ikke GeoJSON"),
        (" " * 20_000_001, r"fylder mere end 20\.000 kB"),
        ('{"type": "FeatureCollection"}', "er ikke GeoJSON"),
        ("[1, 2]", "er ikke GeoJSON"),
        (
            '{"features": [{"properties": {"n": "Valby"}, "geometry": {"type": "Point",'
            ' "coordinates": [12.5, 55.6]}}]}',
            "er ikke GeoJSON",
        ),
        ('{"features": []}', "ingen flade med navnet på en bydel"),
    ],
)
def test_a_file_that_is_no_map_is_refused_in_one_danish_line(tmp_path, content, message):
    file = tmp_path / "kort.geojson"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ValueError, match=rf"^Kortfilen kort\.geojson .*{message}.*\.$") as refused:
        charts.map(SCORES, PLACES, str(file))
    assert "\n" not in str(refused.value)


def test_polygons_in_metres_are_refused(tmp_path):
    file = polygons(tmp_path, "Valby", scale=10_000)
    with pytest.raises(ValueError, match="længde- og breddegrader"):
        charts.map(SCORES, PLACES, file)


def test_polygons_that_name_no_district_are_refused(tmp_path):
    with pytest.raises(ValueError, match="navnet på en bydel"):
        charts.map(SCORES, PLACES, polygons(tmp_path, "Frederiksberg"))


def test_a_misspelt_district_of_a_polygons_file_is_told(tmp_path):
    file = polygons(tmp_path, "Nørrebro", "Bispebjærg")
    with pytest.raises(ValueError, match=r"har fladen »Bispebjærg«, som ligner Bispebjerg\. Ret"):
        charts.map(SCORES, PLACES, file)


def test_a_map_without_a_single_known_place_is_drawn():
    assert "<text" in drawn(charts.map(SCORES, PLACES[:0]))


def test_the_theme_is_the_one_in_use():
    assert alt.theme.active == "barometer"
    assert alt.renderers.active == "barometer"


@pytest.mark.parametrize("most", [1, 2, 3, 1000])
def test_a_small_count_is_a_whole_number_once_on_its_axis(most):
    counts = frame("name incidents", ("Trusler", most), ("Hærværk", 1))
    axis = re.findall(r"role-axis-label.*?</g>", drawn(charts.bars(counts, "category")), re.DOTALL)[
        0
    ]
    labels = texts(axis)
    assert labels[0] == "0"
    assert all(label.replace(".", "").isdigit() for label in labels)
    assert len(labels) == len(set(labels))


# What a chart says


def series(**counts):
    return pd.Series(counts)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"Trusler": 3, "Hærværk": 1}, "Trusler er den hyppigste urotype: 3 af 4 hændelser (75 %)"),
        (
            {"Trusler": 2, "Hærværk": 2},
            "Trusler og Hærværk er de hyppigste urotyper: hver 2 af 4 hændelser (50 %)",
        ),
        (dict.fromkeys("abcd", 1), "4 har lige mange hændelser og flest: hver 1 af 4 hændelser"),
        ({"Trusler": 1}, "Den eneste hændelse er registreret under Trusler"),
        ({"Trusler": 2, "Hærværk": 0}, "Begge hændelser er registreret under Trusler"),
        ({"Trusler": 87}, "Alle 87 hændelser er registreret under Trusler"),
        ({BLANK: 3}, "Alle 3 hændelser er registreret uden urotype"),
        ({BLANK: 3, "Trusler": 1}, "Urotype er oftest ikke angivet: 3 af 4 hændelser (75 %)"),
        ({REST: 9, "Trusler": 1}, "Trusler er den hyppigste urotype: 1 af 10 hændelser (10 %)"),
    ],
)
def test_a_chart_says_which_name_leads(counts, told):
    assert phrases.message(series(**counts), "category").startswith(told)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([1, 3, 2], "flest i feb. (3), færrest i jan. (1)"),
        ([3, 3, 1], "flest i jan. og i feb. (3 hver), færrest i mar. (1)"),
        ([3, 0, 0], "flest i jan. (3), ingen i feb. og i mar."),
        ([2, 2, 2], "lige mange i alle 3 måneder (2 hver)"),
        ([5, 1, 1, 1, 1], "flest i jan. (5), færrest i 4 måneder (1 hver)"),
        ([7], "7 i jan."),
    ],
)
def test_ties_and_empty_months_are_told_as_such(counts, told):
    months = pd.Series(counts, index=["jan.", "feb.", "mar.", "apr.", "maj"][: len(counts)])
    assert phrases.extremes(months, "i {} måneder", lambda month: f"i {month}") == told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (87, 68, "faldet med 19 (22 %)"),
        (68, 87, "steget med 19 (28 %)"),
        (5, 5, "uændret"),
        (0, 3, "steget med 3"),
        (3, 0, "faldet med 3 (100 %)"),
        (1000, 999, "faldet med 1 (under 1 %)"),
    ],
)
def test_a_change_is_told_with_its_direction_and_share(before, after, told):
    assert phrases.change(before, after) == told


def test_a_season_comparison_says_first_what_changed():
    told = charts.season_comparison(SEASONS).to_dict()["description"]
    assert told.startswith(
        "Antallet er faldet med 18 (69 %), fra 26 i 2024/25 "
        "til 8 i 2025/26. Uønsket adfærd fra 18 til 8, Ubehagelige tilråb fra 4 til 0,"
    )
    assert "2025/26: 8 hændelser, lige mange i begge måneder (4 hver)" in told


def test_summers_go_by_their_year_and_of_several_none_is_held_against_another():
    summers = SEASONS.assign(month=SEASONS["month"] + pd.DateOffset(months=6))
    told = charts.season_comparison(summers).to_dict()["description"]
    assert "i sommeren 2025 til 8 i sommeren 2026" in told
    later = SEASONS[SEASONS["season"] == "2025/26"].assign(season="2026/27")
    three = pd.concat([SEASONS, later], ignore_index=True)
    told = charts.season_comparison(three).to_dict()["description"]
    assert "faldet" not in told
    assert told.count("hændelser, lige mange") >= 2


def test_a_season_without_incidents_is_said_to_have_none():
    counts = SEASONS.assign(incidents=SEASONS["incidents"].where(SEASONS["season"] == "2024/25", 0))
    told = charts.season_comparison(counts).to_dict()["description"]
    assert "fra 26 i 2024/25 til 0 i 2025/26" in told
    assert told.endswith("2025/26: ingen hændelser.")


def test_a_description_is_short_enough_to_be_read_aloud():
    places = [f"Institutionen med det lange navn nummer {n}" for n in range(60)]
    scores = frame("name relative_score incidents", *((name, 9, 60) for name in places))
    hours = frame(
        "hour name incidents", *((hour, name, 1) for hour in range(24) for name in places)
    )
    for chart in (
        charts.score_by(scores, "location"),
        charts.bars(scores[["name", "incidents"]], "location"),
        charts.time_of_day(hours, "location"),
    ):
        told = chart.to_dict()["description"]
        assert len(told) <= 700
        assert re.search(r"og \d+ andre", told)


def test_many_seasons_on_a_narrow_screen_do_not_lie_on_each_other(con):
    chosen = Selection("2024/25", "sommer")
    counts = barometer.compare_seasons(con, chosen, ["2022/23", "2023/24", "2024/25"])
    spec = charts.season_comparison(counts, width=theme.NARROW).to_dict()
    labels = [row["label"] for rows in spec["datasets"].values() for row in rows if "label" in row]
    assert [each.split("\n")[0] for each in labels if "\n" in each] == ["2023", "2024", "2025"]
    rows = [each for each in labels if "\n" not in each and each]
    assert all(re.fullmatch(r"[^:]+: [\d.]+, [\d.]+, [\d.]+", each) for each in rows)


# An analyst's own


def test_any_table_is_drawn_by_any_name():
    hours = pd.DataFrame({"Hold": ["Aften", "Nat"], "Timer": [3.5, 12.25]})
    spec = charts.bars(hours, "Hold").to_dict()
    assert spec["title"]["text"] == "Timer ud fra hold"
    assert spec["description"] == "Timer ud fra hold. Aften 3,5, Nat 12,3."
    assert spec["layer"][1]["encoding"]["text"]["format"] == ",.1f"
    months = pd.to_datetime(["2025-10-01", "2025-11-01"])
    teams = pd.DataFrame({"month": months, "date": months, "hour": [8, 9], "Hold": ["A", "B"]})
    for draw in (charts.per_month, charts.over_time, charts.time_of_day):
        spec = draw(teams.assign(incidents=[1, 2]), "Hold").to_dict()
        assert "ud fra hold" in spec["title"]["subtitle"]
    assert charts.bars(pd.DataFrame({"name": ["A"], "visits": [0]}), "Hold").to_dict()
    answer = SimpleNamespace(frame=hours)
    assert charts.bars(answer, "Hold").to_dict() == charts.bars(hours, "Hold").to_dict()
    with pytest.raises(ValueError, match="Diagrammet tegnes af tallene"):
        charts.bars(table(hours, "Timer"), "Hold")


def test_a_table_without_names_or_with_several_numbers_is_refused_in_danish():
    for frame in (
        pd.DataFrame({"a": ["x"], "incidents": [1]}),
        pd.DataFrame({"Hold": ["x"], "a": [1], "b": [2]}),
    ):
        with pytest.raises(ValueError, match="Tabellen skal have navnene i kolonnen name eller"):
            charts.bars(frame, "Hold")


def test_an_own_chart_has_the_houses_look_and_room_for_its_names():
    frame = pd.DataFrame({"Sted": [f"Kulturhuset i gade {n}" for n in range(6)], "n": range(6)})
    spec = alt.Chart(frame).mark_bar().encode(x="Sted", y="n").to_dict()
    assert spec["config"]["bar"]["color"] == theme.NEUTRAL
    assert spec["config"]["range"]["category"] == list(theme.PALETTE)
    drawn = vl_convert.vegalite_to_svg(spec)
    turned = re.findall(r"rotate\(-45\)[^>]*>Kulturhuset i gade \d<", drawn)
    assert len(turned) == 6


def test_rows_are_those_that_altair_itself_makes():
    df = pd.DataFrame(
        {
            "whole": [1, 2, 3],
            "maybe": pd.array([1, None, 3], dtype="Int64"),
            "share": [0.5, float("nan"), float("inf")],
            "is": [True, False, True],
            "perhaps": pd.array([True, None, False], dtype="boolean"),
            "day": pd.to_datetime(["2026-01-01 00:00:00", None, "2026-01-02 03:04:05"]),
            "text": pd.Series(["a", None, "b"], dtype="str"),
            "object": [None, "a", 1],
            "kind": pd.Categorical(["a", None, "b"]),
        }
    )
    assert theme._rows(df) == alt.to_values(df)
    assert [*map(type, theme._rows(df)["values"][0].values())] == [
        *map(type, alt.to_values(df)["values"][0].values())
    ]
    features = {"values": [{"a": 1}]}
    assert theme._rows(features) == features


def test_a_chart_drawn_again_is_another():
    first = charts.bars(COUNTS, "victim")
    first.title = "Andet"
    assert charts.bars(COUNTS, "victim").title != "Andet"
    assert charts.bars(COUNTS, "victim").to_dict() == charts.bars(COUNTS, "victim").to_dict()
