"""Who comes to a date: what everybody answered, how many we expect, and whom to call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from web.errors import Missing
from web.rows import Gathering, Invitation, Offer, PlanGroup, Series, Signup, Staff
from web.rows.invitations import InvitationState, OfferState
from web.rows.people import SignupState
from web.services import audit
from web.services.invitations.rsvp import answer as answer_service
from web.services.invitations.rsvp import learning
from web.services.invitations.rsvp.forecast import NO, NONE, Chance, Forecast, forecast
from web.services.plans import current, table_list

GONE = "left"
FEW = 5
"""People to call: as many as one does in between."""
RISKY = 0.2
LATELY = timedelta(days=7)
"""So long it is news that somebody took a free place."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody with a seat, and what they answered for this date; `GONE` for who left the series."""

    signup: Signup
    invitation: Invitation | None
    answer: str

    @property
    def comes_not(self) -> bool:
        """Whether the chair stays empty for certain."""
        return self.answer in (NO, GONE)


@dataclass(frozen=True, slots=True)
class TurnoutTable:
    """One table on a date; `risk` is the chance that fewer people come than the format needs."""

    number: int
    guests: tuple[Guest, ...]
    forecast: Forecast
    risk: float

    @property
    def wobbles(self) -> bool:
        """Whether it may well become too small."""
        return self.risk > RISKY


@dataclass(frozen=True, slots=True)
class Offered:
    """Places that came free: who thinks about one, the first to end first, and who took one lately, the last first."""

    asked: tuple[Offer, ...] = ()
    taken: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Turnout:
    """Who comes to a date. `silent` are those whose call helps most; `chances` what the forecast goes by."""

    gathering: Gathering
    tables: tuple[TurnoutTable, ...]
    answers: Mapping[str, int]
    forecast: Forecast
    least: int
    silent: tuple[tuple[Guest, TurnoutTable], ...]
    chances: Mapping[str, Chance]


def dates_of(series: Series) -> list[Gathering]:
    """Every date of a series, in order of time."""
    found = (gathering for evening in series.sessions for gathering in evening.gatherings)
    return sorted(found, key=lambda gathering: (gathering.starts, gathering.id))


def chosen(series: Series, id: int | None, now: datetime) -> Gathering | None:
    """The date that was asked for, else the next one that stands, else the last. Raises Missing for any other."""
    dates = dates_of(series)
    if id is not None:
        return next((one for one in dates if one.id == id), None) or _missing()
    stands = [one for one in dates if one.called_off_at is None] or dates
    return next((one for one in stands if one.ends > now), stands[-1] if stands else None)


def _missing() -> Gathering:
    raise Missing


def turnout(session: Session, gathering: Gathering, settings: Settings) -> Turnout:
    """Who comes to a date, by the plan that counts now."""
    evening = gathering.session
    series = evening.round.series
    groups = [group for group in current.groups_of(session, series.id) if group.session_id == evening.id]
    people, invited = table_list.seated(session, groups), _invited(session, gathering)
    least = settings.formats[series.format].format.size.min
    chances = learning.chances(session, series.project_id, gathering.starts)
    tables = tuple(_table(group, people, invited, least, chances) for group in groups)
    counted = Counter(guest.answer for table in tables for guest in table.guests)
    return Turnout(gathering, tables, counted, _expected(counted, chances), least, _silent(tables), chances)


def _invited(session: Session, gathering: Gathering) -> dict[int, Invitation]:
    found = select(Invitation).where(Invitation.gathering_id == gathering.id, Invitation.state == InvitationState.ON)
    return {invitation.signup_id: invitation for invitation in session.scalars(found)}


def _table(
    group: PlanGroup,
    people: Mapping[int, Signup],
    invited: Mapping[int, Invitation],
    least: int,
    chances: Mapping[str, Chance],
) -> TurnoutTable:
    guests = [_guest(people[seat.signup_id], invited.get(seat.signup_id)) for seat in group.seats]
    guests.sort(key=lambda guest: (guest.comes_not, guest.signup.name.casefold(), guest.signup.id))
    expected = _expected(Counter(guest.answer for guest in guests), chances)
    return TurnoutTable(group.number, tuple(guests), expected, expected.under(least))


def _guest(signup: Signup, invitation: Invitation | None) -> Guest:
    if signup.state == SignupState.LEFT:
        return Guest(signup, None, GONE)
    return Guest(signup, invitation, learning.SAID.get(invitation.partstat, NONE) if invitation else NONE)


def _expected(answers: Mapping[str, int], chances: Mapping[str, Chance]) -> Forecast:
    return forecast({answer: people for answer, people in answers.items() if answer != GONE}, chances)


def _silent(tables: Sequence[TurnoutTable]) -> tuple[tuple[Guest, TurnoutTable], ...]:
    """Who said nothing yet, at the table first that is most likely to become too small; who has a number goes first."""
    found = [(guest, table) for table in tables for guest in table.guests if guest.answer == NONE]
    found.sort(key=lambda pair: (-pair[1].risk, pair[1].number, not _number(pair[0]), pair[0].signup.number))
    return tuple(found[:FEW])


def _number(guest: Guest) -> str:
    return str((guest.signup.contact or {}).get("phone", ""))


def offered(session: Session, gathering: Gathering, now: datetime) -> Offered:
    """The places of this evening that were offered: a place holds for all its dates."""
    here = select(Offer).where(Offer.session_id == gathering.session_id)
    asked = here.where(Offer.state == OfferState.OPEN, Offer.until >= now).order_by(Offer.until, Offer.id)
    taken = here.where(Offer.state == OfferState.ACCEPTED, Offer.ended_at > now - LATELY).order_by(
        Offer.ended_at.desc(), Offer.id
    )
    came = (offer for offer in session.scalars(taken) if offer.signup.state != SignupState.LEFT)
    return Offered(tuple(session.scalars(asked)), tuple(came))


def answered(
    session: Session, invitation: Invitation, partstat: str, *, by: Staff, now: datetime, settings: Settings
) -> None:
    """Somebody told us. Raises what `answering.answer` raises."""
    answer_service.answer(session, invitation, partstat, by="staff", now=now, settings=settings)
    audit.note(session, invitation, "answer for somebody", by=by, now=now)
