"""To tell others of a meeting: a QR code, a text to paste, and the picture that a shared link shows."""

from __future__ import annotations

import html
import re
from io import BytesIO

from flask.testing import FlaskClient
from PIL import Image

from tests.web.cast import Cast

SERIES = "/doe-mee/zuid/samen-koken/"


def test_a_shared_link_shows_what_it_is_and_a_picture(client: FlaskClient) -> None:
    page = client.get(SERIES).text
    said = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))
    assert said["title"] == "Samen koken in de buurt" and said["url"].endswith(SERIES)
    answer = client.get(said["image"].removeprefix("http://localhost"))
    assert answer.content_type == "image/png"
    assert Image.open(BytesIO(answer.data)).size == (1200, 630)


def test_the_page_of_a_series_has_its_code_and_a_text_to_paste(amina: FlaskClient, cast: Cast) -> None:
    page = amina.get(f"/werk/{cast.series}").text
    assert "<svg" in page.split('class="look-qr"')[1][:200]
    text = html.unescape(re.search(r'<textarea[^>]*id="told"[^>]*>(.*?)</textarea>', page, re.S)[1]).lstrip("\n")
    assert text.startswith("Doe je mee? Samen koken in de buurt\n") and text.endswith(f"http://localhost{SERIES}")
    assert "https://wa.me/?text=Doe%20je%20mee" in page


def test_what_is_not_open_to_residents_has_no_picture(client: FlaskClient) -> None:
    assert client.get("/doe-mee/zuid/nergens/kaart.png").status_code == 404
