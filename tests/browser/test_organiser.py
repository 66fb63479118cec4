"""An organiser's way, from the copy of a meeting to published groups; with the real worker."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.board import dragged, two_tables
from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.browser.keys import Keys
from tests.browser.looking import DESK, looked
from tests.web import sheets
from web import world
from web.rows import db
from web.services.statistics import night

pytestmark = pytest.mark.slow

AMINA = "amina@zuid.example"
TABLET = 768
SOLVED = 60_000
"""Milliseconds; the shortest search that the page offers is ten seconds, and a machine may be slow."""


def test_from_a_copy_to_published_groups(home: House, visit: Visit, tmp_path: Path) -> None:
    page = visit(DESK, who=AMINA)
    copied(page, home)
    papers(page)
    by_the_desk(page)
    from_a_spreadsheet(page, tmp_path)
    figures(page, home)
    proposed(page)
    by_hand(page)
    solved_again(page)
    published(page)
    compared(page)


def copied(page: Page, home: House) -> None:
    page.goto(home.url("organiser.copy", series_id=home.there.cast.series))
    page.get_by_label("Naam van de ontmoeting").fill("Samen koken, voorjaar")
    page.get_by_label("Eerste dag").fill((date.today() + timedelta(days=40)).isoformat())
    page.locator("#groups").fill("5")
    looked(page, "organiser-copy")
    click(page, "Maak de kopie")
    looked(page, "organiser-copied")
    click(page, "Ik heb alles bekeken, het klopt")
    page.get_by_role("button", name="Open de aanmelding").first.click()
    expect(page.get_by_text("De aanmelding is open.")).to_be_visible()
    # Three times on one day: the hour tells them apart.
    expect(page.get_by_text(re.compile(r" om \d\d\.00 uur heeft er nog "))).to_have_count(3)
    looked(page, "organiser-open")


def papers(page: Page) -> None:
    """The poster and the paper form, in both languages."""
    links = page.get_by_role("link", name="(PDF)")
    expect(links).to_have_count(4)
    for link in links.all():
        answer = page.request.get(link.evaluate("link => link.href"))
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.body().startswith(b"%PDF-")


def by_the_desk(page: Page) -> None:
    """By keyboard, first without a way to be reached."""
    click(page, "Aanmeldingen")
    click(page, "Balie")
    looked(page, "organiser-desk")
    keys = Keys(page)
    keys.to("#name").type("Harrie").press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#name")).to_have_value("Harrie")
    looked(page, "organiser-desk-error")
    keys.to("#contact").type("harrie@voorbeeld.example").to("#sessions-0").press("Space").press("Enter")
    expect(page.get_by_text("Harrie staat erop.")).to_be_visible()


def from_a_spreadsheet(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "lijst.xlsx"
    file.write_bytes(sheets.sixty())
    click(page, "Importeren")
    page.get_by_label("Bestand").set_input_files(file)
    click(page, "Bekijk wat er gebeurt")
    # Reading goes on beside the site, and a page of its own says so until it is done.
    expect(page.get_by_role("button", name="Voeg 60 mensen toe")).to_be_visible(timeout=60_000)
    looked(page, "organiser-import")
    click(page, "Voeg 60 mensen toe")
    expect(page.get_by_text("60 mensen zijn toegevoegd")).to_be_visible()
    click(page, "Aanmeldingen")
    looked(page, "organiser-signups")


def figures(page: Page, home: House) -> None:
    with home.app.app_context():
        night.run(db.session, world.now(), world.settings(), world.vault())
    click(page, "Cijfers")
    page.get_by_text("Als tabel").first.click()
    looked(page, "organiser-figures")


def proposed(page: Page) -> None:
    """The page says how far it is, and goes to the groups by itself."""
    click(page, "Groepen")
    click(page, "Stel groepen voor")
    expect(page.locator("#state progress")).to_be_visible(timeout=SOLVED)
    looked(page, "organiser-progress")
    expect(page.locator("#board")).to_be_visible(timeout=SOLVED)
    looked(page, "organiser-board")


def by_hand(page: Page) -> None:
    """One by mouse, one by keyboard; back and forth; one is fixed."""
    start, end, name = two_tables(page)
    dragged(page, start.locator(f"[data-name='{name}']"), end)
    expect(end.locator(f"[data-name='{name}']")).to_be_visible()
    expect(page.get_by_role("heading", name="Wat de laatste wijziging deed")).to_be_visible()
    looked(page, "organiser-dragged")
    by_menu(page)
    many = end.locator(".editor-person").count()
    page.keyboard.press("Control+z")
    expect(page.locator("#redo")).not_to_have_attribute("aria-disabled", "true")
    page.locator("#redo").press("Enter")
    expect(page.locator("#redo")).to_have_attribute("aria-disabled", "true")
    assert end.locator(".editor-person").count() == many
    lock(page).press("Enter")
    expect(lock(page)).to_have_attribute("aria-pressed", "true")


def by_menu(page: Page) -> None:
    """The small form of a person, opened and sent by keyboard."""
    page.locator("[data-place]:not([data-place='']) .editor-name").nth(3).press("Enter")
    panel = page.locator(".editor-panel")
    expect(panel.locator("select")).to_be_focused()
    looked(page, "organiser-menu")
    page.keyboard.press("ArrowDown")
    keys = Keys(page).to(".editor-panel button")
    with page.expect_response("**/verplaats") as answer:
        keys.press("Enter")
    assert answer.value.ok
    expect(panel).to_have_count(0)


def lock(page: Page) -> Locator:
    return page.locator(".editor-lock").nth(2)


def solved_again(page: Page) -> None:
    """Whoever was fixed is still at that table, and still fixed."""
    fixed = page.locator(".editor-person:has([aria-pressed=true])").get_attribute("id")
    before = page.url
    click(page, "Los de rest opnieuw op")
    expect(page).not_to_have_url(before)
    expect(page.locator("#board")).to_be_visible(timeout=SOLVED)
    expect(page.locator(f"#{fixed} [aria-pressed=true]")).to_be_visible()
    looked(page, "organiser-again")


def published(page: Page) -> None:
    click(page, "Publiceren")
    page.get_by_text("Bekijk het bericht").click()
    expect(page.get_by_text("Harrie").first).to_be_visible()
    looked(page, "organiser-publish")
    reason = page.locator("#reden")
    if reason.count():
        reason.fill("We beginnen met wie er is.")
    click(page, "Publiceer en verstuur")
    expect(page.get_by_text("De groepen staan vast.")).to_be_visible()
    looked(page, "organiser-plan")
    with page.expect_download() as taken:
        click(page, "Groepslijsten (PDF)")
    assert taken.value.path().read_bytes().startswith(b"%PDF-")


def compared(page: Page) -> None:
    click(page, "Groepen")
    looked(page, "organiser-proposals")
    for box in page.locator("input[name=naast]").all():
        box.check()
    click(page, "Vergelijk de twee die je aankruist")
    looked(page, "organiser-compare")


def click(page: Page, name: str) -> None:
    """A link or a button."""
    page.get_by_role("link", name=name, exact=True).or_(page.get_by_role("button", name=name, exact=True)).click()


def test_on_a_tablet_in_english(home: House, visit: Visit, tmp_path: Path) -> None:
    there, page = home.there, visit(TABLET, "en", who=AMINA)
    page.goto(home.url("organiser.proposal", series_id=there.cast.series, id=there.proposals[1]))
    start, end, name = two_tables(page)
    dragged(page, start.locator(f"[data-name='{name}']"), end)
    expect(end.locator(f"[data-name='{name}']")).to_be_visible()
    looked(page, "organiser-tablet-dragged")
    page.locator("#undo").press("Enter")
    expect(start.locator(f"[data-name='{name}']")).to_be_visible()
    for what in ("organiser.publish_page", "organiser.pictures"):
        page.goto(home.url(what, series_id=there.cast.series, id=there.proposals[1]))
        looked(page, f"tablet-{what}")
    file = tmp_path / "list.csv"
    file.write_text(sheets.table(sheets.BART, ["Els", "sms", "", "12", "", ""]))
    page.goto(home.url("organiser.import_form", series_id=there.cast.series))
    page.locator("#file").set_input_files(file)
    page.locator("form button[type=submit]").last.click()
    expect(page.locator("#geweigerd")).to_be_visible()
    looked(page, "organiser-tablet-import")
