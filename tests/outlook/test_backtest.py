"""The record of the forecasts: honest origins, right scores, and the better method shown."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom, poisson
from small_city import city
from test_outlook import PLACES, THROUGH, happened

from analysis import outlook
from analysis.core import taxonomy
from analysis.core.selection import Selection
from analysis.outlook import backtest, scenario
from analysis.outlook.backtest import LAST, MEAN, METHODS, MODEL, REGRESSION, Dispersions

SIZE = 200


@pytest.fixture(scope="module")
def small():
    return city({"location": PLACES}, happened(), ("2021-10-01", THROUGH))


@pytest.fixture(scope="module")
def scored(small):
    return backtest.scores(small, THROUGH, size=SIZE)


def test_each_half_year_that_can_be_judged_is_and_no_other(scored):
    halves = scored[(scored["level"] == "city") & scored["month"].isna()]
    found = halves[halves["method"] == MODEL][["ahead", "period"]].apply(tuple, axis=1)
    winters = ["vinterhalvåret 2022/23", "vinterhalvåret 2023/24", "vinterhalvåret 2024/25"]
    summers = ["sommerhalvåret 2023", "sommerhalvåret 2024"]
    assert sorted(found) == sorted((n, one) for n in (1, 2) for one in (*winters, *summers))


def test_each_method_is_judged_on_the_same(scored):
    keys = ["level", "ahead", "period", "month", "name"]
    parts = [scored[scored["method"] == one][[*keys, "observed"]] for one in METHODS]
    for part in parts[1:]:
        assert part.reset_index(drop=True).equals(parts[0].reset_index(drop=True))


def test_what_happened_is_what_the_city_counts(scored, small):
    counted = small.execute(
        "select count(*) from incident where season = '2023/24' and half = 'vinter'"
    ).fetchone()[0]
    rows = scored[(scored["period"] == "vinterhalvåret 2023/24") & scored["month"].isna()]
    for level in outlook.LEVELS:
        for ahead in (1, 2):
            model = rows[(rows["level"] == level) & (rows["ahead"] == ahead)]
            assert model[model["method"] == MODEL]["observed"].sum() == counted


def test_months_that_nobody_exported_are_neither_judged_nor_taken_for_the_season_before():
    """Exports of winters alone are what the document is made of."""
    winters = [row for row in happened() if row[1][5:7] in ("10", "11", "12", "01", "02", "03")]
    con = city({"location": PLACES}, winters * 2, ("2021-10-01", "2025-03-31"))
    scored = backtest.scores(con, "2025-03-31", size=SIZE)
    assert {*scored["half"]} == {"vinter"}
    summer = outlook.forecast(con, "2025-03-31", "2024/25", "sommer", "city")
    assert summer["chance_above_last"].isna().all()
    winter = outlook.forecast(con, "2025-03-31", "2025/26", "vinter", "city")
    assert winter["chance_above_last"].iloc[:5].notna().all()


def test_a_past_forecast_does_not_change_with_what_came_later(scored):
    other = [row for row in happened() if row[1] < "2024-10"]
    later = ("2024-10", "2024-11", "2024-12", "2025-01", "2025-02", "2025-03")
    other += [("C Hal", f"{month}-{day:02} 10:00") for month in later for day in range(1, 29)]
    con = city({"location": PLACES}, other, ("2021-10-01", THROUGH))
    again = backtest.scores(con, THROUGH, size=SIZE)
    figures = ["level", "ahead", "period", "month", "name", "method", "mean", "low_90", "high_90"]
    # C Hal is in the register all along, so it has the same rows.
    pd.testing.assert_frame_equal(scored[figures], again[figures])
    assert (scored["observed"] != again["observed"]).any()


def test_the_simple_forecasts_are_what_they_are_called(scored):
    rows = scored[
        (scored["level"] == "city")
        & (scored["period"] == "vinterhalvåret 2024/25")
        & (scored["ahead"] == 1)
        & scored["month"].isna()
    ].set_index("method")
    for method in (LAST, MEAN, REGRESSION):
        assert rows.loc[method, "mean"] == pytest.approx(63, rel=0.02)


def test_the_regression_is_that_of_statsmodels():
    import statsmodels.api as sm

    known = 2021 * 12 + 9 + np.arange(36)
    counts = np.random.default_rng(2).poisson(20 * np.exp(0.01 * np.arange(36)), (2, 36))
    months = known[-1] + 1 + np.arange(6)
    design = [
        np.hstack(
            [(each[:, None] % 12 == np.arange(12)) * 1.0, (each[:, None] - known.mean()) / 12]
        )
        for each in (known, months)
    ]
    found = backtest.simple_means(counts, known, months)[REGRESSION]
    for row, values in zip(found, counts, strict=True):
        fitted = sm.GLM(values, design[0], family=sm.families.Poisson()).fit()
        assert row == pytest.approx(fitted.predict(design[1]), rel=0.01)


def test_the_mean_is_over_all_seasons_and_the_last_the_latest():
    known = 2021 * 12 + 9 + np.arange(24)
    counts = np.array([[10.0] * 12 + [20.0] * 12])
    found = backtest.simple_means(counts, known, known[-1] + 1 + np.arange(6))
    assert (found[LAST] == 20).all()
    assert (found[MEAN] == 15).all()


def by_definition(cumulated, observed):
    """CRPS of a distribution of counts from its definition."""
    return sum((share - (count >= observed)) ** 2 for count, share in enumerate(cumulated))


@pytest.mark.parametrize("spread", [1.0, 4.0])
def test_the_draws_of_a_simple_forecast_are_negative_binomial(spread):
    means = np.array([[0.1, 2.5, 7.0, 90.0]])
    draws = backtest.simulated(means, Dispersions(spread, 2.0), 40_000)
    of = [
        poisson(each) if spread == 1 else nbinom(each / (spread - 1), 1 / spread)
        for each in means[0]
    ]
    assert of[3].var() == pytest.approx(spread * 90)
    for n, each in enumerate(of):
        for share in (0.05, 0.5, 0.95):
            count = each.ppf(share)
            assert (draws[:, 0, n] <= count).mean() == pytest.approx(each.cdf(count), abs=0.01)
    whole = draws[:, 0, -1]
    assert whole.mean() == pytest.approx(99.6, rel=0.01)
    assert whole.var() == pytest.approx(2 * 99.6, rel=0.05)


def test_a_simple_forecast_varies_as_much_as_it_was_wrong_before():
    known = 2021 * 12 + 9 + np.arange(36)
    even = np.full((2, 36), 10.0)
    assert set(backtest.dispersions(even, known)[LAST]) == {1.0}
    # A third season with twice as many: the last season was 10 off in 10, a half-year 60 in 60.
    jumped = np.hstack([even[:, :24], 2 * even[:, :12]])
    assert backtest.dispersions(jumped, known)[LAST].months > 4
    assert backtest.dispersions(jumped, known)[LAST].half > 20
    # Nothing is known of errors before there is a second season.
    assert set(backtest.dispersions(jumped[:, :12], known[:12])[LAST]) == {1.0}


def test_a_season_without_incidents_makes_nothing_certain(small):
    known = outlook.Known(small, THROUGH)
    found = outlook.Outcome(known, Selection("2025/26"), size=SIZE)
    for method in (LAST, MEAN, REGRESSION):
        rows = backtest.simple(known, found, "location", method)
        rows = rows[rows["month"].isna()].set_index("name")
        assert rows.loc["Tom Hal", "median"] <= 1
        assert rows.loc["Tom Hal", "high_90"] >= 1


def test_a_scenario_reaches_the_simple_forecasts(small):
    known = outlook.Known(small, THROUGH)
    given = [
        {
            "location": "A Bibliotek",
            "kind": "Lukning",
            "starts": "2025-12-01",
            "ends": "2025-12-31",
        },
        {"location": "B Bibliotek", "factor": 2, "starts": "2025-10-01"},
    ]
    changes = outlook.scenario.read(small, given)
    made = {}
    for entries in ((), changes):
        found = outlook.Outcome(known, Selection("2025/26"), changes=entries, size=SIZE)
        made[bool(entries)] = backtest.simple(known, found, "location", LAST).set_index(
            ["name", "month"]
        )["mean"]
    december = pd.Timestamp("2025-12-01")
    assert made[False]["A Bibliotek", december] == pytest.approx(10, rel=0.1)
    assert made[True]["A Bibliotek", december] == 0
    for month in (december, pd.Timestamp("2026-01-01")):
        plain = made[False]["B Bibliotek", month]
        assert made[True]["B Bibliotek", month] == pytest.approx(2 * plain, rel=0.1)


def test_the_score_of_draws_is_the_definitions():
    draws = np.random.default_rng(4).poisson(12, 300)
    cumulated = [(draws <= count).mean() for count in range(60)]
    judged = backtest.judge(
        ["x"],
        Selection("2024/25"),
        {MODEL: np.tile(draws[:, None, None], (1, 1, 7))},
        np.full((1, 6), 9),
        np.full((1, 6), 12.0),
    )
    above = (draws > 12).mean()
    assert judged["brier"].iloc[0] == pytest.approx(above**2)
    assert judged["crps"].iloc[0] == pytest.approx(by_definition(cumulated, 9))


def test_an_interval_holds_its_ends():
    draws = {MODEL: np.tile(np.arange(100)[:, None, None], (1, 1, 7))}
    observed = np.array([[4, 94, 3, 95, 24, 75]])
    judged = backtest.judge(["x"], Selection("2024/25"), draws, observed, np.full((1, 6), np.nan))
    assert judged["brier"].isna().all()
    assert list(judged["in_90"][:6]) == [True, True, False, False, True, True]
    assert list(judged["in_50"][:6]) == [False, False, False, False, True, False]


def lived(model, **others):
    """Made-up scores of half-years, a list a method."""
    return pd.DataFrame(
        [
            {"method": method, "period": f"{n}", "level": "city", "month": pd.NaT, "crps": crps}
            | {"error": 1.0, "in_50": True, "in_90": True, "brier": 0.2}
            for method, each in {"model": model, **others}.items()
            for n, crps in enumerate(each)
        ],
        columns=[
            *("method", "period", "level", "month", "crps", "error", "in_50", "in_90", "brier")
        ],
    )


@pytest.mark.parametrize(
    ("scored", "shown"),
    [
        (lived([2, 2.1, 1.9], last=[3, 3.2, 2.9], mean=[4, 4, 4]), MODEL),
        (lived([2, 2.1, 1.9], last=[1.5, 1.7, 1.4], mean=[4, 4, 4]), LAST),
        (lived([2, 2.1, 1.9], last=[1.5, 1.7, 1.4], mean=[1.2, 1.3, 1.1]), MEAN),
        # Lower on average, but not in every half-year.
        (lived([2, 2.1, 1.9], last=[1.0, 2.5, 1.9], mean=[4, 4, 4]), MODEL),
        # Of one half-year nobody can say how much chance does.
        (lived([2], last=[1]), MODEL),
        (lived([]), MODEL),
    ],
)
def test_the_model_is_shown_unless_a_simple_forecast_beat_it(scored, shown):
    assert backtest.best(scored) == shown
    record = backtest.record(scored, "city")
    assert list(record["method"][record["shown"].astype(bool)]) == [shown] * bool(len(scored))


def test_a_simple_forecast_that_beat_the_model_is_what_the_page_shows(small, scored):
    known = outlook.Known(small, THROUGH)
    found = outlook.Outcome(known, Selection("2025/26"))
    beaten = won_by(scored, LAST)
    rows = backtest.shown(found, known, beaten, "location")
    sums = rows[rows["month"].isna()].set_index("name")
    assert set(rows["method"]) == {LAST}
    assert sums.loc["A Bibliotek", "mean"] == pytest.approx(42, rel=0.02)
    # Its interval and its chance are its own.
    drawn = backtest.drawn(known, found, "location", LAST)
    at = drawn.names.index("A Bibliotek")
    above = (drawn.draws[:, at, -1] > drawn.last[at, -1]).mean()
    assert sums.loc["A Bibliotek", "chance_above_last"] == above
    model = backtest.shown(found, known, won_by(scored, MODEL), "location")
    assert set(model["method"]) == {MODEL}
    columns = ["name", "month", "low_90", "high_90", "chance_above_last"]
    pd.testing.assert_frame_equal(model[columns], outlook.summary(found, "location")[columns])


def won_by(scored, method):
    """Return made-up scores of which one method has by far the best."""
    others = 1e6 * (1 + scored["period"].rank(method="dense") / 100)
    return scored.assign(crps=scored["crps"].where(scored["method"] == method, others))


CLOSED = {"location": "A Bibliotek", "kind": "Lukning", "starts": "2025-12-15"}


@pytest.mark.parametrize("winner", [MODEL, LAST, MEAN, REGRESSION])
@pytest.mark.parametrize("closed", [[], [CLOSED | {"ends": "2026-02-28"}]])
def test_one_method_is_shown_of_which_months_places_and_half_years_agree(
    small, scored, winner, closed
):
    known = outlook.Known(small, THROUGH)
    found = outlook.Outcome(known, Selection("2025/26"), changes=scenario.read(small, closed))
    made = {
        level: backtest.shown(found, known, won_by(scored, winner), level)
        for level in ("city", "district", "location")
    }
    sums, means = {}, {}
    for level, rows in made.items():
        assert set(rows["method"]) == {winner}
        is_half = rows["month"].isna()
        halves = rows[is_half].set_index("name")
        months = rows[~is_half].groupby("name")[["count", "mean"]].sum()
        assert months["count"].to_dict() == halves["count"].to_dict()
        assert months["mean"].to_dict() == pytest.approx(halves["mean"].to_dict(), rel=1e-4)
        sums[level], means[level] = halves["count"], rows.groupby("month", dropna=False)["mean"]
        # What is told of a name is all of one distribution.
        drawn = backtest.drawn(known, found, level, winner)
        ends = np.quantile(drawn.draws, [0.05, 0.5, 0.95], axis=0, method="inverted_cdf")
        told = rows[["low_90", "median", "high_90"]].to_numpy().T
        assert (told == ends.reshape(3, -1)).all()
        above = (drawn.draws > drawn.last).mean(axis=0).ravel()
        assert rows["chance_above_last"].tolist() == pytest.approx(above.tolist())
    assert sums["city"].sum() == sums["district"].sum() == sums["location"].sum()
    units = known.units(None).set_index("name")["district"]
    by_district = sums["location"].groupby(units).sum()
    assert by_district.to_dict() == sums["district"].to_dict()
    of_city = means["city"].sum().tolist()
    for level in ("district", "location"):
        assert means[level].sum().tolist() == pytest.approx(of_city, rel=1e-4)


def test_a_method_that_is_better_at_half_years_alone_is_not_shown(small, scored):
    is_half = (scored["level"] == "location") & scored["month"].isna()
    others = scored["crps"] * np.where(is_half, 0.5, 2.0)
    better = scored.assign(crps=scored["crps"].where(scored["method"] == MODEL, others))
    better.loc[is_half & (scored["method"] == LAST), "crps"] /= 10
    of_level = backtest.record(better, "location")
    assert backtest.compared(backtest.simplest(of_level)) < 0
    assert backtest.best(better) == MODEL
    assert list(of_level["method"][of_level["shown"]]) == [MODEL]
    known = outlook.Known(small, THROUGH)
    found = outlook.Outcome(known, Selection("2025/26"))
    assert set(backtest.shown(found, known, better, "location")["method"]) == {MODEL}


def test_types_are_told_by_the_method_that_tells_the_city(small):
    of_types = backtest.scores(small, THROUGH, "category", size=SIZE)
    known = outlook.Known(small, THROUGH)
    found = outlook.Outcome(known, Selection("2025/26"), "category")
    is_type = of_types["level"] == "category"
    for winner in (MODEL, LAST):
        won = won_by(of_types, winner).where(~is_type, won_by(of_types, MEAN))
        assert set(backtest.shown(found, known, won, "city", "category")["method"]) == {winner}


def test_a_simple_forecast_knows_the_months_that_have_passed(small):
    known = outlook.Known(small, "2024-12-31")
    found = outlook.Outcome(known, Selection("2024/25"), size=SIZE)
    rows = backtest.simple(known, found, "city", LAST)
    assert list(rows["mean"][:3]) == [9, 12, 15]
    assert rows["mean"].iloc[3] == pytest.approx(12, rel=0.03)


def test_too_short_a_past_has_no_record(small):
    empty = backtest.scores(small, "2022-09-30", size=SIZE)
    assert empty.empty
    assert backtest.record(empty, "city").empty


def test_types_have_a_record_of_their_own(small):
    found = backtest.scores(small, THROUGH, "category", size=SIZE)
    assert set(found["level"]) == {"category", *outlook.LEVELS}
    assert backtest.record(found, "category")["forecasts"].iloc[0] == 10 * len(
        taxonomy.CATEGORY_LABELS
    )


def test_a_record_counts_half_years_and_their_months_apart(scored):
    halves, months = (backtest.record(scored, "city", monthly) for monthly in (False, True))
    assert list(halves["method"]) == list(METHODS)
    assert list(halves["forecasts"]) == [10] * 4
    assert list(months["forecasts"]) == [60] * 4
    assert list(halves["periods"]) == [5] * 4
