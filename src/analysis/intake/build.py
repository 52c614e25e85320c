"""The ingest: exports and reference tables into a new database, swapped in when complete."""

import glob
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import duckdb

from analysis.core import kept, taxonomy
from analysis.core.database import (
    READINGS,
    SYNTHETIC_PREFIX,
    VERSION,
    before,
    create_category,
    is_database,
    show,
    sql,
)
from analysis.core.errors import is_full, printable
from analysis.core.scratch import scratch
from analysis.core.season import Season, half_of
from analysis.core.selection import nearest
from analysis.intake import earlier, files, labels, lake, layout, pseudonym, reference
from analysis.intake.blanks import BLANKS
from analysis.intake.errors import IngestError, quoted, reason
from analysis.intake.files import Export, Unread
from analysis.intake.layout import FIELDS, Form, Source
from analysis.intake.readings import Readings, Sheet

FATES = ("accepted", "duplicate", "linked", "cancelled", "rejected")
_MEMORY = "4GB"
# A time of day is read with the first, a date alone with the second. Where a layout names formats
# of one kind only, ISO 8601 stands for the other: it is read always.
_TIMED = [
    *("%d-%m-%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S"),
    *("%d.%m.%Y %H.%M", "%d.%m.%Y %H.%M.%S"),
]
_DATED = ["%d-%m-%Y", "%d.%m.%Y"]
_PROGRAM = "".join(kept.code(Path(__file__).parents[1] / one) for one in ("core", "intake"))
_ISO_TIMED, _ISO_DATED = ["%Y-%m-%dT%H:%M:%S"], ["%Y-%m-%d"]


class FileCounts(NamedTuple):
    """Where the rows of one file went: rows = accepted + duplicate + … + rejected."""

    file: str
    forms: tuple[str, ...]
    rows: int
    fates: dict[str, int]


class Reason(NamedTuple):
    """A reason given for a fate, in Danish, and the rows it was given for."""

    fate: str
    reason: str
    rows: int


class Unknown(NamedTuple):
    """A label that nobody knows, what kind of label it is, and the rows it stands on."""

    kind: str
    label: str
    rows: int


class Intake(NamedTuple):
    """What became of the exports; `refused` says in Danish why the database was left as it was."""

    outcomes: list[FileCounts]
    unread: list[Unread]
    reasons: list[Reason]
    unknown: list[Unknown]
    refused: str | None

    @property
    def totals(self) -> dict[str, int]:
        """The rows of each fate over all files."""
        return {fate: sum(one.fates[fate] for one in self.outcomes) for fate in FATES}


def ingest(
    exports: Path,
    tables: Path,
    layout_file: Path,
    database: Path,
    accept: bool = False,
    into: Path | None = None,
) -> Intake:
    """Build `database` from the exports and the reference tables; return where each row went.

    `into` is the folder of a lake of the same tables, to be written beside it; an export that the
    lake was written from before is not read again. See `lake` and `readings`.
    The database that was there is replaced only when the new one is complete and, unless `accept`,
    something was accepted and no file had more than half of its rows rejected; where the new one
    says otherwise, it is kept beside it, see `earlier`. Raises IngestError,
    and leaves it as it was, where a file cannot be used or the database cannot be replaced.
    """
    # Where a link stands for the database, it stays, and what it leads to is replaced.
    database = database.resolve()
    if database.is_dir():
        raise IngestError(f"{database}: er en mappe, ikke en databasefil")
    if database.exists() and not is_database(database):
        raise IngestError(
            f"{database.name}: er ikke en af programmets databaser og bliver ikke overskrevet"
        )
    if "?" in str(database):
        # DuckDB takes what follows for options, and loses the file on the way.
        raise IngestError(f"{database}: databasens sti må ikke have et spørgsmålstegn")
    forms = layout.read(layout_file)
    found, unread = files.find(exports, forms)
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        with (
            scratch(".ingest-", database.parent) as folder,
            lake.beside(into) if into else nullcontext() as new,
        ):
            readings = Readings(into / READINGS, new / READINGS) if into and new else None
            intake = _build(found, unread, tables, forms, folder, readings)
            refused = None if accept else _why_refused(intake)
            if not refused:
                if new:
                    lake.write(folder / "new.duckdb", new)
                old = earlier.held(database, folder / "new.duckdb", folder)
                swap(folder / "new.duckdb", database)
                if into and new:
                    lake.swap(new, into)
                if old:
                    swap(old, before(database))
    except OSError as error:
        if is_full(error):
            raise
        raise IngestError(f"{error.filename or database}: {reason(error)}") from None
    except duckdb.Error as error:
        if is_full(error):
            raise
        # What it says may quote a row.
        told = type(error).__name__
        raise IngestError(f"{database.name}: databasen kunne ikke bygges ({told})") from error
    return intake._replace(refused=refused)


def _why_refused(intake: Intake) -> str | None:
    totals = intake.totals
    if not totals["accepted"]:
        return "ingen række blev godkendt"
    for outcome in intake.outcomes:
        if 2 * outcome.fates["rejected"] > outcome.rows:
            return f"mere end halvdelen af rækkerne i {outcome.file} blev afvist"
    return None


def swap(new: Path, database: Path) -> None:
    """Put a new database in the place of the one that was there."""
    try:
        os.replace(new, database)
    except PermissionError:
        raise IngestError(
            f"{database.name}: er åben et andet sted og blev ikke ændret; luk notebooks og "
            "programmer, der bruger den, og prøv igen"
        ) from None


def _build(
    found: dict[Path, list[Form]],
    unread: list[Unread],
    tables: Path,
    forms: layout.Layout,
    folder: Path,
    readings: Readings | None,
) -> Intake:
    secret = pseudonym.key()
    with _new_database(folder, secret) as con:
        _check_zones(con, forms)
        reference.load(con, tables)
        register = reference.register(con)
        read: dict[str, list[Sheet]] = {}
        number = 0
        for file, asked in found.items():
            name = readings.name(file, asked, register, secret) if readings else ""
            sheets = readings.recall(con, name, number) if readings else None
            if sheets is None:
                exports, left = files.prepare(file, asked, folder)
                unread = unread + left
                sheets = [
                    _load(con, number + at, export, folder) for at, export in enumerate(exports)
                ]
                for at in range(len(sheets)):
                    labels.empty_moved(con, number + at, forms, register)
                # What the names of other sheets tell is not kept.
                if readings and not left:
                    readings.keep(con, name, number, sheets)
            rows = 0
            for sheet in sheets:
                _number(con, number, printable(file.name), rows, sheet)
                rows += sheet.rows
                number += 1
            read[printable(file.name)] = sheets
        labels.match(con, forms, register)
        show(con)
        _decide(con)
        con.execute("insert into made_by values ($1, $2, $3, $4, $5)", _made_by(forms, secret))
        counted = con.execute(sql("intake/outcome")).fetchall()
        reasons = con.execute(sql("intake/reasons"), {"is_whole": True}).fetchall()
        unknown = con.execute(sql("intake/unknown_labels"), {"is_whole": True}).fetchall()
    fates = {file: dict.fromkeys(FATES, 0) for file in read}
    for file, fate, rows in counted:
        fates[file][fate] = rows
    for file, sheets in read.items():
        rows = sum(sheet.rows for sheet in sheets)
        if sum(fates[file].values()) != rows:
            raise IngestError(f"{file}: {rows} rækker blev læst, men ikke alle fik en skæbne")
    outcomes = [
        FileCounts(
            file,
            tuple(dict.fromkeys(sheet.form for sheet in read[file])),
            sum(by.values()),
            by,
        )
        for file, by in fates.items()
    ]
    return Intake(
        outcomes,
        unread,
        [Reason(*one) for one in reasons],
        [Unknown(*one) for one in unknown],
        None,
    )


def _made_by(forms: layout.Layout, secret: str) -> list[str]:
    """Return the digests of what rows are read with, as the columns of `made_by`."""
    # What the cells of a row are, in so far as a layout says: not what its labels mean.
    columns = {
        form.name: {
            field: replace(source, headings=("",) * bool(source.headings), values=None)
            for field, source in form.sources.items()
        }
        for form in forms.values()
    }
    given = secret, repr(forms), repr(columns), repr(taxonomy.FORM), _PROGRAM
    return [hashlib.sha256(one.encode()).hexdigest()[:16] for one in given]


@contextmanager
def _new_database(folder: Path, secret: str) -> Iterator[duckdb.DuckDBPyConnection]:
    config = {"memory_limit": _MEMORY, "temp_directory": str(folder / "spill")}
    with duckdb.connect(folder / "new.duckdb", config=config) as con:
        con.execute("attach $path as raw", {"path": str(folder / "raw.duckdb")})
        con.execute("set variable key = $key", {"key": secret})
        con.execute("set variable synthetic = $prefix", {"prefix": SYNTHETIC_PREFIX})
        # Written at once: one at a time, each statement waits for the disk.
        con.begin()
        create_category(con)
        con.execute(sql("intake/schema"))
        show(con)
        con.commit()
        con.execute(sql("intake/scratch"))
        yield con
        con.execute("detach raw")


def _check_zones(con: duckdb.DuckDBPyConnection, forms: layout.Layout) -> None:
    zones = {source.zone for form in forms.values() for source in form.sources.values()}
    known = {name for (name,) in con.execute("select name from pg_timezone_names()").fetchall()}
    for zone in sorted(zones - known):
        near = nearest(zone, known, 1)
        hint = f"; nærmest er {near[0]}" if near else ""
        raise IngestError(f"layoutet: zone {quoted(zone)} kendes ikke{hint}")


def _number(
    con: duckdb.DuckDBPyConnection, number: int, file: str, rows_before: int, sheet: Sheet
) -> None:
    given = {
        "file_no": number,
        "file": file,
        "rows_before": rows_before,
        "has_numbers": FIELDS[sheet.form][0] in sheet.fields,
        "has_district": "district" in sheet.fields,
        "has_facility": "facility" in sheet.fields,
    }
    con.execute(sql("intake/file"), given)


def _load(con: duckdb.DuckDBPyConnection, number: int, export: Export, folder: Path) -> Sheet:
    """Load the rows of an export, whose number DuckDB must find as we do."""
    if not (export.text and _is_loaded(con, number, export)):
        # What DuckDB's reader refuses, or counts otherwise, is rewritten row by row.
        export = files.rewrite(export.text, folder) if export.text else export
        if not _is_loaded(con, number, export):
            raise IngestError(f"{export.name}: rækkerne kan ikke tælles ens på to måder")
    return Sheet(export.form.name, sorted(export.places), export.rows)


def _is_loaded(con: duckdb.DuckDBPyConnection, number: int, export: Export) -> bool:
    form = export.form
    given = {"file_no": number, "blanks": "\x1f".join(["", *sorted(BLANKS), ""])}
    for name, field in (("reported", "reported_at"), ("occurred", "occurred_at")):
        if field in FIELDS[form.name]:
            given |= _clock(name, form.sources.get(field, Source()))
    _rows(con, export).create_view("export")
    con.begin()
    try:
        ((count,),) = con.execute(sql(f"intake/load_{form.name}"), given).fetchall()
        is_loaded = count == export.rows
    except duckdb.InvalidInputException:
        is_loaded = False
    con.execute("commit" if is_loaded else "rollback")
    con.execute("drop view export")
    return is_loaded


def _clock(name: str, source: Source) -> dict[str, object]:
    """Return what the times of a field are read with, as the parameters of a query."""
    # DuckDB takes two digits for a year of four, so that a year of two digits is tried first.
    formats = sorted(source.formats, key=lambda form: "%y" not in form)
    dates = sorted(source.dates, key=lambda form: "%y" not in form)
    timed = [form for form in formats if form not in dates]
    given = (timed or _ISO_TIMED, dates or _ISO_DATED) if formats else (_TIMED, _DATED)
    return {f"{name}_timed": given[0], f"{name}_dated": given[1], f"{name}_zone": source.zone}


def _rows(con: duckdb.DuckDBPyConnection, export: Export) -> duckdb.DuckDBPyRelation:
    """Return an export's rows with its fields by name, and `problem`: what makes a row none."""
    columns = [f"column{at}" for at in range(export.width)]
    quote = {} if export.text else {"quotechar": '"', "escapechar": '"'}
    read = con.read_csv(
        # A name is no pattern.
        glob.escape(str(export.csv)),
        sep=export.delimiter,
        header=True,
        skiprows=export.line - 1,
        auto_detect=False,
        columns=dict.fromkeys(columns, "VARCHAR"),
        **({"quotechar": "", "escapechar": ""} | quote),
    )
    fields = (files.PROBLEM, *FIELDS[export.form.name])
    return read.select(*(_field(export, field, columns).alias(field) for field in fields))


def _field(export: Export, field: str, columns: list[str]) -> duckdb.Expression:
    if field in export.places:
        return duckdb.ColumnExpression(columns[export.places[field]])
    default = export.form.sources.get(field, Source()).default
    return duckdb.ConstantExpression(default).cast("VARCHAR")


def _decide(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the tables of incidents from the loaded rows."""
    # Rows are numbered by now; where order no longer counts, every core can write.
    con.execute("set preserve_insertion_order = false")
    # Every join is written with the many rows first; guesses of size would build on them.
    con.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
    for script in ("file_rank", "zero_loss", "form", "form_repeat"):
        con.execute(sql(f"intake/{script}"))
    con.execute(sql("intake/order_fate"), {"cancelled": taxonomy.CANCELLED})
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
    con.execute(sql("intake/help_call"))
    con.execute(sql("intake/row_digest"))
    con.execute(sql("intake/intake_row"))
    con.execute(sql("intake/dataset"), {"version": VERSION})
