"""One person at the desk: what they should know, what they know, and the letters that still lie here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session as DbSession

from web.crypto import hashed
from web.rows import DueLetter, Gathering, Invitation, Series, Signup
from web.rows.invitations import DECLINED, NEEDS_ACTION, OFF
from web.rows.messages import OVERTAKEN
from web.rows.people import LEFT
from web.services.events import TIME_AND_PLACE
from web.services.inviting.reading import Facts, Identities
from web.services.inviting.tokens import new_token


@dataclass(slots=True)
class _Difference:
    """What changes for one person: dates that are new, told otherwise (with what was told before), or gone.

    `reached` are dates that somebody knows, but not yet by this mailbox.
    """

    new: list[Invitation] = field(default_factory=list)
    reached: list[Invitation] = field(default_factory=list)
    changed: list[tuple[Invitation, Facts]] = field(default_factory=list)
    gone: list[Invitation] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.reached or self.changed or self.gone)


class Desk:
    """Settles what one person is told. `lying` are the letters about places that did not go out yet."""

    def __init__(
        self,
        session: DbSession,
        series: Series,
        signup: Signup,
        now: datetime,
        lying: list[DueLetter],
        used: Identities,
    ) -> None:
        self.session, self.series, self.signup = session, series, signup
        self.now = now.replace(microsecond=0)
        self.lying, self.used = lying, used
        self.written = False
        mail = signup.reached_by == "email"
        self.address = str((signup.contact or {}).get("email", "")) if mail else ""

    def settle(self, wished: dict[int, Facts], known: list[Invitation]) -> bool:
        """Change the invitations of this person and write what has to be told; whether a letter was written."""
        found = self._compare(dict(wished), known)
        if found:
            (self._by_mail if self.address else self._by_hand)(found, self._reason(found))
        return self.written

    def _compare(self, wished: dict[int, Facts], known: list[Invitation]) -> _Difference:
        found = _Difference()
        for invitation in known:
            facts = wished.get(invitation.gathering_id)
            if facts is None:
                found.gone.append(invitation)
                continue
            if self.address and invitation.mailbox and invitation.mailbox != self.address:
                # The old address hears nothing any more and its answers do not count; the new one is invited anew.
                self._forget(invitation)
                self._off(invitation)
                continue
            del wished[invitation.gathering_id]
            before, invitation.told = invitation.told, facts
            if self.address and not invitation.mailbox:
                invitation.mailbox = self.address
                found.reached.append(invitation)
            elif facts != before:
                found.changed.append((invitation, before))
        found.new = [self._invite(id, facts) for id, facts in wished.items()]
        return found

    def _invite(self, gathering_id: int, facts: Facts) -> Invitation:
        token = new_token()
        invitation = Invitation(
            organisation_id=self.series.organisation_id,
            project_id=self.series.project_id,
            series_id=self.series.id,
            signup_id=self.signup.id,
            gathering_id=gathering_id,
            uid=self.used.next(self.session.get_one(Gathering, gathering_id), self.signup),
            token=token,
            token_hash=hashed(token),
            mailbox=self.address or None,
            sequence=0,
            changed_sequence=0,
            stamp=self.now,
            told=facts,
        )
        self.session.add(invitation)
        return invitation

    def _reason(self, found: _Difference) -> str:
        """Why dates are gone; each letter says one reason."""
        if self.signup.state == LEFT:
            return "left"
        if any(invitation.gathering.called_off_at for invitation in found.gone):
            return "called_off"
        return "moved" if found.new or found.changed else "lost"

    def _by_mail(self, found: _Difference, reason: str) -> None:
        """A letter for every date: a mail carries one event (rule 4)."""
        for invitation in found.gone:
            self._cancel(invitation, reason)
        for invitation, before in found.changed:
            self._change(invitation, before)
        instead = [invitation.told for invitation in found.gone] if reason == "moved" else []
        for invitation in (*found.reached, *found.new):
            kind = "changed" if instead else "placed"
            self._write(kind, invitation, {"before": instead} if instead else None)

    def _change(self, invitation: Invitation, before: Facts) -> None:
        lying = next((letter for letter in self.lying if letter.invitation_id == invitation.id), None)
        # A letter that did not go out yet tells what is so when it does.
        self._next_version(invitation, before, told=lying is None)
        if lying is None:
            self._write("changed", invitation, {"before": [before]})

    def _cancel(self, invitation: Invitation, reason: str) -> None:
        """Strike it through, unless nothing was mailed yet, or they said themselves that they do not come."""
        unheard = self._forget(invitation) or invitation.mailbox is None
        self._off(invitation)
        if not unheard and invitation.partstat != DECLINED:
            self._write("cancelled", invitation, {"reason": reason, "gone": [invitation.told]})

    def _forget(self, invitation: Invitation) -> bool:
        """Take back what was not mailed yet; whether nothing was mailed at all."""
        lying = [letter for letter in self.lying if letter.invitation_id == invitation.id]
        for letter in lying:
            letter.state, letter.content = OVERTAKEN, None
        return any(letter.sequence == 0 for letter in lying)

    def _by_hand(self, found: _Difference, reason: str) -> None:
        """One letter with everything, for who is called, visited or sent a text message."""
        unheard = any(letter.kind == "placed" for letter in self.lying)
        for letter in self.lying:
            letter.state, letter.content = OVERTAKEN, None
        for invitation in found.gone:
            self._off(invitation)
        for invitation, before in found.changed:
            self._next_version(invitation, before, told=not unheard)
        gone = [invitation.told for invitation in found.gone if invitation.partstat != DECLINED]
        before = [*(facts for _, facts in found.changed), *gone]
        if found.new or found.changed:
            news = unheard or not before
            self._write("placed" if news else "changed", None, None if news else {"before": before})
        elif gone and not unheard and reason != "left":
            self._write("cancelled", None, {"reason": reason, "gone": gone})

    def _next_version(self, invitation: Invitation, before: Facts, *, told: bool) -> None:
        invitation.sequence += told
        invitation.stamp = self._stamp(invitation)
        if any(before[key] != invitation.told[key] for key in TIME_AND_PLACE):
            invitation.changed_sequence = invitation.sequence
            invitation.partstat, invitation.answered_at, invitation.answered_by = NEEDS_ACTION, None, ""

    def _off(self, invitation: Invitation) -> None:
        invitation.state, invitation.off_at = OFF, self.now
        invitation.sequence += 1
        invitation.stamp = self._stamp(invitation)

    def _stamp(self, invitation: Invitation) -> datetime:
        """Strictly later than before (rule 18)."""
        return max(self.now, invitation.stamp + timedelta(seconds=1))

    def _write(self, kind: str, invitation: Invitation | None, content: Facts | None) -> None:
        """A letter; of one invitation there is at most one for every version (rule 33)."""
        self.written = True
        key = new_token() if invitation is None else f"{invitation.uid}:{self.signup.id}:{invitation.sequence}"
        letter = DueLetter(
            organisation_id=self.series.organisation_id,
            project_id=self.series.project_id,
            series_id=self.series.id,
            signup_id=self.signup.id,
            invitation=invitation,
            sequence=None if invitation is None else invitation.sequence,
            key=f"invitation:{key}",
            kind=kind,
            channel=self.signup.reached_by,
            content=content,
            due_at=self.now,
        )
        self.session.add(letter)
