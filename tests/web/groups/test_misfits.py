"""A published plan that no longer fits: the organiser has a task with two remedies, the resident a true warning."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import NOW, Cast, Clock
from web import world
from web.organiser.wording import sentence
from web.rows import (
    DueLetter,
    Facilitator,
    Plan,
    PlanGroup,
    Project,
    Proposal,
    Seat,
    Series,
    Signup,
    Step,
    TimeSlot,
    Venue,
    db,
)
from web.rows.people import SignupState
from web.services import signups
from web.services.groups import releasing
from web.services.invitations import reconciling
from web.services.invitations.rsvp import answer
from web.services.messages import tasks
from web.services.messages.scheduled import digesting
from web.services.plans import fit
from web.transaction import transaction

pytestmark = pytest.mark.slow

NAMES = ("Bart", "Els", "Fatma", "Gijs", "Henk", "Ina")
PAGE = "/werk/{}/past-niet"


@pytest.fixture
def secrets(app: Flask, cast: Cast) -> dict[str, str]:
    """Six people at table 1 of the first evening, led by Chantal; the secrets of their pages."""
    with app.app_context():
        signed = [casting.sign_up(app, cast, name, bubbles={}) for name in NAMES]
        casting.plan_of(cast, {(cast.sessions[0], 1): [one.signup.id for one in signed]}, leader=cast.chantal)
        reconciling.reconcile(db.session, db.session.get_one(Series, cast.series), NOW)
        db.session.commit()
        return {one.signup.name: one.secret for one in signed}


def change(app: Flask, cast: Cast, name: str = "Bart", **more: object) -> None:
    with app.app_context(), transaction(db.session):
        told = casting.answers(cast, name, bubbles={}, **more)
        signups.change(db.session, who(name), told, now=world.now(), channel="web", vault=world.vault())


def who(name: str) -> Signup:
    return next(one for one in db.session.query(Signup) if one.name == name)


def series(cast: Cast) -> Series:
    return db.session.get_one(Series, cast.series)


def todo(app: Flask, cast: Cast) -> dict[str, int]:
    with app.app_context():
        found = tasks.standing(db.session, series(cast), world.settings(), world.now()).tasks
        return {task.kind: task.count for task in found}


def found(app: Flask, cast: Cast) -> tuple[set[tuple[str, str]], set[str]]:
    """Whose seats no longer fit and why; and which rules break at tables."""
    with app.app_context():
        held = fit.of_series(db.session, series(cast), world.settings(), world.now())
        names = {one.id: one.name for one in db.session.query(Signup)}
        seats = {(names[who], rule) for (who, *_), rules in held.seats.items() for rule in rules}
        return seats, {rule for rules in held.tables.values() for rule in rules}


def venue_without_steps(cast: Cast) -> None:
    db.session.get_one(Venue, cast.venue).access = []
    db.session.commit()


ANSWERS = [
    ({"sessions": "other"}, "availability", "Koos deze tijd niet meer."),
    ({"needs": ("hearing_loop",)}, "access", "Heeft iets nodig dat er op deze plek niet is."),
    ({"languages": ("ar",)}, "shared_language", "Spreekt de taal van deze tafel niet."),
    ({"buddy": "late"}, "buddies", "Wil bij een maatje zitten, en dat maatje zit hier niet."),
]


@pytest.mark.parametrize(("told", "rule", "says"), ANSWERS)
def test_an_answer_that_no_longer_fits_the_seat_is_a_task_with_who_and_why_until_it_is_mended(
    app: Flask,
    cast: Cast,
    amina: FlaskClient,
    client: FlaskClient,
    secrets: dict[str, str],
    told: dict[str, object],
    rule: str,
    says: str,
) -> None:
    own = f"/mijn/{secrets['Bart']}/"
    assert "misfits" not in todo(app, cast) and "Past deze plek nog bij je?" not in client.get(own).text
    if told.get("sessions"):
        told = {"sessions": frozenset(cast.sessions[1:])}
    if told.get("buddy"):
        with app.app_context():
            noor = casting.sign_up(app, cast, "Noor", bubbles={}, buddy=who("Bart").code).signup
            told = {"buddy": noor.code}
    change(app, cast, **told)
    assert todo(app, cast)["misfits"] == 1
    assert found(app, cast) == ({("Bart", rule)}, set())
    page = amina.get(PAGE.format(cast.series)).text
    assert says in page and "Bart" in page and "Els" not in page
    assert "Geef deze plek vrij" in page and "Zoek een andere tafel" in page
    told_to_bart = client.get(own).text
    assert "Past deze plek nog bij je?" in told_to_bart and "Een buurtwerker ziet dit" in told_to_bart
    assert "Je kunt op dinsdag" not in told_to_bart, "that is what they took back"
    assert "Past deze plek nog bij je?" not in client.get(f"/mijn/{secrets['Els']}/").text
    change(app, cast)
    assert "misfits" not in todo(app, cast)
    assert "Past deze plek nog bij je?" not in client.get(own).text
    assert "Bart" not in amina.get(PAGE.format(cast.series)).text


def test_who_takes_back_every_time_that_is_ahead_is_not_forgotten(
    app: Flask, cast: Cast, secrets: dict[str, str]
) -> None:
    change(app, cast, sessions=frozenset(cast.sessions[2:]))
    with app.app_context():
        for gathering in db.session.get_one(TimeSlot, cast.sessions[2]).gatherings:
            gathering.called_off_at = NOW
        db.session.commit()
    assert found(app, cast)[0] == {("Bart", "availability")}


def test_the_page_of_changes_says_which_place_is_at_stake_before_anything_is_changed(
    client: FlaskClient, cast: Cast, secrets: dict[str, str]
) -> None:
    own = f"/mijn/{secrets['Bart']}/"
    page = client.get(own + "wijzigen").text
    assert "Je hebt al een plek" in page and "dinsdag 12 januari" in page
    sent = {"sessions": cast.sessions[1:2], "name": "Bart", "reach": "email", "email": "bart@voorbeeld.example"}
    after = client.post(own + "wijzigen", data={**sent, "language": "nl", "languages": ["nl"]}, follow_redirects=True)
    assert "een plek past nu misschien niet meer bij je" in after.text
    assert "Je koos deze tijd niet meer." in after.text


def test_a_place_that_changes_is_a_task_as_well(
    app: Flask, cast: Cast, client: FlaskClient, secrets: dict[str, str]
) -> None:
    change(app, cast, needs=("step_free",))
    assert "misfits" not in todo(app, cast)
    with app.app_context():
        venue_without_steps(cast)
    assert found(app, cast) == ({("Bart", "access")}, set())
    assert "Op deze plek is niet alles wat je nodig hebt." in client.get(f"/mijn/{secrets['Bart']}/").text


@pytest.mark.parametrize("gone", ["inactive", "away"])
def test_a_facilitator_who_falls_away_is_a_task(
    app: Flask, cast: Cast, amina: FlaskClient, secrets: dict[str, str], gone: str
) -> None:
    with app.app_context():
        chantal = db.session.get_one(Facilitator, cast.chantal)
        if gone == "inactive":
            chantal.active = False
        else:
            chantal.sessions = [row for row in chantal.sessions if row.id != cast.sessions[0]]
        db.session.commit()
    assert found(app, cast) == (set(), {"facilitator"})
    page = amina.get(PAGE.format(cast.series)).text
    assert "Tafels die een vaste regel breken" in page and "tafel 1" in page and "Bart" not in page


def _share(app: Flask) -> None:
    """Ages: three of 26 to 40, who are the largest that a table of six may have two thirds of, and three others.

    What a rule about them does is shown where the project may see bubbles.
    """
    db.session.query(Project).update({"sees_bubbles": True})
    ages = ["26-40"] * 4 + ["61-75"] * 2
    for name, age in zip(NAMES, ages, strict=True):
        who(name).bubbles = {"age": [age]}
    db.session.commit()


@pytest.mark.parametrize("how", ["leave", "decline"])
def test_cancellations_that_break_a_firm_rule_are_a_task_and_name_nobody(
    app: Flask, cast: Cast, amina: FlaskClient, secrets: dict[str, str], how: str
) -> None:
    with app.app_context():
        _share(app)
    assert found(app, cast) == (set(), set())
    with app.app_context(), transaction(db.session):
        if how == "leave":
            signups.leave(db.session, who("Ina"), now=NOW)
        else:
            for invitation in db.session.query(answer.Invitation).filter_by(signup_id=who("Ina").id):
                answer.answer(db.session, invitation, "DECLINED", by="page", now=NOW, settings=world.settings())
    seats, tables = found(app, cast)
    assert not seats and any(rule.startswith(("share_cap", "never_alone")) for rule in tables)
    page = amina.get(PAGE.format(cast.series)).text
    assert not any(name in page for name in NAMES) and "61" not in page.split("<main")[1].split("</main>")[0]


def test_what_was_published_so_on_purpose_is_no_task(app: Flask, cast: Cast, secrets: dict[str, str]) -> None:
    with app.app_context():
        db.session.query(Project).update({"sees_bubbles": True})
        for name, age in zip(NAMES, ["26-40"] * 5 + ["61-75"], strict=True):
            who(name).bubbles = {"age": [age]}
        db.session.commit()
    _seats, tables = found(app, cast)
    assert tables
    with app.app_context():
        plan = db.session.query(Plan).one()
        where = {"session": str(cast.sessions[0]), "group": 1}
        plan.breaches = [{"rule": rule, "firm": True, "amount": 5.0, **where} for rule in tables]
        db.session.commit()
    assert found(app, cast) == (set(), set())
    with app.app_context():
        # Plans of an earlier version do not say where.
        db.session.query(Plan).one().breaches = [{"rule": rule, "firm": True, "amount": 5.0} for rule in tables]
        db.session.commit()
    assert found(app, cast) == (set(), set())


def test_the_task_leads_to_the_page_and_goes_with_the_evening(
    app: Flask, cast: Cast, amina: FlaskClient, clock: Clock, secrets: dict[str, str]
) -> None:
    change(app, cast, sessions=frozenset(cast.sessions[1:]))
    with app.test_request_context():
        assert sentence(tasks.Task("misfits", 1)) == "1 plek of tafel past niet meer. Kijk wat je kunt doen."
    assert f'href="{PAGE.format(cast.series)}"' in amina.get("/werk/").text
    clock.forward(days=54)
    assert "misfits" not in todo(app, cast)


def test_the_morning_letter_counts_it(app: Flask, cast: Cast, clock: Clock, secrets: dict[str, str]) -> None:
    change(app, cast, sessions=frozenset(cast.sessions[1:]))
    clock.now = NOW.replace(day=23, hour=6, minute=45)
    with app.app_context(), transaction(db.session):
        digesting.run(db.session, clock(), world.settings())
    with app.app_context():
        letters = db.session.query(DueLetter).filter_by(kind="digest")
        assert any(["misfits", 1, cast.series] in list(map(list, one.content["counts"])) for one in letters)


def test_a_seat_given_free_is_told_and_its_person_waits_for_another(
    app: Flask, cast: Cast, amina: FlaskClient, client: FlaskClient, secrets: dict[str, str]
) -> None:
    change(app, cast, sessions=frozenset(cast.sessions[1:]))
    with app.app_context():
        db.session.query(DueLetter).update({"state": "sent"})
        db.session.commit()
        bart = who("Bart").id
    url, sent = f"{PAGE.format(cast.series)}/{bart}/vrij", {"place": f"{cast.sessions[0]}.1"}
    said = amina.post(url, data=sent, follow_redirects=True).text
    assert "De plek is vrij. Bart hoort dat, en staat nu op de wachtlijst." in said
    assert found(app, cast) == (set(), set())
    with app.app_context():
        assert db.session.query(Seat).filter_by(signup_id=bart).count() == 0
        assert who("Bart").state == SignupState.WAITING
        (letter,) = db.session.query(DueLetter).filter_by(signup_id=bart, state="due")
        assert (letter.kind, letter.content["reason"]) == ("cancelled", "released")
    assert "Past deze plek nog bij je?" not in client.get(f"/mijn/{secrets['Bart']}/").text
    again = amina.post(url, data=sent, follow_redirects=True).text
    assert "zit niet meer aan die tafel" in again


def test_another_table_is_looked_for_in_the_plan_as_it_stands_without_waiting_for_a_proposal(
    app: Flask, cast: Cast, amina: FlaskClient, secrets: dict[str, str]
) -> None:
    change(app, cast, needs=("hearing_loop",))
    with app.app_context():
        bart = who("Bart").id
    url = f"{PAGE.format(cast.series)}/{bart}/andere-tafel"
    led = amina.post(url, data={"place": f"{cast.sessions[0]}.1"})
    assert f"kies={bart}" in led.location
    assert amina.get(led.location).status_code == 200
    amina.post(url, data={"place": f"{cast.sessions[0]}.1"})
    with app.app_context():
        assert db.session.query(Proposal).count() == 1
        (step,) = db.session.query(Step)
        (group,) = step.board["groups"]
        assert sorted(map(int, group["people"])) == sorted(one.signup_id for one in db.session.query(Seat))
    assert "publish" not in todo(app, cast), "nothing new is to be published yet"


def test_who_asks_for_another_table_is_shown_with_that_table_and_three_answers(
    app: Flask, cast: Cast, amina: FlaskClient, client: FlaskClient, secrets: dict[str, str]
) -> None:
    client.post(f"/mijn/{secrets['Els']}/andere-tafel")
    assert todo(app, cast)["wishes"] == 1
    assert PAGE.format(cast.series) in amina.get("/werk/").text
    page = amina.get(PAGE.format(cast.series)).text
    part = page.split("Vraagt een andere tafel")[-1]
    assert "Els" in part and "tafel 1" in part and "dinsdag 12 januari" in part and "Laat het zo" in part
    with app.app_context():
        els = who("Els").id
    amina.post(f"{PAGE.format(cast.series)}/{els}/blijft")
    assert "wishes" not in todo(app, cast)


@pytest.mark.parametrize("act", ["vrij", "andere-tafel", "blijft"])
def test_nobody_of_elsewhere_does_this(
    app: Flask, cast: Cast, dirk: FlaskClient, secrets: dict[str, str], act: str
) -> None:
    with app.app_context():
        bart = who("Bart").id
    assert dirk.get(PAGE.format(cast.series)).status_code == 404
    sent = {"place": f"{cast.sessions[0]}.1"}
    assert dirk.post(f"{PAGE.format(cast.series)}/{bart}/{act}", data=sent).status_code == 404
    with app.app_context():
        assert db.session.query(Seat).count() == len(NAMES)


@pytest.mark.parametrize("place", ["", "x", "1", "1.", ".1", "99999999999.1", "é.1"])
def test_a_garbled_place_is_no_place(
    app: Flask, cast: Cast, amina: FlaskClient, secrets: dict[str, str], place: str
) -> None:
    with app.app_context():
        bart = who("Bart").id
    answered = amina.post(f"{PAGE.format(cast.series)}/{bart}/vrij", data={"place": place})
    assert answered.status_code in (302, 404)
    with app.app_context():
        assert db.session.query(Seat).count() == len(NAMES)


def test_two_who_give_one_seat_free_do_it_once(app: Flask, cast: Cast, secrets: dict[str, str]) -> None:
    with app.app_context():
        table = cast.sessions[0], db.session.query(PlanGroup).one().number
        amina = db.session.get_one(casting.Staff, cast.amina)
        with transaction(db.session):
            releasing.release(db.session, who("Bart"), table, by=amina, now=NOW)
        with pytest.raises(releasing.NoSeat), transaction(db.session):
            releasing.release(db.session, who("Bart"), table, by=amina, now=NOW)


def test_who_asks_and_has_no_table_at_all_is_shown_as_well(
    app: Flask, cast: Cast, amina: FlaskClient, secrets: dict[str, str]
) -> None:
    with app.app_context():
        noor = casting.sign_up(app, cast, "Noor").signup
        noor.other_wish, id = True, noor.id
        db.session.commit()
    assert todo(app, cast)["wishes"] == 1
    assert "Heeft nu geen tafel." in amina.get(PAGE.format(cast.series)).text
    led = amina.post(f"{PAGE.format(cast.series)}/{id}/andere-tafel")
    assert amina.get(led.location).status_code == 200


def test_who_asks_for_another_table_has_it_on_their_page_with_what_can_be_done(
    app: Flask, cast: Cast, amina: FlaskClient
) -> None:
    with app.app_context():
        bart = casting.sign_up(app, cast, "Bart").signup
        casting.plan_of(cast, {(cast.sessions[0], 2): [bart.id]})
        bart.other_wish = True
        db.session.commit()
        url = f"/werk/{cast.series}/aanmeldingen/{bart.id}"
    html = amina.get(url).text
    assert f'href="/werk/{cast.series}/indeling#tafel-{cast.sessions[0]}.2"' in html
    assert f'id="tafel-{cast.sessions[0]}.2"' in amina.get(f"/werk/{cast.series}/indeling").text
    for act in ("Zoek een andere tafel", "Geef deze plek vrij", "Laat het zo"):
        assert f">{act}</button>" in html
