"""The plan that counts, opened in the editor as it stands now: a proposal that nobody has to wait for."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from matcher import check
from matcher.tables.hashes import input_sha256
from matcher.tables.record import finite
from web.crypto import Vault
from web.errors import Missing
from web.rows import Proposal, Series, Signup, Staff, Step
from web.rows.groups import ProposalState
from web.rows.people import SignupState
from web.services import audit
from web.services.groups.editor.edits import current
from web.services.locks import lock_series
from web.services.plans.board import Board
from web.services.plans.current import plan_of
from web.services.plans.problem import problem_of, still_ahead
from web.services.plans.published import published, standing_of

READY = (ProposalState.DONE, ProposalState.STOPPED)


def reopen(session: Session, series: Series, *, by: Staff, now: datetime, settings: Settings, vault: Vault) -> Proposal:
    """A proposal with the seats of the plan that counts, to be changed by hand and published again.

    The newest proposal, if that stands so already. Raises Missing before the first plan.
    """
    lock_series(session, series.id)
    plan, problem = plan_of(session, series), still_ahead(problem_of(session, series, settings, vault), now)
    if plan is None:
        raise Missing
    board, newest = published(session, series).within(problem), newest_of(session, series)
    ready = newest is not None and newest.status in READY
    if newest is not None and ready and standing_of(current(session, newest).within(problem)) == standing_of(board):
        return newest
    proposal = Proposal(
        series_id=series.id,
        project_id=series.project_id,
        organisation_id=series.organisation_id,
        base_id=plan.proposal_id,
        asked_by=by.id,
        asked_at=now,
        seed=plan.seed,
        seconds=0.0,
        config_hash=settings.sha256,
        input_hash=input_sha256(problem),
        status=ProposalState.DONE,
        found=finite({"figures": asdict(check(problem, board.plan()).figures)}),
    )
    session.add(proposal)
    session.flush()
    session.add(Step(proposal_id=proposal.id, position=0, kind="found", board=board.stored(), at=now))
    audit.note(session, proposal, "reopen plan", by=by, now=now)
    session.flush()
    return proposal


def newest_of(session: Session, series: Series) -> Proposal | None:
    """The proposal that was asked for last."""
    mine = select(Proposal).where(Proposal.series_id == series.id)
    return session.scalars(mine.order_by(Proposal.id.desc()).limit(1)).first()


def is_as_published(session: Session, series: Series, proposal: Proposal) -> bool:
    """Whether a proposal seats everybody as the plan that counts does: there is nothing new to publish."""
    if proposal.status not in READY:
        return False
    mine = Signup.series_id == series.id, Signup.state == SignupState.IN
    taking = frozenset(map(str, session.scalars(select(Signup.id).where(*mine))))
    boards = current(session, proposal), published(session, series)
    return len({standing_of(_only(board, taking), led=False) for board in boards}) == 1


def _only(board: Board, taking: frozenset[str]) -> Board:
    """A board without who takes part no more."""
    groups = (replace(group, people=tuple(p for p in group.people if p in taking)) for group in board.groups)
    return replace(board, groups=tuple(groups))
