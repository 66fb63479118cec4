"""The phone and paper desk and the list of sign-ups: quick, nobody twice by accident, every look in the log."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import Cast
from web.rows import AuditLine, Project, Series, Signup, db
from web.rows.meetings import SeriesState
from web.rows.people import SignupState

pytestmark = pytest.mark.slow


def typed(cast: Cast, **more: object) -> dict[str, object]:
    said = {"name": "Fatma", "contact": "fatma@voorbeeld.example", "sessions": [str(cast.sessions[0])]}
    return {**said, "channel": "phone", "how": "", "language": "nl", "once": "a" * 22, **more}


def save(client: FlaskClient, cast: Cast, **more: object):
    return client.post(f"/werk/{cast.series}/balie", data=typed(cast, **more))


def only(app: Flask) -> Signup:
    return db.session.query(Signup).one()


def test_one_screen_with_the_cursor_in_the_name_and_nothing_ticked(cast: Cast, amina: FlaskClient) -> None:
    html = amina.get(f"/werk/{cast.series}/balie").text
    assert re.search(r'<input[^>]*autofocus[^>]*id="name"', html) or re.search(r'id="name"[^>]*autofocus', html)
    ticked = [box for box in re.findall(r"<input[^>]*checked[^>]*>", html) if 'type="checkbox"' in box]
    assert ticked == []
    assert re.search(r'<details class="site-details">', html)


def test_a_name_an_address_and_a_time_are_enough(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    answer = save(amina, cast)
    page = amina.get(answer.location).text
    with app.app_context():
        signup = only(app)
        assert (signup.name, signup.reach, signup.channel) == ("Fatma", "email", "phone")
        assert f"Fatma staat erop. Code {signup.code}" in page
        assert [consent.given for consent in signup.consents] == [False, False, False]
    assert "Fatma" not in page.split('id="name"')[1]


@pytest.mark.parametrize(
    ("more", "reach", "contact"),
    [
        ({"contact": "06 12 34 56 78"}, "text", {"phone": "+31612345678"}),
        ({"contact": "030-1234567"}, "call", {"phone": "+31301234567"}),
        ({"contact": "06 12345678", "how": "call"}, "call", {"phone": "+31612345678"}),
        ({"contact": "", "via_me": "y"}, "via", {"via": "Amina"}),
        ({"contact": "06 12345678", "via_me": "y"}, "via", {"phone": "+31612345678", "via": "Amina"}),
        ({"contact": "", "how": "letter"}, "letter", {"via": "Amina"}),
    ],
)
def test_the_one_box_takes_a_number_or_nothing_when_it_goes_via_me(
    app: Flask, cast: Cast, amina: FlaskClient, more: dict[str, str], reach: str, contact: dict[str, str]
) -> None:
    assert save(amina, cast, **more).status_code == 302
    with app.app_context():
        assert (only(app).reach, only(app).contact) == (reach, contact)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "   ", "Vul een voornaam in."),
        ("name", "x" * 10_000, "Dit is te lang."),
        ("contact", "", "Vul een e-mailadres of telefoonnummer in. Of kies: via mij."),
        ("contact", "fatma@", "Vul een heel e-mailadres in."),
        ("contact", "12", "Dit nummer is te kort."),
        ("sessions", [], "Kies minstens één tijd"),
        ("sessions", ["999"], "Een van je antwoorden bestaat niet meer."),
        ("channel", "duif", "Kies een van deze."),
        ("bubbles_age", "120", "Dit antwoord is er niet meer."),
        ("note", "x" * 10_000, "Dit is te lang."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    app: Flask, cast: Cast, amina: FlaskClient, field: str, value: object, sentence: str
) -> None:
    answer = save(amina, cast, **{"buddy": "mijn buurvrouw", field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "mijn buurvrouw" in answer.text
    with app.app_context():
        assert db.session.query(Signup).count() == 0


def test_odd_text_is_stored_and_shown_as_text(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    save(amina, cast, name="<b>=1+1</b>\x00 \u202eزينب 👋")
    with app.app_context():
        assert only(app).name == "<b>=1+1</b> زينب 👋"
    assert "<b>=1+1" not in amina.get(f"/werk/{cast.series}/aanmeldingen").text


def test_a_double_submit_is_one_person(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    assert [save(amina, cast).status_code for _ in range(2)] == [302, 302]
    with app.app_context():
        assert db.session.query(Signup).count() == 1


def test_the_same_name_and_address_is_shown_and_signed_up_only_on_purpose(
    app: Flask, cast: Cast, amina: FlaskClient
) -> None:
    save(amina, cast)
    shown = save(amina, cast, once="b" * 22, name="FATMA")
    with app.app_context():
        assert shown.status_code == 409
        assert only(app).code in shown.text
        # Enter presses the first button: that one may not sign the same person up again.
        assert shown.text.index(">Meld aan<") < shown.text.index(">Toch aanmelden<")
        assert "read signup" in [line.what for line in db.session.query(AuditLine).filter(AuditLine.who != "resident")]
    assert save(amina, cast, once="b" * 22, again="1").status_code == 302
    with app.app_context():
        assert db.session.query(Signup).count() == 2


@pytest.mark.parametrize("more", [{"name": "Ali"}, {"contact": "06 12345678"}])
def test_a_shared_address_or_a_shared_name_is_normal(
    app: Flask, cast: Cast, amina: FlaskClient, more: dict[str, str]
) -> None:
    save(amina, cast)
    assert save(amina, cast, once="b" * 22, **more).status_code == 302


def test_who_left_is_no_double(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    save(amina, cast)
    with app.app_context():
        only(app).state = SignupState.LEFT
        db.session.commit()
    assert save(amina, cast, once="b" * 22).status_code == 302


def test_paper_stays_paper_and_bubbles_need_a_yes(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    answer = save(
        amina, cast, channel="paper", bubbles_age="15-25", bubbles_days=["work", "study"], consent_bubbles="y"
    )
    assert 'value="paper" class="utrecht-radio-button utrecht-radio-button--html-input" checked' in amina.get(
        answer.location
    ).text.replace("  ", " ")
    save(amina, cast, name="Els", once="b" * 22, bubbles_age="15-25", sure_consent_bubbles="1")
    with app.app_context():
        fatma, els = db.session.query(Signup).order_by(Signup.id)
        assert (fatma.channel, fatma.bubbles) == ("paper", {"age": ["15-25"], "days": ["work", "study"]})
        assert els.bubbles == {}


def test_a_full_series_says_waiting_list(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        db.session.get_one(Series, cast.series).capacity = 1
        casting.sign_up(app, cast)
    assert "Fatma staat op de wachtlijst." in amina.get(save(amina, cast).location).text
    assert "Fatma" in amina.get(f"/werk/{cast.series}/aanmeldingen?only=waiting").text


def test_a_closed_series_takes_nobody_and_keeps_what_was_typed(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        db.session.get_one(Series, cast.series).state = SeriesState.CLOSED
        db.session.commit()
    assert "Open eerst de aanmelding." in amina.get(f"/werk/{cast.series}/balie").text
    answer = save(amina, cast)
    assert answer.status_code == 409
    assert "fatma@voorbeeld.example" in answer.text
    with app.app_context():
        assert db.session.query(Signup).count() == 0


def lines(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        return [
            (line.who, line.what, line.about)
            for line in db.session.query(AuditLine).filter(AuditLine.who != "resident")
        ]


@pytest.fixture
def bart(app: Flask, cast: Cast) -> int:
    with app.app_context():
        casting.sign_up(app, cast, "Els", reach="call", email=None, phone="+31612345678")
        return casting.sign_up(app, cast).signup.id


@pytest.mark.parametrize(
    ("sought", "found", "other"),
    [("bar", "Bart", "Els"), ("06 1234 5678", "Els", "Bart"), ("bart@voor", "Bart", "Els"), ("niemand", "", "Bart")],
)
def test_one_finds_somebody_by_name_address_or_number(
    cast: Cast, amina: FlaskClient, bart: int, sought: str, found: str, other: str
) -> None:
    html = amina.post(f"/werk/{cast.series}/aanmeldingen", data={"sought": sought}).text
    assert found in html
    assert f">{other}</a>" not in html


def test_every_look_is_in_the_log_without_a_name(app: Flask, cast: Cast, amina: FlaskClient, bart: int) -> None:
    amina.get(f"/werk/{cast.series}/aanmeldingen")
    amina.get(f"/werk/{cast.series}/aanmeldingen/{bart}")
    amina.get(f"/werk/{cast.series}/aanmeldingen/{bart}/wijzigen")
    who = f"staff:{cast.amina}"
    looks = [line for line in lines(app) if line[0] == who]
    assert looks == [
        (who, "read signups", f"series:{cast.series}"),
        (who, "read signup", f"signup:{bart}"),
        (who, "read signup", f"signup:{bart}"),
    ]


def test_nobody_s_bubbles_are_on_the_pages_unless_the_project_says_so(
    app: Flask, cast: Cast, amina: FlaskClient, bart: int
) -> None:
    urls = [f"/werk/{cast.series}/aanmeldingen", f"/werk/{cast.series}/aanmeldingen/{bart}"]
    for url in [*urls, f"{urls[1]}/wijzigen"]:
        assert "26-40" not in amina.get(url).text
        assert "26 tot en met 40" not in amina.get(url).text
    with app.app_context():
        db.session.get_one(Project, cast.project).sees_bubbles = True
        db.session.commit()
    assert re.search(r'value="26-40"[^>]*checked', amina.get(f"{urls[1]}/wijzigen").text)


def test_a_change_on_behalf_of_somebody_keeps_what_the_form_does_not_ask(
    app: Flask, cast: Cast, amina: FlaskClient, bart: int
) -> None:
    said = {"name": "Bartje", "reach": "call", "phone": "06 12345678", "sessions": [str(cast.sessions[2])], "email": ""}
    url = f"/werk/{cast.series}/aanmeldingen/{bart}/wijzigen"
    assert amina.post(url, data={**said, "phone": ""}).status_code == 422
    assert amina.post(url, data=said).status_code == 302
    with app.app_context():
        signup = db.session.get_one(Signup, bart)
        assert (signup.name, signup.reach, signup.contact) == ("Bartje", "call", {"phone": "+31612345678"})
        assert signup.bubbles == {"age": ["26-40"], "household": ["alone"]}
        assert [a.session_id for a in signup.availability] == [cast.sessions[2]]
    assert (f"staff:{cast.amina}", "change signup", f"signup:{bart}") in lines(app)


def test_signing_off_and_on_again(app: Flask, cast: Cast, amina: FlaskClient, bart: int) -> None:
    url = f"/werk/{cast.series}/aanmeldingen/{bart}"
    for action, state in (("af", SignupState.LEFT), ("terug", SignupState.IN)):
        assert amina.post(f"{url}/{action}").status_code == 302
        with app.app_context():
            assert db.session.get_one(Signup, bart).state == state
    with app.app_context():
        series = db.session.get_one(Series, cast.series)
        series.capacity = 2
        db.session.commit()
        casting.sign_up(app, cast, "Gijs")
    amina.post(f"{url}/af")
    with app.app_context():
        casting.sign_up(app, cast, "Henk")
    amina.post(f"{url}/terug")
    with app.app_context():
        assert db.session.get_one(Signup, bart).state == SignupState.WAITING
    amina.post(f"{url}/af")
    with app.app_context():
        db.session.get_one(Series, cast.series).state = SeriesState.CLOSED
        db.session.commit()
    assert "Weer aangemeld." in amina.post(f"{url}/terug", follow_redirects=True).text
    with app.app_context():
        assert db.session.get_one(Signup, bart).state == SignupState.WAITING


def test_the_filters_show_who_asks_for_something(app: Flask, cast: Cast, amina: FlaskClient, bart: int) -> None:
    with app.app_context():
        signup = db.session.get_one(Signup, bart)
        signup.other_wish, signup.availability = True, []
        db.session.commit()
    for name in ("wish", "stranded"):
        html = amina.get(f"/werk/{cast.series}/aanmeldingen?only={name}").text
        assert ">Bart</a>" in html
        assert ">Els</a>" not in html
