"""What the front page says: the figures of the other folders in, one short sentence each out."""

from typing import TYPE_CHECKING

from analysis.comparison.words import FALL, RISE, certainty, verdict_words
from analysis.core import danish, taxonomy
from analysis.core.headings import BLANK
from analysis.core.selection import Selection
from analysis.measures.evidence import MODERATE, STRONG, WEAK
from analysis.note.coming import Coming
from analysis.note.figures import Period
from analysis.note.initiatives import kinds_sentence
from analysis.note.words import About, bullets, in_words, lacking
from analysis.outlook.words import against_last, expected
from analysis.priority.tables import of_place
from analysis.show import phrases
from analysis.show.phrases import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from IPython.display import Markdown
    from pandas import DataFrame, Series

    from analysis.measures.effect import Effect

# What is seen of a measure's effect.
_SEEN = (WEAK, MODERATE, STRONG)

# What a verdict begins with; tests ask for these.
FELL, ROSE, SAME, UNDECIDED = "Faldet", "Steget", "Uændret", "Ikke til at afgøre"
# So many half-years are told of, the next first.
_MOST_HALVES = 2
# More than these share a place unnamed.
_MOST_TIED = 2
# So many places are named of those that need rounds most.
_MOST_FIRST = 3
# Which of the proofs is the verdict's.
VERDICT = "verdict"
# What a line begins with, and the page and the section that prove it.
PROVED = {
    VERDICT: ("03_season_comparison", "Sammenligning af antal og type indmeldinger"),
    "Hvem": ("02_barometer", "Demografi"),
    "Hvad": ("02_barometer", "Urotype"),
    "Hvornår": ("02_barometer", "Tidspunkt på dagen"),
    "Hvad er gjort": ("05_measures", "Virkning: er der sket færre hændelser end uden tiltaget?"),
    "Hvad kommer": ("06_outlook", "De kommende halvår"),
    "Hvor nu": ("07_priorities", "Listen til mødet"),
    "Personalet": ("08_staff_safety", "Målingerne"),
}


def verdict(
    now: Period,
    before: Period,
    answers: "DataFrame",
    clear_fall: float,
    *,
    doubted: bool,
    stopped: str = "",
) -> "Markdown":
    """Return whether there are fewer or more than before, and how sure that is, in a sentence.

    `answers` is `changes.answers`; `clear_fall` the largest count that would be a clear fall,
    missing where none would be; `doubted` whether incidents are reported in another way, `stopped`
    that they may not be reported (`nowcast.words.stopped`).
    """
    if left := lacking({one.name: one.held for one in (before, now)}):
        neither, what = left
        return markdown(f"**{UNDECIDED}:** Data dækker {neither} {what}.")
    old, new = before.incidents, now.incidents
    if not old + new:
        return markdown(f"**{SAME}:** Ingen hændelser er indmeldt, heller ikke i {before.name}.")
    counts = f"{phrases.incidents(new)} mod {danish.number(old)} i {before.name}"
    (said,) = verdict_words(answers.iloc[:1])
    if stopped or doubted:
        way = UNDECIDED
        told = f", men {stopped or 'der ser ud til at være meldt ind på en anden måde'}"
    else:
        way = {FALL: FELL, RISE: ROSE}.get(said, SAME if new == old else UNDECIDED)
        told = certainty(old, new, said, clear_fall)
    return markdown(f"**{proof(way, VERDICT)}:** {counts}{told}.")


def history(counts: "Series") -> "DataFrame":
    """Return `name, incidents` of `note.figures.history`, for the page's chart and its table."""
    return counts.rename_axis("name").rename("incidents").reset_index()


def title(now: Period, before: Period, compared: str, *, is_settled: bool = True) -> str:
    """Return the message of the page's chart: the count, and how many more or fewer.

    `compared` is the other period as a sentence names it. Of counts that are not settled, no change
    is told.
    """
    if now.held == "none":
        return f"Data dækker ikke {now.name}"
    said = phrases.incidents(now.incidents)
    if not is_settled or now.held != "whole" or before.held != "whole":
        return f"{said} i {now.name}"
    step = now.incidents - before.incidents
    way = f"{danish.number(abs(step))} {'færre' if step < 0 else 'flere'} end"
    return f"{said}, {way if step else 'lige så mange som'} i {compared}"


def lines(
    place: About,
    now: Period,
    hours: "Series",
    running: "DataFrame",
    effects: "Sequence[Effect]",
    coming: Coming,
    rounds: str,
    *,
    surveyed: str = "",
    since: str = "",
    is_past: bool = False,
) -> "Markdown":
    """Return who, what and when, what was done and what comes, each with where it is proved.

    `hours` are the incidents by hour, `running` the measures of `note.figures.efforts`, `effects`
    theirs, `rounds` is `next_rounds`, `surveyed` what a location's staff answer (of other places it
    is left out), and `since` is `changes.words.since_last`. Where the data go further than the page
    (`is_past`), what was expected is told as such, and no rounds.
    """
    told = {
        "Hvem": _who(now),
        "Hvad": _what(now),
        "Hvornår": _when(now, hours),
        "Hvad er gjort": f"{kinds_sentence(place, now, running)} {_helped(now, effects)}".strip(),
        "Hvad kommer": _coming(coming),
        "Hvor nu": "" if is_past else rounds,
        "Personalet": surveyed if place.kind == "location" else "",
        "Ændret": since,
    }
    return markdown(
        bullets([f"**{_led(name, is_past)}:** {text}" for name, text in told.items() if text])
    )


def _led(name: str, is_past: bool) -> str:
    text = "Hvad var ventet" if is_past and name == "Hvad kommer" else name
    return proof(text, name) if name in PROVED else text


def proof(text: str, name: str) -> str:
    """Return a text as a link to the section that proves a line."""
    notebook, section = PROVED[name]
    return f"[{text}]({notebook}.ipynb#{section.replace(' ', '-')})"


def _who(now: Period) -> str:
    known = now.groups.drop([taxonomy.UNKNOWN_GROUP, BLANK], errors="ignore")
    if not now.incidents:
        return ""
    if not known.sum():
        return "Ingen har angivet, hvem der stod bag."
    return f"{_leads(known, now.incidents, 'er registreret ved')}."


def _what(now: Period) -> str:
    return f"{_leads(now.types, now.incidents, 'ved')}." if now.incidents else ""


def _leads(counts: "Series", total: int, how: str) -> str:
    """Return "Udsatte voksne er registreret ved 51 af 68 hændelser (75 pct.)"."""
    names, most = phrases.leading(counts)
    share = f"{danish.number(most)} af {phrases.incidents(total)}"
    of_all = phrases.percent(most, total)
    each = " hver" if len(names) > 1 else ""
    return f"{phrases.sharing(names, 'slags')} {how}{each} {share} ({of_all})"


def _when(now: Period, hours: "Series") -> str:
    """Return the month and the hours with most, where few share the place."""
    if not now.incidents or now.held != "whole":
        return ""
    told = [
        f"{where}{danish.listing([name(one) for one in found])} "
        f"({danish.number(most)}{' hver' * (len(found) > 1)})"
        for counts, where, name in (
            (now.months, "i ", lambda month: danish.MONTHS[month.month - 1]),
            (hours, "", lambda hour: danish.hours(hour, hour + 1)),
        )
        if len(counts) and len(found := phrases.leading(counts)[0]) <= _MOST_TIED
        for most in [counts.max()]
    ]
    return f"Flest {'; '.join(told)}." if told else "Spredt over måneder og timer."


def _helped(now: Period, effects: "Sequence[Effect]") -> str:
    """Return whether the measures have worked, as far as can be seen; "" of a time without data."""
    seen = [one.compared.high < 1 for one in effects if one.evidence.level in _SEEN]
    ways = {"et fald": seen.count(True), "en stigning": seen.count(False)}
    told = danish.listing([f"{way} ved {in_words(n, 'ét')}" for way, n in ways.items() if n])
    if not effects or now.held == "none":
        return ""
    if not seen:
        return "Vi kan ikke se, om det har virket."
    if len(effects) == 1:
        return f"Der er tegn på {'et fald' if seen[0] else 'en stigning'}."
    rest = "" if len(seen) == len(effects) else "; om de øvrige har virket, kan vi ikke se"
    return f"Af {in_words(len(effects), 'ét')} tiltag er der tegn på {told}{rest}."


def next_rounds(ranked: "DataFrame | None", month: "date", selection: Selection) -> str:
    """Return where rounds are needed most in a month, by the meeting's list; "" without one."""
    own = None if ranked is None else of_place(ranked, selection)
    if own is None or own.empty:
        return ""
    when = danish.month(month)
    if selection.single_place[0] == "location":
        rank, places = danish.number(own["rank"].min()), danish.number(len(ranked))
        return f"Nr. {rank} af {places} på listen over behov for runderinger i {when}."
    first = danish.listing(list(own.nsmallest(_MOST_FIRST, "rank")["location"]))
    return f"Størst behov for runderinger i {when}: {first}."


def _coming(coming: Coming) -> str:
    if coming.reason:
        return f"Ingen prognose, fordi {coming.reason}."
    return " ".join(f"{expected(one)} {against_last(one)}" for one in coming.found[:_MOST_HALVES])


def further() -> "Markdown":
    """Return what to read next."""
    return markdown(
        "Læs videre: "
        + danish.listing(
            [
                f"[{text}]({name}.ipynb)"
                for text, name in (
                    ("alle visninger", "02_barometer"),
                    ("sammenligningen", "03_season_comparison"),
                    ("konflikttrappen", "04_conflict_ladder"),
                    ("tiltagene", "05_measures"),
                    ("prognosen", "06_outlook"),
                    ("listen til mødet", "07_priorities"),
                    ("personalets tryghed", "08_staff_safety"),
                    ("notatet", "09_status_note"),
                )
            ]
        )
        + "."
    )
