import ast
import html
import json
import re
import shutil
from contextlib import closing
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import nbformat
import papermill
import pytest
from jupyter_core.utils import run_sync
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis import barometer, priority, reports
from analysis.barometer import Selection
from analysis.barometer.words import synthetic
from analysis.core.database import ROOT, connect, forecasts
from analysis.outlook import sealed
from analysis.priority import experience
from analysis.reports import ParameterError, blocks, chromium, parameters
from analysis.reports import kernel as kernels
from analysis.reports import manifest as manifests
from analysis.reports.chromium import NoBrowserError
from analysis.reports.kernel import WarmKernel
from analysis.reports.parameters import find_notebooks
from analysis.reports.render import markdown
from analysis.show import charts, stored

PARAMETERS = """\
database: str = "build/barometer.duckdb"  # the database
season: str = "2024/25"  # the season
location: str = None  # one institution
readers: str = "alle"  # None is nobody
self_service: bool = None
rows: int = 10
"""
SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "title": {"text": "Uro"},
    "description": "Hændelser: 3 </script> i oktober.",
    "data": {"values": [{"n": 3}]},
    "mark": "bar",
    "encoding": {"x": {"field": "n", "type": "quantitative"}},
}
CHART = f"display({{{stored.CHART_TYPE!r}: {SPEC!r}, 'text/plain': 'diagram'}}, raw=True)"


def write_notebook(path, *cells, parameters=PARAMETERS):
    tagged = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    content = new_notebook(
        cells=[new_markdown_cell(f"# Titel på {path.stem}\n\nHvad ses her?"), tagged, *cells],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Py"}},
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(content, path)


def write_parameters(folder, name="vinter", text="season: 2025/26\n"):
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    write_notebook(folder / "00_leg.ipynb", new_code_cell("1 / 0"))
    write_notebook(
        folder / "01_kort.ipynb",
        new_code_cell("secret_code = 'left behind'\nfrom IPython.display import HTML, Markdown"),
        new_code_cell(f"Markdown('**Udvalg: ' + season + '**\\n\\n' + {synthetic()!r})"),
        new_markdown_cell("## Fordeling & *antal*"),
        new_code_cell(CHART),
        new_markdown_cell("### Detaljer\n\n<script>alert(1)</script>\n\n## Fordeling & antal"),
        new_code_cell("HTML('<table><caption>Antal</caption><tr><td>7</td></tr></table>')"),
        new_code_cell("import os, sys\nprint(database, os.getcwd())\nprint('x', file=sys.stderr)"),
    )
    write_notebook(
        folder / "02_fejler.ipynb",
        new_markdown_cell("## Før fejlen"),
        new_code_cell("raise ValueError('Kan ikke læse /home/nogen/hemmeligt/tal.csv <nu>')"),
        new_code_cell("print('aldrig')"),
    )
    write_notebook(
        folder / "03_tavs.ipynb",
        new_code_cell("import os\nos._exit(1)"),
    )
    write_notebook(
        folder / "04_efter.ipynb",
        new_code_cell("print('rent:', 'secret_code' not in globals())"),
    )
    return folder


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(scope="module")
def code(toy, output, database, tmp_path_factory):
    """Run the toy notebooks for two parameters files once; the exit code."""
    folder = tmp_path_factory.mktemp("params")
    files = [
        write_parameters(folder, "vinter", "season: 2025/26\nlocation: Blågården Bibliotek\n"),
        write_parameters(folder, "by", "season: vinteren 2024/25\n"),
    ]
    return reports.run(files, database, output, toy)


@pytest.fixture(scope="module")
def written(code, output):
    return (output / "vinter" / "01_kort.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def listed(code, output):
    return (output / "index.html").read_text(encoding="utf-8")


def without_scripts(text):
    return re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)


class Page(HTMLParser):
    """The tags of a page with their attributes, and the ids."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def refusal(tmp_path, database, text, name="vinter"):
    write_notebook(tmp_path / "notebooks" / "01_en.ipynb")
    write_notebook(
        tmp_path / "notebooks" / "02_to.ipynb", parameters='compare_season: str = "2023/24"'
    )
    file = write_parameters(tmp_path, name, text)
    with pytest.raises(ParameterError) as refused:
        reports.run([file], database, tmp_path / "out", tmp_path / "notebooks")
    assert not (tmp_path / "out").exists()
    message = str(refused.value)
    assert "\n" not in message
    return message


def test_an_undeclared_key_is_refused_with_the_nearest_right_name(tmp_path, database):
    message = refusal(tmp_path, database, "season: 2024/25\nlokation: X\n")
    assert "vinter.yaml" in message
    assert "lokation" in message
    assert "Nærmest er location" in message


def test_a_period_that_the_data_hold_nothing_of_falls_short(tmp_path, database, capsys):
    write_notebook(tmp_path / "n/01_en.ipynb", parameters=PARAMETERS + 'half: str = "vinter"')
    files = [
        write_parameters(tmp_path, name, f"season: {season}\n")
        for name, season in (("nu", "2025/26"), ("senere", "2027/28"), ("ogsaa", "2027/28"))
    ]
    # Also where its page stands there already; a season that has only begun is reported as ever.
    for _ in range(2):
        assert reports.run(files, database, tmp_path / "out", tmp_path / "n") == 1
        told = capsys.readouterr().err
        assert "Data dækker ikke vinterhalvåret 2027/28: ogsaa, senere" in told
        assert "2025/26" not in told
    assert (tmp_path / "out/senere/01_en.html").exists()
    assert reports.run(files[:1], database, tmp_path / "out", tmp_path / "n") == 0


def test_a_filter_that_no_notebook_declares_narrows_each_of_them(tmp_path, database):
    opens = "from analysis.core.asking import opened\nprint(opened(globals())[1].victim)"
    more = 'half: str = "vinter"'
    write_notebook(tmp_path / "n/01_en.ipynb", new_code_cell(opens), parameters=PARAMETERS + more)
    file = write_parameters(tmp_path, "ny", "season: 2024/25\nvictim: bruger\n")
    assert reports.run([file], database, tmp_path / "out", tmp_path / "n") == 0
    assert ">Bruger" in (tmp_path / "out/ny/01_en.html").read_text("utf-8")
    told = refusal(tmp_path / "no", database, "victim: 3\n")
    assert "victim skal være tekst, en liste eller tom, ikke tallet 3" in told


def test_days_are_for_the_notebooks_that_take_them(tmp_path):
    given = {"season": "2025/26", "period": "sidste uge"}
    declared = {"period": parameters.Declared("str", "None", nullable=True)}
    takes = parameters.Notebook(tmp_path / "01.ipynb", declared)
    assert takes.asked(given) == given
    assert parameters.Notebook(tmp_path / "02.ipynb", {}).asked(given) == {"season": "2025/26"}


def test_a_key_that_one_notebook_declares_is_known(tmp_path, database):
    assert "compare_season skal være tekst" in refusal(tmp_path, database, "compare_season: 2024")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("season: 2024", "season skal være tekst, ikke tallet 2024"),
        ("season:", "season skal være tekst, ikke tom"),
        ("location: {a: b}", "location skal være tekst, en liste eller tom"),
        ("location: [a]", "Ukendt lokation: 'a'. Nærmest er"),
        ("location: [3]", "location skal være tekst eller tom, ikke 3"),
        ("self_service: ja", "self_service skal være true eller false eller tom"),
        ("rows: true", "rows skal være et helt tal"),
        ("rows: 1.5", "rows skal være et helt tal"),
        ("- season", "skal bestå af linjer"),
        ("season: [", "er ikke gyldig YAML"),
        ("season: 2024/25\nrows: 1\nseason: 2025/26", "har season to gange (anden gang i linje 3)"),
    ],
)
def test_a_value_or_file_of_the_wrong_kind_is_refused(tmp_path, database, text, told):
    message = refusal(tmp_path, database, text)
    assert told in message
    assert "vinter.yaml" in message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("location: Blågådens Bibliotek", "Blågårdens Bibliotek"),
        ("season: 24/2025", "24/2025"),
        ("season: 2023/24\ncompare_season: vinteren 2023/24", "compare_season er 2023/24"),
    ],
)
def test_a_value_that_no_notebook_can_use_is_told_once_and_before_any_runs(
    tmp_path, database, text, told
):
    write_notebook(tmp_path / "notebooks" / "01_en.ipynb")
    write_notebook(
        tmp_path / "notebooks" / "02_to.ipynb",
        parameters=f'{PARAMETERS}compare_season: str = "2020/21"',
    )
    file = write_parameters(tmp_path, "vinter", text)
    with pytest.raises(ParameterError, match=told) as refused:
        reports.run([file], database, tmp_path / "out", tmp_path / "notebooks")
    assert str(refused.value).startswith("vinter.yaml: ")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rounds: 999999999999", "Antallet af runderinger må højst være 100.000"),
        ("rounds: -1", "Antallet af runderinger skal være et helt tal på mindst 0"),
        ("least: 50", "100 runderinger kan ikke række til mindst 50 til hvert af 59 steder"),
        ("most: 1", "100 runderinger kan ikke deles ud med højst 1"),
        ("top: 0", "top skal være et helt tal på mindst 1"),
        ("top: 999999999999", "top må højst være 1.000"),
        ("weights: [1, 2, 4]", "weights skal være 5 tal"),
        ("weights: [.inf, 1, 1, 1, 1]", "weights skal være 5 tal"),
        ("weights: [true, 1, 1, 1, 1]", "weights skal være 5 tal"),
        ("month: 2026-13", "måneden skal skrives som 2026-04"),
        ("month: 2199-12", "så langt frem kan der ikke prioriteres"),
        ("month: 9999-12", "mellem 1950 og 2199"),
        ("month: 0001-01", "mellem 1950 og 2199"),
        ("last_day: 9999-12-31", "last_day skal være en dato som 2026-03-31 mellem 1950 og 2199"),
        ("first_day: 0001-01-01", "first_day skal være en dato som 2026-03-31 mellem 1950 og"),
        ("period: december 9999", "mellem 1950 og 2199, ikke 'december 9999'"),
        ("period: uge 1 0001", "mellem 1950 og 2199, ikke 'uge 1 0001'"),
        ("season: 9998/99", "Skriv to år i træk mellem 1950 og 2199"),
        ("month: 1999-12", "Der er ingen data før måneden"),
        ("through: i går", "through skal være en dato"),
        ("through: 1999-12-31", "data begynder 1. oktober 2021"),
        ("exposure: regnvejr", "Ukendt grundlag"),
        ("measure_location: Hal X", "Nærmest er: Hal C"),
        ("measure_kind: xx", "Ukendt tiltag: 'xx'. Kendte er: Base for Tryghedsvagter, Ekstra"),
        ("measure_kind: Lukning", "Ukendt tiltag: 'Lukning'"),
        ("district_polygons: /dev/zero", "er en mappe eller andet, der ikke er en fil"),
        ("district_polygons: nej.json", "Kortfilen nej.json findes ikke"),
        (
            "scenario: [{location: Alle, kind: Lukning, starts: 2026-12-01, ends: 9999-12-31}]",
            "scenario, post 1: ends skal være en dato som 2026-03-31 mellem 1950 og 2199",
        ),
        ("scenario: [{starts: 2026-12-01}]", "scenario, post 1: skriv location eller district"),
        (f"scenario: [{501 * '{},'}]", "scenario har 501 poster; højst 500 læses"),
        (f"location: {'x ' * 40_000}", "Ukendt lokation"),
        (f"season: {'x ' * 40_000}", "Ukendt sæson"),
    ],
)
def test_a_parameter_out_of_its_bounds_is_one_line_before_anything_runs(
    tmp_path, database, text, told
):
    file = write_parameters(tmp_path, "vinter", text)
    with pytest.raises(ParameterError) as refused:
        reports.run([file], database, tmp_path / "out")
    assert str(refused.value).startswith("vinter.yaml: ")
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 500
    assert not (tmp_path / "out").exists()


def test_a_file_means_the_same_for_every_notebook_and_leaves_all_where_it_says_nothing(
    tmp_path, database
):
    with_place = PARAMETERS.replace("location: str = None", 'location: str = "Hal C"')
    more = "district: str = None\nscenario: list = None"
    cell = new_code_cell("print(location, district)")
    write_notebook(tmp_path / "notebooks" / "01_en.ipynb", cell, parameters=with_place + more)
    write_notebook(tmp_path / "notebooks" / "02_to.ipynb", cell, parameters=PARAMETERS + more)
    file = write_parameters(tmp_path, "valby", "district: Valby\n")
    assert reports.run([file], database, tmp_path / "out", tmp_path / "notebooks") == 0
    for name in ("01_en", "02_to"):
        assert ">None Valby" in (tmp_path / "out/valby" / f"{name}.html").read_text("utf-8")
    file = write_parameters(tmp_path, "valby", "scenario: [{location: Valby Biblotek}]\n")
    with pytest.raises(ParameterError, match=r"valby.yaml: scenario, post 1: starts mangler"):
        reports.run([file], database, tmp_path / "out", tmp_path / "notebooks")


def test_only_the_notebooks_asked_for_are_run_and_the_others_stay_listed(toy, database, tmp_path):
    for n, name in enumerate(("01_en", "02_to")):
        write_notebook(tmp_path / "notebooks" / f"{name}.ipynb", new_code_cell(f"print({n})"))
    file, out = write_parameters(tmp_path), tmp_path / "out"
    assert reports.run([file], database, out, tmp_path / "notebooks") == 0
    before = {one: one.read_bytes() for one in (out / "vinter").glob("01_en.*")}
    assert len(before) == 3
    assert reports.run([file], database, out, tmp_path / "notebooks", only=["02"]) == 0
    assert {one: one.read_bytes() for one in before} == before
    listed = (out / "index.html").read_text(encoding="utf-8")
    assert "vinter/01_en.html" in listed
    assert "vinter/02_to.html" in listed
    with pytest.raises(ParameterError, match=r"Ingen notebook hedder '3'. Kendte er 01_en og 02_"):
        reports.run([file], database, out, tmp_path / "notebooks", only=["3"])
    assert reports.run([file], database, out, tmp_path / "notebooks", only=["2"]) == 0


def test_no_page_leads_to_one_that_is_neither_made_nor_there(database, tmp_path, capsys):
    folder, out = tmp_path / "notebooks", tmp_path / "out"
    write_notebook(
        folder / "01_en.ipynb",
        new_markdown_cell("Se [trappen](02_to.ipynb#Trappen)."),
        new_markdown_cell("Som i [svaret](02_to.ipynb).", metadata={"tags": ["method"]}),
        new_markdown_cell("Læs [videre](02_to.ipynb).", metadata={"tags": ["leads"]}),
    )
    write_notebook(folder / "02_to.ipynb", new_markdown_cell("## Trappen"))
    file = write_parameters(tmp_path)

    def led(only=()):
        assert reports.run([file], database, out, folder, only=only) == 0
        for page in out.rglob("*.html"):
            for link in Page(page.read_text(encoding="utf-8")).all("a"):
                assert (page.parent / link["href"].partition("#")[0]).exists(), (page, link)
        return (out / "vinter" / "01_en.html").read_text(encoding="utf-8")

    alone = led(["01"])
    assert "Se trappen." in alone
    assert "videre" not in alone
    assert led() == led(["01"])
    assert '<a href="02_to.html#trappen">' in led()
    assert '<a href="02_to.html">videre</a>' in led()
    assert '<a href="02_to.html">' in (out / "vinter" / "metode.html").read_text(encoding="utf-8")
    assert "0 notebooks kørt" in capsys.readouterr().out


def test_each_place_of_the_register_gets_its_reports_in_a_folder_named_after_it(
    con, database, tmp_path, capsys
):
    folder, out = tmp_path / "notebooks", tmp_path / "out"
    write_notebook(folder / "01_kort.ipynb", new_code_cell("print(location, season, half)"))
    each = ("district", "2025/26", "sommer")
    assert reports.run([], database, out, folder, each=each) == 0
    query = "select distinct district from location where district is not null"
    districts = {name for (name,) in con.execute(query).fetchall()}
    made = {file.name for file in out.iterdir() if file.is_dir()}
    assert {name.replace("-", "/") for name in made} == {
        name.replace("-", "/") for name in districts
    }
    assert "Vesterbro-Kgs. Enghave" in made
    for file in out.glob("*/01_kort.html"):
        assert "None 2025/26 sommer" in file.read_text(encoding="utf-8")
    capsys.readouterr()
    each = ("location", "2025/26", None)
    assert reports.run([], database, out, folder, each=each, dry_run=True) == 0
    (places,) = con.execute("select count(distinct location) from location").fetchone()
    assert len(capsys.readouterr().out.splitlines()) == places


def test_a_dry_run_names_the_pages_and_a_quiet_one_only_what_failed(
    toy, database, tmp_path, capsys
):
    file, out = write_parameters(tmp_path), tmp_path / "out"
    assert reports.run([file], database, out, toy, only=["01", "02"], dry_run=True) == 0
    assert capsys.readouterr().out.splitlines() == [
        str(out / "vinter" / f"{name}.html") for name in ("01_kort", "02_fejler")
    ]
    assert not out.exists()
    assert reports.run([file], database, out, toy, only=["01", "02"], quiet=True) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "02_fejler fejlede" in told.err
    assert "01_kort" not in told.err


def test_a_report_held_open_by_another_program_fails_alone(
    toy, database, tmp_path, capsys, monkeypatch
):
    file, out = write_parameters(tmp_path), tmp_path / "out"
    reports.run([file], database, out, toy, only=["01", "04"])
    before = (out / "vinter" / "01_kort.html").read_bytes()
    replace = Path.replace

    def held(self, target):
        if target.name == "01_kort.xlsx":
            raise PermissionError(13, "held", str(self), None, str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    assert reports.run([file], database, out, toy, only=["01", "04"], force=True) == 1
    told = capsys.readouterr()
    assert "01_kort fejlede: 01_kort.xlsx er åben i et andet program" in told.err
    assert "1 fejlede" in told.out
    assert (out / "vinter" / "01_kort.html").read_bytes() == before
    assert (out / "vinter" / "04_efter.html").exists()


def test_a_report_with_an_edited_document_fails_alone_and_keeps_it(toy, database, tmp_path, capsys):
    file, out = write_parameters(tmp_path), tmp_path / "out"
    edited = out / "vinter" / "01_kort.docx"
    edited.parent.mkdir(parents=True)
    edited.write_bytes(b"work")
    assert reports.run([file], database, out, toy, only=["01", "04"]) == 1
    assert "01_kort fejlede: 01_kort.docx er rettet i hånden" in capsys.readouterr().err
    assert edited.read_bytes() == b"work"
    assert not (out / "vinter" / "01_kort.html").exists()
    assert (out / "vinter" / "04_efter.html").exists()


def test_null_is_taken_where_the_default_is_none_or_the_help_speaks_of_it(tmp_path, database):
    # The wrong key is what is refused, not the nulls before it.
    text = "location: null\nreaders: null\nself_service: null\nseson: x\n"
    assert "Nærmest er season" in refusal(tmp_path, database, text)


def test_missing_files_and_databases_are_refused(tmp_path, database, toy):
    file = write_parameters(tmp_path)
    with pytest.raises(ParameterError, match=r"Parameterfilen nej\.yaml findes ikke"):
        reports.run([tmp_path / "nej.yaml"], database, tmp_path / "out", toy)
    with pytest.raises(ParameterError, match=r"nej\.duckdb findes ikke"):
        reports.run([file], tmp_path / "nej.duckdb", tmp_path / "out", toy)
    twin = write_parameters(tmp_path / "b", "VINTER")
    with pytest.raises(ParameterError, match="To parameterfiler hedder"):
        reports.run([file, twin], database, tmp_path / "out", toy)
    with pytest.raises(ParameterError, match="ingen notebooks"):
        reports.run([file], database, tmp_path / "out", tmp_path)


def test_a_failed_notebook_is_marked_and_the_others_finish(code, output, listed):
    assert code == 1
    for name in ("01_kort", "02_fejler", "03_tavs", "04_efter"):
        assert (output / "by" / f"{name}.html").is_file()
    assert not (output / "by" / "00_leg.html").exists()
    failed = (output / "by" / "02_fejler.html").read_text(encoding="utf-8")
    for text in (failed, listed):
        assert "ValueError: Kan ikke læse tal.csv &lt;nu&gt;" in text
    assert "Rapporten kunne ikke laves færdig" in failed
    assert "Før fejlen" in failed
    assert "Traceback" not in failed
    assert "aldrig" not in failed
    assert "An Exception was encountered" not in failed
    assert listed.count("fejlede:</strong>") == 4


def test_a_dead_kernel_is_replaced_and_its_report_marked(code, output):
    dead = (output / "by" / "03_tavs.html").read_text(encoding="utf-8")
    assert "DeadKernelError" in dead
    assert "Titel på 03_tavs" in dead
    after = (output / "by" / "04_efter.html").read_text(encoding="utf-8")
    assert "Rapporten kunne ikke" not in after


def test_a_kernel_that_is_gone_when_it_is_stopped_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    write_notebook(tmp_path / "a.ipynb", new_code_cell("1"))
    with closing(WarmKernel()) as kernel:
        kernel.run(tmp_path / "a.ipynb", tmp_path / "b.ipynb", {})
        manager = kernel.manager("python3")
        file = Path(manager.connection_file)
        assert file.exists()
        run_sync(manager.provisioner.kill)()
        run_sync(manager.provisioner.wait)()
        assert not manager.has_kernel
    assert not file.exists()


LITTER = """
import os, sys, warnings
import altair, colorsys, duckdb, pandas
from analysis.show import charts
left = "behind"
os.chdir("..")
os.environ["LEFT"] = "behind"
sys.path += ["behind"]
warnings.simplefilter("error")
pandas.set_option("display.max_rows", 3)
altair.data_transformers.disable_max_rows()
altair.renderers.enable("default")
altair.theme.enable("dark")
duckdb.execute("set threads = 1")
os.getpid()
"""
SEEN = """
import os, sys, warnings
import altair, duckdb, pandas
[os.getpid(), "left" in globals(), len(Out), os.path.basename(os.getcwd()), os.environ.get("LEFT"),
 "behind" in sys.path, warnings.filters[0][0], pandas.get_option("display.max_rows"),
 altair.data_transformers.options, altair.renderers.active, altair.theme.active,
 duckdb.execute("select current_setting('threads') = 1").fetchall()[0][0],
 "colorsys" in sys.modules]
"""


def test_nothing_leaks_from_one_notebook_to_the_next(tmp_path):
    folder = tmp_path / "notebooks"
    write_notebook(folder / "01.ipynb", new_code_cell("import analysis.show.charts"))
    write_notebook(folder / "02.ipynb", new_code_cell(LITTER))
    write_notebook(folder / "03.ipynb", new_code_cell(SEEN))

    def shown(kernel, name):
        return kernel.run(folder / name, tmp_path / name, {}).cells[-1]

    with closing(WarmKernel()) as cold:
        expected = ast.literal_eval(shown(cold, "03.ipynb").outputs[0].data["text/plain"])
    with closing(WarmKernel()) as kernel:
        shown(kernel, "01.ipynb")
        process = int(shown(kernel, "02.ipynb").outputs[0].data["text/plain"])
        cell = shown(kernel, "03.ipynb")
        found = ast.literal_eval(cell.outputs[0].data["text/plain"])
    # One kernel, whose modules stay loaded, drawing as the project does.
    assert found[0] == process
    assert (found[9:11], found[-1]) == (["barometer", "barometer"], True)
    assert [*found[1:9], found[11]] == [*expected[1:9], expected[11]]
    assert cell.execution_count == 2


def test_a_kernel_has_one_thread_for_its_linear_algebra_unless_it_is_told_otherwise(
    tmp_path, monkeypatch
):
    """With more, the kernels of a batch wait for each other."""
    write_notebook(tmp_path / "a.ipynb", new_code_cell("import os\nos.environ['OMP_NUM_THREADS']"))
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    for threads in ("1", "3"):
        with closing(WarmKernel()) as kernel:
            found = kernel.run(tmp_path / "a.ipynb", tmp_path / "b.ipynb", {})
        assert ast.literal_eval(found.cells[-1].outputs[0].data["text/plain"]) == threads
        monkeypatch.setenv("OMP_NUM_THREADS", "3")


def test_a_kernel_that_dies_is_replaced_and_its_run_repeated_once(tmp_path):
    cell = new_code_cell(
        "import os\nif not os.path.exists('died'):\n"
        "    open('died', 'w').close()\n    os._exit(1)\n1"
    )
    write_notebook(tmp_path / "a.ipynb", cell)
    with closing(WarmKernel()) as kernel:
        found = kernel.run(tmp_path / "a.ipynb", tmp_path / "b.ipynb", {})
    assert found.cells[-1].outputs[0].data["text/plain"] == "1"


def test_a_kernel_that_has_grown_large_is_replaced(tmp_path, monkeypatch):
    write_notebook(tmp_path / "a.ipynb", new_code_cell("import os\nos.getpid()"))

    def process(kernel):
        return kernel.run(tmp_path / "a.ipynb", tmp_path / "b.ipynb", {}).cells[-1].outputs

    with closing(WarmKernel()) as kernel:
        first = process(kernel)
        assert process(kernel) == first
        monkeypatch.setattr("analysis.reports.kernel.MOST_MEMORY", 1)
        assert process(kernel) == first
        assert process(kernel) != first


def test_what_stands_there_and_is_made_of_the_same_is_not_made_again(
    toy, database, tmp_path, capsys
):
    file, out = write_parameters(tmp_path), tmp_path / "out"
    again = {"only": ["01", "04"]}
    ran = []

    def told():
        ran.append(capsys.readouterr().out.split(",")[0])
        return ran[-1]

    reports.run([file], database, out, toy, **again)
    assert told() == "2 notebooks kørt"
    reports.run([file], database, out, toy, **again)
    assert told() == "0 notebooks kørt"
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "vinter/01_kort.html" in index
    (out / "vinter" / "01_kort.xlsx").unlink()
    reports.run([file], database, out, toy, **again)
    assert told() == "1 notebook kørt"
    reports.run([file], database, out, toy, **again, force=True)
    assert told() == "2 notebooks kørt"
    assert reports.run([file], database, out, toy, **again, dry_run=True) == 0
    assert "Intet skal laves" in capsys.readouterr().err
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    run = manifest["runs"]["vinter/04_efter"]
    assert (run["status"], run["error"]) == ("done", None)
    assert run["seconds"] > 0
    log = (out / "koersel.log").read_text(encoding="utf-8").splitlines()
    assert len(log) == 3
    assert all(line.endswith("færdig") for line in log[1:])


def test_a_run_that_failed_is_made_again_and_its_error_kept(toy, database, tmp_path):
    file, out = write_parameters(tmp_path), tmp_path / "out"
    for _ in range(2):
        assert reports.run([file], database, out, toy, only=["02"], quiet=True) == 1
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    run = manifest["runs"]["vinter/02_fejler"]
    assert run["status"] == "failed"
    assert "Kan ikke læse tal.csv" in run["error"]
    assert "fejlede: ValueError" in (out / "koersel.log").read_text(encoding="utf-8")


def test_each_thing_that_a_page_is_made_of_is_part_of_its_key(database, tmp_path, monkeypatch):
    """Notebook, values, files they name, data, code, prose and libraries: a key for each."""
    write_notebook(tmp_path / "01_en.ipynb", new_code_cell("1"))
    (notebook,) = find_notebooks(tmp_path)

    def key(file=database, given=None, images=False, pages=()):
        asks = given or {"season": "2025/26"}
        with connect(file) as con:
            return manifests.Keys(con).of(notebook, asks, pages, images=images)

    found = [key()]
    assert key() == found[0]
    found.append(key(given={"season": "2024/25"}))
    found.append(key(images=True))
    found.append(key(pages=("02_to",)))
    other = tmp_path / "other.duckdb"
    shutil.copy(database, other)
    assert key(other) == found[0]
    with duckdb.connect(other) as con:
        con.execute("update incident set victim = 'Bruger' where victim = 'Lokationen'")
    found.append(key(other))
    prose = tmp_path / "prose"
    shutil.copytree(ROOT / "prose", prose)
    # Names that sort after and before the folder of every template.
    monkeypatch.chdir(tmp_path)
    for name in ("prose", f"../{tmp_path.name}/prose"):
        monkeypatch.setattr("analysis.core.prose.FOLDER", Path(name))
        assert key() == found[0]
    (prose / "method.md").write_text("Andet", encoding="utf-8")
    found.append(key())
    outlines = tmp_path / "bydele.geojson"
    outlines.write_text("{}", encoding="utf-8")
    named = {"season": "2025/26", "district_polygons": str(outlines)}
    found.append(key(given=named))
    assert key(given=named | {"database": "another name of the same"}) == found[-1]
    outlines.write_text("[]", encoding="utf-8")
    found.append(key(given=named))
    monkeypatch.setattr("analysis.core.kept.CODE", b"other")
    found.append(key())
    monkeypatch.setattr(manifests, "version", lambda name: "0")
    found.append(key())
    write_notebook(tmp_path / "01_en.ipynb", new_code_cell("2"))
    found.append(key())
    assert len({*found}) == len(found)


def test_a_run_keeps_what_it_forecasts_once_and_a_second_one_makes_nothing(
    database, tmp_path, capsys, monkeypatch
):
    copy = tmp_path / "x.duckdb"
    shutil.copy(database, copy)
    monkeypatch.setattr(sealed, "_lines", lambda con, last, about: [line(about, "2026/27")])
    write_notebook(tmp_path / "toy" / "06_outlook.ipynb", new_code_cell("1"))
    given = [write_parameters(tmp_path)], copy, tmp_path / "out", tmp_path / "toy"
    reports.run(*given, dry_run=True)
    assert not forecasts(copy).exists()
    reports.run(*given)
    (first,) = forecasts(copy).read_text(encoding="utf-8").splitlines()
    capsys.readouterr()
    reports.run(*given)
    assert capsys.readouterr().out.startswith("0 notebooks kørt")
    assert forecasts(copy).read_text(encoding="utf-8").splitlines() == [first]


def line(about, season):
    """Return a made-up line of the log of forecasts."""
    told = {"through": "2026-03-31", "season": season, "half": "vinter", "level": "city"}
    bounds = dict.fromkeys(("count", "median", "low_50", "high_50", "low_90", "high_90"), 9)
    return (
        about
        | told
        | {"name": "København", "method": "model"}
        | bounds
        | {"chance_above_last": None}
    )


def test_only_forecasts_that_have_come_to_something_are_part_of_a_key(
    database, tmp_path, monkeypatch
):
    """Else what a run says itself would make all its pages anew."""
    copy = tmp_path / "x.duckdb"
    shutil.copy(database, copy)
    write_notebook(tmp_path / "01_en.ipynb", new_code_cell("1"))
    (notebook,) = find_notebooks(tmp_path)

    def key(season=None):
        if season:
            monkeypatch.setattr("analysis.core.kept.CODE", season.encode())
            monkeypatch.setattr(sealed, "_lines", lambda con, last, about: [line(about, season)])
            sealed.seal(copy)
            monkeypatch.undo()
        with connect(copy) as con:
            return manifests.Keys(con).of(notebook, {"season": "2025/26"}, (), images=False)

    plain = key()
    assert key("2026/27") == plain
    told = key("2025/26")
    assert told != plain
    kept = forecasts(copy).read_bytes()
    forecasts(copy).write_bytes(kept.replace(b'"count": 9', b'"count": 8'))
    assert key() not in (plain, told)


def test_papermill_alone_gives_the_same_notebook(code, toy, output, database, tmp_path):
    alone = papermill.execute_notebook(
        toy / "01_kort.ipynb",
        tmp_path / "alone.ipynb",
        {
            "season": "2025/26",
            "location": "Blågården Bibliotek",
            "database": str(database),
        },
        progress_bar=False,
        cwd=toy,
    )
    ours = nbformat.read(output / "vinter" / "01_kort.ipynb", as_version=4)
    # Where the database lies is nobody's business but the runner's.
    blocks.hide_folders(alone)
    assert alone.metadata.papermill.parameters["database"] == database.name
    assert [plain(cell) for cell in ours.cells] == [plain(cell) for cell in alone.cells]
    assert ours.metadata.papermill.parameters == alone.metadata.papermill.parameters


def plain(cell):
    kept = {name: cell.get(name) for name in ("cell_type", "source", "outputs", "execution_count")}
    return kept | {"tags": cell.metadata.get("tags", [])}


def test_a_report_shows_no_code(written):
    assert "secret_code" not in written
    assert "season: str" not in written
    assert "2025/26" in written


def test_a_report_asks_nothing_of_the_outside(written, listed):
    for text in (written, listed):
        parsed = Page(text)
        policy = next(each["content"] for each in parsed.all("meta") if "http-equiv" in each)
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in policy
        assert not parsed.all("link")
        assert not any("src" in attributes for _, attributes in parsed.tags)
        assert not re.search(r"https?://|url\(|@import", without_scripts(text))


def test_a_script_of_a_notebook_is_not_among_those_that_may_run(written):
    policy = next(each["content"] for each in Page(written).all("meta") if "http-equiv" in each)
    assert policy.count("'sha256-") == 2
    assert "script-src 'unsafe-inline'" not in policy


def test_a_chart_has_its_spec_its_text_and_the_bundle_once(written):
    assert written.count("window.vegaEmbed=") == 1
    figure = {"class": "chart", "aria-label": "Diagram 1", "data-name": "01-uro"}
    assert Page(written).all("figure") == [figure]
    caption = re.search(r"<figcaption>(.*?)</figcaption>", written)[1]
    assert html.unescape(caption) == SPEC["description"]
    # What the caption says, no label says again.
    assert not re.search(
        'aria-label="[^"]*Uro[^"]*"', written.split("<figure")[1].split("</figure")[0]
    )
    spec = re.search(r'<script type="application/json">(.*?)</script>', written)[1]
    assert "\\u003c/script> i oktober" in spec


def test_a_sentence_in_a_charts_place_is_not_to_be_saved():
    assert 'class="save"' in blocks._chart(SPEC, 1)
    assert 'class="save"' not in blocks._chart(charts.theme.sentence("T", "Ingen").to_dict(), 1)


def test_a_report_without_charts_carries_no_bundle(code, output):
    assert (output / "by" / "04_efter.html").stat().st_size < 20_000


def test_the_contents_lead_to_each_section(written):
    parsed = Page(written)
    assert parsed.all("html") == [{"lang": "da"}]
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [each["href"][1:] for each in parsed.all("a") if each["href"].startswith("#")]
    assert links == ["side", "fordeling-antal", "detaljer", "fordeling-antal-2"]
    assert set(links) <= set(ids)
    assert "<title>Titel på 01_kort: Blågårdens Bibliotek, vinterhalvåret 2025/26 – " in written
    assert len(parsed.all("h1")) == 1


def test_a_table_scrolls_in_a_box_of_its_name(written):
    box = '<div class="scroll" role="group" aria-label="Tabel: Antal" tabindex="0"><table>'
    assert box in written
    assert "</table></div>" in written


def test_every_page_says_that_the_data_are_synthetic(code, output):
    for file in output.rglob("*.html"):
        assert "Syntetiske data." in file.read_text(encoding="utf-8"), file.name


def test_pages_hold_no_path_of_this_machine(code, output, database, toy):
    files = [each for each in output.rglob("*") if each.suffix in (".html", ".ipynb", ".json")]
    assert {each.suffix for each in files} == {".html", ".ipynb", ".json"}
    for file in files:
        text = file.read_text(encoding="utf-8")
        # What a notebook's own code says is the notebook's.
        others = ["/home/"] if file.suffix == ".html" else []
        for path in (ROOT, Path.home(), output, toy, database.parent, *others):
            assert f"{path}" not in without_scripts(text), file.name


def test_the_index_lists_each_place_with_its_selection_and_leads_to_its_pages(listed, output, con):
    rows = [
        [
            " ".join(html.unescape(re.sub("<[^>]+>", " ", cell)).split())
            for cell in re.findall("<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in re.findall("<tr>.*?</tr>", listed, re.DOTALL)[1:]
    ]
    assert [row[0] for row in rows] == [
        "København vinterhalvåret 2024/25 by",
        "Blågårdens Bibliotek vinterhalvåret 2025/26 vinter",
    ]
    assert re.findall(r'class="group"><th.*?>(.*?)<', listed) == ["På tværs af bydele", "Nørrebro"]
    before, after = (
        barometer.incidents(con, Selection(season, location="Blågårdens Bibliotek"))
        for season in ("2024/25", "2025/26")
    )
    share = round((before - after) / before * 100)
    assert rows[1][1:3] == [str(after), f"−{before - after} (−{share} pct.) –"]
    ranked = priority.rank(con, "2026-04-01", experience.read(con))
    place = ranked["location"].tolist().index("Blågårdens Bibliotek") + 1
    assert [row[3] for row in rows] == ["–", f"nr. {place} af {len(ranked)}"]
    addresses = [each["href"] for each in Page(listed).all("a") if "#" not in each["href"]]
    # Each row leads to its first page; each page is there, four went well, and two kernels died.
    assert len(addresses) == 2 + 8 + 4 + 6
    assert all((output / address).is_file() for address in addresses)


def test_the_index_tells_the_seasons_of_each_row(listed, con):
    chosen = Selection("2025/26", location="Blågårdens Bibliotek")
    seasons = ["2021/22", "2022/23", "2023/24", "2024/25", "2025/26"]
    history = ", ".join(
        f"{season}: {barometer.incidents(con, replace(chosen, season=season))} hændelser"
        for season in seasons
    )
    assert f'aria-label="{history}"' in listed
    bars = re.search(rf'aria-label="{history}".*?</svg>', listed, re.DOTALL)[0]
    assert bars.count("<rect") == len(seasons)
    assert bars.count('class="own"') == 1


def test_a_table_is_folded_where_it_is_long_or_a_chart_shows_it(tmp_path, database):
    def shown(rows):
        lines = "".join(f"<tr><th scope='row'>{n}</th></tr>" for n in range(rows)).replace("'", '"')
        return f"HTML('<table><caption>Antal</caption>{lines}</table>')"

    notebooks = tmp_path / "notebooks"
    write_notebook(
        notebooks / "01_en.ipynb",
        new_code_cell("from IPython.display import HTML"),
        *(cell for n in (3, 20, 120) for cell in map(new_code_cell, (CHART, shown(n), shown(n)))),
    )
    reports.run([write_parameters(tmp_path)], database, tmp_path / "out", notebooks)
    text = (tmp_path / "out/vinter/01_en.html").read_text(encoding="utf-8")
    folded = re.findall(r"<details class=\"(.*?)\"( open)?>\s*<summary>(.*?)</summary>", text)
    # The first is short, and one of the two is its chart's.
    assert folded == [("figures", "", "Tabel: Antal")] * 5


def test_what_is_method_stands_on_a_page_of_its_own_and_is_led_to(tmp_path, database):
    def tagged(source, *tags):
        return new_markdown_cell(source, metadata={"tags": list(tags)})

    write_notebook(
        tmp_path / "notebooks/01_en.ipynb",
        new_markdown_cell("## Svaret\n\nDer er flere."),
        tagged("Sådan gik det til.", "method"),
        tagged("## Alt det andet", "folded"),
        new_markdown_cell("### Længere nede\n\nInde i det."),
        tagged("## Prøverne", "method"),
        new_markdown_cell("### Den ene\n\nEn prøve."),
        new_markdown_cell("## Hvad tallene ikke kan sige\n\nMeget."),
    )
    file = write_parameters(tmp_path)
    assert reports.run([file], database, tmp_path / "out", tmp_path / "notebooks") == 0
    folder = tmp_path / "out/vinter"
    shown = (folder / "01_en.html").read_text(encoding="utf-8")
    method = (folder / "metode.html").read_text(encoding="utf-8")
    for text in ("Der er flere.", "Inde i det.", "Meget."):
        assert text in shown
        assert text not in method
    for text in ("Sådan gik det til.", "En prøve."):
        assert text in method
        assert text not in shown
    assert 'href="#prøverne"' not in shown
    assert 'href="metode.html#01_en-svaret"' in shown
    assert 'id="01_en-svaret"' in method
    inside = shown.split('<details class="section">')[1].split("</details>")[0]
    assert "Alt det andet" in inside.split("</summary>")[0]
    assert "Inde i det." in inside
    assert "Meget." not in inside


def test_who_sees_unknown_labels_as_written_is_told_beside_them():
    notebook = nbformat.read(ROOT / "notebooks/01_data_quality.ipynb", as_version=4)
    found = {one.heading.text: one for one in blocks.sections(notebook, "01_data_quality")}
    text, table = found["Ukendte betegnelser"].shown
    assert "audience: analyst" in text
    assert "Andet (ukendt betegnelse)" in table


def test_images_are_written_of_every_chart(tmp_path, database):
    notebooks = tmp_path / "notebooks"
    long = CHART.replace("'Uro'", repr("uro" * 200))
    charts = map(new_code_cell, (CHART, CHART, long))
    write_notebook(notebooks / "01_en.ipynb", *charts)
    file = write_parameters(tmp_path)
    folder = tmp_path / "out/vinter/01_en"
    folder.mkdir(parents=True)
    (folder / "07-gammelt.png").touch()
    assert reports.run([file], database, tmp_path / "out", notebooks, images=True) == 0
    names = [f"{n:02}-uro.{kind}" for n in (1, 2) for kind in ("png", "svg")]
    # No file system takes a name of any length.
    names += [f"03-{('uro' * 200)[:100]}.{kind}" for kind in ("png", "svg")]
    assert sorted(each.name for each in folder.iterdir()) == names
    assert (folder / "01-uro.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "01-uro.svg").read_text(encoding="utf-8").startswith("<svg")


def test_without_a_browser_the_run_says_that_there_is_no_pdf(
    tmp_path, database, monkeypatch, capfd
):
    def nothing():
        raise NoBrowserError("no browser")

    monkeypatch.setattr(chromium, "browser", lambda: nothing())
    write_notebook(tmp_path / "notebooks/01_en.ipynb")
    file = write_parameters(tmp_path)
    assert reports.run([file], database, tmp_path / "out", tmp_path / "notebooks", pdf=True) == 1
    assert "Der blev ikke lavet PDF: no browser" in capfd.readouterr().err
    assert (tmp_path / "out/vinter/01_en.html").exists()
    assert ".pdf" not in (tmp_path / "out/index.html").read_text(encoding="utf-8")


def test_a_second_run_replaces_the_first_and_leaves_other_folders(tmp_path, database):
    notebooks, out = tmp_path / "notebooks", tmp_path / "out"
    write_notebook(notebooks / "01_en.ipynb", new_code_cell("print('første')"))
    files = [write_parameters(tmp_path, "a"), write_parameters(tmp_path, "b")]
    reports.run(files, database, out, notebooks)
    write_notebook(notebooks / "01_en.ipynb", new_code_cell("import os; os._exit(1)"))
    assert reports.run(files[:1], database, out, notebooks) == 1
    assert not (out / "a" / "01_en.ipynb").exists()
    assert "første" not in (out / "a" / "01_en.html").read_text(encoding="utf-8")
    assert (out / "b" / "01_en.html").is_file()


def test_the_index_lists_what_earlier_runs_left_too(tmp_path, database):
    notebooks, out = tmp_path / "notebooks", tmp_path / "out"
    write_notebook(notebooks / "01_en.ipynb")
    a, b = write_parameters(tmp_path, "a"), write_parameters(tmp_path, "b", "season: 2024/25\n")
    reports.run([b], database, out, notebooks)
    alone = (out / "index.html").read_text(encoding="utf-8")
    row = re.compile(r'<tr>\s*<th scope="row"><a href="b/.*?</tr>', re.DOTALL)
    reports.run([a], database, out, notebooks)
    both = (out / "index.html").read_text(encoding="utf-8")
    assert both.index('href="a/01_en.html"') < both.index('href="b/01_en.html"')
    assert row.search(both)[0] == row.search(alone)[0]
    # A folder by another name is listed by it; one that is no longer ours is not.
    (out / "b").rename(out / "c")
    (out / "a" / "report.json").write_text("{}", encoding="utf-8")
    reports.run([write_parameters(tmp_path, "d")], database, out, notebooks)
    listed = (out / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="(\w)/01_en.html"', listed)) == {"c", "d"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("fil '/home/nogen/tal.csv' mangler", "fil 'tal.csv' mangler"),
        (r"C:\Users\nogen\tal.csv mangler", "tal.csv mangler"),
        ("Vesterbro/Kgs. Enghave 2024/25 og/eller </b>", None),
        ("se https://kk.dk/a/b", None),
    ],
)
def test_folders_are_cut_from_text_and_other_slashes_stay(text, left):
    assert blocks.without_folders(text) == (left or text)


def test_what_comes_from_data_stays_text_on_a_page():
    label = '<meta http-equiv="refresh" content="0,url=http://a.example">'
    shown = markdown()(f"**Sted**: {label}\n\n{label}\n\n![x](http://a.example/y)")
    assert "<strong>Sted</strong>" in shown
    assert "<meta" not in shown
    assert "<img" not in shown


def test_what_a_person_is_to_fill_in_is_marked_on_a_page():
    shown = markdown()("Dato: <mark>**[Udfyldes: dato]**</mark> <mark onclick='x()'>")
    assert "<mark><strong>[Udfyldes: dato]</strong></mark>" in shown
    assert "<mark on" not in shown


def test_a_kernel_that_never_answers_is_replaced(tmp_path, monkeypatch):
    """As where another program takes a port between its choice and the kernel's start."""
    write_notebook(tmp_path / "01_en.ipynb", new_code_cell("1 + 1"))
    start, started = kernels._Client.start_new_kernel_client, []

    def begun(client):
        started.append(client)
        if len(started) == 1:
            raise RuntimeError("Kernel didn't respond in 60 seconds")
        return start(client)

    monkeypatch.setattr(kernels._Client, "start_new_kernel_client", begun)
    with closing(WarmKernel()) as kernel:
        made = kernel.run(tmp_path / "01_en.ipynb", tmp_path / "out.ipynb", {})
    assert made.cells[-1].outputs[0]["data"]["text/plain"] == "2"
    assert len(started) == 2


def test_what_a_kernel_puts_out_before_it_is_heard_is_not_lost(tmp_path, monkeypatch):
    """The connection to what it puts out is made later than it answers, where a machine is busy."""
    begin = kernels._Client.start_new_kernel_client

    def late(self):
        client = begin(self)
        client.iopub_channel.socket.unsubscribe(b"")
        asked, execute = [], client.execute

        def executing(*args, **given):
            asked.append(args)
            if len(asked) == 3:
                client.iopub_channel.socket.subscribe(b"")
            return execute(*args, **given)

        monkeypatch.setattr(client, "execute", executing)
        return client

    monkeypatch.setattr(kernels._Client, "start_new_kernel_client", late)
    monkeypatch.setattr(kernels, "HEARD", 0.2)
    write_notebook(tmp_path / "01_kort.ipynb", new_code_cell("print('ud')"), new_code_cell("1"))
    with closing(WarmKernel()) as kernel:
        made = kernel.run(tmp_path / "01_kort.ipynb", tmp_path / "out.ipynb", {})
    assert [cell.outputs[0].text for cell in made.cells if cell.source.startswith("print")] == [
        "ud\n"
    ]
