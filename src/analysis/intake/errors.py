"""The error that stops an ingest, and how a message quotes what a file holds."""

import errno

from analysis.core.errors import printable


class IngestError(ValueError):
    """Something that stops the ingest; the message is one Danish line naming the file."""


# What the system says of a file, in Danish.
_REASONS = {
    FileExistsError: "der ligger en fil af det navn, hvor der skulle være en mappe",
    NotADirectoryError: "der ligger en fil af det navn, hvor der skulle være en mappe",
    FileNotFoundError: "findes ikke, og mappen kan ikke oprettes",
    PermissionError: "der er ikke adgang til den; få adgang, eller vælg et andet sted",
    IsADirectoryError: "er en mappe",
    UnicodeError: "tegnsættet er et andet end det, som layoutet siger",
}


def reason(error: Exception) -> str:
    """Return in Danish why a file cannot be read or written."""
    found = (told for kind, told in _REASONS.items() if isinstance(error, kind))
    number = getattr(error, "errno", None)
    if number == errno.EROFS:
        return "drevet er skrivebeskyttet"
    return next(found, f"styresystemet melder fejl {number}" if number else "filen er ikke hel")


def quoted(text: str) -> str:
    """Return a label as a message quotes it: at most 40 characters, what does not print escaped."""
    return f"»{printable(text if len(text) <= 40 else f'{text[:39]}…')}«"
