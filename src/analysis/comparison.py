"""Two seasons side by side: the frame of `barometer.compare_seasons` in, changes out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis import danish, taxonomy
from analysis.headings import TOTAL
from analysis.season import Season
from analysis.selection import Selection, SelectionError

if TYPE_CHECKING:
    from IPython.display import Markdown
    from pandas import DataFrame


def against(selection: Selection, season: str | None) -> Selection:
    """Return the same selection in the season to compare with: the one given, else the one before.

    Raises SelectionError, in Danish, where that is the selection's own.
    """
    compared = replace(selection, season=season or selection.season.previous)
    if compared.season == selection.season:
        raise SelectionError(
            f"compare_season er {compared.season}, som er udvalgets egen sæson; vælg en anden."
        )
    return compared


def by_month(counts: "DataFrame", seasons: Sequence[Season]) -> "DataFrame":
    """Return `month` (its Danish name) and a column of incidents for each season."""
    months = counts.assign(place=counts.groupby("season")["month"].rank("dense"))
    wide = months.pivot_table(
        index="place", columns="season", values="incidents", aggfunc="sum", observed=True
    ).reindex(columns=[season.name for season in seasons])
    names = months.drop_duplicates("place").set_index("place")["month"]
    wide.insert(0, "month", [danish.MONTHS[names[place].month - 1] for place in wide.index])
    return wide.rename_axis(columns=None).reset_index(drop=True)


def change_by_type(counts: "DataFrame", before: Season, after: Season) -> "DataFrame":
    """Return `name`, the incidents of both seasons, `change` and `share` (of the count before).

    A row for each of the six types and a last one, Samlet; `share` is null where there was none.
    """
    wide = (
        counts.pivot_table(index="name", columns="season", values="incidents", aggfunc="sum")
        .reindex(index=list(taxonomy.SIX_TYPES), columns=[before.name, after.name])
        .fillna(0)
        .astype("int64")
    )
    wide.loc[TOTAL] = wide.sum()
    wide["change"] = wide[after.name] - wide[before.name]
    wide["share"] = wide["change"] / wide[before.name].where(wide[before.name] > 0)
    return wide.rename_axis(index="name", columns=None).reset_index()


def headline(change: "DataFrame") -> "Markdown":
    """Return the page's first sentence from the total row of `change_by_type`."""
    from IPython.display import Markdown

    name_before, name_after = change.columns[1:3]
    total = change.iloc[-1]
    before, after = total[name_before], total[name_after]
    step = danish.number(abs(total["change"]))
    share = f" ({danish.number(abs(total['share']) * 100, 1)} %)" if before else ""
    counts = (
        f"fra {danish.number(before)} i {name_before} til {danish.number(after)} i {name_after}"
    )
    if after == before:
        text = f"Antallet af indmeldte hændelser er uændret: {danish.number(after)} i begge halvår."
    elif after < before:
        text = f"Antallet af indmeldte hændelser er faldet {counts}, et fald på {step}{share}."
    else:
        text = f"Antallet af indmeldte hændelser er steget {counts}, en stigning på {step}{share}."
    return Markdown(f"**{text}** Om det er mere end tilfældige udsving, er ikke undersøgt her.")
