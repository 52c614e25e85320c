"""The list of locations for the safety network's monthly meeting: most urgent first.

`urgency` is the model, `ranking` the list, `backtest` how well it hit before, `experience` what the
representatives entered, `rounds` the sharing out; `reasons` and `meeting` are the words,
`meeting_tables` the tables.
"""

from analysis.priority.ranking import Settings, numbers, rank, ranked

__all__ = ["Settings", "numbers", "rank", "ranked"]
