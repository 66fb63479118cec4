"""Signing up: what is stored, in which order, and what is never stored."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web import cast as casting
from tests.web import databases
from tests.web.cast import NOW, Cast
from web import world
from web.rows import Met, Series, Signup, db
from web.rows.meetings import SeriesState
from web.rows.people import SignupState
from web.services import signups, waiting
from web.services.plans.problem import person_hash
from web.services.privacy import erase
from web.transaction import transaction


@pytest.fixture(autouse=True)
def context(app: Flask):
    with app.app_context():
        yield


def test_a_double_submit_is_one_sign_up_with_one_link(app: Flask, cast: Cast) -> None:
    first, second = casting.sign_up(app, cast), casting.sign_up(app, cast)
    assert first.signup.id == second.signup.id
    assert first.secret == second.secret
    assert db.session.query(Signup).count() == 1


def test_the_database_shows_no_name_address_or_bubble(app: Flask, cast: Cast) -> None:
    casting.sign_up(app, cast, "Bartholomeus", note="oppas voor Zoë", needs=("step_free",))
    db.session.remove()
    # A venue is public: its access is not somebody's need.
    stored = "\n".join(rows for table, rows in databases.dump(app).items() if table != "venue")
    for secret in ("artholomeus", "bartholomeus@", "26-40", "oppas", "step_free", "alone"):
        assert secret not in stored, secret


def test_who_comes_after_the_last_place_waits_in_order(app: Flask, cast: Cast) -> None:
    db.session.get_one(Series, cast.series).capacity = 1
    db.session.commit()
    states = [casting.sign_up(app, cast, name).signup for name in ("Bart", "Els", "Gijs")]
    assert [s.state for s in states] == [SignupState.IN, SignupState.WAITING, SignupState.WAITING]
    assert [waiting.standing_of(db.session, s).place for s in states] == [0, 1, 2]


def test_nobody_signs_up_for_what_is_closed(app: Flask, cast: Cast) -> None:
    db.session.get_one(Series, cast.series).state = SeriesState.CLOSED
    db.session.commit()
    with pytest.raises(signups.NotOpen):
        casting.sign_up(app, cast)
    assert db.session.query(Signup).count() == 0


def test_needs_have_a_consent_of_their_own(app: Flask, cast: Cast) -> None:
    told = {"needs": ("step_free",), "note": "Komt later"}
    without = casting.sign_up(app, cast, "Els", consents=frozenset({"bubbles"}), **told).signup
    assert (without.needs, without.note) == ([], "Komt later")
    given = casting.sign_up(app, cast, "Fem", consents=frozenset({"needs"}), channel="phone", **told).signup
    assert list(given.needs) == ["step_free"]
    (consent,) = (one for one in given.consents if one.kind == "needs")
    assert (consent.given, consent.version, consent.channel) == (True, signups.CONSENT_VERSION, "phone")


def test_who_takes_the_consent_back_takes_the_needs_along(app: Flask, cast: Cast) -> None:
    signup = casting.sign_up(app, cast, needs=("step_free",)).signup
    told = casting.answers(cast, needs=("step_free",), consents=frozenset({"bubbles"}))
    with transaction(db.session):
        signups.change(db.session, signup, told, now=NOW, channel="web", vault=world.vault())
    assert signup.needs == []


def test_bubbles_without_consent_are_not_kept(app: Flask, cast: Cast) -> None:
    signup = casting.sign_up(app, cast, consents=frozenset()).signup
    assert signup.bubbles == {}
    assert [(c.kind, c.given) for c in signup.consents] == [(kind, False) for kind in ("needs", "bubbles", "next_time")]


def test_a_change_keeps_the_place_in_the_queue_and_the_history_of_consent(app: Flask, cast: Cast) -> None:
    signup = casting.sign_up(app, cast).signup
    number = signup.number
    told = casting.answers(cast, sessions=frozenset(cast.sessions[1:]), consents=frozenset())
    with transaction(db.session):
        signups.change(db.session, signup, told, now=casting.NOW, channel="web", vault=app.extensions["vault"])
    db.session.expire_all()
    assert signup.number == number
    assert {a.session_id for a in signup.availability} == set(cast.sessions[1:])
    assert [c.given for c in signup.consents if c.kind == "bubbles"] == [True, False]
    assert signup.bubbles == {}


def test_who_left_may_come_back_and_erasing_leaves_nothing(app: Flask, cast: Cast) -> None:
    signup = casting.sign_up(app, cast).signup
    with transaction(db.session):
        signups.leave(db.session, signup, now=casting.NOW)
    assert signup.state == SignupState.LEFT
    with transaction(db.session):
        signups.come_back(db.session, signup, now=casting.NOW, settings=world.settings())
    assert signup.state == SignupState.IN
    with transaction(db.session):
        erase.erase(db.session, signup, app.extensions["vault"], now=NOW)
    for table in ("signup", "availability", "consent", "due_letter"):
        assert db.session.execute(db.text(f"select count(*) from {table}")).scalar() == 0, table


def test_who_was_left_out_before_goes_first(app: Flask, cast: Cast) -> None:
    left_out, lucky = casting.sign_up(app, cast).signup, casting.sign_up(app, cast, "Els").signup
    casting.plan_of(cast, {(cast.sessions[0], 1): [lucky.id]})
    series, sessions = casting.series_of(left_out.series.project, sessions_venue(), slug="nog-eens")
    db.session.commit()
    told = {"sessions": frozenset(s.id for s in sessions)}
    with transaction(db.session):
        again = {
            name: signups.sign_up(
                db.session,
                series,
                casting.answers(cast, name, **told),
                channel="web",
                now=casting.NOW,
                once=name,
                vault=app.extensions["vault"],
            ).signup.priority
            for name in ("Bart", "Els", "Gijs")
        }
    assert again == {"Bart": 1, "Els": 0, "Gijs": 0}


def sessions_venue():
    return db.session.query(casting.Venue).one()


def test_erasing_forgets_whom_somebody_met(app: Flask, cast: Cast) -> None:
    bart, els = casting.sign_up(app, cast).signup, casting.sign_up(app, cast, "Els").signup
    vault = app.extensions["vault"]
    a, b = sorted(person_hash(person, vault) for person in (bart, els))
    owner = {"organisation_id": cast.organisation, "project_id": cast.project, "series_id": cast.series}
    db.session.add_all([Met(a_hash=a, b_hash=b, **owner), Met(a_hash="0" * 64, b_hash="1" * 64, **owner)])
    with transaction(db.session):
        erase.erase(db.session, bart, vault, now=NOW)
    assert [row.a_hash for row in db.session.query(Met)] == ["0" * 64]
