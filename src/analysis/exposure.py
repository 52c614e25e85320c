"""What incidents are held against: visits, open days, opening hours and self-service hours.

Each assumption about them gives a `Basis`: the exposure of two periods, month for month, or the
reason why there is none.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from analysis import danish
from analysis.barometer import bound, dataset, frame
from analysis.selection import Selection, unknown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

CLOSED = "Lukning"
RESTRICTED = "Indskrænket åbningstid"
UNCLEAR = "Uafklaret åbningstid"
# The mark of a rate of which a part is assumed.
ASSUMED = "*"


class Assumption(NamedTuple):
    """One way to count the exposure.

    `choice` is the parameter's word for it, `name` and `per` the page's: "Besøg, kalenderår" and
    "pr. besøg efter kalenderår". `column` is one of `sql/exposure/months.sql`, `note` says what is
    assumed. `self_service_only` confines the incidents as it does the hours.
    """

    choice: str
    name: str
    per: str
    column: str = ""
    note: str = ""
    self_service_only: bool = False

    @property
    def is_visits(self) -> bool:
        """Whether visits are counted, which can be borrowed from another year."""
        return "visits" in self.column


NONE = Assumption("ingen", "Antallet alene", "i antallet alene")
_IF_SHORT = (
    "som ovenfor, men i perioder med uafklaret åbningstid med samme tider som under indskrænkningen"
)
ASSUMPTIONS = (
    NONE,
    Assumption(
        "besøg",
        "Besøg, måned for måned",
        "pr. besøg måned for måned",
        "visits",
        "besøgene i periodens egne måneder; er kun et helt år opgjort, er det fordelt jævnt på "
        "årets dage",
    ),
    Assumption(
        "besøg",
        "Besøg, dage uden lukning",
        "pr. besøg fordelt på dage uden lukning",
        "visits_on_open_days",
        "det samme, men fordelt på de dage, hvor der ikke var lukket",
    ),
    Assumption(
        "besøg",
        "Besøg, kalenderår",
        "pr. besøg efter kalenderår",
        "year_visits",
        "hele perioden får besøgstallet fra det kalenderår, den mest ligger i; et vinterhalvår fra "
        "det år, det begynder i",
    ),
    Assumption(
        "dage uden lukning",
        "Dage uden lukning",
        "pr. dag uden lukning",
        "open_days",
        "alle dage uden for lukkeperioder; faste lukkedage i ugen er talt med",
    ),
    Assumption(
        "åbningstimer",
        "Åbningstimer",
        "pr. åbningstime",
        "hours",
        "de oplyste åbningstider uden lukkeperioder",
    ),
    Assumption(
        "åbningstimer",
        "Åbningstimer, færrest",
        "pr. åbningstime med færrest timer",
        "hours_if_short",
        _IF_SHORT,
    ),
    Assumption(
        "selvbetjente timer",
        "Selvbetjente timer",
        "pr. selvbetjent time",
        "self_service_hours",
        "timer med åbent uden personale; kun hændelser i selvbetjent åbningstid er talt med",
        self_service_only=True,
    ),
    Assumption(
        "selvbetjente timer",
        "Selvbetjente timer, færrest",
        "pr. selvbetjent time med færrest timer",
        "self_service_hours_if_short",
        _IF_SHORT,
        self_service_only=True,
    ),
)
# The words of the choice where all its assumptions say the same.
CHOICES = {
    "ingen": NONE.per,
    "besøg": "pr. besøg",
    "dage uden lukning": "pr. dag uden lukning",
    "åbningstimer": "pr. åbningstime",
    "selvbetjente timer": "pr. selvbetjent time",
}


class Basis(NamedTuple):
    """The exposure of two periods under an assumption.

    `before` and `after` hold each month's, in any unit that both share, summed over `locations`
    (None: every one); `left_out` is how many of the register's have none. `assumed` marks a rate
    of which a part is assumed. Where there is no exposure `reason` says why, in Danish.
    """

    assumption: Assumption
    before: tuple[float, ...] = ()
    after: tuple[float, ...] = ()
    locations: frozenset[str] | None = None
    left_out: int = 0
    assumed: bool = False
    reason: str = ""


def bases(con: "DuckDBPyConnection", before: Selection, after: Selection) -> list[Basis]:
    """Return the basis of each assumption, the counts alone first.

    One that says the same as another of its choice is left out. None of them has any exposure where
    the data do not cover both periods.
    """
    periods = (before, after)
    if not dataset(con).covers(*periods):
        reason = "data ikke dækker begge perioder helt"
        firsts = {one.choice: one for one in reversed(ASSUMPTIONS)}
        return [Basis(firsts[choice], reason=reason) for choice in CHOICES]
    months = [_months(con, one) for one in periods]
    found = {}
    for one in ASSUMPTIONS:
        made = _basis(one, months, periods)
        found.setdefault((one.choice, made.before, made.after, made.reason), made)
    return list(found.values())


def chosen(made: Sequence[Basis], choice: str | None) -> Basis:
    """Return the first basis of a choice: "ingen" (as None), "besøg", "åbningstimer" and so on.

    Raises SelectionError, in Danish, for another word.
    """
    wanted = str(choice or "ingen").strip().lower()
    for basis in made:
        if basis.assumption.choice == wanted:
            return basis
    raise unknown("exposure", choice, CHOICES)


def _months(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    given = bound(con, selection)
    # Of several years that it lies in equally long, the first.
    year = Counter(month.year for month in selection.months).most_common(1)[0][0]
    names = ("starts", "ends", "district", "location", "facility")
    found = frame(
        con,
        "exposure/months",
        {name: given[name] for name in names}
        | {"year": year, "closed": CLOSED, "restricted": RESTRICTED, "unclear": UNCLEAR},
    )
    unknown_hours = found["unknown_days"] > 0
    for column in found.columns[found.columns.str.contains("hours")]:
        found[column] = found[column].mask(unknown_hours)
    for column in ("visits", "visits_on_open_days"):
        # Some of a period may be borrowed from another year, but not all of it.
        found[column] = found[column].mask(found.groupby("location")["borrowed"].transform("all"))
    found["year_visits"] /= 12
    return found.assign(other_year=found["month"].dt.year != year)


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
    mark = {"year_visits": "other_year", "visits": "borrowed", "visits_on_open_days": "borrowed"}
    doubtful = mark.get(one.column, "unsure_days") if one.column != "open_days" else None
    return Basis(
        one,
        *sums,
        frozenset(used),
        months[0]["location"].nunique() - len(used),
        bool(doubtful) and any(part[doubtful].any() for part in kept),
    )


def _unmatched(one: Assumption, self_service: bool | None) -> str:
    """Return why the incidents of a filter on self-service have no such exposure, or ""."""
    if self_service is None or (self_service and one.self_service_only):
        return ""
    if one.self_service_only:
        return "udvalget ikke omfatter selvbetjent åbningstid"
    return "besøg og åbningstid ikke er delt op efter selvbetjening"


def _missing(one: Assumption, complete: Sequence[set], periods: tuple[Selection, Selection]) -> str:
    what = "besøgstal" if one.is_visits else "åbningstider"
    lacking = [period.period for period, found in zip(periods, complete, strict=True) if not found]
    if not lacking:
        return f"ingen lokation har {what} for begge perioder"
    return f"{what} mangler for {danish.listing(lacking)}"
