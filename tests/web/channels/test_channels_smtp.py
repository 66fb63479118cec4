"""SMTP against a real server: nothing lost, nothing twice, nothing in the open, and every fault has its kind."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from threading import Thread

import pytest

from config import MailServer
from tests.web.parcels import CALENDAR, SENDER, invitation, parcel
from tests.web.smtp_server import CUT, Sink, smtp_sink
from web.channels.codes import fault
from web.channels.faults import KINDS, Later, Never, Withdrawn
from web.channels.smtp import MOST, Smtp

pytestmark = pytest.mark.slow


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink() as sink:
        yield sink


@pytest.fixture
def smtp(sink: Sink) -> Iterator[Smtp]:
    smtp = to(sink)
    yield smtp
    smtp.close()


def to(sink: Sink, password: str = "", **more: object) -> Smtp:
    """A channel to a server."""
    mail = replace(MailServer("127.0.0.1", sink.port, "none", timeout=5), **more)
    return Smtp(mail, password, SENDER, context=sink.context)


def yes() -> bool:
    return True


class TestHandedOver:
    def test_a_mail_arrives_as_it_was_written(self, sink: Sink, smtp: Smtp) -> None:
        sent = invitation(text="Dag,\n.\n..\n.Punten aan het begin\n\nGroet")
        smtp.send(sent, yes)
        (mail,) = sink.mails
        assert (mail.sender, mail.receivers) == (sent.bounce, ("bart@voorbeeld.example",))
        read = message_from_bytes(mail.raw, policy=policy.default)
        assert read.get_body().get_content() == "<!doctype html><p>Dag Bart,<p>Je hebt een plek."
        assert read.get_body(("plain",)).get_content().replace("\r\n", "\n") == sent.text
        parts = {part.get_content_type(): part.get_payload(decode=True) for part in read.walk()}
        assert parts["text/calendar"] == parts["application/ics"] == CALENDAR

    def test_returned_mail_goes_to_the_sender_where_no_other_is_named(self, sink: Sink, smtp: Smtp) -> None:
        smtp.send(parcel(), yes)
        smtp.send(parcel(from_address="rsvp-x@voorbeeld.example"), yes)
        assert [mail.sender for mail in sink.mails] == [SENDER.address, "rsvp-x@voorbeeld.example"]

    def test_many_share_a_connection_but_not_too_many(self, sink: Sink, smtp: Smtp) -> None:
        for i in range(MOST + 5):
            smtp.send(parcel(key=str(i)), yes)
        assert (len(sink.mails), sink.opened) == (MOST + 5, 2)

    def test_nobody_can_say_afterwards_what_a_server_took(self, smtp: Smtp) -> None:
        smtp.send(parcel(), yes)
        assert smtp.holds(parcel()) is None

    def test_an_idle_connection_that_was_cut_is_made_again(self, sink: Sink, smtp: Smtp) -> None:
        smtp.send(parcel(), yes)
        line = smtp._line
        assert line is not None and line.sock is not None
        line.sock.shutdown(socket.SHUT_RDWR)
        smtp.send(parcel(), yes)
        assert (len(sink.mails), sink.opened) == (2, 2)

    def test_trying_the_settings_sends_one_mail_on_a_connection_of_its_own(self, sink: Sink, smtp: Smtp) -> None:
        smtp.test(parcel(subject="Proef"))
        sink.wait_closed(1)
        assert b"Subject: Proef" in sink.mails[0].raw


class TestThePointOfNoReturn:
    def test_the_database_has_the_last_word_right_before_the_dot(self, sink: Sink, smtp: Smtp) -> None:
        asked: list[int] = []

        def sure() -> bool:
            asked.append(len(sink.mails))
            return True

        smtp.send(parcel(), sure)
        assert (asked, len(sink.mails)) == ([0], 1)

    def test_who_hears_no_hands_nothing_over(self, sink: Sink, smtp: Smtp) -> None:
        with pytest.raises(Withdrawn):
            smtp.send(parcel(key="a", subject="Nee"), lambda: False)
        sink.wait_closed(1)
        smtp.send(parcel(key="b", subject="Ja"), yes)
        assert [b"Subject: Ja" in mail.raw for mail in sink.mails] == [True]

    @pytest.mark.parametrize("death", [KeyboardInterrupt, OSError, SystemExit])
    def test_who_fails_there_hands_nothing_over(self, sink: Sink, smtp: Smtp, death: type[BaseException]) -> None:
        def sure() -> bool:
            raise death

        with pytest.raises(death):
            smtp.send(parcel(), sure)
        sink.wait_closed(1)
        assert sink.mails == []

    def test_a_process_that_is_killed_there_hands_nothing_over(self, sink: Sink) -> None:
        code = (
            "import os, signal, sys; from tests.web.channels import test_channels_smtp as t\n"
            "mail = t.MailServer('127.0.0.1', int(sys.argv[1]), 'none', timeout=5)\n"
            "t.Smtp(mail, '', t.SENDER).send(t.invitation(), lambda: os.kill(os.getpid(), signal.SIGKILL))"
        )
        root = Path(__file__).parents[3]
        killed = subprocess.run([sys.executable, "-c", code, str(sink.port)], cwd=root, timeout=60)
        assert killed.returncode == -9
        sink.wait_closed(1)
        assert (sink.opened, sink.mails) == (1, [])

    def test_it_is_not_asked_when_the_receiver_is_refused(self, sink: Sink, smtp: Smtp) -> None:
        sink.say("RCPT", "550 5.1.1 Unknown")
        with pytest.raises(Never):
            smtp.send(parcel(), lambda: pytest.fail("asked"))

    def test_a_line_that_breaks_after_it_is_a_doubt_and_no_fault(self, sink: Sink, smtp: Smtp) -> None:
        sink.say("DATA", CUT)
        with pytest.raises(ConnectionAbortedError):
            smtp.send(parcel(), yes)
        assert len(sink.mails) == 1
        smtp.send(parcel(key="next"), yes)
        assert len(sink.mails) == 2

    @pytest.mark.parametrize(
        ("said", "kind"),
        [
            ("550 5.7.1 Spam", Never("refused", "550 5.7.1")),
            ("552 Too large", Never("large", "552")),
            ("552 5.2.2 Full", Never("full", "552 5.2.2")),
            ("451 4.3.0 Not now", Later("busy", "451 4.3.0")),
            ("421 4.3.2 Closing", Later("busy", "421 4.3.2", whole=True)),
        ],
    )
    def test_an_answer_after_it_is_certain(self, sink: Sink, smtp: Smtp, said: str, kind: Later | Never) -> None:
        sink.say("DATA", said)
        assert_fault(smtp, kind)
        smtp.send(parcel(subject="Daarna"), yes)
        assert len(sink.mails) == 1


def assert_fault(smtp: Smtp, expected: Later | Never) -> None:
    with pytest.raises(type(expected)) as raised:
        smtp.send(parcel(), yes)
    assert (str(raised.value), raised.value.whole) == (str(expected), expected.whole)
    assert "bart" not in repr(raised.value)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


class TestFaults:
    @pytest.mark.parametrize(
        ("phase", "said", "kind"),
        [
            ("RCPT", "451 4.7.1 Greylisted bart@voorbeeld.example", Later("busy", "451 4.7.1")),
            ("RCPT", "452 4.2.2 Full", Later("full", "452 4.2.2")),
            ("RCPT", "550 5.1.1 No such user bart@voorbeeld.example", Never("unknown", "550 5.1.1")),
            ("RCPT", "550 No such user", Never("unknown", "550")),
            ("RCPT", "550 5.7.1 Policy", Never("refused", "550 5.7.1")),
            ("RCPT", "552 5.2.2 Full", Never("full", "552 5.2.2")),
            ("RCPT", "553 5.1.3 Syntax", Never("address", "553 5.1.3")),
            ("RCPT", "554 Go away", Never("refused", "554")),
            ("RCPT", "421 Busy", Later("busy", "421", whole=True)),
            ("MAIL", "452 4.3.1 Storage", Later("busy", "452 4.3.1")),
            ("MAIL", "553 5.7.1 Sender not owned", Later("refused", "553 5.7.1", whole=True)),
            ("MAIL", "530 5.7.0 Authentication required", Later("login", "530 5.7.0", whole=True)),
            ("MAIL", "552 5.3.4 Too large", Never("large", "552 5.3.4")),
        ],
    )
    def test_what_a_server_says_has_a_kind(
        self, sink: Sink, smtp: Smtp, phase: str, said: str, kind: Later | Never
    ) -> None:
        sink.say(phase, said)
        assert_fault(smtp, kind)
        smtp.send(parcel(subject="De volgende"), yes)
        assert len(sink.mails) == 1

    @pytest.mark.parametrize("phase", ["MAIL", "RCPT"])
    def test_a_line_that_breaks_before_the_dot_is_for_later_and_others_may_try(
        self, sink: Sink, smtp: Smtp, phase: str
    ) -> None:
        sink.say(phase, CUT)
        assert_fault(smtp, Later("connection"))
        smtp.send(parcel(), yes)
        assert len(sink.mails) == 1

    def test_a_server_that_is_down_holds_for_everything(self, sink: Sink) -> None:
        with socket.socket() as taken:  # bound, but nobody listens
            taken.bind(("127.0.0.1", 0))
            assert_fault(to(sink, port=taken.getsockname()[1]), Later("connection", whole=True))

    def test_a_server_that_stays_silent_is_not_waited_for(self, sink: Sink) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            assert_fault(to(sink, port=silent.getsockname()[1], timeout=1), Later("connection", whole=True))

    def test_a_server_without_a_name_in_dns(self, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
        def unknown(*_: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        monkeypatch.setattr(socket, "create_connection", unknown)
        assert_fault(to(sink, host="post.buurt.example"), Later("name", whole=True))

    @pytest.mark.parametrize(("said", "kind"), [("421 Full", "busy 421"), ("554 Blocked", "refused 554")])
    def test_a_server_that_does_not_want_us_at_all(self, said: str, kind: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            smtp = Smtp(MailServer("127.0.0.1", listening.getsockname()[1], "none", timeout=5), "", SENDER)

            def greet() -> None:
                with suppress(OSError), listening.accept()[0] as line:
                    line.sendall(f"{said}\r\n".encode())

            thread = Thread(target=greet)
            thread.start()
            digits = kind.split()
            assert_fault(smtp, Later(digits[0], digits[1], whole=True))
            thread.join()

    @pytest.mark.parametrize("address", ["", "bart", "bärt@voorbeeld.example", "b@v.example>\r\nRCPT TO:<x@y.z"])
    def test_what_cannot_be_an_address_never_reaches_a_server(self, sink: Sink, smtp: Smtp, address: str) -> None:
        with pytest.raises(Never) as never:
            smtp.send(parcel(address=address), yes)
        assert (never.value.kind, sink.opened) == ("address", 0)

    @pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA"])
    def test_every_code_has_a_kind_that_the_pages_know(self, phase: str) -> None:
        for code in range(400, 600):
            for detail in ("", *(f"{code // 100}.{i}.{j} x" for i in range(8) for j in range(12))):
                found = fault(phase, code, detail.encode())
                assert found.kind in KINDS
                assert isinstance(found, Never) <= (code >= 500)


class TestUnderALock:
    @pytest.mark.filterwarnings("ignore:Requiring AUTH")  # aiosmtpd does not see that all of it is under a lock
    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_the_password_and_the_mail_travel_under_a_lock(self, security: str, tmp_path: Path) -> None:
        with smtp_sink(security=security, user="groepen", password="geheim", folder=tmp_path) as sink:
            smtp = to(sink, "geheim", security=security, user="groepen")
            smtp.send(parcel(), yes)
            smtp.close()
        assert [(mail.locked, mail.user) for mail in sink.mails] == [(True, "groepen")]

    def test_a_wrong_password_holds_for_everything(self, tmp_path: Path) -> None:
        with smtp_sink(security="starttls", user="groepen", password="geheim", folder=tmp_path) as sink:
            assert_fault(to(sink, "fout", security="starttls", user="groepen"), Later("login", "535", whole=True))
        assert sink.mails == []

    def test_no_password_where_one_is_asked(self, tmp_path: Path) -> None:
        with smtp_sink(security="starttls", user="groepen", password="geheim", folder=tmp_path) as sink:
            assert_fault(to(sink, security="starttls"), Later("login", "530 5.7.0", whole=True))

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_a_certificate_that_nobody_trusts_is_refused(self, security: str, tmp_path: Path) -> None:
        with smtp_sink(security=security, folder=tmp_path) as sink:
            sink.context = None
            assert_fault(to(sink, security=security), Later("secure", whole=True))
        assert sink.mails == []

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_a_server_without_a_lock_gets_nothing(self, sink: Sink, security: str) -> None:
        assert_fault(to(sink, "geheim", security=security, user="groepen"), Later("secure", whole=True))
        assert sink.mails == []

    def test_a_server_that_asks_no_password_is_not_given_one(self, sink: Sink) -> None:
        assert_fault(to(sink, "geheim", user="groepen"), Later("login", whole=True))
