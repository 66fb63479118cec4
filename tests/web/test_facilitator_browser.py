"""The facilitator's pages in a real browser: by keyboard on a small phone, without barriers, in both languages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from tests.web import evening as evenings
from tests.web.cast import Cast
from tests.web.evening import Evening, other

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHROMIUM = Path("/usr/bin/chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's Chromium")]


@pytest.fixture
def evening(app: Flask, cast: Cast) -> Evening:
    return evenings.perform(app, cast)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application, really served."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.fixture
def phone() -> Iterator[Page]:
    """A phone of 320 px."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser.new_page(viewport={"width": 320, "height": 640})
        browser.close()


def faults(page: Page) -> list[str]:
    page.wait_for_load_state()
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [violation["id"] for violation in found["violations"]] + (["wider than the screen"] if wide else [])


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_from_the_door_to_the_list_and_out_by_keyboard(phone: Page, address: str, evening: Evening, lang: str) -> None:
    secret, pin = evening.chantal_door
    phone.goto(f"{address}/tafel/{secret}/?taal={lang}")
    assert faults(phone) == []
    type_pin(phone, other(pin))
    phone.wait_for_selector("#error-summary:focus")
    assert faults(phone) == []
    type_pin(phone, pin)
    phone.wait_for_selector("text=Fatma")
    assert faults(phone) == []
    phone.get_by_role("button").last.press("Enter")
    phone.wait_for_selector("#pin")
    assert phone.get_by_text("Fatma").count() == 0


def type_pin(page: Page, pin: str) -> None:
    page.focus("#pin")
    page.keyboard.type(pin)
    page.keyboard.press("Enter")


def test_a_link_that_does_not_work_has_a_page_without_barriers(phone: Page, address: str) -> None:
    phone.goto(f"{address}/tafel/unknown/")
    assert faults(phone) == []
