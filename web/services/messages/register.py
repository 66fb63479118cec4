"""What the judge of mails may ask of the database: whose an address of ours is, and what was sent there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.crypto import hashed
from web.identity import addresses
from web.replies import Invited
from web.rows import Invitation, Signup
from web.rows.invitations import InvitationState
from web.services.outbox import bounces


class Register:
    """What is known of invitations and bounces, as the judge of mails asks for it."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def invitation(self, token: str) -> Invited | None:
        """Whose rsvp- address this is."""
        found = self.session.scalars(select(Invitation).where(Invitation.token_hash == hashed(token))).one_or_none()
        return None if found is None or not found.mailbox else _invited(found, token)

    def beside(self, token: str, uid: str) -> Invited | None:
        """The invitation of the person with this rsvp- address to another event, of the same series."""
        whose = select(Invitation.signup_id).where(Invitation.token_hash == hashed(token)).scalar_subquery()
        mine = Invitation.signup_id == whose, Invitation.uid == uid
        found = self.session.scalars(select(Invitation).where(*mine)).one_or_none()
        return None if found is None or not found.mailbox else _invited(found, found.token)

    def bounced(self, token: str) -> str | None:
        """The address that the letter of this bounce- address goes to, as it is now; empty if nobody knows."""
        letter = bounces.letter_of(self.session, token)
        if letter is None:
            return None
        if letter.invitation is not None:
            return letter.invitation.mailbox or ""
        signup = self.session.get(Signup, letter.signup_id) if letter.signup_id else None
        return str((signup.contact or {}).get("email", "")) if signup else ""

    def invitations(self, uid: str, address: str) -> Sequence[Invited]:
        """Who was invited to this event by this address."""
        found = self.session.scalars(select(Invitation).where(Invitation.uid == uid, Invitation.mailbox.is_not(None)))
        return [_invited(one, one.token) for one in found if addresses.same(one.mailbox, address)]


def _invited(row: Invitation, token: str) -> Invited:
    answered = None if row.answer_sequence is None else (row.answer_sequence, row.answer_stamp)
    return Invited(
        token=token,
        uid=row.uid,
        attendee=row.mailbox or "",
        partstat=row.partstat,
        sequence=row.sequence,
        changed_sequence=row.changed_sequence,
        cancelled=row.state != InvitationState.ON or row.gathering.called_off_at is not None,
        answered=answered,
        stamp=row.stamp,
        by_our_clock=row.answered_by in ("page", "staff"),
    )
