"""Why a location stands where it does, and what moved it: figures in, Danish sentences out."""

from datetime import date, timedelta
from math import log
from typing import NamedTuple

from analysis.core import danish
from analysis.nowcast.words import since
from analysis.show import phrases

# Where a location's figure comes from: its own self-service incidents; those of places like it,
# since it has none; all its incidents and the hours of places like it, since its own hours are
# unknown; or nowhere, since it has no self-service hours.
OWN, ALIKE, UNKNOWN_HOURS, NO_HOURS = "own", "alike", "unknown hours", "no hours"
# Smaller changes than this, relative to the other places, are none.
_LEAST_CHANGE = log(1.02)
# Fewer incidents than this are told as almost none.
_LEAST_TOLD = 0.05
# Nor are incidents called graver than most places', or milder, for less than this.
_LEAST_GRAVER = log(1.1)


class Move(NamedTuple):
    """A location's place on the list of `month` and of the month before, and what lies behind.

    `alone` and `before_alone` are the places by data alone; those before are None where there is no
    list. `latest` incidents in the month before, up to the day `until` (None: its last), were
    `awaited`, both None where that is not known.
    `rate`, `severity` and `opening` are logarithms of what the rate, the mean weight and the
    self-service hours were multiplied by since, apart from what the median place was.
    `hours` and `hours_before` are the self-service hours themselves. `entries` says whether
    experience was entered for the location, and `silent_since` is the day of its last incident,
    where it may have stopped reporting. `expected` are the coming month's incidents by data alone,
    and `graver` the logarithm of their mean weight to the median place's.
    """

    month: date
    rank: int
    alone: int
    before: int | None
    before_alone: int | None
    source: str
    latest: int | None = None
    awaited: float | None = None
    rate: float = 0.0
    severity: float = 0.0
    opening: float = 0.0
    hours: float = 0.0
    hours_before: float = 0.0
    entries: bool = False
    until: date | None = None
    silent_since: date | None = None
    expected: float | None = None
    graver: float = 0.0


def reason(move: Move) -> str:
    """Return why a location stands where it does, then what moved it since last month.

    Where experience moved it, that is told in place of what the figures say. That it may have
    stopped reporting is told too.
    """
    said = "" if move.source == NO_HOURS else _experience(move)
    silent = f", men {since(move.silent_since)}" if move.silent_since else ""
    return f"{_standing(move)}{said or _by_data(move)}{silent}."


def _standing(move: Move) -> str:
    """Return what is expected of the coming month, as a sentence before others, or ""."""
    if move.expected is None or move.source == NO_HOURS:
        return ""
    count = danish.number(move.expected, 1) if move.expected >= _LEAST_TOLD else "Næsten ingen"
    told = f"{count} ventet i {_name(move.month)}"
    if abs(move.graver) >= _LEAST_GRAVER:
        told += f", {'alvorligere' if move.graver > 0 else 'mildere'} end typisk"
    return f"{told}. "


def _experience(move: Move) -> str:
    """Return what experience did to the location's place, or "" where it did nothing."""
    if move.rank != move.alone:
        return f"Nr. {move.alone} efter tallene; {_overruled(move)}"
    if move.entries:
        return f"Nr. {move.alone} efter tallene og efter repræsentanternes erfaring"
    if move.before != move.before_alone:
        then = _month_before(move.month)
        return f"Erfaringen fra {then} (plads {move.before}) gælder ikke længere"
    return ""


def _overruled(move: Move) -> str:
    """Return what the representatives judge, of this place or of those that it changed with."""
    is_up = move.rank < move.alone
    if move.entries:
        return f"repræsentanterne vurderer det {'højere' if is_up else 'lavere'}"
    if is_up:
        return "rykket op, fordi repræsentanterne vurderer andre steder lavere"
    return "overhalet af steder, som repræsentanterne vurderer højere"


def _by_data(move: Move) -> str:
    if move.source == NO_HOURS:
        return f"Ingen selvbetjent åbningstid i {_name(move.month)}"
    if move.before_alone is None:
        lead, way = "Første gang på listen", 0
    elif move.alone == move.before_alone:
        lead, way = "Samme plads som måneden før", 0
    else:
        way = 1 if move.alone < move.before_alone else -1
        lead = f"{'Op' if way > 0 else 'Ned'} fra plads {move.before_alone}"
    cause = _cause(move, way)
    return f"{lead}: {cause}" if cause else lead


def _cause(move: Move, way: int) -> str:
    if move.source == UNKNOWN_HOURS:
        return "åbningstiden er ukendt, så timetallet er anslået"
    if move.source == ALIKE:
        return "endnu ingen hændelser i selvbetjent åbningstid, så tallet er fra lignende steder"
    if not way:
        return _counted(move)
    changes = {
        _rate: way * move.rate,
        _severity: way * move.severity,
        _hours: way * move.opening,
    }
    cause = max(changes, key=changes.get)
    if changes[cause] < _LEAST_CHANGE:
        return _others(way)
    return cause(move, way)


def _rate(move: Move, way: int) -> str:
    told = _counted(move)
    if told and (move.latest - move.awaited) * way > 0:
        return told
    # It was itself as calm, or as busy, as awaited: the others moved.
    return "andre steder er faldet mere" if way > 0 else "andre steder er steget mere"


def _severity(_: Move, way: int) -> str:
    return f"hændelserne er {'alvorligere' if way > 0 else 'mindre alvorlige'} end før"


def _hours(move: Move, way: int) -> str:
    return (
        f"{'flere' if way > 0 else 'færre'} selvbetjente timer ({danish.number(move.hours)} mod "
        f"{danish.number(move.hours_before)})"
    )


def _others(way: int) -> str:
    return f"andre steder er rykket {'ned' if way > 0 else 'op'}"


def _counted(move: Move) -> str:
    """Return "3 hændelser i marts mod 2,1 ventet", or "" where that is not known."""
    if move.latest is None or move.awaited is None:
        return ""
    count = phrases.incidents(move.latest) if move.latest else "ingen hændelser"
    awaited = danish.number(move.awaited, 1)
    return f"{count} {_when(move)} mod {awaited} ventet"


def _when(move: Move) -> str:
    """Return "i marts", or "1.–14. marts" where no more of it is known."""
    name = _month_before(move.month)
    if move.until is None or move.until == move.month - timedelta(days=1):
        return f"i {name}"
    return f"1.–{move.until.day}. {name}" if move.until.day > 1 else f"den 1. {name}"


def _name(month: date) -> str:
    return danish.MONTHS[month.month - 1]


def _month_before(month: date) -> str:
    return danish.MONTHS[month.month - 2]
