"""A text is read as the moment it says, or not at all.

What is expected is computed with Python's own parsers and zoneinfo, never with the reader.
"""

import random
import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.core import database as files
from analysis.intake import build, ingest
from analysis.intake.layout import FIELDS, Source

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
DANISH = (
    *("%d-%m-%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S"),
    *("%d.%m.%Y %H.%M", "%d.%m.%Y %H.%M.%S"),
)
DANISH_DATES = ("%d-%m-%Y", "%d.%m.%Y")
MOMENTS = st.datetimes(datetime(1950, 1, 2), datetime(2999, 12, 30))
# What the reader may take for a year that an incident can have.
YEARS = range(1950, 3000)
every = settings(derandomize=True, deadline=None, max_examples=25)


@pytest.fixture(scope="module")
def read():
    """Return a function that reads texts as the ingest does: a moment and has_time, or None."""
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as raw")
        con.execute(files.sql("intake/scratch"))
        names = ", ".join(f"null::varchar as {name}" for name in ("problem", *FIELDS["uro"]))
        con.execute(f"create temp table export as select {names} limit 0")

        def read(texts, source=None):
            con.execute("delete from export")
            con.execute("delete from raw.uro")
            con.execute("insert into export (occurred_at) select unnest($1)", [texts])
            clocks = build._clock("occurred", source or Source()) | build._clock(
                "reported", Source()
            )
            con.execute(files.sql("intake/load_uro"), {"file_no": 0, "blanks": "", **clocks})
            found = con.execute("select occurred_at, has_time from raw.uro order by rowid")
            return [(at, has_time) if at else None for at, has_time in found.fetchall()]

        yield read


def in_copenhagen(moment):
    return moment.astimezone(COPENHAGEN).replace(tzinfo=None)


def shown(minutes, style):
    """Write an offset from UTC in one of its styles; hours alone only where they are whole."""
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    styles = [f"{sign}{hours:02}{rest:02}", f"{sign}{hours:02}:{rest:02}"]
    if not rest:
        styles.append(f"{sign}{hours:02}")
    return styles[style % len(styles)]


@st.composite
def danish(draw):
    """A text in a Danish form, and what it means."""
    moment = draw(MOMENTS)
    form = draw(st.sampled_from((*DANISH, *DANISH_DATES)))
    text = moment.strftime(form)
    if draw(st.booleans()):
        text = re.sub(r"^0|(?<=^..[-.])0", "", text)
    spaces = draw(st.sampled_from((" ", "  ")))
    return f"{draw(SPACE)}{text.replace(' ', spaces)}{draw(SPACE)}", (
        datetime.strptime(moment.strftime(form), form),
        form in DANISH,
    )


SPACE = st.sampled_from(("", " ", "\t", "  "))


@st.composite
def iso(draw):
    """A text in ISO 8601 with or without an offset, and what it means."""
    moment = draw(MOMENTS)
    day, parting = f"{moment:%Y-%m-%d}", draw(st.sampled_from(("T", "t", " ", "  ", "T ")))
    digits = draw(st.integers(-2, 9))
    clock = f"{moment:%H:%M}" if digits == -2 else f"{moment:%H:%M:%S}"
    kept = moment.replace(microsecond=0, second=0 if digits == -2 else moment.second)
    if digits > 0:
        fraction = f"{moment.microsecond:06}000"[:digits]
        clock += draw(st.sampled_from(".,")) + fraction
        kept = kept.replace(microsecond=int(fraction.ljust(6, "0")[:6]))
    zone = draw(st.sampled_from(("", "Z", "z", "UTC", "GMT", "number")))
    minutes = draw(st.integers(-48, 56)) * 15 if zone == "number" else 0
    if zone == "number":
        # Without seconds it may as well be the end of a range of hours.
        minutes = abs(minutes) if digits == -2 and "T" not in parting.upper() else minutes
        zone = shown(minutes, draw(st.integers(0, 2)))
    if zone:
        kept = in_copenhagen(kept.replace(tzinfo=timezone(timedelta(minutes=minutes))))
        zone = draw(st.sampled_from(("", " "))) + zone
    return f"{draw(SPACE)}{day}{parting}{clock}{zone}{draw(SPACE)}", (kept, True)


@st.composite
def iso_date(draw):
    day = draw(MOMENTS).replace(hour=0, minute=0, second=0, microsecond=0)
    return f"{draw(SPACE)}{day:%Y-%m-%d}{draw(SPACE)}", (day, False)


KNOWN = st.one_of(danish(), iso(), iso(), iso_date())


@every
@given(st.lists(KNOWN, min_size=20, max_size=80))
def test_a_moment_in_any_known_form_is_that_moment_in_copenhagen(read, written):
    meant = [(text, what) for text, what in written if what[0].year in YEARS]
    assert list(
        zip([text for text, _ in meant], read([text for text, _ in meant]), strict=True)
    ) == (meant)


def python_reads(text):
    """Return every moment that Python's parsers take a text for, with whether it has a time."""
    text = " ".join(text.split())
    found = set()
    for form in (*DANISH, *DANISH_DATES):
        try:
            found.add((datetime.strptime(text, form), form in DANISH))
        except ValueError:
            continue
    return found | iso_reads(text)


def iso_reads(text):
    padded = re.sub(r"(?<=-)(\d)(?=-|$|[Tt ])", r"0\1", text)
    padded = re.sub(r"(?<=[Tt ])(\d)(?=:)", r"0\1", padded)
    padded = re.sub(r"(?i) ?(utc|gmt|z)$", "Z", padded)
    padded = re.sub(r" (?=[+-])", "", padded.replace("T ", "T").replace("t ", "T"))
    later = timedelta()
    if re.search(r"[Tt ]24:00(:00([.,]0+)?)?(?![\d:.,])", padded):
        padded, later = re.sub(r"(?<=[Tt ])24", "00", padded), timedelta(days=1)
    try:
        moment = datetime.fromisoformat(padded.replace("t", "T")) + later
        has_time = len(padded) > 10
        return {(in_copenhagen(moment) if moment.tzinfo else moment, has_time)}
    except (ValueError, OverflowError):
        return set()


@st.composite
def mutated(draw):
    """A text in a known form with some of its characters changed, or with a remark."""
    text = draw(KNOWN)[0]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        kind = draw(st.sampled_from(("insert", "delete", "swap", "replace", "end")))
        more = draw(st.sampled_from((*"0123456789-:., TZ+/apm;", "24", "60", "00")))
        if kind == "insert":
            text = text[:at] + more + text[at:]
        elif kind == "delete":
            text = text[:at] + text[at + 1 :]
        elif kind == "swap":
            text = text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
        elif kind == "replace":
            text = text[:at] + more + text[at + 1 :]
        else:
            text += draw(st.sampled_from(ENDS))
    return text


ENDS = (
    *(" ca", " ca.", "ca", "?", " AM", " PM", "PM", " pm", "-11:00", " - 11:00", "–11:00", " kl"),
    *(" til 12", "+", "-", "Z", " Z", "+02", "-01", " BC", " (BC)", ".0", ":", " 12:00", "/2"),
    *(" CET", " CEST", " Europe/Copenhagen", "+02:00:30", "+14:15", "-13", "+0230", "+0207"),
)


@every
@given(st.lists(mutated(), min_size=20, max_size=80))
def test_what_is_left_over_makes_a_text_unreadable_never_another_time(read, texts):
    for text, found in zip(texts, read(texts), strict=True):
        assert found is None or found in python_reads(text), text


NO_MOMENT = (
    *("2024-07-01 10:00-11:00", "2024-07-01 10:00 - 11:00", "2024-07-01 10:00 -11:00"),
    *("2024-07-01 10:00-11", "01-07-2024 10:00-11:00", "01.07.2024 10.00-11.00"),
    *("2024-07-01 02:30 PM", "01-07-2024 2:30PM", "2024-07-01 14:30 ca", "01-07-2024 ca"),
    *("epoch", "infinity", "-infinity", "now", "today", "tomorrow", "nan", "null", "0", ""),
    *("2024-07-01 BC", "2024-07-01 (BC)", "12024-07-01", "-2024-07-01", "0024-07-01"),
    *("2024-07-01T24:00:01", "2024-07-01T25:00", "2024-07-01T10:60", "2024-02-30", "29-02-2023"),
    *("2024-07-01T10:00+14:15", "2024-07-01T10:00-12:15", "2024-07-01T10:00+01:07"),
    *("2024-07-01T10:00+99", "2024-07-01T10:00+02:60", "2024-07-01T10:00+0260"),
    *("2024-07-01T10:00 Europe/Paris", "2024-07-01T10:00 CET", "2024-07-01T10:00+2"),
    *("01-07-2024 24:00", "01-07-2024 10:00:61", "1949-12-31", "3000-01-01", "01-07-24"),
    *("2024-07-01\n2024-07-02", "2024-07-01 10:00\n11:00", "01-07-2024\n10:00 11:00"),
)


def test_what_is_no_moment_is_not_read(read):
    found = zip(NO_MOMENT, read(list(NO_MOMENT)), strict=True)
    assert {text: moment for text, moment in found if moment} == {}


def test_midnight_as_24_o_clock_is_the_next_day(read):
    assert read(["2024-12-31T24:00", "2024-12-31 24:00:00"]) == [(datetime(2025, 1, 1), True)] * 2


FORMATS = (
    *("%m/%d/%Y %I:%M %p", "%m/%d/%y %I:%M %p", "%d/%m/%Y %H:%M", "%d/%m/%y %H:%M:%S"),
    *(
        "%Y/%m/%d %H:%M",
        "%b %d %Y %I:%M:%S %p",
        "%d %B %Y %H.%M",
        "%y%m%d %H%M",
        "%A %d-%m-%Y %H:%M",
    ),
)
ZONES = ("Europe/Copenhagen", "America/Chicago", "America/Los_Angeles", "UTC", "Asia/Kathmandu")


@every
@given(
    st.sampled_from(FORMATS),
    st.sampled_from(ZONES),
    st.lists(st.datetimes(datetime(1970, 1, 2), datetime(2068, 12, 30)), min_size=10, max_size=40),
)
def test_a_format_of_the_layout_is_read_as_python_reads_it(read, form, zone, moments):
    texts = [moment.strftime(form) for moment in moments]
    source = Source(("Tid",), formats=(form,), zone=zone)
    for text, found in zip(texts, read(texts, source), strict=True):
        assert found
        assert found[1]
        assert found[0] in wall_clock(datetime.strptime(text, form), zone), text


def wall_clock(moment, zone):
    """Return the Copenhagen time of a moment by another clock: two where that clock is set back."""
    if zone == "Europe/Copenhagen":
        return {moment}
    return {in_copenhagen(moment.replace(tzinfo=ZoneInfo(zone), fold=fold)) for fold in (0, 1)}


@every
@given(st.sampled_from(FORMATS), st.lists(st.sampled_from(ENDS), min_size=5, max_size=20), MOMENTS)
def test_a_remark_behind_a_format_of_the_layout_makes_it_unreadable(read, form, ends, moment):
    moment = moment.replace(year=2000 + moment.year % 60)
    texts = [moment.strftime(form) + end for end in ends]
    for text, found in zip(texts, read(texts, Source(("Tid",), formats=(form,))), strict=True):
        assert found is None or found in {(at, True) for at in accepted(text, form)}, text


def accepted(text, form):
    try:
        return {datetime.strptime(text.strip(), form)}
    except ValueError:
        return set()


@pytest.mark.parametrize("form", FORMATS)
def test_a_date_alone_in_a_format_with_a_time_has_no_known_time(read, form):
    day = datetime(2024, 7, 1)
    date = re.split(r"\s*%[HI]", form)[0]
    source = Source(("Tid",), formats=(form,), zone="America/Chicago")
    assert read([day.strftime(date)], source) == [(day, False)]


HEAD = "Dato;Kl;Lokation;Urotype"
APART = """
uro:
  occurred_at: {date: Dato, time: Kl, format: "%m/%d/%y %I:%M %p", zone: America/Chicago}
  location: Lokation
  category: Urotype
"""
TOGETHER = "uro:\n  occurred_at: Dato\n  location: Lokation\n  category: Urotype\n"


def occurred(tmp_path, layout, rows):
    """Ingest rows of a date, or moment, and a time of day; return what they were read as."""
    (tmp_path / "exports").mkdir()
    lines = [HEAD, *(f"{day};{clock};Et sted;Trusler" for day, clock in rows)]
    (tmp_path / "exports/a.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "layout.yaml").write_text(layout, encoding="utf-8")
    database = tmp_path / "x.duckdb"
    reference = files.ROOT / "data" / "reference"
    ingest(tmp_path / "exports", reference, tmp_path / "layout.yaml", database, accept=True)
    with files.connect(database) as con:
        found = con.execute(
            "select row, occurred_at, has_time from intake_row left join incident"
            " using (incident_id) order by row"
        )
        return [(at, has_time) if at else None for _, at, has_time in found.fetchall()]


def some_moments(times=60):
    chosen = random.Random(1)
    first = datetime(2000, 1, 1)
    return [first + timedelta(minutes=chosen.randrange(24 * 365 * 24 * 60)) for _ in range(times)]


def test_date_and_time_apart_are_one_moment_on_copenhagens_clock(tmp_path):
    moments = some_moments()
    rows = [(f"{at:%m/%d/%y}", f"{at:%I:%M %p}") for at in moments]
    found = occurred(
        tmp_path, APART, [*rows, ("07/01/24", ""), ("", "02:30 PM"), ("07/01/24", "?")]
    )
    assert found[-3:] == [(datetime(2024, 7, 1), False), None, None]
    for at, (read, has_time) in zip(moments, found[:-3], strict=True):
        assert has_time
        assert read in wall_clock(at, "America/Chicago")


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009"])
def test_a_space_of_another_kind_parts_date_and_time(tmp_path, space):
    moments = some_moments(20)
    forms = ("%d-%m-%Y %H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y %H.%M")
    rows = [(f"{at:{forms[n % 3]}}".replace(" ", space), "") for n, at in enumerate(moments)]
    assert occurred(tmp_path, TOGETHER, rows) == [(at, True) for at in moments]


def test_the_hour_that_is_set_back_is_kept_as_it_is_written(read):
    """Copenhagen's own wall clock is not moved, be the hour there twice or never."""
    texts = ["2024-10-27 02:30", "2024-03-31 02:30"]
    assert read(texts) == [(datetime.fromisoformat(text), True) for text in texts]


def test_an_offset_tells_the_two_hours_apart_that_are_set_back(read):
    """Both are 02:30 on the wall."""
    texts = ["2024-10-27T00:30Z", "2024-10-27T01:30Z", "2024-10-27 02:30:00+02"]
    assert read(texts) == [(datetime(2024, 10, 27, 2, 30), True)] * 3
    assert datetime(2024, 10, 27, 0, 30, tzinfo=UTC).astimezone(COPENHAGEN).hour == 2
