"""The run: each notebook for each parameters file, then the list of them."""

import errno
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from analysis.comparison import changes
from analysis.core import asking, danish
from analysis.core import database as databases
from analysis.core.asking import Dataset
from analysis.core.audience import PUBLIC, PUBLIC_PAGE
from analysis.core.scratch import HALF_MADE, alone, clear, put
from analysis.core.selection import DAYS, FILTERS, Selection
from analysis.reports import chromium, cluster, interactive, packs, register, rows, rules, sealing
from analysis.reports.index import FRONT, Page, Report, index
from analysis.reports.kernel import WarmKernels
from analysis.reports.make import ENDINGS, HELD_OPEN, Order, make, methods
from analysis.reports.manifest import Keys, Manifest
from analysis.reports.parameters import (
    Notebook,
    ParameterError,
    find_notebooks,
    of_each,
    read_files,
)
from analysis.reports.revisions import NAME as REVISIONS
from analysis.show import phrases

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


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
    force: bool = False,
    scheduler: str | None = None,
    audience: str | None = None,
) -> int:
    """Run every notebook for every parameters file; return 0, or 1 where something fell short.

    That is also where the data hold nothing of a period, though its pages are made and say so.

    Writes `output/<parameters name>/<notebook>.ipynb`, `.html` and `.xlsx` (with `pdf` also
    `.pdf`, with `images` a folder of its charts; the note also `.docx`), replacing those of an
    earlier run, `output/<parameters name>/barometer.html`, which a reader filters, `meeting.html`,
    the one-page print for the monthly meeting, and `output/index.html`, which lists the reports of
    this run and of earlier ones in `output`. What stands there already, made of the same notebook,
    values, data and code, is left as it is unless `force` is given; see `manifest`. A note that
    somebody has edited is not replaced, and falls short.
    A file's own `database` wins over the one given. `each` is a level ("location" or "district"), a
    season and a half: the same for each such place of the register, in a folder named after it.
    `only` names the notebooks to run; the others' reports stay. `dry_run` prints what would be
    made, and makes nothing; `quiet` prints nothing but what failed. `scheduler` is the address of a
    Dask cluster that makes them; see `cluster`. `audience` goes before the files' own.
    Raises ParameterError, before anything runs, for what a user can have got wrong.
    """
    output = output.resolve()
    if output.exists() and not output.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "", str(output))
    folder = (notebooks or databases.ROOT / "notebooks").resolve()
    every = find_notebooks(folder)
    # A file may give what only another notebook takes.
    asked = read_files(parameter_files, every)
    if each:
        asked |= _each(database, *each)
    if audience:
        asked = {name: values | {"audience": audience} for name, values in asked.items()}
    found = _for_audience(find_notebooks(folder, only) if only else every, asked, output)
    paths = {
        name: databases.resolve(values.get("database") or database)
        for name, values in asked.items()
    }
    data, keys, held = {}, {}, {}
    for path in dict.fromkeys(paths.values()):
        held[path] = databases.identity(path) if path.exists() else ()
        with _connected(path) as con:
            data[path], keys[path] = asking.dataset(con), Keys(con)
    for made_in in (output, *output.glob("*")):
        clear(HALF_MADE, made_in)
    manifest = Manifest(output)
    wanted, beside = [], {}
    for name, path in paths.items():
        stems = (one.path.stem for one in every)
        made_now = {one.path.stem for one in found}
        beside[name] = tuple(
            stem for stem in stems if stem in made_now or (output / name / f"{stem}.html").exists()
        )
        # The default is left unsaid, as it is where papermill alone runs the notebook.
        given = asked[name] | ({} if path == databases.DEFAULT else {"database": str(path)})
        for notebook in found:
            asks = notebook.asked(given)
            key = keys[path].of(notebook, asks, beside[name], images=images)
            if force or not manifest.is_current(f"{name}/{notebook.path.stem}", key, pdf=pdf):
                wanted.append((name, notebook, asks, key))
    about = {
        name: _selections(name, asked[name], found, paths[name])
        for name in dict.fromkeys(name for name, *_ in wanted)
    }
    if dry_run:
        for name, notebook, *_ in wanted:
            print(f"{output / name / notebook.path.stem}.html")
        if not wanted:
            # Beside the pages' names, which another program may read.
            print("Intet skal laves: alle siderne står der", file=sys.stderr)
        return 0
    listed = _rows(about, asked, paths, data)
    orders = [
        Order(
            notebook,
            asks,
            output / name,
            paths[name],
            key,
            images,
            about[name][notebook.path.stem],
            listed[name].of,
            data[paths[name]],
            held[paths[name]],
            beside[name],
        )
        for name, notebook, asks, key in wanted
    ]
    unchanged = len(asked) * len(found) - len(orders)
    manifest.begin(len(orders), unchanged)
    made: dict[str, list[Page]] = {name: [] for name in about}
    failed = 0
    with _listed(output, listed, made, {name: data[paths[name]] for name in about}):
        # Where nobody looks on, a bar is noise in a log.
        with (
            WarmKernels() as kernels,
            tqdm(total=len(orders), unit="side", disable=quiet or None) as bar,
        ):
            left = Counter(order.folder.name for order in orders)
            ways = cluster.each(scheduler, orders) if scheduler else kernels.each(make, orders)
            for order, done in ways:
                name = order.folder.name
                left[name] -= 1
                pages, outdated = [*done.pages], [*done.outdated]
                if not left[name] and (made[name] or pages):
                    method = methods(order.folder, order.of, order.data)
                    pages, outdated = pages + method[0], outdated + method[1]
                made[name] += pages
                # Before it counts as done, so that a run that is killed leaves nothing unlisted.
                with alone(output / register.NAME):
                    register.add(order.folder, listed[name], pages, order.data, ENDINGS, outdated)
                    if outdated:
                        _list(output)
                    for file in outdated:
                        try:
                            (order.folder / file).unlink(missing_ok=True)
                        except PermissionError:
                            done = done._replace(error=f"{file} {HELD_OPEN}")
                    manifest.add(order, done)
                if done.error:
                    failed += 1
                    bar.write(f"{name}: {order.name} fejlede: {done.error}", file=sys.stderr)
                bar.set_postfix_str(f"{failed} fejlede")
                bar.update()
        printed = not pdf or _print(output, made)
    if any(notebook.path.stem in sealing.NOTEBOOKS for notebook in found):
        for path in held:
            if databases.is_held(path, held[path]):
                sealing.seal(path)
    if not quiet:
        pages = danish.counted(sum(map(len, made.values())), "side", "sider")
        ran = danish.counted(len(orders), "notebook", "notebooks")
        same = f", {unchanged} uændrede" if unchanged else ""
        print(f"{ran} kørt{same}, {pages} skrevet, {failed} fejlede; åbn {output / 'index.html'}")
    lacking = False
    for names in _of_a_time(asked, paths):
        one = names[0]
        of = _front(about.get(one) or _selections(one, asked[one], found, paths[one]))
        if of and not data[paths[one]].touches(of):
            lacking = True
            print(f"Data dækker ikke {of.period}: {phrases.shortened(names)}", file=sys.stderr)
    return int(failed > 0 or not printed or lacking)


def _of_a_time(asked: dict[str, dict[str, object]], paths: dict[str, Path]) -> Iterable[list[str]]:
    """Return the parameters files that ask a database of the same time, together."""
    found: dict[str, list[str]] = {}
    for name, values in asked.items():
        times = [values.get(each) for each in ("season", "half", *DAYS)]
        found.setdefault(repr([paths[name], times]), []).append(name)
    return found.values()


def _front(selections: dict[str, Selection | None]) -> Selection | None:
    """Return what the front page is of, where that is made, else the first page that is of one."""
    return selections.get(FRONT) or next(filter(None, selections.values()), None)


def _for_audience(
    notebooks: list[Notebook], asked: dict[str, dict[str, object]], output: Path
) -> list[Notebook]:
    """Return the notebooks of the audience that a run is for: the public one, or the others.

    Raises ParameterError where it would write what is for everybody beside what is not.
    """
    is_public = {values.get("audience") == PUBLIC for values in asked.values()}
    register.refuse_mixed(output, is_public)
    found = [one for one in notebooks if (one.path.stem == PUBLIC_PAGE) in is_public]
    if notebooks and not found:
        only = "kun" if is_public == {True} else "ikke"
        raise ParameterError(f"Til offentligheden laves {only} {PUBLIC_PAGE}.")
    return found


def _rows(
    about: dict[str, dict[str, Selection | None]],
    asked: dict[str, dict[str, object]],
    paths: dict[str, Path],
    data: dict[Path, Dataset],
) -> dict[str, Report]:
    """Return the index's row of each parameters file, without its pages."""
    made = {}
    for path in dict.fromkeys(paths[name] for name in about):
        with closing(databases.connect(path)) as con:
            lists = rows.lists(con)
            for name in (each for each in about if paths[each] == path):
                selection = _front(about[name])
                season = asked[name].get("compare_season")
                compared = changes.against(selection, season) if selection and season else None
                own = None if asked[name].get("audience") == PUBLIC else lists
                made[name] = rows.row(con, name, selection, compared, data[path], own)
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
        with alone(output / register.NAME):
            for name, pages in made.items():
                if pages:
                    register.add(output / name, listed[name], pages, data[name], ENDINGS)
            _list(output)


def list_again(output: Path) -> None:
    """Write the index of a folder of reports anew, if it has one: something came beside them."""
    if (output / "index.html").exists():
        with alone(output / register.NAME):
            _list(output)


def _list(output: Path) -> None:
    if kept := list(register.kept(output).values()):
        sets, found = zip(*kept, strict=True)
        told = REVISIONS if (output / REVISIONS).exists() else ""
        text = index(found, list(dict.fromkeys(sets)), told, packs.cards(output))
        put(output / "index.html", text.encode("utf-8"))


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
            # A notebook's own place is for whoever opens it alone.
            rules.check(con, defaults | dict.fromkeys(FILTERS) | given)
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
