"""The figures that the note's sentences are made of: a connection and a selection in."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from analysis import barometer, nowcast
from analysis.barometer import quality
from analysis.comparison import changes, exposure, usual, words
from analysis.core import asking, taxonomy
from analysis.core.asking import Dataset, bound, frame
from analysis.core.headings import BLANK
from analysis.core.known import covered, without_data
from analysis.core.rounding import rounded
from analysis.core.selection import Selection
from analysis.measures import effect, timeline
from analysis.note.words import lacking
from analysis.nowcast.words import stopped
from analysis.show.phrases import named
from analysis.staff.figures import everywhere
from analysis.statistics import Interval

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame, DatetimeIndex, Series


class Period(NamedTuple):
    """A period's figures.

    `half` is None for a whole year; `held` says how much of the period the data hold. `called` and
    `arrived` count helpers, several of them at an incident; `self_service` is None where the
    selection asks for it or against it, or no incident's hours are known, and `timed` are those
    whose hours are; `violent` are incidents of the highest step, `without_police` those of them to
    which the police were not called. The series hold incidents by name, blanks in words and last;
    `months` by first day, those that the data hold, zeros too.
    """

    name: str
    half: str | None
    held: Literal["whole", "part", "none"]
    incidents: int
    score: int
    called: int
    arrived: int
    timed: int
    self_service: int | None
    violent: int
    without_police: int
    types: "Series"
    groups: "Series"
    victims: "Series"
    months: "Series"
    level: Interval


class Standing(NamedTuple):
    """Where a place stands among its like: 1 is most incidents, which `tied` have just as many of.

    `total` are the incidents of all `places`; `first` are those with `most` (none: no incidents).
    """

    incidents: int
    rank: int
    tied: tuple[str, ...]
    places: int
    total: int
    first: tuple[str, ...]
    most: int


class Opening(NamedTuple):
    """A change of when a place was open: `kind` is one of `timeline.OPENING_KINDS`."""

    location: str
    kind: str
    first: date
    last: date | None


class Openings(NamedTuple):
    """The changes of opening hours in a period, by the period's name."""

    period: str
    found: tuple[Opening, ...]


def coverage(data: Dataset, selection: Selection) -> Literal["whole", "part", "none"]:
    """Return how much of a selection's period the data hold."""
    if data.covers(selection):
        return "whole"
    return "part" if data.touches(selection) else "none"


def period(con: "DuckDBPyConnection", selection: Selection) -> Period:
    """Return the figures of a selection."""
    helped = barometer.help_called(con, selection)[["called", "arrived"]].sum()
    violent = quality.violence_without_police(con, selection)[["incidents", "without_police"]].sum()
    data = asking.dataset(con)
    at_hours = {
        is_unstaffed: barometer.incidents(con, replace(selection, self_service=is_unstaffed))
        for is_unstaffed in (True, False)
    }
    timed, incidents = sum(at_hours.values()), barometer.incidents(con, selection)
    return Period(
        selection.name if selection.first_day or selection.last_day else selection.period,
        selection.half,
        coverage(data, selection),
        incidents,
        int(barometer.score_by(con, selection, "district")["relative_score"].sum()),
        int(helped["called"]),
        int(helped["arrived"]),
        timed,
        at_hours[True] if timed and selection.self_service is None else None,
        int(violent["incidents"]),
        int(violent["without_police"]),
        *(
            named(barometer.count_by(con, selection, by)).set_index("name")["incidents"]
            for by in ("category", "demography", "victim")
        ),
        _months(con, selection),
        rounded(usual.level_of(con, selection).interval(incidents)),
    )


def _months(con: "DuckDBPyConnection", selection: Selection) -> "Series":
    counted = barometer.per_month(con, selection).groupby("month")["incidents"].sum()
    held = _held_months(con, selection).union(counted.index[counted > 0])
    return counted.reindex(held, fill_value=0).astype("int64")


def _held_months(con: "DuckDBPyConnection", selection: Selection) -> "DatetimeIndex":
    """Return the first day of each month of which the data hold a day."""
    import pandas as pd

    lacking = without_data(con, selection.months)
    return pd.DatetimeIndex([month for month in selection.months if month not in lacking])


def monthly(con: "DuckDBPyConnection", *periods: Selection) -> "DataFrame":
    """Return `barometer.compare_seasons` of the months that the data hold, periods by their name.

    The seasons are in order of time.
    """
    import pandas as pd

    found = covered(
        con, barometer.compare_seasons(con, periods[0], [one.season for one in periods])
    ).dropna(subset=["incidents"])
    called = {one.season.name: one.period for one in sorted(periods, key=lambda one: one.season)}
    seasons = pd.Categorical(found["season"].map(called), list(called.values()), ordered=True)
    return found.assign(season=seasons.remove_unused_categories()).reset_index(drop=True)


def known(found: "Series") -> "Series":
    """Return those of a period's incidents by name whose name is not blank."""
    return found.drop(BLANK, errors="ignore")


def standings(con: "DuckDBPyConnection", selection: Selection) -> tuple[Standing, Standing | None]:
    """Return where the selection stands among the locations, and among the districts.

    A selection without a location, or a district, stands nowhere among those (rank 0), and is told
    by those within it that have most. A location has no place among districts.
    """
    among = _standing(con, selection, "location")
    return among, None if selection.location else _standing(con, selection, "district")


def _standing(con: "DuckDBPyConnection", selection: Selection, dimension: str) -> Standing:
    known = asking.resolve(con, selection)
    name = str(getattr(known, dimension) or "")
    within = known.district if not name and dimension == "location" else None
    among = replace(known, district=within, location=None)
    return standing_of(frame(con, "note/standing", bound(con, among, dimension)), name)


def standing_of(counted: "DataFrame", name: str) -> Standing:
    """Return where a name stands in `name, incidents`, one that is not there without incidents."""
    counts = counted.set_index("name")["incidents"]
    own = int(counts.get(name, 0))
    most = int(counts.max()) if len(counts) else 0
    return Standing(
        own,
        int((counts > own).sum()) + 1 if name else 0,
        tuple(sorted(set(counts.index[counts == own]) - {name})) if name else (),
        len(counts),
        int(counts.sum()),
        tuple(counts.index[counts == most]) if most else (),
        most,
    )


def verdict(con: "DuckDBPyConnection", compared: Selection, selection: Selection) -> list[str]:
    """Return the verdict on the change in short, then what it rests on, a paragraph each."""
    data = asking.dataset(con)
    if left := lacking({one.period: coverage(data, one) for one in (compared, selection)}):
        neither, what = left
        return [
            f"**Det kan ikke vurderes, om antallet har ændret sig, fordi data {neither} dækker "
            f"{what}.**"
        ]
    counted = changes.incidents(con, compared, selection)
    bases = exposure.bases(con, compared, selection)
    answers = changes.answers(counted, bases, usual.usual(con, compared, selection))
    silent = stopped(con, selection)
    told = words.headline(answers, compared.period, selection.period, stopped=silent)
    others = "" if silent else words.on_other_bases(answers)
    return [*told.data.split("\n\n"), *filter(None, [others])]


def measured(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `timeline.measures` with those that begin in the year after the selection, too."""
    return timeline.measures(con, selection.in_season(selection.season.next))


def running(measured: "DataFrame", selection: Selection) -> "DataFrame":
    """Return the measures that ran on a day of the selection's period.

    One whose first day is not known counts where it had not ended before.
    """
    import pandas as pd

    starts, after = map(pd.Timestamp, selection.interval)
    begun = measured["starts"].isna() | (measured["starts"] < after)
    return measured[begun & ~(measured["ends"] < starts)]


def efforts(measured: "DataFrame", selection: Selection) -> "DataFrame":
    """Return the measures for safety that ran in the selection's period."""
    return running(measured[~is_opening(measured)], selection)


def is_opening(measured: "DataFrame") -> "Series":
    """Return which measures change when a place is open, and are no effort to have less trouble."""
    return measured["kind"].isin(timeline.OPENING_KINDS)


def openings(
    con: "DuckDBPyConnection", selection: Selection, measured: "DataFrame"
) -> list[Openings]:
    """Return the changes of opening hours in each season of the data, the selection's own last.

    The same half of each; the own season stands there even where the data lack it.
    """
    periods = _seasons(con, selection)
    if selection not in periods:
        periods.append(selection)
    return [Openings(one.period, _opened(measured, one)) for one in periods]


def _opened(measured: "DataFrame", selection: Selection) -> tuple[Opening, ...]:
    rows = running(measured[is_opening(measured) & measured["starts"].notna()], selection)
    return tuple(
        Opening(row.location, row.kind, row.starts.date(), day_of(row.ends))
        for row in rows.sort_values(["starts", "location"]).itertuples(index=False)
    )


def day_of(value: object) -> date | None:
    """Return a time as its day, None where it is missing."""
    import pandas as pd

    return None if pd.isna(value) else value.date()


def history(con: "DuckDBPyConnection", selection: Selection) -> "Series":
    """Return the incidents of the same half of each season that the data hold, by its name."""
    import pandas as pd

    counts = {one.period: barometer.incidents(con, one) for one in _seasons(con, selection)}
    return pd.Series(counts, dtype="int64")


def late(con: "DuckDBPyConnection", selection: Selection) -> "Series":
    """Return what is still to come of those of `history` that are not settled."""
    import pandas as pd

    found = {one.period: nowcast.unsettled(con, one) for one in _seasons(con, selection)}
    return pd.Series({name: one.late for name, one in found.items() if one}, dtype=float)


def levels(con: "DuckDBPyConnection", selection: Selection) -> list[Interval]:
    """Return between which numbers the level of each of `history`'s periods may lie."""
    found = usual.level_of(con, selection)
    return [
        rounded((found if one == selection else found.settled).interval(incidents))
        for one, incidents in zip(_seasons(con, selection), history(con, selection), strict=True)
    ]


def _seasons(con: "DuckDBPyConnection", selection: Selection) -> list[Selection]:
    return [selection.in_season(one) for one in usual.seasons(con, selection)]


def social_effort(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `location, since` and a column of incidents for each season, a row a place with it.

    All places of the city where the effort began before the selection ended; `since` is its first
    day, missing where that is not known.
    """
    import pandas as pd

    city = everywhere(selection)
    found = timeline.measures(con, city)
    begun = ~(found["starts"] >= pd.Timestamp(selection.interval[1]))
    found = found[begun & found["kind"].eq(taxonomy.SOCIAL_EFFORT)]
    rows = [
        {
            "location": name,
            "since": starts,
            **{one.name: barometer.incidents(con, one) for one in _seasons(con, own)},
        }
        for name, starts in found.groupby("location")["starts"].min().items()
        for own in [replace(city, location=name)]
    ]
    return pd.DataFrame(rows, columns=None if rows else ["location", "since"])


class SinceEffort(NamedTuple):
    """What became of a place since the effort began.

    The names of the first and the last period, and the incidents of both: all of them, and those of
    Uønsket adfærd. `verdict` is the line of the effort's evidence, as its own page has it.
    """

    location: str
    periods: tuple[str, str]
    incidents: tuple[int, int]
    unwanted: tuple[int, int]
    verdict: str


def since_effort(
    con: "DuckDBPyConnection", selection: Selection, effort: "DataFrame"
) -> list[SinceEffort]:
    """Return the places of `social_effort` where it began two or more periods before the last."""
    found = []
    for row in effort.dropna(subset="since").itertuples():
        own = replace(everywhere(selection), location=row.location)
        during = [one for one in _seasons(con, own) if row.since.date() < one.interval[1]]
        if len(during) < 3:
            continue
        ends = (during[0], during[-1])
        (case,) = (
            one
            for one in effect.cases(timeline.measures(con, own))
            if one.kind == taxonomy.SOCIAL_EFFORT
        )
        found.append(
            SinceEffort(
                row.location,
                tuple(one.period for one in ends),
                tuple(barometer.incidents(con, one) for one in ends),
                tuple(
                    barometer.incidents(con, replace(one, category=taxonomy.UNWANTED))
                    for one in ends
                ),
                effect.effect(con, own, case).evidence.line,
            )
        )
    return found


def visits(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `year, visits, locations, months` of the calendar years that ended with the selection.

    Where none of them is known, the year that the selection ends in is told. `locations` is how
    many have visits that year, `months` the fewest that one is counted for.
    """
    year = (selection.interval[1] - timedelta(days=1)).year
    found = frame(con, "note/visits", bound(con, selection) | {"year": year})
    over = found[found["year"] < year]
    return found if over.empty else over
