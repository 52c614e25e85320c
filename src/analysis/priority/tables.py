"""The list and what belongs to it as tables: frames of `ranking` and `backtest` in and out."""

from datetime import date
from typing import TYPE_CHECKING

from analysis.core import asking, danish
from analysis.core.rounding import rounded
from analysis.core.selection import Selection
from analysis.priority import experience
from analysis.priority.reasons import ALIKE, NO_HOURS, OWN, UNKNOWN_HOURS

if TYPE_CHECKING:
    from pandas import DataFrame

HEADINGS = {
    "location": "Lokation",
    "rank": "Plads",
    "rank_alone": "Plads efter data alene",
    "expected": "Ventet score",
    "expected_alone": "Ventet efter data alene",
    "interval": "Ni af ti måneder mellem",
    "low": "Lav",
    "high": "Høj",
    "rounds": "Runderinger",
    "rounds_alone": "Runderinger efter data alene",
    "reason": "Hvorfor (hændelser i selvbetjent åbningstid)",
    "why": "Hvorfor",
    "locations": "Steder",
    "given": "Fordelt på",
    "entered": "Erfaringen gælder",
    "told": "Retning og styrke",
    "note": "Note",
    "share": "Andel af scoren",
    "difference": "Listens forspring (procentpoint)",
    "replaced": "Udskiftet pr. måned",
    "shared": "Fælles med listen",
    "left": "Falder ud",
    "come": "Kommer ind",
}
# What follows a location's name on the list, and what ends its row.
_DECIDED = ["rounds", "district"]
_PLACES = ["rank_before", "rank_alone"]
STRENGTHS = {1: "lidt", 2: "noget", 3: "meget"}
_NO_DATA = {
    UNKNOWN_HOURS: "åbningstiden er ukendt",
    ALIKE: "ingen hændelser i selvbetjent åbningstid",
    NO_HOURS: "ingen selvbetjent åbningstid",
}
# More lines than this do not fit on the one-page print.
MOST_PRINTED = 10
_MOST_DRAWN, _MOST_ALIKE = 12, 4


def title(what: str, month: date, top: int) -> str:
    """Return the caption of a table of the list's top, which holds at most so many lines."""
    cut = f", de {MOST_PRINTED} første" if top > MOST_PRINTED else ""
    return f"{what}, {danish.month(month)}{cut}"


def headings(month: date, top: int) -> dict[str, str]:
    """Return the headings of the tables for a month's list."""
    before = danish.MONTHS[month.month - 2]
    return HEADINGS | {
        "chance_top": f"Sandsynlighed for top {top}",
        "rank_before": f"Plads i {before}",
    }


def of_place(ranked: "DataFrame", selection: Selection) -> "DataFrame":
    """Return the rows of the selection's place: all of them where the whole city is chosen."""
    kept = ranked
    for name in ("district", "location", "facility"):
        if (value := getattr(selection, name)) is not None:
            kept = kept[kept[name].isin(asking.each(value))]
    return kept


def record_table(judged: "DataFrame") -> "DataFrame":
    """Return `name, share, difference, interval, replaced`: fractions, and percentage points."""
    return judged.assign(
        difference=judged["difference"] * 100,
        interval=[
            danish.interval(low * 100, high * 100, 1) if low == low else danish.UNKNOWN
            for low, high in zip(judged["low"], judged["high"], strict=True)
        ],
    )[["name", "share", "difference", "interval", "replaced"]]


def list_table(ranked: "DataFrame", most: int | None = None) -> "DataFrame":
    """Return the list for the meeting, its first rows or all, the interval in words."""
    rows = first_rows(ranked, most)
    ends = zip(rows["low"], rows["high"], strict=True)
    interval = [danish.interval(low, high, _decimals(low, high)) for low, high in ends]
    return rows.assign(interval=interval)[
        ["rank", "location", *_DECIDED, "expected", "interval", "chance_top", *_PLACES]
    ]


def whole_list(ranked: "DataFrame") -> "DataFrame":
    """Return the list with every location, the interval's ends as numbers."""
    ends = ranked[["low", "high"]]
    if (ends == ends.round()).all(axis=None):
        ranked = ranked.assign(**ends.astype("int64"))
    columns = ["rank", "location", *_DECIDED, "expected", "low", "high", "chance_top"]
    return ranked[[*columns, *_PLACES]]


def reasons_table(ranked: "DataFrame", most: int | None = None) -> "DataFrame":
    """Return why the locations of the list stand where they do, its first rows or all."""
    return first_rows(ranked, most)[["rank", "location", "reason"]]


def first_rows(ranked: "DataFrame", most: int | None) -> "DataFrame":
    """Return the rows that are printed of so many asked for; None is all."""
    return ranked if most is None else ranked.head(min(most, MOST_PRINTED))


def below(ranked: "DataFrame", most: int) -> "DataFrame":
    """Return the rows that are not printed of so many asked for."""
    return ranked.iloc[len(first_rows(ranked, most)) :]


def other_rounds(ranked: "DataFrame", most: int) -> "DataFrame":
    """Return `district, rounds, given` of the rounds below the printed rows.

    `given` says how many each place gets: "Ørestad Bibliotek 2, Havnebadet 1".
    """
    got = below(ranked, most).query("rounds > 0")
    each = got["location"] + "\u00a0" + got["rounds"].map(danish.number)
    return (
        got.assign(given=each)
        .groupby("district", as_index=False, dropna=False)
        .agg(rounds=("rounds", "sum"), given=("given", ", ".join))
        .astype({"given": "str"})
    )


def _decimals(low: float, high: float) -> int:
    """Return the decimals of scores, none where the weights are whole."""
    return 0 if float(low).is_integer() and float(high).is_integer() else 1


def drawn(ranked: "DataFrame", selection: Selection) -> "DataFrame":
    """Return the rows that `charts.priorities` draws, with their places before their names.

    The first of the list, those of a chosen place, and the first ones without own figures.
    """
    import pandas as pd

    picked = set(of_place(ranked, selection)["location"]) if is_narrow(selection) else set()
    alike = ranked[(ranked["source"] != OWN) & (ranked["expected"] > 0)].head(_MOST_ALIKE)
    kept = ranked["location"].isin(picked | set(alike["location"])) | (
        ranked["rank"] <= _MOST_DRAWN
    )
    rows = ranked[kept]
    return pd.DataFrame(
        {
            "name": [f"{row.rank}. {row.location}" for row in rows.itertuples()],
            "value": rows["expected"],
            "low": rows["low"],
            "high": rows["high"],
            "chance": rows["chance_top"],
            "hollow": rows["source"] != OWN,
            "chosen": rows["location"].isin(picked),
        }
    )


def is_narrow(selection: Selection) -> bool:
    """Return whether a place or a kind of place is chosen."""
    return any(getattr(selection, name) for name in ("district", "location", "facility"))


def side_by_side(ranked: "DataFrame") -> "DataFrame":
    """Return `location` with place, expected score and rounds by data alone and with experience."""
    return ranked[
        [
            "location",
            "rank_alone",
            "rank",
            "expected_alone",
            "expected",
            "rounds_alone",
            "rounds",
        ]
    ]


def entered(ranked: "DataFrame", entries: "DataFrame", month: date) -> "DataFrame":
    """Return a row an entry and location: `location, entered, told` and what it changed.

    `rank_alone, rank, rounds_alone, rounds` are before and after all entries, this one among them.
    """
    import pandas as pd

    changed = ["rank_alone", "rank", "rounds_alone", "rounds"]
    rows = []
    for entry in experience.of_month(entries, month).itertuples():
        meant = experience.meant(entry, ranked)
        rows += [
            (each.location, *_told(entry), *(getattr(each, name) for name in changed))
            for each in ranked[meant].itertuples()
        ]
    return pd.DataFrame(rows, columns=["location", "entered", "told", *changed])


def notes(entries: "DataFrame", month: date) -> "DataFrame":
    """Return `entered, told, note` of a month's entries with a note, the strongest first."""
    import pandas as pd

    found = experience.of_month(entries, month).query("note != ''")
    strongest = found.sort_values("strength", ascending=False, kind="stable")
    rows = [(*_told(entry), entry.note) for entry in strongest.itertuples()]
    return pd.DataFrame(rows, columns=["entered", "told", "note"])


def _told(entry: object) -> tuple[str, str]:
    """Return what an entry is for, and its direction and strength, in words."""
    whose = entry.location if isinstance(entry.location, str) else f"Hele {entry.district}"
    way = "Op" if entry.direction == experience.UP else "Ned"
    return whose, f"{way}, {STRENGTHS[entry.strength]}"


def by_district(ranked: "DataFrame") -> "DataFrame":
    """Return `district, locations, expected, rounds_alone, rounds`, most rounds first."""
    found = ranked.groupby("district", as_index=False, dropna=False).agg(
        locations=("location", "size"),
        expected=("expected", "sum"),
        rounds_alone=("rounds_alone", "sum"),
        rounds=("rounds", "sum"),
    )
    return rounded(found).sort_values(
        ["rounds", "expected", "district"], ascending=[False, False, True], ignore_index=True
    )


def without_figures(ranked: "DataFrame") -> "DataFrame":
    """Return `location, district, rank, expected, rounds, why` of those without own figures."""
    rows = ranked[ranked["source"] != OWN]
    return rows.assign(why=rows["source"].map(_NO_DATA).map(danish.capital))[
        ["location", "district", "rank", "expected", "rounds", "why"]
    ]
