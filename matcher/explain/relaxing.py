"""Which single change would give more people a seat: all that may give way is tried in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ortools.sat.python import cp_model

from matcher.explain.causes import softer, wishable
from matcher.explain.joining import Joining
from matcher.explain.ruling import rule
from matcher.explain.scope import Scope
from matcher.explain.seating import Relaxation, SeatingModel
from matcher.messages import Key, LanguageCode, Message, SessionId
from matcher.solving import solve
from matcher.terms import Level

SEED = 1
MORE_TIME, ALIKE = Message.of("help.search"), Message.of("help.priority")
"""Why people have no seat who could have one as things are: a better plan was not found, or priority counts as much."""
EFFORT = {True: (0.3, 0.1, 1.0), False: (0.25, 0.06, 0.8)}
"""For the seating as it is, every change, and all of them; in the whole and in a part. About seconds."""


class RelaxedSeating(NamedTuple):
    """Who has a seat, whether it is proven best, and the language of the group that somebody new leads."""

    people: frozenset[int]
    proven: bool
    language: str = ""


class Gain(NamedTuple):
    """What a change gives; who has a seat with it and not without; the rule that gave way."""

    change: Message
    more: int
    people: frozenset[int]
    rule: str = ""


class Relaxed(NamedTuple):
    """What would give more people a seat, most first; `nothing`: it is proven that no single change would.

    `search` are people who could have a seat as things are: in a better plan, or in one where priority counts as much.
    """

    gains: tuple[Gain, ...] = ()
    search: Gain | None = None
    nothing: bool = False


class Trial:
    """A seating under its rules, solved again and again with one thing switched off."""

    def __init__(self, scope: Scope, changes: Iterable[Relaxation]) -> None:
        self.scope, self.spent = scope, 0.0
        self.seating = SeatingModel(scope, changes)
        rule(self.seating)
        self.hint = frozenset(scope.seats())
        self.now = frozenset(i for i, _ in self.hint)
        self.seating.cp.maximize(sum(self._worth(i) * seat for (i, _), seat in self.seating.x.items()))

    def _worth(self, i: int) -> int:
        """More weight first, then more people, then those who have a seat now."""
        step = len(self.scope.people) + 1
        return (step * (1 + self.scope.problem.people[i].priority) + 1) * step + (i in self.now)

    def weight(self, people: frozenset[int]) -> int:
        """The priority-weighted people."""
        return sum(1 + self.scope.problem.people[i].priority for i in people)

    def best(self, effort: float, change: Relaxation | None = None) -> RelaxedSeating:
        """As much weight as can be, then as many people, with all rules or with all but one."""
        cp = self.seating.cp.clone()
        for other, switch in self.seating.on.items():
            cp.add(cp.get_bool_var_from_proto_index(switch.index) == int(other != change))
        for seat, variable in self.seating.x.items():
            cp.add_hint(cp.get_bool_var_from_proto_index(variable.index), int(seat in self.hint))
        solver = solve(cp, SEED, effort)
        self.spent += float(solver.response_proto.deterministic_time)
        if solver.status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return RelaxedSeating(frozenset(i for i, _ in self.hint), False)
        seats = frozenset(seat for seat, variable in self.seating.x.items() if solver.value(variable))
        if change is None:
            self.hint = seats
        people = frozenset(i for i, _ in seats)
        return RelaxedSeating(people, solver.status == cp_model.OPTIMAL, self._language(solver))

    def _language(self, solver: cp_model.CpSolver) -> str:
        """The language of the group that a new facilitator leads, if there is one."""
        lead, talk = self.seating.lead, self.seating.talk
        rooms = [r for (name, r), led in lead.items() if name.startswith("new ") and solver.value(led)]
        bits = [bit for r in rooms for bit, literal in talk.get(r, {}).items() if solver.value(literal)]
        return list(self.scope.model.languages)[bits[0]] if bits else ""


def relax(joining: Joining, late: Callable[[], bool]) -> Relaxed:
    """Try every change alone, until it is late; none where people may sit more than once: a seat is no place more."""
    if late():
        return Relaxed()
    scope = Scope(joining)
    # A floor for the bridging of a group is not part of a seating, so that nothing found under one would be sure.
    floor = any(rule.firm and isinstance(term, Level) for rule, term in joining.model.terms)
    if not scope.waiting or joining.multiple or floor:
        return Relaxed()
    trial = Trial(scope, changes_of(scope))
    base = trial.best(EFFORT[scope.whole][0])
    everybody = base.people >= frozenset(scope.people)
    gains, sure = ([], True) if everybody else _gains(trial, base, late)
    search = _gain(MORE_TIME if trial.weight(base.people) > trial.weight(trial.now) else ALIKE, trial.now, base.people)
    nothing = scope.whole and scope.everywhere and base.proven and sure and not gains and not everybody
    return Relaxed(tuple(gains), search if search.more > 0 else None, nothing)


def _gains(trial: Trial, base: RelaxedSeating, late: Callable[[], bool]) -> tuple[list[Gain], bool]:
    """What every change gives, most first, and whether that is proven for all of them."""
    _, each, most = EFFORT[trial.scope.whole]
    gains: dict[Relaxation, Gain] = {}
    sure = True
    for change in trial.seating.on:
        # A group with a facilitator is no news where a group alone, or a facilitator alone, is enough.
        if (
            change.kind == "table"
            and {Relaxation("group", change.what), Relaxation("leader", change.what)} & gains.keys()
        ):
            continue
        if trial.spent > most or late():
            sure = False
            break
        seated = trial.best(each, change)
        sure = sure and seated.proven
        gain = _gain(_message(trial.scope, change, seated.language), base.people, seated.people)
        if gain.more > 0:
            gains[change] = gain._replace(rule=change.what if change.kind == "rule" else "")
    return sorted(gains.values(), key=lambda gain: -gain.more), sure


def _gain(change: Message, before: frozenset[int], after: frozenset[int]) -> Gain:
    return Gain(change, len(after) - len(before), after - before)


def changes_of(scope: Scope) -> list[Relaxation]:
    """What may give way: rules, decisions by hand, the least size, and what there is more of in a session."""
    model, problem = scope.model, scope.problem
    named = dict.fromkeys(rule.title for rule, _ in model.terms if rule.firm and wishable(rule.title))
    found = [Relaxation("rule", title) for title in named]
    found += [Relaxation("rule", "buddies")] if model.frame.together else []
    found += [Relaxation("locked")] if problem.locks else []
    found += [Relaxation("orientation") for rule in problem.format.rules if rule.name == "orientation"]
    own = any(s.min is not None for s in problem.sessions)
    found += [Relaxation("size")] if problem.format.size.min > 1 and not own else []
    found += [change for s in scope.sessions for change in _in_session(scope, s)]
    spoken = Counter(x for i in scope.waiting for x in sorted(model.view.people[i].languages))
    foreign = [x for x, _ in spoken.most_common() if model.languages.get(x)]
    return found + [Relaxation("interpreter", x) for x in foreign[:2] if model.frame.one_language]


def _in_session(scope: Scope, s: int) -> Iterator[Relaxation]:
    """More of what a session has."""
    session, frame = scope.problem.sessions[s], scope.model.frame
    used = scope.joining.opened[s] >= session.groups
    yield Relaxation("group", session.id)
    if frame.leader == "required":
        if scope.whole or not used:
            yield Relaxation("leader", session.id)
        yield Relaxation("table", session.id)
    if session.seats is not None and session.seats < session.groups * scope.free.high[s]:
        yield Relaxation("seats", session.id)


def _message(scope: Scope, change: Relaxation, language: str) -> Message:
    """What a change is, with the language that it has to be in if that matters."""
    size = scope.problem.format.size.min
    match change.kind:
        case "rule":
            return softer(change.what)
        case "locked":
            return Message.of("change.locked")
        case "orientation":
            return Message.of("change.orientation")
        case "size":
            return Message.of("change.size", n=size - 1, m=size)
        case "interpreter":
            return Message.of("change.interpreter", language=LanguageCode(change.what))
    return _more(scope, change, language)


SPOKEN = {"leader": Key("change.leader_language"), "table": Key("change.table_language")}
MORE = {"leader": Key("change.leader"), "table": Key("change.table"), "group": Key("change.group")}


def _more(scope: Scope, change: Relaxation, language: str) -> Message:
    """More of something in a session."""
    session = SessionId(change.what)
    if change.kind == "seats":
        s = scope.view.session[change.what]
        room = scope.problem.sessions[s]
        n = int(scope.free.high[s]) * room.groups - (room.seats or 0)
        return Message.of("change.seats", n=n, session=session)
    if language and change.kind in SPOKEN:
        return Message.of(SPOKEN[change.kind], session=session, language=LanguageCode(language))
    return Message.of(MORE[change.kind], session=session)
