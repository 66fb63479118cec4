"""An organisation's own colour, logo and picture: made anew, never a program, never another's, and always readable."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests.web import cast as casting
from tests.web.cast import Cast
from web.rows import AuditLine, HouseStyle, db
from web.services.organisations.house_style import LOGO, PICTURE
from web.uploads import ImageShape, Unread, image_apart

PAGE = "/beheer/huisstijl"
SERIES = "/doe-mee/zuid/samen-koken/"


def drawn(kind: str = "PNG", size: tuple[int, int] = (800, 400), **more: object) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "#20a050").save(made, kind, **more)
    return made.getvalue()


@pytest.fixture
def beatrix(client: FlaskClient, cast: Cast) -> FlaskClient:
    return casting.log_in(client, cast.beatrix)


def send(client: FlaskClient, colour: str = "", **files: bytes) -> TestResponse:
    data: dict[str, object] = {name: (BytesIO(data), f"{name}.png") for name, data in files.items() if data != b"-"}
    data |= {f"without_{name}": "y" for name, given in files.items() if given == b"-"}
    data |= {"own_colour": "y", "colour": colour} if colour else {}
    return client.post(PAGE, data=data, content_type="multipart/form-data")


def fetched(client: FlaskClient, page: str, name: str) -> TestResponse:
    """What a page says where a file of the style is, fetched."""
    found = re.search(rf'"(/huisstijl/zuid/{re.escape(name)}\?v=\w+)"', client.get(page).text)
    assert found, f"{page} names no {name}"
    return client.get(found[1])


def test_a_colour_a_logo_and_a_picture_stand_on_the_pages_of_residents(app: Flask, beatrix: FlaskClient) -> None:
    assert send(beatrix, "#0B5ED7", logo=drawn(), picture=drawn("JPEG")).status_code == 302
    visitor = app.test_client()
    assert "#0b5ed7" in fetched(visitor, SERIES, "kleur.css").text
    logo, picture = fetched(visitor, SERIES, "logo.png"), fetched(visitor, SERIES, "foto.jpg")
    assert (logo.content_type, picture.content_type) == ("image/png", "image/jpeg")
    assert "max-age=31536000" in logo.headers["Cache-Control"]
    assert Image.open(BytesIO(logo.data)).height <= LOGO.height
    assert Image.open(BytesIO(picture.data)).width <= PICTURE.width
    with app.app_context():
        (line,) = db.session.query(AuditLine).filter_by(what="style_changed")
        assert line.about == "colour logo picture"


def test_nothing_of_it_stands_on_pages_of_another_organisation(app: Flask, beatrix: FlaskClient, cast: Cast) -> None:
    send(beatrix, "#0b5ed7", logo=drawn())
    elsewhere = casting.log_in(app.test_client(), cast.dirk)
    assert "/huisstijl/zuid/" not in elsewhere.get("/werk/").text
    assert "/huisstijl/zuid/" in beatrix.get("/beheer/").text
    assert app.test_client().get("/huisstijl/elders/logo.png").status_code == 404


def test_each_is_left_as_it_is_or_taken_away(app: Flask, beatrix: FlaskClient) -> None:
    send(beatrix, "#0b5ed7", logo=drawn(), picture=drawn())
    assert "Het logo van nu" in beatrix.get(PAGE).text
    send(beatrix, "", picture=b"-")
    page = app.test_client().get(SERIES).text
    assert "logo.png" in page and "foto.jpg" not in page and "kleur.css" not in page


@pytest.mark.parametrize("bad", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", drawn()[:40], b"MZ" * 99])
def test_what_is_no_picture_is_refused_and_nothing_changes(app: Flask, beatrix: FlaskClient, bad: bytes) -> None:
    answer = send(beatrix, "#0b5ed7", logo=bad)
    assert answer.status_code == 400
    assert "Deze afbeelding kunnen we niet lezen" in answer.text
    with app.app_context():
        assert db.session.query(HouseStyle).count() == 0


@pytest.mark.parametrize("bad", ["red", "#12345", "#0b5ed7;}body{display:none", "url(//x)"])
def test_what_is_no_colour_is_refused(app: Flask, beatrix: FlaskClient, bad: str) -> None:
    assert "Schrijf een kleur als #" in send(beatrix, bad).text
    with app.app_context():
        assert db.session.query(HouseStyle).count() == 0


def test_where_and_with_what_a_photo_was_made_is_not_kept(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0110] = "Telefoon van Bart"
    exif[0x0112] = 6  # lies on its side
    made = image_apart(drawn("JPEG", (600, 300), exif=exif), PICTURE, tmp_path)
    assert b"Bart" not in made
    assert Image.open(BytesIO(made)).size == (300, 600)


def test_a_picture_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    small = ImageShape(width=10, height=10, kind="PNG", pixels=10_000)
    with pytest.raises(Unread) as refused:
        image_apart(drawn(size=(101, 100)), small, tmp_path)
    assert refused.value.kind == "TooLarge"


def test_only_an_administrator_changes_it(app: Flask, cast: Cast) -> None:
    assert send(casting.log_in(app.test_client(), cast.amina), "#0b5ed7").status_code == 403


def test_the_page_of_an_error_does_not_ask_the_database_for_it(app: Flask, beatrix: FlaskClient) -> None:
    send(beatrix, "#0b5ed7", logo=drawn())
    assert "/huisstijl/" not in beatrix.get("/nergens").text
