"""A tab of a browser: it opens a page, fills in its form with all that is hidden in it, and follows where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import Cookie, TestResponse

from tests.web.pages import Form, Page

SERIES = "/doe-mee/zuid/samen-koken/"


def drafts(client: FlaskClient) -> list[Cookie]:
    """The cookies in which a browser holds drafts."""
    return [cookie for cookie in client._cookies.values() if cookie.key.startswith("aanmelding")]


@dataclass
class Tab:
    """One of the tabs of a browser, which share its cookies; `now` is the page that it shows."""

    client: FlaskClient
    now: TestResponse = field(init=False)

    def go(self, address: str) -> Tab:
        """Open an address."""
        return self._follow(self.client.get(address))

    def join(self) -> Tab:
        """From the page of the series, by its button."""
        (way,) = {given["href"] for tag, given in Page(self.client.get(SERIES).text).tags if _joins(tag, given)}
        return self.go(way)

    @property
    def form(self) -> Form:
        """The form of the page: not the one of a single button, such as to sign out."""
        return max((form for form in Page(self.now.text).forms if form.method == "post"), key=lambda f: len(f.fields))

    @property
    def where(self) -> str:
        """The address that it shows."""
        return self.now.request.full_path.removesuffix("?")

    def send(self, told: Mapping[str, Any], **headers: str) -> Tab:
        """Press the button, with these answers and what the page itself brings along."""
        address = self.form.action or self.where
        return self._follow(self.client.post(address, data={**self.hidden, **told}, headers=headers))

    def _follow(self, answer: TestResponse) -> Tab:
        """Where an answer leads; a browser gives up on one that leads round in circles."""
        for _ in range(10):
            if answer.status_code != 302:
                self.now = answer
                return self
            answer = self.client.get(answer.location)
        raise AssertionError(answer.location)

    @property
    def hidden(self) -> dict[str, str]:
        """What the form brings along unseen."""
        return {
            given["name"]: given.get("value", "")
            for tag, given in Page(self.now.text).tags
            if tag == "input" and given.get("type") == "hidden"
        }

    def tell(self, *screens: Mapping[str, Any]) -> Tab:
        """Some screens, one after the other."""
        for told in screens:
            self.send(told)
        return self


def _joins(tag: str, given: Mapping[str, str]) -> bool:
    return tag == "a" and "/aanmelden" in given.get("href", "")
