"""Two periods side by side: changes in incidents, and how sure they are."""

from collections.abc import Collection, Sequence
from math import nan
from typing import TYPE_CHECKING

from analysis import statistics
from analysis.comparison.exposure import ASSUMED, Basis
from analysis.comparison.usual import ONLY_CHANCE, Usual
from analysis.core import asking, danish, taxonomy
from analysis.core.asking import bound, frame
from analysis.core.headings import BLANK, TOTAL
from analysis.core.rounding import rounded
from analysis.core.selection import ALL, Selection, SelectionError
from analysis.core.taxonomy import UNCLEAR_HOURS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

# The falls whose chance of being seen is told.
FALLS = (0.25, 0.5)
_RATES = ["ratio", "low", "high", "p_value"]
_CHANGE = [
    *("before", "after", "change", "share", *_RATES),
    *("clear_fall", "seen_25", "seen_50"),
]
_FIGURES = [
    *("before", "after", "exposure_before", "exposure_after", *_RATES),
    *("plain_low", "plain_high"),
]
_LEFT_OUT = ["places", "left_out", "incidents_left_out", "incidents_elsewhere"]
_WORDS = ["mark", *_LEFT_OUT, "is_visits", "self_service_only", "details", "reason"]


def against(selection: Selection, season: str | None) -> Selection:
    """Return the same selection in the season to compare with: the one given, else the one before.

    Raises SelectionError, in Danish, where that is the selection's own.
    """
    compared = selection.in_season(season or selection.season.previous)
    if compared.season == selection.season:
        raise SelectionError(
            f"compare_season er {compared.season}, som er den valgte sæson; vælg en anden."
        )
    return compared


def beside(
    con: "DuckDBPyConnection",
    compared: Selection,
    selection: Selection,
    asked: Sequence[str] | None,
) -> list[Selection]:
    """Return the periods to show side by side, in order: the two compared and those asked for.

    "Alle" among them asks for every one that the data reach into. Raises SelectionError for what
    is no season.
    """
    seasons = {compared.season, selection.season}
    for one in [asked] if isinstance(asked, str) else asked or []:
        if one == ALL:
            data = asking.dataset(con)
            past = (selection.in_season(each) for each in data.seasons)
            seasons |= {each.season for each in past if data.touches(each)}
        else:
            seasons.add(selection.in_season(one).season)
    return [selection.in_season(season) for season in sorted(seasons)]


def by_month(counts: "DataFrame", periods: Sequence[Selection]) -> "DataFrame":
    """Return `month` (its Danish name) and a column of incidents for each period, by its name.

    `counts` is `barometer.compare_seasons`, perhaps by `known.covered`: without data no count.
    """
    keys = ["season", "month"]
    sums = counts.groupby(keys, observed=True)["incidents"].sum(min_count=1).reset_index()
    months = sums.assign(place=sums.groupby("season", observed=True)["month"].rank("dense"))
    wide = months.pivot(index="place", columns="season", values="incidents").reindex(
        columns=[one.season.name for one in periods]
    )
    wide.columns = [one.name for one in periods]
    names = months.drop_duplicates("place").set_index("place")["month"]
    wide.insert(0, "month", [danish.MONTHS[names[place].month - 1] for place in wide.index])
    return wide.reset_index(drop=True)


def incidents(con: "DuckDBPyConnection", before: Selection, after: Selection) -> "DataFrame":
    """Return the incidents of two periods by what they are held against and divided by.

    Columns: `is_after, month, location, category, demography, self_service, on_unclear_day,
    incidents`. `month` is a Danish name, `category` a type, Andet drawn out.
    """
    import pandas as pd

    given = {"other": taxonomy.OTHER, "unclear": UNCLEAR_HOURS}
    parts = [
        frame(con, "comparison/incidents", bound(con, one) | given).assign(is_after=one is after)
        for one in (before, after)
    ]
    found = pd.concat(parts, ignore_index=True)
    months = [danish.MONTHS[month.month - 1] for month in found["month"]]
    return found.assign(month=months, demography=found["demography"].fillna(BLANK))


def confined(counted: "DataFrame", basis: Basis) -> "DataFrame":
    """Return those of `incidents` that arose in a basis' exposure."""
    counted = _of_hours(counted, basis)
    return counted if basis.locations is None else _at(counted, basis.locations)


def _of_hours(counted: "DataFrame", basis: Basis) -> "DataFrame":
    if basis.assumption.self_service_only:
        counted = counted[counted["self_service"]]
    return counted[~counted["on_unclear_day"]] if basis.assumption.clear_days_only else counted


def _at(counted: "DataFrame", locations: Collection[str]) -> "DataFrame":
    return counted[counted["location"].isin(locations)]


def answers(
    counted: "DataFrame", bases: Sequence[Basis], usual: Usual = ONLY_CHANCE
) -> "DataFrame":
    """Return the change of the total on each basis, by which one sees what it depends on.

    Columns: `choice, name, per` (the assumption in words), `before, after, exposure_before,
    exposure_after` (missing for the counts alone), `ratio, low, high, p_value` (of the rates,
    beyond what is `usual`), `plain_low, plain_high` (those of the same incidents without exposure),
    `mark` ("*": a part is assumed), `places` and `left_out` (locations with and without
    exposure; none for the counts alone), `incidents_left_out` and `incidents_elsewhere` (the
    incidents of both periods at the latter, and at places that the register lacks), `is_visits,
    self_service_only, details` and `reason`. Where there is no exposure `reason` says why,
    and the figures are missing, but for the counts alone.
    """
    import pandas as pd

    rows = []
    for basis in bases:
        one = basis.assumption
        kept = confined(counted, basis)
        counts = _both(kept)
        without = _of_hours(counted, basis)
        lacking = int(_at(without, basis.lacking)["incidents"].sum())
        words = (
            ASSUMED * (any(basis.assumed) and any(counts)),
            len(basis.locations or ()),
            len(basis.lacking),
            lacking,
            int(without["incidents"].sum()) - sum(counts) - lacking,
            one.is_visits,
            one.self_service_only,
            basis.details,
            basis.reason,
        )
        if basis.reason:
            shown = counts if not one.column else (None, None)
            missing = [None] * (len(_FIGURES) - 2)
            rows.append((one.choice, one.name, one.per, *shown, *missing, *words))
            continue
        exposures = (sum(basis.before), sum(basis.after))
        shown = exposures if one.column else (None, None)
        rates = usual.rate_ratio(*counts[::-1], *exposures[::-1])
        plain = usual.rate_ratio(*counts[::-1])[1:3]
        figures = (*counts, *shown, *rates, *plain)
        rows.append((one.choice, one.name, one.per, *figures, *words))
    made = pd.DataFrame(rows, columns=["choice", "name", "per", *_FIGURES, *_WORDS])
    made = made.astype(dict.fromkeys(_FIGURES, float) | {"before": "Int64", "after": "Int64"})
    return rounded(made)


def changes(
    counted: "DataFrame", after: Selection, basis: Basis, usual: Usual = ONLY_CHANCE
) -> "DataFrame":
    """Return the change of the total and of each type, demography and month, on one basis.

    Columns: `group` ("category", "demography", "month"; empty for the total), `name, before, after,
    change, share` (of the count before), `ratio, low, high, p_value` (beyond what is `usual` of all
    incidents together), `clear_fall` (the largest count that would be one), `seen_25, seen_50`, the
    chance that a true fall of so many per cent comes out as a clear one (missing where there was
    nothing to fall from), `adjusted` and `mark`. All from `ratio` on are missing without exposure.
    `adjusted` is the p-value for all rows together but the total and those without an incident.
    """
    import pandas as pd

    counted = confined(counted, basis)
    months = [danish.MONTHS[month.month - 1] for month in after.months]
    by_month = list(zip(basis.before, basis.after, strict=True)) or [(0.0, 0.0)] * len(months)
    whole = (sum(basis.before), sum(basis.after))
    known = taxonomy.LABELS["demography"]
    others = sorted(set(counted["demography"]) - {*known, BLANK})
    groups = {
        "category": dict.fromkeys(taxonomy.WITH_OTHER, whole),
        "demography": dict.fromkeys((*known, *others, BLANK), whole),
        "month": dict(zip(months, by_month, strict=True)),
    }
    rows = [("", TOTAL, *_change(*_both(counted), *whole, usual))]
    reported = dict(zip(months, usual.in_months, strict=False))
    for group, exposures in groups.items():
        for name, exposure in exposures.items():
            counts = _both(counted[counted[group] == name])
            held = usual
            if group == "month":
                held = usual._replace(reported=reported.get(name, usual.reported))
            rows.append((group, name, *_change(*counts, *exposure, held)))
    made = pd.DataFrame(rows, columns=["group", "name", *_CHANGE])
    figures = _CHANGE[3 : _CHANGE.index("clear_fall")]
    made = made.astype({"clear_fall": "Int64"} | dict.fromkeys(figures, float))
    family = (made["group"] != "") & made["p_value"].notna() & (made["before"] + made["after"] > 0)
    made["adjusted"] = pd.Series(
        statistics.adjusted(list(made["p_value"][family])), made.index[family], dtype=float
    )
    of_month = dict(zip(months, basis.assumed, strict=False))
    doubtful = [
        of_month.get(name, False) if group == "month" else any(basis.assumed)
        for group, name in zip(made["group"], made["name"], strict=True)
    ]
    marks = [
        ASSUMED * (one and told) for one, told in zip(doubtful, made["ratio"].notna(), strict=True)
    ]
    return rounded(made.assign(mark=marks))


def _both(counted: "DataFrame") -> tuple[int, int]:
    """Return the incidents before and after."""
    after = int(counted["incidents"][counted["is_after"]].sum())
    return int(counted["incidents"].sum()) - after, after


def _change(
    before: int, after: int, exposure_before: float, exposure: float, usual: Usual
) -> tuple:
    """Return the figures of a row of `changes`, by `_CHANGE`."""
    counts = (before, after, after - before, (after - before) / before if before else nan)
    if not (exposure_before and exposure):
        return *counts, *(nan,) * 4, None, nan, nan
    exposures = (exposure, exposure_before)
    rates = usual.rate_ratio(after, before, *exposures)
    if not before:
        return *counts, *rates, None, nan, nan
    return (
        *counts,
        *rates,
        usual.largest_clear_fall(before, *exposures),
        *(usual.power_of_fall(before, fall, *exposures) for fall in FALLS),
    )
