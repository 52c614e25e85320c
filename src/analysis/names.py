"""The names in a view's DataFrame: blanks in words, their order, and their figures in words."""

import pandas as pd

from analysis import danish, taxonomy
from analysis.headings import BLANK, REST, TOTAL


def named(df: pd.DataFrame) -> pd.DataFrame:
    """Return a view with blank names in words."""
    return df.assign(name=df["name"].astype(object).where(df["name"].notna(), BLANK))


def ordered(df: pd.DataFrame, dimension: str) -> list[str]:
    """Return the names of a view: the taxonomy's order, else by incidents falling; blanks last."""
    labels = list(taxonomy.SIX_TYPES) if dimension == "category" else taxonomy.order(dimension)
    totals = df.groupby("name")["incidents"].sum()

    def place(name: str) -> tuple:
        known = labels.index(name) if name in labels else len(labels)
        return name == BLANK, name == REST, known, -totals[name], name

    return sorted(totals.index, key=place)


def gathered(df: pd.DataFrame, dimension: str, most: int) -> pd.DataFrame:
    """Return a view with blanks in words and, of more than `most` names, the smallest as one."""
    df = named(df)
    names = [name for name in ordered(df, dimension) if name != BLANK]
    if len(names) <= most:
        return df
    kept = {BLANK, *names[: most - 1]}
    df = df.assign(name=df["name"].where(df["name"].isin(kept), REST))
    keys = [column for column in df.columns if column != "incidents"]
    return df.groupby(keys, as_index=False, sort=False)["incidents"].sum()


def crossed(df: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Return `month` or `hour, name, incidents` as a row a time, a column a name, and their sum.

    Hours between the first and the last are all there.
    """
    time = df.columns[0]
    df = named(df)
    wide = df.pivot_table(index=time, columns="name", values="incidents", aggfunc="sum")
    if time == "hour" and len(wide):
        wide = wide.reindex(range(wide.index.min(), wide.index.max() + 1))
    wide = wide.reindex(columns=ordered(df, dimension)).fillna(0).astype("int64")
    wide[TOTAL] = wide.sum(axis=1)
    return wide.rename_axis(index=time, columns=None).reset_index()


def figures(df: pd.DataFrame, by: str, names: list[str]) -> str:
    """Return "Uønsket adfærd 68, Trusler 3": the incidents of each name in words."""
    totals = df.groupby(by)["incidents"].sum()
    return ", ".join(f"{name} {danish.number(totals[name])}" for name in names)


def incidents(count: int) -> str:
    """Return "1 hændelse" or "87 hændelser"."""
    return danish.counted(count, "hændelse", "hændelser")
