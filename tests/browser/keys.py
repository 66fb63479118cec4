"""Hands on a keyboard, and how much work they have."""

from __future__ import annotations

from playwright.sync_api import Page

FURTHEST = 150


class Keys:
    """Only a keyboard: `acts` counts fields typed and Enter or Space pressed, `tabs` the way between them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.acts = 0
        self.tabs = 0

    def to(self, selector: str) -> Keys:
        """Go on with Tab until there; what shows no focus ring on the way is a fault."""
        for _ in range(FURTHEST):
            if self._on(selector):
                return self
            self.page.keyboard.press("Tab")
            self.tabs += 1
        raise AssertionError(f"Tab does not lead to {selector} on {self.page.url}")

    def _on(self, selector: str) -> bool:
        here = "selector => document.activeElement.matches(selector)"
        return bool(self.page.evaluate(here, selector))

    def type(self, text: str) -> Keys:
        """Fill in the field where we are."""
        self.page.keyboard.type(text)
        self.acts += 1
        return self

    def press(self, key: str) -> Keys:
        """Enter or Space."""
        self.page.keyboard.press(key)
        self.acts += 1
        return self
