"""What differs after the twelfth digit is one number, whatever it is written to or decided by."""

import json
import re
from dataclasses import replace
from math import inf, isnan, nan

import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy import optimize

from analysis import statistics
from analysis.comparison import changes, words
from analysis.comparison.exposure import NONE, Basis
from analysis.core import danish
from analysis.core.rounding import rounded, whole_parts
from analysis.core.selection import Selection
from analysis.measures import effect
from analysis.outlook import backtest, projection
from analysis.outlook.backtest import LAST, MODEL
from analysis.priority import need, ranking
from analysis.severity import ladder
from analysis.show import charts, sheets
from analysis.show.tables import TABLE_TYPE, table
from analysis.statistics import Interval, RateRatio
from analysis.statistics.pooling import Posterior, shrink

# What one processor finds, and another.
NUDGES = (1 - 3e-14, 1.0, 1 + 3e-14)


def is_one(found):
    """Return whether all that the processors gave is the same."""
    return all(one == found[0] for one in found)


def nudged(monkeypatch, module, name, nudge):
    """Let a function's figures end otherwise."""
    plain = getattr(module, name)

    def other(*args, **named):
        found = plain(*args, **named)
        return type(found)(*(each * nudge for each in found))

    monkeypatch.setattr(module, name, other)


# The rule


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1234567, 0.123457),
        (1234.5678, 1234.57),
        (-0.0001234567, -0.000123457),
        (87.00000000000001, 87.0),
        (1e-17, 0.0),
        (10_234_567.0, 10_234_567.0),
        (10_234_567.3, 10_234_567.0),
        (np.float64(0.1234567), 0.123457),
        (inf, inf),
        (1_234_567, 1_234_567),
        (True, True),
        ("1,2345678", "1,2345678"),
        (None, None),
    ],
)
def test_a_number_keeps_six_digits_and_a_whole_one_all(value, shown):
    assert rounded(value) == shown
    assert type(rounded(value)) is (float if isinstance(value, float) else type(value))


def test_nothing_has_no_sign_and_what_is_unknown_stays_unknown():
    assert str(rounded(-0.0)) == str(rounded(-1e-17)) == "0.0"
    assert isnan(rounded(nan))


@pytest.mark.parametrize("value", [0.1234565, 2.5 / 512, 1 / 3, 1_234_567.5])
def test_what_lies_between_two_numbers_goes_the_same_way(value):
    assert is_one([rounded(value * nudge) for nudge in NUDGES])


def test_what_holds_numbers_keeps_its_form():
    df = pd.DataFrame(
        {
            "value": [1 / 3, nan],
            "count": pd.array([1, None], "Int64"),
            "month": pd.to_datetime(["2024-10-01", None]),
            "mixed": ["over 90 %", 1 / 3],
            "name": ["Valby", None],
            "kind": pd.Categorical(["a", "b"]),
        }
    )
    for given in (df, df.iloc[:0], df.set_axis(["same"] * 6, axis=1)):
        assert (rounded(given).dtypes.to_numpy() == given.dtypes.to_numpy()).all()
    assert rounded(df)["value"][0] == rounded(df)["mixed"][1] == 0.333333
    assert df["value"][0] == 1 / 3
    assert rounded({"a": [1 / 3, (1 / 3,)]}) == {"a": [0.333333, (0.333333,)]}
    assert rounded(Interval(1 / 3, inf)) == Interval(0.333333, inf)
    assert rounded(np.full((2, 2), 1 / 3)).tolist() == [[0.333333] * 2] * 2


# What leaves


@pytest.mark.parametrize(("name", "value"), [("ratio", 0.9652068547644059), ("one", 1.0)])
def test_a_chart_is_the_same(name, value):
    def drawn(nudge):
        ends = {"value": [value * 0.8 * nudge], "low": [0.5 * nudge], "high": [value * nudge]}
        df = pd.DataFrame({"name": [name], **ends})
        return charts.intervals(df, "Forhold", axis="Forhold", reference=1, log=True)

    assert is_one([drawn(nudge).to_dict() for nudge in NUDGES])


def test_a_chart_that_is_shown_has_no_more_digits_anywhere():
    df = pd.DataFrame({"name": ["A", "B"], "value": [1 / 3, 0.7], "low": 0.3, "high": 2 / 3})
    charts.enable()
    shown = charts.intervals(df, "Andel", axis="Andel")._repr_mimebundle_()
    fractions = re.findall(r"\d+\.\d+", json.dumps(shown["application/vnd.vegalite.v5+json"]))
    assert "0.333333" in fractions
    assert all(len(each.replace(".", "").lstrip("0")) <= 6 for each in fractions)


def test_a_table_is_the_same_with_its_sums_and_its_text():
    def made(nudge):
        df = pd.DataFrame({"name": ["A", "B"], "rate": [0.9652068547644059 * nudge, 0.125 * nudge]})
        return table(df, "Tabel", total=True, decimals=2)

    for part in (lambda each: each._repr_html_(), repr, lambda each: each._repr_mimebundle_()):
        assert is_one([part(made(nudge)) for nudge in NUDGES])
    assert made(1)._repr_mimebundle_()[TABLE_TYPE]["rows"][0][1] == 0.965207


def test_a_cell_of_a_workbook_is_the_same():
    sheet = openpyxl.Workbook().active

    def written(value):
        sheets.put(sheet["A1"], value)
        return sheet["A1"].value

    assert is_one([written(0.9652068547644059 * nudge) for nudge in NUDGES])
    df = pd.DataFrame({"name": ["A"], "rate": [1 / 3]})
    sheets.fill_sheet(sheet, replace(table(df, "Tabel"), rows=(("A", 1 / 3),)))
    assert sheet.cell(sheets.HEADING_ROW + 1, 2).value == 0.333333


@pytest.mark.parametrize(
    "told",
    [
        lambda nudge: danish.number(2.5 * nudge),
        lambda nudge: danish.number(0.125 * nudge, 2),
        lambda nudge: danish.signed(nudge - 1),
        lambda nudge: danish.chance(0.995 * nudge),
    ],
)
def test_a_sentence_is_the_same(told):
    assert is_one([told(nudge) for nudge in NUDGES])


# What is decided


def test_a_change_is_clear_on_all_or_on_none(monkeypatch):
    counted = pd.DataFrame(
        {"is_after": [False, True], "incidents": [87, 60], "location": "A", "self_service": False}
    ).assign(on_unclear_day=False)
    found = []
    for nudge in NUDGES:
        at_the_limit = RateRatio(0.7 * nudge, 0.5 * nudge, 1.0 * nudge, 0.05 * nudge)
        for name in ("rate_ratio", "quasi_rate_ratio"):
            monkeypatch.setattr(statistics, name, lambda *_, limit=at_the_limit, **__: limit)
        answers = changes.answers(counted, [Basis(NONE, (1.0,), (1.0,))])
        found.append((words.verdict_words(answers), answers["p_value"][0] < 0.05))
    assert is_one(found)


def test_the_evidence_of_a_measure_is_the_same(con, monkeypatch):
    selection = Selection("2025/26", "vinter", location="Blågårdens Bibliotek")
    case = effect.cases(effect.measures(con, selection))[0]
    found = []
    for nudge in NUDGES:
        with monkeypatch.context() as patch:
            patch.setattr(
                effect,
                "treatment_effect",
                lambda *_, n=nudge: RateRatio(0.7 * n, 0.5, 1.0 * n, 0.05),
            )
            nudged(patch, statistics, "rate_ratio", nudge)
            one = effect.effect(con, selection, case)
        found.append((one.evidence, one.design, one.compared, one.peers.to_dict()))
    assert is_one(found)


def test_incidents_have_moved_on_the_ladder_on_all_or_on_none(monkeypatch):
    found = []
    for nudge in NUDGES:
        with monkeypatch.context() as patch:
            plain = ladder.step_change(*[[30, 5, 3, 2], [20, 9, 6, 5]])
            at_the_limit = plain._replace(p_value=0.05 * nudge, mean=plain.mean * nudge)
            patch.setattr(ladder, "step_change", lambda *_, limit=at_the_limit: limit)
            found.append(ladder.verdict(ladder.movement([20, 9, 6, 5], [30, 5, 3, 2])))
    assert is_one(found)


def test_equally_urgent_places_stand_by_name_and_a_method_is_better_on_all_or_on_none():
    names = pd.Series(["Valby", "Amager", "Nørrebro"])
    orders = [ranking.places_of(np.array([1.0, 1.0 * n, 2.0]), names).tolist() for n in NUDGES]
    assert orders == [[3, 2, 1]] * 3

    def best(nudge):
        # The simple one is lower by twice the error of the difference, which is not by more.
        crps = [0.7, 0.7, 0.7, *(0.7 - nudge * (0.2 + n * 0.1 * 3**0.5) for n in (-1, 0, 1))]
        rows = pd.DataFrame(
            {"method": [MODEL] * 3 + [LAST] * 3, "period": ["a", "b", "c"] * 2, "crps": crps}
        ).assign(level="city", month=pd.NaT, error=0.0, in_50=True, in_90=True, brier=0.25)
        return backtest.best(rows)

    assert is_one([best(nudge) for nudge in NUDGES])


# What is drawn, and searched for


def test_draws_of_a_month_are_the_same():
    def draws(nudge):
        now = need.Estimate(
            month=None,
            places=pd.DataFrame({"location": ["A", "B"]}),
            rates=Posterior(np.array([3.3, 1.7]) * nudge, np.array([41.3, 17.7]) * nudge),
            types=np.array([[3.1, 1.2, 0.7, 0.3, 0.9]] * 2) * nudge,
            hours=np.array([90.1, 31.7]),
            used_hours=np.array([90.1, 31.7]),
            season=1.1 * nudge,
            counts=np.array([3, 1]),
            latest=None,
            until=None,
            luck=0.1 * nudge,
            share_known=1.0,
        )
        found = need.draws(now, need.WEIGHTS, np.ones(2), 500)
        return found.risk.tolist(), found.score.tolist()

    assert is_one([draws(nudge) for nudge in NUDGES])


def test_draws_of_the_months_to_come_are_the_same():
    rng = np.random.default_rng(3)
    counts = rng.poisson(9, (4, 30)).astype(float)
    fitted = projection.fit(
        projection.Past(counts, np.ones(counts.shape), 2021 * 12 + 9 + np.arange(30))
    )

    def parts(nudge):
        given = (fitted.shapes, fitted.rates, fitted.kept, fitted.pull, fitted.whitened)
        names = ("shapes", "rates", "kept", "pull", "whitened")
        other = fitted._replace(
            **{name: each * nudge for name, each in zip(names, given, strict=True)}
        )
        drawn = np.random.default_rng(1)
        whole = projection._whole_draws(other, np.arange(6) + fitted.past.months[-1] + 1, 50, drawn)
        return rounded(whole).tolist()

    assert is_one([parts(nudge) for nudge in NUDGES])
    again = projection.fit(fitted.past._replace(counts=counts * NUDGES[2]))
    for name in ("spread", "shapes", "rates", "kept"):
        assert np.array_equal(getattr(again, name), getattr(fitted, name)), name


def test_a_search_ends_at_one_point_wherever_it_comes_from(monkeypatch):
    rng = np.random.default_rng(5)
    counts, exposures = rng.poisson(4, 40), rng.uniform(10, 90, 40)
    groups = [["a", "b", "c", None][n % 4] for n in range(40)]
    plain = optimize.minimize
    rates = []
    for off in (0.0, 1e-5, -1e-5):
        monkeypatch.setattr(
            optimize,
            "minimize",
            lambda *args, off=off, **named: optimize.OptimizeResult(
                x=plain(*args, **named).x + off
            ),
        )
        rates.append(shrink(counts, exposures, groups).mean)
    assert np.abs(np.array(rates[1:]) / rates[0] - 1).max() < 1e-12


@pytest.mark.parametrize(
    ("total", "parts", "found"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (68, [16.2, 12.1, 39.7], [16, 12, 40]),
        (0, [1, 2], [0, 0]),
        (3, [0, 0], [2, 1]),
        (5, [2.5, 2.5], [3, 2]),
        (7, [7], [7]),
        (0, [], []),
    ],
)
def test_whole_parts_add_up_to_their_total(total, parts, found):
    assert whole_parts(total, parts) == found
