"""The rules: labels, seasons, selections and Danish text."""

import unicodedata
from datetime import date, datetime
from itertools import pairwise

import pytest

from analysis.core import danish, taxonomy
from analysis.core.season import Season, half_of
from analysis.core.selection import Selection, SelectionError, nearest


@pytest.mark.parametrize(
    "spelling",
    ["2024/25", "2024/2025", "2024-25", "2024–25", "vinteren 2024/25", " Vinteren 2024/2025 "],
)
def test_a_season_is_read_in_every_spelling(spelling):
    assert Season(spelling) == Season("2024/25")
    assert str(Season(spelling)) == "2024/25"


@pytest.mark.parametrize(
    "wrong", ["2024", "2024/26", "24/25", "", "2024/24", "vinteren", "9999/00"]
)
def test_a_season_that_cannot_be_read_names_what_is_given_and_accepted(wrong):
    with pytest.raises(ValueError, match="2024/25, ") as error:
        Season(wrong)
    assert repr(wrong) in str(error.value)


@pytest.mark.parametrize("day", [date(1950, 1, 1), date(2199, 12, 31)])
def test_every_day_that_can_be_meant_has_months_and_a_year_before_and_after(day):
    asked = Selection("2024/25", first_day=day, last_day=day)
    assert asked.months == [day.replace(day=1)]
    assert asked.season.previous.next == asked.season.next.previous == asked.season
    with pytest.raises(SelectionError, match="mellem 1950 og 2199"):
        Selection("2024/25", last_day=day.replace(year=9999))


def test_a_season_crosses_the_turn_of_a_century():
    assert Season("1999/00").next == Season("2000/2001")


def test_seasons_follow_each_other_in_order():
    season = Season("2024/25")
    assert season.previous.next == season
    assert season.previous < season < season.next


def test_a_seasons_intervals_are_half_open_and_meet():
    season = Season("2024/25")
    assert season.interval("vinter") == (date(2024, 10, 1), date(2025, 4, 1))
    assert season.interval("sommer") == (date(2025, 4, 1), date(2025, 10, 1))
    assert season.interval() == (date(2024, 10, 1), date(2025, 10, 1))
    assert season.interval()[1] == season.next.interval()[0]


def test_a_seasons_months_stand_in_order():
    months = Season("2024/25").months("vinter")
    assert [(day.year, day.month) for day in months] == [
        (2024, 10),
        (2024, 11),
        (2024, 12),
        (2025, 1),
        (2025, 2),
        (2025, 3),
    ]
    assert len(Season("2024/25").months()) == 12
    assert [day.month for day in Season("2024/25").months("sommer")] == [4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    ("moment", "season", "half"),
    [
        (datetime(2024, 9, 30, 23, 59, 59), "2023/24", "sommer"),
        (datetime(2024, 10, 1), "2024/25", "vinter"),
        (date(2025, 3, 31), "2024/25", "vinter"),
        (date(2025, 4, 1), "2024/25", "sommer"),
    ],
)
def test_a_date_falls_in_its_season_and_half(moment, season, half):
    assert Season.of(moment) == Season(season)
    assert half_of(moment) == half


@pytest.mark.parametrize(
    ("kind", "written", "label"),
    [
        ("category", "Utryghedsskabende adfærd", "Uønsket adfærd"),
        ("category", "  HÆVVÆRK ", "Hærværk"),
        ("category", unicodedata.normalize("NFD", "Uønsket adfærd"), "Uønsket adfærd"),
        ("category", unicodedata.normalize("NFD", "Hærværk på lokation"), "Hærværk"),
        ("category", "Ubehagelige\u00a0 tilråb", "Ubehagelige tilråb"),
        ("category", "Andet", "Uønsket adfærd"),
        ("demography", "unge (18–25 år)", "Unge (18-25 år)"),
        ("district", "Vesterbro", "Vesterbro/Kgs. Enghave"),
    ],
)
def test_a_label_is_known_in_its_variants(kind, written, label):
    assert taxonomy.match(kind, written) == label


def test_a_label_outside_the_taxonomy_is_none():
    assert taxonomy.match("category", "Røveri") is None
    assert taxonomy.match("category", None) is None


def test_the_ladder_has_the_documents_four_steps_and_weights_that_rise_from_one():
    steps = {category.label: category.ladder_step for category in taxonomy.LADDER}
    document = (taxonomy.UNWANTED, taxonomy.SHOUTING, taxonomy.THREATS, taxonomy.VIOLENCE)
    assert [steps[label] for label in document] == [1, 2, 3, 4]
    weights = [
        {taxonomy.WEIGHTS[label] for label in on_step} for on_step in taxonomy.STEPS.values()
    ]
    assert weights[0] == {1}
    assert all(max(lower) < min(upper) for lower, upper in pairwise(weights))


def test_a_selection_takes_text_in_every_spelling():
    selection = Selection(
        "vinteren 2024/2025", half="Vinter", district="vesterbro", category="hævværk", victim="Alle"
    )
    assert selection.season == Season("2024/25")
    assert (selection.half, selection.district) == ("vinter", "Vesterbro/Kgs. Enghave")
    assert (selection.category, selection.victim) == (taxonomy.VANDALISM, None)


def test_andet_counts_with_the_type_it_belongs_to():
    assert Selection("2024/25", category="Andet") == Selection(
        "2024/25", category=taxonomy.UNWANTED
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"season": "2024"},
        {"season": "2024/25", "half": "forår"},
        {"season": "2024/25", "location": 7},
        {"season": "2024/25", "self_service": "ja"},
    ],
)
def test_a_selection_that_cannot_be_made_is_refused(wrong):
    with pytest.raises(SelectionError):
        Selection(**wrong)


def test_a_period_reads_as_a_clerk_writes_it():
    assert Selection("2024/25").period == "vinterhalvåret 2024/25"
    assert Selection("2024/25").dates == "1. oktober 2024 – 31. marts 2025"
    assert Selection("2024/25", half="sommer").period == "sommerhalvåret 2025"
    assert Selection("2024/25", half=None).period == "sæsonen 2024/25"


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2026-11-15", "2026-11-30", "15.–30. november 2026"),
        ("2026-11-15", "2026-12-01", "15. november – 1. december 2026"),
        ("2026-12-23", "2027-01-04", "23. december 2026 – 4. januar 2027"),
        ("2025-11-15", "2026-11-30", "15. november 2025 – 30. november 2026"),
        ("2026-12-24", "2026-12-24", "24. december 2026"),
    ],
)
def test_days_from_one_to_another_say_month_and_year_once(first, last, told):
    assert danish.days(date.fromisoformat(first), date.fromisoformat(last)) == told


def test_numbers_dates_and_lists_are_danish():
    assert danish.number(1234.5, 1) == "1.234,5"
    assert danish.number(-1234567) == "−1.234.567"
    assert danish.day(date(2026, 4, 24)) == "24. april 2026"
    assert danish.month(date(2026, 4, 1)) == "april 2026"
    assert [danish.listing(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a og b",
        "a, b og c",
    ]


@pytest.mark.parametrize(
    ("value", "decimals", "told"),
    [(62.5, 0, "63"), (12.5, 0, "13"), (-6.25, 1, "−6,3"), (0.5, 0, "1"), (-0.2, 0, "0")],
)
def test_halves_are_rounded_up_as_in_excel(value, decimals, told):
    assert danish.number(value, decimals) == told


@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        ((0.561, 1.09), "0,56–1,09"),
        ((1.8, float("inf")), "mindst 1,80"),
        ((-30, 6.25), "−30,00 til 6,25"),
    ],
)
def test_intervals_are_danish_and_a_minus_is_no_dash(bounds, told):
    assert danish.interval(*bounds, 2) == told


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.561, 1.086, "0,56–1,09"),
        # A bound beside 1 is not told as 1.
        (0.607191, 0.99998, "0,61 til under 1"),
        # Halves go up in what is written, whatever the binary fraction does.
        (0.5, 0.995, "0,50 til under 1"),
        # The hundredths of a large one say nothing.
        (0.35, 1052.83, "0,35 til over 10"),
        (1.5, 9.949, "1,50–9,95"),
        (0.03, 10.4, "under 0,1 til over 10"),
        (0.0, 1.15, "0,00–1,15"),
        (1.0, 3.0, "1,00–3,00"),
        (1.004, float("inf"), "over 1"),
        (0.07, float("inf"), "mindst 0,07"),
        (0.0, float("inf"), "–"),
        (float("nan"), 2.0, "–"),
    ],
)
def test_the_interval_of_a_ratio_reads_as_touching_one_only_if_it_does(low, high, told):
    assert danish.ratio_interval(low, high) == told


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("Blågrd", "Blågårdens Bibliotek"),
        ("Blaagaarden", "Blågårdens Bibliotek"),
        ("tingbjerg", "Tingbjerg Bibliotek og Kulturhus"),
        ("Norrebro", "Nørrebrohallen"),
        ("Blågådens Bibliotek", "Blågårdens Bibliotek"),
    ],
)
def test_the_nearest_name_of_a_short_or_misspelt_one_is_the_place_meant(given, found):
    places = [
        "Biblioteket Øbro Jagtvej",
        "Blågårdens Bibliotek",
        "Nørrebrohallen",
        "Pilegården",
        "Tingbjerg Bibliotek og Kulturhus",
        "Valby Bibliotek",
    ]
    assert nearest(given, places)[0] == found
    assert nearest("qqq", places) == []


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [
        (13, 17, "kl. 13–17"),
        (8.5, 12, "kl. 8.30–12"),
        (22, 24, "kl. 22–24"),
        (22, 25, "kl. 22–01"),
        (22, 25.5, "kl. 22–01.30"),
        (22, 24.25, "kl. 22–00.15"),
        (22, 34, "kl. 22–10"),
    ],
)
def test_hours_past_midnight_are_those_of_the_next_day(starts, ends, told):
    assert danish.hours(starts, ends) == told
