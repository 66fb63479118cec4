"""Figures as the night takes them, and what an organiser sees of them by day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import pairwise
from random import Random

from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text

import config
from tests.web import cast as casting
from tests.web.cast import Cast
from tests.web.enrolled import enrol
from web import jobs
from web.crypto import Vault
from web.rows import Figures, KeyContact, Series, Signup, db
from web.services.statistics import figures as figures_service
from web.services.statistics import night as taking
from web.services.statistics.figures import SeriesFigures
from web.services.statistics.protected import HIDDEN


def body(client: FlaskClient, page: str) -> str:
    """A page without what is different every time."""
    return client.get(page).text.partition("<h1")[2].partition("</main>")[0]


def night(app: Flask) -> None:
    jobs.tidy_up(app)


def shown(cast: Cast, settings: config.Settings) -> SeriesFigures:
    return figures_service.of_series(db.session, db.session.get_one(Series, cast.series), settings)


def of(found: SeriesFigures, dimension: str) -> dict[str, str]:
    counted = next(c for c in found.dimensions if c.dimension.key == dimension)
    return {key: cell.text for key, cell in counted.cells}


def exact(dimension: str) -> dict[str, int]:
    """What the night counted and shows nobody."""
    row = db.session.scalars(select(Figures).where(Figures.subject == f"dimension:{dimension}")).one()
    return row.state["counts"]


def near(cell: str, number: int) -> bool:
    """Rounded down or up, by chance."""
    return abs(int(cell) - number) <= 4


def test_only_answers_with_consent_are_counted_and_staff_in_batches_of_its_own(
    app: Flask, cast: Cast, settings: config.Settings
) -> None:
    with app.app_context():
        enrol(cast, 26)
        enrol(cast, 9, "15-25", "paper")
        enrol(cast, 20, None)
        night(app)
        found = shown(cast, settings)
        assert exact("age") == {"26-40": 26, "": 20}
        assert next(c.people for c in found.dimensions if c.dimension.key == "age") == 46
        enrol(cast, 9, "15-25", "import")
        night(app)
        assert exact("age") == {"26-40": 26, "": 20, "15-25": 18}


def test_nothing_is_there_before_the_first_night_and_nothing_changes_by_day(
    app: Flask, cast: Cast, amina: FlaskClient, clock: casting.Clock
) -> None:
    page = f"/werk/{cast.series}/cijfers"
    with app.app_context():
        enrol(cast, 30)
    assert "Er zijn nog geen cijfers over antwoorden." in amina.get(page).text
    with app.app_context():
        night(app)
    before = body(amina, page)
    assert "Dit is de stand van de nacht: vr 20 nov, 13.00 uur." in before
    assert "Over 30 aanmeldingen." in before
    with app.app_context():
        enrol(cast, 40, "76-plus")
        db.session.execute(delete(Signup).where(Signup.id < 20))
        db.session.commit()
    clock.forward(hours=3)
    assert body(amina, page) == before


def test_the_night_leaves_exact_counts_unreadable(app: Flask, cast: Cast) -> None:
    with app.app_context():
        enrol(cast, 26)
        night(app)
        states = db.session.scalars(text("SELECT state FROM figures")).all()
        assert states and not any("26" in state and "counts" in state for state in states)
        assert len(db.session.scalars(select(Figures)).all()) == len(states)


def test_other_rules_hold_from_the_next_night(app: Flask, cast: Cast, settings: config.Settings) -> None:
    with app.app_context():
        enrol(cast, 30)
        night(app)
        stricter, vault = replace(settings, small_cell=40), app.extensions["vault"]
        taking.run(db.session, app.extensions["clock"](), stricter, vault)
        assert "30" not in of(shown(cast, settings), "age").values()


def test_what_chance_rounds_to_follows_from_the_key_alone(app: Flask, cast: Cast, settings: config.Settings) -> None:
    """Who has all of our code and the exact number still cannot say what is shown."""
    with app.app_context():
        enrol(cast, 23)

        def taken(lookup: bytes) -> str:
            db.session.execute(delete(Figures))
            taking.run(db.session, app.extensions["clock"](), settings, Vault([Fernet.generate_key()], lookup))
            return of(shown(cast, settings), "age")["26-40"]

        keys = [f"key {number}".encode() for number in range(8)]
        seen = [taken(key) for key in keys]
        assert len(set(seen)) > 1
        assert taken(keys[0]) == seen[0]


def test_few_is_only_said_of_what_the_figures_say(app: Flask, cast: Cast, settings: config.Settings) -> None:
    with app.app_context():
        assert figures_service.few(shown(cast, settings), ["age"]) == []
        for age, size in (("15-25", 5), ("26-40", 25), ("41-60", 26), ("61-75", 23), ("76-plus", 21)):
            enrol(cast, size, age)
        night(app)
        found = shown(cast, settings)
        assert [key for _, key in figures_service.few(found, ["age"])] == ["15-25"]
        assert figures_service.few(found, ["education"]) == []


def test_who_invited_is_counted_in_batches_too(app: Flask, cast: Cast) -> None:
    def by(contact: KeyContact) -> str:
        return figures_service.by_contact(db.session, [contact], cast.project)[0].text

    with app.app_context():
        fatma = KeyContact(organisation_id=cast.organisation, project_id=cast.project, name="Fatma", code="FATMA7")
        db.session.add(fatma)
        db.session.commit()
        ids = enrol(cast, 60)
        invite(fatma, ids[:22])
        assert by(fatma) == HIDDEN
        night(app)
        before = by(fatma)
        assert near(before, 22)
        (late,) = enrol(cast, 1)
        invite(fatma, [late])
        night(app)
        assert by(fatma) == before


def invite(contact: KeyContact, ids: Collection[int]) -> None:
    for id in ids:
        db.session.get_one(Signup, id).key_contact_id = contact.id
    db.session.commit()


AGES = ("26-40", "61-75")


def test_an_organiser_who_tries_everything_does_no_better_than_guessing(
    app: Flask, cast: Cast, amina: FlaskClient, settings: config.Settings
) -> None:
    """Twenty residents, two ages; the organiser knows everything but these, and works for many nights.

    Invented people bring the cell to every edge of a step; each resident is signed off and on again around a night,
    the capacity changes, and ten of the invented are erased. Whoever makes a figure move is guessed by how it moved,
    the others by what most said. By chance this gets as many right as said what most say; a right answer more than
    three standard deviations above that counts as a leak.
    """
    dice = Random(1)
    truth = [dice.choice(AGES) for _ in range(20)]
    invented = 0

    def look() -> dict[str, str]:
        with app.app_context():
            taking.run(db.session, app.extensions["clock"](), settings, app.extensions["vault"])
            found = shown(cast, settings)
            return of(found, "age") if found.dimensions else {}

    with app.app_context():
        victims = [enrol(cast, 1, age)[0] for age in truth]
    guesses, seen = list[str](), [look()]
    for victim in victims:
        with app.app_context():
            for channel in ("phone", "import"):
                invented += len(enrol(cast, 1, AGES[0], channel))
        seen = seen[-1:]
        for way in ("af", "terug"):
            amina.post(f"/werk/{cast.series}/aanmeldingen/{victim}/{way}")
            seen.append(look())
        with app.app_context():
            db.session.get_one(Series, cast.series).capacity = 300 + invented
            if invented == 24:
                staff = select(Signup.id).where(Signup.channel == "import")
                db.session.execute(delete(Signup).where(Signup.id.in_(staff)))
            db.session.commit()
        moved = [age for age in AGES for one, other in pairwise(seen) if one.get(age) != other.get(age)]
        guesses.append(moved[0] if len(set(moved)) == 1 else max(AGES, key=truth.count))
    right = sum(guess == age for guess, age in zip(guesses, truth, strict=True))
    base = max(map(truth.count, AGES)) / 20
    assert right <= 20 * base + 3 * (20 * base * (1 - base)) ** 0.5
    assert right <= 20 * base + 1, "moving figures told of somebody"
