"""The weights inferred from the published scores, the scores' intervals, and the ranking."""

import itertools
from fractions import Fraction

import pandas as pd
import pytest

from analysis import barometer
from analysis.barometer import Selection, published
from analysis.core import taxonomy
from analysis.core.headings import TOTAL
from analysis.core.selection import SelectionError
from analysis.severity import scores, tables, words
from analysis.statistics import weighted_interval

LABELS = list(published.types())
TYPES = len(taxonomy.CATEGORY_LABELS)


@pytest.fixture(scope="module")
def equations():
    return scores.equations()


def matrix(**rows):
    found = pd.DataFrame(
        [(name, *counts, sum(counts)) for name, counts in rows.items()],
        columns=["name", *LABELS, TOTAL],
    )
    sums = pd.DataFrame([(TOTAL, *found[[*LABELS, TOTAL]].sum())], columns=found.columns)
    columns = ["name", *taxonomy.CATEGORY_LABELS, TOTAL]
    return pd.concat([found, sums], ignore_index=True).reindex(columns=columns, fill_value=0)


def of_types(values, others):
    """Values of the document's types in the taxonomy's order, among those of any other type."""
    given = dict(zip(LABELS, values, strict=True))
    return tuple(
        given.get(label, other)
        for label, other in zip(taxonomy.CATEGORY_LABELS, others, strict=True)
    )


def weighed(*weights):
    return of_types(map(Fraction, weights), scores.INFERRED)


def counted(*counts):
    return of_types(counts, [0] * len(taxonomy.CATEGORY_LABELS))


def count(equation, label):
    return equation.counts[taxonomy.CATEGORY_LABELS.index(label)]


def test_the_equations_are_the_published_scores_and_counts(equations):
    printed = {
        (figure.period, int(figure.value))
        for figure in published.figures()
        if figure.column == "relative_score"
    }
    assert {(one.season, one.score) for one in equations} == printed
    totals = {
        figure.period: int(figure.value)
        for figure in published.figures()
        if figure.measure == "matrix" and figure.name == TOTAL and figure.column == TOTAL
    }
    assert {one.season: sum(one.counts) for one in equations} == totals


@pytest.mark.parametrize("parts", [1, 2])
def test_the_solutions_are_those_of_trying_every_weight(equations, parts):
    first, second = equations
    found = set()
    tops = [
        min(parts * one.score // count(one, label) for one in equations if count(one, label))
        for label in LABELS[:3]
    ]
    # Vold stands in the second score alone, Hærværk in the first, so each follows from the rest.
    for tried in itertools.product(*(range(top + 1) for top in tops)):
        left = [
            parts * one.score
            - sum(count(one, label) * w for label, w in zip(LABELS, tried, strict=False))
            for one in (first, second)
        ]
        vandalism = left[0] / count(first, taxonomy.VANDALISM)
        violence = left[1] / count(second, taxonomy.VIOLENCE)
        if min(left) >= 0 and vandalism == int(vandalism) and violence == int(violence):
            weights = (*tried, int(violence), int(vandalism))
            found.add(weighed(*(Fraction(int(w), parts) for w in weights)))
    assert set(scores.solutions(equations, parts)) == found


def test_every_solution_gives_every_published_score(equations):
    for weights in scores.solutions(equations, 4):
        for one in equations:
            assert sum(w * n for w, n in zip(weights, one.counts, strict=True)) == one.score


def test_the_projects_weights_are_the_only_whole_ones_that_begin_at_1_and_rise(equations):
    assert scores.candidates(equations, 1) == [scores.INFERRED]
    assert tuple(taxonomy.WEIGHTS.values()) == scores.INFERRED


def test_every_other_solution_is_listed_with_why_it_is_set_aside(equations):
    told = tables.solution_table(equations)
    assert len(told) == len(scores.solutions(equations))
    assert list(told["reason"]).count("Bruges") == 1
    assert told["weights"].is_unique


@pytest.mark.parametrize(
    ("weights", "reason"),
    [
        ((1, 2, 4, 6, 2), ""),
        ((1, 2, 4, 6, 50), ""),
        ((0, 2, 4, 6, 2), "begynder ikke ved 1: Uønsket adfærd vejer 0"),
        ((1, 1, 4, 6, 2), "Ubehagelige tilråb (1) vejer ikke mere end Uønsket adfærd (1)"),
        ((1, 2, 7, 6, 2), "Fysisk vold (6) vejer ikke mere end Trusler (7)"),
    ],
)
def test_weights_are_set_aside_for_their_first_step_and_their_rise_alone(weights, reason):
    found = scores.set_aside(weighed(*weights))
    assert reason in found
    assert bool(found) == bool(reason)


def test_a_type_in_no_published_score_cannot_be_solved_for(equations):
    with pytest.raises(ValueError, match="Fysisk vold"):
        scores.solutions([one for one in equations if not count(one, taxonomy.VIOLENCE)])


def test_a_third_score_settles_what_it_separates(equations):
    fitting = scores.candidates(equations, 4)
    told = scores.third_scores(matrix(A=(9, 0, 0, 0, 0), B=(3, 1, 2, 5, 0)), fitting)
    by_name = told.set_index("name")
    assert tuple(by_name.loc["A", ["different", "left"]]) == (1, len(fitting))
    assert by_name.loc["B", "different"] == len(
        {sum(n * w for n, w in zip(counted(3, 1, 2, 5, 0), each, strict=True)) for each in fitting}
    )
    # The more telling place stands first, and a score that separates all leaves one.
    assert told["name"].tolist() == ["B", "A"]
    assert (told[told["different"] == len(fitting)]["left"] == 1).all()
    again = [*equations, scores.Equation("", "B", 45, counted(3, 1, 2, 5, 0))]
    kept = scores.candidates(again, 4)
    inferred = 3 + 2 + 8 + 30
    again[-1] = again[-1]._replace(score=inferred)
    kept = scores.candidates(again, 4)
    assert len(kept) == by_name.loc["B", "left"]
    assert scores.INFERRED in kept


def test_what_a_third_score_settles_is_said_as_its_table_says():
    columns = ["name", "incidents", "least", "most", "different", "left"]

    def told(*different):
        rows = [(f"Sted {n}", 5, 1.0, 9.0, each, 1) for n, each in enumerate(different)]
        return words.settled(pd.DataFrame(rows, columns=columns), 3)

    assert told(3, 3, 2).startswith("Ved 2 af 3 lokationer ville de 3 sæt")
    assert "Alle steder ville udelukke" in told(3, 3, 2)
    assert told(2, 1).startswith("Ingen enkelt lokation ville skelne alle 3 sæt")
    assert "Ved 1 ville alle sæt give samme score" in told(2, 1)
    assert told() == "Der er ingen lokation med hændelser at prøve det på."


def test_a_score_is_the_barometers_and_its_interval_holds_it(con):
    selection = Selection("2025/26", district="Nørrebro")
    found = scores.scored(barometer.matrix(con, selection, "location")).set_index("name")
    expected = barometer.score_by(con, selection, "location").set_index("name")
    assert (found["value"] == expected["relative_score"]).all()
    assert ((found["low"] < found["value"]) & (found["value"] < found["high"])).all()


def test_a_scores_interval_is_that_of_its_counts_and_weights():
    counts = (3, 4, 0, 1, 2)
    row = scores.scored(matrix(A=counts)).iloc[0]
    weights = list(taxonomy.WEIGHTS.values())
    assert (row["low"], row["high"]) == weighted_interval(counted(*counts), weights)


def test_the_rarer_and_graver_the_incidents_the_wider_the_interval():
    mild, grave = (
        scores.scored(matrix(A=counts)).iloc[0] for counts in ((60, 0, 0, 0, 0), (0, 0, 0, 10, 0))
    )
    assert mild["value"] == grave["value"]
    assert grave["low"] < mild["low"]
    assert grave["high"] > mild["high"]


def test_the_whole_score_is_the_sum_and_nothing_without_incidents():
    rows = matrix(A=(3, 4, 0, 1, 2), B=(1, 0, 0, 0, 1))
    assert scores.total(rows).iloc[0]["value"] == scores.scored(rows)["value"].sum()
    nothing = scores.total(rows.iloc[:0])
    assert "kan ikke beregnes" in words.score_sentence(nothing, "Valby")


def test_ranks_begin_at_1_share_ties_and_keep_to_the_first_weighting():
    rows = matrix(A=(10, 0, 0, 0, 0), B=(0, 0, 0, 2, 0), C=(4, 3, 0, 0, 0), D=(2, 0, 0, 0, 0))
    by = {"x": scores.INFERRED, "y": scores.OTHERS["Alle typer vejer 1"]}
    found = scores.ranks(rows, by).set_index("name")
    assert dict(found["x"]) == {"B": 1, "A": 2, "C": 2, "D": 4}
    assert dict(found["y"]) == {"A": 1, "C": 2, "B": 3, "D": 3}
    ranges = scores.rank_ranges(scores.ranks(rows, by)).set_index("name")
    assert tuple(ranges.loc["B"]) == (1, 1, 3)


def test_the_ranking_is_said_as_its_ranges_are():
    def told(*ranges, most=2):
        columns = ["name", "value", "low", "high"]
        rows = [(f"Sted {n}", n, *each) for n, each in enumerate(ranges, 1)]
        return words.ranks_sentence(pd.DataFrame(rows, columns=columns), most)

    assert told((1, 1), (2, 3), (2, 3)).startswith("Sted 1 har højest score, uanset")
    assert "bliver 1 blandt de 2 øverste med alle vægte, og 1 har" in told((1, 1), (2, 3), (2, 3))
    assert "ikke med alle: lavest kommer stedet på plads 3" in told((1, 3), (1, 2), (2, 3))
    assert "for få lokationer" in told((1, 1))


def test_the_inferred_weights_are_always_ranked_by_first(equations):
    other = weighed(1, 2, 3, 5, 1)
    assert next(iter(scores.weightings(equations, other, 4).values())) == other
    assert scores.INFERRED in scores.weightings(equations, other, 4).values()
    found = list(scores.weightings(equations, scores.INFERRED, 4).values())
    assert found.count(scores.INFERRED) == 1


def test_the_inference_is_said_as_the_solutions_are(equations):
    found = scores.solutions(equations)
    told = words.inferred(2, found, scores.INFERRED)
    assert f"Af {len(found)} sæt hele vægte, der giver de 2 offentliggjorte scorer" in told
    assert scores.written(scores.INFERRED) in told
    assert "er beregnet, ikke oplyst" in told
    other = weighed(1, 2, 3, 5, 1)
    assert f"Scoren regnes her med {scores.written(other)}." in words.inferred(2, found, other)
    assert "Ingen hele vægte" in words.inferred(1, [], scores.INFERRED)


@pytest.mark.parametrize(
    "given",
    [[1] * (TYPES - 1), [1] * (TYPES - 1) + [-1], [0] * TYPES, ["1"] * TYPES, [1] * (TYPES + 1)],
)
def test_weights_that_cannot_be_are_refused_in_danish(given):
    with pytest.raises(SelectionError, match=f"weights skal være {TYPES} tal"):
        scores.weights_of(given)


def test_weights_given_are_used_as_written():
    assert scores.weights_of([1] * (TYPES - 1) + [9.25])[-1] == Fraction(37, 4)
    assert scores.weights_of(None) == scores.INFERRED
