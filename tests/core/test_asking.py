"""A notebook's common cell: the parameters as a selection, and nothing old after a wrong one."""

import datetime
import re

import pytest

from analysis.core import asking
from analysis.core.asking import opened
from analysis.core.database import ROOT, connect
from analysis.core.selection import Selection, SelectionError
from analysis.reports.parameters import find_notebooks


def cell(names):
    names["con"], names["selection"] = opened(names)


def test_a_summer_is_told_its_season():
    with pytest.raises(SelectionError, match='half = "sommer" og season = "2024/25"'):
        Selection("sommeren 2025")


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


def test_a_page_of_half_years_shows_one_whatever_days_a_file_gives(database):
    names = {"database": str(database), "season": "2024/25", "period": "november 2025"}
    _, chosen = opened(dict(names), days=False)
    assert (chosen.season.name, chosen.first_day, chosen.last_day) == ("2024/25", None, None)
    assert opened(dict(names))[1].period == "1.–30. november 2025"


NOTEBOOKS = find_notebooks(ROOT / "notebooks")


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda one: one.path.stem)
def test_a_notebook_takes_days_where_it_declares_them(notebook):
    opens = "opened(globals())" in notebook.path.read_text(encoding="utf-8")
    assert opens == ({"first_day", "last_day", "period"} <= notebook.declared.keys())


def test_the_readme_lists_every_parameter_and_the_notebooks_that_take_it():
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| parameter |")[2]
    listed = {}
    for row in table.partition("\n\n")[0].splitlines()[2:]:
        names, _, where = row.strip("| ").split(" | ")
        listed |= dict.fromkeys(re.findall(r"`(\w+)`", names), where)
    taking = {
        name: [one.path.stem[:2] for one in NOTEBOOKS if name in one.declared]
        for name in {name for one in NOTEBOOKS for name in one.declared}
    }
    assert listed.keys() == taking.keys()
    for name, numbers in taking.items():
        told = listed[name].partition(";")[0]
        if told.startswith("00–03"):
            # 00 is no report.
            others = re.findall(r"\d\d", told.removeprefix("00–03"))
            assert numbers == ["01", "02", "03", *others]
        elif told != "alle":
            assert numbers == told.split(", "), name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "2024/25"),
        ({"half": None}, "2024/25"),
        ({"half": "sommer"}, "sommeren 2025"),
        ({"first_day": "2025-11-01", "last_day": "2025-11-30"}, "november 2025"),
        ({"first_day": "2025-11-01", "last_day": "2025-11-29"}, "perioden 1.–29. november 2025"),
    ],
)
def test_a_period_has_a_short_name(given, name):
    assert Selection("2024/25", **given).name == name


def test_a_wrong_half_says_that_the_whole_year_is_none():
    with pytest.raises(SelectionError, match="vinter eller sommer, eller lad det være tomt"):
        Selection("2024/25", "efterår")


def test_a_notebook_of_ones_own_needs_a_season_alone(database, monkeypatch):
    monkeypatch.setattr(asking, "connect", lambda path: connect(path or database))
    _, selection = opened({"season": "2025/26"})
    assert selection.period == "vinterhalvåret 2025/26"
    with pytest.raises(SelectionError, match="season mangler"):
        opened({})
