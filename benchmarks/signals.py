"""How often a signal is false, and how large a rise is seen: `python benchmarks/signals.py`.

Cities are drawn with fixed seeds from the database (`make data`): its districts, the mean of their
weeks in each month, and how much these vary; and then with what happens to cities. Five years are
drawn, and the weeks of the last are held against the four before, as `analysis.signals.weeks` does,
with the limit that it finds for such a city. A week is judged when all its reports are in.
Before is the method without a trend, at 0.5 per cent a week. `benchmarks/farrington.py` holds ours
against R's.
"""

import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import cache, partial
from typing import NamedTuple

import numpy as np
from farrington import one_mean
from simulation import seeded, table

from analysis import statistics
from analysis.core import asking
from analysis.core.database import connect
from analysis.core.season import Season, half_of
from analysis.signals import model
from analysis.signals import weeks as signals_weeks
from analysis.signals.weeks import LEAST_OVER, WEEK

DRAWS = 100
# Cities of a setting that a limit is found for, of so many draws each.
LIMITS, LIMIT_DRAWS = 8, 25
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
# Weeks of the last winter, in which a setting has twice as many.
DOUBLED = slice(WEEKS - JUDGED + 8, WEEKS - JUDGED + 8 + LASTS)


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
    """What a simulated city is like beside the sample: nothing of it is an outbreak.

    `shape` is a negative binomial's k, the others are logarithms: `levels` of years, `growth` of a
    year, `wander` of a half-year's step, `echo` of weeks that follow one another by 0.7. `event` is
    what happens to each district at a time of its own.
    """

    name: str
    spread: float | None = None
    shape: float | None = None
    levels: bool = False
    growth: float = 0.0
    wander: float = 0.0
    echo: float = 0.0
    event: str = ""
    years: int = model.YEARS


SETTINGS = (
    Setting("as the sample"),
    Setting("weeks vary 1.5 times as Poisson", spread=1.5),
    Setting("weeks vary 2 times as Poisson", spread=2.0),
    Setting("overdispersed, k = 10", shape=10),
    Setting("overdispersed, k = 3", shape=3),
    Setting("AR(1), 0.7 a week, 20 per cent", echo=0.2),
    Setting("years differ as the sample's winters", levels=True),
    Setting("the level wanders, 10 per cent a half-year", wander=0.1),
    Setting("the city grows by 5 per cent a year", growth=np.log(1.05)),
    Setting("the city grows by 7 per cent a year", growth=np.log(1.07)),
    Setting("the city grows by 10 per cent a year", growth=np.log(1.10)),
    Setting("the city falls by 7 per cent a year", growth=np.log(0.93)),
    Setting("each district has half as many more since a break", event="break"),
    Setting("each district was closed for 13 weeks", event="closure"),
    Setting("each district has a new place, a third more", event="place"),
    Setting("each district had an outbreak, 3 times in 4 weeks", event="outbreak"),
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


def drawn(city: City, setting: Setting, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Return counts of the city and its districts: draws, places (the city first), weeks.

    First without, then with twice as many in all districts for `LASTS` weeks of the last winter.
    """
    rng = seeded(20, number)
    months = np.array([day.month for day in THURSDAYS]) - 1
    seasons = np.array([Season.of(day).start_year for day in THURSDAYS])
    level = setting.growth * np.arange(WEEKS) / 52
    shape = (DRAWS, len(city.names), WEEKS)
    if setting.levels:
        each = rng.normal(0, city.levels, (DRAWS, 1, 6))
        level = level + each[:, :, seasons - seasons[0]]
    if setting.wander:
        steps = rng.normal(0, setting.wander, (DRAWS, 1, WEEKS // 26)).cumsum(axis=2)
        level = level + steps[:, :, np.arange(WEEKS) // 26]
    if setting.echo:
        level = level + echoed(rng.normal(0, setting.echo, shape))
    if setting.event:
        level = level + happened(rng, setting.event, shape)
    means = np.broadcast_to(city.means[:, months] * np.exp(level), shape)
    calm = spread_out(rng, means, city, setting)
    struck = calm.copy()
    struck[..., DOUBLED] += spread_out(rng, means[..., DOUBLED], city, setting)
    return with_city(calm), with_city(struck)


def echoed(noise: np.ndarray, share: float = 0.7) -> np.ndarray:
    """Return weeks of which each is a share of the one before, varying as the noise does."""
    made = noise.copy()
    for n in range(1, noise.shape[-1]):
        made[..., n] = share * made[..., n - 1] + np.sqrt(1 - share**2) * noise[..., n]
    return made


def happened(rng: np.random.Generator, event: str, shape: tuple[int, int, int]) -> np.ndarray:
    """Return the logarithms of what an event before the judged year makes of the weeks."""
    begins = rng.integers(26, WEEKS - JUDGED - 13, (*shape[:2], 1))
    since = np.arange(WEEKS) - begins
    factor, lasts = {
        "break": (1.5, WEEKS),
        "closure": (1e-9, 13),
        "place": (4 / 3, WEEKS),
        "outbreak": (3.0, LASTS),
    }[event]
    return np.where((since >= 0) & (since < lasts), np.log(factor), 0.0)


def spread_out(
    rng: np.random.Generator, means: np.ndarray, city: City, setting: Setting
) -> np.ndarray:
    """Return negative binomial counts of districts, with the setting's spread or the city's."""
    if setting.shape:
        return rng.poisson(means * rng.gamma(setting.shape, 1 / setting.shape, means.shape))
    if setting.echo:
        return rng.poisson(means)
    spread = city.spread[:, None] if setting.spread is None else setting.spread
    return rng.negative_binomial(means / (spread - 1), 1 / spread)


def with_city(districts: np.ndarray) -> np.ndarray:
    """Return the counts of districts with their sum before them."""
    return np.concatenate([districts.sum(axis=1, keepdims=True), districts], axis=1)


@cache
def around() -> tuple[np.ndarray, np.ndarray]:
    """Return which of the weeks those of the last year, and one, are held against; of which half.

    A week before the first is less than 0.
    """
    halves = np.vectorize(lambda monday: half_of(monday + timedelta(days=3)))
    mondays = MONDAYS[-JUDGED - 1 :]
    held = np.array([signals_weeks.held_against(monday) for monday in mondays])
    places = np.vectorize(lambda monday: (monday - FIRST) // WEEK)(held)
    return places, halves(held) == halves(np.array(mondays))[:, None, None]


def weeks_of(own: np.ndarray, years: int = model.YEARS) -> signals_weeks.Weeks:
    """Return the last year of places' weeks, with the week before it, and what it is held against.

    `own` is places by weeks.
    """
    places, alike = around()
    first = max(WEEKS - JUDGED - years * 52 - model.BLOCK // 2, 0)
    recent = np.lib.stride_tricks.sliding_window_view(own, LEAST_OVER, axis=1)
    return signals_weeks.Weeks(
        [str(n) for n in range(len(own))],
        MONDAYS[-JUDGED - 1 :],
        recent[:, -JUDGED - 1 :],
        np.where(places >= first, own[:, places.clip(0)], np.nan),
        alike,
    )


def false_before(cities: list[signals_weeks.Weeks]) -> float:
    """Return the signals a year of the method before, a city in the mean."""
    base = (model.SPAN - model.BLOCK) // 2
    found = []
    for each in cities:
        counts = np.where(each.alike, each.held, np.nan)[..., base : base + model.BLOCK]
        bound = one_mean(counts.reshape(-1, model.YEARS * model.BLOCK))
        enough = each.recent.sum(axis=-1) >= signals_weeks.LEAST_INCIDENTS
        shown = (each.recent[..., -1] > bound.reshape(enough.shape)) & enough
        found.append(shown[:, 1:].sum())
    return float(np.mean(found))


def limit_of(cities: list[signals_weeks.Weeks]) -> float:
    """Return the limit that cities of a kind have in the mean."""
    limits = []
    for each in cities:
        chances, part = signals_weeks.drawn_chances(each, LIMIT_DRAWS)
        limits.append(signals_weeks.limit_of(chances, signals_weeks.BUDGET / part)[0])
    return float(np.mean(limits))


def judged(cities: list[signals_weeks.Weeks], limit: float) -> np.ndarray:
    """Return which weeks of the last year are signals: draws, places, weeks."""
    shown = [
        signals_weeks.judged(each, limit)["signal"].to_numpy().reshape(len(each.names), -1)[:, 1:]
        for each in cities
    ]
    return np.array(shown)


def false(city: City, number: int) -> tuple[str, ...]:
    """Return a line: signals a year where only chance gives them, and how often a rise is seen."""
    setting = SETTINGS[number]
    calm, struck = (
        [weeks_of(own, setting.years) for own in each] for each in drawn(city, setting, number)
    )
    limit = limit_of(calm[:LIMITS])
    a_year = judged(calm, limit).sum(axis=2)
    both = a_year.sum(axis=1)
    figures = (a_year[:, 0].mean(), a_year[:, 1:].sum(axis=1).mean(), both.mean())
    doubled = slice(DOUBLED.start - WEEKS + JUDGED, DOUBLED.stop - WEEKS + JUDGED)
    found = judged(struck, limit)[..., doubled].any(axis=2).mean(axis=0)
    return (
        setting.name,
        f"{false_before(calm):.1f}",
        f"{100 * limit:.2g}",
        *(f"{each:.1f}" for each in figures),
        f"{100 * np.mean(both == 0):.0f}",
        *(f"{100 * found[place]:.0f}" for place in (0, 1, 1 + len(city.names) // 2)),
    )


def seen(city: City, number: int) -> list[tuple[str, ...]]:
    """Return lines: how often a rise is seen at all and in its first week, and after how many."""
    rng = seeded(21, number)
    calm = drawn(city, SETTINGS[0], len(SETTINGS) + number)[0][:, 1:]
    weeks = np.arange(WEEKS)
    rise, again = RISES[number]
    since = WEEKS - JUDGED * (2 if again else 1)
    on = ((weeks - since) % JUDGED // LASTS % 2 == 1) & (weeks >= since)
    months = np.array([day.month for day in THURSDAYS]) - 1
    more = np.broadcast_to(city.means[:, months] * rise * on, calm.shape)
    extra = np.zeros(calm.shape, dtype=int)
    extra[..., on] = spread_out(rng, more[..., on], city, SETTINGS[0])
    cities = [weeks_of(own) for own in with_city(calm + extra)]
    shown = judged(cities, limit_of([weeks_of(own) for own in with_city(calm[:LIMITS])]))
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
    print(f"years' standard deviation {100 * city.levels:.0f} per cent.\n")
    headings = (
        "signals a year, no outbreak",
        "before",
        "limit, per cent",
        "city",
        "districts",
        "both",
        "years without, per cent",
        *(f"a winter doubling seen, per cent: {each}" for each in ("city", "largest", "middle")),
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
