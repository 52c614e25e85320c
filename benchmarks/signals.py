"""How often a signal is false, and how large a rise is seen: `python benchmarks/signals.py`.

Cities are drawn with fixed seeds from the database (`make data`): its districts, the mean of their
weeks in each month, and how much these vary; of a district's incidents the locations that are
followed have the sample's shares; and then with what happens to cities. Five years are
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
import pandas as pd
from farrington import one_mean
from simulation import seeded, table

from analysis import statistics
from analysis.core import asking
from analysis.core.database import connect
from analysis.core.season import Season, half_of
from analysis.signals import model
from analysis.signals import weeks as signals_weeks
from analysis.signals.weeks import LEAST_OVER, WEEK

DRAWS = 60
# Cities of a setting that a limit is found for, of so many pasts each.
LIMITS, LIMIT_PASTS = 6, 6
# Weeks drawn in all, and those judged: the last year. The first is the first whole one of a season.
WEEKS, JUDGED = 260, 52
FIRST = date(2021, 10, 4)
MONDAYS = [FIRST + n * WEEK for n in range(WEEKS)]
THURSDAYS = [monday + timedelta(days=3) for monday in MONDAYS]
# Shares that weeks rise by, and whether they did so at the same time the year before.
RISES = ((0.5, False), (1.0, False), (2.0, False), (2.0, True))
# With fewer years before the season no location is followed.
LEAST_YEARS = 3
# As good as Poisson; districts that vary less do so by chance.
LEAST_SPREAD = 1.01
# A rise lasts so many weeks; then come as many without.
LASTS = 4
# Weeks of the last winter, in which a setting has twice as many, or so many more in all.
RISEN = slice(WEEKS - JUDGED + 8, WEEKS - JUDGED + 8 + LASTS)
MORE = (5, 10)
RISES_TOLD = "twice as many (before locations were followed, now), 5 more, 10 more, per cent seen"


class City(NamedTuple):
    """Districts, the largest first: their mean week in each month, and how much weeks vary.

    `means` is districts by months (January first), `spread` a value a district, 1 being Poisson;
    `levels` is how far the years' logarithms lie apart, a standard deviation. `shares` has a row a
    district and a column a location, the largest first: its share of the district's incidents.
    """

    names: list[str]
    means: np.ndarray
    spread: np.ndarray
    levels: float
    shares: np.ndarray

    @property
    def told(self) -> dict[str, list[int]]:
        """The places that are told of, several in the mean, by their numbers among all."""
        districts, locations = self.shares.shape
        return {
            "the city": [0],
            "the largest district": [1],
            "districts": list(range(1, 1 + districts)),
            "the largest location": [1 + districts],
            "locations": list(range(1 + districts, 1 + districts + locations)),
        }

    def means_of(self, places: list[int]) -> np.ndarray:
        """Return the mean week of places in each month, January first."""
        shares = np.vstack([np.ones(len(self.names)), np.eye(len(self.names)), self.shares.T])
        return (shares[places] @ self.means).mean(axis=0)


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
    thursdays = weeks["week"] + timedelta(days=3)
    weeks = weeks.assign(
        month=thursdays.dt.month,
        season=[Season.of(day).name for day in thursdays],
        half=[half_of(day) for day in thursdays],
    )
    city, districts, locations = (
        weeks[weeks["level"] == level] for level in ("city", "district", "location")
    )
    by_month = districts.groupby(["name", "month"])["incidents"].mean().unstack()
    names = list(districts["name"].unique())
    spread = []
    for name in names:
        counts = districts[districts["name"] == name]
        fitted = by_month.loc[name].reindex(counts["month"])
        spread.append(statistics.dispersion(list(counts["incidents"]), list(fitted), 12))
    winters = city[city["half"] == "vinter"]
    levels = np.log(winters.groupby("season")["incidents"].mean()).std()
    # The locations that are followed now.
    last = weeks["season"].max()
    locations, now = (each[each["season"] == last] for each in (locations, districts))
    counts = locations.groupby(["name", "district"], sort=False)["incidents"].sum().unstack()
    of_district = now.groupby("name")["incidents"].sum()
    shares = (counts / of_district).reindex(columns=names, fill_value=0).fillna(0).T.to_numpy()
    return City(
        names,
        by_month.loc[names].to_numpy(),
        np.maximum(spread, LEAST_SPREAD),
        float(levels),
        shares[:, np.argsort(-(shares.T @ of_district[names].to_numpy()))],
    )


def drawn(city: City, setting: Setting, number: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return counts of places, the city first, then districts and locations: draws, places, weeks.

    First without, then with a rise in each for `LASTS` weeks of the last winter: twice as many, and
    so many in all as `MORE` says.
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
    again = np.zeros_like(calm)
    again[..., RISEN] = spread_out(rng, means[..., RISEN], city, setting)
    calm, again = (whole(rng, each, city) for each in (calm, again))
    struck = [calm + again]
    for number in MORE:
        struck.append(calm.copy())
        struck[-1][..., RISEN] += rng.multinomial(number, np.full(LASTS, 1 / LASTS), calm.shape[:2])
    return calm, struck


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


def whole(rng: np.random.Generator, districts: np.ndarray, city: City) -> np.ndarray:
    """Return the counts of districts with their sum before them, and those of locations after."""
    locations = np.zeros((len(districts), city.shares.shape[1], WEEKS), dtype=int)
    for n, shares in enumerate(city.shares):
        rest = max(1 - shares.sum(), 0)
        parts = rng.multinomial(districts[:, n], [*shares, rest])
        locations += parts[..., :-1].swapaxes(1, 2)
    return np.concatenate([districts.sum(axis=1, keepdims=True), districts, locations], axis=1)


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


def weeks_of(
    own: np.ndarray, years: int = model.YEARS, judged: slice = slice(WEEKS - JUDGED, WEEKS)
) -> signals_weeks.Weeks:
    """Return judged weeks of places, with the week before them, and what they are held against.

    `own` is places by weeks.
    """
    judged = slice(judged.start - 1, judged.stop)
    of_year = slice(judged.start - WEEKS + JUDGED + 1, judged.stop - WEEKS + JUDGED + 1)
    places, alike = (each[of_year] for each in around())
    first = max(WEEKS - JUDGED - years * 52 - model.BLOCK // 2, 0)
    recent = np.lib.stride_tricks.sliding_window_view(own, LEAST_OVER, axis=1)
    recent = recent[:, judged.start - LEAST_OVER + 1 : judged.stop - LEAST_OVER + 1]
    names = [str(n) for n in range(len(own))]
    return signals_weeks.Weeks(
        pd.DataFrame({"level": "", "name": names, "district": ""}),
        MONDAYS[judged],
        recent,
        np.where(places >= first, own[:, places.clip(0)], np.nan),
        alike,
        np.ones((len(own), len(alike)), dtype=bool),
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
        chances, part = signals_weeks.drawn_chances(each, LIMIT_PASTS)
        limits.append(signals_weeks.limit_of(chances, signals_weeks.BUDGET / part)[0])
    return float(np.mean(limits))


def judged(cities: list[signals_weeks.Weeks], limit: float) -> np.ndarray:
    """Return which of the judged weeks are signals: draws, places, weeks."""
    shown = [
        signals_weeks.judged(each, limit)["signal"].to_numpy().reshape(len(each.places), -1)[:, 1:]
        for each in cities
    ]
    return np.array(shown)


def false(city: City, number: int) -> tuple[str, ...]:
    """Return a line: signals a year where only chance gives them, and how often a rise is seen."""
    setting = SETTINGS[number]
    calm, struck = drawn(city, setting, number)
    larger = 1 + len(city.names)
    if setting.years < LEAST_YEARS:
        calm, *struck = (each[:, :larger] for each in (calm, *struck))
    cities = [weeks_of(own, setting.years) for own in calm]
    limit = limit_of(cities[:LIMITS])
    alone = limit_of([weeks_of(own[:larger], setting.years) for own in calm[:LIMITS]])
    a_year = judged(cities, limit).sum(axis=2)
    levels = (a_year[:, :1], a_year[:, 1:larger], a_year[:, larger:], a_year)
    risen = [[weeks_of(own, setting.years, RISEN) for own in each] for each in struck]
    before, *found = (
        100 * judged(each, at).any(axis=2).mean(axis=0)
        for each, at in ((risen[0], alone), *((each, limit) for each in risen))
    )
    return (
        setting.name,
        f"{false_before([weeks_of(own[:larger], setting.years) for own in calm]):.1f}",
        f"{100 * alone:.2g}, {100 * limit:.2g}",
        *(f"{each.sum(axis=1).mean():.1f}" for each in levels),
        f"{100 * np.mean(a_year.sum(axis=1) == 0):.0f}",
        *(
            ", ".join(
                f"{each[places].mean():.0f}"
                for each in ((before, *found) if places[0] < larger else found)
            )
            if places[-1] < calm.shape[1]
            else "–"
            for places in city.told.values()
        ),
    )


def seen(city: City, number: int) -> list[tuple[str, ...]]:
    """Return lines: how often a rise is seen at all and in its first week, and after how many."""
    rng = seeded(21, number)
    calm = drawn(city, SETTINGS[0], len(SETTINGS) + number)[0]
    weeks = np.arange(WEEKS)
    rise, again = RISES[number]
    since = WEEKS - JUDGED * (2 if again else 1)
    on = ((weeks - since) % JUDGED // LASTS % 2 == 1) & (weeks >= since)
    months = np.array([day.month for day in THURSDAYS]) - 1
    extra = np.zeros((DRAWS, len(city.names), WEEKS), dtype=int)
    more = np.broadcast_to(city.means[:, months] * rise, extra.shape)
    extra[..., on] = spread_out(rng, more[..., on], city, SETTINGS[0])
    cities = [weeks_of(own) for own in calm + whole(rng, extra, city)]
    shown = judged(cities, limit_of([weeks_of(own) for own in calm[:LIMITS]]))
    starts = [n for n in range(JUDGED - LASTS + 1) if on[-JUDGED:][n] and not on[-JUDGED:][n - 1]]
    lines = []
    for half in ("vinter", "sommer"):
        blocks = [n for n in starts if half_of(THURSDAYS[WEEKS - JUDGED + n]) == half]
        for name, places in city.told.items():
            parts = [shown[:, places, n : n + LASTS].reshape(-1, LASTS) for n in blocks]
            parts = np.concatenate(parts)
            any_of = parts.any(axis=1)
            first = parts[any_of].argmax(axis=1) + 1
            when = {"vinter": "winter", "sommer": "summer"}[half]
            means = city.means_of(places)
            a_week = np.mean([means[months[WEEKS - JUDGED + n]] for n in blocks])
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
        "limit, per cent: without locations, with",
        "city",
        "districts",
        "locations",
        "all",
        "years without, per cent",
        *(f"{name}: {RISES_TOLD}" for name in city.told),
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
