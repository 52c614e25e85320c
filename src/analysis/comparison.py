"""Two periods side by side: changes in incidents, and how sure they are."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import isnan, nan
from typing import TYPE_CHECKING, NamedTuple

from analysis import barometer, danish, statistics, taxonomy
from analysis.barometer import bound, frame
from analysis.exposure import ASSUMED, Basis
from analysis.headings import BLANK, TOTAL
from analysis.season import Season
from analysis.selection import Selection, SelectionError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

# The falls whose chance of being seen is told.
FALLS = (0.25, 0.5)
_RATES = ["ratio", "low", "high", "p_value"]
_CHANGE = ["before", "after", "change", "share", *_RATES, "clear_fall", "seen_25", "seen_50"]
_FIGURES = [
    *("before", "after", "exposure_before", "exposure_after", *_RATES),
    *("wide_low", "wide_high", "plain_low", "plain_high"),
]
_WORDS = ["mark", "places", "left_out", "is_visits", "self_service_only", "note", "reason"]


class Spread(NamedTuple):
    """How much weekly counts vary, 1 being Poisson; `p_value` is that of so much or more.

    Both are not a number where there are too few weeks.
    """

    value: float
    p_value: float


def against(selection: Selection, season: str | None) -> Selection:
    """Return the same selection in the season to compare with: the one given, else the one before.

    Raises SelectionError, in Danish, where that is the selection's own.
    """
    compared = replace(selection, season=season or selection.season.previous)
    if compared.season == selection.season:
        raise SelectionError(
            f"compare_season er {compared.season}, som er udvalgets egen sæson; vælg en anden."
        )
    return compared


def by_month(counts: "DataFrame", seasons: Sequence[Season]) -> "DataFrame":
    """Return `month` (its Danish name) and a column of incidents for each season."""
    months = counts.assign(place=counts.groupby("season")["month"].rank("dense"))
    wide = months.pivot_table(
        index="place", columns="season", values="incidents", aggfunc="sum", observed=True
    ).reindex(columns=[season.name for season in seasons])
    names = months.drop_duplicates("place").set_index("place")["month"]
    wide.insert(0, "month", [danish.MONTHS[names[place].month - 1] for place in wide.index])
    return wide.rename_axis(columns=None).reset_index(drop=True)


def incidents(con: "DuckDBPyConnection", before: Selection, after: Selection) -> "DataFrame":
    """Return `is_after, month, location, category, demography, self_service, incidents`.

    `month` is a Danish name, `category` one of the six types.
    """
    import pandas as pd

    given = {"other": taxonomy.OTHER}
    parts = [
        frame(con, "exposure/incidents", bound(con, one) | given).assign(is_after=one is after)
        for one in (before, after)
    ]
    found = pd.concat(parts, ignore_index=True)
    months = [danish.MONTHS[month.month - 1] for month in found["month"]]
    return found.assign(month=months, demography=found["demography"].fillna(BLANK))


def confined(counted: "DataFrame", basis: Basis) -> "DataFrame":
    """Return those of `incidents` that arose in a basis' exposure."""
    if basis.locations is not None:
        counted = counted[counted["location"].isin(basis.locations)]
    return counted[counted["self_service"]] if basis.assumption.self_service_only else counted


def answers(counted: "DataFrame", bases: Sequence[Basis], spread: float = 1.0) -> "DataFrame":
    """Return the change of the total on each basis, by which one sees what it depends on.

    Columns: `choice, name, per` (the assumption in words), `before, after, exposure_before,
    exposure_after` (missing for the counts alone), `ratio, low, high, p_value` (of the rates),
    `wide_low, wide_high` (the interval where weekly counts vary `spread` times as Poisson ones),
    `plain_low, plain_high` (that of the same incidents without exposure), `mark` ("*": a part is
    assumed), `places` and `left_out` (locations with and without exposure; none for the counts
    alone), `is_visits, self_service_only, note` and `reason`. Where there is no exposure `reason`
    says why, and the figures are missing, but for the counts alone.
    """
    import pandas as pd

    rows = []
    for basis in bases:
        one = basis.assumption
        counts = _both(confined(counted, basis))
        words = (
            ASSUMED * (basis.assumed and any(counts)),
            len(basis.locations or ()),
            basis.left_out,
        )
        words += (one.is_visits, one.self_service_only, one.note, basis.reason)
        if basis.reason:
            shown = counts if not one.column else (None, None)
            missing = [None] * (len(_FIGURES) - 2)
            rows.append((one.choice, one.name, one.per, *shown, *missing, *words))
            continue
        exposures = (sum(basis.before), sum(basis.after))
        ends = (*counts[::-1], *exposures[::-1])
        wide = statistics.quasi_rate_ratio(*ends[:2], 1.0 if isnan(spread) else spread, *ends[2:])
        plain = statistics.rate_ratio(*ends[:2])
        shown = exposures if one.column else (None, None)
        figures = (*counts, *shown, *statistics.rate_ratio(*ends), *wide[1:3], *plain[1:3])
        rows.append((one.choice, one.name, one.per, *figures, *words))
    made = pd.DataFrame(rows, columns=["choice", "name", "per", *_FIGURES, *_WORDS])
    return made.astype(dict.fromkeys(_FIGURES, float) | {"before": "Int64", "after": "Int64"})


def changes(counted: "DataFrame", after: Selection, basis: Basis) -> "DataFrame":
    """Return the change of the total and of each type, demography and month, on one basis.

    Columns: `group` ("category", "demography", "month"; empty for the total), `name, before, after,
    change, share` (of the count before), `ratio, low, high, p_value, adjusted`, `clear_fall` (the
    largest count that would be one), `seen_25, seen_50`, the chance that a true fall of so many per
    cent comes out as a clear one (missing where there was nothing to fall from), and `mark`. All
    from `ratio` on are missing without exposure. `adjusted` is for all rows together but the total
    and those without an incident.
    """
    import pandas as pd

    counted = confined(counted, basis)
    months = [danish.MONTHS[month.month - 1] for month in after.months]
    by_month = list(zip(basis.before, basis.after, strict=True)) or [(0.0, 0.0)] * len(months)
    whole = (sum(basis.before), sum(basis.after))
    known = taxonomy.LABELS["demography"]
    others = sorted(set(counted["demography"]) - {*known, BLANK})
    groups = {
        "category": dict.fromkeys(taxonomy.SIX_TYPES, whole),
        "demography": dict.fromkeys((*known, *others, BLANK), whole),
        "month": dict(zip(months, by_month, strict=True)),
    }
    rows = [("", TOTAL, *_change(*_both(counted), *whole))]
    for group, exposures in groups.items():
        for name, exposure in exposures.items():
            rows.append((group, name, *_change(*_both(counted[counted[group] == name]), *exposure)))
    made = pd.DataFrame(rows, columns=["group", "name", *_CHANGE])
    made = made.astype({"clear_fall": "Int64"} | dict.fromkeys(_CHANGE[3:8], float))
    family = (made["group"] != "") & made["p_value"].notna() & (made["before"] + made["after"] > 0)
    made["adjusted"] = pd.Series(
        statistics.adjusted(list(made["p_value"][family])), made.index[family], dtype=float
    )
    marks = [ASSUMED * (basis.assumed and told) for told in made["ratio"].notna()]
    return made.assign(mark=marks)


def weekly(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `month, incidents` of each whole week from the first day of the selection.

    `month` is the one that the middle of the week lies in.
    """
    import pandas as pd

    starts, ends = selection.interval
    weeks = [starts + timedelta(days=7 * n) for n in range((ends - starts).days // 7)]
    days = barometer.over_time(con, selection).groupby("date")["incidents"].sum()
    counts = days.groupby((days.index - pd.Timestamp(starts)).days // 7).sum()
    months = [(week + timedelta(days=3)).replace(day=1) for week in weeks]
    counts = counts.reindex(range(len(weeks)), fill_value=0)
    return pd.DataFrame({"month": months, "incidents": counts.to_numpy()})


def spread(con: "DuckDBPyConnection", *periods: Selection) -> Spread:
    """Return how much the weekly counts of periods vary about the mean of their month.

    Unknown where the data do not cover the periods.
    """
    import pandas as pd

    if not barometer.dataset(con).covers(*periods):
        return Spread(nan, nan)
    return spread_of(pd.concat([weekly(con, one) for one in periods]))


def spread_of(weeks: "DataFrame") -> Spread:
    """Return how much `weekly` counts vary about the mean of their month."""
    from scipy.stats import chi2

    means = weeks.groupby("month")["incidents"].transform("mean")
    # A month without incidents tells nothing of how they vary.
    told = weeks[means > 0]
    months = told["month"].nunique()
    value = statistics.dispersion(list(told["incidents"]), list(means[means > 0]), months)
    freedom = len(told) - months
    return Spread(value, float(chi2.sf(value * freedom, freedom)) if freedom > 0 else nan)


def _both(counted: "DataFrame") -> tuple[int, int]:
    """Return the incidents before and after."""
    after = int(counted["incidents"][counted["is_after"]].sum())
    return int(counted["incidents"].sum()) - after, after


def _change(before: int, after: int, exposure_before: float, exposure: float) -> tuple:
    """Return the figures of a row of `changes`, by `_CHANGE`."""
    counts = (before, after, after - before, (after - before) / before if before else nan)
    if not (exposure_before and exposure):
        return *counts, *(nan,) * 4, None, nan, nan
    exposures = (exposure, exposure_before)
    rates = statistics.rate_ratio(after, before, *exposures)
    if not before:
        return *counts, *rates, None, nan, nan
    return (
        *counts,
        *rates,
        statistics.largest_clear_fall(before, *exposures),
        *(statistics.power_of_fall(before, fall, *exposures) for fall in FALLS),
    )
