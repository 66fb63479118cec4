"""What the product does while it is killed: publishing, offering places, importing, an upgrade."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import delete, select, update

import config
from web import jobs, world
from web.app import create_app
from web.bench import first_version
from web.bench.editing import EditingSize, compose
from web.bench.posting import invite
from web.bench.town import found, open_series, town
from web.rows import DueLetter, Plan, Proposal, Seat, Series, Signup, Staff, db
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.rows.upgrading import bring_up_to_date
from web.services.continuity.backup import tell
from web.services.groups import publishing
from web.services.signups import importing
from web.transaction import transaction
from web.uploads.reading import rows_within


@dataclass(frozen=True, slots=True)
class DisasterSize:
    """Kills of each kind, residents who sign up under them, rows that are imported, and residents in a backup."""

    kills: int = 40
    people: int = 60
    rows: int = 60
    restored: int = 50_000


@dataclass
class Ends:
    """How it ended, over all kills."""

    kills: int = 0
    lost: int = 0
    double: int = 0
    bricked: int = 0

    def __str__(self) -> str:
        return f"{self.lost} lost, {self.double} double, {self.bricked} bricked"

    def __add__(self, other: Ends) -> Ends:
        return Ends(*(getattr(self, name) + getattr(other, name) for name in ("kills", "lost", "double", "bricked")))


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that changes rows, and may be done again: what is done is done once."""

    name: str
    app: Flask
    work: Callable[[Flask], object]
    kept: Callable[[], bool] = lambda: True


@contextmanager
def publishing_groups(size: DisasterSize) -> Iterator[Scene]:
    with town() as here:
        number = compose(here, EditingSize(people=40, times=2, groups=4))

        def publish(app: Flask) -> None:
            proposal = db.session.get_one(Proposal, number)
            if db.session.scalar(select(Plan.id).where(Plan.current)) is not None:
                return
            by = db.session.scalars(select(Staff).order_by(Staff.id)).first()
            assert by is not None
            more = {"settings": world.settings(), "vault": world.vault(), "now": world.now()}
            with transaction(db.session):
                publishing.publish(db.session, proposal, by=by, version=proposal.version, reason="gemeten", **more)  # type: ignore[arg-type]

        yield Scene("publishing", here.app, publish)


@contextmanager
def offering(size: DisasterSize) -> Iterator[Scene]:
    """Forty places are free at once, and thirty people wait."""
    with town() as here:
        with here.app.app_context():
            project = found(db.session)
            invite(here, project, "tafels", 70)
            people = db.session.scalars(select(Signup).order_by(Signup.id)).all()
            for state, these in ((SignupState.LEFT, people[:10]), (SignupState.WAITING, people[40:])):
                for person in these:
                    person.state = state
                db.session.execute(delete(Seat).where(Seat.signup_id.in_([person.id for person in these])))
            db.session.execute(update(DueLetter).values(state=LetterState.SENT))
            db.session.commit()
        yield Scene("offering places that came free", here.app, jobs.offer_places)


@contextmanager
def importing_rows(size: DisasterSize) -> Iterator[Scene]:
    with town() as here:
        with here.app.app_context():
            project = found(db.session)
            series = open_series(db.session, project, "lijst", times=2, groups=8)
            by = Staff(
                organisation_id=project.organisation_id, name="Meter", email="m@meten.example", fs_uniquifier="m"
            )
            db.session.add(by)
            db.session.commit()
            desk = importing.ImportStore(Path(here.app.instance_path), world.vault(), series.id, by.id)
            lines = ["voornaam;bereik;e-mail"] + [f"Rij{n};email;rij{n}@meten.example" for n in range(size.rows)]
            sheet = importing.read("\n".join(lines).encode(), world.settings().limits, rows_within)
            shown = importing.preview(db.session, series, sheet, world.settings(), world.vault(), world.now())
            token = importing.keep(desk, shown, world.now())
            numbers = (series.id, by.id)

        def add(app: Flask) -> None:
            with transaction(db.session):
                importing.add(
                    db.session,
                    db.session.get_one(Series, numbers[0]),
                    token,
                    (),
                    desk=desk,
                    by=db.session.get_one(Staff, numbers[1]),
                    now=world.now(),
                    settings=world.settings(),
                )
            desk.forget(token)

        yield Scene(f"importing {size.rows} rows", here.app, add)


@contextmanager
def upgrading_tables(size: DisasterSize) -> Iterator[Scene]:
    """From the first version to this one."""
    with town() as here, TemporaryDirectory() as folder:
        app = create_app(config.load(), config.secrets(here.environ), Path(folder), secure=False)
        with app.app_context():
            first_version.install(app)
            before = first_version.everything()
        yield Scene("an upgrade", app, bring_up_to_date, partial(first_version.is_kept, before))
        let_go(app)


def let_go(app: Flask) -> None:
    """Leave no connection that a child could use."""
    with app.app_context():
        db.session.close()
        db.engine.dispose()


def counts_of(app: Flask) -> dict[str, int]:
    """How many rows each table has."""
    with app.app_context(), db.engine.connect() as connection:
        return tell(connection).counts
