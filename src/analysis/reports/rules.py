"""The rules of the parameters besides the selection's, asked before any notebook runs.

Each rule stands where its parameter has its meaning; here is only which one that is.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from analysis.comparison import exposure
from analysis.core import asking, audience, database
from analysis.core.selection import Selection, as_month
from analysis.measures import effect, timeline
from analysis.outlook import forecasting, scenario
from analysis.priority import Settings, need
from analysis.public import figures
from analysis.severity import scores

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Values = Mapping[str, object]


def _audience(con: "DuckDBPyConnection", given: Values) -> None:
    if audience.check(given["audience"]) == audience.PUBLIC:
        figures.check(con, asking.chosen(con, given))


def _month(con: "DuckDBPyConnection", given: Values) -> None:
    need.check(asking.dataset(con), as_month(given["month"]))


def _rounds(con: "DuckDBPyConnection", given: Values) -> None:
    settings = Settings(**{name: given[name] for name in Settings._fields if name in given})
    # Without a register the places are those of the data, which the list itself counts.
    if places := con.execute("select count(*) from location").fetchall()[0][0]:
        settings.check(places)


def _measure_location(con: "DuckDBPyConnection", given: Values) -> None:
    # Any season does: only the place is asked of.
    timeline.at_location(con, Selection("2024/25"), given["measure_location"])


def _district_polygons(_: "DuckDBPyConnection", given: Values) -> None:
    from analysis.show.charts import city

    city.outlines(database.resolve(given["district_polygons"]))


_RULES: dict[str, Callable[["DuckDBPyConnection", Values], object]] = {
    "audience": _audience,
    "exposure": lambda _, given: exposure.choice(given["exposure"]),
    "weights": lambda _, given: scores.weights_of(given["weights"]),
    "measure_location": _measure_location,
    "measure_kind": lambda con, given: effect.check_kind(con, given["measure_kind"]),
    "through": lambda con, given: forecasting.covered_span(con, given["through"]),
    "scenario": lambda con, given: scenario.read(con, given["scenario"]),
    "month": _month,
    "rounds": _rounds,
    "district_polygons": _district_polygons,
}


def check(con: "DuckDBPyConnection", given: Values) -> None:
    """Raise the ValueError, one line in Danish, of the first value that breaks its rule.

    `given` holds every parameter; what is None has no value to check.
    """
    for name, rule in _RULES.items():
        if given.get(name) is not None:
            rule(con, given)
