"""What was done, who was there and what it changed, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from analysis.core import danish, prose, taxonomy
from analysis.core.season import Season
from analysis.core.selection import Selection
from analysis.measures.effect import (
    PARTLY,
    Effect,
    _is_change,
    other_places,
    rank_before,
    treated_and_peers,
)
from analysis.measures.evidence import UNJUDGED, unit
from analysis.measures.presence import BLOCK
from analysis.measures.tables import MARK, NO_CASE, block_name, percents
from analysis.measures.timeline import OPENING_KINDS
from analysis.show import phrases
from analysis.show.phrases import incidents as so_many
from analysis.show.phrases import ratio, ratio_bounds

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from analysis.barometer.published import Figure

_UNREGISTERED = "Der er ikke registreret nogen indsats med kendt begyndelse i udvalget"


def note(df: "DataFrame", about: str = "") -> str:
    """Return the subtitle of a chart of intervals: what it says, and what the mark means in it."""
    refused = "unjudged" in df and df["unjudged"].any()
    return ". ".join(
        filter(None, [about, f"{MARK} uden prik: kan ikke bedømmes" if refused else ""])
    )


def verdict_lines(effects: Sequence[Effect]) -> str:
    """Return the verdicts and the main reason of each as Markdown, a line a case."""
    if not effects:
        return (
            "**Der er ingen indsats i udvalget, hvis virkning kan undersøges.** Lukning og ændret "
            "åbningstid regnes ikke som en indsats, og uden en kendt begyndelse er der intet før."
        )
    return "\n".join(f"- {one.case.name}. {one.evidence.line}" for one in effects)


def details(effects: Sequence[Effect]) -> str:
    """Return all that is known of how sure each verdict is as Markdown, a line a case."""
    if not effects:
        return f"{NO_CASE}, som kan bedømmes."
    return "\n".join(f"- **{one.case.name}.** {one.evidence.details}" for one in effects)


def heading(one: Effect | None, kind: str | None = None) -> str:
    """Return which case is gone through, why, and its verdict, as Markdown.

    Where it is not of the `kind` asked for, that is said.
    """
    if not one:
        return f"**{NO_CASE}, der kan gås igennem.**"
    told = (
        f"**{one.case.name}**, som begyndte {danish.day(one.case.starts)}. {one.evidence.details}"
    )
    if not kind or taxonomy.key(kind) == taxonomy.key(one.case.kind):
        return told
    return f"Udvalget har ikke tiltaget »{kind}« med kendt begyndelse; vist er det længste. {told}"


def as_others(one: Effect | None) -> str:
    """Return how many comparable places changed as much the same way without a measure, or ""."""
    if not one or not one.compared:
        return ""
    way = "færre" if one.compared.ratio < 1 else "flere"
    many = danish.counted(
        one.design.controls, "sammenlignelig lokation", "sammenlignelige lokationer"
    )
    return (
        f"Af {many} ændrede {danish.number(one.design.as_large)} sig mindst lige så meget mod "
        f"{way} hændelser uden tiltag, målt med hver sin egen usikkerhed."
    )


def displacement(one: Effect | None) -> str:
    """Return which places are the neighbours, and whether incidents seem to have moved there."""
    if not one:
        return f"{_UNREGISTERED}; om hændelser er flyttet, er der derfor intet at undersøge."
    places = other_places(one)
    if not places:
        return (
            "Der er ingen øvrige lokationer i bydelen uden egen indsats, som kan sammenlignes; om "
            "hændelser er flyttet dertil, kan ikke ses."
        )
    many = danish.counted(len(places), "øvrig lokation", "øvrige lokationer")
    text = f"Om hændelser er flyttet, ses på {many} i bydelen uden egen indsats i de perioder, der "
    text += f"regnes med ({phrases.shortened(places)}): "
    found = one.neighbours
    if one.evidence.level == UNJUDGED or not found:
        return f"{text}det kan ikke bedømmes."
    shown = f"forhold {ratio(found.ratio)}, usikkerhed {ratio_bounds(*found[:3])}"
    if found.low <= 1 <= found.high:
        return f"{text}antallet er ikke klart ændret mod deres sammenlignelige ({shown})."
    way = "steget" if found.low > 1 else "faldet"
    return f"{text}antallet er klart {way} mod deres sammenlignelige ({shown})."


def starting_point(one: Effect | None) -> str:
    """Return where the place stood before, and what that does to a fall, as Markdown."""
    if not one:
        return f"{_UNREGISTERED}; der er derfor intet før og efter at sammenligne med andre steder."
    if one.peers is None:
        return "Stedet kan ikke sammenlignes med andre, fordi der mangler perioder før eller efter."
    mine, rest = treated_and_peers(one.peers)
    if rest.empty:
        return "Der er ingen sammenlignelige lokationer."
    text = (
        f"**Før tiltaget lå {one.case.location} som nummer {rank_before(one.peers)} "
        f"af {len(one.peers)}** "
        f"med {danish.number(mine['before'], 1)} hændelser pr. {unit(1, one.selection.half)[2:]}; "
        f"de andre havde {danish.number(rest['before'].mean(), 1)} i gennemsnit."
    )
    if one.design.was_worst:
        return f"{text} {prose.text('method/Stod stedet dårligt i forvejen')}"
    return f"{text} Det lå altså ikke blandt dem med flest, hvor tal ofte falder af sig selv."


# Hours open that differ by so much from a year to the next are told.
_ALIKE = 0.1


def shift_coverage(df: "DataFrame", location: str | None = None) -> str:
    """Return what each team's hours hold of the incidents, a Markdown line each.

    The place is named unless it is the `location` that was chosen.
    """
    if df.empty:
        return "Der er ingen vagtplaner for udvalget i perioden."
    lines = [
        f"- **{one.team}{'' if location else f', {one.location}'}:** {_covered(one)}"
        for one in df.itertuples(index=False)
    ]
    if df["shared"].any():
        teams = danish.listing(sorted(set(df["team"][df["shared"]])))
        lines.append(f"\n\\* {prose.text('method/Delte vagter', vagter=teams)}")
    return "\n".join(lines)


def _covered(one: NamedTuple) -> str:
    if not one.hours:
        return "kan ikke beregnes, fordi åbningstiden ikke er kendt eller der var lukket."
    if not one.incidents:
        return (
            "kan ikke beregnes, fordi der ingen hændelser er med kendt klokkeslæt i åbningstiden."
        )
    most = "højst " if one.shared else ""
    # A bound beside the share of the hours does not read as it.
    limit = one.hours_share * 100
    decimals = max(danish.decimals_apart(end * 100, limit, 0) for end in (one.low, one.high))
    text = (
        f"{danish.number(one.covered)} af {so_many(one.incidents)} i åbningstiden "
        f"({most}{danish.per_cent(one.share)}; usikkerhed {percents(one.low, one.high, decimals)}) "
        f"falder i vagternes timer, som er {danish.number(limit, decimals)} % af åbningstiden: "
        f"{_verdict(one)}."
    )
    if one.outside_covered:
        text += f" Dertil {so_many(one.outside_covered)} i vagternes timer uden for åbningstiden."
    return text


def _verdict(one: NamedTuple) -> str:
    if not one.hours_share:
        return "vagternes timer ligger uden for åbningstiden"
    if one.ratio_low > 1:
        return "klart flere pr. time end ellers"
    if one.ratio_high < 1:
        return "klart færre pr. time end ellers"
    return "hverken klart flere eller klart færre pr. time end ellers"


def free_blocks(df: "DataFrame", place: str, spells: Sequence[tuple[date, date]] = ()) -> str:
    """Return a place's block with most incidents in words, and how sure that is.

    `spells` are from `unplanned`: then blocks may have had somebody there after all.
    """
    if df.empty:
        text = (
            f"**{place}:** Intet tidsrum på {BLOCK} timer har hændelser i åbningstiden uden en "
            "fast vagt på stedet."
        )
        return f"{text} {_perhaps(spells)}".strip()
    best = next(df.itertuples(index=False))
    expected = danish.number(best.expected, 1)
    clear = best.low * best.incidents / best.share > best.expected
    text = (
        f"**{place}: flest hændelser uden fast vagt {block_name(best).lower()}, "
        f"{so_many(best.incidents)}** ({danish.per_cent(best.share)} af alle i stedets "
        f"åbningstid; usikkerhed {percents(best.low, best.high)}). Fordelt efter åbningstimerne "
        f"ville der være {expected}; forskellen {'er klar' if clear else 'kan være tilfældig'}, og "
        f"tidsrummet er valgt blandt mange. {_year_before(best)}"
    )
    second = df.iloc[1] if len(df) > 1 else None
    if second is not None and second["high"] >= best.low:
        text += " Tidsrummene kan ikke skilles sikkert fra hinanden; rækkefølgen er et fingerpeg."
    return f"{text} {_perhaps(spells)}".strip()


def _year_before(block: NamedTuple) -> str:
    if not block.before_hours:
        return "Samme tidsrum året før kan ikke ses: Der var ikke åbent i data."
    text = f"Året før var der {danish.number(block.before)} i samme tidsrum"
    if abs(block.before_hours / block.hours - 1) <= _ALIKE:
        return f"{text}."
    return (
        f"{text}, men der var åbent i {danish.number(block.before_hours)} timer dengang og i "
        f"{danish.number(block.hours)} nu, så de to antal kan ikke sammenlignes direkte."
    )


def _perhaps(spells: Sequence[tuple[date, date]]) -> str:
    if not spells:
        return ""
    when = danish.listing([" – ".join(danish.day(day) for day in spell) for spell in spells])
    return (
        f"**Der var også ekstra bemanding ({when}), hvis ugedage og timer ikke er kendt;** den kan "
        "have været på stedet i tidsrummene."
    )


def darkness_sentence(df: "DataFrame") -> str:
    """Return what darkness goes with, from the first two rows of `rates`."""
    whole, both = df.iloc[0], df.iloc[1]
    if whole["value"] != whole["value"]:
        return (
            "**Mørke og lyse timer kan ikke sammenlignes, fordi der mangler hændelser med kendt "
            "klokkeslæt i åbningstiden, eller fordi åbningstiden ikke er kendt.**"
        )
    text = f"**Pr. åben time er der {_more(whole)} i mørke end i lys** ({_figures(whole)})."
    if both["value"] != both["value"]:
        return (
            f"{text} Mørke åbningstimer ligger morgen og aften, og ingen timer på døgnet har nok "
            "af både lys og mørke til at sammenligne for sig. Forskellen kan derfor lige så godt "
            "være klokkeslættets som mørkets."
        )
    return (
        f"{text} Mørke åbningstimer ligger mest om aftenen. Sammenlignes kun timer på døgnet, der "
        f"i perioden er både lyse og mørke, er der {_more(both)} i mørke ({_figures(both)})."
    )


def _more(row: "Series") -> str:
    if row["low"] > 1:
        return "klart flere hændelser"
    few = "klart færre hændelser"
    return few if row["high"] < 1 else f"hverken klart flere eller {few}"


def _figures(row: "Series") -> str:
    shown = danish.ratio_interval(row["low"], row["high"])
    if not row["light"]:
        least = f"{_all_of(row['dark'])} skete i mørke"
    elif not row["dark"]:
        least = f"{_all_of(row['light'])} skete i lys"
    else:
        return f"{ratio(row['value'])} gange så mange; usikkerhed {shown}"
    return f"{least}; usikkerhed i forholdet mellem mørke og lys: {shown}"


def _all_of(count: int) -> str:
    return f"alle {so_many(count)}" if count > 1 else "den eneste hændelse"


def opening_hours(selection: Selection) -> str:
    """Return which hours count as opening hours, in a sentence."""
    return {
        None: "Åbningstiden er alle åbne timer, med og uden personale.",
        True: "Kun den selvbetjente åbningstid er valgt: åbne timer uden personale.",
        False: "Den selvbetjente åbningstid er valgt fra: kun åbne timer med personale tæller.",
    }[selection.self_service]


def registered(df: "DataFrame", selection: Selection) -> str:
    """Return the measures of the selection in one sentence, as Markdown."""
    if df.empty:
        return f"**Der er ikke registreret tiltag i udvalget ({selection.place}).**"
    opening = df["kind"].isin(OPENING_KINDS)
    where = danish.counted(df["location"].nunique(), "lokation", "lokationer")
    parts = [
        f"{danish.counted(len(rows), *words)} ({_kinds(rows)})"
        for rows, words in (
            (df[~opening], ("tiltag", "tiltag")),
            (df[opening], ("ændring af åbningstiden", "ændringer af åbningstiden")),
        )
        if len(rows)
    ]
    text = f"Der er registreret {danish.listing(parts)} på {where}."
    unended = df[df["ends"].isna()]
    return text if unended.empty else f"{text} Uden slutdato: {_kinds(unended)}."


def _kinds(rows: "DataFrame") -> str:
    return danish.listing(sorted(set(map(danish.lower, rows["kind"]))))


def claims_sentence(df: "DataFrame", figures: Iterable["Figure"], one: Effect | None) -> str:
    """Return what the claims count from and the largest fall beside the others', as Markdown."""
    if df.empty:
        return "Statusnotatet siger ikke noget om en ændring på stedet, der kan efterprøves her."
    lines = []
    spans = {(figure.base_period, figure.half) for figure in figures if _is_change(figure, one)}
    for season, half in sorted(spans):
        first, after = Season(season).interval(half)
        if one.case.role(first, after) == PARTLY:
            period = replace(one.selection, season=season, half=half).period
            lines.append(
                f"Statusnotatet regner fra {period}, men tiltaget begyndte "
                f"{danish.day(one.case.starts)}, midt i den periode. Den er hverken helt før eller "
                "helt efter og indgår derfor ikke i sammenligningen ovenfor."
            )
    if (df["change"] < 0).any():
        largest = df.loc[df["change"].idxmin()]
        share = danish.number(-largest["change"] * 100)
        lines.append(
            f"Det største fald, notatet nævner, er {share} % (fra "
            f"{danish.number(largest['before'])} til {danish.number(largest['after'])}); "
            f"de sammenlignelige lokationers ændring var {_signed(largest['comparable'])} i samme "
            "tid. Et fald mellem to udvalgte perioder siger ikke, hvad der har skabt det."
        )
    return "\n\n".join(lines)


def _signed(share: float) -> str:
    return f"{danish.signed(share * 100)} %" if share == share else "ukendt"
