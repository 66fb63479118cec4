"""To whom a mail was sent, and a Maildir to read from."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.web.mails import BOUNCE, FATIMA, INVITED, RCPT, calendar, mail, part, words
from web.channels.faults import Later
from web.replies import MailLimits, judge
from web.replies.mailboxes import Received, received
from web.replies.maildir import MaildirMailbox
from web.replies.memory import Memory

DOMAIN = "buurt.example"


@pytest.mark.parametrize(
    ("head", "rcpt"),
    [
        (f"Delivered-To: {RCPT}\nTo: iemand@x.example", RCPT),
        (f"Delivered-To: <{RCPT.upper()}>", RCPT),
        (f"Delivered-To: postbus@buurt.example\nX-Original-To: {RCPT}", RCPT),
        (f"Delivered-To: postbus@buurt.example\nEnvelope-To: {BOUNCE}\nTo: {RCPT}", BOUNCE),
        (f"X-Envelope-To: {BOUNCE}", BOUNCE),
        (f"Delivered-To: postbus@buurt.example\nDelivered-To: {RCPT}\nTo: x@y.example", "postbus@buurt.example"),
        (f"To: Buurt <x@y.example>, =?utf-8?q?a?= <{RCPT}>", RCPT),
        (f"To: x@y.example\nCc: {RCPT}", RCPT),
        (f'To: "{RCPT}" <x@y.example>', ""),
        (f"To: {RCPT}.boef.example", ""),
        (f"Bcc: {RCPT}\n\nDelivered-To: {RCPT}", ""),
        ("", ""),
    ],
)
def test_to_whom_our_own_server_delivered_it(head: str, rcpt: str) -> None:
    for raw in (f"{head}\n\nHallo", f"{head}\n\nHallo".replace("\n", "\r\n")):
        assert received(raw.encode(), len(raw), DOMAIN, "1").rcpt == rcpt


@pytest.mark.parametrize(
    ("head", "mail_from"),
    [
        (f"Return-Path: <{FATIMA}>\nReturn-Path: <x@y.example>", FATIMA),
        ("Return-Path: <>", ""),
        (f"From: {FATIMA}", None),
    ],
)
def test_who_sent_it_is_on_the_envelope_or_not_known(head: str, mail_from: str | None) -> None:
    assert received(f"{head}\n\nHallo".encode(), 9, DOMAIN, "1").mail_from == mail_from


@pytest.fixture
def box(tmp_path: Path) -> MaildirMailbox:
    """A Maildir with nothing in it."""
    for name in ("tmp", "new", "cur"):
        (tmp_path / "inbox" / name).mkdir(parents=True)
    return MaildirMailbox(tmp_path / "inbox", domain=DOMAIN, limits=MailLimits(mail_bytes=10_000))


def delivered(folder: Path, name: str, body: bytes, at: int) -> bytes:
    """A mail that arrived at a moment."""
    raw = f"Delivered-To: {RCPT}\n".encode() + mail(body)
    path = folder / "inbox" / name
    path.write_bytes(raw)
    os.utime(path, (at, at))
    return raw


def texts(found: list[Received]) -> list[bytes]:
    """What they hold."""
    return [one.raw for one in found]


def test_mail_comes_in_order_until_it_is_done(box: MaildirMailbox, tmp_path: Path) -> None:
    late, early = (
        delivered(tmp_path, "new/a", words("laat"), 200),
        delivered(tmp_path, "cur/b:2,S", words("vroeg"), 100),
    )
    for name in ("cur/c:2,ST", "tmp/d", "new/.e"):
        delivered(tmp_path, name, words("niet"), 50)
    found = list(box.messages())
    assert (texts(found), {one.rcpt for one in found}) == ([early, late], {RCPT})
    assert list(box.messages()) == found
    box.done(found[0])
    box.done(found[0])
    assert texts(list(box.messages())) == [late]
    box.done(found[1])
    assert list(box.messages()) == []
    left = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"niet" in left.replace(base64.encodebytes(b"niet").strip(), b"niet")
    assert not any(base64.encodebytes(text).strip() in left for text in (b"vroeg", b"laat")), "what was read is erased"
    box.close()


def test_what_is_not_read_any_more_goes_too(box: MaildirMailbox, tmp_path: Path) -> None:
    (tmp_path / "inbox" / ".Processed" / "cur").mkdir(parents=True)
    (tmp_path / "inbox" / ".Archief" / "cur").mkdir(parents=True)
    at = {".Processed/cur/a:2,S": 300, ".Archief/cur/b": 100, "cur/c:2,ST": 100, "tmp/d": 100, "cur/e:2,ST": 300}
    for name, moment in (*at.items(), ("new/f", 100), ("cur/g:2,S", 100)):
        delivered(tmp_path, name, words("tekst"), moment)
    box.clear(datetime.fromtimestamp(200, UTC))
    left = {path.name for path in (tmp_path / "inbox").rglob("*") if path.is_file()}
    assert left == {"e:2,ST", "f", "g:2,S"}, "thrown away lately, and what has still to be read, however old"


def test_the_same_mail_has_the_same_key_and_another_has_another(box: MaildirMailbox, tmp_path: Path) -> None:
    for name, text in (("new/a", "een"), ("new/b", "twee"), ("cur/a:2,", "een")):
        delivered(tmp_path, name, words(text), 1)
    keys = [one.key for one in box.messages()]
    assert (len(keys), len(set(keys))) == (3, 2)


def test_of_a_mail_that_is_too_large_the_beginning_is_read(box: MaildirMailbox, tmp_path: Path) -> None:
    delivered(tmp_path, "new/a", words("x" * 500_000), 1)
    delivered(tmp_path, "new/b", part(calendar()), 2)
    large, other = box.messages()
    assert len(large.raw) < 300_000 < large.size
    limits = MailLimits(mail_bytes=10_000)
    verdict = judge(large.raw, large.rcpt, None, Memory([INVITED]), limits, size=large.size)
    assert (verdict.reason, verdict.words) == ("too_large", "x" * 1000), "the mail itself will be erased"
    assert judge(other.raw, other.rcpt, None, Memory([INVITED]), limits, size=other.size).outcome == "applied"


def test_a_folder_that_is_not_there_yet_holds_nothing(tmp_path: Path) -> None:
    assert list(MaildirMailbox(tmp_path / "later", domain=DOMAIN).messages()) == []


def test_a_mail_that_cannot_be_read_comes_after_all_others(
    box: MaildirMailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered(tmp_path, "new/a", words("kapot"), 1)
    good = delivered(tmp_path, "new/b", words("heel"), 2)
    delivered(tmp_path, "new/c", words("weg"), 3)
    opened = Path.open

    def failing(path: Path, *args: str) -> object:
        if path.name == "a":
            raise PermissionError
        if path.name == "c":
            path.unlink()
        return opened(path, *args)

    monkeypatch.setattr(Path, "open", failing)
    found = []
    with pytest.raises(Later) as fault:
        found.extend(one.raw for one in box.messages())
    assert (fault.value.kind, fault.value.whole, found) == ("disk", False, [good])


def test_a_disk_that_does_not_work_is_told(
    box: MaildirMailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered(tmp_path, "new/a", words(), 1)
    (one,) = box.messages()

    def failing(path: Path, **_how: object) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "unlink", failing)
    with pytest.raises(Later) as fault:
        box.done(one)
    assert (fault.value.kind, fault.value.whole) == ("disk", True)
    assert texts(list(box.messages())) == [one.raw]
