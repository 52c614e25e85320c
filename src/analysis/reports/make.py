"""What a run writes for one notebook and one parameters file."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import nbformat
from papermill.exceptions import PapermillExecutionError

from analysis.core import database as databases
from analysis.core.asking import Dataset
from analysis.core.audience import INTERNAL
from analysis.core.errors import is_full, printable
from analysis.core.scratch import HALF_MADE, put, scratch
from analysis.core.selection import NoDataError, Selection, SelectionError
from analysis.reports import (
    blocks,
    everybody,
    interactive,
    meeting,
    note,
    page,
    pictures,
    word,
    workbook,
)
from analysis.reports.index import FRONT, Page
from analysis.reports.kernel import WarmKernel
from analysis.reports.parameters import Notebook
from analysis.show import marks

# First those that other programs hold open on Windows, where such a file cannot be replaced.
ENDINGS = ("xlsx", "docx", "pdf", "html", "ipynb")

# The page that a reader filters, by the notebook whose report it stands beside.
_FILTERED = {one.BESIDE: one for one in (interactive, everybody)}

HELD_OPEN = "er åben i et andet program eller skrivebeskyttet"


@dataclass(frozen=True)
class Order:
    """A notebook to run for a parameters file, and where its pages go.

    `folder` is named after the parameters file, whose values are `given`; `key` says all that the
    pages depend on. `selection` and `of` are what they are about, `data` what they are made of, and
    `held` is the identity of the database that all of a run's pages are made of. `pages` are the
    notebooks whose pages stand in the folder, or are made in the same run.
    """

    notebook: Notebook
    given: dict[str, object]
    folder: Path
    database: Path
    key: str
    images: bool
    selection: Selection | None
    of: str
    data: Dataset
    held: tuple[int, ...]
    pages: tuple[str, ...]

    @property
    def name(self) -> str:
        """The page's name."""
        return self.notebook.path.stem


class _ChangedError(Exception):
    """The database was made anew in the middle of a run, whose other pages show what was there."""

    def __str__(self) -> str:
        return "databasen er lavet om, mens siderne blev lavet; kør igen"


class Made(NamedTuple):
    """The pages that an order came to, what went wrong, if anything, and the seconds it took.

    `outdated` are the files of an earlier run that it has come without, to be removed.
    """

    pages: tuple[Page, ...]
    error: str | None
    seconds: float
    outdated: tuple[str, ...] = ()


def make(kernel: WarmKernel, order: Order) -> Made:
    """Run an order in a kernel and replace its pages, all of them or, where that fails, none."""
    begun = monotonic()
    outdated: list[str] = []
    pages, error = _made(kernel, order, outdated)
    return Made(tuple(pages), error, monotonic() - begun, tuple(outdated))


def _made(kernel: WarmKernel, order: Order, outdated: list[str]) -> tuple[list[Page], str | None]:
    try:
        with _whole(order, outdated) as begun, _unchanged(order):
            pages = [done := _page(kernel, order, begun)]
            if order.name in _FILTERED:
                pages += _filtered(order, begun)
            if (begun / f"{meeting.NAME}.html").exists():
                pages.append(Page(meeting.NAME, meeting.TITLE))
        return pages, done.error
    except PermissionError as error:
        file = Path(error.filename2 or error.filename or order.name).name
        return [], f"{file} {HELD_OPEN}"
    except (word.EditedError, _ChangedError) as error:
        return [], str(error)


@contextmanager
def _unchanged(order: Order) -> Iterator[None]:
    """Raise _ChangedError where an order's database has been made anew meanwhile, come what may."""
    try:
        yield
    except Exception:
        if databases.is_held(order.database, order.held):
            raise
    if not databases.is_held(order.database, order.held):
        raise _ChangedError


@contextmanager
def _whole(order: Order, outdated: list[str]) -> Iterator[Path]:
    """Give a folder to write in, and let what stands in it replace an order's earlier files.

    Those that are not replaced are added to `outdated`: the index may lead to them still.
    Raises EditedError, before anything is made, where a person has edited one.
    """
    word.refuse_edited(order.folder / f"{order.name}.docx")
    order.folder.mkdir(parents=True, exist_ok=True)
    try:
        with scratch(HALF_MADE, order.folder) as begun:
            yield begun
            names = [order.name]
            names += [interactive.NAME] * (order.name in _FILTERED)
            names += [meeting.NAME] * (order.name == meeting.BESIDE)
            for file in (f"{name}.{ending}" for name in names for ending in ENDINGS):
                if (begun / file).exists():
                    (begun / file).replace(order.folder / file)
                elif (order.folder / file).exists():
                    outdated.append(file)
            pictures.replace(order.folder / order.name, begun / order.name)
    finally:
        with suppress(OSError):  # It holds other reports.
            order.folder.rmdir()


def _page(kernel: WarmKernel, order: Order, folder: Path) -> Page:
    executed = folder / f"{order.name}.ipynb"
    error = None
    try:
        kernel.run(order.notebook.path, executed, order.given)
    except Exception as failed:  # A dead kernel must not stop the other reports.
        if getattr(failed, "ename", "") == NoDataError.__name__:
            _end(executed, failed.evalue)
        elif is_full(failed) and not isinstance(failed, PapermillExecutionError):
            raise
        else:
            error = failure(failed)
    shown = executed if executed.exists() else order.notebook.path
    content = nbformat.read(shown, as_version=4)
    if executed.exists():
        blocks.hide_folders(content)
        if order.name == meeting.BESIDE and not error:
            write(folder / f"{meeting.NAME}.html", meeting.page(content, order.of, order.data))
        meeting.leave_out(content)
        nbformat.write(content, executed)
    else:
        # What the notebook holds from before is not what this run was asked for.
        content.cells = [cell for cell in content.cells if cell.cell_type == "markdown"]
    links = {name: one.LINK for name, one in _FILTERED.items() if order.selection}
    links |= {FRONT: interactive.LINK} if order.selection else {}
    links |= {meeting.BESIDE: None if error else meeting.LINK}
    parameters, selection, data = order.folder.name, order.selection, order.data
    beside = links.get(order.name)
    title, text = page.report(
        content, order.name, parameters, data, error, selection, beside, order.pages
    )
    write(executed.with_suffix(".html"), text)
    if not error:
        workbook.write(content, executed.with_suffix(".xlsx"), data)
        if order.name == note.NAME:
            word.write(content, executed.with_suffix(".docx"), data)
    if order.images:
        failed = pictures.write(content, folder / order.name, page.origin(selection, data))
        error = error or " ".join(failed) or None
    return Page(order.name, title, error, page.verdict(content))


def _end(executed: Path, lacking: str) -> None:
    """Let a notebook that the data cannot answer end where it stopped, with what they lack.

    The meeting's page says it too.
    """
    content = nbformat.read(executed, as_version=4)
    stopped = next(
        n
        for n, cell in enumerate(content.cells)
        if any(output.output_type == "error" for output in cell.get("outputs", ()))
    )
    said = nbformat.v4.new_output("display_data", {"text/markdown": f"**{marks.text(lacking)}**"})
    content.cells[stopped:] = [
        nbformat.v4.new_code_cell(outputs=[said], metadata={"tags": [meeting.TAG]})
    ]
    nbformat.write(content, executed)


def _filtered(order: Order, folder: Path) -> list[Page]:
    """Write the page that a reader filters; return it, or nothing."""
    if not order.selection or not (folder / f"{order.name}.ipynb").exists():
        return []
    made = _FILTERED[order.name]
    with closing(databases.connect(order.database)) as con:
        audience = order.given.get("audience") or INTERNAL
        text = made.page(con, order.selection, order.folder.name, audience)
    write(folder / f"{made.NAME}.html", text)
    return [Page(made.NAME, made.TITLE)]


def methods(folder: Path, of: str, data: Dataset) -> tuple[list[Page], list[str]]:
    """Write the page of methods of all the notebooks run in a folder; return it, or nothing.

    Beside it the files of an earlier one that are outdated.
    """
    files = sorted(folder.glob("*.ipynb"))
    content = {file.stem: nbformat.read(file, as_version=4) for file in files}
    text = page.methods(content, folder.name, of, data)
    if text:
        put(folder / f"{page.METHOD}.html", text.encode("utf-8"))
    pages = [Page(page.METHOD, page.METHOD_TITLE)] * bool(text)
    old = [f"{page.METHOD}.{ending}" for ending in ENDINGS if not (text and ending == "html")]
    return pages, [file for file in old if (folder / file).exists()]


def failure(error: Exception) -> str:
    """Return in a line, of what prints alone, why a notebook failed."""
    kind, message = type(error).__name__, str(error)
    if isinstance(error, PapermillExecutionError):
        # Its own text is drawn in colours, which a terminal obeys.
        kind, message = error.ename, error.evalue
    first = " ".join(next(iter(message.strip().splitlines()), "").split())
    # What is wrong with a selection is Danish, and says it all by itself.
    told = first if kind == SelectionError.__name__ and first else f"{kind}: {first}"
    return printable(blocks.without_folders(told.removesuffix(": ")))


def write(file: Path, text: str) -> None:
    """Write a page."""
    # Bytes, since a script's line ends are part of the hash that lets it run.
    file.write_bytes(text.encode("utf-8"))
