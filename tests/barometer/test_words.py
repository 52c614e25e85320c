"""The sentences, on made-up counts: the words follow the figures."""

import pandas as pd
import pytest

from analysis import barometer
from analysis.barometer import Selection, words
from analysis.core import taxonomy


@pytest.mark.parametrize(
    ("incidents", "police", "said"),
    [
        (0, 0, "Der er ingen hændelser med Fysisk vold i udvalget."),
        (3, 3, "Politiet er tilkaldt ved alle hændelser med Fysisk vold (3)."),
        (3, 1, "Politiet er ikke tilkaldt ved 2 af 3 hændelser med Fysisk vold."),
    ],
)
def test_violence_without_police_is_told(incidents, police, said):
    counted = pd.DataFrame({"incidents": [incidents], "without_police": [incidents - police]})
    assert words.violence_sentence(counted).data == f"**{said}**"


def test_a_page_opens_with_its_selection_its_data_and_the_warning(con):
    told = words.header(con, Selection("2024-25", location="blågården bibliotek")).data
    assert "**Blågårdens Bibliotek, vinterhalvåret 2024/25**" in told
    assert "2024/25** · Periode: 1. oktober 2024 – 31. marts 2025 · Data til og med " in told
    assert "Alle" not in told
    assert "Data til og med 31. marts 2026" in told
    assert "dækker ikke" not in told
    assert words.synthetic() in told


def test_a_page_names_the_filters_that_are_on(con):
    chosen = Selection("2024/25", demography=["Udsatte voksne", "Voksne (25+)"], self_service=True)
    told = words.header(con, chosen).data
    assert " · Demografi: Udsatte voksne og Voksne (25+) · Selvbetjent åbningstid: Ja · " in told


def test_a_page_says_where_the_data_do_not_cover_its_period(con):
    for outside in (Selection("2030/31"), Selection("2010/11")):
        assert "De dækker slet ikke perioden" in words.header(con, outside).data
    told = words.header(con, Selection("2021/22"), Selection("2020/21")).data
    assert "**De har intet fra vinterhalvåret 2020/21, som der sammenlignes med.**" in told
    told = words.header(con, Selection("2022/23", None), Selection("2020/21", None)).data
    assert "De har intet fra sæsonen 2020/21" in told
    told = words.header(con, Selection("2025/26", None)).data
    assert "De dækker ikke hele perioden, og tallene er derfor lavere." in told


def test_a_selection_with_nothing_says_so(con):
    assert "ingen indmeldte hændelser" in words.totals(con, Selection("2030/31")).data


def test_the_note_on_the_weights_says_that_they_are_inferred():
    told = words.inferred_weights().data
    assert "udledt" in told
    assert all(f"{label} {weight}" in told for label, weight in taxonomy.WEIGHTS.items())


def test_every_type_and_subcategory_is_described_with_its_count(con):
    chosen = Selection("2024/25", location="Blågårdens Bibliotek")
    types = barometer.count_by(con, chosen, "category")
    divided = barometer.count_by(con, chosen, "subcategory")
    told = words.category_table(types, divided)
    assert told["description"].str.len().min() > 20
    whole = told[told["subcategory"] == ""].set_index("category")["incidents"]
    # A type without incidents stands there, too.
    assert list(whole.index) == list(taxonomy.CATEGORY_LABELS)
    assert whole.sum() == barometer.incidents(con, chosen)
    parts = told[told["subcategory"] != ""].set_index("subcategory")["incidents"]
    assert list(parts.index) == list(taxonomy.LABELS["subcategory"])
    assert parts.to_dict() == divided.dropna().set_index("name")["incidents"].to_dict()
