"""SQL of one's own: a query's answer as a Danish table, and the database's tables explained."""

import re
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

import duckdb
import pandas as pd
from IPython.display import HTML

from analysis.core import danish
from analysis.core.database import is_outdated, sql
from analysis.show.tables import Table, table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# The rows of an answer that are shown, and that are fetched and can be saved.
SHOWN = 50
FETCHED = 100_000

OLD = "Databasen er lavet om; svaret er af den gamle, til notebooken åbner den nye. "

# What DuckDB says of the usual slips, and what it offers instead.
_SLIPS = {
    r'Referenced column "(.+?)"': "Kolonnen {} findes ikke.",
    r'does not have a column named "(.+?)"': "Kolonnen {} findes ikke.",
    r"Table with name (.+?) does not exist": "Tabellen {} findes ikke.",
    r"Function with name (.+?) does not exist": "Funktionen {} findes ikke.",
    r'syntax error at or near "(.+?)"': "Der er en skrivefejl ved »{}«.",
    r"unterminated quoted string|unterminated string": "En tekst mangler sit sidste '.",
    r'column "(.+?)" must appear in the GROUP BY': "Kolonnen {} skal også stå i group by.",
    r"Could not convert string '(.+?)'": "En tekst som '{}' er ikke et tal; skal værdien stå i ''?",
    r'invalid date field format: "(.+?)"': "En dato skrives som '2026-03-31', ikke »{}«.",
    r"read-only mode": "Databasen kan kun læses.",
    r"file system operations are disabled": "Kun databasens egne tabeller kan læses.",
}
_OFFERED = re.compile(r"(?:Did you mean|Candidate bindings:) (.+?)[?.]*$")

_HEADINGS = {"column_name": "Kolonne", "data_type": "Type", "comment": "Forklaring"}


@dataclass(frozen=True)
class QueryAnswer:
    """What a query found: how many rows, and the first FETCHED of them; or, in words, why none.

    `is_old` is whether the database has been made anew since it was opened.

    Notebooks show its first rows as a Danish table.
    """

    rows: int = 0
    frame: pd.DataFrame | None = None
    problem: str = ""
    is_old: bool = False

    @property
    def table(self) -> Table:
        """The fetched rows, none where there is no answer."""
        return _table(pd.DataFrame() if self.frame is None else self.frame)

    @property
    def told(self) -> str:
        """How many rows there are, shown and to be saved, or the problem."""
        if self.problem:
            return self.problem
        told = OLD * self.is_old + danish.counted(self.rows, "række", "rækker")
        if self.rows > SHOWN:
            told += f"; de første {SHOWN} vises"
        if self.rows > FETCHED:
            told += f", og de første {danish.number(FETCHED)} kan gemmes"
        return f"{told}."

    def _repr_html_(self) -> str:
        shown = "" if self.frame is None else _table(self.frame.head(SHOWN)).html()
        return f"<p>{escape(self.told)}</p>{shown}"

    def __repr__(self) -> str:
        return self.told if self.frame is None else f"{self.told}\n{_table(self.frame.head(SHOWN))}"


def ask(con: "DuckDBPyConnection", query: str) -> QueryAnswer:
    """Return the answer to a query of the database; what DuckDB has against it is one line."""
    # A result that was read in part, in a cell of one's own, would be in the way.
    con.abort()
    try:
        found = con.sql(query)
        if found is None:
            return QueryAnswer(
                problem="Skriv en forespørgsel, for eksempel: from incident limit 10"
            )
        frame = found.limit(FETCHED + 1).df()
        rows = len(frame) if len(frame) <= FETCHED else found.count("*").fetchall()[0][0]
    except duckdb.Error as error:
        # DuckDB repeats the query below the message, where it points at the place.
        message = " ".join(str(error).partition("\n\n")[0].split())
        return QueryAnswer(problem=f"Forespørgslen kan ikke udføres. {_danish(message)}")
    # Else whole numbers and truths with blanks among them are decimals and text.
    return QueryAnswer(rows, frame.head(FETCHED).convert_dtypes(), is_old=is_outdated(con))


def _danish(message: str) -> str:
    """Return what DuckDB says of a query, in Danish where it is one of the usual slips."""
    for pattern, words in _SLIPS.items():
        if found := re.search(pattern, message):
            offered = _OFFERED.search(message)
            near = offered[1].replace('"', "") if offered else ""
            return words.format(*found.groups()) + f" Ligner: {near}." * bool(near)
    return message


def dictionary(con: "DuckDBPyConnection") -> HTML:
    """Return the tables of the database and their columns, explained, each table folded."""
    rows = con.execute(sql("explore/columns")).fetchall()
    parts = []
    for (name, comment), columns in groupby(rows, key=lambda row: row[:2]):
        listed = pd.DataFrame([row[2:] for row in columns], columns=list(_HEADINGS))
        told = table(listed, f"Kolonner i {name}", headings=_HEADINGS).html()
        summary = f"<summary><code>{escape(name)}</code> {escape(comment or '')}</summary>"
        parts.append(f"<details>{summary}{told}</details>")
    return HTML("\n".join(parts))


def _table(frame: pd.DataFrame) -> Table:
    return table(frame, "Svar", decimals=2)
