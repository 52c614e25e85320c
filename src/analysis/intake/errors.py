"""The error that stops an ingest."""


class IngestError(ValueError):
    """Something that stops the ingest; the message is one English line naming the file."""
