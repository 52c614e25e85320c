"""Patrol rounds shared out: all used, within bounds, in proportion, and never unfair."""

import numpy as np
import pytest

from analysis.core.selection import SelectionError
from analysis.priority.rounds import share_out


def cases(number=300):
    rng = np.random.default_rng(7)
    for _ in range(number):
        places = int(rng.integers(1, 30))
        urgency = rng.gamma(0.5, 2, places) * (rng.random(places) > 0.2)
        least = int(rng.integers(0, 4))
        most = None if rng.random() < 0.4 else least + int(rng.integers(0, 12))
        room = 200 if most is None else most * places
        yield (
            urgency.tolist(),
            int(rng.integers(least * places, room + 1 + least * places))
            if (most is None)
            else int(rng.integers(least * places, room + 1)),
            least,
            most,
        )


@pytest.mark.parametrize("case", list(cases()))
def test_all_rounds_are_used_within_the_bounds_and_a_more_urgent_place_never_gets_fewer(case):
    urgency, rounds, least, most = case
    shares = share_out(urgency, rounds, least, most)
    assert sum(shares) == rounds
    assert min(shares) >= least
    assert most is None or max(shares) <= most
    by_urgency = [share for _, share in sorted(zip(urgency, shares, strict=True), reverse=True)]
    assert by_urgency == sorted(by_urgency, reverse=True)


@pytest.mark.parametrize("case", list(cases(100)))
def test_one_round_more_takes_none_from_anybody(case):
    urgency, rounds, least, most = case
    if most is not None and rounds >= most * len(urgency):
        return
    before = share_out(urgency, rounds, least, most)
    after = share_out(urgency, rounds + 1, least, most)
    assert sorted(now - then for now, then in zip(after, before, strict=True))[:-1] == [0] * (
        len(urgency) - 1
    )


def test_it_is_websters_method():
    # Balinski and Young's example of 26 seats on which the five divisor methods all differ.
    assert share_out([9061, 7179, 5259, 3319, 1182], 26) == [9, 8, 5, 3, 1]


def test_what_divides_evenly_is_divided_evenly():
    assert share_out([3, 2, 1], 12) == [6, 4, 2]


def test_a_place_without_urgency_gets_rounds_only_where_the_others_are_full():
    assert share_out([5, 1, 0, 0], 10) == [8, 2, 0, 0]
    assert share_out([5, 1, 0, 0], 10, most=4) == [4, 4, 1, 1]
    assert share_out([5, 1, 0], 10, least=1) == [7, 2, 1]


def test_of_equal_places_the_first_gets_the_odd_round():
    assert share_out([1, 1, 1], 4) == [2, 1, 1]


def test_no_rounds_and_no_places_are_shared_too():
    assert share_out([1, 2], 0) == [0, 0]
    assert share_out([], 0) == []


@pytest.mark.parametrize(
    ("urgency", "rounds", "least", "most", "told"),
    [
        ([1, 1, 1], 5, 2, None, "5 runderinger kan ikke række til mindst 2 til hvert af 3 steder"),
        ([1, 1], 9, 0, 4, "9 runderinger kan ikke deles ud med højst 4 til hvert af 2 steder"),
        ([1], 9, 5, 4, "Et sted kan ikke få mindst 5 og højst 4."),
        ([1], -1, 0, None, "skal være et helt tal på mindst 0, ikke -1"),
        ([1], 1.5, 0, None, "skal være et helt tal på mindst 0, ikke 1.5"),
        ([1], True, 0, None, "skal være et helt tal på mindst 0, ikke True"),
        ([], 3, 0, None, "3 runderinger kan ikke deles ud"),
    ],
)
def test_what_cannot_be_shared_out_is_said_in_danish(urgency, rounds, least, most, told):
    with pytest.raises(SelectionError, match=told):
        share_out(urgency, rounds, least, most)


def test_urgency_below_none_is_refused():
    with pytest.raises(ValueError, match="urgency must"):
        share_out([1, -1], 3)
