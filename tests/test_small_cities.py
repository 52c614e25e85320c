"""Every notebook over cities that lack something: each ends in a page, in Danish."""

import csv
import re
from datetime import datetime, timedelta

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis import reports
from analysis.core import taxonomy
from analysis.core.audience import PUBLIC_PAGE
from analysis.core.database import ROOT
from analysis.intake import ingest
from analysis.reports import kernel as kernels
from analysis.reports.kernel import WarmKernel
from analysis.reports.parameters import find_notebooks

FORM = [
    *("Sagsnr", "Oprettet", "Hændelsestidspunkt", "Bydel", "Lokation", "Facilitet", "Urotype"),
    *("Underkategori", "Forurettede", "Demografi", "Tilkaldt hjælp", "Ankommet hjælp"),
]
KNOWN = ("Bibliotek", "", "Bruger", "Voksne (25+)", "Politiet", "Politiet")
STRANGE = ("Rumskib", "Skæld", "Hunden", "Marsmænd", "Brandvæsen", "Brandvæsen")
TWO = [("Sted X", "Nørrebro"), ("Hal Syd", "Valby")]
WINTER, SEASONS = ("2024-10-01", 180), ("2023-10-01", 640)
# The charts are made, but not written out, and each of them once: that takes most of the time.
PRELUDE = """
from functools import partial
import altair
from analysis.show import charts
for name in charts.__all__:
    if draw := getattr(getattr(charts, name), "__wrapped__", None):
        setattr(charts, name, partial(draw, width=charts.theme.WIDTH))
altair.TopLevelMixin._repr_mimebundle_ = lambda self, *_, **__: {"text/plain": ""}
"""


def form(places, number, period, labels=KNOWN, *, prefix="S"):
    """Return form rows of incidents, evenly over some days, at the places and of the types in turn.

    Every seventh row has no time of day; three are reported late.
    """
    first, days = datetime.fromisoformat(period[0]), period[1]
    facility, subcategory, *others = labels
    for n in range(number):
        when = first + timedelta(days=days * n / number, hours=10 + 7 * n % 12)
        location, district = places[n % len(places)]
        category = taxonomy.CATEGORY_LABELS[n * n % 5]
        happened = when.strftime("%d-%m-%Y" if n % 7 == 3 else "%d-%m-%Y %H:%M")
        said = (when + timedelta(days=60 * (n % 60 == 9))).strftime("%d-%m-%Y %H:%M")
        divided = subcategory if category == taxonomy.UNWANTED else ""
        place = (district, location, facility)
        yield [f"{prefix}{n}", said, happened, *place, category, divided, *others]


def locations(places):
    return [[name, "", district, "Bibliotek", "", ""] for name, district in places]


def hours(places):
    return [
        [name, day, "08:00", "22:00", "10:00", "16:00", "", ""]
        for name, _ in places
        for day in range(1, 8)
    ]


def visits(places):
    return [[name, year, "", 1000] for name, _ in places for year in (2023, 2024, 2025)]


MEASURES = [["Sted X", "Ekstra bemanding", "2024-10-01", "2025-03-31", "", ""]]
SHIFTS = [["Sted X", "Værter", day, "22:00", "01:30", "2024-01-01", "", ""] for day in (1, 2, 3)]
SURVEYS = [["Sted X", 2024, "", 0.8, 40, ""]]
ENTRIES = [["2025-04", "", "Sted X", "op", 2, "Syntetisk eksempel."]]
BARE = [(name, "") for name, _ in TWO]
MANY = [(f"Sted {n}", TWO[n % 2][1]) for n in range(120)]
ALONE = [("Valby", "Valby")]
LATE = [["L1", "02-11-2024 09:00", "01-11-2018 14:00", "Valby", "Sted X", *KNOWN]]
LATE[0].insert(6, "Trusler")
# Each: the form's rows, the reference tables by file, and the parameters.
CITIES = {
    "no_register_strange_labels_late_report_two_districts": (
        [*form([*TWO, ("Sted X", "Utopia")], 160, SEASONS, STRANGE), *LATE],
        {},
        {},
    ),
    "no_districts_no_visits_no_surveys": (
        [*form(BARE, 120, SEASONS)],
        {
            "locations": locations(BARE),
            "opening_hours": hours(BARE),
            "measures": MEASURES,
            "shifts": SHIFTS,
            "experience": ENTRIES,
        },
        {"location": "Sted X"},
    ),
    "no_hours_gap_of_a_year": (
        [
            *form(TWO, 80, ("2021-10-01", 450)),
            *form(TWO, 80, ("2024-02-01", 450), prefix="T"),
        ],
        {
            "locations": locations(TWO),
            "visits": visits(TWO),
            "measures": MEASURES,
            "surveys": SURVEYS,
            "city": [["Nørrebro"]],
        },
        {"district": "Nørrebro"},
    ),
    "one_place_named_as_its_district_one_month_no_measures": (
        [*form(ALONE, 20, ("2024-11-01", 30))],
        {
            "locations": locations(ALONE),
            "opening_hours": hours(ALONE),
            "visits": visits(ALONE),
            "city": [["Valby"]],
        },
        {"location": "Valby"},
    ),
    "120_places": (
        [*form(MANY, 400, WINTER)],
        {"locations": locations(MANY), "opening_hours": hours(MANY), "measures": MEASURES[:0]},
        {"location": "Sted 7"},
    ),
    "nothing_yet": (
        [*form(TWO, 3, ("2025-10-01", 9))],
        {},
        {"location": "Sted X"},
    ),
}


class Undrawn(WarmKernel):
    """A warm kernel whose charts are not drawn."""

    prelude = None

    def run(self, notebook, output, parameters):
        if not self._manager:
            super().run(self.prelude, self.prelude.with_name("ran.ipynb"), {})
        return super().run(notebook, output, parameters)


def write(folder, rows, tables):
    """Write a city's export and reference folder; return the database that is made of them."""
    for name in ("exports", "reference"):
        (folder / name).mkdir(parents=True)
    sheets = {folder / "exports" / "uro.csv": (FORM, rows, ";")}
    for known in (ROOT / "data" / "reference").glob("*.csv"):
        with known.open(encoding="utf-8") as file:
            heading = next(csv.reader(file))
        if known.stem in tables or known.stem not in ("experience", "city"):
            target = folder / "reference" / known.name
            sheets[target] = heading, tables.get(known.stem, ()), ","
    for path, (heading, lines, delimiter) in sheets.items():
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows([heading, *lines])
    database = folder / "x.duckdb"
    layout = ROOT / "data" / "export_layout.yaml"
    ingest(folder / "exports", folder / "reference", layout, database)
    return database


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages of every notebook for each city, by city and name, and what the run returned."""
    folder = tmp_path_factory.mktemp("cities")
    prelude = folder / "prelude.ipynb"
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    content = new_notebook(cells=[new_code_cell(PRELUDE)], metadata={"kernelspec": kernel})
    nbformat.write(content, prelude)
    files = []
    for name, (rows, tables, chosen) in CITIES.items():
        database = write(folder / name, rows, tables)
        asked = {"season": "2024/25", "location": None, "database": str(database)} | chosen
        lines = [f"{key}: {'null' if each is None else f'{each!r}'}" for key, each in asked.items()]
        (folder / f"{name}.yaml").write_text("\n".join(lines), encoding="utf-8")
        files.append(folder / f"{name}.yaml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Undrawn, "prelude", prelude)
        patch.setattr(kernels, "WarmKernel", Undrawn)
        code = reports.run(files, ROOT / "build" / "none.duckdb", folder / "out")
    return code, {
        (path.parent.name, path.stem): text_of(path)
        for path in sorted((folder / "out").glob("*/*.html"))
    }


def text_of(path):
    page = path.read_text(encoding="utf-8")
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# The pages that are no notebook's.
BESIDE = {"barometer", "meeting", "metode"}


def test_every_notebook_ends_in_a_page_for_every_small_city(pages):
    code, told = pages
    failed = [name for name, text in told.items() if "kunne ikke laves færdig" in text]
    # Of one of the cities the data hold nothing, which falls short; its pages say so.
    assert (code, failed) == (1, [])
    made = {one.path.stem for one in find_notebooks(ROOT / "notebooks")} - {PUBLIC_PAGE}
    assert len(told) == len(CITIES) * (len(made) + len(BESIDE))
    assert {name for _, name in told} >= BESIDE


def test_no_page_has_english_or_a_missing_value_in_its_text(pages):
    wrong = re.compile(
        r"\b(nan|NaN|None|NaT|inf|<NA>|the|with|cannot|error|warning|failed|Traceback)\b"
    )
    found = [
        (*name, text[max(hit.start() - 60, 0) : hit.end() + 60])
        for name, text in pages[1].items()
        for hit in wrong.finditer(text)
    ]
    assert found == []


def test_what_the_data_cannot_answer_is_said_in_a_sentence(pages):
    told = pages[1]
    for name in ("06_outlook", "07_priorities", "meeting"):
        assert "Der er ingen data" in told["nothing_yet", name], name


def test_months_in_a_gap_are_marked_in_each_page(pages):
    gap = pages[1]["no_hours_gap_of_a_year", "03_season_comparison"]
    assert "oktober – " in gap
    assert "0 " not in re.search(r"Hændelser pr. måned i hver sæson (.*?) Samlet", gap)[1].split(
        "januar"
    )[0].replace("10 ", "")
