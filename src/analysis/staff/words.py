"""What the staff answered, and what it says beside the incidents, in words."""

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.comparison.usual import ONLY_CHANCE, Usual, usual
from analysis.core import danish, prose
from analysis.core.rounding import rounded
from analysis.core.season import Season
from analysis.core.selection import Selection
from analysis.measures.timeline import at_location
from analysis.show import phrases
from analysis.show.phrases import markdown
from analysis.staff.figures import NOT_KNOWN, ShareChange, answered, is_lower_bound, waves

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from IPython.display import Markdown
    from pandas import DataFrame


_SAFER = {1: "højere", 0: "den samme", -1: "lavere"}


def headline(found: "DataFrame", place: str) -> "Markdown":
    """Return the page's first sentences: what the latest survey of each place says."""
    told, *reserved = survey_sentences(found, place)
    return markdown(" ".join([f"**{told}**", *reserved]))


def survey_sentences(found: "DataFrame", place: str) -> list[str]:
    """Return what the latest survey of each place says, and that answers are unknown, if so."""
    if found.empty:
        return [f"Der er ingen tryghedsmåling blandt medarbejderne for {place}."]
    latest = found.sort_values("year").groupby(["question", "location"], sort=False).tail(1)
    latest = latest.sort_values(["share", "location"], ascending=[False, True])
    told = [_answers(str(question), part) for question, part in latest.groupby("question")]
    lacking = sum(answered(row) is None for row in found.itertuples())
    some = f"For {lacking} af {len(found)} målinger gælder: {NOT_KNOWN}."
    reserved = some if lacking < len(found) else f"{danish.capital(NOT_KNOWN)}."
    return [" ".join(told), *[reserved] * bool(lacking)]


def _answers(question: str, latest: "DataFrame") -> str:
    """Return the share of the staff who say what the survey asked about, a sentence of them all."""
    said = f"»{danish.lower(question)}«"
    rows = [
        (share_text(row.share, is_lower_bound(row)), row.location, row.year)
        for row in latest.itertuples()
    ]
    if len(rows) == 1:
        share, location, year = rows[0]
        return f"{danish.capital(share)} af medarbejderne på {location} {said} ({year})."
    each = [f"{share} på {location} ({year})" for share, location, year in rows]
    return f"Andelen af medarbejdere, der {said}, er {danish.listing(each)}."


def share_text(share: float, at_least: bool) -> str:
    """Return a share as "67 %", or "over 90 %" where it is the least it can be."""
    return f"{'over ' if at_least else ''}{danish.per_cent(share)}"


def change_sentence(change: ShareChange) -> str:
    """Return a change from one survey to the next of the same place, and how sure it is."""
    step = step_sentence(change)
    if change.way is None:
        return step
    if not change.is_known:
        hint = (
            f" Ændringen ville være klar, hvis mindst {danish.number(change.needed)} havde svaret "
            "hver gang."
            if change.needed
            else ""
        )
        return f"{step} {danish.capital(NOT_KNOWN)}.{hint}"
    verdict = (
        "Ændringen er større, end tilfældige udsving normalt giver"
        if change.is_clear
        else "Ændringen er ikke klar: tilfældige udsving alene kan give den"
    )
    return f"{step} {verdict} ({_interval_told(change)})."


def step_sentence(change: ShareChange) -> str:
    """Return a change from one survey to the next of the same place."""
    before = f"{share_text(change.share_before, change.at_least_before)} i {change.year_before}"
    after = f"{share_text(change.share, change.at_least)} i {change.year}"
    if change.way is None:
        return (
            f"Om andelen på {change.place} er steget eller faldet, kan ikke siges; den var "
            f"{before} og {after}."
        )
    if not change.way:
        return f"På {change.place} er andelen uændret siden {change.year_before} ({after})."
    way = "steget" if change.way > 0 else "faldet"
    return (
        f"På {change.place} er andelen {way} med {change.size} procentpoint, fra {before} til "
        f"{after}."
    )


def _interval_told(change: ShareChange) -> str:
    low, high = (danish.signed(round(end * 100)) for end in (change.low, change.high))
    return f"usikkerhed: {low} til {high} procentpoint"


def changes_sentence(found: list[ShareChange]) -> "Markdown":
    """Return every change in words, or that there is none to tell."""
    if not found:
        return markdown(
            "Ingen af de valgte steder er målt mere end én gang, så der er ingen ændring at vise."
        )
    return markdown("\n\n".join(f"**{change_sentence(each)}**" for each in found))


def incidents_and_safety(
    con: "DuckDBPyConnection", selection: Selection, side: "DataFrame", found: "DataFrame"
) -> "Markdown":
    """Return incidents and staff safety beside each other in words, without a cause.

    The incidents have changed where they did so by more than is usual between seasons.
    """
    parts = []
    for change in waves(found):
        counts = side[side["location"] == change.place].set_index("season")["incidents"]
        before, after = (
            Season(f"{year - 1}/{year}").name for year in (change.year_before, change.year)
        )
        if before in counts and after in counts:
            ends = [(season, int(counts[season])) for season in (before, after)]
            held = ONLY_CHANCE
            # A place without incidents need not be one that anybody else knows.
            if any(count for _, count in ends):
                there = at_location(con, selection, change.place)
                seasons = (replace(there, season=season) for season, _ in ends)
                held = usual(con, *seasons)
            parts.append(together(change, *ends, held))
    if not parts:
        parts = ["Ingen af stederne er målt to gange i en periode, hvor der også er hændelser."]
    return markdown("\n\n".join([*parts, prose.text("method/Tryghed og hændelser")]))


def together(
    change: ShareChange,
    before: tuple[str, int],
    after: tuple[str, int],
    held: Usual = ONLY_CHANCE,
) -> str:
    """Return what was reported in two seasons and what the surveys of their last years said.

    A change of the incidents is `held` against what is usual.
    """
    compared = rounded(held.rate_ratio(after[1], before[1]))
    clear = compared.low > 1 or compared.high < 1
    step = phrases.change(before[1], after[1])
    sure = (
        ""
        if after[1] == before[1]
        else ", mere end antallet plejer at svinge"
        if clear
        else ", hvilket kan være tilfældige udsving"
    )
    shares = (
        f"{share_text(change.share_before, change.at_least_before)} i {change.year_before} og "
        f"{share_text(change.share, change.at_least)} i {change.year}"
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
