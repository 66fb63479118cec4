"""What a mail that came back is: an answer that counts, one that does not, a bounce, or something for a person.

The order of the questions is that of calendar rules 39-45: is it within the limits, is it a report, does it hold an
answer, whose is it, is it newer than what we know; only then whether a mail server or a program sent it by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.errors import MessageError

from web.identity import addresses
from web.replies import plain, quoting, reports, senders
from web.replies.answers import Doubt, comments, decide, entries
from web.replies.mime import HEAD_BYTES, MailHeaders, ParsedMail
from web.replies.objects import CalendarEntry
from web.replies.reports import Report
from web.replies.unformal import body
from web.replies.verdict import FINAL, UNCLEAR, Bounced, InvitationRegister, Invited, MailLimits, Outcome, Verdict

RSVP, BOUNCES = "rsvp", "bounce"
UNKNOWN = "unknown_token"
_RAISED = (MessageError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What the library that reads mail has raised at hostile bytes."""
_RECIPIENT = re.compile(r'<?"?(rsvp|bounce)-([a-z0-9]{1,100})"?(?:\+[^@]*)?(?:@[^@]*)?>?')


def judge(
    raw: bytes,
    rcpt: str,
    mail_from: str | None,
    known: InvitationRegister,
    limits: MailLimits | None = None,
    *,
    authserv: str = "",
    now: datetime | None = None,
    size: int | None = None,
) -> Verdict:
    """What a mail is and does; any bytes give a verdict.

    `rcpt` and `mail_from` are the envelope (None: not known). `authserv` is how our own mail server calls itself in
    Authentication-Results; without it only a token proves who answers. `now` unmasks clocks that are ahead. `size` is
    that of the whole mail when `raw` is only the beginning of one that is too large.
    """
    via, token = recipient(rcpt)
    case = _Case(known, limits or MailLimits(), via, token, mail_from, authserv, now)
    try:
        return case.too_large(raw) if max(size or 0, len(raw)) > case.limits.mail_bytes else case.verdict(raw)
    except _RAISED:
        # Nobody's mail may stop the others; what goes wrong with the database is no matter of the mail and goes on.
        return Verdict(Outcome.REVIEW, "broken", token=token if case.address is not None else "", via=via)


def recipient(address: str) -> tuple[str, str]:
    """Which of our addresses it is, rsvp or bounce, and its token in lower case; two empty texts if it is neither."""
    found = _RECIPIENT.fullmatch(address.strip().lower())
    return (found[1], found[2]) if found else ("", "")


@dataclass
class _Case:
    """One mail with everything that its verdict needs."""

    known: InvitationRegister
    limits: MailLimits
    via: str
    token: str
    mail_from: str | None
    authserv: str
    now: datetime | None
    invited: Invited | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        if self.via == RSVP:
            self.invited = self.known.invitation(self.token)
            self.address = self.invited.attendee if self.invited else None
        elif self.via == BOUNCES:
            self.address = self.known.bounced(self.token)

    def too_large(self, raw: bytes) -> Verdict:
        head = MailHeaders(raw[:HEAD_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")[0])
        return self._signed(head, Verdict(Outcome.REVIEW, "too_large", words=self._beginning(raw)))

    def _beginning(self, raw: bytes) -> str:
        """What a mail says that is not read as a whole, as far as it stands before the pictures."""
        try:
            return plain.clean(body(ParsedMail(raw[:HEAD_BYTES], self.limits)), 1000)
        except _RAISED:
            return ""

    def verdict(self, raw: bytes) -> Verdict:
        mail = ParsedMail(raw, self.limits)
        said: list[CalendarEntry] = []
        try:
            found = self._reported(mail) or self._answered(mail, said := entries(mail, self.limits)) or self._rest(mail)
        except Doubt as doubt:
            found = Verdict(Outcome.REVIEW, doubt.reason)
        if found.outcome == Outcome.REVIEW:
            found = self._for_reading(found, mail, said)
            found = self._from_nobody(found) if self.address is None else found
        return self._signed(mail.head, found)

    def _from_nobody(self, found: Verdict) -> Verdict:
        """Nobody we know by the address it came to: a person has to find out, if there is anything to read."""
        if found.reason == "words" and not found.words:
            return Verdict(Outcome.REJECTED, "nothing")
        return replace(found, reason=UNKNOWN) if self.via else found

    def _signed(self, head: MailHeaders, found: Verdict) -> Verdict:
        """With whose it is, and for a person from whom and about what."""
        own = self.invited.token if self.invited else self.token
        token = found.token or (own if self.address is not None else "")
        found = replace(found, token=token, via=self.via)
        if found.outcome != Outcome.REVIEW:
            return found
        subject = plain.line(head.readable("subject"), 200)
        return replace(found, sender=senders.sender(head), subject=subject)

    def _reported(self, mail: ParsedMail) -> Verdict | None:
        if mail.over:
            return Verdict(Outcome.REVIEW, mail.over)
        automatic = senders.generated(mail.head) or senders.from_server(mail.head, self.mail_from)
        # A bounce- address belongs to one letter; an rsvp- address to all about one date, wherever they went.
        found = reports.report(mail, automatic, self._ours, named=self.via == RSVP)
        if found:
            return self._bounce(found)
        # There a calendar is our own that comes back, perhaps in pieces.
        return self._returned(mail) if self.via == BOUNCES else None

    @property
    def _ours(self) -> str:
        return addresses.canonical(self.address)

    def _bounce(self, found: Report) -> Verdict:
        if found.kind in (reports.DELIVERED, reports.RECEIPT):
            return Verdict(Outcome.IGNORED, found.kind)
        if self.address is None:  # backscatter: somebody else wrote as if they were us
            return Verdict(Outcome.IGNORED, UNKNOWN if self.via else "no_token")
        known = found.kind in FINAL or found.kind == Bounced.SOFT
        return Verdict(Outcome.BOUNCE if known else Outcome.REVIEW, found.kind, code=found.code)

    def _answered(self, mail: ParsedMail, said: Sequence[CalendarEntry]) -> Verdict | None:
        if not said:
            return None
        if self.via == BOUNCES:  # that address is no secret between us and whom we wrote
            return Verdict(Outcome.REVIEW, "unproven")
        if self.via != RSVP:
            return self._proven(mail.head, said)
        if self.invited is None:
            return Verdict(Outcome.REVIEW, "unknown_token")
        meant = self._meant(self.invited, said)
        return replace(decide(said, meant, self.limits, self.now), token=meant.token)

    def _meant(self, invited: Invited, said: Sequence[CalendarEntry]) -> Invited:
        """Which date of this person it is about: one mail tells of several, and some programs answer its sender."""
        uids = {entry.uid for entry in said if entry.kind == "VEVENT"}
        other = self.known.beside(self.token, uids.pop()) if len(uids) == 1 and invited.uid not in uids else None
        return other or invited

    def _proven(self, head: MailHeaders, said: Sequence[CalendarEntry]) -> Verdict:
        """Without a token: our own server vouches for From, and that is who was invited (calendar rule 43)."""
        address = senders.proven(head, self.authserv)
        uids = {entry.uid for entry in said if entry.kind == "VEVENT"}
        if not address or len(uids) != 1:
            return Verdict(Outcome.REVIEW, "unproven")
        found = [one for one in self.known.invitations(uids.pop(), address) if addresses.same(one.attendee, address)]
        if len(found) != 1:
            return Verdict(Outcome.REVIEW, "unknown_uid")
        return replace(decide(said, found[0], self.limits, self.now), token=found[0].token)

    def _rest(self, mail: ParsedMail) -> Verdict:
        """No report and no answer."""
        if any(leaf.kind == "application/ms-tnef" or leaf.filename == "winmail.dat" for leaf in mail.leaves):
            return Verdict(Outcome.REVIEW, "winmail")
        if returned := self._returned(mail):
            return returned
        # At the bounce- address many servers say auto-generated of what they send back: that makes no holiday.
        if senders.away(mail.head) or (self.via != BOUNCES and senders.generated(mail.head)):
            return Verdict(Outcome.IGNORED, "autoreply")
        return Verdict(Outcome.REVIEW, "words")

    def _returned(self, mail: ParsedMail) -> Verdict | None:
        """What a mail server says in words only: never nothing. Some say auto-replied of that, as holidays do."""
        if not senders.from_server(mail.head, self.mail_from):
            return None
        if found := reports.in_words(mail, self._ours):
            return self._bounce(found)
        surely = senders.from_system(mail.head) or reports.encloses(mail) or not senders.away(mail.head)
        return self._bounce(Report(UNCLEAR)) if surely else None

    def _for_reading(self, found: Verdict, mail: ParsedMail, said: Sequence[CalendarEntry]) -> Verdict:
        """With what a person has to read: what was written with the answer, another time, and the mail's own text."""
        guests = [guest for entry in said for guest in entry.guests]
        times = [entry.times for entry in said if entry.method == "COUNTER"]
        text = body(mail)
        # What a mail server sends back is read as a whole.
        new, rest = (text, "") if found.reason == UNCLEAR else quoting.parted(text)
        words = plain.clean("\n".join([comments(said, guests, 1000), *times, new]), 1000)
        return replace(found, words=words, quoted=plain.clean(rest, 2000))
