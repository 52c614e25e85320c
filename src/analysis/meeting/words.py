"""What the card of a district says: a month of `figures` in, short sentences and questions out."""

from typing import TYPE_CHECKING

from analysis.comparison.usual import Usual
from analysis.comparison.words import certainty, word
from analysis.core import danish
from analysis.core.rounding import rounded
from analysis.meeting.figures import Month
from analysis.nowcast.words import silence
from analysis.show import phrases
from analysis.signals.words import most, of_week

if TYPE_CHECKING:
    from pandas import DataFrame

# So many places of the list are asked about in one question.
_MOST_ASKED = 3
QUESTIONS = "Det skal du svare på"


def title(found: Month) -> str:
    """Return the card's title: "Nørrebro: mødet om november 2025"."""
    return f"{found.district}: mødet om {danish.month(found.month)}"


def headline(found: Month) -> str:
    """Return the month's count beside last year's and what is to come, or that nothing is new.

    Whether the change is more than chance is said as on the front page.
    """
    when = danish.month(found.month)
    if not found.is_covered:
        return f"Data dækker ikke hele {when}; her står det, der er kommet."
    if found.is_quiet:
        return f"Intet nyt i {when}: ingen hændelser, ingen usædvanlige uger og ingen nye tiltag."
    count, before = (int(found.places[one].sum()) for one in ("incidents", "before"))
    year = found.month.year - 1
    told = f"{phrases.incidents(count) if count else 'Ingen hændelser'} i {when}"
    if found.held is None:
        lead = f"{told}. Data dækker ikke samme måned {year}."
    else:
        lead = f"{told} mod {danish.number(before)} samme måned {year}"
        lead += f"{_certainty(found.held, before, count)}."
    return f"{lead} {found.unsettled}".strip()


def _certainty(held: Usual, before: int, count: int) -> str:
    if not before + count:
        return ""
    one = rounded(held.rate_ratio(count, before))
    return certainty(before, count, word(one.low, one.high), held.largest_clear_fall(before))


def news(found: Month) -> list[str]:
    """Return what else is new, a sentence each: unusual weeks, and measures that began or ended."""
    told = [f"{danish.capital(_week(row))}." for row in found.signals.itertuples()]
    for rows, verb, day in (
        (found.started, "begyndte", "starts"),
        (found.ended, "sluttede", "ends"),
    ):
        told += [
            f"{row.kind} {verb} på {row.location} den {danish.day(getattr(row, day))}."
            for row in rows.itertuples()
        ]
    return told


def nothing_new(found: Month) -> str:
    """Return the places without anything new, "" where there are none or all are such."""
    quiet = quiet_places(found)
    if not quiet or found.is_quiet:
        return ""
    return f"Intet nyt fra {danish.listing(quiet)}."


def quiet_places(found: Month) -> list[str]:
    """Return the places where nothing is new, by name.

    They had no incident, nor a year before, no signal, and no measure that began or ended.
    """
    signals = found.signals[found.signals["level"] == "location"]
    events = {*found.started["location"], *found.ended["location"], *signals["name"]}
    # One that may have stopped reporting is asked about.
    reporting = found.places["location"][found.places["last"].isna()]
    return sorted({*reporting} - {*found.counted["location"]} - events)


def questions(found: Month) -> list[str]:
    """Return what the district's representative is to answer at the meeting."""
    return [
        *(f"{danish.capital(_week(row))}. Hvad skete der?" for row in found.signals.itertuples()),
        *_serious(found.places),
        *_silent(found),
        *(
            f"{row.kind} på {row.location} slutter den {danish.day(row.ends)}. Skal det fortsætte?"
            for row in found.ending.itertuples()
        ),
        *_standing(found),
    ]


def _week(row: object) -> str:
    # Of a location half an incident may be usual.
    expected = danish.number(row.expected, 0 if row.expected >= 1 else 1)
    where = f"{row.name}: " if row.level == "location" else ""
    return (
        f"{where}{of_week(row.week)} havde {phrases.incidents(row.incidents)}, {most(row)}; ventet "
        f"var omkring {expected}"
    )


def _serious(places: "DataFrame") -> list[str]:
    told = []
    for row in places[(places["threats"] + places["violence"]) > 0].itertuples():
        counts = [
            danish.counted(count, *words)
            for count, words in (
                (row.threats, ("hændelse med trusler", "hændelser med trusler")),
                (row.violence, ("hændelse med fysisk vold", "hændelser med fysisk vold")),
            )
            if count
        ]
        text = f"{row.location}: {danish.listing(counts)}. Er der fulgt op?"
        if row.without_police:
            known = "Politiet er ikke registreret tilkaldt"
            times = (
                "" if row.without_police == row.violence else f" ved {row.without_police} af dem"
            )
            text += f" {known}{times}. Hvorfor?"
        told.append(text)
    return told


def _silent(found: Month) -> list[str]:
    return [silence(row) for _, row in found.places.dropna(subset="last").iterrows()]


def _standing(found: Month) -> list[str]:
    places = found.places[found.places["rounds"].fillna(0) > 0].sort_values("rank")
    if places.empty:
        return []
    when = danish.MONTHS[found.next_month.month - 1]
    told = [
        f"{row.location} er nr. {row.rank} og får "
        f"{danish.counted(row.rounds, 'rundering', 'runderinger')}."
        for row in places.head(_MOST_ASKED).itertuples()
    ]
    return [
        f"Listen for {when} har {danish.number(found.listed)} steder. {' '.join(told)} "
        "Passer det med din erfaring? Skal et sted højere eller lavere, og hvorfor?"
    ]


def mail(found: Month, attached: list[str]) -> str:
    """Return the draft of the mail that the card goes out with, as plain text."""
    asked = questions(found)
    numbered = [f"{n}. {text}" for n, text in enumerate(asked, 1)]
    parts = [
        "Hej",
        " ".join([headline(found), *news(found)]),
        nothing_new(found),
        "\n".join([f"{QUESTIONS}:", *numbered]) if asked else "Der er ingen spørgsmål til dig.",
        "Vedhæftet: " + danish.listing(attached) + ".",
        "Syntetiske data: Tallene er opdigtede til afprøvning." if found.data.synthetic else "",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"
