"""The dates on which a facilitator leads groups, for the own calendar: when, where and which, and nobody's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from web.calendars import Event
from web.rows import Facilitator, Gathering, Plan, PlanGroup, Round, Series, TimeSlot
from web.services.outbox.event_facts import contact_of, place_of


@dataclass(frozen=True, slots=True)
class _Task:
    """The tables that somebody leads in a session, none if that is over; since when, by which plan of the series."""

    tables: tuple[int, ...]
    since: datetime
    plan: int


def events_of(session: Session, facilitator: Facilitator, after: datetime, off_after: datetime) -> list[Event]:
    """Every date that ends after the first moment; struck through if it went off, or to somebody else, after the other.

    What went off earlier is gone.
    """
    tasks = {key: task for plans in _plans(session, facilitator) for key, task in _tasks(plans, facilitator).items()}
    evenings = session.scalars(
        select(TimeSlot)
        .where(TimeSlot.id.in_(tasks))
        .options(
            joinedload(TimeSlot.venue),
            selectinload(TimeSlot.gatherings),
            joinedload(TimeSlot.round).joinedload(Round.series).joinedload(Series.project),
        )
    ).all()
    return [
        event
        for evening in evenings
        for gathering in evening.gatherings
        if gathering.ends > after
        and (event := _event(gathering, evening, tasks[evening.id], facilitator))
        and not (event.cancelled and event.stamp <= off_after)
    ]


def _plans(session: Session, facilitator: Facilitator) -> Iterator[Sequence[Plan]]:
    """All plans, in order, of every series in which somebody leads, or once led."""
    mine = select(Plan.series_id).join(PlanGroup).where(PlanGroup.facilitator_id == facilitator.id)
    found: Mapping[int, list[Plan]] = defaultdict(list)
    for plan in session.scalars(
        select(Plan).where(Plan.series_id.in_(mine)).options(selectinload(Plan.groups)).order_by(Plan.id)
    ):
        found[plan.series_id].append(plan)
    yield from found.values()


def _tasks(plans: Sequence[Plan], facilitator: Facilitator) -> dict[int, _Task]:
    """By session. A task that changed hands ended with the first plan that gave it to somebody else."""
    tasks: dict[int, _Task] = {}
    for number, plan in enumerate(plans):
        tables: dict[int, list[int]] = defaultdict(list)
        for group in plan.groups:
            if group.facilitator_id == facilitator.id:
                tables[group.session_id].append(group.number)
        for id in tasks.keys() | tables.keys():
            told = tuple(sorted(tables.get(id, ())))
            if id not in tasks or tasks[id].tables != told:
                tasks[id] = _Task(told, plan.published_at, number)
    return tasks


def _event(gathering: Gathering, evening: TimeSlot, task: _Task, facilitator: Facilitator) -> Event:
    series = evening.round.series
    changes = [task.since, gathering.changed_at, gathering.called_off_at]
    return Event(
        uid=gathering.uid,
        # Both only ever rise, so this does at every change of the date and of the task.
        sequence=gathering.sequence + task.plan,
        stamp=max(moment for moment in changes if moment is not None),
        starts=gathering.starts,
        ends=gathering.ends,
        title=series.title,
        description=_description(evening, series, task),
        place=place_of(evening),
        link=(evening.link or "") if evening.mode == "online" else "",
        cancelled=gathering.called_off_at is not None or not task.tables,
        language=facilitator.languages[0],
    )


def _description(evening: TimeSlot, series: Series, task: _Task) -> str:
    tables = ", ".join(map(str, task.tables))
    lines = [
        ngettext(
            "Je begeleidt tafel %(numbers)s.", "Je begeleidt de tafels %(numbers)s.", len(task.tables), numbers=tables
        )
        if task.tables
        else _("Iemand anders begeleidt deze tafel."),
        *([_("Doe mee via: %(link)s", link=evening.link)] if evening.mode == "online" and evening.link else []),
        *([_("Heb je een vraag? Bel %(contact)s.", contact=contact)] if (contact := contact_of(series)) else []),
    ]
    return "\n".join(lines)
