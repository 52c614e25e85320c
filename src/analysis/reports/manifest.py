"""What a run has made of each notebook, and what that depends on, so that nothing is made twice."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.core import asking, danish, kept, prose
from analysis.core.database import ROOT, before, identity, opened_from
from analysis.core.scratch import put
from analysis.outlook import sealed
from analysis.reports.make import ENDINGS, Made, Order
from analysis.reports.parameters import Notebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What a run leaves beside its reports: for programs, and for whoever looks after it.
NAME, LOG = "manifest.json", "koersel.log"
_LIBRARIES = (
    "altair",
    "astral",
    "jinja2",
    "mistune",
    "openpyxl",
    "python-docx",
    "vl-convert-python",
)


class Keys:
    """The keys of orders over a database; equal where notebook, values, data and code are."""

    def __init__(self, con: "DuckDBPyConnection") -> None:
        made = hashlib.sha256(kept.key(con).encode())
        # A page says what changed since the database from before, where one is kept.
        path = opened_from(con)
        if path and (earlier := before(path.resolve())).exists():
            made.update(repr(identity(earlier)).encode())
        # A page says what came of earlier forecasts; of its own, nothing has come yet.
        if last := asking.dataset(con).last_day:
            made.update(repr(sealed.ended(con, last)).encode())
        package = Path(__file__).parents[1]
        # Each folder on its own, so that where they stand decides nothing.
        for folder, files in ((package, "**/template/*"), (prose.FOLDER, "**/*")):
            for file in sorted(each for each in folder.glob(files) if each.is_file()):
                made.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
        made.update(repr([version(name) for name in _LIBRARIES]).encode())
        self._made = made.digest()
        self._files: dict[Path, bytes] = {}

    def of(
        self, notebook: Notebook, given: Mapping[str, object], pages: Sequence[str], *, images: bool
    ) -> str:
        """Return the key of a notebook run with these values, and with the files that they name.

        `pages` are the notebooks to whose pages its own may lead.
        """
        # What stands in the database is part of every key.
        asked = {name: value for name, value in given.items() if name != "database"}
        named = [ROOT / each for each in asked.values() if isinstance(each, str)]
        files = list(map(self._digest, (notebook.path, *named)))
        told = repr([sorted(asked.items()), files, images, pages]).encode()
        return hashlib.sha256(self._made + told).hexdigest()

    def _digest(self, file: Path) -> bytes:
        """Return the digest of a file's bytes, b"" of what is none."""
        if file not in self._files:
            self._files[file] = b""
            with suppress(OSError, ValueError):
                # A device may have no end.
                if file.is_file():
                    self._files[file] = hashlib.sha256(file.read_bytes()).digest()
        return self._files[file]


class Manifest:
    """The runs that have left their reports in a folder, and the log of this one."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self._runs = self._read()

    def _read(self) -> dict[str, dict]:
        with suppress(OSError, ValueError, KeyError, TypeError):
            return dict(json.loads((self._output / NAME).read_text(encoding="utf-8"))["runs"])
        return {}

    def is_current(self, name: str, key: str, *, pdf: bool) -> bool:
        """Return whether all that was made with a key still stands there, with `pdf` that too."""
        run = self._runs.get(name)
        if not isinstance(run, dict) or (run.get("status"), run.get("key")) != ("done", key):
            return False
        folder, stem = (self._output / name).parent, Path(name).name
        files = [*run.get("files", []), *([f"{stem}.pdf"] if pdf else [])]
        return bool(files) and all((folder / file).exists() for file in files)

    def begin(self, number: int, unchanged: int) -> None:
        """Begin the log of a run of so many notebooks."""
        self._output.mkdir(parents=True, exist_ok=True)
        with (self._output / LOG).open("w", encoding="utf-8") as log:
            log.write(f"{_now()}  {number} notebooks at køre, {unchanged} er uændrede\n")

    def add(self, order: Order, made: Made) -> None:
        """Keep what an order has come to."""
        name = f"{order.folder.name}/{order.name}"
        files = [
            file.name
            for page in made.pages
            for ending in ENDINGS
            if (file := order.folder / f"{page.name}.{ending}").exists()
        ]
        # Another run may have left its own there meanwhile.
        self._runs = self._read()
        self._runs[name] = {
            "status": "failed" if made.error else "done",
            "ended": _now(),
            "seconds": round(made.seconds, 2),
            "key": order.key,
            "error": made.error,
            "files": files,
        }
        text = json.dumps({"runs": dict(sorted(self._runs.items()))}, ensure_ascii=False, indent=1)
        put(self._output / NAME, text.encode("utf-8"))
        told = f"fejlede: {made.error}" if made.error else "færdig"
        with (self._output / LOG).open("a", encoding="utf-8") as log:
            log.write(f"{_now()}  {name}  {danish.number(made.seconds, 1)} s  {told}\n")


def _now() -> str:
    return datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
