"""The organiser's pages with many sign-ups in one series: how long each takes, and how large it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_security import hash_password
from sqlalchemy import select, update

from matcher.bench.table import Row
from web import world
from web.bench.server import Served, served
from web.bench.town import Town, enrol, found, open_series, residents, town
from web.bench.visitor import Answer, Browser
from web.demo import staff
from web.rows import Plan, PlanGroup, Seat, Series, Signup, db
from web.rows.people import SignupState
from web.services.statistics import night

ADDRESS = "10.0.0.1"
TARGET = "<= 0.5 s, <= 200 kB"


@dataclass(frozen=True, slots=True)
class ManySize:
    """So many sign-ups, and how many of them sit at tables of `table` people; the others wait."""

    people: int = 20_000
    seated: int = 300
    table: int = 7


def cases(size: ManySize | None = None) -> Iterator[Row]:
    """Every page that lists or counts people, before there are groups and after."""
    size = size or ManySize()
    with town(demo=True) as here:
        series, name = _build(here, size)
        with served(here) as server:
            browser = Browser(server.port, ADDRESS)
            _sign_in(here, server, browser)
            yield from _measured(server, browser, series, name, f"{size.people} sign-ups")
            _publish(here, series, size)
            yield from _measured(server, browser, series, name, f"{size.people} sign-ups, {size.seated} at a table")


def _build(here: Town, size: ManySize) -> tuple[int, str]:
    with here.app.app_context():
        session, now = db.session, world.now()
        project = found(session, demo=True)
        series = open_series(session, project, "samen-koken", times=4, groups=size.seated // size.table)
        staff.ready(session, project.organisation, hashing=hash_password)
        enrol(session, series, residents(size.people, series.sessions), now, world.vault())
        night.run(session, now, world.settings(), world.vault())
        return series.id, session.scalars(select(Signup.name).limit(1)).one()


def _publish(here: Town, series_id: int, size: ManySize) -> None:
    """The first of them at tables, and the others on the waiting list; as published, without its letters."""
    with here.app.app_context():
        session, series = db.session, db.session.get_one(Series, series_id)
        ids = list(session.scalars(select(Signup.id).where(Signup.series_id == series_id).order_by(Signup.number)))
        plan = Plan(
            organisation_id=series.organisation_id,
            project_id=series.project_id,
            series_id=series_id,
            published_at=world.now(),
            seed=1,
            input_hash="",
            config_hash="",
        )
        tables = [ids[i : i + size.table] for i in range(0, size.seated, size.table)]
        for number, people in enumerate(tables, 1):
            seats = [Seat(signup_id=id) for id in people]
            plan.groups.append(PlanGroup(session_id=series.sessions[0].id, number=number, language="nl", seats=seats))
        session.add(plan)
        others = update(Signup).where(Signup.series_id == series_id, Signup.id > ids[size.seated - 1])
        session.execute(others.values(state=SignupState.WAITING))
        session.commit()


def _sign_in(here: Town, server: Served, browser: Browser) -> None:
    """By the front door; a demo asks for no second step."""
    way = here.app.config["SECURITY_LOGIN_URL"]
    browser.get(way)
    browser.get(browser.post(way, {"email": staff.ACCOUNTS[0][0], "password": staff.PASSWORD}).location)
    server.answers(3)


def _measured(server: Served, browser: Browser, series: int, name: str, case: str) -> Iterator[Row]:
    here = f"/werk/{series}"
    pages = {
        "home": "/werk/",
        "overview": here,
        "list": f"{here}/aanmeldingen",
        "last page of the list": f"{here}/aanmeldingen?page=9999",
        "waiting list": f"{here}/aanmeldingen?only=waiting",
        "who has a table": f"{here}/aanmeldingen?only=place",
        "figures": f"{here}/cijfers",
        "desk": f"{here}/balie",
        "what no longer fits": f"{here}/past-niet",
        "messages": f"{here}/berichten",
    }
    for page, path in pages.items():
        browser.get(path)
        yield _row(server, f"{case}: {page}", browser.get(path))
    list_page = pages["list"]
    yield _row(server, f"{case}: search by name", browser.post(list_page, {"sought": name}))


def _row(server: Served, case: str, answer: Answer) -> Row:
    if answer.status != 200:
        raise RuntimeError(f"{case} answered {answer.status}")
    # The last answer: the page was opened once before, as by anybody who comes back to it.
    seconds = server.last().seconds
    return case, f"{seconds:.2f} s, {len(answer.page.encode()) / 1000:.0f} kB", TARGET
