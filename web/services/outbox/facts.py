"""What a letter tells somebody: the rows about them in words."""

from __future__ import annotations

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

Person = Signup | Facilitator | Staff


def standing(session: Session, due: DueLetter, now: datetime) -> list[Invitation]:
    """The invitations of this person that stand, for dates to come, in order of time."""
    found = session.scalars(
        select(Invitation)
        .join(rows.Gathering)
        .where(Invitation.signup_id == due.signup_id, Invitation.state == InvitationState.ON, rows.Gathering.ends > now)
        .order_by(rows.Gathering.starts)
    )
    return list(found)


def facts_of(session: Session, due: DueLetter, who: Person, world: Worldly) -> Facts:
    """Everything that a letter to this person may tell, as things are now."""
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
        evening = session.get_one(rows.TimeSlot, content.get("session_id", 0))
        return Facts(
            **told,
            meetings=tuple(evening_as_meeting(evening)),
            before=_before(due, content, world),
            pin=str(content.get("pin", "")),
            reason=content.get("reason", ""),
        )
    return Facts(
        **told,
        meetings=_meetings(session, due, who, world),
        before=_before(due, content, world),
        reason=content.get("reason", ""),
        code=who.code,
        waiting=who.state == SignupState.WAITING,
        lost=world.links.lost if _answers_itself(due.channel, world) else "",
        deadline=hour(due.offer.until) if due.offer is not None else "",
        story=series.story if series else "",
        how=world.links.how(content["how"]) if "how" in content else "",
        there=bool(content.get("there")),
        pages=_pages(session, due, who, content, world),
        **_doors(due.invitation or _only(session, due), world),
    )


def _answers_itself(channel: str, world: Worldly) -> bool:
    """Whether who asks for a link there gets it at once.

    Who is called or visited has no use for an address on a screen; and of a text message that somebody types the answer
    would again be one to type.
    """
    return channel == "email" or (channel == "text" and bool(world.settings.text_messages.kind))


def _only(session: Session, due: DueLetter) -> Invitation | None:
    """The one date that a text message is about: its page is the answer, and needs no link to be asked for."""
    if due.channel != "text" or due.kind not in (placed.name, changed.name):
        return None
    found = standing(session, due, due.due_at)
    return found[0] if len(found) == 1 else None


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


def _before(due: DueLetter, content: dict[str, Any], world: Worldly) -> tuple[Meeting, ...]:
    """What was told and is no longer so; of a letter that is sent once more, what its invitation knew last."""
    told = (*content.get("before", ()), *content.get("gone", ()))
    if not told and due.kind == cancelled.name and due.invitation is not None:
        told = (due.invitation.told,)
    return tuple(fact_as_meeting(one, world.settings) for one in told)


def _doors(invitation: Invitation | None, world: Worldly) -> dict[str, Any]:
    if invitation is None:
        return {}
    token, coming = invitation.token, invitation.partstat == Partstat.ACCEPTED
    links = world.links
    doors = {"answer": links.invitation(token), "agenda": links.file(token), "unsubscribe": links.quiet(token)}
    return {**doors, "coming": coming}


def _meetings(session: Session, due: DueLetter, signup: Signup, world: Worldly) -> tuple[Meeting, ...]:
    """The date of an invitation; else every place that stands; else every time somebody can come."""
    if due.kind in (cancelled.name, times_changed.name):
        return ()
    if due.invitation is not None:
        return (fact_as_meeting(due.invitation.told, world.settings),)
    if due.offer is not None:
        return tuple(evening_as_meeting(due.offer.session, gettext("tafel %(number)s", number=due.offer.number)))
    if due.kind in (placed.name, changed.name):
        return tuple(fact_as_meeting(i.told, world.settings) for i in standing(session, due, due.due_at))
    evenings = sorted((a.session for a in signup.availability), key=lambda s: (s.starts, s.id))
    return tuple(meeting for evening in evenings for meeting in evening_as_meeting(evening))
