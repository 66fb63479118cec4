"""Where the answer is in a mail, however the mail is made, and what is not looked at: calendar rules 39 and 44."""

from __future__ import annotations

import re

import pytest

from tests.web.mails import FATIMA, RCPT, calendar, event, judged, mail, part, plainly, several, words
from web.replies import MailLimits, Verdict, judge
from web.replies.memory import Memory

YES = calendar()
NO = calendar(event(ATTENDEE=f"ATTENDEE;PARTSTAT=DECLINED:mailto:{FATIMA}"))
OURS = part(
    calendar(event(ATTENDEE=f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{FATIMA}"), method="REQUEST"), "text/calendar"
)
HTML = part("<html><body>Ja!</body></html>", "text/html; charset=utf-8")
ICS = "application/ics; name=invite.ics"
REPLY = "text/calendar; method=REPLY"
AUTOMATIC = {"Auto-Submitted": "auto-generated"}


def said(verdict: Verdict) -> str:
    """The answer if it counts, else why not."""
    return verdict.partstat if verdict.outcome == "applied" else f"{verdict.outcome} {verdict.reason}"


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (
            several(several(words(), HTML, part(YES), kind="multipart/alternative", boundary="b1"), part(YES, ICS)),
            "ACCEPTED",
        ),
        (several(part(NO, ICS), part(YES)), "ACCEPTED"),
        (several(part(NO, "text/calendar"), part(YES)), "ACCEPTED"),
        (several(OURS, part(YES, ICS)), "ACCEPTED"),
        (several(words(), part(YES, 'application/octet-stream; name="Antwoord.ICS"')), "ACCEPTED"),
        (
            several(
                words(),
                part(YES, "application/octet-stream", "Content-Disposition: attachment; filename*=utf-8''a.ics"),
            ),
            "ACCEPTED",
        ),
        (part(YES, 'text/calendar; charset="utf-8"; METHOD="reply"'), "ACCEPTED"),
        (part(YES, 'TEXT/Calendar;method=REPLY;\r\n\tname*0="a";\r\n name*1="b"'), "ACCEPTED"),
        (part(YES, "text/calendar; method=REQUEST"), "ACCEPTED"),
        (part(calendar(method=None)), "ACCEPTED"),
        (several(part("", "text/calendar; method=REPLY"), part(YES, ICS)), "ACCEPTED"),
        (part(calendar(method="REQUEST")), "review method"),
        (part(YES, "text/plain"), "review words"),
        (several(part(YES), part(NO)), "review several"),
        (several(part(NO, REPLY, "Content-Disposition: attachment; filename=oud.ics"), part(YES)), "ACCEPTED"),
        (several(part(YES), part(YES)), "ACCEPTED"),
        (several(words(), part(YES[:-20])), "review broken"),
        (several(words(), part(YES.replace("END:VEVENT", "END:VTODO"))), "review broken"),
        (several(words(), part("geen agenda")), "review broken"),
        (several(words(), part(b"\x78\x9f\x3e\x22", "application/ms-tnef; name=winmail.dat")), "review winmail"),
        (several(words(), part(b"x", "application/octet-stream; name=winmail.dat")), "review winmail"),
        (HTML, "review words"),
        (several(words(), kind="multipart/encrypted"), "review words"),
    ],
)
def test_the_answer_is_found(body: bytes, answer: str) -> None:
    assert said(judged(mail(body))) == answer


@pytest.mark.parametrize(
    "wrap",
    [
        lambda raw: b"Content-Type: message/rfc822\r\n\r\n" + raw,
        lambda raw: several(words(), b"Content-Type: message/rfc822; name=a.ics\r\n\r\n" + raw),
        lambda raw: several(words(), b"\r\n" + raw, kind="multipart/digest"),
        lambda raw: several(words(), b"Content-Type: text/rfc822-headers\r\n\r\n" + raw),
    ],
)
def test_a_mail_in_a_mail_is_no_answer(wrap: object) -> None:
    assert callable(wrap)
    assert said(judged(mail(wrap(mail(part(YES)))))) == "review words"


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b"\r\n", b"\n"),
        lambda raw: raw.replace(b"\r\n", b"\r\r\n"),
        lambda raw: raw.replace(b"\r\n--b0--\r\n", b""),
        lambda raw: raw.replace(b"\r\n--b0--\r\n", b"\r\n--b0"),
        lambda raw: raw.replace(b'; boundary="b0"', b""),
        lambda raw: raw.replace(b'boundary="b0"', b"boundary=b0 ; x"),
        lambda raw: raw.replace(b"--b0\r\n", b"--b0  \r\n"),
        lambda raw: raw.replace(b"MIME-Version: 1.0\r\n", b"dit is geen veld\r\n\xff\xfe: x\r\n"),
        lambda raw: b"From fatima Fri Oct  2 10:00:00 2026\r\n" + raw,
        lambda raw: raw + b"\r\n--b0\r\nContent-Type: text/calendar; method=REPLY\r\n\r\nonzin",
        lambda raw: raw.replace(b"Subject: ", b"Subject: =?x-onbekend?b?!!!?= =?utf-8?q?=ff?= "),
        lambda raw: raw.replace(b"--b0", b"--=_b+(0)?").replace(b'"b0"', b'"=_b+(0)?"'),
    ],
)
def test_a_mail_that_is_broken_a_little_still_answers(change: object) -> None:
    assert callable(change)
    assert said(judged(change(mail(several(words(), part(YES)))))) == "ACCEPTED"


COMMENTED = calendar(event("COMMENT:Leuk\\, daß is één “ster” 🌳 Yılmaz"))


@pytest.mark.parametrize(
    "body",
    [
        plainly(COMMENTED, encoding="8bit"),
        plainly(COMMENTED, encoding="x-onbekend"),
        plainly(COMMENTED, encoding="base64"),
        plainly("\r\n\r\n" + COMMENTED),
        plainly(b"\xef\xbb\xbf" + COMMENTED.encode()),
        plainly(COMMENTED, kind="text/calendar; method=REPLY; charset=us-ascii"),
        plainly(COMMENTED, kind="text/calendar; method=REPLY; charset=onzin"),
        part(COMMENTED.encode("utf-16"), "text/calendar; method=REPLY; charset=utf-16"),
        plainly(part(COMMENTED).partition(b"\r\n\r\n")[2]),
        part(COMMENTED.replace("\r\n", "\n")),
        part(COMMENTED.replace("\r\n", "\r")),
        part(COMMENTED.replace("\r\n", "\r\r\n")),
        part(COMMENTED.replace("\r\n", "\r\n\r\n")),
        part(COMMENTED.replace("\r\n", "  \r\n").replace("BEGIN", "begin")),
        part(re.sub(r"(?m)^(.{9})(.{9})", "\\1\r\n \\2\r\n\t", COMMENTED)),
        part(
            b"\r\n ".join(COMMENTED.encode()[at : at + 1] for at in range(len(COMMENTED.encode())))
            .replace(b"\r\n \r\r\n \n", b"\r\n")
            .replace(b"\r\r\n \n", b"\r\n")
        ),
        part(COMMENTED.replace(f"mailto:{FATIMA}", f"mailto:{FATIMA[:4]}\r\n{FATIMA[4:]}")),
    ],
)
def test_an_object_that_is_written_oddly_is_read(body: bytes) -> None:
    verdict = judged(mail(body))
    assert (said(verdict), verdict.comment) == ("ACCEPTED", "Leuk, daß is één “ster” 🌳 Yılmaz")


def test_a_set_of_characters_that_is_named_is_used() -> None:
    text = calendar(event("COMMENT:één"))
    for charset in ("iso-8859-1", "windows-1252"):
        assert (
            judged(mail(part(text.encode(charset), f"text/calendar; method=REPLY; charset={charset}"))).comment == "één"
        )
    assert judged(mail(part(text.encode("latin-1"), "text/calendar; method=REPLY; charset=punycode"))).comment == "één"


def test_quoted_printable_is_read() -> None:
    import quopri

    body = plainly(quopri.encodestring(COMMENTED.encode()), encoding="Quoted-Printable")
    assert judged(mail(body)).comment == "Leuk, daß is één “ster” 🌳 Yılmaz"


@pytest.mark.parametrize(
    ("head", "mail_from"),
    [
        (AUTOMATIC, FATIMA),
        ({"Auto-Submitted": "auto-replied; owner-email=x"}, FATIMA),
        ({"X-Autoreply": "yes"}, FATIMA),
        ({"Precedence": "Auto_Reply"}, FATIMA),
        ({"Auto-Submitted": "auto-replied"}, ""),
        ({"Auto-Submitted": "auto-replied", "Return-Path": "<>"}, None),
        ({"From": "MAILER-DAEMON@post.example", "X-A": "1"}, ""),
    ],
)
def test_automatic_mail_is_ignored_only_if_it_holds_no_answer(head: dict[str, str], mail_from: str | None) -> None:
    away = judged(mail(words("Ik ben er niet."), head), mail_from=mail_from)
    assert away.outcome == ("review" if "From" in head else "ignored")
    quoted = judged(mail(several(words("Ik ben er niet."), OURS), head), mail_from=mail_from)
    assert quoted.outcome == away.outcome
    if "From" not in head:
        assert said(judged(mail(several(words(), part(YES)), head), mail_from=mail_from)) == "ACCEPTED"


@pytest.mark.parametrize(
    "head",
    [
        {"Auto-Submitted": "no"},
        {"Auto-Submitted": ""},
        {"Return-Path": f"<{FATIMA}>"},
        {},
        {"X-Auto-Response-Suppress": "All"},
        {"List-Id": "Buurtlijst <lijst.post.example>"},
        {"List-Unsubscribe": "<mailto:x@y.example>"},
        {"Precedence": "list"},
        {"Precedence": "BULK"},
        {
            "Precedence": "junk",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            "List-Unsubscribe": "<mailto:x@y.example>",
        },
    ],
)
def test_what_a_person_sends_is_for_a_person(head: dict[str, str]) -> None:
    assert said(judged(mail(words(), head), mail_from=None)) == "review words"


def nested(depth: int, inside: bytes) -> bytes:
    """Multiparts in each other."""
    for level in range(depth):
        inside = several(inside, boundary=f"n{level}")
    return inside


def test_limits_come_before_parsing() -> None:
    assert said(judged(mail(nested(10, part(YES))))) == "ACCEPTED"
    assert said(judged(mail(nested(11, part(YES))))) == "review too_deep"
    assert said(judged(mail(nested(50, part(YES))))) == "review too_deep"
    assert said(judged(mail(several(part(YES), nested(20, words()))))) == "review too_deep"
    assert said(judged(mail(several(part(YES), *[words()] * 98)))) == "ACCEPTED"
    assert said(judged(mail(several(part(YES), *[words()] * 99)))) == "review too_many_parts"
    filler = event(*["X-A:" + "x" * 60] * 4000)
    assert said(judged(mail(several(words(), part(calendar(filler)))))) == "review calendar_too_large"
    assert said(judged(mail(several(part(YES), part(calendar(filler), ICS))))) == "ACCEPTED"


def test_a_mail_over_the_limit_is_not_parsed() -> None:
    raw = mail(several(part(YES), words("x" * 3000)))
    verdict = judged(raw, limits=MailLimits(mail_bytes=2000))
    # Nothing of it is answered by a program; a person reads how it begins, for the mail itself is not kept.
    assert (said(verdict), verdict.sender, set(verdict.words)) == ("review too_large", FATIMA, {"x"})
    assert said(judged(raw[:300], size=20_000_000)) == "review too_large"
    assert said(judged(raw, limits=MailLimits(mail_bytes=len(raw)))) == "ACCEPTED"


LARGE = 14_000_000


@pytest.mark.parametrize(
    "body",
    [
        several(part(b"\xff\xd8" * (LARGE // 3), "image/jpeg"), part(YES)),
        several(plainly(b"\n" * LARGE, "text/plain"), part(YES)),
        several(plainly(b"-" * LARGE, "text/plain"), part(YES)),
        several(b"X: y\r\n" + b" z\r\n" * (LARGE // 4) + b"\r\nx", part(YES)),
    ],
    ids=["photo", "lines", "line", "head"],
)
def test_a_large_mail_still_answers(body: bytes) -> None:
    assert said(judged(mail(body))) == "ACCEPTED"


@pytest.mark.parametrize(
    "body",
    [
        several(plainly(b"--b0x\n" * (LARGE // 6), "text/plain"), part(YES)),
        nested(3, several(*[b"\r\n"] * 400_000, boundary="z")),
        plainly(b"BEGIN:VEVENT\n" * 20_000),
        plainly(b"BEGIN:VCALENDAR\n" + b"A\n" * 120_000 + b"END:VCALENDAR"),
        plainly(b"BEGIN:VCALENDAR\nATTENDEE" + b';A="' * 60_000 + b"\nEND:VCALENDAR"),
        part("<script" * 9000 + "<!--" * 9000 + "<a " * 9000 + "&" * 9000, "text/html"),
        b'Content-Type: text/calendar; x="' + b";" * 200_000 + b"\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n\r\n--\r\n",
    ],
    ids=["near-boundaries", "parts", "begins", "folds", "quotes", "tags", "parameters", "no-boundary"],
)
def test_hostile_mail_is_for_a_person(body: bytes) -> None:
    assert judged(mail(body)).outcome == "review"


def test_the_caller_is_asked_for_what_can_be_a_token_only() -> None:
    asked: list[str] = []

    class Listening(Memory):
        def invitation(self, token: str) -> None:
            asked.append(token)

    for rcpt in (RCPT, f"rsvp-{'a' * 5000}@x", "rsvp-'; drop@x", "rsvp-@x", "rsvp-é@x", ""):
        judge(mail(words()), rcpt, FATIMA, Listening([]))
    assert asked == [RCPT[5:31]]
