"""A folder for each district and a month: its overviews, the meeting's card, and a draft mail."""

import sys
from collections import Counter
from contextlib import closing, suppress
from datetime import date, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup
from tqdm import tqdm

from analysis.core import asking, danish
from analysis.core import database as databases
from analysis.core.errors import is_full
from analysis.core.scratch import HALF_MADE, scratch
from analysis.core.season import Season, half_of
from analysis.core.selection import Selection, SelectionError, as_month
from analysis.meeting import figures, tables, words
from analysis.meeting.figures import Month
from analysis.reports import meeting, page, sealing
from analysis.reports.index import FRONT
from analysis.reports.kernel import WarmKernel, WarmKernels
from analysis.reports.make import failure
from analysis.reports.parameters import folder_name, folder_names
from analysis.show import marks
from analysis.show.tables import table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# The files of a folder; beside them stands an overview named after each place.
CARD, OVERVIEW, MAIL = "moedekort.html", "overblik.html", "mail.eml"
ENDINGS = (".html", ".eml")
# The folder of a month beside the reports.
_FOLDER = "moede_"
# The characters of a failure that are told.
_LONGEST = 200
# Else it is another at each run.
_BOUNDARY = "=_tryghedsbarometer"


def write(season: str, month: date, database: Path, output: Path, *, quiet: bool = False) -> int:
    """Write the folders of a month of a season; return 0, or 1 where an overview failed.

    `month` is a first day. The overviews are of the season's half up to the end of the month, the
    list is the next month's. Prints a line a district. Raises SelectionError, before anything is
    made, for a month outside the season or the data.
    """
    with closing(databases.connect(database)) as con:
        months = _months(con, season, month)
        data = asking.dataset(con)
        places = {
            found.district: {
                f"{name}.html": asking.resolve(con, _so_far(found, location=place))
                for place, name in folder_names(
                    sorted(found.places["location"]), (Path(each).stem for each in (CARD, OVERVIEW))
                ).items()
            }
            for found in months
        }
    folders = folder_names(found.district for found in months)
    failed = 0
    own = {
        (found.district, name): selection
        for found in months
        for name, selection in (
            (OVERVIEW, _so_far(found)),
            *places[found.district].items(),
        )
    }
    # The pages of each district, in the order in which its mail holds them.
    pages = dict.fromkeys(own, "")
    left = Counter(district for district, _ in own)
    of = {found.district: found for found in months}
    bar = tqdm(total=len(own), unit="side", disable=quiet or None)
    files = {one: f"{number}.ipynb" for number, one in enumerate(own)}
    with scratch("barometer-packs-") as folder, WarmKernels() as kernels, bar:

        def overview(kernel: WarmKernel, one: tuple[str, str]) -> str | Exception:
            try:
                return _overview(kernel, own[one], database, data, folder / files[one])
            except Exception as error:  # A dead kernel must not stop the other places.
                if is_full(error):
                    raise
                return error

        for one, made in kernels.each(overview, list(own)):
            district = one[0]
            if isinstance(made, Exception):
                failed += 1
                said = failure(made)[:_LONGEST]
                bar.write(f"{own[one].place}: overblikket fejlede: {said}", file=sys.stderr)
                made = ""
            pages[one] = made
            bar.update()
            left[district] -= 1
            if left[district]:
                continue
            found = of[district]
            _write(
                output / folders[district],
                found,
                {CARD: card(found)}
                | {name: text for (each, name), text in pages.items() if each == district and text},
            )
            if not quiet:
                asked = danish.counted(len(words.questions(found)), "spørgsmål", "spørgsmål")
                bar.write(f"{district}: {words.headline(found)} {asked}.")
    sealing.seal(database)
    return int(failed > 0)


def folder_of(month: date) -> str:
    """Return the name that a month's folder has beside the reports: "moede_2025-11"."""
    return f"{_FOLDER}{month:%Y-%m}"


def cards(output: Path) -> dict[str, list[str]]:
    """Return the folders below `output` that hold a card, by their month in words, latest first."""
    found: dict[str, list[str]] = {}
    for file in sorted(output.glob(f"{_FOLDER}*/*/{CARD}")):
        with suppress(SelectionError):
            month = as_month(file.parents[1].name.removeprefix(_FOLDER))
            found.setdefault(danish.month(month), []).append(
                file.parent.relative_to(output).as_posix()
            )
    return dict(reversed(found.items()))


def _write(folder: Path, found: Month, pages: dict[str, str]) -> None:
    """Write a district's pages and mail in place of those of an earlier run."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: text.encode("utf-8") for name, text in pages.items()}
    files[MAIL] = mail(found, pages)
    with scratch(HALF_MADE, folder) as begun:
        for name, content in files.items():
            (begun / name).write_bytes(content)
        for name in files:
            (begun / name).replace(folder / name)
    for file in folder.iterdir():
        if file.suffix in ENDINGS and file.name not in files:
            file.unlink()


def _months(con: "DuckDBPyConnection", season: str, month: date) -> list[Month]:
    """Return a month of each district of the register, in the order of their names."""
    chosen = Season(season)
    if month not in chosen:
        raise SelectionError(f"{danish.capital(danish.month(month))} ligger ikke i {chosen.name}.")
    if not asking.dataset(con).touches(figures.selection_of(month)):
        raise SelectionError(f"Data dækker ikke {danish.month(month)}.")
    found = figures.of_month(con, month)
    if not found:
        raise SelectionError("Registret (data/reference/locations.csv) har ingen bydele.")
    return found


def _so_far(found: Month, location: str | None = None) -> Selection:
    """Return the half-year up to the end of the month, of the district or a location."""
    half = Selection(Season.of(found.month), half_of(found.month))
    last = found.next_month - timedelta(days=1)
    days = {} if last == half.interval[1] - timedelta(days=1) else {"last_day": last}
    place = {"location": location} if location else {"district": found.district}
    return Selection(half.season, half.half, **place, **days)


def _overview(
    kernel: WarmKernel, selection: Selection, database: Path, data: asking.Dataset, executed: Path
) -> str:
    """Return the HTML of a place's overview, which leads to no other page."""
    given = {
        "database": str(database),
        "season": selection.season.name,
        "half": selection.half,
        "district": selection.district,
        "location": selection.location,
        "last_day": selection.last_day and selection.last_day.isoformat(),
    }
    notebook = databases.ROOT / "notebooks" / f"{FRONT}.ipynb"
    content = kernel.run(notebook, executed, given)
    name = folder_name(selection.place)
    return page.report(content, FRONT, name, data, None, selection, is_listed=False)[1]


def card(found: Month) -> str:
    """Return the HTML of a district's card."""
    asked = words.questions(found)
    shown = tables.place_table(found)
    listed = table(shown, "Steder med hændelser", headings=tables.headings(found))
    parts = [
        f"**{words.headline(found)}** {marks.text(' '.join(words.news(found)))}",
        Markup(listed.html()) if len(shown) else "",
        marks.text(words.nothing_new(found)),
        f"## {words.QUESTIONS}",
        "\n".join(f"{n}. {marks.text(each)}" for n, each in enumerate(asked, 1))
        if asked
        else "Der er ingen spørgsmål til dig denne måned.",
    ]
    return meeting.sheet(words.title(found), filter(None, parts), [found.data])


def mail(found: Month, pages: dict[str, str]) -> bytes:
    """Return the draft of a mail with pages by their file's name attached, to nobody yet."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = words.title(found)
    # Outlook opens it as one that is to be sent.
    message["X-Unsent"] = "1"
    message.set_content(words.mail(found, list(pages)))
    for name, text in pages.items():
        content, params = text.encode("utf-8"), {"charset": "utf-8"}
        message.add_attachment(content, "text", "html", filename=name, params=params)
    message.set_boundary(_BOUNDARY)
    return message.as_bytes()
