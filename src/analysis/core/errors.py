"""Errors that say in Danish all that whoever made them needs, wherever in our code they arise."""


class _ToldError(Exception):
    """An error whose message a notebook shows alone, without where it arose."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class InputError(_ToldError, ValueError):
    """Something given that cannot be used."""


class MissingFileError(_ToldError, FileNotFoundError):
    """A file that is not there."""
