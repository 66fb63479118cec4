"""The checks themselves can fail: a page with a barrier, one that is too wide, one that breaks the policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.house import House
from tests.browser.looking import PHONE, listen, looked

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("document.querySelector('h1').outerHTML = '<img src=\"data:,\">'", "image-alt"),
        ("document.querySelector('main').style.width = '350px'", "wider than the screen"),
    ],
)
def test_a_fault_is_seen(browser: Browser, home: House, change: str, told: str) -> None:
    page = browser.new_page(viewport={"width": PHONE, "height": 844})
    page.goto(home.address)
    page.evaluate(change)
    with pytest.raises(AssertionError, match=told):
        looked(page, "fault")
    page.close()


def test_a_complaint_of_the_browser_is_heard(browser: Browser, home: House) -> None:
    context = browser.new_context()
    complaints, page = listen(context), context.new_page()
    page.goto(home.address)
    page.evaluate("document.body.innerHTML += '<p onclick=\"1\">'")
    page.evaluate("new Promise(done => setTimeout(done))")
    context.close()
    assert "Content Security Policy" in str(complaints)
