"""What the staff answered, beside the incidents, as tables."""

from math import nan
from typing import TYPE_CHECKING

from analysis.core import danish
from analysis.core.danish import unbroken
from analysis.show.phrases import INCALCULABLE
from analysis.staff.figures import EXAMPLES, ShareChange, answered, is_lower_bound, share_interval
from analysis.staff.words import share_text
from analysis.statistics import wilson_interval
from analysis.statistics.shares import successes

if TYPE_CHECKING:
    from pandas import DataFrame


HEADINGS = {
    "name": "Måling",
    "year": "År",
    "answers": "Svar",
    "interval": "Usikkerhed",
    "remark": "Bemærkning",
    "value": "Andel",
    "low": "Laveste",
    "high": "Højeste",
    "after": "Andel trygge",
    "against": "Forrige måling",
    "before": "Andel i forrige måling",
    "change": "Forskel i procentpoint",
    "needed": "Svar pr. måling, før forskellen er klar",
    "when": "Hvornår",
    "incidents": "Hændelser",
    "against_staff": "Mod medarbejdere",
    "share": "Andel trygge",
}
# The same between places, where a survey is held against another place's.
HEADINGS_BETWEEN = HEADINGS | {
    "against": "Målingen et andet sted",
    "before": "Andel det andet sted",
}


def share_table(found: "DataFrame") -> "DataFrame":
    """Return `location, year, share, answers, interval, remark`, the interval in words.

    A share is a number, or text where it is a lower bound.
    """
    shown = found[["location", "year", "answers", "remark"]].copy()
    shares = [_cell(row.share, is_lower_bound(row)) for row in found.itertuples()]
    shown.insert(2, "share", shares)
    told = []
    for row in found.itertuples():
        low, high = share_interval(row)
        told.append(f"{danish.interval(low * 100, high * 100)} %" if low == low else INCALCULABLE)
    shown.insert(4, "interval", told)
    return shown


def _cell(share: float, at_least: bool) -> float | str:
    return share_text(share, at_least) if at_least else share


def examples(found: "DataFrame", answers: tuple[int, ...] = EXAMPLES) -> "DataFrame":
    """Return `name, value, low, high` that surveys of unknown answers would have with so many.

    So many of them are counted as come nearest to the share; a lower bound is taken as it stands.
    """
    import pandas as pd

    rows = []
    for row in found.itertuples():
        for number in () if answered(row) else answers:
            count = successes(row.share, number)
            name = f"{row.location} {row.year}: {unbroken(f'{count} af {number} svar')}"
            rows.append((name, count / number, *wilson_interval(count, number)))
    return pd.DataFrame(rows, columns=["name", "value", "low", "high"])


def change_table(found: list[ShareChange]) -> "DataFrame":
    """Return `name, after, against, before, change, interval, needed`, `change` in words.

    `needed` is how many answers each time would make the difference clear, null where there is
    none or where the numbers of answers are known.
    """
    import pandas as pd

    rows = [
        (
            f"{each.place} {each.year}",
            _cell(each.share, each.at_least),
            f"{each.place_before} {each.year_before}",
            _cell(each.share_before, each.at_least_before),
            _difference(each),
            _interval_cell(each),
            each.needed,
        )
        for each in found
    ]
    columns = ["name", "after", "against", "before", "change", "interval", "needed"]
    return pd.DataFrame(rows, columns=columns).astype({"needed": "Int64"})


def _difference(change: ShareChange) -> str:
    if change.way is None:
        return "kan ikke siges"
    return f"{change.size} {'højere' if change.way > 0 else 'lavere'}" if change.way else "ingen"


def _interval_cell(change: ShareChange) -> str:
    if not change.is_known:
        return INCALCULABLE
    low, high = (danish.signed(round(end * 100)) for end in (change.low, change.high))
    return f"{low} til {high} ({'klar' if change.is_clear else 'ikke klar'})"


def side_table(side: "DataFrame", found: "DataFrame") -> "DataFrame":
    """Return `location, when, incidents, against_staff, share` in order of time.

    A survey's year stands between the season that ends in it and the one that begins in it.
    """
    import pandas as pd

    rows = [
        (row.location, int(row.season[:4]), 1, row.season, row.incidents, row.against_staff, nan)
        for row in side.itertuples()
    ]
    rows += [
        (
            *(row.location, row.year, 0, f"måling {row.year}", None, None),
            _cell(row.share, is_lower_bound(row)),
        )
        for row in found.itertuples()
        if row.location in set(side["location"])
    ]
    ordered = [(row[0], *row[3:]) for row in sorted(rows, key=lambda row: row[:3])]
    columns = ["location", "when", "incidents", "against_staff", "share"]
    return pd.DataFrame(ordered, columns=columns).astype(
        {"incidents": "Int64", "against_staff": "Int64"}
    )
