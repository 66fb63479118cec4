"""A resident who signs up through the real pages: four screens, cookies, tokens, and time to think."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from random import Random
from urllib.parse import urlencode

from web.bench.server import HOST
from web.resident.forms import FASTEST

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
THINKING = (0.3, 1.0)
"""Seconds between two screens."""

Fields = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: where it leads to, if it leads anywhere."""

    status: int
    location: str
    page: str


@dataclass
class Browser:
    """Sends what the proxy in front of the site would pass on: over TLS, from an address of its own."""

    port: int
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    token: str = ""

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Fields, headers: Mapping[str, str] | None = None) -> Answer:
        """Press a button."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **fields}, doseq=True), headers)

    def twin(self) -> Browser:
        """The same browser once more, for whoever presses a button twice."""
        return Browser(self.port, self.address, dict(self.cookies), self.seconds, self.token)

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str] | None = None) -> Answer:
        begun = time.perf_counter()
        connection = HTTPConnection(HOST, self.port, timeout=120)
        connection.request(method, path, body, {**self._headers(body), **(headers or {})})
        response = connection.getresponse()
        answer = self._read(response)
        self.seconds.append(time.perf_counter() - begun)
        connection.close()
        return answer

    def _headers(self, body: str | None) -> dict[str, str]:
        found = {"X-Forwarded-For": self.address, "X-Forwarded-Proto": "https"}
        if self.cookies:
            found["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return found if body is None else {**found, "Content-Type": "application/x-www-form-urlencoded"}

    def _read(self, response: HTTPResponse) -> Answer:
        for header in response.msg.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        page = response.read().decode()
        if found := TOKEN.search(page):
            self.token = found[1]
        return Answer(response.status, response.headers.get("Location", ""), page)


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody fills in."""

    name: str
    sessions: tuple[int, ...]

    def screens(self) -> tuple[Fields, Fields, Fields, Fields]:
        """The fields of the four screens; the last one with the questions about bubbles answered."""
        return (
            {"sessions": [str(id) for id in self.sessions]},
            {"name": self.name},
            {"reach": "email", "email": f"{self.name.lower()}@meten.example"},
            {
                "languages": ["nl", "en"],
                "interests": ["koken"],
                "bubbles_age": "26-40",
                "bubbles_household": "alone",
                "consent_bubbles": "y",
            },
        )


def fill_in(browser: Browser, series: str, person: Person, dice: Random) -> Callable[[Browser], Answer]:
    """Everything but the last button; what comes back presses it. The form refuses who is faster than people are."""
    join = f"{series}aanmelden/"
    _think(dice)
    browser.get(series)
    _think(dice)
    browser.get(f"{join}1")
    # The form counts from when it was made; a busy server makes it later than it was asked for.
    begun = time.monotonic()
    for number, fields in enumerate(person.screens()[:3], 1):
        _think(dice)
        _follow(browser, browser.post(f"{join}{number}", fields))
    time.sleep(max(0.0, begun + FASTEST + 0.3 - time.monotonic()))
    return lambda own: own.post(f"{join}4", person.screens()[3])


def _think(dice: Random) -> None:
    time.sleep(dice.uniform(*THINKING))


def _follow(browser: Browser, answer: Answer) -> None:
    if answer.location:
        browser.get(answer.location)


def finish(browser: Browser, press: Callable[[Browser], Answer]) -> str:
    """Press the last button and look at what it leads to; the personal address, or nothing."""
    answer = press(browser)
    _follow(browser, answer)
    return answer.location
