"""The frames of `comparison` and `reporting` as the page's tables and charts hold them."""

from math import nan
from typing import TYPE_CHECKING

from analysis.comparison.changes import INDEPENDENT, Dispersion
from analysis.comparison.words import rate_words, verdict_words, word
from analysis.core import danish
from analysis.core.headings import DIMENSIONS, TOTAL
from analysis.core.rounding import rounded
from analysis.show import phrases
from analysis.statistics import RateRatio, quasi_rate_ratio

if TYPE_CHECKING:
    from pandas import DataFrame, Series

# Spaces and hyphens in these do not break the line where a figure or a letter would stand alone.
HEADINGS = {
    "share": "Relativ ændring",
    "ratio": "Forhold (usikkerhed)",
    "ratio_exact": "Forhold (eksakt 95\u00a0%-interval)",
    "p_value": "p\u2011værdi",
    "p_value_exact": "Eksakt p\u2011værdi",
    "p_value_wide": "p\u2011værdi, når hændelser følges ad",
    "adjusted": "Justeret p\u2011værdi",
    "wide": "Bredt interval",
    "verdict": "Vurdering",
    "verdict_wide": "Vurdering efter det brede interval",
    "group": "Opdelt efter",
    "clear_fall": "Klart fald ved højst",
    "seen_25": "Fald på 25 % ses",
    "seen_50": "Fald på 50 % ses",
}


def season_rows(rows: "DataFrame", before: str, after: str) -> "DataFrame":
    """Return rows of `changes` or `answers` for a table: periods by name, figures in words.

    `ratio_exact` and `p_value_exact` are the same under the names they have beside `wide`, the
    interval that decides.
    """
    # Of nothing before and after there is nothing to tell.
    made = rows.assign(
        ratio=[
            rate_words(*each) for each in rows[["ratio", "low", "high"]].itertuples(index=False)
        ],
        p_value=rows["p_value"].where(rows["ratio"].notna()).map(phrases.p_value),
    )
    made["ratio"] += rows["mark"]
    made["ratio_exact"], made["p_value_exact"] = made["ratio"], made["p_value"]
    ends = rows[["deciding_low", "deciding_high"]].where(rows["ratio"].notna())
    made["wide"] = [danish.ratio_interval(*each) for each in ends.itertuples(index=False)]
    if "adjusted" in rows:
        made["adjusted"] = rows["adjusted"].map(phrases.p_value)
    return made.rename(columns={"before": before, "after": after})


def _figures(spread: Dispersion) -> tuple[str, str]:
    """Return the columns of the exact figures, called so where others decide."""
    return ("ratio_exact", "p_value_exact") if spread.is_clear else ("ratio", "p_value")


def changed(
    changes: "DataFrame", group: str, before: str, after: str, spread: Dispersion = INDEPENDENT
) -> "DataFrame":
    """Return one group of `changes.changes` for a table, its total last.

    Interval and p-value are the exact ones; where a wider interval decides, it stands beside with
    its p-value, from which the adjusted one is made, instead of the exact p-value.
    """
    import pandas as pd

    rows = pd.concat([changes[changes["group"] == group], changes.iloc[:1]])
    made = season_rows(rows, before, after)
    made["p_value_wide"] = rows["deciding_p"].where(rows["ratio"].notna()).map(phrases.p_value)
    figures = ("ratio_exact", "wide", "p_value_wide") if spread.is_clear else ("ratio", "p_value")
    return made[["name", before, after, "change", "share", *figures, "adjusted"]]


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
    """Return `name, value, low, high, mark` for `charts.intervals`, by the interval that decides.

    `rows` are `changes.answers`, or one `group` of `changes.changes` with the total first.
    """
    if group is not None:
        rows = rows[rows["group"].isin(["", group])]
    columns = {"ratio": "value", "deciding_low": "low", "deciding_high": "high"}
    return rows[["name", *columns, "mark"]].rename(columns=columns)


def answered(
    answers: "DataFrame", before: str, after: str, spread: Dispersion = INDEPENDENT
) -> "DataFrame":
    """Return `changes.answers` for a table, with the verdict of each.

    Interval and p-value are the exact ones; where a wider interval decides, it stands beside.
    """
    made = season_rows(answers, before, after)
    for season in (before, after):
        # What cannot be judged and is none, may be none that is known.
        counts = made[season].astype("Int64")
        none_known = counts.eq(0).fillna(value=False) & answers["reason"].ne("")
        made[season] = counts.mask(none_known.astype(bool))
    made["verdict"] = made["verdict_wide"] = verdict_words(answers)
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
        *_figures(spread),
        *(("wide", "verdict_wide") if spread.is_clear else ("verdict",)),
    ]
    return made[columns]


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


def certainty(total: "Series", spread: Dispersion) -> "DataFrame":
    """Return the change of the counts twice: of independent incidents, and of ones that follow.

    `total` is the first row of `changes.answers`. Columns: `name, ratio, p_value, verdict`,
    in words; unknown where the row has a reason.
    """
    import pandas as pd

    counts = int(total["after"]), int(total["before"])
    rows = []
    for name, times in (
        ("Hvis hændelserne er uafhængige", 1.0),
        ("Hvis de følges ad som fra uge til uge", spread.widest),
    ):
        one = rounded(quasi_rate_ratio(*counts, times))
        if total["reason"]:
            one = RateRatio(nan, nan, nan, nan)
        rate = rate_words(one.ratio, one.low, one.high)
        rows.append((name, rate, phrases.p_value(one.p_value), word(one.low, one.high)))
    return pd.DataFrame(rows, columns=["name", "ratio", "p_value", "verdict"])
