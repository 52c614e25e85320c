"""Folders for what is half made: gone when it is whole, or, after a crash, at the next start."""

import glob
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import FileLock

# By which whoever works in a folder is known to live.
_HELD = "held"
# The folder of a file that is being made, where it will stand.
HALF_MADE = ".half-made-"


@contextmanager
def scratch(prefix: str, parent: Path | None = None) -> Iterator[Path]:
    """Give a folder of one's own below another, and remove those that nobody works in any more.

    Without a `parent` it is where the system keeps such. Another thread may leave it than entered
    it.
    """
    parent = parent or Path(tempfile.gettempdir())
    clear(prefix, parent)
    while not (held := _held(folder := _made(prefix, parent))):
        pass
    try:
        yield folder
    finally:
        held.release()
        shutil.rmtree(folder, ignore_errors=True)


def _made(prefix: str, parent: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    except OSError as error:
        # The name of one that could not be made tells nobody anything.
        error.filename = str(parent)
        raise


def put(file: Path, content: bytes) -> None:
    """Write a file that is the old one until it is the new one whole."""
    with scratch(HALF_MADE, file.parent) as folder:
        (folder / file.name).write_bytes(content)
        (folder / file.name).replace(file)


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Wait until no other program makes a file, where that can be told."""
    from filelock import FileLock

    beside = file.with_suffix(".lock")
    lock = FileLock(beside)
    with suppress(OSError, NotImplementedError):
        file.parent.mkdir(exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        if lock.is_locked:
            lock.release()
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def unlock(folder: Path) -> None:
    """Remove the locks of `alone` in a folder that were left by who was killed."""
    from filelock import FileLock, Timeout

    for left in folder.glob("*.lock"):
        with suppress(OSError, NotImplementedError, Timeout), FileLock(left, timeout=0):
            left.unlink()


def _held(folder: Path) -> "FileLock | None":
    """Return what says that a folder is worked in; None where another has cleared it meanwhile.

    On a share that knows no such locks nobody clears.
    """
    from filelock import FileLock

    lock = FileLock(folder / _HELD, thread_local=False)
    try:
        lock.acquire()
    except NotImplementedError:
        return lock
    except (FileNotFoundError, FileExistsError):
        return None
    if (folder / _HELD).exists():
        return lock
    lock.release()
    return None


def clear(prefix: str, parent: Path) -> None:
    """Remove the folders that `scratch` gave and nobody works in any more."""
    from filelock import FileLock, Timeout

    for left in parent.glob(f"{glob.escape(prefix)}*"):
        with suppress(OSError, NotImplementedError, Timeout), FileLock(left / _HELD, timeout=0):
            shutil.rmtree(left, ignore_errors=True)
