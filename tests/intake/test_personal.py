"""Numbers and addresses that are somebody's, however they are written."""

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
)


@pytest.mark.parametrize("text", SOMEBODYS)
def test_what_is_somebodys_is_found_however_it_is_written(text):
    assert signs(text)
    assert signs(f"Manden ({text}) kom igen.")


@pytest.mark.parametrize("text", NOBODYS)
def test_days_clocks_and_counts_are_nobodys(text):
    assert signs(text) == []
