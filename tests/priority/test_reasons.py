"""Why a location moved: one sentence, from made-up figures."""

from datetime import date

import pytest

from analysis.priority.reasons import ALIKE, NO_HOURS, OWN, UNKNOWN_HOURS, Move, reason

SAME = {"rank": 4, "alone": 4, "before": 4, "before_alone": 4}
UP = {"rank": 2, "alone": 2, "before": 5, "before_alone": 5}
DOWN = {"rank": 9, "alone": 9, "before": 5, "before_alone": 5}


def told(source=OWN, month=date(2026, 4, 1), **figures):
    return reason(Move(month, source=source, **figures))


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        (
            UP | {"latest": 7, "awaited": 3.14, "rate": 0.2},
            "Op fra plads 5: 7 hændelser i marts mod 3,1 ventet.",
        ),
        (
            DOWN | {"latest": 0, "awaited": 2.0, "rate": -0.2},
            "Ned fra plads 5: ingen hændelser i marts mod 2,0 ventet.",
        ),
        (
            DOWN | {"latest": 3, "awaited": 2.0, "rate": -0.2},
            "Ned fra plads 5: andre steder er steget mere.",
        ),
        (
            UP | {"latest": 1, "awaited": 2.0, "rate": 0.2},
            "Op fra plads 5: andre steder er faldet mere.",
        ),
        (UP | {"severity": 0.2}, "Op fra plads 5: hændelserne er alvorligere end før."),
        (DOWN | {"severity": -0.2}, "Ned fra plads 5: hændelserne er mindre alvorlige end før."),
        (
            UP | {"opening": 0.3, "hours": 192.0, "hours_before": 140.0, "rate": 0.1},
            "Op fra plads 5: flere selvbetjente timer (192 mod 140).",
        ),
        (
            DOWN | {"opening": -0.3, "hours": 140.0, "hours_before": 192.0},
            "Ned fra plads 5: færre selvbetjente timer (140 mod 192).",
        ),
        (
            UP | {"rate": 0.001, "latest": 3, "awaited": 1.0},
            "Op fra plads 5: andre steder er rykket ned.",
        ),
        (DOWN | {"rate": 0.2}, "Ned fra plads 5: andre steder er rykket op."),
        (
            SAME | {"latest": 1, "awaited": 1.2},
            "Samme plads som måneden før: 1 hændelse i marts mod 1,2 ventet.",
        ),
        (
            SAME | {"latest": 2, "awaited": 2.2},
            "Samme plads som måneden før: 2 hændelser i marts mod 2,2 ventet.",
        ),
        (SAME, "Samme plads som måneden før."),
        (SAME | {"before": None, "before_alone": None}, "Første gang på listen."),
    ],
)
def test_the_largest_cause_is_told(figures, sentence):
    assert told(**figures) == sentence


@pytest.mark.parametrize(
    ("figures", "lead"),
    [
        ({"expected": 3.44, "graver": 0.3}, "3,4 ventet i april, alvorligere end typisk"),
        ({"expected": 3.44, "graver": -0.3}, "3,4 ventet i april, mildere end typisk"),
        ({"expected": 0.5, "graver": 0.05}, "0,5 ventet i april"),
        ({"expected": 0.04}, "Næsten ingen ventet i april"),
    ],
)
def test_why_a_place_stands_there_is_told_before_what_moved_it(figures, lead):
    moved = SAME | {"latest": 2, "awaited": 3.2}
    assert told(**moved, **figures) == (
        f"{lead}. Samme plads som måneden før: 2 hændelser i marts mod 3,2 ventet."
    )
    judged = told(entries=True, **(SAME | {"rank": 1}), **figures)
    assert judged == f"{lead}. Nr. 4 efter tallene; " + ("repræsentanterne vurderer det højere.")
    assert told(NO_HOURS, **SAME, **figures) == "Ingen selvbetjent åbningstid i april."


def test_places_without_own_figures_say_so():
    assert told(ALIKE, **UP) == (
        "Op fra plads 5: endnu ingen hændelser i selvbetjent åbningstid, så tallet er fra "
        "lignende steder."
    )
    assert told(UNKNOWN_HOURS, **SAME) == (
        "Samme plads som måneden før: åbningstiden er ukendt, så timetallet er anslået."
    )
    assert told(NO_HOURS, entries=True, **(SAME | {"rank": 5})) == (
        "Ingen selvbetjent åbningstid i april."
    )


def test_experience_is_told_in_place_of_the_data():
    figures = UP | {"latest": 7, "awaited": 3.1, "rate": 0.2}
    assert told(entries=True, **(figures | {"rank": 1})) == (
        "Nr. 2 efter tallene; repræsentanterne vurderer det højere."
    )
    assert told(**(figures | {"rank": 3})) == (
        "Nr. 2 efter tallene; overhalet af steder, som repræsentanterne vurderer højere."
    )
    assert told(**(figures | {"rank": 1})).endswith("andre steder lavere.")
    assert told(entries=True, **SAME) == (
        "Nr. 4 efter tallene og efter repræsentanternes erfaring."
    )
    assert told(**(SAME | {"before": 1})) == "Erfaringen fra marts (plads 1) gælder ikke længere."


def test_january_is_held_against_december():
    figures = UP | {"latest": 7, "awaited": 3.1, "rate": 0.2}
    assert "i december" in told(month=date(2026, 1, 1), **figures)
