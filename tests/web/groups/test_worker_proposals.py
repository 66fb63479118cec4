"""A proposal as a worker takes it up: by one at a time, again when it was left lying, and not for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher import Format, Group, Lock, Plan, Problem
from matcher.checking import check
from tests.cli.conftest import found
from tests.web import cast as casting
from tests.web.cast import NOW, Cast, Clock
from tests.web.proposals import asked
from web import composing
from web.rows import Proposal, db
from web.rows.groups import ProposalState
from web.services.groups import proposals
from web.transaction import transaction

pytestmark = pytest.mark.slow


def seat(problem: Problem) -> Plan:
    """Everybody who can come the first evening at one table."""
    evening = problem.sessions[0].id
    people = [person.id for person in problem.people if evening in person.sessions]
    return Plan((Group(evening, 1, tuple(sorted(people)), "nl"),))


def solving(problem: Problem, **_: Any) -> Any:
    return found(problem, seat(problem))


def propose(app: Flask, id: int, clock: Clock, solve: Callable[..., Any] = solving, **more: Any) -> None:
    """Let a worker with this solver do it. Needs an application context."""
    extensions = app.extensions
    proposals.propose(
        db.session,
        id,
        settings=extensions["settings"],
        vault=extensions["vault"],
        clock=clock,
        solve=solve,
        mend=solve,
        **more,
    )


def test_due_is_what_was_asked_and_what_was_left_lying(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        new, lost, busy, done = (asked(cast) for _ in range(4))
        for id, status, age in (
            (lost, ProposalState.WORKING, 31),
            (busy, ProposalState.WORKING, 5),
            (done, ProposalState.DONE, 99),
        ):
            row = db.session.get_one(Proposal, id)
            row.status, row.beat = status, NOW - timedelta(seconds=age)
        db.session.commit()
        assert list(proposals.due(db.session, clock())) == [new, lost]
        assert list(proposals.due(db.session, clock(), timedelta(seconds=4))) == [new, lost, busy]
        with transaction(db.session):
            proposals.beat(db.session, lost, NOW)
        with transaction(db.session):
            proposals.beat(db.session, done, NOW)
        assert list(proposals.due(db.session, clock())) == [new]


def test_a_proposal_that_somebody_works_on_is_left_alone(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
        id = asked(cast)

        def second(problem: Problem, **asked: Any) -> Any:
            propose(app, id, clock, fail)
            return solving(problem)

        def fail(*_: Any, **__: Any) -> Any:
            raise AssertionError("two workers at once")

        propose(app, id, clock, second)
        assert db.session.get_one(Proposal, id).status == ProposalState.DONE


def test_who_was_thought_to_be_gone_keeps_the_result_to_itself(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
        id = asked(cast)

        def slow(problem: Problem, **asked: Any) -> Any:
            clock.forward(minutes=5)
            propose(app, id, clock)
            return solving(problem)

        propose(app, id, clock, slow)
        row = db.session.get_one(Proposal, id)
        assert (row.status, row.attempts, len(row.steps)) == (ProposalState.DONE, 2, 1)


def test_a_mistake_is_told_and_not_tried_for_ever(app: Flask, cast: Cast, clock: Clock) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("no such luck")

    with app.app_context():
        casting.sign_up(app, cast)
        id = asked(cast)
        with pytest.raises(RuntimeError):
            propose(app, id, clock, broken)
        assert db.session.get_one(Proposal, id).status == ProposalState.FAILED
        dying = asked(cast)
        row = db.session.get_one(Proposal, dying)
        row.status, row.attempts, row.beat = ProposalState.WORKING, proposals.ATTEMPTS, NOW - timedelta(hours=1)
        db.session.commit()
        propose(app, dying, clock, broken)
        assert db.session.get_one(Proposal, dying).status == ProposalState.FAILED


def test_what_is_given_back_is_taken_up_and_its_first_result_dropped(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
        id, done = asked(cast), asked(cast)
        propose(app, done, clock)

        def stopped(problem: Problem, **_: Any) -> Any:
            with transaction(db.session):
                proposals.give_back(db.session, [id, done])
            return solving(problem)

        propose(app, id, clock, stopped)
        row = db.session.get_one(Proposal, id)
        assert (row.status, row.attempts, row.found) == (ProposalState.ASKED, 0, None)
        assert db.session.get_one(Proposal, done).status == ProposalState.DONE
        propose(app, id, clock)
        assert (row.status, row.attempts, len(row.steps)) == (ProposalState.DONE, 1, 1)


def test_solving_again_keeps_the_locks_of_the_base(app: Flask, cast: Cast, clock: Clock) -> None:
    given: dict[str, Any] = {}

    def mend(problem: Problem, plan: Plan, **asked: Any) -> Any:
        given.update(problem=problem, plan=plan, keep=asked["keep"])
        return found(problem, plan)

    with app.app_context():
        bart = casting.sign_up(app, cast).signup
        propose(app, base := asked(cast), clock)
        step = db.session.get_one(Proposal, base).steps[0]
        lock = {"person": str(bart.id), "session": str(cast.sessions[0]), "group": 1}
        step.board = {**step.board, "locks": [lock]}
        again = asked(cast)
        db.session.get_one(Proposal, again).base_id = base
        db.session.commit()
        propose(app, again, clock, mend)
        assert given["problem"].locks == (Lock(**lock),)
        assert given["plan"].placed() == {str(bart.id)}
        assert check(given["problem"], given["plan"]).figures.placed == 1


def no_memory(*_: Any, **__: Any) -> Any:
    raise proposals.OutOfMemory


def nobody(iterations: int) -> Callable[..., Any]:
    """A search that placed nobody, although its bound says that somebody could have a place."""

    def solve(problem: Problem, **_: Any) -> Any:
        empty = found(problem, Plan(()))
        bounds = replace(empty.bounds, placed=len(problem.people))
        return replace(empty, bounds=bounds, iterations=iterations, stopped_by="seconds")

    return solve


@pytest.mark.parametrize(
    ("solve", "status", "words"),
    [
        (no_memory, ProposalState.FAILED, "te weinig geheugen"),
        (nobody(1), ProposalState.FAILED, "De tijd was op"),
        (nobody(1_000_000), ProposalState.DONE, ""),
    ],
)
def test_a_proposal_that_was_too_much_says_so(
    app: Flask, cast: Cast, clock: Clock, amina: FlaskClient, solve: Callable[..., Any], status: str, words: str
) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
        id = asked(cast)
        propose(app, id, clock, solve)
        assert db.session.get_one(Proposal, id).status == status
    page = amina.get(f"/werk/{cast.series}/groepen/{id}")
    assert words in page.text


def test_more_people_than_groups_can_be_made_of_are_refused_when_it_is_asked(
    app: Flask, cast: Cast, amina: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposals, "MOST_PEOPLE", 1)
    with app.app_context():
        for name in ("Bart", "Els", "Gijs"):
            casting.sign_up(app, cast, name, email=f"{name}@voorbeeld.example")
    answer = amina.post(f"/werk/{cast.series}/groepen")
    assert answer.status_code == 409
    assert "Er zijn 3 aanmeldingen" in answer.text and "Maak 3 ontmoetingen" in answer.text
    with app.app_context():
        assert db.session.query(Proposal).count() == 0
    assert proposals.most_people(4) < proposals.most_people(1)


def test_who_composes_without_memory_ends_and_the_worker_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "READY", ["json"])  # the solver is not needed to have no memory for it
    match, repair = composing.solvers(megabytes=1)
    with pytest.raises(proposals.OutOfMemory):
        match(Problem((), (), Format()), seconds=1.0, seed=1, progress=lambda _: False)
    with pytest.raises(proposals.OutOfMemory):
        repair(Problem((), (), Format()), Plan(()), seconds=1.0, seed=1, progress=lambda _: False)
