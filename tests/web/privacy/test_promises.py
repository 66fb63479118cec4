"""The promises about data, one by one: what is asked, what is kept and how, and what the optimiser gets to see."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from sqlalchemy import event

import config
import matcher
from matcher import Problem
from matcher.faults import BadInput
from tests.config.folder import Folder
from tests.web import cast as casting
from tests.web import databases
from tests.web import season as seasons
from tests.web.cast import NOW, Cast
from tests.web.import_table import Table
from tests.web.pages import Page
from tests.web.sheets import BART, table
from web import jobs
from web.crypto import Vault
from web.organiser import papers
from web.printing.values import ConsentLine as PrintedConsent
from web.rows import Base, Consent, Met, Series, Signup, TimeSlot, db
from web.services import signups
from web.services.plans.problem import person_hash, problem_of
from web.services.privacy import erase
from web.services.signups.importing.columns import columns_of
from web.transaction import transaction

pytestmark = pytest.mark.slow

FORBIDDEN = re.compile(
    r"surname|last_?name|family|achternaam|bsn|citizen|birth|geboort|nationalit|origin|ethnic|afkomst|herkomst|relig"
    r"|geloof|opinion|mening|politi|street|straat|huisnummer|address|adres|postcode|health|gezond|gender|geslacht",
    re.IGNORECASE,
)
ALLOWED = {"venue.address"}
"""Of a building, not of somebody."""
KNOWN = ("md5", "sha1", "sha256", "sha512", "blake2b")
"""Hashes that anybody can make."""
SCREENS = [f"/doe-mee/zuid/samen-koken/aanmelden/{n}" for n in range(1, 5)]


@pytest.fixture
def within(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def screens(app: Flask, cast: Cast) -> Iterator[tuple[str, Page]]:
    """Every form in which somebody tells about themselves, or about somebody else, as it is first seen."""
    client, clock = app.test_client(), app.extensions["clock"]
    for path, said in zip(
        SCREENS, ({"sessions": cast.sessions}, {"name": "Bart"}, {"reach": "via", "via": "Ria"}, {}), strict=True
    ):
        yield path, Page(client.get(path).text)
        clock.forward(seconds=10)
        last = client.post(path, data=said)
    assert "/mijn/" in last.headers["Location"], "that was enough (promise 1)"
    change = last.headers["Location"].replace("aangemeld", "wijzigen")
    amina = casting.log_in(app.test_client(), cast.amina)
    for who, path in ((client, change), (amina, f"/werk/{cast.series}/balie")):
        yield path, Page(who.get(path).text)


def test_1_no_column_asks_who_somebody_is() -> None:
    columns = {f"{name}.{column.name}" for name, found in Base.metadata.tables.items() for column in found.columns}
    assert {column for column in columns if FORBIDDEN.search(column)} == ALLOWED


def test_1_no_form_and_no_import_has_a_field_for_it(app: Flask, cast: Cast) -> None:
    names = {name for _, page in screens(app, cast) for form in page.forms for name in form.names}
    assert {"name", "sessions", "reach", "needs", "contact"} <= names
    assert [name for name in names if FORBIDDEN.search(name)] == []
    with app.app_context(), app.test_request_context():
        columns = columns_of(app.extensions["settings"], db.session.get_one(Series, cast.series))
        assert len(columns) > 10
        mail = re.compile(r"(e-?)?mail.?adres|email.?address", re.IGNORECASE)
        said = [mail.sub("", name) for column in columns for name in (column.key, *column.said)]
        assert [name for name in said if FORBIDDEN.search(name)] == []


def test_1_a_name_a_time_and_a_way_are_enough(app: Flask, cast: Cast) -> None:
    list(screens(app, cast))
    with app.app_context():
        stored = db.session.query(Signup).one()
        assert (stored.name, stored.contact, len(stored.availability)) == ("Bart", {"via": "Ria"}, 3)
        assert (stored.bubbles, stored.needs, stored.interests, stored.note, stored.buddy) == ({}, [], [], None, None)
        assert {consent.given for consent in stored.consents} == {False}


def test_2_the_loader_refuses_a_special_question_and_the_shipped_one_has_none(tmp_path: Path) -> None:
    assert [dimension.key for dimension in config.load().dimensions if dimension.special] == []
    folder = Folder(tmp_path / "config")
    shipped = (folder.path / "dimensions.toml").read_text("utf-8")
    for word in ("religion", "nationality"):
        texts = 'question = {nl="Wat?", en="What?"}\nreason = {nl="Zo.", en="So."}\nseveral = false\n'
        bubbles = f'[{word}.bubbles]\na = {{nl="Dit", en="This"}}\nb = {{nl="Dat", en="That"}}\n'
        folder.write("dimensions.toml", f"{shipped}\n[{word}]\n{texts}{bubbles}")
        with pytest.raises(BadInput, match=r"AVG art\. 9"):
            config.load(folder.path)


TOLD = st.fixed_dictionaries(
    {},
    optional={
        "age": st.sampled_from([["26-40"], ["41-60"]]),
        "household": st.sampled_from([["alone"], ["partner"]]),
    },
)
PEOPLE = st.lists(st.tuples(TOLD, st.booleans(), st.sampled_from([1, 2, 3])), min_size=1, max_size=5)


@tried(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(people=PEOPLE)
def test_3_refusing_is_the_same_to_the_optimiser_as_not_answering(app: Flask, cast: Cast, people: list[Any]) -> None:
    """All that a solver could hold against somebody is in the problem; that it does not, is a test of the matcher."""
    with app.app_context():
        for number, (told, consents, evenings) in enumerate(people):
            allowed = frozenset({"bubbles"}) if consents else frozenset()
            sessions = frozenset(cast.sessions[:evenings])
            casting.sign_up(app, cast, f"P{number}", bubbles=told, consents=allowed, sessions=sessions)
        found = problem_of(db.session, db.session.get_one(Series, cast.series), *world(app))
        for person, (told, consents, evenings) in zip(found.people, people, strict=True):
            assert {key: sorted(said) for key, said in person.bubbles.items()} == (told if consents else {})
            assert (len(person.sessions), person.priority) == (evenings, 0)
        silent = replace(found, people=tuple(replace(p, bubbles={}) for p in found.people))
        refused = [p for p, (_, consents, _) in zip(found.people, people, strict=True) if not consents]
        assert all(person in silent.people for person in refused)
        db.session.query(Signup).delete()
        db.session.commit()


def test_3_answers_from_before_a_no_are_not_used(within: Flask, cast: Cast) -> None:
    """Such as rows that an older version, or a copy that was put back, left with answers beside a no."""
    signup = casting.sign_up(within, cast).signup
    assert signup.usable_bubbles
    signup.consents.append(Consent(kind="bubbles", given=False, version="1", at=NOW, channel="web"))
    db.session.commit()
    (person,) = problem_of(db.session, db.session.get_one(Series, cast.series), *world(within)).people
    assert (signup.bubbles != {}, person.bubbles) == (True, {})


def world(app: Flask) -> tuple[config.Settings, Vault]:
    return app.extensions["settings"], app.extensions["vault"]


def test_3_who_told_nothing_gets_a_place_as_often_as_who_did(within: Flask, cast: Cast) -> None:
    """Thirty people for two small tables, half of them silent, over eight draws: neither half is left out more."""
    people = []
    for number in range(24):
        told = {"bubbles": {"age": ["26-40"], "household": ["alone"]}} if number % 2 else {"consents": frozenset()}
        people.append(casting.sign_up(within, cast, f"P{number}", sessions=frozenset(cast.sessions[:1]), **told))
    problem = problem_of(db.session, db.session.get_one(Series, cast.series), *world(within))
    placed = {True: 0, False: 0}
    for seed in range(8):
        found = matcher.match(problem, seed=seed, seconds=None, iterations=5_000).plan.placed()
        for person in problem.people:
            placed[bool(person.bubbles)] += person.id in found
    assert sum(placed.values()) < 24 * 8, "there is not room for all"
    assert placed[False] >= 0.75 * placed[True]


def test_4_language_times_needs_and_postcode_mix_nobody(within: Flask, cast: Cast) -> None:
    known = {dimension.key for dimension in config.load().dimensions}
    assert [k for k in known if re.search("lang|taal|tijd|time|session|need|behoef|post|zip", k)] == []
    casting.sign_up(within, cast, "Bart", languages=("ar",), needs=("step_free",), note="3582")
    casting.sign_up(within, cast, "Els")
    people = problem_of(db.session, db.session.get_one(Series, cast.series), *world(within)).people
    assert people[0].bubbles == people[1].bubbles
    assert (people[0].languages, people[0].needs) == ({"ar"}, {"step_free"})
    assert not any("post" in field.name for field in fields_of(people[0]))


def test_5_no_consent_is_ticked_before_somebody_does(app: Flask, cast: Cast) -> None:
    seen = 0
    for path, page in screens(app, cast):
        given_ = [given for tag, given in page.tags if tag == "input" and given.get("name", "").startswith("consent_")]
        seen += len(given_)
        assert not any("checked" in given for given in given_), path
        assert len({given["name"] for given in given_}) == len(given_), "each by itself"
    assert seen == 12, "the web, a change, the desk; four each"


def test_5_nor_on_paper_nor_in_an_import(within: Flask, cast: Cast) -> None:
    with within.test_request_context():
        form = papers.form_of(db.session.get_one(Series, cast.series), world(within)[0], NOW)
        assert len(form.consents) == 4
        assert {field.name for field in fields_of(PrintedConsent)} == {"text", "about"}, "no way to tick one"
        assert form.version == casting.signups.CONSENT_VERSION
        shown = Table(within, cast, world(within)[0]).preview(BART)
        assert shown.entries[0].told is not None
        assert shown.entries[0].told.answers.consents == frozenset()


@pytest.mark.parametrize("channel", ["web", "paper", "phone"])
def test_5_a_consent_knows_its_text_its_time_and_its_channel(within: Flask, cast: Cast, channel: str) -> None:
    casting.sign_up(within, cast, channel=channel)
    stored = {c.kind: (c.given, c.version, c.at, c.channel) for c in db.session.query(Consent)}
    version = casting.signups.CONSENT_VERSION
    assert stored == {
        kind: (given, version, NOW, channel)
        for kind, given in (("needs", True), ("bubbles", True), ("next_time", False))
    }


PERSONAL = [
    f"{seasons.HERE}1",
    f"{seasons.HERE} nota",
    f"{seasons.HERE} maatje",
    f"{seasons.HERE} balie",
    f"Sleutel {seasons.HERE}",
    f"Chantal {seasons.HERE}",
    "Mens000",
    "mens000@voorbeeld",
    f"{seasons.HERE}1@voorbeeld".lower(),
    "612345678",
    "chantal@voorbeeld",
    "26-40",
    "61-75",
    "Ingevoerd",
]


def test_6_no_file_shows_a_name_an_address_or_a_bubble(app: Flask, cast: Cast) -> None:
    """After a whole life: proposals, plan, letters, log, an import half way. The outbox is the mail itself."""
    season = seasons.perform(app, cast)
    amina = casting.log_in(app.test_client(), cast.amina)
    row = ["Ingevoerd", "email", "ingevoerd@voorbeeld.example", "", "", "1"]
    upload = {"file": (io.BytesIO(table(row).encode()), "lijst.csv")}
    assert amina.post(f"/werk/{cast.series}/importeren", data=upload).status_code == 200
    assert amina.post(f"/werk/{cast.series}/groepen", data={}).status_code == 302
    secrets = [season.secret, *season.door]
    seen = []
    for path in (path for path in Path(app.instance_path).rglob("*") if path.is_file()):
        if "outbox" not in path.parts:
            seen.append(path.name)
            content = path.read_bytes()
            found = [word for word in [*PERSONAL, *secrets[:2]] if word.encode() in content]
            assert found == [], path.name
    stored = "".join(databases.dump(app).values())
    assert [word for word in [*PERSONAL, *secrets[:2]] if word in stored] == []
    assert databases.server() or {"rebubbelen.db", "queue.db"} <= set(seen)
    assert any(name.endswith(".sealed") for name in seen), "the rows of the import among them"


def test_6_the_search_would_find_them(app: Flask, cast: Cast) -> None:
    seasons.perform(app, cast)
    with app.app_context():
        opened = "".join(f"{s.name} {s.contact} {s.bubbles} {s.note} {s.buddy}" for s in db.session.query(Signup))
    assert [
        word
        for word in PERSONAL
        if word not in opened and not word.startswith(("Sleutel", "Chantal", "chantal", "Ing"))
    ] == []


def test_6_keys_rotate_two_at_once_and_a_wrong_one_opens_nothing() -> None:
    old, new, wrong = (Fernet.generate_key() for _ in range(3))
    before = Vault([old], b"lookup")
    both, after = Vault([new, old], b"lookup"), Vault([new], b"lookup")
    sealed = before.seal({"email": "bart@voorbeeld.example"})
    assert both.open(sealed) == before.open(sealed)
    with pytest.raises(InvalidToken):
        after.open(sealed)
    assert after.open(both.seal(both.open(sealed))) == before.open(sealed), (
        "what is written again, is under the new key"
    )
    assert both.fingerprint("email", "x") == before.fingerprint("email", "x"), "and people are still found"
    for vault in (Vault([wrong], b"lookup"),):
        with pytest.raises(InvalidToken):
            vault.open(sealed)
        assert vault.opened(sealed) is None
    with pytest.raises(InvalidToken):
        before.open(sealed[:-6] + "AAAA==")


def test_6_who_has_the_database_but_not_the_key_can_try_no_address(app: Flask, cast: Cast) -> None:
    """Another key makes other hashes of the same people, and no hash is one that anybody can make."""
    with app.app_context():
        casting.sign_up(app, cast, phone="+31612345678")
        signup = db.session.query(Signup).one()
        stored = [signup.email_hash, signup.phone_hash, signup.name_hash]
        typed = ["bart@voorbeeld.example", "+31612345678", "bart"]
        vault, other = app.extensions["vault"], Vault([Fernet.generate_key()], b"another key")
        kinds = ("email", "phone", "name")
        assert stored == [vault.fingerprint(kind, text) for kind, text in zip(kinds, typed, strict=True)]
        for kind, text, hash in zip(kinds, typed, stored, strict=True):
            assert other.fingerprint(kind, text) != hash
            for guess in (text, f"{kind}\0{text}", f"{kind}{text}", f"{kind}:{text}"):
                assert not {hash, hash[:32]} & {hashlib.new(name, guess.encode()).hexdigest() for name in KNOWN}
        assert len({vault.fingerprint(kind, "12") for kind in kinds}) == 3, "no hash of one kind is that of another"


def test_7_who_met_whom_is_kept_under_hashes_of_its_own(app: Flask, cast: Cast, clock: casting.Clock) -> None:
    """Beside the sign-ups the pairs say nothing: no hash of theirs stands in a pair, and another key makes others."""
    with app.app_context():
        people = [casting.sign_up(app, cast, name).signup for name in ("Bart", "Els")]
        casting.plan_of(cast, {(cast.sessions[0], 1): [person.id for person in people]})
        clock.now = datetime(2027, 1, 13, 2, 30, tzinfo=UTC)
        jobs.tidy_up(app)
        met = db.session.query(Met).one()
        hashes = {getattr(one, name) for one in people for name in ("email_hash", "phone_hash", "name_hash")}
        assert not {met.a_hash, met.b_hash} & hashes
        assert not {met.a_hash, met.b_hash} & {hashlib.sha256(hash.encode()).hexdigest() for hash in hashes if hash}
        other = Vault([Fernet.generate_key()], b"another key")
        assert person_hash(people[0], other) not in (met.a_hash, met.b_hash)


def test_14_whom_somebody_met_follows_a_new_address_and_goes_with_it(app: Flask, cast: Cast) -> None:
    with app.app_context():
        vault, owner = app.extensions["vault"], {"organisation_id": cast.organisation, "project_id": cast.project}
        bart, els = (casting.sign_up(app, cast, name).signup for name in ("Bart", "Els"))
        a, b = sorted(person_hash(who, vault) for who in (bart, els))
        db.session.add(Met(a_hash=a, b_hash=b, series_id=cast.series, **owner))
        db.session.commit()
        moved = casting.answers(cast, "Bart", email="nieuw@voorbeeld.example")
        with transaction(db.session):
            signups.change(db.session, bart, moved, now=NOW, channel="web", vault=vault)
        met = db.session.query(Met).one()
        assert {met.a_hash, met.b_hash} == {person_hash(bart, vault), person_hash(els, vault)}
        with transaction(db.session):
            erase.erase(db.session, bart, vault, now=NOW)
        assert db.session.query(Met).count() == 0


def test_14_every_connection_overwrites_what_it_erases(app: Flask) -> None:
    """We ask for it: not every SQLite does so by itself, and this one is made not to."""
    with app.app_context():
        off = "PRAGMA secure_delete=OFF"
        event.listen(db.engine, "connect", lambda connection, _record: connection.execute(off), insert=True)
        for _ in range(2):
            db.session.remove()
            db.engine.dispose()
            assert db.session.execute(db.text("PRAGMA secure_delete")).scalar() == 1


def test_6_with_a_wrong_key_no_page_shows_a_person(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
    app.extensions["vault"] = Vault([Fernet.generate_key()], b"other")
    answer = amina.get(f"/werk/{cast.series}/aanmeldingen")
    assert answer.status_code == 500
    assert "Bart" not in answer.text
    with app.app_context():
        stored = db.session.execute(db.text("SELECT name FROM signup")).scalar_one()
    assert stored.startswith("gAAAA"), "and nothing is lost"


def test_8_the_optimiser_gets_opaque_ids(within: Flask, cast: Cast) -> None:
    given_: list[Problem] = []

    def looked_at(problem: Problem, **budget: Any) -> matcher.Result:
        given_.append(problem)
        return matcher.match(problem, **{**budget, "seconds": None, "iterations": 500})

    db.session.get_one(Series, cast.series).title = "Zwaluwnest titel"
    casting.sign_up(within, cast, "Zwaluwnest", note="Zwaluwnest nota", buddy="Zwaluwnest maatje")
    casting.neighbourhood(within, cast, 8)
    proposal = casting.proposals.ask(
        db.session,
        db.session.get_one(Series, cast.series),
        by=db.session.get_one(casting.Staff, cast.amina),
        now=NOW,
        seed=1,
        seconds=1.0,
        config_hash="",
    )
    settings, vault = world(within)
    clock = within.extensions["clock"]
    casting.proposals.propose(
        db.session, proposal.id, settings=settings, vault=vault, clock=clock, solve=looked_at, mend=looked_at
    )
    (problem,) = given_
    assert len(problem.people) == 9
    ids = [one.id for part in (problem.people, problem.sessions, problem.facilitators) for one in part]
    assert all(id.isdigit() for id in ids)
    for word in ("Zwaluwnest", "Mens0", "voorbeeld", "Chantal", "Brink", "Zuidwest", "Bart", "nota"):
        assert word.lower() not in repr(problem).lower(), word
    assert db.session.get_one(TimeSlot, cast.sessions[0]).venue.name == "Buurthuis De Brink"
