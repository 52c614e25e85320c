"""Sentences as they are shown: shares as the administration writes them."""

import pytest

from analysis.show import phrases


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Faldet er 22 %.", "Faldet er 22\u00a0pct."),
        ("68 (22 % færre)", "68 (22\u00a0pct. færre)"),
        ("over 99 %", "over 99\u00a0pct."),
        ("et 95\u00a0%-interval", "et 95\u00a0%-interval"),
    ],
)
def test_a_share_in_a_sentence_is_in_pct(given, shown):
    assert phrases.markdown(given).data == shown
