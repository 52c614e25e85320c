"""What becomes of each row: drawn exports against a model of the rules in plain Python.

`pytest tests/intake/test_fates.py --hypothesis-profile=many` tries ten thousand exports.
"""

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.core import database as files
from analysis.intake import ingest

DATA = files.ROOT / "data"
FORM = (
    "Sagsnr;Oprettet;Hændelsestidspunkt;Bydel;Lokation;Facilitet;Urotype;Underkategori;"
    "Forurettede;Demografi;Tilkaldt hjælp;Ankommet hjælp;Beskrivelse"
)
ORDERS = "Ordrenr;Bestilt;Bydel;Lokation;Facilitet;Sagsnr;Status;Beskrivelse"
PLACES = ("Blågårdens Bibliotek", "Et sted uden for registret")
CASES = tuple(f"S{n}" for n in range(12))
NUMBERS = tuple(f"O{n}" for n in range(8))
DAYS = (date(2024, 10, 1), date(2024, 11, 5), date(2025, 1, 3))
# After any day of an ingest.
LATER = date.today() + timedelta(400)
# A row is bad in at most one way, or in none.
BAD = ("", "", "", "", "time", "later", "number", "place", "label")


class Case(NamedTuple):
    """A row of the form."""

    number: str
    reported: date
    bad: str
    category: str

    def line(self):
        when = {"time": "i går", "later": f"{LATER:%d-%m-%Y} 10:00"}
        cells = [
            "" if self.bad == "number" else self.number,
            f"{self.reported:%d-%m-%Y} 12:00",
            when.get(self.bad, "01-10-2024 10:00"),
            "",
            "" if self.bad == "place" else PLACES[0],
            "",
            "Noget andet" if self.bad == "label" else self.category,
        ]
        return ";".join([*cells, *[""] * 5, "fritekst"])


class Order(NamedTuple):
    """A repair order, and the case that it names."""

    number: str
    reported: date
    bad: str
    status: str
    case: str

    def line(self):
        when = {"time": "i går", "later": f"{LATER:%d-%m-%Y}"}
        cells = [
            "" if self.bad == "number" else self.number,
            when.get(self.bad, f"{self.reported:%d-%m-%Y}"),
            "",
            "" if self.bad == "place" else PLACES[1],
            "",
            self.case,
            "Ukendt" if self.bad == "label" else self.status,
        ]
        return ";".join([*cells, "fritekst"])


def made_later(rows):
    """The newest day that something in a file was reported or ordered, where it can be read."""
    known = [one for one in rows if isinstance(one, Case) or one.bad not in ("time", "later")]
    return max((one.reported for one in known), default=date.min)


def winners(exports, kind):
    """The file and row that stand for each number: the file made later, in it the first row."""
    best = {}
    for name, rows in exports.items():
        rank = (made_later(rows), name)
        for n, one in enumerate(rows, 1):
            stands = isinstance(one, kind) and not one.bad
            if stands and (one.number not in best or rank > best[one.number][0]):
                best[one.number] = (rank, (name, n))
    return {number: place for number, (_, place) in best.items()}


def fates(exports):
    """The fate of each row by its file and number, as the design has it."""
    cases, orders = winners(exports, Case), winners(exports, Order)
    told = {}
    for name, rows in exports.items():
        for n, one in enumerate(rows, 1):
            standing = cases if isinstance(one, Case) else orders
            if one.bad:
                fate = "rejected"
            elif standing[one.number] != (name, n):
                fate = "duplicate"
            elif isinstance(one, Case):
                fate = "accepted"
            elif one.status == "Annulleret":
                fate = "cancelled"
            else:
                fate = "linked" if one.case in cases else "accepted"
            told[name, n] = fate
    return told


def rows_of(kind):
    days, bad = st.sampled_from(DAYS), st.sampled_from(BAD)
    if kind is Case:
        labels = st.sampled_from(["Trusler", "fysisk VOLD ", "Andet"])
        return st.builds(Case, st.sampled_from(CASES), days, bad, labels)
    status = st.sampled_from(["Annulleret", "Afsluttet"])
    named = st.sampled_from(["", *CASES])
    return st.builds(Order, st.sampled_from(NUMBERS), days, bad, status, named)


EXPORTS = st.fixed_dictionaries(
    {
        name: st.lists(rows_of(kind), min_size=1, max_size=40)
        for kind, names in ((Case, ("uro_a.csv", "uro_b.csv")), (Order, ("hv_a.csv", "hv_b.csv")))
        for name in names
    }
)


@settings(suppress_health_check=list(HealthCheck))
@given(EXPORTS)
def test_every_row_has_the_fate_of_the_model(exports):
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "exports").mkdir()
        for name, rows in exports.items():
            head = FORM if isinstance(rows[0], Case) else ORDERS
            text = "\n".join([head, *(one.line() for one in rows)])
            (home / "exports" / name).write_text(text, encoding="utf-8")
        database = home / "x.duckdb"
        layout = DATA / "export_layout.yaml"
        ingest(home / "exports", DATA / "reference", layout, database, accept=True)
        with files.connect(database) as con:
            told = con.execute("select file, row, fate from intake_row").fetchall()
            incidents, distinct = con.execute(
                "select count(*), count(distinct incident_id) from incident"
            ).fetchone()
    model = fates(exports)
    assert {(file, row): fate for file, row, fate in told} == model
    assert incidents == distinct == sum(fate == "accepted" for fate in model.values())
