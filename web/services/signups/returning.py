"""Who left and comes after all: until when that is possible, and whether their own place is still there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from web.errors import N_
from web.rows import Series, Signup
from web.rows.meetings import SeriesState
from web.services.plans import current
from web.services.schedule.public_series import takes_signups
from web.services.signups.register import NotOpen


class TooLateToReturn(NotOpen):
    """There is nothing left to come back to."""

    sentence = N_("Terugkomen kan niet meer: de tijden die je koos, zijn voorbij of gaan niet door.")


def possible(series: Series, signup: Signup, now: datetime) -> bool:
    """Whether somebody can come back: sign-up is open, or a time that they chose is ahead.

    That sign-up was closed is no reason to refuse somebody who had signed up: they come back to their own place while
    it is free, and otherwise wait like anybody else.
    """
    if series.state == SeriesState.FINISHED:
        return False
    mine = {one.session_id for one in signup.availability}
    return takes_signups(series, now) or any(row.id in mine for row in series.ahead(now))


def has_seat(session: Session, series: Series, signup: Signup, now: datetime) -> bool:
    """Whether somebody sits at a table of a session that is ahead."""
    ahead = {row.id for row in series.ahead(now)}
    tables = (table for table in current.groups_of(session, series.id) if table.session_id in ahead)
    return any(seat.signup_id == signup.id for table in tables for seat in table.seats)
