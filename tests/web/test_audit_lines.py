"""What stands in the audit log of sign-ups, consents, erasing, bubbles and log-ins (promise 13)."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from flask_security import login_user, logout_user
from sqlalchemy import create_engine, text

from tests.web import cast as casting
from tests.web.cast import Cast
from web.cli import audit, organisation
from web.rows import AuditLine, Staff, db

Line = tuple[str, str, str]


def lines(app: Flask) -> list[Line]:
    """Everything in the log since the last time, which is emptied."""
    with app.app_context():
        found = [(line.who, line.what, line.about) for line in db.session.query(AuditLine).order_by(AuditLine.id)]
        db.session.query(AuditLine).delete()
        db.session.commit()
        return found


def told(cast: Cast, name: str, **more: object) -> dict[str, object]:
    """A sign-up as a form."""
    return {"name": name, "sessions": cast.sessions, "language": "nl", "reach": "via", "via": "Ria", **more}


def test_whoever_types_it_stands_in_the_line_and_nobody_else(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    desk = f"/werk/{cast.series}/balie"
    typed = {"name": "Zwaluwnest", "sessions": cast.sessions, "contact": "06 12345678", "channel": "phone", "how": ""}
    typed |= {"language": "nl", "once": "a" * 22, "consent_bubbles": "y", "consent_needs": "y"}
    assert amina.post(desk, data=typed).status_code == 302
    assert amina.post(desk, data=typed).status_code == 302, "a double click is one sign-up, and one line"
    assert lines(app) == [("staff:1", "consent given", "signup:1 needs bubbles"), ("staff:1", "add signup", "signup:1")]
    changed = told(cast, "Zwaluwnest")
    assert amina.post(f"/werk/{cast.series}/aanmeldingen/1/wijzigen", data=changed).status_code == 302
    assert lines(app)[1:] == [
        ("staff:1", "change signup", "signup:1"),
        ("staff:1", "consent withdrawn", "signup:1 needs"),
    ]


def test_what_a_resident_decides_is_theirs(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        secret = casting.sign_up(app, cast).secret
    assert lines(app) == [("resident", "consent given", "signup:1 needs bubbles")]
    assert client.post(f"/mijn/{secret}/wijzigen", data=told(cast, "Bart", consent_bubbles="y")).status_code == 302
    assert lines(app) == [("resident", "consent withdrawn", "signup:1 needs")]
    assert client.post(f"/mijn/{secret}/wijzigen", data=told(cast, "Bart", consent_bubbles="y")).status_code == 302
    assert lines(app) == [], "what stays as it was is no line"
    assert client.post(f"/mijn/{secret}/wissen").status_code == 302
    assert lines(app) == [("resident", "erase signup", "signup:1")]


def test_who_opens_bubbles_has_a_line_of_their_own(app: Flask, cast: Cast, beatrix: FlaskClient) -> None:
    form = {"name": "Zuidwest", "district": "Zuidwest", "state": "running", "contact_name": "Fatma"}
    form |= {"contact_phone": "030 123 45 67", "evaluation": ""}
    for on, what in (({"sees_bubbles": "y"}, "bubbles opened"), ({}, "bubbles closed")):
        assert beatrix.post(f"/beheer/projecten/{cast.project}", data={**form, **on}).status_code == 302
        assert [line for line in lines(app) if line[1].startswith("bubbles")] == [("staff:3", what, "project:1")]


def test_who_comes_in_and_who_fails_to(app: Flask, cast: Cast, client: FlaskClient) -> None:
    tried = {"email": "amina@zuid.example", "password": "raden maar wat"}
    client.post("/inloggen", data=tried).close()
    assert lines(app) == [("somebody", "login failed", "staff:1")]
    client.post("/inloggen", data={**tried, "email": "niemand@zuid.example"}).close()
    assert lines(app) == [], "there is no account, so there is no log in which it could stand"
    with app.test_request_context():
        account = db.session.get_one(Staff, cast.amina)
        login_user(account)
        logout_user()
        app.security.mf_recovery_codes_util.create_recovery_codes(account)  # type: ignore[attr-defined]
        db.session.commit()
    assert lines(app) == [("staff:1", what, "staff:1") for what in ("logged in", "logged out", "own codes")]


def test_the_line_of_a_failed_log_in_waits_until_the_answer_has_left(app: Flask, client: FlaskClient) -> None:
    """Else the time that an answer takes would tell whether an address has an account."""
    answer = client.post("/inloggen", data={"email": "amina@zuid.example", "password": "raden maar wat"})
    assert lines(app) == []
    answer.close()
    assert [what for _, what, _ in lines(app)] == ["login failed"]


def test_the_session_that_is_over_is_a_line(app: Flask, amina: FlaskClient) -> None:
    amina.get("/werk/")
    app.extensions["clock"].forward(hours=9)
    assert amina.get("/werk/").status_code == 302
    assert ("staff:1", "logged out", "staff:1") in lines(app)


def test_the_operator_stands_in_the_log_and_can_have_it_verified(tmp_path: Path) -> None:
    names = ("REBUBBELEN_KEYS", "REBUBBELEN_LOOKUP_KEY", "REBUBBELEN_SESSION_KEY")
    env = {name: Fernet.generate_key().decode() for name in names}
    here = ["--instance", str(tmp_path)]

    def run(command: object, *words: str) -> tuple[int, str]:
        answer = CliRunner().invoke(command, [*words, *here], env=env)  # type: ignore[arg-type]
        return answer.exit_code, answer.output

    assert run(audit.command, "verify")[0] != 0, "there is no database yet"
    run(organisation.command, "add", "--name", "Welzijn Zuid", "--slug", "zuid")
    run(organisation.command, "project", "--organisation", "zuid", "--name", "Noord", "--slug", "noord")
    code, said = run(audit.command, "verify")
    mark = said.split()[-1]
    assert (code, said) == (0, f"zuid: 2 lines fit; mark {mark}\n")
    assert run(audit.command, "verify", "--mark", mark)[0] == 0
    lost = "zuid:1:0000000000000000"
    assert run(audit.command, "verify", "--mark", lost) == (1, f"{said}{lost}: this line is not there any more\n")
    engine = create_engine(f"sqlite:///{tmp_path / 'rebubbelen.db'}")
    with engine.begin() as connection:
        assert connection.execute(text("SELECT who, what, about FROM audit_line ORDER BY number")).all() == [
            ("operator", "organisation_added", "organisation:1"),
            ("operator", "project_added", "project:1"),
        ]
        connection.execute(text("UPDATE audit_line SET who = 'staff:1' WHERE number = 2"))
    engine.dispose()
    code, said = run(audit.command, "verify")
    assert code == 1
    assert said.startswith("zuid: line 2 (")
    assert "is not as it was written" in said
