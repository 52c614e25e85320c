"""What changed, in Danish: the figures of `figures` in, sentences out."""

from datetime import date
from typing import TYPE_CHECKING

from analysis.core import danish
from analysis.core.headings import BLANK, heading
from analysis.core.selection import Selection
from analysis.revisions.figures import Revisions
from analysis.revisions.steps import CAUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

TITLE = "Ændringer siden sidst"
UNCHANGED = "Intet tal er ændret siden sidst."
# What a cause is called after a count, and in the heading of a column.
CAUSE_WORDS = {
    "new": "nye",
    "late": "meldt sent",
    "corrected": "rettet",
    "gone": "udgået",
    "reclassified": "anderledes inddelt",
    "register": "ved registret eller åbningstiderne",
    "program": "ved programmet",
}
# So many months are told of on a page.
_MOST_MONTHS = 3
_MEASURES = {"incidents": "antal", "relative_score": "relativ score"}


def parts(figure: "Mapping[str, int]") -> str:
    """Return the parts of a change: "+2 meldt sent", "+3 meldt sent, +1 rettet og −1 udgået"."""
    told = []
    for cause in CAUSES:
        if part := int(figure[cause]):
            word = "ny" if cause == "new" and part == 1 else CAUSE_WORDS[cause]
            told.append(f"{danish.signed(part)} {word}")
    return danish.listing(told)


def summary(found: Revisions) -> str:
    """Return how many figures are others, and why, in two sentences."""
    if not len(found.figures):
        return UNCHANGED
    figures = danish.counted(len(found.figures), "tal", "tal")
    whys = danish.listing(
        [
            f"{danish.number(n)} {'ny' if cause == 'new' and n == 1 else CAUSE_WORDS[cause]}"
            for cause, n in found.incidents.items()
        ]
    )
    return f"{figures} er ændret siden sidst. Hændelserne bag: {whys}."


def days(found: Revisions) -> str:
    """Return how far both databases go."""
    old, new = (danish.day(one.last_day) if one.last_day else "ingen dage" for one in found.data)
    return f"Data til og med {new}; sidst til og med {old}."


def line(figure: "Mapping[str, object]") -> str:
    """Return a figure's place, period, view, both values and the parts of the change."""
    values = f"fra {danish.number(figure['before'])} til {danish.number(figure['after'])}"
    where = [str(figure["place"]), period(figure), name(figure)]
    # The parts of a score are no counts of incidents.
    unit = "point: " * (figure["measure"] == "relative_score")
    return f"{', '.join(filter(None, where))}: {values} ({unit}{parts(figure)})"


def period(figure: "Mapping[str, object]") -> str:
    """Return a figure's half-year in words, or its month."""
    if figure["view"] in ("month", "per_month"):
        return danish.month(date.fromisoformat(figure["name"]))
    return Selection(figure["season"], figure["half"]).period


def name(figure: "Mapping[str, object]") -> str:
    """Return what a figure counts: "antal", "Urotype: Trusler", "kl. 14–15: Trusler"."""
    view, label, also = figure["view"], _label(figure["name"]), _label(figure["also"])
    if view in ("total", "month"):
        return _MEASURES[figure["measure"]]
    if view == "per_month":
        return f"{heading('category')}: {also}"
    if view == "hour":
        return f"{danish.hours(int(label), int(label) + 1)}: {also}"
    if view == "self_service":
        label = {"true": "Ja", "false": "Nej"}.get(label, label)
    return f"{heading(figure['measure'] if view == 'helper' else view)}: {label}"


def _label(value: object) -> str:
    return value if isinstance(value, str) else BLANK


def since_last(changed: "DataFrame") -> str:
    """Return what became of the months of `figures.months`, those that changed most; "" of none.

    "Januar er siden sidst steget fra 15 til 17: +2 meldt sent."
    """
    is_long = len(changed) > 1 and (changed["month"].max() - changed["month"].min()).days > 360
    told = []
    for month in changed.head(_MOST_MONTHS).to_dict("records"):
        first = month["month"]
        when = danish.month(first) if is_long else danish.MONTHS[first.month - 1]
        way = "steget" if month["after"] > month["before"] else "faldet"
        since = " siden sidst" * (not told)
        values = f"fra {danish.number(month['before'])} til {danish.number(month['after'])}"
        told.append(f"{danish.capital(when)} er{since} {way} {values}: {parts(month)}.")
    return " ".join(told)
