"""Letters that people outside can cause to an address of their choice: few a day, whatever they press."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import config
from tests.web import cast as casting
from tests.web.cast import Cast, Clock
from tests.web.conftest import PLAIN
from web.app import create_app
from web.jobs import worldly
from web.rows import DueLetter, LetterCount, Series, Signup, db
from web.rows.messages import LetterState
from web.services.invitations import reconciling
from web.services.outbox import allowance, together
from web.services.outbox.packing import pack
from web.terms import TERMS
from web.transaction import transaction

pytestmark = pytest.mark.slow

SCREEN = "/doe-mee/zuid/samen-koken/aanmelden/"
VICTIM, NUMBER = "els@voorbeeld.example", "0612345678"
MOST = 5
TRIES = 5


class Stranger:
    """Somebody at one place, who knows an address, a number and the code of somebody else."""

    def __init__(self, app: Flask, cast: Cast, clock: Clock) -> None:
        self.app, self.cast, self.clock = app, cast, clock
        self.client, self.went = app.test_client(), 0
        with app.app_context():
            els = casting.sign_up(app, cast, "Els", email=VICTIM).signup
            self.els, self.code = els.id, els.code
            self._everything_went_out()

    def _everything_went_out(self) -> None:
        db.session.query(DueLetter).update({DueLetter.state: LetterState.SENT})
        db.session.commit()

    def joins(self, name: str, buddy: str = "", **reach: str) -> str:
        """Signs up on the web; the own page, as the last screen shows it."""
        self.client.get(SCREEN[:-1])
        self.client.post(SCREEN + "1", data={"sessions": self.cast.sessions[:2]})
        self.client.post(SCREEN + "2", data={"name": name})
        self.client.post(SCREEN + "3", data=reach or {"reach": "email", "email": VICTIM})
        self.clock.forward(seconds=4)
        done = self.client.post(SCREEN + "4", data={"buddy": buddy})
        return done.location.removesuffix("aangemeld")

    def changes(self, page: str, **reach: str) -> None:
        told = {"name": "X", "sessions": self.cast.sessions[:2], "language": "nl", "languages": ["nl"], **reach}
        assert self.client.post(page + "wijzigen", data=told).status_code == 302

    # What somebody may try

    def signs_up(self) -> None:
        for k in range(TRIES):
            self.joins(f"X{k}")

    def signs_up_with_tags(self) -> None:
        for k in range(TRIES):
            self.joins(f"X{k}", reach="email", email=f"els+{k}@voorbeeld.example")

    def signs_up_by_number(self) -> None:
        for k in range(TRIES):
            self.joins(f"X{k}", reach="text", phone=NUMBER)

    def is_called(self) -> None:
        for k in range(TRIES):
            self.joins(f"X{k}", reach="call", phone=NUMBER)

    def asks_for_links(self) -> None:
        for k in range(3):
            self.joins(f"X{k}")
        for _ in range(TRIES):
            self.client.post("/link-kwijt", data={"reach": VICTIM}, buffered=True)

    def brings_them_there(self) -> None:
        """Signs up with own addresses, and changes them before anything went out."""
        pages = [self.joins(f"X{k}", reach="email", email=f"x{k}@elders.example") for k in range(TRIES)]
        for page in pages:
            self.changes(page, reach="email", email=VICTIM)

    def names_a_buddy(self) -> None:
        for k in range(TRIES):
            self.joins(f"X{k}", self.code, reach="email", email=f"x{k}@elders.example")

    def moves_up(self) -> None:
        """The only place goes to and fro between two."""
        with self.app.app_context():
            db.session.get_one(Series, self.cast.series).capacity = 2
            db.session.commit()
        one, other = self.joins("X1", reach="email", email="x1@elders.example"), self.joins("X2")
        for _ in range(TRIES):
            self.client.post(one + "afmelden")
            self._post()
            self.client.post(one + "terugkomen")
            self.client.post(other + "afmelden")
            self.client.post(other + "terugkomen")

    def comes_and_goes(self) -> None:
        """With a place: every time an invitation is struck through, and comes anew."""
        page = self._placed(VICTIM)
        for _ in range(TRIES):
            self.client.post(page + "afmelden")
            self._post()
            self.client.post(page + "terugkomen")
            self._post()

    def takes_the_invitation_along(self) -> None:
        """With a place, and another address every time."""
        page = self._placed("x@elders.example")
        for k in range(TRIES):
            self.changes(page, reach="email", email=VICTIM)
            self._post()
            self.changes(page, reach="email", email=f"x{k}@elders.example")
            self._post()

    def _placed(self, address: str) -> str:
        page = self.joins("X1", reach="email", email=address)
        with self.app.app_context():
            mine = db.session.query(Signup).order_by(Signup.id.desc()).first()
            casting.plan_of(self.cast, {(evening, 1): [self.els, mine.id] for evening in self.cast.sessions[:2]})
            reconciling.reconcile(db.session, db.session.get_one(Series, self.cast.series), self.clock())
            self._everything_went_out()
            # What staff caused is not the question here.
            db.session.query(DueLetter).delete()
            db.session.commit()
        return page

    def _post(self) -> None:
        """The worker comes by; what goes to the victim is counted where it goes at that moment."""
        with self.app.app_context():
            due = DueLetter.state == LetterState.DUE, DueLetter.due_at <= self.clock()
            for mail in together.split(db.session.query(DueLetter).filter(*due).order_by(DueLetter.id)):
                (to,) = db.session.get_one(Signup, mail[0].signup_id).contact.values()
                self.went += bool(re.fullmatch(r"els(\+\d)?@voorbeeld\.example|\+31612345678", to))
                for letter in mail:
                    letter.state = LetterState.SENT
            db.session.commit()

    def caused(self) -> int:
        """Letters that went to the victim today, or are about to."""
        self._post()
        return self.went


TRIED: tuple[Callable[[Stranger], None], ...] = (
    Stranger.signs_up,
    Stranger.signs_up_with_tags,
    Stranger.signs_up_by_number,
    Stranger.is_called,
    Stranger.asks_for_links,
    Stranger.brings_them_there,
    Stranger.names_a_buddy,
    Stranger.moves_up,
    Stranger.comes_and_goes,
    Stranger.takes_the_invitation_along,
)


@pytest.mark.parametrize("attack", TRIED, ids=lambda attack: attack.__name__)
def test_one_place_causes_few_letters_to_one_address_in_a_day(
    app: Flask, cast: Cast, clock: Clock, attack: Callable[[Stranger], None]
) -> None:
    stranger = Stranger(app, cast, clock)
    attack(stranger)
    caused = stranger.caused()
    print(f"letters to one address in a day, {attack.__name__}: {caused} (most {MOST})")
    assert 0 < caused <= MOST


def test_all_of_it_together_and_after_a_restart_too(
    app: Flask, cast: Cast, clock: Clock, settings: config.Settings, keys: config.Secrets
) -> None:
    stranger = Stranger(app, cast, clock)
    stranger.asks_for_links()
    again = create_app(settings, keys, Path(app.instance_path), secure=False, clock=clock, **PLAIN)
    stranger.app, stranger.client = again, again.test_client()
    for attack in (Stranger.asks_for_links, Stranger.names_a_buddy, Stranger.brings_them_there):
        attack(stranger)
    caused = stranger.caused()
    print(f"letters to one address in a day, all of it: {caused} (most {MOST})")
    assert caused == MOST
    with again.app_context():
        db.session.remove()
        db.engine.dispose()


def test_every_sign_up_is_taken_and_every_page_says_the_same(app: Flask, cast: Cast, clock: Clock) -> None:
    stranger = Stranger(app, cast, clock)
    pages = []
    for k in range(6):
        page = stranger.joins("Nour", reach="email", email=VICTIM if k < 5 else "nieuw@voorbeeld.example")
        pages.append(stranger.client.get(page + "aangemeld").text)
    with app.app_context():
        codes = [signup.code for signup in db.session.query(Signup).order_by(Signup.id)]
    assert len(codes) == 7
    same = {re.sub("|".join([*codes, r"/mijn/\w+/", r'name="csrf_token" value="[^"]*"']), "-", page) for page in pages}
    assert len(same) == 1, "a page would tell whether an address is known"


def test_what_waits_goes_out_the_next_morning_and_counts_are_erased_that_night(
    app: Flask, cast: Cast, clock: Clock, settings: config.Settings
) -> None:
    stranger = Stranger(app, cast, clock)
    stranger.comes_and_goes()
    with app.app_context():
        late = [letter.due_at for letter in db.session.query(DueLetter).filter_by(state=LetterState.DUE)]
        assert late and all(moment.date() > clock().date() for moment in late)
        assert db.session.query(LetterCount).count() > 0
        els = db.session.get_one(Signup, stranger.els)
        hashes = {els.email_hash, els.name_hash}
        assert not hashes & {row.reached_hash for row in db.session.query(LetterCount)}
        clock.forward(days=1)
        with transaction(db.session):
            allowance.forget(db.session, clock())
        assert db.session.query(LetterCount).count() == 0
        assert allowance.take(db.session, VICTIM, allowance.LINKS, clock()), "another day"
    assert any("letter_count" in term.tables for term in TERMS), "the nightly work calls it"


def test_staff_cause_as_many_letters_as_they_need(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    for k in range(6):
        said = {"name": f"Thuis{k}", "contact": VICTIM, "sessions": [str(cast.sessions[0])], "once": f"{k}" * 22}
        amina.post(f"/werk/{cast.series}/balie", data={**said, "channel": "phone", "how": "", "language": "nl"})
    with app.app_context():
        assert db.session.query(DueLetter).filter_by(kind="confirmation", state=LetterState.DUE).count() == 6


def test_one_letter_brings_all_links_and_none_to_who_moved_away(app: Flask, cast: Cast, clock: Clock) -> None:
    """A stranger signs up with the address of somebody, asks for links there, and then changes the own address."""
    with app.test_request_context():
        mine = casting.sign_up(app, cast, "X", email=VICTIM)
    stranger = Stranger(app, cast, clock)
    stranger.client.post("/link-kwijt", data={"reach": VICTIM}, buffered=True)

    def links() -> list[str]:
        with app.test_request_context():
            letter = db.session.query(DueLetter).filter_by(kind="link").one()
            return re.findall(r"/mijn/(\w+)/", pack(db.session, letter, clock(), worldly(app)).text)

    brought = links()
    assert len(set(brought)) == 2
    assert [stranger.client.get(f"/mijn/{secret}/").status_code for secret in brought] == [200, 200]
    stranger.changes(f"/mijn/{mine.secret}/", reach="email", email="x@elders.example")
    assert links() == brought[:1]
