"""Who hears of a new plan by another way than an invitation: who has no place, and who leads."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from config import Settings
from web.crypto import Vault
from web.letters import places
from web.rows import Facilitator, Plan, TimeSlot
from web.services import outbox
from web.services.facilitators import access, letters
from web.services.groups.publishing.drafting import PublishingDraft


def tell_placeless(
    session: Session, plan: Plan, draft: PublishingDraft, heard: set[int], questioned: Collection[int], now: datetime
) -> None:
    """Letters for who has no place and did not hear so; about places everybody hears from `reconciling`.

    Also for `questioned`, who were asked for a place that this plan took back.
    """
    lost = {change.person for change in draft.changes if change.after is None}
    unheard = {str(signup.id) for signup in draft.unheard()} | set(map(str, questioned))
    for person, signup in draft.placeless.items():
        if person in lost | unheard and signup.id not in heard:
            outbox.put(session, places.waiting, signup, plan, key=f"plan:{plan.id}:{person}", now=now)


def tell_leaders(session: Session, draft: PublishingDraft, now: datetime, settings: Settings, vault: Vault) -> None:
    """A fresh door for every leader whose tables changed; the others keep the one they have, if they lead at all."""
    for (facilitator, gathering), tables in draft.leaders():
        leader, row = session.get_one(Facilitator, int(facilitator)), session.get_one(TimeSlot, int(gathering))
        if tables:
            door = access.open_door(session, leader, row, now, settings, vault)
            letters.ready(session, row, leader, door, now)
        else:
            access.revoke(session, leader, row)
            letters.lost(session, row, leader, now)
