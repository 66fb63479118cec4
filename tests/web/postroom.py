"""A room where letters go out: people with letters that wait, a mail server, and what became of every letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256

from flask import Flask
from sqlalchemy.orm import Session

from config import MailServer
from tests.web import cast as casting
from tests.web import post
from tests.web.cast import Cast, Clock
from tests.web.smtp_server import Sink
from web.channels import Channel, Smtp
from web.rows import DueLetter, Outage, Signup, db
from web.services.outbox import delivery

WELCOME, PLACE = "confirmation", "placed"
_NUMBER = re.compile(rb"^Message-ID: <([0-9a-f]{32})@", re.MULTILINE)


def number_of(raw: bytes) -> str:
    """What a mail has in common with its letter."""
    found = _NUMBER.search(raw)
    assert found is not None
    return found[1].decode()


def number(letter: DueLetter) -> str:
    """What a letter has in common with its mail."""
    return sha256(letter.key.encode()).hexdigest()[:32]


@dataclass
class Room:
    """Everything at hand; all of it needs an application context."""

    app: Flask
    cast: Cast
    clock: Clock
    sink: Sink

    def people(self, *names: str, **more: object) -> None:
        """They signed up and have a place at one evening: each has a welcome and an invitation that wait."""
        ids = [casting.sign_up(self.app, self.cast, name, **more).signup.id for name in names]
        casting.plan_of(self.cast, {(self.cast.sessions[0], 1): ids})
        post.told(self.app, self.cast)

    def smtp(self, password: str = "", **more: object) -> Smtp:
        """A channel to the server, or to another."""
        mail = replace(MailServer("127.0.0.1", self.sink.port, "none", timeout=5), **more)
        return Smtp(mail, password, self.app.extensions["settings"].sender, context=self.sink.context)

    def send(self, channel: Channel | None = None, session: Session | None = None) -> int:
        """One round of the worker."""
        channel = channel or self.smtp()
        try:
            return delivery.send_due(session or db.session, {"email": channel}, self.clock, post.world_of(self.app))
        finally:
            channel.close()

    @contextmanager
    def other(self) -> Iterator[Session]:
        """The database as another process has it."""
        with Session(db.engine) as session:
            yield session

    def arrived(self) -> list[str]:
        """What the server took, in order: 'Bart placed'."""
        names = {number(letter): f"{self.name(letter)} {letter.kind}" for letter in db.session.query(DueLetter)}
        return [names[number_of(mail.raw)] for mail in self.sink.mails]

    def name(self, letter: DueLetter) -> str:
        return db.session.get_one(Signup, letter.signup_id).name

    def letter(self, name: str, kind: str = PLACE) -> DueLetter:
        """The only letter of this kind to somebody."""
        (found,) = [row for row in db.session.query(DueLetter).filter_by(kind=kind) if self.name(row) == name]
        return found

    def states(self) -> dict[str, str]:
        """Where every letter stands."""
        found = db.session.query(DueLetter).order_by(DueLetter.id)
        return {f"{self.name(letter)} {letter.kind}": letter.state for letter in found}

    def outages(self) -> list[tuple[str, str]]:
        """What does not work now, and why."""
        return [(outage.what, outage.fault) for outage in db.session.query(Outage)]
