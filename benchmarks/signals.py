"""How often a signal is false, and how large a rise is seen: `python benchmarks/signals.py`.

Cities are drawn with fixed seeds from the database (`make data`): its districts, the mean of their
weeks in each month, and how much these vary. Five years are drawn, and the weeks of the last are
held against the four before, as `analysis.signals.weeks` does. A week is judged when all its
reports are in.
"""

import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

import numpy as np
from simulation import seeded, table

from analysis import statistics
from analysis.core import asking
from analysis.core.database import connect
from analysis.core.season import Season, half_of
from analysis.core.selection import Selection
from analysis.signals import weeks as signals_weeks
from analysis.signals.weeks import LEAST_OVER, WEEK

DRAWS = 400
# Weeks drawn in all, and those judged: the last year. The first is the first whole one of a season.
WEEKS, JUDGED = 260, 52
FIRST = date(2021, 10, 4)
MONDAYS = [FIRST + n * WEEK for n in range(WEEKS)]
THURSDAYS = [monday + timedelta(days=3) for monday in MONDAYS]
# Shares that weeks rise by, and whether they did so at the same time the year before.
RISES = ((0.5, False), (1.0, False), (2.0, False), (2.0, True))
# As good as Poisson; districts that vary less do so by chance.
LEAST_SPREAD = 1.01
# A rise lasts so many weeks; then come as many without.
LASTS = 4


class City(NamedTuple):
    """Districts, the largest first: their mean week in each month, and how much weeks vary.

    `means` is districts by months (January first), `spread` a value a district, 1 being Poisson;
    `levels` is how far the years' logarithms lie apart, a standard deviation.
    """

    names: list[str]
    means: np.ndarray
    spread: np.ndarray
    levels: float


class Setting(NamedTuple):
    """What a simulated city is like beside the sample: nothing of it is an outbreak."""

    name: str
    spread: float | None = None
    levels: bool = False
    growth: float = 0.0
    years: int = signals_weeks.YEARS


SETTINGS = (
    Setting("as the sample"),
    Setting("weeks vary 1.5 times as Poisson", spread=1.5),
    Setting("weeks vary 2 times as Poisson", spread=2.0),
    Setting("years differ as the sample's winters", levels=True),
    Setting("the city grows by 5 per cent a year", growth=0.05),
    Setting("the city grows by 10 per cent a year", growth=0.10),
    Setting("2 years to compare with", years=2),
    Setting("1 year to compare with", years=1),
)


def sample() -> City:
    """Return the city of the database."""
    with connect() as con:
        weeks = signals_weeks.weekly(con, asking.dataset(con).last_day, 10_000)
    city = signals_weeks.city_of(weeks)
    thursdays = weeks["week"] + timedelta(days=3)
    weeks = weeks.assign(
        month=thursdays.dt.month,
        season=[Season.of(day).name for day in thursdays],
        half=[half_of(day) for day in thursdays],
    )
    by_month = weeks.groupby(["name", "month"])["incidents"].mean().unstack()
    names = [name for name in weeks["name"].unique() if name != city]
    spread = []
    for name in names:
        counts = weeks[weeks["name"] == name]
        fitted = by_month.loc[name].reindex(counts["month"])
        spread.append(statistics.dispersion(list(counts["incidents"]), list(fitted), 12))
    winters = weeks[(weeks["name"] == city) & (weeks["half"] == "vinter")]
    levels = np.log(winters.groupby("season")["incidents"].mean()).std()
    return City(
        names, by_month.loc[names].to_numpy(), np.maximum(spread, LEAST_SPREAD), float(levels)
    )


def drawn(city: City, setting: Setting, number: int) -> np.ndarray:
    """Return counts of the city and its districts: draws, places (the city first), weeks."""
    rng = seeded(20, number)
    months = np.array([day.month for day in THURSDAYS]) - 1
    seasons = np.array([Season.of(day).start_year for day in THURSDAYS])
    level = np.log1p(setting.growth) * np.arange(WEEKS) / 52
    if setting.levels:
        each = rng.normal(0, city.levels, (DRAWS, 1, 6))
        level = level + each[:, :, seasons - seasons[0]]
    means = np.broadcast_to(city.means[:, months] * np.exp(level), (DRAWS, len(city.names), WEEKS))
    return with_city(spread_out(rng, means, city, setting))


def spread_out(
    rng: np.random.Generator, means: np.ndarray, city: City, setting: Setting
) -> np.ndarray:
    """Return negative binomial counts of districts, with the setting's spread or the city's."""
    spread = city.spread[:, None] if setting.spread is None else setting.spread
    return rng.negative_binomial(means / (spread - 1), 1 / spread)


def with_city(districts: np.ndarray) -> np.ndarray:
    """Return the counts of districts with their sum before them."""
    return np.concatenate([districts.sum(axis=1, keepdims=True), districts], axis=1)


def judged(counts: np.ndarray, years: int = signals_weeks.YEARS) -> np.ndarray:
    """Return which weeks of the last year are signals: draws, places, weeks."""
    width = (2 * signals_weeks.WINDOW + 1) * signals_weeks.YEARS
    places = np.full((JUDGED, width), -1)
    first = MONDAYS[WEEKS - JUDGED] - years * 52 * WEEK - signals_weeks.WINDOW * WEEK
    for row, monday in enumerate(MONDAYS[-JUDGED:]):
        held = [
            (week - FIRST) // WEEK for week in signals_weeks.comparable(monday, max(first, FIRST))
        ]
        places[row, : len(held)] = held
    recent = np.lib.stride_tricks.sliding_window_view(counts, LEAST_OVER, axis=2).sum(axis=-1)
    shown = []
    for own, before in zip(counts, recent, strict=True):
        held = np.where(places >= 0, own[:, places], np.nan)
        found = signals_weeks.bounds(held.reshape(-1, width))
        threshold = found.threshold.reshape(len(own), JUDGED)
        shown.append(signals_weeks.is_signal(own[:, -JUDGED:], before[:, -JUDGED:], threshold))
    return np.array(shown)


def false(city: City, number: int) -> tuple[str, ...]:
    """Return a line: signals a year where nothing but chance gives them."""
    setting = SETTINGS[number]
    a_year = judged(drawn(city, setting, number), setting.years).sum(axis=2)
    both = a_year.sum(axis=1)
    figures = (a_year[:, 0].mean(), a_year[:, 1:].sum(axis=1).mean(), both.mean())
    share = f"{100 * np.mean(both == 0):.0f}"
    return (setting.name, *(f"{each:.1f}" for each in figures), share)


def seen(city: City, number: int) -> list[tuple[str, ...]]:
    """Return lines: how often a rise is seen at all and in its first week, and after how many."""
    rng = seeded(21, number)
    calm = drawn(city, SETTINGS[0], len(SETTINGS) + number)[:, 1:]
    weeks = np.arange(WEEKS)
    rise, again = RISES[number]
    since = WEEKS - JUDGED * (2 if again else 1)
    on = ((weeks - since) % JUDGED // LASTS % 2 == 1) & (weeks >= since)
    months = np.array([day.month for day in THURSDAYS]) - 1
    more = np.broadcast_to(city.means[:, months] * rise * on, calm.shape)
    extra = np.zeros(calm.shape, dtype=int)
    extra[..., on] = spread_out(rng, more[..., on], city, SETTINGS[0])
    shown = judged(with_city(calm + extra))
    starts = [n for n in range(JUDGED - LASTS + 1) if on[-JUDGED:][n] and not on[-JUDGED:][n - 1]]
    lines = []
    sizes = {"the city": 0, "the largest district": 1, "the smallest district": len(city.names)}
    sizes |= {"the middle district": 1 + len(city.names) // 2}
    for half in ("vinter", "sommer"):
        blocks = [n for n in starts if half_of(THURSDAYS[WEEKS - JUDGED + n]) == half]
        for name, place in sorted(sizes.items(), key=lambda each: each[1]):
            parts = np.concatenate([shown[:, place, n : n + LASTS] for n in blocks])
            any_of = parts.any(axis=1)
            first = parts[any_of].argmax(axis=1) + 1
            when = {"vinter": "winter", "sommer": "summer"}[half]
            means = city.means if place == 0 else city.means[[place - 1]]
            a_week = np.mean([means[:, months[WEEKS - JUDGED + n]].sum() for n in blocks])
            lines.append(
                (
                    f"{100 * rise:.0f} per cent{', as the year before' * again}, {when}, {name}",
                    f"{a_week:.1f}",
                    f"{100 * any_of.mean():.0f}",
                    f"{100 * parts[:, 0].mean():.0f}",
                    f"{first.mean():.1f}" if len(first) else "–",
                )
            )
    return lines


def reckoned() -> float:
    """Return how many false signals the page reckons with in the last whole season."""
    with connect() as con:
        season = Season.of(asking.dataset(con).last_day).previous
        return float(signals_weeks.by_chance(con, Selection(season, None)).mean())


def main() -> None:
    """Run everything and print the tables, with the seconds it took."""
    start = time.perf_counter()
    city = sample()
    with ProcessPoolExecutor() as pool:
        calm = list(pool.map(partial(false, city), range(len(SETTINGS))))
        rises = [
            line for lines in pool.map(partial(seen, city), range(len(RISES))) for line in lines
        ]
    print(f"Spread of weeks: {city.spread.min():.2f} to {city.spread.max():.2f} times Poisson;")
    print(f"years' standard deviation {100 * city.levels:.0f} per cent. The page says to expect")
    print(f"{reckoned():.1f} false signals a year.\n")
    headings = (
        "signals a year, no outbreak",
        "city",
        "districts",
        "both",
        "years without, per cent",
    )
    print(table(headings, calm))
    print()
    headings = (
        f"a rise for {LASTS} weeks",
        "incidents a week before",
        "seen, per cent",
        "in its first week, per cent",
        "after weeks",
    )
    print(table(headings, rises))
    print(f"\n{time.perf_counter() - start:.0f} seconds")


if __name__ == "__main__":
    main()
