"""The run: each notebook for each parameters file, then the list of them."""

import sys
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import nbformat
from papermill.exceptions import PapermillExecutionError
from tqdm import tqdm

from analysis import barometer
from analysis import database as databases
from analysis.barometer import Dataset
from analysis.reports import page
from analysis.reports.kernel import WarmKernel
from analysis.reports.parameters import Notebook, ParameterError, find_notebooks, read_files
from analysis.selection import Selection, SelectionError


def run(
    parameter_files: list[Path], database: Path, output: Path, notebooks: Path | None = None
) -> int:
    """Run every notebook for every parameters file; return 0, or 1 where a report failed.

    Writes `output/<parameters name>/<notebook>.ipynb` and `.html`, replacing those of an earlier
    run, and `output/index.html`, which lists the reports of this run only; what other runs left
    in other folders stays there. A file's own `database` wins over the one given.
    Raises ParameterError, before anything runs, for what a user can have got wrong.
    """
    found = find_notebooks((notebooks or databases.ROOT / "notebooks").resolve())
    asked = read_files(parameter_files, found)
    paths = {
        name: databases.resolve(values.get("database") or database)
        for name, values in asked.items()
    }
    data = {path: _dataset(path) for path in paths.values()}
    reports = []
    with WarmKernel() as kernel, tqdm(total=len(asked) * len(found), unit="report") as bar:
        for parameters, values in asked.items():
            path = paths[parameters]
            # The default is left unsaid, as it is where papermill alone runs the notebook.
            given = values | ({} if path == databases.DEFAULT else {"database": str(path)})
            folder = output.resolve() / parameters
            for notebook in found:
                bar.set_description(f"{parameters}: {notebook.path.stem}")
                made = _report(kernel, notebook, folder, given, path, data[path])
                if made.error:
                    bar.write(f"{parameters}: {made.name} failed: {made.error}", file=sys.stderr)
                reports.append(made)
                bar.update()
    listed = page.index(reports, list(dict.fromkeys(data.values())))
    _write(output / "index.html", listed)
    return int(any(made.error for made in reports))


def _dataset(path: Path) -> Dataset:
    try:
        with closing(databases.connect(path)) as con:
            return barometer.dataset(con)
    except FileNotFoundError as error:
        raise ParameterError(str(error)) from None


def _report(
    kernel: WarmKernel,
    notebook: Notebook,
    folder: Path,
    given: dict[str, object],
    path: Path,
    data: Dataset,
) -> page.Report:
    name = notebook.path.stem
    executed, written = folder / f"{name}.ipynb", folder / f"{name}.html"
    folder.mkdir(parents=True, exist_ok=True)
    for old in (executed, written):
        old.unlink(missing_ok=True)
    error = None
    try:
        kernel.run(notebook.path, executed, given)
    except PapermillExecutionError as failed:
        error = _sentence(failed.ename, failed.evalue)
    except Exception as failed:  # A dead kernel must not stop the other reports.
        error = _sentence(type(failed).__name__, str(failed))
    shown = executed if executed.exists() else notebook.path
    content = nbformat.read(shown, as_version=4)
    if not executed.exists():
        # What the notebook holds from before is not what this run was asked for.
        content.cells = [cell for cell in content.cells if cell.cell_type == "markdown"]
    title, text = page.report(content, name, folder.name, data, error)
    _write(written, text)
    return page.Report(
        folder.name,
        name,
        title,
        *_selected(notebook, given, path),
        data.last_day,
        error,
        executed.exists(),
    )


def _sentence(kind: str, message: str) -> str:
    first = next(iter(message.strip().splitlines()), "")
    return page.without_folders(f"{kind}: {first}" if first else kind)


def _selected(
    notebook: Notebook, given: dict[str, object], path: Path
) -> tuple[str | None, str | None, int | None]:
    """Return period, place and number of incidents of what a notebook is about."""
    values = notebook.defaults | {
        name: value for name, value in given.items() if name in notebook.declared
    }
    if "season" not in values:
        return None, None, None
    known = {each.name for each in fields(Selection)}
    try:
        selection = Selection(**{name: values[name] for name in values if name in known})
        with closing(databases.connect(path)) as con:
            resolved = barometer.resolve(con, selection)
            return resolved.period, resolved.place, barometer.incidents(con, selection)
    except SelectionError:
        # The report has failed on the same words, which stand beside.
        return None, None, None


def _write(file: Path, text: str) -> None:
    # Bytes, since a script's line ends are part of the hash that lets it run.
    file.write_bytes(text.encode("utf-8"))
