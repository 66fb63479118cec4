"""A number is read from what people type, refused with its own sentence, and has one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.identity import faults, phones

BART = "+31612345678"


@pytest.mark.parametrize(
    "typed",
    [
        "06 12345678", "0612345678", "06.12.34.56.78", "+31612345678", "+31 6 12345678",
        "+31(0)6 12345678", "+31 06 12345678", "0031612345678", "0031 (0)6-12345678", "31612345678", "612345678",
        "612345678.0", "31612345678.0", "'0612345678", " 06 12345678, ", "٠٦١٢٣٤٥٦٧٨", "０６１２３４５６７８",
        "\u202a+31 6 12345678\u202c", "06\u00a012345678", "06‑12345678", "(06) 12345678", "06 12345678 / 06 12345678",
    ],
)  # fmt: skip
def test_one_number_has_one_form(typed: str) -> None:
    assert phones.read(typed) == phones.Phone(BART, texts=True)
    assert phones.read(BART).number == BART


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+32 470 12 34 56", "+32470123456"),
        ("0032 470 123456", "+32470123456"),
        ("+49 (0)1512 3456789", "+4915123456789"),
        ("+597 812-3456", "+5978123456"),
        ("+90 (532) 123 45 67", "+905321234567"),
        ("+212 612-345678", "+212612345678"),
    ],
)
def test_numbers_of_other_countries_begin_with_a_plus(typed: str, number: str) -> None:
    assert phones.read(typed) == phones.Phone(number, texts=True)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("06 1234567", faults.TooShort),
        ("06 123456789", faults.TooLong),
        ("0000000000", faults.NotInUse),
        ("12345", faults.TooShort),
        ("112", faults.TooShort),
        ("06 00000000", faults.NotInUse),
        ("+32 470 12", faults.TooShort),
        ("+31 6 1234 5678 90", faults.TooLong),
        ("1" * 40, faults.TooLong),
        ("06 1234567 (na 18 uur)", faults.TooShort),
        ("0900 1234567", faults.NoPhone),
        ("0800 1234567", faults.ServiceNumber),
        ("06 12345678 / 030 1234567", faults.TwoPhones),
        ("06 12345678 of 06 87654321", faults.TwoPhones),
        ("0612345678 0687654321", faults.TwoPhones),
        ("6,12E+08", faults.CutOff),
        ("6.12E+8", faults.CutOff),
        ("3,16123E+10", faults.CutOff),
        ("6,12e+08", faults.CutOff),
        ("geen", faults.NoPhone),
        ("-", faults.NoPhone),
        ("", faults.NoPhone),
        ("weet ik niet (3 keer gevraagd)", faults.NoPhone),
    ],
)
def test_what_is_no_number_is_refused_with_the_sentence_that_helps(typed: str, fault: type[faults.NoPhone]) -> None:
    with pytest.raises(fault) as raised:
        phones.read(typed)
    assert type(raised.value) is fault or fault is faults.NoPhone
    assert phones.canonical(typed) is None


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("06 12345678 (na 18 uur)", "na 18 uur"),
        ("06-12345678 Truus", "Truus"),
        ("bel 06 12345678 na 18.00", "bel na 18.00"),
        ("06 12345678 tst 12", "tst 12"),
        ("06 12345678 ext. 12", "ext. 12"),
        ("06 12345678 (18:00-20:00 uur)", "18:00-20:00 uur"),
    ],
)
def test_what_stands_beside_a_number_is_kept(typed: str, note: str) -> None:
    found = phones.read(typed)
    assert (found.number, found.note) == (BART, note)
    assert phones.read(str(found)) == found


@pytest.mark.parametrize(
    ("typed", "texts"),
    [("06 12345678", True), ("030 1234567", False), ("085 1234567", False), ("+32 2 555 12 12", False)],
)
def test_a_landline_takes_no_text_messages(typed: str, texts: bool) -> None:
    assert phones.read(typed).texts is texts
    if not texts:
        with pytest.raises(faults.NoText):
            phones.read_for_texts(typed)


def test_an_organisation_may_have_a_service_number() -> None:
    assert phones.read("0800 1234567", own=False).number == "+318001234567"
    assert phones.read("14 030", own=False).number == "+3114030"


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_a_sentence(typed: str) -> None:
    try:
        found = phones.read(typed)
    except faults.NoPhone as fault:
        assert fault.sentence
    else:
        assert phones.read(found.number).number == found.number


@given(st.integers(0, 99_999_999), st.lists(st.sampled_from([" ", "-", ".", ""]), min_size=8, max_size=8))
def test_spacing_makes_no_difference(digits: int, gaps: list[str]) -> None:
    bare = f"06{digits:08}"
    typed = "06" + "".join(gap + digit for gap, digit in zip(gaps, f"{digits:08}", strict=True))
    assert phones.canonical(typed) == phones.canonical(bare)
