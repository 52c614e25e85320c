"""From exports and reference tables to the database."""

from analysis.intake.build import FATES, Outcome, ingest
from analysis.intake.errors import IngestError

__all__ = ["FATES", "IngestError", "Outcome", "ingest"]
