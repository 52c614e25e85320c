"""When incidents of the synthetic city happen and are reported; hours and delays are invented."""

from datetime import date, datetime, timedelta
from functools import cache
from random import Random

from analysis.core import taxonomy
from analysis.sample import read_table

# When the exports are made: the day of the document. What is reported later is not in them.
EXPORTED = datetime(2026, 4, 24, 12)

# Hours 0 to 23.
HOUR_WEIGHTS = (0, 0, 0, 0, 0, 0, 0, 2, 4, 4, 6, 7, 8, 10, 12, 13, 14, 14, 13, 12, 9, 5, 2, 1)
NIGHT_WEIGHTS = (6, 5, 4, 3, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 10, 10, 8)
OUTSIDE_HOURS_PERCENT = 4
DAY = 24 * 60
# Minutes until an incident is reported: from, to, weight.
DELAYS = (
    (5, 180, 610),
    (181, DAY, 238),
    (DAY + 1, 7 * DAY, 105),
    (7 * DAY + 1, 30 * DAY, 29),
    (30 * DAY + 1, 90 * DAY, 14),
    (90 * DAY + 1, 300 * DAY, 4),
)


def moment(rng: Random, location: str, category: str, first: date, after: date) -> datetime:
    """Draw a time from a day until another, mostly in opening hours; Hærværk by night too."""
    anywhen = category == taxonomy.VANDALISM or not _keeps_hours(location)
    weights = NIGHT_WEIGHTS if category == taxonomy.VANDALISM else HOUR_WEIGHTS
    outside = rng.randrange(100) < OUTSIDE_HOURS_PERCENT
    while True:
        day = first + timedelta(days=rng.randrange((after - first).days))
        hour = rng.choices(range(24), weights)[0]
        hours = _open_hours(location, day.isoweekday(), day)
        if anywhen or (hours and (outside or hours[0] <= hour < hours[1])):
            return datetime(day.year, day.month, day.day, hour, rng.randrange(60))


def reported(rng: Random, occurred: datetime, *, known: bool) -> datetime:
    """Draw when an incident is reported: before the export, where it must be `known` by then."""
    while True:
        [(first, last, _)] = rng.choices(DELAYS, [weight for *_, weight in DELAYS])
        day = occurred + timedelta(minutes=rng.randint(first, last))
        if day <= EXPORTED or not known:
            return day


@cache
def _open_hours(location: str, weekday: int, day: date) -> tuple[int, int] | None:
    """Return the first hour and the hour after the last of a day; None: closed or unknown."""
    for period in _periods().get((location, weekday), ()):
        if period["valid_from"] <= day.isoformat() <= (period["valid_to"] or "9999-12-31"):
            return int(period["opens"][:2]), int(period["closes"][:2])
    return None


@cache
def _periods() -> dict[tuple[str, int], list[dict]]:
    periods: dict[tuple[str, int], list[dict]] = {}
    for period in read_table("reference/opening_hours.csv"):
        periods.setdefault((period["location"], int(period["weekday"])), []).append(period)
    return periods


@cache
def _keeps_hours(location: str) -> bool:
    return any((location, weekday) in _periods() for weekday in range(1, 8))
