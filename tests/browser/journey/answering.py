"""Answers come back, and a chair goes to who waits."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.circle import WANDA
from tests.browser.journey.calendars import BART, FATIMA, HOUR, SASKIA
from tests.browser.looking import PHONE, looked
from tests.browser.loop import Loop
from tests.browser.mailed import Mail
from tests.web.calendar_reading import date_in


def declined(loop: Loop) -> None:
    """Bart can come to neither date, says his calendar; Fatima comes to both. Then Bart's chair goes to who waits."""
    for mail in loop.invitations(FATIMA):
        loop.post.answer(mail, "ACCEPTED")
    one, other = loop.invitations(BART)
    loop.post.answer(one, "DECLINED", "google")
    loop.until(lambda: comes(loop, "Bart") == "nee")
    assert len(offers(loop)) == 0, "he still comes once"
    loop.post.answer(other, "DECLINED", "google")
    loop.until(lambda: bool(offers(loop)))
    assert comes(loop, "فاطمة الزهراء") == "ja"
    assert comes(loop, "Saskia") == "nog niets"


def offers(loop: Loop) -> list[Mail]:
    """Mails to Wanda that ask whether she comes."""
    return [mail for mail in loop.post.mails(WANDA) if "/plek/" in mail.text]


def comes(loop: Loop, name: str) -> str:
    """What the organiser's page says of somebody, for the first date."""
    with loop.page(PHONE, staff=True) as page:
        page.goto(loop.home.url("organiser.turnout", series_id=loop.home.there.series))
        guest = page.locator(".site-guest").filter(has=page.get_by_role("link", name=name, exact=True))
        return str(guest.locator(".look-chip").inner_text()).strip()


def taken(loop: Loop) -> None:
    """Wanda says yes with one tap, and is invited as the others are: to the dates as they stand."""
    with loop.page(PHONE) as page:
        page.goto(loop.home.address + offers(loop)[0].link("plek"))
        looked(page, "loop-offer")
        page.get_by_role("button", name="Ja, ik kom").tap()
        expect(page.get_by_text("Deze plek is van jou")).to_be_visible()
        looked(page, "loop-taken")
    loop.until(lambda: len(loop.versions(WANDA)) == 2)
    known = [mail.version[1] for mail in loop.invitations(SASKIA)]
    first, second = loop.home.there.dates
    assert [mail.version for mail in loop.invitations(WANDA)] == [("REQUEST", uid, 0) for uid in known]
    assert [date_in(mail.ics)["DTSTART"].dt for mail in loop.invitations(WANDA)] == [first + HOUR, second]
