import json
import re
from datetime import date, datetime

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from analysis.core.headings import TOTAL
from analysis.show import shading
from analysis.show.tables import TABLE_TYPE, Table, table

HELP = pd.DataFrame({"helper": ["Politiet", "Ambulance"], "called": [1300, 1], "arrived": [8, 1]})

EVERY_KIND = pd.DataFrame(
    {
        "month": pd.to_datetime(["2024-10-01", None]),
        "date": pd.to_datetime(["2024-10-07", "2025-03-31"]),
        "occurred_at": pd.to_datetime(["2024-10-01 14:05", "2024-10-02 00:00"]),
        "hour": [14, 23],
        "name": ["Bruger", None],
        "incidents": [1300, 7],
        "change": [2, -1],
        "share": [0.5, None],
        "rate": [0.1 + 0.2, 1.5],
        "self_service": [True, False],
    }
)
MATRIX = pd.DataFrame(
    [("Nørrebro", 0, 100, 100), ("Valby", 4, 50, 54), (TOTAL, 4, 150, 154)],
    columns=["name", "Trusler", "Hærværk", TOTAL],
)


def html(*args, **kwargs):
    return table(*args, **kwargs)._repr_html_()


def cells(markup):
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", markup, re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def column(values, name="value", **kwargs):
    return [row[0] for row in cells(html(pd.DataFrame({name: values}), "x", **kwargs))[1:]]


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


def test_no_chance_is_certain():
    chances = [1.0, 0.99501, 0.994, 0.0051, 0.0049, 0.0, None]
    told = ["over 99 %", "over 99 %", "99 %", "1 %", "under 1 %", "under 1 %", "–"]
    assert column(chances, chance=["value"]) == told


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


def bundle(made):
    """What a notebook keeps of a table, read back from its file."""
    shown, _ = InteractiveShell.instance().display_formatter.format(made)
    return json.loads(json.dumps(shown, allow_nan=False))


def every_kind(**kwargs):
    return table(EVERY_KIND, "Alt", percent=["share"], signed=["change"], **kwargs)


def test_a_notebook_keeps_a_table_as_html_as_text_and_as_values():
    made = every_kind()
    shown = bundle(made)
    assert set(shown) == {"text/html", "text/plain", TABLE_TYPE}
    assert shown["text/html"] == made._repr_html_()
    assert shown["text/plain"] == repr(made)
    assert shown[TABLE_TYPE]["caption"] == "Alt"


def test_values_are_kept_as_they_are():
    kept = bundle(every_kind())[TABLE_TYPE]
    assert kept["rows"] == [
        ["2024-10-01", "2024-10-07", "2024-10-01T14:05:00", 14, "Bruger", 1300, 2, 0.5, 0.3, True],
        [None, "2025-03-31", "2024-10-02T00:00:00", 23, None, 7, -1, None, 1.5, False],
    ]
    kinds = "month date time hour text whole whole share decimal truth"
    assert [column["kind"] for column in kept["columns"]] == kinds.split()
    assert kept["columns"][5:8] == [
        {"heading": "Antal", "kind": "whole", "decimals": 0, "signed": False, "shaded": False},
        {"heading": "Ændring", "kind": "whole", "decimals": 0, "signed": True, "shaded": False},
        {"heading": "Andel", "kind": "share", "decimals": 1, "signed": False, "shaded": False},
    ]


@pytest.mark.parametrize("made", [every_kind(total=True), table(MATRIX, "x", shaded=True)])
def test_a_table_comes_back_whole_from_a_notebook(made):
    assert Table.of(bundle(made)[TABLE_TYPE]) == made


def test_a_value_read_back_is_a_date_or_a_time():
    row = Table.of(bundle(every_kind())[TABLE_TYPE]).rows[0]
    assert row[:3] == (date(2024, 10, 1), date(2024, 10, 7), datetime(2024, 10, 1, 14, 5))


def test_the_row_of_sums_is_values():
    made = every_kind(total=True)
    assert made.rows[made.total] == (TOTAL, "", "", "", "", 1307, 1, 0.5, 1.8, "")
    assert cells(made._repr_html_())[-1][5:8] == ["1.307", "+1", "50,0 %"]


def test_what_is_not_a_finite_number_is_no_number():
    assert table(pd.DataFrame({"a": [float("inf")]}), "x").rows == ((None,),)


def styles(markup):
    """The text, colours and bar (em) of each shaded cell."""
    # The ground is said twice, the second time with the bar, which not every program keeps.
    pattern = (
        r'style="color:(#\w+);background-color:(#\w+);'
        r'background:.*?/([\d.]+)em 3px no-repeat \2">(.*?)<'
    )
    return [
        (text, ink, ground, float(bar)) for ink, ground, bar, text in re.findall(pattern, markup)
    ]


def test_counts_are_shaded_and_sums_are_not():
    shaded = styles(html(MATRIX, "x", shaded=True))
    assert [text for text, *_ in shaded] == ["0", "100", "4", "50"]
    assert html(MATRIX, "x", shaded=True).count("style=") == 4
    assert [text for text, *_ in styles(html(MATRIX, "x", shaded=["Hærværk"]))] == ["100", "50"]
    assert "style=" not in html(MATRIX, "x")
    assert "style=" not in html(MATRIX.assign(Trusler=0, Hærværk=0), "x", shaded=True)


def test_a_darker_shade_and_a_longer_bar_is_more():
    shaded = sorted(styles(html(MATRIX, "x", shaded=True)), key=lambda cell: int(cell[0]))
    assert [bar for *_, bar in shaded] == [0, 0.2, 2.5, 5]
    lights = [shading.luminance(ground) for _, _, ground, _ in shaded]
    assert lights == sorted(set(lights), reverse=True)


def test_every_shade_leaves_its_number_readable():
    counts = pd.DataFrame({"name": "x", "n": range(201)})
    for _, ink, ground, _ in styles(html(counts, "x", shaded=True)):
        light, dark = sorted(map(shading.luminance, (ink, ground)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_years_are_not_written_as_counts():
    for name in ("year", "year(occurred_at)", "årstal", "first_year"):
        assert column([2024, 2025], name) == ["2024", "2025"]
    assert column([1234, 2025], "rows") == ["1.234", "2.025"]
    assert column([800, 12_000], "incidents_a_year") == ["800", "12.000"]
