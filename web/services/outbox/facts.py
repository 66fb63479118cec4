"""What a letter tells somebody: the rows about them in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from web import rows
from web.formatting import dated, hour
from web.letters import Facts, Meeting
from web.letters.joining import times_changed
from web.letters.places import cancelled, changed, placed
from web.rows import DueLetter, Facilitator, Invitation, Signup, Staff
from web.rows.invitations import InvitationState, Partstat
from web.rows.people import SignupState
from web.services.outbox.context import Worldly
from web.services.outbox.dates_in_words import evening_as_meeting, fact_as_meeting
from web.services.outbox.digest_lines import worded
from web.services.outbox.event_facts import contact_of
from web.services.outbox.together import Letters, in_time, kind_of

Person = Signup | Facilitator | Staff
CALLED_OFF = "called_off"


def standing(session: Session, due: DueLetter, now: datetime) -> list[Invitation]:
    """The invitations of this person that stand, for dates to come, in order of time."""
    found = session.scalars(
        select(Invitation)
        .join(rows.Gathering)
        .where(Invitation.signup_id == due.signup_id, Invitation.state == InvitationState.ON, rows.Gathering.ends > now)
        .order_by(rows.Gathering.starts)
    )
    return list(found)


def facts_of(session: Session, letters: Letters, who: Person, world: Worldly) -> Facts:
    """Everything that the letters of one mail to this person may tell, as things are now."""
    due = letters[0]
    content: dict[str, Any] = due.content or {}
    series = session.get(rows.Series, due.series_id) if due.series_id else None
    told: dict[str, Any] = {"sender": world.settings.sender.name, "title": series.title if series else ""}
    if series is not None:
        told["contact"] = contact_of(series)
    if isinstance(who, Staff):
        told["counts"] = worded(content.get("counts", ()), world.links)
        if "was" in content:
            told["clock"] = tuple(dated(datetime.fromisoformat(content[at])) for at in ("was", "now"))
        return Facts(**told)
    if isinstance(who, Facilitator):
        evenings = {one.id: session.get_one(rows.TimeSlot, (one.content or {}).get("session_id", 0)) for one in letters}
        in_turn = sorted(letters, key=lambda one: (evenings[one.id].starts, one.id))
        return Facts(
            **told,
            meetings=tuple(meeting for one in in_turn for meeting in evening_as_meeting(evenings[one.id])),
            lists=tuple(_list(one, evenings[one.id], world) for one in in_turn if len(letters) > 1),
            before=_before(letters, world),
            pin=str(content.get("pin", "")),
            reason=content.get("reason", ""),
        )
    meetings, before = _meetings(session, letters, who, world), _before(letters, world)
    if len(letters) > 1:  # a date that is again as somebody knows it stands in none of them as gone
        before = tuple(one for one in before if one not in meetings)
    return Facts(
        **told,
        meetings=meetings,
        before=before,
        reason=_reason(letters),
        code=who.code,
        waiting=who.state == SignupState.WAITING,
        lost=world.links.lost if _answers_itself(due.channel, world) else "",
        deadline=hour(due.offer.until) if due.offer is not None else "",
        story=series.story if series else "",
        how=world.links.how(content["how"]) if "how" in content else "",
        there=bool(content.get("there")),
        pages=_pages(session, due, who, content, world),
        **_doors(_answered(session, letters), world),
    )


def _list(letter: DueLetter, evening: rows.TimeSlot, world: Worldly) -> tuple[tuple[Meeting, ...], str, str]:
    """The dates of a list of a facilitator, and what opens it."""
    secret, pin = ((letter.content or {}).get(name, "") for name in ("secret", "pin"))
    return tuple(evening_as_meeting(evening)), str(pin), world.links.facilitator(secret) if secret else ""


def _answers_itself(channel: str, world: Worldly) -> bool:
    """Whether who asks for a link there gets it at once.

    Who is called or visited has no use for an address on a screen; and of a text message that somebody types the answer
    would again be one to type.
    """
    return channel == "email" or (channel == "text" and bool(world.settings.text_messages.kind))


def _answered(session: Session, letters: Letters) -> list[Invitation]:
    """The dates that somebody may answer, the first one first: its page asks for all of them.

    A text message is about every date that stands, and needs no link to be asked for.
    """
    due = letters[0]
    if due.channel == "text" and due.invitation is None and due.kind in (placed.name, changed.name):
        return standing(session, due, due.due_at)
    found = [one.invitation for one in in_time(letters) if one.invitation is not None]
    return [one for one in found if one.state == InvitationState.ON] or found


def _pages(
    session: Session, due: DueLetter, who: Signup, content: dict[str, Any], world: Worldly
) -> tuple[tuple[str, str], ...]:
    """The own pages that were asked for by one address, if there are more than one.

    Only of who is reached where this letter goes: since it was asked for somebody may have another address. What a
    person brings over tells nothing of other projects.
    """
    others = [(session.get(Signup, int(id)), secret) for id, secret in content.get("pages", {}).items()]
    mine = [(one, secret) for one, secret in others if one is not None and _beside(due, one, who)]
    if not mine:
        return ()
    found = [(who, content.get("secret", "")), *mine]
    return tuple((f"{one.name}, {one.series.title}", world.links.resident(secret)) for one, secret in found)


def _beside(due: DueLetter, one: Signup, who: Signup) -> bool:
    same = one.email_hash == who.email_hash if due.channel == "email" else one.project_id == who.project_id
    if due.channel in ("text", "call"):
        same = same and one.phone_hash == who.phone_hash
    return same and one.reached_by == due.channel


def _before(letters: Letters, world: Worldly) -> tuple[Meeting, ...]:
    """What was told and is no longer so, once; in order of time where several letters tell it."""
    told = [facts for letter in letters for facts in _told_before(letter)]
    if len(letters) > 1:
        told.sort(key=lambda facts: str(facts["starts"]))
    return tuple(dict.fromkeys(fact_as_meeting(one, world.settings) for one in told))


def _told_before(letter: DueLetter) -> Iterable[dict[str, Any]]:
    """Of one letter; if it is sent once more, what its invitation knew last."""
    content = letter.content or {}
    told = (*content.get("before", ()), *content.get("gone", ()))
    if not told and letter.kind == cancelled.name and letter.invitation is not None:
        return (letter.invitation.told,)
    return told


def _reason(letters: Letters) -> str:
    """Why dates are gone: called off if all of them are, or else what happened to the others."""
    reasons = [str((letter.content or {}).get("reason", "")) for letter in letters]
    return next((one for one in reversed(reasons) if one not in ("", CALLED_OFF)), max(reasons))


def _doors(invitations: list[Invitation], world: Worldly) -> dict[str, Any]:
    if not invitations:
        return {}
    token, coming = invitations[0].token, all(one.partstat == Partstat.ACCEPTED for one in invitations)
    links = world.links
    file = links.file if len(invitations) == 1 else links.files
    doors = {"answer": links.invitation(token), "agenda": file(token), "unsubscribe": links.quiet(token)}
    return {**doors, "coming": coming}


def _meetings(session: Session, letters: Letters, signup: Signup, world: Worldly) -> tuple[Meeting, ...]:
    """The dates of invitations; else every place that stands; else every time somebody can come."""
    due = letters[0]
    if kind_of(letters) is cancelled or due.kind == times_changed.name:
        return ()
    if due.invitation is not None:
        stand = [one.invitation.told for one in in_time(letters) if one.invitation and one.kind != cancelled.name]
        return tuple(fact_as_meeting(facts, world.settings) for facts in stand)
    if due.offer is not None:
        return tuple(evening_as_meeting(due.offer.session, gettext("tafel %(number)s", number=due.offer.number)))
    if due.kind in (placed.name, changed.name):
        return tuple(fact_as_meeting(i.told, world.settings) for i in standing(session, due, due.due_at))
    evenings = sorted((a.session for a in signup.availability), key=lambda s: (s.starts, s.id))
    return tuple(meeting for evening in evenings for meeting in evening_as_meeting(evening))
