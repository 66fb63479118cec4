"""A draft written down as a plan."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from matcher.domain import Breach
from matcher.tables.hashes import input_sha256
from matcher.tables.record import finite
from web.rows import Plan, PlanGroup, Proposal, Seat, Staff
from web.services.groups.publishing.drafting import PublishingDraft


def as_plan(proposal: Proposal, draft: PublishingDraft, by: Staff, now: datetime, reason: str) -> Plan:
    plan = Plan(
        organisation_id=proposal.organisation_id,
        project_id=proposal.project_id,
        series_id=proposal.series_id,
        proposal_id=proposal.id,
        published_at=now,
        published_by=by.id,
        reason=reason.strip(),
        seed=proposal.seed,
        input_hash=input_sha256(draft.problem),
        config_hash=proposal.config_hash,
        moves=draft.moves,
        figures=finite({**asdict(draft.check.figures), "bounds": (proposal.found or {}).get("bounds", {})}),
        breaches=[_stored(breach) for breach in draft.check.breaches],
    )
    kept = (group for group in draft.before.groups if group not in draft.outgoing.groups)
    for group in (*kept, *draft.board.plan().groups):
        row = PlanGroup(
            session_id=int(group.session),
            number=group.number,
            language=group.language,
            facilitator_id=int(group.facilitator) if group.facilitator else None,
        )
        row.seats = [Seat(signup_id=int(person)) for person in group.people]
        plan.groups.append(row)
    return plan


def _stored(breach: Breach) -> dict[str, Any]:
    """Where a rule was broken and how much, so that what breaks later can be told from it."""
    where = {"session": breach.session, "group": breach.group}
    return {"rule": breach.rule, "firm": breach.firm, "amount": finite(breach.amount), **where}
