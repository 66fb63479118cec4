"""What calendars get from us, by the rules of RFC 5545 and 5546, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.web.calendar_reading import ANSWER, BART, BUREAU, ONLINE, at, calendar_in, date_in, event, line, lines, names
from web.calendars import Party, cancel, download, etag, feed, request

UPDATED = {"sequence": 1, "stamp": at("2026-09-02T08:00:00"), "starts": at("2026-10-06T18:00:00")}


def test_an_invitation_says_when_where_and_who_asks_whom() -> None:
    content = request(event(url=ANSWER, geo=(52.0907, 5.1214)), BUREAU, BART)
    date = lines(content)[lines(content).index("BEGIN:VEVENT") :]
    assert [one for one in date if not one.startswith(("DESCRIPTION", "ATTENDEE", "ORGANIZER"))] == [
        "BEGIN:VEVENT",
        r"SUMMARY:Koffie\, thee\; gesprek",
        "DTSTART;TZID=Europe/Amsterdam:20261006T193000",
        "DTEND;TZID=Europe/Amsterdam:20261006T213000",
        "DTSTAMP:20260901T080000Z",
        "UID:3f8e7c3c-0c57-4cf1-a2d9-3ad5a0f3b6c1",
        "SEQUENCE:0",
        "CLASS:PRIVATE",
        "GEO:52.0907;5.1214",
        r"LOCATION:De Brug\, Dorpsstraat 1\, Utrecht",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        f"URL:{ANSWER}",
        "X-MICROSOFT-DISALLOW-COUNTER:TRUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    assert lines(content)[:4] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Re-bubbelen//Re-bubbelen 1//NL",
        "METHOD:REQUEST",
    ]
    assert line(content, "ORGANIZER") == f'ORGANIZER;CN="Buurthuis De Brug":mailto:{BUREAU.address}'
    assert line(content, "ATTENDEE") == (
        'ATTENDEE;CN="Bart de Vries";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE;'
        "X-NUM-GUESTS=0:mailto:bart+buurt@example.org"
    )
    assert line(content, "DESCRIPTION") == rf"DESCRIPTION:Groep 3\nKom je? {ANSWER}"


def test_the_time_zone_is_two_rules_and_stands_before_the_date() -> None:
    content = request(event(), BUREAU, BART)
    zone = lines(content)[lines(content).index("BEGIN:VTIMEZONE") : lines(content).index("BEGIN:VEVENT")]
    daylight, standard = zone.index("BEGIN:DAYLIGHT"), zone.index("BEGIN:STANDARD")
    assert zone[1] == "TZID:Europe/Amsterdam" and zone[-1] == "END:VTIMEZONE"
    assert set(zone[daylight + 1 : standard - 1]) == {
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
    }
    assert set(zone[standard + 1 : -2]) == {
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
    }


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("2026-10-25T00:30:00", "2026-10-25T03:00:00"),  # begins at the first half past two
        ("2026-10-25T01:30:00", "2026-10-25T03:00:00"),  # and at the second
        ("2026-10-24T20:00:00", "2026-10-25T00:00:00"),  # ends when two o'clock comes for the first time
    ],
)
def test_a_time_that_the_clock_shows_twice_is_in_utc(starts: str, ends: str) -> None:
    content = request(event(starts=at(starts), ends=at(ends)), BUREAU, BART)
    assert line(content, "DTSTART") == f"DTSTART:{at(starts):%Y%m%dT%H%M%SZ}"
    assert line(content, "DTEND") == f"DTEND:{at(ends):%Y%m%dT%H%M%SZ}"
    assert "BEGIN:VTIMEZONE" not in lines(content)


def test_around_the_hour_that_is_skipped_the_dutch_clock_will_do() -> None:
    content = request(event(starts=at("2027-03-28T00:59:00"), ends=at("2027-03-28T01:00:00")), BUREAU, BART)
    assert line(content, "DTSTART") == "DTSTART;TZID=Europe/Amsterdam:20270328T015900"
    assert line(content, "DTEND") == "DTEND;TZID=Europe/Amsterdam:20270328T030000"


def test_an_update_is_the_same_date_with_a_later_version() -> None:
    first, second = request(event(), BUREAU, BART), request(event(**UPDATED), BUREAU, BART, partstat="ACCEPTED")
    for name in ("UID", "ORGANIZER", "METHOD", "SUMMARY", "DTEND"):
        assert line(first, name) == line(second, name)
    assert line(second, "SEQUENCE") == "SEQUENCE:1"
    assert line(second, "DTSTAMP") > line(first, "DTSTAMP")
    assert ";PARTSTAT=ACCEPTED;" in line(second, "ATTENDEE")
    assert line(second, "DTSTART") == "DTSTART;TZID=Europe/Amsterdam:20261006T200000"


@pytest.mark.parametrize("known", [False, True])
def test_a_cancellation_takes_it_off(known: bool) -> None:
    content = cancel(event(sequence=2, cancelled=known), BUREAU, BART)
    assert line(content, "METHOD") == "METHOD:CANCEL"
    assert (line(content, "STATUS"), line(content, "TRANSP")) == ("STATUS:CANCELLED", "TRANSP:TRANSPARENT")
    assert line(content, "SEQUENCE") == "SEQUENCE:2"
    assert line(content, "ORGANIZER") == line(request(event(), BUREAU, BART), "ORGANIZER")
    assert line(content, "ATTENDEE").endswith(":mailto:bart+buurt@example.org")
    assert line(content, "DTSTART") == "DTSTART;TZID=Europe/Amsterdam:20261006T193000"
    assert line(content, "DTEND") == "DTEND;TZID=Europe/Amsterdam:20261006T213000"


def test_a_download_names_nobody() -> None:
    content = download(event(url=ANSWER))
    assert line(content, "METHOD") == "METHOD:PUBLISH"
    assert not {"ATTENDEE", "ORGANIZER"} & set(names(content)) and "mailto:" not in content.decode()


def test_nothing_of_ours_rings() -> None:
    for content in (
        request(event(), BUREAU, BART),
        cancel(event(), BUREAU, BART),
        download(event()),
        feed("x", [event()]),
    ):
        assert b"VALARM" not in content


def test_a_feed_says_its_name_and_how_often_to_ask() -> None:
    content = feed("Bart, bij\nDe Brug", [event()])
    assert line(content, "NAME") == r"NAME:Bart\, bij De Brug"
    assert line(content, "X-WR-CALNAME") == r"X-WR-CALNAME:Bart\, bij De Brug"
    assert line(content, "REFRESH-INTERVAL") == "REFRESH-INTERVAL;VALUE=DURATION:PT1H"
    assert line(content, "X-PUBLISHED-TTL") == "X-PUBLISHED-TTL:PT1H"
    assert line(content, "LAST-MODIFIED") == "LAST-MODIFIED:20260901T080000Z"
    assert not {"ATTENDEE", "ORGANIZER", "METHOD"} & set(names(content))


def test_a_feed_is_the_same_bytes_in_whatever_order_the_dates_come() -> None:
    week = [
        event(uid=f"date-{n}", starts=event().starts + timedelta(days=-(n % 3)), ends=event().ends) for n in range(6)
    ]
    content = feed("Bart", week)
    assert feed("Bart", week[::-1]) == content and etag(feed("Bart", week[3:] + week[:3])) == etag(content)
    order = [one for one in lines(content) if one.startswith("UID:")]
    assert order == [f"UID:date-{n}" for n in (2, 5, 1, 4, 0, 3)]
    assert content.count(b"BEGIN:VTIMEZONE") == 1


def test_any_other_byte_is_another_etag() -> None:
    tags = {etag(feed("Bart", [event(**other)])) for other in ({}, UPDATED, {"place": "Elders"}, {"cancelled": True})}
    assert len(tags) == 4 and all(tag.isalnum() for tag in tags)


@pytest.mark.parametrize(("language", "title"), [("nl", "Geannuleerd: Koffie"), ("en", "Cancelled: Koffie")])
def test_a_date_that_is_off_stays_as_a_tombstone(language: str, title: str) -> None:
    off = event(title="Koffie", language=language, cancelled=True, sequence=1)
    for content in (feed("Bart", [off]), download(off)):
        date = date_in(content)
        assert (str(date["SUMMARY"]), date["STATUS"], date["TRANSP"]) == (title, "CANCELLED", "TRANSPARENT")
        assert (date["UID"], date["SEQUENCE"]) == (off.uid, 1)


def test_a_feed_without_dates_is_still_a_calendar() -> None:
    assert not calendar_in(feed("Bart", [])).walk("VEVENT")


def test_online_the_place_is_the_link_and_the_link_a_button() -> None:
    content = request(event(place="", link=ONLINE), BUREAU, BART)
    assert line(content, "LOCATION") == f"LOCATION:{ONLINE}"
    assert line(content, "CONFERENCE") == f"CONFERENCE;FEATURE=VIDEO;LABEL=Online meedoen;VALUE=URI:{ONLINE}"


def test_with_a_place_the_link_is_in_the_text_and_only_once() -> None:
    told = event(description=f"Doe mee: {ONLINE}\n{ANSWER}", link=ONLINE)
    assert str(date_in(download(event(link=ONLINE)))["DESCRIPTION"]).endswith(f"{ANSWER}\n{ONLINE}")
    assert str(date_in(download(told))["DESCRIPTION"]) == told.description
    assert line(download(told), "LOCATION") == line(download(event()), "LOCATION")


@pytest.mark.parametrize("link", ["http://praten.example/x", "Bel 030 123 45 67", "https://praten.example/a;b"])
def test_what_no_calendar_can_open_is_told_but_is_no_button(link: str) -> None:
    content = request(event(place="", link=link, url=link), BUREAU, BART)
    assert str(date_in(content)["LOCATION"]) == link
    assert not {"CONFERENCE", "URL"} & set(names(content))


def test_what_looks_like_html_is_a_text() -> None:
    date = date_in(download(event(title="1 < 2 <b>Koffie</b> <3", description=f'<a href="{ONLINE}">Kom</a> {ANSWER}')))
    assert date["SUMMARY"] == "1 < 2 < b>Koffie< /b> <3"
    assert date["DESCRIPTION"] == f'< a href="{ONLINE}">Kom< /a> {ANSWER}'


def test_a_long_text_keeps_the_link_at_its_end() -> None:
    written = str(date_in(download(event(description="Welkom! " * 2000 + ANSWER, link=ONLINE)))["DESCRIPTION"])
    assert len(written) <= 8000 and written.startswith("Welkom!") and written.endswith(f"{ANSWER}\n{ONLINE}")


def test_addresses_are_written_as_mail_writes_them() -> None:
    content = request(event(), BUREAU, Party("", "o'neil&zoon@bücher.example"))
    attendee = line(content, "ATTENDEE")
    assert attendee.endswith(":mailto:o'neil%26zoon@xn--bcher-kva.example")
    assert attendee.startswith('ATTENDEE;CN="o\'neil&zoon@bücher.example";'), "who gave no name"
