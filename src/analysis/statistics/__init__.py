"""Counts to rates, ratios, shares and their intervals; nothing here knows of incidents."""

from analysis.statistics.random_effects import (
    Apart,
    OwnChanges,
    apart,
    own_changes,
)
from analysis.statistics.rates import (
    LEVEL,
    THRESHOLD,
    Difference,
    Interval,
    RateRatio,
    adjusted,
    did_counts,
    dispersion,
    largest_clear_fall,
    normal_difference,
    poisson_interval,
    power_of_fall,
    quasi_largest_clear_fall,
    quasi_rate_ratio,
    rate_ratio,
    weighted_did,
    weighted_interval,
    wilson_interval,
)

__all__ = [
    "LEVEL",
    "THRESHOLD",
    "Apart",
    "Difference",
    "Interval",
    "OwnChanges",
    "RateRatio",
    "adjusted",
    "apart",
    "did_counts",
    "dispersion",
    "largest_clear_fall",
    "normal_difference",
    "own_changes",
    "poisson_interval",
    "power_of_fall",
    "quasi_largest_clear_fall",
    "quasi_rate_ratio",
    "rate_ratio",
    "weighted_did",
    "weighted_interval",
    "wilson_interval",
]


def __dir__() -> list[str]:
    """Offer what is meant to be used, and no submodule, where a notebook completes a name."""
    return __all__
