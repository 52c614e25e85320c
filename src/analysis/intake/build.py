"""The ingest: exports and reference tables into a new database, swapped in when complete."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb

from analysis import taxonomy
from analysis.database import SYNTHETIC_PREFIX, sql
from analysis.intake import files, layout, reference
from analysis.intake.errors import IngestError, told
from analysis.season import Season, half_of

FATES = ("accepted", "duplicate", "linked", "cancelled", "rejected")
_MEMORY = "4GB"


class Outcome(NamedTuple):
    """Where the rows of one file went: rows = accepted + duplicate + … + rejected."""

    file: str
    form: str
    rows: int
    fates: dict[str, int]


def ingest(exports: Path, tables: Path, layout_file: Path, database: Path) -> list[Outcome]:
    """Build `database` from the exports and the reference tables; return where each row went.

    The database that was there is replaced only when the new one is complete. Raises IngestError,
    and leaves it as it was, where a file cannot be used or the database cannot be replaced.
    """
    if database.is_dir():
        raise IngestError(f"{database}: is a folder, not a database file")
    headings = layout.read(layout_file)
    found = files.find(exports)
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".ingest-", dir=database.parent) as folder:
            scratch = Path(folder)
            outcomes = _build(found, tables, headings, scratch)
            _swap(scratch / "new.duckdb", database)
    except OSError as error:
        raise IngestError(f"{error.filename or database}: {error.strerror or error}") from None
    except duckdb.Error as error:
        raise IngestError(f"{database.name}: {told(error)}") from None
    return outcomes


def _swap(new: Path, database: Path) -> None:
    try:
        os.replace(new, database)
    except PermissionError:
        raise IngestError(f"{database.name}: is open elsewhere and was left as it was") from None


def _build(
    found: list[Path], tables: Path, headings: layout.Layout, scratch: Path
) -> list[Outcome]:
    with _new_database(scratch) as con:
        reference.load(con, tables)
        exports = [files.prepare(file, headings, scratch) for file in found]
        for number, export in enumerate(exports):
            con.execute(sql("intake/file"), {"file_no": number, "file": export.name})
            _load(con, number, export, scratch)
        _match_labels(con)
        _decide(con)
        counted = con.execute(sql("intake/outcome")).fetchall()
    forms = {export.name: export.form for export in exports}
    fates = {export.name: dict.fromkeys(FATES, 0) for export in exports}
    for file, fate, rows in counted:
        fates[file][fate] = rows
    return [Outcome(file, forms[file], sum(by.values()), by) for file, by in fates.items()]


@contextmanager
def _new_database(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    config = {"memory_limit": _MEMORY, "temp_directory": str(scratch / "spill")}
    with duckdb.connect(scratch / "new.duckdb", config=config) as con:
        con.execute("attach $path as raw", {"path": str(scratch / "raw.duckdb")})
        con.execute(
            "create type category as enum (select unnest($labels))",
            {"labels": list(taxonomy.CATEGORY_LABELS)},
        )
        for script in ("intake/schema", "selected", "open_days", "open_spells", "intake/scratch"):
            con.execute(sql(script))
        yield con
        con.execute("detach raw")


def _load(con: duckdb.DuckDBPyConnection, number: int, export: files.Export, scratch: Path) -> None:
    if not export.has_text_inside:
        try:
            _insert(con, number, export)
            return
        except duckdb.Error:
            pass  # What DuckDB's parser refuses is rewritten.
    try:
        _insert(con, number, files.rewrite(export, scratch))
    except duckdb.Error as error:
        raise IngestError(f"{export.name}: {told(error)}") from None


def _insert(con: duckdb.DuckDBPyConnection, number: int, export: files.Export) -> None:
    columns = [f"column{at}" for at in range(export.width)]
    con.read_csv(
        str(export.csv),
        sep=export.delimiter,
        header=True,
        quotechar='"',
        escapechar='"',
        auto_detect=False,
        columns=dict.fromkeys(columns, "VARCHAR"),
    ).select(
        *(duckdb.ColumnExpression(columns[at]).alias(field) for field, at in export.columns.items())
    ).create_view("export")
    try:
        con.execute(sql(f"intake/load_{export.form}"), {"file_no": number})
    finally:
        con.execute("drop view export")


def _match_labels(con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.label: each spelling in the exports, matched by the taxonomy or the register."""
    register = reference.names(con)
    rows = []
    for kind, spelling in con.execute(sql("intake/spellings")).fetchall():
        if kind == "location":
            label = register.get(taxonomy.key(spelling))
        else:
            label = taxonomy.match(kind, spelling)
        if kind != "category":
            label = label or spelling.strip() or None
        is_other = kind == "category" and taxonomy.key(spelling) == taxonomy.key(taxonomy.OTHER)
        other = taxonomy.OTHER if is_other else None
        rows.append((kind, spelling, label, other, label == taxonomy.UNWANTED))
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 5
    con.execute(
        "insert into raw.label select unnest($1), unnest($2), unnest($3), unnest($4), unnest($5)",
        columns,
    )


def _decide(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the tables of incidents from the loaded rows."""
    # Rows are numbered by now; where order no longer counts, every core can write.
    con.execute("set preserve_insertion_order = false")
    # Every join is written with the many rows first; guesses of size would build on them.
    con.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
    con.execute(sql("intake/form"))
    con.execute(sql("intake/form_repeat"))
    con.execute(
        sql("intake/order_fate"),
        {"cancelled": taxonomy.CANCELLED, "statuses": list(taxonomy.LABELS["status"])},
    )
    for (month,) in con.execute(sql("intake/months")).fetchall():
        con.execute(
            "insert into raw.month values ($1, $2, $3)",
            [month, Season.of(month).name, half_of(month)],
        )
    con.execute(sql("intake/day_hours"))
    con.execute(
        sql("intake/incident"),
        {
            "vandalism": taxonomy.VANDALISM,
            "other": taxonomy.OTHER,
            "categories": list(taxonomy.CATEGORY_LABELS),
            "steps": [category.ladder_step or 0 for category in taxonomy.CATEGORIES],
        },
    )
    con.execute(sql("intake/help_combination"))
    con.execute(sql("intake/help_call"))
    con.execute(sql("intake/intake_row"))
    con.execute(sql("intake/dataset"), {"prefix": SYNTHETIC_PREFIX})
