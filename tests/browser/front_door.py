"""Staff come in as they do in life: password, an app with codes, recovery codes."""

from __future__ import annotations

import re

from passlib.totp import TOTP
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.house import House
from tests.web.cast import PASSWORD


def come_in(browser: Browser, home: House, who: str) -> StorageState:
    """The first log-in of an account; what its browser holds afterwards."""
    context = browser.new_context(locale="nl-NL")
    page = context.new_page()
    say_password(page, home, who)
    say_first_code(page, set_up(page))
    page.goto(f"{home.address}/account/herstelcodes")
    page.get_by_role("button", name="Maak mijn codes").click()
    expect(page.locator(".site-code")).to_have_count(8)
    state = context.storage_state()
    context.close()
    return state


def say_password(page: Page, home: House, who: str) -> None:
    """The first page of the door."""
    page.goto(home.url("security.login"))
    page.locator("#email").fill(who)
    page.locator("#password").fill(PASSWORD)
    page.locator("form button[type=submit]").first.click()


def set_up(page: Page) -> TOTP:
    """Make an app with codes, and be that app."""
    page.get_by_role("button", name="Ik heb een app").click()
    page.get_by_text("Lukt de foto niet?").click()
    return TOTP(re.sub(r"[^A-Z0-9]", "", page.locator("dd").first.inner_text()))


def say_first_code(page: Page, app: TOTP) -> None:
    """The code that shows that the app works."""
    page.get_by_label("Code van 6 cijfers").fill(app.generate().token)
    page.get_by_role("button", name="Klaar").click()
