"""Whether incidents changed where a measure was taken, against places where none was.

A period is a half-year of the selection's kind (or a season), and counts only where the data cover
it. It lies before a measure, after its start (the measure ran on every day of it), or is neither.
Comparable places have the same kind of facility, lie in another district and had no effort of their
own in any of the periods; neighbours are the other places of the district without one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from math import ceil, exp, inf, isnan, nan, sqrt
from typing import TYPE_CHECKING, NamedTuple

from analysis import statistics
from analysis.comparison.usual import ONLY_CHANCE, Usual, half_years, of_one_place, seasons
from analysis.core import taxonomy
from analysis.core.kept import kept
from analysis.core.rounding import rounded
from analysis.core.season import Season
from analysis.core.selection import Selection, unknown
from analysis.measures.evidence import LEAST_CONTROLS, WORST, Design, Evidence, graded
from analysis.measures.timeline import OPENING_KINDS, at_location, measures
from analysis.statistics import Apart, RateRatio

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy import ndarray
    from pandas import DataFrame, Series

    from analysis.barometer.published import Figure

BEFORE, PARTLY, AFTER = "før", "hverken før eller efter", "efter"


class Case(NamedTuple):
    """An effort at a place: its kind, and the first and last day (None: open) of each period."""

    location: str
    kind: str
    periods: tuple[tuple[date, date | None], ...]

    @property
    def starts(self) -> date:
        """The first day."""
        return min(first for first, _ in self.periods)

    @property
    def name(self) -> str:
        """The effort and its place: "Socialfaglig indsats, Nørrebro Bibliotek"."""
        return f"{self.kind}, {self.location}"

    def role(self, first: date, after: date) -> str:
        """Return where the days from `first` to the one before `after` lie to the effort."""
        if after <= self.starts:
            return BEFORE
        day = first
        # Of two that begin on a day, one may not have ended.
        for starts, ends in sorted(self.periods, key=lambda period: period[0]):
            if starts <= day:
                day = max(day, (ends or date.max - timedelta(days=1)) + timedelta(days=1))
        return AFTER if day >= after else PARTLY


class Effect(NamedTuple):
    """A case with its counts (see `laid_out`), its figures and the verdict.

    `selection` is the case's own. `alone` is the place's own change, against what is usual of a
    place; `compared`, `neighbours` and `together` are those of the place, the neighbours and both
    against comparable places (None: too few, or no incidents). `peers` is from `peers`, None where
    either side has no period.
    """

    case: Case
    selection: Selection
    counts: "DataFrame"
    alone: RateRatio | None
    compared: RateRatio | None
    neighbours: RateRatio | None
    together: RateRatio | None
    peers: "DataFrame | None"
    design: Design
    evidence: Evidence


def treatment_effect(counts: "DataFrame", level: float = 0.95) -> RateRatio:
    """Return the ratio of the incidents after a measure to those there would have been without.

    `counts` holds `location, season, incidents`, `treated` and `after` (true or false), and perhaps
    `exposure`. The treated places' change is held against what the others' changes have in common,
    and against how far places go their own ways beside that from any season to another, in runs of
    incidents and in levels (see `_own_ways`): the interval is that of the change of a place like
    them without a measure (Higgins, Thompson and Spiegelhalter 2009; that the others' own changes
    are what could have been is the thought of Conley and Taber 2011), by Student's distribution
    with two degrees of freedom fewer than there are others. Unknown (nan) where fewer than
    LEAST_CONTROLS others, or none of the treated, had incidents and were open before and after.
    Raises ValueError for counts that lack a column, or where a count is not a number of 0 or more.
    """
    columns = ("location", "season", "incidents", "treated", "after")
    if lacking := [each for each in columns if each not in counts]:
        raise ValueError(f"counts lack {', '.join(lacking)}")
    if not (counts["incidents"] >= 0).all():
        raise ValueError("incidents must be numbers of 0 or more")
    found = _placed(counts)
    if found is None:
        return RateRatio(nan, 0.0, inf, 1.0)
    freedom = len(found.distances) - 2
    _, low, high, p_value = statistics.normal_difference(found.effect, found.error, level, freedom)
    # Of a place without incidents before, or after, only a bound is known.
    ratio = exp(found.effect) if found.after and found.before else inf if found.after else 0.0
    low, high = exp(low) if found.after else 0.0, exp(high) if found.before else inf
    return RateRatio(ratio, low, high, p_value)


class _Placed(NamedTuple):
    """The treated places' change less what the others' have in common, as a logarithm.

    With its error. `before` and `after` are their incidents; `distances` says how many errors of
    its own each of the others' changes lies from what they have in common.
    """

    effect: float
    error: float
    before: int
    after: int
    distances: "ndarray"


# What is believed of the variance of levels before any change is known: levels three tenths apart,
# held for as sure as four changes would make it. Few places, most of them small, say little of a
# large one.
_BELIEVED, _AS_SURE = 0.3**2, 4


def _placed(counts: "DataFrame") -> _Placed | None:
    """Return where the change of the treated places lies among the others'; None where unknown."""
    import numpy as np

    if counts["after"].nunique() < 2:
        return None
    seasons = counts.assign(
        exposure=counts.get("exposure", 1.0),
        after=counts["after"].astype(bool),
        treated=counts["treated"].astype(bool),
    ).pivot_table(
        ["incidents", "exposure"],
        ["treated", "location"],
        ["after", "season"],
        "sum",
        fill_value=0,
    )
    inside = seasons.index.get_level_values("treated").to_numpy(bool)
    later = seasons["incidents"].columns.get_level_values("after").to_numpy(bool)
    many, hours = (seasons[name].to_numpy(float) for name in ("incidents", "exposure"))
    told = many.any(axis=1) & hours[:, later].any(axis=1) & hours[:, ~later].any(axis=1)
    many, hours, inside = many[told], hours[told], inside[told]
    before, after = many[:, ~later].sum(axis=1), many[:, later].sum(axis=1)
    times = hours[:, later].sum(axis=1) / hours[:, ~later].sum(axis=1)
    others = before[~inside], after[~inside], times[~inside]
    if not inside.any() or len(others[0]) < LEAST_CONTROLS or not all(map(np.sum, others)):
        return None
    common, own, chance = statistics.own_changes(*others)
    runs, variance = _own_ways(many, hours, inside, later)
    errors = runs * chance + variance
    mean, mean_variance = np.average(own, weights=1 / errors), 1 / (1 / errors).sum()
    mine = (before + after)[inside] / (before + after)[inside].sum()
    # What the treated places would have after, times what they had before.
    usual = common * (times[inside] @ mine)
    ends = old, new = before[inside].sum(), after[inside].sum()
    if not all(ends):
        old, new = old + 1 / (1 + usual), new + usual / (1 + usual)
    # Places that go their own ways do so less together.
    spread = runs * (1 / old + 1 / new) + variance * (mine @ mine) + mean_variance
    return _Placed(
        float(np.log(new / old / usual) - mean),
        sqrt(spread),
        *map(int, ends),
        (own - mean) / np.sqrt(errors),
    )


def _own_ways(incidents: "ndarray", hours: "ndarray", inside: "ndarray", later: "ndarray") -> Apart:
    """Return how far places go their own ways from a season to another, by all pairs of seasons.

    `incidents, hours` have a row a place, of which the treated are `inside`, and a column a season,
    of which those after are `later`. Of the treated only pairs within before, or after, count: what
    they do without the measure, or with it, says how places of their size vary.
    """
    import numpy as np

    changes = []
    for one, other in combinations(range(len(later)), 2):
        ends, open_hours = incidents[:, [one, other]], hours[:, [one, other]]
        told = ends.any(axis=1) & open_hours.all(axis=1)
        told &= ~inside | (later[one] == later[other])
        if ends[told].any(axis=0).all():
            times = open_hours[told, 1] / open_hours[told, 0]
            changes.append(statistics.own_changes(*ends[told].T, times)[1:])
    runs, variance = statistics.apart(*np.hstack(changes)) if changes else (1.0, 0.0)
    # The pairs of a place tell no more than its steps from season to season.
    sure = np.sum(~inside) * (len(later) - 1) if changes else 0
    return Apart(runs, float((sure * variance + _AS_SURE * _BELIEVED) / (sure + _AS_SURE)))


def as_large(counts: "DataFrame") -> int:
    """Return how many of the others changed as much as the treated the same way, by their errors.

    Out of so many it is a test by itself, which asks only that none of them was chosen for its
    change (randomization inference).
    """
    found = _placed(counts)
    if found is None:
        return 0
    away = found.effect / found.error
    return int((found.distances * (1 if away > 0 else -1) >= abs(away)).sum())


def peers(counts: "DataFrame", usual: Usual) -> "DataFrame":
    """Return the treated place and the comparable ones, most incidents before first.

    Columns: `name, treated, before, after` (incidents a period), and the ratio of the two as
    `value, low, high`, whose interval leaves out 1 where the change is more than is `usual`.
    """
    import pandas as pd

    periods = counts.groupby("after")["season"].nunique().to_dict()
    sums = counts.pivot_table(
        index=["location", "treated"], columns="after", values="incidents", aggfunc="sum"
    )
    rows = [
        (
            name,
            treated,
            before / periods[False],
            after / periods[True],
            *_own_change(int(before), int(after), periods, usual)[:3],
        )
        for (name, treated), before, after in sums.sort_index(axis=1).itertuples()
    ]
    columns = ["name", "treated", "before", "after", "value", "low", "high"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        ["before", "name"], ascending=[False, True], ignore_index=True
    )


def _own_change(before: int, after: int, periods: Mapping[bool, int], usual: Usual) -> RateRatio:
    """Return a place's change a period, of which the last may not be reported in full."""
    reported = periods[True] - 1 + usual.reported
    return usual.rate_ratio(after, before, reported / usual.reported, periods[False])


# Cases


def cases(measured: "DataFrame") -> list[Case]:
    """Return the efforts among `timeline.measures`, those of a kind at a place being one.

    What only changes the opening hours is no effort, and one without a known first day no case.
    """
    efforts = measured[~measured["kind"].isin(OPENING_KINDS) & measured["starts"].notna()]
    found: dict[tuple[str, str], list] = {}
    for one in efforts.itertuples(index=False):
        ends = None if one.ends is None or one.ends != one.ends else one.ends.date()
        found.setdefault((one.location, one.kind), []).append((one.starts.date(), ends))
    return [Case(*key, tuple(periods)) for key, periods in sorted(found.items())]


@kept
def effect(con: "DuckDBPyConnection", selection: Selection, case: Case) -> Effect:
    """Return what the counts of the whole periods up to the selection's say of a case.

    Of the selection, the half and the filters that do not choose a place count.
    """
    place = at_location(con, selection, case.location)
    measured = measures(con, replace(place, location=None))
    roles = {one: case.role(*one.interval(place.half)) for one in seasons(con, place)}
    counts = laid_out(half_years(con, place, list(roles)), case, measured, roles, place.half)
    used = counts[counts["period"] != PARTLY].assign(after=lambda df: df["period"] == AFTER)
    found = rounded(_compared(used, _usual(con, place, roles)))
    design = _design(used, found, roles, _others(measured, case, roles, place.half))
    return Effect(case, place, counts, *found, design, graded(design, found.compared, place.half))


def _usual(con: "DuckDBPyConnection", place: Selection, roles: Mapping[Season, str]) -> Usual:
    """Return what is usual of a place from the last period before to the last one after."""
    ends = [
        max((one for one in roles if roles[one] == role), default=None) for role in (BEFORE, AFTER)
    ]
    if None in ends:
        return ONLY_CHANCE
    return of_one_place(con, *map(place.in_season, ends))


class _Compared(NamedTuple):
    alone: RateRatio | None = None
    compared: RateRatio | None = None
    neighbours: RateRatio | None = None
    together: RateRatio | None = None
    peers: "DataFrame | None" = None


def laid_out(
    counts: "DataFrame",
    case: Case,
    measured: "DataFrame",
    roles: Mapping[Season, str],
    half: str | None,
) -> "DataFrame":
    """Return the counts of the case, its neighbours and the comparable places.

    With `role` (`treated`, `neighbour`, `control`), `treated`, and `period` (BEFORE, PARTLY or
    AFTER). Neighbours that have no comparable place of their kind are left out.
    """
    used = [one.interval(half) for one in roles if roles[one] != PARTLY]
    days = (min(first for first, _ in used), max(after for _, after in used)) if used else None
    busy = {one.location for one in cases(measured) if days and _touches(one, *days)}
    home = counts[counts["location"] == case.location].iloc[:1]
    district, facility = home[["district", "facility"]].iloc[0] if len(home) else (None, None)
    free = ~counts["location"].isin({*busy, case.location})
    near, kind = counts["district"] == district, counts["facility"]
    role = counts["location"].map({case.location: "treated"}).astype(object)
    role[free & near], role[free & ~near] = "neighbour", "control"
    wanted = {facility, *kind[role == "neighbour"]}
    known = set(kind[role == "control"])
    kept = (
        (role == "treated")
        | (role == "control") & kind.isin(wanted)
        | (role == "neighbour") & kind.isin(known)
    )
    return counts.assign(
        role=role,
        treated=role == "treated",
        period=counts["season"].map({one.name: roles[one] for one in roles}),
    )[kept].reset_index(drop=True)


def _touches(case: Case, first: date, after: date) -> bool:
    return any(starts < after and (ends is None or ends >= first) for starts, ends in case.periods)


def _others(
    measured: "DataFrame", case: Case, roles: Mapping[Season, str], half: str | None
) -> tuple[str, ...]:
    """Return the kinds of other measures at the place that ran in any of the periods used."""
    spans = [one.interval(half) for one in roles if roles[one] != PARTLY]
    here = measured[(measured["location"] == case.location) & (measured["kind"] != case.kind)]
    found = set()
    for one in here.itertuples(index=False):
        # A day that is not known is NaT, which equals nothing.
        starts = one.starts.date() if one.starts == one.starts else date.min
        ends = one.ends.date() if one.ends == one.ends else date.max
        if any(starts < after and ends >= first for first, after in spans):
            found.add(one.kind)
    return tuple(sorted(found))


def _compared(counts: "DataFrame", usual: Usual) -> _Compared:
    import pandas as pd

    if counts.empty or counts["after"].nunique() < 2 or not counts["treated"].any():
        return _Compared()
    treated = counts[counts["treated"]]
    kind = treated["facility"].iloc[0]
    alike = counts[counts["treated"] | (counts["role"] == "control") & (counts["facility"] == kind)]
    around = counts[counts["role"] == "neighbour"]
    theirs = counts[
        (counts["role"] == "neighbour")
        | (counts["role"] == "control") & counts["facility"].isin(around["facility"])
    ].assign(treated=lambda df: df["role"] == "neighbour")
    sums = treated.groupby("after")["incidents"].sum()
    periods = treated.groupby("after")["season"].nunique().to_dict()
    alone = _own_change(int(sums[False]), int(sums[True]), periods, usual)
    both = pd.concat([alike, theirs]).drop_duplicates(["location", "season"])
    both = both.assign(treated=both["role"] != "control")
    # Without a comparable place of its own, or a neighbour, a total would be that of the other.
    known = len(around) and not alike["treated"].all()
    return _Compared(
        _or_none(alone),
        _or_none(treatment_effect(alike)),
        _or_none(treatment_effect(theirs)) if len(around) else None,
        _or_none(treatment_effect(both)) if known else None,
        peers(alike, usual),
    )


def _or_none(found: RateRatio) -> RateRatio | None:
    return None if isnan(found.ratio) else found


def _design(
    counts: "DataFrame", found: _Compared, roles: Mapping[Season, str], others: tuple[str, ...]
) -> Design:
    before, after = (list(roles.values()).count(role) for role in (BEFORE, AFTER))
    if found.peers is None:
        kind = counts["facility"][counts["treated"]].head(1)
        alike = counts[(counts["role"] == "control") & counts["facility"].isin(kind)]
        return Design(before, after, alike["location"].nunique(), others=others)
    _, rest = treated_and_peers(found.peers)
    kind = counts["facility"][counts["treated"]].iloc[0]
    alike = counts[counts["treated"] | (counts["role"] == "control") & (counts["facility"] == kind)]
    return Design(
        before,
        after,
        len(rest),
        as_large(alike),
        others,
        spread_out=found.neighbours is not None and found.neighbours.low > 1,
        was_worst=rank_before(found.peers) <= ceil(WORST * len(found.peers)),
    )


def treated_and_peers(df: "DataFrame") -> tuple["Series", "DataFrame"]:
    """Return the treated place's row of `peers`, and the others'."""
    return df[df["treated"]].iloc[0], df[~df["treated"]]


def rank_before(df: "DataFrame") -> int:
    """Return the treated place's number among `peers` before, 1 having most incidents."""
    mine, rest = treated_and_peers(df)
    return 1 + int((rest["before"] > mine["before"]).sum())


def check_kind(con: "DuckDBPyConnection", kind: str) -> None:
    """Raise SelectionError, with the known ones, for a kind of effort that nobody knows."""
    found = {one for (one,) in con.table("measure").unique("kind").fetchall()}
    known = {taxonomy.SOCIAL_EFFORT, *found}.difference(OPENING_KINDS)
    if taxonomy.key(kind) not in map(taxonomy.key, known):
        raise unknown("tiltag", kind, known)


def longest(effects: Sequence[Effect], kind: str | None = None) -> Effect | None:
    """Return the case with most periods after, then before; of this kind, if there is one."""
    asked = [one for one in effects if kind and taxonomy.key(kind) == taxonomy.key(one.case.kind)]
    return max(
        asked or effects, key=lambda one: (one.design.after, one.design.before), default=None
    )


def claims(
    con: "DuckDBPyConnection", figures: Iterable["Figure"], one: Effect | None
) -> "DataFrame":
    """Return the document's claims of a change at a case's place, beside what the data show.

    `figures` are from `published`. Columns: `claim, published` (the figure printed, or empty),
    `before, after, change` (a share), `comparable` (the comparable places' change), and the ratio
    of the two as `value, low, high`. The claim's own two periods are compared.
    """
    import pandas as pd

    columns = ["claim", "published", "before", "after", "change", "comparable"]
    rows = [
        (figure.about, figure.value, *_claim_compared(con, figure, one))
        for figure in figures
        if one and _is_change(figure, one)
    ]
    numbers = dict.fromkeys(["before", "after"], "int64")
    numbers |= dict.fromkeys(["change", "comparable", "value", "low", "high"], "float64")
    return rounded(pd.DataFrame(rows, columns=[*columns, "value", "low", "high"]).astype(numbers))


def _is_change(figure: "Figure", one: Effect) -> bool:
    return (
        figure.location == one.case.location
        and figure.measure in ("incidents", "count_by")
        and figure.dimension in ("", "category")
        and figure.half == figure.base_half != ""
    )


def _claim_compared(con: "DuckDBPyConnection", figure: "Figure", one: Effect) -> tuple:
    asked = replace(
        one.selection.of_place,
        half=figure.half,
        category=figure.name or None,
        season=figure.period,
    )
    roles = {Season(figure.base_period): BEFORE, Season(figure.period): AFTER}
    measured = measures(con, replace(asked, location=None))
    counts = laid_out(half_years(con, asked, list(roles)), one.case, measured, roles, figure.half)
    kind = counts["facility"][counts["treated"]].iloc[0]
    alike = counts[counts["treated"] | (counts["role"] == "control") & (counts["facility"] == kind)]
    alike = alike.assign(after=alike["period"] == AFTER)
    sums = alike.groupby(["treated", "after"])["incidents"].sum()
    before, after = int(sums[True, False]), int(sums[True, True])
    return (
        before,
        after,
        after / before - 1 if before else float("nan"),
        sums[False, True] / sums[False, False] - 1 if sums.get((False, False)) else float("nan"),
        # Of the incidents that the document tells, whatever the hours were.
        *treatment_effect(alike.drop(columns="exposure"))[:3],
    )


def other_places(one: Effect) -> list[str]:
    """Return the other places of the district that are compared, most incidents first."""
    near = one.counts[one.counts["role"] == "neighbour"]
    sums = near.groupby("location")["incidents"].sum()
    return list(sums.sort_index().sort_values(ascending=False, kind="stable").index)
