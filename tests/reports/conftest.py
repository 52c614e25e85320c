"""What the tests of the reports share."""

import nbformat
import pytest

from analysis.show.tables import TABLE_TYPE, Table


def _tables(notebook):
    for cell in nbformat.read(notebook, as_version=4).cells:
        for output in cell.get("outputs", ()):
            if bundle := output.get("data", {}).get(TABLE_TYPE):
                yield Table.of(bundle)


@pytest.fixture(scope="session")
def tables_of():
    """What gives the tables that a notebook shows."""
    return _tables
