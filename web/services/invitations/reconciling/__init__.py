"""What everybody is to be told: invitations held against the plan, and a letter for every difference.

Every change (a new plan, another time, a date called off, somebody who leaves, a place accepted) ends in `reconcile`,
in the transaction of that change. So nobody is told twice, nobody is forgotten, and no change has letters of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from web.rows import Series
from web.services.invitations.reconciling.person import PersonReconciler
from web.services.invitations.reconciling.queries import identities, invitations, letters_lying, people, wishes

RELEASED = "released"
"""The reason in a letter to who lost their only place because it did not fit them any more."""


def reconcile(
    session: Session, series: Series, now: datetime, *, who: Iterable[int] | None = None, reason: str = ""
) -> set[int]:
    """Bring the invitations of a series up to date and write the letters.

    `who` are the sign-ups to look at, everybody by default; `reason` is why they have no place at all any more, if that
    cannot be seen from the rows. The answer: who gets a letter.
    """
    session.flush()
    wished, known = wishes(session, series, now), invitations(session, series, now)
    ids = wished.keys() | known.keys()
    if who is not None:
        ids &= set(who)
    lying, used = letters_lying(session, series), identities(session, series)
    heard = set()
    for signup in people(session, ids):
        desk = PersonReconciler(session, series, signup, now, lying.get(signup.id, []), used, reason or "lost")
        if desk.settle(wished.get(signup.id, {}), known.get(signup.id, [])):
            heard.add(signup.id)
    session.flush()
    return heard
