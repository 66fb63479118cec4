"""The times of a series: added, changed, taken away, but never behind the back of who chose them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from web.errors import N_, Mishap
from web.rows import Facilitator, Gathering, Round, Series, Staff, TimeSlot
from web.rows.meetings import DRAFT, OPEN
from web.services import audit
from web.services.outbox.event_facts import without_table
from web.services.schedule import affected, dates
from web.services.schedule.affected import Affected
from web.services.schedule.dates import Span


class Fixed(Mishap):
    """The times of this series do not change any more."""

    status = 409
    sentence = N_("Deze reeks is dicht. Open eerst de aanmelding weer. Dan kun je de tijden veranderen.")


class InPlan(Mishap):
    """There are groups at this time: people know of it, so it is moved or called off, and they hear so."""

    status = 409
    sentence = N_(
        "Voor deze tijd zijn al groepen gepubliceerd. Verplaats hem, of gelast hem af. Dan hoort iedereen het."
    )


class WouldAffect(Mishap):
    """People chose this time, and nobody said that they know."""

    status = 409
    sentence = N_("Mensen hebben deze tijd gekozen. Bekijk eerst wie dat zijn.")


@dataclass(frozen=True, slots=True)
class Times:
    """What an organiser says about a session; several gatherings are the dates of one and the same group."""

    gatherings: tuple[Span, ...]
    venue_id: int | None = None
    groups: int = 2
    seats: int | None = None
    mode: str = "here"
    link: str = ""
    round: int = 1
    facilitators: tuple[Facilitator, ...] = ()


def add(session: Session, series: Series, times: Times, *, by: Staff, now: datetime) -> TimeSlot:
    """A further session."""
    _can_change(series)
    row = TimeSlot(organisation_id=series.organisation_id, project_id=series.project_id)
    _fill(session, row, series, times, now)
    session.add(row)
    session.flush()
    audit.note(session, row, "add session", by=by, now=now)
    return row


def change(session: Session, row: TimeSlot, times: Times, *, by: Staff, now: datetime, sure: bool = False) -> None:
    """Another time, place or size; who chose the old time gets a letter.

    Raises WouldAffect when somebody did, unless the organiser is `sure`, and InPlan when people know of the time.
    """
    series = row.round.series
    _can_change(series)
    moved, left = moves(row, times), row.round
    if (moved or place_of(times) != (row.mode, row.venue_id, row.link)) and dates.is_known(session, row):
        raise InPlan
    chose = _chose(session, row, sure) if moved else ()
    before = without_table(_unlike(row, times))
    _fill(session, row, series, times, now)
    affected.tell(session, row, chose, before, affected.MOVED, now)
    _tidy(session, series, left)
    audit.note(session, row, "change session", by=by, now=now)


def drop(session: Session, row: TimeSlot, *, by: Staff, now: datetime, sure: bool = False) -> None:
    """No session any more; who chose it gets a letter.

    Raises WouldAffect when somebody did, unless the organiser is `sure`, and InPlan when people know of it.
    """
    series, left = row.round.series, row.round
    _can_change(series)
    if dates.is_known(session, row):
        raise InPlan
    affected.tell(session, row, _chose(session, row, sure), without_table(row.dates), affected.DROPPED, now)
    audit.note(session, row, "drop session", by=by, now=now)
    if dates.invited(session, row.gatherings):
        # The letters that say so hang on these rows, and may still have to go out.
        for gathering in row.dates:
            dates.call_off(gathering, now)
    else:
        left.sessions.remove(row)
    _tidy(session, series, left)


def moves(row: TimeSlot, times: Times) -> bool:
    """Whether other times or another way of meeting would make somebody's choice worthless."""
    return times.mode != row.mode or tuple((g.starts, g.ends) for g in row.dates) != times.gatherings


def _unlike(row: TimeSlot, times: Times) -> list[Gathering]:
    """The dates that are no longer as they were chosen."""
    return [g for g in row.dates if times.mode != row.mode or (g.starts, g.ends) not in times.gatherings]


def place_of(times: Times) -> tuple[str, int | None, str | None]:
    """How people meet, at which venue, by which link: never by both."""
    online = times.mode == "online"
    return times.mode, None if online else times.venue_id, (times.link or None) if online else None


def _can_change(series: Series) -> None:
    if series.state not in (DRAFT, OPEN):
        raise Fixed


def _chose(session: Session, row: TimeSlot, sure: bool) -> Sequence[Affected]:
    found = affected.affected(session, row)
    if found and not sure:
        raise WouldAffect
    return found


def _fill(session: Session, row: TimeSlot, series: Series, times: Times, now: datetime) -> None:
    row.round = _round(series, times.round)
    row.mode, row.venue_id, row.link = place_of(times)
    row.groups, row.seats = times.groups, times.seats
    row.facilitators = list(times.facilitators)
    for gathering, span in dates.paired(row.dates, times.gatherings):
        _become(session, row, gathering, span, now)


def _become(session: Session, row: TimeSlot, gathering: Gathering | None, span: Span | None, now: datetime) -> None:
    """A date takes other hours, is new, or is gone."""
    if gathering is None and span is not None:
        row.gatherings.append(Gathering(starts=span[0], ends=span[1]))
    elif gathering is None:
        return
    elif span is not None:
        dates.reset(gathering, span, now)
    elif dates.invited(session, [gathering]):
        dates.call_off(gathering, now)
    else:
        row.gatherings.remove(gathering)


def _round(series: Series, number: int) -> Round:
    for found in series.rounds:
        if found.number == number:
            return found
    made = Round(organisation_id=series.organisation_id, project_id=series.project_id, number=len(series.rounds) + 1)
    series.rounds.append(made)
    return made


def _tidy(session: Session, series: Series, left: Round) -> None:
    """A round without sessions is no round; those after it move up."""
    if left.sessions:
        return
    series.rounds.remove(left)
    session.flush()
    for number, round_ in enumerate(series.rounds, 1):
        round_.number = number
        session.flush()
