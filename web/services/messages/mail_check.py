"""Whether mail goes out and comes in: a letter to try it, a look into the mailbox, and mails that are nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from config import Settings
from web.channels import Channel, DeliveryFault, Later, Parcel, Smtp
from web.errors import Missing
from web.letters import Facts, staff
from web.replies.mailboxes import Mailbox
from web.rows import Reply, Staff
from web.services import audit
from web.services.messages import reviewing
from web.services.messages.reviewing import Incoming
from web.services.outbox import outages
from web.services.outbox.context import Worldly
from web.services.outbox.packing import language_of


def try_mail(session: Session, channel: Channel, by: Staff, now: datetime, world: Worldly) -> DeliveryFault | None:
    """Send a letter to somebody who works here, by the real way, now; what went wrong, if anything did.

    That it was tried is committed first: no transaction waits for a server, and no letter goes without its line.
    """
    audit.note(session, by, "test mail", by=by, now=now, about="")
    session.commit()
    parcel = _parcel(by, now, world)
    try:
        if isinstance(channel, Smtp):
            channel.test(parcel)
        else:
            channel.send(parcel, lambda: True)
    except DeliveryFault as fault:
        return fault
    except ConnectionAbortedError:
        return Later("connection")
    outages.over(session, "email")
    return None


def _parcel(to: Staff, now: datetime, world: Worldly) -> Parcel:
    facts = Facts(title="", sender=world.settings.sender.name)
    with force_locale(language_of(to, world)):
        letter = staff.test.write(to.name, facts, world.links.staff)
    return Parcel(
        key=f"{staff.test.name}:{to.id}:{now.isoformat()}",
        owner=f"staff-{to.id}",
        channel="email",
        name=to.name,
        address=to.email,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language=language_of(to, world),
        at=now,
    )


def try_inbox(session: Session, mailbox: Mailbox, by: Staff, now: datetime) -> DeliveryFault | None:
    """Open the mailbox and look whether something lies there, without taking it; what went wrong, if anything did.

    That it was tried is committed first: no transaction waits for a server.
    """
    audit.note(session, by, "test inbox", by=by, now=now, about="")
    session.commit()
    try:
        next(iter(mailbox.messages()), None)
    except DeliveryFault as fault:
        return fault
    finally:
        mailbox.close()
    return None


def strays(session: Session, by: Staff, now: datetime) -> Sequence[Incoming]:
    """Mails that wait for a person and of which nobody knows whose they are; that somebody read them is in the log.

    None for an organisation that may not read them.
    """
    if not reviewing.reads_strays(session, by.organisation_id):
        return ()
    found, _returned = reviewing.waiting(session, _nobodys(), now, by=by)
    if found:
        audit.note(session, by, "read strays", by=by, now=now, about="")
    return found


def put_away(session: Session, id: int, *, by: Staff, now: datetime, settings: Settings) -> None:
    """Erase what a mail said: somebody read it. Raises Missing, and Overtaken if another did this already."""
    reply = session.scalars(_nobodys().where(Reply.id == id)).one_or_none()
    if reply is None or not reviewing.reads_strays(session, by.organisation_id):
        raise Missing
    audit.note(session, by, "erase stray", by=by, now=now, about=reply)
    reviewing.decide(session, reply, "", by=by, now=now, settings=settings)


def _nobodys() -> Select[Reply]:
    return select(Reply).where(Reply.organisation_id.is_(None))
