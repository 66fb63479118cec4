"""The post between a site and its people: real servers for both ways, what everybody got, and what they send back."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import config
from tests.browser import replying
from tests.browser.looking import ROOT
from tests.browser.mailed import DOMAIN, SITE, Mail
from tests.web import imap_server, smtp_server
from tests.web.imap_server import ImapServer
from tests.web.smtp_server import Sink

USER, PASSWORD = "groepen", "van-ons-naar-buiten"
INBOX_PASSWORD = "van-buiten-naar-ons"
KEPT = ROOT / "out" / "post"


@dataclass
class Post:
    """`settings` is a folder with the organisation's settings and `environ` its secrets."""

    settings: Path
    environ: dict[str, str]
    out: Sink
    back: Sink
    inbox: ImapServer

    def mails(self, to: str, method: str | None = None) -> list[Mail]:
        """What somebody got, in order; with this METHOD, or "" for none."""
        return [mail for mail in self.all() if mail.to == to and method in (None, mail.method)]

    def everybody(self) -> set[str]:
        """Who got anything."""
        return {mail.to for mail in self.all()}

    def answer(self, mail: Mail, said: str, program: str = "thunderbird") -> None:
        """Somebody presses a button in their calendar program, which answers the organiser of the event."""
        to, raw = replying.answer(mail, said, program)
        self._deliver(mail.to, to, raw)

    def bounce(self, mail: Mail) -> None:
        """The mailbox of this mail does not exist, its server says, hours after it took the mail."""
        self._deliver("", mail.envelope, replying.returned(mail))

    def keep(self, name: str, content: bytes) -> None:
        """Something to look at afterwards."""
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / name).write_bytes(content)

    def keep_all(self) -> None:
        """Every mail, to look at afterwards."""
        for number, mail in enumerate(self.all()):
            kind = mail.method.lower() or ("reminder" if mail.head["List-Unsubscribe"] else "plain")
            self.keep(f"{mail.to.partition('@')[0]}-{number:03}-{kind}.eml", mail.raw)

    def all(self) -> list[Mail]:
        """Every mail, in order of arrival."""
        return [Mail(mail.receivers[0], mail.sender, mail.raw) for mail in self.out.mails]

    def _deliver(self, sender: str, to: str, raw: bytes) -> None:
        """By SMTP to the organisation's server, which lays it in the mailbox with the envelope on it."""
        assert to.endswith(f"@{DOMAIN}") and re.match(r"(rsvp|bounce)-[a-z0-9]{26,}@", to), to
        with smtplib.SMTP("127.0.0.1", self.back.port, timeout=20) as line:
            line.sendmail(sender, [to], raw)
        came = self.back.mails[-1]
        envelope = f"Return-Path: <{came.sender}>\r\nDelivered-To: {came.receivers[0]}\r\n"
        self.inbox.deliver(envelope.encode() + came.raw)


@contextmanager
def post(folder: Path) -> Iterator[Post]:
    """Servers for both ways."""
    with ExitStack() as stack:
        out = stack.enter_context(
            smtp_server.smtp_sink(security="starttls", user=USER, password=PASSWORD, folder=folder)
        )
        back = stack.enter_context(smtp_server.smtp_sink())
        inbox = stack.enter_context(imap_server.imap_server(INBOX_PASSWORD))
        settings = folder / "settings"
        settings.mkdir()
        shipped = (config.folder.SHIPPED / "settings.toml").read_text()
        (settings / "settings.toml").write_text(_by_servers(shipped, out, inbox))
        yield Post(settings, _secrets(folder, inbox), out, back, inbox)


def _by_servers(shipped: str, out: Sink, inbox: ImapServer) -> str:
    head, mark, rest = shipped.partition("[inbox]")
    ours = {'host = ""': 'host = "127.0.0.1"', "port = 587": f"port = {out.port}", 'user = ""': f'user = "{USER}"'}
    theirs = {
        'host = ""': f'host = "{inbox.host}"',
        "port = 993": f"port = {inbox.tls_port}",
        'user = ""': f'user = "{inbox.user}"',
    }
    return _changed(head, ours) + mark + _changed(rest, theirs)


def _changed(text: str, values: Mapping[str, str]) -> str:
    for old, new in values.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def _secrets(folder: Path, inbox: ImapServer) -> dict[str, str]:
    """Passwords, and the certificates that this machine trusts: those of both servers."""
    trusted = folder / "authorities.pem"
    both = folder / "trusted.pem", inbox.mail.parent / "cert.pem"
    trusted.write_text("".join(file.read_text() for file in both))
    passwords = {"REBUBBELEN_MAIL_PASSWORD": PASSWORD, "REBUBBELEN_INBOX_PASSWORD": INBOX_PASSWORD}
    return passwords | {"REBUBBELEN_URL": SITE, "SSL_CERT_FILE": str(trusted)}
