"""Names are recognised however a keyboard writes them, stay apart where they differ, and have to be seen."""

from __future__ import annotations

import unicodedata
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.identity import names, text

NEAR = [
    "Zoë Zoe Müller Mueller Muller Jan Jans Johan José Josè Jose Anna Ana Hannah Hanna Jansen Janssen Ali Alí Aliya",
    "O'Brien OBrien O-Brien Anne-Marie AnneMarie Ömer Omer Çiğdem Cigdem Şule Sule Dirk Dirck Øyvind Oyvind",
    "Søren Soren Ijsbrand Ysbrand Ida Eda Groß Gros محمد محمود علي عالي فاطمة Мария Марина Юлия Юля",
]
"""Names of different people that are nearly the same."""


@pytest.mark.parametrize(
    "alike",
    [
        ["O'Brien", "O’Brien", "Oʼbrien", "O‘BRIEN", "O`Brien", "O´Brien", "O＇Brien", "o ' brien", "O′Brien"],
        ["Anne-Marie", "Anne‐Marie", "anne‑marie", "ANNE–MARIE", "Anne − Marie", "Anne—Marie"],
        ["İrem", "irem", "IREM", "I\u0307rem"],
        ["Işıl", "IŞIL", "ışıl", "İşil"],
        ["Groß", "GROSS", "gross", "GROẞ"],
        ["IJsbrand", "ĳsbrand", "Ĳsbrand", "ijsbrand"],
        ["Zoë", "Zoe\u0308", "ZOË", " zoë "],
        ["Fatma", "Fat\u00adma", "Fat\u200bma", "\u200eFatma\u200f", "Ｆａｔｍａ", "fatma\u2060"],
        ["Ștefan", "Ştefan", "ȘTEFAN"],
        ["علی", "علي"],
        ["محمد", "مُحَمَّد", "محـمد"],
        ["Σίσυφος", "ΣΊΣΥΦΟΣ"],
        ["Jan  Willem", "jan willem", "Jan\u00a0Willem", "Jan\tWillem"],
    ],
)
def test_one_name_typed_in_many_ways_is_one_name(alike: list[str]) -> None:
    assert len({names.canonical(name) for name in alike}) == 1


def test_people_with_nearly_the_same_name_stay_apart() -> None:
    for line in NEAR:
        for one, other in combinations(line.split(), 2):
            assert names.canonical(one) != names.canonical(other), (one, other)


@given(st.text(max_size=30))
def test_a_canonical_name_stays_what_it_is(name: str) -> None:
    once = names.canonical(name)
    assert names.canonical(once) == once


@given(
    st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=12),
    st.sampled_from(["NFC", "NFD"]),
    st.sampled_from(["", " ", "\u200e", "\u00ad", "\ufe0f", "\u2060"]),
)
def test_how_it_is_encoded_and_what_nobody_sees_make_no_difference(name: str, form: str, unseen: str) -> None:
    typed = f"{unseen}{unicodedata.normalize(form, name)}{unseen}"  # type: ignore[arg-type]
    assert names.canonical(typed) == names.canonical(name)


UNSEEN = [
    "\u200f", "\u200e\u200e", "\u3164", "\u115f\u1160", "\uffa0", "\u2800", "\u2800 \u2800", "\u200d", "\u200c\u200d",
    "\u0301", " \u0308 ", "\u00ad\u00ad", "\ufe0f", "\u034f", "\u061c", "\u180e", "\U000e0041", "\ufffc", "\u2062",
    "\ue000", "\t\n", "\u00a0\u2003",
]  # fmt: skip


@pytest.mark.parametrize("typed", UNSEEN, ids=lambda typed: "".join(f"{ord(c):04x}" for c in typed))
def test_what_shows_nothing_is_nothing(typed: str) -> None:
    assert text.plain(typed) == ""
    assert text.one_line(f"{typed}Bart{typed}").strip(typed) == "Bart"


@pytest.mark.parametrize("typed", ["B", "ب", "李", "🌷", "👩‍👩‍👧", "א", "Zoe\u0308", "3", "က\u103c", "ᄀ"])
def test_what_can_be_seen_is_shown_as_it_was_typed(typed: str) -> None:
    assert text.plain(typed) == unicodedata.normalize("NFC", typed)


def test_namesakes_get_the_beginning_of_their_codes_and_nobody_else_does() -> None:
    people = {1: ("Dirk", "K7Q2M4"), 2: ("dirk", "K7P3N5"), 3: ("Els", "A2B3C4"), 4: ("DIRK", "Z9Y8X7")}
    assert names.told_apart(people) == {1: "Dirk (K7Q)", 2: "dirk (K7P)", 3: "Els", 4: "DIRK (Z9Y)"}


@given(st.lists(st.sampled_from(["Dirk", "dirk", "Dirk ", "Els"]), max_size=8), st.randoms(use_true_random=False))
def test_no_two_people_on_a_list_are_called_the_same(called: list[str], random) -> None:
    codes = random.sample(["K7Q2M4", "K7Q2M5", "K7Q2N4", "K7Z2M4", "A2B3C4", "A2B3C5", "ZZZZZ2", "ZZZZZ3"], len(called))
    told = names.told_apart(dict(enumerate(zip(called, codes, strict=True))))
    assert len({names.canonical(name) for name in told.values()}) == len(called)
