"""The invented neighbourhood: an organisation, a project with two series, venues, facilitators and residents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from config import Settings
from web import rows
from web.crypto import Vault
from web.demo import staff
from web.demo.residents import Resident, eating, invented
from web.rows import (
    Facilitator,
    Gathering,
    KeyContact,
    Organisation,
    Project,
    Proposal,
    Round,
    Series,
    Signup,
    Staff,
    Venue,
)
from web.rows.meetings import SeriesState
from web.rows.organisation import ProjectState
from web.services import signups
from web.services.groups import proposals
from web.services.organisations.passwords import Hash
from web.transaction import transaction
from web.world import ZONE, local

SEED = 7
SECONDS = 6.0
COOKS, TALKERS = 68, 52
"""Residents of the two series."""
CODE = "FATMA7"
VENUES = (
    ("Buurthuis De Brink", "Brink 1", ("step_free", "hearing_loop", "quiet"), "Lift naast de ingang."),
    ("Basisschool De Linde", "Lindelaan 12", ("step_free",), "Ingang via het plein."),
    ("Werkplaats De Loods", "Havenkade 3", (), "Twee treden bij de deur."),
)
FACILITATORS = (
    ("Marjan", ("nl",), True),
    ("Youssef", ("nl", "ar"), True),
    ("Ingrid", ("nl", "en"), True),
    ("Tesfay", ("nl", "en", "ti"), True),
    ("Bert", ("nl",), True),
    ("Selin", ("nl", "tr"), True),
    ("Halyna", ("nl", "en", "uk"), True),
    ("Sander", ("nl", "en"), True),
    ("Wilma", ("nl",), False),
    ("Dorota", ("nl", "pl"), False),
    ("Hamid", ("nl", "ar", "en"), False),
    ("Lia", ("nl",), False),
    ("Ruben", ("nl", "en"), False),
    ("Nel", ("nl",), False),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session is, in how many days and at what hour it begins, how often, and for how many groups."""

    venue: int
    day: int
    hour: int
    times: int
    groups: int


COOKING = (Place(0, 4, 17, 1, 3), Place(1, 6, 17, 1, 3), Place(2, 8, 17, 1, 3), Place(0, 10, 11, 1, 3))
TALKING = (Place(0, 1, 19, 3, 3), Place(1, 2, 14, 3, 3), Place(0, 3, 19, 3, 3))


@dataclass(frozen=True, slots=True)
class Built:
    """What to open: the series, both proposals that were asked for, who asked, and a resident's secret."""

    cooking: int
    talking: int
    cooking_proposal: int
    talking_proposal: int
    organiser: int
    secret: str


def build(session: Session, settings: Settings, vault: Vault, now: datetime, hashing: Hash) -> Built:
    """Put the neighbourhood in an empty database. Raises staff.RealPeople beside a real organisation."""
    staff.refuse_real(session)
    project = _project(session)
    venues = [
        Venue(organisation_id=project.organisation_id, name=name, address=address, access=list(access), note=note)
        for name, address, access, note in VENUES
    ]
    session.add_all(venues)
    organiser = staff.ready(session, project.organisation, hashing=hashing)[0]
    cooking = _series(session, project, venues, "koken", "Samen koken", COOKING, now)
    talking = _series(session, project, venues, "dialoog", "Buurttafel", TALKING, now)
    _facilitators(session, cooking, talking)
    secret = _sign_up(session, cooking, eating(invented(COOKS, cooking.sessions, SEED), SEED), now, vault)
    _sign_up(session, talking, invented(TALKERS, talking.sessions, SEED + 1), now, vault)
    # The tables first: they are soon needed for a facilitator's list.
    asked = [_ask(session, series, organiser, now, settings).id for series in (talking, cooking)]
    return Built(cooking.id, talking.id, asked[1], asked[0], organiser.id, secret)


def _project(session: Session) -> Project:
    organisation = Organisation(
        name="Voorbeeldstad (oefenomgeving)",
        slug="oefenen",
        demo=True,
        controller="Gemeente Voorbeeldstad\nStadsplein 1, Voorbeeldstad",
        legal_ground="Toestemming: je zegt zelf wat we mogen bewaren en waarvoor.",
        privacy_officer="De functionaris gegevensbescherming: privacy@voorbeeldstad.example",
    )
    project = Project(
        organisation=organisation,
        name="Oefenwijk",
        slug="oefenwijk",
        district="Oefenwijk",
        state=ProjectState.RUNNING,
        sees_bubbles=True,
        contact_name="Fatma",
        contact_phone="085 000 00 00",
    )
    session.add(organisation)
    session.flush()
    project.organisation_id = organisation.id
    session.add(project)
    session.flush()
    session.add(KeyContact(organisation_id=organisation.id, project_id=project.id, name="Fatma", code=CODE))
    return project


def _series(
    session: Session,
    project: Project,
    venues: Sequence[Venue],
    format: str,
    title: str,
    places: Sequence[Place],
    now: datetime,
) -> Series:
    owner = {"organisation_id": project.organisation_id, "project_id": project.id}
    series = Series(
        title=f"{title} in de Oefenwijk",
        slug=title.lower().replace(" ", "-"),
        intro="Dit is een voorbeeld. Alle mensen zijn verzonnen.",
        format=format,
        state=SeriesState.OPEN,
        created_at=now,
        **owner,
    )
    round_ = Round(number=1, **owner)
    series.rounds.append(round_)
    for place in places:
        evening = rows.TimeSlot(groups=place.groups, venue=venues[place.venue], **owner)
        evening.gatherings.extend(_gatherings(place, now))
        round_.sessions.append(evening)
    session.add(series)
    session.flush()
    return series


def _gatherings(place: Place, now: datetime) -> list[Gathering]:
    """The same hour on the wall, every week, also where the clock changes in between."""
    first = local(now).date() + timedelta(days=place.day)
    starts = [datetime.combine(first + timedelta(weeks=week), time(place.hour), ZONE) for week in range(place.times)]
    return [Gathering(starts=s.astimezone(UTC), ends=s.astimezone(UTC) + timedelta(hours=2)) for s in starts]


def _facilitators(session: Session, cooking: Series, talking: Series) -> None:
    for number, (name, languages, trained) in enumerate(FACILITATORS):
        person = Facilitator(
            organisation_id=cooking.organisation_id,
            name=name,
            contact={"email": f"{name.lower()}@vrijwilliger.example"},
            languages=list(languages),
            skills=["dialogue"] if trained else [],
        )
        # Volunteers cannot come every time.
        evenings = talking.sessions if trained else cooking.sessions
        person.sessions = [evening for place, evening in enumerate(evenings) if (place + number) % len(evenings)]
        session.add(person)


def _sign_up(session: Session, series: Series, residents: Iterable[Resident], now: datetime, vault: Vault) -> str:
    """Sign everybody up over the last three weeks; the secret of the first who did so on the web."""
    crowd = list(residents)
    last = signups.take_numbers(session, series.id, len(crowd))
    shown = before = None
    for place, resident in enumerate(crowd):
        answers = resident.answers
        if before is not None and resident.brings:
            answers = replace(answers, **_same_time(before.signup))
        signed = signups.create(
            session,
            series,
            answers,
            number=last - len(crowd) + 1 + place,
            channel=resident.channel,
            now=now - timedelta(days=21) * (1 - place / len(crowd)),
            once=f"{series.slug}-{place}",
            vault=vault,
            invited_by=CODE if resident.channel == "contact" else "",
        )
        if before is not None and resident.brings:
            _name_each_other(before.signup, signed.signup)
        before = signed
        shown = shown or (signed if resident.channel == "web" else None)
    session.commit()
    return shown.secret if shown else ""


def _name_each_other(one: Signup, other: Signup) -> None:
    """Both want it; of three in a row the one in the middle names who came first."""
    other.buddy, other.buddy_id = one.code, one.id
    if one.buddy_id is None:
        one.buddy, one.buddy_id = other.code, other.id


def _same_time(buddy: Signup) -> dict[str, Any]:
    """Who comes together can come at the same times, and speaks a language the other knows."""
    evenings = frozenset(availability.session_id for availability in buddy.availability)
    return {"sessions": evenings, "prefers": frozenset(), "languages": tuple(buddy.languages)}


def _ask(session: Session, series: Series, by: Staff, now: datetime, settings: Settings) -> Proposal:
    with transaction(session):
        return proposals.ask(session, series, by=by, now=now, seed=SEED, seconds=SECONDS, config_hash=settings.sha256)
