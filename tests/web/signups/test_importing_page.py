"""The pages of the import: for who may, and with what somebody typed shown safely."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests.web import sheets
from tests.web.cast import Cast
from web.rows import AuditLine, Signup, db

pytestmark = pytest.mark.slow


def send(client: FlaskClient, cast: Cast, data: bytes, name: str = "lijst.csv"):
    return client.post(f"/werk/{cast.series}/importeren", data={"file": (io.BytesIO(data), name)})


def token_in(page: str) -> str:
    return page.split('name="token" value="')[1].split('"')[0]


def confirm(client: FlaskClient, cast: Cast, token: str, *ticked: int):
    return client.post(
        f"/werk/{cast.series}/importeren/toevoegen", data={"token": token, "add": list(ticked)}, follow_redirects=True
    )


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Signup).count()


def test_from_file_to_people(app: Flask, amina: FlaskClient, cast: Cast) -> None:
    shown = send(amina, cast, sheets.sixty(), "lijst.xlsx")
    assert shown.status_code == 200
    assert count(app) == 0
    done = confirm(amina, cast, token_in(shown.text))
    assert "60 mensen zijn toegevoegd" in done.text
    assert count(app) == 60
    assert "niets dubbel" in confirm(amina, cast, token_in(shown.text)).text
    assert count(app) == 60
    with app.app_context():
        whats = [line.what for line in db.session.query(AuditLine).order_by(AuditLine.id)]
        assert [what for what in whats if what != "consent given"] == ["import_preview", "import"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_table_of_the_preview(amina: FlaskClient, cast: Cast, language: str) -> None:
    first = send(amina, cast, sheets.table(sheets.BART).encode())
    confirm(amina, cast, token_in(first.text))
    rows = [
        sheets.BART,
        ["Els", "sms", "", "12", "", ""],
        ["Gijs", "via", "", "", "Fatma", "9"],
        ["Ria", *sheets.BART[1:]],
    ]
    data = sheets.table(*rows, header=[*sheets.HEADER[:5], "Tijdn"]).encode()
    amina.get(f"/werk/{cast.series}/importeren?taal={language}")
    page = send(amina, cast, data).text
    for piece in ("Els", "Tijdn", "Ria", 'value="2"', 'id="geweigerd"', 'id="lijkt"', 'id="nieuw"'):
        assert (piece in page) == (piece != "Els"), piece


def test_what_somebody_typed_is_text_on_the_page(amina: FlaskClient, cast: Cast) -> None:
    page = send(amina, cast, sheets.table(["<b>Bart</b>", *sheets.BART[1:]], ["x", "<script>", ""]).encode()).text
    assert "<b>Bart" not in page and "<script>‘" not in page and "‘<script>" not in page
    assert "&lt;b&gt;Bart" in page


def test_a_file_that_cannot_do_is_refused_with_a_sentence(app: Flask, amina: FlaskClient, cast: Cast) -> None:
    for data, status, words in [
        (b"", 400, "leeg"),
        (b"%PDF-1.4", 400, "Sla het op als .xlsx of .csv"),
        (sheets.table(["x"], header=["Straat"]).encode(), 400, "namen van kolommen"),
    ]:
        answer = send(amina, cast, data)
        assert (answer.status_code, words in answer.text) == (status, True), words
    assert amina.post(f"/werk/{cast.series}/importeren").status_code == 400
    assert count(app) == 0


def test_a_token_of_nothing_is_told_to_choose_again(amina: FlaskClient, cast: Cast) -> None:
    assert confirm(amina, cast, "A" * 22).status_code == 410


def test_somebody_elses_rows_do_not_open(app: Flask, amina: FlaskClient, beatrix: FlaskClient, cast: Cast) -> None:
    token = token_in(send(amina, cast, sheets.table(sheets.BART).encode()).text)
    assert confirm(beatrix, cast, token).status_code == 410
    assert count(app) == 0


def test_what_changed_meanwhile_is_shown_again(
    app: Flask, amina: FlaskClient, beatrix: FlaskClient, cast: Cast
) -> None:
    data = sheets.table(sheets.BART).encode()
    token, faster = (token_in(send(client, cast, data).text) for client in (amina, beatrix))
    confirm(beatrix, cast, faster)
    answer = confirm(amina, cast, token)
    assert answer.status_code == 409
    assert "intussen" in answer.text and 'id="lijkt"' in answer.text
    assert count(app) == 1


@pytest.mark.parametrize("path", ["", "/leeg.xlsx", "/leeg.csv"])
def test_nobody_of_another_municipality_comes_in(dirk: FlaskClient, client: FlaskClient, cast: Cast, path: str) -> None:
    assert dirk.get(f"/werk/{cast.series}/importeren{path}").status_code == 404
    assert client.get(f"/werk/{cast.series}/importeren{path}").status_code in (302, 303, 401)


def test_nobody_of_another_municipality_sends_or_confirms(app: Flask, amina, dirk: FlaskClient, cast: Cast) -> None:
    data = sheets.table(sheets.BART).encode()
    assert send(dirk, cast, data).status_code == 404
    assert confirm(dirk, cast, token_in(send(amina, cast, data).text)).status_code == 404
    assert count(app) == 0


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_empty_workbook_can_be_filled_in_and_sent(amina: FlaskClient, cast: Cast, language: str) -> None:
    answer = amina.get(f"/werk/{cast.series}/importeren/leeg.xlsx?taal={language}")
    book = load_workbook(io.BytesIO(answer.data))
    assert len(book.worksheets) == 3
    first, example, choices = book.worksheets
    assert first.max_row == 1
    assert choices.max_row > 8
    for row in example.iter_rows(min_row=2, values_only=True):
        first.append(row)
    filled = io.BytesIO()
    book.save(filled)
    page = send(amina, cast, filled.getvalue(), "lijst.xlsx").text
    assert "Fatma" in page and 'id="geweigerd"' not in page


def test_the_empty_csv_opens_in_excel(amina: FlaskClient, cast: Cast) -> None:
    data = amina.get(f"/werk/{cast.series}/importeren/leeg.csv").data
    assert data.startswith("\ufeffvoornaam;bereik;".encode())


def test_ticks_that_are_no_rows_do_no_harm(app: Flask, amina: FlaskClient, cast: Cast) -> None:
    token = token_in(send(amina, cast, sheets.table(sheets.BART).encode()).text)
    answer = amina.post(
        f"/werk/{cast.series}/importeren/toevoegen", data={"token": token, "add": ["x", "-1", "9" * 99]}
    )
    assert answer.status_code == 302
    assert count(app) == 1
