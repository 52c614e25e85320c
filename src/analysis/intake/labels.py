"""The spellings found in exports, matched by the layout, the taxonomy and the register."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from analysis.core import taxonomy
from analysis.core.database import sql
from analysis.core.taxonomy import key, tidy
from analysis.intake import personal
from analysis.intake.blanks import is_blank
from analysis.intake.columns import SEPARATOR
from analysis.intake.layout import FIELDS, HELP, LABELLED, ONLY_KNOWN, Layout, Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# In characters: what is longer is text about people that has moved into the field of a label, but
# for the name of a place.
_LONGEST = 60
# In words: a label that is longer, and stands on one row alone, is more like text.
_WORDS = 2
# Labels of a kind of _ALONE in the field of another have moved, but for what many kinds have.
_ELSEWHERE = ("category", "district", "facility", "status")
_ALONE = tuple(kind for kind in taxonomy.LABELS if kind not in _ELSEWHERE)
_COMMON = (taxonomy.OTHER, taxonomy.UNKNOWN_GROUP)
_PLACES = re.compile(r"(?:^|(?<=;#))\d+;#")
# The register's names by kind of label: each as it is shown, by the key of its spellings.
Register = Mapping[str, Mapping[str, str]]
_PARTS, _AND = re.compile(r"[,;|#\r\n]+"), re.compile(r"\s+og\s+")


def match(con: "DuckDBPyConnection", layout: Layout, register: Register) -> None:
    """Fill raw.label, raw.help_combination and unknown_label from the rows loaded.

    Of an unknown label's spellings the one on most rows stands for all.
    """
    labels = _Labels(layout, register)
    rows = []
    every = {"file_no": None}
    for form, field, spelling, count in con.execute(sql("intake/spellings"), every).fetchall():
        label, is_known = labels.of(form, field, spelling, count)
        is_other = field == "category" and label == taxonomy.OTHER
        if is_other:
            label = taxonomy.UNWANTED
        is_refused = field in ONLY_KNOWN and not is_known
        rows.append(
            (
                form,
                field,
                spelling,
                None if is_refused else label,
                label if is_refused else None,
                taxonomy.OTHER if is_other else None,
                label == taxonomy.UNWANTED,
            )
        )
    _insert(con, "raw.label", rows, 7)
    texts = con.execute(sql("intake/help_texts"), every).fetchall()
    helped = [(*both, *helper) for *both, count in texts for helper in labels.help(*both, count)]
    _insert(con, "raw.help_combination", helped, 5)
    _insert(con, "unknown_label", [(*of, count) for of, count in labels.unknown.items()], 3)


def empty_moved(con: "DuckDBPyConnection", number: int, layout: Layout, register: Register) -> None:
    """Empty the rows of an export whose fields have moved, to be rejected.

    One separator lost and one within the free text leave a row as wide as any other.
    """
    for form, asked in _moved(con, number, layout, register).items():
        con.execute(sql(f"intake/moved_{form}"), {"file_no": number, **asked})


def _moved(
    con: "DuckDBPyConnection", number: int, layout: Layout, register: Register
) -> dict[str, dict[str, dict[str, list[str]]]]:
    """Return, by form and field, the spellings that tell that the fields of a row have moved.

    `sure` are those that no label of the field can be, `other` those that another field knows: a
    place may be named as its district, but two such in a row are no chance.
    """
    labels = _Labels(layout, register)
    export = {"file_no": number}
    texts = con.execute(sql("intake/spellings"), export).fetchall()
    helped = con.execute(sql("intake/help_texts"), export).fetchall()
    for *both, count in helped:
        fields = zip(("called", "arrived"), both, strict=True)
        texts += [("uro", field, text, count) for field, text in fields if text]
    found = {
        form: {field: {"sure": [], "other": []} for field in FIELDS[form] if field in LABELLED}
        for form in FIELDS
    }
    for form, field, text, _ in texts:
        if labels.is_moved(form, field, text):
            found[form][field]["sure"].append(text)
        elif labels.is_of_another(form, field, text):
            found[form][field]["other"].append(text)
    # The next column is the free text: words on one row alone, of help that nobody called or knows.
    found["uro"]["arrived"]["sure"] += [
        arrived
        for called, arrived, count in helped
        if count == 1
        and not called
        and arrived
        and len(arrived.split()) > _WORDS
        and not any(labels.of("uro", "arrived", part, 0)[1] for part in _parts(arrived))
    ]
    return found


class _Labels:
    """What spellings stand for, and the labels that nobody knows with the rows they stand on."""

    def __init__(self, layout: Layout, register: Register) -> None:
        self.unknown: Counter[tuple[str, str]] = Counter()
        self._layout, self._register = layout, register
        self._names: dict[tuple[str, str], str] = {}

    def of(self, form: str, field: str, spelling: str, rows: int) -> tuple[str | None, bool]:
        """Return the label of a spelling, its own text where unknown, and whether it is known.

        The label is None where the spelling says that there is nothing.
        """
        source = self._source(form, field)
        ours = source.mapped(spelling)
        if ours is None or is_blank(ours):
            return None, True
        kind = LABELLED[field] or field
        if kind == "category" and key(ours) == key(taxonomy.OTHER):
            return taxonomy.OTHER, True
        known = taxonomy.match(kind, ours) if kind != "location" else None
        if known := known or self._register.get(kind, {}).get(key(ours)):
            return known, True
        if kind not in ("location", *ONLY_KNOWN) and source.says(ours):
            return ours, True
        name = self._names.setdefault((kind, key(ours)), tidy(ours))
        self.unknown[kind, name] += rows
        return name, False

    def is_moved(self, form: str, field: str, text: str) -> bool:
        """Return whether what nobody knows is no label but text about people, or two fields."""
        if field not in HELP:
            return self._is_no_label(form, field, text)
        parts = _parts(text)
        unknown = sum(not self.of(form, field, part, 0)[1] for part in parts)
        is_prose = len(text) > _LONGEST and 2 * unknown > len(parts)
        return is_prose or any(self._is_no_label(form, field, part) for part in parts)

    def _is_no_label(self, form: str, field: str, spelling: str) -> bool:
        label, is_known = self.of(form, field, spelling, 0)
        if is_known or not label:
            return False
        kind = LABELLED[field] or field
        is_long = kind != "location" and len(label) > _LONGEST
        others = _ALONE if kind in _ALONE else ("helper",)
        ours = {taxonomy.match(one, label) for one in others if one != kind} - {None, *_COMMON}
        about = set(personal.signs(label)) - ({personal.PHONE} if kind == "location" else set())
        known = [*taxonomy.LABELS.get(kind, ()), *self._register.get(kind, {}).values()]
        # "PolitietPolitiet": a label, and at once the next one.
        ran_together = any(
            label.startswith(one) and label[len(one) : len(one) + 1].isupper() for one in known
        ) or (kind != "location" and self._are_two(kind, label))
        return bool(is_long or ours or ran_together or about)

    def _are_two(self, kind: str, label: str) -> bool:
        """Return whether a label of a kind and one of another stand side by side in one field."""
        words = label.split(" ")
        return any(
            taxonomy.match(kind, " ".join(words[:n])) and self._kinds(" ".join(words[n:])) - {kind}
            for n in range(1, len(words))
        )

    def is_of_another(self, form: str, field: str, text: str) -> bool:
        """Return whether nobody knows a text in its own field, but in another."""
        label, is_known = self.of(form, field, text, 0)
        return not is_known and bool(self._kinds(label or "") - {LABELLED[field] or field})

    def _kinds(self, label: str) -> set[str]:
        """Return the kinds of label that a text is one of."""
        if label in _COMMON:
            return set()
        known = {kind for kind in taxonomy.LABELS if taxonomy.match(kind, label)}
        return known | {kind for kind, names in self._register.items() if key(label) in names}

    def help(
        self, called: str | None, arrived: str | None, rows: int
    ) -> Collection[tuple[str, bool, bool]]:
        """Return each helper that two help columns name: whether it was called, whether it came."""
        helpers: dict[str, list[bool]] = {}
        for at, (field, text) in enumerate((("called", called), ("arrived", arrived))):
            for part in _parts(text or ""):
                label, _ = self.of("uro", field, part, rows)
                if label:
                    helpers.setdefault(label, [False, False])[at] = True
        return [(helper, *said) for helper, said in helpers.items()]

    def _source(self, form: str, field: str) -> Source:
        return self._layout[form].sources.get(field, Source())


def _parts(text: str) -> list[str]:
    """Return the helpers in a text; "og" parts two only where the taxonomy knows them all."""
    if is_blank(text):
        return []
    if SEPARATOR in text:
        return text.split(SEPARATOR)
    found = []
    # A look-up of several values is written with their places: "12;#Politiet;#13;#Ambulance".
    for part in _PARTS.split(_PLACES.sub("", text) if ";#" in text else text):
        pair = _AND.split(part.strip())
        found += pair if all(taxonomy.match("helper", each) for each in pair) else [part]
    return found


def _insert(con: "DuckDBPyConnection", table: str, rows: list[tuple], width: int) -> None:
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * width
    values = ", ".join(f"unnest(${at})" for at in range(1, width + 1))
    con.execute(f"insert into {table} select {values}", columns)
