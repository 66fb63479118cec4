"""The waiting list as people meet it: a free place goes to who waits, in order, and everybody reads the same state."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from tests.web.waiting_story import publish_by_hand
from web import world
from web.jobs import worldly
from web.rows import DueLetter, Invitation, Series, Signup, TimeSlot, db
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.services import signups, waiting
from web.services.groups import offers
from web.services.invitations.rsvp import answer
from web.services.outbox.packing import LetterOvertaken, pack
from web.services.privacy import erase
from web.services.schedule import manage
from web.services.schedule.manage import CapacityBelow, Outline
from web.services.signups import buddies
from web.services.waiting import StandingKind
from web.transaction import transaction


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


class List:
    """A series with two places: who signs up by name, and how they stand."""

    def __init__(self, app: Flask, cast: Cast, names: str = "Ada Bea Cas Dik", capacity: int | None = 2) -> None:
        self.app, self.cast = app, cast
        self.people: dict[str, Signup] = {}
        self.secrets: dict[str, str] = {}
        self.series.capacity = capacity
        db.session.commit()
        for name in names.split():
            self.signs_up(name)

    @property
    def series(self) -> Series:
        return db.session.get_one(Series, self.cast.series)

    def signs_up(self, name: str, **told: object) -> None:
        signed = casting.sign_up(self.app, self.cast, name, **{"bubbles": {}, **told})
        self.people[name], self.secrets[name] = signed.signup, signed.secret

    def comes_with(self, name: str, other: str) -> None:
        """Signs up with the code of somebody, who says yes."""
        self.signs_up(name, buddy=self.people[other].code)
        with transaction(db.session):
            buddies.answer(db.session, self.people[other], self.people[name].code, True, now=NOW)

    def leaves(self, name: str) -> None:
        with transaction(db.session):
            signups.leave(db.session, self.people[name], now=NOW)

    def returns(self, name: str) -> None:
        with transaction(db.session):
            signups.come_back(db.session, self.people[name], now=NOW, settings=world.settings())

    def gets(self, capacity: int | None) -> None:
        series = self.series
        outline = Outline(series.title, series.intro, series.format, capacity)
        amina = db.session.get_one(casting.Staff, self.cast.amina)
        with transaction(db.session):
            manage.update(db.session, series, outline, by=amina, now=NOW)

    def inside(self) -> str:
        return " ".join(name for name, one in self.people.items() if one.state == SignupState.IN)

    def queue(self) -> list[str]:
        found = {name: waiting.standing_of(db.session, one).place for name, one in self.people.items()}
        return sorted((name for name, place in found.items() if place), key=lambda name: found[name])

    def sent(self) -> None:
        db.session.query(DueLetter).update({DueLetter.state: LetterState.SENT})
        db.session.commit()

    def heard(self, name: str) -> list[str]:
        mine = db.session.query(DueLetter).filter_by(signup_id=self.people[name].id, state=LetterState.DUE)
        return [letter.kind for letter in mine.order_by(DueLetter.id)]


def test_who_waits_gets_the_place_of_who_leaves_and_a_letter_in_the_same_transaction(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "Ada Bea Cas")
    listed.sent()
    listed.leaves("Ada")
    assert listed.inside() == "Bea Cas"
    assert listed.heard("Cas") == ["moved_up"]
    listed.signs_up("Dik")
    assert (listed.inside(), listed.queue()) == ("Bea Cas", ["Dik"])


def test_while_anybody_waits_a_newcomer_waits_too(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "Ada")
    listed.signs_up("Bea")
    listed.signs_up("Cas")
    listed.comes_with("Dik", "Cas")
    assert listed.queue() == ["Cas", "Dik"]
    # One place comes free, and those two come together.
    listed.leaves("Ada")
    assert listed.queue() == ["Cas", "Dik"]
    listed.signs_up("Eef")
    assert "Eef" in listed.inside(), "a place that nobody who waits can take is taken"
    listed.signs_up("Fem")
    assert listed.queue() == ["Cas", "Dik", "Fem"]


def test_buddies_move_up_together(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "Ada Bea Cas")
    listed.signs_up("Dik")
    listed.comes_with("Eef", "Cas")
    assert listed.queue() == ["Cas", "Eef", "Dik"], "who comes with somebody waits beside them"
    listed.gets(4)
    assert (listed.inside(), listed.queue()) == ("Ada Bea Cas Eef", ["Dik"])


def test_who_leaves_and_returns_comes_at_the_end(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "Ada Bea Cas Dik")
    listed.leaves("Ada")
    listed.returns("Ada")
    assert (listed.inside(), listed.queue()) == ("Bea Cas", ["Dik", "Ada"])


@pytest.mark.parametrize("more", [3, None])
def test_a_larger_capacity_goes_to_who_waits_in_order(app: Flask, cast: Cast, more: int | None) -> None:
    listed = List(app, cast)
    listed.gets(more)
    assert listed.inside() == ("Ada Bea Cas" if more else "Ada Bea Cas Dik")
    assert listed.queue() == (["Dik"] if more else [])


def test_nobody_loses_a_place_by_a_smaller_capacity(app: Flask, cast: Cast) -> None:
    listed = List(app, cast)
    with pytest.raises(CapacityBelow):
        listed.gets(1)
    db.session.expire_all()
    assert (listed.inside(), listed.series.capacity) == ("Ada Bea", 2)


def test_an_organiser_reads_why_a_capacity_is_too_small(app: Flask, client: FlaskClient, cast: Cast) -> None:
    List(app, cast)
    casting.log_in(client, cast.amina)
    url = f"/werk/{cast.series}/wijzigen"
    answered = client.post(url, data={"title": "Koken", "intro": "", "format": "koken", "capacity": "1"})
    assert answered.status_code == 422
    assert "Er doen al 2 mensen mee" in answered.text and 'value="1"' in answered.text


def test_who_is_erased_makes_room(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "Ada Bea Cas")
    with transaction(db.session):
        erase.erase(db.session, listed.people.pop("Ada"), world.vault(), now=NOW)
    assert listed.inside() == "Bea Cas"


def test_a_confirmation_that_did_not_go_out_yet_says_it_and_nothing_says_it_twice(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "Ada Bea Cas")
    listed.leaves("Ada")
    assert listed.heard("Cas") == ["confirmation"]


def test_places_that_came_free_are_filled_when_groups_are_made_and_the_others_hear_so(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, " ".join(f"Q{number}" for number in range(10)), capacity=6)
    listed.sent()
    for name in ("Q0", "Q1"):
        listed.leaves(name)
    assert listed.inside() == "Q2 Q3 Q4 Q5 Q6 Q7"
    publish_by_hand(app, cast, cast.sessions[0], [listed.people[name].id for name in listed.inside().split()])
    assert {name: listed.heard(name) for name in ("Q2", "Q8", "Q9")} == {
        "Q2": ["placed"],
        "Q8": ["waiting"],
        "Q9": ["waiting"],
    }
    # There are two chairs more than people, but no more people may take part.
    assert offers.run(db.session, NOW, settings=world.settings(), vault=world.vault()) == 0
    listed.gets(7)
    assert offers.run(db.session, NOW, settings=world.settings(), vault=world.vault()) == 1


def test_who_moved_up_and_has_a_table_by_now_hears_of_the_table_only(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "Ada Bea Cas")
    listed.sent()
    listed.leaves("Ada")
    publish_by_hand(app, cast, cast.sessions[0], [listed.people[name].id for name in ("Bea", "Cas")])
    moved, placed = db.session.query(DueLetter).filter_by(signup_id=listed.people["Cas"].id, state=LetterState.DUE)
    assert (moved.kind, placed.kind) == ("moved_up", "placed")
    with pytest.raises(LetterOvertaken):
        pack(db.session, moved, NOW, worldly(app))
    assert "Je hebt een plek" in pack(db.session, placed, NOW, worldly(app)).text


def test_who_is_left_out_waits_from_then_on_and_hears_it_once(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "Ada Bea Cas", capacity=None)
    listed.sent()
    ids = [listed.people[name].id for name in ("Ada", "Bea")]
    publish_by_hand(app, cast, cast.sessions[0], ids)
    assert (listed.queue(), listed.heard("Cas")) == (["Cas"], ["waiting"])
    listed.sent()
    publish_by_hand(app, cast, cast.sessions[0], ids)
    assert listed.heard("Cas") == []


def test_who_signs_up_after_the_groups_were_made_waits_and_is_in_the_next_ones(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "Ada Bea", capacity=None)
    publish_by_hand(app, cast, cast.sessions[0], [one.id for one in listed.people.values()])
    listed.signs_up("Cas")
    assert listed.queue() == ["Cas"]
    publish_by_hand(app, cast, cast.sessions[0], [one.id for one in listed.people.values()])
    assert (listed.queue(), listed.inside()) == ([], "Ada Bea Cas")


def test_who_was_asked_for_a_place_that_is_taken_back_hears_so(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "Ada Bea Cas", capacity=2)
    publish_by_hand(app, cast, cast.sessions[0], [listed.people[name].id for name in ("Ada", "Bea")])
    listed.leaves("Ada")
    assert offers.run(db.session, NOW, settings=world.settings(), vault=world.vault()) == 1
    listed.sent()
    listed.gets(1)
    offers.run(db.session, NOW, settings=world.settings(), vault=world.vault())
    assert listed.heard("Cas") == ["taken_back"]


def test_who_gave_a_place_back_is_asked_nothing_until_they_want_to_come(app: Flask, cast: Cast) -> None:
    listed = List(app, cast, "Ada Bea Cas", capacity=2)
    publish_by_hand(app, cast, cast.sessions[0], [listed.people[name].id for name in ("Ada", "Bea")])
    invitation = db.session.query(Invitation).filter_by(signup_id=listed.people["Ada"].id).one()
    with transaction(db.session):
        answer.answer(db.session, invitation, "DECLINED", by="page", now=NOW, settings=world.settings())
    assert waiting.standing_of(db.session, listed.people["Ada"]).kind == StandingKind.GAVE_BACK
    assert listed.queue() == ["Cas"]
    assert offers.run(db.session, NOW, settings=world.settings(), vault=world.vault()) == 1, "Cas, and not Ada"
    listed.returns("Ada")
    assert listed.queue() == ["Cas", "Ada"]


def test_everything_says_the_same_state(app: Flask, client: FlaskClient, cast: Cast) -> None:
    listed = List(app, cast, "Ada Bea Cas Dik", capacity=3)
    publish_by_hand(app, cast, cast.sessions[0], [listed.people[name].id for name in ("Ada", "Bea")])
    listed.leaves("Bea")
    slot = db.session.get_one(TimeSlot, cast.sessions[0])
    number = waiting.standing_of(db.session, listed.people["Ada"]).tables
    assert number == ((slot, 1),)
    casting.log_in(client, cast.amina)
    page = client.get(f"/werk/{cast.series}/aanmeldingen").text
    for words in ("tafel 1 op", "wacht, plek 1", "wacht, plek 2", "afgemeld"):
        assert words in page, words
    waits = client.get(f"/werk/{cast.series}/aanmeldingen?only=waiting").text
    assert ("Cas" in waits, "Dik" in waits, "Ada" in waits) == (True, True, False)
    one = client.get(f"/werk/{cast.series}/aanmeldingen/{listed.people['Ada'].id}").text
    assert "tafel 1 op" in one


def test_who_waits_reads_it_before_the_first_question_and_at_the_end_and_never_in_green(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    listed = List(app, cast, "Ada Bea Cas")
    for url in ("/doe-mee/zuid/samen-koken/", "/doe-mee/zuid/samen-koken/aanmelden/1"):
        assert "wachtlijst" in client.get(url).text, url
    for ending in ("", "aangemeld"):
        page = client.get(f"/mijn/{listed.secrets['Cas']}/{ending}").text
        assert "plek 1 van de wachtlijst" in page
        assert "Je bent aangemeld" not in page and "alert--ok" not in page
