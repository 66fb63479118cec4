"""One browser for a run, and servers for one that asks for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests import servers
from tests.programs import CHROMIUM, QUIET

pytest_addoption = servers.offer
pytest_configure = servers.start
pytest_collection_modifyitems = pytest.hookimpl(tryfirst=True)(servers.choose)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for a process: a second beside it is refused."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium; a machine without it fails these tests."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM.needed(), args=QUIET)
    yield browser
    browser.close()
