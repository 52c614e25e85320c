"""Whether incidents changed where a measure was taken, against places where none was.

A period is a half-year of the selection's kind (or a season), and counts only where the data cover
it. It lies before a measure, after its start (the measure ran on every day of it), or is neither.
Comparable places have the same kind of facility, lie in another district and had no effort of their
own in any of the periods; neighbours are the other places of the district without one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import ceil, exp, inf, isnan, nan, sqrt
from typing import TYPE_CHECKING, NamedTuple

from analysis import statistics
from analysis.core import asking, taxonomy
from analysis.core.kept import kept
from analysis.core.rounding import rounded
from analysis.core.season import Season
from analysis.core.selection import Selection
from analysis.measures.evidence import WORST, Design, Evidence, graded
from analysis.measures.timeline import OPENING_KINDS, at_location, extent, measures
from analysis.statistics import Difference, RateRatio

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame, Series

    from analysis.barometer.published import Figure

BEFORE, PARTLY, AFTER = "før", "hverken før eller efter", "efter"
# The most steps towards the likeliest effect, and how small the last of them is.
_STEPS, _CLOSE = 50, 1e-9


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

    `selection` is the case's own. `alone` is the place's own change, `compared` and `neighbours`
    those against comparable places (None: none, or no incidents); `difference` and `scored` are
    incidents and relative score a period, `moved` and `moved_scored` those of the neighbours,
    `total` and `total_scored` of both together. `peers` is from `peers`, None where either side has
    no period.
    """

    case: Case
    selection: Selection
    counts: "DataFrame"
    alone: RateRatio | None
    compared: RateRatio | None
    neighbours: RateRatio | None
    difference: Difference | None
    scored: Difference | None
    moved: Difference | None
    moved_scored: Difference | None
    total: Difference | None
    total_scored: Difference | None
    peers: "DataFrame | None"
    design: Design
    evidence: Evidence


def treatment_effect(counts: "DataFrame", level: float = 0.95) -> RateRatio:
    """Return the ratio of the incidents after a measure to those there would have been without.

    `counts` holds `location, season, incidents`, `treated` and `after` (true or false), and perhaps
    `exposure`. A Poisson regression with an effect of each location and each season. The error is
    the larger of two: the one robust to locations that vary in their own way (clusters), which is
    far too small where few are treated, since the model fits them closely (MacKinnon and Webb
    2017), and the quasi-Poisson one. Where the treated have no incidents before or after, the ratio
    is the exact one against the others' change. Unknown (nan) where there is nothing to compare.
    """
    if "exposure" not in counts:
        counts = counts.assign(exposure=1.0)
    inside, later = counts["treated"].astype(bool), counts["after"].astype(bool)
    sums = [
        (int(counts["incidents"][part].sum()), float(counts["exposure"][part].sum()))
        for part in (inside & later, inside & ~later, ~inside & later, ~inside & ~later)
    ]
    (treated_after, time_after), (treated_before, time_before), *control = sums
    # Without incidents at the comparable places their change cannot be known.
    if not all(count for count, _ in control) or not treated_after + treated_before:
        return RateRatio(nan, 0.0, inf, 1.0)
    if not treated_after or not treated_before:
        rate_after, rate_before = (count / time for count, time in control)
        return statistics.quasi_rate_ratio(
            treated_after,
            treated_before,
            dispersion(counts[~inside]),
            time_after * rate_after,
            time_before * rate_before,
            level,
        )
    effect, error = _fit(counts.assign(effect=inside & later))
    _, low, high, p_value = statistics.normal_difference(effect, error, level)
    return RateRatio(exp(effect), exp(low), exp(high), p_value)


def dispersion(counts: "DataFrame") -> float:
    """Return how much more counts vary than Poisson ones with an effect of place and of season.

    Of the places that have a row in every season. 1 at the least, and where there are too few to
    tell.
    """
    from scipy.stats.contingency import expected_freq

    table = counts.pivot(index="location", columns="season", values="incidents").dropna()
    # A place or a season without incidents tells nothing of how the others vary.
    seen = table.loc[table.any(axis=1), table.any()].to_numpy(float)
    if not seen.size:
        return 1.0
    means = expected_freq(seen)
    found = statistics.dispersion(seen.ravel(), means.ravel(), sum(seen.shape) - 1)
    return 1.0 if isnan(found) else max(found, 1.0)


def _fit(counts: "DataFrame") -> tuple[float, float]:
    """Return the effect's logarithm and its error, as statsmodels' GLM of all the effects gives.

    A place's likeliest level follows from the other effects (Hausman, Hall and Griliches 1984), so
    that a city of hundreds of places takes no longer.
    """
    import numpy as np
    import pandas as pd

    # A place or a season without incidents has no finite effect, and tells nothing of the others.
    for key in ("location", "season"):
        counts = counts[counts.groupby(key)["incidents"].transform("sum") > 0]
    found, exposure = (counts[name].to_numpy(float) for name in ("incidents", "exposure"))
    seasons = pd.get_dummies(counts["season"]).iloc[:, 1:]
    effects = seasons.assign(effect=counts["effect"]).to_numpy(float)
    place, names = pd.factorize(counts["location"])
    belongs = (place == np.arange(len(names))[:, None]).astype(float)
    size = np.zeros(effects.shape[1])
    for _ in range(_STEPS):
        alike = exposure * np.exp(effects @ size)
        mean = alike * ((belongs @ found) / (belongs @ alike))[place]
        usual = belongs @ (effects * mean[:, None]) / (belongs @ mean)[:, None]
        apart = effects - usual[place]
        covariance = np.linalg.inv(apart.T @ (apart * mean[:, None]))
        step = np.clip(covariance @ apart.T @ (found - mean), -2, 2)
        size += step
        if np.abs(step).max() < _CLOSE:
            break
    parameters = len(names) + len(size)
    # Of a few counts a fit can be perfect.
    spread = max(np.nan_to_num(statistics.dispersion(found, mean, parameters)), 1.0)
    errors = [sqrt(covariance[-1, -1] * spread)]
    # Places that vary in their own way are not seen in one place, or where nothing is left over.
    if len(names) > 1 and len(found) > parameters:
        own = belongs @ (apart * (found - mean)[:, None])
        few = len(names) / (len(names) - 1) * (len(found) - 1) / (len(found) - parameters)
        errors.append(sqrt((covariance @ own.T @ own @ covariance)[-1, -1] * few))
    return float(size[-1]), float(max(errors))


def role_difference(
    counts: "DataFrame",
    focus: Sequence[str],
    value: str = "incidents",
    variance: str = "incidents",
    spread: float = 1.0,
) -> Difference | None:
    """Return the change a period of the places of `focus` roles less that of the comparable ones.

    The weighted displacement difference (Wheeler and Ratcliffe 2018), for any number of periods and
    places: each place's mean after less its mean before, summed over the focus, less the mean
    change of the comparable places of the same kind for each. Their total is that of the treated
    place and its neighbours together; a comparable place that both are held against counts once,
    with both weights. `counts` holds `location, facility,
    role` (`treated`, `neighbour`, `control`), `after`, and the two columns named: what is summed,
    and its variance where incidents are Poisson; they vary `spread` times as much. None where
    nothing happened.
    """
    import numpy as np

    periods = counts.groupby("after")["season"].nunique().to_dict()
    places = counts.drop_duplicates("location")
    sizes = {
        role: part["facility"].value_counts().to_dict()
        for role, part in (
            ("focus", places[places["role"].isin(focus)]),
            ("control", places[places["role"] == "control"]),
        )
    }

    def weight(role: str, facility: str, after: bool) -> float:
        share = 1.0 if role in focus else 0.0
        if role == "control":
            share = -sizes["focus"].get(facility, 0) / sizes["control"][facility]
        return share * (1 if after else -1) / periods[after]

    keys = zip(counts["role"], counts["facility"], counts["after"], strict=True)
    weights = np.array([weight(*key) for key in keys])
    total = float((counts[value] * weights).sum())
    error = sqrt(float((counts[variance] * weights**2).sum()) * spread)
    return statistics.normal_difference(total, error) if error else None


def peers(counts: "DataFrame") -> "DataFrame":
    """Return the treated place and the comparable ones, most incidents before first.

    Columns: `name, treated, before, after` (incidents a period), and the ratio of the two as
    `value, low, high`.
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
            *statistics.rate_ratio(int(after), int(before), periods[True], periods[False])[:3],
        )
        for (name, treated), before, after in sums.sort_index(axis=1).itertuples()
    ]
    columns = ["name", "treated", "before", "after", "value", "low", "high"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        ["before", "name"], ascending=[False, True], ignore_index=True
    )


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


def seasons(con: "DuckDBPyConnection", selection: Selection) -> list[Season]:
    """Return the seasons in which the data cover the selection's days whole, up to its own."""
    days = extent(con, selection)
    found: list[Season] = []
    one = selection
    # The first and the last incident need not fall on the first and the last day covered.
    while days and one.interval[0] >= days.first.replace(day=1):
        last = one.interval[1] - timedelta(days=1)
        if days.after - timedelta(days=1) >= last.replace(day=1):
            found.insert(0, one.season)
        one = one.in_season(one.season.previous)
    return found


def half_years(
    con: "DuckDBPyConnection", selection: Selection, periods: Sequence[Season]
) -> "DataFrame":
    """Return `location, district, facility, season, incidents, score, score_squares`, zeros too.

    A row a location of the whole register and season; of the selection, the half and the filters
    that do not choose a place count.
    """
    everywhere = replace(selection, district=None, location=None, facility=None)
    spans = [one.interval(selection.half) for one in periods]
    firsts, afters = [first for first, _ in spans], [after for _, after in spans]
    days = min(firsts, default=date.max), max(afters, default=date.max)
    given = asking.bound(con, everywhere, days=days) | {
        "seasons": [one.name for one in periods],
        "firsts": firsts,
        "afters": afters,
        "labels": list(taxonomy.WEIGHTS),
        "weights": list(taxonomy.WEIGHTS.values()),
    }
    return asking.frame(con, "measures/half_years", given)


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
    found = rounded(_compared(used))
    design = _design(used, found, roles, _others(measured, case, roles, place.half))
    return Effect(case, place, counts, *found, design, graded(design, found.compared, place.half))


class _Compared(NamedTuple):
    alone: RateRatio | None = None
    compared: RateRatio | None = None
    neighbours: RateRatio | None = None
    difference: Difference | None = None
    scored: Difference | None = None
    moved: Difference | None = None
    moved_scored: Difference | None = None
    total: Difference | None = None
    total_scored: Difference | None = None
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


def _compared(counts: "DataFrame") -> _Compared:
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
    alone = statistics.rate_ratio(
        int(sums[True]), int(sums[False]), float(periods[True]), float(periods[False])
    )
    controls = alike[~alike["treated"]]
    both = pd.concat([alike, theirs]).drop_duplicates(["location", "season"])
    # A place that changed by its measure is no sign of how much counts vary by themselves.
    varied, theirs_varied, both_varied = (
        dispersion(df)
        for df in (controls, theirs[~theirs["treated"]], both[both["role"] == "control"])
    )

    def change(df: "DataFrame", focus: Sequence[str], spread: float) -> list[Difference | None]:
        return [
            role_difference(df, focus, *columns, spread)
            for columns in (("incidents", "incidents"), ("score", "score_squares"))
        ]

    # Without a comparable place of its own, or a neighbour, a total would be that of the other.
    known = len(around) and len(controls)
    return _Compared(
        _or_none(alone),
        _or_none(treatment_effect(alike)),
        _or_none(treatment_effect(theirs)) if len(around) else None,
        *change(alike, ["treated"], varied),
        *(change(theirs, ["neighbour"], theirs_varied) if len(around) else [None] * 2),
        *(change(both, ["treated", "neighbour"], both_varied) if known else [None] * 2),
        peers(alike),
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
    mine, rest = treated_and_peers(found.peers)
    fell = mine["value"] <= 1
    as_large = rest["value"] <= mine["value"] if fell else rest["value"] >= mine["value"]
    return Design(
        before,
        after,
        len(rest),
        int(as_large.sum()),
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
        *treatment_effect(alike)[:3],
    )


def other_places(one: Effect) -> list[str]:
    """Return the other places of the district that are compared, most incidents first."""
    near = one.counts[one.counts["role"] == "neighbour"]
    sums = near.groupby("location")["incidents"].sum()
    return list(sums.sort_index().sort_values(ascending=False, kind="stable").index)
