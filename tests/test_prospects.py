"""The sentences of the outlook, over made-up figures."""

from math import nan

import pandas as pd
import pytest

from analysis.outlook import prospects
from analysis.outlook.backtest import LAST, MODEL
from analysis.outlook.prospects import Expectation, Prospect
from analysis.selection import Selection


def plain(text):
    return text.replace("\u00a0", " ")


def one(chance=0.5, before=68, method=MODEL, median=73, **more):
    figures = {"low": 54, "high": 95} | more
    names = ("vinterhalvåret 2026/27", "vinterhalvåret 2025/26")
    return Prospect(
        names[0], median, figures["low"], figures["high"], chance, before, names[1], method, 0.64
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (one(0.95), "(68) er 95 %: der ventes flere."),
        (one(0.04), "(68) er 4 %: der ventes ikke flere."),
        (one(0.5), "(68) er 50 %: det er uafklaret, om der bliver flere."),
        (one(1.0), "er over 99 %: der ventes flere."),
        (one(0.0), "er under 1 %: der ventes ikke flere."),
        (one(nan, None), "Data dækker ikke samme halvår året før"),
    ],
)
def test_the_headline_says_whether_more_are_expected(given, told):
    assert told in plain(prospects.headline("Blågårdens Bibliotek", [given]))


@pytest.mark.parametrize(
    ("chance", "says"),
    [
        (1.0, "der ventes flere"),
        (0.9, "der ventes flere"),
        (0.899, "det peger på flere, men er ikke sikkert"),
        (0.6, "det peger på flere, men er ikke sikkert"),
        (0.599, "det er uafklaret, om der bliver flere"),
        (0.401, "det er uafklaret, om der bliver flere"),
        (0.4, "det peger på ikke flere, men er ikke sikkert"),
        (0.101, "det peger på ikke flere, men er ikke sikkert"),
        (0.1, "der ventes ikke flere"),
        (0.0, "der ventes ikke flere"),
    ],
)
def test_a_chance_of_more_has_one_verdict_everywhere(chance, says):
    assert prospects.verdict(chance) == says


def test_the_headline_gives_number_and_interval():
    told = plain(prospects.headline("Valby", [one()]))
    assert told.startswith(
        "**Valby: I vinterhalvåret 2026/27 ventes 73 indmeldte hændelser (90 %-interval 54–95).**"
    )
    single = plain(prospects.headline("Valby", [one(median=1, low=0, high=3)]))
    assert "ventes 1 indmeldt hændelse (90 %-interval 0–3)" in single


def test_a_repeated_season_is_not_said_to_tell_of_a_rise():
    told = prospects.headline("Valby", [one(nan, method=LAST)])
    assert "gentager sæsonen før" in told
    assert "Modellen sætter sandsynligheden til 64 %." in told
    assert "uafklaret" not in told


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Expectation(0.99, 0.98, 0.5), "er begge dele at vente"),
        (Expectation(0.02, 0.05, 0.5), "er ingen af delene at vente"),
        (Expectation(0.95, 0.5, 0.5), "en roligere sommer at vente, men stigningen er ikke sikker"),
        (Expectation(0.5, 0.95, 0.5), "stigningen at vente, men en roligere sommer er ikke sikker"),
        (Expectation(0.5, 0.5, 0.5), "For Valby er det uafklaret"),
        (Expectation(0.99, 0.98, 0.93), "et andet spørgsmål, og det er at vente (93 %)"),
        (Expectation(0.99, 0.98, 0.05), "et andet spørgsmål, og det er ikke at vente (5 %)"),
        (Expectation(0.99, 0.98, 0.64), "det er uafklaret (modellen siger 64 %)"),
        (Expectation(nan, 0.98, 0.5), "kan data ikke sige"),
    ],
)
def test_the_status_notes_expectation_is_held_against_the_forecast(found, told):
    assert told in plain(prospects.expected("Valby", found))


def test_a_winter_without_one_before_is_not_compared():
    assert "et andet spørgsmål" not in prospects.expected("Valby", Expectation(0.9, 0.9, nan))


def record(model=1.2, last=1.5, in_90=0.9):
    return pd.DataFrame(
        {
            "method": ["model", "last"],
            "periods": 7,
            "forecasts": 10,
            "error": [2.04, 3.06],
            "crps": [model, last],
            "in_50": 0.5,
            "in_90": [in_90, 0.6],
        }
    )


def test_the_record_says_when_the_model_was_better():
    told = plain(prospects.recorded(record(), "city"))
    assert "Modellen har ramt hele byens halvår bedre end at gentage sæsonen før" in told
    assert "derfor vises modellens prognose" in told
    assert "(CRPS) er 1,2 mod 1,5" in told
    assert "ramte 9 af 10 gange, den simples 6" in told
    assert "kun 7 halvår" in told


def test_the_record_says_when_the_model_was_not_better():
    told = plain(prospects.recorded(record(1.51), "location", monthly=True))
    assert "har ikke ramt lokationernes måneder bedre end at gentage sæsonen før" in told
    assert "derfor vises den simple prognose" in told
    # So many decimals that the two are apart.
    assert "1,51 mod 1,50" in told


def test_without_a_record_the_forecast_is_said_to_be_untried():
    assert "ikke efterprøvet" in prospects.recorded(record().iloc[:0], "city")
    opening = prospects.opening(record().iloc[:0], "city", Selection("2024/25").months[0])
    assert "ikke efterprøvet" in opening


def test_the_page_opens_with_its_record_and_its_day():
    day = Selection("2024/25").months[0]
    assert prospects.opening(record(), "city", day) == (
        "Prøvet på 7 tidligere halvår har modellen ramt hele byens halvår bedre end at gentage "
        "sæsonen før, og dens prognose vises. Beregnet med det, der var meldt ind til og med "
        "1. oktober 2024."
    )
    assert "og den simple prognose vises" in prospects.opening(record(2.0), "city", day)


def rows(chances, method=MODEL):
    return pd.DataFrame(
        {
            "name": list("ABCD")[: len(chances)],
            "month": pd.NaT,
            "median": [9.0, 7.0, 5.0, 3.0][: len(chances)],
            "low_90": 1.0,
            "high_90": 15.0,
            "chance_above_last": chances,
            "method": method,
        }
    )


def test_the_highest_and_the_clear_ones_are_named():
    told = plain(prospects.most(rows([0.5, 0.95, 0.05, 0.4]), "bydele", "vinterhalvåret 2026/27"))
    assert "det højeste ventede antal for A: 9 (90 %-interval 1–15)" in told
    assert "Af 4 bydele ventes 1 at få flere end sæsonen før (B) og 1 ikke at få flere" in told


def test_nobody_is_said_to_have_more_where_there_is_no_chance():
    assert "flere end" not in prospects.most(rows([nan, nan]), "bydele", "vinterhalvåret 2026/27")
    assert "ingen bydele" in prospects.most(rows([]), "bydele", "vinterhalvåret 2026/27")


def test_filters_that_are_not_used_are_said_to_be():
    told = prospects.ignored(Selection("2024/25", category="Trusler", self_service=True))
    assert "Urotype: Trusler og Selvbetjent åbningstid: Ja er ikke brugt" in told
    assert prospects.ignored(Selection("2024/25", district="Valby")) == ""


def test_past_hits_and_misses_are_counted():
    found = pd.DataFrame(
        {
            "period": ["sommerhalvåret 2023", "sommerhalvåret 2024"],
            "median": [20.0, 25.0],
            "low": [10.0, 12.0],
            "high": [30.0, 35.0],
            "observed": [22, 40],
            "hit": ["ja", "nej"],
        }
    )
    assert "lå 1 af 2 halvår inden for" in prospects.hits_told(found, "Valby")
    assert list(prospects.hits_table(found)["ninety"]) == ["10–30", "12–35"]
    assert "ingen tidligere halvår" in prospects.hits_told(found.iloc[:0], "Valby")


def test_the_note_is_told_how_often_the_method_that_is_shown_hit():
    told = plain(prospects.tried(record(), "city"))
    assert told == (
        "Prøvet på 7 tidligere halvår ramte metodens 90 %-interval 9 af 10 gange for hele byens "
        "halvår, og medianen lå i gennemsnit 2,0 hændelser fra det, der skete."
    )
    assert "6 af 10 gange" in prospects.tried(record(2.0), "city")
    assert "ikke efterprøvet" in prospects.tried(record().iloc[:0], "city")


def test_the_record_tells_apart_how_far_ahead_was_forecast():
    scored = pd.DataFrame(
        {
            "level": "city",
            "month": pd.NaT,
            "period": ["a", "b", "b"],
            "ahead": [1, 1, 2],
            "method": MODEL,
            "error": [1.0, 3.0, 8.0],
            "crps": 1.0,
            "in_50": True,
            "in_90": [True, False, False],
        }
    )
    found = prospects.record_table(scored, "city")
    assert list(found["ahead"]) == ["begge", "det næste halvår", "halvåret efter"]
    assert list(found["error"]) == [4.0, 2.0, 8.0]
    assert list(found["in_90"]) == pytest.approx([1 / 3, 0.5, 0.0])
    assert set(found["method"]) == {"Modellen"}


def test_how_often_the_intervals_held_is_counted_in_the_record():
    record = pd.DataFrame(
        {
            "method": ["model", LAST],
            "forecasts": [40, 40],
            "crps": [2.0, 1.0],
            "in_50": [0.1, 0.5],
            "in_90": [0.2, 0.85],
        }
    )
    told = prospects.held(record)
    assert "Af 40 prøvede måneder lå 20 i 50\u00a0%-intervallet og 34 i 90" in told
    assert "ikke efterprøvet" in prospects.held(record.head(0))
