"""Charts as files."""

from pathlib import Path
from typing import TYPE_CHECKING

import altair as alt

from analysis.core import asking, danish, prose
from analysis.core.database import ROOT, latest
from analysis.core.errors import InputError
from analysis.show.charts.theme import drawable, noted
from analysis.show.drawing import png, svg

if TYPE_CHECKING:
    from IPython.display import Markdown

FOLDER = ROOT / "reports" / "explore"
FITTING = "Et diagram gemmes som .png eller .svg, en tabel som .xlsx eller .csv."


def save(chart: alt.TopLevelMixin, name: str, note: str | None = None) -> "Markdown":
    """Write a chart to `reports/explore/`, a PNG or an SVG by the name's ending; say where.

    Under its title stands `note`, else what the notebook was run with and where the figures are
    from. A chart without a title gets the file's name. Raises InputError for another ending.
    """
    file = FOLDER / name
    spec = noted(drawable(chart.to_dict()), origin() if note is None else note, file.stem)
    ending = file.suffix.lower()
    if ending == ".png":
        return write(file, png(spec))
    if ending == ".svg":
        return write(file, svg(spec).encode())
    raise InputError(FITTING)


def origin() -> str:
    """Return what a file says that nobody gave a note: the selection run with, and the source."""
    return ". ".join(filter(None, [asking.running(), source()]))


def source() -> str:
    """Return where the figures of the database opened last are from, and that they are made up."""
    synthetic, last_day = latest()
    through = f" til og med {danish.day(last_day)}" if last_day else ""
    made_up = prose.text("rules/Syntetiske data, kort") if synthetic else ""
    return f"Kilde: indmeldinger i MainManager{through}. {made_up}".rstrip()


def write(file: Path, content: bytes) -> "Markdown":
    """Write a file, and say where it lies or why it could not be written."""
    from IPython.display import Markdown

    shown = file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.name
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        # Windows keeps a file that Excel has open.
        reason = (
            "Er den åben i et andet program?"
            if isinstance(error, PermissionError)
            else error.strerror
        )
        return Markdown(f"`{shown}` kunne ikke gemmes. {reason}")
    return Markdown(f"Gemt: `{shown}`")
