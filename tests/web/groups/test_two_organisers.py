"""Two people at once, one person twice, and the back button: everything counts once, and nobody overwrites another."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web import cast as casting
from tests.web import evening as evenings
from tests.web.cast import Cast, Clock
from tests.web.pages import Page
from tests.web.sheets import BART, table
from tests.web.tabs import drafts
from web.rows import DueLetter, Plan, Proposal, Seat, Series, Signup, Staff, Step, db
from web.rows.people import SignupState
from web.services import signups
from web.services.groups.editor import edits
from web.services.plans import queue
from web.transaction import transaction

pytestmark = pytest.mark.slow

SERIES = "/doe-mee/zuid/samen-koken/"


@pytest.fixture
def second(app: Flask, cast: Cast) -> FlaskClient:
    """A colleague of Amina, in the same project."""
    with app.app_context():
        amina = db.session.get_one(Staff, cast.amina)
        fatma = casting.staff("fatma@zuid.example", "Fatma", amina.organisation, "organiser", list(amina.projects))
        db.session.commit()
        id = fatma.id
    return casting.log_in(app.test_client(), id)


@pytest.fixture
def proposal(app: Flask, cast: Cast) -> str:
    """The address of a proposal that is ready."""
    with app.app_context():
        casting.neighbourhood(app, cast, 18)
        found = casting.propose(app, cast)
        db.session.commit()
        return f"/werk/{cast.series}/groepen/{found.id}"


def version(client: FlaskClient, path: str) -> str:
    """The version that is on somebody's screen."""
    fields = dict(field for form in Page(client.get(path).text).forms for field in form.fields)
    return fields["version"]


def seats(app: Flask) -> list[str]:
    """Everybody with a table, as the form names them: person:session.number."""
    with app.app_context():
        board = edits.current(db.session, db.session.query(Proposal).one())
        return [f"{person}:{g.session}.{g.number}" for g in board.groups for person in g.people]


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.query(model).count()


def test_of_two_changes_on_one_version_the_second_is_told_and_overwrites_nothing(
    app: Flask, amina: FlaskClient, second: FlaskClient, proposal: str
) -> None:
    seen, hers = version(amina, proposal), version(second, proposal)
    assert seen == hers
    one, two = seats(app)[:2]
    assert amina.post(f"{proposal}/verplaats", data={"wie": one, "naar": "", "version": seen}).status_code == 302
    late = second.post(f"{proposal}/verplaats", data={"wie": two, "naar": "", "version": hers})
    assert late.status_code == 409
    assert "Iemand anders heeft dit net veranderd" in late.text
    assert one not in seats(app)
    assert two in seats(app)
    assert count(app, Step) == 2
    again = second.post(f"{proposal}/verplaats", data={"wie": two, "naar": "", "version": version(second, proposal)})
    assert again.status_code == 302, "after a look she can"


def test_a_change_and_an_undo_on_one_version_do_not_both_count(
    app: Flask, amina: FlaskClient, second: FlaskClient, proposal: str
) -> None:
    one, two = seats(app)[:2]
    amina.post(f"{proposal}/verplaats", data={"wie": one, "naar": "", "version": version(amina, proposal)})
    seen = version(second, proposal)
    assert amina.post(f"{proposal}/verplaats", data={"wie": two, "naar": "", "version": seen}).status_code == 302
    assert second.post(f"{proposal}/terug", data={"version": seen}).status_code == 409
    assert two not in seats(app), "what Amina did stands"


def test_a_version_from_the_back_button_or_made_up_changes_nothing(
    app: Flask, amina: FlaskClient, proposal: str
) -> None:
    seen, one = version(amina, proposal), seats(app)[0]
    amina.post(f"{proposal}/verplaats", data={"wie": one, "naar": "", "version": seen})
    for made_up in (seen, "-1", "999", "x", ""):
        for act in ("vast", "terug", "tafel", "publiceer"):
            told = {"vast": seats(app)[0], "tafel": one.partition(":")[2], "leider": "", "version": made_up}
            assert amina.post(f"{proposal}/{act}", data=told).status_code == 409, (act, made_up)
    assert (count(app, Step), count(app, Plan)) == (2, 0)


def test_somebody_who_was_erased_meanwhile_is_not_moved(app: Flask, amina: FlaskClient, proposal: str) -> None:
    seen, one = version(amina, proposal), seats(app)[0]
    with app.app_context():
        db.session.delete(db.session.get_one(Signup, int(one.partition(":")[0])))
        db.session.commit()
    assert amina.post(f"{proposal}/verplaats", data={"wie": one, "naar": "", "version": seen}).status_code == 404
    assert count(app, Step) == 1


def test_a_person_by_another_name_for_the_same_number_is_not_seated_twice(
    app: Flask, cast: Cast, amina: FlaskClient, proposal: str
) -> None:
    person, _, where = seats(app)[0].partition(":")
    told = {"wie": f"0{person}", "naar": where, "version": version(amina, proposal)}
    amina.post(f"{proposal}/verplaats", data=told)
    with app.app_context():
        board = edits.current(db.session, db.session.query(Proposal).one())
        everybody = [id for group in board.groups for id in group.people]
        known = {str(id) for (id,) in db.session.query(Signup.id)}
    assert set(everybody) <= known


def at_once(work: list[tuple[FlaskClient, str, dict[str, object]]]) -> list[TestResponse]:
    """Several people who press a button in the same moment."""
    start = Barrier(len(work))

    def press(job: tuple[FlaskClient, str, dict[str, object]]) -> TestResponse:
        client, path, data = job
        start.wait(30)
        return client.post(path, data=data)

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(press, work))


def test_two_who_publish_at_once_publish_once(
    app: Flask, cast: Cast, amina: FlaskClient, second: FlaskClient, proposal: str
) -> None:
    told = {"version": version(amina, f"{proposal}/publiceer"), "reden": "Afgesproken in het team."}
    answers = at_once([(client, f"{proposal}/publiceer", dict(told)) for client in (amina, second)])
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    with app.app_context():
        assert db.session.query(Plan).filter_by(current=True).count() == 1
        assert db.session.query(Plan).count() == 1
        placed = [seat.signup_id for seat in db.session.query(Seat)]
        letters = [letter.signup_id for letter in db.session.query(DueLetter).filter_by(kind="placed")]
    assert len(placed) > 10
    assert sorted(set(placed)) == sorted(letters), "one letter for each, none twice"


def test_two_different_proposals_published_at_once_leave_one_plan_that_counts(
    app: Flask, cast: Cast, amina: FlaskClient, second: FlaskClient, proposal: str
) -> None:
    with app.app_context():
        other = casting.propose(app, cast)
        db.session.commit()
        paths = [proposal, f"/werk/{cast.series}/groepen/{other.id}"]
    jobs = [
        (client, f"{path}/publiceer", {"version": version(client, f"{path}/publiceer"), "reden": "x"})
        for client, path in zip((amina, second), paths, strict=True)
    ]
    assert {answer.status_code for answer in at_once(jobs)} <= {302, 409}
    with app.app_context():
        assert db.session.query(Plan).filter_by(current=True).count() == 1
    assert amina.get(f"/werk/{cast.series}/indeling").status_code == 200


def test_a_double_click_on_publish_and_the_back_button_after_it(
    app: Flask, cast: Cast, amina: FlaskClient, proposal: str
) -> None:
    told = {"version": version(amina, f"{proposal}/publiceer")}
    assert amina.post(f"{proposal}/publiceer", data=told).status_code == 302
    letters = count(app, DueLetter)
    assert amina.post(f"{proposal}/publiceer", data=told).status_code == 409
    assert (count(app, Plan), count(app, DueLetter)) == (1, letters)
    assert amina.get(f"{proposal}/publiceer").status_code == 200


def test_a_double_click_on_import_adds_once_also_from_two_windows(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    path = f"/werk/{cast.series}/importeren"
    page = amina.post(path, data={"file": (io.BytesIO(table(BART).encode()), "lijst.csv")})
    told = dict(field for form in Page(page.text).forms for field in form.fields if form.action.endswith("toevoegen"))
    other = casting.log_in(app.test_client(), cast.amina)
    answers = at_once([(client, f"{path}/toevoegen", dict(told)) for client in (amina, other)])
    assert {answer.status_code for answer in answers} <= {302, 303}, "done, or on its way"
    assert amina.post(f"{path}/toevoegen", data=told, follow_redirects=True).status_code == 200
    assert count(app, Signup) == 1


def filled_in(client: FlaskClient, cast: Cast, clock: Clock) -> None:
    """The first three screens."""
    for number, said in enumerate(({"sessions": cast.sessions}, {"name": "Bart"}, {"reach": "via", "via": "Ria"}), 1):
        clock.forward(seconds=10)
        assert client.post(f"{SERIES}aanmelden/{number}", data=said).status_code == 302


def test_a_double_click_on_sign_up_is_one_sign_up_with_one_link(app: Flask, cast: Cast, clock: Clock) -> None:
    client = app.test_client()
    filled_in(client, cast, clock)
    (draft,) = drafts(client)
    twin = app.test_client()
    twin.set_cookie(draft.key, draft.value, path=draft.path)
    answers = at_once([(one, f"{SERIES}aanmelden/4", {}) for one in (client, twin)])
    places = {answer.headers["Location"] for answer in answers}
    assert len(places) == 1
    assert client.get(places.pop()).status_code == 200
    assert count(app, Signup) == 1


def test_the_back_button_after_signing_up_makes_no_second_one(app: Flask, cast: Cast, clock: Clock) -> None:
    client = app.test_client()
    filled_in(client, cast, clock)
    assert "/mijn/" in client.post(f"{SERIES}aanmelden/4", data={}).headers["Location"]
    back = client.post(f"{SERIES}aanmelden/4", data={}, follow_redirects=True)
    assert "Heb je je al aangemeld? Dan hoef je niets te doen." in back.text
    assert count(app, Signup) == 1


def test_the_desk_pressed_twice_writes_one_person_down(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    path = f"/werk/{cast.series}/balie"
    once = dict(field for form in Page(amina.get(path).text).forms for field in form.fields)["once"]
    told = {
        "name": "Bart",
        "via_me": "y",
        "sessions": cast.sessions,
        "once": once,
        "channel": "paper",
        "language": "nl",
    }
    other = casting.log_in(app.test_client(), cast.amina)
    answers = at_once([(client, path, dict(told)) for client in (amina, other)])
    assert {answer.status_code for answer in answers} == {302}
    assert count(app, Signup) == 1


def test_two_who_open_and_close_at_once_end_in_one_state(
    app: Flask, cast: Cast, amina: FlaskClient, second: FlaskClient
) -> None:
    path = f"/werk/{cast.series}/stand"
    answers = at_once([(client, path, {"state": "closed"}) for client in (amina, second)])
    assert {answer.status_code for answer in answers} == {302}
    again = amina.post(path, data={"state": "closed"}, follow_redirects=True)
    assert "Dit kan nu niet" in again.text
    with app.app_context():
        assert db.session.get_one(Series, cast.series).state == "closed"


def test_an_expired_link_answers_as_one_that_never_was(app: Flask, cast: Cast, clock: Clock) -> None:
    door = evenings.perform(app, cast).chantal_door
    client = evenings.come_in(app.test_client(), door)
    pages = [f"/tafel/{door[0]}/", f"/tafel/{door[0]}/lijst.csv"]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    clock.now += timedelta(days=3)
    for page in pages:
        answer, never = client.get(page), client.get(page.replace(door[0], "a" * 22))
        assert (answer.status_code, never.status_code) == (404, 404)
        plain = re.sub(r"/tafel/[^/]+/", "/tafel/x/", unquote(answer.text))
        assert plain == re.sub(r"/tafel/[^/]+/", "/tafel/x/", unquote(never.text))
    assert client.post(pages[0], data={"pin": door[1]}).status_code == 404


def test_thirty_people_at_once_for_five_places(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.session.get_one(Series, cast.series).capacity = 5
        db.session.commit()
    start = Barrier(30)

    def arrive(number: int) -> None:
        with app.app_context():
            start.wait(30)
            with transaction(db.session):
                signups.sign_up(
                    db.session,
                    db.session.get_one(Series, cast.series),
                    casting.answers(cast, f"Mens{number}"),
                    channel="web",
                    now=app.extensions["clock"](),
                    once=f"form-{number}",
                    vault=app.extensions["vault"],
                )

    with ThreadPoolExecutor(30) as pool:
        list(pool.map(arrive, range(30)))
    with app.app_context():
        found = db.session.query(Signup).order_by(Signup.number).all()
        assert [signup.number for signup in found] == list(range(1, 31))
        assert [signup.state for signup in found] == [SignupState.IN] * 5 + [SignupState.WAITING] * 25
        assert len({signup.code for signup in found}) == 30
        assert [queue.place_of(db.session, signup) for signup in found[5:]] == list(range(1, 26))
