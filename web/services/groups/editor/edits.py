"""Changes by hand: each is a step that can be undone, made only on the version that was seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from matcher import Group
from web.errors import N_, Overtaken
from web.rows import Proposal, Staff, Step, rowcount
from web.rows.groups import ProposalState
from web.services import audit
from web.services.plans.board import Board, Change, changes

Place = tuple[str, int]
"""A session and the number of a group in it."""


class ProposalNotReady(Overtaken):
    """The worker is still at it, or gave up."""

    sentence = N_("Dit voorstel is nog niet klaar. Wacht even, of vraag een nieuw voorstel.")


@dataclass(frozen=True, slots=True)
class Editing:
    """Who changes what they saw: the account, the version of the proposal on their screen, and the moment."""

    by: Staff
    version: int
    now: datetime


def board_at(session: Session, proposal: Proposal, position: int) -> Board | None:
    """The board after a step, None before the first and after the last."""
    found = select(Step.board).where(Step.proposal_id == proposal.id, Step.position == position)
    stored = session.scalar(found)
    return None if stored is None else Board.read(stored)


def current(session: Session, proposal: Proposal) -> Board:
    """The board that is shown. Raises ProposalNotReady while there is none."""
    board = board_at(session, proposal, proposal.position)
    if board is None or proposal.status not in (ProposalState.DONE, ProposalState.STOPPED):
        raise ProposalNotReady
    return board


def move(
    session: Session, proposal: Proposal, hand: Editing, person: str, origin: Place | None, target: Place | None
) -> None:
    """Somebody from one group to another; no origin: had no place there; no target: loses it.

    Raises Overtaken, and Missing for a group that is not on the board.
    """

    def moved(board: Board) -> Board:
        there = board.group(*origin) if origin else None
        if there is not None and person not in there.people:
            raise Overtaken
        board = board if target is None or _has(board, target) else _opened(board, target)
        return board.with_move(person, there, board.group(*target) if target else None)

    _step(session, proposal, hand, "move", moved)


def lock(session: Session, proposal: Proposal, hand: Editing, person: str, place: Place, on: bool) -> None:
    """Fix somebody to a group, or let go. Raises Overtaken for who does not sit there."""

    def fixed(board: Board) -> Board:
        group = board.group(*place)
        if on and person not in group.people:
            raise Overtaken
        return board.with_lock(person, group, on)

    _step(session, proposal, hand, "lock" if on else "unlock", fixed)


def lead(session: Session, proposal: Proposal, hand: Editing, place: Place, facilitator: str) -> None:
    """Another facilitator for a group; an empty id for none. Who leads another one then goes from there to here."""
    _step(session, proposal, hand, "lead", lambda b: _led(b, place, facilitator))


def speak(session: Session, proposal: Proposal, hand: Editing, place: Place, language: str) -> None:
    """Another language for a group."""
    _step(session, proposal, hand, "speak", lambda b: b.with_group(replace(b.group(*place), language=language)))


def undo(session: Session, proposal: Proposal, hand: Editing) -> None:
    """Back to the step before; at the first step nothing happens."""
    _point(session, proposal, hand, proposal.position - 1, "undo")


def redo(session: Session, proposal: Proposal, hand: Editing) -> None:
    """Forward to the step that was undone last; if there is none, nothing happens."""
    _point(session, proposal, hand, proposal.position + 1, "redo")


def last_changes(session: Session, proposal: Proposal) -> list[Change]:
    """What the latest step on the board changed, to tell somebody who was overtaken."""
    before = board_at(session, proposal, proposal.position - 1)
    return [] if before is None else changes(before, current(session, proposal))


def _led(board: Board, place: Place, facilitator: str) -> Board:
    for group in board.groups:
        if facilitator and group.session == place[0] and group.facilitator == facilitator:
            board = board.with_group(replace(group, facilitator=""))
    return board.with_group(replace(board.group(*place), facilitator=facilitator))


def _has(board: Board, place: Place) -> bool:
    return any((g.session, g.number) == place for g in board.groups)


def _opened(board: Board, place: Place) -> Board:
    return replace(board, groups=tuple(sorted((*board.groups, Group(*place, ())))))


def _step(session: Session, proposal: Proposal, hand: Editing, kind: str, change: Callable[[Board], Board]) -> None:
    """One step further; steps that were undone are gone then."""
    board = change(current(session, proposal))
    position = proposal.position + 1
    _claim(session, proposal, hand, position)
    session.execute(delete(Step).where(Step.proposal_id == proposal.id, Step.position >= position))
    step = Step(proposal_id=proposal.id, position=position, kind=kind, board=board.stored(), at=hand.now, by=hand.by.id)
    session.add(step)
    _noted(session, proposal, hand, kind)


def _point(session: Session, proposal: Proposal, hand: Editing, position: int, kind: str) -> None:
    if board_at(session, proposal, position) is not None:
        _claim(session, proposal, hand, position)
        _noted(session, proposal, hand, kind)


def _claim(session: Session, proposal: Proposal, hand: Editing, position: int) -> None:
    """One statement decides who was first: of two organisers with the same version on screen one gets through."""
    claimed = session.execute(
        update(Proposal)
        .where(Proposal.id == proposal.id, Proposal.version == hand.version)
        .values(version=hand.version + 1, position=position)
    )
    if not rowcount(claimed):
        raise Overtaken


def _noted(session: Session, proposal: Proposal, hand: Editing, kind: str) -> None:
    audit.note(session, proposal, kind, by=hand.by, now=hand.now)
