"""The words of the incident form: labels in their order, known spellings, ladder and weights.

Every label of the project stands here once; SQL, charts and the sample take them from here.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

from analysis.core.danish import WEEKDAYS


@dataclass(frozen=True)
class Category:
    """A type of incident (urotype)."""

    label: str
    ladder_step: int | None
    weight: int
    description: str


# The kinds of measures that change when a place is open.
CLOSED = "Lukning"
RESTRICTED = "Indskrænket åbningstid"
UNCLEAR_HOURS = "Uafklaret åbningstid"

# The categories with rules or spellings of their own.
UNWANTED = "Uønsket adfærd"
SHOUTING = "Ubehagelige tilråb"
THREATS = "Trusler"
VIOLENCE = "Fysisk vold"
VANDALISM = "Hærværk"

# In the order of every view; another one needs a line here and nothing else, and may share a step.
# The weights are inferred, not published: 1, 2, 4, 6 up the ladder and 2 for Hærværk are the only
# whole weights starting at 1 and rising that give both published scores (112 and 89).
CATEGORIES = (
    Category(
        UNWANTED,
        1,
        1,
        "En gæst er til gene for andre gæster eller for personalet uden at rette det mod nogen: "
        "støj, rusmidler, madlavning eller brug uden booking.",
    ),
    Category(
        SHOUTING,
        2,
        2,
        "Nogen råber ad andre gæster eller personalet, med eller uden skældsord og "
        "forståelige ord, for eksempel i vrede over servicen.",
    ),
    Category(
        THREATS,
        3,
        4,
        "Det, der siges, er rettet mod en bestemt person og lyder, som om det vil blive ført ud i "
        "livet, for eksempel et løfte om at komme igen og gøre fortræd.",
    ),
    Category(
        VIOLENCE,
        4,
        6,
        "Nogen gør fysisk skade på en gæst eller en ansat, fra spyt og skub til grov vold. "
        "Højeste trin: politiet skal tilkaldes.",
    ),
    Category(
        VANDALISM,
        None,
        2,
        "Noget på stedet er ødelagt med vilje, for eksempel en knust rude, graffiti eller tags. "
        "Står uden for konflikttrappen.",
    ),
)
CATEGORY_LABELS = tuple(category.label for category in CATEGORIES)
WEIGHTS = {category.label: category.weight for category in CATEGORIES}

# The conflict ladder, the lowest step first, and the labels on each of its steps.
LADDER = tuple(
    sorted(
        (category for category in CATEGORIES if category.ladder_step),
        key=lambda category: category.ladder_step,
    )
)
STEPS = {
    step: tuple(category.label for category in on_step)
    for step, on_step in groupby(LADDER, key=lambda category: category.ladder_step)
}
OFF_LADDER = tuple(category for category in CATEGORIES if not category.ladder_step)

# Drawn out of Uønsket adfærd as one more type in the season comparison only.
OTHER = "Andet"
# Nobody knows which group stood behind; and those who are at work.
UNKNOWN_GROUP, STAFF = "Ved ikke", "Medarbejder Kulturen"
OTHER_DESCRIPTION = (
    "Hændelser, som ingen af de øvrige kategorier dækker. "
    "Tælles med under Uønsket adfærd og står uden for konflikttrappen."
)
WITH_OTHER = (*CATEGORY_LABELS, OTHER)

SUBCATEGORY_DESCRIPTIONS = {
    "Generende adfærd": "Gæster, der er til gene for andre borgere og for medarbejdere.",
    "Alkohol og euforiserende stoffer": "Rusmidler indtages eller tilberedes på stedet, eller en "
    "gæst er påvirket af dem.",
    "Gratister (brug uden booking)": "Lokaler og baner bruges, uden at de er booket.",
    "Tilberedning af mad": "Der laves eller spises måltider på stedet.",
    OTHER: OTHER_DESCRIPTION,
}

LABELS: dict[str, tuple[str, ...]] = {
    "category": CATEGORY_LABELS,
    "subcategory": tuple(SUBCATEGORY_DESCRIPTIONS),
    "victim": ("Lokationen", STAFF, "Bruger"),
    "demography": (
        "Udsatte voksne",
        "Unge (under 18 år)",
        "Unge (18-25 år)",
        "Voksne (25+)",
        UNKNOWN_GROUP,
    ),
    "helper": (
        "Politiet",
        "Kollega (KK-medarbejder)",
        "Sociolancen",
        "Ambulance",
        "Natteværter",
        "Tryghedsvagter",
        "Vagtselskab",
    ),
    "district": (
        "Amager Vest",
        "Amager Øst",
        "Bispebjerg",
        "Brønshøj-Husum",
        "Indre By",
        "Nørrebro",
        "Valby",
        "Vanløse",
        "Vesterbro/Kgs. Enghave",
        "Østerbro",
    ),
    "facility": ("Bibliotek", "Kulturhus", "Idrætsanlæg", "Idrætshal", "Svømmehal"),
    "status": ("Bestilt", "Udført", "Annulleret"),
}
POLICE = LABELS["helper"][0]
CANCELLED = LABELS["status"][2]

# Spellings seen in exports and in the published document, beside case, stray space and Unicode
# form, which `key` evens out.
VARIANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "category": {
        UNWANTED: ("Utryghedsskabende adfærd", "Uønsket adfaerd", "Uonsket adfærd", OTHER),
        SHOUTING: ("Ubehagelige tilraab", "Ubehageligt tilråb", "Tilråb"),
        THREATS: ("Trussel",),
        VIOLENCE: ("Vold", "Fysisk Vold"),
        VANDALISM: ("Hævværk", "Hæværk", "Haerværk", "Hærværk på lokation"),
    },
    "subcategory": {
        "Alkohol og euforiserende stoffer": (
            "Alkohol/euforiserende stoffer",
            "Alkohol & euforiserende stoffer",
        ),
        "Gratister (brug uden booking)": ("Gratister", "Brug uden booking"),
        "Tilberedning af mad": ("Madlavning",),
    },
    "victim": {
        "Lokationen": ("Lokation",),
        STAFF: ("Medarbejder i Kulturen", "Medarbejder"),
        "Bruger": ("Brugere", "Bruger/gæst"),
    },
    "demography": {
        "Udsatte voksne": ("Udsat voksen",),
        "Unge (under 18 år)": ("Unge under 18 år", "Unge (under 18)", "Unge (<18 år)"),
        "Unge (18-25 år)": ("Unge (18–25 år)", "Unge 18-25 år", "Unge (18 - 25 år)"),
        "Voksne (25+)": ("Voksne (25+ år)", "Voksne 25+", "Voksne (over 25 år)"),
        UNKNOWN_GROUP: ("Ved ej", "Ukendt"),
    },
    "helper": {
        "Politiet": ("Politi",),
        "Kollega (KK-medarbejder)": ("Kollega", "KK-medarbejder"),
        "Sociolancen": ("Sociolance",),
        "Ambulance": ("Ambulancen",),
        "Natteværter": ("Natteværterne",),
        "Tryghedsvagter": ("Tryghedsvagt", "Tryghedsvagterne"),
        "Vagtselskab": ("Vagtselskabet", "Eksternt vagtselskab"),
    },
    "district": {
        "Brønshøj-Husum": ("Brønshøj/Husum", "Brønshøj / Husum", "Brønshøj - Husum"),
        "Indre By": ("Indre by/Christianshavn",),
        "Vesterbro/Kgs. Enghave": (
            "Vesterbro / Kgs. Enghave",
            "Vesterbro/Kongens Enghave",
            "Vesterbro-Kgs. Enghave",
            "Vesterbro-Kongens Enghave",
            "Vesterbro",
        ),
    },
    "facility": {
        "Bibliotek": ("Biblioteker",),
        "Kulturhus": ("Kulturhuse",),
        "Idrætsanlæg": ("Idrætsanlaeg", "Stadion"),
    },
    "status": {"Udført": ("Afsluttet",), "Annulleret": ("Annuleret", "Aflyst")},
}

HALVES = ("vinter", "sommer")


# What nobody sees: control characters, joiners, marks of direction, byte-order marks and fillers.
_UNSEEN = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_DASHES = re.compile("[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")
# What spreadsheets and databases write where there is nothing.
BLANKS = frozenset(
    (
        *("null", "(null)", "<null>", "[null]", "\\n", "nil", "none", "nan", "na", "n.a.", "n/a"),
        *("-", "--", "tom", "(tom)", "(tomt)", "(blank)", "ingen", "undefined"),
        *("ikke angivet", "ikke oplyst"),
        *("#n/a", "#i/t", "#value!", "#værdi!", "#ref!", "#reference!", "#name?", "#navn?"),
        *("#num!", "#null!", "#nul!", "#div/0!", "#division/0!", "#spill!", "#overløb!"),
        *("#calc!", "#beregn!", "#getting_data", "---", "- -"),
    )
)


def tidy(text: str) -> str:
    """Return `text` as it is stored: composed Unicode, nothing unseen, single spaces."""
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", text)).split())


def key(text: str) -> str:
    """Return `text` as labels are compared: tidied, letters and dashes of one form, lower case."""
    return _DASHES.sub("-", unicodedata.normalize("NFKC", tidy(text))).lower()


def is_blank(text: str) -> bool:
    """Return whether `text` says that there is nothing."""
    found = key(text)
    return not found or found in BLANKS or found.replace(" ", "") in BLANKS


_BY_KEY = {
    kind: {
        key(spelling): label
        for label in labels
        for spelling in (label, *VARIANTS.get(kind, {}).get(label, ()))
    }
    for kind, labels in LABELS.items()
}


def match(kind: str, text: str | None) -> str | None:
    """Return the label of `kind` that `text` is a spelling of, or None where there is none."""
    return None if text is None else _BY_KEY[kind].get(key(text))


def order(dimension: str) -> list[str]:
    """Return the names of a dimension that views list in an order of their own, else none."""
    if dimension == "weekday":
        return list(WEEKDAYS)
    return list(LABELS[dimension]) if dimension in ("category", "subcategory") else []
