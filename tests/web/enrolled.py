"""Many people in a series at once, as rows: for what counts or lists them."""

from __future__ import annotations

from tests.web import cast as casting
from tests.web.cast import Cast
from web.crypto import new_secret
from web.rows import Availability, Consent, Signup, db
from web.rows.people import SignupState


def enrol(cast: Cast, size: int, age: str | None = "26-40", channel: str = "web", **more: object) -> list[int]:
    """So many people of one age; without one they gave no consent. Needs an application context."""
    first = db.session.query(Signup).count() + 1
    rows = [_row(cast, first + i, age, channel, **more) for i in range(size)]
    db.session.add_all(rows)
    db.session.commit()
    return [row.id for row in rows]


def _row(cast: Cast, number: int, age: str | None, channel: str, **more: object) -> Signup:
    once = new_secret()
    told = {
        "name": f"Buur{number}",
        "name_hash": once,
        "reach": "email",
        "contact": {"email": f"buur{number}@voorbeeld.example"},
        "state": SignupState.IN,
        "code": once[:12],
        # Without consent nothing is used, whatever stands there.
        "bubbles": {"age": [age or "26-40"]},
        "consents": [Consent(kind="bubbles", given=age is not None, version="1", at=casting.NOW, channel=channel)],
        "availability": [Availability(session_id=cast.sessions[0])],
    }
    return Signup(
        organisation_id=cast.organisation,
        project_id=cast.project,
        series_id=cast.series,
        number=number,
        once=once,
        secret_hash=once,
        channel=channel,
        languages=["nl"],
        needs=[],
        interests=[],
        created_at=casting.NOW,
        changed_at=casting.NOW,
        **{**told, **more},
    )
