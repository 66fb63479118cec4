"""What somebody may know about their table: which one it is, why this one, and that they may ask for another."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from web.formatting import day
from web.rows import Offer, Plan, PlanGroup, Seat, Signup, TimeSlot
from web.rows.invitations import OfferState


def tables_of(session: Session, signup: Signup) -> Sequence[PlanGroup]:
    """The tables of somebody in the plan that was published last: none, one, or one a round; in order of time."""
    found = session.scalars(
        select(PlanGroup)
        .join(Plan, Plan.id == PlanGroup.plan_id)
        .join(Seat, Seat.group_id == PlanGroup.id)
        .where(Plan.current, Plan.series_id == signup.series_id, Seat.signup_id == signup.id)
    ).all()
    sessions = {group.id: session.get_one(TimeSlot, group.session_id) for group in found}
    return sorted(found, key=lambda group: (sessions[group.id].starts, group.id))


def why(session: Session, signup: Signup, settings: Settings) -> tuple[str, ...]:
    """'Waarom deze tafel?' in short sentences: from what somebody told, and the general rule; nothing about others.

    Empty for who has no table.
    """
    tables = tables_of(session, signup)
    if not tables:
        return ()
    chosen = [table for table in tables if not _offered(session, signup, table)]
    asked = () if len(chosen) == len(tables) else (_("Er kwam een plek vrij en jij zei ja."),)
    return (_own(session, signup, chosen), _general(signup, settings), *asked) if chosen else asked


def _offered(session: Session, signup: Signup, table: PlanGroup) -> bool:
    """Whether somebody said yes to this very place, in the plan that counts: an older one was taken up in it."""
    return bool(
        session.scalar(
            select(
                select(Offer.id)
                .where(
                    Offer.signup_id == signup.id,
                    Offer.state == OfferState.ACCEPTED,
                    Offer.ended_at >= table.plan.published_at,
                )
                .where(Offer.session_id == table.session_id, Offer.number == table.number)
                .exists()
            )
        )
    )


def _own(session: Session, signup: Signup, tables: Sequence[PlanGroup]) -> str:
    gladly = {a.session_id for a in signup.availability if a.prefers}
    days = " – ".join(dict.fromkeys(day(session.get_one(TimeSlot, t.session_id).starts) for t in tables))
    liked = all(table.session_id in gladly for table in tables)
    spoken = next((t.language for t in tables if t.language in (signup.languages or ())), "")
    if liked and spoken:
        return _("Je zei dat %(days)s jou het beste past. Aan deze tafel spreken we een taal die jij kent.", days=days)
    if liked:
        return _("Je zei dat %(days)s jou het beste past.", days=days)
    if spoken:
        return _("Je kunt op %(days)s. Aan deze tafel spreken we een taal die jij kent.", days=days)
    return _("Je kunt op %(days)s. Op dat moment was er een plek voor jou.", days=days)


def _general(signup: Signup, settings: Settings) -> str:
    if settings.formats[signup.series.format].format.goal == "bonding":
        return _("De computer zette mensen bij elkaar die iets gemeen hebben; een buurtwerker keek mee en besliste.")
    return _(
        "De computer zocht tafels met verschillende mensen, waar niemand de enige is; "
        "een buurtwerker keek mee en besliste."
    )


def ask_other(session: Session, signup: Signup, wish: bool) -> None:
    """Ask for another table, or no longer; nobody has to say why."""
    signup.other_wish = wish
