"""The groups editor under a mouse."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def two_tables(page: Page) -> tuple[Locator, Locator, str]:
    """The first two with people, and the last name at the first."""
    start, end = page.locator(".editor-people:has(.editor-person)[data-place]:not([data-place=''])").all()[:2]
    return start, end, start.locator(".editor-person").last.get_attribute("data-name") or ""


def dragged(page: Page, what: Locator, where: Locator) -> None:
    """By mouse, as a hand does it: a little at first, then all the way."""
    where.scroll_into_view_if_needed()
    what.scroll_into_view_if_needed()
    start, end = what.bounding_box(), where.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 30, start["y"] + 15)
    page.mouse.down()
    page.mouse.move(start["x"] + 50, start["y"] + 25, steps=5)
    page.mouse.move(end["x"] + 60, end["y"] + 30, steps=10)
    expect(where.locator(".editor-ghost")).to_be_visible()
    with page.expect_response("**/verplaats") as answer:
        page.mouse.up()
    assert answer.value.ok
