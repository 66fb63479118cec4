"""What is past is past: nobody chooses it, nobody is asked about it, and it says so by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web import import_table
from tests.web.cast import NOW, Cast, Clock
from web import jobs, world
from web.letters.staff import list_ready
from web.rows import DueLetter, Facilitator, Gathering, Proposal, Series, Signup, Staff, TimeSlot, db
from web.rows.meetings import SeriesState
from web.rows.messages import LetterState
from web.services import outbox, signups
from web.services.groups import publishing
from web.services.invitations.reconciling import reconcile
from web.services.messages import by_hand, tasks
from web.services.outbox.packing import LetterOvertaken, pack
from web.services.plans.published import published
from web.services.signups.times import TimesOver
from web.transaction import transaction

pytestmark = pytest.mark.slow

PUBLIC = "/doe-mee/zuid/samen-koken/"


def begins(cast: Cast, number: int) -> datetime:
    return NOW.replace(year=2027, month=1, day=12 + 2 * number, hour=17)


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """For tests without visitors: those of several in one context would be taken for one another."""
    with app.app_context():
        yield


def call_off(cast: Cast, *numbers: int) -> None:
    for number in numbers:
        for gathering in db.session.get_one(TimeSlot, cast.sessions[number]).gatherings:
            gathering.called_off_at = NOW
    db.session.commit()


def offered(page: str) -> set[str]:
    """The times that a form lets somebody choose."""
    boxes = re.findall(r"<input[^>]*name=.sessions.[^>]*>", page)
    return {found[1] for box in boxes if (found := re.search(r'value="(\d+)"', box))}


def ids(cast: Cast, *numbers: int) -> set[str]:
    return {str(cast.sessions[number]) for number in numbers}


def bart(app: Flask, cast: Cast, name: str = "Bart", **more: object) -> tuple[int, str]:
    """Somebody's number and the address of their page."""
    with app.app_context():
        signed = casting.sign_up(app, cast, name, **more)
        return signed.signup.id, f"/mijn/{signed.secret}/"


def chosen(app: Flask, id: int) -> list[tuple[int, bool]]:
    with app.app_context():
        return [(one.session_id, one.prefers) for one in db.session.get_one(Signup, id).availability]


def test_a_time_closes_when_it_begins_for_residents_the_desk_and_a_change(
    app: Flask, cast: Cast, client: FlaskClient, amina: FlaskClient, clock: Clock
) -> None:
    id, own = bart(app, cast)
    pages = {
        "web": (client, PUBLIC + "aanmelden/1"),
        "desk": (amina, f"/werk/{cast.series}/balie"),
        "change": (client, own + "wijzigen"),
        "change for": (amina, f"/werk/{cast.series}/aanmeldingen/{id}/wijzigen"),
    }

    def shown() -> dict[str, set[str]]:
        return {name: offered(who.get(path).text) for name, (who, path) in pages.items()}

    clock.now = begins(cast, 0) - timedelta(seconds=1)
    assert shown() == dict.fromkeys(pages, ids(cast, 0, 1, 2))
    clock.forward(seconds=1)
    assert shown() == dict.fromkeys(pages, ids(cast, 1, 2))
    sent = client.post(PUBLIC + "aanmelden/1", data={"sessions": cast.sessions[:1]})
    assert sent.status_code == 422 and "bestaat niet meer" in sent.text


def test_what_does_not_take_place_is_not_offered(
    app: Flask, cast: Cast, client: FlaskClient, amina: FlaskClient
) -> None:
    with app.app_context():
        call_off(cast, 1)
    for who, path in ((client, PUBLIC + "aanmelden/1"), (amina, f"/werk/{cast.series}/balie")):
        assert offered(who.get(path).text) == ids(cast, 0, 2)


def test_of_several_dates_those_that_are_ahead_can_be_chosen(
    app: Flask, cast: Cast, client: FlaskClient, clock: Clock
) -> None:
    later = begins(cast, 0) + timedelta(days=30)
    with app.app_context():
        row = db.session.get_one(TimeSlot, cast.sessions[0])
        row.gatherings.append(Gathering(starts=later, ends=later + timedelta(hours=2)))
        db.session.commit()
    clock.now = begins(cast, 0) + timedelta(hours=1)
    page = client.get(PUBLIC + "aanmelden/1").text
    assert offered(page) == ids(cast, 0, 1, 2)
    assert "donderdag 11 februari, 18.00–20.00" in page and "dinsdag 12 januari" not in page


@pytest.mark.parametrize("how", ["over", "called_off", "closes_at"])
def test_a_series_closes_by_itself_everywhere(
    app: Flask, cast: Cast, client: FlaskClient, amina: FlaskClient, clock: Clock, how: str
) -> None:
    with app.app_context():
        if how == "called_off":
            call_off(cast, 0, 1, 2)
        elif how == "closes_at":
            db.session.get_one(Series, cast.series).closes_at = clock.now
            db.session.commit()
        else:
            clock.now = begins(cast, 2)
        with pytest.raises(signups.NotOpen):
            casting.sign_up(app, cast)
    page = client.get(PUBLIC).text
    assert "Ik doe mee" not in page and "Zet me op de wachtlijst" not in page
    assert "Samen koken in de buurt" not in client.get("/").text
    assert client.get(PUBLIC + "aanmelden/1").status_code == 302
    work, overview = amina.get("/werk/").text, amina.get(f"/werk/{cast.series}").text
    assert "aanmelding dicht" in work and "aanmelding open" not in work and "Sluit de aanmelding" not in overview
    for room in ("balie", "importeren"):
        shown = amina.get(f"/werk/{cast.series}/{room}").text
        assert offered(shown) == set() and "Open eerst de aanmelding" not in shown
        assert ("Voeg eerst een tijd toe" in shown) == (how != "closes_at")
        assert ("De laatste dag om je aan te melden is voorbij" in shown) == (how == "closes_at")


def test_after_the_last_time_the_page_says_that_it_was(cast: Cast, client: FlaskClient, clock: Clock) -> None:
    clock.now = begins(cast, 2) + timedelta(hours=3)
    assert "Deze ontmoeting is al geweest" in client.get(PUBLIC).text


def test_a_sign_up_keeps_no_time_that_began_while_the_form_lay_open(app: Flask, cast: Cast, clock: Clock) -> None:
    clock.now = begins(cast, 0)
    id, _own = bart(app, cast, prefers=frozenset(cast.sessions[:1]))
    assert chosen(app, id) == [(cast.sessions[1], False)]
    with pytest.raises(TimesOver):
        bart(app, cast, "Els", sessions=frozenset(cast.sessions[:1]))


def test_who_chose_only_times_that_are_past_still_changes_other_answers_and_keeps_them(
    app: Flask, cast: Cast, client: FlaskClient, clock: Clock
) -> None:
    first = frozenset(cast.sessions[:1])
    id, own = bart(app, cast, sessions=first, prefers=first)
    clock.now = begins(cast, 0) + timedelta(hours=1)
    assert "Kies dan een andere tijd." in client.get(own).text
    told = {"name": "Bert", "reach": "call", "phone": "06 12345678", "language": "nl"}
    assert client.post(own + "wijzigen", data=told).status_code == 302
    with app.app_context():
        assert db.session.get_one(Signup, id).name == "Bert"
    assert chosen(app, id) == [(cast.sessions[0], True)]
    client.post(own + "wijzigen", data={**told, "sessions": cast.sessions[1:2]})
    assert chosen(app, id) == [(cast.sessions[0], True), (cast.sessions[1], False)]
    clock.now = begins(cast, 2) + timedelta(hours=1)
    assert "Er is geen tijd meer om te kiezen." in client.get(own + "wijzigen").text
    assert client.post(own + "wijzigen", data={**told, "name": "Bart"}).status_code == 302
    assert len(chosen(app, id)) == 2


@pytest.mark.usefixtures("context")
def test_a_file_signs_nobody_up_for_what_is_past(app: Flask, cast: Cast, clock: Clock) -> None:
    clock.now = begins(cast, 0)
    table = import_table.Table(app, cast, world.settings())
    row, header = ["Bart", "email", "bart@voorbeeld.example"], ["voornaam", "bereik", "e-mail"]
    (entry,) = table.preview(row, header=header).entries
    assert entry.told is not None and entry.told.answers.sessions == set(cast.sessions[1:])
    (late,) = table.preview([*row, "1|2"], header=[*header, "tijden"]).entries
    assert late.kind == "refused" and "voorbij" in late.faults[0].right


def todo(app: Flask, cast: Cast, clock: Clock) -> list[str]:
    with app.app_context():
        series = db.session.get_one(Series, cast.series)
        return [task.kind for task in tasks.standing(db.session, series, world.settings(), clock()).tasks]


def test_tasks_are_about_what_is_ahead(app: Flask, cast: Cast, clock: Clock) -> None:
    (came, _), (missed, _) = bart(app, cast, "Els"), bart(app, cast)
    with app.app_context():
        db.session.get_one(Series, cast.series).format = "dialoog"
        db.session.get_one(Facilitator, cast.chantal).sessions = []
        db.session.get_one(Signup, came).other_wish = True
        casting.plan_of(cast, {(cast.sessions[0], 1): [came]})
    kinds = ("leader", "more", "wishes", "stranded")
    assert [todo(app, cast, clock).count(kind) for kind in kinds] == [3, 3, 1, 0]
    clock.now = begins(cast, 0)
    assert [todo(app, cast, clock).count(kind) for kind in kinds] == [2, 2, 0, 0]
    clock.now = begins(cast, 1)
    assert "stranded" in todo(app, cast, clock), "Bart sits nowhere and has no time that is ahead"
    with app.app_context():
        db.session.get_one(Signup, missed).state = "left"
        db.session.commit()
    assert "stranded" not in todo(app, cast, clock), "who sat at a table that is over has nothing to choose"


def test_who_has_no_time_left_stands_behind_the_task(app: Flask, cast: Cast, amina: FlaskClient, clock: Clock) -> None:
    bart(app, cast, sessions=frozenset(cast.sessions[:1]))
    bart(app, cast, "Els", sessions=frozenset(cast.sessions))
    clock.now = begins(cast, 0)
    page = amina.get(f"/werk/{cast.series}/aanmeldingen?only=stranded").text
    assert "Bart" in page and "Els" not in page


def test_messages_about_what_is_over_leave_the_call_list(
    app: Flask, cast: Cast, amina: FlaskClient, clock: Clock
) -> None:
    bart(app, cast, reach="call", email=None, phone="+31612345678")
    assert "Bart" in amina.get("/werk/bellijst").text
    clock.now = begins(cast, 2) + timedelta(hours=3)
    assert "Bart" not in amina.get("/werk/bellijst").text
    with app.app_context(), transaction(db.session):
        by_hand.tidy(db.session, clock(), jobs.worldly(app))
        letter = db.session.query(DueLetter).filter_by(kind="confirmation").one()
        assert letter.state == LetterState.OVERTAKEN


@pytest.mark.usefixtures("context")
def test_who_leads_hears_nothing_of_an_evening_that_is_over(app: Flask, cast: Cast, clock: Clock) -> None:
    row, chantal = db.session.get_one(TimeSlot, cast.sessions[0]), db.session.get_one(Facilitator, cast.chantal)
    content = {"session_id": row.id, "secret": "x" * 32, "pin": "123456"}
    outbox.put(db.session, list_ready, chantal, row, key="list", now=NOW, content=content)
    db.session.commit()
    letter = db.session.query(DueLetter).one()
    assert pack(db.session, letter, clock(), jobs.worldly(app)).text
    with pytest.raises(LetterOvertaken):
        pack(db.session, letter, begins(cast, 0) + timedelta(hours=3), jobs.worldly(app))


@pytest.mark.usefixtures("context")
def test_that_a_date_is_off_is_told_until_it_would_have_been(app: Flask, cast: Cast) -> None:
    person = casting.sign_up(app, cast, reach="call", email=None, phone="+31612345678").signup
    casting.plan_of(cast, {(cast.sessions[0], 1): [person.id]})
    series = db.session.get_one(Series, cast.series)
    with transaction(db.session):
        reconcile(db.session, series, NOW)
    db.session.query(DueLetter).update({"state": LetterState.SENT})
    call_off(cast, 0)
    with transaction(db.session):
        reconcile(db.session, series, NOW)
    (letter,) = db.session.query(DueLetter).filter_by(state=LetterState.DUE)
    before, after = begins(cast, 0) - timedelta(hours=1), begins(cast, 0) + timedelta(hours=3)
    assert len(by_hand.messages(db.session, [letter], before, jobs.worldly(app))) == 1
    assert not by_hand.messages(db.session, [letter], after, jobs.worldly(app))


def test_groups_are_proposed_for_what_is_ahead_and_what_was_stays_as_it_was(
    app: Flask, cast: Cast, amina: FlaskClient, clock: Clock
) -> None:
    with app.app_context():
        there = [one.signup.id for one in casting.neighbourhood(app, cast, 14)[:6]]
        casting.plan_of(cast, {(cast.sessions[0], 1): there}, leader=cast.chantal)
        clock.now = begins(cast, 0) + timedelta(hours=1)
        proposal = casting.propose(app, cast)
        with transaction(db.session):
            publishing.publish(
                db.session,
                proposal,
                by=db.session.get_one(Staff, cast.amina),
                now=clock(),
                version=proposal.version,
                reason="Zo gaat het.",
                settings=world.settings(),
                vault=world.vault(),
            )
        board = published(db.session, db.session.get_one(Series, cast.series))
        (was,) = (group for group in board.groups if group.session == str(cast.sessions[0]))
        assert sorted(map(int, was.people)) == sorted(there) and was.facilitator == str(cast.chantal)
        assert {group.session for group in board.groups} > {str(cast.sessions[0])}
        address = f"/werk/{cast.series}/groepen/{proposal.id}"
    assert "12 januari" not in amina.get(address).text


def test_no_groups_are_asked_for_when_nothing_is_ahead(
    app: Flask, cast: Cast, amina: FlaskClient, clock: Clock
) -> None:
    bart(app, cast)
    clock.now = begins(cast, 2)
    assert "propose" not in todo(app, cast, clock)
    page = amina.post(f"/werk/{cast.series}/groepen", data={"seconds": "10"}, follow_redirects=True).text
    assert "Er is geen tijd meer in de toekomst." in page
    with app.app_context():
        assert db.session.query(Proposal).count() == 0


def test_a_time_that_began_opens_no_series(app: Flask, cast: Cast, amina: FlaskClient, clock: Clock) -> None:
    with app.app_context():
        db.session.get_one(Series, cast.series).state = SeriesState.CLOSED
        db.session.commit()
    clock.now = begins(cast, 2)
    said = amina.post(f"/werk/{cast.series}/stand", data={"state": "open"}, follow_redirects=True).text
    assert "Er zijn nog geen tijden in de toekomst." in said
