"""What took the last slot of somebody, and what would help."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matcher.explain.personal import Personal
from matcher.explain.slots import Bools, Funnel
from matcher.messages import DimensionName, Key, LanguageCode, Message, NeedKey, RuleName, SessionId, Skill, Value, each
from matcher.model import Model
from matcher.rules import KNOWN

MODES = frozenset({"here", "online"})
CROWD = {
    "never_alone": (Key("reason.alone"), Key("help.mates")),
    "share_cap": (Key("reason.share"), Key("help.others")),
    "at_least_different": (Key("reason.alike"), Key("help.others")),
    "population_mirror": (Key("reason.unlike"), Key("help.others")),
}


class Cause(NamedTuple):
    """Why somebody cannot sit, and what would help; `rule` is the title of the rule."""

    rule: str
    why: Message
    help: Message


def wishable(rule: str) -> bool:
    """Whether a rule, by its title, may be a wish instead; what people need or cannot do may not."""
    name = rule.partition(":")[0]
    return name in KNOWN and "weight" in KNOWN[name].modes and name not in ("apart", "availability")


def as_help(change: Message) -> Message:
    """A change as what would help somebody."""
    return Message.of("help.change", change=change)


def softer(rule: str) -> Message:
    """The change of a rule, by its title, into a wish."""
    name, _, dimension = rule.partition(": ")
    if dimension:
        return Message.of("change.rule_on", rule=RuleName(name), dimension=DimensionName(dimension))
    return Message.of("change.rule", rule=RuleName(name))


def as_wish(rule: str) -> Message:
    """Help: the rule as a wish."""
    return as_help(softer(rule)) if wishable(rule) else Message.of("help.none")


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
    needs = each(NeedKey, who.needs & MODES if step == "mode" else who.needs - MODES)
    languages = each(LanguageCode, who.languages)
    session, language = busiest(personal, personal.alone, step, slots)
    match step:
        case "availability":
            return Cause(step, Message.of("reason.no_session"), Message.of("help.session"))
        case "access":
            return Cause(step, Message.of("reason.access", needs=needs), Message.of("help.place", needs=needs))
        case "mode":
            return Cause(step, Message.of("reason.mode", needs=needs), Message.of("help.place", needs=needs))
        case "no_meeting":
            return Cause("max_meetings", Message.of("reason.no_meeting"), Message.of("help.ask"))
        case "locked":
            return Cause(step, Message.of("reason.locked"), Message.of("help.unlock"))
        case "room":
            return _of_room(personal, slots, session)
        case "session_language":
            why = Message.of("reason.session_language", languages=languages)
            return Cause("shared_language", why, Message.of("help.language", languages=languages))
        case "skills" | "facilitator_time" | "facilitator_language":
            return _of_leaders(personal.model, step, languages, session, language)
    return Cause(step, Message.of("reason.fit"), as_wish(step))


def _of_leaders(model: Model, step: str, languages: Value, session: str, language: str) -> Cause:
    """Who could lead, but is not there, or has not learnt it, or speaks another language."""
    if step == "skills" and model.problem.facilitators:
        skills = each(Skill, model.problem.format.skills)
        return Cause(
            "facilitator", Message.of("reason.skills", skills=skills), Message.of("help.skills", skills=skills)
        )
    where = SessionId(session)
    if step == "facilitator_language":
        why = Message.of("reason.facilitator_language", languages=languages)
        help = Message.of("help.facilitator_language", session=where, language=LanguageCode(language))
        return Cause("facilitator", why, help)
    why = Message.of("reason.no_facilitator") if step == "skills" else Message.of("reason.facilitator_time")
    return Cause("facilitator", why, Message.of("help.facilitator", session=where))


def _of_room(personal: Personal, slots: Bools, session: str) -> Cause:
    """No group can open, for want of seats or because its mode asks for smaller groups."""
    low, high = int(personal.slots.low[slots].min()), int(personal.slots.high[slots].max())
    why = Message.of("reason.room", n=high, low=low)
    if personal.model.frame.seats[personal.slots.session[slots]].min() < low:
        seats = Message.of("change.seats", n=low - high, session=SessionId(session))
        return Cause("seats", why, as_help(seats))
    return Cause("size", why, as_help(Message.of("change.size", n=high, m=low)))


def _of_unit(personal: Personal, unit: int, step: str) -> Cause | None:
    """Why people who come together cannot."""
    members, most = list(personal.model.units[unit]), int(personal.slots.high.max(initial=0))
    match step.partition(" "):
        case ("chain", _, _):
            why = Message.of("reason.chain", n=len(members), most=most)
            return Cause("buddies", why, Message.of("help.fewer"))
        case ("buddies", _, _):
            return Cause("buddies", _of_buddies(personal, members), Message.of("help.apart"))
        case ("with", _, "apart"):
            return Cause("apart", Message.of("reason.buddies_apart"), Message.of("help.apart"))
        case ("with", _, title) if len(members) > 1:
            return Cause(title, Message.of("reason.buddies_rule"), Message.of("help.apart"))
        case ("with", _, title):
            return Cause(title, Message.of("reason.rule"), as_wish(title))
    return None


def _of_buddies(personal: Personal, members: list[int]) -> Message:
    """Buddies who could each sit somewhere, or not even that."""
    may = personal.alone.may[members]
    if not may.any(1).all():
        return Message.of("reason.buddy")
    if may.reshape(len(may), -1, len(personal.slots.names)).any(2).all(0).any():
        return Message.of("reason.buddies_language")
    return Message.of("reason.buddies_session")


def _of_crowd(personal: Personal, unit: int, step: str, slots: Bools) -> Cause:
    """Why nobody else, or not the right others, could be there."""
    session, _ = busiest(personal, personal.units, step, slots)
    if step == "size":
        n, low = personal.crowd[unit], int(personal.slots.low[slots].min())
        if personal.company[slots].max() < low <= personal.talkative[slots].max():
            languages = each(LanguageCode, personal.model.view.people[personal.model.units[unit][0]].languages)
            why = Message.of("reason.speakers", n=n, low=low)
            return Cause("shared_language", why, Message.of("help.speakers", languages=languages))
        why = Message.of("reason.size", n=n, low=low)
        return Cause("size", why, Message.of("help.people", n=low - n, session=SessionId(session)))
    name, _, dimension = step.partition(": ")
    if name in CROWD and len(personal.model.units[unit]) == 1:
        reason, help = CROWD[name]
        on = DimensionName(dimension)
        return Cause(step, Message.of(reason, dimension=on), Message.of(help, dimension=on))
    return Cause(step, Message.of("reason.rule"), as_wish(step))


def busiest(personal: Personal, funnel: Funnel, step: str, slots: Bools) -> tuple[str, str]:
    """Session and language of the slot, among these, that most others lost in the same way."""
    if not slots.any():
        return "", ""
    best = int(np.argmax(np.where(slots, funnel.lost(step), -1)))
    names = personal.slots.names
    return personal.model.view.sessions[personal.slots.session[best]].id, names[best % len(names)]
