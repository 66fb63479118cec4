"""A worker that is killed between any two statements loses no letter, and sends none twice."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count, groupby
from pathlib import Path

import pytest
from flask import Flask

from tests.web.cast import NOW, Cast, Clock
from tests.web.databases import Kept
from tests.web.killing import FAILING, MAILDIR, SENDING, SMTP, killed_at
from tests.web.postroom import WELCOME, Room
from tests.web.smtp_server import smtp_sink
from web.channels import Maildir
from web.rows import Signup, db
from web.rows.messages import LetterState
from web.services.outbox.delivery import DOUBT
from web.services.outbox.retries import AGAIN

pytestmark = pytest.mark.slow
LATER = DOUBT + AGAIN[0]


@dataclass(frozen=True)
class End:
    """What became of Bart's letter: where it stands and why, how often it arrived, and whether his address is one."""

    state: str
    channel: str
    fault: str
    arrived: int
    bounced: bool


class Stage(Room):
    """The same moment again and again: Bart is to get his invitation."""

    def keep(self) -> None:
        """From now on every `again` begins with what is in the database now."""
        self.kept = Kept(self.app)

    def again(self) -> None:
        self._let_go()
        self.kept.put_back()
        self.clock.now = NOW
        self.sink.mails.clear()
        self.sink.script.clear()

    def end(self) -> End:
        self.quiet()
        with self.app.app_context():
            letter = self.letter("Bart")
            bounced = db.session.get_one(Signup, letter.signup_id).bounced_at is not None
            return End(letter.state, letter.channel, letter.fault, len(self.sink.mails), bounced)

    def round(self, box: Maildir | None = None) -> None:
        """One round of a worker that has just begun."""
        with self.app.app_context():
            self.send(box)

    def quiet(self) -> None:
        """Until nothing of a dead worker can still arrive at the server."""
        with socket.create_connection(("127.0.0.1", self.sink.port)) as last:
            # Who is greeted came after everybody else.
            last.recv(100)
            opened = self.sink.opened
        self.sink.wait_closed(opened)

    def _let_go(self) -> None:
        """A child may not have our connections to the database."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def stage(app: Flask, cast: Cast, clock: Clock) -> Iterator[Stage]:
    with smtp_sink() as sink:
        stage = Stage(app, cast, clock, sink)
        with app.app_context():
            stage.people("Bart")
            stage.letter("Bart", WELCOME).state = LetterState.SENT
            db.session.commit()
        stage.keep()
        yield stage


def every_kill(
    stage: Stage, work: Callable[[], object], *modules: str, before: Callable[[], object] = lambda: None
) -> Iterator[None]:
    """Kill a worker before its first statement, its second, ... until it is ready; after each it is as it left it."""
    # Whole and here first: what is compiled now no child has to compile.
    stage.again()
    before()
    work()
    for statement in count():
        stage.again()
        before()
        if not killed_at(statement, work, modules):
            assert statement > 20, "hardly anything was looked at"
            return
        yield


def test_by_a_server_all_arrives_once_or_is_in_doubt(stage: Stage) -> None:
    ends = []
    for _ in every_kill(stage, stage.round, SENDING, SMTP):
        stage.clock.now += LATER
        stage.round()
        ends.append(stage.end())
    assert {(end.state, end.arrived) for end in ends} == {
        (LetterState.SENT, 1),
        (LetterState.UNSURE, 0),
        (LetterState.UNSURE, 1),
    }
    # Before it is taken in hand it is sent by the next worker; in doubt only between that and the word of the server.
    assert [state for state, _ in groupby(end.state for end in ends)] == [
        LetterState.SENT,
        LetterState.UNSURE,
        LetterState.SENT,
    ]
    assert {end.fault for end in ends if end.state == LetterState.UNSURE} == {"stopped"}


def test_in_a_folder_all_arrives_once_without_a_doubt(stage: Stage, tmp_path: Path) -> None:
    box = Maildir(tmp_path / "mail", stage.app.extensions["settings"].sender)
    empty = partial(shutil.rmtree, tmp_path / "mail", ignore_errors=True)
    for _ in every_kill(stage, lambda: stage.round(box), MAILDIR, before=empty):
        stage.clock.now += LATER
        stage.round(box)
        assert (stage.end().state, len(box.messages())) == (LetterState.SENT, 1)


def test_at_a_server_that_wants_it_later_it_comes_later_or_is_in_doubt(stage: Stage) -> None:
    ends = []
    wait = partial(stage.sink.say, "DATA", "451 4.7.1 Greylisted")
    for _ in every_kill(stage, stage.round, SENDING, FAILING, before=wait):
        for _ in range(3):
            stage.clock.now += LATER
            stage.round()
        ends.append(stage.end())
    assert {(end.state, end.arrived) for end in ends} == {(LetterState.SENT, 1), (LetterState.UNSURE, 0)}


def test_where_nobody_lives_somebody_calls_whoever_dies(stage: Stage) -> None:
    unknown = partial(stage.sink.say, "RCPT", *["550 5.1.1 No such user"] * 3)
    for _ in every_kill(stage, stage.round, SENDING, FAILING, before=unknown):
        stage.clock.now += LATER
        stage.round()
        end = stage.end()
        assert (end.state, end.channel, end.arrived, end.bounced) == (LetterState.DUE, "call", 0, True)


def test_who_looks_for_what_was_left_may_die_as_well(stage: Stage) -> None:
    with stage.app.app_context():
        letter = stage.letter("Bart")
        letter.state, letter.claimed_at = LetterState.SENDING, NOW - LATER
        db.session.commit()
    stage.keep()
    for _ in every_kill(stage, stage.round, SENDING):
        stage.round()
        end = stage.end()
        assert (end.state, end.fault, end.arrived) == (LetterState.UNSURE, "stopped", 0)
