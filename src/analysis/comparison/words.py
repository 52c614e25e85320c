"""What the figures of a comparison mean: frames of `comparison` in, sentences out."""

import re
from collections.abc import Collection, Sequence
from itertools import chain
from math import isfinite, isnan
from typing import TYPE_CHECKING

from analysis.comparison.exposure import ASSUMED, ASSUMPTIONS, CHOICES, Basis, month_ranges
from analysis.comparison.reporting import ORDERS, is_changed
from analysis.comparison.usual import ONLY_CHANCE, Usual
from analysis.core import danish, prose
from analysis.core.selection import Selection
from analysis.show import phrases
from analysis.show.phrases import markdown
from analysis.statistics import THRESHOLD, rate_ratio

if TYPE_CHECKING:
    from IPython.display import Markdown
    from pandas import DataFrame, Series


FALL, RISE, UNCLEAR = "klart fald", "klar stigning", "ikke klart"
UNKNOWN = danish.UNKNOWN
FOUND = {FALL: "et klart fald", RISE: "en klar stigning", UNCLEAR: "ingen klar ændring"}
# The section of the page that a sentence leads to.
HELD = "Set i forhold til besøg og åbningstid"
# What carries the meaning of a verdict; tests ask for these, not for the sentences around them.
FELL, ROSE, UNCHANGED = "færre", "flere", "uændret"
BEYOND_CHANCE = "større, end antallet plejer at svinge"
MAY_BE_CHANCE = "kan være tilfældig"
MAY_HIDE = "kan gemme sig i tilfældige udsving"
ANOTHER_ANSWER = "giver et andet svar"
NOT_JUDGED = "Det kan ikke vurderes"
NO_DIFFERENCE = "ingen forskel at vurdere"

# Counts that vary so many times as much as by chance come in runs.
_IN_RUNS = 1.05


def word(low: float, high: float) -> str:
    """Return what the interval of a ratio says: clear only where it leaves out 1."""
    if isnan(low) or isnan(high):
        return UNKNOWN
    return FALL if high < 1 else RISE if low > 1 else UNCLEAR


def rate_words(ratio: float, low: float, high: float) -> str:
    """Return "0,78 (0,56–1,09)"."""
    if isnan(ratio):
        return UNKNOWN
    # A word joiner keeps the interval on one line.
    ends = danish.ratio_interval(low, high).replace("–", "–\u2060")
    return f"{danish.number(ratio, 2) if isfinite(ratio) else danish.UNKNOWN} ({ends})"


def headline(
    answers: "DataFrame",
    before: str,
    after: str,
    signs: "DataFrame | None" = None,
    stopped: str = "",
) -> "Markdown":
    """Return the page's verdict, from `changes.answers` and the names of both periods.

    The counts alone decide whether the change is clear, unless the place has `stopped` reporting
    (`nowcast.words.stopped`), which is then told in place of a meaning. Below stands only what
    could turn it round: another way of reporting (by `reporting.signs`), a comparison backwards in
    time, and incidents in self-service hours.
    """
    total = answers.iloc[0]
    old, new = total["before"], total["after"]
    if total["reason"] and not (old and new):
        # None may be none that is known.
        return markdown(
            f"**{NOT_JUDGED}, om der er en forskel mellem {before} og {after}, fordi "
            f"{total['reason']}.**"
        )
    if total["reason"]:
        return markdown(
            f"**{NOT_JUDGED}, om forskellen mellem {phrases.incidents(old)} i {before} og "
            f"{danish.number(new)} i {after} er mere end tilfældige udsving, fordi "
            f"{total['reason']}.**"
        )
    if not old + new:
        return markdown(
            f"**Der er ingen indmeldte hændelser i {before} eller {after}, så der er "
            f"{NO_DIFFERENCE}.**"
        )
    noun = "forskellen" if old != new and _is_later(before, after) else _noun(old, new)
    meaning = f", men {stopped}." if stopped else f". {_meaning(answers, noun)}"
    return markdown(
        f"**{_moved(old, new, before, after)}{meaning}**",
        _warned(signs),
        _backwards(before, after),
        "" if stopped else _turned_round(answers),
    )


def _warned(signs: "DataFrame | None") -> str:
    if signs is None or not is_changed(signs):
        return ""
    return (
        "**Advarsel:** Måden at melde ind på ser ud til at have ændret sig, og det kan i sig selv "
        "ændre antallet; se »Er der meldt ind på samme måde?«."
    )


def _is_later(before: str, after: str) -> bool:
    """Return whether the period compared with is the later one, by the years in their names."""
    return re.findall(r"\d{4}", before) > re.findall(r"\d{4}", after)


def _backwards(before: str, after: str) -> str:
    if not _is_later(before, after):
        return ""
    return (
        f"Der sammenlignes baglæns i tid: Et fald betyder færre i {after} end i {before}, som er "
        "den senere."
    )


def _moved(old: int, new: int, before: str, after: str) -> str:
    if old == new:
        return (
            f"Der er meldt {phrases.incidents(new)} ind i både {before} og {after}; antallet er "
            f"{UNCHANGED}"
        )
    step = phrases.percent(abs(new - old), old) if old else danish.number(new)
    return (
        f"Der er meldt {phrases.incidents(new)} ind i {after} mod {danish.number(old)} i {before} "
        f"({step} {FELL if new < old else ROSE})"
    )


def _meaning(answers: "DataFrame", noun: str) -> str:
    """Return what the change means, in a sentence.

    `noun` is the word for the change, "" where the counts are alike.
    """
    if verdict_words(answers.iloc[:1]) != [UNCLEAR]:
        return f"{danish.capital(noun)} er {BEYOND_CHANCE}."
    if not noun:
        return f"En reel ændring {MAY_HIDE}."
    return f"{danish.capital(noun)} {MAY_BE_CHANCE}{'t' * (noun == 'faldet')}."


def certainty(old: int, new: int, said: str, clear_fall: float) -> str:
    """Return what follows two counts in a sentence: whether their change is more than chance.

    `said` is the verdict on it (see `word`), `clear_fall` as in `changes.changes`.
    """
    if said != UNCLEAR:
        return f", og {'faldet' if said == FALL else 'stigningen'} er {BEYOND_CHANCE}"
    if new == old:
        return ", men en mindre ændring kan ikke ses i tallene"
    if _is_missing(clear_fall):
        return " er for få til at vise en ændring"
    noun = _noun(old, new)
    return f", og {noun} {MAY_BE_CHANCE}{'t' * (noun == 'faldet')}"


def on_other_bases(answers: "DataFrame") -> str:
    """Return what would have been said had the counts not decided alone, or ""."""
    (decided,) = verdict_words(answers.iloc[:1])
    others = [
        f"{FOUND[verdict]} {danish.listing(per)}"
        for verdict, per in _groups(answers).items()
        if verdict != decided
    ]
    if not others:
        return ""
    verdicts = relevant(answers)["verdict"]
    few, many = int((verdicts != decided).sum()), len(verdicts) - 1
    ways = "alle andre måder" if few == many else f"{few} af {many} andre måder"
    ways = "den anden måde" if many == 1 else ways
    return (
        f"Antallet alene afgør, men {ways} at regne på {ANOTHER_ANSWER}: {danish.listing(others)}."
    )


def _noun(old: int, new: int) -> str:
    return "faldet" if new < old else "stigningen" if new > old else ""


def relevant(answers: "DataFrame") -> "DataFrame":
    """Return the answers that tell what the exposure does, with their `verdict`.

    Left out are those without exposure or incidents, those of only some of the incidents that are
    unclear with and without it, since there the fewer incidents decide and not the exposure, and
    those of the incidents in self-service hours, which are other ones and told by themselves.
    """
    rows = answers.assign(verdict=verdict_words(answers), plain=verdict_words(answers, "plain_"))
    total = rows.iloc[0]
    fewer = _fewer(rows)
    unclear = rows["verdict"] == UNCLEAR
    decided_by_few = fewer & unclear & (rows["plain"] == UNCLEAR) & (total["verdict"] != UNCLEAR)
    beside = fewer & rows["self_service_only"]
    return rows[(rows["verdict"] != UNKNOWN) & ~decided_by_few & ~beside]


def _fewer(rows: "DataFrame") -> "Series":
    """Return which rows count other incidents than the first, which counts all."""
    return (rows[["before", "after"]] != rows[["before", "after"]].iloc[0]).any(axis=1)


def verdict_words(rows: "DataFrame", kind: str = "") -> list[str]:
    """Return what the intervals say: those of the rates, or of the counts alone, "plain_"."""
    ends = rows[[f"{kind}low", f"{kind}high"]].where(rows["ratio"].notna())
    return [word(*each) for each in ends.itertuples(index=False)]


def _groups(answers: "DataFrame") -> dict[str, list[str]]:
    """Return the verdicts, clear ones first, with the bases that give each."""
    rows = relevant(answers)
    groups = {}
    for verdict in (FALL, RISE, UNCLEAR):
        listed = _phrases(rows, rows["verdict"] == verdict)
        if listed:
            groups[verdict] = listed
    return groups


def _phrases(rows: "DataFrame", chosen: "Series") -> list[str]:
    """Return the chosen rows as "pr. besøg efter kalenderår"; a choice in one where all are."""
    listed = {}
    for _, row in rows[chosen].iterrows():
        whole = chosen[rows["choice"] == row["choice"]].all()
        per = CHOICES[row["choice"]]
        if not (whole and row["per"].startswith(per)):
            per = row["per"]
        if row["left_out"]:
            places = row["places"] + row["left_out"]
            per += f" ({danish.number(row['places'])} af {danish.number(places)} lokationer)"
        listed[per] = None
    return list(listed)


def within_seasons(answers: "DataFrame") -> "Markdown":
    """Return what the answers would be if only chance within the seasons counted."""
    total = answers.iloc[0]
    if total["reason"] or not total["before"] + total["after"]:
        return markdown("")
    found = [
        (row["per"], ONLY_CHANCE.rate_ratio(row["after"], row["before"], *_exposures(row)))
        for _, row in relevant(answers).iterrows()
    ]
    ends = danish.ratio_interval(*found[0][1][1:3])
    clear = [
        f"{FOUND[verdict]} {danish.listing(per)}"
        for verdict in (FALL, RISE)
        if (per := [each for each, one in found if word(one.low, one.high) == verdict])
    ]
    also = f", og der ville være {danish.listing(clear)}" if clear else ""
    return markdown(
        "Talte kun tilfældige udsving inden for perioderne, ville usikkerheden for antallet alene "
        f"være {ends} (det eksakte interval){also}."
    )


def _exposures(row: "Series") -> tuple[float, float] | tuple[()]:
    exposures = row["exposure_after"], row["exposure_before"]
    return () if any(map(_is_missing, exposures)) else exposures


def _turned_round(answers: "DataFrame") -> str:
    """Return what self-service hours say where it goes against the total or the counts, or "".

    That is a clear change the other way than the total moved or is judged, in counts or an hour,
    or a clear change of the counts that is not clear an hour.
    """
    groups = _groups(answers)
    rows = answers[answers["self_service_only"] & answers["ratio"].notna()]
    if rows.empty or not groups:
        return ""
    old, new = answers.iloc[0][["before", "after"]]
    along = {*groups, FALL if new < old else RISE if new > old else UNCLEAR}
    counts, rates = set(verdict_words(rows, "plain_")), set(verdict_words(rows))
    against = (counts | rates) & ({FALL, RISE} - along)
    lost = counts & {FALL, RISE} and rates == {UNCLEAR}
    return _self_service(answers, groups) if against or lost else ""


def what_is_usual(usual: Usual, reason: str = "") -> "Markdown":
    """Return how much the counts change between such periods though nothing lasting does.

    `reason` is why nothing can be said of the counts, as `changes.answers` has it, or "".
    """
    if reason:
        return markdown(
            f"{NOT_JUDGED}, om ændringen er mere end tilfældige udsving, fordi {reason}."
        )
    up, down = (phrases.percent(abs(end - 1), 1) for end in (usual.reach, 1 / usual.reach))
    in_runs = ""
    if usual.runs >= _IN_RUNS:
        in_runs = (
            "Hændelser kommer desuden i klynger, så antallet svinger "
            f"{danish.number(usual.runs, 1)} gange så meget, som hvis de kom hver for sig. "
        )
    return markdown(
        f"**Fra den ene periode til den anden plejer niveauet her at ændre sig højst {up} op eller "
        f"{down} ned, uden at det er en varig ændring.** {in_runs}Det er lært af alle steders "
        "tidligere sæsoner, og alle vurderinger på siden regner det med ud over de tilfældige "
        "udsving i antallet."
    )


def drawn_by(rows: "DataFrame") -> str:
    """Return what the marked `rows` of a chart of intervals take for granted, or ""."""
    return "* grundlaget er delvis antaget" if rows["mark"].any() else ""


def seen(total: "Series", before: str, after: str, basis: Basis) -> "Markdown":
    """Return how large a fall would have shown, from the first row of `changes.changes`."""
    if basis.reason:
        return markdown(f"Det kan ikke beregnes, fordi {basis.reason}.")
    old = f"{phrases.incidents(total['before'])} i {before}"
    if isnan(total["seen_50"]) or not total["before"]:
        return markdown(f"**Med {old} er der intet fald at se.**")
    chances = [_of_hundred(total[f"seen_{percent}"]) for percent in (25, 50)]
    least = total["clear_fall"]
    limit = (
        f"**Med {old} kan intet fald være klart, ikke engang til 0.**"
        if _is_missing(least)
        else f"**Med {old} skulle antallet være højst {danish.number(least)} i {after}"
        f"{_held_against(basis)}, før faldet var klart.**"
    )
    return markdown(
        f"{limit} Et virkeligt fald på 25 % ville vise sig klart {chances[0]} af 100 gange, et på "
        f"50 % {chances[1]} af 100 gange."
    )


def _of_hundred(chance: float) -> str:
    return danish.chance(chance).removesuffix(" %")


def _held_against(basis: Basis) -> str:
    return f" (regnet {basis.assumption.per})" if basis.assumption.column else ""


def held_against(answers: "DataFrame", stopped: str = "") -> "Markdown":
    """Return whether the answer depends on what the counts are held against, and on what.

    Of a place that has `stopped`, as in `headline`, that is told alone.
    """
    if stopped:
        return markdown(f"**{danish.capital(stopped)}.**")
    if reason := answers["reason"].iloc[0]:
        return markdown(f"**{NOT_JUDGED}, fordi {reason}.**")
    if isnan(answers["ratio"].iloc[0]):
        return markdown("Der er ingen hændelser at se i forhold til noget.")
    groups = _groups(answers)
    if len(answers[answers["reason"] == ""]) == 1:
        text = "Antallet kan ikke ses i forhold til andet, fordi grundlaget mangler"
    elif len(groups) > 1:
        return markdown(f"**{on_other_bases(answers)}**", _self_service(answers, groups))
    else:
        text = (
            f"Svaret er det samme, hvad antallet end ses i forhold til: {FOUND[next(iter(groups))]}"
        )
    return markdown(f"**{text}.**", _self_service(answers, groups))


def _self_service(answers: "DataFrame", said: Collection[str]) -> str:
    """Return what the incidents in self-service hours say, if not what is `said`, or ""."""
    rows = answers[answers["self_service_only"] & answers["ratio"].notna()]
    rows = rows.assign(verdict=verdict_words(rows), plain=verdict_words(rows, "plain_"))
    if rows.empty:
        return ""
    if rows["verdict"].nunique() > 1:
        found = [
            f"{FOUND[row['verdict']]} {row['per']} ({_from_to(row)})" for _, row in rows.iterrows()
        ]
        return f"Hændelser i selvbetjent åbningstid viser for sig {danish.listing(found)}."
    first = rows.iloc[0]
    plain, rate = FOUND[first["plain"]], FOUND[first["verdict"]]
    if plain != rate:
        return (
            f"Hændelser i selvbetjent åbningstid gik {_from_to(first)}. I antal er det {plain}, "
            f"men pr. selvbetjent time er der {rate}."
        )
    if first["verdict"] in said:
        return ""
    return (
        "Det gælder alle hændelser; de, der er sket i selvbetjent åbningstid "
        f"({_from_to(first)}), viser for sig {rate}."
    )


def _from_to(row: "Series") -> str:
    return f"fra {danish.number(row['before'])} til {danish.number(row['after'])}"


def standing_out(changes: "DataFrame", before: str, after: str, basis: Basis) -> "Markdown":
    """Return which types, groups and months changed clearly, all looked at together."""
    if basis.reason:
        return markdown(
            f"**Forholdet {CHOICES[basis.assumption.choice]} kan ikke beregnes, fordi "
            f"{basis.reason}.** Tabellerne viser antallet alene."
        )
    rows = changes[changes["group"] != ""]
    looked = int(rows["adjusted"].notna().sum())
    alone = rows[rows["p_value"] < THRESHOLD]
    sure = alone[alone["adjusted"] < THRESHOLD]
    if not looked:
        return markdown("Der er ingen hændelser at sammenligne.")
    many = f"{looked} rækker er set på én gang, og så vil nogle skille sig ud ved et tilfælde; det"
    many += " er der taget højde for."
    if sure.empty:
        text = "**Ingen type, gruppe eller måned har ændret sig klart, når alle ses på én gang.**"
        if len(alone):
            text += f" Set hver for sig gælder det {_listed(alone, before, after)}."
    else:
        text = f"**Klart ændret, også når alle ses på én gang: {_listed(sure, before, after)}.**"
    assumed = f"\\{ASSUMED} En del af grundlaget er antaget; se »{HELD}«."
    return markdown(f"{text} {many}", assumed if any(basis.assumed) else "")


def _listed(rows: "DataFrame", before: str, after: str) -> str:
    return danish.listing(
        [
            f"{row['name']} (fra {danish.number(row['before'])} til {danish.number(row['after'])})"
            for _, row in rows.iterrows()
        ]
    )


def _is_missing(value: object) -> bool:
    import pandas as pd

    return bool(pd.isna(value))


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
        counted = prose.text(f"method/{row['name']}")
        notes.append(f"- {name}: {counted}.{left if (row['choice'], left) not in told else ''}")
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


def basis_note(basis: Basis, before: Selection, after: Selection) -> "Markdown":
    """Return what the rows of types, groups and months are held against, and which months lack it.

    `before, after` are the periods of the basis.
    """
    one = basis.assumption
    where = "Her og under »Hvor stort et fald kan så få hændelser vise?« er"
    if not one.column or basis.reason:
        return markdown(f"{where} antallet ikke set i forhold til besøg eller åbningstid.")
    alike = (one.choice, one.staffed_only)
    several = sum((each.choice, each.staffed_only) == alike for each in ASSUMPTIONS) > 1
    others = f" Andre måder at regne grundlaget på står under »{HELD}«." if several else ""
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
        f"I {month_ranges(lacking)} var der ingen {what}; forholdet for {which} kan derfor ikke "
        "beregnes, og antallet står alene."
    )


def reporting_change(
    signs: "DataFrame", delays: Sequence[float | None], reason: str = ""
) -> "Markdown":
    """Return whether the way of reporting seems to have changed, from `reporting.signs`.

    `delays` are the median days to the report, before and after; `reason` is why nothing can be
    said of the counts, as `changes.answers` has it, or "".
    """
    looked = int(signs["adjusted"].notna().sum())
    if reason:
        return markdown(f"{NOT_JUDGED}, fordi {reason}.")
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
        soon = f"inden for {after}" if delays[1] else "samme dag"
        return f"Halvdelen er meldt ind {soon} i begge perioder."
    return f"Tiden, inden halvdelen er meldt ind, gik fra {before} til {after}."


def _days(value: float) -> str:
    same_day = " (samme dag)" if value == 0 else ""
    days = danish.number(value, int(value % 1 > 0))
    return f"{days} {'dag' if value == 1 else 'dage'}{same_day}"


def _channel(orders: "Series") -> str:
    old, new = int(orders["part_before"]), int(orders["part_after"])
    if not old + new:
        return "Der er ingen bestillinger på udbedring at se indmeldingerne i forhold til."
    one = rate_ratio(new, old)
    verdict = FOUND[word(one.low, one.high)]
    return (
        "Bestillinger på udbedring laves uafhængigt af skemaet og gik fra "
        f"{danish.number(old)} til {danish.number(new)}: {verdict}."
    )


def _way(row: "Series") -> str:
    ends = [
        phrases.percent(row[f"part_{when}"], row[f"whole_{when}"]) for when in ("before", "after")
    ]
    return f"»{row['name']}« gik fra {' til '.join(ends)}"
