"""What each run leaves of its report in its folder, so that the index lists all, not its own."""

import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from analysis.core.asking import Dataset
from analysis.core.audience import PUBLIC_PAGE
from analysis.core.scratch import put
from analysis.reports.index import FRONT, Page, Report, SeasonCount
from analysis.reports.parameters import ParameterError

NAME = "report.json"


def add(
    folder: Path,
    report: Report,
    pages: Sequence[Page],
    data: Dataset,
    endings: tuple[str, ...],
    outdated: Collection[str] = (),
) -> None:
    """Keep what the index needs of a folder's report, with pages of earlier runs that are left.

    `data` is what it was made of, `endings` those that a page's files may have, `outdated` those
    of its files that are about to go.
    """
    earlier = _kept(folder / NAME)
    own = {one.name: one for one in earlier[1].pages} if earlier else {}
    own |= {one.name: replace(one, files=_written(folder, one.name, endings)) for one in pages}
    for name, one in own.items():
        left = tuple(each for each in one.files if f"{name}.{each}" not in outdated)
        own[name] = replace(one, files=left)
    in_order = sorted(own, key=lambda each: (each != FRONT, each))
    whole = replace(report, pages=tuple(own[each] for each in in_order))
    told = {"data": data._asdict(), "report": asdict(whole)}
    text = json.dumps(told, ensure_ascii=False, indent=1, default=date.isoformat)
    put(folder / NAME, text.encode("utf-8"))


def kept(output: Path) -> dict[str, tuple[Dataset, Report]]:
    """Return what runs have left in `output`, by the folders' names in order.

    A folder whose file is not one of ours, or of another version, is left out.
    """
    found = {file.parent.name: _kept(file) for file in sorted(output.glob(f"*/{NAME}"))}
    return {name: each for name, each in found.items() if each}


def refuse_mixed(output: Path, is_public: Collection[bool] = (False,)) -> None:
    """Raise ParameterError where a folder holds, or would hold, both what is for everybody and not.

    `is_public` says which is to be written there.
    """
    earlier = ([page.name for page in report.pages] for _, report in kept(output).values())
    if len({*is_public, *(PUBLIC_PAGE in names for names in earlier)}) > 1:
        raise ParameterError(
            "Sider til offentligheden skal ligge i deres egen mappe; vælg en anden med --output."
        )


def _kept(file: Path) -> tuple[Dataset, Report] | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return _read(file)
    return None


def _read(file: Path) -> tuple[Dataset, Report]:
    told = json.loads(file.read_text(encoding="utf-8"))
    synthetic, *days = (told["data"][name] for name in Dataset._fields)
    report = Report(**told["report"])
    pages = [Page(**one) for one in report.pages]
    return Dataset(synthetic, *map(_day, days)), replace(
        report,
        # A folder may have been given another name since.
        parameters=file.parent.name,
        starts=_day(report.starts),
        past=tuple(SeasonCount(*each) for each in report.past),
        last_day=_day(report.last_day),
        # A run that was cut short has removed what it was to make anew.
        pages=tuple(
            replace(one, files=files)
            for one in pages
            if (files := _written(file.parent, one.name, one.files))
        ),
    )


def _written(folder: Path, name: str, endings: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in endings if (folder / f"{name}.{each}").exists())


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
