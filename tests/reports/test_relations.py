"""What the numbers of a row say of each other: changes, ratios, shares and their intervals.

Each is worked out again by scipy or statsmodels from the counts beside it, which `test_figures`
holds against the incidents.
"""

import json
import re

import pytest
from scipy.stats import binomtest, chi2
from statsmodels.stats.proportion import proportion_confint

from analysis.core import taxonomy
from analysis.core.headings import DIMENSIONS, TOTAL

SEASON = re.compile(r"(Vinterhalvåret |Sommerhalvåret )?\d{4}/\d\d|Før|Efter")
NUMBER = re.compile(r"−?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?|∞")
ENGLISH = str.maketrans({"−": "-", ".": None, ",": "."})
# The interval of a change holds scipy's exact one: what is usual between seasons makes it wider.
RATIO = "Forhold (usikkerhed)"
# In place of a step of rounding: what a number is only a bound of.
OVER, UNDER = float("inf"), 0.0
# Of how many kinds of tables a rule holds numbers at least.
HELD = {
    "change": 7,
    "ratio": 4,
    "share": 6,
    "interval": 4,
    "rate": 2,
    "chance": 2,
    "total": 28,
    "order": 12,
}


def plain(text):
    """Text without the marks that keep it on one line."""
    return str(text).replace("\u2060", "").replace("\u00a0", " ").replace("\u2011", "-")


def numbers(text):
    """The numbers of a text as it stands in a table, each with its step of rounding."""
    found = []
    text = re.sub(r"^– \(", "∞ (", plain(text))
    text = re.sub(r"mindst ([\d,]+)", r"\1–∞", text)
    text = re.sub(r"(under|over) 1\b(?! %)", "1,00", text)
    for said in NUMBER.findall(text):
        decimals = len(said.partition(",")[2])
        value = float("inf") if said == "∞" else float(said.translate(ENGLISH))
        # Of what is over 10 or under 0,1 no more is said.
        beyond = {f"over {said}": OVER, f"under {said}": UNDER}
        steps = (step for words, step in beyond.items() if words in text)
        found.append((value, next(steps, 10.0**-decimals)))
    return found


def near(told, exact, step):
    """Whether a number is the exact one, rounded to the step, or over or under it."""
    if step in (OVER, UNDER):
        return exact >= told if step == OVER else exact <= told
    return told == exact or abs(told - exact) <= 0.5001 * step


def same(told, exact):
    """Whether a number of a table, rounded to six figures, is the exact one."""
    return told == pytest.approx(exact, rel=1e-5, abs=1e-6)


def pair(row):
    """The counts before and after, where the row has them."""
    counts = [row[head] for head in row if SEASON.fullmatch(head)]
    return (
        counts if len(counts) == 2 and all(isinstance(one, int | float) for one in counts) else ()
    )


def changes(row):
    before, after = pair(row) or (None, None)
    if before is None:
        return
    if isinstance(row.get("Ændring"), int) and "Forhold mellem dem" not in row:
        yield "change", row["Ændring"] == after - before
    relative = row.get(
        "Relativ ændring", row.get("Ændring") if "Forhold mellem dem" in row else None
    )
    if relative is not None:
        yield "change", same(relative, after / before - 1)


def ratios(row):
    before, after = pair(row) or (None, None)
    told = row.get(RATIO)
    if before is None or told is None or not numbers(told):
        return
    bases = [row.get(f"Grundlag {season}") for season in row if SEASON.fullmatch(season)]
    weight = bases[1] / bases[0] if all(bases) else 1
    (ratio, step), *limits = numbers(told)
    exact = after / before / weight if before else float("inf")
    # With what is still to be reported of all, at the most.
    most = (after + row[LATE]) / before / weight if before else exact
    yield "ratio", near(ratio, exact, step) or exact < ratio <= most
    found = binomtest(int(after), int(before + after), weight / (1 + weight))
    chance = found.proportion_ci(0.95, "exact")
    for (limit, step), bound, side in zip(limits, chance, (1, -1), strict=True):
        bound = bound / (1 - bound) / weight if bound < 1 else float("inf")
        yield "interval", near(limit, bound, step) or (bound - limit) * side > 0


def shares_of_types(row):
    """Shares with Wilson's interval, by the number of the row: "75 % (63–84)"."""
    texts = [row[head] for head in row if head in taxonomy.CATEGORY_LABELS]
    total = row.get("Antal")
    if not total or not all(isinstance(text, str) and "(" in text for text in texts):
        return
    for text in texts:
        (share, step), *limits = numbers(text)
        counts = [n for n in range(total + 1) if near(share, 100 * n / total, step)]
        # More counts than one may have the share; one of them has the interval.
        yield (
            "share",
            any(
                all(
                    near(limit, 100 * bound, step)
                    for (limit, _), bound in zip(
                        limits, proportion_confint(n, total, method="wilson"), strict=True
                    )
                )
                for n in counts
            ),
        )


def shares(row):
    parts = (
        ("Andel", "Blanke", "Hændelser"),
        ("Andel af hændelserne", "I vagternes timer", "Hændelser i åbningstiden"),
    )
    for share, part, whole in parts:
        if {share, part, whole} <= row.keys() and row[share] is not None:
            yield "share", same(row[share], row[part] / row[whole])
            if limits := row.get("Kan ligge mellem"):
                bounds = proportion_confint(row[part], row[whole], method="wilson")
                (low, step), (high, _) = numbers(limits)
                # Days that differ by more than chance make it wider.
                yield "interval", low <= 100 * bounds[0] + step and high >= 100 * bounds[1] - step
    if "Tegn" in row:
        for head in row:
            if SEASON.fullmatch(head) and len(said := numbers(row[head])) == 3:
                (part, _), (whole, _), (share, step) = said
                exact = 100 * part / whole
                under = "under 1 %" in plain(row[head])
                yield "share", 0 < exact < 1 if under else near(share, exact, step)


def rates(row):
    if row.get("Hændelser pr. uge") is not None:
        yield "rate", same(row["Hændelser pr. uge"], 7 * row["Hændelser"] / row["Dage"])
    if {"Forhold", "Forventet", "Antal"} <= row.keys() and row["Forhold"] is not None:
        yield "rate", row["Forhold"] == pytest.approx(row["Antal"] / row["Forventet"], rel=1e-4)


def chances(row):
    told = row.get("p-værdi")
    if told and numbers(told) and RATIO in row and pair(row):
        before, after = pair(row)
        bases = [row.get(f"Grundlag {season}") for season in row if SEASON.fullmatch(season)]
        weight = bases[1] / bases[0] if all(bases) else 1
        n, p = int(before + after), weight / (1 + weight)
        one_sided = [
            binomtest(int(after), n, p, alternative=side).pvalue for side in ("less", "greater")
        ]
        ((value, step),) = numbers(told)
        # What the counts are held against is shown whole; what is usual makes it less unlikely.
        exact = min(1, 2 * min(one_sided))
        yield "chance", near(value, exact, step and step + 0.001) or value > exact
    if told := row.get("Tilfældigt mellem"):
        n = row["Antal"]
        bounds = (chi2.ppf(0.025, 2 * n) / 2 if n else 0, chi2.ppf(0.975, 2 * n + 2) / 2)
        (low, step), (high, _) = numbers(told)
        # What levels usually vary by makes it wider than chance does.
        yield "chance", low <= bounds[0] + step and high >= bounds[1] - step


def orders(row):
    """What lies between what: a median in its intervals, a score in its limits."""
    for middle, low, high in (
        ("Relativ score", "Laveste", "Højeste"),
        ("Ventet score", "Lav", "Høj"),
        ("Andel", "Laveste", "Højeste"),
        ("Plads", "Bedste plads", "Dårligste plads"),
    ):
        if {middle, low, high} <= row.keys():
            yield "order", row[low] <= row[middle] <= row[high]
    for middle in [head for head in row if f"{head}: ni af ti udfald" in row]:
        (low, _), (high, _) = numbers(row[f"{middle}: ni af ti udfald"])
        yield "order", low <= row[middle] <= high
    if "Ventet" in row and numbers(row.get("Ni af ti udfald ligger mellem", "")):
        (low, _), (high, _) = numbers(row["Ni af ti udfald ligger mellem"])
        yield "order", low <= row["Ventet"] <= high
        if "Faktisk antal" in row:
            is_hit = row["Som ventet"] == "ja"
            yield "order", is_hit == (low <= row["Faktisk antal"] <= high)
    if "Grænse" in row and "Signal" in row and row["Grænse"] is not None:
        yield "order", (row["Signal"] != "–") == (row["Antal"] > row["Grænse"])


LATE = "ventes meldt senere"
RULES = (changes, ratios, shares_of_types, shares, rates, chances, orders)


def totals(table):
    """The row and the column of sums."""
    heads = [column.heading for column in table.columns]
    rows = [row for row in table.rows if row[0] != TOTAL]
    for row in table.rows:
        # Of the power to see a fall the whole is a row like the others.
        if row[0] == TOTAL and heads[0] != "Navn":
            for index, column in enumerate(table.columns[1:], 1):
                if column.kind == "whole" and row[index] is not None:
                    yield "total", row[index] == sum(one[index] or 0 for one in rows)
        if (
            heads[0] in (*DIMENSIONS.values(), "Måned", "Dato", "Time")
            and heads[-1] == TOTAL
            and row[-1] is not None
        ):
            yield "total", row[-1] == sum(one or 0 for one in row[1:-1])


def still_to_come(file):
    """The most that is told to be still reported of a page's incidents."""
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    told = re.findall(
        r"Foreløbige tal.*?\(\d+–(\d+)\)", plain(json.dumps(cells, ensure_ascii=False))
    )
    return max(map(int, told), default=0)


def relations(tables, late):
    """Yield the rule, where it was tried, and whether it holds, over all tables."""
    for table in tables:
        heads = [plain(column.heading) for column in table.columns]
        for rule, holds in totals(table):
            yield rule, (table.caption,), holds
        for values in table.rows:
            row = dict(zip(heads, values, strict=True)) | {LATE: late}
            for each in RULES:
                for rule, holds in each(row):
                    yield rule, (table.caption, values[0]), holds


@pytest.fixture(scope="module")
def found(reported, tables_of):
    return [
        (rule, (file.parent.name, file.stem, *where), holds)
        for file in sorted(reported.glob("*/*.ipynb"))
        for rule, where, holds in relations(tables_of(file), still_to_come(file))
    ]


@pytest.mark.parametrize("rule", HELD)
def test_the_numbers_of_a_row_are_those_of_its_counts(found, rule):
    tried = [(where, holds) for each, where, holds in found if each == rule]
    assert [where for where, holds in tried if not holds] == []
    # A caption begins alike for every place.
    captions = {re.split(r"[:,(]", caption)[0] for (_, _, caption, *_), _ in tried}
    assert len(captions) >= HELD[rule], captions
