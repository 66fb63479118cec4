"""Another facilitator for a table of the plan that counts: at once, with letters to the two whom it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from matcher import check
from web.crypto import Vault
from web.errors import N_, Mishap, Missing, Overtaken
from web.rows import Facilitator, PlanGroup, Series, Staff, TimeSlot
from web.services import audit
from web.services.facilitators import access, letters
from web.services.locks import lock_series
from web.services.plans.current import Table, groups_of
from web.services.plans.problem import problem_of
from web.services.plans.published import published

RULES = frozenset({"facilitator", "shared_language"})
"""What somebody who leads a table can break."""


class CannotLead(Mishap):
    """They are elsewhere then, do not speak the language of the table, or lack what the format asks of a leader."""

    status = 409
    sentence = N_(
        "Deze persoon kan deze tafel niet begeleiden: is dan al ergens anders, spreekt de taal niet of mist een "
        "training. Er is niets veranderd. Kies iemand anders."
    )


def candidates(session: Session, row: TimeSlot, groups: Sequence[PlanGroup]) -> list[Facilitator]:
    """Who could come instead: everybody active who leads none of these tables then, who said they can come first."""
    busy = {group.facilitator_id for group in groups if group.session_id == row.id}
    mine = Facilitator.organisation_id == row.organisation_id, Facilitator.active
    found = [leader for leader in session.scalars(select(Facilitator).where(*mine)) if leader.id not in busy]
    return sorted(found, key=lambda leader: (leader not in row.facilitators, leader.name.casefold(), leader.id))


def replace_leader(
    session: Session,
    series: Series,
    table: Table,
    leader_id: int,
    *,
    was: int,
    by: Staff,
    now: datetime,
    settings: Settings,
    vault: Vault,
) -> Facilitator:
    """Let somebody else lead a table; who. The one before hears that, the new one gets the list, nobody else a letter.

    Whoever leads nothing there any more is not asked for that time again. `was` is who led it when somebody looked, 0
    for nobody. Raises Missing, Overtaken if it changed since, and CannotLead.
    """
    lock_series(session, series.id)
    groups = groups_of(session, series.id)
    group = next((one for one in groups if (one.session_id, one.number) == table), None)
    if group is None or not access.may_renew(row := session.get_one(TimeSlot, table[0]), now, settings):
        raise Missing
    if (group.facilitator_id or 0) != was:
        raise Overtaken
    new = next((one for one in candidates(session, row, groups) if one.id == leader_id), None)
    if new is None:
        raise Missing
    _seat(session, series, row, group, new, settings, vault)
    _tell(session, row, groups, [*([session.get_one(Facilitator, was)] if was else []), new], now, settings, vault)
    audit.note(session, group.plan, "replace leader", by=by, now=now, about=new)
    return new


def _seat(
    session: Session,
    series: Series,
    row: TimeSlot,
    group: PlanGroup,
    new: Facilitator,
    settings: Settings,
    vault: Vault,
) -> None:
    """Put them there, unless that breaks what did not break before."""
    before = _about_leaders(session, series, settings, vault)
    if new not in row.facilitators:
        row.facilitators.append(new)
    group.facilitator_id = new.id
    session.flush()
    if _about_leaders(session, series, settings, vault) > before:
        raise CannotLead


def _about_leaders(session: Session, series: Series, settings: Settings, vault: Vault) -> float:
    """How much is broken of that now."""
    problem = problem_of(session, series, settings, vault)
    found = check(problem, published(session, series).within(problem).plan())
    return sum(breach.amount for breach in found.breaches if breach.rule.partition(":")[0] in RULES)


def _tell(
    session: Session,
    row: TimeSlot,
    groups: Sequence[PlanGroup],
    leaders: Sequence[Facilitator],
    now: datetime,
    settings: Settings,
    vault: Vault,
) -> None:
    """A fresh door with a list of the tables that are theirs now, or that none is."""
    leads = {group.facilitator_id for group in groups if group.session_id == row.id}
    for leader in leaders:
        if leader.id in leads:
            letters.ready(session, row, leader, access.open_door(session, leader, row, now, settings, vault), now)
            continue
        access.revoke(session, leader, row)
        letters.lost(session, row, leader, now)
        if leader in row.facilitators:
            row.facilitators.remove(leader)
