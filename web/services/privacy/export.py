"""Everything that we hold about somebody, for themselves (promise 14).

Not how often they were left out of an earlier series: anybody can sign up under another's name and address, and would
read here that this person took part before (promise 21). Staff tells it to whoever asks in person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.rows import Attendance, DueLetter, Gathering, Invitation, Offer, PairWish, Signup, TimeSlot
from web.rows.invitations import InvitationState, OfferState
from web.services.invitations.feeds import feeding
from web.services.plans.own_table import tables_of
from web.signup_fields import FIELDS, Absent


def take_along(session: Session, signup: Signup) -> dict[str, Any]:
    """Everything that we hold about somebody, for themselves; moments in UTC."""
    return {
        "series": signup.series.title,
        **_answers(signup),
        "code": signup.code,
        "number": signup.number,
        "state": signup.state,
        "signed_up_at": signup.created_at.isoformat(),
        "changed_at": signup.changed_at.isoformat(),
        "channel": signup.channel,
        "invited_by_somebody": signup.key_contact_id is not None,
        "asked_for_another_table": signup.other_wish,
        "said_about_others": said_about_others(session, signup),
        "tables": _tables(session, signup),
        "was_there": _was_there(session, signup),
        "invitations": _invitations(session, signup),
        "no_reminders": signup.quiet,
        "follows_calendar": feeding.of(session, signup) is not None,
        "offers": _offers(session, signup),
        "letters": _letters(session, signup),
    }


def _answers(signup: Signup) -> dict[str, Any]:
    """Everything that somebody told, under the label of its question; several questions may share one."""
    return {
        asked.export: _IN_ONE[asked.export](signup) if asked.export in _IN_ONE else asked.told_in(signup)
        for asked in FIELDS
        if not isinstance(asked.export, Absent)
    }


_IN_ONE: Mapping[str, Callable[[Signup], Any]] = {
    "contact": lambda signup: signup.contact or {},
    "sessions": lambda signup: [{**_dates(a.session), "prefers": a.prefers} for a in signup.availability],
    "bubbles": lambda signup: signup.bubbles,
    "consents": lambda signup: [
        {"kind": c.kind, "given": c.given, "version": c.version, "at": c.at.isoformat(), "channel": c.channel}
        for c in signup.consents
    ],
}
"""What is stored in another way than in a column per question."""


def _dates(evening: TimeSlot) -> dict[str, Any]:
    return {"starts": [gathering.starts.isoformat() for gathering in evening.gatherings]}


def _tables(session: Session, signup: Signup) -> list[dict[str, Any]]:
    tables = tables_of(session, signup)
    return [{**_dates(session.get_one(TimeSlot, t.session_id)), "table": t.number} for t in tables]


def offers_of(session: Session, signup: Signup) -> Sequence[Offer]:
    """Every place that was offered to somebody, in order."""
    asked = Offer.signup_id == signup.id, Offer.state != OfferState.RELEASED
    return session.scalars(select(Offer).where(*asked).order_by(Offer.id)).all()


def _offers(session: Session, signup: Signup) -> list[dict[str, Any]]:
    return [
        {**_dates(offer.session), "table": offer.number, "until": offer.until.isoformat(), "state": offer.state}
        for offer in offers_of(session, signup)
    ]


def _invitations(session: Session, signup: Signup) -> list[dict[str, Any]]:
    found = session.scalars(select(Invitation).where(Invitation.signup_id == signup.id).order_by(Invitation.id))
    return [
        {
            **x.told,
            "stands": x.state == InvitationState.ON,
            "answer": x.partstat,
            "answered_at": x.answered_at.isoformat() if x.answered_at else "",
            "answered_by": x.answered_by,
            "comment": x.comment or "",
        }
        for x in found
    ]


def _was_there(session: Session, signup: Signup) -> list[dict[str, Any]]:
    """Every mark of whether somebody was there, in the order of their dates; the last of a date holds."""
    marks = select(Attendance, Gathering.starts).join(Gathering, Gathering.id == Attendance.gathering_id)
    mine = marks.where(Attendance.signup_id == signup.id)
    return [
        {
            "starts": starts.isoformat(),
            "table": mark.number,
            "said": mark.presence,
            "written_at": mark.recorded_at.isoformat(),
        }
        for mark, starts in session.execute(mine.order_by(Gathering.starts, Attendance.recorded_at, Attendance.id))
    ]


def said_about_others(session: Session, signup: Signup) -> list[dict[str, str]]:
    """What somebody said about sitting with others, by their codes; never what others said about them."""
    found = session.execute(
        select(PairWish, Signup.code)
        .join(Signup, Signup.id == PairWish.other_id)
        .where(PairWish.signup_id == signup.id)
        .order_by(PairWish.id)
    )
    return [{"code": code, "said": wish.said} for wish, code in found]


def _letters(session: Session, signup: Signup) -> list[dict[str, Any]]:
    found = session.scalars(select(DueLetter).where(DueLetter.signup_id == signup.id).order_by(DueLetter.id))
    return [
        {"kind": x.kind, "channel": x.channel, "sent_at": x.sent_at.isoformat() if x.sent_at else ""} for x in found
    ]
