"""An administrator's way: accounts, the log that shows what happened, and what is kept until when."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.browser.looking import DESK, looked

pytestmark = pytest.mark.slow

BEATRIX = "beatrix@zuid.example"


def test_an_account_is_made_and_changed_and_the_log_tells_so(home: House, visit: Visit) -> None:
    page = visit(DESK, who=BEATRIX)
    page.goto(home.url("admin.add"))
    page.get_by_role("button", name="Maak het account").click()
    looked(page, "admin-error")
    page.get_by_label("Naam").fill("Karim")
    page.get_by_label("E-mailadres").fill("karim@zuid.example")
    page.get_by_label("Maakt ontmoetingen en groepen").or_(page.locator("#roles-0")).first.check()
    page.get_by_role("button", name="Maak het account").click()
    expect(page.locator(".site-code")).to_be_visible()
    looked(page, "admin-password")
    page.get_by_role("link", name="Ik heb het doorgegeven").click()
    page.get_by_role("link", name="Bekijk en verander het account van Karim").click()
    page.get_by_role("button", name="Zet het account uit").click()
    expect(page.get_by_text("Karim kan niet meer inloggen.")).to_be_visible()
    page.get_by_role("link", name="Logboek").click()
    for what in ("Account gemaakt", "Account uitgezet", "Indeling gepubliceerd"):
        expect(page.get_by_role("cell", name=what).first).to_be_visible()
    looked(page, "admin-log")
    page.get_by_role("link", name="Bewaren en wissen").click()
    expect(page.get_by_role("row", name="Samen koken in de buurt")).to_be_visible()
