"""Sending what is due: each letter once, in order for each person, and none lost when something goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session as DbSession

from config import Settings
from web import rows
from web.channels import Parcel
from web.formatting import when
from web.letters import LETTERS, Facts, Letter
from web.rows import DueLetter, Facilitator, PlanGroup, Signup
from web.rows.people import LEFT, REACH, WAITING
from web.services.explaining import tables_of

log = logging.getLogger(__name__)

Channel = Callable[[Parcel], None]
AT_TABLE = ("placed", "changed")


@dataclass(frozen=True, slots=True)
class Links:
    """Where a secret leads: the own page of a resident, the list of a facilitator; and where to ask for a new one."""

    resident: Callable[[str], str]
    facilitator: Callable[[str], str]
    lost: str


class Unsendable(Exception):
    """A letter that cannot go out; the sentence is for whoever looks after the server."""


class Overtaken(Exception):
    """What a letter tells is no longer so: it is not sent, and nothing is wrong."""


def send_due(
    session: DbSession, channels: Mapping[str, Channel], now: datetime, *, settings: Settings, links: Links
) -> int:
    """Send every letter that is due; how many went out. A letter is committed by itself.

    After a fault the later letters of that person wait for it: 'you have a place' never comes before 'welcome'.
    """
    stuck: set[str] = set()
    sent = 0
    for id in session.scalars(_due(now)).all():
        letter = session.get(DueLetter, id)
        if letter is None or letter.sent_at is not None or owner(letter) in stuck:
            continue
        fault = _send(session, letter, channels, now, settings, links)
        sent += not fault
        # A letter of a kind we do not know may wait for a newer version; the others need not wait with it.
        if fault and letter.kind in LETTERS:
            stuck.add(owner(letter))
        session.commit()
    return sent


def _due(now: datetime) -> Any:
    return select(DueLetter.id).where(DueLetter.sent_at.is_(None), DueLetter.due_at <= now).order_by(DueLetter.id)


def owner(letter: DueLetter) -> str:
    """Whose letter it is, as the outbox names it."""
    if letter.signup_id:
        return owner_of(letter.signup_id)
    return f"facilitator-{letter.facilitator_id}" if letter.facilitator_id else f"letter-{letter.id}"


def owner_of(signup_id: int) -> str:
    """The name of a resident in the outbox."""
    return f"signup-{signup_id}"


def _send(
    session: DbSession,
    letter: DueLetter,
    channels: Mapping[str, Channel],
    now: datetime,
    settings: Settings,
    links: Links,
) -> str:
    """Send one letter and note how that went; the fault, if any."""
    try:
        parcel = _parcel(session, letter, settings, links, now)
        channels[parcel.channel](parcel)
        letter.fault = ""
    except Overtaken:
        letter.fault = "overtaken"
    except (Unsendable, OSError, ValueError, LookupError, NoResultFound) as error:
        # The sentence of another error may hold an address; its kind does not.
        letter.fault = str(error) if isinstance(error, Unsendable) else type(error).__name__
        letter.tries += 1
        log.warning("letter %s (%s) is not sent: %s", letter.id, letter.kind, letter.fault)
        return letter.fault
    # The secret of a link is stored no longer than needed to send it (promise 12).
    letter.sent_at, letter.content = now, None
    return ""


def _parcel(session: DbSession, due: DueLetter, settings: Settings, links: Links, now: datetime) -> Parcel:
    write = LETTERS.get(due.kind)
    if write is None:
        raise Unsendable(f"unknown kind {due.kind!r}; known: {', '.join(LETTERS)}")
    who = _person(session, due)
    if isinstance(who, Signup) and who.state == LEFT and due.kind != "link":
        raise Overtaken
    language = who.language if isinstance(who, Signup) else who.languages[0]
    with force_locale(language if language in settings.languages else settings.languages[0]):
        facts = _facts(session, due, who, settings, links)
        link = _link(due, links)
        letter: Letter = write(who.name, facts, link)
    return Parcel(
        key=due.key,
        owner=owner(due),
        channel=due.channel,
        name=who.name,
        address=_address(who, due.channel),
        subject=letter.subject,
        text=letter.text,
        at=now,
    )


def _person(session: DbSession, due: DueLetter) -> Signup | Facilitator:
    who = session.get(Signup, due.signup_id) if due.signup_id else session.get(Facilitator, due.facilitator_id or 0)
    if who is None:
        raise Unsendable("this letter is for nobody")
    return who


def _address(who: Signup | Facilitator, channel: str) -> str:
    """How to reach somebody by a channel; a sheet for a person may do without."""
    if channel not in REACH:
        raise Unsendable(f"unknown channel {channel!r}; known: {', '.join(REACH)}")
    contact = who.contact or {}
    address = contact.get({"email": "email", "text": "phone", "call": "phone"}.get(channel, "via"), "")
    if not address and channel in ("email", "text", "call"):
        raise Unsendable(f"no address for channel {channel!r}")
    return str(address)


def _link(due: DueLetter, links: Links) -> str:
    secret = (due.content or {}).get("secret", "")
    if not secret:
        return ""
    return links.facilitator(secret) if due.facilitator_id else links.resident(secret)


def _facts(session: DbSession, due: DueLetter, who: Signup | Facilitator, settings: Settings, links: Links) -> Facts:
    series = session.get_one(rows.Series, due.series_id)
    project = series.project
    contact = " ".join(part for part in (project.contact_name, project.contact_phone) if part)
    told: dict[str, Any] = {"title": series.title, "sender": settings.sender.name}
    if not isinstance(who, Signup):
        content = due.content or {}
        evening = session.get_one(rows.Session, content.get("session_id", 0))
        return Facts(**told, contact=contact, meetings=(_meeting(evening),), pin=str(content.get("pin", "")))
    return Facts(
        **told,
        contact=contact,
        meetings=_meetings(session, due, who, settings),
        code=who.code,
        waiting=who.state == WAITING,
        lost=links.lost,
    )


def _meetings(session: DbSession, due: DueLetter, signup: Signup, settings: Settings) -> tuple[str, ...]:
    """The tables of a place that was given, or else every time somebody can come."""
    if due.kind not in AT_TABLE:
        evenings = sorted((a.session for a in signup.availability), key=lambda s: (s.starts, s.id))
        return tuple(_meeting(evening) for evening in evenings)
    tables = tables_of(session, signup)
    if not tables:
        raise Overtaken
    return tuple(_table(session, table, settings) for table in tables)


def _table(session: DbSession, group: PlanGroup, settings: Settings) -> str:
    evening = session.get_one(rows.Session, group.session_id)
    number = gettext("groep %(number)s", number=group.number)
    spoken = {language.code: language.name for language in settings.conversation}.get(group.language, "")
    return ", ".join(part for part in (_meeting(evening), evening.link, number, spoken) if part)


def _meeting(evening: rows.Session) -> str:
    """When and where, on one line."""
    if evening.mode == "online":
        place = gettext("online")
    else:
        place = ", ".join(part for part in (evening.venue.name, evening.venue.address) if part) if evening.venue else ""
    return ", ".join(part for part in (when(evening), place) if part)
