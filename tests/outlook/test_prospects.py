"""The sentences of the outlook, over made-up figures."""

from dataclasses import replace
from datetime import date
from math import nan

import pandas as pd
import pytest

from analysis import outlook
from analysis.core.selection import Selection, SelectionError
from analysis.outlook import tables, words
from analysis.outlook.backtest import LAST, MODEL
from analysis.outlook.words import Expectation, Prospect


def plain(text):
    return text.replace("\u00a0", " ")


def one(chance=0.5, before=68, method=MODEL, count=73, **more):
    low, high = ({"low": 54, "high": 95} | more).values()
    now, last = "vinterhalvåret 2026/27", "vinterhalvåret 2025/26"
    return Prospect(now, count, low, high, chance, before, last, method)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (one(0.95), "Året før var der 68. Der ventes flere (95 % sandsynligt)."),
        (one(0.04), "Der ventes ikke flere (4 % sandsynligt)."),
        (one(0.75), "Det peger på flere, men er ikke sikkert (75 % sandsynligt)."),
        (one(0.5), "Det er uafklaret, om der bliver flere (50 % sandsynligt)."),
        (one(1.0), "Der ventes flere (over 99 % sandsynligt)."),
        (one(0.0), "Der ventes ikke flere (under 1 % sandsynligt)."),
        (one(0.38, 0), "Sandsynligheden for mindst én hændelse er 38 %"),
        (one(nan, None), "Data dækker ikke samme halvår året før"),
        (
            one(0.95)._replace(as_of=date(2025, 3, 31)),
            "Året før var der 68 (meldt ind til og med 31. marts 2025). Der ventes flere",
        ),
        (one()._replace(begun=True, reported=4), "(mellem 54 og 95); 4 er meldt ind indtil nu."),
        (
            one()._replace(begun=True, reported=4, as_of=date(2025, 11, 30)),
            "(mellem 54 og 95); 4 var meldt ind til og med 30. november 2025.",
        ),
    ],
)
def test_the_headline_says_whether_more_are_expected(given, told):
    assert told in plain(words.headline([given]))


@pytest.mark.parametrize(
    ("chance", "says"),
    [
        (1.0, "der ventes flere"),
        (0.9, "der ventes flere"),
        (0.899, "det peger på flere, men er ikke sikkert"),
        (0.6, "det peger på flere, men er ikke sikkert"),
        (0.599, "det er uafklaret, om der bliver flere"),
        (0.401, "det er uafklaret, om der bliver flere"),
        (0.4, "det peger ikke på flere, men er ikke sikkert"),
        (0.101, "det peger ikke på flere, men er ikke sikkert"),
        (0.1, "der ventes ikke flere"),
        (0.0, "der ventes ikke flere"),
        (nan, "det er uafklaret, om der bliver flere"),
    ],
)
def test_a_chance_of_more_has_one_verdict_everywhere(chance, says):
    assert words.verdict(chance) == says


def test_the_headline_gives_number_and_range():
    told = plain(words.headline([one()]))
    assert told.startswith(
        "**I vinterhalvåret 2026/27 ventes omkring 73 hændelser (mellem 54 og 95).**"
    )
    single = plain(words.headline([one(count=1, low=0, high=3)]))
    assert "ventes omkring 1 hændelse (mellem 0 og 3)" in single
    none = plain(words.headline([one(count=0, low=0, high=2)]))
    assert "ventes ingen eller højst 2 hændelser." in none


VALBY = Selection("2025/26", district="Valby")
BLAAGAARDEN = Selection("2025/26", location="Blågårdens Bibliotek")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (
            Expectation(0.99, 0.98, 0.95),
            "For Valby ventes færre hændelser om sommeren end i vinteren før og flere til vinter "
            "end om sommeren. Der er 99 % sandsynlighed for færre om sommeren end i vinteren før "
            "og 98 % for flere om vinteren end i sommeren før. Sammenlignet med sommeren året før: "
            "Der ventes flere (95 % sandsynligt).",
        ),
        (
            Expectation(0.99, 0.98, 0.05),
            "Sammenlignet med sommeren året før: Der ventes ikke flere (5 % sandsynligt).",
        ),
        (
            Expectation(0.02, 0.05, 0.5),
            "ventes hverken færre hændelser om sommeren end i vinteren før eller flere til vinter "
            "end om sommeren.",
        ),
        (
            Expectation(0.95, 0.5, 0.5),
            "ventes færre hændelser om sommeren end i vinteren før, men det er ikke sikkert, at "
            "der bliver flere til vinter end om sommeren.",
        ),
        (
            Expectation(0.5, 0.95, 0.5),
            "ventes flere hændelser til vinter end om sommeren, men det er ikke sikkert, at der "
            "bliver færre om sommeren end i vinteren før.",
        ),
        (
            Expectation(0.05, 0.95, 0.5),
            "ventes flere hændelser til vinter end om sommeren, men ikke færre om sommeren end i "
            "vinteren før.",
        ),
        (
            Expectation(0.5, 0.5, 0.5),
            "For Valby er det ikke sikkert, at der bliver færre hændelser om sommeren end i "
            "vinteren før, eller flere til vinter end om sommeren.",
        ),
        (Expectation(nan, 0.98, 0.5), "kan data ikke sige for Valby."),
    ],
)
def test_a_calm_summer_and_a_rise_are_held_against_the_forecast(found, told):
    said = plain(words.summer_and_winter(VALBY, found))
    assert told in said
    # Calmer than what, nobody could tell.
    assert "rolig" not in said


def test_a_summer_that_is_held_against_nothing_is_not_compared_with_the_last():
    assert "Sammenlignet" not in words.summer_and_winter(VALBY, Expectation(0.99, 0.98, nan))


def test_the_administrations_status_is_told_of_its_own_place_and_half_year_alone():
    found = Expectation(0.99, 0.98, 0.5)
    status = (
        "Forvaltningens status af 24. april 2026 venter for Blågårdens Bibliotek et roligt "
        "sommerhalvår og en stigning til vinter. "
    )
    told = words.summer_and_winter(BLAAGAARDEN, found)
    assert told.startswith(
        f"{status}For Blågårdens Bibliotek ventes færre hændelser om sommeren end i vinteren før"
    )
    unknown = words.summer_and_winter(BLAAGAARDEN, Expectation(nan, 0.98, 0.5))
    assert unknown == f"{status}Om det holder, kan data ikke sige."
    for other in (
        VALBY,
        Selection("2025/26"),
        Selection("2024/25", location="Blågårdens Bibliotek"),
    ):
        assert "status" not in words.summer_and_winter(other, found)


def record(model=1.2, last=1.5, in_90=0.9, brier=nan, error=0.1, shown=MODEL):
    return pd.DataFrame(
        {
            "method": ["model", "last"],
            "periods": 7,
            "forecasts": 10,
            "error": [2.04, 3.06],
            "crps": [model, last],
            "in_50": 0.5,
            "in_90": [in_90, 0.6],
            "brier": [brier, nan],
            "gain": [0.0, last - model],
            "gain_error": [0.0, error],
            "brier_error": 0.02,
            "shown": [shown == MODEL, shown != MODEL],
        }
    )


def test_the_record_says_when_the_model_was_better():
    assert plain(words.recorded(record(), "city")) == (
        "**Modellen har ramt hele byens halvår bedre end »samme antal som året før«; vist er "
        "modellens prognose.** Modellens samlede fejl (CRPS) er 1,2 mod 1,5 for den bedste simple "
        "metode; pr. halvår er forskellen 0,3, og dens usikkerhed 0,2. Medianen lå i "
        "gennemsnit 2,0 mod 3,1 hændelser fra det, der skete, og 90 %-intervallet ramte 9 mod 6 af "
        "10 gange. Alt bygger på kun 7 halvår."
    )


def test_the_record_says_when_the_model_was_not_better():
    told = plain(words.recorded(record(1.8, shown=LAST), "location", monthly=True))
    assert "har ramt lokationernes måneder dårligere end »samme antal som året før«" in told
    assert "vist er den simple prognose »samme antal som året før«" in told
    # By less than twice the error of the difference.
    alike = plain(words.recorded(record(1.51), "location", monthly=True))
    assert "har ramt lokationernes måneder omtrent så godt som »samme antal som året før«" in alike
    assert "vist er modellens prognose" in alike
    # So many decimals that the two are apart.
    assert "1,51 mod 1,50" in alike


def test_without_a_record_the_forecast_is_said_to_be_untried():
    assert "ikke efterprøvet" in words.recorded(record().iloc[:0], "city")
    opening = words.worth(record().iloc[:0], "city", Selection("2024/25").months[0])
    assert "ikke prøvet" in opening


def test_the_page_says_what_its_forecast_is_worth_and_from_when_it_looks_ahead():
    day = Selection("2024/25").months[0]
    told = "Beregnet med data til og med 1. oktober 2024."
    assert words.worth(record(), "city", day) == (
        "Prøvet på 7 tidligere halvår har prognosen ramt hele byens halvår bedre end »samme antal "
        f"som året før«. {told}"
    )
    assert words.worth(record(2.0, shown=LAST), "city", day) == (
        "Prøvet på 7 tidligere halvår har »samme antal som året før« alt i alt ramt bedre end "
        f"modellen; det er den prognose, der vises. {told}"
    )
    assert words.worth(record(2.0), "city", day) == (
        "Prøvet på 7 tidligere halvår har »samme antal som året før« ramt hele byens halvår bedre "
        f"end prognosen, men ikke byen, steder og måneder under ét. {told}"
    )


def rows(chances, method=MODEL):
    return pd.DataFrame(
        {
            "name": list("ABCD")[: len(chances)],
            "month": pd.NaT,
            "count": [9, 7, 5, 3][: len(chances)],
            "low_50": 3.0,
            "high_50": 11.0,
            "low_90": 1.0,
            "high_90": 15.0,
            "chance_above_last": chances,
            "method": method,
        }
    )


DISTRICTS = ("bydel", "bydele")


@pytest.mark.parametrize(
    ("chances", "told"),
    [
        (
            [0.5, 0.95, 0.05, 0.4],
            "1 bydel ventes at få flere end året før (B), og 1 ventes at få færre eller lige så "
            "mange; for de øvrige 2 er det ikke sikkert.",
        ),
        (
            [0.95, 0.95, 0.4],
            "2 bydele ventes at få flere end året før (A, B); for den sidste er det ikke sikkert.",
        ),
        ([0.05, 0.0], "2 bydele ventes at få færre eller lige så mange som året før."),
        (
            [0.75, 0.5, 0.11],
            "For alle 3 bydele er det usikkert, om der bliver flere end året før.",
        ),
    ],
)
def test_the_highest_and_the_clear_ones_are_told(chances, told):
    said = plain(words.largest(rows(chances), DISTRICTS, "vinterhalvåret 2026/27"))
    assert said == (
        f"**I vinterhalvåret 2026/27 ventes flest for A: omkring 9, mellem 1 og 15.** {told}"
    )


def test_nobody_is_said_to_have_more_where_there_is_no_chance():
    period = "vinterhalvåret 2026/27"
    assert "flere end" not in words.largest(rows([nan, nan]), DISTRICTS, period)
    assert "ingen bydele" in words.largest(rows([]), DISTRICTS, period)


def test_the_headings_of_two_half_years_are_short_enough_for_a_page():
    periods = [replace(VALBY, half="sommer"), replace(VALBY, season="2026/27")]
    made = tables.both_halves([rows([0.5, 0.9]), rows([0.4, 0.8])], periods)
    assert [plain(each) for each in made] == [
        "name",
        *("Sommer 2026", "Sommer 2026: ni af ti udfald", "Sommer 2026: sandsynlighed for flere"),
        *("Vinter 2026/27", "Vinter 2026/27: ni af ti udfald"),
        "Vinter 2026/27: sandsynlighed for flere",
    ]
    assert tables.chance_columns(periods) == [made.columns[3], made.columns[6]]


def test_what_readers_meet_is_a_probability_and_never_a_chance():
    said = [*tables.HEADINGS.values(), *tables.chance_columns([VALBY])]
    assert not [each for each in said if "chance" in each.lower()]


def test_filters_that_are_not_used_are_said_to_be():
    told = words.ignored(Selection("2024/25", category="Trusler", self_service=True))
    assert "Urotype: Trusler og Selvbetjent åbningstid: Ja er ikke brugt" in told
    assert words.ignored(Selection("2024/25", district="Valby")) == ""


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
    assert "mellem prognosens yderpunkter i 1 af 2 halvår" in words.hits_sentence(found, "Valby")
    assert list(tables.hits_table(found)["ninety"]) == ["10–30", "12–35"]
    assert "ingen tidligere halvår" in words.hits_sentence(found.iloc[:0], "Valby")


def test_chances_that_have_been_no_better_than_a_half_are_said_to_be():
    good, bad = (words.recorded(record(brier=each), "city") for each in (0.2, 0.26))
    assert "har ramt bedre end altid at sige 50\u00a0% (Brier-score 0,20 mod 0,25)." in good
    assert (
        "ikke ramt klart bedre end altid at sige 50\u00a0% (Brier-score 0,26 mod 0,25); de skal"
        in bad
    )
    assert "Brier" not in words.tried(record(brier=0.26), "city")
    assert "Brier" not in words.recorded(record(brier=0.26), "city", monthly=True)


def test_the_note_is_told_how_often_the_method_that_is_shown_hit():
    told = plain(words.tried(record(), "city"))
    assert told == (
        "Prøvet på 7 tidligere halvår lå antallet mellem prognosens to yderpunkter 9 af 10 gange "
        "for hele byens halvår."
    )
    assert "6 af 10 gange" in words.tried(record(2.0, shown=LAST), "city")
    assert "ikke prøvet" in words.tried(record().iloc[:0], "city")


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
            "brier": 0.2,
        }
    )
    found = tables.record_table(scored, "city")
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
            "brier": nan,
            "gain": [0.0, -1.0],
            "gain_error": [0.0, 0.2],
            "shown": [False, True],
        }
    )
    told = words.hit_rate(record)
    assert "lå 20 (50 %) i 50\u00a0%-intervallet og 34 (85 %) i 90\u00a0%-intervallet" in told
    assert "altså" not in told
    shares = ({"in_50": 0.76, "in_90": 0.98}, {"in_50": 0.3}, {"in_90": 0.79})
    wide, *narrow = (words.hit_rate(record.assign(**each)) for each in shares)
    assert "har altså været bredere, end de lover" in wide
    assert all("har altså været smallere, end de lover" in each for each in narrow)
    assert "ikke efterprøvet" in words.hit_rate(record.head(0))


def test_a_place_that_was_not_known_yet_is_refused_in_one_line(con):
    known = outlook.Known(con, "2022-03-31")
    found = outlook.Outcome(known, Selection("2022/23"), size=50)
    shown = outlook.summary(found, "location").assign(method=MODEL, count=0)
    with pytest.raises(SelectionError, match="Mobilbibliotek kan ikke forudsiges"):
        words.prospect(known, found, shown, "location", "Syntetisk Mobilbibliotek")
