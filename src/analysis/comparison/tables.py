"""The frames of `comparison` and `reporting` as the page's tables and charts hold them."""

from math import nan
from typing import TYPE_CHECKING

from analysis.comparison.usual import ONLY_CHANCE, Usual
from analysis.comparison.words import rate_words, verdict_words, word
from analysis.core import danish
from analysis.core.headings import DIMENSIONS, TOTAL
from analysis.core.rounding import rounded
from analysis.show import phrases
from analysis.statistics import RateRatio

if TYPE_CHECKING:
    from pandas import DataFrame, Series

# Spaces and hyphens in these do not break the line where a figure or a letter would stand alone.
HEADINGS = {
    "share": "Relativ ændring",
    "ratio": "Forhold (usikkerhed)",
    "p_value": "p\u2011værdi",
    "adjusted": "Justeret p\u2011værdi",
    "verdict": "Vurdering",
    "group": "Opdelt efter",
    "clear_fall": "Klart fald ved højst",
    "seen_25": "Fald på 25 % ses",
    "seen_50": "Fald på 50 % ses",
}


def season_rows(rows: "DataFrame", before: str, after: str) -> "DataFrame":
    """Return rows of `changes` or `answers` for a table: periods by name, figures in words."""
    # Of nothing before and after there is nothing to tell.
    made = rows.assign(
        ratio=[
            rate_words(*each) for each in rows[["ratio", "low", "high"]].itertuples(index=False)
        ],
        p_value=rows["p_value"].where(rows["ratio"].notna()).map(phrases.p_value),
    )
    made["ratio"] += rows["mark"]
    if "adjusted" in rows:
        made["adjusted"] = rows["adjusted"].map(phrases.p_value)
    return made.rename(columns={"before": before, "after": after})


def changed(changes: "DataFrame", group: str, before: str, after: str) -> "DataFrame":
    """Return one group of `changes.changes` for a table, its total last."""
    import pandas as pd

    rows = pd.concat([changes[changes["group"] == group], changes.iloc[:1]])
    made = season_rows(rows, before, after)
    return made[["name", before, after, "change", "share", "ratio", "p_value", "adjusted"]]


def counts(changes: "DataFrame", before: str, after: str) -> "DataFrame":
    """Return `group, name`, the incidents of both periods, `change, share`, but for the total."""
    groups = {"month": "Måned", **DIMENSIONS}
    rows = changes[(changes["group"] != "") & (changes["before"] + changes["after"] > 0)]
    made = rows.assign(group=rows["group"].map(groups))
    made = made.rename(columns={"before": before, "after": after})
    return made[["group", "name", before, after, "change", "share"]]


def of_months_with_data(made: "DataFrame", months: "DataFrame") -> "DataFrame":
    """Return `changed` by month without the counts and changes that lack data in a season.

    `months` is `changes.by_month`, where a month without data has no count.
    """
    counts = months.set_index("month").reindex(made["name"])
    counts = counts[[season for season in counts if season in made]]
    unknown = counts.isna() & made["name"].isin(months["month"]).to_numpy()[:, None]
    found = made.copy()
    for season in counts.columns[unknown.any()]:
        found[season] = found[season].astype("Int64").mask(unknown[season].to_numpy())
    either = unknown.any(axis=1).to_numpy()
    if either.any():
        found["change"] = found["change"].astype("Int64").mask(either)
        found["share"] = found["share"].mask(either)
        for words in found.columns.difference(
            ["group", "name", "change", "share", *counts.columns]
        ):
            found[words] = found[words].where(~either, danish.UNKNOWN)
    return found


def drawn(rows: "DataFrame", group: str | None = None) -> "DataFrame":
    """Return `name, value, low, high, mark` for `charts.intervals`.

    `rows` are `changes.answers`, or one `group` of `changes.changes` with the total first.
    """
    if group is not None:
        rows = rows[rows["group"].isin(["", group])]
    return rows[["name", "ratio", "low", "high", "mark"]].rename(columns={"ratio": "value"})


def answered(answers: "DataFrame", before: str, after: str) -> "DataFrame":
    """Return `changes.answers` for a table, with what each by itself would say."""
    made = season_rows(answers, before, after)
    for season in (before, after):
        # What cannot be judged and is none, may be none that is known.
        counts = made[season].astype("Int64")
        none_known = counts.eq(0).fillna(value=False) & answers["reason"].ne("")
        made[season] = counts.mask(none_known.astype(bool))
    made["verdict"] = verdict_words(answers)
    exposures = {
        f"exposure_{when}": f"Grundlag {name}"
        for when, name in (("before", before), ("after", after))
    }
    made = made.rename(columns=exposures)
    for column in exposures.values():
        made[column] = made[column].round().astype("Int64")
    return made[["name", before, after, *exposures.values(), "ratio", "p_value", "verdict"]]


def detectable(changes: "DataFrame", before: str) -> "DataFrame":
    """Return the largest clear fall and the power of every row of `changes.changes`."""
    groups = {"": TOTAL, "month": "Måned", **DIMENSIONS}
    made = changes.assign(group=changes["group"].map(groups)).rename(columns={"before": before})
    if not made[before].iloc[0]:
        # Of none there is no fall to see, and they may be none that are known.
        made[before] = made[before].astype("Int64").mask(made[before] == 0)
    return made[["name", "group", before, "clear_fall", "seen_25", "seen_50"]]


def sign_table(found: "DataFrame", before: str, after: str) -> "DataFrame":
    """Return `reporting.signs` for a table: "3 af 87 (3 %)" of each period."""
    made = found.assign(
        p_value=found["p_value"].map(phrases.p_value),
        adjusted=found["adjusted"].map(phrases.p_value),
    )
    for when, name in (("before", before), ("after", after)):
        made[name] = [
            _part(*each) for each in zip(found[f"part_{when}"], found[f"whole_{when}"], strict=True)
        ]
    return made[["name", before, after, "p_value", "adjusted"]]


def _part(part: int, whole: int) -> str:
    if not whole:
        return "Ingen"
    share = phrases.percent(part, whole)
    return f"{danish.number(part)} af {danish.number(whole)} ({share})"


def certainty(total: "Series", usual: Usual) -> "DataFrame":
    """Return the change of the counts twice: against chance within the seasons, and what is usual.

    `total` is the first row of `changes.answers`. Columns: `name, ratio, p_value, verdict`,
    in words; unknown where the row has a reason.
    """
    import pandas as pd

    rows = []
    for name, held in (
        ("Kun tilfældige udsving inden for perioderne", ONLY_CHANCE),
        ("Også det, som niveauet plejer at ændre sig; denne række afgør", usual),
    ):
        one = rounded(held.rate_ratio(int(total["after"]), int(total["before"])))
        if total["reason"]:
            one = RateRatio(nan, nan, nan, nan)
        rate = rate_words(one.ratio, one.low, one.high)
        rows.append((name, rate, phrases.p_value(one.p_value), word(one.low, one.high)))
    return pd.DataFrame(rows, columns=["name", "ratio", "p_value", "verdict"])
