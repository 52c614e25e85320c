"""A layout for exports that nobody has described, as a commented file that the analyst finishes.

Of the rows it tells how times are written, and the labels of the columns taken for labels; free
text, and what may be about people, is told nowhere.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from analysis.core import danish, taxonomy
from analysis.core.selection import nearest
from analysis.core.taxonomy import key, tidy
from analysis.intake import clocks, synonyms
from analysis.intake.blanks import is_blank
from analysis.intake.clocks import CLOCK, DAY, ISO, MOMENT, Times
from analysis.intake.files import Undescribed, tables
from analysis.intake.layout import DELIMITERS, FIELDS, HELP, LABELLED, ONLY_KNOWN, REQUIRED, TIMES
from analysis.intake.personal import CPR, MAIL, signs
from analysis.intake.reference import FILES

# So many rows of each table are looked at, and so many labels of a field are told.
_ROWS, _LABELS = 50_000, 30
# In characters: a longer label may be text about people, and so is a column of longer texts.
_LONGEST = 40
# A column of labels has texts that stand on several rows, or of few words.
_WORDS = 3
_PARTS = re.compile(r"[,;|#/+&]|\s+og\s+")
_SEPARATORS = "/+&"
_HEADER = """\
# Forslag til layout, fundet i {files}.
# Se hver linje efter: »gættet« er et gæt, og »UDFYLD« mangler. Indlæs derefter med
# barometer ingest --layout og denne fil. Alt, hvad et layout kan sige, står i
# data/export_layout.yaml."""


class Proposal(NamedTuple):
    """A layout file's text, and the needed fields ("uro: location") that were not found."""

    text: str
    missing: list[str]


class _Column:
    """A column of a table: its heading and what stands in it, each text with its rows."""

    def __init__(self, heading: str, cells: Iterable[str]) -> None:
        self.heading, self.name = tidy(heading), synonyms.plain(heading)
        self.texts = Counter(tidy(cell) for cell in cells if not is_blank(cell))
        self.rows = self.texts.total()

    @cached_property
    def times(self) -> Times | None:
        return clocks.find(self.texts)

    @property
    def is_clock(self) -> bool:
        named = set(self.name.split()) & set(synonyms.CLOCKS)
        return bool(
            self.times and self.times.kind == CLOCK and (named or ":" in self.times.formats[0])
        )

    @cached_property
    def is_private(self) -> bool:
        """Whether it is free text or about one person, by its heading or by what stands in it."""
        if synonyms.is_prose(self.name):
            return True
        if synonyms.is_personal(self.name) and not any(
            self.name in names for form in synonyms.FIELDS.values() for names in form.values()
        ):
            return True
        length = sum(len(text) * rows for text, rows in self.texts.items())
        people = sum(rows for text, rows in self.texts.items() if {CPR, MAIL} & {*signs(text)})
        return length > _LONGEST * self.rows or people * 10 > self.rows

    @cached_property
    def is_number(self) -> bool:
        """Whether it tells rows apart: nearly all have their own short text with a digit in it."""
        is_short = all(re.fullmatch(r"(?=.*\d)[^\s,]{1,25}", text) for text in self.texts)
        named = re.search(r"#|\b(nr|no|num|number|nummer|id)\b", f"{self.name} {self.heading}")
        return bool(self.rows and is_short and named and len(self.texts) > 0.9 * self.rows)

    @cached_property
    def is_prose(self) -> bool:
        """Whether nearly every row has a text of its own, of several words."""
        words = sum(len(text.split()) for text in self.texts)
        return len(self.texts) > 0.5 * self.rows and words >= _WORDS * len(self.texts) > 2 * _WORDS

    def fits(self, field: str) -> bool:
        if field in TIMES:
            # A column so named is taken even where nobody can tell how its times are written.
            named = synonyms.tells(field, self.name) or any(
                self.name in names.get(field, ()) for names in synonyms.FIELDS.values()
            )
            return self.times.kind in (MOMENT, DAY) if self.times else named
        if not self.rows:
            return True
        if field not in LABELLED:
            # A number that many rows share tells no two apart.
            return not self.times and len(self.texts) > 0.5 * self.rows
        if field != "location" and self.is_prose:
            return False
        lettered = sum(rows for text, rows in self.texts.items() if re.search(r"[^\W\d]", text))
        return not self.times and 2 * lettered > self.rows


class _Pick(NamedTuple):
    """The column taken for a field, that of a time of day apart, and whether it was guessed."""

    column: _Column
    clock: _Column | None
    is_guess: bool


_Picks = dict[str, _Pick]


def propose(exports: Sequence[Path], reference: Path) -> Proposal:
    """Return a layout for exports; `reference` is the folder of the register of locations.

    Raises IngestError where an export cannot be read or has no headings.
    """
    register = _register(reference)
    found: dict[str, list[tuple[Undescribed, _Picks, list[_Column]]]] = {}
    for file in exports:
        for table in tables(file, _ROWS):
            columns = _columns(table)
            form, picks = _form(columns, register)
            found.setdefault(form, []).append((table, picks, columns))
    lines = [_HEADER.format(files=_named(exports))]
    missing = []
    for form in filter(found.get, FIELDS):
        lines += [f"{form}:", *_form_lines(form, found[form], register)]
        missing += [
            f"{form}: {field}" + f" i {_shown(table.name)}" * (len(found[form]) > 1)
            for field in REQUIRED[form]
            for table, picks, _ in found[form]
            if field not in picks
        ]
    return Proposal("\n".join(lines) + "\n", missing)


def _named(files: Sequence[Path]) -> str:
    names = [_shown(file.name) for file in files]
    if (more := len(names) - 2) > 1:
        names[2:] = [f"{danish.number(more)} andre"]
    return danish.listing(names)


def _register(folder: Path) -> dict[str, str]:
    """Return the location behind the key of each of its names; none where there is no register."""
    file = folder / FILES["location"]
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8-sig", newline="") as source:
        return {
            key(name): row["location"]
            for row in csv.DictReader(source)
            for name in (row["location"], *(row.get("other_names") or "").split(";"))
            if key(name)
        }


def _columns(table: Undescribed) -> list[_Column]:
    """Return the columns that have a heading, each of its own."""
    keys = [key(heading) for heading in table.headings]
    return [
        _Column(heading, (row[at] for row in table.rows if at < len(row)))
        for at, heading in enumerate(table.headings)
        if keys[at] and keys.count(keys[at]) == 1
    ]


def _form(columns: list[_Column], register: Mapping[str, str]) -> tuple[str, _Picks]:
    """Return the form that columns are of, and the column taken for each field."""
    uro, orders = (_picked(form, columns, register) for form in FIELDS)
    number = orders.get("order_number")
    if (number and not number.is_guess) or ("status" in orders and "category" not in uro):
        return "haervaerk", orders
    return "uro", uro


def _picked(form: str, columns: list[_Column], register: Mapping[str, str]) -> _Picks:
    free = [column for column in columns if not column.is_private]
    found: dict[str, tuple[_Column, bool]] = {}
    for way in (_by_name, _by_word, _by_content, _by_likeness):
        for field in FIELDS[form]:
            if field not in found:
                fitting = [column for column in free if column.fits(field)]
                if column := way(form, field, fitting, register):
                    found[field] = column, way is not _by_name
                    free.remove(column)
    # A lone time of day is the incident's.
    taken = {
        field: _clock(found[field][0], columns, free)
        for field in TIMES
        if field in found and (times := found[field][0].times) and times.kind == DAY
    }
    return {
        field: _Pick(column, taken.get(field), is_guess)
        for field, (column, is_guess) in found.items()
    }


def _by_name(
    form: str, field: str, columns: list[_Column], register: Mapping[str, str]
) -> _Column | None:
    names = {column.name: column for column in reversed(columns)}
    return next((names[one] for one in synonyms.FIELDS[form].get(field, ()) if one in names), None)


def _by_word(
    form: str, field: str, columns: list[_Column], register: Mapping[str, str]
) -> _Column | None:
    return next((column for column in columns if synonyms.tells(field, column.name)), None)


def _by_content(
    form: str, field: str, columns: list[_Column], register: Mapping[str, str]
) -> _Column | None:
    if field == "occurred_at":
        others = [one for one in columns if not synonyms.tells("reported_at", one.name)]
        return min(others, key=lambda one: one.times.kind != MOMENT, default=None)
    if field == FIELDS[form][0]:
        return next((column for column in columns if column.is_number), None)
    if field not in LABELLED:
        return None
    for column in columns:
        known = sum(n for text, n in column.texts.items() if _known(field, text, register))
        if known and known > 0.6 * column.rows:
            return column
    return None


def _by_likeness(
    form: str, field: str, columns: list[_Column], register: Mapping[str, str]
) -> _Column | None:
    names = synonyms.FIELDS[form]
    for column in columns:
        # What is like a name of another field is not taken for this one.
        near = nearest(column.name, [one for field in names for one in names[field]], 1)
        if near and near[0] in names[field]:
            return column
    return None


def _clock(day: _Column, columns: list[_Column], free: list[_Column]) -> _Column | None:
    """Return the column of the time of day that belongs to one of days: the next, or one so named.

    It is taken out of `free`.
    """
    after = columns[columns.index(day) + 1 :][:1]
    named = [one for one in columns if one.name in synonyms.CLOCKS]
    found = next((one for one in (*after, *named) if one in free and one.is_clock), None)
    if found:
        free.remove(found)
    return found


def _known(field: str, text: str, register: Mapping[str, str]) -> bool:
    if field in HELP:
        return all(taxonomy.match("helper", part) for part in _PARTS.split(text) if key(part))
    if field == "location":
        return key(text) in register
    is_other = field == "category" and key(text) == key(taxonomy.OTHER)
    return is_other or taxonomy.match(LABELLED[field], text) is not None


def _form_lines(
    form: str,
    found: list[tuple[Undescribed, _Picks, list[_Column]]],
    register: Mapping[str, str],
) -> Iterator[str]:
    for field in FIELDS[form]:
        if picks := [picks[field] for _, picks, _ in found if field in picks]:
            if any(pick.is_guess for pick in picks):
                yield f"  # {field}: gættet."
            lines = _time_lines if field in TIMES else _label_lines
            yield from lines(field, picks, register)
        elif field in REQUIRED[form]:
            yield f"  # UDFYLD: {field} blev ikke fundet. Skriv kolonnens overskrift:"
            yield f'  # {field}: ""'
    yield from _option_lines([table for table, _, _ in found])
    used = {
        key(one.heading)
        for _, picks, _ in found
        for pick in picks.values()
        for one in pick[:2]
        if one
    }
    left = {
        _shown(one.heading) + " (fritekst eller om personer)" * one.is_private: None
        for _, _, columns in found
        for one in columns
        if key(one.heading) not in used
    }
    for table, _, _ in found:
        keys = [key(heading) for heading in table.headings]
        for heading in table.headings:
            if keys.count(key(heading)) > 1 and key(heading):
                left[f"{_shown(heading)} (står mere end én gang)"] = None
    if left:
        yield f"  # Ikke brugt: {', '.join(left)}."


def _time_lines(field: str, picks: list[_Pick], register: Mapping[str, str]) -> Iterator[str]:
    formats: dict[str, None] = {}
    for column, clock, _ in picks:
        if not (times := column.times):
            yield "  # UDFYLD: hvordan tiderne er skrevet, blev ikke fundet. Tilføj evt. format."
            continue
        found = clocks.joined(times, clock.times) if clock else times.formats
        formats |= dict.fromkeys(form for form in found if form != ISO)
        if unread := times.unread + (clock.times.unread if clock else 0):
            rows = danish.number(column.rows)
            yield f"  # {danish.number(unread)} af {rows} rækker kan ikke læses sådan."
        if times.is_open:
            yield "  # Dag og måned kan være byttet om: begge dele passer. Se efter."
    given = {"date" if picks[0].clock else "heading": _one_or_more(one.column for one in picks)}
    if given.keys() == {"date"}:
        given["time"] = _one_or_more(one.clock for one in picks if one.clock)
    if formats:
        given["format"] = _flow([*formats] if len(formats) > 1 else next(iter(formats)))
    is_foreign = any("%p" in form or form.startswith(("%m", "%b", "%B")) for form in formats)
    if is_foreign and field == "occurred_at":
        yield "  # Skrevet efter et andet ur end Københavns? Tilføj fx zone: America/Chicago."
    yield f"  {field}: {{{', '.join(f'{name}: {value}' for name, value in given.items())}}}"


def _label_lines(field: str, picks: list[_Pick], register: Mapping[str, str]) -> Iterator[str]:
    headings = _one_or_more(pick.column for pick in picks)
    if field not in LABELLED:
        yield f"  {field}: {headings}"
        return
    texts = sum((pick.column.texts for pick in picks), Counter())
    parting = _separator(texts) if field in HELP else None
    values, note = _values(field, _parted(texts) if field in HELP else texts, register)
    if values or parting:
        yield f"  {field}:"
        yield f"    heading: {headings}"
    else:
        yield f"  {field}: {headings}"
    if parting:
        yield f"    separator: {_flow(parting)}"
    if values:
        # What is not known is kept as it is written: a wrong guess would change it.
        off = "" if field in ONLY_KNOWN else "# "
        yield f"    {off}values:"
        yield from (f"    {off}  {line}" for line in values)
    if note:
        yield f"  # {field}: {note}"


def _values(
    field: str, texts: Counter[str], register: Mapping[str, str]
) -> tuple[list[str], str | None]:
    """Return their labels that are none of ours with the nearest, and how many are not told."""
    lines, hidden = [], 0
    ours = set(register.values()) if field == "location" else taxonomy.LABELS[LABELLED[field]]
    for text, rows in texts.most_common():
        if _known(field, text, register):
            continue
        if len(lines) == _LABELS or len(text) > _LONGEST or signs(text):
            hidden += 1
            continue
        near = synonyms.meant(LABELLED[field] or "", text) or next(
            iter(nearest(text, ours, 1)), None
        )
        if not near and field not in ONLY_KNOWN:
            hidden += 1
            continue
        told = f"{danish.counted(rows, 'række', 'rækker')}, {'gættet' if near else 'UDFYLD'}"
        lines.append(f"{'' if near else '# '}{_flow(text)}: {_flow(near or '')}  # {told}")
    counted = danish.counted(hidden, "betegnelse", "betegnelser")
    why = (
        "for mange, for lange eller om personer" if field in ONLY_KNOWN else "beholdes som skrevet"
    )
    return lines, f"{counted} er ikke vist ({why})." if hidden else None


def _parted(texts: Counter[str]) -> Counter[str]:
    parts: Counter[str] = Counter()
    for text, rows in texts.items():
        for part in filter(key, _PARTS.split(text)):
            parts[tidy(part)] += rows
    return parts


def _separator(texts: Counter[str]) -> str | None:
    """Return what parts several helpers where it is none of what always does."""
    if any(re.search("[,;|]", text) for text in texts):
        return None
    return next((sign for sign in _SEPARATORS if any(sign in text for text in texts)), None)


def _option_lines(found: list[Undescribed]) -> Iterator[str]:
    delimiters = {table.delimiter for table in found} - {None}
    encodings = {table.encoding for table in found} - {None}
    if len(delimiters) == 1 and len(encodings) == 1:
        (delimiter,), (encoding,) = delimiters, encodings
        name = "tab" if DELIMITERS[delimiter] == "\t" else delimiter
        yield f"  # Tegnsættet er {encoding}; det findes i hver fil, når det ikke står her."
        yield f"  options: {{delimiter: {_flow(name)}}}"


def _one_or_more(columns: Iterable[_Column]) -> str:
    headings = list({key(column.heading): column.heading for column in columns}.values())
    return _flow(headings if len(headings) > 1 else headings[0])


def _flow(value: str | list[str]) -> str:
    """Return a value as YAML writes it within a line; JSON is YAML."""
    return json.dumps(value, ensure_ascii=not all(map(str.isprintable, value)))


def _shown(text: str) -> str:
    return _flow(tidy(text))
