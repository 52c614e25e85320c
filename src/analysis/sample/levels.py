"""How many incidents are expected of each place of the synthetic city in each month.

Levels wander as real ones do: each place's, and the city's, keeps most of what it was the month
before and is moved by chance. Some places rise or fall steadily besides. All of it is invented but
the half-years whose counts the document fixes, through which a place's level then passes. Levels
are whole numbers, so that no processor's arithmetic tips a draw.
"""

from collections.abc import Iterator
from random import Random

from analysis.core import taxonomy
from analysis.core.season import Season

SEASONS = tuple(Season(f"{year}/{year + 1}") for year in range(2021, 2026))
# Data end with the last winter.
HALVES = tuple((season, half) for season in SEASONS for half in taxonomy.HALVES)[:-1]

# The two places whose figures the document prints.
BLAAGAARDEN = "Blågårdens Bibliotek"
VESTERBRO = "Vesterbro Bibliotek og Kulturhus"

LIBRARY, CULTURE, GROUND, HALL, BATH = taxonomy.LABELS["facility"]

# Incidents expected in a winter half-year:
BY_FACILITY = {LIBRARY: 22, CULTURE: 12, GROUND: 9, HALL: 13, BATH: 8}
BY_LOCATION = {
    BLAAGAARDEN: 76,
    VESTERBRO: 48,
    "Hovedbiblioteket": 44,
    "Nørrebro Bibliotek": 46,
    "Biblioteket Rentemestervej": 42,
    "Tingbjerg Bibliotek og Kulturhus": 38,
    "Sundby Bibliotek": 30,
    "Nørrebrohallen": 30,
    "Valby Bibliotek": 28,
    "Støberiet": 26,
    "Prøvehallen": 0,
    "Damhusengens Idrætsanlæg": 0,
}
SUMMER_PERCENT = {LIBRARY: 36, CULTURE: 40, GROUND: 70, HALL: 45, BATH: 45}
# January to December; the weights of a half-year's months are relative to each other.
MONTH_WEIGHTS = (19, 16, 13, 18, 16, 15, 14, 17, 20, 15, 18, 19)

# In thousandths: how far lasting sizes of places alike and levels at any time spread, what of a
# level's distance from its usual is kept from a month to the next, and what moves it.
SIZE_SPREAD = 200
PLACE_SPREAD, PLACE_STEP = 160, 50
CITY_SPREAD, CITY_STEP = 60, 19
KEPT_PERCENT = 95
# Thousandths of its size that a place rises or falls by a month.
DRIFTS = {
    "Sundby Bibliotek": 10,
    "Tingbjerg Bibliotek og Kulturhus": -9,
    "Valby Bibliotek": -9,
    "Bellahøj Svømmestadion": 10,
}

Expected = dict[tuple[Season, str], list[int]]


def expected(
    rng: Random, places: list[dict], fixed: dict[str, dict[tuple[Season, str], int]]
) -> dict[str, Expected]:
    """Return for each location and half-year the incidents expected of its months, in thousandths.

    In the half-years that `fixed` has for a location they add up to its count; before, between and
    after them the location's level is moved as much as there.
    """
    months = sum(len(season.months(half)) for season, half in HALVES)
    city = _wander(rng, months, CITY_SPREAD, CITY_STEP)
    found = {}
    for place in places:
        location, facility = place["location"], place["facility"]
        size = 1000 * BY_LOCATION.get(location, BY_FACILITY[facility])
        if location not in BY_LOCATION:
            size = _scaled(size, _normal(rng, SIZE_SPREAD))
        own = _wander(rng, months, PLACE_SPREAD, PLACE_STEP)
        drift = DRIFTS.get(location, 0)
        levels = iter(
            _scaled(_scaled(size, city[month] + own[month]), drift * (month - months // 2))
            for month in range(months)
        )
        drawn = {
            (season, half): _months(season, half, SUMMER_PERCENT[facility], levels)
            for season, half in HALVES
        }
        found[location] = _through(drawn, fixed.get(location, {}))
    return found


def _months(season: Season, half: str, summer_percent: int, levels: Iterator[int]) -> list[int]:
    """Return the incidents expected of a half-year's months, whose levels come next."""
    months = season.months(half)
    weights = [MONTH_WEIGHTS[month.month - 1] for month in months]
    percent = 100 if half == taxonomy.HALVES[0] else summer_percent
    return [next(levels) * percent * weight // (100 * sum(weights)) for weight in weights]


def _through(drawn: Expected, fixed: dict[tuple[Season, str], int]) -> Expected:
    """Return levels moved so that they pass through the fixed counts."""
    halves, moved = list(drawn), {}
    for place, half in enumerate(halves):
        nearest = [
            found
            for way in (reversed(halves[: place + 1]), halves[place:])
            if (found := next((other for other in way if other in fixed), None))
        ]
        wanted = sum(1000 * fixed[other] for other in nearest) or 1
        base = sum(sum(drawn[other]) for other in nearest) or 1
        moved[half] = [month * wanted // base for month in drawn[half]]
    return moved


def _wander(rng: Random, months: int, spread: int, step: int) -> list[int]:
    """Return a level for each month, in thousandths off the usual one."""
    levels = [_normal(rng, spread)]
    for _ in range(months - 1):
        levels.append(levels[-1] * KEPT_PERCENT // 100 + _normal(rng, step))
    return levels


def _normal(rng: Random, spread: int) -> int:
    """Draw a nearly normal number: the ones among 64 fair bits, which spread by 4 about 32."""
    return (rng.getrandbits(64).bit_count() - 32) * spread // 4


def _scaled(amount: int, thousandths: int) -> int:
    """Return an amount so much higher, or as much lower where it is negative."""
    if thousandths < 0:
        return amount * 1000 // (1000 - thousandths)
    return amount * (1000 + thousandths) // 1000
