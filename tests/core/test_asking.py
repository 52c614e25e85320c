"""A notebook's common cell: the parameters as a selection, and nothing old after a wrong one."""

import datetime

import pytest

from analysis.core.asking import opened
from analysis.core.selection import SelectionError


def cell(names):
    names["con"], names["selection"] = opened(names)


def test_nothing_made_of_the_selection_before_outlives_a_wrong_one(database):
    names = {"database": str(database), "season": "2025/26", "half": "vinter", "opened": opened}
    cell(names)
    names |= {"per_month": [1, 2], "headline": "Færre", "_": 1, "dt": datetime, "day": min}
    cell(names)
    assert names["per_month"] == [1, 2]
    names["season"] = "2025/27"
    with pytest.raises(SelectionError):
        cell(names)
    names.pop("_given")
    assert set(names) == {"database", "season", "half", "opened", "_", "dt", "day"}
    names["season"] = "2025/26"
    cell(names)
    assert names["selection"].season.name == "2025/26"
