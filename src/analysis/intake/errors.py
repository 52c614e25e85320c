"""The error that stops an ingest."""


class IngestError(ValueError):
    """Something that stops the ingest; the message is one English line naming the file."""


def told(error: Exception) -> str:
    """Return what DuckDB says of an error as one line of bounded length."""
    return " ".join(str(error).split())[:300]
