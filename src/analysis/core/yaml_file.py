"""YAML files that analysts write, read within bounds and only where every program reads them alike.

Two editions of YAML are in use: to the older one, which papermill and PyYAML read, `010` is eight,
`1:30` ninety and `no` false; to the newer one (YAML 1.2.2, section 10.3, the core schema) they are
ten and two texts. What they read differently is refused, so that a parameters file means the same
here and to papermill alone. Dates are text.
"""

import re
from pathlib import Path
from textwrap import shorten

import yaml

from analysis.core import danish
from analysis.core.errors import InputError

# A layout of several hundred labels is a fifth of this; it takes some seconds to read at most.
_MOST_BYTES = 100_000
# Scenarios and layouts have four layers.
_DEEPEST = 20
_LONGEST_NUMBER = 20
_TAG = "tag:yaml.org,2002:"
# The core schema's types; what is none of them is text.
_CORE = {
    "null": re.compile(r"|~|null|Null|NULL"),
    "bool": re.compile(r"true|True|TRUE|false|False|FALSE"),
    "int": re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"),
    "float": re.compile(
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
        r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
    ),
}
# Of the same type to both, and yet another number.
_OCTAL = re.compile(r"[-+]?0[0-9]+")


class _RefusedError(Exception):
    """What is YAML but not read here; the message goes on after the file's name."""


class _Loader(yaml.SafeLoader):
    """PyYAML's loader of plain values, which raises _RefusedError for all that is more than that.

    Aliases can make a value that does not fit into memory of a file of a few lines.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012  (PyYAML's own name and kind)
        first: [(tag, pattern) for tag, pattern in known if tag != f"{_TAG}timestamp"]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        event = self.peek_event()
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise _RefusedError(f"har en henvisning (& eller *) i linje {line}; skriv værdien ud")
        if event.tag:
            raise _RefusedError(f"har et mærke ({_short(event.tag)}) i linje {line}; udelad det")
        if self._depth == _DEEPEST:
            raise _RefusedError(f"har mere end {_DEEPEST} lag i hinanden i linje {line}")
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def compose_scalar_node(self, anchor: None) -> yaml.ScalarNode:
        node = super().compose_scalar_node(anchor)
        line = node.start_mark.line + 1
        if self.NON_PRINTABLE.search(node.value):
            raise _RefusedError(f"har et styretegn i værdien i linje {line}")
        # Quoted or folded text is text to all.
        if node.style is None and not _is_read_alike(node.tag, node.value):
            raise _RefusedError(
                f"har »{_short(node.value)}« i linje {line}, som programmer læser forskelligt: "
                "skriv det i anførselstegn, hvis det er tekst, og ellers som et almindeligt tal, "
                "true eller false"
            )
        is_number = node.tag in (f"{_TAG}int", f"{_TAG}float")
        if is_number and len(node.value) > _LONGEST_NUMBER:
            raise _RefusedError(f"har et tal på mere end {_LONGEST_NUMBER} tegn i linje {line}")
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        # Of a key that stands twice YAML's readers take the last without a word.
        seen = set()
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise _RefusedError(f"har en liste eller opstilling som navn i linje {line}")
            name = self.construct_object(key)
            if name in seen:
                raise _RefusedError(f"har {_short(key.value)} to gange (anden gang i linje {line})")
            seen.add(name)
        return super().construct_mapping(node, deep)


def _short(text: str) -> str:
    return shorten(text, 60, placeholder=" …")


def _is_read_alike(tag: str, value: str) -> bool:
    """Return whether an unquoted value is to the core schema what PyYAML takes it for."""
    core = next((name for name, each in _CORE.items() if each.fullmatch(value)), "str")
    return tag == _TAG + core and not _OCTAL.fullmatch(value)


def read(file: Path, what: str = "Filen") -> dict[str, object]:
    """Return a file's names and values; a file without a line has none.

    Raises ValueError, one line in Danish that names the file (as `what`) and, where it is known,
    the line of it.
    """
    named = f"{what} {file.name}"
    content = text(file, named)
    try:
        values = yaml.load(content, _Loader)
    except _RefusedError as error:
        raise ValueError(f"{named} {error}.") from None
    except yaml.reader.ReaderError as error:
        line = content.count("\n", 0, error.position) + 1
        raise ValueError(f"{named} er ikke gyldig YAML: styretegn i linje {line}.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ValueError(f"{named} er ikke gyldig YAML (ved linje {mark.line + 1}).") from None
    values = {} if values is None else values
    if not isinstance(values, dict) or not all(isinstance(name, str) for name in values):
        raise ValueError(f"{named} skal bestå af linjer som »navn: værdi«.")
    return values


def text(file: Path, named: str, most: int = _MOST_BYTES) -> str:
    """Return a file's text, of so many bytes at most.

    Raises InputError, one line in Danish that calls the file `named`.
    """
    try:
        if not file.exists():
            raise InputError(f"{named} findes ikke.")
        # A pipe would be waited for, and a device may have no end.
        if not file.is_file():
            raise InputError(f"{named} er en mappe eller andet, der ikke er en fil.")
        with file.open("rb") as opened:
            content = opened.read(most + 1)
    except OSError:
        raise InputError(f"{named} kan ikke læses.") from None
    if len(content) > most:
        raise InputError(f"{named} fylder mere end {danish.number(most // 1000)} kB.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{named} kan ikke læses som tekst i UTF-8 (ved linje {line}).") from None
