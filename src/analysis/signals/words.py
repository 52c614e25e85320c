"""What signals mean: frames of `signals` in, sentences and tables out."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from analysis.core import danish, prose
from analysis.core.selection import Selection
from analysis.show import phrases
from analysis.show.phrases import markdown
from analysis.signals import model, record, weeks

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from IPython.display import Markdown
    from pandas import DataFrame, Series

# A number of signals that chance gives this rarely, or more, is told as more than chance.
UNLIKELY = 0.05
_PROVISIONAL = (
    "De seneste ugers antal er foreløbige; de er holdt op imod, hvad der var meldt ind lige så "
    "hurtigt i tidligere år."
)
_SIGNALS = ("signal", "signaler")
_WEEKS = ("uge", "uger")
_PLACES = {"district": ("bydel", "bydele"), "location": ("lokation", "lokationer")}


def signal_rules() -> "Markdown":
    """Return what a week is held against, and what a signal is and is not."""
    return markdown(
        prose.text(
            "rules/Signaler",
            uger=model.BLOCK // 2,
            år=model.YEARS,
            falske=weeks.BUDGET,
            hændelser=weeks.LEAST_INCIDENTS,
            mindst=weeks.LEAST_OVER,
            gange=weeks.PASTS * weeks.FUTURES,
            følges=weeks.FOLLOWED,
            efter=record.AFTER,
        )
    )


def signal_summary(
    df: "DataFrame", chance: float, period: str, own: str = "", *, is_settled: bool = True
) -> "Markdown":
    """Return how many signals there are in a period, where, when, and how many chance gives.

    `df` is from `weeks.of_period`, `chance` from `weeks.by_chance`, `period` such as
    "vinterhalvåret 2025/26"; `own` is from `own_place`, and stands first. A period that is not
    settled is told so.
    """
    judged = df[df["threshold"].notna()]
    if df.empty:
        return markdown(f"**Der er ingen hele uger med data i {period}.**")
    if judged.empty:
        return markdown(
            f"**Det kan ikke vurderes, om nogen uge i {period} ligger højt: Der er for få "
            f"tilsvarende uger i tidligere år (mindst {model.LEAST_WEEKS} kræves).**"
        )
    found = named(df)[df["signal"]]
    return markdown(
        own,
        _listed(found, period),
        _by_chance(judged, chance, found),
        _unjudged(df),
        "" if is_settled else _PROVISIONAL,
        reach(judged),
    )


def _listed(found: "DataFrame", period: str) -> str:
    """Return how many signals all places have, and where and when."""
    if found.empty:
        return f"**I hele byen er der ingen signaler i {period}.**"
    lead = f"I hele byen er der {danish.counted(len(found), *_SIGNALS)} i {period}"
    told = [_where(row) for _, row in found.iterrows()]
    if len(told) == 1:
        return f"**{lead}: {told[0]}.**"
    return "\n".join((f"**{lead}:**", "", *(f"- {each}" for each in told)))


def _where(row: "Series") -> str:
    return (
        f"{row['name']}, {of_week(row['week'])}: {phrases.incidents(row['incidents'])} mod "
        f"{danish.number(row['expected'], 1)} ventet (grænse {danish.number(row['threshold'])}), "
        f"{most(row)}"
    )


def most(row: "Series") -> str:
    """Return the type that most incidents of a week have: "flest uønsket adfærd (8)"."""
    kind = danish.lower(row.category)
    if row.of_category == row.incidents:
        return f"alle {kind}"
    return f"flest {kind} ({danish.number(row.of_category)})"


def _by_chance(judged: "DataFrame", chance: float, found: "DataFrame") -> str:
    """Return how many signals chance alone gives at most, and whether more were found."""
    from scipy.stats import poisson

    # Weeks in a row are told by one another.
    apart = (found.groupby("name", sort=False)["week"].diff() != weeks.WEEK).sum()
    number = judged.groupby("level")["name"].nunique()
    places = ["byen"] + [
        danish.counted(number[level], *words) for level, words in _PLACES.items() if level in number
    ]
    looked = (
        f"Der er set på {danish.counted(judged['week'].nunique(), *_WEEKS)} i "
        f"{danish.listing(places)}. Tilfældige udsving giver højst "
        f"{danish.counted(weeks.BUDGET, *_SIGNALS)} om året i dem tilsammen."
    )
    if found.empty:
        return looked
    if poisson.sf(apart - 1, chance) < UNLIKELY:
        return f"{looked} Der er fundet flere, end tilfældige udsving plejer at give."
    return f"{looked} Det antal, der er fundet, kan tilfældige udsving give alene."


def became(df: "DataFrame") -> "Markdown":
    """Return what became of the signals of earlier seasons, from `record.earlier`."""
    held = record.stayed(df)
    signals, others = held[df["signal"]].dropna(), held[~df["signal"]].dropna()
    if signals.empty:
        return markdown("Ingen tidligere signaler kan følges i data.")
    after, went = f"de næste {record.AFTER} uger tilsammen", "over det ventede"
    which = f"{danish.number(signals.sum())} af {danish.number(len(signals))} tidligere signaler"
    if len(signals) == 1:
        which, went = "det ene tidligere signal", went if signals.all() else f"ikke {went}"
    return markdown(
        f"**Efter {which} lå {after} {went}.** Efter uger uden signal gjorde de det i "
        f"{phrases.percent(others.sum(), len(others))} af tilfældene. Ugerne er talt, som de var "
        "kendt, da de sluttede, og holdt op mod den grænse, der gælder nu; på deres egne sider kan "
        "de stå anderledes."
    )


def _unjudged(df: "DataFrame") -> str:
    without = (df["threshold"].isna() & (df["level"] == "city")).sum()
    if not without:
        return ""
    return (
        f"{danish.counted(without, *_WEEKS).capitalize()} har for få tilsvarende uger i tidligere "
        "år til at få en grænse."
    )


def reach(df: "DataFrame") -> str:
    """Return how large a rise has to be to be seen in a week, in words; nothing where unknown."""
    share = (df["threshold"].astype("float64") + 1) / df["expected"]
    typical = share.groupby(df["level"]).median().dropna()
    told = [
        f"en uge {where} {_times(typical[level])} så mange"
        for level, where in (("district", "i en bydel"), ("location", "på en lokation"))
        if level in typical
    ]
    if "city" not in typical or not told:
        return ""
    return (
        f"En uge i byen skal typisk have {_times(typical['city'])} så mange hændelser som ventet "
        f"for at give signal, {danish.listing(told)}. Mindre stigninger ses ikke sikkert."
    )


def _times(ratio: float) -> str:
    return f"{danish.number(ratio, 1)} gange"


def own_place(con: "DuckDBPyConnection", selection: Selection, df: "DataFrame") -> str:
    """Return what is seen at the selection's own place, in words; nothing for the whole city.

    A district is told of with its locations, a location that is not followed by its district.
    """
    level, place = weeks.near(con, selection, df)
    text = ""
    if selection.single_place[0] == "location" != level:
        text = (
            f"{selection.location} følges ikke for sig, da data ikke viser mindst "
            f"{weeks.FOLLOWED} hændelser i hver af de tre sæsoner før; i stedet ses på "
            f"{'hele byen' if level == 'city' else f'bydelen {place}'}. "
        )
    if level == "city":
        return text.strip()
    is_own = (df["level"] == level) & (df["name"] == place)
    if level == "district" and not text:
        is_own |= (df["district"] == place) & df["signal"]
    rows = named(df)[is_own].groupby(weeks.PLACE, sort=False)
    return text + " ".join(_at(name, own) for (_, name), own in rows)


def _at(name: str, own: "DataFrame") -> str:
    """Return which signals a place has."""
    found = own[own["signal"]]
    if own["threshold"].isna().all():
        return f"{name} har for få tilsvarende uger i tidligere år til at få en grænse."
    if found.empty:
        return f"**{name} har ingen signaler i perioden.**"
    listed = danish.listing([of_week(each) for each in found["week"]])
    return f"**{name} har {danish.counted(len(found), *_SIGNALS)} i perioden: {listed}.**"


def named(df: "DataFrame") -> "DataFrame":
    """Return weeks whose places have names of their own: "Valby (bydel)" where two are alike."""
    places = df[weeks.PLACE].drop_duplicates()
    told = phrases.distinct_names(places["level"], places["name"])
    names = dict(zip(places.itertuples(index=False, name=None), told, strict=True))
    return df.assign(name=[names[each] for each in df[weeks.PLACE].itertuples(False, None)])


def districts(df: "DataFrame", first: "DataFrame") -> "DataFrame":
    """Return the weeks of the districts, before the others that of the weeks of `first`."""
    own = df[df["level"] == "district"]
    return own.sort_values(
        "name", key=lambda name: ~name.isin(first["district"]), kind="stable", ignore_index=True
    )


def of_week(monday: date) -> str:
    """Return a week as "uge 52 (22.–28. december 2025)"."""
    return f"{short_week(monday)} ({danish.days(monday, monday + timedelta(days=6))})"


def short_week(monday: date) -> str:
    """Return the week of a Monday as "uge 7"."""
    return f"uge {monday.isocalendar().week}"
