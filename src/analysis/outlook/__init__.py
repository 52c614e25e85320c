"""What to expect of the months to come, and how well such forecasts hit before.

`projection` is the model, `forecasting` the forecast, `scenario` what is known or assumed of the
time to come, `backtest` the record. `prospects` says what a forecast means, `track_record` how well
the method did, and `forecast_tables` sets both up as tables.
"""

from analysis.outlook.forecasting import (
    LEVELS,
    Known,
    after,
    around,
    coming,
    forecast,
    history,
    level_of,
    numbers,
    outcome,
    summary,
    until,
)

__all__ = [
    "LEVELS",
    "Known",
    "after",
    "around",
    "coming",
    "forecast",
    "history",
    "level_of",
    "numbers",
    "outcome",
    "summary",
    "until",
]
