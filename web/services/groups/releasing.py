"""An organiser gives somebody's seat free: it no longer fits, or they asked for another table."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from web.crypto import hashed
from web.errors import N_, Mishap
from web.rows import Offer, PlanGroup, Signup, Staff
from web.rows.invitations import OfferState
from web.services import audit
from web.services.invitations import reconciling
from web.services.invitations.reconciling import RELEASED
from web.services.locks import lock_series
from web.services.plans.current import Table, groups_of
from web.services.text.tokens import new_token
from web.services.waiting import settle


class NoSeat(Mishap):
    """Somebody else did it, or the groups changed."""

    status = 409
    sentence = N_("Deze persoon zit niet meer aan die tafel. Er is niets veranderd. Bekijk wat er nu staat.")


def release(session: Session, signup: Signup, table: Table, *, by: Staff, now: datetime) -> None:
    """Take somebody from a table of the plan that counts; they hear so, and wait for another place.

    Whoever waits is offered the seat, as any other that comes free. Raises NoSeat.
    """
    lock_series(session, signup.series_id)
    if table[0] not in {row.id for row in signup.series.ahead(now)}:
        raise NoSeat
    for group in groups_of(session, signup.series_id):
        seat = next((seat for seat in group.seats if seat.signup_id == signup.id), None)
        if seat is not None and (group.session_id, group.number) == table:
            group.seats.remove(seat)
            signup.other_wish = False
            session.add(_not_again(signup, group, now))
            settle(session, signup.series, now)
            reconciling.reconcile(session, signup.series, now, who=(signup.id,), reason=RELEASED)
            audit.note(session, signup, "release seat", by=by, now=now)
            return
    raise NoSeat


def _not_again(signup: Signup, group: PlanGroup, now: datetime) -> Offer:
    """Whoever wanted another table, or could not come, is not offered this one in the next minute."""
    token = new_token()
    return Offer(
        organisation_id=signup.organisation_id,
        project_id=signup.project_id,
        series_id=signup.series_id,
        session_id=group.session_id,
        number=group.number,
        signup_id=signup.id,
        party=token,
        token=token,
        token_hash=hashed(token),
        state=OfferState.RELEASED,
        made_at=now,
        until=now,
        ended_at=now,
    )
