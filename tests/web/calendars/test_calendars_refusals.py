"""What no calendar could show, or nobody could answer, is refused where it is made."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.web.calendar_reading import BART, BUREAU, event
from web.calendars import Party, cancel, request


@pytest.mark.parametrize(
    "other",
    [
        {"ends": event().starts},
        {"ends": event().starts - timedelta(hours=1)},
        {"ends": event().starts + timedelta(microseconds=900)},
        {"starts": datetime(2026, 10, 6, 17, 30)},
        {"stamp": datetime(2026, 9, 1)},
        {"title": " \n\x00"},
        {"description": ""},
        {"uid": ""},
        {"uid": "two words"},
        {"uid": "a\r\nATTENDEE:mailto:x@y"},
        {"sequence": -1},
        {"geo": (91.0, 5.0)},
        {"geo": (float("nan"), 5.0)},
    ],
)
def test_what_no_calendar_could_show_is_refused(other: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        event(**other)


@pytest.mark.parametrize(
    "address", ["", "bart", "a@b@c", "a b@c.nl", 'a"b@c.nl', "a@c.nl\r\nX:y", "a@c.nl\n", "Bart <a@c.nl>"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError):
        Party("Bart", address)


@pytest.mark.parametrize(
    "address", [BART.address.upper(), "rsvp+token@bubbelen.example", "rsvp%token@bubbelen.example"]
)
def test_an_organiser_who_gets_no_answers_is_refused(address: str) -> None:
    for write in (request, cancel):
        with pytest.raises(ValueError):
            write(event(), Party("De Brug", address), BART)


def test_a_request_for_a_date_that_is_off_is_refused() -> None:
    with pytest.raises(ValueError, match="CANCEL"):
        request(event(cancelled=True), BUREAU, BART)


@pytest.mark.parametrize("partstat", ["DELEGATED", "accepted", ""])
def test_an_answer_that_we_do_not_keep_is_refused(partstat: str) -> None:
    with pytest.raises(ValueError, match="answer"):
        request(event(), BUREAU, BART, partstat=partstat)


def test_an_event_cannot_be_changed_on_its_way() -> None:
    with pytest.raises(AttributeError):
        event().title = "Anders"  # type: ignore[misc]
