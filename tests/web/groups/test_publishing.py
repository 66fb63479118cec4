"""Publishing: all or nothing, only those who are concerned hear of it, and no firm breach without a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from web.errors import Overtaken
from web.rows import DueLetter, Plan, Proposal, Seat, Signup, Staff, db
from web.rows.messages import LetterState
from web.services import signups
from web.services.facilitators import access
from web.services.groups import publishing
from web.services.groups.editor import edits
from web.services.groups.editor.edits import Editing
from web.services.privacy import erase
from web.transaction import transaction

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def proposal(app: Flask, cast: Cast) -> Proposal:
    casting.neighbourhood(app, cast, 18)
    return casting.propose(app, cast)


def publish(app: Flask, cast: Cast, proposal: Proposal, **more: Any) -> Plan:
    told: dict[str, Any] = {
        "by": db.session.get_one(Staff, cast.amina),
        "now": NOW,
        "version": proposal.version,
        "reason": "zo is het goed",
        "settings": app.extensions["settings"],
        "vault": app.extensions["vault"],
    }
    with transaction(db.session):
        return publishing.publish(db.session, proposal, **{**told, **more})


def due() -> dict[int | None, list[str]]:
    """The letters to residents that did not go out yet, but for their welcome."""
    found: dict[int | None, list[str]] = {}
    for row in db.session.query(DueLetter).filter(DueLetter.state == LetterState.DUE, DueLetter.signup_id.is_not(None)):
        if row.kind != "confirmation":
            found[row.signup_id] = sorted([*found.get(row.signup_id, []), row.kind])
    return found


def post() -> None:
    """Everything that is due goes out."""
    db.session.query(DueLetter).update({DueLetter.state: LetterState.SENT})
    db.session.commit()


def move_one(app: Flask, cast: Cast, proposal: Proposal, *, out: bool = False) -> str:
    board = edits.current(db.session, proposal)
    one, two = [g for g in board.groups if g.people][:2]
    hand = Editing(db.session.get_one(Staff, cast.amina), proposal.version, NOW)
    target = None if out else (two.session, two.number)
    with transaction(db.session):
        edits.move(db.session, proposal, hand, one.people[0], (one.session, one.number), target)
    return one.people[0]


def test_everybody_with_a_place_is_told_once(app: Flask, cast: Cast, proposal: Proposal) -> None:
    plan = publish(app, cast, proposal)
    assert db.session.query(Seat).count() == 18
    assert len(due()) == 18
    assert set(map(tuple, due().values())) == {("placed",)}
    assert (plan.seed, plan.moves, plan.published_by) == (proposal.seed, 0, cast.amina)
    assert plan.input_hash == proposal.input_hash


def test_only_who_is_concerned_hears_of_a_new_plan(app: Flask, cast: Cast, proposal: Proposal) -> None:
    publish(app, cast, proposal)
    post()
    person = move_one(app, cast, proposal)
    seen = publishing.affected(db.session, proposal, app.extensions["settings"], app.extensions["vault"], NOW)
    assert [c.person for c in seen.moved] == [person]
    assert (len(seen.new), len(seen.lost), seen.unchanged, seen.letters) == (0, 0, 17, {"email": 1})
    settings = app.extensions["settings"]
    lenient = replace(
        settings, formats={**settings.formats, "koken": replace(settings.formats["koken"], may_override=True)}
    )
    publish(app, cast, proposal, reason="Ze is haar buurvrouw." if seen.asks_reason else "", settings=lenient)
    assert due() in ({int(person): ["changed"]}, {int(person): ["cancelled", "changed"]})
    assert [p.current for p in db.session.query(Plan).order_by(Plan.id)] == [False, True]


def test_who_loses_a_place_is_told_so(app: Flask, cast: Cast, proposal: Proposal) -> None:
    publish(app, cast, proposal)
    post()
    person = move_one(app, cast, proposal, out=True)
    seen = publishing.affected(db.session, proposal, app.extensions["settings"], app.extensions["vault"], NOW)
    assert [c.person for c in seen.lost] == [person]
    if not seen.firm:
        publish(app, cast, proposal)
        assert due() == {int(person): ["cancelled"]}


def test_whose_mail_comes_back_is_counted_among_those_who_are_called(
    app: Flask, cast: Cast, proposal: Proposal
) -> None:
    db.session.query(Signup).order_by(Signup.id).first().bounced_at = NOW
    seen = publishing.affected(db.session, proposal, app.extensions["settings"], app.extensions["vault"], NOW)
    assert seen.letters == {"email": 17, "call": 1}


def test_a_firm_breach_is_refused_and_nothing_is_half_done(app: Flask, cast: Cast, proposal: Proposal) -> None:
    board = edits.current(db.session, proposal)
    full = next(g for g in board.groups if g.people)
    for person in full.people[1:]:
        hand = Editing(db.session.get_one(Staff, cast.amina), proposal.version, NOW)
        with transaction(db.session):
            edits.move(db.session, proposal, hand, person, (full.session, full.number), None)
    settings = app.extensions["settings"]
    strict = replace(settings.formats["koken"], may_override=False)
    with pytest.raises(publishing.FirmBreaches):
        publish(app, cast, proposal, reason="Toch", settings=replace(settings, formats={"koken": strict}))
    lenient = replace(settings, formats={"koken": replace(strict, may_override=True)})
    with pytest.raises(publishing.FirmBreaches):
        publish(app, cast, proposal, reason="  ", settings=lenient)
    assert db.session.query(Plan).count() == 0
    assert db.session.query(DueLetter).filter(DueLetter.kind != "confirmation").count() == 0
    plan = publish(app, cast, proposal, reason="De groep kent elkaar al.", settings=lenient)
    assert plan.reason == "De groep kent elkaar al."
    assert any(breach["firm"] for breach in plan.breaches)


def test_what_was_changed_after_the_look_is_not_published(app: Flask, cast: Cast, proposal: Proposal) -> None:
    seen = proposal.version
    move_one(app, cast, proposal)
    with pytest.raises(Overtaken):
        publish(app, cast, proposal, version=seen)
    assert db.session.query(Plan).count() == 0


def test_a_double_click_publishes_once(app: Flask, cast: Cast, proposal: Proposal) -> None:
    seen = proposal.version
    publish(app, cast, proposal, version=seen)
    with pytest.raises(Overtaken):
        publish(app, cast, proposal, version=seen)
    assert db.session.query(Plan).count() == 1


def test_who_left_or_was_erased_after_the_proposal_gets_no_seat(app: Flask, cast: Cast, proposal: Proposal) -> None:
    gone = db.session.query(Signup).order_by(Signup.id).limit(2).all()
    with transaction(db.session):
        signups.leave(db.session, gone[0], now=NOW)
    with transaction(db.session):
        erase.erase(db.session, gone[1], app.extensions["vault"], now=NOW)
    seen = publishing.affected(db.session, proposal, app.extensions["settings"], app.extensions["vault"], NOW)
    assert len(seen.new) == 16


def test_a_leader_hears_of_new_tables_and_keeps_the_link_of_tables_that_stay(
    app: Flask, cast: Cast, proposal: Proposal
) -> None:
    group = next(g for g in edits.current(db.session, proposal).groups if g.people)

    def told() -> list[DueLetter]:
        return db.session.query(DueLetter).filter_by(kind="list_ready").order_by(DueLetter.id).all()

    hand = Editing(db.session.get_one(Staff, cast.amina), proposal.version, NOW)
    with transaction(db.session):
        edits.lead(db.session, proposal, hand, (group.session, group.number), str(cast.chantal))
    publish(app, cast, proposal)
    first = told()
    assert {row.facilitator_id for row in first} == {cast.chantal}
    assert group.session in {str(row.content["session_id"]) for row in first}
    secret, pin = first[0].content["secret"], first[0].content["pin"]
    with transaction(db.session):
        assert access.enter(db.session, secret, pin, NOW + timedelta(days=53), app.extensions["vault"])
    publish(app, cast, proposal)
    assert told() == first


def test_a_leader_who_leads_nothing_there_any_more_hears_so_and_the_link_is_shut(
    app: Flask, cast: Cast, proposal: Proposal
) -> None:
    by = db.session.get_one(Staff, cast.amina)
    group, *others = (g for g in edits.current(db.session, proposal).groups if g.people)
    for each, leader in [(group, str(cast.chantal)), *((other, "") for other in others)]:
        with transaction(db.session):
            edits.lead(db.session, proposal, Editing(by, proposal.version, NOW), (each.session, each.number), leader)
    publish(app, cast, proposal)
    (ready,) = db.session.query(DueLetter).filter_by(kind="list_ready").all()
    secret, pin = ready.content["secret"], ready.content["pin"]
    with transaction(db.session):
        edits.lead(db.session, proposal, Editing(by, proposal.version, NOW), (group.session, group.number), "")
    publish(app, cast, proposal)
    (lost,) = db.session.query(DueLetter).filter_by(kind="list_changed").all()
    assert (lost.facilitator_id, lost.state, lost.content["reason"]) == (cast.chantal, LetterState.DUE, "lost")
    assert str(lost.content["session_id"]) == group.session
    assert [one["starts"] for one in lost.content["before"]], "it says which date"
    assert (ready.state, ready.content) == (LetterState.OVERTAKEN, None), "that link works no longer"
    with pytest.raises(access.NoDoor), transaction(db.session):
        access.enter(db.session, secret, pin, NOW + timedelta(days=53), app.extensions["vault"])
    with transaction(db.session):
        edits.lead(
            db.session, proposal, Editing(by, proposal.version, NOW), (group.session, group.number), str(cast.chantal)
        )
    publish(app, cast, proposal)
    kinds = [
        one.kind for one in db.session.query(DueLetter).filter_by(state=LetterState.DUE, facilitator_id=cast.chantal)
    ]
    assert kinds == ["list_ready"], "who leads it after all does not hear of the change of mind"


def test_who_heard_that_there_is_no_place_does_not_hear_it_again(app: Flask, cast: Cast, proposal: Proposal) -> None:
    late = casting.sign_up(app, cast, "Laat").signup
    publish(app, cast, proposal)
    assert due()[late.id] == ["waiting"]
    later = casting.sign_up(app, cast, "Later").signup
    seen = publishing.affected(db.session, proposal, app.extensions["settings"], app.extensions["vault"], NOW)
    assert seen.waiting == ("Laat", "Later")
    assert seen.letters == {"email": 1}
    post()
    publish(app, cast, proposal)
    assert due() == {later.id: ["waiting"]}
