"""The list of locations for the safety network's monthly meeting: most urgent first.

`need` is the model, `ranking` the list, `reasons` the sentence beside each place, `backtest` how
well it hit before, `experience` what the representatives entered, `rounds` the sharing out.
"""

from analysis.priority.ranking import Settings, rank, ranked, weights_used

__all__ = ["Settings", "rank", "ranked", "weights_used"]


def __dir__() -> list[str]:
    """Offer what is meant to be used, and no submodule, where a notebook completes a name."""
    return __all__
