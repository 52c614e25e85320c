"""The layout file: where each of our fields comes from in an export."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.core import danish, taxonomy, yaml_file
from analysis.core.selection import nearest
from analysis.core.taxonomy import key, tidy
from analysis.intake.blanks import is_blank
from analysis.intake.errors import IngestError, quoted

FIELDS = {
    "uro": (
        "case_number",
        "reported_at",
        "occurred_at",
        "district",
        "location",
        "facility",
        "category",
        "subcategory",
        "victim",
        "demography",
        "called",
        "arrived",
    ),
    "haervaerk": (
        "order_number",
        "reported_at",
        "district",
        "location",
        "facility",
        "case_number",
        "status",
    ),
}
REQUIRED = {
    "uro": ("occurred_at", "location", "category"),
    "haervaerk": ("reported_at", "location", "status"),
}
TIMES = ("occurred_at", "reported_at")
HELP = ("called", "arrived")
# The fields whose labels `values` may map, and the taxonomy's kind of label behind each.
LABELLED = {
    "district": "district",
    "location": None,
    "facility": "facility",
    "category": "category",
    "subcategory": "subcategory",
    "victim": "victim",
    "demography": "demography",
    "called": "helper",
    "arrived": "helper",
    "status": "status",
}
# Labels that must be the taxonomy's; any other kind keeps one that it does not know.
ONLY_KNOWN = ("category", "status")
DELIMITERS = {";": ";", ",": ",", "\t": "\t", "|": "|", "tab": "\t", "tabulator": "\t"}
COPENHAGEN = "Europe/Copenhagen"
# The directives of strptime that mean the same to Python and DuckDB; those of a time of day.
_DIRECTIVES, _CLOCK = set("dmyYbBaAjHIMSpf"), re.compile(r"(^|(?<=%.))[^%]*%[HIMSpf].*")


@dataclass(frozen=True)
class Source:
    """Where a field comes from: its accepted headings, or a `default` where there is no column.

    `time` are the headings of a time of day in a column of its own, `formats` strptime's, `zone`
    the clock the times are written in, `separator` what parts several values. `values` maps their
    labels to ours (None: nothing); a label that ends in `*` is a beginning.
    """

    headings: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    zone: str = COPENHAGEN
    values: Mapping[str, str | None] | None = None
    default: str | None = None
    separator: str | None = None

    @property
    def dates(self) -> tuple[str, ...]:
        """The formats cut before their time of day: a date alone has no known time."""
        cut = (_CLOCK.sub("", form).strip() for form in self.formats)
        return tuple(dict.fromkeys(form for form in cut if form))

    def says(self, label: str) -> bool:
        """Return whether the layout itself has a label, which is then known."""
        return label == self.default or label in (self.values or {}).values()

    def mapped(self, spelling: str) -> str | None:
        """Return our label for theirs, theirs where `values` has none, None where it is nothing."""
        theirs = key(spelling)
        for label, ours in (self.values or {}).items():
            wanted = key(label)
            if wanted == "*" and is_blank(theirs):
                return None
            if wanted == theirs or (wanted.endswith("*") and theirs.startswith(wanted[:-1])):
                return ours
        return spelling


@dataclass(frozen=True)
class Form:
    """One of the two forms: where its fields come from, and which files, sheets and text are its.

    `files` and `sheet` are patterns of names; None of any is all, or found by looking.
    """

    name: str
    sources: Mapping[str, Source]
    files: str | None = None
    sheet: str | None = None
    delimiter: str | None = None
    encoding: str | None = None


Layout = dict[str, Form]
_KEYS = {
    "times": ("heading", "date", "time", "format", "zone", "default"),
    "labels": ("heading", "values", "default"),
    "help": ("heading", "values", "separator", "default"),
    "other": ("heading", "default"),
    "options": ("files", "sheet", "delimiter", "encoding"),
}


def read(file: Path) -> Layout:
    """Return the forms that a layout file describes.

    Raises IngestError, in one Danish line, where the file cannot be read, or says what it cannot
    say; what is not known is named with the nearest that is.
    """
    try:
        given = yaml_file.read(file, "Layoutet")
    except ValueError as error:
        raise IngestError(str(error)) from None
    try:
        return _forms(given)
    except IngestError as error:
        raise IngestError(f"{file.name}: {error}") from None


def _forms(given: Mapping[str, object]) -> Layout:
    _known(given, FIELDS, "skemaet")
    if not given:
        raise IngestError(f"beskriver intet skema; kendte er {danish.listing([*FIELDS])}")
    return {name: _form(name, _mapping(fields, name)) for name, fields in given.items()}


def _form(name: str, given: dict) -> Form:
    _known(given, (*FIELDS[name], "options"), f"{name}: feltet")
    options = _mapping(given.get("options") or {}, f"{name}: options")
    _known(options, _KEYS["options"], f"{name}: options:")
    sources = {
        field: _source(field, given[field], f"{name}: {field}")
        for field in FIELDS[name]
        if given.get(field) is not None
    }
    if lacking := [field for field in REQUIRED[name] if field not in sources]:
        raise IngestError(f"{name} siger ikke, hvor {danish.listing(lacking)} står")
    delimiter = options.pop("delimiter", None)
    if delimiter is not None and (delimiter := DELIMITERS.get(str(delimiter).lower())) is None:
        raise IngestError(f"{name}: delimiter kan være {danish.listing(['; , | tab'])}")
    texts = {what: _text(value, f"{name}: {what}") for what, value in options.items()}
    if encoding := texts.get("encoding"):
        _check_encoding(encoding, name)
    return Form(name, sources, delimiter=delimiter, **texts)


def _source(field: str, given: object, where: str) -> Source:
    if isinstance(given, str | list):
        return Source(_texts(given, where))
    given = _mapping(given, where)
    kind = "times" if field in TIMES else "help" if field in HELP else "labels"
    _known(given, _KEYS[kind if field in TIMES or field in LABELLED else "other"], f"{where}:")
    if "date" in given and "heading" in given:
        raise IngestError(
            f"{where} har både heading og date; date er kolonnen, når time står for sig"
        )
    headings = _texts(given.get("heading") or given.get("date") or [], where)
    if not headings and "default" not in given:
        raise IngestError(f"{where} mangler heading{', date' * (kind == 'times')} eller default")
    texts = {
        what: _text(given[what], f"{where}: {what}")
        for what in ("zone", "separator")
        if given.get(what) is not None
    }
    if "default" in given:
        texts["default"] = tidy(_text(given["default"], where)) if given["default"] else ""
        if texts["default"] and LABELLED.get(field) in ONLY_KNOWN:
            texts["default"] = _label(LABELLED[field], texts["default"], f"{where}: default")
    return Source(
        headings=headings,
        time=_texts(given.get("time") or [], f"{where}: time"),
        formats=tuple(_format(one, where) for one in _texts(given.get("format") or [], where)),
        values=_values(field, given.get("values"), f"{where}: values"),
        **texts,
    )


def _values(field: str, given: object, where: str) -> dict[str, str | None] | None:
    if given is None:
        return None
    kind = LABELLED[field]
    values = {}
    for theirs, ours in _mapping(given, where).items():
        if "*" in str(theirs)[:-1]:
            raise IngestError(f"{where}: {quoted(str(theirs))}: * kan kun stå til sidst")
        label = None if ours is None else tidy(_text(ours, where))
        if label and kind:
            label = _label(kind, label, where)
        values[str(theirs)] = label
    # The whole label before a beginning, the longest beginning first, and what catches the rest.
    return dict(sorted(values.items(), key=lambda one: (one[0].endswith("*"), -len(one[0]))))


def _label(kind: str, label: str, where: str) -> str:
    """Return a label as the taxonomy writes it; Andet, a label of two kinds, stays."""
    if key(label) == key(taxonomy.OTHER):
        return taxonomy.OTHER
    found = taxonomy.match(kind, label)
    if not found and kind in ONLY_KNOWN:
        known = [*taxonomy.LABELS[kind], *[taxonomy.OTHER] * (kind == "category")]
        raise IngestError(f"{where}: {quoted(label)} er ukendt{_hint(label, known)}")
    return found or label


def _format(form: str, where: str) -> str:
    wrong = [one for one in re.findall("%(.?)", form) if one not in _DIRECTIVES and one != "%"]
    if wrong or "%" not in form:
        told = f"%{wrong[0]} kendes ikke" if wrong else "intet tegn i det begynder med %"
        raise IngestError(f"{where}: format {quoted(form)} kan ikke bruges: {told}")
    parts = {*re.findall("%(.)", form)}
    has_day = "j" in parts or ("d" in parts and parts & {"m", "b", "B"})
    if not (has_day and parts & {"y", "Y"}):
        raise IngestError(
            f"{where}: format {quoted(form)} kan ikke bruges: dag, måned eller år mangler"
        )
    return form


def _check_encoding(encoding: str, name: str) -> None:
    try:
        b"a".decode(encoding, "replace")
    # What is no encoding of text, such as base64, is known to Python all the same.
    except (LookupError, ValueError):
        raise IngestError(f"{name}: encoding {quoted(encoding)} kendes ikke") from None


def _mapping(given: object, what: str) -> dict:
    if not isinstance(given, dict):
        raise IngestError(f"{what} skal være navne med hver sin værdi")
    return given


def _known(given: Mapping, known: Iterable[str], what: str) -> None:
    for name in given:
        if name not in known:
            raise IngestError(f"{what} {quoted(str(name))} kendes ikke{_hint(str(name), known)}")


def _hint(given: str, known: Iterable[str]) -> str:
    near = nearest(given, known, 1)
    return f"; nærmest er {near[0]}" if near else f"; kendte er {danish.listing([*known])}"


def _texts(given: object, where: str) -> tuple[str, ...]:
    return tuple(_text(one, where) for one in (given if isinstance(given, list) else [given]))


def _text(given: object, where: str) -> str:
    if isinstance(given, str | int | float) and not isinstance(given, bool) and str(given):
        return str(given)
    raise IngestError(f"{where} skal være tekst")
