"""Reports that show what has been removed from the database are removed too."""

import re
import shutil
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from analysis.core.scratch import HALF_MADE
from analysis.reports import interactive, manifest, meeting, packs, page, register, revisions, word

_NAMES = (interactive.NAME, meeting.NAME, page.METHOD, register.NAME)
_OURS = re.compile(rf"\d\d_|{re.escape(HALF_MADE)}|({'|'.join(_NAMES)})(\.\w+)?$")


def remove(output: Path) -> tuple[int, list[str]]:
    """Remove every report, note and folder for the meeting that runs have left in a folder.

    Return how many folders went, and the notes that somebody has edited, which stay.
    """
    edited: list[str] = []
    # First, so that where this is cut short no list leads to what is gone.
    for name in ("index.html", revisions.NAME, manifest.NAME, manifest.LOG):
        (output / name).unlink(missing_ok=True)
    reports = [file.parent for file in sorted(output.glob(f"*/{register.NAME}"))]
    for folder in reports:
        # What somebody has put beside them is not ours to remove.
        _remove((path for path in folder.iterdir() if _OURS.match(path.name)), output, edited)
    meetings = [file.parent for file in sorted(output.glob(f"*/*/{packs.CARD}"))]
    for folder in meetings:
        _remove((path for path in folder.iterdir() if path.suffix in packs.ENDINGS), output, edited)
    notes = (output.glob(f"status_*.{ending}") for ending in ("html", "docx", "pdf"))
    _remove(chain.from_iterable(notes), output, edited)
    for folder in (*reports, *meetings, *{each.parent for each in meetings}):
        if not any(folder.iterdir()):
            folder.rmdir()
    return len(reports) + len(meetings), edited


def _remove(paths: Iterable[Path], output: Path, edited: list[str]) -> None:
    """Remove files and folders, but of `edited` notes only their names below `output` are added."""
    # Last what a folder is found by, so that one that was begun is found again.
    for path in sorted(paths, key=lambda each: (each.name in (packs.CARD, register.NAME), each)):
        if path.suffix == ".docx" and word.is_edited(path):
            edited.append(path.relative_to(output).as_posix())
        elif path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
