"""A site with all that belongs to it, whose clock a test sets: post both ways, browsers, and calendars of people."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState
from sqlalchemy import select

from tests.browser import circle, front_door, house, postman
from tests.browser.calendars_of_people import Khal, Radicale, radicale
from tests.browser.circle import AMINA, wall
from tests.browser.clockwork import Clock
from tests.browser.house import House
from tests.browser.looking import PHONE, listen
from tests.browser.mailed import Mail
from tests.browser.postman import Post
from tests.web.calendar_reading import date_in
from web import worker
from web.rows import DueLetter, db
from web.services import known_time
from web.world import local

PATIENCE = 120.0
TASKS = ("receive", "remind", "offer", "send")
"""What the worker does every minute for letters and answers."""


@dataclass
class Loop:
    """A site with its post and its clock, the browsers in front of it, and Saskia with her calendars."""

    home: House
    post: Post
    clock: Clock
    browser: Browser
    staff: StorageState
    khal: Khal
    phone: Radicale
    complaints: list[str] = field(default_factory=list)

    @contextmanager
    def page(self, width: int, staff: bool = False) -> Iterator[Page]:
        """A browser of somebody."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 844},
            has_touch=width == PHONE,
            locale="nl-NL",
            storage_state=self.staff if staff else None,
        )
        context.set_default_timeout(10_000)
        heard = listen(context)
        yield context.new_page()
        context.close()
        self.complaints += heard

    def until(self, found: Callable[[], bool]) -> None:
        """Let the worker do what it does every minute, until this is so."""
        end = time.monotonic() + PATIENCE
        while not found():
            assert time.monotonic() < end, [(mail.to, str(mail.head["Subject"])) for mail in self.post.all()]
            for task in TASKS:
                worker.tasks(self.home.app)[task]()
            time.sleep(0.5)

    def wait_until(self, moment: datetime) -> None:
        """Let the time in between pass, with a worker that was at work all the while."""
        self.clock.set(moment)
        with self.home.app.app_context():
            known_time.believe(db.session, moment)
            db.session.commit()
            db.session.remove()

    def versions(self, to: str) -> list[tuple[str, str, int]]:
        """What somebody's calendar program was told, in order."""
        return [date.version for mail in self.post.mails(to) for date in mail.dates]

    def invitations(self, to: str) -> list[Mail]:
        """The latest invitation of somebody for every date, in order of time."""
        latest = {date.version[1]: date for mail in self.post.mails(to) for date in mail.dates}
        return sorted(latest.values(), key=lambda mail: date_in(mail.ics)["DTSTART"].dt)

    def states(self) -> set[str]:
        """Where the letters by e-mail are."""
        with self.home.app.app_context():
            found = set(db.session.scalars(select(DueLetter.state).where(DueLetter.channel == "email")))
            db.session.remove()
        return found


@contextmanager
def looping(browser: Browser, folder: Path) -> Iterator[Loop]:
    """It is noon, ten days before the first date, and the groups are ready to be published."""
    clock = Clock(folder / "clock")
    clock.set(eve() - timedelta(days=9))
    with (
        postman.post(folder) as post,
        radicale(folder / "radicale") as phone,
        house.opened(folder, post.settings, build=circle.build, environ=post.environ, clock=clock) as home,
    ):
        staff = front_door.come_in(browser, home, AMINA)
        try:
            yield Loop(home, post, clock, browser, staff, Khal(folder / "khal"), phone)
        finally:
            post.keep_all()


def eve() -> datetime:
    """The last noon: no time of this test is still to come, and none is at night."""
    today = local(datetime.now(UTC)).date()
    noon = wall(today, 12)
    return noon if noon <= datetime.now(UTC) else wall(today - timedelta(days=1), 12)
