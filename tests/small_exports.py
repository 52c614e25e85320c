"""A few rows of exports with their register, to be changed in any way and ingested again."""

import shutil
from copy import deepcopy

import yaml

from analysis.core import database as files
from analysis.intake import ingest

DATA = files.ROOT / "data"
FORM = (
    *("Sagsnr", "Oprettet", "Hændelsestidspunkt", "Bydel", "Lokation", "Facilitet", "Urotype"),
    *("Underkategori", "Forurettede", "Demografi", "Tilkaldt hjælp", "Ankommet hjælp"),
)
ORDERS = ("Ordrenr", "Bestilt", "Bydel", "Lokation", "Facilitet", "Sagsnr", "Status")
HOURS = "location,weekday,opens,closes,staffed_from,staffed_to,valid_from,valid_to"
OPEN = ("08:00,22:00,10:00,16:00", "08:00,22:00,,")


class Exports:
    """Rows of the form and orders by their number, the register, its hours and the layout."""

    def __init__(self):
        self.layout = yaml.safe_load((DATA / "export_layout.yaml").read_text(encoding="utf-8"))
        self.register = {
            "Her": ["Valby", "Bibliotek"],
            "Der": ["Valby", "Kulturhus"],
            "Henne": ["Vanløse", "Bibliotek"],
        }
        self.hours = dict.fromkeys(self.register, OPEN[0])
        self.rows, self.orders = {}, {}
        places = list(self.register)
        for n in range(12):
            self.add(f"S{n}", f"{n + 1:02}-{11 + n % 2}-2024 1{n % 8}:30", places[n % 3])
        # Neither is an incident: nobody knows the type of one, or can read when the other was.
        self.add("X0", "11-11-2024 12:30", "Der", "Bøvl")
        self.add("X1", "i går", "Henne")
        for n in range(3):
            self.orders[f"O{n}"] = [f"0{n + 1}-11-2024", "", places[n], "", "", "Udført"]

    def add(self, number, time, place, category="Trusler", **more):
        self.rows[number] = dict.fromkeys(FORM, "") | {
            "Sagsnr": number,
            "Oprettet": time,
            "Hændelsestidspunkt": time,
            "Lokation": place,
            "Urotype": category,
            "Forurettede": "Bruger",
            "Tilkaldt hjælp": "Politiet",
            **more,
        }

    def copy(self):
        return deepcopy(self)

    def ingest(self, folder, database):
        """Write the exports in a folder anew, and ingest them into a database."""
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("exports", "reference"):
            (folder / name).mkdir(parents=True)
        lines = [FORM, *(row.values() for row in self.rows.values())]
        _write(folder / "exports/uro.csv", lines)
        _write(
            folder / "exports/haervaerk.csv", [ORDERS, *([n, *o] for n, o in self.orders.items())]
        )
        for file in (DATA / "reference").glob("*.csv"):
            head = file.read_text(encoding="utf-8").splitlines()[0]
            (folder / "reference" / file.name).write_text(head + "\n", encoding="utf-8")
        (folder / "reference/city.csv").write_text("name\nByen\n", encoding="utf-8")
        register = [f"{name},,{','.join(of)},," for name, of in self.register.items()]
        _append(folder / "reference/locations.csv", register)
        hours = [
            f"{name},{day},{times},," for name, times in self.hours.items() for day in range(1, 8)
        ]
        _append(folder / "reference/opening_hours.csv", hours)
        layout = folder / "layout.yaml"
        layout.write_text(yaml.safe_dump(self.layout, allow_unicode=True), encoding="utf-8")
        return ingest(folder / "exports", folder / "reference", layout, database, accept=True)


def _write(file, lines):
    file.write_text("".join(";".join(line) + "\n" for line in lines), encoding="utf-8")


def _append(file, lines):
    with file.open("a", encoding="utf-8") as opened:
        opened.write("".join(f"{line}\n" for line in lines))
