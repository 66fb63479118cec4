"""Whatever the moment and whatever somebody is called: two readers read from a calendar what was put in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.web.calendar_reading import ANSWER, BART, BUREAU, at, calendar_in, date_in, event, lines, second_reading
from web.calendars import Party, cancel, download, feed, request

pytestmark = pytest.mark.slow

QUICKLY = settings(max_examples=150, deadline=None)
CHANGES = [at("2026-03-29T01:00"), at("2026-10-25T01:00"), at("2027-03-28T01:00"), at("2031-10-26T01:00")]
NEAR = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-240, 240),
)
ANY_TIME = st.datetimes(datetime(2024, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC))
LASTS = st.timedeltas(timedelta(seconds=1), timedelta(days=2))
# Halves of a pair too: a browser can send them, and UTF-8 cannot.
WRITTEN = st.text(st.characters(exclude_categories=()), max_size=60)
TRICKY = st.text(
    st.sampled_from([*"abN nü,;:\"'\\^\r\n\t%\x00\x0b\x1c\x85\u2028\u200f\u202e\u0301\ufeff\ufffd\ud83d👩\u200dم木"])
)
TEXTS = WRITTEN | TRICKY


def seen(text: str) -> str:
    """What of a text can be compared when control characters, spaces and what a name cannot hold are left aside."""
    return "".join(sign for sign in text if sign.isprintable() and sign not in " \\/^\"'N\ufffd\ufffe\uffff\ufeff")


@QUICKLY
@given(NEAR | ANY_TIME, LASTS)
@example(at("2026-10-25T00:00"), timedelta(hours=1))
@example(at("2026-10-25T00:59:59"), timedelta(seconds=1))
@example(at("2026-10-25T02:00"), timedelta(hours=1))
@example(at("2027-03-28T00:30"), timedelta(minutes=30))
@example(at("2027-03-28T01:30"), timedelta(hours=1))
def test_a_moment_comes_out_as_it_went_in(starts: datetime, lasts: timedelta) -> None:
    ends = starts + lasts
    content = request(event(starts=starts, ends=ends), BUREAU, BART)
    lines(content)
    whole = tuple(moment.replace(microsecond=0) for moment in (starts, ends))
    first, second = date_in(content), second_reading(content)
    assert tuple(first[name].dt.astimezone(UTC) for name in ("DTSTART", "DTEND")) == whole
    assert (second.dtstart.value.astimezone(UTC), second.dtend.value.astimezone(UTC)) == whole
    assert ("TZID" in first["DTSTART"].params) == ("TZID" in first["DTEND"].params) == (b"BEGIN:VTIMEZONE" in content)


@QUICKLY
@given(TEXTS, TEXTS, TEXTS)
@example("O'Brien, \"de\"; 3:1 \\N ^n ^' %2C", "C:\\Naam, \\n; thee", "\\N")
@example("عائشة 👩‍👩‍👧 é", "木 " * 120, "x\u2028BEGIN:VEVENT\r\nATTENDEE:mailto:a@b.nl")
def test_a_text_in_any_script_arrives_and_breaks_nothing(called: str, title: str, place: str) -> None:
    told = event(title=f"!{title}", place=place, description=f"{title}{place}\n{ANSWER}")
    content = request(told, BUREAU, Party(called, BART.address))
    assert sum(one.startswith(("ATTENDEE", "BEGIN:VEVENT", "UID")) for one in lines(content)) == 3
    first, second = date_in(content), second_reading(content)
    for reading in (first["SUMMARY"], second.summary.value):
        assert seen(str(reading)).removesuffix("…") == seen(f"!{title}")[: len(seen(str(reading)).removesuffix("…"))]
        assert len(reading) <= 200 and "\n" not in reading
    assert seen(str(first.get("LOCATION", ""))) == seen(place)
    assert seen(str(first["DESCRIPTION"])) == seen(told.description) == seen(second.description.value)
    for address in (first["ATTENDEE"].params["CN"], second.attendee.params["CN"][0]):
        assert seen(address) in (seen(called), seen(BART.address))
        assert address and not set('"\\^\n') & set(address)


@QUICKLY
@given(TEXTS)
def test_a_name_is_quoted_and_holds_no_escape(called: str) -> None:
    attendee = next(one for one in lines(cancel(event(), BUREAU, Party(called, BART.address))) if "ATTENDEE" in one[:8])
    quoted = attendee.removeprefix('ATTENDEE;CN="').partition('"')
    assert quoted[0] and quoted[2].startswith(";CUTYPE=")
    assert not set("\\^") & set(quoted[0])


@QUICKLY
@given(TEXTS, st.lists(st.tuples(TEXTS, NEAR, LASTS, st.booleans()), max_size=4))
def test_any_feed_is_read_in_full(called: str, dates: list[tuple[str, datetime, timedelta, bool]]) -> None:
    events = [
        event(uid=f"date-{n}", title=f"!{title}", starts=starts, ends=starts + lasts, cancelled=off)
        for n, (title, starts, lasts, off) in enumerate(dates)
    ]
    content = feed(called, events)
    lines(content)
    assert {str(date["UID"]) for date in calendar_in(content).walk("VEVENT")} == {told.uid for told in events}
    assert feed(called, events[::-1]) == content


@QUICKLY
@given(st.floats(-90, 90), st.floats(-180, 180))
@example(0.00001, -1e-30)
def test_a_spot_is_two_plain_numbers(latitude: float, longitude: float) -> None:
    written = next(one for one in lines(download(event(geo=(latitude, longitude)))) if one.startswith("GEO:"))
    assert "e" not in written
    read = [float(part) for part in written.removeprefix("GEO:").split(";")]
    assert abs(read[0] - latitude) <= 0.00006 and abs(read[1] - longitude) <= 0.00006
