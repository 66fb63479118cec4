"""Sign-ups on PostgreSQL and Redis, as many a second as a whole country would send: `run.py bench rush`."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from itertools import count
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from matcher.bench.table import Row
from web import world
from web.bench import own_servers
from web.bench.crowd import CrowdSeries, opened
from web.bench.server import HOST, Served, served
from web.bench.town import Town, town
from web.bench.visitor import Browser, Person
from web.crypto import hashed
from web.resident import draft as drafts
from web.resident.forms import FASTEST
from web.resident.steps import NUMBER
from web.rows import DueLetter, Series, Signup, db

NEEDED = ("postgres", "redis-server")
TARGET = ">= 150 a second, p95 <= 250 ms, 0 lost, 0 double"


@dataclass(frozen=True, slots=True)
class RushSize:
    """So many a second for so many seconds, each for one of so many series; so many may wait for an answer at once."""

    rate: float = 155
    seconds: float = 120
    series: int = 4
    at_once: int = 64

    @property
    def people(self) -> int:
        """How many sign up."""
        return int(self.rate * self.seconds)


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who filled in all four screens: the request of the last button, and what makes it one sign-up."""

    once: str
    request: bytes


@dataclass(frozen=True, slots=True)
class Heard:
    """What the last button led to, and after how long since it was due to be pressed."""

    status: int
    seconds: float


def cases(size: RushSize | None = None) -> Iterator[Row]:
    """Two processes answer; the servers and those who sign up are on the same machine."""
    size = size or RushSize()
    case = f"{size.people} residents press the last button, {size.rate:.0f} a second; PostgreSQL, Redis, two processes"
    if lacking := [name for name in NEEDED if not own_servers.program(name)]:
        yield case, f"not measured: no {' and no '.join(lacking)}", TARGET
        return
    with ExitStack() as stack:
        database = stack.enter_context(own_servers.postgres(carefree=False))
        queue = stack.enter_context(own_servers.redis())
        here = stack.enter_context(town(database=database.create("meten"), redis=queue.url))
        crowd = opened(here, {f"samen-koken-{number}": None for number in range(size.series)})
        server = stack.enter_context(served(here))
        residents = _residents(here, server, crowd, size.people)
        server.answers(len(crowd))
        heard, spent = _all_press(server, residents, size)
        yield case, _measured(here, server, residents, heard, spent), TARGET


def _residents(here: Town, server: Served, crowd: Sequence[CrowdSeries], people: int) -> list[Resident]:
    """They began a while ago, each at home; the session with the token of the form is that of one browser a series."""
    browsers = [Browser(server.port, f"10.255.0.{number + 1}") for number in range(len(crowd))]
    for browser, series in zip(browsers, crowd, strict=True):
        browser.get(f"{series.address}aanmelden/1")
    with here.app.app_context():
        ids = dict(db.session.execute(select(Series.slug, Series.id)).all())
        return [
            _resident(here, browsers[n % len(crowd)], crowd[n % len(crowd)], ids[crowd[n % len(crowd)].slug], n)
            for n in range(people)
        ]


def _resident(here: Town, browser: Browser, series: CrowdSeries, id: int, number: int) -> Resident:
    person = Person(f"Buur{number:05}", series.sessions[: 1 + number % len(series.sessions)])
    now = world.now()
    screens: list[MultiDict[str, Any]] = [MultiDict(screen) for screen in person.screens()]
    draft = drafts.begin(id, "", now)
    for screen in screens[:3]:
        draft = draft.with_answers(screen, screen, now)
    held = {drafts.COOKIE + "-" + draft.number: here.app.extensions[world.VAULT].seal(asdict(draft))}
    cookies = "; ".join(f"{name}={value}" for name, value in {**browser.cookies, **held}.items())
    body = urlencode({"csrf_token": browser.token, NUMBER: draft.number, **screens[3].to_dict(flat=False)}, doseq=True)
    head = {
        "Host": f"{HOST}:{browser.port}",
        "X-Forwarded-For": f"10.{1 + number // 62500}.{number // 250 % 250}.{number % 250 + 1}",
        "X-Forwarded-Proto": "https",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": len(body),
        "Cookie": cookies,
        "Connection": "close",
    }
    lines = [f"POST {series.address}aanmelden/4 HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    return Resident(draft.once, ("\r\n".join(lines) + "\r\n\r\n" + body).encode())


def _all_press(server: Served, residents: Sequence[Resident], size: RushSize) -> tuple[list[Heard], float]:
    """Each at their own moment, whether those before have their answer or not; and how long it took in all."""
    # The form refuses who is faster than people are.
    turns, begun = count(), time.perf_counter() + FASTEST
    heard: list[Heard] = []

    def press() -> None:
        while (turn := next(turns)) < len(residents):
            due = begun + turn / size.rate
            time.sleep(max(0.0, due - time.perf_counter()))
            status = _asked(server.port, residents[turn].request)
            heard.append(Heard(status, time.perf_counter() - due))

    with ThreadPoolExecutor(size.at_once) as pool:
        for done in [pool.submit(press) for _ in range(size.at_once)]:
            done.result()
    return heard, time.perf_counter() - begun


def _asked(port: int, request: bytes) -> int:
    with socket.create_connection((HOST, port), timeout=120) as connection:
        connection.sendall(request)
        answer = b"".join(iter(partial(connection.recv, 65536), b""))
    return int(answer.split(b" ", 2)[1])


def _measured(here: Town, server: Served, residents: Sequence[Resident], heard: Sequence[Heard], spent: float) -> str:
    waited = quantiles((1000 * one.seconds for one in heard), n=20)
    inside = quantiles((1000 * one.work for one in server.answers(len(heard))), n=20)
    answers = Counter(one.status for one in heard)
    with here.app.app_context():
        stored = Counter(db.session.scalars(select(Signup.once)))
        letters = db.session.scalar(select(func.count(DueLetter.id))) or 0
    lost = sum(hashed(one.once) not in stored for one in residents)
    return (
        f"{answers[302] / spent:.0f} a second; p50 {waited[9]:.0f} ms, p95 {waited[18]:.0f} ms for the residents, "
        f"{inside[9]:.0f} ms of work for each; {lost} lost, {stored.total() - len(residents) + lost} double, "
        f"{abs(letters - stored.total())} letters too few or too many, {len(heard) - answers[302]} other answers"
    )
