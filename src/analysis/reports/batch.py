"""The run: each notebook for each parameters file, then the list of them."""

import sys
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from papermill.exceptions import PapermillExecutionError
from tqdm import tqdm

from analysis.comparison import changes
from analysis.core import asking, danish
from analysis.core import database as databases
from analysis.core.asking import Dataset
from analysis.core.selection import FILTERS, NoDataError, Selection, SelectionError
from analysis.reports import (
    blocks,
    chromium,
    interactive,
    meeting,
    note,
    page,
    pictures,
    register,
    rows,
    rules,
    word,
    workbook,
)
from analysis.reports.index import FRONT, Page, Report, index
from analysis.reports.kernel import WarmKernel
from analysis.reports.parameters import (
    Notebook,
    ParameterError,
    find_notebooks,
    of_each,
    read_files,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# First those that other programs hold open on Windows, where such a file cannot be replaced.
_ENDINGS = ("xlsx", "docx", "pdf", "html", "ipynb")


def run(
    parameter_files: list[Path],
    database: Path,
    output: Path,
    notebooks: Path | None = None,
    *,
    each: tuple[str, str, str | None] | None = None,
    only: Collection[str] = (),
    pdf: bool = False,
    images: bool = False,
    dry_run: bool = False,
    quiet: bool = False,
) -> int:
    """Run every notebook for every parameters file; return 0, or 1 where something fell short.

    Writes `output/<parameters name>/<notebook>.ipynb`, `.html` and `.xlsx` (with `pdf` also
    `.pdf`, with `images` a folder of its charts; the note also `.docx`), replacing those of an
    earlier run, and
    `output/<parameters name>/barometer.html`, which a reader filters, `meeting.html`, the
    one-page print for the monthly meeting, and
    `output/index.html`, which lists the reports of this run and of earlier ones in `output`. A
    note that somebody has edited is not replaced, and falls short.
    A file's own `database` wins over the one given. `each` is a level ("location" or "district"), a
    season and a half: the same for each such place of the register, in a folder named after it.
    `only` names the notebooks to run; the others'
    reports stay. `dry_run` prints what would be made, and makes nothing; `quiet` prints nothing but
    what failed.
    Raises ParameterError, before anything runs, for what a user can have got wrong.
    """
    folder = (notebooks or databases.ROOT / "notebooks").resolve()
    found = find_notebooks(folder, only)
    # A file may give what only another notebook takes.
    asked = read_files(parameter_files, find_notebooks(folder))
    if each:
        asked |= _each(database, *each)
    paths = {
        name: databases.resolve(values.get("database") or database)
        for name, values in asked.items()
    }
    data = {path: _dataset(path) for path in paths.values()}
    about = {name: _selections(name, asked[name], found, path) for name, path in paths.items()}
    if dry_run:
        for name in asked:
            for notebook in found:
                print(f"{output / name / notebook.path.stem}.html")
        return 0
    made: dict[str, list[Page]] = {name: [] for name in asked}
    held = 0
    data_of = {name: data[path] for name, path in paths.items()}
    listed = _rows(asked, paths, about, data)
    # Where nobody looks on, a bar is noise in a log.
    bar = tqdm(total=len(asked) * len(found), unit="side", disable=quiet or None)
    with _listed(output.resolve(), listed, made, data_of):
        with WarmKernel() as kernel, bar:
            for parameters, values in asked.items():
                path = paths[parameters]
                # The default is left unsaid, as it is where papermill alone runs the notebook.
                given = values | ({} if path == databases.DEFAULT else {"database": str(path)})
                folder, pages = output.resolve() / parameters, made[parameters]
                for notebook in found:
                    name = notebook.path.stem
                    bar.set_description(f"{parameters}: {name}")
                    selection, dataset = about[parameters][name], data_of[parameters]
                    asks = notebook.asked(given)
                    try:
                        with _whole(folder, name):
                            done = _page(
                                kernel, notebook, folder, asks, selection, dataset, images=images
                            )
                    except (PermissionError, word.EditedError) as error:
                        held += 1
                        told = f"{error}"
                        if isinstance(error, PermissionError):
                            file = Path(error.filename or name).name
                            told = f"{file} er åben i et andet program eller skrivebeskyttet"
                        bar.write(f"{parameters}: {name} fejlede: {told}", file=sys.stderr)
                        continue
                    finally:
                        bar.update()
                    if done.error:
                        bar.write(f"{parameters}: {name} fejlede: {done.error}", file=sys.stderr)
                    pages.append(done)
                    if name == interactive.BESIDE:
                        pages += _interactive(folder, selection, path)
                    if name == meeting.BESIDE:
                        pages += _meeting(folder, done, listed[parameters].of, dataset)
                if pages:
                    pages += _methods(folder, listed[parameters].of, data_of[parameters])
        printed = not pdf or _print(output, made)
    every = [one for pages in made.values() for one in pages]
    failed = held + sum(bool(one.error) for one in every)
    pages = danish.counted(len(every), "side", "sider")
    if not quiet:
        ran = danish.counted(len(asked) * len(found), "notebook", "notebooks")
        print(
            f"{ran} kørt, {pages} skrevet, {failed} fejlede; åbn {output.resolve() / 'index.html'}"
        )
    return int(failed > 0 or not printed)


def _rows(
    asked: dict[str, dict[str, object]],
    paths: dict[str, Path],
    about: dict[str, dict[str, Selection | None]],
    data: dict[Path, Dataset],
) -> dict[str, Report]:
    """Return the index's row of each parameters file, without its pages."""
    made = {}
    for path in dict.fromkeys(paths.values()):
        with closing(databases.connect(path)) as con:
            lists = rows.lists(con)
            for name in (each for each in asked if paths[each] == path):
                # A row is of what its front page is of, where that is made.
                every = about[name]
                selection = every.get(FRONT) or next(filter(None, every.values()), None)
                season = asked[name].get("compare_season")
                compared = changes.against(selection, season) if selection and season else None
                made[name] = rows.row(con, name, selection, compared, data[path], lists)
    return made


@contextmanager
def _listed(
    output: Path,
    listed: dict[str, Report],
    made: dict[str, list[Page]],
    data: dict[str, Dataset],
) -> Iterator[None]:
    """Write the index over these reports and those of earlier runs in other folders of `output`.

    What was finished before an interruption is listed too. `data` is what each parameters file's
    pages are made of.
    """
    try:
        yield
    finally:
        for name, pages in made.items():
            if pages:
                register.add(output / name, listed[name], pages, data[name], _ENDINGS)
        if kept := list(register.kept(output).values()):
            sets, found = zip(*kept, strict=True)
            _write(output / "index.html", index(found, list(dict.fromkeys(sets))))


def _print(output: Path, made: dict[str, list[Page]]) -> bool:
    """Print the pages; say so, and return False, where no browser can."""
    try:
        chromium.print_pages(
            [
                output.resolve() / name / f"{one.name}.html"
                for name, pages in made.items()
                for one in pages
                if one.name != interactive.NAME
            ]
        )
    except chromium.NoBrowserError as error:
        print(f"Der blev ikke lavet PDF: {error}", file=sys.stderr)
        return False
    return True


def _dataset(path: Path) -> Dataset:
    with _connected(path) as con:
        return asking.dataset(con)


def _each(path: Path, level: str, season: str, half: str | None) -> dict[str, dict[str, object]]:
    with _connected(path) as con:
        found = of_each(con, level, season, half)
    if not found:
        raise ParameterError("Registret (data/reference/locations.csv) har ingen steder.")
    return found


@contextmanager
def _connected(path: Path) -> "Iterator[DuckDBPyConnection]":
    try:
        con = databases.connect(path)
    except FileNotFoundError as error:
        raise ParameterError(str(error)) from None
    with closing(con):
        yield con


@contextmanager
def _whole(folder: Path, name: str) -> Iterator[None]:
    """Remove a report's files of an earlier run, and those of this one if it is cut short.

    Raises EditedError, and removes nothing, where a person has edited one.
    """
    word.refuse_edited(folder / f"{name}.docx")
    _remove(folder, name)
    try:
        yield
    except BaseException:
        _remove(folder, name)
        with suppress(OSError):  # It holds other reports.
            folder.rmdir()
        raise


def _remove(folder: Path, name: str) -> None:
    for ending in _ENDINGS:
        (folder / f"{name}.{ending}").unlink(missing_ok=True)
    pictures.clear(folder / name)


def _page(
    kernel: WarmKernel,
    notebook: Notebook,
    folder: Path,
    given: dict[str, object],
    selection: Selection | None,
    data: Dataset,
    *,
    images: bool,
) -> Page:
    name = notebook.path.stem
    executed = folder / f"{name}.ipynb"
    folder.mkdir(parents=True, exist_ok=True)
    error = None
    try:
        kernel.run(notebook.path, executed, given)
    except PapermillExecutionError as failed:
        if failed.ename == NoDataError.__name__:
            _end(executed, failed.evalue)
        else:
            error = _sentence(failed.ename, failed.evalue)
    except Exception as failed:  # A dead kernel must not stop the other reports.
        error = _sentence(type(failed).__name__, str(failed))
    shown = executed if executed.exists() else notebook.path
    content = nbformat.read(shown, as_version=4)
    if not executed.exists():
        # What the notebook holds from before is not what this run was asked for.
        content.cells = [cell for cell in content.cells if cell.cell_type == "markdown"]
    links = {
        interactive.BESIDE: interactive.LINK if selection else None,
        meeting.BESIDE: None if error else meeting.LINK,
    }
    title, text = page.report(content, name, folder.name, data, error, selection, links.get(name))
    _write(executed.with_suffix(".html"), text)
    if not error:
        workbook.write(content, executed.with_suffix(".xlsx"), data)
        if name == note.NAME:
            word.write(content, executed.with_suffix(".docx"), data)
    if images:
        pictures.write(content, folder / name, page.origin(selection, data))
    return Page(name, title, error, page.verdict(content))


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
    said = nbformat.v4.new_output("display_data", {"text/markdown": f"**{lacking}**"})
    content.cells[stopped:] = [
        nbformat.v4.new_code_cell(outputs=[said], metadata={"tags": [meeting.TAG]})
    ]
    nbformat.write(content, executed)


def _interactive(folder: Path, selection: Selection | None, path: Path) -> list[Page]:
    """Write the page that a reader filters; return it, or nothing."""
    file = folder / f"{interactive.NAME}.html"
    file.unlink(missing_ok=True)
    if not selection or not (folder / f"{interactive.BESIDE}.ipynb").exists():
        return []
    with closing(databases.connect(path)) as con:
        _write(file, interactive.page(con, selection, folder.name))
    return [Page(interactive.NAME, interactive.TITLE)]


def _meeting(folder: Path, beside: Page, of: str, data: Dataset) -> list[Page]:
    """Write the one-page print for the meeting; return it, or nothing."""
    for ending in _ENDINGS:
        (folder / f"{meeting.NAME}.{ending}").unlink(missing_ok=True)
    if beside.error:
        return []
    content = nbformat.read(folder / f"{beside.name}.ipynb", as_version=4)
    _write(folder / f"{meeting.NAME}.html", meeting.page(content, of, data))
    return [Page(meeting.NAME, meeting.TITLE)]


def _methods(folder: Path, of: str, data: Dataset) -> list[Page]:
    """Write the page of methods of all the notebooks run in a folder; return it, or nothing."""
    (folder / f"{page.METHOD}.html").unlink(missing_ok=True)
    files = sorted(folder.glob("*.ipynb"))
    content = {file.stem: nbformat.read(file, as_version=4) for file in files}
    if not (text := page.methods(content, folder.name, of, data)):
        return []
    _write(folder / f"{page.METHOD}.html", text)
    return [Page(page.METHOD, page.METHOD_TITLE)]


def _sentence(kind: str, message: str) -> str:
    first = next(iter(message.strip().splitlines()), "")
    if kind == SelectionError.__name__ and first:
        # It is Danish, and says what is wrong by itself.
        return blocks.without_folders(first)
    return blocks.without_folders(f"{kind}: {first}" if first else kind)


def _selections(
    name: str, given: dict[str, object], notebooks: list[Notebook], path: Path
) -> dict[str, Selection | None]:
    """Return what each notebook is about by its name; None where nothing is selected.

    Raises ParameterError for values that no notebook can use, in the name of the file.
    """
    try:
        with closing(databases.connect(path)) as con:
            found = {one.path.stem: _selection(con, one, given) for one in notebooks}
            defaults = {name: value for one in notebooks for name, value in one.defaults.items()}
            rules.check(con, defaults | given)
            return found
    except ValueError as error:
        raise ParameterError(f"{name}.yaml: {error}") from None


def _selection(
    con: "DuckDBPyConnection", notebook: Notebook, given: dict[str, object]
) -> Selection | None:
    """Return what a notebook is about, every name resolved, or None where nothing is selected."""
    values = notebook.defaults | {
        name: value
        for name, value in notebook.asked(given).items()
        if name in notebook.declared or name in FILTERS
    }
    if "season" not in values:
        return None
    selection = asking.chosen(con, values)
    if "compare_season" in values:
        compared = changes.against(selection, values["compare_season"])
        changes.beside(con, compared, selection, values.get("seasons"))
    return selection


def _write(file: Path, text: str) -> None:
    # Bytes, since a script's line ends are part of the hash that lets it run.
    file.write_bytes(text.encode("utf-8"))
