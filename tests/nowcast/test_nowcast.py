"""What is still to be reported of the last months, and places that have stopped reporting."""

import json
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis import note, nowcast, outlook, priority
from analysis.barometer import Selection, compare_seasons, over_time, per_month
from analysis.barometer.words import header
from analysis.comparison.usual import usual
from analysis.core import asking, danish
from analysis.core.database import connect
from analysis.nowcast import silence, words
from analysis.nowcast.lateness import MOST, WINDOW
from analysis.outlook import backtest, sealed
from analysis.outlook import words as outlook_words
from analysis.overview.timeline import weeks_of
from analysis.priority import need
from analysis.reports import interactive, rows
from analysis.reports.index import Page, index
from analysis.show import charts
from analysis.statistics.delays import reported

KNOWN = date(2026, 3, 31)
WINTERS = Selection("2024/25"), Selection("2025/26")


@pytest.fixture(scope="module")
def late(database, tmp_path_factory):
    """The sample as exported on the last day of March, and two of five incidents reported late.

    One place has reported nothing since September.
    """
    file = tmp_path_factory.mktemp("late") / "barometer.duckdb"
    shutil.copy(database, file)
    with duckdb.connect(str(file)) as con:
        for query in (
            "update incident set reported_at = occurred_at + to_days((minute % 40)::int)"
            " from (select incident_id as late, epoch(occurred_at)::bigint // 60 as minute"
            " from incident) where incident_id = late and minute % 5 < 2",
            "delete from incident"
            " where location = 'Hovedbiblioteket' and occurred_at >= '2025-10-01'",
            "create table to_come as from incident where known_on(occurred_at, reported_at) > "
            f"date '{KNOWN}'",
            "delete from incident where incident_id in (select incident_id from to_come)",
        ):
            con.execute(query)
    return file


@pytest.fixture
def then(late):
    with connect(late) as con:
        yield con


def test_delays_are_counted_in_weeks_that_end_with_the_last_day_known(then):
    found = nowcast.delays(then)
    assert found.known == KNOWN
    counted = Counter()
    query = "select occurred_at::date, greatest(occurred_at, reported_at)::date from incident"
    for occurred, known in then.execute(query).fetchall():
        age = (KNOWN - occurred).days // 7
        counted[age, age - (KNOWN - known).days // 7] += 1
    kept = {key: n for key, n in counted.items() if key[0] < WINDOW and key[1] <= MOST}
    counts = np.zeros((WINDOW, MOST + 1))
    for key, n in kept.items():
        counts[key] = n
    assert found.reported.hazard == pytest.approx(reported(counts).hazard, rel=1e-5)
    settled = [delay for (age, delay), n in kept.items() if age >= 6 for _ in range(n)]
    shares = [np.mean(np.array(settled) <= weeks) for weeks in range(7)]
    assert found.reported.share[:7] == pytest.approx(shares, abs=0.03)
    day = np.array([KNOWN, KNOWN - timedelta(days=7), KNOWN + timedelta(days=1), date(2020, 1, 1)])
    shares = found.share(day.astype("datetime64[D]"))
    assert shares == pytest.approx([found.reported.share[0], found.reported.share[1], 0, 1])


def test_what_is_still_to_come_is_told_and_holds_what_came(then):
    """Of the city, of two districts and of a type; each on its own pace."""
    for given in (
        {},
        {"district": "Nørrebro"},
        {"district": "Indre By"},
        {"category": "Uønsket adfærd"},
    ):
        selection = Selection("2025/26", **given)
        found = nowcast.unsettled(then, selection)
        key, value = next(iter(given.items()), ("true", True))
        query = f"select count(*) from to_come where occurred_at >= '2025-10-01' and {key} = $1"
        (came,) = then.execute(query, [value]).fetchone()
        assert found.low <= came <= found.high
        assert found.late == pytest.approx(found.months["late"].sum(), rel=1e-4)
        told = words.not_settled(then, selection)
        assert f"**Foreløbige tal:** Ca. {round(found.late)} hændelse" in told
        assert (
            "ventes meldt senere, flest fra marts 2026; forhold og prognoser regner dem med."
            in told
        )
        assert told in header(then, selection).data
    assert nowcast.unsettled(then, Selection("2024/25")) is None
    assert words.not_settled(then, Selection("2024/25")) == ""


def test_a_fall_that_is_only_lateness_is_counted_for(then):
    held, settled = usual(then, *WINTERS), usual(then, Selection("2023/24"), WINTERS[0])
    found = nowcast.unsettled(then, WINTERS[1])
    assert settled.reported == 1
    assert held.reported == pytest.approx(found.share, rel=1e-5)
    assert held.in_months[:3] == pytest.approx((1, 1, 1), abs=0.01)
    assert held.in_months[5] < held.reported < 1
    # A count that is as much lower as reports are lacking is no fall.
    before, after = 10_000, round(10_000 * held.reported)
    assert held.rate_ratio(after, before).ratio == pytest.approx(1, abs=1e-3)
    assert held._replace(reported=1.0).rate_ratio(after, before).ratio < 0.99
    # And the months are held against what of each is reported.
    back = usual(then, *reversed(WINTERS))
    assert back.reported == pytest.approx(1 / held.reported, rel=1e-5)


def test_a_forecast_adds_what_is_still_to_come_to_the_months_that_have_passed(then, con):
    rows = outlook.forecast(then, KNOWN, "2025/26", "vinter", "city")
    found = nowcast.unsettled(then, WINTERS[1])
    march = rows[rows["month"] == "2026-03-01"].iloc[0]
    seen = found.months["incidents"].iloc[5]
    assert march["mean"] - seen == pytest.approx(found.months["late"].iloc[5], rel=0.25)
    assert march["low_90"] > seen
    october = rows[rows["month"] == "2025-10-01"].iloc[0]
    assert october["mean"] == pytest.approx(found.months["incidents"].iloc[0], abs=1)
    places = outlook.forecast(then, KNOWN, "2025/26", "vinter", "location")
    assert places["mean"].sum() == pytest.approx(rows["mean"].sum(), rel=1e-6)


def test_series_are_dotted_with_what_is_still_to_come(then):
    selection = WINTERS[1]
    late = nowcast.late_by_month(then, selection)
    drawn = [
        charts.timeline(*weeks_of(then, selection)),
        charts.per_month(per_month(then, selection), late=late),
        charts.season_comparison(
            compare_seasons(then, selection, ["2024/25", "2025/26"]), late=late
        ),
    ]
    for chart in drawn:
        spec = chart.to_dict()
        told = json.dumps(spec["title"], ensure_ascii=False).lower()
        assert "prikket: ventes meldt senere" in told.replace('", "', " ")
        # No change, and no month with fewest, is told of what is not settled.
        assert "faldet" not in told
        assert "færrest" not in told
        dotted = [each for each in spec["layer"] if each["mark"].get("strokeDash") == [2, 2]]
        assert len(dotted) == 1
        rows = spec["datasets"][dotted[0]["data"]["name"]]
        assert sum(row["late"] for row in rows) == pytest.approx(late.sum(), rel=0.15)
    settled = charts.per_month(per_month(then, WINTERS[0])).to_dict()
    assert "prikket" not in json.dumps(settled["title"])


def test_a_place_that_has_stopped_is_told_of_and_others_are_not(then, con):
    found = nowcast.silent(then)
    assert list(found["location"]) == ["Hovedbiblioteket"]
    (last,) = con.execute(
        "select max(occurred_at)::date from incident"
        " where location = 'Hovedbiblioteket' and occurred_at < '2025-10-01'"
    ).fetchone()
    assert found["last"].dt.date.item() == last
    told = header(then, Selection("2025/26", location="Hovedbiblioteket")).data
    assert "Den seneste hændelse på Hovedbiblioteket er fra" in told
    assert "Er der ro, eller bliver der ikke meldt ind?" in told
    assert (
        "meldt noget ind"
        not in header(then, Selection("2024/25", location="Hovedbiblioteket")).data
    )
    assert "Den seneste hændelse på" not in header(then, WINTERS[1]).data
    assert words.silent_places(found).startswith("**1 lokation har været stille så længe")
    assert words.silent_places(found[:0]).startswith("Ingen lokation har været stille")


def test_the_chance_of_none_is_that_of_a_part_of_the_city():
    own, others, later = np.array([20.0, 5.0]), np.array([980.0, 995.0]), np.array([100.0, 300.0])
    chances = silence.chance_of_none(own, others, later, 1.0, 0.0)
    expected = [stats.betabinom.pmf(0, *given) for given in ((100, 20, 980), (300, 5, 995))]
    assert chances == pytest.approx(expected)
    # Runs of incidents, and parts that wander, make silence less odd.
    assert (silence.chance_of_none(own, others, later, 2.0, 0.0) > chances).all()
    assert (silence.chance_of_none(own, others, later, 1.0, 0.3) > chances).all()


def test_parts_that_stay_do_not_wander_and_parts_that_change_do():
    rng = np.random.default_rng(3)
    means = rng.gamma(1.2, 30, 200)
    before, same = rng.poisson(means), rng.poisson(means)
    other = rng.poisson(means * np.exp(rng.normal(0, 0.4, 200)))
    assert silence.wandering(before, same).variance < 0.02
    assert silence.wandering(before, other).variance == pytest.approx(0.16, abs=0.06)
    assert silence.wandering(np.zeros(3), np.zeros(3)) == (1, 0)


def test_a_database_without_incidents_has_nothing_to_come(tmp_path, database):
    file = tmp_path / "tom.duckdb"
    shutil.copy(database, file)
    with duckdb.connect(str(file)) as con:
        con.execute("delete from incident")
        con.execute("update dataset set first_day = null, last_day = null")
    with connect(file) as con:
        assert nowcast.delays(con) is None
        assert nowcast.unsettled(con, WINTERS[1]) is None
        assert nowcast.silent(con).empty
        assert nowcast.late_by_month(con, WINTERS[1]) is None


def test_a_report_with_a_wrong_date_does_not_settle_the_data(late, tmp_path):
    file = tmp_path / "slip.duckdb"
    shutil.copy(late, file)
    with duckdb.connect(str(file)) as con:
        con.execute(
            "update incident set reported_at = '2026-06-30' where incident_id ="
            " (select max(incident_id) from incident where month = '2026-03-01')"
        )
    with connect(file) as con:
        assert nowcast.delays(con).known == KNOWN
        assert nowcast.unsettled(con, WINTERS[1]).late > 10


def test_more_than_last_year_means_more_than_all_of_it(then):
    known = outlook.Known(then, KNOWN)
    march = outlook.month_numbers([date(2027, 3, 1)])
    found = nowcast.unsettled(then, WINTERS[1]).months.iloc[5]
    last = known.last(None, march).sum()
    assert last > found["incidents"]
    assert last == pytest.approx(found["incidents"] + found["late"], rel=0.1)
    (settled,) = then.execute("select count(*) from incident where month = '2025-03-01'").fetchone()
    assert known.last(None, march - 12).sum() == settled


def test_the_list_knows_of_each_place_what_it_reports_at_its_own_pace(then):
    month = KNOWN + timedelta(days=1)
    found = need.estimate(need.history(then, month), month)
    delays = nowcast.delays(then, KNOWN)
    pace = nowcast.paces(then, delays, found.places)
    assert len(set(pace)) > 5
    march = np.arange("2026-03-01", "2026-04-01", dtype="datetime64[D]")
    assert found.share_known == pytest.approx(delays.share(march, pace[:, None]).mean(axis=1))


def test_days_and_half_years_are_dotted_with_what_is_still_to_come(then):
    selection = WINTERS[1]
    counted = over_time(then, selection)
    late = nowcast.late_by_day(then, selection, counted)
    assert late.sum() == pytest.approx(nowcast.unsettled(then, selection).late, rel=0.15)
    spec = charts.over_time(counted, interval=selection.interval, late=late).to_dict()
    assert "prikket: ventes meldt senere" in json.dumps(spec["title"], ensure_ascii=False).lower()
    # As many as the header tells, though days are rounded.
    assert spec["description"].endswith(f"ventes ca. {round(late.sum())} meldt senere.")
    (rows_of,) = dotted(spec)
    assert sum(row["late"] for row in rows_of) == pytest.approx(late.round(1).sum())
    # A quiet day may have late ones too.
    quiet = counted[counted["date"] != "2026-03-31"]
    spec = charts.over_time(quiet, interval=selection.interval, late=late).to_dict()
    assert any(row["date"].startswith("2026-03-31") for row in dotted(spec)[0])
    assert spec["description"].startswith(f"{quiet['incidents'].sum()} hændelser")

    history = note.figures.history(then, selection)
    still = note.figures.late(then, selection)
    assert list(still.index) == [selection.period]
    frame = history.rename_axis("name").rename("incidents").reset_index()
    spec = charts.bars(frame, "Periode", "Titel", late=still).to_dict()
    assert "Prikket: ventes meldt senere" in json.dumps(spec["title"], ensure_ascii=False)
    own = {row["name"]: row for row in dotted(spec)[0]}[selection.period]
    assert own["whole"] == pytest.approx(history[selection.period] + still.iloc[0], abs=0.06)
    assert note.figures.late(then, WINTERS[0]).empty
    assert "rikket" not in json.dumps(charts.bars(frame, "Periode", "Titel").to_dict())


def dotted(spec):
    """Return the rows of each dotted layer."""
    data = spec.get("datasets", {})
    layers = [each for each in spec["layer"] if each["mark"].get("strokeDash") == [2, 2]]
    return [data[(each.get("data") or spec["data"])["name"]] for each in layers]


def test_what_is_compared_with_is_told_where_it_is_not_settled(then):
    told = header(then, *WINTERS).data
    assert "fra 2025/26, som der sammenlignes med, ventes meldt senere" in told
    both = words.not_settled(then, Selection("2025/26", first_day="2026-01-01"), WINTERS[1])
    assert both.count("ventes meldt senere") == 2
    assert both.count("**Foreløbige tal:** Ca.") == 1
    assert "sammenlignes med" not in header(then, *reversed(WINTERS)).data


def test_the_list_and_the_filtered_page_tell_what_is_still_to_come(then):
    data = asking.dataset(then)
    late, settled = (
        rows.row(then, "p", one, None, data, lambda month: None) for one in reversed(WINTERS)
    )
    found = nowcast.unsettled(then, WINTERS[1])
    assert f"Foreløbige tal: Ca. {round(found.late)} hændelser" in late.unsettled
    assert settled.unsettled == ""
    # A list for everybody counts nothing.
    assert rows.row(then, "p", WINTERS[1], None, data, None).unsettled == ""
    page = (Page("02", "Titel", files=("html",)),)
    assert late.unsettled in index([replace(late, pages=page)], [data])
    spans = [interactive.span_of(then, one) for one in WINTERS]
    assert [one.unsettled for one in spans] == ["", late.unsettled]
    text = interactive.page(then, WINTERS[1], "p.yaml")
    assert f'<p id="unsettled">{late.unsettled}</p>' in text


def test_a_half_year_that_is_not_settled_judges_no_forecast(then):
    known = outlook.Known(then, KNOWN)
    assert known.unsettled == WINTERS[1]
    assert known.is_settled(WINTERS[0])
    assert "foreløbigt her og tæller ikke med" in outlook_words.not_judged(known)
    scored = backtest.scores(then, KNOWN, size=50)
    assert WINTERS[1].period not in set(scored["period"])
    assert "sommerhalvåret 2025" in set(scored["period"])
    # A year later it does, and nothing more is told.
    later = outlook.Known(then, date(2025, 10, 1))
    assert later.unsettled == Selection("2024/25", "sommer")


def test_what_was_said_of_a_half_year_is_judged_when_it_is_settled(then, monkeypatch):
    line = {"level": "city", "season": "2025/26", "half": "vinter", "made": "2025-09-01"}
    line |= {"name": "Hele byen", "through": "2025-08-31", "count": 9, "low_90": 1, "high_90": 9}
    known = outlook.Known(then, KNOWN)
    line["name"] = known.city
    monkeypatch.setattr(sealed, "ended", lambda *_: sealed.Log([line], []))
    assert sealed.said(then, known, "city", known.city).empty
    monkeypatch.setattr(outlook.Known, "is_settled", lambda *_: True)
    assert len(sealed.said(then, known, "city", known.city)) == 1


def test_a_place_that_has_stopped_has_not_fallen(then):
    here = Selection("2025/26", location="Hovedbiblioteket")
    last = nowcast.silent(then)["last"].iloc[0]
    told = f"men intet er meldt siden {danish.day(last)}; det kan være, at der ikke meldes ind"
    verdict = note.figures.verdict(then, here.in_season("2024/25"), here)
    assert told in verdict[0]
    assert "plejer at svinge" not in " ".join(verdict)
    assert words.stopped(then, here.in_season("2024/25")) == ""
    assert words.stopped(then, WINTERS[1]) == ""
    reasons = priority.rank(then, date(2026, 4, 1)).set_index("location")["reason"]
    assert told in reasons["Hovedbiblioteket"]
    assert sum("intet er meldt" in each for each in reasons) == 1
    # Before it stopped, the list said nothing of it.
    before = priority.rank(then, date(2025, 10, 1)).set_index("location")["reason"]
    assert "intet er meldt" not in before["Hovedbiblioteket"]


def test_the_district_of_a_place_that_has_stopped_names_it(then):
    (district,) = nowcast.silent(then)["district"]
    assert (
        "hændelse på Hovedbiblioteket er fra"
        in header(then, Selection("2025/26", district=district)).data
    )
    others = Selection("2025/26", district="Nørrebro"), Selection("2024/25", district=district)
    assert district != "Nørrebro"
    for one in others:
        assert "Hovedbiblioteket" not in header(then, one).data


def test_many_places_that_have_stopped_are_told_by_name(then, monkeypatch):
    one = nowcast.silent(then)
    four = pd.concat([one.assign(location=f"Sted {n}") for n in range(4)], ignore_index=True)
    monkeypatch.setattr(words, "silent", lambda con: four)
    told = words.has_stopped(then, Selection("2025/26", district=one["district"].iloc[0]))
    assert told.startswith("**4 lokationer har været stille længe: Sted 0, Sted 1, Sted 2, Sted 3.")
