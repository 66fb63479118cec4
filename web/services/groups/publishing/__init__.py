"""Publishing: re-checked, refused if a firm rule is broken, and written with its letters in one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from config import Settings
from web.crypto import Vault
from web.errors import N_, Mishap, Overtaken
from web.rows import Offer, Plan, Proposal, Staff, rowcount
from web.services import audit
from web.services.groups.publishing.drafting import PublishingEffects, affected, draft_of
from web.services.groups.publishing.telling import tell_leaders, tell_placeless
from web.services.groups.publishing.writing import as_plan
from web.services.invitations import reconciling
from web.services.locks import lock_series
from web.services.plans.published import published, standing_of
from web.services.waiting import settle
from web.services.waiting.withdraw_offers import asked, withdraw_offers

__all__ = ["FirmBreaches", "PublishingEffects", "affected", "publish", "published"]


class FirmBreaches(Mishap):
    """A firm rule is broken, and there is no written reason, or none is allowed."""

    status = 409
    sentence = N_("Dit voorstel breekt een vaste regel. Los het op, of schrijf op waarom het toch zo moet.")


def publish(
    session: Session,
    proposal: Proposal,
    *,
    by: Staff,
    now: datetime,
    version: int,
    reason: str,
    settings: Settings,
    vault: Vault,
    standing: str | None = None,
) -> Plan:
    """Make a proposal the plan of its series: groups, letters and log in one transaction, or nothing at all.

    `version` and `standing` are what somebody looked at. Raises FirmBreaches, and Overtaken if the board or the plan
    that counts was changed meanwhile.
    """
    lock_series(session, proposal.series_id)
    _claim(session, proposal, version)
    draft = draft_of(session, proposal, settings, vault, now)
    if standing is not None and standing != standing_of(draft.before):
        raise Overtaken
    if (draft.firm and not draft.may_override) or (draft.asks_reason and not reason.strip()):
        raise FirmBreaches
    session.execute(update(Plan).where(Plan.series_id == proposal.series_id).values(current=False))
    plan = as_plan(proposal, draft, by, now, reason if draft.asks_reason else "")
    session.add(plan)
    session.flush()
    # They were offered at tables that are no more; who waits is part of the new plan.
    withdrawn = withdraw_offers(session, now, Offer.series_id == plan.series_id)
    settle(session, proposal.series, now)
    heard = reconciling.reconcile(session, proposal.series, now)
    questioned = {offer.signup_id for offer in asked(session, withdrawn)}
    tell_placeless(session, plan, draft, heard, questioned, now)
    tell_leaders(session, draft, now, settings, vault)
    audit.note(session, plan, "publish", by=by, now=now)
    return plan


def _claim(session: Session, proposal: Proposal, version: int) -> None:
    """Of two who publish or change the same version one gets through; a double click publishes once."""
    claimed = session.execute(
        update(Proposal)
        .where(Proposal.id == proposal.id, Proposal.version == version)
        .values(version=Proposal.version + 1)
    )
    if not rowcount(claimed):
        raise Overtaken
    session.refresh(proposal)
