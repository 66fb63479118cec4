"""What is new in an answer is shown apart from what it answers, and nothing is lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.mails import judged, mail, words
from web.replies import quoting

OURS = "Dag Fatima,\nJe hebt een plek.\nTot dinsdag!"
ARROWS = "\n".join(f"> {line}" for line in OURS.split("\n"))


@pytest.mark.parametrize(
    "rest",
    [
        f"Op di 12 jan 2027 om 10:00 schreef Buurt <rsvp-x@buurt.example>:\n{ARROWS}",
        f"Op di 12 jan 2027 om 10:00 schreef Buurt <\nrsvp-x@buurt.example>:\n{ARROWS}",
        f"On Tue, Jan 12, 2027 at 10:00 AM Buurt <rsvp-x@buurt.example>\nwrote:\n\n{ARROWS}",
        f"Am Di., 12. Jan. 2027 um 10:00 Uhr schrieb Buurt <rsvp-x@buurt.example>:\n{ARROWS}",
        f"12 Oca 2027 Sal 10:00 tarihinde Buurt <rsvp-x@buurt.example> şunu yazdı:\n{ARROWS}",
        f"> Op 12 jan. 2027 heeft Buurt het volgende geschreven:\n{ARROWS}",
        f"Van: Buurt <rsvp-x@buurt.example>\nVerzonden: dinsdag 12 januari 2027 10:00\nAan: Fatima\n\n{OURS}",
        f"________________________________\nVan: Buurt\nVerzonden: dinsdag\nAan: Fatima\n\n{OURS}",
        f"-----Oorspronkelijk bericht-----\nVan: Buurt\nAan: Fatima\n\n{OURS}",
        ARROWS,
    ],
)
def test_new_words_stand_apart(rest: str) -> None:
    new = "Ik kom niet.\nGroet, Fatima\n-- \nVerstuurd vanaf mijn telefoon"
    found, left = quoting.parted(f"{new}\n\n{rest}")
    assert found == new
    assert "Je hebt een plek." in left


@pytest.mark.parametrize(
    "text",
    [
        "Ik kom niet.",
        "Op dinsdag kom ik wel.\nOp woensdag schreef ik al: nee.",
        f"Op di 12 jan 2027 schreef Buurt <rsvp-x@buurt.example>:\n{ARROWS}\n\nIk kom niet.",
        "Dag!\n> Je hebt een plek.\nFijn\n> Tot dinsdag!\nJa, tot dan",
        ARROWS,
    ],
)
def test_who_writes_between_or_below_is_not_torn_apart(text: str) -> None:
    assert quoting.parted(text) == (text, "")


@given(st.text(alphabet="ab >:\n-_@1", max_size=300))
def test_nothing_is_lost(text: str) -> None:
    new, rest = quoting.parted(text)
    assert (new + rest).replace(" ", "").replace("\n", "") == text.replace(" ", "").replace("\n", "")
    assert new or not text.strip()


@pytest.mark.parametrize("piece", ["Am schrieb ", "On ", "Op x schreef", "> ", "\n>", "From: \n", "Warning:mail ", "_"])
def test_hostile_text_takes_no_time(piece: str) -> None:
    begun = time.perf_counter()
    quoting.parted(piece * 3000)
    assert time.perf_counter() - begun < 1


def test_both_are_handed_to_a_person() -> None:
    verdict = judged(mail(words(f"Ik kom niet.\n\n{ARROWS}")))
    assert (verdict.words, verdict.quoted) == ("Ik kom niet.", ARROWS)
