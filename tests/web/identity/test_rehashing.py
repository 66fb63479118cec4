"""Who signed up before a form changed is recognised as before, and keeps whom they met."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from tests.web import cast as casting
from tests.web.cast import Cast
from web.cli.opening import upgrade
from web.crypto import Vault
from web.identity import hashes
from web.jobs import tidy_up
from web.rows import Met, Project, Series, Signup, Venue, db
from web.services.plans.problem import person_hash
from web.services.privacy import rehashing
from web.services.signups import desk
from web.services.waiting.priority import left_out_before

OLD = [("O’Brien", "jan@müller.example"), ("Fatma", "fatma@voorbeeld.example"), ("Işıl", "isil@straße.example")]


@pytest.fixture(autouse=True)
def context(app: Flask):
    with app.app_context():
        yield


@pytest.fixture
def vault(app: Flask) -> Vault:
    return app.extensions["vault"]


def first_form(vault: Vault, signup: Signup) -> None:
    """The hashes as the first version made them."""
    address = (signup.contact or {}).get("email")
    signup.name_hash = vault.fingerprint("name", signup.name.casefold())
    signup.email_hash = vault.fingerprint("email", address.casefold()) if address else None
    signup.hashed_as = 1


@pytest.fixture
def old(app: Flask, cast: Cast, vault: Vault) -> list[Signup]:
    """Three people from before, of whom the first two met, and the first and the last."""
    people = [casting.sign_up(app, cast, name, email=email).signup for name, email in OLD]
    for signup in people:
        first_form(vault, signup)
    for one, other in ((0, 1), (0, 2)):
        a, b = sorted((person_hash(people[one], vault), person_hash(people[other], vault)))
        db.session.add(
            Met(
                organisation_id=cast.organisation,
                project_id=cast.project,
                series_id=cast.series,
                a_hash=a,
                b_hash=b,
                times=2,
            )
        )
    db.session.commit()
    return people


@pytest.mark.parametrize(("name", "email"), [("Fatma", "fatma@voorbeeld.example"), ("Bart", "Bart@Voorbeeld.example")])
def test_plain_names_and_addresses_have_the_hash_that_they_had(vault: Vault, name: str, email: str) -> None:
    assert hashes.name_hash(vault, name) == vault.fingerprint("name", name.casefold())
    assert hashes.email_hash(vault, email) == vault.fingerprint("email", email.casefold())
    assert hashes.phone_hash(vault, "+31612345678") == vault.fingerprint("phone", "+31612345678")


def test_a_start_makes_them_anew_once(old: list[Signup], vault: Vault) -> None:
    assert (rehashing.run(db.session, vault), rehashing.run(db.session, vault)) == (3, 0)
    for signup, (name, email) in zip(old, OLD, strict=True):
        assert signup.name_hash == hashes.name_hash(vault, name.upper())
        assert signup.email_hash == hashes.email_hash(vault, email.upper().replace("SS", "ß"))


def test_who_met_still_met(old: list[Signup], vault: Vault) -> None:
    rehashing.run(db.session, vault)
    pairs = {(met.a_hash, met.b_hash): met.times for met in db.session.query(Met)}
    told = [person_hash(signup, vault) for signup in old]
    assert pairs == {tuple(sorted((told[0], told[other]))): 2 for other in (1, 2)}


def test_who_met_by_both_forms_met_as_often_as_both_say(old: list[Signup], cast: Cast, vault: Vault) -> None:
    """A worker of the old version wrote on while the new one had begun."""
    owner = {"organisation_id": cast.organisation, "project_id": cast.project, "series_id": cast.series}
    new = vault.fingerprint("met", hashes.email_hash(vault, OLD[0][1]))
    a, b = sorted((new, person_hash(old[1], vault)))
    db.session.add(Met(**owner, a_hash=a, b_hash=b, times=3))
    db.session.commit()
    rehashing.run(db.session, vault)
    assert sorted(met.times for met in db.session.query(Met)) == [2, 5]


def test_recognised_at_the_desk_and_in_a_next_series(old: list[Signup], app: Flask, cast: Cast, vault: Vault) -> None:
    rehashing.run(db.session, vault)
    answers = casting.answers(cast, "o'brien", email="jan@xn--mller-kva.example")
    found = desk.doubles(db.session, db.session.get_one(Series, cast.series), answers, once="x", vault=vault)
    assert [signup.name for signup in found] == ["O’Brien"]


def test_the_keys_of_the_seal_may_change(old: list[Signup], app: Flask, keys, vault: Vault) -> None:
    app.extensions["vault"] = Vault([Fernet.generate_key(), *keys.keys], keys.lookup)
    db.session.expire_all()
    assert rehashing.run(db.session, app.extensions["vault"]) == 3
    assert old[0].name_hash == hashes.name_hash(vault, "O'Brien")


def test_the_same_person_in_the_next_series_goes_first(app: Flask, cast: Cast, vault: Vault) -> None:
    signup = casting.sign_up(app, cast, "O’Brien").signup
    first_form(vault, signup)
    casting.plan_of(cast, {(cast.sessions[0], 1): []})
    rehashing.run(db.session, vault)
    project, venue = db.session.get_one(Project, cast.project), db.session.get_one(Venue, cast.venue)
    later, _ = casting.series_of(project, venue, slug="later")
    db.session.commit()
    again = Signup(
        organisation_id=cast.organisation,
        project_id=cast.project,
        series_id=later.id,
        name_hash=hashes.name_hash(vault, "O'BRIEN"),
        email_hash=hashes.email_hash(vault, "O’brien@voorbeeld.example"),
    )
    assert left_out_before(db.session, again) == 1


@pytest.mark.parametrize("start", [upgrade, tidy_up], ids=["a start", "a night"])
def test_a_site_does_it_by_itself(old: list[Signup], app: Flask, start: Callable[[Flask], None]) -> None:
    db.session.remove()
    start(app)
    assert {signup.hashed_as for signup in db.session.query(Signup)} == {hashes.FORM}
