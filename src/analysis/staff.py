"""Staff safety: what the surveys say, how sure it is, and incidents beside it.

A survey tells a share of its answers. Where their number is unknown there is no interval, and
nothing here makes one up: an interval for a supposed number of answers is called an example.
"""

from dataclasses import replace
from itertools import combinations, pairwise
from math import nan
from typing import TYPE_CHECKING, NamedTuple

from analysis import barometer, danish, names, taxonomy
from analysis.barometer import bound, frame
from analysis.season import Season
from analysis.selection import Selection
from analysis.shares import answers_needed, difference
from analysis.statistics import poisson_interval, rate_ratio, wilson_interval

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
    "against": "Sammenlignet med",
    "before": "Før",
    "after": "Nu",
    "change": "Forskel i procentpoint",
    "needed": "Svar, der skulle til hver gang",
    "when": "Hvornår",
    "incidents": "Hændelser",
    "against_staff": "Mod medarbejdere",
    "share": "Andel trygge",
}
_STAFF = taxonomy.LABELS["victim"][1]
_MARK = "*"


class Change(NamedTuple):
    """Two shares that are compared, of two years at a place or of two places in a year.

    `answers` are None where their number is unknown; the interval is then (nan, nan). `at_least`
    says that a share is a lower bound.
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


def surveys(con: "DuckDBPyConnection", selection: Selection) -> "DataFrame":
    """Return `location, year, question, share, answers, remark` of every survey of the places.

    `answers` is a whole number or missing; the year is the survey's own, not the season's.
    """
    known = bound(con, selection)
    given = {name: known[name] for name in ("district", "location", "facility")}
    return frame(con, "staff/surveys", given)


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
        mark=[_MARK if _at_least(row) else "" for row in found.itertuples()],
    )[["name", "value", "low", "high", "mark"]]


def _interval(row: object) -> tuple[float, float]:
    answers = _answers(row)
    return wilson_interval(row.share * answers, answers) if answers else (nan, nan)


def _answers(row: object) -> int | None:
    import pandas as pd

    return None if pd.isna(row.answers) else int(row.answers)


def _at_least(row: object) -> bool:
    return isinstance(row.remark, str) and LOWER_BOUND in row.remark


def share_table(found: "DataFrame") -> "DataFrame":
    """Return `location, year, share, answers, interval, remark`, the interval in words."""
    shown = found[["location", "year", "share", "answers", "remark"]].copy()
    told = []
    for row in found.itertuples():
        low, high = _interval(row)
        told.append(
            f"{danish.interval(low * 100, high * 100)} %" if low == low else "kan ikke beregnes"
        )
    shown.insert(4, "interval", told)
    return shown


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


def _share(share: float, at_least: bool = False) -> str:
    return f"{'mindst ' if at_least else ''}{danish.number(share * 100)} %"


def examples(found: "DataFrame", answers: tuple[int, ...] = EXAMPLES) -> "DataFrame":
    """Return `name, value, low, high` that surveys of unknown answers would have with so many."""
    import pandas as pd

    rows = [
        (
            f"{row.location} {row.year}, ved {number} svar",
            row.share,
            *wilson_interval(row.share * number, number),
        )
        for row in found.itertuples()
        if _answers(row) is None
        for number in answers
    ]
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
        low, high = difference(
            after.share * answers, answers, before.share * answers_before, answers_before
        )
    return Change(
        after.location,
        before.location,
        int(after.year),
        int(before.year),
        after.share,
        before.share,
        answers,
        answers_before,
        low,
        high,
        _at_least(after),
        _at_least(before),
    )


def told_change(change: Change) -> str:
    """Return a change from one survey to the next of the same place in words."""
    step = _points(change.share - change.share_before)
    way = "uændret" if not step else "steget" if change.share > change.share_before else "faldet"
    before = _share(change.share_before, change.at_least_before)
    after = _share(change.share, change.at_least)
    where = f"{change.place} {change.year}"
    lead = (
        f"{where}: andelen er uændret siden {change.year_before} ({after})"
        if way == "uændret"
        else f"{where}: andelen er {way} fra {before} i {change.year_before} til {after}"
    )
    if not change.is_known:
        needed = answers_needed(change.share, change.share_before)
        hint = (
            f" Ændringen ville være klar, hvis mindst {needed} havde svaret hver gang."
            if needed and step
            else ""
        )
        return f"{lead}; {NOT_KNOWN}.{hint}"
    verdict = (
        "Ændringen er større, end tilfældige udsving normalt giver"
        if change.is_clear
        else "Ændringen er ikke klar: tilfældige udsving alene kan give den"
    )
    return f"{lead}. {verdict} ({_interval_told(change)})."


def _points(difference: float) -> int:
    return round(difference * 100)


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
    """Return `name, against, before, after, change, interval, needed`; `change` is in points.

    `needed` is how many answers each time would make the difference clear, null where there is
    none or where the numbers of answers are known.
    """
    import pandas as pd

    rows = [
        (
            f"{each.place} {each.year}",
            f"{each.place_before} {each.year_before}",
            each.share_before,
            each.share,
            _points(each.share - each.share_before),
            _interval_cell(each),
            None if each.is_known else answers_needed(each.share, each.share_before),
        )
        for each in found
    ]
    columns = ["name", "against", "before", "after", "change", "interval", "needed"]
    return pd.DataFrame(rows, columns=columns).astype({"needed": "Int64"})


def _interval_cell(change: Change) -> str:
    if not change.is_known:
        return "kan ikke beregnes"
    low, high = (danish.signed(round(end * 100)) for end in (change.low, change.high))
    return f"{low} til {high} ({'klar' if change.is_clear else 'ikke klar'})"


def beside(con: "DuckDBPyConnection", selection: Selection, found: "DataFrame") -> "DataFrame":
    """Return `location, season, incidents, against_staff` of the surveyed places, zeros too.

    The same half of every season that touches a year from the first survey to the last, or the
    selection's own, as far as the data go.
    """
    data = barometer.dataset(con)
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
    return bound(con, selection) | {
        "starts": periods[0].interval()[0],
        "ends": periods[-1].interval()[1],
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
        (row.location, row.year, 0, f"måling {row.year}", None, None, row.share)
        for row in found.itertuples()
        if row.location in set(side["location"])
    ]
    ordered = [(row[0], *row[3:]) for row in sorted(rows, key=lambda row: row[:3])]
    columns = ["location", "when", "incidents", "against_staff", "share"]
    return pd.DataFrame(ordered, columns=columns).astype(
        {"incidents": "Int64", "against_staff": "Int64"}
    )


def side_by_side(side: "DataFrame", found: "DataFrame") -> "Markdown":
    """Return incidents and staff safety beside each other in words, without a cause."""
    from IPython.display import Markdown

    parts = []
    for change in waves(found):
        counts = side[side["location"] == change.place].set_index("season")["incidents"]
        before, after = (
            Season(f"{year - 1}/{year}").name for year in (change.year_before, change.year)
        )
        if before in counts and after in counts:
            parts.append(
                together(change, (before, int(counts[before])), (after, int(counts[after])))
            )
    if not parts:
        parts = ["Ingen af stederne er målt to gange i en periode, hvor der også er hændelser."]
    return Markdown("\n\n".join([*parts, NO_CAUSE]))


def together(change: Change, before: tuple[str, int], after: tuple[str, int]) -> str:
    """Return what was reported in two seasons and what the surveys of their last years said."""
    compared = rate_ratio(after[1], before[1])
    clear = compared.low > 1 or compared.high < 1
    step = names.change(before[1], after[1])
    sure = (
        ""
        if after[1] == before[1]
        else ", mere end tilfældige udsving normalt giver"
        if clear
        else ", hvilket kan være tilfældige udsving"
    )
    safer = (
        "den samme"
        if change.share == change.share_before
        else "højere"
        if change.share > change.share_before
        else "lavere"
    )
    return (
        f"{change.place}: Antallet af hændelser er {step} fra {before[0]} til {after[0]} "
        f"({danish.number(before[1])} og {danish.number(after[1])}){sure}. "
        f"Andelen af trygge medarbejdere var {safer} i den seneste måling: "
        f"{_share(change.share_before, change.at_least_before)} i {change.year_before} og "
        f"{_share(change.share, change.at_least)} i {change.year}."
    )
