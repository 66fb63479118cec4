"""The proposals of a series: which there are, how far each is, and how two of them differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.rows import Proposal, Series, Staff
from web.rows.groups import ProposalState
from web.services.groups.editor.looking import BoardView
from web.services.groups.proposals import SILENCE
from web.services.plans.board import changes

NO_WORKER, QUEUED, LOST = "no_worker", "queued", "lost"


@dataclass(frozen=True, slots=True)
class Listed:
    """One proposal in the list: how many of how many have a place, and the gap to the bound in percent, if known."""

    proposal: Proposal
    by: str
    state: str
    placed: int | None
    people: int | None
    gap: float | None


def listed(session: Session, series: Series, now: datetime) -> list[Listed]:
    """Every proposal of a series, the newest first."""
    found = session.execute(
        select(Proposal, Staff.name)
        .outerjoin(Staff, Staff.id == Proposal.asked_by)
        .where(Proposal.series_id == series.id)
        .order_by(Proposal.id.desc())
    ).all()
    return [_listed(session, proposal, by or "", now) for proposal, by in found]


def _listed(session: Session, proposal: Proposal, by: str, now: datetime) -> Listed:
    found = proposal.found or {}
    figures, bound = found.get("figures", {}), found.get("bounds", {}).get("difference")
    # How mixed a plan is follows from what people told.
    known = bound and figures and proposal.series.project.sees_bubbles
    gap = 100.0 * max(0.0, bound - figures["difference"]) / bound if known else None
    state = state_of(session, proposal, now)
    return Listed(proposal, by, state, figures.get("placed"), figures.get("people"), gap)


def running(session: Session, series: Series) -> Proposal | None:
    """The proposal of a series that is being made or waits for it; a second one would only queue up behind it."""
    busy = select(Proposal).where(
        Proposal.series_id == series.id, Proposal.status.in_((ProposalState.ASKED, ProposalState.WORKING))
    )
    return session.scalars(busy.order_by(Proposal.id.desc()).limit(1)).one_or_none()


def state_of(session: Session, proposal: Proposal, now: datetime) -> str:
    """Its status; of one that waits in vain no_worker, of one behind another queued, of one left lying lost."""
    if proposal.status == ProposalState.WORKING:
        return ProposalState.WORKING if proposal.beat and proposal.beat > now - SILENCE else LOST
    if proposal.status != ProposalState.ASKED:
        return proposal.status
    if _worker_is_busy(session, proposal, now):
        return QUEUED
    return ProposalState.ASKED if proposal.asked_at > now - SILENCE else NO_WORKER


def _worker_is_busy(session: Session, proposal: Proposal, now: datetime) -> bool:
    """Whether a worker is at another proposal, of whatever organisation."""
    busy = Proposal.status == ProposalState.WORKING, Proposal.beat > now - SILENCE, Proposal.id != proposal.id
    return bool(session.scalar(select(func.count()).select_from(Proposal).where(*busy)))


def elsewhere(one: BoardView, other: BoardView) -> Sequence[str]:
    """Ids of the people who sit elsewhere, or no longer or only then sit, in the other of two proposals."""
    return sorted({change.person for change in changes(one.board, other.board)})
