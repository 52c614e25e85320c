"""The note to the committee for one place and period: as HTML, as Word, and as PDF."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import unicodedata
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from analysis import note
from analysis.comparison import changes
from analysis.core import asking
from analysis.core import database as databases
from analysis.core.scratch import HALF_MADE, scratch
from analysis.core.selection import Selection
from analysis.outlook import scenario
from analysis.reports import blocks, chromium, page, sealing, word
from analysis.reports.kernel import WarmKernel, WarmKernels

# The notebook that is the note.
NAME = "09_status_note"
_PROGRAMS = ("soffice", "libreoffice")
# Where LibreOffice is installed without a name on the path.
_PLACES = (
    Path("C:/Program Files/LibreOffice/program/soffice.com"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)
# With the document's structure, for those who have it read aloud, and sharp charts.
_AS_PDF = "pdf:writer_pdf_Export:" + json.dumps(
    {
        name: {"type": "boolean", "value": "true"}
        for name in ("UseTaggedPDF", "UseLosslessCompression")
    }
)
_LONGEST = 180
# No file system takes a name of any length.
_LONGEST_NAME = 100
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


class Written(NamedTuple):
    """The files of a note, and how many places a person has to fill in; no PDF is None.

    `covered` is whether the data hold both periods whole.
    """

    html: Path
    docx: Path
    pdf: Path | None
    to_fill: int
    covered: bool


class NoteError(RuntimeError):
    """The notebook of the note failed; the message is one line."""


def write(
    selection: Selection,
    compare_season: str | None,
    database: Path,
    output: Path,
    assumed: list | None = None,
    *,
    force: bool = False,
) -> Written:
    """Write the note of a selection into a folder, named after its place and period.

    `assumed` is a scenario, as `outlook.scenario` reads it; with `force` an edited note gives way.
    Raises, before anything runs, SelectionError for what a user can have got wrong, and
    `word.EditedError` for an edited note; NoteError where the notebook fails.
    """
    with closing(databases.connect(database)) as con:
        known = asking.resolve(con, selection)
        compared = changes.against(known, compare_season)
        scenario.read(con, assumed)
        data = asking.dataset(con)
    name = file_name(known)
    html, docx = output / f"{name}.html", output / f"{name}.docx"
    if not force:
        word.refuse_edited(docx)
    given = {
        "season": known.season.name,
        "half": known.half,
        "district": known.district,
        "location": known.location,
        "compare_season": compare_season,
        "scenario": assumed,
    }
    output.mkdir(parents=True, exist_ok=True)
    try:
        with scratch(HALF_MADE, output) as folder:
            notebook, _ = executed(given, database, folder)
            _, text = page.report(notebook, NAME, name, data, None, known, is_listed=False)
            (folder / html.name).write_bytes(text.encode("utf-8"))
            word.write(notebook, folder / docx.name, data)
            pdf = _pdf(folder / html.name, folder / docx.name)
            if not pdf:
                html.with_suffix(".pdf").unlink(missing_ok=True)
            # First what other programs hold open on Windows, where it cannot be replaced.
            for file in filter(None, (pdf, docx, html)):
                (folder / file.name).replace(output / file.name)
    finally:
        with suppress(OSError):  # It holds other notes.
            output.rmdir()
    sealing.seal(database)
    covered = data.covers(known, compared)
    return Written(html, docx, pdf and output / pdf.name, len(note.PROMPTS), covered)


def executed(
    given: dict[str, object], database: Path, folder: Path
) -> tuple[NotebookNode, asking.Dataset]:
    """Return the note's notebook, run in `folder` with these parameters, and what its data are."""
    notebook = databases.ROOT / "notebooks" / f"{NAME}.ipynb"
    with closing(databases.connect(database)) as con:
        data = asking.dataset(con)

    def run(kernel: WarmKernel, asked: dict[str, object]) -> NotebookNode:
        return kernel.run(notebook, folder / notebook.name, asked)

    with WarmKernels(1) as kernels:
        try:
            ((_, found),) = kernels.each(run, [given | {"database": str(database)}])
        except PapermillExecutionError as error:
            raise NoteError(blocks.without_folders(f"{error.ename}: {error.evalue}")) from None
    return found, data


def file_name(selection: Selection) -> str:
    """Return a name in plain letters: "status_blaagaardens_bibliotek_vinter_2025_26"."""
    period = selection.period.replace("halvåret", "").replace("sæsonen", "saeson")
    text = f"status {selection.place[:_LONGEST_NAME]} {period}".lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def _pdf(html: Path, docx: Path) -> Path | None:
    """Write the PDF that this machine can make, LibreOffice's first; say why, where it cannot."""
    if convert(docx):
        return docx.with_suffix(".pdf")
    try:
        chromium.print_pages([html])
    except chromium.NoBrowserError as error:
        print(f"Der blev ikke lavet PDF: LibreOffice blev ikke fundet, og {error}", file=sys.stderr)
        return None
    return html.with_suffix(".pdf")


def convert(document: Path) -> bool:
    """Write a Word document as PDF beside it with LibreOffice; return whether it could be done."""
    found = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    program = found or next((place for place in _PLACES if place.is_file()), None)
    if not program:
        return False
    # A profile of its own, since LibreOffice does nothing while another of the same is open.
    with scratch("barometer-office-") as profile:
        command = [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--convert-to", _AS_PDF, "--outdir", str(document.parent)),
            str(document),
        ]
        try:
            _run(command)
        except (subprocess.SubprocessError, OSError):
            return False
    return document.with_suffix(".pdf").is_file()


def _run(command: list[str]) -> None:
    """Run a program, and end it with all that it started where it takes too long or is cut short.

    LibreOffice's is one that starts another, which goes on without it.
    Raises SubprocessError, or OSError where it cannot be started.
    """
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Of no effect on Windows.
    ) as running:
        try:
            code = running.wait(_LONGEST)
        except BaseException:
            if hasattr(os, "killpg"):
                with suppress(ProcessLookupError):
                    os.killpg(running.pid, signal.SIGKILL)
            running.kill()
            raise
    if code:
        raise subprocess.CalledProcessError(code, command[0])
