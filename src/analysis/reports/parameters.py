"""What a parameters file asks and what the notebooks declare, checked before anything runs."""

import ast
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from papermill import inspect_notebook

from analysis.core import danish, yaml_file
from analysis.core.selection import DAYS, FILTERS, Selection, nearest, shown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A declared type, the Python types it takes, and its name in a message.
_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "str": ((str,), "tekst"),
    "filter": ((str, list), "tekst, en liste"),
    "int": ((int,), "et helt tal"),
    "float": ((float, int), "et tal"),
    "bool": ((bool,), "true eller false"),
    "list": ((list,), "en liste"),
    "dict": ((dict,), "en opstilling af navne og værdier"),
}
_GIVEN = {
    str: "teksten",
    bool: "sandhedsværdien",
    int: "tallet",
    float: "tallet",
    list: "listen",
    dict: "opstillingen",
}


class ParameterError(ValueError):
    """A run that cannot start; the message is one Danish line."""


class Declared(NamedTuple):
    """What a notebook says of a parameter: type, default as written, whether it may be empty."""

    kind: str
    default: str
    nullable: bool


@dataclass(frozen=True)
class Notebook:
    """A notebook and the parameters that its tagged cell declares."""

    path: Path
    declared: dict[str, Declared]

    @property
    def defaults(self) -> dict[str, object]:
        """The value of each parameter where no file gives one."""
        return {name: ast.literal_eval(each.default) for name, each in self.declared.items()}

    def asked(self, values: Mapping[str, object]) -> dict[str, object]:
        """Return a file's values and, for a filter it says nothing of, None, which is all.

        The notebook's own place is for whoever opens it alone. Days are for the pages that take
        them; the others show the half-year.
        """
        own = self.defaults
        unsaid = [name for name in FILTERS if name not in values and own.get(name) is not None]
        kept = {name: each for name, each in values.items() if name in own or name not in DAYS}
        return kept | dict.fromkeys(unsaid)


def find_notebooks(folder: Path, only: Collection[str] = ()) -> list[Notebook]:
    """Return the notebooks that make a report, in the order of their names.

    Those are the ones whose names begin with two digits, save 00, which is for exploring by hand;
    of them `only` those called so ("03" or "03_season_comparison"), where any are.
    """
    paths = [
        path
        for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))
        if not path.name.startswith("00_")
    ]
    if not paths:
        raise ParameterError(f"Der er ingen notebooks at køre i mappen {folder.name}.")
    names = {
        text: path
        for path in paths
        for text in (path.stem, path.stem[:2], path.stem[:2].lstrip("0"))
    }
    for asked in only:
        if asked not in names:
            known = danish.listing([path.stem for path in paths])
            raise ParameterError(f"Ingen notebook hedder {shown(asked)}. Kendte er {known}.")
    chosen = {names[asked] for asked in only} or paths
    return [Notebook(path, _declared(path)) for path in paths if path in chosen]


def _declared(path: Path) -> dict[str, Declared]:
    return {
        each["name"]: Declared(
            each["inferred_type_name"],
            each["default"],
            # A parameter may be empty where its default is, or its help says what None means.
            "None" in (each["default"], *each["help"].split()),
        )
        for each in inspect_notebook(path).values()
    }


def read_files(
    files: Iterable[Path], notebooks: Sequence[Notebook]
) -> dict[str, dict[str, object]]:
    """Return each parameters file's values by the file's name without its ending, in that order.

    Raises ParameterError for what cannot be read, a key that stands twice or that no notebook
    declares, a value of another type than declared, two files of the same name, and one whose name
    would lead its folder away or hide it.
    """
    read: dict[str, dict[str, object]] = {}
    for file in sorted(files, key=lambda file: file.stem):
        if not file.stem.isprintable() or file.stem != file.stem.strip(" ."):
            raise ParameterError(
                f"En parameterfils navn giver mappen navn og kan ikke være »{file.name}«: det må "
                "ikke have styretegn eller begynde eller ende med punktum eller mellemrum."
            )
        # Folders of two names that differ only in case are one folder on Windows.
        if file.stem.lower() in map(str.lower, read):
            raise ParameterError(
                f"To parameterfiler hedder {file.stem}; deres rapporter ville overskrive hinanden."
            )
        read[file.stem] = read_file(file)
        for name, value in read[file.stem].items():
            _check(file.name, name, value, notebooks)
    return read


# What no file system takes in a folder's name, and the bytes that all of them take.
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')
_LONGEST = 150


def of_each(
    con: "DuckDBPyConnection", level: str, season: str, half: str | None
) -> dict[str, dict[str, object]]:
    """Return the values for each "location" or "district" of the register by a folder's name.

    Raises SelectionError for a season or a half that is none.
    """
    chosen = Selection(season, half)
    values = {"season": chosen.season.name, "half": chosen.half}
    places = con.table("location").project(level).distinct().order(level).fetchall()
    names = folder_names(place for (place,) in places if place)
    return {name: values | {level: place} for place, name in names.items()}


def folder_name(place: str) -> str:
    """Return a place's name as a folder's: "Vesterbro-Kgs. Enghave"."""
    name = _NOT_IN_NAMES.sub("-", place).encode()[:_LONGEST].decode(errors="ignore")
    return name.strip(" .") or "-"


def folder_names(places: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return by place its name as a folder's, unlike any other and any taken in every case."""
    used = {name.lower() for name in taken}
    found = {}
    for place in places:
        name, number = folder_name(place), 1
        while name.lower() in used:
            number += 1
            name = f"{folder_name(place)} ({number})"
        used.add(name.lower())
        found[place] = name
    return found


def read_file(file: Path) -> dict[str, object]:
    """Return a parameters file's values, unchecked; raises ParameterError where it is none."""
    try:
        return yaml_file.read(file, "Parameterfilen")
    except ValueError as error:
        raise ParameterError(str(error)) from None


def _check(file: str, name: str, value: object, notebooks: Sequence[Notebook]) -> None:
    types = [notebook.declared[name] for notebook in notebooks if name in notebook.declared]
    if name in FILTERS:  # A notebook need not declare one to be narrowed by it.
        types = [Declared("filter", "None", nullable=True)]
    if not types:
        known = sorted({name for notebook in notebooks for name in notebook.declared})
        near = nearest(name, known, 1)
        hint = f"Nærmest er {near[0]}" if near else f"Kendte er {danish.listing(known)}"
        raise ParameterError(f"{file}: ingen notebook har parameteren {name}. {hint}.")
    for declared, _, nullable in types:
        accepted, wanted = _TYPES.get(declared.split("[")[0], ((type(value),), ""))
        # Not isinstance: to Python, true is a whole number.
        if type(value) not in accepted and not (value is None and nullable):
            given = (
                "tom" if value is None else f"{_GIVEN.get(type(value), '')} {shown(value)}".strip()
            )
            raise ParameterError(
                f"{file}: {name} skal være {wanted}{' eller tom' * nullable}, ikke {given}."
            )
