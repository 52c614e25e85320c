"""Errors that say in Danish all that whoever made them needs, wherever in our code they arise."""


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
