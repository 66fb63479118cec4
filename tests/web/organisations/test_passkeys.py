"""A passkey in a real browser, with an authenticator that Chromium pretends to have, under our own policy."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

import config
from tests.web.cast import PASSWORD
from tests.web.conftest import PLAIN, Stage
from web.app import create_app

pytestmark = pytest.mark.slow


@pytest.fixture
def address(stage: Stage, settings: config.Settings, keys: config.Secrets, tmp_path: Path) -> Iterator[str]:
    """Where the application answers; by name, because a passkey belongs to a name."""
    stage.put(tmp_path)
    app: Flask = create_app(settings, keys, tmp_path, secure=False, **{**PLAIN, "WTF_CSRF_ENABLED": True})
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser in Dutch; whatever it complains of fails the test."""
    context = browser.new_context(locale="nl-NL")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def give_authenticator(page: Page, *, verified: bool = True) -> None:
    """A telephone that always says yes; or, not `verified`, one that cannot tell whose finger it is."""
    told = page.context.new_cdp_session(page)
    told.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": verified, "automaticPresenceSimulation": True}
    told.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def first_log_in(page: Page, address: str) -> None:
    page.goto(f"{address}/inloggen?next=/account/passkey")
    page.get_by_label("E-mailadres").fill("amina@zuid.example")
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Inloggen", exact=True).click()
    page.get_by_role("button", name="Ik heb een app").click()
    expect(page.get_by_role("img", name="QR-code")).to_be_visible()
    assert page.get_by_role("img", name="QR-code").evaluate("image => image.naturalWidth") > 100
    page.get_by_text("Lukt de foto niet?").click()
    key = re.sub(r"[^A-Z0-9]", "", page.locator("dd").first.inner_text())
    page.get_by_label("Code van 6 cijfers").fill(TOTP(key).generate().token)
    page.get_by_role("button", name="Klaar").click()
    page.goto(f"{address}/account/passkey")


def make_passkey(page: Page) -> None:
    page.get_by_label("Naam van de passkey").fill("mijn telefoon")
    page.get_by_role("button", name="Maak een passkey").click()


def test_a_passkey_is_made_opens_the_door_alone_and_can_be_removed(address: str, page: Page) -> None:
    give_authenticator(page)
    first_log_in(page, address)
    make_passkey(page)
    expect(page.get_by_text("De passkey mijn telefoon werkt.")).to_be_visible()
    page.get_by_role("button", name="Uitloggen").click()
    page.goto(f"{address}/inloggen?next=/account/passkey")
    page.get_by_role("button", name="Inloggen met een passkey").click()
    page.wait_for_url("**/account/passkey")
    expect(page.get_by_text("Amina")).to_be_visible()
    page.get_by_role("button", name="Verwijder mijn telefoon").click()
    expect(page.get_by_text("De passkey mijn telefoon is weg.")).to_be_visible()


def test_without_a_finger_no_passkey_is_made_and_the_page_says_so(address: str, page: Page) -> None:
    give_authenticator(page, verified=False)
    first_log_in(page, address)
    make_passkey(page)
    expect(page.get_by_text("De passkey is niet gemaakt.")).to_be_visible()
    expect(page.get_by_role("button", name="Probeer het opnieuw")).to_be_visible()
