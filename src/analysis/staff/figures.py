"""Staff safety: what the surveys say, how sure it is, and incidents beside it.

A survey tells a share of its answers. Where their number is unknown there is no interval, and
nothing here makes one up: an interval for a supposed number of answers is called an example.
A share that the document tells only a lower bound of ("over 90 pct.") can be anything from there
up, and so can what is made of it.
"""

from dataclasses import replace
from itertools import combinations, pairwise
from math import nan
from typing import TYPE_CHECKING, NamedTuple

from analysis.comparison import changes
from analysis.core import asking, danish, taxonomy
from analysis.core.asking import bound, frame
from analysis.core.danish import unbroken
from analysis.core.rounding import rounded
from analysis.core.season import Season
from analysis.core.selection import Selection
from analysis.measures.timeline import at
from analysis.show import phrases
from analysis.show.phrases import INCALCULABLE
from analysis.statistics import poisson_interval, quasi_rate_ratio, wilson_interval
from analysis.statistics.shares import answers_needed, difference, successes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from IPython.display import Markdown
    from pandas import DataFrame

# What the remark of a share says where the document tells only that it is above it.
LOWER_BOUND = "nedre grænse"
NOT_KNOWN = "antal svar er ikke oplyst, så usikkerheden kan ikke beregnes"
NO_CAUSE = (
    "Tallene står ved siden af hinanden, fordi de handler om de samme steder. "
    "De viser ikke, at det ene er årsag til det andet."
)
# The numbers of answers that the example shows.
EXAMPLES = (20, 40, 80)
HEADINGS = {
    "name": "Måling",
    "year": "År",
    "answers": "Svar",
    "interval": "95\u00a0%-sikkerhedsinterval",
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
_STAFF = taxonomy.LABELS["victim"][1]
_SAFER = {1: "højere", 0: "den samme", -1: "lavere"}
# Follows a share in a chart that is a lower bound.
_OR_MORE = " eller mere"


class Change(NamedTuple):
    """Two shares that are compared, of two years at a place or of two places in a year.

    `answers` are None where their number is unknown; the interval is then (nan, nan). `at_least`
    says that a share is a lower bound: the interval then holds that of every share from there up.
    """

    place: str
    place_before: str
    year: int
    year_before: int
    share: float
    share_before: float
    answers: int | None
    answers_before: int | None
    low: float
    high: float
    at_least: bool = False
    at_least_before: bool = False

    @property
    def is_known(self) -> bool:
        """Whether both numbers of answers are known."""
        return bool(self.answers and self.answers_before)

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the difference leaves out 0."""
        return self.is_known and (self.low > 0 or self.high < 0)

    @property
    def points(self) -> int:
        """The difference of the two shares as told, in whole percentage points."""
        return round((self.share - self.share_before) * 100)

    @property
    def way(self) -> int | None:
        """1 for a rise, -1 for a fall, 0 for none; None where a lower bound leaves it open."""
        if self.at_least or self.at_least_before:
            is_rise = self.points > 0 and not self.at_least_before
            is_fall = self.points < 0 and not self.at_least
            return 1 if is_rise else -1 if is_fall else None
        return (self.points > 0) - (self.points < 0)

    @property
    def size(self) -> str:
        """The difference in percentage points without its sign: "5", "mindst 23"."""
        least = "mindst " if self.at_least or self.at_least_before else ""
        return f"{least}{danish.number(abs(self.points))}"

    @property
    def needed(self) -> int | None:
        """How many answers to each, or more, make the difference clear.

        None where the numbers of answers are known, and where there may be no difference.
        """
        if self.is_known or not self.way:
            return None
        return answers_needed(self.share, self.share_before)


def surveys(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `location, year, question, share, answers, remark` of every survey of the places.

    `answers` is a whole number or missing; the year is the survey's own, not the season's.
    """
    return frame(con, "staff/surveys", bound(con, selection))


def everywhere(selection: Selection) -> Selection:
    """Return the same selection for the whole city."""
    return replace(selection, district=None, location=None, facility=None)


def shares(found: "DataFrame") -> "DataFrame":
    """Return `name, value, low, high, mark` of surveys: Wilson's interval where it can be known."""
    return found.assign(
        name=[f"{row.location} {row.year}" for row in found.itertuples()],
        value=found["share"],
        low=[_interval(row)[0] for row in found.itertuples()],
        high=[_interval(row)[1] for row in found.itertuples()],
        mark=[_OR_MORE if _at_least(row) else "" for row in found.itertuples()],
    )[["name", "value", "low", "high", "mark"]]


def _interval(row: object) -> tuple[float, float]:
    answers = _answers(row)
    if not answers:
        return nan, nan
    least, most = (wilson_interval(count, answers) for count in _counts(row))
    return least.low, most.high


def _counts(row: object) -> tuple[int, int]:
    """Return the fewest and the most of the answers that a share can stand for."""
    answers = _answers(row)
    count = successes(row.share, answers)
    return count, answers if _at_least(row) else count


def _answers(row: object) -> int | None:
    import pandas as pd

    return None if pd.isna(row.answers) else int(row.answers)


def _at_least(row: object) -> bool:
    return isinstance(row.remark, str) and LOWER_BOUND in row.remark


def share_table(found: "DataFrame") -> "DataFrame":
    """Return `location, year, share, answers, interval, remark`, the interval in words.

    A share is a number, or text where it is a lower bound.
    """
    shown = found[["location", "year", "answers", "remark"]].copy()
    shares = [_cell(row.share, _at_least(row)) for row in found.itertuples()]
    shown.insert(2, "share", shares)
    told = []
    for row in found.itertuples():
        low, high = _interval(row)
        told.append(f"{danish.interval(low * 100, high * 100)} %" if low == low else INCALCULABLE)
    shown.insert(4, "interval", told)
    return shown


def _cell(share: float, at_least: bool) -> float | str:
    return _share(share, at_least) if at_least else share


def headline(found: "DataFrame", place: str) -> "Markdown":
    """Return the page's first sentences: what the latest survey of each place says."""
    from IPython.display import Markdown

    return Markdown(told(found, place))


def told(found: "DataFrame", place: str) -> str:
    """Return the same as text."""
    if found.empty:
        return f"**Der er ingen tryghedsmåling blandt medarbejderne for {place}.**"
    latest = found.sort_values("year").groupby(["question", "location"], sort=False).tail(1)
    latest = latest.sort_values(["share", "location"], ascending=[False, True])
    asked = [
        f"»{question}«: "
        + "; ".join(
            f"{row.location} {_share(row.share, _at_least(row))} ({row.year})"
            for row in part.itertuples()
        )
        for question, part in latest.groupby("question")
    ]
    lacking = sum(_answers(row) is None for row in found.itertuples())
    note = ""
    if lacking:
        which = "alle målinger" if lacking == len(found) else f"{lacking} af {len(found)} målinger"
        which = "målingen" if len(found) == 1 else which
        note = f" For {which} gælder: {NOT_KNOWN}."
    return f"**Andel af medarbejderne. {'. '.join(asked)}.**{note}"


def _share(share: float, at_least: bool) -> str:
    return f"{'over ' if at_least else ''}{danish.number(share * 100)} %"


def examples(found: "DataFrame", answers: tuple[int, ...] = EXAMPLES) -> "DataFrame":
    """Return `name, value, low, high` that surveys of unknown answers would have with so many.

    So many of them are counted as come nearest to the share; a lower bound is taken as it stands.
    """
    import pandas as pd

    rows = []
    for row in found.itertuples():
        for number in () if _answers(row) else answers:
            count = successes(row.share, number)
            name = f"{row.location} {row.year}: {unbroken(f'{count} af {number} svar')}"
            rows.append((name, count / number, *wilson_interval(count, number)))
    return pd.DataFrame(rows, columns=["name", "value", "low", "high"])


def waves(found: "DataFrame") -> list[Change]:
    """Return the changes from each survey of a place to its next with the same question."""
    return [
        _change(before, after)
        for _, part in found.groupby(["question", "location"], sort=False)
        for before, after in pairwise(part.sort_values("year").itertuples())
    ]


def between(found: "DataFrame") -> list[Change]:
    """Return the differences between the places of one year's surveys with the same question."""
    return [
        _change(one, other)
        for _, part in found.groupby(["question", "year"])
        for one, other in combinations(part.sort_values(["share", "location"]).itertuples(), 2)
    ]


def _change(before: object, after: object) -> Change:
    answers, answers_before = _answers(after), _answers(before)
    low, high = nan, nan
    if answers and answers_before:
        fewest, most = _counts(after)
        fewest_before, most_before = _counts(before)
        low = difference(fewest, answers, most_before, answers_before).low
        high = difference(most, answers, fewest_before, answers_before).high
    return Change(
        after.location,
        before.location,
        int(after.year),
        int(before.year),
        after.share,
        before.share,
        answers,
        answers_before,
        *rounded((low, high)),
        _at_least(after),
        _at_least(before),
    )


def told_change(change: Change) -> str:
    """Return a change from one survey to the next of the same place in words."""
    before = f"{_share(change.share_before, change.at_least_before)} i {change.year_before}"
    after = _share(change.share, change.at_least)
    where = f"{change.place} {change.year}"
    if change.way is None:
        return (
            f"{where}: om andelen er steget eller faldet, kan ikke siges; den var {before} og er "
            f"nu {after}."
        )
    if not change.way:
        lead = f"{where}: andelen er uændret siden {change.year_before} ({after})"
    else:
        way = "steget" if change.way > 0 else "faldet"
        lead = f"{where}: andelen er {way} med {change.size} procentpoint, fra {before} til {after}"
    if not change.is_known:
        hint = (
            f" Ændringen ville være klar, hvis mindst {danish.number(change.needed)} havde svaret "
            "hver gang."
            if change.needed
            else ""
        )
        return f"{lead}; {NOT_KNOWN}.{hint}"
    verdict = (
        "Ændringen er større, end tilfældige udsving normalt giver"
        if change.is_clear
        else "Ændringen er ikke klar: tilfældige udsving alene kan give den"
    )
    return f"{lead}. {verdict} ({_interval_told(change)})."


def _interval_told(change: Change) -> str:
    low, high = (danish.signed(round(end * 100)) for end in (change.low, change.high))
    return f"95\u00a0%-sikkerhedsinterval for forskellen {low} til {high} procentpoint"


def changes_told(found: list[Change]) -> "Markdown":
    """Return every change in words, or that there is none to tell."""
    from IPython.display import Markdown

    if not found:
        return Markdown(
            "Ændringen kan ikke beregnes, fordi ingen af stederne er målt mere end én gang."
        )
    return Markdown("\n\n".join(f"**{told_change(each)}**" for each in found))


def change_table(found: list[Change]) -> "DataFrame":
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


def _difference(change: Change) -> str:
    if change.way is None:
        return "kan ikke siges"
    return f"{change.size} {'højere' if change.way > 0 else 'lavere'}" if change.way else "ingen"


def _interval_cell(change: Change) -> str:
    if not change.is_known:
        return INCALCULABLE
    low, high = (danish.signed(round(end * 100)) for end in (change.low, change.high))
    return f"{low} til {high} ({'klar' if change.is_clear else 'ikke klar'})"


def beside(con: "DuckDBPyConnection", selection: Selection, found: "DataFrame") -> "DataFrame":
    """Return `location, season, incidents, against_staff` of the surveyed places, zeros too.

    The same half of every season that touches a year from the first survey to the last, or the
    selection's own, as far as the data go.
    """
    data = asking.dataset(con)
    if found.empty or not data.last_day:
        return frame(con, "staff/seasons", _asked(con, selection, [], []))
    first = min(int(found["year"].min()) - 1, selection.season.start_year)
    last = max(int(found["year"].max()), selection.season.start_year)
    seasons = [Season(f"{year}/{year + 1}") for year in range(first, last + 1)]
    covered = [
        season
        for season in seasons
        if season.interval(selection.half)[0] <= data.last_day
        and season.interval(selection.half)[1] > data.first_day
    ]
    places = sorted(found["location"].unique())
    return frame(con, "staff/seasons", _asked(con, selection, places, covered))


def _asked(
    con: "DuckDBPyConnection", selection: Selection, places: list[str], seasons: list[Season]
) -> dict:
    periods = seasons or [selection.season]
    days = periods[0].interval()[0], periods[-1].interval()[1]
    return bound(con, selection, days=days) | {
        "half": selection.half,
        "locations": places,
        "seasons": [season.name for season in seasons],
        "staff": _STAFF,
    }


def counted(side: "DataFrame") -> "DataFrame":
    """Return `name, value, low, high` of the incidents of `beside`, with exact intervals."""
    bounds = [poisson_interval(count) for count in side["incidents"]]
    return side.assign(
        name=side["location"] + " " + side["season"],
        value=side["incidents"],
        low=[low for low, _ in bounds],
        high=[high for _, high in bounds],
    )[["name", "value", "low", "high"]]


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
            _cell(row.share, _at_least(row)),
        )
        for row in found.itertuples()
        if row.location in set(side["location"])
    ]
    ordered = [(row[0], *row[3:]) for row in sorted(rows, key=lambda row: row[:3])]
    columns = ["location", "when", "incidents", "against_staff", "share"]
    return pd.DataFrame(ordered, columns=columns).astype(
        {"incidents": "Int64", "against_staff": "Int64"}
    )


def side_by_side(
    con: "DuckDBPyConnection", selection: Selection, side: "DataFrame", found: "DataFrame"
) -> "Markdown":
    """Return incidents and staff safety beside each other in words, without a cause.

    Where the weeks of the two seasons vary clearly more than chance, the wider interval decides
    whether the incidents changed.
    """
    from IPython.display import Markdown

    parts = []
    for change in waves(found):
        counts = side[side["location"] == change.place].set_index("season")["incidents"]
        before, after = (
            Season(f"{year - 1}/{year}").name for year in (change.year_before, change.year)
        )
        if before in counts and after in counts:
            ends = [(season, int(counts[season])) for season in (before, after)]
            varied = 1.0
            # A place without incidents need not be one that anybody else knows.
            if any(count for _, count in ends):
                there = at(con, selection, change.place)
                seasons = (replace(there, season=season) for season, _ in ends)
                varied = changes.spread(con, *seasons).deciding
            parts.append(together(change, *ends, varied))
    if not parts:
        parts = ["Ingen af stederne er målt to gange i en periode, hvor der også er hændelser."]
    return Markdown("\n\n".join([*parts, NO_CAUSE]))


def together(
    change: Change, before: tuple[str, int], after: tuple[str, int], spread: float = 1.0
) -> str:
    """Return what was reported in two seasons and what the surveys of their last years said.

    The incidents vary `spread` times as much as independent ones.
    """
    compared = rounded(quasi_rate_ratio(after[1], before[1], spread))
    clear = compared.low > 1 or compared.high < 1
    step = phrases.change(before[1], after[1])
    sure = (
        ""
        if after[1] == before[1]
        else ", mere end tilfældige udsving normalt giver, hvis hændelserne ikke følges ad"
        if clear and spread == 1
        else ", mere end tilfældige udsving normalt giver, også når hændelserne følges ad"
        if clear
        else ", hvilket kan være tilfældige udsving"
    )
    shares = (
        f"{_share(change.share_before, change.at_least_before)} i {change.year_before} og "
        f"{_share(change.share, change.at_least)} i {change.year}"
    )
    safer = (
        f"Andelen af trygge medarbejdere var {_SAFER[change.way]} i den seneste måling"
        if change.way is not None
        else "Om andelen af trygge medarbejdere er steget eller faldet, kan ikke siges"
    )
    return (
        f"{change.place}: Antallet af hændelser er {step} fra {before[0]} til {after[0]} "
        f"({danish.number(before[1])} og {danish.number(after[1])}){sure}. {safer}: {shares}."
    )
