"""From exports and reference tables to the database."""

from analysis.intake.errors import IngestError
from analysis.intake.build import FATES, Outcome, ingest

__all__ = ["FATES", "IngestError", "Outcome", "ingest"]
