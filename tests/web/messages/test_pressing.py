"""What the messages need stands on the first page, each with its link, and is what the morning letter counts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web import post
from tests.web.cast import NOW, Cast
from web import jobs, world
from web.rows import DueLetter, Organisation, Outage, Project, Reply, Signup, db
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.rows.staff import RoleName
from web.services.messages import pressing_counts
from web.services.messages import tasks as tasks_service
from web.services.outbox import outages

pytestmark = pytest.mark.slow

HOME = "/werk/"
TODAY = "Dit doe je vandaag"
POST = ("/werk/bellijst", "/werk/brieven", "/werk/antwoorden", "/beheer/post")


@pytest.fixture
def people(app: Flask, cast: Cast) -> dict[str, int]:
    """Bart by e-mail, and somebody for every way that only people have; the confirmations are done."""
    with app.app_context():
        found = post.delivered(app, cast)
        db.session.query(DueLetter).filter_by(kind="confirmation").update({"state": LetterState.SENT})
        db.session.commit()
        return found


def tasks(html: str, title: str) -> list[tuple[str, str]]:
    """Address and sentence of what has to be done, under a heading."""
    if title not in html:
        return []
    rows = html.split(title)[1].split("</ol>")[0].split("<li>")[1:]
    found = [
        (re.search(r'href="([^"]+)"', row), re.search(r"(?:<strong>|<span>)(?:<a [^>]*>)?([^<]+)<", row))
        for row in rows
    ]
    return [(url[1], sentence[1]) for url, sentence in found if url and sentence]


def next_step(html: str) -> tuple[str, str]:
    """Address and sentence of the one next step of a series."""
    step = html.split('class="look-next"')[1].split("</section>")[0]
    return re.search(r'href="([^"]+)"', step)[1], re.search(r"<strong>([^<]+)<", step)[1]


def post_of(client: FlaskClient) -> list[tuple[str, str]]:
    """What the messages need, apart from what each series needs."""
    found = tasks(client.get(HOME).text, TODAY)
    return [(url, said) for url, said in found if url in POST or "storing" in said]


def write(app: Flask, cast: Cast, people: dict[str, int]) -> None:
    """Two mails for Amina, one of nobody."""
    with app.app_context():
        bart = db.session.get_one(Signup, people["Bart"])
        for key in "ab":
            post.replied(None, "Hoi", bart, key=key)
        db.session.add(Reply(key="c", at=NOW, outcome="review", content={"words": "Hoi"}))
        db.session.commit()


def test_when_nothing_waits_nothing_is_said(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    assert post_of(amina) == []


def test_whom_to_call_what_to_print_and_who_waits_for_an_answer(
    app: Flask, cast: Cast, amina: FlaskClient, beatrix: FlaskClient, dirk: FlaskClient, people: dict[str, int]
) -> None:
    write(app, cast, people)
    mine = [
        ("/werk/antwoorden", "2 antwoorden wachten op jou."),
        ("/werk/bellijst", "Bel 3 mensen. Ze wachten op een bericht van jou."),
        ("/werk/brieven", "Print 1 brief."),
    ]
    assert post_of(amina) == mine, "the meeting is weeks away, a mail wants an answer this week"
    assert post_of(beatrix) == [mine[0], ("/beheer/post", "1 mail van een onbekende wacht op jou."), *mine[1:]]
    overview = amina.get(f"/werk/{cast.series}").text
    assert "Hier hoef je nu niets te doen." not in overview, "somebody waits for a call"
    assert ("/werk/bellijst", mine[1][1]) in [next_step(overview), *tasks(overview, "Dit moet nog")]
    assert post_of(dirk) == []


def test_it_counts_what_the_morning_letter_counts(app: Flask, cast: Cast, people: dict[str, int]) -> None:
    write(app, cast, people)
    with app.app_context():
        mine = {"settings": world.settings(), "now": NOW}
        said = tasks_service.messages(db.session, [cast.project], admin=False, **mine)
        counted = [*pressing_counts.by_a_person(db.session, [cast.project], NOW, world.settings())]
        counted += pressing_counts.replies_of(db.session, [cast.project])
        assert [(task.kind, task.count) for task in said] == [(kind, count) for kind, count, _ in counted]


def test_an_outage_leads_an_organiser_to_the_messages_and_an_administrator_to_the_post(
    app: Flask, cast: Cast, amina: FlaskClient, beatrix: FlaskClient, dirk: FlaskClient
) -> None:
    with app.app_context():
        outages.note(db.session, "email", "login 535", NOW)
        db.session.commit()
    said = "Er is een storing bij de e-mail. De berichten wachten."
    assert post_of(amina) == [(f"/werk/{cast.series}/berichten", said)]
    assert post_of(beatrix) == [("/beheer/post", said)]
    assert said in dirk.get(HOME).text, "without a series there is nowhere to look"
    with app.app_context():
        db.session.query(Outage).delete()
        db.session.commit()
    assert post_of(amina) == []


def test_a_coordinator_has_no_part_in_it(app: Flask, cast: Cast, client: FlaskClient, people: dict[str, int]) -> None:
    with app.app_context():
        here, project = db.session.get_one(Organisation, cast.organisation), db.session.get_one(Project, cast.project)
        id = casting.staff("cor@zuid.example", "Cor", here, RoleName.COORDINATOR, [project]).id
        db.session.commit()
    assert post_of(casting.log_in(client, id)) == []


@pytest.mark.parametrize("state", [LetterState.FAILED, LetterState.UNSURE])
def test_a_letter_that_did_not_arrive_is_something_to_do_for_a_week(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int], state: str
) -> None:
    here = f"/werk/{cast.series}/berichten"
    with app.app_context():
        post.letters_of(people["Bart"], "placed")[0].state = state
        db.session.commit()
    wanted = (here, "1 bericht is mislukt, of we weten het niet zeker. Bekijk het.")
    assert wanted in tasks(amina.get(HOME).text, TODAY)
    page = amina.get(f"/werk/{cast.series}").text
    assert wanted in [next_step(page), *tasks(page, "Dit moet nog")]
    app.extensions["clock"].forward(days=8)
    assert here not in dict(tasks(amina.get(HOME).text, TODAY))


def test_a_table_that_became_too_small_is_something_to_do(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    page = f"/werk/{cast.series}/wie-komt-er"
    assert page not in dict(tasks(amina.get(HOME).text, TODAY)), "five is enough to cook"
    with app.app_context():
        db.session.get_one(Signup, people["Bart"]).state = SignupState.LEFT
        db.session.commit()
    said = dict(tasks(amina.get(HOME).text, TODAY))
    assert said[page] == "1 tafel is te klein geworden. Kijk wie er komt."
    app.extensions["clock"].now += timedelta(days=400)
    assert page not in dict(tasks(amina.get(HOME).text, TODAY)), "it is over"


def test_who_left_is_not_counted_before_anybody_opens_the_list(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    with app.app_context():
        for name in ("Fatma", "Gijs"):
            db.session.get_one(Signup, people[name]).state = SignupState.LEFT
        db.session.commit()
        jobs.send_due(app)
    assert post_of(amina) == [("/werk/bellijst", "Bel 2 mensen. Ze wachten op een bericht van jou.")]
