"""What a verdict rests on, in words: how exposures are counted and whether reporting changed."""

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from analysis.comparison.exposure import ASSUMED, ASSUMPTIONS, Basis, span
from analysis.comparison.reporting import ORDERS, THRESHOLD
from analysis.comparison.words import FOUND, LEVEL, markdown, word
from analysis.core import danish
from analysis.core.selection import Selection
from analysis.show import phrases
from analysis.statistics import rate_ratio

if TYPE_CHECKING:
    from IPython.display import Markdown
    from pandas import DataFrame, Series


def exposures(answers: "DataFrame") -> "Markdown":
    """Return how each exposure is counted, what of it is assumed, and what lacks one."""
    notes, told = [], set()
    for _, row in answers.iloc[1:].iterrows():
        # A star by itself would be Markdown's.
        name = f"**{row['name']}**{row['mark'].replace(ASSUMED, chr(92) + ASSUMED)}"
        if row["reason"]:
            notes.append(f"- {name}: kan ikke beregnes, fordi {row['reason']}.")
            continue
        left = _left_out(row)
        notes.append(f"- {name}: {row['note']}.{left if (row['choice'], left) not in told else ''}")
        told.add((row["choice"], left))
    assumed = dict.fromkeys(chain.from_iterable(answers["details"][answers["mark"] == ASSUMED]))
    return markdown(
        "\n".join(notes),
        f"\\{ASSUMED} En del af grundlaget er antaget:" if assumed else "",
        "\n".join(f"- {one}." for one in assumed),
    )


def _left_out(row: "Series") -> str:
    """Return which incidents of the two periods have no exposure, as sentences, or ""."""
    what = "besøgstal" if row["is_visits"] else "åbningstider"
    left, elsewhere = row["incidents_left_out"], row["incidents_elsewhere"]
    told = ""
    if row["left_out"]:
        places = danish.number(row["places"] + row["left_out"])
        told += f" {danish.number(row['left_out'])} af {places} lokationer mangler {what}"
        told += f", og {phrases.incidents(left)} på dem er ikke talt med." if left else "."
    if elsewhere:
        also = "heller ikke" if left else "ikke"
        told += (
            f" {phrases.incidents(elsewhere)} uden for registrets lokationer er {also} talt med."
        )
    return told


def held(basis: Basis, before: Selection, after: Selection) -> "Markdown":
    """Return what the rows of types, groups and months are held against, and which months lack it.

    `before, after` are the periods of the basis.
    """
    one = basis.assumption
    where = "Her og under »Kunne vi have set det?« er"
    if not one.column or basis.reason:
        return markdown(f"{where} antallet ikke holdt op imod besøg eller åbningstid.")
    alike = (one.choice, one.staffed_only)
    several = sum((each.choice, each.staffed_only) == alike for each in ASSUMPTIONS) > 1
    others = (
        " Andre måder at regne grundlaget på står under »Besøg og åbningstid«." if several else ""
    )
    return markdown(f"{where} antallet regnet {one.per}.{others}", _without(basis, before, after))


def _without(basis: Basis, *periods: Selection) -> str:
    """Return in which months a place had no exposure, so that they have no rate, or ""."""
    lacking = [
        month
        for values, period in zip((basis.before, basis.after), periods, strict=True)
        for value, month in zip(values, period.months, strict=True)
        if not value
    ]
    if not lacking:
        return ""
    what = "besøg" if basis.assumption.is_visits else basis.assumption.name.split(",")[0].lower()
    which = "måneden" if len(lacking) == 1 else "de måneder"
    return (
        f"I {span(lacking)} var der ingen {what}; forholdet for {which} kan derfor ikke beregnes, "
        "og antallet står alene."
    )


def reported(signs: "DataFrame", delays: Sequence[float | None], reason: str = "") -> "Markdown":
    """Return whether the way of reporting seems to have changed, from `reporting.signs`.

    `delays` are the median days to the report, before and after; `reason` is why nothing can be
    said of the counts, as `comparison.answers` has it, or "".
    """
    looked = int(signs["adjusted"].notna().sum())
    if reason:
        return markdown(f"Det kan ikke vurderes, fordi {reason}.")
    if not looked:
        return markdown("Der er for få indmeldinger til at se, om de er meldt ind på samme måde.")
    changed = signs[signs["adjusted"] < THRESHOLD]
    channel = " ".join(
        filter(None, (_delayed(delays), _channel(signs.set_index("name").loc[ORDERS])))
    )
    if changed.empty:
        return markdown(
            "**Intet tyder klart på, at måden at melde ind på har ændret sig.** "
            f"{danish.counted(looked, 'tegn', 'tegn')} er undersøgt; med få hændelser kan en "
            f"ændring være overset. {channel}"
        )
    ways = danish.listing([_way(row) for _, row in changed.iterrows()])
    return markdown(
        "**Advarsel: Måden at melde ind på ser ud til at have ændret sig, og så kan antallet "
        f"ændre sig, uden at der sker mere eller mindre: {ways}.** {channel}"
    )


def _delayed(delays: Sequence[float | None]) -> str:
    """Return how long half of the reports took, "" where there are none in one of the periods."""
    if None in delays:
        return ""
    before, after = (_days(one) for one in delays)
    if before == after:
        return f"Mediantiden fra hændelse til indmelding er {after} i begge perioder."
    return f"Mediantiden fra hændelse til indmelding gik fra {before} til {after}."


def _days(value: float) -> str:
    same_day = " (samme dag)" if value == 0 else ""
    days = danish.number(value, int(value % 1 > 0))
    return f"{days} {'dag' if value == 1 else 'dage'}{same_day}"


def _channel(orders: "Series") -> str:
    old, new = int(orders["part_before"]), int(orders["part_after"])
    if not old + new:
        return "Der er ingen reparationsordrer at holde indmeldingerne op imod."
    one = rate_ratio(new, old)
    verdict = FOUND[word(one.low, one.high)]
    return (
        f"Reparationsordrer bestilles uafhængigt af skemaet og gik fra {danish.number(old)} til "
        f"{danish.number(new)}: {verdict} ({LEVEL} {danish.ratio_interval(one.low, one.high)})."
    )


def _way(row: "Series") -> str:
    ends = [
        phrases.percent(row[f"part_{when}"], row[f"whole_{when}"]) for when in ("before", "after")
    ]
    return f"»{row['name']}« gik fra {' til '.join(ends)}"
