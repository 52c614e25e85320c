"""Whether incidents are reported the same way in two periods."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import hypergeom

from analysis import barometer
from analysis.barometer import quality
from analysis.comparison import reporting, words
from analysis.comparison.reporting import LATE, ORDERS, Part
from analysis.core.selection import Selection
from analysis.statistics import THRESHOLD

CITY = [Selection("2024/25"), Selection("2025/26")]


def test_a_sign_counts_what_the_views_count(con):
    signs = reporting.signs(con, *CITY).set_index("name")
    for when, period in zip(("before", "after"), CITY, strict=True):
        delays = quality.delay(con, period).set_index("name")["incidents"]
        late = delays[["8–30 dage", "Over 30 dage"]].sum()
        parts = signs[[f"part_{when}", f"whole_{when}"]]
        assert parts.loc[LATE].tolist() == [late, delays.sum()]
        blanks = quality.blanks(con, period).set_index("field")
        assert parts.loc["Uden forurettede"].tolist() == [
            blanks.loc["victim", "blank"],
            blanks.loc["victim", "incidents"],
        ]
        steps = [
            barometer.incidents(con, replace(period, category=label))
            for label in ("Ubehagelige tilråb", "Trusler", "Fysisk vold")
        ]
        assert parts.loc[reporting.HIGHER].iloc[0] == sum(steps)


@pytest.mark.parametrize(
    "location", [None, "Blågårdens Bibliotek", "Vesterbro Bibliotek og Kulturhus"]
)
def test_the_signs_stand_in_the_same_order_wherever_they_are_looked_for(con, location):
    periods = [replace(one, location=location) for one in CITY]
    assert reporting.signs(con, *periods)["name"].tolist() == [
        LATE,
        "Uden forurettede",
        "Uden demografi",
        "Uden underkategori",
        "Uden klokkeslæt",
        reporting.HIGHER,
        ORDERS,
    ]


def test_the_median_delay_is_that_of_the_days_of_the_reports(con):
    periods = [replace(one, category="Trusler") for one in CITY]
    found = reporting.delays(con, *periods)
    for one, period in zip(found, periods, strict=True):
        days = con.execute(
            "select reported_at::date - occurred_at::date from incident where source = 'uro'"
            " and season = ? and half = 'vinter' and category = 'Trusler'",
            [period.season.name],
        ).fetchall()
        assert one == np.median([row[0] for row in days])
    assert reporting.delays(con, *(replace(one, season="2019/20") for one in CITY)) == (None, None)


def test_repair_orders_are_all_of_the_place_those_linked_to_a_case_too(con):
    period = Selection("2024/25", location="Blågårdens Bibliotek", category="Trusler")
    part, whole = (
        reporting.signs(con, period, CITY[1])
        .set_index("name")
        .loc[ORDERS, ["part_before", "whole_before"]]
    )
    own, linked, form = (
        con.execute(query, [period.location, period.season.name]).fetchone()[0]
        for query in (
            "select count(*) from incident where location = ? and season = ?"
            " and half = 'vinter' and source = 'haervaerk'",
            "select count(*) from intake_row join incident using (incident_id) where location = ?"
            " and season = ? and half = 'vinter' and fate = 'linked'",
            "select count(*) from incident where location = ? and season = ?"
            " and half = 'vinter' and source = 'uro'",
        )
    )
    assert linked > 0
    assert (part, whole) == (own + linked, own + linked + form)


def test_each_sign_is_tested_exactly():
    signs = reporting.tested({"a": Part(3, 40)}, {"a": Part(12, 50)})
    # Fisher's test by hand: every table with the same margins that is no more likely.
    table = hypergeom(90, 15, 40)
    chances = table.pmf(np.arange(16))
    assert signs.loc[0, "p_value"] == pytest.approx(
        chances[chances <= table.pmf(3) * (1 + 1e-9)].sum(), rel=1e-5
    )


def test_a_sign_with_nothing_to_tell_is_not_tested():
    none, every = {"a": Part(0, 9), "b": Part(9, 9)}, {"a": Part(0, 7), "b": Part(7, 7)}
    assert reporting.tested(none, every)["p_value"].isna().all()
    assert reporting.tested({"a": Part(1, 9)}, {})["p_value"].isna().all()
    assert reporting.tested({}, {}).empty


@pytest.mark.parametrize("whole", [(87, 68), (951, 876)])
def test_a_warning_is_rare_where_nothing_changed(whole):
    random = np.random.default_rng(4)
    shares = {"a": 0.03, "b": 0.08, "c": 0.2, "d": 0.03, "e": 0.07}

    def draw(size):
        return {name: Part(int(random.binomial(size, p)), size) for name, p in shares.items()}

    warned = [
        (reporting.tested(*map(draw, whole))["adjusted"] < THRESHOLD).any() for _ in range(600)
    ]
    # One in twenty, and three standard errors of so many draws.
    assert np.mean(warned) < 0.05 + 3 * (0.05 * 0.95 / 600) ** 0.5


def test_a_changed_way_of_reporting_is_warned_of_with_its_figures():
    before = {LATE: Part(5, 100), ORDERS: Part(4, 104)}
    changed = reporting.tested(before, {LATE: Part(40, 100), ORDERS: Part(5, 105)})
    told = words.reporting_change(changed, (0, 3)).data.replace("\u00a0", " ")
    assert told.startswith("**Advarsel: ")
    assert f"»{LATE}« gik fra 5 pct. til 40 pct." in told
    assert ORDERS not in told
    assert "gik fra 4 til 5: ingen klar ændring" in told
    assert "meldt ind, gik fra 0 dage (samme dag) til 3 dage." in told
    same = words.reporting_change(reporting.tested(before, before), (1, 1)).data
    assert same.startswith("**Intet tyder klart på")
    assert "2 tegn" in same
    assert "meldt ind inden for 1 dag i begge perioder." in same
    unknown = words.reporting_change(reporting.tested(before, before), (None, 2.5)).data
    assert "Mediantiden" not in unknown


def test_too_few_reports_are_said_to_be_too_few():
    nothing = {LATE: Part(0, 0), ORDERS: Part(0, 0)}
    assert (
        "for få indmeldinger"
        in words.reporting_change(reporting.tested(nothing, nothing), (None, None)).data
    )
