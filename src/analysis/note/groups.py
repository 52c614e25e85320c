"""The note's section on who and what stands behind the figures."""

from typing import TYPE_CHECKING

from analysis.core import danish, taxonomy
from analysis.core.headings import BLANK
from analysis.note.figures import Period, known
from analysis.note.words import About, placeholder
from analysis.show import phrases
from analysis.show.phrases import markdown

if TYPE_CHECKING:
    from IPython.display import Markdown
    from pandas import Series

_VICTIMS = dict(
    zip(
        taxonomy.LABELS["victim"],
        (
            "lokationen selv, der er forurettet",
            "medarbejdere, der er forurettede",
            "brugere, der er forurettede",
        ),
        # A label added since is told by its name.
        strict=False,
    )
)
# A majority: "mainly" is said of nothing less.
_MAJORITY = 0.5


def section(place: About, now: Period, earlier: Period) -> "Markdown":
    """Return who stands behind the incidents, what they are, and whom they were done to."""
    return markdown(
        none(place, now),
        " ".join(filter(None, [main_group(now), before(now, earlier)])),
        types(now),
        victims(now),
        placeholder("groups"),
    )


def main_group(now: Period) -> str:
    """Return which group of people stands behind most incidents, or "" where there are none.

    "Mainly" is said only of more than half of all incidents, those of unknown groups too.
    """
    total = now.incidents
    if not total:
        return ""
    groups = _named(now.groups)
    if total == 1:
        if _mostly_unknown(now):
            return "Det er ikke oplyst eller kendt, hvem der stod bag den ene hændelse."
        return f"Den ene hændelse er registreret med {danish.lower(groups.idxmax())}."
    if _mostly_unknown(now):
        return (
            "For de fleste hændelser er det ikke oplyst eller kendt, hvem der stod bag: "
            f"{_share(_unknown(now), total)}."
        )
    if groups.empty:
        return ""
    first, most = phrases.leading(groups)
    if most / total > _MAJORITY:
        return f"{danish.capital(first[0])} er registreret ved {_at(most, total)}."
    listed = danish.capital(danish.listing([danish.lower(name) for name in first]))
    each = "hver " if len(first) > 1 else ""
    return f"{listed} er registreret ved flest hændelser: {each}{_share(most, total)}."


def before(now: Period, earlier: Period) -> str:
    """Return the share before of what `main_group` tells, or "" where nothing compares."""
    if not now.incidents or not earlier.incidents or earlier.held != "whole":
        return ""
    if _mostly_unknown(now):
        at = _at(_unknown(earlier), earlier.incidents)
        return f"I {earlier.name} var det ikke oplyst eller kendt ved {at}."
    groups = _named(now.groups)
    first, _ = phrases.leading(groups) if len(groups) else ([], 0)
    if len(first) != 1:
        return ""
    at = _at(int(earlier.groups.get(first[0], 0)), earlier.incidents)
    return f"I {earlier.name} var {danish.lower(first[0])} registreret ved {at}."


def types(now: Period) -> str:
    """Return which type of incident was most common, and how many there were of the others."""
    if not now.incidents:
        return ""
    text = f"{phrases.message(now.types, 'category')}."
    first, _ = phrases.leading(now.types)
    others = now.types[(now.types > 0) & ~now.types.index.isin(first)]
    if others.empty:
        return text
    counted = [f"{danish.lower(name)} ({danish.number(count)})" for name, count in others.items()]
    return f"{text} Derudover er der {danish.listing(counted)}."


def victims(now: Period) -> str:
    """Return whom the incidents were done to, and how many of them to staff."""
    if known(now.victims).empty:
        return ""
    text = _done_to(now.victims)
    staff = int(now.victims.get(taxonomy.STAFF, 0))
    if not staff or staff == now.victims.max() or now.incidents == 1:
        return text
    return f"{text} Medarbejdere er forurettede ved {phrases.incidents(staff)}."


def _done_to(victims: "Series") -> str:
    """Return what most of the incidents were done to: the place itself is no victim in a list."""
    first, most = phrases.leading(victims)
    whom = _VICTIMS.get(first[0]) if len(first) == 1 else None
    total = int(victims.sum())
    if not whom or total == 1:
        return f"{phrases.message(victims, 'victim')}."
    if most == total:
        every = "begge hændelser" if total == 2 else f"alle {phrases.incidents(total)}"
        return f"Ved {every} er det {whom}."
    share = phrases.percent(most, total)
    return f"Oftest er det {whom}: {danish.number(most)} af {phrases.incidents(total)} ({share})."


def none(place: About, now: Period) -> str:
    """Return that there is nothing to divide, or ""."""
    if now.incidents:
        return ""
    if now.held == "none":
        return f"Grupper og typer er ikke kendt, fordi data ikke dækker {now.name}."
    return f"Der er ingen hændelser {place.at} i {now.name} at dele op på grupper og typer."


def _named(groups: "Series") -> "Series":
    """Return the incidents of the groups that are known."""
    return groups.drop([taxonomy.UNKNOWN_GROUP, BLANK], errors="ignore")


def _unknown(now: Period) -> int:
    """Return how many incidents nobody says or knows who stood behind."""
    return now.incidents - int(_named(now.groups).sum())


def _mostly_unknown(now: Period) -> bool:
    return _unknown(now) / now.incidents > _MAJORITY


def _share(part: int, whole: int) -> str:
    return f"{danish.number(part)} af {danish.number(whole)} ({phrases.percent(part, whole)})"


def _at(part: int, whole: int) -> str:
    """Return "67 af 87 hændelser (77 %)", or "ingen af 3 hændelser"."""
    if not part:
        return f"ingen af {phrases.incidents(whole)}"
    return f"{danish.number(part)} af {phrases.incidents(whole)} ({phrases.percent(part, whole)})"
