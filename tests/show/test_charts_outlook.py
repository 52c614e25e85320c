"""The charts of the outlook: what is drawn, and what is read aloud."""

import re

import pandas as pd
from test_charts import drawn, texts

from analysis.show import charts

charts.enable()
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


def test_earlier_forecasts_are_read_aloud_with_their_misses():
    spec = charts.hits(HITS, "Titel").to_dict()
    assert "1 af 2 halvår lå, hvor det var ventet" in spec["description"]
    assert (
        "sommerhalvåret 2023: 22, ventet 10–30; "
        "vinterhalvåret 2023/24: 99, uden for de ventede 40–90." in spec["description"]
    )
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"][1] >= 99


def test_the_numbers_beside_earlier_forecasts_are_explained():
    spec = charts.hits(HITS, "Titel").to_dict()
    assert {"22 (10–30)", "99 (uden for 40–90)"} <= set(texts(drawn(spec)))
    told = " ".join(spec["title"]["subtitle"])
    assert "Ruder og tal: faktisk antal" in told
    assert "parenteser: det, ni af ti udfald ventedes at ligge mellem" in told


def test_half_years_that_are_not_read_aloud_are_counted_as_half_years():
    told = charts.hits(pd.concat([HITS] * 6, ignore_index=True), "Titel").to_dict()["description"]
    assert re.search(r" og \d+ halvår mere\.$", told)


def test_nothing_to_draw_is_said():
    assert "Ingen tidligere halvår" in charts.hits(HITS[:0], "T").description


def test_there_is_a_layout_for_a_phone():
    assert charts.hits(HITS, "Titel").to_dict()["usermeta"]["narrow"]
