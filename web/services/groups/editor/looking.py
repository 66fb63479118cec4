"""What the editor shows: groups as cards, the unplaced with reasons, rules, figures, and what the last change did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_datetime
from sqlalchemy.orm import Session

from config import Settings
from matcher import Facilitator, Group, Participant, Problem, check
from matcher.checking import Check, Seating
from matcher.messages import Message
from matcher.terms import View
from web import rows
from web.languages import words_in
from web.rows import Proposal, Series
from web.services.groups.editor.edits import board_at, current
from web.services.groups.editor.ruling import Place, RuleState, Ruling, Spot
from web.services.groups.editor.telling import OLDER, called, stored
from web.services.plans.board import Board, Change, changes
from web.services.plans.problem import composed, sessions_of, still_ahead, taking_part
from web.services.plans.visible_rules import may_say, may_show
from web.services.text.called import called as names_of
from web.world import ZONE


@dataclass(frozen=True, slots=True)
class BoardPerson:
    """Somebody on the board, with what an organiser needs to decide."""

    id: str
    name: str
    needs: tuple[str, ...]
    languages: tuple[str, ...]
    sessions: frozenset[str]
    buddies: tuple[str, ...]
    wishes_other: bool
    told: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class TableCard:
    """One group. `mixed` compares the mean bridging of its seats with that of all seats: 1.0 is as mixed as average."""

    place: Place
    group: Group
    people: tuple[BoardPerson, ...]
    locked: frozenset[str]
    facilitator: str
    spots: tuple[Spot, ...]
    mixed: float
    changed: bool

    @property
    def firm(self) -> bool:
        """Whether a firm rule is broken here."""
        return any(spot.firm for spot in self.spots)


@dataclass(frozen=True, slots=True)
class BoardSession:
    """A session with its groups."""

    row: rows.TimeSlot
    id: str
    cards: tuple[TableCard, ...]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Somebody without a place, why, and what would help."""

    person: BoardPerson
    why: str
    help: str


@dataclass(frozen=True, slots=True)
class BoardView:
    """One proposal as it is on the screen."""

    proposal: Proposal
    problem: Problem
    board: Board
    check: Check
    before: Check
    bounds: Mapping[str, float]
    tables: tuple[BoardSession, ...]
    unplaced: tuple[Unplaced, ...]
    rules: tuple[RuleState, ...]
    people: Mapping[str, BoardPerson]
    leaders: Mapping[str, str]
    last: tuple[Change, ...]
    newcomers: tuple[str, ...]
    helps: tuple[str, ...]
    warnings: tuple[str, ...]
    can_undo: bool
    can_redo: bool
    tells: bool

    @property
    def firm(self) -> list[RuleState]:
        """The firm rules that are broken."""
        return [rule for rule in self.rules if rule.firm and rule.broken]

    @property
    def gap_percent(self) -> float | None:
        """How far the mix stays below its bound, in percent; None if that is not known."""
        bound = self.bounds.get("difference")
        return 100.0 * max(0.0, bound - self.check.figures.difference) / bound if bound else None


def look(
    session: Session,
    proposal: Proposal,
    settings: Settings,
    lang: str,
    *,
    now: datetime,
    since: Board | None = None,
) -> BoardView:
    """Everything about a proposal that is ready, compared with the board `since`, or else with one step ago.

    What is over by `now` is not to be composed any more, and left out.

    Raises NotReady.
    """
    return _Looking(session, proposal, settings, lang, now).look(since)


class _Looking:
    def __init__(self, session: Session, proposal: Proposal, settings: Settings, lang: str, now: datetime) -> None:
        self.session, self.proposal, self.settings, self.lang = session, proposal, settings, lang
        series: Series = proposal.series
        self.signups = taking_part(session, series)
        evenings = sorted(sessions_of(session, series), key=lambda row: (row.round.number, row.starts, row.id))
        # Who met whom before is for the matcher only (promise 7): here only meeting twice in this plan counts.
        self.problem = still_ahead(composed(session, series, self.signups, evenings, settings, None), now)
        ahead = {session.id for session in self.problem.sessions}
        self.sessions = [row for row in evenings if str(row.id) in ahead]
        self.tells = series.project.sees_bubbles
        self.people = self._people()
        self.leaders = {str(f.id): f.name for row in self.sessions for f in row.facilitators}
        self.words = words_in(lang)
        people = {p.id: p.name for p in self.people.values()}
        moments = {str(row.id): self._moment(row) for row in self.sessions}
        self.called = called(self.words, settings, moments, people, self.leaders)
        self.ruling = Ruling(self.words, settings, people, self.called, self.tells)

    def _moment(self, row: rows.TimeSlot) -> str:
        return str(format_datetime(row.starts.astimezone(ZONE), "EEE d MMM HH:mm", locale=self.lang))

    def look(self, since: Board | None) -> BoardView:
        proposal, stored = self.proposal, current(self.session, self.proposal)
        board = stored.within(self.problem).complete(self.problem)
        earlier = since or board_at(self.session, proposal, proposal.position - 1)
        old = earlier.within(self.problem).complete(self.problem) if earlier else board
        now, before = check(self.problem, board.plan()), check(self.problem, old.plan())
        rules = self.ruling.states(self.problem, now, before)
        last = changes(old, board)
        found = proposal.found or {}
        return BoardView(
            proposal=proposal,
            problem=self.problem,
            board=board,
            check=now,
            before=before,
            bounds=found.get("bounds", {}),
            tables=tuple(self._tables(board, rules, last)),
            unplaced=tuple(self._unplaced(board, found.get("reasons", []))),
            rules=tuple(rules),
            people=self.people,
            leaders=self.leaders,
            last=tuple(last),
            newcomers=self._newcomers(proposal),
            helps=self._said(found.get("relaxations", [])),
            warnings=self._said(found.get("warnings", [])),
            can_undo=proposal.position > 0,
            can_redo=board_at(self.session, proposal, proposal.position + 1) is not None,
            tells=self.tells,
        )

    def _people(self) -> dict[str, BoardPerson]:
        names = {str(id): name for id, name in names_of(self.signups).items()}
        wishes = {str(s.id): s.other_wish for s in self.signups}
        return {p.id: self._person(p, names, wishes) for p in self.problem.people}

    def _person(self, person: Participant, names: Mapping[str, str], wishes: Mapping[str, bool]) -> BoardPerson:
        return BoardPerson(
            id=person.id,
            name=names[person.id],
            needs=tuple(self.settings.need(key).texts[self.lang] for key in sorted(person.needs)),
            languages=tuple(self.settings.language(code).name for code in sorted(person.languages)),
            sessions=person.sessions,
            buddies=tuple(names[b] for b in sorted(person.buddies) if b in names),
            wishes_other=wishes[person.id],
            told=person.bubbles if self.tells else {},
        )

    def _tables(self, board: Board, rules: Sequence[RuleState], last: Sequence[Change]) -> list[BoardSession]:
        spots: dict[Place, list[Spot]] = {}
        for spot in (spot for rule in rules for spot in rule.spots):
            if spot.place is not None:
                spots.setdefault(spot.place, []).append(spot)
        mixed = self._mixed(board)
        touched = {place for change in last for place in (change.before, change.after)}
        return [
            BoardSession(
                row,
                str(row.id),
                tuple(
                    self._card(board, g, spots, mixed, (g.session, g.number) in touched)
                    for g in board.groups
                    if g.session == str(row.id)
                ),
            )
            for row in self.sessions
        ]

    def _card(
        self,
        board: Board,
        group: Group,
        spots: Mapping[Place, list[Spot]],
        mixed: Mapping[Place, float],
        changed: bool,
    ) -> TableCard:
        place = (group.session, group.number)
        people = sorted((self.people[p] for p in group.people), key=lambda p: (p.name.casefold(), p.id))
        locked = frozenset(p for p in group.people if board.locked(p, group))
        leader = self.leaders.get(group.facilitator, "")
        said = tuple(spots.get(place, ()))
        return TableCard(place, group, tuple(people), locked, leader, said, mixed.get(place, 0.0), changed)

    def _mixed(self, board: Board) -> dict[Place, float]:
        seating = Seating(View(self.problem), board.plan())
        each = list(zip(seating.groups, seating.bridging(), seating.members, strict=True))
        mean = sum(b for _, b, _ in each) / max(1, sum(len(m) for *_, m in each))
        return {(g.session, g.number): b / max(1, len(m)) / mean if mean else 0.0 for g, b, m in each}

    def _unplaced(self, board: Board, reasons: Sequence[Mapping[str, Any]]) -> list[Unplaced]:
        placed = board.plan().placed()
        known = {reason["person"]: reason for reason in reasons}
        found = []
        for person in self.people.values():
            if person.id not in placed:
                found.append(self._waiting(person, known.get(person.id, {})))
        return sorted(found, key=lambda u: (u.person.name.casefold(), u.person.id))

    def _waiting(self, person: BoardPerson, reason: Mapping[str, Any]) -> Unplaced:
        rule = reason.get("rule", "")
        if not may_show(rule, self.tells):
            return Unplaced(person, "", "")
        messages = stored([reason[key] for key in ("why", "help") if key in reason])
        if not all(map(self._may, messages)):
            return Unplaced(person, "", "")
        why, help = [*self._in_words(messages or ([OLDER] if reason else [])), "", ""][:2]
        return Unplaced(person, why, help)

    def _said(self, found: Sequence[Any]) -> tuple[str, ...]:
        return self._in_words(filter(self._may, stored(found)))

    def _may(self, message: Message) -> bool:
        return may_say(message, self.tells)

    def _in_words(self, messages: Iterable[Message]) -> tuple[str, ...]:
        return tuple(self.words.say(message, self.called) for message in messages)

    def _newcomers(self, proposal: Proposal) -> tuple[str, ...]:
        """Who signed up after the proposal was asked for, so that nobody wonders where they are."""
        late = [s for s in self.signups if s.created_at > proposal.asked_at and str(s.id) in self.people]
        return tuple(str(s.id) for s in late)


def leader_choices(problem: Problem, group: Group) -> list[Facilitator]:
    """Who could lead a group: able to come to its session."""
    return [f for f in problem.facilitators if not f.sessions or group.session in f.sessions]


def leading_elsewhere(board: Board, group: Group) -> dict[str, int]:
    """Facilitator -> the number of the table of this session that they would leave to lead this group."""
    others = [g for g in board.groups if g.session == group.session and g.number != group.number]
    return {g.facilitator: g.number for g in others if g.facilitator}
