"""Reading answers from a real IMAP server: nothing is lost or put away too early, whatever breaks."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.web.breaking_line import breaking_line
from tests.web.imap_server import ImapServer, imap_server
from tests.web.mails import FATIMA, INVITED, RCPT, calendar, mail, part, words
from web.channels.faults import Later
from web.replies import MailLimits, judge
from web.replies.connecting import Account
from web.replies.imap import ImapMailbox
from web.replies.mailboxes import Received
from web.replies.memory import Memory

pytestmark = pytest.mark.slow

DOMAIN = "buurt.example"


@pytest.fixture(scope="module")
def running() -> Iterator[ImapServer]:
    """One server for all."""
    with imap_server() as server:
        yield server


@pytest.fixture
def server(running: ImapServer) -> ImapServer:
    """An account with nothing in it."""
    for path in [path for path in running.mail.rglob("*") if path.is_file() and path.parent.name in ("new", "cur")]:
        path.unlink()
    return running


def at(server: ImapServer, **changed: Any) -> ImapMailbox:
    """The mailbox, without TLS."""
    right = {"host": "127.0.0.1", "port": server.port, "security": "none", "user": server.user}
    return ImapMailbox(**right | {"password": server.password, "domain": DOMAIN, "timeout": 20} | changed)


def delivered(body: bytes) -> bytes:
    """A mail as our own server puts it down."""
    return f"Return-Path: <{FATIMA}>\r\nDelivered-To: {RCPT}\r\n".encode() + mail(body)


def read(box: ImapMailbox, *, done: bool = False) -> list[Received]:
    """Everything that lies there, put away if you like."""
    found = []
    for one in box.messages():
        found.append(one)
        if done:
            box.done(one)
    return found


@pytest.fixture
def box(server: ImapServer) -> Iterator[ImapMailbox]:
    """The mailbox."""
    box = at(server)
    yield box
    box.close()


def test_mail_comes_in_order_until_it_is_done(server: ImapServer, box: ImapMailbox) -> None:
    mails = [delivered(words(f"Mail {number}")) for number in range(3)]
    for raw in mails:
        server.deliver(raw)
    first = read(box)
    assert [found.raw for found in first] == mails
    assert {(found.rcpt, found.mail_from) for found in first} == {(RCPT, FATIMA)}
    assert read(box) == first
    box.done(first[1])
    assert read(box) == [first[0], first[2]]
    assert read(box, done=True) == [first[0], first[2]]
    assert (read(box), everything(server)) == ([], b""), "what was read is nowhere any more"


def everything(server: ImapServer) -> bytes:
    """All mails in all folders."""
    return b"".join(path.read_bytes() for room in ("new", "cur") for path in server.mail.rglob(f"{room}/*"))


def test_what_is_not_read_any_more_goes_too(server: ImapServer, box: ImapMailbox) -> None:
    """What an earlier version put away, and what somebody threw away; other folders are not ours."""
    for folder, name in ((".Processed", "1:2,S"), (".Elders", "2:2,S"), ("", "3:2,ST"), ("", "4:2,S")):
        room = server.mail / folder / "cur"
        room.mkdir(parents=True, exist_ok=True)
        (room / name).write_bytes(delivered(words(name)))
        for path in (server.mail / folder, room, room / name):
            os.chown(path, *server.owner)
    box.clear(datetime.now(UTC))
    left = everything(server)
    assert [base64.encodebytes(text).strip() in left for text in (b"1:2,S", b"2:2,S", b"3:2,ST", b"4:2,S")] == [
        False,
        True,
        False,
        True,
    ]
    assert len(read(box)) == 1


def test_what_somebody_opened_is_still_read_and_what_is_deleted_is_not(server: ImapServer, box: ImapMailbox) -> None:
    for flags, text in (("S", "gezien"), ("T", "weg")):
        server.deliver(delivered(words(text)))
        (path,) = (server.mail / "new").iterdir()
        path.rename(server.mail / "cur" / f"{path.name}:2,{flags}")
    assert [judge(found.raw, found.rcpt, "", Memory([])).outcome for found in read(box)] == ["ignored"]


def test_an_answer_by_imap_is_an_answer(server: ImapServer, box: ImapMailbox) -> None:
    server.deliver(delivered(part(calendar())))
    (found,) = read(box)
    verdict = judge(found.raw, found.rcpt, found.mail_from, Memory([INVITED]), size=found.size)
    assert (verdict.outcome, verdict.partstat) == ("applied", "ACCEPTED")


def test_of_a_mail_that_is_too_large_only_the_beginning_comes(server: ImapServer) -> None:
    limits = MailLimits(mail_bytes=1_000_000)
    large = delivered(words("x" * 3_000_000))
    server.deliver(large)
    server.deliver(delivered(part(calendar())))
    box = at(server, limits=limits)
    found, other = read(box, done=True)
    assert len(found.raw) < 300_000 < limits.mail_bytes < found.size
    verdict = judge(found.raw, found.rcpt, found.mail_from, Memory([INVITED]), limits, size=found.size)
    assert (verdict.outcome, verdict.reason, verdict.token) == ("review", "too_large", INVITED.token)
    assert (
        judge(other.raw, other.rcpt, other.mail_from, Memory([INVITED]), limits, size=other.size).outcome == "applied"
    )
    assert verdict.words.startswith("xxx"), "what it says is read as far as it goes: the mail itself is erased"
    assert server.lies() == []
    box.close()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_safe_line(server: ImapServer, security: str) -> None:
    server.deliver(delivered(words()))
    port = server.tls_port if security == "tls" else server.port
    safe = {"host": "localhost", "port": port, "security": security}
    box = at(server, **safe, context=server.context)
    assert len(read(box)) == 1
    box.close()
    with pytest.raises(Later) as strange:
        read(at(server, **safe))
    assert (strange.value.kind, strange.value.whole) == ("secure", True)


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"password": "onjuist"}, "login"),
        ({"password": "onjuist é"}, "login"),
        ({"user": "niemand"}, "login"),
        ({"host": "bestaat.niet.invalid"}, "name"),
        ({"host": "a..b"}, "name"),
        ({"port": 1}, "connection"),
        ({"security": "tls"}, "secure"),
    ],
)
def test_what_is_wrong_with_an_account_has_a_word(server: ImapServer, changed: dict[str, object], kind: str) -> None:
    with pytest.raises(Later) as fault:
        read(at(server, **changed))
    assert (fault.value.kind, fault.value.whole) == (kind, True)


def test_a_folder_that_is_missing_is_told(server: ImapServer) -> None:
    with pytest.raises(Later) as fault:
        read(at(server, folder="Bestaat niet"))
    assert (fault.value.kind, fault.value.whole) == ("refused", True)


def test_another_folder_is_read(server: ImapServer) -> None:
    """Also one that is called as that of an earlier version: then it is no such thing."""
    room = server.mail / ".Processed" / "new"
    room.mkdir(parents=True, exist_ok=True)
    (room / "1").write_bytes(delivered(words()))
    for path in (room.parent, room, room / "1"):
        os.chown(path, *server.owner)
    box = at(server, folder="Processed")
    box.clear(datetime.now(UTC))
    assert len(read(box)) == 1
    box.close()


def test_a_password_is_not_shown() -> None:
    assert "geheim" not in repr(Account("localhost", 993, "tls", "iemand", "geheim"))


@pytest.mark.parametrize("after", [0, 60, 700, 1500, 2500, 5000, 9000])
def test_a_line_that_breaks_loses_nothing(server: ImapServer, after: int) -> None:
    mails = [delivered(words(f"Mail {number} " + "x" * 1000)) for number in range(6)]
    for raw in mails:
        server.deliver(raw)
    kept: dict[str, bytes] = {}
    with breaking_line(server.port, after) as port:
        box = at(server, port=port)
        with pytest.raises(Later) as fault:
            for one in box.messages():
                kept[one.key] = one.raw
                box.done(one)
    assert (fault.value.kind, fault.value.whole) == ("connection", True)
    # What was erased was kept before, and the rest comes again.
    assert set(mails) - set(server.lies()) <= set(kept.values())
    box = at(server)
    kept |= {one.key: one.raw for one in read(box, done=True)}
    box.clear(datetime.now(UTC))
    assert (sorted(kept.values()), server.lies()) == (sorted(mails), [])


def test_after_a_break_the_same_mailbox_connects_again(server: ImapServer) -> None:
    for number in range(6):
        server.deliver(delivered(words(f"Mail {number} " + "x" * 1000)))
    # A line of this length does for two of the mails at a time.
    with breaking_line(server.port, 6000) as port:
        box = at(server, port=port)
        for _ in range(20):
            with suppress(Later):
                read(box, done=True)
                break
    box.close()
    at(server).clear(datetime.now(UTC))
    assert server.lies() == []


def test_a_mail_that_vanished_meanwhile_is_passed_over(server: ImapServer, box: ImapMailbox) -> None:
    for number in range(3):
        server.deliver(delivered(words(f"Mail {number}")))
    coming = box.messages()
    first = next(coming)
    other = at(server)
    for one in list(read(other))[1:2]:
        other.done(one)
    other.close()
    assert len([first, *coming]) == 2
    box.done(first)
