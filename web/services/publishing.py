"""Publishing: re-checked, refused if a firm rule is broken, and written with its letters in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session as DbSession

from config import Settings
from matcher import Group, Problem, check
from matcher.checking import Check
from matcher.domain import Breach
from matcher.tables.hashes import input_sha256
from matcher.tables.record import finite
from web.crypto import Vault, hashed
from web.errors import Mishap, Overtaken
from web.rows import DueLetter, Facilitator, Offer, Plan, PlanGroup, Proposal, Seat, Series, Session, Signup, Staff
from web.services import auditing, doors, inviting, locking, telling_leaders
from web.services.boards import Board, Change, changes
from web.services.editor.edits import current
from web.services.plans import given_up, groups_of
from web.services.problems import problem_of, taking_part
from web.services.withdrawing import withdraw_offers

ALWAYS = frozenset({"facilitator", "availability", "access", "mode", "max_meetings", "people", "sessions"})
"""Firm whatever the format allows: nobody can be in two places, and no dialogue goes without its leader (P17)."""


class FirmBreaches(Mishap):
    """A firm rule is broken, and there is no written reason, or none is allowed."""

    status = 409
    sentence = "Dit voorstel breekt een vaste regel. Los het op, of schrijf op waarom het toch zo moet."


@dataclass(frozen=True, slots=True)
class Affected:
    """Who would notice: changes by kind, how many notice nothing, and how many letters go by each channel.

    `firm` are the firm breaches; `may_override` whether a written reason is enough for all of them. `standing` is the
    plan that all this is held against: somebody may say yes to an offered place meanwhile.
    """

    new: tuple[Change, ...]
    moved: tuple[Change, ...]
    lost: tuple[Change, ...]
    waiting: tuple[str, ...]
    unchanged: int
    letters: dict[str, int]
    firm: tuple[Breach, ...]
    may_override: bool
    standing: str


@dataclass(frozen=True, slots=True)
class _Draft:
    """A board held against everything as it is now."""

    problem: Problem
    board: Board
    before: Board
    check: Check
    changes: list[Change]
    may_override: bool
    told: frozenset[str]

    @property
    def firm(self) -> list[Breach]:
        return [breach for breach in self.check.breaches if breach.firm]

    def waiting(self) -> list[str]:
        """Who gets no place, and had none."""
        placed = self.board.plan().placed() | self.before.plan().placed()
        return [person.id for person in self.problem.people if person.id not in placed]

    def untold(self) -> list[str]:
        """Those of them who did not hear that from an earlier plan: nothing changed for the others."""
        return [person for person in self.waiting() if person not in self.told]


def affected(session: DbSession, proposal: Proposal, settings: Settings, vault: Vault) -> Affected:
    """What publishing would do, without doing it."""
    draft = _draft(session, proposal, settings, vault)
    told = {c.person for c in draft.changes} | set(draft.untold())
    known = session.scalars(select(Signup).where(Signup.series_id == proposal.series_id))
    kept = draft.board.plan().placed() - {c.person for c in draft.changes}
    return Affected(
        new=tuple(c for c in draft.changes if c.before is None),
        moved=tuple(c for c in draft.changes if c.before and c.after),
        lost=tuple(c for c in draft.changes if c.after is None),
        waiting=tuple(draft.waiting()),
        unchanged=len(kept),
        letters=dict(Counter(one.reached_by for one in known if str(one.id) in told)),
        firm=tuple(draft.firm),
        may_override=draft.may_override,
        standing=_standing(draft.before),
    )


def publish(
    session: DbSession,
    proposal: Proposal,
    *,
    by: Staff,
    now: datetime,
    version: int,
    reason: str,
    settings: Settings,
    vault: Vault,
    standing: str | None = None,
) -> Plan:
    """Make a proposal the plan of its series: groups, letters and log in one transaction, or nothing at all.

    `version` and `standing` are what somebody looked at. Raises FirmBreaches, and Overtaken if the board or the plan
    that counts was changed meanwhile.
    """
    locking.claim(session, proposal.series_id)
    _claim(session, proposal, version)
    draft = _draft(session, proposal, settings, vault)
    if standing is not None and standing != _standing(draft.before):
        session.rollback()
        raise Overtaken
    if draft.firm and not (draft.may_override and reason.strip()):
        session.rollback()
        raise FirmBreaches
    session.execute(update(Plan).where(Plan.series_id == proposal.series_id).values(current=False))
    plan = _plan(session, proposal, draft, by, now, reason if draft.firm else "")
    session.add(plan)
    session.flush()
    # They were offered at tables that are no more; who waits is part of the new plan.
    withdraw_offers(session, now, Offer.series_id == plan.series_id)
    heard = inviting.reconcile(session, proposal.series, now)
    session.add_all(_letters(session, plan, draft, heard, now))
    _tell_leaders(session, draft, now, settings, vault)
    owner = {"organisation_id": plan.organisation_id, "project_id": plan.project_id}
    auditing.note(session, now, by, "publish", about=plan, **owner)
    session.commit()
    return plan


def _standing(board: Board) -> str:
    """The same for the same people at the same tables."""
    return hashed(repr([(g.session, g.number, g.people) for g in board.plan().groups]))[:16]


def _claim(session: DbSession, proposal: Proposal, version: int) -> None:
    """Of two who publish or change the same version one gets through; a double click publishes once."""
    claimed = session.execute(
        update(Proposal)
        .where(Proposal.id == proposal.id, Proposal.version == version)
        .values(version=Proposal.version + 1)
    )
    if not claimed.rowcount:
        session.rollback()
        raise Overtaken
    session.refresh(proposal)


def _draft(session: DbSession, proposal: Proposal, settings: Settings, vault: Vault) -> _Draft:
    series = proposal.series
    problem = problem_of(session, series, settings, vault)
    board = current(session, proposal).within(problem)
    before = published(session, series)
    found = check(problem, board.plan())
    firm = {breach.rule.partition(":")[0] for breach in found.breaches if breach.firm}
    may_override = settings.formats[series.format].may_override and not firm & ALWAYS
    heard = select(DueLetter.signup_id).where(DueLetter.series_id == series.id, DueLetter.kind == "waiting")
    told = frozenset(map(str, session.scalars(heard)))
    return _Draft(problem, board, before, found, changes(before.within(problem), board), may_override, told)


def published(session: DbSession, series: Series) -> Board:
    """The plan that counts now, as a board without what was given up or called off; empty before the first."""
    board, up = board_of(groups_of(session, series.id)), given_up(session, series.id)
    kept = (replace(g, people=tuple(p for p in g.people if (int(p), int(g.session)) not in up)) for g in board.groups)
    return replace(board, groups=tuple(kept))


def board_of(tables: Iterable[PlanGroup]) -> Board:
    """Published tables as a board."""
    groups = (
        Group(
            str(g.session_id),
            g.number,
            tuple(sorted(str(seat.signup_id) for seat in g.seats)),
            g.language,
            "" if g.facilitator_id is None else str(g.facilitator_id),
        )
        for g in tables
    )
    return Board(tuple(sorted(groups)))


def _by_hand(session: DbSession, proposal: Proposal) -> int:
    """Changes by hand in this proposal and in those that it was solved again from (promise 15)."""
    count, base = proposal.position, proposal.base_id
    while base is not None and (before := session.get(Proposal, base)) is not None:
        count, base = count + before.position, before.base_id
    return count


def _plan(session: DbSession, proposal: Proposal, draft: _Draft, by: Staff, now: datetime, reason: str) -> Plan:
    plan = Plan(
        organisation_id=proposal.organisation_id,
        project_id=proposal.project_id,
        series_id=proposal.series_id,
        proposal_id=proposal.id,
        published_at=now,
        published_by=by.id,
        reason=reason.strip(),
        seed=proposal.seed,
        input_hash=input_sha256(draft.problem),
        config_hash=proposal.config_hash,
        moves=_by_hand(session, proposal),
        figures=finite({**asdict(draft.check.figures), "bounds": (proposal.found or {}).get("bounds", {})}),
        breaches=[{"rule": b.rule, "firm": b.firm, "amount": finite(b.amount)} for b in draft.check.breaches],
    )
    for group in draft.board.plan().groups:
        row = PlanGroup(
            session_id=int(group.session),
            number=group.number,
            language=group.language,
            facilitator_id=int(group.facilitator) if group.facilitator else None,
        )
        row.seats = [Seat(signup_id=int(person)) for person in group.people]
        plan.groups.append(row)
    return plan


def _letters(session: DbSession, plan: Plan, draft: _Draft, heard: set[int], now: datetime) -> Iterable[DueLetter]:
    """For who has no place and did not hear so; about places everybody hears from `inviting`."""
    lost = {change.person for change in draft.changes if change.after is None}
    lost -= {person for person in lost if draft.board.seats_of(person)}
    reach = {signup.id: signup.reached_by for signup in taking_part(session, plan.series)}
    for person in sorted(lost | set(draft.untold()), key=int):
        if int(person) not in heard:
            key = f"plan:{plan.id}:{person}"
            yield _letter(plan, "waiting", now, key, signup_id=int(person), channel=reach[int(person)])


def _tell_leaders(session: DbSession, draft: _Draft, now: datetime, settings: Settings, vault: Vault) -> None:
    """A fresh door for every leader whose tables changed; the others keep the one they have, if they lead at all."""
    before, after = _led(draft.before), _led(draft.board)
    for facilitator, gathering in sorted(before.keys() | after.keys()):
        tables = after.get((facilitator, gathering))
        if before.get((facilitator, gathering)) != tables:
            leader, row = session.get_one(Facilitator, int(facilitator)), session.get_one(Session, int(gathering))
            if tables:
                door = doors.open_door(session, leader, row, now, settings, vault)
                telling_leaders.ready(session, row, leader, door, now)
            else:
                doors.revoke(session, leader, row)
                telling_leaders.lost(session, row, leader, now)


def _led(board: Board) -> dict[tuple[str, str], list[Group]]:
    """The tables of every leader in every session."""
    tables: dict[tuple[str, str], list[Group]] = {}
    for group in board.plan().groups:
        if group.facilitator:
            tables.setdefault((group.facilitator, group.session), []).append(group)
    return tables


def _letter(plan: Plan, kind: str, now: datetime, key: str, **more: object) -> DueLetter:
    return DueLetter(
        organisation_id=plan.organisation_id,
        project_id=plan.project_id,
        series_id=plan.series_id,
        kind=kind,
        key=key,
        due_at=now,
        **more,
    )
