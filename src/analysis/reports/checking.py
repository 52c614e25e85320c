"""Whether a note that a person has edited still agrees with the database.

The note says in its properties what it was written of. It is written anew, and every sentence and
row of the edited one is held against the one that it came from: figures, words of direction, places
and periods must be the same there. What a person has added stands in no such sentence, and is only
counted.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tc
from docx.oxml.text.paragraph import CT_P
from docx.table import Table

from analysis.core import asking, danish, taxonomy
from analysis.core import database as databases
from analysis.core.errors import InputError
from analysis.core.selection import DAYS, FILTERS
from analysis.note.words import in_words
from analysis.reports import note, word
from analysis.reports.parameters import find_notebooks

# How alike a sentence must be the one that it is held against: at its own place, and elsewhere.
_ALIKE_HERE, _ALIKE = 0.45, 0.65
# The words of a pair say the opposite of each other.
_PAIRS = (
    *(("flere", "færre"), ("flest", "færrest"), ("fald", "stigning"), ("faldet", "steget")),
    *(("faldet", "stigningen"), ("falder", "stiger"), ("faldt", "steg"), ("lavere", "højere")),
    *(("mindre", "større"), ("mindst", "højst"), ("mest", "mindst"), ("over", "under")),
    *(("roligere", "uroligere"), ("øget", "mindsket"), ("op", "ned"), ("før", "efter")),
    *(("sommer", "vinter"), ("sommeren", "vinteren"), ("sommerhalvåret", "vinterhalvåret")),
    *(("sommerhalvår", "vinterhalvår"), ("begge", "ingen")),
)
_DIRECTIONS = {each for pair in _PAIRS for each in pair}
# With or without one of these a sentence says the opposite.
_NEGATIONS = ("ikke", "ingen", "hverken")
_COUNTED = {in_words(count, "ét") for count in range(1, 13)} | {"én"}
# A season; or digits in threes or not, with a sign that joins it to nothing before it.
_NUMBER = r"\d{4}/\d{2}(?!\d)|(?:(?<!\w)[−+-])?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
# What it is only a bound of belongs to it: "over 90" is not 90.
_BOUNDED = rf"(?:(?<!\w)(?:over|under|mindst|højst) )?(?:{_NUMBER})"
# Labels that are words of everyday speech, too.
_EVERYDAY = {"Andet", "Bruger", "Lokationen"}
# Danish dates and times have a point that ends no sentence.
_SENTENCE = re.compile(r"(?<=[.!?:])\s+(?=[A-ZÆØÅ»\[])")


class Claim(NamedTuple):
    """A word that says something of the data: how it is written, and what kind of word it is."""

    text: str
    kind: str


class Finding(NamedTuple):
    """What no longer agrees: the sentence as it stands, what it says, and what is right."""

    sentence: str
    said: str
    right: str


class Checked(NamedTuple):
    """What a check came to: `claims` were held against the database, `unknown` a person's own."""

    findings: list[Finding]
    claims: int
    unknown: list[str]


def check(file: Path, database: Path) -> Checked:
    """Hold a note against the database.

    Raises InputError for a file that is no note, SelectionError where the database no longer has
    what it is of, and NoteError where it cannot be written anew.
    """
    try:
        document = Document(file)
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, OSError):
        raise InputError(f"{file.name} kan ikke læses som et Word-dokument (.docx)") from None
    given = _written_of(document)
    if given is None:
        raise InputError(
            f"{file.name} siger ikke, hvad notatet er skrevet ud fra; skriv det igen med "
            "»barometer note«"
        )
    with TemporaryDirectory() as folder:
        executed, data = note.executed(given, database, Path(folder))
        anew = Path(folder) / "anew.docx"
        word.write(executed, anew, data)
        right = lines(anew)
    with closing(databases.connect(database)) as con:
        names = _names(con)
    return compared(lines(file), right, names)


def _written_of(document: WordDocument) -> dict[str, object] | None:
    """Return the parameters that a note was written of; None where it says none, or others.

    Their names become names in a notebook that is run, so a document may bring no other.
    """
    try:
        given = json.loads(document.core_properties.comments)[word.WRITTEN_OF]
    except (ValueError, KeyError, TypeError):
        return None
    (notebook,) = find_notebooks(databases.ROOT / "notebooks", [note.NAME])
    known = {*notebook.declared, *FILTERS, "self_service", *DAYS}
    return given if isinstance(given, dict) and {*given} <= known else None


def _names(con: object) -> list[str]:
    """Return what a note names: places, also by a part of their name, measures, teams and labels.

    Labels are also written with a small letter.
    """
    query = """
        select location from location union select district from location
        union select kind from measure union select team from shift
    """
    found = {name for (name,) in con.execute(query).fetchall() if name}
    found |= {part.strip() for name in found for part in name.split("/")}
    found |= {label for labels in taxonomy.LABELS.values() for label in labels} - _EVERYDAY
    return sorted({*found, *map(danish.lower, found), asking.city(con)})


def lines(file: Path) -> list[str]:
    """Return the sentences of a document in order, and each row of a table as one."""
    document = Document(file)
    found: list[str] = []
    for element in document.element.body:
        if element.tag.endswith("}p"):
            found += _SENTENCE.split(_plain(_shown(element)))
        elif element.tag.endswith("}tbl"):
            for row in Table(element, document).rows:
                found.append(" | ".join(_plain(_shown(cell._element)) for cell in row.cells))
    return [each for each in found if each]


def _shown(element: CT_P | CT_Tc) -> str:
    """Return the text of a paragraph or a cell as it reads when its tracked changes are accepted.

    What python-docx calls its text lacks insertions; deletions stand in tags of their own.
    """
    return "".join(
        " " if part.tag in (qn("w:tab"), qn("w:br"), qn("w:p")) else part.text or ""
        for part in element.iter(*map(qn, ("w:t", "w:tab", "w:br", "w:p")))
    )


def _plain(text: str) -> str:
    """Return a text on one line, without a caption's number, which the program counts itself.

    A season reads "2024/25", also where somebody has written "2024/2025".
    """
    shown = re.sub(r"\s+", " ", text.replace("\u2060", "").replace("\u00ad", "")).strip()
    shown = re.sub(r"\b(\d\d)(\d\d)/\1(\d\d)\b", r"\1\2/\3", shown)
    return re.sub(r"^(Tabel|Figur) \d* ?\.", r"\1.", shown)


def compared(edited: Sequence[str], right: Sequence[str], names: Iterable[str]) -> Checked:
    """Return what edited sentences say otherwise than the right ones; `names` are the places."""
    split = _splitter(names)
    left, truth = [split(one) for one in edited], [split(one) for one in right]
    findings: list[Finding] = []
    claims, unknown = 0, []
    for n, source in enumerate(_sources(edited, right, left, truth)):
        if source is None:
            unknown += [edited[n]] * any(map(_claim, left[n]))
            continue
        claims += sum(_claim(one) is not None for one in left[n])
        if edited[n] != right[source]:
            found, added = _differences(left[n], truth[source])
            findings += [Finding(edited[n], *pair) for pair in found]
            unknown += [edited[n]] * bool(added and not found)
    return Checked(findings, claims, unknown)


def _splitter(names: Iterable[str]):
    """Return what splits a sentence into words, a place's name and a number being one word."""
    # Longer names first, so that none is taken for the beginning of another.
    known = sorted(map(re.escape, names), key=len, reverse=True)
    word_of = re.compile(
        "|".join(
            [*(rf"(?<!\w){each}(?!\w)" for each in known), _BOUNDED, r"\w+(?:-\w+)*", r"[^\w\s]"]
        )
    )
    places = {*names}

    def split(sentence: str) -> tuple[str, ...]:
        return tuple(f"\0{one}" if one in places else one for one in word_of.findall(sentence))

    return split


def _claim(word_: str) -> Claim | None:
    """Return what a word says of the data; None for one that says nothing."""
    if word_.startswith("\0"):
        return Claim(word_[1:], "place")
    low = word_.lower()
    if re.fullmatch(_BOUNDED, word_) or low in _COUNTED:
        return Claim(word_, "number")
    if low in danish.MONTHS or low in danish.WEEKDAYS:
        return Claim(word_, "time")
    return Claim(word_, "direction") if low in {*_DIRECTIONS, *_NEGATIONS} else None


def _masked(words: Sequence[str]) -> list[str]:
    """Return words with each claim as its kind, so that an edited one is like the right one."""
    return [claim.kind.upper() if (claim := _claim(one)) else one.lower() for one in words]


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    """Return how alike two sentences are, from 0 to 1: in their words, and then in their claims."""
    masked = SequenceMatcher(None, _masked(one), _masked(other), autojunk=False).ratio()
    shared = sum((Counter(one) & Counter(other)).values())
    return masked + 0.1 * (2 * shared / max(1, len(one) + len(other)) - 1)


def _sources(
    edited: Sequence[str],
    right: Sequence[str],
    left: Sequence[tuple[str, ...]],
    truth: Sequence[tuple[str, ...]],
) -> list[int | None]:
    """Return which right sentence each edited one came from."""
    found: list[int | None] = [None] * len(edited)
    free = {*range(len(right))}
    blocks = SequenceMatcher(None, edited, right, autojunk=False).get_opcodes()
    for tag, a, b, c, d in blocks:
        if tag == "equal":
            for n, source in zip(range(a, b), range(c, d), strict=True):
                found[n] = source
                free.discard(source)
    # What was moved as it was.
    places = {right[source]: source for source in sorted(free, reverse=True)}
    for n, sentence in enumerate(edited):
        if found[n] is None and places.get(sentence) in free:
            found[n] = places[sentence]
            free.discard(found[n])
    here = {n: range(c, d) for tag, a, b, c, d in blocks if tag != "equal" for n in range(a, b)}
    for least, sources in ((_ALIKE_HERE, here), (_ALIKE, None)):
        likeness = sorted(
            (
                (_alike(left[n], truth[source]), -n, -source)
                for n, known in enumerate(found)
                if known is None
                for source in (sources.get(n, ()) if sources else free)
                if source in free
            ),
            reverse=True,
        )
        for alike, n, source in likeness:
            if alike >= least and found[-n] is None and -source in free:
                found[-n] = -source
                free.discard(-source)
    return found


def _differences(
    edited: Sequence[str], right: Sequence[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return `said, right` where claims differ, and the claims that a person has added."""
    found: list[tuple[str, str]] = []
    added: list[str] = []
    matcher = SequenceMatcher(
        None, [*map(str.lower, edited)], [*map(str.lower, right)], autojunk=False
    )
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        said = [claim for one in edited[a:b] if (claim := _claim(one))]
        meant = [claim for one in right[c:d] if (claim := _claim(one))]
        for claim in said:
            same = next((one for one in meant if one.text.lower() == claim.text.lower()), None)
            of_kind = same or next((one for one in meant if one.kind == claim.kind), None)
            if of_kind is None and claim.text.lower() in _NEGATIONS:
                found.append((claim.text, ""))
                continue
            if of_kind is None:
                added.append(claim.text)
                continue
            meant.remove(of_kind)
            if not same:
                found.append((claim.text, of_kind.text))
        found += [("", one.text) for one in meant if one.text.lower() in _NEGATIONS]
    return found, added
