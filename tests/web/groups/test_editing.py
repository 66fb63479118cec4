"""The board: changes by hand, undone and done again, by two people at once, and solved again around them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from web.errors import Missing, Overtaken
from web.rows import AuditLine, Project, Proposal, Signup, Staff, db
from web.rows.groups import ProposalState
from web.services import signups
from web.services.groups import proposals
from web.services.groups.editor import edits, looking
from web.services.groups.editor.edits import Editing, Place
from web.services.plans.board import Board, changes
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


def hand(cast: Cast, proposal: Proposal, version: int | None = None) -> Editing:
    return Editing(db.session.get_one(Staff, cast.amina), proposal.version if version is None else version, NOW)


def look(app: Flask, proposal: Proposal) -> looking.BoardView:
    return looking.look(db.session, proposal, app.extensions["settings"], "nl", now=NOW)


def somebody(board: Board) -> tuple[str, Place, Place]:
    """A person, their group, and another group."""
    one, two = [g for g in board.groups if g.people][:2]
    return one.people[0], (one.session, one.number), (two.session, two.number)


def test_a_proposal_places_everybody_it_can_and_tells_how_good_it_is(app: Flask, proposal: Proposal) -> None:
    seen = look(app, proposal)
    assert proposal.status == ProposalState.DONE
    assert seen.check.figures.placed == 18
    assert seen.firm == []
    assert seen.bounds["placed"] == 18
    assert seen.gap_percent is not None


def test_a_move_is_one_step_that_can_be_undone_and_done_again(app: Flask, cast: Cast, proposal: Proposal) -> None:
    before = edits.current(db.session, proposal)
    person, origin, target = somebody(before)
    with transaction(db.session):
        edits.move(db.session, proposal, hand(cast, proposal), person, origin, target)
    after = edits.current(db.session, proposal)
    assert [(c.person, c.before, c.after) for c in changes(before, after)] == [(person, origin, target)]
    with transaction(db.session):
        edits.undo(db.session, proposal, hand(cast, proposal))
    assert edits.current(db.session, proposal) == before
    with transaction(db.session):
        edits.redo(db.session, proposal, hand(cast, proposal))
    assert edits.current(db.session, proposal) == after
    with transaction(db.session):
        edits.redo(db.session, proposal, hand(cast, proposal))
    assert edits.current(db.session, proposal) == after


def test_a_new_move_after_undo_forgets_what_was_undone(cast: Cast, proposal: Proposal) -> None:
    person, origin, target = somebody(edits.current(db.session, proposal))
    with transaction(db.session):
        edits.move(db.session, proposal, hand(cast, proposal), person, origin, target)
    with transaction(db.session):
        edits.undo(db.session, proposal, hand(cast, proposal))
    with transaction(db.session):
        edits.move(db.session, proposal, hand(cast, proposal), person, origin, None)
    assert edits.board_at(db.session, proposal, proposal.position + 1) is None
    assert person not in edits.current(db.session, proposal).plan().placed()


def test_the_second_of_two_organisers_overwrites_nothing(cast: Cast, proposal: Proposal) -> None:
    person, origin, target = somebody(edits.current(db.session, proposal))
    seen = proposal.version
    with transaction(db.session):
        edits.move(db.session, proposal, hand(cast, proposal, seen), person, origin, target)
    kept = edits.current(db.session, proposal)
    with pytest.raises(Overtaken), transaction(db.session):
        edits.move(db.session, proposal, hand(cast, proposal, seen), person, target, None)
    with pytest.raises(Overtaken), transaction(db.session):
        edits.undo(db.session, proposal, hand(cast, proposal, seen))
    assert edits.current(db.session, proposal) == kept
    assert [(c.person, c.after) for c in edits.last_changes(db.session, proposal)] == [(person, target)]


def test_a_move_from_where_somebody_is_not_is_refused(cast: Cast, proposal: Proposal) -> None:
    person, origin, target = somebody(edits.current(db.session, proposal))
    with pytest.raises(Overtaken), transaction(db.session):
        edits.move(db.session, proposal, hand(cast, proposal), person, target, origin)
    with pytest.raises(Missing), transaction(db.session):
        edits.lock(db.session, proposal, hand(cast, proposal), person, ("999", 1), True)


def test_somebody_can_be_put_into_a_group_that_is_still_empty(app: Flask, cast: Cast, proposal: Proposal) -> None:
    seen = look(app, proposal)
    empty = next(g for g in seen.board.groups if not g.people)
    person, origin, _ = somebody(seen.board)
    with transaction(db.session):
        edits.move(db.session, proposal, hand(cast, proposal), person, origin, (empty.session, empty.number))
    seen = look(app, proposal)
    assert seen.board.group(empty.session, empty.number).people == (person,)
    assert any(spot.firm for table in seen.tables for card in table.cards for spot in card.spots)
    assert any(rule.change > 0 for rule in seen.rules)


def test_a_locked_person_stays_and_few_others_move_when_the_rest_is_solved_again(
    app: Flask, cast: Cast, proposal: Proposal
) -> None:
    person, origin, target = somebody(edits.current(db.session, proposal))
    with transaction(db.session):
        edits.move(db.session, proposal, hand(cast, proposal), person, origin, target)
    with transaction(db.session):
        edits.lock(db.session, proposal, hand(cast, proposal), person, target, True)
    before = edits.current(db.session, proposal)
    again = casting.propose(app, cast, base=proposal)
    after = edits.current(db.session, again)
    assert person in after.group(*target).people
    assert after.locked(person, after.group(*target))
    assert len({c.person for c in changes(before, after)}) <= 6
    assert edits.current(db.session, proposal) == before


def test_a_lock_follows_a_person_who_is_moved(cast: Cast, proposal: Proposal) -> None:
    person, origin, target = somebody(edits.current(db.session, proposal))
    with transaction(db.session):
        edits.lock(db.session, proposal, hand(cast, proposal), person, origin, True)
    with transaction(db.session):
        edits.move(db.session, proposal, hand(cast, proposal), person, origin, target)
    board = edits.current(db.session, proposal)
    assert board.locked(person, board.group(*target))
    assert len(board.locks) == 1


def test_who_left_is_no_longer_on_the_board_and_a_newcomer_is_named(app: Flask, cast: Cast, proposal: Proposal) -> None:
    person, origin, _target = somebody(edits.current(db.session, proposal))
    with transaction(db.session):
        edits.lock(db.session, proposal, hand(cast, proposal), person, origin, True)
    with transaction(db.session):
        signups.leave(db.session, db.session.get_one(Signup, int(person)), now=NOW)
    app.extensions["clock"].forward(hours=1)
    late = casting.sign_up(app, cast, "Nieuw").signup
    seen = look(app, proposal)
    assert person not in seen.board.plan().placed()
    assert seen.board.locks == ()
    assert seen.newcomers == (str(late.id),)
    assert [u.person.name for u in seen.unplaced] == ["Nieuw"]
    again = casting.propose(app, cast, base=proposal)
    assert str(late.id) in edits.current(db.session, again).plan().placed()


def test_bubbles_are_named_only_where_the_project_says_so(app: Flask, cast: Cast, proposal: Proposal) -> None:
    board = edits.current(db.session, proposal)
    settings = app.extensions["settings"]
    ages = {bubble.texts["nl"] for bubble in settings.dimension("age").bubbles} | {"26-40", "41-60", "61-75"}
    for group in board.groups:
        for person in group.people[1:]:
            with transaction(db.session):
                edits.move(db.session, proposal, hand(cast, proposal), person, (group.session, group.number), None)
    said = [spot.text for rule in look(app, proposal).rules for spot in rule.spots]
    assert said
    assert not [text for text in said for age in ages if age in text]
    assert all(person.told == {} for person in look(app, proposal).people.values())
    db.session.get_one(Project, cast.project).sees_bubbles = True
    db.session.commit()
    assert any(person.told for person in look(app, proposal).people.values())


def test_every_change_by_hand_is_in_the_log_without_a_name(cast: Cast, proposal: Proposal) -> None:
    person, origin, target = somebody(edits.current(db.session, proposal))
    with transaction(db.session):
        edits.move(db.session, proposal, hand(cast, proposal), person, origin, target)
    line = db.session.query(AuditLine).order_by(AuditLine.id.desc()).first()
    assert line is not None
    assert (line.what, line.who, line.about) == ("move", f"staff:{cast.amina}", f"proposal:{proposal.id}")


def test_a_board_survives_being_stored(proposal: Proposal) -> None:
    board = edits.current(db.session, proposal)
    assert Board.read(board.stored()) == board
    assert dataclasses.replace(board, groups=()).stored()["groups"] == []


def test_a_proposal_is_taken_by_one_worker_and_taken_up_again_when_that_one_is_gone(app: Flask, cast: Cast) -> None:
    casting.neighbourhood(app, cast, 6)
    clock = app.extensions["clock"]
    with transaction(db.session):
        proposal = proposals.ask(
            db.session,
            casting.db.session.get_one(casting.Series, cast.series),
            by=db.session.get_one(Staff, cast.amina),
            now=clock(),
            seed=1,
            seconds=1,
            config_hash="",
        )
    assert proposals.due(db.session, clock()) == [proposal.id]
    proposal.status, proposal.beat = "working", clock()
    db.session.commit()
    assert proposals.due(db.session, clock()) == []
    clock.forward(minutes=5)
    assert proposals.due(db.session, clock()) == [proposal.id]
