"""Notebooks as they are stored."""

import altair as alt
import nbformat
import pytest

from analysis.show import stored

NOTEBOOKS = sorted(file.name for file in stored.FOLDER.glob("[0-9][0-9]_*.ipynb"))


def test_a_cell_that_was_not_run_has_no_number_and_the_others_are_counted_from_one():
    cells = [
        nbformat.v4.new_code_cell(text, execution_count=n) for text, n in (("", None), ("1", 7))
    ]
    cells[1].outputs = [nbformat.v4.new_output("execute_result", {}, execution_count=7)]
    notebook, _ = stored.on_store(
        nbformat.v4.new_notebook(cells=cells), {"metadata": {"name": "another"}}
    )
    assert [cell.execution_count for cell in notebook.cells] == [None, 1]
    assert notebook.cells[1].outputs[0].execution_count == 1


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_stored_chart_keeps_the_schema(name):
    """In a reader's batch none is held against it, since that takes longer than drawing."""
    notebook = nbformat.read(stored.FOLDER / name, as_version=4)
    for data in stored._charts(notebook):
        alt.Chart.from_dict(data[stored.CHART_TYPE], validate=True)
