"""What is known of an invitation, how much of a mail is looked at, and what a mail turns out to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What happens with a mail."""

    APPLIED = "applied"
    IGNORED = "ignored"
    REVIEW = "review"
    REJECTED = "rejected"
    BOUNCE = "bounce"


class Bounced(StrEnum):
    """Why a mail came back. All but `soft` are final for that mail; only `hard` says that nobody is there.

    Between those two stand the words of web.channels.faults: the address is right, and somebody has to know.
    """

    HARD = "hard"
    FULL = "full"
    REFUSED = "refused"
    LARGE = "large"
    EXPIRED = "expired"
    RETURNED = "returned"
    SOFT = "soft"


FINAL = frozenset(Bounced) - {Bounced.SOFT}

UNCLEAR = "unclear_bounce"
REVIEWS = (
    "words",  # what somebody wrote themselves
    "counter",  # another time is proposed
    "method",  # a calendar object that is no answer
    "partstat",  # delegated, or an answer we do not know
    "several",  # answers that contradict each other
    "recurrence",  # an answer to one of a series, and we send no series
    "sequence",  # it does not say which version it answers
    "unknown_token",  # a token that is not ours (any more)
    "unknown_uid",  # another event than that of the token
    "other_attendee",  # somebody else than who was invited
    "unproven",  # no token, and nothing else proves who answers
    "broken",  # a calendar object, or a mail, that cannot be read
    "winmail",  # Outlook's own parcel (TNEF)
    "too_large",
    "too_deep",
    "too_many_parts",
    "calendar_too_large",
    UNCLEAR,  # it came back, and it does not say why
    "complaint",  # reported as spam
    "contradiction",  # another answer than we have, and its time does not say which of them is the later
)
"""Why a person has to look at it; pages have a sentence for each."""


@dataclass(frozen=True, slots=True)
class MailLimits:
    """How much of a mail is looked at (calendar rule 39): bytes, multiparts in each other, parts, characters."""

    mail_bytes: int = 15_000_000
    calendar_bytes: int = 262_144
    depth: int = 10
    parts: int = 100
    comment_chars: int = 1000


@dataclass(frozen=True, slots=True)
class Invited:
    """One person's invitation to one event.

    `sequence` is what was sent last, with the DTSTAMP `stamp`, and `changed_sequence` that of the last change of time
    or place. `answered` is the version (SEQUENCE, DTSTAMP) of the answer that counts now; a DTSTAMP of None is not
    known, and `by_our_clock` says whether it is ours: an answer on a page, or to somebody who works here.
    """

    token: str
    uid: str
    attendee: str
    partstat: str
    sequence: int
    changed_sequence: int
    cancelled: bool = False
    answered: tuple[int, datetime | None] | None = None
    stamp: datetime | None = None
    by_our_clock: bool = False


class InvitationRegister(Protocol):
    """What the caller knows. Tokens are asked for in lower case."""

    def invitation(self, token: str) -> Invited | None:
        """Whose rsvp- address this is."""

    def beside(self, token: str, uid: str) -> Invited | None:
        """The invitation of the person with this rsvp- address to another event, of the same series."""

    def bounced(self, token: str) -> str | None:
        """The e-mail address that the letter with this bounce- address went to ("" if forgotten), None if not ours."""

    def invitations(self, uid: str, address: str) -> Sequence[Invited]:
        """Who was invited to this event by this e-mail address (lower case)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a mail is and does.

    `applied`: `partstat`, `comment` and the version `sequence`, `stamp` belong to the invitation of `token`. `bounce`:
    `reason` is one of Bounced, `code` the status in digits. `review`: `reason` is one of REVIEWS, and `sender`,
    `subject`, `words`, and what these are an answer to, `quoted`, are for a person to read. `ignored` and `rejected`
    need nothing more.
    """

    outcome: str
    reason: str = ""
    token: str = ""
    partstat: str = ""
    comment: str = ""
    sequence: int | None = None
    stamp: datetime | None = None
    via: str = ""  # by which address it came: rsvp or bounce; `token` is of that kind
    code: str = ""
    sender: str = ""
    subject: str = ""
    words: str = ""
    quoted: str = ""
