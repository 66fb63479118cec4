"""A mail as somebody got it: who, by which envelope, what it says, and the invitation in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.web.calendar_reading import date_in

DOMAIN = "voorbeeld.example"
SITE = f"https://groepen.{DOMAIN}"
"""Where the site is, letters say; the browser of a test finds it elsewhere."""


@dataclass(frozen=True)
class Mail:
    """A mail as it arrived, with its envelope; `number` is which of the dates in it one looks at."""

    to: str
    envelope: str
    raw: bytes
    number: int = 0

    @property
    def head(self) -> EmailMessage:
        """Its fields, and its parts."""
        return message_from_bytes(self.raw, policy=policy.default)  # type: ignore[return-value]

    @property
    def ics(self) -> bytes:
        """The invitation in it, as a calendar program reads it; nothing if there is none."""
        return self._objects[self.number] if self._objects else b""

    @property
    def dates(self) -> list[Mail]:
        """The mail as it is about each of the dates in it."""
        return [replace(self, number=number) for number in range(len(self._objects))]

    @property
    def _objects(self) -> list[bytes]:
        """The part that programs act on, and the files of other dates."""
        parts = [part for part in self.head.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
        return list(dict.fromkeys(part.get_payload(decode=True) for part in parts))

    @property
    def method(self) -> str:
        """What the invitation asks for."""
        found = re.search(rb"^METHOD:(\w+)", self.ics, re.MULTILINE)
        return found[1].decode() if found else ""

    @property
    def version(self) -> tuple[str, str, int]:
        """What it does, to which event, and in which version."""
        event = date_in(self.ics)
        return self.method, str(event["UID"]), int(event["SEQUENCE"])

    @property
    def text(self) -> str:
        """What it says."""
        return str(self.head.get_body(("plain",)).get_content())

    def link(self, page: str) -> str:
        """The way to a page of the site that it names, from the root of the site."""
        found = re.search(rf"{SITE}(/{page}/[A-Za-z0-9_-]+/?)", self.text)
        assert found, (page, self.text)
        return found[1]
