"""The views' promises: columns, types, order, and the same figures as a count by hand."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from analysis import barometer
from analysis.barometer import Selection, SelectionError, quality
from analysis.core import asking, danish, taxonomy
from analysis.core.danish import WEEKDAYS
from analysis.core.headings import DIMENSIONS
from analysis.core.selection import FILTERS
from analysis.show import charts

PLACE = Selection("2024/25", location="Blågårdens Bibliotek")
CITY = Selection("2024/25")
NOTHING = Selection("2030/31")
VIEWS = {
    "score_by": lambda con, chosen: barometer.score_by(con, chosen, "location"),
    "count_by": lambda con, chosen: barometer.count_by(con, chosen, "victim"),
    "help_called": barometer.help_called,
    "over_time": lambda con, chosen: barometer.over_time(con, chosen, by="demography"),
    "per_month": barometer.per_month,
    "time_of_day": barometer.time_of_day,
    "matrix": lambda con, chosen: barometer.matrix(con, chosen, "district"),
    "compare_seasons": lambda con, chosen: barometer.compare_seasons(
        con, chosen, [chosen.season.previous, chosen.season]
    ),
}
COLUMNS = {
    "score_by": ["name", "relative_score", "incidents"],
    "count_by": ["name", "incidents"],
    "help_called": ["helper", "called", "arrived"],
    "over_time": ["date", "name", "incidents"],
    "per_month": ["month", "name", "incidents"],
    "time_of_day": ["hour", "name", "incidents"],
    "matrix": ["name", *taxonomy.CATEGORY_LABELS, "Samlet"],
    "compare_seasons": ["season", "month", "name", "incidents"],
}


def kinds(view):
    return {
        column: "text"
        if pd.api.types.is_string_dtype(kind)
        else "date"
        if pd.api.types.is_datetime64_dtype(kind)
        else str(kind)
        for column, kind in view.dtypes.items()
    }


@pytest.fixture
def incidents(con):
    """Every incident, to count by hand, with its labels as pages show them."""
    made = con.execute("select * from incident").df()
    for kind, label in con.execute("select kind, label from unknown_label").fetchall():
        if kind in ("facility", "subcategory", "victim", "demography"):
            made[kind] = made[kind].replace(label, "Andet (ukendt betegnelse)")
    return made


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_has_the_columns_and_types_of_the_contract(con, view):
    found = VIEWS[view](con, CITY)
    assert list(found.columns) == COLUMNS[view]
    text = {"name", "helper", "season"}
    dates = {"month", "date"}
    assert kinds(found) == {
        column: "text" if column in text else "date" if column in dates else "int64"
        for column in COLUMNS[view]
    }


@pytest.mark.parametrize("view", VIEWS)
def test_a_selection_that_matches_nothing_gives_an_empty_view_of_the_same_form(con, view):
    empty, full = VIEWS[view](con, NOTHING), VIEWS[view](con, CITY)
    assert len(empty) == 0
    assert kinds(empty) == kinds(full)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_says_the_same_twice(con, view):
    pd.testing.assert_frame_equal(VIEWS[view](con, CITY), VIEWS[view](con, CITY))


def by_hand(incidents, **filters):
    chosen = incidents[(incidents.season == "2024/25") & (incidents.half == "vinter")]
    for column, value in filters.items():
        chosen = chosen[chosen[column] == value]
    return chosen


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_counts_are_those_of_a_count_by_hand(con, incidents, dimension):
    found = barometer.count_by(con, CITY, dimension)
    incidents["weekday"] = [WEEKDAYS[day.isoweekday() - 1] for day in incidents["occurred_at"]]
    hand = by_hand(incidents)[dimension].value_counts(dropna=False)
    assert found["incidents"].sum() == len(by_hand(incidents))
    for name, count in zip(found["name"], found["incidents"], strict=True):
        assert count == (hand[hand.index.isna()].sum() if pd.isna(name) else hand[name])


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_blanks_stand_last_and_labels_in_their_order(con, dimension):
    found = barometer.count_by(con, CITY, dimension)
    named = found.dropna(subset="name")
    assert found["name"].iloc[: len(named)].notna().all()
    order = taxonomy.order(dimension)
    known = [name for name in named["name"] if name in order]
    rest = named[~named["name"].isin(order)]
    assert known == [label for label in order if label in known]
    assert rest.equals(rest.sort_values(["incidents", "name"], ascending=[False, True]))


@pytest.mark.parametrize("name", [*FILTERS, "self_service"])
def test_every_filter_filters(con, incidents, name):
    # By the value that most incidents have: a filter that no query asks of would count them all.
    value = by_hand(incidents)[name].value_counts().index.tolist()[0]
    counted = barometer.incidents(con, replace(CITY, **{name: value}))
    assert 0 < counted == len(by_hand(incidents, **{name: value})) < barometer.incidents(con, CITY)


@pytest.mark.parametrize("name", FILTERS)
def test_several_values_of_a_filter_count_as_each_of_them(con, incidents, name):
    values = by_hand(incidents)[name].value_counts().index.tolist()[:2]
    both = replace(CITY, **{name: values})
    counted = [barometer.incidents(con, replace(CITY, **{name: value})) for value in values]
    assert barometer.incidents(con, both) == sum(counted)
    assert asking.resolve(con, both) == replace(CITY, **{name: tuple(values)})
    assert danish.listing(values) in (both.place, *(one.split(": ")[1] for one in both.narrowed))


def test_one_value_said_twice_is_one_and_alle_is_all(con):
    for twice in (["Trusler"], ["trusler", " Trusler"]):
        assert replace(CITY, category=twice) == replace(CITY, category="Trusler")
    spellings = ["Blågården Bibliotek", "blågårdens bibliotek"]
    assert asking.resolve(con, replace(CITY, location=spellings)).location == PLACE.location
    assert replace(CITY, category=["Alle", "Trusler"]) == replace(CITY, category=[]) == CITY


def test_several_values_are_known_each_for_itself(con):
    with pytest.raises(SelectionError, match=r"Ukendt bydel: 'Valbi'\. Nærmest er: Valby"):
        asking.resolve(con, replace(CITY, district=["Nørrebro", "Valbi"]))
    inside = replace(CITY, district=["Valby", "Nørrebro"], location=PLACE.location)
    assert asking.resolve(con, inside).single_place == ("location", PLACE.location)
    with pytest.raises(SelectionError, match="ligger i Nørrebro, ikke i Valby og Vanløse"):
        asking.resolve(con, replace(inside, district=["Valby", "Vanløse"]))


DAYS = replace(CITY, first_day="2024-11-15", last_day="1. december 2024")


@pytest.mark.parametrize("view", VIEWS)
def test_days_of_ones_own_go_through_every_view(con, incidents, view):
    days = incidents["occurred_at"].dt.date
    kept = incidents[(days >= date(2024, 11, 15)) & (days <= date(2024, 12, 1))]
    found = VIEWS[view](con, DAYS)
    if view == "help_called":
        assert 0 < found["called"].max() <= len(kept)
    elif view == "time_of_day":
        assert found["incidents"].sum() == kept["has_time"].sum()
    elif view == "matrix":
        assert found["Samlet"].iloc[-1] == len(kept)
    elif view == "compare_seasons":
        year_before = (days >= date(2023, 11, 15)) & (days <= date(2023, 12, 1))
        sums = found.groupby("season")["incidents"].sum()
        assert sums.to_dict() == {"2023/24": year_before.sum(), "2024/25": len(kept)}
    else:
        assert found["incidents"].sum() == len(kept)


def test_days_are_told_and_their_season_and_months_found():
    assert DAYS.period == "15. november – 1. december 2024"
    assert DAYS.months == [date(2024, 11, 1), date(2024, 12, 1)]
    elsewhere = Selection("2025/26", first_day=date(2024, 2, 29), last_day=date(2024, 3, 1))
    assert elsewhere.season.name == "2023/24"
    assert elsewhere.in_season("2024/25").interval == (date(2025, 2, 28), date(2025, 3, 2))
    assert elsewhere.in_season("2027/28").first_day == date(2028, 2, 29)
    with pytest.raises(SelectionError, match=r"slutter 31\. marts 2025, før den begynder 2"):
        replace(CITY, first_day="2025-04-02")


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("Sidste uge", date(2026, 3, 23), date(2026, 3, 29)),
        ("sidste måned", date(2026, 3, 1), date(2026, 3, 31)),
        ("uge 1 2026", date(2025, 12, 29), date(2026, 1, 4)),
        ("november 2025", date(2025, 11, 1), date(2025, 11, 30)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
    ],
)
def test_a_period_is_said_in_words(con, said, first, last):
    given = {"season": "2025/26", "half": "vinter", "period": said}
    found = asking.chosen(con, given)
    assert (found.first_day, found.last_day) == (first, last)


@pytest.mark.parametrize("said", ["i går", "uge 54 2025", "måske", 3])
def test_a_period_that_cannot_be_told_is_refused_in_danish(con, said):
    with pytest.raises(SelectionError, match=r"skrives som »sidste uge«|ingen uge 54 i 2025"):
        asking.chosen(con, {"season": "2025/26", "half": "vinter", "period": said})
    both = {"season": "2025/26", "period": "maj 2025", "first_day": "2025-05-03"}
    with pytest.raises(SelectionError, match="ikke begge dele"):
        asking.chosen(con, both)


def test_the_halves_make_the_year(con):
    halves = [barometer.incidents(con, replace(CITY, half=half)) for half in ("vinter", "sommer")]
    assert sum(halves) == barometer.incidents(con, replace(CITY, half=None))


def test_the_score_weighs_each_type_and_takes_other_weights(con):
    types = barometer.count_by(con, PLACE, "category").set_index("name")["incidents"]
    weighed = sum(taxonomy.WEIGHTS[name] * count for name, count in types.items())
    assert barometer.score_by(con, PLACE, "location")["relative_score"].tolist() == [weighed]
    one = dict.fromkeys(taxonomy.CATEGORY_LABELS, 1)
    assert barometer.score_by(con, PLACE, "location", one)["relative_score"].tolist() == [
        types.sum()
    ]


def test_every_month_stands_for_every_name_with_zeros(con):
    found = barometer.per_month(con, PLACE, by="demography")
    names = barometer.count_by(con, PLACE, "demography")["name"]
    assert len(found) == 6 * len(names)
    assert list(found["month"].dt.date.unique()) == PLACE.months
    assert (found["incidents"] == 0).any()


def test_times_of_day_leave_out_what_has_no_known_time(con, incidents):
    known = by_hand(incidents)["has_time"]
    assert not known.all()
    assert barometer.time_of_day(con, CITY)["incidents"].sum() == known.sum()


def test_a_matrix_adds_up_both_ways(con):
    found = barometer.matrix(con, CITY, "location").set_index("name")
    assert found.index[-1] == "Samlet"
    types = list(taxonomy.CATEGORY_LABELS)
    assert (found[types].sum(axis=1) == found["Samlet"]).all()
    assert (found.iloc[:-1].sum() == found.iloc[-1]).all()


def test_the_season_comparison_draws_andet_out_of_its_type(con):
    found = barometer.compare_seasons(con, PLACE, ["vinteren 2025/26", "2024-25"])
    assert found["season"].unique().tolist() == ["2024/25", "2025/26"]
    assert len(found) == 2 * 6 * len(taxonomy.WITH_OTHER)
    six = found[found["season"] == "2024/25"].groupby("name")["incidents"].sum()
    five = barometer.count_by(con, PLACE, "category").set_index("name")["incidents"]
    assert six[taxonomy.OTHER] > 0
    assert six[taxonomy.UNWANTED] + six[taxonomy.OTHER] == five[taxonomy.UNWANTED]


@pytest.mark.parametrize("spelling", ["blågården bibliotek", " BLÅGÅRDENS  Bibliotek"])
def test_a_location_is_found_by_every_name_of_the_register(con, spelling):
    other = replace(PLACE, location=spelling)
    assert barometer.incidents(con, other) == barometer.incidents(con, PLACE) > 0


@pytest.mark.parametrize(
    ("name", "wrong", "nearest"),
    [
        ("location", "Blogårdens Bibliotek", "Blågårdens Bibliotek"),
        ("district", "Nørebro", "Nørrebro"),
        ("category", "Trusel", "Trusler"),
        ("demography", "Unge (18-30 år)", "Unge (18-25 år)"),
    ],
)
def test_an_unknown_value_names_the_nearest(con, name, wrong, nearest):
    with pytest.raises(SelectionError, match="Ukendt") as error:
        barometer.count_by(con, replace(CITY, **{name: wrong}), "category")
    assert nearest in str(error.value)
    assert isinstance(error.value, ValueError)


def test_a_location_outside_the_chosen_district_is_refused_with_its_own(con):
    place = Selection("2024/25", location="Blågården Bibliotek")
    with pytest.raises(SelectionError, match="Blågårdens Bibliotek ligger i Nørrebro, ikke i Val"):
        asking.resolve(con, replace(place, district="Valby"))
    inside = replace(place, district="nørrebro")
    assert barometer.incidents(con, inside) == barometer.incidents(con, place) > 0


def test_a_location_outside_the_register_may_lie_in_each_district_of_its_incidents(con):
    query = (
        "select location, list(distinct district order by district) from incident "
        "anti join location using (location) group by all"
    )
    ((name, districts),) = con.execute(query).fetchall()
    place = Selection("2024/25", location=name)
    assert len(districts) > 1
    for district in districts:
        assert asking.resolve(con, replace(place, district=district)).district == district
    with pytest.raises(
        SelectionError, match=f"ligger i {danish.listing(districts)}, ikke i Vanløse"
    ):
        asking.resolve(con, replace(place, district="Vanløse"))


def test_an_unknown_dimension_is_refused(con):
    for view in (barometer.count_by, barometer.matrix, barometer.score_by):
        with pytest.raises(SelectionError, match="Ukendt dimension"):
            view(con, CITY, "incident_id")


def test_the_data_quality_views_account_for_every_row(con):
    fates = quality.fates(con)
    parts = fates[["accepted", "duplicate", "linked", "cancelled", "rejected"]]
    assert (parts.sum(axis=1) == fates["rows"]).all()
    assert (parts.sum() > 0).all()
    assert set(quality.reasons(con)["fate"]) >= {"duplicate", "rejected"}


def test_the_data_quality_views_find_what_the_sample_hides(con):
    unknown = quality.unknown_labels(con)
    assert list(unknown) == ["kind", "label", "rows"]
    assert set(unknown["kind"]) >= {"location", "victim", "helper"}
    blanks = quality.blanks(con, PLACE).set_index("field")
    assert (blanks["blank"] <= blanks["incidents"]).all()
    blank = barometer.count_by(con, PLACE, "victim").set_index("name")["incidents"]
    assert blanks.loc["victim", "blank"] == blank[blank.index.isna()].sum() > 0
    form = con.execute(
        "select count(*) from incident where source = 'uro' and reported_at is not null"
        " and season = '2024/25' and half = 'vinter'"
    ).fetchone()[0]
    assert quality.delay(con, CITY)["incidents"].sum() == form
    violence = quality.violence_without_police(con, CITY)
    types = barometer.count_by(con, CITY, "category").set_index("name")["incidents"]
    assert violence["incidents"].sum() == types[taxonomy.VIOLENCE]
    silent = set(quality.silent_locations(con, CITY)["name"])
    heard = set(barometer.count_by(con, CITY, "location")["name"])
    assert silent
    assert not silent & heard


def test_a_year_before_is_of_the_same_days_where_the_data_hold_it_and_something_happened(con):
    library = Selection("2025/26", location="Blågårdens Bibliotek")
    name, counted = barometer.year_before(con, library)(barometer.count_by, "category")
    assert (name, counted["incidents"].sum()) == ("2024/25", 87)
    for chosen in (replace(library, category="Fysisk vold"), library.in_season("2021/22")):
        before = barometer.year_before(con, chosen)(barometer.per_month)
        assert before is None
        assert charts.per_month(barometer.per_month(con, chosen), before=before).to_dict()
