"""What takes long and is asked for again: kept beside the database, by all it depends on."""

import hashlib
import inspect
import json
import os
import pickle
import platform
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import fields, is_dataclass
from datetime import date
from functools import wraps
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from weakref import WeakKeyDictionary
from zipfile import BadZipFile

from analysis.core.database import opened_from
from analysis.core.scratch import alone, put, unlock

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy import ndarray
    from pandas import DataFrame

# More answers of one function than this are not kept in memory, nor of one database in files.
_MOST, _MOST_FILES = 32, 500
# Where the column names and types of a table stand in its file.
_ABOUT = "about"
# Of connections through which nothing can change.
_contents: "WeakKeyDictionary[DuckDBPyConnection, list[tuple]]" = WeakKeyDictionary()
_Given = ParamSpec("Given")
_Answer = TypeVar("Answer")


def kept(function: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
    """Answer a question that was asked before with a copy of its answer.

    A question is the function's arguments, and of a connection all that its database holds; an
    object of another kind says in `asked` what made it. A table is kept in the `folder` of the
    database that it was asked of too, for other programs of the same code; who asks while another
    makes it waits.
    """
    answers: dict[bytes, bytes] = {}
    signature = inspect.signature(function)

    @wraps(function)
    def answered(*args: _Given.args, **named: _Given.kwargs) -> _Answer:
        asked = signature.bind(*args, **named)
        asked.apply_defaults()
        given = list(asked.arguments.values())
        question = hashlib.sha256(repr(_content(given)).encode()).digest()
        if question not in answers:
            file = _file(given, function, question)
            answer = _read(file)
            if answer is None:
                if file:
                    unlock(file.parent)
                with alone(file) if file else nullcontext():
                    answer = _read(file)
                    if answer is None:
                        answer = function(*args, **named)
                        _write(answer, file)
            if len(answers) == _MOST:
                del answers[next(iter(answers))]
            answers[question] = pickle.dumps(answer)
        return pickle.loads(answers[question])

    return answered


def _is_database(value: object) -> bool:
    import duckdb

    return isinstance(value, duckdb.DuckDBPyConnection)


def _content(value: object) -> object:
    """Return what says all that a value holds, equal for equal ones in every process.

    Raises TypeError for a value of which this is not known.
    """
    import numpy as np
    import pandas as pd

    if value is None or isinstance(value, (bool, int, float, str, bytes, date)):
        return type(value).__name__, value
    if _is_database(value):
        return database_content(value)
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, hashlib.sha256(value.tobytes()).hexdigest()
    if isinstance(value, pd.DataFrame):
        rows = pd.util.hash_pandas_object(value).to_numpy()
        return _content([list(value), [str(each) for each in value.dtypes], rows])
    if isinstance(value, Mapping):
        return "mapping", _content(list(value.items()))
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [_content(each) for each in value]
    if hasattr(value, "asked"):
        return type(value).__name__, _content(value.asked)
    if is_dataclass(value):
        return type(value).__name__, [_content(getattr(value, one.name)) for one in fields(value)]
    raise TypeError(f"{type(value).__name__} cannot be part of a question that is kept")


def database_content(con: "DuckDBPyConnection") -> list[tuple]:
    """Return `table, rows, sum of the rows' hashes` of each table: equal for equal databases."""
    if con in _contents:
        return _contents[con]
    tables = """
        select table_name from duckdb_tables() where not internal
        union all select view_name from duckdb_views() where not internal
        order by all
    """
    found = [
        (name, *con.execute(f'select count(*), sum(hash(t)) from "{name}" t').fetchall()[0])
        for (name,) in con.execute(tables).fetchall()
    ]
    if opened_from(con):
        _contents[con] = found
    return found


def key(con: "DuckDBPyConnection") -> str:
    """Return what is another where a database holds other data, or the program is another."""
    return hashlib.sha256(repr(database_content(con)).encode() + CODE).hexdigest()


def folder(database: Path) -> Path:
    """Return where the answers of a database are kept: `barometer.kept` of `barometer.duckdb`."""
    return database.with_suffix(".kept")


def code(folder: Path) -> str:
    """Return a digest of the code and the queries of a folder, as hexadecimal digits."""
    made = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".py", ".sql", ".yaml"}:
            made.update(f"\n{file.relative_to(folder).as_posix()}\n".encode())
            made.update(file.read_bytes())
    return made.hexdigest()


def _made_with() -> bytes:
    """Return a digest of what an answer is made with: this package, its libraries, the machine."""
    made = hashlib.sha256(code(Path(__file__).parents[1]).encode())
    libraries = [f"{name} {version(name)}" for name in ("duckdb", "numpy", "pandas", "scipy")]
    # Processors add in another order each; tests choose whose.
    machine = [platform.python_version(), platform.machine(), os.getenv("OPENBLAS_CORETYPE", "")]
    made.update(repr([libraries, machine]).encode())
    return made.digest()


# Read before the code that it stands for: what is edited later is not what runs here.
CODE = _made_with()


def _file(given: list[object], function: Callable, question: bytes) -> Path | None:
    """Return where an answer is kept; None where the database asked, if any, is in memory."""
    asked = "select path from duckdb_databases() where database_name = current_database()"
    name = f"{function.__module__}.{function.__qualname__}"
    key = hashlib.sha256(CODE + name.encode() + question).hexdigest()
    for each in given:
        if _is_database(con := getattr(each, "con", each)):
            path = opened_from(con) or con.execute(asked).fetchall()[0][0]
            return folder(Path(path)) / f"{key}.npz" if path else None
    return None


def _write(answer: object, file: Path | None) -> None:
    """Write a table, whole or not at all; where nothing may be written, nothing is kept."""
    import pandas as pd

    if file is None or not isinstance(answer, pd.DataFrame):
        return
    try:
        packed = _packed(answer)
    except TypeError:
        return
    again = _unpacked(packed)
    if not again.equals(answer) or list(again.dtypes) != list(answer.dtypes):
        return
    with suppress(OSError):
        others = sorted(file.parent.glob("*.npz"), key=lambda each: each.stat().st_mtime_ns)
        for old in others[: max(0, len(others) - _MOST_FILES + 1)]:
            old.unlink()
        put(file, packed)


def _read(file: Path | None) -> "DataFrame | None":
    """Return the table of a file; None where there is none, or it cannot be read."""
    try:
        return _unpacked(file.read_bytes()) if file else None
    except (OSError, ValueError, LookupError, EOFError, BadZipFile):
        return None


def _packed(answer: "DataFrame") -> bytes:
    """Return a table as numpy's file of arrays, in which nothing can be run.

    Raises TypeError for a column of other than numbers, moments and texts.
    """
    import numpy as np

    arrays = {
        _ABOUT: _text({"names": list(answer), "types": [str(each) for each in answer.dtypes]})
    }
    for n in range(answer.shape[1]):
        column = answer.iloc[:, n]
        is_plain = isinstance(column.dtype, np.dtype) and column.dtype.kind in "biufM"
        values = column.astype(object).where(column.notna(), None)
        arrays[str(n)] = column.to_numpy() if is_plain else _text(list(values))
    packed = BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **arrays)
    return packed.getvalue()


def _text(value: object) -> "ndarray":
    import numpy as np

    return np.frombuffer(json.dumps(value).encode(), "S1")


def _unpacked(packed: bytes) -> "DataFrame":
    import numpy as np
    import pandas as pd

    with np.load(BytesIO(packed), allow_pickle=False) as held:
        arrays = {
            name: json.loads(values.tobytes()) if values.dtype == "S1" else values
            for name, values in held.items()
        }
    about = arrays.pop(_ABOUT)
    made = pd.DataFrame(
        {n: pd.Series(arrays[str(n)], dtype=type_) for n, type_ in enumerate(about["types"])}
    )
    made.columns = about["names"]
    return made
