"""Proposals: asked for by a person, composed by the worker, stopped or taken up again."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from config import Settings
from matcher import Lock, Problem, Progress, Result
from matcher.claims import claims_of
from matcher.messages import Message
from matcher.outcome import Reason
from matcher.tables.hashes import input_sha256
from matcher.tables.record import finite
from web.crypto import Vault
from web.errors import N_, Mishap
from web.rows import Proposal, Series, Signup, Staff, Step, rowcount
from web.rows.groups import ProposalState
from web.rows.people import SignupState
from web.services import audit
from web.services.groups.editor.edits import current
from web.services.plans.board import Board
from web.services.plans.problem import problem_of, still_ahead

SILENCE = timedelta(seconds=30)
"""A worker that has not been heard of for so long is gone; it says something every few seconds."""
ATTEMPTS = 3
APART = "apart"
KEEP = 20.0
MOST_PEOPLE = 8_000
"""Composing needs about 350 MB, and 19 bytes for every pair of people: 0.65 GB for 4,000 of them, 1.5 GB for 8,000, and
more than 12 GB for 25,000. More sessions hardly matter (measured with 1, 4 and 16); more rounds do, as below."""
PER_ROUND = 0.4
"""What every further round adds, of the pairs: 4,000 people need 0.6 GB for one round, and 1 GB for four."""
ROUND = 64
"""Moves a person that the search makes before it has looked at everything once."""

Solve = Callable[..., Result]


class Why(StrEnum):
    """Why a proposal failed, where that is known; it stands in its `progress` as `failed`."""

    MEMORY = "memory"
    TIME = "time"


class OutOfMemory(Exception):
    """Composing needed more memory than it may have."""


class TooManyPeople(Mishap):
    """More people than groups can be composed of at once."""

    status = 409
    sentence = N_(
        "Er zijn %(people)s aanmeldingen. Voor meer dan %(most)s mensen tegelijk kunnen we geen groepen maken: dat "
        "kost te veel geheugen. Alle aanmeldingen zijn er nog. Maak %(parts)s ontmoetingen, bijvoorbeeld een per wijk "
        "of per week, en verdeel de mensen daarover."
    )


def refuse_too_many(session: Session, series: Series) -> None:
    """Raises TooManyPeople for a series of which no proposal can be made."""
    here = select(func.count(Signup.id)).where(Signup.series_id == series.id, Signup.state != SignupState.LEFT)
    people, most = session.scalar(here) or 0, most_people(len(series.rounds))
    if people > most:
        raise TooManyPeople(people=people, most=most, parts=-(-people // most))


def most_people(rounds: int) -> int:
    """For how many people groups can be composed at once."""
    return int(MOST_PEOPLE / math.sqrt(1 + PER_ROUND * (max(1, rounds) - 1)))


def ask(
    session: Session,
    series: Series,
    *,
    by: Staff,
    now: datetime,
    seed: int,
    seconds: float,
    config_hash: str,
    base: Proposal | None = None,
) -> Proposal:
    """Store the question; the worker answers it. With `base`, its locks hold and few others move.

    Raises TooManyPeople.
    """
    refuse_too_many(session, series)
    proposal = Proposal(
        series_id=series.id,
        project_id=series.project_id,
        organisation_id=series.organisation_id,
        base_id=base.id if base else None,
        asked_by=by.id,
        asked_at=now,
        seed=seed,
        seconds=seconds,
        config_hash=config_hash,
    )
    session.add(proposal)
    session.flush()
    audit.note(session, proposal, "propose", by=by, now=now)
    return proposal


def stop(session: Session, proposal: Proposal) -> None:
    """Ask the worker to stop with the best plan so far."""
    session.execute(update(Proposal).where(Proposal.id == proposal.id).values(stop=True))


def due(session: Session, now: datetime, silence: timedelta = SILENCE) -> Sequence[int]:
    """Proposals to be worked on: asked for, or left lying by a worker that is gone."""
    return session.scalars(select(Proposal.id).where(_free(now, silence)).order_by(Proposal.id)).all()


def _free(now: datetime, silence: timedelta) -> Any:
    lost = and_(Proposal.status == ProposalState.WORKING, or_(Proposal.beat.is_(None), Proposal.beat < now - silence))
    return or_(Proposal.status == ProposalState.ASKED, lost)


def beat(session: Session, id: int, now: datetime) -> None:
    """Say that the worker of a proposal is alive, also where the search says nothing for a while."""
    session.execute(
        update(Proposal).where(Proposal.id == id, Proposal.status == ProposalState.WORKING).values(beat=now)
    )


def give_back(session: Session, ids: Iterable[int]) -> None:
    """Let others work on proposals that this worker cannot finish, because it has to stop."""
    mine = update(Proposal).where(Proposal.id.in_(list(ids)), Proposal.status == ProposalState.WORKING)
    session.execute(mine.values(status=ProposalState.ASKED, attempts=Proposal.attempts - 1))


def propose(
    session: Session,
    id: int,
    *,
    settings: Settings,
    vault: Vault,
    clock: Callable[[], datetime],
    solve: Solve,
    mend: Solve,
    silence: timedelta = SILENCE,
) -> None:
    """Compose the groups of a proposal, if nobody else is at it; `solve` is matcher.match, `mend` matcher.repair.

    The claim, the question, every heartbeat and the answer are committed by themselves. A worker that gave it back, or
    that was thought to be gone, keeps its result to itself.
    """
    if not _take(session, id, clock(), silence):
        return
    proposal = session.get_one(Proposal, id)
    attempt = proposal.attempts
    if attempt > ATTEMPTS:
        _end(session, proposal, ProposalState.FAILED)
        return
    try:
        problem, base = _question(session, proposal, settings, vault, clock())
        result = _solved(session, proposal, problem, base, clock, solve, mend)
    except (MemoryError, OutOfMemory):
        session.rollback()
        if _mine(session, proposal, attempt):
            _fail(session, proposal, Why.MEMORY)
        return
    except Exception:
        session.rollback()
        if _mine(session, proposal, attempt):
            _end(session, proposal, ProposalState.FAILED)
        raise
    if _mine(session, proposal, attempt):
        if _came_to_nothing(result, problem) and not proposal.stop:
            _fail(session, proposal, Why.TIME)
        else:
            _keep(session, proposal, result, problem, clock())


def _question(
    session: Session, proposal: Proposal, settings: Settings, vault: Vault, now: datetime
) -> tuple[Problem, Board | None]:
    """The problem as it stands now, and the board whose locks hold."""
    problem = still_ahead(problem_of(session, proposal.series, settings, vault), now)
    base = None
    if proposal.base_id:
        base = current(session, session.get_one(Proposal, proposal.base_id)).within(problem)
        problem = replace(problem, locks=_kept_apart(base.locks, problem))
    proposal.input_hash = input_sha256(problem)
    session.commit()
    return problem, base


def _kept_apart(locks: Sequence[Lock], problem: Problem) -> tuple[Lock, ...]:
    """The locks, without those that hold two at one table of whom one would rather not sit there with the other."""
    away = {person.id: person.apart for person in problem.people}
    at: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for lock in locks:
        at[lock.session, lock.group] |= away.get(lock.person or "", frozenset())
    return tuple(lock for lock in locks if lock.person not in at[lock.session, lock.group])


def _mine(session: Session, proposal: Proposal, attempt: int) -> bool:
    """Whether nobody took it up in the meantime."""
    session.refresh(proposal)
    return proposal.status == ProposalState.WORKING and proposal.attempts == attempt


def _take(session: Session, id: int, now: datetime, silence: timedelta) -> bool:
    """Claim a proposal with one statement, so that two workers cannot both have it."""
    claimed = session.execute(
        update(Proposal)
        .where(Proposal.id == id, _free(now, silence))
        .values(status=ProposalState.WORKING, beat=now, attempts=Proposal.attempts + 1)
    )
    session.commit()
    return bool(rowcount(claimed))


def _came_to_nothing(result: Result, problem: Problem) -> bool:
    """Whether nobody has a place, although some could, as the time was over before the search had begun in earnest.

    Where rules leave no place for anybody, that is an answer, with its reasons.
    """
    hasty = result.stopped_by == "seconds" and result.iterations < ROUND * len(problem.people)
    return not result.plan.groups and result.bounds.placed > 0 and hasty


def _fail(session: Session, proposal: Proposal, why: Why) -> None:
    proposal.progress = {**(proposal.progress or {}), "failed": why}
    _end(session, proposal, ProposalState.FAILED)


def _end(session: Session, proposal: Proposal, status: str) -> None:
    proposal.status = status
    session.commit()


def _solved(
    session: Session,
    proposal: Proposal,
    problem: Problem,
    base: Board | None,
    clock: Callable[[], datetime],
    solve: Solve,
    mend: Solve,
) -> Result:
    last = clock()

    def watch(progress: Progress) -> bool:
        nonlocal last
        if clock() - last < timedelta(seconds=0.5):
            return False
        last = clock()
        proposal.progress, proposal.beat = finite(asdict(progress)), last
        session.commit()
        return session.scalar(select(Proposal.stop).where(Proposal.id == proposal.id)) or False

    budget: dict[str, Any] = {"seconds": proposal.seconds, "seed": proposal.seed, "progress": watch}
    if base is None:
        return solve(problem, **budget)
    return mend(problem, base.plan(), keep=KEEP, **budget)


def _keep(session: Session, proposal: Proposal, result: Result, problem: Problem, now: datetime) -> None:
    board = Board(result.plan.groups, problem.locks)
    found = {
        "figures": asdict(result.figures),
        "bounds": asdict(claims_of(problem, result).bounds),
        "reasons": [_stored(reason) for reason in result.reasons],
        "relaxations": [message.stored() for message in result.relaxations],
        "warnings": [message.stored() for message in result.warnings],
        "iterations": result.iterations,
        "seconds": result.seconds,
        "stopped_by": result.stopped_by,
        "optimal": result.optimal,
    }
    proposal.found = finite(found)
    session.add(Step(proposal_id=proposal.id, position=0, kind="found", board=board.stored(), at=now))
    _end(session, proposal, ProposalState.STOPPED if proposal.stop else ProposalState.DONE)


def _stored(reason: Reason) -> dict[str, Any]:
    if reason.rule == APART:
        # Who reads why somebody has no place does not learn that one of two would rather not sit with the other.
        why, help = Message.of("reason.together"), Message.of("help.search")
        return {"person": reason.person, "why": why.stored(), "help": help.stored(), "rule": ""}
    return {"person": reason.person, "why": reason.why.stored(), "help": reason.help.stored(), "rule": reason.rule}
