"""Reports that show what has been removed from the database are removed too."""

import re
import shutil
from pathlib import Path

from analysis.reports import interactive, manifest, meeting, page, register, word

_NAMES = (interactive.NAME, meeting.NAME, page.METHOD, register.NAME)
_OURS = re.compile(rf"\.?\d\d_|({'|'.join(_NAMES)})(\.\w+)?$")


def remove(output: Path) -> tuple[int, list[str]]:
    """Remove every report that runs have left in a folder.

    Return how many folders of reports went, and the notes that somebody has edited, which stay.
    """
    edited = []
    folders = [file.parent for file in sorted(output.glob(f"*/{register.NAME}"))]
    for folder in folders:
        for file in sorted(folder.glob("*.docx")):
            try:
                word.refuse_edited(file)
            except word.EditedError:
                edited.append(f"{folder.name}/{file.name}")
        kept = {output / name for name in edited}
        # What somebody has put beside them is not ours to remove.
        for path in sorted(path for path in folder.iterdir() if _OURS.match(path.name)):
            if path.is_dir():
                shutil.rmtree(path)
            elif path not in kept:
                path.unlink()
        if not any(folder.iterdir()):
            folder.rmdir()
    for name in ("index.html", manifest.NAME, manifest.LOG):
        (output / name).unlink(missing_ok=True)
    return len(folders), edited
