"""Every page there is, of every audience, in both languages, by day and in the dark: no barriers, none too wide."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.browser.looking import BOTH, PHONE, looked

pytestmark = pytest.mark.slow

Stop = tuple[str, dict[str, object]]
Stops = list[Stop]
ELSEWHERE = {
    "static": "a file",
    "resident.data_file": "a file",
    "resident.invitation_file": "a file",
    "resident.all_dates_file": "a file",
    "public.feed": "a file",
    "facilitator.take": "a file",
    "organiser.poster": "a file",
    "organiser.paper_form": "a file",
    "organiser.plan_file": "a file",
    "public.house_colour": "a file",
    "public.house_logo": "a file",
    "public.house_picture": "a file",
    "resident.card": "a file",
    "organiser.signup_file": "a file",
    "organiser.import_blank": "a file",
    "admin.log_csv": "a file",
    "organiser.sent": "in a demo only: tests/web/test_sent_mail.py",
    "organiser.sent_one": "in a demo only: tests/web/test_sent_mail.py",
    "organiser.sent_html": "in a demo only: tests/web/test_sent_mail.py",
    "health.alive": "for a monitor",
    "health.ready": "for a monitor",
    "health.metrics": "for a monitor",
    "facilitator.evening": "tests/browser/test_evening.py",
    "organiser.import_progress": "a page of a moment: tests/web/signups/test_importing_apart.py",
    "resident.begin": "leads on to the first screen",
    "organiser.progress": "a piece of organiser.proposal",
    "organiser.choose": "a piece of organiser.proposal",
    "security.wan_delete": "leads to security.wan_register",
    "security.tf_select": "there is one second step only: leads to the door, or to the room",
    "security.two_factor_rescue": "nobody is rescued by mail: leads to the door, or to the room",
}
"""Routes that no browser shows by themselves, and why."""


def public(home: House) -> Stops:
    there = home.there
    where: dict[str, object] = {"organisation": "zuid"}
    return [
        ("public.home", {}),
        ("public.privacy", {}),
        ("public.privacy_of", {"organisation": "zuid"}),
        ("public.accessibility", {}),
        ("public.how", {}),
        ("resident.series", {**where, "slug": "samen-koken"}),
        ("resident.series", {**where, "slug": "muziek"}),
        ("resident.series", {**where, "slug": "wandelen"}),
        ("resident.screen", {**where, "slug": "samen-koken", "number": 1}),
        ("resident.lost", {}),
        ("resident.link_sent", {}),
        ("resident.erased", {}),
        *(("resident.own", {"secret": secret}) for secret in (there.seated, there.waiting, there.left, there.late)),
        *(("resident.finished", {"secret": secret}) for secret in (there.waiting, there.late)),
        *((f"resident.{page}", {"secret": there.seated}) for page in ("change", "leave", "data", "erase")),
        ("resident.own", {"secret": "of-nobody"}),
        ("resident.invitation", {"token": there.invited}),
        ("resident.no_reminders", {"token": there.invited}),
        ("resident.offer", {"offered": there.offered}),
        ("resident.how_was_it", {"key": there.asked}),
        ("resident.thanks", {}),
    ]


def organiser(home: House) -> Stops:
    there = home.there
    series: dict[str, object] = {"series_id": there.cast.series}
    board = {**series, "id": there.proposals[1]}
    time = {**series, "session_id": there.cast.sessions[0]}
    person = {**series, "signup_id": there.signup}
    names = ("series", "signups", "desk", "figures", "import_form", "proposals_of_series", "plan", "copy", "edit")
    return [
        ("organiser.home", {}),
        ("organiser.new", {}),
        *((f"organiser.{name}", series) for name in names),
        ("organiser.series", {"series_id": there.full}),
        ("organiser.series", {"series_id": there.closed}),
        ("organiser.signups", {"series_id": there.full, "only": "waiting"}),
        ("organiser.new_session", series),
        ("organiser.session", time),
        ("organiser.drop_session", time),
        ("organiser.move_session", time),
        ("organiser.call_off", time),
        ("organiser.signup", person),
        ("organiser.edit_signup", person),
        ("organiser.proposal", board),
        ("organiser.proposal", {"series_id": there.busy[0], "id": there.busy[1]}),
        ("organiser.proposal", {"series_id": there.failed[0], "id": there.failed[1]}),
        ("organiser.pictures", board),
        ("organiser.publish_page", board),
        ("organiser.compare", {**series, "naast": list(there.proposals)}),
        ("organiser.venues", {}),
        ("organiser.new_venue", {}),
        ("organiser.venue", {"venue_id": there.cast.venue}),
        ("organiser.facilitators", {}),
        ("organiser.new_facilitator", {}),
        ("organiser.facilitator", {"facilitator_id": there.cast.chantal}),
        ("organiser.facilitator_calendar", {"facilitator_id": there.cast.chantal}),
        ("organiser.contacts", {}),
        ("organiser.messages", series),
        ("organiser.turnout", series),
        ("organiser.attendance", {"series_id": there.over}),
        ("organiser.misfits", series),
        ("organiser.calls", {}),
        ("organiser.letters", {}),
        ("organiser.replies", {}),
        ("organiser.finish", {"series_id": there.over}),
        ("organiser.morning", {}),
        ("organiser.series", {"series_id": 10**6}),
    ]


def admin(home: House) -> Stops:
    return [
        ("admin.home", {}),
        ("admin.add", {}),
        ("admin.account", {"id": home.there.cast.amina}),
        ("admin.projects", {}),
        ("admin.add_project", {}),
        ("admin.project", {"project_id": home.there.cast.project}),
        ("admin.mail", {}),
        ("admin.log", {}),
        ("admin.retention", {}),
        ("admin.privacy", {}),
        ("admin.style", {}),
    ]


def account(home: House) -> Stops:
    names = ("change_password", "two_factor_setup", "mf_recovery_codes", "wan_register", "verify", "wan_verify")
    return [("account.own", {}), *((f"security.{name}", {}) for name in names)]


def door(home: House) -> Stops:
    return [("security.login", {}), ("security.wan_signin", {})]


WALKED = {
    "facilitator.own": "comes after a PIN: test_facilitator.py",
    "security.two_factor_token_validation": "comes after a password: test_front_door.py",
    "security.mf_recovery": "comes after a password: test_front_door.py",
}
TOURS: dict[str, tuple[Callable[[House], Stops], str]] = {
    "public": (public, ""),
    "organiser": (organiser, "amina@zuid.example"),
    "admin": (admin, "beatrix@zuid.example"),
    "account": (account, "amina@zuid.example"),
    "door": (door, ""),
}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", TOURS)
def test_every_page_of(home: House, visit: Visit, name: str, language: str) -> None:
    stops, who = TOURS[name]
    page = visit(PHONE, language, who=who)
    # Each page twice: in Dutch by day, in English in the dark.
    page.emulate_media(color_scheme="light" if language == "nl" else "dark")
    for number, (endpoint, values) in enumerate(stops(home)):
        answer = page.goto(home.url(endpoint, **values))
        assert answer and answer.status in (200, 404), (endpoint, answer)
        assert page.url == home.url(endpoint, **values), "this address leads elsewhere"
        assert page.evaluate("document.documentElement.lang") == language
        looked(page, f"{endpoint}-{number}-{language}", BOTH)


def test_no_page_is_left_out(home: House) -> None:
    seen = {endpoint for stops, _ in TOURS.values() for endpoint, _ in stops(home)}
    known = {rule.endpoint for rule in home.routes.map.iter_rules() if "GET" in (rule.methods or ())}
    assert known - seen == ELSEWHERE.keys() | WALKED.keys()
