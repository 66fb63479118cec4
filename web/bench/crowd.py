"""Many residents signing up at once: how fast the site answers, and whether everybody is counted exactly once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from random import Random
from statistics import quantiles
from threading import Barrier

from sqlalchemy import select

from matcher.bench.table import Row
from web.bench.server import Answered, Served, served
from web.bench.town import ORGANISATION, Town, found, open_series, town
from web.bench.visitor import Answer, Browser, Person, fill_in, finish
from web.rows import Signup, db
from web.rows.people import SignupState

SESSIONS = 4
TWICE = 5
"""One in so many presses the last button twice at once."""


@dataclass(frozen=True, slots=True)
class CrowdSize:
    """How many sign up, how many of them at a time, and for how many places; then as many at a time for the last."""

    people: int = 300
    at_once: int = 50
    capacity: int = 200
    last: int = 5


@dataclass(frozen=True, slots=True)
class CrowdSeries:
    """Where somebody signs up."""

    slug: str
    sessions: tuple[int, ...]

    @property
    def address(self) -> str:
        """Its public page."""
        return f"/doe-mee/{ORGANISATION}/{self.slug}/"


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody who signed up: the personal addresses they were given, and how long they waited for each page."""

    name: str
    links: tuple[str, ...]
    seconds: tuple[float, ...]


Visit = Callable[[Browser, Callable[[Browser], Answer], int], list[str]]
"""How somebody presses the last button: the browser, the button and the number of the person give addresses."""


def cases(size: CrowdSize | None = None) -> Iterator[Row]:
    """Both crowds, on one server."""
    size = size or CrowdSize()
    with town() as here:
        many, last = opened(here, {"samen-koken": size.capacity, "laatste-plekken": size.last})
        with served(here) as server:
            came = _crowd(server, many, size.people, size.at_once, _press)
            yield from _told(server, here, many, came, size)
            gate = Barrier(size.at_once)
            came = _crowd(server, last, size.at_once, size.at_once, partial(_together, gate))
            yield _race(server, here, last, came, size)


def opened(here: Town, capacities: Mapping[str, int | None]) -> list[CrowdSeries]:
    """Series by their slugs, each with its capacity."""
    with here.app.app_context():
        project = found(db.session)
        rows = [
            open_series(db.session, project, slug, times=SESSIONS, groups=8, capacity=capacity)
            for slug, capacity in capacities.items()
        ]
        db.session.commit()
        return [CrowdSeries(row.slug, tuple(s.id for s in row.sessions)) for row in rows]


def _crowd(server: Served, series: CrowdSeries, people: int, at_once: int, visit: Visit) -> list[Came]:
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(partial(_one, server, series, visit), range(people)))


def _one(server: Served, series: CrowdSeries, visit: Visit, number: int) -> Came:
    person = Person(f"Buur{number:04}", series.sessions[: 1 + number % len(series.sessions)])
    # Everybody at home has an address of their own, as the limit per address expects.
    browser = Browser(server.port, f"10.0.{number // 250}.{number % 250 + 1}")
    press = fill_in(browser, series.address, person, Random(number))
    links = visit(browser, press, number)
    return Came(person.name, tuple(links), tuple(browser.seconds))


def _press(browser: Browser, press: Callable[[Browser], Answer], number: int) -> list[str]:
    if number % TWICE:
        return [finish(browser, press)]
    with ThreadPoolExecutor(1) as pool:
        again = pool.submit(press, browser.twin())
        return [finish(browser, press), again.result().location]


def _together(gate: Barrier, browser: Browser, press: Callable[[Browser], Answer], number: int) -> list[str]:
    gate.wait()
    return [finish(browser, press)]


def _told(server: Served, here: Town, series: CrowdSeries, came: list[Came], size: CrowdSize) -> Iterator[Row]:
    answers = _answers(server, came)
    case = f"{size.people} residents sign up, {size.at_once} at a time"
    yield f"{case}: time of {len(answers)} answers", _times(answers, came), "p95 <= 150 ms"
    twice = sum(len(one.links) > 1 for one in came)
    full = min(size.capacity, size.people)
    target = f"0 lost, 0 double, 0 with two links; {full} in, {size.people - full} waiting; 0 times 5xx"
    yield f"{case}, {twice} press twice: who is counted", counted(here, series, came, answers), target


def _race(server: Served, here: Town, series: CrowdSeries, came: list[Came], size: CrowdSize) -> Row:
    answers = _answers(server, came)
    case = f"{size.at_once} press at the same moment for the last {size.last} places"
    measured = f"{counted(here, series, came, answers)}; {_times(answers, came)}"
    return case, measured, f"0 lost, 0 double; {size.last} in, {size.at_once - size.last} waiting; 0 times 5xx"


def _answers(server: Served, came: list[Came]) -> list[Answered]:
    return server.answers(sum(len(one.seconds) for one in came))


def counted(here: Town, series: CrowdSeries, came: list[Came], answers: list[Answered]) -> str:
    """What became of everybody: held against what is stored, and against what the server answered."""
    with here.app.app_context():
        stored = [s for s in db.session.scalars(select(Signup)) if s.series.slug == series.slug]
        states, names = Counter(s.state for s in stored), {s.name for s in stored}
    lost = len({one.name for one in came} - names)
    apart = sum(len(set(one.links)) != 1 or "" in one.links for one in came)
    wrong = sum(answer.status >= 500 for answer in answers)
    return (
        f"{lost} lost, {len(stored) - len(names)} double, {apart} with two links; "
        f"{states[SignupState.IN]} in, {states[SignupState.WAITING]} waiting; {wrong} times 5xx"
    )


def _times(answers: list[Answered], came: list[Came]) -> str:
    inside = quantiles((1000 * answer.seconds for answer in answers), n=20)
    outside = quantiles((1000 * seconds for one in came for seconds in one.seconds), n=20)
    return f"p50 {inside[9]:.0f} ms, p95 {inside[18]:.0f} ms in the server; p95 {outside[18]:.0f} ms for the residents"
