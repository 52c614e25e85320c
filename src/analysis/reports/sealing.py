"""What the reports of a database say of the time to come, kept as it was said."""

import sys
from pathlib import Path

from analysis.core.database import forecasts
from analysis.outlook import sealed

# The notebooks that show a forecast.
NOTEBOOKS = ("06_outlook", "09_status_note", "10_overview")


def seal(database: Path) -> None:
    """Add the forecasts to the database's log, and say so in a line where that cannot be done."""
    try:
        sealed.seal(database)
    except OSError as error:
        name, reason = forecasts(database).name, error.strerror or type(error).__name__
        print(f"Prognoserne kunne ikke gemmes i {name}: {reason}", file=sys.stderr)
