"""What the ladder, the scores and the places that stand out mean, in words."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from analysis.barometer import published
from analysis.core import danish, prose
from analysis.core.selection import Selection
from analysis.severity.funnel import INNER, WITHIN, Spread
from analysis.severity.ladder import DOWN, UNCLEAR, UNKNOWN, UP, Movement, verdict
from analysis.severity.scores import (
    INFERRED,
    Equation,
    Weights,
    set_aside,
    solutions,
    weight_text,
    written,
)
from analysis.show import phrases
from analysis.show.phrases import markdown

if TYPE_CHECKING:
    from IPython.display import Markdown
    from pandas import DataFrame


def ladder_headline(movement: Movement, compared: Selection, selection: Selection) -> "Markdown":
    """Return the page's verdict on the ladder; one type alone has no shares."""
    before, after = compared.name, selection.name
    if selection.category:
        return markdown(
            f"**Udvalget rummer kun {selection.category}.** Fordelingen på konflikttrappen kræver "
            f"alle urotyper og {UNKNOWN} for én alene."
        )
    lacking = [
        name
        for name, counts in ((before, movement.before), (after, movement.after))
        if not sum(counts)
    ]
    if lacking:
        return markdown(
            f"**Bevægelsen på konflikttrappen {UNKNOWN}**, fordi der ingen hændelser er på trappen "
            f"i {danish.listing(lacking)}."
        )
    lead = {
        UP: "Hændelserne er blevet mere alvorlige.",
        DOWN: "Hændelserne er blevet mindre alvorlige.",
        UNCLEAR: "Hændelserne er hverken blevet klart mere eller mindre alvorlige.",
    }[verdict(movement)]
    shares = [
        phrases.percent(upper, sum(counts))
        for upper, counts in (
            (movement.upper_after, movement.after),
            (movement.upper_before, movement.before),
        )
    ]
    return markdown(
        f"**{lead}** {shares[0]} af dem på trappen ligger over det laveste trin mod {shares[1]} i "
        f"{before}."
    )


def ladder_change(movement: Movement, compared: Selection, selection: Selection) -> "Markdown":
    """Return what the verdict of `ladder_headline` rests on; nothing where there is none."""
    before, after = compared.name, selection.name
    if selection.category or verdict(movement) == UNKNOWN:
        return markdown("")
    chance = (
        "Forskellen er større, end tilfældige udsving normalt giver."
        if verdict(movement) != UNCLEAR
        else "Tilfældige udsving alene kan give en forskel som den."
    )
    if movement.mean_after == movement.mean_before:
        chance = "Det gennemsnitlige trin er det samme."
    return markdown(
        f"I {after} ligger {_upper(movement.upper_after, movement.after)} over det "
        f"laveste trin, i {before} {_upper(movement.upper_before, movement.before)}. "
        f"Det gennemsnitlige trin er {danish.number(movement.mean_after, 2)} mod "
        f"{danish.number(movement.mean_before, 2)}. {chance}"
    )


def _upper(upper: int, counts: Sequence[int]) -> str:
    whole = sum(counts)
    return (
        f"{danish.number(upper)} af {phrases.incidents(whole)} på trappen "
        f"({phrases.percent(upper, whole)})"
    )


def weights_note(used: Weights) -> "Markdown":
    """Return the note that stands by the scores: where the weights come from."""
    from analysis.barometer import words as barometer_words

    if used == INFERRED:
        return barometer_words.inferred_weights()
    return markdown(
        f"*Scoren er regnet med vægtene {written(used)}, som er valgt i denne kørsel. "
        f"De udledte vægte er {written(INFERRED)}.*"
    )


def inference(given: Sequence[Equation]) -> "Markdown":
    """Return what the published scores say of the weights, in a few sentences."""
    return markdown(inferred(len(given), solutions(given), INFERRED))


def inferred(scores: int, found: Sequence[Weights], used: Weights) -> str:
    """Return how many whole-number solutions there are, how many are kept, and whether used is one.

    `scores` is the number of published scores.
    """
    outliers = "den offentliggjorte score" if scores == 1 else f"de {scores} offentliggjorte scorer"
    if not found:
        return f"**Ingen hele vægte giver {outliers}.**"
    kept = [weights for weights in found if not set_aside(weights)]
    counted = f"{danish.number(len(found))} sæt hele vægte"
    if not kept:
        return f"**{counted} giver {outliers}, men intet af dem begynder ved 1 og stiger.**"
    only = "kun ét" if len(kept) == 1 else str(len(kept))
    proof = (
        f"Af {counted}, der giver {outliers}, begynder {only} ved 1 og stiger op ad trappen: "
        f"{'; '.join(map(written, kept))}."
    )
    lead = (
        f"**Vægtene {written(used)} er beregnet, ikke oplyst.** {proof}"
        if used in kept
        else f"**Scoren regnes her med {written(used)}.** {proof}"
    )
    if assumed := published.younger():
        told = danish.listing(assumed)
        lead += " " + prose.text("weights/Yngre urotyper", urotyper=told)
    return lead


def settled(third: "DataFrame", among: int) -> str:
    """Return the same as text."""
    if third.empty:
        return "Der er ingen lokation med hændelser at prøve det på."
    if among < 2:
        return "Der er ikke flere sæt vægte at skelne imellem."
    alone = third[third["different"] == among]
    useless = int((third["different"] == 1).sum())
    best = third.iloc[0]
    places = danish.counted(len(third), "lokation", "lokationer")
    text = (
        f"Ved {danish.number(len(alone))} af {places} ville de {among} sæt vægte give "
        f"{among} forskellige scorer, så én score mere fra et af de steder afgjorde det"
        if len(alone)
        else f"Ingen enkelt lokation ville skelne alle {among} sæt vægte; bedst er {best['name']} "
        f"med {best['different']} forskellige scorer"
    )
    if not useless:
        return f"{text}. Alle steder ville udelukke mindst ét sæt."
    return (
        f"{text}. Ved {danish.number(useless)} ville alle sæt give samme score, "
        "og intet ville være afgjort."
    )


def score_headline(whole: "DataFrame", place: str) -> "Markdown":
    """Return the score of the whole selection with its interval, from `total`."""
    return markdown(score_sentence(whole, place))


def score_sentence(whole: "DataFrame", place: str) -> str:
    """Return the same as text."""
    if whole.empty:
        return (
            f"**Den relative score for {place} kan ikke beregnes**, fordi der ingen hændelser er."
        )
    row = whole.iloc[0]
    return (
        f"**{place} har relativ score {_plain(row['value'])} "
        f"med {phrases.incidents(row['incidents'])} (usikkerhed "
        f"{danish.interval(row['low'], row['high'])}).** {prose.text('weights/Usikkerhed')}"
    )


def _plain(value: float) -> str:
    return weight_text(Fraction(value).limit_denominator(100))


def third_sentence(third: "DataFrame", among: int) -> "Markdown":
    """Return what a third score would settle, from `third_scores` of so many weights in doubt."""
    return markdown(f"**{settled(third, among)}**")


def ranking(ranges: "DataFrame") -> "Markdown":
    """Return how much the ranking hangs on the weights, from `rank_ranges`."""
    return markdown(f"**{ranks_sentence(ranges)}**")


def ranks_sentence(ranges: "DataFrame", most: int = 10) -> str:
    """Return the same as text, of the `most` highest."""
    if len(ranges) < 2:
        return "Der er for få lokationer med hændelser til en rangorden."
    upper = ranges.head(most)
    fixed = int((upper["low"] == upper["high"]).sum())
    steady = int((upper["high"] <= most).sum())
    lead = f"{first(ranges)}."
    if len(ranges) <= most:
        return f"{lead} {fixed} af {len(upper)} lokationer har samme plads med alle vægte."
    return (
        f"{lead} Af de {len(upper)} øverste bliver {steady} blandt de {most} øverste med alle "
        f"vægte, og {fixed} har samme plads hele vejen."
    )


def first(ranges: "DataFrame") -> str:
    """Return which location has the highest score, and whether with every weighting, or ""."""
    if ranges.empty:
        return ""
    one = ranges.iloc[0]
    if one["low"] == one["high"] == 1:
        return f"{one['name']} har højest score, uanset hvilke af vægtene der bruges"
    return (
        f"{one['name']} har højest score med de udledte vægte, men ikke med alle: lavest kommer "
        f"stedet på plads {danish.number(one['high'])}"
    )


_MOST_NAMED = 8


def outliers(rows: "DataFrame", spread: Spread, unknown: int) -> str:
    """Return which locations lie outside the limits, from `verdicts`; `unknown` have no hours."""
    left_out = (
        f" {danish.counted(unknown, 'lokation', 'lokationer')} uden kendt åbningstid, uden åbne "
        "timer i udvalget eller uden hændelser i facilitetstypen er ikke med."
        if unknown
        else ""
    )
    if len(rows) < 2:
        return f"Lokationerne kan ikke sammenlignes, fordi der er for få.{left_out}"
    outside = rows[rows["verdict"] != WITHIN]
    above, below = (
        outside[outside["verdict"].str.endswith(side)]["name"].tolist()
        for side in ("over", "under")
    )
    by_chance = danish.number(len(rows) * (1 - INNER), 1)
    lead = (
        "Ingen lokation ligger uden for grænserne."
        if outside.empty
        else f"{_listed(above, 'over')} {_listed(below, 'under')}"
    )
    more = ""
    if spread.is_clear:
        more = (
            " Stederne er mere forskellige, end tilfældige udsving gør dem; grænserne tager højde "
            "for det."
        )
    return (
        f"{lead.strip()} Af {len(rows)} lokationer ville omkring {by_chance} ligge uden for "
        f"grænserne, selv om ingen skilte sig ud.{more}{left_out}"
    )


def _listed(found: list[str], side: str) -> str:
    if not found:
        return f"Ingen ligger {side} grænserne."
    listed = danish.listing(found) if len(found) <= _MOST_NAMED else f"{len(found)} lokationer"
    return f"{listed} ligger {side}."
