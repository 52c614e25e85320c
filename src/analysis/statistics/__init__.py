"""Counts to rates, ratios, shares and their intervals; nothing here knows of incidents."""

from analysis.statistics.rates import (
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
    "Difference",
    "Interval",
    "RateRatio",
    "adjusted",
    "did_counts",
    "dispersion",
    "largest_clear_fall",
    "normal_difference",
    "poisson_interval",
    "power_of_fall",
    "quasi_largest_clear_fall",
    "quasi_rate_ratio",
    "rate_ratio",
    "weighted_did",
    "weighted_interval",
    "wilson_interval",
]
