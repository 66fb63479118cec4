"""Staff at the door: the app with codes, recovery codes, and what stands between a password and the room."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import front_door
from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.browser.looking import BOTH, PHONE, looked

pytestmark = pytest.mark.slow


def test_the_first_time(home: House, visit: Visit) -> None:
    page, who = visit(PHONE), "dirk@elders.example"
    front_door.say_password(page, home, who)
    looked(page, "door-app", BOTH)
    app = front_door.set_up(page)
    looked(page, "door-picture", BOTH)
    page.get_by_label("Code van 6 cijfers").fill("000000")
    page.get_by_role("button", name="Klaar").click()
    looked(page, "door-wrong-code", BOTH)
    page.get_by_role("link", name="Terug naar het plaatje").click()
    app = front_door.set_up(page)
    front_door.say_first_code(page, app)
    page.get_by_role("button", name="Maak mijn codes").click()
    looked(page, "door-recovery-codes", BOTH)
    code = page.locator(".site-code").first.inner_text()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Uitloggen").click()
    front_door.say_password(page, home, who)
    page.get_by_text("Heb je je telefoon niet?").click()
    page.get_by_role("link", name="Ik heb een herstelcode").click()
    page.get_by_label("Herstelcode").fill(code)
    page.get_by_role("button", name="Verder").or_(page.get_by_role("button", name="Inloggen")).click()
    expect(page.get_by_role("heading", name="Welkom Dirk")).to_be_visible()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_between_password_and_room(home: House, visit: Visit, language: str) -> None:
    visit(who="amina@zuid.example")
    page = visit(PHONE, language)
    page.goto(home.url("security.login"))
    page.locator("#email").fill("amina@zuid.example")
    page.locator("#password").fill("not this one")
    page.locator("form button[type=submit]").first.click()
    looked(page, f"door-refused-{language}", BOTH)
    front_door.say_password(page, home, "amina@zuid.example")
    looked(page, f"door-code-{language}", BOTH)
    page.goto(home.url("security.mf_recovery"))
    looked(page, f"door-recovery-{language}", BOTH)
