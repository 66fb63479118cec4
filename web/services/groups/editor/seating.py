"""A published plan as tables with people, for who may see all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from config import Settings
from web import rows
from web.rows import Facilitator, Plan, PlanGroup, Staff
from web.services.plans import company
from web.services.plans.current import given_up
from web.services.plans.table_list import Listing, group_of, seated
from web.services.text.called import called


@dataclass(frozen=True, slots=True)
class Seated:
    """One table of a plan; no facilitator is 0."""

    facilitator: int
    session: rows.TimeSlot
    listing: Listing


def tables_of(session: Session, plan: Plan, settings: Settings, lang: str) -> list[Seated]:
    """Every table of a plan, by time and number."""
    groups = session.scalars(
        select(PlanGroup).where(PlanGroup.plan_id == plan.id).options(selectinload(PlanGroup.seats))
    ).all()
    signups, up = seated(session, groups), given_up(session, plan.series_id)
    names, together = called(signups.values()), company.bound(session, plan.series_id)
    found = []
    for group in groups:
        evening = session.get_one(rows.TimeSlot, group.session_id)
        leader = session.get(Facilitator, group.facilitator_id) if group.facilitator_id else None
        table = group_of(group, signups, up, settings, lang, names, together)
        listing = Listing(plan.series.title, leader.name if leader else "", evening, (table,))
        found.append(Seated(leader.id if leader else 0, evening, listing))
    return sorted(found, key=lambda one: (one.session.starts, one.session.id, one.listing.groups[0].number))


def by_evening(tables: Iterable[Seated]) -> list[tuple[rows.TimeSlot, list[Seated]]]:
    """Tables under their session."""
    return [
        (each[0].session, each) for _, found in groupby(tables, lambda one: one.session.id) if (each := list(found))
    ]


def publisher(session: Session, plan: Plan) -> str:
    """Who published a plan; nobody in particular once the account is gone."""
    found = session.get(Staff, plan.published_by) if plan.published_by else None
    return found.name if found else ""
