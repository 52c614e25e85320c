"""What the page and the one-page print say of the list: figures in, sentences out."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from textwrap import shorten
from typing import TYPE_CHECKING

from analysis.core import danish, prose, taxonomy
from analysis.core.headings import DIMENSIONS
from analysis.core.rounding import rounded
from analysis.core.selection import FILTERS, PLACES, Selection, as_month
from analysis.outlook.scenario import Change
from analysis.priority import experience, need, tables
from analysis.priority.backtest import (
    OURS,
    RANDOM,
    RAW_ALL,
    RAW_MONTH,
    RAW_YEAR,
    SCORE_YEAR,
)
from analysis.priority.ranking import Settings
from analysis.priority.reasons import NO_HOURS, OWN
from analysis.severity import scores
from analysis.show import phrases
from analysis.show.phrases import markdown
from analysis.show.tables import table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from IPython.display import Markdown
    from pandas import DataFrame

    from analysis.show.tables import Table

# What the lists are by that ours is held against.
_LISTS_BY = {
    RAW_YEAR: "antallet i de seneste 12 måneder",
    RAW_ALL: "antallet i alle måneder",
    RAW_MONTH: "antallet i den seneste måned",
    SCORE_YEAR: "den relative score i de seneste 12 måneder",
}
# What the best of them counts, in a sentence.
_COUNTED = {
    RAW_YEAR: "at tælle de seneste 12 måneders hændelser",
    RAW_ALL: "at tælle alle hidtidige hændelser",
    RAW_MONTH: "at tælle den seneste måneds hændelser",
    SCORE_YEAR: "at lægge de seneste 12 måneders relative score sammen",
}
_MOST_NAMED = 3
# So many notes, so long, are read out on the one-page print.
_MOST_NOTES, _LONGEST_NOTE = 5, 150
# A time of year that changes all places by less is not told.
_LEAST_SEASON = 1.2
# More changes by experience than this do not fit on the one-page print.
_MOST_CHANGES = 4


def month_of(con: "DuckDBPyConnection", selection: Selection, month: str | None) -> date:
    """Return the first day of the month to rank: the one given as "2026-04", else the one after.

    That is the month after the selected half-year, or after the data where they end before it.
    Raises SelectionError for another text.
    """
    if month is not None:
        return as_month(month)
    return need.following(con, selection.interval[1] - timedelta(days=1))


def headline(
    ranked: "DataFrame",
    judged: "DataFrame",
    selection: Selection,
    found: need.History,
    month: date,
    settings: Settings,
) -> "Markdown":
    """Return the page's verdict: the chosen place, then who stands highest.

    `judged` is `backtest.table`. Where the list has not caught more than what it is held
    against, that comes first. It says where the data end before the month.
    """
    parts = [
        "" if beats(judged) else record_sentence(judged, settings.top),
        _chosen_told(ranked, selection, settings),
        _stands(ranked, month, settings) + _ahead(found, month),
    ]
    first, *rest = filter(None, parts)
    return markdown(f"**{first}**", *rest)


def _stands(ranked: "DataFrame", month: date, settings: Settings) -> str:
    when = danish.month(month)
    named = ranked[ranked["expected"] > 0]["location"].head(_MOST_NAMED).tolist()
    if not named:
        return f"Ingen lokation ventes at få hændelser i selvbetjent åbningstid i {when}."
    top = ranked.head(settings.top)
    share = phrases.percent(top["expected"].sum(), ranked["expected"].sum())
    return (
        f"Størst behov i {when}: {danish.listing(named)}. De {len(top)} øverste af "
        f"{danish.counted(len(ranked), 'lokation', 'lokationer')} ventes at få {share} af byens "
        f"score i selvbetjent åbningstid. De får {danish.number(top['rounds'].sum())} af "
        f"{danish.counted(settings.rounds, 'rundering', 'runderinger')}."
    )


def _chosen_told(ranked: "DataFrame", selection: Selection, settings: Settings) -> str:
    """Return where the chosen place stands, or "" where the whole city is chosen."""
    if not tables.is_narrow(selection):
        return ""
    found = tables.of_place(ranked, selection)
    if found.empty:
        return "Ingen lokation på listen svarer til udvalget."
    first = found.iloc[0]
    if len(found) == 1:
        return (
            f"{first['location']} står på plads {first['rank']} og får "
            f"{danish.counted(first['rounds'], 'rundering', 'runderinger')}. "
            + "Hændelser i selvbetjent åbningstid: " * (first["source"] != NO_HOURS)
            + first["reason"]
        )
    among = int((found["rank"] <= settings.top).sum())
    place = selection.facility if selection.is_city else selection.place
    return (
        f"{place}: {among} af {len(found)} lokationer er blandt de {settings.top} øverste; "
        f"højest er {first['location']} på plads {first['rank']}. I alt får de "
        f"{danish.counted(found['rounds'].sum(), 'rundering', 'runderinger')}."
    )


def scope(selection: Selection) -> "Markdown":
    """Return what the list is of, and which filters it does not use."""
    told = [
        DIMENSIONS[name].lower()
        for name in FILTERS
        if name not in PLACES and getattr(selection, name) is not None
    ]
    told += ["selvbetjent åbningstid"] if selection.self_service is not None else []
    left_out = f" Filteret på {danish.listing(told)} bruges ikke her." if told else ""
    return markdown(prose.text("rules/Listen") + left_out)


def beats(judged: "DataFrame") -> bool:
    """Return whether the list has caught more than everything it is held against."""
    others = judged[judged["name"] != OURS]
    return not others.empty and bool((others["difference"] > 0).all())


def record_sentence(judged: "DataFrame", top: int) -> str:
    """Return what the lists caught, held against the best of the others."""
    if judged.empty or judged["share"].isna().all():
        return (
            "Listen kan ikke prøves af, fordi der ikke er mindst et år med data før en måned, som "
            "data også dækker."
        )
    ours = judged.iloc[0]
    best = judged[~judged["name"].isin([OURS, RANDOM])].iloc[0]
    by_chance = judged.set_index("name")["share"][RANDOM]
    when = danish.counted(ours["lists"], "måned", "måneder")
    other = _LISTS_BY[best["name"]]
    shares = (
        f"Over {when} dækkede listens {top} øverste {_share(ours['share'])} af scoren i "
        f"selvbetjent åbningstid. En liste efter {other} dækkede {_share(best['share'])} og et "
        f"tilfældigt valg {_share(by_chance)}."
    )
    if not beats(judged):
        return f"Listen har ikke ramt bedre end en liste efter {other}. {shares}"
    clear = "klart bedre end" if best["low"] > 0 else "ikke klart bedre end blot"
    return f"{shares} Listen er {clear} {_COUNTED[best['name']]}."


def inside_note(made: "DataFrame") -> "Markdown":
    """Return how often a location's score lay between the two numbers told."""
    inside, judged = made["inside"].sum(), made["judged"].sum()
    if not judged:
        return markdown("")
    return markdown(
        "Ni af ti måneder skulle ligge mellem de to tal; det gjorde "
        f"{phrases.percent(inside, judged)} af {danish.number(judged)}. "
        "Scorer er små hele tal, og derfor ligger der som regel lidt flere end ni af ti mellem dem."
    )


def record_note(judged: "DataFrame", top: int) -> "Markdown":
    """Return the record in a sentence or two."""
    return markdown(f"**{record_sentence(judged, top)}**")


def season_note(found: need.History, month: date) -> "Markdown":
    """Return what the time of year does to all places since the month before, where it is much."""
    before = need.shifted(month, -1)
    if not need.is_covered(found, before):
        return markdown("")
    now, then = (need.estimate(found, each).season for each in (month, before))
    ratio = rounded(now / then)
    if 1 / _LEAST_SEASON < ratio < _LEAST_SEASON:
        return markdown("")
    share = phrases.percent(abs(ratio - 1), 1)
    return markdown(
        f"Årstiden trækker alle steder {'op' if ratio > 1 else 'ned'}: For samme åbningstid ventes "
        f"{share} {'flere' if ratio > 1 else 'færre'} hændelser i {danish.MONTHS[month.month - 1]} "
        f"end i {danish.MONTHS[before.month - 1]}."
    )


def picked(
    ranked: "DataFrame", selection: Selection, words: Mapping[str, str]
) -> "Table | Markdown":
    """Return the chosen places' part of the list; the city is no choice, and one place is told."""
    found = tables.of_place(ranked, selection)
    if not tables.is_narrow(selection) or len(found) < 2:
        return markdown("")
    return table(
        tables.list_table(found),
        "Det valgte på listen",
        headings=words,
        chance=["chance_top"],
    )


def experience_note(
    ranked: "DataFrame",
    entries: "DataFrame",
    month: date,
    top: int,
) -> "Markdown":
    """Return how many entries there are for a month, and what they did to the top."""
    count = len(experience.of_month(entries, month))
    when = danish.month(month)
    if not count:
        return markdown(f"**Der er ikke angivet erfaringer for {when}.**")
    before = ranked.nsmallest(top, "rank_alone")["location"].tolist()
    after = ranked.head(top)["location"].tolist()
    come = [place for place in after if place not in before]
    left = [place for place in before if place not in after]
    moved = (
        f"De {len(after)} øverste er de samme som efter data alene."
        if not come
        else f"{danish.listing(come)} kommer med blandt de {len(after)} øverste, og "
        f"{danish.listing(left)} falder ud."
    )
    return markdown(
        f"**{danish.counted(count, 'erfaring', 'erfaringer')} for {when}. {moved}**",
        "Hvor meget en erfaring vejer, er en antagelse.",
    )


def strengths_note() -> "Markdown":
    """Return what a strength does to a place's score."""
    factors = experience.FACTORS.values()
    up = _either([100 * (factor - 1) for factor in factors])
    down = _either([100 * (1 - 1 / factor) for factor in factors])
    return markdown(
        f"Vurderes et sted højere, hæves scoren med {up} pct. (lidt, noget, meget); lavere, sænkes "
        f"den med {down} pct. Flere vurderinger af samme sted lægges oven i hinanden, dog højst "
        f"til {_plain(experience.largest_factor())} gange. Tallene er en antagelse, ikke målt.",
    )


def _either(shares: Sequence[float]) -> str:
    *others, last = map(danish.number, shares)
    return f"{', '.join(others)} eller {last}"


def notes(entries: "DataFrame", month: date, words: Mapping[str, str]) -> "Table | Markdown":
    """Return what the representatives wrote, as much as there is room for on the one-page print."""
    found = tables.notes(entries, month)
    if found.empty:
        return markdown("")
    cut = f", de {_MOST_NOTES} stærkeste af {len(found)}" if len(found) > _MOST_NOTES else ""
    shown = found.head(_MOST_NOTES)
    return table(
        shown.assign(
            note=[shorten(note, _LONGEST_NOTE, placeholder=" …") for note in shown["note"]]
        ),
        f"Hvad repræsentanterne skrev{cut}",
        headings=words,
    )


def changes_note(
    ranked: "DataFrame", entries: "DataFrame", month: date, most: int = _MOST_CHANGES
) -> "Markdown":
    """Return the entries that moved a place: where, which way, and from which place to which.

    Those that change most rounds are told first, at most so many; all entries for a place are told
    together.
    """
    made = tables.entered(ranked, entries, month)
    places = made.groupby("location", as_index=False, sort=False).agg(
        told=("told", lambda each: danish.listing(list(map(danish.lower, each)))),
        then=("rank_alone", "first"),
        now=("rank", "first"),
        rounds_then=("rounds_alone", "first"),
        rounds_now=("rounds", "first"),
    )
    places["steps"] = (places["now"] - places["then"]).abs()
    places["more"] = (places["rounds_now"] - places["rounds_then"]).abs()
    moved = places[places["steps"] > 0].sort_values(
        ["more", "steps", "location"], ascending=[False, False, True]
    )
    if moved.empty:
        return markdown("Ingen erfaring flyttede et sted på listen." if len(made) else "")
    told = [
        f"{row.location} gik fra plads {row.then} til {row.now} ({row.told})."
        for row in moved.head(most).itertuples()
    ]
    more = len(moved) - len(told)
    rest = [f"{danish.counted(more, 'anden flytning', 'andre flytninger')} er ikke nævnt."]
    return markdown(" ".join(told + (rest if more else [])))


def others_note(ranked: "DataFrame", top: int) -> "Markdown":
    """Return how many places below the list's top get no rounds, and how many lack own figures.

    The top is what `list_table` shows with the same `top`.
    """
    without = int((ranked["source"] != OWN).sum())
    none = int((tables.below(ranked, top)["rounds"] == 0).sum())
    parts = [
        f"{_counted_places(none)} længere nede får ingen." if none else "",
        f"{_counted_places(without)} på hele listen har et anslået tal." if without else "",
    ]
    return markdown(" ".join(filter(None, parts)))


def _counted_places(count: int) -> str:
    return danish.counted(count, "sted", "steder")


def rounds_note(ranked: "DataFrame", settings: Settings) -> "Markdown":
    """Return how the rounds are shared out, in words."""
    least, most = settings.least, settings.most
    bounds = [f"mindst {danish.number(least)}"] if least else []
    bounds += [f"højst {danish.number(most)}"] if most is not None else []
    each = f", {danish.listing(bounds)} til hvert sted" if bounds else ""
    without = int((ranked["rounds"] == 0).sum())
    none = f" {_counted_places(without)} får ingen." if without else ""
    shut = int(((ranked["source"] == NO_HOURS) & (ranked["rounds"] > 0)).sum())
    closed = (
        f" {_counted_places(shut)} uden selvbetjent åbningstid får også, fordi hvert sted skal "
        f"have mindst {danish.number(least)}."
        if shut
        else ""
    )
    return markdown(
        f"**{danish.counted(settings.rounds, 'rundering', 'runderinger')} er delt ud efter ventet "
        f"score{each}.**{none}{closed} {prose.text('rules/Runderinger')}"
    )


def left_out(found: need.History, month: date, changes: Sequence[Change] = ()) -> "Markdown":
    """Return how many incidents cannot be placed in or out of self-service hours.

    Of a scenario it is said what counts here.
    """
    import pandas as pd

    rows = found.incidents[found.incidents["known"] < pd.Timestamp(month)]
    unknown = rows[rows["self_service"].isna()]
    count, total = int(unknown["incidents"].sum()), int(rows["incidents"].sum())
    used = int(rows["incidents"][rows["self_service"].fillna(False).astype(bool)].sum())
    vandalism = int(unknown["incidents"][unknown["category"] == taxonomy.VANDALISM].sum())
    if not total:
        return markdown("Der er ingen hændelser før måneden.")
    return markdown(
        f"Listen bygger på {phrases.incidents(used)} i selvbetjent åbningstid af "
        f"{danish.number(total)}, der var sket og meldt ind før {danish.month(month)}. "
        f"{danish.number(count)} er ikke med, fordi klokkeslættet eller åbningstiden er ukendt. "
        f"Af dem er {danish.number(vandalism)} {taxonomy.VANDALISM.lower()}."
        f"{_ahead(found, month)}{_assumed(changes)}"
    )


def _assumed(changes: Sequence[Change]) -> str:
    if not changes:
        return ""
    count = len(need.closed(changes))
    told = (
        f" Scenariets {danish.counted(count, 'lukning', 'lukninger')} er regnet med"
        if count
        else ""
    )
    others = len(changes) - count
    if not others:
        return f"{told}."
    rest = "den antagne virkning af tiltag er ikke regnet med her"
    return f"{told}; {rest}." if told else f" {danish.capital(rest)}."


def _ahead(found: need.History, month: date) -> str:
    """Say where the data end before the month that is ranked."""
    last = found.spans[month].last
    if last == month - timedelta(days=1):
        return ""
    return f" Data slutter den {danish.day(last)}; hvad der er sket siden, vides ikke."


def weights_sentence(found: "DataFrame", top: int) -> "Markdown":
    """Return how much of the top hangs on the weights, from `backtest.sensitivity`."""
    others = found.iloc[1:]
    same = int((others["shared"] == found["shared"].iloc[0]).sum())
    if same == len(others):
        text = f"De {top} øverste er de samme steder med alle sæt vægte."
    else:
        least = int(others["shared"].min())
        text = (
            f"Mindst {least} af de {top} øverste er de samme steder, uanset hvilke af vægtene der "
            "bruges."
        )
    return markdown(f"**{text}**")


def tried_weightings(used: Sequence[float]) -> dict[str, Sequence[float]]:
    """Return the weightings to try the list on: the one used first, then the others."""
    given = {scores.written(scores.weights_of(used)): used}
    return given | {name: tuple(map(float, weights)) for name, weights in scores.OTHERS.items()}


def _share(share: float) -> str:
    return danish.per_cent(share)


def _plain(value: float) -> str:
    return danish.number(value, 2).rstrip("0").rstrip(",")
