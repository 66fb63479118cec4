"""The administrator's room: accounts, the audit log and what is kept, of the own organisation only."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from flask_security import verify_password
from sqlalchemy import select

from tests.web import cast as casting
from tests.web.cast import NOW, Cast, Clock
from tests.web.pages import Page
from web.cli import opening, organisation, user
from web.rows import AuditLine, Organisation, Project, Role, Series, Staff, db
from web.services import audit
from web.services.organisations import accounts, passwords
from web.services.organisations.accounts import Post
from web.services.privacy import retention_overview

pytestmark = pytest.mark.slow

PAGES = (
    "/beheer/",
    "/beheer/account/nieuw",
    "/beheer/post",
    "/beheer/logboek",
    "/beheer/logboek.csv",
    "/beheer/bewaren",
)
ACTIONS = ("wachtwoord", "codes", "uit", "aan")
NEW = {"name": "Els", "email": "Els@Zuid.example", "roles": ["organiser"]}


def make_admin(app: Flask, id: int) -> None:
    with app.app_context():
        db.session.get_one(Staff, id).roles = [db.session.scalars(select(Role).where(Role.name == "admin")).one()]
        db.session.commit()


def staff(email: str) -> Staff:
    return db.session.scalars(select(Staff).where(Staff.email == email)).one()


def said(app: Flask) -> list[tuple[str, str, str]]:
    """The audit log: who, what, about."""
    with app.app_context():
        return [
            (line.who, line.what, line.about)
            for line in db.session.scalars(select(AuditLine).where(AuditLine.who != "resident"))
        ]


def tokens_out(page: str) -> str:
    """A page without what is new every time, and without its own address."""
    return re.sub(r'(value|href)="[^"]*"', "", page)


# Who may come in


@pytest.mark.parametrize("path", [*PAGES, "/beheer/account/1"])
def test_a_visitor_goes_to_the_door_and_an_organiser_is_refused(
    client: FlaskClient, amina: FlaskClient, path: str
) -> None:
    assert client.get(path).location.startswith("/inloggen?next=")
    assert amina.get(path).status_code == 403


@pytest.mark.parametrize("action", ACTIONS)
def test_only_an_administrator_acts(client: FlaskClient, amina: FlaskClient, cast: Cast, action: str) -> None:
    path = f"/beheer/account/{cast.beatrix}/{action}"
    assert client.post(path).location.startswith("/inloggen?next=")
    assert amina.post(path).status_code == 403
    assert amina.get(path).status_code == 405


def test_the_administrator_of_another_organisation_sees_and_touches_nothing(
    app: Flask, dirk: FlaskClient, beatrix: FlaskClient, cast: Cast
) -> None:
    make_admin(app, cast.dirk)
    beatrix.post(f"/beheer/account/{cast.amina}/codes")
    assert "Dirk" in dirk.get("/beheer/").text
    for page in PAGES:
        assert not re.search(r"Amina|Beatrix|zuid\.example|Samen koken|Zuidwest", dirk.get(page).text)
    for path in ("", *(f"/{action}" for action in ACTIONS)):
        foreign = dirk.post(f"/beheer/account/{cast.amina}{path}", data=NEW)
        unknown = dirk.post(f"/beheer/account/999999{path}", data=NEW)
        assert foreign.status_code == unknown.status_code == 404
        assert tokens_out(foreign.text) == tokens_out(unknown.text)
    with app.app_context():
        assert db.session.get_one(Staff, cast.amina).active


def test_a_project_of_somebody_else_cannot_be_given(app: Flask, beatrix: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        foreign = db.session.scalars(select(Project).where(Project.slug == "elders")).one().id
        account = db.session.get_one(Staff, cast.amina)
        accounts.set_post(db.session, account, Post(frozenset({"organiser"}), frozenset({foreign, cast.project})))
        assert [project.id for project in account.projects] == [cast.project]
    answer = beatrix.post("/beheer/account/nieuw", data={**NEW, "projects": [str(foreign)]})
    assert "error-summary" in answer.text


# Accounts


def test_a_new_account_gets_a_password_that_is_shown_once(app: Flask, beatrix: FlaskClient, cast: Cast) -> None:
    page = beatrix.post("/beheer/account/nieuw", data={**NEW, "projects": [str(cast.project)]})
    shown = re.search(r'class="site-code"[^>]*>([a-z0-9-]+)<', page.text)
    assert shown
    assert "no-store" in page.headers["Cache-Control"]
    with app.app_context():
        made = staff("els@zuid.example")
        assert verify_password(shown[1], made.password)
        assert passwords.is_one_time(made)
        assert [project.id for project in made.projects] == [cast.project]
        about = f"staff:{made.id}"
    assert (f"staff:{cast.beatrix}", "account_added", about) in said(app)
    assert not any(shown[1] in beatrix.get(path).text for path in PAGES)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "geen adres"}, "Vul een heel e-mailadres in."),
        ({"email": "AMINA@zuid.example"}, "Er is al een account met dit e-mailadres."),
        ({"email": "dirk@elders.example"}, "Er is al een account met dit e-mailadres."),
        ({"name": ""}, "Vul een naam in."),
        ({"name": "x" * 10_000}, "Dit is te lang."),
        ({"roles": []}, "Kies minstens één rol."),
        ({"roles": ["baas"]}, "error-summary"),
        ({"projects": ["x"]}, "error-summary"),
    ],
)
def test_a_bad_account_is_refused_and_nothing_typed_is_lost(
    beatrix: FlaskClient, change: dict[str, object], sentence: str
) -> None:
    page = beatrix.post("/beheer/account/nieuw", data={**NEW, **change})
    assert page.status_code == 200
    assert sentence in page.text
    kept = {**NEW, **change}
    assert f'value="{kept["name"]}"' in page.text
    assert f'value="{kept["email"]}"' in page.text


def test_names_are_shown_as_they_are_typed(app: Flask, beatrix: FlaskClient) -> None:
    beatrix.post("/beheer/account/nieuw", data={**NEW, "name": "<b>Els</b> 😀 =1+1\x00"})
    page = beatrix.get("/beheer/").text
    assert "&lt;b&gt;Els&lt;/b&gt; 😀 =1+1" in page
    assert "<b>Els" not in page


def test_roles_and_projects_change(app: Flask, beatrix: FlaskClient, cast: Cast) -> None:
    data = {"name": "Amina B.", "roles": ["organiser", "admin"]}
    assert beatrix.post(f"/beheer/account/{cast.amina}", data=data).location == "/beheer/"
    with app.app_context():
        account = db.session.get_one(Staff, cast.amina)
        assert account.name == "Amina B."
        assert {role.name for role in account.roles} == {"organiser", "admin"}
        assert account.projects == []


def test_switched_off_is_out_at_once_and_can_be_undone(
    app: Flask, beatrix: FlaskClient, amina: FlaskClient, cast: Cast
) -> None:
    assert amina.get("/account/wachtwoord").status_code == 200
    beatrix.post(f"/beheer/account/{cast.amina}/uit")
    assert amina.get("/account/wachtwoord").status_code == 302
    assert "Uitgezet" in beatrix.get("/beheer/").text
    beatrix.post(f"/beheer/account/{cast.amina}/aan")
    with app.app_context():
        assert db.session.get_one(Staff, cast.amina).active


def test_the_last_administrator_stays(app: Flask, beatrix: FlaskClient, cast: Cast) -> None:
    off = beatrix.post(f"/beheer/account/{cast.beatrix}/uit")
    less = beatrix.post(f"/beheer/account/{cast.beatrix}", data={"name": "Beatrix", "roles": ["organiser"]})
    for answer in (off, less):
        assert answer.status_code == 409
        assert "Dit is de enige beheerder." in answer.text
    with app.app_context():
        account = db.session.get_one(Staff, cast.beatrix)
        assert account.active
        assert account.has_role("admin")


def test_new_password_and_lost_telephone_end_every_session(
    app: Flask, beatrix: FlaskClient, amina: FlaskClient, cast: Cast
) -> None:
    with app.app_context():
        account = db.session.get_one(Staff, cast.amina)
        account.tf_primary_method, account.tf_totp_secret, account.mf_recovery_codes = "authenticator", "x", ["y"]
        db.session.commit()
    beatrix.post(f"/beheer/account/{cast.amina}/codes")
    assert amina.get("/account/wachtwoord").status_code == 302
    with app.app_context():
        account = db.session.get_one(Staff, cast.amina)
        assert not any((account.tf_primary_method, account.tf_totp_secret, account.mf_recovery_codes))
    again = casting.log_in(app.test_client(), cast.amina)
    assert again.get("/account/wachtwoord").status_code == 200
    assert "site-code" in beatrix.post(f"/beheer/account/{cast.amina}/wachtwoord").text
    assert again.get("/account/wachtwoord").status_code == 302
    assert {"account_codes", "account_password"} <= {what for _who, what, _about in said(app)}


# The audit log


def test_a_line_is_of_the_organisation_and_the_project_of_its_row(app: Flask, cast: Cast) -> None:
    with app.app_context():
        amina, series = db.session.get_one(Staff, cast.amina), db.session.get_one(Series, cast.series)
        for row, about in ((series, None), (series.project, None), (amina, None), (series, "plan:7"), (amina, "")):
            audit.note(db.session, row, "seen", by=amina, now=NOW, about=about)
        db.session.flush()
        lines = db.session.scalars(select(AuditLine).where(AuditLine.what == "seen").order_by(AuditLine.id)).all()
        assert {(line.at, line.who, line.organisation_id) for line in lines} == {
            (NOW, f"staff:{cast.amina}", cast.organisation)
        }
        assert [(line.about, line.project_id) for line in lines] == [
            (f"series:{cast.series}", cast.project),
            (f"project:{cast.project}", cast.project),
            (f"staff:{cast.amina}", None),
            ("plan:7", cast.project),
            ("", None),
        ]


@pytest.fixture
def logged(app: Flask, cast: Cast) -> None:
    """120 lines over as many days, of which every third is Amina's, in her project; and one of Dirk's."""
    with app.app_context():
        amina, dirk = db.session.get_one(Staff, cast.amina), db.session.get_one(Staff, cast.dirk)
        project = db.session.get_one(Project, cast.project)
        for day in range(120):
            now, about = NOW - timedelta(days=day), f"plan:{day}"
            if day % 3 == 0:
                audit.note(db.session, project, "publish", by=amina, now=now, about=about)
            else:
                audit.note(db.session, amina, "forget", by="nightly", now=now, about=about)
        audit.note(db.session, dirk, "publish", by=dirk, now=NOW, about="plan:666")
        db.session.commit()


def plans(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"plan:(\d+)", page)]


def test_the_log_shows_the_newest_first_a_page_at_a_time(logged: None, beatrix: FlaskClient) -> None:
    pages = [plans(beatrix.get("/beheer/logboek", query_string={"pagina": n}).text) for n in (1, 2, 3)]
    assert [number for page in pages for number in page] == list(range(120))
    assert [len(page) for page in pages] == [50, 50, 20]
    assert plans(beatrix.get("/beheer/logboek?pagina=99").text) == pages[2]
    assert plans(beatrix.get("/beheer/logboek?pagina=-1").text) == pages[0]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"what": "publish"}, range(0, 120, 3)),
        ({"project": "{project}"}, range(0, 120, 3)),
        ({"who": "staff:{amina}"}, range(0, 120, 3)),
        ({"start": "2026-11-18"}, range(3)),
        ({"start": "2026-11-10", "end": "2026-11-10"}, [10]),
        ({"what": "publish", "start": "2026-11-10", "end": "2026-11-18"}, [3, 6, 9]),
        ({"what": "onbekend"}, range(50)),
        ({"start": "gisteren", "project": "x' or 1=1", "who": "staff:666", "pagina": "x"}, range(50)),
        ({"start": "0001-01-01", "end": "9999-12-31"}, range(50)),
    ],
)
def test_the_log_is_searched(
    logged: None, beatrix: FlaskClient, cast: Cast, asked: dict[str, str], found: list[int]
) -> None:
    ids = {"project": cast.project, "amina": cast.amina}
    query = {key: value.format(**ids) for key, value in asked.items()}
    assert plans(beatrix.get("/beheer/logboek", query_string=query).text) == list(found)[:50]


def test_what_happened_elsewhere_is_not_even_a_choice(
    app: Flask, logged: None, beatrix: FlaskClient, cast: Cast
) -> None:
    with app.app_context():
        dirk = db.session.get_one(Staff, cast.dirk)
        audit.note(db.session, dirk, "door_shut", by=dirk, now=NOW)
        db.session.commit()
    fields = [field for form in Page(beatrix.get("/beheer/logboek").text).forms for field in form.fields]
    chosen = {value for name, value in fields if name == "what"}
    assert ("publish" in chosen, "door_shut" in chosen) == (True, False)


@pytest.mark.parametrize(("language", "sentence"), [("nl", "geldige datum"), ("en", "valid date")])
def test_a_date_that_is_none_is_told_in_the_language_of_the_page(
    beatrix: FlaskClient, language: str, sentence: str
) -> None:
    page = beatrix.get("/beheer/logboek", query_string={"start": "gisteren", "taal": language})
    assert sentence in page.text
    assert "gisteren" in page.text


def test_the_log_as_a_file_runs_nothing_and_is_a_line_itself(
    app: Flask, logged: None, beatrix: FlaskClient, cast: Cast
) -> None:
    with app.app_context():
        db.session.get_one(Staff, cast.amina).name = '=HYPERLINK("http://kwaad.example")'
        db.session.get_one(Project, cast.project).name = "@zuid"
        db.session.commit()
    answer = beatrix.get("/beheer/logboek.csv?what=publish")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Wanneer", "Wie", "Wat", "Waarover", "Project"]
    assert len(rows) == 41
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t")]
    assert rows[1][0] == "2026-11-20 13:00:00"
    assert (f"staff:{cast.beatrix}", "log_exported", "") in said(app)


def test_a_kind_without_words_is_shown_all_the_same(app: Flask, beatrix: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        audit.note(db.session, db.session.get_one(Staff, cast.beatrix), "iets_nieuws", by="resident", now=NOW)
        db.session.commit()
    page = beatrix.get("/beheer/logboek").text
    assert "iets_nieuws" in page
    assert "Inwoner" in page


# What is kept


def test_the_overview_says_when_people_are_erased(app: Flask, beatrix: FlaskClient, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        casting.sign_up(app, cast, "Bart")
        db.session.commit()
    page = beatrix.get("/beheer/bewaren").text
    assert "16 januari 2027" in page  # the last evening
    assert "13 maart 2027" in page  # eight weeks later
    assert "16 januari 2028" in page
    assert "Bart" not in page


def test_a_series_without_a_date_says_so_and_one_without_people_is_erased(
    app: Flask, beatrix: FlaskClient, cast: Cast, clock: Clock
) -> None:
    with app.app_context():
        owner = {"organisation_id": cast.organisation, "project_id": cast.project}
        db.session.add(Series(title="Later", slug="later", format="koken", created_at=NOW, **owner))
        db.session.commit()
    clock.forward(weeks=30)
    page = casting.log_in(app.test_client(), cast.beatrix).get("/beheer/bewaren").text
    assert "geen datum" in page
    assert "gewist" in page


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [((2027, 1, 31), 1, (2027, 2, 28)), ((2027, 1, 16), 12, (2028, 1, 16)), ((2027, 12, 1), 1, (2028, 1, 1))],
)
def test_months_end_where_months_end(start: tuple[int, ...], months: int, end: tuple[int, ...]) -> None:
    assert retention_overview.months_later(datetime(*start, tzinfo=UTC), months) == datetime(*end, tzinfo=UTC)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_room_is_in_one_language(beatrix: FlaskClient, path: str, language: str) -> None:
    answer = beatrix.get(path, query_string={"taal": language})
    assert answer.status_code == 200
    page = answer.text
    main = page[page.find("<main") : page.find("</main")] or page
    foreign = {"nl": ("Switch", "organiser<", "Keeping"), "en": ("Buurtwerker", "Wanneer", "Nieuw account", "Wissen")}
    assert [word for word in foreign[language] if word in main] == []


# The same by the keyboard of the server


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A command of the server, on the database of this test."""
    monkeypatch.setattr(opening, "application", lambda instance: app)

    def command(line: str, typed: str = "") -> Result:
        words = line.split()
        group = {"user": user.command, "organisation": organisation.command}[words[0]]
        return CliRunner().invoke(group, words[1:], input=typed)

    return command


ADD = "user add --email els@zuid.example --name Els --organisation zuid --role organiser --project zuidwest"


def test_user_add_makes_a_password_and_prints_it_once(run, app: Flask, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    answer = run(f"{ADD} --generate")
    assert answer.exit_code == 0
    shown = re.search(r"password, shown only now: (\S+)", answer.output)
    assert shown
    with app.app_context():
        made = staff("els@zuid.example")
        assert verify_password(shown[1], made.password)
        assert [project.slug for project in made.projects] == ["zuidwest"]
        about = f"staff:{made.id}"
    assert ("operator", "account_added", about) in said(app)
    assert "els@zuid.example  Els  zuid  organiser  zuidwest" in run("user list").output


def test_user_add_asks_twice_without_echo(run, app: Flask) -> None:  # type: ignore[no-untyped-def]
    secret = "vier heel gewone woorden"
    answer = run(ADD, f"{secret}\nanders\n{secret}\n{secret}\n")
    assert answer.exit_code == 0
    assert secret not in answer.output
    with app.app_context():
        assert verify_password(secret, staff("els@zuid.example").password)


@pytest.mark.parametrize(
    ("line", "typed", "sentence"),
    [
        (ADD, "kort\nkort\n", "A password has at least 12 characters."),
        (ADD.replace("--organisation zuid", "--organisation noord"), "", "there is: elders, zuid"),
        (ADD.replace("zuidwest", "elders"), "", "no project 'elders' of zuid; it has: zuidwest"),
        (f"{ADD.replace('els@', 'amina@')} --generate", "", "There already is an account"),
        (f"{ADD.replace('els@zuid.example', 'els')} --generate", "", "This is no e-mail address: els."),
        ("user disable beatrix@zuid.example", "", "This is the only administrator."),
        ("user password niemand@zuid.example --generate", "", "no account 'niemand@zuid.example'"),
        (ADD.replace("--role organiser", "--role baas"), "", "'baas' is not one of"),
        ("organisation add --name Zuid --slug zuid", "", "zuid is taken."),
        ("organisation add --name Zuid --slug Zuid_2", "", "Use only small letters"),
        ("organisation project --organisation zuid --name Z --slug zuidwest", "", "zuidwest is taken."),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_nothing_is_kept(  # type: ignore[no-untyped-def]
    run, app: Flask, line: str, typed: str, sentence: str
) -> None:
    answer = run(line, typed)
    assert answer.exit_code == 2
    assert sentence in answer.output
    assert said(app) == []
    with app.app_context():
        assert db.session.scalar(select(Staff.id).where(Staff.name == "Els")) is None


def test_user_disable_password_and_reset_codes(run, app: Flask, amina: FlaskClient) -> None:  # type: ignore[no-untyped-def]
    assert amina.get("/account/wachtwoord").status_code == 200
    assert run("user reset-codes AMINA@zuid.example").exit_code == 0
    assert amina.get("/account/wachtwoord").status_code == 302
    assert "shown only now" in run("user password amina@zuid.example --generate").output
    assert run("user disable amina@zuid.example").exit_code == 0
    assert "(shut)" in run("user list").output


def test_an_organisation_and_its_project_begin_small(run, app: Flask) -> None:  # type: ignore[no-untyped-def]
    assert run("organisation add --name Noord --slug noord").exit_code == 0
    assert run("organisation project --organisation noord --name Oost --slug oost").exit_code == 0
    assert "noord  Noord\n  oost  Oost" in run("organisation list").output
    with app.app_context():
        made = db.session.scalars(select(Organisation).where(Organisation.slug == "noord")).one()
        project = db.session.scalars(select(Project).where(Project.organisation_id == made.id)).one()
        assert not made.demo
        assert project.state == "orientation"
