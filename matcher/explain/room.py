"""Why somebody who could sit has no seat in this plan: no room, or a firm rule in every group with room."""

from __future__ import annotations

import numpy as np

from matcher.explain.causes import Cause, as_help, as_wish
from matcher.explain.joining import Joining
from matcher.explain.slots import Bools
from matcher.messages import DimensionName, Key, LanguageCode, Message, SessionId, each
from matcher.terms import Ints

ON_DIMENSION = {
    "never_alone": Key("reason.in_alone"),
    "share_cap": Key("reason.in_share"),
    "population_mirror": Key("reason.in_unlike"),
}
JOINING = {
    "outspoken_cap": Key("reason.in_outspoken"),
    "same_household_apart": Key("reason.in_household"),
    "same_recruiter_apart": Key("reason.in_recruiter"),
    "one_per_organisation": Key("reason.in_organisation"),
    "apart": Key("reason.in_apart"),
    "met_before": Key("reason.in_met"),
    "shared_language": Key("reason.in_language"),
}


def stuck(joining: Joining, unit: int) -> Cause:
    """Why a unit that could sit does not."""
    may, size = joining.may(unit), len(joining.model.units[unit])
    joins = np.flatnonzero(may & joining.used & (joining.chairs >= size))
    fate = joining.fate(unit)
    lot = fate == joining.weight[unit]
    end = Key("fate.none") if fate is None else Key("fate.lot") if lot else Key("fate.priority")
    if len(joins):
        return _forbidden(joining, unit, joins, end)
    return _full(joining, unit, may, end)


def _forbidden(joining: Joining, unit: int, joins: Ints, end: Key) -> Cause:
    """The rule that keeps a unit out of most groups with room."""
    against: dict[str, Bools] = {}
    for title, broken in joining.joins(unit, joins):
        against[title] = broken | against.get(title, np.False_)
    free = np.flatnonzero(~np.any(list(against.values()), axis=0))
    if len(free):
        session = SessionId(joining.model.view.sessions[joining.session[joins[free[0]]]].id)
        return Cause("", Message.of("reason.free", session=session), Message.of("help.search"))
    title = max(against, key=lambda rule: int(against[rule].sum()))
    name, _, dimension = title.partition(": ")
    why = Message.of(end, why=_forbids(name, dimension, k=int(against[title].sum()), n=len(joins)))
    if name == "never_alone":
        return Cause(title, why, Message.of("help.mates", dimension=DimensionName(dimension)))
    if name == "shared_language":
        languages = each(LanguageCode, joining.model.view.people[joining.model.units[unit][0]].languages)
        return Cause(title, why, Message.of("help.speakers", languages=languages))
    return Cause(title, why, as_wish(title))


def _forbids(name: str, dimension: str, **counts: int) -> Message:
    """What a rule forbids in k of n groups."""
    if name in ON_DIMENSION:
        return Message.of(ON_DIMENSION[name], dimension=DimensionName(dimension), **counts)
    return Message.of(JOINING.get(name, Key("reason.in_rule")), **counts)


def _full(joining: Joining, unit: int, may: Bools, end: Key) -> Cause:
    """What limits the room: people, facilitators, seats or groups."""
    model, frame = joining.model, joining.frame
    sessions = np.unique(joining.session[may])
    empty = {int(s) for s in joining.session[may & ~joining.used]}
    closed = [s for s in sessions.tolist() if s in empty and joining.opened[s] < frame.groups[s]]
    roomy = [s for s in closed if joining.left[s] >= max(frame.low[s], len(model.units[unit]))]
    if ready := [s for s in roomy if joining.leader(s, unit)]:
        return _too_few(joining, unit, ready)
    room = joining.room(unit)
    if roomy:
        why = Message.of(end, why=Message.of("reason.leaders", **room))
        session = SessionId(model.view.sessions[_busiest(joining, roomy)].id)
        return Cause("facilitator", why, Message.of("help.facilitator", session=session))
    if closed or _spare(joining, unit, may):
        s = _busiest(joining, closed or sessions.tolist())
        seats = Message.of("change.seats", n=int(frame.high[s]), session=SessionId(model.view.sessions[s].id))
        why = Message.of(end, why=Message.of("reason.chairs", **room))
        return Cause("seats", why, as_help(seats))
    size = len(model.units[unit])
    full = Message.of("reason.wide", n=size) if size > 1 else Message.of("reason.full", **room)
    if most := _online(joining, sessions.tolist()):
        full = Message.of("reason.full_online", most=most, **room)
    return _no_group(joining, unit, sessions.tolist(), Message.of(end, why=full))


def _online(joining: Joining, sessions: list[int]) -> int:
    """The most people in a group, where that is less because all these sessions are online; 0 elsewhere."""
    model, frame = joining.model, joining.frame
    at = [model.view.sessions[s] for s in sessions]
    most = int(frame.high[sessions].max())
    small = all(s.mode == "online" and s.max is None for s in at) and most < model.problem.format.size.max
    return most if small else 0


def _no_group(joining: Joining, unit: int, sessions: list[int], why: Message) -> Cause:
    """All groups there may be have opened."""
    model = joining.model
    if any(joining.frame.groups[t] < model.view.sessions[t].groups for t in sessions):
        return Cause("orientation", why, as_help(Message.of("change.orientation")))
    s = _busiest(joining, sessions)
    kind = Key("change.group") if joining.leader(s, unit) else Key("change.table")
    return Cause("seats", why, as_help(Message.of(kind, session=SessionId(model.view.sessions[s].id))))


def _too_few(joining: Joining, unit: int, sessions: list[int]) -> Cause:
    """One more group could open, but for whom?"""
    personal = joining.personal
    here = personal.units.may[unit] & np.isin(personal.slots.session, sessions)
    people = joining.leftover
    best = int(np.argmax(np.where(here, people, -1)))
    n, low = int(people[best]), int(personal.slots.low[best])
    if n >= low:
        return Cause("", Message.of("reason.together"), Message.of("help.search"))
    session = SessionId(joining.model.view.sessions[personal.slots.session[best]].id)
    why = Message.of("reason.few", n=n, low=low)
    return Cause("size", why, Message.of("help.people", n=low - n, session=session))


def _spare(joining: Joining, unit: int, may: Bools) -> bool:
    """Whether groups could be larger, if only the session had more seats."""
    own = joining.frame.high[joining.session] - joining.people
    return bool((may & joining.used & (own >= len(joining.model.units[unit]))).any())


def _busiest(joining: Joining, sessions: list[int]) -> int:
    """The session among these that most people without a seat could come to."""
    return max(sessions, key=lambda s: int(joining.wanted[s]))
