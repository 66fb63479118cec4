"""A facilitator's way: the link and PIN from the letter, the list on a phone, the list to take along, and out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.browser.keys import Keys
from tests.browser.looking import PHONE, looked
from tests.web.evening import other

pytestmark = pytest.mark.slow

BEGINS = {"PDF": b"%PDF-", "Excel": b"PK\x03\x04", "CSV": b"\xef\xbb\xbf"}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_from_the_letter_to_the_list(home: House, visit: Visit, language: str) -> None:
    secret, pin = home.there.door
    page = visit(PHONE, language)
    page.goto(home.url("facilitator.own", secret=secret))
    keys = Keys(page)
    keys.to("#pin").type(other(pin)).press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    looked(page, f"facilitator-{language}-wrong")
    keys.to("#pin").type(pin).press("Enter")
    expect(page.get_by_role("heading", name="Samen koken in de buurt")).to_be_visible()
    assert page.locator("h3 bdi").count() >= 5
    assert "@voorbeeld.example" not in page.locator("main").inner_text()
    looked(page, f"facilitator-{language}-list")
    for kind, begins in BEGINS.items():
        with page.expect_download() as taken:
            page.get_by_role("link", name=kind).press("Enter")
        assert taken.value.path().read_bytes().startswith(begins)
    keys.to("form[action$='/uit'] button").press("Enter")
    expect(page.locator("#pin")).to_be_visible()
    assert page.goto(home.url("facilitator.take", secret=secret, kind="csv")).url.endswith(f"/tafel/{secret}/")
