"""What incidents are held against: visits, open days, opening hours and self-service hours.

Each assumption about them gives a `Basis`: the exposure of two periods, month for month, or the
reason why there is none.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from analysis.core import danish
from analysis.core.asking import bound, dataset, frame
from analysis.core.kept import kept
from analysis.core.rounding import rounded
from analysis.core.selection import Selection, unknown
from analysis.core.taxonomy import CLOSED, RESTRICTED, UNCLEAR_HOURS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame, Series

# The mark of a rate of which a part is assumed.
ASSUMED = "*"


class Assumption(NamedTuple):
    """One way to count the exposure.

    `choice` is the parameter's word for it, `name` and `per` the page's: "Besøg, kalenderår" and
    "pr. besøg efter kalenderår". `column` is one of `sql/months.sql`; `prose/method.md`
    says under the name how it is counted. `doubts` are the columns in which a month shows that a
    part of it is assumed. `self_service_only` and `clear_days_only` confine the incidents as they
    do the hours; `staffed_only` is for those of a selection without self-service.
    """

    choice: str
    name: str
    per: str
    column: str = ""
    doubts: tuple[str, ...] = ()
    self_service_only: bool = False
    clear_days_only: bool = False
    staffed_only: bool = False

    @property
    def is_visits(self) -> bool:
        """Whether visits are counted, which can be borrowed from another year."""
        return "visits" in self.column


NONE = Assumption("ingen", "Antallet alene", "i antallet alene")
_VISITS = ("of_whole_year", "borrowed_from")
_UNSURE = ("restricted_days", "unclear_days")
ASSUMPTIONS = (
    NONE,
    Assumption(
        "besøg",
        "Besøg, måned for måned",
        "pr. besøg måned for måned",
        "visits",
        _VISITS,
    ),
    Assumption(
        "besøg",
        "Besøg, åbne dage",
        "pr. besøg fordelt på åbne dage",
        "visits_on_open_days",
        (*_VISITS, *_UNSURE),
    ),
    Assumption(
        "besøg",
        "Besøg, kalenderår",
        "pr. besøg efter kalenderår",
        "year_visits",
        ("year_visits",),
    ),
    Assumption(
        "åbne dage",
        "Åbne dage",
        "pr. åben dag",
        "open_days",
        _UNSURE,
    ),
    Assumption(
        "åbningstimer",
        "Åbningstimer",
        "pr. åbningstime",
        "hours",
        _UNSURE,
    ),
    Assumption(
        "åbningstimer",
        "Åbningstimer (laveste skøn)",
        "pr. åbningstime efter det laveste skøn over timerne",
        "hours_if_short",
        _UNSURE,
    ),
    Assumption(
        "åbningstimer",
        "Bemandede timer",
        "pr. bemandet time",
        "staffed_hours",
        _UNSURE,
        staffed_only=True,
    ),
    Assumption(
        "selvbetjente timer",
        "Selvbetjente timer",
        "pr. selvbetjent time",
        "self_service_hours",
        _UNSURE,
        self_service_only=True,
    ),
    Assumption(
        "selvbetjente timer",
        "Selvbetjente timer, kun dage med kendt åbningstid",
        "pr. selvbetjent time på dage med kendt åbningstid",
        "self_service_hours_on_clear_days",
        ("restricted_days",),
        self_service_only=True,
        clear_days_only=True,
    ),
)
# The words of the choice where all its assumptions say the same.
CHOICES = {
    "ingen": NONE.per,
    "besøg": "pr. besøg",
    "åbne dage": "pr. åben dag",
    "åbningstimer": "pr. åbningstime",
    "selvbetjente timer": "pr. selvbetjent time",
}


class Basis(NamedTuple):
    """The exposure of two periods under an assumption.

    `before` and `after` hold each month's, in any unit that both share, summed over `locations`
    (None: every one); `lacking` are those of the register that have none. `assumed` tells month for
    month whether a part is assumed in either period, and `details` what and where, in Danish. Where
    there is no exposure `reason` says why, in Danish.
    """

    assumption: Assumption
    before: tuple[float, ...] = ()
    after: tuple[float, ...] = ()
    locations: frozenset[str] | None = None
    lacking: frozenset[str] = frozenset()
    assumed: tuple[bool, ...] = ()
    details: tuple[str, ...] = ()
    reason: str = ""


@kept
def bases(con: "DuckDBPyConnection", before: Selection, after: Selection) -> list[Basis]:
    """Return the basis of each assumption, the counts alone first.

    One that says the same as another of its choice is left out, and where the first of a choice has
    no exposure its reason stands for all. None of them has any exposure where the data do not cover
    both periods.
    """
    periods = (before, after)
    if not dataset(con).covers(*periods):
        reason = "data ikke dækker begge perioder helt"
        firsts = {one.choice: one for one in reversed(ASSUMPTIONS)}
        return [Basis(firsts[choice], reason=reason) for choice in CHOICES]
    months = [_months(con, one) for one in periods]
    found, firsts = {}, {}
    for one in _offered(before.self_service):
        made = _basis(one, months, periods)
        first = firsts.setdefault(one.choice, made)
        if made is first or not (made.reason and first.reason):
            same = (one.choice, rounded((made.before, made.after)), made.reason)
            found.setdefault(same, made)
    return list(found.values())


def _offered(self_service: bool | None) -> list[Assumption]:
    """Return the assumptions for a filter: without self-service the hours are the staffed ones."""
    staffed = self_service is False
    return [
        one for one in ASSUMPTIONS if one.choice != "åbningstimer" or one.staffed_only == staffed
    ]


def choice(given: str | None) -> str:
    """Return one of CHOICES: "ingen" (as None), "besøg", "åbningstimer" and so on.

    Raises SelectionError, in Danish, for another word.
    """
    wanted = str(given or "ingen").strip().lower()
    if wanted not in CHOICES:
        raise unknown("grundlag", given, CHOICES)
    return wanted


def basis_of(made: Sequence[Basis], given: str | None) -> Basis:
    """Return the first basis of a choice; raises SelectionError, in Danish, for another word."""
    wanted = choice(given)
    return next(basis for basis in made if basis.assumption.choice == wanted)


def open_months(
    con: "DuckDBPyConnection",
    selection: Selection,
    year: int,
    days: tuple[date, date] | None = None,
) -> "DataFrame":
    """Return the days, hours and visits of each location and month; see `months.sql`.

    `year` is that of `year_visits`; `days`, the first and the one after the last, stand for the
    selection's own.
    """
    kinds = {"closed": CLOSED, "restricted": RESTRICTED, "unclear": UNCLEAR_HOURS}
    given = bound(con, selection, days=days) | {"year": year} | kinds
    return frame(con, "comparison/months", given)


def _months(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    found = open_months(con, selection, _year(selection))
    unknown_hours = found["unknown_days"] > 0
    for column in found.columns[found.columns.str.contains("hours|open_days")]:
        found[column] = found[column].mask(unknown_hours)
    borrowed = found["borrowed_from"].notna()
    for column in ("visits", "visits_on_open_days"):
        # Some of a period may be borrowed from another year, but not all of it.
        found[column] = found[column].mask(borrowed.groupby(found["location"]).transform("all"))
    found["year_visits"] /= 12
    return found


def _year(selection: Selection) -> int:
    """Return the calendar year that a period mostly lies in; of several, the first."""
    return Counter(month.year for month in selection.months).most_common(1)[0][0]


def _basis(
    one: Assumption, months: Sequence["DataFrame"], periods: tuple[Selection, Selection]
) -> Basis:
    length = len(periods[0].months)
    if one is NONE:
        return Basis(one, (1.0,) * length, (1.0,) * length)
    if reason := _unmatched(one, periods[0].self_service):
        return Basis(one, reason=reason)
    complete = [
        set(part["location"]) - set(part["location"][part[one.column].isna()]) for part in months
    ]
    used = complete[0] & complete[1]
    if not used:
        return Basis(one, reason=_missing(one, complete, periods))
    kept = [part[part["location"].isin(used)] for part in months]
    sums = [tuple(part.groupby("month")[one.column].sum()) for part in kept]
    for each, period in zip(sums, periods, strict=True):
        if not sum(each):
            return Basis(one, reason=f"der ingen {one.choice} var i {period.period}")
    doubtful = [_doubtful(part, one).groupby(part["month"]).any() for part in kept]
    return Basis(
        one,
        *sums,
        frozenset(used),
        frozenset(months[0]["location"]) - used,
        tuple(map(bool, doubtful[0].to_numpy() | doubtful[1].to_numpy())),
        _details(one, kept, periods),
    )


def _doubtful(months: "DataFrame", one: Assumption) -> "Series":
    """Return in which rows of `_months` a part of the exposure is assumed."""
    return (months[list(one.doubts)].fillna(0) > 0).any(axis=1)


def _details(
    one: Assumption, months: Sequence["DataFrame"], periods: tuple[Selection, Selection]
) -> tuple[str, ...]:
    """Return what of an exposure is assumed, and in which months, a sentence each."""
    import pandas as pd

    every = pd.concat(months).drop_duplicates(["location", "month"])
    told = []
    if "of_whole_year" in one.doubts and every["of_whole_year"].any():
        rows = every[every["of_whole_year"]]
        told.append(f"Besøgene{_where(rows, every)} er kun opgjort for hele år")
    if "borrowed_from" in one.doubts:
        borrowed = every[every["borrowed_from"].notna()]
        on_open_days = one.column == "visits_on_open_days"
        for year, rows in borrowed.groupby("borrowed_from"):
            where = _where(rows, every)
            told.append(
                f"Fordelt på åbne dage er besøgene{where} regnet med lige så mange "
                f"pr. åben dag som i de samme måneder i {year:.0f}"
                if on_open_days
                else f"Besøgene{where} er ikke opgjort og er regnet med lige så mange "
                f"pr. dag som i de samme måneder i {year:.0f}"
            )
    if "year_visits" in one.doubts:
        years = [f"{period.period} med besøgene i {_year(period)}" for period in periods]
        told.append(f"Efter kalenderår regnes {danish.listing(years)}, hver måned med en tolvtedel")
    for column, kind in (("restricted_days", "indskrænket"), ("unclear_days", "uafklaret")):
        rows = every[every[column] > 0]
        if column in one.doubts and len(rows):
            told.append(
                f"Åbningstiden{_of_places(rows, every)} var {kind} i "
                f"{month_ranges(rows['month'].dt.date)}, og tiderne kendes ikke sikkert"
            )
    return tuple(told)


def _where(rows: "DataFrame", every: "DataFrame") -> str:
    """Return " på Støberiet i oktober 2024", the places only where rows are not of all."""
    return f"{_of_places(rows, every)} i {month_ranges(rows['month'].dt.date)}"


def _of_places(rows: "DataFrame", every: "DataFrame") -> str:
    """Return " på Støberiet" or " på 3 af 27 lokationer" where rows are not of all, else ""."""
    some, places = rows["location"].unique(), every["location"].nunique()
    if len(rows) == places * rows["month"].nunique():
        return ""
    if len(some) == 1:
        return f" på {some[0]}"
    if len(some) == places:
        return " på nogle af lokationerne"
    return f" på {danish.number(len(some))} af {danish.number(places)} lokationer"


def month_ranges(months: Iterable[date]) -> str:
    """Return months as "oktober 2024 og januar–marts 2025"."""
    numbered = {12 * month.year + month.month: month for month in months}
    return danish.listing(
        [_run(numbered[run[0]], numbered[run[-1]]) for run in danish.runs(numbered)]
    )


def _run(first: date, last: date) -> str:
    if first == last:
        return danish.month(first)
    name = danish.MONTHS[first.month - 1]
    start = name if first.year == last.year else f"{name} {first.year}"
    return f"{start}–{danish.month(last)}"


def _unmatched(one: Assumption, self_service: bool | None) -> str:
    """Return why the incidents of a filter on self-service have no such exposure, or ""."""
    if self_service is None or one.staffed_only or (self_service and one.self_service_only):
        return ""
    if one.self_service_only:
        return "udvalget ikke omfatter selvbetjent åbningstid"
    if one.is_visits:
        return "besøgene ikke er delt op efter selvbetjening"
    if one.column == "open_days":
        return "en åben dag kan være både bemandet og selvbetjent"
    return "timerne også omfatter dem med personale"


def _missing(one: Assumption, complete: Sequence[set], periods: tuple[Selection, Selection]) -> str:
    what = "besøgstal" if one.is_visits else "åbningstider"
    if one.column == "visits_on_open_days":
        what = "besøgstal eller åbningstider"
    by_year = one.column == "year_visits"
    lacking = [
        f"kalenderåret {_year(period)}" if by_year else period.period
        for period, found in zip(periods, complete, strict=True)
        if not found
    ]
    if not lacking:
        return f"ingen lokation har {what} for begge perioder"
    return f"{what} mangler for {danish.listing(lacking)}"
