"""What other systems call our fields and labels, in Danish and English.

Names stand as `plain` writes them; of a field's names the earlier is the likelier. Which headings
public logs have: UCPD's incident log (Incident, Reported, Occurred, UCPDI#), data.sfgov.org
(Incident Datetime, Analysis Neighborhood), Seattle (Offense Start DateTime, Report DateTime),
Winnipeg (Call Time, Units, Neighbourhood) and universities' crime logs (Date Reported, Nature).
"""

import re

from analysis.core import taxonomy
from analysis.core.taxonomy import key


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


_REPORTED = _names(
    "oprettet, oprettelsestidspunkt, oprettet dato, indberettet, indberetningsdato, indmeldt, "
    "indmeldingsdato, anmeldt, anmeldelsesdato, registreret, reported, date reported, "
    "date time reported, reported date time, reported date, report datetime, report date time, "
    "report date, reported on, created, created at, date created"
)
_PLACE = {
    "location": _names(
        "lokation, lokationsnavn, sted, stednavn, institution, bygning, bibliotek, location, "
        "location name, incident location, place, building, building name, library, branch, "
        "branch name, library branch, site, premises, venue, facility name, address, "
        "street address, block address, hundred block location, block, intersection, adresse, "
        "gerningssted"
    ),
    "district": _names(
        "bydel, distrikt, kvarter, område, lokalområde, district, neighborhood, neighbourhood, "
        "analysis neighborhood, community area, area, borough, ward, precinct, police district, "
        "beat, zone, sector"
    ),
    "facility": _names(
        "facilitet, facilitetstype, lokationstype, stedtype, facility, facility type, "
        "location type, premises type, building type"
    ),
}
_CASE = (
    "sagsnr, sagsnummer, sags id, sagsid, hændelsesnr, hændelsesnummer, hændelses id, "
    "indberetningsnr, indberetningsnummer, indmeldingsnr, journalnr, journalnummer, case number, "
    "case no, case, case id, incident number, incident no, incident id, report number, report no, "
    "event number, complaint number, record id"
)
FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "uro": {
        "case_number": _names(f"{_CASE}, løbenr, løbenummer, number, nummer, nr, id"),
        "reported_at": _REPORTED,
        "occurred_at": _names(
            "hændelsestidspunkt, tidspunkt for hændelsen, hændelsesdato, dato for hændelsen, "
            "gerningstidspunkt, tidspunkt, dato og tid, dato tid, occurred, date time occurred, "
            "occurred date time, occurred from date time, occurred from date, date occurred, "
            "occurred date, occurred on, occurred at, occurrence date, incident datetime, "
            "incident date time, incident date, date of incident, offense start datetime, "
            "offense date, event date, call time, datetime, date time, timestamp, start date, "
            "dato, date, tid, time, hvornår"
        ),
        **_PLACE,
        "category": _names(
            "urotype, hændelsestype, type af hændelse, kategori, hovedkategori, incident category, "
            "incident type, type of incident, primary type, offense category, offense, offence, "
            "nature of incident, nature of call, nature, category, crime type, crime, call type, "
            "event type, type, art, hændelse, incident"
        ),
        "subcategory": _names(
            "underkategori, undertype, subcategory, incident subcategory, sub category, subtype, "
            "secondary type"
        ),
        "victim": _names("forurettede, forurettet, skadelidt, victim, victim type"),
        "demography": _names("demografi, aldersgruppe, demography, age group"),
        "called": _names(
            "tilkaldt hjælp, tilkaldt, hjælp tilkaldt, enheder, units, responding units, called, "
            "help called, agencies"
        ),
        "arrived": _names("ankommet hjælp, ankommet, arrived, units arrived, units on scene"),
    },
    "haervaerk": {
        "order_number": _names(
            "ordrenr, ordrenummer, arbejdsordre, rekvisitionsnr, order number, order no, "
            "work order, work order number"
        ),
        "reported_at": ("bestilt", "bestillingsdato", "ordered", "date ordered", *_REPORTED),
        **_PLACE,
        "case_number": _names(_CASE),
        "status": _names("status, ordrestatus, order status"),
    },
}
CLOCKS = _names(
    "kl, klokken, klokkeslæt, tid, hændelsestid, time, incident time, time occurred, "
    "occurred time, time of incident"
)
# Words of which one in a heading tells what its column is, where no name of a field is the heading.
_WORDS = {
    "reported_at": r"oprettet|created|entered|(anmeld|indberet|indmeld|registrer|report)\w*",
    "occurred_at": r"hændelse|hændt|skete|sket|gerning|occur|incident|offen[sc]e|when|hvornår",
    "category": r"(\w*s)?art|\w*type|kind|slags|kategori|category",
}
# Headings of free text and of what is about one person; such a column is never a field of ours.
_PROSE = re.compile(
    r"beskriv|descri|narrative|synops|summary|resum|fritekst|bemærk|komment|comment|remark"
    r"|\b(notes?|noter|notat|tekst|text|details?)\b"
)
_PERSON = re.compile(
    r"cpr|telefon|phone|mail|mobil|\b(navn|name|officer|suspect|mistænkt|anmelder)\b"
)
# What a label of theirs says of ours, the first that fits; whole words, but for their ends.
_LABELS = {
    "category": {
        taxonomy.VANDALISM: "hærværk|vandal|graffiti|criminal damage|property damage|damage to "
        "property|criminal mischief|malicious mischief|ødelæg|tagging",
        taxonomy.THREATS: "trus|true[rnt]|threat|intimidat|menac",
        taxonomy.VIOLENCE: "vold|overfald|assault|batter|slag|spark|fight|stabb|spyt|skub",
        taxonomy.SHOUTING: "tilråb|råb|skæld|chikane|verbal|abus|harass|insult",
        taxonomy.UNWANTED: "uro|uønsket|utryg|støj|generende|disturb|disord|trespass|loiter|nuisan|"
        "noise|alkohol|alcohol|liquor|drunk|intox|beruset|påvirket|rusmid|stoffer|drug|narcot|"
        "suspicious|unwanted",
        taxonomy.OTHER: "andet|øvrig|other|misc|diverse",
    },
    "helper": {
        "Politiet": "politi|police|patrol",
        "Ambulance": "ambul|medic|ems",
        "Vagtselskab": "vagt|securit|guard",
    },
    "status": {
        "Annulleret": "annul|cancel|afvist",
        "Udført": "udført|lukket|færdig|afslut|done|closed|complet",
        "Bestilt": "bestilt|åben|oprettet|open|ordered|igang|i gang",
    },
}


def plain(heading: str) -> str:
    """Return a heading as it is compared: its words in lower case, without signs.

    >>> plain("Reported_Date_Time"), plain("CaseNumber"), plain("Sagsnr.")
    ('reported date time', 'case number', 'sagsnr')
    """
    parted = re.sub(r"(?<=[a-zæøå])(?=[A-ZÆØÅ])", " ", heading)
    return " ".join(re.findall(r"\w+", key(parted).replace("_", " ")))


def tells(field: str, heading: str) -> bool:
    """Return whether a heading, plain, holds a word that tells of a field, and of no other."""
    found = [name for name, words in _WORDS.items() if re.search(rf"\b({words})\b", heading)]
    # "Type af hændelse" is no time, and "Dato for hændelse" no type: what stands there decides.
    return field in found and ("reported_at" not in found or field == "reported_at")


def is_prose(heading: str) -> bool:
    """Return whether a heading, plain, is that of free text."""
    return bool(_PROSE.search(heading))


def is_personal(heading: str) -> bool:
    """Return whether a heading, plain, is that of what is about one person."""
    return bool(_PERSON.search(heading))


def meant(kind: str, label: str) -> str | None:
    """Return the label of ours that one of theirs means by its words, None where none of them."""
    for ours, words in _LABELS.get(kind, {}).items():
        if re.search(rf"\b({words})", key(label)):
            return ours
    return None
