"""The plan is published, a date is moved, and a calendar follows."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.circle import WANDA
from tests.browser.journey.calendars import HOUR, SASKIA, SEATED, shown, stands
from tests.browser.looking import BOTH, DESK, PHONE, looked
from tests.browser.loop import Loop
from tests.web.calendar_reading import date_in


def published(loop: Loop) -> None:
    """Everybody round the table gets one invitation for each date, and Wanda none."""
    there = loop.home.there
    with loop.page(DESK, staff=True) as page:
        page.goto(loop.home.url("organiser.publish_page", series_id=there.series, id=there.proposal))
        page.get_by_role("button", name="Publiceer en verstuur").click()
        expect(page.get_by_text("De groepen staan vast.")).to_be_visible()
    loop.until(lambda: all(len(loop.versions(to)) == 2 for to in SEATED))
    uids = {uid for _method, uid, _number in loop.versions(SASKIA)}
    assert len(uids) == 2
    for to in SEATED:
        assert sorted(loop.versions(to)) == sorted(("REQUEST", uid, 0) for uid in uids)
    assert loop.versions(WANDA) == []
    for mail in loop.invitations(SASKIA):
        loop.khal.take(mail.ics)
        loop.phone.take(mail.ics)
    stands(loop, list(there.dates))


def moved(loop: Loop) -> None:
    """An hour later, the first date only: that event has a next version for everybody."""
    there = loop.home.there
    first, second = there.dates
    before = {to: loop.invitations(to) for to in SEATED}
    with loop.page(DESK, staff=True) as page:
        page.goto(loop.home.url("organiser.series", series_id=there.series))
        page.locator("summary", has_text="Meer met").first.click()
        page.get_by_role("link", name="Verplaats").click()
        page.locator("#start_1").fill(f"{first + HOUR:%H:%M}")
        page.locator("#end_1").fill(f"{first + 3 * HOUR:%H:%M}")
        page.get_by_role("button", name="Bekijk wie dit hoort").click()
        page.get_by_role("button", name="Verplaats en verstuur").click()
        expect(page.get_by_text("Verplaatst. Iedereen die hier een plek heeft, krijgt bericht.")).to_be_visible()
    loop.until(lambda: all(len(loop.versions(to)) == 3 for to in SEATED))
    for to in SEATED:
        assert loop.versions(to)[2] == ("REQUEST", before[to][0].version[1], 1)
        assert date_in(loop.invitations(to)[0].ics)["DTSTART"].dt == first + HOUR
    for program in (loop.khal, loop.phone):
        program.take(loop.invitations(SASKIA)[0].ics)
    stands(loop, [first + HOUR, second])


def followed(loop: Loop) -> str:
    """Saskia lets her calendar follow a feed; its address."""
    with loop.page(PHONE) as page:
        page.goto(loop.home.address + loop.post.mails(SASKIA, "")[0].link("mijn"))
        page.get_by_role("button", name="Maak mijn agenda-adres").click()
        expect(page.get_by_text("Je agenda-adres is klaar.")).to_be_visible()
        address = str(page.locator(".join-link a").inner_text())
        dates = shown(loop, page.request.get(address).body(), "feed.ics")
        file = loop.home.address + loop.invitations(SASKIA)[0].link("uitnodiging") + "/alle-data.ics"
        page.goto(file.removesuffix("/alle-data.ics"))
        expect(page.get_by_role("button", name="Ik kom beide keren", exact=True)).to_be_visible()
        looked(page, "loop-answers", BOTH)
        downloaded = shown(loop, page.request.get(file).body(), "download.ics")
    first, second = loop.home.there.dates
    assert [date["DTSTART"].dt for date in dates] == [first + HOUR, second]
    assert [(one["UID"], one["SEQUENCE"]) for one in downloaded] == [(one["UID"], one["SEQUENCE"]) for one in dates]
    assert {str(date["UID"]) for date in dates} == {mail.version[1] for mail in loop.invitations(SASKIA)}
    return address
