"""Whatever comes in gives a verdict, and what a calendar library writes is read as it reads it itself."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event, vCalAddress, vText

from tests.web.mails import (
    BOUNCE,
    FATIMA,
    INVITED,
    NOW,
    PASSED,
    RCPT,
    UID,
    calendar,
    event,
    mail,
    part,
    report,
    several,
    words,
)
from web.replies import MailLimits, objects
from web.replies.judging import _Case, recipient
from web.replies.memory import Memory
from web.replies.plain import decoded, without_markup

OUTCOMES = {"applied", "ignored", "review", "rejected", "bounce"}
WHOLE = [
    mail(several(words(), part(calendar(event("COMMENT:Tot dan"))), part(calendar(), "application/ics"))),
    mail(part(calendar()), {"Authentication-Results": PASSED}),
    mail(report("Action: failed", "Status: 5.1.1")),
    b"Content-Type: text/calendar; method=REPLY\n\n" + calendar().encode(),
]
SNIPPETS = st.sampled_from(
    [
        *b'=";:,@<>\\[]()\x00\xff\n',
        b"\r\n\r\n",
        b"\n ",
        b"--b0",
        b"--b0--",
        b"=?utf-8?b?=",
        b"=?utf\xe9?q?x?=",
        b"BEGIN:VEVENT\n",
        b"END:VCALENDAR\n",
        b"PARTSTAT=",
        b"mailto:",
        b"X-RESPONSE-COMMENT:<p>&#x110000;",
        b"Status: 5",
        b"Content-Type: multipart/mixed; boundary=b0\n",
        b"charset*0*=x'y'%",
        b"filename*=utf-9''%zz",
        b"base64\n\n",
    ]
).map(lambda snippet: bytes([snippet]) if isinstance(snippet, int) else snippet)
CUTS = st.tuples(st.integers(0, 3000), st.integers(0, 40), st.one_of(SNIPPETS, st.binary(max_size=8)))


def looked_at(raw: bytes, rcpt: str = RCPT, mail_from: str | None = None) -> str:
    """The outcome, without the net below the judge."""
    case = _Case(Memory([INVITED]), MailLimits(), *recipient(rcpt), mail_from, "mx.buurt.example", NOW)
    found = case.verdict(raw)
    assert len(found.words) <= 1000 and len(found.comment) <= 1000
    return found.outcome


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(WHOLE),
    st.lists(CUTS, max_size=6),
    st.sampled_from([RCPT, BOUNCE, "x@y"]),
    st.sampled_from(["", None]),
)
def test_a_mail_with_anything_changed_gives_a_verdict(
    raw: bytes, cuts: list[tuple[int, int, bytes]], rcpt: str, mail_from: str | None
) -> None:
    for at, length, instead in cuts:
        raw = raw[:at] + instead + raw[at + length :]
    assert looked_at(raw, rcpt, mail_from) in OUTCOMES


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.sampled_from(["utf-8", "utf-é", "idna", "x", ""]))
def test_any_field_is_readable(value: bytes, charset: str) -> None:
    field = b"Subject: =?" + charset.encode() + b"?b?" + value + b"?= " + value
    assert looked_at(field + b"\r\n\r\nHallo") == "review"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(SNIPPETS, st.binary(max_size=30)), max_size=40).map(b"".join))
def test_any_bytes_give_a_verdict(raw: bytes) -> None:
    assert looked_at(raw) in OUTCOMES - {"applied"}


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "utf-16", "utf-7", "base64", "idna", "x", "\x00", "undefined"]))
def test_any_bytes_are_some_text(raw: bytes, charset: str) -> None:
    assert isinstance(without_markup(decoded(raw, charset)), str)


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]) | st.just("\n"), max_size=200)


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT, st.sampled_from(["ACCEPTED", "DECLINED", "TENTATIVE"]), st.integers(0, 99))
def test_what_a_library_writes_is_read(name: str, comment: str, partstat: str, sequence: int) -> None:
    guest = vCalAddress(f"mailto:{FATIMA}")
    guest.params["CN"], guest.params["PARTSTAT"] = vText(name.replace('"', "'").replace("\n", " ")), vText(partstat)
    entry = Event()
    entry.add("uid", UID)
    entry.add("sequence", sequence)
    entry.add("dtstamp", NOW)
    entry.add("comment", comment)
    entry.add("attendee", guest, encode=0)
    whole = Calendar()
    whole.add("method", "REPLY")
    whole.add_component(entry)
    (found,) = objects.read(whole.to_ical())
    assert (found.uid, found.sequence, found.method, found.kind) == (UID, sequence, "REPLY", "VEVENT")
    assert found.stamp == datetime(2026, 10, 6, 12, tzinfo=UTC)
    assert [(guest.addresses, guest.partstat) for guest in found.guests] == [({FATIMA}, partstat)]
    if without_markup(comment) == comment and "\\" not in comment:
        assert found.comment == str(entry["comment"]).strip()
