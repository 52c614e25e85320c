"""Errors that say in Danish all that whoever made them needs, wherever in our code they arise."""

import errno

# A quota that is used up, and a file larger than the system takes, are mended alike.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# As DuckDB tells it.
_FULL_WORDS = ("No space left", "not enough space", "File too large", "max_temp_directory_size")

# As DuckDB tells of a database, or of a lake's Parquet, that is cut off or overwritten.
_DAMAGED_WORDS = ("Could not read", "Corrupt database", "too small to be a Parquet", "magic bytes")


def is_full(error: BaseException) -> bool:
    """Return whether an error says that there is no room on a disk."""
    if isinstance(error, OSError) and error.errno:
        return error.errno in _FULL
    return any(words in str(error) for words in _FULL_WORDS)


def is_damaged(error: BaseException) -> bool:
    """Return whether an error says that a database cannot be read to its end."""
    return any(words in str(error) for words in _DAMAGED_WORDS)


class _ToldError(Exception):
    """An error whose message a notebook shows alone, without where it arose."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class InputError(_ToldError, ValueError):
    """Something given that cannot be used."""


class MissingFileError(_ToldError, FileNotFoundError):
    """A file that is not there."""


def printable(text: str) -> str:
    """Return a text with what does not print escaped, so that it moves or hides no other."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
