"""Why somebody who could sit has no seat in this plan: no room, or a firm rule in every group with room."""

from __future__ import annotations

import numpy as np

from matcher.explain.joining import NOBODY, Joining
from matcher.explain.sentences import CHANGE, FATES, HELP, LOT, PRIORITY, WHY
from matcher.explain.slots import Bools
from matcher.explain.telling import Cause, as_wish, listed
from matcher.terms import Ints

JOINING = {
    "never_alone": "in_alone",
    "share_cap": "in_share",
    "population_mirror": "in_unlike",
    "outspoken_cap": "in_outspoken",
    "same_household_apart": "in_household",
    "same_recruiter_apart": "in_recruiter",
    "one_per_organisation": "in_organisation",
    "apart": "in_apart",
    "met_before": "in_met",
    "shared_language": "in_language",
}


def stuck(joining: Joining, unit: int) -> Cause:
    """Why a unit that could sit does not."""
    may, size = joining.may(unit), len(joining.model.units[unit])
    joins = np.flatnonzero(may & joining.used & (joining.chairs >= size))
    fate = joining.fate(unit)
    end = FATES[0] if fate is None else LOT if fate == joining.weight[unit] else PRIORITY
    if len(joins):
        return _forbidden(joining, unit, joins, end)
    return _full(joining, unit, may, end)


def _forbidden(joining: Joining, unit: int, joins: Ints, end: str) -> Cause:
    """The rule that keeps a unit out of most groups with room."""
    against: dict[str, Bools] = {}
    for title, broken in joining.breaks(unit, joins, np.full(len(joins), NOBODY)):
        against[title] = broken | against.get(title, np.False_)
    free = np.flatnonzero(~np.any(list(against.values()), axis=0))
    if len(free):
        session = joining.model.view.sessions[joining.session[joins[free[0]]]].id
        return Cause("", WHY["free"].format(session=session), HELP["search"])
    title = max(against, key=lambda rule: int(against[rule].sum()))
    name, _, dimension = title.partition(": ")
    values = {"dimension": dimension, "k": int(against[title].sum()), "n": len(joins), "fate": end}
    why = WHY[JOINING.get(name, "in_rule")].format(**values)
    if name == "never_alone":
        return Cause(title, why, HELP["mates"].format(dimension=dimension))
    if name == "shared_language":
        languages = listed(joining.model.view.people[joining.model.units[unit][0]].languages)
        return Cause(title, why, HELP["speakers"].format(languages=languages))
    return Cause(title, why, as_wish(title))


def _full(joining: Joining, unit: int, may: Bools, end: str) -> Cause:
    """What limits the room: people, facilitators, seats or groups."""
    model, frame = joining.model, joining.frame
    sessions = np.unique(joining.session[may])
    empty = {int(s) for s in joining.session[may & ~joining.used]}
    closed = [s for s in sessions.tolist() if s in empty and joining.opened[s] < frame.groups[s]]
    roomy = [s for s in closed if joining.left[s] >= max(frame.low[s], len(model.units[unit]))]
    if ready := [s for s in roomy if joining.leader(s, unit)]:
        return _too_few(joining, unit, ready)
    room = {"people": _could(joining, may), "seats": _seats(joining, may), "fate": end}
    if roomy:
        help = HELP["facilitator"].format(session=_name(joining, unit, roomy))
        return Cause("facilitator", WHY["leaders"].format(**room), help)
    if closed or _spare(joining, unit, may):
        s = _busiest(joining, unit, closed or sessions.tolist())
        seats = CHANGE["seats"].format(n=int(frame.high[s]), session=model.view.sessions[s].id)
        return Cause("seats", WHY["chairs"].format(**room), f"{seats}.")
    return _no_group(joining, unit, sessions.tolist(), room)


def _no_group(joining: Joining, unit: int, sessions: list[int], room: dict[str, object]) -> Cause:
    model, size = joining.model, len(joining.model.units[unit])
    s = _busiest(joining, unit, sessions)
    change = CHANGE["group" if joining.leader(s, unit) else "table"].format(session=model.view.sessions[s].id)
    why = WHY["wide"].format(n=size, fate=room["fate"]) if size > 1 else WHY["full"].format(**room)
    if any(joining.frame.groups[t] < model.view.sessions[t].groups for t in sessions):
        return Cause("orientation", why, f"{CHANGE['orientation']}.")
    return Cause("seats", why, f"{change}.")


def _too_few(joining: Joining, unit: int, sessions: list[int]) -> Cause:
    """One more group could open, but for whom?"""
    personal = joining.personal
    here = personal.units.may[unit] & np.isin(personal.slots.session, sessions)
    size = personal.size[joining.waiting]
    people = size @ personal.units.may[joining.waiting].astype(np.int64)
    best = int(np.argmax(np.where(here, people, -1)))
    n, low = int(people[best]), int(personal.slots.low[best])
    if n >= low:
        return Cause("", WHY["together"], HELP["search"])
    session = joining.model.view.sessions[personal.slots.session[best]].id
    return Cause("size", WHY["few"].format(n=n, low=low), HELP["people"].format(n=low - n, session=session))


def _could(joining: Joining, may: Bools) -> int:
    """People who could come to one of these places."""
    slots = joining.personal.slots
    kinds = np.isin(np.repeat(np.arange(slots.kind.max() + 1), len(slots.names)), slots.kind[may])
    return int(joining.personal.size[joining.personal.units.may[:, kinds].any(1)].sum())


def _seats(joining: Joining, may: Bools) -> int:
    """Seats in the groups that opened in these places."""
    here = may & joining.used
    high = np.bincount(joining.session[here], joining.frame.high[joining.session[here]], len(joining.opened))
    return int(np.minimum(high, joining.frame.seats).sum())


def _spare(joining: Joining, unit: int, may: Bools) -> bool:
    """Whether groups could be larger, if only the session had more seats."""
    own = joining.frame.high[joining.session] - joining.people
    return bool((may & joining.used & (own >= len(joining.model.units[unit]))).any())


def _busiest(joining: Joining, unit: int, sessions: list[int]) -> int:
    """The session among these that most people without a seat could come to."""
    personal = joining.personal

    def wanted(s: int) -> int:
        could = personal.units.may[joining.waiting][:, personal.slots.at(s)].any(1)
        return int(personal.size[joining.waiting][could].sum())

    return max(sessions, key=wanted)


def _name(joining: Joining, unit: int, sessions: list[int]) -> str:
    return joining.model.view.sessions[_busiest(joining, unit, sessions)].id
