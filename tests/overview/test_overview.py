import re
from dataclasses import replace
from datetime import date
from math import nan
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest

from analysis import note
from analysis.barometer import Selection
from analysis.comparison import changes, exposure
from analysis.core import asking, danish
from analysis.core.database import ROOT
from analysis.measures.evidence import NONE, STRONG, UNJUDGED, WEAK
from analysis.note.coming import Coming
from analysis.outlook.words import Prospect
from analysis.overview import words
from analysis.reports import blocks
from analysis.reports.render import markdown

LIBRARY = Selection("2025/26", location="Blågårdens Bibliotek")


def period(name, incidents, held="whole"):
    return SimpleNamespace(name=name, incidents=incidents, held=held)


def answers(*verdicts):
    """Made-up answers: the interval of the counts alone, then those of other bases."""
    ends = {"fald": (0.5, 0.9), "stigning": (1.1, 1.9), "uklart": (0.8, 1.2)}
    return pd.DataFrame(
        [{"ratio": 1.0, "low": ends[one][0], "high": ends[one][1]} for one in verdicts]
    )


def told(new, old, *verdicts, clear_fall=5.0, doubted=False, held="whole"):
    now, before = period("vinteren 2025/26", new, held), period("vinteren 2024/25", old)
    said = words.verdict(now, before, answers(*verdicts), clear_fall, doubted=doubted)
    return re.sub(r"\[(.*?)\]\(.*?\)", r"\1", said.data)


@pytest.mark.parametrize(
    ("said", "given"),
    [
        (words.FELL, told(50, 90, "fald", "fald")),
        (words.ROSE, told(90, 50, "stigning")),
        (words.SAME, told(60, 60, "uklart")),
        (words.SAME, told(0, 0, "uklart")),
        (words.UNDECIDED, told(70, 80, "uklart", "uklart")),
        (words.UNDECIDED, told(80, 70, "uklart")),
        (words.UNDECIDED, told(68, 87, "uklart", "uklart", "fald")),
        (words.FELL, told(50, 90, "fald", "uklart")),
        (words.UNDECIDED, told(50, 90, "fald", doubted=True)),
        (words.UNDECIDED, told(1, 3, "uklart", clear_fall=nan)),
        (words.UNDECIDED, told(1, 3, "uklart", clear_fall=pd.NA)),
        (words.UNDECIDED, told(1, 3, "uklart", held="part")),
    ],
)
def test_the_verdict_is_one_sentence_of_at_most_25_words(said, given):
    assert given.startswith(f"**{said}:**")
    assert len(given.split()) <= 25
    assert ". " not in given.replace("pr. ", "")
    assert given.endswith(".")
    assert not re.search("interval|signifikan|forhold|p-værdi", given)


def test_the_verdict_says_why():
    assert "større, end antallet plejer at svinge" in told(50, 90, "fald")
    assert "faldet kan være tilfældigt" in told(70, 80, "uklart")
    assert "stigningen kan være tilfældig." in told(80, 70, "uklart")
    assert "for få" in told(1, 3, "uklart", clear_fall=nan)
    assert "Data dækker ikke hele vinteren 2025/26" in told(1, 3, "uklart", held="part")
    assert "meldt ind på en anden måde" in told(50, 90, "fald", doubted=True)
    # The counts alone decide.
    assert told(68, 87, "uklart", "uklart", "fald") == told(68, 87, "uklart")


def made_up(level, high=None):
    return SimpleNamespace(
        evidence=SimpleNamespace(level=level), compared=high and SimpleNamespace(high=high)
    )


@pytest.mark.parametrize(
    ("effects", "said"),
    [
        ([], ""),
        ([made_up(UNJUDGED), made_up(NONE, 1.2)], "Vi kan ikke se, om det har virket."),
        ([made_up(WEAK, 0.9)], "Der er tegn på et fald."),
        ([made_up(STRONG, 1.9)], "Der er tegn på en stigning."),
        (
            [made_up(WEAK, 0.9), made_up(WEAK, 2.0), made_up(NONE, 2.0)],
            "Af tre tiltag er der tegn på et fald ved ét og en stigning ved ét; om de øvrige har "
            "virket, kan vi ikke se.",
        ),
        ([made_up(WEAK, 0.9)] * 2, "Af to tiltag er der tegn på et fald ved to."),
    ],
)
def test_whether_measures_have_worked_is_said(effects, said):
    assert words._helped(period("vinteren", 5), effects) == said
    # Of a time to come nobody has looked.
    assert words._helped(period("vinteren", 0, "none"), effects) == ""


def test_a_period_without_data_is_not_drawn_as_one_without_incidents():
    now, before = period("vinteren 2027/28", 0, "none"), period("vinteren 2026/27", 3)
    assert words.title(now, before, "2026/27") == "Data dækker ikke vinteren 2027/28"


def coming_of(*found):
    return Coming(tuple(found), (0,) * len(found))


def test_what_is_to_come_has_its_middle_and_its_direction():
    winter = Prospect("vinterhalvåret 2026/27", 82, 56.2, 109.8, 0.81, 68, "vinteren før")
    assert words._coming(coming_of(winter)) == (
        "I vinterhalvåret 2026/27 ventes omkring 82 hændelser (mellem 56 og 110). Året før var der "
        "68. Det peger på flere, men er ikke sikkert (81 % sandsynligt)."
    )


def test_a_librarys_page_says_what_its_staff_answer(con):
    safe = "78 % af medarbejderne føler sig trygge."
    for chosen, is_told in ((LIBRARY, True), (Selection("2025/26", district="Nørrebro"), False)):
        one = asking.resolve(con, chosen)
        now = note.figures.period(con, one)
        running = note.figures.efforts(note.figures.measured(con, one), one)
        made = words.lines(
            note.place(one), now, pd.Series(), running, [], Coming(), "", surveyed=safe
        ).data
        assert ("78\u00a0pct. af medarbejderne" in made) == is_told
        assert ("[Personalet](08_staff_safety.ipynb#Målingerne)" in made) == is_told


def test_every_page_can_be_read_on_from_the_first():
    led = set(re.findall(r"\((\w+)\.ipynb\)", words.further().data))
    pages = {file.stem for file in (ROOT / "notebooks").glob("0[2-9]_*.ipynb")}
    assert pages - led == set()


def test_where_rounds_are_needed_most_is_said():
    ranked = pd.DataFrame(
        {"location": list("BACD"), "district": list("xxyy"), "rank": [2, 1, 3, 4]}
    )
    month = date(2026, 4, 1)
    of = {"": Selection("2025/26"), "x": Selection("2025/26", district="x")}
    most = "Størst behov for runderinger i april 2026:"
    assert words.next_rounds(ranked, month, of[""]) == f"{most} A, B og C."
    assert words.next_rounds(ranked, month, of["x"]) == f"{most} A og B."
    place = Selection("2025/26", location="C")
    told = "Nr. 3 af 4 på listen over behov for runderinger i april 2026."
    assert words.next_rounds(ranked, month, place) == told
    assert words.next_rounds(ranked, month, replace(place, location="E")) == ""
    assert words.next_rounds(None, month, place) == ""


def test_the_page_is_of_the_figures_of_the_sample(con):
    chosen = asking.resolve(con, LIBRARY)
    now = note.figures.period(con, chosen)
    hours = pd.Series({16: 9, 17: 9})
    running = note.figures.efforts(note.figures.measured(con, chosen), chosen)
    place = note.place(chosen)
    made = words.lines(
        place, now, hours, running, [made_up(NONE)], Coming(reason="data mangler"), "Nr. 1."
    ).data
    assert "Udsatte voksne er registreret ved 51 af 68 hændelser (75\u00a0pct.)" in made
    assert "Uønsket adfærd ved 59 af 68 hændelser (87\u00a0pct.)" in made
    query = (
        "select month(month), count(*) as incidents from incident where location = ? "
        "and season = '2025/26' and half = 'vinter' group by month "
        "qualify incidents = max(incidents) over () order by month"
    )
    (month, most), *equal = con.execute(query, (LIBRARY.location,)).fetchall()
    months = danish.listing([danish.MONTHS[n - 1] for n in (month, *(n for n, _ in equal))])
    each = " hver" if equal else ""
    assert f"Flest i {months} ({most}{each}); kl. 16–17 og kl. 17–18 (9 hver)." in made
    assert "Ingen prognose, fordi data mangler." in made
    assert "Nr. 1." in made
    assert "Hvad kommer" in made
    past = words.lines(
        place, now, hours, running, [], Coming(reason="data mangler"), "Nr. 1.", is_past=True
    ).data
    assert "Nr. 1." not in past
    assert "Hvad var ventet" in past
    assert "Hvad kommer" not in past
    before = note.figures.period(con, changes.against(chosen, None))
    assert words.title(now, before, "2024/25") == "68 hændelser, 19 færre end i 2024/25"
    # Of what is not settled no change is told.
    unsettled = words.title(now, before, "2024/25", is_settled=False)
    assert unsettled == "68 hændelser i vinterhalvåret 2025/26"


def test_a_place_that_may_have_stopped_reporting_has_not_fallen():
    stopped = "intet er meldt siden 9. maj 2025; det kan være, at der ikke meldes ind"
    now, before = period("vinteren 2025/26", 0), period("vinteren 2024/25", 40)
    clear = words.verdict(now, before, answers("fald"), 5.0, doubted=False)
    assert words.FELL in clear.data
    told_of = words.verdict(now, before, answers("fald"), 5.0, doubted=False, stopped=stopped)
    assert words.UNDECIDED in told_of.data
    assert words.FELL not in told_of.data
    assert f"men {stopped}." in told_of.data


def test_a_place_without_incidents_has_its_page(con):
    nothing = asking.resolve(con, replace(LIBRARY, location="Prøvehallen"))
    now = note.figures.period(con, nothing)
    running = note.figures.efforts(note.figures.measured(con, nothing), nothing)
    made = words.lines(
        note.place(nothing), now, pd.Series(dtype=int), running, [], Coming(), ""
    ).data
    assert "Hvem" not in made
    compared = changes.against(nothing, None)
    counted = changes.incidents(con, compared, nothing)
    found = changes.answers(counted, exposure.bases(con, compared, nothing))
    before = note.figures.period(con, compared)
    assert words.verdict(now, before, found, nan, doubted=False).data.startswith("**")


@pytest.mark.parametrize("name", words.PROVED)
def test_a_line_leads_to_the_section_that_proves_it(name):
    notebook, section = words.PROVED[name]
    cells = nbformat.read(ROOT / "notebooks" / f"{notebook}.ipynb", as_version=4).cells
    headings = [line for cell in cells for line in cell.source.splitlines()]
    assert any(re.fullmatch(rf"#+ {re.escape(section)}", line) for line in headings)
    renderer = blocks._Renderer([notebook])
    text = markdown(renderer)(words.proof("Hvem", name))
    markdown(renderer)(f"## {section}")
    assert f'href="{notebook}.html#{renderer.headings[0].anchor}"' in text.replace("%C3%A6", "æ")
