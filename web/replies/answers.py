"""Where in a mail the answer is, and what it says about one invitation (calendar rules 39-42)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from web.identity import addresses
from web.replies import objects
from web.replies.mime import Leaf, ParsedMail
from web.replies.objects import CalendarAttendee, CalendarEntry, UnreadableCalendar
from web.replies.plain import clean
from web.replies.verdict import Invited, MailLimits, Outcome, Verdict

SKEW = timedelta(minutes=5)
"""A clock may be so much ahead of ours; a time after that is no time to compare by."""
_ANSWERS = ("ACCEPTED", "DECLINED", "TENTATIVE")
_OURS = ("REQUEST", "CANCEL", "PUBLISH")
_FILES = ("application/ics", "application/calendar", "application/x-ics", "text/x-vcalendar")


class Doubt(Exception):
    """A calendar that may hold an answer, and that only a person can judge; says why in a word of REVIEWS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def entries(mail: ParsedMail, limits: MailLimits) -> list[CalendarEntry]:
    """What the best part with an answer says; nothing if there are only copies of what we sent. Raises Doubt."""
    ranks: dict[tuple[int, bool], list[Leaf]] = {}
    for leaf in mail.leaves:
        if (rank := _rank(leaf)) is not None:
            # Exchange rewrites the part in the text and keeps an older attachment.
            ranks.setdefault((rank, leaf.attached), []).append(leaf)
    for _, leaves in sorted(ranks.items()):
        found = [entry for leaf in leaves for entry in _read(leaf, limits)]
        if said := [entry for entry in found if entry.method not in _OURS]:
            return said
    return []


def _rank(leaf: Leaf) -> int | None:
    """How likely a part is to hold the answer, 0 first; None if it is no calendar."""
    if leaf.kind == "text/calendar":
        return 0 if leaf.method == "REPLY" else 1
    if leaf.kind in _FILES:
        return 2
    return 3 if leaf.filename.endswith(".ics") and not leaf.kind.startswith("message/") else None


def _read(leaf: Leaf, limits: MailLimits) -> list[CalendarEntry]:
    content = leaf.content(limits.calendar_bytes)
    if content is None:
        raise Doubt("calendar_too_large")
    try:
        found = objects.read(content, leaf.charset) if content.strip() else []
    except UnreadableCalendar:
        raise Doubt("broken") from None
    return [replace(entry, method=_method(leaf.method, entry.method)) for entry in found]


def _method(outside: str, inside: str) -> str:
    """What the part and its object agree on; "?" if they do not. An object that says REPLY means it."""
    if not outside or not inside or outside == inside:
        return inside or outside
    return inside if inside == "REPLY" and outside in _OURS else "?"


def decide(said: Sequence[CalendarEntry], invited: Invited, limits: MailLimits, now: datetime | None) -> Verdict:
    """What entries with an answer mean for this invitation. Without `now` no clock counts as wrong."""
    events = [entry for entry in said if entry.kind == "VEVENT"]
    if not events:
        return Verdict(Outcome.IGNORED, "not_event")
    ours = [entry for entry in events if entry.uid == invited.uid]
    address = addresses.canonical(invited.attendee)
    guests = [guest for entry in ours for guest in entry.guests if address in guest.addresses]
    if reason := _doubt(events, ours, guests):
        return Verdict(Outcome.REVIEW, reason)
    verdict = _weighed(max(ours, key=_version), guests[0].partstat, invited)
    comment = comments(ours, guests, limits.comment_chars)
    if verdict.reason == "needs_action" and comment:
        return Verdict(Outcome.REVIEW, "words")
    if verdict.outcome != Outcome.APPLIED:
        return verdict
    stamp = None if now and verdict.stamp and verdict.stamp > now + SKEW else verdict.stamp
    return _in_order(replace(verdict, stamp=stamp, comment=comment), invited)


def comments(said: Iterable[CalendarEntry], guests: Iterable[CalendarAttendee], most: int) -> str:
    """What somebody wrote with an answer, each text once."""
    texts = [entry.comment for entry in said] + [guest.comment for guest in guests]
    return clean("\n".join(dict.fromkeys(text for text in texts if text)), most)


def _doubt(events: list[CalendarEntry], ours: list[CalendarEntry], guests: list[CalendarAttendee]) -> str:
    """Why only a person can say what this means, or an empty text."""
    strange = {entry.method for entry in events} - {"REPLY"}
    if strange:
        return "counter" if strange == {"COUNTER"} else "method"
    if any(entry.doubtful for entry in (ours or events)):
        return "broken"
    if not ours:
        return "unknown_uid"
    if any(entry.recurring for entry in ours):
        return "recurrence"
    if not guests:
        return "other_attendee"
    return "several" if len({guest.partstat for guest in guests}) > 1 else ""


def _version(entry: CalendarEntry) -> tuple[int, float]:
    return entry.sequence or 0, entry.stamp.timestamp() if entry.stamp else 0


def _weighed(entry: CalendarEntry, partstat: str, invited: Invited) -> Verdict:
    """Whether an answer of this kind to this version counts at all."""
    if invited.cancelled:
        return Verdict(Outcome.IGNORED, "cancelled")
    if partstat == "NEEDS-ACTION":
        return Verdict(Outcome.IGNORED, "needs_action")
    if partstat not in _ANSWERS:
        return Verdict(Outcome.REVIEW, "partstat")
    if entry.sequence is None and invited.changed_sequence > 0:
        return Verdict(Outcome.REVIEW, "sequence")
    if (entry.sequence or 0) < invited.changed_sequence:
        return Verdict(Outcome.IGNORED, "stale_sequence")
    # A program that counts further than we do must not outdo what it says about our next version.
    sequence = min(entry.sequence or 0, invited.sequence)
    return Verdict(Outcome.APPLIED, partstat=partstat, sequence=sequence, stamp=entry.stamp)


def _in_order(verdict: Verdict, invited: Invited) -> Verdict:
    """The later of (SEQUENCE, DTSTAMP) wins; with equal or unknown times the one that arrived last.

    A time that is not after our own invitation was copied from it, or is by a slow clock: it says nothing.
    """
    before, stamp = invited.answered or (0, None)
    sequence = verdict.sequence or 0
    copied = bool(invited.stamp and verdict.stamp and verdict.stamp <= invited.stamp)
    earlier = stamp is not None and verdict.stamp is not None and verdict.stamp < stamp
    older = sequence < before or (sequence == before and earlier)
    if older and (copied or (earlier and invited.by_our_clock)) and _contradicts(verdict, invited):
        return Verdict(Outcome.REVIEW, "contradiction", partstat=verdict.partstat)
    if older and not (copied and sequence == before):
        return Verdict(Outcome.IGNORED, "older")
    return replace(verdict, stamp=None) if copied else verdict


def _contradicts(verdict: Verdict, invited: Invited) -> bool:
    return invited.partstat in _ANSWERS and invited.partstat != verdict.partstat
