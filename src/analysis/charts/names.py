"""The names in a view's DataFrame: blanks in words, their order, and their figures in words."""

import pandas as pd

from analysis import danish, taxonomy
from analysis.charts import theme
from analysis.headings import BLANK, REST


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


def gathered(df: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Return a view with blanks in words and, of too many names, the smallest added up as one."""
    df = named(df)
    names = [name for name in ordered(df, dimension) if name != BLANK]
    if len(names) <= theme.MOST_NAMES:
        return df
    kept = {BLANK, *names[: theme.MOST_NAMES - 1]}
    df = df.assign(name=df["name"].where(df["name"].isin(kept), REST))
    keys = [column for column in df.columns if column != "incidents"]
    return df.groupby(keys, as_index=False, sort=False)["incidents"].sum()


def figures(df: pd.DataFrame, by: str, names: list[str]) -> str:
    """Return "Uønsket adfærd 68, Trusler 3": the incidents of each name in words."""
    totals = df.groupby(by)["incidents"].sum()
    return ", ".join(f"{name} {danish.number(totals[name])}" for name in names)


def incidents(count: int) -> str:
    """Return "1 hændelse" or "87 hændelser"."""
    return f"{danish.number(count)} {'hændelse' if count == 1 else 'hændelser'}"
