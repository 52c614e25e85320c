"""Folders for what is half made: gone when it is whole, or, after a crash, at the next start."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# By which whoever works in a folder is known to live.
_HELD = "held"


@contextmanager
def scratch(parent: Path, prefix: str) -> Iterator[Path]:
    """Give a folder of one's own below another, and remove those that nobody works in any more."""
    from filelock import FileLock

    clear(parent, prefix)
    with tempfile.TemporaryDirectory(
        prefix=prefix, dir=parent, ignore_cleanup_errors=True
    ) as folder:
        lock = FileLock(Path(folder) / _HELD)
        with lock:
            yield Path(folder)


def clear(parent: Path, prefix: str) -> None:
    """Remove the folders that `scratch` gave and nobody works in any more."""
    from filelock import FileLock, Timeout

    for left in parent.glob(f"{prefix}*"):
        with suppress(OSError, Timeout), FileLock(left / _HELD, timeout=0):
            shutil.rmtree(left, ignore_errors=True)
