"""What took the last slot of somebody, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from matcher.explain.personal import Personal
from matcher.explain.sentences import CHANGE, HELP, WHY
from matcher.explain.slots import Bools, Funnel
from matcher.model import Model
from matcher.rules import KNOWN

MODES = frozenset({"here", "online"})
CROWD = {
    "never_alone": ("alone", "mates"),
    "share_cap": ("share", "others"),
    "at_least_different": ("alike", "others"),
    "population_mirror": ("unlike", "others"),
}


class Cause(NamedTuple):
    """Why somebody cannot sit, and what would help; `rule` is the title of the rule."""

    rule: str
    why: str
    help: str


def wishable(rule: str) -> bool:
    """Whether a rule, by its title, may be a wish instead; what people need or cannot do may not."""
    name = rule.partition(":")[0]
    return name in KNOWN and "weight" in KNOWN[name].modes and name not in ("apart", "availability")


def as_wish(rule: str) -> str:
    """Help: the rule as a wish."""
    return f"{CHANGE['rule'].format(rule=rule)}." if wishable(rule) else HELP["none"]


def listed(items: Iterable[str]) -> str:
    """a, b, c."""
    return ", ".join(sorted(items))


def certain(personal: Personal, person: int) -> Cause | None:
    """Why no plan could seat somebody; None if one could."""
    unit = int(personal.model.unit_of[person])
    if not personal.alone.may[person].any():
        step, slots = personal.alone.steps.get(person, ("availability", personal.alone.may[person]))
        return _of_one(personal, person, step, slots)
    if not personal.units.may[unit].any():
        step, slots = personal.units.steps[unit]
        return _of_unit(personal, unit, step) or _of_crowd(personal, unit, step, slots)
    return None


def _of_one(personal: Personal, person: int, step: str, slots: Bools) -> Cause:
    """What somebody needs or told, and no session has."""
    who = personal.model.view.people[person]
    needs, languages = listed(who.needs & MODES if step == "mode" else who.needs - MODES), listed(who.languages)
    session, language = busiest(personal, personal.alone, step, slots)
    match step:
        case "availability":
            return Cause(step, WHY["no_session"], HELP["session"])
        case "access" | "mode":
            return Cause(step, WHY[step].format(needs=needs), HELP["place"].format(needs=needs))
        case "no_meeting":
            return Cause("max_meetings", WHY[step], HELP["ask"])
        case "locked":
            return Cause(step, WHY[step], HELP["unlock"])
        case "room":
            return _of_room(personal, slots, session)
        case "session_language":
            why, help = WHY[step].format(languages=languages), HELP["language"].format(languages=languages)
            return Cause("shared_language", why, help)
        case "skills" | "facilitator_time" | "facilitator_language":
            return _of_leaders(personal.model, step, languages, session, language)
    return Cause(step, WHY["fit"], as_wish(step))


def _of_leaders(model: Model, step: str, languages: str, session: str, language: str) -> Cause:
    """Who could lead, but is not there, or has not learnt it, or speaks another language."""
    if step == "skills" and model.problem.facilitators:
        skills = listed(model.problem.format.skills)
        return Cause("facilitator", WHY[step].format(skills=skills), HELP[step].format(skills=skills))
    if step == "facilitator_language":
        help = HELP[step].format(session=session, language=language)
        return Cause("facilitator", WHY[step].format(languages=languages), help)
    why = WHY["no_facilitator" if step == "skills" else step]
    return Cause("facilitator", why, HELP["facilitator"].format(session=session))


def _of_room(personal: Personal, slots: Bools, session: str) -> Cause:
    """No group can open, for want of seats or because its mode asks for smaller groups."""
    low, high = int(personal.slots.low[slots].min()), int(personal.slots.high[slots].max())
    why = WHY["room"].format(n=high, low=low)
    if personal.model.frame.seats[personal.slots.session[slots]].min() < low:
        return Cause("seats", why, f"{CHANGE['seats'].format(n=low - high, session=session)}.")
    return Cause("size", why, f"{CHANGE['size'].format(n=high, m=low)}.")


def _of_unit(personal: Personal, unit: int, step: str) -> Cause | None:
    """Why people who come together cannot."""
    members, most = list(personal.model.units[unit]), int(personal.slots.high.max(initial=0))
    match step.partition(" "):
        case ("chain", _, _):
            return Cause("buddies", WHY["chain"].format(n=len(members), most=most), HELP["fewer"])
        case ("buddies", _, _):
            each = personal.alone.may[members]
            kinds = each.reshape(len(each), -1, len(personal.slots.names)).any(2).all(0).any()
            why = "buddies_language" if kinds else "buddies_session"
            return Cause("buddies", WHY[why if each.any(1).all() else "buddy"], HELP["apart"])
        case ("with", _, "apart"):
            return Cause("apart", WHY["buddies_apart"], HELP["apart"])
        case ("with", _, title) if len(members) > 1:
            return Cause(title, WHY["buddies_rule"], HELP["apart"])
        case ("with", _, title):
            return Cause(title, WHY["rule"], as_wish(title))
    return None


def _of_crowd(personal: Personal, unit: int, step: str, slots: Bools) -> Cause:
    """Why nobody else, or not the right others, could be there."""
    session, _ = busiest(personal, personal.units, step, slots)
    if step == "size":
        n, low = personal.crowd[unit], int(personal.slots.low[slots].min())
        if personal.people(personal.could)[slots].max() < low <= personal.talkative()[slots].max():
            languages = listed(personal.model.view.people[personal.model.units[unit][0]].languages)
            why = WHY["speakers"].format(n=n, low=low)
            return Cause("shared_language", why, HELP["speakers"].format(languages=languages))
        why = WHY["size"].format(n=n, low=low)
        return Cause("size", why, HELP["people"].format(n=low - n, session=session))
    name, _, dimension = step.partition(": ")
    if name in CROWD and len(personal.model.units[unit]) == 1:
        why, help = CROWD[name]
        return Cause(step, WHY[why].format(dimension=dimension), HELP[help].format(dimension=dimension))
    return Cause(step, WHY["rule"], as_wish(step))


def busiest(personal: Personal, funnel: Funnel, step: str, slots: Bools) -> tuple[str, str]:
    """Session and language of the slot, among these, that most others lost in the same way."""
    if not slots.any():
        return "", ""
    total = sum(lost.astype(np.int64) for other, lost in funnel.steps.values() if other == step)
    best = int(np.argmax(np.where(slots, total, -1)))
    names = personal.slots.names
    return personal.model.view.sessions[personal.slots.session[best]].id, names[best % len(names)]
