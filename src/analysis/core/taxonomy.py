"""The words of the incident form: labels in their order, known spellings, ladder and weights.

Every label of the project stands once, in `taxonomy.yaml`, which an analyst may edit; SQL, charts
and the sample take them from here.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from analysis.core import yaml_file
from analysis.core.danish import WEEKDAYS
from analysis.core.errors import InputError

# The kinds of measures that change when a place is open.
CLOSED = "Lukning"
RESTRICTED = "Indskrænket åbningstid"
UNCLEAR_HOURS = "Uafklaret åbningstid"
# The effort that the published document has an appendix on.
SOCIAL_EFFORT = "Socialfaglig indsats"

# The labels with rules of their own, which the file must hold. OTHER is drawn out of Uønsket adfærd
# as one more type in the season comparison only; STAFF are at work; of UNKNOWN_GROUP nobody knows
# which group stood behind.
UNWANTED = "Uønsket adfærd"
SHOUTING = "Ubehagelige tilråb"
THREATS = "Trusler"
VIOLENCE = "Fysisk vold"
VANDALISM = "Hærværk"
OTHER = "Andet"
STAFF = "Medarbejder Kulturen"
UNKNOWN_GROUP = "Ved ikke"
POLICE = "Politiet"
CANCELLED = "Annulleret"
_NEEDED = {
    "category": (UNWANTED, SHOUTING, THREATS, VIOLENCE, VANDALISM),
    "subcategory": (OTHER,),
    "victim": (STAFF,),
    "demography": (UNKNOWN_GROUP,),
    "helper": (POLICE,),
    "district": (),
    "facility": (),
    "status": (CANCELLED,),
}
# What an entry of a kind must say beside its label.
SAYS = {"category": ("weight", "description"), "subcategory": ("description",)}

HALVES = ("vinter", "sommer")

# What nobody sees: control characters, joiners, marks of direction, byte-order marks and fillers.
_UNSEEN = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_DASHES = re.compile("[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")


def tidy(text: str) -> str:
    """Return `text` as it is stored: composed Unicode, nothing unseen, single spaces."""
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", text)).split())


def key(text: str) -> str:
    """Return `text` as labels are compared: tidied, letters and dashes of one form, lower case."""
    return _DASHES.sub("-", unicodedata.normalize("NFKC", tidy(text))).lower()


@dataclass(frozen=True)
class Label:
    """A label of the form, what it means, and the spellings of it seen in exports.

    A type of incident (urotype) has a weight in the relative score, and may have a ladder step.
    """

    label: str
    spellings: tuple[str, ...] = ()
    description: str = ""
    weight: int | None = None
    ladder_step: int | None = None


def read(file: Path) -> dict[str, dict[str, Label]]:
    """Return the labels of each kind by name, in their order.

    Raises ValueError, one line in Danish that names the entry, for what cannot be used.
    """
    given = yaml_file.read(file)
    if missing := [kind for kind in _NEEDED if kind not in given]:
        raise ValueError(f"{file.name} mangler listen {missing[0]}.")
    return {kind: _labels(f"{file.name}: {kind}", kind, each) for kind, each in given.items()}


def _labels(named: str, kind: str, entries: object) -> dict[str, Label]:
    if not isinstance(entries, list):
        raise ValueError(f"{named} skal være en liste.")
    listed = [_label(f"{named} nr. {n}", kind, each) for n, each in enumerate(entries, 1)]
    labels = {one.label: one for one in listed}
    if len(labels) < len(listed):
        raise ValueError(f"{named} har en betegnelse to gange.")
    if missing := [each for each in _NEEDED.get(kind, ()) if each not in labels]:
        raise ValueError(f"{named} mangler »{missing[0]}«, som der er regler for.")
    seen: dict[str, str] = {}
    for one in listed:
        for spelling in (one.label, *one.spellings):
            if seen.setdefault(key(spelling), one.label) != one.label:
                raise ValueError(f"{named} har »{spelling}« under to betegnelser.")
    return labels


def _label(named: str, kind: str, entry: object) -> Label:
    says = ("label", *SAYS.get(kind, ()))
    may = (*says, "spellings", *(["ladder_step"] if kind == "category" else []))
    if not isinstance(entry, dict) or not set(says) <= entry.keys() <= set(may):
        more = ", ".join(may[len(says) :])
        raise ValueError(f"{named} skal have {', '.join(says)} og kan have {more}.")
    spellings = entry.get("spellings", [])
    if not isinstance(spellings, list):
        raise ValueError(f"{named}: spellings skal være en liste.")
    for text in (entry["label"], entry.get("description", "?"), *spellings):
        if not isinstance(text, str) or not tidy(text):
            raise ValueError(f"{named}: »{text}« skal være tekst; brug anførselstegn.")
    for name in ("weight", "ladder_step"):
        if type(number := entry.get(name, 1)) is not int or number < 1:
            raise ValueError(f"{named}: {name} skal være et helt tal fra 1.")
    return Label(**entry | {"spellings": tuple(spellings)})


try:
    FORM = read(Path(__file__).with_name("taxonomy.yaml"))
except ValueError as error:
    raise InputError(str(error)) from None
CATEGORIES = tuple(FORM["category"].values())
LABELS = {kind: tuple(labels) for kind, labels in FORM.items()}
CATEGORY_LABELS = LABELS["category"]
WITH_OTHER = (*CATEGORY_LABELS, OTHER)
WEIGHTS = {one.label: one.weight for one in CATEGORIES}

# The conflict ladder, the lowest step first, and the labels on each of its steps.
LADDER = tuple(
    sorted((one for one in CATEGORIES if one.ladder_step), key=lambda one: one.ladder_step)
)
STEPS = {
    step: tuple(one.label for one in on_step)
    for step, on_step in groupby(LADDER, key=lambda one: one.ladder_step)
}
OFF_LADDER = tuple(one for one in CATEGORIES if not one.ladder_step)

_BY_KEY = {
    kind: {
        key(spelling): one.label
        for one in labels.values()
        for spelling in (one.label, *one.spellings)
    }
    for kind, labels in FORM.items()
}


def match(kind: str, text: str | None) -> str | None:
    """Return the label of `kind` that `text` is a spelling of, or None where there is none."""
    return None if text is None else _BY_KEY[kind].get(key(text))


def order(dimension: str) -> list[str]:
    """Return the names of a dimension that views list in an order of their own, else none."""
    if dimension == "weekday":
        return list(WEEKDAYS)
    return list(LABELS[dimension]) if dimension in ("category", "subcategory") else []
