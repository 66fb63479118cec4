"""A proposal held against everything as it is now, and who would notice if it were published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from matcher import Group, Problem, check
from matcher.checking import Check
from matcher.domain import Breach
from matcher.rules import rules_of
from web.crypto import Vault
from web.letters import places
from web.rows import DueLetter, Facilitator, Proposal, Series, Signup
from web.services.groups.editor.edits import current
from web.services.plans import capacity
from web.services.plans.board import Board, Change, changes
from web.services.plans.problem import coming_or_waiting, problem_of, still_ahead
from web.services.plans.published import published, standing_of
from web.services.plans.visible_rules import may_show
from web.services.text.called import called

ALWAYS = frozenset({"facilitator", "availability", "access", "mode", "max_meetings", "people", "sessions", "apart"})
"""Firm whatever the format allows: nobody can be in two places, no dialogue goes without its leader (P17), and nobody
is seated with whom they would rather not sit (promise 23)."""


@dataclass(frozen=True, slots=True)
class PublishingDraft:
    """A board held against everything as it is now."""

    problem: Problem
    board: Board
    before: Board
    check: Check
    changes: list[Change]
    may_override: bool
    placeless: Mapping[str, Signup]
    heard: frozenset[str]
    tells: bool
    moves: int

    @property
    def outgoing(self) -> Board:
        """The plan before, without what was over by now: that stays as it was."""
        ahead = {session.id for session in self.problem.sessions}
        return replace(self.before, groups=tuple(group for group in self.before.groups if group.session in ahead))

    @property
    def firm(self) -> list[Breach]:
        return [breach for breach in self.check.breaches if breach.firm]

    @property
    def shown(self) -> list[Breach]:
        """Those of them that staff may see."""
        return [breach for breach in self.firm if may_show(breach.rule, self.tells)]

    @property
    def asks_reason(self) -> bool:
        """Whether somebody has to write down why it must be so.

        Where a breach may not be shown, every board that was changed by hand asks for it: being asked for one, or not,
        would tell what the breach does.
        """
        rules = rules_of(self.problem.format)
        hidden = any(rule.firm and not may_show(rule.title, self.tells) for rule in rules)
        return bool(self.shown) or (hidden and self.moves > 0)

    def leaders(self) -> list[tuple[tuple[str, str], list[Group]]]:
        """Who leads other tables than before in a session, with those tables: none for who leads none any more."""
        before, after = _led(self.outgoing), _led(self.board)
        both = sorted(before.keys() | after.keys())
        return [(one, after.get(one, [])) for one in both if before.get(one) != after.get(one)]

    def waiting(self) -> list[Signup]:
        """Who gets no place and had none, in order of arrival: whether they take part or wait already."""
        had = self.before.within(self.problem).plan().placed()
        return [signup for person, signup in self.placeless.items() if person not in had]

    def unheard(self) -> list[Signup]:
        """Those of them who did not hear that from an earlier plan: nothing changed for the others.

        Who signed up since then was told that they might get a place: that they have none is news, once.
        """
        return [one for one in self.waiting() if str(one.id) not in self.heard]


def _led(board: Board) -> dict[tuple[str, str], list[Group]]:
    """The tables of every leader in every session."""
    tables: dict[tuple[str, str], list[Group]] = {}
    for group in board.plan().groups:
        if group.facilitator:
            tables.setdefault((group.facilitator, group.session), []).append(group)
    return tables


def _names(session: Session, leaders: Iterable[str]) -> tuple[str, ...]:
    found = {session.get_one(Facilitator, int(id)).name for id in leaders}
    return tuple(sorted(found, key=str.casefold))


def draft_of(session: Session, proposal: Proposal, settings: Settings, vault: Vault, now: datetime) -> PublishingDraft:
    series = proposal.series
    problem = still_ahead(problem_of(session, series, settings, vault), now)
    board = current(session, proposal).within(problem)
    before = published(session, series)
    found = check(problem, board.plan())
    firm = {breach.rule.partition(":")[0] for breach in found.breaches if breach.firm}
    may_override = settings.formats[series.format].may_override and not firm & ALWAYS
    heard = select(DueLetter.signup_id).where(DueLetter.series_id == series.id, DueLetter.kind == places.waiting.name)
    return PublishingDraft(
        problem=problem,
        board=board,
        before=before,
        check=found,
        changes=changes(before.within(problem), board),
        may_override=may_override,
        placeless=_placeless(session, proposal.series, board),
        heard=frozenset(map(str, session.scalars(heard))),
        tells=series.project.sees_bubbles,
        moves=_by_hand(session, proposal),
    )


def _by_hand(session: Session, proposal: Proposal) -> int:
    """Changes by hand in this proposal and in those that it was solved again from (promise 15)."""
    count, base = proposal.position, proposal.base_id
    while base is not None and (before := session.get(Proposal, base)) is not None:
        count, base = count + before.position, before.base_id
    return count


def _placeless(session: Session, series: Series, board: Board) -> dict[str, Signup]:
    """Who gets no place on this board, but would take one: not who gave theirs back."""
    known = board.plan().placed() | set(map(str, capacity.gave_back(session, series.id)))
    everybody = {str(signup.id): signup for signup in coming_or_waiting(session, series)}
    return {person: signup for person, signup in everybody.items() if person not in known}


@dataclass(frozen=True, slots=True)
class PublishingEffects:
    """Who would notice: changes by kind, how many notice nothing, and how many letters go by each channel.

    `waiting` are first names, told apart; `leaders` whoever hears that they lead another table, or none. `firm` are the
    firm breaches that may be shown; `may_override` whether a written reason is enough for all of them, `asks_reason`
    whether one has to be written. `standing` is the plan that all this is held against: somebody may say yes to an
    offered place meanwhile.
    """

    new: tuple[Change, ...]
    moved: tuple[Change, ...]
    lost: tuple[Change, ...]
    waiting: tuple[str, ...]
    leaders: tuple[str, ...]
    unchanged: int
    letters: dict[str, int]
    firm: tuple[Breach, ...]
    may_override: bool
    asks_reason: bool
    standing: str


def affected(
    session: Session, proposal: Proposal, settings: Settings, vault: Vault, now: datetime
) -> PublishingEffects:
    """What publishing would do, without doing it."""
    draft = draft_of(session, proposal, settings, vault, now)
    reached = {c.person for c in draft.changes} | {str(signup.id) for signup in draft.unheard()}
    known = session.scalars(select(Signup).where(Signup.series_id == proposal.series_id)).all()
    names = called(known)
    kept = draft.board.plan().placed() - {c.person for c in draft.changes}
    return PublishingEffects(
        new=tuple(c for c in draft.changes if c.before is None),
        moved=tuple(c for c in draft.changes if c.before and c.after),
        lost=tuple(c for c in draft.changes if c.after is None),
        waiting=tuple(sorted((names[signup.id] for signup in draft.waiting()), key=str.casefold)),
        leaders=_names(session, (leader for (leader, _evening), _tables in draft.leaders())),
        unchanged=len(kept),
        letters=dict(Counter(one.reached_by for one in known if str(one.id) in reached)),
        firm=tuple(draft.shown),
        may_override=draft.may_override,
        asks_reason=draft.asks_reason,
        standing=standing_of(draft.before),
    )
