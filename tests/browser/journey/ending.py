"""The day before, and how it ends: called off, and told also to whose mailbox is gone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import front_door
from tests.browser.circle import OLGA, WANDA
from tests.browser.journey.calendars import BART, CARLA, COME, HOUR, SASKIA, shown, stands
from tests.browser.looking import DESK, PHONE, looked
from tests.browser.loop import Loop, eve
from tests.browser.mailed import Mail
from tests.web.calendar_reading import date_in


def reminded(loop: Loop) -> None:
    """The day before, everybody who comes hears of it once more, by a mail that changes no calendar."""
    loop.wait_until(eve())
    # Nobody stays logged in for so long.
    loop.staff = front_door.come_in(loop.browser, loop.home, OLGA)
    loop.until(lambda: all(len(reminders(loop, to)) == 1 for to in COME))
    assert reminders(loop, BART) == []
    assert {mail.method for to in COME for mail in reminders(loop, to)} == {""}
    first = loop.home.there.dates[0] + HOUR
    assert all(f"{first:%H.%M}" in reminders(loop, to)[0].text for to in (SASKIA, WANDA))


def reminders(loop: Loop, to: str) -> list[Mail]:
    """The reminders of somebody: only they can be stopped by a click."""
    return [mail for mail in loop.post.mails(to) if mail.head["List-Unsubscribe"]]


def called_off(loop: Loop, feed: str) -> None:
    """Both dates: struck through for everybody who still thought of coming."""
    there = loop.home.there
    first, second = there.dates
    with loop.page(DESK, staff=True) as page:
        page.goto(loop.home.url("organiser.series", series_id=there.series))
        page.locator("summary", has_text="Meer met").first.click()
        page.get_by_role("link", name="Laat alles niet doorgaan").click()
        page.get_by_role("button", name="Gelast af en verstuur").click()
        expect(page.get_by_text("Afgelast. Iedereen die hier een plek had, krijgt bericht.")).to_be_visible()
    loop.until(lambda: all([mail.method for mail in loop.invitations(to)] == ["CANCEL"] * 2 for to in COME))
    for mail in loop.invitations(SASKIA):
        assert date_in(mail.ics)["STATUS"] == "CANCELLED" and "Kom je" not in date_in(mail.ics)["DESCRIPTION"]
        loop.khal.take(mail.ics)
        loop.phone.take(mail.ics)
        assert date_in(loop.phone.holds(mail.version[1]))["STATUS"] == "CANCELLED"
    stands(loop, [first + HOUR, second], "CANCELLED ")
    with loop.page(PHONE) as page:
        dates = shown(loop, page.request.get(feed).body(), "feed-afterwards.ics")
        page.goto(loop.home.address + loop.post.mails(SASKIA, "REQUEST")[0].link("uitnodiging"))
        expect(page.get_by_text("Deze ontmoeting gaat niet door").first).to_be_visible()
    assert [str(date["STATUS"]) for date in dates] == ["CANCELLED"] * 2
    assert all(str(date["SUMMARY"]).startswith("Geannuleerd:") for date in dates)
    assert [(str(date["UID"]), int(date["SEQUENCE"])) for date in dates] == [
        mail.version[1:] for mail in loop.invitations(SASKIA)
    ]


def bounced(loop: Loop) -> None:
    """Carla's mailbox is gone: from now on somebody calls her, about this too. Henk was called all along."""
    loop.post.bounce(loop.invitations(CARLA)[0])
    with loop.page(PHONE, staff=True) as page:

        def listed() -> bool:
            page.goto(loop.home.url("organiser.calls"))
            return page.locator("summary", has_text="Çelik, Carla").is_visible()

        loop.until(listed)
        page.evaluate("document.querySelectorAll('.look-calls details').forEach(row => row.open = true)")
        expect(page.get_by_text("e-mail komt niet aan")).to_have_count(1)
        expect(page.get_by_text("De ontmoeting gaat niet door. Dat spijt ons.")).to_be_visible()
        expect(page.locator("summary", has_text="Henk")).to_be_visible()
        looked(page, "loop-calls")
