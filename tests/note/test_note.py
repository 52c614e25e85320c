"""The note's promises: each sentence says what its figures do, and the command writes the note."""

import re
import shutil
from datetime import date
from itertools import product

import nbformat
import pandas as pd
import pytest
import small_city
from docx import Document

from analysis import barometer, cli, note, reports, statistics
from analysis.comparison import usual
from analysis.core import asking, taxonomy
from analysis.core.database import ROOT, connect
from analysis.core.rounding import rounded
from analysis.core.selection import Selection
from analysis.measures import effect, presence, timeline
from analysis.measures.evidence import UNJUDGED
from analysis.note import PROMPTS, TO_FILL, appendix, coming, figures, groups, initiatives, summary
from analysis.note.coming import Coming
from analysis.note.figures import Opening, Openings, Period, Standing
from analysis.note.words import About
from analysis.outlook.backtest import LAST, MODEL
from analysis.outlook.words import Expectation, Prospect
from analysis.reports import note as files
from analysis.staff import figures as staff_figures
from analysis.statistics import Interval

PLACE = About("Blågårdens Bibliotek", "på Blågårdens Bibliotek", "location")
DISTRICT = About("Nørrebro", "i bydelen Nørrebro", "district")
CITY = About("København", "i København", "city")
NOW, BEFORE = "vinterhalvåret 2025/26", "vinterhalvåret 2024/25"


def counts(**found):
    return pd.Series({name.replace("_", " "): count for name, count in found.items()}, dtype=int)


def period(incidents=10, name=NOW, **more):
    given = {
        "half": "vinter",
        "held": "whole",
        "score": incidents,
        "called": 0,
        "arrived": 0,
        "timed": incidents,
        "self_service": 0 if incidents else None,
        "violent": 0,
        "without_police": 0,
        "types": counts(Trusler=incidents) if incidents else counts(),
        "groups": counts(Udsatte_voksne=incidents) if incidents else counts(),
        "victims": counts(),
        "months": pd.Series(
            [incidents, 0], index=pd.to_datetime(["2025-10-01", "2025-11-01"]), dtype=int
        ),
        "level": statistics.poisson_interval(incidents),
    }
    return Period(name=name, incidents=incidents, **(given | more))


def told(markdown):
    return markdown.data.replace("\u00a0pct.", " %").replace("\u00a0", " ")


# Where a place stands.


def standing_of(found, name):
    rows = pd.DataFrame({"name": list(found), "incidents": list(found.values())})
    return figures.standing_of(rows, name)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({"A": 5, "B": 3}, "A er den KFF-institution med flest indmeldte hændelser"),
        ({"A": 5, "B": 5}, "A har sammen med B flest indmeldte hændelser"),
        ({"A": 1, "B": 1, "C": 1, "D": 1, "E": 1}, "A har sammen med 4 andre flest"),
        ({"A": 3, "B": 5, "C": 4}, "er nummer 3 blandt KFF's 3 lokationer. Flest har B (5)."),
        ({"A": 3, "B": 5, "C": 3}, "er nummer 2 blandt KFF's 3 lokationer, delt med C."),
        ({"A": 3, "B": 5, "C": 5}, "Flest har B og C (5 hver)."),
        ({"A": 0, "B": 5}, "Der er ikke indmeldt hændelser på A i"),
        ({"A": 0, "B": 0}, "Der er ikke indmeldt hændelser på nogen af KFF's lokationer"),
    ],
)
def test_only_the_place_with_most_of_all_is_said_to_have_most(found, says):
    text = summary.standing(About("A", "på A", "location"), NOW, standing_of(found, "A"))
    assert says in text
    others = max(count for name, count in found.items() if name != "A")
    assert ("A er den KFF-institution med flest" in text) == (found["A"] > others)


def test_the_share_of_a_place_is_that_of_all_places():
    others = {f"Sted {n}": 61 for n in range(14)}
    text = summary.standing(PLACE, NOW, standing_of({PLACE.name: 68} | others, PLACE.name))
    assert text.endswith("68 af 922 (7 %).")


def test_a_district_tells_where_in_it_there_are_most_and_the_city_which_have_most():
    locations = standing_of({"A": 4, "B": 2}, None)
    districts = standing_of({"Nørrebro": 6, "Valby": 2}, "Nørrebro")
    text = summary.where(DISTRICT, period(), locations, districts)
    assert text.startswith("Nørrebro er den bydel med flest indmeldte hændelser")
    assert text.endswith("Inden for bydelen er der flest på A (4, 67 %).")
    districts = standing_of({"Nørrebro": 3, "Valby": 3}, None)
    text = summary.where(CITY, period(), locations, districts)
    assert "Flest er der i bydelene Nørrebro og Valby (3 hver, 50 %) og på A (4, 67 %)." in text
    districts = standing_of({"Nørrebro": 4, "Valby": 2}, None)
    text = summary.where(CITY, period(), locations, districts)
    assert "Flest er der i bydelen Nørrebro (4, 67 %)" in text
    districts = standing_of(dict.fromkeys("ABCDE", 1), None)
    text = summary.where(CITY, period(), locations, districts)
    assert "Flest er der i 5 bydele (1 hver, 20 %)" in text
    none = standing_of({"A": 0}, None)
    assert "ikke indmeldt hændelser i København" in summary.where(CITY, period(), none, none)


def test_what_the_data_do_not_hold_is_not_called_none():
    gone = period(0, held="none")
    text = summary.where(PLACE, gone, standing_of({"A": 0}, "A"), None)
    assert text == f"Antallet af hændelser er ikke kendt, fordi data ikke dækker {NOW}."
    assert "ikke kendt" in told(groups.section(PLACE, gone, period()))
    assert not summary.uncertain(gone)
    assert appendix.key_figures(period(name=BEFORE), gone)[NOW].isna().all()
    part = summary.where(PLACE, period(held="part"), standing_of({"A": 2, "B": 3}, "A"), None)
    assert part.startswith("Foreløbigt: ")
    assert not summary.busiest_month(period(held="part"))


# Groups and types.


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (
            {"Udsatte_voksne": 6, "Ved_ikke": 4},
            "Udsatte voksne er registreret ved 6 af 10 hændelser",
        ),
        ({"Udsatte_voksne": 5, "Ved_ikke": 5}, "er registreret ved flest hændelser: 5 af 10"),
        ({"Udsatte_voksne": 4, "Ved_ikke": 6}, "For de fleste hændelser er det ikke oplyst"),
        ({"Udsatte_voksne": 3, "Ikke_angivet": 7}, "For de fleste hændelser er det ikke oplyst"),
        (
            {"Bander": 5, "Udsatte_voksne": 5},
            "Bander og udsatte voksne er registreret ved flest",
        ),
        ({"Ved_ikke": 1}, "ikke oplyst eller kendt, hvem der stod bag den ene hændelse"),
        ({"Udsatte_voksne": 1}, "Den ene hændelse er registreret med udsatte voksne."),
    ],
)
def test_mainly_is_said_only_of_more_than_half_of_all_incidents(found, says):
    total = sum(found.values())
    text = groups.main_group(period(total, groups=counts(**found)))
    assert says in text
    known = {
        name: count for name, count in found.items() if name not in ("Ved_ikke", "Ikke_angivet")
    }
    majority = total > 1 and max(known.values(), default=0) > total / 2
    assert ("er registreret ved" in text and "flest hændelser" not in text) == majority


def test_mainly_holds_over_every_division_of_a_few_incidents():
    for one, other, unknown in product(range(5), repeat=3):
        total = one + other + unknown
        found = {"A": one, "B": other, "Ved_ikke": unknown}
        kept = {name: count for name, count in found.items() if count}
        text = groups.main_group(period(total, groups=counts(**kept)))
        is_told = "er registreret ved" in text and "flest hændelser" not in text
        assert is_told == (total > 1 and max(one, other) > total / 2)
        assert bool(text) == bool(total)


def test_the_main_groups_earlier_share_is_told_by_name_and_only_where_there_is_one():
    now = period(10)
    assert groups.before(now, period(4, BEFORE, groups=counts(Udsatte_voksne=3, X=1))) == (
        f"I {BEFORE} var udsatte voksne registreret ved 3 af 4 hændelser (75 %)."
    )
    assert "ved ingen af 4 hændelser." in groups.before(now, period(4, BEFORE, groups=counts(X=4)))
    assert not groups.before(now, period(0, BEFORE))
    assert not groups.before(now, period(4, BEFORE, held="part"))
    assert not groups.before(period(0), period(4, BEFORE))


@pytest.mark.parametrize(
    ("earlier", "says"),
    [
        ({"Ved_ikke": 2, "Udsatte_voksne": 2}, "ved 2 af 4 hændelser (50 %)."),
        ({"Udsatte_voksne": 4}, "ved ingen af 4 hændelser."),
    ],
)
def test_what_nobody_knows_is_held_against_what_nobody_knew(earlier, says):
    now = period(3, groups=counts(Ved_ikke=1, Ikke_angivet=1, Udsatte_voksne=1))
    then = period(4, BEFORE, groups=counts(**earlier))
    assert groups.before(now, then) == f"I {BEFORE} var det ikke oplyst eller kendt {says}"


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (
            {"Lokationen": 6, "Medarbejder_Kulturen": 3, "Bruger": 1},
            "Oftest er det lokationen selv, der er forurettet: 6 af 10 hændelser (60 %). "
            "Medarbejdere er forurettede ved 3 hændelser.",
        ),
        (
            {"Medarbejder_Kulturen": 6, "Bruger": 4},
            "Oftest er det medarbejdere, der er forurettede: 6 af 10 hændelser (60 %).",
        ),
        ({"Lokationen": 10}, "Ved alle 10 hændelser er det lokationen selv, der er forurettet."),
        ({"Bruger": 2}, "Ved begge hændelser er det brugere, der er forurettede."),
        ({"Bruger": 1}, "Den eneste hændelse er registreret under Bruger."),
        ({"Ikke_angivet": 6, "Bruger": 4}, "Forurettede er oftest ikke angivet: 6 af 10"),
        (
            {"Bruger": 5, "Medarbejder_Kulturen": 5},
            "Forurettede er oftest Bruger og Medarbejder Kulturen: hver 5 af 10",
        ),
    ],
)
def test_whom_the_incidents_were_done_to_is_told_as_people_say_it(found, says):
    total = sum(found.values())
    assert groups.victims(period(total, victims=counts(**found))).startswith(says)


def test_the_types_are_told_with_what_is_left():
    found = counts(Uønsket_adfærd=7, Trusler=2, Hærværk=1)
    assert groups.types(period(10, types=found)).endswith(
        "Derudover er der trusler (2) og hærværk (1)."
    )
    assert "Derudover" not in groups.types(period(3, types=counts(Trusler=3)))
    assert not groups.types(period(0))


# Help, violence, hours, chance.


@pytest.mark.parametrize(
    ("now", "before", "says"),
    [
        (
            (16, 12),
            (24, 17),
            f"16 gange, og hjælpen kom 12 gange. I {BEFORE} blev der tilkaldt hjælp 24",
        ),
        ((1, 1), (0, 0), "1 gang, og hjælpen kom 1 gang. I vinterhalvåret 2024/25 blev der ikke"),
        ((0, 0), (0, 0), f"Der er ikke tilkaldt hjælp, heller ikke i {BEFORE}."),
        ((0, 0), (2, 1), f"Der er ikke tilkaldt hjælp. I {BEFORE} blev der tilkaldt hjælp 2 gange"),
    ],
)
def test_help_is_told_of_both_periods(now, before, says):
    each = [
        period(10, name, called=called, arrived=arrived)
        for name, (called, arrived) in ((NOW, now), (BEFORE, before))
    ]
    assert says in summary.helped(*each)
    assert BEFORE not in summary.helped(each[0], period(0, BEFORE))
    assert not summary.helped(period(0), each[1])


@pytest.mark.parametrize(
    ("violent", "without", "says"),
    [
        (0, 0, "Der er ikke indmeldt fysisk vold."),
        (1, 0, "1 indmeldt hændelse med fysisk vold. Politiet blev tilkaldt."),
        (2, 0, "Politiet blev tilkaldt i begge tilfælde."),
        (3, 0, "Politiet blev tilkaldt i alle tilfælde."),
        (1, 1, "ved fysisk vold, men der er ikke registreret et opkald til politiet."),
        (3, 2, "men for 2 af dem er der ikke registreret et opkald til politiet."),
        (3, 3, "men for ingen af dem er der registreret et opkald til politiet."),
    ],
)
def test_violence_without_police_is_told(violent, without, says):
    text = summary.violence_point(period(10, violent=violent, without_police=without))
    assert text.endswith(says)


def test_self_service_is_told_where_hours_are_known():
    now = period(10, timed=8, self_service=3)
    text = summary.unstaffed(now, period(5, BEFORE, timed=5, self_service=0))
    assert text.startswith("3 af de 8 hændelser")
    assert text.endswith(f"I {BEFORE} var det 0 af 5.")
    assert summary.unstaffed(now, period(0, BEFORE)).endswith("selvbetjent åbningstid.")
    assert not summary.unstaffed(period(10, self_service=None), now)
    assert "skete ikke i" in summary.unstaffed(period(1), period(0, BEFORE))


@pytest.mark.parametrize("count", [1, 5, 68, 923])
def test_a_small_count_carries_its_uncertainty(count):
    low, high = statistics.poisson_interval(count)
    between = f"niveau mellem {round(low)} og {round(high)}."
    assert between in summary.uncertain(period(count))


def test_no_incidents_are_no_proof_of_a_level_of_none():
    _, high = statistics.poisson_interval(0)
    text = summary.uncertain(period(0))
    assert "Selv uden indmeldte hændelser" in text
    assert f"op til {round(high)}." in text


def test_the_uncertainty_is_told_last_of_the_incidents():
    now = period(68)
    text = told(summary.circumstances(now, period(87, BEFORE)))
    assert text.endswith(summary.uncertain(now))


def test_the_months_are_told_with_the_most_and_the_fewest():
    assert summary.busiest_month(period(5)) == ("Der var flest i oktober (5), ingen i november.")
    assert not summary.busiest_month(period(0))


# Opening hours.

CLOSED = Opening("X", "Lukning", date(2024, 12, 23), date(2025, 1, 5))
CUT = Opening("X", "Indskrænket åbningstid", date(2024, 11, 1), date(2024, 12, 23))
UNCLEAR = Opening("X", "Uafklaret åbningstid", date(2025, 1, 6), date(2025, 1, 30))
WINTER = note.PERIOD_KINDS["vinter"]


def years(*found):
    """Return the openings of winters in a row, the last one being 2025/26."""
    first = 2026 - len(found)
    return [
        Openings(f"vinterhalvåret {first + n}/{(first + n + 1) % 100:02}", each)
        for n, each in enumerate(found)
    ]


@pytest.mark.parametrize(
    ("found", "says", "is_first"),
    [
        (
            [(CLOSED,), ()],
            "Det er det første vinterhalvår uden lukning eller indskrænket åbningstid, siden data "
            f"begynder ({BEFORE}).",
            True,
        ),
        ([(CLOSED,), (CUT,), ()], "Det er det første vinterhalvår uden lukning", True),
        ([(), (CLOSED,), ()], f"på X. I {BEFORE} var der lukning.", False),
        ([(), (CUT,), ()], f"I {BEFORE} var der indskrænket åbningstid.", False),
        ([(), (CLOSED, CUT), ()], f"I {BEFORE} var der lukning og indskrænket åbningstid.", False),
        (
            [(), (CUT,), (CLOSED,), ()],
            f"I vinterhalvåret 2023/24 og {BEFORE} var der lukning eller indskrænket åbningstid.",
            False,
        ),
        (
            [(UNCLEAR,), ()],
            f"på X. I {BEFORE} er det uklart, om åbningstiden var indskrænket.",
            False,
        ),
        ([(), ()], "og heller ikke i de tidligere vinterhalvår, som data dækker.", False),
        ([()], "ikke registreret lukning eller indskrænket åbningstid på X.", False),
        ([(), (CLOSED,)], "ændret: lukket 23. december 2024 – 5. januar 2025.", False),
        (
            [(CUT, UNCLEAR)],
            "ændret: indskrænket 1. november – 23. december 2024. Fra 6. til 30. januar 2025 er "
            "det uklart, om åbningstiden var indskrænket.",
            False,
        ),
        (
            [(CLOSED,), (UNCLEAR,)],
            "åbningstid på X. Fra 6. til 30. januar 2025 er det uklart, om åbningstiden var "
            "indskrænket.",
            False,
        ),
    ],
)
def test_the_first_winter_without_closure_is_said_only_where_every_earlier_had_one(
    found, says, is_first
):
    place = About("X", "på X", "location")
    text = summary.openings(place, period(68), years(*found))
    assert says in text
    assert ("det første" in text) == is_first


def test_a_whole_year_without_closure_is_told_in_its_own_gender():
    found = [Openings("sæsonen 2024/25", (CLOSED,)), Openings("sæsonen 2025/26", ())]
    assert "Det er den første sæson uden" in summary.openings(PLACE, period(68, half=None), found)


@pytest.mark.parametrize("change", [CLOSED, UNCLEAR])
def test_a_closure_elsewhere_in_the_city_names_its_place(change):
    assert "(X)" in summary.openings(CITY, period(68), years((change,)))
    assert "(X)" not in summary.openings(PLACE, period(68), years((change,)))
    assert not summary.openings(PLACE, period(0, held="none"), years((change,)))
    earlier = years((), (change,), ())
    at = change.kind == "Lukning"
    assert (" på X." in summary.openings(CITY, period(68), earlier)) == at
    assert " på X." not in summary.openings(PLACE, period(68), earlier)


def test_the_summary_opens_with_the_verdict_and_the_opening_hours_then_where_it_comes_from():
    point, why = ["**Færre.**", "Ikke lukket."], ["Flest her.", ""]
    text = told(summary.summary(PLACE, period(68), point, why, ["", "Tre tiltag."]))
    _, *rest = text.split("\n\n")
    assert rest == ["**Færre.** Ikke lukket.", "Flest her.", "- Tre tiltag."]


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (date(2024, 11, 15), date(2024, 11, 30), "15.–30. november 2024"),
        (date(2024, 11, 1), date(2024, 12, 23), "1. november – 23. december 2024"),
        (date(2024, 12, 23), date(2025, 1, 5), "23. december 2024 – 5. januar 2025"),
        (date(2024, 1, 1), date(2025, 1, 5), "1. januar 2024 – 5. januar 2025"),
        (date(2025, 1, 5), date(2025, 1, 5), "5. januar 2025"),
        (date(2025, 1, 5), None, "fra 5. januar 2025"),
        (None, date(2025, 1, 5), "til og med 5. januar 2025"),
    ],
)
def test_days_are_written_without_what_they_share(first, last, says):
    assert summary.period_days(first, last) == says


# Measures, shifts, surveys.


@pytest.fixture
def con():
    made = small_city.city(
        {
            "location": [
                small_city.place("A", "Valby"),
                small_city.place("B", "Valby"),
                small_city.place("C", "Vanløse", "Kulturhus"),
                small_city.place("D", "Vanløse"),
            ],
            "measure": [
                small_city.measure("A", "Lukning", "2024-12-01", "2024-12-05"),
                small_city.measure("A", "Ekstra bemanding", "2024-10-01", "2025-03-31"),
                small_city.measure("D", "Ekstra bemanding", "2024-10-01", "2025-03-31"),
                small_city.measure("D", "Ekstra bemanding", "2025-10-01", "2026-03-31"),
                small_city.measure("B", "Ekstra bemanding", "2025-10-01", "2026-03-31"),
                small_city.measure("A", "Base", "2025-10-01") | {"remark": "Antaget."},
                small_city.measure("B", "Base", "2025-10-01") | {"remark": "Antaget."},
            ],
            "shift": small_city.shift("A", "Værter", [1, 2, 3, 6], "13:00", "02:30")
            + small_city.shift("B", "Værter", [1, 2, 3, 6], "13:00", "02:30"),
            "visit": [
                {"location": "A", "year": 2024, "visits": 1000},
                {"location": "A", "year": 2025, "visits": 1200},
                *({"location": "B", "year": 2025, "month": n, "visits": 5} for n in (1, 2)),
            ],
            "survey": [
                {"location": "A", "year": 2023, "question": "Trygge", "share": 0.5, "answers": 40},
                {"location": "A", "year": 2025, "question": "Trygge", "share": 0.9}
                | {"remark": "0,90 er den nedre grænse."},
                {"location": "A", "year": 2029, "question": "Trygge", "share": 0.1},
            ],
        },
        [("A", "2025-11-01 12:00"), ("A", "2024-11-01 12:00"), ("C", "2025-11-02 12:00")],
    )
    yield made
    made.close()


@pytest.fixture
def winter():
    return Selection("2025/26", location="A")


def test_a_measure_is_told_while_it_runs_and_closures_are_no_measures(con, winter):
    everything = figures.measured(con, winter)
    ran = figures.efforts(everything, winter)
    assert initiatives.kinds_sentence(note.place(winter), period(), ran) == (
        f"Ét tiltag har været i gang på A i {NOW}: base."
    )
    line = initiatives.measure_list(note.place(winter), ran)
    assert line == "- **Base** (fra 1. oktober 2025)."
    # What is uncertain of it stands in the appendix.
    listed = appendix.efforts(note.place(winter), everything).set_index("kind")["description"]
    assert listed["Base"] == "Antaget."
    assert "viser ikke" in initiatives.no_proof(ran)
    closed = figures.openings(con, winter, everything)
    assert [(one.period, len(one.found)) for one in closed][-2:] == [(BEFORE, 1), (NOW, 0)]


def test_of_a_period_that_the_data_lack_no_measure_is_said_to_run(con, winter):
    ran = figures.efforts(figures.measured(con, winter), winter)
    unknown = period(0, held="none")
    text = told(initiatives.section(note.place(winter), unknown, ran))
    # The overview says it too, and has no appendix.
    assert text.startswith(
        f"Data dækker ikke {NOW}. På forhånd er der registreret ét tiltag på A: base."
    )
    assert "i gang" not in text
    none = initiatives.kinds_sentence(note.place(winter), unknown, ran.iloc[:0])
    assert none == f"Data dækker ikke {NOW}, og der er ikke registreret tiltag i perioden."


def test_measures_are_counted_in_words_and_keep_their_capitals_and_their_places(con):
    ran = pd.DataFrame(
        {"kind": ["Base for Tryghedsvagter", "Ekstra bemanding"] * 2, "location": list("ABBA")}
    )
    assert initiatives.kinds_sentence(DISTRICT, period(), ran) == (
        f"To tiltag har været i gang på to lokationer i bydelen Nørrebro i {NOW}: base for "
        "Tryghedsvagter og ekstra bemanding."
    )
    assert "på én lokation i" in initiatives.kinds_sentence(DISTRICT, period(), ran.iloc[:1])
    many = pd.DataFrame({"kind": [f"Tiltag {n:02}" for n in range(11)], "location": "A"})
    assert initiatives.kinds_sentence(PLACE, period(), many).startswith("11 tiltag har")
    assert initiatives.kinds_sentence(PLACE, period(), many.iloc[:10]).startswith("Ti tiltag har")


def test_no_measure_is_said_to_be_none(con):
    chosen = Selection("2025/26", location="C")
    ran = figures.efforts(figures.measured(con, chosen), chosen)
    text = told(initiatives.section(note.place(chosen), period(), ran))
    assert text.startswith(f"Der er ikke registreret tryghedsskabende tiltag på C i {NOW}.")
    assert not initiatives.shift_list(note.place(chosen), presence.shifts(con, chosen))
    assert "årsagen" not in text


def test_a_team_is_called_what_its_table_says_braces_and_all(con):
    chosen = Selection("2025/26", district="Valby")
    planned = presence.shifts(con, chosen).assign(team="Vagter {nord} {}")
    assert "Vagter {nord} {} på A og B: " in initiatives.shift_list(note.place(chosen), planned)


def test_the_same_measure_or_shift_at_two_places_is_one_line(con):
    chosen = Selection("2025/26", district="Valby")
    ran = figures.efforts(figures.measured(con, chosen), chosen)
    lines = initiatives.measure_list(note.place(chosen), ran).splitlines()
    assert [line for line in lines if "Base" in line] == [
        "- **Base** på A og B (fra 1. oktober 2025)."
    ]
    plan = initiatives.shift_list(note.place(chosen), presence.shifts(con, chosen))
    assert "- Værter på A og B: mandag–onsdag og lørdag kl. 13–02.30 (fra 1. oktober 2021)" in plan
    assert "længst mulige" in plan


def test_a_measure_that_ended_is_told_unless_another_of_its_kind_follows(con):
    ends = {}
    for location, season in (("B", "2025/26"), ("D", "2024/25"), ("A", "2025/26")):
        chosen = Selection(season, location=location)
        everything = figures.measured(con, chosen)
        ran = figures.efforts(everything, chosen)
        ends[location] = initiatives.ending(note.place(chosen), everything, ran, chosen)
    assert ends["B"].endswith("fortsættelse: ekstra bemanding (til og med 31. marts 2026).")
    assert ends["D"] == ends["A"] == ""


def test_the_latest_survey_not_after_the_period_is_told_with_its_uncertainty(con, winter):
    found = staff_figures.surveys(con, winter)
    text = initiatives.survey_list(note.place(winter), found, winter)
    assert text.startswith("Over 90 % af medarbejderne på A »trygge« (2025). ")
    assert "usikkerheden kan ikke beregnes" in text
    earlier = Selection("2023/24", location="A")
    text = initiatives.survey_list(note.place(earlier), found, earlier)
    assert text == "50 % af medarbejderne på A »trygge« (2023)."
    none = initiatives.survey_list(note.place(winter), found.iloc[:0], winter)
    assert none == "Der er ingen tryghedsmåling blandt medarbejderne for A."


def test_the_appendix_on_the_social_effort_is_of_the_places_where_it_has_begun():
    effort = taxonomy.SOCIAL_EFFORT
    con = small_city.city(
        {
            "location": [small_city.place(name, "Valby") for name in "ABC"],
            "measure": [
                small_city.measure("A", effort, "2024-12-01", "2024-12-31"),
                small_city.measure("A", effort, "2025-01-01"),
                small_city.measure("B", effort, "2026-05-01"),
                small_city.measure("C", "Lukning", "2024-12-01"),
            ],
        },
        [("A", "2025-11-01 12:00"), ("A", "2024-11-01 12:00"), ("A", "2024-11-02 12:00")],
    )
    chosen = Selection("2025/26", location="C")
    found = figures.social_effort(con, chosen)
    (row,) = appendix.effort_table(found).to_dict("records")
    expected = {"location": "A", "since": "1.\u00a0december\u00a02024"}
    assert row | expected | {"2023/24": 0, "2024/25": 2, "2025/26": 1} == row
    assert "Indsatsen er på A (siden 1. december 2024)." in told(appendix.purpose(found))
    assert "Steget." in told(appendix.results("Steget.", [], found))
    none = figures.social_effort(con, Selection("2023/24", location="C"))
    assert appendix.effort_table(none).empty
    assert "ikke registreret en socialfaglig indsats" in told(appendix.purpose(none))
    assert "Steget." not in told(appendix.results("Steget.", [], none))
    con.close()


def test_a_place_with_the_effort_for_years_is_told_from_then_as_the_document_does(database):
    """The document: half as many, and 63 per cent less of Uønsket adfærd."""
    chosen = Selection("2024/25", location="Blågårdens Bibliotek")
    with connect(database) as con:
        effort = figures.social_effort(con, chosen)
        (one,) = figures.since_effort(con, chosen, effort)
        assert not figures.since_effort(con, chosen.in_season("2023/24"), effort)
    assert one.location == "Vesterbro Bibliotek og Kulturhus"
    assert one.periods == ("vinterhalvåret 2022/23", "vinterhalvåret 2024/25")
    text = told(appendix.results("", [one], effort))
    assert "har indsatsen været i gang siden vinterhalvåret 2022/23. Frem til" in text
    assert "vinterhalvåret 2024/25 er antallet af hændelser faldet med 32 (50 %)." in text
    assert re.search(r"Uønsket adfærd er faldet med \d+ \(63 %\)\.", text)


def test_what_became_of_an_effort_is_judged_as_its_own_page_judges_it(database):
    chosen = Selection("2025/26", location="Blågårdens Bibliotek")
    there = Selection("2025/26", location="Vesterbro Bibliotek og Kulturhus")
    with connect(database) as con:
        effort = figures.social_effort(con, chosen)
        since = figures.since_effort(con, chosen, effort)
        cases = effect.cases(timeline.measures(con, there))
        (one,) = (case for case in cases if case.kind == taxonomy.SOCIAL_EFFORT)
        page = effect.effect(con, there, one).evidence.line
    text = told(appendix.results("", since, effort))
    assert f"{UNJUDGED}:" in page
    assert page.replace("\u00a0", " ") in text


def test_visits_are_compared_only_between_whole_years(con, winter):
    place = note.place(winter)
    text = appendix.visits_sentence(place, figures.visits(con, winter))
    assert text.startswith("Besøg på A: 1.000 i 2024 og 1.200 i 2025.")
    assert text.endswith("er besøgstallet steget med 200 (20 %).")
    other = Selection("2025/26", location="B")
    text = appendix.visits_sentence(note.place(other), figures.visits(con, other))
    assert text == "Besøg på B: 10 i 2025 (ikke hele året)."
    both = Selection("2025/26", district="Valby")
    text = appendix.visits_sentence(note.place(both), figures.visits(con, both))
    assert "er besøgstallet" not in text
    unknown = Selection("2025/26", location="C")
    assert appendix.visits_sentence(note.place(unknown), figures.visits(con, unknown)) == (
        "Besøgstallet på C er ikke kendt."
    )


def test_visits_after_the_period_are_told_only_where_no_others_are_known(con):
    years = {
        (season, half, location): list(
            figures.visits(con, Selection(season, half, location=location))["year"]
        )
        for season, half, location in (
            ("2024/25", "vinter", "A"),
            ("2024/25", "sommer", "A"),
            ("2024/25", None, "A"),
            ("2025/26", "vinter", "A"),
            ("2024/25", "vinter", "B"),
            ("2023/24", "vinter", "B"),
        )
    }
    assert list(years.values()) == [[2024], [2024], [2024], [2024, 2025], [2025], []]


def test_a_place_is_ranked_among_all_of_the_register(con, winter):
    among, districts = figures.standings(con, winter)
    assert among == Standing(1, 1, ("C",), 4, 2, ("A", "C"), 1)
    assert districts is None
    inside, among = figures.standings(con, Selection("2025/26", district="Valby"))
    assert (inside.rank, inside.places, inside.first) == (0, 2, ("A",))
    assert (among.rank, among.places) == (1, 2)
    narrow, _ = figures.standings(con, Selection("2025/26", location="A", facility="Bibliotek"))
    assert (narrow.rank, narrow.places, narrow.total) == (1, 3, 1)


# What is coming.


def prospect(period="vinterhalvåret 2026/27", **more):
    given = {
        "count": 70,
        "low": 40,
        "high": 100,
        "chance": 0.5,
        "before": 68,
        "season_before": NOW,
    }
    return Prospect(period, **(given | more))


def test_the_coming_half_years_follow_the_one_that_is_told():
    periods = {
        half: [one.period for one in coming.halves(Selection("2025/26", half))]
        for half in ("vinter", "sommer", None)
    }
    after_summer = ["vinterhalvåret 2026/27", "sommerhalvåret 2027"]
    assert periods == {
        "vinter": ["sommerhalvåret 2026", "vinterhalvåret 2026/27"],
        "sommer": after_summer,
        None: after_summer,
    }


@pytest.mark.parametrize(
    ("chance", "says"),
    [
        (0.95, "Der ventes flere (95 % sandsynligt)."),
        (0.75, "Det peger på flere, men er ikke sikkert (75 % sandsynligt)."),
        (0.5, "Det er uafklaret, om der bliver flere (50 % sandsynligt)."),
        (0.3, "Det peger ikke på flere, men er ikke sikkert (30 % sandsynligt)."),
        (0.02, "Der ventes ikke flere (2 % sandsynligt)."),
        (float("nan"), "Om der bliver flere, kan ikke beregnes."),
    ],
)
def test_a_rise_is_said_to_be_expected_only_by_its_chance(chance, says):
    one = Coming((prospect(chance=chance),), (68,))
    text = told(coming.half_year_paragraphs(period(68), one))
    assert "ventes omkring 70 hændelser (mellem 40 og 100)." in text
    assert f"I {NOW} var der 68. {says}" in text
    assert coming.headline(one) == (
        "I vinterhalvåret 2026/27 ventes omkring 70 hændelser (mellem 40 og 100). "
        f"I {NOW} var der 68. {says}"
    )


def test_a_summer_is_said_to_be_calmer_than_the_winter_and_held_against_the_last_summer():
    found = (prospect("sommerhalvåret 2026", count=29), prospect())
    text = coming.headline(Coming(found, (17, 68), chances=Expectation(0.99, 0.99, 0.95), winter=1))
    assert text.startswith(
        "I det kommende år ventes færre hændelser om sommeren end i vinteren før og flere til "
        "vinter end om sommeren. Sammenlignet med sommeren året før: Der ventes flere "
        "(95 % sandsynligt). I vinterhalvåret 2026/27 ventes"
    )


def test_the_summary_looks_to_the_winter_whichever_half_the_note_is_of():
    found = (prospect(count=11), prospect("sommerhalvåret 2027", count=22))
    assert "omkring 11" in coming.headline(Coming(found, (1, 2), winter=0))
    assert "omkring 11" in coming.headline(Coming(found[::-1], (2, 1), winter=1))


def test_last_season_repeated_is_said_to_be_that_and_has_a_chance_of_its_own():
    one = Coming((prospect(count=68, method=LAST, chance=0.46),), (68,))
    text = told(coming.half_year_paragraphs(period(68), one))
    says = "Det er uafklaret, om der bliver flere (46 % sandsynligt)."
    assert f"I {NOW} var der 68. {says}" in text


def test_what_was_reported_too_late_for_the_forecast_is_told_beside_the_whole_count():
    one = Coming((prospect(before=66),), (68,), date(2026, 3, 31), tried="Prøvet på 7.")
    text = told(coming.half_year_paragraphs(period(68), one))
    assert "Prøvet" not in text
    assert told(coming.basis(one)).startswith("Prøvet på 7. Rapporten")
    assert not told(coming.basis(Coming(reason="data mangler")))
    assert f"I {NOW} var der 68, heraf 66 meldt ind til og med 31. marts 2026." in text


@pytest.mark.parametrize("method", [MODEL, LAST])
def test_more_incidents_than_the_register_counts_are_no_part_of_them(method):
    one = Coming((prospect(before=201, method=method),), (200,), date(2026, 3, 31))
    text = told(coming.half_year_paragraphs(period(200), one))
    assert f"I {NOW} var der 200. Prognosen regner med 201. Det er uafklaret" in text
    assert "heraf" not in text


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [(10, 30, "Det er færre end"), (70, 90, "Det er flere end"), (60, 80, "både blive færre")],
)
def test_a_calm_summer_is_said_only_where_the_interval_lies_below(low, high, says):
    before = {"before": None, "season_before": "sommerhalvåret 2025"}
    summer = Coming((prospect("sommerhalvåret 2026", low=low, high=high, **before),), (0,))
    text = told(coming.half_year_paragraphs(period(68), summer))
    assert says in text
    assert "andsynlig" not in text
    # A half-year is not held against a whole one, nor against one that is not all there.
    for other in (period(68, half=None), period(68, held="part")):
        assert says not in told(coming.half_year_paragraphs(other, summer))


@pytest.mark.parametrize(
    ("high", "says"),
    [
        (2, "ventes ingen eller højst 2 hændelser."),
        (1, "ventes ingen eller højst 1 hændelse."),
        (0, "ventes ingen hændelser."),
    ],
)
def test_none_are_not_said_to_be_about_0(high, says):
    one = Coming((prospect(count=0, low=0, high=high, before=None),), (0,))
    assert coming.headline(one).endswith(says)


@pytest.mark.parametrize("method", [MODEL, LAST])
def test_nothing_is_held_against_0(method):
    chances = {"chance": 0.38, "method": method}
    winter = prospect(count=0, low=0, high=2, before=0, **chances)
    summer = prospect("sommerhalvåret 2026", count=0, low=0, high=2, before=0, **chances)
    summer = summer._replace(season_before="sommerhalvåret 2025")
    one = Coming((summer, winter), (0, 0))
    text = told(coming.half_year_paragraphs(period(0), one))
    for each in (text, coming.headline(one)):
        assert "flere" not in each
        assert not re.search(r"\b(de|omkring|mod|heraf) 0\b", each)
    assert f"I {NOW} var der ingen" in text


def test_a_season_that_surely_has_some_is_more_than_one_without():
    summer = prospect("sommerhalvåret 2026", count=5, low=1, high=9, before=None)
    one = Coming((summer._replace(season_before="sommerhalvåret 2025"),), (0,))
    text = told(coming.half_year_paragraphs(period(0), one))
    assert f"Det er flere end i {NOW}, hvor der ingen var." in text


def test_without_a_forecast_the_note_says_why():
    lacking = Coming(reason="data mangler")
    text = "Der er ingen prognose for de kommende halvår, fordi data mangler."
    assert told(coming.half_year_paragraphs(period(68), lacking)) == text
    assert coming.headline(lacking) == text
    data = asking.Dataset(True, date(2021, 10, 1), date(2026, 3, 31))
    reasons = [
        coming.unforeseen(Selection("2025/26", location="A"), data),
        coming.unforeseen(Selection("2030/31", location="A"), data),
        coming.unforeseen(Selection("2010/11", location="A"), data),
        coming.unforeseen(Selection("2025/26", category="Trusler"), data),
        coming.unforeseen(Selection("2025/26"), asking.Dataset(True, None, None)),
    ]
    assert [bool(reason) for reason in reasons] == [False, True, True, True, True]
    assert reasons[1].startswith("data slutter den 31. marts 2026")
    assert reasons[2] == "data først begynder den 1. oktober 2021"


def test_what_follows_is_dated():
    text = told(coming.process(Selection("2025/26"), ""))
    assert "Sommerhalvåret 2026 slutter den 30. september 2026. Så kan" in text


# The opening, the appendices.


def test_the_opening_warns_of_what_the_data_do_not_hold_and_of_what_is_left_out():
    data = asking.Dataset(True, date(2021, 10, 1), date(2026, 3, 31))
    whole, later = Selection("2025/26", location="A"), Selection("2026/27", location="A")
    assert "dækker ikke" not in told(summary.opening(whole, PLACE, data, whole))
    text = told(summary.opening(later, PLACE, data, later))
    assert f"dækker ikke {later.period}. Tallene for perioden er derfor for lave" in text
    part = Selection("2025/26", None, location="A")
    assert f"dækker ikke hele {part.period}." in told(summary.opening(part, PLACE, data, part))
    text = told(summary.opening(later, PLACE, data, part, later))
    assert f"dækker hverken hele {part.period} eller {later.period}. Tallene for perio" in text
    empty = asking.Dataset(False, None, None)
    text = told(summary.opening(whole, PLACE, empty, whole))
    assert "indeholder ingen hændelser" in text
    assert "Syntetiske data" not in text
    narrow = Selection("2025/26", category="Trusler")
    assert "Urotype: Trusler" in told(summary.opening(narrow, PLACE, data, narrow))


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({NOW: 3, BEFORE: 5}, f"flest i {BEFORE} (5), færrest i {NOW} (3)"),
        ({NOW: 3, BEFORE: 3}, "lige mange i begge vinterhalvår (3 hver)"),
        ({NOW: 0, BEFORE: 0}, "ikke indmeldt hændelser på Blågårdens Bibliotek i nogen af de"),
        ({}, "dækker ikke noget helt vinterhalvår frem til"),
    ],
)
def test_the_history_is_told_with_its_extremes(found, says):
    history = pd.Series(found, dtype="int64")
    assert says in appendix.history_sentence(PLACE, history, WINTER)
    assert len(appendix.by_period(history, [Interval(1, 9)] * len(found))) == len(found)


def test_a_count_and_those_before_it_are_told_with_what_levels_usually_vary_by(con, winter):
    usually = usual.level_of(con, winter)
    now = figures.period(con, winter)
    assert now.level == rounded(usually.interval(now.incidents))
    exact = statistics.poisson_interval(now.incidents)
    assert now.level.low < exact.low < exact.high < now.level.high
    levels = figures.levels(con, winter)
    assert levels[-1] == now.level
    told = appendix.by_period(figures.history(con, winter), levels)
    assert told["interval"].iloc[-1] == f"{round(now.level.low)}–{round(now.level.high)}"


def test_what_is_still_to_come_counts_in_the_last_level_alone(con, winter, monkeypatch):
    settled = figures.levels(con, winter)
    found = usual.level_of(con, winter)._replace(reported=0.5)
    monkeypatch.setattr(usual, "level_of", lambda *_: found)
    late = figures.levels(con, winter)
    assert late[:-1] == settled[:-1]
    assert late[-1].high == pytest.approx(2 * settled[-1].high, rel=1e-5)


def test_a_rise_a_fall_and_what_is_unknown_stand_in_the_key_figures():
    rise = appendix.key_figures(period(4, BEFORE), period(9)).set_index("name")["change"]
    assert rise["Indmeldte hændelser"] == 5
    fall = appendix.key_figures(period(9, BEFORE), period(4)).set_index("name")["change"]
    assert fall["Indmeldte hændelser"] == -5
    unknown = appendix.key_figures(period(9, BEFORE), period(4, self_service=None))
    row = unknown.set_index("name").loc["Hændelser i selvbetjent åbningstid"]
    assert row[[NOW, "change"]].isna().all()


@pytest.mark.parametrize("half", ["vinter", "sommer", None])
def test_a_period_is_called_what_it_is(half):
    kind = note.PERIOD_KINDS[half]
    word = Selection("2025/26", half).period.split()[0].removesuffix("et").removesuffix("en")
    assert all(word in each for each in kind)


# Figures side by side: what the data hold of them, and in what order.


def compared(con, now, before):
    """Return two periods, and the figure and the table of their months."""
    both = [figures.period(con, one) for one in (before, now)]
    monthly = figures.monthly(con, before, now)
    drawn = appendix.months_drawn(monthly, *both)
    table = appendix.by_month(now, *both).set_index("month")
    return both, monthly, drawn, table


def test_months_before_the_data_are_empty_and_left_out_of_the_figure(con):
    now, before = (Selection(season, location="A") for season in ("2021/22", "2020/21"))
    con.execute(
        "update incident set location = 'A', month = '2021-11-01', "
        "occurred_at = '2021-11-01', season = '2021/22' where location = 'C'"
    )
    both, monthly, drawn, table = compared(con, now, before)
    assert list(monthly["season"].cat.categories) == ["vinterhalvåret 2021/22"]
    description = drawn.to_dict()["description"]
    assert "2020/21" not in description
    assert "steget" not in description
    assert table["vinterhalvåret 2020/21"].isna().all()
    assert list(table["vinterhalvåret 2021/22"]) == [0, 1, 0, 0, 0, 0, 1]
    assert appendix.figure_sentence(monthly, *both) == (
        "Data dækker ikke vinterhalvåret 2020/21; måneder uden data er ikke med i figuren og står "
        "som »–« i tabellen."
    )
    reservations = told(appendix.reservations(["x"], *both))
    assert reservations.startswith("Ændringen kan ikke opgøres, fordi data ikke dækker vinter")
    assert "divideret" not in reservations


def test_a_period_in_part_has_the_months_that_the_data_hold_and_no_change(con):
    now, before = (Selection(season, None) for season in ("2025/26", "2024/25"))
    both, monthly, drawn, table = compared(con, now, before)
    assert table["sæsonen 2025/26"].isna().sum() == 6
    assert table.loc["Samlet", "sæsonen 2025/26"] == 2
    assert list(table["sæsonen 2024/25"][["oktober", "november", "Samlet"]]) == [0, 1, 1]
    description = drawn.to_dict()["description"]
    assert "sæsonen 2025/26: 2 hændelser i de måneder, som data dækker, flest" in description
    assert "ingen i 5 måneder" in description
    assert "steget" not in description
    assert "måneder uden data er ikke med i figuren" in appendix.figure_sentence(monthly, *both)
    assert appendix.key_figures(*both)["change"].isna().all()
    assert appendix.key_figures(*both)["sæsonen 2025/26"].notna().any()


def test_without_data_or_incidents_there_is_no_figure_and_the_note_says_why(con):
    now, before = (Selection(season, location="A") for season in ("2027/28", "2026/27"))
    both, monthly, drawn, table = compared(con, now, before)
    assert drawn is None
    assert table.isna().all(axis=None)
    assert appendix.figure_sentence(monthly, *both) == (
        "Data dækker hverken vinterhalvåret 2026/27 eller vinterhalvåret 2027/28; måneder uden "
        "data står som »–« i tabellen."
    )
    now, before = (Selection(season, location="B") for season in ("2025/26", "2024/25"))
    both, monthly, drawn, table = compared(con, now, before)
    assert drawn is None
    assert (table == 0).all(axis=None)
    assert appendix.figure_sentence(monthly, *both) == (
        f"Der er ingen hændelser i {BEFORE} og {NOW} at vise i en figur."
    )


def test_the_figure_and_the_table_of_months_name_the_periods_alike_and_in_order_of_time(con):
    now, before = (Selection(season, location="A") for season in ("2024/25", "2025/26"))
    both, monthly, drawn, table = compared(con, now, before)
    assert list(monthly["season"].cat.categories) == list(table.columns) == [BEFORE, NOW]
    assert f"i {BEFORE} til 1 i {NOW}" in drawn.to_dict()["description"]
    text = told(appendix.reservations(["x", "Forbehold."], *both))
    assert text.startswith(
        f"Forholdet er antallet i {BEFORE} delt med antallet i {NOW}, med det, der ventes meldt "
        "senere. I parentes"
    )
    assert "Forbehold." in text
    assert appendix.headings(*both)[NOW] == "Vinterhalvåret 2025/26"


def test_summers_are_called_by_their_year_in_the_figure_too(con):
    con.execute(
        "update incident set occurred_at = '2025-06-01', month = '2025-06-01', half = 'sommer', "
        "season = '2024/25' where location = 'C'"
    )
    now, before = (Selection(season, "sommer") for season in ("2024/25", "2023/24"))
    _, _, drawn, table = compared(con, now, before)
    assert list(table.columns) == ["sommerhalvåret 2024", "sommerhalvåret 2025"]
    assert "fra 0 i sommeren 2024 til 1 i sommeren 2025" in drawn.to_dict()["description"]


def test_andet_is_said_to_belong_to_its_type_with_both_sums():
    seasons = [BEFORE] * 2 + [NOW] * 2
    monthly = pd.DataFrame(
        {
            "season": pd.Categorical(seasons, [BEFORE, NOW], ordered=True),
            "name": ["Uønsket adfærd", "Andet"] * 2,
            "incidents": [57, 11, 53, 6],
        }
    )
    both = period(87, BEFORE), period(68)
    text = appendix.figure_sentence(monthly, *both)
    assert text.endswith(f"adfærd ({BEFORE}: 57 + 11 = 68; {NOW}: 53 + 6 = 59).")
    monthly.loc[1, "incidents"] = 0
    text = appendix.figure_sentence(monthly, *both)
    assert text.endswith(f"adfærd ({NOW}: 53 + 6 = 59).")
    monthly.loc[3, "incidents"] = 0
    assert not appendix.figure_sentence(monthly, *both)


# The notebook and the command.


def test_the_committed_note_has_each_place_to_fill_once_and_counts_them():
    notebook = nbformat.read(ROOT / "notebooks" / f"{files.NAME}.ipynb", as_version=4)
    text = "\n".join(
        output["data"]["text/markdown"]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if "text/markdown" in output.get("data", {})
    )
    found = re.findall(rf"<mark>\*\*\[{TO_FILL}: (.*?)\]\*\*</mark>", text)
    told = next(one for one in found if one.startswith(f"{len(PROMPTS)} steder"))
    assert sorted(found) == sorted([told, *PROMPTS.values()])


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (("2025/26", "vinter", "Blågårdens Bibliotek"), "blaagaardens_bibliotek_vinter_2025_26"),
        (("2024/25", "sommer", "Ørestad Bibliotek"), "oerestad_bibliotek_sommer_2025"),
        (("2024/25", None, None), "koebenhavn_saeson_2024_25"),
    ],
)
def test_a_note_is_named_in_plain_letters(given, name):
    season, half, location = given
    selection = Selection(season, half, location=location, city="København")
    assert files.file_name(selection) == f"status_{name}"


def test_the_command_writes_the_note_as_html_and_word(database, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(files, "_pdf", lambda html, docx: None)
    given = ["--season", "2024/25", "--location", "blågården bibliotek", "--output", str(tmp_path)]
    assert cli.main(["note", *given, "--database", str(database)]) == cli.DONE
    name = "status_blaagaardens_bibliotek_vinter_2024_25"
    assert capsys.readouterr().out.splitlines() == [
        f"{name}.html",
        f"{name}.docx",
        f"{len(PROMPTS)} felter mangler at blive udfyldt",
    ]
    page = (tmp_path / f"{name}.html").read_text(encoding="utf-8")
    words = "\n".join(each.text for each in Document(tmp_path / f"{name}.docx").paragraphs)
    expected = barometer_count(database, "2024/25")
    sentence = f"er den KFF-institution med flest indmeldte hændelser i {BEFORE}: {expected} af"
    assert sentence in page.replace("\u00a0", " ")
    assert sentence in words.replace("\u00a0", " ")
    assert "index.html" not in page


def test_an_edited_note_is_kept_unless_the_command_is_told_otherwise(
    database, tmp_path, capsys, monkeypatch
):
    def ran(*_):
        raise files.NoteError("written anew")

    monkeypatch.setattr(files, "executed", ran)
    given = ["note", "--season", "2025/26", "--location", "Hal C", "--database", str(database)]
    given += ["--output", str(tmp_path)]
    note = tmp_path / "status_hal_c_vinter_2025_26.docx"
    Document().save(note)
    assert cli.main(given) == cli.FELL_SHORT
    assert capsys.readouterr().err == (
        f"barometer note: {note.name} er rettet i hånden og bliver ikke overskrevet; "
        "giv den et andet navn, eller brug --force\n"
    )
    for more in (["--force"], []):
        assert cli.main([*given, *more]) == cli.FELL_SHORT
        assert capsys.readouterr().err == "barometer note: written anew\n"
        note.unlink(missing_ok=True)


def barometer_count(database, season):
    from analysis.core.database import connect

    with connect(database) as con:
        return barometer.incidents(con, Selection(season, location="Blågårdens Bibliotek"))


def test_the_note_takes_the_scenario_of_a_parameters_file(database, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(files, "_pdf", lambda *_: None)
    file = tmp_path / "scen.yaml"
    file.write_text(
        "scenario: [{location: Hal C, kind: Lukning, starts: 2026-10-01}]\n", encoding="utf-8"
    )
    given = ["--season", "2025/26", "--location", "Hal C", "--database", str(database)]
    given += ["--output", str(tmp_path), "--scenario", str(file)]
    assert cli.main(["note", *given]) == cli.DONE
    page = (tmp_path / "status_hal_c_vinter_2025_26.html").read_text(encoding="utf-8")
    assert "Hal C, fra 1. oktober 2026: lukning, ingen hændelser" in page
    assert "ventes ingen hændelser" in page
    file.write_text("scenario: [{location: Hal D}]\n", encoding="utf-8")
    assert cli.main(["note", *given]) == cli.NOT_DONE
    assert "scenario, post 1: starts mangler" in capsys.readouterr().err


def test_of_a_place_that_was_not_known_yet_there_is_no_forecast(database):
    with connect(database) as con:
        early = Selection("2021/22", location="Syntetisk Mobilbibliotek")
        found = coming.expected_halves(con, early, About(early.location, "x", "location"))
    assert found.reason == "stedet ikke står i registret og endnu ikke havde hændelser"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--location", "Blågårdens Biblotek"], "Blågårdens Bibliotek"),
        (["--district", "Nørebro"], "Nørrebro"),
        (["--half", "forår"], "vinter"),
        (["--compare-season", "2025/26"], "2025/26"),
        (["--database", "nowhere.duckdb"], "nowhere.duckdb"),
    ],
)
def test_a_note_that_cannot_be_made_is_one_line(given, says, database, tmp_path, capsys):
    if "--database" not in given:
        given = [*given, "--database", str(database)]
    output = tmp_path / "notes"
    code = cli.main(["note", "--season", "2025/26", *given, "--output", str(output)])
    assert code == cli.NOT_DONE
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert says in printed
    assert not output.exists()


def test_a_failed_notebook_is_one_line_and_exit_1(database, tmp_path, capsys, monkeypatch):
    def fail(*_, **__):
        raise files.NoteError("ValueError: nothing\nmore")

    monkeypatch.setattr(files, "write", fail)
    given = ["--season", "2025/26", "--database", str(database), "--output", str(tmp_path)]
    assert cli.main(["note", *given]) == cli.FELL_SHORT
    assert capsys.readouterr().err == "barometer note: ValueError: nothing more\n"


def test_without_a_program_that_makes_pdf_the_note_says_so(tmp_path, capsys, monkeypatch):
    def nothing(*_):
        raise reports.chromium.NoBrowserError("no browser")

    monkeypatch.setattr(files, "convert", lambda _: False)
    monkeypatch.setattr(files.chromium, "print_pages", nothing)
    assert files._pdf(tmp_path / "x.html", tmp_path / "x.docx") is None
    assert (
        capsys.readouterr().err
        == "Der blev ikke lavet PDF: LibreOffice blev ikke fundet, og no browser\n"
    )


def test_the_monthly_run_writes_the_note_as_word_and_lists_it(database, tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    shutil.copy(ROOT / "notebooks" / f"{files.NAME}.ipynb", folder)
    parameters = ROOT / "params" / "koebenhavn_vinter_2025_26.yaml"
    output = tmp_path / "reports"
    assert reports.run([parameters], database, output, folder) == 0
    document = Document(output / parameters.stem / f"{files.NAME}.docx")
    assert "København, vinterhalvåret 2025/26" in [each.text for each in document.paragraphs]
    index = (output / "index.html").read_text(encoding="utf-8")
    assert f'href="{parameters.stem}/{files.NAME}.docx"' in index
