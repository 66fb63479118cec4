"""An invitation to one date: a new one, or the one that a mailbox knows from before; and the letters about it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.crypto import hashed
from web.identity import addresses
from web.letters.places import cancelled
from web.rows import DueLetter, Gathering, Invitation, Series, Signup
from web.rows.invitations import InvitationState
from web.rows.messages import LetterState
from web.services.text.tokens import new_token


def invitation_to(series: Series, signup: Signup, gathering: Gathering, uid: str, now: datetime) -> Invitation:
    """A new invitation, of which nothing was told yet."""
    token = new_token()
    return Invitation(
        organisation_id=series.organisation_id,
        project_id=series.project_id,
        series_id=series.id,
        signup_id=signup.id,
        gathering_id=gathering.id,
        uid=uid,
        token=token,
        token_hash=hashed(token),
        sequence=0,
        changed_sequence=0,
        stamp=now,
    )


def mailed_before(session: Session, gathering: Gathering, signup: Signup, address: str) -> Invitation | None:
    """The last invitation to a date that went to this mailbox and was not struck through in it (rule 32)."""
    cancel = DueLetter.kind == cancelled.name, DueLetter.channel == "email", DueLetter.state != LetterState.OVERTAKEN
    struck = select(DueLetter.id).where(DueLetter.invitation_id == Invitation.id, *cancel).exists()
    mine = (
        Invitation.signup_id == signup.id,
        Invitation.gathering_id == gathering.id,
        Invitation.state == InvitationState.OFF,
    )
    found = session.scalars(select(Invitation).where(*mine, ~struck).order_by(Invitation.id.desc())).all()
    return next((one for one in found if addresses.same(one.mailbox, address)), None)


def key_of(invitation: Invitation) -> str:
    """The key of its letter as it is now: there is at most one for every version (rule 33)."""
    return f"invitation:{invitation.uid}:{invitation.signup_id}:{invitation.sequence}"
