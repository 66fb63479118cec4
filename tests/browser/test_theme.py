"""Another look is one word in the settings, and has no more barriers than ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import config
from tests.browser import house
from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.browser.looking import BOTH, DESK, PHONE, listen, looked

pytestmark = pytest.mark.slow


@pytest.fixture
def other(tmp_path: Path) -> Iterator[House]:
    """The site of an organisation that chose the other theme."""
    folder = tmp_path / "settings"
    folder.mkdir()
    shipped = (config.folder.SHIPPED / "settings.toml").read_text()
    changed = shipped.replace('theme = "voorbeeld"', 'theme = "ma"')
    assert changed != shipped
    (folder / "settings.toml").write_text(changed)
    with house.opened(tmp_path, folder) as found:
        yield found


def test_three_pages_in_another_theme(browser: Browser, other: House) -> None:
    context = browser.new_context(viewport={"width": PHONE, "height": 844}, locale="nl-NL")
    complaints, page = listen(context), context.new_page()
    where = {"organisation": "zuid", "slug": "samen-koken"}
    stops = [("resident.series", where), ("resident.screen", {**where, "number": 1}), ("security.login", {})]
    for endpoint, values in stops:
        page.goto(other.url(endpoint, **values))
        assert "ma-theme" in (page.locator("html").get_attribute("class") or "")
        looked(page, f"ma-{endpoint}", BOTH)
    context.close()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whatever_colour_an_organisation_chooses_its_pages_can_be_read(home: House, visit: Visit, scheme: str) -> None:
    admin, page = visit(DESK, who="beatrix@zuid.example"), visit(PHONE)
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    series = home.url("resident.series", organisation="zuid", slug="samen-koken")
    for colour in ("#ffff00", "#000000", "#ffffff", "#00ff00", "#0000ff", "#ff0000"):
        admin.goto(home.url("admin.style"))
        admin.locator("#own_colour").check()
        admin.locator("#colour").fill(colour)
        admin.get_by_role("button", name="Opslaan").click()
        page.goto(series)
        assert page.locator('link[href*="kleur.css"]').count() == 1
        looked(page, f"colour-{colour[1:]}-{scheme}")
    admin.goto(home.url("admin.style"))
    admin.locator("#own_colour").uncheck()
    admin.get_by_role("button", name="Opslaan").click()
