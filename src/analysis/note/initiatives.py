"""The note's section on what is done for safety: measures, shifts and staff surveys."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analysis.core import danish, prose
from analysis.core.selection import Selection
from analysis.note.figures import Period, day_of
from analysis.note.summary import period_days
from analysis.note.words import About, bullets, in_words, placeholder, sentence
from analysis.show.phrases import markdown
from analysis.staff import words
from analysis.staff.figures import waves

if TYPE_CHECKING:
    from IPython.display import Markdown
    from pandas import DataFrame


def section(place: About, now: Period, running: "DataFrame") -> "Markdown":
    """Return what was done: the measures of `figures.efforts`."""
    if now.held == "none":
        return markdown(kinds_sentence(place, now, running), placeholder("other_measures"))
    return markdown(
        # The list says it, where there is one.
        kinds_sentence(place, now, running) if running.empty else "",
        measure_list(place, running),
        no_proof(running),
        placeholder("other_measures"),
    )


def kinds_sentence(place: About, now: Period, running: "DataFrame") -> str:
    """Return which kinds of measure ran, in one sentence; `running` are `figures.efforts`."""
    if running.empty:
        if now.held == "none":
            return f"Data dækker ikke {now.name}, og der er ikke registreret tiltag i perioden."
        return f"Der er ikke registreret tryghedsskabende tiltag {place.at} i {now.name}."
    kinds = sorted({danish.lower(kind) for kind in running["kind"]})
    at = place.at
    if place.kind != "location":
        where = running["location"].nunique()
        at = f"på {in_words(where, 'én')} {'lokation' if where == 1 else 'lokationer'} {place.at}"
    count = in_words(len(kinds), "ét")
    if now.held == "none":
        return (
            f"Data dækker ikke {now.name}. På forhånd er der registreret {count} tiltag {at}: "
            f"{danish.listing(kinds)}."
        )
    lead = f"{danish.capital(count)} tiltag har været i gang {at} i {now.name}"
    return f"{lead}: {danish.listing(kinds)}."


def measure_list(place: About, running: "DataFrame") -> str:
    """Return each measure in a line of a list: kind, where, when and what.

    The same measure at several locations is one line.
    """
    lines: dict[tuple, list[str]] = {}
    for row in running.itertuples(index=False):
        key = (row.kind, day_of(row.starts), day_of(row.ends), row.description)
        lines.setdefault(key, []).append(row.location)
    return bullets([_measure(place, *key, where) for key, where in lines.items()])


def _measure(
    place: About,
    kind: str,
    starts: date | None,
    ends: date | None,
    description: str | None,
    where: Sequence[str],
) -> str:
    at = "" if place.kind == "location" else f" på {danish.listing(list(where))}"
    parts = [f"**{kind}**{at} ({period_days(starts, ends)})."]
    parts += [sentence(description)] if isinstance(description, str) else []
    return " ".join(parts)


def no_proof(running: "DataFrame") -> str:
    """Return that a change after a measure is no effect of it, where there is any."""
    return "" if running.empty else prose.text("method/Årsag")


def shift_list(place: About, planned: "DataFrame") -> str:
    """Return when a team is there by its plan: "Natteværter: mandag–torsdag kl. 13–17".

    `planned` is `presence.shifts`.
    """
    if planned.empty:
        return ""
    keys = ["location", "team", "starts", "ends", "valid_from", "valid_to", "shared"]
    lines: dict[tuple[str, str], list[str]] = {}
    for key, rows in planned.groupby(keys, dropna=False, sort=False):
        location, team, starts, ends, first, last, shared = key
        hours = danish.hours(starts, ends)
        plan = f"{danish.weekdays(rows['weekday'])} {hours} "
        plan += f"({period_days(day_of(first), day_of(last))})"
        plan += ". Vagten deles med andre lokationer. Tiderne er de længst mulige" * shared
        lines.setdefault((team, plan), []).append(location)
    told = [
        f"{team}{'' if place.kind == 'location' else f' på {danish.listing(where)}'}: {plan}."
        for (team, plan), where in lines.items()
    ]
    return "Ifølge vagtplanen er følgende til stede:\n\n" + bullets(told)


def survey_list(place: About, found: "DataFrame", selection: Selection) -> str:
    """Return what the staff say of their own safety, the latest survey of each place.

    `found` is `staff.figures.surveys`; those of later years than the selection are left out.
    """
    last = (selection.interval[1] - timedelta(days=1)).year
    found = found[found["year"] <= last]
    told, *reserved = words.survey_sentences(found, place.name)
    return " ".join([told, *map(words.step_sentence, waves(found)), *reserved])


def ending(place: About, measured: "DataFrame", running: "DataFrame", selection: Selection) -> str:
    """Return which measures ended with the period without another of their kind after them.

    `measured` are all known measures, also those that begin later.
    """
    import pandas as pd

    after = pd.Timestamp(selection.interval[1])
    alive = measured[~(measured["ends"] < after)]
    going_on = set(zip(alive["location"], alive["kind"], strict=True))
    gone = [
        danish.lower(row.kind)
        + ("" if place.kind == "location" else f" på {row.location}")
        + f" (til og med {danish.day(row.ends.date())})"
        for row in running.sort_values(["ends", "location", "kind"]).itertuples()
        if (row.location, row.kind) not in going_on
    ]
    if not gone:
        return ""
    return (
        "Følgende tiltag slutter i perioden, og der er ikke registreret en fortsættelse: "
        f"{danish.listing(gone)}."
    )
