"""The list of a facilitator: what is needed at the table, on screen and to take along, and nothing more."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Settings
from tests.web import cast as casting
from tests.web import evening as evenings
from tests.web.cast import Cast, Clock
from tests.web.evening import Evening, come_in
from web import world
from web.printing.papers import list_data
from web.rows import AuditLine, FacilitatorLink, Gathering, Invitation, PlanGroup, Seat, Series, Signup, TimeSlot, db
from web.services import signups
from web.services.facilitators.print_list import paper
from web.services.invitations import reconciling
from web.services.invitations.rsvp import answer as answer_service
from web.services.plans import table_list
from web.services.privacy import erase
from web.transaction import transaction

pytestmark = pytest.mark.slow

KINDS = ("pdf", "xlsx", "csv")


@pytest.fixture
def evening(app: Flask, cast: Cast) -> Evening:
    return evenings.perform(app, cast)


@pytest.fixture
def inside(client: FlaskClient, evening: Evening) -> FlaskClient:
    """Chantal, with her PIN."""
    return come_in(client, evening.chantal_door)


def page(client: FlaskClient, evening: Evening, kind: str = "") -> str:
    address = f"/tafel/{evening.chantal_door[0]}/" + (f"lijst.{kind}" if kind else "")
    answer = client.get(address)
    assert answer.status_code == 200
    return cells(answer.get_data()) if kind == "xlsx" else answer.get_data().decode("utf-8-sig")


def cells(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None)


def pdf_data(app: Flask, evening: Evening, lang: str = "nl") -> str:
    """What the printed list is made from."""
    with app.test_request_context():
        link = db.session.scalars(select(FacilitatorLink)).first()
        found = table_list.groups_of(db.session, link, app.extensions["settings"], lang)
        return str(list_data(paper(found, casting.NOW), lang))


def everywhere(app: Flask, client: FlaskClient, evening: Evening) -> dict[str, str]:
    return {
        "page": page(client, evening),
        "pdf": pdf_data(app, evening),
        "xlsx": page(client, evening, "xlsx"),
        "csv": page(client, evening, "csv"),
    }


def test_names_needs_own_words_place_and_time_stand_on_every_list(
    app: Flask, inside: FlaskClient, evening: Evening
) -> None:
    wanted = ("Bart", "Els", "Fatma", "rolstoel", "Graag bij de deur", "Buurthuis De Brink", "dinsdag 12 januari")
    for where, text in everywhere(app, inside, evening).items():
        assert [word for word in wanted if word not in text] == [], where


def test_the_groups_of_another_facilitator_stand_on_none(app: Flask, inside: FlaskClient, evening: Evening) -> None:
    for where, text in everywhere(app, inside, evening).items():
        assert [name for name in ("Gijs", "Henk", "Noor", "Tafel 2") if name in text] == [], where


def test_no_list_says_how_to_reach_anybody_nor_a_bubble_nor_an_interest(
    app: Flask, inside: FlaskClient, evening: Evening, settings: Settings
) -> None:
    private = ["@voorbeeld.example", "@", "+316", "8765", "26-40", "26 tot 40", "alone", "Muziek", "muziek"]
    private += [bubble.texts[lang] for d in settings.dimensions for bubble in d.bubbles for lang in ("nl", "en")]
    with app.app_context():
        private += list(db.session.scalars(select(Signup.code)))
    for where, text in everywhere(app, inside, evening).items():
        assert [word for word in private if word in text] == [], where


def test_buddies_are_named_only_when_they_sit_at_the_same_table(
    app: Flask, inside: FlaskClient, evening: Evening
) -> None:
    with app.app_context():
        seated = {name: db.session.get_one(Signup, id) for name, id in evening.seated.items()}
        seated["Fatma"].buddy_id, seated["Fatma"].buddy = seated["Gijs"].id, "Gijs"
        casting.name_each_other(seated["Bart"], seated["Els"])
    assert people(app, evening) == {"Bart": ("Els",), "Els": ("Bart",), "Fatma": ()}
    assert "Gijs" not in page(inside, evening)


def people(app: Flask, evening: Evening) -> dict[str, tuple[str, ...]]:
    with app.app_context():
        link = db.session.scalars(select(FacilitatorLink)).first()
        found = table_list.groups_of(db.session, link, app.extensions["settings"], "nl")
        return {person.name: person.buddies for group in found.groups for person in group.people}


def test_who_called_off_is_a_number_and_who_erased_everything_is_nothing(
    app: Flask, inside: FlaskClient, evening: Evening, clock: Clock
) -> None:
    with app.app_context():
        with transaction(db.session):
            signups.leave(db.session, db.session.get_one(Signup, evening.seated["Els"]), now=clock())
        with transaction(db.session):
            erase.erase(
                db.session, db.session.get_one(Signup, evening.seated["Fatma"]), app.extensions["vault"], now=clock()
            )
    for where, text in everywhere(app, inside, evening).items():
        assert [name for name in ("Els", "Fatma") if name in text] == [], where
    assert "1 mens komt niet" in page(inside, evening)


def test_who_gave_the_chair_up_is_a_number_too_until_they_come_after_all(
    app: Flask, inside: FlaskClient, amina: FlaskClient, cast: Cast, evening: Evening, clock: Clock
) -> None:
    with app.app_context():
        reconciling.reconcile(db.session, db.session.get_one(Series, cast.series), clock())
        db.session.commit()
        answer(evening.seated["Els"], "DECLINED", clock)
    for where, text in everywhere(app, inside, evening).items():
        assert "Els" not in text, where
    assert "1 mens komt niet" in page(inside, evening)
    plan = amina.get(f"/werk/{cast.series}/indeling").text
    assert ">Els<" not in plan and "afgemeld: 1" in plan
    with app.app_context():
        answer(evening.seated["Els"], "ACCEPTED", clock)
    assert "Els" in page(inside, evening)


def answer(signup: int, partstat: str, clock: Clock) -> None:
    for invitation in db.session.query(Invitation).filter_by(signup_id=signup):
        answer_service.answer(db.session, invitation, partstat, by="page", now=clock(), settings=world.settings())
    db.session.commit()


def test_a_new_plan_replaces_the_old_one_at_once(app: Flask, cast: Cast, inside: FlaskClient, evening: Evening) -> None:
    with app.app_context():
        db.session.scalars(select(PlanGroup)).first().plan.current = False
        casting.plan_of(cast, {(evening.session, 5): [evening.seated["Noor"]]}, leader=cast.chantal)
    assert "Tafel 5" in page(inside, evening)
    assert "Noor" in page(inside, evening)
    assert "Bart" not in page(inside, evening)


def test_the_groups_of_another_evening_stand_elsewhere(
    app: Flask, cast: Cast, inside: FlaskClient, evening: Evening
) -> None:
    with app.app_context():
        plan = db.session.scalars(select(PlanGroup)).first().plan
        later = casting.sign_up(app, cast, "Later").signup.id
        group = PlanGroup(session_id=cast.sessions[1], number=1, facilitator_id=cast.chantal)
        group.seats.append(Seat(signup_id=later))
        plan.groups.append(group)
        db.session.commit()
    assert "Later" not in page(inside, evening)


def test_without_groups_the_list_says_so_and_every_file_is_still_made(
    app: Flask, inside: FlaskClient, evening: Evening
) -> None:
    with app.app_context():
        db.session.delete(db.session.scalars(select(PlanGroup)).first().plan)
        db.session.commit()
    assert "geen tafels voor jou" in page(inside, evening)
    assert {inside.get(f"/tafel/{evening.chantal_door[0]}/lijst.{kind}").status_code for kind in KINDS} == {200}


def test_every_view_and_download_is_logged_without_a_name(
    app: Flask, cast: Cast, inside: FlaskClient, evening: Evening
) -> None:
    inside.get(f"/tafel/{evening.chantal_door[0]}/")
    for kind in KINDS:
        inside.get(f"/tafel/{evening.chantal_door[0]}/lijst.{kind}")
    with app.app_context():
        lines = db.session.scalars(select(AuditLine).where(AuditLine.who == f"facilitator:{cast.chantal}")).all()
        logged = [(line.what, line.about, line.project_id, line.organisation_id) for line in lines]
    where = (f"session:{evening.session}", cast.project, cast.organisation)
    expected = ("door_entered", "list_seen", "list_pdf", "list_xlsx", "list_csv")
    assert logged == [(what, *where) for what in expected]


def test_files_have_their_kind_and_no_name_in_their_name(inside: FlaskClient, evening: Evening) -> None:
    starts = {"pdf": b"%PDF-", "xlsx": b"PK", "csv": b"\xef\xbb\xbf"}
    for kind in KINDS:
        answer = inside.get(f"/tafel/{evening.chantal_door[0]}/lijst.{kind}")
        assert answer.get_data().startswith(starts[kind])
        assert answer.headers["Content-Disposition"] == f'attachment; filename="tafels-2027-01-12.{kind}"'
        assert answer.headers["Cache-Control"] == "no-store, private"
    assert inside.get(f"/tafel/{evening.chantal_door[0]}/lijst.docx").status_code == 404


@pytest.mark.parametrize("name", ["=1+1", "+31", "-2", "@SUM(A1)", "\t=1", "<b>Bart</b>", "a\x00b", "فاطمة", "🙂" * 20])
def test_a_strange_name_is_shown_and_never_run(app: Flask, inside: FlaskClient, evening: Evening, name: str) -> None:
    with app.app_context():
        signup = db.session.get_one(Signup, evening.seated["Bart"])
        signup.name = signup.note = name
        db.session.commit()
    rows = page(inside, evening, "csv").splitlines()[1:]
    assert [cell for row in rows for cell in row.split(";") if cell.lstrip('"')[:1] in ("=", "+", "-", "@", "\t")] == []
    book = openpyxl.load_workbook(io.BytesIO(inside.get(f"/tafel/{evening.chantal_door[0]}/lijst.xlsx").get_data()))
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n"}
    assert "<b>Bart" not in page(inside, evening)
    assert inside.get(f"/tafel/{evening.chantal_door[0]}/lijst.pdf").get_data().startswith(b"%PDF-")


def test_all_dates_of_a_series_stand_there_at_the_time_on_the_wall(
    app: Flask, inside: FlaskClient, evening: Evening, clock: Clock
) -> None:
    summer = datetime(2026, 10, 24, 17, tzinfo=UTC)
    winter = summer + timedelta(days=1, hours=1)
    with app.app_context():
        session = db.session.get_one(TimeSlot, evening.session)
        session.gatherings = [Gathering(starts=at, ends=at + timedelta(hours=2)) for at in (summer, winter)]
        db.session.commit()
    text = page(inside, evening)
    assert "zaterdag 24 oktober, 19.00–21.00" in text
    assert "zondag 25 oktober, 19.00–21.00" in text


def test_the_list_speaks_english(app: Flask, inside: FlaskClient, evening: Evening) -> None:
    with app.app_context():
        db.session.get_one(Signup, evening.seated["Els"]).languages = ["nl", "ar", "ti", "xx"]
        db.session.commit()
    assert "Nederlands, Arabisch, Tigrinya, xx" in page(inside, evening)
    english = inside.get(f"/tafel/{evening.chantal_door[0]}/?taal=en").text
    assert "Table 1" in english
    assert "Speaks: Dutch, Arabic, Tigrinya, xx" in english
    assert "I use a wheelchair" in english
    assert "Tuesday 12 January, 18:00–20:30" in english


def test_a_need_that_left_the_settings_is_still_told(app: Flask, inside: FlaskClient, evening: Evening) -> None:
    with app.app_context():
        db.session.get_one(Signup, evening.seated["Bart"]).needs = ["gone_from_config"]
        db.session.commit()
    assert "gone_from_config" in page(inside, evening)
