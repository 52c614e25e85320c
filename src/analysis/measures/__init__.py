"""What was done, and whether incidents fell after it (notebook 05)."""

from analysis.measures.effect import treatment_effect

__all__ = ["treatment_effect"]
