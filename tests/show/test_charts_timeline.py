"""The timeline: what is drawn of a place's weeks, measures, signals and forecast."""

import json

import pandas as pd
import pytest
from test_charts import drawn, narrowed, texts

from analysis.show import charts

charts.enable()
WEEKS = pd.DataFrame(
    {"week": pd.date_range("2024-09-30", "2026-03-23", freq="7D"), "incidents": 0, "late": 0.0}
).assign(chosen=lambda made: made["week"] >= pd.Timestamp("2025-10-01"))
WEEKS.loc[[3, 10, 60], "incidents"] = [2, 7, 4]
MEASURES = pd.DataFrame(
    [
        ("Her", "Lukning", "2025-01-06", "2025-01-12"),
        ("Her", "Vagter", "2025-06-01", None),
        ("Der", "Vagter", "2025-07-01", "2025-08-01"),
        ("Her", "Forbi", "2020-01-01", "2020-02-01"),
    ],
    columns=["location", "kind", "starts", "ends"],
).astype({"starts": "datetime64[s]", "ends": "datetime64[s]"})
ODD = pd.DataFrame({"week": [WEEKS["week"][10]], "told": ["Nørrebro, uge 49: 12 hændelser"]})
AHEAD = pd.DataFrame(
    {
        "starts": pd.to_datetime(["2026-04-01", "2026-05-01"]),
        "ends": pd.to_datetime(["2026-05-01", "2026-06-01"]),
        "median": [1.0, 2.0],
        "low_50": [0.5, 1.0],
        "high_50": [1.5, 3.0],
        "low_90": [0.0, 0.5],
        "high_90": [2.0, 9.0],
    }
)
NOTHING = (MEASURES[:0], ODD[:0], AHEAD[:0])


@pytest.fixture(scope="module")
def spec():
    return charts.timeline("Her", WEEKS, MEASURES, ODD, AHEAD, "Nørrebro").to_dict()


def rows(spec, *columns):
    return next(each for each in spec["datasets"].values() if each and set(columns) <= set(each[0]))


def test_the_title_says_the_message_and_the_key_names_what_is_there(spec):
    told = json.dumps(spec["title"], ensure_ascii=False).replace('", "', " ")
    assert "Her: højst 4 hændelser på en uge (november 2025), ellers højst 7" in told
    for part in (
        "den valgte periode mørkest",
        "Bånd: tiltag",
        "Trekant: usædvanlig uge for Nørrebro",
        "Vifte: månedens ventede",
    ):
        assert part in told
    alone = charts.timeline("Her", WEEKS.assign(chosen=True), *NOTHING).to_dict()
    told = json.dumps(alone["title"], ensure_ascii=False)
    assert "Søjler: hændelser pr. uge. Grå flade: vinter" in told
    assert "Her: højst 7 hændelser på en uge (december 2024)" in told


def test_every_part_is_written_on_the_picture_wide_and_narrow(spec):
    for one in (spec, narrowed(spec)):
        shown = texts(drawn(one))
        assert {"Lukning", "Vagter (2 steder)"} <= set(shown)
        assert "Forbi" not in shown
    assert {"vinter", "2024/25", "sommer", "2025", "2025/26"} <= set(texts(drawn(spec)))
    long = WEEKS.assign(week=WEEKS["week"] - pd.Timedelta(days=2002))
    years = pd.concat([long, WEEKS], ignore_index=True)
    narrow = narrowed(charts.timeline("Her", years, *NOTHING).to_dict())
    assert {"24/25", "25/26"} <= set(texts(drawn(narrow)))


def test_bands_lie_on_their_days_in_rows_of_their_kind(spec):
    bands = rows(spec, "last", "told", "y2")
    closed, guards, others = bands
    assert closed["told"] == "Lukning på Her, 6.–12. januar 2025"
    assert (closed["week"][:10], closed["last"][:10]) == ("2025-01-06", "2025-01-13")
    # Open-ended, to the picture's end.
    assert guards["last"][:10] == "2026-06-01"
    assert guards["y"] == others["y"] > closed["y2"]


def test_the_highest_bar_and_the_widest_fan_are_within_the_picture(spec):
    bars = rows(spec, "incidents", "chosen", "y2")
    assert min(bar["y2"] for bar in bars) >= 0
    fan = rows(spec, "low_90", "high_90")
    # Nine a week is the picture's highest, above the seven of the highest bar.
    assert min(each["high_90"] for each in fan) < min(bar["y2"] for bar in bars)
    assert all(each["high_90"] <= each["high_50"] <= each["low_50"] for each in fan)
    assert sum(bar["chosen"] for bar in bars) == 1


def test_the_description_says_what_is_seen(spec):
    told = spec["description"]
    assert told.startswith("Her uge for uge. 13 hændelser siden 30. september 2024.")
    assert "Flest på en uge er 7, fra den 9. december 2024" in told
    assert "Tiltag: Lukning på Her 6.–12. januar 2025; Vagter på Her" in told
    assert "Usædvanlige uger: Nørrebro, uge 49" in told
    assert "Ventet pr. uge til og med 31. maj 2026: mellem 0,0 og 9,0." in told


def test_a_place_with_nothing_has_a_picture_too():
    none = charts.timeline("Her", WEEKS.assign(incidents=0), *NOTHING)
    assert "Her: ingen hændelser" in texts(drawn(none.to_dict()))
    assert "ingen tiltag er registreret" in none.to_dict()["description"].lower()
    assert "Ingen hændelser i udvalget" in charts.timeline("Her", WEEKS[:0], *NOTHING).description


def test_the_picture_is_small(spec):
    assert len(json.dumps(spec)) < 60_000


@pytest.mark.parametrize("most", [1, 4_000, 4_001, 300_000])
def test_a_place_of_any_size_has_lines_at_whole_counts(most):
    weeks = WEEKS.assign(incidents=[most] + [0] * (len(WEEKS) - 1))
    lines = rows(charts.timeline("Her", weeks, *NOTHING).to_dict(), "count")
    counts = [line["count"] for line in lines]
    assert 2 <= len(counts) <= 5
    assert counts[-1] <= max(most, 4) < counts[-1] + counts[1]
