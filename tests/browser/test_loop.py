"""The whole loop as people live it: invited by mail, in their calendars, moved, answered, offered on, called off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import circle, front_door
from tests.browser.circle import OLGA, PEOPLE, WANDA, wall
from tests.browser.looking import DESK, PHONE, looked
from tests.browser.loop import Loop, eve, looping
from tests.browser.mailed import Mail
from tests.web.calendar_reading import calendar_in, date_in
from web.rows.messages import OVERTAKEN, SENT

pytestmark = pytest.mark.slow

SASKIA, BART, CARLA, FATIMA = (str(PEOPLE[name]["email"]) for name in list(PEOPLE)[:4])
PEOPLE_AND_WANDA = {**PEOPLE, circle.WAITS: {"email": WANDA}}
SEATED = [str(more["email"]) for more in PEOPLE.values() if more["email"]]
COME = [to for to in SEATED if to != BART] + [WANDA]
HOUR = timedelta(hours=1)


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


def stands(loop: Loop, dates: list[datetime], mark: str = "") -> None:
    """Both calendars of Saskia show one event on each day, at its hour."""
    for start, mail in zip(dates, loop.invitations(SASKIA), strict=True):
        end = start + timedelta(hours=2)
        title = f"{mark}Samen koken in de buurt"
        assert loop.khal.shows(start) == [f"{start:%Y-%m-%d} {start:%H:%M}-{end:%H:%M} {title}"]
        midnight = wall(start.date(), 0)
        assert loop.phone.between(midnight, 24 * 60) == loop.phone.between(start, 120) == 1
        assert loop.phone.between(start - HOUR, 60) == loop.phone.between(end, 60) == 0
        assert date_in(loop.phone.holds(mail.version[1]))["DTSTART"].dt == start


def moved(loop: Loop) -> None:
    """An hour later, the first date only: that event has a next version for everybody."""
    there = loop.home.there
    first, second = there.dates
    before = {to: loop.invitations(to) for to in SEATED}
    with loop.page(DESK, staff=True) as page:
        page.goto(loop.home.url("organiser.series", series_id=there.series))
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
        file = loop.home.address + loop.invitations(SASKIA)[0].link("uitnodiging") + "/agenda.ics"
        (downloaded,) = shown(loop, page.request.get(file).body(), "download.ics")
    first, second = loop.home.there.dates
    assert [date["DTSTART"].dt for date in dates] == [first + HOUR, second]
    assert (downloaded["UID"], downloaded["SEQUENCE"]) == (dates[0]["UID"], dates[0]["SEQUENCE"])
    assert {str(date["UID"]) for date in dates} == {mail.version[1] for mail in loop.invitations(SASKIA)}
    return address


def shown(loop: Loop, content: bytes, name: str) -> list[Any]:
    """The dates in a feed or file, in order of time."""
    loop.post.keep(name, content)
    return sorted(calendar_in(content).walk("VEVENT"), key=lambda date: date["DTSTART"].dt)


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
        return str(guest.locator(".utrecht-status-badge").inner_text()).strip()


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


def reminded(loop: Loop) -> None:
    """The day before, everybody who comes hears of it once more, by a mail that changes no calendar."""
    loop.clock.set(eve())
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
        page.locator("summary", has_text="Gaat een datum niet door?").click()
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
            return page.get_by_role("heading", name="Çelik, Carla").is_visible()

        loop.until(listed)
        expect(page.get_by_text("e-mail komt niet aan")).to_have_count(1)
        expect(page.get_by_text("De ontmoeting gaat niet door. Dat spijt ons.")).to_be_visible()
        expect(page.get_by_role("heading", name="Henk")).to_be_visible()
        looked(page, "loop-calls")


def told_once(loop: Loop) -> None:
    """When all is sent: to each what concerns them, once and in order, and to nobody about anybody else."""
    loop.until(lambda: loop.states() <= {SENT, OVERTAKEN})
    one, other = (mail.version[1] for mail in loop.invitations(SASKIA))
    first = {("REQUEST", one, 0), ("REQUEST", other, 0)}
    for to in SEATED:
        versions = loop.versions(to)
        cancels = set() if to == BART else {("CANCEL", one, 2), ("CANCEL", other, 1)}
        assert set(versions[:2]) == first and versions[2] == ("REQUEST", one, 1)
        assert len(versions[3:]) == len(cancels) and set(versions[3:]) == cancels
    versions = loop.versions(WANDA)
    assert set(versions[:2]) == first and set(versions[2:]) == {("CANCEL", one, 1), ("CANCEL", other, 1)}
    assert len(versions) == 4
    for name, more in PEOPLE_AND_WANDA.items():
        for mail in loop.post.mails(str(more["email"])):
            alone(mail, name)
    assert {to for to in loop.post.everybody() if not to.endswith("@zuid.example")} == {*SEATED, WANDA}


def alone(mail: Mail, name: str) -> None:
    """Neither the mail nor the calendar in it tells of another resident."""
    written = mail.head.get_body(("html",)).get_content()
    whole = "\n".join([*map(str, mail.head.values()), mail.text, written, *re.split("\r\n(?! )", mail.ics.decode())])
    for other, more in PEOPLE_AND_WANDA.items():
        told = [word for word in (other, more["email"], more.get("phone")) if word and other != name]
        assert not [word for word in told if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", whole)]
