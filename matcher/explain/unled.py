"""What is to be known about who leads: groups without a facilitator, and facilitators who could lead more."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.domain import Plan
from matcher.messages import Message, SessionId
from matcher.model import Model
from matcher.places.leading import leaders_of

NAMED = 12
"""Groups without a facilitator that are named; beyond, they are counted by session."""


def unled(model: Model, plan: Plan) -> Iterator[Message]:
    """The groups of a plan that have no facilitator, where there are facilitators and groups may have one."""
    groups = [group for group in plan.groups if not group.facilitator]
    if model.frame.leader != "optional" or not model.problem.facilitators or not groups:
        return
    if len(groups) <= NAMED:
        named = [Message.of("breach.seat", session=SessionId(g.session), group=g.number) for g in groups]
        yield Message.of("unled.named", n=len(groups), groups=tuple(named))
    else:
        sessions = tuple(SessionId(session) for session in dict.fromkeys(g.session for g in groups))
        yield Message.of("unled.counted", n=len(groups), sessions=sessions)


def too_rarely(model: Model) -> Iterator[Message]:
    """Where groups may do without: all facilitators together may lead fewer than people could fill (`max_groups`)."""
    frame, occasions = model.frame, int(model.occasion.max(initial=0)) + 1
    leaders = leaders_of(model)
    if frame.leader != "optional" or not leaders or not len(frame.groups):
        return
    seats = sum(min(int(n), occasions) for n in frame.meetings)
    least, wanted = (
        min(int(frame.groups.sum()), -(-seats // max(1, int(size.max())))) for size in (frame.high, frame.target)
    )
    now = sum(leader.often for leader in leaders)
    labels = [frozenset(int(model.occasion[s]) for s in leader.sessions) for leader in leaders]
    if occasions == 1:
        # Where people sit once, sessions at different hours are told apart by nothing else.
        labels = [leader.sessions for leader in leaders]
    most = max((len(label) for leader, label in zip(leaders, labels, strict=True) if leader.often), default=0)
    could = sum(max(leader.often, len(label)) for leader, label in zip(leaders, labels, strict=True) if leader.often)
    if now < least and could > now:
        yield Message.of("warning.leads_few", n=now, wanted=wanted, most=min(most, -(-wanted // len(leaders))))
