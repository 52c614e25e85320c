"""The words a page opens with, and the sentences that stand by its figures."""

from typing import TYPE_CHECKING

from analysis import barometer
from analysis.barometer import published
from analysis.core import asking, danish, database, prose, taxonomy
from analysis.core.headings import HEADINGS
from analysis.core.selection import ALL, Selection
from analysis.nowcast.words import has_stopped, not_settled
from analysis.show import phrases
from analysis.show.phrases import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection
    from IPython.display import Markdown
    from pandas import DataFrame

OUTDATED = (
    "**Databasen er lavet om, efter at notebooken åbnede den, og tallene er de gamle. Kør alle "
    "celler igen.**"
)
NOT_COVERED = "De dækker ikke hele perioden, og tallene er derfor lavere."
OUTSIDE = "De dækker slet ikke perioden; at der ingen hændelser er, siger intet om den."
SELF_SERVICE = {None: ALL, True: "Ja", False: "Nej"}


def header(
    con: "DuckDBPyConnection",
    selection: Selection,
    compared: Selection | None = None,
    *,
    public: bool = False,
) -> "Markdown":
    """Return the page's opening: the selection in words, the date of the data, the warning.

    Filters that are off are left out, and of what is `public` what no protected number tells: what
    is still to be reported, and since when a place has been silent.
    """
    known = asking.resolve(con, selection)
    periods = [known, compared] if compared else [known]
    data = asking.dataset(con)
    against = f" mod {compared.name}" if compared else ""
    # Days of one's own are the period's name.
    is_named = known.first_day or known.last_day
    of = [
        f"**{known.place}, {known.period}{against}**",
        *known.narrowed,
        "" if is_named else f"Periode: {known.dates}",
        _covered(data, periods),
    ]
    return markdown(
        " · ".join(filter(None, of)),
        "" if public else not_settled(con, known, compared),
        "" if public else has_stopped(con, known),
        OUTDATED if database.is_outdated(con) else "",
        synthetic() if data.synthetic else "",
    )


def synthetic(where: str = "på denne side") -> str:
    """Return what every page of made-up data says, as Markdown."""
    return prose.text("rules/Syntetiske data", her=where)


def _covered(data: asking.Dataset, periods: list[Selection]) -> str:
    """Say how far the data go, and where a period is not covered whole."""
    if not data.last_day:
        return "**Databasen indeholder ingen hændelser.**"
    text = f"Data til og med {danish.day(data.last_day)}"
    if data.covers(*periods):
        return text
    if data.covers(periods[0]):
        of = f"{periods[1].period}, som der sammenlignes med"
        found = "dækker ikke hele" if data.touches(periods[1]) else "har intet fra"
        return f"{text}. **De {found} {of}.**"
    return f"{text}. **{NOT_COVERED if data.touches(periods[0]) else OUTSIDE}**"


def totals(con: "DuckDBPyConnection", selection: Selection) -> "Markdown":
    """Return the page's headline: incidents, relative score, and help called and arrived."""
    incidents = barometer.incidents(con, selection)
    if not incidents:
        return markdown("**Der er ingen indmeldte hændelser i udvalget.**")
    score = barometer.score_by(con, selection, "district")["relative_score"].sum()
    earlier = barometer.year_before(con, selection)(barometer.score_by, "district")
    against = ""
    if earlier:
        name, was = earlier[0], earlier[1].sum(numeric_only=True)
        figures = (danish.number(was[each]) for each in ("incidents", "relative_score"))
        against = f" ({' og '.join(figures)} i {name})"
    helped = barometer.help_called(con, selection)[["called", "arrived"]].sum()
    return markdown(
        f"**{danish.counted(incidents, 'indmeldt hændelse', 'indmeldte hændelser')}, "
        f"relativ score {danish.number(score)}**{against}. "
        + (
            f"Hjælp er tilkaldt {danish.counted(helped['called'], 'gang', 'gange')} og ankommet "
            f"{danish.counted(helped['arrived'], 'gang', 'gange')}."
            if helped["called"]
            else "Der er ikke tilkaldt hjælp."
        )
    )


def inferred_weights() -> "Markdown":
    """Return the note that stands by every relative score."""
    told = prose.text("weights/Relativ score", vægte=_weights(published.types()))
    if assumed := published.younger():
        younger = danish.listing([f"{label} ({taxonomy.WEIGHTS[label]})" for label in assumed])
        told += " " + prose.text("weights/Yngre urotyper", urotyper=younger)
    return markdown(f"*{told}*")


def _weights(labels: "Iterable[str]") -> str:
    return danish.listing([f"{label} {taxonomy.WEIGHTS[label]}" for label in labels])


def completeness(blanks: "DataFrame", delay: "DataFrame") -> "Markdown":
    """Return the page's verdict: how soon incidents are reported, and what is most often blank.

    From `quality.blanks` and `quality.delay`, whose last two spans are longer than a week.
    """
    reported, soon = delay["incidents"].sum(), delay["incidents"].iloc[:-2].sum()
    if not reported:
        return markdown("**Der er ingen indmeldte hændelser i udvalget.**")
    most = blanks.iloc[0]
    blank = (
        f"Oftest blankt er feltet {HEADINGS[most['field']].lower()}: "
        f"{danish.number(most['blank'])} af {danish.number(most['incidents'])}."
        if most["blank"]
        else "Ingen felter er blanke."
    )
    return markdown(
        f"**{danish.number(soon)} af {danish.counted(reported, 'uroskema', 'uroskemaer')} er "
        f"indsendt inden for en uge ({phrases.percent(soon, reported)}).** {blank}"
    )


def fates_sentence(counted: "DataFrame") -> "Markdown":
    """Return what became of the rows in one sentence, from `quality.fates`."""
    sums = counted.sum(numeric_only=True)
    parts = [
        f"{danish.number(sums[fate])} {word}"
        for fate, word in (
            ("accepted", "godkendte"),
            ("duplicate", "dubletter"),
            ("linked", "knyttet til en sag"),
            ("cancelled", "annullerede"),
            ("rejected", "afviste"),
        )
    ]
    return markdown(f"{danish.number(sums['rows'])} rækker: {danish.listing(parts)}.")


def violence_sentence(counted: "DataFrame") -> "Markdown":
    """Return whether the police were called to every incident of the highest step."""
    incidents, without = counted["incidents"].sum(), counted["without_police"].sum()
    if not incidents:
        text = f"Der er ingen hændelser med {taxonomy.VIOLENCE} i udvalget."
    elif not without:
        text = f"Politiet er tilkaldt ved alle hændelser med {taxonomy.VIOLENCE} ({incidents})."
    else:
        text = (
            f"Politiet er ikke tilkaldt ved {danish.number(without)} af "
            f"{phrases.incidents(incidents)} med {taxonomy.VIOLENCE}."
        )
    return markdown(f"**{text}**")


def category_table(types: "DataFrame", subcategories: "DataFrame") -> "DataFrame":
    """Return `category, subcategory, ladder_step, incidents, description`: what they mean.

    `types` and `subcategories` hold `name, incidents`, from `barometer.count_by`.
    """
    import pandas as pd

    counted = types.set_index("name")["incidents"].to_dict()
    divided = subcategories.set_index("name")["incidents"].to_dict()
    rows = []
    for each in taxonomy.CATEGORIES:
        step = each.ladder_step
        rows.append((each.label, "", step, counted.get(each.label, 0), each.description))
        if each.label == taxonomy.UNWANTED:
            rows += [
                (
                    each.label,
                    one.label,
                    None if one.label == taxonomy.OTHER else step,
                    divided.get(one.label, 0),
                    one.description,
                )
                for one in taxonomy.FORM["subcategory"].values()
            ]
    columns = ["category", "subcategory", "ladder_step", "incidents", "description"]
    return pd.DataFrame(rows, columns=columns).astype({"ladder_step": "Int64"})
