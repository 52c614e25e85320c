"""How soon reports come, and what is still to come, against R and by simulation."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.statistics import delays


def in_weeks(rows):
    counts = np.zeros((rows["age"].max() + 1, rows["delay"].max() + 1))
    counts[rows["age"], rows["delay"]] = rows["incidents"]
    return counts


def test_shares_reported_are_those_of_surveillance():
    """R 4.2.2, surveillance 1.20.3, its series husO104Hosp as known on 2 June 2011.

    nowcast(now, when = now - 15:0, "dHosp", "dReport", D = 15, m = NULL, method = "lawless");
    the last delay is of 15 days or more. `came` and `at_risk` are "n.x" and "N.x" of its triangle.
    """
    counts = in_weeks(pd.read_csv(Path(__file__).with_name("husq.csv")))
    came = np.array([2, 14, 29, 35, 45, 48, 48, 32, 24, 29, 19, 11, 10, 2, 1, 11])
    at_risk = np.array([2, 16, 45, 78, 118, 157, 197, 214, 216, 217, 202, 188, 160, 109, 81, 67])
    found = delays.reported(counts)
    assert found.hazard[1:] == pytest.approx((came / (at_risk + 1))[1:])
    # As there, where nothing is added.
    theirs = [0.003377879625, 0.027023037003, 0.076002291570, 0.137864621918, 0.222849662826]
    hazard = np.append((found.hazard * (at_risk + 1) / at_risk)[1:], 0)
    assert np.cumprod((1 - hazard)[::-1])[::-1][:5] == pytest.approx(theirs, rel=1e-9)
    assert found.share[:5] == pytest.approx(theirs, abs=0.003)
    assert found.share[-1] == 1


def drawn(rng, weeks=104, most=26, mean=30.0, late=0.3):
    """Weeks of reports as known now, and what is still to come of each week."""
    counts, rest = np.zeros((weeks, most + 1)), np.zeros(weeks)
    for age in range(weeks):
        whole = rng.poisson(mean)
        delay = np.where(rng.random(whole) < late, rng.geometric(0.3, whole), 0)
        np.add.at(counts, (age, delay[delay <= min(age, most)]), 1)
        rest[age] = (delay > age).sum()
    return counts, rest


def test_what_is_still_to_come_is_foreseen():
    told, held, mean, came = [], 0, 0.0, 0.0
    for seed in range(200):
        counts, rest = drawn(np.random.default_rng(seed))
        found = delays.reported(counts)
        each = delays.to_come(
            counts[:13].sum(axis=1), found.share[:13], found.error[:13], found.beyond
        )
        whole = delays.together(each, found.beyond)
        low, high = delays.bound(whole, 0.05), delays.bound(whole, 0.95)
        told.append(found.share[:4])
        held += low <= rest[:13].sum() <= high
        mean, came = mean + whole.mean, came + rest[:13].sum()
    # Of those reported later than in their own week, 0.3 in each of the next ones.
    truth = 1 - 0.3 * 0.7 ** np.arange(4)
    assert np.mean(told, axis=0) == pytest.approx(truth, abs=0.01)
    assert mean == pytest.approx(came, rel=0.05)
    assert 0.88 <= held / 200 <= 0.97


def test_months_in_which_reports_were_late_widen_what_is_told():
    rng = np.random.default_rng(1)
    even, _ = drawn(rng)
    uneven = np.vstack([drawn(rng, late=0.1 + n % 16 / 16)[0][n : n + 8] for n in range(0, 104, 8)])
    assert delays.reported(uneven).beyond > 3 * delays.reported(even).beyond


def test_where_nothing_is_late_nothing_is_to_come():
    counts = np.zeros((104, 27))
    counts[:, 0] = 5
    found = delays.reported(counts)
    assert (found.share == 1).all()
    told = delays.to_come(np.array([5.0, 0.0]), np.ones(2), np.zeros(2), found.beyond)
    assert (told.mean == 0).all()
    assert (delays.bound(told, 0.95) == 0).all()
    assert (delays.reported(np.zeros((104, 27))).share == 1).all()


def test_bounds_are_those_of_the_distributions():
    mean = np.array([0.4, 3.0, 40.0])
    plain = delays.ToCome(mean, mean)
    assert delays.bound(plain, 0.95) == pytest.approx(stats.poisson.ppf(0.95, mean))
    wide = delays.ToCome(mean, 2 * mean)
    assert delays.bound(wide, 0.95) == pytest.approx(stats.nbinom.ppf(0.95, mean, 0.5))
    # Of a count with any mean as likely before it: negative binomial.
    told = delays.to_come(np.array([7]), np.array([0.6]))
    assert told.mean == pytest.approx(stats.nbinom.mean(7.5, 0.6))
    assert told.variance == pytest.approx(stats.nbinom.var(7.5, 0.6))
