"""Numbers and addresses that are somebody's, however they are written."""

import random

import pytest

from analysis.intake.personal import signs

SOMEBODYS = (
    "010190-1234",
    "010190 1234",
    "0101901234",
    "01 01 90 1234",
    "01-01-90-1234",
    "01.01.1990-1234",
    "01/01/90/1234",
    "010190\u20111234",
    "010190 – 1234",
    "0 1 0 1 9 0 1 2 3 4",
    "610190-1234",
    "\uff10\uff11\uff10\uff11\uff19\uff10-\uff11\uff12\uff13\uff14",
    "20304050",
    "20 30 40 50",
    "20-30-40-50",
    "2030 4050",
    "203 04 050",
    "20 304 050",
    "+45 20304050",
    "0045 20 30 40 50",
    "+46 70 123 45 67",
    "+49 (30) 1234567",
    "0046701234567",
    "20.30.40.50",
    "tlf.20304050",
    "2 0 3 0 4 0 5 0",
    "20\u200b304050",
    "a@b.dk",
    "navn (at) mail.dk",
    "navn[at]mail.dk",
    "navn at mail dot dk",
    "navn@kk",
    "203 040 50",
    "(20) 30 40 50",
    "20,30,40,50",
    "20\u00b730\u00b740\u00b750",
    "20304 050",
    "(212) 555-0199",
    "070-123 45 67",
    "010190:1234",
    "010190,1234",
    "0101901 234",
    "Ring 60 12 04 13 eller 20 30 11 88.",
    "+45 61 27 00 21",
    "27-04-02-30",
    "30.12.07.83",
    "Ring 20 11 45 13",
    "navn @ mail.dk",
    "navn@ mail.dk",
    "navn at mail.dk",
    "navn snabel-a mail.dk",
    "navn(a)mail.dk",
    "navn {at} mail.dk",
    "07911 123456",
    "0691234567",
    "212-555-0199",
    "600 123 456",
    "030/1234567",
    "20;30;40;50",
    "20|30|40|50",
    "20+30+40+50",
    "010190;1234",
    "010190+1234",
    "010190=1234",
    "1.1.90 1234",
    "cpr 010190",
    "cpr 01.01.90",
    "01.01.90 1234",
    "20 - 11 - 14 - 16",
    "20 30 12:50",
    "20:30 12:50",
)
NOBODYS = (
    "01.02.24 10.00",
    "13-02-24 10:00",
    "13.02.24",
    "Unge (18-25 år)",
    "01-11-2024",
    "fra 01-11-2024 til 05.11.2024",
    "2023-2024",
    "2024/25",
    "kl. 10-12 og 14-16",
    "10:00-12:00 og 14:00-16:00",
    "mødt 3 gange i uge 47",
    "12 unge, 15 hændelser",
    "omkring Blågårds Plads",
    "ugerne 44, 45, 46 og 47",
    "i 2024 og 2025",
    "100.000 besøg",
    "1.234.567 besøg",
    "fra 2 til 20 om dagen",
    "de seneste 12 måneder",
    "den 1.12.2024 og 2.12.2024",
    "oktober 2025, november 2025",
    "09.00-17.00",
    "det sker mellem 1. og 24. december",
    "Roligt siden 2025-01-15.",
    "2025-01-15 10:00",
    "fra 01-11-2024 – 31-03-2025",
    "kl. 1500-2000",
    "1000-2000 besøg",
    "ugerne 44,45,46,47",
    "12.000.000 kr.",
    "På pladsen 30-40 mennesker",
    "02/13/24 10:30",
    "13 02 24 10:00",
    "13 02 24 10.00",
    "fra 01/12-24/12",
    "sæson 2024/25 – 2025/26",
    "2025-01-15 – 2025-02-01",
    "fra 01.11.2024-05.11.2024",
    "SYN-2022-01714",
    "http://127.0.0.1:18999/x",
    "sige, at f.eks. unge",
    "at bl.a. unge kommer",
)


@pytest.mark.parametrize("text", SOMEBODYS)
def test_what_is_somebodys_is_found_however_it_is_written(text):
    assert signs(text)
    assert signs(f"Manden ({text}) kom igen.")


@pytest.mark.parametrize("text", NOBODYS)
def test_days_clocks_and_counts_are_nobodys(text):
    assert signs(text) == []


def _pairs(digits):
    return [digits[at : at + 2] for at in range(0, len(digits), 2)]


def _phone(draw):
    return f"{draw.randrange(2 * 10**7, 10**8)}"


def _cpr(draw):
    day, month, year = draw.randint(1, 31), draw.randint(1, 12), draw.randrange(100)
    return f"{day:02}{month:02}{year:02}{draw.randrange(10**4):04}"


@pytest.mark.parametrize("sign", ["", " ", "-", ".", "\u2013", " - ", "/"])
def test_no_telephone_number_is_missed_however_its_pairs_stand_apart(sign):
    draw = random.Random(1)
    for _ in range(2_000):
        before = draw.choice(["", "", "+45 ", "+45", "0045 ", "0045"])
        form = before + sign.join(_pairs(_phone(draw)))
        said = draw.choice(["{}", "Ring 5 gange til {} kl. 14, i uge 12."]).format(form)
        assert signs(said), said


@pytest.mark.parametrize("sign", ["", " ", "-", ".", "\u2013", " - ", "/"])
def test_no_cpr_number_is_missed_in_pairs_or_as_day_and_the_rest(sign):
    draw = random.Random(1)
    for _ in range(2_000):
        *day, one, two = _pairs(_cpr(draw))
        pairs, parts = sign.join([*day, one, two]), sign.join([*day, one + two])
        form = draw.choice([pairs, parts, "".join(day) + sign + one + two])
        said = draw.choice(["{}", "Manden, {}, kom den 1.12.2024."]).format(form)
        assert "et CPR-nummer" in signs(said), said
