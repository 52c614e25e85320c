"""Sentence and figures, on many made-up cases: they cannot disagree."""

import re
from itertools import product
from math import inf, nan

import numpy as np
import pandas as pd
import pytest

from analysis.comparison import (
    changes as comparison_changes,
)
from analysis.comparison import (
    reporting,
    tables,
)
from analysis.comparison import (
    words as comparison_words,
)
from analysis.comparison.exposure import ASSUMPTIONS, CHOICES, NONE, Basis
from analysis.comparison.reporting import Part
from analysis.comparison.usual import ONLY_CHANCE, Usual
from analysis.comparison.words import FALL, RISE, UNCLEAR, UNKNOWN
from analysis.core import danish
from analysis.core.selection import Selection
from analysis.show import phrases
from analysis.statistics import (
    largest_clear_fall,
    rate_ratio,
)

B, A = "2024/25", "2025/26"
ALONE = Basis(NONE, (1.0,) * 6, (1.0,) * 6)
BY_CHOICE = {one.choice: one for one in reversed(ASSUMPTIONS)}
BY_NAME = {one.name: one for one in ASSUMPTIONS}
COUNTS = (0, 1, 2, 5, 6, 7, 20, 68, 87, 120, 1019)
# Levels that usually change by 10 per cent up or down, two times of three.
TENTH = Usual(0.01, 8.0)


def counted(before, after, self_service=(0, 0)):
    """Return incidents with so many of them in self-service hours."""
    rows = [
        (late, "oktober", "A", "Trusler", "Ved ikke", by_itself, False, count)
        for late, total, part in ((False, before, self_service[0]), (True, after, self_service[1]))
        for by_itself, count in ((False, total - part), (True, part))
    ]
    columns = [
        *("is_after", "month", "location", "category", "demography", "self_service"),
        *("on_unclear_day", "incidents"),
    ]
    return pd.DataFrame(rows, columns=columns)


def basis(name, growth, **given):
    """Return a basis on which the exposure has grown by a factor, by its name or its choice."""
    one = BY_NAME.get(name) or BY_CHOICE[name]
    given = {"locations": frozenset("A")} | given
    return Basis(one, (1.0,) * 6, (float(growth),) * 6, **given)


def missing(name, reason="besøgstal mangler for vinterhalvåret 2022/23"):
    return Basis(BY_CHOICE[name], reason=reason)


def answers(before, after, *more, usual=ONLY_CHANCE, self_service=(0, 0)):
    return comparison_changes.answers(counted(before, after, self_service), [ALONE, *more], usual)


def said(*given, **named):
    """Return the verdict and what would have been said on other bases, as the page has them."""
    found = answers(*given, **named)
    head = comparison_words.headline(found, B, A).data
    told = [head, comparison_words.on_other_bases(found)]
    return "\n\n".join(filter(None, told)).replace("\u00a0", " ")


@pytest.mark.parametrize(("before", "after"), list(product(COUNTS, COUNTS)))
@pytest.mark.parametrize("usual", [ONLY_CHANCE, TENTH])
def test_the_headline_says_what_the_counts_and_their_interval_say(before, after, usual):
    told = said(before, after, usual=usual)
    found = usual.rate_ratio(after, before)
    assert told.count("**") == 2
    told = told.split("**")[1]
    if not before + after:
        assert comparison_words.NO_DIFFERENCE in told
        return
    ways = {
        comparison_words.UNCHANGED: before == after,
        comparison_words.FELL: after < before,
        comparison_words.ROSE: after > before,
    }
    first = re.split(r"(?<!pct)\. ", told)[0]
    assert {way: way in first for way in ways} == ways
    assert f"Der er meldt {phrases.incidents(after)} ind i" in first
    assert before == after or f"mod {danish.number(before)} i" in first
    clear = found.high < 1 or found.low > 1
    assert (comparison_words.BEYOND_CHANCE in told) == clear
    hides = comparison_words.MAY_HIDE if before == after else comparison_words.MAY_BE_CHANCE
    assert (hides in told) != clear


def test_the_published_fall_can_be_chance_by_the_counts_alone():
    assert said(87, 68) == (
        "**Der er meldt 68 hændelser ind i 2025/26 mod 87 i 2024/25 (22 pct. færre). "
        "Faldet kan være tilfældigt.**"
    )


@pytest.mark.parametrize("growth", [0.2, 0.5, 0.8, 0.95, 1.0, 1.05, 1.1, 1.3, 2, 5])
@pytest.mark.parametrize(
    ("before", "after"),
    [(87, 68), (68, 87), (100, 50), (50, 100), (40, 40), (0, 9), (9, 0), (3, 2)],
)
def test_the_counts_alone_decide_and_other_bases_are_told_below(before, after, growth):
    found = answers(before, after, basis("åbningstimer", growth))
    told = comparison_words.headline(found, B, A).data
    assert told == comparison_words.headline(answers(before, after), B, A).data
    alone, held = rate_ratio(after, before), rate_ratio(after, before, growth)
    words = [comparison_words.word(one.low, one.high) for one in (alone, held)]
    below = comparison_words.on_other_bases(found)
    assert bool(below) == (words[0] != words[1])
    if below:
        assert "Antallet alene afgør" in below
        assert "den anden måde at regne på giver et andet svar" in below
        assert f"{comparison_words.FOUND[words[1]]} pr. åbningstime" in below


def test_how_many_ways_give_another_answer_is_said():
    three = [one.name for one in ASSUMPTIONS if one.choice == "besøg"]

    def told(*growths):
        bases = [basis(name, growth) for name, growth in zip(three, growths, strict=True)]
        return comparison_words.on_other_bases(answers(87, 68, *bases))

    assert "1 af 3 andre måder at regne på giver et andet svar: et klart fald" in told(1, 1.3, 1)
    assert "alle andre måder at regne på giver et andet svar: et klart fald" in told(1.3, 1.3, 1.3)
    assert told(1, 1, 1) == ""


def test_assumptions_of_a_choice_are_one_where_they_agree_and_several_where_they_differ():
    three = [one.name for one in ASSUMPTIONS if one.choice == "besøg"]
    agree = said(87, 68, *[basis(name, 1.3) for name in three])
    assert agree.endswith(f"{comparison_words.FOUND[FALL]} pr. besøg.")
    differ = said(87, 68, *[basis(n, g) for n, g in zip(three, (1.0, 1.3, 1.0), strict=True)])
    assert differ.endswith(f"{comparison_words.FOUND[FALL]} {BY_NAME[three[1]].per}.")


def test_an_exposure_of_some_places_says_how_many():
    told = said(87, 68, basis("besøg", 1.3, lacking=frozenset("BC")))
    assert "pr. besøg (1 af 3 lokationer)" in told


def test_incidents_without_exposure_are_told_where_they_are_left_out():
    more = counted(10, 8).assign(location="B")
    elsewhere = counted(1, 0).assign(location="Elsewhere")
    every = pd.concat([counted(87, 68), more, elsewhere])
    held = basis("besøg", 1.0, lacking=frozenset("BC"))
    notes = comparison_words.exposures(comparison_changes.answers(every, [ALONE, held])).data
    assert "2 af 3 lokationer mangler besøgstal, og 18 hændelser på dem er ikke talt med." in notes
    assert "1 hændelse uden for registrets lokationer er heller ikke talt med." in notes
    assert "talt med" not in comparison_words.exposures(answers(87, 68, basis("besøg", 1.0))).data


def test_the_tables_say_what_they_are_held_against():
    periods = Selection(B), Selection(A)
    held = comparison_words.basis_note(basis("besøg", 1.0), *periods).data
    assert "er antallet regnet pr. besøg måned for måned." in held
    assert "Andre måder" in held
    for alone in ("åbne dage", "Bemandede timer"):
        assert "Andre måder" not in comparison_words.basis_note(basis(alone, 1.0), *periods).data
    for one in (ALONE, missing("besøg")):
        assert "ikke set i forhold til" in comparison_words.basis_note(one, *periods).data


def test_months_without_any_exposure_are_named_as_the_reason_for_no_rate():
    periods = Selection(B), Selection(A)
    hours = basis("selvbetjente timer", 1.0)
    assert "ingen selvbetjente timer" not in comparison_words.basis_note(hours, *periods).data
    told = comparison_words.basis_note(
        hours._replace(before=(1.0, 0.0, 0.0, 1.0, 1.0, 1.0)), *periods
    ).data
    assert "I november–december 2024 var der ingen selvbetjente timer; " in told
    assert "forholdet for de måneder kan derfor ikke beregnes" in told
    told = comparison_words.basis_note(hours._replace(after=(1.0,) * 5 + (0.0,)), *periods).data
    assert "I marts 2026 var der" in told
    assert "for måneden kan" in told


def test_no_exposure_leaves_the_counts_to_speak_and_gives_no_rate():
    lone = answers(87, 68, missing("besøg"))
    assert said(87, 68, missing("besøg")) == said(87, 68)
    row = tables.answered(lone, B, A).iloc[1]
    assert (row["ratio"], row["p_value"], row["verdict"]) == (UNKNOWN,) * 3
    assert (
        "fordi besøgstal mangler for vinterhalvåret 2022/23"
        in comparison_words.exposures(lone).data
    )
    assert "grundlaget mangler" in comparison_words.held_against(lone).data


def test_data_that_do_not_cover_the_periods_give_no_verdict():
    reason = "data ikke dækker begge perioder helt"
    bases = [missing(choice, reason) for choice in CHOICES]
    partly = comparison_changes.answers(counted(87, 12), bases)
    told = comparison_words.headline(partly, B, A).data
    assert told.startswith(f"**{comparison_words.NOT_JUDGED}")
    assert "87 hændelser i 2024/25" in told
    assert reason in told
    assert set(tables.answered(partly, B, A)["verdict"]) == {UNKNOWN}
    assert reason in comparison_words.held_against(partly).data
    changes = comparison_changes.changes(counted(87, 12), Selection(A), bases[0])
    assert reason in comparison_words.seen(changes.iloc[0], B, A, bases[0]).data
    assert reason in comparison_words.standing_out(changes, B, A, bases[0]).data
    for words in (told, comparison_words.standing_out(changes, B, A, bases[0]).data):
        assert FALL not in words
    assert reason in comparison_words.what_is_usual(TENTH, reason).data
    assert comparison_words.within_seasons(partly).data == ""
    certain = tables.certainty(partly.iloc[0], TENTH)
    assert set(certain[["ratio", "p_value", "verdict"]].to_numpy().flat) == {UNKNOWN}
    signs = reporting.tested({"a": Part(0, 0)}, {"a": Part(3, 9)})
    told = comparison_words.reporting_change(signs, (None, 1), reason).data
    assert reason in told
    assert "for få" not in told


@pytest.mark.parametrize("growth", [0.7, 1.0, 1.3, 3.0])
@pytest.mark.parametrize(("before", "after"), [(87, 60), (60, 87), (300, 230), (9, 0), (40, 40)])
def test_what_is_usual_goes_into_every_figure_of_the_page(before, after, growth):
    found = answers(before, after, basis("besøg", growth), usual=TENTH)
    wide = [TENTH.rate_ratio(after, before, one) for one in (1.0, growth)]
    exact = [rate_ratio(after, before, one) for one in (1.0, growth)]
    words = [comparison_words.word(one.low, one.high) for one in wide]
    table = tables.answered(found, B, A)
    assert table["verdict"].tolist() == words
    for shown, one in zip(table["ratio"], wide, strict=True):
        assert danish.ratio_interval(one.low, one.high) in shown.replace("\u2060", "")
    # What is drawn is what decides.
    drawn = tables.drawn(found)
    np.testing.assert_allclose(drawn[["low", "high"]], [one[1:3] for one in wide], rtol=1e-5)
    against = comparison_words.held_against(found).data
    assert (comparison_words.ANOTHER_ANSWER in against) == (words[0] != words[1])
    # The exact interval is told on the page of methods, and what would be clear by it.
    told = comparison_words.within_seasons(found).data.replace("\u00a0", " ")
    assert danish.ratio_interval(*exact[0][1:3]) in told
    for phrase, one in zip(("i antallet alene", "pr. besøg"), exact, strict=True):
        verdict = comparison_words.word(one.low, one.high)
        assert (phrase in told.split("interval)")[-1]) == (verdict != UNCLEAR)


def test_fewer_incidents_are_not_taken_for_an_effect_of_the_exposure():
    some = basis("selvbetjente timer", 1.0)
    assert "\n\n" not in said(300, 200, some, self_service=(12, 9))
    lone = answers(87, 68, basis("selvbetjente timer", 1.6), self_service=(12, 29))
    told = comparison_words.held_against(lone).data
    assert "fra 12 til 29" in told
    counts, rate = told.split("fra 12 til 29")[1].split("pr. selvbetjent time")
    assert comparison_words.FOUND[RISE] in counts
    assert comparison_words.FOUND[UNCLEAR] in rate
    more = said(300, 200, some, self_service=(12, 40)).split("\n\n")
    assert more[-1].index("fra 12 til 40") < more[-1].index(comparison_words.FOUND[RISE])
    assert "\n\n" not in said(300, 200, some, self_service=(120, 80))


def test_self_service_hours_that_depend_on_how_unclear_days_are_counted_are_told_both_ways():
    hours = [one for one in ASSUMPTIONS if one.self_service_only]
    held = [Basis(one, (1.0,) * 6, (1.0,) * 6, frozenset("A")) for one in hours]
    made = counted(300, 290, (35, 22))
    unclear = made["self_service"] & ~made["is_after"]
    made.loc[unclear, "incidents"] = 20
    made = pd.concat([made, made[unclear].assign(on_unclear_day=True, incidents=15)])
    found = comparison_changes.answers(made, [ALONE, *held])
    assert found["before"].tolist() == [300, 35, 20]
    same = comparison_words.held_against(found).data
    assert "viser for sig" not in same
    made.loc[made["self_service"] & made["is_after"], "incidents"] = 5
    told = comparison_words.held_against(comparison_changes.answers(made, [ALONE, *held])).data
    assert comparison_words.FOUND[FALL] not in told.split("**")[1]
    assert "(fra 35 til 5)" in told
    made.loc[made["self_service"] & made["is_after"], "incidents"] = 18
    told = comparison_words.held_against(comparison_changes.answers(made, [ALONE, *held])).data
    for verdict, one, counts in zip(
        (FALL, UNCLEAR), hours, ("fra 35 til 18", "fra 20 til 18"), strict=True
    ):
        assert f"{comparison_words.FOUND[verdict]} {one.per} ({counts})" in told


def test_a_marked_rate_and_its_note_go_together():
    given = {"assumed": (True,) * 6, "details": ("Marts er skønnet",)}
    marked = answers(
        *(87, 68, basis("besøg", 1.1, **given), basis("åbne dage", 1.0)),
        basis("åbningstimer", 1.0, **given),
    )
    table = tables.answered(marked, B, A)
    assert [rate.endswith("*") for rate in table["ratio"]] == [False, True, False, True]
    notes = comparison_words.exposures(marked).data
    assert r"**Besøg, måned for måned**\*:" in notes
    assert "\n\n\\* En del af grundlaget er antaget:\n\n- Marts er skønnet." in notes
    assert notes.count("Marts er skønnet") == 1
    assert "antaget" not in comparison_words.exposures(answers(87, 68)).data


@pytest.mark.parametrize(
    ("low", "high", "expected", "word"),
    [
        (0.56, 1.086, "0,56–1,09", UNCLEAR),
        (0.517, 1.0024, "0,52 til over 1", UNCLEAR),
        (0.5, 0.9996, "0,50 til under 1", FALL),
        (1.004, 3.0, "over 1 til 3,00", RISE),
        (0.19, inf, "mindst 0,19", UNCLEAR),
        (nan, nan, UNKNOWN, UNKNOWN),
    ],
)
def test_an_interval_is_written_so_that_it_agrees_with_its_verdict(low, high, expected, word):
    assert danish.ratio_interval(low, high) == expected
    assert comparison_words.word(low, high) == word


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.14799, "0,148"),
        (0.0498, "0,0498"),
        (0.04999, "0,04999"),
        (0.0501, "0,0501"),
        (0.00001, "under 0,001"),
        (1.0, "1,000"),
        (nan, UNKNOWN),
    ],
)
def test_a_p_value_never_reads_as_on_the_other_side_of_its_limit(value, expected):
    assert phrases.p_value(value) == expected


def test_what_is_usual_is_told_up_and_down():
    told = comparison_words.what_is_usual(Usual(0.01, inf)).data.replace("\u00a0", " ")
    assert "højst 22 pct. op eller 18 pct. ned" in told
    assert "højst 26 pct. op eller 21 pct. ned" in comparison_words.what_is_usual(
        TENTH
    ).data.replace("\u00a0", " ")


def test_certainty_is_that_of_chance_and_of_what_is_usual():
    certain = tables.certainty(answers(87, 68).iloc[0], TENTH)
    shown = certain["ratio"]
    # Said of the row itself, and not before the table is there.
    assert ["denne række afgør" in name for name in certain["name"]] == [False, True]
    assert "række" not in comparison_words.what_is_usual(TENTH).data
    for told, one in zip(shown, (rate_ratio(68, 87), TENTH.rate_ratio(68, 87)), strict=True):
        assert danish.ratio_interval(*one[1:3]) in told.replace("\u2060", "")


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (87, "skulle antallet være højst 62 i 2025/26, før faldet var klart"),
        (5, "kan intet fald være klart, ikke engang til 0"),
        (0, "er der intet fald at se"),
    ],
)
def test_what_could_have_been_seen_is_told(before, expected):
    changes = comparison_changes.changes(counted(before, 3), Selection(A), ALONE)
    total = changes.iloc[0]
    told = comparison_words.seen(total, B, A, ALONE).data.replace("\u00a0", " ")
    assert expected in told
    if before == 87:
        assert [round(total[f"seen_{n}"] * 100) for n in (25, 50)] == [
            int(n) for n in re.findall(r"(\d+) af 100 gange", told)
        ]


@pytest.mark.parametrize("usual", [ONLY_CHANCE, TENTH])
def test_only_what_is_clear_among_all_stands_out(usual):
    rng = np.random.default_rng(3)
    for _ in range(20):
        before, after = rng.integers(0, 60, 2)
        changes = comparison_changes.changes(counted(before, after), Selection(A), ALONE, usual)
        told = comparison_words.standing_out(changes, B, A, ALONE).data
        rows = changes[changes["group"] != ""]
        sure = (rows["adjusted"] < 0.05).any()
        assert ("Klart ændret" in told) == sure
        if before + after:
            assert ("Ingen type, gruppe eller måned" in told) != sure


def test_what_is_usual_asks_for_a_larger_fall():
    changes = comparison_changes.changes(counted(87, 68), Selection(A), ALONE, TENTH)
    told = comparison_words.seen(changes.iloc[0], B, A, ALONE).data.replace("\u00a0", " ")
    least = TENTH.largest_clear_fall(87)
    assert least < largest_clear_fall(87)
    assert f"højst {least} i {A}" in told
    chance = TENTH.power_of_fall(87, 0.5)
    assert f"et på 50 pct. {round(100 * chance)} af 100 gange" in told


@pytest.mark.parametrize("usual", [ONLY_CHANCE, TENTH])
def test_the_tables_show_the_p_value_that_the_adjusted_one_is_made_of(usual):
    changes = comparison_changes.changes(counted(20, 6), Selection(A), ALONE, usual)
    for group in ("category", "demography", "month"):
        shown = tables.changed(changes, group, B, A).set_index("name")
        of = changes.set_index("name")["p_value"]
        for name in {"Trusler", "Ved ikke", "oktober"} & {*shown.index}:
            assert shown.loc[name, "p_value"] == phrases.p_value(of[name])
            assert shown.loc[name, "adjusted"] == phrases.p_value(of[name])


def test_a_place_that_may_have_stopped_reporting_is_not_said_to_have_fallen():
    found = answers(400, 40, basis("åbne dage", 1))
    assert comparison_words.BEYOND_CHANCE in comparison_words.headline(found, B, A).data
    told = comparison_words.headline(found, B, A, stopped="intet er meldt").data
    assert told.endswith("færre), men intet er meldt.**")
    assert comparison_words.BEYOND_CHANCE not in told
    assert "klart fald" in comparison_words.held_against(found).data
    assert comparison_words.held_against(found, "intet er meldt").data == "**Intet er meldt.**"


def test_a_changed_way_of_reporting_is_warned_of_right_below_the_headline():
    changed = reporting.tested({"a": Part(5, 100)}, {"a": Part(40, 100)})
    same = reporting.tested({"a": Part(5, 100)}, {"a": Part(6, 100)})
    for usual in (ONLY_CHANCE, TENTH):
        found = answers(87, 68, usual=usual)
        told = comparison_words.headline(found, B, A, changed).data
        assert told.split("\n\n")[1].startswith("**Advarsel:** Måden at melde ind på")
        calm = comparison_words.headline(found, B, A, same).data
        assert "Advarsel" not in calm
        assert calm == comparison_words.headline(found, B, A).data


@pytest.mark.parametrize("growth", [0.5, 0.95, 1.0, 1.1, 2])
@pytest.mark.parametrize(("before", "after"), [(87, 68), (68, 87), (100, 50), (40, 40), (0, 0)])
def test_the_verdict_is_short_and_what_depends_stands_where_it_is_shown(before, after, growth):
    found = answers(before, after, basis("åbningstimer", growth))
    told = comparison_words.headline(found, B, A).data
    differs = len({*comparison_words.verdict_words(found)} - {UNKNOWN}) > 1
    assert "pr. åbningstime" not in told
    assert all(len(sentence.split()) <= 25 for sentence in re.split(r"(?<!pct)\. ", told))
    held = comparison_words.held_against(found).data
    assert ("pr. åbningstime" in held) == differs


@pytest.mark.parametrize(
    ("few", "growth", "told_first"),
    [
        # More by count and hour, while the total fell; more by count alone; nothing clear; along.
        ((12, 40), 1.0, True),
        ((12, 29), 1.6, True),
        ((12, 14), 1.0, False),
        ((60, 30), 1.0, False),
        # Fewer, but not clearly so in the fewer hours.
        ((60, 30), 0.6, True),
    ],
)
def test_self_service_hours_that_turn_against_the_total_are_told_below_the_headline(
    few, growth, told_first
):
    found = answers(300, 200, basis("selvbetjente timer", growth), self_service=few)
    told = comparison_words.headline(found, B, A).data
    assert (f"fra {few[0]} til {few[1]}" in told) == told_first


def test_a_comparison_with_a_later_season_is_not_told_as_a_rise_in_time():
    made = answers(68, 87, basis("åbningstimer", 0.6))
    told = comparison_words.headline(made, A, B).data.replace("\u00a0", " ")
    assert "87 hændelser ind i 2024/25 mod 68 i 2025/26 (28 pct. flere)" in told
    assert "baglæns i tid: Et fald betyder færre i 2024/25 end i 2025/26" in told
    assert "tigningen" not in told
    assert "baglæns" not in said(68, 87)


def test_what_stands_out_alone_is_named_without_being_called_clear():
    changes = comparison_changes.changes(counted(12, 3), Selection(A), ALONE).assign(adjusted=0.2)
    changes.loc[changes["before"] + changes["after"] == 0, "adjusted"] = nan
    told = comparison_words.standing_out(changes, B, A, ALONE).data
    assert "**Ingen type, gruppe eller måned" in told
    assert "Trusler (fra 12 til 3)" in told


def test_rows_of_nothing_have_no_rate_in_the_tables():
    changes = comparison_changes.changes(counted(12, 3), Selection(A), ALONE)
    shown = tables.changed(changes, "category", B, A).set_index("name")
    assert shown.loc["Fysisk vold", ["ratio", "p_value", "adjusted"]].tolist() == [UNKNOWN] * 3
    assert shown.loc["Trusler", "ratio"].startswith("0,25 (")
    assert list(shown.index)[-1] == "Samlet"


def test_an_empty_selection_has_neither_verdict_nor_mark():
    empty = answers(0, 0, basis("åbningstimer", 1.2, assumed=(True,) * 6))
    table = tables.answered(empty, B, A)
    assert set(table["verdict"]) == set(table["ratio"]) == {UNKNOWN}
    assert "ingen hændelser" in comparison_words.held_against(empty).data
    held = basis("åbningstimer", 1.2, assumed=(True,) * 6)
    changes = comparison_changes.changes(counted(0, 0), Selection(A), held)
    assert set(tables.changed(changes, "month", B, A)["ratio"]) == {UNKNOWN}
    assert (
        "ingen hændelser at sammenligne" in comparison_words.standing_out(changes, B, A, ALONE).data
    )
    assert "intet fald at se" in comparison_words.seen(changes.iloc[0], B, A, held).data


@pytest.mark.parametrize("few", [(40, 40), (396, 398)])
def test_self_service_hours_that_say_something_else_are_told(few):
    hours = basis("selvbetjente timer", 1.0)
    told = comparison_words.held_against(answers(1000, 800, hours, self_service=few)).data
    assert "Svaret er det samme" in told
    counts = f"fra {few[0]} til {few[1]}"
    assert told.index(counts) < told.index(comparison_words.FOUND[UNCLEAR])
    same = comparison_words.held_against(answers(1000, 800, hours, self_service=(500, 300))).data
    assert "viser for sig" not in same
