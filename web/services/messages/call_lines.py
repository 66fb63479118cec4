"""Who waits for a call, soonest first, before any letter is opened; and the list by day, meeting or way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from web.rows import Availability, DueLetter, Gathering, Invitation
from web.rows.invitations import InvitationState
from web.services.messages import by_hand
from web.services.outbox.context import Worldly
from web.services.outbox.owner import owner
from web.world import local

DAY, SERIES, WAY = "day", "series", "way"
FACETS = (DAY, SERIES, WAY)
NO_DAY = "none"
"""The day of what is about no date to come."""
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CallLine:
    """The letters of one person and one series.

    `starts` is the first date to come that they are about, `by` when it has to be told at the latest: before that date,
    or before an offer ends.
    """

    letters: tuple[DueLetter, ...]
    starts: datetime | None
    by: datetime | None

    @property
    def facets(self) -> dict[str, str]:
        """What the list can be narrowed by."""
        newest = self.letters[-1]
        day = local(self.by).date().isoformat() if self.by else NO_DAY
        return {DAY: day, SERIES: str(newest.series_id), WAY: newest.channel}

    def fits(self, chosen: Mapping[str, str]) -> bool:
        """Whether it is one of those that somebody wants to see."""
        return all(self.facets[facet] == value for facet, value in chosen.items() if value)


def lines_of(session: Session, wanted: Select[DueLetter], now: datetime, world: Worldly) -> list[CallLine]:
    """Everybody of these letters who waits for a call, soonest first."""
    grouped: dict[tuple[str, int | None], list[DueLetter]] = defaultdict(list)
    for letter in by_hand.still_so(session, wanted, by_hand.spoken(world.settings), now, world):
        grouped[owner(letter), letter.series_id].append(letter)
    dates = _Dates(session, [letter for letters in grouped.values() for letter in letters], now)
    found = [_line(letters, dates) for letters in grouped.values()]
    return sorted(found, key=lambda line: (line.by or _LAST, line.letters[0].id))


def counts(lines: Sequence[CallLine], chosen: Mapping[str, str]) -> dict[str, Counter[str]]:
    """For each facet how many lines each choice would show, with what was chosen of the other facets."""
    found = {}
    for facet in FACETS:
        others = {name: value for name, value in chosen.items() if name != facet}
        found[facet] = Counter(line.facets[facet] for line in lines if line.fits(others))
    return found


def _line(letters: Sequence[DueLetter], dates: _Dates) -> CallLine:
    starts = [at for letter in letters if (at := dates.of(letter)) is not None]
    ends = [letter.offer.until for letter in letters if letter.offer is not None]
    return CallLine(tuple(letters), min(starts, default=None), min([*starts, *ends], default=None))


class _Dates:
    """The first date to come that a letter is about, looked up for all letters at once."""

    def __init__(self, session: Session, letters: Iterable[DueLetter], now: datetime) -> None:
        people = {letter.signup_id for letter in letters if letter.signup_id}
        self.now = now
        ahead = Gathering.ends > now, Gathering.called_off_at.is_(None)
        seated = select(Invitation.signup_id, func.min(Gathering.starts)).join(Gathering).where(*ahead)
        seated = seated.where(Invitation.signup_id.in_(people), Invitation.state == InvitationState.ON)
        able = select(Availability.signup_id, func.min(Gathering.starts))
        able = able.join(Gathering, Gathering.session_id == Availability.session_id).where(*ahead)
        able = able.where(Availability.signup_id.in_(people))
        self.seated = dict(session.execute(seated.group_by(Invitation.signup_id)).all())
        self.able = dict(session.execute(able.group_by(Availability.signup_id)).all())
        slots = {id for letter in letters if (id := _slot(letter))}
        evenings = select(Gathering.session_id, func.min(Gathering.starts)).where(*ahead)
        evenings = evenings.where(Gathering.session_id.in_(slots)).group_by(Gathering.session_id)
        self.evenings = dict(session.execute(evenings).all())

    def of(self, letter: DueLetter) -> datetime | None:
        """When it begins; none if all that it tells of is over."""
        if letter.invitation is not None:
            return letter.invitation.gathering.starts if letter.invitation.gathering.ends > self.now else None
        if _slot(letter):
            return self.evenings.get(_slot(letter))
        who = letter.signup_id or 0
        mine = self.seated.get(who) or self.able.get(who)
        return min([*self._told(letter), *([mine] if mine else [])], default=None)

    def _told(self, letter: DueLetter) -> list[datetime]:
        """Dates that are no longer so: to be told before somebody comes in vain."""
        content = letter.content or {}
        told = [one["starts"] for name in ("before", "gone") for one in content.get(name, ())]
        return [at for at in map(datetime.fromisoformat, told) if at > self.now]


def _slot(letter: DueLetter) -> int:
    """The session that a letter is about, if it says so."""
    if letter.offer is not None:
        return letter.offer.session_id
    return int((letter.content or {}).get("session_id", 0))
