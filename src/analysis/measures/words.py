"""What the effects of measures mean: `effect.Effect` in, sentences and tables out."""

from collections.abc import Sequence
from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING

from analysis.core import danish, taxonomy
from analysis.core.danish import unbroken
from analysis.measures.effect import Effect, apart, rank
from analysis.measures.evidence import UNJUDGED, unit
from analysis.measures.tables import or_missing
from analysis.show import phrases
from analysis.show.phrases import INCALCULABLE, ratio, ratio_bounds
from analysis.statistics import RateRatio

if TYPE_CHECKING:
    from pandas import DataFrame

# What marks a figure of which too little is known to judge by.
MARK = "*"
_NO_CASE = "Ingen indsats i udvalget"
_UNREGISTERED = "Der er ikke registreret nogen indsats med kendt begyndelse i udvalget"
# What a chart of intervals takes.
_SHOWN = ["name", "value", "low", "high", "mark", "unjudged"]
HEADINGS = {
    "case": "Indsats",
    "before": "Før",
    "after": "Efter",
    "ratio": "Forhold",
    "interval": "95 %-sikkerhedsinterval",
    "level": "Evidens",
    "period": "Periode",
    "role": "Regnes som",
    "incidents": "Stedet",
    "comparable": "Sammenlignelige, gennemsnit",
    "neighbours": "Øvrige i bydelen, i alt",
    "what": "Sammenligning",
    "effect": "Ændring pr. periode",
}


def overview(effects: Sequence[Effect]) -> "DataFrame":
    """Return `name, before, after, value, low, high, mark, unjudged, level`, a row a case.

    `before` and `after` are numbers of periods, the ratio is the one against comparable places;
    `unjudged` is true where there is too little to judge by.
    """
    import pandas as pd

    rows = [
        (
            one.case.name,
            one.design.before,
            one.design.after,
            *_ratio(one.compared),
            *_marked(one),
            one.evidence.level,
        )
        for one in effects
    ]
    columns = ["name", "before", "after", "value", "low", "high", "mark", "unjudged", "level"]
    kinds = dict.fromkeys(columns[3:6], "float64") | {"unjudged": "bool"}
    return pd.DataFrame(rows, columns=columns).astype(kinds)


def _marked(one: Effect) -> tuple[str, bool]:
    unjudged = one.evidence.level == UNJUDGED
    return MARK if unjudged else "", unjudged


def note(df: "DataFrame", about: str = "") -> str:
    """Return the subtitle of a chart of intervals: what it says, and what the mark means in it."""
    refused = "unjudged" in df and df["unjudged"].any()
    return ". ".join(
        filter(None, [about, f"{MARK} uden prik: kan ikke bedømmes" if refused else ""])
    )


def overview_shown(df: "DataFrame") -> "DataFrame":
    """Return `overview` as a chart of intervals takes it."""
    return or_missing(df[_SHOWN], _NO_CASE)


def overview_table(df: "DataFrame") -> "DataFrame":
    """Return `overview` as a table's columns, ratio and interval in words."""
    words = in_words(df).rename(columns={"name": "case"})
    return words[["case", "before", "after", "ratio", "interval", "level"]]


def _ratio(found: RateRatio | None) -> tuple[float, float, float]:
    return found[:3] if found else (nan,) * 3


def in_words(df: "DataFrame") -> "DataFrame":
    """Return a frame with its ratio, marked, and its interval as the texts `ratio, interval`."""
    marks = df["mark"] if "mark" in df else [""] * len(df)
    ratios = [ratio(value) + mark for value, mark in zip(df["value"], marks, strict=True)]
    intervals = [
        ratio_bounds(*each)
        for each in df[["value", "low", "high"]].itertuples(index=False, name=None)
    ]
    return df.assign(ratio=ratios, interval=intervals).astype({"ratio": "str", "interval": "str"})


def lines(effects: Sequence[Effect]) -> str:
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
        return f"{_NO_CASE}, som kan bedømmes."
    return "\n".join(f"- **{one.case.name}.** {one.evidence.details}" for one in effects)


def longest(effects: Sequence[Effect], kind: str | None = None) -> Effect | None:
    """Return the case with most periods after, then before; of this kind, if there is one."""
    asked = [one for one in effects if kind and taxonomy.key(kind) == taxonomy.key(one.case.kind)]
    return max(
        asked or effects, key=lambda one: (one.design.after, one.design.before), default=None
    )


def heading(one: Effect | None) -> str:
    """Return which case is gone through, why, and its verdict, as Markdown."""
    if not one:
        return f"**{_NO_CASE}, der kan gås igennem.**"
    return (
        f"**{one.case.name}**, som begyndte {danish.day(one.case.starts)}. {one.evidence.details}"
    )


def estimates(one: Effect | None) -> "DataFrame":
    """Return `name, value, low, high, mark, unjudged`: a case's ratios, the neighbours' last."""
    import pandas as pd

    named = (
        []
        if not one
        else [
            ("Stedet alene, efter mod før", one.alone),
            ("Stedet mod sammenlignelige lokationer", one.compared),
            (
                f"Øvrige lokationer i bydelen ({len(_around(one))}) mod deres sammenlignelige",
                one.neighbours,
            ),
        ]
    )
    rows = [(name, *_ratio(found), *_marked(one)) for name, found in named]
    return or_missing(pd.DataFrame(rows, columns=_SHOWN), _NO_CASE)


def _around(one: Effect) -> list[str]:
    """Return the other places of the district that are compared, most incidents first."""
    near = one.counts[one.counts["role"] == "neighbour"]
    sums = near.groupby("location")["incidents"].sum()
    return list(sums.sort_index().sort_values(ascending=False, kind="stable").index)


def displacement(one: Effect | None) -> str:
    """Return which places are the neighbours, and whether incidents seem to have moved there."""
    if not one:
        return f"{_UNREGISTERED}; om hændelser er flyttet, er der derfor intet at undersøge."
    places = _around(one)
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
    shown = f"forhold {ratio(found.ratio)}, 95 %-sikkerhedsinterval {ratio_bounds(*found[:3])}"
    if found.low <= 1 <= found.high:
        return f"{text}antallet er ikke klart ændret mod deres sammenlignelige ({shown})."
    way = "steget" if found.low > 1 else "faldet"
    return f"{text}antallet er klart {way} mod deres sammenlignelige ({shown})."


def estimates_table(one: Effect | None) -> "DataFrame":
    """Return `estimates` as a table's columns."""
    words = in_words(estimates(one)).rename(columns={"name": "what"})
    return words[["what", "ratio", "interval"]]


def differences(one: Effect | None) -> "DataFrame":
    """Return `what, effect, interval`: a case's changes a period less the comparable places'.

    Those of the place, of the neighbours, and of both together, in incidents and relative score.
    """
    import pandas as pd

    found = (
        []
        if not one
        else [
            ("Hændelser på stedet", one.difference),
            ("Relativ score på stedet", one.scored),
            ("Hændelser på øvrige lokationer i bydelen, i alt", one.moved),
            ("Relativ score på øvrige lokationer i bydelen, i alt", one.moved_scored),
            ("Hændelser på stedet og øvrige lokationer, i alt", one.total),
            ("Relativ score på stedet og øvrige lokationer, i alt", one.total_scored),
        ]
    )
    rows = [
        (
            f"{name} {_marked(one)[0]}".strip(),
            each.effect if each else nan,
            _ends(*each[1:3]) if each else INCALCULABLE,
        )
        for name, each in found
    ]
    df = pd.DataFrame(rows, columns=["what", "effect", "interval"])
    return df.astype({"what": "str", "effect": "float64", "interval": "str"})


def _ends(low: float, high: float) -> str:
    """Return the interval of a difference; a bound beside 0 does not read as 0."""
    decimals = max(danish.decimals_apart(end, 0, 1) for end in (low, high))
    return danish.interval(low, high, decimals)


def periods(one: Effect | None) -> "DataFrame":
    """Return `period, role, incidents, comparable, neighbours` of a case, in order of time.

    `comparable` is the mean of the comparable places, `neighbours` the sum of theirs.
    """
    import pandas as pd

    rows = []
    if one:
        kind = one.counts["facility"][one.counts["treated"]].head(1)
        for season, part in one.counts.groupby("season"):
            alike = part[(part["role"] == "control") & part["facility"].isin(kind)]
            sums = part.groupby("role")["incidents"].sum()
            rows.append(
                (
                    unbroken(replace(one.selection, season=season).period.capitalize()),
                    part["period"].iloc[0],
                    int(sums.get("treated", 0)),
                    alike["incidents"].mean(),
                    int(sums.get("neighbour", 0)),
                )
            )
    columns = ["period", "role", "incidents", "comparable", "neighbours"]
    whole = dict.fromkeys(["incidents", "neighbours"], "int64")
    return pd.DataFrame(rows, columns=columns).astype(whole | {"comparable": "float64"})


def peers_shown(one: Effect | None) -> "DataFrame":
    """Return the case's `peers` as a chart of intervals takes them, the treated place marked."""
    import pandas as pd

    df = one.peers if one and one.peers is not None else pd.DataFrame()
    if df.empty:
        return or_missing(df, "Ingen perioder både før og efter")
    mark, unjudged = _marked(one)
    return df.assign(
        mark=df["treated"].map({True: f"{mark} ←", False: ""}), unjudged=df["treated"] & unjudged
    )


def peers_table(one: Effect | None) -> "DataFrame":
    """Return the case's `peers` as a table's columns."""
    import pandas as pd

    columns = ["name", "before", "after", "ratio", "interval"]
    if not one or one.peers is None:
        return pd.DataFrame(columns=columns)
    return in_words(one.peers)[columns]


def chosen(one: Effect | None) -> str:
    """Return where the place stood before, and what that does to a fall, as Markdown."""
    if not one:
        return f"{_UNREGISTERED}; der er derfor intet før og efter at holde op imod andre steder."
    if one.peers is None:
        return "Stedet kan ikke sammenlignes med andre, fordi der mangler perioder før eller efter."
    mine, rest = apart(one.peers)
    if rest.empty:
        return "Der er ingen sammenlignelige lokationer at holde stedet op imod."
    text = (
        f"**Før tiltaget lå {one.case.location} som nummer {rank(one.peers)} af {len(one.peers)}** "
        f"med {danish.number(mine['before'], 1)} hændelser pr. {unit(1, one.selection.half)[2:]}; "
        f"de andre havde {danish.number(rest['before'].mean(), 1)} i gennemsnit."
    )
    if one.design.was_worst:
        return (
            f"{text} Steder får tit en indsats, når det står værst til, og så falder tallet ofte "
            "igen af sig selv (regression mod middelværdien). En del af et fald kan skyldes det."
        )
    return f"{text} Det lå altså ikke blandt dem med flest, hvor tal ofte falder af sig selv."
