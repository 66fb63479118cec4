"""One house for a run; visitors come in with their own screen, language and account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.browser import front_door, house
from tests.browser.house import House
from tests.browser.looking import PHONE, listen

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The site, as shipped."""
    with house.opened(tmp_path_factory.mktemp("house")) as found:
        yield found


@pytest.fixture(scope="session")
def keyring(browser: Browser, home: House) -> Callable[[str], StorageState]:
    """Who came in through the front door stays in: a code opens once."""
    known: dict[str, StorageState] = {}

    def state(who: str) -> StorageState:
        if who not in known:
            known[who] = front_door.come_in(browser, home, who)
        return known[who]

    return state


@pytest.fixture
def visit(browser: Browser, home: House, keyring: Callable[[str], StorageState]) -> Iterator[Visit]:
    """visit(width, language, who="", script=True): a page of somebody; no browser may complain of anything."""
    opened: list[tuple[Any, list[str]]] = []

    def page(width: int = PHONE, language: str = "nl", who: str = "", script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844 if width == PHONE else 1024},
            locale={"nl": "nl-NL", "en": "en-GB"}[language],
            java_script_enabled=script,
            storage_state=keyring(who) if who else None,
        )
        context.set_default_timeout(10_000)
        context.add_cookies([{"name": "taal", "value": language, "url": home.address}])
        opened.append((context, listen(context)))
        return context.new_page()

    yield page
    for context, _ in opened:
        context.close()
    assert [said for _, complaints in opened for said in complaints] == []
