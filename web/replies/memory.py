"""Invitations of which the answers are kept in memory: what outside judges hand in, and tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from web.identity import addresses
from web.replies.verdict import Invited, Outcome, Verdict


class Memory:
    """Knows invitations, and takes an answer as the database does."""

    def __init__(self, invitations: Iterable[Invited]) -> None:
        self.by_token = {one.token.lower(): one for one in invitations}

    def invitation(self, token: str) -> Invited | None:
        """Whose rsvp- address this is."""
        return self.by_token.get(token)

    def beside(self, token: str, uid: str) -> Invited | None:
        """None: here nobody knows which invitations are of one person."""
        return None

    def bounced(self, token: str) -> str | None:
        """Here a bounce- address has the token of the invitation."""
        found = self.by_token.get(token)
        return found.attendee if found else None

    def invitations(self, uid: str, address: str) -> Sequence[Invited]:
        """Who was invited to this event by this e-mail address."""
        return [one for one in self.by_token.values() if one.uid == uid and addresses.same(one.attendee, address)]

    def take(self, verdict: Verdict) -> None:
        """Keep an answer that counts; nothing else changes anything."""
        if verdict.outcome == Outcome.APPLIED:
            found = self.by_token[verdict.token.lower()]
            version = (verdict.sequence or 0, verdict.stamp)
            self.by_token[found.token.lower()] = replace(found, partstat=verdict.partstat, answered=version)
