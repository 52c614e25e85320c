"""The counts of a half-year that everybody may see, of every place, and those of one of them."""

from math import nan
from typing import TYPE_CHECKING

from analysis import nowcast
from analysis.core import asking, danish, taxonomy
from analysis.core.asking import bound, frame
from analysis.core.headings import BLANK, UNKNOWN_LABEL
from analysis.core.kept import kept
from analysis.core.selection import FILTERS, Selection, SelectionError
from analysis.public import protection

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

# What is counted besides all, each by itself; an hour stands in a block of so many.
DIMENSIONS = ("category", "subcategory", "quarter", "hour", "victim", "demography")
_HOURS = 4
_QUARTERS = {
    "10": "Oktober til december",
    "1": "Januar til marts",
    "4": "April til juni",
    "7": "Juli til september",
}


def check(con: "DuckDBPyConnection", selection: Selection) -> None:
    """Raise SelectionError for what has no public numbers."""
    filters = [name for name in FILTERS if name not in ("district", "location")]
    others = any(getattr(selection, name) is not None for name in (*filters, "self_service"))
    places = (selection.district, selection.location)
    if others or any(not isinstance(place, str | None) for place in places):
        raise SelectionError(
            "Offentlige tal er for hele byen, én bydel eller én lokation, uden andre filtre."
        )
    known = con.table("location").select("location").fetchall()
    if selection.location and (selection.location,) not in known:
        raise SelectionError(
            f"{selection.location} står ikke i registret, og stedet har ingen offentlige tal."
        )
    if selection.half is None or selection.first_day or selection.last_day:
        raise SelectionError("Offentlige tal er for et helt vinter- eller sommerhalvår.")
    if not _is_over(con, selection):
        raise SelectionError(
            f"Data rækker ikke ud over {selection.period}; tallene er først offentlige, når alt, "
            "der blev meldt ind i det, er med."
        )


def _is_over(con: "DuckDBPyConnection", period: Selection) -> bool:
    """Return whether the data hold a half-year and know of a day after: no release adds to it."""
    data, after = asking.dataset(con), period.interval[1]
    return data.covers(period) and after <= max(data.last_day, nowcast.delays(con).known)


@kept
def published(con: "DuckDBPyConnection", season: str, half: str) -> "DataFrame":
    """Return `district, location, dimension, name, at_least` of every place in a half-year.

    As `protection.protected` does; what is blank, and what counts them all, is named "".
    """
    selection = asking.resolve(con, Selection(season, half))
    return protection.protected(counts(con, selection), taxonomy.UNWANTED)


def counts(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `district, location, dimension, name, incidents` of every location in a half-year.

    They are not for everybody.
    """
    given = {"hours": _HOURS, "divided": taxonomy.UNWANTED, "blank": BLANK}
    return frame(con, "public/counts", bound(con, selection) | given)


def of_place(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `dimension, name, at_least` of the selection's place, by dimension in order.

    Names are in words; `at_least` is null where the place's table of a dimension is left out.
    Raises SelectionError as `check`, and for a location that lies in several districts, of which
    none is named.
    """
    check(con, selection)
    found = published(con, selection.season.name, selection.half)
    own = found["location"] == (selection.location or "")
    if selection.district or not selection.location:
        own &= found["district"] == (selection.district or "")
    found = found[own]
    if found["district"].nunique() > 1:
        raise SelectionError(f"{selection.location} ligger i flere bydele; vælg en af dem.")
    return _in_order(found.drop(columns=["district", "location"]))


def half_years(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `name, at_least` of the place in the same half of each season that the data cover."""
    import pandas as pd

    rows = [(danish.capital(one.period), _total(con, one)) for one in _periods(con, selection)]
    return pd.DataFrame(rows, columns=["name", "at_least"]).astype({"at_least": float})


def _periods(con: "DuckDBPyConnection", selection: Selection) -> list[Selection]:
    data = asking.dataset(con)
    periods = [selection.in_season(one) for one in data.seasons if one <= selection.season]
    return [one for one in periods if _is_over(con, one)]


def _total(con: "DuckDBPyConnection", selection: Selection) -> float:
    own = of_place(con, selection)
    whole = own.loc[own["dimension"] == "", "at_least"]
    # A district that no register knows is among those of the half-years in which it was met.
    return whole.iloc[0] if len(whole) else nan


def places(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `place, dimension, name, at_least` of the places within, in all and by urotype.

    Of the city its districts, of a district its locations, of a location none.
    """
    found = published(con, selection.season.name, selection.half)
    if selection.location:
        within = found.iloc[:0]
    elif selection.district:
        within = found[(found["district"] == selection.district) & (found["location"] != "")]
    else:
        within = found[(found["district"] != "") & (found["location"] == "")]
    within = within[within["dimension"].isin(["", "category"])]
    place = within["location"].where(within["location"] != "", within["district"])
    within = within.assign(place=place).drop(columns=["district", "location"])
    return _in_order(within).sort_values("place", kind="stable", ignore_index=True)


def every_place(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `period, district, location, dimension, name, at_least` of all with public numbers.

    In the half-years of `half_years`, by dimension in order: the city, the districts, and the
    locations of the register. As `published`, but names in words.
    """
    import pandas as pd

    found = pd.concat(
        published(con, one.season.name, one.half).assign(period=danish.capital(one.period))
        for one in _periods(con, selection)
    )
    known = ["", *(location for (location,) in con.table("location").select("location").fetchall())]
    return _in_order(found[found["location"].isin(known)])


def _in_order(found: "DataFrame") -> "DataFrame":
    """Return counts with their names in words, by dimension and in the order to show them."""
    told = [_told(row.dimension, row.name) for row in found.itertuples(index=False)]
    orders = [_order(row.dimension, row.name) for row in found.itertuples(index=False)]
    rank = [("", *DIMENSIONS).index(dimension) for dimension in found["dimension"]]
    found = found.assign(name=told, rank=rank, order=orders)
    return found.sort_values(["rank", "order", "name"], ignore_index=True).drop(
        columns=["rank", "order"]
    )


def _order(dimension: str, name: str) -> int:
    known = {"quarter": list(_QUARTERS), "hour": [str(hour) for hour in range(24)]}
    order = known.get(dimension) or taxonomy.order(dimension)
    if name in order:
        return order.index(name)
    # After what is known stands what nobody knows, and last what is blank.
    return len(order) + {UNKNOWN_LABEL: 1, "": 2}.get(name, 0)


def _told(dimension: str, name: str) -> str:
    if dimension == "quarter":
        return _QUARTERS[name]
    if dimension == "hour":
        return danish.hours(int(name), int(name) + _HOURS) if name else "Ukendt tidspunkt"
    return name or (BLANK if dimension else "")
