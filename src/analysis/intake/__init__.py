"""From exports and reference tables to the database."""

from analysis.intake.build import Intake, ingest
from analysis.intake.errors import IngestError
from analysis.intake.words import intake_lines

__all__ = ["IngestError", "Intake", "ingest", "intake_lines"]
