"""Codes as people type them: letters and digits count, and a name is no code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.crypto import CODE_LETTERS
from web.identity import codes


@pytest.mark.parametrize(
    "typed",
    ["K7Q2M4", "K7Q 2M4", "#K7Q2M4", "K7Q2M4.", "k7q2m4", "K7Q-2M4", " k7q2m4 ", "‘K7Q2M4’", "Ｋ７Ｑ２Ｍ４", "K٧Q٢M٤"],
)
def test_letters_and_digits_count(typed: str) -> None:
    assert codes.canonical(typed) == "K7Q2M4"


@pytest.mark.parametrize("typed", ["K7Q2M4 (Fatma)", "Fatma K7Q2M4", "code: k7q2m4", "K7Q2M4"])
def test_a_code_is_seen_among_other_words(typed: str) -> None:
    assert "K7Q2M4" in codes.within(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("K7Q2M4", True), ("k7q 2m4", True), ("K7Q2MO", True), ("HKWQRT", True), ("Fatma (K7Q2M4)", True),
        ("Hassan", False), ("Fatma", False), ("Buurman op 12", False), ("", False), ("فاطمة", False),
    ],
)  # fmt: skip
def test_whether_somebody_meant_a_code(typed: str, meant: bool) -> None:
    assert codes.looks_like_code(typed) is meant


@given(st.text(st.sampled_from(CODE_LETTERS), min_size=6, max_size=6), st.sampled_from([" ", "-", ".", "·", ""]))
def test_every_code_survives_being_written_down(code: str, gap: str) -> None:
    assert codes.canonical(gap.join(code.lower())) == code


@given(st.text(max_size=120))
def test_a_canonical_code_stays_what_it_is(typed: str) -> None:
    once = codes.canonical(typed)
    assert codes.canonical(once) == once
