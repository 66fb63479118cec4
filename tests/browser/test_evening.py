"""The evening on a phone: taps while there is no network are kept, counted, and sent when there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import House
from tests.browser.looking import BOTH, DESK, PHONE, looked
from web.rows import Gathering, db

pytestmark = pytest.mark.slow


@pytest.fixture
def begun(home: House) -> Iterator[None]:
    """The first date of the facilitator began an hour ago; afterwards it is tomorrow again."""
    with home.app.app_context():
        date = db.session.query(Gathering).filter_by(session_id=home.there.cast.sessions[0]).one()
        was = date.starts, date.ends
        date.starts = datetime.now(UTC) - timedelta(hours=1)
        date.ends = date.starts + timedelta(hours=2)
        db.session.commit()
        yield
        date = db.session.query(Gathering).filter_by(session_id=home.there.cast.sessions[0]).one()
        date.starts, date.ends = was
        db.session.commit()
        db.session.remove()


def come_in(browser: Browser, home: House, **more: object) -> Page:
    secret, pin = home.there.door
    page = browser.new_context(viewport={"width": PHONE, "height": 844}, locale="nl-NL", **more).new_page()
    page.goto(home.url("facilitator.own", secret=secret))
    page.fill("#pin", pin)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Wie is er? Tik het aan").click()
    return page


def test_two_phones_one_without_a_network_end_the_same(browser: Browser, home: House, begun: None) -> None:
    one, other = come_in(browser, home), come_in(browser, home, color_scheme="dark")
    names = one.locator(".look-presence form:has([name=wie])")
    many = names.count()
    rows = [names.nth(k).get_attribute("id") for k in range(4)]
    press = lambda page, row: page.locator(f"[id={row}] .look-present").click()  # noqa: E731
    one.context.set_offline(True)
    press(one, rows[0])
    press(one, rows[1])
    press(one, rows[1])
    one.locator(f"[id={rows[2]}] .look-later").click()
    one.get_by_text("Iemand erbij").first.click()
    one.get_by_label("Voornaam").first.fill("Wim")
    one.keyboard.press("Enter")
    expect(one.locator("#unsent")).to_have_text("5 nog niet verstuurd")
    expect(one.locator("#count")).to_have_text(f"3 van de {many + 1} zijn er")
    press(other, rows[3])
    expect(other.locator("#unsent")).to_be_hidden()
    one.context.set_offline(False)
    expect(one.locator("#unsent")).to_be_hidden(timeout=10_000)
    expect(one.locator(f"[id={rows[3]}]")).to_have_attribute("data-is", "present")
    states = []
    for page in (one, other):
        page.reload()
        expect(page.locator("#count")).to_have_text(f"4 van de {many + 1} zijn er")
        states.append(page.eval_on_selector_all(".look-presence form", "all => all.map(f => [f.id, f.dataset.is])"))
        looked(page, "evening", BOTH if page is one else (PHONE, DESK))
    assert states[0] == states[1]
    for page in (one, other):
        page.context.close()
