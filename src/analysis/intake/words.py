"""What the ingest says at the command line."""

import json
from collections.abc import Iterator

from analysis.core import taxonomy
from analysis.core.danish import number
from analysis.core.headings import HEADINGS
from analysis.core.selection import nearest
from analysis.intake.build import FATES, Intake

# Of one kind, so many lines are printed; notebook 01 has them all.
_MOST = 200
_MOST_ENTRIES = 20
_FORMS = {"uro": "uro", "haervaerk": "hærværk"}


def intake_lines(intake: Intake) -> Iterator[str]:
    """Return what became of every row: by file, every reason, and the labels that nobody knows."""
    yield from _table(intake)
    yield from _block("Ikke læst", [f"{name} {reason}" for name, reason in intake.unread])
    yield from _block(
        "Begrundelser",
        [
            f"{number(rows):>8}  {HEADINGS[fate].lower()}: {reason}"
            for fate, reason, rows in intake.reasons
        ],
    )
    yield from _block(
        "Ukendte betegnelser (ret dem i layoutets »values«, taksonomien eller registret)",
        [
            f"{number(rows):>8}  {HEADINGS[kind].lower()}: {label}"
            for kind, label, rows in intake.unknown
        ],
    )
    yield from _block(
        "Linjer i src/analysis/core/taxonomy.yaml, der gør dem kendt (… udfyldes)",
        [_entry(kind, label) for kind, label, _ in intake.unknown if kind in taxonomy.LABELS],
        _MOST_ENTRIES,
    )
    if any(kind == "location" for kind, *_ in intake.unknown):
        yield ""
        yield (
            "En lokation bliver kendt med en række i locations.csv, eller med navnet under "
            "other_names i lokationens række."
        )


def _entry(kind: str, label: str) -> str:
    """Return the line that makes a label known: a new one, or a spelling of one that is there."""
    text = json.dumps(label, ensure_ascii=False)
    says = "".join(f", {name}: …" for name in taxonomy.SAYS.get(kind, ()))
    near = nearest(label, taxonomy.LABELS[kind], 1) or ["den, den svarer til"]
    return f"under {kind}: - {{label: {text}{says}}}  (eller ved {near[0]}: spellings: [{text}])"


def _table(intake: Intake) -> Iterator[str]:
    rows = [
        ("fil", "skema", "rækker", *(HEADINGS[fate].lower() for fate in FATES)),
        *(
            (
                one.file,
                ", ".join(_FORMS[form] for form in one.forms),
                *map(number, (one.rows, *one.fates.values())),
            )
            for one in intake.outcomes
        ),
        ("i alt", "", *map(number, (sum(intake.totals.values()), *intake.totals.values()))),
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        words = [f"{text:{width}}" for text, width in zip(row[:2], widths[:2], strict=True)]
        counts = [f"{text:>{width}}" for text, width in zip(row[2:], widths[2:], strict=True)]
        yield "  ".join([*words, *counts])


def _block(heading: str, rows: list[str], most: int = _MOST) -> Iterator[str]:
    if rows:
        yield ""
        yield f"{heading}:"
        yield from (f"  {row}" for row in rows[:most])
    if (more := len(rows) - most) > 0:
        yield f"  … og {number(more)} andre"
