"""What has been read of an export, kept in a lake, so that the export is not read again."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analysis.core.kept import CODE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Sheet(NamedTuple):
    """The rows of one form in a file: how many, and the fields that it has a column for."""

    form: str
    fields: list[str]
    rows: int


class Readings:
    """The readings of a lake, in `old`, and of the lake that takes its place, in `new`.

    A reading holds what the ingest goes on with: pseudonyms, moments and labels, no free text.
    """

    def __init__(self, old: Path, new: Path) -> None:
        self._old, self._new = old, new
        new.mkdir()

    def name(self, file: Path, *given: object) -> str:
        """Return the name of a file's reading: by its content and all that it is read by."""
        with file.open("rb") as source:
            content = hashlib.file_digest(source, "sha256").hexdigest()
        asked = content, "".join(file.suffixes).lower(), given
        return hashlib.sha256(CODE + repr(asked).encode()).hexdigest()

    def recall(self, con: "DuckDBPyConnection", name: str, number: int) -> list[Sheet] | None:
        """Load the rows of a file that was read before, the first sheet as export `number`."""
        if not (self._old / f"{name}.json").exists():
            return None
        told = json.loads((self._old / f"{name}.json").read_text(encoding="utf-8"))
        sheets = [Sheet(*sheet) for sheet in told]
        for at, sheet in enumerate(sheets):
            rows = self._old / f"{name}-{at}.parquet"
            con.execute(
                f"insert into raw.{sheet.form} by name "
                "select $number as file_no, * from read_parquet($rows)",
                {"number": number + at, "rows": str(rows)},
            )
            _link(rows, self._new / rows.name)
        _link(self._old / f"{name}.json", self._new / f"{name}.json")
        return sheets

    def keep(self, con: "DuckDBPyConnection", name: str, number: int, sheets: list[Sheet]) -> None:
        """Store the rows of a file, loaded as export `number` and those after it."""
        for at, sheet in enumerate(sheets):
            con.execute(
                f"copy (select * exclude (file_no) from raw.{sheet.form} where file_no = $number) "
                "to $rows (format parquet)",
                {"number": number + at, "rows": str(self._new / f"{name}-{at}.parquet")},
            )
        (self._new / f"{name}.json").write_text(json.dumps(sheets), encoding="utf-8")


def _link(file: Path, target: Path) -> None:
    # Files that are copies of one another are one reading.
    if not target.exists():
        try:
            os.link(file, target)
        except OSError:
            shutil.copyfile(file, target)
