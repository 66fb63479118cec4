"""One group that fits exactly round a table on two dates, made through the services, and somebody who waits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from flask import Flask

from tests.web import cast as casting
from web.rows import Gathering, Organisation, Project, Series, TimeSlot, db
from web.rows.staff import RoleName
from web.world import ZONE, local

AMINA, OLGA = "amina@zuid.example", "olga@zuid.example"
"""Who organises, and who stands in for her later."""
PEOPLE = {
    "Saskia": {"email": "saskia@post.example"},
    "Bart": {"email": "bart@gmail.example"},
    "Çelik, Carla": {"email": "carla@post.example"},
    "فاطمة الزهراء": {"email": "fatima@post.example"},
    'Ólafur "Óli" O\'Brien': {"email": "olafur@post.example"},
    "Grace": {"email": "grace@post.example", "language": "en"},
    "Ivo": {"email": "ivo@post.example"},
    "Henk": {"reach": "call", "email": None, "phone": "+31612345678"},
}
"""Round the table."""
WAITS = "Wanda"
WANDA = "wanda@post.example"
CHANTAL = "chantal@voorbeeld.example"
"""Who leads their table, on both dates."""


@dataclass(frozen=True)
class Circle:
    """Ids of the series, its one time and the proposal, and its two dates on the wall clock."""

    series: int
    session: int
    proposal: int
    dates: tuple[datetime, datetime]


def wall(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of the neighbourhood's clock."""
    return datetime.combine(day, time(hour, minute), ZONE)


def build(app: Flask) -> Circle:
    """Fill an empty database: ten and seventeen days from now they cook, from half past ten."""
    with app.app_context():
        cast = casting.perform()
        now = app.extensions["clock"]()
        dates = tuple(wall(local(now).date() + timedelta(days=ahead), 10, 30) for ahead in (10, 17))
        here = db.session.get_one(Organisation, cast.organisation)
        casting.staff(OLGA, "Olga", here, RoleName.ORGANISER, [db.session.get_one(Project, cast.project)])
        series, evening = _evening(cast, dates)
        cast = replace(cast, sessions=[evening.id])
        told = {"bubbles": {}, "sessions": frozenset(cast.sessions)}
        for name, more in {**PEOPLE, WAITS: {"email": WANDA}}.items():
            casting.sign_up(app, cast, name, **told, **more)
        proposal = casting.propose(app, cast)
        found = Circle(series.id, evening.id, proposal.id, dates)
        db.session.remove()
        db.engine.dispose()
        return found


def _evening(cast: casting.Cast, dates: tuple[datetime, ...]) -> tuple[Series, TimeSlot]:
    """The cast's series with one time of two dates, and as many places as there are at one table."""
    series = db.session.get_one(Series, cast.series)
    series.capacity = len(PEOPLE)
    evening, *others = series.sessions
    for other in others:
        db.session.delete(other)
    evening.groups = 1
    evening.gatherings = [Gathering(starts=start, ends=start + timedelta(hours=2)) for start in dates]
    db.session.commit()
    return series, evening
