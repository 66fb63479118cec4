"""Places that come free: asked first, who waits longest, buddies together, once, and only who can sit there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from tests.web import cast as casting
from tests.web import places
from tests.web.cast import NOW, Cast
from tests.web.places import Tables
from web import world
from web.rows import AuditLine, DueLetter, Gathering, Invitation, Offer, Signup, Staff, TimeSlot, db
from web.rows.invitations import InvitationState, OfferState, Partstat
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.services import signups
from web.services.groups import offers
from web.services.invitations.rsvp import answer
from web.services.plans import current, own_table
from web.services.privacy import erase, export
from web.transaction import transaction

pytestmark = pytest.mark.slow

EIGHT = "Ada Bea Cas Dik Eef Fem Guus Han"


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def table(app: Flask, cast: Cast) -> Tables:
    """One full table of eight on the first evening, and two who wait."""
    tables = places.laid(app, cast, EIGHT)
    tables.waits("Ina")
    tables.waits("Jan")
    return tables


def letters(signup: Signup) -> list[DueLetter]:
    return db.session.query(DueLetter).filter_by(signup_id=signup.id, kind="offer").all()


def says(table: Tables, name: str, partstat: str) -> None:
    """An answer to the invitation."""
    signup = table.people[name]
    invitation = db.session.query(Invitation).filter_by(signup_id=signup.id, state=InvitationState.ON).one()
    answer.answer(db.session, invitation, partstat, by="page", now=world.now(), settings=world.settings())
    db.session.commit()


def test_a_full_table_offers_nothing(table: Tables) -> None:
    assert table.run() == 0
    assert db.session.query(Offer).count() == 0


def test_a_place_that_comes_free_is_offered_to_who_waits_longest_and_nobody_is_placed_unasked(table: Tables) -> None:
    table.leaves("Ada")
    assert table.run() == 1
    (offer,) = table.open()
    assert (offer.signup.name, offer.session_id, offer.number) == ("Ina", table.cast.sessions[0], 1)
    assert offer.until == NOW + timedelta(hours=24)
    (letter,) = letters(table.people["Ina"])
    assert (letter.offer, letter.channel, letter.due_at, letter.state) == (offer, "email", NOW, "due")
    assert "Ina" not in table.seated()[table.cast.sessions[0], 1]
    assert not db.session.query(Invitation).filter_by(signup_id=offer.signup_id).count()


def test_the_same_place_is_not_offered_twice(table: Tables) -> None:
    table.leaves("Ada")
    assert [table.run(), table.run()] == [1, 0]
    assert table.asked() == ["Ina"]


def test_who_was_left_out_before_goes_first(table: Tables) -> None:
    table.waits("Kim", priority=1)
    table.leaves("Ada")
    table.run()
    assert table.asked() == ["Kim"]


def test_two_places_two_questions_at_once(table: Tables) -> None:
    table.leaves("Ada")
    table.leaves("Bea")
    assert table.run() == 2
    assert table.asked() == ["Ina", "Jan"]


def test_yes_gives_the_place_the_invitation_and_nothing_to_anybody_else(table: Tables) -> None:
    table.people["Ina"].state = SignupState.WAITING
    table.leaves("Ada")
    table.run()
    before = db.session.query(DueLetter).count()
    (offer,) = table.open()
    table.yes(offer)
    assert (offer.state, offer.ended_at, offer.signup.state) == (OfferState.ACCEPTED, NOW, SignupState.IN)
    assert "Ina" in table.seated()[table.cast.sessions[0], 1]
    (invited,) = db.session.query(Invitation).filter_by(signup_id=offer.signup_id, state=InvitationState.ON)
    assert (invited.partstat, invited.answered_by) == (Partstat.ACCEPTED, "page"), "nobody asks them again"
    new = db.session.query(DueLetter).order_by(DueLetter.id).offset(before).all()
    assert [(letter.kind, letter.signup_id) for letter in new] == [("placed", offer.signup_id)]
    assert table.run() == 0


def test_who_said_yes_to_a_place_comes_and_reads_that_this_is_why(table: Tables) -> None:
    table.leaves("Ada")
    table.run()
    (offer,) = table.open()
    table.yes(offer)
    mine = db.session.query(Invitation).filter_by(signup_id=offer.signup_id).one()
    assert (mine.partstat, mine.answered_by, mine.answered_at) == (Partstat.ACCEPTED, "page", NOW)
    assert own_table.why(db.session, offer.signup, world.settings()) == ("Er kwam een plek vrij en jij zei ja.",)
    (other,) = db.session.query(Invitation).filter_by(signup_id=table.people["Bea"].id)
    assert other.partstat == "NEEDS-ACTION", "nobody else said anything"
    assert len(own_table.why(db.session, table.people["Bea"], world.settings())) == 2


def test_a_later_plan_is_why_somebody_sits_where_they_were_asked_to(table: Tables) -> None:
    table.leaves("Ada")
    table.run()
    (offer,) = table.open()
    table.yes(offer)
    current.plan_of(db.session, table.series).published_at = NOW + timedelta(hours=1)
    assert len(own_table.why(db.session, offer.signup, world.settings())) == 2


def test_who_says_yes_for_somebody_is_named(table: Tables) -> None:
    table.leaves("Ada")
    table.run()
    (offer,) = table.open()
    amina = db.session.get_one(Staff, table.cast.amina)
    with transaction(db.session):
        offers.accept(db.session, offer, by=amina, now=NOW, settings=world.settings())
    assert db.session.query(Invitation).filter_by(signup_id=offer.signup_id).one().answered_by == "staff"


def test_a_second_yes_and_a_no_after_it_change_nothing(table: Tables) -> None:
    table.leaves("Ada")
    table.run()
    (offer,) = table.open()
    table.yes(offer)
    table.yes(offer)
    table.no(offer)
    assert offer.state == OfferState.ACCEPTED
    assert table.seated()[table.cast.sessions[0], 1] == set(EIGHT.split()) - {"Ada"} | {"Ina"}


def test_no_moves_on_at_once_and_who_said_no_stays_on_the_list_but_is_not_asked_this_again(table: Tables) -> None:
    table.leaves("Ada")
    table.run()
    (offer,) = table.open()
    table.no(offer)
    assert (offer.state, table.people["Ina"].state) == (OfferState.DECLINED, SignupState.WAITING)
    assert table.run() == 1
    assert table.asked() == ["Jan"]
    table.no(table.open()[0])
    assert table.run() == 0


def test_silence_moves_on_and_a_yes_after_it_is_too_late(table: Tables) -> None:
    table.leaves("Ada")
    table.run()
    (offer,) = table.open()
    table.app.extensions["clock"].forward(hours=24)
    table.run()
    assert table.asked() == ["Ina"], "until then is until then"
    table.app.extensions["clock"].forward(seconds=1)
    with pytest.raises(offers.OfferOver):
        table.yes(offer)
    table.run()
    assert (offer.state, table.asked()) == (OfferState.EXPIRED, ["Jan"])
    with pytest.raises(offers.OfferOver):
        table.yes(offer)
    assert "Ina" not in table.seated()[table.cast.sessions[0], 1]


def test_who_said_no_to_a_table_may_be_asked_for_another(app: Flask, cast: Cast) -> None:
    table = places.laid(app, cast, EIGHT, "Kas Lea Mia Noa Oda Pim Quin Rik")
    table.waits("Ina")
    table.leaves("Ada")
    table.run()
    table.no(table.open()[0])
    table.leaves("Kas")
    table.run()
    assert [(offer.signup.name, offer.number) for offer in table.open()] == [("Ina", 2)]


def test_a_chair_that_somebody_gave_up_is_offered_and_its_owner_makes_place(table: Tables) -> None:
    says(table, "Ada", Partstat.DECLINED)
    says(table, "Bea", Partstat.DECLINED)
    assert table.run() == 2
    first, second = table.open()
    table.yes(first)
    # Two chairs were given up: it is the older one that goes.
    seats = [seat.signup_id for group in current.groups_of(db.session, table.cast.series) for seat in group.seats]
    assert len(seats) == 8
    assert table.people["Ada"].id not in seats and table.people["Bea"].id in seats
    gone = db.session.query(Invitation).filter_by(signup_id=table.people["Ada"].id).one()
    assert gone.state == "off"
    assert not db.session.query(DueLetter).filter_by(kind="cancelled").count(), "they said so themselves"
    table.yes(second)
    assert table.seated()[table.cast.sessions[0], 1] == set(EIGHT.split()) - {"Ada", "Bea"} | {"Ina", "Jan"}


def test_who_comes_after_all_waits_until_the_offer_is_over(table: Tables) -> None:
    says(table, "Ada", Partstat.DECLINED)
    table.run()
    with pytest.raises(answer.PlaceGone):
        says(table, "Ada", Partstat.ACCEPTED)
    db.session.rollback()
    for offer in table.open():
        table.no(offer)
    says(table, "Ada", Partstat.ACCEPTED)
    assert table.run() == 0, "the chair is taken again"


def test_who_gave_a_place_up_is_not_offered_one_at_the_same_date(table: Tables) -> None:
    for name in ("Ina", "Jan"):
        table.leaves(name)
    says(table, "Ada", Partstat.DECLINED)
    assert table.run() == 0


def test_a_table_may_only_be_offered_to_who_can_come_speaks_its_language_and_can_get_in(app: Flask, cast: Cast) -> None:
    table = places.laid(app, cast, EIGHT)
    table.waits("Elders", sessions=frozenset(cast.sessions[1:]))
    table.waits("Anders", languages=("ar",))
    table.waits("Lusje", needs=("hearing_loop",))
    table.leaves("Ada")
    assert table.run() == 0
    table.waits("Ina", needs=("step_free",))
    table.run()
    assert table.asked() == ["Ina"]


def test_nobody_becomes_the_only_one_of_a_bubble(app: Flask, cast: Cast) -> None:
    table = places.laid(app, cast, EIGHT)
    table.waits("Alleen", bubbles={"age": ["76-plus"]})
    table.waits("Ook", bubbles={"age": ["76-plus"]})
    table.leaves("Ada")
    table.leaves("Bea")
    assert table.run() == 0, "each of them would be alone if the other says no"
    table.waits("Ina")
    table.run()
    assert table.asked() == ["Ina"]


def test_nobody_is_asked_who_fits_only_if_another_says_yes(app: Flask, cast: Cast) -> None:
    told = {"bubbles": {"age": ["76-plus"]}}
    table = places.laid(app, cast, "Ada Bea Cas Dik Eef Fem")
    first, second = table.waits("Een", **told), table.waits("Twee", **told)
    casting.name_each_other(second, first)
    table.waits("Drie", **told)
    assert table.run() == 2
    assert sorted(table.asked()) == ["Een", "Twee"], "a third would be the only one if they do not come"
    table.leaves("Ada")
    assert table.run() == 0
    for offer in table.open():
        table.yes(offer)
    assert table.run() == 1
    assert table.asked() == ["Drie"]


def test_nobody_is_asked_who_fits_only_if_another_says_no(app: Flask, cast: Cast) -> None:
    told = {"bubbles": {"age": ["26-40"]}}
    table = places.laid(app, cast, "Ada Bea Cas Dik Eef", bubbles=dict.fromkeys(("Ada", "Bea", "Cas"), told["bubbles"]))
    for name in ("Een", "Twee"):
        table.waits(name, **told)
    assert table.run() == 1, "four of six are two thirds, five of seven are more"
    table.yes(table.open()[0])
    assert table.run() == 0


def test_buddies_are_asked_together_or_not_at_all(table: Tables) -> None:
    ina, jan = table.people["Ina"], table.people["Jan"]
    casting.name_each_other(ina, jan)
    table.waits("Kim")
    table.leaves("Ada")
    table.run()
    assert table.asked() == ["Kim"], "there is no room for two"
    table.leaves("Bea")
    table.leaves("Cas")
    table.run()
    assert sorted(table.asked()) == ["Ina", "Jan", "Kim"]
    parties = {offer.signup.name: offer.party for offer in table.open()}
    assert parties["Ina"] == parties["Jan"] != parties["Kim"]


def test_a_buddy_of_somebody_at_a_table_is_only_asked_for_that_table(app: Flask, cast: Cast) -> None:
    table = places.laid(app, cast, EIGHT, "Kas Lea Mia Noa Oda Pim Quin Rik")
    ina = table.waits("Ina")
    casting.name_each_other(ina, table.people["Kas"])
    table.leaves("Ada")
    assert table.run() == 0
    table.leaves("Rik")
    table.run()
    assert [(offer.signup.name, offer.number) for offer in table.open()] == [("Ina", 2)]


def test_a_buddy_who_gave_their_place_up_holds_nobody_up(table: Tables) -> None:
    casting.name_each_other(table.people["Ina"], table.people["Ada"])
    says(table, "Ada", Partstat.DECLINED)
    table.run()
    assert table.asked() == ["Ina"]


def test_a_table_with_too_few_people_comes_first(app: Flask, cast: Cast) -> None:
    table = places.laid(app, cast, "Ada Bea Cas Dik Eef Fem", "Kas Lea Mia Noa Oda")
    table.waits("Ina")
    table.leaves("Kas")
    table.run()
    assert [offer.number for offer in table.open()] == [2]


def test_a_table_that_everybody_left_is_none_any_more(app: Flask, cast: Cast) -> None:
    table = places.laid(app, cast, "Ada")
    table.leaves("Ada")
    table.waits("Ina")
    assert table.run() == 0


def test_nothing_is_offered_before_there_is_a_plan(app: Flask, cast: Cast) -> None:
    table = Tables(app, cast, {})
    table.waits("Ina")
    assert table.run() == 0


def test_who_leaves_is_asked_nothing_any_more_and_the_place_moves_on(table: Tables) -> None:
    table.leaves("Ada")
    table.run()
    (offer,) = table.open()
    table.leaves("Ina")
    assert (offer.state, offer.ended_at) == (OfferState.WITHDRAWN, NOW)
    with pytest.raises(offers.OfferOver):
        table.yes(offer)
    assert table.people["Ina"].state == "left"
    table.run()
    assert table.asked() == ["Jan"]


def test_what_there_is_no_room_for_any_more_is_taken_back_last_offered_first(table: Tables) -> None:
    table.leaves("Ada")
    table.leaves("Bea")
    table.run()
    first, second = table.open()
    db.session.get_one(TimeSlot, table.cast.sessions[0]).seats = 7
    db.session.commit()
    table.run()
    assert (first.state, second.state) == ("open", OfferState.WITHDRAWN)
    db.session.get_one(TimeSlot, table.cast.sessions[0]).seats = 6
    db.session.commit()
    with pytest.raises(offers.OfferOver):
        table.yes(first)
    assert first.state == "open", "a refusal changes nothing"
    table.run()
    assert first.state == OfferState.WITHDRAWN


def test_buddies_are_taken_back_together(table: Tables) -> None:
    casting.name_each_other(table.people["Ina"], table.people["Jan"])
    table.leaves("Ada")
    table.leaves("Bea")
    assert table.run() == 2
    db.session.get_one(TimeSlot, table.cast.sessions[0]).seats = 7
    db.session.commit()
    table.run()
    assert table.asked() == []


def test_a_date_that_is_called_off_is_offered_to_nobody(table: Tables) -> None:
    table.leaves("Ada")
    table.run()
    (offer,) = table.open()
    for gathering in db.session.query(Gathering).filter_by(session_id=table.cast.sessions[0]):
        gathering.called_off_at = NOW
    db.session.commit()
    with pytest.raises(offers.OfferOver):
        table.yes(offer)
    table.run()
    assert not table.open()


def test_what_changed_nothing_is_not_thought_about_again(table: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Ina", "Jan"):
        table.leaves(name)
    table.waits("Anders", languages=("ar",))
    table.leaves("Ada")
    vain: dict[int, str] = {}
    assert table.run(vain=vain) == 0
    monkeypatch.setattr(offers.making, "Chooser", None)
    assert table.run(vain=vain) == 0
    monkeypatch.undo()
    table.waits("Kim")
    assert table.run(vain=vain) == 1


def test_if_something_changed_while_we_thought_nobody_is_asked_yet(
    table: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.leaves("Ada")
    choose = offers.making.Chooser.choose

    def meanwhile(self: object, place: object) -> object:
        found = choose(self, place)
        table.people["Jan"].languages = ["nl", "en"]
        db.session.commit()
        return found

    monkeypatch.setattr(offers.making.Chooser, "choose", meanwhile)
    assert table.run() == 0
    monkeypatch.undo()
    assert table.run() == 1


def test_what_staff_say_for_somebody_is_in_the_log(table: Tables) -> None:
    table.leaves("Ada")
    table.leaves("Bea")
    table.run()
    first, second = table.open()
    told = {"by": db.session.get_one(Staff, table.cast.amina), "now": NOW, "settings": world.settings()}
    with transaction(db.session):
        offers.accept(db.session, first, **told)
    with transaction(db.session):
        offers.decline(db.session, second, **told)
    lines = db.session.query(AuditLine).filter(AuditLine.who != "resident").order_by(AuditLine.id).all()
    assert [(line.what, line.about) for line in lines] == [
        ("offer_yes", f"signup:{first.signup_id}"),
        ("offer_no", f"signup:{second.signup_id}"),
    ]


def test_who_waits_hears_by_the_way_they_chose(table: Tables) -> None:
    table.people["Ina"].bounced_at = NOW
    table.leaves("Ada")
    table.run()
    assert letters(table.people["Ina"])[0].channel == "call"


def test_offers_go_along_and_are_erased_with_their_person(table: Tables) -> None:
    table.leaves("Ada")
    table.run()
    ina = table.people["Ina"]
    (told,) = export.take_along(db.session, ina)["offers"]
    assert (told["table"], told["state"]) == (1, "open")
    with transaction(db.session):
        erase.erase(db.session, ina, world.vault(), now=NOW)
    assert not db.session.query(Offer).count()
    assert not db.session.query(DueLetter).filter_by(kind="offer").count()
    assert table.run() == 1


@pytest.mark.parametrize(
    ("end", "brought", "left_out"),
    [
        (OfferState.DECLINED, True, 0),
        (OfferState.EXPIRED, True, 0),
        (OfferState.EXPIRED, False, 1),
        (OfferState.WITHDRAWN, True, 1),
    ],
)
def test_who_could_have_come_was_not_left_out(
    app: Flask, table: Tables, end: str, brought: bool, left_out: int
) -> None:
    table.leaves("Ada")
    table.run()
    (offer,) = table.open()
    offer.state = end
    if brought:
        letters(offer.signup)[0].state = LetterState.SENT
    db.session.commit()
    assert again(table, "Ina") == left_out


def test_who_never_heard_of_a_place_was_left_out_and_who_gave_theirs_up_was_not(table: Tables) -> None:
    assert again(table, "Jan") == 1
    says(table, "Ada", Partstat.DECLINED)
    table.run()
    table.yes(table.open()[0])
    assert again(table, "Ada") == 0


def again(table: Tables, name: str) -> int:
    """The priority of the same person in another series of the project."""
    project = table.series.project
    venue = db.session.get_one(casting.Venue, table.cast.venue)
    other, sessions = casting.series_of(project, venue, slug=f"nog-eens-{name.lower()}")
    db.session.commit()
    told = casting.answers(table.cast, name, sessions=frozenset(s.id for s in sessions))
    new = {"channel": "web", "now": NOW, "once": f"again {name}", "vault": world.vault()}
    with transaction(db.session):
        return signups.sign_up(db.session, other, told, **new).signup.priority
