"""A town on a fresh database in a temporary folder: an organisation, series of any size, and invented residents."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy.orm import Session

import config
from web import world
from web.app import create_app
from web.crypto import Vault, hashed, new_code
from web.demo.folder import fresh
from web.demo.residents import Resident, invented
from web.rows import Gathering, Organisation, Project, Round, Series, Signup, TimeSlot, Venue, db
from web.rows.meetings import SeriesState
from web.rows.upgrading import bring_up_to_date
from web.services import signups
from web.services.organisations import organisations
from web.services.signups.answers import fill

ORGANISATION = "meten"
DATABASE, REDIS = "REBUBBELEN_DATABASE", "REBUBBELEN_REDIS"
CHUNK = 100
"""First names there are for one draw of invented residents."""


@dataclass(frozen=True, slots=True)
class Town:
    """An application with its folder and the environment that holds its keys."""

    app: Flask
    folder: Path
    environ: dict[str, str]


@contextmanager
def town(*, demo: bool = False, database: str = "", redis: str = "") -> Iterator[Town]:
    """A town for as long as the block lasts; nothing of it stays. In a demo a password is enough to sign in.

    `database` and `redis`: other engines than files in its folder.
    """
    with TemporaryDirectory(prefix="re-bubbelen-") as folder, fresh(Path(folder) / "instance") as keys:
        instance, secrets = Path(folder) / "instance", config.secrets(keys)
        app = create_app(config.load(), secrets, instance, database=database, demo=demo, secure=not demo, REDIS=redis)
        bring_up_to_date(app)
        yield Town(app, instance, {**os.environ, **keys, DATABASE: database, REDIS: redis})
        with app.app_context():
            db.session.close()
            db.engine.dispose()


def found(session: Session, *, demo: bool = False) -> Project:
    """An organisation with a project that may be as large as it likes."""
    here: Organisation = organisations.add_organisation(session, "Meetstad", ORGANISATION, demo=demo)
    project = organisations.add_project(session, here, "Meetwijk", "meetwijk")
    project.state = "running"
    return project


def open_series(
    session: Session, project: Project, slug: str, *, times: int, groups: int, capacity: int | None = None
) -> Series:
    """A series that takes sign-ups, with so many sessions of so many groups."""
    owner = {"organisation_id": project.organisation_id, "project_id": project.id}
    now, venue = world.now(), Venue(organisation_id=project.organisation_id, name="Buurthuis", access=["step_free"])
    series = Series(
        title=slug.capitalize(),
        slug=slug,
        format="koken",
        state=SeriesState.OPEN,
        created_at=now,
        capacity=capacity,
        **owner,
    )
    round_ = Round(number=1, **owner)
    series.rounds.append(round_)
    for day in range(times):
        round_.sessions.append(TimeSlot(groups=groups, venue=venue, gatherings=[_evening(now, day)], **owner))
    session.add(series)
    session.flush()
    return series


def _evening(now: datetime, day: int) -> Gathering:
    starts = now + timedelta(days=14 + day)
    return Gathering(starts=starts, ends=starts + timedelta(hours=2))


def residents(count: int, sessions: list[TimeSlot]) -> Iterable[Resident]:
    """So many invented residents, the same ones every time."""
    sizes = [CHUNK] * (count // CHUNK) + [count % CHUNK]
    return chain.from_iterable(invented(size, sessions, seed) for seed, size in enumerate(sizes))


def sign_up_all(session: Session, series: Series, crowd: Iterable[Resident], now: datetime, vault: Vault) -> None:
    """Sign everybody up at once."""
    for place, resident in enumerate(crowd):
        signups.create(
            session,
            series,
            resident.answers,
            number=signups.take_numbers(session, series.id, 1),
            channel=resident.channel,
            now=now,
            once=f"{series.slug}-{place}",
            vault=vault,
        )
    session.commit()


def enrol(session: Session, series: Series, crowd: Iterable[Resident], now: datetime, vault: Vault) -> None:
    """The rows of everybody, without locks and letters: for what shows or counts them."""
    owner = {"organisation_id": series.organisation_id, "project_id": series.project_id, "series_id": series.id}
    with session.no_autoflush:
        for number, resident in enumerate(crowd, 1):
            once = hashed(f"{series.slug}-{number}")
            signup = Signup(**owner, number=number, once=once, secret_hash=once, channel=resident.channel)
            signup.code, signup.created_at = f"{new_code(2)}{number:05}", now
            session.add(signup)
            fill(session, signup, resident.answers, now=now, channel=resident.channel, vault=vault)
            if number % 500 == 0:
                session.flush()
    series.counted = session.query(Signup).filter_by(series_id=series.id).count()
    session.commit()
