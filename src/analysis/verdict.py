"""What the figures of a comparison mean: frames of `comparison` in, sentences and tables out."""

from math import isfinite, isinf, isnan
from typing import TYPE_CHECKING

from analysis import danish, names
from analysis.comparison import Spread
from analysis.exposure import ASSUMED, CHOICES, Basis
from analysis.headings import DIMENSIONS, TOTAL
from analysis.reporting import ORDERS, THRESHOLD
from analysis.statistics import quasi_rate_ratio, rate_ratio

if TYPE_CHECKING:
    from IPython.display import Markdown
    from pandas import DataFrame, Series

FALL, RISE, UNCLEAR, UNKNOWN = "klart fald", "klar stigning", "ikke klart", "–"
_FOUND = {FALL: "et klart fald", RISE: "en klar stigning", UNCLEAR: "ingen klar ændring"}
LEVEL = "95 %-sikkerhedsinterval"
# Spaces and hyphens in these do not break the line where a figure or a letter would stand alone.
HEADINGS = {
    "share": "Relativ ændring",
    "ratio": "Forhold (95\u00a0%-interval)",
    "p_value": "p\u2011værdi",
    "adjusted": "Justeret p\u2011værdi",
    "verdict": "Vurdering",
    "group": "Opdelt efter",
    "clear_fall": "Klart fald ved højst",
    "seen_25": "Fald på 25 % ses",
    "seen_50": "Fald på 50 % ses",
}
_MOST_DECIMALS = 8


def word(low: float, high: float) -> str:
    """Return what the interval of a ratio says: clear only where it leaves out 1."""
    if isnan(low) or isnan(high):
        return UNKNOWN
    return FALL if high < 1 else RISE if low > 1 else UNCLEAR


def interval(low: float, high: float) -> str:
    """Return "0,56–1,09", with so many decimals that a bound beside 1 does not read as 1."""
    if isnan(low) or isnan(high):
        return UNKNOWN
    return danish.interval(low, high, max(_decimals(end, 1, 2) for end in (low, high)))


def p_value(value: float) -> str:
    """Return "0,148", "0,0498" where 0,050 would hide on which side it is, or "under 0,001"."""
    if isnan(value):
        return UNKNOWN
    if value < 0.001:
        return "under 0,001"
    return danish.number(value, _decimals(value, THRESHOLD, 3))


def _decimals(value: float, limit: float, least: int) -> int:
    """Return how many decimals keep a value apart from a limit that it is not."""
    if value == limit or isinf(value):
        return least
    return next((n for n in range(least, _MOST_DECIMALS) if round(value, n) != limit), least)


def headline(answers: "DataFrame", before: str, after: str, spread: float = 1.0) -> "Markdown":
    """Return the page's first sentence, from `comparison.answers` and the names of both periods.

    Where the answer depends on the exposure, the sentence says so before the figures; where it
    depends on the spread, a second one does.
    """
    total = answers.iloc[0]
    old, new = total["before"], total["after"]
    if total["reason"]:
        return _markdown(
            f"**Det kan ikke vurderes, om forskellen mellem {names.incidents(old)} i {before} og "
            f"{danish.number(new)} i {after} er mere end tilfældige udsving, fordi "
            f"{total['reason']}.**"
        )
    if not old + new:
        return _markdown(
            f"**Der er ingen indmeldte hændelser i {before} eller {after}, så der er ingen "
            "forskel at vurdere.**"
        )
    return _markdown(
        f"**{_moved(old, new, before, after)}{_meaning(answers)}.**",
        _doubt(answers, spread),
    )


def _moved(old: int, new: int, before: str, after: str) -> str:
    if old == new:
        count = f"{danish.number(new)} i både {before} og {after}"
        return f"Antallet af indmeldte hændelser er uændret, {count}"
    share = f" ({names.percent(abs(new - old), old)})" if old else ""
    return (
        f"Antallet af indmeldte hændelser er {'faldet' if new < old else 'steget'} fra "
        f"{danish.number(old)} i {before} til {danish.number(new)} i {after}{share}"
    )


def _meaning(answers: "DataFrame") -> str:
    """Return the end of the headline: what the change means, and what that depends on."""
    total = answers.iloc[0]
    said = word(total["low"], total["high"])
    noun = _noun(total["before"], total["after"])
    groups = _groups(answers)
    if len(groups) > 1:
        found = [f"{_FOUND[each]} {danish.listing(per)}" for each, per in groups.items()]
        asked = f"{noun} er mere end tilfældige udsving" if noun else "der er en reel ændring"
        return (
            f", men om {asked}, afhænger af, hvad antallet holdes op imod: Der er {found[0]}, men "
            f"{danish.listing(found[1:])}"
        )
    if said != UNCLEAR:
        return f", og {noun} er større, end tilfældige udsving plejer at give ({_told(total)})"
    if not noun:
        return f", men en reel ændring kan gemme sig i tilfældige udsving ({_told(total)})"
    return f", men {noun} kan skyldes tilfældige udsving ({_told(total)})"


def _noun(old: int, new: int) -> str:
    return "faldet" if new < old else "stigningen" if new > old else ""


def _told(row: "Series") -> str:
    """Return "forhold 0,78; 95 %-sikkerhedsinterval 0,56–1,09"."""
    value = danish.number(row["ratio"], 2) if isfinite(row["ratio"]) else "kan ikke regnes ud"
    return f"forhold {value}; {LEVEL} {interval(row['low'], row['high'])}"


def relevant(answers: "DataFrame") -> "DataFrame":
    """Return the answers that tell what the exposure does, with their `verdict`.

    Left out are those without exposure or incidents, and those of only some of the incidents that
    are unclear with and without it: there the fewer incidents decide, not the exposure.
    """
    rows = answers.assign(verdict=_words(answers, ""), plain=_words(answers, "plain_"))
    total = rows.iloc[0]
    fewer = _fewer(rows)
    unclear = rows["verdict"] == UNCLEAR
    decided_by_few = fewer & unclear & (rows["plain"] == UNCLEAR) & (total["verdict"] != UNCLEAR)
    # Of the incidents in self-service hours only what is clear belongs with the rest.
    clear_choices = set(rows["choice"][rows["verdict"].isin([FALL, RISE])])
    beside = fewer & rows["self_service_only"] & ~rows["choice"].isin(clear_choices)
    return rows[(rows["verdict"] != UNKNOWN) & ~decided_by_few & ~beside]


def _fewer(rows: "DataFrame") -> "Series":
    """Return which rows count other incidents than the first, which counts all."""
    return (rows[["before", "after"]] != rows[["before", "after"]].iloc[0]).any(axis=1)


def _words(rows: "DataFrame", kind: str) -> list[str]:
    ends = rows[[f"{kind}low", f"{kind}high"]].where(rows["ratio"].notna())
    return [word(*each) for each in ends.itertuples(index=False)]


def _groups(answers: "DataFrame") -> dict[str, list[str]]:
    """Return the verdicts, clear ones first, with the bases that give each."""
    rows = relevant(answers)
    groups = {}
    for verdict in (FALL, RISE, UNCLEAR):
        phrases = _phrases(rows, rows["verdict"] == verdict)
        if phrases:
            groups[verdict] = phrases
    return groups


def _phrases(rows: "DataFrame", chosen: "Series") -> list[str]:
    """Return the chosen rows as "pr. besøg efter kalenderår"; a choice in one where all are."""
    phrases = {}
    for place, row in rows[chosen].iterrows():
        whole = chosen[rows["choice"] == row["choice"]].all()
        per = CHOICES[row["choice"]] if whole else row["per"]
        places = row["places"] + row["left_out"]
        if row["left_out"]:
            per += f" ({danish.number(row['places'])} af {danish.number(places)} lokationer)"
        if row["self_service_only"] and _fewer(rows)[place]:
            per += " (kun hændelser i selvbetjent åbningstid)"
        if place == rows.index[0]:
            per += f" ({_told(row)})"
        phrases[per] = None
    return list(phrases)


def _doubt(answers: "DataFrame", spread: float) -> str:
    """Return what becomes of the clear answers where incidents come together, or ""."""
    rows = relevant(answers)
    clear = rows["verdict"] != UNCLEAR
    kept = clear & (rows["verdict"] == _words(rows, "wide_"))
    if (kept == clear).all():
        return ""
    still = f"kun klar {danish.listing(_phrases(rows, kept))}" if kept.any() else "ikke klar"
    return (
        f"Ugernes antal svinger {_times(spread)} så meget, som uafhængige hændelser ville. "
        f"Regnes det med, at hændelser kan følges ad, er ændringen {still}."
    )


def _times(spread: float) -> str:
    return f"{danish.number(spread, 1)} gange"


def certainty(total: "Series", spread: float) -> "DataFrame":
    """Return the change of the counts twice: of independent incidents, and of ones that follow.

    `total` is the first row of `comparison.answers`. Columns: `name, ratio, p_value, verdict`,
    in words.
    """
    import pandas as pd

    counts = int(total["after"]), int(total["before"])
    rows = []
    for name, times in (
        ("Hvis hændelserne er uafhængige", 1.0),
        ("Hvis de følges ad som fra uge til uge", spread),
    ):
        one = quasi_rate_ratio(*counts, times if isfinite(times) else 1.0)
        rate = _rate(one.ratio, one.low, one.high)
        rows.append((name, rate, p_value(one.p_value), word(one.low, one.high)))
    return pd.DataFrame(rows, columns=["name", "ratio", "p_value", "verdict"])


def spread(found: Spread) -> "Markdown":
    """Return what the weeks say of whether incidents come together."""
    if isnan(found.value):
        return _markdown("Der er for få uger med hændelser til at se, om hændelserne følges ad.")
    told = (
        f"Ugernes antal svinger {_times(found.value)} så meget, som uafhængige hændelser ville "
        "(varians om månedens gennemsnit)"
    )
    group = "Én gruppe kan give mange indmeldinger, og så siger antallet mindre, end det ser ud til"
    if found.value <= 1:
        return _markdown(f"{told}: intet tegn på, at hændelserne følges ad.")
    if found.p_value >= THRESHOLD:
        return _markdown(
            f"{told}. Så meget kan være tilfældigt. {group}; derfor er intervallet også regnet ud "
            "med den større usikkerhed."
        )
    return _markdown(
        f"{told}, og det er mere end tilfældigt: Hændelserne følges ad. {group}. Hold dig derfor "
        "til den nederste række."
    )


def seen(total: "Series", before: str, after: str, basis: Basis) -> "Markdown":
    """Return how large a fall would have shown, from the first row of `comparison.changes`."""
    if basis.reason:
        return _markdown(f"Det kan ikke beregnes, fordi {basis.reason}.")
    old = f"{names.incidents(total['before'])} i {before}"
    if isnan(total["seen_50"]) or not total["before"]:
        return _markdown(f"**Med {old} er der intet fald at se.**")
    chances = [_of_hundred(total[f"seen_{percent}"]) for percent in (25, 50)]
    least = total["clear_fall"]
    limit = (
        f"**Med {old} kan intet fald være klart, ikke engang til 0.**"
        if _is_missing(least)
        else f"**Med {old} skulle antallet være højst {danish.number(least)} i {after}"
        f"{_held_against(basis)}, før faldet var klart.**"
    )
    return _markdown(
        f"{limit} Et virkeligt fald på 25 % ville vise sig klart {chances[0]} af 100 gange, et på "
        f"50 % {chances[1]} af 100 gange."
    )


def _of_hundred(chance: float) -> str:
    return names.percent(chance, 1).removesuffix(" %")


def _held_against(basis: Basis) -> str:
    per = CHOICES[basis.assumption.choice]
    return "" if not basis.assumption.column else f" (regnet {per})"


def held_against(answers: "DataFrame") -> "Markdown":
    """Return whether the answer depends on what the counts are held against."""
    if reason := answers["reason"].iloc[0]:
        return _markdown(f"**Det kan ikke vurderes, fordi {reason}.**")
    if isnan(answers["ratio"].iloc[0]):
        return _markdown("Der er ingen hændelser at holde op imod noget.")
    groups = _groups(answers)
    if len(answers[answers["reason"] == ""]) == 1:
        text = "Antallet kan ikke holdes op imod andet, fordi grundlaget mangler"
    elif len(groups) > 1:
        text = "Svaret afhænger af, hvad antallet holdes op imod"
    else:
        text = (
            f"Svaret er det samme, hvad antallet end holdes op imod: {_FOUND[next(iter(groups))]}"
        )
    return _markdown(f"**{text}.** {_self_service(answers, set(groups))}".strip())


def _self_service(answers: "DataFrame", said: set[str]) -> str:
    """Return what the incidents in self-service hours say, if not what is `said`, or ""."""
    rows = answers[answers["self_service_only"] & (answers["reason"] == "")]
    for _, row in rows.iloc[:1].iterrows():
        plain, rate = word(row["plain_low"], row["plain_high"]), word(row["low"], row["high"])
        if plain != rate:
            counts = f"fra {danish.number(row['before'])} til {danish.number(row['after'])}"
            return (
                f"Hændelser i selvbetjent åbningstid gik {counts}. I antal er det {_FOUND[plain]}, "
                f"men pr. selvbetjent time er der {_FOUND[rate]}."
            )
        if rate not in {*said, UNKNOWN}:
            counts = f"fra {danish.number(row['before'])} til {danish.number(row['after'])}"
            return (
                f"Det gælder alle hændelser; de, der er sket i selvbetjent åbningstid ({counts}), "
                f"viser for sig {_FOUND[rate]}."
            )
    return ""


def exposures(answers: "DataFrame") -> "Markdown":
    """Return how each exposure is counted, what of it is assumed, and what lacks one."""
    notes, told = [], set()
    for _, row in answers.iloc[1:].iterrows():
        # A star by itself would be Markdown's.
        name = f"**{row['name']}**{row['mark'].replace(ASSUMED, chr(92) + ASSUMED)}"
        if row["reason"]:
            notes.append(f"- {name}: kan ikke beregnes, fordi {row['reason']}.")
            continue
        left = _left_out(row) if row["left_out"] and row["choice"] not in told else ""
        notes.append(f"- {name}: {row['note']}.{left}")
        told.add(row["choice"])
    assumed = (
        f"\\{ASSUMED} En del er antaget: En måned uden besøgstal er regnet som samme måned i det "
        "nærmeste år med besøgstal, og under indskrænket eller uafklaret åbningstid kendes timerne "
        "ikke sikkert."
    )
    marked = answers["mark"].eq(ASSUMED).any()
    return _markdown("\n".join(notes), assumed if marked else "")


def _left_out(row: "Series") -> str:
    places = danish.number(row["places"] + row["left_out"])
    what = "besøgstal" if row["is_visits"] else "åbningstider"
    return (
        f" {danish.number(row['left_out'])} af {places} lokationer mangler {what} og er ikke talt "
        "med."
    )


def standing_out(changes: "DataFrame", before: str, after: str, basis: Basis) -> "Markdown":
    """Return which types, groups and months changed clearly, all looked at together."""
    if basis.reason:
        return _markdown(
            f"**Forholdet {CHOICES[basis.assumption.choice]} kan ikke beregnes, fordi "
            f"{basis.reason}.** Tabellerne viser antallet alene."
        )
    rows = changes[changes["group"] != ""]
    looked = int(rows["adjusted"].notna().sum())
    alone = rows[rows["p_value"] < THRESHOLD]
    sure = alone[alone["adjusted"] < THRESHOLD]
    if not looked:
        return _markdown("Der er ingen hændelser at sammenligne.")
    many = f"De {looked} rækker med hændelser er set på én gang, og så vil nogle skille sig ud ved"
    many += " et tilfælde; den justerede p-værdi tager højde for det."
    if sure.empty:
        text = "**Ingen type, gruppe eller måned har ændret sig klart, når alle ses på én gang.**"
        if len(alone):
            text += f" Set hver for sig gælder det {_listed(alone, before, after)}."
    else:
        text = f"**Klart ændret, også når alle ses på én gang: {_listed(sure, before, after)}.**"
    assumed = f"\\{ASSUMED} En del af grundlaget er antaget; se »Besøg og åbningstid«."
    return _markdown(f"{text} {many}", assumed if basis.assumed else "")


def _listed(rows: "DataFrame", before: str, after: str) -> str:
    return danish.listing(
        [
            f"{row['name']} (fra {danish.number(row['before'])} til {danish.number(row['after'])})"
            for _, row in rows.iterrows()
        ]
    )


def reported(signs: "DataFrame") -> "Markdown":
    """Return whether the way of reporting seems to have changed, from `reporting.signs`."""
    looked = int(signs["adjusted"].notna().sum())
    if not looked:
        return _markdown("Der er for få indmeldinger til at se, om de er meldt ind på samme måde.")
    changed = signs[signs["adjusted"] < THRESHOLD]
    channel = _channel(signs.set_index("name").loc[ORDERS])
    if changed.empty:
        return _markdown(
            "**Intet tyder klart på, at måden at melde ind på har ændret sig.** "
            f"{danish.counted(looked, 'tegn', 'tegn')} er undersøgt; med få hændelser kan en "
            f"ændring være overset. {channel}"
        )
    ways = danish.listing([_way(row) for _, row in changed.iterrows()])
    return _markdown(
        "**Advarsel: Måden at melde ind på ser ud til at have ændret sig, og så kan antallet "
        f"ændre sig, uden at der sker mere eller mindre: {ways}.** {channel}"
    )


def _channel(orders: "Series") -> str:
    old, new = int(orders["part_before"]), int(orders["part_after"])
    if not old + new:
        return "Der er ingen reparationsordrer at holde indmeldingerne op imod."
    one = rate_ratio(new, old)
    verdict = _FOUND[word(one.low, one.high)]
    return (
        f"Reparationsordrer bestilles uafhængigt af skemaet og gik fra {danish.number(old)} til "
        f"{danish.number(new)}: {verdict} ({LEVEL} {interval(one.low, one.high)})."
    )


def _way(row: "Series") -> str:
    ends = [
        names.percent(row[f"part_{when}"], row[f"whole_{when}"]) for when in ("before", "after")
    ]
    return f"»{row['name']}« gik fra {' til '.join(ends)}"


def told(rows: "DataFrame", before: str, after: str) -> "DataFrame":
    """Return rows of `changes` or `answers` for a table: periods by name, figures in words."""
    # Of nothing before and after there is nothing to tell.
    made = rows.assign(
        ratio=[_rate(*each) for each in rows[["ratio", "low", "high"]].itertuples(index=False)],
        p_value=rows["p_value"].where(rows["ratio"].notna()).map(p_value),
    )
    made["ratio"] += rows["mark"]
    if "adjusted" in rows:
        made["adjusted"] = rows["adjusted"].map(p_value)
    return made.rename(columns={"before": before, "after": after})


def changed(changes: "DataFrame", group: str, before: str, after: str) -> "DataFrame":
    """Return one group of `comparison.changes` for a table, its total last."""
    import pandas as pd

    rows = pd.concat([changes[changes["group"] == group], changes.iloc[:1]])
    columns = ["name", before, after, "change", "share", "ratio", "p_value", "adjusted"]
    return told(rows, before, after)[columns]


def drawn(rows: "DataFrame", group: str | None = None) -> "DataFrame":
    """Return `name, value, low, high, mark` for `charts.intervals`.

    `rows` are `comparison.answers`, or one `group` of `comparison.changes` with the total first.
    """
    if group is not None:
        rows = rows[rows["group"].isin(["", group])]
    return rows.rename(columns={"ratio": "value"})[["name", "value", "low", "high", "mark"]]


def answered(answers: "DataFrame", before: str, after: str) -> "DataFrame":
    """Return `comparison.answers` for a table, with the verdict of each."""
    made = told(answers, before, after)
    made["verdict"] = _words(answers, "")
    exposures = {
        f"exposure_{when}": f"Grundlag {name}"
        for when, name in (("before", before), ("after", after))
    }
    made = made.rename(columns=exposures)
    for column in exposures.values():
        made[column] = made[column].round().astype("Int64")
    columns = [
        "name",
        before,
        after,
        *exposures.values(),
        "ratio",
        "p_value",
        "verdict",
    ]
    return made[columns]


def detectable(changes: "DataFrame", before: str) -> "DataFrame":
    """Return the largest clear fall and the power of every row of `comparison.changes`."""
    words = {"": TOTAL, "month": "Måned", **DIMENSIONS}
    made = changes.assign(group=changes["group"].map(words)).rename(columns={"before": before})
    return made[["name", "group", before, "clear_fall", "seen_25", "seen_50"]]


def signs(found: "DataFrame", before: str, after: str) -> "DataFrame":
    """Return `reporting.signs` for a table: "3 af 87 (3 %)" of each period."""
    made = found.assign(
        p_value=found["p_value"].map(p_value), adjusted=found["adjusted"].map(p_value)
    )
    for when, name in (("before", before), ("after", after)):
        made[name] = [
            _part(*each) for each in zip(found[f"part_{when}"], found[f"whole_{when}"], strict=True)
        ]
    return made[["name", before, after, "p_value", "adjusted"]]


def _part(part: int, whole: int) -> str:
    if not whole:
        return "Ingen"
    share = names.percent(part, whole)
    return f"{danish.number(part)} af {danish.number(whole)} ({share})"


def _rate(ratio: float, low: float, high: float) -> str:
    """Return "0,78 (0,56–1,09)"."""
    if isnan(ratio):
        return UNKNOWN
    # A word joiner keeps the interval on one line.
    ends = interval(low, high).replace("–", "–\u2060")
    return f"{danish.number(ratio, 2) if isfinite(ratio) else '∞'} ({ends})"


def _is_missing(value: object) -> bool:
    import pandas as pd

    return bool(pd.isna(value))


def _markdown(*paragraphs: str) -> "Markdown":
    from IPython.display import Markdown

    # A number and its per cent sign stay on one line.
    return Markdown("\n\n".join(filter(None, paragraphs)).replace(" %", "\u00a0%"))
