"""A first visit in a real browser on a phone: what travels, whether the page jumps, and how many keys it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from shutil import which
from typing import TYPE_CHECKING, Any

from matcher.bench.table import Row
from web.bench.crowd import opened
from web.bench.server import served
from web.bench.town import town
from web.resident.forms import FASTEST

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

CHROMIUM = "chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE: ViewportSize = {"width": 390, "height": 844}
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 768_000 / 8}
"""A 3G line: milliseconds, bytes a second."""
SHIFT = """() => new Promise(done => {
  let sum = 0
  new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value })
    .observe({type: "layout-shift", buffered: true})
  setTimeout(() => done(sum), 200)
})"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"
MISSING = "not measured: no Chromium"
FURTHEST = 60
"""Tabs after which a page counts as one on which there is no way to get somewhere."""


def cases() -> Iterator[Row]:
    """One phone after another, each with an empty memory."""
    if not which(CHROMIUM) or find_spec("playwright") is None:
        yield "first visit of the sign-up", MISSING, "<= 250 kB, no layout shift"
        yield "sign-up by keyboard", MISSING, "<= 12 interactions"
        return
    with town() as here:
        (series,) = opened(here, {"samen-koken": None})
        with served(here) as server, _chromium() as browser:
            for measure in (_weight, _slow, _keys):
                yield measure(_new(browser), server.site + series.address)


@contextmanager
def _chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=which(CHROMIUM), args=list(QUIET))
        yield browser
        browser.close()


def _new(browser: Browser) -> Page:
    """A phone that was never here before; the proxy in front of the site says that it came over TLS."""
    return browser.new_page(viewport=PHONE, extra_http_headers={"X-Forwarded-Proto": "https"}, locale="nl-NL")


@dataclass
class Wire:
    """Everything that travels to one page: bytes with their headers, and requests."""

    bytes: float = 0
    requests: int = 0

    def listen(self, page: Page) -> Any:
        """Begin to count."""
        tap = page.context.new_cdp_session(page)
        tap.send("Network.enable")
        tap.on("Network.loadingFinished", self._add)
        return tap

    def _add(self, told: dict[str, Any]) -> None:
        # What the browser had already comes without a byte.
        self.bytes += told["encodedDataLength"]
        self.requests += told["encodedDataLength"] > 0

    def __str__(self) -> str:
        return f"{self.bytes / 1000:.0f} kB in {self.requests} requests"


def _weight(page: Page, address: str) -> Row:
    wire = Wire()
    wire.listen(page)
    page.goto(address, wait_until="networkidle")
    first = str(wire)
    _Keyboard(page).sign_up()
    page.wait_for_load_state("networkidle")
    measured = f"{first}; {wire} up to and with the confirmation"
    return "first visit of the sign-up, over the wire", measured, "<= 250 kB"


def _slow(page: Page, address: str) -> Row:
    tap = Wire().listen(page)
    tap.send("Network.emulateNetworkConditions", SLOW)
    page.goto(address, wait_until="networkidle")
    painted, shifts = page.evaluate(PAINTED), [page.evaluate(SHIFT)]
    _Keyboard(page, lambda: shifts.append(page.evaluate(SHIFT))).sign_up()
    measured = f"first words after {painted:.1f} s; layout shift {max(shifts):.3f} on the worst of {len(shifts)} pages"
    return "first visit of the sign-up, 3G (1.6 Mbit/s, 300 ms)", measured, "layout shift 0"


def _keys(page: Page, address: str) -> Row:
    keyboard = _Keyboard(page)
    page.goto(address, wait_until="networkidle")
    keyboard.sign_up()
    measured = f"{keyboard.done} interactions; {keyboard.done + keyboard.tabs} with each Tab counted too"
    return (
        "shortest sign-up by keyboard, 390 px (a field typed, a box ticked, a button)",
        measured,
        "<= 12 interactions",
    )


@dataclass
class _Keyboard:
    """Somebody without a mouse; `seen` is called on every page they come to."""

    page: Page
    seen: Callable[[], object] = lambda: None
    done: int = field(default=0, init=False)
    tabs: int = field(default=0, init=False)

    def sign_up(self) -> None:
        """From the page of a series to the confirmation, with the fewest answers."""
        self._press("a[href$='/aanmelden']", "Enter", leads_to="**/aanmelden/1*")
        self._press("input[name=sessions]", "Space")
        self._press("input[name=sessions]", "Enter", leads_to="**/aanmelden/2*")
        self._type("input[name=name]", "Bart")
        self._press("input[name=name]", "Enter", leads_to="**/aanmelden/3*")
        self._press("input[name=reach]", "Space")
        self._type("input[name=email]", "bart@meten.example")
        self._press("input[name=email]", "Enter", leads_to="**/aanmelden/4*")
        # The form refuses who is faster than people are.
        self.page.wait_for_timeout(1000 * FASTEST)
        self._press("main button[type=submit]", "Enter", leads_to="**/aangemeld")

    def _press(self, selector: str, key: str, leads_to: str = "") -> None:
        self._reach(selector)
        self.page.keyboard.press(key)
        self.done += 1
        if leads_to:
            self.page.wait_for_url(leads_to)
            self.seen()

    def _type(self, selector: str, text: str) -> None:
        self._reach(selector)
        self.page.keyboard.type(text)
        self.done += 1

    def _reach(self, selector: str) -> None:
        """By Tab, from wherever the page left us."""
        for _ in range(FURTHEST):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.page.keyboard.press("Tab")
            self.tabs += 1
        raise RuntimeError(f"{self.page.url}: no way to {selector} by keyboard")
