"""The note's appendices: key figures, history and background, and what the figures are."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.barometer import words
from analysis.comparison import tables
from analysis.comparison.words import rate_words
from analysis.core import danish, prose, taxonomy
from analysis.core.asking import Dataset
from analysis.core.headings import TOTAL
from analysis.core.selection import Selection
from analysis.note.figures import Period, SinceEffort, day_of, is_opening
from analysis.note.words import About, PeriodKind, lacking, placeholder, sentence
from analysis.show import phrases
from analysis.show.phrases import markdown
from analysis.statistics import Interval

if TYPE_CHECKING:
    from altair import LayerChart
    from IPython.display import Markdown
    from pandas import DataFrame, Series

HEADINGS = {
    "name": "Nøgletal",
    "period": "Periode",
    "kind": "Tiltag",
    "starts": "Fra",
    "ends": "Til og med",
    "year": "År",
    "visits": "Besøg",
    "locations": "Lokationer med besøgstal",
    "interval": "Tilfældigt mellem",
    "since": "Indsats fra",
}


def key_figures(before: Period, now: Period) -> "DataFrame":
    """Return `name`, a column for each period by its name, and `change`; what is unknown is empty.

    A row is what the note's text tells of the periods in numbers.
    """
    import pandas as pd

    rows = {
        "Indmeldte hændelser": (before.incidents, now.incidents),
        "Relativ score": (before.score, now.score),
        "Hændelser i selvbetjent åbningstid": (before.self_service, now.self_service),
        "Hændelser med fysisk vold": (before.violent, now.violent),
        "Antal gange, hjælp er tilkaldt": (before.called, now.called),
        "Antal gange, hjælp er ankommet": (before.arrived, now.arrived),
    }
    made = pd.DataFrame.from_dict(rows, orient="index", columns=[before.name, now.name])
    made = made.astype("Int64")
    made["change"] = made[now.name] - made[before.name]
    made = made.assign(**dict.fromkeys(_unknown(before, now), pd.NA)).astype("Int64")
    return made.rename_axis("name").reset_index()


def headings(before: Period, now: Period) -> dict[str, str]:
    """Return the columns of the two periods as they head a table."""
    return {one.name: danish.capital(one.name) for one in (before, now)}


def months_drawn(
    monthly: "DataFrame", before: Period, now: Period, late: "Series | None" = None
) -> "LayerChart | None":
    """Draw `figures.monthly`, None where it has no incident; `late` is `nowcast.late_by_month`.

    Of a period that the data hold in part the description tells no change: it would be that of
    unlike times.
    """
    from analysis.show import charts

    if not monthly["incidents"].any():
        return None
    alike = "part" not in (before.held, now.held)
    chart = charts.season_comparison(monthly, alike=alike, late=late)
    if alike:
        return chart
    told = [
        f"{one.name}: {phrases.incidents(one.incidents)} i de måneder, som data dækker"
        + (f", {_extremes(one)}" if one.incidents else "")
        for one in _in_order(before, now)
        if one.held != "none"
    ]
    return chart.properties(description=f"{chart.title.text}. {'; '.join(told)}.")


def _extremes(one: Period) -> str:
    return phrases.extremes(one.months, "i {} måneder", lambda month: f"i {danish.month(month)}")


def figure_sentence(monthly: "DataFrame", before: Period, now: Period) -> str:
    """Return what the figure and the table of months lack, and how Andet stands in them, or ""."""
    both = _in_order(before, now)
    is_drawn = bool(monthly["incidents"].any())
    told = []
    if left := lacking({one.name: one.held for one in both}):
        neither, what = left
        figure = "er ikke med i figuren og " * is_drawn
        told.append(
            f"Data dækker {neither} {what}; måneder uden data {figure}står som »–« i tabellen."
        )
    counted = [one.name for one in both if one.held != "none"]
    if counted and not is_drawn:
        told.append(f"Der er ingen hændelser i {danish.listing(counted)} at vise i en figur.")
    return " ".join([*told, *_other_told(monthly)])


def _other_told(monthly: "DataFrame") -> list[str]:
    """Return how Uønsket adfærd adds up with Andet, which the form counts with it."""
    own, other = (
        monthly[monthly["name"] == name].groupby("season", observed=True)["incidents"].sum()
        for name in (taxonomy.UNWANTED, taxonomy.OTHER)
    )
    sums = [
        f"{season}: {danish.number(own[season])} + {danish.number(count)} = "
        f"{danish.number(own[season] + count)}"
        for season, count in other.items()
        if count
    ]
    if not sums:
        return []
    return [
        f"{taxonomy.OTHER} er i figuren og i tabellen over typer vist for sig og indgår ellers "
        f"under {taxonomy.UNWANTED} ({'; '.join(sums)})."
    ]


def by_month(selection: Selection, before: Period, now: Period) -> "DataFrame":
    """Return `month` (its Danish name) and a column of each period by name, the sum last.

    The earlier period first, as in the figure; months that the data do not hold are empty.
    """
    import pandas as pd

    both = _in_order(before, now)
    columns = {one.name: {day.month: n for day, n in one.months.items()} for one in both}
    order = [day.month for day in selection.months]
    made = pd.DataFrame(columns, index=order, dtype="Int64")
    made.loc[0] = made.sum(min_count=1)
    made.insert(0, "month", [*(danish.MONTHS[number - 1] for number in order), TOTAL])
    return made.reset_index(drop=True)


def _in_order(before: Period, now: Period) -> list[Period]:
    # Names of the same half sort by time.
    return sorted((before, now), key=lambda one: one.name)


def reservations(judged: Sequence[str], before: Period, now: Period) -> "Markdown":
    """Return how the tables of changes are read, and what `figures.verdict` rests on."""
    if left := lacking({one.name: one.held for one in _in_order(before, now)}):
        neither, what = left
        return markdown(
            f"Ændringen kan ikke opgøres, fordi data {neither} dækker {what}. Tabellerne nedenfor "
            "viser de antal, der er kendt."
        )
    return markdown(
        f"Forholdet er antallet i {now.name} delt med antallet i {before.name}, med det, der "
        "ventes meldt senere. I parentes står usikkerheden: "
        "Rummer den 1, kan ændringen være tilfældig.",
        *judged[1:],
    )


def changed(changes: "DataFrame", group: str, before: Period, after: Period) -> "DataFrame":
    """Return `name`, a column for each period, `change, ratio` of a group of `changes.changes`.

    `group` is "category" or "demography"; the last row is the total. Figures of a period that the
    data do not hold are empty.
    """
    import pandas as pd

    rows = pd.concat([changes[changes["group"] == group], changes.iloc[:1]])
    figures = rows[["ratio", "low", "high"]].itertuples(index=False)
    made = tables.season_rows(rows, before.name, after.name).assign(
        ratio=[_ratio(*each) for each in figures]
    )
    made = made[["name", before.name, after.name, "change", "ratio"]]
    return made.assign(**dict.fromkeys(_unknown(before, after), pd.NA)).astype(
        {before.name: "Int64", after.name: "Int64", "change": "Int64"}
    )


def _ratio(ratio: float, low: float, high: float) -> str:
    """Return a ratio with its interval, or that it rests on too few to be told."""
    told = rate_words(ratio, low, high)
    return "for få hændelser" if re.search("under 0|over 10|mindst", told) or not ratio else told


def _unknown(before: Period, after: Period) -> list[str]:
    """Return the columns of a comparison that the data do not tell.

    What is not held is not 0, and between unlike times there is no change.
    """
    unknown = [one.name for one in (before, after) if one.held == "none"]
    return unknown if before.held == after.held == "whole" else [*unknown, "change"]


def category_table(types: "DataFrame", subcategories: "DataFrame", now: Period) -> "DataFrame":
    """Return `barometer.words.category_table`, without counts where data do not hold the period."""
    import pandas as pd

    made = words.category_table(types, subcategories)
    return (
        made
        if now.held != "none"
        else made.assign(incidents=pd.array([pd.NA] * len(made), "Int64"))
    )


def opening_changes(place: About, measured: "DataFrame") -> "DataFrame":
    """Return `location, kind, starts, ends` of closures and cut hours; one place's without name."""
    return _dated(place, measured[is_opening(measured)])


def efforts(place: About, measured: "DataFrame") -> "DataFrame":
    """Return `location, kind, starts, ends, description` of the other measures, remarks with it."""
    rows = measured[~is_opening(measured)]
    told = [
        " ".join(sentence(text) for text in each if isinstance(text, str))
        for each in zip(rows["description"], rows["remark"], strict=True)
    ]
    return _dated(place, rows.assign(description=told), "description")


def purpose(effort: "DataFrame") -> "Markdown":
    """Return where the social effort of `figures.social_effort` is, and what a person fills in."""
    where = [
        f"{row.location} ({_since(row.since)})" for row in effort.sort_values("since").itertuples()
    ]
    return markdown(
        f"Indsatsen er på {danish.listing(where)}."
        if where
        else "Der er ikke registreret en socialfaglig indsats.",
        placeholder("purpose"),
        placeholder("method"),
    )


def _since(value: object) -> str:
    first = day_of(value)
    return f"siden {danish.day(first)}" if first else "begyndt på en ukendt dag"


def results(surveyed: str, since: Sequence[SinceEffort], effort: "DataFrame") -> "Markdown":
    """Return what became of the effort's places since it began, and what is no proof.

    `surveyed` is what their staff answer, as `initiatives.survey_list` tells it.
    """
    return markdown(
        *(
            f"På {one.location} har indsatsen været i gang siden {one.periods[0]}. Frem til "
            f"{one.periods[1]} er antallet af hændelser {phrases.change(*one.incidents)}. Uønsket "
            f"adfærd er {phrases.change(*one.unwanted)}. {one.verdict}"
            for one in since
        ),
        "" if effort.empty else surveyed,
        placeholder("results"),
        "" if effort.empty else prose.text("method/Årsag"),
    )


def effort_table(effort: "DataFrame") -> "DataFrame":
    """Return `figures.social_effort` as a table's columns, its days in words."""
    return effort.assign(since=[_day(value, "Ukendt") for value in effort["since"]])


def _dated(place: About, rows: "DataFrame", *more: str) -> "DataFrame":
    made = rows.assign(
        starts=[_day(value, "Ukendt") for value in rows["starts"]],
        ends=[_day(value, "Uden slutdato") for value in rows["ends"]],
    )
    where = [] if place.kind == "location" else ["location"]
    return made[[*where, "kind", "starts", "ends", *more]]


def _day(value: object, missing: str) -> str:
    known = day_of(value)
    return danish.unbroken(danish.day(known)) if known else missing


def by_period(history: "Series", levels: Sequence[Interval]) -> "DataFrame":
    """Return `period, incidents, interval` of `figures.history` and `figures.levels`."""
    import pandas as pd

    intervals = [danish.interval(round(low), round(high)) for low, high in levels]
    periods = [danish.capital(name) for name in history.index]
    return pd.DataFrame(
        {"period": periods, "incidents": history.to_numpy(), "interval": intervals}
    ).astype({"period": "str", "interval": "str", "incidents": "int64"})


def visits_sentence(place: About, found: "DataFrame") -> str:
    """Return the visits of each year in a sentence, from `figures.visits`, or that none are known.

    A year that is not counted whole, or not at every place, says so.
    """
    if found.empty:
        return f"Besøgstallet {place.at} er ikke kendt."
    whole = found["months"].eq(12)
    told = [
        f"{danish.number(row.visits)} i {row.year}"
        + ("" if row.months == 12 else " (ikke hele året)")
        for row in found.itertuples()
    ]
    where = ""
    if place.kind != "location":
        most = int(found["locations"].max())
        which = "den ene lokation" if most == 1 else f"de {danish.number(most)} lokationer"
        where = f" på {which}, hvor de er talt"
    text = f"Besøg {place.at}{where}: {danish.listing(told)}."
    if len(found) < 2 or not whole.iloc[-2:].all() or found["locations"].iloc[-2:].nunique() > 1:
        return text
    earlier, later = (int(value) for value in found["visits"].iloc[-2:])
    return f"{text} Fra {found['year'].iloc[-2]} til {found['year'].iloc[-1]} er besøgstallet " + (
        f"{phrases.change(earlier, later)}."
    )


def history_sentence(place: About, history: "Series", kind: PeriodKind) -> str:
    """Return in which periods there were most and fewest incidents, of those the data hold."""
    if history.empty:
        return f"Data dækker ikke {kind.whole} frem til periodens slutning."
    if not history.any():
        which = f"de {kind.several}, som data dækker"
        return f"Der er ikke indmeldt hændelser {place.at} i nogen af {which}."
    among = f"i {{}} {kind.several}"
    told = phrases.extremes(history, among, lambda period: f"i {period}")
    return f"Indmeldte hændelser {place.at}: {told}."


def figures_note(data: Dataset, now: Period) -> "Markdown":
    """Return what the figures are: source, days, score, and how much chance there is in them."""
    span = (
        f"Data går fra {danish.day(data.first_day)} til og med {danish.day(data.last_day)}."
        if data.last_day
        else "Databasen indeholder ingen hændelser."
    )
    return markdown(
        f"{prose.text('method/Indmeldinger og bestillinger')} {span}",
        words.inferred_weights().data if now.incidents else "",
        prose.text("method/En klar ændring"),
        prose.text("method/Forvaltningens egne oversigter"),
    )
