"""A synthetic city with more places: each several times over, "Hal C 2" beside "Hal C"."""

import csv
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from analysis.core import taxonomy


def spread(data: Path, places: int) -> None:
    """Spread a sample over so many places, in its exports and in its reference tables."""
    register = list(_rows(data / "reference" / "locations.csv"))
    spelled = {
        taxonomy.key(spelling): row["location"]
        for row in register
        for spelling in filter(None, (row["location"], *row["other_names"].split(";")))
    }
    names = [row["location"] for row in register]
    copies = {name: len(range(n, places, len(names))) for n, name in enumerate(names)}
    for file in (data / "reference").glob("*.csv"):
        _write(file, (one for row in _rows(file) for one in _copied(row, copies)))
    for file in (data / "exports").glob("*.csv"):
        _write(file, _dealt(_rows(file), spelled, copies))


def _copied(row: dict[str, str], copies: dict[str, int]) -> Iterator[dict[str, str]]:
    """Yield a row of a reference table for each copy of its place."""
    for number in range(copies.get(row.get("location", ""), 1)):
        named = {field: _numbered(row[field], number) for field in ("location",) if field in row}
        if row.get("other_names"):
            spellings = (_numbered(each, number) for each in row["other_names"].split(";"))
            named["other_names"] = ";".join(spellings)
        yield row | named


def _dealt(
    rows: Iterable[dict[str, str]], spelled: dict[str, str], copies: dict[str, int]
) -> Iterator[dict[str, str]]:
    """Yield each row of an export at one of the copies of its place, in turn."""
    turns = {name: count() for name in copies}
    for row in rows:
        name = spelled.get(taxonomy.key(row["Lokation"]))
        number = next(turns[name]) % copies[name] if name else 0
        yield row | {"Lokation": _numbered(row["Lokation"], number)}


def _numbered(name: str, number: int) -> str:
    return f"{name} {number + 1}" if number else name


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        delimiter = ";" if file.parent.name == "exports" else ","
        yield from list(csv.DictReader(opened, delimiter=delimiter))


def _write(file: Path, rows: Iterable[dict[str, str]]) -> None:
    rows = list(rows)
    with file.open("w", encoding="utf-8", newline="") as opened:
        delimiter = ";" if file.parent.name == "exports" else ","
        writer = csv.DictWriter(opened, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
