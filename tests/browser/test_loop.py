"""The whole loop as people live it: invited by mail, in their calendars, moved, answered, offered on, called off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.journey.answering import declined, taken
from tests.browser.journey.ending import bounced, called_off, reminded
from tests.browser.journey.inviting import followed, moved, published
from tests.browser.journey.telling import told_once
from tests.browser.loop import Loop, looping

pytestmark = pytest.mark.slow


@pytest.fixture
def loop(browser: Browser, tmp_path: Path) -> Iterator[Loop]:
    """One for the journey."""
    with looping(browser, tmp_path) as found:
        yield found


def test_from_publishing_to_calling_off(loop: Loop) -> None:
    published(loop)
    moved(loop)
    feed = followed(loop)
    declined(loop)
    taken(loop)
    reminded(loop)
    called_off(loop, feed)
    bounced(loop)
    told_once(loop)
    assert loop.complaints == []
