"""A sheet is many files on disk and one on the line: in one fixed order, under the name of its content."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from web import headers
from web.stylesheets import PARTS, STATIC, joined


@pytest.fixture
def client() -> FlaskClient:
    site = Flask("web", static_folder=str(STATIC))
    site.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31_536_000
    headers.install(site)

    @site.get("/address/<filename>")
    def address(filename: str) -> str:
        return str(site.url_for("static", filename=filename))

    return site.test_client()


@pytest.mark.parametrize("sheet", PARTS)
def test_no_file_of_a_component_is_forgotten_or_joined_twice(sheet: str) -> None:
    folder = STATIC / sheet.removesuffix(".css")
    assert sorted(PARTS[sheet]) == sorted(str(path.relative_to(STATIC)) for path in folder.iterdir())


@pytest.mark.parametrize("sheet", PARTS)
def test_a_component_fits_on_a_few_screens_and_a_line_on_one(sheet: str) -> None:
    lines = {part: (STATIC / part).read_text("utf-8").splitlines() for part in PARTS[sheet]}
    assert [part for part, text in lines.items() if len(text) > 200] == []
    assert [(part, line) for part, text in lines.items() for line in text if len(line) > 120] == []


@pytest.mark.parametrize("sheet", PARTS)
def test_a_page_gets_all_components_in_one_file_in_their_order(client: FlaskClient, sheet: str) -> None:
    answer = client.get(client.get(f"/address/{sheet}").text)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "text/css", joined(sheet))
    begins = [answer.data.index((STATIC / part).read_bytes()) for part in PARTS[sheet]]
    assert begins == sorted(begins)


@pytest.mark.parametrize("name", ["site.css", "fonts.css"])
def test_a_sheet_is_kept_a_year_packed_and_not_sent_twice(client: FlaskClient, name: str) -> None:
    address = client.get(f"/address/{name}").text
    assert address.startswith(f"/static/{name}?v=") and len(address) == len(f"/static/{name}?v=") + 8
    first = client.get(address, headers={"Accept-Encoding": "br"})
    assert first.headers["Content-Encoding"] == "br"
    assert "max-age=31536000" in first.headers["Cache-Control"]
    again = client.get(address, headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_file_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/static/nothing.css").status_code == 404
    assert client.get("/address/nothing.css").text == "/static/nothing.css?v="
