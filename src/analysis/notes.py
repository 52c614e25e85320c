"""The words a page opens with, and the notes that stand by its figures."""

from typing import TYPE_CHECKING

from analysis import barometer, danish
from analysis.selection import ALL, FILTERS, Selection

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from IPython.display import Markdown

SYNTHETIC = (
    "**Syntetiske data.** Tallene på denne side er opdigtede til afprøvning og siger intet om "
    "virkelige hændelser, steder eller personer."
)
INFERRED_WEIGHTS = (
    "*Relativ score er hændelser vægtet efter alvor. "
    "Vægtene ({weights}) er udledt af offentliggjorte scorer, ikke selv offentliggjort.*"
)
_SELF_SERVICE = {None: ALL, True: "Ja", False: "Nej"}


def header(
    con: "DuckDBPyConnection", selection: Selection, compared: Selection | None = None
) -> "Markdown":
    """Return the page's opening: the selection in words, the date of the data, the warning."""
    from IPython.display import Markdown

    known = barometer.resolve(con, selection)
    periods = [one for one in (compared, known) if one]
    filters = {
        **{FILTERS[name]: getattr(known, name) or ALL for name in FILTERS},
        "Selvbetjent åbningstid": _SELF_SERVICE[known.self_service],
    }
    data = barometer.dataset(con)
    lines = [
        f"**{known.place}, "
        + " sammenlignet med ".join(one.period for one in reversed(periods))
        + "** ("
        + " og ".join(one.dates for one in reversed(periods))
        + ")",
        " · ".join(f"{name}: {value}" for name, value in filters.items()),
    ]
    if data.last_day:
        lines.append(f"Data til og med {danish.day(data.last_day)}.")
    if data.synthetic:
        lines.append(SYNTHETIC)
    return Markdown("\n\n".join(lines))


def inferred_weights() -> "Markdown":
    """Return the note that stands by every relative score."""
    from IPython.display import Markdown

    from analysis.taxonomy import WEIGHTS

    weights = danish.listing([f"{label} {weight}" for label, weight in WEIGHTS.items()])
    return Markdown(INFERRED_WEIGHTS.format(weights=weights))
