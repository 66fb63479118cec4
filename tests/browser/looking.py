"""What is checked of every page that a test comes to: barriers, width, complaints of the browser.

With REBUBBELEN_PICTURES=1 a picture of every page at every width is kept in out/screens, to look at.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "out" / "screens"
PICTURES = bool(os.environ.get("REBUBBELEN_PICTURES"))
AXE = (ROOT / "tests" / "web" / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async rules => (await axe.run(document, {runOnly: rules, resultTypes: ['violations']})).violations
    .flatMap(found => found.nodes.map(node => `${found.id}: ${node.target} ${node.failureSummary}`))"""
WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] : ['wider than the screen',
    ...[...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 5).map(one => one.outerHTML.slice(0, 120))]"""
PHONE, SMALLEST, DESK = 390, 320, 1280
BOTH = (PHONE, DESK)
REFUSED = "Failed to load resource: the server responded with a status of 4"
"""A page that says no is a page too; a file of ours that is not there is a fault."""


def listen(context: BrowserContext) -> list[str]:
    """What the browser complains of, from now on: errors of scripts, things our policy forbids, files not found."""
    complaints: list[str] = []

    def said(message: ConsoleMessage) -> None:
        refused = message.text.startswith(REFUSED) and "/static/" not in message.location["url"]
        if message.type in ("error", "warning") and not refused:
            complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    context.on("console", said)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    return complaints


def looked(page: Page, name: str, widths: Sequence[int] = ()) -> None:
    """Fail for any barrier, and for a page wider than a small phone. At the present width if none is given."""
    page.wait_for_load_state()
    size = page.viewport_size
    assert size
    for width in widths or (size["width"],):
        page.set_viewport_size({"width": width, "height": size["height"]})
        if PICTURES:
            _picture(page, f"{name}-{width}")
        found = _barriers(page) or _too_wide(page)
        assert not found, (name, width, found)
    page.set_viewport_size({"width": SMALLEST, "height": size["height"]})
    found = _too_wide(page)
    assert not found, (name, SMALLEST, found)
    page.set_viewport_size(size)


def _barriers(page: Page) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN, RULES)
    return found


def _too_wide(page: Page) -> list[str]:
    found: list[str] = page.evaluate(WIDER)
    return found


def _picture(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
