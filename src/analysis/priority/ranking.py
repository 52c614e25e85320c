"""Which locations are most urgent in the coming month, and the patrol rounds each one gets.

For the monthly meeting of the safety network: every location by its expected severity-weighted
incidents in self-service hours, from data alone and with what the representatives entered.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from numbers import Integral
from typing import TYPE_CHECKING, NamedTuple

from analysis import nowcast
from analysis.core import danish
from analysis.core.rounding import rounded
from analysis.core.selection import SelectionError, shown
from analysis.priority import experience as experiences
from analysis.priority import need, reasons, rounds
from analysis.priority.need import DRAWS, Estimate, History
from analysis.priority.reasons import ALIKE, NO_HOURS, OWN, UNKNOWN_HOURS, Move
from analysis.severity import scores

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy import datetime64, ndarray
    from pandas import DataFrame, Series

COLUMNS = [
    "location",
    "district",
    "expected",
    "low",
    "high",
    "chance_top",
    "rank_before",
    "reason",
    "rounds",
]
# Of the scores that a month may give, so many per cent lie within the interval.
_TAIL = 0.05
# No city has so many locations; a higher number is a slip.
_MOST_TOP = 1_000


class Settings(NamedTuple):
    """What the meeting decides: rounds to share out, bounds of a location, how many are the top."""

    rounds: int = 100
    least: int = 0
    most: int | None = None
    top: int = 10

    def check(self, places: int) -> None:
        """Raise SelectionError, in Danish, where they cannot be kept for so many places."""
        if not isinstance(self.top, Integral) or isinstance(self.top, bool) or self.top < 1:
            raise SelectionError(f"top skal være et helt tal på mindst 1, ikke {shown(self.top)}.")
        if self.top > _MOST_TOP:
            raise SelectionError(
                f"top må højst være {danish.number(_MOST_TOP)}, ikke {shown(self.top)}."
            )
        rounds.check(places, self.rounds, self.least, self.most)


def rank(
    con: "DuckDBPyConnection",
    month: "date | str | datetime64",
    experience: "DataFrame | None" = None,
    rounds: int = 100,
    least: int = 0,
    most: int | None = None,
    top: int = 10,
    *,
    weights: Sequence[float] | None = None,
) -> "DataFrame":
    """Return every location, most urgent first, for the month that begins on the day `month`.

    The day is a date, a time at midnight or the text "2026-04-01".

    `location, district`; `expected`, the severity-weighted incidents to be expected in self-service
    hours; `low, high`, between which 90 per cent of such months lie; `chance_top`, how likely the
    location is among the `top` by its rate times its severity (not by the month's luck, which no
    patrol can foresee); `rank_before`, its place on the list of the month before, missing where
    there was none; `reason`, why it stands there and what moved it, in Danish; `rounds`, its patrol
    rounds, see the module of that name. Locations without data or without self-service hours are
    there too.

    Only incidents that happened and were reported before `month` count; opening hours and closures
    are those in the register, planned ones too, also where they were entered later. `experience`
    (see `experience.checked`) counts in the months that it is entered for. `weights` are one for
    each type, in the types' order, else the inferred.
    Equally urgent locations stand in the order of their names. Raises SelectionError, in Danish,
    for a day that is not a month's first, has no data before it or lies more than
    `need.MOST_AHEAD` months after them, for experience that cannot be used, and for rounds that
    cannot be shared out.
    """
    first = first_day(month)
    entries = None if experience is None else experiences.checked(con, experience)
    found = ranked(
        need.history(con, first),
        first,
        entries,
        Settings(rounds, least, most, top),
        weights=weights_used(weights),
    )
    return found[COLUMNS]


def first_day(month: "date | str | datetime64") -> date:
    """Return the month's first day as a date, from a date, a time at midnight or "2026-04-01".

    Raises SelectionError for another day or time, and for anything else.
    """
    import numpy as np
    import pandas as pd

    given = pd.Timestamp(month) if isinstance(month, np.datetime64) else month
    # A missing time is an instance of datetime too.
    if isinstance(given, datetime) and given is not pd.NaT and given.time() == time():
        given = given.date()
    if isinstance(given, str):
        given = danish.read_day(given)
    if not isinstance(given, date) or isinstance(given, datetime) or given.day != 1:
        raise SelectionError(
            f"month skal være en måneds første dag, som 2026-04-01, ikke {shown(month)}."
        )
    return date(given.year, given.month, 1)


def weights_used(weights: Sequence[float] | None) -> tuple[float, ...]:
    """Return the weights to count with, one for each type; see `scores.weights_of`."""
    return tuple(map(float, scores.weights_of(weights)))


def ranked(
    found: History,
    month: date,
    entries: "DataFrame | None" = None,
    settings: Settings | None = None,
    *,
    weights: Sequence[float] = need.WEIGHTS,
) -> "DataFrame":
    """Return `rank` with all that the meeting asks of each location; `entries` are checked ones.

    Besides the columns of `rank`: `facility`; `rank`, 1 the most urgent; `rank_alone`,
    `expected_alone` and `rounds_alone`, by data alone; `factor` and `entries`, what experience
    multiplied the rate with and how many entries that was; `hours`, the coming month's self-service
    hours, missing where unknown; `incidents`, the known ones in self-service hours so far;
    `source`, where the figure comes from, one of `reasons`.
    """
    settings = settings or Settings()
    now = need.estimate(found, month)
    settings.check(len(now.places))
    multiplied = _multiplied(entries, now)
    alone = rounded(now.expected(weights))
    expected = rounded(now.expected(weights) * multiplied)
    low, high, chance = rounded(_spread(now, weights, multiplied, settings.top))
    rows = now.places.assign(
        expected=expected,
        low=low,
        high=high,
        chance_top=chance,
        factor=multiplied,
        entries=_entered(entries, now),
        expected_alone=alone,
        hours=now.hours,
        incidents=now.counts.astype("int64"),
        source=_sources(now),
        rank=places_of(expected, now.places["location"]),
        rank_alone=places_of(alone, now.places["location"]),
    )
    rows = _with_before(rows, found, now, entries, weights)
    rows = rows.sort_values("rank", ignore_index=True)
    share = (settings.rounds, settings.least, settings.most)
    rows["rounds"] = rounds.share_out(rows["expected"].tolist(), *share)
    by_data = rows.sort_values("rank_alone")
    by_data = by_data.assign(
        rounds_alone=rounds.share_out(by_data["expected_alone"].tolist(), *share)
    )
    return rows.join(by_data["rounds_alone"])


def places_of(expected: "ndarray", names: "Series") -> "ndarray":
    """Return each one's place, 1 the highest; of those equal when rounded, the first by name."""
    import numpy as np

    order = np.lexsort((names.to_numpy(), -rounded(expected)))
    places = np.empty(len(order), "int64")
    places[order] = np.arange(1, len(order) + 1)
    return places


def _spread(
    now: Estimate, weights: Sequence[float], factors: "ndarray", top: int
) -> tuple["ndarray", "ndarray", "ndarray"]:
    """Return the interval of each location's score, and its chance of being among the top."""
    import numpy as np

    drawn = need.draws(now, weights, factors, DRAWS)
    # Scores that a month can have: none between them.
    low, high = np.quantile(drawn.score, [_TAIL, 1 - _TAIL], axis=0, method="inverted_cdf")
    highest = np.sort(drawn.risk, axis=1)[:, -min(top, drawn.risk.shape[1])]
    among = (drawn.risk >= highest[:, None]) & (drawn.risk > 0)
    return low, high, among.mean(axis=0)


def _multiplied(entries: "DataFrame | None", now: Estimate) -> "ndarray":
    import numpy as np

    if entries is None:
        return np.ones(len(now.places))
    chosen = experiences.of_month(entries, now.month)
    return experiences.multiplied(chosen, now.places).to_numpy()


def _entered(entries: "DataFrame | None", now: Estimate) -> "ndarray":
    """Return how many entries there are for each location in the month."""
    import numpy as np

    if entries is None:
        return np.zeros(len(now.places), "int64")
    counted = experiences.entry_counts(experiences.of_month(entries, now.month), now.places)
    return counted.to_numpy()


def _sources(now: Estimate) -> list[str]:
    import numpy as np

    return [
        UNKNOWN_HOURS if np.isnan(hours) else NO_HOURS if not hours else OWN if count else ALIKE
        for hours, count in zip(now.hours, now.counts, strict=True)
    ]


def _with_before(
    rows: "DataFrame",
    found: History,
    now: Estimate,
    entries: "DataFrame | None",
    weights: Sequence[float],
) -> "DataFrame":
    """Return the rows with `rank_before` and `reason`."""
    import numpy as np
    import pandas as pd

    month = need.shifted(now.month, -1)
    silent = _silent(found, now.month)
    weight = now.severity(weights)
    standing = [
        {"expected": float(count), "graver": float(graver)}
        for count, graver in zip(
            rounded(now.incidents), rounded(np.log(weight / np.median(weight))), strict=True
        )
    ]
    if not need.is_covered(found, month):
        moves = [
            Move(
                now.month,
                row.rank,
                row.rank_alone,
                None,
                None,
                row.source,
                entries=row.entries > 0,
                silent_since=silent.get(row.location),
                **standing[n],
            )
            for n, row in enumerate(rows.itertuples())
        ]
        before = pd.Series(pd.NA, index=rows.index, dtype="Int64")
        return rows.assign(rank_before=before, reason=list(map(reasons.reason, moves)))
    then = need.estimate(found, month)
    alone, multiplied = then.expected(weights), _multiplied(entries, then)
    names = then.places["location"]
    earlier = pd.DataFrame(
        {
            "rank": places_of(alone * multiplied, names),
            "alone": places_of(alone, names),
            "awaited": then.incidents,
            "rate": then.rates.mean,
            "severity": then.severity(weights),
            "hours": then.used_hours,
        },
        index=names,
    ).reindex(now.places["location"])
    earlier["awaited"] = rounded(earlier["awaited"] * now.share_known)
    changes = pd.DataFrame(
        {
            "rate": now.rates.mean / earlier["rate"],
            "severity": weight / earlier["severity"],
            "opening": now.used_hours / earlier["hours"],
        }
    )
    # A place that is closed in either month tells nothing of the others.
    changes = np.log(changes[(now.used_hours > 0) & (earlier["hours"] > 0)].reindex(changes.index))
    changes = rounded((changes - changes.median()).fillna(0.0))
    moves = [
        Move(
            now.month,
            row.rank,
            row.rank_alone,
            _known(before.rank, int),
            _known(before.alone, int),
            row.source,
            None if now.latest is None else int(now.latest[n]),
            _known(before.awaited, float),
            *changes.iloc[n],
            hours=float(now.used_hours[n]),
            hours_before=_known(before.hours, float) or 0.0,
            entries=row.entries > 0,
            until=now.until,
            silent_since=silent.get(row.location),
            **standing[n],
        )
        for n, (row, before) in enumerate(zip(rows.itertuples(), earlier.itertuples(), strict=True))
    ]
    return rows.assign(
        rank_before=pd.array(earlier["rank"], dtype="Int64"),
        reason=list(map(reasons.reason, moves)),
    )


def _silent(found: History, month: date) -> dict[str, date]:
    """Return the day of the last incident of the places that may have stopped before a month."""
    if not found.con:
        return {}
    rows = nowcast.silent(found.con, month - timedelta(days=1))
    return dict(zip(rows["location"], rows["last"].dt.date, strict=True))


def _known(value: float, kind: Callable) -> int | float | None:
    """Return a value as another kind of number, or None where it is missing."""
    import pandas as pd

    return None if pd.isna(value) else kind(value)
