"""Text messages: by a mail to an address made of the number, or by HTTP to a gateway."""

from __future__ import annotations

import json
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from config import TextMessages
from web.channels.faults import Channel, DeliveryFault, Later, Never, Withdrawn
from web.channels.parcel import Parcel

PATIENCE = 20.0
"""Seconds for a gateway to answer."""
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_LINK = re.compile(r"https?://\S+")
_MORE = "..."  # Not one sign: with a sign of its own a message holds half as much.


class Texting:
    """A channel for text messages; `mail` is the one that mail to a gateway goes by.

    `context` is for a gateway whose certificate only a test knows.
    """

    def __init__(
        self, texts: TextMessages, token: str, mail: Channel, *, context: ssl.SSLContext | None = None
    ) -> None:
        self.texts, self.mail = texts, mail
        self._token = token
        self._context = context

    def send(self, parcel: Parcel, sure: Callable[[], bool]) -> None:
        """Send the short form of a letter; see `web.channels.faults.Channel`."""
        if not _NUMBER.fullmatch(parcel.address):
            raise Never("address")
        if self.texts.kind == "mail":
            self.mail.send(self._as_mail(parcel), sure)
        else:
            self._post(parcel, sure)

    def holds(self, parcel: Parcel) -> bool | None:
        """What the mail knows; a gateway cannot be asked."""
        return self.mail.holds(self._as_mail(parcel)) if self.texts.kind == "mail" else None

    def close(self) -> None:
        """Nothing is open; the mail is closed by whoever made it."""

    def _as_mail(self, parcel: Parcel) -> Parcel:
        """Only the text: a gateway would send a subject or a second form along."""
        address = self.texts.address.replace("{number}", parcel.address.removeprefix("+"))
        text = fitting(parcel.short or parcel.text, self.texts.length)
        return replace(
            parcel,
            address=address,
            text=text,
            name="",
            subject="",
            html="",
            calendars=(),
            from_address="",
            unsubscribe="",
        )

    def _post(self, parcel: Parcel, sure: Callable[[], bool]) -> None:
        reference = sha256(parcel.key.encode()).hexdigest()[:32]
        text = fitting(parcel.short or parcel.text, self.texts.length)
        told = {"to": parcel.address, "text": text, "from": self.texts.sender, "reference": reference}
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json; charset=utf-8",
            # So that a gateway that was not heard may be asked again.
            "Idempotency-Key": reference,
        }
        line = self._line()
        try:
            with _connecting():
                line.connect()
            if not sure():
                raise Withdrawn
            status = _answer(line, self._path(), json.dumps(told), headers)
        finally:
            line.close()
        if not 200 <= status < 300:
            raise _fault(status)

    def _line(self) -> HTTPConnection:
        """A connection that follows no redirect: the token is for this address alone."""
        site = urlsplit(self.texts.url)
        if site.scheme == "https":
            context = self._context or ssl.create_default_context()
            return HTTPSConnection(site.hostname or "", site.port, timeout=PATIENCE, context=context)
        return HTTPConnection(site.hostname or "", site.port, timeout=PATIENCE)

    def _path(self) -> str:
        site = urlsplit(self.texts.url)
        return (site.path or "/") + (f"?{site.query}" if site.query else "")


def fitting(text: str, length: int) -> str:
    """A text of at most so many characters, cut between words and never inside a link; the link stays if it can."""
    if len(text) <= length:
        return text
    link = next((hit for hit in _LINK.finditer(text) if hit.end() > length - len(_MORE)), None)
    if link is None:
        return _words(text, length - len(_MORE)) + _MORE
    tail = f"{_MORE} {link.group()}"
    if len(tail) > length:
        return _words(text[: link.start()], length - len(_MORE)) + _MORE
    return _words(text[: link.start()], length - len(tail)) + tail


def _words(text: str, length: int) -> str:
    """As many whole words as fit; of one endless word, its beginning."""
    if len(text.rstrip()) <= length:
        return text.rstrip()
    if text[length].isspace():
        return text[:length].rstrip()
    return (text[:length].rpartition(" ")[0] or text[:length]).rstrip()


@contextmanager
def _connecting() -> Iterator[None]:
    try:
        yield
    except ssl.SSLError:
        raise Later("secure", whole=True) from None
    except socket.gaierror:
        raise Later("name", whole=True) from None
    except OSError:
        raise Later("connection", whole=True) from None


def _answer(line: HTTPConnection, path: str, content: str, headers: dict[str, str]) -> int:
    """The status. Once the request is on its way nobody can know what a silent gateway did with it."""
    try:
        line.request("POST", path, content.encode(), headers)
        return line.getresponse().status
    except (HTTPException, OSError):
        raise ConnectionAbortedError from None


def _fault(status: int) -> DeliveryFault:
    """What a status means; one that is about our settings keeps the message for later."""
    digits = str(status)
    if status in (401, 403):
        return Later("login", digits, whole=True)
    if status in (402, 405) or status < 400:
        return Later("refused", digits, whole=True)
    if status in (408, 425, 429) or status >= 500:
        return Later("busy", digits, whole=status in (429, 503))
    return Never("large" if status == 413 else "refused", digits)
