"""Forecasts as tables: frames of `forecasting` and `backtest` in, frames for `tables` out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.core import danish
from analysis.core.selection import Selection
from analysis.outlook import backtest
from analysis.outlook.backtest import LAST, MEAN, MODEL, REGRESSION
from analysis.outlook.forecasting import Known, Outcome

if TYPE_CHECKING:
    from pandas import DataFrame

METHOD_NAMES = {
    MODEL: "Modellen",
    LAST: "Samme antal som året før",
    MEAN: "Gennemsnittet af alle år",
    REGRESSION: "Samme udvikling som hidtil",
}
HEADINGS = {
    "method": "Metode",
    "ahead": "Forudsagt",
    "forecasts": "Prognoser",
    "error": "Fejl i gennemsnit",
    "crps": "Samlet fejl (CRPS)",
    "in_50": "Inden for 50\u00a0%-interval",
    "in_90": "Inden for 90\u00a0%-interval",
    "place": "Sted",
    "period": "Halvår",
    "count": "Ventet",
    "median": "Ventet",
    "fifty": "Hvert andet udfald ligger mellem",
    "ninety": "Ni af ti udfald ligger mellem",
    "chance_above_last": "Sandsynlighed for flere end året før",
    "observed": "Faktisk antal",
    "hit": "Som ventet",
    "made": "Sagt",
    "through": "Data til og med",
    "without": "Uden scenariet",
    "with": "Med scenariet",
    "difference": "Forskel",
}


def table_of(forecast: "DataFrame", first: str) -> "DataFrame":
    """Return rows of a forecast with the intervals in words; `first` is the column that leads."""
    made = forecast.assign(
        fifty=ends(forecast, "low_50", "high_50"),
        ninety=ends(forecast, "low_90", "high_90"),
    )
    return made[[first, "count", "fifty", "ninety", "chance_above_last"]]


def halves(forecast: "DataFrame") -> "DataFrame":
    """Return the rows of the whole half-year."""
    return forecast[forecast["month"].isna()].reset_index(drop=True)


def half_of(forecast: "DataFrame", name: str, period: Selection) -> "DataFrame":
    """Return the half-year of a name, called by both: "Nørrebro, sommerhalvåret 2026"."""
    rows = halves(forecast)
    return rows[rows["name"] == name].assign(name=f"{name}, {period.period}")


def stacked(rows: Sequence["DataFrame"]) -> "DataFrame":
    """Return several of `half_of` as one."""
    import pandas as pd

    return pd.concat(rows, ignore_index=True)


def months_ahead(forecasts: Sequence["DataFrame"], known: Known, name: str) -> "DataFrame":
    """Return the months to come of a name, over several forecasts in order."""
    both = _to_come(forecasts, known)
    return both[both["name"] == name].reset_index(drop=True)


def _to_come(forecasts: Sequence["DataFrame"], known: Known) -> "DataFrame":
    """Return the months that have not ended by the last day known."""
    import pandas as pd

    both = pd.concat(forecasts, ignore_index=True)
    return both[both["month"] + pd.offsets.MonthEnd(0) > pd.Timestamp(known.through)]


def by_method(forecast: "DataFrame") -> "DataFrame":
    """Return `backtest.each_method` as a table."""
    words = [METHOD_NAMES[one] for one in forecast["method"]]
    counts = forecast["median"].round().astype("int64")
    return table_of(forecast.assign(method=words, count=counts), "method")


def drawn(forecast: "DataFrame") -> "DataFrame":
    """Return `name, value, low, high` of half-years for `charts.intervals`: 90 per cent."""
    columns = ["name", "count", "low_90", "high_90"]
    return halves(forecast)[columns].set_axis(["name", "value", "low", "high"], axis=1)


def both_halves(forecasts: Sequence["DataFrame"], periods: Sequence[Selection]) -> "DataFrame":
    """Return each name's coming half-years on a row, in the order of the last."""
    import pandas as pd

    made = [halves(each).set_index("name") for each in forecasts]
    columns = {"name": made[-1].index}
    for each, period in zip(made, periods, strict=True):
        one = each.loc[made[-1].index]
        label = _brief(period)
        columns[label] = one["count"].to_numpy()
        columns[f"{label}: ni af ti udfald"] = ends(one, "low_90", "high_90")
        columns[_chance(period)] = one["chance_above_last"].to_numpy()
    return pd.DataFrame(columns)


def each_month(forecasts: Sequence["DataFrame"], known: Known) -> "DataFrame":
    """Return each name's months to come on a row, in the last forecast's order."""
    both = _to_come(forecasts, known)
    order = forecasts[-1]["name"].unique()
    wide = both.pivot(index="name", columns="month", values="count").loc[order]
    wide.columns = [danish.short_month(month) for month in wide.columns]
    return wide.astype("int64").rename_axis("name").reset_index()


def chance_columns(periods: Sequence[Selection]) -> list[str]:
    """Return the columns of `both_halves` that hold a chance."""
    return [_chance(period) for period in periods]


def _chance(period: Selection) -> str:
    return f"{_brief(period)}: sandsynlighed for flere"


def _brief(period: Selection) -> str:
    """Return a half-year as "Vinter 2026/27" or "Sommer 2026", short enough for a heading."""
    return f"{danish.capital(period.half)} {period.period.split()[-1]}"


def scenario_table(
    known: Known,
    scored: "DataFrame",
    without: Sequence[Outcome],
    given: Sequence[Outcome],
    places: Sequence[tuple[str, str]],
) -> "DataFrame":
    """Return the half-years shown with and without a scenario: numbers and their difference.

    `scored` is from `backtest.scores`, `places` holds `(level, name)`; `given` is empty where there
    is no scenario, and so is the table. Columns: `place, period, without, with, difference,
    ninety`.
    """
    import pandas as pd

    rows = []
    for level, name in places:
        for plain, changed in zip(without, given, strict=False):
            one, other = (
                halves(backtest.shown(each, known, scored, level)).set_index("name").loc[name]
                for each in (plain, changed)
            )
            pair = one["count"], other["count"]
            ninety = danish.interval(other["low_90"], other["high_90"])
            rows.append((name, plain.period.period, *pair, pair[1] - pair[0], ninety))
    columns = ["place", "period", "without", "with", "difference", "ninety"]
    return pd.DataFrame(rows, columns=columns)


def ends(rows: "DataFrame", low: str, high: str) -> list[str]:
    """Return the interval of each row in words, from the columns of its ends."""
    return [danish.interval(*pair) for pair in zip(rows[low], rows[high], strict=True)]


# How far ahead a half-year is forecast.
_AHEAD = {1: "det næste halvår", 2: "halvåret efter"}


def record_table(scored: "DataFrame", level: str, monthly: bool = False) -> "DataFrame":
    """Return `backtest.record` of a level with the methods in words: all, then by how far ahead.

    `ahead` is in words, and the number of half-years is left out.
    """
    import pandas as pd

    parts = [backtest.record(scored, level, monthly).assign(ahead="begge")]
    for number, words in _AHEAD.items():
        rows = scored[scored["ahead"] == number]
        parts.append(backtest.record(rows, level, monthly).assign(ahead=words))
    found = pd.concat(parts, ignore_index=True).drop(
        columns=["periods", "brier", "gain", "gain_error", "brier_error", "shown"]
    )
    found["method"] = found["method"].map(METHOD_NAMES)
    found.insert(1, "ahead", found.pop("ahead"))
    return found


def hits_table(found: "DataFrame") -> "DataFrame":
    """Return `hits` with the interval in words."""
    made = found.assign(
        median=found["median"].round().astype("int64"), ninety=ends(found, "low", "high")
    )
    return made[["period", "median", "ninety", "observed", "hit"]]


def said_table(found: "DataFrame") -> "DataFrame":
    """Return `sealed.said` with the interval in words."""
    made = found.assign(ninety=ends(found, "low", "high"))
    return made[["period", "made", "through", "count", "ninety", "observed", "hit"]]
