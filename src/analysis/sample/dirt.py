"""What real exports hold besides clean rows: other spellings, unknown labels, repeats, bad rows.

Nothing here changes a published figure: Blågårdens Bibliotek and Vesterbro Bibliotek og Kulturhus
get other spellings and repeats only, and no incident moves to another place or half-year.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from analysis.core import taxonomy
from analysis.sample import read_table
from analysis.sample.city import (
    BLAAGAARDEN,
    SEED,
    VESTERBRO,
    WARDENS,
    Row,
    case_number,
    order_number,
)

RESPELLED_PERCENT = 4
DATE_ONLY_PER_MILLE = 4
REPEATS_OF_A_SEASON = 5

UNKNOWN_LABELS = (
    ("district", "Christianshavn"),
    ("facility", "Svømmeanlæg"),
    ("subcategory", "Rygning indendørs"),
    ("victim", "Forbipasserende"),
    ("demography", "Børn (under 12 år)"),
)
UNKNOWN_HELPER = "SSP"
UNREGISTERED = "Syntetisk Mobilbibliotek"
NO_CATEGORY = "Tabt ejendel"
UNREADABLE_TIME = "i går eftermiddags"
FAR_FUTURE = datetime(2099, 1, 31, 16, 20)
# A number no row of the city reaches.
SPARE_NUMBER = 90_001


def added(form: list[Row], orders: list[Row]) -> tuple[list[Row], list[Row]]:
    """Return form rows and orders with everything that real exports hold."""
    form, orders = respelled(form, orders)
    rng = Random(SEED + 2)
    repeated = _with_repeats(rng, form, lambda row: replace(row, victim=_other_victim(row)))
    orders = orders + _unlinkable_orders(form, orders)
    open_, done, _ = taxonomy.LABELS["status"]
    fewer = [row for row in orders if row.status == done and not row.case_number]
    first, second = rng.sample(fewer, 2)
    return repeated, [*orders, replace(first), replace(second, status=open_)]


def respelled(form: list[Row], orders: list[Row]) -> tuple[list[Row], list[Row]]:
    """Return form rows and orders with every dirt that needs no second row."""
    rng = Random(SEED + 1)
    form = [replace(row, called=[*row.called], arrived=[*row.arrived]) for row in form]
    form += _rejected(form)
    accepted = [row for row in form if row.case_number and _is_clean(row)]
    elsewhere = [
        row
        for row in accepted
        if row.location not in (BLAAGAARDEN, VESTERBRO) and row.category == taxonomy.UNWANTED
    ]
    _spoil(rng, elsewhere)
    other_names = {
        place["location"]: place["other_names"].split("; ")
        for place in read_table("reference/locations.csv")
        if place["other_names"]
    }
    for row in accepted:
        _respell(rng, row, other_names)
    for row in orders:
        if rng.randrange(100) < RESPELLED_PERCENT:
            row.location = rng.choice(other_names.get(row.location, [row.location.upper()]))
    return form, orders


def _is_clean(row: Row) -> bool:
    return row.category in taxonomy.CATEGORY_LABELS and isinstance(row.occurred, datetime)


def _rejected(form: list[Row]) -> list[Row]:
    """Return rows that must be rejected, made like rows of places whose figures are not given."""
    like = [row for row in form if row.facility == taxonomy.LABELS["facility"][3]]
    changes = (
        {"occurred": None},
        {"occurred": UNREADABLE_TIME},
        {"occurred": FAR_FUTURE},
        {"case_number": ""},
        {"location": ""},
        {"category": NO_CATEGORY, "subcategory": ""},
        {"category": ""},
        {"occurred": UNREADABLE_TIME},
    )
    step = len(like) // len(changes)
    return [
        replace(
            row,
            **{"case_number": case_number(row.reported.year, SPARE_NUMBER + place)} | change,
        )
        for place, (row, change) in enumerate(zip(like[step // 2 :: step], changes, strict=False))
    ]


def _spoil(rng: Random, rows: list[Row]) -> None:
    """Give some rows unknown labels, a place the register lacks or a district it disagrees with."""
    chosen = iter(rng.sample(rows, 40))
    for label, text in UNKNOWN_LABELS:
        for _ in range(2):
            setattr(next(chosen), label, text)
    for _ in range(3):
        next(chosen).called.append(UNKNOWN_HELPER)
    for _ in range(3):
        next(chosen).location = UNREGISTERED
    for _ in range(4):
        row = next(chosen)
        others = [label for label in taxonomy.LABELS["district"] if label != row.district]
        row.district = rng.choice(others)
    for _ in range(4):
        row = next(chosen)
        row.called, row.arrived = [], [WARDENS]
    for _ in range(12):
        next(chosen).subcategory = ""


def _respell(rng: Random, row: Row, other_names: dict[str, list[str]]) -> None:
    """Write some labels of a row in another way that means the same."""
    if row.subcategory == taxonomy.OTHER and rng.randrange(2):
        row.category, row.subcategory = taxonomy.OTHER, ""
    for kind in ("category", "subcategory", "victim", "demography", "district", "facility"):
        if getattr(row, kind) and rng.randrange(100) < RESPELLED_PERCENT:
            setattr(row, kind, _variant(rng, kind, getattr(row, kind)))
    for helpers in (row.called, row.arrived):
        for place, helper in enumerate(helpers):
            if rng.randrange(100) < RESPELLED_PERCENT:
                helpers[place] = _variant(rng, "helper", helper)
    if rng.randrange(100) < RESPELLED_PERCENT:
        names = other_names.get(row.location, [])
        row.location = rng.choice([*names, _loose(rng, row.location)])
    elsewhere = row.location not in (BLAAGAARDEN, VESTERBRO)
    if elsewhere and rng.randrange(1000) < DATE_ONLY_PER_MILLE:
        row.occurred = row.occurred.date()


def _variant(rng: Random, kind: str, label: str) -> str:
    # The first one alone, so that the sample stays as it is when the taxonomy learns another.
    # Andet is no label of its own as a type.
    known = taxonomy.FORM[kind].get(label)
    return rng.choice([*(known.spellings[:1] if known else ()), _loose(rng, label)])


def _loose(rng: Random, text: str) -> str:
    """Return a text in other case, with stray spaces or with its Unicode decomposed."""
    return rng.choice((text.upper(), text.lower(), f" {text} ", unicodedata.normalize("NFD", text)))


def _with_repeats(rng: Random, form: list[Row], change: Callable[[Row], Row]) -> list[Row]:
    """Return the rows with a few of each season repeated at the end, every other one changed."""
    repeats = []
    for season in sorted({row.season for row in form}):
        known = [row for row in form if row.season == season and _is_clean(row) and row.case_number]
        # One of each season is the place with the published figures, which must not change.
        chosen = rng.sample(known, REPEATS_OF_A_SEASON - 1)
        chosen.append(rng.choice([row for row in known if row.location == BLAAGAARDEN]))
        repeats += [change(row) if place % 2 else replace(row) for place, row in enumerate(chosen)]
    return form + repeats


def _other_victim(row: Row) -> str:
    return next(label for label in taxonomy.LABELS["victim"] if label != row.victim)


def _unlinkable_orders(form: list[Row], orders: list[Row]) -> list[Row]:
    """Return orders that name a missing case and a rejected one, and one without a time."""
    like = next(row for row in orders if row.facility == taxonomy.LABELS["facility"][3])
    rejected = next(row for row in form if row.occurred == UNREADABLE_TIME)
    year = like.occurred.year
    cases = (case_number(year, SPARE_NUMBER + 1000), rejected.case_number, "")
    return [
        replace(
            like,
            occurred=None if not case else like.occurred + timedelta(days=place),
            order_number=order_number(year, 9001 + place),
            case_number=case,
        )
        for place, case in enumerate(cases)
    ]
