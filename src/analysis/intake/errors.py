"""The error that stops an ingest, and how a message quotes what a file holds."""


class IngestError(ValueError):
    """Something that stops the ingest; the message is one Danish line naming the file."""


def quoted(text: str) -> str:
    """Return a label as a message quotes it: at most 40 characters, what does not print escaped."""
    short = text if len(text) <= 40 else f"{text[:39]}…"
    return f"»{''.join(each if each.isprintable() else ascii(each)[1:-1] for each in short)}«"


def told(error: Exception) -> str:
    """Return what DuckDB says of an error in our own tables as one line of bounded length."""
    return " ".join(str(error).split())[:300]
