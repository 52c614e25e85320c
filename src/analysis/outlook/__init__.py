"""What to expect of the months to come, and how well such forecasts hit before.

`projection` is the model, `forecasting` the forecast, `scenario` what is known or assumed of the
time to come, `backtest` the record; `words` says what a forecast means and how well the method did,
and `tables` sets both up.
"""

from analysis.outlook.backtest import expected
from analysis.outlook.forecasting import (
    LEVELS,
    Known,
    Outcome,
    after,
    around,
    coming,
    forecast,
    month_numbers,
    outcome,
    summary,
    until,
)

__all__ = [
    "LEVELS",
    "Known",
    "Outcome",
    "after",
    "around",
    "coming",
    "expected",
    "forecast",
    "month_numbers",
    "outcome",
    "summary",
    "until",
]


def __dir__() -> list[str]:
    """Offer what is meant to be used, and no submodule, where a notebook completes a name."""
    return __all__
