"""One browser for a run, and which files take long: `make test-fast` leaves them out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.programs import CHROMIUM, QUIET

TESTS = Path(__file__).parent
SLOW = {
    "browser/test_loop.py",
    "browser/test_tour.py",
    "config/test_shipped.py",
    "lottery/test_leximin.py",
    "rules/test_facilitator.py",
    "rules/test_locked.py",
    "rules/test_met_before.py",
    "rules/test_population_mirror.py",
    "rules/test_shared_language.py",
    "tables/test_reading.py",
    "test_exact.py",
    "test_explain.py",
    "test_properties.py",
    "test_relaxations.py",
    "test_repairing.py",
    "test_trade.py",
    "web/test_accounts.py",
    "web/test_admin.py",
    "web/test_admin_mail.py",
    "web/test_admin_projects.py",
    "web/test_building_blocks.py",
    "web/test_calendars_any.py",
    "web/test_calling_off.py",
    "web/test_calls.py",
    "web/test_calls_paper.py",
    "web/test_channels_smtp.py",
    "web/test_demo.py",
    "web/test_digest.py",
    "web/test_digest_pages.py",
    "web/test_doors.py",
    "web/test_doors_pages.py",
    "web/test_editing.py",
    "web/test_editor_pages.py",
    "web/test_facilitator_door.py",
    "web/test_facilitator_list.py",
    "web/test_feeds.py",
    "web/test_feeds_facilitator.py",
    "web/test_finishing.py",
    "web/test_importing.py",
    "web/test_importing_cells.py",
    "web/test_importing_page.py",
    "web/test_impressions.py",
    "web/test_invitation_page.py",
    "web/test_inviting.py",
    "web/test_kills.py",
    "web/test_letters_mail.py",
    "web/test_letters_packed.py",
    "web/test_messages.py",
    "web/test_moving_pages.py",
    "web/test_no_500.py",
    "web/test_offering.py",
    "web/test_offering_hours.py",
    "web/test_offering_mix.py",
    "web/test_offering_page.py",
    "web/test_offering_race.py",
    "web/test_organiser_desk.py",
    "web/test_organiser_doors.py",
    "web/test_organiser_meetings.py",
    "web/test_post_bench.py",
    "web/test_pressing.py",
    "web/test_printing.py",
    "web/test_promises.py",
    "web/test_promises_doors.py",
    "web/test_public.py",
    "web/test_publishing.py",
    "web/test_receiving.py",
    "web/test_reminding.py",
    "web/test_reminding_thanks.py",
    "web/test_replies_imap.py",
    "web/test_rescheduling.py",
    "web/test_resident_garbage.py",
    "web/test_resident_joining.py",
    "web/test_resident_lost.py",
    "web/test_resident_own.py",
    "web/test_sending.py",
    "web/test_sending_races.py",
    "web/test_sent_mail.py",
    "web/test_serve.py",
    "web/test_translations.py",
    "web/test_turnout.py",
    "web/test_two_organisers.py",
    "web/test_upgrading.py",
    "web/test_worker.py",
    "web/test_worker_proposals.py",
}
"""Files that take about two seconds or more in all on two cores."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of a slow file, so that nobody has to remember it."""
    for item in items:
        if item.path.is_relative_to(TESTS) and item.path.relative_to(TESTS).as_posix() in SLOW:
            item.add_marker(pytest.mark.slow)


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
