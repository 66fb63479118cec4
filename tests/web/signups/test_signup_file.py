"""Everybody who signed up, as a spreadsheet: what they told and answered, nothing of bubbles, nothing that runs."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web import post
from tests.web.cast import Cast
from web.rows import AuditLine, Invitation, db

pytestmark = pytest.mark.slow


@pytest.fixture
def url(app: Flask, cast: Cast) -> str:
    with app.app_context():
        people = post.delivered(app, cast)
        casting.sign_up(app, cast, "=1+1", note="@SUM(A1)")
        db.session.query(Invitation).filter_by(signup_id=people["Fatma"]).one().partstat = "ACCEPTED"
        db.session.commit()
    return f"/werk/{cast.series}/aanmeldingen"


def read(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_what_they_told_and_answered(amina: FlaskClient, url: str) -> None:
    rows = {row["Voornaam"]: row for row in read(amina.get(f"{url}.csv"))}
    assert len(rows) == 6
    fatma = rows["Fatma"]
    assert (fatma["Bereikbaar"], fatma["Telefoon"].lstrip("'")) == ("bellen", "+31622222222")
    assert (fatma["Stand"], fatma["Komt op di 12 jan, 18.00"]) == ("tafel 1 op di 12 jan", "ja")
    assert rows["Bart"]["Komt op di 12 jan, 18.00"] == "nog geen antwoord"


def test_nothing_in_it_runs_and_a_phone_keeps_its_digits(amina: FlaskClient, url: str) -> None:
    answer = amina.get(f"{url}.csv")
    assert "'=1+1" in answer.text and "'@SUM(A1)" in answer.text
    (sheet,) = openpyxl.load_workbook(io.BytesIO(amina.get(f"{url}.xlsx").data))
    cells = [cell for row in sheet.rows for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {"=1+1", "+31622222222"} <= {cell.value for cell in cells}


def test_bubbles_are_not_in_it(amina: FlaskClient, url: str) -> None:
    assert "26-40" not in amina.get(f"{url}.csv").text and "26 tot" not in amina.get(f"{url}.csv").text


def test_it_is_in_the_log_and_not_for_others(
    app: Flask, cast: Cast, amina: FlaskClient, dirk: FlaskClient, url: str
) -> None:
    for page in (f"/werk/{cast.series}", url):
        assert f'href="{url}.xlsx"' in amina.get(page).text
    amina.get(f"{url}.xlsx")
    assert dirk.get(f"{url}.xlsx").status_code == 404
    with app.app_context():
        assert [line.about for line in db.session.query(AuditLine).filter_by(what="export_signups")] == ["series:1"]
