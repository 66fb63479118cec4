"""What somebody reads around the waiting list is so: after a no, a release, a date that was called off, a leave."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from tests.web.waiting_story import publish_by_hand
from web import world
from web.rows import DueLetter, Invitation, Offer, Signup, Staff, TimeSlot, db
from web.rows.invitations import OfferState, Partstat
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.services import waiting
from web.services.groups import offers, releasing
from web.services.invitations.rsvp import answer
from web.services.schedule import rescheduling
from web.services.waiting import StandingKind, priority
from web.transaction import transaction


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def seated(app: Flask, cast: Cast, names: str, **told: object) -> dict[str, casting.Signed]:
    """People at one table of the first evening."""
    people = {name: casting.sign_up(app, cast, name, bubbles={}, **told) for name in names.split()}
    publish_by_hand(app, cast, cast.sessions[0], [one.signup.id for one in people.values()])
    return people


def invitation_of(signup: Signup) -> Invitation:
    return db.session.query(Invitation).filter_by(signup_id=signup.id).order_by(Invitation.id.desc()).first()


def says(signup: Signup, partstat: str) -> None:
    with transaction(db.session):
        told = {"by": "page", "now": NOW, "settings": world.settings()}
        answer.answer(db.session, invitation_of(signup), partstat, **told)


def run() -> int:
    return offers.run(db.session, NOW, settings=world.settings(), vault=world.vault())


def test_who_gave_a_place_back_reads_so_and_takes_it_back_while_it_is_free(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    ada = seated(app, cast, "Ada Bea")["Ada"]
    says(ada.signup, Partstat.DECLINED)
    page = client.get(f"/mijn/{ada.secret}/").text
    assert "Je gaf je plek terug" in page and "Waarom deze tafel?" not in page
    assert "Je plek is weer van jou" in client.post(f"/mijn/{ada.secret}/terugkomen", follow_redirects=True).text
    db.session.expire_all()
    assert waiting.standing_of(db.session, ada.signup).kind == StandingKind.HAS_PLACE


def test_who_comes_too_late_after_a_no_may_go_on_the_list(app: Flask, client: FlaskClient, cast: Cast) -> None:
    ada = seated(app, cast, "Ada Bea")["Ada"]
    casting.sign_up(app, cast, "Cas", bubbles={})
    db.session.get_one(TimeSlot, cast.sessions[0]).seats = 2
    db.session.commit()
    says(ada.signup, Partstat.DECLINED)
    assert run() == 1
    url = f"/uitnodiging/{invitation_of(ada.signup).token}"
    refused = client.post(url, data={"answer": "yes"})
    assert refused.status_code == 409 and "Zet me op de wachtlijst" in refused.text
    assert "dan is hij weer voor jou" not in refused.text
    assert "Je staat nu op de wachtlijst" in client.post(url, data={"answer": "wait"}, follow_redirects=True).text
    db.session.expire_all()
    assert ada.signup.state == SignupState.WAITING


def test_who_said_that_they_come_hears_of_a_date_that_is_called_off_whatever_still_lay_here(
    app: Flask, cast: Cast
) -> None:
    told = {"reach": "call", "phone": "+31612345678", "email": None}
    people = seated(app, cast, "Ada Bea", **told)
    says(people["Ada"].signup, Partstat.ACCEPTED)
    row = db.session.get_one(TimeSlot, cast.sessions[0])
    with transaction(db.session):
        rescheduling.call_off(
            db.session,
            row,
            by=db.session.get_one(Staff, cast.amina),
            now=NOW,
            version=rescheduling.version_of(row),
            settings=world.settings(),
        )
    due = {
        letter.signup_id: letter.kind
        for letter in db.session.query(DueLetter).filter_by(state=LetterState.DUE)
        if letter.kind != "confirmation"
    }
    assert due == {people["Ada"].signup.id: "cancelled"}, "Bea never heard of it"


def test_a_place_that_was_given_free_for_somebody_is_not_offered_to_them(app: Flask, cast: Cast) -> None:
    ada = seated(app, cast, "Ada Bea")["Ada"].signup
    ada.other_wish = True
    db.session.commit()
    with transaction(db.session):
        amina = db.session.get_one(Staff, cast.amina)
        releasing.release(db.session, ada, (cast.sessions[0], 1), by=amina, now=NOW)
    assert (ada.state, ada.other_wish) == (SignupState.WAITING, False)
    assert run() == 0
    assert db.session.query(Offer).filter_by(state=OfferState.OPEN).count() == 0


def test_who_said_no_to_a_place_does_not_read_that_they_go_first_next_time(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    seated(app, cast, "Ada Bea")
    cas = casting.sign_up(app, cast, "Cas", bubbles={})
    assert priority.goes_first_next_time(db.session, cas.signup)
    assert "ga jij de volgende keer voor" in client.get(f"/mijn/{cas.secret}/").text
    assert run() == 1
    (offer,) = db.session.query(Offer)
    with transaction(db.session):
        offers.decline(db.session, offer, now=NOW, settings=world.settings())
    assert not priority.goes_first_next_time(db.session, cas.signup)
    assert "ga jij de volgende keer voor" not in client.get(f"/mijn/{cas.secret}/").text


def test_the_question_before_leaving_promises_a_place_only_to_who_has_one(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    ada = seated(app, cast, "Ada Bea")["Ada"]
    cas = casting.sign_up(app, cast, "Cas", bubbles={})
    assert "Je krijgt je plek terug" in client.get(f"/mijn/{ada.secret}/afmelden").text
    waits = client.get(f"/mijn/{cas.secret}/afmelden").text
    assert "Je krijgt je plek terug" not in waits and "achteraan op de wachtlijst" in waits


def test_the_page_after_signing_up_leads_on_to_the_table_once_there_is_one(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    ada = casting.sign_up(app, cast, "Ada", bubbles={})
    assert "Waarom deze tafel?" not in client.get(f"/mijn/{ada.secret}/aangemeld").text
    publish_by_hand(app, cast, cast.sessions[0], [ada.signup.id])
    assert "Waarom deze tafel?" in client.get(f"/mijn/{ada.secret}/aangemeld").text


def test_nobody_learns_from_a_page_that_somebody_was_left_out_before(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    """Anybody can sign up under another's name and address: what they see is the same as for who was never there."""
    seated(app, cast, "Ada Bea")
    for name in ("Cas", "Dot"):
        casting.sign_up(app, cast, name)
    eve = casting.sign_up(app, cast, "Eve")
    seen = set()
    for often in (0, 2):
        db.session.get_one(Signup, eve.signup.id).priority = often
        db.session.commit()
        pages = [client.get(f"/mijn/{eve.secret}/{page}") for page in ("", "gegevens", "gegevens.json", "aangemeld")]
        assert {page.status_code for page in pages} == {200}
        texts = (page.text.partition("<h1")[2].partition("</main>")[0] or page.text for page in pages)
        seen.add(tuple(re.sub(r'value="[^"]{40,}"', "", text) for text in texts))
    assert len(seen) == 1
    assert "Je staat op plek 3 van de wachtlijst." in next(iter(seen))[0]
