"""How a table ended: who leads it counts heads, may choose a face, and may ask to be called; nothing else is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.errors import Missing
from web.rows import Facilitator, FacilitatorLink, Gathering, Series, Staff, TableEnd
from web.rows.attendance import Presence
from web.rows.invitations import MOODS
from web.services import audit
from web.services.attendance import marking, sheet
from web.services.attendance.marking import Mark
from web.services.locks import lock_series
from web.services.text.tokens import new_token

MOST_HEADS = 99


def end(
    session: Session,
    link: FacilitatorLink,
    gathering: Gathering,
    number: int,
    *,
    heads: int | None,
    mood: str,
    call_me: bool,
    now: datetime,
) -> None:
    """Keep how an own table ended; said again, the last holds. Raises Missing for a table that is not theirs.

    Who was not tapped by then was not there. That is the earliest mark of all: a tap that is still on its way from a
    device without a network wins from it.
    """
    series, leader = gathering.session.round.series, link.facilitator
    lock_series(session, series.id)
    tables = sheet.of(session, gathering, led_by=leader.id).tables
    table = next((one for one in tables if one.number == number), None)
    if table is None:
        raise Missing
    row = session.scalars(
        select(TableEnd).where(TableEnd.gathering_id == gathering.id, TableEnd.number == number)
    ).one_or_none()
    if row is None:
        row = TableEnd(organisation_id=series.organisation_id, project_id=series.project_id, series_id=series.id)
        row.gathering_id, row.number = gathering.id, number
        session.add(row)
    row.heads = heads if heads is not None and 0 <= heads <= MOST_HEADS else None
    row.mood, row.call_me, row.called_at = mood if mood in MOODS else "", call_me, None
    row.recorded_at, row.recorded_by = now, audit.opaque(leader)
    _others_were_not_there(session, gathering, table, link, now)
    session.flush()


def _others_were_not_there(
    session: Session, gathering: Gathering, table: sheet.SheetTable, link: FacilitatorLink, now: datetime
) -> None:
    open_ = [person.signup.id for person in table.people if person.presence == Presence.OPEN]
    marks = [Mark(new_token(), link.opens_at, table.number, Presence.ABSENT, signup_id=id) for id in open_]
    marking.write(session, gathering, marks, by=link.facilitator, now=now)


def of(session: Session, gathering: Gathering) -> dict[int, tuple[TableEnd, str]]:
    """How the tables of a date ended, with the name of who said so; by number."""
    found = session.scalars(select(TableEnd).where(TableEnd.gathering_id == gathering.id))
    return {one.number: (one, _name(session, one)) for one in found}


def to_call(session: Session, series: Series) -> Sequence[TableEnd]:
    """Who asked to be called, and was not."""
    asked = TableEnd.series_id == series.id, TableEnd.call_me, TableEnd.called_at.is_(None)
    return session.scalars(select(TableEnd).where(*asked).order_by(TableEnd.recorded_at)).all()


def called(session: Session, series: Series, id: int, *, by: Staff, now: datetime) -> TableEnd:
    """Somebody called. Raises Missing for what is not of this series."""
    row = session.get(TableEnd, id)
    if row is None or row.series_id != series.id:
        raise Missing
    row.called_at = now
    audit.note(session, series, "called leader", by=by, now=now, about=row.recorded_by)
    return row


def _name(session: Session, row: TableEnd) -> str:
    kind, _colon, id = row.recorded_by.partition(":")
    leader = session.get(Facilitator, int(id)) if kind == Facilitator.__tablename__ else None
    return leader.name if leader else ""
