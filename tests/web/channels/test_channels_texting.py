"""Text messages: by mail or by HTTP to a server that is really there; short, whole links, and never twice."""

from __future__ import annotations

import email
import json
import re
import socket
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import TextMessages
from tests.web.parcels import SENDER, invitation, parcel
from web.channels import Maildir, Texting
from web.channels.faults import Later, Never, Withdrawn
from web.channels.parcel import Parcel
from web.channels.texting import fitting

LINK = "https://samen.voorbeeld.example/uitnodiging/k7q2m4xn5rt8vw3zc6bd9fghjs"
NUMBER = "+31612345678"


@dataclass
class Gateway:
    """What a gateway was asked, and the statuses that it is to answer with; 0 cuts the line."""

    url: str = ""
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    statuses: deque[int] = field(default_factory=deque)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with _serving() as gateway:
        yield gateway


@contextmanager
def _serving() -> Iterator[Gateway]:
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            gateway.asked.append((self.path, dict(self.headers), body))
            if status := gateway.statuses.popleft() if gateway.statuses else 202:
                self.send_response(status)
                self.send_header("Location", f"{gateway.url}/elsewhere")
                self.end_headers()
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        gateway.url = f"http://127.0.0.1:{server.server_address[1]}/send?v=1"
        yield gateway
        server.shutdown()
        thread.join()


class Nowhere:
    """A mail channel that nothing goes to."""

    def send(self, parcel: Parcel, sure: object) -> None:
        pytest.fail("no mail goes out")


def http(gateway: Gateway, **more: object) -> Texting:
    settings = {"kind": "http", "url": gateway.url, "sender": "Samen"}
    return Texting(TextMessages(**settings | more), "geheim", Nowhere())


def text(**more: object) -> Parcel:
    return parcel(**{"channel": "text", "address": NUMBER, "short": f"Je hebt een plek. {LINK}", **more})


def yes() -> bool:
    return True


class TestByHttp:
    def test_a_gateway_gets_number_text_and_reference_and_no_name(self, gateway: Gateway) -> None:
        http(gateway).send(text(name="Bart", key="placed:1"), yes)
        ((path, headers, body),) = gateway.asked
        assert path == "/send?v=1"
        assert headers["Authorization"] == "Bearer geheim"
        assert headers["Content-Type"] == "application/json; charset=utf-8"
        assert body == {
            "to": NUMBER,
            "text": f"Je hebt een plek. {LINK}",
            "from": "Samen",
            "reference": headers["Idempotency-Key"],
        }
        assert re.fullmatch("[0-9a-f]{32}", body["reference"])

    def test_the_same_parcel_has_the_same_reference(self, gateway: Gateway) -> None:
        for key in ("placed:1", "placed:1", "placed:2"):
            http(gateway).send(text(key=key), yes)
        first, again, other = (body["reference"] for _, _, body in gateway.asked)
        assert first == again != other

    @pytest.mark.parametrize(
        ("status", "fault"),
        [
            (400, Never("refused", "400")),
            (404, Never("refused", "404")),
            (413, Never("large", "413")),
            (422, Never("refused", "422")),
            (401, Later("login", "401", whole=True)),
            (403, Later("login", "403", whole=True)),
            (402, Later("refused", "402", whole=True)),
            (429, Later("busy", "429", whole=True)),
            (500, Later("busy", "500")),
            (503, Later("busy", "503", whole=True)),
            (302, Later("refused", "302", whole=True)),
            (307, Later("refused", "307", whole=True)),
        ],
    )
    def test_what_it_answers_has_a_kind_and_no_redirect_is_followed(
        self, gateway: Gateway, status: int, fault: Later | Never
    ) -> None:
        gateway.statuses.append(status)
        with pytest.raises(type(fault)) as raised:
            http(gateway).send(text(), yes)
        assert (str(raised.value), raised.value.whole) == (str(fault), fault.whole)
        assert len(gateway.asked) == 1

    def test_a_gateway_that_falls_silent_is_a_doubt(self, gateway: Gateway) -> None:
        gateway.statuses.append(0)
        texting = http(gateway)
        with pytest.raises(ConnectionAbortedError):
            texting.send(text(), yes)
        assert texting.holds(text()) is None

    def test_a_gateway_that_is_down_is_no_doubt(self, gateway: Gateway) -> None:
        with socket.socket() as taken:  # bound, but nobody listens
            taken.bind(("127.0.0.1", 0))
            down = http(gateway, url=f"http://127.0.0.1:{taken.getsockname()[1]}/")
            with pytest.raises(Later) as later:
                down.send(text(), lambda: pytest.fail("asked"))
        assert (later.value.kind, later.value.whole) == ("connection", True)

    def test_a_gateway_without_a_lock_gets_no_token(self, gateway: Gateway) -> None:
        with pytest.raises(Later) as later:
            http(gateway, url=gateway.url.replace("http:", "https:")).send(text(), yes)
        assert (later.value.kind, gateway.asked) == ("secure", [])

    def test_the_last_word_is_asked_before_the_request(self, gateway: Gateway) -> None:
        with pytest.raises(Withdrawn):
            http(gateway).send(text(), lambda: False)
        with pytest.raises(SystemExit):
            http(gateway).send(text(), lambda: exit())
        assert gateway.asked == []


class TestByMail:
    @pytest.fixture
    def mail(self, tmp_path: Path) -> Maildir:
        return Maildir(tmp_path / "outbox" / "mail", SENDER)

    @pytest.fixture
    def texting(self, mail: Maildir) -> Texting:
        return Texting(TextMessages("mail", "{number}@sms.voorbeeld.example"), "", mail)

    def test_a_gateway_gets_the_short_text_and_nothing_else(self, mail: Maildir, texting: Texting) -> None:
        sent = invitation(channel="text", address=NUMBER, short=f"Je hebt een plek. {LINK}", unsubscribe=LINK)
        texting.send(sent, yes)
        (name,) = mail.messages()
        read = email.message_from_bytes(mail.read(name))
        assert (read["To"], read.get_content_type()) == ("31612345678@sms.voorbeeld.example", "text/plain")
        assert read.get_payload(decode=True).decode() == f"Je hebt een plek. {LINK}"
        assert [read[header] for header in ("Subject", "List-Unsubscribe")] == [None, None]
        assert read["From"] == f'"Re-bubbelen" <{SENDER.address}>'

    def test_what_the_mail_holds_was_sent(self, texting: Texting) -> None:
        assert texting.holds(text()) is False
        texting.send(text(), yes)
        assert texting.holds(text()) is True

    def test_the_mail_has_the_last_word(self, mail: Maildir, texting: Texting) -> None:
        with pytest.raises(Withdrawn):
            texting.send(text(), lambda: False)
        assert mail.messages() == []

    @pytest.mark.parametrize("number", ["", "0612345678", "+0612345678", "+31", "+31 612345678", "+31612345678@x"])
    def test_what_is_no_number_goes_nowhere(self, mail: Maildir, texting: Texting, number: str) -> None:
        with pytest.raises(Never) as never:
            texting.send(text(address=number), yes)
        assert (never.value.kind, mail.messages()) == ("address", [])


class TestFitting:
    def test_what_fits_is_left_alone(self) -> None:
        said = f"Je hebt een plek.\n{LINK}"
        assert fitting(said, len(said)) == said

    def test_what_does_not_fit_loses_words_and_keeps_its_link(self) -> None:
        said = f"{'Dit is een lange zin. ' * 20}Kies: {LINK} Tot dan!"
        cut = fitting(said, 160)
        assert len(cut) <= 160
        assert cut.startswith("Dit is een lange zin.")
        assert cut.endswith(f"... {LINK}")

    def test_a_link_that_cannot_fit_is_left_out_whole(self) -> None:
        cut = fitting(f"Hier staat het: https://voorbeeld.example/{'x' * 200} en meer", 160)
        assert cut == "Hier staat het:..."

    @given(
        st.lists(st.one_of(st.text(st.characters(codec="utf-8"), max_size=30), st.just(LINK)), max_size=30),
        st.integers(160, 500),
    )
    def test_never_too_long_and_never_half_a_link(self, parts: list[str], length: int) -> None:
        said = " ".join(part if part == LINK else part.replace("http", "") for part in parts)
        cut = fitting(said, length)
        assert len(cut) <= length
        assert all(found == LINK for found in re.findall(r"https?://[^\s]*", cut.replace(f"{LINK}...", LINK)))
        assert bool(re.search("https", cut)) >= bool(said.rstrip().endswith(LINK))
