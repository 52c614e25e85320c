"""The charts of the outlook: what is drawn, and what is read aloud."""

import json
import re

import pandas as pd
from test_charts import drawn, narrowed, texts

from analysis.show import charts

charts.enable()
MONTHS = pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"])
SEEN = pd.DataFrame({"month": MONTHS, "incidents": [9, 4, 6]})
EXPECTED = pd.DataFrame(
    {
        "month": pd.to_datetime(["2026-04-01", "2026-05-01"]),
        "median": [5.0, 4.0],
        "low_50": [4.0, 3.0],
        "high_50": [6.0, 5.0],
        "low_90": [1.0, 1.0],
        "high_90": [19.0, 8.0],
    }
)
HITS = pd.DataFrame(
    {
        "period": ["sommerhalvåret 2023", "vinterhalvåret 2023/24"],
        "median": [20.0, 60.0],
        "low": [10.0, 40.0],
        "high": [30.0, 90.0],
        "observed": [22, 99],
        "hit": ["ja", "nej"],
    }
)


def test_what_happened_and_what_is_expected_are_told_apart_without_colour():
    spec = charts.months_ahead(SEEN, EXPECTED, "Titel").to_dict()
    marks = [layer["mark"] for layer in spec["layer"]]
    assert [mark["type"] for mark in marks] == ["line", "point", "rule", "rule", "point"]
    assert marks[1]["filled"]
    assert "fill" not in marks[1]
    assert marks[4]["fill"] == "white"
    assert marks[2]["strokeWidth"] < marks[3]["strokeWidth"]
    assert "bred streg" in json.dumps(spec["title"], ensure_ascii=False).replace('", "', " ")


def test_the_scale_holds_the_widest_interval():
    spec = charts.months_ahead(SEEN, EXPECTED, "Titel").to_dict()
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"][1] >= 19


def test_the_months_are_read_aloud():
    told = charts.months_ahead(SEEN, EXPECTED, "Titel").to_dict()["description"]
    assert "flest i januar 2026 (9), færrest i februar 2026 (4)" in told
    assert "Ventet (med 90\u00a0%-interval): april 2026: 5 (1–19); maj 2026: 4 (1–8)." in told


def test_months_that_are_not_read_aloud_are_counted_as_months():
    many = pd.concat([EXPECTED] * 12, ignore_index=True)
    told = charts.months_ahead(SEEN, many, "Titel").to_dict()["description"]
    assert re.search(r" og (1 måned|\d+ måneder) mere\.$", told)


def test_a_phone_shows_the_last_year_so_that_what_is_expected_does_not_run_together():
    months = pd.date_range("2024-04-01", "2026-03-01", freq="MS")
    seen = pd.DataFrame({"month": months, "incidents": range(24)})
    wide = charts.months_ahead(seen, EXPECTED, "Titel").to_dict()
    narrow = narrowed(wide)

    def past(spec):
        return len(spec["datasets"][spec["layer"][0]["data"]["name"]])

    assert (past(wide), past(narrow)) == (24, 12)
    assert narrow["description"] == wide["description"]


def test_earlier_forecasts_are_read_aloud_with_their_misses():
    spec = charts.hits(HITS, "Titel").to_dict()
    assert "1 af 2 halvår lå inden for intervallet" in spec["description"]
    assert (
        "sommerhalvåret 2023: 22, interval 10–30; "
        "vinterhalvåret 2023/24: 99, uden for intervallet 40–90." in spec["description"]
    )
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"][1] >= 99


def test_the_numbers_beside_earlier_forecasts_are_explained():
    spec = charts.hits(HITS, "Titel").to_dict()
    assert {"22 (10–30)", "99 (uden for 40–90)"} <= set(texts(drawn(spec)))
    assert "Ruder og tal: det, der skete" in spec["title"]["subtitle"]
    assert "parenteser: dens 90\u00a0%-interval" in spec["title"]["subtitle"]


def test_half_years_that_are_not_read_aloud_are_counted_as_half_years():
    told = charts.hits(pd.concat([HITS] * 6, ignore_index=True), "Titel").to_dict()["description"]
    assert re.search(r" og \d+ halvår mere\.$", told)


def test_nothing_to_draw_is_said():
    assert "Ingen prognose" in charts.months_ahead(SEEN, EXPECTED[:0], "T").description
    assert "Ingen tidligere halvår" in charts.hits(HITS[:0], "T").description


def test_both_have_a_layout_for_a_phone():
    for chart in (charts.months_ahead(SEEN, EXPECTED, "Titel"), charts.hits(HITS, "Titel")):
        assert chart.to_dict()["usermeta"]["narrow"]
