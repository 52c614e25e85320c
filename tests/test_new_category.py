"""A category more is an entry of `taxonomy.yaml`: a copy of the project with it, and its views."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import barometer
from analysis.barometer import Selection, cube
from analysis.core import taxonomy
from analysis.core.database import ROOT, connect
from analysis.core.headings import TOTAL
from analysis.explore import views
from analysis.outlook import forecast
from analysis.severity import ladder, scores, words
from analysis.show.charts import theme

NEW = "Chikane"
PLACE = "Valby Bibliotek"
DAYS = [f"{day}-{month}-2025" for month in (10, 11) for day in range(11, 15)]
EXPORT = "\n".join(
    [
        "Sagsnr;Oprettet;Hændelsestidspunkt;Bydel;Lokation;Facilitet;Urotype;Underkategori;"
        "Forurettede;Demografi;Tilkaldt hjælp;Ankommet hjælp;Beskrivelse",
        *(
            f"SYN-{n};{day} 17:00;{day} 16:30;Valby;{PLACE};Bibliotek;{NEW};;Bruger;;;;"
            for n, day in enumerate(DAYS)
        ),
    ]
)
CHART = "application/vnd.vegalite.v5+json"


class Copy:
    """A copy of the project whose taxonomy has one entry more."""

    def __init__(self, folder: Path, step: int | None, before: str) -> None:
        self.folder = folder
        for name in ("src", "data", "notebooks", "prose"):
            shutil.copytree(ROOT / name, folder / name)
        file = folder / "src" / "analysis" / "core" / "taxonomy.yaml"
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1
        entry = (
            f"  - label: {NEW}\n    ladder_step: {step}\n    weight: 4\n"
            "    description: Den samme person generes igen og igen.\n"
        )
        file.write_text(text.replace(before, entry + before), encoding="utf-8")
        (folder / "data" / "exports" / "uro_ny.csv").write_text(EXPORT, encoding="utf-8")

    def run(self, *arguments: str) -> str:
        """Run Python with the copy's modules; return what it printed."""
        paths = os.pathsep.join([str(self.folder / "src"), str(Path(__file__).parent)])
        ran = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": paths},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def figures(self) -> dict:
        """Return what `figures` finds in the copy."""
        command = "import json, test_new_category as t; print(json.dumps(t.figures()))"
        return json.loads(self.run("-c", command))


def domains(spec):
    """Yield the domains of a chart's colour scales of types."""
    if isinstance(spec, dict):
        domain = spec.get("scale", {}).get("domain", []) if spec.get("field") == "name" else []
        if taxonomy.VIOLENCE in domain:
            yield domain
        spec = list(spec.values())
    if isinstance(spec, list):
        for part in spec:
            yield from domains(part)


def figures():
    """Return what the project that this runs in says of the incidents of the small export."""
    place = Selection("2025/26", location=PLACE)
    given = scores.equations()
    with connect(None) as con:
        matrix = barometer.matrix(con, place, "location")
        compared = barometer.compare_seasons(con, place, [place.season])
        assert all(views.shown(con, place, view) for view in views.VIEWS)
        return {
            "labels": taxonomy.CATEGORY_LABELS,
            "columns": list(matrix.columns),
            "counts": matrix.iloc[-1].drop("name").astype(object).to_dict(),
            "score": int(barometer.score_by(con, place, "location")["relative_score"].iloc[0]),
            "views": [
                list(barometer.count_by(con, place, "category")["name"]),
                list(dict.fromkeys(barometer.per_month(con, place)["name"])),
                list(cube.of(con, [place]).values["category"]),
            ],
            "compared": list(dict.fromkeys(compared["name"])),
            "on_steps": dict(zip(taxonomy.STEPS, ladder.steps(con, place)[None], strict=True)),
            "expected": list(
                forecast(con, "2026-03-31", "2026/27", "vinter", "city", "category")["name"]
            ),
            "solutions": len(scores.solutions(given)),
            "kept": list(map(scores.written, scores.candidates(given, 1))),
            "inferred": words.inference(given).data,
            "colours": theme.colours([*taxonomy.CATEGORY_LABELS, taxonomy.OTHER]),
        }


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy whose taxonomy lists the category first, on the step of Trusler."""
    made = Copy(tmp_path_factory.mktemp("copy"), 3, "  - label: Uønsket adfærd\n")
    made.run("-m", "analysis", "ingest")
    return made


@pytest.fixture(scope="module")
def found(copied):
    return copied.figures()


def test_every_view_counts_a_new_category_where_the_taxonomy_lists_it(found):
    labels = [NEW, *taxonomy.CATEGORY_LABELS]
    assert found["columns"] == ["name", *labels, TOTAL]
    assert found["counts"][NEW] == len(DAYS)
    assert found["compared"] == [*labels, taxonomy.OTHER]
    assert set(labels) <= set(found["expected"])
    assert all(view[0] == NEW for view in found["views"])
    others = sum(weight * found["counts"][each] for each, weight in taxonomy.WEIGHTS.items())
    assert found["score"] == others + 4 * len(DAYS)
    assert found["on_steps"]["3"] == found["counts"][taxonomy.THREATS] + len(DAYS)


def test_a_new_category_may_stand_last_and_on_a_step_of_its_own(tmp_path):
    copied = Copy(tmp_path, 5, "\nsubcategory:")
    copied.run("-m", "analysis", "ingest")
    found = copied.figures()
    assert found["labels"] == [*taxonomy.CATEGORY_LABELS, NEW]
    assert found["on_steps"]["5"] == len(DAYS)
    assert len(found["kept"]) == 1


def test_a_new_category_has_a_colour_and_leaves_the_others_theirs(found):
    old = theme.colours([*taxonomy.CATEGORY_LABELS, taxonomy.OTHER])
    new = found["colours"].pop(NEW)
    assert found["colours"] == old
    assert new in set(theme.PALETTE) - set(old.values())


def test_the_published_figures_and_the_inferred_weights_stay_with_a_new_category(copied, found):
    assert "213 ens, 0 afviger" in copied.run("-m", "analysis", "verify")
    assert found["solutions"] == len(scores.solutions(scores.equations()))
    assert len(found["kept"]) == 1
    assert found["kept"][0] in found["inferred"]
    assert f"Vægten for {NEW} er antaget" in found["inferred"]


def test_the_committed_sample_is_the_same_with_a_new_category(copied, tmp_path):
    copied.run("-m", "analysis", "sample", "--output", str(tmp_path))
    for file in (ROOT / "data" / "exports").iterdir():
        assert (tmp_path / "exports" / file.name).read_bytes() == file.read_bytes()


def test_every_report_shows_a_new_category(copied):
    asked = copied.folder / "valby.yaml"
    asked.write_text(f"season: 2025/26\nlocation: {PLACE}\n", encoding="utf-8")
    assert " 0 fejlede" in copied.run("-m", "analysis", "report", str(asked), "--output", "reports")
    written = copied.folder / "reports" / "valby"
    outputs = [
        output.get("data", {})
        for file in written.glob("*.ipynb")
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
    ]
    drawn = [domain for data in outputs for domain in domains(data.get(CHART))]
    assert drawn
    assert all(NEW in domain for domain in drawn)
    for page in ("02_barometer", "04_conflict_ladder", "09_status_note", "barometer"):
        assert NEW in (written / f"{page}.html").read_text(encoding="utf-8")
