"""One person at the desk: what they should know, what they know, and the letters that still lie here."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.identity import addresses
from web.letters import LetterKind
from web.letters.places import cancelled, changed, placed
from web.rows import DueLetter, Gathering, Invitation, Series, Signup
from web.rows.invitations import InvitationState, Partstat
from web.rows.people import SignupState
from web.services import outbox
from web.services.invitations.reconciling.factory import invitation_to, key_of, mailed_before
from web.services.invitations.reconciling.queries import Facts, Identities
from web.services.invitations.reconciling.unsent import InvitationDifference, Untold, keyed, overtake
from web.services.outbox.event_facts import TIME_AND_PLACE
from web.services.text.tokens import new_token


class PersonReconciler:
    """Settles what one person is told.

    `lying` are the letters about places that did not go out yet, `lost` the reason for who has no place any more.
    """

    def __init__(
        self,
        session: Session,
        series: Series,
        signup: Signup,
        now: datetime,
        lying: list[DueLetter],
        used: Identities,
        lost: str = "lost",
    ) -> None:
        self.session, self.series, self.signup = session, series, signup
        self.now = now.replace(microsecond=0)
        self.lying, self.used, self.lost = lying, used, lost
        self.written = False
        mail = signup.reached_by == "email"
        self.address = str((signup.contact or {}).get("email", "")) if mail else ""

    def settle(self, wished: dict[int, Facts], known: list[Invitation]) -> bool:
        """Change the invitations of this person and write what has to be told; whether a letter was written."""
        found = self._compare(dict(wished), known)
        if found and self.address:
            self._by_mail(found, wished, self._reason(found, wished))
        elif found:
            self._by_hand(found, wished, self._reason(found, wished))
        return self.written

    def _compare(self, wished: dict[int, Facts], known: list[Invitation]) -> InvitationDifference:
        found = InvitationDifference(Untold([letter for letter in self.lying if letter.invitation_id is None]))
        for invitation in known:
            facts = wished.get(invitation.gathering_id)
            if facts is None:
                found.gone.append(invitation)
                continue
            del wished[invitation.gathering_id]
            if self.address and not addresses.same(invitation.mailbox, self.address):
                found.reached += self._elsewhere(invitation, facts, found.untold)
                continue
            before, invitation.told = invitation.told, facts
            if facts != before:
                found.changed.append((invitation, before))
        found.new = [self._invite(id, facts) for id, facts in wished.items()]
        return found

    def _elsewhere(self, invitation: Invitation, facts: Facts, untold: Untold) -> list[Invitation]:
        """A mailbox that does not know this date yet; the invitation that it is told of, none to who said no.

        The old address hears nothing any more and its answers do not count: the new one is invited anew. So is a
        mailbox that knows this UID already, from somebody else.
        """
        before, known = invitation.told, invitation
        untold.take(self._of(invitation))
        untold.add(invitation.gathering_id, before)
        overtake(self._of(invitation))
        if invitation.mailbox or self.used.clashes(invitation, self.signup, self.address):
            self._off(invitation)
            known = self._invite(invitation.gathering_id, facts)
        known.told, known.mailbox = facts, self.address
        if invitation.partstat != Partstat.DECLINED or _elsewhen(before, facts):
            self._unwritten(known)
            return [known]
        known.partstat, known.answered_at = Partstat.DECLINED, invitation.answered_at
        known.answered_by, known.comment = invitation.answered_by, invitation.comment
        return []

    def _unwritten(self, invitation: Invitation) -> None:
        """A version of which there was no letter: by mail, by hand and by mail again."""
        while self.session.scalar(select(DueLetter.id).where(DueLetter.key == key_of(invitation))):
            invitation.sequence += 1
        invitation.stamp = self._stamp(invitation)

    def _invite(self, gathering_id: int, facts: Facts) -> Invitation:
        gathering = self.session.get_one(Gathering, gathering_id)
        invitation = self._again(gathering)
        if invitation is None:
            uid = self.used.next(gathering, self.signup, self.address)
            invitation = invitation_to(self.series, self.signup, gathering, uid, self.now)
        invitation.told, invitation.mailbox = facts, self.address or None
        self.session.add(invitation)
        return invitation

    def _again(self, gathering: Gathering) -> Invitation | None:
        """What stands in this mailbox still, as nobody struck it through there: from before another address."""
        if not self.address or not self.used.knows(gathering, self.signup):
            return None
        found = mailed_before(self.session, gathering, self.signup, self.address)
        if found is not None:
            found.state, found.off_at = InvitationState.ON, None
            self._unwritten(found)
            self._ask(found)
        return found

    def _reason(self, found: InvitationDifference, wished: dict[int, Facts]) -> str:
        """Why dates are gone; each letter says one reason."""
        if self.signup.state == SignupState.LEFT:
            return "left"
        if any(invitation.gathering.called_off_at for invitation in found.gone):
            return "called_off"
        if found.new:
            return "moved"
        return "fewer" if wished else self.lost

    def _by_mail(self, found: InvitationDifference, wished: dict[int, Facts], reason: str) -> None:
        """A letter for every date, each with its own version; those that are due together are one mail."""
        untold = found.untold
        for invitation in found.gone:
            untold.take(self._of(invitation))
            if reason == "moved":
                untold.add(invitation.gathering_id, invitation.told)
            self._cancel(invitation, reason)
        for invitation, before in found.changed:
            self._change(invitation, before)
        if found.reached or found.new:
            overtake(letter for letter in self.lying if letter.invitation_id is None)
        for invitation in (*found.reached, *found.new):
            id = invitation.gathering_id
            outdated = untold.over(id, wished)
            fresh = [id] if invitation in found.new or id in untold.fresh else []
            self._write(changed if outdated else placed, invitation, {"fresh": fresh, "before": outdated})

    def _change(self, invitation: Invitation, before: Facts) -> None:
        lying = next((letter for letter in self.lying if letter.invitation_id == invitation.id), None)
        # A letter that did not go out yet tells what is so when it does.
        self._next_version(invitation, before, told=lying is None)
        untold = Untold([] if lying is None else [lying])
        untold.add(invitation.gathering_id, before)
        was = [facts for facts in untold.was.values() if facts != keyed(invitation.gathering_id, invitation.told)]
        if lying is None:
            self._write(changed, invitation, {"before": was})
        elif was:
            lying.kind, lying.content = changed.name, {"fresh": sorted(untold.fresh), "before": was}

    def _cancel(self, invitation: Invitation, reason: str) -> None:
        """Strike it through, unless nothing was mailed yet, or they said themselves that they do not come."""
        id, untold = invitation.gathering_id, Untold(self._of(invitation))
        untold.answered(invitation)
        overtake(self._of(invitation))
        self._off(invitation)
        if id not in untold.fresh and invitation.mailbox and invitation.partstat != Partstat.DECLINED:
            gone = untold.was.get(id, keyed(id, invitation.told))
            # What they never heard of does not stand in their calendar.
            invitation.told = {key: value for key, value in gone.items() if key != "gathering"}
            self._write(cancelled, invitation, {"reason": reason, "gone": [gone]})

    def _of(self, invitation: Invitation) -> list[DueLetter]:
        """The letters about it that did not go out yet."""
        return [letter for letter in self.lying if letter.invitation_id == invitation.id]

    def _by_hand(self, found: InvitationDifference, wished: dict[int, Facts], reason: str) -> None:
        """One letter with everything, for who is called, visited or sent a text message.

        What still lies here is told in it: every date as they know it, and is no longer so.
        """
        untold = Untold(self.lying)
        untold.answered(*found.gone, *(invitation for invitation, _before in found.changed))
        overtake(self.lying)
        for invitation in found.gone:
            self._off(invitation)
            untold.add(invitation.gathering_id, invitation.told, heard=invitation.partstat != Partstat.DECLINED)
        for invitation, before in found.changed:
            self._next_version(invitation, before, told=invitation.gathering_id not in untold.fresh)
            untold.add(invitation.gathering_id, before)
        untold.fresh |= {one.gathering_id for one in found.new} - untold.was.keys()
        known_as = untold.settled(wished)
        if untold.fresh or any(one["gathering"] in wished for one in known_as):
            kind = changed if known_as else placed
            self._write(kind, None, {"fresh": sorted(untold.fresh), "before": known_as})
        elif known_as and reason != "left":
            self._write(
                cancelled,
                None,
                {"reason": untold.reason(reason, "fewer" if wished else self.lost), "gone": known_as},
            )

    def _next_version(self, invitation: Invitation, before: Facts, *, told: bool) -> None:
        invitation.sequence += told
        invitation.stamp = self._stamp(invitation)
        if _elsewhen(before, invitation.told):
            self._ask(invitation)

    def _ask(self, invitation: Invitation) -> None:
        """What they answered is worth nothing any more."""
        invitation.changed_sequence = invitation.sequence
        invitation.partstat, invitation.answered_at, invitation.answered_by = Partstat.NEEDS_ACTION, None, ""

    def _off(self, invitation: Invitation) -> None:
        invitation.state, invitation.off_at = InvitationState.OFF, self.now
        invitation.sequence += 1
        invitation.stamp = self._stamp(invitation)

    def _stamp(self, invitation: Invitation) -> datetime:
        """Strictly later than before (rule 18)."""
        return max(self.now, invitation.stamp + timedelta(seconds=1))

    def _write(self, kind: LetterKind, invitation: Invitation | None, content: Facts) -> None:
        self.written = True
        key = f"invitation:{new_token()}" if invitation is None else key_of(invitation)
        sequence = None if invitation is None else invitation.sequence
        about = invitation or self.series
        outbox.put(self.session, kind, self.signup, about, key=key, now=self.now, content=content, sequence=sequence)


def _elsewhen(before: Facts, now: Facts) -> bool:
    """Whether an answer to the one says nothing about the other."""
    return any(before[key] != now[key] for key in TIME_AND_PLACE)
