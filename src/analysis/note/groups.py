"""The note's section on who and what stands behind the figures."""

from typing import TYPE_CHECKING

from analysis import danish, names, taxonomy
from analysis.headings import BLANK
from analysis.note.figures import Period, known
from analysis.note.words import Place, fill, markdown

if TYPE_CHECKING:
    from IPython.display import Markdown
    from pandas import Series

# Nobody knows which group stands behind these.
_UNKNOWN = taxonomy.LABELS["demography"][-1]
_STAFF = taxonomy.LABELS["victim"][1]
# A majority: "mainly" is said of nothing less.
_MAJORITY = 0.5


def section(place: Place, now: Period, earlier: Period) -> "Markdown":
    """Return who stands behind the incidents, what they are, and whom they were done to."""
    return markdown(
        none(place, now),
        " ".join(filter(None, [main_group(now), before(now, earlier)])),
        types(now),
        victims(now),
        fill("groups"),
    )


def main_group(now: Period) -> str:
    """Return which group of people stands behind most incidents, or "" where there are none.

    "Mainly" is said only of more than half of all incidents, those of unknown groups too.
    """
    total = now.incidents
    if not total:
        return ""
    groups = _named(now.groups)
    unknown = total - int(groups.sum())
    if total == 1:
        if unknown:
            return "Det er ikke oplyst eller kendt, hvem der stod bag den ene hændelse."
        return f"Den ene hændelse er registreret med {_lower(groups.idxmax())}."
    if unknown / total > _MAJORITY:
        return (
            "For de fleste hændelser er det ikke oplyst eller kendt, hvem der stod bag: "
            f"{_share(unknown, total)}."
        )
    if groups.empty:
        return ""
    first, most = names.leading(groups)
    if most / total > _MAJORITY:
        return (
            f"Hændelserne er hovedsageligt registreret med {_lower(first[0])}: "
            f"{_share(most, total)}."
        )
    listed = danish.listing([_lower(name) for name in first])
    each = "hver " if len(first) > 1 else ""
    return (
        f"Ingen gruppe er registreret ved over halvdelen af hændelserne; flest er registreret med "
        f"{listed}: {each}{_share(most, total)}."
    )


def before(now: Period, earlier: Period) -> str:
    """Return the main group's share in the period before, or "" where nothing compares."""
    groups = _named(now.groups)
    if not now.incidents or not earlier.incidents or earlier.held != "whole" or groups.empty:
        return ""
    first, _ = names.leading(groups)
    if len(first) > 1:
        return ""
    count = int(earlier.groups.get(first[0], 0))
    return f"I {earlier.name} gjaldt det {_share(count, earlier.incidents)}."


def types(now: Period) -> str:
    """Return which type of incident was most common, and how many there were of the others."""
    if not now.incidents:
        return ""
    text = f"{names.message(now.types, 'category')}."
    first, _ = names.leading(now.types)
    others = now.types[(now.types > 0) & ~now.types.index.isin(first)]
    if others.empty:
        return text
    counted = [f"{_lower(name)} ({danish.number(count)})" for name, count in others.items()]
    return f"{text} Derudover er der {danish.listing(counted)}."


def victims(now: Period) -> str:
    """Return whom the incidents were done to, and how many of them to staff."""
    if known(now.victims).empty:
        return ""
    text = f"{names.message(now.victims, 'victim')}."
    staff = int(now.victims.get(_STAFF, 0))
    if not staff or now.incidents == 1:
        return text
    return f"{text} Medarbejdere er forurettede i {names.incidents(staff)}."


def none(place: Place, now: Period) -> str:
    """Return that there is nothing to divide, or ""."""
    if now.incidents:
        return ""
    if now.held == "none":
        return f"Grupper og typer er ikke kendt, fordi data ikke dækker {now.name}."
    return f"Der er ingen hændelser {place.at} i {now.name} at dele op på grupper og typer."


def _named(groups: "Series") -> "Series":
    """Return the incidents of the groups that are known."""
    return groups.drop([_UNKNOWN, BLANK], errors="ignore")


def _share(part: int, whole: int) -> str:
    return (
        f"{danish.number(part)} af {danish.number(whole)} ({names.percent(part, whole)})"
        if part
        else f"ingen af {danish.number(whole)}"
    )


def _lower(label: str) -> str:
    """Return a label inside a sentence: "udsatte voksne"."""
    return label[:1].lower() + label[1:]
