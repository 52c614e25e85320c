"""Figures in Danish words, the names of a view among them, and paragraphs for a page to show."""

import re
from collections.abc import Callable, Hashable, Iterable
from math import isfinite, isnan
from typing import TYPE_CHECKING

import pandas as pd

from analysis.core import danish, taxonomy
from analysis.core.errors import InputError
from analysis.core.headings import BLANK, REST, TOTAL, heading
from analysis.show import marks
from analysis.statistics import THRESHOLD

if TYPE_CHECKING:
    from IPython.display import Markdown

# One that leads, and several that share the lead.
_LEADS = {
    "category": ("{} er den hyppigste urotype", "{} er de hyppigste urotyper"),
    "subcategory": ("{} er den hyppigste underkategori", "{} er de hyppigste underkategorier"),
    "facility": ("{} er den hyppigste facilitet", "{} er de hyppigste faciliteter"),
    "victim": ("Forurettede er oftest {}", "Forurettede er oftest {}"),
    "demography": ("Demografien er oftest {}", "Demografien er oftest {}"),
    "district": ("{} er bydelen med flest hændelser", "{} er bydelene med flest hændelser"),
    "location": ("{} er lokationen med flest hændelser", "{} er lokationerne med flest hændelser"),
    "weekday": ("Ugedagen med flest hændelser er {}", "Ugedagene med flest hændelser er {}"),
}
_LEVELS = {"location": "lokation", "district": "bydel", "city": "hele byen"}
# A per cent sign with what follows it; one of a compound word stays.
_PER_CENT = re.compile("[ \u00a0]%(?!-)\\.?")
# A list read aloud is followed for about so many characters; the table has the rest.
_READ_ALOUD = 260
# More than these share a place unnamed.
_MOST_TIED = 3


def named(df: pd.DataFrame) -> pd.DataFrame:
    """Return a view with blank names in words."""
    return df.assign(name=df["name"].astype(object).where(df["name"].notna(), BLANK))


def as_view(df: pd.DataFrame, dimension: str) -> tuple[pd.DataFrame, str]:
    """Return a table as a view that has `name` and `incidents`, and what it called the numbers.

    A table of one's own, or an answer that holds one as its `frame`, may call the names as the
    dimension and have one column of other numbers. Raises InputError for another.
    """
    df = getattr(df, "frame", df)
    if not isinstance(df, pd.DataFrame):
        raise InputError("Diagrammet tegnes af tallene (en DataFrame), ikke af en færdig tabel.")
    numbers = [column for column in df.select_dtypes("number") if column not in ("name", dimension)]
    what = "incidents" if "incidents" in df or len(numbers) != 1 else numbers[0]
    names = "name" if "name" in df else dimension
    if names not in df or what not in df:
        found = danish.listing([str(each) for each in df])
        raise InputError(
            f"Tabellen skal have navnene i kolonnen name eller {dimension} og tallene i kolonnen "
            f"incidents eller i den eneste med tal; den har {found}."
        )
    return df.rename(columns={names: "name", what: "incidents"}), what


def distinct_names(levels: Iterable[str], places: Iterable[str]) -> list[str]:
    """Return the names of places; where two are alike, with what each is: "Valby (bydel)"."""
    names = list(places)
    return [
        f"{name} ({_LEVELS[level]})" if names.count(name) > 1 else name
        for level, name in zip(levels, names, strict=True)
    ]


def ordered(df: pd.DataFrame, dimension: str) -> list[str]:
    """Return the names of a view: the taxonomy's order, else by incidents falling; blanks last."""
    labels = list(taxonomy.WITH_OTHER) if dimension == "category" else taxonomy.order(dimension)
    totals = df.groupby("name")["incidents"].sum()

    def place(name: str) -> tuple:
        known = labels.index(name) if name in labels else len(labels)
        return name == BLANK, name == REST, known, -totals[name], name

    return sorted(totals.index, key=place)


def gathered(df: pd.DataFrame, dimension: str, most: int) -> pd.DataFrame:
    """Return a view with blanks in words and, of more than `most` names, the smallest as one.

    Beside `incidents` it may hold those of a period `before`.
    """
    df = named(df)
    names = [name for name in ordered(df, dimension) if name != BLANK]
    if len(names) <= most:
        return df
    kept = {BLANK, *names[: most - 1]}
    df = df.assign(name=df["name"].where(df["name"].isin(kept), REST))
    counts = [column for column in df.columns if column in ("incidents", "before")]
    keys = [column for column in df.columns if column not in counts]
    return df.groupby(keys, as_index=False, sort=False)[counts].sum(min_count=1)


def crossed(df: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Return `month`, `hour` or `weekday, name, incidents` as a row a time, a column a name, a sum.

    Hours between the first and the last are all there; a time without data has no counts.
    """
    time = df.columns[0]
    df = named(df)
    unknown = df.loc[df["incidents"].isna(), time]
    wide = df.pivot_table(index=time, columns="name", values="incidents", aggfunc="sum")
    if time == "hour" and len(wide):
        wide = wide.reindex(range(wide.index.min(), wide.index.max() + 1))
    if known := [each for each in taxonomy.order(time) if each in wide.index]:
        wide = wide.reindex(known)
    wide = wide.reindex(columns=ordered(df, dimension)).fillna(0).astype("int64")
    wide[TOTAL] = wide.sum(axis=1)
    if len(unknown):
        wide = wide.astype("Int64")
        wide.loc[unknown.unique()] = pd.NA
    return wide.rename_axis(index=time, columns=None).reset_index()


def leading(counts: pd.Series) -> tuple[list[Hashable], int]:
    """Return what of a series has most, several where they share it, and how many that is."""
    most = counts.max()
    return list(counts.index[counts == most]), int(most)


def sharing(names: list[str], several: str) -> str:
    """Return the names that share a place, "Nørrebro og Valby", or how many: "5 bydele"."""
    return danish.listing(names) if len(names) <= _MOST_TIED else f"{len(names)} {several}"


def figures(counts: pd.Series, decimals: int = 0) -> str:
    """Return "Uønsket adfærd 68, Trusler 3" of a series, and of a long one how many are left."""
    return shortened(f"{name} {danish.number(count, decimals)}" for name, count in counts.items())


def shortened(
    parts: Iterable[str], separator: str = ", ", others: tuple[str, str] = ("anden", "andre")
) -> str:
    """Return parts of a list as text, and of a long one how many are left: "… og 14 andre".

    `others` is what one that is left is called, and several.
    """
    parts = list(parts)
    kept = len(parts)
    while kept > 1 and len(separator.join(parts[:kept])) > _READ_ALOUD:
        kept -= 1
    left = len(parts) - kept
    more = f" og {danish.counted(left, *others)}" if left else ""
    return separator.join(parts[:kept]) + more


def message(counts: pd.Series, dimension: str) -> str:
    """Return which name has most of all: "Trusler er den hyppigste urotype: 3 af 4 … (75 %)"."""
    total = int(counts.sum())
    present = counts[counts > 0]
    if len(present) == 1:
        name = present.index[0]
        where = f"under {name}" if name != BLANK else f"uden {heading(dimension).lower()}"
        few = {1: "Den eneste hændelse", 2: "Begge hændelser"}
        all_of_them = few.get(total, f"Alle {incidents(total)}")
        return f"{all_of_them} er registreret {where}"
    names, most = leading(present.drop(REST, errors="ignore"))
    share = f"{danish.number(most)} af {incidents(total)} ({percent(most, total)})"
    if names == [BLANK]:
        return f"{heading(dimension)} er oftest ikke angivet: {share}"
    if len(names) > 1:
        share = f"hver {share}"
    if len(names) > _MOST_TIED:
        return f"{len(names)} har lige mange hændelser og flest: {share}"
    one, several = _LEADS.get(dimension, ("{} har flest hændelser", "{} har flest hændelser"))
    names = [name if name != BLANK else BLANK.lower() for name in names]
    return f"{(one if len(names) == 1 else several).format(danish.listing(names))}: {share}"


def extremes(counts: pd.Series, among: str, say: Callable[[Hashable], str]) -> str:
    """Return "flest i maj 2025 (3), færrest i juni 2025 (1)": where a series is highest and lowest.

    `say` puts a value of its index in words, and `among` so many of them: "i {} måneder".
    """
    if counts.nunique() > 1:
        least = f"færrest {_at(counts, counts.min(), among, say)}"
        if not counts.min():
            least = f"ingen {_where(counts, 0, among, say)}"
        return f"{most(counts, among, say)}, {least}"
    each = danish.number(counts.iloc[0])
    if len(counts) == 1:
        return f"{each} {say(counts.index[0])}"
    everywhere = "begge" if len(counts) == 2 else f"alle {len(counts)}"
    return f"lige mange {among.format(everywhere)} ({each} hver)"


def most(counts: pd.Series, among: str, say: Callable[[Hashable], str]) -> str:
    """Return where a series is highest: "flest kl. 17–18 (9)"; see `extremes`."""
    return f"flest {_at(counts, counts.max(), among, say)}"


def _at(counts: pd.Series, count: int, among: str, say: Callable[[Hashable], str]) -> str:
    each = " hver" if (counts == count).sum() > 1 else ""
    return f"{_where(counts, count, among, say)} ({danish.number(count)}{each})"


def _where(counts: pd.Series, count: int, among: str, say: Callable[[Hashable], str]) -> str:
    places = list(counts.index[counts == count])
    few = len(places) <= _MOST_TIED
    return danish.listing([say(one) for one in places]) if few else among.format(len(places))


def change(before: int, after: int) -> str:
    """Return "faldet med 19 (22 %)", "steget med 3 (5 %)" or "uændret"."""
    if before == after:
        return "uændret"
    share = f" ({percent(abs(after - before), before)})" if before else ""
    way = "faldet" if after < before else "steget"
    return f"{way} med {danish.number(abs(after - before))}{share}"


def percent(part: int, whole: int) -> str:
    """Return a share as "87 %"; less than all is never rounded to all, nor some to none."""
    share = part / whole
    return danish.chance(share) if 0 < share < 1 else danish.per_cent(share)


def p_value(value: float) -> str:
    """Return "0,148", "0,0498" where 0,050 would hide on which side it is, or "under 0,001"."""
    if isnan(value):
        return danish.UNKNOWN
    if value < 0.001:
        return "under 0,001"
    return danish.number(value, danish.decimals_apart(value, THRESHOLD, 3))


def incidents(count: int) -> str:
    """Return "1 hændelse" or "87 hændelser"."""
    return danish.counted(count, "hændelse", "hændelser")


INCALCULABLE = "kan ikke beregnes"


def ratio(value: float) -> str:
    """Return a ratio as "0,56" or, where there is none, "kan ikke beregnes"."""
    return danish.number(value, 2) if isfinite(value) else INCALCULABLE


def ratio_bounds(value: float, low: float, high: float) -> str:
    """Return a ratio's interval as "0,39–0,80", or that there is none."""
    return INCALCULABLE if isnan(value) else danish.ratio_interval(low, high)


def written(text: str) -> str:
    """Return sentences with shares as the administration writes them: "22 pct.", on one line."""
    return _PER_CENT.sub("\u00a0pct.", text)


def markdown(*paragraphs: str) -> "Markdown":
    """Return paragraphs, or lists, for a page to show as `written`; what is empty is left out."""
    from IPython.display import Markdown

    made = Markdown()
    # Given to Markdown itself, a text that begins with an address would be fetched from there.
    made.data = written(marks.paragraphs("\n\n".join(filter(None, paragraphs))))
    return made
