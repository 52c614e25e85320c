"""The district's card: its figures against queries of their own, its words on made-up months."""

from datetime import date

import pandas as pd
import pytest

from analysis.comparison import changes
from analysis.comparison.usual import Usual, usual
from analysis.core import asking
from analysis.core.asking import Dataset
from analysis.meeting import figures, tables, words
from analysis.meeting.figures import Month
from analysis.signals import weeks

NOVEMBER = date(2025, 11, 1)
DATA = Dataset(True, date(2021, 10, 1), date(2026, 3, 31))
COUNTS = ("incidents", "before", "threats", "violence", "without_police")
SILENT = {"last": pd.NaT, "awaited": None}
MEASURES = ["location", "kind", "starts", "ends"]


def places(*rows):
    """Rows of a location, its counts by name, and its place on the list."""
    made = [
        {"location": name, **dict.fromkeys(COUNTS, 0), "rank": rank, "rounds": rounds}
        | SILENT
        | counts
        for name, rank, rounds, counts in rows
    ]
    return pd.DataFrame(made).astype(dict.fromkeys(("rank", "rounds"), "Int64"))


def measures(*rows):
    found = pd.DataFrame(rows, columns=MEASURES)
    return found.astype({"starts": "datetime64[s]", "ends": "datetime64[s]"})


def month(*rows, signals=(), started=(), ended=(), ending=(), is_covered=True):
    columns = ["level", "name", "week", "incidents", "expected", "category", "of_category"]
    weeks = pd.DataFrame(list(signals), columns=columns)
    made = (measures(*each) for each in (started, ended, ending))
    return Month("Valby", NOVEMBER, DATA, is_covered, places(*rows), weeks, *made, 60)


CALM = ("Valby Bibliotek", 4, 3, {}), ("Prøvehallen", 50, 0, {"before": 2})


def test_nothing_new_is_said_plainly():
    found = month(*CALM)
    assert found.is_quiet
    assert words.headline(found) == (
        "Intet nyt i november 2025: ingen hændelser, ingen usædvanlige uger og ingen nye tiltag."
    )
    assert words.nothing_new(found) == ""
    assert words.news(found) == []
    # The list is there in a quiet month too.
    assert words.questions(found) == [
        "Listen for december har 60 steder. Valby Bibliotek er nr. 4 og får 3 runderinger. Passer "
        "det med din erfaring? Skal et sted højere eller lavere, og hvorfor?"
    ]
    assert tables.place_table(found)["location"].tolist() == ["Prøvehallen"]


def test_a_month_with_incidents_is_held_against_last_years():
    found = month(("Valby Bibliotek", 4, 3, {"incidents": 5, "before": 3}), *CALM[1:])
    assert words.headline(found) == (
        "5 hændelser i november 2025 mod 5 samme måned 2024, men en mindre ændring kan ikke ses i "
        "tallene."
    )
    # What fell to nothing is in the sum, so it stands in the table.
    assert words.nothing_new(found) == ""
    assert tables.place_table(found)["location"].tolist() == ["Valby Bibliotek", "Prøvehallen"]
    assert tables.place_table(found)["before"].sum() == 5
    calm = month(("Valby Bibliotek", 4, 3, {"incidents": 5}), ("Prøvehallen", 50, 0, {}))
    assert words.nothing_new(calm) == "Intet nyt fra Prøvehallen."
    assert tables.headings(found)["rank"] == "Plads i december"
    assert tables.headings(found)["before"] == "Nov. 2024"


def test_threats_and_violence_are_asked_about_and_so_is_the_police():
    counts = {"incidents": 4, "threats": 1, "violence": 2, "without_police": 1}
    asked = words.questions(month(("Prøvehallen", 50, 0, counts)))
    assert asked == [
        "Prøvehallen: 1 hændelse med trusler og 2 hændelser med fysisk vold. Er der fulgt op? "
        "Politiet er ikke registreret tilkaldt ved 1 af dem. Hvorfor?"
    ]
    asked = words.questions(month(("Prøvehallen", 50, 0, counts | {"violence": 1, "threats": 0})))
    assert "Politiet er ikke registreret tilkaldt. Hvorfor?" in asked[0]


def test_silence_a_signal_and_an_ending_measure_are_asked_about():
    week = ("district", "Valby", pd.Timestamp(2025, 11, 17), 12, 5.2, "Trusler", 8)
    extra = ("Prøvehallen", "Ekstra bemanding", None, date(2025, 12, 31))
    found = month(
        ("Prøvehallen", 50, 0, {"last": pd.Timestamp(2025, 9, 2), "awaited": 4.2}),
        *CALM[:1],
        signals=[week],
        ending=[extra],
    )
    asked = words.questions(found)
    assert asked[0] == (
        "Uge 47 (17.–23. november 2025) havde 12 hændelser, flest trusler (8); ventet var "
        "omkring 5. Hvad skete der?"
    )
    assert asked[1] == (
        "Den seneste hændelse på Prøvehallen er fra 2. september 2025; siden var ca. 4 hændelser "
        "ventet. Er der ro, eller bliver der ikke meldt ind?"
    )
    assert asked[2] == (
        "Ekstra bemanding på Prøvehallen slutter den 31. december 2025. Skal det fortsætte?"
    )
    assert "Prøvehallen" not in words.quiet_places(found)
    # A signal is news, silence and what ends next month are not.
    assert not found.is_quiet
    assert month(*CALM, ending=[extra]).is_quiet


def test_a_signal_at_a_location_is_told_with_its_name():
    week = ("location", "Prøvehallen", pd.Timestamp(2025, 10, 27), 5, 0.43, "Trusler", 5)
    found = month(*CALM, signals=[week])
    told = (
        "Prøvehallen: uge 44 (27. oktober – 2. november 2025) havde 5 hændelser, alle trusler; "
        "ventet var omkring 0,4."
    )
    assert words.news(found) == [told]
    assert words.questions(found)[0] == f"{told} Hvad skete der?"
    assert words.quiet_places(found) == ["Valby Bibliotek"]


def test_a_districts_signals_are_its_own_and_its_locations(con):
    signals = weeks.of_period(con, figures.selection_of(NOVEMBER)).assign(signal=True)
    found = figures.of_district(con, NOVEMBER, "Nørrebro", None, signals).signals
    places = dict.fromkeys(found[["level", "name"]].itertuples(index=False, name=None))
    assert list(places)[:2] == [("district", "Nørrebro"), ("location", "Blågårdens Bibliotek")]
    names = [name for _, name in list(places)[1:]]
    own = con.execute("select location from location where district = 'Nørrebro'").fetchall()
    assert set(names) <= {name for (name,) in own}


def test_measures_that_began_or_ended_are_news():
    began = ("Prøvehallen", "Patruljering", date(2025, 11, 3), None)
    ended = ("Valby Bibliotek", "Lukning", date(2025, 10, 1), date(2025, 11, 9))
    found = month(*CALM, started=[began], ended=[ended])
    assert words.news(found) == [
        "Patruljering begyndte på Prøvehallen den 3. november 2025.",
        "Lukning sluttede på Valby Bibliotek den 9. november 2025.",
    ]
    assert words.headline(found) == (
        "Ingen hændelser i november 2025 mod 2 samme måned 2024 er for få til at vise en ændring."
    )
    assert words.quiet_places(found) == []


def test_a_month_that_the_data_end_in_says_so():
    assert "dækker ikke hele november 2025" in words.headline(month(*CALM, is_covered=False))


def test_the_mail_says_what_the_card_says_and_that_the_data_are_made_up():
    text = words.mail(month(*CALM), ["moedekort.html", "overblik.html"])
    assert text.startswith("Hej\n\nIntet nyt i november 2025")
    assert "Det skal du svare på:\n1. Listen for december" in text
    assert "Vedhæftet: moedekort.html og overblik.html." in text
    assert "Syntetiske data" in text


def test_the_places_are_those_of_the_register_with_their_own_counts(con):
    found = next(one for one in figures.of_month(con, NOVEMBER) if one.district == "Nørrebro")
    rows = con.execute(
        """
        select location.location,
            count(*) filter (where date_trunc('month', occurred_at) = date '2025-11-01') as now,
            count(*) filter (where date_trunc('month', occurred_at) = date '2024-11-01') as then,
            count(*) filter (
                where date_trunc('month', occurred_at) = date '2025-11-01'
                and category = 'Fysisk vold'
            )
        from location left join incident using (location)
        where location.district = 'Nørrebro' group by 1 order by 1
        """
    ).fetchall()
    columns = ["location", "incidents", "before", "violence"]
    own = found.places[columns].sort_values("location").itertuples(index=False, name=None)
    assert list(own) == rows
    assert found.places["incidents"].is_monotonic_decreasing
    assert found.places["rank"].notna().all()
    assert (found.district, found.is_covered, found.is_quiet) == ("Nørrebro", True, False)
    assert found.listed == len(figures.meeting_list(con, date(2025, 12, 1)))


def test_a_place_is_silent_as_it_was_at_the_end_of_the_month(con, monkeypatch):
    asked = []

    def silent(con, through):
        asked.append(through)
        rows = [("Valby Bibliotek", pd.Timestamp(2025, 8, 1), 4.0)]
        return pd.DataFrame(rows, columns=["location", "last", "awaited"])

    monkeypatch.setattr(figures.nowcast, "silent", silent)
    signals = weeks.of_period(con, figures.selection_of(NOVEMBER))
    found = figures.of_district(con, NOVEMBER, "Valby", None, signals).places
    assert asked == [date(2025, 11, 30)]
    assert list(found.dropna(subset="last")["location"]) == ["Valby Bibliotek"]
    assert found["rank"].isna().all()


def test_a_month_is_a_selection_of_its_days(con):
    chosen = figures.selection_of(date(2024, 2, 1), "Valby")
    assert chosen.interval == (date(2024, 2, 1), date(2024, 3, 1))
    assert asking.resolve(con, chosen).name == "februar 2024"


@pytest.mark.parametrize(
    ("count", "before", "says"),
    [
        (25, 47, "og faldet kan være tilfældigt."),
        (47, 25, "og stigningen kan være tilfældig."),
        (2, 47, "og faldet er større, end antallet plejer at svinge."),
        (90, 9, "og stigningen er større, end antallet plejer at svinge."),
    ],
)
def test_a_months_change_is_held_against_what_is_usual_as_on_the_front_page(count, before, says):
    usual = Usual(0.1, 100.0)
    found = month(("Valby Bibliotek", 4, 3, {"incidents": count, "before": before}))
    assert words.headline(found._replace(held=usual)).endswith(
        f"{count} hændelser i november 2025 mod {before} samme måned 2024, {says}"
    )


def test_the_cards_month_is_judged_as_a_comparison_of_both_months_is(con):
    (found, *_) = figures.of_month(con, NOVEMBER)
    own = asking.resolve(con, figures.selection_of(NOVEMBER, found.district))
    assert found.held == usual(con, changes.against(own, None), own)
    assert found.held.variance > 0


def test_a_month_before_the_data_is_not_told_as_one_without_incidents(con):
    first = date(2021, 11, 1)
    own = figures.of_district(
        con, first, "Nørrebro", None, weeks.of_period(con, figures.selection_of(first))
    )
    assert own.held is None
    assert own.places["before"].isna().all()
    told = words.headline(own)
    assert "Data dækker ikke samme måned 2020." in told
    assert " mod " not in told
