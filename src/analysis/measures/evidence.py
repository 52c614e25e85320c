"""How strong the evidence of a measure's effect is, in one line that a committee can read.

The details stand by themselves: the interval, all reasons, and what cannot be told apart.
"""

from math import isfinite
from typing import NamedTuple

from analysis.core import danish, prose
from analysis.show import phrases
from analysis.statistics import RateRatio

# What each level asks for at the least; `rules` says it in words.
LEAST_BEFORE, LEAST_AFTER, LEAST_CONTROLS = 2, 1, 6
MODERATE_BEFORE, MODERATE_AFTER, MODERATE_CONTROLS = 3, 2, 10
STRONG_BEFORE, STRONG_AFTER = 4, 3
# A place in this part of the comparable ones, counted from the most incidents, was among the worst.
WORST = 0.25
UNJUDGED, NONE, WEAK, MODERATE, STRONG = (
    "Kan ikke bedømmes",
    "Ikke til at se",
    "Svag evidens",
    "Moderat evidens",
    "Stærk evidens",
)
# What is said of the level at which no effect is seen.
UNSEEN = "Vi kan ikke se, om det har virket"
_UNITS = {"vinter": ("vinterhalvår",) * 2, "sommer": ("sommerhalvår",) * 2}
_SEASONS = ("sæson", "sæsoner")


class Design(NamedTuple):
    """What a comparison rests on, beside its figures.

    `before` and `after` are numbers of periods, `controls` of comparable places, `as_large` of
    those that changed as much the same way without a measure; `others` the kinds of other measures
    at the place in these periods; `spread_out`, that the other places of the district clearly rose;
    `was_worst`, that the place was among those with most incidents before.
    """

    before: int
    after: int
    controls: int
    as_large: int = 0
    others: tuple[str, ...] = ()
    spread_out: bool = False
    was_worst: bool = False


class Evidence(NamedTuple):
    """How strong the evidence is, the line that says so and the main reason, and all there is."""

    level: str
    line: str
    details: str


def unit(count: int, half: str | None) -> str:
    """Return a number of periods: "1 vinterhalvår", "3 sæsoner"."""
    return danish.counted(count, *_UNITS.get(half, _SEASONS))


def too_few(design: Design, half: str | None) -> list[str]:
    """Return what there is too little of to judge by, in words; none where there is enough."""
    found = []
    if design.before < LEAST_BEFORE:
        found.append(
            f"der er {_only(unit(design.before, half))} før tiltaget (mindst {LEAST_BEFORE} kræves)"
        )
    if design.after < LEAST_AFTER:
        found.append(f"tiltaget har endnu ikke dækket {_whole(half)}")
    if design.controls < LEAST_CONTROLS:
        found.append(
            f"der er {_only(_locations(design.controls))} at sammenligne med "
            f"(mindst {LEAST_CONTROLS} kræves)"
        )
    return found


def _only(words: str) -> str:
    return f"ingen {words[2:]}" if words.startswith("0 ") else f"kun {words}"


def _whole(half: str | None) -> str:
    return f"et helt {_UNITS[half][0]}" if half else f"en hel {_SEASONS[0]}"


def _locations(count: int) -> str:
    return danish.counted(count, "lokation", "lokationer")


def graded(design: Design, compared: RateRatio | None, half: str | None) -> Evidence:
    """Return how strong the evidence of an effect is, as `rules` says, and why."""
    refused = too_few(design, half)
    if not refused and compared is None:
        refused = ["der er for få hændelser til at regne på"]
    if refused:
        details = f"{UNJUDGED}: {danish.listing(refused)}."
        if compared and isfinite(compared.ratio):
            details += (
                f" Antallet er {ratio_in_words(compared.ratio)} i forhold til "
                f"{_alike(design.controls)}, men det kan have andre grunde."
            )
        return Evidence(
            UNJUDGED,
            f"**{UNJUDGED}:** {refused[0]}, så det kan ikke siges, om det har virket.",
            f"{details} Det kan ikke siges, om det har virket.{_mixed(design)}",
        )
    against = (
        f"i forhold til {_alike(design.controls)} er antallet {ratio_in_words(compared.ratio)}"
    )
    if compared.low <= 1 <= compared.high:
        return Evidence(
            NONE,
            f"**{UNSEEN}.** {danish.capital(against)}; det kan være tilfældigt.",
            f"{UNSEEN}. {danish.capital(against)}, men det kan være tilfældigt "
            f"({ratio_interval(compared)}).{_mixed(design)}",
        )
    fell = compared.high < 1
    held = _short_of_moderate(design, fell, half)
    level = WEAK if held else MODERATE
    if not held:
        held = _short_of_strong(design, fell, half)
        level = MODERATE if held else STRONG
    way = "et fald" if fell else "en stigning"
    but, first = (
        f", men {danish.listing(reasons)}" if reasons else "" for reasons in (held, held[:1])
    )
    return Evidence(
        level,
        f"**{level} for {way}:** {against}{first}.",
        f"{level} for {way}: {against} ({ratio_interval(compared)}){but}.{_mixed(design)}",
    )


def _mixed(design: Design) -> str:
    """Return that other measures at the place cannot be told from this one, or ""."""
    if not design.others:
        return ""
    kinds = danish.listing([kind.lower() for kind in design.others])
    return (
        f" På stedet var der også {kinds} i de samme perioder, så vi kan ikke se, hvad der "
        "eventuelt virkede."
    )


def _short_of_moderate(design: Design, fell: bool, half: str | None) -> list[str]:
    found = _short_of(design, MODERATE_BEFORE, MODERATE_AFTER, half)
    if design.controls < MODERATE_CONTROLS:
        found.append(f"der er {_only(_locations(design.controls))} at sammenligne med")
    if design.as_large:
        way = "faldet" if fell else "steget"
        found.append(f"{_alike(design.as_large)} er {way} lige så meget uden tiltag")
    if design.others:
        found.append("andre tiltag på stedet kan også have virket")
    if fell and design.spread_out:
        found.append("antallet er steget i resten af bydelen, så hændelser kan være flyttet dertil")
    return found


def _short_of_strong(design: Design, fell: bool, half: str | None) -> list[str]:
    found = _short_of(design, STRONG_BEFORE, STRONG_AFTER, half)
    if fell and design.was_worst:
        found.append(
            "stedet lå blandt dem med flest hændelser før, og så falder tal ofte af sig selv"
        )
    return found


def _short_of(design: Design, before: int, after: int, half: str | None) -> list[str]:
    found = []
    if design.before < before:
        found.append(f"der er {_only(unit(design.before, half))} før")
    if design.after < after:
        found.append(f"der er {_only(unit(design.after, half))} efter")
    return found


def _alike(count: int) -> str:
    return danish.counted(count, "sammenlignelig lokation", "sammenlignelige lokationer")


def ratio_in_words(ratio: float) -> str:
    """Return a ratio in words: "45 % lavere", "under 1 % højere", "2,3 gange så højt"."""
    if not isfinite(ratio):
        return "uden øvre grænse"
    if ratio >= 2:
        return f"{danish.number(ratio, 1)} gange så højt"
    if ratio == 1:
        return "det samme"
    return f"{phrases.percent(abs(ratio - 1), 1)} {'lavere' if ratio < 1 else 'højere'}"


def ratio_interval(ratio: RateRatio) -> str:
    """Return the interval of a ratio in words."""
    return f"usikkerheden går fra {ratio_in_words(ratio.low)} til {ratio_in_words(ratio.high)}"


def evidence_rules(half: str | None) -> str:
    """Return what each level of evidence asks for, as Markdown lines."""
    return prose.text(
        "rules/Evidens",
        ikke_bedømt=UNJUDGED,
        før=unit(LEAST_BEFORE, half),
        helt=_whole(half),
        lokationer=_locations(LEAST_CONTROLS),
        ingen=NONE,
        svag=WEAK,
        moderat=MODERATE,
        moderat_før=unit(MODERATE_BEFORE, half),
        moderat_efter=MODERATE_AFTER,
        moderat_lokationer=_locations(MODERATE_CONTROLS),
        stærk=STRONG,
        stærk_før=unit(STRONG_BEFORE, half),
        stærk_efter=STRONG_AFTER,
    )
