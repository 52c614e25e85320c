"""What each run leaves of its reports in their folder, so that the index lists all, not its own."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from analysis.core.asking import Dataset
from analysis.reports.index import Report, SeasonCount

NAME = "reports.json"


def write(folder: Path, reports: Sequence[Report], data: Dataset) -> None:
    """Keep what the index needs of a folder's reports, and of the data that they were made of."""
    kept = {"data": data._asdict(), "reports": [asdict(one) for one in reports]}
    text = json.dumps(kept, ensure_ascii=False, indent=1, default=date.isoformat)
    (folder / NAME).write_bytes(text.encode("utf-8"))


def earlier(output: Path) -> dict[str, tuple[Dataset, list[Report]]]:
    """Return what the runs before this one left in `output`, by the folders' names in order.

    A folder whose file is not one of ours, or of another version, is left out.
    """
    found = {}
    for file in sorted(output.glob(f"*/{NAME}")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            found[file.parent.name] = _read(file)
    return found


def _read(file: Path) -> tuple[Dataset, list[Report]]:
    kept = json.loads(file.read_text(encoding="utf-8"))
    synthetic, *days = (kept["data"][name] for name in Dataset._fields)
    reports = [
        replace(
            Report(**one),
            # A folder may have been given another name since.
            parameters=file.parent.name,
            starts=_day(one["starts"]),
            past=tuple(SeasonCount(*each) for each in one["past"]),
            last_day=_day(one["last_day"]),
            files=found,
        )
        for one in kept["reports"]
        # A run that was cut short has removed what it was to make anew.
        if (found := tuple(each for each in one["files"] if _file(file, one, each).exists()))
    ]
    return Dataset(synthetic, *map(_day, days)), reports


def _file(register: Path, report: dict, ending: str) -> Path:
    return register.with_name(f"{report['name']}.{ending}")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
