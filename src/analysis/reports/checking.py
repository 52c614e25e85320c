"""Whether a note that a person has edited still agrees with the database.

The note says in its properties what it was written of. It is written anew, and every sentence and
row of the edited one is held against the one that it came from: figures, words of direction, places
and periods must be the same there. What a person has added stands in no such sentence, and is only
counted.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import Table

from analysis.core import asking, danish, taxonomy
from analysis.core import database as databases
from analysis.core.errors import InputError, MissingFileError
from analysis.core.scratch import scratch
from analysis.core.selection import DAYS, FILTERS, Selection
from analysis.reports import claims, note, recount, word
from analysis.reports.claims import Word
from analysis.reports.parameters import find_notebooks

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# How alike a sentence must be the one that it is held against: at its own place, and elsewhere.
_ALIKE_HERE, _ALIKE = 0.45, 0.65
# So many claims that are the same no two sentences have by chance.
_MANY = 3
# Labels that are words of everyday speech, too.
_EVERYDAY = {"Andet", "Bruger", "Lokationen"}
# The parts of a document whose text stands beside its body.
_BESIDE = re.compile(r"/(header|footer|footnotes|endnotes)\d*\.xml$")
# Danish dates, times and "Kgs. Enghave" have a point that ends no sentence.
_SENTENCE = re.compile(r"(?<=[.!?:])(?<!Kgs\.)\s+(?=[A-ZÆØÅ»\[])")


class Finding(NamedTuple):
    """What no longer agrees: the sentence as it stands, what it says, and what is right.

    Either is empty where a word has been taken out, or put in.
    """

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

    Raises MissingFileError where there is no file, InputError for one that is no note,
    SelectionError where the database no longer has what it is of, and NoteError where it cannot be
    written anew.
    """
    if not file.exists():
        raise MissingFileError(f"{file.name} findes ikke")
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
    with scratch("barometer-check-") as folder:
        executed, data = note.executed(given, database, folder)
        anew = folder / "anew.docx"
        word.write(executed, anew, data)
        right = lines(anew)
    with closing(databases.connect(database)) as con:
        names = _names(con)
        found = compared(lines(file), right, names)
        return recounted(con, asking.chosen(con, given), claims.splitter(names), found)


def recounted(
    con: "DuckDBPyConnection",
    of: Selection,
    split: Callable[[str], Sequence[Word]],
    found: Checked,
) -> Checked:
    """Return what `compared` came to, with the sentences of a person's own counted again."""
    again = {one: recount.incidents(con, split(one), of) for one in found.unknown}
    wrong = [Finding(one, *each) for one, each in again.items() if each]
    left = [one for one in found.unknown if not again[one]]
    return found._replace(findings=[*found.findings, *wrong], unknown=left)


def _written_of(document: WordDocument) -> dict[str, object] | None:
    """Return the parameters that a note was written of; None where it says none, or others.

    Their names become names in a notebook that is run, so a document may bring no other.
    """
    # Not by the whole name, of which LibreOffice writes another than Word.
    about = [
        parse_xml(one.target_part.blob).findtext(qn("dc:description"))
        for one in document.part.package.rels.values()
        if one.reltype.endswith("/core-properties")
    ]
    try:
        given = json.loads(about[0])[word.WRITTEN_OF]
    except (ValueError, LookupError, TypeError):
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
    """Return the sentences of a document in order, and each row of a table as one.

    Last stand those of its headers, footers and notes.
    """
    document = Document(file)
    found: list[str] = []
    for block in _blocks(document):
        if block.tag == qn("w:tbl"):
            for row in Table(block, document).rows:
                found += [" | ".join(_plain(_shown(cell._element)) for cell in row.cells)]
        else:
            for text in _shown(block).split("\n"):
                found += _SENTENCE.split(_plain(text))
    return [each for each in found if each]


def _blocks(document: WordDocument) -> Iterator[BaseOxmlElement]:
    """Yield the paragraphs and tables of a document, also those in its content controls."""
    parts = [one.target_part for one in document.part.rels.values() if not one.is_external]
    beside = [one.blob for one in parts if _BESIDE.search(one.partname)]
    waiting = [document.element.body, *map(parse_xml, beside)][::-1]
    while waiting:
        block = waiting.pop()
        if block.tag in (qn("w:p"), qn("w:tbl")):
            yield block
        else:
            waiting += block.iterchildren("*", reversed=True)


def _shown(element: BaseOxmlElement) -> str:
    """Return a text as it reads when its tracked changes are accepted, a line for each paragraph.

    What python-docx calls its text lacks insertions and boxes; deletions stand in tags of their
    own.
    """
    match element.tag.rpartition("}")[2]:
        case "t":
            return element.text or ""
        case "tab" | "br":
            return " "
        # Moved away; and a box once more, for an older Word.
        case "moveFrom" | "Fallback":
            return ""
    inner = "".join(map(_shown, element.iterchildren("*")))
    return f"\n{inner}\n" if element.tag == qn("w:p") else inner


def _plain(text: str) -> str:
    """Return a text on one line, without the numbers of captions and pages, which Word counts.

    A season reads "2024/25", also where somebody has written "2024/2025".
    """
    shown = re.sub(r"\b(\d\d)(\d\d)/\1(\d\d)\b", r"\1\2/\3", taxonomy.tidy(text))
    shown = re.sub(r" ?\bSide \d* ?af ?\d*$", "", shown)
    return re.sub(r"^(Tabel|Figur) \d* ?\.", r"\1.", shown)


def compared(edited: Sequence[str], right: Sequence[str], names: Collection[str]) -> Checked:
    """Return what edited sentences say otherwise than the right ones; `names` are the places."""
    cells = {cell for one in right if " | " in one for cell in one.split(" | ")}
    split = claims.splitter(names, cells)
    left, truth = [split(one) for one in edited], [split(one) for one in right]
    findings: list[Finding] = []
    held, unknown = 0, []
    for n, source in enumerate(_sources(edited, right, left, truth)):
        number = sum(bool(one.kind) for one in left[n])
        if source is None:
            unknown += [edited[n]] * bool(number)
            continue
        held += number
        if edited[n] != right[source]:
            found, is_open = _differences(left[n], truth[source])
            findings += [Finding(edited[n], *pair) for pair in found]
            unknown += [edited[n]] * (is_open and not found)
    return Checked(findings, held, unknown)


def _masked(words: Sequence[Word]) -> list[str]:
    """Return words with each claim as its kind, so that an edited one is like the right one."""
    return [one.kind.upper() or one.value for one in words]


def _alike(one: Sequence[Word], other: Sequence[Word]) -> float:
    """Return how alike two sentences are, from 0 to 1: in their words, and then in their claims.

    Those that claim so much that is the same are as alike as that is, however it is said.
    """
    alike = SequenceMatcher(None, _masked(one), _masked(other), autojunk=False).ratio()
    both = _meanings(one) & _meanings(other)
    told = sum(number for (kind, _), number in both.items() if kind)
    if told >= _MANY:
        alike = max(alike, 2 * told / sum(bool(each.kind) for each in (*one, *other)))
    return alike + 0.1 * (2 * both.total() / max(1, len(one) + len(other)) - 1)


def _meanings(words: Iterable[Word]) -> Counter:
    return Counter(one.meaning for one in words)


def _sources(
    edited: Sequence[str],
    right: Sequence[str],
    left: Sequence[tuple[Word, ...]],
    truth: Sequence[tuple[Word, ...]],
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
    edited: Sequence[Word], right: Sequence[Word]
) -> tuple[list[tuple[str, str]], bool]:
    """Return `said, right` where claims differ, and whether others can only be read through."""
    cells, rights = _cells(edited), _cells(right)
    if len(cells) == len(rights) > 1:
        each = [_differences(*pair) for pair in zip(cells, rights, strict=True)]
        return [one for found, _ in each for one in found], any(is_open for _, is_open in each)
    if _masked(edited) == _masked(right):
        both = zip(edited, right, strict=True)
        differ = [(one, other) for one, other in both if one.meaning != other.meaning]
        # Where all else stands as it stood, a figure is held against the one in its place.
        if {one.kind for one, _ in differ} == {"number"}:
            return [(one.text, other.text) for one, other in differ], False
    pairs = _aligned(edited, right)
    stands = {n: right[m] for n, m in pairs}
    plain = [[one.value for one in words if not one.kind] for words in (edited, right)]
    is_reworded = plain[0] != plain[1]
    said, meant = ([one for one in words if one.kind] for words in (edited, right))
    extra, missing = _meanings(said) - _meanings(meant), _meanings(meant) - _meanings(said)
    found: list[tuple[str, str]] = []
    is_open = False
    for n, one in enumerate(edited):
        if not extra[one.meaning] or (n in stands and stands[n].meaning == one.meaning):
            continue
        extra[one.meaning] -= 1
        instead = max(
            (each for each in meant if each.kind == one.kind and missing[each.meaning]),
            key=lambda each: _likely(one, each, stands.get(n)),
            default=None,
        )
        if instead:
            missing[instead.meaning] -= 1
        if instead or one.meaning == claims.NOT or (one.kind == "certainty" and not is_reworded):
            found.append((one.text, instead.text if instead else ""))
        else:
            is_open = True
    # Of words that mean the same, the one that nothing stands for is the one that is gone.
    for m in sorted(range(len(right)), key={m for _, m in pairs}.__contains__):
        if missing[(one := right[m]).meaning]:
            missing[one.meaning] -= 1
            found += [("", one.text)] * (one.meaning in claims.HEDGES)
            is_open |= bool(one.kind)
    in_order = iter([one.meaning for one in meant])
    if not all(one.meaning in in_order for one in said):
        swapped = _swapped(edited, right, pairs)
        found += swapped or []
        is_open |= swapped is None
    return found, is_open


def _likely(said: Word, meant: Word, there: Word | None) -> float:
    """Return how likely a word is the right one: it stood there, or it is written much the same."""
    return 0.5 * (meant == there) + SequenceMatcher(None, said.text, meant.text).ratio()


def _swapped(
    edited: Sequence[Word], right: Sequence[Word], pairs: Sequence[tuple[int, int]]
) -> list[tuple[str, str]] | None:
    """Return `said, right` of claims that stand in each other's places.

    None if some stand elsewhere, but what is said of each may be the same.
    """
    stands, there = dict(pairs), {one.meaning for one in right if one.kind}
    kept = [n for n, one in enumerate(edited) if one.meaning in there]
    moved = [
        (n, stands[n])
        for n in kept
        if n in stands and edited[n].meaning != right[stands[n]].meaning
    ]
    said = [edited[n].meaning for n, _ in moved]
    meant = [right[m].meaning for _, m in moved]
    if not moved or Counter(said) != Counter(meant) or not stands.keys() >= {*kept}:
        return None
    if all(
        one.kind in ("place", "time") or one.value in (",", "og", "eller")
        for one in edited[moved[0][0] : moved[-1][0] + 1]
    ):
        return []
    # Two that were moved together still say the same of each other.
    is_joint = {*pairwise(said)} & {*pairwise(meant)}
    is_held = _masked(edited) == _masked(right) or all(
        n and m and edited[n - 1].meaning == right[m - 1].meaning for n, m in moved
    )
    if is_joint or not is_held:
        return None
    return [(edited[n].text, right[m].text) for n, m in moved]


def _cells(words: Sequence[Word]) -> list[list[Word]]:
    """Return the words of each cell of a row; those of a sentence are one."""
    return [
        list(found)
        for is_bar, found in groupby(words, key=lambda one: one.value == "|")
        if not is_bar
    ]


def _aligned(edited: Sequence[Word], right: Sequence[Word]) -> list[tuple[int, int]]:
    """Return which word stands where which stood, so that as much as can be is alike."""
    if _masked(edited) == _masked(right):
        return [(n, n) for n in range(len(edited))]
    best = [[0.0] * (len(right) + 1) for _ in range(len(edited) + 1)]
    for n in reversed(range(len(edited))):
        for m in reversed(range(len(right))):
            both = best[n + 1][m + 1] + _worth(edited[n], right[m])
            best[n][m] = max(best[n + 1][m], best[n][m + 1], both)
    pairs, n, m = [], 0, 0
    while n < len(edited) and m < len(right):
        if best[n][m] == best[n + 1][m]:
            n += 1
        elif best[n][m] == best[n][m + 1]:
            m += 1
        else:
            pairs.append((n, m))
            n, m = n + 1, m + 1
    return pairs


def _worth(one: Word, other: Word) -> float:
    """Return what it is worth that a word stands where another stood."""
    if one.meaning == other.meaning:
        return 3 if one.kind else 2 if one.value.isalnum() else 0.5
    return bool(one.kind) and one.kind == other.kind
