import re

import pandas as pd

from analysis import taxonomy
from analysis.headings import DIMENSIONS, TOTAL
from analysis.tables import table

HELP = pd.DataFrame({"helper": ["Politiet", "Ambulance"], "called": [1300, 1], "arrived": [8, 1]})


def html(*args, **kwargs):
    return table(*args, **kwargs)._repr_html_()


def cells(markup):
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", markup, re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def column(values, name="value", **kwargs):
    return [row[0] for row in cells(html(pd.DataFrame({name: values}), "x", **kwargs))[1:]]


def test_every_dimension_has_a_heading():
    assert tuple(DIMENSIONS) == taxonomy.DIMENSIONS


def test_columns_have_danish_headings():
    assert cells(html(HELP, "Hjælp"))[0] == ["Tilkaldt hjælp", "Tilkaldt", "Ankommet"]
    named = pd.DataFrame({"name": ["Bruger"], "relative_score": [4], "incidents": [5]})
    assert cells(html(named, "x", "victim"))[0] == ["Forurettede", "Relativ score", "Antal"]


def test_a_notebook_can_name_its_own_columns():
    assert cells(html(HELP, "x", headings={"called": "Kaldt"}))[0][1] == "Kaldt"


def test_numbers_are_danish():
    assert column([1234, -5]) == ["1.234", "−5"]
    assert column([1234.56, None]) == ["1.234,6", "–"]
    assert column([1234.5], decimals=2) == ["1.234,50"]
    assert column([0.1234], percent=["value"]) == ["12,3 %"]
    assert column(pd.array([1, None], dtype="Int64")) == ["1", "–"]


def told(values, name="x"):
    return [cell.replace("\u00a0", " ").replace("\u2060", "") for cell in column(values, name)]


def test_dates_months_and_hours_are_danish():
    days = pd.to_datetime(["2024-10-01", "2025-03-31"])
    assert told(days, "date") == ["1. oktober 2024", "31. marts 2025"]
    assert told(days, "month") == ["oktober 2024", "marts 2025"]
    assert told(pd.to_datetime(["2024-10-01 14:05"])) == ["1. oktober 2024 kl. 14.05"]
    assert told([14, 23], "hour") == ["kl. 14–15", "kl. 23–24"]


def test_dates_and_hours_are_not_broken_over_two_lines():
    assert " " not in column(pd.to_datetime(["2024-10-01 14:05"]))[0]
    assert "–\u2060" in column([14], "hour")[0]


def test_blanks_are_called_ikke_angivet():
    assert column(["Bruger", None], "name") == ["Bruger", "Ikke angivet"]
    assert column(pd.Series([None], dtype="str"), "name") == ["Ikke angivet"]


def test_truth_is_told_in_danish():
    assert column([True, False]) == ["Ja", "Nej"]


def test_readers_of_html_are_told_what_heads_what():
    markup = html(HELP, "Tilkaldt hjælp, vinteren 2024/25")
    assert "<caption>Tilkaldt hjælp, vinteren 2024/25</caption>" in markup
    assert '<th scope="col" class="number">Ankommet</th>' in markup
    assert '<th scope="row">Politiet</th><td class="number">1.300</td>' in markup


def test_sums_are_added_on_request_and_stand_in_a_row_of_their_own():
    markup = html(HELP, "x", total=True)
    assert cells(markup)[-1] == [TOTAL, "1.301", "9"]
    assert markup.count('<tr class="total">') == 1
    assert 'class="total"' not in html(HELP, "x")


def test_the_matrix_brings_its_own_row_of_sums():
    matrix = pd.DataFrame([("Nørrebro", 7, 7), (TOTAL, 7, 7)], columns=["name", "Hærværk", TOTAL])
    markup = html(matrix, "x", "district")
    assert cells(markup)[0] == ["Bydel", "Hærværk", TOTAL]
    assert f'<tr class="total"><th scope="row">{TOTAL}</th>' in markup


def test_text_from_an_export_cannot_be_markup():
    markup = html(pd.DataFrame({"<i>": ["<script>"]}), "a & b", headings={})
    assert "<script>" not in markup
    assert "<i>" not in markup
    assert "&lt;script&gt;" in markup
    assert "a &amp; b" in markup


def test_a_table_without_rows_says_so():
    markup = html(HELP[:0], "x", total=True)
    assert cells(markup)[1:] == [["Ingen"]]
    assert 'colspan="3"' in markup
    assert "Ingen" in repr(table(HELP[:0], "x"))


def test_a_terminal_shows_the_same_figures():
    assert repr(table(HELP, "Hjælp")).splitlines() == [
        "Hjælp",
        "Tilkaldt hjælp  Tilkaldt  Ankommet",
        "Politiet           1.300         8",
        "Ambulance              1         1",
    ]


def test_the_same_table_is_the_same_html():
    assert html(HELP, "x") == html(HELP.copy(), "x")
