"""Synthetic exports of a city that never was, for tests, benchmarks and the committed sample."""

import csv
from pathlib import Path

from analysis.core.database import ROOT
from analysis.core.scratch import put, scratch

DEFAULT_SEED = 1


def write(output: Path, rows: int | None = None, seed: int | None = None) -> None:
    """Write exports to `output/exports` and their reference tables to `output/reference`.

    Without `rows` and `seed` the exports are the committed sample, byte for byte. Otherwise they
    are `rows` form rows of the same make-up (default: as many as the sample holds), drawn with
    `seed`, and repair orders in proportion.
    Files bearing the sample's own names are replaced or removed; others are left alone.
    Raises ValueError for a negative number of rows or seed.
    """
    from analysis.sample import bulk, city, dirt, files  # what they import is heavy

    for name, number in (("rows", rows), ("seed", seed)):
        if number is not None and number < 0:
            raise ValueError(f"{name} must be 0 or more, not {number}")
    exports = output / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    form, orders = city.rows()
    # Beside them until it is whole: what is cut short would be read as exports.
    with scratch(".sample-", output) as made:
        if rows is None and seed is None:
            files.write(made, *dirt.added(form, orders))
        else:
            drawn = len(form) if rows is None else rows
            bulk.write(
                made, *dirt.respelled(form, orders), drawn, DEFAULT_SEED if seed is None else seed
            )
        paths = sorted(made.glob("*.*"))
        new = [path.replace(exports / path.name) for path in paths]
        for path in {*files.known_paths(exports)} - {*new}:
            path.unlink(missing_ok=True)
    _copy_reference(output / "reference")


def read_table(path: str) -> list[dict[str, str]]:
    """Return the rows of a committed CSV table, `path` being relative to `data/`."""
    with (ROOT / "data" / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _copy_reference(target: Path) -> None:
    source = ROOT / "data" / "reference"
    target.mkdir(parents=True, exist_ok=True)
    if target.samefile(source):
        return
    for path in sorted(source.glob("*.csv")):
        put(target / path.name, path.read_bytes())
