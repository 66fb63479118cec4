"""Sign-ups on their way: side by side in one browser, for a day, and what is said when one is gone."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.cast import Cast, Clock
from tests.web.tabs import SERIES, Tab, drafts
from web import stale_forms
from web.resident import draft as drafting
from web.rows import Series, Signup, TimeSlot, db
from web.rows.meetings import SeriesState

pytestmark = pytest.mark.slow

SCREEN = SERIES + "aanmelden/"


def screens(cast: Cast, name: str, evening: int, **more: object) -> list[dict[str, object]]:
    """What somebody fills in on the four screens."""
    address = {"reach": "email", "email": f"{name.lower()}@voorbeeld.example"}
    return [{"sessions": [cast.sessions[evening]]}, {"name": name}, address, more]


def told(app: Flask) -> dict[str, tuple[str, list[int], str | None]]:
    with app.app_context():
        return {
            s.name: (s.contact["email"], [a.session_id for a in s.availability], s.note)
            for s in db.session.query(Signup).order_by(Signup.id)
        }


def test_mother_and_daughter_sign_up_in_two_tabs_of_one_phone(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock
) -> None:
    mother, daughter = Tab(client).join(), Tab(client).join()
    hers, theirs = screens(cast, "Mina", 0, note="Bij de deur"), screens(cast, "Dina", 1, note="Bij het raam")
    for one, other in zip(hers[:3], theirs[:3], strict=True):
        mother.send(one)
        daughter.send(other)
    clock.forward(seconds=30)
    assert "Je bent aangemeld, Dina" in daughter.send(theirs[3]).now.text
    assert "Je bent aangemeld, Mina" in mother.send(hers[3]).now.text
    assert told(app) == {
        "Dina": ("dina@voorbeeld.example", [cast.sessions[1]], "Bij het raam"),
        "Mina": ("mina@voorbeeld.example", [cast.sessions[0]], "Bij de deur"),
    }
    assert drafts(client) == []


def test_who_begins_finds_an_empty_screen_and_the_way_back_to_what_was_begun(client: FlaskClient, cast: Cast) -> None:
    Tab(client).join().tell(*screens(cast, "Mina", 0)[:2])
    for new in (Tab(client).join(), Tab(client).go(SCREEN + "1")):
        assert " checked" not in new.now.text
        assert "een aanmelding die niet klaar is: van Mina" in new.now.text
        back = new.now.text.partition(">Ga daarmee verder</a>")[0].rpartition('href="')[2].rstrip('"')
        assert Tab(client).go(back).where.startswith(SCREEN + "3?nr=")


def test_the_back_button_shows_the_own_answers_in_each_tab(client: FlaskClient, cast: Cast) -> None:
    mother, daughter = Tab(client).join(), Tab(client).join()
    first = mother.where
    mother.tell(*screens(cast, "Mina", 0)[:2])
    daughter.tell(*screens(cast, "Dina", 1)[:2])
    mother.go(first)
    assert f'value="{cast.sessions[0]}" class' in mother.now.text
    assert mother.now.text.count(" checked") == 1
    assert 'value="Mina"' in mother.go(first.replace("/1?", "/2?")).now.text


def test_one_draft_in_two_tabs_is_one_sign_up_with_the_last_answers(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock
) -> None:
    one = Tab(client).join().tell(*screens(cast, "Mina", 0)[:2])
    other = Tab(client).go(one.where.replace("/3?", "/2?")).send({"name": "Mien"})
    asked = one.send(screens(cast, "Mina", 0)[2]).now
    assert (asked.status_code, "in een ander tabblad veranderd, en is nu voor Mien" in asked.text) == (422, True)
    assert 'value="mina@voorbeeld.example"' in asked.text
    one.send(screens(cast, "Mina", 0)[2])
    clock.forward(seconds=30)
    for tab in (one, other.go(one.where)):
        tab.send({})
    assert list(told(app)) == ["Mien"]
    assert "al verstuurd" in other.now.text


@pytest.mark.parametrize("copied", [0, 1])
def test_two_people_who_copied_a_tab_are_not_mixed(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock, copied: int
) -> None:
    """Both tabs have the number of one draft. What was told before the copy both of them saw."""
    mother = Tab(client).join().tell(*screens(cast, "Mina", 0)[:copied])
    daughter = Tab(client).go(mother.where)
    clock.forward(seconds=30)
    for hers, theirs in zip(screens(cast, "Mina", 0)[copied:], screens(cast, "Dina", 1)[copied:], strict=True):
        if mother.now.status_code == 200:
            mother.send(hers)
        daughter.send(theirs)
    assert mother.now.status_code == 422
    assert "Begin een nieuwe aanmelding" in mother.now.text
    assert told(app) == {"Dina": ("dina@voorbeeld.example", [cast.sessions[1 - copied]], None)}


def test_the_last_screens_say_whose_they_are(client: FlaskClient, cast: Cast) -> None:
    tab = Tab(client).join().tell(*screens(cast, "Mina", 0)[:2])
    assert "Aanmelding van Mina" in tab.now.text
    assert "Aanmelding van Mina" in tab.send(screens(cast, "Mina", 0)[2]).now.text


def test_screens_of_a_finished_draft_change_nobody_and_begin_anew(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock
) -> None:
    tab = Tab(client).join().tell(*screens(cast, "Mina", 0)[:1])
    second = Tab(client).go(tab.where)
    tab.tell(*screens(cast, "Mina", 0)[1:3])
    clock.forward(seconds=30)
    tab.send({})
    before = told(app)
    second.send({"name": "Dina"})
    assert "al verstuurd" in second.now.text
    assert second.where.startswith(SCREEN + "1?nr=")
    assert told(app) == before
    second.tell(screens(cast, "Dina", 1)[0])
    assert 'value="Dina"' in second.now.text, "what was sent is kept for the new one"


def test_two_double_clicks_are_two_sign_ups(client: FlaskClient, app: Flask, cast: Cast, clock: Clock) -> None:
    tabs = {name: Tab(client).join().tell(*screens(cast, name, 0)[:3]) for name in ("Mina", "Dina")}
    held = {cookie.key: cookie.value for cookie in drafts(client)}
    clock.forward(seconds=30)
    for tab in tabs.values():
        last, hidden = tab.where, tab.hidden
        places = set()
        for _ in range(2):
            for name, value in held.items():
                client.set_cookie(name, value, path=SCREEN.rstrip("/"))
            places.add(client.post(last, data=hidden).location)
        assert len(places) == 1
    assert sorted(told(app)) == ["Dina", "Mina"]


def test_a_browser_holds_so_many_and_says_it_of_the_one_that_had_to_go(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock
) -> None:
    tabs = []
    for number in range(drafting.MOST + 1):
        clock.forward(seconds=60)
        tabs.append(Tab(client).join().tell(*screens(cast, f"Mens{number}", 0)[:3]))
        assert len(drafts(client)) <= drafting.MOST
    assert sum(len(cookie.value) for cookie in drafts(client)) <= drafting.TOGETHER
    lost = tabs[0].send({"note": "Bij de deur"})
    assert "niet meer dan 5 aanmeldingen tegelijk" in lost.now.text
    assert "Wat je net invulde, is er nog" in lost.now.text
    assert told(app) == {}
    lost.tell(*screens(cast, "Mens0", 0)[:3])
    assert "Bij de deur" in lost.now.text
    clock.forward(seconds=30)
    lost.send({"note": "Bij de deur"})
    assert "Je bent aangemeld, Mens5" in tabs[-1].send({}).now.text
    assert set(told(app)) == {"Mens0", "Mens5"}


def test_looking_at_the_first_screen_pushes_nobody_out(client: FlaskClient, cast: Cast) -> None:
    tab = Tab(client).join().tell(*screens(cast, "Mina", 0)[:2])
    for _ in range(2 * drafting.MOST):
        Tab(client).join()
    assert 'value="Mina"' in Tab(client).go(tab.where.replace("/3?", "/2?")).now.text


def test_long_answers_together_stay_below_what_servers_take(client: FlaskClient, cast: Cast) -> None:
    for _ in range(drafting.MOST):
        said = {"reach": "via", "via": "Ж" * 250}
        Tab(client).join().tell(screens(cast, "", 0)[0], {"name": "Ж" * 60}, said)
        assert sum(len(cookie.value) for cookie in drafts(client)) <= drafting.TOGETHER


def test_another_series_holds_its_own(client: FlaskClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        old = db.session.get_one(Series, cast.series)
        fields = {"organisation_id": old.organisation_id, "project_id": old.project_id, "created_at": old.created_at}
        db.session.add(Series(title="Anders", slug="anders", format="koken", state="open", **fields))
        db.session.commit()
    Tab(client).join().tell(*screens(cast, "Mina", 0)[:2])
    other = Tab(client).go("/doe-mee/zuid/anders/aanmelden")
    assert "Mina" not in other.now.text
    assert 'value="Mina"' in Tab(client).go(SCREEN + "2").now.text


# How long


def test_a_day_is_given_anew_with_every_screen_that_is_shown(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock
) -> None:
    tab = Tab(client).join()
    for said in screens(cast, "Mina", 0):
        clock.forward(hours=23)
        tab.go(tab.where)
        assert {cookie.max_age for cookie in drafts(client)} == {drafting.KEPT}
        clock.forward(hours=23)
        tab.send(said)
    assert list(told(app)) == ["Mina"]


def test_after_a_day_it_is_gone_as_the_privacy_page_says(client: FlaskClient, cast: Cast, clock: Clock) -> None:
    assert stale_forms.OPEN.total_seconds() >= 20 * 3600
    assert f"Kijk je er {stale_forms.HOURS} uur niet naar, dan is het weg" in client.get("/privacy").text
    tab = Tab(client).join().tell(*screens(cast, "Mina", 0)[:2])
    clock.forward(hours=stale_forms.HOURS, seconds=1)
    gone = Tab(client).go(tab.where)
    assert "hooguit 24 uur vast" in gone.now.text
    assert "Mina" not in gone.now.text


def test_what_is_sent_too_late_is_kept(client: FlaskClient, app: Flask, cast: Cast, clock: Clock) -> None:
    tab = Tab(client).join().tell(*screens(cast, "Mina", 0)[:3])
    clock.forward(hours=30)
    tab.send({"note": "Bij de deur", "needs": ["step_free"], "consent_needs": "y"})
    assert "hooguit 24 uur vast" in tab.now.text
    tab.tell(*screens(cast, "Mina", 0)[:3])
    assert "Bij de deur" in tab.now.text
    assert "needs" in tab.form.ticked
    clock.forward(seconds=30)
    tab.send({"note": "Bij de deur", "needs": []})
    assert told(app)["Mina"][2] == "Bij de deur"


def test_a_draft_of_an_earlier_version_goes_on(client: FlaskClient, app: Flask, cast: Cast, clock: Clock) -> None:
    """Its cookie had another name and its pages no number."""
    vault, path = app.extensions["vault"], SCREEN.rstrip("/")
    with app.test_request_context():
        draft = drafting.begin(cast.series, "", clock.now)
    held = asdict(draft) | {"told": {"sessions": [str(cast.sessions[0])], "name": ["Mina"]}}
    del held["warned"]
    client.set_cookie("aanmelding", vault.seal(held), path=path)
    assert client.post(SCREEN + "3", data=screens(cast, "Mina", 0)[2]).location == SCREEN + "4"
    clock.forward(seconds=30)
    assert "/mijn/" in client.post(SCREEN + "4", data={}).location
    assert drafts(client) == []


# What changes meanwhile


def test_a_series_that_closes_meanwhile_says_what_that_means(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock
) -> None:
    tab, done = (Tab(client).join().tell(*screens(cast, name, 0)[:3]) for name in ("Mina", "Dina"))
    clock.forward(seconds=30)
    last = Tab(client).go(done.where)
    done.send({})
    close(app, cast, SeriesState.CLOSED)
    assert "Je bent niet aangemeld" in tab.send({"note": "Bij de deur"}).now.text
    assert "De aanmelding is gesloten" in tab.now.text
    assert "Je aanmelding is al binnen" in last.send({}).now.text
    assert list(told(app)) == ["Dina"]
    close(app, cast, SeriesState.OPEN)
    assert "Bij de deur" in Tab(client).go(SCREEN + "4").now.text


def close(app: Flask, cast: Cast, state: str) -> None:
    with app.app_context():
        db.session.get_one(Series, cast.series).state = state
        db.session.commit()


def test_a_time_that_is_called_off_meanwhile_costs_no_other_answer(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock
) -> None:
    tab = Tab(client).join().tell(*screens(cast, "Mina", 0)[:3])
    clock.forward(seconds=30)
    with app.app_context():
        for gathering in db.session.get_one(TimeSlot, cast.sessions[0]).gatherings:
            gathering.called_off_at = clock.now
        db.session.commit()
    tab.send({"note": "Bij de deur"})
    assert "intussen iets veranderd" in tab.now.text
    assert tab.where.startswith(SCREEN + "1?nr=")
    tab.tell(*screens(cast, "Mina", 1)[:3])
    assert "Bij de deur" in tab.now.text
    tab.send({"note": "Bij de deur"})
    assert told(app) == {"Mina": ("mina@voorbeeld.example", [cast.sessions[1]], "Bij de deur")}


# Without cookies


def test_without_cookies_the_cause_is_named_and_whom_to_call(app: Flask, cast: Cast) -> None:
    client = app.test_client(use_cookies=False)
    tab = Tab(client).go(SCREEN + "1")
    tab.send(screens(cast, "Mina", 0)[0])
    assert tab.now.status_code == 400
    for said in ("geen cookies", "Fatma", "030 123 45 67"):
        assert said in tab.now.text
    assert tab.hidden["sessions"] == str(cast.sessions[0]), "and what was typed is still there"


def test_an_address_that_somebody_passed_on_leads_to_a_sign_up_of_ones_own(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    tab = Tab(client).join()
    first = tab.where
    tab.tell(*screens(cast, "Mina", 0)[:2])
    friend = Tab(app.test_client()).go(first)
    assert friend.now.status_code == 200
    assert friend.hidden["nr"] not in first
    late = Tab(app.test_client()).go(tab.where)
    assert "Kreeg je deze link van iemand anders?" in late.now.text
    assert "030 123 45 67" in late.now.text


def test_somebody_elses_number_opens_nothing(client: FlaskClient, app: Flask, cast: Cast) -> None:
    tab = Tab(client).join().tell(*screens(cast, "Mina", 0)[:2])
    other = Tab(app.test_client()).join()
    assert "Mina" not in other.go(tab.where.replace("/3?", "/2?")).now.text
