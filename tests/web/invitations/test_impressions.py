"""How was it: faces are counted, nobody is known by one, and few answers are no figure."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import config
from tests.web import databases
from tests.web.cast import Cast
from tests.web.conftest import PLAIN
from web import world
from web.app import create_app
from web.limits import limiter
from web.rows import Gathering, Impression, Series, db
from web.rows.invitations import MOODS
from web.services.invitations.rsvp import feedback
from web.services.statistics import figures, night

pytestmark = pytest.mark.slow


@pytest.fixture
def link(app: Flask) -> str:
    """The address of the faces of the first evening, the day after."""
    with app.app_context():
        first = db.session.query(Gathering).order_by(Gathering.starts).first()
        app.extensions["clock"].now = first.ends + timedelta(hours=12)
        return f"/hoe-was-het/{feedback.key_of(first, world.vault())}"


def counted(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {row.mood: row.count for row in db.session.query(Impression).order_by(Impression.id)}


def test_a_face_counts_one(client: FlaskClient, app: Flask, link: str) -> None:
    assert "Samen koken in de buurt, dinsdag 12 januari" in client.get(link).text
    for mood in ("good", "good", "bad", "so_so", "good"):
        assert "Je antwoord is geteld" in client.post(link, data={"mood": mood}, follow_redirects=True).text
    assert counted(app) == {"good": 3, "bad": 1, "so_so": 1}


def test_whoever_answers_at_once_is_counted(app: Flask, link: str) -> None:
    def press(_: int) -> int:
        return app.test_client().post(link, data={"mood": "good"}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(press, range(24))) == {302}
    assert counted(app) == {"good": 24}


def test_one_address_answers_often_but_not_endlessly(
    app: Flask, link: str, settings: config.Settings, keys: config.Secrets, tmp_path: Path
) -> None:
    more = {**PLAIN, "RATELIMIT_ENABLED": True}
    counting = create_app(settings, keys, tmp_path, secure=False, clock=app.extensions["clock"], **more)
    limiter.reset()
    try:
        client = counting.test_client()
        codes = [client.post(link, data={"mood": "x"}).status_code for _ in range(201)]
    finally:
        limiter.reset()
        limiter.enabled = False
    assert (set(codes[:-1]), codes[-1]) == ({422}, 429)


def test_nothing_is_kept_about_who_answered(client: FlaskClient, app: Flask, link: str) -> None:
    client.post(link, data={"mood": "bad"}, headers={"User-Agent": "telefoon van Bart"})
    columns = {column.name for column in Impression.__table__.columns}
    assert columns == {"id", "gathering_id", "mood", "count"}
    held = "".join(databases.dump(app).values())
    assert "telefoon van Bart" not in held
    assert "127.0.0.1" not in held


def test_a_link_only_asks(client: FlaskClient, app: Flask, link: str) -> None:
    client.get(f"{link}?mood=good")
    client.head(link)
    assert counted(app) == {}


@pytest.mark.parametrize("mood", ["", "Goed", "good\x00", "x" * 5000])
def test_anything_else_is_no_face(client: FlaskClient, app: Flask, link: str, mood: str) -> None:
    assert client.post(link, data={"mood": mood}).status_code == 422
    assert counted(app) == {}


def test_it_is_asked_from_the_beginning_for_sixty_days(client: FlaskClient, app: Flask, link: str) -> None:
    clock = app.extensions["clock"]
    with app.app_context():
        first = db.session.query(Gathering).order_by(Gathering.starts).first()
        starts, ends = first.starts, first.ends
    for moment, status in (
        (starts - timedelta(seconds=1), 404),
        (starts, 200),
        (ends + feedback.OPEN_FOR - timedelta(seconds=1), 200),
        (ends + feedback.OPEN_FOR, 404),
    ):
        clock.now = moment
        assert client.get(link).status_code == status
        assert client.post(link, data={"mood": "good"}).status_code == {200: 302}.get(status, status)


def test_what_was_called_off_was_not_good_or_bad(client: FlaskClient, app: Flask, link: str) -> None:
    with app.app_context():
        db.session.query(Gathering).update({"called_off_at": world.now()})
        db.session.commit()
    assert client.get(link).status_code == 404


def test_a_link_cannot_be_made_up(client: FlaskClient, app: Flask, link: str) -> None:
    with app.app_context():
        first = db.session.query(Gathering).order_by(Gathering.starts).first()
        uid, other = first.uid, db.session.query(Gathering).order_by(Gathering.starts.desc()).first()
        assert feedback.key_of(other, world.vault()) not in link
    for wrong in (uid, str(1), link[-32:-1], "%00", "é", "a" * 5000):
        assert client.get(f"/hoe-was-het/{wrong}").status_code == 404
        assert client.post(f"/hoe-was-het/{wrong}", data={"mood": "good"}).status_code == 404


def answered(app: Flask, cast: Cast, *counts: int) -> figures.Faces | None:
    """So many answers for each mood, and a night after them."""
    with app.app_context():
        gatherings = db.session.query(Gathering).order_by(Gathering.id).all()
        for number, (mood, count) in enumerate(zip(MOODS, counts, strict=True)):
            db.session.add(Impression(gathering_id=gatherings[number % 2].id, mood=mood, count=count))
        db.session.commit()
        night.run(db.session, world.now(), world.settings(), world.vault())
        return figures.faces(db.session, db.session.get_one(Series, cast.series))


@pytest.mark.parametrize("counts", [(0, 0, 0), (9, 0, 0), (4, 3, 2)])
def test_few_answers_are_no_figure(app: Flask, cast: Cast, amina: FlaskClient, counts: tuple[int, int, int]) -> None:
    assert answered(app, cast, *counts) is None
    assert "Hoe was het?" not in amina.get(f"/werk/{cast.series}").text


@pytest.mark.parametrize(
    ("counts", "people", "hidden"),
    [
        ((25, 15, 20), 60, []),
        ((25, 4, 5), 30, ["<10", "<10"]),
        ((25, 0, 0), 25, ["–", "–", "–"]),
    ],
)
def test_many_are_rounded_and_no_small_number_can_be_worked_out(
    app: Flask, cast: Cast, amina: FlaskClient, counts: tuple[int, int, int], people: int, hidden: list[str]
) -> None:
    faces = answered(app, cast, *counts)
    assert faces is not None
    shown = [cell.text for _, cell in faces.cells]
    assert (faces.people, [text for text in shown if not text.isdecimal()]) == (people, hidden)
    assert all(cell.value in (None, counts[MOODS.index(mood)]) for mood, cell in faces.cells), "round as they are"
    page = amina.get(f"/werk/{cast.series}").text
    assert f"Minstens {people} antwoorden, zonder naam." in page
    assert all(f">{text.replace('<', '&lt;')}</td>" in page for text in shown)


def test_an_answer_more_is_told_of_with_nine_others(app: Flask, cast: Cast) -> None:
    before = answered(app, cast, 25, 15, 20)
    with app.app_context():
        one = db.session.query(Impression).filter_by(mood="bad").one()
        for more, changes in ((1, False), (28, False), (1, True)):
            one.count += more
            db.session.commit()
            night.run(db.session, world.now(), world.settings(), world.vault())
            after = figures.faces(db.session, db.session.get_one(Series, cast.series))
            assert (after != before) is changes, "half as many as before make a batch"


def test_another_series_has_its_own_faces(app: Flask, cast: Cast, dirk: FlaskClient) -> None:
    answered(app, cast, 30, 30, 30)
    assert dirk.get(f"/werk/{cast.series}").status_code == 404
