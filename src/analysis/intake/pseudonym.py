"""The key that case and order numbers are hidden with."""

import os
import secrets
from pathlib import Path

from filelock import FileLock

from analysis.core.database import ROOT

FILE = ROOT / "build" / "pseudonym.key"


def key(file: Path = FILE) -> str:
    """Return the project's key, made at first use for its owner alone.

    With it a number has the same pseudonym in every database; without it nobody finds the number.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_suffix(".lock")):
        if not file.exists():
            new = file.with_suffix(".new")
            new.unlink(missing_ok=True)
            made = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(made, "w", encoding="ascii") as target:
                target.write(secrets.token_hex(32))
            new.replace(file)
    return file.read_text(encoding="ascii")
