"""Notebooks as they are stored."""

import nbformat

from analysis.show import stored


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
