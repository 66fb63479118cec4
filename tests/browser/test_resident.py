"""A resident's way: signing up by keyboard on a phone, in two languages, and everything behind the personal link."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.browser.keys import Keys
from tests.browser.looking import DESK, PHONE, looked
from web.resident import forms

pytestmark = pytest.mark.slow

MOST = 12
"""Things to type or press for a whole sign-up, without Tab."""
JOIN = "a.utrecht-button"
SEND = "form button[type=submit]"


def series(home: House) -> str:
    return home.url("resident.series", organisation="zuid", slug="samen-koken")


def sign_up(page: Page, home: House, name: str, address: str, *, see: str = "", wrong: str = "") -> Keys:
    """The four screens by keyboard; `see` is how to call their pictures, `wrong` an address to try first."""
    keys = Keys(page)
    shown = (lambda what: looked(page, f"resident-{see}-{what}")) if see else lambda what: None
    page.goto(series(home))
    shown("series")
    keys.to(JOIN).press("Enter")
    page.wait_for_url("**/aanmelden/1?*")
    begun = time.time()
    shown("screen1")
    keys.to("#sessions-0").press("Space").to(SEND).press("Enter")
    page.wait_for_url("**/aanmelden/2?*")
    shown("screen2")
    keys.to("#name").type(name).press("Enter")
    page.wait_for_url("**/aanmelden/3?*")
    shown("screen3")
    keys.to("#reach-0").press("Space").to("#email")
    if wrong:
        mistake(page, keys, wrong)
        shown("error")
        keys.to("#email")
        page.keyboard.press("Control+a")
    keys.type(address).press("Enter")
    page.wait_for_url("**/aanmelden/4?*")
    shown("screen4")
    # Who sends four screens faster than anybody can read is asked to look again.
    page.wait_for_function("moment => Date.now() > moment", arg=1000 * (begun + forms.FASTEST))
    keys.to(SEND).press("Enter")
    page.wait_for_url("**/aangemeld")
    shown("finished")
    return keys


def mistake(page: Page, keys: Keys, wrong: str) -> None:
    """What was typed stays, and who uses a keyboard or a reader stands at the list of errors."""
    keys.type(wrong).press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#email")).to_have_value(wrong)
    expect(page.locator("#reach-0")).to_be_checked()
    expect(page.locator("#email")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(("language", "width"), [("nl", PHONE), ("en", PHONE), ("nl", DESK), ("en", DESK)])
def test_three_neighbours_sign_up_by_keyboard(home: House, visit: Visit, language: str, width: int) -> None:
    page = visit(width, language)
    for name in ("Ans", "Bilal", "Chaima") if width == PHONE else ("Daan",):
        see = f"{language}" if name in ("Ans", "Daan") else ""
        keys = sign_up(page, home, name, f"{name}.{language}@voorbeeld.example", see=see)
        print(f"{name}: {keys.acts} interactions and {keys.tabs} times Tab")
        assert keys.acts <= MOST
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
        assert re.fullmatch(r"[A-Z0-9]{6}", page.locator(".site-code").inner_text())
    assert page.evaluate("document.documentElement.lang") == language


def test_a_wrong_address_is_told_where_one_is_and_nothing_typed_is_lost(home: House, visit: Visit) -> None:
    for language in ("nl", "en"):
        page = visit(PHONE, language)
        sign_up(page, home, "Elif", "elif@voorbeeld.example", see=f"{language}-again", wrong="elif@voorbeeld")


def test_without_a_script_everything_works_as_well(home: House, visit: Visit) -> None:
    page = visit(PHONE, "en", script=False)
    page.goto(series(home))
    page.locator('a[href*="/aanmelden"]').first.click()
    page.locator("#sessions-1").check()
    page.get_by_role("button").click()
    page.locator("#name").fill("Fenna")
    page.get_by_role("button").click()
    page.locator("#reach-1").check()
    page.locator("#phone").fill("nul zes")
    page.get_by_role("button").click()
    expect(page.locator("#error-summary")).to_be_visible()
    expect(page.locator("#phone")).to_have_value("nul zes")
    page.locator("#phone").fill("06 12345678")
    page.get_by_role("button").click()
    expect(page.locator("#needs-0")).to_be_attached()
    # Who sends four screens within three seconds is asked to look again, and does so.
    while not page.url.endswith("/aangemeld"):
        page.get_by_role("button").first.click()
        expect(page.locator("#error-summary, .site-code")).to_be_visible()
    expect(page.locator(".site-code")).to_be_visible()


def test_mother_and_daughter_in_two_tabs_of_one_phone(home: House, visit: Visit) -> None:
    """Screen by screen in turn, then back and reload; each gets a sign-up of her own."""
    mother = visit(PHONE)
    daughter = mother.context.new_page()
    tabs = {"Mina": mother, "Dina": daughter}
    for page in tabs.values():
        page.goto(series(home))
        page.locator(JOIN).first.click()
        page.locator("#sessions-0").check()
        page.locator(SEND).first.click()
    for name, page in tabs.items():
        page.locator("#name").fill(name)
        page.locator(SEND).first.click()
    for name, page in tabs.items():
        page.go_back()
        expect(page.locator("#name")).to_have_value(name)
        page.reload()
        expect(page.locator("#name")).to_have_value(name)
        page.locator(SEND).first.click()
        page.locator("#reach-0").check()
        page.locator("#email").fill(f"{name}@voorbeeld.example")
        page.locator(SEND).first.click()
        expect(page.get_by_text(f"Aanmelding van {name}")).to_be_visible()
    looked(mother, "resident-two-tabs")
    for name, page in tabs.items():
        page.wait_for_timeout(1000 * forms.FASTEST)
        page.locator(SEND).first.click()
        page.wait_for_url("**/aangemeld")
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    codes = [page.locator(".site-code").inner_text() for page in tabs.values()]
    assert len(set(codes)) == 2
    third = mother.context.new_page()
    third.goto(series(home))
    third.locator(JOIN).first.click()
    expect(third.get_by_text("die niet klaar is")).to_have_count(0)


def test_the_personal_link(home: House, visit: Visit) -> None:
    page = visit(PHONE)
    sign_up(page, home, "Gerda", "gerda@voorbeeld.example")
    Keys(page).to(".join-link a").press("Enter")
    page.wait_for_url("**/mijn/*/")
    secret = page.url
    press(page, "Verander je antwoorden")
    page.wait_for_url("**/wijzigen")
    looked(page, "resident-change")
    page.locator("#name").fill("Gerda B")
    press(page, "Bewaar")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gerda B")
    looked(page, "resident-changed")
    press(page, "Meld me af")
    press(page, "Ja, ik kom niet")
    expect(page.get_by_text("Je bent afgemeld").first).to_be_visible()
    looked(page, "resident-left")
    press(page, "Ik kom toch")
    expect(page.get_by_text("Je staat nu op de wachtlijst")).to_be_visible()
    press(page, "Bekijk je gegevens en neem ze mee")
    expect(page.get_by_text("gerda@voorbeeld.example")).to_be_visible()
    with page.expect_download() as taken:
        press(page, "Haal het bestand op")
    assert "gerda@voorbeeld.example" in taken.value.path().read_text()
    page.goto(secret)
    press(page, "Wis alles over mij")
    press(page, "Ja, wis alles")
    page.wait_for_url("**/gewist")
    assert page.goto(secret).status == 404
    looked(page, "resident-gone")


def press(page: Page, name: str) -> None:
    """A link, that may say more in a second line, or a button, by keyboard."""
    said = re.compile(rf"^{re.escape(name)}( .*)?$")
    one = page.get_by_role("link", name=said).or_(page.get_by_role("button", name=name, exact=True))
    one.focus()
    page.keyboard.press("Enter")
